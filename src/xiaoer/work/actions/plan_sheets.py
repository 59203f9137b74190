"""Bringing many steps of a plan up to date at once, from a sheet that was looked at before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import plan_access
from xiaoer.work.actions.plan_checking import locked_plan
from xiaoer.work.actions.plan_reckoning import reckon_and_tell
from xiaoer.work.actions.plan_steps import Progress, checked_facts, facts_of, reported
from xiaoer.work.models import Plan, Step, StepReport


@dataclass(frozen=True, slots=True)
class StepLine:
    """What a sheet says of one step; what is None stays as it is."""

    step_id: int
    likely: int | None = None
    not_before: date | None = None
    not_after: date | None = None
    started_on: date | None = None
    finished_on: date | None = None
    share: int | None = None
    remaining: int | None = None
    note: str = ""

    @property
    def is_progress(self) -> bool:
        return any(
            value is not None
            for value in (self.started_on, self.finished_on, self.share, self.remaining)
        ) or bool(self.note)


@transaction.atomic
def import_steps(
    *, by: Actor, now: datetime, plan: Plan, version: int, lines: Sequence[StepLine]
) -> int:
    """Write what a sheet says of steps, all or nothing, and reckon once; how many steps changed.

    ``version`` is that of the plan when the sheet was looked at: what others changed of its promise
    meanwhile is told. A row that cannot be is refused with the step's name.
    """
    plan_access.must_make_plans(by)
    kept = locked_plan(by, plan)
    if kept.version != version:
        raise Refused(_("The plan was changed since the sheet was looked at; bring it in again."))
    steps = {
        step.pk: step
        for step in Step.objects.select_for_update().filter(
            zone_id=by.zone_id, plan=kept, dropped_at__isnull=True
        )
    }
    changed: list[Step] = []
    reports: list[StepReport] = []
    for line in lines:
        step = steps.get(line.step_id)
        if step is None:
            raise Refused(_("The plan has changed its steps meanwhile; bring the sheet in again."))
        if _take(by, now, step, line, reports):
            step.version += 1
            changed.append(step)
    if not changed:
        raise Refused(_("The sheet says nothing new of any step."))
    for step in changed:
        step.save()
    StepReport.objects.bulk_create(reports)
    reckon_and_tell(kept, by=by, now=now)
    journal.record(
        by=by, now=now, verb="import_steps", subject=kept, party_ref=kept.party_id,
        steps=[step.name for step in changed],
    )  # fmt: skip
    return len(changed)


def _take(by: Actor, now: datetime, step: Step, line: StepLine, reports: list[StepReport]) -> bool:
    """Set what a line says on its step; whether that changed anything."""
    try:
        changes = _plan_changes(by, now, step, line)
        if line.is_progress and step.finished_on is None:
            said = Progress(
                line.started_on, line.finished_on, line.share, line.remaining, line.note
            )
            progress = reported(step, said, now)
            if progress:
                reports.append(
                    StepReport(
                        zone_id=step.zone_id, step=step, at=now, post_id=by.post_id,
                        share=step.share, started_on=step.started_on,
                        finished_on=step.finished_on, remaining=step.remaining, note=line.note,
                    )
                )  # fmt: skip
            changes |= progress
    except Refused as refusal:
        raise Refused(f"{step.name}: {refusal}", field=refusal.field) from refusal
    return bool(changes)


def _plan_changes(by: Actor, now: datetime, step: Step, line: StepLine) -> dict[str, object]:
    new = {
        name: value
        for name in ("likely", "not_before", "not_after")
        if (value := getattr(line, name)) is not None
    }
    if not new or step.finished_on is not None:
        return {}
    facts = replace(facts_of(step), **new)
    facts = replace(facts, low=min(step.low, facts.likely), high=max(step.high, facts.likely))
    return journal.changes(step, checked_facts(by, now, facts))
