"""Find the headings of a sheet and say which column is which field.

Real sheets have titles above, headings over two rows, units in brackets, and names nobody agreed
on. What fits is matched; what fits two ways is left for a person, with candidates; what a person
said wins, and can be remembered by the fingerprint of the layout.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables.cells import Cell, is_blank
from xiaoer.base.tables.headings import read_heading, unit_in

TOP = 30
_LONGEST = 40
_SURE, _LIKELY, _POSSIBLE, _RIVAL = 0.94, 0.72, 0.45, 0.07


@dataclass(frozen=True, slots=True)
class Field:
    """One value wanted from each row.

    ``kind`` names the converter. ``unit`` is assumed where the sheet names none. ``choices`` maps
    the words a sheet may use to what is stored, for kind "choice".
    """

    key: str
    label_zh: str
    label_en: str
    aliases: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = False
    unit: str | None = None
    choices: Mapping[str, object] | None = None
    max_length: int | None = None

    @property
    def label(self) -> str:
        return self.label_zh if (get_language() or "zh").startswith("zh") else self.label_en


@dataclass(frozen=True, slots=True)
class Match:
    """A column that holds a field; confidence 1.0 is the exact name or a person's word.

    ``unit_from`` is "heading", "above", "field" or "person": an assumed unit should be shown.
    """

    field: Field
    confidence: float
    unit: str | None = None
    unit_from: str | None = None


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """A column a person should decide on; candidates come best first."""

    column: int
    name: str
    candidates: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings are and what they mean; data begin below ``row_index``."""

    row_index: int
    first_index: int
    names: tuple[str, ...]
    mapping: Mapping[int, Match]
    open_columns: tuple[OpenColumn, ...]
    missing: tuple[Field, ...]
    unit_above: str | None
    fingerprint: str

    @property
    def unused(self) -> tuple[int, ...]:
        """Columns with a heading that no field takes and nobody was asked about."""
        asked = {column.column for column in self.open_columns}
        return tuple(
            index
            for index, name in enumerate(self.names)
            if name and index not in self.mapping and index not in asked
        )


@dataclass(frozen=True, slots=True)
class _Names:
    """The bare names a field goes by."""

    field: Field
    names: frozenset[str]


def _names_of(wanted: Sequence[Field]) -> list[_Names]:
    return [
        _Names(
            field,
            frozenset(
                heading
                for name in (field.label_zh, field.label_en, field.key, *field.aliases)
                for heading in (read_heading(name).name, read_heading(name).qualified)
                if heading
            ),
        )
        for field in wanted
    ]


def score_name(text: str, names: frozenset[str], *, loosely: bool = True) -> float:
    """1.0 the same name, below that by containing, below that by shared pairs of characters."""
    heading = read_heading(text)
    if heading.qualified in names:
        return 1.0
    if heading.name in names:
        return 0.98
    return max((_resemblance(heading.name, name, loosely) for name in names), default=0.0)


def _resemblance(heading: str, name: str, loosely: bool) -> float:
    short, long = (heading, name) if len(heading) < len(name) else (name, heading)
    if len(short) < 2:
        return 0.0
    if short in long:
        # Chinese names carry the thing at the end: 法人联系电话 is a 联系电话.
        ends = 0.08 if long.endswith(short) else 0.0
        return 0.55 + ends + 0.33 * len(short) / len(long)
    return 0.85 * _shared_pairs(short, long) if loosely else 0.0


def _shared_pairs(one: str, other: str) -> float:
    first = {one[i : i + 2] for i in range(len(one) - 1)}
    second = {other[i : i + 2] for i in range(len(other) - 1)}
    return 2 * len(first & second) / ((len(first) + len(second)) or 1)


def _row_names(row: Sequence[Cell]) -> list[str]:
    return [cell.strip() if isinstance(cell, str) and len(cell) <= _LONGEST else "" for cell in row]


