"""Applications the demo's enterprise is filling in: what waits for it when somebody sits down there."""

from datetime import datetime, timedelta

from xiaoer.base.scope import Actor, acting
from xiaoer.permits import actions as permits
from xiaoer.permits.models import Thing
from xiaoer.registry.models import Party


def begin_applications(*, speaker: Actor, now: datetime) -> None:
    """A canteen the firm wants to open: begun yesterday, half filled in, nothing submitted yet."""
    began = now - timedelta(days=1)
    with acting(speaker):
        party = Party.objects.get(pk=speaker.party_ref or 0)
        thing = Thing.objects.get(zone_id=speaker.zone_id, code="open_restaurant")
        case = permits.open_case(by=speaker, now=began, thing=thing, party=party)
        permits.fill_case(
            by=speaker, now=began + timedelta(minutes=6), case=case, form={"area_m2": "180 平方米"}
        )
