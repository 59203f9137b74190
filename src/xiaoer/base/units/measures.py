"""Areas, weights, energy, percentages and counts: Decimals of one base unit inside, the units
people say at the doors.

1 亩 is 2000/3 m², so 亩 are kept to a ten-thousandth of a square metre and come back as typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from xiaoer.base.reading import (
    Figure,
    Unreadable,
    plain_text,
    shortened,
    take_apart,
    tidy,
)
from xiaoer.base.units.figures import (
    MISSING,
    THIN,
    Rung,
    is_whole,
    on_ladder,
    scaled,
    times,
    written,
)


class Ratio(NamedTuple):
    """How many bases one of a unit holds, as a fraction."""

    num: int
    den: int = 1


@dataclass(frozen=True, eq=False)
class Measure:
    """One kind of quantity: its words, its base, and how it is shown."""

    words: Mapping[str, Ratio]
    base: str
    places: int
    example: str
    zh: tuple[Rung, ...]
    en: tuple[Rung, ...]
    whole_only: bool = False

    def read(self, value: object, unit: str | None = None) -> Decimal | None:
        """The value in bases; None when it is missing. `unit` is what the header states, a unit
        written with the figure outranks it. Raises `Unreadable`."""
        text = plain_text(value)
        if text is None:
            return None
        if text.startswith("百分之"):
            text = text.removeprefix("百分之") + "%"
        figure = take_apart(text)
        ratio = self._ratio(figure.tail, unit) if figure and not figure.head else None
        if figure is None or ratio is None:
            raise self._unreadable(value)
        return self._in_bases(figure, ratio, value)

    def header_unit(self, header: str) -> str | None:
        """The unit a column header states, as in 占地面积(亩); None without one."""
        parts = re.split(r"[()\[\]【】/:,_]", tidy(header).casefold())[1:]
        parts = [part.strip().removeprefix("单位").strip() for part in parts]
        return next((part for part in parts if part and self._ratio(part, None)), None)

    def show(
        self,
        value: Decimal | int | None,
        lang: str,
        *,
        unit: str | None = None,
        exact: bool = False,
        rounding: str = ROUND_HALF_UP,
    ) -> str:
        """What people read: 60 万平方米, 7 万吨; in one `unit` if it is named; – when missing."""
        if value is None:
            return MISSING
        ladder = self.zh if lang.startswith("zh") else self.en
        if unit is not None:
            value, ladder = self.amount_in(value, unit), (Rung(Decimal(1), unit),)
        places = None if exact else 2
        figure, word = on_ladder(Decimal(value), ladder, places=places, rounding=rounding)
        gap = "" if word == "%" else THIN if lang.startswith("zh") else " "
        return f"{figure}{gap}{word}".rstrip(THIN + " ")

    def figure_in(self, value: Decimal | None, unit: str, places: int | None = None) -> str:
        """The figure alone, for a column whose head states the unit."""
        return MISSING if value is None else written(self.amount_in(value, unit), places)

    def amount_in(self, value: Decimal | int, unit: str) -> Decimal:
        """The value in another unit: 1,000 m² are 1.5 亩. Used to compare with print."""
        ratio = self._ratio(unit, None)
        if ratio is None:
            raise self._unreadable(unit)
        return times(Decimal(value), Decimal(ratio.den) / Decimal(ratio.num))

    def _ratio(self, tail: str, unit: str | None) -> Ratio | None:
        return _stated_ratio(self, tail.casefold(), (unit or self.base).casefold())

    def _in_bases(self, figure: Figure, ratio: Ratio, value: object) -> Decimal:
        num = ratio.num * 10**self.places
        if self.whole_only and not is_whole(figure, num, ratio.den):
            raise self._unreadable(value)
        return Decimal(scaled(figure, num, ratio.den)).scaleb(-self.places)

    def _unreadable(self, value: object) -> Unreadable:
        if isinstance(value, str) and "e+" in value.casefold():
            return shortened(value)
        reason = _(
            "“{value}” cannot be read here. Type a figure and its unit, such as {example}; "
            "leave it empty if it is not known."
        )
        return Unreadable(reason, value=value, example=self.example)


_SCALE = re.compile(r"([十百千]?[万萬]?[亿億]|[十百千]?[万萬]|[十百千kw])(.*)")
_SIGNS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10**4, "萬": 10**4, "w": 10**4,
          "亿": 10**8, "億": 10**8}  # fmt: skip
_ENGLISH = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


@lru_cache(maxsize=8192)
def _stated_ratio(measure: Measure, tail: str, unit: str) -> Ratio | None:
    """The ratio of the unit written behind a figure; of the header's where none is written.

    A bare scale, as in 3万, is a multiple of the base word of the header's unit.
    """
    word = re.sub(r"[()\[\]【】:\s]", "", tail)
    if not word:
        return _ratio_of(measure, unit)
    return _ratio_of(measure, word) or _ratio_of(measure, word + _without_scale(measure, unit))


def _ratio_of(measure: Measure, word: str) -> Ratio | None:
    if word in measure.words:
        return measure.words[word]
    for name, size in _ENGLISH.items():
        if word.startswith(name):
            return _multiple(measure, word.removeprefix(name).strip(), size)
    found = _SCALE.fullmatch(word)
    if found is None:
        return None
    size = 1
    for sign in found[1]:
        size *= _SIGNS[sign]
    return _multiple(measure, found[2], size)


def _multiple(measure: Measure, word: str, size: int) -> Ratio | None:
    ratio = measure.words.get(word)
    return Ratio(ratio.num * size, ratio.den) if ratio else None


def _without_scale(measure: Measure, unit: str) -> str:
    found = None if unit in measure.words else _SCALE.fullmatch(unit)
    return found[2] if found else unit


def _table(*rows: tuple[str, Ratio]) -> dict[str, Ratio]:
    return {word: ratio for words, ratio in rows for word in words.split()}


def _ladder(*rungs: tuple[int, str]) -> tuple[Rung, ...]:
    return tuple(Rung(Decimal(size), word) for size, word in rungs)


MU = Ratio(2000, 3)

AREA = Measure(
    words=_table(
        ("平方米 平米 平方 m2 sqm", Ratio(1)),
        ("亩 mu", MU),
        ("公顷 ha hectare hectares", Ratio(10**4)),
        ("平方公里 平方千米 km2", Ratio(10**6)),
    ),
    base="平方米",
    places=4,
    example="120亩, 60万平方米",
    zh=_ladder((10**4, "万平方米"), (1, "平方米")),
    en=_ladder((1, "m²")),
)
MASS = Measure(
    words=_table(
        ("吨 t 公吨 tonne tonnes ton tons", Ratio(1)),
        ("公斤 千克 kg", Ratio(1, 1000)),
    ),
    base="吨",
    places=3,
    example="500吨, 7万吨",
    zh=_ladder((10**8, "亿吨"), (10**4, "万吨"), (1, "吨")),
    en=_ladder((10**6, "million t"), (1, "t")),
)
ENERGY = Measure(
    words=_table(
        ("度 千瓦时 kwh kw·h 千瓦小时", Ratio(1)),
        ("兆瓦时 mwh", Ratio(1000)),
        ("gwh 吉瓦时", Ratio(10**6)),
    ),
    base="度",
    places=3,
    example="5,000度, 12万度",
    zh=_ladder((10**8, "亿度"), (10**4, "万度"), (1, "度")),
    en=_ladder((10**6, "GWh"), (10**3, "MWh"), (1, "kWh")),
)
PERCENT = Measure(
    words=_table(
        ("% 个百分点 百分点 percent pct", Ratio(1)),
        ("‰", Ratio(1, 10)),
        ("ratio", Ratio(100)),
    ),
    base="%",
    places=6,
    example="12.5%",
    zh=_ladder((1, "%")),
    en=_ladder((1, "%")),
)
COUNT = Measure(
    words=_table(
        (
            "个 家 人 件 项 处 名 位 户 台 套 辆 场 次 宗 块 批 所 座 条 种 类 只 份 村 "
            "笔 起 张 员 例 期 支 册 艘 栋 幢 间 人次 家次 户次 one",
            Ratio(1),
        ),
    ),
    base="个",
    places=0,
    example="117家, 5.6万人",
    zh=_ladder((1, "")),
    en=_ladder((1, "")),
    whole_only=True,
)


def parse_area(value: object, unit: str = "平方米") -> Decimal | None:
    """Square metres from 120亩, 6公顷, 60万平方米; `unit` is the header's."""
    return AREA.read(value, unit)


