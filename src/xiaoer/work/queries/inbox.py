"""Everybody's one inbox across all rooms: what is due first stands first.

One line is one matter with whoever has it: a request whose promised date and whose limit both run
is one thing to do, and its earliest end says how urgent it is.

Every question here reads open tasks only, through partial indexes, so that it costs the same
however many tasks were finished before; and it reads everything a row shows at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from xiaoer.base import queries as base
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor
from xiaoer.web.marks import Colour
from xiaoer.work import kinds
from xiaoer.work.calendar import LOCAL
from xiaoer.work.queries.calendars import calendar_of
from xiaoer.work.queries.deadlines import TaskFace, Today, is_exact, last_day, remaining_words


class Whose(StrEnum):
    """Whose tasks: mine with those I deputise for, only the latter, my office's, the whole zone's."""

    MINE = "mine"
    DEPUTY = "deputy"
    OFFICE = "office"
    ZONE = "zone"


SEES_ZONE = frozenset(
    {Role.ZONE_LEADER, Role.SERVICE_DESK, Role.ADMINISTRATOR, Role.ENVIRONMENT, Role.CITY}
)


def whose_choices(by: Actor) -> tuple[Whose, ...]:
    """What an asker may look at: heads of offices their office, leaders and the desk the zone."""
    choices = [Whose.MINE, Whose.DEPUTY]
    if by.is_lead and by.office_id is not None:
        choices.append(Whose.OFFICE)
    if by.role in SEES_ZONE:
        choices.append(Whose.ZONE)
    return tuple(choices)


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What is filtered; the same for the page, its counts and its export."""

    whose: Whose = Whose.MINE
    light: Colour | None = None
    kind: str | None = None
    office_id: int | None = None


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """Lines of the inbox by light."""

    red: int
    amber: int
    green: int
    grey: int

    @property
    def total(self) -> int:
        return self.red + self.amber + self.green + self.grey


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of the inbox: what, why, for whom, by when. ``also`` counts the same holder's
    further tasks in this matter, which end later."""

    task_id: int
    matter_id: int
    kind: str
    title: str
    why: str
    address: str
    party: str | None
    office: str | None
    holder: str | None
    deputising_for: str | None
    is_joint: bool
    is_supervised: bool
    level: int
    is_taken: bool
    due_at: datetime | None
    light: Colour
    remaining: str
    also: int

    @property
    def due_on(self) -> date | None:
        return last_day(self.due_at)

    @property
    def is_exact(self) -> bool:
        """Whether a time of the day was set."""
        return is_exact(self.due_at)

    @property
    def tags(self) -> tuple[str, ...]:
        """What makes this task more than its title, in the order of its weight."""
        return tuple(
            words
            for holds, words in (
                (self.is_supervised, _("Supervised")),
                (self.level > 0, _("Escalated")),
                (self.is_joint and self.why != _("Helping"), _("Helping")),
                (not self.is_taken, _("Not yet taken")),
                (
                    self.deputising_for is not None,
                    _("For %(name)s") % {"name": self.deputising_for},
                ),
            )
            if holds
        )


# The posts one answers for: one's own and those whose holders are away. As an array made once, so
# that the partial index on the post serves it.
_MY_POSTS = """any(array(
    select %(post)s::bigint
    union all
    select d.post_id from deputy d
    where d.zone_id = %(zone)s and d.deputy_id = %(post)s and d.since <= %(day)s and d.until >= %(day)s
))"""
_DEPUTISED = """any(array(
    select d.post_id from deputy d
    where d.zone_id = %(zone)s and d.deputy_id = %(post)s and d.since <= %(day)s and d.until >= %(day)s
))"""
_WHOSE = {
    Whose.MINE: f"(t.post_id = {_MY_POSTS} or (t.post_id is null and t.office_id = %(office)s))",
    Whose.DEPUTY: f"t.post_id = {_DEPUTISED}",
    Whose.OFFICE: "t.office_id = %(office)s",
    Whose.ZONE: "true",
}
_RED = "(t.due_at < %(now)s or (t.due_at <= %(tonight)s and t.started_at < %(morning)s))"
_LIGHTS: dict[Colour, str] = {
    "red": _RED,
    "amber": f"not {_RED} and t.amber_at <= %(now)s",
    "green": f"not {_RED} and (t.amber_at is null or t.amber_at > %(now)s)",
    "grey": "t.due_at is null",
}


def _parameters(by: Actor, now: datetime, chosen: InboxFilter) -> dict[str, Any]:
    today = Today(now)
    return {
        "zone": by.zone_id,
        "post": by.post_id,
        "office": by.office_id,
        "day": now.astimezone(LOCAL).date(),
        "now": now,
        "morning": today.begins,
        "tonight": today.ends,
        "kind": chosen.kind,
        "led": chosen.office_id,
    }


def _conditions(by: Actor, chosen: InboxFilter) -> str:
    """SQL made of fixed pieces only; every value travels as a parameter."""
    whose = chosen.whose if chosen.whose in whose_choices(by) else Whose.MINE
    pieces = ["t.zone_id = %(zone)s", "t.state = 'open'", _WHOSE[whose]]
    if chosen.kind is not None:
        pieces.append("m.kind = %(kind)s")
    if chosen.office_id is not None:
        pieces.append("t.office_id = %(led)s")
    return " and ".join(pieces)


# The open tasks asked for; ``place`` is 1 for what its holder must do first in a matter.
_OPEN = """
with line as (
    select t.id, t.matter_id, t.kind, t.title, t.post_id, t.office_id, t.is_joint,
           t.started_at, t.due_at, t.amber_at, t.limit_unit,
           row_number() over (held order by t.due_at nulls last, t.id) as place,
           count(*) over held as tasks,
           bool_or(t.is_supervised) over held as is_supervised,
           max(t.level) over held as level
    from task t {matter}
    where {conditions}
    window held as (partition by t.matter_id, t.post_id, t.office_id, t.is_joint)
)
"""
_ROWS = """
select t.id, t.matter_id, m.kind, m.title, t.kind, t.title, m.address, p.name, o.name,
       h.name, t.post_id, t.tasks, t.is_joint, t.is_supervised, t.level,
       t.started_at, t.due_at, t.amber_at, t.limit_unit
