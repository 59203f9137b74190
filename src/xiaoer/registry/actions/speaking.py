"""Verbs about who speaks for an enterprise: a code apart from the card, asked with, approved.

The code is shown once and kept only as a hash. Whoever asks gets nothing but a line in a list; a
person who knows the enterprise approves.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import actions as base
from xiaoer.base import journal
from xiaoer.base.models import Account, Person, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, as_web, on_behalf, system
from xiaoer.registry import access
from xiaoer.registry.actions.parties import lock_party
from xiaoer.registry.models import Party, Representation, RepresentationCode

CODE_LASTS = timedelta(days=7)
# No letters that look like digits: the code is read out over the telephone.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class NewRepresentative:
    """An approved representative. ``username`` and ``password`` are empty when they had an account;
    they are shown once, to be handed over, and the password must be changed at the first sign-in."""

    representation: Representation
    username: str = ""
    password: str = ""


def hash_of_code(code: str) -> str:
    """The hash a code is kept and looked up by; spaces, dashes and case do not matter."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


@transaction.atomic
def issue_code(*, by: Actor, now: datetime, party: Party) -> str:
    """A one-time code (一次性验证码), good for seven days and one person. Returned once, here."""
    party = lock_party(party)
    access.must_answer_for(by, party, timezone.localdate(now))
    if by.post_id is None:
        raise Refused(_("A code is issued by somebody in a post, who answers for it."))
    signs = [secrets.choice(_SIGNS) for _place in range(12)]
    code = "-".join("".join(signs[at : at + 4]) for at in (0, 4, 8))
    row = RepresentationCode.objects.create(
        zone_id=party.zone_id,
        party=party,
        code_hash=hash_of_code(code),
        issued_by_id=by.post_id,
        issued_at=now,
        expires_at=now + CODE_LASTS,
    )
    journal.record(by=by, now=now, verb="issue_code", subject=row, party_ref=party.pk)
    return code


@transaction.atomic
def ask_to_represent(
    *, by: Actor, now: datetime, code: str, name: str, phone: str, title: str = ""
) -> Representation:
    """Ask to speak for the enterprise the code belongs to. Open to strangers: the code is the proof.

    ``by`` is a holder of a key in the zone, or a representative of another enterprise, who keeps
    the account they have.
    """
    if by.is_staff:
        raise Refused(_("Staff speak for no enterprise."))
    name, phone, title = name.strip(), phone.strip(), title.strip()
    _must_introduce(name, phone, title)
    hashed = hash_of_code(code)
    with acting(replace(by, key=hashed)):
        known = RepresentationCode.objects.filter(code_hash=hashed).first()
    if known is None:
        raise Refused(
            _("This code is not known here. Compare it with what was sent."), field="code"
        )
    with on_behalf(by):
        row = RepresentationCode.objects.select_for_update().get(pk=known.pk)
        _must_be_good(row, now)
        row.used_at = now
        row.save(update_fields=["used_at"])
        asked = Representation.objects.create(
            zone_id=row.zone_id,
            party_id=row.party_id,
            code=row,
            name=name,
            phone=phone,
            title=title,
            person_id=by.person_id,
            asked_at=now,
        )
        journal.record(
            by=by if by.person_id else replace(by, name=name),
            now=now,
            verb="ask_to_represent",
            subject=asked,
            party_ref=row.party_id,
            name=name,
        )
    return asked


@transaction.atomic
def approve_representation(
    *, by: Actor, now: datetime, representation: Representation, runs_park: bool = False
) -> NewRepresentative:
    """Let them speak for the enterprise: a post with its number, and an account if they have none.

    A firm that runs buildings of the zone is spoken for as their operator (``runs_park``); the post
    shows it what it runs and nothing else.
    """
    if runs_park and not by.is_staff:
        raise Refused(_("Who runs a park is said by the staff of the zone; ask your officer."))
    asked = _asked(by, now, representation)
    with on_behalf(by):
        person, username, password = _person_of(asked, now)
        asked.post = base.give_post(
            by=system(asked.zone_id),
            now=now,
            person=person,
            role=Role.PARK_OPERATOR if runs_park else Role.ENTERPRISE,
            title=asked.title,
            party_ref=asked.party_id,
        )
        asked.person = person
        _decide(by, now, asked, Representation.State.APPROVED)
    return NewRepresentative(asked, username, password)


