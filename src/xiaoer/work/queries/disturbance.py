"""Figures of a month's disturbance: what was merged, above the quota, asked twice."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import connection

from xiaoer.base.scope import Actor
from xiaoer.work.calendar import LOCAL
from xiaoer.work.queries.contacts import month_after, month_of


@dataclass(frozen=True, slots=True)
class ContactFigures:
    """无事不扰的三个数 of a month, each counted from the records it opens to."""

    month: date
    made: int
    planned: int
    merged: int
    above: int
    firms_above: int
    without_leave: int
    on_quiet_days: int
    refused: int
    inspections: int
    asked_twice: int


_FIGURES = """
select count(*) filter (where tag = 'service' and state = 'done'),
       count(*) filter (where tag = 'service' and state = 'planned'),
       count(*) filter (where state = 'merged'),
       count(*) filter (where is_above_quota and state in ('planned', 'done')),
       count(distinct party_id) filter (where is_above_quota and state in ('planned', 'done')),
       count(*) filter (where (is_above_quota or is_on_quiet_day) and state = 'done'
                              and allowed_by_id is null),
       count(*) filter (where is_on_quiet_day and state in ('planned', 'done')),
       count(*) filter (where state = 'refused'),
       count(*) filter (where tag = 'inspection' and state in ('planned', 'done'))
from contact
where zone_id = %(zone)s and planned_on >= %(since)s and planned_on < %(until)s
"""
# The same asked of the same enterprise while it was open, answered or declined; an entry merged
# into another is the same enterprise. A question that was dropped before it was answered may be
# asked again.
ASKED_TWICE = """
select q.id
from question q join party p on p.zone_id = q.zone_id and p.id = q.party_id
where q.zone_id = %(zone)s and q.asked_at >= %(since)s and q.asked_at < %(until)s
  and exists (
    select from question o join party f on f.zone_id = o.zone_id and f.id = o.party_id
    where o.zone_id = q.zone_id and o.room = q.room and o.key = q.key and o.id < q.id
      and coalesce(f.merged_into_id, f.id) = coalesce(p.merged_into_id, p.id)
      and (o.state <> 'dropped' or o.ended_at > q.asked_at))
"""


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, LOCAL)


def asked_twice(by: Actor, month: date) -> list[int]:
    """Numbers of the questions of a month that an enterprise had been asked before; must be none."""
    first = month_of(month)
    with connection.cursor() as cursor:
        cursor.execute(
            ASKED_TWICE,
            {"zone": by.zone_id, "since": _begins(first), "until": _begins(month_after(first))},
        )
        return [row[0] for row in cursor.fetchall()]


def contact_figures(by: Actor, month: date) -> ContactFigures:
    """What the month's disturbance was: merged, above quota and with whose leave, asked twice."""
    first = month_of(month)
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"zone": by.zone_id, "since": first, "until": month_after(first)})
        counts = [*cursor.fetchone(), len(asked_twice(by, first))]
    return ContactFigures(first, *counts)
