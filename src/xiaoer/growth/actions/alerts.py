"""Verbs of alerts: raised by the engine, judged by people, handled by whoever owns them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import locked, must_say, said, today
from xiaoer.base.models import Office, Post, Role, Zone
from xiaoer.base.queries import posts_in_force
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, system
from xiaoer.growth import watch_access as access
from xiaoer.growth.models import Alert, AlertEvent
from xiaoer.registry.models import Stewardship
from xiaoer.rules import actions as rules
from xiaoer.rules.models import Rule, RuleRun, Verdict
from xiaoer.rules.queries.evaluating import in_force
from xiaoer.rules.vocabularies import facts
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Task

ALERT, CHECK, MEASURE = "alert", "check_alert", "take_measure"
State = Alert.State
OPEN = (State.NEW, State.CONFIRMED)
LONGEST_MUTE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Raised:
    """What an evaluation of the alert rules came to."""

    run: RuleRun | None
    raised: int
    ended: int
    lasting: int


@transaction.atomic
def raise_alerts(*, by: Actor, now: datetime, as_of: date | None = None) -> Raised:
    """Evaluate the alert rules in force and raise what is new; what no longer holds has ended.

    What the data no longer allow to judge goes on: only a plain no ends an alert. Two at once wait
    for each other, and a firm has one alert of a rule as long as it lasts.
    """
    access.must_keep_watch(by)
    as_of = as_of or today(now)
    known = Rule.objects.filter(zone_id=by.zone_id, kind=Rule.Kind.ALERT)
    codes = list(known.values_list("code", flat=True))
    if not codes:
        return Raised(None, 0, 0, 0)
    run = rules.run_rules(by=system(by.zone_id), now=now, as_of=as_of, codes=codes)
    verdicts = list(
        Verdict.objects.filter(zone_id=by.zone_id, rule__in=known, until__isnull=True)
        .exclude(state="needs_data")
        .select_related("party", "rule")
        .order_by("rule_id", "party_id")
    )
    lasting = {
        (one.rule_id, one.party_id): one
        for one in Alert.objects.select_for_update(of=("self",)).filter(
            zone_id=by.zone_id, ended_on__isnull=True
        )
    }
    met = [one for one in verdicts if one.state == "met" and one.party.merged_into_id is None]
    ended = _end(
        by, now, as_of, lasting, {(one.rule_id, one.party_id) for one in verdicts} - _keys(met)
    )
    _go_on(by, now, as_of, [lasting[key] for key in _keys(met) if key in lasting])
    fresh = [one for one in met if (one.rule_id, one.party_id) not in lasting]
    fresh = [one for one in fresh if not _is_muted(one, as_of)]
    raised = _raise(by, now, as_of, run, fresh)
    journal.record(
        by=by,
        now=now,
        verb="raise_alerts",
        subject=Zone.objects.get(pk=by.zone_id),
        as_of=as_of.isoformat(),
        raised=len(raised),
        ended=ended,
    )
    return Raised(run, len(raised), ended, len(lasting) - ended)


def _keys(verdicts: Sequence[Verdict]) -> set[tuple[int, int]]:
    return {(one.rule_id, one.party_id) for one in verdicts}


def _end(
    by: Actor,
    now: datetime,
    as_of: date,
    lasting: Mapping[tuple[int, int], Alert],
    over: set[tuple[int, int]],
) -> int:
    gone = [alert for key, alert in lasting.items() if key in over]
    for alert in gone:
        alert.ended_on = as_of
        alert.version += 1
        alert.save(update_fields=["ended_on", "version"])
        _tell(alert, by, now, "ended")
    return len(gone)


def _go_on(by: Actor, now: datetime, as_of: date, alerts: Sequence[Alert]) -> None:
    """They still hold; those whose silence is over wait to be looked into again."""
    Alert.objects.filter(pk__in=[one.pk for one in alerts]).update(last_on=as_of)
    for alert in alerts:
        if alert.state != State.MUTED or alert.muted_until is None or alert.muted_until >= as_of:
            continue
        alert.state, alert.last_on, alert.was_right = State.NEW, as_of, None
        alert.version += 1
        alert.save(update_fields=["state", "last_on", "was_right", "version"])
        _tell(alert, by, now, "unmuted")
        if alert.matter is not None and alert.matter.closed_at is not None:
            alert.matter = work.reopen_matter(by=by, now=now, matter=alert.matter)
            _ask_check(by, now, alert)


def _is_muted(verdict: Verdict, as_of: date) -> bool:
    """Whether the last alert of the firm and rule was told to be silent until a day to come."""
    return Alert.objects.filter(
        zone_id=verdict.zone_id,
        rule_id=verdict.rule_id,
        party_id=verdict.party_id,
        state=State.MUTED,
        muted_until__gte=as_of,
    ).exists()


def _raise(
    by: Actor, now: datetime, as_of: date, run: RuleRun, verdicts: Sequence[Verdict]
) -> list[Alert]:
    if not verdicts:
        return []
    figures = _figures(by, as_of, run, verdicts)
    owners = _owners(by, [one.party_id for one in verdicts])
    alerts = Alert.objects.bulk_create(
        Alert(
            zone_id=by.zone_id,
            party=one.party,
            rule=one.rule,
            rule_version_id=one.rule_version_id,
            since=one.since,
            last_on=as_of,
            raised_at=now,
            figures=figures.get((one.rule_id, one.party_id), {}),
            owner_id=owners.get(one.party_id),
        )
        for one in verdicts
    )
    for alert in alerts:
        alert.matter = work.open_matter(
            by=by,
            now=now,
            kind=ALERT,
            subject_id=alert.pk,
            title=f"{alert.rule.name}：{alert.party.name}",
            address=f"/economy/alerts/{alert.pk}/",
            party=alert.party,
        )
        alert.save(update_fields=["matter"])
        _tell(alert, by, now, "raised")
        _ask_check(by, now, alert)
    return alerts


def _figures(
    by: Actor, as_of: date, run: RuleRun, verdicts: Sequence[Verdict]
) -> dict[tuple[int, int], dict[str, Any]]:
    """The words each rule read of each firm, as they were."""
    words = {
        one.rule_id: sorted(one.rule.columns)
        for one in in_force(
            zone_id=by.zone_id,
            as_of=as_of,
            version_ids={verdict.rule_version_id for verdict in verdicts},
        )
    }
    parties = sorted({one.party_id for one in verdicts})
    table = facts(
        zone_id=by.zone_id,
        names=sorted({name for names in words.values() for name in names}),
        as_of=as_of,
        known_at=run.known_at,
        ids=parties,
    )
    known = {row["id"]: row for row in table.to_pylist()}
    return {
        (one.rule_id, one.party_id): {
            name: _plain(known.get(one.party_id, {}).get(name))
            for name in words.get(one.rule_id, [])
        }
        for one in verdicts
    }


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    return value.isoformat() if isinstance(value, date) else value


def _owners(by: Actor, party_ids: Sequence[int]) -> dict[int, int]:
    """The officer who answers for each firm."""
    return dict(
        Stewardship.objects.filter(
            zone_id=by.zone_id, party_id__in=party_ids, kind="officer", until__isnull=True
        ).values_list("party_id", "post_id")
    )


def _ask_check(by: Actor, now: datetime, alert: Alert) -> None:
    """Somebody looks into it: its owner while in office, else economic operations, else the desk."""
    if alert.matter is None:
        return
    owner = alert.owner
    if owner is not None and owner.until is not None and owner.until < today(now):
        owner = None
    office = None if owner else _office(by, today(now))
    if owner is None and office is None:
        return
    work.give_task(
        by=by,
        now=now,
        matter=alert.matter,
        kind=CHECK,
        title=_("Look into: %(rule)s") % {"rule": alert.rule.name},
        post=owner,
        office=office,
    )


def _office(by: Actor, on: date) -> Office | None:
    there = posts_in_force(zone_id=by.zone_id, on=on).filter(office__isnull=False)
    for role in (Role.ECONOMY, Role.SERVICE_DESK):
        post = there.filter(role=role).first()
        if post is not None:
            return post.office
    return None


# People judge -------------------------------------------------------------------------------------


@transaction.atomic
def confirm_alert(
    *,
    by: Actor,
    now: datetime,
    alert: Alert,
    measure: str,
    owner: Post | None = None,
    due_on: date | None = None,
    version: int | None = None,
) -> Alert:
    """Say that the alert is right, and what is done for this firm (一企一策), by whom, until when.

    A confirmed one may be confirmed again with another measure, owner or day.
    """
    row = _held(by, now, alert, version, *OPEN)
    why = _("Say what was agreed with this enterprise.")
    row.measure = must_say(measure, "measure", most=500, why=why)
    if due_on is not None and due_on < today(now):
        raise Refused(_("Give a day from today on."), field="due_on")
    row.owner = owner or row.owner or _self(by)
    row.due_on = due_on
    row.state, row.was_right = State.CONFIRMED, True
    _save(row, by, now, "confirm_alert", row.measure)
    if row.matter is not None and row.owner is not None:
        _end_tasks(row, by, now, _("confirmed"))
        work.give_task(
            by=by,
            now=now,
            matter=row.matter,
            kind=MEASURE,
            title=row.measure,
            post=row.owner,
            due_at=None if due_on is None else _end_of(due_on),
        )
    return row


@transaction.atomic
def dismiss_alert(*, by: Actor, now: datetime, alert: Alert, reason: str) -> Alert:
    """Say that it was a false alarm, and why; it counts against the rule's precision."""
    row = _held(by, now, alert, None, State.NEW)
    row.result = must_say(reason, "reason", most=500)
    row.state, row.was_right = State.FALSE_ALARM, False
    _save(row, by, now, "dismiss_alert", row.result)
    _settle(row, by, now, _("false alarm"))
    return row


