"""What every verb of a case begins and ends with: rows locked in one order, one event told.

Locks are taken case, item, task, step, and always so: two decisions on two branches wait for each
other at the case and never in a ring. ``no_key``: rows that only refer to a case (an event, a step)
need not wait.
"""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.dispatch import Signal
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits.models import Case, CaseEvent, CaseItem, CaseStep
from xiaoer.work.models import Matter, Task

# Sent inside the verb's transaction: case, how (the verb), by, now.
case_moved = Signal()

MOST_WORDS = 1000


def locked_case(by: Actor, case: Case) -> Case:
    """The case of the actor's zone, locked. What only some verbs ask for is fetched when they do."""
    row = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("matter")
        .filter(zone_id=by.zone_id, pk=case.pk)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such case here; it may be of another zone."))
    return row


def must_run(case: Case) -> None:
    if case.state != Case.State.RUNNING:
        raise Refused(
            _("Case %(number)s is %(state)s; nothing more is done in its branches.")
            % {"number": case.number, "state": Case.State(case.state).label}
        )


def locked_item(by: Actor, item: CaseItem, *, running: bool = True) -> CaseItem:
    """The item, locked after its case."""
    case = locked_case(by, Case(pk=item.case_id))
    row = (
        CaseItem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office")
        .get(zone_id=by.zone_id, pk=item.pk)
    )
    row.case = case
    if running:
        must_run(case)
        _must_run_itself(row)
    return row


def _must_run_itself(item: CaseItem) -> None:
    if item.state != CaseItem.State.RUNNING:
        raise Refused(
            _("“%(item)s” is %(state)s; look at the case again.")
            % {"item": item.name, "state": CaseItem.State(item.state).label}
        )


def locked_step(by: Actor, step: CaseStep, *, held: bool = False) -> CaseStep:
    """The open step, locked after its case, its item and its task."""
    item, task_id = _locked_above(by, step)
    task = _locked_task(by, task_id) if task_id is not None else None
    row = (
        CaseStep.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office")
        .get(zone_id=by.zone_id, pk=step.pk)
    )
    row.item = item
    if row.task_id != task_id or row.state not in (CaseStep.State.OPEN, CaseStep.State.HELD):
        raise Refused(
            _("“%(step)s” is %(state)s already; look at the case again.")
            % {"step": row.name, "state": CaseStep.State(row.state).label}
        )
    if row.state == CaseStep.State.HELD and not held:
        raise Refused(_("“%(step)s” is on hold; take it up again first.") % {"step": row.name})
    row.task = task
    return row


def _locked_above(by: Actor, step: CaseStep) -> tuple[CaseItem, int | None]:
    """The running item of a step, locked with its case in one statement, and its task's number.

    PostgreSQL locks in the order named here: the case before its item, as everywhere.
    """
    row = (
        CaseItem.objects.select_for_update(of=("case", "self"), no_key=True)
        .select_related("case__matter", "office")
        .filter(zone_id=by.zone_id, steps__pk=step.pk)
        .annotate(task_number=F("steps__task_id"))
        .order_by("pk")
        .first()
    )
    if row is None:
        raise Refused(_("There is no such step here; it may be of another zone."))
    must_run(row.case)
    _must_run_itself(row)
    number: int | None = row.task_number
    return row, number


def _locked_task(by: Actor, task_id: int) -> Task:
    """The task of a step, whatever its state: the step says whether anything is left to do."""
    return (
        Task.objects.select_for_update(of=("self",))
        .select_related("matter")
        .get(zone_id=by.zone_id, pk=task_id)
    )


def matter_of(case: Case) -> Matter:
    if case.matter is None:
        raise Refused(
            _("Case %(number)s was never submitted; nothing can be asked of anybody for it.")
            % {"number": case.number or case.pk}
        )
    return case.matter


def tell(
    case: Case,
    verb: str,
    *,
    by: Actor,
    now: datetime,
    item: CaseItem | None = None,
    step: CaseStep | None = None,
    is_shown: bool = True,
    **detail: Any,
) -> CaseEvent:
    """Append what happened to the case and to the journal, and tell whoever listens."""
    event = CaseEvent.objects.create(
        zone_id=case.zone_id,
        case=case,
        item=item,
        step=step,
        verb=verb,
        detail=detail,
        post_id=by.post_id,
        who=by.who,
        is_shown=is_shown,
        at=now,
    )
    named = {"item_name": item.name, **detail} if item is not None else detail
    journal.record(by=by, now=now, verb=verb, subject=case, party_ref=case.party_id, **named)
    case_moved.send(sender=Case, case=case, how=verb, by=by, now=now)
    return event


def said(text: str, field: str = "words", *, most: int = MOST_WORDS) -> str:
    """Words that may be missing, trimmed; too many are refused."""
    return checking.said(text, field, most=most)


def must_say(text: str, why: str, field: str = "words", *, most: int = MOST_WORDS) -> str:
    return checking.must_say(text, field, most=most, why=why)


def someone(post: Post | None, office: Office | None) -> tuple[int | None, int | None]:
    """Numbers of a post and its office, or of an office alone."""
    if post is not None:
        return post.pk, post.office_id
    return None, office.pk if office else None
