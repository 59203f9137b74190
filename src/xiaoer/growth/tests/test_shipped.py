"""Shipped rules: each compiles in the words the house lends, and says what its cases expect."""

from collections import Counter

import pytest
from django.utils.translation import override

from tests.town import NOW
from xiaoer.base.scope import acting
from xiaoer.base.words import SOURCES, Kind
from xiaoer.facts.models import SourceKind
from xiaoer.growth.shipped import SHIPPED
from xiaoer.growth.shipped.rungs import AS_OF, BUSINESS, RUNGS
from xiaoer.growth.shipped.watching import WATCHING
from xiaoer.growth.tests.register import Of
from xiaoer.registry.models import Party
from xiaoer.rules.engines.one import evaluate
from xiaoer.rules.language.compiling import compile_rule
from xiaoer.rules.language.spec import ClauseKind, ClauseText, CompiledRule, State
from xiaoer.rules.models import Rule, RuleVersion
from xiaoer.rules.shipping import ShippedCase, ShippedRule, ShippedVersion
from xiaoer.rules.vocabularies import Vocabulary, facts, vocabulary

PROGRAMMES = [rule for rule in SHIPPED if rule.kind != "rung"]
VERSIONS = [(rule, version) for rule in PROGRAMMES for version in rule.versions]
CASES = [(rule, version, case) for rule, version in VERSIONS for case in version.cases]


@pytest.fixture
def words(of: Of) -> Vocabulary:
    by = of("east-economy")
    with acting(by):
        return vocabulary(by.zone_id)


def compiled(rule: ShippedRule, version: ShippedVersion, words: Vocabulary) -> CompiledRule:
    texts = [
        ClauseText(
            name=clause.name,
            name_en=clause.name_en,
            text=clause.text,
            kind=clause.kind,
            any_of=clause.any_of,
            part=clause.part,
            is_repairable=clause.is_repairable,
        )
        for clause in version.clauses
    ]
    return compile_rule(f"{rule.code}/{version.number}", texts, words.words)


def test_every_case_of_every_programme_gives_what_it_expects(words: Vocabulary) -> None:
    wrong = []
    for rule, version in VERSIONS:
        ready = compiled(rule, version, words)
        for case in version.cases:
            found = evaluate(ready, case.facts, case.as_of)
            if found.state is not case.expected:
                states = [
                    f"{clause.name}: {one.state}"
                    for clause, one in zip(version.clauses, found.clauses, strict=True)
                ]
                wrong.append((ready.key, case.name, found.state, found.low, found.high, states))
    assert not wrong


@pytest.mark.parametrize(("rule", "version"), VERSIONS, ids=lambda one: getattr(one, "code", ""))
def test_each_version_is_tried_at_its_line_and_without_a_fact(
    rule: ShippedRule, version: ShippedVersion
) -> None:
    expected = Counter(case.expected for case in version.cases)
    assert len(version.cases) >= 3
    assert expected[State.NOT_MET] >= 1 and expected[State.NEEDS_DATA] >= 1
    assert version.effective_to is None or version.effective_to >= version.effective_from
    for case in version.cases:
        assert version.effective_from <= case.as_of
        assert version.effective_to is None or case.as_of <= version.effective_to


def test_what_is_unverified_waits_as_a_draft_with_the_reason() -> None:
    for _rule, version in VERSIONS:
        if version.mark in ("C", "U"):
            assert not version.goes_live and version.mark_note
        else:
            assert version.goes_live
        assert len(version.mark_note) <= 300 and len(version.document_no) <= 80


def test_every_condition_tells_the_firm_what_would_change_it() -> None:
    """Of programmes one applies for; what lists and alerts look at nobody mends to get on them."""
    watched = {rule.code for rule in WATCHING}
    for rule, version in VERSIONS:
        for clause in version.clauses if rule.code not in watched else ():
            if clause.kind is ClauseKind.SCORE or rule.kind == "benefit":
                continue
            assert clause.advice or not clause.is_repairable, (rule.code, clause.name)
            assert bool(clause.advice) is bool(clause.advice_en), (rule.code, clause.name)


def test_facts_of_cases_are_words_of_the_house(words: Vocabulary) -> None:
    for rule, _version, case in CASES:
        for name, value in case.facts.items():
            assert name in words, (rule.code, name)
            _fits(words[name].kind, value, case)


def _fits(kind: Kind, value: object, case: ShippedCase) -> None:
    is_flag = isinstance(value, bool)
    assert is_flag is (kind is Kind.FLAG), (case.name, value)


def test_a_new_zone_has_the_programmes_live_where_they_are_sure(of: Of) -> None:
    by = of("east-economy")
    with acting(by):
        rules = Rule.objects.filter(zone_id=by.zone_id).exclude(kind=Rule.Kind.RUNG)
        assert {rule.code for rule in PROGRAMMES} <= set(rules.values_list("code", flat=True))
        states = dict(
            RuleVersion.objects.filter(
                zone_id=by.zone_id, rule__code__in=("srdi", "gazelle"), number=2
            ).values_list("rule__code", "state")
        )
        assert states == {"srdi": "live"}
        drafts = RuleVersion.objects.filter(rule__code="gazelle", rule__zone_id=by.zone_id)
        assert set(drafts.values_list("state", flat=True)) == {"draft"}


def test_every_case_of_every_rung_gives_what_it_expects(words: Vocabulary) -> None:
    wrong = []
    for rung in RUNGS:
        ready = compiled(rung, rung.versions[0], words)
        for case in rung.versions[0].cases:
            found = evaluate(ready, case.facts, case.as_of).state
            if found is not case.expected:
                wrong.append((rung.code, case.name, found))
    assert not wrong


def test_a_firm_in_no_statistical_sector_has_no_line_to_reach(of: Of, words: Vocabulary) -> None:
    """It has no threshold either, which must not read as something still to be found out."""
    by = of("east-economy")
    with acting(by):
        farm = Party.objects.create(zone_id=by.zone_id, name="果园", industry="0151", section="A")
        rungs = [one for one in BUSINESS if one.code in ("l1_sprout", "l1_near", "l1_reached")]
        rules = [compiled(one, one.versions[0], words) for one in rungs]
        names = {*words.words} & {name for rule in rules for name in rule.columns}
        row = facts(
            zone_id=by.zone_id, names=names, as_of=AS_OF, known_at=NOW, ids=[farm.pk]
        ).to_pylist()[0]
    assert (row["stat_sector"], row["stat_threshold_cny"]) == ("none", None)
    assert [evaluate(rule, row, AS_OF).state for rule in rules] == [State.NOT_MET] * 3


def test_words_name_their_sources_by_one_set_of_codes(words: Vocabulary) -> None:
    named = {code for word in words.words.values() for code in word.sources}
    assert named <= set(SOURCES)
    for code in SourceKind:
        with override("zh-hans"):
            assert str(code.label) == SOURCES[code][0]
        with override("en"):
            assert str(code.label) == SOURCES[code][1]
    assert words["p_near"].source_names("zh-hans") == ["认定或决定"]
    assert words["in_stat_register"].source_names("en") == ["official register"]
