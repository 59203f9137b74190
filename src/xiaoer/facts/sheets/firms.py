"""Sheets with an enterprise a row: by months of one metric, or by indicators of one period."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from math import isfinite

from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.reading import Unreadable, is_missing, tidy
from xiaoer.base.refusals import Refused
from xiaoer.base.tables import Cleaned, Field, Header, Table, clean_table, find_header
from xiaoer.base.tables.cells import Cell, show_cell
from xiaoer.base.tables.memory import without_collecting
from xiaoer.facts.measuring import Scaled, read_figure, steps_of, unit_of
from xiaoer.facts.models import Aspect, FactImport, Metric
from xiaoer.facts.periods import Period, parse_period
from xiaoer.facts.sheets.headings import (
    BEFORE,
    Heading,
    layout_of,
    of_key,
    period_in,
    period_of,
    read_headings,
    speaks_of_months,
    unit_for,
)
from xiaoer.facts.sheets.lists import ahead
from xiaoer.facts.sheets.parts import (
    ColumnSeen,
    Known,
    Question,
    Shape,
    SheetRead,
    Trouble,
    columns_seen,
    copy_line,
    escaped,
    value_shape,
)

FIRM_FIELDS = (
    Field("name", "企业", "Enterprise", ("企业名称", "单位名称", "单位详细名称", "公司名称", "纳税人名称", "用户名称", "户名")),
    Field("credit_code", "统一社会信用代码", "Credit code", ("信用代码", "社会信用代码", "纳税人识别号", "组织机构代码")),
    Field("zone", "区", "Zone", ("开发区", "县区", "所属区", "所在区", "功能区")),
)  # fmt: skip
DASH, BLANK, PERCENT, PERIOD, BEFORE_ASKED = "dash", "blank", "percent", "period", "before"
ZERO, RATIO, YES = "zero", "ratio", "yes"
_YEAR = re.compile(r"(20\d{2})年")
_BARE_MONTH = re.compile(r"(\d{1,2})月份?")
_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,8})?|-?\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,8})?")
Said = Mapping[str, object]
Reading = int | Scaled | Trouble | None


@dataclass(frozen=True, slots=True)
class Ask:
    """What a person said of a sheet or a layout, and what is known without asking."""

    known: Known
    chosen: Mapping[int, str | None]
    units: Mapping[int, str]
    answers: Mapping[str, str]
    metric: Metric | None
    column: str
    period: Period | None
    texts: tuple[str, ...]
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)


@dataclass(slots=True)
class _Tally:
    """Cells a person is asked about, counted over all columns."""

    dashes: int = 0
    blanks: int = 0
    marks: dict[str, int] | None = None


def read_firms(table: Table, ask: Ask) -> SheetRead | None:
    """A sheet with an enterprise a row, in whichever of the two layouts; None if it is none."""
    fields = [*FIRM_FIELDS, *_metric_fields(ask.known)]
    firm_keys = {field.key for field in FIRM_FIELDS}
    chosen = {
        at: key if key in firm_keys else None
        for at, key in ask.chosen.items()
        if key is None or key in firm_keys or " " in key
    }
    header = find_header(table.rows, fields, chosen=chosen)
    storeys = _storeys(table.rows, header, ask.known)
    if storeys != (header.first_index, header.row_index):
        header = find_header(table.rows, fields, chosen=chosen, at=storeys)
    header = _of_firms(header)
    if not {"name", "credit_code"} & {match.field.key for match in header.mapping.values()}:
        return None
    above = [show_cell(cell) for row in table.rows[: header.first_index] for cell in row if cell]
    columns = _indicator_columns(header, ask)
    months = _months(header, [*above, *ask.texts])
    if months and not any(
        columns.get(at) and columns[at].metric for at in columns if at not in months
    ):
        return _read_months(table, header, ask, months, above)
    if not columns:
        return None
    return _read_indicators(table, header, ask, columns, above)


def _metric_fields(known: Known) -> list[Field]:
    """So that the row of headings is found by the metrics it names."""
    by_metric: dict[str, list[str]] = {}
    for name, metric in known.headings.items():
        by_metric.setdefault(metric.code, []).append(name)
    return [
        Field(f"{code} ", names[0], names[0], tuple(names)) for code, names in by_metric.items()
    ]


def _storeys(rows: Sequence[Sequence[Cell]], header: Header, known: Known) -> tuple[int, int]:
    """The first and last row of headings: 本月 and 累计 below a merged 营业收入 belong to them."""
    first, last = header.first_index, header.row_index
    if last == first and last + 1 < len(rows) and _is_storey(rows[last], rows[last + 1]):
        return first, last + 1
    if last == first and first and _names_metrics(rows[first - 1], known):
        return first - 1, last
    return first, last


def _is_storey(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Words only, some of them of months, and nothing of a firm below the heading of a firm."""
    said = [(above, below) for above, below in zip(upper, lower, strict=True) if below != ""]
    words = [below for above, below in said if below != above]
    return (
        bool(words)
        and all(isinstance(word, str) for word in words)
        and any(speaks_of_months(word) for word in words if isinstance(word, str))
    )


