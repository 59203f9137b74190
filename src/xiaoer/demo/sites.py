"""Workshops, who moved into them and what came by cage-change, as the articles count them.

Written in bulk as an archive is brought in: halls of the parks with their bays, who holds them, the
move-ins of 2023 under joint review, the idle land of a state firm made ready for another.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from django.db.models import Sum

from xiaoer.assets.models import (
    Building,
    CageGain,
    CageSite,
    FireClass,
    Lease,
    MoveIn,
    MoveInOpinion,
    MoveInUnit,
    Occupancy,
    Parcel,
    Unit,
    UnitDoor,
)
from xiaoer.base import journal
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground, Hand
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Park, Party
from xiaoer.work.calendar import LOCAL


@dataclass(frozen=True, slots=True)
class Stock:
    """Standard workshops of a zone: floor area for each park, by the number of its code."""

    areas: dict[str, int]
    operator: str


# 1,000,000 m² in three parks by October 2023; 600,000 m² to be used well in 2025.
STOCKS = {
    "jedz": Stock({"P1": 380_000, "P2": 270_000, "P3": 350_000}, "济宁经开新材料园区运营有限公司"),
    "jhtz": Stock({"P1": 190_000, "P2": 150_000, "P3": 110_000, "P4": 80_000, "P5": 70_000}, "济宁高新装备园区运营有限公司"),
    "canal": Stock({"P1": 48_000, "P2": 36_000, "P3": 42_000, "P4": 24_000, "P5": 30_000}, "济宁运河智造园区运营有限公司"),
}  # fmt: skip
HALL_M2 = 25_000
BAYS = 5
FIRST_BUILT, LAST_BUILT = date(2018, 5, 10), date(2023, 6, 20)
HELD = 0.82
HEIGHTS = (Decimal("7.2"), Decimal("9.0"), Decimal("10.5"), Decimal("12.0"))
LOADS = (1_500, 2_000, 3_000, 5_000)
RENTS_FEN = (1_100, 1_250, 1_400, 1_650)
KNOWN_HEIGHT = 0.9

# What moved into the workshops, and what came instead of something else; names the article prints
# first, the others invented.
SETTLED = (
    "皂角活性成分新材料项目", "储能电池托盘项目", "精密减速机壳体项目", "工业机器人线束项目",
    "碳纤维缠绕气瓶项目", "智能水表模组项目", "光学镀膜镜片项目", "高压连接器项目",
    "环保催化剂载体项目", "纺织机械控制箱项目", "热管理阀件项目", "数控刀具涂层项目",
    "锂电隔膜分切项目", "医用无纺材料项目",
)  # fmt: skip
CHANGED = (
    "年产5万只石英坩埚项目", "光伏跟踪支架项目", "年产15000套光伏热场项目", "轻量化挂车部件项目",
    "铝合金压铸件项目", "齿轮箱再制造项目", "数字印花面料项目",
)  # fmt: skip
REVIEWED = ("立元微芯片封装测试项目", "桥架智能折弯项目", "汽车座椅骨架项目", "滤膜卷材项目", "阀门铸件精加工项目")  # fmt: skip
TOPICS = (("economy.1", "产业政策"), ("ecology.1", "环保"), ("land.1", "规划用地"))
JIEMA = "捷马"


def keep_sites(ground: Ground, firms: Firms, days: Days) -> None:
    """Everything the articles count, on top of what the zone already keeps. In the zone's scope."""
    halls = _halls(ground)
    bays = _bays(ground, halls)
    _let(ground, firms, days, bays)
    if ground.plan.code == "jedz":
        _move_ins(ground, bays, SETTLED, date(2023, 2, 6))
        _cage_change(ground, bays)
    elif ground.plan.code == "canal":
        one_of_each = list({bay.building.park_id: bay for bay in bays}.values())
        _move_ins(ground, one_of_each, REVIEWED, date(2023, 3, 6))
    else:
        _jiema(ground)
    journal.record(
        by=ground.by, now=FOUNDED, verb="add_building", subject=halls[0], count=len(halls)
    )


# Workshops and their bays -----------------------------------------------------------------------


def _halls(ground: Ground) -> list[Building]:
    stock = STOCKS[ground.plan.code]
    operator = registry.add_party(
        by=ground.by, now=FOUNDED, facts=registry.PartyFacts(name=stock.operator)
    )
    rows = [
        _hall(ground, park, number, area, operator)
        for park in ground.parks
        if park.code in stock.areas
        for number, area in enumerate(_split(stock.areas[park.code] - _there(park)), start=1)
    ]
    return Building.objects.bulk_create(rows)


