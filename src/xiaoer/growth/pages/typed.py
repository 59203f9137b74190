"""Reading what people type into the forms of growth; what cannot be read is said at its field."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from xiaoer.base.dates import parse_date
from xiaoer.base.doors import found
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.units import WAN_YUAN, money_in
from xiaoer.registry.models import Party


def number(text: str | None) -> int | None:
    """A row's number as an address or a form carries it; None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def share(text: str | None) -> float | None:
    """A share from 0 to 1 as an address carries it; None for anything else."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def words(post: Mapping[str, str], name: str) -> str:
    """A field as typed, without what PostgreSQL cannot keep."""
    return post.get(name, "").replace("\x00", "").strip()


def day(post: Mapping[str, str], name: str) -> date | None:
    """A day, or None where nothing is typed."""
    try:
        return parse_date(words(post, name))
    except Unreadable as error:
        raise Refused(str(error), field=name) from error


def must_be_day(post: Mapping[str, str], name: str) -> date:
    given = day(post, name)
    if given is None:
        raise Refused(_("Choose a day."), field=name)
    return given


def whole(post: Mapping[str, str], name: str) -> int | None:
    """A whole number, or None where nothing is typed."""
    typed = words(post, name)
    if not typed:
        return None
    given = number(typed)
    if given is None or given > 32767:
        raise Refused(_("Type a whole number."), field=name)
    return given


def the_party(by: Actor, party_id: int) -> Party:
    """The enterprise of an address, or a 404 that is counted."""
    return found(
        Party.objects.filter(zone_id=by.zone_id, pk=party_id).select_related("cell").first()
    )


def wan(fen: int | None) -> str:
    """Money in whole 10,000 yuan, as lists show it; a dash where it is not known."""
    return money_in(fen, WAN_YUAN, 0)
