"""Rules the product ships become the zone's own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from tests.town import NOW
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.rules import actions as rules
from xiaoer.rules.language.spec import State
from xiaoer.rules.models import Rule, RuleCase, RuleVersion
from xiaoer.rules.shipping import ShippedCase, ShippedClause, ShippedRule, ShippedVersion

OF_2026 = ShippedVersion(
    number=1,
    mark="A",
    effective_from=date(2026, 1, 1),
    is_live=True,
    document="统计报表制度",
    clauses=(
        ShippedClause("主营收入达 2,000 万元", "main revenue", "main_revenue_cny_y1 >= 20000000"),
        ShippedClause("不在异常名录", "not abnormal", "not abnormal_list"),
    ),
    cases=(
        ShippedCase(
            "恰好 2,000 万",
            date(2026, 11, 20),
            {"main_revenue_cny_y1": 20_000_000, "abnormal_list": False},
            State.MET,
        ),
    ),
)
ABOVE = ShippedRule(
    code="above_scale",
    name="规上工业",
    name_en="above scale",
    kind="size",
    level="national",
    versions=(OF_2026,),
)


@pytest.fixture
def economy(of: Callable[[str], Actor]) -> Iterator[Actor]:
    by = of("east-economy")
    with acting(by):
        yield by


def test_a_shipped_rule_is_written_once(economy: Actor) -> None:
    assert rules.seed_rules(by=economy, now=NOW, rules=[ABOVE]) == 1
    assert rules.seed_rules(by=economy, now=NOW, rules=[ABOVE]) == 0
    assert Rule.objects.filter(code="above_scale").count() == 1
    written = JournalLine.objects.filter(verb="seed_rules", subject_id=economy.zone_id)
    assert written.filter(post_id=economy.post_id or 0).count() == 1


def test_marks_a_and_b_are_in_force_and_c_and_u_wait_for_a_person(economy: Actor) -> None:
    marked = [
        replace(ABOVE, code=f"above_{mark}".lower(), versions=(replace(OF_2026, mark=mark),))
        for mark in "ABCU"
    ]
    rules.seed_rules(by=economy, now=NOW, rules=marked)
    states = dict(
        RuleVersion.objects.filter(rule__code__startswith="above_").values_list("mark", "state")
    )
    assert states == {"A": "live", "B": "live", "C": "draft", "U": "draft"}


def test_nobody_of_the_zone_wrote_or_approved_what_was_shipped(economy: Actor) -> None:
    rules.seed_rules(by=economy, now=NOW, rules=[ABOVE])
    version = RuleVersion.objects.get(rule__code="above_scale")
    assert (version.author, version.approver, version.released_at) == (None, None, NOW)


def test_what_the_zone_has_is_not_overwritten_and_new_versions_join_it(economy: Actor) -> None:
    rules.seed_rules(by=economy, now=NOW, rules=[ABOVE])
    Rule.objects.filter(code="above_scale").update(name="本区叫法")
    later = replace(OF_2026, number=2, effective_from=date(2027, 1, 1), document="新制度")
    renamed = replace(ABOVE, name="新名", versions=(replace(OF_2026, document="别的"), later))
    assert rules.seed_rules(by=economy, now=NOW, rules=[renamed]) == 1
    rule = Rule.objects.get(code="above_scale")
    assert rule.name == "本区叫法"
    assert [v.document for v in rule.versions.order_by("number")] == ["统计报表制度", "新制度"]


def test_a_shipped_version_beside_one_in_force_stays_a_draft(economy: Actor) -> None:
    rules.seed_rules(by=economy, now=NOW, rules=[ABOVE])
    later = replace(OF_2026, number=2, effective_from=date(2027, 1, 1))
    rules.seed_rules(by=economy, now=NOW, rules=[replace(ABOVE, versions=(later,))])
    assert RuleVersion.objects.get(number=2, rule__code="above_scale").state == "draft"


def test_new_and_review_applicants_have_versions_of_their_own(economy: Actor) -> None:
    both = (
        replace(OF_2026, applicant="new"),
        replace(OF_2026, number=2, applicant="review"),
    )
    rules.seed_rules(by=economy, now=NOW, rules=[replace(ABOVE, versions=both)])
    assert RuleVersion.objects.filter(rule__code="above_scale", state="live").count() == 2


def test_cases_are_kept_with_their_facts(economy: Actor) -> None:
    rules.seed_rules(by=economy, now=NOW, rules=[ABOVE])
    case = RuleCase.objects.get(rule_version__rule__code="above_scale")
    assert case.facts == {"main_revenue_cny_y1": 20_000_000, "abnormal_list": False}
    assert case.expected == State.MET


def test_an_officer_who_writes_no_rules_cannot_seed_them(of: Callable[[str], Actor]) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused, match="规则"):
        rules.seed_rules(by=by, now=NOW, rules=[ABOVE])
