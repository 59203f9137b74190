"""Rules in force put to firms: compiled once, evaluated for a whole zone or explained for one."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.db.models import Q, QuerySet

from xiaoer.base.words import Choice, Kind, Word
from xiaoer.rules.engines.many import Plan, plan
from xiaoer.rules.engines.matrix import Matrix
from xiaoer.rules.language.compiling import Wrong, compile_rule
from xiaoer.rules.language.spec import ClauseKind, ClauseText, CompiledRule
from xiaoer.rules.models import RuleRun, RuleVersion, Verdict
from xiaoer.rules.vocabularies import facts, vocabulary

FIRMS = "party"


@dataclass(frozen=True, slots=True)
class InForce:
    """A version that speaks on a day, ready for the engines."""

    rule_id: int
    version_id: int
    rule: CompiledRule


class Words:
    """The words of a zone as rules are compiled with them; two that mean the same are equal."""

    def __init__(self, words: Mapping[str, Word]) -> None:
        self.words = words

    @cached_property
    def text(self) -> str:
        """All that decides what a rule means, to be kept with a run."""
        said = {
            name: [
                word.kind,
                word.unit,
                word.is_judged,
                word.formula,
                [choice.code for choice in word.choices],
            ]
            for name, word in sorted(self.words.items())
        }
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def fingerprint(self) -> str:
        return sha256(self.text.encode()).hexdigest()

    @classmethod
    def read(cls, text: str) -> "Words":
        """Words as they were kept with a run; what people call them is not needed."""
        return cls(
            {
                name: Word(
                    name, name, name, Kind(kind), unit, is_judged=judged, formula=formula,
                    choices=tuple(Choice(code, code, code) for code in codes),
                )
                for name, (kind, unit, judged, formula, codes) in json.loads(text).items()
            }
        )  # fmt: skip

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)


@lru_cache(maxsize=2000)
def _compiled(key: str, texts: tuple[ClauseText, ...], words: Words) -> CompiledRule | None:
    """None: it cannot be read with these words, such as after one of them was taken away."""
    try:
        return compile_rule(key, texts, words.words)
    except Wrong:
        return None


@lru_cache(maxsize=64)
def planned(rules: tuple[CompiledRule, ...]) -> Plan:
    return plan(rules)


def in_force(
    *,
    zone_id: int,
    as_of: date,
    codes: Collection[str] | None = None,
    version_ids: Collection[int] | None = None,
    words: Words | None = None,
    subject: str = FIRMS,
) -> list[InForce]:
    """The version of each rule about firms (or another kind of subject) that speaks on a day.

    Of two in force, for new applicants and under review, the one for new applicants speaks.
    ``version_ids`` names versions instead, whatever their state. A version that cannot be read with
    the zone's words is left out.
    """
    rows = RuleVersion.objects.filter(zone_id=zone_id, rule__subject=subject)
    if version_ids is None:
        rows = rows.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gte=as_of),
            state=RuleVersion.State.LIVE,
            effective_from__lte=as_of,
        )
    else:
        rows = rows.filter(pk__in=version_ids)
    if codes is not None:
        rows = rows.filter(rule__code__in=codes)
    chosen: dict[int, RuleVersion] = {}
    for version in rows.select_related("rule").prefetch_related("clauses").order_by("number"):
        before = chosen.get(version.pk if version_ids is not None else version.rule_id)
        if before is None or _rank(version) >= _rank(before):
            chosen[version.pk if version_ids is not None else version.rule_id] = version
    words = words or Words(vocabulary(zone_id, subject).words)
    found = []
    for version in sorted(chosen.values(), key=lambda one: (one.rule.code, one.number)):
        rule = _compiled(f"{version.rule.code}/{version.number}", _texts(version), words)
        if rule is not None:
            found.append(InForce(version.rule_id, version.pk, rule))
    return found


def _rank(version: RuleVersion) -> tuple[bool, int]:
    return version.applicant != RuleVersion.Applicant.REVIEW, version.number


def _texts(version: RuleVersion) -> tuple[ClauseText, ...]:
    return tuple(
        ClauseText(
            name=clause.name,
            name_en=clause.name_en,
            text=clause.text,
            kind=ClauseKind(clause.kind),
            any_of=clause.any_of,
            part=clause.part,
            is_repairable=clause.is_repairable,
        )
        for clause in version.clauses.all()
    )


def compiled(
    zone_id: int,
    as_of: date,
    codes: Collection[str] | None = None,
    version_ids: Collection[int] | None = None,
) -> list[CompiledRule]:
    """The rules of a zone in force on a day, compiled; ``key`` is code and number of the version."""
    found = in_force(zone_id=zone_id, as_of=as_of, codes=codes, version_ids=version_ids)
    return [one.rule for one in found]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What some rules say of the firms of a zone: rows of ``matrix`` in the order of ``ids``."""

    ids: npt.NDArray[np.int64]
    matrix: Matrix
    rules: Sequence[CompiledRule]
    facts: pa.Table


def evaluate_zone(
    *, zone_id: int, as_of: date, known_at: datetime, rules: Sequence[CompiledRule]
) -> Evaluated:
    """Put rules to every firm of a zone, on facts fetched once for all of them."""
    names = sorted({name for rule in rules for name in rule.columns})
    return evaluate_table(
        facts(zone_id=zone_id, names=names, as_of=as_of, known_at=known_at), rules, as_of
    )


def evaluate_table(table: pa.Table, rules: Sequence[CompiledRule], as_of: date) -> Evaluated:
    """The same on facts that were fetched before."""
    matrix = planned(tuple(rules)).run(table, as_of)
    return Evaluated(table["id"].to_numpy(), matrix, rules, table)


def runs(*, zone_id: int) -> QuerySet[RuleRun]:
    """Evaluations of a zone, the latest first; without the facts kept with them."""
    return RuleRun.objects.filter(zone_id=zone_id).defer("facts").order_by("-as_of", "-id")


def history(*, zone_id: int, party_id: int, rule_id: int) -> QuerySet[Verdict]:
    """What a rule has said of a firm over time, the latest first."""
    return (
        Verdict.objects.filter(zone_id=zone_id, party_id=party_id, rule_id=rule_id)
        .select_related("rule_version")
        .order_by("-since", "-id")
    )
