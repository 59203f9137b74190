"""Verbs about offices, people, posts and accounts."""

from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import access, journal
from xiaoer.base.models import Account, Office, Person, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, as_web


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
) -> Office:
    """Open a department, command office (指挥部) or task force (专班)."""
    access.must_manage_people(by)
    if Office.objects.filter(zone_id=by.zone_id, name=name).exists():
        raise Refused(_("There is already an office named %(name)s.") % {"name": name}, field="name")
    office = Office.objects.create(
        zone_id=by.zone_id,
        name=name,
        kind=kind,
        name_en=name_en,
        purpose=purpose,
        order=order,
        since=since,
    )
    journal.record(by=by, now=now, verb="open_office", subject=office, name=name)
    return office


@transaction.atomic
def add_person(
    *, by: Actor, now: datetime, name: str, phone: str = "", work_no: str = "", name_en: str = ""
) -> Person:
    """Add a person to the zone. An account and a post are given apart."""
    access.must_manage_people(by)
    if work_no and Person.objects.filter(zone_id=by.zone_id, work_no=work_no).exists():
        raise Refused(
            _("Work number %(number)s belongs to somebody else; check it.") % {"number": work_no},
            field="work_no",
        )
    person = Person.objects.create(
        zone_id=by.zone_id, name=name, name_en=name_en, phone=phone, work_no=work_no
    )
    journal.record(by=by, now=now, verb="add_person", subject=person, name=name)
    return person


@transaction.atomic
def give_post(
    *,
    by: Actor,
    now: datetime,
    person: Person,
    role: Role,
    office: Office | None = None,
    title: str = "",
    is_lead: bool = False,
    party_ref: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Post:
    """Put a person into an office in one capacity. A person may hold several posts."""
    access.must_manage_people(by)
    post = Post.objects.create(
        zone_id=by.zone_id,
        person=person,
        office=office,
        role=role,
        title=title,
        is_lead=is_lead,
        party_ref=party_ref,
        since=since or now.date(),
        until=until,
    )
    journal.record(by=by, now=now, verb="give_post", subject=post, person=person.pk, role=role)
    return post


@transaction.atomic
def give_account(
    *, by: Actor, now: datetime, person: Person, username: str, password: str, must_change: bool = True
) -> Account:
    """Give a person an account with a first password, to be changed at the first sign-in."""
    access.must_manage_people(by)
    with as_web():
        if Account.objects.filter(username=username).exists():
            raise Refused(
                _("The account name %(name)s is taken; choose another.") % {"name": username},
                field="username",
            )
        account = Account(username=username, must_change_password=must_change)
        set_password(account, password)
        account.save()
    Person.objects.filter(pk=person.pk).update(account=account)
    journal.record(by=by, now=now, verb="give_account", subject=person, username=username)
    return account


def set_password(account: Account, password: str) -> None:
    """Set a password that the rules allow; says which rule it breaks."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error
    account.set_password(password)
