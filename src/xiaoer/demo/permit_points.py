"""Service points of the demo: 1+5+N of the high-tech zone with what its e-hall has on record.

Records are written in bulk, as a ledger is taken over, with one line of the journal; what happens
today goes through the verbs.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO

from xiaoer.base import journal
from xiaoer.base.scope import acting
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground, Hand
from xiaoer.permits import actions as permits
from xiaoer.permits.models import (
    ExtendedService,
    LicenceUse,
    PointSlot,
    ServicePoint,
    ServiceRecord,
    Thing,
)
from xiaoer.registry.models import Party
from xiaoer.web.press import compile_pdf

Kind = ServiceRecord.Kind
HALL = "均和云谷e大厅"
SIGN_UP = "电子营业执照＋移动入网"
# code, name, English, tier, address, opened
POINTS = {
    "jhtz": (
        ("main", "高新区政务服务中心", "High-tech Zone government service centre", 1, "东区一路 1 号", date(2023, 3, 1)),
        ("yungu", HALL, "Yungu e-hall", 2, "云谷产业园 3 号楼一层", date(2024, 3, 11)),
        ("zhuangbei", "高端装备园分厅", "Equipment park hall", 2, "装备产业园服务楼", date(2024, 4, 8)),
        ("jiankang", "生命健康园分厅", "Life and health park hall", 2, "生命健康科技城 A 座", date(2024, 4, 8)),
        ("zhineng", "智能终端园分厅", "Smart terminals park hall", 2, "智能终端产业园大厅", date(2024, 5, 13)),
        ("hangkong", "航空航天城分厅", "Aerospace city hall", 2, "航空航天城展示中心", date(2024, 6, 3)),
        ("jiedao-1", "柳行便民服务点", "Liuhang service point", 3, "柳行街道便民中心", date(2024, 6, 17)),
        ("jiedao-2", "洸河便民服务点", "Guanghe service point", 3, "洸河街道便民中心", date(2024, 6, 17)),
        ("bank-1", "建设路银行网点", "Bank branch on Jianshe Road", 3, "建设路 88 号", date(2024, 9, 2)),
        ("shequ-1", "崇文社区服务点", "Chongwen community point", 3, "崇文社区服务中心", date(2024, 10, 14)),
    ),
    "jedz": (("main", "经开区政务服务中心", "Development Zone service centre", 1, "嘉祥路 6 号", date(2023, 2, 6)),),
    "canal": (("main", "运河经开区政务服务中心", "Canal Zone service centre", 1, "运河路 2 号", date(2023, 2, 6)),),
}  # fmt: skip
COUNTED_UNTIL = date(2025, 2, 28)
SIGNED_UP_UNTIL = date(2024, 12, 31)
ENTERPRISES, AGENCY, EXTENDED, CASES, SIGNED_UP = 118, 43, 31, 326, 1448


def keep_points(ground: Ground, firms: Firms, days: Days) -> None:
    """Points, what they did up to today, and who stands in the queue. Inside the zone's scope."""
    points = _open(ground)
    if ground.plan.code != "jhtz":
        return
    dice = random.Random("service points")
    permits.seed_extended_services(by=ground.by, now=FOUNDED)
    _offer(ground, points)
    _keep_ledger(ground, firms, days, points, dice)
    _keep_sign_ups(ground, firms, days, points, dice)
    _let_queue(ground, days, points["yungu"], dice)
    _give_mandate(ground, firms, days)


def _open(ground: Ground) -> dict[str, ServicePoint]:
    found: dict[str, ServicePoint] = {}
    dice = random.Random(f"points {ground.plan.code}")
    east, north = ground.plan.origin
    for code, name, name_en, tier, address, opened in POINTS[ground.plan.code]:
        facts = permits.PointFacts(
            name=name, tier=tier, address=address, name_en=name_en,
            parent=found["main"] if tier > 1 else None,
            east=round(east + dice.uniform(0.01, 0.1), 5),
            north=round(north + dice.uniform(0.01, 0.06), 5),
            phone=f"0537-10002{len(found):02d}",
        )  # fmt: skip
        found[code] = permits.open_point(
            by=ground.by, now=FOUNDED, code=code, facts=facts, opened_on=opened
        )
    return found


def _offer(ground: Ground, points: dict[str, ServicePoint]) -> None:
    things = list(Thing.objects.filter(zone_id=ground.zone.pk))[:12]
    extended = list(ExtendedService.objects.filter(zone_id=ground.zone.pk))
    for point in points.values():
        if point.tier < 3:
            permits.offer_services(
                by=ground.by, now=FOUNDED, point=point, things=things, extended=extended
            )


def _moment(days: Days, dice: random.Random, first: date, last: date) -> datetime:
    day = first + timedelta(days=dice.randrange((last - first).days + 1))
    return days.on(days.working_day(day) if days.working_day(day) <= last else first, dice.random())


