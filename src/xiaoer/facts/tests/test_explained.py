"""A computed growth says from which two figures, a rank among whom, and a past day what it knew."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts.measuring import Scaled
from xiaoer.facts.models import Column, Metric
from xiaoer.facts.periods import Period, at_date, months_of
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
HALF, BEFORE = months_of(2026, 1, 6), months_of(2025, 1, 6)
RECORDS = "/indicators/records/?metric=gdp&from=2026-01-01&to=2026-06-30"


def write(
    by: Actor, number: str, period: Period, source: str, *, part: str = "", on: date | None = None,
    code: str = "gdp", column: str = Column.OFFICIAL, aspect: str = "value",
) -> None:  # fmt: skip
    facts.record_value(
        by=by, now=NOW, metric=Metric.objects.get(code=code), period=period, number=number,
        column=column, source=source, dimension=part, known_on=on, aspect=aspect,
    )  # fmt: skip


@pytest.fixture
def by(of: Of) -> Actor:
    """The east with a growth of a tenth, two peers, a correction and bounds."""
    by = of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        write(by, "40", BEFORE, "去年月报", on=date(2025, 7, 20))
        write(by, "43", HALF, "快报", on=date(2026, 7, 10))
        write(by, "44", HALF, "今年月报", on=date(2026, 7, 20))
        write(by, "50", HALF, "全市通报", part="peer=任城区", on=date(2026, 7, 20))
        write(by, "30", HALF, "全市通报", part="peer=兖州区", on=date(2026, 7, 20))
        write(by, "≥30", at_date(date(2026, 6, 30)), "报告", code="trade_partner_country_count")
        write(by, "4-5", months_of(2026, 1, 3), "报告")
    return by


def test_a_growth_names_both_figures_with_their_sources(by: Actor, sign_in: SignIn) -> None:
    shown = sign_in("east-leader").get(RECORDS).content.decode()
    assert "44.00 ÷ 40.00 − 1 = 10.0%" in shown
    assert "去年月报" in shown
    assert "今年月报" in shown
    assert "2025年1–6月" in shown


def test_a_growth_that_cannot_be_computed_says_what_is_lacking(by: Actor, sign_in: SignIn) -> None:
    address = "/indicators/records/?metric=gdp&from=2025-01-01&to=2025-06-30"
    shown = sign_in("east-leader").get(address).content.decode()
    assert "没有 2024年1–6月 的确切数" in shown


def test_a_rank_names_among_whom_and_by_whose_word(by: Actor, sign_in: SignIn) -> None:
    shown = sign_in("east-leader").get(RECORDS).content.decode()
    assert "2 / 3" in shown
    assert shown.index("任城区") < shown.index("兖州区")
    assert shown.count("全市通报") >= 2


def test_the_page_and_the_api_know_on_a_past_day_what_was_known_then(
    by: Actor, sign_in: SignIn
) -> None:
    browser = sign_in("east-leader")
    then = browser.get(f"{RECORDS}&as_of=2026-07-15").content.decode()
    assert "43.00 ÷ 40.00 − 1 = 7.5%" in then
    assert "当时未知" in then
    assert "2 / 3" not in then
    table = browser.get("/indicators/?as_of=2026-07-15").content.decode()
    assert "43.00" in table
    assert "44.00" not in table
    (row, *_rest) = browser.get("/api/v1/indicators?metric=gdp&year=2026&as_of=2026-07-15").json()
    assert row["official"]["low"] == "43"
    assert browser.get("/api/v1/indicators?as_of=2025-01-01").json() == []


def test_a_bound_is_shown_as_one_on_every_page(by: Actor, sign_in: SignIn) -> None:
    browser = sign_in("east-leader")
    for address, shown in (
        ("/indicators/", "≥\u200930"),
        ("/indicators/", "4.00–5.00"),
        ("/indicators/gdp/?shape=ytd", "4.00–5.00"),
        ("/indicators/trade_partner_country_count/", "≥\u200930"),
        ("/indicators/records/?metric=gdp&from=2026-01-01&to=2026-03-31", "4.00–5.00"),
    ):
        assert shown in browser.get(address).content.decode(), address
    city = sign_in("city").get("/indicators/zones/").content.decode()
    assert "≥\u200930" in city
    export = browser.get("/indicators/?export=csv")
    text = b"".join(export.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a streamed answer
    assert "≥\u200930" in text
    assert "4.00–5.00" in text


def test_a_sum_with_a_bound_in_it_is_a_bound_and_explains_its_growth(
    by: Actor, sign_in: SignIn
) -> None:
    january, year_before = months_of(2026, 1, 1), months_of(2025, 1, 1)
    with acting(by):
        revenue = Metric.objects.get(code="operating_revenue")
        firms = [Party.objects.create(zone_id=by.zone_id, name=name) for name in ("甲厂", "乙厂")]
        for period, lows in ((january, (60_000, 60_000)), (year_before, (50_000, 50_000))):
            facts.record_values(
                by=by, now=NOW, metric=revenue, column=Column.REPORTED, source="月报",
                figures=[(f.pk, period, Scaled(n, n)) for f, n in zip(firms, lows, strict=True)],
            )  # fmt: skip
        ends = [january.ends_on, year_before.ends_on]
        facts.refresh_rollups(zone_id=by.zone_id or 0, metric_id=revenue.pk, ends=ends, now=NOW)
    browser = sign_in("east-leader")
    address = (
        "/indicators/records/?metric=operating_revenue&from=2026-01-01&to=2026-01-31&firms=yes"
    )
    assert "= 20.0%" in browser.get(address).content.decode()
    with acting(by):
        facts.record_values(
            by=by, now=NOW, metric=revenue, column=Column.REPORTED, source="补报",
            figures=[(Party.objects.create(zone_id=by.zone_id, name="丙厂").pk, january,
                      Scaled(10_000, None))],
        )  # fmt: skip
        facts.refresh_rollups(zone_id=by.zone_id or 0, metric_id=revenue.pk, ends=ends, now=NOW)
    assert "≥\u200913.00" in browser.get("/indicators/?q=%E8%90%A5%E4%B8%9A").content.decode()
    assert "= 20.0%" not in browser.get(address).content.decode()


def test_zones_side_by_side_open_on_the_last_year_that_has_something_to_compare(
    by: Actor, sign_in: SignIn
) -> None:
    with acting(by):
        write(by, "5", months_of(2027, 1, 12), "计划", aspect="target")
    city = sign_in("city")
    opened = city.get("/indicators/zones/").content.decode()
    assert "44.00" in opened
    assert "year=2027" not in opened
    then = city.get("/indicators/zones/?as_of=2025-12-31").content.decode()
    assert "40.00" in then
    assert "year=2026" not in then
