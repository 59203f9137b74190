"""What is said of many firms that is no figure: one question, then whole columns.

What the register, an audit or staff say goes before what a firm says of itself; of each what is
known last. An entry kept goes before those merged into it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from xiaoer.base.copying import DAY, FLAG, NUMBER, TEXT, WHOLE, copied
from xiaoer.base.words import Kind
from xiaoer.facts.columns import Rows, Whole, pick

_ROWS = """
select a.id, array_position(%(words)s::varchar[], a.word) - 1,
       coalesce(d.merged_into_id, a.party_id), a.source_kind <> 'declared', d.id is null,
       date_part('epoch', a.known_at), a.flag, a.day, a.text
from attribute a
left join party d on d.id = a.party_id and d.zone_id = %(zone)s and d.merged_into_id is not null
where a.zone_id = %(zone)s and a.word = any(%(words)s)
  and (a.valid_from is null or a.valid_from <= %(as_of)s)
  and (a.valid_to is null or a.valid_to >= %(as_of)s)
  and a.known_at <= %(known_at)s
  and (a.withdrawn_at is null or a.withdrawn_at > %(known_at)s)
"""
_SOME = """
  and (a.party_id = any(%(ids)s) or a.party_id in (select m.id from party m
       where m.zone_id = %(zone)s and m.merged_into_id = any(%(ids)s)))
"""
_TYPES: Mapping[str, pa.DataType] = {
    "id": WHOLE,
    "word": WHOLE,
    "firm": WHOLE,
    "is_checked": FLAG,
    "is_kept": FLAG,
    "known_at": NUMBER,
    "flag": FLAG,
    "day": DAY,
    "text": TEXT,
}
_COLUMNS = {Kind.FLAG: "flag", Kind.DAY: "day", Kind.TEXT: "text"}


@dataclass(frozen=True, slots=True)
class Said:
    """Lines of attributes as known at a moment; ``rows.metric`` is the place of the word asked for."""

    rows: Rows
    chosen: Whole
    table: pa.Table

    def column(self, word: int, kind: Kind) -> pa.Array:
        """A word's value for each firm; null where nobody said anything."""
        chosen = self.chosen[word]
        at = pa.array(chosen, mask=chosen < 0)
        return self.table[_COLUMNS[kind]].combine_chunks().take(at)


def rows(
    *,
    zone_id: int,
    words: Sequence[str],
    as_of: date,
    known_at: datetime,
    ids: Sequence[int] | None = None,
) -> Said:
    """One question for all words of all firms asked about."""
    table = copied(
        _ROWS if ids is None else _ROWS + _SOME,
        {
            "zone": zone_id,
            "words": list(words),
            "as_of": as_of,
            "known_at": known_at,
            "ids": list(ids or ()),
        },
        _TYPES,
    )

    def whole(name: str) -> Whole:
        column: Whole = table[name].cast(WHOLE).combine_chunks().to_numpy(zero_copy_only=False)
        return column

    firms, firm = np.unique(whole("firm"), return_inverse=True)
    same = np.zeros(table.num_rows, np.int64)
    known = table["known_at"].combine_chunks().to_numpy(zero_copy_only=False).astype(np.float64)
    lines = Rows(
        firms, whole("id"), whole("word"), same, same, firm.astype(np.int64), whole("is_checked"),
        whole("is_kept"), known, np.zeros(table.num_rows),
    )  # fmt: skip
    return Said(lines, pick(lines, lines.metric, len(words)), table)
