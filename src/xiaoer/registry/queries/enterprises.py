"""The list of enterprises, and everything the registry knows of one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from xiaoer.base.models import JournalLine, Person, Post
from xiaoer.base.scope import Actor
from xiaoer.registry.codes import section_of
from xiaoer.registry.models import (
    Grid,
    MonitoringFirm,
    Park,
    Party,
    PartyName,
    Representation,
    Stewardship,
)
from xiaoer.registry.queries.searching import EVERYTHING, MOST, found_ids

PAGE = 50
COUNTED = 3000


@dataclass(frozen=True, slots=True)
class EnterpriseFilter:
    """What a list is narrowed to. ``outside`` asks for parties that are in no cell instead."""

    text: str = ""
    grid: int | None = None
    cell: int | None = None
    park: int | None = None
    officer: int | None = None
    section: str = ""
    industry: str = ""
    status: str = ""
    monitoring: bool = False
    no_steward: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Steward:
    """Somebody who answers for an enterprise, as others may see them."""

    post_id: int
    name: str
    office: str
    title: str
    phone: str
    kind: str
    since: date

    @property
    def masked_phone(self) -> str | None:
        return masked_phone(self.phone)


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """One line of the list."""

    id: int
    name: str
    credit_code: str
    kind: str
    status: str
    status_label: str
    section: str
    industry: str
    capital_fen: int | None
    capital_currency: str
    registered_on: date | None
    grid: str | None
    cell_id: int | None
    cell: str | None
    park: str | None
    officer: str | None
    is_monitoring: bool


@dataclass(frozen=True, slots=True)
class EnterprisePage:
    """A page of the list. ``after`` is the key of its last row, None on the last page.

    ``total`` is exact up to ``COUNTED``; above, ``is_capped`` says that there are more.
    """

    rows: list[EnterpriseRow]
    after: str | None
    total: int
    is_capped: bool


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A party with the people and places around it; phones masked."""

    party: Party
    stewards: tuple[Steward, ...]
    former_names: tuple[str, ...]
    short_names: tuple[str, ...]
    monitoring_since: date | None
    merged: tuple[Party, ...]

    @property
    def masked_phone(self) -> str | None:
        return masked_phone(self.party.contact_phone)

    def steward(self, kind: str) -> Steward | None:
        return next((row for row in self.stewards if row.kind == kind), None)

    @property
    def officer(self) -> Steward | None:
        return self.steward(Stewardship.Kind.OFFICER)

    @property
    def leader(self) -> Steward | None:
        return self.steward(Stewardship.Kind.LEADER)


@dataclass(frozen=True, slots=True)
class Sort:
    """An order a list may have: its column, and whether it falls."""

    column: str
    falls: bool = False


SORTS = {
    "name": Sort("name"),
    "-name": Sort("name", falls=True),
    "registered_on": Sort("registered_on"),
    "-registered_on": Sort("registered_on", falls=True),
    "capital": Sort("capital_fen"),
    "-capital": Sort("capital_fen", falls=True),
}


def masked_phone(phone: str) -> str | None:
    """138 **** 2206; None when none is known. Short numbers keep their last two digits."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    if not digits:
        return None
    if len(digits) >= 11:
        return f"{digits[:-8]} **** {digits[-4:]}"
    return f"**** {digits[-2:]}"


def enterprises(*, by: Actor, filters: EnterpriseFilter, most: int = MOST) -> QuerySet[Party]:
    """The parties a filter leaves, in no order. Every filter is a condition of its own."""
    rows = Party.objects.filter(
        zone_id=by.zone_id, merged_into__isnull=True, cell__isnull=filters.outside
    )
    if filters.text:
        rows = rows.filter(pk__in=list(found_ids(text=filters.text, most=most)))
    plain = {
        "cell__grid_id": filters.grid,
        "cell_id": filters.cell,
        "park_id": filters.park,
        "section": filters.section,
        "status": filters.status,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if filters.industry:
        # The index begins with the section, which the first two digits give.
        section = section_of(filters.industry) or ""
        rows = rows.filter(_begins("industry", filters.industry), section=section)
    if filters.officer:
        held = Stewardship.objects.filter(
            zone_id=by.zone_id, post_id=filters.officer, until__isnull=True
        )
        rows = rows.filter(pk__in=held.values("party_id"))
    return _with_people(rows, filters)


def _with_people(rows: QuerySet[Party], filters: EnterpriseFilter) -> QuerySet[Party]:
    if filters.monitoring:
        rows = rows.filter(
            pk__in=MonitoringFirm.objects.filter(until__isnull=True).values("party_id")
        )
    if filters.no_steward:
        officers = Stewardship.objects.filter(
            party=OuterRef("pk"), kind=Stewardship.Kind.OFFICER, until__isnull=True
        )
        rows = rows.filter(~Exists(officers))
    return rows


def _begins(column: str, head: str) -> Q:
    """A prefix as a range: LIKE is not leakproof and would not use its index under row security."""
    return Q(**{f"{column}__gte": head, f"{column}__lt": head + "\uffff"})


def enterprise_page(
    *, by: Actor, filters: EnterpriseFilter, sort: str = "name", after: str | None = None
) -> EnterprisePage:
    """Fifty lines from where the last page ended, whatever the size of the zone."""
    rows = enterprises(by=by, filters=filters)
    order = SORTS.get(sort, SORTS["name"])
    total = rows[: COUNTED + 1].count()
    parties = _slice(rows.select_related("cell__grid", "park"), order, after, PAGE + 1)
    shown = parties[:PAGE]
    return EnterprisePage(
        rows=_rows(shown),
        after=_key(order, shown[-1]) if len(parties) > PAGE else None,
        total=min(total, COUNTED),
        is_capped=total > COUNTED,
    )


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What the list can be narrowed to: numbers with their names."""

    grids: list[tuple[int, str]]
    parks: list[tuple[int, str]]
    officers: list[tuple[int, str]]


