"""Plans and templates as networks, for the planning that knows no database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from xiaoer.work.calendar import DAY, WorkCalendar
from xiaoer.work.models import (
    Plan,
    PlanTemplate,
    Resource,
    Step,
    StepLink,
    TemplateLink,
    TemplateStep,
)
from xiaoer.work.planning.chance import ENOUGH, MOST
from xiaoer.work.planning.network import Activity, Link, Network, Unit, Wait


@dataclass(frozen=True, slots=True)
class PlanRows:
    """A plan with the steps that stand (none dropped) and their links.

    Which resources steps take is the zone's own affair: an enterprise reads its plan without.
    """

    plan: Plan
    steps: Sequence[Step]
    links: Sequence[StepLink]
    has_resources: bool = True

    @property
    def network(self) -> Network:
        return Network(
            activities=tuple(
                activity(step, resource=step.resource if self.has_resources else None)
                for step in self.steps
            ),
            links=tuple(step_link(link) for link in self.links),
            starts_on=self.plan.starts_on,
        )

    @property
    def by_number(self) -> dict[int, Step]:
        return {step.pk: step for step in self.steps}


def activity(step: Step, *, resource: Resource | None) -> Activity:
    """A step as the planning reads it; a day an element is missing until is a day not before."""
    days = [day for day in (step.not_before, step.held_until) if day is not None]
    return Activity(
        key=step.pk,
        name=step.name,
        low=step.low,
        likely=step.likely,
        high=step.high,
        unit=Unit(step.unit),
        is_government=step.is_government,
        started_on=step.started_on,
        finished_on=step.finished_on,
        remaining=step.remaining,
        remaining_on=step.remaining_on,
        not_before=max(days, default=None),
        not_after=step.not_after,
        resource=resource.code if resource else "",
        units=step.resource_units if resource else 0,
        code=step.code,
    )


def step_link(link: StepLink | TemplateLink) -> Link:
    return Link(
        before=link.before_id,
        after=link.after_id,
        kind=Wait(link.kind),
        lag=link.lag,
        lag_unit=Unit(link.lag_unit),
    )


def plan_rows(plan: Plan, *, is_outside: bool = False) -> PlanRows:
    """One plan with its steps and links, in two queries."""
    steps = Step.objects.filter(
        zone_id=plan.zone_id, plan=plan, dropped_at__isnull=True
    ).select_related("office", "post__person")
    links = StepLink.objects.filter(zone_id=plan.zone_id, plan=plan).order_by("id")
    if not is_outside:
        steps = steps.select_related("resource")
    return PlanRows(plan, list(steps), list(links), has_resources=not is_outside)


def plans_rows(zone_id: int, plans: Iterable[Plan]) -> list[PlanRows]:
    """Several plans of a zone with their steps and links, in two queries."""
    kept = list(plans)
    numbers = [plan.pk for plan in kept]
    steps: Mapping[int, list[Step]] = defaultdict(list)
    links: Mapping[int, list[StepLink]] = defaultdict(list)
    for step in Step.objects.filter(
        zone_id=zone_id, plan_id__in=numbers, dropped_at__isnull=True
    ).select_related("resource"):
        steps[step.plan_id].append(step)
    for link in StepLink.objects.filter(zone_id=zone_id, plan_id__in=numbers).order_by("id"):
        links[link.plan_id].append(link)
    return [PlanRows(plan, steps[plan.pk], links[plan.pk]) for plan in kept]


def open_plans(zone_id: int) -> list[Plan]:
    """Every plan of a zone that was not closed, oldest first."""
    return list(Plan.objects.filter(zone_id=zone_id, closed_at__isnull=True).order_by("id"))


def open_rows(zone_id: int) -> list[PlanRows]:
    """Every open plan of a zone with its steps and links, in three queries."""
    return plans_rows(zone_id, open_plans(zone_id))


def template_network(
    template: PlanTemplate,
    steps: Sequence[TemplateStep],
    links: Sequence[TemplateLink],
    *,
    starts_on: date,
) -> Network:
    """A template as a network, to see whether it has a loop and how long it takes."""
    return Network(
        activities=tuple(
            Activity(
                key=step.pk,
                name=step.name,
                low=step.low,
                likely=step.likely,
                high=step.high,
                unit=Unit(step.unit),
                is_government=step.is_government,
                code=step.code,
            )
            for step in steps
        ),
        links=tuple(step_link(link) for link in links),
        starts_on=starts_on,
    )


Span = tuple[date, date]
Spans = Mapping[str, Sequence[Span]]


def learned_spans(zone_id: int, rows: Iterable[PlanRows]) -> Spans:
    """From when to when the zone's own ended steps of the same codes lasted, latest last; one
    query, and of each code at most ``MOST`` however many ended."""
    codes = {step.code for row in rows for step in row.steps if step.finished_on is None}
    placed = (
        Step.objects.filter(
            zone_id=zone_id,
            code__in=codes,
            started_on__isnull=False,
            finished_on__isnull=False,
            dropped_at__isnull=True,
        )
        .annotate(
            place=Window(RowNumber(), partition_by=F("code"), order_by=F("finished_on").desc())
        )
        .filter(place__lte=MOST)
        .order_by("finished_on", "id")
        .values_list("code", "started_on", "finished_on")
    )
    spans: defaultdict[str, list[Span]] = defaultdict(list)
    for code, started_on, finished_on in placed:
        if started_on is not None and finished_on is not None:
            spans[code].append((started_on, finished_on))
    return {code: days for code, days in spans.items() if len(days) >= ENOUGH}


def samples_of(
    steps: Iterable[Step], spans: Spans, calendar: WorkCalendar
) -> dict[int, tuple[int, ...]]:
    """Durations learned for the open steps of a plan, each in its step's own unit."""
    return {
        step.pk: tuple(_days(span, step.unit, calendar) for span in spans[step.code])
        for step in steps
        if step.finished_on is None and step.likely and step.code in spans
    }


def _days(span: Span, unit: str, calendar: WorkCalendar) -> int:
    """Days from the first to the last, both counted."""
    first, last = span
    if unit == Unit.CALENDAR:
        return (last - first).days + 1
    return calendar.working_days_between(first - DAY, last)
