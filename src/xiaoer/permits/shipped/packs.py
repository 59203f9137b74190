"""What a shipped pack is made of: its terms, its rule, and how well what it says was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xiaoer.base.words import Choice, Kind
from xiaoer.permits.automatic.packs import SUBJECT, Same, Terms, Value
from xiaoer.rules.language.spec import ClauseKind, State
from xiaoer.rules.shipping import ShippedCase, ShippedClause, ShippedRule, ShippedVersion

SINCE = date(2026, 1, 1)
SUITED = (
    "按适用性判断：条件有限且无裁量用语；每项条件可由共享数据、电子证照、依法允许的签署承诺或固定计算判定；"
    "决定前不须现场核查，不涉及利害关系人，无名额竞争；后果轻且可纠正；有批后核查。"
)


@dataclass(frozen=True, slots=True)
class RegisterField:
    code: str
    name: str
    name_en: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class ShippedRegister:
    """A register packs ask. Its entries come from its authority; none is shipped."""

    code: str
    name: str
    name_en: str
    key_name: str
    fields: tuple[RegisterField, ...] = ()
    fresh_hours: int = 24
    source: str = ""
    mark: str = "D"


@dataclass(frozen=True, slots=True)
class ShippedPack:
    """A pack as it is shipped: off, until two persons of the authority authorise it."""

    code: str
    thing: str
    terms: Terms
    rule: ShippedRule
    basis: str
    suitability: str
    source: str
    mark: str
    note: str
    post_check_days: int | None = None
    law_checked_until: date | None = None
    daily_limit: int = 50
    applicant_limit: int = 3


def said(
    name: str, zh: str, en: str, *sources: str, kind: Kind = Kind.TEXT, **more: object
) -> Value:
    """A value with its sources."""
    return Value(name, zh, en, sources, kind, **more)  # type: ignore[arg-type]  # fields by name


def number(name: str, zh: str, en: str, *sources: str, **more: object) -> Value:
    return said(name, zh, en, *sources, kind=Kind.NUMBER, **more)


def day(name: str, zh: str, en: str, *sources: str) -> Value:
    return said(name, zh, en, *sources, kind=Kind.DAY)


def flag(name: str, zh: str, en: str, *sources: str, **more: object) -> Value:
    return said(name, zh, en, *sources, kind=Kind.FLAG, **more)


def many(name: str, zh: str, en: str, *sources: str) -> Value:
    return said(name, zh, en, *sources, same=Same.MANY)


def one_of(name: str, zh: str, en: str, choices: tuple[Choice, ...], *sources: str) -> Value:
    return said(name, zh, en, *sources, choices=choices)


def clause(
    name: str, name_en: str, text: str, kind: ClauseKind = ClauseKind.CONDITION
) -> ShippedClause:
    return ShippedClause(name, name_en, text, kind)


def never(name: str, name_en: str, text: str) -> ShippedClause:
    """What is never granted without a person."""
    return ShippedClause(name, name_en, text, ClauseKind.BLOCKER, is_repairable=False)


def rule(
    pack: str,
    name: str,
    name_en: str,
    mark: str,
    document: str,
    mark_note: str,
    clauses: tuple[ShippedClause, ...],
    cases: tuple[ShippedCase, ...],
) -> ShippedRule:
    return ShippedRule(
        code=f"auto_{pack}",
        name=name,
        name_en=name_en,
        kind="other",
        subject=f"{SUBJECT}{pack}",
        purpose="智能审批：全部条件满足才由系统批准，其余一律转人工",
        versions=(
            ShippedVersion(
                1, mark, SINCE, clauses, document=document, mark_note=mark_note, is_live=True,
                cases=cases,
            ),
        ),
    )  # fmt: skip


def tried(
    name: str, facts: Mapping[str, object], expected: State = State.MET, **but: object
) -> ShippedCase:
    """A test case: facts, but for some, and what the rule must say."""
    return ShippedCase(name, date(2026, 11, 16), {**facts, **but}, expected)
