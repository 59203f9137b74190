"""Verbs about people: who there is, what they are called, that they left."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.base import access, journal
from xiaoer.base.models import Person, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web.words import local_date


@transaction.atomic
def add_person(
    *, by: Actor, now: datetime, name: str, phone: str = "", work_no: str = "", name_en: str = ""
) -> Person:
    """Add a person to the zone. An account and a post are given apart."""
    access.must_manage_people(by)
    _check(by, name=name, work_no=work_no, but=None)
    person = Person.objects.create(
        zone_id=by.zone_id, name=name, name_en=name_en, phone=phone, work_no=work_no
    )
    journal.record(by=by, now=now, verb="add_person", subject=person, name=name)
    return person


@transaction.atomic
def change_person(
    *,
    by: Actor,
    now: datetime,
    person: Person,
    version: int,
    name: str,
    name_en: str = "",
    phone: str = "",
    work_no: str = "",
) -> Person:
    """Correct a name, number or telephone, unless somebody did since the form was opened."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    access.must_manage_person(by, person)
    journal.must_be_fresh(person, version)
    _check(by, name=name, work_no=work_no, but=person.pk)
    new = {"name": name, "name_en": name_en, "phone": phone, "work_no": work_no}
    changed = journal.changes(person, new)
    if changed:
        person.version += 1
        person.save(update_fields=[*new, "version"])
        journal.record(by=by, now=now, verb="change_person", subject=person, **changed)
    return person


@transaction.atomic
def person_left(*, by: Actor, now: datetime, person: Person, on: date) -> Person:
    """离岗: a person left the zone: every post ends and nothing opens any more, at once.

    The person's lines in the journal stay. The account is closed apart, by ``close_account``.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    access.must_manage_person(by, person)
    if person.pk == by.person_id:
        raise Refused(_("You cannot let yourself go; another administrator does it."))
    if on > local_date(now):
        raise Refused(
            _("This closes everything at once. For a day to come, end the posts with that day."),
            field="on",
        )
    held = Post.objects.filter(zone_id=by.zone_id, person=person)
    held.filter(since__gt=on).update(since=on, until=on)
    ended = held.filter(Q(until__isnull=True) | Q(until__gt=on)).update(until=on)
    person.left_on = on
    person.version += 1
    person.save(update_fields=["left_on", "version"])
    journal.record(by=by, now=now, verb="person_left", subject=person, on=str(on), posts=ended)
    return person


@transaction.atomic
def person_back(*, by: Actor, now: datetime, person: Person) -> Person:
    """A person who left is here again, without posts; those are given anew."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    access.must_manage_person(by, person)
    person.left_on = None
    person.version += 1
    person.save(update_fields=["left_on", "version"])
    journal.record(by=by, now=now, verb="person_back", subject=person)
    return person


def _check(by: Actor, *, name: str, work_no: str, but: int | None) -> None:
    if not name:
        raise Refused(_("Type the person's name."), field="name")
    taken = Person.objects.filter(zone_id=by.zone_id, work_no=work_no).exclude(pk=but or 0)
    if work_no and taken.exists():
        raise Refused(
            _("Work number %(number)s belongs to somebody else; check it.") % {"number": work_no},
            field="work_no",
        )
