"""Codes of firms: 统一社会信用代码 (GB 32100), old registration numbers, industries (GB/T 4754).

python-stdnum knows the check character, and a test holds ours to it; it is computed here because
that package cleans the text anew each time, which a sheet of 100,000 rows feels. What it refuses
or does not look at (codes beginning A, N, Y; the inner organisation digit; the region) is added.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from operator import mul

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum import numdb
from stdnum.iso7064 import mod_11_10

from xiaoer.base.reading import Remark, Unreadable, plain_text, shortened

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
INVENTED = "DEM"

_SHAPE = re.compile(rf"[1-9ANY][{ALPHABET}]\d{{6}}[{ALPHABET}]{{10}}")
_GAPS = re.compile(r"[\s\-–—_.·]+")
_LIKELY = str.maketrans("OIZSV", "0125U")
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_VALUES = {sign: int(sign, 36) for sign in ALPHABET}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A unified social credit code whose check character is right.

    `warnings` are doubts a person may overrule: an unknown region, an odd organisation code.
    """

    code: str
    warnings: tuple[Remark, ...] = field(default=(), compare=False)

    @property
    def is_invented(self) -> bool:
        """Whether the code was made for a demonstration, see `make_credit_code`."""
        return self.code[8:].startswith(INVENTED)


@dataclass(frozen=True, slots=True)
class OldNumber:
    """A 15-digit registration number of before 2015 (营业执照注册号), kept until the firm's unified
    code is known."""

    number: str
    warnings: tuple[Remark, ...] = field(default=(), compare=False)


def read_credit_code(value: object) -> CreditCode | OldNumber | None:
    """What a cell or a person gives as the code of a firm; None when it is missing.

    Raises `Unreadable`; its `likely` is the corrected code where only letters that codes do not
    use (O, I, Z, S, V) stood in the way and the check character confirms the correction.
    """
    if isinstance(value, float) and value >= 2**53:
        raise shortened(value)
    text = plain_text(value)
    if text is None:
        return None
    code = _GAPS.sub("", text).removeprefix("'").upper()
    if _SHAPE.fullmatch(code):
        return _checked(code, text)
    if len(code) == 15 and code.isdecimal():
        return _old_number(code)
    raise _misread(code, value)


def _checked(code: str, typed: str) -> CreditCode:
    if check_character(code) != code[-1]:
        raise Unreadable(
            _(
                "The last character of “{value}” does not fit the others: one of them is wrong. "
                "Compare the code with the business licence."
            ),
            value=typed,
        )
    return CreditCode(code, tuple(_doubts(code)))


def _doubts(code: str) -> list[Remark]:
    doubts = []
    if not is_known_region(code[2:8]):
        doubts.append(
            Remark(
                _("Region {region} in “{value}” is in no list of regions."),
                region=code[2:8],
                value=code,
            )
        )
    if organisation_check(code[8:16]) != code[16]:
        doubts.append(
            Remark(
                _("The organisation code inside “{value}” does not fit its own check character."),
                value=code,
            )
        )
    return doubts


def _old_number(number: str) -> OldNumber:
    if mod_11_10.is_valid(number):
        return OldNumber(number)
    doubt = _("The last digit of the old registration number {value} does not fit the others.")
    return OldNumber(number, (Remark(doubt, value=number),))


def _misread(code: str, value: object) -> Unreadable:
    if "E+" in code:
        return shortened(value)
    likely = code.translate(_LIKELY)
    if likely != code and _is_right(likely):
        return Unreadable(
            _("“{value}” has letters that codes do not use. It is probably {likely}; check it."),
            value=value,
            likely=likely,
        )
    return Unreadable(_why(code), value=value, length=len(code))


def _is_right(code: str) -> bool:
    return bool(_SHAPE.fullmatch(code)) and check_character(code) == code[-1]


def _why(code: str) -> Promise:
    if re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return _(
            "“{value}” is an old organisation code. Type the 18 characters of the unified social "
            "credit code, or leave it empty if it is not known."
        )
    if len(code) != 18:
        return _(
            "“{value}” has {length} characters; a unified social credit code has 18. Copy it from "
            "the business licence, or leave it empty if it is not known."
        )
    return _(
        "“{value}” is not a unified social credit code. Copy it from the business licence, or "
        "leave it empty if it is not known."
    )


def is_whole_code(text: str) -> bool:
    """Whether a text is a unified code without any doubt, as most cells of a sheet are.

    The same sums as below, looked up two characters at a time.
    """
    head = _head_sum(text[:8])
    if len(text) != 18 or head is None:
        return False
    try:
        sums = (
            _SUMS_8[text[8:10]]
            + _SUMS_10[text[10:12]]
            + _SUMS_12[text[12:14]]
            + _SUMS_14[text[14:16]]
        )
    except KeyError:
        return False
    inner = _ORGANISATION_SIGNS[(sums >> 16) % 11]
    whole = head + (sums & 0xFFFF) + _VALUES[inner] * _WEIGHTS[16]
    return text[16] == inner and text[17] == ALPHABET[-whole % 31]


