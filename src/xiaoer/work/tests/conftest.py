"""Two enterprises of East and one of West, with the people who plan contacts with them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.town import NOW
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work.models import Contact, ContactRule

Of = Callable[[str], Actor]
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Firms:
    """Who is there, and a short way to plan."""

    of: Of
    party: Party
    other: Party
    west: Party

    def spokesman(self, party: Party | None = None) -> Actor:
        """A representative signed in for the enterprise, or for another."""
        return Actor(
            zone_id=(party or self.party).zone_id,
            role=Role.ENTERPRISE,
            party_ref=(party or self.party).pk,
            name="赵一",
        )

    def post(self, who: str) -> Post:
        by = self.of(who)
        with acting(by):
            return Post.objects.get(pk=by.post_id or 0)

    def plan(self, who: str, day: date = TODAY, **given: Any) -> Contact:
        """Plan a visit by the office of whoever plans; under their own scope."""
        by = self.of(who)
        given = {"kind": "visit", "purpose": "看看生产", "party": self.party, **given}
        with acting(by):
            return work.plan_contact(by=by, now=NOW, planned_on=day, **given)

    def do(self, who: str | Actor, verb: str, **given: Any) -> object:
        """A verb under the scope of whoever does it."""
        by = self.of(who) if isinstance(who, str) else who
        with acting(by):
            return getattr(work, verb)(**{"by": by, "now": NOW, **given})

    def rule(self, quota: int, first: int | None = None, last: int | None = None) -> None:
        by = self.of("east-admin")
        with acting(by):
            version = ContactRule.objects.get(zone_id=by.zone_id).version
            work.set_contact_rule(
                by=by, now=NOW, version=version, monthly_quota=quota,
                quiet_from=first, quiet_until=last, source="党工委会议纪要",
            )  # fmt: skip


@pytest.fixture
def firms(of: Of) -> Firms:
    return built(of)


def built(of: Of) -> Firms:
    """The firms, built in whatever database the connection is."""
    found: list[Party] = []
    for zone, names in (
        ("east", ("东区轴承有限公司", "东区水泥有限公司")),
        ("west", ("西区纺织有限公司",)),
    ):
        by = of(f"{zone}-admin")
        with acting(by):
            grid = registry.open_grid(by=by, now=NOW, code="G1", name="第一总网格")
            cell = registry.open_cell(by=by, now=NOW, grid=grid, code="C1", name="一单元")
            found += [
                registry.add_party(
                    by=by, now=NOW, facts=registry.PartyFacts(name=name, industry="3824"), cell=cell
                )
                for name in names
            ]
    return Firms(of, *found)
