"""What was read, in its normal form: ISO days, plain numbers, codes whose check character is right.

An empty answer is "no such value": nothing is guessed into shape, except letters a code never uses.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from stdnum.cn import ric, uscc

from xiaoer.papers.ocr.numerals import NUMERAL, read_capitals

TEXT, NUMBER, MONEY, DATE = "text", "number", "money", "date"
CREDIT_CODE, PLATE, ADDRESS, NAME = "credit_code", "plate", "address", "name"
# A unified credit code has no I, O, S, V or Z: where one is read, its double stands.
_NEVER = str.maketrans({"O": "0", "I": "1", "S": "5", "Z": "2"})
_CODE = re.compile(r"[0-9A-Z]{18}")
_DAY = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})(?:日|(?!\d))")
_WRITTEN_DAY = re.compile(
    r"([〇零○O一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_YEAR_DIGITS = dict(zip("〇零○O一二三四五六七八九", "0000123456789", strict=True))
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_GROUPS = {"万": Decimal(10_000), "亿": Decimal(10**8)}
_CAPITAL = re.compile(f"[{NUMERAL}]{{2,}}[元圆]?整?")
# Province sign, letter of the place, five or (new energy) six signs.
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
    r"[A-HJ-NP-Z0-9]{5,6}"
)
# A dash between the streets of a route is read as the numeral one.
BEFORE_DASH = "路街道场桥口"
_DASH = re.compile(rf"(?<=[{BEFORE_DASH}])[一\-—–－~～]+")
# The brackets around the year in a document's number are read as any brackets.
_YEAR = re.compile(r"[〔［\[（【](\d{4})[〕］\]）】]")
_WIDE = str.maketrans(";,:", "；，：")
_IDENTITY = re.compile(r"\d{17}[\dX]")


def normal(sort: str, text: str, unit: str = "") -> str:
    """The normal form of what stands in ``text``, empty where it is no such value."""
    if sort == DATE:
        return _day(text)
    if sort == CREDIT_CODE:
        return _credit_code(text)
    if sort == PLATE:
        found = _PLATE.search(text.upper().replace("·", "").replace("•", ""))
        return found.group() if found else ""
    if sort == NUMBER:
        return _number(text, unit)
    if sort == MONEY:
        return _money(text)
    return _words(sort, text)


def _day(text: str) -> str:
    found = _DAY.search(text)
    if found:
        return _iso(*(int(part) for part in found.groups()))
    written = _WRITTEN_DAY.search(text)
    if written is None:
        return ""
    year = int("".join(_YEAR_DIGITS[sign] for sign in written.group(1)))
    month, day = (read_capitals(part) or 0 for part in written.groups()[1:])
    return _iso(year, month, day)


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _credit_code(text: str) -> str:
    found = _CODE.search(text.upper())
    code = found.group().translate(_NEVER) if found else ""
    return code if code and uscc.is_valid(code) else ""


def _number(text: str, unit: str) -> str:
    found = _NUMBER.search(text)
    if found is None:
        return ""
    after = text[found.end() :]
    times = _GROUPS.get(after[:1], Decimal(1))
    said = after[1:] if after[:1] in _GROUPS else after
    if unit and said and _unit(said) and not _same_unit(said, unit):
        return ""
    return _plain(Decimal(found.group().replace(",", "")) * times)


def _unit(text: str) -> str:
    """The unit written behind a number, if one of those papers use."""
    found = re.match(r"(?:立方米|m3|m³|吨|t|公斤|kg|平方米|m2|㎡|亩|公顷|%|mg/m3|CFU/m3|元)", text)
    return found.group() if found else ""


def _same_unit(text: str, unit: str) -> bool:
    alike = {"立方米": ("立方米", "m3"), "平方米": ("平方米", "m2", "㎡")}
    wanted = unit.replace("³", "3").replace("²", "2")
    return text.startswith(alike.get(wanted, (wanted,)))


def _money(text: str) -> str:
    """Yuan. Digits go before capital numerals; capital numerals alone are read too."""
    found = _NUMBER.search(text)
    if found is not None:
        times = _GROUPS.get(text[found.end() : found.end() + 1], Decimal(1))
        return _plain(Decimal(found.group().replace(",", "")) * times)
    capitals = _CAPITAL.search(text)
    amount = read_capitals(capitals.group()) if capitals else None
    return "" if amount is None else str(amount)


def _plain(number: Decimal) -> str:
    try:
        whole = number.quantize(Decimal(1))
    except InvalidOperation:
        return ""
    return str(whole) if whole == number else format(number.normalize(), "f")


def _words(sort: str, text: str) -> str:
    tidy = text.strip(" :;,.。、_-").replace("(", "（").replace(")", "）")
    tidy = tidy.rstrip("，；。：")
    if sort == TEXT:
        tidy = _YEAR.sub(r"〔\1〕", tidy)
        tidy = _DASH.sub("—", tidy).translate(_WIDE)
    return tidy[:500]


def capitals_beside(text: str) -> int | None:
    """The amount in capital numerals that stands beside the digits, if one does."""
    place = text.find("大写")
    if place < 0:
        return None
    found = _CAPITAL.search(text, place)
    return read_capitals(found.group()) if found else None


def is_false_identity(value: str) -> bool:
    """Whether this is an identity number by its form, with the wrong check character."""
    return bool(_IDENTITY.fullmatch(value)) and ric.calc_check_digit(value) != value[-1]
