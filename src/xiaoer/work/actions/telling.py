"""What stands to be told becomes reminders: each thing once, at its hour, and not on days off."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.base import journal
from xiaoer.base.models import Account, Zone
from xiaoer.base.scope import Actor, as_web
from xiaoer.web import words
from xiaoer.work import access, queries, reminding
from xiaoer.work.actions.sending import put_out
from xiaoer.work.calendar import LOCAL, WorkCalendar
from xiaoer.work.models import Delivery, MailAddress, Reminder, Subscription, Way
from xiaoer.work.reminding import Asked, Counts, Thing

# Nobody's telephone rings at night for what can wait till morning.
WAKES, SLEEPS = 7, 21
SHOWN = 20
LOCK = 0x7E11


@transaction.atomic
def make_reminders(*, by: Actor, now: datetime) -> int:
    """Tell everybody of a zone what stands to be told now. How many things were told.

    Told things are kept under a key that is there once, so that running this twice, in two
    processes, or again after a kill tells nothing twice.
    """
    access.must_be_system(by)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, by.zone_id])
    round_ = _Round(by.zone_id, now, queries.calendar_of(by.zone_id))
    turns = [row for row in _subscriptions(by.zone_id, round_) if round_.has_turn(row)]
    if not turns:
        return 0
    told = list(_told(turns, round_))
    _send(told, by, now)
    hourly = [row.pk for row in turns if row.hour is not None and round_.is_working]
    Subscription.objects.filter(pk__in=hourly).update(told_on=round_.today)
    if told:
        zone = Zone.objects.get(pk=by.zone_id)
        journal.record(by=by, now=now, verb="make_reminders", subject=zone, count=len(told))
    return len(told)


@dataclass(frozen=True, slots=True)
class _Round:
    """One run in one zone: its moment, and whether the office works today."""

    zone_id: int
    now: datetime
    calendar: WorkCalendar

    @property
    def local(self) -> datetime:
        return self.now.astimezone(LOCAL)

    @property
    def today(self) -> date:
        return self.local.date()

    @property
    def is_working(self) -> bool:
        return self.calendar.is_working(self.today)

    @property
    def is_awake(self) -> bool:
        return WAKES <= self.local.hour < SLEEPS

    def has_turn(self, row: Subscription) -> bool:
        """At once: by day. A digest: once a day, from its hour on; late rather than never. On days
        off only who wants to hear of what is under supervision."""
        if not self.is_working:
            return row.pierces and self.is_awake
        if row.hour is None:
            return self.is_awake or row.way == Way.PAGE
        return self.local.hour >= row.hour and row.told_on != self.today

    def wants(self, row: Subscription, thing: Thing, counts: Counts | None) -> bool:
        """Whether a thing passes what the subscriber chose."""
        if not self.is_working and not thing.is_supervised:
            return False
        if counts is None or thing.days is None or row.days is None:
            return True
        return thing.days <= row.days if counts is Counts.WITHIN else thing.days >= row.days


def _subscriptions(zone_id: int, round_: _Round) -> list[Subscription]:
    """What is subscribed to by whoever still holds the post and can be reached."""
    day = round_.today
    mails = MailAddress.objects.filter(zone_id=zone_id, verified_at__isnull=False)
    return list(
        Subscription.objects.filter(zone_id=zone_id, is_active=True)
        .filter(kind__in=[kind.code for kind in reminding.offered()])
        .filter(
            Q(post__isnull=True)
            | Q(post__since__lte=day) & (Q(post__until__isnull=True) | Q(post__until__gte=day))
        )
        .filter(
            Q(hook__isnull=True) | Q(hook__removed_at__isnull=True, hook__paused_at__isnull=True)
        )
        .filter(~Q(way=Way.EMAIL) | Q(post_id__in=mails.values("post_id")))
        .select_related("post__person", "hook")
        .order_by("id")
    )


@dataclass(slots=True)
class _Told:
    """A thing told to one subscription, in the subscriber's language."""

    row: Subscription
    thing: Thing
    key: str


def _told(turns: list[Subscription], round_: _Round) -> Iterator[_Told]:
    """What is new to each subscription: sources are asked once for everybody."""
    by_kind: dict[str, list[Subscription]] = defaultdict(list)
    for row in turns:
        by_kind[row.kind].append(row)
    found: list[_Told] = []
    for code, rows in by_kind.items():
        kind = reminding.kind(code)
        if kind is None:
            continue
        things = _by_owner(reminding.things(code, _asked(rows, round_, kind.counts)))
        found += [
            _Told(row, thing, thing.key_for(row.days, kind.counts))
            for row in rows
            for thing in things[row.post_id, row.office_id]
            if round_.wants(row, thing, kind.counts)
        ]
    known = queries.told_keys([row.pk for row in turns], list({one.key for one in found}))
    for one in found:
        if (one.row.pk, one.key) not in known:
            known.add((one.row.pk, one.key))
            yield one


