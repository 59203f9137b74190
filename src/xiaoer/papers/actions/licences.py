"""Licences: issued under a signature, and what becomes of them.

A machine may issue; that a licence is suspended, revoked or deregistered only a person says, with
a reason and, where the law asks for a decision, its document.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.dispatch import Signal
from django.utils.translation import gettext as _

from xiaoer.base import checking, files, journal
from xiaoer.base.models import Office, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, system
from xiaoer.base.sniffing import PDF
from xiaoer.papers import access, printing, signing
from xiaoer.papers.actions.holding import hold_paper, withdraw_paper
from xiaoer.papers.masking import is_person
from xiaoer.papers.models import HeldPaper, Licence, LicenceEvent, LicenceKind, PaperKind
from xiaoer.papers.months import last_day
from xiaoer.papers.queries.keys import hash_of
from xiaoer.registry.models import Party

CODE_BYTES = 12
MOST_SERIALS = 10**9
State, What = Licence.State, LicenceEvent.What

licence_changed = Signal()
"""Sent inside the transaction: ``sender=Licence, licence, how (LicenceEvent.What), by, now``."""


@transaction.atomic
def issue_licence(
    *,
    by: Actor,
    now: datetime,
    kind: LicenceKind,
    party: Party | None,
    holder_name: str,
    holder_code: str,
    issuer: str,
    office: Office | None,
    content: Mapping[str, Any],
    valid_from: date,
    valid_until: date | None = None,
    subject: Model | None,
    is_automatic: bool = False,
    conditions: str = "",
) -> Licence:
    """Give the next number, make the paper, sign it, keep it; all of it or nothing.

    Of ``content`` the licence says what its kind says, nothing else. Without a last day it holds as
    long as its kind does. Where there is no key, nothing is issued.
    """
    access.must_issue(by)
    row = _new(
        by,
        now,
        kind,
        party=party,
        holder_name=checking.must_say(
            holder_name, "holder_name", most=120, why=_("Say who holds the licence.")
        ),
        holder_code=checking.said(holder_code, "holder_code", most=18),
        issuer=checking.must_say(
            issuer, "issuer", most=80, why=_("Say in whose name the licence is issued.")
        ),
        office=office,
        content=said_by(kind, content),
        conditions=checking.said(conditions, "conditions", most=500),
        valid_from=valid_from,
        valid_until=valid_until or _end(kind, valid_from),
        is_automatic=is_automatic,
        subject_type=subject._meta.db_table if subject else "",
        subject_id=int(subject.pk) if subject else None,
    )
    row.number = next_number(by, kind, row.issued_on)
    _leave(by, now, row)
    tell_what_became(by, now, row, What.ISSUED)
    return row


def _new(by: Actor, now: datetime, kind: LicenceKind, **said: Any) -> Licence:
    party = said["party"]
    if kind.zone_id != by.zone_id or (party is not None and party.zone_id != by.zone_id):
        raise Refused(_("There is no such record here; it may be of another zone."))
    day = checking.today(now)
    if kind.ended_on is not None and kind.ended_on <= day:
        raise Refused(
            _("%(kind)s is no longer issued since %(day)s.")
            % {"kind": kind.name, "day": kind.ended_on},
            field="kind",
        )
    checking.must_run_forward(said["valid_from"], said["valid_until"], "valid_until")
    said["is_person"] = is_person(party=party, name=said["holder_name"], code=said["holder_code"])
    return Licence(
        zone_id=by.zone_id, kind=kind, decided_on=day, issued_on=day, changed_on=day, **said
    )


def said_by(kind: LicenceKind, content: Mapping[str, Any]) -> dict[str, Any]:
    """What a licence of a kind says of what is given."""
    codes = [str(field["code"]) for field in kind.fields]
    return {code: content[code] for code in codes if content.get(code) not in (None, "")}


def _end(kind: LicenceKind, since: date) -> date | None:
    return None if kind.valid_months is None else last_day(since, kind.valid_months)


_PLACE = re.compile(r"\{(year|serial|region)(?::0(\d)d)?\}")


def next_number(by: Actor, kind: LicenceKind, on: date) -> str:
    """The next number of a kind in its year. Whoever asks second waits for the first to be done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into licence_serial (zone_id, kind_id, year, last) values (%s, %s, %s, 1)"
            " on conflict (zone_id, kind_id, year) do update set last = licence_serial.last + 1"
            " returning last",
            [by.zone_id, kind.pk, on.year],
        )
        serial: int = cursor.fetchone()[0]
    region = Zone.objects.values_list("region_code", flat=True).get(pk=by.zone_id)
    return written_number(kind.number_form, year=on.year, serial=serial, region=region)


