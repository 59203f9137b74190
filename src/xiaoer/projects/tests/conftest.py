"""What the tests of projects share: two firms of East, those who keep its projects, a project."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO

import pytest

from tests.town import NOW
from xiaoer.base import files
from xiaoer.base.models import Attachment, Post, Role
from xiaoer.base.scope import Actor, acting
from xiaoer.projects import actions as projects
from xiaoer.projects.models import Project, Stage, StageCondition
from xiaoer.projects.queries import conditions_of
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
PAPER = (
    b"%%PDF-1.4\n%% %s\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n"
)


@dataclass(frozen=True)
class Site:
    """Who is there, and shortcuts. ``by`` keeps the projects, ``leader`` decides."""

    of: Of
    by: Actor
    leader: Actor
    admin: Actor
    west: Actor
    party: Party
    other: Party

    @property
    def zone_id(self) -> int:
        return self.by.zone_id

    def spokesman(self, party: Party | None = None) -> Actor:
        """A representative signed in for the enterprise, or for another."""
        return Actor(
            zone_id=self.zone_id,
            role=Role.ENTERPRISE,
            party_ref=(party or self.party).pk,
            name="赵一",
        )

    def facts(self, **more: object) -> projects.ProjectFacts:
        plain = projects.ProjectFacts(
            name="变压器二期",
            kind=Project.Kind.FIT_OUT,
            party=self.party,
            content="年产干式变压器两千台",
            total_fen=378_000_000_00,
            contract_fen=400_000_000_00,
            code="2611-370891-04-01-2218",
            place="东区一路",
            promised_on=date(2027, 6, 30),
            starts_by=date(2026, 12, 20),
            leader=Post.objects.get(pk=self.leader.post_id or 0),
        )
        return replace(plain, **more)  # type: ignore[arg-type]  # a test's own

    def opened(self, **more: object) -> Project:
        return projects.open_project(by=self.by, now=NOW, facts=self.facts(**more))

    def paper(self, project: Project, name: str) -> Attachment:
        """A paper pinned to the project; each name its own bytes."""
        kept = files.keep_file(
            by=self.by, now=NOW, stream=BytesIO(PAPER % name.encode()), name=f"{name}.pdf"
        )
        return files.pin_file(by=self.by, now=NOW, file=kept, subject=project, name=f"{name}.pdf")

    def prove(self, project: Project, stage: str) -> None:
        """Whatever papers and looks a stage asks for."""
        for one in conditions_of(project=project, stage=stage):
            if one.condition.kind == StageCondition.Kind.FACT:
                continue
            is_paper = one.condition.kind == StageCondition.Kind.PAPER
            projects.prove_condition(
                by=self.by,
                now=NOW,
                project=project,
                condition=one.condition,
                paper=self.paper(project, one.condition.name) if is_paper else None,
            )

    def bring(self, project: Project, stage: str, on: date = date(2026, 11, 19)) -> Project:
        """Through every stage up to one, each proved and on the same day."""
        while project.stage != stage:
            following = list(Stage)[list(Stage).index(Stage(project.stage)) + 1]
            self.prove(project, following)
            projects.enter_stage(by=self.by, now=NOW, project=project, stage=following, fact_on=on)
            project.refresh_from_db()
        return project


@pytest.fixture
def ground(of: Of) -> Site:
    """Outside any scope, for tests of pages."""
    by, admin = of("east-economy"), of("east-admin")
    leader, west = of("east-leader"), of("west-economy")
    with acting(admin):
        grid = registry.open_grid(by=admin, now=NOW, code="G1", name="第一总网格")
        cell = registry.open_cell(by=admin, now=NOW, grid=grid, code="C1", name="一单元")
        party, other = (
            registry.add_party(
                by=admin, now=NOW, facts=registry.PartyFacts(name=name, industry="3824"), cell=cell
            )
            for name in ("东区变压器有限公司", "东区水泥有限公司")
        )
    return Site(of, by, leader, admin, west, party, other)


@pytest.fixture
def site(ground: Site) -> Iterator[Site]:
    """In scope as economic operations of East, who keep the projects here."""
    with acting(ground.by):
        yield ground
