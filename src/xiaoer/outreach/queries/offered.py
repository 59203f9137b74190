"""Which verbs a page offers to whom, in the state a request is in: no button that only refuses."""

from datetime import date, datetime, timedelta

from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.models import Appeal, DateChange
from xiaoer.outreach.queries.pool import OPEN_STATES
from xiaoer.work.calendar import LOCAL

State = Appeal.State
UNDER_WAY = (State.DISPATCHED, State.WORKING, State.PARKED)
NOT_BEGUN = (State.RECEIVED, State.REGISTERED)


def verbs_for(*, by: Actor, appeal: Appeal, now: datetime) -> frozenset[str]:
    """Which verbs the asker may do in the state the request is in, for the buttons of a page.

    The verbs themselves ask again.
    """
    if not by.is_staff:
        return _outside_verbs(by, appeal, now)
    state = State(appeal.state)
    may: set[str] = set()
    if state in OPEN_STATES and _takes_part(by, appeal, now):
        may.add("note_progress")
    if _may_take_back(by, appeal, now):
        may.add("take_back_appeal")
    if access.may_triage(by, appeal, now):
        may |= _triage_verbs(state, appeal)
    if access.is_desk(by):
        may |= _desk_verbs(state) | _asking_again(appeal, now)
    if access.leads(by, appeal, now):
        may |= _lead_verbs(state, appeal, now)
    if state in UNDER_WAY:
        may |= _office_verbs(by, appeal)
    if access.may_supervise(by):
        may |= _supervisor_verbs(state, appeal)
    if state in (State.ANSWERED, State.UNCONFIRMED) and access.may_visit_back(by, appeal, now):
        may.add("record_return_visit")
    return frozenset(may)


def _takes_part(by: Actor, appeal: Appeal, now: datetime) -> bool:
    return (
        access.leads(by, appeal, now)
        or access.helps(by, appeal)
        or access.may_triage(by, appeal, now)
        or access.may_supervise(by)
    )


def _owes_help(by: Actor, appeal: Appeal) -> bool:
    return (
        by.office_id is not None
        and appeal.joint_offices.filter(office_id=by.office_id, done_at__isnull=True).exists()
    )


def _office_verbs(by: Actor, appeal: Appeal) -> set[str]:
    verbs = {"finish_help"} if _owes_help(by, appeal) else set()
    return verbs | ({"reassign"} if access.heads(by, appeal) else set())


def _may_take_back(by: Actor, appeal: Appeal, now: datetime) -> bool:
    """A mistaken filing: by whoever filed it, within minutes, before anybody worked on it."""
    is_fresh = now <= appeal.filed_at + access.TAKE_BACK
    return appeal.state == State.RECEIVED and is_fresh and access.filed(by, appeal)


def _unheard_phone(appeal: Appeal) -> set[str]:
    """A telephone that was stated and that nobody called back yet."""
    return {"verify_phone"} if appeal.contact_phone and not appeal.is_phone_verified else set()


def _triage_verbs(state: State, appeal: Appeal) -> set[str]:
    verbs = {"register_appeal", "not_accept"} if state in NOT_BEGUN else set()
    if state in (*NOT_BEGUN, *UNDER_WAY):
        verbs.add("merge_appeal")
    if state in OPEN_STATES:
        verbs |= _unheard_phone(appeal)
    return verbs


def _desk_verbs(state: State) -> set[str]:
    verbs = {"dispatch_appeal"} if state == State.REGISTERED else set()
    if state in (*NOT_BEGUN, *UNDER_WAY):
        verbs.add("transfer_elsewhere")
    if state in UNDER_WAY:
        verbs |= {"reassign", "ask_help"}
    return verbs


def _asking_again(appeal: Appeal, now: datetime) -> set[str]:
    """Thirty days after it was confirmed, and nobody asked yet: the morning's job would too."""
    due = appeal.state == State.CONFIRMED and appeal.asked_again_at is None
    has_come = appeal.ask_again_on is not None and appeal.ask_again_on <= _today(now)
    return {"ask_again"} if due and has_come else set()


def _today(now: datetime) -> date:
    return now.astimezone(LOCAL).date()


def _lead_verbs(state: State, appeal: Appeal, now: datetime) -> set[str]:
    verbs = {"sign_appeal"} if state == State.DISPATCHED else set()
    if state == State.DISPATCHED and appeal.ball != Appeal.Ball.DESK:
        verbs.add("return_appeal")  # else the desk was already asked who leads
    if state in (State.WORKING, State.PARKED, State.ANSWERED):
        verbs.add("answer_appeal")
    if state in (State.WORKING, State.PARKED):
        verbs.add("park_appeal")
    if state == State.PARKED:
        verbs.add("take_up_again")
    if state in UNDER_WAY:
        verbs |= {"ask_help"} | _asking_for_a_date(appeal, now)
    if state in OPEN_STATES:
        verbs |= _unheard_phone(appeal)
    return verbs


def _asking_for_a_date(appeal: Appeal, now: datetime) -> set[str]:
    """A later date is asked for before the promised one is past, once at a time."""
    is_past = appeal.solve_due_at is None or now > appeal.solve_due_at
    return set() if is_past or _asked_for_a_date(appeal) else {"ask_date_change"}


def _asked_for_a_date(appeal: Appeal) -> bool:
    return DateChange.objects.filter(appeal=appeal, granted__isnull=True).exists()


def _supervisor_verbs(state: State, appeal: Appeal) -> set[str]:
    verbs = {"supervise_appeal"} if state in (*NOT_BEGUN, *UNDER_WAY) else set()
    if _asked_for_a_date(appeal):
        verbs.add("decide_date_change")
    return verbs


def _outside_verbs(by: Actor, appeal: Appeal, now: datetime) -> frozenset[str]:
    if not access.speaks_for(by, appeal):
        return frozenset()
    state = State(appeal.state)
    verbs: set[str] = set()
    if state in (*NOT_BEGUN, *UNDER_WAY):
        verbs.add("withdraw_appeal")
    if _may_take_back(by, appeal, now):
        verbs.add("take_back_appeal")
    answered = bool(appeal.result) and state in UNDER_WAY
    if answered or state in (State.ANSWERED, State.UNCONFIRMED):
        verbs.add("confirm_solved")
    if (verbs & {"confirm_solved"} or state == State.CONFIRMED) and _may_reopen(appeal, now):
        verbs.add("reopen_appeal")
    if state == State.CONFIRMED and appeal.asked_again_at and appeal.still_solved_at is None:
        verbs.add("confirm_again")
    return frozenset(verbs)


def _may_reopen(appeal: Appeal, now: datetime) -> bool:
    """What was closed too long ago is filed anew."""
    last = appeal.closed_at and appeal.closed_at + timedelta(days=access.REOPEN_DAYS)
    return last is None or now <= last
