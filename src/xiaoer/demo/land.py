"""Land of the demo's zone: parcels on their way from plan to exit, and what standard land promised.

Written in bulk as an archive is brought in; what is due today is then asked for by the verb.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from xiaoer.assets import actions as assets
from xiaoer.assets.models import (
    Building,
    IndicatorKind,
    LandCheck,
    LandIndicator,
    LandPledge,
    LandStep,
    Parcel,
)
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.demo.places import Piece
from xiaoer.work.calendar import LOCAL

ZONE = "jhtz"
MU = Decimal(2000) / 3
HOLDERS = 26
Stage = Parcel.Stage
PAPERS = {
    Stage.PLANNED: "规划条件",
    Stage.OFFERED: "国有建设用地使用权出让公告",
    Stage.SUPPLIED: "国有建设用地使用权出让合同",
    Stage.IN_USE: "建筑工程施工许可证",
    Stage.EXITED: "收回国有建设用地使用权决定书",
}
ORDER = tuple(PAPERS)
# Half a parcel's side in degrees, and how far apart they lie in a cell.
HALF, APART = 0.0011, 0.0042


@dataclass(frozen=True, slots=True)
class Plot:
    """A parcel to be entered: where it stands, since how many days, and whether it is standard land."""

    stage: str
    since: int
    mu: int
    standard: bool = False
    due: int | None = None


OPEN_LAND = (
    Plot(Stage.PLANNED, 210, 86, True), Plot(Stage.PLANNED, 90, 120), Plot(Stage.PLANNED, 352, 45),
    Plot(Stage.OFFERED, 32, 64, True, 28), Plot(Stage.OFFERED, 75, 52, True, -15),
    Plot(Stage.OFFERED, 12, 38, True, 48), Plot(Stage.EXITED, 160, 33), Plot(Stage.EXITED, 40, 27),
)  # fmt: skip
PROMISES = (("investment_per_mu", 300), ("tax_per_mu", 30), ("plot_ratio", 1))


def keep_land(ground: Ground, firms: Firms, days: Days) -> None:
    """The zone's land, after its workshops stand. In the zone's scope."""
    assets.seed_land(by=ground.by, now=FOUNDED)
    if ground.plan.code != ZONE:
        return
    places = Places(ground)
    _under_workshops(ground, days, places)
    _of_firms(ground, firms, days, places)
    _open_land(ground, days, places)
    assets.give_land_tasks(by=ground.by, now=days.now)


class Places:
    """Squares of land beside one another, those of one park together."""

    def __init__(self, ground: Ground) -> None:
        pieces = sorted(ground.pieces.values(), key=lambda one: (one.column, one.row))
        size = len(pieces) // len(ground.parks)
        self._of = {
            park.pk: _squares(pieces[size * at : size * (at + 1)])
            for at, park in enumerate(ground.parks)
        }

    def next_of(self, park_id: int | None) -> dict[str, object] | None:
        """None where the park has no further, or there is no park."""
        return None if park_id is None else next(self._of[park_id], None)


def _squares(pieces: Sequence[Piece]) -> Iterator[dict[str, object]]:
    """Six in each cell."""
    for piece in pieces:
        for place in range(6):
            x = piece.centre[0] + (place % 3 - 1) * APART
            y = piece.centre[1] + (place // 3 - 0.5) * APART * 0.8
            ring = [(x - HALF, y - HALF), (x + HALF * 1.4, y - HALF), (x + HALF * 1.4, y + HALF),
                    (x - HALF, y + HALF), (x - HALF, y - HALF)]  # fmt: skip
            yield {
                "type": "Polygon",
                "coordinates": [[[round(a, 6), round(b, 6)] for a, b in ring]],
            }


def _under_workshops(ground: Ground, days: Days, places: Places) -> None:
    """Each hall of the parks stands on land its operator holds."""
    halls = list(
        Building.objects.filter(
            zone_id=ground.zone.pk, parcel=None, operator__isnull=False, built_on__isnull=False
        ).order_by("id")
    )
    parcels = Parcel.objects.bulk_create(
        Parcel(
            zone_id=ground.zone.pk, number=f"GX-Y-{at:03d}", name=hall.name, park_id=hall.park_id,
            area_m2=round(hall.area_m2 / Decimal("1.2"), 2), stage=Stage.IN_USE,
            stage_on=built - timedelta(days=400), party=hall.operator, is_state_owned=True,
            held_until=built + timedelta(days=50 * 365), outline=places.next_of(hall.park_id),
        )
        for at, hall in enumerate(halls, start=1)
        if (built := hall.built_on) is not None
    )  # fmt: skip
    for hall, parcel in zip(halls, parcels, strict=True):
        hall.parcel = parcel
    Building.objects.bulk_update(halls, ["parcel"])
    LandStep.objects.bulk_create(step for one in parcels for step in _steps(one, days, None))


def _of_firms(ground: Ground, firms: Firms, days: Days, places: Places) -> None:
    """Land firms built on: the newer half is standard land with both contracts."""
    dice = random.Random("land of firms")
    parcels = []
    for at, firm in enumerate(firms.industrial[:HOLDERS]):
        building = at >= HOLDERS - 4
        since: date = days.today - timedelta(
            days=dice.randrange(120, 600) if building else 700 + 90 * at
        )
        parcels.append(
            Parcel(
                zone_id=ground.zone.pk, number=f"GX-{since.year}-{at + 101}", party=firm,
                park=ground.parks[at % len(ground.parks)], area_m2=round(MU * dice.randrange(25, 160), 2),
                stage=Stage.SUPPLIED if building else Stage.IN_USE, stage_on=since,
                is_standard_land=at % 2 == 0 or building, plot_ratio_least=Decimal("1.0"),
                price_fen=dice.randrange(900, 5200) * 10**6, outline=places.next_of(ground.parks[at % len(ground.parks)].pk),
                held_until=since + timedelta(days=50 * 365),
            )
        )  # fmt: skip
    kept = Parcel.objects.bulk_create(parcels)
    due = [days.today + timedelta(days=more) for more in (-390, -40, 18, 260)]
    LandStep.objects.bulk_create(
        step
        for at, one in enumerate(kept)
        for step in _steps(one, days, due[at - HOLDERS + 4] if at >= HOLDERS - 4 else None)
    )
    _promise(ground, days, [one for one in kept if one.is_standard_land])


def _open_land(ground: Ground, days: Days, places: Places) -> None:
    """Land nobody holds: planned, on offer, given back."""
    parcels = Parcel.objects.bulk_create(
        Parcel(
            zone_id=ground.zone.pk, number=f"GX-2026-{at:02d}", area_m2=round(MU * plot.mu, 2),
            park=ground.parks[at % len(ground.parks)], stage=plot.stage,
            stage_on=days.today - timedelta(days=plot.since), is_standard_land=plot.standard,
            plot_ratio_least=Decimal("1.0"), outline=places.next_of(ground.parks[at % len(ground.parks)].pk),
        )
        for at, plot in enumerate(OPEN_LAND, start=1)
    )  # fmt: skip
    LandStep.objects.bulk_create(
        step
        for one, plot in zip(parcels, OPEN_LAND, strict=True)
        for step in _steps(one, days, _day(days, plot))
    )
    kinds = _kinds(ground)
    LandIndicator.objects.bulk_create(
        _indicator(ground, one, kinds[code], amount, None)
        for one in parcels
        if one.is_standard_land
        for code, amount in PROMISES
    )


def _day(days: Days, plot: Plot) -> date | None:
    if plot.due is not None:
        return days.today + timedelta(days=plot.due)
    return days.today + timedelta(days=365 - plot.since)


def _steps(parcel: Parcel, days: Days, due_on: date | None) -> Iterator[LandStep]:
    """One step for each stage up to where it stands, each some months before the next."""
    upto = ORDER.index(Stage(parcel.stage))
    if parcel.held_until is not None and due_on is None:
        due_on = parcel.held_until - timedelta(days=365)
    for place in range(upto + 1):
        day = parcel.stage_on - timedelta(days=140 * (upto - place))
        is_last = place == upto
        yield LandStep(
            zone_id=parcel.zone_id, parcel=parcel, stage=ORDER[place], fact_on=day,
            due_on=max(due_on, day) if is_last and due_on else None, paper=PAPERS[ORDER[place]],
            paper_number=f"{parcel.number}-{place + 1}", at=datetime.combine(day, time(10), LOCAL),
            words="企业停产，协商收回" if ORDER[place] == Stage.EXITED else "",
        )  # fmt: skip


def _kinds(ground: Ground) -> dict[str, IndicatorKind]:
    return {one.code: one for one in IndicatorKind.objects.filter(zone_id=ground.zone.pk)}


def _indicator(
    ground: Ground, parcel: Parcel, kind: IndicatorKind, amount: int, due_on: date | None
) -> LandIndicator:
    return LandIndicator(
        zone_id=ground.zone.pk, parcel=parcel, kind=kind, amount=amount, due_on=due_on,
        is_signed=due_on is not None,
    )  # fmt: skip


def _promise(ground: Ground, days: Days, parcels: Sequence[Parcel]) -> None:
    """Signed beside the land contract; looked at two years on, some kept, some not, some unknown."""
    signed = parcels[:-1]  # the newest still lacks its supervision contract
    post = ground.hands["land.1"].post
    LandPledge.objects.bulk_create(
        LandPledge(
            zone_id=ground.zone.pk, parcel=one, party=one.party, number=f"JG-{one.number}",
            land_contract=f"{one.number}-3", signed_on=one.stage_on, by_post=post,
            at=datetime.combine(one.stage_on, time(11), LOCAL),
        )
        for one in signed
    )  # fmt: skip
    kinds = _kinds(ground)
    rows = LandIndicator.objects.bulk_create(
        _indicator(ground, one, kinds[code], amount, _looked_at(one, days, place))
        for place, one in enumerate(signed)
        for code, amount in PROMISES
    )
    LandIndicator.objects.bulk_create(
        _indicator(ground, parcels[-1], kinds[code], amount, None) for code, amount in PROMISES
    )
    _check(ground, days, rows)


def _looked_at(parcel: Parcel, days: Days, place: int) -> date:
    usual = parcel.stage_on + timedelta(days=730)
    near = {1: -12, 2: 9, 3: 24}.get(place)
    return usual if near is None else days.today + timedelta(days=near)


def _check(ground: Ground, days: Days, rows: Sequence[LandIndicator]) -> None:
    dice = random.Random("checks of land")
    checks = []
    for row in rows:
        if row.due_on is None or row.due_on > days.today - timedelta(days=20):
            continue
        share = dice.choice((Decimal("1.2"), Decimal("1.05"), Decimal("1.4"), Decimal("0.6"), None))
        is_met = None if share is None else share >= 1
        on = row.due_on + timedelta(days=15)
        checks.append(
            LandCheck(
                zone_id=ground.zone.pk, indicator=row, on=on,
                amount=None if share is None else row.amount * share, is_met=is_met,
                basis="税务、自然资源部门提供" if share else "企业尚未提供竣工财务决算",
                what_follows="限期一年整改，届时复核" if is_met is False else "",
                by_post=ground.hands["land.1"].post, at=datetime.combine(on, time(15), LOCAL),
            )
        )  # fmt: skip
        if is_met is not True:
            row.due_on = max(on + timedelta(days=365), days.today + timedelta(days=35))
    LandCheck.objects.bulk_create(checks)
    # What was not reached is looked at again a year on; the first check stays with its own day.
    LandIndicator.objects.bulk_update(rows, ["due_on"])
