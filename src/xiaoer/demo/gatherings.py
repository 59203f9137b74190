"""Days of programmes in the demo: a leaders' visit day and a problem day, each past and coming."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from xiaoer.base.scope import Actor, acting
from xiaoer.demo.ground import Hand
from xiaoer.demo.names import SPEAKS_FOR
from xiaoer.demo.plots import Channel, Stage, Story
from xiaoer.demo.subjects import put
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import Booking, Correction, DaySlot, Gathering
from xiaoer.registry.models import Party

DESKS = ("服务大厅 1 号窗口（综合）", "服务大厅 2 号窗口（要素保障）")
# Enterprise, which leader, what for, from, until, departments that go along.
PAST = (
    ("济宁恒岳模具有限公司", 0, "回访配电改造后的用电情况", time(9), time(10), ("power",)),
    ("济宁星洛电子有限公司", 1, "了解第二回路接入和新产线投产", time(9, 30), time(10, 30), ("power", "building")),
    ("济宁岱锋液压有限公司", 2, "了解订单和用工", time(14, 30), time(15, 30), ("labour",)),
    ("济宁凌渠智装机械有限公司", 3, "了解研发平台申报", time(15), time(16), ("innovation",)),
)  # fmt: skip
COMING = (
    (SPEAKS_FOR, 0, "了解变压器增容进度，现场协调管沟", time(9), time(10, 30), ("power", "land")),
    ("济宁恒岳模具有限公司", 1, "听取路口改造意见", time(9, 30), time(10, 30), ("building",)),
    ("济宁岱锋液压有限公司", 2, "了解危废处置衔接", time(14, 30), time(15, 30), ("ecology",)),
)
LOGGED = {
    "济宁恒岳模具有限公司": "割接后电压稳定，两台新机正常开工；希望厂门口路口转弯半径再大些。",
    "济宁星洛电子有限公司": "第二回路年底接入，正在招夜班工人，订单排到明年二月。",
    "济宁岱锋液压有限公司": "出口订单回升，缺数控操作工 6 人左右。",
}
# What they brought, as subjects of requests.
BROUGHT = {"济宁岱锋液压有限公司": "workers"}
CAME = (
    ("济宁凌渠智装机械有限公司", "研发费用加计扣除的资料口径", ""),
    ("济宁星洛电子有限公司", "夜班公交", "bus"),
)


@dataclass
class _Told:
    """A day under way: what its acts hand on to one another."""

    stage: Stage
    day: date
    row: Gathering | None = None

    @property
    def gathering(self) -> Gathering:
        if self.row is None:
            raise RuntimeError("the day is opened before anything is done with it")
        return self.row

    @property
    def desk(self) -> Hand:
        return self.stage.ground.hands["desk.2"]

    def at(self, moment: datetime, act: Any) -> None:
        """One act of the desk on the timeline."""

        def do(now: datetime) -> None:
            with acting(self.desk.actor):
                act(now)

        self.stage.timeline.add(moment, do)

    def before(self, working_days: float) -> datetime:
        """So long before the morning of the day."""
        return self.stage.days.after(self.stage.days.on(self.day, 0), -working_days)

    def story(self, name: str, subject: str, part: float, channel: str, programme: str) -> Story:
        """A request the day brings; the day's own act files it, then it goes the ordinary way."""
        return Story(
            self.stage,
            self.party(name),
            put(random.Random(f"{programme} {name}"), subject),
            filed_at=self.stage.days.on(self.day, part),
            channel=channel,
            programme=programme,
            joins=False,
        )

    def open(self, now: datetime, programme: str, place: str) -> None:
        self.row = outreach.open_day(
            by=self.desk.actor,
            now=now,
            programme=self.stage.programmes[programme],
            day=self.day,
            place=place,
        )

    def turn(self, now: datetime, verb: str, **given: Any) -> None:
        """Announce, hold or close the day as it stands."""
        fresh = Gathering.objects.select_related("programme").get(pk=self.gathering.pk)
        self.row = getattr(outreach, verb)(
            by=self.desk.actor, now=now, gathering=fresh, version=fresh.version, **given
        )

    def party(self, name: str) -> Party:
        return self.stage.firms.by_name[name]

    def leader(self, number: int) -> Hand:
        leaders = self.stage.ground.office_hands("board")
        return leaders[number % len(leaders)]


def tell_days(stage: Stage, coming: date) -> None:
    """What was held last month and what is announced for the next days."""
    days = stage.days
    _tell_past_visits(_Told(stage, days.calendar.add_working_days(days.today, -18)))
    _tell_coming_visits(_Told(stage, coming))
    _tell_past_problems(_Told(stage, days.calendar.add_working_days(days.today, -11)))
    _tell_coming_problems(_Told(stage, days.calendar.add_working_days(days.today, 4)))


def _plan(told: _Told, now: datetime, lines: Any) -> None:
    offices = told.stage.ground.offices
    for name, leader, purpose, begins, ends, along in lines:
        outreach.plan_day_visit(
            by=told.desk.actor,
            now=now,
            gathering=told.gathering,
            party=told.party(name),
            leader=told.leader(leader).post,
            purpose=purpose,
            from_time=begins,
            until_time=ends,
            escorts=[outreach.Escort(offices[key]) for key in along],
        )


def _tell_past_visits(told: _Told) -> None:
    days = told.stage.days
    told.at(told.before(8), lambda now: told.open(now, "leaders_day", "企业现场"))
    told.at(told.before(7), lambda now: _plan(told, now, PAST))
    told.at(told.before(6), lambda now: told.turn(now, "announce_day"))
    for name, leader, *_rest in PAST:
        if name in LOGGED:
            _log(told, name, told.leader(leader))
    told.at(days.on(told.day, 0.99), lambda now: told.turn(now, "hold_day"))
    told.at(
        days.after(days.on(told.day, 0.99), 1),
        lambda now: told.turn(
            now, "close_day", result="走访 3 家，带回诉求 1 件；凌渠智装当日停产检修，改期。"
        ),
    )


