"""Templates edited: a draft from the version in use, released, retired; and adopted by a plan.

A version in use is never changed: whoever edits it works in a draft, and releasing the draft
retires the version before. Plans keep the version they were made from until they adopt another.
"""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import plan_access, queries
from xiaoer.work.actions.checking import needed, plain
from xiaoer.work.actions.plan_checking import LONGEST, locked_plan, must_be_fresh, today_of
from xiaoer.work.actions.plan_reckoning import reckon_and_tell
from xiaoer.work.actions.plan_steps import must_be_durations, must_be_named, must_be_words
from xiaoer.work.actions.plans import SHAPE, step_from
from xiaoer.work.models import (
    DayUnit,
    LinkKind,
    Plan,
    PlanTemplate,
    Resource,
    Step,
    StepLink,
    TemplateLink,
    TemplateStep,
)
from xiaoer.work.planning.passes import Loop, reckon

State = PlanTemplate.State


@dataclass(frozen=True, slots=True)
class ShapeFacts:
    """What a step of a template says."""

    name: str
    doer: str
    low: int
    likely: int
    high: int
    unit: str = DayUnit.WORKING
    name_en: str = ""
    phase: str = ""
    order: int = 0
    office_name: str = ""
    office_id: int | None = None
    is_government: bool = False
    limit_count: int | None = None
    limit_unit: str = ""
    limit_source: str = ""
    resource_id: int | None = None
    resource_units: int = 0
    needs: str = ""
    milestone: str = ""
    mark: str = "D"


def shape_of(step: TemplateStep) -> ShapeFacts:
    return ShapeFacts(**{field.name: getattr(step, field.name) for field in fields(ShapeFacts)})


@transaction.atomic
def start_template(*, by: Actor, now: datetime, name: str, code: str = "") -> PlanTemplate:
    """Begin a template of one's own as a draft without steps."""
    plan_access.must_make_plans(by)
    name = needed(name, "name", most=60)
    code = slugify(code) or _free_code(by)
    if PlanTemplate.objects.filter(zone_id=by.zone_id, code=code).exists():
        raise Refused(
            _("There is a template with the code %(code)s; choose another.") % {"code": code},
            field="code",
        )
    draft = PlanTemplate.objects.create(zone_id=by.zone_id, code=code[:40], name=name, mark="D")
    _record(by, now, "start_template", draft)
    return draft


