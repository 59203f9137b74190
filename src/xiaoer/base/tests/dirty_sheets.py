"""Sheets as offices send them, made for tests: each knows what should become of its rows."""

import csv
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from hypothesis import strategies as st

from xiaoer.base.reading import Unreadable
from xiaoer.base.tables import Field, Why
from xiaoer.base.tables.cells import Cell

FIRM_FIELDS = (
    Field("name", "企业名称", "Name", ("单位名称", "公司名称"), required=True, max_length=60),
    Field("code", "统一社会信用代码", "Credit code", ("信用代码", "社会信用代码"), "code"),
    Field("capital", "注册资本", "Capital", ("注册资金",), "money", unit="万元"),
    Field("registered_on", "成立日期", "Registered on", ("注册日期", "成立时间"), "date"),
    Field("phone", "联系电话", "Phone", ("电话",), "phone"),
    Field(
        "status", "状态", "Status", ("经营状态",), "choice", choices={"存续": "open", "注销": "x"}
    ),
)
HEADINGS = (
    "序号",
    "企业名称",
    "统一社会信用代码",
    "注册资本（万元）",
    "成立日期",
    "联系电话",
    "状态",
    "备注",
)


def convert_code(cell: Cell, _unit: str | None = None, /) -> object:
    """Eighteen letters and digits; the real rule lives in another room."""
    if isinstance(cell, str) and len(cell) == 18 and cell.isascii() and cell.isalnum():
        return cell.upper()
    raise Unreadable("“{value}” is no code. Type 18 characters.", value=cell)


CONVERTERS = {"code": convert_code}


EMPTY: st.SearchStrategy[Cell] = st.sampled_from(["", " ", "\u3000"])


@dataclass(frozen=True)
class DirtySheet:
    """Rows of a sheet, and the fate each row below the headings should meet."""

    rows: list[list[Cell]]
    header_row: int
    good: list[int] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)
    left_out: dict[int, Why] = field(default_factory=dict)


def firm_row(number: int, **changes: Cell) -> list[Cell]:
    """A clean row of a firm."""
    row: dict[str, Cell] = {
        "no": float(number),
        "name": f"济宁恒信第{number}机械有限公司",
        "code": f"91370811MA3DEM{number:04d}",
        "capital": 500.0,
        "registered_on": date(2018, 3, 5),
        "phone": "13905370001",
        "status": "存续",
        "note": "",
    }
    return list({**row, **changes}.values())


def firm_rows(*rows: list[Cell]) -> list[list[Cell]]:
    """The usual headings above rows."""
    return [list(HEADINGS), *rows]


DIRTY_CAPITALS: st.SearchStrategy[Cell] = st.sampled_from(
    [
        "300(万元人民币)",
        "5,688(万元人民币)",
        "4.5万人民币",
        "100万美元",
        "N/A",
        "-",
        "",
        "５００",
        300.5,
        12,
    ]
)
DIRTY_DATES: st.SearchStrategy[Cell] = st.sampled_from(
    ["2018-3-5", "2018/03/05", "2018.3.5", "2018年3月5日", "20180305", "", "—", 43164.0]
)
DIRTY_NAMES: st.SearchStrategy[Cell] = st.sampled_from(
    [
        "济宁　某某有限公司 ",
        "\u200b济宁ＡＢＣ公司",
        "  济宁某某（集团）公司",
        "济宁１２３厂\n",
        "'济宁丙公司",
    ]
)
DIRTY_PHONES: st.SearchStrategy[Cell] = st.sampled_from(
    ["139 0537 0001", "+86-13905370001", "0537-2345678", "（0537）2345678", 13905370001.0, "无"]
)
BAD_CELLS: st.SearchStrategy[dict[str, Cell]] = st.sampled_from(
    [
        {"name": ""},
        {"name": "N/A"},
        {"name": "长" * 61},
        {"code": "12345"},
        {"capital": "很多"},
        {"capital": "#REF!"},
        {"registered_on": "2018-02-30"},
        {"phone": "12"},
        {"status": "好"},
    ]
)


@st.composite
def dirty_sheets(draw: st.DrawFn) -> DirtySheet:
    """Titles above, odd rows between, a total and notes below."""
    width = len(HEADINGS)

    def line(*cells: Cell) -> list[Cell]:
        return [*cells, *[""] * (width - len(cells))]

    above = draw(
        st.lists(
            st.sampled_from([line("2024年企业名录"), line(), line("填报单位：某园区")]), max_size=6
        )
    )
    rows: list[list[Cell]] = [*above, list(HEADINGS)]
    sheet = DirtySheet(rows, header_row=len(above))
    for kind in draw(st.lists(st.sampled_from(["good", "dirty", "bad", "blank", "again", "sum"]))):
        _add_row(draw, sheet, kind, line)
    if draw(st.booleans()):
        sheet.left_out[len(rows)] = Why.TOTAL
        rows.append(line("合　计", "", "", 1500.0))
    if draw(st.booleans()):
        sheet.left_out[len(rows)] = Why.NOTE
        rows.append(line("填表人：某人"))
    return sheet


