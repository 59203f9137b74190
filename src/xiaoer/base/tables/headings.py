"""What a single heading says: its bare name and its unit."""

import re
from functools import lru_cache
from typing import NamedTuple

from xiaoer.base.tables.cells import tidy_plain

# As units are written in headings; anything else in brackets belongs to the name.
_UNIT_WORDS = """
    元 千元 万元 百万元 亿元 美元 万美元 亿美元 万欧元 亩 公顷 平方米 万平方米 平方公里 m2 万m2
    吨 万吨 千克 吨标准煤 度 万度 亿度 千瓦时 万千瓦时 亿千瓦时 kwh kw 千瓦 兆瓦 立方米 万立方米 m3
    % 百分点 人 名 人次 个 家 户 件 项 台 套 辆 处 天 年 月 日 次 米 公里
"""
UNITS = frozenset(_UNIT_WORDS.split())
_BRACKETS = re.compile(r"[(\[【〔〈<{]([^()\[\]【】〔〕〈〉<>{}]*)[)\]】〕〉>}]")
_TAIL = re.compile(r"[/:,，、_-]\s*([^/:,，、_-]{1,6})\Z")
_ABOVE = re.compile(
    r"(?:金额|计量|货币)?单位\s*[:：]\s*(人民币|RMB)?\s*([^\s,，;；)）]{1,8})", re.I
)
_NOISE = re.compile(r"[\s*#:;,.、。·?!_\-—–~'\"“”‘’/\\|<>《》]+")
_SMALL = str.maketrans({"㎡": "m2", "²": "2", "³": "3", "㎥": "m3"})
_CURRENCY = re.compile(r"人民币|rmb|cny|单位|计量|[:：\s、,/]", re.I)


class Heading(NamedTuple):
    """``name`` is bare: no unit, no marks, lower case; ``qualified`` keeps what brackets said."""

    name: str
    qualified: str
    unit: str | None


def _as_unit(text: str) -> str | None:
    bare = _CURRENCY.sub("", text).translate(_SMALL)
    return bare if bare.lower() in UNITS else None


@lru_cache(maxsize=4096)
def read_heading(text: str) -> Heading:
    """Split 注册资本（万元）* into 注册资本 and 万元."""
    text = tidy_plain(text)
    unit: str | None = None

    def drop_unit(found: re.Match[str]) -> str:
        nonlocal unit
        as_unit = _as_unit(found[1])
        unit = unit or as_unit
        return "" if as_unit else found[0]

    text = _BRACKETS.sub(drop_unit, text)
    if unit is None and (tail := _TAIL.search(text)) and (unit := _as_unit(tail[1])):
        text = text[: tail.start()].removesuffix("单位")
    bare = _BRACKETS.sub("", text)
    qualified = _squeeze(re.sub(r"[()\[\]【】〔〕]", "", text))
    return Heading(_squeeze(bare) or qualified, qualified, unit)


def _squeeze(text: str) -> str:
    return _NOISE.sub("", text).lower()


def unit_in(text: str) -> str | None:
    """万元 of a line above the table that says 单位：万元."""
    units = (_as_unit(found[2]) for found in _ABOVE.finditer(tidy_plain(text)))
    return next((unit for unit in units if unit), None)
