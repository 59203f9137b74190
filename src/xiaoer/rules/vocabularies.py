"""The vocabulary of a kind of subject: what rooms lend, put together, and the facts themselves.

Rooms below and beside may not know this one; a room above lends on their behalf in its ``apps.py``.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches

import pyarrow as pa
import pyarrow.compute as pc

from xiaoer.base.words import Lender, Word

_lenders: dict[str, list[Lender]] = {}
_families: dict[str, Callable[[str], Lender]] = {}


def lend(lender: Lender) -> None:
    """Add a room's words; called once from ``apps.py``."""
    known = _lenders.setdefault(lender.subject, [])
    if lender not in known:
        known.append(lender)


def lend_family(beginning: str, make: Callable[[str], Lender]) -> None:
    """Lend the words of every subject that begins so, such as ``pack:waste``; from ``apps.py``.

    ``make`` gets the whole subject: what words it has is data of the zone.
    """
    _families[beginning] = make


def lenders(subject: str = "party") -> Sequence[Lender]:
    """Who lends words of a kind of subject, in their order."""
    known = tuple(_lenders.get(subject, ()))
    if known or ":" not in subject:
        return known
    make = _families.get(subject[: subject.index(":") + 1])
    return (make(subject),) if make else ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a kind of subject in a zone, by name."""

    words: Mapping[str, Word]

    def __contains__(self, name: str) -> bool:
        return name in self.words

    def __getitem__(self, name: str) -> Word:
        return self.words[name]

    def nearest(self, name: str) -> str:
        """The word most like a mistyped one; empty if none is."""
        return next(iter(get_close_matches(name, self.words, n=1, cutoff=0.6)), "")


def vocabulary(zone_id: int, subject: str = "party") -> Vocabulary:
    """All words of a kind of subject as they stand in a zone; of a word lent twice, the last."""
    return Vocabulary(
        {word.name: word for lender in lenders(subject) for word in lender.words(zone_id)}
    )


def facts(
    *,
    zone_id: int,
    names: Collection[str],
    as_of: date,
    known_at: datetime,
    ids: Sequence[int] | None = None,
    subject: str = "party",
) -> pa.Table:
    """What is known of the subjects: ``id``, and a column a stored word. One question a lender.

    The subjects are those of the lender that comes first (the registry); what another lender does
    not say of one of them is null. A word may be lent twice, by a register and by what was said of
    a firm: the later lender's word counts, and where it has none the earlier one's.
    """
    table: pa.Table | None = None
    for lender in lenders(subject):
        own = [
            word.name for word in lender.words(zone_id) if word.name in names and not word.formula
        ]
        if table is not None and not own:
            continue
        found = lender.columns(zone_id=zone_id, names=own, as_of=as_of, known_at=known_at, ids=ids)
        table = found if table is None else _beside(table, found)
    if table is None:
        return pa.table({"id": pa.array([], pa.int64())})
    return table


def _beside(left: pa.Table, right: pa.Table) -> pa.Table:
    """The columns of ``right`` beside those of ``left``, subject by subject, in ``left``'s order."""
    at = pc.index_in(left["id"], value_set=right["id"].combine_chunks())
    for name in right.column_names:
        if name == "id":
            continue
        column = right[name].combine_chunks().take(at.combine_chunks())
        if name in left.column_names:
            place = left.column_names.index(name)
            left = left.set_column(place, name, pc.coalesce(column, left[name].combine_chunks()))
        else:
            left = left.append_column(name, column)
    return left