def _names_metrics(row: Sequence[Cell], known: Known) -> bool:
    names = [cell for cell in row if isinstance(cell, str) and cell.strip()]
    return len(names) > 1 and bool(read_headings(names, known.headings))


def _of_firms(header: Header) -> Header:
    """Only what says which firm a row is; what columns measure is read apart."""
    mapping = {at: match for at, match in header.mapping.items() if " " not in match.field.key}
    return replace(header, mapping=mapping, missing=(), open_columns=())


# Enterprises by months ---------------------------------------------------------------------------


def _months(header: Header, above: Sequence[str]) -> dict[int, Period]:
    """Column → month. A heading 1月 takes its year from the title or the name of the file."""
    year = next((found[1] for text in above if (found := _YEAR.search(text))), None)
    months = {}
    for index, heading in enumerate(header.names):
        if index in header.mapping or not heading:
            continue
        bare = _BARE_MONTH.fullmatch(heading.strip())
        try:
            period = parse_period(f"{year}年{heading}" if bare and year else heading)
        except Unreadable:
            continue
        if period is not None and not period.is_date and _is_one_month(period):
            months[index] = period
    return months


def _is_one_month(period: Period) -> bool:
    return (period.starts_on.year, period.starts_on.month) == (
        period.ends_on.year,
        period.ends_on.month,
    )


def _metric_in(above: Sequence[str], known: Known) -> Metric | None:
    """The metric with the longest name that the title names."""
    named = [m for m in known.metrics.values() if any(m.name in text for text in above)]
    return max(named, key=lambda metric: len(metric.name), default=None)


def _read_months(
    table: Table, header: Header, ask: Ask, months: Mapping[int, Period], above: Sequence[str]
) -> SheetRead:
    metric = ask.metric or _metric_in([*above, *ask.texts], ask.known)
    if metric is None:
        raise Refused(
            _("Which indicator the months hold is not said. Choose it and upload the sheet again."),
            field="metric",
        )
    unit = unit_for(metric, header.unit_above) or ""
    shapes = {
        index: value_shape(
            metric,
            period,
            ask.column,
            header.names[index],
            ahead(Aspect.VALUE, ask.column, period, ask.today),
        )
        for index, period in months.items()
    }
    seen = {
        index: ColumnSeen(
            index,
            header.names[index],
            _example(table, header, index),
            "month",
            period.show("zh"),
            unit,
        )
        for index, period in months.items()
    }
    # An empty month of a year's sheet is one that is not over yet: nothing is asked about it.
    return _read_cells(
        table, header, replace(ask, answers={**ask.answers, BLANK: "missing"}), shapes,
        dict.fromkeys(shapes, unit), seen, FactImport.Layout.MONTHS, [], None,
        header.fingerprint,
    )  # fmt: skip


# Enterprises by indicators -----------------------------------------------------------------------


def _indicator_columns(header: Header, ask: Ask) -> dict[int, Heading]:
    """Columns that hold or may hold a metric, a person's word first."""
    found = {
        at: heading
        for at, heading in read_headings(header.names, ask.known.headings).items()
        if at not in header.mapping
    }
    for at, key in ask.chosen.items():
        if at in header.mapping or not 0 <= at < len(header.names):
            continue
        of = of_key(key, ask.known.metrics) if key and " " in key else None
        guessed = found.get(at, Heading(None, "own", None, None))
        if of is not None:
            found[at] = replace(guessed, metric=of[0], kind=of[1], guesses=())
        elif key is None and at in found:
            found[at] = replace(guessed, metric=None, guesses=())
    return found


