"""What outreach reminds of: firms nobody visited for long, and requests that turned red."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from xiaoer.outreach.queries.pool import OPEN_STATES
from xiaoer.registry.queries.standing import GONE
from xiaoer.web import words
from xiaoer.work.queries.deadlines import Today, last_day
from xiaoer.work.reminding import Asked, Thing

_day = lazy(words.day, str)

# Firms of the officers asked, and of those they stand in for, with the last visit of anybody.
_CASELOAD = """
with held as materialized (
    select p.id as teller, p.id as post_id from unnest(%(posts)s::bigint[]) as p(id)
    union
    select d.deputy_id, d.post_id from deputy d
    where d.zone_id = %(zone)s and d.deputy_id = any(%(posts)s)
      and d.since <= %(day)s and d.until >= %(day)s
), mine as materialized (
    select held.teller, s.party_id, min(s.since) as since
    from held join stewardship s on s.zone_id = %(zone)s and s.post_id = held.post_id
    where s.until is null and s.kind = any(%(kinds)s)
    group by held.teller, s.party_id
)
{ask}
"""
_NOT_VISITED = _CASELOAD.format(
    ask="""
select mine.teller, p.id, p.name, seen.on_day, mine.since
from mine
join party p on p.id = mine.party_id
left join lateral (
    select v.visited_on as on_day from visit v
    where v.party_id = p.id and v.zone_id = %(zone)s
      and not exists (select from visit n where n.replaces_id = v.id)
    order by v.visited_on desc limit 1
) seen on true
where p.cell_id is not null and p.merged_into_id is null and p.status <> all(%(gone)s)
  and coalesce(seen.on_day, mine.since) <= %(until)s
"""
)
_REQUESTS = _CASELOAD.format(
    ask="""
select mine.teller, a.id, a.receipt_no, a.title, p.name, a.running_due_at,
       a.supervised_at is not null
from mine
join appeal a on a.party_id = mine.party_id and a.zone_id = %(zone)s
join party p on p.id = a.party_id
where a.state = any(%(states)s)
  and (a.running_due_at < %(now)s
       or (a.running_due_at <= %(until)s and a.filed_at < %(morning)s))
"""
)
OFFICERS = ("officer", "deputy")
STEWARDS = ("officer", "deputy", "leader")


def firms_without_contact(asked: Asked) -> Iterator[Thing]:
    """Firms of an officer's caseload nobody of the zone visited for so many days.

    Where no visit is on record the days count from when the officer began to look after the firm,
    and the words say so: that there was none is not known.
    """
    until = date.fromordinal(asked.today.toordinal() - max(asked.days, 1))
    for post, party, name, visited_on, since in _rows(_NOT_VISITED, asked, OFFICERS, until=until):
        days = (asked.today - (visited_on or since)).days
        said = (
            format_lazy(
                _("last visit {day}, {n} days ago"), day=_day(visited_on, asked.now), n=days
            )
            if visited_on
            else format_lazy(_("no visit on record since {day}"), day=_day(since, asked.now))
        )
        yield Thing(
            key=f"visit:{party}:{visited_on or since}",
            subject_type="party",
            subject_id=party,
            title=name,
            words=said,
            address=f"/enterprises/{party}/",
            post_id=post,
            days=days,
            order=-days,
        )


def requests_red(asked: Asked) -> Iterator[Thing]:
    """Requests of an officer's firms that turned red. The offices at work on them have tasks."""
    for post, number, receipt, title, party, due_at, is_supervised in _rows(
        _REQUESTS, asked, STEWARDS, until=Today(asked.now).ends
    ):
        said = _("{party} · {receipt} · red since {day}")
        yield Thing(
            key=f"appeal:{number}:{due_at:%Y%m%d%H%M}",
            subject_type="appeal",
            subject_id=number,
            title=title,
            words=format_lazy(
                said, party=party, receipt=receipt, day=_day(last_day(due_at), asked.now)
            ),
            address=f"/appeals/{number}/",
            post_id=post,
            is_supervised=is_supervised,
            order=due_at.timestamp(),
        )


def _rows(
    query: str, asked: Asked, kinds: tuple[str, ...], *, until: date | datetime
) -> list[tuple]:  # type: ignore[type-arg]  # columns differ by query
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {
                "zone": asked.zone_id,
                "posts": list(asked.posts),
                "kinds": list(kinds),
                "gone": [str(status) for status in GONE],
                "states": [str(state) for state in OPEN_STATES],
                "day": asked.today,
                "now": asked.now,
                "morning": Today(asked.now).begins,
                "until": until,
            },
        )
        return list(cursor.fetchall())
