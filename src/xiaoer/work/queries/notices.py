"""The bell: what others did on my matters since I last looked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from xiaoer.base.scope import Actor
from xiaoer.base.verbs import verb_name
from xiaoer.work import kinds
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Seen

# Nobody reads a month of bells; what is older is in the matters themselves.
OLDEST = timedelta(days=30)
MOST = 100
FINISHED = 30


@dataclass(frozen=True, slots=True)
class Notice:
    """One line: who did what on which matter of mine."""

    line_id: int
    at: datetime
    who: str
    did: str
    words: str
    kind: str
    title: str
    address: str
    is_new: bool


# My matters: those with an open task of mine (or of my office, or of one I deputise for), those I
# gave to others and wait for, and the last few whose task
# I finished: of these only what the matter's own room did, such as that the enterprise confirmed.
# One act on several tasks of a matter at one moment rings once.
_MINE = """
with my_posts as materialized (
    select %(post)s::bigint as id
    union
    select d.post_id from deputy d
    where d.zone_id = %(zone)s and d.deputy_id = %(post)s and d.since <= %(day)s and d.until >= %(day)s
), parts as (
    select t.matter_id, true as is_open from task t
    where t.zone_id = %(zone)s and t.state = 'open'
      and (t.post_id = any(array(select id from my_posts))
           or (t.post_id is null and t.office_id = %(office)s)
           or t.given_by_id = any(array(select id from my_posts)))
    union all
    select f.matter_id, false from my_posts p
    cross join lateral (
        select t.matter_id from task t
        where t.zone_id = %(zone)s and t.done_by_id = p.id and t.done_at >= %(oldest)s
        order by t.done_at desc limit %(finished)s
    ) f
), mine as materialized (
    select matter_id, bool_or(is_open) as is_open from parts group by matter_id
), lines as (
    select distinct on (m.id, j.verb, j.who, j.at, j.detail ->> 'words')
           j.id, j.at, j.who, j.verb, j.detail, j.post_id, m.kind, m.title, m.address
    from mine
    join matter m on m.zone_id = %(zone)s and m.id = mine.matter_id
    cross join lateral (
        select 'matter' as subject_type, m.id as subject_id
        union all select m.kind, m.subject_id
        union all select 'task', t.id from task t where mine.is_open and t.matter_id = m.id
    ) s
    join journal_line j on j.zone_id = %(zone)s and j.subject_type = s.subject_type
      and j.subject_id = s.subject_id
    where j.at > %(since)s and j.verb = any(%(verbs)s) and j.post_id is distinct from %(post)s
    order by m.id, j.verb, j.who, j.at, j.detail ->> 'words', j.id desc
)
{ask}
"""
_LINES = _MINE.format(
    ask="select id, at, who, verb, detail ->> 'words', kind, title, address from lines"
    " order by id desc limit %(most)s"
)
# With what one is reminded of on the page.
_COUNT = _MINE.format(
    ask="select (select count(*) from (select from lines limit %(most)s) l)"
    " + (select count(*) from reminder r where r.zone_id = %(zone)s and r.post_id = %(post)s"
    " and r.way = 'page' and r.made_at > %(since)s)"
)


def _seen_at(post_id: int) -> datetime | None:
    return Seen.objects.filter(post_id=post_id).values_list("at", flat=True).first()


def _parameters(by: Actor, now: datetime, since: datetime) -> dict[str, Any]:
    return {
        "zone": by.zone_id,
        "post": by.post_id,
        "office": by.office_id,
        "day": now.astimezone(LOCAL).date(),
        "oldest": now - OLDEST,
        "since": since,
        "verbs": kinds.told_verbs(),
        "most": MOST,
        "finished": FINISHED,
    }


def notices(by: Actor, now: datetime) -> tuple[Notice, ...]:
    """The last hundred lines of a month, newest first, with those not yet seen marked."""
    if by.post_id is None:
        return ()
    seen = _seen_at(by.post_id)
    with connection.cursor() as cursor:
        cursor.execute(_LINES, _parameters(by, now, now - OLDEST))
        return tuple(
            Notice(
                line_id=row[0],
                at=row[1],
                who=_("The system") if row[2] == "system" else row[2],
                did=verb_name(row[3]),
                words=row[4] or "",
                kind=kinds.kind_name(row[5]),
                title=row[6],
                address=row[7],
                is_new=seen is None or row[1] > seen,
            )
            for row in cursor.fetchall()
        )


def notice_count(by: Actor, now: datetime) -> int:
    """How many lines are new to the asker, for the bell; counted up to a hundred."""
    if by.post_id is None or not by.is_staff:
        return 0
    since = max(_seen_at(by.post_id) or now - OLDEST, now - OLDEST)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _parameters(by, now, since))
        return min(int(cursor.fetchone()[0]), MOST)
