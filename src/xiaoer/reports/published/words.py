"""The words of the table in both languages, so that no reader meets a code word."""

import re
from functools import cache

from xiaoer.reports.published.table import Published, rows

PLAIN = re.compile(r"[\d+N-]+")
"""Numbers, dates, ids of rows and names of schemes such as 1+5+N read the same everywhere."""


@cache
def words() -> dict[tuple[str, str], tuple[str, str]]:
    """(kind, key) to (Chinese, English)."""
    return {(row["kind"], row["key"]): (row["zh"], row["en"]) for row in rows("words.csv")}


def word(*, kind: str, key: str, language: str) -> str:
    """How a key reads: kind is metric, unit, kind, bound, standing, room, topic, zone,
    period_note, dimension or value. An unknown key is an error of the table, not a blank.
    """
    zh, en = words()[kind, key]
    return zh if language.startswith("zh") else en


def dimension_words(figure: Published, *, language: str) -> tuple[tuple[str, str], ...]:
    """What narrows a figure, as a reader says it: (级别, 国家级), (产业, 高端装备、医药)."""
    joint = "、" if language.startswith("zh") else ", "
    return tuple(
        (
            word(kind="dimension", key=key, language=language),
            joint.join(value_word(part, language) for part in value.split("|")),
        )
        for key, value in figure.dimensions
    )


def value_word(value: str, language: str) -> str:
    if PLAIN.fullmatch(value):
        return value
    return word(kind="value", key=value, language=language)
