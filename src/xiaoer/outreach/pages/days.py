"""A day of a programme: what is planned, who is told, what came of it; the leaders' visit day."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from xiaoer.base import queries as base
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Office, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access, day_sheets, queries
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import DayVisit, Gathering, Programme
from xiaoer.outreach.pages import reading
from xiaoer.outreach.pages.behalf import choose_enterprise, the_party
from xiaoer.outreach.pages.choices import people_of
from xiaoer.outreach.queries import DayPage, Going, Queued
from xiaoer.web import words
from xiaoer.web.sending import attachment, sheet_response
from xiaoer.web.sheets import Column, Kind

staff = page(*STAFF_ROLES)
readers = page(*STAFF_ROLES, Role.CITY)
State = Gathering.State
VISITS = (
    Column("day", gettext_lazy("Day"), 12, Kind.DATE),
    Column("window", gettext_lazy("At what time"), 14),
    Column("enterprise", gettext_lazy("Enterprise"), 30),
    Column("cell", gettext_lazy("Cell"), 12),
    Column("leader", gettext_lazy("Leader who goes"), 12),
    Column("purpose", gettext_lazy("What for"), 36),
    Column("along", gettext_lazy("Going along"), 30),
    Column("state", gettext_lazy("State"), 14),
    Column("met", gettext_lazy("Whom they met"), 24),
    Column("requests", gettext_lazy("Requests raised"), 8, Kind.NUMBER),
    Column("solved", gettext_lazy("Solved since"), 8, Kind.NUMBER),
)
QUEUE = (
    Column("at", gettext_lazy("At what time"), 8),
    Column("desk", gettext_lazy("Desk"), 18),
    Column("ticket_no", gettext_lazy("Ticket"), 8, Kind.NUMBER),
    Column("enterprise", gettext_lazy("Enterprise"), 30),
    Column("who", gettext_lazy("Who comes"), 12),
    Column("matter", gettext_lazy("What about"), 36),
    Column("through", gettext_lazy("How it came"), 12),
    Column("state_words", gettext_lazy("State"), 12),
    Column("requests", gettext_lazy("Requests raised"), 8, Kind.NUMBER),
    Column("solved", gettext_lazy("Solved since"), 8, Kind.NUMBER),
)


@readers
def day(request: HttpRequest, by: Actor, day_id: int) -> HttpResponse:
    """One day of a programme, on one page, before, on and after the day."""
    shown = found(queries.day_page(by=by, day_id=day_id))
    is_problem_day = shown.programme.kind == Programme.Kind.PROBLEM_DAY
    kind = request.GET.get("export")
    if kind:
        return _sheet(kind, shown, is_problem_day=is_problem_day)
    now = timezone.now()
    context = {
        "shown": shown,
        "day_set": shown.gathering,
        "today": timezone.localdate(now),
        "may_plan": by.is_staff and access.may_plan_days(by),
        "may_log": by.is_staff,
        "is_leader": by.role == Role.ZONE_LEADER,
        "is_desk": access.is_desk(by),
        "me": by.post_id,
        "is_open": shown.gathering.state in (State.PLANNED, State.ANNOUNCED),
        "to_copy": [
            (one.pk, f"{words.full_day(one.day)} {one.place}".strip())
            for one in queries.days_to_copy(by=by, day=shown.gathering)
        ],
        "kinds": [(each.pk, each.label) for each in queries.kinds(by=by)] if is_problem_day else [],
    }
    template = "problem_day" if is_problem_day else "visit_day"
    return render(request, f"outreach/{template}.html", context)


def _sheet(kind: str, shown: DayPage, *, is_problem_day: bool) -> HttpResponse:
    name = f"{shown.programme.name}-{shown.gathering.day.isoformat()}"
    if is_problem_day:
        return sheet_response(kind, name, QUEUE, map(_queue_cells, shown.bookings))
    return sheet_response(kind, name, VISITS, map(_visit_cells, shown.lines))


def _visit_cells(row: Going) -> tuple[object, ...]:
    return (
        row.day,
        row.window,
        row.enterprise,
        row.cell,
        row.leader,
        row.purpose,
        "、".join(row.escorts),
        str(state_of(row)),
        row.met,
        sum(one.is_counted for one in row.brought),
        sum(one.is_solved for one in row.brought),
    )


def state_of(row: Going) -> str:
    """What a line says of itself in a word."""
    if row.is_cancelled:
        return _("cancelled")
    if row.visit_id is not None:
        return _("visited")
    if not row.is_within_quota:
        return _("not possible yet")
    return _("told") if row.told_at else _("planned")


def _queue_cells(row: Queued) -> tuple[object, ...]:
    return (
        f"{row.at:%H:%M}" if row.at else "",
        row.desk,
        row.ticket_no,
        row.enterprise,
        row.who,
        row.matter,
        row.through,
        row.state_words,
        sum(one.is_counted for one in row.brought),
        sum(one.is_solved for one in row.brought),
    )


Act = Callable[[QueryDict, Actor, datetime, Gathering], str]


def _announce(post: QueryDict, by: Actor, now: datetime, row: Gathering) -> str:
    outreach.announce_day(by=by, now=now, gathering=row, version=reading.version(post))
    return _("Announced: the enterprises read it on their page.")


def _hold(post: QueryDict, by: Actor, now: datetime, row: Gathering) -> str:
    outreach.hold_day(by=by, now=now, gathering=row, version=reading.version(post))
    return _("Noted: the day was held.")


def _close(post: QueryDict, by: Actor, now: datetime, row: Gathering) -> str:
    outreach.close_day(
        by=by,
        now=now,
        gathering=row,
        version=reading.version(post),
        result=reading.said(post, "result", 1000),
    )
    return _("The day is closed with its results.")


def _call_off(post: QueryDict, by: Actor, now: datetime, row: Gathering) -> str:
    outreach.cancel_day(
        by=by,
        now=now,
        gathering=row,
        version=reading.version(post),
        reason=reading.said(post, "reason", 200),
    )
    return _("The day is called off; whoever was told or had booked reads why.")


def _copy(post: QueryDict, by: Actor, now: datetime, row: Gathering) -> str:
    source = queries.gathering(by=by, day_id=reading.number(post.get("source")) or 0)
    if source is None:
        raise Refused(_("Choose the day to copy from."), field="source")
    copied = outreach.copy_day(by=by, now=now, gathering=row, source=source)
    said = ngettext("%(num)s taken over.", "%(num)s taken over.", copied.lines) % {
        "num": copied.lines
    }
    return " ".join([said, *copied.left_out[:3]])


ACTS: dict[str, Act] = {
    "announce": _announce,
    "hold": _hold,
    "close": _close,
    "cancel": _call_off,
    "copy": _copy,
}


@require_POST
@staff
def day_do(request: HttpRequest, by: Actor, day_id: int, verb: str) -> HttpResponse:
    """Announce, hold, close or call off a day; take over another day's programme."""
    act = ACTS.get(verb)
    if act is None:
        raise Http404
    row = found(queries.gathering(by=by, day_id=day_id))
    messages.success(request, act(request.POST, by, timezone.now(), row))
    return go(request, reverse("day", args=[day_id]))


