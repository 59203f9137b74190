"""One engine on one file in a process of its own: seconds, peak of memory, and its answers.

``python -m benchmarks.rule_engines ENGINE FILE RULES RUNS`` prints one JSON line. An answer is, for
every rule, how many firms meet it and how many do not; the rest are unknown.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.rule_stock import TEXTS, Answer, Asked, Run, compiled, distinct, rules

AS_OF = date(2026, 11, 21)


def ours(path: Path, count: int) -> Run:
    """From Parquet to bits, reading included."""
    import pyarrow.parquet as pq

    from xiaoer.rules.engines.many import plan
    from xiaoer.rules.language.spec import State

    def run() -> tuple[float, Callable[[], Answer], float]:
        began = time.perf_counter()
        planned = plan(compiled(count))
        table = pq.read_table(path, read_dictionary=list(TEXTS))
        matrix = planned.run(table, AS_OF)
        taken = time.perf_counter() - began

        def answer() -> Answer:
            counts = [matrix.counts(at) for at in range(count)]
            return [(one[State.MET], one[State.NOT_MET]) for one in counts]

        return taken, answer, matrix.nbytes / (matrix.rows * count)

    return run


def ours_in_memory(path: Path, count: int) -> Run:
    """On a table that was read before, as OpenFisca-core has its inputs set before."""
    import pyarrow.parquet as pq

    from xiaoer.rules.engines.many import plan
    from xiaoer.rules.language.spec import State

    table = pq.read_table(path, read_dictionary=list(TEXTS))

    def run() -> tuple[float, Callable[[], Answer], float]:
        began = time.perf_counter()
        matrix = plan(compiled(count)).run(table, AS_OF)
        taken = time.perf_counter() - began

        def answer() -> Answer:
            counts = [matrix.counts(at) for at in range(count)]
            return [(one[State.MET], one[State.NOT_MET]) for one in counts]

        return taken, answer, matrix.nbytes / (matrix.rows * count)

    return run


def ours_in_batches(path: Path, count: int) -> Run:
    """Group by group; of each only the counts are kept, as when changes are handed on."""
    import pyarrow.parquet as pq

    from xiaoer.rules.engines.many import plan
    from xiaoer.rules.language.spec import State

    def run() -> tuple[float, Callable[[], Answer], float]:
        began = time.perf_counter()
        planned = plan(compiled(count))
        met, not_met = np.zeros(count, np.int64), np.zeros(count, np.int64)
        with pq.ParquetFile(path, read_dictionary=list(TEXTS)) as file:
            for batch in file.iter_batches(batch_size=1 << 20):
                matrix = planned.evaluate(batch, AS_OF)
                for at in range(count):
                    counts = matrix.counts(at)
                    met[at] += counts[State.MET]
                    not_met[at] += counts[State.NOT_MET]
        taken = time.perf_counter() - began
        return taken, lambda: list(zip(met.tolist(), not_met.tolist(), strict=True)), 0.0

    return run


def polars(path: Path, count: int) -> Run:
    """Boolean columns, lazy: one a condition, one a rule; null is unknown. Reading included."""
    import polars as pl

    conditions = distinct(count)
    names = {one: f"k{at}" for at, one in enumerate(conditions)}

    def said(one: Asked) -> pl.Expr:
        column = pl.col(one.column)
        if one.texts:
            return column.cast(pl.String).is_in(list(one.texts))
        bound = pl.lit(one.number) * pl.col(one.other) if one.other else pl.lit(one.number)
        return column >= bound if one.order == ">=" else column <= bound

    def run() -> tuple[float, Callable[[], Answer], float]:
        began = time.perf_counter()
        found = (
            pl.scan_parquet(path)
            .select([said(one).alias(name) for one, name in names.items()])
            .with_columns(
                pl.all_horizontal([names[one] for one in rule]).alias(f"rule{at}")
                for at, rule in enumerate(rules(count))
            )
            .collect()
        )
        taken = time.perf_counter() - began

        def answer() -> Answer:
            columns = [found[f"rule{at}"] for at in range(count)]
            return [(int(one.sum()), int((~one).sum())) for one in columns]

        return taken, answer, found.estimated_size() / (found.height * count)

    return run


def bare(path: Path, count: int) -> Run:
    """Nothing but reading the columns, by Polars."""
    import polars as pl

    def run() -> tuple[float, Callable[[], Answer], float]:
        began = time.perf_counter()
        read = pl.read_parquet(path)
        taken = time.perf_counter() - began
        return taken, list, read.estimated_size() / (read.height * count)

    return run


def duckdb(path: Path, count: int) -> Run:
    """One mask a rule of the conditions that fail, one of those that are unknown."""
    import duckdb as duck

    def said(one: Asked) -> str:
        if one.texts:
            return f"{one.column} in ({', '.join(repr(text) for text in one.texts)})"
        bound = f"{one.number!r}::double" + (f" * {one.other}" if one.other else "")
        return f"{one.column} {one.order} {bound}"

    def mask(rule: Sequence[Asked], pattern: str) -> str:
        parts = (
            f"(({pattern.format(said(one))})::usmallint << {at})" for at, one in enumerate(rule)
        )
        return f"({' | '.join(parts)})"

    columns = ", ".join(
        f"{mask(rule, 'not coalesce({}, true)')} as f{at}, {mask(rule, '({}) is null')} as u{at}"
        for at, rule in enumerate(rules(count))
    )

    def run() -> tuple[float, Callable[[], Answer], float]:
        with duck.connect() as link:
            began = time.perf_counter()
            link.execute(f"create temp table found as select {columns} from '{path}'")
            taken = time.perf_counter() - began
            counts = ", ".join(
                f"count(*) filter (f{at} = 0 and u{at} = 0), count(*) filter (f{at} <> 0)"
                for at in range(count)
            )
            row = link.execute(f"select {counts} from found").fetchall()[0]
        answer = list(zip(row[::2], row[1::2], strict=True))
        return taken, lambda: answer, 4.0

    return run


def openfisca(path: Path, count: int) -> Run:
    from benchmarks.rule_openfisca import openfisca as theirs

    return theirs(path, count)


def zen(path: Path, count: int) -> Run:
    """GoRules: a decision a rule, asked firm by firm in a loop; of the file only 1,000 firms."""
    import pyarrow.parquet as pq
    import zen as gorules

    firms = pq.read_table(path).slice(0, 1000).to_pylist()
    engine = gorules.ZenEngine()
    decisions = [engine.create_decision(zen_decision(rule)) for rule in rules(count)]

    def run() -> tuple[float, Callable[[], Answer], float]:
        began = time.perf_counter()
        found = [[one.evaluate(firm)["result"] for firm in firms] for one in decisions]
        taken = time.perf_counter() - began

        def answer() -> Answer:
            said = []
            for rule, outcomes in zip(rules(count), found, strict=True):
                failed = sum(False in outcome.values() for outcome in outcomes)
                met = sum(len(o) == len(rule) and all(o.values()) for o in outcomes)
                said.append((met, failed))
            return said

        return taken * 1000 / len(firms), answer, 0.0

    return run


def zen_text(one: Asked) -> str:
    """A condition in zen's language; what is missing is asked first, as null is compared as a no."""
    missing = " or ".join(f"{name} == null" for name in one.columns)
    if one.texts:
        said = f"{one.column} in [{', '.join(repr(text) for text in one.texts)}]"
    else:
        bound = f"{one.number!r}" + (f" * {one.other}" if one.other else "")
        said = f"{one.column} {one.order} {bound}"
    return f"{missing} ? null : {said}"


