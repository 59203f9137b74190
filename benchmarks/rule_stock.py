"""Invented firms and rules for the benchmarks of the rule engines, in words every engine can build.

20 columns: 14 numbers, 12 % of them missing, 6 texts, 6 % missing. Rules of 3 to 6 conditions drawn
from a stock, so that they share some, as programmes do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xiaoer.base.words import Kind
from xiaoer.rules.language import tree as t
from xiaoer.rules.language.spec import ClauseText, CompiledClause, CompiledRule

NUMBERS = tuple(f"n{at}" for at in range(14))
TEXTS = tuple(f"c{at}" for at in range(6))
CODES = tuple(f"v{at}" for at in range(8))
STOCK = 345
GROUP = 1 << 18
"""Rows of a group of the Parquet file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``column order number``, ``column order number * other``, or ``column in texts``."""

    column: str
    order: str
    number: float = 0.0
    other: str = ""
    texts: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column, self.other) if self.other else (self.column,)

    def tree(self) -> t.Node:
        if self.texts:
            return t.OneOf(t.Column(self.column, Kind.TEXT), self.texts)
        bound: t.Node = t.Constant(self.number, Kind.NUMBER)
        if self.other:
            bound = t.Arithmetic("*", bound, t.Column(self.other, Kind.NUMBER))
        return t.Compare(self.order, t.Column(self.column, Kind.NUMBER), bound)  # type: ignore[arg-type]  # >= or <=


Rules = tuple[tuple[Asked, ...], ...]
Answer = list[tuple[int, int]]
"""For every rule, how many firms meet it and how many do not."""
Run = Callable[[], tuple[float, Callable[[], Answer], float]]
"""Seconds, a way to the answer that is not timed, and bytes of the result a pair."""


@cache
def rules(count: int) -> Rules:
    """The same first rules whatever the count."""
    chance = np.random.default_rng(20261121)
    stock = [_asked(chance) for _one in range(STOCK)]
    return tuple(
        tuple(stock[at] for at in chance.choice(STOCK, chance.integers(3, 7), replace=False))
        for _rule in range(count)
    )


def distinct(count: int) -> list[Asked]:
    """The conditions of so many rules, each once."""
    return list(dict.fromkeys(one for rule in rules(count) for one in rule))


def _asked(chance: np.random.Generator) -> Asked:
    order = (">=", "<=")[int(chance.integers(2))]
    kind = chance.random()
    column = NUMBERS[int(chance.integers(len(NUMBERS)))]
    if kind < 0.6:
        return Asked(column, order, round(float(chance.lognormal(15, 2))))
    if kind < 0.75:
        other = NUMBERS[int(chance.integers(len(NUMBERS)))]
        return Asked(column, order, round(float(chance.random()), 2), other)
    some = tuple(CODES[at] for at in chance.choice(8, chance.integers(1, 5), replace=False))
    return Asked(TEXTS[int(chance.integers(len(TEXTS)))], "in", texts=some)


def compiled(count: int) -> list[CompiledRule]:
    """The rules as our engines take them."""
    return [compiled_rule(asked, f"made/{at}") for at, asked in enumerate(rules(count))]


def compiled_rule(asked: tuple[Asked, ...], key: str = "made/1") -> CompiledRule:
    clauses = tuple(
        CompiledClause(ClauseText("条件", "condition", ""), one.tree(), one.columns)
        for one in asked
    )
    names = dict.fromkeys(name for one in asked for name in one.columns)
    return CompiledRule(key, clauses, tuple(names))


def firms(rows: int) -> list[dict[str, Any]]:
    """So many firms as facts by name."""
    found: list[dict[str, Any]] = _firms(rows, 1).to_pylist()
    return found


def write(path: Path, rows: int) -> None:
    """Invented firms as Parquet, group by group, so that ten million take no more memory than one."""
    writer: pq.ParquetWriter | None = None
    for start in range(0, rows, GROUP):
        part = _firms(min(GROUP, rows - start), start)
        writer = writer or pq.ParquetWriter(path, part.schema)
        writer.write_table(part)
    if writer:
        writer.close()


def _firms(rows: int, seed: int) -> pa.Table:
    chance = np.random.default_rng(seed)
    columns: dict[str, pa.Array] = {}
    for name in NUMBERS:
        # Whole yuan: what float32 cannot hold beyond 16 million.
        values = np.round(chance.lognormal(15, 2, rows))
        columns[name] = pa.array(values, mask=chance.random(rows) < 0.12)
    for name in TEXTS:
        codes = pa.array(
            chance.integers(0, 8, rows).astype(np.int32), mask=chance.random(rows) < 0.06
        )
        columns[name] = pa.DictionaryArray.from_arrays(codes, pa.array(CODES))
    return pa.table(columns)
