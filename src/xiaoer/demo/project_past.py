"""Projects of the past: as many as the articles count, on lists, by stages, with months that add up.

Who builds what is invented, except for names the articles publish themselves. Written in bulk, as a
ledger is taken over from sheets, with one line of the journal for each zone. Percentages come out
by the money: of a list that reached 95.22 % of its year's plan, the months add up to exactly that.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xiaoer.base import journal
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.growth.models import Ladder
from xiaoer.growth.queries import counting as growing
from xiaoer.projects.models import (
    ChainStep,
    Element,
    ElementNeed,
    InvestmentMonth,
    ListPlace,
    Project,
    ProjectList,
    Series,
    Stage,
    StagePassage,
    StatEntry,
    YearPlan,
)
from xiaoer.registry.models import Party
from xiaoer.work.models import Matter

YI = 10**10  # fen
WAN = 10**6
Kind = Project.Kind
Reporter = InvestmentMonth.Reporter
# In what order a project passes, and about how many days a stage lasts.
COURSE = (Stage.PLANNED, Stage.RESERVE, Stage.SIGNED, Stage.STARTED, Stage.BUILDING, Stage.COMPLETED, Stage.PRODUCING, Stage.FULL)  # fmt: skip
WHATS = (
    "扩产",
    "二期",
    "智能化改造",
    "数字化车间",
    "绿色工厂",
    "研发检测中心",
    "精密加工基地",
    "生产线升级",
    "仓储配套",
    "关键零部件",
)
# Accepted in the development zone in 2023: the first is the article's, the others are invented.
ACCEPTED = (
    ("教育装备产业园项目", "教学仪器与教室装备厂房"),
    *(
        (f"{name}项目", "标准厂房与配套用房")
        for name in (
            "云桥新材料一期厂房", "澄源净水装备厂房", "启岳数控机床车间", "汇成冷链仓储中心",
            "金穗包装二期厂房", "远帆电缆车间", "禾丰食品加工车间", "立恒铸造改造车间",
            "辰星电子一号厂房", "百川阀门厂房", "瑞宁医疗器械厂房", "嘉木家居二期车间",
            "恒沣泵业厂房", "锦程汽配车间", "明烁光学实验楼", "同舟物流分拨中心",
            "天朗环保设备厂房", "青石建材生产线厂房", "新禾农机装配车间",
        )
    ),
)  # fmt: skip
KEY_ACCEPTED = 11
LEVELS = {"provincial": "provincial", "municipal": "municipal"}
LISTS = {
    "key": ("区重点产业项目", "zone", "key"),
    "top_priority": ("“重中之重”项目", "zone", "top_priority"),
    "provincial_key": ("省级重点项目", "provincial", "key"),
    "municipal_key_industry": ("市级重点产业项目", "municipal", "key"),
    "municipal_key": ("市级重点项目", "municipal", "key"),
    "upgrade_key": ("技改重点项目", "municipal", "upgrade"),
    "provincial_key_upgrade": ("省重点技改项目", "provincial", "upgrade"),
    "provincial_major": ("省重大项目", "provincial", "key"),
    "provincial_old_new_drivers": ("省新旧动能转换优选项目", "provincial", "drivers"),
    "provincial_technical_upgrade": ("省技术改造导向目录", "provincial", "upgrade"),
}


@dataclass
class Past:
    """A project of the past and all that is written of it."""

    name: str
    total: int
    passages: dict[str, date]
    party: Party | None = None
    owner: str = ""
    kind: str = Kind.NEW_BUILD
    is_industry: bool = True
    industry: str = ""
    content: str = ""
    place: str = ""
    starts_by: date | None = None
    lists: list[tuple[str, int]] = field(default_factory=list)
    plans: dict[int, int] = field(default_factory=dict)
    entered_on: date | None = None
    months: list[tuple[str, date, int, str]] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    row: Project | None = None


def course(first: date, *spans: int, since: str = Stage.PLANNED) -> dict[str, date]:
    """Days of the stages one after another, so many days apart."""
    at = COURSE.index(Stage(since))
    found, day = {}, first
    for stage, span in zip(COURSE[at:], (*spans, 0), strict=False):
        found[str(stage)] = day
        day += timedelta(days=span)
    return found


def keep_past(ground: Ground, firms: Firms, days: Days) -> None:
    """Write the projects of the years the articles tell of. Called inside the zone's scope."""
    code = ground.plan.code
    dice = random.Random(f"past projects {code}")
    told = list({"jhtz": _jhtz, "jedz": _jedz, "canal": _canal}[code](ground, firms, dice))
    Writing(ground, days).write(told)
    if code == "jedz":
        _solve_land(ground, firms, dice)


