"""Handling: an office signs, works, asks for help, parks with a promised date, or gives it back."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.models import Office
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.actions import clocks, tasks
from xiaoer.outreach.actions.story import (
    OPEN,
    UNDER_WAY,
    State,
    in_hand,
    may_say,
    must_be,
    must_say,
    tell,
)
from xiaoer.outreach.actions.triage import add_joint
from xiaoer.outreach.models import Appeal

Ball = Appeal.Ball


@transaction.atomic
def sign_appeal(
    *, by: Actor, now: datetime, appeal: Appeal, version: int, words: str = ""
) -> Appeal:
    """Sign for a request (签收): from now on this person handles it."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_lead(by, row, now)
        must_be(row, State.DISPATCHED)
        row.handler_id = by.post_id
        row.state, row.ball = State.WORKING, Ball.HANDLER
        tasks.drop(row, tasks.DECIDE, by=by, now=now)
        tasks.take(row, by=by, now=now)
        tell(row, by=by, now=now, verb="sign_appeal", text=may_say(words, "words"))
    return row


@transaction.atomic
def return_appeal(*, by: Actor, now: datetime, appeal: Appeal, version: int, reason: str) -> Appeal:
    """Give a request back to the desk (退回), once, with a reason. The second time the desk decides:
    the request stays where it is, its clocks go on, and the desk is asked who leads."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_lead(by, row, now)
        must_be(row, State.DISPATCHED)
        reason = must_say(reason, "reason", _("Say why it is not yours, and whose it is."))
        if row.was_returned:
            _ask_who_leads(row, by, now)
        else:
            row.was_returned = True
            row.state, row.ball = State.REGISTERED, Ball.DESK
            row.office = row.handler = None
            tasks.drop(row, tasks.REPLY, tasks.SOLVE, by=by, now=now)
            tasks.ask_dispatch(row, by=by, now=now)
        tell(
            row,
            by=by,
            now=now,
            verb="return_appeal",
            text=reason,
            is_public=False,
            is_between_offices=True,
        )
    return row


def _ask_who_leads(row: Appeal, by: Actor, now: datetime) -> None:
    if row.ball == Ball.DESK:
        raise Refused(
            _("The desk was already asked who leads %(no)s; wait for its decision or sign.")
            % {"no": row.receipt_no}
        )
    row.ball = Ball.DESK
    tasks.ask_decision(row, by=by, now=now)


@transaction.atomic
def ask_help(
    *,
    by: Actor,
    now: datetime,
    appeal: Appeal,
    version: int,
    offices: Sequence[Office],
    words: str,
) -> Appeal:
    """Ask more offices to help (请部门协办); the leading one still answers the enterprise."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        if not access.is_desk(by):
            access.must_lead(by, row, now)
        must_be(row, *UNDER_WAY)
        words = must_say(words, "words", _("Say what you need from them."))
        added = add_joint(row, by, now, offices)
        if not added:
            raise Refused(_("Choose an office that is not yet working on this."), field="offices")
        tell(
            row,
            by=by,
            now=now,
            verb="ask_help",
            text=words,
            is_public=False,
            is_between_offices=True,
            offices=[office.pk for office in added],
        )
    return row


@transaction.atomic
def finish_help(*, by: Actor, now: datetime, appeal: Appeal, version: int, words: str) -> Appeal:
    """A joint office says what it did; the leading office goes on."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        asked = row.joint_offices.filter(done_at__isnull=True)
        joint = next((each for each in asked if each.office_id == by.office_id), None)
        if joint is None or not by.is_staff:
            raise Refused(_("Your office is not asked to help with this request."))
        must_be(row, *UNDER_WAY)
        words = must_say(words, "words", _("Say what your office did."), most=500)
        joint.done_at, joint.note = now, words
        joint.save(update_fields=["done_at", "note"])
        tasks.finish_own_help(row, by=by, now=now)
        tell(
            row,
            by=by,
            now=now,
            verb="finish_help",
            text=words,
            is_public=False,
            is_between_offices=True,
        )
    return row


@transaction.atomic
def note_progress(
    *,
    by: Actor,
    now: datetime,
    appeal: Appeal,
    version: int,
    words: str,
    is_public: bool,
) -> Appeal:
    """Write one line of the story: for the enterprise to read, or between offices only."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_take_part(by, row, now)
        must_be(row, *OPEN)
        words = must_say(words, "words", _("Write what happened."))
        tell(
            row,
            by=by,
            now=now,
            verb="note_progress",
            text=words,
            is_public=is_public,
            is_between_offices=not is_public,
        )
    return row


@transaction.atomic
def park_appeal(
    *,
    by: Actor,
    now: datetime,
    appeal: Appeal,
    version: int,
    promised_on: date,
    reason: str,
) -> Appeal:
    """Park a request whose conditions are not there yet (条件不具备) with a promised date.

    It is an open promise, not a pause: every clock goes on, and the enterprise reads the date.
    """
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_lead(by, row, now)
        must_be(row, State.WORKING, State.PARKED)
        must_be_ahead(promised_on, now)
        reason = must_say(reason, "reason", _("Tell the enterprise what it waits for."))
        row.state, row.ball, row.promised_on = State.PARKED, Ball.HANDLER, promised_on
        tasks.promise(row, promised_on, by=by, now=now)
        tell(
            row,
            by=by,
            now=now,
            verb="park_appeal",
            text=reason,
            promised_on=promised_on.isoformat(),
        )
    return row


def must_be_ahead(promised_on: date, now: datetime) -> None:
    """A promise is for a day to come."""
    if promised_on <= clocks.local_day(now):
        raise Refused(_("Promise a day after today."), field="promised_on")


@transaction.atomic
def take_up_again(
    *, by: Actor, now: datetime, appeal: Appeal, version: int, words: str = ""
) -> Appeal:
    """Go on with a parked request: what it waited for is there."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_lead(by, row, now)
        must_be(row, State.PARKED)
        # The promise was for what it waited for; the limits of the request go on.
        row.state, row.ball, row.promised_on = State.WORKING, Ball.HANDLER, None
        tasks.finish(row, tasks.PROMISE, by=by, now=now)
        tell(row, by=by, now=now, verb="take_up_again", text=may_say(words, "words"))
    return row


@transaction.atomic
def supervise_appeal(
    *, by: Actor, now: datetime, appeal: Appeal, version: int, words: str
) -> Appeal:
    """Put a request under supervision (督办): a leader looks after it until it is answered."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_supervise(by)
        must_be(row, State.RECEIVED, State.REGISTERED, *UNDER_WAY)
        words = must_say(words, "words", _("Say what you expect, and until when."), most=300)
        row.supervised_at = row.supervised_at or now
        tasks.supervise(row, words, by=by, now=now)
        tell(
            row,
            by=by,
            now=now,
            verb="supervise_appeal",
            text=words,
            is_public=False,
            is_between_offices=True,
        )
    return row
