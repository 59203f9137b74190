"""Contacts that were made: finished as planned, or recorded as facts that nobody had planned."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.checking import today
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.web import words
from xiaoer.work import access
from xiaoer.work.actions.budgeting import lock_calendar, locked_contact, measured
from xiaoer.work.actions.checking import needed, plain
from xiaoer.work.actions.contacts import beyond, record
from xiaoer.work.models import Contact

State, Tag, Kind = Contact.State, Contact.Tag, Contact.Kind


@transaction.atomic
def finish_contact(
    *, by: Actor, now: datetime, contact: Contact, outcome: str = "", on: date | None = None
) -> Contact:
    """Say that a planned contact was made, on its day or on another (``on``).

    What happened is a fact: on a day it was not planned for it may turn out above the quota or on a
    quiet day, and then the reason is asked afterwards.
    """
    kept = locked_contact(by, contact)
    access.must_move_contact(by, kept)
    day = on or min(kept.planned_on, today(now))
    _must_have_come(day, now)
    if day != kept.planned_on:
        _put_on(by, kept, day)
    kept.state, kept.ended_at = State.DONE, now
    kept.outcome = plain(outcome, "outcome", most=300)
    kept.version += 1
    kept.save()
    record(by, now, "finish_contact", kept, day=str(day), outcome=kept.outcome, **beyond(kept))
    return kept


def _must_have_come(day: date, now: datetime) -> None:
    if day > today(now):
        raise Refused(
            _("%(day)s has not come yet; a contact is recorded after it was made.")
            % {"day": words.day(day, now)},
            field="day",
        )


def _put_on(by: Actor, contact: Contact, day: date) -> None:
    """The day it was really made, and whether that was beyond what is allowed.

    A leader's leave for the same thing stays; leave that is not needed any more falls away.
    """
    contact.planned_on = day
    if contact.tag == Tag.INSPECTION:
        return
    above, quiet = measured(by, contact.party_id, day, besides=contact.pk)
    is_new = above > contact.is_above_quota or quiet > contact.is_on_quiet_day
    contact.is_above_quota, contact.is_on_quiet_day = above, quiet
    if is_new or not (above or quiet):
        contact.allowed_by_id = None
        contact.reason = contact.reason if above or quiet else ""


@transaction.atomic
def record_contact(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    kind: str,
    purpose: str,
    on: date,
    post: Post | None = None,
    minutes: int = 45,
    origin: str = "",
    outcome: str = "",
    reason: str = "",
) -> Contact:
    """Record a service contact that was made without having been planned; it counts.

    It is never refused for the quota: a thing that happened is a fact. Above it, or on a quiet day,
    it stands without leave; the reason is asked, and may be given afterwards (``explain_contact``).
    """
    office_id = post.office_id if post else by.office_id
    if office_id is None:
        raise Refused(_("Say for which office the contact was."), field="office")
    access.must_plan_for(by, office_id)
    _must_have_come(on, now)
    if kind not in Kind.values or kind == Kind.INSPECTION:
        raise Refused(_("Choose what kind of contact it is."), field="kind")
    kept_party = lock_calendar(by, party.pk)
    above, quiet = measured(by, kept_party.pk, on)
    reason = plain(reason, "reason", most=300)
    is_beyond = above or quiet
    contact = Contact.objects.create(
        zone_id=by.zone_id,
        party=kept_party,
        tag=Tag.SERVICE,
        kind=kind,
        office_id=office_id,
        post=post,
        purpose=plain(purpose, "purpose", most=200),
        origin=plain(origin, "origin", most=120),
        planned_on=on,
        minutes=minutes,
        state=State.DONE,
        is_above_quota=above,
        is_on_quiet_day=quiet,
        reason=reason if is_beyond else "",
        allowed_by_id=by.post_id if is_beyond and reason and access.may_lift_quota(by) else None,
        planned_by_id=by.post_id,
        planned_at=now,
        ended_at=now,
        outcome=plain(outcome, "outcome", most=300),
    )
    record(by, now, "record_contact", contact, day=str(on), kind=kind, **beyond(contact))
    return contact


@transaction.atomic
def explain_contact(*, by: Actor, now: datetime, contact: Contact, reason: str) -> Contact:
    """Give the reason of a contact made above the quota or on a quiet day.

    Of a zone leader it is leave given afterwards, of anybody else the explanation that was asked.
    """
    kept = locked_contact(by, contact, State.DONE)
    if not (kept.is_above_quota or kept.is_on_quiet_day):
        raise Refused(_("This contact was within the quota; there is nothing to explain."))
    if not access.may_lift_quota(by):
        access.must_move_contact(by, kept)
    if kept.allowed_by_id is not None:
        raise Refused(_("A zone leader has given the reason already."))
    kept.reason = needed(reason, "reason", most=300)
    kept.allowed_by_id = by.post_id if access.may_lift_quota(by) else None
    kept.version += 1
    kept.save()
    record(by, now, "explain_contact", kept, **beyond(kept))
    return kept


@transaction.atomic
def redate_contact(*, by: Actor, now: datetime, contact: Contact, on: date) -> Contact:
    """Correct the day on which a contact was made, when its log is corrected.

    Whoever corrects the log may: of two who went together that may be either, of any office.
    """
    access.must_be_staff(by)
    kept = locked_contact(by, contact, State.DONE)
    if kept.planned_on == on:
        return kept
    _must_have_come(on, now)
    old = kept.planned_on
    _put_on(by, kept, on)
    kept.version += 1
    kept.save()
    record(by, now, "redate_contact", kept, old=str(old), day=str(on), **beyond(kept))
    return kept
