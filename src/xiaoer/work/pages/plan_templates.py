"""Templates of plans: versions, steps and links; edited in a draft, released, retired."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.work import actions as work
from xiaoer.work import plan_access as access
from xiaoer.work import queries
from xiaoer.work.models import DayUnit, PlanTemplate
from xiaoer.work.pages.limits import marks
from xiaoer.work.pages.plan import NEEDS, choices_of, today
from xiaoer.work.pages.plan_forms import must_number, number_in
from xiaoer.work.planning.frame import Loop
from xiaoer.work.planning.passes import reckon

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
WORDS = ("name", "name_en", "phase", "doer", "unit", "office_name", "needs", "milestone",
         "limit_unit", "limit_source")  # fmt: skip


@readers
def plan_templates(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every template with its versions."""
    rows = list(queries.templates(by.zone_id).order_by("code", "-number"))
    groups: dict[str, list[PlanTemplate]] = {}
    for row in rows:
        groups.setdefault(row.code, []).append(row)
    return render(
        request,
        "work/plan_templates.html",
        {"groups": list(groups.values()), "makes": access.makes_plans(by)},
    )


@readers
def plan_template(request: HttpRequest, by: Actor, template_id: int) -> HttpResponse:
    """A version with its steps and links; a draft is edited here, its loops told as they arise."""
    kept = found(queries.template_by_number(by, template_id))
    steps, links = list(kept.steps.all()), list(kept.links.all())
    wanted = request.GET.get("step", "")
    names = {step.pk: step.name for step in steps}
    waits: dict[int, list[str]] = {}
    for link in links:
        waits.setdefault(link.after_id, []).append(_link_words(names[link.before_id], link))
    makes = access.makes_plans(by)
    context = {
        "template": kept,
        "steps": [(step, waits.get(step.pk, []), marks().get(step.mark)) for step in steps],
        "links": [(link, names[link.before_id], names[link.after_id]) for link in links],
        "length": _length(kept, steps, links),
        "makes": makes,
        "edits": makes and kept.state == PlanTemplate.State.DRAFT,
        "edited": next((step for step in steps if step.code == wanted), None),
        "is_new": wanted == "new",
        "codes": [(step.code, step.name) for step in steps],
        "mark": marks().get(kept.mark),
        "need_words": dict(NEEDS),
    }
    if context["edits"]:
        context |= choices_of(by)
    return render(request, "work/plan_template.html", context)


def _link_words(before: str, link: Any) -> str:
    said = before if link.kind == "FS" else f"{before} {link.get_kind_display()}"
    return f"{said} {link.lag:+d}" if link.lag else said


def _length(template: PlanTemplate, steps: list[Any], links: list[Any]) -> str:
    """How long a plan of it takes when it starts today, or the loop in names."""
    if not steps:
        return ""
    network = queries.template_network(template, steps, links, starts_on=today())
    try:
        schedule = reckon(
            network,
            calendar=queries.calendar_of(template.zone_id),
            today=today(),
            promised_on=today(),
        )
    except Loop as loop:
        return str(loop)
    return _("%(days)s calendar days from its start to its end at likely durations") % {
        "days": (schedule.ends_on - today()).days + 1
    }


Act = Callable[[HttpRequest, Actor, PlanTemplate, datetime], PlanTemplate]


def _draft(request: HttpRequest, by: Actor, kept: PlanTemplate, now: datetime) -> PlanTemplate:
    return work.draft_template(by=by, now=now, template=kept)


def _set(request: HttpRequest, by: Actor, kept: PlanTemplate, now: datetime) -> PlanTemplate:
    code = request.POST.get("code", "")
    step = next((each for each in kept.steps.all() if each.code == code), None)
    facts = work.shape_of(step) if step else work.ShapeFacts("", "owner", 1, 1, 1)
    new: dict[str, Any] = {
        name: request.POST.get(name, "").strip() for name in WORDS if name in request.POST
    }
    new |= {name: must_number(request, name) for name in ("low", "likely", "high")}
    new |= {
        "order": number_in(request.POST, "order") or facts.order,
        "limit_count": number_in(request.POST, "limit_count"),
        "office_id": number_in(request.POST, "office"),
        "resource_id": number_in(request.POST, "resource"),
        "resource_units": number_in(request.POST, "resource_units") or 0,
        "is_government": request.POST.get("is_government") == "yes",
        # What the zone typed itself is its own word.
        "mark": "D",
    }
    work.set_shape(
        by=by, now=now, template=kept, version=must_number(request, "version"),
        facts=replace(facts, **new), code=code,
    )  # fmt: skip
    return kept


def _drop(request: HttpRequest, by: Actor, kept: PlanTemplate, now: datetime) -> PlanTemplate:
    return work.drop_shape(
        by=by, now=now, template=kept, version=must_number(request, "version"),
        code=request.POST.get("code", ""),
    )  # fmt: skip


def _link(request: HttpRequest, by: Actor, kept: PlanTemplate, now: datetime) -> PlanTemplate:
    work.link_shapes(
        by=by, now=now, template=kept, before=request.POST.get("before", ""),
        after=request.POST.get("after", ""), kind=request.POST.get("kind", ""),
        lag=number_in(request.POST, "lag") or 0,
        lag_unit=request.POST.get("lag_unit") or DayUnit.CALENDAR,
    )  # fmt: skip
    return kept


def _unlink(request: HttpRequest, by: Actor, kept: PlanTemplate, now: datetime) -> PlanTemplate:
    return work.unlink_shapes(by=by, now=now, template=kept, link_id=must_number(request, "link"))


def _release(request: HttpRequest, by: Actor, kept: PlanTemplate, now: datetime) -> PlanTemplate:
    return work.release_template(
        by=by, now=now, template=kept, version=must_number(request, "version"),
        source=request.POST.get("source", ""),
    )  # fmt: skip


def _retire(request: HttpRequest, by: Actor, kept: PlanTemplate, now: datetime) -> PlanTemplate:
    return work.retire_template(by=by, now=now, template=kept)


ACTS: Mapping[str, Act] = {
    "draft": _draft,
    "set": _set,
    "drop": _drop,
    "link": _link,
    "unlink": _unlink,
    "release": _release,
    "retire": _retire,
}


@require_POST
@staff
def plan_template_act(request: HttpRequest, by: Actor, template_id: int, act: str) -> HttpResponse:
    """One verb of a template, then its page again."""
    kept = found(queries.template_by_number(by, template_id))
    after = found(ACTS.get(act))(request, by, kept, timezone.now())
    messages.success(request, _("Kept."))
    return go(request, reverse("plan_template", args=[after.pk]))


@require_POST
@staff
def plan_template_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Begin a template of one's own."""
    draft = work.start_template(by=by, now=timezone.now(), name=request.POST.get("name", ""))
    return go(request, reverse("plan_template", args=[draft.pk]))


@require_POST
@staff
def plan_templates_seed(request: HttpRequest, by: Actor) -> HttpResponse:
    """Add the shipped templates the zone does not have, such as one opened before there were any."""
    count = work.seed_plan_templates(by=by, now=timezone.now())
    messages.success(request, _("%(count)d templates were added.") % {"count": count})
    return go(request, reverse("plan_templates"))
