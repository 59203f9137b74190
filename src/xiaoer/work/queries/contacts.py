"""Contacts: what stands in the calendar, how much of a month's quota is used, what may be merged."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.work.models import Contact, ContactRule
from xiaoer.work.queries.calendars import calendar_of

Tag, State = Contact.Tag, Contact.State
COUNTED = (State.PLANNED, State.DONE)
# How far a free day is looked for: the rest of this month and the next two.
MONTHS_AHEAD = 3


def month_of(day: date) -> date:
    """The first day of a day's month, by which the quota counts."""
    return day.replace(day=1)


def month_after(day: date, months: int = 1) -> date:
    """The first day of the month so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class Budget:
    """无事不扰额度: what one enterprise still bears in a month, over all offices.

    ``quota`` is None where the zone set no rule: then nothing is refused, and nothing is said to be
    within it either. ``planned`` of the ``used`` are still to come; ``above`` were made or planned
    above it.
    """

    party_id: int
    month: date
    quota: int | None
    used: int
    planned: int
    above: int
    quiet_from: int | None
    quiet_until: int | None

    @property
    def left(self) -> int | None:
        return None if self.quota is None else max(0, self.quota - self.used)

    @property
    def is_full(self) -> bool:
        return self.left == 0

    def is_quiet(self, day: date) -> bool:
        """Whether the day is one of the quiet days of the month."""
        return is_quiet(day, self.quiet_from, self.quiet_until)

    @property
    def words(self) -> str:
        """已约 1 次，限 2 次."""
        if self.quota is None:
            return ngettext(
                "%(n)d contact, no quota set", "%(n)d contacts, no quota set", self.used
            ) % {"n": self.used}
        return _("%(used)d of %(quota)d") % {"used": self.used, "quota": self.quota}


def is_quiet(day: date, first: int | None, last: int | None) -> bool:
    """Quiet days 29 to 31 are none in a February of 28 days; no day is moved for it."""
    return first is not None and last is not None and first <= day.day <= last


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact as a line of the calendar."""

    id: int
    planned_on: date
    from_time: time | None
    until_time: time | None
    minutes: int
    party_id: int
    enterprise: str
    tag: str
    tag_words: str
    kind: str
    kind_words: str
    office_id: int
    office: str
    post_id: int | None
    person: str | None
    purpose: str
    origin: str
    state: str
    state_words: str
    merged_into_id: int | None
    is_above_quota: bool
    is_on_quiet_day: bool
    reason: str
    allowed_by: str | None
    outcome: str
    planned_at: datetime

    @property
    def is_inspection(self) -> bool:
        return self.tag == Tag.INSPECTION

    @property
    def is_beyond(self) -> bool:
        """Above the quota or on a quiet day."""
        return self.is_above_quota or self.is_on_quiet_day

    @property
    def lacks_reason(self) -> bool:
        """Made beyond what is allowed, and nobody said yet why."""
        return self.is_beyond and not self.reason


def rule_of(zone_id: int) -> ContactRule | None:
    """The zone's rule, or None where none was set yet."""
    return ContactRule.objects.filter(zone_id=zone_id).first()


def contact_of(*, by: Actor, contact_id: int) -> Contact | None:
    """A contact the asker may see, with all a page shows of it."""
    return _shown(Contact.objects.filter(zone_id=by.zone_id, pk=contact_id)).first()


