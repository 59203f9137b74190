"""Invented enterprises, each in exactly one cell with one officer; and the firms the articles name.

Written in bulk with one line of the journal for each batch: a registry of thousands is brought in
by a sheet in life, not typed.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from xiaoer.base import journal
from xiaoer.demo import names
from xiaoer.demo.ground import FOUNDED, IN_FORCE, Ground, Hand
from xiaoer.demo.named import NAMED
from xiaoer.demo.names import FIRST_CODE, SERVICES, SHOWN, Trade, industrial_firms
from xiaoer.demo.places import near
from xiaoer.registry import actions as registry
from xiaoer.registry.codes import make_credit_code, section_of
from xiaoer.registry.models import Cell, Park, Party, PartyName, Stewardship
from xiaoer.registry.names import terms_of

MONITORED_SINCE = date(2023, 6, 1)
LATEST = date(2023, 8, 25)
DAYS_OF_HISTORY = 9000
BATCH = 1000
ROADS = (
    "鸿锋路",
    "泽渠路",
    "岱川路",
    "衡石路",
    "砺原路",
    "启岳大道",
    "澜桥街",
    "颐禾路",
    "森洛大道",
)
SHOWN_CELL = "3-07"


@dataclass
class Firms:
    """The enterprises of a zone, as other parts of the demo find them."""

    industrial: list[Party] = field(default_factory=list)
    services: list[Party] = field(default_factory=list)
    officer_of: dict[int, Hand] = field(default_factory=dict)
    by_name: dict[str, Party] = field(default_factory=dict)

    @property
    def all(self) -> list[Party]:
        return [*self.industrial, *self.services]


@dataclass(frozen=True, slots=True)
class Seat:
    """A place for one enterprise: a cell and the officer who answers for it there."""

    cell: Cell
    code: str
    officer: Hand


def settle_firms(ground: Ground) -> Firms:
    """Invent all enterprises of a zone, give each a cell, an officer, and perhaps a park."""
    plan, firms = ground.plan, Firms()
    dice = random.Random(f"settle {plan.code}")
    seats = _seats(ground, dice)
    seats.sort(key=lambda seat: seat.code != SHOWN_CELL)
    named = list(islice(industrial_firms(plan.code), plan.industrial))
    firms.industrial = _settle(ground, firms, dice, named, seats)
    others = list(islice(names.firms(f"{plan.code} services", SERVICES), plan.services))
    free = [seat for seat in seats if seat.code not in plan.officer_names]
    firms.services = _settle(ground, firms, dice, others, dice.sample(free, len(others)))
    for name, _word, short in SHOWN.get(plan.code, ()):
        registry.add_name(
            by=ground.by,
            now=FOUNDED,
            party=firms.by_name[name],
            name=short,
            kind=PartyName.Kind.SHORT,
        )
    return firms


def _seats(ground: Ground, dice: random.Random) -> list[Seat]:
    """One seat an enterprise. Caseloads differ a little around their mean, as in life; the officer
    the demo shows has exactly the mean."""
    officers = [(code, hand) for code, held in ground.officers.items() for hand in held]
    mean, rest = divmod(ground.plan.industrial, len(officers))
    loads = [mean] * len(officers)
    fixed = {at for at, (code, _hand) in enumerate(officers) if code in ground.plan.officer_names}
    free = [at for at in range(len(officers)) if at not in fixed]
    for at in dice.sample(free, rest):
        loads[at] += 1
    for _turn in range(len(free) * 2):
        giver, taker = dice.sample(free, 2)
        if loads[giver] > mean - 4 and loads[taker] < mean + 5:
            loads[giver] -= 1
            loads[taker] += 1
    seats = [
        Seat(ground.cells[code], code, hand)
        for (code, hand), load in zip(officers, loads, strict=True)
        for _place in range(load)
    ]
    dice.shuffle(seats)
    return seats


def _settle(
    ground: Ground,
    firms: Firms,
    dice: random.Random,
    pairs: list[tuple[str, Trade]],
    seats: list[Seat],
) -> list[Party]:
    first = FIRST_CODE[ground.plan.code] + len(firms.officer_of)
    parties = [
        _party(ground, dice, first + number, name, trade, seat)
        for number, ((name, trade), seat) in enumerate(zip(pairs, seats, strict=False))
    ]
    Party.objects.bulk_create(parties, batch_size=BATCH)
    Stewardship.objects.bulk_create(
        (
            Stewardship(
                zone_id=ground.zone.pk,
                party=party,
                post=seat.officer.post,
                kind=Stewardship.Kind.OFFICER,
                since=IN_FORCE,
            )
            for party, seat in zip(parties, seats, strict=False)
        ),
        batch_size=BATCH,
    )
    for party, seat in zip(parties, seats, strict=False):
        firms.officer_of[party.pk] = seat.officer
        firms.by_name[party.name] = party
    for verb in ("add_parties", "assign_stewards"):
        journal.record(by=ground.by, now=FOUNDED, verb=verb, subject=ground.zone, rows=len(parties))
    return parties


def _party(
    ground: Ground, dice: random.Random, number: int, name: str, trade: Trade, seat: Seat
) -> Party:
    """One enterprise with what a registry believably knows of it, and does not."""
    longitude, latitude = near(dice, ground.pieces[seat.code].centre)
    capital, currency = _capital(dice)
    code = make_credit_code(ground.plan.region_code, number) if dice.random() > 0.03 else ""
    status = Party.Status.SUSPENDED if dice.random() < 0.02 else Party.Status.OPERATING
    owner = _person(dice)
    contact = dice.choice((owner, _person(dice), _person(dice))), names.mobile(dice)
    if name in names.SHOWN_NAMES:
        code = make_credit_code(ground.plan.region_code, number)
        contact = (names.SPEAKER, names.SPEAKER_PHONE) if name == names.SPEAKS_FOR else contact
    elif dice.random() < 0.1:
        contact = dice.choice((("", contact[1]), (contact[0], ""), ("", "")))
    return Party(
        zone_id=ground.zone.pk,
        kind=Party.Kind.FIRM,
        name=name,
        credit_code=code,
        industry=trade.industry,
        section=section_of(trade.industry) or "",
        status=status,
        capital_fen=capital,
        capital_currency=currency,
        registered_on=_registered(dice),
        address=f"{ground.plan.name}{dice.choice(ROADS)}{dice.randrange(1, 268)}号",
        business=trade.business,
        legal_representative=owner if dice.random() > 0.02 else "",
        contact_name=contact[0],
        contact_phone=contact[1],
        park=_park(ground, dice, seat),
        cell=seat.cell,
        longitude=longitude,
        latitude=latitude,
        terms=terms_of(name, (), code),
        added_at=FOUNDED,
        changed_at=FOUNDED,
    )


def _person(dice: random.Random) -> str:
    return dice.choice(names.SURNAMES) + "".join(dice.sample(names.GIVEN, dice.choice((1, 2, 2))))


def _capital(dice: random.Random) -> tuple[int | None, str]:
    """Mostly between half a million and fifty million; some in dollars, some not known."""
    roll = dice.random()
    if roll < 0.04:
        return None, ""
    if roll < 0.08:
        return dice.choice((50, 100, 120, 200, 500, 800, 1200, 3000)) * 1_000_000, "USD"
    steps = (
        50,
        80,
        100,
        100,
        200,
        200,
        300,
        500,
        500,
        600,
        800,
        1000,
        1000,
        1500,
        2000,
        3000,
        5000,
    )
    return dice.choice(steps) * 1_000_000, "CNY"


def _registered(dice: random.Random) -> date | None:
    if dice.random() < 0.02:
        return None
    return LATEST - timedelta(days=int(DAYS_OF_HISTORY * dice.random() ** 1.6))


def _park(ground: Ground, dice: random.Random, seat: Seat) -> Park | None:
    if not ground.parks or dice.random() < 0.4:
        return None
    return ground.parks[(int(seat.code[0]) - 1) % len(ground.parks)]


def name_monitoring_firms(ground: Ground, firms: Firms) -> None:
    """The monitoring points of the business environment, spread over the cells."""
    dice = random.Random(f"monitoring {ground.plan.code}")
    for party in dice.sample(firms.industrial, ground.plan.monitoring):
        registry.name_monitoring_firm(by=ground.by, now=FOUNDED, party=party, since=MONITORED_SINCE)


def name_leaders(ground: Ground, firms: Firms, count: int) -> None:
    """Zone leaders answer for the enterprises with the largest capital."""
    leaders = ground.office_hands("board")
    largest = sorted(
        (party for party in firms.industrial if party.capital_currency == "CNY"),
        key=lambda party: (-(party.capital_fen or 0), party.pk),
    )
    Stewardship.objects.bulk_create(
        Stewardship(
            zone_id=ground.zone.pk,
            party=party,
            post=leaders[number % len(leaders)].post,
            kind=Stewardship.Kind.LEADER,
            since=IN_FORCE,
        )
        for number, party in enumerate(largest[:count])
    )
    journal.record(
        by=ground.by, now=FOUNDED, verb="assign_stewards", subject=ground.zone, rows=count
    )


def enter_named_firms(ground: Ground) -> Iterator[Party]:
    """Firms the articles name: parties in no cell, with nothing but what is published of them."""
    for named in NAMED[ground.plan.code]:
        yield registry.add_party(
            by=ground.by,
            now=FOUNDED,
            facts=registry.PartyFacts(name=named.name, business=named.published),
        )
