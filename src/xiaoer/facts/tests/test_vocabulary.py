"""Words of figures: which figure a word means, as known at a moment, for a whole zone at once."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pyarrow as pa
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.town import NOW
from xiaoer.base.scope import Actor, acting, system
from xiaoer.facts import actions as facts
from xiaoer.facts.models import Column, Metric
from xiaoer.facts.periods import Period, at_date, months_of
from xiaoer.facts.vocabulary import FiguresLender, figure_words, metric_of
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.registry.vocabulary import RegistryLender
from xiaoer.rules import vocabularies

Of = Callable[[str], Actor]
AS_OF = date(2026, 11, 20)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def keeper(of: Of) -> Iterator[Actor]:
    by = of("east-admin")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        yield by


def firm(by: Actor, name: str, **more: object) -> Party:
    return Party.objects.create(zone_id=by.zone_id, name=name, **more)


def say(
    by: Actor,
    party: Party,
    word: str,
    period: Period,
    number: object,
    column: str = Column.REPORTED,
    known_on: date | None = None,
) -> None:
    facts.record_value(
        by=by, now=NOW, metric=Metric.objects.get(code=metric_of(word)), period=period,
        number=number, column=column, source="年报", party=party, known_on=known_on,
    )  # fmt: skip


def year(which: int) -> Period:
    return months_of(which, 1, 12)


def known(
    by: Actor, *names: str, party: Party | None = None, as_of: date = AS_OF, at: object = LATER
) -> dict[str, object]:
    table: pa.Table = FiguresLender().columns(
        zone_id=by.zone_id,
        names=names,
        as_of=as_of,
        known_at=at,  # type: ignore[arg-type]  # datetimes only in these tests
        ids=[party.pk] if party else None,
    )
    rows = table.to_pylist()
    return rows[0] if rows else {}


def test_a_word_means_a_year_and_its_figure_is_in_yuan(keeper: Actor) -> None:
    party = firm(keeper, "甲厂")
    say(keeper, party, "revenue_cny", year(2025), "3.78亿元")
    say(keeper, party, "revenue_cny", year(2024), "1999万元")
    say(keeper, party, "market_share", at_date(date(2026, 6, 30)), "12.5%")
    found = known(keeper, "revenue_cny_y1", "revenue_cny_y2", "revenue_cny_y3", "market_share")
    assert found == {
        "id": party.pk,
        "revenue_cny_y1": 378_000_000.0,
        "revenue_cny_y2": 19_990_000.0,
        "revenue_cny_y3": None,
        "market_share": 0.125,
    }
    assert known(keeper, "revenue_cny_y1", as_of=date(2025, 3, 1))["revenue_cny_y1"] == 19_990_000.0


def test_official_goes_before_reported_and_an_estimate_is_no_fact(keeper: Actor) -> None:
    party = firm(keeper, "甲厂")
    say(keeper, party, "net_profit_cny", year(2025), "90万元", Column.ESTIMATED)
    assert known(keeper, "net_profit_cny_y1") == {}
    say(keeper, party, "net_profit_cny", year(2025), "-100万元")
    assert known(keeper, "net_profit_cny_y1")["net_profit_cny_y1"] == -1_000_000.0
    say(keeper, party, "net_profit_cny", year(2025), "-120万元", Column.OFFICIAL)
    assert known(keeper, "net_profit_cny_y1")["net_profit_cny_y1"] == -1_200_000.0


def test_a_correction_counts_from_when_it_is_known(keeper: Actor) -> None:
    party = firm(keeper, "甲厂")
    say(keeper, party, "employees_eop", at_date(date(2025, 12, 31)), 299, known_on=date(2026, 2, 1))
    say(keeper, party, "employees_eop", at_date(date(2025, 12, 31)), 301, known_on=date(2026, 5, 1))
    march, june = NOW.replace(month=3), NOW.replace(month=6)
    assert known(keeper, "employees_eop_y1", at=march)["employees_eop_y1"] == 299
    assert known(keeper, "employees_eop_y1", at=june)["employees_eop_y1"] == 301
    assert known(keeper, "employees_eop_y1", at=NOW.replace(month=1)) == {}


def test_a_bound_is_no_figure_to_compare_with(keeper: Actor) -> None:
    party = firm(keeper, "甲厂")
    say(keeper, party, "revenue_cny", year(2025), "≥2000万元")
    assert known(keeper, "revenue_cny_y1", party=party)["revenue_cny_y1"] is None


def test_the_year_so_far_is_the_furthest_month_reached_without_a_gap(keeper: Actor) -> None:
    party, gap = firm(keeper, "甲厂"), firm(keeper, "乙厂")
    say(keeper, party, "revenue_cny", months_of(2026, 1, 6), 600)
    for month in (7, 8, 10):
        say(keeper, party, "revenue_cny", months_of(2026, month, month), 110)
    say(keeper, gap, "revenue_cny", months_of(2026, 2, 2), 50)
    assert known(keeper, "revenue_cny_ytd", party=party)["revenue_cny_ytd"] == 8_200_000.0
    assert known(keeper, "revenue_cny_ytd", party=gap)["revenue_cny_ytd"] is None


def test_twelve_months_make_a_year_and_eleven_do_not(keeper: Actor) -> None:
    party = firm(keeper, "甲厂")
    for month in range(1, 12):
        say(keeper, party, "revenue_cny", months_of(2025, month, month), 100)
    assert known(keeper, "revenue_cny_y1", party=party)["revenue_cny_y1"] is None
    say(keeper, party, "revenue_cny", months_of(2025, 12, 12), 100)
    assert known(keeper, "revenue_cny_y1", party=party)["revenue_cny_y1"] == 12_000_000.0


def test_entries_of_a_merged_firm_speak_for_one(keeper: Actor) -> None:
    kept, duplicate = firm(keeper, "甲厂"), firm(keeper, "甲机械厂")
    say(keeper, kept, "revenue_cny", year(2025), 100)
    say(keeper, duplicate, "revenue_cny", year(2025), 130)
    say(keeper, duplicate, "revenue_cny", year(2024), 90)
    registry.merge_parties(by=keeper, now=NOW, kept=kept, duplicate=duplicate)
    for party in (kept, None):
        found = known(keeper, "revenue_cny_y1", "revenue_cny_y2", party=party)
        assert found == {
            "id": kept.pk,
            "revenue_cny_y1": 1_000_000.0,
            "revenue_cny_y2": 900_000.0,
        }


def test_another_zone_and_another_enterprise_know_nothing(keeper: Actor) -> None:
    party = firm(keeper, "甲厂")
    say(keeper, party, "revenue_cny", year(2025), 100)
    with acting(system(keeper.zone_id + 1)):
        assert known(keeper, "revenue_cny_y1", party=party) == {}
    with acting(Actor(zone_id=keeper.zone_id, party_ref=party.pk)):
        assert known(keeper, "revenue_cny_y1")["revenue_cny_y1"] == 1_000_000.0
    with acting(Actor(zone_id=keeper.zone_id, party_ref=party.pk + 1)):
        assert known(keeper, "revenue_cny_y1") == {}


def test_the_number_of_questions_does_not_grow_with_words_or_firms(keeper: Actor) -> None:
    for name in ("甲厂", "乙厂", "丙厂"):
        say(keeper, firm(keeper, name), "revenue_cny", year(2025), 100)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        known(keeper, *figure_words())
    assert len(seen) == 2


def test_the_registry_lends_what_stands_in_the_register(keeper: Actor) -> None:
    party = firm(
        keeper, "甲厂", credit_code="91370800MA3N2XTQ8K", industry="3511", section="C",
        registered_on=date(2024, 5, 6), capital_fen=12_345_600,
    )  # fmt: skip
    branch = firm(keeper, "甲厂济宁分公司")
    lender = RegistryLender()
    names = [word.name for word in lender.words(keeper.zone_id)]
    table = lender.columns(
        zone_id=keeper.zone_id, names=names, as_of=AS_OF, known_at=NOW, ids=[party.pk, branch.pk]
    )
    one, other = table.to_pylist()
    assert (one["division"], one["industry_code"], one["section"]) == (35, "3511", "C")
    assert (one["registered_on"], one["years_registered"]) == (date(2024, 5, 6), 2)
    assert (one["capital_cny"], one["region_code"]) == (123_456.0, "370800")
    assert (one["legal_person"], other["legal_person"]) == (True, False)
    assert (one["resident_enterprise"], other["resident_enterprise"]) == (True, None)
    assert (other["uscc"], other["division"], other["capital_cny"]) == (None, None, None)


def test_words_of_all_rooms_stand_side_by_side(keeper: Actor) -> None:
    party, other = firm(keeper, "甲厂", registered_on=date(2020, 1, 1)), firm(keeper, "乙厂")
    say(keeper, party, "revenue_cny", year(2025), 100)
    table = vocabularies.facts(
        zone_id=keeper.zone_id, names={"registered_on", "revenue_cny_y1"}, as_of=AS_OF,
        known_at=LATER, ids=[party.pk, other.pk],
    )  # fmt: skip
    assert [row["revenue_cny_y1"] for row in table.to_pylist()] == [1_000_000.0, None]
    assert "revenue_cny_y1" in vocabularies.vocabulary(keeper.zone_id)
