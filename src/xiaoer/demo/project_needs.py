"""What the projects under way wait for, who answers by when, and what the zone itself promised them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from xiaoer.demo.days import Days
from xiaoer.demo.ground import Ground
from xiaoer.demo.project_living import Living
from xiaoer.demo.project_past import Past
from xiaoer.projects.actions import elements, promises
from xiaoer.projects.models import Project


@dataclass(frozen=True, slots=True)
class Need:
    """Days count from today: asked so many before, needed and promised so many after (or before)."""

    short: str
    kind: str
    what: str
    amount: str
    answers: str  # an office of the zone by its key, else a utility or supplier in words
    asked: int
    needed: int
    promised: int | None = None
    ready: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """What the zone promised a project: by a day counted from today, kept so many days ago."""

    short: str
    what: str
    office: str
    on: int
    asked: int
    kept: int | None = None


NEEDS = (
    Need("凌渠装备", "power", "10 kV 供电接入", "3150", "供电公司", 40, -9, 20),
    Need("砺石碳材", "land", "30 亩用地合同", "30", "land", 60, -21, 25),
    Need("嘉禾印铁", "power", "用电增容", "1250", "供电公司", 30, 6, 16),
    Need("泗源新材", "power", "10 kV 供电接入", "2500", "供电公司", 25, 8, 10),
    Need("泗源新材", "labour", "烧结、分级工序用工", "40", "labour", 15, 60),
    Need("岱锋二期", "land", "二期用地", "42", "land", 70, 4, 3),
    Need("岱锋二期", "money", "设备贷款", "6000", "finance", 50, 20, 18),
    Need("瑞桥器械", "gas", "洁净车间供气", "800", "燃气公司", 45, 30, 28),
    Need("东岭铸造", "permit", "能评批复", "1", "ecology", 30, 12, 12),
    Need("川泽水处理", "water", "工业供水", "1200", "水务公司", 60, 25, 25),
    Need("恒岳模具", "labour", "数控操作工", "25", "labour", 20, 35),
    Need("标准厂房三期", "heat", "蒸汽管线接入", "18", "热力公司", 80, 70, 65),
    Need("中岳建材", "land", "堆场用地", "12", "land", 120, -30, -40, 35),
    Need("青禾新厂", "power", "用电增容", "800", "供电公司", 50, -20, -22, 21),
)  # fmt: skip
WORDS = (
    Word("凌渠装备", "厂区东侧道路通车", "building", -6, 120),
    Word("岱锋二期", "供地条件具备，完成场地平整", "land", 3, 70),
    Word("泗源新材", "雨污水管网接到厂界", "building", 20, 60),
    Word("泗源新材", "租金补贴首年兑付", "finance", -4, 90, kept=6),
    Word("砺石碳材", "协调先行用地", "land", -2, 50),
    Word("标准厂房三期", "公交站点同步启用", "building", 90, 40),
)


def keep_needs(ground: Ground, days: Days, pairs: Sequence[tuple[Living, Past]]) -> None:
    """By the verbs of whoever runs projects, on the days they were said."""
    of_short = {one.short: draft.row for one, draft in pairs if draft.row is not None}
    for need in NEEDS:
        row = of_short.get(need.short)
        if row is not None:
            _ask(ground, days, need, row)
    for word in WORDS:
        row = of_short.get(word.short)
        if row is not None:
            _promise(ground, days, word, row)


def _ask(ground: Ground, days: Days, need: Need, row: Project) -> None:
    office = ground.offices.get(need.answers)
    asked = elements.ask_element(
        by=ground.by,
        now=_ago(days, need.asked),
        kind=need.kind,
        what=need.what,
        needed_on=days.today + timedelta(days=need.needed),
        project=row,
        amount=Decimal(need.amount),
        office=office,
        answerer="" if office else need.answers,
    )
    if need.ready is not None:
        then = _ago(days, need.ready)
        elements.ready_element(by=ground.by, now=then, need=asked, on=days.local_day(then))
    elif need.promised is not None:
        elements.promise_element(
            by=ground.by,
            now=_ago(days, need.asked - 5),
            need=asked,
            on=days.today + timedelta(days=need.promised),
        )


def _promise(ground: Ground, days: Days, word: Word, row: Project) -> None:
    promise = promises.promise_for_zone(
        by=ground.by,
        now=_ago(days, word.asked),
        what=word.what,
        promised_on=days.today + timedelta(days=word.on),
        project=row,
        document="入区协议",
        office=ground.offices[word.office],
    )
    if word.kept is not None:
        then = _ago(days, word.kept)
        promises.keep_promise(by=ground.by, now=then, promise=promise, on=days.local_day(then))


def _ago(days: Days, count: int) -> datetime:
    """In office hours of the working day nearest before."""
    return days.on(days.calendar.add_working_days(days.today - timedelta(days=count - 1), -1), 0.4)
