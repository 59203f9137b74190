"""Deposits: the bank's statement read in, each line of it counted once, and whose money it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.auction_rules import rules_in_force
from xiaoer.assets.actions.lot_rows import hall_now, locked_bidder, record_bidder, working_day
from xiaoer.assets.actions.refunding import owe_back
from xiaoer.assets.auction.statements import (
    StatementRow,
    is_same_name,
    plain_signs,
    read_statement,
    span,
)
from xiaoer.assets.auction.terms import read as read_terms
from xiaoer.assets.models import Bidder, DepositLine, DepositStatement, Lot, Refund
from xiaoer.base import files, journal
from xiaoer.base.checking import end_of, locked, must_say, said, today
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.tables import Limits, look_at_sheet

TAKEN, KNOWN, OUT, REJECTED = "taken", "known", "out", "rejected"
# Who of these has money come for is owed it at once.
GONE = (Bidder.State.LEFT, Bidder.State.REFUSED)


@dataclass(slots=True)
class _Sorting:
    """What becomes of each row of a statement."""

    known: dict[str, int]
    before: datetime
    new: list[StatementRow] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[dict[str, Any]] = field(default_factory=list)

    def take(self, row: StatementRow) -> None:
        outcome = self._judge(row)
        self.counts[outcome] += 1
        if outcome == TAKEN:
            self.known[row.bank_number] = row.amount_fen
            self.new.append(row)

    def _judge(self, row: StatementRow) -> str:
        if row.reason:
            return self._reject(row, row.reason)
        if row.is_out:
            return OUT
        if row.at is not None and row.at >= self.before:
            return self._reject(row, _("This day is still to come; check the date."))
        before = self.known.get(row.bank_number)
        if before is None:
            return TAKEN
        if before == row.amount_fen:
            return KNOWN
        return self._reject(
            row, _("The bank's number %(number)s is known with another amount.")
            % {"number": row.bank_number},
        )  # fmt: skip

    def _reject(self, row: StatementRow, reason: str) -> str:
        self.rejected.append({"row_no": row.row_no, "reason": reason})
        return REJECTED


@transaction.atomic
def import_statement(
    *, by: Actor, now: datetime, stream: files.Upload, file_name: str, account: str = ""
) -> DepositStatement:
    """Read a statement of the deposit account in. The same line twice, or the same file, counts once.

    A line that a bidder paid itself, with its code in the remark, is that bidder's; whose money the
    others are a person says. What cannot be read is listed with its row and reason, and the rest is taken.
    """
    access.must_run_exchange(by)
    file = files.keep_file(
        by=by, now=now, stream=stream, name=file_name, limit=Limits().file_bytes,
        look=look_at_sheet,
    )  # fmt: skip
    with files.kept_path(file) as path:
        read = read_statement(path)
    days = span(read.rows)
    if days is None:
        raise Refused(_("No row of this statement could be read."), field="paper")
    rules_in_force(by)  # locked: two statements at once count a line once
    # The halls of a demo run ahead of the machine, and so do its banks.
    last = today(max(now, hall_now(by.zone_id)))
    sorting = _Sorting(_known(by, read.rows), end_of(last))
    for row in read.rows:
        sorting.take(row)
    statement = DepositStatement.objects.create(
        zone_id=by.zone_id, file=file, file_name=file_name[:200], at=now, by_post_id=by.post_id,
        account=_account(account, read.account), first_on=days[0], last_on=days[1],
        result={**sorting.counts, "rows": sorting.rejected[:500]},
    )  # fmt: skip
    lines = DepositLine.objects.bulk_create(
        DepositLine(
            zone_id=by.zone_id, statement=statement, bank_number=row.bank_number, at=row.at or now,
            payer=row.payer, payer_account=row.payer_account, remark=row.remark,
            amount_fen=row.amount_fen,
        )
        for row in sorting.new
    )  # fmt: skip
    matched = _match_by_code(by, now, lines)
    journal.record(
        by=by, now=now, verb="import_statement", subject=statement, file_name=statement.file_name,
        count=len(lines), matched=matched, rejected=sorting.counts[REJECTED],
    )  # fmt: skip
    return statement


def _account(given: str, found: str) -> str:
    return must_say(
        given or found, "account", most=40, why=_("Say which account the statement is of.")
    )


def _known(by: Actor, rows: Iterable[StatementRow]) -> dict[str, int]:
    numbers = [row.bank_number for row in rows]
    return dict(
        DepositLine.objects.filter(zone_id=by.zone_id, bank_number__in=numbers).values_list(
            "bank_number", "amount_fen"
        )
    )


def _match_by_code(by: Actor, now: datetime, lines: list[DepositLine]) -> int:
    """Give each line the one bidder whose code stands in its remark, and who paid it; how many found
    theirs. What somebody else paid waits for a person: a deposit comes from the bidder's own account.
    """
    bidders = (
        Bidder.objects.filter(zone_id=by.zone_id)
        .exclude(lot__state=Lot.State.CLOSED)
        .select_related("lot__rules", "party")
    )
    by_code = {plain_signs(one.deposit_code): one for one in bidders}
    found = 0
    for line in lines:
        signs = plain_signs(line.remark)
        named = {one.pk: one for code, one in by_code.items() if code in signs}
        one = next(iter(named.values()), None)
        if one is not None and len(named) == 1 and _is_its_own(line, one):
            found += 1
            _assign(by, now, line, one)
    return found


def _is_its_own(line: DepositLine, bidder: Bidder) -> bool:
    """Whether the bidder paid a line itself. Who is out of the lot only gets it back, whoever paid."""
    return _is_out(bidder) or is_same_name(line.payer, bidder.party.name)


def _is_out(bidder: Bidder) -> bool:
    return bidder.state in GONE or bidder.lot.state == Lot.State.WITHDRAWN


def _assign(by: Actor, now: datetime, line: DepositLine, bidder: Bidder) -> None:
    line.bidder, line.matched_at, line.matched_by_id = bidder, now, by.post_id
    line.save(update_fields=["bidder", "matched_at", "matched_by"])
    Bidder.objects.filter(pk=bidder.pk).update(paid_fen=F("paid_fen") + line.amount_fen)
    if _is_out(bidder):
        owe_back(by=by, now=now, bidders=[bidder], lot=bidder.lot, why="到账时已不再参加竞买")


@transaction.atomic
def match_deposit(
    *, by: Actor, now: datetime, line: DepositLine, bidder: Bidder, why: str = ""
) -> DepositLine:
    """Say whose money a line is. Paid by another than the bidder itself it needs a reason.

    A line that was given to the wrong bidder is moved, while neither was let in by it.
    """
    access.must_run_exchange(by)
    access.must_be_person(by)
    to = locked_bidder(by, bidder)
    row = locked(DepositLine, by, line.pk)
    why = said(why, "why", most=300)
    if Refund.objects.filter(line=row).exists():
        raise Refused(_("This money is owed back already; it is nobody's deposit any longer."))
    if not is_same_name(row.payer, to.party.name) and not why:
        raise Refused(
            _("It was paid by “%(payer)s”, not by the bidder. Say why it is its deposit.")
            % {"payer": row.payer},
            field="why",
        )
    if row.bidder_id == to.pk:
        return row
    if row.bidder_id is not None:
        _take_from(by, row)
    _assign(by, now, row, to)
    record_bidder(
        by, now, "match_deposit", to, line=row.bank_number, amount=row.amount_fen, reason=why
    )
    return row


def _take_from(by: Actor, line: DepositLine) -> None:
    was = locked_bidder(by, line.bidder_id or 0)
    if was.state == Bidder.State.ADMITTED:
        raise Refused(
            _("“%(name)s” was let in by this deposit; it stays.") % {"name": was.party.name}
        )
    Bidder.objects.filter(pk=was.pk).update(paid_fen=F("paid_fen") - line.amount_fen)


@transaction.atomic
def return_deposit(*, by: Actor, now: datetime, line: DepositLine, why: str) -> Refund:
    """Owe money back to its payer that is nobody's deposit, such as paid by mistake."""
    access.must_run_exchange(by)
    access.must_be_person(by)
    row = locked(DepositLine, by, line.pk)
    why = must_say(why, "why", most=300)
    if row.bidder_id is not None:
        raise Refused(_("This is a bidder's deposit; it goes back when the lot is decided."))
    if Refund.objects.filter(line=row).exists():
        raise Refused(_("This money is owed back already."))
    days = read_terms(rules_in_force(by).body).refund_days
    refund = Refund.objects.create(
        zone_id=by.zone_id, line=row, kind=Refund.Kind.BACK, amount_fen=row.amount_fen, why=why,
        due_at=end_of(working_day(by.zone_id, today(now), days)),
    )  # fmt: skip
    journal.record(
        by=by, now=now, verb="return_deposit", subject=row, amount=row.amount_fen, reason=why
    )
    return refund