@lru_cache(maxsize=4096)
def _head_sum(head: str) -> int | None:
    """The weighted sum of the first eight characters; None where something is odd about them."""
    if not re.fullmatch(rf"[1-9ANY][{ALPHABET}][0-9]{{6}}", head) or not is_known_region(head[2:]):
        return None
    head_sum: int = sum(map(mul, map(_VALUES.__getitem__, head), _WEIGHTS))
    return head_sum


def _sums_at(at: int) -> dict[str, int]:
    """Two characters at a place of the organisation code to both weighted sums: of the whole code
    in the lower 16 bits, of the organisation code above them."""
    return {
        one + other: _VALUES[one] * _WEIGHTS[at]
        + _VALUES[other] * _WEIGHTS[at + 1]
        + (
            _ORGANISATION_VALUES[one] * _ORGANISATION_WEIGHTS[at - 8]
            + _ORGANISATION_VALUES[other] * _ORGANISATION_WEIGHTS[at - 7]
            << 16
        )
        for one in ALPHABET
        for other in ALPHABET
    }


_SUMS_8, _SUMS_10, _SUMS_12, _SUMS_14 = map(_sums_at, (8, 10, 12, 14))
_ORGANISATION_SIGNS = "0X987654321"


def check_character(code: str) -> str:
    """The last character of a unified code, from the 17 before it."""
    return ALPHABET[-sum(map(mul, map(_VALUES.__getitem__, code[:17]), _WEIGHTS)) % 31]


def organisation_check(body: str) -> str:
    """The check character of an organisation code (GB 11714) of eight characters."""
    total = sum(map(mul, map(_ORGANISATION_VALUES.__getitem__, body), _ORGANISATION_WEIGHTS))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


@lru_cache(maxsize=4096)
def is_known_region(region: str) -> bool:
    """Whether GB/T 2260 lists a region now or did once. Counties 71 to 80 of a listed city are
    taken as known too: statistics number development zones so, outside that list."""
    regions = numdb.get("cn/loc")
    if any("county" in known for _part, known in regions.info(region)):
        return True
    city = any("county" in known for _part, known in regions.info(region[:4] + "00"))
    return city and "71" <= region[4:] <= "80"


def make_credit_code(region: str, n: int) -> str:
    """An invented code that passes every check, the same for the same `n`, one for each below
    31⁵. Its organisation code begins DEM, which nobody issues, so that it is never mistaken for
    a real firm's."""
    signs = ""
    for _place in range(5):
        n, rest = divmod(n, len(ALPHABET))
        signs = ALPHABET[rest] + signs
    if n:
        raise ValueError("There are 31⁵ invented codes in a region.")
    body = INVENTED + signs
    code = f"91{region}{body}{organisation_check(body)}"
    return code + check_character(code)


# First division of each section of GB/T 4754-2017, and the letters in the same order.
_SECTION_STARTS = (1, 6, 13, 44, 47, 51, 53, 61, 63, 66, 70, 71, 73, 76, 80, 83, 84, 86, 91, 97, 98)
_SECTIONS = "ABCDEFGHIJKLMNOPQRST"
INDUSTRIAL = frozenset("BCD")


def section_of(industry: str) -> str | None:
    """The section letter A–T of a division, group or class of GB/T 4754; None if there is none."""
    if not industry[:2].isdecimal():
        return None
    at = bisect_right(_SECTION_STARTS, int(industry[:2]))
    return _SECTIONS[at - 1] if 0 < at <= len(_SECTIONS) else None


def is_industrial(industry: str) -> bool:
    """Whether a code counts as industry (工业): mining, manufacturing, power and water."""
    return section_of(industry) in INDUSTRIAL


def read_industry(value: object) -> str | None:
    """The four digits of an industry class (国民经济行业小类); None when it is missing.

    C3511 and 3511 金属切削机床 are taken as 3511. Three digits are refused: they may be a group, or
    a class of farming whose zero the spreadsheet dropped.
    """
    text = plain_text(value)
    if text is None:
        return None
    found = re.fullmatch(r"([A-Ta-t]?)[ -]?(\d{4})(?:[ :、-]?\D.*)?", text)
    section = section_of(found[2]) if found else None
    if found is None or section is None or (found[1] and found[1].upper() != section):
        raise Unreadable(
            _(
                "“{value}” is not an industry class of GB/T 4754. Type its four digits, such as "
                "3511; leave it empty if it is not known."
            ),
            value=value,
        )
    return found[2]
