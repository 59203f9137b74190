"""What the tests of joint acceptance share: a factory that is ready, three departments with people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests.town import NOW, OPENED
from xiaoer.base import actions as base
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.scope import Actor, acting, system
from xiaoer.permits.actions import acceptance
from xiaoer.permits.models import Acceptance, AcceptanceCheck, AcceptanceKind, Inspector
from xiaoer.permits.queries import acceptance as queries
from xiaoer.projects import actions as projects
from xiaoer.projects.models import Project
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)  # NOW is the Friday before
ON_SITE = NOW + 3 * DAY
NAMES = ("east-desk", "east-admin", "east-economy", "east-officer", "east-leader", "west-desk")
OFFICES = {
    "planning": "自然资源分局",
    "fire": "住建局",
    "fire_filing": "住建局",
    "completion_filing": "住建局",
    "air_defence": "人防办",
    "archives": "党政办",
}


@dataclass(frozen=True)
class Ready:
    """Who is there. ``desk`` is the window; ``people[office]`` two who may sign for an office."""

    of: Of
    desk: Actor
    party: Party
    other: Party
    project: Project
    people: dict[str, list[Post]]
    inspectors: dict[str, list[Inspector]]

    @property
    def owner(self) -> Actor:
        return self.speaker(self.party)

    def speaker(self, party: Party) -> Actor:
        return Actor(
            zone_id=self.desk.zone_id, role=Role.ENTERPRISE, party_ref=party.pk, name="赵一"
        )

    def officer(self, check: AcceptanceCheck, which: int = 0) -> Actor:
        post = self.people[check.office.name if check.office else ""][which]
        return Actor(
            zone_id=self.desk.zone_id, role=Role(post.role), post_id=post.pk, office_id=post.office_id,
            name=post.person.name, office=check.office.name if check.office else "",
        )  # fmt: skip

    def applied(self, **more: object) -> Acceptance:
        facts = acceptance.AcceptanceFacts(**{"is_special": True, "area_m2": 12000, **more})  # type: ignore[arg-type]  # a test's own
        return acceptance.apply_acceptance(by=self.desk, now=NOW, project=self.project, facts=facts)

    def checks(self, row: Acceptance) -> dict[str, AcceptanceCheck]:
        return {one.kind.code: one for one in queries.checks_of(row)}

    def papers(self, row: Acceptance, now: datetime = NOW, **lacking: str) -> None:
        for code, check in self.checks(row).items():
            if check.state == AcceptanceCheck.State.PAPERS:
                acceptance.check_papers(
                    by=self.officer(check), now=now, check=check, lacking=lacking.get(code, "")
                )

    def accepted(self, **more: object) -> Acceptance:
        row = self.applied(**more)
        self.papers(row)
        return acceptance.accept_acceptance(by=self.desk, now=NOW, acceptance=row)

    def slot(self, row: Acceptance, day: date = MONDAY) -> acceptance.Slot:
        goers = {
            check.pk: [one.pk for one in self.inspectors[check.office.name]]
            for check in self.checks(row).values()
            if check.needs_visit and check.office
        }
        return acceptance.Slot(day=day, starts_at=time(9), minutes=90, goers=goers)

    def scheduled(self, **more: object) -> Acceptance:
        row = self.accepted(**more)
        acceptance.fix_site_day(by=self.desk, now=NOW, acceptance=row, slot=self.slot(row))
        row.refresh_from_db()
        return row

    def sign(
        self, row: Acceptance, code: str, *, now: datetime = ON_SITE, key: str = "", defects: tuple[str, ...] = ()
    ) -> acceptance.Signed:  # fmt: skip
        check = self.checks(row)[code]
        return acceptance.sign_check(
            by=self.officer(check), now=now, check=check, client_key=key,
            second=self.people[check.office.name][1] if check.office else None,
            defects=[
                acceptance.DefectFacts(
                    what=what, clause="消防法第十三条", due_on=MONDAY + 10 * DAY, key=what
                )
                for what in defects
            ],
        )  # fmt: skip

    def signed(self, row: Acceptance, *, but: str = "") -> None:
        for code, check in self.checks(row).items():
            if check.needs_visit and code != but:
                self.sign(row, code)

    def decided(self, row: Acceptance, *, now: datetime = ON_SITE) -> None:
        for code, check in self.checks(row).items():
            if check.kind.turn == AcceptanceKind.Turn.SITE:
                acceptance.decide_check(
                    by=self.officer(check), now=now, check=check, number=f"{code}-1", on=MONDAY
                )


def build(of: Of) -> Ready:
    """Outside any scope."""
    # Accounts are read outside any scope, once for all.
    known = {name: of(name) for name in NAMES}
    desk, admin = known["east-desk"], known["east-admin"]
    with acting(system(desk.zone_id)):
        by = system(desk.zone_id)
        acceptance.seed_acceptance(by=by, now=NOW)
        grid = registry.open_grid(by=admin, now=NOW, code="G1", name="第一总网格")
        cell = registry.open_cell(by=admin, now=NOW, grid=grid, code="C1", name="一单元")
        party, other = (
            registry.add_party(
                by=admin, now=NOW, facts=registry.PartyFacts(name=name, industry="3824"), cell=cell
            )
            for name in ("东区变压器有限公司", "东区水泥有限公司")
        )
        project = projects.open_project(
            by=known["east-economy"],
            now=NOW,
            facts=projects.ProjectFacts(
                name="变压器二期", kind=Project.Kind.FIT_OUT, party=party, content="厂房"
            ),
        )
        people, inspectors = _people(by, admin)
        for code, name in OFFICES.items():
            AcceptanceKind.objects.filter(zone_id=by.zone_id, code=code).update(
                office=Office.objects.get(zone_id=by.zone_id, name=name)
            )
    return Ready(known.__getitem__, desk, party, other, project, people, inspectors)


def _people(by: Actor, admin: Actor) -> tuple[dict[str, list[Post]], dict[str, list[Inspector]]]:
    people: dict[str, list[Post]] = {}
    inspectors: dict[str, list[Inspector]] = {}
    for name in dict.fromkeys(OFFICES.values()):
        office = Office.objects.filter(zone_id=by.zone_id, name=name).first()
        office = office or base.open_office(by=by, now=NOW, name=name, order=50)
        for number in (1, 2):
            person = base.add_person(
                by=by, now=NOW, name=f"{name[:1]}检{number}", phone="13800000000",
                work_no=f"east-{name}-{number}",
            )  # fmt: skip
            post = base.give_post(
                by=by, now=NOW, person=person, role=Role.DEPARTMENT, office=office, since=OPENED
            )
            people.setdefault(name, []).append(post)
            inspectors.setdefault(name, []).append(
                acceptance.authorise_inspector(by=admin, now=NOW, post=post)
            )
    return people, inspectors
