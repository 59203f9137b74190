"""What every layout becomes: shapes of figures, names of firms, and lines ready to be staged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xiaoer.base.tables import Header, LeftOut, Table
from xiaoer.base.tables.cells import is_blank, show_cell
from xiaoer.facts.measuring import Scaled
from xiaoer.facts.models import Aspect, Column, FactImport, Metric
from xiaoer.facts.periods import Period

Layout = FactImport.Layout
STAGED = (
    "row_no", "shape", "firm", "low", "high", "is_open", "said", "external_ref", "note", "reason",
    "advice",
)  # fmt: skip
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a figure cannot be taken, and what to do."""

    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Shape:
    """All of a figure but whose it is and how much: the same for a whole column of a sheet."""

    metric: Metric
    aspect: str
    period: Period
    column: str
    dimension: str = ""
    source: str = ""
    known_on: date | None = None
    heading: str = ""
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked once for a layout; ``options`` are what may be answered."""

    key: str
    count: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column of a sheet as it was understood, for the page on which a person corrects it.

    ``guesses`` are keys a person may mean; ``unit_from`` is "heading", "above", "assumed" or
    "person".
    """

    index: int
    name: str
    example: str
    key: str | None
    words: str = ""
    unit: str = ""
    unit_from: str = ""
    guesses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet taken apart. ``lines`` are those of the table ``staged``, to be walked once."""

    layout: str
    header: Header
    fingerprint: str
    columns: tuple[ColumnSeen, ...]
    shapes: Sequence[Shape] = ()
    firms: Sequence[tuple[str, str]] = ()
    lines: Iterable[str] = ()
    left_out: tuple[LeftOut, ...] = ()
    missing: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    metric: Metric | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a sheet may name: the names of the actor's zone, and the metrics by name and code."""

    zone_names: frozenset[str]
    metrics: Mapping[str, Metric]
    headings: Mapping[str, Metric] = field(default_factory=dict)

    def metric(self, name: str) -> Metric | None:
        return self.metrics.get(name.casefold())


def copy_line(
    row_no: int,
    said: str,
    *,
    shape: int | None = None,
    firm: int | None = None,
    figure: Scaled | None = None,
    external_ref: str = "",
    note: str = "",
    trouble: Trouble | None = None,
) -> str:
    """A line of ``staged`` in the form COPY takes."""
    cells = (
        str(row_no),
        _or_null(shape),
        _or_null(firm),
        _or_null(figure.low if figure else None),
        _or_null(figure.high if figure else None),
        "t" if figure and figure.is_open else "f",
        escaped(said[:200]),
        escaped(external_ref),
        escaped(note),
        escaped(trouble.reason[:300] if trouble else ""),
        escaped(trouble.advice[:300] if trouble else ""),
    )
    return "\t".join(cells) + "\n"


def escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _or_null(number: int | None) -> str:
    return "\\N" if number is None else str(number)


def columns_seen(
    table: Table, header: Header, more: Mapping[int, ColumnSeen] | None = None
) -> tuple[ColumnSeen, ...]:
    """Every column with a heading or a value, as the header or a layout of its own took it."""
    begin = header.row_index + 1
    seen = []
    for index, name in enumerate(header.names):
        if more and index in more:
            seen.append(more[index])
            continue
        cells = table.columns[index][begin : begin + 200]
        example = next((show_cell(cell) for cell in cells if not is_blank(cell)), "")[:40]
        match = header.mapping.get(index)
        if name or example:
            seen.append(ColumnSeen(index, name[:60], example, match.field.key if match else None))
    return tuple(seen)


def value_shape(
    metric: Metric, period: Period, column: str, heading: str, trouble: Trouble | None = None
) -> Shape:
    """The shape of a column that holds values of one metric for one period."""
    return Shape(
        metric, Aspect.VALUE, period, Column(column), heading=heading[:60], trouble=trouble
    )
