"""Levelling (排程): asked for, searched by a job, watched, stopped, and taken by a person."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import STAFF, Actor
from xiaoer.web import words
from xiaoer.work import plan_access, queries
from xiaoer.work.actions.checking import last_hand
from xiaoer.work.actions.plan_checking import today_of
from xiaoer.work.models import Levelling, Plan, Step
from xiaoer.work.planning.frame import Loop
from xiaoer.work.planning.levelling import Levelled, level
from xiaoer.work.queries.levelling import Problem

JOB = "level_zone"
LEVELLING_SECONDS, SHORTEST, LONGEST = 30, 5, 600
# How often a running search tells how far it is, in seconds.
TELLS = 0.5

State = Levelling.State
_SAY = """
update levelling set percent = %(percent)s, better = %(better)s, cost = %(cost)s,
  best = %(best)s::jsonb, beyond = %(beyond)s::jsonb, told_at = %(now)s
where zone_id = %(zone)s and id = %(levelling)s and state = 'running'
returning wants_stop
"""


@transaction.atomic
def ask_for_levelling(*, by: Actor, now: datetime, seconds: int = LEVELLING_SECONDS) -> Levelling:
    """Ask that all open plans be laid out under the zone's resources; a job searches."""
    plan_access.must_make_plans(by)
    if not SHORTEST <= seconds <= LONGEST:
        raise Refused(
            _("Give the search %(least)d to %(most)d seconds.")
            % {"least": SHORTEST, "most": LONGEST},
            field="seconds",
        )
    _must_be_the_only_one(by, now)
    problem = queries.levelling_problem(by.zone_id)
    if not problem.competes:
        raise Refused(
            _("No open step takes of a resource; enter on the steps of the plans what they need.")
        )
    row = Levelling.objects.create(
        zone_id=by.zone_id,
        post_id=by.post_id,
        seconds=seconds,
        plans=len(problem.networks),
        asked_at=now,
        told_at=now,
    )
    journal.record(by=by, now=now, verb="ask_for_levelling", subject=row, plans=row.plans)
    app.configure_task(JOB).defer(zone_id=by.zone_id, levelling_id=row.pk)
    return row


def _must_be_the_only_one(by: Actor, now: datetime) -> None:
    """One search of a zone at a time; one that nobody is at any more is ended with its best."""
    rows = Levelling.objects.select_for_update(of=("self",)).filter(
        zone_id=by.zone_id, state__in=(State.WAITING, State.RUNNING)
    )
    for row in rows:
        if not queries.levelling_stands_still(row, now):
            raise Refused(
                _("The plans are being laid out already (%(who)s); wait for that, or stop it.")
                % {"who": last_hand("levelling", row.pk, by) or words.MISSING}
            )
        _end(row, now)


def _end(row: Levelling, now: datetime) -> None:
    """Done with the best so far, failed without one."""
    row.finished_at, row.state = now, State.DONE if row.best else State.FAILED
    if row.state == State.FAILED:
        row.message = _("Nothing was found before the server was interrupted; search again.")
    else:
        row.percent = 100
    row.save()


@transaction.atomic
def begin_levelling(*, by: Actor, now: datetime, levelling_id: int) -> tuple[Problem, int] | None:
    """What is to be laid out in how many seconds; nothing where it was begun before, so that it runs once."""
    row = _locked(by, levelling_id)
    if row.state != State.WAITING:
        return None
    problem = queries.levelling_problem(by.zone_id, today=today_of(now))
    row.state, row.told_at, row.plans = State.RUNNING, now, len(problem.networks)
    row.save()
    return problem, row.seconds


@dataclass(slots=True)
class Watch:
    """What a running search hears and tells, on a connection of its own.

    Nobody would see the job's transaction until it ends.
    """

    say: Callable[[float, int, Levelled | None], bool]
    seconds: float
    began: float
    told: float = 0.0
    better: int = 0
    best: Levelled | None = None
    wants_stop: bool = False

    def on_better(self, found: Levelled) -> None:
        self.best = found
        self.better += 1

    def stop(self) -> bool:
        now = time.monotonic()
        if now - self.told >= TELLS:
            self.told = now
            self.wants_stop = self.say((now - self.began) / self.seconds, self.better, self.best)
        return self.wants_stop


