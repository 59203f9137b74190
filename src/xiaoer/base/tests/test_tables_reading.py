"""Files are read by content, and what cannot be read safely is refused in words."""

import re
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaoer.base.refusals import Refused
from xiaoer.base.tables import Field, Kind, Limits, read_table
from xiaoer.base.tables.cells import Cell
from xiaoer.base.tests.dirty_sheets import (
    FIRM_FIELDS,
    HEADINGS,
    compound_file,
    firm_row,
    write_objects,
    write_old_workbook,
    write_text,
    write_workbook,
)

ROWS: list[list[Cell]] = [list(HEADINGS), firm_row(1), firm_row(2)]
SHEET = "xl/worksheets/sheet1.xml"


def repack(path: Path, **parts: bytes | None) -> Path:
    """Change parts of a workbook; names have __ for / and _dot_ for a dot."""
    changes = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content |= {name: part for name, part in changes.items() if part is not None}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return path


def refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(Refused) as refused:
        read_table(path, limits=limits or Limits())
    return str(refused.value)


def test_a_workbook_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "名录.csv", ROWS)
    table = read_table(path)
    assert (table.kind, table.sheet, table.first_row_no) == (Kind.XLSX, "Sheet1", 1)
    assert table.rows[1] == firm_row(1)


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    table = read_table(write_old_workbook(tmp_path / "a.bin", ROWS))
    assert table.kind is Kind.XLS
    assert table.rows[2][1] == firm_row(2)[1]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", ","), ("utf-16", "\t"), ("utf-16-le", "|")],
)
def test_a_csv_is_read_in_any_encoding_and_with_any_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    table = read_table(write_text(tmp_path / "a.xlsx", ROWS, encoding, delimiter))
    assert table.kind is Kind.CSV
    assert table.rows == [[str(cell) for cell in row] for row in ROWS]


@pytest.mark.parametrize("shape", ["list", "rows", "lines"])
def test_json_is_read_in_three_shapes(tmp_path: Path, shape: str) -> None:
    table = read_table(write_objects(tmp_path / "a", ROWS, shape))
    assert table.kind is Kind.JSON
    assert table.rows[0] == list(HEADINGS)
    assert (table.row_no(2), table.rows[2][0]) == (2, 2.0)


def test_of_several_sheets_the_one_with_the_headings_is_chosen(tmp_path: Path) -> None:
    notes: list[list[Cell]] = [[f"第{number}条", "很长", "很长"] for number in range(61)]
    path = write_workbook(tmp_path / "a.xlsx", notes, name="说明", others={"名录": ROWS})
    table = read_table(path, wanted=FIRM_FIELDS)
    assert table.sheet == "名录"
    assert [(other.name, other.rows) for other in table.other_sheets] == [("说明", 61)]
    assert read_table(path, sheet="说明", wanted=FIRM_FIELDS).sheet == "说明"
    with pytest.raises(Refused, match="丙"):
        read_table(path, sheet="丙", wanted=FIRM_FIELDS)


def test_row_numbers_are_those_excel_shows(tmp_path: Path) -> None:
    table = read_table(write_workbook(tmp_path / "a.xlsx", [[], [], ["甲"], ["乙"]]))
    assert [table.row_no(index) for index, _row in enumerate(table.rows)] == [3, 4]


def test_a_text_merged_over_rows_belongs_to_each_but_a_sum_does_not(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["园区", "总投资"], ["一园", 300.0], ["", ""], ["二园", 100.0]]
    path = write_workbook(tmp_path / "a.xlsx", rows, merges=[(1, 0, 2, 0), (1, 1, 2, 1)])
    table = read_table(path)
    assert table.rows[2] == ["一园", ""]
    assert "1" in table.note


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"<html><table><tr><td>1</td></tr></table></html>",
        b"PK\x05\x06" + bytes(18),
        b"PK\x03\x04 broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"\x00\x01\x02\x03" * 9,
        b"name\n\xff\xff\xff\x81",
        b'a,b\n"unclosed,1\n2,3\n',
        b"[1, 2]",
        b"{",
        b"[" * 100_000,
        b"{}",
        b" \n \n",
        "甲\x00".encode() * 3,
    ],
)
def test_what_is_no_table_is_refused_in_chinese_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in refusal(path))


def test_macros_are_refused_under_any_name(tmp_path: Path) -> None:
    path = repack(write_workbook(tmp_path / "a.xlsx", ROWS), xl__vbaProject_dot_bin=b"x")
    assert "宏" in refusal(path)
    path.write_bytes(compound_file({"Workbook": b"", "_VBA_PROJECT": b""}))
    assert "宏" in refusal(path)