def join_rows(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Headings over two rows as one: a group merged over columns is written before each."""
    joined, group = [], ""
    for index, (above, below) in enumerate(zip(upper, lower, strict=True)):
        if above:
            group = above
        elif not below or (index and not lower[index - 1]):
            group = ""
        head = above or group
        joined.append(head if head == below or not below else f"{head} {below}".strip())
    return joined


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    first: int
    last: int
    names: list[str]


def _candidates(rows: Sequence[Sequence[Cell]], known: list[_Names]) -> Iterator[_Candidate]:
    cache: dict[str, tuple[float, int]] = {}

    def best_of(text: str) -> tuple[float, int]:
        if text not in cache:
            scores = [score_name(text, entry.names, loosely=False) for entry in known]
            top = max(scores, default=0.0)
            cache[text] = (top, scores.index(top) if scores else -1)
        return cache[text]

    def score(names: list[str]) -> float:
        fields: dict[int, float] = {}
        for name in filter(None, names):
            value, index = best_of(name)
            if value >= _LIKELY:
                fields[index] = max(fields.get(index, 0.0), value)
        required = sum(known[index].field.required for index in fields)
        return sum(fields.values()) + 0.5 * required

    top = [_row_names(row) for row in rows[:TOP]]
    for index, names in enumerate(top):
        # Values below resemble headings less than other headings do; dates and sums not at all.
        strange = sum(not isinstance(cell, str) and not is_blank(cell) for cell in rows[index])
        yield _Candidate(score(names) - 0.3 * strange, index, index, names)
        if index + 1 < len(top) and any(top[index + 1]) and any(names):
            below = sum(
                not isinstance(cell, str) and not is_blank(cell) for cell in rows[index + 1]
            )
            joined = join_rows(names, top[index + 1])
            value = score(joined) - 0.3 * (strange + below) - 0.05
            yield _Candidate(value, index, index + 1, joined)


def score_top(rows: Sequence[Sequence[Cell]], wanted: Sequence[Field]) -> float:
    """How well the best heading row of a sheet fits what is wanted; for choosing a sheet."""
    if not wanted:
        return 0.0
    return max((found.score for found in _candidates(rows, _names_of(wanted))), default=0.0)


def find_header(
    rows: Sequence[Sequence[Cell]],
    wanted: Sequence[Field],
    *,
    chosen: Mapping[int, str | None] | None = None,
    units: Mapping[int, str] | None = None,
    at: tuple[int, int] | None = None,
) -> Header:
    """The headings among the first 30 rows, and which column is which field.

    A person's word wins: ``chosen`` says column → field key (None: leave out), ``units`` says
    column → unit, ``at`` says first and last heading row.
    """
    known = _names_of(wanted)
    found = _heading_rows(rows, known, at)
    scores = {
        index: [score_name(name, entry.names) for entry in known]
        for index, name in enumerate(found.names)
        if name
    }
    fixed = _fixed_by_person(chosen or {}, wanted, len(found.names))
    confidences = dict(fixed)
    for column, field in _assign(scores, list(wanted), fixed).items():
        confidences[column] = field
    above = _unit_above(rows[: found.first])
    mapping = {
        column: _match(field, confidence, found.names[column], above, (units or {}).get(column))
        for column, (field, confidence) in sorted(confidences.items())
        if field is not None
    }
    taken = {match.field.key for match in mapping.values()}
    return Header(
        row_index=found.last,
        first_index=found.first,
        names=tuple(found.names),
        mapping=mapping,
        open_columns=_open_columns(found.names, scores, confidences, list(wanted), taken),
        missing=tuple(field for field in wanted if field.required and field.key not in taken),
        unit_above=above,
        fingerprint=fingerprint(found.names),
    )


def _heading_rows(
    rows: Sequence[Sequence[Cell]], known: list[_Names], at: tuple[int, int] | None
) -> _Candidate:
    if at is not None:
        first, last = at
        if not 0 <= first <= last < len(rows) or last - first > 2:
            raise Refused(_("The headings are one to three rows of the sheet. Choose them again."))
        names = _row_names(rows[first])
        for index in range(first + 1, last + 1):
            names = join_rows(names, _row_names(rows[index]))
        return _Candidate(0.0, first, last, names)
    best = max(_candidates(rows, known), key=lambda one: one.score, default=None)
    if best is not None and best.score >= min(1.5, _LIKELY * len(known)):
        return best
    # Nothing known: the row with most different words, so that a person can say what they are.
    guesses = [
        _Candidate(len(set(names) - {""}), index, index, names)
        for index, names in enumerate(map(_row_names, rows[:TOP]))
    ]
    guess = max(guesses, key=lambda one: one.score, default=None)
    if guess is None or not guess.score:
        raise Refused(
            _(
                "No row of the first %(count)s looks like headings. Put the names of the columns "
                "above the data and upload again."
            )
            % {"count": TOP}
        )
    return guess


def _fixed_by_person(
    chosen: Mapping[int, str | None], wanted: Sequence[Field], width: int
) -> dict[int, tuple[Field | None, float]]:
    by_key = {field.key: field for field in wanted}
    fixed: dict[int, tuple[Field | None, float]] = {}
    for column, key in chosen.items():
        if not 0 <= column < width or (key is not None and key not in by_key):
            raise Refused(_("The chosen match names a column or field that does not exist."))
        fixed[column] = (by_key[key] if key is not None else None, 1.0)
    keys = [field.key for field, _sure in fixed.values() if field is not None]
    for one, other in combinations(sorted(keys), 2):
        if one == other:
            raise Refused(
                _("%(field)s is chosen for two columns. Choose one and leave the other out.")
                % {"field": by_key[one].label}
            )
    return fixed


def _assign(
    scores: Mapping[int, list[float]],
    wanted: list[Field],
    fixed: Mapping[int, tuple[Field | None, float]],
) -> dict[int, tuple[Field, float]]:
    """Best pairs first, each column and each field once; pairs with a close rival stay open."""
    used = {field.key for field, _sure in fixed.values() if field is not None}
    pairs = sorted(
        (
            (value, -column, -place)
            for column, values in scores.items()
            for place, value in enumerate(values)
            if value >= _LIKELY and column not in fixed and wanted[place].key not in used
        ),
        reverse=True,
    )
    assigned: dict[int, tuple[Field, float]] = {}
    done_columns: set[int] = set()
    done_fields: set[int] = set()
    for value, minus_column, minus_place in pairs:
        column, place = -minus_column, -minus_place
        if column in done_columns or place in done_fields:
            continue
        # Only the same name twice contests an exact name; a guess is contested by its like.
        least = value if value >= _SURE else value - _RIVAL
        rivals = [
            -other_column != column
            for other, other_column, other_place in pairs
            if other >= least
            and (-other_column == column) != (-other_place == place)
            and -other_column not in done_columns
            and -other_place not in done_fields
        ]
        if any(rivals):
            done_fields.add(place)
        if rivals:
            done_columns.add(column)
            continue
        assigned[column] = (wanted[place], round(value, 2))
        done_columns.add(column)
        done_fields.add(place)
    return assigned


def _match(
    field: Field, confidence: float, name: str, above: str | None, said: str | None
) -> Match:
    if said:
        return Match(field, confidence, said, "person")
    if unit := read_heading(name).unit:
        return Match(field, confidence, unit, "heading")
    if above and field.kind == "money":
        return Match(field, confidence, above, "above")
    return Match(field, confidence, field.unit, "field" if field.unit else None)


def _unit_above(rows: Sequence[Sequence[Cell]]) -> str | None:
    for row in rows:
        for cell in row:
            if isinstance(cell, str) and (unit := unit_in(cell)):
                return unit
    return None


def _open_columns(
    names: Sequence[str],
    scores: Mapping[int, list[float]],
    decided: Mapping[int, object],
    wanted: list[Field],
    taken: set[str],
) -> tuple[OpenColumn, ...]:
    columns = []
    for column, values in scores.items():
        if column in decided:
            continue
        ranked = sorted(zip(values, range(len(values)), strict=True), key=lambda p: (-p[0], p[1]))
        free = [
            wanted[place]
            for value, place in ranked
            if value >= _POSSIBLE and wanted[place].key not in taken
        ]
        if free:
            columns.append(OpenColumn(column, names[column], tuple(free[:5])))
    return tuple(columns)


def fingerprint(names: Sequence[str]) -> str:
    """The same for every sheet with the same headings in the same order, whatever is below."""
    read = (read_heading(name) for name in names)
    bare = "\x1f".join(f"{heading.qualified}\x1e{heading.unit or ''}" for heading in read)
    return hashlib.sha256(bare.rstrip("\x1e\x1f").encode("utf-8", "replace")).hexdigest()[:32]
