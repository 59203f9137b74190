"""What growth knows that outreach asks; neither may know the other."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone

from xiaoer.base.scope import Actor
from xiaoer.growth import queries as growth
from xiaoer.outreach.reasons import RunsOut
from xiaoer.web.words import local_date


def titles_that_run_out(
    by: Actor, party_ids: Sequence[int], until: date
) -> Mapping[int, Sequence[RunsOut]]:
    """Titles of firms that lapse until a day, as reasons to visit them."""
    found = growth.titles_running_out(
        zone_id=by.zone_id, party_ids=party_ids, on=local_date(timezone.now()), until=until
    )
    return {
        party: [
            RunsOut(words=one.kind, on=one.valid_to, address=reverse("title", args=[one.title_id]))
            for one in titles
        ]
        for party, titles in found.items()
    }


def above_scale(by: Actor, party_ids: Sequence[int], on: date) -> Mapping[int, bool]:
    """Which firms are in the statistical register, as the interval of visits of that code asks."""
    return growth.in_register(zone_id=by.zone_id or 0, party_ids=party_ids, on=on)


def near_above_scale(by: Actor) -> Mapping[int, int]:
    """Firms about to enter the register: they weigh more in a caseload."""
    return dict.fromkeys(growth.on_rungs(zone_id=by.zone_id or 0, codes=growth.ABOUT_TO_ENTER), 1)
