"""Visits: what the articles count, dated in their periods, and the rounds of the last two quarters.

Written in bulk, one line of the journal for each month; visits that raise a request are logged by
the verb, in the request's own story.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xiaoer.base import journal
from xiaoer.base.scope import acting
from xiaoer.demo.contacts import FIRST_QUIET, LAST_QUIET
from xiaoer.demo.days import Days
from xiaoer.demo.firms import SHOWN_CELL, Firms
from xiaoer.demo.ground import Ground, Hand
from xiaoer.demo.heard import answer_visits
from xiaoer.demo.timeline import Timeline
from xiaoer.outreach.models import Companion, Gathering, Programme, Visit
from xiaoer.registry.models import Party
from xiaoer.work.models import Contact
from xiaoer.work.queries import month_after

ROUND_SINCE, ROUND_UNTIL = date(2023, 2, 1), date(2023, 9, 22)
VISIT_DAYS = tuple(date(2023, month, 16) for month in range(1, 11))
CAMPAIGN_SINCE, CAMPAIGN_UNTIL = date(2023, 2, 6), date(2023, 10, 27)
CAMPAIGN_FIRMS = 117
LEADERS_A_DAY = 7
# Questions were put to enterprises for so long; before, visits brought words only.
ANSWERS_SINCE = timedelta(days=200)
# A quarter's round is done by nine in ten when a bit more than half of it has passed, and never
# by all: some are away, some asked for a quiet time.
PACE, MOST, LAST_QUARTER = 1.75, 0.93, 0.97
NOT_YET = ("济宁青禾包装有限公司", "济宁荷塘食品有限公司")
SAID = (
    "订单比去年同期多，交期偏紧。",
    "原料价格有波动，目前能消化。",
    "正在招操作工，缺 3 人左右。",
    "新设备在调试，下月投用。",
    "暂时没有困难，联系卡贴在办公室。",
    "问了技改奖补的申报时间，已转发通知。",
    "回款比上半年慢，正在催。",
    "出口订单减少，准备做国内客户。",
    "准备申报专精特新，想要一份条件清单。",
    "冬季用电平稳，没有停产计划。",
    "厂区在做安全改造，月底完工。",
    "",
    "",
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit to be written."""

    party: Party
    hand: Hand
    day: date
    said: str
    companion: Hand | None = None


def plan_rounds(
    ground: Ground, firms: Firms, days: Days, timeline: Timeline, routine: Programme
) -> None:
    """The round of every officer in the last quarter and in this one, as far as it has come."""
    this = _quarter_of(days.today)
    last = _quarter_of(this - timedelta(days=1))
    dice = random.Random(f"rounds {ground.plan.code}")
    total = days.calendar.working_days_between(this, _quarter_of(this + timedelta(days=100)))
    passed = days.calendar.working_days_between(this, days.today)
    share = min(MOST, PACE * passed / max(total, 1))
    until = this - timedelta(days=1)
    lately = days.local_day(days.ago(0.3))
    plans = [
        *_round(firms, days, dice, last, until, LAST_QUARTER, is_last=True),
        *_round(firms, days, dice, this, lately, share),
    ]
    _by_month(ground, days, timeline, routine, plans)


def plan_first_round(
    ground: Ground, firms: Firms, days: Days, timeline: Timeline, routine: Programme
) -> None:
    """Every enterprise was visited by its officer before the article of autumn 2023."""
    dice = random.Random(f"first round {ground.plan.code}")
    workdays = _working_days(days, ROUND_SINCE, ROUND_UNTIL)
    plans = [
        Planned(party, firms.officer_of[party.pk], dice.choice(workdays), dice.choice(SAID))
        for party in firms.all
    ]
    _by_month(ground, days, timeline, routine, plans)


def plan_visit_days(
    ground: Ground, firms: Firms, days: Days, timeline: Timeline, gatherings: Sequence[Gathering]
) -> None:
    """企业走访日 of 2023: ten days on which twelve zone leaders went out in turns."""
    dice = random.Random(f"visit days {ground.plan.code}")
    leaders = ground.office_hands("board")
    desk = ground.hands["desk.2"]
    targets = iter(dice.sample(firms.industrial, len(gatherings) * LEADERS_A_DAY))
    for number, gathering in enumerate(gatherings):
        start = number * LEADERS_A_DAY
        going = [leaders[(start + at) % len(leaders)] for at in range(LEADERS_A_DAY)]
        plans = [
            Planned(next(targets), hand, gathering.day, dice.choice(SAID), desk) for hand in going
        ]
        _add(ground, days, timeline, gathering.programme, plans, gathering)


