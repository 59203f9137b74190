"""Reminders: what tasks remind of, what was told to whom, and what became of every message."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from xiaoer.base.scope import Actor
from xiaoer.web import words
from xiaoer.work import kinds, reminding
from xiaoer.work.calendar import DAY
from xiaoer.work.models import (
    Delivery,
    DeliveryAttempt,
    Hook,
    MailAddress,
    Reminder,
    Seen,
    Subscription,
    Way,
)
from xiaoer.work.queries.deadlines import Today, last_day
from xiaoer.work.reminding import Asked, Thing, Words

OLDEST = timedelta(days=30)
MOST = 100
LOGGED = 30

# A day as the reader writes it, when the reader is known.
_day = lazy(words.day, str)

# The open tasks that end before a moment, one for each holder of a matter: what ends first. Posts
# whose holders are away count for whoever stands in; a task nobody took for everybody of its office.
_ENDING = """
with held as materialized (
    select p.id as teller, p.id as post_id, p.office_id from post p where p.id = any(%(posts)s)
    union all
    select d.deputy_id, d.post_id, null from deputy d
    where d.zone_id = %(zone)s and d.deputy_id = any(%(posts)s)
      and d.since <= %(day)s and d.until >= %(day)s
), ending as materialized (
    select distinct on (t.matter_id, t.post_id, t.office_id)
           t.id, t.matter_id, t.kind, t.post_id, t.office_id, t.due_at, t.started_at,
           bool_or(t.is_supervised) over (partition by t.matter_id, t.post_id, t.office_id) as sup
    from task t
    where t.zone_id = %(zone)s and t.state = 'open' and t.due_at < %(until)s
    order by t.matter_id, t.post_id, t.office_id, t.due_at, t.id
), told as (
    select e.id, held.teller as post_id, null::bigint as office_id
    from ending e join held on held.post_id = e.post_id
    union
    select e.id, held.teller, null
    from ending e join held on held.office_id = e.office_id where e.post_id is null
    union
    select e.id, null, e.office_id from ending e where e.office_id = any(%(offices)s)
)
select told.post_id, told.office_id, e.id, m.kind, e.kind, m.title, p.name, m.address,
       e.due_at, e.started_at, e.sup
from told join ending e on e.id = told.id
join matter m on m.id = e.matter_id
left join party p on p.id = m.party_id
"""
# Red tasks of an office for whoever leads it, and for its robot.
_RED = """
select lead.id, null::bigint, t.id, m.kind, t.kind, m.title, p.name, m.address,
       t.due_at, t.started_at, t.is_supervised
from task t
join matter m on m.id = t.matter_id
left join party p on p.id = m.party_id
join post lead on lead.id = any(%(posts)s) and lead.is_lead and lead.office_id = t.office_id
where t.zone_id = %(zone)s and t.state = 'open' and {red}
  and t.post_id is distinct from lead.id
union all
select null, t.office_id, t.id, m.kind, t.kind, m.title, p.name, m.address,
       t.due_at, t.started_at, t.is_supervised
from task t
join matter m on m.id = t.matter_id
left join party p on p.id = m.party_id
where t.zone_id = %(zone)s and t.state = 'open' and t.office_id = any(%(offices)s) and {red}
""".format(red="(t.due_at < %(now)s or (t.due_at <= %(until)s and t.started_at < %(morning)s))")


@dataclass(frozen=True, slots=True)
class _Row:
    """A task that ends, for whom it is."""

    post_id: int | None
    office_id: int | None
    task_id: int
    matter_kind: str
    task_kind: str
    title: str
    party: str | None
    address: str
    due_at: datetime
    started_at: datetime
    is_supervised: bool

    def thing(self, asked: Asked, said: Words) -> Thing:
        due_on = last_day(self.due_at) or asked.today
        return Thing(
            key=f"task:{self.task_id}:{self.due_at:%Y%m%d%H%M}",
            subject_type="task",
            subject_id=self.task_id,
            title=self.title,
            words=_joined(self.party or "", self.why, said),
            address=self.address,
            post_id=self.post_id,
            office_id=self.office_id,
            days=asked.calendar.working_days_between(asked.today, due_on),
            is_supervised=self.is_supervised,
            order=self.due_at.timestamp(),
        )

    @property
    def why(self) -> Words:
        return lazy(kinds.task_name, str)(self.matter_kind, self.task_kind)


def _joined(*parts: Words) -> Words:
    said = [part for part in parts if part != ""]
    return format_lazy(" · ".join(["{}"] * len(said)), *said)


def _rows(query: str, asked: Asked, until: datetime) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {
                "zone": asked.zone_id,
                "posts": list(asked.posts),
                "offices": list(asked.offices),
                "day": asked.today,
                "now": asked.now,
                "morning": Today(asked.now).begins,
                "until": until,
            },
        )
        return [_Row(*row) for row in cursor.fetchall()]


def tasks_due(asked: Asked) -> Iterator[Thing]:
    """Tasks whose last day is so many working days away or nearer, and not past."""
    last = asked.calendar.add_working_days(asked.today, asked.days)
    until = Today(asked.now).begins + DAY * ((last - asked.today).days + 1)
    for row in _rows(_ENDING, asked, until + timedelta(seconds=1)):
        if row.due_at >= asked.now:
            said = format_lazy(_("due {day}"), day=_day(last_day(row.due_at), asked.now))
            yield row.thing(asked, said)


def tasks_overdue(asked: Asked) -> Iterator[Thing]:
    """Tasks whose deadline has passed."""
    for row in _rows(_ENDING, asked, asked.now):
        said = format_lazy(_("was due {day}"), day=_day(last_day(row.due_at), asked.now))
        yield row.thing(asked, said)


def tasks_red(asked: Asked) -> Iterator[Thing]:
    """Tasks of an office that turned red, for its head and its robot."""
    for row in _rows(_RED, asked, Today(asked.now).ends):
        said = format_lazy(_("red since {day}"), day=_day(last_day(row.due_at), asked.now))
        yield row.thing(asked, said)


# What the pages and jobs ask ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """A reminder told on the page."""

    id: int
    at: datetime
    kind: str
    kind_name: str
    title: str
    words: str
    address: str
    is_new: bool


def page_reminders(by: Actor, now: datetime) -> tuple[ReminderLine, ...]:
    """What the asker was reminded of on the page in the last month, newest first."""
    if by.post_id is None:
        return ()
    seen = Seen.objects.filter(post_id=by.post_id).values_list("at", flat=True).first()
    rows = Reminder.objects.filter(
        zone_id=by.zone_id, post_id=by.post_id, way=Way.PAGE, made_at__gt=now - OLDEST
    ).order_by("-made_at", "id")[:MOST]
    return tuple(
        ReminderLine(
            id=row.pk,
            at=row.made_at,
            kind=row.kind,
            kind_name=reminding.kind_name(row.kind),
            title=row.title,
            words=row.words,
            address=row.address,
            is_new=seen is None or row.made_at > seen,
        )
        for row in rows
    )


def subscriptions_of(by: Actor) -> list[Subscription]:
    """What the asker chose to be told of, by post."""
    return list(
        Subscription.objects.filter(
            zone_id=by.zone_id, post_id=by.post_id or 0, is_active=True
        ).order_by("id")
    )


def subscriptions_of_office(by: Actor, hook: Hook) -> list[Subscription]:
    """What an office's robot is told of."""
    return list(
        Subscription.objects.filter(
            zone_id=by.zone_id, hook=hook, office__isnull=False, is_active=True
        ).order_by("id")
    )


