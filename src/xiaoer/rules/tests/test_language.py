"""What may be written in a rule, what it becomes, and what a writer is told."""

from collections.abc import Sequence

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.base.words import Kind, Word
from xiaoer.rules.language.compiling import Wrong, check_clauses, compile_clause, compile_rule
from xiaoer.rules.language.spec import ClauseKind, ClauseText, Mistake
from xiaoer.rules.language.tree import (
    Arithmetic,
    Band,
    Case,
    Column,
    Compare,
    Constant,
    Node,
    Opposite,
    Power,
    Score,
    Shifted,
    StartsWith,
)
from xiaoer.rules.tests.words import FOUR_ABOVE, STAT_SECTOR, WORDS

SRDI = """tech_innovative_sme_valid_to >= as_of AND niche_years_eoy1 >= 3
AND (revenue_cny_y1 >= 15000000 OR equity_new_2y_cny >= 20000000)
AND main_revenue_cny_y1 >= 0.80*revenue_cny_y1 AND liabilities_cny_eoy1 <= 0.80*total_assets_cny_eoy1
AND rd_expense_cny_y1 >= 1000000 AND rd_expense_cny_y2 >= 1000000
AND rd_expense_cny_y1 >= 0.03*revenue_cny_y1 AND rd_expense_cny_y2 >= 0.03*revenue_cny_y2
AND (ip1_applied >= 1 OR provincial_award_rank_3y <= 3 OR provincial_rd_org)
AND market_position_confirmed AND srdi_quality_score >= 50"""
GIANT = """srdi_valid_to >= as_of AND niche_years_eoy1 >= 3 AND revenue_cny_y1 >= 50000000
AND main_revenue_cny_y1 >= 0.90*revenue_cny_y1
AND (is_review OR revenue_cny_y1 >= power(1.05,2)*revenue_cny_y3)
AND liabilities_cny_eoy1 <= 0.75*total_assets_cny_eoy1
AND rd_expense_cny_y1 + rd_expense_cny_y2 >= 12000000
AND rd_expense_cny_y1 >= 0.03*revenue_cny_y1 AND rd_expense_cny_y2 >= 0.03*revenue_cny_y2
AND (ip1_applied >= 4 OR national_award_rank_3y <= 3)
AND (market_share >= 0.10 OR market_rank_domestic <= 3) AND six_bases_or_key_link AND srdi_quality_score >= 60"""
HNTE = """resident_enterprise AND registered_on <= as_of - INTERVAL 1 YEAR AND core_ip_owned >= 1 AND hightech_field IS NOT NULL
AND tech_staff_y1 >= 0.10*employees_avg_y1
AND rd_expense_cny_3y >= (CASE WHEN revenue_cny_y1 <= 50000000 THEN 0.05 WHEN revenue_cny_y1 <= 200000000 THEN 0.04 ELSE 0.03 END)*revenue_cny_3y
AND rd_domestic_cny_3y >= 0.60*rd_expense_cny_3y AND hightech_revenue_cny_y1 >= 0.60*total_income_cny_y1
AND NOT accident_or_env_1y AND hnte_score > 70"""
GAZELLE = """registered_on <= as_of - INTERVAL 3 YEAR AND liabilities_cny_eoy1 < 0.70*total_assets_cny_eoy1 AND NOT listed_main_board AND NOT controlled_by_listed
AND revenue_cny_y1 >= 10000000
AND greatest(revenue_cagr_2y, net_profit_cagr_2y) >= CASE WHEN revenue_cny_y1 < 20000000 THEN 0.25 WHEN revenue_cny_y1 < 100000000 THEN 0.20 WHEN revenue_cny_y1 < 400000000 THEN 0.15 ELSE 0.10 END
AND rd_expense_cny_y1 >= (CASE WHEN revenue_cny_y1 >= 100000000 THEN 0.025 ELSE 0.05 END)*revenue_cny_y1
AND rd_expense_cny_y2 >= (CASE WHEN revenue_cny_y1 >= 100000000 THEN 0.025 ELSE 0.05 END)*revenue_cny_y2
AND (patents_invention >= 2 OR ip2_owned >= 8 OR standards_led_total >= 1) AND credit_score >= 75"""
PROJECT = """(planned_investment_cny - coalesce(working_capital_cny,0)) >= 5000000 AND NOT rural_household AND project_in_zone
AND (main_works_started_on <= as_of OR (purchase_only AND equipment_delivered))"""
DEDUCTION = """resident_enterprise AND taxation_mode = 'audited' AND rd_ledger_kept AND rd_expense_cny_y1 > 0
AND NOT (negative_list_industry AND (negative_list_revenue_share_y1 IS NULL OR negative_list_revenue_share_y1 > 0.5))"""
VAT = """division BETWEEN 13 AND 43 AND vat_general_taxpayer AND hnte_valid_to >= as_of AND on_adv_mfg_list AND as_of <= DATE '2027-12-31'"""
RUNG = """CASE
 WHEN chain_leader_designated THEN 'chain_leader'
 WHEN in_stat_register AND on_climb_list THEN 'climb'
 WHEN in_stat_register THEN 'above_scale'
 WHEN metric_forecast_cny >= stat_threshold_cny OR (stat_sector IN ('construction','realestate_dev') AND four_above) THEN 'reached_not_entered'
 WHEN metric_forecast_cny >= p_near*stat_threshold_cny THEN 'near'
 WHEN metric_forecast_cny >= p_sprout*stat_threshold_cny THEN 'sprout'
 WHEN metric_forecast_cny >= p_seed*stat_threshold_cny OR seed_marker THEN 'seed'
 ELSE 'unranked' END"""
