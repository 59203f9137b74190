"""Verbs about offices: departments, command offices, task forces."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.base import access, journal, queries
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web.words import listed


@transaction.atomic
def open_office(
    *,
    by: Actor,
    now: datetime,
    name: str,
    kind: str = Office.Kind.DEPARTMENT,
    name_en: str = "",
    purpose: str = "",
    order: int = 0,
    since: date | None = None,
    until: date | None = None,
) -> Office:
    """Open a department, command office (指挥部) or task force (专班)."""
    access.must_be_administrator(by)
    _check(by, name=name, since=since, until=until, but=None)
    office = Office.objects.create(
        zone_id=by.zone_id,
        name=name,
        kind=kind,
        name_en=name_en,
        purpose=purpose,
        order=order,
        since=since,
        until=until,
    )
    journal.record(by=by, now=now, verb="open_office", subject=office, name=name)
    return office


@transaction.atomic
def change_office(
    *,
    by: Actor,
    now: datetime,
    office: Office,
    version: int,
    name: str,
    name_en: str = "",
    purpose: str = "",
    order: int = 0,
    since: date | None = None,
    until: date | None = None,
) -> Office:
    """Change what an office is called and for; what was is kept in the journal."""
    office = Office.objects.select_for_update().get(pk=office.pk)
    access.must_manage_office(by, office)
    journal.must_be_fresh(office, version)
    _check(by, name=name, since=since, until=until, but=office.pk)
    new = {
        "name": name,
        "name_en": name_en,
        "purpose": purpose,
        "order": order,
        "since": since,
        "until": until,
    }
    changed = journal.changes(office, new)
    if changed:
        office.version += 1
        office.save(update_fields=[*new, "version"])
        journal.record(by=by, now=now, verb="change_office", subject=office, **changed)
    return office


@transaction.atomic
def close_office(*, by: Actor, now: datetime, office: Office, until: date) -> Office:
    """Close an office at the end of a day. Whoever still has a post in it is named first."""
    office = Office.objects.select_for_update().get(pk=office.pk)
    access.must_manage_office(by, office)
    staying = (
        Post.objects.filter(zone_id=by.zone_id, office=office)
        .filter(Q(until__isnull=True) | Q(until__gt=until))
        .select_related("person")
    )
    if staying:
        names = listed(sorted({post.person.name for post in staying})[:5])
        raise Refused(
            _("%(names)s still hold posts here after that day; move or end these posts first.")
            % {"names": names},
            field="until",
        )
    office.until = until
    office.version += 1
    office.save(update_fields=["until", "version"])
    journal.record(by=by, now=now, verb="close_office", subject=office, until=str(until))
    return office


def _check(
    by: Actor, *, name: str, since: date | None, until: date | None, but: int | None
) -> None:
    if not name:
        raise Refused(_("Type the office's name."), field="name")
    if queries.offices(zone_id=by.zone_id or 0).filter(name=name).exclude(pk=but or 0).exists():
        raise Refused(
            _("There is already an office named %(name)s.") % {"name": name}, field="name"
        )
    if since and until and until < since:
        raise Refused(_("The last day lies before the first; change one of them."), field="until")
