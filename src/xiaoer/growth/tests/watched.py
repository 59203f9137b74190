"""Firms with months of figures, as tests of monitoring arrange them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from tests.town import NOW, coming
from xiaoer.base.scope import Actor
from xiaoer.facts import actions as facts
from xiaoer.facts.measuring import Scaled
from xiaoer.facts.models import Metric, Value
from xiaoer.facts.periods import Period, months_of
from xiaoer.growth.queries import months_in
from xiaoer.registry.models import Cell, Grid, Park, Party

SCALE = 10**Value.SCALE
POWER, TAX, REVENUE, EXPORT = "electricity_use", "tax_paid", "operating_revenue", "export_value"


def firm(
    by: Actor, name: str, *, industry: str = "3411", park: Park | None = None, **more: object
) -> Party:
    return Party.objects.create(
        zone_id=by.zone_id,
        name=name,
        industry=industry,
        section="C",
        park=park,
        cell=_cell(by),
        **{"registered_on": date(2015, 3, 1), **more},
    )


def _cell(by: Actor) -> Cell:
    """Rules are asked of the firms that lie in a cell."""
    grid, _new = Grid.objects.get_or_create(
        zone_id=by.zone_id, code="G1", defaults={"name": "第一总网格"}
    )
    cell, _new = Cell.objects.get_or_create(
        zone_id=by.zone_id, code="C1", defaults={"name": "一单元", "grid": grid}
    )
    return cell


def metric(code: str) -> Metric:
    return Metric.objects.get(code=code)


def last_month() -> date:
    """The last day of the month before today's: what pages and the API look at."""
    return coming(0).replace(day=1) - timedelta(days=1)


def report(
    by: Actor,
    code: str,
    figures: Mapping[Party, Sequence[int | None]],
    *,
    last: date = date(2026, 10, 31),
    column: str = "reported",
) -> None:
    """Months of whole figures up to one, oldest first; None is a month nobody reported."""
    rows: list[tuple[int, Period, Scaled]] = []
    for party, months in figures.items():
        rows += [
            (party.pk, month, Scaled(figure * SCALE, figure * SCALE))
            for month, figure in zip(_last(last, len(months)), months, strict=True)
            if figure is not None
        ]
    facts.record_values(
        by=by, now=NOW, metric=metric(code), column=column, source="企业月报", figures=rows
    )
    facts.refresh_rollups(
        zone_id=by.zone_id,
        metric_id=metric(code).pk,
        ends={period.ends_on for _party, period, _figure in rows},
        now=NOW,
    )


def _last(last: date, count: int) -> Iterable[Period]:
    return months_in(Period(date(last.year - 5, 1, 1), last))[-count:]


def month(year: int, number: int) -> Period:
    return months_of(year, number, number)
