"""What searches look into and what people type to find a firm.

A party's ``terms`` are its normalised names, a slash, and tokens: pairs of neighbouring characters,
four-letter windows of its initials in pinyin (``~jnsy``), the tail of its credit code (``#2q5x``).
The part before the slash is what a match is checked against; the tokens are what the index holds.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

NAMES_END = "/"
WINDOW = 4
CODE_TAIL = 6
LONGEST_QUERY = 60
MOST_TWOFOLD = 3

# Pairs inside the words every firm's name ends in: they say nothing, so they are neither indexed
# nor asked for.
WORTHLESS = frozenset(["有限", "限公", "公司", "限责", "责任", "任公", "股份", "份有", "分公"])
_FORMS = re.compile(r"(gfyxgs|yxzrgs|jtyxgs|yxgs|gs)$")
LONGEST_FORM = 6
_NOT_LETTERS = re.compile(r"[\W_]+")


def normalise(text: str) -> str:
    """The letters, digits and characters of a name alone: full width folded, small, no marks."""
    if text.isalnum() and unicodedata.is_normalized("NFKC", text):
        return text.lower()
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text).lower())


def initials_of(name: str) -> str:
    """First letters in pinyin of a normalised name; letters and digits stand for themselves."""
    return name.translate(_letters())


def terms_of(name: str, others: Iterable[str] = (), code: str = "") -> str:
    """The text a party is found by: its name, former and short names, and its code."""
    names = [normalise(name), *map(normalise, others)]
    tokens: list[str] = []
    for plain in names:
        for reading in _readings(plain):
            tokens += _windows(reading)
        tokens += _pairs(plain)
    if code:
        tokens.append("#" + code[-CODE_TAIL:].lower())
    return f"{'|'.join(names)}{NAMES_END}{' '.join(tokens)}"


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody typed, taken apart: any of the filled fields may find a party.

    ``words`` and ``letters`` are conditions of PostgreSQL's ``tsquery``; ``fragments`` must all stand
    in one of the names.
    """

    fragments: tuple[str, ...] = ()
    words: str | None = None
    letters: str | None = None
    code: str | None = None
    person: str | None = None

    @property
    def is_empty(self) -> bool:
        return not self.fragments


def read_query(text: str) -> Query:
    """Take apart what was typed: parts of a name, initials, the head or tail of a code, an officer."""
    fragments = tuple(filter(None, map(normalise, text[:LONGEST_QUERY].split())))
    joined = "".join(fragments)
    if not joined:
        return Query()
    pairs = [pair for fragment in fragments for pair in _pairs(fragment)]
    latin = joined.isascii()
    return Query(
        fragments=fragments,
        words=_all_of(pairs),
        letters=_letters_wanted(joined) if latin and joined.isalpha() else None,
        code=joined.upper() if latin and len(joined) >= 2 else None,
        person=joined if not latin and 2 <= len(joined) <= 6 else None,
    )


def _letters_wanted(typed: str) -> str | None:
    core = _FORMS.sub("", typed)
    typed = core if len(core) >= 2 else typed
    if len(typed) < 2:
        return None
    if len(typed) < WINDOW:
        return f"'~{typed}':*"
    return _all_of([f"~{typed[at : at + WINDOW]}" for at in range(len(typed) - WINDOW + 1)])


def _all_of(tokens: list[str]) -> str | None:
    return " & ".join(f"'{token}'" for token in dict.fromkeys(tokens)) or None


def _pairs(plain: str) -> list[str]:
    # Most names end so, and a hundred thousand of them feel it.
    last = len(plain) - (4 if plain.endswith("有限公司") else 1)
    return [pair for at in range(last) if (pair := plain[at : at + 2]) not in WORTHLESS]


def _windows(letters: str) -> list[str]:
    """Windows that begin in the name proper, not in its 有限公司."""
    core = max(len(letters) - _length_of_form(letters[-LONGEST_FORM:]) - 1, 1)
    return ["~" + letters[at : at + WINDOW] for at in range(core)]


@lru_cache(maxsize=4096)
def _length_of_form(tail: str) -> int:
    """How many letters at the end of a name say only what form the firm has."""
    return len(tail) - len(_FORMS.sub("", tail))


def _readings(plain: str) -> list[str]:
    """The usual initials, and those with the second readings of its first few such characters."""
    usual = plain.translate(_letters())
    second = _second_letters()
    if second.keys().isdisjoint(plain):
        return [usual]
    twofold = [at for at, sign in enumerate(plain) if sign in second][:MOST_TWOFOLD]
    return [
        "".join(
            second[plain[at]] if at in twofold and chosen >> twofold.index(at) & 1 else letter
            for at, letter in enumerate(usual)
        )
        for chosen in range(2 ** len(twofold))
    ]


def _table() -> list[list[str]]:
    path = Path(__file__).parent / "initials.txt"
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines()]


@cache
def _letters() -> dict[int, str]:
    """First letter of each character; see ``tools/make_initials.py``."""
    return {
        int(start, 16) + at: letter
        for start, letters, *second in _table()
        if not second
        for at, letter in enumerate(letters)
        if letter != "."
    }


@cache
def _second_letters() -> dict[str, str]:
    return {row[2]: row[3] for row in _table() if len(row) == 4}
