"""Amounts as Chinese papers write them beside the digits: 叁仟贰佰, 玖万陆仟元整, 三千二百."""

DIGITS = "零壹贰叁肆伍陆柒捌玖"
_VALUES = {sign: value for value, sign in enumerate(DIGITS)} | {
    sign: value for value, sign in enumerate("〇一二三四五六七八九")
} | {"两": 2, "貳": 2, "参": 3, "叄": 3, "陸": 6}  # fmt: skip
_UNITS = {"拾": 10, "佰": 100, "仟": 1000, "十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8}
_ENDS = "元圆整正"
NUMERAL = "".join({*_VALUES, *_UNITS, *_GROUPS})
"""Every sign such an amount consists of, for patterns."""


def in_capitals(number: int) -> str:
    """3200 as 叁仟贰佰."""
    if number == 0:
        return DIGITS[0]
    written = ""
    is_gap = False
    for size, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group = number // size % 10**4
        if not group:
            is_gap = is_gap or bool(written)
            continue
        if written and (is_gap or group < 1000):
            written += DIGITS[0]
        written += _group(group) + name
        is_gap = False
    return written


def _group(number: int) -> str:
    written = ""
    is_gap = False
    for size, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // size % 10
        if digit:
            written += (DIGITS[0] if is_gap and written else "") + DIGITS[digit] + name
            is_gap = False
        else:
            is_gap = True
    return written


def read_capitals(text: str) -> int | None:
    """叁仟贰佰元整 as 3200; None: no such amount, or one in 角 and 分."""
    signs = text.strip(_ENDS)
    if not signs or any(sign not in NUMERAL for sign in signs):
        return None
    total = group = digit = 0
    for sign in signs:
        if sign in _VALUES:
            digit = _VALUES[sign]
        elif sign in _UNITS:
            group += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            total = (total + group + digit) * _GROUPS[sign]
            group = digit = 0
    return total + group + digit
