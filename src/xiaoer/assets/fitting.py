"""Which empty units, alone or joined with their neighbours, fit what somebody asks for.

Without a database: a need and a stock of units go in, ranked fits come out, each with what it has of
every point, what it lacks and by how much. What is not known of a unit is not a no: the fit then
"needs data".

Several units are offered as one when doors join them (side by side, or one above the other). Of such
a set the lowest hall counts, the weakest floor, the narrowest grid, the strictest class of fire; power
and drainage add up; one crane, one gas connection serve; the rent is that of the whole by area.

All numbers are whole grains (``GRAINS``): a sum of areas is exact, and a hall of 6.00 m is 6 m.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

# So many units at most are offered as one.
MOST_UNITS = 5
# Where a need names no upper bound, neighbours are joined up to so many times the area it asks for.
ROOMY = 1.5
# A further unit weighs as much as so much of the asked area standing empty: one hall before two.
FURTHER_UNIT = 0.1
# Fits looked through for those that are not the same again with a unit too many.
LOOKED_THROUGH = 5000
# Sets of neighbours looked at, at most; beyond it the answer says that it is cut short.
MOST_SETS = 400_000


class What(StrEnum):
    """What can be asked of a unit."""

    AREA = "area"
    HEIGHT = "height"
    LOAD = "load"
    COLUMN = "column"
    CRANE = "crane"
    POWER = "power"
    GAS = "gas"
    STEAM = "steam"
    DRAINAGE = "drainage"
    FIRE = "fire"
    FLOOR = "floor"
    RENT = "rent"
    PARK = "park"
    READY = "ready"
    FREE = "free"


class Joined(StrEnum):
    """How a set of units has a thing: its weakest unit says, its best, all together, or by area."""

    WEAKEST = "weakest"
    BEST = "best"
    SUM = "sum"
    BY_AREA = "by_area"


@dataclass(frozen=True, slots=True)
class Trait:
    """``at_most``: less is better, as with rent. ``whole``: so far off is as bad as having nothing."""

    joined: Joined = Joined.WEAKEST
    at_most: bool = False
    grains: int = 1
    whole: float | None = None


TRAITS: dict[What, Trait] = {
    What.HEIGHT: Trait(grains=100),
    What.LOAD: Trait(),
    What.COLUMN: Trait(grains=100),
    What.CRANE: Trait(Joined.BEST, grains=100),
    What.POWER: Trait(Joined.SUM),
    What.GAS: Trait(Joined.BEST),
    What.STEAM: Trait(Joined.BEST),
    What.DRAINAGE: Trait(Joined.SUM),
    What.FIRE: Trait(),
    What.FLOOR: Trait(at_most=True),
    What.RENT: Trait(Joined.BY_AREA, at_most=True),
    What.PARK: Trait(),
    What.READY: Trait(),
    What.FREE: Trait(at_most=True, whole=365),
}
AREA_GRAINS = 100
# Of a class of fire every milder one may be kept too: A holds all, E only E.
FIRE_RANKS = {"a": 5, "b": 4, "c": 3, "d": 2, "e": 1}


class Says(IntEnum):
    """Whether a point is met; what is not known lies between, never with the no."""

    YES = 0
    UNKNOWN = 1
    NO = 2


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked for: so much at least, or at most; hard, or only wished for.

    Of what is there or not, and of classes, ``amount`` is 1 or the rank.
    """

    what: What
    amount: Decimal = Decimal(1)
    is_hard: bool = True

    @property
    def grains(self) -> float:
        return float(int(self.amount * TRAITS[self.what].grains))


def read_asks(kept: Iterable[Mapping[str, Any]]) -> tuple[Ask, ...]:
    """What is asked, as a need keeps it: its words, the amount (of fire the class), hard or not."""
    return tuple(
        Ask(
            What(one["what"]),
            Decimal(FIRE_RANKS.get(str(one["amount"]), one["amount"])),
            bool(one["is_hard"]),
        )
        for one in kept
    )


