"""What a sheet of figures says, line by line, before anything is compared with what is known.

Two layouts occur: a list (区, 指标, 期间, 数值 … a line a figure) and enterprises by months (a firm a
line, a month a column, one metric in the title). No database here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.tables import (
    Cleaned,
    Field,
    Header,
    Kind,
    LeftOut,
    Problem,
    Table,
    clean_table,
    find_header,
    read_table,
)
from xiaoer.base.tables.cells import show_cell
from xiaoer.facts.measuring import Scaled, read_figure
from xiaoer.facts.models import Aspect, Column, FactImport, Metric
from xiaoer.facts.periods import Period, parse_period

Layout = FactImport.Layout
Cells = list[list[str]]

ASPECTS = {
    "价值": Aspect.VALUE, "数值": Aspect.VALUE, "总量": Aspect.VALUE, "value": Aspect.VALUE,
    "增速": Aspect.GROWTH, "增幅": Aspect.GROWTH, "同比": Aspect.GROWTH, "growth": Aspect.GROWTH,
    "位次": Aspect.RANK, "排名": Aspect.RANK, "rank": Aspect.RANK,
    "目标": Aspect.TARGET, "任务": Aspect.TARGET, "target": Aspect.TARGET,
}  # fmt: skip
COLUMNS = {
    "上报": Column.REPORTED, "报送": Column.REPORTED, "reported": Column.REPORTED,
    "估计": Column.ESTIMATED, "预计": Column.ESTIMATED, "estimated": Column.ESTIMATED,
    "官方": Column.OFFICIAL, "统计": Column.OFFICIAL, "official": Column.OFFICIAL,
}  # fmt: skip
LIST_FIELDS = (
    Field("zone", "区", "Zone", ("开发区", "县区", "园区", "地区")),
    Field("metric", "指标", "Indicator", ("指标名称",), required=True),
    Field("period", "期间", "Period", ("时期", "统计期", "报告期"), kind="period", required=True),
    Field("aspect", "口径", "Aspect", (), kind="choice", choices=ASPECTS),
    Field("number", "数值", "Figure", ("数据", "指标值"), required=True),
    Field("unit", "单位", "Unit", ("计量单位",)),
    Field("sign", "界限", "Bound", ("符号",)),
    Field("column", "类别", "Standing", ("数据类别", "数据性质"), kind="choice", choices=COLUMNS),
    Field("dimension", "分项", "Item", ("维度",), max_length=120),
    Field("source", "来源", "Source", ("数据来源", "出处"), max_length=200),
    Field("external_ref", "原文编号", "Reference", ("来源编号",), max_length=60),
    Field("known_on", "已知日期", "Known on", ("公布日期", "发布日期"), kind="date"),
    Field("note", "备注", "Note", ("说明",), max_length=300),
)
FIRM_FIELDS = (
    Field("name", "企业", "Enterprise", ("企业名称", "单位名称", "单位详细名称", "公司名称")),
    Field("credit_code", "统一社会信用代码", "Credit code", ("信用代码", "社会信用代码")),
)
_YEAR = re.compile(r"(20\d{2})年")
_BARE_MONTH = re.compile(r"(\d{1,2})月份?")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a figure cannot be taken, and what to do."""

    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a sheet as far as it can be read alone. ``trouble`` says why it cannot be."""

    row_no: int
    what: str
    place: str = ""
    metric: Metric | None = None
    aspect: str = Aspect.VALUE
    period: Period | None = None
    column: str = Column.REPORTED
    dimension: str = ""
    figure: Scaled | None = None
    firm: str = ""
    credit_code: str = ""
    source: str = ""
    external_ref: str = ""
    known_on: date | None = None
    note: str = ""
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet taken apart: its headings as matched, its figures, and the lines that are none."""

    layout: str
    header: Header
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    metric: Metric | None = None
    months: Mapping[int, Period] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What a sheet may name: the names of the actor's zone, and the metrics by name and code."""

    zone_names: frozenset[str]
    metrics: Mapping[str, Metric]

    def metric(self, name: str) -> Metric | None:
        return self.metrics.get(name.casefold())


