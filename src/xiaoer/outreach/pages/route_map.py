"""A day's routes drawn on the server: outlines of cells, lines, numbered stops. No tiles, no script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from xiaoer.outreach.queries.routes import Board, RoundRow, StopRow
from xiaoer.outreach.routing import Place
from xiaoer.work.calendar import LOCAL

WIDTH, HEIGHT, MARGIN = 720.0, 440.0, 28.0
LEAST_DEGREES = 0.01
SERIES = 4
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered stop."""

    x: float
    y: float
    number: int
    enterprise: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One officer's way; ``series`` is its colour, ``is_dashed`` tells the fifth from the first."""

    officer: str
    series: int
    is_dashed: bool
    paths: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template draws, in units of the picture."""

    outlines: tuple[str, ...]
    lines: tuple[Line, ...]
    bases: tuple[Point, ...]
    width: int = int(WIDTH)
    height: int = int(HEIGHT)


def series_of(place: int) -> int:
    """The colour of the so-and-so-many-th officer, on the map and beside the name."""
    return place % SERIES + 1


def is_dashed(place: int) -> bool:
    return place % (2 * SERIES) >= SERIES


def drawing_of(
    board: Board, outlines: Iterable[dict[str, Any]], lunch: int | None
) -> Drawing | None:
    """The map of a board; None where there is nothing to draw. ``lunch`` ends at this second."""
    places = [stop.place for row in board.rounds for stop in row.stops if stop.place]
    if not places or board.start is None or board.end is None:
        return None
    frame = _Frame.around([*places, board.start, board.end])
    return Drawing(
        outlines=tuple(frame.path(ring) + "Z" for outline in outlines for ring in _rings(outline)),
        lines=tuple(
            Line(
                officer=row.officer,
                series=series_of(place),
                is_dashed=is_dashed(place),
                paths=_paths(row, board.start, board.end, lunch, frame),
                marks=tuple(_mark(stop, frame) for stop in row.stops if stop.place),
            )
            for place, row in enumerate(board.rounds)
        ),
        bases=tuple(frame.point(base) for base in dict.fromkeys((board.start, board.end))),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    west: float
    north: float
    scale: float
    aspect: float
    left: float
    top: float

    @classmethod
    def around(cls, places: Sequence[Place]) -> "_Frame":
        longitudes = [place.longitude for place in places]
        latitudes = [place.latitude for place in places]
        aspect = cos(radians(sum(latitudes) / len(latitudes)))
        wide = max(max(longitudes) - min(longitudes), LEAST_DEGREES) * aspect
        high = max(max(latitudes) - min(latitudes), LEAST_DEGREES)
        scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
        middle = (
            (max(longitudes) + min(longitudes)) / 2,
            (max(latitudes) + min(latitudes)) / 2,
        )
        return cls(middle[0], middle[1], scale, aspect, WIDTH / 2, HEIGHT / 2)

    def point(self, place: Place) -> Point:
        return self.at(place.longitude, place.latitude)

    def at(self, longitude: float, latitude: float) -> Point:
        return (
            round(self.left + (longitude - self.west) * self.aspect * self.scale, 1),
            round(self.top - (latitude - self.north) * self.scale, 1),
        )

    def path(self, ring: Iterable[Sequence[float]]) -> str:
        return "M" + "L".join("{} {}".format(*self.at(spot[0], spot[1])) for spot in ring)


def _rings(outline: dict[str, Any]) -> Iterable[Sequence[Sequence[float]]]:
    rings: Any = outline.get("coordinates", [])
    if outline.get("type") == "Polygon":
        return [list(ring) for ring in rings]
    return [list(ring) for polygon in rings for ring in polygon]


def _paths(
    row: RoundRow, start: Place, end: Place, lunch: int | None, frame: _Frame
) -> tuple[str, ...]:
    """The way before lunch and the way after it, each from the base and back to it."""
    before = [stop for stop in row.stops if lunch is None or _second(stop) < lunch]
    after = [stop for stop in row.stops if stop not in before]
    return tuple(
        frame.path((place.longitude, place.latitude) for place in (start, *known, end))
        for half in (before, after)
        if (known := [stop.place for stop in half if stop.place])
    )


def _second(stop: StopRow) -> int:
    at = stop.arrives_at.astimezone(LOCAL)
    return at.hour * 3600 + at.minute * 60


def _mark(stop: StopRow, frame: _Frame) -> Mark:
    place = stop.place
    if place is None:
        raise ValueError(stop.enterprise)
    x, y = frame.point(place)
    return Mark(x, y, stop.order, stop.enterprise, stop.late_minutes > 0)
