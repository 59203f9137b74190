"""A step of a project's plan that names a case or an acceptance follows it.

A step names by its code: ``joint`` a joint acceptance, ``archive`` its completion filing, and any
code of a thing or of an item of one a case of the plan's enterprise. What the enterprise does by
itself is no item, though it may be called like one: its soil survey is not the joint survey of the
mains. Plans know nothing of this room: the system reports on their steps, with the number of what
moved in the note.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from xiaoer.base.scope import Actor, acting, on_behalf, system
from xiaoer.permits.models import Acceptance, Case, CaseItem
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Plan, Step
from xiaoer.work.plan_access import OWN_DOERS

JOINT, FILING = "joint", "archive"
# Steps of the shipped plans by items of the shipped things that mean the same.
SAME = {
    "landuse": "land_permit",
    "title": "land_title",
    "works": "works_permit",
    "assess": "eia",
    "permit": "build_permit",
}
# Of all that happens to a case, what begins or ends a step.
FOLLOWED = frozenset(
    {"submit_case", "accept_case", "deem_accepted", "grant_item", "file_item", "issue_case"}
)
ENDED = (CaseItem.State.GRANTED, CaseItem.State.FILED)


def item_codes(steps: Iterable[Step]) -> dict[str, str]:
    """Codes of items that steps of authorities and utilities name, each with the code of its step."""
    codes = {step.code for step in steps if step.code and step.doer not in OWN_DOERS}
    named = {code: code for code in codes if code not in SAME}
    return named | {item: code for item, code in SAME.items() if code in codes}


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(LOCAL).date() if moment else None


def follow_acceptance(row: Acceptance, *, now: datetime) -> None:
    """The steps of its project's plan, where the whole project is accepted, and not a part."""
    if row.part or row.project.matter_id is None:
        return
    by = system(row.zone_id)
    with acting(by):
        plans = Plan.objects.filter(matter_id=row.project.matter_id, closed_at__isnull=True)
        note = _("%(number)s: %(state)s") % {
            "number": row.number,
            "state": row.get_state_display(),
        }
        for plan in plans:
            _report(plan, JOINT, _day(row.applied_at), _day(row.concluded_at), note, by, now)
            if row.concluded_at is not None:
                _report(plan, FILING, _day(row.concluded_at), row.filed_on, note, by, now)


def follow_case(
    *, case: Case, by: Actor, now: datetime, how: str = "submit_case", **_signal: Any
) -> None:
    """The steps of the applicant's plans that name the case's thing or one of its items."""
    if how not in FOLLOWED or case.party_id is None or case.submitted_at is None:
        return
    # Staff see for themselves that there is no plan, as mostly there is none; others ask as the zone.
    with on_behalf(by):
        plans = list(
            Plan.objects.filter(
                zone_id=case.zone_id, party_id=case.party_id, closed_at__isnull=True
            ).values_list("pk", flat=True)
        )
        known = Step.objects.filter(
            zone_id=case.zone_id, plan_id__in=plans,
            dropped_at__isnull=True, finished_on__isnull=True,
        )  # fmt: skip
        steps = list(known.select_related("plan")) if plans else []
    codes = {step.code for step in steps}
    if not codes:
        return
    by = system(case.zone_id)
    with acting(by):
        thing = case.thing_version.thing.code
        ends: dict[str, date | None] = {thing: _day(case.issued_at)} if thing in codes else {}
        # Only the items a step names: a case of a thousand branches costs no more than one of two.
        named = item_codes(steps)
        for item in CaseItem.objects.filter(zone_id=case.zone_id, case_id=case.pk, code__in=named):
            done = _day(item.decided_at) if item.state in ENDED else None
            ends[named[item.code]] = done
        note = _("Case %(number)s: %(state)s") % {
            "number": case.number,
            "state": case.get_state_display(),
        }
        for plan in {step.plan_id: step.plan for step in steps}.values():
            for code, done in ends.items():
                _report(plan, code, _day(case.submitted_at), done, note, by, now)


def _report(
    plan: Plan, code: str, begun: date | None, done: date | None, note: str, by: Actor, now: datetime
) -> None:  # fmt: skip
    """Report what is new of a step; one that ended, or that says it already, is left alone."""
    step = Step.objects.filter(
        zone_id=plan.zone_id,
        plan=plan,
        code=code,
        dropped_at__isnull=True,
        finished_on__isnull=True,
    ).first()
    if step is None or begun is None:
        return
    started = min(step.started_on or begun, begun)
    if step.started_on == started and done is None:
        return
    work.report_step(
        by=by, now=now, step=step, version=step.version,
        progress=work.Progress(
            started_on=started, finished_on=max(done, started) if done else None, note=note[:500]
        ),
    )  # fmt: skip
