"""What growth and papers know that outreach and work ask; none may know the other."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from xiaoer.base.scope import Actor
from xiaoer.growth import queries as growth
from xiaoer.outreach.reasons import RunsOut
from xiaoer.papers import queries as papers
from xiaoer.registry.models import Stewardship
from xiaoer.web.words import full_day, local_date
from xiaoer.work.reminding import Asked, Thing

_day = lazy(full_day, str)


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


def licences_that_run_out(
    by: Actor, party_ids: Sequence[int], until: date
) -> Mapping[int, Sequence[RunsOut]]:
    """Licences of firms that run out until a day, as reasons to visit them."""
    found = papers.licences_running_out(
        zone_id=by.zone_id or 0,
        on=local_date(timezone.now()),
        until=until,
        party_ids=party_ids,
    )
    return {
        party: [
            RunsOut(
                words=row.kind.name, on=row.valid_until, address=reverse("licence", args=[row.pk])
            )
            for row in rows
            if row.valid_until is not None
        ]
        for party, rows in found.items()
    }


def licences_expiring(asked: Asked) -> Iterator[Thing]:
    """Licences of the firms of the officers asked that run out within the widest days chosen."""
    officers = dict(
        Stewardship.objects.filter(
            zone_id=asked.zone_id,
            post_id__in=asked.posts,
            kind=Stewardship.Kind.OFFICER,
            since__lte=asked.today,
            until__isnull=True,
        ).values_list("party_id", "post_id")
    )
    found = papers.licences_running_out(
        zone_id=asked.zone_id,
        on=asked.today,
        until=asked.today + timedelta(days=asked.days),
        party_ids=list(officers),
    )
    for party, rows in found.items():
        for row in rows:
            last = row.valid_until or asked.today
            yield Thing(
                key=f"licence:{row.pk}:{last}",
                subject_type="licence",
                subject_id=row.pk,
                title=row.holder_name,
                words=format_lazy(
                    _("{title} runs out on {day}"), title=row.kind.name, day=_day(last)
                ),
                address=reverse("licence", args=[row.pk]),
                post_id=officers[party],
                days=(last - asked.today).days,
                order=(last - asked.today).days,
            )
