"""Papers of entry: what a firm handed in, and taking that back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth.models import EvidenceItem, HandedPaper
from xiaoer.registry.models import Party


@transaction.atomic
def hand_in_paper(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    item: EvidenceItem,
    year: int,
    handed_on: date,
    note: str = "",
) -> HandedPaper:
    """Write down that a paper of entry is here; the same one again changes nothing."""
    access.must_be_staff(by)
    if party.merged_into_id is not None:
        raise Refused(_("This entry was merged into another; work with that one."))
    if item.removed_at is not None:
        raise Refused(_("This paper is asked for no longer."), field="item")
    if abs(handed_on.year - year) > 1:
        raise Refused(_("The day does not fit the year of the entry."), field="handed_on")
    row, made = HandedPaper.objects.get_or_create(
        zone_id=by.zone_id,
        party=party,
        item=item,
        year=year,
        withdrawn_at=None,
        defaults={
            "handed_on": handed_on,
            "note": note.replace("\x00", "").strip()[:200],
            "post_id": by.post_id,
        },
    )
    if made:
        journal.record(
            by=by,
            now=now,
            verb="hand_in_paper",
            subject=row,
            party_ref=party.pk,
            name=item.name,
            year=year,
            on=str(handed_on),
        )
    return row


@transaction.atomic
def take_back_paper(*, by: Actor, now: datetime, paper: HandedPaper) -> HandedPaper:
    """It was not here after all, or must be handed in anew."""
    access.must_be_staff(by)
    row = (
        HandedPaper.objects.select_for_update(of=("self",))
        .select_related("item")
        .get(zone_id=by.zone_id, pk=paper.pk)
    )
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        journal.record(
            by=by,
            now=now,
            verb="take_back_paper",
            subject=row,
            party_ref=row.party_id,
            name=row.item.name,
            year=row.year,
        )
    return row