@contextmanager
def watching_levelling(*, zone_id: int, levelling_id: int, seconds: float) -> Iterator[Watch]:
    """Tell how far a search is and keep its best so far; hears whether somebody wants it stopped."""
    link = connections["default"].copy()
    try:
        with link.cursor() as cursor:
            cursor.execute(
                "select set_config('role', %s, false), set_config('x.zone', %s, false)",
                [STAFF, str(zone_id)],
            )

        def say(share: float, better: int, best: Levelled | None) -> bool:
            told = {
                "zone": zone_id,
                "levelling": levelling_id,
                "percent": min(99, round(100 * share)),
                "better": better,
                "cost": best.cost if best else None,
                "best": _json(best.starts if best else {}),
                "beyond": json.dumps(list(best.beyond) if best else []),
                "now": timezone.now(),
            }
            with link.cursor() as cursor:
                cursor.execute(_SAY, told)
                row = cursor.fetchone()
            return bool(row and row[0])

        yield Watch(say, seconds, time.monotonic())
    finally:
        link.close()


def _json(starts: Mapping[int, date]) -> str:
    return json.dumps(_days(starts))


def _days(starts: Mapping[int, date]) -> dict[str, str]:
    return {str(key): day.isoformat() for key, day in starts.items()}


def search_levelling(problem: Problem, *, seconds: float, watch: Watch) -> Levelled:
    """The search itself, outside any transaction. A plan whose steps go round is told."""
    try:
        return level(
            problem.networks,
            problem.capacities,
            calendar=problem.calendar,
            today=problem.today,
            seconds=seconds,
            stop=watch.stop,
            on_better=watch.on_better,
        )
    except Loop as loop:
        raise Refused(str(loop)) from loop


@transaction.atomic
def finish_levelling(
    *, by: Actor, now: datetime, levelling_id: int, found: Levelled, better: int
) -> Levelling:
    """Keep what was found; finished twice it is finished once."""
    row = _locked(by, levelling_id)
    if row.finished_at is not None:
        return row
    row.state, row.percent, row.finished_at = State.DONE, 100, now
    row.best, row.beyond = _days(found.starts), list(found.beyond)
    row.cost, row.bound, row.better = found.cost, found.bound, better
    row.save()
    journal.record(by=by, now=now, verb="level_zone", subject=row, plans=row.plans, cost=row.cost)
    return row


@transaction.atomic
def fail_levelling(*, by: Actor, now: datetime, levelling_id: int, reason: str) -> None:
    """Keep why a search was refused, for whoever asked for it."""
    row = _locked(by, levelling_id)
    if row.finished_at is None:
        row.state, row.message, row.finished_at = State.FAILED, reason[:500], now
        row.save()


@transaction.atomic
def stop_levelling(*, by: Actor, now: datetime, levelling: Levelling) -> Levelling:
    """Stop searching; the best so far stays. One nobody is at any more ends here and now."""
    plan_access.must_make_plans(by)
    row = _locked(by, levelling.pk)
    if row.finished_at is not None:
        return row
    if queries.levelling_stands_still(row, now):
        _end(row, now)
    elif row.wants_stop:
        return row
    else:
        row.wants_stop = True
        row.save(update_fields=["wants_stop"])
    journal.record(by=by, now=now, verb="stop_levelling", subject=row)
    return row


@transaction.atomic
def take_levelling(*, by: Actor, now: datetime, levelling: Levelling) -> Levelling:
    """Take what was found: the planned days of all open steps are written.

    What has started or ended since keeps its own days, and what waits for it follows.
    """
    plan_access.must_make_plans(by)
    row = _locked(by, levelling.pk)
    if row.state != State.DONE:
        raise Refused(_("The search is not ready yet; stop it to take the best so far."))
    if row.taken_at is not None:
        raise Refused(
            _("These days were taken already (%(who)s). Search again to see what is better now.")
            % {"who": last_hand("levelling", row.pk, by) or words.MISSING}
        )
    # Locked in one order, as the night does: nobody reports on a step meanwhile.
    list(
        Plan.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, closed_at__isnull=True)
        .order_by("id")
        .values_list("id", flat=True)
    )
    result = queries.levelling_result(row, today=today_of(now))
    moved = []
    for step in queries.open_steps(by.zone_id):
        span = result.steps.get(step.pk)
        days = (span.starts_on, span.ends_on) if span else (None, None)
        if (step.planned_start, step.planned_finish) != days:
            step.planned_start, step.planned_finish = days
            moved.append(step)
    Step.objects.bulk_update(moved, ("planned_start", "planned_finish"), batch_size=1000)
    row.taken_at = now
    row.save(update_fields=["taken_at"])
    journal.record(
        by=by,
        now=now,
        verb="take_levelling",
        subject=row,
        steps=len(moved),
        plans=len(result.lines),
        late=result.late,
    )
    return row


def _locked(by: Actor, levelling_id: int) -> Levelling:
    return Levelling.objects.select_for_update(of=("self",)).get(
        zone_id=by.zone_id, pk=levelling_id
    )