def filter_choices(*, by: Actor) -> FilterChoices:
    """Names only: no count of a million enterprises to fill a menu."""
    held = Stewardship.objects.filter(
        zone_id=by.zone_id,
        post_id=OuterRef("pk"),
        kind=Stewardship.Kind.OFFICER,
        until__isnull=True,
    )
    officers = Post.objects.filter(Exists(held), zone_id=by.zone_id)
    return FilterChoices(
        grids=list(Grid.objects.filter(zone_id=by.zone_id).values_list("pk", "name")),
        parks=list(Park.objects.filter(zone_id=by.zone_id).values_list("pk", "name")),
        officers=list(officers.order_by("person__name", "pk").values_list("pk", "person__name")),
    )


def every_enterprise(
    *, by: Actor, filters: EnterpriseFilter, sort: str = "name", batch: int = 2000
) -> Iterator[EnterpriseRow]:
    """Every line of the filtered list, for an export: no cap, a few thousand in memory."""
    rows = enterprises(by=by, filters=filters, most=EVERYTHING).select_related("cell__grid", "park")
    order = SORTS.get(sort, SORTS["name"])
    after: str | None = None
    while True:
        parties = _slice(rows, order, after, batch)
        yield from _rows(parties)
        if len(parties) < batch:
            return
        after = _key(order, parties[-1])


def _slice(rows: QuerySet[Party], order: Sort, after: str | None, size: int) -> list[Party]:
    """``size`` parties after a key. Those without the value come last, whichever way it sorts."""
    sign = "-" if order.falls else ""
    value, number = _read_key(order, after)
    found: list[Party] = []
    if after is None or value is not None:
        having = rows.filter(**{f"{order.column}__isnull": False})
        having = having.order_by(f"{sign}{order.column}", f"{sign}id")
        if value is not None:
            having = having.filter(_beyond(order, value, number))
        found = list(having[:size])
    if len(found) < size and Party._meta.get_field(order.column).null:
        lacking = rows.filter(**{f"{order.column}__isnull": True}).order_by("id")
        if after is not None and value is None:
            lacking = lacking.filter(id__gt=number)
        found += lacking[: size - len(found)]
    return found


def _beyond(order: Sort, value: object, number: int) -> Q:
    """After (value, number) in the order; the first condition alone is what the index is asked."""
    step = "lt" if order.falls else "gt"
    same_or = Q(**{f"{order.column}__{step}e": value})
    return same_or & (Q(**{f"{order.column}__{step}": value}) | Q(**{f"id__{step}": number}))


def _key(order: Sort, party: Party) -> str:
    value = getattr(party, order.column)
    return f"{party.pk}" if value is None else f"{party.pk}~{value}"


def _read_key(order: Sort, after: str | None) -> tuple[Any, int]:
    """A key as the address holds it; nonsense begins at the beginning."""
    number, divider, text = (after or "").partition("~")
    if not number.isdecimal() or len(number) > 18:
        return None, 0
    if not divider:
        return None, int(number)
    column = Party._meta.get_field(order.column)
    try:
        return column.to_python(text[:200]), int(number)  # type: ignore[union-attr]  # a column
    except ValidationError:
        return None, 0


def _rows(parties: list[Party]) -> list[EnterpriseRow]:
    numbers = [party.pk for party in parties]
    officers = dict(
        Stewardship.objects.filter(
            party_id__in=numbers, kind=Stewardship.Kind.OFFICER, until__isnull=True
        ).values_list("party_id", "post__person__name")
    )
    monitoring = set(
        MonitoringFirm.objects.filter(party_id__in=numbers, until__isnull=True).values_list(
            "party_id", flat=True
        )
    )
    return [_row(party, officers.get(party.pk), party.pk in monitoring) for party in parties]


