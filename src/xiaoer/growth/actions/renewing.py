"""Tasks before titles run out, and of yearly updates: each stage is told once."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base import queries as base
from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import queries
from xiaoer.growth.models import RenewalNotice, Title
from xiaoer.growth.queries.expiring import Due
from xiaoer.registry.models import Party
from xiaoer.work import access as work_access
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Matter, Task

TITLE = "title"
RENEW, UPDATE = "renew_title", "update_title"


@transaction.atomic
def give_renewal_tasks(*, by: Actor, now: datetime) -> int:
    """Give the officers of firms their tasks about titles that run out or need their yearly update.

    Each stage of a title once, however often the job runs; of several stages that passed only the
    nearest is told. What nobody can be given is told, and tried again the next morning.
    """
    day = checking.today(now)
    due = queries.titles_due(zone_id=by.zone_id, on=day)
    officers = _officers(by.zone_id, [one.party_id for one in due], day)
    office = _fallback(by.zone_id, day) if due else None
    given, left = 0, dict[str, str]()
    for one in due:
        post = officers.get(one.party_id)
        with going_on(left, f"{one.party}：{one.kind}"):
            _give(by, now, one, post, None if post else office)
            given += 1
    tell_left(by=by, now=now, left=left)
    return given


def _officers(zone_id: int, party_ids: Iterable[int], day: date) -> dict[int, Post]:
    numbers = queries.officers_of(zone_id=zone_id, party_ids=list(party_ids), on=day)
    posts = base.posts_in_force(zone_id=zone_id, on=day).in_bulk(set(numbers.values()))
    return {party: posts[number] for party, number in numbers.items() if number in posts}


def _fallback(zone_id: int, day: date) -> Office | None:
    """Whose office takes the task of a firm without an officer."""
    posts = base.posts_in_force(zone_id=zone_id, on=day).filter(office__isnull=False)
    for role in (Role.INNOVATION, Role.SERVICE_DESK, Role.ECONOMY, Role.ADMINISTRATOR):
        post = posts.filter(role=role).first()
        if post is not None:
            return post.office
    return None


def _give(by: Actor, now: datetime, due: Due, post: Post | None, office: Office | None) -> None:
    # The row is taken first: two runs at once cannot both tell the stage.
    notice, is_new = RenewalNotice.objects.get_or_create(
        zone_id=by.zone_id, title_id=due.title_id, stage=due.stage, defaults={"at": now}
    )
    if not is_new:
        return
    task = work.give_task(
        by=by,
        now=now,
        matter=_matter(by, now, due),
        kind=UPDATE if due.is_update else RENEW,
        title=due.words,
        post=post,
        office=office,
        due_at=_end_of(due.last_on),
    )
    notice.task_ref = task.pk
    notice.save(update_fields=["task_ref"])


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=LOCAL)


def _matter(by: Actor, now: datetime, due: Due) -> Matter:
    known = Matter.objects.filter(zone_id=by.zone_id, kind=TITLE, subject_id=due.title_id).first()
    if known is not None:
        return (
            known if known.closed_at is None else work.reopen_matter(by=by, now=now, matter=known)
        )
    return work.open_matter(
        by=by,
        now=now,
        kind=TITLE,
        subject_id=due.title_id,
        title=f"{due.party}：{due.kind}",
        address=f"/titles/{due.title_id}/",
        party=Party.objects.get(pk=due.party_id),
    )


def settle_renewal(*, by: Actor, now: datetime, title: Title) -> None:
    """A title that was renewed or ended asks nothing of anybody any more."""
    matter = Matter.objects.filter(zone_id=by.zone_id, kind=TITLE, subject_id=title.pk).first()
    if matter is not None and matter.closed_at is None:
        work.close_matter(by=by, now=now, matter=matter)


@transaction.atomic
def finish_title_task(*, by: Actor, now: datetime, title: Title, task: Task, words: str) -> Task:
    """Say what was done about a title that runs out: the firm was told, the update was sent."""
    row = Task.objects.filter(
        pk=task.pk, zone_id=by.zone_id, matter__kind=TITLE, matter__subject_id=title.pk
    ).first()
    if row is None:
        raise Refused(_("This task is of another title."))
    work_access.must_hold(by, row, now)
    words = checking.must_say(words, "words", most=500, why=_("Say what was done."))
    done = work.finish_task(by=by, now=now, task=row, outcome=words)
    journal.record(
        by=by, now=now, verb="finish_title_task", subject=title, party_ref=title.party_id,
        words=words,
    )  # fmt: skip
    return done
