"""The host in the hall: a pause, going on, an early end. The database decides against bids."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.after_rows import drop_tasks
from xiaoer.assets.actions.lot_rows import ask_hall, locked_lot, move, record, stop_hall
from xiaoer.assets.actions.refunding import owe_refunds_of
from xiaoer.assets.models import Hall, Lot
from xiaoer.base.checking import must_say
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

MOST_WHY = 300


@transaction.atomic
def pause_lot(*, by: Actor, now: datetime, lot: Lot, why: str) -> Lot:
    """Let no time pass and no bid count until the host goes on; everybody reads why."""
    row, why = _hosted(by, lot, why)
    _must_be_done(ask_hall("pause_hall", row.pk, why))
    record(by, now, "pause_lot", row, words=why)
    return row


@transaction.atomic
def resume_lot(*, by: Actor, now: datetime, lot: Lot, why: str) -> Lot:
    """Go on with the time that was left."""
    row, why = _hosted(by, lot, why)
    _must_be_done(ask_hall("resume_hall", row.pk, why))
    record(by, now, "resume_lot", row, words=why)
    return row


@transaction.atomic
def stop_lot(*, by: Actor, now: datetime, lot: Lot, why: str) -> Lot:
    """End a hall without a sale, also after bids; every deposit goes back."""
    row, why = _hosted(by, lot, why)
    said = stop_hall(row, why)
    if said != "stopped":
        _must_be_done(said)
    row.state = Lot.State.WITHDRAWN
    row.ended_at = Hall.objects.get(lot=row).ended_at
    row.closed_why = why
    move(row, "state", "ended_at", "closed_why")
    drop_tasks(row, by=by, now=now)
    owe_refunds_of(by=by, now=now, lot=row)
    record(by, now, "stop_lot", row, words=why)
    return row


def _hosted(by: Actor, lot: Lot, why: str) -> tuple[Lot, str]:
    access.must_run_exchange(by)
    access.must_be_person(by)
    why = must_say(why, "why", most=MOST_WHY, why=_("Say why; every bidder reads it."))
    return locked_lot(by, lot), why


def _must_be_done(said: str) -> None:
    if said != "done":
        raise Refused(_why_not(said))


def _why_not(said: str) -> str:
    return {
        "no_hall": _("This lot has no hall yet; it is opened by announcing the lot."),
        "late": _("The bidding is over by the server's clock; look at the result."),
        "paused": _("The hall stands paused already."),
        "not_paused": _("The hall is not paused; there is nothing to go on with."),
        "ended": _("The bidding is over by the server's clock; look at the result."),
    }.get(said, said)
