"""What was seen: lines of signs, each with how sure it is and where it stands."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was read. ``quad`` begins at its upper left, in parts of the page.

    ``sure`` and ``at`` belong to each sign: how sure it is, and where along the line its middle is.
    """

    page: int
    text: str
    quad: Quad
    sure: tuple[float, ...]
    at: tuple[float, ...]

    def told(self) -> dict[str, Any]:
        """As it is kept with a reading."""
        return {
            "page": self.page,
            "text": self.text,
            "confidence": round(min(self.sure, default=0.0), 4),
            "box": [[round(x, 4), round(y, 4)] for x, y in self.quad],
        }

    def part(self, begin: int, end: int) -> tuple[float, float, float, float]:
        """The upright box around some of its signs, in parts of the page."""
        half = 0.5 / max(len(self.text), 1)
        first = max(0.0, self.at[begin] - half)
        last = min(1.0, self.at[end - 1] + half)
        a, b, c, d = self.quad
        corners = [_between(a, b, first), _between(a, b, last), _between(d, c, last),
                   _between(d, c, first)]  # fmt: skip
        return around(corners)


def _between(start: Point, goal: Point, share: float) -> Point:
    return (start[0] + (goal[0] - start[0]) * share, start[1] + (goal[1] - start[1]) * share)


def around(points: Sequence[Point]) -> tuple[float, float, float, float]:
    """x, y, width and height of the upright box around some points."""
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def joined(
    boxes: Sequence[tuple[float, float, float, float]],
) -> tuple[float, float, float, float]:
    """One box around several."""
    points = [(x, y) for x, y, _w, _h in boxes] + [(x + w, y + h) for x, y, w, h in boxes]
    return around(points)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its size in points of the picture, its lines, and where light or a seal lies on it."""

    number: int
    width: int
    height: int
    lines: tuple[Line, ...]
    turned: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A line made ready for searching: blanks out, wide signs narrow, upright in points.

    ``signs`` says which sign of the line each sign of ``plain`` was.
    """

    line: Line
    plain: str
    signs: tuple[int, ...]
    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    gaps: frozenset[int] = field(default_factory=frozenset)

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def place(page: Page) -> list[Placed]:
    """The lines of a page in reading order, as they lie once the page is straight."""
    askew = _askew(page)
    cos, sin = math.cos(-askew), math.sin(-askew)
    found = []
    for line in page.lines:
        upright = [
            (x * page.width * cos - y * page.height * sin,
             x * page.width * sin + y * page.height * cos)
            for x, y in line.quad
        ]  # fmt: skip
        left, top, width, height = around(upright)
        plain, signs, gaps = _plain(line.text)
        if plain:
            # Skew left in the line itself makes the box too high: what counts is its short side.
            side = min(height, math.dist(upright[0], upright[3]) or height)
            middle = top + height / 2
            found.append(
                Placed(line, plain, signs, left, middle - side / 2, left + width,
                       middle + side / 2, gaps)
            )  # fmt: skip
    return _in_order(found)


def _askew(page: Page) -> float:
    """By which angle the lines lean, the long ones deciding."""
    leans: list[tuple[float, float]] = []
    for line in page.lines:
        (ax, ay), (bx, by) = line.quad[0], line.quad[1]
        run, rise = (bx - ax) * page.width, (by - ay) * page.height
        if run > 0 and len(line.text) > 3:
            leans.append((math.atan2(rise, run), run))
    if not leans:
        return 0.0
    leans.sort()
    half, so_far = sum(weight for _lean, weight in leans) / 2, 0.0
    for lean, weight in leans:
        so_far += weight
        if so_far >= half:
            return lean
    return leans[-1][0]


def _in_order(found: list[Placed]) -> list[Placed]:
    """From top to bottom, what stands on one height from left to right."""
    rows: list[list[Placed]] = []
    for one in sorted(found, key=lambda placed: placed.middle):
        row = rows[-1] if rows else None
        if row and abs(one.middle - row[0].middle) < 0.5 * min(one.height, row[0].height):
            row.append(one)
        else:
            rows.append([one])
    return [one for row in rows for one in sorted(row, key=lambda placed: placed.left)]


def _plain(text: str) -> tuple[str, tuple[int, ...], frozenset[int]]:
    plain: list[str] = []
    signs: list[int] = []
    gaps: set[int] = set()
    for number, sign in enumerate(text):
        narrow = unicodedata.normalize("NFKC", sign)
        if narrow.isspace() or not narrow:
            gaps.add(len(plain))
            continue
        plain.extend(narrow)
        signs.extend([number] * len(narrow))
    return "".join(plain), tuple(signs), frozenset(gaps)
