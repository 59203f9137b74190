"""Records behind published figures of workshops, move-ins, cage-change and the auction."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from xiaoer.assets.models import (
    Building,
    CageSite,
    Lot,
    MoveIn,
    MoveInOpinion,
    MoveInUnit,
)
from xiaoer.registry.models import Park
from xiaoer.work.calendar import DAY, LOCAL

REVIEWED = (MoveIn.State.APPROVED, MoveIn.State.CONDITIONAL, MoveIn.State.REFUSED, MoveIn.State.SETTLED)  # fmt: skip
SOLD = (
    Lot.State.CONFIRMED,
    Lot.State.PUBLISHED,
    Lot.State.PAID,
    Lot.State.HANDED_OVER,
    Lot.State.CLOSED,
)


def start_of(day: date) -> datetime:
    """The first moment of a day in the zone."""
    return datetime.combine(day, time(), LOCAL)


def workshops_on(*, zone_id: int, day: date, parks: Sequence[str] = ()) -> QuerySet[Building]:
    """Standard workshops that were built by a day and stood on it; ``parks``: names, empty: all."""
    rows = Building.objects.filter(
        zone_id=zone_id, kind=Building.Kind.WORKSHOP, built_on__lte=day
    ).exclude(gone_on__lte=day)
    if parks:
        rows = rows.filter(park__name__in=parks)
    return rows.select_related("park").order_by("park__code", "name")


def workshops_without_a_day(*, zone_id: int, parks: Sequence[str] = ()) -> bool:
    """Whether workshops stand of which nobody knows since when."""
    rows = Building.objects.filter(
        zone_id=zone_id, kind=Building.Kind.WORKSHOP, built_on=None, state=Building.State.BUILT
    )
    return (rows.filter(park__name__in=parks) if parks else rows).exists()


def built_for(*, zone_id: int, firm: str, since: date, until: date) -> QuerySet[Building]:
    """Workshops finished in a period on behalf of a firm, found by the name the print uses."""
    kinds = (Building.Kind.WORKSHOP, Building.Kind.OWN_WORKSHOP)
    return (
        Building.objects.filter(
            zone_id=zone_id, kind__in=kinds, built_on__gte=since, built_on__lte=until
        )
        .filter(party__name__contains=firm)
        .select_related("party")
        .order_by("built_on", "id")
    )


def jointly_reviewed_parks(*, zone_id: int, day: date) -> QuerySet[Park]:
    """Parks into which a move-in was reviewed by offices and the operator, decided by a day."""
    said = MoveInOpinion.objects.filter(move_in=OuterRef("move_in_id")).exclude(
        says=MoveInOpinion.Says.OPEN
    )
    reviewed = MoveInUnit.objects.filter(
        Exists(said.filter(office__isnull=False)),
        Exists(said.filter(operator__isnull=False)),
        zone_id=zone_id,
        move_in__decided_at__lt=start_of(day) + DAY,
        move_in__state__in=REVIEWED,
        unit__building__park=OuterRef("pk"),
    )
    return Park.objects.filter(Exists(reviewed), zone_id=zone_id).order_by("code")


def settled(*, zone_id: int, day: date) -> QuerySet[MoveIn]:
    """Move-ins into vacant standard workshops settled by a day; those by cage-change count apart."""
    into = MoveInUnit.objects.filter(
        move_in=OuterRef("pk"), unit__building__kind=Building.Kind.WORKSHOP
    )
    return MoveIn.objects.filter(
        Exists(into), zone_id=zone_id, way=MoveIn.Way.NEW, settled_on__lte=day
    ).order_by("settled_on", "id")


def changed_and_producing(*, zone_id: int, day: date) -> QuerySet[MoveIn]:
    """Projects that came by cage-change and were in production by a day."""
    return MoveIn.objects.filter(
        zone_id=zone_id, way=MoveIn.Way.CAGE, producing_on__lte=day
    ).order_by("producing_on", "id")


def land_of_state_firms(*, zone_id: int, firm: str, since: date, until: date) -> QuerySet[CageSite]:
    """Idle land of state-owned firms that was made ready for a firm in a period."""
    return CageSite.objects.filter(
        Q(move_in__party__name__contains=firm) | Q(came_in__contains=firm),
        zone_id=zone_id,
        state=CageSite.State.DONE,
        parcel__is_state_owned=True,
        done_on__gte=since,
        done_on__lte=until,
    ).order_by("done_on", "id")


def platform_opened_on(*, zone_id: int) -> date | None:
    """The day the exchange announced its first lot."""
    first = Lot.objects.filter(zone_id=zone_id).aggregate(first=Min("noticed_at"))["first"]
    return first.astimezone(LOCAL).date() if first else None


def sold_lots(*, zone_id: int, since: date, days: int) -> QuerySet[Lot]:
    """Lots sold, and not in default since, whose bidding ended within so many days of a day."""
    return (
        Lot.objects.filter(
            zone_id=zone_id,
            state__in=SOLD,
            # Closed is also what was passed in, or whose sale was annulled.
            winner__isnull=False,
            ended_at__gte=start_of(since),
            ended_at__lt=start_of(since + timedelta(days=days)),
        )
        .select_related("winner__party")
        .order_by("ended_at", "id")
    )
