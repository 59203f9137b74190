"""Projects that are under way: with plans, months, what they wait for, and who answers.

The high-tech zone has 27, as its wall shows them: three lose their day, six may, two nobody knows of.
Days are counted from today, so that the demo is alive on whichever day it is built.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.demo.names import SPEAKS_FOR
from xiaoer.demo.project_past import COURSE, YI, Kind, Past, Reporter, Writing, on_list
from xiaoer.projects.models import ForceMember, Series, Stage
from xiaoer.registry.models import Party
from xiaoer.work.calendar import LOCAL

Part = ForceMember.Part


@dataclass(frozen=True, slots=True)
class Held:
    """A step that waits: for whom, for how many days by now, and (if said) for how many more.

    ``left``: it has begun, and so many of its own days are left.
    """

    step: str
    by: str
    days: int
    more: int | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Living:
    """One project under way. ``age``: days since its plan began; ``late``: days its course is behind;
    ``spare``: days between the first forecast and the promised day; ``reached``: per cent of the
    year's plan up to the last month. ``template`` empty: nobody made a plan."""

    short: str
    name: str
    firm: str
    total: int  # 0.1 billion fen, that is 10 million yuan
    template: str = "new_build"
    kind: str = Kind.NEW_BUILD
    age: int = 150
    late: int = 0
    spare: int = 12
    reached: int | None = None  # per mille
    held: Held | None = None
    lists: tuple[str, ...] = ("municipal_key_industry",)
    land_first: bool = False
    leader: str = "board.1"
    content: str = ""


JHTZ = (
    Living("凌渠装备", "凌渠智装高端采煤装备项目", "济宁凌渠智装机械有限公司", 86, age=240, late=24, spare=8, reached=524,
           held=Held("power", "供电公司", 9, left=22), lists=("provincial_key",), content="高端采煤装备总装线 2 条"),
    Living("砺石碳材", "砺石碳材碳纤维复合材料项目", "济宁砺石碳材有限公司", 124, age=35, late=8, spare=17, reached=580,
           held=Held("land_contract", "自然资源分局", 21, 20), lists=("provincial_key",), leader="board.2",
           content="年产碳纤维复合材料 800 吨"),
    Living("星洛封测", "星洛电子芯片封装测试项目", "济宁星洛电子有限公司", 58, "fit_out", Kind.FIT_OUT, age=70, late=9, spare=4,
           reached=561, held=Held("equipment", "设备厂家", 16, left=24), leader="board.3", content="封装测试线 3 条"),
    Living("岱锋二期", "岱锋液压二期高端油缸项目", "济宁岱锋液压有限公司", 38, age=75, late=10, spare=14, reached=713,
           lists=("provincial_key",), land_first=True, content="高端液压油缸 6 万支，新建厂房 2.1 万平方米"),
    Living("嘉禾印铁", "嘉禾印铁制罐扩产项目", "济宁嘉禾印铁有限公司", 26, "upgrade", Kind.UPGRADE, age=80, late=4, spare=6,
           reached=708, held=Held("power", "供电公司", 4, 16), lists=("provincial_key_upgrade",), leader="board.2"),
    Living("瑞桥器械", "瑞桥器械介入导管项目", "济宁瑞桥器械有限公司", 31, age=200, late=14, spare=34, reached=725, leader="board.3"),
    Living("东岭铸造", "东岭铸造绿色短流程项目", "济宁东岭铸造有限公司", 22, "upgrade", Kind.UPGRADE, age=110, late=13, spare=6,
           reached=719, lists=("provincial_key_upgrade",), leader="board.4"),
    Living("恒岳模具", "恒岳模具精密模具二期项目", "济宁恒岳模具有限公司", 18, "fit_out", Kind.FIT_OUT, age=55, late=9, spare=60, reached=695),
    Living("川泽水处理", "川泽水处理膜组件项目", "济宁川泽水处理有限公司", 24, age=170, late=12, spare=10, reached=722, leader="board.2"),
    Living("标准厂房三期", "高端装备园标准厂房三期", "济宁高新控股集团", 92, kind=Kind.INFRASTRUCTURE, age=260, late=2, spare=25,
           reached=920, lists=("provincial_key",), leader="board.4", content="标准厂房 12 栋 18 万平方米"),
    Living("中岳建材", "中岳建材装配式构件项目", "济宁中岳建材有限公司", 47, age=280, spare=30, reached=1042, lists=("provincial_key",)),
    Living("青禾新厂", "青禾包装新厂项目", "济宁青禾包装有限公司", 21, "fit_out", Kind.FIT_OUT, age=60, spare=80, reached=913, leader="board.3"),
    Living("泗源新材", "泗源新材料电子级硅微粉项目", SPEAKS_FOR, 36, age=130, late=3, spare=26, reached=894,
           held=Held("power", "供电公司", 3, 10), leader="board.3", content="电子级硅微粉 1.2 万吨"),
    Living("荷塘食品", "荷塘食品速冻生产线项目", "济宁荷塘食品有限公司", 14, "upgrade", Kind.UPGRADE, age=120, spare=48, reached=908,
           lists=("provincial_key_upgrade",), leader="board.4"),
)  # fmt: skip
# The rest is of firms of the registry: template, kind, list, age, spare, reached.
OTHERS = (
    ("new_build", Kind.NEW_BUILD, "provincial_key", 220, 42, 956),
    ("new_build", Kind.NEW_BUILD, "provincial_key", 190, 42, 931),
    ("land_start", Kind.NEW_BUILD, "municipal_key_industry", 120, 30, 902),
    ("new_build", Kind.NEW_BUILD, "municipal_key_industry", 230, 25, 947),
    ("fit_out", Kind.FIT_OUT, "municipal_key_industry", 65, 80, 889),
    ("fit_out", Kind.FIT_OUT, "municipal_key_industry", 50, 85, 915),
    ("upgrade", Kind.UPGRADE, "provincial_key_upgrade", 130, 48, 964),
    ("upgrade", Kind.UPGRADE, "provincial_key_upgrade", 90, 50, 905),
    ("upgrade", Kind.UPGRADE, "provincial_key_upgrade", 140, 46, 938),
    ("new_build", Kind.NEW_BUILD, "municipal_key_industry", 160, 48, 921),
    ("fit_out", Kind.FIT_OUT, "municipal_key_industry", 75, 26, 897),
)
UNKNOWN = (
    ("拓原电气", "拓原电气开关柜项目", "济宁拓原电气有限公司"),
    ("禾创智谷", "禾创智谷研发楼项目", "济宁禾创智谷有限公司"),
)
SMALLER = {"jedz": 5, "canal": 4}


