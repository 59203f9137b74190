"""Cells of a sheet made plain, a hundred thousand at a time: spaces, widths, signs unseen."""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal

# What a reader may put into a cell; a datetime is a date. An empty cell is "" or None.
Cell = str | int | float | bool | date | time | timedelta | Decimal | None

# What Excel shows where a formula failed; a stored "#N/A" counts as an empty cell.
EXCEL_ERRORS = frozenset({"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"})

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys([0x3000, 0xA0, 0x202F, 0x205F, *range(0x2000, 0x200B), 9, 10, 13], " ")
_UNSEEN = dict.fromkeys(
    [
        *(code for code in range(0x20) if code not in (9, 10, 13)),
        *range(0x7F, 0xA0),
        *(0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)),
        *(0xFE0F, 0xFEFF),
    ]
)
_LETTERS = {
    code: narrow for code, narrow in _FULL_WIDTH.items() if chr(narrow).isalnum() and narrow < 127
}
_PLAIN = {**_FULL_WIDTH, **_SPACES, **_UNSEEN}
_TEXT = {**_LETTERS, **_SPACES, **_UNSEEN}


def _class_of(table: dict[int, object]) -> str:
    return "".join(f"\\U{code:08x}" for code in sorted(table))


is_untidy_plain = re.compile(f"[{_class_of(_PLAIN)}]").search
# Halves of characters that no database stores, and what a wrong encoding left behind.
is_broken = re.compile("[\ud800-\udfff\ufffd]").search
# Full-width digits and letters, and the sign of a wrong encoding, as they stand in UTF-8.
_WIDE_BYTES = re.compile(
    rb"\xef(?:\xbc[\x90-\x99\xa1-\xba]|\xbd[\x81-\x9a]|\xbf\xbd)|\x1f['=#]|  [^\x1f]"
).search
_RUNS = re.compile(" {2,}")
_GUARDED = re.compile(r'="([^"]*)"\Z')


def tidy_text(text: str) -> str:
    """Words for people: letters and digits narrow, spaces single, Chinese punctuation kept."""
    return _RUNS.sub(" ", _unguard(text.translate(_TEXT).strip()))


def tidy_plain(text: str) -> str:
    """Figures, codes and dates: everything narrow, nothing unseen, no outer spaces."""
    return _unguard(text.translate(_PLAIN).strip())


def may_be_untidy(texts: Sequence[str]) -> bool:
    """Whether any of the texts needs more than its outer spaces taken off.

    Asked of many at once: looking at each costs twenty times as much.
    """
    if not "".join(texts).isprintable():
        return True
    return _WIDE_BYTES(("\x1f" + "\x1f".join(texts)).encode()) is not None


def _unguard(text: str) -> str:
    """Take off what sheets put before digits to keep them text: ="0123" and a leading quote."""
    if text[:1] == "'":
        return text[1:].lstrip()
    if text[:2] == '="' and (inside := _GUARDED.match(text)):
        return inside[1].strip()
    return text


def is_blank(cell: Cell) -> bool:
    """Nothing to be seen in the cell."""
    return cell is None or (isinstance(cell, str) and not tidy_plain(cell))


def show_cell(cell: Cell) -> str:
    """The cell as a person saw it in the sheet: 3 not 3.0, 2024-03-01 not a tuple."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e18:
        return str(int(cell))
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return str(cell)
