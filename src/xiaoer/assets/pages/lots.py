"""Lots for the exchange centre: the list, one lot with its steps, its bidders, and what is done to it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.lot_rows import hall_now, terms_of
from xiaoer.assets.actions.noticing import earliest_opening, is_in_hours
from xiaoer.assets.models import Lot
from xiaoer.assets.pages import lot_forms
from xiaoer.assets.pages.lot_forms import bidder_typed, lot_here, money_typed, yuan
from xiaoer.assets.pages.lot_sale import AFTER
from xiaoer.assets.queries import lots as queries
from xiaoer.assets.queries.lots import LotFilter
from xiaoer.assets.words import sales as words
from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Post, Role, Zone
from xiaoer.base.pages import forms
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import CITY, Actor
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work import queries as work

readers = page(*STAFF_ROLES, Role.CITY)
desk = page(*access.DESK)
GROUPS = (
    ("preparing", gettext_lazy("Being prepared")),
    ("announced", gettext_lazy("Announced or bidding")),
    ("settling", gettext_lazy("Being settled")),
    ("over", gettext_lazy("Over")),
)
SHEET = (
    Column("row.number", gettext_lazy("Number"), 12),
    Column("row.title", gettext_lazy("Lot"), 30),
    Column("row.sort", gettext_lazy("Sort"), 14),
    Column("seller_name", gettext_lazy("Seller"), 30),
    Column("row.get_state_display", gettext_lazy("State"), 14),
    Column("start_yuan", gettext_lazy("Start price, yuan"), 16, Kind.NUMBER),
    Column("price_yuan", gettext_lazy("Price, yuan"), 16, Kind.NUMBER),
    Column("registered", gettext_lazy("Firms registered"), 10, Kind.NUMBER),
    Column("admitted", gettext_lazy("Firms admitted"), 10, Kind.NUMBER),
    Column("bids", gettext_lazy("Number of bids"), 10, Kind.NUMBER),
    Column("row.noticed_at", gettext_lazy("Announced"), 18, Kind.DATETIME),
    Column("row.opens_at", gettext_lazy("Opens"), 18, Kind.DATETIME),
)


def filter_of(request: HttpRequest) -> LotFilter:
    """What the address narrows the list by."""
    group = request.GET.get("group", "")
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    return LotFilter(group if group in queries.GROUPS else "", text)


@readers
def lot_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """All lots with what comes next; the very list as a sheet."""
    wanted = filter_of(request)
    rows = queries.lots(by, wanted)
    if request.GET.get("export"):
        every = queries.lines(list(rows[:5000]))
        return sheet_response(request.GET["export"], _("Auction lots"), SHEET, every)
    after = forms.number(request.GET.get("after")) or 0
    some = list(rows[after : after + 51])
    counts = queries.group_counts(by)
    context = {
        "wanted": wanted,
        "lines": queries.lines(some[:50]),
        "next": after + 50 if len(some) > 50 else None,
        "groups": [
            (None, _("All"), None),
            *((name, words, counts[name]) for name, words in GROUPS),
        ],
        "runs": access.runs_exchange(by),
        "may_put_up": access.may_put_up(by),
        "yuan": yuan,
        "words": words,
        "last_day": work.last_day,
        "unknown": len(queries.unknown_money(by)) if access.runs_exchange(by) else 0,
    }
    return render(request, "assets/lots.html", context)


@desk
def lot_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Put a lot up for a firm that comes in person."""
    if request.method == "POST":
        row = assets.draft_lot(
            by=by, now=timezone.now(), facts=lot_forms.facts_typed(request),
            seller=lot_forms.firm_typed(request, by, "seller"),
        )  # fmt: skip
        messages.success(request, _("Add pictures and papers, then send it to be checked."))
        return go(request, reverse("lot", args=[row.pk]))
    return render(request, "assets/lot_form.html", form_context(by, None))


def form_context(by: Actor, row: Lot | None) -> dict[str, object]:
    """What the form of a lot shows."""
    return {
        "row": row,
        "terms": terms_of(row) if row else queries.rules_now(by),
        "plain": lot_forms.plain_yuan,
        "is_own": not by.is_staff,
    }


@desk
def lot_change(request: HttpRequest, by: Actor, lot_id: int) -> HttpResponse:
    """Change what a lot says of itself."""
    row = lot_here(by, lot_id)
    if request.method == "POST":
        assets.change_lot(
            by=by, now=timezone.now(), lot=row, facts=lot_forms.facts_typed(request),
            version=lot_forms.version_typed(request),
        )  # fmt: skip
        messages.success(request, _("Saved."))
        return go(request, reverse("lot", args=[row.pk]))
    return render(request, "assets/lot_form.html", form_context(by, row))


