"""Figures of requests and visits, each with its denominator and with the records behind it.

A request counts on the day it was filed. Those taken back, withdrawn, merged, passed on to another
authority or not accepted are left out of every rate, and shown beside. A rate of solving counts
what the enterprises confirmed, never what an office says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from django.db.models import Count, F, Q, QuerySet, Sum

from xiaoer.base.models import Role
from xiaoer.base.scope import Actor
from xiaoer.outreach.models import Appeal, Companion, Gathering, Visit
from xiaoer.outreach.queries.pool import OPEN_STATES, begin_of
from xiaoer.registry.models import Party, Stewardship
from xiaoer.registry.queries import standing
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL, WorkCalendar

State = Appeal.State
Result = Appeal.Result
Through = Appeal.Through
# Left out of the rates, shown beside them.
LEFT_OUT = (
    State.TAKEN_BACK,
    State.WITHDRAWN,
    State.MERGED,
    State.TRANSFERRED,
    State.NOT_ACCEPTED,
)
ANSWERED = (State.ANSWERED, State.CONFIRMED, State.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from one to another, both counted."""

    since: date
    until: date

    @property
    def begins(self) -> datetime:
        return begin_of(self.since)

    @property
    def ends(self) -> datetime:
        return begin_of(self.until + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. Of nothing there is no share: None, never 0 and never 100 percent."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        return Decimal(self.part * 100) / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class AppealFigures:
    """Requests filed in a period, as they stand now.

    ``counted`` is what the rates stand on: everything filed but what was left out.
    """

    period: Period
    as_of: datetime
    filed: int
    taken_back: int
    withdrawn: int
    merged: int
    transferred: int
    not_accepted: int
    counted: int
    open: int
    parked: int
    started: int
    started_in_time: int
    start_judged: int
    replied: int
    replied_in_time: int
    reply_judged: int
    answered: int
    answered_in_time: int
    answer_judged: int
    confirmed: int
    confirmed_by_enterprise: int
    confirmed_at_return_visit: int
    confirmed_solved: int
    confirmed_partly: int
    confirmed_planned: int
    confirmed_impossible: int
    unconfirmed: int
    waiting: int
    reopened: int
    asked_again: int
    still_solved: int
    rated: int
    satisfaction_sum: int
    median_working_days: Decimal | None

    @property
    def start_rate(self) -> Share:
        """Contacted in time, of those contacted or whose limit is past."""
        return Share(self.started_in_time, self.start_judged)

    @property
    def reply_rate(self) -> Share:
        """First reply in time, of those replied to or whose limit is past."""
        return Share(self.replied_in_time, self.reply_judged)

    @property
    def answer_rate(self) -> Share:
        """Answered in time, of those answered or whose limit is past."""
        return Share(self.answered_in_time, self.answer_judged)

    @property
    def solve_rate(self) -> Share:
        """Confirmed as solved by the enterprise, of all counted."""
        return Share(self.confirmed_solved, self.counted)

    @property
    def confirm_rate(self) -> Share:
        """Confirmed by the enterprise whatever the result, of those answered."""
        return Share(self.confirmed, self.answered)

    @property
    def collection_rate(self) -> Share:
        """意见诉求收集: registered by somebody who answers for it, of everything not taken back.

        What was merged, passed on or not accepted was collected all the same.
        """
        collected = self.started + self.merged + self.transferred + self.not_accepted
        return Share(collected, collected + self.counted - self.started)

    @property
    def feedback_rate(self) -> Share:
        """问题整改和反馈: answered to the enterprise, of all counted."""
        return Share(self.replied, self.counted)

    @property
    def satisfaction(self) -> Decimal | None:
        """Mean of 1 to 5 over those who said."""
        return Decimal(self.satisfaction_sum) / self.rated if self.rated else None


def appeals_of_period(
    *, zone_id: int, period: Period, programme: str | None = None
) -> QuerySet[Appeal]:
    """Requests filed in a period, of one programme (its code) if named."""
    rows = Appeal.objects.filter(
        zone_id=zone_id, filed_at__gte=period.begins, filed_at__lt=period.ends
    )
    return rows.filter(programme__code=programme) if programme else rows


def _conditions(now: datetime) -> dict[str, Q]:
    """What each figure counts; the same conditions give the records behind it."""
    counted = ~Q(state__in=LEFT_OUT)
    answered = counted & Q(state__in=ANSWERED)
    confirmed = Q(state=State.CONFIRMED)
    by_enterprise = ~Q(confirmed_through=Through.RETURN_VISIT)
    started, replied = counted & Q(started_at__isnull=False), counted & Q(replied_at__isnull=False)
    start_past = Q(started_at__isnull=True, start_due_at__lt=now)
    reply_past = Q(replied_at__isnull=True, reply_due_at__lt=now)
    solve_past = ~Q(state__in=ANSWERED) & Q(solve_due_at__lt=now)
    return {
        "filed": Q(),
        "taken_back": Q(state=State.TAKEN_BACK),
        "withdrawn": Q(state=State.WITHDRAWN),
        "merged": Q(state=State.MERGED),
        "transferred": Q(state=State.TRANSFERRED),
        "not_accepted": Q(state=State.NOT_ACCEPTED),
        "counted": counted,
        "open": Q(state__in=OPEN_STATES),
        "parked": Q(state=State.PARKED),
        "started": started,
        "started_in_time": started & Q(started_at__lte=F("start_due_at")),
        "start_judged": counted
        & Q(start_due_at__isnull=False)
        & (Q(started_at__isnull=False) | start_past),
        "replied": replied,
        "replied_in_time": replied & Q(replied_at__lte=F("reply_due_at")),
        "reply_judged": counted
        & Q(reply_due_at__isnull=False)
        & (Q(replied_at__isnull=False) | reply_past),
        "answered": answered,
        "answered_in_time": answered & Q(answered_at__lte=F("solve_due_at")),
        "answer_judged": counted
        & Q(solve_due_at__isnull=False)
        & (Q(state__in=ANSWERED) | solve_past),
        "confirmed": confirmed,
        "confirmed_by_enterprise": confirmed & by_enterprise,
        "confirmed_at_return_visit": confirmed & Q(confirmed_through=Through.RETURN_VISIT),
        "confirmed_solved": confirmed & Q(result=Result.SOLVED),
        "confirmed_partly": confirmed & Q(result=Result.PARTLY),
        "confirmed_planned": confirmed & Q(result=Result.PLANNED),
        "confirmed_impossible": confirmed & Q(result=Result.IMPOSSIBLE),
        "unconfirmed": Q(state=State.UNCONFIRMED),
        "waiting": Q(state=State.ANSWERED),
        "reopened": counted & Q(reopened__gt=0),
        "asked_again": confirmed & Q(asked_again_at__isnull=False),
        "still_solved": confirmed & Q(still_solved_at__isnull=False),
        "rated": confirmed & Q(satisfaction__isnull=False),
    }


APPEAL_FIGURES = tuple(_conditions(datetime.min))


def appeal_figures(
    *, zone_id: int, period: Period, now: datetime, programme: str | None = None
) -> AppealFigures:
    """The figures of requests filed in a period, as they stand at ``now``."""
    rows = appeals_of_period(zone_id=zone_id, period=period, programme=programme)
    counts = rows.aggregate(
        **{name: Count("pk", filter=rule) for name, rule in _conditions(now).items()}
    )
    marks = rows.filter(state=State.CONFIRMED, satisfaction__isnull=False)
    return AppealFigures(
        period=period,
        as_of=now,
        satisfaction_sum=marks.aggregate(of=Sum("satisfaction"))["of"] or 0,
        median_working_days=_median_days(rows, work.calendar_of(zone_id)),
        **counts,
    )


def _median_days(rows: QuerySet[Appeal], calendar: WorkCalendar) -> Decimal | None:
    """Working days from filing to the latest answer, of those answered."""
    moments = rows.filter(state__in=ANSWERED, answered_at__isnull=False).values_list(
        "filed_at", "answered_at"
    )
    days = [
        calendar.working_days_between(
            filed.astimezone(LOCAL).date(), answered.astimezone(LOCAL).date()
        )
        for filed, answered in moments
        if answered is not None
    ]
    return Decimal(str(median(days))) if days else None


def appeals_behind(
    *, zone_id: int, period: Period, figure: str, now: datetime, programme: str | None = None
) -> QuerySet[Appeal]:
    """The records behind one figure of ``APPEAL_FIGURES``, latest first."""
    rows = appeals_of_period(zone_id=zone_id, period=period, programme=programme)
    return (
        rows.filter(_conditions(now)[figure])
        .select_related("party", "kind", "office")
        .order_by("-filed_at", "-id")
    )


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """Visits made in a period, newest versions only.

    Coverage stands on the industrial enterprises of the zone's cells as the register is today.
    """

    period: Period
    visits: int
    visited: int
    visited_industrial: int
    industrial: int
    leaders: int
    visitors: int
    days: int
    appeals: int
    appeals_solved: int

    @property
    def coverage(self) -> Share:
        """走访联系: industrial enterprises visited, of all industrial enterprises of the zone."""
        return Share(self.visited_industrial, self.industrial)


def industrial_enterprises(*, zone_id: int) -> QuerySet[Party]:
    """Industrial enterprises of the zone: in a cell, of sections B to D, neither gone nor merged."""
    return standing.enterprises_in_place(zone_id=zone_id, industrial=True)


def visits_of_period(
    *, zone_id: int, period: Period, programme: str | None = None
) -> QuerySet[Visit]:
    """Visits made in a period, each in its newest version."""
    rows = Visit.objects.filter(
        zone_id=zone_id,
        visited_on__gte=period.since,
        visited_on__lte=period.until,
        replaced_by__isnull=True,
    )
    return rows.filter(programme__code=programme) if programme else rows


def visit_round(*, by: Actor, period: Period, post_id: int | None = None) -> Share:
    """本人走访: of the enterprises a post answers for, those it visited in a period.

    The asker's own post, unless another is named.
    """
    who = post_id or by.post_id or 0
    own = Stewardship.objects.filter(
        zone_id=by.zone_id,
        post_id=who,
        kind=Stewardship.Kind.OFFICER,
        until__isnull=True,
    ).values("party_id")
    there = Q(post_id=who) | Q(companions__post_id=who)
    visited = visits_of_period(zone_id=by.zone_id, period=period).filter(there, party_id__in=own)
    return Share(visited.values("party_id").distinct().count(), own.count())


def visit_figures(*, zone_id: int, period: Period, programme: str | None = None) -> VisitFigures:
    """Figures of visits, of one programme (its code) if named."""
    visits = visits_of_period(zone_id=zone_id, period=period, programme=programme)
    industrial = industrial_enterprises(zone_id=zone_id)
    visited = visits.values("party_id").distinct()
    appeals = appeals_of_period(zone_id=zone_id, period=period, programme=programme).exclude(
        state__in=LEFT_OUT
    )
    if programme is None:
        appeals = appeals.filter(visit__isnull=False)
    return VisitFigures(
        period=period,
        visits=visits.count(),
        visited=visited.count(),
        visited_industrial=industrial.filter(pk__in=visited).count(),
        industrial=industrial.count(),
        leaders=len(_people(visits, Role.ZONE_LEADER)),
        visitors=len(_people(visits, None)),
        days=days_held(zone_id=zone_id, period=period, programme=programme).count(),
        appeals=appeals.count(),
        appeals_solved=appeals.filter(state=State.CONFIRMED, result=Result.SOLVED).count(),
    )


def _people(visits: QuerySet[Visit], role: Role | None) -> set[int]:
    """Who went, as persons: a leader with two posts is one leader."""
    own = visits if role is None else visits.filter(post__role=role)
    along = Companion.objects.filter(visit__in=visits)
    if role is not None:
        along = along.filter(post__role=role)
    people: Iterable[int] = own.values_list("post__person_id", flat=True)
    return set(people) | set(along.values_list("post__person_id", flat=True))


def days_held(*, zone_id: int, period: Period, programme: str | None = None) -> QuerySet[Gathering]:
    """Days of programmes in a period on which at least one visit was made."""
    rows = Gathering.objects.filter(
        zone_id=zone_id,
        day__gte=period.since,
        day__lte=period.until,
        visits__replaced_by__isnull=True,
        visits__isnull=False,
    )
    rows = rows.filter(programme__code=programme) if programme else rows
    return rows.distinct().order_by("-day")


def enterprises_not_visited(
    *, zone_id: int, period: Period, programme: str | None = None
) -> QuerySet[Party]:
    """Industrial enterprises nobody visited in a period: what lacks to full coverage."""
    visited = visits_of_period(zone_id=zone_id, period=period, programme=programme)
    return (
        industrial_enterprises(zone_id=zone_id)
        .exclude(pk__in=visited.values("party_id"))
        .order_by("name", "id")
    )
