"""Sums of enterprises' figures agree with the figures, always."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.town import NOW
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts import queries
from xiaoer.facts.measuring import Scaled
from xiaoer.facts.models import Column, Metric, Rollup, Value
from xiaoer.facts.periods import months_of
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
JANUARY = months_of(2026, 1, 1)


def firms(by: Actor, count: int) -> list[Party]:
    return [
        Party.objects.create(
            zone_id=by.zone_id, name=f"第{n}机械有限公司", credit_code=f"CODE{n:014}"
        )
        for n in range(count)
    ]


def revenue() -> Metric:
    return Metric.objects.get(code="operating_revenue")


def refresh(by: Actor, *ends: date) -> None:
    facts.refresh_rollups(zone_id=by.zone_id or 0, metric_id=revenue().pk, ends=ends, now=NOW)


class _Undone(Exception):
    """Ends one example, so that the next begins with nothing."""


# firm, month, column, thousandths of 万元 (None: only known to be at least 5), days after NOW
FIGURES = some.lists(
    some.tuples(
        some.integers(0, 4),
        some.integers(1, 3),
        some.sampled_from(Column.values),
        some.one_of(some.none(), some.integers(-(10**12), 10**12)),
        some.integers(0, 5),
    ),
    max_size=25,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(figures=FIGURES, order=some.permutations([1, 2, 3]))
def test_rollups_are_the_sums_of_what_is_last_known(
    keeper: Actor,
    figures: list[tuple[int, int, str, int | None, int]],
    order: list[int],
) -> None:
    with pytest.raises(_Undone), transaction.atomic():
        there = firms(keeper, 5)
        last: dict[tuple[int, int, str], tuple[int, int | None]] = {}
        for firm, month, column, low, days in figures:
            known_at = NOW + timedelta(days=days)
            with_bound = Scaled(50_000, None) if low is None else Scaled(low, low)
            try:
                facts.record_values(
                    by=keeper, now=NOW, metric=revenue(), column=column, source="月报",
                    figures=[(there[firm].pk, months_of(2026, month, month), with_bound)],
                    known_at=known_at,
                )  # fmt: skip
            except Refused:
                continue  # known differently since the same moment
            if days >= last.get((firm, month, column), (-1, None))[0]:
                last[firm, month, column] = (days, low)
        refresh(keeper, *(months_of(2026, month, month).ends_on for month in order))
        _compare(keeper, last)
        raise _Undone


def _compare(by: Actor, last: dict[tuple[int, int, str], tuple[int, int | None]]) -> None:
    expected: dict[tuple[date, str], list[int]] = {}
    for (_firm, month, column), (_days, low) in last.items():
        key = (months_of(2026, month, month).ends_on, column)
        sums = expected.setdefault(key, [0, 0, 0])
        sums[0] += 50_000 if low is None else low
        sums[1] += 1
        sums[2] += low is None
    kept = {
        (row.ends_on, row.column): [row.total, row.parties, row.bounded]
        for row in Rollup.objects.all()
    }
    assert kept == expected
    raw = queries.sums_from_facts(
        zone_id=by.zone_id or 0,
        metric_ids=[revenue().pk],
        ends=[months_of(2026, month, month).ends_on for month in (1, 2, 3)],
    )
    assert {(s.period.ends_on, s.column): [s.total, s.parties, s.bounded] for s in raw} == kept


def test_only_the_months_touched_are_summed_anew(keeper: Actor) -> None:
    firm = firms(keeper, 1)[0]
    february = months_of(2026, 2, 2)
    record(keeper, [(firm.pk, JANUARY, 10), (firm.pk, february, 20)])
    refresh(keeper, JANUARY.ends_on, february.ends_on)
    Rollup.objects.filter(ends_on=february.ends_on).update(total=7)
    refresh(keeper, JANUARY.ends_on)
    assert Rollup.objects.get(ends_on=february.ends_on).total == 7


def record(by: Actor, figures: list[tuple[int, object, int]], known_at: datetime = NOW) -> None:
    facts.record_values(
        by=by, now=NOW, metric=revenue(), column=Column.REPORTED, source="月报",
        figures=[(firm, period, Scaled(low, low)) for firm, period, low in figures],  # type: ignore[misc]  # of any shape here
        known_at=known_at,
    )  # fmt: skip


def test_a_sum_as_known_on_a_past_day_comes_from_the_facts(keeper: Actor) -> None:
    firm = firms(keeper, 1)[0]
    record(keeper, [(firm.pk, JANUARY, 10)], NOW - timedelta(days=30))
    record(keeper, [(firm.pk, JANUARY, 15)], NOW)
    refresh(keeper, JANUARY.ends_on)
    row = queries.indicators(by=keeper, asked=queries.Asked())[0]
    then = queries.indicators(
        by=keeper, asked=queries.Asked(as_of=(NOW - timedelta(days=10)).date())
    )[0]
    assert row.reported is not None
    assert then.reported is not None
    assert (then.reported.low, row.reported.low) == (10, 15)
    assert row.parties == 1


def months_sheet(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    page = book.create_sheet("月报", 0)
    page.append(["2026年企业营业收入月报表"])
    page.append(["单位：万元"])
    page.append(["序号", "企业名称", "统一社会信用代码", "1月", "2月", "3月"])
    for number, row in enumerate(rows, 1):
        page.append([number, *row])
    page.append(["", "合计", "", 0, 0, 0])
    target = path / "months.xlsx"
    book.save(target)
    return target


def test_a_sheet_of_firms_by_months_is_matched_and_doubt_is_rejected(
    keeper: Actor, tmp_path: Path
) -> None:
    there = firms(keeper, 3)
    Party.objects.create(zone_id=keeper.zone_id, name=there[2].name)
    path = months_sheet(
        tmp_path,
        [
            [there[0].name, None, 100, "120.5", "-"],
            ["改了名的厂", there[1].credit_code, "0.3亿", None, None],
            [there[2].name, None, 1, None, None],
            ["第0机械制造厂", None, 1, 2, None],
            [there[0].name, there[1].credit_code[:-1] + "9", 5, None, None],
        ],
    )
    run = facts.import_values(by=keeper, now=NOW, path=path, answers={"dash": "missing"})
    assert (run.layout, run.metric) == ("months", revenue())
    assert (run.read, run.created, run.unchanged, run.rejected) == (7, 3, 0, 4)
    reasons = dict(run.rows.filter(outcome="rejected").values_list("row_no", "advice"))
    assert set(reasons) == {6, 7, 8}
    assert there[0].name in reasons[7]
    kept = set(Value.objects.values_list("party_id", "low"))
    assert kept == {
        (there[0].pk, 1_000_000), (there[0].pk, 1_205_000), (there[1].pk, 30_000_000),
    }  # fmt: skip
    again = facts.import_values(by=keeper, now=NOW, path=path)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)


def test_an_enterprise_sees_and_reports_its_own_figures_only(of: Of) -> None:
    keeper = of("east-statistics")
    with acting(keeper):
        facts.seed_metrics(by=keeper, now=NOW)
        mine, other = firms(keeper, 2)
        record(keeper, [(other.pk, JANUARY, 10)])
    firm = Actor(zone_id=keeper.zone_id, role=Role.ENTERPRISE, party_ref=mine.pk, name="厂")
    with acting(firm):
        reported = facts.record_value(
            by=firm, now=NOW, metric=revenue(), period=JANUARY, number="12万元", party=mine,
            column=Column.REPORTED, source="企业上报",
        )  # fmt: skip
        assert list(Value.objects.values_list("pk", flat=True)) == [reported.pk]
        for column, party in ((Column.OFFICIAL, mine), (Column.REPORTED, other)):
            with pytest.raises(Refused):
                facts.record_value(
                    by=firm, now=NOW, metric=revenue(), period=JANUARY, number=1, party=party,
                    column=column, source="企业上报",
                )  # fmt: skip