def _add_row(draw: st.DrawFn, sheet: DirtySheet, kind: str, line: object) -> None:
    at, rows = len(sheet.rows), sheet.rows
    blank: list[Cell] = [""] * len(HEADINGS)
    match kind:
        case "good":
            rows.append(firm_row(at))
        case "dirty":
            rows.append(
                firm_row(
                    at,
                    name=draw(DIRTY_NAMES),
                    capital=draw(DIRTY_CAPITALS),
                    registered_on=draw(DIRTY_DATES),
                    phone=draw(DIRTY_PHONES),
                )
            )
        case "bad":
            rows.append(firm_row(at, **draw(BAD_CELLS)))
        case "blank":
            rows.append([draw(EMPTY | st.just(float(at))), *blank[1:]])
        case "again":
            rows.append(list(HEADINGS))
        case "sum":
            rows.append(["", draw(st.sampled_from(["小计", "合 计", "总计：3家"])), *blank[2:]])
    if kind in ("good", "dirty"):
        sheet.good.append(at)
    elif kind == "bad":
        sheet.rejected.append(at)
    else:
        sheet.left_out[at] = {"blank": Why.BLANK, "again": Why.HEADING, "sum": Why.TOTAL}[kind]


def write_workbook(
    path: Path,
    rows: Sequence[Sequence[Cell]],
    *,
    name: str = "Sheet1",
    others: dict[str, Sequence[Sequence[Cell]]] | None = None,
    merges: Sequence[tuple[int, int, int, int]] = (),
) -> Path:
    """An .xlsx with real dates and numbers; ``merges`` are first row, column, last row, column."""
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, content in {name: rows, **(others or {})}.items():
            sheet = book.add_worksheet(title)
            for row, cells in enumerate(content):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date | datetime):
                        sheet.write_datetime(row, column, cell, day)
                    elif cell not in ("", None):
                        sheet.write(row, column, cell)
            if title == name:
                for merge in merges:
                    sheet.merge_range(*merge, rows[merge[0]][merge[1]])
    return path


def write_text(path: Path, rows: Sequence[Sequence[Cell]], encoding: str, delimiter: str) -> Path:
    """A CSV file."""
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def write_objects(path: Path, rows: Sequence[Sequence[Cell]], shape: str) -> Path:
    """JSON of the rows below the first, as a list, wrapped, or one object a line."""
    objects = [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]
    texts = [json.dumps(item, ensure_ascii=False, default=str) for item in objects]
    joined = {
        "list": f"[{','.join(texts)}]",
        "rows": '{"rows": [' + ",".join(texts) + "]}",
        "lines": "\n".join(texts),
    }[shape]
    path.write_text(joined, encoding="utf-8")
    return path


def write_old_workbook(
    path: Path, rows: Sequence[Sequence[Cell]], *, far: int | None = None
) -> Path:
    """A minimal .xls: BIFF8 cells in one stream of a compound file; ``far`` adds a stray cell."""

    def record(number: int, body: bytes) -> bytes:
        return struct.pack("<HH", number, len(body)) + body

    def text(value: str, size: str) -> bytes:
        return struct.pack(size, len(value)) + b"\x01" + value.encode("utf-16-le")

    begin = struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)
    cells = b""
    for row, line in enumerate(rows):
        for column, cell in enumerate(line):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, float):
                cells += record(0x0203, place + struct.pack("<d", cell))
            elif cell:
                cells += record(0x0204, place + text(str(cell), "<H"))
    if far is not None:
        cells += record(0x0203, struct.pack("<HHHd", 65535, far, 0, 1.0))
    sheet = record(0x0809, begin) + cells + record(0x000A, b"")
    head = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    name = text("表一", "<B")
    start = len(head) + 4 + 6 + len(name) + 4
    content = head + record(0x0085, struct.pack("<IH", start, 0) + name) + record(0x000A, b"")
    path.write_bytes(compound_file({"Workbook": content + sheet}))
    return path


def compound_file(streams: dict[str, bytes]) -> bytes:
    """An OLE container with streams of at least 4096 bytes each."""
    sectors: list[bytes] = []
    chain: list[int] = []
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for name, content in streams.items():
        padded = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
        first, count = len(sectors), len(padded) // 512
        sectors += [padded[at : at + 512] for at in range(0, len(padded), 512)]
        chain += [*range(first + 1, first + count), 0xFFFFFFFE]
        entries.append(_entry(name, 2, first, len(padded)))
    entries += [_entry("", 0, 0, 0)] * (-len(entries) % 4)
    directory = len(sectors)
    table = b"".join(entries)
    sectors += [table[at : at + 512] for at in range(0, len(table), 512)]
    chain += [*range(directory + 1, len(sectors)), 0xFFFFFFFE]
    fats = -(-(len(sectors) + 1) // 127)
    places = list(range(len(sectors), len(sectors) + fats))
    chain += [0xFFFFFFFD] * fats
    chain += [0xFFFFFFFF] * (fats * 128 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fats, directory, 0, 4096,
                          0xFFFFFFFE, 0, 0xFFFFFFFE, 0)  # fmt: skip
    header += struct.pack("<109I", *places, *[0xFFFFFFFF] * (109 - fats))
    return header + b"".join(sectors) + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    encoded = (name + "\0").encode("utf-16-le") if name else b""
    none = 0xFFFFFFFF
    return encoded.ljust(64, b"\0") + struct.pack(
        "<HBBIII16xI8x8xIQ", len(encoded), kind, 1, none, none, child, 0, start, size
    )