TECH_RUNG = """CASE WHEN tech_leader_designated THEN 'tech_leader'
 WHEN hnte_valid_to >= as_of THEN 'hnte'
 WHEN hnte_blockers = 0 AND hnte_gaps <= p_gaps AND hnte_score_high > 70 THEN 'hnte_reserve'
 WHEN tsme_valid_to >= as_of THEN 'tech_sme' ELSE 'none' END"""
PROGRAMMES = [SRDI, GIANT, HNTE, GAZELLE, PROJECT, DEDUCTION, VAT, FOUR_ABOVE]
REVENUE = Column("revenue_cny_y1", Kind.NUMBER)
NO_WORDS: dict[str, Word] = {}


def tree_of(text: str, kind: ClauseKind = ClauseKind.CONDITION) -> Node:
    return compile_clause(ClauseText("条款", "clause", text, kind), WORDS).tree


def mistakes(text: str, kind: ClauseKind = ClauseKind.CONDITION) -> list[Mistake]:
    with override("en"):
        return check_clauses([ClauseText("条款", "clause", text, kind)], WORDS)[0]


def number(value: float) -> Constant:
    return Constant(float(value), Kind.NUMBER)


@pytest.mark.parametrize("text", PROGRAMMES)
def test_every_published_programme_can_be_written(text: str) -> None:
    assert not [m for m in mistakes(text) if not m.is_warning]


@pytest.mark.parametrize("rung", [STAT_SECTOR, RUNG, TECH_RUNG])
def test_a_rung_or_a_sector_is_a_text_that_conditions_ask_for(rung: str) -> None:
    words = {**WORDS, "rung": Word("rung", "层级", "rung", Kind.TEXT, formula=rung)}
    clause = ClauseText("条款", "clause", "rung IN ('near', 'hnte', 'wholesale')")
    assert compile_clause(clause, words).derived[0].name == "rung"


