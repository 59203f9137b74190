"""Figures stand side by side, are corrected by new rows, and are read as known on a day."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts import queries
from xiaoer.facts.models import Aspect, Column, Metric, Value
from xiaoer.facts.periods import Period, parse_period

Of = Callable[[str], Actor]


def half(year: int = 2022) -> Period:
    period = parse_period(f"{year}年1-6月")
    assert period is not None
    return period


def gdp() -> Metric:
    return Metric.objects.get(code="gdp")


def record(
    by: Actor,
    number: object,
    column: str = Column.OFFICIAL,
    *,
    period: Period | None = None,
    aspect: str = Aspect.VALUE,
    unit: str = "亿元",
    known_on: date | None = None,
    dimension: str = "",
    external_ref: str = "",
) -> Value:
    return facts.record_value(
        by=by,
        now=NOW,
        metric=gdp(),
        period=period or half(),
        number=number,
        column=column,
        source="统计月报",
        unit=unit,
        aspect=aspect,
        known_on=known_on,
        dimension=dimension,
        external_ref=external_ref,
    )


def test_reported_estimated_and_official_never_overwrite_one_another(keeper: Actor) -> None:
    record(keeper, 40, Column.REPORTED)
    record(keeper, 42, Column.ESTIMATED)
    record(keeper, "43.31", Column.OFFICIAL)
    row = queries.indicators(by=keeper, asked=queries.Asked())[0]
    figures = (row.reported, row.estimated, row.official)
    assert [figure.number for figure in figures if figure] == [40, 42, Decimal("43.31")]


def test_as_known_on_a_day_replays_what_was_known_then(keeper: Actor) -> None:
    record(keeper, "43.31", known_on=date(2022, 9, 30))
    record(keeper, "43.50", known_on=date(2023, 1, 20))
    days = {
        date(2022, 9, 29): None,
        date(2022, 9, 30): Decimal("43.31"),
        date(2023, 1, 19): Decimal("43.31"),
        date(2023, 1, 20): Decimal("43.5"),
    }
    for day, number in days.items():
        known = queries.value_as_known(
            zone_id=keeper.zone_id or 0, metric_code="gdp", period=half(), column=Column.OFFICIAL,
            as_of=day,
        )  # fmt: skip
        assert (known.number if known else None) == number


def test_a_version_that_comes_late_joins_history_without_changing_the_present(
    keeper: Actor,
) -> None:
    record(keeper, "43.50", known_on=date(2023, 1, 20))
    record(keeper, "43.31", known_on=date(2022, 9, 30))
    row = queries.indicators(by=keeper, asked=queries.Asked())[0]
    assert row.official is not None
    assert row.official.number == Decimal("43.5")


def test_the_same_figure_twice_is_written_once(keeper: Actor) -> None:
    assert record(keeper, "43.31亿元").pk == record(keeper, "4331000000元").pk
    assert Value.objects.count() == 1


def test_two_figures_cannot_be_known_since_the_same_day(keeper: Actor) -> None:
    record(keeper, 40, known_on=date(2022, 9, 30))
    with pytest.raises(Refused) as refusal:
        record(keeper, 41, known_on=date(2022, 9, 30))
    assert refusal.value.field == "known_on"


def test_nothing_of_a_value_can_be_changed_but_that_it_was_taken_back(keeper: Actor) -> None:
    value = record(keeper, 40)
    for change in ({"low": 1}, {"known_at": NOW}, {"column": Column.REPORTED}):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Value.objects.filter(pk=value.pk).update(**change)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        value.delete()


@pytest.mark.parametrize(
    ("typed", "low", "high", "is_open", "shown"),
    [
        ("≥30", 300_000, None, False, "≥\u200930.00"),
        (">30", 300_000, None, True, ">\u200930.00"),
        ("30余", 300_000, None, False, "≥\u200930.00"),
        ("4-5", 40_000, 50_000, False, "4.00–5.00"),
        ("不足3", None, 30_000, True, "<\u20093.00"),
    ],
)
def test_a_bound_stays_a_bound(
    keeper: Actor, typed: str, low: int | None, high: int | None, is_open: bool, shown: str
) -> None:
    value = record(keeper, typed)
    assert (value.low, value.high, value.is_open) == (low, high, is_open)
    figure = queries.indicators(by=keeper, asked=queries.Asked())[0].official
    assert figure is not None
    assert figure.number is None
    assert figure.show() == shown


def test_no_growth_is_computed_from_a_bound(keeper: Actor) -> None:
    record(keeper, ">40", period=half(2021))
    record(keeper, "43.31")
    assert queries.indicators(by=keeper, asked=queries.Asked())[0].growth.computed is None


def test_growth_is_computed_beside_the_printed_one(keeper: Actor) -> None:
    record(keeper, 40, period=half(2021))
    record(keeper, 44)
    record(keeper, 4.7, aspect=Aspect.GROWTH, unit="%")
    growth = queries.indicators(by=keeper, asked=queries.Asked())[0].growth
    assert growth.computed == Decimal("10.0")
    assert growth.printed is not None
    assert growth.printed.number == Decimal("4.7")


def test_growth_is_not_computed_across_columns(keeper: Actor) -> None:
    record(keeper, 40, Column.REPORTED, period=half(2021))
    record(keeper, 44, Column.OFFICIAL)
    assert queries.indicators(by=keeper, asked=queries.Asked())[0].growth.computed is None


def test_a_missing_figure_is_not_written_down(keeper: Actor) -> None:
    for nothing in ("", "-", "无", None):
        with pytest.raises(Refused):
            record(keeper, nothing)


def test_only_an_estimate_or_a_target_tells_of_what_has_not_begun(keeper: Actor) -> None:
    with pytest.raises(Refused):
        record(keeper, 40, Column.OFFICIAL, period=half(2027))
    record(keeper, 40, Column.ESTIMATED, period=half(2027))
    record(keeper, 45, Column.OFFICIAL, period=half(2027), aspect=Aspect.TARGET)


def test_an_officer_of_the_grid_writes_no_figures_of_the_zone(of: Of) -> None:
    statistics, officer = of("east-statistics"), of("east-officer")
    with acting(statistics):
        facts.seed_metrics(by=statistics, now=NOW)
    with acting(officer), pytest.raises(Refused):
        record(officer, 40)


def test_another_zone_sees_no_figure(of: Of) -> None:
    east, west = of("east-statistics"), of("west-statistics")
    with acting(east):
        facts.seed_metrics(by=east, now=NOW)
        value = record(east, 40, external_ref="A-1")
    with acting(west):
        assert queries.indicators(by=west, asked=queries.Asked()) == []
        assert not queries.known_values(zone_ids=[value.zone_id]).exists()
        assert not queries.figures_by_reference(zone_id=value.zone_id, references=["A-1"])


def test_the_city_compares_zones_and_says_what_the_next_place_takes(of: Of) -> None:
    east, west, city = of("east-statistics"), of("west-statistics"), of("city")
    with acting(east):
        facts.seed_metrics(by=east, now=NOW)
        record(east, 40)
    with acting(west):
        record(west, "43.31")
    looking = city.in_zone(east.zone_id or 0)
    with acting(looking):
        standing = queries.indicators(by=looking, asked=queries.Asked())[0].standing
        assert standing is not None
        assert (standing.place, len(standing.competitors)) == (2, 2)
        assert standing.ahead is not None
        assert (standing.ahead.name, standing.gap) == ("西区", Decimal("3.31"))
        view = queries.city_view(by=looking, asked=queries.Asked())
        assert [cell.number for cell in view[0].cells if cell] == [40, Decimal("43.31")]
        assert view[0].places == (2, 1)


def test_a_zone_ranks_itself_among_peers_of_a_list_it_imported(keeper: Actor) -> None:
    record(keeper, 40)
    record(keeper, 50, dimension="peer=任城区")
    record(keeper, 30, dimension="peer=邹城市")
    rows = queries.indicators(by=keeper, asked=queries.Asked())
    assert len(rows) == 1
    standing = rows[0].standing
    assert standing is not None
    assert standing.place == 2
    assert standing.gap == standing.lead == Decimal(10)


def test_a_reference_answers_with_the_last_version_of_what_it_states(keeper: Actor) -> None:
    record(keeper, "43.31", known_on=date(2022, 9, 30), external_ref="001-001")
    record(keeper, "43.50", known_on=date(2023, 1, 20))
    zone_id = keeper.zone_id or 0
    now = queries.value_by_reference(zone_id=zone_id, external_ref="001-001")
    then = queries.value_by_reference(
        zone_id=zone_id, external_ref="001-001", as_of=date(2022, 10, 1)
    )
    assert now is not None
    assert then is not None
    assert (then.number, now.number) == (Decimal("43.31"), Decimal("43.5"))
    assert queries.value_by_reference(zone_id=zone_id, external_ref="none") is None


def test_metrics_are_seeded_once_and_named_once(keeper: Actor) -> None:
    assert facts.seed_metrics(by=keeper, now=NOW + timedelta(days=1)) == 0
    with pytest.raises(Refused):
        facts.define_metric(
            by=keeper, now=NOW, code="gdp2", name="地区生产总值", unit="CNY_100m", kind="flow"
        )
