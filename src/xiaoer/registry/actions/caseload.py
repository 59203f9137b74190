"""Verbs about who answers for an enterprise, and which ones are watched as monitoring points."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import DateField, F
from django.db.models.functions import Greatest
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import OUTSIDE_ROLES, JournalLine, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry import access
from xiaoer.registry.actions.parties import lock_party
from xiaoer.registry.models import MonitoringFirm, Party, Stewardship

# Sent inside the verb's transaction when enterprises change hands, with ``moves`` (of Moved), by and
# now: what upper rooms keep for whoever answers (open tasks) goes along.
caseload_moved = Signal()


@dataclass(frozen=True, slots=True)
class Moved:
    """An enterprise that one post answered for and another answers for now."""

    party_id: int
    giver_id: int
    taker_id: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """What was handed over; ``line`` is the journal line by which it can be handed back."""

    line: JournalLine
    party_ids: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.party_ids)


@transaction.atomic
def assign_steward(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    post: Post,
    kind: str = Stewardship.Kind.OFFICER,
    since: date | None = None,
) -> Stewardship:
    """Name who answers for an enterprise. Whoever did so before stops that day."""
    access.must_keep_registry(by)
    party = lock_party(party)
    since = since or timezone.localdate(now)
    if party.cell_id is None:
        raise Refused(
            _("%(name)s is in no cell; admit it before naming who answers for it.")
            % {"name": party.name}
        )
    _must_work_here(post, since)
    former = party.stewards.filter(kind=kind, until__isnull=True).first()
    if former is not None and former.post_id == post.pk:
        return former
    if former is not None:
        _end(former, since)
    steward = Stewardship.objects.create(
        zone_id=party.zone_id, party=party, post=post, kind=kind, since=since
    )
    journal.record(
        by=by,
        now=now,
        verb="assign_steward",
        subject=party,
        party_ref=party.pk,
        kind=kind,
        post=post.pk,
        name=post.person.name,
        before=former.post_id if former else None,
        since=str(since),
    )
    return steward


@transaction.atomic
def end_stewardship(
    *, by: Actor, now: datetime, party: Party, kind: str = Stewardship.Kind.OFFICER
) -> None:
    """Leave an enterprise without a steward of this kind; it then stands among those without."""
    access.must_keep_registry(by)
    party = lock_party(party)
    former = party.stewards.filter(kind=kind, until__isnull=True).first()
    if former is None:
        raise Refused(_("Nobody of this kind answers for %(name)s.") % {"name": party.name})
    _end(former, timezone.localdate(now))
    journal.record(
        by=by,
        now=now,
        verb="end_stewardship",
        subject=party,
        party_ref=party.pk,
        kind=kind,
        before=former.post_id,
    )


@transaction.atomic
def hand_over_caseload(
    *,
    by: Actor,
    now: datetime,
    giver: Post,
    taker: Post,
    parties: Sequence[Party] | None = None,
) -> HandOver:
    """Hand all enterprises of one post, or the chosen ones, with their open tasks to another."""
    access.must_keep_registry(by)
    chosen = None if parties is None else [party.pk for party in parties]
    return _hand_over(by=by, now=now, giver=giver, taker=taker, chosen=chosen)


@transaction.atomic
def hand_back_caseload(*, by: Actor, now: datetime, line: JournalLine) -> HandOver:
    """Undo a hand-over: what the taker still has of it goes back to the giver."""
    access.must_keep_registry(by)
    if line.verb != "hand_over_caseload":
        raise Refused(_("This line of the journal is not a hand-over."))
    posts = Post.objects.in_bulk([line.detail["giver"], line.detail["taker"]])
    return _hand_over(
        by=by,
        now=now,
        giver=posts[line.detail["taker"]],
        taker=posts[line.detail["giver"]],
        chosen=line.detail["parties"],
    )


@transaction.atomic
def name_monitoring_firm(
    *, by: Actor, now: datetime, party: Party, since: date | None = None
) -> MonitoringFirm:
    """Name an enterprise a monitoring point (监测企业)."""
    access.must_keep_registry(by)
    party = lock_party(party)
    if party.cell_id is None:
        raise Refused(_("%(name)s is in no cell; admit it first.") % {"name": party.name})
    if party.monitoring.filter(until__isnull=True).exists():
        raise Refused(_("%(name)s is a monitoring firm already.") % {"name": party.name})
    row = MonitoringFirm.objects.create(
        zone_id=party.zone_id, party=party, since=since or timezone.localdate(now)
    )
    journal.record(by=by, now=now, verb="name_monitoring_firm", subject=party, party_ref=party.pk)
    return row


@transaction.atomic
def end_monitoring(*, by: Actor, now: datetime, party: Party) -> None:
    """End that an enterprise is a monitoring point."""
    access.must_keep_registry(by)
    party = lock_party(party)
    row = party.monitoring.filter(until__isnull=True).first()
    if row is None:
        raise Refused(_("%(name)s is no monitoring firm.") % {"name": party.name})
    row.until = max(timezone.localdate(now), row.since)
    row.save(update_fields=["until"])
    journal.record(by=by, now=now, verb="end_monitoring", subject=party, party_ref=party.pk)


def _hand_over(
    *, by: Actor, now: datetime, giver: Post, taker: Post, chosen: Iterable[int] | None
) -> HandOver:
    """Set-based: a caseload of three hundred is two statements."""
    today = timezone.localdate(now)
    _must_work_here(taker, today)
    if giver.pk == taker.pk:
        raise Refused(_("Choose another person to take them over."), field="taker")
    held = Stewardship.objects.filter(zone_id=by.zone_id, post=giver, until__isnull=True)
    if chosen is not None:
        held = held.filter(party_id__in=list(chosen))
    former = list(held.select_for_update().order_by("party_id"))
    if not former:
        raise Refused(
            _("%(person)s has none of these enterprises any more.") % {"person": giver.person}
        )
    held.update(until=Greatest(F("since"), today, output_field=DateField()))
    Stewardship.objects.bulk_create(
        Stewardship(
            zone_id=row.zone_id, party_id=row.party_id, post=taker, kind=row.kind, since=today
        )
        for row in former
    )
    parties = tuple(dict.fromkeys(row.party_id for row in former))
    moves = tuple(Moved(party_id, giver.pk, taker.pk) for party_id in parties)
    caseload_moved.send(sender=Stewardship, moves=moves, by=by, now=now)
    line = journal.record(
        by=by,
        now=now,
        verb="hand_over_caseload",
        subject=giver,
        giver=giver.pk,
        taker=taker.pk,
        parties=list(parties),
    )
    journal.record(
        by=by,
        now=now,
        verb="take_over_caseload",
        subject=taker,
        giver=giver.pk,
        taker=taker.pk,
        line=line.pk,
        count=len(parties),
    )
    return HandOver(line, parties)


def _end(former: Stewardship, on: date) -> None:
    if on < former.since:
        raise Refused(
            _("The one before began on %(day)s; choose that day or a later one.")
            % {"day": former.since},
            field="since",
        )
    former.until = on
    former.save(update_fields=["until"])


def _must_work_here(post: Post, on: date) -> None:
    """Enterprises, banks and the like answer for nobody; nor does a post that has ended."""
    if post.role in OUTSIDE_ROLES or (post.until is not None and post.until < on):
        raise Refused(
            _("%(person)s cannot answer for enterprises; choose a post of the zone in force.")
            % {"person": post.person},
            field="post",
        )
