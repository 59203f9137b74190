"""What the engine for many computes with: numbers in which NaN is missing, and packed bits.

Every value is a float64: numbers as they are, days counted from 1970, texts by their place among
all texts of the batch in order. A number that is not finite is missing. Conditions are sets of
subjects, one bit each, lowest bit first as Arrow has them. A chunk is small enough for the cache.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xiaoer.base.words import Kind

Numbers = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1).toordinal()
FIRST, LAST = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH


def day_number(day: date) -> float:
    return float(day.toordinal() - EPOCH)


class Texts:
    """All texts of a batch and of the rules, in order; a text's number is its place."""

    def __init__(self, said: Sequence[str], dictionaries: Sequence[pa.Array]) -> None:
        mine = pa.array(said, pa.string())
        found = pc.unique(pa.concat_arrays([mine, *dictionaries])).drop_null()
        self._all = found.take(pc.array_sort_indices(found))
        self._said: dict[str, float] = dict(zip(said, self.numbers(mine).tolist(), strict=True))
        self._beginnings: dict[str, tuple[float, float]] = {}

    def numbers(self, texts: pa.Array) -> Numbers:
        places = pc.index_in(texts, self._all).cast(pa.float64())
        return cast(Numbers, places.to_numpy(zero_copy_only=False))

    def number(self, text: str) -> float:
        return self._said[text]

    def beginning(self, start: str) -> tuple[float, float]:
        """From which number to which (excluded) texts begin so; in order, they stand together."""
        if start not in self._beginnings:
            found = pc.starts_with(self._all, start).to_numpy(zero_copy_only=False)
            places = np.flatnonzero(found)
            self._beginnings[start] = (
                (float(places[0]), float(places[-1] + 1)) if len(places) else (0.0, 0.0)
            )
        return self._beginnings[start]


class Batch:
    """A table opened for reading in chunks. A column it lacks is a fact nobody knows."""

    def __init__(
        self, table: pa.Table, kinds: Mapping[str, Kind], texts: Sequence[str], as_of: date
    ) -> None:
        self.rows = table.num_rows
        self.as_of = day_number(as_of)
        self._columns = {
            name: _typed(table.column(name), kind)
            for name, kind in kinds.items()
            if name in table.column_names
        }
        self._encoded = {
            name: column for name, column in self._columns.items() if kinds[name] == Kind.TEXT
        }
        self._said = texts

    @cached_property
    def texts(self) -> Texts:
        return Texts(
            self._said, [one.dictionary.cast(pa.string()) for one in self._encoded.values()]
        )

    @cached_property
    def _places(self) -> dict[str, Numbers]:
        """For each text column the number of each entry of its dictionary; the last is missing."""
        return {
            name: np.append(self.texts.numbers(one.dictionary.cast(pa.string())), np.nan)
            for name, one in self._encoded.items()
        }

    def numbers(self, name: str, start: int, rows: int) -> Numbers:
        """A piece of a column of numbers, days or texts."""
        if name not in self._columns:
            return np.full(rows, np.nan)
        part = self._columns[name].slice(start, rows)
        if name in self._encoded:
            places = self._places[name]
            found = part.indices.fill_null(len(places) - 1).to_numpy(zero_copy_only=False)
            return cast(Numbers, places[found])
        values = _one(part).to_numpy(zero_copy_only=False)
        return cast(Numbers, finite(values.astype(np.float64, copy=False)))

    def flags(self, name: str, start: int, rows: int) -> tuple[Flags, Flags]:
        """A piece of a column of yes and no: where it is yes, and where it is known."""
        if name not in self._columns:
            return np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
        part = _one(self._columns[name].slice(start, rows))
        known = part.is_valid().to_numpy(zero_copy_only=False)
        return part.fill_null(False).to_numpy(zero_copy_only=False), known


def _typed(column: pa.ChunkedArray, kind: Kind) -> pa.ChunkedArray | pa.DictionaryArray:
    """The column in the type we read; texts get one dictionary for the whole batch."""
    if kind == Kind.TEXT:
        if not pa.types.is_dictionary(column.type):
            column = column.cast(pa.string()).dictionary_encode()
        return _one(column.unify_dictionaries())
    wanted = {Kind.NUMBER: pa.float64(), Kind.FLAG: pa.bool_(), Kind.DAY: pa.date32()}[kind]
    column = column if column.type == wanted else column.cast(wanted, safe=False)
    return column.cast(pa.int32()) if kind == Kind.DAY else column