def _asked(rows: list[Subscription], round_: _Round, counts: Counts | None) -> Asked:
    days = [row.days for row in rows if row.days is not None]
    widest = max if counts is Counts.WITHIN else min
    return Asked(
        zone_id=round_.zone_id,
        now=round_.now,
        calendar=round_.calendar,
        posts=frozenset(row.post_id for row in rows if row.post_id is not None),
        offices=frozenset(row.office_id for row in rows if row.office_id is not None),
        days=widest(days) if days else 0,
    )


def _by_owner(things: Iterable[Thing]) -> dict[tuple[int | None, int | None], list[Thing]]:
    owned: dict[tuple[int | None, int | None], list[Thing]] = defaultdict(list)
    for thing in things:
        owned[thing.post_id, thing.office_id].append(thing)
    return owned


# One message for each receiver and way.
_Group = tuple[int | None, int | None, str, int | None]


def _send(told: list[_Told], by: Actor, now: datetime) -> None:
    groups: dict[_Group, list[_Told]] = defaultdict(list)
    for one in told:
        groups[one.row.post_id, one.row.office_id, one.row.way, one.row.hook_id].append(one)
    letters = _Letters(told, by.zone_id)
    reminders: list[Reminder] = []
    for group in groups.values():
        with translation.override(letters.language(group[0].row)):
            delivery = letters.message(group, now)
            if delivery is not None:
                put_out(delivery, now)
            reminders += [_reminder(one, delivery, now) for one in group]
    Reminder.objects.bulk_create(reminders)


def _reminder(one: _Told, delivery: Delivery | None, now: datetime) -> Reminder:
    return Reminder(
        zone_id=one.row.zone_id,
        subscription=one.row,
        post_id=one.row.post_id,
        office_id=one.row.office_id,
        kind=one.row.kind,
        way=one.row.way,
        key=one.key[:120],
        subject_type=one.thing.subject_type,
        subject_id=one.thing.subject_id,
        title=one.thing.title[:160],
        words=str(one.thing.words)[:300],
        address=one.thing.address,
        made_at=now,
        delivery=delivery,
    )


@dataclass(slots=True)
class _Letters:
    """Languages and addresses of all receivers of a run, asked once."""

    told: list[_Told]
    zone_id: int
    _languages: dict[int, str] = field(default_factory=dict)
    _mails: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        people = {one.row.post.person for one in self.told if one.row.post is not None}
        accounts = {person.account_id for person in people if person.account_id is not None}
        with as_web():
            rows = Account.objects.filter(pk__in=accounts).values_list("id", "language")
            self._languages = dict(rows)
        self._mails = dict(
            MailAddress.objects.filter(zone_id=self.zone_id, verified_at__isnull=False).values_list(
                "post_id", "address"
            )
        )

    def language(self, row: Subscription) -> str:
        """The receiver's own; of an office, the language the product opens in."""
        account = row.post.person.account_id if row.post is not None else None
        chosen = self._languages.get(account or 0, "")
        return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    def message(self, group: list[_Told], now: datetime) -> Delivery | None:
        """The message of one receiver; None where the page itself tells."""
        row = group[0].row
        if row.way == Way.PAGE:
            return None
        return Delivery(
            zone_id=row.zone_id,
            post_id=row.post_id,
            office_id=row.office_id,
            way=row.way,
            hook=row.hook,
            address=self._mails.get(row.post_id or 0, "") if row.way == Way.EMAIL else "",
            purpose=Delivery.Purpose.REMINDERS,
            title=_title(len(group), now),
            text=_text(group),
            most_tries=settings.DELIVERY_TRIES,
        )


def _title(count: int, now: datetime) -> str:
    said = ngettext("Xiaoer: %(n)d reminder, %(day)s", "Xiaoer: %(n)d reminders, %(day)s", count)
    return said % {"n": count, "day": words.day(now, now)}


def _text(group: list[_Told]) -> str:
    """A line each with its address, what weighs most first; what is too much is counted."""
    lines = []
    for number, one in enumerate(group[:SHOWN], start=1):
        name = reminding.kind_name(one.row.kind)
        lines.append(f"{number}. [{name}] {one.thing.title} · {one.thing.words}")
        lines.append(f"   {settings.PUBLIC_ADDRESS}{one.thing.address}")
    if len(group) > SHOWN:
        more = _("and %(count)d more: %(address)s")
        address = f"{settings.PUBLIC_ADDRESS}/inbox/"
        lines.append(more % {"count": len(group) - SHOWN, "address": address})
    return "\n".join(lines)
