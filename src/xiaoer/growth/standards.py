"""标准 Into which sector of a standard an industry falls. No tables here.

A standard names divisions and classes of GB/T 4754: ``06-46``, ``61``, ``7020,7030``. A class goes
before its division.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np

_RANGE = re.compile(r"(\d{2})(?:-(\d{2}))?")
_CLASS = re.compile(r"\d{4}")
NONE = "none"


class Unclear(ValueError):
    """A text that names no industries; it holds the part nobody can read."""


@lru_cache(maxsize=256)
def industries(text: str) -> tuple[frozenset[str], frozenset[int]]:
    """The classes and the divisions a text names. Raises `Unclear`."""
    classes, divisions = set[str](), set[int]()
    for part in re.split(r"[,，、\s]+", text.strip()):
        if _CLASS.fullmatch(part):
            classes.add(part)
        elif found := _RANGE.fullmatch(part):
            first, last = int(found[1]), int(found[2] or found[1])
            if not 1 <= first <= last <= 97:
                raise Unclear(part)
            divisions.update(range(first, last + 1))
        else:
            raise Unclear(part)
    return frozenset(classes), frozenset(divisions)


def sector_codes(
    codes: Iterable[str | None], divisions: Iterable[float | None], sectors: Mapping[str, str]
) -> list[str | None]:
    """The sector of each firm; ``none``: in none of them; None: its industry is not known."""
    by_class: dict[str, str] = {}
    by_division: dict[int, str] = {}
    for sector, text in sectors.items():
        named, whole = industries(text)
        by_class.update(dict.fromkeys(named, sector))
        by_division.update(dict.fromkeys(whole, sector))
    # A division of which only some classes are named needs the class to be told.
    in_part = {int(code[:2]) for code in by_class}
    return [
        _sector(code, division, by_class, by_division, in_part)
        for code, division in zip(codes, divisions, strict=True)
    ]


def _sector(
    code: str | None,
    division: float | None,
    by_class: Mapping[str, str],
    by_division: Mapping[int, str],
    in_part: set[int],
) -> str | None:
    if division is None or np.isnan(division):
        return None
    if code is None and int(division) in in_part:
        return None
    return by_class.get(code or "", by_division.get(int(division), NONE))
