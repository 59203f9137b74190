"""Whether the two ways of evaluating agree: each firm by itself, and all of them in one go."""

from dataclasses import dataclass

from xiaoer.rules.engines.matrix import STATES
from xiaoer.rules.engines.one import evaluate
from xiaoer.rules.models import RuleVersion
from xiaoer.rules.queries.results import compiled_of
from xiaoer.rules.queries.trying import Moment, known, say

_LETTERS = dict(zip(STATES, "mndp", strict=True))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of how many firms both say the same of the rule and of every clause."""

    agreed: int
    all: int
    apart: tuple[int, ...] = ()

    @property
    def is_whole(self) -> bool:
        return self.agreed == self.all


def agreement(*, version: RuleVersion, moment: Moment) -> Agreement:
    """Evaluate every firm both ways, on the same facts, and count where they agree."""
    rule = compiled_of(version)
    table = known(
        zone_id=version.zone_id, rules=[rule], moment=moment, subject=version.rule.subject
    )
    said = say([rule], table, moment.as_of)[0]
    missing = dict.fromkeys(rule.columns)
    there = [name for name in rule.columns if name in table.column_names]
    rows = table.select(there).to_pylist() if there else [{}] * table.num_rows
    apart = []
    lines = zip(
        said.ids.tolist(), said.codes().tolist(), said.letters().tolist(), rows, strict=True
    )
    for number, code, letters, facts in lines:
        outcome = evaluate(rule, missing | facts, moment.as_of)
        own = "".join([_LETTERS[state] for state in outcome.states])
        if outcome.state != STATES[code] or own != letters:
            apart.append(number)
    return Agreement(table.num_rows - len(apart), table.num_rows, tuple(apart))
