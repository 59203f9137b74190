"""Lots put up, changed, and brought to the exchange centre, which sends them back or finds them in order."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.auction_rules import rules_in_force
from xiaoer.assets.actions.lot_rows import (
    KIND,
    ask_hall,
    end_tasks,
    give,
    locked_lot,
    move,
    must_be_phone,
    record,
    seen_lot,
    terms_of,
)
from xiaoer.assets.auction import terms
from xiaoer.assets.models import Lot, LotFile
from xiaoer.base import journal
from xiaoer.base.checking import must_be_possible, must_run_forward, must_say, said, today
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.base.units import show_money
from xiaoer.registry.models import Party
from xiaoer.work import actions as work

State = Lot.State
# A hundred milliard yuan: above it a price is a slip of the finger, not a lathe.
MOST_FEN = 10**13


@dataclass(frozen=True, slots=True)
class LotFacts:
    """A lot as its owner describes it; money in fen, what is empty is reckoned by the rules."""

    title: str
    description: str
    place: str
    contact_name: str
    contact_phone: str
    start_fen: int
    sort: str = ""
    quantity: str = ""
    flaws: str = ""
    step_fen: int | None = None
    deposit_fen: int | None = None
    valuation_fen: int | None = None
    has_reserve: bool = True
    viewing_from: date | None = None
    viewing_until: date | None = None
    viewing_place: str = ""


@transaction.atomic
def draft_lot(*, by: Actor, now: datetime, facts: LotFacts, seller: Party | None = None) -> Lot:
    """Begin a lot. A firm puts up its own things; the exchange centre or the desk for one that asks.

    ``has_reserve``: the start price is the reserve; without, the notice says that there is none. A
    secret reserve is sealed apart.
    """
    access.must_put_up(by)
    party = _seller(by, seller)
    with on_behalf(by):
        rules = rules_in_force(by)
        lot = Lot(
            zone_id=by.zone_id, seller_id=party, rules=rules, opened_at=now,
            **_columns(facts, terms.read(rules.body)),
        )  # fmt: skip
        lot.save()
        record(by, now, "draft_lot", lot, name=lot.title, start_fen=lot.start_fen)
    return lot


def _seller(by: Actor, seller: Party | None) -> int:
    """Whose thing it is: outside the asker's own firm, at the desk the firm that was chosen."""
    if not by.is_staff:
        return by.party_ref or 0
    if seller is None or seller.zone_id != by.zone_id:
        raise Refused(_("Choose the firm whose thing it is."), field="seller")
    return int(seller.pk)


@transaction.atomic
def change_lot(*, by: Actor, now: datetime, lot: Lot, facts: LotFacts, version: int) -> Lot:
    """Change a lot that is not yet announced; once it was checked only the exchange centre does."""
    kept = _in_preparation(by, lot)
    with on_behalf(by):
        row = locked_lot(by, kept, *access.preparing_states(by), version=version)
        columns = _columns(facts, terms_of(row), row)
        _must_stay_below_reserve(row, facts)
        changed = journal.changes(row, columns)
        if changed:
            row.save(update_fields=list(columns))
            move(row)
            record(by, now, "change_lot", row, **changed)
    return row


def _must_stay_below_reserve(row: Lot, facts: LotFacts) -> None:
    """A secret reserve lies above the start price; nobody can read it to see whether it still does."""
    if row.reserve == Lot.Reserve.SECRET and facts.start_fen > row.start_fen:
        raise Refused(
            _(
                "A secret reserve is sealed, and the new start price might lie above it. Take the"
                " reserve back first and seal it anew after."
            ),
            field="start_fen",
        )


def _in_preparation(by: Actor, lot: Lot) -> Lot:
    kept = seen_lot(by, lot)
    access.must_keep_lot(by, kept)
    return kept


