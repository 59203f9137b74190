"""出价规律 Price patterns: what in a row of bids looks agreed. A hint for the host, never a verdict.

Pure: bids in, what was seen out. Two bidders who want the same thing also go step by step; what is
asked for here is a row too long, or answers too quick, to be nobody's business.
"""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Pattern(StrEnum):
    TURNS = "turns"
    PUSHES = "pushes"


@dataclass(frozen=True, slots=True)
class Bid:
    """An accepted bid; money in fen."""

    alias: int
    amount: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen: who by number, how often."""

    pattern: Pattern
    aliases: tuple[int, ...]
    count: int


def by_turns(bids: Sequence[Bid], step: int, least: int) -> list[Seen]:
    """Pairs who raised each other by exactly one step at least ``least`` times in a row."""
    longest: dict[tuple[int, ...], int] = {}
    run, pair = 0, (0, 0)
    for before, bid in itertools.pairwise(bids):
        now = (min(before.alias, bid.alias), max(before.alias, bid.alias))
        is_step = bid.amount - before.amount == step and before.alias != bid.alias
        run = (run + 1 if now == pair else 1) if is_step else 0
        pair = now
        if run >= least:
            longest[pair] = max(longest.get(pair, 0), run)
    return [Seen(Pattern.TURNS, pair, count) for pair, count in sorted(longest.items())]


def pushed(
    bids: Sequence[Bid], step: int, least: int, within: timedelta, winner: int | None
) -> list[Seen]:
    """Who always answered within moments by exactly one step, often, and never bought."""
    quick: dict[int, int] = defaultdict(int)
    others: set[int] = set()
    for before, bid in itertools.pairwise(bids):
        if bid.amount - before.amount == step and bid.at - before.at <= within:
            quick[bid.alias] += 1
        else:
            others.add(bid.alias)
    return [
        Seen(Pattern.PUSHES, (alias,), count)
        for alias, count in sorted(quick.items())
        if count >= least and alias not in others and alias != winner
    ]
