"""What standard land promised and how it is kept: indicators with their latest check and light."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from xiaoer.assets.models import LandCheck, LandIndicator, LandPledge, Parcel
from xiaoer.assets.queries.land import LAND_SHOWN, ORDER, LandLimits, land_limits
from xiaoer.base.scope import Actor
from xiaoer.web.marks import Colour

PROMISE_STATES = ("due", "kept", "broken", "unknown", "coming", "unsigned")


@dataclass(frozen=True, slots=True)
class PromiseFilter:
    """``state``: one of ``PROMISE_STATES``; empty means every one."""

    state: str = ""
    kind: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class LandPromise:
    """An indicator in force, its latest check, and what can be said of it today.

    due: its day has come and nobody looked since; kept, broken, unknown: as the latest check says;
    coming: signed, its day is still to come; unsigned: set, and not signed yet.
    """

    indicator: LandIndicator
    check: LandCheck | None
    pledge: LandPledge | None
    state: str
    light: Colour

    @property
    def parcel(self) -> Parcel:
        return self.indicator.parcel


def land_promises(
    *, by: Actor, filters: PromiseFilter, today: date, limit: int | None = LAND_SHOWN
) -> list[LandPromise]:
    """Every indicator in force over the zone's standard land, red first."""
    rows = LandIndicator.objects.filter(zone_id=by.zone_id, ended_on__isnull=True)
    if filters.kind is not None:
        rows = rows.filter(kind_id=filters.kind)
    if filters.text:
        rows = rows.filter(
            Q(parcel__number__icontains=filters.text)
            | Q(parcel__name__icontains=filters.text)
            | Q(parcel__party__name__icontains=filters.text)
        )
    found = [
        one
        for one in _promises(by.zone_id, rows.select_related("kind", "parcel__party"), today)
        if not filters.state or one.state == filters.state
    ]
    found.sort(
        key=lambda one: (
            ORDER[one.light],
            one.indicator.due_on or date.max,
            one.parcel.number,
            one.indicator.kind.order,
        )
    )
    return found if limit is None else found[:limit]


def promises_of(*, parcel: Parcel, today: date) -> list[LandPromise]:
    """The indicators of one parcel, in the order of their kinds."""
    rows = (
        LandIndicator.objects.filter(parcel=parcel, ended_on__isnull=True)
        .select_related("kind", "parcel__party")
        .order_by("kind__order", "id")
    )
    return _promises(parcel.zone_id, rows, today)


def _promises(zone_id: int, rows: Iterable[LandIndicator], today: date) -> list[LandPromise]:
    kept = list(rows)
    checks = _latest_checks(zone_id, kept)
    pledges = {
        one.parcel_id: one
        for one in LandPledge.objects.filter(zone_id=zone_id, ended_on__isnull=True)
    }
    limits = land_limits(zone_id)
    return [_promise(one, checks, pledges.get(one.parcel_id), limits, today) for one in kept]


def _latest_checks(zone_id: int, rows: Sequence[LandIndicator]) -> dict[int, LandCheck]:
    checks = (
        LandCheck.objects.filter(zone_id=zone_id, indicator__in=[one.pk for one in rows])
        .order_by("indicator_id", "-on", "-id")
        .distinct("indicator_id")
    )
    return {one.indicator_id: one for one in checks}


def _promise(
    row: LandIndicator,
    checks: dict[int, LandCheck],
    pledge: LandPledge | None,
    limits: LandLimits,
    today: date,
) -> LandPromise:
    check = checks.get(row.pk)
    state = _state(row, check, today)
    return LandPromise(row, check, pledge, state, _light(row, state, limits, today))


def _state(row: LandIndicator, check: LandCheck | None, today: date) -> str:
    if not row.is_signed or row.due_on is None:
        return "unsigned"
    looked = check is not None and check.on >= row.due_on
    if row.due_on <= today and not looked:
        return "due"
    if check is None:
        return "coming"
    return {True: "kept", False: "broken", None: "unknown"}[check.is_met]


def _light(row: LandIndicator, state: str, limits: LandLimits, today: date) -> Colour:
    """What was not reached is red until it is; what is near its day or not known is amber."""
    if state == "unsigned" or row.due_on is None:
        return "grey"
    if state == "broken" or (state == "due" and row.due_on < today):
        return "red"
    if state in ("due", "unknown"):
        return "amber"
    near = today < row.due_on <= today + timedelta(days=limits.days("land.check"))
    return "amber" if near else "green"


def promise_counts(rows: Iterable[LandPromise]) -> dict[str, int]:
    """How many stand in each state, every state named."""
    counts = dict.fromkeys(PROMISE_STATES, 0)
    for one in rows:
        counts[one.state] += 1
    return counts


def indicator_by_id(by: Actor, indicator_id: int) -> LandIndicator | None:
    return (
        LandIndicator.objects.filter(zone_id=by.zone_id, pk=indicator_id)
        .select_related("kind", "parcel__party", "parcel__park")
        .first()
    )


def checks_of(indicator: LandIndicator) -> list[LandCheck]:
    """Every check of an indicator, the latest first."""
    return list(
        LandCheck.objects.filter(indicator=indicator)
        .select_related("by_post__person", "file")
        .order_by("-on", "-id")
    )