@readers
def lot(request: HttpRequest, by: Actor, lot_id: int) -> HttpResponse:
    """One lot: where it stands, what it says, who registered, what is to be done."""
    row = lot_here(by, lot_id)
    runs = access.runs_exchange(by)
    bidders = queries.bidders_of(row) if runs else []
    chosen = forms.number(request.GET.get("bidder"))
    context = shown(by, row) | {
        "keeps": access.may_put_up(by),
        "doing": request.GET.get("do", ""),
        "bidders": bidders,
        "chosen": next((one for one in bidders if one.row.pk == chosen), None),
        "hosts": hosts(by) if runs else [],
        "may_read_sale": runs or by.role in access.READERS,
        "words": words,
        "no_account": False,
    }
    if runs and row.state == Lot.State.CHECKED:
        context["proposed"] = proposed_opening(by, row)
        context["no_account"] = row.deposit_fen > 0 and queries.deposit_account(by) is None
    return render(request, "assets/lot.html", context)


def shown(by: Actor, row: Lot) -> dict[str, object]:
    """What the page of a lot shows to its owner and to the exchange."""
    kept = queries.files_of(row)
    return {
        "row": row,
        "terms": terms_of(row),
        "steps": queries.steps_of(row),
        "pictures": [one for one in kept if one.kind == "picture"],
        "papers": [one for one in kept if one.kind != "picture"],
        "hall": getattr(row, "hall", None),
        "yuan": yuan,
        "is_prepared": row.state in queries.GROUPS["preparing"],
        "may_change_files": row.state in access.preparing_states(by),
        # The clock of a hall is asked inside its zone; the city only reads.
        "server_now": None if by.database_role == CITY else hall_now(row.zone_id),
        "has_result": row.state in AFTER,
        "runs": access.runs_exchange(by),
        "zone_code": Zone.objects.get(pk=row.zone_id).code,
    }


def hosts(by: Actor) -> list[tuple[int, str]]:
    """Posts of the exchange centre who may host."""
    rows = Post.objects.filter(
        zone_id=by.zone_id, role__in=access.EXCHANGE, until__isnull=True
    ).select_related("person")
    return [(one.pk, one.person.name) for one in rows.order_by("-role", "pk")]


def proposed_opening(by: Actor, row: Lot) -> datetime:
    """The first opening the rules allow whose timed bidding begins in hours, on the full hour."""
    rules = terms_of(row)
    moment = timezone.localtime(earliest_opening(by, rules, hall_now(by.zone_id)))
    moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if rules.publicity_days:
        moment -= timedelta(hours=1)
    for _hour in range(24 * 14):
        timed = timezone.localtime(moment + timedelta(minutes=rules.free_minutes))
        if is_in_hours(by, rules, timed) and rules.hours_from <= moment.hour < rules.hours_to:
            return moment
        moment += timedelta(hours=1)
    return moment


# What is done to a lot ---------------------------------------------------------------------------

Doing = Callable[[HttpRequest, Actor, datetime, Lot], object]


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")


def _version(request: HttpRequest) -> int | None:
    """What the page showed when the verb was chosen: nobody answers for what changed meanwhile."""
    return forms.number(request.POST.get("version"))


def _notice(request: HttpRequest, by: Actor, now: datetime, row: Lot) -> object:
    host = Post.objects.filter(
        zone_id=by.zone_id, pk=forms.number(request.POST.get("host")) or 0
    ).select_related("office")
    return assets.notice_lot(
        by=by, now=now, lot=row, opens_at=lot_forms.must_moment(request, "opens_at"),
        register_until=lot_forms.moment_typed(request, "register_until"),
        deposit_until=lot_forms.moment_typed(request, "deposit_until"), host=host.first(),
        version=_version(request),
    )  # fmt: skip


def _seal(request: HttpRequest, by: Actor, now: datetime, row: Lot) -> object:
    return assets.seal_lot_reserve(
        by=by, now=now, lot=row, amount_fen=money_typed(request, "amount_fen") or 0,
        version=_version(request),
    )  # fmt: skip


def _add_file(request: HttpRequest, by: Actor, now: datetime, row: Lot) -> object:
    uploads = request.FILES.getlist("paper")
    if not uploads:
        raise Refused(_("Choose a file."), field="paper")
    kind = request.POST.get("kind", "")
    return [assets.add_lot_file(by=by, now=now, lot=row, kind=kind, upload=one) for one in uploads]


