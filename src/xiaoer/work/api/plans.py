"""API of plans: lists, one plan, what must start, what is held up, and every verb."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.work import actions as work
from xiaoer.work import plan_access, queries
from xiaoer.work.api.plan_shapes import (
    BaselineOut,
    ChangedStepIn,
    NewPlanIn,
    NewStepIn,
    PlanAdoptIn,
    PlanLight,
    PlanLinesIn,
    PlanLinkIn,
    PlanLinkOut,
    PlanOut,
    PlanPageOut,
    PlanReasonIn,
    PlanRunsIn,
    PlanStepIn,
    PlanViewOut,
    PlanWhatIfOut,
    PromisedDayIn,
    SlipForecastOut,
    StepBlockIn,
    StepHeldOut,
    StepProgressIn,
    StepReasonIn,
    StepToStartOut,
    StepVersionIn,
    plan_out,
)
from xiaoer.work.models import Plan, Step
from xiaoer.work.planning.conflicts import smallest_conflict

router = Router(tags=["plans"])


class PlanQuery(Schema):
    """The filters of the page."""

    light: PlanLight | None = None
    text: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = ""
    closed: bool = False
    size: int = Field(50, ge=1, le=500)
    after: int = Field(0, ge=0, le=100_000)


def _plan(by: Actor, plan_id: int) -> Plan:
    return found(queries.plan_by_number(by, plan_id))


def _step(by: Actor, step_id: int) -> Step:
    return found(queries.step_by_number(by, step_id))


@router.get("/plans", response={200: PlanPageOut, **PROBLEMS})
@api(READ)
def read_plans(request: HttpRequest, by: Actor, asked: Query[PlanQuery]) -> object:
    """Plans of the zone, what is lost first."""
    plan_access.must_read_all_plans(by)
    wanted = queries.PlanFilter(asked.light or "", asked.text.strip(), asked.closed)
    rows = queries.plans(by.zone_id, wanted, timezone.localdate())
    return {
        "total": rows.count(),
        "rows": [_line(plan) for plan in rows[asked.after : asked.after + asked.size]],
    }


def _line(plan: Plan) -> Mapping[str, object]:
    return plan_out(plan) | {
        "light": queries.plan_light(plan.slack, plan.promised_on, plan.likely_on),
        "soon": getattr(plan, "soon", 0),
        "held": getattr(plan, "held", 0),
    }


@router.get("/plans/starting", response={200: list[StepToStartOut], **PROBLEMS})
@api(READ)
def read_steps_to_start(
    request: HttpRequest, by: Actor, days: Annotated[int, Query(ge=0, le=366)] = 7
) -> object:
    """What must start within some days over all plans, soonest first."""
    plan_access.must_read_all_plans(by)
    return queries.due_to_start(by.zone_id, days)


@router.get("/plans/blocked", response={200: list[StepHeldOut], **PROBLEMS})
@api(READ)
def read_steps_held(request: HttpRequest, by: Actor) -> object:
    """Who holds up whom over all plans, longest first."""
    plan_access.must_read_all_plans(by)
    return queries.blocked_steps(by.zone_id)


@router.get("/plans/{plan_id}", response={200: PlanViewOut, **PROBLEMS})
@api(READ)
def read_plan(request: HttpRequest, by: Actor, plan_id: int) -> object:
    """A plan reckoned for today; an enterprise reads its own."""
    return _view(by, _plan(by, plan_id))


def _view(by: Actor, plan: Plan) -> dict[str, Any]:
    view = queries.plan_view(plan, timezone.localdate(), is_outside=by.database_role == OUTSIDE)
    conflict = None
    if view.slack < 0:
        conflict = smallest_conflict(
            view.links.network,
            calendar=queries.calendar_of(plan.zone_id),
            today=view.today,
            promised_on=plan.promised_on,
        )
    return {
        "plan": plan_out(plan),
        "light": view.light,
        "ends_on": view.ends_on,
        "slack": view.slack,
        "government_percent": view.government_percent,
        "is_provisional": view.schedule.is_provisional,
        "steps": [_step_out(row) for row in view.rows],
        "links": [_link_out(link) for link in view.links.links],
        "conflict": conflict.sentences if conflict else [],
    }


TIMES = ("early_start", "early_finish", "late_start", "late_finish", "float_days", "is_critical")
OF_STEP = (
    "id", "code", "name", "name_en", "phase", "doer", "low", "likely", "high", "unit",
    "is_government", "limit_count", "limit_unit", "limit_source", "needs", "milestone",
    "not_before", "not_after", "started_on", "finished_on", "share", "remaining", "blocked_by",
    "blocked_since", "version",
)  # fmt: skip


def _step_out(row: queries.StepRow) -> dict[str, Any]:
    said = {name: getattr(row.step, name) for name in OF_STEP}
    return said | {name: getattr(row.times, name) for name in TIMES} | {"who": row.who}


def _link_out(link: Any) -> dict[str, Any]:
    return {name: getattr(link, name) for name in PlanLinkOut.model_fields}


@router.post("/plans", response={201: PlanOut, **PROBLEMS})
@api(WRITE)
def make_plan(request: HttpRequest, by: Actor, new: NewPlanIn) -> object:
    """Make the plan of a matter, from a template in use or without steps."""
    must_be_staff(by)
    template = found(queries.template_by_number(by, new.template_id)) if new.template_id else None
    plan = work.make_plan(
        by=by, now=timezone.now(), matter=found(queries.matter_by_number(by, new.matter_id)),
        title=new.title, starts_on=new.starts_on, promised_on=new.promised_on, template=template,
    )  # fmt: skip
    return 201, plan_out(plan)


@router.post("/plans/{plan_id}/reckon", response={200: PlanOut, **PROBLEMS})
@api(WRITE)
def reckon_plan(request: HttpRequest, by: Actor, plan_id: int) -> object:
    """Reckon a plan anew for today."""
    return plan_out(work.reckon_plan(by=by, now=timezone.now(), plan=_plan(by, plan_id)))


@router.post("/plans/{plan_id}/promise", response={200: PlanOut, **PROBLEMS})
@api(WRITE)
def move_promise(request: HttpRequest, by: Actor, plan_id: int, new: PromisedDayIn) -> object:
    """Promise another day, with the reason."""
    plan = work.move_promise(
        by=by, now=timezone.now(), plan=_plan(by, plan_id), version=new.version,
        promised_on=new.promised_on, reason=new.reason,
    )  # fmt: skip
    return plan_out(plan)


@router.post("/plans/{plan_id}/baselines", response={201: BaselineOut, **PROBLEMS})
@api(WRITE)
def settle_baseline(request: HttpRequest, by: Actor, plan_id: int, why: PlanReasonIn) -> object:
    """Settle the plan as it stands."""
    plan = _plan(by, plan_id)
    return 201, work.settle_baseline(by=by, now=timezone.now(), plan=plan, reason=why.reason)


@router.post("/plans/{plan_id}/forecast", response={201: SlipForecastOut, **PROBLEMS})
@api(WRITE)
def run_forecast(request: HttpRequest, by: Actor, plan_id: int, asked: PlanRunsIn) -> object:
    """Draw many courses of a plan by chance."""
    plan = _plan(by, plan_id)
    return 201, work.run_forecast(by=by, now=timezone.now(), plan=plan, runs=asked.runs)


@router.post("/plans/{plan_id}/adopt", response={200: PlanOut, **PROBLEMS})
@api(WRITE)
def adopt_template(request: HttpRequest, by: Actor, plan_id: int, asked: PlanAdoptIn) -> object:
    """Take over another version of a template; what has begun is not touched."""
    must_be_staff(by)
    template = found(queries.template_by_number(by, asked.template_id))
    plan = work.adopt_template(
        by=by, now=timezone.now(), plan=_plan(by, plan_id), version=asked.version,
        template=template,
    )  # fmt: skip
    return plan_out(plan)


@router.post("/plans/{plan_id}/close", response={200: PlanOut, **PROBLEMS})
@api(WRITE)
def close_plan(request: HttpRequest, by: Actor, plan_id: int, why: PlanReasonIn) -> object:
    """Close a plan; it stays as it ended."""
    plan = _plan(by, plan_id)
    return plan_out(work.close_plan(by=by, now=timezone.now(), plan=plan, reason=why.reason))


@router.post("/plans/{plan_id}/reopen", response={200: PlanOut, **PROBLEMS})
@api(WRITE)
def reopen_plan(request: HttpRequest, by: Actor, plan_id: int, why: PlanReasonIn) -> object:
    """Take a closed plan up again."""
    plan = _plan(by, plan_id)
    return plan_out(work.reopen_plan(by=by, now=timezone.now(), plan=plan, reason=why.reason))


@router.post("/plans/{plan_id}/lines", response={200: PlanViewOut, **PROBLEMS})
@api(WRITE)
def import_steps(request: HttpRequest, by: Actor, plan_id: int, said: PlanLinesIn) -> object:
    """Bring many steps up to date at once, all or nothing."""
    plan = _plan(by, plan_id)
    work.import_steps(
        by=by, now=timezone.now(), plan=plan, version=said.version,
        lines=[work.StepLine(**line.dict()) for line in said.lines],
    )  # fmt: skip
    return _view(by, _plan(by, plan_id))


def _facts(said: PlanStepIn) -> work.StepFacts:
    given = said.dict()
    return work.StepFacts(**{each.name: given[each.name] for each in fields(work.StepFacts)})


@router.post("/plans/{plan_id}/steps", response={201: PlanViewOut, **PROBLEMS})
@api(WRITE)
def add_step(request: HttpRequest, by: Actor, plan_id: int, new: NewStepIn) -> object:
    """Add a step, between two others where they are named."""
    plan = _plan(by, plan_id)
    work.add_step(
        by=by, now=timezone.now(), plan=plan, facts=_facts(new),
        after=_step(by, new.after_id) if new.after_id else None,
        before=_step(by, new.before_id) if new.before_id else None,
    )  # fmt: skip
    return 201, _view(by, _plan(by, plan_id))


@router.post("/plans/{plan_id}/links", response={201: PlanLinkOut, **PROBLEMS})
@api(WRITE)
def link_steps(request: HttpRequest, by: Actor, plan_id: int, new: PlanLinkIn) -> object:
    """Let a step wait for another; a circle is refused as the loop in names."""
    _plan(by, plan_id)
    link = work.link_steps(
        by=by, now=timezone.now(), before=_step(by, new.before_id), after=_step(by, new.after_id),
        kind=new.kind, lag=new.lag, lag_unit=new.lag_unit,
    )  # fmt: skip
    return 201, _link_out(link)


@router.delete("/plans/links/{link_id}", response={200: PlanOut, **PROBLEMS})
@api(WRITE)
def unlink_steps(request: HttpRequest, by: Actor, link_id: int) -> object:
    """Let a step no longer wait for another."""
    link = found(queries.link_by_number(by, link_id))
    return plan_out(work.unlink_steps(by=by, now=timezone.now(), link=link))


@router.post("/plans/steps/{step_id}/progress", response={200: PlanViewOut, **PROBLEMS})
@api(WRITE)
def report_step(request: HttpRequest, by: Actor, step_id: int, said: StepProgressIn) -> object:
    """Report how far a step is; an enterprise its own steps. A correction replaces what was said."""
    step = _step(by, step_id)
    progress = work.Progress(
        said.started_on, said.finished_on, said.share, said.remaining, said.note
    )
    verb = work.correct_step if said.is_correction else work.report_step
    verb(by=by, now=timezone.now(), step=step, version=said.version, progress=progress)
    return _view(by, _plan(by, step.plan_id))


@router.put("/plans/steps/{step_id}", response={200: PlanViewOut, **PROBLEMS})
@api(WRITE)
def change_step(request: HttpRequest, by: Actor, step_id: int, said: ChangedStepIn) -> object:
    """Change what the plan says of a step; every field is as sent."""
    step = _step(by, step_id)
    work.change_step(by=by, now=timezone.now(), step=step, version=said.version, facts=_facts(said))
    return _view(by, _plan(by, step.plan_id))


@router.post("/plans/steps/{step_id}/what-if", response={200: PlanWhatIfOut, **PROBLEMS})
@api(READ)
def what_if_step(request: HttpRequest, by: Actor, step_id: int, said: PlanStepIn) -> object:
    """What a change of a step would move; nothing is written."""
    must_be_staff(by)
    step = _step(by, step_id)
    for name in ("likely", "unit", "not_before", "not_after"):
        setattr(step, name, getattr(said, name))
    step.low = min(step.likely, step.low if said.low is None else said.low)
    step.high = max(step.likely, step.high if said.high is None else said.high)
    work.must_be_durations(step.low, step.likely, step.high)
    return queries.what_if(step.plan, timezone.localdate(), step)


@router.post("/plans/steps/{step_id}/drop", response={200: PlanViewOut, **PROBLEMS})
@api(WRITE)
def drop_step(request: HttpRequest, by: Actor, step_id: int, why: StepReasonIn) -> object:
    """Take a step out that has not begun."""
    step = _step(by, step_id)
    work.drop_step(by=by, now=timezone.now(), step=step, version=why.version, reason=why.reason)
    return _view(by, _plan(by, step.plan_id))


@router.post("/plans/steps/{step_id}/block", response={200: PlanViewOut, **PROBLEMS})
@api(WRITE)
def block_step(request: HttpRequest, by: Actor, step_id: int, said: StepBlockIn) -> object:
    """Say who or what holds a step up."""
    step = _step(by, step_id)
    work.block_step(
        by=by, now=timezone.now(), step=step, version=said.version, blocked_by=said.blocked_by
    )
    return _view(by, _plan(by, step.plan_id))


@router.post("/plans/steps/{step_id}/unblock", response={200: PlanViewOut, **PROBLEMS})
@api(WRITE)
def unblock_step(request: HttpRequest, by: Actor, step_id: int, said: StepVersionIn) -> object:
    """Say that a step goes on again."""
    step = _step(by, step_id)
    work.unblock_step(by=by, now=timezone.now(), step=step, version=said.version)
    return _view(by, _plan(by, step.plan_id))
