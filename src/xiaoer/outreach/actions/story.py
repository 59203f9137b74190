"""How every verb takes a request into its hand: seen by the asker, locked, not stale; then told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.outreach.actions import clocks
from xiaoer.outreach.models import Appeal, AppealEvent

State = Appeal.State
# Somebody in the zone still has to do something, or the enterprise to say something.
OPEN = (
    State.RECEIVED,
    State.REGISTERED,
    State.DISPATCHED,
    State.WORKING,
    State.PARKED,
    State.ANSWERED,
)
UNDER_WAY = (State.DISPATCHED, State.WORKING, State.PARKED)


@contextmanager
def in_hand(*, by: Actor, appeal: Appeal, version: int) -> Iterator[Appeal]:
    """The row, found under the asker's own scope, locked, and of the version the asker saw.

    It is saved at the end with the next version, so a verb only sets what changes.
    """
    if not Appeal.objects.filter(pk=appeal.pk, zone_id=by.zone_id).exists():
        raise Refused(_("There is no such request here for you."))
    with on_behalf(by):
        row = (
            Appeal.objects.select_for_update(of=("self",))
            .select_related("party", "kind", "office", "matter")
            .get(pk=appeal.pk, zone_id=by.zone_id)
        )
        if row.version != version:
            raise Refused(_stale(row))
        row.version += 1
        yield row
        clocks.set_running(row)
        row.save()


def _stale(row: Appeal) -> str:
    last = AppealEvent.objects.filter(appeal=row).order_by("-at", "-id").first()
    if last is None:
        return _("%(no)s has changed meanwhile; load it again.") % {"no": row.receipt_no}
    return _("%(who)s changed %(no)s at %(at)s; load it again before you go on.") % {
        "who": last.who,
        "no": row.receipt_no,
        "at": timezone.localtime(last.at).strftime("%m-%d %H:%M"),
    }


def must_be(row: Appeal, *states: State) -> None:
    """Refuse, in words, what is not possible in the state the request is in."""
    if row.state in states:
        return
    raise Refused(
        _("%(no)s is in the state “%(state)s”; this is not possible now.")
        % {"no": row.receipt_no, "state": State(row.state).label}
    )


def must_say(words: str, field: str, message: str, most: int = 4000) -> str:
    """The words given, trimmed; a refusal naming the field where there are none or too many."""
    said = may_say(words, field, most)
    if not said:
        raise Refused(message, field=field)
    return said


def may_say(words: str, field: str, most: int = 4000) -> str:
    """The words given, trimmed; refused where there are too many, never cut."""
    said = printable(words).strip()
    if len(said) > most:
        raise Refused(
            _("At most %(most)d characters; these are %(count)d.")
            % {"most": most, "count": len(said)},
            field=field,
        )
    return said


def printable(text: str) -> str:
    """The text without control characters, which no database field and no paper can hold."""
    return "".join(sign for sign in text if sign in "\n\t" or ord(sign) >= 32)


def tell(
    row: Appeal,
    *,
    by: Actor,
    now: datetime,
    verb: str,
    text: str = "",
    is_public: bool = True,
    is_between_offices: bool = False,
    result: str = "",
    **detail: Any,
) -> AppealEvent:
    """One line of the request's story and one of the journal."""
    journal.record(
        by=by,
        now=now,
        verb=verb,
        subject=row,
        party_ref=row.party_id,
        state=row.state,
        ball=row.ball,
        **detail,
    )
    return AppealEvent.objects.create(
        zone_id=row.zone_id,
        appeal=row,
        at=now,
        verb=verb,
        who=_who(row, by),
        post_id=by.post_id,
        text=text,
        is_public=is_public,
        is_between_offices=is_between_offices,
        result=result,
    )


def _who(row: Appeal, by: Actor) -> str:
    """Who did it as the story names it; what a job does, the zone does."""
    is_job = by.is_staff and by.role is None
    return Zone.objects.get(pk=row.zone_id).name if is_job else by.who[:120]
