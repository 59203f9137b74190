"""Planning contacts within an enterprise's monthly quota: one calendar for all offices."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import today
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, on_behalf, system
from xiaoer.registry.models import Party
from xiaoer.web import words
from xiaoer.work import access, reminding
from xiaoer.work.actions.budgeting import (
    FARTHEST_DAYS,
    Leave,
    leave_for,
    lock_calendar,
    locked_contact,
    measured,
)
from xiaoer.work.actions.checking import needed, plain
from xiaoer.work.models import Contact, Reminder
from xiaoer.work.models.reminders import Way
from xiaoer.work.queries.contacts import month_of

State, Tag, Kind = Contact.State, Contact.Tag, Contact.Kind


@transaction.atomic
def plan_contact(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    kind: str,
    purpose: str,
    planned_on: date,
    tag: str = Tag.SERVICE,
    office: Office | None = None,
    post: Post | None = None,
    from_time: time | None = None,
    until_time: time | None = None,
    minutes: int = 45,
    origin: str = "",
    reason: str = "",
    into: Contact | None = None,
) -> Contact:
    """Enter a contact in the calendar of an enterprise.

    A service contact above the month's quota or on a quiet day is refused with what stands already,
    the next free day and what it could be merged into; a zone leader goes beyond with a reason.
    ``into`` plans it as part of another contact from the start: it then costs nothing. An
    inspection of another office is entered for information: it names its origin (a law and its
    article, a plan), is nobody's of those who visit, and never counts.
    """
    office_id = _office_of(by, office, post)
    access.must_plan_for(by, office_id)
    _must_be_sound(kind, tag, planned_on, from_time, until_time, minutes, now)
    contact = Contact(
        zone_id=by.zone_id,
        party=lock_calendar(by, party.pk),
        tag=tag,
        kind=kind,
        office_id=office_id,
        post=post,
        purpose=_purpose(purpose),
        origin=plain(origin, "origin", most=120),
        planned_on=planned_on,
        from_time=from_time,
        until_time=until_time,
        minutes=minutes,
        planned_by_id=by.post_id,
        planned_at=now,
    )
    if tag == Tag.INSPECTION:
        _must_be_inspection(contact)
    elif into is not None:
        _put_into(by, now, contact, into)
    else:
        _take_leave(contact, leave_for(by, contact.party, planned_on, reason))
    contact.save()
    if contact.merged_into is not None:
        _tell_merged(by, now, contact, contact.merged_into)
    record(by, now, "plan_contact", contact, day=str(planned_on), kind=kind, office=office_id,
           into=contact.merged_into_id, **beyond(contact))  # fmt: skip
    return contact


def record(by: Actor, now: datetime, verb: str, contact: Contact, **detail: object) -> None:
    """The journal's line, in the history of the enterprise."""
    journal.record(by=by, now=now, verb=verb, subject=contact, party_ref=contact.party_id, **detail)


def beyond(contact: Contact) -> dict[str, object]:
    """What the journal keeps of a contact above the quota or on a quiet day."""
    if not (contact.is_above_quota or contact.is_on_quiet_day):
        return {}
    return {
        "is_above_quota": contact.is_above_quota,
        "is_on_quiet_day": contact.is_on_quiet_day,
        "reason": contact.reason,
    }


def _office_of(by: Actor, office: Office | None, post: Post | None) -> int:
    """For which office: the one given, that of whoever goes, or the planner's own."""
    given = office.pk if office else post.office_id if post and post.office_id else by.office_id
    if given is None:
        raise Refused(_("Say for which office the contact is."), field="office")
    if post is not None and post.office_id != given:
        raise Refused(_("Whoever goes belongs to the office that plans."), field="post")
    return given


def _purpose(text: str) -> str:
    text = plain(text, "purpose", most=200)
    if not text:
        raise Refused(_("Say what for, in a few words: the enterprise reads it."), field="purpose")
    return text


