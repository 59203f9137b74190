"""Contact cards: how far they reach, made and printed in bulk, handed out, withdrawn."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page, unkept
from xiaoer.base.files import kept_paper
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access, queries
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.cards import PDF, address_of, contact_card_pdf, contact_cards_pdf
from xiaoer.outreach.models import ContactCard
from xiaoer.outreach.pages import reading
from xiaoer.outreach.queries import card_list as cards
from xiaoer.registry import queries as registry
from xiaoer.registry.queries import EnterpriseFilter
from xiaoer.web.sending import attachment

staff = page(*STAFF_ROLES)
STATE_WORDS: dict[str, str | Promise] = {
    cards.MISSING: gettext_lazy("Without a card"),
    cards.UNPRINTED: gettext_lazy("Not printed"),
    cards.HELD_BACK: gettext_lazy("Not handed out"),
    cards.HANDED_OUT: gettext_lazy("Handed out"),
}


def filters_of(request: HttpRequest, by: Actor) -> tuple[EnterpriseFilter, str]:
    """The filters of an address. Whoever is not the desk sees the enterprises in their own care."""
    wanted = request.GET
    state = wanted.get("state", "")
    officer = reading.number(wanted.get("officer"))
    if not access.is_desk(by):
        officer = by.post_id
    filters = EnterpriseFilter(
        text=reading.words(wanted, "q")[:60],
        grid=reading.number(wanted.get("grid")),
        cell=reading.number(wanted.get("cell")),
        officer=officer,
    )
    return filters, state if state in cards.STATES else ""


@staff
def card_list_page(request: HttpRequest, by: Actor) -> HttpResponse:
    """Enterprises and their cards, by name."""
    filters, state = filters_of(request, by)
    query = request.GET.urlencode()
    context = {
        "shown": cards.card_page(
            by=by, filters=filters, state=state, after=request.GET.get("after")
        ),
        "cover": queries.card_cover(by=by),
        "filters": filters,
        "state": state,
        "states": [
            (None, _("All"), None),
            *((key, words, None) for key, words in STATE_WORDS.items()),
        ],
        "state_menu": list(STATE_WORDS.items()),
        "grids": [(row.id, row.name) for row in registry.grids(by=by)],
        "officers": [(row.post_id, row.name) for row in registry.caseloads(by=by)],
        "is_desk": access.is_desk(by),
        "started": "after" in request.GET,
        "query": f"?{query}" if query else "",
    }
    return render(request, "outreach/card_list.html", context)


def _filtered(request: HttpRequest, by: Actor) -> list[ContactCard]:
    """The cards an act is about: those ticked, else every card of the filter."""
    ticked = {reading.number(text) for text in request.POST.getlist("card")} - {None}
    filters, state = filters_of(request, by)
    rows = cards.cards_of(by=by, parties=cards.parties_by_card(by=by, filters=filters, state=state))
    return [row for row in rows if row.pk in ticked] if ticked else rows


def _back(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return f"{reverse('card_list')}?{query}" if query else reverse("card_list")


@require_POST
@staff
def cards_make(request: HttpRequest, by: Actor) -> HttpResponse:
    """Make the cards that are missing among the enterprises of the filter."""
    filters, _state = filters_of(request, by)
    parties = cards.parties_by_card(by=by, filters=filters, state=cards.MISSING)
    made = outreach.make_cards(by=by, now=timezone.now(), parties=list(parties))
    told = ngettext("%(n)d card made.", "%(n)d cards made.", len(made)) % {"n": len(made)}
    messages.success(request, told)
    return go(request, _back(request))


@require_POST
@staff
def cards_print(request: HttpRequest, by: Actor) -> HttpResponse:
    """The cards as one PDF, eight to a sheet; a whole zone's are made by a job, in sight."""
    now = timezone.now()
    chosen = _filtered(request, by)
    if not chosen:
        raise Refused(_("No enterprise of this list has a card yet; make the cards first."))
    if len(chosen) > outreach.MOST_TO_WAIT_FOR:
        run = outreach.ask_for_print(by=by, now=now, cards=chosen)
        return go(request, reverse("card_print", args=[run.pk]))
    printed = {row.pk for row in outreach.print_cards(by=by, now=now, cards=chosen)}
    rows = [row for row in chosen if row.pk in printed]
    body = contact_cards_pdf(cards.to_print(by=by, cards=rows, address_of=address_of), made_at=now)
    return attachment(body, f"服务企业联系卡-{len(rows)}张.pdf", PDF)


