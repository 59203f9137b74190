"""What clauses would say of every firm, now or as of any day, before anybody releases them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xiaoer.base.words import Word
from xiaoer.registry.models import Party
from xiaoer.rules.engines.many import plan
from xiaoer.rules.engines.matrix import STATES, Matrix
from xiaoer.rules.language.compiling import Wrong, compile_clause, compile_rule
from xiaoer.rules.language.spec import ClauseText, CompiledRule, Mistake, State
from xiaoer.rules.models import RuleVersion
from xiaoer.rules.queries.checking import has_mistake, mistakes_of
from xiaoer.rules.queries.library import Counts
from xiaoer.rules.queries.texts import key_of, texts_of
from xiaoer.rules.vocabularies import facts, vocabulary

_MET, _NOT_MET = STATES.index(State.MET), STATES.index(State.NOT_MET)


@dataclass(frozen=True, slots=True)
class Moment:
    """The day something is asked about, and the moment up to which knowledge counts."""

    as_of: date
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What one rule of an evaluation says of every subject."""

    ids: npt.NDArray[np.int64]
    matrix: Matrix
    at: int

    def total(self) -> Counts:
        return _counts(self.matrix.counts(self.at))

    def clause(self, number: int) -> Counts:
        """The four counts of a clause, the first being 0."""
        return _counts(self.matrix.clause_counts(self.at, number))

    def codes(self) -> npt.NDArray[np.uint8]:
        return self.matrix.states(self.at)

    def letters(self) -> npt.NDArray[np.str_]:
        return self.matrix.letters(self.at)

    def states(self) -> dict[int, State]:
        return {
            int(number): STATES[code] for number, code in zip(self.ids, self.codes(), strict=True)
        }


def _counts(found: Mapping[State, int]) -> Counts:
    return Counts(*(found[state] for state in State))


@dataclass(frozen=True, slots=True)
class Change:
    """Who would gain by another wording, who lose, and who could no longer be told."""

    gains: tuple[int, ...] = ()
    loses: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()


def changed(old: Said, new: Said) -> Change:
    """Who is met only by the new wording, only by the old one, and who was known and is no more."""
    before, after = old.codes(), new.codes()
    gains = (after == _MET) & (before != _MET)
    loses = (before == _MET) & (after != _MET)
    unknown = (before == _NOT_MET) & (after > _NOT_MET)
    return Change(*(tuple(new.ids[who].tolist()) for who in (gains, loses, unknown)))


@dataclass(frozen=True, slots=True)
class Trial:
    """Clauses tried on what is known. ``clauses``: None where a mistake keeps one from being
    counted; ``said`` None: the rule as a whole cannot be evaluated yet."""

    rule: CompiledRule | None
    mistakes: list[list[Mistake]]
    clauses: list[Counts | None]
    said: Said | None
    old: Said | None
    table: pa.Table

    @property
    def subjects(self) -> int:
        return int(self.table.num_rows)

    @property
    def total(self) -> Counts | None:
        return self.said.total() if self.said else None

    @property
    def difference(self) -> Counts | None:
        """How the four counts differ from those of the version compared with."""
        if self.said is None or self.old is None:
            return None
        return self.said.total().minus(self.old.total())

    @property
    def change(self) -> Change:
        if self.said is None or self.old is None:
            return Change()
        return changed(self.old, self.said)


def try_clauses(
    *,
    zone_id: int,
    clauses: Sequence[ClauseText],
    moment: Moment,
    against: RuleVersion | None = None,
    subject: str = "party",
) -> Trial:
    """Evaluate clauses as they stand in an editor, beside a released version.

    Those without a mistake are counted even where another one has one.
    """
    words = vocabulary(zone_id, subject).words
    mistakes = mistakes_of(clauses, words)
    rule = None if has_mistake(mistakes) or not clauses else compile_rule("tried", clauses, words)
    fine = {} if rule else _fine_ones(clauses, mistakes, words)
    old = _compiled(against, words) if against else None
    rules = [one for one in (rule, old, *fine.values()) if one]
    table = known(zone_id=zone_id, rules=rules, moment=moment, subject=subject)
    found = iter(say(rules, table, moment.as_of))
    said = next(found) if rule else None
    before = next(found) if old else None
    alone = dict(zip(fine, found, strict=True))
    return Trial(
        rule=rule,
        mistakes=mistakes,
        clauses=[
            said.clause(n) if said else alone[n].clause(0) if n in alone else None
            for n in range(len(clauses))
        ],
        said=said,
        old=before,
        table=table,
    )


def _compiled(version: RuleVersion, words: Mapping[str, Word]) -> CompiledRule | None:
    """A version as it stands; one in force may lack a word its room no longer lends."""
    try:
        return compile_rule(key_of(version), texts_of(version), words)
    except Wrong:
        return None


def _fine_ones(
    clauses: Sequence[ClauseText],
    mistakes: Sequence[Sequence[Mistake]],
    words: Mapping[str, Word],
) -> dict[int, CompiledRule]:
    """Rules of one clause each, for those that can be read by themselves."""
    fine = {}
    for n, (clause, found) in enumerate(zip(clauses, mistakes, strict=True)):
        if has_mistake([found]):
            continue
        try:
            compiled = compile_clause(clause, words)
        except Wrong:
            # It speaks of the score of clauses that cannot be read yet.
            continue
        fine[n] = CompiledRule(f"tried/{n}", (compiled,), compiled.columns)
    return fine


def known(
    *,
    zone_id: int,
    rules: Iterable[CompiledRule],
    moment: Moment,
    ids: Sequence[int] | None = None,
    subject: str = "party",
) -> pa.Table:
    """The facts some rules read: a row for each subject."""
    names = {name for rule in rules for name in rule.columns}
    return facts(
        zone_id=zone_id,
        names=names,
        as_of=moment.as_of,
        known_at=moment.known_at,
        ids=ids,
        subject=subject,
    )


def say(rules: Sequence[CompiledRule], table: pa.Table, as_of: date) -> list[Said]:
    """What each rule says of every row of a table, in one go."""
    ids = table["id"].to_numpy()
    matrix = plan(rules).run(table, as_of)
    return [Said(ids, matrix, at) for at in range(len(rules))]


def names_of(*, zone_id: int, ids: Iterable[int]) -> dict[int, Party]:
    """The firms of some numbers, for lists of results."""
    return Party.objects.filter(zone_id=zone_id).in_bulk(list(ids))
