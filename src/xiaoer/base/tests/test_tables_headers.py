"""Headings are found where they stand; what is not sure is left for a person, whose word wins."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.base.refusals import Refused
from xiaoer.base.tables import Field, Header, find_header
from xiaoer.base.tables.cells import Cell
from xiaoer.base.tables.headings import read_heading
from xiaoer.base.tests.dirty_sheets import (
    FIRM_FIELDS,
    HEADINGS,
    DirtySheet,
    dirty_sheets,
    firm_row,
    firm_rows,
)


def matched(header: Header) -> dict[int, str]:
    return {column: match.field.key for column, match in header.mapping.items()}


@settings(deadline=None)
@given(dirty_sheets())
def test_headings_are_found_below_titles_and_blank_rows(sheet: DirtySheet) -> None:
    header = find_header(sheet.rows, FIRM_FIELDS)
    assert header.row_index == header.first_index == sheet.header_row
    assert list(matched(header).values()) == [field.key for field in FIRM_FIELDS]
    assert header.unused == (0, 7)


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("注册资本（万元）", "注册资本", "万元"),
        ("*注册资本\n(单位：人民币万元)", "注册资本", "万元"),
        ("注册资本/万元", "注册资本", "万元"),
        ("注册资金:亿元", "注册资金", "亿元"),
        ("占地面积（㎡）", "占地面积", "m2"),
        ("同比（％）", "同比", "%"),
        ("联 系 电 话", "联系电话", None),
        ("地址（注册）", "地址", None),
        ("ＧＤＰ", "gdp", None),
        ("（万元）", "", "万元"),
    ],
)
def test_a_heading_says_name_and_unit(text: str, name: str, unit: str | None) -> None:
    heading = read_heading(text)
    assert (heading.name, heading.unit) == (name, unit)


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("单位名称", "name"),
        ("企业名称（全称）", "name"),
        ("公司名称*", "name"),
        ("企业统一社会信用代码", "code"),
        ("统一社会信用代码/注册号", "code"),
        ("注册资金（万元人民币）", "capital"),
        ("企业成立日期", "registered_on"),
        ("Credit Code", "code"),
    ],
)
def test_a_column_is_matched_by_the_names_offices_use(heading: str, key: str) -> None:
    header = find_header([["序号", heading, "状态"], ["1", "x", "存续"]], FIRM_FIELDS)
    assert matched(header)[1] == key


def test_headings_over_two_rows_are_read_together() -> None:
    fields = [
        Field("name", "企业名称", "Name", required=True),
        Field("legal_phone", "法定代表人电话", "Phone of the legal representative"),
        Field("contact_phone", "联系人电话", "Phone of the contact"),
        Field("output", "产值", "Output", kind="money"),
    ]
    rows: list[list[Cell]] = [
        ["某区企业情况表", "", "", "", "", "", ""],
        ["序号", "企业名称", "法定代表人", "", "联系人", "", "产值（万元）"],
        ["", "", "姓名", "电话", "姓名", "电话", ""],
        [1.0, "济宁甲公司", "某甲", "1", "某乙", "2", 30.0],
    ]
    header = find_header(rows, fields)
    assert (header.first_index, header.row_index) == (1, 2)
    assert matched(header) == {1: "name", 3: "legal_phone", 5: "contact_phone", 6: "output"}
    assert header.names[5] == "联系人 电话"
    assert header.mapping[6].unit == "万元"


def test_a_heading_that_stands_twice_is_left_for_a_person() -> None:
    header = find_header([["企业名称", "联系电话", "联系电话"], ["甲", "1", "2"]], FIRM_FIELDS)
    assert matched(header) == {0: "name"}
    assert [column.column for column in header.open_columns] == [1, 2]
    assert header.open_columns[0].candidates[0].key == "phone"


def test_an_exact_name_wins_over_one_that_contains_it() -> None:
    rows = [["企业名称", "法人联系电话", "联系电话", "原企业名称"], ["甲", "1", "2", "3"]]
    header = find_header(rows, FIRM_FIELDS)
    assert matched(header) == {0: "name", 2: "phone"}


def test_a_persons_word_wins_and_moves_the_field() -> None:
    rows = firm_rows(firm_row(1))
    header = find_header(rows, FIRM_FIELDS, chosen={7: "name", 6: None}, units={3: "元"})
    assert matched(header)[7] == "name"
    assert 1 not in header.mapping
    assert 6 not in header.mapping
    assert (header.mapping[3].unit, header.mapping[3].unit_from) == ("元", "person")


@pytest.mark.parametrize("chosen", [{99: "name"}, {1: "unknown"}, {1: "name", 2: "name"}])
def test_a_choice_that_cannot_be_is_refused(chosen: dict[int, str | None]) -> None:
    with pytest.raises(Refused):
        find_header(firm_rows(firm_row(1)), FIRM_FIELDS, chosen=chosen)


def test_a_person_may_say_which_row_is_the_heading() -> None:
    rows: list[list[Cell]] = [["甲", "乙"], ["企业名称", "状态"], ["x", "存续"]]
    assert find_header(rows, FIRM_FIELDS, at=(0, 0)).names == ("甲", "乙")
    with pytest.raises(Refused):
        find_header(rows, FIRM_FIELDS, at=(2, 9))


def test_the_unit_above_the_table_holds_for_money_without_its_own() -> None:
    rows: list[list[Cell]] = [
        ["填报单位：某园区", "", "单位：亿元"],
        ["企业名称", "注册资本", "状态"],
        ["甲", 3.0, "存续"],
    ]
    match = find_header(rows, FIRM_FIELDS).mapping[1]
    assert (match.unit, match.unit_from) == ("亿元", "above")
    assumed = find_header(rows[1:], FIRM_FIELDS).mapping[1]
    assert (assumed.unit, assumed.unit_from) == ("万元", "field")


def test_a_missing_required_column_is_named() -> None:
    header = find_header([["统一社会信用代码", "状态"], ["x", "存续"]], FIRM_FIELDS)
    assert [field.key for field in header.missing] == ["name"]


def test_unknown_headings_are_shown_so_that_a_person_can_match_them() -> None:
    header = find_header([["甲列", "乙列", "丙列"], [1.0, 2.0, 3.0]], FIRM_FIELDS)
    assert header.names == ("甲列", "乙列", "丙列")
    assert not header.mapping


def test_a_table_without_words_has_no_headings() -> None:
    with pytest.raises(Refused):
        find_header([[1.0, 2.0]] * 40, FIRM_FIELDS)


def test_the_fingerprint_knows_a_layout_again_and_tells_units_apart() -> None:
    one = find_header(firm_rows(firm_row(1)), FIRM_FIELDS)
    two = find_header([["题目"], [], [f" {name} " for name in HEADINGS], firm_row(2)], FIRM_FIELDS)
    other = [name.replace("万元", "元") for name in HEADINGS]
    assert one.fingerprint == two.fingerprint
    assert find_header([other, firm_row(1)], FIRM_FIELDS).fingerprint != one.fingerprint


cells = st.none() | st.text(max_size=12) | st.floats(allow_nan=False) | st.sampled_from(HEADINGS)


@settings(deadline=None)
@given(st.lists(st.lists(cells, min_size=4, max_size=4), min_size=1, max_size=12))
def test_no_field_and_no_column_is_matched_twice(rows: list[list[Cell]]) -> None:
    try:
        header = find_header(rows, FIRM_FIELDS)
    except Refused:
        return
    keys = list(matched(header).values())
    assert len(keys) == len(set(keys))
    assert not {column.column for column in header.open_columns} & set(header.mapping)
    assert 0 <= header.first_index <= header.row_index < len(rows)
