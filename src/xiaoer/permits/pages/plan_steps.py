"""From a step of a project's plan to the case it names: what is opened, for whom, and what is known."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.scope import Actor
from xiaoer.permits import actions as permits
from xiaoer.permits import applicant_access as access
from xiaoer.permits.models import Case, Thing
from xiaoer.permits.pages.drafting import shown_value
from xiaoer.permits.pages.ways import my_way
from xiaoer.permits.prefilling import project_values
from xiaoer.permits.queries.applying import version_in_force
from xiaoer.permits.queries.plan_steps import case_of_step, things_of_steps
from xiaoer.permits.thing_words import name_of
from xiaoer.permits.wording import read_definition
from xiaoer.projects.models import Project
from xiaoer.work.models import Step

openers = page(*access.SPEAKS, *STAFF_ROLES)


@require_http_methods(["GET", "POST"])
@openers
def case_for_step(request: HttpRequest, by: Actor, plan_step_id: int) -> HttpResponse:
    """Open the case a step names; the one begun already is gone on with."""
    rows = Step.objects.filter(zone_id=by.zone_id, pk=plan_step_id, dropped_at__isnull=True)
    step = found(rows.select_related("plan__party").first())
    access.must_open_for_step(by, step.plan, step)
    now = timezone.now()
    if request.method == "POST":
        case = permits.open_case_for_step(by=by, now=now, step=step)
        messages.success(
            request,
            _("“%(thing)s” is open; the step follows it.") % {"thing": case.thing_version.thing},
        )
        return go(request, my_way(case).home)
    thing = found(things_of_steps(by.zone_id, [step], now).get(step.code))
    begun = case_of_step(by, step, thing)
    if begun is not None:
        is_own = not by.is_staff or begun.state == Case.State.DRAFT
        return redirect("my_case" if is_own else "permit_case", begun.pk)
    project = Project.objects.filter(zone_id=by.zone_id, matter_id=step.plan.matter_id).first()
    context = {
        "step": step,
        "thing": thing,
        "thing_name": name_of(thing),
        "known": _known(by, thing, project) if project else [],
        "is_staff": by.is_staff,
    }
    return render(request, "permits/case_for_step.html", context)


def _known(by: Actor, thing: Thing, project: Project) -> list[tuple[str, str]]:
    """Fields the project fills, as they will stand there."""
    version = found(version_in_force(zone_id=by.zone_id, thing_id=thing.pk, now=timezone.now()))
    definition = read_definition(version.body)
    values = project_values(definition, project)
    return [
        (name_of(one), shown_value(one, values[one.code].value))
        for one in definition.fields
        if one.code in values
    ]
