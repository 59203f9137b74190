"""Derived words: sectors and sizes by the zone's tables, growth, the forecast of the year."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.base.words import Kind, Word
from xiaoer.facts import actions as facts
from xiaoer.facts.measuring import Scaled
from xiaoer.facts.models import Column, Metric
from xiaoer.facts.periods import Period, months_of
from xiaoer.facts.vocabulary import metric_of
from xiaoer.growth import actions as growth
from xiaoer.growth.actions import StandardFacts
from xiaoer.growth.forecasting import forecast
from xiaoer.growth.models import ForecastOverride, SizeStandard, StatThreshold
from xiaoer.growth.standards import Unclear, industries, sector_codes
from xiaoer.growth.tests.conftest import Town
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.rules import vocabularies
from xiaoer.rules.engines.many import plan
from xiaoer.rules.language.compiling import compile_rule
from xiaoer.rules.language.spec import ClauseText, State

AS_OF = date(2026, 11, 20)
LATER = NOW + timedelta(days=1)
TYPES = {
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
    Kind.DAY: pa.date32(),
    Kind.TEXT: pa.string(),
}


@pytest.fixture
def words(town: Town) -> Mapping[str, Word]:
    with acting(town.of("east-admin")):
        return vocabularies.vocabulary(town.zone_id).words


def state(words: Mapping[str, Word], text: str, /, **known: object) -> State:
    """Of a condition, for a firm of which this is known."""
    rule = compile_rule("x", [ClauseText("x", "x", text)], words)
    columns = {name: pa.array([known.get(name)], TYPES[words[name].kind]) for name in rule.columns}
    table = pa.table({"id": pa.array([1]), **columns})
    return plan([rule]).run(table, AS_OF).outcome(0, 0).state


def size(words: Mapping[str, Word], **known: object) -> str:
    for one in ("large", "medium", "small", "micro"):
        if state(words, f"sme_size = '{one}'", **known) is State.MET:
            return one
    return ""


def test_every_derived_word_is_a_formula_the_language_reads(words: Mapping[str, Word]) -> None:
    derived = [word for word in words.values() if word.formula]
    assert len(derived) > 25
    for word in derived:
        text = word.name if word.kind is Kind.FLAG else f"{word.name} IS NOT NULL"
        compile_rule(word.name, [ClauseText("x", "x", text)], words)


def test_no_word_is_lent_twice(town: Town) -> None:
    with acting(town.of("east-admin")):
        names = [
            word.name
            for lender in vocabularies.lenders("party")
            for word in lender.words(town.zone_id)
        ]
    assert sorted(names) == sorted(set(names))


def test_sizes_as_the_rule_of_2011_has_them(words: Mapping[str, Word]) -> None:
    def industry(people: float | None, wan: float | None) -> str:
        return size(
            words, sme_sector="industry", employees_eop_y1=people,
            revenue_cny_y1=None if wan is None else wan * 10_000,
        )  # fmt: skip

    assert industry(299, 50_000) == "small"
    assert industry(19, 50_000) == "micro"
    assert industry(350, 1999) == "small"
    assert industry(1000, 40_000) == "large"
    assert industry(999, 40_000) == "medium"
    assert industry(1000, 39_999) == "medium"
    assert industry(None, 250) == "micro"  # whatever the people, the revenue is below every line
    assert industry(None, 50_000) == ""  # nobody knows
    assert industry(400, None) == ""


def test_only_what_the_sector_needs_is_looked_at(words: Mapping[str, Word]) -> None:
    assert size(words, sme_sector="other", employees_eop_y1=100.0) == "medium"
    assert size(words, sme_sector="agri", revenue_cny_y1=499e4) == "small"
    assert size(
        words, sme_sector="leasing_business", employees_eop_y1=300.0, total_assets_cny_eoy1=12e8
    ) == "large"  # fmt: skip
    assert size(words, sme_sector="none", employees_eop_y1=10.0, revenue_cny_y1=1.0) == ""


def test_one_bound_missed_makes_an_sme_whatever_else_is_unknown(words: Mapping[str, Word]) -> None:
    assert state(words, "is_sme", sme_sector="industry", employees_eop_y1=400.0) is State.MET
    assert state(words, "is_sme", sme_sector="industry", employees_eop_y1=1000.0) is (
        State.NEEDS_DATA
    )
    assert state(
        words, "is_sme", sme_sector="industry", employees_eop_y1=1000.0, revenue_cny_y1=4e8
    ) is State.NOT_MET  # fmt: skip


def test_three_years_are_those_a_firm_existed_in(words: Mapping[str, Word]) -> None:
    known = {"rd_expense_cny_y1": 3e6, "rd_expense_cny_y2": 2e6}
    whole = "rd_expense_cny_3y = 6000000"
    assert state(words, whole, **known, rd_expense_cny_y3=1e6) is State.MET
    assert state(words, "rd_expense_cny_3y = 5000000", **known, years_registered=2.0) is State.MET
    assert state(words, whole, **known, years_registered=8.0) is State.NEEDS_DATA
    assert state(words, whole, **known) is State.NEEDS_DATA


def test_growth_from_a_loss_is_not_told_and_into_one_is_a_fall(words: Mapping[str, Word]) -> None:
    text = "net_profit_cagr_2y >= 0.1"
    assert state(words, text, net_profit_cny_y1=121.0, net_profit_cny_y3=100.0) is State.MET
    assert state(words, text, net_profit_cny_y1=-5.0, net_profit_cny_y3=100.0) is State.NOT_MET
    assert state(words, text, net_profit_cny_y1=5.0, net_profit_cny_y3=-1.0) is State.NEEDS_DATA


def test_four_above_by_the_years_figure_and_by_qualification(words: Mapping[str, Word]) -> None:
    firm = {"legal_person": True, "enterprise_accounting": True}
    line = {"stat_sector": "industry", "stat_threshold_cny": 2e7}
    assert state(words, "four_above", **firm, **line, metric_cny_ytd=2e7) is State.MET
    assert state(words, "four_above", **firm, **line, metric_cny_ytd=2e7 - 1) is State.NOT_MET
    assert state(words, "four_above", **firm, **line) is State.NEEDS_DATA
    assert state(words, "four_above", **firm, metric_cny_ytd=9e9) is State.NEEDS_DATA
    built = firm | {"stat_sector": "construction"}
    assert state(words, "four_above", **built, construction_qualification="labour") is (
        State.NOT_MET
    )
    assert state(words, "four_above", **built, construction_qualification="general") is State.MET
    assert state(words, "four_above", **firm, stat_sector="none") is State.NOT_MET


# Sectors -----------------------------------------------------------------------------------------


def test_industries_are_read_as_people_write_them() -> None:
    assert industries("06-08，7020") == (frozenset({"7020"}), frozenset({6, 7, 8}))
    for text in ("C13", "46-06", "00", "6", ""):
        with pytest.raises(Unclear):
            industries(text)


def test_a_class_goes_before_its_division_and_what_is_in_none_is_said_so() -> None:
    sectors = {"dev": "7010", "service": "71-75,7020"}
    codes = ["7010", "7020", "7050", None, "7310", None, None]
    divisions = [70.0, 70.0, 70.0, 70.0, 73.0, 72.0, None]
    assert sector_codes(codes, divisions, sectors) == [
        "dev", "service", "none", None, "service", "service", None,
    ]  # fmt: skip


def test_every_division_has_a_sector_or_none_in_the_tables_as_shipped(town: Town) -> None:
    with acting(town.of("east-admin")):
        lines = {
            row.sector: row.industries for row in StatThreshold.objects.filter(zone_id=town.zone_id)
        }
        sizes = {
            row.sector: row.industries for row in SizeStandard.objects.filter(zone_id=town.zone_id)
        }
    assert (len(lines), len(sizes)) == (10, 16)
    told = {
        number: sector_codes([f"{number:02}10"], [float(number)], lines)[0]
        for number in range(1, 98)
    }
    outside = {number for number, sector in told.items() if sector == "none"}
    assert outside == {*range(1, 6), *range(66, 70), *range(91, 98)}
    assert told[51] == "wholesale" and told[70] == "realestate_dev" and told[84] == "service_2000"
    size = {
        number: sector_codes([f"{number:02}10"], [float(number)], sizes)[0]
        for number in range(1, 98)
    }
    assert {number for number, sector in size.items() if sector == "none"} == {
        53, *range(66, 70), 83, 84, *range(91, 98),
    }  # fmt: skip


# The forecast -------------------------------------------------------------------------------------


def months(*figures: float) -> np.ndarray:
    """January to each month of one firm; the rest is not known."""
    column = np.full((12, 1), np.nan)
    column[: len(figures), 0] = np.cumsum(figures)
    return column


def year(
    this: np.ndarray,
    last: np.ndarray | None = None,
    window: int = 3,
    months_known: int | None = None,
) -> tuple[float, float]:
    known = int((~np.isnan(this[:, 0])).sum()) if months_known is None else months_known
    so_far = this[known - 1] if known else np.array([np.nan])
    told = forecast(
        this_year=this, last_year=months() if last is None else last, so_far=so_far,
        months=np.array([known]), window=window,
    )  # fmt: skip
    return float(told.year[0]), float(told.last_twelve[0])


def test_the_months_to_come_are_taken_as_the_mean_of_the_last_ones() -> None:
    assert year(months(*[100.0] * 7, 200.0, 200.0, 200.0))[0] == 1300.0 + 2 * 200.0
    assert year(months(100.0, 200.0))[0] == 300.0 + 10 * 150.0
    assert year(months(*[100.0] * 12))[0] == 1200.0
    assert np.isnan(year(months())[0])


def test_a_cumulative_figure_alone_gives_the_mean_of_all_its_months() -> None:
    alone = months()
    alone[9, 0] = 1000.0
    assert year(alone, months_known=10)[0] == 1200.0


def test_last_years_shares_of_the_months_go_before_the_run_rate() -> None:
    last = months(*[50.0] * 10, 250.0, 250.0)
    told = year(months(*[60.0] * 10), last)
    assert told[0] == 600.0 / 0.5
    assert told[1] == 600.0 + 500.0  # the last twelve months


# As a zone has it ---------------------------------------------------------------------------------


def say(by: Actor, party: Party, word: str, period: Period, wan: int) -> None:
    facts.record_values(
        by=by, now=NOW, metric=Metric.objects.get(code=metric_of(word)), column=Column.REPORTED,
        source="月报", figures=[(party.pk, period, Scaled(wan * 10_000, wan * 10_000))],
    )  # fmt: skip


NAMES = frozenset(
    ("stat_sector", "stat_threshold_cny", "sme_sector", "metric_cny_ytd", "metric_forecast_cny",
     "metric_months_known", "metric_12m_cny", "metric_cny_y1")
)  # fmt: skip


def known(
    town: Town, party: Party | None = None, as_of: date = AS_OF, at: datetime = LATER
) -> dict[str, object]:
    table = vocabularies.facts(
        zone_id=town.zone_id, names=NAMES, as_of=as_of, known_at=at,
        ids=[party.pk] if party else None,
    )  # fmt: skip
    rows = {row["id"]: row for row in table.to_pylist()}
    found: dict[str, object] = rows[(party or town.party).pk]
    return found


def test_the_deciding_revenue_of_a_firm_and_its_forecast(town: Town) -> None:
    by = town.of("east-statistics")
    with acting(by):
        say(by, town.party, "main_revenue_cny", months_of(2026, 1, 8), 1200)
        for month in (9, 10):
            say(by, town.party, "main_revenue_cny", months_of(2026, month, month), 200)
        say(by, town.party, "revenue_cny", months_of(2026, 1, 10), 9999)
        say(by, town.party, "main_revenue_cny", months_of(2025, 1, 12), 1500)
        for party in (town.party, None):
            found = known(town, party)
            assert (found["stat_sector"], found["sme_sector"]) == ("industry", "industry")
            assert found["stat_threshold_cny"] == 2e7
            assert (found["metric_cny_ytd"], found["metric_months_known"]) == (16e6, 10.0)
            # the window of three months is not known apart, so that all ten count
            assert found["metric_forecast_cny"] == 16e6 + 2 * 1.6e6
            assert (found["metric_cny_y1"], found["metric_12m_cny"]) == (15e6, None)
        other = known(town, town.other)
        assert (other["metric_forecast_cny"], other["metric_months_known"]) == (None, 0.0)
        assert known(town, as_of=date(2026, 1, 20))["metric_months_known"] == 0.0


def test_a_signed_word_goes_before_the_computed_forecast_until_it_is_taken_back(
    town: Town,
) -> None:
    officer, power = town.of("east-officer"), town.of("east-power")
    with acting(officer):
        growth.override_forecast(
            by=officer, now=NOW, party=town.party, year=2026, amount="2300万", reason="新线投产"
        )
        assert known(town, town.party)["metric_forecast_cny"] == 23e6
        assert known(town, town.party, at=NOW - timedelta(days=1))["metric_forecast_cny"] is None
        later = NOW + timedelta(hours=1)
        growth.withdraw_override(by=officer, now=later, party=town.party, year=2026)
        assert known(town, town.party)["metric_forecast_cny"] is None
        assert known(town, town.party, at=NOW)["metric_forecast_cny"] == 23e6
        with pytest.raises(Refused):
            growth.withdraw_override(by=officer, now=later, party=town.party, year=2026)
        for amount, reason, which in (("", "x", 2026), ("2300万", " ", 2026), ("1万", "x", 2020)):
            with pytest.raises(Refused):
                growth.override_forecast(
                    by=officer, now=NOW, party=town.party, year=which, amount=amount, reason=reason
                )
    with acting(power), pytest.raises(Refused):
        growth.override_forecast(
            by=power, now=NOW, party=town.party, year=2026, amount="1万", reason="x"
        )


def test_a_threshold_changes_from_a_day_on_and_the_past_keeps_its_own(town: Town) -> None:
    by, officer = town.of("east-statistics"), town.of("east-officer")
    said = StandardFacts(
        effective_from=date(2027, 1, 1), mark="A", source="新制度", threshold="3000万"
    )
    with acting(by):
        row = StatThreshold.objects.get(zone_id=town.zone_id, sector="industry")
        growth.set_stat_threshold(by=by, now=NOW, threshold=row, facts=said, version=row.version)
        assert known(town)["stat_threshold_cny"] == 2e7
        assert known(town, as_of=date(2027, 2, 1))["stat_threshold_cny"] == 3e7
        with pytest.raises(Refused):
            growth.set_stat_threshold(by=by, now=NOW, threshold=row, facts=said, version=1)
    with acting(officer), pytest.raises(Refused):
        growth.set_stat_threshold(by=officer, now=NOW, threshold=row, facts=said, version=1)


def test_a_new_size_standard_holds_from_its_day(town: Town) -> None:
    by = town.of("east-economy")
    with acting(by):
        row = SizeStandard.objects.get(zone_id=town.zone_id, sector="industry")
        said = StandardFacts(
            effective_from=date(2026, 6, 1), mark="C", source="修订",
            bounds={"large_employees": 2000},
        )  # fmt: skip
        growth.set_size_standard(by=by, now=NOW, standard=row, facts=said, version=row.version)
        words = vocabularies.vocabulary(town.zone_id).words
        firm = {"sme_sector": "industry", "employees_eop_y1": 1500.0, "revenue_cny_y1": 9e8}
        assert size(words, **firm) == "medium"
        fresh = SizeStandard.objects.get(
            zone_id=town.zone_id, sector="industry", effective_to__isnull=True
        )
        wrong = StandardFacts(
            effective_from=date(2026, 6, 1), mark="C", source="修订",
            bounds={"large_employees": 100},
        )  # fmt: skip
        with pytest.raises(Refused):
            growth.set_size_standard(
                by=by, now=NOW, standard=fresh, facts=wrong, version=fresh.version
            )


def test_another_zone_sees_no_forecast_and_a_merged_firm_keeps_its_own(town: Town) -> None:
    by = town.of("east-admin")
    with acting(by):
        growth.override_forecast(
            by=by, now=NOW, party=town.other, year=2026, amount="500万", reason="合并前"
        )
        registry.merge_parties(by=by, now=NOW, kept=town.party, duplicate=town.other)
        assert known(town, town.party)["metric_forecast_cny"] == 5e6
    with acting(system(town.zone_id + 1)):
        assert not ForecastOverride.objects.exists()
        assert not StatThreshold.objects.filter(zone_id=town.zone_id).exists()
    with acting(town.spokesman()):
        assert not ForecastOverride.objects.exists()
        assert StatThreshold.objects.exists()
