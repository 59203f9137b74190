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
