"""Figures of many firms at once: one question to the database, then whole columns.

Pure arithmetic over columns, so that a zone's table and one firm's line follow the same rule:

- official goes before reported; an estimate never counts;
- of one period, what is known last counts; of entries of one firm that were merged, the one kept;
- a year is what is stated of the year; else its months, if all twelve are known;
- the year so far is the furthest month reached, by a cumulative figure or by months without a gap;
- a figure known only as a bound (≥ 30) is no figure to compare with: it stays missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xiaoer.base.copying import FLAG, NUMBER, WHOLE, copied
from xiaoer.facts.models import Value

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
MONTHS = 12

# Rows taken back since then were still known then. Entries of a merged firm come as the firm's.
_ROWS = """
select v.id, v.metric_id, v.starts_on - date '1970-01-01', v.ends_on - date '1970-01-01',
       coalesce(d.merged_into_id, v.party_id), v."column" = 'official', d.id is null,
       date_part('epoch', v.known_at), case when v.low = v.high then v.low end
from value v
left join party d on d.id = v.party_id and d.zone_id = %(zone)s and d.merged_into_id is not null
where v.zone_id = %(zone)s and v.metric_id = any(%(metrics)s) and {when}
  and v.aspect = 'value' and v.dimension = '' and v."column" in ('official', 'reported')
  and v.known_at <= %(known_at)s and {taken_back} and {whose}
"""
_AT, _LAST = "v.ends_on = any(%(ends)s)", "v.ends_on <= %(as_of)s"
_TAKEN_BACK = ("v.withdrawn_at is null", "v.withdrawn_at > %(known_at)s")
_ALL = "v.party_id is not null"
_SOME = (
    "(v.party_id = any(%(ids)s) or v.party_id in (select m.id from party m"
    " where m.zone_id = %(zone)s and m.merged_into_id = any(%(ids)s)))"
)
_TYPES: Mapping[str, pa.DataType] = {
    "id": WHOLE,
    "metric": WHOLE,
    "starts": WHOLE,
    "ends": WHOLE,
    "firm": WHOLE,
    "is_official": FLAG,
    "is_kept": FLAG,
    "known_at": NUMBER,
    "low": NUMBER,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Some metrics by number, for periods that end on some days; without days, whatever came last."""

    metrics: Sequence[int]
    ends: Sequence[date] | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Figures as known at a moment, unsorted, a line each; ``firm`` is a place in ``ids``."""

    ids: Whole
    number: Whole
    metric: Whole
    starts: Whole
    ends: Whole
    firm: Whole
    official: Whole
    kept: Whole
    known: Floats
    low: Floats

    def of(self, metric: int) -> "Rows":
        """The lines of one metric."""
        return self.where(self.metric == metric)

    def where(self, chosen: NDArray[np.bool_]) -> "Rows":
        return Rows(
            self.ids, self.number[chosen], self.metric[chosen], self.starts[chosen],
            self.ends[chosen], self.firm[chosen], self.official[chosen], self.kept[chosen],
            self.known[chosen], self.low[chosen],
        )  # fmt: skip


def rows(
    *,
    zone_id: int,
    wanted: Sequence[Wanted],
    as_of: date,
    known_at: datetime,
    ids: Sequence[int] | None = None,
) -> Rows:
    """One question, whatever is wanted."""
    said: dict[str, Any] = {
        "zone": zone_id,
        "as_of": as_of,
        "known_at": known_at,
        "ids": list(ids or ()),
    }
    parts = []
    for number, one in enumerate(wanted):
        if not one.metrics:
            continue
        said |= {f"metrics_{number}": list(one.metrics), f"ends_{number}": list(one.ends or ())}
        for taken_back in _TAKEN_BACK:
            part = _ROWS.format(
                when=_LAST if one.ends is None else _AT,
                taken_back=taken_back,
                whose=_ALL if ids is None else _SOME,
            )
            for name in ("metrics", "ends"):
                part = part.replace(f"%({name})s", f"%({name}_{number})s")
            parts.append(part)
    if not parts:
        return _rows(pa.table({name: pa.array([], kind) for name, kind in _TYPES.items()}))
    return _rows(copied(" union all ".join(parts), said, _TYPES))


def _rows(table: pa.Table) -> Rows:
    def whole(name: str) -> Whole:
        column: Whole = table[name].cast(WHOLE).combine_chunks().to_numpy(zero_copy_only=False)
        return column

    def number(name: str) -> Floats:
        column: Floats = table[name].combine_chunks().to_numpy(zero_copy_only=False)
        return column.astype(np.float64)

    ids, firm = np.unique(whole("firm"), return_inverse=True)
    return Rows(
        ids, whole("id"), whole("metric"), whole("starts"), whole("ends"), firm.astype(np.int64),
        whole("is_official"), whole("is_kept"), number("known_at"), number("low"),
    )  # fmt: skip


# Which line counts --------------------------------------------------------------------------------


def pick(rows: Rows, slot: Whole, slots: int, *, by_end: bool = False) -> Whole:
    """For each slot and firm the place of the line that counts; -1 where there is none.

    ``by_end``: the slot takes lines of several periods, the one that ends last counts.
    """
    firms = len(rows.ids)
    place = slot * firms + rows.firm
    chosen = np.full(slots * firms, -1, np.int64)
    rivals = np.bincount(place, minlength=slots * firms)[place] > 1
    alone = np.flatnonzero(~rivals)
    chosen[place[alone]] = alone
    contested = np.flatnonzero(rivals)
    if contested.size:
        ends = rows.ends if by_end else np.zeros_like(rows.ends)
        worth = (
            rows.number, rows.known, rows.kept, rows.starts, rows.official, ends, place,
        )  # fmt: skip
        order = contested[np.lexsort([key[contested] for key in worth])]
        chosen[place[order]] = order  # of several for one place the last stays
    return chosen.reshape(slots, firms)


def figures(rows: Rows, chosen: Whole) -> Floats:
    """The figures of chosen lines as kept (times ten to ``Value.SCALE``); NaN where there is none."""
    if not rows.low.size:
        return np.full(chosen.shape, np.nan)
    return np.where(chosen >= 0, rows.low[chosen], np.nan)


def _days(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def month_ends(year: int) -> list[date]:
    """The last day of each month."""
    return [
        date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
        for month in range(1, MONTHS + 1)
    ]


@dataclass(frozen=True, slots=True)
class YearOf:
    """A year of one flow: lines of single months and of January to a month, twelve rows of firms."""

    single: Whole
    cumulative: Whole

    def months(self, rows: Rows) -> tuple[Floats, Floats]:
        """Each month's figure, and January to it, each filled from the other where it can be."""
        single, total = figures(rows, self.single), figures(rows, self.cumulative)
        before = np.zeros(single.shape[1])
        for month in range(MONTHS):
            summed = before + single[month]
            total[month] = np.where(np.isnan(total[month]), summed, total[month])
            alone = total[month] - before
            single[month] = np.where(np.isnan(single[month]), alone, single[month])
            before = total[month]
        return single, total


