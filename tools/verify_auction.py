"""Re-run an auction from its public ledger: chain, every refusal, extensions, winner and price.

    python verify_auction.py ledger.txt
    python verify_auction.py ledger.txt 18 c9ee0958    (line 18 must have a hash that begins so)

Whoever noted a line and its hash while the bidding ran, or has the confirmation that names the last
line, compares them with the second form: a ledger written anew from its beginning is found by that.
A ledger without its end is not whole; ``--open`` before its name looks at one all the same.

Needs nothing but Python 3.8 or later. The ledger is a text: each line is what happened, a tab, and
the SHA-256 of the hash before (32 zero bytes at first) and those words. Nothing in it is believed:
all that follows from the lines before is reckoned anew and compared.

Exit code 0: all is as the ledger says. 1: something is not; the line and the reason are printed.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

FIRST = bytes(32)
NONE = "-"


class Wrong(Exception):
    """What is not as the ledger says, with the number of the line."""


class Hall:
    """The state of an auction as its lines make it; moments in microseconds, money in fen."""

    def __init__(self, fields: list[str]) -> None:
        number, start, step, most, opens, free, ends, extend, must, reserve = fields
        self.number = number
        self.start, self.step, self.most = int(start), int(step), int(most)
        self.opens, self.free, self.ends = int(opens), int(free), int(ends)
        self.extend = int(extend) * 1000000
        self.must_bid_free = must == "1"
        self.reserve_hash = reserve
        self.ranks: dict[int, int | None] = {}
        self.admitted: set[int] = set()
        self.price: int | None = None
        self.leader: int | None = None
        self.in_free: set[int] = set()
        self.paused_at: int | None = None
        self.result: str | None = None
        self.bids = self.refused = self.extensions = 0

    # What a line must come to -------------------------------------------------------------------

    def bid(self, at: int, fields: list[str]) -> None:
        said, price, leader, ends = fields[2:6]
        alias, amount = int(fields[0]), int(fields[1])
        must_be(said, self._judged(at, alias, amount), "the bid was answered")
        if said == "accepted":
            self._take(at, alias, amount)
            self.bids += 1
        else:
            self.refused += 1
        must_be(int(price), self.price or 0, "the price after it is")
        must_be(int(leader), self.leader or 0, "the leader after it is")
        must_be(int(ends), self.ends, "the end after it is")

    def _judged(self, at: int, alias: int, amount: int) -> str:
        rules = (
            ("not_admitted", alias not in self.admitted),
            ("late", self.result is not None or at >= self.ends),
            ("paused", self.paused_at is not None),
            ("early", at < self.opens),
            ("not_in_time", self.must_bid_free and at >= self.free and alias not in self.in_free),
            ("no_amount", amount <= 0),
            ("too_much", amount > self.most),
            ("leads", self.leader == alias),
            ("below_start", amount < self.start),
            ("off_step", (amount - self.start) % self.step != 0),
            ("below_step", not self._beats(alias, amount)),
        )
        return next((name for name, holds in rules if holds), "accepted")

    def _beats(self, alias: int, amount: int) -> bool:
        if self.price is None or amount >= self.price + self.step:
            return True
        rank, leading = self.ranks.get(alias), self.ranks.get(self.leader or 0)
        return amount == self.price and rank is not None and (leading is None or leading > rank)

    def _take(self, at: int, alias: int, amount: int) -> None:
        self.price, self.leader = amount, alias
        if at < self.free:
            self.in_free.add(alias)
        elif at + self.extend > self.ends:
            self.ends = at + self.extend
            self.extensions += 1

    def admit(self, _at: int, fields: list[str]) -> None:
        alias, rank, state = int(fields[0]), fields[1], fields[2]
        self.ranks[alias] = None if rank == NONE else int(rank)
        (self.admitted.add if state == "1" else self.admitted.discard)(alias)

    def pause(self, at: int, _fields: list[str]) -> None:
        if self.paused_at is not None or self.result is not None or at >= self.ends:
            raise Wrong("it was paused when it could not be")
        self.paused_at = at

    def resume(self, at: int, fields: list[str]) -> None:
        if self.paused_at is None:
            raise Wrong("it went on without a pause")
        stood = at - self.paused_at
        self.opens += stood if self.opens > self.paused_at else 0
        self.free += stood if self.free > self.paused_at else 0
        self.ends += stood
        self.paused_at = None
        must_be(int(fields[0]), self.opens, "the opening after the pause is")
        must_be(int(fields[1]), self.free, "the free end after the pause is")
        must_be(int(fields[2]), self.ends, "the end after the pause is")

    def end(self, at: int, fields: list[str]) -> None:
        result, price, alias, amount, salt = fields[:5]
        if result != "stopped" and (self.paused_at is not None or at < self.ends):
            raise Wrong("it ended before its time")
        if result == "stopped" and self.paused_at is None and at >= self.ends:
            raise Wrong("it was stopped when its time was over")
        is_met = amount == NONE or (self.price is not None and self.price >= int(amount))
        if self.reserve_hash != NONE:
            sealed = hashlib.sha256((salt + "|" + amount).encode()).hexdigest()
            must_be(sealed, self.reserve_hash, "the reserve opened at the end hashes to")
        elif amount != NONE:
            raise Wrong("a reserve was opened that nobody sealed")
        found = "sold" if is_met else "passed_in"
        found = "no_bid" if self.price is None else found
        must_be(result, result if result == "stopped" else found, "the result is")
        must_be(int(price), self.price or 0, "the last price is")
        must_be(int(alias), self.leader or 0, "the winner is")
        self.result = result


def must_be(said: object, found: object, what: str) -> None:
    if said != found:
        raise Wrong(f"{what} {said!r}, but by the rules it must be {found!r}")


def words_of(raw: bytes, count: int, head: bytes, noted: tuple[int, str] | None) -> str:
    """What a line says, once its hash is that of the one before and these words."""
    line = raw.decode().rstrip("\r\n")
    # Some editors put a mark before the first line.
    words, _tab, said = (line.lstrip("\ufeff") if count == 1 else line).rpartition("\t")
    must_be(said, hashlib.sha256(head + words.encode()).hexdigest(), "the hash is")
    if noted and noted[0] == count and not said.startswith(noted[1]):
        raise Wrong(f"its hash was noted as {noted[1]}…, here it is {said}")
    return words


def replay(lines: Iterable[bytes], noted: tuple[int, str] | None = None) -> tuple[Hall, bytes, int]:
    """The hall after all lines, in order; ``noted``: a line and how its hash begins.

    Raises ``Wrong``.
    """
    head, last, count = FIRST, 0, 0
    hall: Hall | None = None
    for count, raw in enumerate(lines, start=1):
        try:
            words = words_of(raw, count, head, noted)
            head = hashlib.sha256(head + words.encode()).digest()
            seq, kind, at, *fields = words.split("|")
            must_be(int(seq), count, "the number is")
            if int(at) < last:
                raise Wrong("its time lies before the line above")
            last = int(at)
            if kind == "open" and hall is None:
                hall = Hall(fields)
            elif hall is None or kind not in ("bid", "admit", "pause", "resume", "end"):
                raise Wrong("it cannot stand here")
            elif hall.result is not None and kind != "bid":
                raise Wrong("it stands after the end")
            else:
                getattr(hall, kind)(last, fields)
        except Wrong as error:
            raise Wrong(f"line {count}: {error}") from None
        except (ValueError, IndexError, ZeroDivisionError):
            raise Wrong(f"line {count}: it is not a line of a ledger") from None
    if hall is None:
        raise Wrong("the ledger is empty")
    if noted and noted[0] > count:
        raise Wrong(f"it has {count} lines, and line {noted[0]} was noted")
    return hall, head, count


def main(arguments: list[str]) -> int:
    is_open = arguments[:1] == ["--open"]
    asked = arguments[1:] if is_open else arguments
    # A hash is read aloud in fours: what comes after the number of the line is one.
    name, line, begins = "".join(asked[:1]), asked[1:2], "".join(asked[2:]).lower()
    if not name or (line and not (line[0].isdigit() and begins)):
        sys.exit("python verify_auction.py [--open] LEDGER [LINE HASH]")
    known = (int(line[0]), begins) if line else None
    try:
        with Path(name).open("rb") as file:
            hall, head, count = replay(file, known)
        if hall.result is None and not is_open:
            raise Wrong(f"it ends with line {count}, and the bidding did not: the rest is missing")
    except Wrong as error:
        print(f"WRONG  {error}")
        return 1
    except OSError as error:
        sys.exit(f"{name} cannot be read: {error.strerror}")
    print(f"lot {hall.number}: {count} lines, all as the ledger says")
    print(f"bids accepted {hall.bids}, refused {hall.refused}, extensions {hall.extensions}")
    price = (hall.price or 0) / 100
    print(f"result {hall.result or 'open'}, bidder {hall.leader or NONE}, {price:.2f} yuan")
    print(f"last hash {head.hex()}")
    if known:
        print(f"line {known[0]} is as it was noted")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
