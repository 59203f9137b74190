"""转办单: the sheet with which a request goes from one office to another, as PDF and as Word.

Both are laid out from the same rows, so that they cannot tell different stories. Always Chinese.
Nothing here looks anything up: what may be shown (a masked contact) was decided by the caller.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from xiaoer.web import press

TEMPLATES = Path(__file__).resolve().parent / "templates" / "outreach"

LABEL_WIDTH = 27
VALUE_WIDTH = 54
"""Columns of the table in millimetres: label, value, label, value."""

NOTE = "注：诉求是否解决，以企业确认为准；逾期未签收、未答复的，由系统自动提级。"
SIGNED = "（签字）　　　　年　　月　　日"
SIGNED_AND_SEALED = "（签字、盖章）　　　　年　　月　　日"


@dataclass(frozen=True, slots=True)
class TransferSheet:
    """What a transfer sheet says. Dates are the last working day of each clock."""

    number: str
    zone_name: str
    receipt_no: str
    received_at: datetime
    channel: str
    enterprise: str
    contact_masked: str | None
    kind: str
    title: str
    body: str
    from_office: str
    to_office: str
    joint_offices: tuple[str, ...]
    start_by: date | None
    reply_by: date | None
    solve_by: date | None
    instruction: str | None
    printed_at: datetime

    @property
    def heading(self) -> str:
        return f"{self.zone_name}企业诉求转办单"


@dataclass(frozen=True, slots=True)
class Field:
    """One label and what stands beside it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: two fields, or one over the whole width.

    ``height`` is the least, in millimetres. ``to_sign`` leaves room above for a hand.
    """

    fields: tuple[Field, ...]
    height: int = 9
    to_sign: bool = False


def transfer_lines(sheet: TransferSheet) -> tuple[Line, ...]:
    """The table from top to bottom."""
    return (
        Line(
            (
                Field("受理编号", sheet.receipt_no),
                Field("受理时间", press.paper_time(sheet.received_at)),
            )
        ),
        Line((Field("诉求来源", sheet.channel), Field("诉求类别", sheet.kind))),
        Line((Field("企业名称", sheet.enterprise),)),
        Line((Field("联系方式", sheet.contact_masked or "–"),)),
        Line((Field("诉求事项", sheet.title),)),
        Line((Field("诉求内容", sheet.body),), height=44),
        Line((Field("转出单位", sheet.from_office), Field("承办单位", sheet.to_office))),
        Line((Field("协办单位", "、".join(sheet.joint_offices) or "–"),)),
        Line((Field("办理时限", _limits(sheet)),)),
        Line((Field("批示意见", sheet.instruction or ""),), height=26),
        Line((Field("承办签收", SIGNED),), height=13, to_sign=True),
        Line((Field("办理情况", SIGNED),), height=32, to_sign=True),
        Line((Field("承办单位\n负责人", SIGNED_AND_SEALED),), height=17, to_sign=True),
    )


def transfer_sheet_pdf(sheet: TransferSheet) -> bytes:
    """The sheet on A4, further pages under a repeated head."""
    lines = [
        {
            "fields": [{"label": f.label, "value": f.value} for f in line.fields],
            "height": line.height,
            "to_sign": line.to_sign,
        }
        for line in transfer_lines(sheet)
    ]
    return press.compile_pdf(
        TEMPLATES / "transfer_sheet.typ",
        {
            "heading": sheet.heading,
            "number": sheet.number,
            "lines": lines,
            "note": NOTE,
            "printed_at": press.paper_time(sheet.printed_at),
            "label_width": LABEL_WIDTH,
        },
        made_at=sheet.printed_at,
    )


def transfer_sheet_docx(sheet: TransferSheet) -> bytes:
    """The same sheet for offices that pass Word files on and write into them."""

    def write(document: Document) -> None:
        _write_head(document, sheet)
        table = _empty_table(document)
        for line in transfer_lines(sheet):
            row: _Row = table.add_row()  # type: ignore[no-untyped-call]  # the library has no types
            _write_line(row, line)
        note = document.add_paragraph()
        note.paragraph_format.space_before = Pt(4)
        press.set_word_font(note.add_run(NOTE), press.WORD_FONT, 9)
        press.write_page_foot(
            document, f"编号 {sheet.number}　印制时间 {press.paper_time(sheet.printed_at)}"
        )

    return press.compile_docx(write, title=sheet.heading, made_at=sheet.printed_at)


MAKERS: dict[str, tuple[Callable[[TransferSheet], bytes], str]] = {
    "pdf": (transfer_sheet_pdf, "application/pdf"),
    "docx": (
        transfer_sheet_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}


def name_of(receipt_no: str, kind: str) -> str:
    """Under what name a transfer sheet is saved."""
    return f"转办单-{receipt_no}.{kind}"


def _limits(sheet: TransferSheet) -> str:
    return "\n".join(
        f"{act}　{press.paper_date(day)}{'' if day is None else '前'}"
        for act, day in (
            ("开始办理", sheet.start_by),
            ("答复企业", sheet.reply_by),
            ("办理完毕", sheet.solve_by),
        )
    )


def _write_head(document: Document, sheet: TransferSheet) -> None:
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.paragraph_format.space_after = Pt(10)
    press.set_word_font(heading.add_run(press.legible(sheet.heading)), "宋体", 20, bold=True)
    number = document.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    number.paragraph_format.space_after = Pt(4)
    press.set_word_font(number.add_run(f"编号：{press.legible(sheet.number)}"), press.WORD_FONT, 11)


def _empty_table(document: Document) -> Table:
    table: Table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, (LABEL_WIDTH, VALUE_WIDTH) * 2, strict=True):
        column.width = Mm(width)
    return table


def _write_line(row: _Row, line: Line) -> None:
    row.height = Mm(line.height)
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    if line.to_sign:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    cells = row.cells
    places = [(cells[0], cells[1]), (cells[2], cells[3])]
    if len(line.fields) == 1:
        places = [(cells[0], cells[1].merge(cells[3]))]
    for cell in cells[::2]:
        cell.width = Mm(LABEL_WIDTH)
    for field, (label, value) in zip(line.fields, places, strict=True):
        label.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _write_text(label, field.label, "黑体", WD_ALIGN_PARAGRAPH.CENTER)
        value.vertical_alignment = (
            WD_CELL_VERTICAL_ALIGNMENT.BOTTOM if line.to_sign else _seat(line)
        )
        side = WD_ALIGN_PARAGRAPH.RIGHT if line.to_sign else WD_ALIGN_PARAGRAPH.LEFT
        _write_text(value, field.value, press.WORD_FONT, side)


def _seat(line: Line) -> WD_CELL_VERTICAL_ALIGNMENT:
    """Short facts stand in the middle of their line; long texts begin at its top."""
    tall = line.height > 12
    return WD_CELL_VERTICAL_ALIGNMENT.TOP if tall else WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _write_text(cell: _Cell, text: str, font: str, side: WD_ALIGN_PARAGRAPH) -> None:
    for number, part in enumerate(press.legible(text).split("\n")):
        paragraph: Paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = side
        paragraph.paragraph_format.space_before = Pt(2)
        paragraph.paragraph_format.space_after = Pt(2)
        press.set_word_font(paragraph.add_run(part), font, 11)
