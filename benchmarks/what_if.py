"""A draft tried while it is typed: what its clauses say of 2,500 firms, beside the version in force.

The longest rule in force is tried with each of its figures changed a little every time, so that
nothing was compiled before. The facts are fetched once and given: what fetching them costs is said by
``facts_fetch``.
"""

import re
import sys
import time
from statistics import median
from unittest.mock import patch

from benchmarks.measure import bench_database, report
from benchmarks.rules_zone import FIRMS, fill
from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.rules.language.spec import ClauseText
from xiaoer.rules.models import RuleVersion
from xiaoer.rules.queries import trying
from xiaoer.rules.queries.evaluating import in_force
from xiaoer.rules.queries.texts import texts_of

RUNS = 15
BOUND_MS = 300.0


def main() -> None:
    with bench_database("what_if") as bench:
        measure(fill(bench))


def measure(by: Actor) -> None:
    moment = trying.Moment(NOW.date(), NOW)
    with acting(by):
        chosen = in_force(zone_id=by.zone_id, as_of=moment.as_of)
        longest = max(chosen, key=lambda one: len(one.rule.clauses))
        version = RuleVersion.objects.get(pk=longest.version_id)
        clauses = texts_of(version)
        table = trying.known(zone_id=by.zone_id, rules=[longest.rule], moment=moment)
        if table.num_rows != FIRMS:
            sys.exit(f"{table.num_rows} firms: that is no zone to measure.")
        taken = []
        with patch.object(trying, "facts", lambda **_asked: table):
            for number in range(RUNS + 1):
                typed = [_changed(one, number) for one in clauses]
                began = time.perf_counter()
                tried = trying.try_clauses(
                    zone_id=by.zone_id, clauses=typed, moment=moment, against=version
                )
                told = (tried.total, tried.clauses, tried.difference, tried.change)
                taken.append((time.perf_counter() - began) * 1e3)
                if None in told[:3] or tried.subjects != FIRMS:
                    sys.exit("The draft was not evaluated.")
    # The first run fills caches and is not counted.
    report("what_if", "ms", median(taken[1:]), BOUND_MS, f"{len(clauses)} clauses, the bound", 1)


def _changed(clause: ClauseText, by: int) -> ClauseText:
    """Figures of five digits and more a little larger."""
    text = re.sub(r"(?<![\w.])\d{5,}(?![\w.])", lambda one: str(int(one[0]) + by), clause.text)
    return ClauseText(
        name=clause.name,
        name_en=clause.name_en,
        text=text,
        kind=clause.kind,
        any_of=clause.any_of,
        part=clause.part,
        is_repairable=clause.is_repairable,
    )


if __name__ == "__main__":
    main()
