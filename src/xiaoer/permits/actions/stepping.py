"""Steps of a branch: done, returned, handed on, joined by another signer, put on hold."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import case_access as access
from xiaoer.permits.actions.branching import (
    Opening,
    end_pause,
    end_step,
    give_steps,
    go_on,
    move_tasks,
    open_place,
    open_steps,
    send_back,
)
from xiaoer.permits.actions.case_rows import locked_step, must_say, said, tell
from xiaoer.permits.branches import Place, place_of
from xiaoer.permits.definition import StepKind
from xiaoer.permits.models import CaseStep
from xiaoer.work import actions as work
from xiaoer.work.models import Task


@transaction.atomic
def finish_step(
    *, by: Actor, now: datetime, step: CaseStep, agrees: bool, words: str = ""
) -> CaseStep:
    """Do a step: agree, or not and say why. What follows begins at once.

    Disagreeing refuses nothing: the branch goes on to whoever decides, with the words beside it.
    A decision and a visit to the site have verbs of their own.
    """
    row = locked_step(by, step)
    access.must_act(by, row, now)
    if row.kind == StepKind.DECIDE and row.parent_id is None:
        raise Refused(_("Here it is decided: grant “%(item)s” or refuse it.")
                      % {"item": row.item.name})  # fmt: skip
    if row.kind == StepKind.SITE_VISIT:
        raise Refused(_("Two officers record the visit; book it on the page of the case first."))
    words = said(words) if agrees else must_say(words, _("Say why you do not agree."))
    if row.kind == StepKind.EXPERT_REVIEW and end_pause(row.item, now=now) is not None:
        tell(row.item.case, "resume_item", by=by, now=now, item=row.item)
        move_tasks(row.item, _("the expert review has ended"), by=by, now=now)
        row.refresh_from_db(fields=["version"])
    end_step(row, CaseStep.State.DONE, by=by, now=now, agrees=agrees, words=words)
    tell(
        row.item.case, "finish_step", by=by, now=now, item=row.item, step=row,
        step_name=row.name, agrees=agrees, words=words,
    )  # fmt: skip
    go_on(row, by=by, now=now)
    return row


@transaction.atomic
def return_step(
    *, by: Actor, now: datetime, step: CaseStep, to_order: int, words: str
) -> list[CaseStep]:
    """Send a branch back to any earlier place of its path, which gets a new turn.

    Other branches are untouched. Signers beside the one who returns are freed once, by the same
    event; what was signed stays as history and is signed anew in the new turn.
    """
    row = locked_step(by, step)
    access.must_act(by, row, now)
    words = must_say(words, _("Say what is to be done there again."))
    if not 0 <= to_order < row.order:
        raise Refused(_("Choose an earlier step of this item."), field="to_order")
    others = [one for one in open_steps(row.item) if one.pk != row.pk]
    send_back(row, others, by=by, now=now, words=words)
    tell(
        row.item.case, "return_step", by=by, now=now, item=row.item, step=row,
        step_name=row.name, to=place_of(row.item, to_order).name, words=words,
    )  # fmt: skip
    return open_place(row.item, to_order, by=by, now=now)


@transaction.atomic
def hand_on_step(
    *,
    by: Actor,
    now: datetime,
    step: CaseStep,
    post: Post | None = None,
    office: Office | None = None,
    words: str,
) -> CaseStep:
    """Hand a step on to somebody else, or to another office; its clock goes on as it was."""
    row = locked_step(by, step)
    access.must_move(by, row, now)
    words = must_say(words, _("Say why it is handed on."), most=200)
    if post is None and office is None:
        raise Refused(_("Choose a person or an office."), field="to")
    if row.task is None or not access.may_act(by, row, now):
        return _begin_elsewhere(row, post, office, by=by, now=now, words=words)
    work.transfer_task(by=by, now=now, task=row.task, post=post, office=office, reason=words)
    # Its place was taken by ``follow_task``, as from the inbox.
    return CaseStep.objects.filter(item=row.item, order=row.order, turn=row.turn).latest("pk")


def _begin_elsewhere(
    row: CaseStep, post: Post | None, office: Office | None, *, by: Actor, now: datetime, words: str
) -> CaseStep:
    """A step nobody had, because its office had nobody, or one the window or a leader takes from
    where it is stuck: it begins anew where it is handed, with the end it had."""
    end_step(row, CaseStep.State.HANDED_ON, by=by, now=now, words=words)
    place = Place(row.order, StepKind(row.kind), row.name, ())
    opening = Opening(row.item, place, office, row.turn, post, row.parent)
    (new,) = give_steps([opening], by=by, now=now)
    _tell_handed(row, new, by=by, now=now, words=words)
    return new


def _tell_handed(old: CaseStep, new: CaseStep, *, by: Actor, now: datetime, words: str) -> None:
    tell(
        old.item.case, "hand_on_step", by=by, now=now, item=old.item, step=new, is_shown=False,
        step_name=old.name, post=new.post_id, office=new.office_id, words=words,
    )  # fmt: skip


def follow_task(
    *, old: Task, task: Task, how: str, by: Actor, now: datetime, **_signal: Any
) -> None:
    """A step follows its task when somebody takes it or hands it on, from the inbox too.

    The task is locked before its step everywhere, so that this never waits in a ring.
    """
    if task.matter.kind != "permit_case":
        return
    step = (
        CaseStep.objects.select_for_update(of=("self",), no_key=True)
        .select_related("item__case")
        .filter(zone_id=task.zone_id, task_id=old.pk, state__in=["open", "held"])
        .first()
    )
    if step is None:
        return
    if how == "taken":
        step.post_id = task.post_id
        step.version += 1
        step.save(update_fields=["post", "version"])
        tell(
            step.item.case, "take_step", by=by, now=now, item=step.item, step=step,
            is_shown=False, step_name=step.name,
        )  # fmt: skip
        return
    was = CaseStep.State(step.state)
    step.state, step.done_at, step.done_by_id = CaseStep.State.HANDED_ON, now, by.post_id
    step.words = old.outcome
    step.version += 1
    step.save(update_fields=["state", "done_at", "done_by", "words", "version"])
    new = CaseStep.objects.create(
        zone_id=step.zone_id, item=step.item, kind=step.kind, name=step.name, order=step.order,
        turn=step.turn, parent_id=step.parent_id, office_id=task.office_id, post_id=task.post_id,
        task=task, state=was, opened_at=now,
    )  # fmt: skip
    _tell_handed(step, new, by=by, now=now, words=old.outcome)


@transaction.atomic
def add_signer(
    *,
    by: Actor,
    now: datetime,
    step: CaseStep,
    post: Post | None = None,
    office: Office | None = None,
    words: str,
) -> CaseStep:
    """Let somebody else sign too (加签). The place is not complete, and nothing is decided, before."""
    row = locked_step(by, step)
    access.must_act(by, row, now)
    words = must_say(words, _("Say what the other is asked to look at."), most=300)
    if post is None and office is None:
        raise Refused(_("Choose a person or an office."), field="to")
    same = CaseStep.objects.filter(
        item=row.item, order=row.order, turn=row.turn, state__in=["open", "held"]
    )
    if post is not None and same.filter(post=post).exists():
        raise Refused(_("This person signs here already; choose somebody else."), field="to")
    if post is None and office is not None and same.filter(post=None, office=office).exists():
        raise Refused(_("This office signs here already; choose another."), field="to")
    place = Place(row.order, StepKind.COUNTERSIGN, row.name, ())
    opening = Opening(row.item, place, office, row.turn, post, row)
    (new,) = give_steps([opening], by=by, now=now)
    tell(
        row.item.case, "add_signer", by=by, now=now, item=row.item, step=new, is_shown=False,
        step_name=row.name, post=new.post_id, office=new.office_id, words=words,
    )  # fmt: skip
    return new
