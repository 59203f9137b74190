"""Verbs of watch-lists: kept as data of the zone, computed anew each month, adjusted by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import locked, must_say, said, today
from xiaoer.base.models import Office, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts.models import Metric
from xiaoer.growth import queries
from xiaoer.growth import watch_access as access
from xiaoer.growth.models import WatchHand, WatchList, WatchMember
from xiaoer.registry.models import Party
from xiaoer.rules.models import Rule

SOURCE = "运河经开区：跟踪监测用电大户、纳税大户、营收大户、高成长性企业；规模由本区自定"
# code, name, English name, metric or rule
SEEDS = (
    ("power", "用电大户", "Large power users", "electricity_use", ""),
    ("tax", "纳税大户", "Large tax payers", "tax_paid", ""),
    ("revenue", "营收大户", "Largest by revenue", "operating_revenue", ""),
    ("growth", "高成长性企业", "Fast-growing firms", "", "watch_growth"),
)
SIZE = 20


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A list: by a rule, or the first so many of a figure over so many months."""

    name: str
    name_en: str = ""
    rule: Rule | None = None
    metric: Metric | None = None
    basis: str = WatchList.Basis.AMOUNT
    months: int = 12
    size: int | None = None
    owner: Office | None = None
    source: str = ""
    mark: str = ""
    is_active: bool = True


@transaction.atomic
def seed_watch_lists(*, by: Actor, now: datetime) -> int:
    """Give a zone the lists it does not have yet; how many were added."""
    access.must_keep_watch(by)
    known = set(WatchList.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    metrics = {one.code: one for one in Metric.objects.filter(code__in=[seed[3] for seed in SEEDS])}
    rules = {
        one.code: one for one in Rule.objects.filter(zone_id=by.zone_id, kind=Rule.Kind.WATCH_LIST)
    }
    fresh = [
        WatchList(
            zone_id=by.zone_id,
            code=code,
            name=name,
            name_en=name_en,
            metric=metrics.get(metric),
            rule=rules.get(rule),
            size=SIZE if metric else None,
            source=SOURCE,
            mark="U",
        )
        for code, name, name_en, metric, rule in SEEDS
        if code not in known and (metric in metrics or rule in rules)
    ]
    WatchList.objects.bulk_create(fresh)
    if fresh:
        journal.record(
            by=by,
            now=now,
            verb="seed_watch_lists",
            subject=Zone.objects.get(pk=by.zone_id),
            codes=[one.code for one in fresh],
        )
    return len(fresh)


@transaction.atomic
def keep_watch_list(
    *, by: Actor, now: datetime, code: str, facts: ListFacts, version: int | None = None
) -> WatchList:
    """Add a list, or change the one of this code; months computed before stay as they were."""
    access.must_keep_watch(by)
    code = must_say(code, "code", most=40)
    if (facts.rule is None) == (facts.metric is None):
        raise Refused(_("Choose a rule, or a figure whose first are taken."), field="metric")
    if facts.metric is not None and not 1 <= (facts.size or 0) <= 500:
        raise Refused(_("Take from 1 to 500 enterprises."), field="size")
    if not 1 <= facts.months <= 24 or facts.basis not in WatchList.Basis.values:
        raise Refused(_("From one month to 24."), field="months")
    row = (
        WatchList.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, code=code)
        .first()
    ) or WatchList(zone_id=by.zone_id, code=code, version=0)
    if version is not None:
        journal.must_be_fresh(row, version)
    row.name = must_say(facts.name, "name", most=60, why=_("Give the list a name."))
    row.name_en = said(facts.name_en, "name_en", most=80)
    row.rule, row.metric, row.basis = facts.rule, facts.metric, facts.basis
    row.months, row.size = facts.months, facts.size if facts.metric else None
    row.owner, row.is_active = facts.owner, facts.is_active
    row.source, row.mark = said(facts.source, "source", most=200), facts.mark[:1]
    row.version += 1
    row.save()
    journal.record(by=by, now=now, verb="keep_watch_list", subject=row, name=row.name)
    return row


@transaction.atomic
def recompute_watch_lists(
    *, by: Actor, now: datetime, month: date, lists: Iterable[WatchList] | None = None
) -> dict[int, int]:
    """Say anew who is on the lists in a month; how many firms each has.

    What a rule cannot judge for want of data is not on the list, and not refused for good: the next
    month asks again. Hands go before rules: who was put on stays, who was taken off stays off.
    """
    access.must_keep_watch(by)
    month = month.replace(day=1)
    if month > today(now):
        raise Refused(_("This month has not begun."), field="month")
    rows = WatchList.objects.select_for_update(of=("self",)).filter(
        zone_id=by.zone_id, is_active=True
    )
    if lists is not None:
        rows = rows.filter(pk__in=[one.pk for one in lists])
    counts = {}
    for row in rows.select_related("metric", "rule").order_by("id"):
        members = queries.chosen_for(watch_list=row, month=month)
        WatchMember.objects.filter(watch_list=row, month=month).delete()
        WatchMember.objects.bulk_create(members)
        counts[row.pk] = len(members)
    journal.record(
        by=by,
        now=now,
        verb="recompute_watch_lists",
        subject=Zone.objects.get(pk=by.zone_id),
        month=month.isoformat(),
        count=sum(counts.values()),
    )
    return counts


@transaction.atomic
def put_on_list(
    *, by: Actor, now: datetime, watch_list: WatchList, party: Party, reason: str
) -> WatchHand:
    """Put a firm on a list by hand, with the reason; it stays on until undone."""
    return _by_hand(by, now, watch_list, party, reason, WatchHand.Kind.ADD)


@transaction.atomic
def take_off_list(
    *, by: Actor, now: datetime, watch_list: WatchList, party: Party, reason: str
) -> WatchHand:
    """Take a firm off a list by hand, with the reason; it stays off until undone."""
    return _by_hand(by, now, watch_list, party, reason, WatchHand.Kind.REMOVE)


def _by_hand(
    by: Actor, now: datetime, watch_list: WatchList, party: Party, reason: str, kind: str
) -> WatchHand:
    access.must_keep_watch(by)
    row = locked(WatchList, by, watch_list.pk)
    reason = must_say(reason, "reason", most=200)
    on = today(now)
    standing = WatchHand.objects.filter(watch_list=row, party=party, until__isnull=True).first()
    if standing is not None and standing.kind == kind:
        raise Refused(
            _("%(name)s is that already: %(reason)s.")
            % {"name": party.name, "reason": standing.reason},
            field="party",
        )
    if standing is not None:
        standing.until = max(on, standing.since)
        standing.save(update_fields=["until"])
    hand = WatchHand.objects.create(
        zone_id=by.zone_id,
        watch_list=row,
        party=party,
        kind=kind,
        reason=reason,
        since=on,
        post_id=by.post_id,
    )
    month = on.replace(day=1)
    this_month = WatchMember.objects.filter(watch_list=row, month=month)
    if kind == WatchHand.Kind.REMOVE:
        this_month.filter(party=party).delete()
    elif this_month.exists() and not this_month.filter(party=party).exists():
        WatchMember.objects.create(
            zone_id=by.zone_id,
            watch_list=row,
            month=month,
            party=party,
            how=WatchMember.How.HAND,
        )
    verb = "put_on_list" if kind == WatchHand.Kind.ADD else "take_off_list"
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=party.pk, name=party.name, reason=reason
    )
    return hand
