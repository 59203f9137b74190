"""The ground a zone stands on: offices, people with posts and accounts, teams, parks, grids, cells.

Made by the same verbs an administrator uses, dated when the zone began to keep its records here.
"""

import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.contrib.auth.hashers import make_password

from xiaoer.base import actions as base
from xiaoer.base import journal
from xiaoer.base.models import Account, Office, Person, Post, Role, Zone
from xiaoer.base.scope import Actor, as_web, system
from xiaoer.demo import names
from xiaoer.demo.places import Piece, lattice
from xiaoer.demo.zones import FIXED_NAMES, Kind, OfficePlan, ZonePlan
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Cell, Grid, Park

FOUNDED = datetime(2022, 12, 26, 1, 30, tzinfo=UTC)
IN_FORCE = date(2022, 12, 26)
ORDINALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Hand:
    """A person in a post, ready to act."""

    post: Post
    person: Person
    office: Office
    actor: Actor

    @property
    def name(self) -> str:
        return self.person.name


@dataclass
class Ground:
    """One zone as far as it is built."""

    plan: ZonePlan
    zone: Zone
    by: Actor
    people: Iterator[str]
    lock: str
    offices: dict[str, Office] = field(default_factory=dict)
    hands: dict[str, Hand] = field(default_factory=dict)
    officers: dict[str, list[Hand]] = field(default_factory=dict)
    parks: list[Park] = field(default_factory=list)
    cells: dict[str, Cell] = field(default_factory=dict)
    pieces: dict[str, Piece] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: ZonePlan, zone: Zone, lock: str) -> "Ground":
        """A zone of which nothing is built yet."""
        return cls(
            plan=plan, zone=zone, by=system(zone.pk), people=_unused_names(plan.code), lock=lock
        )

    def office_hands(self, office: str) -> list[Hand]:
        """Who works in an office, its head first."""
        return [hand for key, hand in self.hands.items() if key.rsplit(".", 1)[0] == office]


def lay_ground(ground: Ground) -> None:
    """Open everything an enterprise needs to belong somewhere. Called inside the zone's scope."""
    plan = ground.plan
    for order, office in enumerate(plan.offices, start=1):
        _open_office(ground, office, order)
    _open_grids(ground)
    _open_teams(ground)
    for code, name in plan.parks:
        ground.parks.append(registry.open_park(by=ground.by, now=FOUNDED, code=code, name=name))


def lock_of_accounts() -> str:
    """One password hash for all accounts, of a password that nobody knows: the demo's people are
    entered by their desk, not by the sign-in form."""
    return make_password(secrets.token_urlsafe(32))


def _unused_names(code: str) -> Iterator[str]:
    return (name for name in names.people(code) if name not in FIXED_NAMES)


def _open_office(ground: Ground, plan: OfficePlan, order: int) -> None:
    office = base.open_office(
        by=ground.by,
        now=FOUNDED,
        name=plan.name,
        name_en=plan.name_en,
        kind=plan.kind,
        purpose=plan.purpose,
        order=order,
        since=IN_FORCE,
    )
    ground.offices[plan.key] = office
    for number, (name, title) in enumerate(plan.posts, start=1):
        ground.hands[f"{plan.key}.{number}"] = _employ(
            ground, name, plan.role, office, title=title, is_lead=number == 1
        )


def _employ(
    ground: Ground, name: str, role: Role, office: Office, *, title: str, is_lead: bool = False
) -> Hand:
    """A new person with an account and a first post."""
    number = len(ground.hands) + sum(map(len, ground.officers.values())) + 1
    dice = random.Random(f"phone {ground.plan.code} {number}")
    work_no = f"{ground.plan.code}{number:03d}"
    person = base.add_person(
        by=ground.by,
        now=FOUNDED,
        name=name or next(ground.people),
        phone=names.mobile(dice),
        work_no=work_no,
    )
    give_locked_account(ground, person, work_no)
    return _post(ground, person, role, office, title=title, is_lead=is_lead)


def give_locked_account(ground: Ground, person: Person, username: str) -> Account:
    """An account whose password is unknown, so the verb that takes one does not serve."""
    with as_web():
        account = Account.objects.create(username=username, password=ground.lock)
    Person.objects.filter(pk=person.pk).update(account=account)
    person.account = account
    journal.record(
        by=ground.by, now=FOUNDED, verb="give_account", subject=person, username=username
    )
    return account


