"""The task of whoever answers for a need or a promise, and what follows for the project."""

from datetime import date, datetime
from typing import Any

from xiaoer.base import journal
from xiaoer.base.checking import end_of
from xiaoer.base.models import Office, Post
from xiaoer.base.scope import Actor
from xiaoer.projects.actions.holding import hold_anew
from xiaoer.projects.actions.lighting import relight
from xiaoer.projects.models import ElementNeed, ZonePromise
from xiaoer.work import actions as work
from xiaoer.work.models import Matter, Plan, Task

Row = ElementNeed | ZonePromise
TASKS = {"element_need": "provide_element", "zone_promise": "keep_promise"}
PAGES = {"element_need": "/projects/elements", "zone_promise": "/projects/promises"}


def kind_of(row: Row) -> str:
    return str(row._meta.db_table)


def title_of(row: Row) -> str:
    """What the inbox calls it: whose, and what."""
    whose = row.project.short_name or row.project.name if row.project else ""
    whose = whose or (row.party.name if row.party else "")
    return f"{whose}：{row.what}"[:120]


def ask(row: Row, *, by: Actor, now: datetime, due_on: date) -> None:
    """Put the row on the zone's hands and give its task, due on the day."""
    kind = kind_of(row)
    matter = work.open_matter(
        by=by,
        now=now,
        kind=kind,
        subject_id=row.pk,
        title=title_of(row),
        address=f"{PAGES[kind]}/{row.pk}/",
        party=row.party or (row.project.party if row.project else None),
    )
    _give(row, matter, by=by, now=now, due_on=due_on)


def _give(row: Row, matter: Matter, *, by: Actor, now: datetime, due_on: date) -> None:
    """To the one who answers; where that is somebody outside, to whoever presses for it."""
    post, office = _who(row)
    if post is None and office is None:
        return
    work.give_task(
        by=by,
        now=now,
        matter=matter,
        kind=TASKS[matter.kind],
        title=row.what,
        post=post,
        office=office,
        due_at=end_of(due_on),
    )


def _who(row: Row) -> tuple[Post | None, Office | None]:
    if row.post or row.office:
        return row.post, row.office
    if row.project:
        return row.project.officer, row.project.office
    return None, None


def matter_of(row: Row) -> Matter | None:
    return Matter.objects.filter(
        zone_id=row.zone_id, kind=kind_of(row), subject_id=row.pk, closed_at__isnull=True
    ).first()


def ask_again(row: Row, *, by: Actor, now: datetime, due_on: date) -> None:
    """Somebody else answers, or by another day: the old task falls away, a new one is given."""
    matter = matter_of(row)
    if matter is None:
        return
    work.drop_tasks(by=by, now=now, matter=matter, kinds=[TASKS[matter.kind]])
    _give(row, matter, by=by, now=now, due_on=due_on)


def settle(row: Row, *, by: Actor, now: datetime, outcome: str = "") -> None:
    """End what is still asked of anybody for it; with an outcome its task was done."""
    matter = matter_of(row)
    if matter is None:
        return
    if outcome:
        for task in Task.objects.filter(
            zone_id=row.zone_id, matter=matter, kind=TASKS[matter.kind], state=Task.State.OPEN
        ):
            work.finish_task(by=by, now=now, task=task, outcome=outcome)
    work.close_matter(by=by, now=now, matter=matter)


def follow_task(*, task: Task, by: Actor, now: datetime, **_signal: Any) -> None:
    """Whoever takes or hands on the task answers from now on."""
    model: type[ElementNeed] | type[ZonePromise]
    if task.matter.kind == "element_need":
        model = ElementNeed
    elif task.matter.kind == "zone_promise":
        model = ZonePromise
    else:
        return
    if task.kind != TASKS[task.matter.kind]:
        return
    row = model.objects.select_for_update(of=("self",)).get(
        zone_id=by.zone_id, pk=task.matter.subject_id
    )
    row.post, row.office = task.post, task.office
    row.version += 1
    row.save(update_fields=["post", "office", "version"])
    journal.record(
        by=by,
        now=now,
        verb="hand_on_answer",
        subject=row,
        party_ref=row.party_id,
        name=row.what,
        post=row.post_id,
        office=row.office_id,
    )


def follow(row: Row, *, by: Actor, now: datetime) -> None:
    """What a changed need or promise means for its project: its plan first, then its light."""
    if row.project is None:
        return
    if isinstance(row, ElementNeed):
        _follow_plan(row, by=by, now=now)
    relight(by=by, now=now, project=row.project)


def _follow_plan(row: ElementNeed, *, by: Actor, now: datetime) -> None:
    """Steps of the plan that wait for a need, or are free."""
    if row.project is None or row.project.matter_id is None:
        return
    plan = Plan.objects.filter(
        zone_id=by.zone_id, matter_id=row.project.matter_id, closed_at__isnull=True
    ).first()
    if plan is not None:
        hold_anew(by=by, now=now, plan=plan, kinds={row.kind})
