"""Verbs of whole plans: made from a template, promised, settled, held up, closed."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.web import words
from xiaoer.work import plan_access
from xiaoer.work.actions.checking import must_be_open, needed, plain
from xiaoer.work.actions.plan_checking import (
    locked_plan,
    must_be_fresh,
    sensible_day,
    today_of,
)
from xiaoer.work.actions.plan_reckoning import bring_up_to_date, let_know, reckon_and_tell
from xiaoer.work.models import (
    Baseline,
    BaselineStep,
    Matter,
    Plan,
    PlanTemplate,
    PromiseChange,
    Step,
    StepLink,
    TemplateStep,
)

SHAPE = (
    "code", "name", "name_en", "phase", "order", "doer", "low", "likely", "high", "unit",
    "is_government", "limit_count", "limit_unit", "limit_source", "resource_units", "needs",
    "milestone",
)  # fmt: skip


@transaction.atomic
def make_plan(
    *,
    by: Actor,
    now: datetime,
    matter: Matter,
    title: str,
    starts_on: date,
    promised_on: date,
    template: PlanTemplate | None = None,
    party: Party | None = None,
) -> Plan:
    """Make the plan of a matter towards a promised day, with the steps and links of a template.

    The plan keeps the template's version: an edit of it later does not change this plan.
    """
    plan_access.must_make_plans(by)
    if matter.zone_id != by.zone_id:
        raise Refused(_("There is no such matter here."), field="matter")
    must_be_open(matter)
    if Plan.objects.filter(zone_id=by.zone_id, matter=matter).exists():
        raise Refused(
            _("“%(title)s” has a plan already; change that one.") % {"title": matter.title},
            field="matter",
        )
    title = needed(title, "title", most=120)
    _must_be_promisable(starts_on, promised_on, now)
    if template is not None:
        _must_be_in_use(by, template)
    plan = Plan.objects.create(
        zone_id=by.zone_id,
        matter=matter,
        party=party or matter.party,
        title=title,
        template=template,
        starts_on=starts_on,
        promised_on=promised_on,
        first_promised_on=promised_on,
    )
    if template is not None:
        copy_template(plan, template)
    PromiseChange.objects.create(
        zone_id=by.zone_id, plan=plan, promised_on=promised_on, at=now, post_id=by.post_id
    )
    reckon_and_tell(plan, by=by, now=now, has_new_steps=True)
    journal.record(
        by=by, now=now, verb="make_plan", subject=plan, party_ref=plan.party_id,
        promised_on=promised_on.isoformat(), template=str(template or ""), slack=plan.slack,
    )  # fmt: skip
    return plan


def _must_be_promisable(starts_on: date, promised_on: date, now: datetime) -> None:
    sensible_day(starts_on, "starts_on", now)
    sensible_day(promised_on, "promised_on", now)
    if promised_on < today_of(now):
        raise Refused(
            _("%(day)s lies in the past; promise a day that is still to come.")
            % {"day": words.full_day(promised_on)},
            field="promised_on",
        )
    if promised_on <= starts_on:
        raise Refused(
            _("The promised day %(promised)s must lie after the start of the plan, %(start)s.")
            % {"promised": words.full_day(promised_on), "start": words.full_day(starts_on)},
            field="promised_on",
        )


def _must_be_in_use(by: Actor, template: PlanTemplate) -> None:
    if template.zone_id != by.zone_id:
        raise Refused(_("There is no such template here."), field="template")
    if template.state != PlanTemplate.State.LIVE:
        raise Refused(
            _("“%(template)s” is not in use; choose a template that is.")
            % {"template": str(template)},
            field="template",
        )


def copy_template(plan: Plan, template: PlanTemplate) -> None:
    """Steps and links of a template into a plan that has none, in four statements."""
    shapes = list(TemplateStep.objects.filter(zone_id=plan.zone_id, template=template))
    steps = Step.objects.bulk_create(step_from(plan, shape) for shape in shapes)
    of_shape = {shape.pk: step for shape, step in zip(shapes, steps, strict=True)}
    StepLink.objects.bulk_create(
        StepLink(
            zone_id=plan.zone_id,
            plan=plan,
            before=of_shape[link.before_id],
            after=of_shape[link.after_id],
            kind=link.kind,
            lag=link.lag,
            lag_unit=link.lag_unit,
        )
        for link in template.links.order_by("id")
    )


def step_from(plan: Plan, shape: TemplateStep) -> Step:
    """A step of a plan as its template has it, not kept yet."""
    return Step(
        zone_id=plan.zone_id,
        plan=plan,
        office_id=shape.office_id,
        doer_name=shape.office_name,
        resource_id=shape.resource_id,
        **{name: getattr(shape, name) for name in SHAPE},
    )


@transaction.atomic
def move_promise(
    *, by: Actor, now: datetime, plan: Plan, version: int, promised_on: date, reason: str
) -> Plan:
    """Promise another day, with the reason; the days promised before stay on record for good."""
    plan_access.must_move_promises(by)
    kept = locked_plan(by, plan)
    must_be_fresh(kept, version)
    reason = needed(reason, "reason", most=500)
    _must_be_promisable(kept.starts_on, promised_on, now)
    if promised_on == kept.promised_on:
        raise Refused(
            _("%(day)s is promised already; choose another day.")
            % {"day": words.full_day(promised_on)},
            field="promised_on",
        )
    before = kept.promised_on
    kept.promised_on, kept.version = promised_on, kept.version + 1
    # The chance was drawn for the day promised before.
    kept.chance = None
    kept.save(update_fields=["promised_on", "version", "chance"])
    PromiseChange.objects.create(
        zone_id=by.zone_id, plan=kept, promised_on=promised_on, before_on=before, reason=reason,
        at=now, post_id=by.post_id,
    )  # fmt: skip
    bring_up_to_date(kept, now)
    journal.record(
        by=by, now=now, verb="move_promise", subject=kept, party_ref=kept.party_id,
        old=before.isoformat(), new=promised_on.isoformat(), reason=reason,
    )  # fmt: skip
    let_know(kept, by=by, now=now)
    return kept


@transaction.atomic
def settle_baseline(*, by: Actor, now: datetime, plan: Plan, reason: str = "") -> Baseline:
    """Settle the plan as it stands, to hold its actual course against it later."""
    plan_access.must_make_plans(by)
    kept = locked_plan(by, plan)
    reason = plain(reason, "reason", most=500)
    bring_up_to_date(kept, now)
    steps = [
        step
        for step in Step.objects.filter(zone_id=by.zone_id, plan=kept, dropped_at__isnull=True)
        if step.early_start and step.early_finish
    ]
    if not steps:
        raise Refused(_("“%(title)s” has no steps yet; add steps first.") % {"title": kept.title})
    number = kept.baselines.aggregate(last=Max("number"))["last"] or 0
    baseline = Baseline.objects.create(
        zone_id=by.zone_id, plan=kept, number=number + 1, promised_on=kept.promised_on,
        reason=reason, at=now, post_id=by.post_id,
    )  # fmt: skip
    BaselineStep.objects.bulk_create(
        BaselineStep(
            zone_id=by.zone_id, baseline=baseline, step=step, starts_on=starts_on, ends_on=ends_on
        )
        for step, starts_on, ends_on in _spans(steps)
    )
    journal.record(
        by=by, now=now, verb="settle_baseline", subject=kept, party_ref=kept.party_id,
        number=baseline.number, reason=reason,
    )  # fmt: skip
    return baseline


def _spans(steps: list[Step]) -> list[tuple[Step, date, date]]:
    """From when to when each step lasts: what happened, else what is forecast."""
    spans = []
    for step in steps:
        starts_on = step.started_on or step.early_start
        ends_on = step.finished_on or step.early_finish
        if starts_on is not None and ends_on is not None:
            spans.append((step, starts_on, max(starts_on, ends_on)))
    return spans


@transaction.atomic
def hold_steps(
    *, by: Actor, now: datetime, plan: Plan, needs: str, until: date | None, held_by: str
) -> list[Step]:
    """Hold up the steps that need an element which is missing; with a day, they start from it on.

    Steps that have begun or ended are left alone: the facts say they had what they needed.
    """
    plan_access.must_hold_up(by)
    kept = locked_plan(by, plan)
    held_by = needed(held_by, "held_by", most=80)
    if until is not None:
        sensible_day(until, "until", now)
    steps = _waiting(by, kept, needs)
    for step in steps:
        step.blocked_since = step.blocked_since or today_of(now)
        step.blocked_by, step.is_held, step.held_until = held_by, True, until
        step.version += 1
    _write_held(steps)
    bring_up_to_date(kept, now)
    journal.record(
        by=by, now=now, verb="hold_steps", subject=kept, party_ref=kept.party_id, needs=needs,
        until=until.isoformat() if until else "", blocked_by=held_by, steps=_names(steps),
    )  # fmt: skip
    return steps


@transaction.atomic
def release_steps(*, by: Actor, now: datetime, plan: Plan, needs: str) -> list[Step]:
    """Let the steps go on that an element held up: it is there."""
    plan_access.must_hold_up(by)
    kept = locked_plan(by, plan)
    steps = [step for step in _waiting(by, kept, needs) if step.is_held]
    for step in steps:
        step.blocked_since, step.blocked_by = None, ""
        step.is_held, step.held_until = False, None
        step.version += 1
    _write_held(steps)
    bring_up_to_date(kept, now)
    journal.record(
        by=by, now=now, verb="release_steps", subject=kept, party_ref=kept.party_id, needs=needs,
        steps=_names(steps),
    )  # fmt: skip
    return steps


def _waiting(by: Actor, plan: Plan, needs: str) -> list[Step]:
    """Steps of a plan that need an element and have not begun."""
    return list(
        Step.objects.select_for_update().filter(
            zone_id=by.zone_id, plan=plan, needs=needs, started_on__isnull=True,
            finished_on__isnull=True, dropped_at__isnull=True,
        ).exclude(needs="")
    )  # fmt: skip


def _write_held(steps: list[Step]) -> None:
    Step.objects.bulk_update(
        steps, ("blocked_since", "blocked_by", "is_held", "held_until", "version")
    )


def _names(steps: list[Step]) -> list[str]:
    return [step.name for step in steps]


@transaction.atomic
def close_plan(*, by: Actor, now: datetime, plan: Plan, reason: str = "") -> Plan:
    """Close a plan: its project is there, or was given up. It stays as it ended."""
    plan_access.must_close_plans(by)
    kept = locked_plan(by, plan)
    reason = plain(reason, "reason", most=500)
    kept.closed_at, kept.version = now, kept.version + 1
    kept.save(update_fields=["closed_at", "version"])
    journal.record(
        by=by, now=now, verb="close_plan", subject=kept, party_ref=kept.party_id, reason=reason
    )
    let_know(kept, by=by, now=now)
    return kept


@transaction.atomic
def reopen_plan(*, by: Actor, now: datetime, plan: Plan, reason: str) -> Plan:
    """Take a closed plan up again; it is reckoned for today."""
    plan_access.must_make_plans(by)
    kept = Plan.objects.select_for_update(of=("self",)).get(zone_id=by.zone_id, pk=plan.pk)
    if kept.closed_at is None:
        raise Refused(_("The plan “%(title)s” is open.") % {"title": kept.title})
    reason = needed(reason, "reason", most=500)
    kept.closed_at, kept.version = None, kept.version + 1
    kept.save(update_fields=["closed_at", "version"])
    bring_up_to_date(kept, now)
    let_know(kept, by=by, now=now, has_new_steps=True)
    journal.record(
        by=by, now=now, verb="reopen_plan", subject=kept, party_ref=kept.party_id, reason=reason
    )
    return kept