def _columns(facts: LotFacts, rules: terms.Terms, lot: Lot | None = None) -> dict[str, object]:
    start = _price(facts.start_fen, "start_fen", _("Say at what price the bidding starts."))
    step = facts.step_fen if facts.step_fen is not None else rules.step_for(start)
    deposit = facts.deposit_fen if facts.deposit_fen is not None else rules.deposit_for(start)
    _must_lie(step, rules.steps_for(start), "step_fen", _("The step"))
    _must_lie(deposit, rules.deposits_for(start), "deposit_fen", _("The deposit"))
    _must_be_worth(start, facts.valuation_fen, rules)
    if facts.viewing_from is None and facts.viewing_until is not None:
        raise Refused(_("Say from which day it can be looked at."), field="viewing_from")
    if facts.viewing_from is not None:
        must_be_possible(facts.viewing_from, "viewing_from")
        must_run_forward(facts.viewing_from, facts.viewing_until, "viewing_until")
    return {
        "title": must_say(facts.title, "title", most=80, why=_("Name the lot.")),
        "sort": said(facts.sort, "sort", most=40),
        "quantity": said(facts.quantity, "quantity", most=60),
        "description": must_say(
            facts.description, "description", most=4000, why=_("Describe what is sold.")
        ),
        "flaws": said(facts.flaws, "flaws", most=2000),
        "place": must_say(facts.place, "place", most=120, why=_("Say where the thing is.")),
        "contact_name": must_say(
            facts.contact_name, "contact_name", most=40, why=_("Say whom to ask.")
        ),
        "contact_phone": must_be_phone(facts.contact_phone, "contact_phone"),
        "start_fen": start,
        "step_fen": step,
        "deposit_fen": deposit,
        "valuation_fen": facts.valuation_fen,
        "reserve": _reserve(facts, lot),
        "viewing_from": facts.viewing_from,
        "viewing_until": facts.viewing_until,
        "viewing_place": said(facts.viewing_place, "viewing_place", most=120),
    }


def _reserve(facts: LotFacts, lot: Lot | None) -> str:
    """A sealed reserve stays until it is taken back; else the start price is one, or there is none."""
    if lot is not None and lot.reserve == Lot.Reserve.SECRET:
        return Lot.Reserve.SECRET
    return Lot.Reserve.OPEN if facts.has_reserve else Lot.Reserve.NONE


def _price(fen: int, field: str, why: str) -> int:
    if fen <= 0:
        raise Refused(why, field=field)
    if fen > MOST_FEN:
        raise Refused(_("This price is too high to be meant; check the unit."), field=field)
    return fen


def _must_lie(fen: int, between: tuple[int, int], field: str, what: str) -> None:
    least, most = between
    if not least <= fen <= most:
        raise Refused(
            _("%(what)s lies between %(least)s and %(most)s by the rules of the auction.")
            % {"what": what, "least": show_money(least, "zh"), "most": show_money(most, "zh")},
            field=field,
        )


def _must_be_worth(start: int, valuation: int | None, rules: terms.Terms) -> None:
    if valuation is None:
        return
    _price(valuation, "valuation_fen", _("A valuation is more than nothing."))
    if start * 100 < valuation * rules.start_percent_of_valuation:
        raise Refused(
            _("By the rules the start price is at least %(percent)d %% of the valuation.")
            % {"percent": rules.start_percent_of_valuation},
            field="start_fen",
        )


# The secret reserve ------------------------------------------------------------------------------


@transaction.atomic
def seal_lot_reserve(
    *, by: Actor, now: datetime, lot: Lot, amount_fen: int, version: int | None = None
) -> Lot:
    """Seal a secret reserve: its hash is published with the notice, itself only at the end.

    Nobody reads it until then, not even the exchange centre; who forgets it seals another.
    """
    kept = _in_preparation(by, lot)
    with on_behalf(by):
        row = locked_lot(by, kept, *access.preparing_states(by), version=version)
        amount = _price(amount_fen, "amount_fen", _("Say below what price it is not sold."))
        if amount <= row.start_fen:
            raise Refused(
                _("A secret reserve lies above the start price; else the start price is one."),
                field="amount_fen",
            )
        salt = secrets.token_hex(16)
        ask_hall("seal_reserve", row.pk, amount, salt)
        row.reserve = Lot.Reserve.SECRET
        row.reserve_hash = sha256(f"{salt}|{amount}".encode()).hexdigest()
        move(row, "reserve", "reserve_hash")
        record(by, now, "seal_lot_reserve", row, hash=row.reserve_hash)
    return row


