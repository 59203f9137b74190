"""What people type and what dirty sheets hold, cleaned before anything is made of it.

Missing is not zero: N/A, 无, a dash, an empty cell are None to every reader built on this. What
nobody can take for certain is `Unreadable`, which says what to type instead.
"""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Remark:
    """A sentence about a value, put into the reader's language only when it is read."""

    def __init__(self, reason: str | Promise, **named: object) -> None:
        self.reason = reason
        self.named = {name: quote(value) for name, value in named.items()}

    def __str__(self) -> str:
        return str(self.reason).format(**self.named)


class Unreadable(ValueError):
    """A value nobody can take for certain. `str()` says why and what to type instead; `likely` is
    the reading to offer where there is one."""

    def __init__(
        self, reason: str | Promise, *, likely: str | None = None, **named: object
    ) -> None:
        super().__init__(reason)
        self.remark = Remark(reason, likely=likely, **named)
        self.likely = likely

    def __str__(self) -> str:
        return str(self.remark)


class Figure(NamedTuple):
    """A written figure taken apart: ¥-4.50万 is head ¥, digits -450, places 2, tail 万."""

    head: str
    digits: int
    places: int
    tail: str


_NOTHING = (
    "n/a na #n/a nan null none nil 无 暂无 没有 空 不详 未知 未填 未填写 未提供 无数据 暂缺 缺"
)
MISSING = frozenset(_NOTHING.split())
BLANKS = "-—–―─_/\\"
LONGEST_QUOTE = 40

_ODDITIES = str.maketrans({"。": ".", "−": "-", "\u200b": None, "\ufeff": None, "\u2060": None})
_FIGURE = re.compile(
    r"([^\d.+-]*)([+-]?)(\d{1,3}(?:,\d{3}){1,8}|\d{1,30}|(?=\.\d))(?:\.(\d{1,30}))?((?:[^\d.,].*)?)",
    re.DOTALL,
)
_COMPOUND = re.compile(r"(\d{1,9})亿(\d{1,4})(?:\.(\d{1,9}))?([千百]?)万(.*)")
_NUMERAL = re.compile(r"([零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億]+)(.*)")
_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖〇两拾佰仟萬億", "一二三四五六七八九零二十百千万亿")
_DIGITS = {sign: figure for figure, sign in enumerate("零一二三四五六七八九")}
_D = "[一二三四五六七八九]"
_SECTION = re.compile(rf"零?(?:({_D})千)?零?(?:({_D})百)?零?(({_D})?十)?(零)?({_D})?")


def tidy(text: str) -> str:
    """Full width to half width, odd dashes and invisible signs away, ends trimmed."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_ODDITIES)
    return text.strip()


def is_missing(tidied: str) -> bool:
    """Whether a tidied text says that nothing is known; never that it is zero."""
    return not tidied.strip(BLANKS) or tidied.casefold() in MISSING


def quote(value: object) -> str:
    """The value as it stands in a reason, cut where it would fill the page."""
    text = str(value).strip()
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def shortened(value: object) -> Unreadable:
    """The no to 1.2E+06, whose last digits a spreadsheet has already thrown away."""
    return Unreadable(
        _("“{value}” was cut short by the spreadsheet; show its column as text and save."),
        value=value,
    )


def plain_text(value: object) -> str | None:
    """A cell as tidied text; None when it is missing. Numbers are written out in full."""
    if isinstance(value, str):
        text = tidy(value)
        return None if is_missing(text) else text
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float | Decimal):
        return f"{Decimal(repr(value)) if isinstance(value, float) else value:f}"
    return str(value)


def take_apart(text: str) -> Figure | None:
    """The one figure in a tidied text with what stands before and after it, or None.

    Digits of either script: 5,688万元, 300(万元人民币), 壹佰万元整. Blanks inside are ignored
    except between two digits, where they may only part thousands.
    """
    pieces = text.split()
    if len(pieces) > 1:
        text = _joined(pieces)
    found = _FIGURE.fullmatch(text)
    if found is None or _COMPOUND.fullmatch(text):
        return _spoken_figure(text)
    head, sign, whole, fraction, tail = found.groups()
    fraction = fraction or ""
    digits = int(whole.replace(",", "") + fraction)
    return Figure(head, -digits if sign == "-" else digits, len(fraction), tail)


def _joined(pieces: list[str]) -> str:
    joined = pieces[0]
    for piece in pieces[1:]:
        if joined[-1].isdigit() and piece[0].isdigit():
            thousands = len(piece) >= 3 and piece[:3].isdigit() and not piece[3:4].isdigit()
            joined += "," if thousands else "?"
        joined += piece
    return joined


def _spoken_figure(text: str) -> Figure | None:
    """1亿2千万元 and 壹佰万元整. What was counted whole is given in 万, as 1.2000万 for 一万二千,
    so that no column adds its own 万 to it."""
    if found := _COMPOUND.fullmatch(text):
        yi, wan, fraction, tens, tail = found.groups()
        places = len(fraction or "")
        digits = int(yi) * 10 ** (4 + places) + int(wan + (fraction or "")) * {
            "千": 1000,
            "百": 100,
        }.get(tens, 1)
        return Figure("", digits, places, "万" + tail)
    found = _NUMERAL.fullmatch(text)
    value = read_numeral(found[1]) if found else None
    if found is None or value is None:
        return None
    if not re.search("[万萬亿億]", found[1]):
        return Figure("", value, 0, found[2])
    return Figure("", value, 4, "万" + found[2])


def read_numeral(numeral: str) -> int | None:
    """三百二十 is 320, 二〇一八 is 2018, 一亿二千万 is 120,000,000.

    None when it is no number, or one of two readings, as 三百五 and 一二万 are.
    """
    plain = numeral.translate(_PLAIN)
    if plain and all(sign in _DIGITS for sign in plain):
        return int("".join(str(_DIGITS[sign]) for sign in plain))
    return _read_parts(plain)


def _read_parts(plain: str) -> int | None:
    for sign, size in (("亿", 10**8), ("万", 10**4)):
        left, found, right = plain.rpartition(sign)
        if found:
            head, rest = _read_parts(left), _read_parts(right) if right else 0
            unsaid = rest and not right.startswith("零") and rest * 10 < size
            return None if not head or rest is None or unsaid else head * size + rest
    return _read_section(plain)


def _read_section(plain: str) -> int | None:
    """A number below ten thousand; 零 must be said where a place is skipped."""
    found = _SECTION.fullmatch(plain)
    if found is None or not plain:
        return None
    thousands, hundreds, ten, tens, zero, ones = found.groups()
    if ones and (thousands or hundreds) and not (ten or zero):
        return None
    figures = [_DIGITS.get(sign or "零", 0) for sign in (thousands, hundreds, tens, ones)]
    figures[2] = 1 if ten and not tens else figures[2]
    return sum(figure * place for figure, place in zip(figures, (1000, 100, 10, 1), strict=True))
