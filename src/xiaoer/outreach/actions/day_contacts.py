"""A line of a visit day as a contact of the enterprise: asked for, followed, settled.

The calendar and the quota belong to ``work``; here the programme keeps in step with them.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach.models import DayVisit, Gathering, Visit
from xiaoer.work import actions as work
from xiaoer.work.models import Contact

LONGEST_REFUSAL = 1000


def ask(line: DayVisit, *, by: Actor, now: datetime, reason: str = "") -> None:
    """Ask for the contact; a refusal stays on the line in its own words."""
    try:
        with transaction.atomic():
            line.contact = _plan(line, by=by, now=now, reason=reason)
        line.refusal = ""
    except Refused as refusal:
        line.contact = None
        line.refusal = str(refusal)[:LONGEST_REFUSAL]


def _plan(line: DayVisit, *, by: Actor, now: datetime, reason: str) -> Contact:
    return work.plan_contact(
        by=by,
        now=now,
        party=line.party,
        kind=Contact.Kind.VISIT,
        purpose=line.purpose,
        planned_on=line.gathering.day,
        post=line.leader,
        from_time=line.from_time,
        until_time=line.until_time,
        origin=line.gathering.programme.name,
        reason=reason,
    )


def follow(line: DayVisit, *, by: Actor, now: datetime) -> None:
    """Let the contact follow a changed line; a leader's reason is not carried over by anybody else."""
    old = line.contact
    if old is None or old.state != Contact.State.PLANNED:
        if old is None:
            ask(line, by=by, now=now)
        return
    if (old.post_id, old.purpose) == (line.leader_id, line.purpose):
        if (old.from_time, old.until_time) != (line.from_time, line.until_time):
            line.contact = work.move_contact(
                by=by,
                now=now,
                contact=old,
                planned_on=line.gathering.day,
                from_time=line.from_time,
                until_time=line.until_time,
                reason=old.reason,
            )
        return
    work.cancel_contact(by=by, now=now, contact=old, reason=_("The programme was changed."))
    line.contact = _plan(line, by=by, now=now, reason=old.reason)
    line.refusal = ""


def cancel(line: DayVisit, *, by: Actor, now: datetime, reason: str) -> None:
    """Give the enterprise its contact back."""
    contact = line.contact
    if contact is not None and contact.state in (Contact.State.PLANNED, Contact.State.MERGED):
        work.cancel_contact(by=by, now=now, contact=contact, reason=reason)


def settle(day: Gathering, *, by: Actor, now: datetime) -> None:
    """When a day closes: what was visited is made, the rest is called off and frees the quota."""
    made = {
        visit.party_id: visit.visited_on
        for visit in Visit.objects.filter(
            zone_id=day.zone_id, gathering=day, replaced_by__isnull=True
        )
    }
    lines = day.lines.filter(
        cancelled_at__isnull=True, contact__state=Contact.State.PLANNED
    ).select_related("contact")
    for line in lines:
        contact = line.contact
        if contact is None:
            continue
        if line.party_id in made:
            work.finish_contact(by=by, now=now, contact=contact, on=made[line.party_id])
        else:
            work.cancel_contact(
                by=by, now=now, contact=contact, reason=_("Nobody came on the visit day.")
            )