def _one(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if hasattr(combined, "chunks") else combined


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a batch."""

    batch: Batch
    start: int
    rows: int


# Operations: each takes the chunk, what was said when planning, and what was computed before.
# Single numbers stand for constants, so that a comparison with one is one sweep.


def finite(values: Any) -> Any:
    """What overflowed, or never was a number, is missing."""
    wild = np.isinf(values)
    return np.where(wild, np.nan, values) if wild.any() else values


def pack(chunk: Chunk, flags: Any) -> Bits:
    if not flags.ndim:
        flags = np.full(chunk.rows, flags)
    return np.packbits(flags, bitorder="little")


def unpack(chunk: Chunk, _said: object, bits: Bits) -> Flags:
    return np.unpackbits(bits, count=chunk.rows, bitorder="little").view(np.bool_)


def column(chunk: Chunk, name: str) -> Numbers:
    return chunk.batch.numbers(name, chunk.start, chunk.rows)


def flag(chunk: Chunk, name: str) -> Bits:
    return pack(chunk, chunk.batch.flags(name, chunk.start, chunk.rows)[0])


def flag_known(chunk: Chunk, name: str) -> Bits:
    return pack(chunk, chunk.batch.flags(name, chunk.start, chunk.rows)[1])


def constant(_chunk: Chunk, value: float) -> np.float64:
    return np.float64(value)


def text(chunk: Chunk, value: str) -> np.float64:
    return np.float64(chunk.batch.texts.number(value))


def as_of(chunk: Chunk, _said: object) -> np.float64:
    return np.float64(chunk.batch.as_of)


def known(chunk: Chunk, _said: object, values: Any) -> Bits:
    return pack(chunk, np.equal(values, values))


def from_flags(chunk: Chunk, _said: object, true: Bits, sure: Bits) -> Numbers:
    """Yes and no as 1 and 0, to be compared with one another."""
    found = unpack(chunk, None, true).astype(np.float64)
    found[~unpack(chunk, None, sure)] = np.nan
    return found


def add(_chunk: Chunk, _said: object, left: Any, right: Any) -> Any:
    return finite(np.add(left, right))


def subtract(_chunk: Chunk, _said: object, left: Any, right: Any) -> Any:
    return finite(np.subtract(left, right))


def multiply(_chunk: Chunk, _said: object, left: Any, right: Any) -> Any:
    return finite(np.multiply(left, right))


def divide(_chunk: Chunk, _said: object, left: Any, right: Any) -> Any:
    """Infinite where divided by zero, and so missing."""
    return finite(np.divide(left, right))


def negative(_chunk: Chunk, _said: object, values: Any) -> Any:
    return np.negative(values)


def power(_chunk: Chunk, exponent: int, base: Any) -> Any:
    found = base
    for _time in range(exponent - 1):
        found = finite(np.multiply(found, base))
    return found


def root(_chunk: Chunk, _said: object, values: Any) -> Any:
    return np.sqrt(values)


def largest(_chunk: Chunk, _said: object, left: Any, right: Any) -> Any:
    return np.maximum(left, right)


def smallest(_chunk: Chunk, _said: object, left: Any, right: Any) -> Any:
    return np.minimum(left, right)


def shifted(_chunk: Chunk, said: tuple[int, int], day: Any) -> Numbers:
    """Months first, clipped to the month's last day; then days."""
    months, days = said
    missing = np.isnan(day)
    found = np.where(missing, 0.0, day).astype(np.int64).astype("datetime64[D]")
    month = found.astype("datetime64[M]")
    within = (found - month.astype("datetime64[D]")).astype(np.int64)
    aim = month + np.timedelta64(months, "M")
    first = aim.astype("datetime64[D]").astype(np.int64)
    length = (aim + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - first
    moved = first + np.minimum(within, length - 1)
    outside = (moved < FIRST) | (moved > LAST)
    moved = moved + days
    outside |= (moved < FIRST) | (moved > LAST)
    return np.where(missing | outside, np.nan, moved)


def choose(_chunk: Chunk, _said: object, true: Flags, sure: Flags, value: Any, rest: Any) -> Any:
    """The value where the condition holds, the rest where it does not, else missing."""
    return np.where(true, value, np.where(sure, rest, np.nan))


def first_known(_chunk: Chunk, _said: object, value: Any, rest: Any) -> Any:
    return np.where(np.isnan(value), rest, value)


def less(chunk: Chunk, _said: object, left: Any, right: Any) -> Bits:
    return pack(chunk, np.less(left, right))


def at_most(chunk: Chunk, _said: object, left: Any, right: Any) -> Bits:
    return pack(chunk, np.less_equal(left, right))


def greater(chunk: Chunk, _said: object, left: Any, right: Any) -> Bits:
    return pack(chunk, np.greater(left, right))


def at_least(chunk: Chunk, _said: object, left: Any, right: Any) -> Bits:
    return pack(chunk, np.greater_equal(left, right))


def equal(chunk: Chunk, _said: object, left: Any, right: Any) -> Bits:
    return pack(chunk, np.equal(left, right))


def one_of(chunk: Chunk, _said: object, values: Any, *among: Any) -> Bits:
    found = np.equal(values, among[0])
    for other in among[1:]:
        found = found | np.equal(values, other)
    return pack(chunk, found)


def starts(chunk: Chunk, beginning: str, values: Any) -> Bits:
    low, high = chunk.batch.texts.beginning(beginning)
    return pack(chunk, np.greater_equal(values, low) & np.less(values, high))


def nobody(chunk: Chunk, _said: object) -> Bits:
    return np.zeros((chunk.rows + 7) // 8, np.uint8)


def everybody(chunk: Chunk, _said: object) -> Bits:
    return np.full((chunk.rows + 7) // 8, 255, np.uint8)


def both(_chunk: Chunk, _said: object, left: Bits, right: Bits) -> Bits:
    return left & right


def either(_chunk: Chunk, _said: object, left: Bits, right: Bits) -> Bits:
    return left | right


def without(_chunk: Chunk, _said: object, left: Bits, right: Bits) -> Bits:
    return left & ~right


def others(_chunk: Chunk, _said: object, bits: Bits) -> Bits:
    return ~bits


# Scores: a low and a high end; what may be anything reaches from minus to plus infinity.


def low_end(_chunk: Chunk, _said: object, values: Any) -> Any:
    return np.where(np.isnan(values), -np.inf, values)


def high_end(_chunk: Chunk, _said: object, values: Any) -> Any:
    return np.where(np.isnan(values), np.inf, values)


def plus(_chunk: Chunk, _said: object, left: Any, right: Any) -> Any:
    return np.add(left, right)


def reach_low(_chunk: Chunk, _said: object, true: Flags, sure: Flags, value: Any, rest: Any) -> Any:
    return np.where(true, value, np.where(sure, rest, np.minimum(value, rest)))


def reach_high(
    _chunk: Chunk, _said: object, true: Flags, sure: Flags, value: Any, rest: Any
) -> Any:
    return np.where(true, value, np.where(sure, rest, np.maximum(value, rest)))
