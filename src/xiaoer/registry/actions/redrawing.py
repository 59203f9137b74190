"""Verbs about proposals to re-draw cells and caseloads: asked, computed, accepted, taken back.

A job computes; a killed server leaves it standing, and it can be begun again. Accepted, it moves
enterprises, their officers and the officers' open tasks in one step; what somebody moved meanwhile
is left where it is, and told.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeAlias

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app

from xiaoer.base import journal
from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry import access
from xiaoer.registry.actions import redrawn
from xiaoer.registry.actions.parties import lock_party
from xiaoer.registry.models import (
    Grid,
    Party,
    Redrawing,
    RedrawingLine,
    RedrawingPin,
    RedrawingRule,
)
from xiaoer.registry.redrawing import progress
from xiaoer.registry.redrawing.conflicts import conflicts_of, names_of
from xiaoer.registry.redrawing.problem import Plan, loads_of, loads_today
from xiaoer.registry.redrawing.progress import Tell, tell_nobody
from xiaoer.registry.redrawing.reading import Weighed, must_be_drawable, read_today, weigh
from xiaoer.registry.redrawing.rules import kind_of, must_be_sound, rules_of
from xiaoer.registry.redrawing.solving import solve

State: TypeAlias = Redrawing.State
Phase: TypeAlias = Redrawing.Phase
JOB = "work_on_redrawing"
WAITING = (State.ASKED, State.RUNNING)
LOOKED_AT = (State.READY, State.STOPPED)
# A map of next year says nothing of today's.
FARTHEST = timedelta(days=366)


# Asking ------------------------------------------------------------------------------------------


@transaction.atomic
def ask_redrawing(
    *,
    by: Actor,
    now: datetime,
    grids: Sequence[Grid] = (),
    values: Mapping[str, int] | None = None,
    note: str = "",
) -> Redrawing:
    """Have a proposal computed for some grids, or all. Nothing of the registry changes by it.

    What is wrong with today's map is told before anything is computed. ``values`` replace the
    zone's rules for this proposal only.
    """
    access.must_redraw(by)
    chosen = {rule.code: rule.value for rule in rules_of(by)} | dict(values or {})
    must_be_sound(chosen)
    numbers = sorted(grid.pk for grid in grids)
    must_be_drawable(read_today(by=by, grids=numbers, on=timezone.localdate(now)))
    row = Redrawing.objects.create(
        zone_id=by.zone_id,
        post_id=by.post_id,
        grids=numbers,
        values=chosen,
        note=_short(note, "note"),
        asked_at=now,
    )
    journal.record(
        by=by, now=now, verb="ask_redrawing", subject=row, note=row.note,
        codes=[grid.code for grid in grids],
    )  # fmt: skip
    _queue(by, row)
    return row


@transaction.atomic
def ask_redrawing_again(*, by: Actor, now: datetime, redrawing: Redrawing) -> Redrawing:
    """The same once more from today's map: firms moved meanwhile, or what a killed server left."""
    access.must_redraw(by)
    row = _locked(by, redrawing)
    if row.state in (State.ACCEPTED, State.UNDONE):
        raise Refused(_("This proposal was accepted; ask for a new one."))
    if row.state in WAITING and progress.is_at_work(row.pk):
        raise Refused(_("This proposal is being computed right now; wait, or stop it."))
    must_be_drawable(read_today(by=by, grids=row.grids, on=timezone.localdate(now)))
    _clear(row)
    row.state, row.asked_at, row.message = State.ASKED, now, ""
    row.phase, row.percent, row.is_stop_asked = "", 0, False
    row.save()
    journal.record(by=by, now=now, verb="ask_redrawing_again", subject=row)
    _queue(by, row)
    return row


