"""Jobs of permits."""

from contextlib import suppress

from django.conf import settings
from django.utils import timezone, translation
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from xiaoer.base.models import Zone
from xiaoer.base.scope import acting, system
from xiaoer.permits import actions as permits
from xiaoer.permits.actions import acceptance, automatic
from xiaoer.permits.actions.acceptance_planning import JOB as PLAN
from xiaoer.permits.actions.noticing import JOB
from xiaoer.permits.models import Case, CaseMaterial, CaseNotice


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="tidy_applications", name="tidy_applications")
def tidy_applications(timestamp: int) -> None:
    """Every night, one job a zone."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        tidy_applications_of.configure(lock=f"tidy_applications:{zone_id}").defer(zone_id=zone_id)


@app.task(name="tidy_applications_of")
def tidy_applications_of(zone_id: int) -> None:
    """End drafts nobody went on with, and forget who looked for which number."""
    by, now = system(zone_id), timezone.now()
    with acting(by):
        permits.expire_drafts(by=by, now=now)
        permits.forget_lookups(by=by, now=now)


@app.task(name="read_material")
def read_material(zone_id: int, material_id: int) -> None:
    """Read a paper given with a draft."""
    by = system(zone_id)
    with acting(by):
        material = CaseMaterial.objects.filter(zone_id=zone_id, pk=material_id).first()
        if material is not None:
            permits.read_material(by=by, now=timezone.now(), material=material)


@app.task(name=JOB)
def make_case_notice(zone_id: int, notice_id: int) -> None:
    """Set and sign one official paper of a case."""
    by = system(zone_id)
    with translation.override(settings.LANGUAGE_CODE), acting(by):
        notice = CaseNotice.objects.get(zone_id=zone_id, pk=notice_id)
        permits.make_case_notice(by=by, now=timezone.now(), notice=notice)


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="follow_cases_everywhere", name="follow_cases_everywhere")
def follow_cases_everywhere(timestamp: int) -> None:
    """Every hour, one job a zone: what the law says of a silent desk, and what was promised."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        follow_cases_of.configure(lock=f"cases:{zone_id}").defer(zone_id=zone_id)


@app.task(name="follow_cases_of")
def follow_cases_of(zone_id: int) -> None:
    """Cases accepted by silence in one zone, and papers that were promised for a day."""
    by = system(zone_id)
    with translation.override(settings.LANGUAGE_CODE), acting(by):
        permits.deem_accepted(by=by, now=timezone.now())
        permits.follow_promises(by=by, now=timezone.now())


@app.task(name=automatic.JOB)
def decide_case(zone_id: int, case_id: int) -> None:
    """Decide one case by rule. Its papers are read first and kept, whatever becomes of the rest."""
    by = system(zone_id)
    with translation.override(settings.LANGUAGE_CODE):
        with acting(by):
            case = Case.objects.get(zone_id=zone_id, pk=case_id)
            permits.read_case_papers(by=by, now=timezone.now(), case=case)
        with acting(by):
            permits.decide_case(by=by, now=timezone.now(), case=case)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="decide_left_cases", name="decide_left_cases")
def decide_left_cases(timestamp: int) -> None:
    """Every minute: cases a killed worker left undecided."""
    for zone_id in Zone.objects.values_list("id", flat=True):
        with acting(system(zone_id)):
            left = automatic.left_cases(zone_id=zone_id, now=timezone.now())
        for case_id in left:
            with suppress(AlreadyEnqueued):
                decide_case.configure(queueing_lock=f"decide:{case_id}").defer(
                    zone_id=zone_id, case_id=case_id
                )


@app.task(name=PLAN)
def plan_site_days(zone_id: int, search_id: int) -> None:
    """Search days on sites for a zone, telling how far it is and heeding who wants it stopped."""
    by = system(zone_id)
    with acting(by):
        begun = acceptance.begin_site_search(by=by, now=timezone.now(), search_id=search_id)
    if begun is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        found, better = acceptance.run_site_search(by=by, search_id=search_id, begun=begun)
    with acting(by):
        acceptance.finish_site_search(
            by=by, now=timezone.now(), search_id=search_id, problem=begun[0], found=found,
            better=better,
        )  # fmt: skip
