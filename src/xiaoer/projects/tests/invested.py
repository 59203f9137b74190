"""What the tests of investment share: a project of a firm of East, and who reports on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests.town import NOW
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting
from xiaoer.projects.models import Project, Stage
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
YI = 10**10
WAN = 10**6


@dataclass(frozen=True)
class Site:
    """A project of one firm, its reporters, and a second firm that has none of its business."""

    project: Project
    party: Party
    other: Party
    office: Actor
    bureau: Actor
    officer: Actor
    admin: Actor
    west: Actor

    @property
    def zone_id(self) -> int:
        return self.project.zone_id

    def firm(self, party: Party | None = None) -> Actor:
        return Actor(
            zone_id=self.zone_id,
            role=Role.ENTERPRISE,
            party_ref=(party or self.party).pk,
            name="赵一",
        )


def build_site(of: Of) -> Site:
    names = ("east-economy", "east-statistics", "east-officer", "east-admin", "west-economy")
    office, bureau, officer, admin, west = (of(name) for name in names)
    by = admin
    with acting(by):
        grid = registry.open_grid(by=by, now=NOW, code="G7", name="第七总网格")
        cell = registry.open_cell(by=by, now=NOW, grid=grid, code="C7", name="七单元")
        party, other = (
            registry.add_party(
                by=by, now=NOW, facts=registry.PartyFacts(name=name, industry="3824"), cell=cell
            )
            for name in ("东区变压器有限公司", "东区水泥有限公司")
        )
        project = project_of(by, party, "高压油缸项目")
    return Site(project, party, other, office, bureau, officer, admin, west)


def project_of(by: Actor, party: Party, name: str, total_fen: int | None = YI) -> Project:
    """A project that started in the spring."""
    return Project.objects.create(
        zone_id=by.zone_id, name=name, party=party, kind=Project.Kind.NEW_BUILD,
        stage=Stage.STARTED, stage_on=date(2026, 3, 1), total_fen=total_fen, opened_at=NOW,
    )  # fmt: skip