def _row(party: Party, officer: str | None, is_monitoring: bool) -> EnterpriseRow:
    return EnterpriseRow(
        id=party.pk,
        name=party.name,
        credit_code=party.credit_code,
        kind=party.kind,
        status=party.status,
        status_label=str(Party.Status(party.status).label),
        section=party.section,
        industry=party.industry,
        capital_fen=party.capital_fen,
        capital_currency=party.capital_currency,
        registered_on=party.registered_on,
        grid=party.cell.grid.name if party.cell else None,
        cell_id=party.cell_id,
        cell=party.cell.name if party.cell else None,
        park=party.park.name if party.park else None,
        officer=officer,
        is_monitoring=is_monitoring,
    )


def enterprise(*, by: Actor, party_id: int) -> Enterprise | None:
    """A party and all around it; None when there is none of this number for the asker."""
    party = (
        Party.objects.filter(zone_id=by.zone_id, pk=party_id)
        .select_related("cell__grid", "park", "merged_into")
        .first()
    )
    if party is None:
        return None
    names = list(PartyName.objects.filter(party=party).order_by("id"))
    monitoring = MonitoringFirm.objects.filter(party=party, until__isnull=True).first()
    return Enterprise(
        party=party,
        stewards=stewards_of(party=party),
        former_names=tuple(row.name for row in names if row.kind == PartyName.Kind.FORMER),
        short_names=tuple(row.name for row in names if row.kind == PartyName.Kind.SHORT),
        monitoring_since=monitoring.since if monitoring else None,
        merged=tuple(Party.objects.filter(zone_id=by.zone_id, merged_into=party)),
    )


def stewards_of(*, party: Party) -> tuple[Steward, ...]:
    """Who answers for an enterprise now: officer, deputy, leader."""
    rows = (
        Stewardship.objects.filter(party=party, until__isnull=True)
        .select_related("post__person", "post__office")
        .order_by("id")
    )
    return tuple(_steward(row.post, row.post.person, row) for row in rows)


def _steward(post: Post, person: Person, row: Stewardship) -> Steward:
    return Steward(
        post_id=post.pk,
        name=person.name,
        office=post.office.name if post.office else "",
        title=post.title,
        phone=person.phone,
        kind=row.kind,
        since=row.since,
    )


def parties_by_code(*, by: Actor, codes: Iterable[str]) -> dict[str, Party]:
    """Parties in force by their credit codes."""
    rows = Party.objects.filter(
        zone_id=by.zone_id, credit_code__in=list(codes), merged_into__isnull=True
    )
    return {party.credit_code: party for party in rows}


def enterprises_in_force(*, by: Actor) -> QuerySet[Party]:
    """Every enterprise of the zone in force, by number: what bulk jobs of other rooms walk."""
    return Party.objects.filter(
        zone_id=by.zone_id, cell__isnull=False, merged_into__isnull=True
    ).order_by("id")


def numbers_of(*, party: Party) -> list[int]:
    """A party's number and those of the entries merged into it, which keep what only grows."""
    merged = Party.objects.filter(zone_id=party.zone_id, merged_into=party)
    return [party.pk, *merged.values_list("pk", flat=True)]


def merged_numbers(party_id: int) -> list[int]:
    """Numbers of the entries merged into a party: their papers are its papers."""
    return list(Party.objects.filter(merged_into_id=party_id).values_list("pk", flat=True))


_BY_THE_WAY = ("give_task", "finish_task", "drop_tasks", "open_matter", "close_matter")


def history(*, by: Actor, party: Party, most: int = 100) -> list[JournalLine]:
    """What was done about a party, newest first, including the entries merged into it.

    Tasks given and ended in the course of an act are not acts of their own here; the audit trail
    has them.
    """
    merged = Party.objects.filter(zone_id=by.zone_id, merged_into=party).values_list(
        "pk", flat=True
    )
    lines = JournalLine.objects.filter(
        zone_id=by.zone_id, party_ref__in=[party.pk, *merged]
    ).exclude(verb__in=_BY_THE_WAY)
    return list(lines.order_by("-id")[:most])


def representations(*, by: Actor, party: Party) -> list[Representation]:
    """Who speaks for an enterprise, asked to, or did."""
    return list(
        Representation.objects.filter(zone_id=by.zone_id, party=party).order_by("-asked_at", "-id")
    )


def waiting_representations(*, by: Actor) -> list[Representation]:
    """Requests to speak for an enterprise that nobody has decided, oldest first."""
    return list(
        Representation.objects.filter(zone_id=by.zone_id, state=Representation.State.ASKED)
        .select_related("party")
        .order_by(F("asked_at"), "id")
    )
