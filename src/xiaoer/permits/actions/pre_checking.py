"""The pre-check: an ambassador looks an application through before it is submitted, if asked to."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import applicant_access
from xiaoer.permits import case_access as access
from xiaoer.permits.actions.case_rows import locked_case, must_say, tell
from xiaoer.permits.actions.holding_case import State, case_in_hand
from xiaoer.permits.models import Case


@transaction.atomic
def ask_pre_check(*, by: Actor, now: datetime, case: Case) -> Case:
    """Ask for a draft to be looked through. It lies at the desk's list until somebody did; the
    applicant need not wait for it. Asked twice, it was asked at first."""
    with case_in_hand(by, case, now) as row:
        if row.state != State.DRAFT:
            raise Refused(_("It was submitted already; the acceptance desk looks at it now."))
        if row.check_asked_at is None:
            row.check_asked_at = now
            row.version += 1
            row.save(update_fields=["check_asked_at", "version"])
            tell(row, "ask_pre_check", by=by, now=now)
    return row


@transaction.atomic
def pre_check(*, by: Actor, now: datetime, case: Case, words: str) -> Case:
    """Look an application through before it is submitted, as a service ambassador; it decides
    nothing and binds nobody. A draft is its applicant's own until it is asked for."""
    row = locked_case(by, case)
    post = access.must_be_person(by)
    if row.state not in (State.DRAFT, State.SUPPLEMENT):
        raise Refused(
            _("This application is %(state)s; it is looked through before it is submitted.")
            % {"state": State(row.state).label}
        )
    if not may_look_through(row):
        raise Refused(_("The applicant has not asked for this draft to be looked through."))
    row.checked_at, row.checked_by_id, row.check_asked_at = now, post, None
    row.check_words = must_say(words, _("Say what you found, or that all is well."), most=500)
    row.version += 1
    row.save(update_fields=["checked_at", "checked_by", "check_asked_at", "check_words", "version"])
    tell(row, "pre_check_case", by=by, now=now, words=row.check_words)
    return row


def may_look_through(case: Case) -> bool:
    """What was asked for, what a helper began, and what comes back to be supplemented."""
    return (
        case.state == State.SUPPLEMENT
        or case.check_asked_at is not None
        or case.channel in applicant_access.HELPING
    )
