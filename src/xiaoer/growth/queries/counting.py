"""Rows behind figures a zone publishes: titles, standings, lists, contracts, as of a day or a period."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from xiaoer.growth.models import (
    Application,
    Batch,
    Designation,
    FirmList,
    Ladder,
    ListMember,
    Standing,
    TechContract,
    Title,
)


def titles(*, zone_id: int, kinds: Collection[str]) -> QuerySet[Title]:
    """Titles of some kinds, each in its last version; entered by mistake ones are none."""
    rows = Title.objects.filter(zone_id=zone_id, kind__code__in=kinds, current__isnull=True)
    return rows.exclude(ended_how=Title.Ended.MISTAKE).select_related("kind", "party")


def titles_in_force(*, zone_id: int, kinds: Collection[str], day: date) -> QuerySet[Title]:
    """Granted by that day, neither run out nor ended on it."""
    return titles(zone_id=zone_id, kinds=kinds).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        Q(ended_on__isnull=True) | Q(ended_on__gte=day),
        granted_on__lte=day,
    )


def titles_granted(
    *, zone_id: int, kinds: Collection[str], since: date, until: date
) -> QuerySet[Title]:
    """Granted for the first time in a period: a renewal is not new, a growth of a platform is."""
    return titles(zone_id=zone_id, kinds=kinds).filter(
        granted_on__range=(since, until), renews__isnull=True
    )


def standing_on(
    *, zone_id: int, ladder: Ladder, rungs: Collection[str], day: date
) -> QuerySet[Standing]:
    """Who stands on some rungs in the month of a day; nobody where it was not evaluated."""
    return Standing.objects.filter(
        zone_id=zone_id, ladder=ladder, month=day.replace(day=1), rung__in=rungs
    ).select_related("party")


def designated(*, zone_id: int, kind: str, day: date) -> QuerySet[Designation]:
    """Designations in force on a day."""
    return Designation.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), zone_id=zone_id, kind=kind, since__lte=day
    ).select_related("party")


def designated_between(
    *, zone_id: int, kind: str, since: date, until: date
) -> QuerySet[Designation]:
    """Designations that began in a period."""
    return Designation.objects.filter(
        zone_id=zone_id, kind=kind, since__range=(since, until)
    ).select_related("party")


def applications(*, zone_id: int, kind: str, year: int) -> QuerySet[Application]:
    """Applications of the batches of a year, planned or further."""
    return Application.objects.filter(
        zone_id=zone_id, kind__code=kind, batch__year=year
    ).select_related("party", "batch")


def batches(*, zone_id: int, kind: str, year: int) -> QuerySet[Batch]:
    return Batch.objects.filter(zone_id=zone_id, kind__code=kind, year=year)


def list_members(*, zone_id: int, code: str, day: date) -> QuerySet[ListMember]:
    """Who stood on the newest list of a code on a day."""
    newest = (
        FirmList.objects.filter(zone_id=zone_id, code=code, year__lte=day.year)
        .order_by("-year")
        .values("pk")[:1]
    )
    return ListMember.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day),
        zone_id=zone_id,
        firm_list__in=newest,
        since__lte=day,
    ).select_related("party", "firm_list")


def contracts(*, zone_id: int, since: date, until: date) -> QuerySet[TechContract]:
    """Technology contracts registered in a period and not taken back."""
    return TechContract.objects.filter(
        zone_id=zone_id, registered_on__range=(since, until), withdrawn_at__isnull=True
    ).select_related("party")


def honour_years(*, zone_id: int, kind: str, day: date) -> list[int]:
    """The years up to a day in which the zone got an honour, one after the other, the last first."""
    years = set(
        titles(zone_id=zone_id, kinds=[kind])
        .filter(granted_on__lte=day, party__isnull=True)
        .values_list("year", flat=True)
    )
    found: list[int] = []
    year = max(years, default=0)
    while year in years:
        found.append(year)
        year -= 1
    return found
