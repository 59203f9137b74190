"""Questions of plans: the plan of a matter, what must start, what is held up and by whom."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.work.models import Doer, Plan, PlanTemplate, Step, StepLink, TemplateLink, TemplateStep


def plan_of(matter_id: int) -> Plan | None:
    """The plan of a matter, open or closed."""
    return Plan.objects.filter(matter_id=matter_id).select_related("matter").first()


def plan_by_number(by: Actor, plan_id: int) -> Plan | None:
    """A plan the asker sees: staff those of the zone, an enterprise its own.

    Templates are the zone's own affair, which an enterprise does not read.
    """
    plans = Plan.objects.filter(zone_id=by.zone_id, pk=plan_id).select_related("matter", "party")
    return (plans if by.database_role == OUTSIDE else plans.select_related("template")).first()


def step_by_number(by: Actor, step_id: int) -> Step | None:
    """A step of a plan the asker sees."""
    return (
        Step.objects.filter(zone_id=by.zone_id, pk=step_id)
        .select_related("plan__party", "office", "post__person")
        .first()
    )


def link_by_number(by: Actor, link_id: int) -> StepLink | None:
    return (
        StepLink.objects.filter(zone_id=by.zone_id, pk=link_id)
        .select_related("plan", "before", "after")
        .first()
    )


def templates(zone_id: int) -> QuerySet[PlanTemplate]:
    """Every version of every template of a zone, latest first."""
    return PlanTemplate.objects.filter(zone_id=zone_id)


def templates_in_use(zone_id: int) -> QuerySet[PlanTemplate]:
    """What a new plan may be made from."""
    return templates(zone_id).filter(state=PlanTemplate.State.LIVE)


def template_in_use(zone_id: int, code: str) -> PlanTemplate | None:
    """The version in use of a template."""
    return templates_in_use(zone_id).filter(code=code).first()


def template_by_number(by: Actor, template_id: int) -> PlanTemplate | None:
    """A version of a template with its steps and links."""
    return (
        PlanTemplate.objects.filter(zone_id=by.zone_id, pk=template_id)
        .prefetch_related(
            Prefetch("steps", TemplateStep.objects.select_related("office", "resource")),
            Prefetch("links", TemplateLink.objects.order_by("id")),
        )
        .first()
    )


@dataclass(frozen=True, slots=True)
class StartLine:
    """A step that must start soon. ``late_start`` is the last day on which nothing is lost."""

    step_id: int
    step: str
    plan_id: int
    plan: str
    doer: str
    who: str
    office_id: int | None
    is_government: bool
    late_start: date
    float_days: int | None
    is_critical: bool
    blocked_by: str
    today: date

    @property
    def is_overdue(self) -> bool:
        return self.late_start < self.today


def open_steps(zone_id: int) -> QuerySet[Step]:
    """Steps of open plans that have not ended."""
    return Step.objects.filter(
        zone_id=zone_id,
        finished_on__isnull=True,
        dropped_at__isnull=True,
        plan__closed_at__isnull=True,
    )


def steps_to_start(zone_id: int, days: int, today: date) -> QuerySet[Step]:
    """Steps that have not begun and whose last day to start comes within some days, or has passed."""
    return (
        open_steps(zone_id)
        .filter(started_on__isnull=True, late_start__lte=today + timedelta(days=days))
        .select_related("plan", "office", "post__person")
        .order_by("late_start", "float_days", "id")
    )


def due_to_start(zone_id: int, days: int = 7, today: date | None = None) -> list[StartLine]:
    """What must start within some days over all open plans, in one query."""
    today = today or timezone.localdate()
    return [start_line(step, today) for step in steps_to_start(zone_id, days, today)]


def start_line(step: Step, today: date) -> StartLine:
    """A step with its plan, office and post at hand."""
    return StartLine(
        step_id=step.pk,
        step=step.name,
        plan_id=step.plan_id,
        plan=step.plan.title,
        doer=str(Doer(step.doer).label),
        who=who_does(step),
        office_id=step.office_id,
        is_government=step.is_government,
        late_start=step.late_start or today,
        float_days=step.float_days,
        is_critical=step.is_critical,
        blocked_by=step.blocked_by,
        today=today,
    )


def who_does(step: Step) -> str:
    """By whom a step is done, as one says it: the person, the office, the name given, the kind."""
    if step.post is not None:
        return step.post.person.name
    if step.office is not None:
        return step.office.name
    return step.doer_name or str(Doer(step.doer).label)


@dataclass(frozen=True, slots=True)
class BlockedLine:
    """Who holds up whom: a step that stands still, by whom, for how many days."""

    step_id: int
    step: str
    plan_id: int
    plan: str
    matter_id: int
    who: str
    office_id: int | None
    needs: str
    blocked_by: str
    since: date
    until: date | None
    days: int
    float_days: int | None
    is_critical: bool


def blocked_steps(zone_id: int, today: date | None = None) -> list[BlockedLine]:
    """Every step of an open plan that is held up, longest first, in one query."""
    today = today or timezone.localdate()
    rows = (
        open_steps(zone_id)
        .filter(blocked_since__isnull=False)
        .select_related("plan", "office", "post__person")
        .order_by("blocked_since", "id")
    )
    return [
        BlockedLine(
            step_id=step.pk,
            step=step.name,
            plan_id=step.plan_id,
            plan=step.plan.title,
            matter_id=step.plan.matter_id,
            who=who_does(step),
            office_id=step.office_id,
            needs=step.needs,
            blocked_by=step.blocked_by,
            since=step.blocked_since,
            until=step.held_until,
            days=(today - step.blocked_since).days,
            float_days=step.float_days,
            is_critical=step.is_critical,
        )
        for step in rows
        if step.blocked_since is not None
    ]
