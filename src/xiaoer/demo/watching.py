"""Months of power, tax and revenue of some firms of one zone, and what economic operations make of
them: targets, alerts, the weekly dispatch.

Most firms go their way with the season. A few have a story: one stopped, one uses more power and
pays less tax, one rests every summer (which is no alarm), one grows fast, one reports no longer.
All figures are invented and drawn from the same seed.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xiaoer.base import journal
from xiaoer.base.scope import acting
from xiaoer.demo.days import Days
from xiaoer.demo.desks import hand_at
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import Ground
from xiaoer.demo.ledgers import Book
from xiaoer.facts import actions as facts
from xiaoer.facts.measuring import Scaled
from xiaoer.facts.models import Metric, Value
from xiaoer.facts.periods import Period, months_of, start_of
from xiaoer.growth import actions as growth
from xiaoer.growth.actions import TargetFacts
from xiaoer.growth.models import Alert
from xiaoer.growth.shipped.watching import WATCHING
from xiaoer.registry.models import Party
from xiaoer.rules import actions as rules
from xiaoer.rules.models import RuleVersion

ZONE = "jhtz"
FIRMS, MONTHS = 60, 26
SOURCES = {
    "electricity_use": "供电公司月度用电表",
    "tax_paid": "税务局入库税金月报",
    "operating_revenue": "企业月报",
}
# How a year goes: the Spring Festival in February, the year's end.
SEASON = (0.92, 0.71, 1.02, 1.0, 1.01, 1.03, 0.98, 0.99, 1.04, 1.05, 1.08, 1.17)
SUMMER_REST = (7, 8)
STOPPED, TAX_DOWN, RESTS, FAST, SILENT, EASES = range(6)


@dataclass(frozen=True, slots=True)
class Series:
    """One firm's months, oldest first; None is a month nobody reported."""

    power: tuple[float | None, ...]
    tax: tuple[float | None, ...]
    revenue: tuple[float | None, ...]


def tell_months(ground: Ground, firms: Firms, days: Days, books: Sequence[Book]) -> None:
    """Bring in the months as the offices' sheets would, and set the year's targets."""
    last = days.today.replace(day=1) - timedelta(days=1)
    months = _months(last)
    chosen = firms.industrial[:FIRMS]
    sizes = {book.party.pk: float(book.year_total) / 12 for book in books}
    series = [_series(place, months, sizes.get(party.pk)) for place, party in enumerate(chosen)]
    _bring_in(ground, days, chosen, series, months)
    _set_targets(ground, days)
    _raise_alerts(ground, days)


def _months(last: date) -> list[Period]:
    months = []
    year, month = last.year, last.month
    for _step in range(MONTHS):
        months.append(months_of(year, month, month))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return months[::-1]


def _series(place: int, months: Sequence[Period], known: float | None) -> Series:
    """``known``: what the firm's books say it turns over in a month."""
    dice = random.Random(f"months {place}")
    invented = 40 * 1.9 ** dice.gauss(1.5, 1.1)
    size = known or invented
    power_use, margin = dice.uniform(0.05, 0.32), dice.uniform(0.02, 0.06)
    growth_rate = dice.gauss(0.06, 0.07)
    power: list[float | None] = []
    tax: list[float | None] = []
    revenue: list[float | None] = []
    for step, month in enumerate(months):
        level = size * (1 + growth_rate) ** (step / 12) * SEASON[month.ends_on.month - 1]
        back = MONTHS - 1 - step
        sold = level * dice.gauss(1, 0.03) * _told(place, "revenue", month, step, back)
        used = level * power_use * dice.gauss(1, 0.03) * _told(place, "power", month, step, back)
        paid = sold * margin * dice.gauss(1, 0.06) * _told(place, "tax", month, step, back)
        is_silent = place == SILENT and back < 3
        power.append(round(used, 2))
        tax.append(round(paid, 2))
        revenue.append(None if is_silent else round(sold, 2))
    return Series(tuple(power), tuple(tax), tuple(revenue))


def _told(place: int, what: str, month: Period, step: int, back: int) -> float:
    """What the story of a firm does to a figure."""
    if place == STOPPED and back < 2:
        return 0.01 if what == "power" else 0.08
    if place == TAX_DOWN and back < 4:
        return {"power": 1.3, "tax": 0.5, "revenue": 0.97}[what]
    if place == RESTS and month.ends_on.month in SUMMER_REST:
        return 0.35
    if place == FAST:
        return 1 + step * 0.05
    if place == EASES and back < 1:
        return 0.55
    return 1.0