def _keep_ledger(
    ground: Ground, firms: Firms, days: Days, points: dict[str, ServicePoint], dice: random.Random
) -> None:
    """What the e-hall did as the article counts it, then at all points up to today."""
    hall, hand = points["yungu"], ground.hands["desk.2"]
    served = dice.sample(firms.all, ENTERPRISES)
    extended = list(ExtendedService.objects.filter(zone_id=ground.zone.pk))
    first = hall.opened_on
    rows = [
        _row(hand, hall, Kind.AGENCY, party, _moment(days, dice, first, COUNTED_UNTIL))
        for party in served[:AGENCY]
    ]
    others = [*served[AGENCY:], *dice.choices(served[AGENCY:], k=CASES - ENTERPRISES)]
    rows += [
        _row(hand, hall, Kind.CASE, party, _moment(days, dice, first, COUNTED_UNTIL))
        for party in others
    ]
    for at, party in enumerate(served[-EXTENDED:]):
        moment = _moment(days, dice, first, COUNTED_UNTIL)
        rows.append(_row(hand, hall, Kind.EXTENDED, party, moment, extended[at % len(extended)]))
    since = COUNTED_UNTIL + timedelta(days=3)
    yesterday = days.today - timedelta(days=1)
    open_points = [one for one in points.values() if one.tier < 3]
    for _each in range(90):
        kind = dice.choice((Kind.CASE, Kind.CASE, Kind.AGENCY, Kind.ADVICE))
        moment = _moment(days, dice, since, yesterday)
        rows.append(_row(hand, dice.choice(open_points), kind, dice.choice(firms.all), moment))
    _write(ground, hand, "record_service", rows)


def _row(
    hand: Hand,
    point: ServicePoint,
    kind: str,
    party: Party,
    at: datetime,
    extended: ExtendedService | None = None,
) -> ServiceRecord:
    return ServiceRecord(
        zone_id=point.zone_id, point=point, kind=kind, party=party, name=party.name,
        extended=extended, at=at, recorded_at=at, post=hand.post,
    )  # fmt: skip


def _write(ground: Ground, hand: Hand, verb: str, rows: Sequence[ServiceRecord]) -> None:
    made = ServiceRecord.objects.bulk_create(rows, batch_size=1000)
    journal.record(
        by=hand.actor, now=max(row.at for row in rows), verb=verb, subject=made[0], count=len(made)
    )


def _keep_sign_ups(
    ground: Ground, firms: Firms, days: Days, points: dict[str, ServicePoint], dice: random.Random
) -> None:
    """Entities whose electronic licence was shown to sign up for a network, each once."""
    hand = ground.hands["desk.2"]
    firms_then = dice.sample(firms.all, SIGNED_UP)
    start = date(2024, 1, 8)
    later = (SIGNED_UP_UNTIL + timedelta(days=5), days.today - timedelta(days=1))

    def uses(parties: Iterable[Party], first: date, last: date) -> Iterator[LicenceUse]:
        for party in parties:
            yield LicenceUse(
                zone_id=ground.zone.pk, what=LicenceUse.What.BUSINESS, party=party,
                name=party.name, credit_code=party.credit_code, service=SIGN_UP,
                point=points["main"], at=_moment(days, dice, first, last), post=hand.post,
            )  # fmt: skip

    rows = [
        *uses(firms_then, start, SIGNED_UP_UNTIL),
        *uses(dice.sample(firms.all, 40), *later),
    ]
    made = LicenceUse.objects.bulk_create(rows, batch_size=1000)
    journal.record(
        by=hand.actor, now=days.ago(1), verb="record_licence_use", subject=made[0], count=len(made)
    )


def _let_queue(ground: Ground, days: Days, point: ServicePoint, dice: random.Random) -> None:
    """Times of the coming days, some of them booked, and numbers taken this morning."""
    hand = ground.hands["desk.2"]
    coming = days.calendar.add_working_days(days.today, 1)
    with acting(hand.actor):
        permits.open_point_slots(
            by=hand.actor, now=days.anchor, point=point, first=coming,
            last=days.calendar.add_working_days(coming, 3), minutes=30, places=2,
        )  # fmt: skip
        slots = list(PointSlot.objects.filter(point=point).order_by("day", "from_time"))
        for at, slot in enumerate(slots[1:12:4]):
            permits.book_appointment(
                by=hand.actor, now=days.anchor, slot=slot, who=next(ground.people),
                phone=f"139053700{at:02d}", words="变更登记咨询",
            )  # fmt: skip
        for _each in range(4):
            permits.take_number(by=hand.actor, now=days.ago(0.08 - _each * 0.01), point=point)
        permits.call_next_number(by=hand.actor, now=days.ago(0.02), point=point, window="2")


MANDATE = """
#set page(width: 210mm, height: 297mm, margin: 30mm)
#set text(font: "Noto Serif SC", 13pt)
#let data = json(bytes(sys.inputs.data))
#align(center, text(20pt)[授权委托书])
#v(12mm)
委托人：#data.party

受托人：#data.agent

委托事项：代为申请、提交材料、领取结果。

期限：#data.since 至 #data.until
"""


def _give_mandate(ground: Ground, firms: Firms, days: Days) -> None:
    """A firm lets somebody of the service desk apply for it, in writing."""
    hand, party = ground.hands["desk.2"], firms.services[30]
    since = days.ago(12).date()
    until = since + timedelta(days=180)
    paper = compile_pdf(
        MANDATE,
        {
            "party": party.name, "agent": hand.person.name, "since": since.isoformat(),
            "until": until.isoformat(),
        },
    )  # fmt: skip
    with acting(hand.actor):
        permits.give_mandate(
            by=hand.actor, now=days.ago(12), party=party, upload=BytesIO(paper),
            file_name="授权委托书.pdf", valid_from=since, valid_until=until, agent_post=hand.post,
        )  # fmt: skip
