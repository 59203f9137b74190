"""Verbs of the weekly minutes of projects: generated, edited, issued as the meeting held them."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import must_say, said, today
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import element_access as access
from xiaoer.projects.actions.living import locked
from xiaoer.projects.models import Project, ProjectLine, ProjectWeek
from xiaoer.projects.queries.weekly import Found, found_in_week

Topic, Change = ProjectLine.Topic, ProjectLine.Change
# Events of one week, which the next week does not repeat.
EVENTS = frozenset({Topic.STAGE, Topic.PROMISE, Topic.DECISION})


@transaction.atomic
def make_project_week(*, by: Actor, now: datetime, day: date | None = None) -> ProjectWeek:
    """Make the minutes of a week, or bring them up to date; what people wrote into them stays.

    What was generated before and no longer holds is done. They are an official paper: in Chinese.
    """
    access.must_run_project(by)
    day = day or today(now)
    monday = day - timedelta(days=day.weekday())
    week = _week(by, now, monday)
    _must_be_open(week)
    before = (
        ProjectWeek.objects.filter(zone_id=by.zone_id, monday__lt=monday)
        .order_by("-monday")
        .first()
    )
    known = {_key(line): line for line in ProjectLine.objects.filter(week=week)}
    last = {_key(line): line for line in ProjectLine.objects.filter(week=before)} if before else {}
    with translation.override("zh-hans"):
        found = found_in_week(zone_id=by.zone_id, monday=monday, now=now)
    fresh = [_line(by, week, one) for one in found] + _left_open(week, last)
    for line in fresh:
        _put(line, known, last)
    _settle(known, {_key(line) for line in fresh})
    week.refreshed_at = now
    week.version += 1
    week.save(update_fields=["refreshed_at", "version"])
    journal.record(by=by, now=now, verb="make_project_week", subject=week, count=len(fresh))
    return week


def keep_project_week(*, by: Actor, now: datetime) -> ProjectWeek | None:
    """Make the minutes of the running week; None where they were held and issued already."""
    day = today(now)
    issued = ProjectWeek.objects.filter(
        zone_id=by.zone_id, monday=day - timedelta(days=day.weekday()), issued_at__isnull=False
    ).exists()
    return None if issued else make_project_week(by=by, now=now)


def _week(by: Actor, now: datetime, monday: date) -> ProjectWeek:
    try:
        with transaction.atomic():
            week, _new = ProjectWeek.objects.get_or_create(
                zone_id=by.zone_id, monday=monday, defaults={"made_at": now, "refreshed_at": now}
            )
    except IntegrityError:  # somebody made it at this moment
        week = ProjectWeek.objects.get(zone_id=by.zone_id, monday=monday)
    return locked(ProjectWeek, by, week.pk)


def _key(line: ProjectLine) -> tuple[str, ...]:
    """What a line is about: the record it came from, or what was put on by hand."""
    return (line.source,) if line.source else ("hand", line.who, line.what)


def _line(by: Actor, week: ProjectWeek, one: Found) -> ProjectLine:
    return ProjectLine(
        zone_id=by.zone_id,
        week=week,
        project=one.project,
        topic=one.topic,
        source=one.source,
        who=(one.project.name if one.project else "—")[:120],
        what=one.what[:500],
        since=one.since,
        light=one.light,
        owner_id=one.owner_id,
        due_on=one.due_on,
    )


def _left_open(week: ProjectWeek, last: dict[tuple[str, ...], ProjectLine]) -> list[ProjectLine]:
    """What was put on by hand and is not done goes on."""
    return [
        ProjectLine(
            zone_id=line.zone_id, week=week, project_id=line.project_id, topic=line.topic,
            who=line.who, what=line.what, since=line.since, light=line.light,
            measure=line.measure, owner_id=line.owner_id, due_on=line.due_on,
        )
        for key, line in last.items()
        if key[0] == "hand" and not line.is_done
    ]  # fmt: skip


def _put(
    line: ProjectLine,
    known: dict[tuple[str, ...], ProjectLine],
    last: dict[tuple[str, ...], ProjectLine],
) -> None:
    """Add a line, or renew it where it stands already; what was agreed is taken over."""
    before, there = last.get(_key(line)), known.get(_key(line))
    if there is not None:
        if there.is_done:
            return
        there.light, there.since = line.light, line.since
        if there.source:
            there.what = line.what
        there.change = _change(there, there.before)
        there.version += 1
        there.save()
        return
    if before is not None and line.topic not in EVENTS:
        line.before = before
        line.measure = line.measure or before.measure
        line.owner_id = line.owner_id or before.owner_id
        line.due_on = line.due_on or before.due_on
    line.change = _change(line, line.before)
    line.save()


def _settle(known: dict[tuple[str, ...], ProjectLine], found: set[tuple[str, ...]]) -> None:
    """What no longer holds is done: the light is out, the element there, the task finished."""
    for key, line in known.items():
        if key in found or line.is_done or not line.source or line.topic in EVENTS:
            continue
        line.is_done, line.change = True, Change.DONE
        line.result = line.result or "已解决"
        line.version += 1
        line.save()


def _change(line: ProjectLine, before: ProjectLine | None) -> str:
    if line.is_done:
        return Change.DONE
    if before is None:
        return Change.FRESH
    same = (line.light, line.what, line.measure) == (before.light, before.what, before.measure)
    return Change.SAME if same else Change.MOVED


@transaction.atomic
def add_project_line(
    *,
    by: Actor,
    now: datetime,
    week: ProjectWeek,
    what: str,
    project: Project | None = None,
    who: str = "",
    measure: str = "",
    owner: Post | None = None,
    due_on: date | None = None,
) -> ProjectLine:
    """Put something on the minutes that was not found."""
    row = _open(by, week)
    line = ProjectLine.objects.create(
        zone_id=by.zone_id,
        week=row,
        project=project,
        topic=Topic.HAND,
        who=project.name if project else must_say(who, "who", most=120, why=_("Say who it is about.")),
        what=must_say(what, "what", most=500, why=_("Say what the matter is.")),
        since=today(now),
        measure=said(measure, "measure", most=500),
        owner=owner,
        due_on=due_on,
    )  # fmt: skip
    _record(by, now, "add_project_line", row, line)
    return line


@transaction.atomic
def keep_project_line(
    *,
    by: Actor,
    now: datetime,
    line: ProjectLine,
    measure: str,
    result: str = "",
    owner: Post | None = None,
    due_on: date | None = None,
    is_done: bool = False,
    is_kept: bool = True,
    version: int | None = None,
) -> ProjectLine:
    """Write down what was agreed and what came of it; ``is_kept`` False leaves it off the paper."""
    row = locked(ProjectLine, by, line.pk)
    _open(by, row.week)
    if version is not None:
        journal.must_be_fresh(row, version)
    row.measure, row.result = said(measure, "measure", most=500), said(result, "result", most=500)
    if is_done and not row.result:
        raise Refused(_("Say what came of it."), field="result")
    row.owner, row.due_on = owner or row.owner, due_on
    row.is_done, row.is_kept = is_done, is_kept
    row.change = _change(row, row.before)
    row.version += 1
    row.save()
    _record(by, now, "keep_project_line", row.week, row, words=row.measure)
    return row


@transaction.atomic
def issue_project_week(
    *, by: Actor, now: datetime, week: ProjectWeek, note: str = ""
) -> ProjectWeek:
    """Issue the minutes; from then on they stay as the meeting held them."""
    row = _open(by, week)
    row.note = said(note, "note", most=1000)
    row.issued_at = now
    row.version += 1
    row.save()
    journal.record(by=by, now=now, verb="issue_project_week", subject=row)
    return row


def _open(by: Actor, week: ProjectWeek) -> ProjectWeek:
    access.must_run_project(by)
    row = locked(ProjectWeek, by, week.pk)
    _must_be_open(row)
    return row


def _must_be_open(week: ProjectWeek) -> None:
    if week.issued_at is not None:
        raise Refused(
            _("The minutes of this week are issued and stay as they were held; make those of the next.")
        )  # fmt: skip


def _record(
    by: Actor, now: datetime, verb: str, week: ProjectWeek, line: ProjectLine, **detail: object
) -> None:
    party = line.project.party_id if line.project else None
    journal.record(
        by=by, now=now, verb=verb, subject=week, party_ref=party, name=line.who, **detail
    )