def _shown(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    return rows.select_related(
        "party", "office", "post__person", "allowed_by__person", "planned_by__person"
    )


def contact_row(contact: Contact) -> ContactRow:
    return ContactRow(
        id=contact.pk,
        planned_on=contact.planned_on,
        from_time=contact.from_time,
        until_time=contact.until_time,
        minutes=contact.minutes,
        party_id=contact.party_id,
        enterprise=contact.party.name,
        tag=contact.tag,
        tag_words=contact.get_tag_display(),
        kind=contact.kind,
        kind_words=contact.get_kind_display(),
        office_id=contact.office_id,
        office=contact.office.name,
        post_id=contact.post_id,
        person=contact.post.person.name if contact.post else None,
        purpose=contact.purpose,
        origin=contact.origin,
        state=contact.state,
        state_words=contact.get_state_display(),
        merged_into_id=contact.merged_into_id,
        is_above_quota=contact.is_above_quota,
        is_on_quiet_day=contact.is_on_quiet_day,
        reason=contact.reason,
        allowed_by=contact.allowed_by.person.name if contact.allowed_by else None,
        outcome=contact.outcome,
        planned_at=contact.planned_at,
    )


# The rule and what counts, for many enterprises at once.
_BUDGETS = """
select wanted.id, r.monthly_quota, r.quiet_from, r.quiet_until,
       count(c.id), count(c.id) filter (where c.state = 'planned'),
       count(c.id) filter (where c.is_above_quota)
from unnest(%(parties)s::bigint[]) as wanted (id)
left join contact_rule r on r.zone_id = %(zone)s
left join contact c on c.zone_id = %(zone)s and c.party_id = wanted.id and c.tag = 'service'
  and c.state in ('planned', 'done') and c.planned_on >= %(since)s and c.planned_on < %(until)s
group by wanted.id, r.id, r.monthly_quota, r.quiet_from, r.quiet_until
"""


def contact_budgets(by: Actor, party_ids: Iterable[int], month: date) -> dict[int, Budget]:
    """What each of some enterprises still bears in the month of a day, in one query.

    Service contacts of all offices count, planned and made; merged, cancelled and refused ones and
    inspections never do.
    """
    wanted = sorted(set(party_ids))
    if not wanted:
        return {}
    first = month_of(month)
    with connection.cursor() as cursor:
        cursor.execute(
            _BUDGETS,
            {"parties": wanted, "zone": by.zone_id, "since": first, "until": month_after(first)},
        )
        rows = cursor.fetchall()
    return {
        party: Budget(party, first, quota, used, planned, above, quiet_from, quiet_until)
        for party, quota, quiet_from, quiet_until, used, planned, above in rows
    }


def contact_budget(by: Actor, party_id: int, month: date) -> Budget:
    """The budget of one enterprise."""
    return contact_budgets(by, [party_id], month)[party_id]


def counted(by: Actor, party_id: int, month: date) -> QuerySet[Contact]:
    """What uses up an enterprise's quota of a month, in the order of its days."""
    first = month_of(month)
    return Contact.objects.filter(
        zone_id=by.zone_id,
        party_id=party_id,
        tag=Tag.SERVICE,
        state__in=COUNTED,
        planned_on__gte=first,
        planned_on__lt=month_after(first),
    ).order_by("planned_on", "id")


def next_free_day(*, by: Actor, party: Party, since: date) -> date | None:
    """The first working day from ``since`` on which one more contact is within quota and not quiet.

    None when there is none in this month and the two after it, as with a quota of zero.
    """
    rule = rule_of(by.zone_id)
    used = _used_by_month(by, party.pk, since) if rule else {}
    calendar = calendar_of(by.zone_id)
    end = month_after(since, MONTHS_AHEAD)
    for number in range((end - since).days):
        day = since + timedelta(days=number)
        if rule is not None and (
            used.get(month_of(day), 0) >= rule.monthly_quota
            or is_quiet(day, rule.quiet_from, rule.quiet_until)
        ):
            continue
        if calendar.is_working(day):
            return day
    return None


def _used_by_month(by: Actor, party_id: int, since: date) -> Mapping[date, int]:
    rows = (
        Contact.objects.filter(
            zone_id=by.zone_id,
            party_id=party_id,
            tag=Tag.SERVICE,
            state__in=COUNTED,
            planned_on__gte=month_of(since),
            planned_on__lt=month_after(since, MONTHS_AHEAD),
        )
        .annotate(month=TruncMonth("planned_on"))
        .values("month")
        .annotate(used=Count("id"))
    )
    return {row["month"]: row["used"] for row in rows}


def merge_candidates(*, by: Actor, party: Party, day: date) -> tuple[ContactRow, ...]:
    """Planned service contacts of the same month with an enterprise, into which another may go."""
    rows = counted(by, party.pk, day).filter(state=State.PLANNED)
    return tuple(contact_row(row) for row in _shown(rows))


def contacts_between(
    *,
    by: Actor,
    since: date,
    until: date,
    post: int | None = None,
    office: int | None = None,
    party: int | None = None,
    tag: str = "",
    state: str = "",
    beyond: bool = False,
) -> tuple[ContactRow, ...]:
    """Contacts from a first to a last day, both included, in the order of the calendar."""
    rows = Contact.objects.filter(
        zone_id=by.zone_id, planned_on__gte=since, planned_on__lte=until
    ).order_by("planned_on", "from_time", "id")
    for column, value in (("post_id", post), ("office_id", office), ("party_id", party)):
        if value is not None:
            rows = rows.filter(**{column: value})
    if tag:
        rows = rows.filter(tag=tag)
    if state:
        rows = rows.filter(state=state)
    if beyond:
        rows = rows.filter(is_above_quota=True) | rows.filter(is_on_quiet_day=True)
    return tuple(contact_row(row) for row in _shown(rows))


PAGE = 50


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """What the calendar is narrowed to, from a first to a last day."""

    since: date
    until: date
    tag: str = ""
    office: int | None = None
    party: int | None = None
    post: int | None = None
    only: str = ""
    text: str = ""


# What the calendar is asked for by name: the records behind each figure.
ONLY: Mapping[str, Q] = {
    "planned": Q(state=State.PLANNED),
    "done": Q(state=State.DONE),
    "merged": Q(state=State.MERGED),
    "above": Q(is_above_quota=True, state__in=COUNTED),
    "quiet": Q(is_on_quiet_day=True, state__in=COUNTED),
    "without_leave": Q(state=State.DONE, allowed_by__isnull=True)
    & (Q(is_above_quota=True) | Q(is_on_quiet_day=True)),
    "refused": Q(state=State.REFUSED),
}


@dataclass(frozen=True, slots=True)
class ContactPage:
    """A page of the calendar; ``after`` is how many to skip for the next one, None at the end."""

    rows: tuple[ContactRow, ...]
    after: int | None


def filtered_contacts(by: Actor, filters: ContactFilter) -> QuerySet[Contact]:
    """Contacts of some days as they are filtered, in the order of the calendar."""
    rows = Contact.objects.filter(
        zone_id=by.zone_id, planned_on__gte=filters.since, planned_on__lte=filters.until
    )
    for column in ("office", "party", "post"):
        value = getattr(filters, column)
        if value is not None:
            rows = rows.filter(**{f"{column}_id": value})
    if filters.tag:
        rows = rows.filter(tag=filters.tag)
    if filters.only in ONLY:
        rows = rows.filter(ONLY[filters.only])
    for word in filters.text.replace("\x00", "").split()[:5]:
        rows = rows.filter(Q(party__name__icontains=word) | Q(purpose__icontains=word))
    return rows.order_by("planned_on", "from_time", "id")


def contact_page(
    by: Actor, filters: ContactFilter, *, after: int = 0, size: int = PAGE
) -> ContactPage:
    rows = list(_shown(filtered_contacts(by, filters))[after : after + size + 1])
    return ContactPage(
        tuple(contact_row(row) for row in rows[:size]), after + size if len(rows) > size else None
    )


def every_contact(by: Actor, filters: ContactFilter) -> Iterator[ContactRow]:
    """The whole list, for a sheet."""
    for row in _shown(filtered_contacts(by, filters)).iterator(chunk_size=2000):
        yield contact_row(row)


@dataclass(frozen=True, slots=True)
class ContactDay:
    """One day of the month as the calendar draws it; services and inspections side by side."""

    day: date
    services: int
    inspections: int
    is_quiet: bool
    is_working: bool


def contact_month(by: Actor, filters: ContactFilter) -> tuple[tuple[ContactDay | None, ...], ...]:
    """The month of the filters as weeks, with how many contacts of each sort stand on a day."""
    first = month_of(filters.since)
    narrowed = replace(filters, since=first, until=last_of_month(first))
    counts = {
        row["planned_on"]: row
        for row in filtered_contacts(by, narrowed)
        .exclude(state__in=[State.CANCELLED, State.REFUSED])
        .order_by()
        .values("planned_on")
        .annotate(
            services=Count("id", filter=Q(tag=Tag.SERVICE)),
            inspections=Count("id", filter=Q(tag=Tag.INSPECTION)),
        )
    }
    rule, calendar = rule_of(by.zone_id), calendar_of(by.zone_id)
    cells: list[ContactDay | None] = [None] * first.weekday()
    for number in range(last_of_month(first).day):
        day = first + timedelta(days=number)
        count = counts.get(day, {"services": 0, "inspections": 0})
        quiet = rule is not None and is_quiet(day, rule.quiet_from, rule.quiet_until)
        cells.append(
            ContactDay(
                day, count["services"], count["inspections"], quiet, calendar.is_working(day)
            )
        )
    cells += [None] * (-len(cells) % 7)
    return tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))


