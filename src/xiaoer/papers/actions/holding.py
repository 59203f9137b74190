"""Papers kept once and used again: held, used with consent, replaced by a newer one, taken back."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Model, QuerySet
from django.dispatch import Signal
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.papers import access
from xiaoer.papers.models import HeldPaper, PaperConsent, PaperKind
from xiaoer.papers.months import last_day
from xiaoer.papers.queries.held import holds
from xiaoer.registry.models import Party

Origin = HeldPaper.Origin
# Sent inside the transaction that takes a consent back: consent, by, now. Whatever used the paper
# goes without it from here on, or refuses.
consent_withdrawn = Signal()


@transaction.atomic
def hold_paper(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    kind: PaperKind,
    file: StoredFile,
    name: str,
    origin: HeldPaper.Origin = Origin.GIVEN,
    number: str = "",
    issued_on: date | None = None,
    valid_until: date | None = None,
) -> HeldPaper:
    """Keep a paper of a party, to be used again while it holds. The same file twice is one paper.

    It replaces the one of the same kind and number that stood; one that is older by its own date
    stands behind it at once. Without a last day it holds as long as its kind says.
    """
    access.must_hold(by, party.pk)
    if kind.zone_id != by.zone_id or party.zone_id != by.zone_id or file.zone_id != by.zone_id:
        raise Refused(_("There is no such record here; it may be of another zone."))
    if issued_on is not None and issued_on > checking.today(now):
        raise Refused(_("The date of this paper is still to come; check it."), field="issued_on")
    if valid_until is None and issued_on is not None and kind.valid_months is not None:
        valid_until = last_day(issued_on, kind.valid_months)
    if issued_on is not None:
        checking.must_run_forward(issued_on, valid_until, "valid_until")
    with on_behalf(by):
        # The party is the lock: two papers of one kind given at once come one after the other.
        checking.locked(Party, by, party.pk)
        standing = _standing(by, party, kind)
        known = _held_before(by, party, kind, file)
        if known is not None:
            return known
        row = HeldPaper.objects.create(
            zone_id=by.zone_id,
            party=party,
            kind=kind,
            file=file,
            name=checking.must_say(name, "name", most=200, why=_("Give the paper a name.")),
            origin=origin,
            number=checking.said(number, "number", most=80),
            issued_on=issued_on,
            valid_until=valid_until,
            given_at=now,
            given_by_id=by.post_id,
        )
        _follow(row, standing.exclude(pk=row.pk).filter(number=row.number))
        journal.record(
            by=by,
            now=now,
            verb="hold_paper",
            subject=row,
            party_ref=party.pk,
            kind=kind.name,
            number=row.number,
        )
    return row


def _held_before(by: Actor, party: Party, kind: PaperKind, file: StoredFile) -> HeldPaper | None:
    """The same paper, if it is here and stands; one that a newer replaced is not given again."""
    known = HeldPaper.objects.filter(
        zone_id=by.zone_id, party=party, kind=kind, file=file, withdrawn_at__isnull=True
    ).first()
    if known is not None and known.replaced_by_id is not None:
        raise Refused(
            _(
                "This very paper was given before and replaced by a newer one. Use the newer, or take"
                " the newer back first."
            ),
            field="paper",
        )
    return known


def _standing(by: Actor, party: Party, kind: PaperKind) -> "QuerySet[HeldPaper]":
    return HeldPaper.objects.filter(
        zone_id=by.zone_id,
        party=party,
        kind=kind,
        withdrawn_at__isnull=True,
        replaced_by__isnull=True,
    )


def _follow(row: HeldPaper, others: "QuerySet[HeldPaper]") -> None:
    """The newer replaces the older; by the date on it where both bear one, else by when it came."""
    for other in others:
        if row.issued_on and other.issued_on and row.issued_on < other.issued_on:
            older, newer = row, other
        else:
            older, newer = other, row
        older.replaced_by = newer
        older.version += 1
        older.save(update_fields=["replaced_by", "version"])


@transaction.atomic
def use_paper(
    *, by: Actor, now: datetime, paper: HeldPaper, subject: Model, words: str
) -> PaperConsent:
    """Record that the party lets a held paper be used for a record. Said twice it is one consent.

    Staff record it where the party said so at a desk; ``words`` is what was agreed to.
    """
    access.must_hold(by, paper.party_id)
    words = checking.must_say(words, "words", most=200, why=_("Say what the paper is used for."))
    with on_behalf(by):
        row = checking.locked(HeldPaper, by, paper.pk)
        kind = PaperKind.objects.get(pk=row.kind_id)
        _must_stand(row, kind, now)
        consent, made = PaperConsent.objects.get_or_create(
            zone_id=by.zone_id,
            paper=row,
            subject_type=subject._meta.db_table,
            subject_id=int(subject.pk),
            withdrawn_at__isnull=True,
            defaults={"words": words, "at": now, "who": by.who},
        )
        if made:
            journal.record(
                by=by, now=now, verb="use_paper", subject=row, party_ref=row.party_id, words=words
            )
    return consent


def _must_stand(row: HeldPaper, kind: PaperKind, now: datetime) -> None:
    if row.withdrawn_at is not None:
        raise Refused(_("%(name)s was taken back; give it anew.") % {"name": row.name})
    if row.replaced_by_id is not None:
        raise Refused(_("%(name)s was replaced by a newer one; use that.") % {"name": row.name})
    if not holds(row, checking.today(now)):
        raise Refused(
            _("%(name)s held until %(day)s; give a newer one.")
            % {"name": row.name, "day": row.valid_until}
        )
    if not kind.is_reusable:
        raise Refused(
            _("A paper of this kind (%(kind)s) is given anew each time.") % {"kind": kind.name}
        )


@transaction.atomic
def withdraw_paper(*, by: Actor, now: datetime, paper: HeldPaper, reason: str) -> HeldPaper:
    """Take a paper back: it is used for nothing new. What it was used for keeps it."""
    if not access.may_withdraw(by, paper):
        raise Refused(
            _("What was issued here goes only with the licence itself; ask who issued it.")
            if paper.origin == Origin.ISSUED
            else _("Only the party itself, or staff for it, takes a paper back.")
        )
    with on_behalf(by):
        row = checking.locked(HeldPaper, by, paper.pk)
        if row.withdrawn_at is not None:
            raise Refused(_("%(name)s was taken back already.") % {"name": row.name})
        row.withdrawn_at = now
        row.withdrawn_why = checking.must_say(reason, "reason", most=200)
        row.version += 1
        row.save(update_fields=["withdrawn_at", "withdrawn_why", "version"])
        journal.record(
            by=by,
            now=now,
            verb="withdraw_paper",
            subject=row,
            party_ref=row.party_id,
            reason=row.withdrawn_why,
        )
    return row


@transaction.atomic
def withdraw_consent(*, by: Actor, now: datetime, consent: PaperConsent) -> PaperConsent:
    """Take back one use of a paper; the paper itself stays, and so do its other uses.

    What used it says whether it still can be: a decision made on it stands.
    """
    seen = PaperConsent.objects.select_related("paper").filter(zone_id=by.zone_id, pk=consent.pk)
    known = seen.first()
    if known is None:
        raise Refused(_("There is no such record here; it may be of another zone."))
    if not (by.is_staff or access.speaks_for(by, known.paper.party_id)):
        raise Refused(_("Only the party itself, or staff for it, takes a consent back."))
    with on_behalf(by):
        row = checking.locked(PaperConsent, by, known.pk)
        if row.withdrawn_at is not None:
            raise Refused(_("This use was taken back already."))
        row.withdrawn_at, row.withdrawn_by = now, by.who
        row.save(update_fields=["withdrawn_at", "withdrawn_by"])
        consent_withdrawn.send(sender=PaperConsent, consent=row, by=by, now=now)
        journal.record(
            by=by, now=now, verb="withdraw_consent", subject=known.paper,
            party_ref=known.paper.party_id, words=row.words,
        )  # fmt: skip
    return row