@transaction.atomic
def drop_lot_reserve(*, by: Actor, now: datetime, lot: Lot, version: int | None = None) -> Lot:
    """Take a sealed reserve back before the notice; the start price is the reserve again."""
    kept = _in_preparation(by, lot)
    with on_behalf(by):
        row = locked_lot(by, kept, *access.preparing_states(by), version=version)
        if row.reserve != Lot.Reserve.SECRET:
            raise Refused(_("“%(lot)s” has no secret reserve.") % {"lot": row.title})
        ask_hall("unseal_reserve", row.pk)
        row.reserve, row.reserve_hash = Lot.Reserve.OPEN, ""
        move(row, "reserve", "reserve_hash")
        record(by, now, "drop_lot_reserve", row)
    return row


# To the exchange centre --------------------------------------------------------------------------


@transaction.atomic
def submit_lot(*, by: Actor, now: datetime, lot: Lot, version: int | None = None) -> Lot:
    """Bring a lot to the exchange centre: with a picture, and a paper that shows whose it is."""
    kept = _in_preparation(by, lot)
    with on_behalf(by):
        row = locked_lot(by, kept, State.DRAFT, version=version)
        _must_be_whole(row)
        row.state, row.returned_why = State.SUBMITTED, ""
        if row.matter is None:
            row.matter = work.open_matter(
                by=by, now=now, kind=KIND, subject_id=row.pk, title=f"闲置资产竞价：{row.title}",
                address=f"/lots/{row.pk}/", party=row.seller,
            )  # fmt: skip
        move(row, "state", "returned_why", "matter")
        give(row, "check_lot", _("check the lot"), by=by, now=now, days=terms_of(row).check_days)
        record(by, now, "submit_lot", row, name=row.title)
    return row


def _must_be_whole(row: Lot) -> None:
    kinds = set(
        LotFile.objects.filter(lot=row, removed_at__isnull=True).values_list("kind", flat=True)
    )
    if LotFile.Kind.PICTURE not in kinds:
        raise Refused(_("Add a picture first; nobody buys unseen."), field="picture")
    if LotFile.Kind.TITLE not in kinds:
        raise Refused(
            _("Add a paper that shows whose it is, such as the invoice."), field="title_paper"
        )


@transaction.atomic
def return_lot(
    *, by: Actor, now: datetime, lot: Lot, reason: str, version: int | None = None
) -> Lot:
    """Send a lot back to its owner with what is to be put right."""
    access.must_run_exchange(by)
    access.must_be_person(by)
    row = locked_lot(by, lot, State.SUBMITTED, State.CHECKED, version=version)
    row.returned_why = must_say(reason, "reason", most=500)
    row.state = State.DRAFT
    move(row, "state", "returned_why")
    end_tasks(row, ["check_lot", "notice_lot"], by=by, now=now)
    record(by, now, "return_lot", row, reason=row.returned_why)
    return row


@transaction.atomic
def check_lot(*, by: Actor, now: datetime, lot: Lot, version: int | None = None) -> Lot:
    """Find a lot in order; it gets its number, and the announcement is a task."""
    access.must_run_exchange(by)
    row = locked_lot(by, lot, State.SUBMITTED, version=version)
    row.state, row.checked_at, row.checked_by_id = State.CHECKED, now, by.post_id
    row.number = row.number or _number(by, now)
    move(row, "state", "checked_at", "checked_by", "number")
    end_tasks(row, ["check_lot"], by=by, now=now)
    give(row, "notice_lot", _("announce the lot"), by=by, now=now, days=terms_of(row).check_days)
    record(by, now, "check_lot", row, number=row.number)
    return row


def _number(by: Actor, now: datetime) -> str:
    """The next number of the year; the rules in force are locked, so numbers are given one by one."""
    rules_in_force(by)
    head = f"{today(now).year}-"
    last = (
        Lot.objects.filter(zone_id=by.zone_id, number__startswith=head)
        .order_by(Length("number").desc(), "-number")
        .values_list("number", flat=True)
        .first()
    )
    return f"{head}{int(last.removeprefix(head)) + 1 if last else 1:03d}"
