"""A plan as its page shows it: bars in percent of the time shown, what must start, what is lost.

Everything is reckoned for the day it is looked at; the number of queries does not depend on how many
steps, reports, baselines or forecasts a plan has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby

from django.db.models import Max

from xiaoer.web.marks import Colour
from xiaoer.work.calendar import DAY, WorkCalendar
from xiaoer.work.models import (
    Baseline,
    BaselineStep,
    Plan,
    PromiseChange,
    SlipForecast,
    Step,
    StepReport,
)
from xiaoer.work.planning.network import Activity, Network
from xiaoer.work.planning.passes import Schedule, Times, reckon
from xiaoer.work.queries.calendars import calendar_of
from xiaoer.work.queries.plan_networks import PlanRows, activity, plan_rows
from xiaoer.work.queries.plans import who_does

SOON = 7
# So many days off in a row are drawn as a band: a festival, when building sites stand still.
FESTIVAL = 6


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where a bar runs, in percent of the time shown."""

    left: float
    width: float

    @property
    def right(self) -> float:
        return round(self.left + self.width, 3)


@dataclass(frozen=True)
class Axis:
    """The time shown, from the first morning to the last evening."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """Where the morning of a day is, in percent."""
        whole = (self.last - self.first).days + 1
        return round(100 * min(max((day - self.first).days, 0), whole) / whole, 3)

    def span(self, first: date, last: date) -> Span:
        left = self.at(first)
        return Span(left, round(max(self.at(last + DAY) - left, 0.0), 3))

    @cached_property
    def months(self) -> tuple[tuple[date, float], ...]:
        """The first of each month and where it is; of a long plan only some of them."""
        firsts = []
        month = self.first.replace(day=1)
        while month <= self.last:
            if month >= self.first:
                firsts.append(month)
            month = (month + timedelta(days=32)).replace(day=1)
        every = -(-len(firsts) // 14) or 1
        return tuple((month, self.at(month)) for month in firsts[::every])


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step as a row: its words, its days, its bars."""

    step: Step
    place: int
    times: Times
    who: str
    days: int
    is_soon: bool
    bar: Span
    done: Span | None
    whisker: Span | None
    shadow: Span | None
    moved_days: int | None

    @property
    def is_finished(self) -> bool:
        return self.step.finished_on is not None

    @property
    def is_begun(self) -> bool:
        return self.step.started_on is not None

    @property
    def is_milestone(self) -> bool:
        return self.step.likely == 0

    @property
    def is_late(self) -> bool:
        """Lost, as it looks today: no day to spare but too few."""
        return not self.is_finished and self.times.float_days < 0

    @property
    def light(self) -> Colour:
        """Of a step that must start soon: red when its last day has passed or it is held up."""
        if self.is_late or self.step.blocked_by:
            return "red"
        return "amber" if self.times.float_days == 0 else "green"

    @property
    def look(self) -> str:
        """How its bar is drawn."""
        if self.is_finished:
            return "over"
        if self.is_late:
            return "late"
        if self.times.is_critical:
            return "critical"
        return "own" if not self.step.is_government else "open"


@dataclass(frozen=True, slots=True)
class Phase:
    """Steps of one phase in their order."""

    name: str
    rows: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """A link between two critical steps, drawn as an arrow: places of the rows, percent across."""

    before: int
    after: int
    left: float
    right: float


@dataclass(frozen=True)
class PlanView:
    """All a plan's page shows."""

    plan: Plan
    today: date
    schedule: Schedule
    axis: Axis
    rows: tuple[StepRow, ...]
    ties: tuple[Tie, ...]
    links: PlanRows
    baseline: Baseline | None
    forecast: SlipForecast | None
    promises: Sequence[PromiseChange]
    festivals: Sequence[tuple[str, Span]]

    @property
    def phases(self) -> tuple[Phase, ...]:
        return tuple(
            Phase(name, tuple(rows)) for name, rows in groupby(self.rows, lambda r: r.step.phase)
        )

    @property
    def ends_on(self) -> date:
        return self.schedule.ends_on

    @property
    def slack(self) -> int:
        return self.schedule.slack_days

    @property
    def light(self) -> Colour:
        return plan_light(self.slack, self.plan.promised_on, self.plan.likely_on)

    @cached_property
    def soon(self) -> tuple[StepRow, ...]:
        """What must start within the week, or should have: soonest first."""
        rows = [row for row in self.rows if row.is_soon]
        return tuple(sorted(rows, key=lambda row: (row.times.late_start, row.times.float_days)))

    @cached_property
    def blocked(self) -> tuple[StepRow, ...]:
        return tuple(row for row in self.rows if row.step.blocked_by and not row.is_finished)

    @property
    def government_percent(self) -> int | None:
        share = self.schedule.government_share
        return None if share is None else round(100 * float(share))

    @property
    def done(self) -> int:
        return sum(row.is_finished for row in self.rows)

    @property
    def today_at(self) -> float:
        return self.axis.at(self.today)

    @property
    def week(self) -> Span:
        return self.axis.span(self.today, self.today + timedelta(days=SOON - 1))

    @property
    def promise_at(self) -> float:
        return self.axis.at(self.plan.promised_on + DAY)

    @property
    def late_band(self) -> Span | None:
        """From the promised day to the day that eight of ten runs keep."""
        likely = self.plan.likely_on
        if likely is None or likely <= self.plan.promised_on:
            return None
        return self.axis.span(self.plan.promised_on + DAY, likely)


