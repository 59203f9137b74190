"""Where the workshops of the demo lie, leases that run out, and who sits at the desk of their operator."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from math import cos, radians

from xiaoer.assets import actions as assets
from xiaoer.assets.models import Building, Lease, Occupancy
from xiaoer.base import actions as base
from xiaoer.base.models import Role
from xiaoer.demo.days import Days
from xiaoer.demo.ground import FOUNDED, IN_FORCE, Ground, give_locked_account
from xiaoer.demo.names import SPEAKS_FOR, mobile
from xiaoer.registry.models import Party

OPERATOR, OPERATOR_ACCOUNT = "尚云岭", "park001"
DEGREE_M = 111_320
LONG_M, WIDE_M, GAP_M = 150, 90, 45
IN_A_ROW = 4
SOON = (12, 33, 58, 74)
"""Days until the end of leases somebody should ask about now."""


def keep_carriers(ground: Ground, days: Days) -> None:
    """Called inside the zone's scope, once the workshops stand."""
    _place(ground)
    if ground.plan.code == "jhtz":
        _run_out(ground, days.today)
        _rents_too(ground, days.today)
        assets.give_lease_tasks(by=ground.by, now=days.ago(0.5))
        _seat_operator(ground)


def _place(ground: Ground) -> None:
    """Halls in rows, each park in a piece of its own."""
    pieces = list(ground.pieces.values())
    step = max(len(pieces) // max(len(ground.parks), 1), 1)
    corner_of = {
        park.pk: pieces[(at * step) % len(pieces)].centre for at, park in enumerate(ground.parks)
    }
    placed: dict[int, int] = {}
    halls = list(
        Building.objects.filter(zone_id=ground.zone.pk, outline__isnull=True).order_by("pk")
    )
    for hall in halls:
        if hall.park_id is not None and hall.park_id in corner_of:
            number = placed[hall.park_id] = placed.get(hall.park_id, -1) + 1
            hall.outline = _hall(corner_of[hall.park_id], number)
    Building.objects.bulk_update(halls, ["outline"])


def _hall(corner: Sequence[float], number: int) -> dict[str, object]:
    east = (number % IN_A_ROW) * (LONG_M + GAP_M)
    north = (number // IN_A_ROW) * (WIDE_M + GAP_M)

    def at(x: float, y: float) -> list[float]:
        return [
            round(corner[0] + x / DEGREE_M / cos(radians(corner[1])), 6),
            round(corner[1] + y / DEGREE_M, 6),
        ]

    ring = [
        (east, north),
        (east + LONG_M, north),
        (east + LONG_M, north + WIDE_M),
        (east, north + WIDE_M),
    ]
    return {"type": "Polygon", "coordinates": [[at(x, y) for x, y in (*ring, ring[0])]]}


def _run_out(ground: Ground, today: date) -> None:
    """Some leases end within their days of notice, and one has run out without a word."""
    dice = random.Random("leases that run out")
    known = list(
        Lease.objects.filter(
            zone_id=ground.zone.pk,
            state=Lease.State.IN_FORCE,
            since__lt=today - timedelta(days=200),
        ).order_by("pk")
    )
    for lease, left in zip(dice.sample(known, len(SOON) + 1), (*SOON, -9), strict=True):
        lease.until = today + timedelta(days=left)
        Occupancy.objects.filter(lease=lease, is_struck=False).update(until=lease.until)
        lease.save(update_fields=["until"])


def _rents_too(ground: Ground, today: date) -> None:
    """The firm people look into rents one of the halls whose lease somebody should ask about."""
    firm = Party.objects.get(zone_id=ground.zone.pk, name=SPEAKS_FOR)
    lease = Lease.objects.filter(
        zone_id=ground.zone.pk, state=Lease.State.IN_FORCE, until__gt=today
    ).order_by("until", "pk")[2]
    Occupancy.objects.filter(lease=lease).update(party=firm)
    Lease.objects.filter(pk=lease.pk).update(party=firm)


def _seat_operator(ground: Ground) -> None:
    """Somebody of the firm that runs the parks, with a post that speaks for it."""
    operator = (
        Building.objects.filter(zone_id=ground.zone.pk, operator__isnull=False)
        .order_by("pk")
        .values_list("operator", flat=True)
        .first()
    )
    person = base.add_person(
        by=ground.by, now=FOUNDED, name=OPERATOR, phone=mobile(random.Random(OPERATOR)),
        work_no=OPERATOR_ACCOUNT,
    )  # fmt: skip
    base.give_post(
        by=ground.by, now=FOUNDED, person=person, role=Role.PARK_OPERATOR, title="招商运营经理",
        since=IN_FORCE, party_ref=operator,
    )  # fmt: skip
    give_locked_account(ground, person, OPERATOR_ACCOUNT)
