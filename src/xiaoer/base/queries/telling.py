"""Lines of the trail told: names instead of numbers, words instead of codes.

Names are looked up for a whole portion at once, as far as the reader may read the tables.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, Model
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from xiaoer.base.details import code_words, detail_label
from xiaoer.base.models import JournalLine, Post
from xiaoer.base.scope import may_read
from xiaoer.base.subjects import model_of, name_path, tables_of_ours
from xiaoer.base.units import show_money
from xiaoer.web.words import MISSING, in_chinese, listed

# Keys that name a record where the line's own table has no such column.
REFERS = {
    "appeal": "appeal", "deputy": "post", "giver": "post", "handler": "post", "into": "appeal",
    "joint": "office", "kept": "party", "office": "office", "offices": "office", "parties": "party", "party": "party",
    "person": "person", "post": "post", "posts": "post", "programme": "programme", "taker": "post",
    "task": "task", "tasks": "task",
}  # fmt: skip
# Keys that are called otherwise than the column whose words they take.
LIKE = {"through": "confirmed_through", "reason": "not_accepted_for", "scopes": ""}
LONG_LIST, LONG_HASH = 5, 12

Reference = tuple[str, str, Any]  # table, column, value


class Teller:
    """The words of a portion of lines."""

    def __init__(self, lines: Sequence[JournalLine]) -> None:
        self._names = _names([reference for line in lines for reference in _references(line)])
        posts = {line.post_id for line in lines if line.post_id}
        self._posts = {
            post.pk: post for post in Post.objects.filter(pk__in=posts).select_related("office")
        }

    def who(self, line: JournalLine) -> str:
        """Name and office as they were; the system by its word."""
        if line.person_id is None and line.who == "system":
            return _("The system")
        return line.who

    def post(self, line: JournalLine) -> str:
        """In which capacity, as the post is called today."""
        post = self._posts.get(line.post_id or 0)
        return post.get_role_display() if post else ""

    def subject(self, line: JournalLine) -> str:
        """The record's own name, or its number where it has none."""
        name = self._names.get((line.subject_type, "pk", line.subject_id))
        return name or f"#{line.subject_id}"

    def details(self, line: JournalLine) -> str:
        """``label: value`` of what there is; what was left empty is left out."""
        model = model_of(line.subject_type)
        return ("；" if in_chinese() else "; ").join(
            f"{label}{'：' if in_chinese() else ': '}{words}"
            for label, words in self._told(model, line.detail)
        )

    def _told(
        self, model: type[Model] | None, detail: Mapping[str, Any]
    ) -> Iterable[tuple[str, str]]:
        for key, value in detail.items():
            if isinstance(value, dict):
                yield from (
                    (f"{detail_label(key)} {label}", words)
                    for label, words in self._told(model, value)
                )
            elif not (value is None or value is False or value in ("", [])):
                yield detail_label(key), self._words(model, key, value)

    def _words(self, model: type[Model] | None, key: str, value: Any) -> str:
        if isinstance(value, list):
            return self._several(model, key, value)
        table, column = _refers_to(model, key, value)
        if table:
            return self._names.get((table, column, value)) or str(value)
        if value is True:
            return _("yes")
        if key.endswith("_fen") and isinstance(value, int):
            return show_money(value, get_language() or "zh-hans")
        if key == "sha256":
            return str(value)[:LONG_HASH]
        return _choice(model, LIKE.get(key, key), str(value))

    def _several(self, model: type[Model] | None, key: str, values: list[Any]) -> str:
        if len(values) == 2 and all(isinstance(value, str) for value in values):
            before, after = (_choice(model, key, value) or MISSING for value in values)
            return f"{before} → {after}"
        if len(values) > LONG_LIST:
            return ngettext("%(num)s item", "%(num)s items", len(values)) % {"num": len(values)}
        return listed(self._words(model, key, value) for value in values)


def _column(model: type[Model] | None, key: str) -> "Field[Any, Any] | None":
    try:
        field = model._meta.get_field(key) if model else None
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) else None


def _refers_to(model: type[Model] | None, key: str, value: Any) -> tuple[str, str]:
    """Which record a value names: by its number, or by its code."""
    field = _column(model, key)
    if isinstance(field, ForeignKey):
        target: type[Model] = field.related_model
        table = target._meta.db_table
    else:
        table = REFERS.get(key, "")
    if not table or isinstance(value, bool):
        return "", ""
    if isinstance(value, int):
        return table, "pk"
    return (table, "code") if _column(model_of(table), "code") else ("", "")


def _references(line: JournalLine) -> Iterable[Reference]:
    yield line.subject_type, "pk", line.subject_id
    model = model_of(line.subject_type)
    for key, value in line.detail.items():
        several = value if isinstance(value, list) else [value]
        for one in several if len(several) <= LONG_LIST else []:
            table, column = _refers_to(model, key, one)
            if table:
                yield table, column, one


def _names(references: Iterable[Reference]) -> dict[Reference, str]:
    wanted: dict[tuple[str, str], set[Any]] = defaultdict(set)
    for table, column, value in references:
        wanted[table, column].add(value)
    found: dict[Reference, str] = {}
    for (table, column), values in wanted.items():
        model, path = model_of(table), name_path(table)
        if model is None or path is None or not may_read(table):
            continue
        rows = model._default_manager.filter(**{f"{column}__in": values})
        for value, name in rows.values_list(column, path):
            found[table, column, value] = str(name or "")
    return found


def _choice(model: type[Model] | None, key: str, value: str) -> str:
    """The words of a code: of the line's own table, else of any table with such a column."""
    own = dict(getattr(_column(model, key), "flatchoices", ()))
    return str(own.get(value) or code_words(key, value) or _choices().get((key, value)) or value)


@cache
def _choices() -> dict[tuple[str, str], str | Promise]:
    return {
        (field.name, str(value)): words
        for model in tables_of_ours()
        for field in model._meta.get_fields()
        for value, words in getattr(field, "flatchoices", ())
    }
