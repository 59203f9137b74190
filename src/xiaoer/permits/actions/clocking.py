"""Clocks of an item moved by acts: stopped for a lawful reason, run on, given more time."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import case_access as access
from xiaoer.permits import clocks, queries
from xiaoer.permits.actions.branching import end_pause, move_tasks, reckon_dues
from xiaoer.permits.actions.case_rows import (
    locked_case,
    locked_item,
    locked_step,
    must_run,
    must_say,
    tell,
)
from xiaoer.permits.actions.noticing import order_notice
from xiaoer.permits.models import Case, CaseItem, CaseNotice, CaseStep, ItemPause
from xiaoer.permits.wording import read_definition
from xiaoer.web.words import full_day
from xiaoer.work import queries as works
from xiaoer.work.clocks import PauseReason

MOST_DAYS = 250


@transaction.atomic
def pause_item(
    *, by: Actor, now: datetime, item: CaseItem, reason: str, words: str, expected_days: int
) -> ItemPause:
    """Stop the clocks of an item for a reason of article 45, and tell the applicant in writing how
    many working days it should take."""
    row = locked_item(by, item)
    access.must_handle(by, row)
    return _stop(row, reason, words, expected_days, by=by, now=now)


def _stop(
    item: CaseItem, reason: str, words: str, expected_days: int, *, by: Actor, now: datetime
) -> ItemPause:
    if reason not in PauseReason.values:
        raise Refused(
            _(
                "This is no lawful reason to stop a clock (Licensing Law, article 45: hearing,"
                " tender, auction, inspection and testing, appraisal, expert review)."
            ),
            field="reason",
        )
    if ItemPause.objects.filter(item=item, until__isnull=True).exists():
        raise Refused(_("The clocks of “%(item)s” stand still already.") % {"item": item.name})
    if not 1 <= expected_days <= MOST_DAYS:
        raise Refused(
            _(
                "Say how many working days it should take, from 1 to %(most)d; the applicant is told."
            )
            % {"most": MOST_DAYS},
            field="expected_days",
        )
    pause = ItemPause.objects.create(
        zone_id=item.zone_id,
        item=item,
        reason=reason,
        words=must_say(words, _("Say what is done meanwhile, and by whom."), most=300),
        expected_days=expected_days,
        since=now,
        post_id=by.post_id,
    )
    reckon_dues(item, now=now)
    move_tasks(item, str(PauseReason(reason).label), by=by, now=now)
    event = tell(
        item.case, "pause_item", by=by, now=now, item=item, pause=pause.pk, reason=reason,
        words=pause.words, working_days=expected_days,
    )  # fmt: skip
    order_notice(event, CaseNotice.Kind.PAUSED, now=now)
    return pause


@transaction.atomic
def resume_item(*, by: Actor, now: datetime, item: CaseItem) -> ItemPause:
    """Let the clocks of an item run on; what the stop took is not counted."""
    row = locked_item(by, item)
    access.must_handle(by, row)
    return _run_on(row, by=by, now=now)


def _run_on(item: CaseItem, *, by: Actor, now: datetime) -> ItemPause:
    pause = end_pause(item, now=now)
    if pause is None:
        raise Refused(
            _("The clocks of “%(item)s” are running; there is nothing to resume.")
            % {"item": item.name}
        )
    tell(item.case, "resume_item", by=by, now=now, item=item, pause=pause.pk)
    move_tasks(item, _("the clocks run on"), by=by, now=now)
    return pause


@transaction.atomic
def hold_step(
    *, by: Actor, now: datetime, step: CaseStep, reason: str, words: str, expected_days: int
) -> CaseStep:
    """Put a step on hold, for a lawful reason only: the clocks of its item stand still with it."""
    row = locked_step(by, step)
    access.must_act(by, row, now)
    _stop(row.item, reason, words, expected_days, by=by, now=now)
    row.state = CaseStep.State.HELD
    row.version += 1
    row.save(update_fields=["state", "version"])
    tell(
        row.item.case, "hold_step", by=by, now=now, item=row.item, step=row,
        step_name=row.name, reason=reason,
    )  # fmt: skip
    return row


@transaction.atomic
def release_step(*, by: Actor, now: datetime, step: CaseStep) -> CaseStep:
    """Take a step up again; the clocks run on."""
    row = locked_step(by, step, held=True)
    access.must_act(by, row, now)
    if row.state != CaseStep.State.HELD:
        raise Refused(_("“%(step)s” is not on hold.") % {"step": row.name})
    row.state = CaseStep.State.OPEN
    row.version += 1
    row.save(update_fields=["state", "version"])
    others = CaseStep.objects.filter(item=row.item, state=CaseStep.State.HELD)
    if not others.exists() and end_pause(row.item, now=now) is not None:
        move_tasks(row.item, _("the clocks run on"), by=by, now=now)
    tell(
        row.item.case, "release_step", by=by, now=now, item=row.item, step=row,
        step_name=row.name,
    )  # fmt: skip
    return row


@transaction.atomic
def extend_item(*, by: Actor, now: datetime, item: CaseItem, days: int, words: str) -> CaseItem:
    """Give an item more time by law, once, as the head of the authority approves (article 42).

    The applicant is told why. The promise stays as it was made, and its light says the truth.
    """
    row = locked_item(by, item)
    post = access.must_extend(by, row)
    if row.extended_by:
        raise Refused(
            _("“%(item)s” was given %(days)d more days already; the law allows it once.")
            % {"item": row.name, "days": row.extended_by}
        )
    if not 1 <= days <= row.extend_most:
        raise Refused(
            _("The definition allows at most %(most)d more days for “%(item)s”.")
            % {"most": row.extend_most, "item": row.name},
            field="days",
        )
    if row.statutory_due_at is not None and now > row.statutory_due_at:
        raise Refused(
            _("The limit of “%(item)s” has passed; more time is granted before it does.")
            % {"item": row.name}
        )
    row.extended_by, row.extended_by_post_id = days, post
    row.extended_why = must_say(words, _("Say why; the applicant is told."), most=300)
    row.version += 1
    row.save(update_fields=["extended_by", "extended_by_post", "extended_why", "version"])
    reckon_dues(row, now=now)
    move_tasks(row, row.extended_why, by=by, now=now)
    event = tell(
        row.case, "extend_item", by=by, now=now, item=row, count=days, words=row.extended_why
    )
    order_notice(event, CaseNotice.Kind.EXTENDED, now=now)
    return row


@transaction.atomic
def extend_case(*, by: Actor, now: datetime, case: Case, days: int, words: str) -> Case:
    """Give all items of a case more time together, once, as a leader of the zone approves.

    Licensing Law, article 42 (2): what several licences take when handled jointly. By how much is
    what the definition says; the applicant is told why. Each item keeps its own two clocks.
    """
    row = locked_case(by, case)
    post = access.must_extend_case(by)
    must_run(row)
    limit = read_definition(row.thing_version.body).joint_limit
    face = clocks.joint_face(row, limit, calendar=works.calendar_of(row.zone_id), now=now)
    if face is None or not queries.is_joint(row):
        raise Refused(
            _("Case %(number)s is not handled jointly: give its item more time on the item.")
            % {"number": row.number}
        )
    if row.joint_more:
        raise Refused(
            _("Case %(number)s was given %(days)d more days together already; the law allows it once.")
            % {"number": row.number, "days": row.joint_more}
        )  # fmt: skip
    if not 1 <= days <= limit.extend_by:
        raise Refused(
            _("The definition allows at most %(most)d more days for all together.")
            % {"most": limit.extend_by},
            field="days",
        )
    if face.is_overdue:
        raise Refused(
            _("The limit of all together passed on %(day)s; more time is granted before it does.")
            % {"day": full_day(face.due_on)}
        )
    row.joint_why = must_say(words, _("Say why; the applicant is told."), most=300)
    row.joint_more, row.joint_by_id, row.joint_at = days, post, now
    row.version += 1
    row.save(update_fields=["joint_more", "joint_why", "joint_by", "joint_at", "version"])
    until = clocks.joint_face(row, limit, calendar=works.calendar_of(row.zone_id), now=now)
    event = tell(
        row, "extend_case", by=by, now=now, count=days, unit=limit.unit, limit=limit.count,
        until=str(until.due_on) if until else "", words=row.joint_why,
    )  # fmt: skip
    order_notice(event, CaseNotice.Kind.EXTENDED, now=now)
    return row


def follow_calendar(*, zone_id: int, by: Actor, now: datetime, **_signal: Any) -> None:
    """A changed calendar moves the ends of every item that runs in the zone."""
    running = (
        CaseItem.objects.select_for_update(of=("self",), no_key=True)
        .filter(zone_id=zone_id, state=CaseItem.State.RUNNING)
        .order_by("id")
    )
    calendar = works.calendar_of(zone_id)
    for item in running.iterator(chunk_size=500):
        reckon_dues(item, now=now, calendar=calendar)
