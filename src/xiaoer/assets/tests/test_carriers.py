"""Carriers: entered once, cut and joined only while nobody holds them, seen by who may."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.models import Building, Lease, Occupancy, Parcel, Unit, UnitDoor
from xiaoer.assets.queries import UnitState
from xiaoer.assets.tests.carriers import TODAY, Workshop, build
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.work.models import Task

LATER = NOW + timedelta(days=30)
Of = Callable[[str], Actor]


@pytest.fixture
def ground(of: Of) -> Workshop:
    """Outside any scope."""
    return build(of)


@pytest.fixture
def shop(ground: Workshop) -> Iterator[Workshop]:
    """In scope as who keeps the register."""
    with acting(ground.by):
        yield ground


def part(code: str, area: str) -> assets.UnitFacts:
    return assets.UnitFacts(code=code, area_m2=Decimal(area))


def test_a_parcel_stands_once_and_says_who_holds_it(shop: Workshop) -> None:
    facts = assets.ParcelFacts(number="2026-07", area_m2=Decimal(40000))
    row = assets.add_parcel(by=shop.by, now=NOW, facts=facts)
    assert (row.stage, row.stage_on) == (Parcel.Stage.PLANNED, TODAY)
    with pytest.raises(Refused, match="2026-07"):
        assets.add_parcel(by=shop.by, now=NOW, facts=facts)
    with pytest.raises(Refused) as no:
        assets.add_parcel(
            by=shop.by, now=NOW, facts=replace(facts, number="2026-08", stage="in_use")
        )
    assert no.value.field == "party"
    changed = assets.change_parcel(
        by=shop.by, now=NOW, parcel=row, facts=replace(facts, stage="exited"), version=1
    )
    assert changed.stage == Parcel.Stage.PLANNED
    with pytest.raises(Refused):
        assets.change_parcel(
            by=shop.by, now=NOW, parcel=row, facts=replace(facts, note="改"), version=7
        )


def test_measures_of_another_unit_are_refused(shop: Workshop) -> None:
    for wrong in (
        {"area_m2": Decimal(0)}, {"area_m2": Decimal("NaN")}, {"height_m": Decimal(8100)},
        {"floor": 7}, {"rent_fen": -1}, {"fire_class": "z"}, {"code": " "},
    ):  # fmt: skip
        with pytest.raises(Refused):
            assets.add_unit(
                by=shop.by, now=NOW, building=shop.building, facts=replace(part("9", "10"), **wrong)
            )  # fmt: skip


def test_a_unit_is_split_into_parts_that_come_to_no_more(shop: Workshop) -> None:
    whole = shop.units[0]
    with pytest.raises(Refused, match="1,500"):
        assets.split_unit(
            by=shop.by, now=NOW, unit=whole, parts=[part("101A", "800"), part("101B", "701")]
        )
    made = assets.split_unit(
        by=shop.by, now=NOW, unit=whole, parts=[part("101A", "800"), part("101B", "680")]
    )
    whole.refresh_from_db()
    assert whole.until == date(2026, 11, 19)
    assert [(unit.height_m, unit.has_gas, unit.power_kva) for unit in made] == [
        (Decimal("8.10"), True, None)
    ] * 2
    with pytest.raises(Refused, match="101A、101B"):
        assets.hold_unit(by=shop.by, now=NOW, unit=whole, hold="kept", why="留作展厅")
    codes = [unit.code for unit in queries.units_on(shop.by.zone_id, TODAY)]
    assert sorted(codes) == ["101A", "101B", "102", "201"]
    before = [unit.code for unit in queries.units_on(shop.by.zone_id, date(2026, 11, 19))]
    assert sorted(before) == ["101", "102", "201"]


def test_merged_units_are_as_good_as_the_least_of_them(shop: Workshop) -> None:
    first, second, above = shop.units
    assets.join_units(by=shop.by, now=NOW, first=above, second=second, how="above")
    one = assets.merge_units(by=shop.by, now=NOW, units=[first, second], code="101-102")
    assert (one.area_m2, one.height_m, one.power_kva, one.has_gas, one.rent_fen) == (
        Decimal(2700), Decimal("7.90"), 650, None, 15_00,
    )  # fmt: skip
    assert UnitDoor.objects.filter(first=above, second=one, how="above").exists()
    with pytest.raises(Refused, match="101-102"):
        assets.merge_units(by=shop.by, now=NOW, units=[first, second], code="两次")


def test_units_of_two_floors_are_merged_only_where_they_open_into_one_another(
    shop: Workshop,
) -> None:
    first, _second, above = shop.units
    with pytest.raises(Refused, match="201"):
        assets.merge_units(by=shop.by, now=NOW, units=[first, above], code="复式")
    assets.join_units(by=shop.by, now=NOW, first=first, second=above, how="above")
    made = assets.merge_units(by=shop.by, now=NOW, units=[first, above], code="复式")
    assert made.floor == 1


def test_a_unit_that_is_not_offered_stays_so_in_its_parts_and_in_what_it_is_merged_into(
    shop: Workshop,
) -> None:
    first, second, _above = shop.units
    assets.hold_unit(by=shop.by, now=NOW, unit=first, hold="kept", why="留作消防通道改造")
    whole = assets.merge_units(by=shop.by, now=NOW, units=[first, second], code="101-102")
    assert (whole.hold, whole.hold_why) == ("kept", "留作消防通道改造")
    parts = assets.split_unit(
        by=shop.by, now=NOW, unit=whole,
        parts=[assets.UnitFacts("甲", Decimal(900)), assets.UnitFacts("乙", Decimal(800))],
    )  # fmt: skip
    assert {part.hold for part in parts} == {"kept"}


def test_units_that_are_held_keep_their_shape(shop: Workshop) -> None:
    first, second, _above = shop.units
    lease = shop.let(first)
    with pytest.raises(Refused, match="ZL-1"):
        assets.split_unit(
            by=shop.by, now=NOW, unit=first, parts=[part("A", "700"), part("B", "700")]
        )
    assets.reserve_unit(
        by=shop.by, now=NOW, unit=second, party=shop.other, until=date(2026, 12, 20)
    )
    assets.break_lease(by=shop.by, now=LATER, lease=lease, on=date(2026, 12, 1), why="搬离")
    with pytest.raises(Refused, match="东区水泥"):
        assets.merge_units(
            by=shop.by, now=LATER, on=date(2026, 12, 2), units=[second, first], code="合"
        )
    second.refresh_from_db()
    assert second.until is None


def test_two_leases_never_hold_a_unit_at_a_time(shop: Workshop) -> None:
    unit = shop.units[0]
    shop.let(unit)
    with pytest.raises(Refused, match=r"ZL-1.*2026-12-01.*2028-11-30"):
        shop.let(unit, number="ZL-2", party=shop.other, since=date(2028, 11, 30))
    follows = shop.let(
        unit, number="ZL-2", party=shop.other, since=date(2028, 12, 1), until=date(2029, 11, 30)
    )
    assert follows.state == Lease.State.IN_FORCE
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupancy.objects.create(
            zone_id=shop.by.zone_id, unit=unit, kind="own", name="某人", since=date(2027, 1, 1)
        )


def test_a_lease_that_is_drawn_up_keeps_its_units(shop: Workshop) -> None:
    unit = shop.units[0]
    kept = assets.reserve_unit(
        by=shop.by, now=NOW, unit=unit, party=shop.party, until=date(2026, 12, 31)
    )
    lease = assets.draft_lease(by=shop.by, now=NOW, facts=shop.facts(), units=[unit])
    kept.refresh_from_db()
    assert kept.until == date(2026, 11, 30)
    assert queries.unit_state(unit, date(2027, 1, 1)).state == UnitState.RESERVED
    with pytest.raises(Refused, match="ZL-1"):
        assets.reserve_unit(
            by=shop.by, now=NOW, unit=unit, name="来客", until=date(2027, 1, 31),
            since=date(2027, 1, 1),
        )  # fmt: skip
    assets.begin_lease(by=shop.by, now=NOW, lease=lease)
    assert queries.unit_state(unit, date(2027, 1, 1)).state == UnitState.LET
    with pytest.raises(Refused):
        assets.begin_lease(by=shop.by, now=NOW, lease=lease)


def test_a_building_that_failed_its_acceptance_is_not_let(shop: Workshop) -> None:
    lease = assets.draft_lease(by=shop.by, now=NOW, facts=shop.facts(), units=[shop.units[0]])
    Building.objects.filter(pk=shop.building.pk).update(is_accepted=False)
    with pytest.raises(Refused, match="3号厂房"):
        assets.begin_lease(by=shop.by, now=NOW, lease=lease)
    Building.objects.filter(pk=shop.building.pk).update(is_accepted=None)
    assert assets.begin_lease(by=shop.by, now=NOW, lease=lease).state == Lease.State.IN_FORCE


def test_a_draft_changes_freely_a_lease_in_force_by_renewing(shop: Workshop) -> None:
    first, second, _above = shop.units
    lease = assets.draft_lease(by=shop.by, now=NOW, facts=shop.facts(), units=[first])
    lease = assets.change_lease(
        by=shop.by, now=NOW, lease=lease, facts=shop.facts(until=date(2027, 11, 30)),
        version=lease.version, units=[second],
    )  # fmt: skip
    assert queries.unit_state(first, date(2027, 1, 1)).state == UnitState.VACANT
    lease = assets.begin_lease(by=shop.by, now=NOW, lease=lease, deposit_paid_on=TODAY)
    with pytest.raises(Refused, match="ZL-1"):
        assets.change_lease(
            by=shop.by, now=NOW, lease=lease, facts=replace(assets.lease_facts(lease), rent_fen=1),
            version=lease.version,
        )  # fmt: skip
    new = assets.renew_lease(
        by=shop.by, now=NOW, lease=lease, number="ZL-1-续", until=date(2028, 11, 30)
    )
    assert (new.since, new.deposit_paid_on, new.rent_fen) == (
        date(2027, 12, 1), TODAY, 24_000_00
    )  # fmt: skip
    with pytest.raises(Refused, match="ZL-1"):
        assets.renew_lease(by=shop.by, now=NOW, lease=lease, number="再续", until=date(2029, 1, 1))


def test_a_lease_ends_early_with_a_reason_and_late_where_nobody_waits(shop: Workshop) -> None:
    first, second, _above = shop.units
    past: dict[str, Any] = {"since": date(2025, 1, 1), "until": date(2026, 10, 31)}
    late = shop.let(first, **past)
    assert queries.unit_state(first, TODAY).state == UnitState.OVERDUE
    assets.end_lease(by=shop.by, now=NOW, lease=late, on=date(2026, 11, 18))
    assert queries.unit_state(first, date(2026, 11, 18)).state == UnitState.LET
    assert queries.unit_state(first, TODAY).state == UnitState.VACANT
    early = shop.let(second, number="ZL-2", **{**past, "until": date(2027, 6, 30)})
    with pytest.raises(Refused) as no:
        assets.end_lease(by=shop.by, now=NOW, lease=early, on=TODAY)
    assert no.value.field == "why"
    assets.break_lease(by=shop.by, now=NOW, lease=early, on=TODAY, why="连续欠租三个月（第九条）")
    early.refresh_from_db()
    assert (early.state, early.ended_on) == (Lease.State.BROKEN, TODAY)
    assert second in queries.free_units(shop.by.zone_id, date(2026, 11, 21))


def test_a_deposit_is_paid_once_and_goes_back_once_after_the_end(shop: Workshop) -> None:
    lease = shop.let(shop.units[0], since=date(2025, 1, 1), until=date(2026, 11, 19))
    with pytest.raises(Refused):
        assets.return_lease_deposit(by=shop.by, now=NOW, lease=lease, on=TODAY)
    assets.record_lease_deposit(by=shop.by, now=NOW, lease=lease, on=date(2025, 1, 1))
    with pytest.raises(Refused, match="ZL-1"):
        assets.return_lease_deposit(by=shop.by, now=NOW, lease=lease, on=TODAY)
    assets.end_lease(by=shop.by, now=NOW, lease=lease, on=date(2026, 11, 19))
    assets.return_lease_deposit(by=shop.by, now=NOW, lease=lease, on=TODAY)
    with pytest.raises(Refused, match="2026-11-20"):
        assets.return_lease_deposit(by=shop.by, now=NOW, lease=lease, on=TODAY)


def test_a_sale_does_not_break_a_lease_and_is_sold_on(shop: Workshop) -> None:
    first, second, _above = shop.units
    shop.let(first)
    with pytest.raises(Refused, match="ZL-1"):
        assets.sell_unit(by=shop.by, now=NOW, unit=first, on=TODAY, party=shop.other)
    assets.sell_unit(by=shop.by, now=NOW, unit=second, on=date(2026, 1, 5), party=shop.other)
    bought = assets.sell_unit(by=shop.by, now=NOW, unit=second, on=TODAY, party=shop.party)
    assert queries.unit_state(second, date(2026, 11, 19)).holder == shop.other.name
    assert queries.unit_state(second, TODAY).holder == shop.party.name
    with pytest.raises(Refused, match=shop.party.name):
        assets.release_unit(by=shop.by, now=NOW, occupancy=bought, why="退")
    assets.strike_occupancy(by=shop.by, now=NOW, occupancy=bought, why="录错")
    assert queries.unit_state(second, TODAY).state == UnitState.VACANT


def test_what_is_found_of_a_unit_stands_beside_who_holds_it(shop: Workshop) -> None:
    unit = shop.units[0]
    shop.let(unit, since=date(2026, 1, 1))
    unit = assets.hold_unit(by=shop.by, now=NOW, unit=unit, hold="idle", why="停产八个月")
    seen = queries.unit_state(unit, TODAY)
    assert (seen.state, seen.is_held, seen.holder) == (UnitState.IDLE, True, shop.party.name)
    with pytest.raises(Refused, match="停产八个月"):
        assets.hold_unit(by=shop.by, now=NOW, unit=unit, hold="idle", why="又一次")
    lifted = assets.hold_unit(by=shop.by, now=NOW, unit=unit, hold="", why="已复产")
    assert lifted.hold_why == ""


def test_an_operator_runs_its_own_units_and_sees_no_others(ground: Workshop) -> None:
    unit = ground.units[0]
    ground.do(
        ground.operator, assets.reserve_unit, unit=unit, name="来客甲", until=date(2026, 12, 1)
    )
    lease = ground.do(
        ground.operator, assets.draft_lease, facts=ground.facts(party=ground.other),
        units=[ground.units[1]],
    )  # fmt: skip
    ground.do(ground.operator, assets.begin_lease, lease=lease)
    with acting(ground.operator):
        assert Unit.objects.count() == 3
        assert Lease.objects.count() == 1
    with acting(ground.stranger):
        assert (Unit.objects.count(), Building.objects.count(), Lease.objects.count()) == (0, 0, 0)
    for verb, given in (
        (assets.reserve_unit, {"unit": ground.units[2], "name": "某", "until": date(2026, 12, 1)}),
        (assets.end_lease, {"lease": lease, "on": TODAY}),
        (assets.hold_unit, {"unit": unit, "hold": "idle", "why": "空"}),
    ):
        with pytest.raises(Refused):
            ground.do(ground.stranger, verb, **given)
    with pytest.raises(Refused):
        ground.do(ground.operator, assets.sell_unit, unit=unit, on=TODAY, name="某")


def test_another_zone_and_a_tenant_see_what_is_theirs(ground: Workshop) -> None:
    with acting(ground.by):
        ground.let(ground.units[0])
    with acting(ground.of("west-economy")):
        assert (Unit.objects.count(), Lease.objects.count(), Occupancy.objects.count()) == (0, 0, 0)
    with pytest.raises(Refused):
        ground.do("west-economy", assets.hold_unit, unit=ground.units[0], hold="idle", why="空")
    with pytest.raises(Refused):
        ground.do("east-power", assets.hold_unit, unit=ground.units[0], hold="idle", why="空")
    tenant = Actor(zone_id=ground.by.zone_id, role=None, party_ref=ground.party.pk)
    with acting(tenant):
        assert [unit.code for unit in Unit.objects.order_by("code")] == ["101"]
        assert Lease.objects.count() == 1


def test_a_building_goes_only_when_nobody_is_in_it(shop: Workshop) -> None:
    shop.let(shop.units[0])
    gone = replace(assets.building_facts(shop.building), state="gone", gone_on=TODAY)
    with pytest.raises(Refused, match="ZL-1"):
        assets.change_building(by=shop.by, now=NOW, building=shop.building, facts=gone, version=1)


def test_who_lets_is_asked_before_a_lease_runs_out_and_freed_when_it_is_settled(
    shop: Workshop,
) -> None:
    first, second, _above = shop.units
    soon = shop.let(first, since=date(2025, 1, 1), until=date(2027, 1, 10))
    shop.let(second, number="ZL-2", until=date(2028, 1, 10))
    assert assets.give_lease_tasks(by=system(shop.by.zone_id), now=NOW) == 1
    assert assets.give_lease_tasks(by=system(shop.by.zone_id), now=NOW) == 0
    task = Task.objects.get(kind="lease_ask")
    assert "ZL-1" in task.title
    assert task.matter.address == f"/carriers/leases/{soon.pk}/"
    assets.renew_lease(by=shop.by, now=NOW, lease=soon, number="ZL-3", until=date(2028, 1, 10))
    task.refresh_from_db()
    assert task.state == Task.State.DONE
    assert task.matter.closed_at is not None


@pytest.mark.parametrize("area", ["NaN", "Infinity", "1E+999999", "-5", "0"])
def test_a_part_of_no_sensible_area_is_refused(shop: Workshop, area: str) -> None:
    with pytest.raises(Refused) as no:
        assets.split_unit(
            by=shop.by, now=NOW, unit=shop.units[0], parts=[part("101A", area), part("101B", "700")]
        )
    assert no.value.field == "parts"
