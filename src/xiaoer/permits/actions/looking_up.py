"""Finding an application by its number and a telephone, without a sign-in; tries are counted."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.permits import keys
from xiaoer.permits.models import CaseLookup
from xiaoer.permits.queries import applying as queries

WINDOW = timedelta(minutes=10)
# What a person mistyping needs, and far from what guessing would.
MOST_BY_ASKER, MOST_OF_NUMBER = 10, 20


@transaction.atomic
def look_up_case(*, by: Actor, now: datetime, asker: str, number: str, phone: str) -> Actor | None:
    """Whoever knows number and telephone of an application, as its holder; None: no such pair.

    What is wrong of the two is not said. ``asker`` is the network address asked from.
    """
    number = keys.tidy_number(number)
    if not number or len(keys.digits_of(phone)) < 7:
        raise Refused(
            _("Type the number of the application and the telephone stated in it."), field="number"
        )
    asker = keys.asker_hash(asker)
    with on_behalf(by):
        tries = CaseLookup.objects.filter(zone_id=by.zone_id, at__gt=now - WINDOW)
        if (
            tries.filter(asker=asker).count() >= MOST_BY_ASKER
            or tries.filter(number=number).count() >= MOST_OF_NUMBER
        ):
            raise Refused(
                _("Too many tries. Wait ten minutes, or call the service desk."), field="number"
            )
        CaseLookup.objects.create(zone_id=by.zone_id, asker=asker, number=number, at=now)
    found = queries.found_by_number(zone_id=by.zone_id, number=number, phone=phone)
    return None if found is None else Actor(zone_id=by.zone_id, key=found[1], name=by.name)


@transaction.atomic
def forget_lookups(*, by: Actor, now: datetime) -> int:
    """Throw away tries of yesterday; how many."""
    gone, _by_table = CaseLookup.objects.filter(
        zone_id=by.zone_id, at__lt=now - timedelta(days=1)
    ).delete()
    return gone
