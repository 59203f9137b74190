"""Verbs of campaigns and targets. What is reached is never written: it is read from the figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import locked, must_say, said
from xiaoer.base.models import Office, Post
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts.measuring import read_figure
from xiaoer.facts.models import Aspect, Column, Metric, Value
from xiaoer.facts.periods import Period
from xiaoer.growth import queries
from xiaoer.growth import watch_access as access
from xiaoer.growth.models import Campaign, Target, TargetRule
from xiaoer.growth.queries import months_in
from xiaoer.registry.models import Park, Party
from xiaoer.rules.models import Rule

MOST_MONTHS = 60
EVEN, SEASON, OWN = "even", "season", "own"
SHARE_WAYS = (EVEN, SEASON, OWN)
# processes.md 5.5: proposed defaults, after a city's published rule; the zone changes them.
AMBER, RED = 10, 30
SOURCE = "银川市2025年重点工作亮灯规则"


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """A target as people say it: ``value`` and ``base`` with or without their unit (12亿元).

    ``share_way``: even, as the season of last year was, or ``shares`` in per cent by month.
    """

    name: str
    value: str
    source: str
    metric: Metric | None = None
    column: str = ""
    rule: Rule | None = None
    way: str = Target.Way.ADD_UP
    base: str = ""
    park: Park | None = None
    office: Office | None = None
    party: Party | None = None
    period: Period | None = None
    owner: Post | None = None
    share_way: str = EVEN
    shares: Sequence[str] = ()


@transaction.atomic
def seed_targets(*, by: Actor, now: datetime) -> int:
    """Give a zone the rule of lights it does not have yet; how many were added."""
    access.must_keep_watch(by)
    rule, is_new = TargetRule.objects.get_or_create(
        zone_id=by.zone_id,
        defaults={"amber_points": AMBER, "red_points": RED, "source": SOURCE, "mark": "D"},
    )
    if is_new:
        journal.record(by=by, now=now, verb="seed_targets", subject=rule)
    return int(is_new)


@transaction.atomic
def set_target_rule(
    *,
    by: Actor,
    now: datetime,
    amber_points: int,
    red_points: int,
    source: str,
    mark: str = "",
    version: int | None = None,
) -> TargetRule:
    """Change how far behind its plan a target turns amber and red."""
    access.must_keep_watch(by)
    if not 0 <= amber_points < red_points <= 100:
        raise Refused(_("Red lies behind amber, and both within 100 points."), field="red_points")
    rule = TargetRule.objects.select_for_update().filter(zone_id=by.zone_id).first()
    if rule is None:
        rule = TargetRule(zone_id=by.zone_id, version=0)
    elif version is not None:
        journal.must_be_fresh(rule, version)
    why = _("Say where these points come from.")
    changed = journal.changes(
        rule,
        {
            "amber_points": amber_points,
            "red_points": red_points,
            "source": must_say(source, "source", most=200, why=why),
            "mark": mark[:1],
        },
    )
    rule.version += 1
    rule.save()
    journal.record(by=by, now=now, verb="set_target_rule", subject=rule, **changed)
    return rule


@transaction.atomic
def open_campaign(
    *,
    by: Actor,
    now: datetime,
    name: str,
    period: Period,
    purpose: str = "",
    document: str = "",
    owner: Post | None = None,
) -> Campaign:
    """Open a campaign of whole months; its targets are set afterwards."""
    access.must_keep_watch(by)
    _must_be_months(period)
    name = must_say(name, "name", most=80, why=_("Give the campaign a name."))
    if Campaign.objects.filter(zone_id=by.zone_id, name=name).exists():
        raise Refused(_("A campaign of this name stands already; open it."), field="name")
    row = Campaign.objects.create(
        zone_id=by.zone_id,
        name=name,
        purpose=said(purpose, "purpose", most=300),
        document=said(document, "document", most=200),
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        owner=owner,
        opened_at=now,
    )
    journal.record(by=by, now=now, verb="open_campaign", subject=row, name=name)
    return row


@transaction.atomic
def close_campaign(*, by: Actor, now: datetime, campaign: Campaign) -> Campaign:
    """End a campaign; its targets stay to be read."""
    access.must_keep_watch(by)
    row = locked(Campaign, by, campaign.pk)
    if row.closed_at is not None:
        raise Refused(_("“%(name)s” is closed already.") % {"name": row.name})
    row.closed_at = now
    row.version += 1
    row.save(update_fields=["closed_at", "version"])
    journal.record(by=by, now=now, verb="close_campaign", subject=row)
    return row


@transaction.atomic
def set_target(*, by: Actor, now: datetime, campaign: Campaign, facts: TargetFacts) -> Target:
    """Set a target of a campaign: of a figure, or of how many firms a rule finds."""
    access.must_keep_watch(by)
    row = locked(Campaign, by, campaign.pk)
    if row.closed_at is not None:
        raise Refused(_("“%(name)s” is closed already.") % {"name": row.name})
    target = Target(zone_id=by.zone_id, campaign=row, set_at=now)
    _fill(target, by, facts)
    target.save()
    journal.record(
        by=by,
        now=now,
        verb="set_target",
        subject=target,
        name=target.name,
        party_ref=target.party_id,
    )
    return target


@transaction.atomic
def change_target(
    *, by: Actor, now: datetime, target: Target, facts: TargetFacts, version: int
) -> Target:
    """Change a target; the journal keeps what it was."""
    access.must_keep_watch(by)
    row = locked(Target, by, target.pk)
    journal.must_be_fresh(row, version)
    _must_stand(row)
    before = {name: str(getattr(row, name)) for name in ("value", "base", "shares")}
    _fill(row, by, facts)
    changed: dict[str, Any] = {
        name: [was, str(getattr(row, name))]
        for name, was in before.items()
        if was != str(getattr(row, name))
    }
    row.version += 1
    row.save()
    journal.record(by=by, now=now, verb="change_target", subject=row, **changed)
    return row


@transaction.atomic
def drop_target(*, by: Actor, now: datetime, target: Target, reason: str) -> Target:
    """Give a target up, with the reason."""
    access.must_keep_watch(by)
    row = locked(Target, by, target.pk)
    _must_stand(row)
    row.reason = must_say(reason, "reason", most=200)
    row.dropped_at = now
    row.version += 1
    row.save(update_fields=["reason", "dropped_at", "version"])
    journal.record(by=by, now=now, verb="drop_target", subject=row, reason=row.reason)
    return row


def _must_stand(row: Target) -> None:
    if row.dropped_at is not None:
        raise Refused(_("“%(name)s” was given up; set a new target.") % {"name": row.name})


def _must_be_months(period: Period) -> None:
    months = months_in(period)
    whole = (months[0].starts_on, months[-1].ends_on) if months else (None, None)
    if whole != (period.starts_on, period.ends_on) or period.is_date:
        raise Refused(_("Give whole months, such as 2026年1-12月."), field="period")
    if len(months) > MOST_MONTHS:
        raise Refused(_("At most five years."), field="period")


def _fill(target: Target, by: Actor, facts: TargetFacts) -> None:
    campaign = target.campaign
    period = facts.period or Period(campaign.starts_on, campaign.ends_on)
    _must_be_months(period)
    if (facts.metric is None) == (facts.rule is None):
        raise Refused(_("Choose an indicator, or a rule whose firms are counted."), field="metric")
    if sum(scope is not None for scope in (facts.park, facts.office, facts.party)) > 1:
        raise Refused(_("Choose one of park, office and enterprise."), field="scope")
    if facts.way not in Target.Way.values or (facts.column and facts.column not in Column.values):
        raise Refused(_("Choose one of the list."), field="way")
    target.name = must_say(facts.name, "name", most=80, why=_("Give the target a name."))
    _must_be_own_name(target)
    target.metric, target.rule, target.column = facts.metric, facts.rule, facts.column
    target.way = _way(facts)
    target.park, target.office, target.party = facts.park, facts.office, facts.party
    target.starts_on, target.ends_on = period.starts_on, period.ends_on
    target.value = _figure(facts, facts.value, "value") or 0
    target.base = _figure(facts, facts.base, "base") if facts.base.strip() else None
    if target.value == (target.base or 0):
        raise Refused(_("A target lies away from where it begins; give another."), field="value")
    target.owner = facts.owner
    why = _("Say which document or meeting set this target.")
    target.source = must_say(facts.source, "source", most=200, why=why)
    target.shares = _shares(target, by, facts)


def _must_be_own_name(target: Target) -> None:
    same = Target.objects.filter(
        zone_id=target.zone_id, campaign=target.campaign, name=target.name, dropped_at__isnull=True
    )
    if same.exclude(pk=target.pk).exists():
        raise Refused(_("This campaign has a target of this name; change that one."), field="name")


def _way(facts: TargetFacts) -> str:
    """Levels and counts are reached; only flows add up."""
    is_flow = facts.metric is not None and facts.metric.adds == Metric.Adds.SUM
    return facts.way if is_flow else Target.Way.REACH


def _figure(facts: TargetFacts, typed: str, field: str) -> int | None:
    if facts.metric is None:
        return _count(typed, field)
    try:
        figure = read_figure(metric=facts.metric, aspect=Aspect.VALUE, number=typed)
    except Unreadable as no:
        raise Refused(str(no), field=field) from no
    if figure is None or figure.low is None or figure.low != figure.high:
        raise Refused(_("Give one number, such as 120 or 1.2亿元."), field=field)
    return figure.low


def _count(typed: str, field: str) -> int:
    text = typed.strip().removesuffix("家").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise Refused(_("Give a whole number of enterprises."), field=field)
    scaled: int = int(text) * 10**Value.SCALE
    return scaled


def _shares(target: Target, by: Actor, facts: TargetFacts) -> list[int]:
    months = len(months_in(Period(target.starts_on, target.ends_on)))
    if facts.share_way == EVEN:
        return queries.even_shares(months)
    if facts.share_way == OWN:
        return _own_shares(facts.shares, months)
    if facts.share_way != SEASON or target.way != Target.Way.ADD_UP or months > 12:
        raise Refused(
            _("Only what adds up within a year has a season; spread it evenly."), field="share_way"
        )
    before = queries.months_before(by=by, target=target)
    known = [month for month in before if month is not None]
    if len(known) < months or min(known) < 0 or sum(known) == 0:
        raise Refused(
            _("Last year's figures of these months are not all known; spread it evenly."),
            field="share_way",
        )
    return queries.seasonal_shares(known)


def _own_shares(typed: Sequence[str], months: int) -> list[int]:
    """Per cents typed by month; together they are exactly a hundred."""
    shares = []
    for text in typed:
        whole, _dot, rest = text.strip().removesuffix("%").partition(".")
        if not (whole + rest).isascii() or not (whole + rest).isdecimal() or len(rest) > 2:
            raise Refused(_("Type each month's share in per cent, such as 8.5."), field="shares")
        shares.append(int(whole or 0) * 100 + int(rest.ljust(2, "0")))
    if len(shares) != months:
        raise Refused(
            _("There are %(months)s months; give as many shares.") % {"months": months},
            field="shares",
        )
    if sum(shares) != queries.WHOLE:
        raise Refused(
            _("The shares come to %(sum)s %%; they must be 100 %%.") % {"sum": sum(shares) / 100},
            field="shares",
        )
    return shares