def _must_be_sound(
    kind: str,
    tag: str,
    planned_on: date,
    from_time: time | None,
    until_time: time | None,
    minutes: int,
    now: datetime,
) -> None:
    if tag not in Tag.values:
        raise Refused(_("Choose service or inspection."), field="tag")
    if kind not in Kind.values or (kind == Kind.INSPECTION) != (tag == Tag.INSPECTION):
        raise Refused(_("Choose what kind of contact it is."), field="kind")
    if planned_on < today(now) and tag == Tag.SERVICE:
        raise Refused(
            _("%(day)s has passed; what was made already is recorded, not planned.")
            % {"day": words.day(planned_on, now)},
            field="planned_on",
        )
    if abs((planned_on - today(now)).days) > FARTHEST_DAYS:
        raise Refused(_("Plan within a year from today."), field="planned_on")
    if from_time is not None and until_time is not None and until_time <= from_time:
        raise Refused(_("The time it ends lies after the time it begins."), field="until_time")
    if not 5 <= minutes <= 600:
        raise Refused(_("Say how long it takes, from 5 to 600 minutes."), field="minutes")


def _must_be_inspection(contact: Contact) -> None:
    if not contact.origin:
        raise Refused(
            _("An inspection names its ground: a law and its article, or the yearly plan."),
            field="origin",
        )
    if contact.post is not None:
        raise Refused(
            _("Whoever visits does not inspect (国办发〔2024〕54号): leave the person empty."),
            field="post",
        )


def _take_leave(contact: Contact, leave: Leave) -> None:
    contact.is_above_quota = leave.is_above_quota
    contact.is_on_quiet_day = leave.is_on_quiet_day
    contact.reason = leave.reason
    contact.allowed_by_id = leave.allowed_by_id


def _put_into(by: Actor, now: datetime, contact: Contact, into: Contact) -> Contact:
    """Make a contact part of another: same firm, both service, the other planned, same month."""
    other = locked_contact(by, into)
    if contact.tag != Tag.SERVICE or other.tag != Tag.SERVICE:
        raise Refused(
            _("An inspection is never merged with a service contact, nor with anything else."),
            field="into",
        )
    if other.party_id != contact.party_id or other.pk == contact.pk:
        raise Refused(_("Choose another contact with the same enterprise."), field="into")
    if month_of(other.planned_on) != month_of(contact.planned_on):
        raise Refused(
            _("Contacts are merged within one month; %(day)s is in another. Move it first.")
            % {"day": words.day(other.planned_on, now)},
            field="into",
        )
    contact.state, contact.merged_into, contact.ended_at = State.MERGED, other, now
    _take_leave(contact, Leave())
    return other


def _tell_merged(by: Actor, now: datetime, contact: Contact, into: Contact) -> None:
    """Whoever planned or makes either of the two, but for the one who merged them, reads of it."""
    said = _("“%(purpose)s” is made together with “%(other)s” on %(day)s") % {
        "purpose": contact.purpose,
        "other": into.purpose,
        "day": words.day(into.planned_on, now),
    }
    concerned = {contact.planned_by_id, contact.post_id, into.planned_by_id, into.post_id}
    # What a person is reminded of is that person's own: only the system writes it for another.
    with acting(system(contact.zone_id)):
        Reminder.objects.bulk_create(
            Reminder(
                zone_id=contact.zone_id,
                post_id=post_id,
                kind=reminding.MERGED,
                way=Way.PAGE,
                key=f"contact:{contact.pk}:{into.pk}:{contact.version}",
                subject_type="contact",
                subject_id=contact.pk,
                title=contact.party.name,
                words=said[:300],
                address=f"/contacts/{into.pk}/",
                made_at=now,
            )
            for post_id in sorted(filter(None, concerned - {by.post_id}))
        )


@transaction.atomic
def merge_contacts(*, by: Actor, now: datetime, contact: Contact, into: Contact) -> Contact:
    """Make two planned contacts one: the merged one counts no more, its purpose goes along.

    Whoever planned it, and whoever makes the other, is told on the page of notices.
    """
    kept = locked_contact(by, contact)
    access.must_move_contact(by, kept)
    other = _put_into(by, now, kept, into)
    # What had been merged into this one goes with it: nothing is merged into a merged contact.
    Contact.objects.filter(zone_id=by.zone_id, merged_into=kept).update(merged_into=into)
    _save(kept)
    _tell_merged(by, now, kept, other)
    record(by, now, "merge_contacts", kept, into=into.pk, words=kept.purpose)
    return kept


def _save(contact: Contact) -> None:
    contact.version += 1
    contact.save()


