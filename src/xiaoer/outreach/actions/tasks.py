"""What a request asks of people: its tasks in everybody's inbox, given and ended by the verbs."""

from datetime import date, datetime

from django.db.models import Q

from xiaoer.base import queries as base
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.scope import Actor, system
from xiaoer.outreach.actions import clocks
from xiaoer.outreach.models import Appeal, DateChange
from xiaoer.outreach.queries.transfer import desk_office
from xiaoer.registry.models import Party, Stewardship
from xiaoer.work import actions as work
from xiaoer.work.models import Matter, Task

APPEAL = "appeal"
CONTACT, REGISTER, DISPATCH = "contact", "register", "dispatch"
REPLY, SOLVE = "reply", "solve"
HELP, DECIDE, DATE_CHANGE = "help", "decide", "date_change"
PROMISE, VISIT_BACK = "promise", "visit_back"


def steward_of(party: Party, now: datetime) -> int | None:
    """The post that answers for an enterprise today."""
    on = clocks.local_day(now)
    return (
        Stewardship.objects.filter(
            zone_id=party.zone_id,
            party=party,
            kind=Stewardship.Kind.OFFICER,
            since__lte=on,
        )
        .filter(Q(until__isnull=True) | Q(until__gte=on))
        .values_list("post_id", flat=True)
        .first()
    )


def _leader(zone_id: int, now: datetime) -> Post | None:
    posts = base.posts_in_force(zone_id=zone_id, on=clocks.local_day(now))
    return posts.filter(role=Role.ZONE_LEADER).first()


def _head_of(office: Office | None, now: datetime) -> Post | None:
    if office is None or office.zone_id is None:
        return None
    posts = base.posts_in_force(zone_id=office.zone_id, on=clocks.local_day(now))
    return posts.filter(office=office, is_lead=True).first()


def _giver(by: Actor) -> Actor:
    """Tasks that follow from what somebody outside did are the system's."""
    return by if by.is_staff else system(by.zone_id)


def open_thread(row: Appeal, *, by: Actor, now: datetime) -> None:
    """Open the matter all tasks of the request hang on."""
    row.matter = work.open_matter(
        by=_giver(by),
        now=now,
        kind=APPEAL,
        subject_id=row.pk,
        party=row.party,
        title=row.title,
        address=f"/appeals/{row.pk}/",
    )
    row.save(update_fields=["matter"])


def close_thread(row: Appeal, *, by: Actor, now: datetime) -> None:
    """End whatever is still asked of anybody about the request."""
    settle_date_change(row, by=by, now=now)
    if _matter(row).closed_at is None:
        row.matter = work.close_matter(by=_giver(by), now=now, matter=_matter(row))


def _matter(row: Appeal) -> Matter:
    assert row.matter is not None  # noqa: S101  # opened by the filing, never taken away
    return row.matter


def _open(row: Appeal, *kinds: str) -> list[Task]:
    return list(
        Task.objects.filter(
            zone_id=row.zone_id, matter=_matter(row), kind__in=kinds, state=Task.State.OPEN
        )
    )


def _give(
    row: Appeal,
    kind: str,
    *,
    by: Actor,
    now: datetime,
    post: Post | None = None,
    office: Office | None = None,
    limit: str = "",
    since: datetime | None = None,
    due_at: datetime | None = None,
    is_joint: bool = False,
    parent: Task | None = None,
) -> Task | None:
    """Give a task once: one of the same kind for the same people that is still open stays.

    Where the limit's own end is the due moment the task carries the limit, so that it moves with
    the calendar; a date somebody granted or promised is fixed.
    """
    if post is not None and not _in_office(post, now):
        # Whoever had it left: the office goes on, so that no enterprise's word is refused for it.
        office = office or post.office or desk_office(row.zone_id, now)
        post = None
    if post is None and office is None:
        return None
    if any(_is_for(task, post, office) for task in _open(row, kind)):
        return None
    start = since or now
    rule = clocks.rule_of(row.zone_id, limit) if limit else None
    if rule and due_at is not None and clocks.due(row.zone_id, limit, start) != due_at:
        rule = None
    return work.give_task(
        by=_giver(by),
        now=now,
        matter=_matter(row),
        kind=kind,
        title=row.title,
        post=post,
        office=office,
        limit=rule,
        due_at=None if rule else due_at,
        started_at=start,
        is_joint=is_joint,
        parent=parent,
    )


