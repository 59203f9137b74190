"""Where firms stand, month by month, and what lies between them and the register."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from tests.town import NOW
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.growth import actions as growth
from xiaoer.growth.models import Designation, LadderParameter, Path, Standing
from xiaoer.growth.tests.conftest import Town
from xiaoer.growth.tests.figured import LINE, industry, lenders
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.rules import vocabularies

TOLD = Standing.Told
Evaluate = Callable[..., growth.Evaluated]
SEP, OCT = (datetime(2026, month, 20, 2, tzinfo=UTC) for month in (9, 10))


@pytest.fixture
def evaluate(town: Town, monkeypatch: pytest.MonkeyPatch) -> Evaluate:
    """Evaluate with what is said of the first firm (and the second)."""

    def run(facts: Any = None, other: Any = None, now: datetime = NOW) -> growth.Evaluated:
        said = {town.party.pk: facts or {}, town.other.pk: other or {}}
        monkeypatch.setattr(vocabularies, "_lenders", {"party": lenders(said)})
        by = town.of("east-economy")
        with acting(by):
            return growth.evaluate_ladders(by=by, now=now)

    return run


def keep_register(town: Town, party: Party | None = None) -> Designation:
    statistics = town.of("east-statistics")
    with acting(statistics):
        return growth.designate(
            by=statistics,
            now=SEP - timedelta(days=200),
            party=party or town.other,
            facts=growth.DecisionFacts("in_register", date(2026, 1, 1), "名录", "区统计局"),
        )


def standing(town: Town, ladder: str = "business", now: datetime = NOW) -> Standing:
    with acting(town.of("east-economy")):
        return Standing.objects.get(
            party=town.party, ladder=ladder, month=now.date().replace(day=1)
        )


@pytest.mark.parametrize(
    ("share", "rung"),
    [
        (1.2, "l1_reached"),
        (1.0, "l1_reached"),
        (0.9335, "l1_near"),
        (0.7, "l1_near"),
        (0.6999, "l1_sprout"),
        (0.4, "l1_sprout"),
        (0.2, "l1_seed"),
        (0.05, ""),
        (0.0, ""),
    ],
)
def test_a_firm_stands_by_its_forecast_over_the_line(
    town: Town, evaluate: Evaluate, share: float, rung: str
) -> None:
    keep_register(town)
    evaluate(industry(share))
    row = standing(town)
    assert (row.rung, row.told) == (rung, TOLD.EXACT)
    assert row.gap_fen == max(0, round((1 - share) * LINE * 100))


def test_a_firm_without_figures_is_not_silently_on_no_rung(town: Town, evaluate: Evaluate) -> None:
    keep_register(town)
    evaluate({})
    row = standing(town)
    assert (row.rung, row.told, row.gap_fen) == ("", TOLD.AT_LEAST, None)
    assert {"metric_forecast_cny", "stat_threshold_cny"} <= set(row.missing)


def test_without_a_register_nobody_is_surely_below_it(town: Town, evaluate: Evaluate) -> None:
    evaluate(industry(0.8))
    row = standing(town)
    assert (row.rung, row.told, row.missing) == ("l1_near", TOLD.AT_LEAST, ["in_stat_register"])


def test_register_and_decisions_make_the_upper_rungs(town: Town, evaluate: Evaluate) -> None:
    keep_register(town, town.party)
    evaluate(industry(0.2))
    assert standing(town).rung == "l1_above_scale"
    economy = town.of("east-economy")
    for kind, rung in (("climb", "l1_climb"), ("chain_leader", "l1_chain_leader")):
        with acting(economy):
            growth.designate(
                by=economy,
                now=NOW,
                party=town.party,
                facts=growth.DecisionFacts(kind, date(2026, 3, 1), "名单", "管委会"),
            )
        evaluate(industry(0.2))
        assert standing(town).rung == rung


@pytest.mark.parametrize(("year", "warned"), [(1.09, True), (1.1, False), (None, None)])
def test_a_register_member_close_to_the_line_is_warned_of(
    town: Town, evaluate: Evaluate, year: float | None, warned: bool | None
) -> None:
    keep_register(town, town.party)
    evaluate(industry(1.5, metric_12m_cny=None if year is None else year * LINE))
    assert standing(town).may_fall_out is warned


def test_construction_enters_by_its_qualification_and_not_by_revenue(
    town: Town, evaluate: Evaluate
) -> None:
    keep_register(town)
    built = {"stat_sector": "construction", "construction_qualification": "general"}
    evaluate(industry(None) | built | {"stat_threshold_cny": None})
    row = standing(town)
    assert (row.rung, row.path) == ("l1_reached", Path.MONTHLY)
    assert row.cutoff_on == date(2026, 12, 7)


def test_who_reached_the_line_has_a_path_and_the_next_day_after_the_crossing(
    town: Town, evaluate: Evaluate
) -> None:
    keep_register(town)
    admin = town.of("east-admin")
    with acting(admin):
        registry.change_party(
            by=admin,
            now=NOW,
            party=town.party,
            facts=registry.PartyFacts(
                name=town.party.name, industry="3824", registered_on=date(2018, 5, 1)
            ),
            version=town.party.version,
        )
    evaluate(industry(1.1, metric_cny_ytd=1.05 * LINE))
    row = standing(town)
    assert (row.path, row.crosses_on, row.cutoff_on) == (
        Path.YEARLY,
        date(2026, 10, 1),
        date(2026, 11, 21),
    )
    evaluate(industry(1.02, metric_cny_ytd=0.9 * LINE))
    late = standing(town)
    assert (late.crosses_on, late.cutoff_on) == (date(2026, 12, 1), date(2027, 1, 2))


def test_a_firm_with_a_signed_project_is_a_seed(town: Town, evaluate: Evaluate) -> None:
    keep_register(town)
    project = {
        "planned_revenue_cny": LINE,
        "project_signed_on": date(2026, 6, 1),
        "project_finishes_on": date(2028, 6, 1),
    }
    evaluate(industry(0.0, **project))
    assert (standing(town).rung, standing(town).told) == ("l1_seed", TOLD.EXACT)
    evaluate(industry(0.0, **project | {"project_finishes_on": date(2029, 6, 1)}))
    assert standing(town).computed == ""
    evaluate(industry(0.0, **project | {"project_signed_on": None}))
    row = standing(town)
    assert (row.told, row.missing) == (TOLD.AT_LEAST, ["project_signed_on"])


def test_a_sole_trader_over_the_line_enters_industry_where_the_zone_lets_it(
    town: Town, evaluate: Evaluate
) -> None:
    keep_register(town)
    admin = town.of("east-admin")
    with acting(admin):
        Party.objects.filter(pk=town.party.pk).update(kind=Party.Kind.SOLE_TRADER)
    evaluate(industry(1.2))
    row = standing(town)
    with acting(admin):
        allowed = LadderParameter.objects.get(code="allow_individual_industry")
    before = row.rung
    with acting(admin):
        growth.set_parameter(
            by=admin,
            now=NOW,
            code=allowed.code,
            value="0" if allowed.number else "1",
            reason="市统计局口径",
            version=allowed.version,
        )
    evaluate(industry(1.2), now=NOW + timedelta(minutes=1))
    after = standing(town).rung
    assert {before, after} == {"l1_near", "l1_reached"}


def test_who_builds_a_big_project_enters_in_any_month(town: Town, evaluate: Evaluate) -> None:
    keep_register(town)
    december = datetime(2026, 12, 1, 2, tzinfo=UTC)
    project = {
        "planned_investment_cny": 50_000_000.0,
        "main_works_started_on": date(2026, 3, 1),
        "production_started_on": date(2015, 3, 1),
    }
    firm = industry(1.1, metric_cny_ytd=1.05 * LINE, **project)
    evaluate(firm, now=december)
    row = standing(town, now=december)
    assert (row.path, row.cutoff_on) == (Path.MONTHLY, date(2026, 12, 7))
    evaluate(firm | {"planned_investment_cny": 49_990_000.0}, now=december)
    assert standing(town, now=december).path == Path.YEARLY


def test_a_firm_falls_one_rung_in_the_second_month_and_the_months_before_stay(
    town: Town, evaluate: Evaluate
) -> None:
    keep_register(town)
    evaluate(industry(0.8), now=SEP)
    evaluate(industry(0.2), now=OCT)
    october = standing(town, now=OCT)
    assert (october.rung, october.computed, october.told) == ("l1_near", "l1_seed", TOLD.HELD)
    assert (october.months_below, october.since) == (1, date(2026, 9, 1))
    evaluate(industry(0.2))
    evaluate(industry(0.2))
    november = standing(town)
    assert (november.rung, november.previous, november.since) == (
        "l1_sprout",
        "l1_near",
        date(2026, 11, 1),
    )
    assert standing(town, now=OCT).months_below == 1, "a month that is over is kept"
    evaluate(industry(0.9))
    assert (standing(town).rung, standing(town).told) == ("l1_near", TOLD.EXACT)


def test_a_firm_whose_figures_are_late_does_not_fall(town: Town, evaluate: Evaluate) -> None:
    keep_register(town)
    evaluate(industry(0.8), now=OCT)
    evaluate({})
    row = standing(town)
    assert (row.rung, row.told) == ("l1_near", TOLD.AT_LEAST)


def test_who_rose_and_fell_is_one_line_of_the_journal(town: Town, evaluate: Evaluate) -> None:
    keep_register(town)
    evaluate(industry(0.2), other=industry(0.8), now=OCT)
    found = evaluate(industry(0.8), other=industry(0.8))
    assert (found.firms, found.rose["business"], found.fell.get("business", 0)) == (2, 1, 0)
    with acting(town.of("east-economy")):
        line = JournalLine.objects.filter(verb="evaluate_ladders").latest("pk")
    assert line.detail["rose"] == {"business": 1}


def test_titles_make_the_other_ladders_and_the_day_itself_counts(
    town: Town, evaluate: Evaluate
) -> None:
    evaluate(industry(1.0, hnte_valid_to=NOW.date(), srdi_valid_to=date(2026, 11, 19)))
    assert standing(town, "technology").rung == "l2_hnte"
    assert (standing(town, "specialisation").rung, standing(town, "specialisation").told) == (
        "",
        TOLD.EXACT,
    )


def test_who_is_struck_off_stands_nowhere(town: Town, evaluate: Evaluate) -> None:
    evaluate(industry(0.8))
    admin = town.of("east-admin")
    with acting(admin):
        registry.close_party(
            by=admin, now=NOW, party=town.party, status=Party.Status.CANCELLED, reason="注销"
        )
    evaluate(industry(0.8))
    with acting(admin):
        assert not Standing.objects.filter(party=town.party).exists()


def test_only_the_month_that_runs_is_evaluated_and_only_by_who_keeps_the_ladders(
    town: Town, evaluate: Evaluate
) -> None:
    economy, officer = town.of("east-economy"), town.of("east-officer")
    with acting(economy), pytest.raises(Refused):
        growth.evaluate_ladders(by=economy, now=NOW, as_of=date(2026, 10, 1))
    with acting(officer), pytest.raises(Refused):
        growth.evaluate_ladders(by=officer, now=NOW)


def test_an_enterprise_sees_its_own_standing_alone_and_writes_none(
    town: Town, evaluate: Evaluate
) -> None:
    evaluate(industry(0.8), other=industry(0.8))
    with acting(town.spokesman()):
        assert set(Standing.objects.values_list("party_id", flat=True)) == {town.party.pk}
    with acting(town.of("west-economy")):
        assert not Standing.objects.exists()
    with acting(town.spokesman()), pytest.raises(ProgrammingError), transaction.atomic():
        Standing.objects.update(rung="l1_chain_leader")


def test_the_database_holds_what_a_standing_must_be(town: Town, evaluate: Evaluate) -> None:
    evaluate(industry(0.8))
    with acting(town.of("east-economy")):
        row = Standing.objects.filter(party=town.party, ladder="business")
        for wrong in ({"gap_fen": -1}, {"step": 0}, {"month": date(2026, 11, 2)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                row.update(**wrong)


def test_what_is_lacking_is_asked_once_and_only_of_who_lacks_it(
    town: Town, evaluate: Evaluate
) -> None:
    keep_register(town)
    evaluate({"stat_sector": "construction"}, other=industry(0.8))
    economy = town.of("east-economy")
    ids = [town.party.pk, town.other.pk]
    with acting(economy):
        asked = growth.ask_missing(by=economy, now=NOW, party_ids=ids)
        again = growth.ask_missing(by=economy, now=NOW, party_ids=ids)
        with pytest.raises(Refused):
            growth.ask_missing(by=economy, now=NOW, party_ids=[])
        none = growth.ask_missing(by=economy, now=NOW, party_ids=[town.other.pk])
    assert "construction_qualification" in asked.words
    assert "tsme_valid_to" in asked.left
    assert asked.questions > 0
    assert (again.questions, none.questions) == (0, 0)
    officer = town.of("east-officer")
    with acting(officer), pytest.raises(Refused):
        growth.ask_missing(by=officer, now=NOW, party_ids=ids)
