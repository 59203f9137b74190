"""Each firm's figure of a period beside that of the year before, and whether the two compare."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import connection

from xiaoer.facts.models import Metric, Rollup
from xiaoer.facts.periods import Period, end_of, months_of
from xiaoer.facts.queries.firms import EVER
from xiaoer.registry.models import Party

MOST_MONTHS = 60
GONE = frozenset({Party.Status.MOVED_OUT, Party.Status.REVOKED, Party.Status.CANCELLED})


class Comparing(StrEnum):
    """Whether a firm's two figures compare: what is missing is named, never guessed."""

    BOTH = "both"
    NEW = "new"
    """Registered after the year-before period: it counts with nothing then."""
    GONE = "gone"
    """Moved out, revoked or deregistered, and reports no longer: it counts with nothing now."""
    LACKS_NOW = "lacks_now"
    LACKS_BEFORE = "lacks_before"


COUNTED = frozenset({Comparing.BOTH, Comparing.NEW, Comparing.GONE})


@dataclass(frozen=True, slots=True)
class FirmFigure:
    """One firm's figures, scaled like values; those of a firm that is not counted may be missing."""

    party_id: int
    name: str
    section: str
    industry: str
    park_id: int | None
    now: int | None
    before: int | None
    comparing: Comparing

    @property
    def is_counted(self) -> bool:
        return self.comparing in COUNTED

    @property
    def change(self) -> int:
        """What it adds to the whole, or takes away; only of one that is counted."""
        return (self.now or 0) - (self.before or 0)

    @property
    def stopped(self) -> bool:
        """Its figure is nothing, and was something the year before."""
        return self.now == 0 and (self.before or 0) > 0


# A firm's figure of a period: the one stated for just this period, else the sum of its months if
# every one is known. Of a level it is that of the last month. What is known only as a bound is not
# a figure to compare. Entries of one firm that were merged count once, the entry kept first.
FIGURES = """
with latest as (
  select distinct on (coalesce(d.merged_into_id, v.party_id), v.starts_on, v.ends_on)
         coalesce(d.merged_into_id, v.party_id) as firm, v.starts_on, v.ends_on, v.low, v.high
  from value v
  left join party d
    on d.id = v.party_id and d.zone_id = %(zone)s and d.merged_into_id is not null
  where v.zone_id = %(zone)s and v.metric_id = %(metric)s and v."column" = %(column)s
    and v.ends_on = any(%(ends)s) and v.aspect = 'value' and v.dimension = ''
    and v.party_id is not null and v.withdrawn_at is null and v.known_at <= %(at)s
  order by coalesce(d.merged_into_id, v.party_id), v.starts_on, v.ends_on,
           d.id is not null, v.known_at desc, v.id desc
)
select firm,
  max(low) filter (where starts_on = %(from)s and ends_on = %(to)s),
  sum(low) filter (where is_month and starts_on >= %(from)s and ends_on <= %(to)s)::bigint,
  count(*) filter (where is_month and starts_on >= %(from)s and ends_on <= %(to)s),
  max(low) filter (where starts_on = %(before_from)s and ends_on = %(before_to)s),
  sum(low) filter (where is_month and starts_on >= %(before_from)s and ends_on <= %(before_to)s)::bigint,
  count(*) filter (where is_month and starts_on >= %(before_from)s and ends_on <= %(before_to)s),
  max(low) filter (where ends_on = %(to)s), max(low) filter (where ends_on = %(before_to)s)
from (select *, starts_on = date_trunc('month', ends_on)::date
              and ends_on = (date_trunc('month', ends_on) + interval '1 month - 1 day')::date
              as is_month
      from latest where low = high) s
group by firm
"""


def firm_figures(
    *, zone_id: int, metric: Metric, period: Period, column: str, as_of: date | None = None
) -> list[FirmFigure]:
    """Every firm with a figure in a period of whole months or in the same months a year before."""
    before = period.year_before()
    said: dict[str, int | str | date | datetime | list[date]] = {
        "zone": zone_id,
        "metric": metric.pk,
        "column": column,
        "ends": month_ends(period) + month_ends(before),
        "from": period.starts_on,
        "to": period.ends_on,
        "before_from": before.starts_on,
        "before_to": before.ends_on,
        "at": end_of(as_of or EVER),
    }
    months = len(month_ends(period))
    is_level = metric.adds == Metric.Adds.LAST
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, said)
        found = {
            row[0]: (row[7], row[8])
            if is_level
            else (_of(row[1], row[2], row[3], months), _of(row[4], row[5], row[6], months))
            for row in cursor.fetchall()
        }
    known = {firm: pair for firm, pair in found.items() if pair != (None, None)}
    parties = Party.objects.filter(zone_id=zone_id, pk__in=known).order_by("name", "pk")
    return [_figure(party, known[party.pk], before) for party in parties]


def _of(stated: int | None, total: int | None, count: int, months: int) -> int | None:
    return stated if stated is not None else total if count == months else None


def _figure(party: Party, known: tuple[int | None, int | None], earlier: Period) -> FirmFigure:
    now, before = known
    comparing = Comparing.BOTH
    if before is None:
        is_new = party.registered_on is not None and party.registered_on > earlier.ends_on
        comparing, before = (Comparing.NEW, 0) if is_new else (Comparing.LACKS_BEFORE, None)
    elif now is None:
        is_gone = party.status in GONE
        comparing, now = (Comparing.GONE, 0) if is_gone else (Comparing.LACKS_NOW, None)
    return FirmFigure(
        party_id=party.pk,
        name=party.name,
        section=party.section,
        industry=party.industry,
        park_id=party.park_id,
        now=now,
        before=before,
        comparing=comparing,
    )


def month_ends(period: Period) -> list[date]:
    """The last days of the months of a period."""
    return [month.ends_on for month in months_in(period)]


def months_in(period: Period) -> list[Period]:
    """The whole months of a period, first to last."""
    months = []
    year, month = period.starts_on.year, period.starts_on.month
    while (year, month) <= (period.ends_on.year, period.ends_on.month):
        months.append(months_of(year, month, month))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return months


# What can be asked for ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """A metric the zone's firms have monthly figures of: in which columns, and up to which months."""

    metric: Metric
    columns: tuple[str, ...]
    """By how many figures stand in each, the most first."""
    months: tuple[date, ...]
    """Last days of the months, the newest first."""


def metrics_of_firms(*, zone_id: int) -> list[Kept]:
    """The metrics that firms' months add up to, from the sums; those that add up only."""
    rows = (
        Rollup.objects.filter(zone_id=zone_id)
        .exclude(metric__adds=Metric.Adds.NEVER)
        .values_list("metric_id", "column", "starts_on", "ends_on", "parties")
        .order_by("-ends_on")
    )
    months: dict[int, dict[date, None]] = {}
    weight: dict[int, dict[str, int]] = {}
    for metric_id, column, starts_on, ends_on, parties in rows:
        if (starts_on.year, starts_on.month) != (ends_on.year, ends_on.month):
            continue
        months.setdefault(metric_id, {}).setdefault(ends_on)
        columns = weight.setdefault(metric_id, {})
        columns[column] = columns.get(column, 0) + parties
    return [
        Kept(
            metric,
            tuple(sorted(weight[metric.pk], key=lambda one: (-weight[metric.pk][one], one))),
            tuple(months[metric.pk])[:MOST_MONTHS],
        )
        for metric in Metric.objects.filter(pk__in=months).order_by("id")
    ]
