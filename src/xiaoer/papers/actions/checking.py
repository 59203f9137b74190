"""What verbs of papers begin with: rows locked, words readable, days that can be."""

from datetime import date, datetime
from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web.words import local_date

M = TypeVar("M", bound=Model)


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


def must_run_forward(since: date, until: date | None, field: str) -> None:
    if until is not None and until < since:
        raise Refused(_("The last day lies before the first."), field=field)


def today(now: datetime) -> date:
    """The day on the wall of the zone."""
    return local_date(now)
