"""Licences handed over to the province's platform: asked again after failures, never made twice.

The platform is told a key that is always the same for a licence, so that an answer lost on the way
does not make a second one there. Nothing waits for it: the signed copy is the holder's at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from xiaoer.base import checking, files, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import access
from xiaoer.papers.actions.licences import tell_what_became
from xiaoer.papers.models import Licence, LicenceEvent
from xiaoer.papers.seals import OFD, NotTaken, Sealed, SealPlatform

Handover = Licence.Handover
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
# Whoever took a licence to hand it over and was killed leaves it to the next after so long.
TAKEN_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Offered:
    """A licence on its way: what the platform is told of it.

    ``identifier`` set: it knows the licence already and is told what became of it.
    """

    licence_id: int
    key: str
    data: Mapping[str, Any]
    identifier: str
    state: str
    why: str
    on: str

    def ask(self, platform: SealPlatform) -> Sealed | None:
        """Ask for it, outside any transaction: a platform may take its time."""
        if not self.identifier:
            return platform.hand_over(key=self.key, data=self.data)
        platform.withdraw(identifier=self.identifier, state=self.state, why=self.why, on=self.on)
        return None


@transaction.atomic
def take_to_hand_over(*, by: Actor, now: datetime) -> Offered | None:
    """The next licence that waits, taken by one worker at a time; None: all is done."""
    row = (
        Licence.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(
            Q(handover_after__isnull=True) | Q(handover_after__lte=now),
            # What ended before the platform knew it is none of its business.
            ~Q(identifier="") | Q(state__in=(Licence.State.VALID, Licence.State.SUSPENDED)),
            zone_id=by.zone_id,
            handover__in=(Handover.WAITING, Handover.FAILED),
        )
        .order_by(F("handover_after").asc(nulls_first=True), "id")
        .select_related("kind")
        .first()
    )
    if row is None:
        return None
    row.handover_after = now + TAKEN_FOR
    row.save(update_fields=["handover_after"])
    last = row.events.order_by("id").last()
    return Offered(
        licence_id=row.pk,
        key=f"{by.zone_id}-{row.pk}",
        data=data_of(row),
        identifier=row.identifier,
        state=row.state,
        why=last.why if last else "",
        on=row.changed_on.isoformat() if row.changed_on else "",
    )


def data_of(row: Licence) -> dict[str, Any]:
    """What a licence says, in the blocks of the C-series: base, holder, content, management."""
    return {
        "type": {"code": row.kind.type_code, "name": row.kind.name},
        "number": row.number,
        "holder": {
            "name": row.holder_name,
            "code": row.holder_code,
            "is_person": row.is_person,
        },
        "issuer": row.issuer,
        "issued_on": row.issued_on.isoformat(),
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "state": row.state,
        "content": {
            str(one["code"]): {"name": one["name"], "value": row.content.get(one["code"])}
            for one in row.kind.fields
        },
        "conditions": row.conditions,
        "version": row.version,
    }


@transaction.atomic
def keep_sealed(*, by: Actor, now: datetime, licence_id: int, sealed: Sealed | None) -> Licence:
    """Keep what the platform sealed, once: identifier and OFD. None: it was told what became of it."""
    row = checking.locked(Licence, by, licence_id)
    if row.handover == Handover.DONE:
        return row
    if sealed is None:
        row.handover, row.handover_why, row.handover_after = Handover.DONE, "", None
        row.handover_tries += 1
        row.save(update_fields=_HANDED)
        tell_what_became(by, now, row, LicenceEvent.What.HANDED_OVER)
        return row
    row.sealed_file = files.keep_file(
        by=by, now=now, stream=BytesIO(sealed.ofd), name="licence.ofd", look=lambda *_: OFD
    )
    row.identifier = sealed.identifier
    row.handover, row.handover_why = Handover.DONE, ""
    row.handover_after = None
    row.handover_tries += 1
    row.save(update_fields=[*_HANDED, "sealed_file", "identifier"])
    tell_what_became(by, now, row, LicenceEvent.What.HANDED_OVER, document=row.identifier)
    return row


_HANDED = ("handover", "handover_why", "handover_after", "handover_tries")


@transaction.atomic
def note_not_taken(*, by: Actor, now: datetime, licence_id: int, why: NotTaken) -> Licence:
    """Say why it was not taken, and when it is asked again: after one minute, two, four … six hours.

    What no second asking mends waits for a person, who puts it right and asks again.
    """
    row = checking.locked(Licence, by, licence_id)
    if row.handover == Handover.DONE:
        return row
    row.handover_tries += 1
    wait = min(FIRST_WAIT * 2 ** min(row.handover_tries - 1, 20), LONGEST_WAIT)
    row.handover = Handover.FAILED
    row.handover_why = str(why)[:300]
    row.handover_after = FAR if why.is_final else now + wait
    row.save(update_fields=_HANDED)
    journal.record(
        by=by,
        now=now,
        verb="note_not_taken",
        subject=row,
        party_ref=row.party_id,
        number=row.number,
        reason=row.handover_why,
    )
    return row


FAR = datetime.max.replace(year=9000, tzinfo=UTC)


@transaction.atomic
def ask_again(*, by: Actor, now: datetime, licence: Licence) -> Licence:
    """Let the platform be asked at the next turn, after a person looked at why it was not taken."""
    access.must_send(by)
    row = checking.locked(Licence, by, licence.pk)
    if row.handover in (Handover.DONE, Handover.WAITING):
        raise Refused(_("This licence is handed over already, or about to be."))
    row.handover, row.handover_after = Handover.WAITING, None
    row.save(update_fields=["handover", "handover_after"])
    journal.record(
        by=by, now=now, verb="ask_again", subject=row, party_ref=row.party_id, number=row.number
    )
    return row
