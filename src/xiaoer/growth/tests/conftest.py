"""The town of these tests: two enterprises of East in one cell, with an officer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.town import NOW
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Cell, Party

Of = Callable[[str], Actor]


@dataclass(frozen=True)
class Town:
    """Who is there."""

    of: Of
    cell: Cell
    party: Party
    other: Party

    @property
    def zone_id(self) -> int:
        return self.party.zone_id

    def spokesman(self, party: Party | None = None) -> Actor:
        """A representative signed in for the enterprise, or for another."""
        return Actor(
            zone_id=self.zone_id,
            role=Role.ENTERPRISE,
            party_ref=(party or self.party).pk,
            name="赵一",
        )


@pytest.fixture
def town(of: Of) -> Town:
    by, officer_id = of("east-admin"), of("east-officer").post_id or 0
    with acting(by):
        grid = registry.open_grid(by=by, now=NOW, code="G1", name="第一总网格")
        cell = registry.open_cell(by=by, now=NOW, grid=grid, code="C1", name="一单元")
        party, other = (
            registry.add_party(
                by=by,
                now=NOW,
                facts=registry.PartyFacts(name=name, industry="3824", credit_code=""),
                cell=cell,
            )
            for name in ("东区变压器有限公司", "东区水泥有限公司")
        )
        officer = Post.objects.get(pk=officer_id)
        registry.assign_steward(by=by, now=NOW, party=party, post=officer)
    return Town(of, cell, party, other)


@pytest.fixture
def west(of: Callable[[str], Actor]) -> Actor:
    """Economic operations of the other zone; found before the scope of ``watcher`` opens."""
    return of("west-economy")


@pytest.fixture
def watcher(of: Callable[[str], Actor], west: Actor) -> Iterator[Actor]:
    """Economic operations of the east, in scope, with the indicators defined."""
    by = of("east-economy")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        yield by
