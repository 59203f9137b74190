"""Projects for tests: two firms of East with a project each, a firm without, one of West."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.town import NOW
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.scope import Actor, acting
from xiaoer.projects import actions as projects
from xiaoer.projects.models import Project
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Ground:
    """Who is there."""

    of: Of
    party: Party
    other: Party
    project: Project
    second: Project

    @property
    def zone_id(self) -> int:
        return self.party.zone_id

    def spokesman(self, party: Party | None = None) -> Actor:
        """A representative signed in for the enterprise, or for another."""
        firm = party or self.party
        return Actor(zone_id=firm.zone_id, role=Role.ENTERPRISE, party_ref=firm.pk, name="赵一")

    def post(self, who: str) -> Post:
        by = self.of(who)
        with acting(by):
            return Post.objects.select_related("office").get(pk=by.post_id or 0)

    def office(self, name: str) -> Office:
        with acting(self.of("east-desk")):
            return Office.objects.get(name=name)

    def do(self, who: str | Actor, verb: Callable[..., Any], /, **given: Any) -> Any:
        """A verb under the scope of whoever does it."""
        by = self.of(who) if isinstance(who, str) else who
        with acting(by):
            return verb(**{"by": by, "now": NOW, **given})


def build(of: Of) -> Ground:
    by = of("east-admin")
    with acting(by):
        grid = registry.open_grid(by=by, now=NOW, code="G1", name="第一总网格")
        cell = registry.open_cell(by=by, now=NOW, grid=grid, code="C1", name="一单元")
        party, other = (
            registry.add_party(
                by=by, now=NOW, facts=registry.PartyFacts(name=name, industry="3824"), cell=cell
            )
            for name in ("东区变压器有限公司", "东区水泥有限公司")
        )
        project, second = (
            _project(by, firm, name)
            for firm, name in ((party, "变压器智造项目"), (other, "水泥窑技改项目"))
        )
    return Ground(of, party, other, project, second)


def _project(by: Actor, firm: Party, name: str) -> Project:
    facts = projects.ProjectFacts(
        name=name, short_name=name[:4], party=firm, kind=Project.Kind.NEW_BUILD
    )
    return projects.open_project(by=by, now=NOW, facts=facts)
