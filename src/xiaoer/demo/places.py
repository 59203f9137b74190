"""Invented outlines of cells: a shaken lattice whose pieces fit without gap or overlap."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """One cell of the lattice, with its outline as GeoJSON and a point inside."""

    row: int
    column: int
    outline: dict[str, object]
    centre: Point


def lattice(
    seed: str, *, rows: int, columns: int, origin: Point, size: Point = (0.016, 0.012)
) -> list[Piece]:
    """``rows`` × ``columns`` four-sided pieces; inner corners are shaken, so that it looks like land."""
    dice = random.Random(f"lattice {seed}")
    corners = [
        [_corner(dice, row, column, origin, size) for column in range(columns + 1)]
        for row in range(rows + 1)
    ]
    return [
        _piece(
            row,
            column,
            [
                corners[row][column],
                corners[row][column + 1],
                corners[row + 1][column + 1],
                corners[row + 1][column],
            ],
        )
        for row in range(rows)
        for column in range(columns)
    ]


def _corner(dice: random.Random, row: int, column: int, origin: Point, size: Point) -> Point:
    shake_x, shake_y = dice.uniform(-0.22, 0.22), dice.uniform(-0.22, 0.22)
    return (
        round(origin[0] + (column + shake_x) * size[0], 6),
        round(origin[1] + (row + shake_y) * size[1], 6),
    )


def _piece(row: int, column: int, ring: Sequence[Point]) -> Piece:
    centre = (sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring))
    outline: dict[str, object] = {
        "type": "Polygon",
        "coordinates": [[list(point) for point in (*ring, ring[0])]],
    }
    return Piece(row, column, outline, centre)


def near(dice: random.Random, centre: Point) -> Point:
    """A point in a piece, not far from its centre."""
    return (
        round(centre[0] + dice.uniform(-0.004, 0.004), 6),
        round(centre[1] + dice.uniform(-0.003, 0.003), 6),
    )
