"""API of templates of plans: read with their steps, edited in a draft, released, retired."""

from dataclasses import fields
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.api.plan_shapes import Id, PlanTemplateOut
from xiaoer.work.models import DayUnit, Doer, LinkKind, PlanTemplate

router = Router(tags=["plan templates"])
Code = Annotated[str, Field(max_length=40, pattern=r"^[\w-]*$")]


class TemplateStepOut(Schema):
    """A step of a template; its durations in days of ``unit``."""

    code: str
    name: str
    phase: str
    order: int
    doer: Doer
    office_name: str
    low: int
    likely: int
    high: int
    unit: DayUnit
    is_government: bool
    limit_count: int | None
    limit_unit: str
    limit_source: str
    needs: str
    milestone: str
    mark: str


class TemplateLinkOut(Schema):
    id: int
    before: str
    after: str
    kind: LinkKind
    lag: int
    lag_unit: DayUnit


class TemplateViewOut(Schema):
    template: PlanTemplateOut
    steps: list[TemplateStepOut]
    links: list[TemplateLinkOut]


class TemplateNameIn(Schema):
    name: Annotated[str, Field(max_length=60)]
    code: Code = ""


class TemplateStepIn(Schema):
    """With ``code`` that step is changed, without a step is added; ``version`` is the draft's."""

    version: int
    code: Code = ""
    name: Annotated[str, Field(max_length=80)]
    doer: Doer
    low: int
    likely: int
    high: int
    unit: DayUnit = DayUnit.WORKING
    name_en: Annotated[str, Field(max_length=120)] = ""
    phase: Annotated[str, Field(max_length=40)] = ""
    order: Annotated[int, Field(ge=0, le=30000)] = 0
    office_name: Annotated[str, Field(max_length=60)] = ""
    office_id: Id | None = None
    is_government: bool = False
    limit_count: Annotated[int, Field(ge=0, le=2000)] | None = None
    limit_unit: DayUnit | Literal[""] = ""
    limit_source: Annotated[str, Field(max_length=200)] = ""
    resource_id: Id | None = None
    resource_units: Annotated[int, Field(ge=0, le=1000)] = 0
    needs: Annotated[str, Field(max_length=20, pattern=r"^[a-z_-]*$")] = ""
    milestone: Annotated[str, Field(max_length=20, pattern=r"^[a-z_-]*$")] = ""


class TemplateLinkIn(Schema):
    before: Code
    after: Code
    kind: LinkKind = LinkKind.FS
    lag: int = 0
    lag_unit: DayUnit = DayUnit.CALENDAR


class TemplateDropIn(Schema):
    version: int
    code: Code


class TemplateReleaseIn(Schema):
    version: int
    source: Annotated[str, Field(max_length=200)] = ""


def _template(by: Actor, template_id: int) -> PlanTemplate:
    must_be_staff(by)
    return found(queries.template_by_number(by, template_id))


def _view(by: Actor, template_id: int) -> dict[str, Any]:
    kept = _template(by, template_id)
    codes = {step.pk: step.code for step in kept.steps.all()}
    return {
        "template": kept,
        "steps": list(kept.steps.all()),
        "links": [
            {
                "id": link.pk,
                "before": codes[link.before_id],
                "after": codes[link.after_id],
                "kind": link.kind,
                "lag": link.lag,
                "lag_unit": link.lag_unit,
            }
            for link in kept.links.all()
        ],
    }


@router.get("/plans/templates", response={200: list[PlanTemplateOut], **PROBLEMS})
@api(READ)
def read_plan_templates(request: HttpRequest, by: Actor) -> object:
    """The templates in use."""
    must_be_staff(by)
    return list(queries.templates_in_use(by.zone_id))


@router.get("/plans/templates/{template_id}", response={200: TemplateViewOut, **PROBLEMS})
@api(READ)
def read_plan_template(request: HttpRequest, by: Actor, template_id: int) -> object:
    """A version of a template with its steps and links."""
    return _view(by, template_id)


@router.post("/plans/templates", response={201: PlanTemplateOut, **PROBLEMS})
@api(WRITE)
def start_template(request: HttpRequest, by: Actor, new: TemplateNameIn) -> object:
    """Begin a template of one's own as a draft without steps."""
    return 201, work.start_template(by=by, now=timezone.now(), name=new.name, code=new.code)


@router.post("/plans/templates/{template_id}/draft", response={200: PlanTemplateOut, **PROBLEMS})
@api(WRITE)
def draft_template(request: HttpRequest, by: Actor, template_id: int) -> object:
    """Open the draft of the next version, or find the one there is."""
    kept = _template(by, template_id)
    return work.draft_template(by=by, now=timezone.now(), template=kept)


@router.post("/plans/templates/{template_id}/steps", response={200: TemplateViewOut, **PROBLEMS})
@api(WRITE)
def set_shape(request: HttpRequest, by: Actor, template_id: int, said: TemplateStepIn) -> object:
    """Add a step to a draft, or change the one with this code."""
    given = said.dict() | {"mark": "D"}
    facts = work.ShapeFacts(**{each.name: given[each.name] for each in fields(work.ShapeFacts)})
    work.set_shape(
        by=by, now=timezone.now(), template=_template(by, template_id), version=said.version,
        facts=facts, code=said.code,
    )  # fmt: skip
    return _view(by, template_id)


@router.post("/plans/templates/{template_id}/drop", response={200: TemplateViewOut, **PROBLEMS})
@api(WRITE)
def drop_shape(request: HttpRequest, by: Actor, template_id: int, said: TemplateDropIn) -> object:
    """Take a step with its links out of a draft."""
    work.drop_shape(
        by=by, now=timezone.now(), template=_template(by, template_id), version=said.version,
        code=said.code,
    )  # fmt: skip
    return _view(by, template_id)


@router.post("/plans/templates/{template_id}/links", response={200: TemplateViewOut, **PROBLEMS})
@api(WRITE)
def link_shapes(request: HttpRequest, by: Actor, template_id: int, new: TemplateLinkIn) -> object:
    """Let a step of a draft wait for another; a circle is refused as the loop in names."""
    work.link_shapes(
        by=by, now=timezone.now(), template=_template(by, template_id), before=new.before,
        after=new.after, kind=new.kind, lag=new.lag, lag_unit=new.lag_unit,
    )  # fmt: skip
    return _view(by, template_id)


@router.delete(
    "/plans/templates/{template_id}/links/{link_id}", response={200: TemplateViewOut, **PROBLEMS}
)
@api(WRITE)
def unlink_shapes(request: HttpRequest, by: Actor, template_id: int, link_id: int) -> object:
    """Take a link out of a draft."""
    kept = _template(by, template_id)
    work.unlink_shapes(by=by, now=timezone.now(), template=kept, link_id=link_id)
    return _view(by, template_id)


@router.post("/plans/templates/{template_id}/release", response={200: PlanTemplateOut, **PROBLEMS})
@api(WRITE)
def release_template(
    request: HttpRequest, by: Actor, template_id: int, said: TemplateReleaseIn
) -> object:
    """Put a draft in use; the version before is retired, plans made from it stay."""
    return work.release_template(
        by=by, now=timezone.now(), template=_template(by, template_id), version=said.version,
        source=said.source,
    )  # fmt: skip


@router.post("/plans/templates/{template_id}/retire", response={200: PlanTemplateOut, **PROBLEMS})
@api(WRITE)
def retire_template(request: HttpRequest, by: Actor, template_id: int) -> object:
    """Take a template out of use, or throw a draft away."""
    kept = _template(by, template_id)
    return work.retire_template(by=by, now=timezone.now(), template=kept)