def plan_light(slack: int | None, promised_on: date, likely_on: date | None) -> Colour:
    """Red: the promised day is lost at likely durations. Amber: none is to spare, or two of ten runs
    and more miss it. Grey: never reckoned."""
    if slack is None:
        return "grey"
    if slack < 0:
        return "red"
    return "amber" if slack == 0 or (likely_on or promised_on) > promised_on else "green"


def plan_view(plan: Plan, today: date, *, is_outside: bool = False) -> PlanView:
    """A plan reckoned for a day, with its latest baseline and forecast."""
    rows = plan_rows(plan, is_outside=is_outside)
    calendar = calendar_of(plan.zone_id)
    schedule = reckon(rows.network, calendar=calendar, today=today, promised_on=plan.promised_on)
    times = dict(schedule.items())
    axis = _axis(plan, times.values(), schedule.ends_on, today)
    baseline = Baseline.objects.filter(zone_id=plan.zone_id, plan=plan).order_by("-number").first()
    settled = settled_days(baseline)
    shown = tuple(
        _row(step, place, times[step.pk], axis, today, settled)
        for place, step in enumerate(_in_phases(rows.steps))
    )
    forecasts = SlipForecast.objects.filter(zone_id=plan.zone_id, plan=plan).order_by("-id")
    promises = PromiseChange.objects.filter(zone_id=plan.zone_id, plan=plan)
    return PlanView(
        plan=plan,
        today=today,
        schedule=schedule,
        axis=axis,
        rows=shown,
        ties=_ties(rows, shown),
        links=rows,
        baseline=baseline,
        forecast=forecasts.first(),
        promises=list(promises if is_outside else promises.select_related("post__person")),
        festivals=_festivals(axis, calendar),
    )


def _in_phases(steps: Iterable[Step]) -> list[Step]:
    """Steps phase by phase, phases in the order in which they first come."""
    kept = list(steps)
    places: dict[str, int] = {}
    for step in kept:
        places.setdefault(step.phase, len(places))
    return sorted(kept, key=lambda step: (places[step.phase], step.order, step.pk))


def settled_days(baseline: Baseline | None) -> dict[int, tuple[date, date]]:
    """From when to when each step was to last, by its number."""
    if baseline is None:
        return {}
    rows = BaselineStep.objects.filter(zone_id=baseline.zone_id, baseline=baseline)
    return {row.step_id: (row.starts_on, row.ends_on) for row in rows}


