"""The enterprise's word: it confirms, reopens or withdraws; by its link, its page, or a return visit."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.actions import clocks, tasks
from xiaoer.outreach.actions.story import (
    UNDER_WAY,
    State,
    in_hand,
    may_say,
    must_be,
    must_say,
    tell,
)
from xiaoer.outreach.models import Appeal, ReturnVisit

Ball = Appeal.Ball
Through = Appeal.Through
Outcome = ReturnVisit.Outcome
SATISFACTION = range(1, 6)


@transaction.atomic
def confirm_solved(
    *,
    by: Actor,
    now: datetime,
    appeal: Appeal,
    version: int,
    satisfaction: int | None = None,
    words: str = "",
) -> Appeal:
    """The enterprise says that its request is settled. Nobody else can."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_speak_for(by, row)
        _must_be_answered(row, State.ANSWERED, State.UNCONFIRMED)
        through = Through.LINK if by.role is None else Through.ENTERPRISE
        _confirm(row, by, now, through, satisfaction, words)
        tell(
            row,
            by=by,
            now=now,
            verb="confirm_solved",
            text=row.satisfaction_words,
            result=row.result,
            satisfaction=satisfaction,
            through=through,
        )
    return row


def _must_be_answered(row: Appeal, *states: State) -> None:
    """An answer lies on the table: a final one, or a partial one the enterprise may be content with."""
    if row.state in UNDER_WAY and row.result:
        return
    must_be(row, *states)


def _confirm(
    row: Appeal, by: Actor, now: datetime, through: Through, satisfaction: int | None, words: str
) -> None:
    if satisfaction is not None and satisfaction not in SATISFACTION:
        raise Refused(_("Satisfaction runs from 1 to 5."), field="satisfaction")
    row.state, row.ball = State.CONFIRMED, Ball.NOBODY
    row.confirmed_at = row.closed_at = now
    row.confirmed_through = through
    row.satisfaction, row.satisfaction_words = satisfaction, may_say(words, "words", 500)
    row.ask_again_on = clocks.ask_again_day(row.zone_id, now)
    row.asked_again_at = row.still_solved_at = None
    tasks.close_thread(row, by=by, now=now)