def parse_mass(value: object, unit: str = "吨") -> Decimal | None:
    """Tonnes from 500吨, 7万吨, 300kg."""
    return MASS.read(value, unit)


def parse_energy(value: object, unit: str = "度") -> Decimal | None:
    """Kilowatt-hours (度) from 12万度, 3,000 kWh."""
    return ENERGY.read(value, unit)


def parse_percent(value: object, unit: str = "%") -> Decimal | None:
    """Per cent from 12.5%, 百分之12, 2.4个百分点; unit "ratio" where a sheet
    holds 0.125 for 12.5 %."""
    return PERCENT.read(value, unit)


def parse_count(value: object, unit: str = "个") -> int | None:
    """A whole number of things from 117家, 1,200人, 5.6万件; 1.5家 is refused."""
    count = COUNT.read(value, unit)
    return None if count is None else int(count)


def show_area(m2: Decimal | None, lang: str, *, unit: str | None = None) -> str:
    """60 万平方米; with unit="亩", 900 亩."""
    return AREA.show(m2, lang, unit=unit)


def show_mass(tonnes: Decimal | None, lang: str) -> str:
    """7 万吨."""
    return MASS.show(tonnes, lang)


def show_energy(kwh: Decimal | None, lang: str) -> str:
    """12 万度, or 120 MWh."""
    return ENERGY.show(kwh, lang)


def show_percent(percent: Decimal | None, lang: str) -> str:
    """55.6%."""
    return PERCENT.show(percent, lang)


def show_count(count: int | None, word: str = "") -> str:
    """2,363 家; the word is the counter of the thing, empty where the column states it."""
    return MISSING if count is None else f"{written(Decimal(count))}{THIN if word else ''}{word}"