def living(ground: Ground, firms: Firms) -> list[Living]:
    """The projects under way in a zone."""
    code = ground.plan.code
    dice = random.Random(f"living {code}")
    if code != "jhtz":
        others = [("key", *one) for one in OTHERS[: SMALLER[code]]]
        return [_other(dice, firms, *one) for one in others]
    found = [*JHTZ, *(_other(dice, firms, "", *one) for one in OTHERS)]
    found += [
        Living(short, name, firm, 20, "", lists=("municipal_key_industry",))
        for short, name, firm in UNKNOWN
    ]
    return found


def _other(
    dice: random.Random, firms: Firms, instead: str, template: str, kind: str, on: str, age: int,
    spare: int, reached: int,
) -> Living:  # fmt: skip
    party = dice.choice(firms.industrial[20:200])
    what = {"upgrade": "智能化改造", "fit_out": "生产基地"}.get(template, "新厂")
    return Living(
        f"{party.name[2:4]}{what[:2]}", f"{party.name[2:-4]}{what}项目", party.name,
        dice.randrange(12, 60), template, kind, age=age, spare=spare, reached=reached,
        lists=(instead or on,), leader=f"board.{dice.randrange(1, 4)}",
    )  # fmt: skip


# Drafts ------------------------------------------------------------------------------------------


def keep_living(ground: Ground, firms: Firms, days: Days) -> list[tuple[Living, Past]]:
    """Write them without their plans; ``project_plans`` goes on from there."""
    dice = random.Random(f"spots {ground.plan.code}")
    spots = _spots(ground, dice)
    pairs = [
        (one, _draft(ground, days, one, number, next(spots)))
        for number, one in enumerate(living(ground, firms), start=1)
    ]
    Writing(ground, days).write([draft for _one, draft in pairs])
    _raise_force(ground, days, pairs)
    return pairs