@transaction.atomic
def stop_redrawing(*, by: Actor, now: datetime, redrawing: Redrawing) -> Redrawing:
    """Stop computing; the best found so far is kept to look at."""
    access.must_redraw(by)
    row = _locked(by, redrawing)
    if row.state not in WAITING:
        raise Refused(_("This proposal is not being computed any more."))
    row.is_stop_asked = True
    if not progress.is_at_work(row.pk):
        row.state, row.finished_at, row.phase = State.STOPPED, now, ""
        row.message = _("Stopped before anything was found.")
    row.save()
    journal.record(by=by, now=now, verb="stop_redrawing", subject=row)
    return row


@transaction.atomic
def drop_redrawing(*, by: Actor, now: datetime, redrawing: Redrawing) -> Redrawing:
    """Put a proposal away that nobody wants; it stays readable."""
    access.must_redraw(by)
    row = _locked(by, redrawing)
    if row.state in (State.ACCEPTED, State.UNDONE, State.DROPPED):
        raise Refused(_("Only a proposal nobody accepted can be dropped."))
    if row.state in WAITING and progress.is_at_work(row.pk):
        raise Refused(_("This proposal is being computed right now; wait, or stop it."))
    row.state = State.DROPPED
    row.save(update_fields=["state"])
    journal.record(by=by, now=now, verb="drop_redrawing", subject=row)
    return row


# Computing ---------------------------------------------------------------------------------------


@transaction.atomic
def work_on_redrawing(
    *, by: Actor, now: datetime, number: int, tell: Tell = tell_nobody
) -> Redrawing | None:
    """What the job does. Whoever comes second finds nothing to do."""
    access.must_redraw(by)
    if not progress.take_lock(number):
        return None
    row = Redrawing.objects.get(zone_id=by.zone_id, pk=number)
    if row.state not in WAITING:
        return None
    began = time.monotonic()
    tell(Phase.READING, 0)
    today = read_today(by=by, grids=row.grids, on=timezone.localdate(now))
    must_be_drawable(today)
    weighed = weigh(by=by, today=today, values=row.values)

    def heed(percent: int) -> bool:
        return tell(Phase.SHARING if percent < 6 else Phase.MENDING, percent)

    plan = solve(weighed.problem, heed=heed, seconds=row.values["limit_seconds"])
    is_stopped = plan.is_cut and heed(99)
    tell(Phase.WRITING, 95)
    # From here on the row is this transaction's own: nothing is told any more.
    row.refresh_from_db()
    _clear(row)
    row.moved = _write(row, weighed, plan)
    row.figures = _figures(weighed, plan)
    row.state = State.STOPPED if is_stopped else State.READY
    row.finished_at = now + timedelta(seconds=time.monotonic() - began)
    row.phase, row.percent = "", 100
    row.save()
    journal.record(by=by, now=now, verb="compute_redrawing", subject=row, moved=row.moved)
    return row


@transaction.atomic
def fail_redrawing(*, by: Actor, now: datetime, number: int, reason: str) -> None:
    """Note why a job could not do what it was asked to; what has ended meanwhile stays as it is."""
    row = Redrawing.objects.select_for_update(no_key=True).get(zone_id=by.zone_id, pk=number)
    if row.state not in WAITING:
        return
    row.state, row.message, row.finished_at = State.FAILED, reason[:500], now
    row.save(update_fields=["state", "message", "finished_at"])
    journal.record(by=by, now=now, verb="fail_redrawing", subject=row, reason=reason[:500])


def _queue(by: Actor, row: Redrawing) -> None:
    app.configure_task(JOB).defer(zone_id=row.zone_id, number=row.pk, post_id=by.post_id)


def _clear(row: Redrawing) -> None:
    """Lines of a proposal nobody accepted: computed anew, they say nothing of today."""
    RedrawingLine.objects.filter(zone_id=row.zone_id, redrawing=row).delete()
    row.moved, row.figures, row.finished_at = 0, {}, None


