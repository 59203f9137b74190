"""What follows from what was gathered: pure, the same for ever on the same inputs.

A value counts only if every source named for it states it, surely enough, and all alike. Anything
else is a doubt, and one doubt suffices for a person to decide. The rule is put by the one engine of
the rule language; nothing here can refuse.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from xiaoer.base.words import Kind
from xiaoer.permits.automatic.packs import Doubt, Same, Terms, Value
from xiaoer.rules.engines.one import evaluate
from xiaoer.rules.language.spec import ClauseKind, CompiledRule, State

# What every case must pass beside its rule, whatever the pack: it holds, or a person decides.
GUARDS = (
    "applicant_known",  # an entry of the registry, in operation, with a credit code
    "applicant_sure",  # signed in for the applicant; not a stranger, an agent or a counter
    "papers_here",  # every paper asked for, none promised for later
    "papers_read",
    "papers_hold",  # none expired or withdrawn
    "papers_alone",  # none of them in another case, or held for another party
    "papers_unedited",  # no sign of a picture worked on
    "case_alone",  # no other application of the same
    "no_violation",  # none open against the applicant
    "promise_given",
    "pack_on",
    "law_checked",
    "rule_authorised",  # the version in force is the one two persons authorised
    "within_limits",
)
# Said only where a grant was tried and its licence could not be made or signed.
SEALING = "sealing"
_BLANK = re.compile(r"\s+")
_BETWEEN = re.compile(r"[,;、/|\s]+")
_PLAIN = str.maketrans({"（": "(", "）": ")", "【": "[", "】": "]", "—": "-", "－": "-", "–": "-"})

Plain = str | float | bool | date
Said = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Input:
    """One statement about a value: by whom, how surely, when, and where it can be seen.

    ``value`` is as JSON keeps it (days as ISO texts); None: the source states nothing, ``why`` says
    for which reason. ``least``: below this confidence it does not count.
    """

    name: str
    source: str
    value: Said = None
    confidence: float = 1.0
    least: float = 0.0
    at: str = ""
    hash: str = ""
    reading: int | None = None
    field: str = ""
    why: str = ""
    others: tuple[str, ...] = ()
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Questioned:
    """What is in doubt: a value, a guard or a clause; why; and what its sources state."""

    field: str
    why: Doubt
    values: tuple[Input, ...] = ()
    words: str = ""
    words_en: str = ""


@dataclass(frozen=True, slots=True)
class ClauseVerdict:
    name: str
    name_en: str
    state: State
    read: Mapping[str, Said] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """``grants``: all met, nothing in doubt."""

    state: State
    clauses: tuple[ClauseVerdict, ...]
    doubts: tuple[Questioned, ...]
    facts: Mapping[str, Said]

    @property
    def grants(self) -> bool:
        return self.state is State.MET and not self.doubts and bool(self.clauses)


def decide(inputs: Sequence[Input], rule: CompiledRule | None, terms: Terms, on: date) -> Decided:
    """What the inputs come to by a rule on a day."""
    doubts = [*_guards(inputs)]
    facts: dict[str, Plain | None] = {}
    for value in terms.values:
        facts[value.name], doubt = settled(value, _said_of(inputs, value.name))
        if doubt is not None:
            doubts.append(doubt)
    shown = {name: plain(value) for name, value in facts.items()}
    if rule is None or not any(_decides(clause.text.kind) for clause in rule.clauses):
        doubts.append(Questioned("rule", Doubt.NO_RULE))
        return Decided(State.NEEDS_PERSON, (), tuple(doubts), shown)
    outcome = evaluate(rule, {**dict.fromkeys(rule.columns), **facts}, on)
    clauses = tuple(
        ClauseVerdict(
            compiled.text.name,
            compiled.text.name_en,
            said.state,
            {name: plain(value) for name, value in said.read.items()},
            said.missing,
        )
        for compiled, said in zip(rule.clauses, outcome.clauses, strict=True)
    )
    told = {doubt.field for doubt in doubts}
    doubts += _unmet(clauses, told)
    return Decided(outcome.state, clauses, tuple(doubts), shown)


def _decides(kind: ClauseKind) -> bool:
    return kind is not ClauseKind.SCORE


def _said_of(inputs: Iterable[Input], name: str) -> list[Input]:
    return [one for one in inputs if one.name == name]


def _guards(inputs: Sequence[Input]) -> Iterable[Questioned]:
    """A guard that does not hold, or that nobody asked."""
    for name in GUARDS:
        said = [one for one in inputs if one.name == name and one.source == "guard"]
        if len(said) != 1 or said[0].value is not True:
            yield Questioned(name, Doubt.GUARD, tuple(said))
    for one in inputs:
        if one.source == SEALING and one.value is not True:
            yield Questioned(SEALING, Doubt.GUARD, (one,))


def _unmet(clauses: Iterable[ClauseVerdict], told: set[str]) -> Iterable[Questioned]:
    """Clauses that do not hold; one that only lacks what is in doubt already adds nothing."""
    for number, clause in enumerate(clauses, start=1):
        if clause.state is State.MET:
            continue
        if clause.state is State.NEEDS_DATA and clause.missing and set(clause.missing) <= told:
            continue
        yield Questioned(
            f"clause:{number}", Doubt(clause.state.value), (), clause.name, clause.name_en
        )


def settled(value: Value, said: Sequence[Input]) -> tuple[Plain | None, Questioned | None]:
    """The one value all its sources state, or None and why."""

    def doubt(why: Doubt) -> tuple[None, Questioned]:
        return None, Questioned(value.name, why, tuple(said), value.zh, value.en)

    by_source = {one.source: one for one in said}
    if len(by_source) != len(said) or not set(by_source) <= set(value.sources):
        return doubt(Doubt.DISAGREE)
    if not value.is_needed and all(one.value in (None, "") and not one.why for one in said):
        return None, None
    for source in value.sources:
        one = by_source.get(source)
        if one is None or one.value in (None, ""):
            return doubt(Doubt(one.why) if one is not None and one.why else Doubt.MISSING)
        if one.others:
            return doubt(Doubt.DISAGREE)
        # Written so that a confidence that is no number is no confidence.
        if not one.confidence >= one.least:
            return doubt(Doubt.UNSURE)
    read = [comparable(value, one.value) for one in said]
    if any(one is None for one in read):
        return doubt(Doubt.NOT_A_VALUE)
    if len(set(read)) != 1:
        return doubt(Doubt.DISAGREE)
    found = fact(value, said[0].value)
    return (found, None) if found is not None else doubt(Doubt.NOT_A_VALUE)


def comparable(value: Value, said: Said) -> object:
    """A statement as it is compared with others; None: it is no such value."""
    if value.same is Same.MANY:
        found = frozenset(normal(part) for part in parts(said))
        return found or None
    if value.kind is Kind.NUMBER:
        return _number(said)
    return fact(value, said)


def fact(value: Value, said: Said) -> Plain | None:
    """A statement as the rule takes it; None: it is no such value."""
    if value.kind is Kind.FLAG:
        return said if isinstance(said, bool) else {"yes": True, "no": False}.get(str(said))
    if value.kind is Kind.NUMBER:
        number = _number(said)
        return None if number is None else float(number)
    if value.kind is Kind.DAY:
        try:
            return date.fromisoformat(str(said))
        except ValueError:
            return None
    text = normal(said)
    if value.choices:
        codes = {choice.code for choice in value.choices}
        named = {normal(choice.zh): choice.code for choice in value.choices}
        return str(said) if str(said) in codes else named.get(text)
    return text or None


def _number(said: Said) -> Decimal | None:
    if isinstance(said, bool) or said is None:
        return None
    try:
        number = Decimal(normal(said).replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def normal(said: object) -> str:
    """A text without blanks, wide signs plain, letters large: what a keyboard adds is no difference."""
    text = unicodedata.normalize("NFKC", str(said)).translate(_PLAIN)
    return _BLANK.sub("", text).upper()


def parts(said: object) -> list[str]:
    """The parts of a list as people write it."""
    text = unicodedata.normalize("NFKC", str(said)).translate(_PLAIN)
    return [part for part in _BETWEEN.split(text) if part]


def plain(value: object) -> Said:
    """A fact as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | float | str):
        return value
    return str(value)


def written(inputs: Iterable[Input]) -> list[dict[str, Any]]:
    return [{**asdict(one), "others": list(one.others)} for one in inputs]


def read(kept: Iterable[Mapping[str, Any]]) -> list[Input]:
    return [Input(**{**one, "others": tuple(one["others"])}) for one in kept]


def written_doubts(doubts: Iterable[Questioned]) -> list[dict[str, Any]]:
    return [
        {
            "field": one.field,
            "why": one.why.value,
            "words": one.words,
            "words_en": one.words_en,
            "values": written(one.values),
        }
        for one in doubts
    ]


def written_clauses(clauses: Iterable[ClauseVerdict]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "name_en": one.name_en,
            "state": one.state.value,
            "read": dict(one.read),
            "missing": list(one.missing),
        }
        for one in clauses
    ]
