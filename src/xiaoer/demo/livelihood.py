"""Livelihood lists: the years the articles tell of, in bulk, and this year's by the verbs of the room.

Places are invented. What is printed: in the development zone 16 items of 2022 on schedule, 43
villages with sewage works and 5 beautiful villages under way, 7 primary schools turned into
kindergartens, 15 clinics, 90 nursery places (55.6 % of the year); in the high-tech zone 27 items of
2024 in ten categories, all completed on schedule.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from xiaoer.base import journal
from xiaoer.base.scope import acting
from xiaoer.demo.days import Days
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.projects.actions import livelihood
from xiaoer.projects.models import (
    LivelihoodCategory,
    LivelihoodFigure,
    LivelihoodItem,
    LivelihoodPlace,
    LivelihoodStep,
)
from xiaoer.work.calendar import LOCAL

Kind, Level = LivelihoodPlace.Kind, LivelihoodPlace.Level
HEADS = "前后东西南北上下大小"
STEMS = "柳荷桥槐枣梨杨柏桑榆石泉岗湾坡沟堂营寨店"
# Offices by what an item is about.
OFFICES = {"教育": "labour", "医疗卫生": "labour", "就业": "labour", "生态": "ecology", "交通": "building",
           "住房": "building", "电力": "power", "文化": "party", "养老": "labour", "安全": "party",
           "农村": "ecology", "城市": "building", "政务": "approval", "水利": "land"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Places:
    """So many places of an item, begun and done on these days (None: under way)."""

    count: int
    kind: str
    ends: str
    level: str = Level.NONE
    done_on: date | None = None
    due_on: date | None = None
    was: str = ""
    becomes: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An item as a list has it: (step, due, done) by month and day of its year."""

    category: str
    name: str
    promise: str
    steps: tuple[tuple[str, date, date | None], ...]
    subject: str = ""
    unit: str = ""
    target: int | None = None
    reached: tuple[tuple[int, int], ...] = ()
    places: tuple[Places, ...] = ()
    office: str = ""
    is_done: bool = True


def keep_lists(ground: Ground, days: Days) -> None:
    """Every zone its lists. Called inside the zone's scope."""
    if ground.plan.code == "jedz":
        _write(ground, 2022, _jedz_2022())
    if ground.plan.code == "jhtz":
        _write(ground, 2024, _jhtz_2024())
        _tell_this_year(ground, days)


def village(dice: random.Random, used: set[str], ends: str) -> str:
    """An invented name of a village, school or clinic, none twice."""
    while True:
        name = dice.choice(HEADS) + dice.choice(STEMS) + dice.choice(STEMS) + ends
        if name not in used:
            used.add(name)
            return name


# The past ----------------------------------------------------------------------------------------


def _course(year: int, *names: str, late_by: int = -6) -> tuple[tuple[str, date, date | None], ...]:
    """Steps spread over the year, each done some days before its day."""
    every = 12 // len(names)
    dues = [date(year, min(12, every * at), 20) for at in range(1, len(names) + 1)]
    return tuple(
        (name, due, due + timedelta(days=late_by)) for name, due in zip(names, dues, strict=True)
    )