def test_a_workbook_under_password_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(compound_file({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}))
    assert "密码" in refusal(path)


def test_a_file_beyond_the_limit_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", ROWS)
    assert "MB" in refusal(path, Limits(file_bytes=1000))


def test_more_rows_or_columns_than_allowed_are_refused(tmp_path: Path) -> None:
    wide = write_workbook(tmp_path / "a.xlsx", [["x"] * 40])
    assert "40" in refusal(wide, Limits(columns=30))
    for name in ("a.csv", "b.xlsx"):
        tall = tmp_path / name
        rows: list[list[Cell]] = [["x", "y"]] * 200
        write_text(tall, rows, "utf-8", ",") if name == "a.csv" else write_workbook(tall, rows)
        refusal(tall, Limits(rows=50))


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = repack(write_workbook(tmp_path / "a.xlsx", ROWS), xl__media__a_dot_xml=bytes(30 * 2**20))
    assert path.stat().st_size < 100_000
    assert "解压" in refusal(path)


def test_a_directory_that_lies_about_sizes_is_found_out(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    content = path.read_bytes()
    assert content.count(struct.pack("<I", size)) >= 1
    path.write_bytes(content.replace(struct.pack("<I", size), struct.pack("<I", size - 100)))
    refusal(path)


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="XFD1048576"><v>1</v></c>',
        b'<c s="1" r="XFD1048576"><v>1</v></c>',
        b"<c\tr='XFD1048576'><v>1</v></c>",
        b'<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        b'r="XFD1048576"><x:v>1</x:v></x:c>',
        b'<c r="ZZ999999"><v>1</v></c>',
        b'<c r="AA1000000"><v>1</v></c>',
    ],
)
def test_a_stray_cell_far_away_does_not_take_the_memory(tmp_path: Path, cell: bytes) -> None:
    path = write_workbook(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET)
    far = sheet.replace(b"</sheetData>", b"<row>" + cell + b"</row></sheetData>")
    assert "零散" in refusal(repack(path, **{SHEET: far}))


def test_empty_cells_that_only_have_a_colour_reach_nowhere(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET)
    styled = sheet.replace(b"</sheetData>", b'<row r="9"><c r="XFD9" s="0"/></row></sheetData>')
    assert len(read_table(repack(path, **{SHEET: styled})).rows) == 3


def test_a_wrong_count_of_texts_does_not_take_the_memory(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(path) as archive:
        texts = archive.read("xl/sharedStrings.xml")
    lying = re.sub(rb'uniqueCount="\d+"', b'uniqueCount="99999999999"', texts)
    assert lying != texts
    assert "内存" in refusal(repack(path, **{"xl/sharedStrings.xml": lying}))


def test_a_long_text_named_by_many_cells_is_refused(tmp_path: Path) -> None:
    row: list[Cell] = [f"{number}" + "长" * 30_000 for number in range(20)]
    rows = [row] * 2000
    path = write_workbook(tmp_path / "a.xlsx", rows)
    assert path.stat().st_size < 500_000
    assert "内存" in refusal(path)


def test_an_old_workbook_with_a_stray_cell_dies_in_a_process_of_its_own(tmp_path: Path) -> None:
    refusal(write_old_workbook(tmp_path / "a.xls", ROWS, far=60_000))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cuts=st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=4)), max_size=6))
def test_a_damaged_workbook_is_read_or_refused_never_worse(
    tmp_path: Path, cuts: list[tuple[int, bytes]]
) -> None:
    path = write_workbook(tmp_path / "a.xlsx", ROWS)
    content = bytearray(path.read_bytes())
    for place, junk in cuts:
        content[place % len(content) : place % len(content) + len(junk)] = junk
    path.write_bytes(bytes(content))
    try:
        read_table(path)
    except Refused as refused:
        assert str(refused)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    try:
        table = read_table(path)
    except Refused as refused:
        assert str(refused)
    else:
        assert len({len(row) for row in table.rows}) == 1


def test_every_part_of_a_sheet_damaged_alone_is_read_or_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(path) as archive:
        whole = archive.read(SHEET)
    for place in range(0, len(whole), 301):
        for junk in (b"<", b"9999999999", b'"', b"&", b"\xff"):
            damaged = whole[:place] + junk + whole[place + 1 :]
            try:
                read_table(repack(path, **{SHEET: damaged}))
            except Refused as refused:
                assert str(refused)


def test_a_field_is_named_in_the_readers_language() -> None:
    assert Field("a", "企业名称", "Name").label == "企业名称"
