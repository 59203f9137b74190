"""The rules of a zone: the list, one rule with its versions, the words and where they are used."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from xiaoer.rules.language.spec import State
from xiaoer.rules.models import Rule, RuleClause, RuleVersion, Verdict

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
IN_WORK = (RuleVersion.State.DRAFT, RuleVersion.State.WAITING)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many subjects a clause or rule says what of; the four always add up."""

    met: int = 0
    not_met: int = 0
    needs_data: int = 0
    needs_person: int = 0

    @property
    def total(self) -> int:
        return self.met + self.not_met + self.needs_data + self.needs_person

    def minus(self, other: "Counts") -> "Counts":
        return Counts(
            self.met - other.met,
            self.not_met - other.not_met,
            self.needs_data - other.needs_data,
            self.needs_person - other.needs_person,
        )


@dataclass(frozen=True, slots=True)
class RuleFilter:
    """What of the rules is asked for."""

    kind: str = ""
    level: str = ""
    mark: str = ""
    state: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in the list: ``live`` speaks today, ``draft`` is in work; ``counts`` None: never run."""

    rule: Rule
    live: RuleVersion | None
    draft: RuleVersion | None
    last: RuleVersion | None
    counts: Counts | None

    @property
    def shown(self) -> RuleVersion | None:
        """Whose mark and days the list shows."""
        return self.live or self.draft or self.last


def rules_of(zone_id: int) -> QuerySet[Rule]:
    return Rule.objects.filter(zone_id=zone_id)


def rule_rows(*, zone_id: int, asked: RuleFilter, on: date) -> list[RuleRow]:
    """Rules of the zone as asked for, with what the last evaluation found."""
    rows = rules_of(zone_id).prefetch_related(
        Prefetch("versions", RuleVersion.objects.order_by("-number"))
    )
    for name in ("kind", "level"):
        if wanted := getattr(asked, name):
            rows = rows.filter(**{name: wanted})
    if asked.words:
        rows = rows.filter(
            Q(name__icontains=asked.words)
            | Q(name_en__icontains=asked.words)
            | Q(code__icontains=asked.words)
        )
    counts = verdict_counts(zone_id)
    found = (_row(rule, list(rule.versions.all()), counts.get(rule.pk), on) for rule in rows)
    return [row for row in found if _fits(row, asked)]


def _row(rule: Rule, versions: Sequence[RuleVersion], counts: Counts | None, on: date) -> RuleRow:
    return RuleRow(
        rule=rule,
        live=speaking(versions, on),
        draft=next((v for v in versions if v.state in IN_WORK), None),
        last=versions[0] if versions else None,
        counts=counts,
    )


def _fits(row: RuleRow, asked: RuleFilter) -> bool:
    if asked.mark and not (row.shown and row.shown.mark == asked.mark):
        return False
    states = {version.state for version in (row.live, row.draft) if version}
    return not asked.state or asked.state in (states or {RuleVersion.State.RETIRED})


def speaking(versions: Iterable[RuleVersion], on: date) -> RuleVersion | None:
    """The version in force on a day for new applicants or everybody; else for those under review."""
    live = [
        v
        for v in versions
        if v.state == RuleVersion.State.LIVE
        and v.effective_from <= on <= (v.effective_to or date.max)
    ]
    review = RuleVersion.Applicant.REVIEW
    return next(iter(sorted(live, key=lambda v: (v.applicant == review, -v.number))), None)


def verdict_counts(zone_id: int) -> dict[int, Counts]:
    """What the verdicts in force say, by rule."""
    found: dict[int, dict[str, int]] = {}
    rows = (
        Verdict.objects.filter(zone_id=zone_id, until__isnull=True)
        .values("rule_id", "state")
        .annotate(count=Count("id"))
        .order_by()
    )
    for row in rows:
        found.setdefault(row["rule_id"], {})[row["state"]] = row["count"]
    return {
        rule_id: Counts(*(states.get(state, 0) for state in State))
        for rule_id, states in found.items()
    }


def rule_of(*, zone_id: int, rule_id: int) -> Rule | None:
    return rules_of(zone_id).filter(pk=rule_id).first()


def rule_by_code(*, zone_id: int, code: str) -> Rule | None:
    return rules_of(zone_id).filter(code=code).first()


def versions_of(rule: Rule) -> list[RuleVersion]:
    """Every version, latest first, with who wrote and who released it."""
    return list(
        rule.versions.select_related("rule", "author__person", "approver__person").order_by(
            "-number"
        )
    )


def version_of(*, zone_id: int, version_id: int) -> RuleVersion | None:
    return (
        RuleVersion.objects.filter(zone_id=zone_id, pk=version_id)
        .select_related("rule", "author__person", "approver__person")
        .first()
    )


@dataclass(slots=True)
class WordUse:
    """Which rules read a word."""

    rules: dict[int, str] = field(default_factory=dict)


def word_uses(*, zone_id: int, language: str) -> dict[str, WordUse]:
    """The words that clauses in force or in work read, each with its rules."""
    clauses = (
        RuleClause.objects.filter(zone_id=zone_id)
        .filter(rule_version__state__in=(*IN_WORK, RuleVersion.State.LIVE))
        .values_list(
            "text", "rule_version__rule_id", "rule_version__rule__name",
            "rule_version__rule__name_en",
        )
    )  # fmt: skip
    uses: dict[str, WordUse] = {}
    for text, rule_id, name, name_en in clauses:
        shown = name if language.startswith("zh") or not name_en else name_en
        for word in set(_NAME.findall(text)):
            uses.setdefault(word, WordUse()).rules[rule_id] = shown
    return uses
