"""The picture of a definition: who does what after what, laid out for the eye. Pure.

Desktop: a lane for each office, a column for each layer of what waits for what. Phone: one column,
layer under layer. Black is the longest chain by what is promised; dashed is what applies only by
answers. Lengths are pixels; the template draws.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xiaoer.permits.definition import Item
from xiaoer.permits.scenario import in_order, layers, longest
from xiaoer.permits.words import working_days

BOX, TALL, GAP_X, GAP_Y, LANE, HEAD = 232, 66, 44, 12, 132, 8
PHONE, PHONE_TALL, RAIL = 340, 92, 26
LINE = 16  # Chinese characters in one line of a box


@dataclass(frozen=True, slots=True)
class Box:
    item: Item
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]
    is_critical: bool
    is_certain: bool
    after: str  # names of what it waits for, for the phone


@dataclass(frozen=True, slots=True)
class Arrow:
    path: str
    tip: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Lane:
    office: str
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    lanes: tuple[Lane, ...] = ()


def draw(items: Sequence[Item], name_of: Callable[[Item], str]) -> Drawing:
    """Lanes and layers, for a wide screen."""
    critical = set(_chain(items))
    places: dict[str, tuple[int, int]] = {}
    lanes: list[Lane] = []
    columns = layers(items)
    at = {one.code: number for number, column in enumerate(columns) for one in column}
    top = HEAD
    for office in dict.fromkeys(one.office for one in items):
        used: dict[int, int] = {}
        for one in items:
            if one.office == office:
                row = used.get(at[one.code], 0)
                used[at[one.code]] = row + 1
                places[one.code] = (
                    LANE + at[one.code] * (BOX + GAP_X),
                    top + GAP_Y + row * (TALL + GAP_Y),
                )
        height = max(used.values()) * (TALL + GAP_Y) + GAP_Y
        lanes.append(Lane(office, top, height))
        top += height
    boxes = tuple(
        _box(one, *places[one.code], BOX, TALL, critical, name_of(one), "") for one in items
    )
    arrows = tuple(
        _across(places[code], places[one.code], code in critical and one.code in critical)
        for one in items
        for code in one.after
        if code in places
    )
    width = LANE + max(1, len(columns)) * (BOX + GAP_X) - GAP_X + HEAD
    return Drawing(width, top + HEAD, boxes, arrows, tuple(lanes))


def draw_narrow(items: Sequence[Item], name_of: Callable[[Item], str]) -> Drawing:
    """One under another, in the order things can happen, with a rail at the left."""
    critical = set(_chain(items))
    names = {one.code: name_of(one) for one in items}
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    y = HEAD
    before: int | None = None
    for column in layers(items):
        for one in column:
            behind = "、".join(names[code] for code in one.after if code in names)
            boxes.append(
                _box(one, RAIL, y, PHONE - RAIL - 2, PHONE_TALL, critical, names[one.code], behind)
            )
            y += PHONE_TALL + GAP_Y
        middle = boxes[-len(column)].y + PHONE_TALL // 2
        if before is not None:
            arrows.append(
                Arrow(f"M9 {before}V{middle}H{RAIL - 6}", _tip(RAIL, middle), is_critical=False)
            )
        before = middle
        y += GAP_Y
    return Drawing(PHONE, y, tuple(boxes), tuple(arrows))


def _chain(items: Sequence[Item]) -> tuple[str, ...]:
    _days, chain = longest(in_order(items), lambda one: working_days(one.promised))
    return chain


def _box(
    item: Item,
    x: int,
    y: int,
    width: int,
    height: int,
    critical: set[str],
    name: str,
    after: str,
) -> Box:
    wide = LINE + 6 if width > BOX else LINE
    return Box(
        item, x, y, width, height, _lines(name, wide), item.code in critical,
        not item.applies_if, _cut(after, wide - 1 - len(item.office)),
    )  # fmt: skip


def _lines(name: str, most: int) -> tuple[str, ...]:
    """A name in at most two lines; Latin letters are half as wide."""
    if _width(name) <= most:
        return (name,)
    first = _cut_at(name, most)
    return name[:first], _cut(name[first:], most)


def _cut(text: str, most: int) -> str:
    return text if _width(text) <= most else text[: _cut_at(text, most - 1)] + "…"


def _cut_at(text: str, most: int) -> int:
    used = 0.0
    for at, sign in enumerate(text):
        used += 0.55 if sign.isascii() else 1
        if used > most:
            return at
    return len(text)


def _width(text: str) -> float:
    return sum(0.55 if sign.isascii() else 1 for sign in text)


def _across(start: tuple[int, int], end: tuple[int, int], is_critical: bool) -> Arrow:
    x1, y1 = start[0] + BOX, start[1] + TALL // 2
    x2, y2 = end[0] - 6, end[1] + TALL // 2
    bend = GAP_X // 2
    path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    return Arrow(path, _tip(end[0], y2), is_critical)


def _tip(x: int, y: int) -> str:
    return f"M{x - 7} {y - 4}L{x} {y}L{x - 7} {y + 4}Z"
