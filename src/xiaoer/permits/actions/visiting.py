"""The visit to the site: asked for when the place is ready, one for all items that need it, recorded
by two officers each, with one list of defects, and a check of only those again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.permits import case_access as access
from xiaoer.permits.actions.branching import end_step, go_on
from xiaoer.permits.actions.case_rows import (
    locked_case,
    locked_item,
    locked_step,
    matter_of,
    must_run,
    must_say,
    said,
    tell,
)
from xiaoer.permits.actions.noticing import order_notice
from xiaoer.permits.definition import StepKind
from xiaoer.permits.models import (
    Case,
    CaseDefect,
    CaseNotice,
    CaseStep,
    CaseVisit,
    CaseVisitPart,
)
from xiaoer.work import actions as work
from xiaoer.work import queries as works
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Task

BOOK, RECHECK = "book_visit", "recheck_visit"
COMING = (CaseVisit.State.ASKED, CaseVisit.State.BOOKED)
MOST_DEFECTS = 60


@dataclass(frozen=True, slots=True)
class Found:
    """One defect: what, by which clause, by when it is to be repaired."""

    what: str
    clause: str = ""
    due_on: date | None = None


def locked_visit(by: Actor, visit: CaseVisit) -> CaseVisit:
    """The visit, locked after its case."""
    seen = CaseVisit.objects.filter(zone_id=by.zone_id, pk=visit.pk).first()
    if seen is None:
        raise Refused(_("There is no such visit here; it may be of another zone."))
    case = locked_case(by, Case(pk=seen.case_id))
    row = (
        CaseVisit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("task__matter")
        .get(pk=visit.pk)
    )
    row.case = case
    return row


@transaction.atomic
def ask_visit(*, by: Actor, now: datetime, case: Case) -> CaseVisit:
    """The applicant says the place is ready: the visit is to be booked within days of that.

    Said by the applicant itself or written down by the desk. The clocks run on: a visit to the site
    is not among the reasons of article 45.
    """
    if not Case.objects.filter(zone_id=by.zone_id, pk=case.pk).exists():
        raise Refused(_("There is no such case here; it may be of another zone."))
    with on_behalf(by):
        row = locked_case(_zone(by), case)
        if by.is_staff and not access.is_system(by):
            access.must_accept(by, row)
        must_run(row)
        if CaseVisit.objects.filter(case=row, state__in=COMING).exists():
            raise Refused(_("A visit is on its way already; look at its day."))
        if not _waiting_steps(row):
            raise Refused(_("No item of this case waits for a visit to the site now."))
        visit = CaseVisit.objects.create(zone_id=row.zone_id, case=row, ready_at=now)
        office = row.thing_version.thing.office or row.desk
        if office is not None:
            visit.task = work.give_task(
                by=by,
                now=now,
                matter=matter_of(row),
                kind=BOOK,
                title=_("%(name)s: agree on a day for the visit") % {"name": row.applicant_name},
                office=office,
                limit=works.limit(row.zone_id, "permit.visit"),
            )
            visit.save(update_fields=["task"])
        tell(row, "ask_visit", by=by, now=now)
    return visit


def _zone(by: Actor) -> Actor:
    return by if by.is_staff else Actor(zone_id=by.zone_id, name=by.name)


def _waiting_steps(case: Case) -> list[CaseStep]:
    return list(
        CaseStep.objects.filter(
            item__case=case, kind=StepKind.SITE_VISIT, state=CaseStep.State.OPEN
        )
        .select_related("item", "office")
        .order_by("item__order", "id")
    )


@transaction.atomic
def book_visit(*, by: Actor, now: datetime, case: Case, on: date, place: str = "") -> CaseVisit:
    """Agree on the day: one visit for every item that waits for one. An earlier booking moves."""
    row = locked_case(by, case)
    must_run(row)
    steps = _waiting_steps(row)
    if not steps:
        raise Refused(_("No item of this case waits for a visit to the site now."))
    if not (access.may_accept(by, row) or any(access.may_act(by, one, now) for one in steps)):
        access.must_act(by, steps[0], now)
    if on < now.astimezone(LOCAL).date():
        raise Refused(_("This day has passed; choose one that is still to come."), field="on")
    visit = (
        CaseVisit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("task__matter")
        .filter(case=row, state__in=COMING)
        .first()
    ) or CaseVisit(zone_id=row.zone_id, case=row)
    visit.state, visit.on, visit.booked_at = CaseVisit.State.BOOKED, on, now
    visit.place = said(place, "place", most=200)
    visit.version += 1
    visit.save()
    for one in steps:
        CaseVisitPart.objects.get_or_create(
            zone_id=row.zone_id, visit=visit, item=one.item, defaults={"step": one}
        )
    _end_task(visit, by=by, now=now)
    tell(
        row, "book_visit", by=by, now=now, day=str(on),
        items=[one.item.name for one in steps],
    )  # fmt: skip
    return visit


def _end_task(visit: CaseVisit, *, by: Actor, now: datetime) -> None:
    if visit.task is not None and visit.task.state == Task.State.OPEN:
        work.finish_task(by=by, now=now, task=visit.task, outcome=str(visit.on or ""))


@transaction.atomic
def record_visit(
    *,
    by: Actor,
    now: datetime,
    part: CaseVisitPart,
    second: Post,
    passed: bool,
    words: str = "",
    defects: Sequence[Found] = (),
) -> CaseVisitPart:
    """Write down what two officers found for one item: passed, or the defects to be repaired.

    Whoever records it is the first; the second is somebody else of the staff (Licensing Law, article
    34). Passed, its step is done and the branch goes on; else the applicant gets one list of what is
    to be repaired, once all have been there.
    """
    seen = CaseVisitPart.objects.filter(zone_id=by.zone_id, pk=part.pk).first()
    if seen is None or seen.step_id is None:
        raise Refused(_("There is no such visit here; it may be of another zone."))
    step = locked_step(by, CaseStep(pk=seen.step_id))
    access.must_act(by, step, now)
    visit = locked_visit(by, CaseVisit(pk=seen.visit_id))
    if visit.state not in (CaseVisit.State.BOOKED, CaseVisit.State.RECHECK):
        raise Refused(_("This visit is over; look at the case again."))
    first = access.must_be_person(by)
    if second.pk == first or second.zone_id != by.zone_id or second.person_id == by.person_id:
        raise Refused(_("Two officers visit the site; choose the second."), field="second")
    row = CaseVisitPart.objects.select_for_update(of=("self",)).get(pk=part.pk)
    row.item = step.item
    if row.recorded_at is not None and visit.state == CaseVisit.State.BOOKED:
        raise Refused(_("This item was recorded already."))
    found = [
        CaseDefect(
            zone_id=row.zone_id, visit=visit, item_id=row.item_id,
            what=must_say(one.what, _("Say what is to be repaired."), "what", most=300),
            clause=said(one.clause, "clause", most=200), due_on=one.due_on,
        )
        for one in defects
    ]  # fmt: skip
    if passed and found:
        raise Refused(_("What passed has no defects; take one or the other."), field="passed")
    if not passed and not found:
        raise Refused(_("Say what is to be repaired, point by point."), field="defects")
    if len(found) > MOST_DEFECTS:
        raise Refused(_("At most %(most)d points.") % {"most": MOST_DEFECTS}, field="defects")
    CaseDefect.objects.bulk_create(found)
    row.first_id, row.second, row.passed = first, second, passed
    row.words, row.recorded_at = said(words), now
    row.save()
    tell(
        visit.case, "record_visit", by=by, now=now, item=step.item, step=step,
        passed=passed, words=row.words,
    )  # fmt: skip
    if passed:
        _pass(step, row, by=by, now=now)
    _follow_visit(visit, by=by, now=now)
    return row


def _pass(step: CaseStep, part: CaseVisitPart, *, by: Actor, now: datetime) -> None:
    end_step(step, CaseStep.State.DONE, by=by, now=now, agrees=True, words=part.words)
    go_on(step, by=by, now=now)


def _follow_visit(visit: CaseVisit, *, by: Actor, now: datetime) -> None:
    """When every item was recorded the visit is over; what failed is told in one list."""
    parts = list(visit.parts.select_related("item"))
    if any(one.passed is None for one in parts):
        return
    if visit.visited_at is None:
        visit.visited_at = now
        Case.objects.filter(pk=visit.case_id).update(trips=visit.case.trips + 1)
        defects = list(visit.defects.select_related("item"))
        if defects:
            event = tell(
                visit.case, "told_defects", by=by, now=now,
                defects=[
                    {"what": one.what, "clause": one.clause, "item": one.item.name,
                     "due": str(one.due_on or "")}
                    for one in defects
                ],
            )  # fmt: skip
            order_notice(event, CaseNotice.Kind.DEFECTS, now=now)
    is_open = any(one.passed is False for one in parts)
    visit.state = CaseVisit.State.RECHECK if is_open else CaseVisit.State.DONE
    visit.version += 1
    visit.save(update_fields=["state", "visited_at", "version"])


@transaction.atomic
def report_repair(*, by: Actor, now: datetime, visit: CaseVisit) -> CaseVisit:
    """The applicant says that everything on the list is repaired; only those points are checked
    again, within the days the zone set."""
    if not CaseVisit.objects.filter(zone_id=by.zone_id, pk=visit.pk).exists():
        raise Refused(_("There is no such visit here; it may be of another zone."))
    with on_behalf(by):
        row = locked_visit(_zone(by), visit)
        if row.state != CaseVisit.State.RECHECK:
            raise Refused(_("Nothing is to be checked again here."))
        waiting = [one.pk for one in row.defects.all() if one.waits_for_repair]
        if not waiting:
            raise Refused(_("That is said already; these points are checked again."))
        row.defects.filter(pk__in=waiting).update(repaired_at=now)
        tell(row.case, "report_repair", by=by, now=now)
        for office_step in CaseStep.objects.filter(
            pk__in=row.parts.filter(passed=False).values("step_id"), state=CaseStep.State.OPEN
        ).select_related("office", "item"):
            if office_step.office is not None:
                work.give_task(
                    by=by,
                    now=now,
                    matter=matter_of(row.case),
                    kind=RECHECK,
                    title=f"{row.case.applicant_name}：{office_step.item.name}",
                    office=office_step.office,
                    limit=works.limit(row.zone_id, "permit.recheck"),
                )
    return row


@transaction.atomic
def recheck_visit(
    *, by: Actor, now: datetime, part: CaseVisitPart, second: Post, fixed: Sequence[int],
    words: str = "",
) -> CaseVisitPart:  # fmt: skip
    """Check again only what was found wanting. All repaired, the branch goes on; else it stays, to
    be checked once more, or to be ended as not passed."""
    seen = CaseVisitPart.objects.filter(zone_id=by.zone_id, pk=part.pk).first()
    if seen is None or seen.step_id is None:
        raise Refused(_("There is no such visit here; it may be of another zone."))
    step = locked_step(by, CaseStep(pk=seen.step_id))
    access.must_act(by, step, now)
    visit = locked_visit(by, CaseVisit(pk=seen.visit_id))
    first = access.must_be_person(by)
    if second.pk == first or second.zone_id != by.zone_id or second.person_id == by.person_id:
        raise Refused(_("Two officers visit the site; choose the second."), field="second")
    if visit.state != CaseVisit.State.RECHECK or seen.passed is not False:
        raise Refused(_("Nothing is to be checked again here."))
    row = CaseVisitPart.objects.select_for_update(of=("self",)).get(pk=part.pk)
    defects = list(visit.defects.select_for_update().filter(item_id=row.item_id))
    for one in defects:
        one.is_fixed, one.checked_at = one.pk in fixed, now
        one.save(update_fields=["is_fixed", "checked_at"])
    row.first_id, row.second = first, second
    row.words = said(words) or row.words
    row.passed = all(one.is_fixed for one in defects)
    row.recorded_at = now
    row.save()
    for task in Task.objects.filter(
        zone_id=row.zone_id, matter=matter_of(visit.case), kind=RECHECK, state=Task.State.OPEN,
        office=step.office,
    ):  # fmt: skip
        work.finish_task(by=by, now=now, task=task, outcome=row.words)
    tell(
        visit.case, "recheck_visit", by=by, now=now, item=step.item, step=step,
        passed=row.passed, words=row.words,
    )  # fmt: skip
    if row.passed:
        _pass(step, row, by=by, now=now)
    _follow_visit(visit, by=by, now=now)
    return row


@transaction.atomic
def end_visit(*, by: Actor, now: datetime, part: CaseVisitPart, words: str) -> CaseVisitPart:
    """End the visit of one item as not passed: the branch goes on to its decision with that."""
    seen = CaseVisitPart.objects.filter(zone_id=by.zone_id, pk=part.pk).first()
    if seen is None or seen.step_id is None or seen.passed is not False:
        raise Refused(_("Only an item with defects is ended as not passed."))
    step = locked_step(by, CaseStep(pk=seen.step_id))
    access.must_act(by, step, now)
    words = must_say(words, _("Say what is still wanting."))
    item = locked_item(by, step.item)
    tell(item.case, "end_visit", by=by, now=now, item=item, step=step, words=words)
    end_step(step, CaseStep.State.DONE, by=by, now=now, agrees=False, words=words)
    go_on(step, by=by, now=now)
    visit = locked_visit(by, CaseVisit(pk=seen.visit_id))
    still = visit.parts.filter(passed=False).exclude(pk=seen.pk)
    if not still.filter(step__state=CaseStep.State.OPEN).exists():
        visit.state = CaseVisit.State.ENDED
        visit.version += 1
        visit.save(update_fields=["state", "version"])
    return seen
