"""Figures of workshops, move-ins, cage-change and the auction come out of records of the assets."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.town import NOW
from xiaoer.assets.models import (
    AuctionRules,
    Bidder,
    Building,
    CageSite,
    Lot,
    MoveIn,
    MoveInOpinion,
    MoveInUnit,
    Parcel,
    Unit,
)
from xiaoer.base.models import Office, Post
from xiaoer.base.scope import Actor, acting
from xiaoer.registry.models import Park, Party
from xiaoer.registry.tests.people import make_firm
from xiaoer.reports.counted import Answer
from xiaoer.reports.published import matches, published_figure
from xiaoer.reports.queries import answered

Of = Callable[[str], Actor]
THREE = ("新能源新材料产业园", "节能环保产业园", "电子信息产业园")
THEN = datetime(2023, 6, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def by(of: Of) -> Actor:
    return of("east-admin")


@pytest.fixture
def parks(by: Actor) -> list[Park]:
    with acting(by):
        return [
            Park.objects.create(zone_id=by.zone_id, code=f"P{n}", name=name)
            for n, name in enumerate((*THREE, "别的园"))
        ]


def ours(by: Actor, figure_id: str) -> Answer:
    figure = published_figure(figure_id)
    assert figure is not None
    with acting(by):
        row = answered(figure, zone_id=by.zone_id)
    assert row.answer is not None
    return row.answer


def building(by: Actor, park: Park | None, name: str, area: int, **facts: Any) -> Building:
    given: dict[str, Any] = {"kind": Building.Kind.WORKSHOP, "built_on": date(2022, 1, 1), **facts}
    return Building.objects.create(zone_id=by.zone_id, park=park, name=name, area_m2=area, **given)


def move_in(by: Actor, into: Building, name: str, party: Party, **facts: Any) -> MoveIn:
    given: dict[str, Any] = {"state": MoveIn.State.SETTLED, "settled_on": date(2023, 5, 1), **facts}
    row = MoveIn.objects.create(
        zone_id=by.zone_id, name=name, number=name, party=party, opened_at=THEN, decided_at=THEN,
        decided_by=Post.objects.get(pk=by.post_id or 0), **given,
    )  # fmt: skip
    unit = Unit.objects.create(
        zone_id=by.zone_id, building=into, code=name, area_m2=100, since=date(2022, 1, 1)
    )
    MoveInUnit.objects.create(zone_id=by.zone_id, move_in=row, unit=unit)
    return row


def test_workshops_count_where_and_when_they_stood(by: Actor, parks: list[Park]) -> None:
    with acting(by):
        for n, park in enumerate(parks):
            building(by, park, f"一期{n}", 250_000)
        building(by, parks[0], "拆了", 90_000, gone_on=date(2023, 1, 1), state="gone")
        building(by, parks[0], "晚了", 90_000, built_on=date(2024, 1, 1))
        building(by, parks[0], "办公楼", 90_000, kind=Building.Kind.OFFICE)
    assert ours(by, "004-003").value == 75
    assert ours(by, "004-002").value == 3
    assert ours(by, "002-059").value == 109
    with acting(by):
        building(by, parks[2], "不知何时", 250_000, built_on=None)
    answer = ours(by, "004-003")
    figure = published_figure("004-003")
    assert figure is not None and answer.bound is not None
    assert matches(figure, answer.bound) is False


def test_without_records_nothing_is_claimed(by: Actor) -> None:
    assert ours(by, "004-003").value is None
    assert ours(by, "003-004").value is None
    assert ours(by, "003-002").value is None
    assert ours(by, "004-039").value is None


def test_a_park_is_under_joint_review_when_both_halves_spoke(by: Actor, parks: list[Park]) -> None:
    with acting(by):
        firm, runs = make_firm(by), make_firm(by, "园区运营有限公司")
        office = Office.objects.filter(zone_id=by.zone_id).first()
        for n, park in enumerate(parks[:3]):
            row = move_in(by, building(by, park, f"厂房{n}", 1_000), f"入驻{n}", firm)
            said: dict[str, Any] = {
                "zone_id": by.zone_id, "move_in": row, "says": "yes", "said_at": THEN,
            }  # fmt: skip
            MoveInOpinion.objects.create(office=office, topic="环保", **said)
            if n < 2:
                MoveInOpinion.objects.create(operator=runs, topic="园区", **said)
    assert ours(by, "000-031").value == 2


def test_who_moved_in_and_who_produces_after_a_change(by: Actor, parks: list[Park]) -> None:
    with acting(by):
        firm, hall = make_firm(by), building(by, parks[0], "厂房", 1_000)
        move_in(by, hall, "新来", firm)
        move_in(by, hall, "换来", firm, way="cage", producing_on=date(2023, 9, 1))
        move_in(by, hall, "换来未投产", firm, way="cage")
        move_in(by, hall, "后来", firm, settled_on=date(2024, 1, 1))
        own = building(by, parks[0], "自有厂房", 1_000, kind=Building.Kind.OWN_WORKSHOP)
        move_in(by, own, "自有", firm)
    assert ours(by, "004-004").value == 1
    assert ours(by, "004-007").value == 1


def test_idle_land_of_a_state_firm_made_ready_for_a_firm(by: Actor, parks: list[Park]) -> None:
    with acting(by):
        firm = make_firm(by, "捷马（示范）支护有限公司")
        for n, (is_state_owned, m2) in enumerate(((True, 20_000), (False, 9_000))):
            land = Parcel.objects.create(
                zone_id=by.zone_id, number=f"G-{n}", area_m2=m2, stage_on=date(2022, 8, 1),
                is_state_owned=is_state_owned,
            )  # fmt: skip
            CageSite.objects.create(
                zone_id=by.zone_id, name=f"闲置地{n}", parcel=land, why="idle", freed_m2=m2,
                found_on=date(2022, 8, 1), state="done", path="taken_back", came_in="捷马二期",
                done_on=date(2022, 12, 1),
            )  # fmt: skip
        building(
            by, parks[0], "捷马二期厂房", 12_000, kind=Building.Kind.OWN_WORKSHOP, party=firm,
            built_on=date(2023, 7, 1),
        )  # fmt: skip
    assert ours(by, "003-002").value == 30
    assert ours(by, "003-004").value == Decimal("1.2")


def lots_of_the_exchange(by: Actor, *lots: tuple[int, str, int, bool]) -> None:
    """Lots by the day of the exchange their bidding ended, their state, price in yuan, and whether
    anybody bought: a sale that was annulled closes without a buyer."""
    rules = AuctionRules.objects.get(zone_id=by.zone_id, number=1)
    firm, buyer = make_firm(by), make_firm(by, "示范买家有限公司")
    first = datetime(2023, 9, 21, 2, 0, tzinfo=UTC)
    for n, (days, state, yuan, is_bought) in enumerate(lots):
        lot = Lot.objects.create(
            zone_id=by.zone_id, number=f"L-{n}", title="旧车床", description="一台",
            place="库", seller=firm, contact_name="甲", contact_phone="139", rules=rules,
            state=state, start_fen=1, step_fen=1, deposit_fen=0, price_fen=yuan * 100,
            ended_at=first + timedelta(days=days), opened_at=NOW, noticed_at=first,
        )  # fmt: skip
        if is_bought:
            lot.winner = Bidder.objects.create(
                zone_id=by.zone_id, lot=lot, party=buyer, agent_name="乙", agent_phone="138",
                alias=1, state=Bidder.State.ADMITTED, deposit_code=f"BZJ{n}", applied_at=NOW,
            )  # fmt: skip
            lot.save(update_fields=["winner"])


def test_lots_count_in_the_first_days_of_the_exchange(by: Actor) -> None:
    with acting(by):
        lots_of_the_exchange(
            by,
            (1, "closed", 120_000, True), (39, "confirmed", 200_000, True), (40, "closed", 5, True),
            (2, "ended", 7, True), (3, "closed", 11, False),
        )  # fmt: skip
    assert ours(by, "004-039").value == 40
    assert ours(by, "004-040").value == 2
    assert ours(by, "004-041").value == 32