def mail_address(by: Actor) -> MailAddress | None:
    """Where the asker gets mail, verified or not yet."""
    return MailAddress.objects.filter(zone_id=by.zone_id, post_id=by.post_id or 0).first()


def mail_is_set_up() -> bool:
    """Whether this installation was told of a mail server."""
    return bool(settings.EMAIL_HOST)


def hooks_of(by: Actor, offices: Iterable[int]) -> list[Hook]:
    """The asker's own robots and those of some offices, the newest first."""
    return list(
        Hook.objects.filter(
            Q(post_id=by.post_id or 0) | Q(office_id__in=list(offices)),
            zone_id=by.zone_id,
            removed_at__isnull=True,
        )
        .select_related("office", "post__person", "made_by__person")
        .order_by("-id")
    )


def every_office_hook(by: Actor) -> list[Hook]:
    """The robots of all offices of the zone."""
    return list(
        Hook.objects.filter(zone_id=by.zone_id, office__isnull=False, removed_at__isnull=True)
        .select_related("office", "made_by__person")
        .order_by("office__order", "-id")
    )


def hook_of(by: Actor, hook_id: int) -> Hook | None:
    """A robot the asker's scope shows."""
    return (
        Hook.objects.filter(zone_id=by.zone_id, pk=hook_id, removed_at__isnull=True)
        .select_related("office", "post__person", "made_by__person")
        .first()
    )


def deliveries_of(by: Actor) -> QuerySet[Delivery]:
    """The latest messages to the asker, newest first, with their attempts."""
    return _logged(Delivery.objects.filter(zone_id=by.zone_id, post_id=by.post_id or 0))


def deliveries_by_hook(hook: Hook) -> QuerySet[Delivery]:
    """The latest messages of a robot, newest first, with their attempts."""
    return _logged(Delivery.objects.filter(zone_id=hook.zone_id, hook=hook))


def _logged(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    rows = rows.select_related("hook__office").prefetch_related("attempts", "reminders")
    return rows.order_by("-id")[:LOGGED]


def delivery_of(by: Actor, delivery_id: int) -> Delivery | None:
    """A message the asker's scope shows."""
    return (
        Delivery.objects.filter(zone_id=by.zone_id, pk=delivery_id)
        .select_related("hook__office")
        .prefetch_related("attempts", "reminders")
        .first()
    )


def attempts_of(delivery: Delivery) -> list[DeliveryAttempt]:
    return list(DeliveryAttempt.objects.filter(delivery=delivery).order_by("id"))


def deliveries_to_send(zone_id: int, now: datetime) -> list[int]:
    """Messages of a zone whose turn it is, those left by a killed sender included. A new one has a
    job of its own and is looked for only when that had time."""
    is_new = Q(tries=0, made_at__gt=now - timedelta(minutes=1))
    waiting = Q(state=Delivery.State.WAITING, next_at__lte=now) & ~is_new
    left = Q(state=Delivery.State.SENDING, claimed_until__lte=now)
    rows = Delivery.objects.filter(waiting | left, zone_id=zone_id).order_by("next_at", "id")
    return list(rows.values_list("pk", flat=True)[:500])


def told_keys(subscriptions: list[int], keys: list[str]) -> set[tuple[int, str]]:
    """Which of these things these subscriptions were told already."""
    rows: Any = Reminder.objects.filter(subscription_id__in=subscriptions, key__in=keys)
    return set(rows.values_list("subscription_id", "key"))
