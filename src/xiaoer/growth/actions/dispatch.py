"""Verbs of the weekly dispatch: generated from alerts and targets, edited, closed as it was held."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import locked, must_say, said, today
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import queries
from xiaoer.growth import watch_access as access
from xiaoer.growth.actions import alerts
from xiaoer.growth.models import Alert, DispatchLine, DispatchWeek
from xiaoer.growth.queries import Progress
from xiaoer.registry.models import Party

Light, Change = DispatchLine.Light, DispatchLine.Change
MUTED = Alert.State.MUTED
OPEN_ALERTS = (Alert.State.NEW, Alert.State.CONFIRMED)


@transaction.atomic
def make_dispatch(*, by: Actor, now: datetime, day: date | None = None) -> DispatchWeek:
    """Make the sheet of a week, or bring it up to date; what people wrote into it stays.

    On it come open alerts, targets that lag, and what last week left open.
    """
    access.must_keep_watch(by)
    day = day or today(now)
    monday = day - timedelta(days=day.weekday())
    week = _week(by, now, monday)
    if week.closed_at is not None:
        raise Refused(_("The sheet of this week is closed; make that of the next week."))
    before = (
        DispatchWeek.objects.filter(zone_id=by.zone_id, monday__lt=monday)
        .order_by("-monday")
        .first()
    )
    known = {_key(line): line for line in DispatchLine.objects.filter(week=week)}
    last = {_key(line): line for line in DispatchLine.objects.filter(week=before)} if before else {}
    fresh = [*_of_alerts(by, week), *_of_targets(by, now, week), *_left_open(week, last)]
    for line in fresh:
        _put(line, known, last)
    _settle(by, week)
    week.refreshed_at = now
    week.version += 1
    week.save(update_fields=["refreshed_at", "version"])
    journal.record(by=by, now=now, verb="make_dispatch", subject=week, count=len(fresh))
    return week


def _week(by: Actor, now: datetime, monday: date) -> DispatchWeek:
    try:
        with transaction.atomic():
            week, _new = DispatchWeek.objects.get_or_create(
                zone_id=by.zone_id, monday=monday, defaults={"made_at": now, "refreshed_at": now}
            )
    except IntegrityError:  # somebody made it at this moment
        week = DispatchWeek.objects.get(zone_id=by.zone_id, monday=monday)
    return locked(DispatchWeek, by, week.pk)


def _key(line: DispatchLine) -> tuple[str, object]:
    """What a line is about: an alert, a target, or what was put on by hand."""
    if line.alert_id is not None:
        return "alert", line.alert_id
    if line.target_id is not None:
        return "target", line.target_id
    return "hand", (line.who, line.what)


def _of_alerts(by: Actor, week: DispatchWeek) -> list[DispatchLine]:
    rows = Alert.objects.filter(zone_id=by.zone_id, state__in=OPEN_ALERTS).select_related(
        "party", "rule"
    )
    return [
        DispatchLine(
            zone_id=by.zone_id,
            week=week,
            alert=alert,
            party=alert.party,
            who=alert.party.name,
            what=alert.rule.name,
            since=alert.since,
            light=queries.alert_light(alert, week.monday + timedelta(days=6)),
            measure=alert.measure,
            owner_id=alert.owner_id,
            due_on=alert.due_on,
            result=alert.result,
        )
        for alert in rows
    ]


def _of_targets(by: Actor, now: datetime, week: DispatchWeek) -> list[DispatchLine]:
    found = queries.progress_of_all(by=by, today=today(now))
    return [_of_target(by, week, one) for one in found if one.light in (Light.RED, Light.AMBER)]


def _of_target(by: Actor, week: DispatchWeek, one: Progress) -> DispatchLine:
    target = one.target
    return DispatchLine(
        zone_id=by.zone_id,
        week=week,
        target=target,
        party=target.party,
        who=target.party.name if target.party else target.campaign.name,
        what=target.name,
        since=target.starts_on,
        light=one.light,
        owner_id=target.owner_id,
    )


def _left_open(
    week: DispatchWeek, last: dict[tuple[str, object], DispatchLine]
) -> list[DispatchLine]:
    """What was put on by hand and is not done goes on."""
    return [
        DispatchLine(
            zone_id=line.zone_id, week=week, party_id=line.party_id, who=line.who, what=line.what,
            since=line.since, light=line.light, measure=line.measure, owner_id=line.owner_id,
            due_on=line.due_on,
        )
        for key, line in last.items()
        if key[0] == "hand" and not line.is_done
    ]  # fmt: skip


def _put(
    line: DispatchLine,
    known: dict[tuple[str, object], DispatchLine],
    last: dict[tuple[str, object], DispatchLine],
) -> None:
    """Add a line, or renew its light where it stands already; what was agreed is taken over."""
    before, there = last.get(_key(line)), known.get(_key(line))
    if there is not None:
        there.light = line.light
        if line.alert_id:
            there.measure, there.result = line.measure, line.result
            there.owner_id, there.due_on = line.owner_id, line.due_on
        there.change = _change(there, there.before)
        there.version += 1
        there.save()
        return
    if before is not None:
        line.before = before
        line.measure = line.measure or before.measure
        line.owner_id = line.owner_id or before.owner_id
        line.due_on = line.due_on or before.due_on
    line.change = _change(line, before)
    line.save()


def _settle(by: Actor, week: DispatchWeek) -> None:
    """What was settled on the page of its alert is done on the sheet too."""
    lines = DispatchLine.objects.filter(week=week, is_done=False, alert__isnull=False)
    for line in lines.exclude(alert__state__in=OPEN_ALERTS).select_related("alert"):
        if line.alert is None:
            continue
        line.result = line.alert.mute_reason if line.alert.state == MUTED else line.alert.result
        line.is_done, line.change = True, Change.DONE
        line.version += 1
        line.save(update_fields=["result", "is_done", "change", "version"])


def _change(line: DispatchLine, before: DispatchLine | None) -> str:
    if line.is_done:
        return Change.DONE
    if before is None:
        return Change.FRESH
    same = (line.light, line.measure, line.result) == (before.light, before.measure, before.result)
    return Change.SAME if same else Change.MOVED


@transaction.atomic
def add_dispatch_line(
    *,
    by: Actor,
    now: datetime,
    week: DispatchWeek,
    what: str,
    party: Party | None = None,
    who: str = "",
    measure: str = "",
    owner: Post | None = None,
    due_on: date | None = None,
) -> DispatchLine:
    """Put something on the sheet that no rule found."""
    access.must_keep_watch(by)
    row = _open(by, week)
    line = DispatchLine.objects.create(
        zone_id=by.zone_id,
        week=row,
        party=party,
        who=party.name if party else must_say(who, "who", most=120, why=_("Say who it is about.")),
        what=must_say(what, "what", most=300, why=_("Say what the matter is.")),
        since=today(now),
        measure=said(measure, "measure", most=500),
        owner=owner,
        due_on=due_on,
    )
    journal.record(
        by=by,
        now=now,
        verb="add_dispatch_line",
        subject=row,
        party_ref=line.party_id,
        name=line.who,
    )
    return line


@transaction.atomic
def keep_dispatch_line(
    *,
    by: Actor,
    now: datetime,
    line: DispatchLine,
    measure: str,
    result: str = "",
    owner: Post | None = None,
    due_on: date | None = None,
    is_done: bool = False,
    version: int | None = None,
) -> DispatchLine:
    """Write down what was agreed and what came of it; a line that is done is not carried over.

    Of an alert, this is the alert's own measure, owner, day and result: it is confirmed by a measure
    and handled when it is done.
    """
    access.must_keep_watch(by)
    row = locked(DispatchLine, by, line.pk)
    _open(by, row.week)
    if version is not None:
        journal.must_be_fresh(row, version)
    row.measure, row.result = said(measure, "measure", most=500), said(result, "result", most=500)
    if is_done and not row.result:
        raise Refused(_("Say what came of it."), field="result")
    row.owner, row.due_on, row.is_done = owner or row.owner, due_on, is_done
    row.change = _change(row, row.before)
    row.version += 1
    row.save()
    if row.alert is not None:
        _tell_alert(by, now, row, row.alert)
    journal.record(
        by=by,
        now=now,
        verb="keep_dispatch_line",
        subject=row.week,
        party_ref=row.party_id,
        name=row.who,
        words=row.measure,
    )
    return row


def _tell_alert(by: Actor, now: datetime, line: DispatchLine, alert: Alert) -> None:
    """One fact in one place: what the sheet says of an alert, the alert says."""
    agreed = (line.measure, line.owner_id, line.due_on)
    if agreed != (alert.measure, alert.owner_id, alert.due_on):
        alert = alerts.confirm_alert(
            by=by,
            now=now,
            alert=alert,
            measure=line.measure,
            owner=line.owner,
            due_on=line.due_on,
        )
    if line.is_done:
        alerts.handle_alert(by=by, now=now, alert=alert, result=line.result)
    elif line.result and line.result != alert.result:
        alerts.report_alert(by=by, now=now, alert=alert, result=line.result)


@transaction.atomic
def close_dispatch(*, by: Actor, now: datetime, week: DispatchWeek, note: str = "") -> DispatchWeek:
    """Close the sheet as the meeting held it; from then on it stays as it is."""
    access.must_keep_watch(by)
    row = _open(by, week)
    row.note = said(note, "note", most=500)
    row.closed_at = now
    row.version += 1
    row.save()
    journal.record(by=by, now=now, verb="close_dispatch", subject=row)
    return row


def _open(by: Actor, week: DispatchWeek) -> DispatchWeek:
    row = locked(DispatchWeek, by, week.pk)
    if row.closed_at is not None:
        raise Refused(_("The sheet of this week is closed and stays as it was held."))
    return row
