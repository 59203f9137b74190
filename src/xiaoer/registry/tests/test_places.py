"""Parks, grids and cells; outlines are taken only when they are right."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import actions as registry
from xiaoer.registry import queries
from xiaoer.registry.outlines import read_outlines
from xiaoer.registry.tests.people import make_cell, make_firm, post_of

pytestmark = pytest.mark.usefixtures("in_english")
Of = Callable[[str], Actor]
SQUARE = [[116.5, 35.4], [116.6, 35.4], [116.6, 35.5], [116.5, 35.5], [116.5, 35.4]]


def collection(*features: tuple[str, Any]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {"code": code}, "geometry": geometry}
                for code, geometry in features
            ],
        }
    )


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_outlines_are_matched_by_code_and_the_rest_is_told(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        cell = make_cell(by, "C-01")
        registry.open_park(by=by, now=NOW, code="P-01", name="示范园")
        text = collection(
            ("C-01", polygon(SQUARE)),
            ("P-01", {"type": "MultiPolygon", "coordinates": [[SQUARE]]}),
            ("X-99", polygon(SQUARE)),
        )
        done = registry.set_outlines(by=by, now=NOW, text=text)
        assert (done.matched, done.unknown) == (("C-01", "P-01"), ("X-99",))
        [feature] = queries.cell_map(by=by)["features"]
    assert feature["properties"]["id"] == cell.pk


@pytest.mark.parametrize(
    "geometry",
    [
        polygon(SQUARE[:-1]),
        polygon(SQUARE[:3]),
        polygon([[200, 35.4]] * 5),
        polygon([["116", "35"]] * 5),
        polygon([[True, False]] * 5),
        polygon([[float("nan"), 35.0]] * 5),
        polygon(),
        {"type": "Point", "coordinates": [116.5, 35.4]},
        {"type": "MultiPolygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": {}},
        None,
    ],
)
def test_an_outline_that_is_no_closed_polygon_is_refused(geometry: Any) -> None:
    with pytest.raises(Refused, match="C-01"):
        read_outlines(collection(("C-01", geometry)))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", "[" * 100_000, '{"features": 3}', "<kml/>"]
)
def test_what_is_no_collection_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_outlines(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["type", "features", "geometry", "coordinates", "properties", "code"]
                ),
                inner | st.sampled_from(["Polygon", "MultiPolygon", "FeatureCollection"]),
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_nonsense_is_refused_and_never_crashes(document: Any) -> None:
    whole = {"type": "FeatureCollection", "features": [document]}
    with pytest.raises(Refused):
        read_outlines(json.dumps(whole))


def test_a_code_names_one_cell_of_a_zone(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        cell = make_cell(by, "C-01")
        with pytest.raises(Refused, match="taken"):
            registry.open_cell(by=by, now=NOW, grid=cell.grid, code="C-01", name="另一单元")


def test_an_officer_cannot_redraw_the_grid(of: Of) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused):
        registry.open_grid(by=by, now=NOW, code="G-1", name="总网格")


def test_a_cell_shows_who_answers_for_it_and_how_many_are_in_it(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        cell = make_cell(by)
        make_firm(by, cell=cell)
        post = post_of("east-officer")
        registry.give_cell_duty(by=by, now=NOW, cell=cell, post=post)
        figure = queries.cell(by=by, cell_id=cell.pk)
        assert figure is not None
        assert (figure.enterprises, [duty.name for duty in figure.duties]) == (1, ["网一"])
        with pytest.raises(Refused, match="already"):
            registry.give_cell_duty(by=by, now=NOW, cell=cell, post=post)


WRONG = {
    "crosses itself": [[116.5, 35.4], [116.6, 35.5], [116.6, 35.4], [116.5, 35.5], [116.5, 35.4]],
    "wrong way round": [[y, x] for x, y in SQUARE],
    "outside China": [[x - 110, y] for x, y in SQUARE],
    "encloses nothing": [[116.5, 35.4], [116.6, 35.4], [116.5, 35.4], [116.5, 35.4]],
}


@pytest.mark.parametrize("why", WRONG)
def test_a_drawing_that_cannot_be_is_told_with_its_fault(why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_outlines(collection(("C-01", polygon(WRONG[why]))))
    with pytest.raises(Refused, match=why):
        several = {"type": "MultiPolygon", "coordinates": [[SQUARE], [WRONG[why]]]}
        read_outlines(collection(("C-01", several)))


def test_a_swapped_place_in_the_far_west_is_seen_too() -> None:
    """There both numbers could be latitudes of the earth."""
    urumqi = [[43.8, 87.6], [43.9, 87.6], [43.9, 87.7], [43.8, 87.6]]
    with pytest.raises(Refused, match="wrong way round"):
        read_outlines(collection(("C-01", polygon(urumqi))))


def test_heights_are_left_out_and_no_number_of_theirs_breaks_the_table(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        make_cell(by, "C-01")
        high = [[x, y, float("nan")] for x, y in SQUARE[:-1]]
        text = collection(("C-01", polygon([*high, high[0]])))
        registry.set_outlines(by=by, now=NOW, text=text)
        [feature] = queries.cell_map(by=by)["features"]
    assert feature["geometry"] == polygon(SQUARE)


def test_a_million_points_are_refused_at_once() -> None:
    many = [[116 + number / 1e6, 35 + (number % 2) / 1e4] for number in range(230_000)]
    with pytest.raises(Refused, match="too many points"):
        read_outlines(collection(("C-01", polygon([*many, many[0]]))))
    with pytest.raises(Refused, match="8 MB"):
        read_outlines(" " * (8 * 1024 * 1024 + 1))


def test_a_tangle_made_to_take_long_is_refused_in_time() -> None:
    comb = [[116 + (number % 2), 35 + number / 1e5] for number in range(20_000)]
    with pytest.raises(Refused, match=r"tangled|crosses"):
        read_outlines(collection(("C-01", polygon([*comb, [117.5, 35.5], comb[0]]))))


@given(st.lists(st.floats(0.2, 1), min_size=3, max_size=60))
def test_a_star_around_its_middle_never_crosses_itself(reaches: list[float]) -> None:
    step = 2 * math.pi / len(reaches)
    star = [
        [116 + reach * math.cos(at * step), 35 + reach * math.sin(at * step)]
        for at, reach in enumerate(reaches)
    ]
    assert read_outlines(collection(("C-01", polygon([*star, star[0]]))))


@pytest.mark.parametrize("code", ["C\x001", "\x00", "' or 1=1 --", "<b>", "9" * 5000])
def test_a_strange_code_is_refused_and_names_nothing(of: Of, code: str) -> None:
    by = of("east-desk")
    with acting(by), pytest.raises(Refused):
        registry.set_outlines(by=by, now=NOW, text=collection((code, polygon(SQUARE))))