def _in_office(post: Post, now: datetime) -> bool:
    return post.until is None or post.until >= clocks.local_day(now)


def _is_for(task: Task, post: Post | None, office: Office | None) -> bool:
    if post is not None:
        return task.post_id == post.pk
    return task.post_id is None and office is not None and task.office_id == office.pk


def finish(row: Appeal, *kinds: str, by: Actor, now: datetime) -> None:
    """The open tasks of these kinds are done."""
    for task in _open(row, *kinds):
        work.finish_task(by=_giver(by), now=now, task=task)


def drop(row: Appeal, *kinds: str, by: Actor, now: datetime) -> None:
    """The open tasks of these kinds are no longer needed."""
    if _open(row, *kinds):
        work.drop_tasks(by=_giver(by), now=now, matter=_matter(row), kinds=kinds)


def ask_contact(row: Appeal, *, by: Actor, now: datetime) -> None:
    """First contact: by the first post, or by the desk where the enterprise has no officer."""
    post = row.first_post
    _give(
        row,
        CONTACT,
        by=by,
        now=now,
        post=post,
        office=None if post else desk_office(row.zone_id, now),
        limit=clocks.START,
        since=row.filed_at,
        due_at=row.start_due_at,
    )


def started(row: Appeal, *, by: Actor, now: datetime) -> None:
    """Somebody took the request up; the start clock stops at the first time."""
    row.started_at = row.started_at or now
    finish(row, CONTACT, REGISTER, by=by, now=now)


def ask_registration(row: Appeal, *, by: Actor, now: datetime) -> None:
    """Contacted, and still to be registered by whoever answers for it first."""
    post = row.first_post
    _give(
        row,
        REGISTER,
        by=by,
        now=now,
        post=post,
        office=None if post else desk_office(row.zone_id, now),
        limit=clocks.START,
    )


def ask_dispatch(row: Appeal, *, by: Actor, now: datetime) -> None:
    """The desk decides who leads."""
    _give(
        row,
        DISPATCH,
        by=by,
        now=now,
        office=desk_office(row.zone_id, now),
        limit=clocks.START,
    )


def ask_decision(row: Appeal, *, by: Actor, now: datetime) -> None:
    """Two offices say it is not theirs; the desk decides."""
    _give(
        row,
        DECIDE,
        by=by,
        now=now,
        office=desk_office(row.zone_id, now),
        limit=clocks.RETURN,
    )


def ask_office(row: Appeal, *, by: Actor, now: datetime) -> None:
    """The leading office replies and solves by the clocks that run since the filing."""
    office = None if row.handler_id else row.office
    if row.replied_at is None:
        _give(
            row,
            REPLY,
            by=by,
            now=now,
            post=row.handler,
            office=office,
            limit=clocks.REPLY,
            since=row.filed_at,
            due_at=row.reply_due_at,
        )
    _give(
        row,
        SOLVE,
        by=by,
        now=now,
        post=row.handler,
        office=office,
        limit=clocks.HARD if row.is_hard else clocks.SOLVE,
        since=row.filed_at,
        due_at=row.solve_due_at,
    )


def take(row: Appeal, *, by: Actor, now: datetime) -> None:
    """Who signed has the office's tasks now."""
    drop(row, REPLY, SOLVE, by=by, now=now)
    ask_office(row, by=by, now=now)


