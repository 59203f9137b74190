"""What every verb of plans begins with: the plan locked and open, the step fresh, days sensible."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web import words
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Plan, Step
from xiaoer.work.step_words import STEP_WORDS

LONGEST = 2000
FARTHEST = timedelta(days=366 * 15)


def today_of(now: datetime) -> date:
    """The day of a moment where the zone is."""
    return now.astimezone(LOCAL).date()


def locked_plan(by: Actor, plan: Plan) -> Plan:
    """The open plan, locked: everything that changes its steps waits its turn here."""
    kept = Plan.objects.select_for_update(of=("self",)).get(zone_id=by.zone_id, pk=plan.pk)
    if kept.closed_at is not None:
        raise Refused(
            _("The plan “%(title)s” was closed %(when)s; it stays as it ended.")
            % {"title": kept.title, "when": words.moment(kept.closed_at)}
        )
    return kept


def locked_step(by: Actor, step: Step) -> Step:
    """A step of an open plan, both locked, the plan first."""
    locked_plan(by, step.plan)
    kept = (
        Step.objects.select_for_update(of=("self",))
        .select_related("plan")
        .get(zone_id=by.zone_id, pk=step.pk)
    )
    if kept.dropped_at is not None:
        raise Refused(
            _("“%(step)s” was dropped from the plan %(when)s.")
            % {"step": kept.name, "when": words.moment(kept.dropped_at)}
        )
    return kept


def must_be_fresh(row: Step | Plan, version: int) -> None:
    """The second of two who change one row is told who changed what, and keeps what was typed."""
    if row.version == version:
        return
    line = (
        JournalLine.objects.filter(
            zone_id=row.zone_id, subject_type=row._meta.db_table, subject_id=row.pk
        )
        .order_by("-id")
        .first()
    )
    if line is None:
        raise Refused(_("This was changed since you opened it; load the page again."))
    raise Refused(
        _(
            "“%(name)s” was changed meanwhile: %(who)s %(verb)s %(when)s%(what)s. Look at it again "
            "before you change it too."
        )
        % {
            "name": str(row),
            "who": line.who,
            "verb": journal.verb_name(line.verb),
            "when": words.moment(line.at),
            "what": _what(line),
        }
    )


def _what(line: JournalLine) -> str:
    """What a line changed, said shortly: “not before: 2026-11-23 → 2026-12-01”."""
    changed = line.detail.get("changed")
    if not isinstance(changed, dict):
        return ""
    said = [
        f"{STEP_WORDS[name]}: {before or words.MISSING} → {after or words.MISSING}"
        for name, (before, after) in changed.items()
        if name in STEP_WORDS
    ]
    return f" ({'; '.join(said)})" if said else ""


def sensible_day(day: date, field: str, now: datetime) -> date:
    """A day of a plan lies within fifteen years of today: farther ones are slips of the pen."""
    today = today_of(now)
    if not today - FARTHEST <= day <= today + FARTHEST:
        raise Refused(
            _("%(day)s is too far away; look at the year.") % {"day": words.full_day(day)},
            field=field,
        )
    return day


def past_day(day: date, field: str, now: datetime) -> date:
    """A day on which something happened cannot lie ahead."""
    if day > today_of(now):
        raise Refused(
            _("%(day)s has not come yet; report what happened, not what is planned.")
            % {"day": words.full_day(day)},
            field=field,
        )
    return sensible_day(day, field, now)
