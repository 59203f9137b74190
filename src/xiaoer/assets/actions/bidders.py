"""Registering to bid: who, by which agent, with which right; admitted under a number, or refused."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.lot_rows import (
    end_tasks,
    give,
    hall_now,
    locked_bidder,
    locked_lot,
    move_bidder,
    must_be_phone,
    record_bidder,
    seen_lot,
    tell_who_is_in,
    terms_of,
)
from xiaoer.assets.actions.refunding import owe_back
from xiaoer.assets.actions.related import Agent, must_be_unrelated
from xiaoer.assets.models import Bidder, DepositLine, LedgerLine, Lot
from xiaoer.base import files
from xiaoer.base.checking import must_say, said
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.base.units import show_money
from xiaoer.registry.models import Party
from xiaoer.web import words

State = Bidder.State
OPEN = (Lot.State.NOTICED, Lot.State.LIVE)
# Signs nobody mistakes for one another when a bank's clerk types them.
SIGNS = "ACDEFGHJKLMNPQRTUVWXY34679"
PLATES = 99


@dataclass(frozen=True, slots=True)
class BidderFacts:
    """Who bids for a firm. ``pre_emption``: the right it claims, such as tenant or co-owner.

    ``namesake_why``: how a person of the exchange saw that two people only share a name.
    """

    agent_name: str
    agent_phone: str
    pre_emption: str = ""
    namesake_why: str = ""


@transaction.atomic
def apply_to_bid(
    *,
    by: Actor,
    now: datetime,
    lot: Lot,
    facts: BidderFacts,
    mandate: files.Named | None = None,
    party: Party | None = None,
) -> Bidder:
    """Register for a lot. The agent brings a power of attorney, unless it is the representative.

    What comes back names the code for the remark of the transfer. The seller, its agents and
    related firms are refused, with the reason.
    """
    kept = seen_lot(by, lot)
    firm = _own_firm(by, party)
    agent = Agent(
        must_say(facts.agent_name, "agent_name", most=40, why=_("Name who bids for the firm.")),
        must_be_phone(facts.agent_phone, "agent_phone"),
    )
    _must_have_mandate(firm, agent, mandate)
    stored = _kept_mandate(by, now, mandate)
    with on_behalf(by):
        row = locked_lot(by, kept, *OPEN)
        _must_be_in_time(by, row)
        must_be_unrelated(row, firm, agent, now, namesake_why=_namesake(by, facts))
        bidder = _new(by, now, row, firm, agent, stored)
        bidder.rank_why = said(facts.pre_emption, "pre_emption", most=90)
        _save_new(bidder, firm)
        give(
            row, "admit_bidder", _("look at who registered"), by=by, now=now,
            days=terms_of(row).admit_days,
        )  # fmt: skip
        record_bidder(
            by, now, "apply_to_bid", bidder, agent=agent.name, pre_emption=bidder.rank_why,
            reason=facts.namesake_why,
        )  # fmt: skip
    return bidder


def _own_firm(by: Actor, party: Party | None) -> Party:
    """The asker's own firm; the exchange centre registers one that comes in person."""
    if by.is_staff:
        access.must_run_exchange(by)
        number = party.pk if party is not None and party.zone_id == by.zone_id else None
    else:
        number = by.party_ref if by.role in access.TRADERS else None
    found = Party.objects.filter(zone_id=by.zone_id, pk=number or 0, merged_into=None).first()
    if found is None:
        raise Refused(
            _("Bids are made in the name of a firm; sign in for it, or choose one."), field="party"
        )
    if found.status in (Party.Status.CANCELLED, Party.Status.REVOKED):
        raise Refused(
            _("“%(name)s” is no longer in operation and may not bid.") % {"name": found.name},
            field="party",
        )
    return found


def _must_have_mandate(firm: Party, agent: Agent, mandate: files.Named | None) -> None:
    if mandate is not None or agent.name == firm.legal_representative.strip():
        return
    raise Refused(
        _("%(name)s is not the legal representative; add the power of attorney.")
        % {"name": agent.name},
        field="mandate",
    )


