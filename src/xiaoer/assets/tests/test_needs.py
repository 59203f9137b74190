"""Needs for space: opened, held against what stands empty, shown, answered, chosen."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.fitting import Ask, Says, What
from xiaoer.assets.models import Building, Occupancy, Parcel, Showing, SpaceNeed, Unit
from xiaoer.assets.tests.carriers import TODAY, Workshop, build
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.facts.actions import record_value
from xiaoer.facts.models import Metric
from xiaoer.facts.periods import months_of
from xiaoer.registry.models import Park, Party
from xiaoer.work.models import Task

Of = Callable[[str], Actor]
FROM = date(2027, 1, 1)


@pytest.fixture
def ground(of: Of) -> Workshop:
    """Outside any scope."""
    return build(of)


@pytest.fixture
def shop(ground: Workshop) -> Iterator[Workshop]:
    with acting(ground.by):
        yield ground


def facts(area: str = "1000", *asks: Ask, **more: Any) -> assets.NeedFacts:
    plain = assets.NeedFacts(
        name="光伏热场二期", area_least_m2=Decimal(area), from_on=FROM, asks=asks
    )
    return replace(plain, **more)


def opened(shop: Workshop, area: str = "1000", *asks: Ask, **more: Any) -> SpaceNeed:
    return assets.open_need(by=shop.by, now=NOW, facts=facts(area, *asks, **more), party=shop.party)


def firm(shop: Workshop) -> Actor:
    return Actor(
        zone_id=shop.by.zone_id, role=Role.ENTERPRISE, party_ref=shop.party.pk, name="赵一"
    )


def shown(need: SpaceNeed) -> list[tuple[tuple[str, ...], Says]]:
    found = queries.fits_of(need, today=TODAY)
    return [(tuple(unit.code for unit in row.units), row.fit.says) for row in found.rows]


def tasks(need: SpaceNeed) -> list[str]:
    return list(
        Task.objects.filter(
            matter__kind="space_need", matter__subject_id=need.pk, state=Task.State.OPEN
        ).values_list("kind", flat=True)
    )


def test_a_need_is_held_against_units_and_their_neighbours(shop: Workshop) -> None:
    first, second, third = shop.units
    need = opened(shop, "2500", Ask(What.HEIGHT, Decimal("7.5")), Ask(What.POWER, Decimal(600)))
    # Nothing is large enough by itself; without a door nothing is joined.
    assert {says for _codes, says in shown(need)} == {Says.NO}
    assets.join_units(by=shop.by, now=NOW, first=first, second=second)
    assert shown(need)[0] == (("101", "102"), Says.YES)
    # The second floor is too low for it, whatever doors lead there.
    assets.join_units(by=shop.by, now=NOW, first=first, second=third, how="above")
    assert all("201" not in codes for codes, says in shown(need) if says != Says.NO)


def test_what_is_let_reserved_or_kept_back_at_the_time_is_not_offered(shop: Workshop) -> None:
    first, second, third = shop.units
    need = opened(shop, "1000")
    shop.let(first)
    assets.reserve_unit(by=shop.by, now=NOW, unit=second, until=date(2027, 1, 31), party=shop.other)
    found = queries.fits_of(need, today=TODAY).rows
    assert [row.units[0].code for row in found] == ["201", "102"]
    # A unit that comes free soon after is shown with the days it is late.
    late = found[1].fit.which(Says.NO)
    assert [(one.what, one.lacks) for one in late] == [(What.FREE, Decimal(31))]
    assets.hold_unit(by=shop.by, now=NOW, unit=third, hold="kept", why="待改造")
    assert [codes for codes, _says in shown(need)] == [("102",)]


def test_a_tenant_whose_lease_ran_out_makes_the_day_unknown(shop: Workshop) -> None:
    first = shop.units[0]
    shop.let(first, since=date(2024, 1, 1), until=date(2026, 10, 31))
    need = opened(shop, "1400", Ask(What.HEIGHT, Decimal(8)))
    assert shown(need)[0] == (("101",), Says.UNKNOWN)


def test_a_building_being_built_needs_data_and_a_planned_one_is_not_offered(
    shop: Workshop,
) -> None:
    need = opened(shop, "1000", Ask(What.HEIGHT, Decimal(8)))
    for state, built_on, expected in (
        (Building.State.BUILDING, date(2026, 12, 20), Says.UNKNOWN),
        (Building.State.BUILDING, date(2027, 6, 1), Says.NO),
    ):
        row = Building.objects.get(pk=shop.building.pk)
        made = replace(assets.building_facts(row), state=state, built_on=built_on)
        assets.change_building(by=shop.by, now=NOW, building=row, facts=made, version=row.version)
        assert shown(need)[0] == (("101",), expected)


def test_a_wished_park_comes_first_and_a_hard_one_rules_others_out(shop: Workshop) -> None:
    park = _park(shop)
    wished = opened(shop, "1000", park=park)
    # The workshop stands in no park that is known.
    assert all(says == Says.YES for _codes, says in shown(wished))
    hard = opened(shop, "1000", Ask(What.PARK), park=park)
    assert all(says == Says.UNKNOWN for _codes, says in shown(hard))


def _park(shop: Workshop) -> Park:
    return Park.objects.filter(zone_id=shop.by.zone_id).first() or Park.objects.create(
        zone_id=shop.by.zone_id, code="P1", name="装备园"
    )


def test_the_course_of_a_need_is_a_course_of_tasks(shop: Workshop) -> None:
    first, second, _third = shop.units
    need = opened(shop)
    assert tasks(need) == ["find_space"]
    one = assets.show_unit(by=shop.by, now=NOW, need=need, unit=first)
    assert tasks(need) == ["hear_showing"]
    with pytest.raises(Refused, match="101"):
        assets.show_unit(by=shop.by, now=NOW, need=need, unit=first)
    with pytest.raises(Refused) as no:
        assets.answer_showing(by=shop.by, now=NOW, showing=one, answer="no")
    assert no.value.field == "words"
    assets.answer_showing(by=shop.by, now=NOW, showing=one, answer="no", words="层高不够")
    # All said no: somebody looks again.
    assert tasks(need) == ["find_space"]
    assets.show_unit(by=shop.by, now=NOW, need=need, unit=second)
    need = assets.choose_units(
        by=shop.by, now=NOW, need=need, units=[second], keep_until=date(2027, 3, 31)
    )
    assert (need.state, tasks(need)) == (SpaceNeed.State.CHOSEN, ["begin_move_in"])
    assert [unit.code for unit in queries.chosen_units(need)] == ["102"]
    held = Occupancy.objects.get(unit=second)
    assert (held.kind, held.party_id) == (Occupancy.Kind.RESERVED, shop.party.pk)
    need = assets.settle_need(by=shop.by, now=NOW, need=need)
    assert (need.state, tasks(need)) == (SpaceNeed.State.SETTLED, [])


def test_a_unit_somebody_else_holds_at_the_time_is_not_chosen(shop: Workshop) -> None:
    first = shop.units[0]
    need = assets.open_need(by=shop.by, now=NOW, facts=facts(), party=shop.other)
    shop.let(first)
    with pytest.raises(Refused, match="101"):
        assets.choose_units(by=shop.by, now=NOW, need=need, units=[first])
    assert SpaceNeed.objects.get(pk=need.pk).state == SpaceNeed.State.OPEN
    assert not Showing.objects.filter(need=need).exists()


def test_what_was_chosen_and_came_to_nothing_is_looked_for_again(shop: Workshop) -> None:
    need = opened(shop)
    need = assets.choose_units(by=shop.by, now=NOW, need=need, units=shop.units[:1])
    with pytest.raises(Refused, match="光伏热场二期"):
        assets.drop_need(by=shop.by, now=NOW, need=need, reason="x")
    need = assets.reopen_need(by=shop.by, now=NOW, need=need, reason="联审未通过")
    assert (need.state, tasks(need)) == (SpaceNeed.State.OPEN, ["find_space"])
    assert queries.chosen_units(need) == []


def test_a_need_is_changed_and_dropped_with_the_reason(shop: Workshop) -> None:
    need = opened(shop)
    need = assets.change_need(
        by=shop.by, now=NOW, need=need, version=1,
        facts=facts("1200", Ask(What.RENT, Decimal(1500), is_hard=False)),
    )  # fmt: skip
    assert need.asks == [{"what": "rent", "amount": "1500", "is_hard": False}]
    with pytest.raises(Refused):
        assets.change_need(by=shop.by, now=NOW, need=need, facts=facts(), version=1)
    need = assets.drop_need(by=shop.by, now=NOW, need=need, reason="转投外地")
    assert (need.state, need.closed_why, tasks(need)) == (SpaceNeed.State.DROPPED, "转投外地", [])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"area_least_m2": Decimal(0)}, "area_least"),
        ({"area_least_m2": Decimal("NaN")}, "area_least"),
        ({"area_least_m2": Decimal("1e18")}, "area_least"),
        ({"area_least_m2": Decimal("100.123")}, "area_least"),
        ({"area_most_m2": Decimal(900)}, "area_most"),
        ({"from_on": date(1900, 1, 1)}, "from_on"),
        ({"until_on": date(2026, 1, 1)}, "until_on"),
        ({"name": "  "}, "name"),
        ({"asks": (Ask(What.HEIGHT, Decimal(1000)),)}, "height"),
        ({"asks": (Ask(What.LOAD, Decimal("0.5")),)}, "load"),
        ({"asks": (Ask(What.GAS), Ask(What.GAS))}, "gas"),
        ({"asks": (Ask(What.READY),)}, "ready"),
        ({"asks": (Ask(What.PARK),)}, "park"),
    ],
)
def test_what_nobody_can_mean_is_refused_at_its_field(
    shop: Workshop, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as no:
        assets.open_need(by=shop.by, now=NOW, facts=facts(**wrong), party=shop.party)
    assert no.value.field == field


def test_of_nobody_there_is_no_need(shop: Workshop) -> None:
    with pytest.raises(Refused):
        assets.open_need(by=shop.by, now=NOW, facts=facts())
    kept = assets.open_need(by=shop.by, now=NOW, facts=facts(who="晶澳示例公司"))
    assert kept.who == "晶澳示例公司"


def test_an_enterprise_opens_its_own_need_and_sees_what_is_shown_to_it(ground: Workshop) -> None:
    own = firm(ground)
    need = ground.do(own, assets.open_need, facts=facts(), party=ground.party)
    with acting(ground.by):
        # Where the zone has no investment promotion, the desk looks for it.
        assert tasks(need) == ["find_space"]
        assets.show_unit(by=ground.by, now=NOW, need=need, unit=ground.units[0])
    with acting(own):
        assert queries.own_needs(own) == [need]
        showing = queries.shown_to(own, need)[0]
        # The units themselves are not its to read; what was shown is told to it.
        assert not Unit.objects.exists()
    ground.do(own, assets.answer_showing, showing=showing, answer="likes")
    with acting(ground.by):
        assert Showing.objects.get().answer == "likes"
    with pytest.raises(Refused):
        ground.do(own, assets.open_need, facts=facts(), party=ground.other)
    with pytest.raises(Refused):
        ground.do(own, assets.show_unit, need=need, unit=ground.units[1])
    dropped = ground.do(own, assets.drop_need, need=need, reason="不找了")
    assert dropped.state == SpaceNeed.State.DROPPED


def test_another_firm_and_another_zone_find_nothing_of_a_need(ground: Workshop, of: Of) -> None:
    with acting(ground.by):
        need = opened(ground)
        assets.show_unit(by=ground.by, now=NOW, need=need, unit=ground.units[0])
    stranger = Actor(
        zone_id=ground.by.zone_id, role=Role.ENTERPRISE, party_ref=ground.other.pk, name="李一"
    )
    west = of("west-economy")
    for who in (stranger, west, ground.operator):
        with acting(who):
            assert not SpaceNeed.objects.exists()
        with pytest.raises(Refused):
            ground.do(who, assets.drop_need, need=need, reason="x")
    with pytest.raises(Refused):
        ground.do(west, assets.show_unit, need=need, unit=ground.units[1])


def test_of_an_empty_unit_the_needs_it_fits_are_known_alone_and_joined(shop: Workshop) -> None:
    first, second, third = shop.units
    small = opened(shop, "1400", Ask(What.HEIGHT, Decimal(8)))
    large = assets.open_need(
        by=shop.by, now=NOW, facts=facts("2500", Ask(What.POWER, Decimal(600))), party=shop.other
    )
    assert [one.need for one in queries.whom_to_ask(first, now=NOW).seekers] == [small]
    assets.join_units(by=shop.by, now=NOW, first=first, second=second)
    assets.show_unit(by=shop.by, now=NOW, need=small, unit=first)
    seekers = queries.whom_to_ask(first, now=NOW).seekers
    assert [(one.need, one.is_shown) for one in seekers] == [(small, True), (large, False)]
    # What the need finds and what the unit finds is the same fit.
    assert seekers[1].row.fit == queries.fits_of(large, today=TODAY).rows[0].fit
    assert queries.whom_to_ask(third, now=NOW).seekers == ()


def test_firms_whose_leases_end_soon_are_asked_about_an_empty_unit(shop: Workshop) -> None:
    first, second, third = shop.units
    shop.let(first, since=date(2024, 1, 1), until=date(2027, 3, 1))
    shop.let(
        second, number="ZL-2", party=shop.other, since=date(2024, 1, 1), until=date(2028, 1, 1)
    )
    asked = queries.whom_to_ask(third, now=NOW)
    assert [(one.lease.number, one.area_m2) for one in asked.endings] == [("ZL-1", Decimal(1500))]
    # One that looks already stands among those who look.
    opened(shop)
    assert queries.whom_to_ask(third, now=NOW).endings == ()


def told(shop: Workshop, code: str, party: Party, year: int, number: float) -> None:
    """A whole year, or of a level its last month."""
    period = months_of(year, 1, 12) if code != "employees" else months_of(year, 10, 10)
    record_value(
        by=shop.by, now=NOW, metric=Metric.objects.get(code=code), period=period, number=number,
        column="official", source="税务年度数据", party=party,
    )  # fmt: skip


def test_firms_with_too_little_space_are_asked_and_what_is_unknown_is_counted(
    shop: Workshop,
) -> None:
    first, second, third = shop.units
    shop.let(first, since=date(2024, 1, 1), until=date(2027, 3, 1))
    shop.let(
        second, number="ZL-2", party=shop.other, since=date(2024, 1, 1), until=date(2028, 1, 1)
    )
    # Of neither firm anybody knows how many people work there: that is no no.
    found = queries.whom_to_ask(third, now=NOW).cramped
    assert (found.rows, found.unsure, found.looked_at) == ((), 2, 2)
    told(shop, "employees", shop.party, 2026, 100)
    for year, number in ((2024, 1000), (2025, 1300)):
        told(shop, "operating_revenue", shop.party, year, number)
    asked = queries.whom_to_ask(third, now=NOW)
    [one] = asked.cramped.rows
    assert one.party == shop.party and asked.cramped.unsure == 1
    read = {word.name: value for clause in one.clauses for word, value in clause.read if word}
    assert read == {"space_per_person_m2": 15, "revenue_growth": pytest.approx(0.3)}
    # Asked once: its lease ends soon as well.
    assert asked.endings == ()
    opened(shop)
    assert queries.whom_to_ask(third, now=NOW).cramped.rows == ()


def test_a_firm_on_land_nobody_wrote_the_buildings_of_has_a_space_nobody_knows(
    shop: Workshop,
) -> None:
    shop.let(shop.units[0], since=date(2024, 1, 1))
    told(shop, "employees", shop.party, 2026, 100)
    Parcel.objects.create(
        zone_id=shop.by.zone_id,
        number="G-9",
        area_m2=20_000,
        stage="in_use",
        stage_on=date(2020, 1, 1),
        party=shop.party,
    )
    found = queries.whom_to_ask(shop.units[2], now=NOW).cramped
    assert (found.rows, found.unsure) == ((), 1)