def take_cells(path: Path, *, sheet: str | None) -> tuple[Cells, int, str]:
    """A file as plain texts, the number of its first row, and the name of the sheet read."""
    table = read_table(path, sheet=sheet, wanted=LIST_FIELDS)
    cells = [[show_cell(cell).strip() for cell in row] for row in table.rows]
    return cells, table.first_row_no, table.sheet or ""


def read_sheet(
    *,
    cells: Cells,
    first_row_no: int,
    known: Known,
    chosen: Mapping[int, str | None],
    metric: Metric | None = None,
    column: str = Column.REPORTED,
    name: str = "",
) -> SheetRead:
    """Take a sheet apart in the layout it has. ``metric``: what firms-by-months holds, if said."""
    table = Table.of_rows(Kind.CSV, cells, first_row_no)
    header = find_header(table.rows, LIST_FIELDS, chosen=_of(LIST_FIELDS, chosen))
    if not header.missing:
        return _read_list(table, header, known)
    months = _read_months(table, known, chosen, metric, column, name)
    if months is not None:
        return months
    return SheetRead(Layout.LIST, header, (), ())


def _of(fields: Sequence[Field], chosen: Mapping[int, str | None]) -> dict[int, str | None]:
    keys = {field.key for field in fields}
    return {index: key for index, key in chosen.items() if key is None or key in keys}


# A list ------------------------------------------------------------------------------------------


def _read_list(table: Table, header: Header, known: Known) -> SheetRead:
    cleaned = clean_table(table, header, {"period": lambda cell, _unit: parse_period(cell)})
    lines = [
        *_good_lines(cleaned, known),
        *_refused_lines(table, header, cleaned.problems, set(cleaned.rejected)),
    ]
    return SheetRead(
        Layout.LIST, header, tuple(sorted(lines, key=lambda line: line.row_no)), cleaned.left_out
    )


def _good_lines(cleaned: Cleaned, known: Known) -> Iterator[Line]:
    keys = [field.key for field in cleaned.fields]
    for row_no, values in zip(cleaned.row_nos, cleaned.rows(), strict=True):
        said = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
        yield _line(row_no, said, known)


def _line(row_no: int, said: Mapping[str, object], known: Known) -> Line:
    metric = known.metric(str(said["metric"]))
    period = said["period"]
    aspect = str(said.get("aspect", Aspect.VALUE))
    known_on = said.get("known_on")
    figure, trouble = None, _strange(said, known, metric)
    if metric is not None and trouble is None:
        figure, trouble = _figure(metric, aspect, said)
    return Line(
        row_no=row_no,
        what=_what(said),
        metric=metric,
        aspect=aspect,
        period=period if isinstance(period, Period) else None,
        column=str(said.get("column", Column.REPORTED)),
        dimension=str(said.get("dimension", "")),
        figure=figure,
        source=str(said.get("source", "")),
        external_ref=str(said.get("external_ref", "")),
        known_on=known_on if isinstance(known_on, date) else None,
        note=str(said.get("note", "")),
        trouble=trouble,
    )


def _strange(said: Mapping[str, object], known: Known, metric: Metric | None) -> Trouble | None:
    zone = str(said.get("zone", ""))
    if zone and zone.casefold() not in known.zone_names:
        return Trouble(
            _("The row is of %(zone)s, not of this zone.") % {"zone": zone},
            _("Its own office imports it; nothing is to be done here."),
        )
    if metric is None:
        return Trouble(
            _("There is no indicator named “%(name)s”.") % {"name": said["metric"]},
            _("Write the name as in the list of indicators, or add the indicator first."),
        )
    return None


