"""Answering the enterprise, and asking for a later date before the promised one is past."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.actions import clocks, tasks
from xiaoer.outreach.actions.handling import must_be_ahead
from xiaoer.outreach.actions.story import (
    UNDER_WAY,
    State,
    in_hand,
    may_say,
    must_be,
    must_say,
    tell,
)
from xiaoer.outreach.models import Appeal, DateChange
from xiaoer.web.words import day as show_day

Ball = Appeal.Ball
Result = Appeal.Result
# After these the office still owes something; the enterprise may close all the same.
INTERIM = frozenset({Result.PARTLY, Result.PLANNED})


@transaction.atomic
def answer_appeal(
    *,
    by: Actor,
    now: datetime,
    appeal: Appeal,
    version: int,
    result: str,
    text: str,
    promised_on: date | None = None,
) -> Appeal:
    """Answer the enterprise and ask it to confirm (答复企业，请其确认).

    Solved or explained as impossible: the ball is the enterprise's, and somebody else visits back.
    Partly solved or planned: the first reply is given, the work and the solve clock go on until
    the rest is answered, with a date for it; the enterprise may confirm if that is enough for it.
    """
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_lead(by, row, now)
        must_be(row, State.WORKING, State.PARKED, State.ANSWERED)
        if result not in Result.values:
            raise Refused(_("Choose how far it is solved from the list."), field="result")
        text = must_say(text, "text", _("Write the answer the enterprise will read."))
        tasks.started(row, by=by, now=now)
        row.handler_id = row.handler_id or by.post_id
        row.result, row.answered_at = result, now
        row.replied_at = row.replied_at or now
        tasks.finish(row, tasks.REPLY, by=by, now=now)
        if result in INTERIM:
            _go_on(row, by, now, promised_on)
        else:
            _await_enterprise(row, by, now)
        tell(
            row,
            by=by,
            now=now,
            verb="answer_appeal",
            text=text,
            result=result,
            promised_on=promised_on.isoformat() if promised_on else None,
        )
    return row


def _go_on(row: Appeal, by: Actor, now: datetime, promised_on: date | None) -> None:
    if promised_on is None:
        raise Refused(_("Promise a day for the rest."), field="promised_on")
    must_be_ahead(promised_on, now)
    if row.state == State.ANSWERED:
        tasks.drop(row, tasks.VISIT_BACK, by=by, now=now)
        tasks.ask_office(row, by=by, now=now)
    row.state, row.ball, row.promised_on = State.WORKING, Ball.HANDLER, promised_on
    tasks.promise(row, promised_on, by=by, now=now)


def _await_enterprise(row: Appeal, by: Actor, now: datetime) -> None:
    row.state, row.ball = State.ANSWERED, Ball.ENTERPRISE
    tasks.finish(row, tasks.SOLVE, tasks.PROMISE, by=by, now=now)
    tasks.drop(row, tasks.HELP, by=by, now=now)
    tasks.settle_date_change(row, by=by, now=now)
    tasks.ask_visit_back(row, by=by, now=now)


@transaction.atomic
def ask_date_change(
    *,
    by: Actor,
    now: datetime,
    appeal: Appeal,
    version: int,
    new_due_on: date,
    reason: str,
) -> DateChange:
    """Ask for a later date (申请改期): before the promised one is past, with a reason.

    Until it is granted the old date stands.
    """
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_lead(by, row, now)
        must_be(row, *UNDER_WAY)
        if row.solve_due_at is None:
            raise Refused(_("This request has no promised date that could be changed."))
        if now > row.solve_due_at:
            raise Refused(
                _("The promised date is past; a later one can only be asked for before it.")
            )
        new_due_at = clocks.end_of(new_due_on)
        if new_due_at <= row.solve_due_at:
            raise Refused(
                _("Choose a day after %(day)s.")
                % {"day": clocks.last_day(row.solve_due_at).isoformat()},
                field="new_due_on",
            )
        if DateChange.objects.filter(appeal=row, granted__isnull=True).exists():
            raise Refused(_("A later date is already asked for; wait for the decision."))
        reason = must_say(reason, "reason", _("Say why the date cannot be kept."), most=300)
        change = DateChange.objects.create(
            zone_id=row.zone_id,
            appeal=row,
            asked_by_id=access.staff_post(by),
            asked_at=now,
            old_due_at=row.solve_due_at,
            new_due_at=new_due_at,
            reason=reason,
        )
        tasks.ask_date_decision(row, by=by, now=now)
        tell(
            row,
            by=by,
            now=now,
            verb="ask_date_change",
            text=reason,
            is_public=False,
            is_between_offices=True,
            new_due_on=new_due_on.isoformat(),
        )
    return change


@transaction.atomic
def decide_date_change(
    *,
    by: Actor,
    now: datetime,
    appeal: Appeal,
    version: int,
    is_granted: bool,
    words: str = "",
) -> DateChange:
    """Grant or decline a later date; whoever asked does not decide. The enterprise is told a granted
    one with its reason."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_supervise(by)
        change = (
            DateChange.objects.select_for_update().filter(appeal=row, granted__isnull=True).first()
        )
        if change is None:
            raise Refused(_("No later date is asked for."))
        if change.asked_by_id == by.post_id:
            raise Refused(_("Whoever asked for the date cannot grant it; a leader decides."))
        if not is_granted:
            must_say(words, "words", _("Say why the date must be kept."), most=300)
        if is_granted and change.new_due_at <= now:
            raise Refused(_("The date asked for is past too; decline it."))
        change.granted, change.decided_by_id = is_granted, by.post_id
        change.decided_at, change.decision_words = now, may_say(words, "words", 300)
        change.save()
        tasks.finish(row, tasks.DATE_CHANGE, by=by, now=now)
        if is_granted:
            row.solve_due_at = max(change.new_due_at, row.solve_due_at or change.new_due_at)
            tasks.move_solve(row, change.new_due_at, change.reason, by=by, now=now)
        tell(
            row,
            by=by,
            now=now,
            verb="decide_date_change",
            text=_told(change, now),
            is_public=is_granted,
            is_between_offices=not is_granted,
            is_granted=is_granted,
            new_due_at=change.new_due_at.isoformat(),
        )
    return change


def _told(change: DateChange, now: datetime) -> str:
    if not change.granted:
        return change.decision_words
    last = show_day(clocks.last_day(change.new_due_at), now)
    return _("to %(day)s: %(reason)s") % {"day": last, "reason": change.reason}
