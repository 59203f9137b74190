"""What a merge would move, before anybody does it."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language

from xiaoer.base.scope import Actor
from xiaoer.registry.merging import Relation, merge_relations, rows_of, why_not
from xiaoer.registry.models import Party


@dataclass(frozen=True, slots=True)
class Moving:
    """Rows of one table that would move, and how many of them would be ended on the way."""

    table: str
    words: str
    count: int
    ended: int


@dataclass(frozen=True, slots=True)
class MergePreview:
    """Both entries side by side, and everything that would move from one to the other."""

    kept: Party
    duplicate: Party
    moving: tuple[Moving, ...]
    obstacle: str | None

    @property
    def total(self) -> int:
        return sum(row.count for row in self.moving)


def merge_preview(*, by: Actor, kept_id: int, duplicate_id: int) -> MergePreview | None:
    """What merging would do; None when one of the two is not there for the asker."""
    rows = Party.objects.filter(zone_id=by.zone_id, merged_into__isnull=True)
    found = rows.select_related("cell__grid", "park").in_bulk([kept_id, duplicate_id])
    if len(found) != 2:
        return None
    kept, duplicate = found[kept_id], found[duplicate_id]
    moving = [
        _moving(relation, kept, duplicate) for relation in merge_relations() if relation.moves
    ]
    shown = tuple(row for row in moving if row.count)
    return MergePreview(kept, duplicate, shown, why_not(kept, duplicate))


def _moving(relation: Relation, kept: Party, duplicate: Party) -> Moving:
    rows = rows_of(relation, [duplicate.pk])
    ended = 0
    if relation.ends:
        in_force = Q(**{f"{relation.ends}__isnull": True})
        mine = rows_of(relation, [kept.pk]).filter(in_force)
        both = rows.filter(in_force)
        if relation.of_a:
            both = both.filter(**{f"{relation.of_a}__in": mine.values(relation.of_a)})
        ended = both.count() if mine.exists() else 0
    return Moving(
        table=relation.model._meta.db_table,
        words=_words(relation),
        count=rows.count(),
        ended=ended,
    )


def _words(relation: Relation) -> str:
    """What an officer calls the table: the Chinese term its docstring begins with."""
    term = (relation.model.__doc__ or "").partition(":")[0].strip()
    in_chinese = (get_language() or "zh").startswith("zh")
    return term if term and in_chinese else relation.model._meta.db_table.replace("_", " ")
