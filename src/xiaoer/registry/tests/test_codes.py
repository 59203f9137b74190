"""Codes of firms are read for certain, doubted aloud, or refused with the likely reading."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from xiaoer.base.reading import Unreadable
from xiaoer.registry.codes import (
    ALPHABET,
    CreditCode,
    OldNumber,
    check_character,
    is_industrial,
    is_known_region,
    is_whole_code,
    make_credit_code,
    organisation_check,
    read_credit_code,
    read_industry,
    section_of,
)

invented = st.builds(
    make_credit_code, st.sampled_from(["370800", "370811"]), st.integers(0, 31**5 - 1)
)
CODE = make_credit_code("370811", 2363)


@pytest.fixture(autouse=True)
def _in_english(in_chinese: None) -> Iterator[None]:
    with override("en"):
        yield


def with_check(body: str) -> str:
    return body + uscc.calc_check_digit(body)


@given(invented)
def test_an_invented_code_passes_every_check_and_says_what_it_is(code: str) -> None:
    read = read_credit_code(code)
    assert isinstance(read, CreditCode)
    assert (read.code, read.warnings, read.is_invented) == (code, (), True)
    assert uscc.is_valid(code)


@given(st.text(alphabet=ALPHABET, min_size=17, max_size=17))
def test_our_check_character_is_python_stdnums(body: str) -> None:
    assert check_character(body) == uscc.calc_check_digit(body)


@given(invented | st.builds(with_check, st.text(ALPHABET, min_size=17, max_size=17)) | st.text())
def test_what_is_quickly_seen_to_be_whole_is_whole_when_read_slowly(text: str) -> None:
    try:
        read = read_credit_code(text)
    except Unreadable:
        read = None
    whole = isinstance(read, CreditCode) and not read.warnings and read.code == text
    assert is_whole_code(text) == whole


def test_invented_codes_are_all_different_and_stay_the_same() -> None:
    codes = [make_credit_code("370811", n) for n in range(3000)]
    assert len(set(codes)) == 3000
    assert codes[7] == make_credit_code("370811", 7)
    with pytest.raises(ValueError, match="31"):
        make_credit_code("370811", 31**5)


@given(invented, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_caught(code: str, place: int, sign: str) -> None:
    wrong = code[:place] + sign + code[place + 1 :]
    if wrong == code:
        return
    with pytest.raises(Unreadable):
        read_credit_code(wrong)


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        f"  {CODE} ",
        f"{CODE[:8]} {CODE[8:]}",
        f"{CODE[:8]}-{CODE[8:17]}-{CODE[17:]}",
        "".join(chr(ord(sign) + 0xFEE0) for sign in CODE),
        f"'{CODE}",
        f"{CODE}\n",
    ],
)
def test_case_blanks_and_full_width_do_not_matter(typed: str) -> None:
    assert read_credit_code(typed) == CreditCode(CODE)


@pytest.mark.parametrize("start", ["N2370811", "A1370811", "Y1370811", "5237081"])
def test_codes_of_every_authority_are_read(start: str) -> None:
    start = start if len(start) == 8 else f"{start}1"
    body = "DEM00001"
    code = with_check(start + body + organisation_check(body))
    assert read_credit_code(code) == CreditCode(code)


def test_an_unknown_region_and_an_odd_inner_check_are_doubts_not_a_no() -> None:
    body = "DEM00001"
    nowhere = with_check("91999999" + body + organisation_check(body))
    read = read_credit_code(nowhere)
    assert isinstance(read, CreditCode)
    assert [str(doubt) for doubt in read.warnings] == [
        f"Region 999999 in “{nowhere}” is in no list of regions."
    ]
    inner = "0" if organisation_check(body) != "0" else "1"
    odd = read_credit_code(with_check("91370811" + body + inner))
    assert isinstance(odd, CreditCode)
    assert "organisation code" in str(odd.warnings[0])


@pytest.mark.parametrize(("region", "known"), [("370811", True), ("370800", True), ("370802", True),
                                               ("370871", True), ("370899", False),
                                               ("999971", False)])  # fmt: skip
def test_regions_of_the_list_its_past_and_development_zones_are_known(
    region: str, known: bool
) -> None:
    assert is_known_region(region) is known


def test_letters_that_codes_do_not_use_come_with_the_likely_reading() -> None:
    code = make_credit_code("370811", 1)
    assert code.count("0") > 1
    for wrong in (code.replace("0", "O"), code.replace("1", "I"), code.replace("1", "i")):
        with pytest.raises(Unreadable, match="probably") as refused:
            read_credit_code(wrong)
        assert refused.value.likely == code
        assert code in str(refused.value)


def test_an_old_registration_number_is_told_apart() -> None:
    assert read_credit_code("370811200000015") == OldNumber("370811200000015")
    assert read_credit_code(370811200000015.0) == OldNumber("370811200000015")
    right = next(f"37081120000001{check}" for check in range(10)
                 if not _old(f"37081120000001{check}").warnings)  # fmt: skip
    assert _old(f" {right} ").warnings == ()
    assert "last digit" in str(_old(right[:-1] + str((int(right[-1]) + 1) % 10)).warnings[0])


def _old(number: str) -> OldNumber:
    read = read_credit_code(number)
    assert isinstance(read, OldNumber)
    return read


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (9.1370811e17, "spreadsheet"),
        ("9.13708E+17", "spreadsheet"),
        ("12345678-9", "old organisation code"),
        ("9137081", "has 7 characters"),
        ("济宁市某某公司", "has 7 characters"),
        (CODE + "1", "has 19 characters"),
        (CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), "last character"),
        ("91X708110000000000", "is not a unified"),
    ],
)
def test_what_is_no_code_is_refused_with_what_to_do(value: object, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_credit_code(value)


@pytest.mark.parametrize("value", [None, "", "无", "N/A", "-", "/"])
def test_a_missing_code_is_none(value: object) -> None:
    assert read_credit_code(value) is None


@given(st.text(max_size=20))
def test_any_text_is_a_code_or_missing_or_refused(text: str) -> None:
    try:
        read_credit_code(text)
    except Unreadable as refused:
        assert str(refused)


@pytest.mark.parametrize(
    ("industry", "section"),
    [("0111", "A"), ("0600", "B"), ("1200", "B"), ("1311", "C"), ("4390", "C"), ("4411", "D"),
     ("4690", "D"), ("4710", "E"), ("7010", "K"), ("9600", "S"), ("9700", "T"), ("0000", None),
     ("9800", None), ("C351", None), ("", None)],
)  # fmt: skip
def test_the_section_follows_from_the_division(industry: str, section: str | None) -> None:
    assert section_of(industry) == section
    assert is_industrial(industry) is (section in {"B", "C", "D"})


def test_industries_are_read_as_sheets_write_them() -> None:
    assert read_industry("C3511") == read_industry("3511") == read_industry(3511.0) == "3511"
    assert read_industry("3511 金属切削机床制造") == "3511"
    assert read_industry("无") is None
    for wrong in ("A3511", "111", "9800", "制造业"):
        with pytest.raises(Unreadable):
            read_industry(wrong)
