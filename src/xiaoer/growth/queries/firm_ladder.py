"""One firm and the line of the register: its months so far, what must hold, what it must bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from xiaoer.base.scope import Actor
from xiaoer.facts import columns
from xiaoer.facts.columns import Wanted
from xiaoer.facts.models import Metric
from xiaoer.growth.models import (
    EvidenceItem,
    ForecastOverride,
    LadderParameter,
    Sector,
    Standing,
)
from xiaoer.growth.queries.standings import FirmLadder, firm_ladders, papers_of_firm
from xiaoer.registry.models import Party
from xiaoer.rules import vocabularies

BY_REVENUE = frozenset({Sector.SERVICE_2000, Sector.SERVICE_1000, Sector.SERVICE_500})
MONTHS = 12
FEN_OF_WAN = 1_000_000
SHOWN_WORDS = 50
MUST_HOLD = ("legal_person", "enterprise_accounting")
SOLE_TRADER = "individual_business"


@dataclass(frozen=True, slots=True)
class Series:
    """Cumulative revenue of the year in 10,000 yuan, by month; None from the first unknown month."""

    year: int
    by_revenue: bool
    known: tuple[float | None, ...]
    forecast: tuple[float | None, ...]
    threshold: float | None

    @property
    def months(self) -> int:
        return sum(value is not None for value in self.known)

    @property
    def is_drawn(self) -> bool:
        return self.months > 0


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must hold before a firm enters: a fact, or a paper that is here or not."""

    name: str
    name_en: str
    state: str  # met, gap, data
    paper: EvidenceItem | None = None

    def label(self, language: str) -> str:
        return self.name if language.startswith("zh") or not self.name_en else self.name_en


@dataclass(frozen=True, slots=True)
class FirmCard:
    """What the card of a firm shows."""

    ladders: dict[str, FirmLadder]
    business: FirmLadder | None
    series: Series | None
    needs: tuple[Need, ...]
    papers_missing: int

    @property
    def standing(self) -> Standing | None:
        return self.business.standing if self.business else None


def firm_card(*, by: Actor, party: Party, now: datetime) -> FirmCard:
    """A firm on its ladders, its year against the line, and what it must bring."""
    found = firm_ladders(by=by, party=party)
    business = found.get("business")
    if business is None:
        return FirmCard(found, None, None, (), 0)
    standing = business.standing
    needs: list[Need] = []
    missing = 0
    if not _is_member(business):
        needs.extend(_facts(by, party, standing, now))
        papers = papers_of_firm(by=by, standing=standing)
        missing = sum(handed is None for _item, handed in papers)
        needs.extend(
            Need(item.name, item.name_en, "met" if handed else "data", item)
            for item, handed in papers
        )
    return FirmCard(found, business, _series(by, party, standing, now), tuple(needs), missing)


def _is_member(business: FirmLadder) -> bool:
    return any(
        step.rung.code == "l1_above_scale" and step.rung.step <= business.standing.step
        for step in business.steps
    )


def _facts(by: Actor, party: Party, standing: Standing, now: datetime) -> list[Need]:
    words = vocabularies.vocabulary(by.zone_id or 0).words
    names = [name for name in MUST_HOLD if name in words]
    table = vocabularies.facts(
        zone_id=by.zone_id or 0,
        names=[*names, SOLE_TRADER],
        as_of=standing.as_of,
        known_at=now,
        ids=[party.pk],
    )
    found = table.to_pylist()
    values = found[0] if found else {}
    if values.get(SOLE_TRADER) and standing.sector == Sector.INDUSTRY:
        # Where the zone lets them, an individual business enters industry as a legal person does.
        values["legal_person"] = LadderParameter.objects.filter(
            zone_id=by.zone_id, code="allow_individual_industry", number=1
        ).exists()
    states = {True: "met", False: "gap", None: "data"}
    return [Need(words[name].zh, words[name].en, states[values.get(name)]) for name in names]


def _series(by: Actor, party: Party, standing: Standing, now: datetime) -> Series | None:
    """The deciding revenue month by month, and the straight way from there to the forecast."""
    if not standing.sector:
        return None
    by_revenue = standing.sector in BY_REVENUE
    year = standing.as_of.year
    total = _cumulative(
        by.zone_id or 0,
        "operating_revenue" if by_revenue else "main_revenue_cny",
        party.pk,
        standing.as_of,
        now,
    )
    known: list[float | None] = []
    for value in total:
        known.append(None if value is None or (known and known[-1] is None) else value)
    months = sum(value is not None for value in known)
    threshold = None if standing.threshold_fen is None else standing.threshold_fen / FEN_OF_WAN
    return Series(
        year, by_revenue, tuple(known), _way(known, months, standing.forecast_fen), threshold
    )


def _way(
    known: Sequence[float | None], months: int, forecast_fen: int | None
) -> tuple[float | None, ...]:
    if forecast_fen is None or not 0 < months < MONTHS:
        return (None,) * MONTHS
    start, end = known[months - 1] or 0.0, forecast_fen / FEN_OF_WAN
    step = (end - start) / (MONTHS - months)
    return tuple(
        None if month < months else round(start + step * (month - months), 2)
        for month in range(1, MONTHS + 1)
    )


def _cumulative(
    zone_id: int, code: str, party_id: int, as_of: date, known_at: datetime
) -> list[float | None]:
    """January to each month, in 10,000 yuan."""
    metric = Metric.objects.filter(code=code).first()
    if metric is None:
        return [None] * MONTHS
    rows = columns.rows(
        zone_id=zone_id,
        wanted=[Wanted([metric.pk], columns.month_ends(as_of.year))],
        as_of=as_of,
        known_at=known_at,
        ids=[party_id],
    )
    if not rows.ids.size:
        return [None] * MONTHS
    mine = rows.of(metric.pk)
    _single, total = columns.year_of(mine, as_of.year).months(mine)
    divisor = columns.DIVISORS.get(metric.unit, columns.SCALE) * 10_000
    return [None if np.isnan(value) else round(float(value) / divisor, 2) for value in total[:, 0]]


def forecast_words(*, by: Actor, party: Party) -> list[ForecastOverride]:
    """What staff said last of a firm's years, what was taken back too."""
    rows = ForecastOverride.objects.filter(zone_id=by.zone_id, party=party)
    return list(rows.select_related("post__person").order_by("-known_at", "-pk")[:SHOWN_WORDS])