def brand(party: Party) -> str:
    """济宁恒岳模具有限公司 → 恒岳."""
    return party.name[2:4]


def named(party: Party, dice: random.Random, used: set[str]) -> str:
    """An invented name of a project, none twice in a zone."""
    for what in (*dice.sample(WHATS, len(WHATS)), *(f"{one}三期" for one in WHATS)):
        name = f"{brand(party)}{party.name[4:-4]}{what}项目"
        if name not in used:
            used.add(name)
            return name
    raise RuntimeError(f"too many projects of {party.name}")


def give(dice: random.Random, projects: Sequence[Past], year: int, share: str) -> None:
    """Plans of a year and the bureau's twelve months, which together reach exactly ``share`` per cent
    by ``until`` (the whole year where the article tells of it)."""
    give_until(dice, projects, year, share, 12)


def give_until(
    dice: random.Random, projects: Sequence[Past], year: int, share: str, until: int
) -> None:
    plans = [dice.randrange(1500, 26000) * 10 * WAN for _each in projects]
    wanted = Fraction(share) / 100 * sum(plans)
    if wanted.denominator != 1:
        raise RuntimeError(f"{share} % of the plans is no whole number of fen")
    weights = [plan * dice.randrange(80, 121) for plan in plans]
    for project, plan, done in zip(projects, plans, parts(int(wanted), weights), strict=True):
        project.plans[year] = plan
        project.entered_on = project.entered_on or date(year - 1, 9, 12)
        spread = parts(done, [dice.randrange(60, 141) for _month in range(until)])
        spread += [done // until * dice.randrange(30, 90) // 100 for _month in range(until, 12)]
        project.months += [
            (Series.FIXED_ASSET, date(year, month, 1), amount, Reporter.STATISTICS)
            for month, amount in enumerate(spread, start=1)
        ]


def parts(whole: int, weights: Sequence[int]) -> list[int]:
    """A whole as whole parts in proportion; what rounding leaves goes to the last."""
    total = sum(weights)
    found = [whole * weight // total // WAN * WAN for weight in weights]
    found[-1] += whole - sum(found)
    return found


# The zones ---------------------------------------------------------------------------------------


def _jhtz(ground: Ground, firms: Firms, dice: random.Random) -> Iterator[Past]:
    """2022: 23 provincial (201.2 %), 27 municipal (122.7 %); 2023: 9 and 29; 2024: 20 upgrades."""
    parties = iter(dice.sample(firms.industrial[200:], 90))
    used: set[str] = set()
    provincial = [_usual(next(parties), dice, used, date(2020, 3, 2)) for _each in range(23)]
    municipal = [_usual(next(parties), dice, used, date(2020, 5, 11)) for _each in range(27)]
    give(dice, provincial, 2022, "201.2")
    give(dice, municipal, 2022, "122.7")
    later = [_usual(next(parties), dice, used, date(2021, 2, 22)) for _each in range(11)]
    upgrades = [_usual(next(parties), dice, used, date(2022, 11, 7)) for _each in range(20)]
    for one in upgrades:
        one.kind = Kind.UPGRADE
        begun = date(2023, 5, 8) + timedelta(days=dice.randrange(0, 60))
        one.passages = course(begun, 60, 60, 60, 40, 240, 60, 240)
        one.starts_by = one.passages[Stage.STARTED] + timedelta(days=15)
    on_list(provincial, "provincial_key", 2022)
    on_list(municipal, "municipal_key_industry", 2022)
    on_list([*provincial[:4], *later[:5]], "provincial_key", 2023)
    on_list([*municipal[:23], *later[5:]], "municipal_key", 2023)
    on_list(upgrades, "provincial_key_upgrade", 2024)
    yield from (*provincial, *municipal, *later, *upgrades)
    yield Past(
        "捷马（济宁）矿山支护设备二期项目",
        2 * YI,
        {
            Stage.RESERVE: date(2022, 8, 15), Stage.SIGNED: date(2022, 11, 21),
            Stage.STARTED: date(2023, 1, 9), Stage.BUILDING: date(2023, 2, 6),
            Stage.COMPLETED: date(2023, 7, 11), Stage.PRODUCING: date(2023, 8, 21),
            Stage.FULL: date(2024, 9, 2),
        },
        party=_of_name(ground, "捷马（济宁）矿山支护设备制造有限公司"),
        content="用地 30 亩，厂房 1.2 万平方米",
    )  # fmt: skip


def _jedz(ground: Ground, firms: Firms, dice: random.Random) -> Iterator[Past]:
    """2022 and 2023 as the articles of the development zone count them."""
    parties = iter(dice.sample(firms.industrial, 100))
    used: set[str] = set()
    key = [_usual(next(parties), dice, used, date(2020, 4, 13)) for _each in range(56)]
    for one in key:
        # Completed after October 2023, so that 2023 counts only what the article counts.
        one.passages |= course(date(2023, 11, 20), 120, 240, since=Stage.COMPLETED)
    for one, name in zip(
        key[:5], ("神力索具", "中科泰阳", "乾钢金属", "嘉兴包装", "精拓机械"), strict=True
    ):
        one.name, one.party, one.owner = f"{name}产业项目", None, name
    for at, one in enumerate((*key[2:5], *key[40:43])):
        one.passages |= course(date(2022, 2 + at, 18), 45, 300, since=Stage.COMPLETED)
    provincial, municipal, upgrades = key[:8], key[8:25], key[25:31]
    give_until(dice, provincial, 2022, "95.22", 8)
    give_until(dice, municipal, 2022, "78.6", 8)
    give_until(dice, upgrades, 2022, "89.82", 8)
    on_list(key, "key", 2022)
    on_list(provincial, "provincial_key", 2022)
    on_list(municipal, "municipal_key_industry", 2022)
    on_list(upgrades, "upgrade_key", 2022)
    on_list([*key[:2], *key[8:13]], "top_priority", 2022)
    next_upgrades = key[12:25]
    give_until(dice, next_upgrades, 2023, "102.96", 10)
    on_list(next_upgrades, "upgrade_key", 2023)
    for one in (*upgrades, *next_upgrades):
        one.kind = Kind.UPGRADE
    signed = [_usual(next(parties), dice, used, date(2021, 6, 7)) for _each in range(17)]
    for at, one in enumerate(signed):
        one.total = dice.randrange(10, 90) * YI // 10
        day = date(2022, 1 + at % 6, 8 + at)
        one.passages = course(date(2021, 8, 2), 100, since=Stage.PLANNED) | {Stage.SIGNED: day}
        one.passages |= course(date(2022, 9, 5) + timedelta(days=at * 5), 60, 560, 90, 400, since=Stage.STARTED)  # fmt: skip
    _give_money(dice, signed, key[:25])
    yield from (*key, *signed, *_housing(dice), *_climbing(ground, dice, used))
    yield from _accepted()


def _accepted() -> Iterator[Past]:
    """Buildings accepted in 2023, eleven of them key projects; in production the year after."""
    for at, (name, content) in enumerate(ACCEPTED):
        completed = date(2023, 2, 17) + timedelta(days=13 * at)
        passages = course(date(2020, 9, 7), 60, 90, 120, 60, since=Stage.PLANNED)
        one = Past(
            name,
            (18 + 7 * at % 40) * YI // 10,
            passages | course(completed, 420, 300, since=Stage.COMPLETED),
            owner=f"{name[:4]}建设单位",
            content=content,
        )
        if at < KEY_ACCEPTED:
            on_list([one], "key", 2023)
        yield one


def _give_money(dice: random.Random, signed: Sequence[Past], built: Sequence[Past]) -> None:
    """2.58 billion in place of what was signed, 1.17 billion of physical work, January to June 2022."""
    for projects, series, whole in (
        (signed, Series.IN_PLACE, 258 * YI // 10),
        (built, Series.PHYSICAL, 117 * YI // 10),
    ):
        for one, amount in zip(
            projects, parts(whole, [dice.randrange(50, 150) for _each in projects]), strict=True
        ):
            first = one.passages[Stage.SIGNED].month if series == Series.IN_PLACE else 1
            months = range(first, 7)
            spread = parts(amount, [dice.randrange(60, 141) for _month in months])
            one.months += [
                (series, date(2022, month, 1), part, Reporter.ZONE)
                for month, part in zip(months, spread, strict=True)
            ]


def _housing(dice: random.Random) -> Iterator[Past]:
    names = (
        "鸿顺天泰城",
        "湖畔里",
        "郗园",
        "澄湖印象",
        "锦桥府",
        "和悦里",
        "湖岸春晓",
        "景棠",
        "云汀",
        "翠屏居",
    )
    for at, name in enumerate(names):
        yield Past(
            f"{name}项目" if at else name,
            dice.randrange(20, 150) * YI // 10,
            course(date(2020, 5, 6) + timedelta(days=20 * at), 60, 120, 150, 120, 1000, 60, 150),
            owner=f"{name}置业" if at else "鸿顺置业",
            kind=Kind.REAL_ESTATE,
            is_industry=False,
            place="郗鉴湖片区",
        )  # fmt: skip


def _climbing(ground: Ground, dice: random.Random, used: set[str]) -> Iterator[Past]:
    """48 projects of climbing enterprises, started in 2023 by their days; nine in production."""
    rows = growing.standing_on(
        zone_id=ground.zone.pk, ladder=Ladder.BUSINESS, rungs=("l1_climb",), day=date(2023, 10, 31)
    )
    parties = [row.party for row in rows.order_by("party_id")]
    for at in range(48):
        party = parties[at % len(parties)]
        started = date(2023, 1, 16) + timedelta(days=at * 5)
        quick = at < 9
        spans = (20, 60 + at, 40, 400) if quick else (60, 420 + at, 60, 300)
        yield Past(
            named(party, dice, used),
            dice.randrange(3, 60) * YI // 10,
            course(date(2022, 3, 7), 90, 60, since=Stage.PLANNED)
            | course(started, *spans, since=Stage.STARTED),
            party=party,
            kind=dice.choice((Kind.NEW_BUILD, Kind.UPGRADE, Kind.FIT_OUT)),
            starts_by=started + timedelta(days=dice.randrange(0, 25)),
        )


def _canal(ground: Ground, firms: Firms, dice: random.Random) -> Iterator[Past]:
    """2022: 27 reserved, 16 advancing, 13 started above 100 million, four of them above a billion;
    first half of 2023: 12 signed with 4.6 billion, three started, two of them above a billion."""
    parties = iter(dice.sample(firms.industrial, 70))
    used: set[str] = set()
    started = []
    for at in range(13):
        one = _usual(next(parties), dice, used, date(2021, 1, 11))
        one.total = (11 + at) * YI if at < 4 else dice.randrange(12, 95) * YI // 10
        one.passages = course(date(2021, 1, 11), 60, 120, since=Stage.PLANNED)
        one.passages |= course(date(2022, 2, 14) + timedelta(days=at * 22), 60, 500, 80, 380, since=Stage.STARTED)  # fmt: skip
        started.append(one)
    for one, amount in zip(started, parts(3858 * YI // 100, [one.total for one in started]), strict=True):  # fmt: skip
        first = one.passages[Stage.STARTED].month
        spread = parts(amount, [1] * (13 - first))
        one.months += [
            (Series.IN_PLACE, date(2022, month, 1), part, Reporter.ZONE)
            for month, part in enumerate(spread, start=first)
        ]
    before = [_usual(next(parties), dice, used, date(2020, 6, 1)) for _each in range(3)]
    on_list([*started, *before], "key", 2022)
    reserved = list(_reserved(parties, dice, used))
    famous = (
        "海纳安永高端油缸项目",
        "石墨新材料及深加工项目",
        "立国5G新材料项目",
        "石墨烯增强水处理膜项目",
    )
    for one, name in zip((started[0], started[1], started[2], started[4]), famous, strict=True):
        one.name, one.party, one.owner = name, None, name.removesuffix("项目")
    on_list(started[:2], "provincial_major", 2023)
    on_list([started[2], *before[:2]], "provincial_old_new_drivers", 2023)
    on_list(started[3:13], "provincial_technical_upgrade", 2023)
    yield from (*started, *before, *reserved)


def _reserved(parties: Iterator[Party], dice: random.Random, used: set[str]) -> Iterator[Past]:
    totals = (12 * YI, 11 * YI, 5 * YI, *((2 * YI,) * 9))
    for at in range(27):
        party = next(parties)
        passages: dict[str, date] = {Stage.RESERVE: date(2022, 1 + at % 12, 6 + at % 20)}
        total = dice.randrange(8, 70) * YI // 10
        if at < 12:
            total = totals[at]
            passages[Stage.SIGNED] = date(2023, 1 + at % 6, 10 + at)
            first = (
                date(2023, 5 + at % 2, 22) if at < 3 else date(2023, 9, 4) + timedelta(days=at * 9)
            )
            passages |= course(first, 70, 520, 70, 380, since=Stage.STARTED)
        elif at < 20:
            passages |= {Stage.SIGNED: date(2024, 3, 11) + timedelta(days=at * 11)}
            passages |= course(date(2024, 12, 2) + timedelta(days=at * 6), 60, since=Stage.STARTED)
        begun = passages.get(Stage.STARTED)
        entered = begun + timedelta(days=40) if begun else None
        yield Past(named(party, dice, used), total, passages, party=party, entered_on=entered)


def _usual(party: Party, dice: random.Random, used: set[str], first: date) -> Past:
    """An industrial project of those years: started within a year and a half, long in production."""
    first += timedelta(days=dice.randrange(0, 90))
    spans = (90, 100, 160, 60, dice.randrange(560, 760), 90, 360)
    passages = course(first, *spans)
    return Past(
        named(party, dice, used),
        dice.randrange(12, 160) * YI // 10,
        passages,
        party=party,
        starts_by=passages[Stage.STARTED] + timedelta(days=dice.randrange(-20, 40)),
    )


def on_list(projects: Iterable[Past], code: str, year: int) -> None:
    for one in projects:
        one.lists.append((code, year))


def _of_name(ground: Ground, name: str) -> Party:
    return Party.objects.get(zone=ground.zone, name=name)


# Writing -----------------------------------------------------------------------------------------


class Writing:
    """Writes drafts with all that hangs on them, table by table."""

    def __init__(self, ground: Ground, days: Days) -> None:
        self.ground, self.days, self.zone = ground, days, ground.zone
        self.office = ground.hands["economy.1"].post
        self.bureau = ground.hands["statistics.1"].post

    def write(self, drafts: Sequence[Past]) -> None:
        rows = Project.objects.bulk_create([self._project(one) for one in drafts])
        pairs = list(zip(drafts, rows, strict=True))
        for draft, row in pairs:
            draft.row = row
        self._matters(rows)
        StagePassage.objects.bulk_create(
            [passage for draft, row in pairs for passage in self._passages(draft, row)],
            batch_size=1000,
        )
        self._lists(pairs)
        YearPlan.objects.bulk_create(
            YearPlan(
                zone=self.zone, project=row, year=year, amount=amount, document="年度投资计划",
                set_at=_at(date(year, 1, 25)), post=self.office,
            )
            for draft, row in pairs
            for year, amount in draft.plans.items()
        )  # fmt: skip
        StatEntry.objects.bulk_create(
            StatEntry(
                zone=self.zone, project=row, path="construction", state="entered",
                opened_at=_at(draft.entered_on), handed_in_on=draft.entered_on,
                entered_on=draft.entered_on, document="投资项目入库通知", post=self.bureau,
            )
            for draft, row in pairs
            if draft.entered_on
        )  # fmt: skip
        ChainStep.objects.bulk_create(
            [step for draft, row in pairs for step in self._chain(draft, row)], batch_size=1000
        )
        InvestmentMonth.objects.bulk_create(
            [month for draft, row in pairs for month in self._months(draft, row)], batch_size=1000
        )
        journal.record(
            by=self.ground.hands["economy.1"].actor, now=FOUNDED, verb="open_project",
            subject=rows[0], count=len(rows),
        )  # fmt: skip

    def _project(self, one: Past) -> Project:
        stage, on = self._stands(one)
        columns = {
            "is_industry": one.is_industry,
            "officer": self.office,
            "leader": self.ground.hands["board.2"].post,
        } | one.more
        return Project(
            zone=self.zone, name=one.name[:80], party=one.party, owner_name=one.owner,
            kind=one.kind, industry=one.industry, content=one.content, stage=stage, stage_on=on,
            total_fen=one.total, contract_fen=one.total, starts_by=one.starts_by,
            place=one.place, office=self.office.office, opened_at=_at(min(one.passages.values())),
            **columns,
        )  # fmt: skip

    def _stands(self, one: Past) -> tuple[str, date]:
        reached = {stage: day for stage, day in one.passages.items() if day <= self.days.today}
        last = max(reached, key=lambda stage: COURSE.index(Stage(stage)))
        return last, reached[last]

    def _matters(self, rows: Sequence[Project]) -> None:
        over = (Stage.PRODUCING, Stage.FULL)
        matters = Matter.objects.bulk_create(
            Matter(
                zone=self.zone, kind="project", subject_id=row.pk, party_id=row.party_id,
                title=row.name, address=f"/projects/{row.pk}/", opened_at=row.opened_at,
                closed_at=_at(row.stage_on) if row.stage in over else None,
            )
            for row in rows
        )  # fmt: skip
        for row, matter in zip(rows, matters, strict=True):
            row.matter = matter
        Project.objects.bulk_update(rows, ["matter"], batch_size=500)

    def _passages(self, draft: Past, row: Project) -> Iterator[StagePassage]:
        before = ""
        for stage in COURSE:
            day = draft.passages.get(stage)
            if day is None or day > self.days.today:
                continue
            yield StagePassage(
                zone=self.zone, project=row, stage=stage, from_stage=before, fact_on=day,
                reported_at=_at(day), post=self.office,
            )  # fmt: skip
            before = stage

    def _chain(self, draft: Past, row: Project) -> Iterator[ChainStep]:
        """Tracked until it was signed, and in the library since its day."""
        signed = draft.passages.get(Stage.SIGNED)
        done = signed is not None and signed <= self.days.today
        yield ChainStep(
            zone=self.zone, project=row, element=Element.TRACKING, state="done" if done else "running",
            since=min(draft.passages.values()), post=self.office, outcome="已签约" if done else "",
        )  # fmt: skip
        if draft.entered_on:
            yield ChainStep(
                zone=self.zone, project=row, element=Element.STATISTICS, state="done",
                since=draft.entered_on, post=self.bureau, outcome="投资项目入库",
            )  # fmt: skip

    def _lists(self, pairs: Sequence[tuple[Past, Project]]) -> None:
        wanted = sorted({place for draft, _row in pairs for place in draft.lists})
        lists = {
            (one.code, one.year): one
            for one in ProjectList.objects.bulk_create(
                list_of(self.ground, code, year) for code, year in wanted
            )
        }
        ListPlace.objects.bulk_create(
            ListPlace(
                zone=self.zone, list=lists[code, year], project=row, since=date(year, 1, 1),
                **self._list_end(year),
            )
            for draft, row in pairs
            for code, year in draft.lists
        )  # fmt: skip

    def _list_end(self, year: int) -> dict[str, Any]:
        """A list of a year that is over ended with it."""
        if year >= self.days.today.year:
            return {}
        return {"until": date(year, 12, 31), "why": "年度名单到期"}

    def _months(self, draft: Past, row: Project) -> Iterator[InvestmentMonth]:
        for series, month, amount, reporter in draft.months:
            yield InvestmentMonth(
                zone=self.zone, project=row, series=series, month=month, reporter=reporter,
                amount=amount, reported_at=_at(month + timedelta(days=38)),
                post=self.bureau if reporter == Reporter.STATISTICS else self.office,
            )  # fmt: skip


def list_of(ground: Ground, code: str, year: int) -> ProjectList:
    name, level, subject = LISTS[code]
    goal = 120 if (ground.plan.code, year) == ("jhtz", 2023) else None
    return ProjectList(
        zone=ground.zone, code=code, year=year, name=f"{year}年{name}", level=level,
        subject=subject, document=f"{year}年{name}名单", goal_percent=goal,
        name_en=f"{code.replace('_', ' ')} {year}",
    )  # fmt: skip


def _at(day: date) -> datetime:
    return datetime.combine(day, FOUNDED.timetz())


def _solve_land(ground: Ground, firms: Firms, dice: random.Random) -> None:
    """Land of 244.359 mu found for seven enterprises, from January to September 2022."""
    areas = ("62.500", "48.300", "36.159", "33.400", "28.000", "20.000", "16.000")
    for at, (party, area) in enumerate(zip(dice.sample(firms.industrial, 7), areas, strict=True)):
        day = date(2022, 2 + at, 10 + at)
        ElementNeed.objects.create(
            zone=ground.zone, party=party, kind="land", what="项目用地", amount=Decimal(area),
            ready_amount=Decimal(area), needed_on=day + timedelta(days=12),
            office=ground.offices["land"], state="ready", ready_on=day,
            opened_at=_at(day - timedelta(days=70)),
        )  # fmt: skip
