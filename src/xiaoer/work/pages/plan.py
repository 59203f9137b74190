"""One plan: its bars, what must start, and the verbs that move it; its baselines compared."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base import queries as base
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.work import actions as work
from xiaoer.work import plan_access as access
from xiaoer.work import queries
from xiaoer.work.following import followed
from xiaoer.work.models import DayUnit, Doer, LinkKind, Plan, Resource, Step
from xiaoer.work.pages.plan_drawing import drawing_of
from xiaoer.work.pages.plan_forms import (
    day_in,
    facts_in,
    must_day,
    must_number,
    number_in,
    progress_in,
)
from xiaoer.work.pages.reading import chosen, number_in_address
from xiaoer.work.planning.conflicts import smallest_conflict
from xiaoer.work.step_words import STEP_WORDS

readers = page(*STAFF_ROLES, Role.CITY, Role.ENTERPRISE)
# Reports shown at first, and behind "all".
FIRST, ALL = 8, 400
FORMS = ("report", "change", "add", "link", "promise", "baseline", "block", "adopt", "close")
# What a step may need, and what its end may mean; the rooms above give these codes their sense.
NEEDS = (
    ("land", gettext_lazy("land")),
    ("money", gettext_lazy("money")),
    ("power", gettext_lazy("power")),
    ("gas", gettext_lazy("gas")),
    ("water", gettext_lazy("water")),
    ("heat", gettext_lazy("heat")),
    ("labour", gettext_lazy("labour")),
    ("permit", gettext_lazy("permits")),
)
MILESTONES = (
    ("land", gettext_lazy("land in hand")),
    ("started", gettext_lazy("building started")),
    ("roof", gettext_lazy("roof closed")),
    ("completed", gettext_lazy("completed")),
    ("producing", gettext_lazy("in production")),
    ("full", gettext_lazy("full output")),
)


def today() -> date:
    return timezone.localdate()


def plan_for(by: Actor, plan_id: int) -> Plan:
    return found(queries.plan_by_number(by, plan_id))


@readers
def plan(request: HttpRequest, by: Actor, plan_id: int) -> HttpResponse:
    """A plan with everything that moves it; ``act`` opens a form, ``step`` chooses its step."""
    kept = plan_for(by, plan_id)
    is_outside = by.database_role == OUTSIDE
    view = queries.plan_view(kept, today(), is_outside=is_outside)
    act = chosen(request, "act", FORMS)
    follows = followed(
        by=by, plan=kept, steps=[row.step for row in view.rows if row.step.code], now=timezone.now()
    )  # fmt: skip
    makes = access.makes_plans(by) and kept.closed_at is None
    most = ALL if request.GET.get("progress") == "all" else FIRST
    reports = queries.reports_of(kept, most=most + 1)
    context = {
        "plan": kept,
        "view": view,
        "drawing": drawing_of(view),
        "follows": [
            (row.step, follows[row.step.code]) for row in view.rows if row.step.code in follows
        ],
        "makes": makes,
        "may_reopen": access.makes_plans(by) and kept.closed_at is not None,
        "moves": access.moves_promises(by) and kept.closed_at is None,
        "mine": frozenset(
            row.step.pk
            for row in view.rows
            if kept.closed_at is None and access.may_report(by, kept, row.step)
        ),
        "is_outside": is_outside,
        "conflict": _conflict(view),
        "shared": []
        if is_outside or kept.closed_at
        else queries.resource_conflicts_of(kept.zone_id, kept.pk),
        "reports": reports[:most],
        "has_more_reports": most == FIRST and len(reports) > FIRST,
        "act": act,
    }
    if act:
        context |= _form(request, by, view, act)
    return render(request, "work/plan.html", context)


def _conflict(view: queries.PlanView) -> object:
    """Why the promised day cannot be kept, where it cannot."""
    if view.slack >= 0:
        return None
    return smallest_conflict(
        view.links.network,
        calendar=queries.calendar_of(view.plan.zone_id),
        today=view.today,
        promised_on=view.plan.promised_on,
    )


def _form(request: HttpRequest, by: Actor, view: queries.PlanView, act: str) -> dict[str, Any]:
    """What the opened form offers."""
    wanted = number_in_address(request, "step")
    step = next((row.step for row in view.rows if row.step.pk == wanted), None)
    given: dict[str, Any] = {"step": step}
    if act in ("report", "block") or (act == "change" and step is None):
        given["steps"] = [
            (row.step.pk, row.step.name)
            for row in view.rows
            if access.may_report(by, view.plan, row.step) and not row.is_finished
        ]
    if act in ("change", "add", "link") and access.makes_plans(by):
        given |= choices_of(by)
        given["steps_all"] = [(row.step.pk, row.step.name) for row in view.rows]
        given["links"] = [
            link
            for link in view.links.links
            if step is None or step.pk in (link.before_id, link.after_id)
        ]
        given["names"] = {row.step.pk: row.step.name for row in view.rows}
    if act == "adopt" and access.makes_plans(by):
        given |= _adoption(request, by, view.plan)
    return given


def choices_of(by: Actor) -> dict[str, Any]:
    """What the forms of steps choose from."""
    return {
        "doers": Doer.choices,
        "units": DayUnit.choices,
        "kinds": LinkKind.choices,
        "needs": NEEDS,
        "milestones": MILESTONES,
        "offices": [(each.pk, each.name) for each in base.offices(zone_id=by.zone_id)],
        "resources": [
            (each.pk, each.name)
            for each in Resource.objects.filter(zone_id=by.zone_id, ended_on__isnull=True)
        ],
    }


def _adoption(request: HttpRequest, by: Actor, plan: Plan) -> dict[str, Any]:
    """The versions a plan may adopt, and what the chosen one would change."""
    templates = list(queries.templates_in_use(by.zone_id))
    wanted = number_in_address(request, "template")
    if wanted is None and plan.template is not None:
        code = plan.template.code
        wanted = next((each.pk for each in templates if each.code == code), None)
    template = next((each for each in templates if each.pk == wanted), None)
    return {
        "templates": [(each.pk, str(each)) for each in templates],
        "template": template,
        "difference": queries.template_difference(plan, template) if template else None,
        "step_word": lambda name: STEP_WORDS.get(name, name),
    }


@readers
def plan_preview(request: HttpRequest, by: Actor, plan_id: int) -> HttpResponse:
    """What a change would move, as a part beside its form; nothing is written."""
    kept = plan_for(by, plan_id)
    access.must_move_promises(by)
    context: dict[str, Any] = {"plan": kept, "shown": None, "message": ""}
    try:
        context["shown"] = _asked(request, kept)
    except Refused as refusal:
        context["message"] = str(refusal)
    return render(request, "work/_plan_what_if.html", context)


def _asked(request: HttpRequest, plan: Plan) -> queries.WhatIf | None:
    promised_on = day_in(request.GET, "promised_on")
    if promised_on is not None:
        return queries.what_if_promised(plan, today(), promised_on)
    step = Step.objects.filter(plan=plan, pk=number_in_address(request, "step") or 0).first()
    if step is None:
        return None
    facts = facts_in(request.GET, step)
    for name in ("likely", "not_before", "not_after", "unit"):
        setattr(step, name, getattr(facts, name))
    step.low, step.high = min(step.low, step.likely), max(step.high, step.likely)
    return queries.what_if(plan, today(), step)


Act = Callable[[HttpRequest, Actor, Plan, datetime], str]


def _step(request: HttpRequest, by: Actor) -> Step:
    number = number_in(request.POST, "step")
    if number is None:
        raise Refused(_("Choose a step of the plan."), field="step")
    return found(queries.step_by_number(by, number))


def _report(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    step = _step(request, by)
    verb = work.correct_step if request.POST.get("correct") == "yes" else work.report_step
    verb(by=by, now=now, step=step, version=must_number(request, "version"),
         progress=progress_in(request))  # fmt: skip
    return _("Kept, and the plan is reckoned anew.")


def _change(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    step = _step(request, by)
    work.change_step(
        by=by, now=now, step=step, version=must_number(request, "version"),
        facts=facts_in(request.POST, step),
    )  # fmt: skip
    return _("Changed, and the plan is reckoned anew.")


def _add(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    ends = [
        None if number is None else found(queries.step_by_number(by, number))
        for number in (number_in(request.POST, "after"), number_in(request.POST, "before"))
    ]
    work.add_step(
        by=by, now=now, plan=plan, facts=facts_in(request.POST, None), after=ends[0],
        before=ends[1],
    )  # fmt: skip
    return _("Added, and the plan is reckoned anew.")


def _drop(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    work.drop_step(
        by=by, now=now, step=_step(request, by), version=must_number(request, "version"),
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    return _("Dropped; what waited for it waits for what came before.")


def _link(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    before, after = (
        found(queries.step_by_number(by, must_number(request, name)))
        for name in ("before", "after")
    )
    work.link_steps(
        by=by, now=now, before=before, after=after, kind=request.POST.get("kind", ""),
        lag=number_in(request.POST, "lag") or 0,
        lag_unit=request.POST.get("lag_unit") or DayUnit.CALENDAR,
    )  # fmt: skip
    return _("Linked, and the plan is reckoned anew.")


def _unlink(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    link = found(queries.link_by_number(by, must_number(request, "link")))
    work.unlink_steps(by=by, now=now, link=link)
    return _("Taken out, and the plan is reckoned anew.")


def _promise(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    work.move_promise(
        by=by, now=now, plan=plan, version=must_number(request, "version"),
        promised_on=must_day(request, "promised_on"), reason=request.POST.get("reason", ""),
    )  # fmt: skip
    return _("Promised for another day; the days promised before stay on record.")


def _baseline(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    work.settle_baseline(by=by, now=now, plan=plan, reason=request.POST.get("reason", ""))
    return _("Settled; the course is held against it from now on.")


def _forecast(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    work.run_forecast(by=by, now=now, plan=plan)
    return _("Drawn anew from many courses.")


def _block(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    work.block_step(
        by=by, now=now, step=_step(request, by), version=must_number(request, "version"),
        blocked_by=request.POST.get("blocked_by", ""),
    )  # fmt: skip
    return _("Said; the wall shows it until the step goes on.")


def _unblock(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    work.unblock_step(
        by=by, now=now, step=_step(request, by), version=must_number(request, "version")
    )
    return _("The step goes on.")


def _adopt(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    template = found(queries.template_by_number(by, must_number(request, "template")))
    work.adopt_template(
        by=by, now=now, plan=plan, version=must_number(request, "version"), template=template
    )
    return _("Adopted; what had begun stayed as it was.")


def _close(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    work.close_plan(by=by, now=now, plan=plan, reason=request.POST.get("reason", ""))
    return _("Closed; it stays as it ended.")


def _reopen(request: HttpRequest, by: Actor, plan: Plan, now: datetime) -> str:
    work.reopen_plan(by=by, now=now, plan=plan, reason=request.POST.get("reason", ""))
    return _("Taken up again.")


ACTS: Mapping[str, Act] = {
    "report": _report,
    "change": _change,
    "add": _add,
    "drop": _drop,
    "link": _link,
    "unlink": _unlink,
    "promise": _promise,
    "baseline": _baseline,
    "forecast": _forecast,
    "block": _block,
    "unblock": _unblock,
    "adopt": _adopt,
    "close": _close,
    "reopen": _reopen,
}


@require_POST
@readers
def plan_act(request: HttpRequest, by: Actor, plan_id: int, act: str) -> HttpResponse:
    """One verb of a plan, then its page again."""
    kept = plan_for(by, plan_id)
    verb = found(ACTS.get(act))
    messages.success(request, verb(request, by, kept, timezone.now()))
    return go(request, reverse("plan", args=[kept.pk]))


@readers
def plan_baselines(request: HttpRequest, by: Actor, plan_id: int) -> HttpResponse:
    """The course of a plan against one of its baselines."""
    kept = plan_for(by, plan_id)
    baselines = queries.baselines_of(kept)
    wanted = number_in_address(request, "number")
    shown = next(
        (each for each in baselines if each.number == wanted), baselines[-1] if baselines else None
    )
    context = {
        "plan": kept,
        "baselines": baselines,
        "shown": shown,
        "rows": queries.compared_with(kept, shown) if shown else [],
        "makes": access.makes_plans(by) and kept.closed_at is None,
    }
    return render(request, "work/plan_baselines.html", context)