@transaction.atomic
def reopen_appeal(*, by: Actor, now: datetime, appeal: Appeal, version: int, words: str) -> Appeal:
    """The enterprise says that it is not solved: the work begins again one level up."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_speak_for(by, row)
        _must_be_answered(row, State.ANSWERED, State.UNCONFIRMED, State.CONFIRMED)
        if row.closed_at is not None and now > row.closed_at + timedelta(days=access.REOPEN_DAYS):
            raise Refused(
                _("It was closed more than %(days)d days ago; please file a new request.")
                % {"days": access.REOPEN_DAYS}
            )
        words = must_say(words, "words", _("Say what is still not solved."))
        _reopen(row, by, now, words)
        tell(row, by=by, now=now, verb="reopen_appeal", text=words, level=row.level)
    return row


def _reopen(row: Appeal, by: Actor, now: datetime, words: str) -> None:
    """Redo by a higher level: the head of the leading office, from the second time with a leader.

    A new promise to solve runs from now; a later one given before stays.
    """
    row.state, row.ball = State.WORKING, Ball.HANDLER
    row.reopened += 1
    row.level += 1
    row.result = row.confirmed_through = row.satisfaction_words = ""
    row.confirmed_at = row.closed_at = row.promised_on = row.satisfaction = None
    row.ask_again_on = row.asked_again_at = row.still_solved_at = None
    clocks.set_solve_clock(row, now)
    tasks.drop(row, tasks.VISIT_BACK, tasks.SOLVE, tasks.PROMISE, tasks.HELP, by=by, now=now)
    tasks.settle_date_change(row, by=by, now=now)
    tasks.redo(row, words, by=by, now=now)


@transaction.atomic
def record_return_visit(
    *,
    by: Actor,
    now: datetime,
    appeal: Appeal,
    version: int,
    outcome: str,
    spoke_with: str = "",
    words: str = "",
    satisfaction: int | None = None,
) -> Appeal:
    """Record what the enterprise said when somebody other than the handler asked it (回访).

    Confirmed at a return visit is counted apart from confirmed by the enterprise's own hand. Not
    reached: the request is unconfirmed, neither solved nor open, and the enterprise's link still
    works.
    """
    with in_hand(by=by, appeal=appeal, version=version) as row:
        visitor = access.must_visit_back(by, row, now)
        must_be(row, State.ANSWERED, State.UNCONFIRMED)
        if outcome not in Outcome.values:
            raise Refused(_("Choose the outcome from the list."), field="outcome")
        if outcome != Outcome.UNREACHABLE:
            must_say(spoke_with, "spoke_with", _("Say with whom you spoke."))
            must_say(
                words, "words", _("Write down what the enterprise said, in its words."), most=500
            )
        ReturnVisit.objects.create(
            zone_id=row.zone_id,
            appeal=row,
            post_id=visitor,
            at=now,
            outcome=outcome,
            spoke_with=may_say(spoke_with, "spoke_with", 60),
            words=may_say(words, "words", 500),
        )
        tasks.finish(row, tasks.VISIT_BACK, by=by, now=now)
        _take_outcome(row, by, now, outcome, satisfaction, words)
        tell(
            row,
            by=by,
            now=now,
            verb="record_return_visit",
            text=may_say(words, "words"),
            result=row.result if outcome == Outcome.CONFIRMED else "",
            outcome=outcome,
            satisfaction=satisfaction,
        )
    return row


def _take_outcome(
    row: Appeal, by: Actor, now: datetime, outcome: str, satisfaction: int | None, words: str
) -> None:
    if outcome == Outcome.CONFIRMED:
        _confirm(row, by, now, Through.RETURN_VISIT, satisfaction, words)
    elif outcome == Outcome.REOPENED:
        _reopen(row, by, now, words)
    else:
        row.state, row.ball = State.UNCONFIRMED, Ball.NOBODY
        row.closed_at = row.closed_at or now
        tasks.close_thread(row, by=by, now=now)


@transaction.atomic
def withdraw_appeal(
    *, by: Actor, now: datetime, appeal: Appeal, version: int, words: str = ""
) -> Appeal:
    """The enterprise withdraws its request before it is answered."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_speak_for(by, row)
        must_be(row, State.RECEIVED, State.REGISTERED, *UNDER_WAY)
        row.state, row.ball, row.closed_at = State.WITHDRAWN, Ball.NOBODY, now
        tasks.close_thread(row, by=by, now=now)
        tell(row, by=by, now=now, verb="withdraw_appeal", text=may_say(words, "words"))
    return row


@transaction.atomic
def confirm_again(
    *, by: Actor, now: datetime, appeal: Appeal, version: int, words: str = ""
) -> Appeal:
    """Asked again after thirty days, the enterprise says that it is still solved."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_speak_for(by, row)
        must_be(row, State.CONFIRMED)
        if row.asked_again_at is None:
            raise Refused(_("The zone asks again thirty days after you confirmed."))
        row.still_solved_at, row.ball = now, Ball.NOBODY
        tell(row, by=by, now=now, verb="confirm_again", text=may_say(words, "words"))
    return row


@transaction.atomic
def ask_again(*, by: Actor, now: datetime, appeal: Appeal, version: int) -> Appeal:
    """Ask the enterprise once more, thirty days after it confirmed; a no reopens."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        must_be(row, State.CONFIRMED)
        if not access.is_system(by):
            access.must_be_desk(by)
        if row.ask_again_on is None or row.asked_again_at is not None:
            raise Refused(_("This request is not to be asked about again."))
        if clocks.local_day(now) < row.ask_again_on:
            raise Refused(_("It is too early to ask again."))
        row.asked_again_at, row.ball = now, Ball.ENTERPRISE
        tell(row, by=by, now=now, verb="ask_again")
    return row


@transaction.atomic
def ask_all_again(*, by: Actor, now: datetime) -> int:
    """Ask again about every confirmed request whose day has come; how many were asked.

    Run twice, or in two processes at once, it asks nobody twice.
    """
    due = Appeal.objects.select_for_update(of=("self",), skip_locked=True).filter(
        zone_id=by.zone_id,
        state=State.CONFIRMED,
        ask_again_on__lte=clocks.local_day(now),
        asked_again_at__isnull=True,
    )
    rows = list(due.order_by("id"))
    asked, left = 0, dict[str, str]()
    for row in rows:
        with going_on(left, row.receipt_no):
            ask_again(by=by, now=now, appeal=row, version=row.version)
            asked += 1
    tell_left(by=by, now=now, left=left)
    return asked
