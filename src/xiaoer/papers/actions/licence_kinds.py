"""Kinds of licence are the zone's to change: the form of numbers, how long each holds, its end."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import access
from xiaoer.papers.actions.licences import written_number
from xiaoer.papers.models import LicenceKind


@transaction.atomic
def change_licence_kind(
    *,
    by: Actor,
    now: datetime,
    kind: LicenceKind,
    number_form: str,
    valid_months: int | None,
    ended_on: date | None = None,
    type_code: str = "",
    version: int,
) -> LicenceKind:
    """Change how a kind is numbered and how long it holds; what was issued stays as it is."""
    access.must_set_kinds(by)
    row = checking.locked(LicenceKind, by, kind.pk)
    journal.must_be_fresh(row, version)
    number_form = checking.must_say(
        number_form, "number_form", most=60, why=_("Say how its numbers are made.")
    )
    written_number(number_form, year=2026, serial=1, region="370800")
    changed = journal.changes(
        row,
        {
            "number_form": number_form,
            "valid_months": valid_months,
            "ended_on": ended_on,
            "type_code": checking.said(type_code, "type_code", most=40),
        },
    )
    if not changed:
        raise Refused(_("Nothing is changed by this."))
    row.version += 1
    row.save(update_fields=["number_form", "valid_months", "ended_on", "type_code", "version"])
    journal.record(by=by, now=now, verb="change_licence_kind", subject=row, **changed)
    return row
