"""导出词 Words that follow from others: sectors, sizes, growth, shares, the forecast of the year.

What follows from two or three facts is a formula of the rule language, so that a reason can be taken
apart. What needs the zone's tables or whole months is computed here, for all firms at once.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import TypeVar

import numpy as np
import pyarrow as pa
from django.db.models import Q

from xiaoer.base.words import Choice, Kind, Word
from xiaoer.facts import columns
from xiaoer.facts.columns import Floats
from xiaoer.facts.vocabulary import KnownFigures, figure_words, known_figures, months_over
from xiaoer.growth.forecasting import Forecast, forecast
from xiaoer.growth.models import ForecastOverride, Sector, SizeStandard, StatThreshold
from xiaoer.growth.standards import NONE, sector_codes
from xiaoer.growth.vocabulary.formulas import FORMULAS, size_words
from xiaoer.growth.vocabulary.ladders import parameters_at
from xiaoer.registry.vocabulary import RegistryLender

Row = TypeVar("Row", StatThreshold, SizeStandard)
FEN = 100
WINDOW = 3
SECTORS = {
    Sector.INDUSTRY: ("规上工业", "industry"),
    Sector.CONSTRUCTION: ("有资质的建筑业", "construction"),
    Sector.WHOLESALE: ("限上批发", "wholesale"),
    Sector.RETAIL: ("限上零售", "retail"),
    Sector.HOTEL: ("限上住宿", "hotels"),
    Sector.CATERING: ("限上餐饮", "catering"),
    Sector.REALESTATE_DEV: ("房地产开发经营", "real estate development"),
    Sector.SERVICE_2000: ("规上服务业（2000万）", "services from 20 million"),
    Sector.SERVICE_1000: ("规上服务业（1000万）", "services from 10 million"),
    Sector.SERVICE_500: ("规上服务业（500万）", "services from 5 million"),
}
OUTSIDE = Choice(NONE, "不在其列", "in none of them")
METRIC = "工业、批零、住餐看主营业务收入，服务业看营业收入"
METRIC_EN = "Main business revenue in industry, trade, hotels and catering; revenue in services."
STAT_SECTOR = Word(
    "stat_sector", "四上行业", "statistical sector", Kind.TEXT, group="activity",
    meaning_zh="按行业代码归入四上行业；农业、金融等不在其列",
    meaning_en="By industry class; farming, finance and others are in none.",
    choices=(*(Choice(code.value, *name) for code, name in SECTORS.items()), OUTSIDE),
)  # fmt: skip
STAT_THRESHOLD = Word(
    "stat_threshold_cny", "四上入统标准", "threshold of the statistical register", Kind.NUMBER,
    "CNY", "scale", meaning_zh="按本区四上标准表；建筑业、房地产不看金额",
    meaning_en="By the zone's table; construction and real estate have none.",
)  # fmt: skip
_MONEY = (
    ("metric_cny_y1", "入统指标（上年）", "deciding revenue, last year"),
    ("metric_cny_ytd", "入统指标（今年累计）", "deciding revenue, this year so far"),
    ("metric_12m_cny", "入统指标（近12个月）", "deciding revenue of the last twelve months"),
    ("metric_forecast_cny", "入统指标（全年预测）", "deciding revenue, forecast of the year"),
)
METRIC_WORDS = (
    *(
        Word(name, zh, en, Kind.NUMBER, "CNY", "scale", meaning_zh=METRIC, meaning_en=METRIC_EN)
        for name, zh, en in _MONEY
    ),
    Word(
        "metric_months_known", "入统指标已知月数", "months of the deciding revenue known",
        Kind.NUMBER, "month", "scale", meaning_zh="今年一月起连续已知的月数",
        meaning_en="Months known from January on without a gap.",
    ),
)  # fmt: skip
METRIC_NAMES = frozenset(word.name for word in METRIC_WORDS)
# What makes a year and the one before, of both kinds of revenue.
_STEMS = {
    StatThreshold.Basis.MAIN_REVENUE: "main_revenue_cny",
    StatThreshold.Basis.REVENUE: "revenue_cny",
}


class DerivedWords:
    """The lender; words of firms that follow from others."""

    subject = "party"

    def words(self, zone_id: int) -> Sequence[Word]:
        sizes = list(SizeStandard.objects.filter(zone_id=zone_id).order_by("order", "pk"))
        return [
            STAT_SECTOR, STAT_THRESHOLD, *METRIC_WORDS, _sme_sector(sizes), *size_words(sizes),
            *FORMULAS,
        ]  # fmt: skip

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:
        firms = RegistryLender().columns(
            zone_id=zone_id, names=("industry_code", "division"), as_of=as_of,
            known_at=known_at, ids=ids,
        )  # fmt: skip
        table = pa.table({"id": firms["id"]})
        codes, divisions = firms["industry_code"].to_pylist(), firms["division"].to_pylist()
        if "sme_sector" in names:
            sizes = _at(SizeStandard, zone_id, as_of)
            found = sector_codes(codes, divisions, {row.sector: row.industries for row in sizes})
            table = table.append_column("sme_sector", pa.array(found, pa.string()))
        if not (METRIC_NAMES | {"stat_sector", "stat_threshold_cny"}) & set(names):
            return table
        lines = {row.sector: row for row in _at(StatThreshold, zone_id, as_of)}
        texts = {sector: row.industries for sector, row in lines.items()}
        sectors = sector_codes(codes, divisions, texts)
        if "stat_sector" in names:
            table = table.append_column("stat_sector", pa.array(sectors, pa.string()))
        if "stat_threshold_cny" in names:
            table = table.append_column("stat_threshold_cny", _thresholds(sectors, lines))
        if METRIC_NAMES & set(names):
            bases = [lines[one].basis if one in lines else None for one in sectors]
            table = _with_metric(
                table, names, zone_id=zone_id, as_of=as_of, known_at=known_at, bases=bases, ids=ids
            )
        return table


def _at(model: type[Row], zone_id: int, as_of: date) -> list[Row]:
    """The rows in force on a day."""
    return list(
        model._default_manager.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gte=as_of),
            zone_id=zone_id,
            effective_from__lte=as_of,
        )
    )


def _sme_sector(sizes: Sequence[SizeStandard]) -> Word:
    names = {row.sector: Choice(row.sector, row.name, row.name_en) for row in sizes}
    return Word(
        "sme_sector", "划型行业", "sector of the SME standard", Kind.TEXT, group="activity",
        meaning_zh="中小企业划型标准的行业；金融、教育、卫生、铁路另有规定",
        meaning_en="Sector of the SME size standard; finance, education, health, rail have their own.",
        choices=(*names.values(), OUTSIDE),
    )  # fmt: skip


def _thresholds(sectors: Sequence[str | None], lines: dict[str, StatThreshold]) -> pa.Array:
    money = {sector: row.threshold_fen / FEN for sector, row in lines.items() if row.threshold_fen}
    return pa.array([money.get(one or "") for one in sectors], pa.float64())


# The deciding revenue ----------------------------------------------------------------------------


def _with_metric(
    table: pa.Table,
    names: Collection[str],
    *,
    zone_id: int,
    as_of: date,
    known_at: datetime,
    bases: Sequence[str | None],
    ids: Sequence[int] | None,
) -> pa.Table:
    firms = table["id"].combine_chunks().to_numpy()
    known = known_figures(
        zone_id=zone_id,
        asked=[figure_words()[f"{stem}_{form}"] for stem in _STEMS.values() for form in ("y1", "ytd")],
        as_of=as_of,
        known_at=known_at,
        ids=ids,
    )  # fmt: skip
    window = int(parameters_at(zone_id, known_at).get("p_window", WINDOW))
    found = {
        basis: _forecast_of(known, stem, firms, as_of, window) for basis, stem in _STEMS.items()
    }
    is_main = np.array([basis == StatThreshold.Basis.MAIN_REVENUE for basis in bases], bool)
    is_told = np.array([basis is not None for basis in bases], bool)

    def of(pick: Callable[[tuple[Forecast, Floats]], Floats]) -> Floats:
        main, all_ = (pick(found[basis]) for basis in _STEMS)
        return np.where(is_told, np.where(is_main, main, all_), np.nan)

    year = of(lambda one: one[0].year)
    for place, amount in _overrides(zone_id, as_of.year, known_at, firms).items():
        year[place] = amount
    values = {
        "metric_cny_y1": of(lambda one: one[1]),
        "metric_cny_ytd": of(lambda one: one[0].so_far),
        "metric_12m_cny": of(lambda one: one[0].last_twelve),
        "metric_forecast_cny": year,
        "metric_months_known": of(lambda one: one[0].months.astype(np.float64)),
    }
    for name in METRIC_NAMES & set(names):
        table = table.append_column(name, pa.array(values[name], from_pandas=True))
    return table


def _forecast_of(
    known: KnownFigures, stem: str, firms: Floats, as_of: date, window: int
) -> tuple[Forecast, Floats]:
    """The forecast of one kind of revenue for firms in their order, and last year's figure."""
    kept = figure_words()[f"{stem}_ytd"]
    rows = known.of(kept)
    place = np.full(firms.size, -1, np.int64)
    if rows.ids.size:
        at = np.minimum(np.searchsorted(rows.ids, firms), rows.ids.size - 1)
        place = np.where(rows.ids[at] == firms, at, -1)

    def in_order(months: Floats) -> Floats:
        if not rows.ids.size:
            return np.full((columns.MONTHS, firms.size), np.nan)
        return np.where(place >= 0, months[:, place] / kept.divisor, np.nan)

    this, last = (
        in_order(columns.year_of(rows, year).months(rows)[1])
        for year in (as_of.year, as_of.year - 1)
    )
    so_far, months = columns.so_far(this, months_over(as_of)) if months_over(as_of) else (
        np.full(firms.size, np.nan), np.zeros(firms.size, np.int64),
    )  # fmt: skip
    told = forecast(this_year=this, last_year=last, so_far=so_far, months=months, window=window)
    return told, last[-1]


def _overrides(zone_id: int, year: int, known_at: datetime, firms: Floats) -> dict[int, float]:
    """By place of the firm, what staff said its year will come to; the last word counts."""
    rows = ForecastOverride.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=known_at),
        zone_id=zone_id,
        year=year,
        known_at__lte=known_at,
    ).order_by("known_at", "pk")
    places = {int(firm): place for place, firm in enumerate(firms)}
    found = {}
    for party, merged, fen in rows.values_list("party_id", "party__merged_into_id", "forecast_fen"):
        if (place := places.get(merged or party)) is not None:
            found[place] = fen / FEN
    return found