def ask_help(row: Appeal, office: Office, *, by: Actor, now: datetime) -> None:
    """A joint office helps until the request is due."""
    lead = next(iter(_open(row, SOLVE)), None)
    _give(
        row,
        HELP,
        by=by,
        now=now,
        office=office,
        due_at=row.solve_due_at,
        is_joint=True,
        parent=lead,
    )


def finish_own_help(row: Appeal, *, by: Actor, now: datetime) -> None:
    """The asker's own office is done helping; others go on."""
    for task in _open(row, HELP):
        if task.office_id == by.office_id:
            work.finish_task(by=_giver(by), now=now, task=task)


def promise(row: Appeal, promised_on: date, *, by: Actor, now: datetime) -> None:
    """Keep the promised date; an earlier promise is replaced."""
    drop(row, PROMISE, by=by, now=now)
    _give(
        row,
        PROMISE,
        by=by,
        now=now,
        post=row.handler,
        office=None if row.handler_id else row.office,
        due_at=clocks.end_of(promised_on),
    )


def is_promised(row: Appeal) -> bool:
    """Whether somebody has a promised date to keep."""
    return bool(_open(row, PROMISE))


def supervise(row: Appeal, words: str, *, by: Actor, now: datetime) -> None:
    """The tasks in progress are marked as supervised."""
    for task in _open(row, CONTACT, REGISTER, DISPATCH, REPLY, SOLVE, DECIDE):
        if not task.is_supervised:
            work.supervise_task(by=_giver(by), now=now, task=task, words=words[:300])


def ask_date_decision(row: Appeal, *, by: Actor, now: datetime) -> None:
    """The head of the desk decides about a later date; where there is none, a zone leader."""
    head = _head_of(desk_office(row.zone_id, now), now) or _leader(row.zone_id, now)
    if head is not None and head.pk == by.post_id:
        head = _leader(row.zone_id, now)
    _give(
        row,
        DATE_CHANGE,
        by=by,
        now=now,
        post=head,
        limit=clocks.START,
    )


def settle_date_change(row: Appeal, *, by: Actor, now: datetime) -> None:
    """A later date nobody decided about is moot once the request is answered, ended or begun anew."""
    DateChange.objects.filter(appeal=row, granted__isnull=True).update(
        granted=False, decided_at=now
    )
    drop(row, DATE_CHANGE, by=by, now=now)


def move_solve(row: Appeal, due_at: datetime, reason: str, *, by: Actor, now: datetime) -> None:
    """The tasks to solve and to help are due at the granted date."""
    for task in _open(row, SOLVE, HELP):
        work.move_due(by=_giver(by), now=now, task=task, due_at=due_at, reason=reason)


def ask_visit_back(row: Appeal, *, by: Actor, now: datetime) -> None:
    """Somebody else asks the enterprise: its officer, else who received it first, else the desk."""
    steward = steward_of(row.party, now)
    post = next(
        (
            one
            for one in (steward, row.first_post_id)
            if one is not None and one not in (row.handler_id, by.post_id)
        ),
        None,
    )
    _give(
        row,
        VISIT_BACK,
        by=by,
        now=now,
        post=Post.objects.get(pk=post) if post else None,
        office=None if post else desk_office(row.zone_id, now),
        limit=clocks.VISIT_BACK,
    )


def redo(row: Appeal, words: str, *, by: Actor, now: datetime) -> None:
    """Begin again one level up: the head of the leading office, from the second time with a leader."""
    if _matter(row).closed_at is not None:
        row.matter = work.reopen_matter(by=_giver(by), now=now, matter=_matter(row))
    head = _head_of(row.office, now)
    if head is not None:
        row.handler = head
    ask_office(row, by=by, now=now)
    if row.level > 1:
        leader = _leader(row.zone_id, now)
        for task in _open(row, SOLVE):
            if leader is not None and not task.is_supervised:
                work.supervise_task(by=system(row.zone_id), now=now, task=task, words=words[:300])
                row.supervised_at = row.supervised_at or now
