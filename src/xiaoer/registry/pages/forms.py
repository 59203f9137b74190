"""Reading what people type into the forms of the registry."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from xiaoer.base.dates import parse_date
from xiaoer.base.doors import found
from xiaoer.base.models import Post
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.units import YUAN, Money, parse_money
from xiaoer.registry.actions import PartyFacts
from xiaoer.registry.models import Cell, Park, Party

T = TypeVar("T")
TEXTS = (
    "name", "credit_code", "industry", "address", "business", "legal_representative", "contact_name",
)  # fmt: skip


def number(text: str | None) -> int | None:
    """A row's number as an address or form carries it; None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def text_of(request: HttpRequest, name: str) -> str:
    """A field as typed, without what PostgreSQL cannot keep."""
    return request.POST.get(name, "").replace("\x00", "").strip()


def read_facts(request: HttpRequest, *, by: Actor, replacing: bool = False) -> PartyFacts:
    """The facts of a form. ``replacing``: what was left empty is no longer known (but the phone,
    which is not shown in the form, stays)."""
    texts = {name: text_of(request, name) or None for name in TEXTS}
    money = read_typed(request, "capital", _money)
    return PartyFacts(
        name=texts["name"],
        credit_code=texts["credit_code"],
        industry=texts["industry"],
        address=texts["address"],
        business=texts["business"],
        legal_representative=texts["legal_representative"],
        contact_name=texts["contact_name"],
        kind=text_of(request, "kind") or None,
        status=text_of(request, "status") or None,
        capital_fen=money.fen if money else None,
        capital_currency=money.currency if money else None,
        registered_on=read_typed(request, "registered_on", parse_date),
        contact_phone=text_of(request, "contact_phone") or None,
        park=place_of(request, "park", by=by, model=Park),
        emptied=frozenset(_emptied(request)) if replacing else frozenset(),
    )


def _emptied(request: HttpRequest) -> list[str]:
    columns = {name: name for name in TEXTS if name != "name"}
    columns |= {"capital": "capital_fen", "registered_on": "registered_on", "park": "park"}
    return [
        column
        for field, column in columns.items()
        if field in request.POST and not text_of(request, field)
    ]


def read_typed(request: HttpRequest, name: str, read: Callable[[object], T | None]) -> T | None:
    """A field read by a reader of the base; what it cannot read is told beside the field."""
    try:
        return read(text_of(request, name))
    except Unreadable as error:
        raise Refused(str(error), field=name) from error


def _money(value: object) -> Money | None:
    return parse_money(value, YUAN)


def read_day(request: HttpRequest, name: str) -> date | None:
    return read_typed(request, name, parse_date)


def place_of(request: HttpRequest, name: str, *, by: Actor, model: type[T]) -> T | None:
    """A park, cell or grid chosen in a form; one that is not here is refused, never guessed."""
    typed = text_of(request, name)
    if not typed:
        return None
    row: T | None = model.objects.filter(  # type: ignore[attr-defined]  # any model of the room
        zone_id=by.zone_id, pk=number(typed) or 0
    ).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=name)
    return row


def chosen_cell(request: HttpRequest, *, by: Actor) -> Cell:
    cell = place_of(request, "cell", by=by, model=Cell)
    if cell is None:
        raise Refused(_("Choose a cell."), field="cell")
    return cell


def chosen_post(request: HttpRequest, name: str, *, by: Actor) -> Post:
    """The post chosen in a form."""
    row = (
        Post.objects.filter(zone_id=by.zone_id, pk=number(text_of(request, name)) or 0)
        .select_related("person")
        .first()
    )
    if row is None:
        raise Refused(_("Choose a person."), field=name)
    return row


def the_party(by: Actor, party_id: int) -> Party:
    """The party of an address, or a 404 that is counted."""
    return found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())


def version_of(post: Mapping[str, str]) -> int:
    """The version the reader saw; nonsense is one nobody has."""
    return number(post.get("version")) or 0
