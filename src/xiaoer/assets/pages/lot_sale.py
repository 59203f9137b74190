"""A lot after the hall: its result, its money, its papers, and what is done when a buyer fails."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.lot_rows import exchange_office, terms_of
from xiaoer.assets.actions.selling import account_of
from xiaoer.assets.auction import settlement
from xiaoer.assets.models import Bidder, Lot, LotObjection, SecondChance
from xiaoer.assets.pages.lot_forms import must_money
from xiaoer.assets.pages.lot_hall import lot_with_hall
from xiaoer.assets.queries import after_sale as queries
from xiaoer.assets.words import sales as words
from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import StoredFile, Zone
from xiaoer.base.pages.forms import must_day, number
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.web.sending import attachment, sheet_response
from xiaoer.web.words import local_date
from xiaoer.work import queries as work

readers = page(*access.READERS)
hosts = page(*access.EXCHANGE)
bidder = page(*sorted(access.TRADERS))
State = Lot.State
SELLER = "seller"
# States in which there is a result to look at.
AFTER = frozenset(
    {
        State.ENDED, State.PASSED_IN, State.CONFIRMED, State.PUBLISHED, State.PAID,
        State.HANDED_OVER, State.CLOSED, State.DEFAULTED, State.WITHDRAWN,
    }
)  # fmt: skip
# In which states a form is opened.
FORMS = {
    "confirm": (State.ENDED,),
    "contract": (State.PUBLISHED,),
    "pay": (State.PUBLISHED,),
    "hand-over": (State.PAID,),
    "pay-out": (State.HANDED_OVER,),
    "pay-back": (State.DEFAULTED, State.PASSED_IN),
    "default": (State.ENDED, State.CONFIRMED, State.PUBLISHED),
    "call-off": (State.ENDED, State.CONFIRMED, State.PUBLISHED, State.PAID),
    "answer": (State.DEFAULTED,),
    "relist": (State.PASSED_IN, State.DEFAULTED),
    "close": (State.HANDED_OVER, State.PASSED_IN, State.DEFAULTED, State.WITHDRAWN),
    "object": tuple(AFTER),
}


@require_GET
@readers
def lot_sale(request: HttpRequest, by: Actor, ended_lot_id: int) -> HttpResponse:
    """What came of a lot, and the next act."""
    lot = lot_with_hall(by, ended_lot_id)
    if lot.state not in AFTER:
        raise Http404
    runs = access.runs_exchange(by)
    refunds = queries.refunds_of(lot)
    defaulted = lot.state == State.DEFAULTED
    context = {
        "lot": lot,
        "account": account_of(lot),
        "rules": terms_of(lot),
        "refunds": refunds,
        "forfeited": sum(one.amount_fen for one in refunds if one.kind == "forfeited"),
        "waiting": sum(one.kind == "back" and one.done_on is None for one in refunds),
        "payments": queries.payments_of(lot),
        "chances": (chances := queries.chances_of(lot)),
        "asking": any(one.state == SecondChance.State.ASKED for one in chances),
        "next": assets.next_bidders(lot)[:1] if runs and defaulted else [],
        "papers": queries.sale_papers(lot),
        "seal": queries.seal_of(lot),
        "open_flags": sum(flag.cleared_at is None for flag in queries.flags_of(lot)) if runs else 0,
        "objections": (objections := queries.objections_of(lot)),
        "disputed": queries.open_objections(objections),
        "may_object": runs and assets.may_object(lot),
        "parties": _parties(lot) if runs and request.GET.get("do") == "object" else [],
        "again": Lot.objects.filter(relisted_from=lot).first(),
        "runs": runs,
        "doing": _doing(request, lot),
        "today": local_date(timezone.now()),
        "last_day": work.last_day,
        "words": words,
    }
    return render(request, "assets/lot_sale.html", context)


def _doing(request: HttpRequest, lot: Lot) -> str:
    """The form that is opened, where the lot stands so that it can be sent."""
    doing = request.GET.get("do", "")
    return doing if lot.state in FORMS.get(doing, ()) and lot.closed_at is None else ""


def _parties(lot: Lot) -> list[tuple[str, str]]:
    """Who may object: the seller, and the bidders that were let in."""
    bidders = Bidder.objects.filter(lot=lot, state=Bidder.State.ADMITTED).select_related("party")
    named = [
        (str(one.pk), f"{words.number_of(one.alias or 0)} {one.party.name}")
        for one in bidders.order_by("alias")
    ]
    return [(SELLER, f"{_('Seller')} · {lot.seller.name}"), *named]


# What is done ------------------------------------------------------------------------------------


def _paper(request: HttpRequest, by: Actor) -> StoredFile:
    upload = request.FILES.get("paper")
    if upload is None:
        raise Refused(_("Choose a file first."), field="paper")
    return files.keep_file(by=by, now=timezone.now(), stream=upload, name=upload.name or "")


def _confirm(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.confirm_result(
        by=by, now=timezone.now(), lot=lot, version=number(request.POST.get("version")),
        words=request.POST.get("words", ""),
    )  # fmt: skip
    return _("Confirmed. Publish it next.")


def _publish(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.publish_result(by=by, now=timezone.now(), lot=lot)
    return _("Published; the buyer finds its signed confirmation among its papers.")


def _contract(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.make_contract(
        by=by, now=timezone.now(), lot=lot, signed_on=must_day(request, "signed_on"),
        paper=_paper(request, by),
    )  # fmt: skip
    return _("The contract is kept.")


def _pay(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.record_payment(
        by=by, now=timezone.now(), lot=lot, amount_fen=must_money(request, "amount"),
        paid_on=must_day(request, "paid_on"), bank_number=request.POST.get("bank_number", ""),
        note=request.POST.get("note", ""),
    )  # fmt: skip
    return _("Written down.")


def _hand_over(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.record_handover(
        by=by, now=timezone.now(), lot=lot, on=must_day(request, "on"), paper=_paper(request, by),
        words=request.POST.get("words", ""),
    )  # fmt: skip
    return _("Handed over. Pay the seller next.")


def _pay_out(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.record_payout(
        by=by, now=timezone.now(), lot=lot, amount_fen=must_money(request, "amount"),
        paid_on=must_day(request, "paid_on"), bank_number=request.POST.get("bank_number", ""),
        note=request.POST.get("note", ""),
    )  # fmt: skip
    return _("Written down.")


def _pay_back(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.record_return(
        by=by, now=timezone.now(), lot=lot, amount_fen=must_money(request, "amount"),
        paid_on=must_day(request, "paid_on"), bank_number=request.POST.get("bank_number", ""),
    )  # fmt: skip
    return _("Written down.")


def _default(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.declare_default(
        by=by, now=timezone.now(), lot=lot, why=request.POST.get("why", ""),
        version=number(request.POST.get("version")),
    )  # fmt: skip
    return _("The deposit is forfeited. Ask the next bidder, or put the lot up again.")


def _call_off(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.call_off_sale(
        by=by, now=timezone.now(), lot=lot, why=request.POST.get("why", ""),
        version=number(request.POST.get("version")),
    )  # fmt: skip
    return _("Called off. Give the buyer its money back, then put the lot up again or close it.")


def _chance(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.second_chance(by=by, now=timezone.now(), lot=lot)
    return _("The next bidder finds the offer on its page.")


def _answer(request: HttpRequest, by: Actor, lot: Lot) -> str:
    chance = queries.chance_of(by=by, chance_id=number(request.POST.get("chance")) or 0)
    assets.answer_chance(
        by=by, now=timezone.now(), chance=found(chance),
        accepts=_accepts(request), words=request.POST.get("words", ""),
    )  # fmt: skip
    return _("Written down.")


def _accepts(request: HttpRequest) -> bool:
    """Yes or no in so many words: what was left open is no answer, and a no cannot be taken back."""
    answer = request.POST.get("answer")
    if answer not in ("yes", "no"):
        raise Refused(_("Choose one of the list."), field="answer")
    return answer == "yes"


def _relist(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.relist_lot(
        by=by, now=timezone.now(), lot=lot, start_fen=must_money(request, "start"),
        version=number(request.POST.get("version")),
    )  # fmt: skip
    return _("Put up again as a new lot; set its viewing days and announce it.")


def _object(request: HttpRequest, by: Actor, lot: Lot) -> str:
    chosen = request.POST.get("bidder", "")
    assets.raise_objection(
        by=by, now=timezone.now(), lot=lot, words=request.POST.get("words", ""),
        bidder=None if chosen == SELLER else _bidder(lot, chosen),
    )  # fmt: skip
    return _("Written down. Nothing is confirmed and no deposit goes back until it is decided.")


def _bidder(lot: Lot, chosen: str) -> Bidder:
    row = Bidder.objects.filter(lot=lot, pk=number(chosen) or 0).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field="bidder")
    return row


def _decide(request: HttpRequest, by: Actor, lot: Lot) -> str:
    answer = request.POST.get("answer")
    if answer not in ("upheld", "rejected"):
        raise Refused(_("Choose one of the list."), field="answer")
    assets.decide_objection(
        by=by, now=timezone.now(), objection=_objection(request, by, lot),
        is_upheld=answer == "upheld", words=request.POST.get("words", ""),
        version=number(request.POST.get("version")),
    )  # fmt: skip
    return _("Decided; every party reads it on its page.")


def _take_back(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.withdraw_objection(
        by=by, now=timezone.now(), objection=_objection(request, by, lot),
        words=request.POST.get("words", ""),
    )  # fmt: skip
    return _("Written down.")


def _objection(request: HttpRequest, by: Actor, lot: Lot) -> LotObjection:
    numbered = number(request.POST.get("objection")) or 0
    row = queries.objection_of(by=by, objection_id=numbered)
    return found(row if row is not None and row.lot_id == lot.pk else None)


def _close(request: HttpRequest, by: Actor, lot: Lot) -> str:
    assets.close_lot(
        by=by, now=timezone.now(), lot=lot, words=request.POST.get("words", ""),
        version=number(request.POST.get("version")),
    )  # fmt: skip
    return _("Closed.")


VERBS: Mapping[str, Callable[[HttpRequest, Actor, Lot], str]] = {
    "confirm": _confirm,
    "publish": _publish,
    "contract": _contract,
    "pay": _pay,
    "hand-over": _hand_over,
    "pay-out": _pay_out,
    "pay-back": _pay_back,
    "default": _default,
    "call-off": _call_off,
    "chance": _chance,
    "answer": _answer,
    "relist": _relist,
    "object": _object,
    "decide": _decide,
    "take-back": _take_back,
    "close": _close,
}


@require_POST
@hosts
def lot_sale_do(request: HttpRequest, by: Actor, ended_lot_id: int, verb: str) -> HttpResponse:
    """One of the verbs of a sale."""
    do = VERBS.get(verb)
    if do is None:
        raise Http404
    messages.success(request, do(request, by, lot_with_hall(by, ended_lot_id)))
    return go(request, reverse("lot_sale", args=[ended_lot_id]))


@require_GET
@readers
def lot_settlement(request: HttpRequest, by: Actor, ended_lot_id: int, kind: str) -> HttpResponse:
    """Where the money of a sale came from and went: to sign as PDF, to reckon with as a sheet."""
    lot = lot_with_hall(by, ended_lot_id)
    name = f"结算单 {lot.number}"
    if kind != "pdf":
        return sheet_response(kind, name, settlement.SHEET, settlement.entries(lot))
    body = settlement.settlement_pdf(
        lot,
        zone_name=Zone.objects.get(pk=by.zone_id).name,
        office=exchange_office(by.zone_id).name,
        now=timezone.now(),
    )
    return attachment(body, f"{name}.pdf", "application/pdf")


# A party of the lot: what it may object to --------------------------------------------------------


def objecting(by: Actor, lot: Lot, bidder: Bidder | None, address: str) -> dict[str, object]:
    """What a party's own page says of objections: the seller's (no bidder), or a bidder's let in.

    ``address``: where its verbs are sent, with the verb at the end.
    """
    was_in = bidder is None or bidder.state == Bidder.State.ADMITTED
    if not was_in or lot.ended_at is None:
        return {"objections": [], "may_object": False}
    with on_behalf(by):
        may_object = assets.may_object(lot)
        until = assets.object_until(lot)
    return {
        "objections": queries.told_objections(by=by, lot=lot, bidder=bidder),
        "may_object": may_object,
        "object_until": until if until is not None and until.year < 3000 else None,
        "objecting_at": address,
    }


def object_here(request: HttpRequest, by: Actor, lot: Lot, verb: str) -> bool:
    """A party objects, or takes its objection back; whether it was one of these verbs."""
    if verb == "object":
        assets.raise_objection(
            by=by, now=timezone.now(), lot=lot, words=request.POST.get("words", "")
        )
        messages.success(request, _("Your objection is with the exchange centre."))
    elif verb == "take-back":
        assets.withdraw_objection(by=by, now=timezone.now(), objection=_objection(request, by, lot))
        messages.success(request, _("Your objection is taken back."))
    return verb in ("object", "take-back")


# The bidder that is asked ------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@bidder
def my_chance(request: HttpRequest, by: Actor, chance_id: int) -> HttpResponse:
    """After a default: whether we buy at our own last bid."""
    chance = found(queries.chance_of(by=by, chance_id=chance_id))
    if request.method == "POST":
        assets.answer_chance(
            by=by, now=timezone.now(), chance=chance, accepts=_accepts(request),
            words=request.POST.get("words", ""),
        )  # fmt: skip
        messages.success(request, _("Your answer is with the exchange centre."))
        return go(request, reverse("my_chance", args=[chance.pk]))
    return render(
        request,
        "assets/my_chance.html",
        {"chance": chance, "words": words, "last_day": work.last_day},
    )
