"""Words with figures of one's own, so that ladders are tried without a year of imports."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import pyarrow as pa

from xiaoer.base.words import Kind, Word
from xiaoer.growth.vocabulary.ladders import LadderWords
from xiaoer.registry.vocabulary import RegistryLender

NUMBERS = (
    "stat_threshold_cny",
    "metric_forecast_cny",
    "metric_cny_ytd",
    "metric_12m_cny",
    "metric_months_known",
    "equity_new_2y_cny",
    "planned_investment_cny",
    "planned_revenue_cny",
)
PROJECT_DAYS = (
    "production_started_on",
    "main_works_started_on",
    "project_signed_on",
    "project_finishes_on",
)
TITLES = (
    "tsme_valid_to",
    "innovative_valid_to",
    "tech_innovative_sme_valid_to",
    "hnte_valid_to",
    "srdi_valid_to",
    "giant_valid_to",
    "champion_valid_to",
)
TEXTS = ("stat_sector", "construction_qualification")
SHAPES = {Kind.NUMBER: pa.float64(), Kind.DAY: pa.date32(), Kind.TEXT: pa.string()}
LINE = 20_000_000.0
Facts = dict[int, Mapping[str, object]]


class Figures:
    """A lender of what a test says of each firm."""

    subject = "party"

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def words(self, zone_id: int) -> Sequence[Word]:
        return [
            *(Word(name, name, name, unit=_unit(name)) for name in NUMBERS),
            *(Word(name, name, name, Kind.DAY) for name in (*TITLES, *PROJECT_DAYS)),
            *(Word(name, name, name, Kind.TEXT) for name in TEXTS),
            Word("has_realestate_development", "开发", "develops", Kind.FLAG),
        ]

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:
        kinds = {word.name: word.kind for word in self.words(zone_id)}
        wanted = list(self.facts)
        table = pa.table({"id": pa.array(wanted, pa.int64())})
        for name in names:
            if name in kinds:
                values = [self.facts[one].get(name) for one in wanted]
                shape = SHAPES.get(kinds[name], pa.bool_())
                table = table.append_column(name, pa.array(values, shape))
        return table


def _unit(name: str) -> str:
    return "month" if name == "metric_months_known" else "CNY"


def lenders(facts: Facts) -> list[object]:
    return [RegistryLender(), LadderWords(), Figures(facts)]


def industry(share: float | None, **more: object) -> dict[str, object]:
    """An industrial firm whose forecast is so much of the line."""
    forecast = None if share is None else share * LINE
    return {
        "stat_sector": "industry",
        "stat_threshold_cny": LINE,
        "metric_forecast_cny": forecast,
        "metric_cny_ytd": None if forecast is None else forecast * 10 / 12,
        "metric_12m_cny": forecast,
        "metric_months_known": 10.0,
        "equity_new_2y_cny": 0.0,
        "planned_revenue_cny": 0.0,
        **dict.fromkeys(TITLES, date(2000, 1, 1)),
        **more,
    }
