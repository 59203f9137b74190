"""One column at a time: each different cell is tidied and converted once.

A column of a hundred thousand firms' names costs some 20 ms, because whole groups of cells are
asked at once whether there is anything to tidy; only cells with a problem get an object.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from xiaoer.base.reading import Unreadable, is_missing
from xiaoer.base.refusals import Refused
from xiaoer.base.tables.cells import (
    EXCEL_ERRORS,
    Cell,
    is_broken,
    is_untidy_plain,
    may_be_untidy,
    tidy_plain,
    tidy_text,
)
from xiaoer.base.tables.converting import (
    PLAIN,
    Converter,
    Doubtful,
    choice_converter,
    show_as_text,
)
from xiaoer.base.tables.headers import Field, Match
from xiaoer.base.tables.texts import Nested

_GUARDS = ("'", "=")
_GROUP = 128
# The longest word for "nothing" is shorter; longer texts need not be asked.
_LONGEST_NOTHING = 9


class Severity(StrEnum):
    REJECT = "reject"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Trouble:
    reason: str
    advice: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Column:
    """A cleaned column; ``troubles`` are keyed by the cell as read, not by row."""

    field: Field
    cells: list[Cell]
    values: list[object]
    troubles: Mapping[Cell, Trouble]


def _converter_of(field: Field, converters: Mapping[str, Converter]) -> Converter | None:
    """None for a text, which needs no conversion."""
    if field.kind in converters:
        return converters[field.kind]
    if field.kind == "choice":
        return choice_converter(field)
    if field.kind == "text":
        return None
    return PLAIN[field.kind]


def clean_column(
    cells: list[Cell], different: set[Cell], match: Match, converters: Mapping[str, Converter]
) -> Column:
    """Convert a column; ``different`` are its cells, each once."""
    changed: dict[Cell, object] = {}
    troubles: dict[Cell, Trouble] = {}
    converter = _converter_of(match.field, converters)
    if converter is None:
        _clean_texts(different, match.field, changed, troubles)
        # Most texts are clean already and stand for themselves.
        values: list[object] = list(map(changed.get, cells, cells)) if changed else cells  # type: ignore[assignment]  # a list of any cells is one of objects
    else:
        _convert(different, match, converter, changed, troubles)
        values = list(map(changed.__getitem__, cells))
    return Column(match.field, cells, values, troubles)


def _clean_texts(
    different: set[Cell],
    field: Field,
    changed: dict[Cell, object],
    troubles: dict[Cell, Trouble],
) -> None:
    texts = [cell for cell in different if type(cell) is str]
    for start in range(0, len(texts), _GROUP):
        group = texts[start : start + _GROUP]
        tidy = tidy_text if may_be_untidy(group) else str.strip
        _tidy_texts(group, tidy, field, changed, troubles)
    if len(texts) < len(different):
        for cell in different:
            if type(cell) is not str:
                _clean_strange_text(cell, field, changed, troubles)


def _tidy_texts(
    texts: list[str],
    tidy: Callable[[str], str],
    field: Field,
    changed: dict[Cell, object],
    troubles: dict[Cell, Trouble],
) -> None:
    longest = field.max_length or 10_000
    for cell in texts:
        text = tidy(cell)
        if text is not cell and text != cell:
            changed[cell] = text
        length = len(text)
        if length < _LONGEST_NOTHING and is_missing(text):
            changed[cell] = None
            if field.required:
                troubles[cell] = _absent(field)
        elif length > longest or tidy is tidy_text:
            _judge_text(cell, text, longest, changed, troubles)


def _judge_text(
    cell: Cell,
    text: str,
    longest: int,
    changed: dict[Cell, object],
    troubles: dict[Cell, Trouble],
) -> None:
    if len(text) > longest:
        troubles[cell] = Trouble(
            _("The text has %(length)s characters, more than %(limit)s")
            % {"length": len(text), "limit": longest},
            _("Shorten it."),
            Severity.REJECT,
        )
    elif text.upper() in EXCEL_ERRORS:
        troubles[cell] = _formula_failed(text)
    elif is_broken(text):
        troubles[cell] = Trouble(
            _("Some characters cannot be read"),
            _("Type the text again; the file was saved in a wrong encoding."),
            Severity.REJECT,
        )
    if cell in troubles:
        changed[cell] = None


def _clean_strange_text(
    cell: Cell, field: Field, changed: dict[Cell, object], troubles: dict[Cell, Trouble]
) -> None:
    """A number, date or nested value in a column of texts."""
    if cell is None:
        changed[cell] = None
        if field.required:
            troubles[cell] = _absent(field)
        return
    changed[cell] = show_as_text(cell)
    if isinstance(cell, Nested):
        changed[cell] = None
        troubles[cell] = _nested()
    elif isinstance(cell, float) and abs(cell) >= 1e15:
        troubles[cell] = Trouble(
            _("Excel keeps only 15 digits of a number; the last digits of this one are lost"),
            _("Format the column as text and type the digits again."),
            Severity.REJECT,
        )


def _convert(
    different: set[Cell],
    match: Match,
    converter: Converter,
    changed: dict[Cell, object],
    troubles: dict[Cell, Trouble],
) -> None:
    """Convert each different cell once, into ``changed``."""
    field, unit = match.field, match.unit
    # In a column of choices 无 may be an answer; its converter knows.
    asks_itself = field.kind == "choice"
    for cell in different:
        plain: Cell = cell
        if type(cell) is str:
            plain = text = cell if cell.isascii() and cell.isalnum() else _plain(cell)
            if len(text) < _LONGEST_NOTHING and not asks_itself and is_missing(text):
                plain = None
        try:
            value = None if plain is None else converter(plain, unit)
        except (Refused, Unreadable) as refusal:
            value = _trouble_of(plain, refusal)
        if type(value) in _SPECIAL or type(cell) is Nested:
            value = _settle(cell, value, field, troubles)
        changed[cell] = value


def _settle(cell: Cell, value: object, field: Field, troubles: dict[Cell, Trouble]) -> object:
    """Note what is to be said about a cell; returns the value that remains."""
    if isinstance(cell, Nested):
        troubles[cell] = _nested()
        return None
    if isinstance(value, Trouble):
        troubles[cell] = value
        return None
    if isinstance(value, Doubtful):
        troubles[cell] = Trouble(value.reason, value.advice, Severity.DOUBT)
        return value.value
    if field.required:
        troubles[cell] = _absent(field)
    return None


_SPECIAL = frozenset({type(None), Trouble, Doubtful})


def _trouble_of(cell: Cell, refusal: Refused | Unreadable) -> Trouble:
    if isinstance(cell, str) and cell.upper() in EXCEL_ERRORS:
        return _formula_failed(cell)
    # Readers say in one breath what is wrong and, in the last sentence, what to type.
    said = str(refusal)
    reason, stop, advice = said.rstrip("。. ").rpartition("。" if "。" in said else ". ")
    if not stop:
        advice = _("Correct the cell and upload the row again.")
        return Trouble(said, advice, Severity.REJECT)
    return Trouble(reason + stop.strip(), advice + said[-1:].strip(), Severity.REJECT)


def _plain(cell: str) -> str:
    return tidy_plain(cell) if is_untidy_plain(cell) or cell[:1] in _GUARDS else cell.strip()


def _absent(field: Field) -> Trouble:
    return Trouble(
        _("%(field)s is empty") % {"field": field.label},
        _("Fill it in; a row cannot be kept without it."),
        Severity.REJECT,
    )


def _formula_failed(text: str) -> Trouble:
    return Trouble(
        _("A formula in the sheet failed: %(value)s") % {"value": text},
        _("Repair the formula, or type the value."),
        Severity.REJECT,
    )


def _nested() -> Trouble:
    return Trouble(
        _("A list or object stands where one value is expected"),
        _("Export each value under a name of its own."),
        Severity.REJECT,
    )