def _axis(plan: Plan, times: Iterable[Times], ends_on: date, today: date) -> Axis:
    every = list(times)
    first = min([today, *(each.early_start for each in every)])
    last = max([plan.promised_on, ends_on, today, *([plan.likely_on] if plan.likely_on else [])])
    room = max((last - first).days // 40, 3)
    return Axis(first - timedelta(days=room), last + timedelta(days=room * 2))


def _row(
    step: Step,
    place: int,
    times: Times,
    axis: Axis,
    today: date,
    settled: dict[int, tuple[date, date]],
) -> StepRow:
    start, end = times.early_start, times.early_finish
    is_over = step.finished_on is not None
    shadow = settled.get(step.pk)
    done = None
    if is_over:
        done = axis.span(start, end)
    elif step.started_on is not None and start < today:
        done = axis.span(start, min(today - DAY, end))
    return StepRow(
        step=step,
        place=place,
        times=times,
        who=who_does(step),
        days=step.likely if step.remaining is None else step.remaining,
        is_soon=step.started_on is None
        and not is_over
        and times.late_start <= today + timedelta(days=SOON),
        bar=axis.span(start, end),
        done=done,
        whisker=axis.span(end + DAY, times.late_finish)
        if not is_over and times.late_finish > end
        else None,
        shadow=axis.span(*shadow) if shadow else None,
        moved_days=(end - shadow[1]).days if shadow else None,
    )


def _ties(rows: PlanRows, shown: Sequence[StepRow]) -> tuple[Tie, ...]:
    """Arrows between critical steps that follow one another."""
    at = {row.step.pk: row for row in shown}
    found = []
    for link in rows.links:
        before, after = at.get(link.before_id), at.get(link.after_id)
        if before is None or after is None or link.kind != "FS" or after.is_finished:
            continue
        if before.times.is_critical and after.times.is_critical:
            found.append(
                Tie(
                    before.place,
                    after.place,
                    before.bar.right,
                    max(after.bar.left, before.bar.right),
                )
            )
    return tuple(found)


def _festivals(axis: Axis, calendar: WorkCalendar) -> tuple[tuple[str, Span], ...]:
    """Days off in a row, such as the Spring Festival, with their name."""
    names = {special.day: special.name for special in calendar.special if not special.is_working}
    found = []
    day, began = axis.first, None
    while day <= axis.last + DAY:
        is_off = day <= axis.last and not calendar.is_working(day)
        if is_off and began is None:
            began = day
        if not is_off and began is not None:
            if (day - began).days >= FESTIVAL:
                days = (began + timedelta(days=n) for n in range((day - began).days))
                name = next((names[each] for each in days if names.get(each)), "")
                found.append((name, axis.span(began, day - DAY)))
            began = None
        day += DAY
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Moved:
    """A step that a change would move: when it would end instead."""

    name: str
    before: date
    after: date

    @property
    def days(self) -> int:
        return (self.after - self.before).days


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a change would do, before anybody saves it."""

    before_on: date
    ends_on: date
    slack: int
    moved: Sequence[Moved]


def what_if(plan: Plan, today: date, changed: Step) -> WhatIf:
    """Reckon a plan as if one of its steps were as ``changed`` says; nothing is written."""
    rows = plan_rows(plan)
    resource = changed.resource if changed.resource_id else None
    return _compared(
        plan, today, rows, {changed.pk: activity(changed, resource=resource)}, plan.promised_on
    )


def what_if_promised(plan: Plan, today: date, promised_on: date) -> WhatIf:
    """Reckon a plan as if another day were promised."""
    return _compared(plan, today, plan_rows(plan), {}, promised_on)


def _compared(
    plan: Plan,
    today: date,
    rows: PlanRows,
    changed: dict[int, Activity],
    promised_on: date,
) -> WhatIf:
    calendar = calendar_of(plan.zone_id)
    network: Network = rows.network
    other = replace(
        network, activities=tuple(changed.get(each.key, each) for each in network.activities)
    )
    before, after = (
        reckon(each, calendar=calendar, today=today, promised_on=day)
        for each, day in ((network, plan.promised_on), (other, promised_on))
    )
    moved = [
        Moved(each.name, old, new)
        for each in network.activities
        if (old := before.times(each.key).early_finish)
        != (new := after.times(each.key).early_finish)
    ]
    return WhatIf(
        before.ends_on,
        after.ends_on,
        after.slack_days,
        tuple(sorted(moved, key=lambda each: (-abs(each.days), each.after))),
    )


def reports_of(plan: Plan, *, most: int) -> list[StepReport]:
    """What was reported last of a plan, newest first."""
    return list(
        StepReport.objects.filter(zone_id=plan.zone_id, step__plan=plan)
        .select_related("step", "post__person")
        .order_by("-at", "-id")[:most]
    )


def baselines_of(plan: Plan) -> list[Baseline]:
    return list(
        Baseline.objects.filter(zone_id=plan.zone_id, plan=plan)
        .select_related("post__person")
        .annotate(ends_on=Max("steps__ends_on"))
        .order_by("number")
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """A step as settled and as it is: how many days its end moved, later is positive."""

    step: Step
    settled: tuple[date, date] | None
    start: date | None
    end: date | None

    @property
    def days(self) -> int | None:
        if self.settled is None or self.end is None:
            return None
        return (self.end - self.settled[1]).days


def compared_with(plan: Plan, baseline: Baseline) -> list[Compared]:
    """Every step against a baseline: also those that were added or dropped since."""
    settled = settled_days(baseline)
    steps = Step.objects.filter(zone_id=plan.zone_id, plan=plan)
    return [
        Compared(
            step,
            settled.get(step.pk),
            None if step.dropped_at else (step.started_on or step.early_start),
            None if step.dropped_at else (step.finished_on or step.early_finish),
        )
        for step in steps
        if step.dropped_at is None or step.pk in settled
    ]
