"""What the demo's enterprises turn over, month by month: who is near which line, then and now.

The development zone's article counts its ladder in September 2022 (161 in the register, 38 near, 38
sprouts, 75 seeds). Nothing here says on which rung an enterprise stands: it has revenues that put it
there by the zone's own rules, or a decision of the office that keeps the register.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from xiaoer.demo.firms import Firms
from xiaoer.demo.names import SPEAKS_FOR
from xiaoer.registry.models import Party

# Yearly lines of the statistical register in 10,000 yuan, by division, as far as the demo's trades
# need them: industry and trade 2,000, technical services 1,000.
LINES = {"74": 1000}
USUAL_LINE = 2000
MONTHS_OF_THE_PRINT = 8
"""The article tells of January to August 2022."""
RUN_RATE = 3
"""A forecast goes on as the last three months went."""


class Size(Enum):
    """How far the year's revenue is from the line, as a share of it (from, to)."""

    GIANT = (40.0, 58.0)  # above 500 million by August
    LARGE = (8.5, 24.0)  # above 100 million by August
    ABOVE = (1.2, 5.5)
    REACHED = (1.05, 1.3)
    NEAR = (0.76, 0.95)
    SPROUT = (0.46, 0.65)
    SEED = (0.15, 0.36)
    TINY = (0.01, 0.06)


@dataclass(frozen=True, slots=True)
class Book:
    """An enterprise, the revenue its year runs up to (10,000 yuan), and what a decision says of it."""

    party: Party
    size: Size | None
    year_total: Decimal
    in_register_since: date | None = None
    climbs_since: date | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """How many enterprises of a zone stand where; the rest has no figures."""

    giants: int
    large: int
    above: int
    services: int
    climbing: int
    reached: int
    near: int
    sprouts: int
    seeds: int
    tiny: int
    new_in_year: int = 0


# September 2022 as the article counts: 112 industrial enterprises and 49 others in the register.
JEDZ_THEN = Shelf(3, 11, 98, 49, 51, 9, 29, 38, 75, 60, new_in_year=17)
NOW = {
    "jedz": Shelf(4, 14, 112, 52, 58, 8, 31, 42, 70, 40, new_in_year=14),
    "jhtz": Shelf(9, 46, 245, 22, 72, 16, 58, 92, 240, 260, new_in_year=31),
    "canal": Shelf(2, 9, 41, 5, 18, 4, 12, 17, 30, 25, new_in_year=6),
}
# Known by its name and shown on its page: 1,528 by October, 1,866 at the going rate.
SHOWN_MONTHS = {SPEAKS_FOR: (128, 118, 146, 152, 156, 158, 163, 168, 170, 169)}
SHOWN_NAMES = frozenset(SHOWN_MONTHS)


@dataclass
class _Hands:
    """Enterprises still to be given a size, the industrial ones and the others."""

    dice: random.Random
    industrial: list[Party]
    services: list[Party]
    books: list[Book] = field(default_factory=list)

    def give(self, size: Size, count: int, parties: list[Party]) -> list[Party]:
        given = [parties.pop() for _turn in range(count)]
        for party in given:
            low, high = size.value
            share = Decimal(str(round(self.dice.uniform(low, high), 3)))
            self.books.append(Book(party, size, (line_of(party) * share).quantize(Decimal("0.01"))))
        return given


def books_then(firms: Firms) -> list[Book]:
    """The development zone in September 2022."""
    return _books("then jedz", firms, JEDZ_THEN, date(2022, 1, 1), date(2022, 9, 30))


def books_now(code: str, firms: Firms, today: date) -> list[Book]:
    """A zone today. Who was in the register once stays there, so the order of dealing is the same."""
    seed = "then jedz" if code == "jedz" else f"now {code}"
    return _books(seed, firms, NOW[code], date(today.year, 1, 1), today)


def _books(seed: str, firms: Firms, shelf: Shelf, year_start: date, day: date) -> list[Book]:
    dice = random.Random(seed)
    kept_apart = [party for party in firms.industrial if party.name in SHOWN_NAMES]
    hands = _Hands(dice, _shuffled(dice, firms.industrial), _shuffled(dice, firms.services))
    registered = [
        *hands.give(Size.GIANT, shelf.giants, hands.industrial),
        *hands.give(Size.LARGE, shelf.large, hands.industrial),
        *hands.give(Size.ABOVE, shelf.above, hands.industrial),
    ]
    climbing = {party.pk for party in registered[: shelf.climbing]}
    others = hands.give(Size.ABOVE, shelf.services, hands.services)
    new = {party.pk for party in (*registered[-shelf.new_in_year * 2 // 3 :], *others)}
    new = set(sorted(new)[: shelf.new_in_year])
    for size, count in (
        (Size.REACHED, shelf.reached),
        (Size.NEAR, shelf.near - len(kept_apart)),
        (Size.SPROUT, shelf.sprouts),
        (Size.SEED, shelf.seeds),
        (Size.TINY, shelf.tiny),
    ):
        hands.give(size, count, hands.industrial)
    in_register = {party.pk for party in (*registered, *others)}
    return [
        *(
            _decided(book, dice, in_register, climbing, new, year_start, day)
            for book in hands.books
        ),
        *(Book(party, Size.NEAR, Decimal(1866)) for party in kept_apart),
    ]


def _shuffled(dice: random.Random, parties: Iterable[Party]) -> list[Party]:
    rest = [party for party in parties if party.name not in SHOWN_NAMES]
    dice.shuffle(rest)
    return rest


def _decided(
    book: Book,
    dice: random.Random,
    in_register: set[int],
    climbing: set[int],
    new: set[int],
    year_start: date,
    day: date,
) -> Book:
    """With the day the statistics office took it in, and the day it was called climbing."""
    if book.party.pk not in in_register:
        return book
    since = date(year_start.year - dice.randint(1, 3), 1, 1)
    if book.party.pk in new:
        # In January and February nobody came in by the month yet, only with the year.
        last = max(day.month - 1, 1)
        since = year_start.replace(month=dice.randint(min(2, last), last))
    climbs = date(2022, 3, 1) if book.party.pk in climbing else None
    return Book(book.party, book.size, book.year_total, since, climbs)


def line_of(party: Party) -> Decimal:
    """The line of the register for an enterprise's industry, in 10,000 yuan a year."""
    return Decimal(LINES.get(party.industry[:2], USUAL_LINE))


def has_last_year(book: Book) -> bool:
    """Whether last year's months are known; of the one the demo shows only the year is."""
    return book.party.name not in SHOWN_NAMES


def months_of(book: Book, count: int) -> tuple[Decimal, ...]:
    """Revenue of the year's first months, which lead to the year's total at the going rate.

    Months differ by some per cent; the forecast (so far, and the mean of the last three for the
    months to come) comes out exactly up to a rounding.
    """
    shown = SHOWN_MONTHS.get(book.party.name)
    if shown is not None:
        return tuple(Decimal(month) for month in shown[:count])
    dice = random.Random(f"months {book.party.name}")
    raw = [Decimal(str(round(dice.uniform(0.9, 1.1), 3))) for _month in range(count)]
    last = raw[-RUN_RATE:]
    forecast = sum(raw, Decimal(0)) + (12 - count) * sum(last, Decimal(0)) / len(last)
    scale = book.year_total / forecast
    return tuple((month * scale).quantize(Decimal("0.01")) for month in raw)
