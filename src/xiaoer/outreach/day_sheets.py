"""The programme of a visit day and the list of a problem day on paper, as PDF and as Word.

Both are laid out from the same rows, so that they cannot tell different stories. Always Chinese.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm
from docx.table import _Cell

from xiaoer.base.models import Zone
from xiaoer.outreach.models import Programme
from xiaoer.outreach.queries import DayPage, Going, Queued
from xiaoer.web import press

TEMPLATE = Path(__file__).resolve().parent / "templates" / "outreach" / "day_sheet.typ"
WEEKDAYS = "一二三四五六日"
# Heads and widths in millimetres, together the 162 mm between the margins.
VISIT_COLUMNS = (
    ("序号", 11),
    ("时间", 25),
    ("企业", 40),
    ("走访领导", 22),
    ("走访事项", 36),
    ("陪同单位", 28),
)
QUEUE_COLUMNS = (
    ("号", 11),
    ("时间", 15),
    ("窗口", 26),
    ("企业", 38),
    ("来人", 26),
    ("反映事项", 28),
    ("办理情况", 18),
)


@dataclass(frozen=True, slots=True)
class DaySheet:
    """What the paper says: a heading, a line below it, and a table."""

    heading: str
    line: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    printed_at: datetime


def sheet_of(shown: DayPage, *, zone_id: int, now: datetime) -> DaySheet:
    """The paper of a day as it stands."""
    day = shown.gathering
    zone = Zone.objects.get(pk=zone_id)
    place = f"　　地点：{day.place}" if day.place else ""
    line = f"时间：{press.paper_date(day.day)}（星期{WEEKDAYS[day.day.weekday()]}）{place}"
    if shown.programme.kind == Programme.Kind.PROBLEM_DAY:
        rows = tuple(_queue_row(row) for row in (*shown.expected, *shown.waiting, *shown.ended))
        return DaySheet(
            heading=f"{zone.name}{shown.programme.name}预约名单",
            line=line,
            columns=QUEUE_COLUMNS,
            rows=rows,
            note=f"共 {len(rows)} 家，可预约 {shown.places} 家，已约 {shown.taken} 家。企业自愿前来，不计入联系次数。",
            printed_at=now,
        )
    going = shown.standing
    return DaySheet(
        heading=f"{zone.name}{shown.programme.name}活动安排",
        line=line,
        columns=VISIT_COLUMNS,
        rows=tuple(_visit_row(number, row) for number, row in enumerate(going, start=1)),
        note=f"共走访 {len(going)} 家，{shown.leaders} 名领导参加。走访不是检查，不要求企业准备材料、不影响生产。",
        printed_at=now,
    )


def _visit_row(number: int, row: Going) -> tuple[str, ...]:
    return (
        str(number),
        row.window or "–",
        row.enterprise,
        row.leader,
        row.purpose or "–",
        "、".join(row.escorts) or "–",
    )


def _queue_row(row: Queued) -> tuple[str, ...]:
    return (
        str(row.ticket_no or "–"),
        f"{row.at:%H:%M}" if row.at else "现场",
        row.desk or "–",
        row.enterprise,
        " ".join(filter(None, (row.who, row.phone))),
        row.matter or "–",
        "",
    )


def day_sheet_pdf(sheet: DaySheet) -> bytes:
    """The sheet on A4; a long list goes on under a repeated head."""
    return press.compile_pdf(
        TEMPLATE,
        {
            "heading": sheet.heading,
            "line": sheet.line,
            "columns": [{"head": head, "width": width} for head, width in sheet.columns],
            "rows": sheet.rows,
            "note": sheet.note,
            "printed_at": press.paper_time(sheet.printed_at),
        },
        made_at=sheet.printed_at,
    )


def day_sheet_docx(sheet: DaySheet) -> bytes:
    """The same sheet for offices that write into it."""

    def write(document: Document) -> None:
        _write_line(document, sheet.heading, "宋体", 18, WD_ALIGN_PARAGRAPH.CENTER, bold=True)
        _write_line(document, sheet.line, press.WORD_FONT, 12, WD_ALIGN_PARAGRAPH.LEFT)
        _write_table(document, sheet)
        _write_line(document, sheet.note, press.WORD_FONT, 9, WD_ALIGN_PARAGRAPH.LEFT)
        press.write_page_foot(document, f"印制时间 {press.paper_time(sheet.printed_at)}")

    return press.compile_docx(write, title=sheet.heading, made_at=sheet.printed_at)


def _write_line(
    document: Document,
    text: str,
    font: str,
    size: float,
    side: WD_ALIGN_PARAGRAPH,
    *,
    bold: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = side
    press.set_word_font(paragraph.add_run(press.legible(text)), font, size, bold=bold)


def _write_table(document: Document, sheet: DaySheet) -> None:
    table = document.add_table(rows=1, cols=len(sheet.columns))
    table.style = "Table Grid"
    table.autofit = False
    head = table.rows[0]
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, (words, width) in zip(head.cells, sheet.columns, strict=True):
        _write_cell(cell, words, width, "黑体")
    for row in sheet.rows:
        cells = table.add_row().cells
        for cell, words, (_head, width) in zip(cells, row, sheet.columns, strict=True):
            _write_cell(cell, words, width, press.WORD_FONT)


def _write_cell(cell: _Cell, words: str, width: int, font: str) -> None:
    cell.width = Mm(width)
    press.set_word_font(cell.paragraphs[0].add_run(press.legible(words)), font, 10.5)


MAKERS: dict[str, tuple[Callable[[DaySheet], bytes], str]] = {
    "pdf": (day_sheet_pdf, "application/pdf"),
    "docx": (
        day_sheet_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}


def name_of(shown: DayPage, kind: str) -> str:
    """Under what name the sheet is saved."""
    return f"{shown.programme.name}-{shown.gathering.day.isoformat()}.{kind}"
