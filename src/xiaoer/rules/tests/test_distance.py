"""What a firm lacks: the smallest change that would qualify it, and what nothing can change."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from statistics import median
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.rules.engines.distance import Change, Distance, nearest_change
from xiaoer.rules.engines.one import evaluate
from xiaoer.rules.language.compiling import compile_rule
from xiaoer.rules.language.spec import ClauseKind, ClauseText, CompiledRule, State
from xiaoer.rules.tests.making import AS_OF, FACTS, rules
from xiaoer.rules.tests.test_language import SRDI
from xiaoer.rules.tests.test_one import GOOD_SRDI, among, blocker, rule_of, scoring
from xiaoer.rules.tests.words import WORDS

_FIXED = {"registered_on", "niche_years_eoy1", "industry_code", "division", "legal_person"}
FIXED_WORDS = {
    name: replace(word, is_fixed=True) if name in _FIXED else word for name, word in WORDS.items()
}


def distance(rule: CompiledRule, known: Mapping[str, Any]) -> Distance:
    found = nearest_change(rule, known, AS_OF, FIXED_WORDS)
    assert found is not None
    return found


def test_who_qualifies_is_at_no_distance() -> None:
    assert nearest_change(rule_of(SRDI), GOOD_SRDI, AS_OF, FIXED_WORDS) is None


def test_one_fact_is_proposed_with_its_size_to_the_yuan() -> None:
    found = distance(rule_of(SRDI), {**GOOD_SRDI, "rd_expense_cny_y1": 1_200_000})
    assert found.changes == (Change("rd_expense_cny_y1", 1_200_000, 1_500_000, 300_000, "CNY"),)
    assert found.is_enough and not found.missing and not found.blocked_by


def test_the_cheaper_of_several_ways_is_proposed() -> None:
    rule = rule_of("revenue_cny_y1 >= 15000000 OR equity_new_2y_cny >= 20000000")
    found = distance(rule, {"revenue_cny_y1": 14_000_000, "equity_new_2y_cny": 0})
    assert [change.word for change in found.changes] == ["revenue_cny_y1"]
    rule = rule_of(among(1, "ip1_main >= 4"), among(1, "provincial_rd_org"))
    found = distance(rule, {"ip1_main": 0, "provincial_rd_org": False})
    assert found.changes == (Change("provincial_rd_org", False, True),)


def test_two_facts_that_depend_on_one_another_are_found_together() -> None:
    rule = rule_of("revenue_cny_y1 >= 15000000 AND rd_expense_cny_y1 >= 0.03*revenue_cny_y1")
    found = distance(rule, {"revenue_cny_y1": 14_000_000, "rd_expense_cny_y1": 420_000})
    needed = {change.word: change.needed for change in found.changes}
    assert needed == {"revenue_cny_y1": 15_000_000, "rd_expense_cny_y1": 450_000}


def test_points_that_lack_are_found_on_the_lines_of_their_bands() -> None:
    rule = rule_of(
        scoring("CASE WHEN revenue_growth_y1 >= 0.15 THEN 20 WHEN revenue_growth_y1 >= 0.1 THEN 15 ELSE 0 END"),
        scoring("CASE WHEN ip1_main >= 1 THEN 40 ELSE 0 END"),
        "score >= 55",
    )  # fmt: skip
    known = {"revenue_cny_y1": 1_050_000, "revenue_cny_y2": 1_000_000, "ip1_main": 1}
    found = distance(rule, known)
    assert len(found.changes) == 1 and found.is_enough
    change = found.changes[0]
    assert (change.word, change.needed) == ("revenue_cny_y1", 1_100_000)


def test_a_blocker_is_named_and_nothing_is_proposed() -> None:
    rule = rule_of(blocker("abnormal_list"), "ip1_main >= 1")
    found = distance(rule, {"abnormal_list": True, "ip1_main": 0})
    assert (found.blocked_by, found.changes, found.is_enough) == ((0,), (), False)
    fixed = ClauseText("不可补", "", "ip1_main >= 1", is_repairable=False)
    assert distance(rule_of(fixed), {"ip1_main": 0}).blocked_by == (0,)
    assert distance(rule_of("division = 51"), {"division": 52}).blocked_by == (0,)


def test_what_only_time_brings_is_waited_for() -> None:
    rule = rule_of("registered_on <= as_of - INTERVAL 1 YEAR AND ip1_main >= 1")
    found = distance(rule, {"registered_on": date(2026, 3, 1), "ip1_main": 0})
    assert found.waits_until == date(2027, 3, 1)
    assert found.changes == (Change("ip1_main", 0, 1, 1, "item"),)
    found = distance(rule_of("niche_years_eoy1 >= 3"), {"niche_years_eoy1": 1})
    assert found.waits_until == date(2028, 11, 21) and found.is_enough


def test_missing_facts_come_first_and_the_rest_is_hoped_for() -> None:
    rule = rule_of("ip1_main >= 1", "division = 5", "provincial_rd_org")
    found = distance(rule, {"ip1_main": 0})
    assert found.missing == ("division", "provincial_rd_org")
    assert [change.word for change in found.changes] == ["ip1_main"] and found.is_enough
    found = distance(rule, {"ip1_main": 1})
    assert (found.changes, found.is_enough) == ((), True)


def test_a_title_far_away_is_told_with_all_it_takes() -> None:
    known = {
        **GOOD_SRDI,
        "rd_expense_cny_y1": 200_000,
        "rd_expense_cny_y2": 100_000,
        "ip1_applied": 0,
        "provincial_award_rank_3y": 999,
        "provincial_rd_org": False,
    }
    found = distance(rule_of(SRDI), known)
    assert found.is_enough and len(found.changes) == 3
    applied = {**known, **{change.word: change.needed for change in found.changes}}
    assert evaluate(rule_of(SRDI), applied, AS_OF).state is State.MET


@settings(max_examples=120, deadline=None)
@given(rules(with_null=False), st.fixed_dictionaries(FACTS))
def test_who_changes_what_is_proposed_qualifies(
    clauses: list[ClauseText], known: dict[str, Any]
) -> None:
    rule = compile_rule("test/1", clauses, WORDS)
    before = evaluate(rule, known, AS_OF)
    found = nearest_change(rule, known, AS_OF, FIXED_WORDS)
    if found is None:
        assert before.state is State.MET
        return
    assert bool(found.blocked_by) <= (not found.is_enough)
    if not found.is_enough or found.waits_until:
        return
    applied = {**known, **{change.word: change.needed for change in found.changes}}
    after = evaluate(rule, applied, AS_OF).state
    open_before = {c.state for c in before.clauses} - {State.NOT_MET}
    assert after is not State.NOT_MET and after in {State.MET, *open_before}
    assert not {change.word for change in found.changes} & _FIXED


def test_a_title_of_twelve_clauses_takes_no_time() -> None:
    texts = [
        ClauseText("条款", "", text.strip()) for text in SRDI.replace("\n", " ").split(" AND ")
    ]
    rule = compile_rule("srdi/3", texts, WORDS)
    assert len(rule.clauses) >= 12
    assert all(clause.text.kind is ClauseKind.CONDITION for clause in rule.clauses)
    known = {**GOOD_SRDI, "rd_expense_cny_y1": 1_200_000, "rd_expense_cny_y2": 1_000_000}
    taken = []
    for _time in range(20):
        start = time.perf_counter()
        nearest_change(rule, known, AS_OF, FIXED_WORDS)
        taken.append(time.perf_counter() - start)
    assert median(taken) < 0.02, "2 ms on a quiet machine"
