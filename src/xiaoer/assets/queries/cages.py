"""Questions about cage-change: the register of sites, one with its plan and gains, what they come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from xiaoer.assets.models import CageGain, CageSite, Lease, MoveIn, Occupancy, Parcel, Unit
from xiaoer.assets.vocabulary import PARCEL, UNIT
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.base.words import Word
from xiaoer.rules.vocabularies import vocabulary
from xiaoer.work import queries as work
from xiaoer.work.models import Task
from xiaoer.work.queries.matters import TaskLine, task_line

State = CageSite.State
OPEN = (State.CANDIDATE, State.CONFIRMED, State.UNDER_WAY)
GIVEN = (Parcel.Stage.SUPPLIED, Parcel.Stage.IN_USE)
# Which way a site went by how its unit is held.
PATHS: dict[str, str] = {
    Occupancy.Kind.LET: CageSite.Path.LET,
    Occupancy.Kind.SOLD: CageSite.Path.SOLD,
    Occupancy.Kind.OWN: "",
}


@dataclass(frozen=True, slots=True)
class SiteFilter:
    """What is filtered. ``state``: one, or open or all."""

    state: str = "open"
    why: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class SiteSums:
    """What the register comes to: how many stand where, and what was freed."""

    candidates: int
    confirmed: int
    under_way: int
    done: int
    freed_m2: Decimal


@dataclass(frozen=True, slots=True)
class FoundClause:
    """A clause by which a rule found a site, with what was read, in the reader's words."""

    name: str
    name_en: str
    read: tuple[tuple[Word | None, str, object], ...]


@dataclass(frozen=True, slots=True)
class Refilled:
    """Who holds a site by now that is still open, since when; ``path``: the way that was, if it is plain."""

    who: str
    since: date
    lease: str = ""
    path: str = ""


def cage_sites(*, by: Actor, filters: SiteFilter) -> "QuerySet[CageSite]":
    """The register, the latest found first."""
    rows = CageSite.objects.filter(zone_id=by.zone_id)
    if filters.state == "open":
        rows = rows.filter(state__in=OPEN)
    elif filters.state in State.values:
        rows = rows.filter(state=filters.state)
    if filters.why:
        rows = rows.filter(why=filters.why)
    if filters.text:
        rows = rows.filter(
            Q(name__icontains=filters.text) | Q(party__name__icontains=filters.text)
            | Q(came_in__icontains=filters.text)
        )  # fmt: skip
    return rows.select_related("parcel__party", "unit__building", "party", "office", "post__person").order_by(
        "-found_on", "-id"
    )  # fmt: skip


def cage_site_of(*, by: Actor, cage_site_id: int) -> CageSite | None:
    return (
        CageSite.objects.filter(zone_id=by.zone_id, pk=cage_site_id)
        .select_related(
            "parcel__party",
            "unit__building",
            "party",
            "office",
            "post__person",
            "matter",
            "move_in",
        )
        .first()
    )


def sites_of(
    *, by: Actor, unit: Unit | None = None, parcel: Parcel | None = None
) -> list[CageSite]:
    """The sites of one unit or parcel that were not dismissed; outside nobody reads the register."""
    if by.database_role == OUTSIDE:
        return []
    rows = CageSite.objects.filter(zone_id=by.zone_id, unit=unit, parcel=parcel)
    return list(rows.exclude(state=CageSite.State.DISMISSED).order_by("-found_on", "-id"))


def refilled(rows: Iterable[CageSite], on: date) -> dict[int, Refilled]:
    """Open sites that somebody else holds by now: a unit let, sold or used, land supplied or in use.

    Whoever was there when the site was found is not somebody else. A lease that is only drawn up lets
    nothing yet.
    """
    waiting = [row for row in rows if row.state in OPEN]
    holders = _holders([row.unit_id for row in waiting if row.unit_id], on)
    found: dict[int, Refilled] = {}
    for row in waiting:
        one, land = holders.get(row.unit_id or 0), row.parcel
        if one is not None and _came_since(row, one.party_id, one.since):
            who = one.party.name if one.party else one.name
            number = one.lease.number if one.lease else ""
            found[row.pk] = Refilled(who, one.since, number, PATHS[one.kind])
        if land is None or land.party is None or land.stage not in GIVEN:
            continue
        if _came_since(row, land.party_id, land.stage_on):
            found[row.pk] = Refilled(land.party.name, land.stage_on)
    return found


def _holders(unit_ids: Sequence[int], on: date) -> dict[int, Occupancy]:
    if not unit_ids:
        return {}
    rows = Occupancy.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on),
        unit__in=unit_ids, kind__in=PATHS, since__lte=on, is_struck=False,
    ).exclude(lease__state=Lease.State.DRAFT)  # fmt: skip
    return {one.unit_id: one for one in rows.select_related("party", "lease")}


def _came_since(row: CageSite, party_id: int | None, since: date) -> bool:
    """Somebody else than when it was found; where nobody was known there, a firm recorded later."""
    if row.party_id is not None and party_id == row.party_id:
        return False
    return since >= row.found_on or (row.party_id is None and party_id is not None)


def site_sums(*, zone_id: int) -> SiteSums:
    counted = CageSite.objects.filter(zone_id=zone_id).aggregate(
        candidates=Count("id", filter=Q(state=State.CANDIDATE)),
        confirmed=Count("id", filter=Q(state=State.CONFIRMED)),
        under_way=Count("id", filter=Q(state=State.UNDER_WAY)),
        done=Count("id", filter=Q(state=State.DONE)),
        freed_m2=Sum("freed_m2", filter=Q(state=State.DONE)),
    )
    return SiteSums(**{**counted, "freed_m2": counted["freed_m2"] or Decimal()})


def clauses_of(row: CageSite) -> list[FoundClause]:
    """Why a rule found it: each clause with the words it read, by name too, and their values then."""
    said = row.found.get("clauses", [])
    words = vocabulary(row.zone_id, PARCEL if row.parcel_id else UNIT).words if said else {}
    return [
        FoundClause(
            clause["name"],
            clause["name_en"],
            tuple((words.get(name), name, value) for name, value in clause["read"].items()),
        )
        for clause in said
    ]


def steps_of(row: CageSite, now: datetime) -> list[TaskLine]:
    """The steps of its plan, those of earlier plans that were done too."""
    if row.matter_id is None:
        return []
    calendar = work.calendar_of(row.zone_id)
    tasks = (
        Task.objects.filter(matter=row.matter_id, kind="cage_step")
        .exclude(state__in=[Task.State.DROPPED, Task.State.TRANSFERRED])
        .select_related("office", "post__person", "post__office")
    )
    return [task_line(task, "cage_site", now, calendar) for task in tasks.order_by("due_at", "id")]


def gains_of(row: CageSite) -> list[CageGain]:
    return list(row.gains.order_by("id"))


def linkable(*, by: Actor) -> "QuerySet[MoveIn]":
    """Move-ins by cage-change that come to no site yet."""
    return (
        MoveIn.objects.filter(zone_id=by.zone_id, way=MoveIn.Way.CAGE, cage__isnull=True)
        .exclude(state__in=[MoveIn.State.REFUSED, MoveIn.State.WITHDRAWN])
        .order_by("-opened_at")
    )