def _there(park: Park) -> int:
    area = Building.objects.filter(park=park, kind=Building.Kind.WORKSHOP).aggregate(
        sum=Sum("area_m2")
    )
    return int(area["sum"] or 0)


def _split(area: int) -> Iterator[int]:
    while area > HALL_M2:
        yield HALL_M2
        area -= HALL_M2
    if area > 0:
        yield area


def _hall(ground: Ground, park: Park, number: int, area: int, operator: Party) -> Building:
    dice = random.Random(f"hall {ground.plan.code} {park.code} {number}")
    built = FIRST_BUILT + timedelta(days=dice.randrange((LAST_BUILT - FIRST_BUILT).days))
    return Building(
        zone_id=ground.zone.pk, park=park, name=f"{park.name} {number}号标准厂房",
        kind=Building.Kind.WORKSHOP, area_m2=area, floors=1, operator=operator,
        is_state_owned=dice.random() < 0.6, fire_class=dice.choice((FireClass.C, FireClass.D)),
        is_accepted=True, built_on=built,
    )  # fmt: skip


def _bays(ground: Ground, halls: Sequence[Building]) -> list[Unit]:
    rows = [_bay(ground, hall, number) for hall in halls for number in range(1, BAYS + 1)]
    bays = Unit.objects.bulk_create(rows)
    UnitDoor.objects.bulk_create(
        UnitDoor(zone_id=ground.zone.pk, first=one, second=next_)
        for one, next_ in pairwise(bays)
        if one.building_id == next_.building_id
    )
    return bays


def _bay(ground: Ground, hall: Building, number: int) -> Unit:
    dice = random.Random(f"bay {ground.plan.code} {hall.name} {number}")
    return Unit(
        zone_id=ground.zone.pk, building=hall, code=f"{number}跨", floor=1,
        area_m2=Decimal(hall.area_m2) / BAYS, load_kg_m2=dice.choice(LOADS),
        height_m=dice.choice(HEIGHTS) if dice.random() < KNOWN_HEIGHT else None,
        column_m=dice.choice((Decimal(8), Decimal(9), Decimal(12))),
        crane_t=dice.choice((None, Decimal(5), Decimal(10), Decimal(20))),
        power_kva=dice.choice((315, 630, 1_000, 1_600)), has_gas=dice.choice((True, False, None)),
        has_steam=dice.choice((True, False, False)), drains_t_day=dice.choice((None, 20, 50)),
        fire_class=hall.fire_class, rent_fen=dice.choice(RENTS_FEN), since=hall.built_on or LAST_BUILT,
    )  # fmt: skip


def _let(ground: Ground, firms: Firms, days: Days, bays: Sequence[Unit]) -> None:
    dice = random.Random(f"let {ground.plan.code}")
    held = [bay for bay in bays if dice.random() < HELD]
    tenants = dice.sample(firms.industrial, min(len(held), len(firms.industrial)))
    leases = Lease.objects.bulk_create(
        _lease(ground, days, dice, bay, tenants[at % len(tenants)], at)
        for at, bay in enumerate(held)
    )
    Occupancy.objects.bulk_create(
        Occupancy(
            zone_id=ground.zone.pk, unit=bay, kind=Occupancy.Kind.LET, party=lease.party,
            lease=lease, since=lease.since, until=lease.until,
        )
        for bay, lease in zip(held, leases, strict=True)
    )  # fmt: skip


def _lease(
    ground: Ground, days: Days, dice: random.Random, bay: Unit, tenant: Party, at: int
) -> Lease:
    since = max(bay.since, days.today - timedelta(days=dice.randrange(90, 1_400)))
    rent = int(bay.area_m2 * (bay.rent_fen or RENTS_FEN[0]))
    return Lease(
        zone_id=ground.zone.pk, number=f"ZL-{since.year}-{at + 1:04d}", party=tenant, since=since,
        until=days.today + timedelta(days=dice.randrange(40, 1_500)), rent_fen=rent,
        deposit_fen=rent * 3, deposit_paid_on=since, state=Lease.State.IN_FORCE,
    )  # fmt: skip


# Move-ins and cage-change -----------------------------------------------------------------------