def _read_indicators(
    table: Table, header: Header, ask: Ask, columns: Mapping[int, Heading], above: Sequence[str]
) -> SheetRead | None:
    months = [heading.month for heading in columns.values() if heading.month]
    period = ask.period or period_in([*above, *ask.texts], months)
    used = {at: heading for at, heading in columns.items() if heading.metric}
    if not used and not any(heading.guesses for heading in columns.values()):
        return None
    units = {at: _unit(header, at, heading, ask) for at, heading in columns.items()}
    seen = {at: _seen(table, header, at, columns[at], units[at], period) for at in columns}
    questions = []
    if period is None:
        questions.append(Question(PERIOD))
    if any(heading.kind.startswith(BEFORE) for heading in used.values()):
        count = sum(heading.kind.startswith(BEFORE) for heading in used.values())
        questions.append(Question(BEFORE_ASKED, count))
        if ask.answers.get(BEFORE_ASKED) != YES:
            used = {at: one for at, one in used.items() if not one.kind.startswith(BEFORE)}
    shapes = _shapes(header, ask, used, period) if period else {}
    for at in shapes:
        if _looks_like_ratio(table, header, at, shapes[at].metric):
            questions.append(Question(PERCENT, 1, (header.names[at],)))
            if ask.answers.get(PERCENT) == RATIO:
                units[at] = ("ratio", "person")
    return _read_cells(
        table, header, ask, shapes, {at: units[at][0] for at in shapes}, seen,
        FactImport.Layout.INDICATORS, questions, period, layout_of(header.names),
    )  # fmt: skip


def _shapes(
    header: Header, ask: Ask, used: Mapping[int, Heading], sheet: Period
) -> dict[int, Shape]:
    shapes = {}
    for at, heading in used.items():
        if heading.metric is None:
            continue
        period = period_of(heading.kind, sheet, heading.metric)
        late = ahead(Aspect.VALUE, ask.column, period, ask.today)
        shapes[at] = value_shape(heading.metric, period, ask.column, header.names[at], late)
    return shapes


def _unit(header: Header, at: int, heading: Heading, ask: Ask) -> tuple[str, str]:
    """The unit of a column and who says so; the indicator's own where nobody does."""
    if heading.metric is None:
        return heading.unit or "", "heading" if heading.unit else ""
    for said, source in (
        (ask.units.get(at), "person"), (heading.unit, "heading"), (header.unit_above, "above"),
    ):  # fmt: skip
        if unit := unit_for(heading.metric, said):
            return unit, source
    return unit_of(heading.metric).zh, "assumed"


def _seen(
    table: Table,
    header: Header,
    at: int,
    heading: Heading,
    unit: tuple[str, str],
    sheet: Period | None,
) -> ColumnSeen:
    words = ""
    if heading.metric and sheet:
        words = period_of(heading.kind, sheet, heading.metric).show("zh")
    example = _example(table, header, at)
    return ColumnSeen(
        at, header.names[at][:60], example, heading.key, words, unit[0], unit[1], heading.guesses
    )


def _example(table: Table, header: Header, at: int) -> str:
    cells = table.columns[at][header.row_index + 1 : header.row_index + 200]
    return next((show_cell(cell) for cell in cells if cell not in ("", None)), "")[:40]


def _looks_like_ratio(table: Table, header: Header, at: int, metric: Metric) -> bool:
    """Per cent kept as 0.05: a spreadsheet's own percent format. Nothing in it is above one."""
    if metric.unit != "percent":
        return False
    cells = table.columns[at][header.row_index + 1 :]
    numbers = [cell for cell in cells if isinstance(cell, int | float) and cell]
    return bool(numbers) and all(abs(number) <= 1 for number in numbers)


# Cells -------------------------------------------------------------------------------------------


@without_collecting
def _read_cells(
    table: Table,
    header: Header,
    ask: Ask,
    shapes: Mapping[int, Shape],
    units: Mapping[int, str],
    seen: Mapping[int, ColumnSeen],
    layout: str,
    questions: list[Question],
    period: Period | None,
    fingerprint: str,
) -> SheetRead:
    """The figures of all columns; names of firms and what cells say are kept once each."""
    cleaned = clean_table(table, header, {})
    firms = _firms(cleaned)
    begin = table.first_row_no
    wanted = [row_no - begin for row_no in cleaned.row_nos]
    strangers = _strangers(cleaned, ask.known)
    tally = _Tally(marks={})
    columns = []
    for number, (at, shape) in enumerate(shapes.items()):
        column = table.columns[at]
        cells = [column[index] for index in wanted]
        columns.append((number, cells, _read_column(cells, shape.metric, units[at], ask, tally)))
    named = dict.fromkeys(firms)
    numbers = {pair: number for number, pair in enumerate(named)}
    if tally.dashes:
        marks = tuple(sorted(tally.marks or {}, key=lambda m: -(tally.marks or {})[m])[:4])
        questions.append(Question(DASH, tally.dashes, marks))
    if tally.blanks and layout == FactImport.Layout.INDICATORS:
        questions.append(Question(BLANK, tally.blanks))
    return SheetRead(
        layout, header, fingerprint, columns_seen(table, header, seen),
        shapes=list(shapes.values()),
        firms=list(named),
        lines=_lines(cleaned.row_nos, [numbers[pair] for pair in firms], columns, strangers),
        left_out=cleaned.left_out,
        questions=tuple(questions),
        metric=next((shape.metric for shape in shapes.values()), None)
        if layout == FactImport.Layout.MONTHS
        else None,
        period=period,
    )  # fmt: skip


