"""The pool of requests: every channel in one list, narrowed by chips and words, exported as shown."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal
from xiaoer.outreach.pages import reading
from xiaoer.outreach.pages.choices import offices_of
from xiaoer.outreach.queries import DUE, LATEST, PoolFilter, PoolRow
from xiaoer.registry.models import Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

State = Appeal.State
OPEN, ALL = "open", "all"
# States in the groups people ask by; a single state may be asked for too.
GROUPS: dict[str, tuple[str, ...]] = {
    OPEN: ("open",),
    "new": (State.RECEIVED, State.REGISTERED),
    "working": (State.DISPATCHED, State.WORKING, State.PARKED),
    "waiting": (State.ANSWERED,),
    "confirmed": (State.CONFIRMED,),
    "unconfirmed": (State.UNCONFIRMED,),
    "left_out": (State.NOT_ACCEPTED, State.MERGED, State.TRANSFERRED, State.WITHDRAWN),
    ALL: (),
}
GROUP_WORDS: dict[str, str | Promise] = {
    OPEN: gettext_lazy("Still open"),
    "new": gettext_lazy("To be dispatched"),
    "working": gettext_lazy("In hand"),
    "waiting": gettext_lazy("Waiting for the enterprise"),
    "confirmed": gettext_lazy("Confirmed"),
    "unconfirmed": gettext_lazy("Unconfirmed"),
    "left_out": gettext_lazy("Ended otherwise"),
    ALL: gettext_lazy("All"),
}
LIGHTS = ("red", "amber", "green", "grey")
SHEET = (
    Column("receipt_no", gettext_lazy("Number"), 16),
    Column("title", gettext_lazy("Matter"), 36),
    Column("enterprise", gettext_lazy("Enterprise"), 30),
    Column("kind", gettext_lazy("Kind"), 10),
    Column("urgency_words", gettext_lazy("Urgency"), 10),
    Column("channel_words", gettext_lazy("Source"), 12),
    Column("state_words", gettext_lazy("State"), 14),
    Column("ball_words", gettext_lazy("Who has to move"), 14),
    Column("office", gettext_lazy("Leading office"), 18),
    Column("handler", gettext_lazy("Handler"), 10),
    Column("yuan", gettext_lazy("Money, yuan"), 14, Kind.NUMBER),
    Column("filed_at", gettext_lazy("Filed"), 18, Kind.DATETIME),
    Column("solve_due_at", gettext_lazy("Promised until"), 18, Kind.DATETIME),
    Column("answered_at", gettext_lazy("Answered"), 18, Kind.DATETIME),
    Column("result_words", gettext_lazy("Result"), 16),
    Column("confirmed_at", gettext_lazy("Confirmed"), 18, Kind.DATETIME),
    Column("satisfaction", gettext_lazy("Satisfaction"), 8, Kind.NUMBER),
    Column("reopened", gettext_lazy("Times reopened"), 8, Kind.NUMBER),
)


def filters_of(request: HttpRequest) -> PoolFilter:
    """The filters an address carries; what it does not know it does not filter by."""
    wanted = request.GET
    return PoolFilter(
        states=_states(wanted.get("state", "")),
        light=_known(wanted.get("light"), LIGHTS),
        ball=_known(wanted.get("ball"), Appeal.Ball.values),
        kind=reading.number(wanted.get("kind")),
        channel=_known(wanted.get("channel"), Appeal.Channel.values),
        urgency=_known(wanted.get("urgency"), Appeal.Urgency.values),
        office=reading.number(wanted.get("office")),
        handler=reading.number(wanted.get("handler")),
        party=reading.number(wanted.get("party")),
        programme=reading.number(wanted.get("programme")),
        mine=wanted.get("mine") == "yes",
        supervised=wanted.get("supervised") == "yes",
        text=reading.words(wanted, "q")[:60],
        since=reading.day_of_address(request, "since"),
        until=reading.day_of_address(request, "until"),
    )


def _states(wanted: str) -> tuple[str, ...]:
    if wanted in State.values:
        return (wanted,)
    return GROUPS.get(wanted, GROUPS[OPEN])


def _known(wanted: str | None, words: "tuple[str, ...] | list[str]") -> str:
    return wanted if wanted and wanted in words else ""


@page(*STAFF_ROLES, Role.CITY)
def appeal_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """Requests of the zone."""
    now = timezone.now()
    filters = filters_of(request)
    kind = request.GET.get("export")
    if kind:
        rows = queries.every_appeal(by=by, filters=filters, now=now)
        return sheet_response(kind, _("Requests"), SHEET, map(cells, rows))
    order = DUE if request.GET.get("sort") == DUE else LATEST
    shown = queries.appeal_pool(
        by=by, filters=filters, now=now, order=order, after=request.GET.get("after")
    )
    return render(
        request,
        "outreach/appeal_list.html",
        _context(request, by, now, filters)
        | {
            "shown": shown,
            "order": order,
        },
    )


def _context(
    request: HttpRequest, by: Actor, now: datetime, filters: PoolFilter
) -> dict[str, object]:
    counts = queries.pool_counts(by=by, now=now)
    return {
        "filters": filters,
        "counts": counts,
        "group": request.GET.get("state") or OPEN,
        "groups": [(key, words, _count(key, counts)) for key, words in GROUP_WORDS.items()],
        "group_menu": list(GROUP_WORDS.items()),
        "kinds": [(kind.pk, kind.label) for kind in queries.kinds(by=by)],
        "channels": Appeal.Channel.choices,
        "urgencies": Appeal.Urgency.choices,
        "balls": Appeal.Ball.choices,
        "offices": offices_of(by),
        "party": Party.objects.filter(zone_id=by.zone_id, pk=filters.party or 0).first(),
        "started": "after" in request.GET,
        "may_file": by.is_staff,
    }


def _count(group: str, counts: queries.PoolCounts) -> int | None:
    """How many are open in a group; what ended is not counted, so that the page stays fast."""
    if group == OPEN:
        return counts.open
    states = GROUPS[group]
    if not states or not set(states) <= set(queries.OPEN_STATES):
        return None
    return sum(counts.states.get(state, 0) for state in states)


def cells(row: PoolRow) -> tuple[object, ...]:
    """A line of the export, in the order of the columns; money in yuan as a number."""
    money = None if row.money_fen is None else row.money_fen / 100
    return tuple(money if column.key == "yuan" else getattr(row, column.key) for column in SHEET)