def _jedz_2022() -> Iterator[Item]:
    end, by_autumn = date(2022, 12, 12), date(2022, 8, 25)
    usual = ("方案确定", "开工实施", "验收交付")
    course = _course(2022, *usual)

    def item(category: str, name: str, promise: str, **more: object) -> Item:
        return Item(category, name, promise, course, **more)  # type: ignore[arg-type]  # facts of the list below

    yield item("农村", "农村生活污水治理", "完成43个行政村生活污水治理。", subject="rural_sewage", unit="个", target=43,
               reached=((6, 0), (12, 43)), places=(Places(43, Kind.VILLAGE, "村", done_on=end),))  # fmt: skip
    yield item("农村", "美丽乡村创建", "5个村庄创建市级美丽乡村。", subject="beautiful_village", unit="个", target=5,
               places=(Places(5, Kind.VILLAGE, "庄", Level.MUNICIPAL, done_on=end),))  # fmt: skip
    yield item("教育", "小学撤并改建幼儿园", "7所小学撤并改建幼儿园。", subject="school_conversion", unit="所", target=7,
               places=(Places(7, Kind.SCHOOL, "小学", due_on=date(2022, 12, 20), done_on=date(2022, 12, 6),
                              was="小学", becomes="幼儿园"),))  # fmt: skip
    yield item("医疗卫生", "村卫生室提升", "建成市、区级卫生室15所。", subject="village_clinic", unit="所", target=15,
               places=(Places(9, Kind.CLINIC, "村卫生室", Level.ZONE, done_on=by_autumn),
                       Places(6, Kind.CLINIC, "卫生室", Level.MUNICIPAL, done_on=by_autumn)))  # fmt: skip
    yield item("教育", "普惠托育", "新增3岁以下婴幼儿托位162个。", subject="nursery_place", unit="个", target=162,
               reached=((3, 20), (6, 55), (9, 90), (12, 162)))  # fmt: skip
    rest = (("教育", "中心幼儿园建设", "经开区中心幼儿园主体完工。"), ("教育", "义务教育学校建设", "新建义务教育学校1所。"),
            ("医疗卫生", "卫生健康中心建设", "区卫生健康中心开工建设。"), ("就业", "城镇新增就业", "完成城镇新增就业年度任务。"),
            ("就业", "公益性岗位", "开发城乡公益性岗位并组织上岗。"), ("城市", "老旧道路整修", "整修城区道路6条。"),
            ("城市", "社区服务提升", "新建社区服务站2处。"), ("交通", "公交线路优化", "优化公交线路3条。"),
            ("养老", "居家养老服务", "新增助老食堂4处。"), ("生态", "河道综合治理", "治理河道8公里。"),
            ("安全", "食品安全抽检", "每千人抽检4批次。"))  # fmt: skip
    for category, name, promise in rest:
        yield item(category, name, promise)


TEN = (
    ("教育", ("新建改扩建学校", "新增公办学位", "校园食堂改造")),
    ("医疗卫生", ("社区卫生服务中心提升", "适龄女生疫苗接种", "家庭医生签约")),
    ("养老", ("助老食堂建设", "失能老人上门服务", "适老化改造")),
    ("就业", ("高校毕业生就业岗位", "零工市场建设", "职业技能培训")),
    ("住房", ("老旧小区改造", "棚改安置房交付", "保障性租赁住房")),
    ("交通", ("断头路打通", "农村公路养护", "公交候车亭更新")),
    ("生态", ("口袋公园建设", "农村污水治理", "城市绿道建设")),
    ("城市", ("老旧管网更新", "停车泊位增设")),
    ("文化", ("基层文化设施提升", "全民健身设施")),
    ("安全", ("食品安全抽检", "道路隐患整治")),
)  # fmt: skip


def _jhtz_2024() -> Iterator[Item]:
    for category, names in TEN:
        for name in names:
            yield Item(
                category,
                name,
                f"{name}，年内完成。",
                _course(2024, "方案确定", "组织实施", "验收交付"),
            )