def year_of(rows: Rows, year: int) -> YearOf:
    """The lines of one metric that speak of a year's months."""
    ends = np.array([_days(day) for day in month_ends(year)], np.int64)
    starts = np.array([_days(date(year, month, 1)) for month in range(1, MONTHS + 1)], np.int64)
    at = np.minimum(np.searchsorted(ends, rows.ends), MONTHS - 1)
    whole = ends[at] == rows.ends
    lines = []
    # January is both: a month, and the year so far.
    for first in (starts[at], np.full_like(at, starts[0])):
        which = np.flatnonzero(whole & (rows.starts == first))
        found = pick(rows.where(_mask(which, rows)), at[which], MONTHS)
        lines.append(np.where(found >= 0, which[found] if which.size else -1, -1))
    return YearOf(lines[0], lines[1])


def _mask(which: Whole, rows: Rows) -> NDArray[np.bool_]:
    mask = np.zeros(rows.number.size, bool)
    mask[which] = True
    return mask


def at_end(rows: Rows, day: date) -> Whole:
    """The line that says the level at a day, by whatever period that ends on it."""
    which = np.flatnonzero(rows.ends == _days(day))
    return _in_one_slot(rows, which)


def last_by(rows: Rows, day: date) -> Whole:
    """The line of the period that ends last, by a day."""
    return _in_one_slot(rows, np.flatnonzero(rows.ends <= _days(day)), by_end=True)


def _in_one_slot(rows: Rows, which: Whole, *, by_end: bool = False) -> Whole:
    found = pick(rows.where(_mask(which, rows)), np.zeros_like(which), 1, by_end=by_end)[0]
    return np.where(found >= 0, which[found] if which.size else -1, -1)


def so_far(total: Floats, until: int) -> tuple[Floats, Whole]:
    """January to the furthest month known within the first ``until``, and how many months it is."""
    known = ~np.isnan(total[:until])
    reached = np.where(known.any(axis=0), until - np.argmax(known[::-1], axis=0), 0)
    at = np.maximum(reached - 1, 0)
    figure = np.where(reached > 0, total[at, np.arange(total.shape[1])], np.nan)
    return figure, reached.astype(np.int64)


SCALE = float(10**Value.SCALE)
# What a kept figure is divided by, to be in the unit words are in: 万元 become 元, % a share.
DIVISORS: Mapping[str, float] = {
    "CNY_100m": SCALE / 1e8,
    "CNY_10k": SCALE / 1e4,
    "kwh_10k": SCALE / 1e4,
    "percent": SCALE * 100,
}