@transaction.atomic
def mute_alert(*, by: Actor, now: datetime, alert: Alert, reason: str, until: date) -> Alert:
    """Be silent about this firm and rule until a day, with the reason; says nothing of right or wrong."""
    row = _held(by, now, alert, None, *OPEN)
    if not today(now) <= until <= today(now) + LONGEST_MUTE:
        raise Refused(_("Choose a day from today on, within a year."), field="until")
    row.mute_reason = must_say(reason, "reason", most=200)
    row.muted_until, row.state = until, State.MUTED
    _save(row, by, now, "mute_alert", row.mute_reason)
    _settle(row, by, now, _("muted"))
    return row


@transaction.atomic
def handle_alert(*, by: Actor, now: datetime, alert: Alert, result: str) -> Alert:
    """Say what came of the measure; the matter is closed."""
    row = _held(by, now, alert, None, State.CONFIRMED)
    row.result = must_say(result, "result", most=500, why=_("Say what came of it."))
    row.state = State.HANDLED
    _save(row, by, now, "handle_alert", row.result)
    _settle(row, by, now, row.result)
    return row


@transaction.atomic
def report_alert(*, by: Actor, now: datetime, alert: Alert, result: str) -> Alert:
    """Say what came of the measure so far; it goes on."""
    row = _held(by, now, alert, None, State.CONFIRMED)
    row.result = must_say(result, "result", most=500, why=_("Say what came of it."))
    _save(row, by, now, "report_alert", row.result)
    return row