def _write(ground: Ground, year: int, items: Iterable[Item]) -> None:
    """A list of a year that is over, in bulk, as it was kept on paper, with one line of the journal."""
    dice, used = random.Random(f"livelihood {ground.plan.code} {year}"), set[str]()
    zone, opened = ground.zone, datetime.combine(date(year, 2, 20), FOUNDED.timetz())
    told = list(items)
    names = list(dict.fromkeys(one.category for one in told))
    categories = {
        row.name: row
        for row in LivelihoodCategory.objects.bulk_create(
            LivelihoodCategory(zone=zone, year=year, order=at, name=name)
            for at, name in enumerate(names, start=1)
        )
    }
    told.sort(key=lambda one: names.index(one.category))
    rows = LivelihoodItem.objects.bulk_create(
        LivelihoodItem(
            zone=zone, category=categories[one.category], year=year, number=number, name=one.name,
            promise=one.promise, subject=one.subject, unit=one.unit, target=one.target,
            office=ground.offices[OFFICES[one.category]], leader=ground.hands["board.2"].post,
            state=LivelihoodItem.State.COMPLETED,
            completed_on=max(done for _name, _due, done in one.steps if done), is_public=True,
            opened_at=opened,
        )
        for number, one in enumerate(told, start=1)
    )  # fmt: skip
    pairs = list(zip(rows, told, strict=True))
    LivelihoodStep.objects.bulk_create(
        LivelihoodStep(zone=zone, item=row, name=name, due_on=due, done_on=done)
        for row, one in pairs
        for name, due, done in one.steps
    )
    LivelihoodPlace.objects.bulk_create(
        LivelihoodPlace(
            zone=zone, item=row, kind=some.kind, name=village(dice, used, some.ends),
            level=some.level, began_on=date(year, 3, 10), due_on=some.due_on, done_on=some.done_on,
            state="completed" if some.done_on else "in_progress", was=some.was,
            becomes=some.becomes,
        )
        for row, one in pairs
        for some in one.places
        for _place in range(some.count)
    )  # fmt: skip
    post = ground.hands["desk.1"].post
    LivelihoodFigure.objects.bulk_create(
        LivelihoodFigure(
            zone=zone, item=row, month=date(year, month, 1), value=value, post=post,
            reported_at=datetime.combine(date(year, month, 28), FOUNDED.timetz()),
        )
        for row, one in pairs
        for month, value in one.reached
    )  # fmt: skip
    journal.record(
        by=ground.hands["desk.1"].actor, now=FOUNDED, verb="open_livelihood_item", subject=rows[0],
        year=year, count=len(rows),
    )  # fmt: skip


# This year ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Running:
    """An item of this year; steps and their ends in working days before today (None: open)."""

    category: str
    name: str
    promise: str
    steps: tuple[tuple[str, int, int | None], ...] = ()
    unit: str = ""
    target: int | None = None
    reached: tuple[tuple[int, int], ...] = ()
    places: tuple[tuple[str, str, bool], ...] = field(default=())
    is_public: bool = True


RUNNING = (
    Running("教育", "新增普惠性托位", "新增普惠性托位 240 个。", (("选址", 150, 155), ("装修完成", 30, 34), ("备案开园", -18, None)),
            "个", 240, ((6, 96), (9, 168), (10, 214)), (("school", "和园托育园", True), ("school", "清波托育园", False))),
    Running("教育", "蓼河第三小学扩建", "扩建教室 18 间，新增学位 810 个。", (("开工", 140, 141), ("主体封顶", 12, None), ("交付", -25, None)),
            "个", 810, ((10, 0),), (("school", "蓼河第三小学", False),)),
    Running("医疗卫生", "社区卫生服务站提升", "提升社区卫生服务站 6 处。", (("设备采购", 90, 92), ("改造完成", 20, 22), ("验收", -10, None)),
            "处", 6, ((10, 4),), (("clinic", "崇文社区卫生服务站", True), ("clinic", "洸河社区卫生服务站", True), ("clinic", "黄屯社区卫生服务站", False))),
    Running("养老", "助老食堂", "新开助老食堂 8 处。", (("选点", 160, 160), ("开业", 15, 16)), "处", 8, ((6, 4), (9, 7), (10, 8))),
    Running("住房", "老旧小区改造", "改造老旧小区 12 个。", (("设计", 130, 120), ("管网完成", 40, 41), ("竣工", -12, None)),
            "个", 12, ((9, 5), (10, 6)), (("community", "枫林社区", True), ("community", "锦绣社区", False))),
    Running("交通", "产业大道北延", "打通断头路 1 条，2.6 公里。", (("征迁", 120, 121), ("路基", 45, 44), ("通车", -30, None)), "公里", 3, ((10, 2),)),
    Running("生态", "口袋公园", "建成口袋公园 10 处。", (("选址", 150, 152), ("建成", 25, 27)), "处", 10, ((6, 3), (10, 10))),
    Running("城市", "停车泊位增设", "新增停车泊位 600 个。", unit="个", target=600),
    Running("就业", "零工驿站", "建成零工驿站 3 处。", (("选址", 100, 101), ("运营", 35, 37)), "处", 3, ((10, 3),)),
    Running("农村", "农村生活污水治理", "治理行政村 9 个。", (("勘测", 120, 122), ("主体完工", 8, 9), ("验收", -20, None)), "个", 9,
            ((9, 6), (10, 8)), (("village", "前柳村", True), ("village", "后荷村", True), ("village", "东石桥村", False))),
    Running("安全", "校园周边交通整治", "整治校园周边路口 15 处。", (("排查", 140, 143), ("整治完成", -15, None)), "处", 15, ((10, 13),), is_public=False),
)  # fmt: skip
FINISHED = ("助老食堂", "口袋公园", "零工驿站")


