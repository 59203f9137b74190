"""Plans of the projects under way: made from the zone's templates when they began, and reported since.

A plan is reckoned once on the day it began; its steps then went as reckoned, some days behind. What
waits for somebody has not begun, nor has anything after it. All plans are reckoned once more today.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from xiaoer.demo.days import Days
from xiaoer.demo.ground import Ground
from xiaoer.demo.project_living import Living, moment
from xiaoer.demo.project_past import COURSE, Past
from xiaoer.projects.models import Project, Stage, StagePassage
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.models import Plan, PlanTemplate, Step, StepLink, StepReport
from xiaoer.work.planning.passes import reckon

TOLD = ("started_on", "finished_on", "share", "remaining", "blocked_since", "blocked_by", "is_held", "held_until")  # fmt: skip
# Enough to show how sure a promised day is; the week's run draws more.
RUNS = 2000
FAR = timedelta(days=1500)  # no promise binds yet
REACHED = {"started": Stage.STARTED, "completed": Stage.COMPLETED, "producing": Stage.PRODUCING, "full": Stage.FULL}  # fmt: skip


def keep_plans(ground: Ground, days: Days, pairs: Sequence[tuple[Living, Past]]) -> None:
    """Make, promise and report the plans of a zone's projects."""
    work.seed_plan_templates(by=ground.by, now=moment(days.today - timedelta(days=400)))
    templates = {
        one.code: one
        for one in PlanTemplate.objects.filter(zone=ground.zone, state=PlanTemplate.State.LIVE)
    }
    steps: list[Step] = []
    reports: list[StepReport] = []
    passages: list[StagePassage] = []
    projects: list[Project] = []
    for one, draft in pairs:
        if not one.template or draft.row is None:
            continue
        plan = _promised_plan(ground, days, one, draft.row, templates[one.template])
        told = _tell(ground, days, one, plan)
        steps += told
        reports += [_report(ground, step) for step in told if step.started_on]
        passages += _passages(ground, days, draft, told)
        projects.append(draft.row)
    Step.objects.bulk_update(steps, TOLD, batch_size=500)
    StepReport.objects.bulk_create(reports, batch_size=500)
    StagePassage.objects.bulk_create(passages)
    Project.objects.bulk_update(projects, ["stage", "stage_on", "promised_on", "starts_by"])


def reckon_plans(ground: Ground, days: Days) -> None:
    """What every plan says today, once all that holds it up is known."""
    work.reckon_zone(by=ground.by, now=days.now)
    work.forecast_zone(by=ground.by, now=days.now, runs=RUNS)


def _promised_plan(
    ground: Ground, days: Days, one: Living, row: Project, template: PlanTemplate
) -> Plan:
    """Made on the day it began, and promised for the day it was then reckoned to end, and some."""
    begun = days.today - timedelta(days=one.age)
    if row.matter is None:
        raise RuntimeError(f"{row.name} has no matter")
    row.promised_on = _end(days, template, begun) + timedelta(days=one.spare)
    return work.make_plan(
        by=ground.by,
        now=moment(begun),
        matter=row.matter,
        title=row.name,
        starts_on=begun,
        promised_on=row.promised_on,
        template=template,
    )


def _end(days: Days, template: PlanTemplate, begun: date) -> date:
    """The day its last step would end at likely durations, begun on a day."""
    steps = list(template.steps.all())
    links = list(template.links.all())
    network = queries.template_network(template, steps, links, starts_on=begun)
    far = begun + FAR
    return reckon(network, calendar=days.calendar, today=begun, promised_on=far).ends_on


# The course --------------------------------------------------------------------------------------


def _tell(ground: Ground, days: Days, one: Living, plan: Plan) -> list[Step]:
    """Set on each step what happened by today."""
    steps = list(Step.objects.filter(zone=ground.zone, plan=plan).order_by("order", "id"))
    waiting = _after(steps, plan, one.held.step) if one.held else set()
    for step in steps:
        if step.pk in waiting or step.early_start is None or step.early_finish is None:
            continue
        starts = _late(step.early_start, one, plan.starts_on, days.today)
        ends = _late(step.early_finish, one, plan.starts_on, days.today)
        if ends < days.today:
            step.started_on, step.finished_on, step.share = starts, ends, 100
        elif starts < days.today and step.likely:
            step.started_on = starts
            whole = max((ends - starts).days, 1)
            step.share = min(95, max(5, (days.today - starts).days * 100 // whole // 5 * 5))
    if one.held:
        _hold(steps, one, days)
    return steps


def _late(day: date, one: Living, begun: date, today: date) -> date:
    """The course falls behind little by little; what lies in the future is as far behind as today."""
    gone = max(min((day - begun).days, one.age), 0)
    return day + timedelta(days=one.late * gone // max((today - begun).days, 1))


def _after(steps: Iterable[Step], plan: Plan, code: str) -> set[int]:
    """The step of a code, and all that waits for it."""
    followers: dict[int, list[int]] = defaultdict(list)
    for before, after in StepLink.objects.filter(plan=plan).values_list("before_id", "after_id"):
        followers[before].append(after)
    found: set[int] = set()
    open_ones = [step.pk for step in steps if step.code == code]
    while open_ones:
        number = open_ones.pop()
        if number not in found:
            found.add(number)
            open_ones += followers[number]
    return found


def _hold(steps: Iterable[Step], one: Living, days: Days) -> None:
    held = one.held
    step = next((step for step in steps if held and step.code == held.step), None)
    if held is None or step is None:
        raise RuntimeError(f"{one.short} has no such step")
    step.blocked_by, step.blocked_since = held.by, days.today - timedelta(days=held.days)
    if held.left is not None:
        # It has begun and stands still.
        step.started_on = step.started_on or step.blocked_since
        step.remaining, step.share = held.left, step.share or 40
        return
    step.is_held = True
    if held.more is not None:
        step.held_until = days.today + timedelta(days=held.more)


def _report(ground: Ground, step: Step) -> StepReport:
    """What its doer reported last."""
    return StepReport(
        zone=ground.zone,
        step=step,
        at=moment(step.finished_on or step.started_on or step.plan.starts_on),
        post=ground.hands["economy.2"].post,
        share=step.share,
        started_on=step.started_on,
        finished_on=step.finished_on,
    )


def _passages(ground: Ground, days: Days, draft: Past, steps: Iterable[Step]) -> list[StagePassage]:
    """Stages entered by steps that were begun or done; the project stands in the last."""
    row = draft.row
    if row is None:
        raise RuntimeError(f"{draft.name} is not written")
    found: dict[Stage, date] = {}
    for step in steps:
        stage = REACHED.get(step.milestone)
        if stage == Stage.STARTED:
            row.starts_by = step.late_start
        if stage == Stage.STARTED and step.started_on:
            found[stage] = step.started_on
            if step.finished_on:
                found[Stage.BUILDING] = step.finished_on
        elif stage and step.finished_on:
            found[stage] = step.finished_on
    before = row.stage
    passages = []
    for stage in sorted(found, key=COURSE.index):
        passages.append(
            StagePassage(
                zone=ground.zone, project=row, stage=stage, from_stage=before,
                fact_on=found[stage], reported_at=moment(found[stage]),
                post=ground.hands["economy.2"].post,
            )
        )  # fmt: skip
        before = stage
        row.stage, row.stage_on = stage, found[stage]
    return passages
