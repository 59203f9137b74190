"""Money: whole fen (hundredths of the currency) inside, 元, 万元, 亿元 and 万美元 at the doors."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from xiaoer.base.reading import Unreadable, plain_text, shortened, take_apart, tidy
from xiaoer.base.units.figures import (
    MISSING,
    THIN,
    Rung,
    on_ladder,
    scaled,
    times,
    written,
)


class Money(NamedTuple):
    """An amount: hundredths of its currency (ISO 4217), for yuan the fen."""

    fen: int
    currency: str = "CNY"


class MoneyUnit(NamedTuple):
    """What one of a written figure is worth: 万元 is 1,000,000 fen of CNY."""

    fen: int
    currency: str = "CNY"


YUAN = MoneyUnit(100)
WAN_YUAN = MoneyUnit(10**6)
YI_YUAN = MoneyUnit(10**10)
WAN_DOLLARS = MoneyUnit(10**6, "USD")

LARGEST = 2**63 - 1

# The Chinese word shown comes first; words that end in 元 state a unit, 人民币 and USD do not.
CURRENCIES = {
    "CNY": "元 人民币元 人民币 rmb cny ¥",
    "USD": "美元 美金 usd us$ $",
    "EUR": "欧元 eur €",
    "HKD": "港元 港币 港圆 hkd hk$",
    "JPY": "日元 日圆 日币 jpy",
    "GBP": "英镑 gbp £",
    "KRW": "韩元 韩圆 韩币 krw ₩",
    "TWD": "新台币元 新台币 台币 twd",
    "SGD": "新加坡元 新元 新币 sgd",
    "AUD": "澳元 澳大利亚元 澳币 aud",
    "CAD": "加元 加拿大元 加币 cad",
    "CHF": "瑞士法郎 瑞郎 chf",
    "MOP": "澳门元 澳门币 mop",
    "SEK": "瑞典克朗 sek",
    "RUB": "卢布 俄罗斯卢布 rub",
}
_CURRENCY_OF = {word: code for code, words in CURRENCIES.items() for word in words.split()}
_STATES_A_UNIT = ("元", "圆", "金", "镑", "郎", "朗", "布")
_SCALES = {
    "十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10**4, "萬": 10**4, "w": 10**4,
    "亿": 10**8, "億": 10**8, "thousand": 10**3, "million": 10**6, "billion": 10**9,
}  # fmt: skip
_CURRENCY_WORDS = "|".join(map(re.escape, sorted(_CURRENCY_OF, key=len, reverse=True)))
_TOKEN = re.compile(
    rf"(?P<fill>[()\[\]【】:;整正])|(?P<currency>{_CURRENCY_WORDS}|[圆块])"
    r"|(?P<scale>thousand|million|billion|[十百千]?[万萬]?[亿億]|[十百千]?[万萬]|[十百千kw])"
)
_HEADER = re.compile(r"[(\[【]([^()\[\]【】]+)[)\]】]")
_HEADER_END = re.compile(rf"(?:[十百千]?[万亿]|[千百])?(?:{_CURRENCY_WORDS})$")


def parse_money(value: object, unit: MoneyUnit = YUAN) -> Money | None:
    """What a person typed or a sheet holds as money; None when it is missing, never zero.

    `unit` is what the column header or the form says; a unit written with the figure outranks it.
    Raises `Unreadable` for anything that could be read in two ways, such as 300美元 in a column
    headed 万元. Fractions of a fen are rounded, halves up.
    """
    if type(value) is int or (type(value) is float and value.is_integer()):
        return _within(Money(int(value) * unit.fen, unit.currency), value)
    text = plain_text(value)
    if text is None:
        return None
    figure = take_apart(text)
    if figure is None:
        raise _not_money(value)
    stated = _stated_unit(figure.head.casefold(), figure.tail.casefold(), unit)
    if stated is None:
        raise _not_money(value)
    if stated.fen == 0:
        raise _two_readings(value, stated.currency)
    return _within(Money(scaled(figure, stated.fen), stated.currency), value)


def money_unit(header: str) -> MoneyUnit | None:
    """The unit a column header states, as in 注册资本(万元) or 总投资:亿元; None without one."""
    text = tidy(header).casefold()
    parts = [part for inner in _HEADER.findall(text) for part in re.split("[,、:]", inner)]
    parts += re.split(r"[/:_,-]", text)[1:]
    if ending := _HEADER_END.search(text):
        parts.append(ending[0])
    for part in parts:
        word = part.strip().removeprefix("单位")
        stated = _stated_unit("", word, YUAN) if word else None
        if stated and stated.fen:
            return stated
    return None


@lru_cache(maxsize=8192)
def _stated_unit(head: str, tail: str, unit: MoneyUnit) -> MoneyUnit | None:
    """The unit that the words around a figure state, completed by the column's.

    None: these are not words of money. Zero fen: money, but of two readings.
    """
    words = _words(head + tail)
    if words is None:
        return None
    scales, currencies = words
    codes = {_CURRENCY_OF[word] for word in currencies if word != "元"}
    if len(scales) > 1 or len(codes) > 1:
        return None
    currency = codes.pop() if codes else "CNY" if currencies else unit.currency
    stated = MoneyUnit(100 * (scales[0] if scales else 1), currency)
    if currency == unit.currency:
        return (
            stated if scales or any(word.endswith(_STATES_A_UNIT) for word in currencies) else unit
        )
    only_yuan = set(currencies) == {"元"}
    if only_yuan or (not scales and unit.fen != YUAN.fen):
        return MoneyUnit(0, unit.currency)
    return stated


def _words(text: str) -> tuple[list[int], list[str]] | None:
    """Scales and currency words of a text that holds nothing else."""
    scales: list[int] = []
    currencies: list[str] = []
    at = 0
    text = text.replace(" ", "")
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return None
        if token["currency"]:
            currencies.append("元" if token["currency"] in "圆块" else token["currency"])
        elif token["scale"]:
            scales.append(_scale(token["scale"]))
        at = token.end()
    return scales, currencies


def _scale(word: str) -> int:
    if word in _SCALES:
        return _SCALES[word]
    product = 1
    for sign in word:
        product *= _SCALES[sign]
    return product


def _within(money: Money, value: object) -> Money:
    if abs(money.fen) > LARGEST:
        raise Unreadable(_("“{value}” is too large for an amount of money."), value=value)
    return money


def _not_money(value: object) -> Unreadable:
    if isinstance(value, str) and "e+" in value.casefold():
        return shortened(value)
    return Unreadable(
        _(
            "“{value}” is not an amount of money. Type a figure and its unit, such as 300万元, "
            "3.78亿元 or 100万美元; leave it empty if it is not known."
        ),
        value=value,
    )


def _two_readings(value: object, currency: str) -> Unreadable:
    return Unreadable(
        _(
            "“{value}” can be read in two ways, because its column counts in another unit "
            "({currency}). Type the whole unit, such as 300万元 or 300万美元."
        ),
        value=value,
        currency=currency,
    )


def show_money(
    fen: int | Decimal | None,
    lang: str,
    *,
    currency: str = "CNY",
    exact: bool = False,
    rounding: str = ROUND_HALF_UP,
) -> str:
    """3.78 亿元, 5,688 万元, or CNY 378 million; – when missing. At most two decimals unless
    `exact`. Rows of one column use `money_in`, with the unit in the head."""
    if fen is None:
        return MISSING
    places = None if exact else 2
    chinese = lang.startswith("zh")
    ladder = _ZH if chinese else _EN
    figure, word = on_ladder(Decimal(fen), ladder, places=places, rounding=rounding)
    if chinese:
        return f"{figure}{THIN}{word}{CURRENCIES[currency].split()[0]}"
    return f"{currency} {figure} {word}".rstrip()


def money_in(fen: int | None, unit: MoneyUnit, places: int | None = None) -> str:
    """The figure alone, for a column whose head states the unit; `places` lines it up."""
    return MISSING if fen is None else written(amount_in(fen, unit), places)


def amount_in(fen: int, unit: MoneyUnit) -> Decimal:
    """An exact amount in a unit: 378,000,000 元 is 3.78 of 亿元. Used to compare with print."""
    return times(Decimal(fen), 1 / Decimal(unit.fen))


_ZH = (Rung(Decimal(10**10), "亿"), Rung(Decimal(10**6), "万"), Rung(Decimal(100), ""))
_EN = (Rung(Decimal(10**11), "billion"), Rung(Decimal(10**8), "million"), Rung(Decimal(100), ""))
