"""All rules for all firms: 10^6 firms by 200 rules of 3 to 6 conditions, every reason kept.

Ours is timed from Parquet to bits, as Polars is; beside OpenFisca-core, whose inputs are set before,
without reading. zen is timed on 1,000 firms. DuckDB is asked about those as a witness: two hundred
masks are its worst shape. Answers must be equal, but that OpenFisca-core keeps numbers as float32.
``XIAOER_BENCH_TEN_MILLION=1`` adds 10^7 firms in batches (some minutes).
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import report
from benchmarks.rule_stock import write

MILLION, RULES = 1_000_000, 200
PAIRS = MILLION * RULES


def asked(engine: str, path: Path, rules: int = RULES, runs: int = 3) -> dict[str, Any]:
    """What an engine takes and says, in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.rule_engines", engine, path, str(rules), str(runs)],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(told.stdout.strip().splitlines()[-1])
    return found


def must_agree(name: str, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    if ours["answer"] != theirs["answer"]:
        sys.exit(f"{name} says something else than we do.")


def compare_engines(path: Path, small: Path) -> None:
    ours = asked("ours", path, runs=5)
    in_memory = asked("ours_in_memory", path, runs=5)
    for name, mine, bound in (("polars", ours, 2), ("openfisca", in_memory, 10)):
        theirs = asked(name, path)
        rate = PAIRS / theirs["seconds"]
        if name == "openfisca":
            _say_how_far_off(mine, theirs)
        else:
            must_agree(name, mine, theirs)
        report(
            "rules_many", "pairs/s", PAIRS / mine["seconds"], rate, name, bound,
            smaller_is_better=False,
        )  # fmt: skip
        report("rules_many_peak", "MB", mine["peak"] / 1e6, theirs["peak"] / 1e6, name, 3)
    duckdb = asked("duckdb", small, runs=1)
    must_agree("duckdb", asked("ours", small, runs=1), duckdb)
    zen = asked("zen", small, runs=1)
    must_agree("zen", asked("ours", small, runs=1), zen)
    rate, mine = 1000 * RULES / zen["seconds"], PAIRS / ours["seconds"]
    report("rules_many", "pairs/s", mine, rate, "zen, a loop", 1000, smaller_is_better=False)
    bare = asked("bare", path)
    report("rules_many", "s", ours["seconds"], bare["seconds"], "bare read by Polars", 20)
    report("rules_many_size", "bytes a pair", ours["bytes"], 1.0, "one byte", 0.6)
    report("rules_many_peak", "MB", ours["peak"] / 1e6, 1000, "1 GB", 1)


def _say_how_far_off(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """float32 holds whole yuan up to 16.7 million only, so that some verdicts differ."""
    off = sum(
        abs(mine - other)
        for one, another in zip(ours["answer"], theirs["answer"], strict=True)
        for mine, other in zip(one, another, strict=True)
    )
    if off > PAIRS / 100_000:
        sys.exit("OpenFisca-core differs by more than float32 explains.")
    report(
        "rules_many_float32", "verdicts off", float(off), PAIRS / 100_000, "a hundred thousandth", 1
    )


def grow(folder: Path, whole: Path) -> None:
    """No worse than linear with firms and with rules."""
    files = {MILLION: whole}
    for rows in (250_000, 500_000):
        files[rows] = folder / f"{rows}.parquet"
        write(files[rows], rows)
    by_rows = {rows: asked("ours", path)["seconds"] for rows, path in sorted(files.items())}
    for rows in (500_000, MILLION):
        times = rows / 250_000
        report(
            f"rules_many_{rows}_firms", "s", by_rows[rows], times * by_rows[250_000],
            f"{times:.0f} times 250,000 firms", 1.15,
        )  # fmt: skip
    by_rules = {rules: asked("ours", whole, rules)["seconds"] for rules in (50, 100, RULES)}
    for rules in (100, RULES):
        times = rules / 50
        report(
            f"rules_many_{rules}_rules", "s", by_rules[rules], times * by_rules[50],
            f"{times:.0f} times 50 rules", 1.15,
        )  # fmt: skip


def ten_million(folder: Path, million: Path) -> None:
    """Ten times as many in batches: memory as for one, time linear."""
    path = folder / "ten_million.parquet"
    write(path, 10 * MILLION)
    one, ten = (asked("ours_in_batches", file, runs=1) for file in (million, path))
    report("rules_ten_million_peak", "MB", ten["peak"] / 1e6, one["peak"] / 1e6, "10^6", 1.15)
    report("rules_ten_million", "s", ten["seconds"], 10 * one["seconds"], "10 times 10^6", 1.15)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole, small = folder / "million.parquet", folder / "thousand.parquet"
        write(whole, MILLION)
        write(small, 1000)
        compare_engines(whole, small)
        grow(folder, whole)
        if os.environ.get("XIAOER_BENCH_TEN_MILLION"):
            ten_million(folder, whole)


if __name__ == "__main__":
    main()
