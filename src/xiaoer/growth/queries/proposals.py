"""推荐名单 Whom the zone's own lines propose as climbing, chain leaders, technology leaders, and why.

Proposed only: each is decided by people with a document. What is not known is named and is no no.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xiaoer.base.scope import Actor
from xiaoer.growth.models import Designation, LadderParameter, Sector
from xiaoer.growth.queries.climbs import STANDING
from xiaoer.growth.scoring import Place, Scored, places, score
from xiaoer.growth.vocabulary.ladders import parameters_at
from xiaoer.registry.models import Party
from xiaoer.rules import vocabularies

KIND = Designation.Kind
PROPOSED = (KIND.CLIMB, KIND.CHAIN_LEADER, KIND.TECH_LEADER)
RANK = "rank"
WEIGHTS = {
    "revenue": "climb_weight_revenue",
    "growth": "climb_weight_growth",
    "tax": "climb_weight_tax",
    "research": "climb_weight_research",
    "investment": "climb_weight_investment",
}
WORDS = (
    "stat_sector", "in_stat_register", "on_climb_list", "chain_leader_designated",
    "tech_leader_designated", "revenue_cny_y1", "revenue_cny_y3", "tax_paid_cny_y1",
    "rd_expense_cny_y1", "planned_investment_cny", "hnte_valid_to", "provincial_rd_org",
    "local_suppliers", "leads_city_project",
)  # fmt: skip
Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a leader: met, not met, or (None) not known."""

    code: str
    is_met: bool | None
    value: float | None = None
    line: float | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A firm that is proposed, or would be were what is missing known."""

    party_id: int
    enterprise: str
    credit_code: str
    place: Place
    scored: Scored | None = None
    conditions: tuple[Condition, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        if self.scored is not None:
            return self.scored.missing
        return tuple(one.code for one in self.conditions if one.is_met is None)


@dataclass(frozen=True, slots=True)
class Proposals:
    """A list to confirm. ``is_on``: the zone wants this one proposed; ``untold``: firms of whose
    revenue nothing is known, which therefore are in no list."""

    kind: str
    is_on: bool
    quota: int
    among: int
    rows: tuple[Proposal, ...]
    untold: int = 0


def proposals(*, by: Actor, kind: str, as_of: date, known_at: datetime) -> Proposals:
    """Who is proposed for a designation and has it not yet."""
    zone_id = by.zone_id or 0
    if kind == KIND.CLIMB:
        mode = LadderParameter.objects.filter(zone_id=zone_id, code="climb_mode").first()
        if mode is None or mode.text != RANK:
            return Proposals(kind, False, 0, 0, ())
    numbers = parameters_at(zone_id, known_at)
    firms = {
        row.pk: row
        for row in Party.objects.filter(
            zone_id=zone_id, cell__isnull=False, merged_into__isnull=True, status__in=STANDING
        ).only("name", "credit_code")
    }
    table = vocabularies.facts(
        zone_id=zone_id, names=WORDS, as_of=as_of, known_at=known_at, ids=sorted(firms)
    )
    facts = [row for row in table.to_pylist() if row["id"] in firms]
    if kind == KIND.CLIMB:
        return _climbing(facts, firms, numbers)
    return _leading(kind, facts, firms, numbers, as_of)


# Climbing: by rank ------------------------------------------------------------------------------


def _climbing(
    facts: Sequence[Facts], firms: Mapping[int, Party], numbers: Mapping[str, float]
) -> Proposals:
    """All above-scale industry is ranked, those designated already too: they take places."""
    own = [
        row
        for row in facts
        if row.get("in_stat_register") is True and row.get("stat_sector") == Sector.INDUSTRY
    ]
    quota = int(numbers.get("climb_quota", 0) * len(own) + 0.5)
    scores = score(
        {
            "revenue": [_number(row, "revenue_cny_y1") for row in own],
            "growth": [_growth(row) for row in own],
            "tax": [_number(row, "tax_paid_cny_y1") for row in own],
            "research": [_research(row) for row in own],
            "investment": [_number(row, "planned_investment_cny") for row in own],
        },
        {part: numbers.get(code, 0.0) for part, code in WEIGHTS.items()},
    )
    rows = [
        _proposal(firms, row, place, scored=scored)
        for row, scored, place in zip(own, scores, places(scores, quota), strict=True)
        if place is not Place.OUT and row.get("on_climb_list") is not True
    ]
    rows.sort(key=lambda one: (-one.scored.low, -one.scored.high) if one.scored else (0.0, 0.0))
    return Proposals(KIND.CLIMB, True, quota, len(own), tuple(rows))


def _proposal(
    firms: Mapping[int, Party],
    row: Facts,
    place: Place,
    *,
    scored: Scored | None = None,
    conditions: tuple[Condition, ...] = (),
) -> Proposal:
    firm = firms[int(str(row["id"]))]
    return Proposal(firm.pk, firm.name, firm.credit_code, place, scored, conditions)


def _number(row: Facts, name: str) -> float | None:
    value = row.get(name)
    return float(value) if isinstance(value, (int, float)) else None


def _growth(row: Facts) -> float | None:
    """Compound growth over two years, as the word ``revenue_cagr_2y`` says it."""
    new, old = _number(row, "revenue_cny_y1"), _number(row, "revenue_cny_y3")
    if new is None or old is None or old <= 0:
        return None
    return float((new / old) ** 0.5) - 1 if new > 0 else -1.0


def _research(row: Facts) -> float | None:
    spent, revenue = _number(row, "rd_expense_cny_y1"), _number(row, "revenue_cny_y1")
    return spent / revenue if spent is not None and revenue else None


# Leaders: by conditions -------------------------------------------------------------------------


def _leading(
    kind: str,
    facts: Sequence[Facts],
    firms: Mapping[int, Party],
    numbers: Mapping[str, float],
    as_of: date,
) -> Proposals:
    """Who fails a condition is not proposed; who meets all that is known waits for the rest."""
    is_chain = kind == KIND.CHAIN_LEADER
    designated = "chain_leader_designated" if is_chain else "tech_leader_designated"
    rows, untold = [], 0
    for row in facts:
        if row.get(designated) is True:
            continue
        if _number(row, "revenue_cny_y1") is None:
            untold += 1
            continue
        conditions = _of_chain(row, numbers) if is_chain else _of_technology(row, numbers, as_of)
        # A firm below the line of revenue is out, and so is everybody where no line is set.
        if conditions[0].is_met is not True or any(one.is_met is False for one in conditions):
            continue
        is_told = all(one.is_met for one in conditions)
        place = Place.SURE if is_told else Place.OPEN
        rows.append(_proposal(firms, row, place, conditions=conditions))
    rows.sort(key=lambda one: (len(one.missing), -(one.conditions[0].value or 0)))
    return Proposals(kind, True, 0, len(facts), tuple(rows), untold)


def _of_chain(row: Facts, numbers: Mapping[str, float]) -> tuple[Condition, ...]:
    return (
        _reaches("revenue", _number(row, "revenue_cny_y1"), numbers.get("p_chain_revenue_cny")),
        _reaches("research", _research(row), numbers.get("p_chain_rd_share")),
        _reaches("suppliers", _number(row, "local_suppliers"), numbers.get("p_chain_suppliers")),
    )


def _of_technology(row: Facts, numbers: Mapping[str, float], as_of: date) -> tuple[Condition, ...]:
    until = row.get("hnte_valid_to")
    return (
        _reaches("revenue", _number(row, "revenue_cny_y1"), numbers.get("p_leader_revenue_cny")),
        _reaches("research", _research(row), numbers.get("p_leader_rd_share")),
        Condition("hnte", until >= as_of if isinstance(until, date) else None),
        _flag("rd_org", row.get("provincial_rd_org")),
        _flag("project", row.get("leads_city_project")),
    )


def _reaches(code: str, value: float | None, line: float | None) -> Condition:
    is_met = None if value is None or line is None else value >= line
    return Condition(code, is_met, value, line)


def _flag(code: str, value: object) -> Condition:
    return Condition(code, value if isinstance(value, bool) else None)
