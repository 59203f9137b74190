"""Reading what forms and addresses send: wrong things are refused at their field or left out."""

from datetime import date
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from xiaoer.base import queries as base
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import queries

Choice = TypeVar("Choice", bound=str)
MOST_OFFSET = 100_000


def chosen(request: HttpRequest, name: str, offered: tuple[Choice, ...]) -> Choice | None:
    """A filter of the address if it is one of those offered."""
    given = request.GET.get(name, "")
    return next((one for one in offered if one == given), None)


def number_in_address(request: HttpRequest, name: str) -> int | None:
    """A whole number of the address; anything else is as if it were not there."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def offset(request: HttpRequest) -> int:
    return min(number_in_address(request, "after") or 0, MOST_OFFSET)


def whole_number(request: HttpRequest, name: str) -> int:
    """A whole number of a form; full-width digits as people type them are read too."""
    given = request.POST.get(name, "").strip()
    if not given.isdecimal() or len(given) > 9:
        raise Refused(_("Type a whole number, such as 3."), field=name)
    return int(given)


def day_in(text: str) -> date | None:
    """A day written 2026-11-23 in the years a zone keeps a calendar of, or None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if queries.FIRST_KEPT <= day.year <= queries.LAST_KEPT else None


def posted_day(request: HttpRequest) -> date:
    day = day_in(request.POST.get("day", ""))
    if day is None:
        raise Refused(_("Choose a day, such as 2026-11-23."), field="day")
    return day


def receiver(
    request: HttpRequest, by: Actor, on: date, *, is_needed: bool = True
) -> tuple[Post | None, Office | None]:
    """Whom the field ``to`` names: ``post:12`` or ``office:3`` of the asker's own zone."""
    what, _colon, number = request.POST.get("to", "").partition(":")
    if not what and not is_needed:
        return None, None
    if number.isascii() and number.isdigit() and len(number) < 19:
        if what == "post":
            post = base.posts_in_force(zone_id=by.zone_id, on=on).filter(pk=int(number)).first()
            if post is not None:
                return post, None
        if what == "office":
            office = base.offices(zone_id=by.zone_id).filter(pk=int(number)).first()
            if office is not None:
                return None, office
    raise Refused(_("Choose a person or an office of the zone."), field="to")


def receivers(by: Actor, on: date) -> list[tuple[str, str]]:
    """Everybody a task may go to: offices first, then people with their office."""
    offices = [(f"office:{office.pk}", office.name) for office in base.offices(zone_id=by.zone_id)]
    posts = base.posts_in_force(zone_id=by.zone_id, on=on).filter(office__isnull=False)
    people = [
        (f"post:{post.pk}", f"{post.person.name}　{post.office.name if post.office else ''}")
        for post in posts
        if post.pk != by.post_id
    ]
    return offices + people
