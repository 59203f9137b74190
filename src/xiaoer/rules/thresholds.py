"""门槛: the numbers an expression compares with, as people say them, and where they stand.

``revenue_cny_y1 >= 15000000`` is *≥ 1,500 万元*; ``rd_expense_cny_y1 >= 0.03 * revenue_cny_y1`` is
*≥ 3 %*. Read from the text alone, so that a number can be changed in place while one is writing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.base.words import Word

# A comparison with a number, and whether that number is a share of something: 0.03 * revenue.
COMPARED = re.compile(
    r"'[^']*'"
    r"|(?P<order><=|>=|<>|!=|<|>|=)\s*(?P<number>\d+(?:\.\d+)?(?:[eE]\d+)?)(?P<share>\s*\*)?"
)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SIGNS = {">=": "≥", "<=": "≤", "<>": "≠", "!=": "≠"}
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number of a text: from ``start`` to ``end``; shown as ``figure`` of ``unit``, each of
    which is ``factor`` of what stands in the text."""

    sign: str
    number: Decimal
    start: int
    end: int
    figure: str
    unit: str
    factor: Decimal

    @property
    def words(self) -> str:
        """≥ 1,500 万元"""
        gap = "" if self.unit == "%" else " "
        return f"{self.sign} {self.figure}{gap}{self.unit}".strip()


def thresholds(text: str, words: Mapping[str, Word]) -> list[Threshold]:
    """The numbers a text compares words with, in order."""
    found = []
    for match in COMPARED.finditer(text):
        if match["number"] is None or len(match["number"]) > _MOST_DIGITS:
            continue
        number = Decimal(match["number"])
        unit, factor = _unit(_word_before(text, match.start(), words), number, bool(match["share"]))
        order = match["order"]
        found.append(
            Threshold(
                sign=_SIGNS.get(order, order),
                number=number,
                start=match.start("number"),
                end=match.end("number"),
                figure=f"{(number / factor).normalize():,f}",
                unit=unit,
                factor=factor,
            )
        )
    return found


def with_number(text: str, place: int, number: Decimal) -> str:
    """The text with its ``place``-th compared number (from 0) replaced."""
    matches = [match for match in COMPARED.finditer(text) if match["number"] is not None]
    if not 0 <= place < len(matches):
        return text
    at = matches[place]
    return f"{text[: at.start('number')]}{number.normalize():f}{text[at.end('number') :]}"


def _word_before(text: str, place: int, words: Mapping[str, Word]) -> Word | None:
    """The word a comparison is about: the nearest one before its sign."""
    names = [name for name in _WORD.findall(text[max(0, place - 200) : place]) if name in words]
    return words[names[-1]] if names else None


def _unit(word: Word | None, number: Decimal, is_share: bool) -> tuple[str, Decimal]:
    if is_share:
        return "%", Decimal("0.01")
    if word is None:
        return "", Decimal(1)
    return unit_words(word.unit, number)


def unit_words(unit: str, number: Decimal = Decimal(0)) -> tuple[str, Decimal]:
    """What people call a unit at a size of number, and how much of the code's unit that is."""
    if unit == "CNY":
        return _money(abs(number))
    if unit == "share":
        return "%", Decimal("0.01")
    names = {
        "person": _("people"),
        "year": _("yr"),
        "item": _("items"),
        "day": _("days"),
        "month": _("months"),
        "kwh": _("kWh"),
        "point": _("points"),
        "rank": _("place"),
        "m2": "m²",
    }
    return names.get(unit, unit), Decimal(1)


def _money(number: Decimal) -> tuple[str, Decimal]:
    """Ten thousands and hundred millions as Chinese counts, millions as English does."""
    if (get_language() or "zh").startswith("zh"):
        if number >= 1_000_000_000:
            return "亿元", Decimal(100_000_000)
        return ("万元", Decimal(10_000)) if number >= 1_000 else ("元", Decimal(1))
    return ("million yuan", Decimal(1_000_000)) if number >= 1_000_000 else ("yuan", Decimal(1))
