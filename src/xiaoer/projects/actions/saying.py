"""What verbs of elements and sessions begin with: rows locked, words readable, days that can be."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects.models import Project
from xiaoer.work.calendar import DAY, LOCAL

M = TypeVar("M", bound=Model)
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
MOST = Decimal("99999999999.999")


def today(now: datetime) -> date:
    return now.astimezone(LOCAL).date()


def end_of(day: date) -> datetime:
    """The moment a day is over in the zone."""
    return datetime.combine(day + DAY, time(), LOCAL)


def locked(model: type[M], by: Actor, number: int) -> M:
    """The row of the actor's zone, locked; one that is not there is refused, and so is an outsider."""
    if not by.is_staff:
        raise Refused(_("Only staff of the zone can do this."))
    row = (
        model._default_manager.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, pk=number)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such record here; it may be of another zone."))
    return row


def living(by: Actor, project: Project) -> Project:
    """The project, locked, and not given up."""
    row = locked(Project, by, project.pk)
    if row.ended_on is not None:
        raise Refused(
            _("“%(name)s” was given up on %(day)s; nothing more can be asked for it.")
            % {"name": row.name, "day": row.ended_on.isoformat()}
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


def possible(day: date, field: str) -> date:
    if not EARLIEST <= day <= LATEST:
        raise Refused(_("Check the year of this day."), field=field)
    return day


def must_come(day: date, field: str, now: datetime) -> date:
    """A day somebody promises lies ahead, or is today."""
    if day < today(now):
        raise Refused(_("This day has passed; promise one that is still to come."), field=field)
    return possible(day, field)


def must_have_been(day: date, field: str, now: datetime) -> date:
    if day > today(now):
        raise Refused(_("This day is still to come; enter the day it happened."), field=field)
    return possible(day, field)


def exact(amount: Decimal | None, field: str = "amount") -> Decimal | None:
    """An amount above nothing with three decimals at most; what is finer is refused, not rounded."""
    if amount is None:
        return None
    if not amount.is_finite() or not 0 < amount <= MOST:
        raise Refused(_("Type an amount above zero."), field=field)
    kept = amount.quantize(Decimal("0.001"))
    if kept != amount:
        raise Refused(_("At most three decimals are kept; type the amount again."), field=field)
    return kept
