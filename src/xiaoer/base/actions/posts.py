"""Verbs about posts: who works where in which capacity, from when to when, and who stands in."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import access, journal
from xiaoer.base.models import OUTSIDE_ROLES, Deputy, Office, Person, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web.words import local_date


@transaction.atomic
def give_post(
    *,
    by: Actor,
    now: datetime,
    person: Person,
    role: Role,
    office: Office | None = None,
    title: str = "",
    is_lead: bool = False,
    party_ref: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Post:
    """Put a person into an office in one capacity. A person may hold several posts.

    A post that speaks for a party is given by whoever the registry's rules let, not by an office.
    """
    begins = since or local_date(now)
    if role == Role.CITY and by.zone_id:
        raise Refused(_("Posts of the city are not given by a zone."), field="role")
    if role not in OUTSIDE_ROLES:
        access.must_manage_office(by, office)
        access.must_give_role(by, role)
        _check_days(office, since=begins, until=until)
        _check_twice(person, office=office, role=role, since=begins)
    post = Post.objects.create(
        zone_id=by.zone_id,
        person=person,
        office=office,
        role=role,
        title=title,
        is_lead=is_lead,
        party_ref=party_ref,
        since=begins,
        until=until,
    )
    journal.record(by=by, now=now, verb="give_post", subject=post, person=person.pk, role=role)
    return post


@transaction.atomic
def end_post(*, by: Actor, now: datetime, post: Post, until: date) -> Post:
    """End a post with a day; what it stood in for ends with it."""
    post = Post.objects.select_for_update(of=("self",)).select_related("office").get(pk=post.pk)
    access.must_manage_post(by, post)
    if post.pk == by.post_id:
        raise Refused(_("This is the post you work in now; somebody else ends it."))
    if until < post.since:
        raise Refused(
            _("The post begins on %(day)s; it cannot end before.") % {"day": post.since},
            field="until",
        )
    post.until = until
    post.save(update_fields=["until"])
    Deputy.objects.filter(zone_id=post.zone_id or 0, deputy=post, since__gt=until).delete()
    Deputy.objects.filter(zone_id=post.zone_id or 0, deputy=post, until__gt=until).update(
        until=until
    )
    journal.record(by=by, now=now, verb="end_post", subject=post, until=str(until))
    return post


@transaction.atomic
def move_post(*, by: Actor, now: datetime, post: Post, office: Office) -> Post:
    """Move a post with its work to another office; to start afresh there, end it and give another.

    Both heads are concerned, so only an administrator moves between offices.
    """
    access.must_be_administrator(by)
    post = Post.objects.select_for_update(of=("self",)).select_related("office").get(pk=post.pk)
    if post.office_id == office.pk:
        return post
    _check_days(office, since=local_date(now), until=post.until)
    before = post.office.name if post.office else ""
    post.office = office
    post.is_lead = False
    post.save(update_fields=["office", "is_lead"])
    journal.record(by=by, now=now, verb="move_post", subject=post, office=[before, office.name])
    return post


@transaction.atomic
def name_deputy(
    *,
    by: Actor,
    now: datetime,
    post: Post,
    deputy: Post,
    since: date,
    until: date,
    reason: str = "",
) -> Deputy:
    """代理: name who answers for a post while its holder is away; both days included.

    The holder may name one, and so may whoever manages the post.
    """
    if post.pk != by.post_id:
        access.must_manage_post(by, post)
    if deputy.person_id == post.person_id:
        raise Refused(_("Choose somebody else; this is the same person."), field="deputy")
    if until < since:
        raise Refused(_("The last day lies before the first; change one of them."), field="until")
    if deputy.until and deputy.until < until:
        raise Refused(
            _("That post ends on %(day)s, before the absence does; choose another.")
            % {"day": deputy.until},
            field="deputy",
        )
    Post.objects.select_for_update().get(pk=post.pk)
    known = Deputy.objects.filter(
        zone_id=post.zone_id or 0, post=post, since__lte=until, until__gte=since
    )
    if known.exists():
        raise Refused(
            _("A deputy is already named for some of these days; end that first."), field="since"
        )
    named = Deputy.objects.create(
        zone_id=post.zone_id or 0, post=post, deputy=deputy, since=since, until=until, reason=reason
    )
    journal.record(
        by=by,
        now=now,
        verb="name_deputy",
        subject=post,
        deputy=deputy.pk,
        since=str(since),
        until=str(until),
    )
    return named


@transaction.atomic
def end_deputy(*, by: Actor, now: datetime, deputy: Deputy) -> None:
    """The holder is back sooner, or the deputy was a mistake: from today nobody stands in."""
    today = local_date(now)
    deputy = Deputy.objects.select_for_update().get(pk=deputy.pk)
    post = deputy.post
    if post.pk != by.post_id:
        access.must_manage_post(by, post)
    journal.record(by=by, now=now, verb="end_deputy", subject=post, deputy=deputy.deputy_id)
    if deputy.since >= today:
        deputy.delete()
        return
    deputy.until = min(deputy.until, today.fromordinal(today.toordinal() - 1))
    deputy.save(update_fields=["until"])


def _check_days(office: Office | None, *, since: date, until: date | None) -> None:
    if until and until < since:
        raise Refused(_("The last day lies before the first; change one of them."), field="until")
    if office and office.until and office.until < since:
        raise Refused(
            _("%(office)s is closed since %(day)s; choose another office.")
            % {"office": office.name, "day": office.until},
            field="office",
        )


def _check_twice(person: Person, *, office: Office | None, role: Role, since: date) -> None:
    held = Post.objects.filter(zone_id=person.zone_id or 0, person=person, office=office, role=role)
    if held.exclude(until__lt=since).exists():
        raise Refused(_("%(name)s already holds this post.") % {"name": person.name}, field="role")
