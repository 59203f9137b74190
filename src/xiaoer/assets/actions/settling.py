"""After the decision: what is to be done is done, the firm moves in, and produces."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.assets.access import moving as access
from xiaoer.assets.actions.leases import begin_lease
from xiaoer.assets.actions.moving_rows import (
    ERRAND,
    LAPSED,
    SETTLE,
    State,
    close_if_over,
    in_state,
    open_tasks,
    save,
    tell,
)
from xiaoer.assets.actions.needs import follow_move_in
from xiaoer.assets.models import Lease, MoveIn, MoveInUnit, Occupancy
from xiaoer.base.checking import locked, must_have_been, must_say
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import access as work_access
from xiaoer.work import actions as work
from xiaoer.work.models import Task

Kind = Occupancy.Kind
HELD = (Kind.LET, Kind.SOLD, Kind.OWN)


@transaction.atomic
def finish_chore(*, by: Actor, now: datetime, task: Task, words: str) -> Task:
    """Report that something of the task list was done, with what came of it."""
    move_in = MoveIn.objects.filter(zone_id=by.zone_id, matter_id=task.matter_id).first()
    if move_in is None or task.kind != ERRAND:
        raise Refused(_("This task is of no task list of a move-in."))
    row = in_state(by, move_in, State.APPROVED, State.CONDITIONAL, State.SETTLED)
    if not access.keeps_move_ins(by):
        work_access.must_hold(by, task, now)
    words = must_say(words, "words", most=500, why=_("Say what was done."))
    done = work.finish_task(by=by, now=now, task=task, outcome=words)
    tell(by, now, "finish_chore", row, name=done.title, words=words)
    close_if_over(by, now, row)
    return done


@transaction.atomic
def settle_move_in(
    *,
    by: Actor,
    now: datetime,
    move_in: MoveIn,
    on: date,
    lease: Lease | None = None,
    version: int | None = None,
) -> MoveIn:
    """The firm has moved in: it holds every unit on that day, by a lease, bought, or as its own.

    A lease that is drawn up begins with it. A unit nobody holds for it is refused by name.
    """
    access.must_keep_move_ins(by)
    row = in_state(by, move_in, State.APPROVED, State.CONDITIONAL, version=version)
    must_have_been(on, "on", now)
    if row.party is None:
        raise Refused(
            _("Say first which firm of the registry it is; a lease is a firm's."), field="party"
        )
    if lease is not None:
        lease = _lease(by, now, row, lease)
    _must_hold(row, on, lease)
    row.state, row.settled_on, row.lease = State.SETTLED, on, lease
    save(row)
    if row.matter is not None:
        tasks = open_tasks(row, [SETTLE, LAPSED])
        work.end_tasks(by=by, now=now, tasks=tasks, is_done=True, outcome=str(row.state.label))
    if row.need is not None:
        follow_move_in(by=by, now=now, need=row.need)
    tell(by, now, "settle_move_in", row, day=str(on), **({"number": lease.number} if lease else {}))
    return row


def _lease(by: Actor, now: datetime, row: MoveIn, lease: Lease) -> Lease:
    kept = locked(Lease, by, lease.pk)
    if kept.party_id != row.party_id:
        raise Refused(
            _("The lease %(number)s is another firm's.") % {"number": kept.number}, field="lease"
        )
    if kept.state == Lease.State.DRAFT:
        kept = begin_lease(by=by, now=now, lease=kept)
    if kept.state != Lease.State.IN_FORCE:
        raise Refused(
            _("The lease %(number)s is “%(state)s”; it has to be in force.")
            % {"number": kept.number, "state": Lease.State(kept.state).label},
            field="lease",
        )
    return kept


def _must_hold(row: MoveIn, on: date, lease: Lease | None) -> None:
    asked = {
        one.unit_id: one.unit.code
        for one in MoveInUnit.objects.filter(move_in=row).select_related("unit")
    }
    held = Occupancy.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on),
        zone_id=row.zone_id, unit__in=asked, party=row.party_id, kind__in=HELD,
        since__lte=on, is_struck=False,
    )  # fmt: skip
    if lease is not None:
        held = held.filter(lease=lease)
    there = set(held.values_list("unit_id", flat=True))
    lacking = [code for number, code in asked.items() if number not in there]
    if lacking:
        raise Refused(
            _("%(who)s does not hold %(units)s on this day; begin its lease first.")
            % {"who": row.who, "units": "、".join(lacking)},
            field="on",
        )


@transaction.atomic
def record_production(
    *, by: Actor, now: datetime, move_in: MoveIn, on: date, version: int | None = None
) -> MoveIn:
    """It produces since a day; with its task list done it is off the zone's hands."""
    access.must_keep_move_ins(by)
    row = in_state(by, move_in, State.SETTLED, version=version)
    must_have_been(on, "on", now)
    if row.settled_on is not None and on < row.settled_on:
        raise Refused(_("It moved in only on %(day)s.") % {"day": row.settled_on}, field="on")
    row.producing_on = on
    save(row)
    tell(by, now, "record_production", row, day=str(on))
    close_if_over(by, now, row)
    return row
