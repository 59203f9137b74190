"""Reading what people type into the forms of outreach; what cannot be read is said at its field."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import TypeVar

from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from xiaoer.base.dates import parse_date
from xiaoer.base.models import Office, Post
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.units import parse_money
from xiaoer.outreach.actions.filing import must_be_money
from xiaoer.outreach.models import AppealKind

M = TypeVar("M", bound=Model)
YUAN_CODE = "CNY"


def number(text: str | None) -> int | None:
    """A row's number as an address or a form carries it; None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def words(post: Mapping[str, str], name: str) -> str:
    """A field as typed, without what PostgreSQL cannot keep."""
    return post.get(name, "").replace("\x00", "").strip()


def must_fit(text: str, field: str, most: int) -> str:
    """Words no longer than their place; nothing is cut off silently."""
    if len(text) > most:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": most},
            field=field,
        )
    return text


def said(post: Mapping[str, str], name: str, most: int) -> str:
    """A field as typed, that must fit its place."""
    return must_fit(words(post, name), name, most)


def money(post: Mapping[str, str], name: str = "money") -> int | None:
    """Money as people say it (120万, 3.5亿元), in fen; None where nothing is typed."""
    try:
        read = parse_money(words(post, name))
    except Unreadable as error:
        raise Refused(str(error), field=name) from error
    if read is None:
        return None
    if read.currency != YUAN_CODE:
        raise Refused(_("Type the amount in yuan, such as 120万."), field=name)
    must_be_money(read.fen, field=name)
    return read.fen


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


def clock_time(post: Mapping[str, str], name: str) -> time | None:
    """A time of the day (9:05, 09:05), or None where nothing is typed."""
    typed = words(post, name).replace("：", ":")
    if not typed:
        return None
    hours, colon, minutes = typed.partition(":")
    given = (hours, minutes[:2])
    if not colon or not all(
        part.isascii() and part.isdecimal() and len(part) < 3 for part in given
    ):
        raise Refused(_("Type a time such as 9:30."), field=name)
    if int(given[0]) > 23 or int(given[1]) > 59:
        raise Refused(_("Type a time such as 9:30."), field=name)
    return time(int(given[0]), int(given[1]))


def must_be_time(post: Mapping[str, str], name: str) -> time:
    given = clock_time(post, name)
    if given is None:
        raise Refused(_("Type a time such as 9:30."), field=name)
    return given


def must_be_number(post: Mapping[str, str], name: str, most: int) -> int:
    """A whole number people type into a form."""
    given = number(words(post, name))
    if given is None or given > most:
        raise Refused(_("Type a whole number up to %(most)d.") % {"most": most}, field=name)
    return given


def day_of_address(request: HttpRequest, name: str) -> date | None:
    """A day in an address; nonsense is no filter."""
    try:
        return parse_date(request.GET.get(name, ""))
    except Unreadable:
        return None


def version(post: Mapping[str, str]) -> int:
    """The version the reader saw; nonsense is one nobody has."""
    return number(post.get("version")) or 0


def kind(post: Mapping[str, str], *, by: Actor, name: str = "kind") -> AppealKind | None:
    return _one(AppealKind, words(post, name), by, name)


def must_be_kind(post: Mapping[str, str], *, by: Actor) -> AppealKind:
    given = kind(post, by=by)
    if given is None:
        raise Refused(_("Choose what kind of request it is."), field="kind")
    return given


def office(post: Mapping[str, str], *, by: Actor, name: str = "office") -> Office | None:
    return _one(Office, words(post, name), by, name)


def must_be_office(post: Mapping[str, str], *, by: Actor, name: str = "office") -> Office:
    given = office(post, by=by, name=name)
    if given is None:
        raise Refused(_("Choose the office."), field=name)
    return given


def post_of(post: Mapping[str, str], *, by: Actor, name: str) -> Post | None:
    return _one(Post, words(post, name), by, name)


def offices(post: QueryDict, *, by: Actor, name: str = "offices") -> Sequence[Office]:
    return _several(Office, post.getlist(name), by, name)


def posts(post: QueryDict, *, by: Actor, name: str) -> Sequence[Post]:
    return _several(Post, post.getlist(name), by, name)


def _one(model: type[M], typed: str, by: Actor, name: str) -> M | None:
    """A row chosen in a form; one that is not here is refused, never guessed."""
    if not typed:
        return None
    row = model._default_manager.filter(zone_id=by.zone_id, pk=number(typed)).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=name)
    return row


def _several(model: type[M], typed: Sequence[str], by: Actor, name: str) -> Sequence[M]:
    numbers = {number(text) for text in typed if text}
    rows = list(model._default_manager.filter(zone_id=by.zone_id, pk__in=numbers - {None}))
    if len(rows) != len(numbers):
        raise Refused(_("Choose from the list."), field=name)
    return rows