def plan_campaign(
    ground: Ground,
    days: Days,
    timeline: Timeline,
    campaign: Programme,
    parties: Iterable[Party],
) -> None:
    """“宜企同行” of 2023: the environment office called on enterprises, each once."""
    dice = random.Random(f"campaign {ground.plan.code}")
    workdays = _working_days(days, CAMPAIGN_SINCE, CAMPAIGN_UNTIL)
    visitors = ground.office_hands("environment")
    plans = [
        Planned(party, dice.choice(visitors), dice.choice(workdays), dice.choice(SAID))
        for party in parties
    ]
    _by_month(ground, days, timeline, campaign, plans)


def _round(
    firms: Firms,
    days: Days,
    dice: random.Random,
    since: date,
    until: date,
    share: float,
    *,
    is_last: bool = False,
) -> Iterator[Planned]:
    """A share of each officer's enterprises, somewhat more or less by officer."""
    workdays = [
        day for day in _working_days(days, since, until) if not FIRST_QUIET <= day.day <= LAST_QUIET
    ] or [days.today]
    loads: dict[int, list[Party]] = defaultdict(list)
    for party in firms.all:
        loads[firms.officer_of[party.pk].post.pk].append(party)
    for load in loads.values():
        hand = firms.officer_of[load[0].pk]
        shown = load[0].cell is not None and load[0].cell.code == SHOWN_CELL
        part = share if shown else min(1.0, max(0.0, dice.gauss(share, 0.05)))
        known = [party for party in load if not (shown and party.name in NOT_YET)]
        for party in load if shown and is_last else ():
            if party.name in NOT_YET:
                yield Planned(party, hand, workdays[len(workdays) // 2], dice.choice(SAID))
        wanted = round(part * len(load))
        for party in dice.sample(known, min(wanted, len(known))):
            yield Planned(party, hand, dice.choice(workdays), dice.choice(SAID))


def _quarter_of(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _working_days(days: Days, since: date, until: date) -> list[date]:
    span = range(since.toordinal(), until.toordinal() + 1)
    found = [d for d in map(date.fromordinal, span) if days.calendar.is_working(d)]
    return found or [days.today]


def _by_month(
    ground: Ground, days: Days, timeline: Timeline, programme: Programme, plans: list[Planned]
) -> None:
    months: dict[tuple[int, int], list[Planned]] = defaultdict(list)
    for plan in plans:
        months[plan.day.year, plan.day.month].append(plan)
    for month in sorted(months):
        _add(ground, days, timeline, programme, months[month], None)


def _add(
    ground: Ground,
    days: Days,
    timeline: Timeline,
    programme: Programme,
    plans: list[Planned],
    gathering: Gathering | None,
) -> None:
    """Written down at the end of the last of these days."""
    plans.sort(key=lambda plan: plan.day)
    at = min(days.on(plans[-1].day, 0.98), days.anchor)
    timeline.add(at, lambda now: _write(ground, days, programme, plans, gathering, now))


def _write(
    ground: Ground,
    days: Days,
    programme: Programme,
    plans: list[Planned],
    gathering: Gathering | None,
    now: datetime,
) -> None:
    dice = random.Random(f"logged {ground.plan.code} {plans[0].day}")
    with acting(ground.by):
        made = _contacts(ground, days, programme, plans, now)
        visits = Visit.objects.bulk_create(
            (
                Visit(
                    zone_id=ground.zone.pk,
                    party=plan.party,
                    programme=programme,
                    gathering=gathering,
                    post=plan.hand.post,
                    visited_on=plan.day,
                    met=plan.party.contact_name or "值班人员",
                    said=plan.said,
                    logged_at=min(days.on(plan.day, dice.uniform(0.05, 0.95)), now),
                    contact=contact,
                )
                for plan, contact in zip(plans, made, strict=True)
            ),
            batch_size=1000,
        )
        Companion.objects.bulk_create(
            Companion(zone_id=ground.zone.pk, visit=visit, post=plan.companion.post)
            for visit, plan in zip(visits, plans, strict=True)
            if plan.companion is not None
        )
        if days.today - plans[0].day < ANSWERS_SINCE:
            answer_visits(ground, visits)
        journal.record(
            by=ground.by,
            now=now,
            verb="log_visits",
            subject=programme,
            rows=len(visits),
            since=str(plans[0].day),
            until=str(plans[-1].day),
        )


def _contacts(
    ground: Ground, days: Days, programme: Programme, plans: list[Planned], now: datetime
) -> list[Contact | None]:
    """What the visits of this month and the last used up of each enterprise's quota; nobody asks
    for the quota of earlier months."""
    if plans[-1].day < month_after(days.today, -1):
        return [None] * len(plans)
    return list(
        Contact.objects.bulk_create(
            (
                Contact(
                    zone_id=ground.zone.pk,
                    party=plan.party,
                    kind=Contact.Kind.VISIT,
                    office=plan.hand.office,
                    post=plan.hand.post,
                    purpose=programme.name,
                    planned_on=plan.day,
                    state=Contact.State.DONE,
                    planned_by=plan.hand.post,
                    planned_at=now,
                    ended_at=now,
                )
                for plan in plans
            ),
            batch_size=1000,
        )
    )