def _write(row: Redrawing, weighed: Weighed, plan: Plan) -> int:
    lines = []
    for firm in weighed.problem.firms:
        choice = plan.chosen.get(firm.id)
        cell, post = (choice.cell, choice.officer) if choice else (firm.cell, firm.officer)
        lines.append(
            RedrawingLine(
                zone_id=row.zone_id,
                redrawing=row,
                party_id=firm.id,
                cell_before_id=firm.cell,
                cell_after_id=cell,
                post_before_id=firm.officer,
                post_after_id=post,
                weight=firm.weight,
                is_pinned=firm.keeps_cell,
                is_moved=(cell, post) != (firm.cell, firm.officer),
            )
        )
    RedrawingLine.objects.bulk_create(lines, batch_size=1000)
    return sum(line.is_moved for line in lines)


def _figures(weighed: Weighed, plan: Plan) -> dict[str, object]:
    problem = weighed.problem
    after = loads_of(problem, plan.chosen)
    return {
        "officers": {str(post): problem.held.get(post, 0) for post in problem.officers},
        "firms": len(problem.firms),
        "mean": round(problem.mean, 2),
        "ceiling": problem.ceiling,
        "heaviest_before": max(loads_today(problem).values(), default=0),
        "heaviest_after": max(after.values(), default=0),
        "above": sum(load > problem.ceiling for load in after.values()),
        "with_others": len(problem.firms) - len(problem.counted),
        "pinned": weighed.pinned,
        "without_place": weighed.without_place,
        "strays": weighed.strays,
        "is_cut": plan.is_cut,
    }


# Accepting ---------------------------------------------------------------------------------------


@transaction.atomic
def accept_redrawing(
    *,
    by: Actor,
    now: datetime,
    redrawing: Redrawing,
    since: date | None = None,
    leave_out: bool = False,
) -> Redrawing:
    """Accept a proposal from a day on: today it is carried out at once, later by a job that morning.

    Enterprises somebody moved meanwhile are left where they are, once the asker has said so.
    """
    access.must_redraw(by)
    row = _locked(by, redrawing)
    today = timezone.localdate(now)
    since = since or today
    _must_be_acceptable(row, since, today)
    troubled = conflicts_of(row, on=max(since, today))
    if troubled and not leave_out:
        raise Refused(
            ngettext(
                "%(count)d enterprise was moved or ended meanwhile, or cannot go where it should:"
                " %(names)s. Leave it out, or ask again.",
                "%(count)d enterprises were moved or ended meanwhile, or cannot go where they should:"
                " %(names)s. Leave them out, or ask again.",
                len(troubled),
            )
            % {"count": len(troubled), "names": names_of(troubled)},
            field="leave_out",
        )
    row.state, row.since, row.accepted_at = State.ACCEPTED, since, now
    row.accepted_by_id = by.post_id
    row.save()
    journal.record(
        by=by, now=now, verb="accept_redrawing", subject=row, since=str(since), moved=row.moved
    )
    if since <= today:
        redrawn.carry_out(by=by, now=now, row=row)
    return row


@transaction.atomic
def apply_redrawings(*, by: Actor, now: datetime) -> int:
    """Carry out what was accepted for today or before; how many it was. What cannot be is told."""
    access.must_redraw(by)
    rows = Redrawing.objects.select_for_update(no_key=True).filter(
        zone_id=by.zone_id,
        state=State.ACCEPTED,
        applied_at__isnull=True,
        since__lte=timezone.localdate(now),
    )
    due = list(rows.order_by("since", "id"))
    done, left = 0, dict[str, str]()
    for row in due:
        with going_on(left, str(row)):
            redrawn.carry_out(by=by, now=now, row=row)
            done += 1
    tell_left(by=by, now=now, left=left)
    return done


@transaction.atomic
def undo_redrawing(*, by: Actor, now: datetime, redrawing: Redrawing) -> Redrawing:
    """Take an accepted proposal back in one step: what nobody moved since goes where it was.

    One that waits for its day only loses its day and can be accepted for another.
    """
    access.must_redraw(by)
    row = _locked(by, redrawing)
    if row.state != State.ACCEPTED:
        raise Refused(_("Only an accepted proposal can be taken back."))
    if row.applied_at is None:
        row.state = State.READY
        row.since = row.accepted_at = row.accepted_by = None
        row.save()
        journal.record(by=by, now=now, verb="withdraw_redrawing", subject=row)
        return row
    redrawn.take_back(by=by, now=now, row=row)
    return row


