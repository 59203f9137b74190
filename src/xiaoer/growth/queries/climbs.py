"""What the rules of the ladders say of every firm, from facts, in a few questions for the whole zone.

Nothing is written here: the monthly evaluation keeps what this finds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from xiaoer.growth.climbing import Computed, Gaps, Part, compute, count_gaps
from xiaoer.growth.models import Ladder
from xiaoer.growth.vocabulary.ladders import HNTE, HNTE_WORDS, parameters_at
from xiaoer.registry.models import Party
from xiaoer.rules import vocabularies
from xiaoer.rules.engines.matrix import STATES, Matrix
from xiaoer.rules.language.spec import ClauseKind, CompiledRule, State
from xiaoer.rules.models import Rule
from xiaoer.rules.queries.evaluating import compiled, planned

# What is kept beside the rung, where the zone's vocabulary has it.
BESIDE = (
    "stat_sector",
    "stat_threshold_cny",
    "metric_forecast_cny",
    "metric_cny_ytd",
    "metric_12m_cny",
    "metric_months_known",
    "registered_on",
    "production_started_on",
    "in_stat_register",
    "planned_investment_cny",
    "main_works_started_on",
    "project_finishes_on",
)
STANDING = (Party.Status.OPERATING, Party.Status.SUSPENDED)
COUNTED = frozenset(word.name for word in HNTE_WORDS)
UNKNOWN = (STATES.index(State.NEEDS_DATA), STATES.index(State.NEEDS_PERSON))


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung of a ladder: the rule that decides it, and its place."""

    code: str
    name: str
    name_en: str
    step: int
    ladder: str

    def label(self, language: str) -> str:
        return self.name if language.startswith("zh") or not self.name_en else self.name_en