@staff
def card_print(request: HttpRequest, by: Actor, run_id: int) -> HttpResponse:
    """How far a large print is, until its file is there."""
    shown = found(cards.card_print(by=by, run_id=run_id, now=timezone.now()))
    part = "_card_print.html" if request.headers.get("HX-Request") else "card_print.html"
    return render(request, f"outreach/{part}", {"shown": shown, "run": shown.run})


@staff
def card_print_file(request: HttpRequest, by: Actor, run_id: int) -> HttpResponseBase:
    """The file of a print."""
    shown = found(cards.card_print(by=by, run_id=run_id, now=timezone.now()))
    return kept_paper(found(shown.run.file), f"服务企业联系卡-{shown.cards}张.pdf")


@require_POST
@staff
def card_print_again(request: HttpRequest, by: Actor, run_id: int) -> HttpResponse:
    """Ask anew for a print that stands still or was refused."""
    shown = found(cards.card_print(by=by, run_id=run_id, now=timezone.now()))
    chosen = cards.cards_numbered(by=by, numbers=shown.run.cards)
    run = outreach.ask_for_print(by=by, now=timezone.now(), cards=chosen)
    return go(request, reverse("card_print", args=[run.pk]))


@require_POST
@staff
def cards_hand_out(request: HttpRequest, by: Actor) -> HttpResponse:
    """Say that cards were handed to their enterprises."""
    given = outreach.hand_out_cards(
        by=by,
        now=timezone.now(),
        cards=_filtered(request, by),
        handed_out_on=reading.day(request.POST, "handed_out_on"),
    )
    told = ngettext("%(n)d card handed out.", "%(n)d cards handed out.", len(given))
    messages.success(request, told % {"n": len(given)})
    return go(request, _back(request))


@staff
def card_page(request: HttpRequest, by: Actor, card_id: int) -> HttpResponse:
    """One card: what it opens, and what was done with it."""
    row = found(cards.card(by=by, card_id=card_id))
    officer = next(
        (one for one in registry.stewards_of(party=row.party) if one.kind == "officer"), None
    )
    context = {"card": row, "party": row.party, "officer": officer}
    return unkept(render(request, "outreach/card_page.html", context))


@require_POST
@staff
def card_do(request: HttpRequest, by: Actor, card_id: int, verb: str) -> HttpResponse:
    """Print, hand out or withdraw one card."""
    now = timezone.now()
    row = found(cards.card(by=by, card_id=card_id))
    if verb == "print":
        return _print_one(by, now, row)
    if verb == "hand-out":
        day = reading.day(request.POST, "handed_out_on")
        outreach.hand_out_cards(by=by, now=now, cards=[row], handed_out_on=day)
    elif verb == "withdraw":
        reason = reading.said(request.POST, "reason", 200)
        outreach.withdraw_card(by=by, now=now, card=row, reason=reason)
    else:
        raise Http404
    return go(request, reverse("card_page", args=[card_id]))


def _print_one(by: Actor, now: datetime, row: ContactCard) -> HttpResponse:
    if not outreach.print_cards(by=by, now=now, cards=[row]):
        raise Refused(_("This card is withdrawn; make a new one."))
    (facts,) = cards.to_print(by=by, cards=[row], address_of=address_of)
    body = contact_card_pdf(facts, made_at=now)
    return attachment(body, f"服务企业联系卡-{row.party.name}.pdf", PDF)