def _must_be_acceptable(row: Redrawing, since: date, today: date) -> None:
    if row.state not in LOOKED_AT:
        raise Refused(_("Only a proposal that is ready can be accepted; ask for a new one."))
    if not row.moved:
        raise Refused(_("This proposal moves nobody; there is nothing to accept."))
    if since < today:
        raise Refused(_("Choose today or a later day."), field="since")
    if since - today > FARTHEST:
        raise Refused(_("Choose a day within a year."), field="since")


def _locked(by: Actor, redrawing: Redrawing) -> Redrawing:
    return Redrawing.objects.select_for_update(no_key=True).get(zone_id=by.zone_id, pk=redrawing.pk)


# What stays, and what weighs how much ------------------------------------------------------------


@transaction.atomic
def pin_enterprise(
    *, by: Actor, now: datetime, party: Party, kind: str, reason: str
) -> RedrawingPin:
    """Keep an enterprise where it is, whatever a proposal finds better; said again, it is changed."""
    access.must_redraw(by)
    party = lock_party(party)
    if party.cell_id is None:
        raise Refused(_("%(name)s is in no cell; admit it first.") % {"name": party.name})
    if kind not in RedrawingPin.Kind.values:
        raise Refused(_("Choose one of the list."), field="kind")
    reason = _short(reason, "reason")
    if not reason:
        raise Refused(_("Say in a few words why."), field="reason")
    RedrawingPin.objects.filter(zone_id=by.zone_id, party=party, ended_at__isnull=True).update(
        ended_at=now
    )
    pin = RedrawingPin.objects.create(
        zone_id=by.zone_id, party=party, kind=kind, reason=reason, set_by_id=by.post_id, set_at=now
    )
    journal.record(
        by=by, now=now, verb="pin_enterprise", subject=party, party_ref=party.pk, kind=kind,
        reason=reason,
    )  # fmt: skip
    return pin


@transaction.atomic
def unpin_enterprise(*, by: Actor, now: datetime, pin: RedrawingPin) -> RedrawingPin:
    """Let proposals move an enterprise again."""
    access.must_redraw(by)
    pin = (
        RedrawingPin.objects.select_for_update(of=("self",))
        .select_related("party")
        .get(zone_id=by.zone_id, pk=pin.pk)
    )
    if pin.ended_at is None:
        pin.ended_at = now
        pin.save(update_fields=["ended_at"])
        journal.record(
            by=by, now=now, verb="unpin_enterprise", subject=pin.party, party_ref=pin.party_id
        )
    return pin


@transaction.atomic
def set_redrawing_rule(
    *, by: Actor, now: datetime, code: str, value: int, source: str, version: int
) -> RedrawingRule:
    """Give the zone its own value; its source is what the asker writes, and its mark D."""
    access.must_redraw(by)
    kind = kind_of(code)
    source = _short(source, "source")
    if not source:
        raise Refused(_("Say where the value comes from."), field="source")
    rules = RedrawingRule.objects.select_for_update().filter(zone_id=by.zone_id)
    row = rules.filter(code=code).first()
    if (row.version if row else 0) != version:
        raise Refused(_("This value was changed meanwhile. Load the page again and look at it."))
    before = row.value if row else kind.value
    must_be_sound({rule.code: rule.value for rule in rules_of(by)} | {code: value})
    if row is None:
        row = RedrawingRule(zone_id=by.zone_id, code=code, version=0)
    row.value, row.source, row.mark = value, source, "D"
    row.version += 1
    row.save()
    journal.record(
        by=by, now=now, verb="set_redrawing_rule", subject=row, code=code, before=before,
        after=value, source=source,
    )  # fmt: skip
    return row


def _short(text: str, field: str) -> str:
    text = " ".join(text.replace("\x00", "").split())
    if len(text) > 200:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": 200}, field=field
        )
    return text