from line t
join matter m on m.id = t.matter_id
left join party p on p.id = m.party_id
left join office o on o.id = t.office_id
left join post tp on tp.id = t.post_id
left join person h on h.id = tp.person_id
where t.place = 1 and {light}
order by t.due_at nulls last, t.id
{window}
"""


def _open(by: Actor, chosen: InboxFilter) -> str:
    matter = "join matter m on m.id = t.matter_id" if chosen.kind is not None else ""
    return _OPEN.format(matter=matter, conditions=_conditions(by, chosen))


def inbox(
    by: Actor,
    now: datetime,
    chosen: InboxFilter | None = None,
    *,
    size: int | None = None,
    after: int = 0,
) -> tuple[InboxRow, ...]:
    """What the asker has to do, what is due first; ``size`` lines after the first ``after``."""
    chosen = chosen or InboxFilter()
    window = "" if size is None else "limit %(size)s offset %(after)s"
    parameters = _parameters(by, now, chosen) | {"size": size, "after": after}
    with connection.cursor() as cursor:
        light = _LIGHTS[chosen.light] if chosen.light else "true"
        query = _open(by, chosen) + _ROWS.format(light=light, window=window)
        cursor.execute(query, parameters)
        found = cursor.fetchall()
    if not found:
        return ()
    calendar = calendar_of(by.zone_id)
    return tuple(
        InboxRow(
            task_id=row[0],
            matter_id=row[1],
            kind=row[2],
            title=row[3],
            why=_why(row[2], row[4], row[5], row[3]),
            address=row[6],
            party=row[7],
            office=row[8],
            holder=row[9],
            deputising_for=row[9] if _is_deputised(by, row[10], chosen) else None,
            is_taken=row[10] is not None,
            is_joint=row[12],
            is_supervised=row[13],
            level=row[14],
            due_at=row[16],
            light=TaskFace(row[15], row[16], row[17]).light(now),
            remaining=remaining_words(row[16], row[18], now=now, calendar=calendar),
            also=row[11] - 1,
        )
        for row in found
    )


def _why(kind: str, task_kind: str, title: str, matter_title: str) -> str:
    """What is to be done, with the task's own title where it says more than the matter's."""
    name = kinds.task_name(kind, task_kind)
    if title in {"", matter_title}:
        return name
    if title.endswith(name) and title.removesuffix(name).rstrip("：: ") in matter_title:
        return name
    return title if name == task_kind else f"{name} · {title}"


def _is_deputised(by: Actor, post_id: int | None, chosen: InboxFilter) -> bool:
    return (
        post_id is not None and post_id != by.post_id and chosen.whose in {Whose.MINE, Whose.DEPUTY}
    )


_COUNTS = """
select count(*) filter (where {red}),
       count(*) filter (where {amber}),
       count(*) filter (where {green}),
       count(*) filter (where {grey})
from line t
where t.place = 1 and {light}
"""


def inbox_counts(by: Actor, now: datetime, chosen: InboxFilter | None = None) -> InboxCounts:
    """How many lines have which light; one query over the open tasks, for the menu's badge."""
    chosen = chosen or InboxFilter()
    if by.post_id is None:
        return InboxCounts(0, 0, 0, 0)
    light = _LIGHTS[chosen.light] if chosen.light else "true"
    query = _open(by, chosen) + _COUNTS.format(**_LIGHTS, light=light)
    with connection.cursor() as cursor:
        cursor.execute(query, _parameters(by, now, chosen))
        return InboxCounts(*cursor.fetchone())


def deputises(by: Actor, now: datetime) -> bool:
    """Whether the asker stands in for somebody today."""
    on = now.astimezone(LOCAL).date()
    return by.post_id is not None and bool(
        base.deputy_posts(zone_id=by.zone_id, deputy_id=by.post_id, on=on)
    )


def offices_with_tasks(by: Actor) -> Sequence[tuple[int, str]]:
    """Offices that have open tasks in the zone, for the filter of those who see all of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select o.id, o.name from office o where o.zone_id = %(zone)s and exists"
            " (select from task t where t.zone_id = %(zone)s and t.state = 'open'"
            " and t.office_id = o.id) order by o.order, o.id",
            {"zone": by.zone_id},
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]
