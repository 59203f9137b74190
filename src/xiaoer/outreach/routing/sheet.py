"""A sheet of distances by road: from where, to where, how far, how long. Real sheets are dirty."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base.reading import Unreadable, take_apart
from xiaoer.base.refusals import Refused
from xiaoer.base.tables import Converter, Field, Severity, clean_table, find_header, read_table
from xiaoer.base.tables.cells import Cell, show_cell

BASE_WORDS = frozenset({"驻地", "出发地", "出发点", "返回地", "服务中心", "base"})
FARTHEST_M = 300_000
LONGEST_S = 12 * 3600

FIELDS = (
    Field(
        "from", "起点", "From", ("出发", "出发企业", "起点企业", "来源", "origin"), required=True
    ),
    Field(
        "to", "终点", "To", ("到达", "到达企业", "终点企业", "目的地", "destination"), required=True
    ),
    Field(
        "way",
        "里程",
        "Distance",
        ("距离", "路程", "公里数", "路网里程", "里程公里", "km", "distance_km"),
        kind="way",
        unit="公里",
    ),
    Field("metres", "米数", "Metres", ("m", "distance_m", "里程米", "距离米"), kind="metres"),
    Field(
        "minutes",
        "行车时间",
        "Minutes",
        ("用时", "时间", "分钟", "行车分钟", "行车时间分钟", "duration_min"),
        kind="minutes",
    ),
    Field("seconds", "秒数", "Seconds", ("行车时间秒", "duration_s"), kind="seconds"),
)
_METRES = {"公里": 1000, "千米": 1000, "km": 1000, "米": 1, "m": 1}
_SECONDS = {"分": 60, "分钟": 60, "min": 60, "秒": 1, "s": 1, "小时": 3600, "h": 3600}


@dataclass(frozen=True, slots=True)
class RoadRow:
    """A good row: two places as they are written, and the way between them."""

    row_no: int
    origin: str
    target: str
    metres: int
    seconds: int | None


@dataclass(frozen=True, slots=True)
class RoadProblem:
    """A row that cannot be taken, and why."""

    row_no: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class RoadsRead:
    """What a sheet says: rows that can be taken, and each that cannot."""

    rows: tuple[RoadRow, ...]
    problems: tuple[RoadProblem, ...]


def read_roads(path: Path) -> RoadsRead:
    """Read the sheet; refuses one without places or distances, row by row what is no distance."""
    table = read_table(path, wanted=FIELDS)
    header = find_header(table.rows, FIELDS)
    keys = {match.field.key for match in header.mapping.values()}
    if not header.missing and not keys & {"way", "metres"}:
        raise Refused(_("No column says how far it is. Add one with the heading 里程（公里）."))
    read = clean_table(table, header, _CONVERTERS)
    rejected = {
        problem.row_no: RoadProblem(
            problem.row_no, problem.field.label if problem.field else "", problem.reason
        )
        for problem in read.problems
        if problem.severity is Severity.REJECT
    }
    rows = []
    for row_no, values in zip(read.row_nos, read.rows(), strict=True):
        found = dict(zip((field.key for field in read.fields), values, strict=True))
        metres = next((found[key] for key in ("way", "metres") if found.get(key) is not None), None)
        seconds = next(
            (found[key] for key in ("seconds", "minutes") if found.get(key) is not None), None
        )
        if not isinstance(metres, int):
            rejected[row_no] = RoadProblem(row_no, FIELDS[2].label, _("The distance is missing."))
            continue
        rows.append(
            RoadRow(
                row_no,
                str(found["from"]),
                str(found["to"]),
                metres,
                seconds if isinstance(seconds, int) else None,
            )
        )
    return RoadsRead(tuple(rows), tuple(rejected[row_no] for row_no in sorted(rejected)))


def _measure(cell: Cell, default: str, units: dict[str, int]) -> Decimal:
    figure = take_apart(show_cell(cell))
    if figure is None or figure.head:
        raise Unreadable(gettext_lazy("“{value}” is no number."), value=show_cell(cell))
    unit = figure.tail.strip().lower() or default
    if unit not in units:
        raise Unreadable(gettext_lazy("“{value}” is no number."), value=show_cell(cell))
    return Decimal(figure.digits).scaleb(-figure.places) * units[unit]


def _metres_of(cell: Cell, default: str) -> int:
    metres = _measure(cell, default, _METRES)
    if metres < 0:
        raise Unreadable(
            gettext_lazy("A distance is never negative: {value}."), value=show_cell(cell)
        )
    if metres > FARTHEST_M:
        raise Unreadable(
            gettext_lazy("{value} is farther than any zone is wide; look at the unit."),
            value=show_cell(cell),
        )
    return round(metres)


def _seconds_of(cell: Cell, default: str) -> int:
    seconds = _measure(cell, default, _SECONDS)
    if not 0 <= seconds <= LONGEST_S:
        raise Unreadable(
            gettext_lazy("“{value}” is no time on the road; look at the unit."),
            value=show_cell(cell),
        )
    return round(seconds)


_CONVERTERS: dict[str, Converter] = {
    "way": lambda cell, unit, /: _metres_of(cell, unit or "公里"),
    "metres": lambda cell, unit, /: _metres_of(cell, unit or "米"),
    "minutes": lambda cell, unit, /: _seconds_of(cell, unit or "分钟"),
    "seconds": lambda cell, unit, /: _seconds_of(cell, unit or "秒"),
}


def pairs_missing(pairs: Sequence[tuple[object, object]]) -> int:
    """Pairs of the sheet's own places of which it says nothing, there and back counted apart."""
    known = set(pairs)
    places = {place for pair in pairs for place in pair}
    return len(places) * (len(places) - 1) - len(known)
