"""Questions of plans: the plan of a matter, what must start, what is held up and by whom."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Prefetch, Q, QuerySet
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
class PlanFilter:
    """Which plans a list shows; without a light every open plan."""

    light: str = ""
    text: str = ""
    is_closed: bool = False


PLANS_A_PAGE = 50
# The one light in SQL and on the page: see ``plan_light``.
LIGHTS = {
    "red": Q(slack__lt=0),
    "amber": Q(slack=0) | Q(slack__gt=0, likely_on__gt=F("promised_on")),
    "green": Q(slack__gt=0) & (Q(likely_on__isnull=True) | Q(likely_on__lte=F("promised_on"))),
    "grey": Q(slack__isnull=True),
}


def plans(zone_id: int, asked: PlanFilter, today: date) -> QuerySet[Plan]:
    """Plans that pass the filters, what is lost first; each with how much must start this week and
    how many of its steps are held up."""
    rows = Plan.objects.filter(zone_id=zone_id, closed_at__isnull=not asked.is_closed)
    if asked.light in LIGHTS:
        rows = rows.filter(LIGHTS[asked.light])
    if asked.text:
        rows = rows.filter(Q(title__icontains=asked.text) | Q(party__name__icontains=asked.text))
    standing = Q(steps__dropped_at__isnull=True, steps__finished_on__isnull=True)
    return (
        rows.select_related("party", "matter")
        .annotate(
            soon=Count(
                "steps",
                standing
                & Q(
                    steps__started_on__isnull=True,
                    steps__late_start__lte=today + timedelta(days=7),
                ),
            ),
            held=Count("steps", standing & Q(steps__blocked_since__isnull=False)),
        )
        .order_by(F("slack").asc(nulls_last=True), "promised_on", "id")
    )


def plan_counts(zone_id: int) -> dict[str, int]:
    """How many open plans have which light, in one query."""
    counts: dict[str, int] = Plan.objects.filter(zone_id=zone_id, closed_at__isnull=True).aggregate(
        **{light: Count("id", condition) for light, condition in LIGHTS.items()}
    )
    return counts


def plans_of_party(party_id: int) -> list[Plan]:
    """The plans of one enterprise, open ones first."""
    rows = Plan.objects.filter(party_id=party_id).select_related("matter")
    return list(rows.order_by(F("closed_at").desc(nulls_first=True), "promised_on", "id"))


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
