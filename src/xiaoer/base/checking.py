"""What verbs begin with: the row locked, the words readable, the day one that can be."""

from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web.words import local_date

M = TypeVar("M", bound=Model)
EARLIEST, LATEST = date(1980, 1, 1), date(2100, 1, 1)


def today(now: datetime) -> date:
    """The day on the wall of the zone."""
    return local_date(now)


def end_of(day: date) -> datetime:
    """The moment a day is over in the zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def locked(model: type[M], by: Actor, number: int) -> M:
    """The row of the actor's zone, locked; one that is not there is refused."""
    row = (
        model._default_manager.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, pk=number)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such record here; it may be of another zone."))
    return row


def said(text: str, field: str, *, most: int) -> str:
    """Words that may be missing, trimmed; too many are refused, never cut."""
    text = text.replace("\x00", "").strip()
    if len(text) > most:
        raise Refused(
            _("At most %(most)d characters; these are %(count)d.")
            % {"most": most, "count": len(text)},
            field=field,
        )
    return text


def must_say(text: str, field: str, *, most: int, why: str = "") -> str:
    """Words a verb cannot do without, trimmed; ``why``: what to say where there are none."""
    text = said(text, field, most=most)
    if not text:
        raise Refused(why or _("Say why, in a few words; others will read it."), field=field)
    return text


def must_be_possible(day: date, field: str) -> date:
    if not EARLIEST <= day <= LATEST:
        raise Refused(_("Check the year of this day."), field=field)
    return day


def must_have_been(day: date, field: str, now: datetime) -> date:
    """A day on which something happened: not to come, and not of another age."""
    if day > today(now):
        raise Refused(_("This day is still to come; enter the day it happened."), field=field)
    return must_be_possible(day, field)


def must_come(day: date, field: str, now: datetime) -> date:
    """A day somebody promises lies ahead, or is today."""
    if day < today(now):
        raise Refused(_("This day has passed; promise one that is still to come."), field=field)
    return must_be_possible(day, field)


def must_run_forward(since: date, until: date | None, field: str) -> None:
    if until is not None and until < since:
        raise Refused(_("The last day lies before the first."), field=field)
