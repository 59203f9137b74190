"""Claims about occupancy and per-mu performance: rates, shares, what is missing is said."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.models import Parcel, Unit
from xiaoer.assets.place_map import Drawn, place_map
from xiaoer.assets.tests.carriers import build
from xiaoer.assets.tests.land import Stage, a_parcel, entered
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts.measuring import Scaled
from xiaoer.facts.models import Metric, Value
from xiaoer.facts.periods import months_of
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
TODAY = date(2026, 11, 20)
FROM = date(2026, 11, 1)


def report(
    by: Actor, code: str, paid: Mapping[Party, Sequence[float | None]], column: str = "official"
) -> None:
    """Months of 2025 of each firm; None is a month nobody reported."""
    facts.record_values(
        by=by, now=NOW, metric=Metric.objects.get(code=code), column=column, source="税务局月报",
        figures=[
            (party.pk, months_of(2025, month, month), _scaled(one))
            for party, months in paid.items()
            for month, one in enumerate(months, start=1)
            if one is not None
        ],
        known_at=NOW,
    )  # fmt: skip


def _scaled(number: float) -> Scaled:
    scaled = round(number * 10**Value.SCALE)
    return Scaled(scaled, scaled)


def held(by: Actor, number: str, party: Party, mu: int) -> Parcel:
    parcel = a_parcel(by, number, mu=mu, standard=False)
    entered(by, parcel, Stage.OFFERED, "2025-03-03")
    entered(by, parcel, Stage.SUPPLIED, "2025-05-12", party=party)
    return entered(by, parcel, Stage.IN_USE, "2025-11-03")


def of_level(by: Actor, level: str) -> dict[str, queries.PlaceYear]:
    found = queries.performance(by=by, level=level, measure="tax", year=2025, today=TODAY)
    return {one.name: one for one in found.places}


def test_occupancy_is_let_by_rentable_and_follows_the_months(of: Of) -> None:
    town = build(of)
    with acting(town.by):
        town.let(town.units[0], since=FROM)
        found = queries.occupied(by=town.by, level="building", on=TODAY)
        (place,) = found.places
        assert place.space.rentable == 4200 and place.space.let == 1500
        assert round(place.space.rate or 0, 1) == Decimal("35.7")
        days = dict(found.trend)
        assert days[TODAY].let == 1500 and days[date(2026, 10, 31)].let == 0
        assert len(found.trend) == 13


def test_what_nobody_knows_makes_effective_occupancy_a_range(of: Of) -> None:
    town = build(of)
    with acting(town.by):
        town.let(town.units[0], since=FROM)
        (place,) = queries.occupied(by=town.by, level="building", on=TODAY).places
        assert place.space.effective_least == 0
        assert round(place.space.effective_most or 0, 1) == Decimal("35.7")


def test_a_unit_held_idle_makes_nothing_for_sure(of: Of) -> None:
    town = build(of)
    with acting(town.by):
        town.let(town.units[0], since=FROM)
        assets.hold_unit(
            by=town.by, now=NOW, unit=town.units[0], hold=Unit.Hold.IDLE, why="半年未生产"
        )
        (place,) = queries.occupied(by=town.by, level="building", on=TODAY).places
        assert place.space.effective_most == 0


def test_what_is_not_offered_is_not_rentable(of: Of) -> None:
    town = build(of)
    with acting(town.by):
        assets.hold_unit(
            by=town.by, now=NOW, unit=town.units[2], hold=Unit.Hold.KEPT, why="消防改造"
        )
        (place,) = queries.occupied(by=town.by, level="building", on=TODAY).places
        assert place.space.rentable == 2700 and place.space.apart == 1500
        states = [
            one.state.value
            for one in queries.units_of_place(
                by=town.by, level="building", place_id=town.building.pk, on=TODAY
            )
        ]
        assert states == ["vacant", "vacant", "kept"]


def test_a_firm_counts_on_its_parcels_by_their_area(of: Of) -> None:
    town, by = build(of), of("east-land")
    with acting(by):
        report(of_statistics(by), "tax_paid", {town.party: [100.0] * 12})
        held(by, "A-1", town.party, 30)
        held(by, "A-2", town.party, 10)
        places = of_level(by, "parcel")
        assert {name: round(one.total or 0) for name, one in places.items()} == {
            "A-1": 900, "A-2": 300,
        }  # fmt: skip
        assert round(places["A-1"].per or 0, 1) == 30 and places["A-1"].is_whole


def of_statistics(by: Actor) -> Actor:
    """The system writes down what an office brought; a test needs no office for it."""
    return Actor(zone_id=by.zone_id, name="统计")


def test_missing_firms_and_months_are_said_and_never_a_zero(of: Of) -> None:
    town, by = build(of), of("east-land")
    with acting(by):
        report(of_statistics(by), "tax_paid", {town.party: [10.0] * 9 + [None] * 3})
        held(by, "A-1", town.party, 30)
        held(by, "A-2", town.other, 10)
        places = of_level(by, "parcel")
        assert (places["A-1"].partial, places["A-1"].is_whole) == (1, False)
        assert (places["A-2"].missing, places["A-2"].total, places["A-2"].per) == (1, None, None)
        whole = queries.performance(by=by, level="parcel", measure="tax", year=2025, today=TODAY)
        assert (whole.whole.missing, round(whole.whole.total or 0)) == (1, 90)


def test_official_figures_count_before_reported_ones_that_know_as_much(of: Of) -> None:
    town, by = build(of), of("east-land")
    with acting(by):
        report(of_statistics(by), "tax_paid", {town.party: [10.0] * 12})
        report(of_statistics(by), "tax_paid", {town.party: [12.0] * 12}, "reported")
        held(by, "A-1", town.party, 30)
        (part,) = of_level(by, "parcel")["A-1"].parts
        assert part.firm.best == "official" and part.firm.amount == 120
        assert part.firm.columns["reported"].total == 144


def test_tenants_count_on_the_land_they_rent_on(of: Of) -> None:
    town, by = build(of), of("east-land")
    with acting(town.by):
        town.let(town.units[0], since=FROM)
    with acting(by):
        parcel = held(by, "A-1", town.other, 10)
        report(
            of_statistics(by), "tax_paid",
            {town.party: [5.0] * 12, town.other: [10.0] * 12},
        )  # fmt: skip
        town.building.parcel = parcel
        town.building.save(update_fields=["parcel"])
        assert of_level(by, "parcel")["A-1"].total == 180
        assert of_level(by, "building")["3号厂房"].total == 60


def test_another_zone_reads_nothing_of_it(of: Of) -> None:
    town, west = build(of), of("west-land")
    with acting(town.by):
        town.let(town.units[0], since=FROM)
    with acting(west):
        assert not queries.occupied(by=west, level="building", on=TODAY).places
        assert not queries.performance(
            by=west, level="building", measure="tax", year=2025, today=TODAY
        ).places


def test_a_map_keeps_places_without_a_figure_apart() -> None:
    square = {"type": "Polygon", "coordinates": [[[116.5, 35.4], [116.6, 35.4], [116.6, 35.5], [116.5, 35.5], [116.5, 35.4]]]}  # fmt: skip
    drawn = place_map(
        [Drawn([square], None, "甲", "/1/"), Drawn([square], Decimal(3), "乙", "/2/"), Drawn([], Decimal(9), "丙", "/3/")]
    )  # fmt: skip
    assert drawn is not None
    assert [one.fill for one in drawn.shapes] == [None, 0]
    assert place_map([Drawn([], Decimal(1), "甲", "/1/")]) is None


def test_a_place_in_pieces_is_named_on_one_of_them() -> None:
    def square(west: float, south: float) -> dict[str, object]:
        east, north = west + 0.02, south + 0.02
        return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}  # fmt: skip

    drawn = place_map(
        [Drawn([square(116.5, 35.4), square(116.52, 35.4), square(116.9, 35.4)], Decimal(3), "甲", "/1/", "甲园")]
    )  # fmt: skip
    assert drawn is not None
    (label,) = drawn.labels
    starts = [path[1:].split("L")[0].split() for path in drawn.shapes[0].path.split("Z")[:-1]]
    step = float(starts[1][0]) - float(starts[0][0])
    assert any(float(x) <= label.x <= float(x) + step for x, _y in starts), (label, starts)
