"""What is wrong with the outlines of cells before anything is computed from them.

Files are checked when they are taken; outlines of older days, and those that overlap, are not.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from xiaoer.registry.outlines import crossing_of

Ring = list[list[float]]
# So many lines across the box two outlines share; neighbours drawn by hand overlap by a hair.
LINES = 60
OVERLAP = 0.02


def rings_of(outline: dict[str, Any]) -> list[Ring]:
    coordinates = outline["coordinates"]
    if outline["type"] == "MultiPolygon":
        return [ring for polygon in coordinates for ring in polygon]
    rings: list[Ring] = coordinates
    return rings


def crossing(outline: dict[str, Any]) -> str:
    """Where an outline crosses itself, in words; empty where it does not."""
    return next(filter(None, map(crossing_of, rings_of(outline))), "")


def overlapping(outlines: Sequence[tuple[int, dict[str, Any]]]) -> Iterator[tuple[int, int, float]]:
    """Pairs whose outlines overlap, and by which share of the smaller one."""
    drawn = [(number, rings_of(outline)) for number, outline in outlines]
    boxes = {number: _box(rings) for number, rings in drawn}
    areas = {number: abs(_spans_area(rings, boxes[number])) for number, rings in drawn}
    for (one, rings), (other, further) in itertools.combinations(drawn, 2):
        shared = _meet(boxes[one], boxes[other])
        if shared is None:
            continue
        smaller = min(areas[one], areas[other])
        share = _shared_area(rings, further, shared) / smaller if smaller else 0.0
        if share > OVERLAP:
            yield one, other, share


def middle(outline: dict[str, Any]) -> tuple[float, float] | None:
    """The centre of gravity of an outline in degrees; None where it encloses nothing."""
    whole = x = y = 0.0
    for ring in rings_of(outline):
        for (ax, ay), (bx, by) in itertools.pairwise((p[0], p[1]) for p in ring):
            part = ax * by - bx * ay
            whole += part
            x += (ax + bx) * part
            y += (ay + by) * part
    return (x / (3 * whole), y / (3 * whole)) if abs(whole) > 1e-12 else None


Box = tuple[float, float, float, float]


def _box(rings: Iterable[Ring]) -> Box:
    places = [place for ring in rings for place in ring]
    xs, ys = [p[0] for p in places], [p[1] for p in places]
    return min(xs), min(ys), max(xs), max(ys)


def _meet(one: Box, other: Box) -> Box | None:
    left, low = max(one[0], other[0]), max(one[1], other[1])
    right, high = min(one[2], other[2]), min(one[3], other[3])
    return (left, low, right, high) if left < right and low < high else None


def _spans(rings: Iterable[Ring], y: float) -> list[tuple[float, float]]:
    """Where a line to the east lies inside the rings."""
    crossed = sorted(
        (bx - ax) * (y - ay) / (by - ay) + ax
        for ring in rings
        for (ax, ay), (bx, by) in itertools.pairwise((p[0], p[1]) for p in ring)
        if (ay > y) != (by > y)
    )
    return list(zip(crossed[::2], crossed[1::2], strict=False))


def _lines(box: Box) -> list[float]:
    step = (box[3] - box[1]) / LINES
    return [box[1] + step * (at + 0.5) for at in range(LINES)]


def _spans_area(rings: list[Ring], box: Box) -> float:
    step = (box[3] - box[1]) / LINES
    return step * sum(end - start for y in _lines(box) for start, end in _spans(rings, y))


def _shared_area(one: list[Ring], other: list[Ring], box: Box) -> float:
    step = (box[3] - box[1]) / LINES
    return step * sum(
        max(0.0, min(a[1], b[1]) - max(a[0], b[0]))
        for y in _lines(box)
        for a in _spans(one, y)
        for b in _spans(other, y)
    )