def _bring_in(
    ground: Ground,
    days: Days,
    chosen: Sequence[Party],
    series: Sequence[Series],
    months: Sequence[Period],
) -> None:
    by = ground.hands["statistics.1"].actor
    with acting(by):
        metrics = {one.code: one for one in Metric.objects.filter(code__in=SOURCES)}
        for code, source in SOURCES.items():
            figures = list(_figures(code, chosen, series, months))
            # What a month was is known on the tenth of the next.
            facts.record_values(
                by=by,
                now=days.ago(5),
                metric=metrics[code],
                column="official" if code != "operating_revenue" else "reported",
                source=source,
                figures=figures,
                known_at=start_of(days.today - timedelta(days=9)),
            )
            facts.refresh_rollups(
                zone_id=by.zone_id,
                metric_id=metrics[code].pk,
                ends={month.ends_on for month in months},
                now=days.ago(5),
            )


def _figures(
    code: str, chosen: Sequence[Party], series: Sequence[Series], months: Sequence[Period]
) -> Iterator[tuple[int, Period, Scaled]]:
    for party, one in zip(chosen, series, strict=True):
        figures = {"electricity_use": one.power, "tax_paid": one.tax}.get(code, one.revenue)
        for month, figure in zip(months, figures, strict=True):
            if figure is not None:
                scaled = round(figure * 10**Value.SCALE)
                yield party.pk, month, Scaled(scaled, scaled)


def _raise_alerts(ground: Ground, days: Days) -> None:
    """A leader has looked at the thresholds and released them; what rose is judged in part."""
    leader, hand = hand_at(ground, "board.1"), ground.hands["economy.1"]
    by = hand.actor
    with acting(leader.actor):
        drafts = RuleVersion.objects.filter(
            zone_id=by.zone_id,
            rule__code__in=[rule.code for rule in WATCHING],
            state=RuleVersion.State.DRAFT,
        )
        now = days.ago(12)
        for version in drafts:
            version.state, version.released_at = RuleVersion.State.LIVE, now
            version.approver = leader.post
            version.save(update_fields=["state", "released_at", "approver"])
            journal.record(by=leader.actor, now=now, verb="release_version", subject=version)
    with acting(by):
        now = days.anchor
        growth.seed_watch_lists(by=by, now=now)
        growth.raise_alerts(by=by, now=now, as_of=days.today)
        _judge(ground, days)
        rules.run_rules(by=by, now=now, as_of=days.today, codes=["watch_growth"])
        growth.recompute_watch_lists(by=by, now=now, month=days.today)
        growth.make_dispatch(by=by, now=now)


def _judge(ground: Ground, days: Days) -> None:
    """One is confirmed with a measure, one was a false alarm, the rest wait."""
    by, now = ground.hands["economy.1"].actor, days.anchor
    rows = {
        one.rule.code: one
        for one in Alert.objects.filter(zone_id=by.zone_id).select_related("rule")
    }
    if stopped := rows.get("alert_stoppage"):
        growth.confirm_alert(
            by=by,
            now=now,
            alert=stopped,
            measure="专班上门核实停产原因，协调银行续贷与订单对接，每周报进展",
            due_on=days.working_day(days.today + timedelta(days=7)),
        )
    if unreported := rows.get("alert_unreported"):
        growth.dismiss_alert(
            by=by, now=now, alert=unreported, reason="财务人员更换，报表已补报待导入"
        )


def _set_targets(ground: Ground, days: Days) -> None:
    hand = ground.hands["economy.1"]
    owner = hand_at(ground, "board.1").post
    year = days.today.year
    by, now = hand.actor, days.ago(40)
    with acting(by):
        growth.seed_targets(by=by, now=now)
        yearly = growth.open_campaign(
            by=by,
            now=now,
            name=f"{year}年度目标",
            period=months_of(year, 1, 12),
            purpose="重点工业企业运行指标",
            document="管委会年度工作要点",
            owner=owner,
        )
        metrics = {one.code: one for one in Metric.objects.filter(code__in=SOURCES)}
        for name, code, value, way in (
            ("重点企业营业收入", "operating_revenue", "12亿元", growth.SEASON),
            ("重点企业入库税金", "tax_paid", "6200万元", growth.SEASON),
            ("重点企业用电量", "electricity_use", "2.1亿千瓦时", growth.EVEN),
        ):
            growth.set_target(
                by=by,
                now=now,
                campaign=yearly,
                facts=TargetFacts(
                    name=name,
                    value=value,
                    source="管委会年度工作要点",
                    metric=metrics[code],
                    owner=hand.post,
                    share_way=way,
                ),
            )
