"""Who is on a watch-list, and how that came about."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from xiaoer.base.scope import Actor
from xiaoer.facts.models import Metric, Rollup
from xiaoer.facts.periods import Period, end_of
from xiaoer.facts.queries.firms import EVER
from xiaoer.facts.queries.standings import TRUST
from xiaoer.growth.models import WatchHand, WatchList, WatchMember
from xiaoer.growth.queries.contribution import growth_of
from xiaoer.growth.queries.firm_figures import months_in
from xiaoer.registry.models import Party
from xiaoer.rules.models import Verdict

How = WatchMember.How
_SUMS = """
with latest as (
  select distinct on (coalesce(d.merged_into_id, v.party_id), v.ends_on)
         coalesce(d.merged_into_id, v.party_id) as firm, v.ends_on, v.low
  from value v
  left join party d on d.id = v.party_id and d.zone_id = %(zone)s and d.merged_into_id is not null
  where v.zone_id = %(zone)s and v.metric_id = %(metric)s and v."column" = %(column)s
    and v.ends_on = any(%(ends)s) and v.starts_on = date_trunc('month', v.ends_on)::date
    and v.aspect = 'value' and v.dimension = '' and v.party_id is not null and v.low = v.high
    and v.withdrawn_at is null and v.known_at <= %(at)s
  order by coalesce(d.merged_into_id, v.party_id), v.ends_on, d.id is not null, v.known_at desc, v.id desc
)
select firm, sum(low) filter (where ends_on > %(middle)s)::bigint,
       count(*) filter (where ends_on > %(middle)s),
       sum(low) filter (where ends_on <= %(middle)s)::bigint,
       count(*) filter (where ends_on <= %(middle)s)
from latest group by firm
"""


def chosen_for(*, watch_list: WatchList, month: date) -> list[WatchMember]:
    """Who is on a list in a month, first to last, after what was done by hand; not yet written."""
    found = _by_rule(watch_list, month) if watch_list.rule else _by_figure(watch_list, month)
    hands = {
        hand.party_id: hand.kind
        for hand in WatchHand.objects.filter(watch_list=watch_list, until__isnull=True)
    }
    kept = [one for one in found if hands.get(one.party_id) != WatchHand.Kind.REMOVE]
    there = {one.party_id for one in kept}
    added = [
        WatchMember(
            zone_id=watch_list.zone_id,
            watch_list=watch_list,
            month=month,
            party_id=party_id,
            how=How.HAND,
        )
        for party_id, kind in sorted(hands.items())
        if kind == WatchHand.Kind.ADD and party_id not in there
    ]
    return [*kept, *added]


def _by_rule(watch_list: WatchList, month: date) -> list[WatchMember]:
    """Whom the rule finds now; of whom it lacks data it says nothing."""
    met = Verdict.objects.filter(
        zone_id=watch_list.zone_id,
        rule=watch_list.rule,
        state="met",
        until__isnull=True,
        party__merged_into__isnull=True,
    ).order_by("party__name")
    return [
        WatchMember(
            zone_id=watch_list.zone_id,
            watch_list=watch_list,
            month=month,
            party_id=party_id,
            place=place,
            how=How.RULE,
        )
        for place, party_id in enumerate(met.values_list("party_id", flat=True), start=1)
    ]


def _by_figure(watch_list: WatchList, month: date) -> list[WatchMember]:
    """The first of a figure over the months before; equal figures in the order of their entry."""
    if watch_list.metric is None:
        return []
    ranked = sorted(
        (
            (-figure, party_id)
            for party_id, now, before in _sums(watch_list, watch_list.metric, month)
            if (figure := _basis(watch_list.basis, now, before)) is not None
        )
    )
    firms = set(
        Party.objects.filter(
            zone_id=watch_list.zone_id, pk__in=[party for _figure, party in ranked]
        ).values_list("pk", flat=True)
    )
    first = [pair for pair in ranked if pair[1] in firms][: watch_list.size]
    return [
        WatchMember(
            zone_id=watch_list.zone_id,
            watch_list=watch_list,
            month=month,
            party_id=party_id,
            place=place,
            figure=-figure,
            how=How.TOP,
        )
        for place, (figure, party_id) in enumerate(first, start=1)
    ]


def _basis(basis: str, now: int | None, before: int | None) -> int | None:
    if now is None or basis == WatchList.Basis.AMOUNT:
        return now
    if before is None:
        return None
    return now - before if basis == WatchList.Basis.INCREASE else growth_of(now, before)


def _sums(
    watch_list: WatchList, metric: Metric, month: date
) -> list[tuple[int, int | None, int | None]]:
    """Each firm's sum over the months before a month, and over the same a year earlier; each month
    must be known. In the column most firms report in."""
    last = _last_month(watch_list.zone_id, metric, month)
    column = _column(watch_list.zone_id, metric, month)
    if last is None or column is None:
        return []
    window = months_in(Period(date(last.year - 2, last.month, 1), last))[-watch_list.months :]
    earlier = [one.year_before() for one in window]
    # A window longer than a year would meet itself a year before.
    earlier = [one for one in earlier if one.ends_on < window[0].starts_on]
    with connection.cursor() as cursor:
        cursor.execute(
            _SUMS,
            {
                "zone": watch_list.zone_id,
                "metric": metric.pk,
                "column": column,
                "ends": [one.ends_on for one in (*earlier, *window)],
                "middle": window[0].starts_on,
                "at": end_of(EVER),
            },
        )
        return [
            (
                firm,
                now if count == len(window) else None,
                before if earlier and then == len(window) else None,
            )
            for firm, now, count, before, then in cursor.fetchall()
        ]


def _last_month(zone_id: int, metric: Metric, month: date) -> date | None:
    return (
        Rollup.objects.filter(zone_id=zone_id, metric=metric, ends_on__lt=month)
        .order_by("-ends_on")
        .values_list("ends_on", flat=True)
        .first()
    )


def _column(zone_id: int, metric: Metric, month: date) -> str | None:
    rows = Rollup.objects.filter(
        zone_id=zone_id,
        metric=metric,
        ends_on__lt=month,
        ends_on__gte=month - timedelta(days=100),
    ).values_list("column", "parties")
    weight: dict[str, int] = {}
    for column, parties in rows:
        weight[column] = weight.get(column, 0) + parties
    return max(weight, key=lambda one: (weight[one], -list(TRUST).index(one)), default=None)  # type: ignore[arg-type]  # a column's own text


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list as it stands: how many are on it in its last month, and who came and went since."""

    watch_list: WatchList
    month: date | None
    count: int
    came: int
    went: int


