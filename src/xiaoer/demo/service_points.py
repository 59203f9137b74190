"""The service points of the largest demo zone: places of 1+5+N, the day at one, what the articles count.

Places and people are invented. What is printed: the park's hall served over 100 enterprises, 320
matters, 40 with an agent and 31 with extended services; the e-licence served 1,448 entities by the
end of 2024.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO

from xiaoer.base.scope import acting
from xiaoer.demo.days import Days
from xiaoer.demo.ground import FOUNDED, Ground
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
from xiaoer.work.calendar import LOCAL

Kind = ServiceRecord.Kind
HALL = "均和云谷·高新政务服务e大厅"
# code, name, in English, tier, where, cell it lies in
POINTS = (
    ("main", "高新区政务服务中心", "Service centre of the zone", 1, "望岳路66号市民中心一至三层", 0),
    ("yungu", HALL, "Junhe Yungu hall", 2, "澄湖大道8号云谷一号楼一层", 7),
    ("chuangxin", "创新谷政务服务分厅", "Innovation valley branch", 2, "开泰路118号创新谷A座", 12),
    ("wuliu", "物流园政务服务分厅", "Logistics park branch", 2, "瑞祥路南首物流园大厅", 19),
    ("shengwu", "生物产业园政务服务分厅", "Bio park branch", 2, "济生路21号产业园综合楼", 25),
    ("xinshe", "新设街道便民服务分厅", "Street branch", 2, "新设街9号", 31),
    ("hehua", "荷花社区便民点", "Lotus community point", 3, "荷花路社区服务站", 5),
    ("tongji", "同济社区便民点", "Tongji community point", 3, "同济路社区服务站", 16),
    ("zhizao", "智能制造园便民点", "Smart manufacturing point", 3, "智园路3号物业楼", 22),
)  # fmt: skip
ENTERPRISES, MATTERS, AGENCY, EXTENDED, ENTITIES = 104, 326, 43, 31, 1448
ROAMING = "电子营业执照+移动入网"
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def keep_points(ground: Ground, firms: Sequence[Party], days: Days) -> None:
    """Points by the desk's verbs; what the articles count, in bulk; the day of the park's hall."""
    if ground.plan.code != "jhtz" or len(firms) < ENTERPRISES:
        return
    with acting(ground.by):
        permits.seed_extended_services(by=ground.by, now=FOUNDED)
        points = _points(ground)
        _count(ground, points["yungu"], firms)
        _today(ground, points["yungu"], firms, days)


def _points(ground: Ground) -> dict[str, ServicePoint]:
    found: dict[str, ServicePoint] = {}
    pieces = list(ground.pieces.values())
    for code, name, name_en, tier, address, cell in POINTS:
        east, north = pieces[cell % len(pieces)].centre
        found[code] = permits.open_point(
            by=ground.by,
            now=FOUNDED,
            code=code,
            facts=permits.PointFacts(
                name=name, name_en=name_en, tier=tier, address=address, east=east, north=north,
                parent=None if tier == 1 else found["main"], phone=f"0537-555{len(found):04d}",
            ),
            opened_on=date(2023, 3, 1),
        )  # fmt: skip
    things = list(Thing.objects.filter(zone=ground.zone)[:18])
    extended = list(ExtendedService.objects.filter(zone=ground.zone))
    for code, point in found.items():
        tier = point.tier
        permits.offer_services(
            by=ground.by, now=FOUNDED, point=point, things=things[: 18 if tier == 1 else 9],
            extended=extended if code in ("main", "yungu") else (),
        )  # fmt: skip
    return found


def _at(number: int) -> datetime:
    """Moments of 2024, one after the other through its office days."""
    day = date(2024, 1, 8) + timedelta(days=number % 340)
    return datetime.combine(day, time(9 + number % 8, number % 60), LOCAL)


def _count(ground: Ground, hall: ServicePoint, firms: Sequence[Party]) -> None:
    """Records and uses of e-licences of 2024, which are only ever added to."""
    extended = list(ExtendedService.objects.filter(zone=ground.zone))
    post = ground.hands["desk.1"].post
    rows = [
        _record(ground, hall, firms[at % ENTERPRISES], at,
                Kind.AGENCY if at < AGENCY else Kind.CASE, post.pk)
        for at in range(MATTERS)
    ]  # fmt: skip
    for at in range(EXTENDED):
        row = _record(ground, hall, firms[at], at * 7, Kind.EXTENDED, post.pk)
        row.extended = extended[at % len(extended)]
        rows.append(row)
    ServiceRecord.objects.bulk_create(rows)
    LicenceUse.objects.bulk_create(
        LicenceUse(
            zone=ground.zone, what=LicenceUse.What.BUSINESS, service=ROAMING, at=_at(at),
            party=firms[at] if at < len(firms) else None,
            name=firms[at].name if at < len(firms) else f"个体工商户{at:04d}",
            credit_code=firms[at].credit_code if at < len(firms) else "",
            point=hall if at % 3 else None, post=post,
        )
        for at in range(ENTITIES)
    )  # fmt: skip


def _record(
    ground: Ground, hall: ServicePoint, firm: Party, at: int, kind: str, post: int
) -> ServiceRecord:
    return ServiceRecord(
        zone=ground.zone, point=hall, kind=kind, party=firm, name=firm.name, at=_at(at),
        recorded_at=_at(at), post_id=post,
    )  # fmt: skip


def _today(ground: Ground, hall: ServicePoint, firms: Sequence[Party], days: Days) -> None:
    """A few appointments to come, a queue, an agent's power of attorney."""
    by, now = ground.hands["desk.1"].actor, days.now
    today = now.astimezone(LOCAL).date()
    first = max(today, days.today)
    permits.open_point_slots(
        by=by, now=now, point=hall, first=first, last=first + timedelta(days=10), minutes=30,
        places=3,
    )  # fmt: skip
    coming = [
        slot
        for slot in PointSlot.objects.filter(point=hall).order_by("day", "from_time")
        if datetime.combine(slot.day, slot.from_time, LOCAL) > now + timedelta(minutes=5)
    ]
    for at, slot in enumerate(coming[:6:2]):
        permits.book_appointment(
            by=by, now=now, slot=slot, who=f"{'钱孙李'[at]}女士", phone=f"1390000000{at}",
            party=firms[at] if at else None, words="企业信息变更",
        )  # fmt: skip
    for words in ("开办餐饮店", "领证", ""):
        permits.take_number(by=by, now=now, point=hall, words=words)
    permits.call_next_number(by=by, now=now, point=hall, window="2")
    permits.give_mandate(
        by=by, now=now, party=firms[0], upload=BytesIO(PAPER), file_name="授权委托书.pdf",
        valid_from=today, valid_until=today + timedelta(days=180),
        agent_post=ground.hands["desk.1"].post,
    )  # fmt: skip