def _tell_this_year(ground: Ground, days: Days) -> None:
    """Opened in February by the desk, reported by the offices that answer; late, behind, unknown."""
    year = days.today.year
    by = ground.hands["desk.1"].actor
    opened = min(datetime.combine(date(year, 2, 18), FOUNDED.timetz()), days.ago(180))
    with acting(by):
        for one in RUNNING:
            _tell_item(ground, days, by_day=opened, one=one)


def _tell_item(ground: Ground, days: Days, *, by_day: datetime, one: Running) -> None:
    by, year = ground.hands["desk.1"].actor, days.today.year
    item = livelihood.open_item(
        by=by,
        now=by_day,
        year=year,
        facts=livelihood.ItemFacts(
            category=one.category,
            name=one.name,
            promise=one.promise,
            office=ground.offices[OFFICES[one.category]],
            leader=ground.hands["board.3"].post,
            unit=one.unit,
            target=None if one.target is None else Decimal(one.target),
        ),
    )
    ends = []
    for name, due, done in one.steps:
        step = livelihood.add_item_step(
            by=by, now=by_day, item=item, name=name, due_on=_day(days, due)
        )
        if done is not None:
            ends.append(_day(days, done))
            livelihood.finish_item_step(by=by, now=days.now, step=step, done_on=ends[-1])
    for kind, name, is_done in one.places:
        place = livelihood.add_item_place(
            by=by,
            now=by_day,
            item=item,
            facts=livelihood.PlaceFacts(kind=kind, name=name, began_on=date(year, 3, 12)),
        )
        if is_done:
            livelihood.finish_item_place(by=by, now=days.now, place=place, done_on=_day(days, 15))
    for month, value in one.reached:
        first = date(year, month, 1)
        if first < days.today.replace(day=1):
            livelihood.report_item_figure(
                by=by, now=_after(first, days), item=item, month=first, value=Decimal(value)
            )
    if one.is_public:
        livelihood.show_item(by=by, now=by_day, item=item, is_public=True)
    if one.name in FINISHED:
        item.refresh_from_db()
        livelihood.complete_item(
            by=by, now=days.now, item=item, completed_on=max(ends), version=item.version
        )


def _day(days: Days, ago: int) -> date:
    """So many working days before today; a day to come for a negative number."""
    return days.calendar.add_working_days(days.today, -ago)


def _after(month: date, days: Days) -> datetime:
    day = (month + timedelta(days=40)).replace(day=5)
    return min(days.now, datetime.combine(day, FOUNDED.timetz()).astimezone(LOCAL))