def _kept_mandate(by: Actor, now: datetime, mandate: files.Named | None) -> StoredFile | None:
    if mandate is None:
        return None
    return files.keep_file(by=by, now=now, stream=mandate, name=mandate.name or "")


def _namesake(by: Actor, facts: BidderFacts) -> str:
    """Only a person of the exchange says that two people only share a name."""
    why = said(facts.namesake_why, "namesake_why", most=300)
    return why if by.is_staff and by.post_id is not None else ""


def _must_be_in_time(by: Actor, lot: Lot) -> None:
    if lot.register_until is not None and hall_now(by.zone_id) > lot.register_until:
        raise Refused(
            _("Registration for “%(lot)s” closed %(moment)s.")
            % {"lot": lot.title, "moment": words.moment(lot.register_until)}
        )


def _new(
    by: Actor, now: datetime, lot: Lot, firm: Party, agent: Agent, mandate: StoredFile | None
) -> Bidder:
    return Bidder(
        zone_id=by.zone_id, lot=lot, party=firm, agent_name=agent.name, agent_phone=agent.phone,
        mandate=mandate, deposit_code=_code(lot), applied_at=now,
    )  # fmt: skip


def _code(lot: Lot) -> str:
    """The lot's number and five signs at random, for the remark of a transfer."""
    digits = "".join(sign for sign in lot.number if sign.isdigit())[-5:]
    return digits + "".join(secrets.choice(SIGNS) for _sign in range(5))


def _save_new(bidder: Bidder, firm: Party) -> None:
    try:
        with transaction.atomic():
            bidder.save()
    except IntegrityError as error:
        if "bidder_once_a_lot" not in str(error):
            raise
        raise Refused(
            _("“%(name)s” is registered for this lot already; open that.") % {"name": firm.name},
            field="party",
        ) from error


@transaction.atomic
def claim_pre_emption(*, by: Actor, now: datetime, bidder: Bidder, why: str) -> Bidder:
    """Claim a right of pre-emption (tenant, partner, co-owner) before registration closes.

    It counts once the exchange centre admits the bidder with a rank.
    """
    seen = _seen_bidder(by, bidder)
    why = must_say(why, "pre_emption", most=90, why=_("Say what the right rests on."))
    with on_behalf(by):
        row = locked_bidder(by, seen, State.APPLIED)
        _must_be_in_time(by, row.lot)
        row.rank_why = why
        move_bidder(row, "rank_why")
        record_bidder(by, now, "claim_pre_emption", row, pre_emption=why)
    return row


def _seen_bidder(by: Actor, bidder: Bidder) -> Bidder:
    """The bidder as the asker sees it: outside only one's own."""
    if by.is_staff:
        access.must_run_exchange(by)
    row = Bidder.objects.filter(zone_id=by.zone_id, pk=bidder.pk).first()
    if row is None:
        raise Refused(_("There is no such bidder here; it may be of another lot."))
    return row


@transaction.atomic
def admit_bidder(
    *,
    by: Actor,
    now: datetime,
    bidder: Bidder,
    rank: int | None = None,
    no_rank_why: str = "",
) -> Bidder:
    """Let a bidder in, once its deposit came in time; it gets a number by lot, which others see.

    ``rank``: of a right of pre-emption that was shown, 1 before 2; a claim that is not recognised
    needs ``no_rank_why``.
    """
    access.must_run_exchange(by)
    row = locked_bidder(by, bidder, State.APPLIED)
    locked_lot(by, row.lot_id, *OPEN)
    _must_have_paid(row)
    agent = Agent(row.agent_name, row.agent_phone)
    must_be_unrelated(row.lot, row.party, agent, now, namesake_why="-")
    _set_rank(by, row, rank, no_rank_why)
    row.alias = _plate(row.lot)
    row.state, row.decided_at, row.decided_by_id = State.ADMITTED, now, by.post_id
    move_bidder(row, "state", "alias", "rank", "rank_why", "decided_at", "decided_by")
    tell_who_is_in(row)
    _end_task(by, now, row.lot)
    record_bidder(by, now, "admit_bidder", row, number=row.alias, rank=row.rank)
    return row


