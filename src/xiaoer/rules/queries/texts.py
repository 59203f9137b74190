"""Kept clauses and test cases as the language and the engines take them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from xiaoer.base.words import Kind, Word
from xiaoer.rules.language.spec import ClauseKind, ClauseText
from xiaoer.rules.models import RuleClause, RuleVersion
from xiaoer.rules.shipping import ShippedClause


def texts_of(version: RuleVersion) -> list[ClauseText]:
    """The clauses of a version, in order."""
    return [text_of(clause) for clause in version.clauses.all()]


def text_of(clause: RuleClause | ShippedClause) -> ClauseText:
    return ClauseText(
        name=clause.name,
        name_en=clause.name_en,
        text=clause.text,
        kind=ClauseKind(clause.kind),
        any_of=clause.any_of,
        part=clause.part,
        is_repairable=clause.is_repairable,
    )


def written_of(version: RuleVersion) -> list[ShippedClause]:
    """The clauses of a version as they are written, for an editor."""
    return [
        ShippedClause(
            name=clause.name,
            name_en=clause.name_en,
            text=clause.text,
            kind=ClauseKind(clause.kind),
            any_of=clause.any_of,
            part=clause.part,
            is_repairable=clause.is_repairable,
            advice=clause.advice,
            advice_en=clause.advice_en,
        )
        for clause in version.clauses.all()
    ]


def key_of(version: RuleVersion) -> str:
    """What an evaluation calls a version: ``srdi/3``."""
    return f"{version.rule.code}/{version.number}"


def facts_of_case(
    kept: Mapping[str, object], words: Mapping[str, Word], columns: Iterable[str]
) -> dict[str, object]:
    """The facts of a test case: days as days, and every column a rule reads, missing if not said."""
    facts: dict[str, object] = dict.fromkeys(columns)
    for name, value in kept.items():
        is_day = name in words and words[name].kind == Kind.DAY and isinstance(value, str)
        facts[name] = date.fromisoformat(str(value)) if is_day else value
    return facts


def same_texts(one: Sequence[ClauseText], other: Sequence[ClauseText]) -> bool:
    """Whether two lists of clauses decide the same."""
    return [(c.text, c.kind, c.any_of, c.part) for c in one] == [
        (c.text, c.kind, c.any_of, c.part) for c in other
    ]