def contacts_of_firm(*, by: Actor, party: Party, month: date) -> tuple[ContactRow, ...]:
    """All contacts with one enterprise in a month, whatever became of them."""
    first = month_of(month)
    return contacts_between(by=by, since=first, until=last_of_month(first), party=party.pk)


def merged_into(contact: Contact) -> tuple[ContactRow, ...]:
    """What is done together with a contact."""
    rows = Contact.objects.filter(zone_id=contact.zone_id, merged_into=contact).order_by("id")
    return tuple(contact_row(row) for row in _shown(rows))


def planned_visits(*, by: Actor, posts: Iterable[int], since: date, until: date) -> list[Contact]:
    """Visits planned for some posts in some days, with their enterprises; for routes and days."""
    return list(
        _shown(
            Contact.objects.filter(
                zone_id=by.zone_id,
                post_id__in=list(posts),
                state=State.PLANNED,
                tag=Tag.SERVICE,
                kind=Contact.Kind.VISIT,
                planned_on__gte=since,
                planned_on__lte=until,
            )
        ).order_by("planned_on", "from_time", "id")
    )


def planned_contact(*, by: Actor, party_id: int, post_id: int, day: date) -> Contact | None:
    """The visit somebody planned with an enterprise for a day."""
    return (
        Contact.objects.filter(
            zone_id=by.zone_id,
            party_id=party_id,
            post_id=post_id,
            planned_on=day,
            tag=Tag.SERVICE,
            state=State.PLANNED,
        )
        .order_by("id")
        .first()
    )
