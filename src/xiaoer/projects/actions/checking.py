"""What verbs of projects begin with: rows locked, words readable, days that can be."""

from datetime import date, datetime
from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import access
from xiaoer.projects.models import Project
from xiaoer.work.calendar import LOCAL

M = TypeVar("M", bound=Model)
EARLIEST, LATEST = date(1980, 1, 1), date(2100, 1, 1)


def today(now: datetime) -> date:
    return now.astimezone(LOCAL).date()


def locked(model: type[M], by: Actor, number: int) -> M:
    """The row of the actor's zone, locked; one that is not there is refused."""
    # Outside roles lock nothing; to them the database would answer with an error.
    access.must_be_staff(by)
    row = (
        model._default_manager.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, pk=number)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such record here; it may be of another zone."))
    return row


def living(by: Actor, project: Project) -> Project:
    """The project, locked, and neither given up nor moved away."""
    row = locked(Project, by, project.pk)
    if row.ended_on is not None:
        raise Refused(
            _("“%(name)s” ended on %(day)s: %(why)s")
            % {"name": row.name, "day": row.ended_on.isoformat(), "why": row.ended_why}
        )
    return row


def said(text: str, field: str, *, most: int) -> str:
    """Words that may be missing, trimmed; too many are refused."""
    text = text.replace("\x00", "").strip()
    if len(text) > most:
        raise Refused(
            _("This is too long: %(most)s characters at most.") % {"most": most}, field=field
        )
    return text


def must_say(text: str, field: str, *, most: int, why: str = "") -> str:
    text = said(text, field, most=most)
    if not text:
        raise Refused(why or _("Say why, in a few words; others will read it."), field=field)
    return text


def must_have_been(day: date, field: str, now: datetime) -> date:
    """A day on which something happened: not to come, and not of another age."""
    if day > today(now):
        raise Refused(_("This day is still to come; enter the day it happened."), field=field)
    return must_be_possible(day, field)


def must_be_possible(day: date, field: str) -> date:
    if not EARLIEST <= day <= LATEST:
        raise Refused(_("Check the year of this day."), field=field)
    return day