def written_number(form: str, *, year: int, serial: int, region: str) -> str:
    """A number as the form of its kind writes it; a form without a serial is refused."""
    if "{serial" not in form:
        raise Refused(
            _("The form of the number lacks {serial}; put it into the kind of licence."),
            field="number_form",
        )
    values = {"year": str(year), "serial": str(serial), "region": region}

    def put(found: re.Match[str]) -> str:
        return values[found[1]].zfill(int(found[2] or 0))

    return _PLACE.sub(put, form)


def _leave(by: Actor, now: datetime, row: Licence) -> None:
    """Make the paper, sign it, keep it, and hold it for its party. No unsigned licence leaves."""
    zone = Zone.objects.get(pk=by.zone_id)
    code = secrets.token_urlsafe(CODE_BYTES)
    bare = printing.licence_pdf(row, zone_name=zone.name, code=code, made_at=now)
    signed = signing.sign(bare, reason=f"{row.kind.name} {row.number}", now=now)
    row.code_hash = hash_of(code)
    row.signed_with = signed.fingerprint
    row.file = files.keep_file(
        by=by, now=now, stream=BytesIO(signed.pdf), name="licence.pdf", look=lambda *_: PDF
    )
    if settings.SEALS_URL:
        row.handover = Licence.Handover.WAITING
    row.save()
    _hold(by, now, row)


def _hold(by: Actor, now: datetime, row: Licence) -> None:
    """The licence is a paper of its party from now on, so nobody asks for it."""
    if row.party is None or row.file is None or row.kind.paper_kind_id is None:
        return
    hold_paper(
        by=system(by.zone_id),
        now=now,
        party=row.party,
        kind=PaperKind.objects.get(pk=row.kind.paper_kind_id),
        file=row.file,
        name=f"{row.kind.name} {row.number}",
        origin=HeldPaper.Origin.ISSUED,
        number=row.number,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
    )


def tell_what_became(
    by: Actor,
    now: datetime,
    row: Licence,
    what: LicenceEvent.What,
    why: str = "",
    document: str = "",
) -> None:
    """One line in the licence's own history, one in the journal, and whoever listens."""
    LicenceEvent.objects.create(
        zone_id=by.zone_id, licence=row, what=what, why=why, document=document, who=by.who, at=now
    )
    detail = {
        "number": row.number, "kind": row.kind.name, "reason": why, "document": document,
    }  # fmt: skip
    journal.record(
        by=by,
        now=now,
        verb=_VERBS[what],
        subject=row,
        party_ref=row.party_id,
        **{key: value for key, value in detail.items() if value},
    )
    licence_changed.send(sender=Licence, licence=row, how=what, by=by, now=now)


_VERBS = {
    What.ISSUED: "issue_licence",
    What.CHANGED: "replace_licence",
    What.EXTENDED: "extend_licence",
    What.SUSPENDED: "suspend_licence",
    What.RESTORED: "restore_licence",
    What.REVOKED: "revoke_licence",
    What.DEREGISTERED: "deregister_licence",
    What.HANDED_OVER: "hand_over_licence",
}


# What becomes of it ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of state: from which states, to which, and whether it needs a document."""

    what: LicenceEvent.What
    since: frozenset[str]
    to: Licence.State
    needs_document: bool = False


_ALIVE = frozenset({State.VALID, State.SUSPENDED})
SUSPEND = Turn(What.SUSPENDED, frozenset({State.VALID}), State.SUSPENDED)
RESTORE = Turn(What.RESTORED, frozenset({State.SUSPENDED}), State.VALID)
DEREGISTER = Turn(What.DEREGISTERED, _ALIVE, State.DEREGISTERED)
REVOKE = Turn(What.REVOKED, _ALIVE, State.REVOKED, needs_document=True)


@transaction.atomic
def suspend_licence(
    *, by: Actor, now: datetime, licence: Licence, why: str, document: str = "",
    version: int | None = None,
) -> Licence:  # fmt: skip
    """Let a licence rest, such as while a defect is repaired; it may be restored."""
    return _turn(by, now, licence, SUSPEND, why, document, version)


@transaction.atomic
def restore_licence(
    *, by: Actor, now: datetime, licence: Licence, why: str, document: str = "",
    version: int | None = None,
) -> Licence:  # fmt: skip
    """Put a suspended licence into force again."""
    return _turn(by, now, licence, RESTORE, why, document, version)


@transaction.atomic
def deregister_licence(
    *, by: Actor, now: datetime, licence: Licence, why: str, document: str = "",
    version: int | None = None,
) -> Licence:  # fmt: skip
    """Strike a licence off (注销): the holder gave it up, or no longer exists."""
    return _turn(by, now, licence, DEREGISTER, why, document, version)


@transaction.atomic
def revoke_licence(
    *, by: Actor, now: datetime, licence: Licence, why: str, document: str = "",
    version: int | None = None,
) -> Licence:  # fmt: skip
    """Revoke a licence (撤销): it should not have been granted. The decision's number is needed.

    Administrative Licensing Law, article 69.
    """
    return _turn(by, now, licence, REVOKE, why, document, version)


