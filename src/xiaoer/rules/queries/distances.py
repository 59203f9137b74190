"""Who is nearest to a rule they do not meet, and what each would have to change: work lists."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xiaoer.base.words import Word
from xiaoer.rules.engines.distance import Distance, nearest_change
from xiaoer.rules.engines.matrix import STATES
from xiaoer.rules.language.spec import CompiledRule, State
from xiaoer.rules.queries.trying import Moment, known, say

MOST = 300
_MET, _NOT_MET = STATES.index(State.MET), STATES.index(State.NOT_MET)
_FAILS, _UNKNOWN = "n", "d"


@dataclass(frozen=True, slots=True)
class FirmDistance:
    """A firm that does not meet a rule. ``lacks``: how many clauses it fails."""

    party_id: int
    state: State
    lacks: int
    distance: Distance


def distances(
    *,
    zone_id: int,
    rule: CompiledRule,
    words: Mapping[str, Word],
    moment: Moment,
    ids: Sequence[int] | None = None,
    without: Collection[int] = (),
    most: int = MOST,
) -> list[FirmDistance]:
    """The firms that lack fewest clauses, nearest first: who could qualify, the cheapest change
    before the dearer one; then who only lacks facts; those that nothing can repair come last.

    At most ``most`` firms are looked at one by one; the others are counted by the engine for many.
    ``ids``: only these firms; ``without``: not those who need no such list.
    """
    table = known(zone_id=zone_id, rules=[rule], moment=moment, ids=ids)
    (said,) = say([rule], table, moment.as_of)
    codes = said.codes()
    lacks, unknown = (np.char.count(said.letters(), each) for each in (_FAILS, _UNKNOWN))
    rows = np.flatnonzero((codes != _MET) & ~np.isin(said.ids, list(without)))
    failing = lacks[rows] + (codes[rows] != _NOT_MET) * len(STATES)
    rows = rows[np.lexsort((unknown[rows], failing))]
    rows = rows[:most]
    found = []
    for row, facts in zip(rows.tolist(), table.take(rows).to_pylist(), strict=True):
        distance = nearest_change(rule, facts, moment.as_of, words)
        if distance is not None:
            state = STATES[codes[row]]
            found.append(FirmDistance(facts["id"], state, int(lacks[row]), distance))
    return sorted(found, key=_order)


def _order(one: FirmDistance) -> tuple[bool, bool, float, int]:
    distance = one.distance
    return not distance.is_enough, not distance.changes, distance.cost, len(distance.missing)