def _move_ins(
    ground: Ground, bays: Sequence[Unit], names: Sequence[str], first: date, *,
    way: str = MoveIn.Way.NEW,
) -> list[MoveIn]:  # fmt: skip
    """Settled after a review by offices and the operator, one every nine days."""
    decider = ground.hands["economy.1"]
    rows = MoveIn.objects.bulk_create(
        _move_in(ground, decider, name, first + timedelta(days=9 * at), way)
        for at, name in enumerate(names)
    )
    of_units = MoveInUnit.objects.bulk_create(
        MoveInUnit(zone_id=ground.zone.pk, move_in=row, unit=bay)
        for row, bay in zip(rows, bays, strict=False)
    )
    MoveInOpinion.objects.bulk_create(
        opinion for one in of_units for opinion in _opinions(ground, one)
    )
    return rows


def _move_in(ground: Ground, decider: Hand, name: str, opened: date, way: str) -> MoveIn:
    moment = datetime(opened.year, opened.month, opened.day, 10, tzinfo=LOCAL)
    settled = opened + timedelta(days=40)
    return MoveIn(
        zone_id=ground.zone.pk, name=name, number=f"RZ-{way}-{opened:%y%m%d}", who=name, way=way,
        state=MoveIn.State.SETTLED, opened_at=moment, decided_at=moment + timedelta(days=6),
        decided_by=decider.post, words="同意入驻", settled_on=settled,
        producing_on=settled + timedelta(days=60) if way == MoveIn.Way.CAGE else None,
    )  # fmt: skip


def _opinions(ground: Ground, one: MoveInUnit) -> Iterator[MoveInOpinion]:
    said = {
        "zone_id": ground.zone.pk, "move_in": one.move_in, "says": MoveInOpinion.Says.YES,
        "said_at": one.move_in.decided_at,
    }  # fmt: skip
    for key, topic in TOPICS:
        hand = ground.hands[key]
        yield MoveInOpinion(office=hand.office, post=hand.post, topic=topic, **said)
    yield MoveInOpinion(operator=one.unit.building.operator, topic="园区承载", **said)


def _cage_change(ground: Ground, bays: Sequence[Unit]) -> None:
    """Seven idle bays found users by cage-change, all in production by October 2023."""
    free = bays[len(SETTLED) : len(SETTLED) + len(CHANGED)]
    rows = _move_ins(ground, free, CHANGED, date(2023, 2, 13), way=MoveIn.Way.CAGE)
    office = ground.hands["economy.1"]
    sites = CageSite.objects.bulk_create(
        CageSite(
            zone_id=ground.zone.pk, name=f"{bay.building.name} {bay.code}", unit=bay,
            why=CageSite.Why.IDLE, found_on=date(2022, 10, 12), state=CageSite.State.DONE,
            path=CageSite.Path.LET, office=office.office, post=office.post,
            freed_m2=bay.area_m2, move_in=row, came_in=row.name, done_on=row.settled_on,
        )
        for bay, row in zip(free, rows, strict=True)
    )  # fmt: skip
    dice = random.Random("gains")
    CageGain.objects.bulk_create(
        CageGain(
            zone_id=ground.zone.pk, site=site, code="tax_per_mu", unit_of="万元/亩", before=0,
            before_year=2022, after=Decimal(dice.randrange(90, 260)) / 10, after_year=2024,
            basis="税务部门提供的年度入库税收",
        )
        for site in sites
    )  # fmt: skip


def _jiema(ground: Ground) -> None:
    """Thirty mu of an idle state firm became the land of a second phase, 12,000 m² built on it."""
    firm = Party.objects.get(zone_id=ground.zone.pk, name__startswith=JIEMA)
    land = Parcel.objects.create(
        zone_id=ground.zone.pk, number="G-2022-017", name="国有企业闲置厂区地块", area_m2=20_000,
        is_state_owned=True, stage=Parcel.Stage.IN_USE, stage_on=date(2023, 7, 28), party=firm,
    )  # fmt: skip
    office = ground.hands["economy.1"]
    CageSite.objects.create(
        zone_id=ground.zone.pk, name="国有企业闲置厂区 30 亩", parcel=land, why=CageSite.Why.IDLE,
        found_on=date(2022, 8, 15), state=CageSite.State.DONE, path=CageSite.Path.TAKEN_BACK,
        office=office.office, post=office.post, freed_m2=20_000,
        came_in="捷马二期项目", done_on=date(2022, 12, 20), party=firm,
    )  # fmt: skip
    Building.objects.create(
        zone_id=ground.zone.pk, parcel=land, name="捷马二期厂房",
        kind=Building.Kind.OWN_WORKSHOP, area_m2=12_000, party=firm, is_accepted=True,
        built_on=date(2023, 7, 28), fire_class=FireClass.D,
    )  # fmt: skip