def _firms(cleaned: Cleaned) -> list[tuple[str, str]]:
    nothing: list[object] = [None] * len(cleaned.row_nos)
    codes = cleaned.columns.get("credit_code", nothing)
    names = cleaned.columns.get("name", nothing)
    return [
        ("".join(str(code or "").split()).upper()[:40], str(name or "").strip()[:120])
        for code, name in zip(codes, names, strict=True)
    ]


def _strangers(cleaned: Cleaned, known: Known) -> dict[int, Trouble]:
    """Rows of another zone, where the sheet has a column that says so."""
    zones = cleaned.columns.get("zone")
    if zones is None:
        return {}
    return {
        row_no: Trouble(
            _("The row is of %(zone)s, not of this zone.") % {"zone": zone},
            _("Its own office imports it; nothing is to be done here."),
        )
        for row_no, zone in zip(cleaned.row_nos, zones, strict=True)
        if zone and str(zone).casefold() not in known.zone_names
    }


def _read_column(
    cells: Sequence[Cell], metric: Metric, unit: str, ask: Ask, tally: _Tally
) -> list[Reading]:
    """Each different cell once; plain numbers by `steps_of`, all else by `read_figure`."""
    dash = 0 if ask.answers.get(DASH) == ZERO else None
    blank = 0 if ask.answers.get(BLANK) == ZERO else None
    take = _taker(metric, unit)
    known: dict[Cell, Reading] = {}
    read: list[Reading] = []
    for cell in cells:
        if cell in known and cell is not True and cell is not False:
            read.append(known[cell])
            continue
        if cell is None or cell == "" or (isinstance(cell, str) and not tidy(cell)):
            tally.blanks += 1
            read.append(blank)
            continue
        if isinstance(cell, str) and is_missing(tidy(cell)):
            tally.dashes += 1
            marks = tally.marks if tally.marks is not None else {}
            marks[cell.strip()[:10]] = marks.get(cell.strip()[:10], 0) + 1
            read.append(dash)
            continue
        figure = known[cell] = take(cell)
        read.append(figure)
    return read


def _taker(metric: Metric, unit: str) -> Callable[[Cell], Reading]:
    try:
        steps = steps_of(metric, unit)
    except Unreadable:
        steps = None

    def take(cell: Cell) -> Reading:
        if steps is not None:
            number = _plain(cell)
            quick = steps.take(number) if number is not None else None
            if quick is not None:
                return quick
        return _carefully(cell, metric, unit)

    return take


def _plain(cell: Cell) -> Decimal | None:
    """The number of a cell that holds a number and nothing else."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, float):
        return Decimal(repr(cell)) if isfinite(cell) else None
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, str) and _PLAIN_NUMBER.fullmatch(cell):
        return Decimal(cell.replace(",", ""))
    return None


def _carefully(cell: Cell, metric: Metric, unit: str) -> Reading:
    if isinstance(cell, bool):
        cell = str(cell)
    try:
        figure = read_figure(metric=metric, aspect=Aspect.VALUE, number=cell, unit=unit)
    except Unreadable as no:
        return Trouble(str(no), _("Correct the cell and import the sheet again."))
    if figure is not None and figure.low == figure.high and not figure.is_open:
        return figure.low
    return figure


def _lines(
    row_nos: Sequence[int],
    firms: Sequence[int],
    columns: Sequence[tuple[int, Sequence[Cell], Sequence[Reading]]],
    strangers: Mapping[int, Trouble],
) -> Iterator[str]:
    """Row after row, so that outcomes are listed as the sheet stands."""
    for index, row_no in enumerate(row_nos):
        firm = firms[index]
        stranger = strangers.get(row_no)
        for shape, cells, read in columns:
            figure = read[index]
            if figure is None:
                continue  # an empty cell says nothing
            said = show_cell(cells[index])
            if type(figure) is int and stranger is None:
                said = said if said.isalnum() else escaped(said[:200])
                yield f"{row_no}\t{shape}\t{firm}\t{figure}\t{figure}\tf\t{said}\t\t\t\t\n"
                continue
            trouble = stranger or (figure if isinstance(figure, Trouble) else None)
            scaled = Scaled(figure, figure) if isinstance(figure, int) else figure
            yield copy_line(
                row_no,
                said,
                shape=shape,
                firm=firm,
                figure=scaled if isinstance(scaled, Scaled) else None,
                trouble=trouble,
            )
