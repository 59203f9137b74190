"""The case a step of a plan names is opened from it, filled in from the project and its firm."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.permits import applicant_access as access
from xiaoer.permits.actions.filling import open_case
from xiaoer.permits.actions.holding_case import case_in_hand, save_case
from xiaoer.permits.models import Case
from xiaoer.permits.prefilling import project_values
from xiaoer.permits.queries.plan_steps import case_of_step, things_of_steps
from xiaoer.permits.wording import read_definition
from xiaoer.projects.models import Project
from xiaoer.registry.models import Party
from xiaoer.work.models import Step


@transaction.atomic
def open_case_for_step(*, by: Actor, now: datetime, step: Step) -> Case:
    """Begin the case for the plan's enterprise; the one it has begun already is given back.

    Staff begin it as a helping agent: they fill it in, and submit it with a power of attorney.
    """
    if not Step.objects.filter(zone_id=by.zone_id, pk=step.pk).exists():
        raise Refused(_("There is no such step here for you."))
    with on_behalf(by):
        # Two who press at once meet here.
        row = Step.objects.select_for_update(of=("self",)).select_related("plan").get(
            zone_id=by.zone_id, pk=step.pk
        )  # fmt: skip
    access.must_open_for_step(by, row.plan, row)
    thing = things_of_steps(by.zone_id, [row], now).get(row.code)
    if thing is None:
        raise Refused(
            _("“%(step)s” names nothing that can be applied for today.") % {"step": row.name}
        )
    known = case_of_step(by, row, thing)
    if known is not None:
        return known
    case = open_case(
        by=by, now=now, thing=thing,
        party=Party.objects.filter(zone_id=by.zone_id, pk=row.plan.party_id or 0).first(),
        channel=Case.Channel.AGENT if by.is_staff else Case.Channel.ONLINE,
    )  # fmt: skip
    project = Project.objects.filter(zone_id=by.zone_id, matter_id=row.plan.matter_id).first()
    return _fill_from(case, project, by=by, now=now) if project else case


def _fill_from(case: Case, project: Project, *, by: Actor, now: datetime) -> Case:
    """What the project says, where nothing is known better."""
    with case_in_hand(by, case, now) as row:
        definition = read_definition(row.thing_version.body)
        for code, known in project_values(definition, project).items():
            if not row.form.get(code):
                row.form[code], row.form_sources[code] = known.value, known.source
        save_case(row, "form", "form_sources")
    return row
