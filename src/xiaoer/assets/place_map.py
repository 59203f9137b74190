"""Places drawn as one SVG on the server: GeoJSON outlines, the fuller the stronger, each a link.

No script, no tiles: it prints, works by keyboard, and follows light and dark by its style sheet.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

WIDTH, MARGIN, LEAST, MOST = 800, 16, 220, 620
CLASSES = 5
LABEL_HIGH = 28
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Shape:
    """One outline: its path, its class (None: not known), what it says and where it leads."""

    path: str
    fill: int | None
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """What a page draws; ``classes``: from and to of each fill."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]
    classes: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A place to be drawn: its outlines, its figure, and its words."""

    outlines: Sequence[Mapping[str, Any]]
    value: Decimal | None
    words: str
    address: str
    label: str = ""


def place_map(places: Sequence[Drawn]) -> PlaceMap | None:
    """All places on one map; None where none of them has an outline."""
    points = [point for one in places for ring in _rings(one.outlines) for point in ring]
    if not points:
        return None
    frame = _frame(points)
    classes = classes_of([one.value for one in places if one.value is not None])
    shapes, labels = [], []
    for one in places:
        rings = list(_rings(one.outlines))
        if not rings:
            continue
        path = "".join(_path(ring, frame) for ring in rings)
        shapes.append(Shape(path, _class(one.value, classes), one.words, one.address))
        if one.label:
            labels.append(_label(one.label, rings, frame))
    return PlaceMap(WIDTH, frame.height, tuple(shapes), tuple(labels), classes)


def classes_of(values: Iterable[Decimal]) -> tuple[tuple[Decimal, Decimal], ...]:
    """Classes of about as many places each: equal steps would paint most places alike."""
    kept = sorted(set(values))
    count = min(CLASSES, len(kept))
    starts = [kept[place * len(kept) // count] for place in range(count)] if count else []
    ends = [
        max(value for value in kept if place + 1 == count or value < starts[place + 1])
        for place in range(count)
    ]
    return tuple(zip(starts, ends, strict=True))


def _class(value: Decimal | None, classes: Sequence[tuple[Decimal, Decimal]]) -> int | None:
    if value is None:
        return None
    return max(place for place, (low, _high) in enumerate(classes) if value >= low)


@dataclass(frozen=True, slots=True)
class _Frame:
    """How degrees become places on the drawing: north is up, and a metre is a metre both ways."""

    west: float
    north: float
    scale: float
    aspect: float
    left: float
    height: int

    def at(self, point: Sequence[float]) -> tuple[float, float]:
        x = self.left + (point[0] - self.west) * self.aspect * self.scale
        return round(x, 1), round(MARGIN + (self.north - point[1]) * self.scale, 1)


def _frame(points: Sequence[Sequence[float]]) -> _Frame:
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    aspect = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * aspect, 1e-6), max(north - south, 1e-6)
    scale = min((WIDTH - 2 * MARGIN) / wide, (MOST - 2 * MARGIN) / high)
    height = max(round(high * scale) + 2 * MARGIN, LEAST)
    return _Frame(west, north, scale, aspect, (WIDTH - wide * scale) / 2, height)


def _rings(outlines: Iterable[Mapping[str, Any]]) -> Iterator[Ring]:
    for outline in outlines:
        if outline.get("type") == "Polygon":
            yield from outline["coordinates"]
        elif outline.get("type") == "MultiPolygon":
            for polygon in outline["coordinates"]:
                yield from polygon


def _path(ring: Ring, frame: _Frame) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in map(frame.at, ring)) + "Z"


def _label(words: str, rings: Sequence[Ring], frame: _Frame) -> Label:
    """On the outline nearest the middle of them all, so that a place in pieces is not named where it
    is not; below one too small to carry its name."""
    drawn = [[frame.at(point) for point in ring] for ring in rings]
    middle = _middle([point for ring in drawn for point in ring])
    x, y = min((_middle(ring) for ring in drawn), key=lambda one: math.dist(one, middle))
    ring = min(drawn, key=lambda one: math.dist(_middle(one), (x, y)))
    top, bottom = min(point[1] for point in ring), max(point[1] for point in ring)
    if bottom - top < LABEL_HIGH:
        y = bottom + LABEL_HIGH / 2
    return Label(round(x, 1), round(y, 1), words)


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    count = len(points)
    return sum(one[0] for one in points) / count, sum(one[1] for one in points) / count