def deposit_in_time(bidder: Bidder) -> int:
    """What came for a bidder until deposits had to be there, in fen."""
    lines = DepositLine.objects.filter(zone_id=bidder.zone_id, bidder=bidder, refund__isnull=True)
    until = bidder.lot.deposit_until
    if until is not None:
        lines = lines.filter(at__lte=until)
    return sum(lines.values_list("amount_fen", flat=True))


def _must_have_paid(row: Bidder) -> None:
    came = deposit_in_time(row)
    if came < row.lot.deposit_fen:
        raise Refused(
            _(
                "The deposit of %(deposit)s is not there: %(came)s came in time. Import the"
                " statement first."
            )
            % {
                "deposit": show_money(row.lot.deposit_fen, "zh"),
                "came": show_money(came, "zh"),
            },
            field="deposit",
        )


def _set_rank(by: Actor, row: Bidder, rank: int | None, no_rank_why: str) -> None:
    if rank is not None:
        if not 1 <= rank <= PLATES:
            raise Refused(_("Ranks are 1, 2 and so on."), field="rank")
        if not row.rank_why:
            raise Refused(_("This bidder claims no right of pre-emption."), field="rank")
        row.rank = rank
    elif row.rank_why:
        access.must_be_person(by)
        why = must_say(
            no_rank_why, "no_rank_why", most=90,
            why=_("Say why the right of pre-emption is not recognised, or give it a rank."),
        )  # fmt: skip
        row.rank_why = f"{row.rank_why}（未认定：{why}）"


def _plate(lot: Lot) -> int:
    """A number nobody of the lot has, by lot."""
    taken = set(Bidder.objects.filter(lot=lot).values_list("alias", flat=True))
    free = [number for number in range(1, PLATES + 1) if number not in taken]
    if not free:
        free = [max(number or 0 for number in taken) + 1]
    return secrets.choice(free)


def _end_task(by: Actor, now: datetime, lot: Lot) -> None:
    if not Bidder.objects.filter(lot=lot, state=State.APPLIED).exists():
        end_tasks(lot, ["admit_bidder"], by=by, now=now)


@transaction.atomic
def refuse_bidder(*, by: Actor, now: datetime, bidder: Bidder, reason: str) -> Bidder:
    """Not let a bidder in, or put one out before it bid, with the reason; its deposit is owed back."""
    access.must_run_exchange(by)
    access.must_be_person(by)
    row = locked_bidder(by, bidder, State.APPLIED, State.ADMITTED)
    reason = must_say(reason, "reason", most=300)
    _must_not_have_bid(row)
    return _end(by, now, row, State.REFUSED, "refuse_bidder", reason)


@transaction.atomic
def leave_lot(*, by: Actor, now: datetime, bidder: Bidder) -> Bidder:
    """Withdraw a registration. Who has bid stays: a bid once made cannot be taken back."""
    seen = _seen_bidder(by, bidder)
    with on_behalf(by):
        row = locked_bidder(by, seen, State.APPLIED, State.ADMITTED)
        _must_not_have_bid(row)
        return _end(by, now, row, State.LEFT, "leave_lot", "")


def _must_not_have_bid(row: Bidder) -> None:
    # The hall's own row is not locked here: a bid that comes at this moment stands in the ledger
    # first or finds the bidder not admitted; ``admit_to_hall`` waits for it.
    if LedgerLine.objects.filter(lot=row.lot, bidder=row, outcome="accepted").exists():
        raise Refused(
            _("A bid was made for “%(name)s”; it cannot be taken back.") % {"name": row.party.name}
        )


def _end(by: Actor, now: datetime, row: Bidder, state: str, verb: str, reason: str) -> Bidder:
    was_admitted = row.state == State.ADMITTED
    row.state, row.decided_at, row.refused_why = state, now, reason
    row.decided_by_id = by.post_id
    move_bidder(row, "state", "decided_at", "decided_by", "refused_why")
    if was_admitted:
        tell_who_is_in(row)
        _must_not_have_bid(row)
    owe_back(by=by, now=now, bidders=[row], lot=row.lot, why=reason or "报名已撤回")
    _end_task(by, now, row.lot)
    record_bidder(by, now, verb, row, reason=reason)
    return row