def write_asks(asks: Iterable[Ask]) -> list[dict[str, Any]]:
    classes = {rank: code for code, rank in FIRE_RANKS.items()}
    return [
        {
            "what": one.what.value,
            "amount": classes[int(one.amount)] if one.what == What.FIRE else str(one.amount),
            "is_hard": one.is_hard,
        }
        for one in asks
    ]


@dataclass(frozen=True, slots=True)
class Need:
    """An area, in m², and whatever else is asked for."""

    least_m2: Decimal
    most_m2: Decimal | None = None
    asks: tuple[Ask, ...] = ()

    @property
    def least(self) -> float:
        return float(int(self.least_m2 * AREA_GRAINS))

    @property
    def most(self) -> float | None:
        return None if self.most_m2 is None else float(int(self.most_m2 * AREA_GRAINS))

    @property
    def roomy(self) -> float:
        """So much area neighbours are joined up to."""
        return self.least * ROOMY if self.most is None else self.most


@dataclass(frozen=True)
class Stock:
    """Units as columns: ``has`` in grains, not a number where nobody knows it.

    ``doors`` are pairs of places in the columns; ``groups`` say which building a unit stands in.
    """

    ids: Places
    areas: Numbers
    groups: Places
    has: dict[What, Numbers]
    doors: Places = field(default_factory=lambda: np.empty((0, 2), np.int64))

    @cached_property
    def places(self) -> dict[int, int]:
        return {number: place for place, number in enumerate(self.ids.tolist())}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing asked for, against one fit. ``has`` and ``lacks`` in the unit people read.

    ``of_units``: which units of a set are to blame: too weak, or not known. ``lacks`` of too large an
    area is what is too much.
    """

    what: What
    is_hard: bool
    says: Says
    asked: Decimal
    has: Decimal | None
    lacks: Decimal | None = None
    of_units: tuple[int, ...] = ()
    is_too_much: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """A unit, or units joined by doors, against a need."""

    units: tuple[int, ...]
    area_m2: Decimal
    points: tuple[Point, ...]

    @property
    def says(self) -> Says:
        """Hard points alone decide; a wish that is not met only puts it further down."""
        return max((one.says for one in self.points if one.is_hard), default=Says.YES)

    def which(self, says: Says) -> list[Point]:
        return [one for one in self.points if one.says == says]


@dataclass(frozen=True, slots=True)
class Found:
    """The best fits first. ``alike``: how many more of a building were left out for its better ones.

    ``counts``: how many single units fit, need data, or lack something. ``is_cut``: there were more
    sets of neighbours than are looked at.
    """

    fits: tuple[Fit, ...]
    alike: dict[int, int]
    counts: dict[Says, int]
    sets: int
    is_cut: bool


def find_fits(
    need: Need,
    stock: Stock,
    *,
    limit: int = 40,
    of_a_building: int | None = 3,
    most_units: int = MOST_UNITS,
) -> Found:
    """Every unit, and every set of joined neighbours that together reach the area, ranked.

    A set that holds a better one is left out: it is the same with a unit too many. Of a building only
    its best few stand in the list, so that forty equal bays do not hide the rest.
    """
    single = _Rows(np.arange(len(stock.ids), dtype=np.int64)[:, None])
    tables = [_weigh(need, stock, single)]
    joined, is_cut = _neighbours(need, stock, most_units)
    tables += [_weigh(need, stock, rows) for rows in joined]
    fits, alike = _choose(need, stock, tables, limit, of_a_building)
    says = tables[0].keys[0]
    return Found(
        fits=tuple(fits),
        alike=alike,
        counts={one: int((says == one).sum()) for one in Says},
        sets=sum(len(table.rows) for table in tables[1:]),
        is_cut=is_cut,
    )


def judge(need: Need, stock: Stock, places: Sequence[int]) -> Fit:
    """One unit or one set of units, point by point, as people read it."""
    at = sorted(places, key=lambda place: int(stock.ids[place]))
    area = sum(float(stock.areas[place]) for place in at)
    points = [_area_point(need, area)]
    points += [_point(ask, stock, at, area) for ask in need.asks]
    return Fit(
        units=tuple(int(stock.ids[place]) for place in at),
        area_m2=_read(area, AREA_GRAINS),
        points=tuple(points),
    )


def _area_point(need: Need, area: float) -> Point:
    lacks, too_much = need.least - area, area - need.most if need.most is not None else 0.0
    over = max(lacks, too_much)
    is_too_much = too_much > 0
    return Point(
        what=What.AREA,
        is_hard=True,
        says=Says.NO if over > 0 else Says.YES,
        asked=need.most_m2 if is_too_much and need.most_m2 is not None else need.least_m2,
        has=_read(area, AREA_GRAINS),
        lacks=_read(over, AREA_GRAINS) if over > 0 else None,
        is_too_much=is_too_much,
    )


def _point(ask: Ask, stock: Stock, at: Sequence[int], area: float) -> Point:
    trait = TRAITS[ask.what]
    sign = -1.0 if trait.at_most else 1.0
    values = {place: float(stock.has[ask.what][place]) for place in at}
    known = {place: sign * value for place, value in values.items() if value == value}
    unknown = [place for place in at if place not in known]
    bound = sign * ask.grains
    reached, says = _reached(trait.joined, known, unknown, bound, stock, area)
    blamed = unknown if says == Says.UNKNOWN else []
    if says == Says.NO and trait.joined == Joined.WEAKEST:
        blamed = [place for place, value in known.items() if value < bound]
    return Point(
        what=ask.what,
        is_hard=ask.is_hard,
        says=says,
        asked=ask.amount,
        has=None if reached is None else _read(sign * reached, trait.grains),
        lacks=None if says != Says.NO or reached is None else _read(bound - reached, trait.grains),
        of_units=tuple(int(stock.ids[place]) for place in blamed) if len(at) > 1 else (),
    )


def _reached(
    joined: Joined,
    known: dict[int, float],
    unknown: list[int],
    bound: float,
    stock: Stock,
    area: float,
) -> tuple[float | None, Says]:
    """What a set has, and whether that is enough, of what is known of it."""
    if not known:
        return None, Says.UNKNOWN
    no_yet = Says.UNKNOWN if unknown else Says.NO
    if joined == Joined.WEAKEST:
        value = min(known.values())
        if value < bound:
            return value, Says.NO
        return value, Says.UNKNOWN if unknown else Says.YES
    if joined == Joined.BY_AREA:
        # A rent nobody knows is at least nothing: the known ones may be too much already.
        total = sum(value * float(stock.areas[place]) for place, value in known.items())
        if total < bound * area:
            return total / area, Says.NO
        return (None, Says.UNKNOWN) if unknown else (total / area, Says.YES)
    value = sum(known.values()) if joined == Joined.SUM else max(known.values())
    return value, Says.YES if value >= bound else no_yet


def _read(grains: float, of: int) -> Decimal:
    value = Decimal(str(round(grains, 2))) / of
    return value.quantize(Decimal("0.01")).normalize() if value % 1 else Decimal(int(value))


@dataclass(frozen=True)
class _Rows:
    """Sets of one size: places of their units, a row a set."""

    at: Places

    def __len__(self) -> int:
        return len(self.at)

    @cached_property
    def units(self) -> Places:
        """The same the other way round, a row a place in the set: sums over sets run along memory."""
        return np.ascontiguousarray(self.at.T)


@dataclass(frozen=True)
class _Table:
    """Rows with the keys they are ranked by, the weightiest first."""

    rows: _Rows
    keys: tuple[Numbers, ...]


def _weigh(need: Need, stock: Stock, rows: _Rows) -> _Table:
    """The keys: does it fit, how far off, how much is unknown, wishes, then area to spare."""
    size = len(rows)
    area = stock.areas[rows.units].sum(axis=0)
    gap, spare = _area_gap(need, area)
    is_no, unknown = gap > 0, np.zeros(size)
    wish_no, wish_unknown = np.zeros(size), np.zeros(size)
    for ask in need.asks:
        no, open_, off = _weigh_ask(ask, stock, rows, area)
        if ask.is_hard:
            is_no = is_no | no
            gap = gap + off
            unknown = unknown + open_
        else:
            wish_no = wish_no + no
            wish_unknown = wish_unknown + open_
    says = np.where(is_no, float(Says.NO), np.where(unknown > 0, float(Says.UNKNOWN), 0.0))
    cost = spare + FURTHER_UNIT * (rows.at.shape[1] - 1)
    return _Table(rows, (says, gap, unknown, wish_no, wish_unknown, cost))


def _area_gap(need: Need, area: Numbers) -> tuple[Numbers, Numbers]:
    """How far an area is off, as a share of what was asked; and how much of it is to spare."""
    off = need.least - area
    if need.most is not None:
        off = np.maximum(off, area - need.most)
    return np.clip(off / need.least, 0.0, 1.0), np.maximum(area - need.least, 0.0) / need.least


def _weigh_ask(ask: Ask, stock: Stock, rows: _Rows, area: Numbers) -> tuple[Flags, Flags, Numbers]:
    """Of every set: whether it certainly has not what is asked, whether nobody knows, how far off."""
    trait = TRAITS[ask.what]
    sign = -1.0 if trait.at_most else 1.0
    bound = sign * ask.grains
    value = sign * stock.has[ask.what][rows.units]
    missing = np.isnan(value)
    some = missing.any(axis=0)
    if trait.joined == Joined.WEAKEST:
        reached = np.where(missing, np.inf, value).min(axis=0)
        no = reached < bound
        open_ = some & ~no
    elif trait.joined == Joined.BY_AREA:
        total = (np.where(missing, 0.0, value) * stock.areas[rows.units]).sum(axis=0)
        no = total < bound * area
        open_ = some & ~no
        reached = total / area
    else:
        if trait.joined == Joined.SUM:
            reached = np.where(missing, 0.0, value).sum(axis=0)
        else:
            reached = np.where(missing, -np.inf, value).max(axis=0)
        no = (reached < bound) & ~some
        open_ = (reached < bound) & some
    whole = trait.whole or max(abs(bound), 1.0)
    off = np.where(no, np.minimum((bound - np.where(no, reached, bound)) / whole, 1.0), 0.0)
    return no, open_, off


# --- neighbours -------------------------------------------------------------------------------


def _neighbours(need: Need, stock: Stock, most_units: int) -> tuple[list[_Rows], bool]:
    """Every set of two units and more that doors join and that has the area; each once.

    A unit that certainly lacks what must hold everywhere joins nobody, nor does one that is large
    enough by itself. A set begins at its first unit and takes in later ones only.
    """
    usable = _usable(need, stock)
    graph = _Graph(stock.doors, usable)
    if not len(graph.places):
        return [], False
    areas = stock.areas[graph.places]
    largest = graph.largest(areas)
    shares = any(TRAITS[ask.what].joined != Joined.WEAKEST for ask in need.asks)
    rows = np.arange(len(graph.places), dtype=np.int64)[:, None]
    total = areas.copy()
    found: list[_Rows] = []
    seen = 0
    for size in range(2, most_units + 1):
        # A set that has the area grows on only for what units bring in together.
        grows = total < (need.roomy if shares else need.least)
        grows &= total + (most_units - size + 1) * largest[rows[:, 0]] >= need.least
        rows, total = graph.grow(rows[grows], total[grows], areas, need.roomy)
        seen += len(rows)
        if not len(rows):
            break
        enough = total >= need.least
        if enough.any():
            found.append(_Rows(graph.places[rows[enough]]))
        if seen > MOST_SETS:
            return found, True
    return found, False


def _usable(need: Need, stock: Stock) -> Flags:
    usable = stock.areas < need.least
    rows = _Rows(np.arange(len(stock.ids), dtype=np.int64)[:, None])
    for ask in need.asks:
        if ask.is_hard and TRAITS[ask.what].joined == Joined.WEAKEST:
            usable &= ~_weigh_ask(ask, stock, rows, stock.areas)[0]
    return usable


class _Graph:
    """Units that can be joined, numbered so that those one can walk between stand together."""

    def __init__(self, doors: Places, usable: Flags) -> None:
        doors = doors[usable[doors].all(axis=1)]
        linked = np.unique(doors)
        first, second = np.searchsorted(linked, doors[:, 0]), np.searchsorted(linked, doors[:, 1])
        part = _parts(len(linked), first, second)
        order = np.argsort(part, kind="stable")
        number = np.empty_like(order)
        number[order] = np.arange(len(order))
        self.places: Places = linked[order]
        self.part = part[order]
        one, other = number[first], number[second]
        ends = np.concatenate([one, other])
        to = np.concatenate([other, one])
        by_end = np.argsort(ends, kind="stable")
        self.to = to[by_end]
        self.count = np.bincount(ends, minlength=len(order))
        self.start = np.concatenate([[0], np.cumsum(self.count)[:-1]]).astype(np.int64)
        sizes = np.bincount(self.part, minlength=1) if len(order) else np.zeros(1, np.int64)
        self.bits = max(int(sizes.max()).bit_length(), 1)

    def largest(self, areas: Numbers) -> Numbers:
        """Of every unit the largest area among those one can walk to from it."""
        most = np.zeros(int(self.part.max()) + 1)
        np.maximum.at(most, self.part, areas)
        return most[self.part]

    def grow(
        self, rows: Places, total: Numbers, areas: Numbers, roomy: float
    ) -> tuple[Places, Numbers]:
        """Every set with one more neighbour, as long as it is not too large; each once."""
        made = [self._beside(rows, total, column, areas, roomy) for column in range(rows.shape[1])]
        grown = np.concatenate([one for one, _ in made])
        sums = np.concatenate([one for _, one in made])
        grown[:, 1:].sort(axis=1)
        kept = self._once(grown)
        return grown[kept], sums[kept]

    def _beside(
        self, rows: Places, total: Numbers, column: int, areas: Numbers, roomy: float
    ) -> tuple[Places, Numbers]:
        end = rows[:, column]
        count = self.count[end]
        which = np.repeat(np.arange(len(rows)), count)
        steps = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        new = self.to[self.start[end][which] + steps]
        sums = total[which] + areas[new]
        fine = (new > rows[which, 0]) & (sums <= roomy)
        which, new, sums = which[fine], new[fine], sums[fine]
        base = rows[which]
        fresh = base[:, 0] != new
        for unit in range(1, base.shape[1]):
            fresh &= base[:, unit] != new
        grown = np.empty((int(fresh.sum()), base.shape[1] + 1), np.int64)
        grown[:, :-1], grown[:, -1] = base[fresh], new[fresh]
        return grown, sums[fresh]

    def _once(self, rows: Places) -> Places:
        """Where each set stands first. Later units lie within the part, so that a number holds all."""
        width = rows.shape[1]
        if len(self.places).bit_length() + (width - 1) * self.bits > 62:
            return np.unique(rows, axis=0, return_index=True)[1]
        key = rows[:, 0].copy()
        for column in range(1, width):
            key = (key << self.bits) | (rows[:, column] - rows[:, 0])
        order = np.argsort(key)
        key = key[order]
        is_first = np.ones(len(key), bool)
        is_first[1:] = key[1:] != key[:-1]
        return order[is_first]


def _parts(size: int, first: Places, second: Places) -> Places:
    """For every unit the lowest unit one can walk to, as a number of its part."""
    label = np.arange(size, dtype=np.int64)
    while True:
        low = np.minimum(label[first], label[second])
        before = label.copy()
        np.minimum.at(label, first, low)
        np.minimum.at(label, second, low)
        label = label[label]
        if (label == before).all():
            return np.unique(label, return_inverse=True)[1].reshape(-1)


# --- choosing ---------------------------------------------------------------------------------


def _choose(
    need: Need, stock: Stock, tables: list[_Table], limit: int, of_a_building: int | None
) -> tuple[list[Fit], dict[int, int]]:
    fits: list[Fit] = []
    alike: dict[int, int] = {}
    taken: dict[int, int] = {}
    seen: set[frozenset[int]] = set()
    for places in _best(stock, tables):
        if len(fits) == limit:
            break
        units = frozenset(places)
        if len(places) > 1 and _holds_better(units, seen):
            continue
        seen.add(units)
        group = int(stock.groups[places[0]])
        if of_a_building is not None and taken.get(group, 0) >= of_a_building:
            alike[group] = alike.get(group, 0) + 1
            continue
        taken[group] = taken.get(group, 0) + 1
        fits.append(judge(need, stock, places))
    return fits, alike


def _holds_better(units: frozenset[int], seen: set[frozenset[int]]) -> bool:
    return any(
        frozenset(part) in seen
        for size in range(1, len(units))
        for part in combinations(units, size)
    )


def _best(stock: Stock, tables: list[_Table]) -> Iterator[tuple[int, ...]]:
    """The best rows of all tables in turn, by their keys, then by the numbers of their units."""
    keys = [
        np.concatenate(column) for column in zip(*(table.keys for table in tables), strict=True)
    ]
    rows = np.arange(len(keys[0]), dtype=np.int64)
    rows, tied, most = _smallest(keys, rows, LOOKED_THROUGH)
    if len(tied) > most:
        # Hundreds of equal bays: their numbers decide.
        numbers = _numbers(stock, tables, tied)
        places = np.arange(len(tied), dtype=np.int64)
        first, last, most = _smallest(list(numbers.T.astype(np.float64)), places, most)
        tied = tied[np.concatenate([first, last[:most]])]
    rows = np.concatenate([rows, tied])
    numbers = _numbers(stock, tables, rows)
    # The last key is the weightiest for lexsort.
    order = np.lexsort([*numbers.T[::-1], *(key[rows] for key in reversed(keys))])
    for number in numbers[order].tolist():
        yield tuple(stock.places[one] for one in number if one >= 0)


def _numbers(stock: Stock, tables: list[_Table], rows: Places) -> Places:
    """Of every row the numbers of its units, rising, filled up with -1."""
    width = max(table.rows.at.shape[1] for table in tables)
    numbers = np.full((len(rows), width), -1, np.int64)
    since = 0
    for table in tables:
        here = (rows >= since) & (rows < since + len(table.rows))
        at = table.rows.at[rows[here] - since]
        numbers[here, : at.shape[1]] = np.sort(stock.ids[at], axis=1)
        since += len(table.rows)
    return numbers


def _smallest(keys: list[Numbers], rows: Places, most: int) -> tuple[Places, Places, int]:
    """The rows surely among the ``most`` smallest by all keys in turn; those tied at the edge; how
    many of the tied belong to them."""
    sure: list[Places] = [rows[:0]]
    for key in keys:
        if len(rows) <= most:
            break
        value = key[rows]
        edge = np.partition(value, most - 1)[most - 1]
        sure.append(rows[value < edge])
        most -= len(sure[-1])
        rows = rows[value == edge]
    return np.concatenate(sure), rows, most