@transaction.atomic
def move_contact(
    *,
    by: Actor,
    now: datetime,
    contact: Contact,
    planned_on: date,
    from_time: time | None = None,
    until_time: time | None = None,
    reason: str = "",
) -> Contact:
    """Put a planned contact on another day. In another month it counts there, as if planned anew.

    One above quota that moves to a month with room is above it no longer.
    """
    kept = locked_contact(by, contact)
    access.must_move_contact(by, kept)
    _must_be_sound(kept.kind, kept.tag, planned_on, from_time, until_time, kept.minutes, now)
    old = kept.planned_on
    if kept.tag == Tag.SERVICE:
        _leave_at(by, kept, planned_on, reason)
    kept.planned_on, kept.from_time, kept.until_time = planned_on, from_time, until_time
    _save(kept)
    record(by, now, "move_contact", kept, old=str(old), day=str(planned_on), **beyond(kept))
    return kept


def _leave_at(by: Actor, contact: Contact, day: date, reason: str) -> None:
    """The leave a contact needs on another day; what it has for this month and this day stays."""
    if month_of(day) != month_of(contact.planned_on):
        _take_leave(contact, leave_for(by, contact.party, day, reason))
        return
    above, quiet = measured(by, contact.party_id, day, besides=contact.pk)
    above = above and contact.is_above_quota
    if quiet and not contact.is_on_quiet_day:
        _take_leave(contact, leave_for(by, contact.party, day, reason, besides=contact.pk))
        return
    kept = Leave(above, quiet, contact.reason, contact.allowed_by_id)
    _take_leave(contact, kept if above or quiet else Leave())


@transaction.atomic
def cancel_contact(*, by: Actor, now: datetime, contact: Contact, reason: str) -> Contact:
    """Call a planned contact off. What was merged into it is planned again: the first of it takes
    its place, the others go into that one."""
    kept = locked_contact(by, contact, State.PLANNED, State.MERGED)
    access.must_move_contact(by, kept)
    reason = needed(reason, "reason", most=300)
    kept.state, kept.ended_at, kept.outcome, kept.merged_into = (
        State.CANCELLED, now, reason, None,
    )  # fmt: skip
    _save(kept)
    heir = _hand_on(kept)
    record(by, now, "cancel_contact", kept, reason=reason, into=heir.pk if heir else None)
    return kept


def _hand_on(contact: Contact) -> Contact | None:
    """Let the first contact merged into one that is called off take its day and its place."""
    rows = list(Contact.objects.filter(zone_id=contact.zone_id, merged_into=contact).order_by("id"))
    if not rows:
        return None
    first, *others = rows
    first.state, first.merged_into, first.ended_at = State.PLANNED, None, None
    first.planned_on = contact.planned_on
    first.from_time, first.until_time = contact.from_time, contact.until_time
    _take_leave(
        first,
        Leave(
            contact.is_above_quota, contact.is_on_quiet_day, contact.reason, contact.allowed_by_id
        ),
    )
    _save(first)
    Contact.objects.filter(pk__in=[each.pk for each in others]).update(merged_into=first)
    return first


@transaction.atomic
def refuse_contact(*, by: Actor, now: datetime, contact: Contact, reason: str = "") -> Contact:
    """The enterprise does not want it: its own word on its page, or told to whoever planned it.

    All that was merged into the contact falls with it. An inspection rests on law; it is not ours
    to call off, and an unlawful one is refused to the inspecting office itself.
    """
    if Contact.objects.filter(zone_id=by.zone_id, pk=contact.pk).first() is None:
        raise Refused(_("There is no such contact here for you."))
    with on_behalf(by):
        kept = locked_contact(by, contact)
        if not access.speaks_for_party(by, kept.party_id):
            access.must_move_contact(by, kept)
        if kept.tag == Tag.INSPECTION:
            raise Refused(
                _(
                    "An inspection is no visit of ours. Ask %(office)s for its notice; one without"
                    " legal ground you may refuse to the inspectors themselves."
                )
                % {"office": kept.office.name}
            )
        reason = plain(reason, "reason", most=300)
        kept.state, kept.ended_at, kept.outcome = State.REFUSED, now, reason
        _save(kept)
        record(by, now, "refuse_contact", kept, reason=reason, words=kept.purpose)
    return kept
