"""What another version of a template would change in a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xiaoer.work.models import Plan, PlanTemplate, Step, StepLink, TemplateLink, TemplateStep

# What an adoption takes over of a step; its code is what it is known by.
TAKEN = (
    "name", "name_en", "phase", "order", "doer", "low", "likely", "high", "unit", "is_government",
    "limit_count", "limit_unit", "limit_source", "resource_units", "needs", "milestone",
    "office_id", "resource_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step of the plan that the other version has otherwise; ``fields``: name → before, after."""

    step: Step
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class LinkKey:
    """A link by the codes of its steps."""

    before: str
    after: str
    kind: str
    lag: int
    lag_unit: str


@dataclass(frozen=True, slots=True)
class TemplateDifference:
    """Steps that would come, go, change; links that would come and go; steps left as they began."""

    added: Sequence[TemplateStep]
    dropped: Sequence[Step]
    changed: Sequence[StepChange]
    begun: Sequence[Step]
    links_in: Sequence[LinkKey]
    links_out: Sequence[StepLink]

    @property
    def is_any(self) -> bool:
        return bool(self.added or self.dropped or self.changed or self.links_in or self.links_out)


def template_difference(plan: Plan, template: PlanTemplate) -> TemplateDifference:
    """Compare a plan, the version it was made from, and the other version, step by step by code.

    Where people of the plan changed a step against its own version, their word stands.
    """
    old = _shapes(plan.zone_id, plan.template_id)
    new = _shapes(plan.zone_id, template.pk)
    every = {step.code: step for step in Step.objects.filter(zone_id=plan.zone_id, plan=plan)}
    steps = {code: step for code, step in every.items() if step.dropped_at is None}
    open_ = {code: step for code, step in steps.items() if step.started_on is None}
    changed = [
        change
        for code, shape in new.items()
        if code in open_ and (change := _change(open_[code], old.get(code), shape)) is not None
    ]
    links_in, links_out = _links(plan, template, steps, open_, new)
    return TemplateDifference(
        added=[shape for code, shape in new.items() if code not in every],
        dropped=[step for code, step in open_.items() if code in old and code not in new],
        changed=changed,
        begun=[
            step
            for code, step in steps.items()
            if step.started_on is not None and _differs(old.get(code), new.get(code))
        ],
        links_in=links_in,
        links_out=links_out,
    )


def _shapes(zone_id: int, template_id: int | None) -> dict[str, TemplateStep]:
    if template_id is None:
        return {}
    rows = TemplateStep.objects.filter(zone_id=zone_id, template_id=template_id)
    return {row.code: row for row in rows}


def _change(step: Step, old: TemplateStep | None, new: TemplateStep) -> StepChange | None:
    changes = {}
    for name in TAKEN:
        here, after = getattr(step, name), getattr(new, name)
        is_as_made = old is None or here == getattr(old, name)
        if is_as_made and here != after:
            changes[name] = (here, after)
    # Three durations belong together: taken over only where they stay in their order.
    low, likely, high = (
        changes.get(name, (None, getattr(step, name)))[1] for name in ("low", "likely", "high")
    )
    if not low <= likely <= high:
        for name in ("low", "likely", "high"):
            changes.pop(name, None)
    return StepChange(step, changes) if changes else None


def _differs(old: TemplateStep | None, new: TemplateStep | None) -> bool:
    if old is None or new is None:
        return old is not new
    return any(getattr(old, name) != getattr(new, name) for name in TAKEN)


def _links(
    plan: Plan,
    template: PlanTemplate,
    steps: Mapping[str, Step],
    open_: Mapping[str, Step],
    new: Mapping[str, TemplateStep],
) -> tuple[list[LinkKey], list[StepLink]]:
    """Links of the new version that the plan lacks, and those of the old that the new lacks; only
    where the later step has not begun."""
    before, after = (
        _template_links(plan.zone_id, plan.template_id),
        _template_links(plan.zone_id, template.pk),
    )
    rows = StepLink.objects.filter(zone_id=plan.zone_id, plan=plan).select_related(
        "before", "after"
    )
    here = {_key(row): row for row in rows}
    coming = [
        key
        for key in after
        if key not in here
        and key not in before
        and (key.after in open_ or key.after not in steps)
        and key.before in {*steps, *new}
    ]
    going = [
        row
        for key, row in here.items()
        if key.after in open_
        and ((key in before and key not in after) or _loses_end(key, before, new))
    ]
    return coming, going


def _loses_end(key: LinkKey, before: set[LinkKey], new: Mapping[str, TemplateStep]) -> bool:
    return key in before and (key.before not in new or key.after not in new)


def _template_links(zone_id: int, template_id: int | None) -> set[LinkKey]:
    if template_id is None:
        return set()
    rows = TemplateLink.objects.filter(zone_id=zone_id, template_id=template_id)
    return {_key(row) for row in rows.select_related("before", "after")}


def _key(row: StepLink | TemplateLink) -> LinkKey:
    return LinkKey(row.before.code, row.after.code, row.kind, row.lag, row.lag_unit)
