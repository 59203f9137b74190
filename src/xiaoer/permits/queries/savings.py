"""What one thing saves against handling each item alone: what was measured, and what is defined.

``days``: working days from acceptance to handing out, counted from the case's own moments. ``papers``:
files the applicant had to bring; one held already, exempt or used again is none. ``trips``: times
somebody had to come, as recorded. ``steps``: the applicant's own acts: applying, supplementing, being
there for a visit, bringing what was promised. Against them stands the sum of ``single`` of the items
the case had, as its definition says, which is a definition and not a measurement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from statistics import median

from django.db import connection

from xiaoer.permits.models import Case, ThingVersion
from xiaoer.permits.wording import read_definition
from xiaoer.work.calendar import DAY, LOCAL, WorkCalendar
from xiaoer.work.queries import calendar_of


@dataclass(frozen=True, slots=True)
class Effort:
    """What something costs an applicant."""

    days: int
    papers: int
    trips: int
    steps: int

    def __add__(self, other: "Effort") -> "Effort":
        return Effort(
            self.days + other.days,
            self.papers + other.papers,
            self.trips + other.trips,
            self.steps + other.steps,
        )


NOTHING = Effort(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Savings:
    """The two sides. ``is_done``: the days are final; before, they are those so far."""

    single: Effort
    actual: Effort
    is_done: bool = True

    @property
    def saved(self) -> Effort:
        """May be negative: a case that took longer than its items alone says so."""
        return Effort(
            self.single.days - self.actual.days,
            self.single.papers - self.actual.papers,
            self.single.trips - self.actual.trips,
            self.single.steps - self.actual.steps,
        )


@lru_cache(maxsize=256)
def _singles(version_id: int, stamp: int) -> dict[str, Effort]:
    """What each item of a version costs alone; ``stamp``: a draft that changes is read anew."""
    definition = read_definition(ThingVersion.objects.get(pk=version_id).body)
    return {
        one.code: Effort(one.single.days, one.single.papers, one.single.trips, one.single.steps)
        for one in definition.items
    }


def savings(case: Case, *, now: datetime | None = None) -> Savings | None:
    """What a case saved, or saves so far; None before it is accepted."""
    if case.accepted_at is None:
        return None
    return _sum([case], calendar_of(case.zone_id), now)


def _sum(cases: Sequence[Case], calendar: WorkCalendar, now: datetime | None) -> Savings:
    """Over cases, by one query for all of them."""
    told = _told([case.pk for case in cases])
    single, actual = NOTHING, NOTHING
    for case in cases:
        known = _singles(case.thing_version_id, case.thing_version.version)
        one = told[case.pk]
        for code in one.items:
            single += known.get(code, NOTHING)
        actual += Effort(
            days=_days(case, calendar, now),
            papers=one.brought,
            trips=case.trips,
            steps=1 + one.acts + bool(one.followed),
        )
    return Savings(single, actual, all(case.issued_at is not None for case in cases))


def _days(case: Case, calendar: WorkCalendar, now: datetime | None) -> int:
    end = case.issued_at or case.decided_at or now or case.accepted_at
    if case.accepted_at is None or end is None:
        return 0
    return max(
        calendar.working_days_between(
            case.accepted_at.astimezone(LOCAL).date(), end.astimezone(LOCAL).date()
        ),
        0,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What a case's own rows say: its items, papers brought, those of them that followed a promise,
    and acts of the applicant besides applying (a supplement answered, a visit it was there for)."""

    items: list[str]
    brought: int
    followed: int
    acts: int


_TOLD = """
    select c.id, array(select i.code from case_item i where i.case_id = c.id),
        m.brought, m.followed,
        (select count(*) from supplement s where s.case_id = c.id and s.answered_at is not null)
        + (select count(*) from case_visit v where v.case_id = c.id and v.visited_at is not null)
    from unnest(%s::bigint[]) c (id)
    cross join lateral (
        select count(*) as brought, count(m.promised_until) as followed
        from case_material m where m.case_id = c.id and m.state = 'given'
    ) m
"""


def _told(numbers: Sequence[int]) -> dict[int, _Told]:
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [list(numbers)])
        return {row[0]: _Told(*row[1:]) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class ThingFigures:
    """One thing over a period: how many, how fast, on time, and what was saved."""

    thing_id: int
    name: str
    submitted: int
    done: int
    online: int
    open_now: int
    median_days: float | None
    on_time: int
    judged: int
    savings: Savings | None

    @property
    def on_time_share(self) -> float | None:
        """Items decided within their promise, of all decided; None where none was."""
        return self.on_time / self.judged if self.judged else None


def figures(*, zone_id: int, since: date, until: date) -> tuple[ThingFigures, ...]:
    """Every thing with cases submitted or handed out in the days given, both included."""
    start = datetime.combine(since, time(), LOCAL)
    end = datetime.combine(until + DAY, time(), LOCAL)
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"zone": zone_id, "start": start, "end": end})
        rows = cursor.fetchall()
    done = list(
        Case.objects.filter(zone_id=zone_id, issued_at__gte=start, issued_at__lt=end)
        .select_related("thing_version")
        .defer("thing_version__body", "form", "answers")
        .order_by("id")
    )
    calendar = calendar_of(zone_id)
    by_thing: dict[int, list[Case]] = {}
    for case in done:
        by_thing.setdefault(case.thing_version.thing_id, []).append(case)
    return tuple(
        ThingFigures(
            thing_id=row[0],
            name=row[1],
            submitted=row[2],
            done=row[3],
            online=row[4],
            open_now=row[5],
            median_days=_median(by_thing.get(row[0], []), calendar),
            on_time=row[6],
            judged=row[7],
            savings=_sum(by_thing[row[0]], calendar, None) if row[0] in by_thing else None,
        )
        for row in rows
    )


def _median(cases: Sequence[Case], calendar: WorkCalendar) -> float | None:
    return median(_days(case, calendar, None) for case in cases) if cases else None


_FIGURES = """
    select t.id, t.name,
        count(*) filter (where c.submitted_at >= %(start)s and c.submitted_at < %(end)s),
        count(*) filter (where c.issued_at >= %(start)s and c.issued_at < %(end)s),
        count(*) filter (where c.submitted_at >= %(start)s and c.submitted_at < %(end)s
                         and c.channel = 'online'),
        count(*) filter (where c.state in ('submitted', 'supplement', 'running', 'decided')),
        coalesce(max(i.on_time), 0), coalesce(max(i.judged), 0)
    from thing t
    join thing_version v on v.thing_id = t.id
    join permit_case c on c.thing_version_id = v.id and c.state <> 'draft'
    left join (
        select v.thing_id, count(*) as judged,
            count(*) filter (where i.decided_at <= i.promised_due_at) as on_time
        from case_item i
        join permit_case c on c.id = i.case_id
        join thing_version v on v.id = c.thing_version_id
        where i.zone_id = %(zone)s and i.decided_at >= %(start)s and i.decided_at < %(end)s
          and i.state in ('granted', 'filed', 'refused')
        group by v.thing_id
    ) i on i.thing_id = t.id
    where t.zone_id = %(zone)s
    group by t.id, t.name
    order by t."order", t.id
"""
