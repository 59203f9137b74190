"""What was done at service points in a period: counted from the records, each opening to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import (
    Avg,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat

from xiaoer.permits.models import LicenceUse, QueueTicket, ServicePoint, ServiceRecord
from xiaoer.registry.models import Party
from xiaoer.work.calendar import DAY, LOCAL

Kind = ServiceRecord.Kind
CASES = (Kind.CASE, Kind.AGENCY)


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records; ``first`` and ``last`` are days, both included. What is left out is not asked."""

    first: date | None = None
    last: date | None = None
    point: int | None = None
    kind: str = ""
    extended: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class PointFigures:
    """A point in a period. Enterprises are counted once, however often they came.

    A number whom nobody is behind is 0 here, since each is counted from the records themselves; the
    mean of a queue nobody stood in is None.
    """

    point: ServicePoint | None
    records: int
    enterprises: int
    cases: int
    agency_enterprises: int
    extended_enterprises: int
    advice: int
    licence_entities: int
    tickets: int
    mean_wait: float | None  # seconds


def _since(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)


def _within(first: date | None, last: date | None) -> Q:
    found = Q()
    if first is not None:
        found &= Q(at__gte=_since(first))
    if last is not None:
        found &= Q(at__lt=_since(last + DAY))
    return found


def standing_records(*, zone_id: int) -> QuerySet[ServiceRecord]:
    """Records that hold: nothing replaces them, and they do not say that nothing happened."""
    return ServiceRecord.objects.filter(zone_id=zone_id, replaced_by__isnull=True, is_void=False)


def records(*, zone_id: int, wanted: RecordFilter) -> QuerySet[ServiceRecord]:
    """The records behind a figure, the latest first."""
    rows = standing_records(zone_id=zone_id).filter(_within(wanted.first, wanted.last))
    if wanted.point:
        rows = rows.filter(point_id=wanted.point)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.extended:
        rows = rows.filter(extended__code=wanted.extended)
    if wanted.words:
        rows = rows.filter(name__contains=wanted.words)
    return rows.select_related(
        "point", "party", "thing", "extended", "case", "post__person"
    ).order_by("-at", "-id")


def uses(*, zone_id: int, wanted: RecordFilter) -> QuerySet[LicenceUse]:
    """Uses of an e-licence behind a figure; ``words`` is the service."""
    rows = LicenceUse.objects.filter(_within(wanted.first, wanted.last), zone_id=zone_id)
    if wanted.point:
        rows = rows.filter(point_id=wanted.point)
    if wanted.words:
        rows = rows.filter(service__contains=wanted.words)
    return rows.select_related("point", "party", "licence", "post__person").order_by("-at", "-id")


def _served() -> Coalesce:
    """Whom a record counts for: the firm, under the number it was merged into; else the name."""
    party = Cast(Coalesce("party__merged_into_id", "party_id"), CharField())
    return Coalesce(party, Concat(Value("="), "name", output_field=CharField()))


def _entity() -> Coalesce:
    """Whose licence: the firm, else its credit code, else the name alone."""
    party = Cast(Coalesce("party__merged_into_id", "party_id"), CharField())
    code = Concat(Value("#"), F("credit_code"), Value(" "), F("name"), output_field=CharField())
    return Coalesce(party, code)


def point_figures(
    *, zone_id: int, first: date | None = None, last: date | None = None
) -> tuple[PointFigures, list[PointFigures]]:
    """The zone as a whole, then each point: a fixed number of questions for any number of records."""
    # An enterprise is whoever is no natural person; a name without a firm behind it counts as one too.
    firm = ~Q(party__kind=Party.Kind.PERSON) | Q(party__isnull=True)
    served = standing_records(zone_id=zone_id).filter(_within(first, last)).annotate(who=_served())
    shown = LicenceUse.objects.filter(_within(first, last), zone_id=zone_id).annotate(who=_entity())
    counts = {
        "records": Count("id"),
        "enterprises": Count("who", filter=firm, distinct=True),
        "cases": Count("id", filter=Q(kind__in=CASES)),
        "agency": Count("who", filter=firm & Q(kind=Kind.AGENCY), distinct=True),
        "extended_firms": Count("who", filter=firm & Q(kind=Kind.EXTENDED), distinct=True),
        "advice": Count("id", filter=Q(kind=Kind.ADVICE)),
    }
    wait = ExpressionWrapper(F("called_at") - F("taken_at"), output_field=DurationField())
    queue = QueueTicket.objects.filter(zone_id=zone_id)
    if first is not None:
        queue = queue.filter(day__gte=first)
    if last is not None:
        queue = queue.filter(day__lte=last)
    stood = {"tickets": Count("id"), "mean": Avg(wait)}
    by_point: dict[int, Mapping[str, Any]] = {
        row["point_id"]: row for row in served.order_by().values("point_id").annotate(**counts)
    }
    licences = {
        row["point_id"]: row["n"]
        for row in shown.order_by().values("point_id").annotate(n=Count("who", distinct=True))
    }
    queues: dict[int, Mapping[str, Any]] = {
        row["point_id"]: row for row in queue.order_by().values("point_id").annotate(**stood)
    }
    rows = [
        _line(point, by_point.get(point.pk), licences.get(point.pk, 0), queues.get(point.pk))
        for point in ServicePoint.objects.filter(zone_id=zone_id)
    ]
    whole = _line(
        None,
        served.order_by().aggregate(**counts),
        shown.order_by().aggregate(n=Count("who", distinct=True))["n"],
        queue.order_by().aggregate(**stood),
    )
    return whole, rows


def _line(
    point: ServicePoint | None,
    served: Mapping[str, Any] | None,
    licences: int,
    queue: Mapping[str, Any] | None,
) -> PointFigures:
    counted = served or {}
    mean = queue["mean"] if queue else None
    return PointFigures(
        point=point,
        records=counted.get("records", 0),
        enterprises=counted.get("enterprises", 0),
        cases=counted.get("cases", 0),
        agency_enterprises=counted.get("agency", 0),
        extended_enterprises=counted.get("extended_firms", 0),
        advice=counted.get("advice", 0),
        licence_entities=licences,
        tickets=queue["tickets"] if queue else 0,
        mean_wait=mean.total_seconds() if mean is not None else None,
    )


# What published figures ask ----------------------------------------------------------------------


def service_point_count(*, zone_id: int, on: date, tier: int | None = None) -> int:
    """Points in service on a day, of one tier of 1+5+N or of all."""
    rows = ServicePoint.objects.filter(zone_id=zone_id, opened_on__lte=on)
    rows = rows.exclude(closed_on__lte=on)
    return (rows.filter(tier=tier) if tier else rows).count()


def hall_figures(
    *, zone_id: int, hall: str, first: date | None, last: date | None
) -> PointFigures | None:
    """Figures of the point of that name; None where the zone has none so called."""
    _whole, rows = point_figures(zone_id=zone_id, first=first, last=last)
    return next((one for one in rows if one.point and one.point.name == hall), None)


def licence_entity_count(
    *, zone_id: int, service: str, first: date | None, last: date | None
) -> int:
    """Entities an e-licence was shown for, in one service or all (empty)."""
    rows = uses(zone_id=zone_id, wanted=RecordFilter(first=first, last=last))
    if service:
        rows = rows.filter(service=service)
    return rows.annotate(who=_entity()).order_by().values("who").distinct().count()
