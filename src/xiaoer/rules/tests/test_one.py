"""What a rule says of one subject, clause by clause: met, not met, needs data, needs a person."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.base.refusals import Refused
from xiaoer.rules.engines.looking import Look
from xiaoer.rules.engines.one import evaluate, prepare
from xiaoer.rules.language.compiling import compile_rule
from xiaoer.rules.language.spec import ClauseKind, ClauseText, CompiledRule, Outcome, State
from xiaoer.rules.tests.making import AS_OF, FACTS, facts, rules
from xiaoer.rules.tests.test_language import GAZELLE, GIANT, HNTE, PROGRAMMES, SRDI
from xiaoer.rules.tests.words import WORDS

MET, NOT_MET, DATA, PERSON = State.MET, State.NOT_MET, State.NEEDS_DATA, State.NEEDS_PERSON
Known = Mapping[str, Any]


def rule_of(*clauses: ClauseText | str) -> CompiledRule:
    texts = [c if isinstance(c, ClauseText) else ClauseText("条款", "", c) for c in clauses]
    return compile_rule("test/1", texts, WORDS)


def blocker(text: str) -> ClauseText:
    return ClauseText("一票否决", "", text, ClauseKind.BLOCKER)


def judged(text: str) -> ClauseText:
    return ClauseText("人工判断", "", text, ClauseKind.PERSON)


def scoring(text: str, part: str = "") -> ClauseText:
    return ClauseText("计分", "", text, ClauseKind.SCORE, part=part)


def among(group: int, text: str) -> ClauseText:
    return ClauseText("任一", "", text, any_of=group)


def says(text: ClauseText | str, known: Known, as_of: date = AS_OF) -> State:
    return evaluate(rule_of(text), known, as_of).state


GOOD_SRDI: dict[str, Any] = {
    "tech_innovative_sme_valid_to": date(2027, 5, 1),
    "niche_years_eoy1": 3,
    "revenue_cny_y1": 50_000_000,
    "revenue_cny_y2": 40_000_000,
    "main_revenue_cny_y1": 40_000_000,
    "liabilities_cny_eoy1": 8_000_000,
    "total_assets_cny_eoy1": 10_000_000,
    "rd_expense_cny_y1": 1_500_000,
    "rd_expense_cny_y2": 1_200_000,
    "ip1_applied": 1,
    "market_position_confirmed": True,
    "srdi_quality_score": 50,
}


def test_a_firm_exactly_on_every_line_meets_the_provincial_title() -> None:
    assert says(SRDI, GOOD_SRDI) is MET


@pytest.mark.parametrize(
    ("name", "value", "state"),
    [
        ("rd_expense_cny_y1", 1_499_999, NOT_MET),
        ("main_revenue_cny_y1", 39_999_999, NOT_MET),
        ("liabilities_cny_eoy1", 8_000_001, NOT_MET),
        ("tech_innovative_sme_valid_to", date(2026, 11, 20), NOT_MET),
        ("revenue_cny_y2", None, DATA),
        ("market_position_confirmed", None, PERSON),
        ("ip1_applied", 0, DATA),  # an award or a research body may still be found
    ],
)
def test_one_fact_changes_what_a_title_says(name: str, value: Any, state: State) -> None:
    assert says(SRDI, {**GOOD_SRDI, name: value}) is state


def test_an_exemption_is_open_until_none_is_recorded() -> None:
    known = {**GOOD_SRDI, "ip1_applied": 0, "provincial_rd_org": False}
    assert says(SRDI, known) is DATA
    assert says(SRDI, {**known, "provincial_award_rank_3y": 999}) is NOT_MET


def test_missing_sector_leaves_four_above_open_and_no_points_are_zero() -> None:
    known = {"legal_person": True, "enterprise_accounting": True, "revenue_cny_test": 3e7}
    assert says("four_above", known) is DATA
    assert says("four_above", {**known, "division": 65, "industry_code": "6510"}) is MET
    assert says("four_above", {"legal_person": False}) is NOT_MET
    rule = rule_of(scoring("CASE WHEN ip1_main >= 1 THEN 15 ELSE 0 END"), "score >= 10")
    outcome = evaluate(rule, {}, AS_OF)
    assert (outcome.state, outcome.low, outcome.high) == (DATA, 0, 15)
    assert outcome.clauses[0].state is DATA
    assert outcome.clauses[1].missing == ("ip1_main",)


def test_the_larger_of_a_known_and_a_missing_figure_is_missing() -> None:
    text = "greatest(revenue_cagr_2y, net_profit_cagr_2y) >= 0.2"
    assert says(text, {"revenue_cagr_2y": 0.5}) is DATA
    assert says(text, {"revenue_cagr_2y": 0.1, "net_profit_cagr_2y": 0.2}) is MET


def test_false_and_missing_is_false_and_only_live_causes_are_named() -> None:
    rule = rule_of("legal_person AND (revenue_cny_y1 > 0 OR revenue_cny_y2 > 0)")
    outcome = evaluate(rule, {"legal_person": True, "revenue_cny_y1": -1}, AS_OF)
    assert outcome.clauses[0].missing == ("revenue_cny_y2",)
    assert outcome.clauses[0].read == {
        "legal_person": True,
        "revenue_cny_y1": -1,
        "revenue_cny_y2": None,
    }
    outcome = evaluate(rule, {"legal_person": False}, AS_OF)
    assert (outcome.state, outcome.clauses[0].missing) == (NOT_MET, ())
    assert evaluate(rule, {"revenue_cny_y1": 1}, AS_OF).clauses[0].missing == ("legal_person",)


def test_data_comes_before_a_person() -> None:
    text = "market_position_confirmed AND division = 5"
    assert says(text, {}) is DATA
    assert says(text, {"division": 5}) is PERSON
    assert says(text, {"division": 6}) is NOT_MET
    assert says(judged("division = 5"), {}) is PERSON


def test_a_blocker_must_be_false() -> None:
    assert says(blocker("abnormal_list"), {"abnormal_list": True}) is NOT_MET
    assert says(blocker("abnormal_list"), {"abnormal_list": False}) is MET
    assert says(blocker("abnormal_list"), {}) is DATA


def test_clauses_of_one_group_stand_for_one_another() -> None:
    rule = rule_of(among(1, "ip1_main >= 1"), among(1, "market_position_confirmed"), "legal_person")
    known = {"legal_person": True, "ip1_main": 0}
    assert evaluate(rule, known, AS_OF).state is PERSON
    outcome = evaluate(rule, {**known, "market_position_confirmed": True}, AS_OF)
    assert outcome.state is MET
    assert [clause.state for clause in outcome.clauses] == [NOT_MET, MET, MET]
    assert evaluate(rule, {**known, "market_position_confirmed": False}, AS_OF).state is NOT_MET
    assert evaluate(rule, {"legal_person": True}, AS_OF).state is DATA


def test_points_are_an_interval_where_experts_choose() -> None:
    ip = scoring("CASE WHEN ip1_main >= 1 THEN band(7, 8) ELSE 0 END", "ip")
    growth = scoring("CASE WHEN revenue_growth_y1 >= 0.15 THEN 20 ELSE 5 END", "growth")
    known = {"ip1_main": 1, "revenue_cny_y1": 115, "revenue_cny_y2": 100}
    rule = rule_of(ip, growth, "score > 27", "score_ip >= 7", "score_growth <= 20")
    outcome = evaluate(rule, known, AS_OF)
    assert (outcome.low, outcome.high) == (27, 28)
    assert [c.state for c in outcome.clauses] == [PERSON, MET, PERSON, MET, MET]
    assert outcome.state is PERSON
    assert (outcome.clauses[3].low, outcome.clauses[3].high) == (7, 8)
    assert outcome.clauses[1].read["revenue_growth_y1"] == pytest.approx(0.15)
    assert evaluate(rule_of(ip, growth, "score >= 27"), known, AS_OF).state is MET
    assert evaluate(rule_of(ip, growth, "score > 28"), known, AS_OF).state is NOT_MET


def test_a_missing_fact_among_points_gives_the_hull_of_what_may_be_reached() -> None:
    text = """CASE WHEN ip1_main >= 4 THEN 24 WHEN ip2_main >= 3 THEN 18 WHEN legal_person THEN 9
    ELSE band(0, 2) END"""
    rule = rule_of(scoring(text))
    for known, low, high in (
        ({}, 0, 24),
        ({"ip1_main": 0}, 0, 18),
        ({"ip2_main": 3}, 18, 24),
        ({"ip1_main": 0, "ip2_main": 0, "legal_person": False}, 0, 2),
    ):
        outcome = evaluate(rule, known, AS_OF)
        assert (outcome.low, outcome.high) == (low, high)
        assert outcome.state is MET, "points decide nothing by themselves"
    assert evaluate(rule, {"ip1_main": 4}, AS_OF).clauses[0].state is MET


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 10**12), st.sampled_from(["0.03", "0.15", "0.025", "0.7"]), st.integers(-1, 1)
)
def test_whole_yuan_exactly_on_the_line_are_on_the_line(base: int, rate: str, off: int) -> None:
    revenue = base * 1000
    exact = int(Decimal(rate) * revenue)
    known = {"rd_expense_cny_y1": exact + off, "revenue_cny_y1": revenue}
    assert says(f"rd_expense_cny_y1 >= {rate}*revenue_cny_y1", known) is (
        MET if off >= 0 else NOT_MET
    )
    assert says(f"{rate}*revenue_cny_y1 < rd_expense_cny_y1", known) is (
        MET if off > 0 else NOT_MET
    )


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**7), st.integers(0, 60))
def test_growth_exactly_on_the_line_is_on_the_line(base: int, percent: int) -> None:
    known = {"revenue_cny_y1": base * (100 + percent), "revenue_cny_y2": base * 100}
    rate = f"0.{percent:02}"
    assert says(f"revenue_growth_y1 >= {rate}", known) is MET
    assert says(f"revenue_growth_y1 > {rate}", known) is NOT_MET
    two_years = "sqrt(revenue_cny_y1 / NULLIF(revenue_cny_y3, 0)) - 1"
    known = {"revenue_cny_y1": base * (100 + percent) ** 2, "revenue_cny_y3": base * 100**2}
    assert says(f"{two_years} >= {rate}", known) is MET


def test_three_years_are_three_years_to_the_day() -> None:
    text = "registered_on <= as_of - INTERVAL 3 YEAR"
    assert says(text, {"registered_on": date(2021, 2, 28)}, date(2024, 2, 29)) is MET
    assert says(text, {"registered_on": date(2021, 3, 1)}, date(2024, 2, 29)) is NOT_MET
    assert says("registered_on + INTERVAL 9999 YEAR > as_of", {"registered_on": AS_OF}) is DATA


def test_division_by_zero_and_roots_of_debts_are_missing() -> None:
    known = {"revenue_cny_y1": 5, "revenue_cny_y2": 0}
    outcome = evaluate(rule_of("revenue_growth_y1 > 0"), known, AS_OF)
    assert (outcome.state, outcome.clauses[0].missing) == (DATA, ())
    assert says("sqrt(revenue_cny_y1 - 10) > 0", known) is DATA


def test_facts_come_as_json_sheets_or_arrays_give_them() -> None:
    for value in (3, 3.0, Decimal("3"), np.float64(3), np.int64(3)):
        assert says("division = 3", {"division": value}) is MET
    for nothing in (None, float("nan"), Decimal("nan"), np.float64("nan"), float("-inf")):
        assert says("division = 3", {"division": nothing}) is DATA
    assert says("registered_on <= as_of", {"registered_on": "2020-01-01"}) is MET
    assert says("legal_person", {"legal_person": np.bool_(True)}) is MET


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("division = 3", {"division": "3"}),
        ("division = 3", {"division": True}),
        ("division = 3", {"division": 10**400}),
        ("legal_person", {"legal_person": 1}),
        ("legal_person", {"legal_person": "yes"}),
        ("registered_on < as_of", {"registered_on": "yesterday"}),
        ("registered_on < as_of", {"registered_on": datetime(2026, 1, 1)}),
        ("taxation_mode = 'audited'", {"taxation_mode": 5}),
    ],
)
def test_a_fact_of_a_wrong_kind_is_refused_by_name(text: str, known: Known) -> None:
    with pytest.raises(Refused) as refused:
        says(text, known)
    assert refused.value.field == next(iter(known))


def test_every_programme_answers_for_a_firm_nobody_knows() -> None:
    for text in PROGRAMMES:
        assert says(text, {}) in {DATA, NOT_MET}
    assert says(GIANT, {"srdi_valid_to": date(2020, 1, 1)}) is NOT_MET
    assert says(HNTE, {"resident_enterprise": False}) is NOT_MET
    assert says(GAZELLE, {"listed_main_board": True}) is NOT_MET


def letters(outcome: Outcome) -> list[State]:
    return [outcome.state, *(clause.state for clause in outcome.clauses)]


def slowly(rule: CompiledRule, known: Known) -> list[Any]:
    look = Look(known, AS_OF)
    return [
        look.points(c.tree).low if c.text.kind is ClauseKind.SCORE else look.at(c.tree)[0]
        for c in rule.clauses
    ]


@settings(max_examples=200, deadline=None)
@given(rules(), facts)
def test_the_fast_way_and_the_slow_way_say_the_same(
    clauses: list[ClauseText], known: Known
) -> None:
    rule = compile_rule("test/1", clauses, WORDS)
    outcome = prepare(rule)(known, AS_OF)
    said = []
    for clause, found in zip(rule.clauses, outcome.clauses, strict=True):
        if clause.text.kind is ClauseKind.SCORE:
            said.append(found.low)
        else:
            turned = clause.text.kind is ClauseKind.BLOCKER
            truth = {MET: not turned, NOT_MET: turned}.get(found.state)
            said.append(truth)
    assert said == slowly(rule, known)
    for found in outcome.clauses:
        if found.state in {DATA, PERSON}:
            assert all(known.get(name) is None for name in found.missing)


@settings(max_examples=200, deadline=None)
@given(rules(with_null=False), facts, st.data())
def test_learning_a_fact_never_turns_one_verdict_into_another(
    clauses: list[ClauseText], known: dict[str, Any], data: st.DataObject
) -> None:
    unknown = [name for name in FACTS if name not in known]
    if not unknown:
        return
    name = data.draw(st.sampled_from(unknown))
    rule = compile_rule("test/1", clauses, WORDS)
    before = letters(evaluate(rule, known, AS_OF))
    after = letters(evaluate(rule, {**known, name: data.draw(FACTS[name])}, AS_OF))
    decided = {MET, NOT_MET}
    scores = {at + 1 for at, c in enumerate(clauses) if c.kind is ClauseKind.SCORE}
    for at, (old, new) in enumerate(zip(before, after, strict=True)):
        assert old not in decided or new is old or at in scores
