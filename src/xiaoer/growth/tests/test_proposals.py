"""Whom the zone's lines propose, and what a missing figure does to a score."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.base.scope import acting
from xiaoer.base.words import Kind, Word
from xiaoer.growth import actions as growth
from xiaoer.growth.models import Designation, LadderParameter
from xiaoer.growth.queries.proposals import Proposals, proposals
from xiaoer.growth.scoring import Place, percentiles, places, score
from xiaoer.growth.tests.conftest import Town
from xiaoer.growth.tests.test_ladder_pages import SignIn
from xiaoer.growth.tests.test_ladders import keep_register
from xiaoer.growth.vocabulary.ladders import LadderWords
from xiaoer.registry.vocabulary import RegistryLender
from xiaoer.rules import vocabularies

WEIGHTS = {"revenue": 60.0, "tax": 40.0}
NUMBERS = ("revenue_cny_y1", "revenue_cny_y3", "rd_expense_cny_y1", "tax_paid_cny_y1",
           "planned_investment_cny")  # fmt: skip


class Said:
    """A lender of what a test says of each firm."""

    subject = "party"

    def __init__(self, facts: Mapping[int, Mapping[str, Any]]) -> None:
        self.facts = facts

    def words(self, zone_id: int) -> Sequence[Word]:
        return [
            *(Word(name, name, name, unit="CNY") for name in NUMBERS),
            Word("stat_sector", "行业", "sector", Kind.TEXT),
            Word("hnte_valid_to", "高企", "title", Kind.DAY),
        ]

    def columns(
        self, *, zone_id: int, names: Collection[str], as_of: date, known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:  # fmt: skip
        shapes = {"stat_sector": pa.string(), "hnte_valid_to": pa.date32()}
        columns = {
            name: pa.array(
                [row.get(name) for row in self.facts.values()], shapes.get(name, pa.float64())
            )
            for name in names
        }
        return pa.table({"id": pa.array(list(self.facts), pa.int64()), **columns})


def test_a_rank_is_the_share_of_the_others_it_is_above() -> None:
    assert percentiles([10, 30, 20]) == [0.0, 1.0, 0.5]
    assert percentiles([5, 5, None]) == [0.5, 0.5, None]
    assert percentiles([7]) == [1.0]
    assert percentiles([]) == []


def test_a_missing_part_makes_a_span_and_never_a_zero() -> None:
    full, lacking, small = score({"revenue": [3, 2, 1], "tax": [1, None, 2]}, WEIGHTS)
    assert (full.low, full.high) == (60.0, 60.0)
    assert (lacking.low, lacking.high, lacking.missing) == (30.0, 70.0, ("tax",))
    assert (small.low, small.high) == (40.0, 40.0)


@pytest.mark.parametrize(
    ("quota", "found"),
    [
        (1, [Place.AHEAD, Place.OPEN, Place.OUT]),
        (2, [Place.SURE, Place.OPEN, Place.AHEAD]),
        (3, [Place.SURE, Place.SURE, Place.SURE]),
        (0, [Place.OUT, Place.OUT, Place.OUT]),
    ],
)
def test_a_place_is_sure_only_where_no_missing_figure_can_take_it(
    quota: int, found: list[Place]
) -> None:
    scores = score({"revenue": [3, 2, 1], "tax": [1, None, 2]}, WEIGHTS)
    assert places(scores, quota) == found


@pytest.fixture
def ranked(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Two firms of above-scale industry, the first the larger."""
    big: dict[str, Any] = dict.fromkeys(NUMBERS, 6e8) | {
        "revenue_cny_y3": 3e8,
        "rd_expense_cny_y1": 6e7,
    }
    small: dict[str, Any] = dict.fromkeys(NUMBERS, 3e7) | {"rd_expense_cny_y1": 1e5}
    facts = {
        town.party.pk: big | {"stat_sector": "industry", "hnte_valid_to": date(2028, 1, 1)},
        town.other.pk: small | {"stat_sector": "industry"},
    }
    lenders = {"party": [RegistryLender(), LadderWords(), Said(facts)]}
    monkeypatch.setattr(vocabularies, "_lenders", lenders)
    keep_register(town, town.party)
    keep_register(town, town.other)
    return town


def ask(town: Town, kind: str) -> Proposals:
    by = town.of("east-economy")
    with acting(by):
        return proposals(by=by, kind=kind, as_of=NOW.date(), known_at=NOW)


def by_rank(town: Town) -> None:
    by = town.of("east-economy")
    with acting(by):
        row = LadderParameter.objects.get(code="climb_mode")
        growth.set_parameter(
            by=by, now=NOW, code=row.code, value="rank", reason="改为推荐", version=row.version
        )


def test_nobody_is_proposed_where_the_zone_names_by_list(ranked: Town) -> None:
    found = ask(ranked, "climb")
    assert (found.is_on, found.rows) == (False, ())


def test_the_first_half_is_proposed_and_never_designated(ranked: Town) -> None:
    by_rank(ranked)
    found = ask(ranked, "climb")
    assert (found.quota, found.among) == (1, 2)
    assert [(row.party_id, row.place) for row in found.rows] == [(ranked.party.pk, Place.SURE)]
    with acting(ranked.of("east-economy")):
        assert not Designation.objects.filter(kind="climb").exists()


def test_a_chain_leader_waits_for_the_suppliers_nobody_knows(ranked: Town) -> None:
    (row,) = ask(ranked, "chain_leader").rows
    assert (row.party_id, row.place, row.missing) == (ranked.party.pk, Place.OPEN, ("suppliers",))


def test_a_technology_leader_needs_its_title(ranked: Town) -> None:
    (row,) = ask(ranked, "tech_leader").rows
    assert row.party_id == ranked.party.pk
    assert set(row.missing) == {"rd_org", "project"}


def test_the_page_says_why_and_leads_to_the_decision(ranked: Town, sign_in: SignIn) -> None:
    by_rank(ranked)
    economy: Client = sign_in("east-economy")
    page = economy.get("/ladders/proposals/").content.decode()
    assert ranked.party.name in page
    form = economy.get(
        f"/designations/new/?kind=climb&party={ranked.party.pk}&party={ranked.other.pk}"
    )
    assert ranked.party.name in form.content.decode() and ranked.other.name in form.content.decode()
    for kind in ("chain_leader", "tech_leader"):
        assert ranked.party.name in economy.get(f"/ladders/proposals/?kind={kind}").content.decode()
    assert economy.get("/ladders/proposals/?export=xlsx").status_code == 200
    told = economy.get("/api/v1/ladder-proposals/climb")
    assert told.status_code == 200 and told.json()["rows"][0]["place"] == "sure"
    assert sign_in("east-officer").get("/ladders/proposals/").status_code == 200