def test_constants_are_computed_and_decimals_leave_comparisons() -> None:
    assert tree_of("rd_expense_cny_y1 >= 0.03*revenue_cny_y1") == Compare(
        ">=",
        Arithmetic("*", number(100), Column("rd_expense_cny_y1", Kind.NUMBER)),
        Arithmetic("*", number(3), REVENUE),
    )
    tree = tree_of("revenue_cny_y1 >= power(1.05, 2)*revenue_cny_y3")
    assert isinstance(tree, Compare)
    assert tree.left == Arithmetic("*", number(400), REVENUE)
    assert tree.right == Arithmetic("*", number(441), Column("revenue_cny_y3", Kind.NUMBER))


def test_a_share_kept_with_decimals_is_compared_as_it_is() -> None:
    share = Column("market_share", Kind.NUMBER)
    assert tree_of("market_share >= 0.29") == Compare(">=", share, number(0.29))
    tree = tree_of("greatest(revenue_cagr_2y, net_profit_cagr_2y) >= 0.29")
    assert isinstance(tree, Compare) and tree.right == number(0.29)


def test_days_move_by_months_and_texts_begin() -> None:
    for text in ("INTERVAL 3 YEAR", "INTERVAL '3 year'", "INTERVAL '3' YEAR", "INTERVAL 36 MONTHS"):
        tree = tree_of(f"registered_on <= as_of - {text}")
        assert isinstance(tree, Compare) and isinstance(tree.right, Shifted)
        assert (tree.right.months, tree.right.days) == (-36, 0)
    tree = tree_of("stat_sector NOT LIKE 'service_%'")
    assert isinstance(tree, Opposite) and isinstance(tree.of, StartsWith)
    assert tree.of.beginning == "service_"
    assert not mistakes("as_of - registered_on >= 365")
    assert isinstance(tree_of("power(revenue_cny_y1 - 10000, 3) > 0").left, Power)  # type: ignore[attr-defined]  # a comparison


def test_flags_are_conditions_by_themselves() -> None:
    flag = Column("legal_person", Kind.FLAG)
    assert tree_of("legal_person") == tree_of("legal_person = TRUE") == flag
    assert tree_of("NOT legal_person") == tree_of("legal_person <> TRUE") == Opposite(flag)


