"""Visits, programmes and contact cards as lists and pages show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from xiaoer.base.scope import Actor
from xiaoer.outreach.models import (
    AppealKind,
    ContactCard,
    FindingWord,
    Gathering,
    Programme,
    Visit,
)
from xiaoer.registry.models import Party

PAGE = 50


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """What the list of visits is narrowed to."""

    programme: str = ""
    party: int | None = None
    post: int | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit as a line: who went where, whom they met, what came of it."""

    id: int
    visited_on: date
    party_id: int
    enterprise: str
    visitor: str
    office: str
    companions: tuple[str, ...]
    programme: str
    met: str
    said: str
    appeals: int
    logged_at: datetime
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class VisitPage:
    """A page of visits, latest first; ``after`` is the number to go on behind."""

    rows: tuple[VisitRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class CardCover:
    """联系卡覆盖: enterprises of the zone, and how many have a card in force, printed, handed out."""

    enterprises: int
    made: int
    printed: int
    handed_out: int


def visits(*, by: Actor, filters: VisitFilter) -> QuerySet[Visit]:
    """Visits in their newest versions, latest first."""
    rows = Visit.objects.filter(zone_id=by.zone_id, replaced_by__isnull=True)
    if filters.programme:
        rows = rows.filter(programme__code=filters.programme)
    if filters.party is not None:
        rows = rows.filter(party_id=filters.party)
    if filters.post is not None:
        rows = rows.filter(Q(post_id=filters.post) | Q(companions__post_id=filters.post)).distinct()
    if filters.since is not None:
        rows = rows.filter(visited_on__gte=filters.since)
    if filters.until is not None:
        rows = rows.filter(visited_on__lte=filters.until)
    for word in filters.text.replace("\x00", "").split()[:5]:
        rows = rows.filter(
            Q(party__name__icontains=word) | Q(said__icontains=word) | Q(met__icontains=word)
        )
    return rows.order_by("-visited_on", "-id")


def visit_page(
    *, by: Actor, filters: VisitFilter, after: str | None = None, size: int = PAGE
) -> VisitPage:
    """A page of visits."""
    rows = visits(by=by, filters=filters)
    number = _number(after)
    behind = Visit.objects.filter(zone_id=by.zone_id, pk=number).first() if number else None
    if behind is not None:
        rows = rows.filter(
            Q(visited_on__lt=behind.visited_on) | Q(visited_on=behind.visited_on, pk__lt=behind.pk)
        )
    page = list(_joined(rows)[: size + 1])
    more = len(page) > size
    page = page[:size]
    return VisitPage(tuple(visit_row(row) for row in page), str(page[-1].pk) if more else None)


def _number(text: str | None) -> int | None:
    is_number = text is not None and text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if is_number and text else None


def every_visit(*, by: Actor, filters: VisitFilter) -> Iterator[VisitRow]:
    """Exactly what is filtered, for an export, without a cap; read in portions."""
    for row in _joined(visits(by=by, filters=filters)).iterator(chunk_size=500):
        yield visit_row(row)


def _joined(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    return (
        rows.select_related("party", "post__person", "post__office", "programme")
        .annotate(raised=Count("appeals", distinct=True))
        .prefetch_related("companions__post__person")
    )


def visit_row(row: Visit) -> VisitRow:
    """A visit with all a list shows of it; of a queryset of ``visits`` joined by ``visit_page``."""
    return VisitRow(
        id=row.pk,
        visited_on=row.visited_on,
        party_id=row.party_id,
        enterprise=row.party.name,
        visitor=row.post.person.name,
        office=row.post.office.name if row.post.office else "",
        companions=tuple(each.post.person.name for each in row.companions.all()),
        programme=row.programme.name,
        met=row.met,
        said=row.said,
        appeals=row.appeals.count() if not hasattr(row, "raised") else row.raised,
        logged_at=row.logged_at,
        is_corrected=row.replaces_id is not None,
    )


def visit(*, by: Actor, visit_id: int) -> Visit | None:
    """A visit of the asker's zone, for a verb or a page."""
    return (
        Visit.objects.filter(zone_id=by.zone_id, pk=visit_id)
        .select_related("party", "post__person", "post__office", "programme", "gathering")
        .first()
    )


def versions_of(visit: Visit) -> list[Visit]:
    """A visit and the versions it replaced, newest first."""
    found = [visit]
    while found[-1].replaces_id is not None:
        found.append(Visit.objects.select_related("programme").get(pk=found[-1].replaces_id))
    return found


def version_numbers(visit_id: int) -> list[int]:
    """Numbers of the versions a visit replaced: their papers are its papers."""
    replaced: list[int] = []
    before = Visit.objects.filter(pk=visit_id).values_list("replaces_id", flat=True).first()
    while before is not None:
        replaced.append(before)
        before = Visit.objects.filter(pk=before).values_list("replaces_id", flat=True).first()
    return replaced


def visits_of_day(*, zone_id: int, party_id: int, day: date) -> QuerySet[Visit]:
    """Visits to an enterprise on one day in their newest versions, first logged first."""
    return (
        Visit.objects.filter(
            zone_id=zone_id, party_id=party_id, visited_on=day, replaced_by__isnull=True
        )
        .select_related("post__person", "programme")
        .order_by("id")
    )


def finding_words(*, zone_id: int) -> list[str]:
    """Words of inspections that bring a warning in a log, as the zone keeps them."""
    rows = FindingWord.objects.filter(zone_id=zone_id, removed_at__isnull=True)
    return list(rows.order_by("id").values_list("word", flat=True))


def programmes(*, by: Actor) -> QuerySet[Programme]:
    """Names under which visits are made."""
    return Programme.objects.filter(zone_id=by.zone_id).order_by("id")


def days_of(*, by: Actor, programme: Programme) -> QuerySet[Gathering]:
    """Days of a programme, latest first."""
    return Gathering.objects.filter(zone_id=by.zone_id, programme=programme).order_by("-day")


def kinds(*, by: Actor) -> QuerySet[AppealKind]:
    """The zone's kinds of request, in its own order."""
    return AppealKind.objects.filter(zone_id=by.zone_id).select_related("office")


def card_of(*, by: Actor, party_id: int) -> ContactCard | None:
    """The card in force of an enterprise."""
    return ContactCard.objects.filter(
        zone_id=by.zone_id, party_id=party_id, withdrawn_at__isnull=True
    ).first()


def cards_in_force(*, by: Actor, party_ids: list[int] | None = None) -> QuerySet[ContactCard]:
    """Cards in force with their enterprises, by cell and name: the order they are printed in."""
    rows = ContactCard.objects.filter(zone_id=by.zone_id, withdrawn_at__isnull=True)
    if party_ids is not None:
        rows = rows.filter(party_id__in=party_ids)
    return rows.select_related("party__cell__grid").order_by(
        F("party__cell__code").asc(nulls_last=True), "party__name", "id"
    )


def card_cover(*, by: Actor) -> CardCover:
    """How far the cards reach."""
    enterprises = Party.objects.filter(
        zone_id=by.zone_id, cell__isnull=False, merged_into__isnull=True
    )
    counts = ContactCard.objects.filter(
        zone_id=by.zone_id, withdrawn_at__isnull=True, party__in=enterprises
    ).aggregate(made=Count("pk"), printed=Count("printed_at"), handed_out=Count("handed_out_on"))
    return CardCover(enterprises=enterprises.count(), **counts)