def _free_code(by: Actor) -> str:
    codes = set(PlanTemplate.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    return next(f"own-{n}" for n in range(1, len(codes) + 2) if f"own-{n}" not in codes)


@transaction.atomic
def draft_template(*, by: Actor, now: datetime, template: PlanTemplate) -> PlanTemplate:
    """Open a draft of the next version with everything the given version has; one draft at a time."""
    plan_access.must_make_plans(by)
    versions = PlanTemplate.objects.select_for_update().filter(
        zone_id=by.zone_id, code=template.code
    )
    there = [version for version in versions if version.state == State.DRAFT]
    if there:
        return there[0]
    last = versions.aggregate(last=Max("number"))["last"]
    draft = PlanTemplate.objects.create(
        zone_id=by.zone_id, code=template.code, name=template.name, name_en=template.name_en,
        number=(last or 0) + 1, source=template.source, mark=template.mark,
    )  # fmt: skip
    _copy(template, draft)
    _record(by, now, "draft_template", draft)
    return draft


def _copy(template: PlanTemplate, draft: PlanTemplate) -> None:
    old = list(TemplateStep.objects.filter(zone_id=draft.zone_id, template=template))
    names = [field.name for field in fields(ShapeFacts)]
    new = TemplateStep.objects.bulk_create(
        TemplateStep(
            zone_id=draft.zone_id, template=draft, code=step.code,
            **{name: getattr(step, name) for name in names},
        )
        for step in old
    )  # fmt: skip
    of_old = {step.pk: copy for step, copy in zip(old, new, strict=True)}
    TemplateLink.objects.bulk_create(
        TemplateLink(
            zone_id=draft.zone_id, template=draft, before=of_old[link.before_id],
            after=of_old[link.after_id], kind=link.kind, lag=link.lag, lag_unit=link.lag_unit,
        )
        for link in template.links.order_by("id")
    )  # fmt: skip


def _locked_draft(by: Actor, template: PlanTemplate) -> PlanTemplate:
    kept = PlanTemplate.objects.select_for_update().get(zone_id=by.zone_id, pk=template.pk)
    if kept.state != State.DRAFT:
        raise Refused(
            _("“%(template)s” is not a draft; open a draft of it and edit that.")
            % {"template": str(kept)}
        )
    return kept


def _touch(template: PlanTemplate) -> None:
    template.version += 1
    template.save(update_fields=["version"])


@transaction.atomic
def set_shape(
    *,
    by: Actor,
    now: datetime,
    template: PlanTemplate,
    version: int,
    facts: ShapeFacts,
    code: str = "",
) -> TemplateStep:
    """Add a step to a draft, or change the one with this code."""
    plan_access.must_make_plans(by)
    draft = _locked_draft(by, template)
    must_be_template_fresh(draft, version)
    step = TemplateStep.objects.filter(zone_id=by.zone_id, template=draft, code=code).first()
    if code and step is None:
        raise Refused(_("This step was taken out of the draft; load the page again."))
    if step is None:
        step = TemplateStep(zone_id=by.zone_id, template=draft, code=_free_shape(draft))
    for name, value in _checked(by, facts).items():
        setattr(step, name, value)
    if not step.order:
        step.order = (draft.steps.aggregate(last=Max("order"))["last"] or 0) + 1
    step.save()
    _touch(draft)
    _record(by, now, "set_shape", draft, name=step.name)
    return step


def must_be_template_fresh(template: PlanTemplate, version: int) -> None:
    journal.must_be_fresh(template, version)


def _free_shape(template: PlanTemplate) -> str:
    codes = set(template.steps.values_list("code", flat=True))
    return next(f"step-{n}" for n in range(1, len(codes) + 2) if f"step-{n}" not in codes)


def _checked(by: Actor, facts: ShapeFacts) -> dict[str, object]:
    must_be_durations(facts.low, facts.likely, facts.high)
    must_be_words(facts.doer, facts.unit)
    named = ((Office, facts.office_id, "office"), (Resource, facts.resource_id, "resource"))
    for table, number, field in named:
        if number is not None and not table.objects.filter(zone_id=by.zone_id, pk=number).exists():
            raise Refused(_("Choose one of those offered."), field=field)
    if facts.limit_count is not None and not facts.limit_source.strip():
        raise Refused(_("Say where the limit comes from."), field="limit_source")
    return asdict(facts) | {
        "name": must_be_named(facts.name),
        "phase": plain(facts.phase, "phase", most=40),
        "office_name": plain(facts.office_name, "office_name", most=60),
        "limit_source": plain(facts.limit_source, "limit_source", most=200),
        "limit_unit": (facts.limit_unit or DayUnit.WORKING) if facts.limit_count else "",
    }


@transaction.atomic
def drop_shape(
    *, by: Actor, now: datetime, template: PlanTemplate, version: int, code: str
) -> PlanTemplate:
    """Take a step with its links out of a draft."""
    plan_access.must_make_plans(by)
    draft = _locked_draft(by, template)
    must_be_template_fresh(draft, version)
    step = TemplateStep.objects.filter(zone_id=by.zone_id, template=draft, code=code).first()
    if step is None:
        raise Refused(_("This step was taken out of the draft; load the page again."))
    name = step.name
    step.delete()
    _touch(draft)
    _record(by, now, "drop_shape", draft, name=name)
    return draft


@transaction.atomic
def link_shapes(
    *,
    by: Actor,
    now: datetime,
    template: PlanTemplate,
    before: str,
    after: str,
    kind: str = LinkKind.FS,
    lag: int = 0,
    lag_unit: str = DayUnit.CALENDAR,
) -> TemplateLink:
    """Let a step of a draft wait for another; a circle is refused as the loop in names."""
    plan_access.must_make_plans(by)
    draft = _locked_draft(by, template)
    first, second = (
        _shape(draft, code, field) for code, field in ((before, "before"), (after, "after"))
    )
    if first.pk == second.pk:
        raise Refused(
            _("“%(step)s” cannot wait for itself; choose another step.") % {"step": first.name},
            field="after",
        )
    if kind not in LinkKind.values or lag_unit not in DayUnit.values or abs(lag) > LONGEST:
        raise Refused(_("Choose one of the kinds offered."), field="kind")
    try:
        with transaction.atomic():
            link = TemplateLink.objects.create(
                zone_id=by.zone_id, template=draft, before=first, after=second, kind=kind,
                lag=lag, lag_unit=lag_unit,
            )  # fmt: skip
    except IntegrityError as there:
        raise Refused(
            _("“%(after)s” waits for “%(before)s” in this way already.")
            % {"after": second.name, "before": first.name},
            field="after",
        ) from there
    must_have_no_loop(draft, now)
    _touch(draft)
    _record(by, now, "link_shapes", draft, first=first.name, then=second.name, kind=kind, lag=lag)
    return link


def _shape(draft: PlanTemplate, code: str, field: str) -> TemplateStep:
    step = draft.steps.filter(code=code).first() if code.isprintable() else None
    if step is None:
        raise Refused(_("Choose one of the steps of this draft."), field=field)
    return step


@transaction.atomic
def unlink_shapes(
    *, by: Actor, now: datetime, template: PlanTemplate, link_id: int
) -> PlanTemplate:
    """Take a link out of a draft."""
    plan_access.must_make_plans(by)
    draft = _locked_draft(by, template)
    link = (
        TemplateLink.objects.select_related("before", "after")
        .filter(zone_id=by.zone_id, template=draft, pk=link_id)
        .first()
    )
    if link is None:
        raise Refused(_("This link was taken out meanwhile; load the page again."))
    first, then = link.before.name, link.after.name
    link.delete()
    _touch(draft)
    _record(by, now, "unlink_shapes", draft, first=first, then=then)
    return draft


def must_have_no_loop(template: PlanTemplate, now: datetime) -> None:
    """Steps that wait for one another in a circle could never begin."""
    steps = list(TemplateStep.objects.filter(zone_id=template.zone_id, template=template))
    links = list(TemplateLink.objects.filter(zone_id=template.zone_id, template=template))
    if not steps:
        return
    today = today_of(now)
    network = queries.template_network(template, steps, links, starts_on=today)
    calendar = queries.calendar_of(template.zone_id)
    try:
        reckon(network, calendar=calendar, today=today, promised_on=today)
    except (Loop, Unreadable) as no:
        raise Refused(str(no)) from no


@transaction.atomic
def release_template(
    *, by: Actor, now: datetime, template: PlanTemplate, version: int, source: str
) -> PlanTemplate:
    """Put a draft in use from now on; the version before it is retired, plans made from it stay."""
    plan_access.must_make_plans(by)
    draft = _locked_draft(by, template)
    must_be_template_fresh(draft, version)
    if not draft.steps.exists():
        raise Refused(_("“%(template)s” has no steps yet; add steps first.") % {"template": draft})
    must_have_no_loop(draft, now)
    PlanTemplate.objects.filter(zone_id=by.zone_id, code=draft.code, state=State.LIVE).update(
        state=State.RETIRED
    )
    draft.source = plain(source, "source", most=200) or draft.source
    draft.state, draft.released_at, draft.version = State.LIVE, now, draft.version + 1
    draft.save()
    _record(by, now, "release_template", draft)
    return draft


@transaction.atomic
def retire_template(*, by: Actor, now: datetime, template: PlanTemplate) -> PlanTemplate:
    """Take a template out of use, or throw a draft away; plans made from it stay."""
    plan_access.must_make_plans(by)
    kept = PlanTemplate.objects.select_for_update().get(zone_id=by.zone_id, pk=template.pk)
    if kept.state == State.RETIRED:
        raise Refused(_("“%(template)s” is retired already.") % {"template": str(kept)})
    kept.state, kept.version = State.RETIRED, kept.version + 1
    kept.save()
    _record(by, now, "retire_template", kept)
    return kept


def _record(by: Actor, now: datetime, verb: str, template: PlanTemplate, **detail: Any) -> None:
    journal.record(by=by, now=now, verb=verb, subject=template, template=str(template), **detail)


@transaction.atomic
def adopt_template(
    *, by: Actor, now: datetime, plan: Plan, version: int, template: PlanTemplate
) -> Plan:
    """Take over another version of a template, as its difference was shown.

    What has begun is not touched, nor what people of this plan changed against the version it was
    made from; steps they added stay.
    """
    plan_access.must_make_plans(by)
    kept = locked_plan(by, plan)
    must_be_fresh(kept, version)
    if template.zone_id != by.zone_id or template.state != State.LIVE:
        raise Refused(
            _("“%(template)s” is not in use; choose a template that is.")
            % {"template": str(template)},
            field="template",
        )
    difference = queries.template_difference(kept, template)
    if not difference.is_any and kept.template_id == template.pk:
        raise Refused(
            _("“%(title)s” has everything of “%(template)s” already.")
            % {"title": kept.title, "template": str(template)}
        )
    _apply(kept, difference, now)
    kept.template, kept.version = template, kept.version + 1
    kept.save(update_fields=["template", "version"])
    reckon_and_tell(kept, by=by, now=now, has_new_steps=True)
    journal.record(
        by=by, now=now, verb="adopt_template", subject=kept, party_ref=kept.party_id,
        template=str(template), added=[shape.name for shape in difference.added],
        dropped=[step.name for step in difference.dropped],
        changed_steps=[change.step.name for change in difference.changed],
    )  # fmt: skip
    return kept


def _apply(plan: Plan, difference: queries.TemplateDifference, now: datetime) -> None:
    for change in difference.changed:
        for name, (_before, after) in change.fields.items():
            setattr(change.step, name, after)
        change.step.version += 1
    Step.objects.bulk_update(
        [change.step for change in difference.changed],
        (*(name for name in SHAPE if name != "code"), "office_id", "resource_id", "version"),
    )
    Step.objects.bulk_create(step_from(plan, shape) for shape in difference.added)
    # Links first: a dropped step has none.
    StepLink.objects.filter(
        zone_id=plan.zone_id, plan=plan, pk__in=[link.pk for link in difference.links_out]
    ).delete()
    dropped = [step.pk for step in difference.dropped]
    StepLink.objects.filter(
        Q(before__in=dropped) | Q(after__in=dropped), zone_id=plan.zone_id, plan=plan
    ).delete()
    Step.objects.filter(zone_id=plan.zone_id, pk__in=dropped).update(dropped_at=now)
    numbers = dict(
        Step.objects.filter(zone_id=plan.zone_id, plan=plan, dropped_at__isnull=True).values_list(
            "code", "pk"
        )
    )
    StepLink.objects.bulk_create(
        [
            StepLink(
                zone_id=plan.zone_id, plan=plan, before_id=numbers[link.before],
                after_id=numbers[link.after], kind=link.kind, lag=link.lag,
                lag_unit=link.lag_unit,
            )
            for link in difference.links_in
            if link.before in numbers and link.after in numbers
        ],
        ignore_conflicts=True,
    )  # fmt: skip
