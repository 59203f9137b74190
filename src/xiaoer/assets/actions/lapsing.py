"""An approval of a move-in whose time to settle runs out: watched by a task, extended by a person, or over.

The machine lets the units go and tells everybody; whether the move-in itself comes to nothing a person
says, who may as well extend it while the units are free.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import moving as access
from xiaoer.assets.actions.move_in_papers import order_papers
from xiaoer.assets.actions.moving_rows import (
    LAPSED,
    SETTLE,
    State,
    in_state,
    matter_of,
    open_tasks,
    save,
    tell,
)
from xiaoer.assets.actions.moving_space import held_units, keep_until, let_units_go
from xiaoer.assets.actions.whose import Whose, whose
from xiaoer.assets.models import MoveIn
from xiaoer.assets.queries.move_ins import kept_until
from xiaoer.base.checking import end_of, must_come, must_say, today
from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.models import Role
from xiaoer.base.queries import posts_in_force
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import actions as work
from xiaoer.work.models import Task
from xiaoer.work.queries import limit

APPROVED = (State.APPROVED, State.CONDITIONAL)
# Whose office watches an approval nobody in office opened or decided, the first that the zone has.
ASKED = (
    Role.INVESTMENT, Role.SERVICE_DESK, Role.ECONOMY, Role.PROJECT, Role.ADMINISTRATOR,
    Role.ZONE_LEADER,
)  # fmt: skip


def watch_settling(by: Actor, now: datetime, row: MoveIn) -> None:
    """Whoever sees it through has a task until its units are no longer kept."""
    until = kept_until([row]).get(row.pk)
    if until is None:
        return
    asked = _whom(row, now)
    work.give_task(
        by=by, now=now, matter=matter_of(row), kind=SETTLE, title=asked.title(row.name),
        post=asked.post, office=asked.office, due_at=end_of(until),
    )  # fmt: skip


def _whom(row: MoveIn, now: datetime) -> Whose:
    """Who sees it through or decided it, if still in office; else whoever keeps move-ins."""
    there = posts_in_force(zone_id=row.zone_id, on=today(now))
    for number in (row.post_id, row.decided_by_id):
        post = there.filter(pk=number).first() if number else None
        if post is not None:
            return Whose(post=post)
    asked = whose(zone_id=row.zone_id, on=today(now), roles=ASKED)
    if asked is None:
        raise Refused(
            _("No office of this zone sees move-ins through; give somebody a post there.")
        )
    return asked


@transaction.atomic
def lapse_move_ins(*, by: Actor, now: datetime) -> list[MoveIn]:
    """Let the units go of every approval whose time to settle is over; run every morning.

    A firm that holds its units already only lacks the record of it, and is left to the task. One that
    cannot be dealt with stays as it is until tomorrow, and the others go on.
    """
    access.must_keep_move_ins(by)
    left: dict[str, str] = {}
    _watch_unwatched(by, now, left)
    over = Task.objects.filter(
        zone_id=by.zone_id, kind=SETTLE, state=Task.State.OPEN, due_at__lte=now
    ).order_by("id")
    lapsed = []
    for number, name in list(over.values_list("matter__subject_id", "matter__title")):
        with going_on(left, name):
            row = in_state(by, MoveIn(pk=number), *State)
            if row.state in APPROVED and _lacks_a_unit(row, now):
                _lapse(by, now, row)
                lapsed.append(row)
    tell_left(by=by, now=now, left=left)
    return lapsed


def _watch_unwatched(by: Actor, now: datetime, left: dict[str, str]) -> None:
    """Approvals from before anybody watched them."""
    rows = MoveIn.objects.filter(
        zone_id=by.zone_id, state__in=APPROVED, way=MoveIn.Way.NEW, matter__closed_at__isnull=True
    ).exclude(matter__tasks__kind__in=[SETTLE, LAPSED])
    for row in rows.select_related("matter"):
        with going_on(left, row.name):
            watch_settling(by, now, row)


def _lacks_a_unit(row: MoveIn, now: datetime) -> bool:
    held = held_units(row, today(now))
    return row.of_units.exclude(unit__in=held).exists()


def _lapse(by: Actor, now: datetime, row: MoveIn) -> None:
    asked = _whom(row, now)
    codes = "、".join(row.of_units.order_by("id").values_list("unit__code", flat=True))
    let_units_go(by, now, row, _("The approval of %(number)s lapsed.") % {"number": row.number})
    work.end_tasks(by=by, now=now, tasks=open_tasks(row, [SETTLE]), is_done=False)
    work.give_task(
        by=by, now=now, matter=matter_of(row), kind=LAPSED, title=asked.title(row.name),
        post=asked.post, office=asked.office, limit=limit(row.zone_id, "move_in.decide"),
    )  # fmt: skip
    tell(by, now, "lapse_move_in", row, units=codes)
    order_papers(row)


@transaction.atomic
def extend_move_in(
    *,
    by: Actor,
    now: datetime,
    move_in: MoveIn,
    until: date,
    reason: str,
    version: int | None = None,
) -> MoveIn:
    """Keep its units through a later day: before the time is over, or after, while they are free."""
    access.must_keep_move_ins(by)
    if by.post_id is None:
        raise Refused(_("A person extends an approval, and says why."))
    row = in_state(by, move_in, *APPROVED, version=version)
    if row.way == MoveIn.Way.CAGE:
        raise Refused(_("By cage-change nothing is kept, so there is nothing to extend."))
    must_come(until, "until", now)
    before = kept_until([row]).get(row.pk)
    if before is not None and until <= before:
        raise Refused(
            _("Its units are kept to %(day)s already; choose a later day.")
            % {"day": before.isoformat()},
            field="until",
        )
    reason = must_say(reason, "reason", most=300)
    keep_until(by, now, row, until, reason)
    work.end_tasks(
        by=by, now=now, tasks=open_tasks(row, [SETTLE, LAPSED]), is_done=True, outcome=reason
    )
    save(row)
    watch_settling(by, now, row)
    tell(
        by, now, "extend_move_in", row, until=until.isoformat(), reason=reason,
        **({"old": before.isoformat()} if before else {}),
    )  # fmt: skip
    order_papers(row)
    return row