def _turn(
    by: Actor,
    now: datetime,
    licence: Licence,
    turn: Turn,
    why: str,
    document: str,
    version: int | None,
) -> Licence:
    row = _changing(by, licence, version)
    why = checking.must_say(why, "why", most=500)
    document = checking.said(document, "document", most=200)
    if turn.needs_document and not document:
        raise Refused(_("Name the decision this rests on: its title and number."), field="document")
    if row.state not in turn.since:
        raise Refused(
            _("Licence %(number)s is %(state)s; this cannot be done to it now.")
            % {"number": row.number, "state": row.get_state_display()}
        )
    row.state = turn.to
    row.changed_on = checking.today(now)
    row.version += 1
    _let_platform_know(row)
    row.save(update_fields=["state", "changed_on", "version", "handover", "handover_after"])
    _follow_paper(by, now, row)
    tell_what_became(by, now, row, turn.what, why, document)
    return row


def _let_platform_know(row: Licence) -> None:
    """The platform that sealed it is told what became of it, too."""
    if settings.SEALS_URL and row.identifier:
        row.handover, row.handover_after = Licence.Handover.WAITING, None


def _changing(by: Actor, licence: Licence, version: int | None) -> Licence:
    access.must_change(by, licence)
    row = checking.locked(Licence, by, licence.pk)
    if version is not None:
        journal.must_be_fresh(row, version)
    return row


def _follow_paper(by: Actor, now: datetime, row: Licence) -> None:
    """What no longer is in force is no longer held; put in force again, it is held again."""
    if row.party_id is None or row.file_id is None:
        return
    if row.state == State.VALID:
        _hold(by, now, row)
        return
    held = HeldPaper.objects.filter(
        zone_id=by.zone_id, party_id=row.party_id, file_id=row.file_id, withdrawn_at__isnull=True
    ).first()
    if held is not None:
        withdraw_paper(
            by=system(by.zone_id), now=now, paper=held, reason=str(row.get_state_display())
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """What the newer licence says otherwise. None: as the one before."""

    holder_name: str | None = None
    holder_code: str | None = None
    content: Mapping[str, Any] | None = None
    conditions: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@transaction.atomic
def replace_licence(
    *,
    by: Actor,
    now: datetime,
    licence: Licence,
    changes: Changes,
    why: str,
    document: str = "",
    is_extension: bool = False,
    subject: Model | None = None,
    version: int | None = None,
) -> Licence:
    """Issue the licence anew under its number, with what changed (变更) or a longer time (延续).

    The one before stays readable as replaced.
    """
    old = _changing(by, licence, version)
    why = checking.must_say(why, "why", most=500)
    document = checking.said(document, "document", most=200)
    if old.state not in _ALIVE:
        raise Refused(
            _("Licence %(number)s is %(state)s; this cannot be done to it now.")
            % {"number": old.number, "state": old.get_state_display()}
        )
    kind = LicenceKind.objects.get(pk=old.kind_id)
    row = _changed(by, now, old, kind, changes, subject)
    if is_extension and (row.valid_until is None or row.valid_until == old.valid_until):
        raise Refused(_("Say until when the licence is extended."), field="valid_until")
    was = old.state
    old.state, old.changed_on = State.REPLACED, checking.today(now)
    old.version += 1
    _let_platform_know(old)
    old.save(update_fields=["state", "changed_on", "version", "handover", "handover_after"])
    _follow_paper(by, now, old)
    row.state = was
    _leave(by, now, row)
    what = What.EXTENDED if is_extension else What.CHANGED
    tell_what_became(by, now, old, what, why, document)
    tell_what_became(by, now, row, What.ISSUED, why, document)
    return row


def _changed(
    by: Actor,
    now: datetime,
    old: Licence,
    kind: LicenceKind,
    changes: Changes,
    subject: Model | None,
) -> Licence:
    given = replace(
        changes,
        holder_name=changes.holder_name or old.holder_name,
        holder_code=old.holder_code if changes.holder_code is None else changes.holder_code,
        conditions=old.conditions if changes.conditions is None else changes.conditions,
        valid_from=changes.valid_from or old.valid_from,
        valid_until=changes.valid_until or old.valid_until,
    )
    row = _new(
        by,
        now,
        kind,
        party=old.party,
        holder_name=checking.must_say(given.holder_name or "", "holder_name", most=120),
        holder_code=checking.said(given.holder_code or "", "holder_code", most=18),
        issuer=old.issuer,
        office_id=old.office_id,
        content=said_by(kind, {**old.content, **(changes.content or {})}),
        conditions=checking.said(given.conditions or "", "conditions", most=500),
        valid_from=given.valid_from,
        valid_until=given.valid_until,
        subject_type=subject._meta.db_table if subject else old.subject_type,
        subject_id=int(subject.pk) if subject else old.subject_id,
        replaces=old,
    )
    row.number = old.number
    return row
