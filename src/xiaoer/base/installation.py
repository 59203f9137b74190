"""Opening a database: what only the command line does, signed in as the owner.

Everything else in Xiaoer is done by somebody in a scope; a city, a zone and the first administrator
must exist before anybody can be in one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from xiaoer.base.models import City, Installation, Office, Person, Post, Role, Zone
from xiaoer.base.refusals import Refused


@contextmanager
def maintenance() -> Iterator[None]:
    """Let the owner see rows of every zone until the end of this transaction.

    Row security is forced on the owner too; its policy asks for this setting, which means nothing
    for any other role.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select set_config('x.maintenance', 'on', true)")
        yield
        with connection.cursor() as cursor:
            cursor.execute("select set_config('x.maintenance', '', true)")


def open_installation(*, is_demo: bool, now: datetime) -> Installation:
    """Say once what this database is: a demo, or somebody's real work. It never changes."""
    known = Installation.objects.first()
    if known is None:
        return Installation.objects.create(id=1, is_demo=is_demo, opened_at=now)
    if known.is_demo != is_demo:
        raise Refused(
            _("This database holds real work; the demo needs a database of its own.")
            if is_demo
            else _("This is a demo database; a real zone needs a database of its own.")
        )
    return known


def open_zone(
    *,
    city: City,
    code: str,
    name: str,
    name_en: str = "",
    region_code: str = "",
    complaint_phone: str = "",
) -> Zone:
    """Add a zone to a city. Its number then names the scope of everything in it."""
    if Zone.objects.filter(code=code).exists():
        raise Refused(_("A zone with the code %(code)s is already open.") % {"code": code})
    return Zone.objects.create(
        city=city,
        code=code,
        name=name,
        name_en=name_en,
        region_code=region_code,
        complaint_phone=complaint_phone,
    )


def open_city(*, code: str, name: str, name_en: str = "") -> City:
    """The city above the zones; found again if it is there."""
    return City.objects.get_or_create(code=code, defaults={"name": name, "name_en": name_en})[0]


def first_post(*, zone: Zone | None, name: str, role: Role, office: str, on: date) -> Post:
    """The first person of a zone (an administrator) or of the city, who then makes all others."""
    place, _made = Office.objects.get_or_create(zone=zone, name=office)
    person = Person.objects.create(zone=zone, name=name)
    return Post.objects.create(
        zone=zone, person=person, office=place, role=role, is_lead=True, since=on
    )