@transaction.atomic
def decline_representation(
    *, by: Actor, now: datetime, representation: Representation, reason: str
) -> Representation:
    """Say no, with the reason; the code is used up and another one must be asked for."""
    if not reason.strip():
        raise Refused(_("Say why, so that they know what to bring next time."), field="reason")
    _must_be_short(reason)
    asked = _asked(by, now, representation)
    asked.reason = reason.strip()
    with on_behalf(by):
        _decide(by, now, asked, Representation.State.DECLINED)
    return asked


@transaction.atomic
def end_representation(
    *, by: Actor, now: datetime, representation: Representation, reason: str = ""
) -> Representation:
    """End that somebody speaks for an enterprise, at once. Other enterprises of theirs stay."""
    row = _locked(by, now, representation)
    if row.state != Representation.State.APPROVED or row.post is None:
        raise Refused(_("%(name)s does not speak for this enterprise now.") % {"name": row.name})
    _must_be_short(reason)
    with on_behalf(by):
        _close_post(row.post, now)
        row.reason = reason.strip()
        _decide(by, now, row, Representation.State.ENDED)
    return row


def _must_introduce(name: str, phone: str, title: str) -> None:
    if not name or len(name) > 60:
        raise Refused(_("Type your name."), field="name")
    digits = sum(sign.isdigit() for sign in phone)
    if not 7 <= digits <= 15 or len(phone) > 40:
        raise Refused(_("Type a phone number we can call you back on."), field="phone")
    if len(title) > 60:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": 60}, field="title"
        )


def _must_be_short(reason: str) -> None:
    if len(reason.strip()) > 200:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": 200},
            field="reason",
        )


def _must_be_good(row: RepresentationCode, now: datetime) -> None:
    if row.used_at is not None:
        raise Refused(
            _("This code was used already. Ask your officer for a new one."), field="code"
        )
    if row.expires_at <= now:
        raise Refused(
            _("This code was good until %(day)s. Ask your officer for a new one.")
            % {"day": timezone.localtime(row.expires_at).date()},
            field="code",
        )


def _locked(by: Actor, now: datetime, representation: Representation) -> Representation:
    """The row, seen under the asker's own scope first, then locked; the asker knows its people."""
    seen = Representation.objects.select_related("party").get(pk=representation.pk)
    access.must_know_the_people_of(by, seen.party, timezone.localdate(now))
    with on_behalf(by):
        return (
            Representation.objects.select_for_update(of=("self",))
            .select_related("party", "post", "person")
            .get(pk=seen.pk)
        )


def _asked(by: Actor, now: datetime, representation: Representation) -> Representation:
    row = _locked(by, now, representation)
    if row.state != Representation.State.ASKED:
        raise Refused(
            _("This was decided already: %(state)s.") % {"state": row.get_state_display()}
        )
    return row


def _decide(by: Actor, now: datetime, row: Representation, state: Representation.State) -> None:
    row.state = state
    row.decided_at = now
    row.decided_by_id = by.post_id
    row.save()
    journal.record(
        by=by,
        now=now,
        verb=f"representation_{state}",
        subject=row,
        party_ref=row.party_id,
        name=row.name,
        reason=row.reason,
    )


def _person_of(asked: Representation, now: datetime) -> tuple[Person, str, str]:
    """The person who asked: known already, or new with an account and a first password."""
    if asked.person is not None:
        return asked.person, "", ""
    zone = system(asked.zone_id)
    person = base.add_person(by=zone, now=now, name=asked.name, phone=asked.phone)
    username, password = _free_username(asked), _first_password()
    base.give_account(by=zone, now=now, person=person, username=username, password=password)
    return person, username, password


def _free_username(asked: Representation) -> str:
    """Their phone's digits; with a number behind when somebody has that name already."""
    stem = "".join(sign for sign in asked.phone if sign.isascii() and sign.isdigit())
    with as_web():
        taken = set(
            Account.objects.filter(username__startswith=stem).values_list("username", flat=True)
        )
    names = (stem if not number else f"{stem}-{number}" for number in range(len(taken) + 1))
    return next(name for name in names if name not in taken)


def _first_password() -> str:
    return "-".join("".join(secrets.choice(_SIGNS) for _place in range(4)) for _part in range(3))


def _close_post(post: Post, now: datetime) -> None:
    """A post holds through its last day, so one that ends at once ended yesterday."""
    yesterday = timezone.localdate(now) - timedelta(days=1)
    post.until = yesterday
    post.since = min(post.since, yesterday)
    post.save(update_fields=["since", "until"])