@pytest.mark.parametrize(
    ("text", "about", "nearest", "where"),
    [
        ("revenu_cny_y1 > 0", "no word", "revenue_cny_y1", "revenu_cny_y1"),
        ("入统标准 > 0", "no word", "stat_threshold_cny", "入统标准"),
        ("sum(division) > 3", "no function sum", "", "sum"),
        ("max(division, 2) > 3", "no function max", "greatest", "max"),
        ("taxation_mode = 3", "a text stands in", "", "taxation_mode = 3"),
        ("legal_person > 1", "cannot be compared", "", "legal_person > 1"),
        ("taxation_mode = 'audit'", "none of its values", "audited", "'audit'"),
        ("taxation_mode IN ('audited', 'deemd')", "none of its values", "deemed", "'deemd'"),
        ("stat_sector LIKE 'servce_%'", "begins so", "", "'servce_%'"),
        ("revenue_cny_y1 > employees_avg_y1", "different units", "", "revenue_cny_y1"),
        ("revenue_cny_y1 + tech_staff_y1 > 0", "different units", "", "tech_staff_y1"),
        ("market_share > revenue_cny_y1", "different units", "", "market_share"),
        ("revenue_cny_y1 / NULLIF(employees_avg_y1, 0) > revenue_cny_y2", "CNY/person", "", "revenue"),
        ("revenue_cny_y1 / revenue_cny_y2 > 1", "may be zero", "", "revenue_cny_y2"),
        ("revenue_cny_y1 / 0 > 1", "may be zero", "", "0"),
        ("registered_on > '2020-01-01'", "DATE '2026-01-31'", "", "registered_on"),
        ("registered_on > DATE '2026-02-30'", "is no day", "", "'2026-02-30'"),
        ("registered_on + 365 > as_of", "by an interval", "", "registered_on + 365"),
        ("registered_on > as_of - INTERVAL 3 LIGHTYEAR", "An interval is", "", "as_of"),
        ("CASE WHEN legal_person THEN 20 ELSE 0 END", "A condition is wanted", "", "legal_person"),
        ("revenue_cny_y1", "A condition is wanted", "", "revenue_cny_y1"),
        ("band(7, 8) > 3", "kind score", "", "band"),
        ("score >= 60", "no clause that gives points", "", "score"),
        ("1500万 <= revenue_cny_y1", "15000000", "15000000", "1500万"),
        ("market_share >= 5%", "0.05", "0.05", "5%"),
        ("revenue_cny_y1 ≥ 3", "Write >=", ">=", "≥"),
        ("legal_person = NULL", "IS NULL", "", "legal_person"),
        ("power(revenue_cny_y1, 2.5) > 0", "from 2 to 8", "", "2.5"),
        ("power(revenue_cny_y1, 9) > 0", "from 2 to 8", "", "9"),
        ("taxation_mode > 'audited'", "no order", "", "taxation_mode"),
        ("division BETWEEN 9 AND 3", "smaller to the larger", "", "division"),
        ("division IN (1, credit_score)", "plain values", "", "credit_score"),
        ("1 > 0", "no fact", "", "1 > 0"),
        ("revenue_cny_y1 > 1e19", "too large", "", "1e19"),
        ("revenue_cny_y1 >", "cannot be read", "", ">"),
        ("   ", "nothing here", "", ""),
        ("legal_person is_review", "not part of the rule language", "", "is_review"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_what_may_be_meant(
    text: str, about: str, nearest: str, where: str
) -> None:
    found = [m for m in mistakes(text) if not m.is_warning]
    assert about in found[0].message
    assert found[0].nearest == nearest
    assert where in text[found[0].start : found[0].end]


def test_all_mistakes_of_a_text_are_told_at_once() -> None:
    found = mistakes("revenu_cny_y1 > 0 AND taxation_mode = 'x' AND legal_person > 3")
    assert len(found) == 3


@pytest.mark.parametrize(
    "text",
    [
        "1=1; DROP TABLE party",
        "DROP TABLE party",
        "SELECT 1",
        "legal_person OR (SELECT true)",
        "EXISTS (SELECT 1 FROM party)",
        "division IN (SELECT 1)",
        "legal_person -- and more",
        "legal_person /* */",
        "/*+ hint */ legal_person",
        '"legal_person"',
        "party.legal_person",
        "a.b.c.d = 1",
        "division::text = '1'",
        "CAST(division AS text) = '1'",
        "$1 = 1",
        ":name = 1",
        "? = 1",
        "@x = 1",
        "%(x)s",
        "{{ legal_person }}",
        "pg_sleep(10) IS NULL",
        "__import__('os')",
        "count(*) OVER () > 1",
        "row_number() over (order by 1) = 1",
        "legal_person AND current_user = 'x'",
        "taxation_mode || 'x' = 'y'",
        "taxation_mode ~ 'x'",
        "taxation_mode LIKE '%x'",
        "taxation_mode LIKE 'a_x'",
        "taxation_mode ILIKE 'a%'",
        "taxation_mode LIKE 'a%' ESCAPE 'x'",
        "taxation_mode = 'x' COLLATE c",
        "taxation_mode = $$x$$",
        "taxation_mode = E'x'",
        "taxation_mode = U&'x'",
        "division[1] = 1",
        "division = ANY(ARRAY[1])",
        "ROW(1) = ROW(1)",
        "division % 2 = 0",
        "division & 1 = 1",
        "division BETWEEN SYMMETRIC 1 AND 2",
        "division IS DISTINCT FROM 2",
        "VALUES (1)",
        "*",
        "legal_person AS x",
        "CASE division WHEN 1 THEN TRUE END",
        "IF(legal_person, TRUE, FALSE)",
        "'unclosed",
        "legal_person AND",
        "))((",
        "division = 1e999999999",
        "division = 1e-999999999",
        "division = 0x1F",
        "x'41' = 1",
        "legal_person\x00",
        "CREATE FUNCTION f() RETURNS int AS 'x' LANGUAGE c",
        "COPY party TO PROGRAM 'x'",
        "lambda x: x",
        "division = 1 FOR UPDATE",
        "WITH x AS (SELECT 1) SELECT * FROM x",
    ],
)
def test_what_is_not_on_the_list_does_not_exist(text: str) -> None:
    with pytest.raises(Wrong) as wrong:
        tree_of(text)
    assert all(m.message and 0 <= m.start <= m.end <= len(text) for m in wrong.value.mistakes)


@pytest.mark.parametrize(
    "text",
    [
        "NOT " * 900 + "legal_person",
        "(" * 1500 + "legal_person" + ")" * 1500,
        "-" * 3900 + "1 > division",
        "- " * 1900 + "1 > division",
        "CASE WHEN " * 300 + "legal_person",
        "greatest(" * 400 + "1",
        "division" + "+1" * 1900 + " > 2",
        " AND ".join(["division > 1"] * 250),
        "x" * 4001,
        "division IN (" + "1," * 1900 + "1)",
        "CASE WHEN legal_person THEN " * 30 + "division",
    ],
)
def test_what_is_too_large_is_refused_before_it_hurts(text: str) -> None:
    with pytest.raises(Wrong):
        tree_of(text)


def test_a_long_row_of_conditions_is_not_deep() -> None:
    assert tree_of(" AND ".join(["division > 1"] * 60))


@pytest.mark.parametrize(
    "text",
    [
        "revenue_cny_y2 > 0 AND revenue_cny_y1 / revenue_cny_y2 >= 1.1",
        "revenue_cny_y2 >= 10000 AND (revenue_cny_y1 / revenue_cny_y2 >= 1.1 OR legal_person)",
        "revenue_cny_y2 <= 0 OR revenue_cny_y1 / revenue_cny_y2 >= 1.1",
        "CASE WHEN revenue_cny_y2 = 0 THEN FALSE ELSE revenue_cny_y1 / revenue_cny_y2 > 1 END",
        "CASE WHEN 0 < revenue_cny_y2 THEN revenue_cny_y1 / revenue_cny_y2 > 1 END",
        "revenue_cny_y1 / NULLIF(revenue_cny_y2, 0) >= 1.1",
        "revenue_cny_y1 / greatest(revenue_cny_y2, 10000) >= 1.1",
        "revenue_cny_y1 / stat_threshold_cny >= 1.1",
    ],
)
def test_a_divisor_that_was_asked_about_may_divide(text: str) -> None:
    assert not mistakes(text)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("coalesce(division, 0) = 0", "COALESCE"),
        ("hightech_field IS NOT NULL", "IS NULL"),
        ("legal_person IS NOT FALSE", "IS TRUE"),
        ("market_share >= 5", "0.05"),
        ("rd_expense_cny_y1 / NULLIF(revenue_cny_y1, 0) >= 3", "0.03"),
        ("revenue_cny_y1 >= 1500", "15000000"),
    ],
)
def test_what_may_stand_but_is_hardly_meant_is_a_warning(text: str, about: str) -> None:
    (found,) = mistakes(text)
    assert found.is_warning and about in found.message
    assert tree_of(text)


def word(name: str, formula: str, **more: object) -> Word:
    return Word(name, name, name, formula=formula, **more)  # type: ignore[arg-type]  # as given


def told(text: str, *words: Word) -> str:
    known = {**WORDS, **{each.name: each for each in words}}
    with override("en"):
        found = check_clauses([ClauseText("条款", "clause", text)], known)[0]
    return found[0].message if found else ""


def test_derived_words_may_not_explain_one_another_in_a_circle() -> None:
    circle = word("a", "b + 1"), word("b", "c + 1"), word("c", "a + 1")
    assert "a → b → c → a" in told("a > 1", *circle)


def test_a_derived_word_that_is_wrong_itself_is_told_where_it_is_used() -> None:
    assert "no word nothing" in told("a > 1", word("a", "nothing + 1"))
    assert "CNY" in told("a > 1", word("a", "revenue_cny_y1", unit="share"))
    assert "a day" in told("a > 1", word("a", "registered_on"))
    assert "no score" in told("a > 1", word("a", "score"))


def test_derived_words_that_grow_without_measure_are_refused() -> None:
    chain = [word("w0", "division + 1")]
    chain += [word(f"w{at}", f"w{at - 1} + 1") for at in range(1, 200)]
    assert "8" in told("w199 > 1", *chain)
    deep = [word("v0", "division + 1")]
    deep += [word(f"v{at}", f"{'(' * 19}v{at - 1}{' + 1)' * 19} + 1") for at in range(1, 8)]
    assert "120" in told("v7 > 1", *deep)
    wide = [word("u0", " + ".join(["division"] * 35))]
    wide += [word(f"u{at}", " + ".join(["u0"] * 35)) for at in range(1, 8)]
    assert not told(" + ".join(f"u{at}" for at in range(8)) + " > 1", *wide)


def test_scores_are_compared_by_part_and_points_are_numbers() -> None:
    texts = [
        ClauseText("创新", "", "CASE WHEN ip1_main >= 1 THEN band(7, 8) ELSE 0 END", ClauseKind.SCORE, part="ip"),
        ClauseText("成长", "", "CASE WHEN revenue_growth_y1 >= 0.15 THEN 20 ELSE 0 END", ClauseKind.SCORE, part="growth"),
        ClauseText("总分", "", "score >= 20"),
        ClauseText("创新分", "", "7 <= score_ip"),
    ]  # fmt: skip
    rule = compile_rule("innovative/1", texts, WORDS)
    assert isinstance(rule.clauses[0].tree, Case)
    assert rule.clauses[0].tree.branches[0][1] == Band(7.0, 8.0)
    whole, part = rule.clauses[2].tree, rule.clauses[3].tree
    assert isinstance(whole, Compare) and isinstance(whole.left, Score)
    assert len(whole.left.clauses) == 2
    assert part == Compare(">=", Score("ip", (rule.clauses[0].tree,)), number(7))
    assert set(rule.columns) == {"ip1_main", "revenue_cny_y1", "revenue_cny_y2"}
    with override("en"):
        found: Sequence[list[Mistake]] = check_clauses(
            [*texts, ClauseText("", "", "score_grwth > 1")], WORDS
        )
    assert "score_growth" in found[-1][0].message


@pytest.mark.parametrize(
    "text",
    [
        "CASE WHEN legal_person THEN 20 END",
        "legal_person",
        "division",
        "band(8, 7)",
        "20 > 3",
        "2 * 3",
    ],
)
def test_a_scoring_clause_that_gives_no_points_is_refused(text: str) -> None:
    assert mistakes(text, ClauseKind.SCORE)


_PIECES = st.sampled_from(
    r"""AND OR NOT ( ) CASE WHEN THEN ELSE END BETWEEN IN LIKE IS NULL TRUE + - * / < <= = <> >= > , ' "
    ; 1 0 0.03 1e9 'x' 'a%' DATE '2026-01-01' INTERVAL YEAR as_of division legal_person registered_on
    taxation_mode revenue_cny_y1 greatest coalesce nullif power band score select from over cast :: . [ ]
    $1 ? : -- /* */ 万 % 中文 \\""".split()  # noqa: SIM905 (a list of 50 would be harder to read)
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=25).map(" ".join) | st.text(max_size=60))
def test_no_text_whatever_brings_the_compiler_down(text: str) -> None:
    for kind in (ClauseKind.CONDITION, ClauseKind.SCORE):
        for mistake in mistakes(text, kind):
            assert 0 <= mistake.start <= mistake.end <= len(text)
