"""Records by name: where a record's page is, what it is called, whether papers may be pinned to it.

No tables here, so that ``apps.py`` of any room can call it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

if TYPE_CHECKING:
    from xiaoer.base.scope import Actor

# Other numbers under which the papers of a record may hang: earlier versions, merged entries.
Kin = Callable[[int], list[int]]

_pages: dict[str, str] = {}
_own_pages: dict[str, str] = {}
_pinnable: dict[str, "Pinning"] = {}
_called: dict[str, str] = {}
_open_to: dict[str, Callable[["Actor"], bool]] = {}


def no_kin(_number: int) -> list[int]:
    return []


@dataclass(frozen=True, slots=True)
class Pinning:
    """Whether outside roles may pin papers to a record that is theirs, or only read them.

    ``is_shown``: staff may show a paper to the party the record is about. ``kin`` names records
    whose papers belong to this one too. ``about`` is the column that names the party, where it is
    not ``party``.
    """

    by_outside: bool = False
    is_shown: bool = False
    kin: Kin = no_kin
    about: str = ""


def lead_to(pages: Mapping[str, str], *, own: Mapping[str, str] | None = None) -> None:
    """Say which address (by its name, with the record's number) shows a record of a table.

    ``own`` names the address under which an outside role finds a record of its own.
    """
    _pages.update(pages)
    _own_pages.update(own or {})


def open_to(pages: Mapping[str, Callable[["Actor"], bool]]) -> None:
    """Say who may go to an address (by its name), so that other rooms offer it to nobody else."""
    _open_to.update(pages)


def is_open_to(address: str, by: "Actor") -> bool:
    """Whether to offer an address; one that its room said nothing of is offered to everybody."""
    may = _open_to.get(address)
    return may is None or may(by)


def let_pin(
    table: str,
    *,
    by_outside: bool = False,
    is_shown: bool = False,
    kin: Kin = no_kin,
    about: str = "",
) -> None:
    """Let papers be pinned to records of a table; called from the room's ``apps.py``."""
    _pinnable[table] = Pinning(by_outside, is_shown, kin, about)


def pinning(table: str) -> Pinning | None:
    return _pinnable.get(table)


def page_of(table: str, number: int, *, own: bool = False) -> str | None:
    """The address of a record's page, if some room serves one; ``own``: to an outside role."""
    name = (_own_pages if own else _pages).get(table)
    if name is None:
        return None
    try:
        return reverse(name, args=[number])
    except NoReverseMatch:
        return None


def call_by(paths: Mapping[str, str]) -> None:
    """Say by which column (or path of columns) a record of a table is called."""
    _called.update(paths)


def name_path(table: str) -> str | None:
    """The column a record is called by: as its room says, else its name or title."""
    if table in _called:
        return _called[table]
    model = model_of(table)
    names = {field.name for field in model._meta.get_fields()} if model else set()
    return next((name for name in ("name", "title", "file_name") if name in names), None)


def tables_of_ours() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("xiaoer.")]


def model_of(table: str) -> type[Model] | None:
    """The model of a table of ours."""
    return next((model for model in tables_of_ours() if model._meta.db_table == table), None)


def record_name(table: str) -> str:
    """What a record of a table is called: the term its docstring begins with, or its English name.

    So no list has to be kept in step: a new table has its name the day it is written.
    """
    model = model_of(table)
    if model is None:
        return table.replace("_", " ")
    if (get_language() or "zh").startswith("zh"):
        term, colon, _rest = (model.__doc__ or "").partition(":")
        if colon and not term.isascii():
            return term.strip()
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).capitalize()
