"""Verbs of those who stand by a project: its leader and officer over time, its force, site visits."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import end_of, must_be_possible, must_have_been, must_say, said, today
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import element_access as access
from xiaoer.projects.actions.living import living
from xiaoer.projects.models import Charge, ForceMember, Project, SiteVisit
from xiaoer.work import actions as work

SITE_ACT = "site_act"


@transaction.atomic
def set_leader(
    *, by: Actor, now: datetime, project: Project, post: Post, since: date | None = None
) -> Project:
    """Say which leader answers for the project; who did before stays on record with the days."""
    return _charge(by, now, project, Charge.Part.LEADER, post, since)


@transaction.atomic
def set_officer(
    *, by: Actor, now: datetime, project: Project, post: Post, since: date | None = None
) -> Project:
    """Say who looks after the project day by day."""
    return _charge(by, now, project, Charge.Part.OFFICER, post, since)


def _charge(
    by: Actor, now: datetime, project: Project, part: Charge.Part, post: Post, since: date | None
) -> Project:
    row = living(by, project)
    access.must_run_project(by, row)
    if getattr(row, f"{part.value}_id") == post.pk and _held(row, part) is not None:
        raise Refused(_("%(name)s is it already.") % {"name": post.person.name}, field="post")
    hand_charge(now=now, row=row, part=part, post=post, since=since)
    setattr(row, part, post)
    row.version += 1
    row.save(update_fields=[part.value, "version"])
    journal.record(
        by=by, now=now, verb=f"set_{part.value}", subject=row, party_ref=row.party_id, post=post.pk
    )
    return row


def _held(row: Project, part: Charge.Part) -> Charge | None:
    return (
        Charge.objects.select_for_update()
        .filter(zone_id=row.zone_id, project=row, part=part, until__isnull=True)
        .first()
    )


def hand_charge(
    *, now: datetime, row: Project, part: Charge.Part, post: Post | None, since: date | None = None
) -> None:
    """Write down from which day somebody else, or nobody, has a part in a locked project.

    The verb that calls it asks who may, sets the project's own column and writes the journal.
    """
    since = must_be_possible(since or today(now), "since")
    if post is not None:
        _must_hold_office(post, now)
    before = _held(row, part)
    if before is not None:
        if since < before.since:
            raise Refused(
                _("Somebody else is it since %(day)s; choose that day or a later one.")
                % {"day": before.since.isoformat()},
                field="since",
            )
        before.until = since
        before.save(update_fields=["until"])
    elif (known := getattr(row, part)) is not None and known != post:
        # Named when the project was entered: their days begin with it.
        began = min(row.opened_at.date(), since)
        Charge.objects.create(
            zone_id=row.zone_id, project=row, part=part, post=known, since=began, until=since
        )
    if post is not None:
        Charge.objects.create(zone_id=row.zone_id, project=row, part=part, post=post, since=since)


def _must_hold_office(post: Post, now: datetime) -> None:
    if post.until is not None and post.until < today(now):
        raise Refused(
            _("The post chosen ended on %(day)s; choose somebody in office.")
            % {"day": post.until.isoformat()},
            field="post",
        )


@transaction.atomic
def join_force(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    post: Post,
    part: str = ForceMember.Part.MEMBER,
    since: date | None = None,
) -> ForceMember:
    """Take somebody into the task force of a project."""
    row = living(by, project)
    access.must_run_project(by, row)
    _must_hold_office(post, now)
    if part not in ForceMember.Part.values:
        raise Refused(_("Choose one of the list."), field="part")
    if ForceMember.objects.filter(project=row, post=post, until__isnull=True).exists():
        raise Refused(
            _("%(name)s is in this task force already.") % {"name": post.person.name}, field="post"
        )
    member = ForceMember.objects.create(
        zone_id=by.zone_id, project=row, post=post, part=part,
        since=must_be_possible(since or today(now), "since"),
    )  # fmt: skip
    journal.record(
        by=by, now=now, verb="join_force", subject=row, party_ref=row.party_id, post=post.pk
    )
    return member


@transaction.atomic
def leave_force(
    *, by: Actor, now: datetime, project: Project, post: Post, until: date | None = None
) -> ForceMember:
    """Somebody leaves the task force; the days stay on record."""
    row = living(by, project)
    access.must_run_project(by, row)
    member = (
        ForceMember.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, project=row, post=post, until__isnull=True)
        .first()
    )
    if member is None:
        raise Refused(_("%(name)s is not in this task force.") % {"name": post.person.name})
    until = until or today(now)
    if until < member.since:
        raise Refused(_("They joined on %(day)s.") % {"day": member.since.isoformat()}, field="until")  # fmt: skip
    member.until = until
    member.save(update_fields=["until"])
    journal.record(
        by=by, now=now, verb="leave_force", subject=row, party_ref=row.party_id, post=post.pk
    )
    return member


@transaction.atomic
def visit_site(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    on: date,
    found: str,
    next_act: str = "",
    office: Office | None = None,
    post: Post | None = None,
    due_on: date | None = None,
    met_firm: bool = False,
) -> SiteVisit:
    """Record a visit to the site: what was found, and the next act as a task of somebody.

    ``met_firm``: people of the enterprise received it; then it counts as a contact of their month,
    like any call, and is never refused for the quota, because it happened.
    """
    row = living(by, project)
    if not _may_visit(by, row):
        access.must_run_project(by, row)
    must_have_been(on, "on", now)
    next_act = said(next_act, "next_act", most=300)
    task = None
    if next_act and row.matter is not None:
        task = work.give_task(
            by=by,
            now=now,
            matter=row.matter,
            kind=SITE_ACT,
            title=next_act,
            post=post or (None if office else row.officer),
            office=office or (row.office if not post and not row.officer else None),
            due_at=end_of(due_on or today(now) + timedelta(days=7)),
        )
    contact = None
    if met_firm and row.party is not None:
        contact = work.record_contact(
            by=by, now=now, party=row.party, kind="visit", purpose=_("site of %(name)s") % {"name": row.name},
            on=on, outcome=found[:300],
        )  # fmt: skip
    visit = SiteVisit.objects.create(
        zone_id=by.zone_id,
        project=row,
        on=on,
        post_id=by.post_id,
        found=must_say(found, "found", most=1000, why=_("Say what was found on the site.")),
        next_act=next_act,
        task=task,
        contact=contact,
        at=now,
    )
    journal.record(
        by=by, now=now, verb="visit_site", subject=row, party_ref=row.party_id, day=str(on),
        words=visit.found[:200],
    )  # fmt: skip
    return visit


def _may_visit(by: Actor, project: Project) -> bool:
    """Everybody of the task force goes there."""
    return by.is_staff and by.post_id is not None and ForceMember.objects.filter(
        zone_id=by.zone_id, project=project, post_id=by.post_id, until__isnull=True
    ).exists()  # fmt: skip
