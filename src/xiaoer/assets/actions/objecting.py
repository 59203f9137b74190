"""Objections to what came of a lot: while one is open nothing moves, and a person decides it in words."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.after_rows import ask, day_after, drop_tasks, is_disputed
from xiaoer.assets.actions.lot_rows import (
    end_tasks,
    hall_now,
    locked_lot,
    move,
    record,
    seen_lot,
    terms_of,
    working_day,
)
from xiaoer.assets.actions.refunding import (
    REFUND,
    give_up_forfeit,
    hold_again,
    open_refunds,
    owe_rest,
)
from xiaoer.assets.actions.results import AGAIN, CONFIRM, CONTRACT, PAY, PUBLISH
from xiaoer.assets.actions.undoing_sales import Ending, undo_sale
from xiaoer.assets.models import Ban, Bidder, Lot, LotObjection, SecondChance
from xiaoer.base import journal
from xiaoer.base.checking import locked, must_say, said, today
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf

OBJECTION = "objection"
State = Lot.State
# What came of a lot and can still be decided otherwise; a contract that is signed is for its parties.
BEFORE_THE_CONTRACT = (State.ENDED, State.CONFIRMED, State.PUBLISHED)
OPEN_TO = (*BEFORE_THE_CONTRACT, State.PASSED_IN, State.DEFAULTED, State.WITHDRAWN)


def object_until(lot: Lot) -> date | None:
    """The last day on which somebody may object to what came of a lot; none while nothing did, or
    after it was settled. Of a buyer's default: until the lot is closed, whatever the day."""
    if lot.state not in OPEN_TO or lot.ended_at is None or lot.closed_at is not None:
        return None
    if lot.contract_on is not None and lot.state in BEFORE_THE_CONTRACT:
        return None
    if lot.state == State.DEFAULTED:
        return date.max
    days = terms_of(lot).object_days
    since = [moment for moment in (lot.ended_at, lot.published_at) if moment is not None]
    return working_day(lot.zone_id, max(today(moment) for moment in since), days)


def may_object(lot: Lot) -> bool:
    """Whether it is not too late."""
    until = object_until(lot)
    return until is not None and today(hall_now(lot.zone_id)) <= until


@transaction.atomic
def raise_objection(
    *, by: Actor, now: datetime, lot: Lot, words: str, bidder: Bidder | None = None
) -> LotObjection:
    """Object to what came of a lot: its seller, or a bidder that was let in.

    The party itself, or the exchange in writing for one; ``bidder``: which, none for the seller.
    From now on nothing is confirmed, and no deposit of those in the hall goes back, until it is
    decided.
    """
    seen = seen_lot(by, lot)
    who = _who(by, seen, bidder)
    words = must_say(
        words, "words", most=1000, why=_("Say what is wrong with the result, and what shows it.")
    )
    with on_behalf(by):
        row = locked_lot(by, seen)
        _must_be_in_time(row)
        if LotObjection.objects.filter(lot=row, bidder=who, state=LotObjection.State.OPEN).exists():
            raise Refused(_("An objection of this party is open already; wait for the decision."))
        days = terms_of(row).objection_days
        kept = LotObjection.objects.create(
            zone_id=row.zone_id, lot=row, bidder=who, words=words, raised_at=now,
            raised_by_id=by.post_id if by.is_staff else None,
            due_at=day_after(row.zone_id, now, days),
        )  # fmt: skip
        drop_tasks(row, CONFIRM, PUBLISH, CONTRACT, PAY, REFUND, AGAIN, by=by, now=now)
        ask(row, OBJECTION, _("decide an objection"), by=by, now=now, days=days)
        # What is said against a result is read by who decides it; the others read that it is there.
        record(by, now, "raise_objection", row, alias=who.alias if who else None)
    return kept


def _who(by: Actor, lot: Lot, bidder: Bidder | None) -> Bidder | None:
    """Which bidder objects; None: the seller."""
    rows = Bidder.objects.filter(zone_id=by.zone_id, lot=lot, state=Bidder.State.ADMITTED)
    if by.is_staff:
        access.must_run_exchange(by)
        access.must_be_person(by)
        if bidder is None:
            return None
        found = rows.filter(pk=bidder.pk).first()
    else:
        if access.sells(by, lot):
            return None
        found = rows.filter(party_id=by.party_ref or 0).first()
    if found is None:
        raise Refused(
            _("Only the seller and bidders who were let in object to a result."), field="bidder"
        )
    return found


def _must_be_in_time(lot: Lot) -> None:
    until = object_until(lot)
    if until is None:
        raise Refused(
            _(
                "“%(lot)s” is now: %(state)s. There is no result that could still be decided otherwise."
            )
            % {"lot": lot.title, "state": lot.get_state_display()}
        )
    if today(hall_now(lot.zone_id)) > until:
        raise Refused(
            _("By its rules one could object to this result until %(day)s.") % {"day": until}
        )


@transaction.atomic
def withdraw_objection(
    *, by: Actor, now: datetime, objection: LotObjection, words: str = ""
) -> LotObjection:
    """The party takes its objection back; the exchange writes that down with who said it."""
    seen = _seen(by, objection)
    if by.is_staff:
        access.must_run_exchange(by)
        access.must_be_person(by)
        words = must_say(words, "words", most=400, why=_("Say who took it back, when and how."))
    with on_behalf(by):
        row, kept = _locked(by, seen)
        _end(kept, LotObjection.State.WITHDRAWN, said(words, "words", most=400), by, now)
        _go_on(by, now, row)
        record(by, now, "withdraw_objection", row, alias=_alias(kept))
    return kept