def _remove_file(request: HttpRequest, by: Actor, now: datetime, row: Lot) -> object:
    file = queries.file_of(by, forms.number(request.POST.get("file")) or 0)
    if file is None or file.lot_id != row.pk:
        raise Refused(_("There is no such file here."))
    return assets.remove_lot_file(by=by, now=now, file=file)


OWN_VERBS: Mapping[str, Doing] = {
    "submit": lambda request, by, now, row: assets.submit_lot(
        by=by, now=now, lot=row, version=_version(request)
    ),
    "withdraw": lambda request, by, now, row: assets.withdraw_lot(
        by=by, now=now, lot=row, reason=_reason(request)
    ),
    "seal": _seal,
    "drop-reserve": lambda request, by, now, row: assets.drop_lot_reserve(by=by, now=now, lot=row),
    "add-file": _add_file,
    "remove-file": _remove_file,
}
VERBS: Mapping[str, Doing] = {
    **OWN_VERBS,
    "return": lambda request, by, now, row: assets.return_lot(
        by=by, now=now, lot=row, reason=_reason(request), version=_version(request)
    ),
    "check": lambda request, by, now, row: assets.check_lot(
        by=by, now=now, lot=row, version=_version(request)
    ),
    "notice": _notice,
}


@require_POST
@desk
def lot_do(request: HttpRequest, by: Actor, lot_id: int, verb: str) -> HttpResponse:
    """One verb on a lot."""
    row = lot_here(by, lot_id)
    if verb not in VERBS:
        raise Http404
    VERBS[verb](request, by, timezone.now(), row)
    messages.success(request, _("Done."))
    return go(request, reverse("lot", args=[row.pk]))


# Bidders -----------------------------------------------------------------------------------------


def _facts(request: HttpRequest) -> assets.BidderFacts:
    return assets.BidderFacts(
        agent_name=forms.text(request, "agent_name", longest=40),
        agent_phone=forms.text(request, "agent_phone", longest=40),
        pre_emption=forms.text(request, "pre_emption", longest=90),
        namesake_why=forms.text(request, "namesake_why", longest=300),
    )


def _register(request: HttpRequest, by: Actor, now: datetime, row: Lot) -> object:
    return assets.apply_to_bid(
        by=by, now=now, lot=row, facts=_facts(request), mandate=request.FILES.get("mandate"),
        party=lot_forms.firm_typed(request, by, "party"),
    )  # fmt: skip


def _admit(request: HttpRequest, by: Actor, now: datetime, row: Lot) -> object:
    return assets.admit_bidder(
        by=by, now=now, bidder=bidder_typed(request, by, row),
        rank=forms.number(request.POST.get("rank")),
        no_rank_why=request.POST.get("no_rank_why", ""),
    )  # fmt: skip


BIDDER_VERBS: Mapping[str, Doing] = {
    "register": _register,
    "admit": _admit,
    "refuse": lambda request, by, now, row: assets.refuse_bidder(
        by=by, now=now, bidder=bidder_typed(request, by, row), reason=_reason(request)
    ),
    "leave": lambda request, by, now, row: assets.leave_lot(
        by=by, now=now, bidder=bidder_typed(request, by, row)
    ),
    "pre-emption": lambda request, by, now, row: assets.claim_pre_emption(
        by=by, now=now, bidder=bidder_typed(request, by, row),
        why=request.POST.get("pre_emption", ""),
    ),
}  # fmt: skip


@require_POST
@page(*access.EXCHANGE)
def lot_bidder_do(request: HttpRequest, by: Actor, lot_id: int, verb: str) -> HttpResponse:
    """One verb on a bidder of a lot."""
    row = lot_here(by, lot_id)
    if verb not in BIDDER_VERBS:
        raise Http404
    BIDDER_VERBS[verb](request, by, timezone.now(), row)
    messages.success(request, _("Done."))
    return go(request, reverse("lot", args=[row.pk]) + "#bidders")


@page(*access.EXCHANGE)
def lot_mandate(request: HttpRequest, by: Actor, bidder_id: int) -> HttpResponseBase:
    """The power of attorney an agent brought."""
    row = found(queries.bidder_of(by, bidder_id))
    return files.shown_inside(found(row.mandate), f"{_('power of attorney')} {row.pk}")


@page(*STAFF_ROLES, Role.CITY, Role.ENTERPRISE, Role.PARTY)
def lot_file(request: HttpRequest, by: Actor, lot_file_id: int) -> HttpResponseBase:
    """A picture, or a paper the asker may see."""
    row = found(queries.file_of(by, lot_file_id))
    return files.shown_inside(queries.bytes_behind(by, row), row.name)
