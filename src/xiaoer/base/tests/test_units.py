"""What people type and sheets hold is read as one amount, as missing, or refused with a reason."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.base.units import (
    AREA,
    ENERGY,
    MASS,
    PERCENT,
    WAN_DOLLARS,
    WAN_YUAN,
    YI_YUAN,
    YUAN,
    Money,
    MoneyUnit,
    Unreadable,
    amount_in,
    money_in,
    money_unit,
    parse_area,
    parse_count,
    parse_energy,
    parse_mass,
    parse_money,
    parse_percent,
    show_area,
    show_count,
    show_energy,
    show_mass,
    show_money,
    show_percent,
)

fen = st.integers(min_value=-(10**17), max_value=10**17)
lang = st.sampled_from(["zh-hans", "en"])


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("3.78亿", 378_000_000),
        ("3.78 亿元", 378_000_000),
        ("300(万元人民币)", 3_000_000),
        ("300（万元人民币）", 3_000_000),
        ("5,688(万元人民币)", 56_880_000),
        ("５，６８８（万元人民币）", 56_880_000),
        ("4.5万人民币", 45_000),
        ("1,000.00", 1_000),
        (" 1 000 元 ", 1_000),
        ("壹佰万元整", 1_000_000),
        ("叁仟伍佰万元", 35_000_000),
        ("一亿二千万元", 120_000_000),
        ("1亿2千万", 120_000_000),
        ("3亿2000万元", 320_000_000),
        ("两亿", 200_000_000),
        ("人民币300万元", 3_000_000),
        ("¥300", 300),
        ("￥ 1,234.50", Decimal("1234.5")),
        ("300w", 3_000_000),
        ("3。78亿", 378_000_000),
        ("-12.5万", -125_000),
        ("－12.5万", -125_000),
        ("5千元", 5_000),
        (".5万", 5_000),
        ("2百万元", 2_000_000),
        ("1.2万亿元", 1_200_000_000_000),
        ("CNY 378 million", 378_000_000),
        (1234.5, Decimal("1234.5")),
        (3e6, 3_000_000),
        (300, 300),
        (Decimal("0.01"), Decimal("0.01")),
        ("\ufeff300\u200b万", 3_000_000),
    ],
)
def test_amounts_as_people_write_them_are_read(text: object, yuan: Decimal | int) -> None:
    assert parse_money(text) == Money(int(yuan * 100))


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("100万美元", Money(10**8, "USD")),
        ("100万美金", Money(10**8, "USD")),
        ("US$1,000", Money(10**5, "USD")),
        ("1.5亿日元", Money(15 * 10**9, "JPY")),
        ("50万港元", Money(5 * 10**7, "HKD")),
        ("300万欧元", Money(3 * 10**8, "EUR")),
        ("200万元港币", Money(2 * 10**8, "HKD")),
    ],
)
def test_other_currencies_keep_their_code(text: str, money: Money) -> None:
    assert parse_money(text) == money


@pytest.mark.parametrize(
    "text", [None, "", "  ", "N/A", "n/a", "-", "--", "—", "——", "－", "/", "无", "暂无", "　"]
)
def test_missing_is_none_and_never_zero(text: str | None) -> None:
    assert parse_money(text) is None
    assert parse_area(text) is None
    assert parse_count(text) is None
    assert parse_money(float("nan")) is None
    assert parse_money("0") == Money(0)


@pytest.mark.parametrize(
    "text",
    ["约300万", "300余万", "20-30万", "万元", "千元", "三百五百",
     "三百五万", "一万二", "一二万元", "百元", "1,5", "12,34", "3 5",
     "2018 300万",      "300万元5", "abc", "300万吨", "--5", "5-", "1.2.3", "∞", True,
     float("inf"), object(), "9" * 40,
     "1.2E+06", "30万美元欧元", "=1+1", "9" * 5000],
)  # fmt: skip
def test_what_has_no_certain_reading_is_refused(text: object) -> None:
    with pytest.raises(Unreadable):
        parse_money(text)


def test_the_reason_names_the_value_and_what_to_type() -> None:
    with pytest.raises(Unreadable, match=r"约300万.*3\.78亿元"):
        parse_money("约300万")
    with pytest.raises(Unreadable, match="spreadsheet"):
        parse_money("1.2E+06")
    with pytest.raises(Unreadable, match=r"braces \{0\}"):
        parse_money("braces {0}")


@pytest.mark.parametrize(
    ("text", "unit", "money"),
    [
        ("300", WAN_YUAN, Money(3 * 10**8)),
        (300, WAN_YUAN, Money(3 * 10**8)),
        (300.5, WAN_YUAN, Money(3_005 * 10**5)),
        ("300人民币", WAN_YUAN, Money(3 * 10**8)),
        ("3000000元", WAN_YUAN, Money(3 * 10**8)),
        ("300万", WAN_YUAN, Money(3 * 10**8)),
        ("一百万", WAN_YUAN, Money(10**8)),
        ("一亿二千万", WAN_YUAN, Money(12 * 10**9)),
        ("三百", WAN_YUAN, Money(3 * 10**8)),
        ("3.78", YI_YUAN, Money(378 * 10**8)),
        ("100", WAN_DOLLARS, Money(10**8, "USD")),
        ("100万美元", WAN_YUAN, Money(10**8, "USD")),
        ("300万元人民币", WAN_DOLLARS, Money(3 * 10**8)),
    ],
)
def test_a_written_unit_outranks_the_unit_of_the_column(
    text: object, unit: MoneyUnit, money: Money
) -> None:
    assert parse_money(text, unit) == money


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("300美元", WAN_YUAN),
        ("USD 300", WAN_YUAN),
        ("300万元", WAN_DOLLARS),
        ("300元", WAN_DOLLARS),
    ],
)
def test_a_unit_that_quarrels_with_the_column_is_refused(text: str, unit: MoneyUnit) -> None:
    with pytest.raises(Unreadable, match="two ways"):
        parse_money(text, unit)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("注册资本(万元)", WAN_YUAN),
        ("注册资本（万元）", WAN_YUAN),
        ("注册资本（单位：万元）", WAN_YUAN),
        ("总投资：亿元", YI_YUAN),
        ("营业收入_千元", MoneyUnit(10**5)),
        ("实际利用外资（万美元）", WAN_DOLLARS),
        ("注册资本万元", WAN_YUAN),
        ("营业收入(含税,万元)", WAN_YUAN),
        ("注册资本(元)", YUAN),
        ("注册资本", None),
        ("从业人员(人)", None),
        ("企业名称", None),
        ("", None),
    ],
)
def test_the_unit_of_a_column_is_read_from_its_header(header: str, unit: MoneyUnit | None) -> None:
    assert money_unit(header) == unit


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (37_800_000_000, "3.78\u2009亿元"),
        (5_688_000_000, "5,688\u2009万元"),
        (4_500_000, "4.5\u2009万元"),
        (99_500, "995\u2009元"),
        (0, "0\u2009元"),
        (-4_500_000, "−4.5\u2009万元"),
        (9_999_999_999, "1\u2009亿元"),
        (9_950_000_000, "9,950\u2009万元"),
        (123, "1.23\u2009元"),
        (None, "–"),
    ],
)
def test_amounts_are_shown_in_the_unit_people_say(amount: int | None, shown: str) -> None:
    assert show_money(amount, "zh-hans") == shown


def test_english_and_other_currencies_are_shown_too() -> None:
    assert show_money(37_800_000_000, "en") == "CNY 378 million"
    assert show_money(10**8, "zh-hans", currency="USD") == "100\u2009万美元"
    assert show_money(1_234_567_890_123, "zh", exact=True) == "123.4567890123\u2009亿元"
    assert money_in(5_688_000_000, WAN_YUAN, 2) == "5,688.00"
    assert money_in(None, WAN_YUAN) == "–"
    assert amount_in(37_800_000_000, YI_YUAN) == Decimal("3.78")


@given(fen, lang, st.sampled_from(["CNY", "USD", "HKD", "CHF", "TWD"]))
def test_an_amount_shown_in_full_comes_back_as_it_was(
    amount: int, lang: str, currency: str
) -> None:
    shown = show_money(amount, lang, currency=currency, exact=True)
    assert parse_money(shown) == Money(amount, currency)


@given(fen, lang)
def test_an_amount_shown_briefly_stays_within_half_a_hundredth_of_its_unit(
    amount: int, lang: str
) -> None:
    shown = parse_money(show_money(amount, lang))
    assert shown is not None
    assert abs(shown.fen - amount) * 200 <= max(abs(amount), 200)


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from([YUAN, WAN_YUAN, YI_YUAN]))
def test_a_column_and_its_head_say_the_same_as_the_record(amount: int, unit: MoneyUnit) -> None:
    assert parse_money(money_in(amount, unit), unit) == Money(amount)


@given(st.text(max_size=12))
def test_any_text_is_read_or_missing_or_refused(text: str) -> None:
    for parse in (parse_money, parse_area, parse_mass, parse_energy, parse_percent, parse_count):
        try:
            parse(text)
        except Unreadable as refused:
            assert str(refused)


@pytest.mark.parametrize(
    ("text", "unit", "m2"),
    [
        ("3亩", "平方米", 2000),
        ("1", "亩", Decimal("666.6667")),
        ("120", "亩", 80_000),
        ("6公顷", "亩", 60_000),
        ("60万平方米", "亩", 600_000),
        ("60万㎡", "平方米", 600_000),
        ("60", "万平方米", 600_000),
        ("3万", "亩", 20_000_000),
        ("1.5平方公里", "平方米", 1_500_000),
        ("1,200 m²", "平方米", 1_200),
    ],
)
def test_areas_are_kept_in_square_metres(text: str, unit: str, m2: Decimal | int) -> None:
    assert parse_area(text, unit) == m2


def test_quantities_are_shown_as_people_say_them() -> None:
    assert show_area(Decimal(600_000), "zh-hans") == "60\u2009万平方米"
    assert show_area(Decimal("66666.6667"), "zh-hans", unit="亩") == "100\u2009亩"
    assert show_area(None, "zh-hans") == "–"
    assert show_mass(Decimal(70_000), "zh-hans") == "7\u2009万吨"
    assert show_energy(Decimal(120_000), "zh-hans") == "12\u2009万度"
    assert show_energy(Decimal(120_000), "en") == "120 MWh"
    assert show_percent(Decimal("55.6"), "zh-hans") == "55.6%"
    assert show_count(2363, "家") == "2,363\u2009家"
    assert AREA.figure_in(Decimal(600_000), "亩", 2) == "900.00"
    assert AREA.header_unit("占地面积（亩）") == "亩"
    assert AREA.header_unit("注册资本(万元)") is None


def test_other_measures_are_read() -> None:
    assert parse_mass("7万吨") == 70_000
    assert parse_mass("300kg") == Decimal("0.3")
    assert parse_mass("300千克") == Decimal("0.3")
    assert (
        parse_energy("12万度")
        == parse_energy("12", "万千瓦时")
        == parse_energy("120MWh")
        == 120_000
    )
    assert parse_percent("12.5 %") == parse_percent("12.5") == Decimal("12.5")
    assert parse_percent(0.125, "ratio") == Decimal("12.5")
    assert parse_percent("百分之十二") == 12
    assert parse_percent("2.4个百分点") == Decimal("2.4")
    assert parse_count("5.6万人") == 56_000
    assert parse_count("2,363家") == 2363
    assert parse_count(117.0) == 117


@pytest.mark.parametrize("text", ["1.5家", "300万元", "12%", 1.5])
def test_things_are_counted_whole(text: object) -> None:
    with pytest.raises(Unreadable):
        parse_count(text)


quantity = st.decimals(min_value=-(10**12), max_value=10**12, places=3)


@given(quantity, lang)
def test_a_quantity_shown_in_full_comes_back_as_it_was(value: Decimal, lang: str) -> None:
    for measure in (AREA, MASS, ENERGY, PERCENT):
        assert measure.read(measure.show(value, lang, exact=True)) == value


@given(st.decimals(min_value=0, max_value=10**7, places=4))
def test_mu_come_back_as_typed(mu: Decimal) -> None:
    kept = parse_area(f"{mu:f}亩")
    assert kept is not None
    assert round(AREA.amount_in(kept, "亩"), 4) == mu


@given(st.lists(quantity, min_size=2, max_size=5))
def test_a_larger_quantity_is_never_shown_as_a_smaller_one(values: list[Decimal]) -> None:
    shown = [AREA.read(AREA.show(value, "zh-hans")) or Decimal(0) for value in sorted(values)]
    assert all(low <= high for low, high in pairwise(shown))