def _log(told: _Told, name: str, leader: Hand) -> None:
    subject = BROUGHT.get(name)
    story = told.story(name, subject, 0.9, Channel.VISIT, "leaders_day") if subject else None

    def act(now: datetime) -> None:
        with acting(leader.actor):
            logged = outreach.log_visit(
                by=leader.actor,
                now=now,
                party=told.party(name),
                programme=told.stage.programmes["leaders_day"],
                visited_on=told.day,
                met=told.party(name).contact_name or "厂长",
                said=LOGGED[name],
                companions=[told.desk.post],
                requests=[outreach.Raised(title=story.words.title, body=story.words.body)]
                if story
                else (),
            )
        if story:
            story.appeal = logged.filed[0].appeal

    told.stage.timeline.add(told.stage.days.on(told.day, 0.9), act)
    if story:
        story.register().dispatch().sign().answer(4).confirm(5, 5)


def _tell_coming_visits(told: _Told) -> None:
    days = told.stage.days
    told.at(days.ago(3), lambda now: told.open(now, "leaders_day", "企业现场"))
    told.at(days.ago(2.6), lambda now: _plan(told, now, COMING))
    told.at(days.ago(1.5), lambda now: told.turn(now, "announce_day"))


def _cut(told: _Told, now: datetime) -> None:
    for desk in DESKS:
        outreach.add_slots(
            by=told.desk.actor,
            now=now,
            gathering=told.gathering,
            desk=desk,
            from_time=time(9),
            until_time=time(11),
            minutes=30,
        )


def _book(told: _Told, now: datetime, number: int, name: str, matter: str) -> Booking:
    slots = DaySlot.objects.filter(gathering=told.gathering).order_by("desk", "from_time")
    party = told.party(name)
    return outreach.book_slot(
        by=told.desk.actor,
        now=now,
        slot=slots[number],
        party=party,
        who=party.contact_name or "办公室",
        matter=matter,
    )


def _tell_past_problems(told: _Told) -> None:
    days = told.stage.days
    told.at(told.before(5), lambda now: told.open(now, "problem_day", "园区服务大厅"))
    told.at(told.before(4.9), lambda now: _cut(told, now))
    told.at(told.before(4.8), lambda now: told.turn(now, "announce_day"))
    for number, (name, matter, subject) in enumerate(CAME):
        _tell_served(told, number, name, matter, subject)
    told.at(days.on(told.day, 0.99), lambda now: told.turn(now, "hold_day"))
    told.at(
        days.after(days.on(told.day, 0.99), 0.3),
        lambda now: told.turn(
            now, "close_day", result="接待 2 家，当场答复 1 件，登记诉求 1 件转办。"
        ),
    )


def _tell_served(told: _Told, number: int, name: str, matter: str, subject: str) -> None:
    days, by = told.stage.days, told.desk.actor
    part = 0.05 + number * 0.1
    booked: list[Booking] = []
    story = told.story(name, subject, part, Channel.PROBLEM_DAY, "problem_day") if subject else None
    told.at(told.before(2), lambda now: booked.append(_book(told, now, number * 2, name, matter)))

    def serve(now: datetime) -> None:
        row = outreach.arrive(by=by, now=now, booking=booked[0], version=booked[0].version)
        row = outreach.call_in(by=by, now=now, booking=row, version=row.version)
        if story:
            story.appeal = outreach.file_from_booking(
                by=by, now=now, booking=row, title=story.words.title, body=story.words.body
            ).appeal
        outreach.serve(by=by, now=now, booking=row, version=row.version, outcome="已当面说明")

    told.at(days.on(told.day, part), serve)
    if story:
        story.register().dispatch().sign().answer(5).confirm(6, 4)


def _tell_coming_problems(told: _Told) -> None:
    days = told.stage.days
    told.at(days.ago(4), lambda now: told.open(now, "problem_day", "园区服务大厅"))
    told.at(days.ago(3.9), lambda now: _cut(told, now))
    told.at(days.ago(3.8), lambda now: told.turn(now, "announce_day"))
    for number, name in ((0, "济宁恒岳模具有限公司"), (5, "济宁岱锋液压有限公司")):
        told.at(
            days.ago(1.2 - number / 10),
            lambda now, at=number, who=name: _book(told, now, at, who, "当面说明"),
        )


def tell_corrections(stage: Stage, speaker: Actor | None) -> None:
    """The enterprise of the demo asks to correct two data; its officer has granted the first."""
    if speaker is None:
        return
    asked: list[Correction] = []

    def ask(now: datetime, field: str, stated: str, reason: str) -> None:
        with acting(speaker):
            asked.append(
                outreach.ask_correction(
                    by=speaker, now=now, field=field, stated=stated, reason=reason
                )
            )

    def grant(now: datetime) -> None:
        officer = stage.firms.officer_of[speaker.party_ref or 0].actor
        with acting(officer):
            outreach.grant_correction(
                by=officer, now=now, correction=asked[0], version=asked[0].version, words="已核对"
            )

    days = stage.days
    stage.timeline.add(
        days.ago(20),
        lambda now: ask(
            now, "business", "新材料技术研发；特种陶瓷制品制造、销售", "营业范围已变更，见新执照"
        ),
    )
    stage.timeline.add(days.ago(19), grant)
    stage.timeline.add(
        days.ago(1.1),
        lambda now: ask(
            now, "address", "济宁高新区海川路 66 号 3 号厂房", "二期厂房启用，见租赁合同"
        ),
    )
