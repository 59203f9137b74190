"""A zone with firms, an officer and a keeper of titles, for tests of the register."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests.town import NOW
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import Actor, acting
from xiaoer.growth import actions as growth
from xiaoer.growth.actions import TitleFacts
from xiaoer.growth.models import Title, TitleKind
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]


@dataclass(frozen=True)
class Register:
    """Who is there, and shortcuts for those who act; ``by`` keeps the register."""

    of: Of
    by: Actor
    officer: Actor
    party: Party
    other: Party

    def kind(self, code: str) -> TitleKind:
        return TitleKind.objects.get(zone_id=self.by.zone_id, code=code)

    def grant(
        self, code: str, granted_on: date, *, party: Party | None = None, **more: object
    ) -> Title:
        return growth.register_title(
            by=self.by,
            now=NOW,
            kind=self.kind(code),
            facts=TitleFacts(granted_on=granted_on, **more),  # type: ignore[arg-type]  # a test's own
            party=party or self.party,
        )

    def spokesman(self, party: Party) -> Actor:
        """A representative signed in for an enterprise."""
        return Actor(zone_id=self.by.zone_id, role=Role.ENTERPRISE, party_ref=party.pk, name="赵一")


def built(of: Of) -> Register:
    """The register, arranged by verbs."""
    by, admin, officer = of("east-economy"), of("east-admin"), of("east-officer")
    with acting(admin):
        grid = registry.open_grid(by=admin, now=NOW, code="G1", name="第一总网格")
        cell = registry.open_cell(by=admin, now=NOW, grid=grid, code="C1", name="一单元")
        party, other = (
            registry.add_party(
                by=admin,
                now=NOW,
                facts=registry.PartyFacts(name=name, industry="3824"),
                cell=cell,
            )
            for name in ("东区变压器有限公司", "东区水泥有限公司")
        )
        post = Post.objects.get(pk=officer.post_id or 0)
        registry.assign_steward(by=admin, now=NOW, party=party, post=post)
    return Register(of, by, officer, party, other)