@readers
def day_sheet(request: HttpRequest, by: Actor, day_id: int, kind: str) -> HttpResponse:
    """The programme, or the list of a problem day, to hold in the hand. Always Chinese."""
    maker, media_type = found(day_sheets.MAKERS.get(kind))
    shown = found(queries.day_page(by=by, day_id=day_id))
    body = maker(day_sheets.sheet_of(shown, zone_id=by.zone_id, now=timezone.now()))
    return attachment(body, day_sheets.name_of(shown, kind), media_type)


@staff
def day_visit_new(
    request: HttpRequest, by: Actor, day_id: int, enterprise_id: int | None = None
) -> HttpResponse:
    """Put an enterprise on the programme of a visit day."""
    row = found(queries.gathering(by=by, day_id=day_id))
    if enterprise_id is None:
        return choose_enterprise(
            request,
            by,
            to="day_visit_new_for",
            before=(day_id,),
            here=reverse("day_visit_new", args=[day_id]),
            title=_("Add to the programme"),
            crumb=(row.programme.name, reverse("day", args=[day_id])),
        )
    party = the_party(by, enterprise_id)
    if request.method == "POST":
        post = request.POST
        line = outreach.plan_day_visit(
            by=by,
            now=timezone.now(),
            gathering=row,
            party=party,
            leader=_leader(post, by),
            purpose=reading.said(post, "purpose", 200),
            from_time=reading.clock_time(post, "from_time"),
            until_time=reading.clock_time(post, "until_time"),
            escorts=_escorts(post, by),
            reason=reading.said(post, "reason", 300),
        )
        _warn(request, line)
        return go(request, reverse("day", args=[day_id]))
    return render(
        request, "outreach/day_visit.html", _form(by, row, None) | {"party": party, "line": None}
    )