def watch_lists(*, by: Actor) -> list[ListRow]:
    """The lists of the zone, by four questions however many there are."""
    lists = list(
        WatchList.objects.filter(zone_id=by.zone_id).select_related("metric", "rule", "owner")
    )
    months: dict[int, list[date]] = {}
    rows = (
        WatchMember.objects.filter(zone_id=by.zone_id)
        .order_by("watch_list_id", "-month")
        .values_list("watch_list_id", "month")
        .distinct()
    )
    for number, month in rows:
        months.setdefault(number, []).append(month)
    wanted = {month for known in months.values() for month in known[:2]}
    members: dict[tuple[int, date], set[int]] = {}
    for number, month, party in WatchMember.objects.filter(
        zone_id=by.zone_id, month__in=wanted
    ).values_list("watch_list_id", "month", "party_id"):
        members.setdefault((number, month), set()).add(party)
    return [_row(one, months.get(one.pk, []), members) for one in lists]


def _row(
    watch_list: WatchList, months: list[date], members: dict[tuple[int, date], set[int]]
) -> ListRow:
    if not months:
        return ListRow(watch_list, None, 0, 0, 0)
    now = members.get((watch_list.pk, months[0]), set())
    before = members.get((watch_list.pk, months[1]), set()) if len(months) > 1 else now
    return ListRow(watch_list, months[0], len(now), len(now - before), len(before - now))


def watch_months(*, watch_list: WatchList) -> list[date]:
    return list(
        WatchMember.objects.filter(watch_list=watch_list)
        .order_by("-month")
        .values_list("month", flat=True)
        .distinct()[:36]
    )


def members_of(*, watch_list: WatchList, month: date) -> list[WatchMember]:
    rows = WatchMember.objects.filter(watch_list=watch_list, month=month).select_related("party")
    return sorted(rows, key=lambda one: (one.place is None, one.place or 0, one.party.name))


def hands_of(*, watch_list: WatchList) -> list[WatchHand]:
    return list(
        WatchHand.objects.filter(watch_list=watch_list, until__isnull=True)
        .select_related("party", "post__person")
        .order_by("-since", "-id")
    )
