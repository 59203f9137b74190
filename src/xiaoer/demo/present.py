"""Requests of the last months up to the day of building: closed, open, late, parked, asked about."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle

from xiaoer.base.scope import Actor
from xiaoer.demo.names import SHOWN_NAMES
from xiaoer.demo.past import Course, easy_keys, follow
from xiaoer.demo.plots import Channel, Result, Stage, Story
from xiaoer.demo.subjects import party_for, put, subjects
from xiaoer.outreach.models import Appeal
from xiaoer.registry.models import Party

CHANNELS = (
    Channel.CARD,
    Channel.CARD,
    Channel.VISIT,
    Channel.CARD,
    Channel.PHONE,
    Channel.VISIT,
    Channel.CARD,
    Channel.HALL,
    Channel.PROBLEM_DAY,
)
# Subjects that have an open request of their own in the large zone.
TOLD_OPEN = frozenset(
    [
        "ecommerce",
        "policy_which",
        "weighbridge",
        "bus",
        "certificate",
        "hightech",
        "policy_claim",
        "rent",
        "roof",
        "transformer",
        "hazardous",
        "road",
        "loan",
        "land",
        "arrears",
        "double_feed",
        "drain",
        "training",
        "school",
    ]
)
OPEN_SINCE = 8  # working days; what was filed longer ago and left to chance is closed
LONGEST_AGO = 57  # working days: within the last ninety days


@dataclass(frozen=True, slots=True)
class Size:
    """How many requests of each kind a zone tells."""

    closed: int
    unreachable: int = 0
    partly: int = 0
    impossible: int = 0
    reopened: int = 0


SIZES = {
    "jhtz": Size(closed=34, unreachable=2, partly=2, impossible=2, reopened=2),
    "jedz": Size(closed=9, unreachable=1, partly=1, reopened=1),
    "canal": Size(closed=5, impossible=1),
}
# Working days since the filing of the plain open ones, from which the light follows, and subjects
# that bring something to the desks people can sit down at.
OPEN = {
    "jhtz": (
        (2, "outage"), (5, "startup"), (12, "name_change"), (9, "emission"), (4, "export_cert"),
        (12, "dormitory"),
    ),
    "jedz": (
        (16, "policy_which"), (12, "loan"), (5, "inspection"), (13, "local_supply"),
        (3, "guarantee"), (13, "fee"), (1, ""),
    ),
    "canal": ((12, "gas"), (15, "invoice"), (4, ""), (2, "")),
}  # fmt: skip


@dataclass
class Cast:
    """Who files what next: each enterprise once, subjects in turn, open ones about different things."""

    stage: Stage
    dice: random.Random
    parties: list[Party]
    keys: Iterator[str]
    channels: Iterator[str]
    open_keys: set[str] = field(default_factory=set)

    def story(
        self, ago: int, key: str = "", party: Party | None = None, channel: str = ""
    ) -> Story:
        """A request filed so many working days ago, at some time of that day."""
        chosen = channel or next(self.channels)
        about = key or next(key for key in self.keys if ago > OPEN_SINCE or self._is_new(key))
        return Story(
            self.stage,
            party or party_for(about, self.parties),
            put(self.dice, about),
            filed_at=self.stage.days.day_ago(ago, self.dice.uniform(0.05, 0.75)),
            channel=chosen,
            programme="problem_day" if chosen == Channel.PROBLEM_DAY else "",
        )

    def _is_new(self, key: str) -> bool:
        if key in self.open_keys:
            return False
        self.open_keys.add(key)
        return True

    def own(self, cell: str, number: int, officer: int = 0) -> Party:
        """An enterprise of one officer of a cell, not among the shown ones."""
        firms, ground = self.stage.firms, self.stage.ground
        post = ground.officers[cell][officer].post.pk
        found = [p for p in firms.industrial if firms.officer_of[p.pk].post.pk == post]
        return [party for party in found if party.name not in SHOWN_NAMES][number]


def cast_of(stage: Stage) -> Cast:
    code = stage.ground.plan.code
    dice = random.Random(f"present {code}")
    parties = dice.sample(stage.firms.industrial, len(stage.firms.industrial))
    keys = dice.sample(easy_keys(), len(easy_keys()))
    return Cast(
        stage,
        dice,
        [party for party in parties if party.name not in SHOWN_NAMES],
        cycle(keys),
        cycle(CHANNELS),
        {key for _ago, key in OPEN[code]} | (TOLD_OPEN if code == "jhtz" else set()),
    )


def tell_closed(cast: Cast) -> None:
    """Closed in the last ninety days: most confirmed, a few partly, a few nobody could reach."""
    size = SIZES[cast.stage.ground.plan.code]
    endings = (
        [_Ending(unreachable=True)] * size.unreachable
        + [_Ending(Result.PARTLY)] * size.partly
        + [_Ending(Result.IMPOSSIBLE)] * size.impossible
        + [_Ending(reopened=True)] * size.reopened
    )
    endings += [_Ending()] * (size.closed - len(endings))
    cast.dice.shuffle(endings)
    for number, ending in enumerate(endings):
        ago = LONGEST_AGO - number * (LONGEST_AGO - 8) // size.closed
        _close(cast, ago, ending, by_link=number % 5 in (0, 2, 3))


@dataclass(frozen=True, slots=True)
class _Ending:
    result: str = Result.SOLVED
    unreachable: bool = False
    reopened: bool = False


def _close(cast: Cast, ago: int, ending: _Ending, *, by_link: bool) -> None:
    story = cast.story(ago)
    longest = min(ago - 3.5, 13)
    if ending.reopened:
        _close_at_second_try(cast, story, longest)
        return
    if ending.result == Result.PARTLY:
        _content_with_a_part(story, longest)
        return
    satisfaction = cast.dice.choice((5, 5, 5, 4, 4, 3))
    course = Course(
        answered=cast.dice.uniform(1.1, longest),
        result=ending.result,
        satisfaction=min(satisfaction, 3) if ending.result != Result.SOLVED else satisfaction,
        unreachable=ending.unreachable,
    )
    follow(story, course, by_link=by_link)


def _close_at_second_try(cast: Cast, story: Story, longest: float) -> None:
    """The enterprise found it not solved; the head of the office took it over."""
    first = longest * 0.4
    story.file().register().dispatch().sign().plan(min(1.6, first * 0.6))
    story.answer(first)
    story.reopen(first + 0.7, "答复收到了，但现场还没有解决，请再来看看。")
    story.head_handles = True
    story.answer(longest, text="负责人到现场重新核对，问题已经解决，企业现场确认。")
    story.confirm(longest + 0.5, cast.dice.choice((3, 4)), "第二次来解决了。")
    story.asked_again(longest + 0.5, answers=True)


def _content_with_a_part(story: Story, longest: float) -> None:
    story.file().register().dispatch().sign().plan()
    story.answer(longest, Result.PARTLY, "能办的部分已经办好，其余要等年度计划，届时另行通知。")
    story.confirm(longest + 0.8, 3, "先解决一部分也行。")


def tell_open(cast: Cast) -> None:
    """Plain open ones of all ages: the light follows from how much of the limit is used."""
    for number, (ago, key) in enumerate(OPEN[cast.stage.ground.plan.code]):
        story = cast.story(ago, key).file().register().dispatch(0.25).sign(0.4)
        if ago >= 2:
            story.plan(1.4)
        if ago >= 5:
            story.note(ago * 0.6)
        if ago >= 7 and number % 2:
            story.helped(ago * 0.7, "现场已配合完成，资料交牵头单位。")


def tell_corners(cast: Cast) -> None:
    """The other states, one or two of each: just received, registered, returned, parked, late."""
    days = cast.stage.days
    cast.story(0, "ecommerce", cast.own("2-04", 0, officer=1), Channel.CARD).file()
    cast.story(0, "policy_which", cast.own("3-07", 0), Channel.CARD).file()
    cast.story(0, channel=Channel.PHONE).file().register(0.1)
    cast.story(1).file().register().dispatch()
    cast.story(1, "weighbridge").file().register(0.1).dispatch(0.2).give_back(
        0.5, "通行证由交警窗口办理，建议由经发局协调。"
    )
    parked = cast.story(9, "bus").file().register().dispatch().sign().plan()
    parked.park(
        4,
        days.calendar.add_working_days(days.today, 24),
        "公交线路下季度统一调整，到期前先安排厂车拼车。",
    )
    later = cast.story(12, "certificate").file().register().dispatch().sign().plan()
    later.note(6, "竣工档案缺一页，已函请原设计单位补盖章。")
    later.ask_later(
        11.2,
        days.calendar.add_working_days(days.today, 9),
        "原设计单位在外地，补盖章需要邮寄往返。",
    )
    waiting = (
        cast.story(8, "hightech", cast.own("3-07", 1), Channel.CARD)
        .file()
        .register()
        .dispatch()
        .sign()
        .plan()
    )
    waiting.answer(7.3)
    late = cast.story(17, "policy_claim")
    late.head_handles = True
    late.file().register().dispatch().sign().plan(promised=12).note(8).supervise(
        16.3, "已超期，请经发局本周内给企业明确到账日期。"
    )
    cast.story(16, "rent").file().register().dispatch().sign().plan(promised=13)
    again = cast.story(10, "roof").file().register().dispatch().sign().plan().answer(6)
    again.reopen(7, "又漏了，位置往东三米。")


def tell_small_corners(cast: Cast, cell: str) -> None:
    """In a small zone: two to dispatch, one just received, one waiting for the enterprise."""
    cast.story(1, "water", channel=Channel.PHONE).file().register()
    cast.story(0, "noise", channel=Channel.PHONE).file().register(0.1)
    cast.story(0, "lights", cast.own(cell, 0), Channel.CARD).file()
    story = cast.story(7, "weighbridge", cast.own(cell, 1), Channel.CARD).file()
    story.register().dispatch().sign().plan().answer(6.4)


def tell_side_ways(cast: Cast) -> None:
    """Requests that ended otherwise: not accepted, withdrawn, passed on."""
    cast.story(30, "arrears").file().refuse(
        0.5, Appeal.Refusal.LAWSUIT, "该货款已在法院审理，请等待判决；执行阶段可再与我们联系。"
    )
    cast.story(22, "fee").file().register().elsewhere(
        0.4, "市场监管分局", "涉及收费查处，已移送主管部门，原号可继续查询。"
    )
    withdrawn = cast.story(18, "workers", channel=Channel.CARD).file().register()
    withdrawn.withdraw(1.5, "已经自己招到了。")


def tell_shown(cast: Cast, speaker: Actor | None) -> None:
    """The requests of the officer the demo shows, as people will open them first."""
    firm = cast.stage.firms.by_name
    transformer = _tell_transformer(cast, firm["济宁泗源新材料有限公司"], speaker)
    twice = cast.story(9, "transformer", firm["济宁泗源新材料有限公司"], Channel.PHONE)
    twice.file().register().merge(0.4, transformer)
    urgent = cast.story(15, "hazardous", firm["济宁岱锋液压有限公司"], Channel.CARD)
    urgent.file().register().dispatch().sign().plan().note(6)
    urgent.note(13.6, "备用单位车辆今天可到，请企业准备装车。")
    road = cast.story(6, "road", firm["济宁恒岳模具有限公司"], Channel.VISIT)
    road.file().register().dispatch().sign().plan().note(4, "路口尺寸已量，等绿化迁移复函。")
    loan = cast.story(3, "loan", firm["济宁泗源新材料有限公司"], Channel.ENTERPRISE)
    loan.speaker = speaker
    loan.file().register().dispatch().sign().plan()
    asked = cast.story(44, "hightech", firm["济宁泗源新材料有限公司"], Channel.ENTERPRISE)
    asked.speaker = speaker
    follow(asked, Course(7.5, satisfaction=5), by_link=True)
    _tell_alike(cast, firm)


def _tell_transformer(cast: Cast, party: Party, speaker: Actor | None) -> Story:
    story = cast.story(13, "transformer", party, Channel.CARD)
    story.speaker = speaker
    story.file().register(0.15).dispatch(0.8).sign(1.0)
    story.plan(1.6, promised=14)
    story.note(5.2, "供电、自然资源、园区公司三方会办：管沟走东侧绿化带，免占道审批。")
    story.helped(8.1, "管沟走向已核，不涉及占用规划道路。")
    story.note(10.4, "现场勘查：由 630 增到 1250 kVA，新增环网柜 1 台。")
    return story.note(12.3, "新磨床 2 台已到货，企业盼月底前通电。", by=story.officer)


def _tell_alike(cast: Cast, firm: dict[str, Party]) -> None:
    """Solved ones of the same kind that whoever handles the open one can learn from."""
    hengyue = cast.story(52, "transformer", firm["济宁恒岳模具有限公司"], Channel.CARD)
    hengyue.file().register().dispatch().sign().plan().note(5)
    hengyue.answer(11, text="400 增至 800 kVA，公用管沟加预制环网柜，夜间割接，没有停产。")
    hengyue.confirm(11.6, 5, "夜里割接，没耽误生产。").asked_again(11.6, answers=True)
    lingqu = cast.story(40, "transformer", firm["济宁凌渠智装机械有限公司"], Channel.VISIT)
    lingqu.file().register().dispatch().sign().plan()
    lingqu.answer(13.5, text="先批 250 kVA 过渡，正式方案同步做，临时转正式一次完成。")
    lingqu.confirm(14, 4, "过渡方案帮了大忙。")
    xingluo = cast.story(54, "double_feed", firm["济宁星洛电子有限公司"], Channel.CARD)
    xingluo.file().register().dispatch().sign().plan(promised=20)
    xingluo.note(15, "管沟权属没先谈定，改线一次。")
    xingluo.answer(28.6, Result.PARTLY, "第二回路已敷设到厂界，厂内切换柜随年底检修接入。")
    xingluo.confirm(29, 3, "晚了几天，先接到厂界。")


def hard_keys() -> list[str]:
    return [key for key, subject in subjects().items() if subject.hard]


def tell_hard(cast: Cast) -> None:
    """Hard ones have twice the limit: old and still green."""
    for ago, key in zip((14, 19, 10), hard_keys(), strict=False):
        story = cast.story(ago, key, channel=Channel.VISIT).file().register().dispatch().sign()
        story.plan(1.5, promised=27).note(ago * 0.6)
        if key == "arrears":
            story.instruct(ago - 3, "请经发局牵头，与欠款单位一周内对账，付款计划报我。")


def next_visit_day(today: date) -> date:
    """The 16th of this month or the next."""
    if today.day < 16:
        return today.replace(day=16)
    return (today.replace(day=1) + timedelta(days=32)).replace(day=16)


__all__ = [
    "cast_of",
    "next_visit_day",
    "tell_closed",
    "tell_corners",
    "tell_hard",
    "tell_open",
    "tell_shown",
    "tell_side_ways",
]