def _warn(request: HttpRequest, line: DayVisit) -> None:
    if line.refusal:
        messages.warning(request, line.refusal)


def _form(by: Actor, row: Gathering, line: DayVisit | None) -> dict[str, object]:
    """What the form of a line offers: leaders, and offices and people to go along."""
    now = timezone.now()
    posts = base.posts_in_force(zone_id=by.zone_id, on=row.day)
    leaders = [post for post in posts if post.role == Role.ZONE_LEADER]
    going = [] if line is None else list(line.escorts.all())
    return {
        "day_set": row,
        "leaders": [(post.pk, f"{post.person.name} {post.title}".strip()) for post in leaders],
        "offices": [
            (one.pk, one.name) for one in base.offices(zone_id=by.zone_id).order_by("order")
        ],
        "people": people_of(by, now),
        "office_ids": [each.office_id for each in going if each.post_id is None],
        "post_ids": [each.post_id for each in going if each.post_id is not None],
        "is_leader": by.role == Role.ZONE_LEADER,
        "me": by.post_id,
    }


def _leader(post: QueryDict, by: Actor) -> Post:
    given = reading.post_of(post, by=by, name="leader")
    if given is None:
        raise Refused(_("Choose the leader who goes."), field="leader")
    return given


def _escorts(post: QueryDict, by: Actor) -> list[outreach.Escort]:
    """Offices and people that go along; a person stands for their office too."""
    people = reading.posts(post, by=by, name="escorts")
    offices = {
        one.pk: one
        for one in Office.objects.filter(
            zone_id=by.zone_id, pk__in=[each.office_id for each in people if each.office_id]
        )
    }
    return [
        *(outreach.Escort(one) for one in reading.offices(post, by=by)),
        *(outreach.Escort(offices[each.office_id], each) for each in people if each.office_id),
    ]


@staff
def day_visit(request: HttpRequest, by: Actor, line_id: int) -> HttpResponse:
    """One line of a programme: change it, give a leader's reason, take it off."""
    line = found(queries.day_visit(by=by, line_id=line_id))
    if request.method == "POST":
        post = request.POST
        outreach.change_day_visit(
            by=by,
            now=timezone.now(),
            line=line,
            version=reading.version(post),
            leader=_leader(post, by),
            purpose=reading.said(post, "purpose", 200),
            from_time=reading.clock_time(post, "from_time"),
            until_time=reading.clock_time(post, "until_time"),
            escorts=_escorts(post, by),
        )
        return go(request, reverse("day", args=[line.gathering_id]))
    return render(
        request,
        "outreach/day_visit.html",
        _form(by, line.gathering, line)
        | {
            "party": line.party,
            "line": line,
            "is_open": line.cancelled_at is None
            and line.gathering.state in (State.PLANNED, State.ANNOUNCED),
            "may_plan": access.may_plan_days(by),
        },
    )


@require_POST
@staff
def day_visit_do(request: HttpRequest, by: Actor, line_id: int, verb: str) -> HttpResponse:
    """A leader's reason for a line, or taking it off."""
    line = found(queries.day_visit(by=by, line_id=line_id))
    act = {"allow": outreach.allow_day_visit, "cancel": outreach.cancel_day_visit}.get(verb)
    if act is None:
        raise Http404
    act(
        by=by,
        now=timezone.now(),
        line=line,
        version=reading.version(request.POST),
        reason=reading.said(request.POST, "reason", 300),
    )
    return go(request, reverse("day", args=[line.gathering_id]))


@staff
def my_visit_day(request: HttpRequest, by: Actor) -> HttpResponse:
    """我的走访日: where I am to go, a card of the first page."""
    rows = queries.my_visits_to_come(by=by, now=timezone.now())
    return render(request, "outreach/_my_visit_day.html", {"rows": rows})
