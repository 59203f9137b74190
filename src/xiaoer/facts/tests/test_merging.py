"""Entries of one enterprise that were merged count once, and nothing they said is lost."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts import queries
from xiaoer.facts.measuring import Scaled
from xiaoer.facts.models import Column, Metric, Rollup, Value
from xiaoer.facts.periods import Period, months_of
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
JANUARY, FEBRUARY = months_of(2026, 1, 1), months_of(2026, 2, 2)


def revenue() -> Metric:
    return Metric.objects.get(code="operating_revenue")


def firm(by: Actor, name: str) -> Party:
    return Party.objects.create(zone_id=by.zone_id, name=name)


def report(
    by: Actor, party: Party, period: Period, low: int, source: str = "月报", days: int = 0
) -> None:
    facts.record_values(
        by=by, now=NOW, metric=revenue(), column=Column.REPORTED, source=source,
        figures=[(party.pk, period, Scaled(low, low))], known_at=NOW + timedelta(days=days),
    )  # fmt: skip


def refresh(by: Actor) -> None:
    facts.refresh_rollups(
        zone_id=by.zone_id or 0,
        metric_id=revenue().pk,
        ends=[JANUARY.ends_on, FEBRUARY.ends_on],
        now=NOW,
    )


def total(by: Actor, period: Period, as_of: date | None = None) -> tuple[int, int]:
    """The sum and how many enterprises are in it; the rollup and the facts must say the same."""
    zone_id, metric_ids, ends = by.zone_id or 0, [revenue().pk], [period.ends_on]
    (raw,) = queries.sums_from_facts(zone_id=zone_id, metric_ids=metric_ids, ends=ends, as_of=as_of)
    if as_of is None:
        (kept,) = queries.sums(zone_id=zone_id, metric_ids=metric_ids, ends=ends)
        assert (kept.total, kept.parties, kept.bounded) == (raw.total, raw.parties, raw.bounded)
    return raw.total, raw.parties


@pytest.fixture
def keeper(of: Of) -> Iterator[Actor]:
    """An administrator keeps figures and the registry."""
    by = of("east-admin")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        yield by


@pytest.fixture
def merged(keeper: Actor) -> tuple[Party, Party]:
    return merge_two(keeper)


def merge_two(keeper: Actor) -> tuple[Party, Party]:
    """January known of both entries, the duplicate's later; February of the duplicate only."""
    kept, duplicate, other = (firm(keeper, name) for name in ("甲厂", "甲机械厂", "乙厂"))
    report(keeper, kept, JANUARY, 100)
    report(keeper, duplicate, JANUARY, 130, source="园区表", days=1)
    report(keeper, duplicate, FEBRUARY, 40, source="园区表")
    report(keeper, other, JANUARY, 7)
    refresh(keeper)
    assert total(keeper, JANUARY) == (237, 3)
    registry.merge_parties(by=keeper, now=NOW, kept=kept, duplicate=duplicate)
    refresh(keeper)
    return kept, duplicate


def test_the_kept_entry_counts_where_both_have_a_figure_and_the_other_where_only_it_has(
    keeper: Actor, merged: tuple[Party, Party]
) -> None:
    assert total(keeper, JANUARY) == (107, 2)
    assert total(keeper, FEBRUARY) == (40, 1)
    assert total(keeper, JANUARY, as_of=date(2026, 12, 1)) == (107, 2)


def test_what_is_listed_behind_a_sum_adds_up_to_it_and_the_superseded_keeps_its_source(
    keeper: Actor, merged: tuple[Party, Party]
) -> None:
    zone_id, metric_id = keeper.zone_id or 0, revenue().pk
    rows = list(queries.firm_values(zone_id=zone_id, metric_id=metric_id, period=JANUARY))
    assert sum(row.low or 0 for row in rows) == 107
    (left,) = queries.superseded(zone_id=zone_id, metric_id=metric_id, period=JANUARY)
    assert (left.value.source.name, left.value.low, left.by.low) == ("园区表", 130, 100)
    february = queries.firm_values(zone_id=zone_id, metric_id=metric_id, period=FEBRUARY)
    assert [queries.firm_of(row).name for row in february] == ["甲厂"]


def test_columns_are_judged_apart(keeper: Actor, merged: tuple[Party, Party]) -> None:
    """An estimate of the duplicate is no rival of what the kept one reported."""
    _kept, duplicate = merged
    facts.record_values(
        by=keeper, now=NOW, metric=revenue(), column=Column.ESTIMATED, source="估算",
        figures=[(duplicate.pk, JANUARY, Scaled(99, 99))],
    )  # fmt: skip
    rows = queries.firm_values(zone_id=keeper.zone_id or 0, metric_id=revenue().pk, period=JANUARY)
    assert {(row.column, row.low) for row in rows} == {
        ("reported", 100), ("reported", 7), ("estimated", 99),
    }  # fmt: skip


def test_of_several_merged_entries_the_figure_known_last_counts(keeper: Actor) -> None:
    kept, first, second = (firm(keeper, name) for name in ("甲厂", "甲机械厂", "甲机械总厂"))
    report(keeper, first, JANUARY, 10, days=2)
    report(keeper, second, JANUARY, 20, days=1)
    registry.merge_parties(by=keeper, now=NOW, kept=first, duplicate=second)
    registry.merge_parties(by=keeper, now=NOW, kept=kept, duplicate=first)
    refresh(keeper)
    assert total(keeper, JANUARY) == (10, 1)


def test_a_merge_asks_for_the_sums_it_changes_in_its_own_transaction(keeper: Actor) -> None:
    kept, duplicate = firm(keeper, "甲厂"), firm(keeper, "甲机械厂")
    report(keeper, duplicate, FEBRUARY, 40)
    asked_before = set(_asked())
    registry.merge_parties(by=keeper, now=NOW, kept=kept, duplicate=duplicate)
    (asked,) = set(_asked()) - asked_before
    job = ProcrastinateJob.objects.get(pk=asked)
    assert job.args["metric_id"] == revenue().pk
    assert job.args["ends"] == ["2026-02-28"]


def _asked() -> list[int]:
    jobs = ProcrastinateJob.objects.filter(task_name="refresh_rollups")
    return list(jobs.values_list("pk", flat=True))


def test_the_pages_show_which_figure_counts_and_which_does_not(of: Of, sign_in: SignIn) -> None:
    by = of("east-admin")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        kept, _duplicate = merge_two(by)
    client = sign_in("east-statistics")
    firms = "/indicators/records/?metric=operating_revenue&from=2026-01-01&to=2026-01-31&firms=yes"
    shown = client.get(firms).content.decode()
    assert "园区表" in shown
    assert "甲机械厂" in shown
    assert "不计入" in shown
    tab = client.get(f"/enterprises/{kept.pk}/facts/").content.decode()
    assert tab.count("不计入") == 1
    assert tab.count("甲机械厂") == 2


def test_nothing_is_lost_by_a_merge(keeper: Actor, merged: tuple[Party, Party]) -> None:
    _kept, duplicate = merged
    assert Value.objects.filter(party=duplicate).count() == 2
    assert Rollup.objects.get(ends_on=FEBRUARY.ends_on).parties == 1
