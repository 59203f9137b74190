"""The tasks of whoever looks for space for somebody: show a unit, hear the answer, begin the move."""

from datetime import datetime
from typing import Any

from xiaoer.assets.actions.whose import Whose, whose
from xiaoer.assets.models import Showing, SpaceNeed
from xiaoer.base import journal
from xiaoer.base.checking import today
from xiaoer.base.models import Role
from xiaoer.base.queries import posts_in_force
from xiaoer.base.scope import Actor
from xiaoer.work import actions as work
from xiaoer.work.models import LimitRule, Matter, Task

KIND = "space_need"
FIND, HEAR, BEGIN = "find_space", "hear_showing", "begin_move_in"
# Whose office looks where no post does, the first that the zone has.
SEEKERS = (Role.INVESTMENT, Role.SERVICE_DESK, Role.ADMINISTRATOR)
LIMITS = {FIND: "space.find", HEAR: "space.answer"}


def begin(need: SpaceNeed, *, by: Actor, now: datetime) -> None:
    """Put the need on the zone's hands."""
    matter = work.open_matter(
        by=by,
        now=now,
        kind=KIND,
        subject_id=need.pk,
        title=need.name,
        address=f"/assets/needs/{need.pk}/",
        party=need.party,
    )
    _give(need, matter, FIND, by, now)


def shown(need: SpaceNeed, *, by: Actor, now: datetime) -> None:
    """Something was shown: looking rests until the answer is heard."""
    matter = matter_of(need)
    _finish(matter, FIND, by, now)
    if not _open_tasks(matter, HEAR).exists():
        _give(need, matter, HEAR, by, now)


def heard(need: SpaceNeed, *, by: Actor, now: datetime) -> None:
    """Every answer is there; where all were no, somebody looks again."""
    answers = set(
        Showing.objects.filter(zone_id=need.zone_id, need=need).values_list("answer", flat=True)
    )
    if Showing.Answer.OPEN in answers:
        return
    matter = matter_of(need)
    _finish(matter, HEAR, by, now)
    if answers == {Showing.Answer.NO} and not _open_tasks(matter, FIND).exists():
        _give(need, matter, FIND, by, now)


def chosen(need: SpaceNeed, *, by: Actor, now: datetime) -> None:
    matter = matter_of(need)
    for kind in (FIND, HEAR):
        _finish(matter, kind, by, now)
    _give(need, matter, BEGIN, by, now)


def begun(need: SpaceNeed, *, by: Actor, now: datetime, outcome: str) -> None:
    """The joint review of the move-in was opened; what becomes of it is watched there."""
    _finish(matter_of(need), BEGIN, by, now, outcome)


def come_to_nothing(need: SpaceNeed, *, by: Actor, now: datetime) -> None:
    """Its move-in was refused or withdrawn: whoever looks begins another, or looks again."""
    matter = matter_of(need)
    is_waiting = need.state == SpaceNeed.State.CHOSEN and matter.closed_at is None
    if is_waiting and not _open_tasks(matter, BEGIN).exists():
        _give(need, matter, BEGIN, by, now)


def again(need: SpaceNeed, *, by: Actor, now: datetime) -> None:
    matter = matter_of(need)
    work.drop_tasks(by=by, now=now, matter=matter, kinds=[BEGIN])
    _give(need, matter, FIND, by, now)


def end(need: SpaceNeed, *, by: Actor, now: datetime, outcome: str = "") -> None:
    """Nothing is asked of anybody for it any longer; with an outcome the last task was done."""
    matter = matter_of(need)
    if outcome:
        _finish(matter, BEGIN, by, now, outcome)
    work.close_matter(by=by, now=now, matter=matter)


def matter_of(need: SpaceNeed) -> Matter:
    return Matter.objects.get(zone_id=need.zone_id, kind=KIND, subject_id=need.pk)


def _open_tasks(matter: Matter, kind: str) -> Any:
    return Task.objects.filter(
        zone_id=matter.zone_id, matter=matter, kind=kind, state=Task.State.OPEN
    )


def _finish(matter: Matter, kind: str, by: Actor, now: datetime, outcome: str = "") -> None:
    for task in _open_tasks(matter, kind):
        work.finish_task(by=by, now=now, task=task, outcome=outcome)


def _give(need: SpaceNeed, matter: Matter, kind: str, by: Actor, now: datetime) -> None:
    """To the post that looks, while it is held; else to investment promotion, or the desk.

    Where nobody of them is there the need waits on its list without a task.
    """
    limit = LimitRule.objects.filter(zone_id=need.zone_id, code=LIMITS.get(kind, "")).first()
    there = posts_in_force(zone_id=need.zone_id, on=today(now))
    post = there.filter(pk=need.post_id or 0).first()
    asked = Whose(post=post) if post else whose(zone_id=need.zone_id, on=today(now), roles=SEEKERS)
    if asked is None:
        return
    work.give_task(
        by=by, now=now, matter=matter, kind=kind, title=asked.title(need.name),
        post=asked.post, office=asked.office, limit=limit,
    )  # fmt: skip


def follow_task(*, task: Task, by: Actor, now: datetime, **_signal: Any) -> None:
    """Whoever takes or hands on the task looks from now on."""
    if task.matter.kind != KIND or task.kind not in (FIND, HEAR, BEGIN):
        return
    need = SpaceNeed.objects.select_for_update(of=("self",)).get(
        zone_id=by.zone_id, pk=task.matter.subject_id
    )
    need.post = task.post
    need.version += 1
    need.save(update_fields=["post", "version"])
    journal.record(
        by=by, now=now, verb="hand_on_need", subject=need, party_ref=need.party_id,
        name=need.name, post=need.post_id,
    )  # fmt: skip