def _figure(
    metric: Metric, aspect: str, said: Mapping[str, object]
) -> tuple[Scaled | None, Trouble | None]:
    try:
        figure = read_figure(
            metric=metric,
            aspect=aspect,
            number=said["number"],
            unit=str(said.get("unit", "")),
            sign=str(said.get("sign", "")),
        )
    except Unreadable as no:
        return None, Trouble(str(no), _("Correct the cell and import the sheet again."))
    return figure, None


def _what(said: Mapping[str, object]) -> str:
    """The figure in the sheet's own words, for the list of outcomes."""
    period = said.get("period")
    parts = [
        str(said.get("metric", "")),
        period.show("zh") if isinstance(period, Period) else "",
        f"{said.get('sign', '')}{said.get('number', '')}{said.get('unit', '')}",
    ]
    return " ".join(part for part in parts if part)[:200]


def _refused_lines(
    table: Table, header: Header, problems: Sequence[Problem], rejected: set[int]
) -> Iterator[Line]:
    by_row: dict[int, list[Problem]] = {}
    for problem in problems:
        if problem.row_no in rejected:
            by_row.setdefault(problem.row_no, []).append(problem)
    for row_no, found in by_row.items():
        row = table.rows[row_no - table.first_row_no]
        said = {match.field.key: show_cell(row[at]) for at, match in header.mapping.items()}
        yield Line(
            row_no=row_no,
            what=_what(said) + f" {said.get('period', '')}",
            trouble=Trouble(
                "；".join(dict.fromkeys(p.reason for p in found))[:300],
                "；".join(dict.fromkeys(p.advice for p in found if p.advice))[:300],
            ),
        )


# Enterprises by months ---------------------------------------------------------------------------


def _read_months(
    table: Table,
    known: Known,
    chosen: Mapping[int, str | None],
    metric: Metric | None,
    column: str,
    name: str,
) -> SheetRead | None:
    header = find_header(table.rows, FIRM_FIELDS, chosen=_of(FIRM_FIELDS, chosen))
    if not header.mapping:
        return None
    rows_above = table.rows[: header.first_index]
    above = [name, *(show_cell(cell) for row in rows_above for cell in row if cell)]
    months = _months(header, above)
    if not months:
        return None
    metric = metric or _metric_in(above, known)
    if metric is None:
        raise Refused(
            _("Which indicator the months hold is not said. Choose it and upload the sheet again."),
            field="metric",
        )
    cleaned = clean_table(table, header, {})
    lines = tuple(
        line
        for row_no, values in zip(cleaned.row_nos, cleaned.rows(), strict=True)
        for line in _firm_lines(table, header, row_no, values, cleaned, months, metric, column)
    )
    return SheetRead(Layout.MONTHS, header, lines, cleaned.left_out, metric, months)


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


def _firm_lines(
    table: Table,
    header: Header,
    row_no: int,
    values: tuple[object, ...],
    cleaned: Cleaned,
    months: Mapping[int, Period],
    metric: Metric,
    column: str,
) -> Iterator[Line]:
    said = {field.key: value for field, value in zip(cleaned.fields, values, strict=True)}
    firm, code = str(said.get("name") or ""), str(said.get("credit_code") or "")
    row = table.rows[row_no - table.first_row_no]
    for index, period in months.items():
        cell = row[index]
        cell_said = {"number": cell, "unit": header.unit_above or ""}
        figure, trouble = _figure(metric, Aspect.VALUE, cell_said)
        if figure is None and trouble is None:
            continue  # an empty cell says nothing
        yield Line(
            row_no=row_no,
            place=header.names[index],
            what=f"{firm or code} {period.show('zh')} {show_cell(cell)}"[:200],
            metric=metric,
            period=period,
            column=column,
            figure=figure,
            firm=firm,
            credit_code=code.upper(),
            trouble=trouble,
        )


LAYOUT_WORDS = {
    Layout.LIST: gettext_lazy("a list, one figure a row"),
    Layout.MONTHS: gettext_lazy("enterprises by months"),
}
