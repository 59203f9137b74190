"""Every row is accounted for, every no has its reason, and a missing fact stays missing."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaoer.base.refusals import Refused
from xiaoer.base.tables import (
    Cleaned,
    Doubtful,
    Field,
    Kind,
    Severity,
    Table,
    Why,
    clean_table,
    find_header,
    find_repeats,
    read_table,
    write_reasons,
)
from xiaoer.base.tables.cells import Cell
from xiaoer.base.tests.dirty_sheets import (
    CONVERTERS,
    FIRM_FIELDS,
    DirtySheet,
    dirty_sheets,
    firm_row,
    firm_rows,
    write_objects,
    write_text,
    write_workbook,
)
from xiaoer.base.units import Money

WITH_FILES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def clean(rows: list[list[Cell]], first_row_no: int = 1) -> Cleaned:
    table = Table.of_rows(Kind.CSV, rows, first_row_no)
    return clean_table(table, find_header(rows, FIRM_FIELDS), CONVERTERS)


def one(**changes: Cell) -> Cleaned:
    return clean(firm_rows(firm_row(1, **changes)))


@settings(deadline=None)
@given(dirty_sheets())
def test_no_row_is_lost_and_each_meets_its_fate(sheet: DirtySheet) -> None:
    cleaned = clean(sheet.rows)
    assert cleaned.read == len(cleaned.row_nos) + len(cleaned.rejected) + len(cleaned.left_out)
    assert cleaned.row_nos == [index + 1 for index in sheet.good]
    assert list(cleaned.rejected) == [index + 1 for index in sheet.rejected]
    assert {out.row_no - 1: out.why for out in cleaned.left_out} == sheet.left_out
    assert len(list(cleaned.rows())) == len(sheet.good)


@WITH_FILES
@given(sheet=dirty_sheets(), kind=st.sampled_from(["xlsx", "csv", "json"]))
def test_a_sheet_means_the_same_as_xlsx_csv_and_json(
    tmp_path: Path, sheet: DirtySheet, kind: str
) -> None:
    path = tmp_path / "sheet"
    rows = [*sheet.rows, firm_row(9)]
    if kind == "xlsx":
        write_workbook(path, rows)
    elif kind == "csv":
        write_text(path, rows, "gb18030", ",")
    else:
        write_objects(path, rows[sheet.header_row :], "list")
    table = read_table(path, wanted=FIRM_FIELDS)
    read = clean_table(table, find_header(table.rows, FIRM_FIELDS), CONVERTERS)
    expected = clean(rows)
    assert {key: list(map(str, values)) for key, values in read.columns.items()} == {
        key: list(map(str, values)) for key, values in expected.columns.items()
    }
    assert len(read.rejected) == len(expected.rejected)


grids = st.lists(
    st.lists(st.none() | st.text(max_size=9) | st.floats() | st.booleans() | st.dates(), min_size=8,
             max_size=8),
    max_size=12,
)  # fmt: skip


@settings(deadline=None)
@given(grids)
def test_whatever_cells_hold_all_rows_are_counted_and_every_no_has_words(
    rows: list[list[Cell]],
) -> None:
    table = Table.of_rows(Kind.CSV, firm_rows(*rows))
    header = find_header(table.rows, FIRM_FIELDS, at=(0, 0))
    cleaned = clean_table(table, header, CONVERTERS)
    assert cleaned.read == len(rows)
    assert cleaned.read == len(cleaned.row_nos) + len(cleaned.rejected) + len(cleaned.left_out)
    assert all(problem.reason and problem.advice for problem in cleaned.problems)
    assert {p.row_no for p in cleaned.problems if p.severity is Severity.REJECT} == set(
        cleaned.rejected
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("济宁　某某有限公司 ", "济宁 某某有限公司"),
        ("\u200b济宁ＡＢＣ１２公司\ufeff", "济宁ABC12公司"),
        ("济宁某某（集团）公司", "济宁某某（集团）公司"),
        ("济宁\n某某  公司", "济宁 某某 公司"),
        ("'济宁公司", "济宁公司"),
        ('="济宁公司"', "济宁公司"),
        (" 设计院 ", "设计院"),
        (3721.0, "3721"),
    ],
)
def test_a_name_is_kept_without_what_nobody_sees(typed: Cell, kept: str) -> None:
    assert one(name=typed).columns["name"] == [kept]


def test_one_untidy_name_does_not_change_the_tidy_ones_beside_it() -> None:
    rows = firm_rows(*(firm_row(number) for number in range(300)))
    rows[150][1] = "Ａ" + str(rows[150][1])
    names = clean(rows).columns["name"]
    assert names == [f"A{row[1]}" if row is rows[150] else row[1] for row in rows[1:]] or (
        names[149] == "A济宁恒信第149机械有限公司"
    )


@pytest.mark.parametrize(
    "nothing", ["", None, "N/A", "#N/A", "-", "——", "/", "无", " 暂无 ", "Ｎ／Ａ"]
)
def test_a_missing_fact_is_none_never_zero(nothing: Cell) -> None:
    cleaned = one(capital=nothing, phone=nothing, registered_on=nothing)
    assert [cleaned.columns[key] for key in ("capital", "phone", "registered_on")] == [[None]] * 3
    assert not cleaned.problems


@pytest.mark.parametrize("nothing", ["", " ", "N/A", None, "\u3000"])
def test_a_row_without_its_required_name_is_refused(nothing: Cell) -> None:
    problem = one(name=nothing).problems[0]
    assert (problem.field, problem.severity) == (FIRM_FIELDS[0], Severity.REJECT)
    assert "企业名称" in problem.reason


@pytest.mark.parametrize(
    ("typed", "money"),
    [
        ("300(万元人民币)", Money(300_000_000, "CNY")),
        ("5,688(万元人民币)", Money(5_688_000_000, "CNY")),
        ("4.5万人民币", Money(4_500_000, "CNY")),
        ("100万美元", Money(100_000_000, "USD")),
        ("５００", Money(500_000_000, "CNY")),
        (300.5, Money(300_500_000, "CNY")),
    ],
)
def test_money_takes_the_unit_of_its_heading_unless_it_says_its_own(
    typed: Cell, money: Money
) -> None:
    assert one(capital=typed).columns["capital"] == [money]


@pytest.mark.parametrize(
    "typed",
    ["2018-3-5", "2018/03/05", "2018.3.5", "2018年3月5日", "20180305", 43164.0, "２０１８－３－５"],
)
def test_a_day_is_read_in_any_usual_writing(typed: Cell) -> None:
    assert one(registered_on=typed).columns["registered_on"] == [date(2018, 3, 5)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("139 0537 0001", "13905370001"),
        ("+86-13905370001", "13905370001"),
        (13905370001.0, "13905370001"),
        ("（0537）2345678", "0537-2345678"),
        ("0537-2345678转801", "0537-2345678-801"),
        ("400-658-1234", "400-658-1234"),
    ],
)
def test_a_phone_is_kept_as_it_is_dialled(typed: Cell, kept: str) -> None:
    assert one(phone=typed).columns["phone"] == [kept]


@pytest.mark.parametrize("typed", ["13905370001/13905370002", "2345678"])
def test_a_doubtful_phone_is_kept_and_told(typed: str) -> None:
    cleaned = one(phone=typed)
    assert cleaned.columns["phone"] != [None]
    assert cleaned.doubtful == {2}
    assert cleaned.problems[0].severity is Severity.DOUBT


@pytest.mark.parametrize(
    "change",
    [
        {"capital": "很多"},
        {"capital": "#REF!"},
        {"capital": True},
        {"registered_on": "2018-02-30"},
        {"registered_on": 1e300},
        {"phone": "12"},
        {"status": "好"},
        {"code": "123"},
        {"name": "长" * 61},
        {"name": "坏\ufffd字"},
        {"name": "坏\ud800字"},
        {"name": "#VALUE!"},
        {"name": 1.23456789012345e17},
    ],
)
def test_what_nobody_can_read_is_refused_with_reason_and_advice(change: dict[str, Cell]) -> None:
    cleaned = one(**change)
    assert cleaned.rejected == (2,)
    (problem,) = cleaned.problems
    assert problem.field is not None
    assert problem.field.key == next(iter(change))
    assert problem.reason
    assert problem.advice


def test_no_is_an_answer_where_the_choice_knows_it() -> None:
    field = Field(
        "above", "是否规上", "Above scale", kind="choice", choices={"是": True, "无": False}
    )
    rows: list[list[Cell]] = [["企业名称", "是否规上"], ["甲", "无"], ["乙", ""], ["丙", "是"]]
    wanted = [FIRM_FIELDS[0], field]
    table = Table.of_rows(Kind.CSV, rows)
    cleaned = clean_table(table, find_header(rows, wanted), {})
    assert cleaned.columns["above"] == [False, None, True]


def test_a_list_inside_json_is_refused_not_taken_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"企业名称": ["甲", "乙"]}, {"企业名称": "丙"}]', encoding="utf-8")
    table = read_table(path)
    cleaned = clean_table(table, find_header(table.rows, FIRM_FIELDS), CONVERTERS)
    assert (cleaned.rejected, cleaned.row_nos) == ((1,), [2])


def test_a_converters_doubt_keeps_its_value() -> None:
    def doubt(cell: Cell, _unit: str | None = None, /) -> object:
        return Doubtful(cell, "odd", "look")

    rows = firm_rows(firm_row(1))
    table = Table.of_rows(Kind.CSV, rows)
    cleaned = clean_table(table, find_header(rows, FIRM_FIELDS), {"code": doubt})
    assert cleaned.columns["code"] == [firm_row(1)[2]]
    assert [(p.reason, p.advice) for p in cleaned.problems] == [("odd", "look")]


def test_a_converter_is_asked_once_for_each_different_cell() -> None:
    asked: list[Cell] = []

    def listen(cell: Cell, _unit: str | None = None, /) -> object:
        asked.append(cell)
        return cell

    rows = firm_rows(*(firm_row(number % 3) for number in range(30)))
    table = Table.of_rows(Kind.CSV, rows)
    clean_table(table, find_header(rows, FIRM_FIELDS), {"code": listen})
    assert len(asked) == 3


def test_a_firm_of_design_is_not_a_total() -> None:
    names = ["合计算法公司", "总计量检测公司", "小计划科技公司", "注册会计师事务所", "备注科技公司"]
    rows = firm_rows(*(firm_row(1, name=name) for name in names))
    assert clean(rows).columns["name"] == names


def test_a_row_of_ordinals_below_the_headings_is_left_out() -> None:
    rows: list[list[Cell]] = firm_rows(["甲", "乙", *range(1, 7)], firm_row(1))
    assert [out.why for out in clean(rows).left_out] == [Why.NUMBERING]


def test_a_row_without_a_matched_value_but_with_words_is_not_silently_blank() -> None:
    rows: list[list[Cell]] = firm_rows([1.0, "", "", "", "", "", "", "见附件"])
    assert clean(rows).rejected == (2,)


def test_nothing_is_cleaned_while_a_required_column_is_unknown() -> None:
    rows: list[list[Cell]] = [["统一社会信用代码", "状态"], ["x", "存续"]]
    with pytest.raises(Refused, match="企业名称"):
        clean(rows)


def test_repeats_are_told_by_the_row_they_repeat() -> None:
    rows = firm_rows(firm_row(1), firm_row(2), firm_row(1), firm_row(3, code=""))
    assert find_repeats(clean([*rows, firm_row(4, code="")]), ("code",)) == {4: 2}


def reasons_of(rows: list[list[Cell]], path: Path) -> tuple[int, Table]:
    table = Table.of_rows(Kind.CSV, rows)
    header = find_header(rows, FIRM_FIELDS)
    cleaned = clean_table(table, header, CONVERTERS)
    return write_reasons(path, table, header, cleaned.problems), read_table(path)


def test_the_sheet_of_reasons_holds_only_rows_with_problems(tmp_path: Path) -> None:
    bad, doubtful = firm_row(2, code="1", phone="1"), firm_row(3, phone="2345678")
    rows = firm_rows(firm_row(1), bad, doubtful)
    count, sheet = reasons_of(rows, tmp_path / "a.xlsx")
    assert count == 2
    assert sheet.rows[0][:4] == ["原因", "怎么办", "结果", "原行号"]
    assert [row[2:4] for row in sheet.rows[1:]] == [["未导入", 3.0], ["存疑", 4.0]]
    assert str(sheet.rows[1][0]).count("\n") == 1
    assert sheet.rows[1][5] == firm_row(2)[1]


def test_a_formula_in_a_cell_comes_back_as_text(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://example.invalid","看")'
    _count, sheet = reasons_of(firm_rows(firm_row(1, code=evil)), tmp_path / "a.xlsx")
    assert sheet.rows[1][6] == evil


@WITH_FILES
@given(sheet=dirty_sheets())
def test_a_corrected_sheet_of_reasons_can_be_read_again(tmp_path: Path, sheet: DirtySheet) -> None:
    path = tmp_path / "again.xlsx"
    count, again = reasons_of(sheet.rows, path)
    if count:
        cleaned = clean_table(again, find_header(again.rows, FIRM_FIELDS), CONVERTERS)
        assert len(cleaned.rejected) == len(sheet.rejected)
        assert cleaned.read == count
