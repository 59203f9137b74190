"""容缺: papers promised for later are reminded of, found missing, brought, or settled by a person."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import case_access as access
from xiaoer.permits.actions.case_rows import locked_case, matter_of, must_say, tell
from xiaoer.permits.actions.noticing import order_notice
from xiaoer.permits.models import Case, CaseMaterial, CaseNotice
from xiaoer.work import actions as work
from xiaoer.work import queries as works
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Task

FOLLOW = "follow_paper"


@transaction.atomic
def follow_promises(*, by: Actor, now: datetime) -> int:
    """Remind of papers whose day is near, and mark those not brought by theirs.

    A job. It marks and tells; whether what was granted is taken back is for a person to decide. Run
    twice, it tells nothing twice. A case that hinders it is left and told. How many were told.
    """
    access.must_be_system(by)
    today = now.astimezone(LOCAL).date()
    near = works.calendar_of(by.zone_id).add_working_days(
        today, works.limit(by.zone_id, "permit.near").count
    )
    done, left = 0, dict[str, str]()
    waiting = (
        CaseMaterial.objects.filter(
            zone_id=by.zone_id, state=CaseMaterial.State.PROMISED, promised_until__lte=near
        )
        .values("case_id", "case__number")
        .annotate(first=Min("promised_until"))
        .order_by("first", "case_id")
    )
    for row in list(waiting):
        with going_on(left, row["case__number"] or str(row["case_id"])):
            done += _follow(row["case_id"], near=near, today=today, by=by, now=now)
    tell_left(by=by, now=now, left=left)
    return done


def _follow(number: int, *, near: date, today: date, by: Actor, now: datetime) -> int:
    """What one case was promised."""
    case = locked_case(by, Case(pk=number))
    if case.state not in (Case.State.RUNNING, Case.State.DECIDED, Case.State.ISSUED):
        return 0
    promised = case.materials.select_for_update().filter(
        state=CaseMaterial.State.PROMISED, promised_until__lte=near
    )
    return sum(
        _break(case, one, by=by, now=now)
        if one.promised_until is not None and one.promised_until < today
        else _remind(case, one, by=by, now=now)
        for one in promised
    )


def _remind(case: Case, material: CaseMaterial, *, by: Actor, now: datetime) -> int:
    if case.events.filter(verb="remind_paper", detail__paper=material.paper_code).exists():
        return 0
    tell(
        case, "remind_paper", by=by, now=now, paper=material.paper_code, name=material.name,
        until=str(material.promised_until),
    )  # fmt: skip
    return 1


def _break(case: Case, material: CaseMaterial, *, by: Actor, now: datetime) -> int:
    material.state = CaseMaterial.State.BROKEN
    material.save(update_fields=["state"])
    event = tell(
        case, "break_paper", by=by, now=now, paper=material.paper_code, name=material.name,
        until=str(material.promised_until),
    )  # fmt: skip
    order_notice(event, CaseNotice.Kind.BROKEN, now=now)
    office = case.thing_version.thing.office or case.desk
    matter = matter_of(case)
    if office is not None:
        if matter.closed_at is not None:
            matter = work.reopen_matter(by=by, now=now, matter=matter)
        work.give_task(
            by=by,
            now=now,
            matter=matter,
            kind=FOLLOW,
            title=_("%(name)s: “%(paper)s” was promised and not brought")
            % {"name": case.applicant_name, "paper": material.name},
            office=office,
            limit=works.limit(case.zone_id, "permit.near"),
        )
    return 1


@transaction.atomic
def settle_paper(*, by: Actor, now: datetime, material: CaseMaterial, words: str) -> CaseMaterial:
    """Say what was done about a promise not kept: brought after all, not needed, or on the way to
    being revoked. A person's word, which ends the task."""
    seen = CaseMaterial.objects.filter(zone_id=by.zone_id, pk=material.pk).first()
    if seen is None:
        raise Refused(_("There is no such paper here; it may be of another zone."))
    case = locked_case(by, Case(pk=seen.case_id))
    access.must_be_person(by)
    lead = case.thing_version.thing.office_id
    if not access.may_accept(by, case) and by.office_id != lead:
        access.must_accept(by, case)
    row = CaseMaterial.objects.select_for_update().get(pk=seen.pk)
    if row.state != CaseMaterial.State.BROKEN:
        raise Refused(_("This paper was not found missing; there is nothing to settle."))
    words = must_say(words, _("Say what was done about it."), most=300)
    row.wrong_why = words
    row.save(update_fields=["wrong_why"])
    for task in Task.objects.filter(
        zone_id=by.zone_id, matter=matter_of(case), kind=FOLLOW, state=Task.State.OPEN,
        title__contains=row.name,
    ):  # fmt: skip
        work.finish_task(by=by, now=now, task=task, outcome=words)
    tell(case, "settle_paper", by=by, now=now, paper=row.paper_code, words=words)
    return row