def _post(
    ground: Ground, person: Person, role: Role, office: Office, *, title: str, is_lead: bool
) -> Hand:
    post = base.give_post(
        by=ground.by,
        now=FOUNDED,
        person=person,
        role=role,
        office=office,
        title=title,
        is_lead=is_lead,
        since=IN_FORCE,
    )
    actor = Actor(
        zone_id=ground.zone.pk,
        role=role,
        city_id=ground.zone.city_id,
        post_id=post.pk,
        person_id=person.pk,
        account_id=person.account_id,
        office_id=office.pk,
        is_lead=is_lead,
        name=person.name,
        office=office.name,
    )
    return Hand(post, person, office, actor)


def _open_grids(ground: Ground) -> None:
    """Grids of neighbouring cells: the lattice is walked column by column, up and down in turn."""
    pieces = _walk(ground.plan)
    for number, count in enumerate(ground.plan.cells, start=1):
        grid = registry.open_grid(
            by=ground.by, now=FOUNDED, code=str(number), name=f"第{ORDINALS[number - 1]}总网格"
        )
        station = base.open_office(
            by=ground.by,
            now=FOUNDED,
            name=f"{grid.name}工作站",
            name_en=f"Grid station {number}",
            kind=Kind.DEPARTMENT,
            order=50 + number,
            since=IN_FORCE,
        )
        for place in range(1, count + 1):
            _open_cell(ground, grid, place, pieces.pop(0), station)


def _walk(plan: ZonePlan) -> list[Piece]:
    wanted = sum(plan.cells)
    rows = -(-wanted // plan.columns)
    found = lattice(plan.code, rows=rows, columns=plan.columns, origin=plan.origin)
    found.sort(key=lambda p: (p.column, p.row if p.column % 2 == 0 else -p.row))
    return found[:wanted]


def _open_cell(ground: Ground, grid: Grid, place: int, piece: Piece, station: Office) -> None:
    code = f"{grid.code}-{place:02d}"
    cell = registry.open_cell(
        by=ground.by, now=FOUNDED, grid=grid, code=code, name=f"{place:02d} 单元"
    )
    cell.outline = piece.outline
    cell.save(update_fields=["outline"])
    ground.cells[code], ground.pieces[code] = cell, piece
    named = ground.plan.officer_names
    first = _employ(
        ground, named.get(code, ""), Role.GRID_OFFICER, station, title="网格员", is_lead=place == 1
    )
    officers = ground.officers.setdefault(code, [first])
    if code in _cells_with_two(ground.plan):
        officers.append(_second_officer(ground, named.get(f"{code}b", "")))
    for hand in officers:
        registry.give_cell_duty(
            by=ground.by, now=FOUNDED, cell=cell, post=hand.post, since=IN_FORCE
        )


SECONDED = ("finance", "economy", "innovation", "building", "labour", "approval", "land", "party")


def _cells_with_two(plan: ZonePlan) -> frozenset[str]:
    """Codes of the cells with two officers, spread at random; those the demo shows as they are."""
    codes = [
        f"{grid}-{place:02d}"
        for grid, count in enumerate(plan.cells, start=1)
        for place in range(1, count + 1)
    ]
    must = [code[:-1] for code in plan.officer_names if code.endswith("b")]
    free = [code for code in codes if code not in plan.officer_names and code not in must]
    dice = random.Random(f"second {plan.code}")
    return frozenset([*must, *dice.sample(free, plan.second_officers - len(must))])


def _second_officer(ground: Ground, name: str) -> Hand:
    """A steward lent by a bureau (包保干部)."""
    lent = sum(len(held) > 1 for held in ground.officers.values())
    office = ground.offices[SECONDED[lent % len(SECONDED)]]
    return _employ(ground, name, Role.STEWARD, office, title="包保干部")


def _open_teams(ground: Ground) -> None:
    """Command offices and task forces are second posts of people who have one already."""
    for order, plan in enumerate(ground.plan.teams, start=40):
        office = base.open_office(
            by=ground.by,
            now=FOUNDED,
            name=plan.name,
            name_en=plan.name_en,
            kind=plan.kind,
            purpose=plan.purpose,
            order=order,
            since=IN_FORCE,
        )
        for key in (plan.lead, *plan.members):
            _post(
                ground,
                ground.hands[key].person,
                Role.PROJECT,
                office,
                title="召集人" if key == plan.lead else "成员",
                is_lead=key == plan.lead,
            )