@transaction.atomic
def decide_objection(
    *,
    by: Actor,
    now: datetime,
    objection: LotObjection,
    is_upheld: bool,
    words: str,
    version: int | None = None,
) -> LotObjection:
    """A person decides an objection, in words every party reads.

    Rejected, everything goes on where it stood. Upheld, a sale whose contract is not signed is
    annulled and the lot passed in; of a buyer against its default, the buyer stands again.
    """
    access.must_run_exchange(by)
    access.must_be_person(by)
    row, kept = _locked(by, _seen(by, objection), version)
    words = must_say(
        words, "words", most=400, why=_("Say why it is decided so; every party reads it.")
    )
    state = LotObjection.State.UPHELD if is_upheld else LotObjection.State.REJECTED
    _end(kept, state, words, by, now)
    if is_upheld:
        _undo(by, now, row, kept)
    _go_on(by, now, row)
    record(
        by, now, "decide_objection", row, alias=_alias(kept), is_granted=is_upheld, words=words
    )  # fmt: skip
    return kept


def _seen(by: Actor, objection: LotObjection) -> LotObjection:
    """The objection as the asker sees it: outside only one's own."""
    row = LotObjection.objects.filter(zone_id=by.zone_id, pk=objection.pk).first()
    if row is None:
        raise Refused(_("There is no such objection here; it may be of another party."))
    return row


def _locked(by: Actor, seen: LotObjection, version: int | None = None) -> tuple[Lot, LotObjection]:
    """The lot and then the objection, which is open."""
    row = locked_lot(by, seen.lot_id)
    kept = locked(LotObjection, by, seen.pk)
    if kept.state != LotObjection.State.OPEN:
        raise Refused(
            _("This is now: %(state)s. Load the page again.") % {"state": kept.get_state_display()}
        )
    if version is not None:
        journal.must_be_fresh(kept, version)
    return row, kept


def _end(kept: LotObjection, state: str, answer: str, by: Actor, now: datetime) -> None:
    kept.state, kept.answer, kept.decided_at = state, answer, now
    kept.decided_by_id = by.post_id if by.is_staff else None
    kept.version += 1
    kept.save(update_fields=["state", "answer", "decided_at", "decided_by", "version"])


def _alias(kept: LotObjection) -> int | None:
    return kept.bidder.alias if kept.bidder else None


# What an objection undoes ------------------------------------------------------------------------


def _undo(by: Actor, now: datetime, lot: Lot, kept: LotObjection) -> None:
    if lot.state in BEFORE_THE_CONTRACT:
        _annul(by, now, lot, kept.answer)
    elif lot.state == State.DEFAULTED and kept.bidder_id == lot.winner_id:
        _lift_default(by, now, lot)


def _annul(by: Actor, now: datetime, lot: Lot, why: str) -> None:
    ending = Ending(
        said=_("annulled on an objection: %(why)s") % {"why": why}, title="撤销成交通知书",
        what="竞价结果经异议处理", verb="撤销", ground=f"处理意见：{why}",
    )  # fmt: skip
    undo_sale(by=by, now=now, lot=lot, ending=ending)


def _lift_default(by: Actor, now: datetime, lot: Lot) -> None:
    """The buyer was wrongly said to be in default: it buys, or, where the thing is on its way to
    another, has its deposit back; it may bid again."""
    buyer = lot.winner
    if buyer is None:
        return
    Ban.objects.filter(lot=lot, party=buyer.party, lifted_at=None).update(lifted_at=now)
    give_up_forfeit(lot=lot, bidder=buyer)
    hold_again(lot=lot, bidder=buyer)
    if hasattr(lot, "relisted_as"):
        owe_rest(by=by, now=now, lot=lot, bidder=buyer, why=_("default taken back"))
        return
    asked = SecondChance.objects.filter(lot=lot, state=SecondChance.State.ASKED)
    asked.update(state=SecondChance.State.DROPPED, answered_at=now)
    lot.state, lot.closed_why = State.ENDED, ""
    lot.confirmed_at = lot.published_at = None
    move(lot, "state", "closed_why", "confirmed_at", "published_at")


def _go_on(by: Actor, now: datetime, lot: Lot) -> None:
    """Once nothing is open: what was to be done is to be done again, with its time from now."""
    if is_disputed(lot):
        return
    end_tasks(lot, [OBJECTION], by=by, now=now)
    rules = terms_of(lot)
    for kind, title, days in {
        State.ENDED: [(CONFIRM, _("confirm the result"), rules.confirm_days)],
        State.CONFIRMED: [(PUBLISH, _("publish the result"), rules.confirm_days)],
        State.PUBLISHED: [
            (CONTRACT, _("have the contract signed"), rules.contract_days),
            (PAY, _("see that the price is paid"), rules.pay_days),
        ],
        State.PASSED_IN: [(AGAIN, _("put up again or give back"), rules.confirm_days)],
        State.DEFAULTED: [(AGAIN, _("ask the next bidder, or put up again"), rules.confirm_days)],
    }.get(State(lot.state), []):
        if not (kind == AGAIN and hasattr(lot, "relisted_as")):
            ask(lot, kind, title, by=by, now=now, days=days)
    waiting = open_refunds(lot)
    if waiting.exists():
        # The days in which nothing could go back are not counted.
        due = day_after(lot.zone_id, now, rules.refund_days)
        waiting.filter(line__bidder__state=Bidder.State.ADMITTED, due_at__lt=due).update(due_at=due)
        ask(lot, REFUND, _("give deposits back"), by=by, now=now, days=rules.refund_days)
