"""The verb that furnishes a zone with shipped rules."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.scope import Actor
from xiaoer.rules import access
from xiaoer.rules.models import Rule, RuleCase, RuleClause, RuleVersion
from xiaoer.rules.shipping import ShippedRule, ShippedVersion

_KINDS_APART = {RuleVersion.Applicant.NEW, RuleVersion.Applicant.REVIEW}


@transaction.atomic
def seed_rules(*, by: Actor, now: datetime, rules: Sequence[ShippedRule]) -> int:
    """Write the rules and versions a zone lacks; says how many versions were added.

    What the zone has, however changed, stays as it is. A shipped version that would speak beside one
    in force stays a draft, so that a person decides between the two.
    """
    access.must_write_rules(by)
    zone = Zone.objects.get(pk=by.zone_id)
    there = {rule.code: rule for rule in Rule.objects.filter(zone=zone)}
    missing = [rule for rule in rules if rule.code not in there]
    for made in Rule.objects.bulk_create([_rule(zone, rule) for rule in missing]):
        there[made.code] = made
    known = _versions_by_rule([there[rule.code].pk for rule in rules])
    added: list[tuple[RuleVersion, ShippedVersion]] = []
    for rule in rules:
        own = known.setdefault(there[rule.code].pk, [])
        numbers = {version.number for version in own}
        for shipped in rule.versions:
            if shipped.number not in numbers:
                version = _version(there[rule.code], shipped, own, now)
                own.append(version)
                added.append((version, shipped))
    if not added and not missing:
        return 0
    RuleVersion.objects.bulk_create([version for version, _shipped in added])
    RuleClause.objects.bulk_create(
        [clause for version, shipped in added for clause in _clauses(version, shipped)]
    )
    RuleCase.objects.bulk_create(
        [case for version, shipped in added for case in _cases(version, shipped)]
    )
    journal.record(
        by=by, now=now, verb="seed_rules", subject=zone, rules=len(missing), versions=len(added)
    )
    return len(added)


def _versions_by_rule(rule_ids: Sequence[int]) -> dict[int, list[RuleVersion]]:
    found: dict[int, list[RuleVersion]] = {}
    for version in RuleVersion.objects.filter(rule_id__in=rule_ids):
        found.setdefault(version.rule_id, []).append(version)
    return found


def _rule(zone: Zone, rule: ShippedRule) -> Rule:
    return Rule(
        zone=zone,
        code=rule.code,
        name=rule.name,
        name_en=rule.name_en,
        kind=rule.kind,
        level=rule.level,
        subject=rule.subject,
        ladder=rule.ladder,
        step=rule.step,
        validity_months=rule.validity_months,
        purpose=rule.purpose,
    )


def _version(
    rule: Rule, shipped: ShippedVersion, beside: Iterable[RuleVersion], now: datetime
) -> RuleVersion:
    """Released by the system: nobody of the zone wrote it, nobody approved it."""
    version = RuleVersion(
        zone_id=rule.zone_id,
        rule=rule,
        number=shipped.number,
        applicant=shipped.applicant,
        region=shipped.region,
        effective_from=shipped.effective_from,
        effective_to=shipped.effective_to,
        document=shipped.document,
        document_no=shipped.document_no,
        mark=shipped.mark,
        mark_note=shipped.mark_note,
        written_at=now,
    )
    if shipped.goes_live and not any(collides(version, other) for other in beside):
        version.state = RuleVersion.State.LIVE
        version.released_at = now
    return version


def collides(version: RuleVersion, other: RuleVersion) -> bool:
    """Whether ``other`` is in force for the same applicants, region and some of the same days."""
    return (
        other.state == RuleVersion.State.LIVE
        and other.region == version.region
        and {version.applicant, other.applicant} != _KINDS_APART
        and version.effective_from <= (other.effective_to or date.max)
        and other.effective_from <= (version.effective_to or date.max)
    )


def _clauses(version: RuleVersion, shipped: ShippedVersion) -> Iterable[RuleClause]:
    for position, clause in enumerate(shipped.clauses, start=1):
        yield RuleClause(
            zone_id=version.zone_id,
            rule_version=version,
            position=position,
            name=clause.name,
            name_en=clause.name_en,
            kind=clause.kind,
            text=clause.text,
            any_of=clause.any_of,
            part=clause.part,
            is_repairable=clause.is_repairable,
            advice=clause.advice,
            advice_en=clause.advice_en,
        )


def _cases(version: RuleVersion, shipped: ShippedVersion) -> Iterable[RuleCase]:
    for case in shipped.cases:
        yield RuleCase(
            zone_id=version.zone_id,
            rule_version=version,
            name=case.name,
            as_of=case.as_of,
            facts={name: plain(value) for name, value in case.facts.items()},
            expected=case.expected,
        )


def plain(value: object) -> object:
    """A fact as JSON keeps it: days as their ISO text."""
    return value.isoformat() if isinstance(value, date) else value