def follow_task(*, task: Task, how: str, by: Actor, now: datetime, **_signal: Any) -> None:
    """Who takes or hands on the task of an alert owns it from now on."""
    if task.matter.kind != ALERT or task.post_id is None:
        return
    row = Alert.objects.select_for_update(of=("self",)).filter(
        zone_id=by.zone_id, matter_id=task.matter_id
    )
    for alert in row:
        alert.owner = task.post
        _save(alert, by, now, "give_alert", said(how, "how", most=30))


def _held(by: Actor, now: datetime, alert: Alert, version: int | None, *states: str) -> Alert:
    row = locked(Alert, by, alert.pk)
    access.must_handle_alert(by, row, now)
    if version is not None:
        journal.must_be_fresh(row, version)
    if row.state not in states:
        raise Refused(
            _("This alert is “%(state)s”; this is not possible now.")
            % {"state": State(row.state).label}
        )
    return row


def _save(row: Alert, by: Actor, now: datetime, verb: str, words: str) -> None:
    row.version += 1
    row.save()
    _tell(row, by, now, verb, words)
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, words=words, state=row.state
    )


def _tell(row: Alert, by: Actor, now: datetime, verb: str, words: str = "") -> None:
    AlertEvent.objects.create(
        zone_id=row.zone_id, alert=row, at=now, verb=verb, post_id=by.post_id, words=words[:500]
    )


def _settle(row: Alert, by: Actor, now: datetime, outcome: str) -> None:
    if row.matter is None or row.matter.closed_at is not None:
        return
    _end_tasks(row, by, now, outcome)
    work.close_matter(by=by, now=now, matter=row.matter)


def _end_tasks(row: Alert, by: Actor, now: datetime, outcome: str) -> None:
    for task in Task.objects.filter(
        zone_id=by.zone_id, matter=row.matter, state=Task.State.OPEN, kind__in=(CHECK, MEASURE)
    ):
        work.finish_task(by=by, now=now, task=task, outcome=outcome)


def _self(by: Actor) -> Post | None:
    return Post.objects.filter(zone_id=by.zone_id, pk=by.post_id or 0).first()


def _end_of(day: date) -> datetime:
    return datetime.combine(day, datetime.max.time().replace(microsecond=0), LOCAL)
