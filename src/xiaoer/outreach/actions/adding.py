"""Adding to a request that is already there, instead of filing the same thing twice."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.outreach import access
from xiaoer.outreach.actions.story import OPEN, must_say, tell
from xiaoer.outreach.models import Appeal, ContactCard

LONGEST_WORDS = 4000


@transaction.atomic
def add_words(*, by: Actor, now: datetime, appeal_id: int, words: str) -> Appeal:
    """The enterprise adds to its open request: by its link, its page, or the card of the enterprise.

    Whoever holds only the card may add to a request of that enterprise without reading it. Nothing
    an office has before it goes stale, so the version stays.
    """
    words = must_say(words, "body", _("Describe what happened and what you need."))
    if len(words) > LONGEST_WORDS:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": LONGEST_WORDS},
            field="body",
        )
    with on_behalf(by):
        row = (
            Appeal.objects.select_for_update(of=("self",))
            .filter(pk=appeal_id, zone_id=by.zone_id, state__in=OPEN)
            .first()
        )
        if row is None or not (access.speaks_for(by, row) or _holds_card(by, row)):
            raise Refused(_("There is no such request here for you."))
        tell(row, by=by, now=now, verb="add_words", text=words)
    return row


def _holds_card(by: Actor, row: Appeal) -> bool:
    return (
        by.role is None
        and by.party_ref == row.party_id
        and ContactCard.objects.filter(
            zone_id=row.zone_id,
            party_id=row.party_id,
            code_hash=by.key,
            withdrawn_at__isnull=True,
        ).exists()
    )