def zen_decision(rule: Sequence[Asked]) -> str:
    """A rule as zen's decision: every condition an output of its own."""
    asked = [
        {"id": str(at), "key": f"k{at}", "value": zen_text(one)} for at, one in enumerate(rule)
    ]
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": place},
        {
            "id": "asked", "name": "asked", "type": "expressionNode", "position": place,
            "content": {"expressions": asked},
        },
        {"id": "out", "name": "out", "type": "outputNode", "position": place},
    ]  # fmt: skip
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "asked", "type": "edge"},
        {"id": "2", "sourceId": "asked", "targetId": "out", "type": "edge"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


ENGINES: dict[str, Callable[[Path, int], Run]] = {
    "ours": ours,
    "ours_in_memory": ours_in_memory,
    "ours_in_batches": ours_in_batches,
    "polars": polars,
    "bare": bare,
    "duckdb": duckdb,
    "openfisca": openfisca,
    "zen": zen,
}


def main(engine: str, path: str, count: int, runs: int) -> None:
    run = ENGINES[engine](Path(path), count)
    taken = []
    answer: Answer = []
    size = 0.0
    for number in range(runs + (runs > 1)):
        seconds, found, size = run()
        if number or runs == 1:  # the first run fills caches and is not counted
            taken.append(seconds)
        answer = found()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = {"seconds": median(taken), "answer": answer, "bytes": size, "peak": peak}
    print(json.dumps(line))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
