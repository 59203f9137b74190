"""Borders of what consists of cells: the outer lines of several outlines taken together.

Cells that share a border share its corners, so a side walked in both directions lies inside and
falls away. Where neighbours do not quite fit, their own lines remain, which is true and readable.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

Place = tuple[float, float]
Side = tuple[Place, Place]
DIGITS = 7  # of a degree: a centimetre


def union_of(outlines: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """One MultiPolygon around several outlines; None where there is none."""
    rings = _trace(_outer_sides(outlines))
    outer = [ring for ring in rings if _area(ring) > 0]
    holes = [ring for ring in rings if _area(ring) < 0]
    polygons: list[list[list[Place]]] = [[ring] for ring in outer]
    for hole in holes:
        around = [one for one in polygons if _holds(one[0], _middle(hole))]
        if around:
            min(around, key=lambda one: _area(one[0])).append(hole)
    if not polygons:
        return None
    return {
        "type": "MultiPolygon",
        "coordinates": [[[list(p) for p in ring] for ring in one] for one in polygons],
    }


def label_place(outlines: Sequence[dict[str, Any]]) -> Place | None:
    """Where the name of the whole stands best: at the corner inside that is nearest the middle,
    so that it covers no cell's own number; in the middle where no corner lies inside."""
    corners = Counter(
        place for outline in outlines for ring in _rings(outline) for place in ring[:-1]
    )
    if not corners:
        return None
    border = {place for side in _outer_sides(outlines) for place in side}
    x = sum(place[0] for place in corners) / len(corners)
    y = sum(place[1] for place in corners) / len(corners)
    inside = [place for place in corners if place not in border]
    if not inside:
        return x, y
    return min(inside, key=lambda place: (place[0] - x) ** 2 + (place[1] - y) ** 2)


def _outer_sides(outlines: Iterable[dict[str, Any]]) -> list[Side]:
    """Sides walked in one direction only, as often as they are; so every corner stays balanced."""
    sides: Counter[Side] = Counter()
    for outline in outlines:
        for ring in _rings(outline):
            for start, end in itertools.pairwise(ring):
                if sides[end, start]:
                    sides[end, start] -= 1
                elif start != end:
                    sides[start, end] += 1
    return list(sides.elements())


def _rings(outline: dict[str, Any]) -> Iterable[list[Place]]:
    """Rings in one sense of turning: outer ones against the clock, holes with it."""
    several = outline["type"] == "MultiPolygon"
    for polygon in outline["coordinates"] if several else [outline["coordinates"]]:
        for number, corners in enumerate(polygon):
            ring = [(round(p[0], DIGITS), round(p[1], DIGITS)) for p in corners]
            yield ring if (_area(ring) > 0) == (number == 0) else ring[::-1]


def _trace(sides: list[Side]) -> list[list[Place]]:
    """Sides put end to end into rings; as many leave a corner as come to it."""
    leaving: dict[Place, list[Place]] = defaultdict(list)
    for start, end in sorted(sides):
        leaving[start].append(end)
    rings = []
    for start in sorted(leaving):
        while leaving[start]:
            ring = [start]
            while leaving[ring[-1]]:
                ring.append(leaving[ring[-1]].pop())
                if ring[-1] == start:
                    break
            rings.append(ring)
    return rings


def _area(ring: Sequence[Place]) -> float:
    """Twice the area; positive against the clock."""
    x, y = ring[0]
    return sum(
        (a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y) for a, b in itertools.pairwise(ring)
    )


def _middle(ring: Sequence[Place]) -> Place:
    return sum(p[0] for p in ring[1:]) / (len(ring) - 1), sum(p[1] for p in ring[1:]) / (
        len(ring) - 1
    )


def _holds(ring: Sequence[Place], place: Place) -> bool:
    """Whether a place lies inside a ring: a line to the east crosses it an odd number of times."""
    x, y = place
    inside = False
    for (ax, ay), (bx, by) in itertools.pairwise(ring):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside
