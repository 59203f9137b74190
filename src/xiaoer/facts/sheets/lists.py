"""A list of indicators: a figure a line, with its own period, unit, standing and source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.reading import Unreadable
from xiaoer.base.tables import Cleaned, Field, Header, Problem, Table, clean_table
from xiaoer.base.tables.cells import show_cell
from xiaoer.facts.ledger import is_ahead
from xiaoer.facts.measuring import Scaled, read_figure
from xiaoer.facts.models import Aspect, Column, FactImport, Metric
from xiaoer.facts.periods import Period, parse_period
from xiaoer.facts.sheets.parts import Known, Shape, SheetRead, Trouble, columns_seen, copy_line

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


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a list as far as it can be read alone. ``trouble`` says why it cannot be."""

    row_no: int
    what: str
    metric: Metric | None = None
    aspect: str = Aspect.VALUE
    period: Period | None = None
    column: str = Column.REPORTED
    dimension: str = ""
    figure: Scaled | None = None
    source: str = ""
    external_ref: str = ""
    known_on: date | None = None
    note: str = ""
    trouble: Trouble | None = None


def read_list(table: Table, header: Header, known: Known, now: datetime) -> SheetRead:
    """Take a list apart; lines that differ only in number share a shape."""
    cleaned = clean_table(table, header, {"period": lambda cell, _unit: parse_period(cell)})
    lines = [
        *_good_lines(cleaned, known),
        *_refused_lines(table, header, cleaned.problems, set(cleaned.rejected)),
    ]
    lines.sort(key=lambda line: line.row_no)
    shapes: dict[Shape, int] = {}
    staged = [_staged(line, shapes, now) for line in lines]
    return SheetRead(
        FactImport.Layout.LIST,
        header,
        header.fingerprint,
        columns_seen(table, header),
        shapes=list(shapes),
        lines=iter(staged),
        left_out=cleaned.left_out,
    )


def _staged(line: Line, shapes: dict[Shape, int], now: datetime) -> str:
    shape = None
    if line.metric is not None and line.period is not None:
        shape = shapes.setdefault(
            Shape(
                line.metric,
                line.aspect,
                line.period,
                line.column,
                line.dimension,
                line.source,
                line.known_on,
            ),
            len(shapes),
        )
    return copy_line(
        line.row_no,
        line.what,
        shape=shape,
        figure=line.figure,
        external_ref=line.external_ref,
        note=line.note,
        trouble=line.trouble or _late(line, now),
    )


def _late(line: Line, now: datetime) -> Trouble | None:
    today = timezone.localdate(now)
    if line.known_on is not None and line.known_on > today:
        return Trouble(
            _("The day it became known, %(day)s, is still to come.") % {"day": line.known_on},
            _("Correct 已知日期."),
        )
    return ahead(line.aspect, line.column, line.period, line.known_on or today)


def ahead(aspect: str, column: str, period: Period | None, known_on: date) -> Trouble | None:
    """The no to a figure of a period that has not begun."""
    if period and is_ahead(aspect, column, period.starts_on, known_on):
        return Trouble(
            _("The period has not begun on the day the figure became known."),
            _("Correct the period, or enter the figure as an estimate or a target."),
        )
    return None


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