def _draft(ground: Ground, days: Days, one: Living, number: int, spot: dict[str, object]) -> Past:
    party = Party.objects.filter(zone=ground.zone, name=one.firm).first()
    begun = days.today - timedelta(days=one.age)
    draft = Past(
        one.name,
        one.total * YI // 10,
        _passages(one, begun, days.today),
        party=party,
        owner="" if party else one.firm,
        kind=one.kind,
        content=one.content,
    )
    hands = ground.hands
    draft.more = {
        "short_name": one.short, "spot": spot, "is_land_first": one.land_first,
        "code": f"{begun:%y%m}-{ground.plan.region_code}-04-01-{2100 + number}",
        "leader": hands[one.leader].post, "officer": hands["economy.2"].post,
        "park": ground.parks[number % len(ground.parks)], "is_industry": one.kind != Kind.INFRASTRUCTURE,
        "land_signed_on": None,
    }  # fmt: skip
    on_list([draft], "key", days.today.year)
    for code in one.lists:
        if code != "key":
            on_list([draft], code, days.today.year)
    if one.reached is not None:
        _give_year(draft, one, days)
    return draft


def _passages(one: Living, begun: date, today: date) -> dict[str, date]:
    """Before the plan it was thought of, kept in reserve and signed; the start comes by its steps."""
    found = {
        str(Stage.PLANNED): begun - timedelta(days=210),
        str(Stage.RESERVE): begun - timedelta(days=150),
    }
    if one.template:
        found[str(Stage.SIGNED)] = begun - timedelta(days=12)
    return {stage: day for stage, day in found.items() if day <= today}


def _give_year(draft: Past, one: Living, days: Days) -> None:
    """The plan of this year, and what the bureau and the project office counted up to last month."""
    year, last = days.today.year, days.today.month - (2 if days.today.day < 15 else 1)
    plan = one.total * YI // 10 // 100 * 45
    draft.plans[year] = plan
    draft.entered_on = date(year - 1, 11, 12)
    if last < 1 or one.reached is None:
        return
    # What was printed for a year almost over; earlier in the year less was reached.
    done = plan * one.reached // 1000 * min(last, 10) // 10
    every = done // last // 10**6 * 10**6
    for month in range(1, last + 1):
        part = every if month < last else done - every * (last - 1)
        for series, reporter, share in (
            (Series.FIXED_ASSET, Reporter.STATISTICS, 100),
            (Series.IN_PLACE, Reporter.ZONE, 110),
            (Series.PHYSICAL, Reporter.ZONE, 92),
        ):
            draft.months.append((series, date(year, month, 1), part * share // 100, reporter))


def _spots(ground: Ground, dice: random.Random) -> Iterator[dict[str, object]]:
    """Parcels, each in a cell of its own as long as there are cells: a little turned, as the land lies."""
    codes = sorted(ground.pieces)
    dice.shuffle(codes)
    turn = 0
    while True:
        for code in codes:
            x, y = ground.pieces[code].centre
            yield parcel(dice, x + 0.003 * turn, y + 0.002 * turn)
        turn += 1


def parcel(dice: random.Random, x: float, y: float) -> dict[str, object]:
    x += dice.uniform(-0.0025, 0.0025)
    y += dice.uniform(-0.0018, 0.0018)
    wide, high, lean = dice.uniform(0.0017, 0.0032), dice.uniform(0.0011, 0.002), 0.14
    corners = ((-wide, -high), (wide, -high), (wide, high), (-wide, high), (-wide, -high))
    ring = [
        [round(x + dx + lean * dy, 6), round(y + dy - lean * dx * 0.8, 6)] for dx, dy in corners
    ]
    return {"type": "Polygon", "coordinates": [ring]}


def _raise_force(ground: Ground, days: Days, pairs: Sequence[tuple[Living, Past]]) -> None:
    """Who belongs to the task force of each: the leader, somebody of the economy, land and power."""
    hands = ground.hands
    ForceMember.objects.bulk_create(
        ForceMember(
            zone=ground.zone, project=draft.row, post=hands[key].post, part=part,
            since=days.today - timedelta(days=max(one.age, 30)),
        )
        for one, draft in pairs
        if one.template
        for key, part in (
            (one.leader, Part.HEAD), ("economy.2", Part.STATIONED), ("land.2", Part.MEMBER),
            ("power.2", Part.MEMBER),
        )
    )  # fmt: skip


def moment(day: date) -> datetime:
    return datetime.combine(day, FOUNDED.timetz()).astimezone(LOCAL)


__all__ = ["COURSE", "Held", "Living", "keep_living", "living", "moment"]
