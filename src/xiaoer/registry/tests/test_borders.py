"""The border around several outlines."""

import itertools
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import actions as registry
from xiaoer.registry import queries
from xiaoer.registry.borders import label_place, union_of
from xiaoer.registry.models import Cell
from xiaoer.registry.tests.people import make_cell, make_firm
from xiaoer.registry.tests.test_places import collection, polygon

Of = Callable[[str], Actor]


def square(column: int, row: int, *, clockwise: bool = False) -> dict[str, Any]:
    x, y = 116 + column / 100, 35 + row / 100
    ring = [[x, y], [x + 0.01, y], [x + 0.01, y + 0.01], [x, y + 0.01], [x, y]]
    return polygon(ring[::-1] if clockwise else ring)


def area(geometry: dict[str, Any] | None) -> float:
    """In squares of the lattice; what holes take away is taken away."""
    if geometry is None:
        return 0
    total = 0.0
    for rings in geometry["coordinates"]:
        for ring in rings:
            total += sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))
    return round(total / 2 * 10_000, 3)


@given(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=25), st.booleans())
def test_a_border_holds_exactly_the_cells(cells: set[tuple[int, int]], clockwise: bool) -> None:
    union = union_of([square(*cell, clockwise=clockwise) for cell in sorted(cells)])
    assert area(union) == len(cells)
    for rings in union["coordinates"] if union else []:
        assert all(ring[0] == ring[-1] and len(ring) >= 5 for ring in rings)


def test_a_yard_in_the_middle_stays_a_hole() -> None:
    ring = [(x, y) for x in range(3) for y in range(3) if (x, y) != (1, 1)]
    union = union_of([square(*cell) for cell in ring])
    assert union is not None
    assert [len(rings) for rings in union["coordinates"]] == [2]


def test_a_name_stands_at_a_corner_inside_and_in_the_middle_of_one_cell() -> None:
    four = [square(x, y) for x in range(2) for y in range(2)]
    assert label_place(four) == (116.01, 35.01)
    one = label_place([square(0, 0)])
    assert one is not None and abs(one[0] - 116.005) < 1e-6
    assert label_place([]) is None


def test_a_park_without_an_outline_is_drawn_around_its_cells(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        first, second = make_cell(by, "C-01"), make_cell(by, "C-02")
        park = registry.open_park(by=by, now=NOW, code="P-01", name="示范园")
        registry.open_park(by=by, now=NOW, code="P-02", name="空园")
        make_firm(by, name="示范甲厂", cell=first, park=park)
        make_firm(by, name="示范乙厂", cell=second, park=park)
        cells = collection(("C-01", square(0, 0)), ("C-02", square(1, 0)))
        registry.set_outlines(by=by, now=NOW, text=cells)
        [border] = queries.cell_map(by=by)["borders"]["parks"]
        assert (border["properties"]["name"], border["properties"]["is_own"]) == ("示范园", False)
        assert area(border["geometry"]) == 2
        registry.set_outlines(by=by, now=NOW, text=collection(("P-01", square(3, 3))))
        [border] = queries.cell_map(by=by)["borders"]["parks"]
        assert border["properties"]["is_own"]
        assert Cell.objects.filter(zone_id=by.zone_id).count() == 2
