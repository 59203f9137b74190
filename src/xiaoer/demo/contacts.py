"""No visit too many: the rule, a month's contacts with one merged, one above the quota and one
inspection, and questions that are open, answered and declined."""

from datetime import date
from functools import partial

from xiaoer.base.scope import acting
from xiaoer.demo.days import Days
from xiaoer.demo.desks import hand_at
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground, Hand
from xiaoer.demo.names import SPEAKS_FOR
from xiaoer.facts import queries as facts
from xiaoer.facts.periods import months_of
from xiaoer.outreach import actions as outreach
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.models import Contact, Question

Expects = Question.Expects
SHOWN_OFFICER = "3-07/0"
TOLD_AGO = 0.25
FIRST_QUIET, LAST_QUIET = 1, 3
LEAVE = "企业来函邀请，请分管领导现场协调用电。"
ASKED = (
    ("lease_end", "厂房租约何时到期？", "安排续租和腾退", Expects.DAY, "", (), 60),
    ("rnd_2025", "2025年研发费用是多少？", "高新技术企业认定", Expects.NUMBER, "万元", (), 90),
    ("expansion", "今年有没有扩产打算？", "用地和用能预留", Expects.YES_NO, "", (), 40),
    ("orders", "最近三个月订单走势如何？", "经济运行监测", Expects.CHOICE, "", ("上升", "持平", "下降"), 30),
    ("clients", "前三位客户是谁？", "供需对接", Expects.WORDS, "", (), 20),
)  # fmt: skip
ASKED_OF_OTHERS = 6
FIGURE = "operating_revenue"


def set_rule(ground: Ground) -> None:
    """Two contacts a month, and the first three days of each left to work."""
    with acting(ground.by):
        work.seed_contact_rule(by=ground.by, now=FOUNDED)
        rule = queries.rule_of(ground.zone.pk)
        if rule is not None and ground.plan.code == "jhtz":
            work.set_contact_rule(
                by=ground.by,
                now=FOUNDED,
                version=rule.version,
                monthly_quota=2,
                quiet_from=FIRST_QUIET,
                quiet_until=LAST_QUIET,
                source="示例数据，不是真实的规定",
            )


def tell_contacts(ground: Ground, firms: Firms, days: Days) -> None:
    """The month of a few enterprises of the shown officer, and what is to be asked of them."""
    if ground.plan.code != "jhtz":
        return
    officer = hand_at(ground, SHOWN_OFFICER)
    own = [party for party in firms.all if firms.officer_of[party.pk].post.pk == officer.post.pk]
    with acting(officer.actor):
        budgets = queries.contact_budgets(
            officer.actor, [party.pk for party in own], days.local_day(days.now)
        )
    # Nobody called on these this month yet, as far as there are enough of them.
    own.sort(key=lambda party: -budgets[party.pk].used)
    merged, above, refused, *others = own[-ASKED_OF_OTHERS:]
    speaking = firms.by_name[SPEAKS_FOR]
    today = days.local_day(days.now)
    soon = days.calendar.add_working_days(today, 2)
    plan = partial(_plan, ground, days)
    power, ecology = ground.hands["power.1"], ground.hands["ecology.1"]

    plan(officer, speaking, soon, "送高企认定条件清单，顺带问研发费用")
    _inspect(ecology, days, speaking, soon)
    first = plan(officer, merged, soon, "季度走访")
    second = plan(power, merged, soon, "用电负荷调查")
    with acting(power.actor):
        work.merge_contacts(by=power.actor, now=days.ago(TOLD_AGO), contact=second, into=first)
    for hand, purpose in ((officer, "季度走访"), (power, "配电房检修说明")):
        plan(hand, above, soon, purpose)
    plan(ground.hands["board.1"], above, soon, "现场协调增容", reason=LEAVE)
    wanted = plan(officer, refused, soon, "了解用工")
    with acting(officer.actor):
        work.refuse_contact(
            by=officer.actor, now=days.ago(TOLD_AGO), contact=wanted, reason="正在盘点，下月再来"
        )
    _ask(officer, days, speaking, [*others, merged])
    _ask_for_figures(ground, days)


def _plan(
    ground: Ground,
    days: Days,
    hand: Hand,
    party: Party,
    day: date,
    purpose: str,
    reason: str = "",
) -> Contact:
    """By whoever goes; where the month is full or the day quiet, by the leader."""
    with acting(hand.actor):
        budget = queries.contact_budget(hand.actor, party.pk, day)
    leader = ground.hands["board.1"]
    needs_leave = budget.is_full or budget.is_quiet(day)
    by = leader.actor if needs_leave else hand.actor
    with acting(by):
        return work.plan_contact(
            by=by,
            now=days.ago(TOLD_AGO),
            party=party,
            kind=Contact.Kind.VISIT,
            purpose=purpose,
            planned_on=day,
            post=hand.post,
            reason=(reason or LEAVE) if needs_leave else "",
        )


def _inspect(hand: Hand, days: Days, party: Party, day: date) -> None:
    with acting(hand.actor):
        work.plan_contact(
            by=hand.actor,
            now=days.ago(TOLD_AGO),
            party=party,
            tag=Contact.Tag.INSPECTION,
            kind=Contact.Kind.INSPECTION,
            purpose="排污许可证后检查",
            planned_on=day,
            origin="《排污许可管理条例》第二十五条；年度检查计划",
        )


def _ask(officer: Hand, days: Days, speaking: Party, others: list[Party]) -> None:
    by, now = officer.actor, days.ago(TOLD_AGO)
    with acting(by):
        asked = {}
        for key, text, why, expects, unit, choices, worth in ASKED:
            asked[key] = work.ask_question(
                by=by, now=days.ago(3), party=speaking, room="outreach", key=key, text=text, why=why,
                expects=expects, unit=unit, choices=choices, worth=worth,
            )  # fmt: skip
        work.answer_question(
            by=by, now=now, question=asked["orders"], answer="上升", through=Question.Through.CALL
        )
        work.decline_question(
            by=by, now=now, question=asked["clients"], words="合同有保密条款",
            through=Question.Through.CALL,
        )  # fmt: skip
        key, text, why, expects, unit, choices, worth = ASKED[0]
        work.ask_many(
            by=by, now=days.ago(3), party_ids=[party.pk for party in others], room="outreach",
            key=key, text=text, why=why, expects=expects, unit=unit, choices=choices, worth=worth,
        )  # fmt: skip


def _ask_for_figures(ground: Ground, days: Days) -> None:
    """The statistics office asks the monitored enterprises for a figure none of them gave yet."""
    hand = ground.hands["statistics.1"]
    year = days.today.year - 1
    with acting(hand.actor):
        metric = facts.metric_by_code(FIGURE)
        if metric is not None:
            outreach.ask_for_figures(
                by=hand.actor, now=days.ago(2), metric=metric, period=months_of(year, 1, 12),
                why="规上企业年报核对", worth=50,
            )  # fmt: skip
