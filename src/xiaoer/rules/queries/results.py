"""What a rule says of each firm: from the last evaluation, or computed as of any day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa
from django.db.models import QuerySet

from xiaoer.registry.models import Party
from xiaoer.rules.engines.matrix import STATES
from xiaoer.rules.engines.one import evaluate
from xiaoer.rules.language.compiling import compile_rule
from xiaoer.rules.language.spec import CompiledRule, Outcome, State
from xiaoer.rules.models import RuleVersion, Verdict
from xiaoer.rules.queries.library import Counts
from xiaoer.rules.queries.nearness import near_firms
from xiaoer.rules.queries.texts import key_of, texts_of
from xiaoer.rules.queries.trying import Change, Moment, Said, changed, known, names_of, say
from xiaoer.rules.vocabularies import vocabulary

PAGE = 50


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """Which firms: by the state of the rule, or by the letter of one clause (counted from 1).

    ``within``: only those who lack at most so much of that clause's first number.
    """

    state: str = ""
    clause: int | None = None
    letter: str = ""
    words: str = ""
    within: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FirmSaid:
    """One firm in a list of results, with a letter for each clause."""

    party_id: int
    name: str
    code: str
    state: State
    letters: str


@dataclass(frozen=True, slots=True)
class Results:
    """Firms as asked for, and how many there are in all states."""

    rows: list[FirmSaid]
    counts: Counts
    found: int
    as_of: date | None


def version_results(
    *,
    version: RuleVersion,
    asked: ResultFilter,
    moment: Moment,
    offset: int = 0,
    limit: int | None = PAGE,
) -> Results:
    """What a version says of every firm as of a day by what was known at a moment."""
    rule = compiled_of(version)
    subject = version.rule.subject
    table = known(zone_id=version.zone_id, rules=[rule], moment=moment, subject=subject)
    said = say([rule], table, moment.as_of)[0]
    near = _near(version, asked, table, moment)
    fitting = {
        number: (state, letters)
        for number, state, letters in _pairs(said)
        if _fits(state, letters, asked) and (near is None or number in near)
    }
    parties = names_of(zone_id=version.zone_id, ids=fitting)
    rows = [
        FirmSaid(party.pk, party.name, party.credit_code or "", *fitting[party.pk])
        for party in parties.values()
        if asked.words in party.name
    ]
    rows.sort(key=lambda row: (STATES.index(row.state), row.name))
    end = None if limit is None else offset + limit
    return Results(rows[offset:end], said.total(), len(rows), moment.as_of)


def _pairs(said: Said) -> Iterator[tuple[int, State, str]]:
    columns = (said.ids.tolist(), said.codes().tolist(), said.letters().tolist())
    for number, code, letters in zip(*columns, strict=True):
        yield number, STATES[code], letters


def _fits(state: State, letters: str, asked: ResultFilter) -> bool:
    if asked.state and state != asked.state:
        return False
    at = (asked.clause or 0) - 1
    return not (asked.letter and 0 <= at < len(letters)) or letters[at] == asked.letter


def _near(
    version: RuleVersion, asked: ResultFilter, table: pa.Table, moment: Moment
) -> set[int] | None:
    if asked.within is None or asked.clause is None:
        return None
    texts = texts_of(version)
    if not 1 <= asked.clause <= len(texts):
        return set()
    words = vocabulary(version.zone_id, version.rule.subject).words
    return near_firms(
        clause=texts[asked.clause - 1], edge=asked.within, table=table, moment=moment, words=words
    )


def compiled_of(version: RuleVersion) -> CompiledRule:
    words = vocabulary(version.zone_id, version.rule.subject).words
    return compile_rule(key_of(version), texts_of(version), words)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions on the same facts."""

    old: Said
    new: Said
    change: Change
    parties: dict[int, Party]

    @property
    def difference(self) -> Counts:
        return self.new.total().minus(self.old.total())


def compare_versions(*, old: RuleVersion, new: RuleVersion, moment: Moment) -> Comparison:
    """Who gains, who loses, who can no longer be told, as of any day."""
    rules = (compiled_of(old), compiled_of(new))
    table = known(zone_id=old.zone_id, rules=rules, moment=moment, subject=old.rule.subject)
    before, after = say(rules, table, moment.as_of)
    change = changed(before, after)
    ids = (*change.gains, *change.loses, *change.unknown)
    return Comparison(before, after, change, names_of(zone_id=old.zone_id, ids=ids))


@dataclass(frozen=True, slots=True)
class FirmOutcome:
    """One firm and one version: the outcome and the facts it read."""

    version: RuleVersion
    rule: CompiledRule
    outcome: Outcome
    moment: Moment


def firm_outcome(*, version: RuleVersion, party_id: int, moment: Moment) -> FirmOutcome:
    """Why a version says what it says of a firm: every clause, the facts read, what is missing."""
    rule = compiled_of(version)
    table = known(
        zone_id=version.zone_id, rules=[rule], moment=moment, ids=[party_id],
        subject=version.rule.subject,
    )  # fmt: skip
    there = [name for name in rule.columns if name in table.column_names]
    rows = table.select(there).to_pylist()
    facts = dict.fromkeys(rule.columns) | (rows[0] if rows else {})
    return FirmOutcome(version, rule, evaluate(rule, facts, moment.as_of), moment)


def firm_verdicts(*, zone_id: int, party_id: int) -> QuerySet[Verdict]:
    """What every rule says of a firm since its last evaluation."""
    return (
        Verdict.objects.filter(zone_id=zone_id, party_id=party_id, until__isnull=True)
        .select_related("rule", "rule_version")
        .order_by("rule__kind", "rule__ladder", "rule__step", "rule__code")
    )
