"""How short are schedules under limited resources? Against the best known of PSPLIB's instances.

    python -m benchmarks.psplib FOLDER [--sets j30,j60,j120] [--count 30] [--seconds N] [--peers 6]

FOLDER holds a folder for each set (``j30`` or ``j30.sm``) with PSPLIB's instances (``.sm``, or
Patterson's ``.rcp``) and a table of the best known ends: ``optimum.csv`` (``problem,optimum``, an
open one as ``lower..upper``), in the folder or one below. The instances are not ours to hand on;
PSPLIB (R. Kolisch and A. Sprecher, 1997, doi:10.1016/S0377-2217(96)00170-1) gives them to everybody.
``XIAOER_PSPLIB`` names the folder for ``make bench``; without one, the two lines say so and no more.

The sample is fixed: of a set's instances in their own order every sixteenth or twentieth, so that
there are thirty. The peer is CP-SAT by itself on the same model, as many seconds and workers, without
our first schedules; it runs on a few of the same instances.
"""

import argparse
import csv
import json
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ortools.sat.python import cp_model

from xiaoer.work.planning.rcpsp import Project, Solved, solve

# Seconds for an instance and the bound of the mean gap, in percent, by the number of steps.
LIMITS = {"j30": (5.0, 0.1), "j60": (10.0, 0.5), "j120": (30.0, 3.0)}
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Instance:
    name: str
    project: Project
    best: int


def instances(folder: Path, count: int) -> list[Instance]:
    """The fixed sample of a set."""
    best = _best_known(folder)
    files = sorted(
        (path for path in folder.rglob("*") if path.suffix in (".sm", ".rcp", ".RCP")),
        key=lambda path: _numbers(path.stem),
    )
    files = [path for path in files if path.stem.lower() in best]
    chosen = files[:: max(1, len(files) // count)][:count]
    return [Instance(path.stem, _read(path), best[path.stem.lower()]) for path in chosen]


def _numbers(name: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", name)]


def _best_known(folder: Path) -> dict[str, int]:
    best: dict[str, int] = {}
    for path in folder.rglob("optimum.csv"):
        with path.open(encoding="utf-8", newline="") as table:
            for row in csv.DictReader(table):
                if known := _numbers(row["optimum"]):
                    best[Path(row["problem"]).stem.lower()] = known[-1]
    return best


def _read(path: Path) -> Project:
    text = path.read_text("utf-8", errors="replace")
    return _patterson(text) if path.suffix.lower() == ".rcp" else _psplib(text)


def _psplib(text: str) -> Project:
    """PSPLIB's own form: who follows whom, then days and demands, then what there is."""
    parts = re.split(r"PRECEDENCE RELATIONS:|REQUESTS/DURATIONS:|RESOURCEAVAILABILITIES:", text)
    after = [_numbers(line) for line in parts[1].splitlines() if re.match(r"\s*\d", line)]
    days = [_numbers(line) for line in parts[2].splitlines() if re.match(r"\s*\d", line)]
    there = next(_numbers(line) for line in parts[3].splitlines() if re.match(r"\s*\d", line))
    return Project(
        durations=[row[2] for row in days],
        demands=[row[3:] for row in days],
        followers=[[step - 1 for step in row[3:]] for row in after],
        capacities=there,
    )


def _patterson(text: str) -> Project:
    numbers = iter(_numbers(text))
    steps, kinds = next(numbers), next(numbers)
    there = [next(numbers) for _kind in range(kinds)]
    days, demands, after = [], [], []
    for _step in range(steps):
        days.append(next(numbers))
        demands.append([next(numbers) for _kind in range(kinds)])
        after.append([next(numbers) - 1 for _each in range(next(numbers))])
    return Project(days, demands, after, there)


def plain(project: Project, seconds: float) -> int:
    """The end CP-SAT finds by itself; the end of all one after another when it finds none."""
    model = cp_model.CpModel()
    longest = sum(project.durations)
    starts = [model.new_int_var(0, longest, "") for _step in project.durations]
    end = model.new_int_var(0, longest, "")
    spans = []
    for step, days in enumerate(project.durations):
        spans.append(model.new_fixed_size_interval_var(starts[step], days, ""))
        model.add(end >= starts[step] + days)
        for other in project.followers[step]:
            model.add(starts[other] >= starts[step] + days)
    for which, there in enumerate(project.capacities):
        model.add_cumulative(spans, [row[which] for row in project.demands], there)
    model.minimize(end)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    status = solver.solve(model)
    return solver.value(end) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else longest


def _gap(end: int, best: int) -> float:
    return 100 * (end - best) / best


def measure(
    name: str, chosen: Sequence[Instance], seconds: float, bound: float, peers: int
) -> None:
    """One line for a set: ours on all of the sample, the peer on some of it."""
    found: list[Solved] = []
    taken: list[float] = []
    for each in chosen:
        began = time.perf_counter()
        solved = solve(each.project, seconds=seconds, workers=WORKERS)
        taken.append(time.perf_counter() - began)
        if not each.project.is_feasible(solved.starts):
            raise SystemExit(f"{each.name}: the schedule does not hold")
        found.append(solved)
        print(f"# {each.name} {solved.end} best {each.best} {taken[-1]:.1f} s", flush=True)
    gaps = [_gap(solved.end, each.best) for solved, each in zip(found, chosen, strict=True)]
    some = list(range(0, len(chosen), max(1, len(chosen) // peers)))[:peers] if peers else []
    theirs = [_gap(plain(chosen[n].project, seconds), chosen[n].best) for n in some]
    mean = sum(gaps) / len(gaps)
    line = {
        "name": f"psplib_{name}",
        "instances": len(chosen),
        "seconds_each": seconds,
        "workers": WORKERS,
        "mean_gap_percent": round(mean, 3),
        "worst_gap_percent": round(max(gaps), 2),
        "as_good_as_best_known": sum(gap <= 0 for gap in gaps),
        "proven": sum(solved.is_best for solved in found),
        "mean_seconds": round(sum(taken) / len(taken), 2),
        "bound_percent": bound,
        "holds": mean <= bound,
        "against": "CP-SAT without our schedules",
        "on": len(some),
        "ours_there": round(sum(gaps[n] for n in some) / len(some), 3) if some else None,
        "theirs_there": round(sum(theirs) / len(theirs), 3) if theirs else None,
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.psplib")
    parser.add_argument("folder", nargs="?", default=os.environ.get("XIAOER_PSPLIB", ""))
    parser.add_argument("--sets", default=",".join(LIMITS))
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--peers", type=int, default=6)
    given = parser.parse_args(None if __spec__ and __spec__.name != "benchmarks.__main__" else [])
    if not given.folder:
        print("# psplib: name the folder of the instances in XIAOER_PSPLIB")
        return
    for name in given.sets.split(","):
        folder = next((p for p in Path(given.folder).rglob(f"{name}*") if p.is_dir()), None)
        if folder is None or not (chosen := instances(folder, given.count)):
            raise SystemExit(f"no instances of {name} with their best known in {given.folder}")
        seconds, bound = LIMITS.get(name, (30.0, 3.0))
        measure(name, chosen, given.seconds or seconds, bound, given.peers)


if __name__ == "__main__":
    main()
