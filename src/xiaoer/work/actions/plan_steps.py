"""Verbs of single steps: reported, changed, added, dropped, linked, held up by somebody.

Every change reckons the plan anew, so that who changes a step sees at once what it moves. A step
counts its changes: of two people who drag one bar, the second is told who changed what.
"""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.web import words
from xiaoer.work import plan_access
from xiaoer.work.actions.checking import needed, plain
from xiaoer.work.actions.plan_checking import (
    LONGEST,
    locked_plan,
    locked_step,
    must_be_fresh,
    past_day,
    sensible_day,
    today_of,
)
from xiaoer.work.actions.plan_reckoning import reckon_and_tell
from xiaoer.work.models import (
    DayUnit,
    Doer,
    LinkKind,
    Plan,
    Resource,
    Step,
    StepLink,
    StepReport,
)


@dataclass(frozen=True, slots=True)
class Progress:
    """What is reported of a step. What is None stays as it was."""

    started_on: date | None = None
    finished_on: date | None = None
    share: int | None = None
    remaining: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What a planner says of a step; ``likely`` alone stands for all three durations when the
    others are None."""

    name: str
    doer: str
    likely: int
    low: int | None = None
    high: int | None = None
    unit: str = DayUnit.WORKING
    name_en: str = ""
    phase: str = ""
    order: int | None = None
    doer_name: str = ""
    office_id: int | None = None
    post_id: int | None = None
    is_government: bool = False
    limit_count: int | None = None
    limit_unit: str = ""
    limit_source: str = ""
    resource_id: int | None = None
    resource_units: int = 0
    needs: str = ""
    milestone: str = ""
    not_before: date | None = None
    not_after: date | None = None


def facts_of(step: Step) -> StepFacts:
    """What a step says now, for a page or a sheet that changes a part of it."""
    return StepFacts(**{field.name: getattr(step, field.name) for field in fields(StepFacts)})


@transaction.atomic
def report_step(
    *, by: Actor, now: datetime, step: Step, version: int, progress: Progress
) -> StepReport:
    """Report how far a step is: begun, ended, percent, days left.

    An enterprise reports its own steps and its contractors'; who may is asked under its own eyes,
    then the zone writes it down in its name.
    """
    plan_access.must_report(by, step.plan, step)
    with on_behalf(by):
        kept = locked_step(by, step)
        plan_access.must_report(by, kept.plan, kept)
        must_be_fresh(kept, version)
        if kept.finished_on is not None:
            raise Refused(
                _("“%(step)s” ended on %(day)s; if that is wrong, the project office corrects it.")
                % {"step": kept.name, "day": words.full_day(kept.finished_on)}
            )
        changed = reported(kept, progress, now)
        return _write_report(by, now, kept, "report_step", progress.note, changed)


@transaction.atomic
def correct_step(
    *, by: Actor, now: datetime, step: Step, version: int, progress: Progress
) -> StepReport:
    """Put right what was reported wrongly, with the reason as its note; also what is None counts."""
    plan_access.must_make_plans(by)
    kept = locked_step(by, step)
    must_be_fresh(kept, version)
    needed(progress.note, "note", most=500)
    blank = {
        "started_on": None,
        "finished_on": None,
        "share": 0,
        "remaining": None,
        "remaining_on": None,
    }
    changed = journal.changes(kept, blank)
    changed |= reported(kept, progress, now)
    return _write_report(by, now, kept, "correct_step", progress.note, changed)


def reported(step: Step, said: Progress, now: datetime) -> dict[str, object]:
    """Check a report and set it on the step; what changed."""
    started_on = said.started_on or step.started_on
    finished_on = said.finished_on
    for day, field in ((started_on, "started_on"), (finished_on, "finished_on")):
        if day is not None:
            past_day(day, field, now)
    share = 100 if finished_on else (step.share if said.share is None else said.share)
    _must_be_a_course(step, started_on, finished_on, share)
    if share < step.share and not said.note.strip():
        raise Refused(
            _("%(before)d percent were reported before; say in the note why it is less now.")
            % {"before": step.share},
            field="note",
        )
    remaining = step.remaining if said.remaining is None else said.remaining
    if remaining is not None and not 0 <= remaining <= LONGEST:
        raise Refused(
            _("Type a whole number from 0 to %(most)d.") % {"most": LONGEST}, field="remaining"
        )
    left = None if finished_on or not started_on else remaining
    said_on = step.remaining_on if said.remaining is None else today_of(now)
    new: dict[str, object] = {
        "started_on": started_on,
        "finished_on": finished_on,
        "share": share,
        "remaining": left,
        "remaining_on": None if left is None else said_on,
    }
    if started_on is not None and (finished_on is not None or step.is_held):
        # What has begun had what it needed; what has ended waits for nobody.
        new |= {"blocked_since": None, "blocked_by": "", "is_held": False, "held_until": None}
    return journal.changes(step, new)


def _must_be_a_course(
    step: Step, started_on: date | None, finished_on: date | None, share: int
) -> None:
    if not 0 <= share <= 100:
        raise Refused(_("Type a share from 0 to 100 percent."), field="share")
    if started_on is None and (finished_on is not None or share > 0):
        raise Refused(
            _("Say on which day “%(step)s” began.") % {"step": step.name}, field="started_on"
        )
    if started_on is not None and finished_on is not None and finished_on < started_on:
        raise Refused(
            _("“%(step)s” began on %(start)s and cannot have ended before, on %(end)s.")
            % {
                "step": step.name,
                "start": words.full_day(started_on),
                "end": words.full_day(finished_on),
            },
            field="finished_on",
        )
    if share == 100 and finished_on is None:
        raise Refused(
            _("At 100 percent “%(step)s” has ended: give the day.") % {"step": step.name},
            field="finished_on",
        )


def _write_report(
    by: Actor, now: datetime, step: Step, verb: str, note: str, changed: dict[str, object]
) -> StepReport:
    note = plain(note, "note", most=500)
    if not changed and not note:
        raise Refused(_("Nothing new is said of “%(step)s”.") % {"step": step.name})
    step.version += 1
    step.save()
    report = StepReport.objects.create(
        zone_id=step.zone_id, step=step, at=now, post_id=by.post_id, share=step.share,
        started_on=step.started_on, finished_on=step.finished_on, remaining=step.remaining,
        note=note,
    )  # fmt: skip
    reckon_and_tell(step.plan, by=by, now=now)
    _record(by, now, verb, step, changed=changed, note=note)
    return report


def _record(by: Actor, now: datetime, verb: str, step: Step, **detail: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=step, party_ref=step.plan.party_id,
        plan=step.plan_id, **detail,
    )  # fmt: skip


@transaction.atomic
def change_step(*, by: Actor, now: datetime, step: Step, version: int, facts: StepFacts) -> Step:
    """Change what the plan says of a step that has not ended."""
    plan_access.must_make_plans(by)
    kept = locked_step(by, step)
    must_be_fresh(kept, version)
    if kept.finished_on is not None:
        raise Refused(
            _("“%(step)s” ended on %(day)s; what is done is not planned anew.")
            % {"step": kept.name, "day": words.full_day(kept.finished_on)}
        )
    changed = journal.changes(kept, checked_facts(by, now, facts))
    if not changed:
        return kept
    if "needs" in changed and kept.is_held:
        # What it waited for it does not need any more.
        kept.blocked_since, kept.blocked_by, kept.is_held, kept.held_until = None, "", False, None
    kept.version += 1
    kept.save()
    _record(by, now, "change_step", kept, changed=changed)
    reckon_and_tell(kept.plan, by=by, now=now, has_new_steps="needs" in changed)
    return _as_held(kept)


@transaction.atomic
def add_step(
    *,
    by: Actor,
    now: datetime,
    plan: Plan,
    facts: StepFacts,
    after: Step | None = None,
    before: Step | None = None,
    code: str = "",
) -> Step:
    """Add a step; ``after`` and ``before`` are the steps it comes between, where it waits for any."""
    plan_access.must_make_plans(by)
    kept = locked_plan(by, plan)
    step = Step(zone_id=by.zone_id, plan=kept, code=_free_code(kept, code))
    for name, value in checked_facts(by, now, facts).items():
        setattr(step, name, value)
    if facts.order is None:
        last = kept.steps.aggregate(last=Max("order"))["last"] or 0
        step.order = after.order if after else last + 1
    step.save()
    for first, second in ((after, step), (step, before)):
        if first is not None and second is not None:
            _must_be_of(kept, first, second)
            StepLink.objects.create(zone_id=by.zone_id, plan=kept, before=first, after=second)
    _record(by, now, "add_step", step, name=step.name)
    reckon_and_tell(kept, by=by, now=now, has_new_steps=bool(step.needs))
    return _as_held(step)


def _as_held(step: Step) -> Step:
    """The step as it stands now: what it needs may be missing, and hold it up."""
    if step.needs:
        step.refresh_from_db(
            fields=("blocked_since", "blocked_by", "is_held", "held_until", "version")
        )
    return step


def _free_code(plan: Plan, wanted: str) -> str:
    """The code given, or one of its own for a step no template knows."""
    codes = set(Step.objects.filter(zone_id=plan.zone_id, plan=plan).values_list("code", flat=True))
    if wanted and wanted not in codes:
        return wanted
    number = next(n for n in range(1, len(codes) + 2) if f"own-{n}" not in codes)
    return f"own-{number}"


def _must_be_of(plan: Plan, *steps: Step) -> None:
    for step in steps:
        if step.plan_id != plan.pk or step.dropped_at is not None:
            raise Refused(
                _("“%(step)s” is no step of this plan; choose one of its steps.")
                % {"step": step.name},
                field="before",
            )


@transaction.atomic
def drop_step(*, by: Actor, now: datetime, step: Step, version: int, reason: str) -> Step:
    """Take a step out that has not begun; what waited for it waits for what it waited for."""
    plan_access.must_make_plans(by)
    kept = locked_step(by, step)
    must_be_fresh(kept, version)
    if kept.started_on is not None:
        raise Refused(
            _("“%(step)s” began on %(day)s; report its end, or correct the report first.")
            % {"step": kept.name, "day": words.full_day(kept.started_on)}
        )
    reason = needed(reason, "reason", most=500)
    _bridge(kept)
    kept.dropped_at, kept.version = now, kept.version + 1
    kept.save()
    reckon_and_tell(kept.plan, by=by, now=now)
    _record(by, now, "drop_step", kept, reason=reason)
    return kept


def _bridge(step: Step) -> None:
    """Join what came before a step with what came after, where both were plain sequences."""
    before = list(StepLink.objects.filter(zone_id=step.zone_id, after=step))
    after = list(StepLink.objects.filter(zone_id=step.zone_id, before=step))
    plain_before = [link for link in before if link.kind == LinkKind.FS]
    plain_after = [link for link in after if link.kind == LinkKind.FS]
    StepLink.objects.bulk_create(
        [
            StepLink(
                zone_id=step.zone_id,
                plan_id=step.plan_id,
                before_id=first.before_id,
                after_id=second.after_id,
            )
            for first in plain_before
            for second in plain_after
        ],
        ignore_conflicts=True,
    )
    StepLink.objects.filter(
        zone_id=step.zone_id, pk__in=[link.pk for link in before + after]
    ).delete()


@transaction.atomic
def link_steps(
    *,
    by: Actor,
    now: datetime,
    before: Step,
    after: Step,
    kind: str = LinkKind.FS,
    lag: int = 0,
    lag_unit: str = DayUnit.CALENDAR,
) -> StepLink:
    """Let a step wait for another; a circle is refused as the loop in names."""
    plan_access.must_make_plans(by)
    plan = locked_plan(by, before.plan)
    _must_be_of(plan, before, after)
    if before.pk == after.pk:
        raise Refused(
            _("“%(step)s” cannot wait for itself; choose another step.") % {"step": before.name},
            field="after",
        )
    if kind not in LinkKind.values or lag_unit not in DayUnit.values:
        raise Refused(_("Choose one of the kinds offered."), field="kind")
    if abs(lag) > LONGEST:
        raise Refused(
            _("Type a whole number from -%(most)d to %(most)d.") % {"most": LONGEST}, field="lag"
        )
    try:
        with transaction.atomic():
            link = StepLink.objects.create(
                zone_id=by.zone_id, plan=plan, before=before, after=after, kind=kind, lag=lag,
                lag_unit=lag_unit,
            )  # fmt: skip
    except IntegrityError as there:
        raise Refused(
            _("“%(after)s” waits for “%(before)s” in this way already.")
            % {"after": after.name, "before": before.name},
            field="after",
        ) from there
    reckon_and_tell(plan, by=by, now=now)
    journal.record(
        by=by, now=now, verb="link_steps", subject=plan, party_ref=plan.party_id,
        first=before.name, then=after.name, kind=kind, lag=lag,
    )  # fmt: skip
    return link


@transaction.atomic
def unlink_steps(*, by: Actor, now: datetime, link: StepLink) -> Plan:
    """Let a step no longer wait for another."""
    plan_access.must_make_plans(by)
    plan = locked_plan(by, link.plan)
    kept = (
        StepLink.objects.select_related("before", "after")
        .filter(zone_id=by.zone_id, pk=link.pk)
        .first()
    )
    if kept is None:
        raise Refused(_("This link was taken out meanwhile; load the page again."))
    names = {"first": kept.before.name, "then": kept.after.name, "kind": kept.kind}
    kept.delete()
    reckon_and_tell(plan, by=by, now=now)
    journal.record(
        by=by, now=now, verb="unlink_steps", subject=plan, party_ref=plan.party_id, **names
    )
    return plan


@transaction.atomic
def block_step(*, by: Actor, now: datetime, step: Step, version: int, blocked_by: str) -> Step:
    """Say who or what holds a step up; the wall shows it until it goes on."""
    plan_access.must_report(by, step.plan, step)
    with on_behalf(by):
        kept = locked_step(by, step)
        plan_access.must_report(by, kept.plan, kept)
        must_be_fresh(kept, version)
        if kept.finished_on is not None:
            raise Refused(_("“%(step)s” has ended; nothing holds it up.") % {"step": kept.name})
        if kept.is_held:
            raise Refused(
                _("“%(step)s” waits for its element already (%(who)s).")
                % {"step": kept.name, "who": kept.blocked_by}
            )
        changed = journal.changes(kept, {"blocked_by": needed(blocked_by, "blocked_by", most=80)})
        kept.blocked_since = kept.blocked_since or today_of(now)
        kept.version += 1
        kept.save()
        _record(by, now, "block_step", kept, changed=changed)
        return kept


@transaction.atomic
def unblock_step(*, by: Actor, now: datetime, step: Step, version: int) -> Step:
    """Say that a step goes on again."""
    plan_access.must_report(by, step.plan, step)
    with on_behalf(by):
        kept = locked_step(by, step)
        plan_access.must_report(by, kept.plan, kept)
        must_be_fresh(kept, version)
        if kept.is_held:
            raise Refused(
                _("“%(step)s” goes on when the element it needs is there; report that.")
                % {"step": kept.name}
            )
        if kept.blocked_since is None:
            raise Refused(_("Nothing holds “%(step)s” up.") % {"step": kept.name})
        changed = journal.changes(kept, {"blocked_by": ""})
        kept.blocked_since = None
        kept.version += 1
        kept.save()
        _record(by, now, "unblock_step", kept, changed=changed)
        return kept


def checked_facts(by: Actor, now: datetime, facts: StepFacts) -> dict[str, object]:
    """What is to be written on a step, each value sound."""
    low = facts.likely if facts.low is None else facts.low
    high = facts.likely if facts.high is None else facts.high
    must_be_durations(low, facts.likely, high)
    for day, field in ((facts.not_before, "not_before"), (facts.not_after, "not_after")):
        if day is not None:
            sensible_day(day, field, now)
    if facts.not_before and facts.not_after and facts.not_after < facts.not_before:
        raise Refused(
            _("It cannot end by %(end)s and start no earlier than %(start)s.")
            % {
                "end": words.full_day(facts.not_after),
                "start": words.full_day(facts.not_before),
            },
            field="not_after",
        )
    must_be_words(facts.doer, facts.unit)
    _must_be_here(by, facts)
    checked: dict[str, object] = asdict(facts) | {
        "low": low,
        "high": high,
        "name": must_be_named(facts.name),
        "phase": plain(facts.phase, "phase", most=40),
        "doer_name": plain(facts.doer_name, "doer_name", most=60),
    }
    if facts.order is None:
        del checked["order"]
    return checked


def _must_be_here(by: Actor, facts: StepFacts) -> None:
    """Offices, posts and resources are the zone's own."""
    named = (
        (Office, facts.office_id, "office"),
        (Post, facts.post_id, "post"),
        (Resource, facts.resource_id, "resource"),
    )
    for table, number, field in named:
        if number is not None and not table.objects.filter(zone_id=by.zone_id, pk=number).exists():
            raise Refused(_("Choose one of those offered."), field=field)


def must_be_named(name: str) -> str:
    name = plain(name, "name", most=80)
    if not name:
        raise Refused(_("Give the step a name."), field="name")
    return name


def must_be_words(doer: str, unit: str) -> None:
    if doer not in Doer.values:
        raise Refused(_("Choose who does it from those offered."), field="doer")
    if unit not in DayUnit.values:
        raise Refused(_("Choose one of the units offered."), field="unit")


def must_be_durations(low: int, likely: int, high: int) -> None:
    """At least, likely, at most; zero is a milestone."""
    for days, field in ((low, "low"), (likely, "likely"), (high, "high")):
        if not 0 <= days <= LONGEST:
            raise Refused(
                _("Type a whole number from 0 to %(most)d.") % {"most": LONGEST}, field=field
            )
    if not low <= likely <= high:
        raise Refused(
            _(
                "At least %(low)d, likely %(likely)d, at most %(high)d days: put them in this order, "
                "smallest first."
            )
            % {"low": low, "likely": likely, "high": high},
            field="likely",
        )
