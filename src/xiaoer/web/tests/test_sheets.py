"""Sheets open elsewhere as what they were here: text as text, numbers as numbers, days as days."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from xiaoer.web import sheets
from xiaoer.web.sheets import Column, Kind, write_csv, write_xlsx

COLUMNS = (
    Column("name", "企业名称", width=36),
    Column("growth", "增速（%）", kind=Kind.NUMBER),
    Column("day", "注册日期", kind=Kind.DATE),
    Column("seen", "最近走访", width=18, kind=Kind.DATETIME),
)


@dataclass(frozen=True)
class Firm:
    name: str | None
    growth: Decimal | int | None
    day: date | None
    seen: datetime | None


FIRM = Firm("=1+1", Decimal("-3.78"), date(2019, 5, 6), datetime(2025, 11, 4, 1, 5, 59, tzinfo=UTC))
NOTHING = Firm(None, None, None, None)


def opened(path: Path) -> Worksheet:
    sheet = openpyxl.load_workbook(path).active
    assert isinstance(sheet, Worksheet)
    return sheet


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_workbook_keeps_text_numbers_and_days_apart(tmp_path: Path) -> None:
    path = tmp_path / "firms.xlsx"
    assert write_xlsx(path, COLUMNS, [FIRM, NOTHING], title="企业") == 2
    sheet = opened(path)
    assert [cell.value for cell in sheet[1]] == ["企业名称", "增速（%）", "注册日期", "最近走访"]
    name, growth, day, seen = sheet[2]
    assert (name.value, name.data_type, name.quotePrefix) == ("=1+1", "s", True)
    assert growth.value == pytest.approx(-3.78)
    assert day.value == datetime(2019, 5, 6)
    assert f"{seen.value:%Y-%m-%d %H:%M}" == "2025-11-04 09:05"
    assert [cell.value for cell in sheet[3]] == [None] * 4


def test_the_head_is_bold_and_stays_in_sight(tmp_path: Path) -> None:
    path = tmp_path / "firms.xlsx"
    write_xlsx(path, COLUMNS, [FIRM], title="企业/名单")
    sheet = opened(path)
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D2"
    assert sheet.title == "企业 名单"


@given(
    st.sampled_from(sheets.FORMULA_STARTS),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
)
def test_no_text_becomes_a_formula(start: str, rest: str) -> None:
    assert sheets._harmless(start + rest) == "'" + start + rest


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+86 531", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]
)
def test_both_files_escape_what_would_run(tmp_path: Path, text: str) -> None:
    column = (Column("name", "=备注"),)
    write_csv(tmp_path / "a.csv", column, [(text,)])
    assert read(tmp_path / "a.csv") == [["'=备注"], ["'" + text]]
    write_xlsx(tmp_path / "a.xlsx", column, [(text,)])
    sheet = opened(tmp_path / "a.xlsx")
    assert [sheet["A1"].data_type, sheet["A2"].data_type] == ["s", "s"]


def test_a_csv_opens_in_chinese_and_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    assert write_csv(path, COLUMNS, [FIRM, NOTHING]) == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read(path)[1] == ["'=1+1", "-3.78", "2019-05-06", "2025-11-04 09:05:59"]
    assert read(path)[2] == [""] * 4


def test_a_long_code_keeps_all_its_digits(tmp_path: Path) -> None:
    path = tmp_path / "codes.xlsx"
    column = (Column("code", "代码", kind=Kind.NUMBER),)
    write_xlsx(path, column, [(370112345678901234,), (123456789012345,), (float("nan"),)])
    values = [row[0].value for row in opened(path).iter_rows(min_row=2)]
    assert values == ["370112345678901234", 123456789012345, "nan"]


def test_a_text_longer_than_a_cell_says_that_it_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    write_xlsx(path, (Column("body", "内容"),), [("长" * 40_000,)])
    value = opened(path)["A2"].value
    assert isinstance(value, str)
    assert len(value) == sheets.LONGEST_CELL
    assert value.endswith("CSV 文件）")


def test_a_list_longer_than_a_sheet_goes_on_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "ROWS_A_SHEET", 4)
    path = tmp_path / "many.xlsx"
    assert write_xlsx(path, (Column("n", "序号", kind=Kind.NUMBER),), [(n,) for n in range(7)]) == 7
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["数据", "数据 2", "数据 3"]
    found = [row[0].value for sheet in book for row in sheet.iter_rows(min_row=2)]
    assert found == list(range(7))


def test_an_export_that_breaks_leaves_the_old_file_and_no_half_one(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[str]]:
        yield ("一",)
        raise ConnectionError

    for write, name in ((write_xlsx, "a.xlsx"), (write_csv, "a.csv")):
        path = tmp_path / name
        path.write_bytes(b"before")
        with pytest.raises(ConnectionError):
            write(path, (Column("name", "名称"),), rows())
        assert path.read_bytes() == b"before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "a.xlsx"]