def rungs(zone_id: int) -> dict[str, tuple[Rung, ...]]:
    """The rungs of each ladder, the lowest first, as the zone keeps them."""
    rows = Rule.objects.filter(zone_id=zone_id, kind=Rule.Kind.RUNG).order_by("step", "id")
    found: dict[str, list[Rung]] = {ladder: [] for ladder in Ladder.values}
    for row in rows:
        if row.ladder in found:
            found[row.ladder].append(Rung(row.code, row.name, row.name_en, row.step, row.ladder))
    return {ladder: tuple(own) for ladder, own in found.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """What the rules of one ladder say of one firm."""

    computed: Computed
    missing: tuple[str, ...]


class Climbs:
    """Every firm of a zone on every ladder, as of a day and by what was known at a moment."""

    def __init__(
        self, *, zone_id: int, as_of: date, known_at: datetime, ids: Sequence[int] | None = None
    ) -> None:
        self.zone_id, self.as_of = zone_id, as_of
        self.rungs = rungs(zone_id)
        self.parameters = parameters_at(zone_id, known_at)
        codes = [rung.code for own in self.rungs.values() for rung in own]
        by_code = {
            rule.key.rpartition("/")[0]: rule
            for rule in compiled(zone_id, as_of, codes=[*codes, HNTE])
        }
        self._hnte = by_code.pop(HNTE, None)
        self._rules = by_code
        self._hnte_letters: np.ndarray = np.array([], "U1")
        self._fetch(known_at, ids)
        self._nulls: dict[str, np.ndarray] = {}
        self._gaps = self._count_gaps()
        self._matrix: Matrix | None = None
        if by_code:
            self._matrix = planned(tuple(by_code.values())).run(self.table, as_of)
        self._place = {code: at for at, code in enumerate(by_code)}

    def _fetch(self, known_at: datetime, ids: Sequence[int] | None) -> None:
        words = vocabularies.vocabulary(self.zone_id).words
        read = {name for rule in self._rules.values() for name in rule.columns}
        if self._hnte is not None:
            read.update(self._hnte.columns)
        read.update(name for name in BESIDE if name in words)
        standing = self._standing(ids)
        self.table = vocabularies.facts(
            zone_id=self.zone_id,
            names=read,
            as_of=self.as_of,
            known_at=known_at,
            ids=standing,
        )
        self.ids: list[int] = self.table["id"].to_pylist()

    def _standing(self, ids: Sequence[int] | None) -> list[int]:
        """Enterprises of the zone that exist: in a cell, not merged away, not struck off."""
        rows = Party.objects.filter(
            zone_id=self.zone_id,
            cell__isnull=False,
            merged_into__isnull=True,
            status__in=STANDING,
        ).exclude(kind=Party.Kind.PERSON)
        if ids is not None:
            rows = rows.filter(pk__in=list(ids))
        return list(rows.order_by("pk").values_list("pk", flat=True))

    def _count_gaps(self) -> list[Gaps]:
        """Counted anew from the rule of high-tech enterprises, and put among the facts."""
        if self._hnte is None:
            return [Gaps(None, None)] * len(self.ids)
        matrix = planned((self._hnte,)).run(self.table, self.as_of)
        self._hnte_letters = matrix.letters(0)
        parts = parts_of_rule(self._hnte)
        allowed = int(self.parameters.get("p_gaps", 0))
        counted: dict[str, Gaps] = {}
        gaps = [
            counted[letters]
            if letters in counted
            else counted.setdefault(letters, count_gaps(letters, parts, allowed))
            for letters in self._hnte_letters.tolist()
        ]
        self._put("hnte_gaps", [one.gaps for one in gaps])
        self._put("hnte_blockers", [one.blockers for one in gaps])
        ends = matrix.scores(0)
        if ends is not None:
            for name, points in zip(("hnte_score_low", "hnte_score_high"), ends, strict=True):
                self._put(name, [x if np.isfinite(x) else None for x in points.tolist()])
        return gaps

    def _put(self, name: str, values: Sequence[float | None]) -> None:
        column = pa.array(values, pa.float64())
        if name in self.table.column_names:
            at = self.table.column_names.index(name)
            self.table = self.table.set_column(at, name, column)
        else:
            self.table = self.table.append_column(name, column)

    # What was found -------------------------------------------------------------------------------

    def values(self, name: str) -> list[object]:
        """A fact of every firm, in the order of ``ids``; None where nobody knows it."""
        if name not in self.table.column_names:
            return [None] * len(self.ids)
        return list(self.table[name].to_pylist())

    def gaps(self) -> list[Gaps]:
        return self._gaps

    def ladder(self, ladder: str) -> list[Said]:
        """Where each firm stands on a ladder by the rules alone, and which facts are missing."""
        own = [rung for rung in self.rungs[ladder] if rung.code in self._place]
        if self._matrix is None or not own:
            return [Said(Computed(0, False), ())] * len(self.ids)
        codes = np.stack([self._matrix.states(self._place[rung.code]) for rung in own])
        letters = [self._matrix.letters(self._place[rung.code]) for rung in own]
        said: dict[tuple[int, ...], Computed] = {}
        found = []
        for at, column in enumerate(codes.T):
            key = tuple(column.tolist())
            computed = said.get(key)
            if computed is None:
                computed = said[key] = _numbered(own, compute([STATES[code] for code in key]))
            missing: tuple[str, ...] = ()
            if not computed.is_sure:
                missing = self._missing(own, key, [each[at] for each in letters], at, computed)
            found.append(Said(computed, missing))
        return found

    def _missing(
        self,
        own: Sequence[Rung],
        states: tuple[int, ...],
        letters: Sequence[str],
        at: int,
        computed: Computed,
    ) -> tuple[str, ...]:
        """The words nobody knows in clauses of higher rungs that cannot be told."""
        names: dict[str, None] = {}
        for rung, state, said in zip(own, states, letters, strict=True):
            if state not in UNKNOWN or rung.step <= computed.step:
                continue
            for clause, letter in zip(self._rules[rung.code].clauses, said, strict=True):
                if letter in "dp":
                    names.update(dict.fromkeys(n for n in clause.columns if self._null(n)[at]))
        if self._hnte is None or COUNTED.isdisjoint(names):
            return tuple(names)
        names.update(dict.fromkeys(self._lacking_title(at)))
        return tuple(name for name in names if name not in COUNTED)

    def _lacking_title(self, at: int) -> list[str]:
        """What the rule of high-tech enterprises lacks: a count of gaps is no fact to ask for."""
        if self._hnte is None:
            return []
        pairs = zip(self._hnte.clauses, str(self._hnte_letters[at]), strict=True)
        unknown = [clause for clause, letter in pairs if letter in "dp"]
        return [name for clause in unknown for name in clause.columns if self._null(name)[at]]

    def _null(self, name: str) -> np.ndarray:
        known = self._nulls.get(name)
        if known is None:
            known = (
                self.table[name].is_null().to_numpy()
                if name in self.table.column_names
                else np.ones(len(self.ids), bool)
            )
            self._nulls[name] = known
        return known


def _numbered(own: Sequence[Rung], computed: Computed) -> Computed:
    """The place in the list as the step of the rung that stands there."""
    return Computed(own[computed.step - 1].step if computed.step else 0, computed.is_sure)


def parts_of_rule(rule: CompiledRule) -> list[Part]:
    """The clauses of a rule as gaps are counted; a score decides nothing by itself."""
    return [
        Part(
            is_repairable=clause.text.is_repairable and clause.text.kind is not ClauseKind.BLOCKER,
            any_of=clause.text.any_of,
            decides=clause.text.kind is not ClauseKind.SCORE,
        )
        for clause in rule.clauses
    ]
