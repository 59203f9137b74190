"""Who a department authorised to sign on sites, and when somebody cannot go."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import today
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import acceptance_access as access
from xiaoer.permits.actions.acceptance_tasks import words
from xiaoer.permits.models import Inspector, InspectorAbsence

MOST_A_DAY = 12


@transaction.atomic
def authorise_inspector(
    *, by: Actor, now: datetime, post: Post, per_day: int = 3, on: date | None = None
) -> Inspector:
    """A department authorises one of its own people to go and sign."""
    if post.office_id is None or post.zone_id != by.zone_id:
        raise Refused(_("Choose somebody of a department of this zone."), field="post")
    access.must_set_office(by, post.office_id)
    if not 1 <= per_day <= MOST_A_DAY:
        raise Refused(
            _("Type a whole number from %(least)d to %(most)d.") % {"least": 1, "most": MOST_A_DAY},
            field="per_day",
        )
    try:
        with transaction.atomic():
            row = Inspector.objects.create(
                zone_id=by.zone_id, post=post, office_id=post.office_id, per_day=per_day,
                authorised_on=on or today(now),
            )  # fmt: skip
    except IntegrityError as error:
        if "inspector_once" not in str(error):
            raise
        raise Refused(
            _("%(name)s is authorised already.") % {"name": post.person.name}, field="post"
        ) from error
    journal.record(
        by=by, now=now, verb="authorise_inspector", subject=row, post=post.pk, count=per_day
    )
    return row


def _locked(by: Actor, inspector: Inspector) -> Inspector:
    row = Inspector.objects.select_for_update().get(zone_id=by.zone_id, pk=inspector.pk)
    access.must_set_office(by, row.office_id)
    if row.ended_on is not None:
        raise Refused(_("This authority ended already."))
    return row


@transaction.atomic
def end_inspector(*, by: Actor, now: datetime, inspector: Inspector) -> Inspector:
    """Somebody goes to sites no longer; what was signed stays signed."""
    row = _locked(by, inspector)
    row.ended_on = today(now)
    row.version += 1
    row.save(update_fields=["ended_on", "version"])
    journal.record(by=by, now=now, verb="end_inspector", subject=row, post=row.post_id)
    return row


@transaction.atomic
def note_absence(
    *, by: Actor, now: datetime, inspector: Inspector, since: date, until: date, why: str = ""
) -> InspectorAbsence:
    """Days on which somebody cannot go; said by themselves or by the head of their department."""
    kept = Inspector.objects.select_for_update().get(zone_id=by.zone_id, pk=inspector.pk)
    if by.post_id != kept.post_id:
        access.must_set_office(by, kept.office_id)
    if until < since or until < today(now) or (until - since).days > 366:
        raise Refused(
            _("Give the first and the last day, not past and within a year."), field="until"
        )
    row = InspectorAbsence.objects.create(
        zone_id=by.zone_id, inspector=kept, since=since, until=until, why=words(why, "why", 100)
    )
    journal.record(
        by=by, now=now, verb="note_absence", subject=kept, since=since.isoformat(),
        until=until.isoformat(), words=row.why,
    )  # fmt: skip
    return row


@transaction.atomic
def remove_absence(*, by: Actor, now: datetime, absence: InspectorAbsence) -> InspectorAbsence:
    """Somebody can go after all."""
    row = (
        InspectorAbsence.objects.select_for_update(of=("self",))
        .select_related("inspector")
        .get(zone_id=by.zone_id, pk=absence.pk)
    )
    if by.post_id != row.inspector.post_id:
        access.must_set_office(by, row.inspector.office_id)
    if row.removed_at is None:
        row.removed_at = now
        row.save(update_fields=["removed_at"])
        journal.record(
            by=by, now=now, verb="remove_absence", subject=row.inspector,
            since=row.since.isoformat(), until=row.until.isoformat(),
        )  # fmt: skip
    return row
