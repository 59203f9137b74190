"""Verbs about single figures."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Role
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.facts import access
from xiaoer.facts.actions.rollups import ask_for_rollups
from xiaoer.facts.actions.writing import Entry, judge, lock_figures, write
from xiaoer.facts.ledger import Key, Outcome, is_ahead
from xiaoer.facts.measuring import Scaled, read_figure
from xiaoer.facts.models import Aspect, Column, Metric, Value
from xiaoer.facts.periods import Period, start_of
from xiaoer.registry.models import Party


@transaction.atomic
def record_value(
    *,
    by: Actor,
    now: datetime,
    metric: Metric,
    period: Period,
    number: object,
    column: str,
    source: str,
    unit: str = "",
    sign: str = "",
    aspect: str = Aspect.VALUE,
    party: Party | None = None,
    dimension: str = "",
    external_ref: str = "",
    known_on: date | None = None,
    note: str = "",
) -> Value:
    """Write down one figure as people say it: 43.31, 4331万元, ≥30, 4-5.

    A different figure for the same thing is a correction: a new row known later; the old row stays.
    The same figure again writes no second row. Staff who keep figures may; an enterprise may report
    its own.
    """
    _must_be_allowed(by, party, column)
    figure = _read(metric, aspect, number, unit, sign)
    if is_ahead(aspect, column, period.starts_on, known_on or timezone.localdate(now)):
        raise Refused(
            _("This period has not begun; only an estimate or a target tells of it."),
            field="period",
        )
    if not source.strip():
        raise Refused(_("Say where the figure comes from."), field="source")
    entry = Entry(
        key=Key(
            metric.pk,
            aspect,
            party.pk if party else None,
            dimension,
            period.starts_on,
            period.ends_on,
            column,
        ),
        figure=figure,
        known_at=moment_known(known_on, now),
        source=source.strip(),
        known_on=known_on,
        external_ref=external_ref,
        note=note,
    )
    with on_behalf(by):
        return _write_one(by, now, entry, party)


def _write_one(by: Actor, now: datetime, entry: Entry, party: Party | None) -> Value:
    judged = judge(lock_figures(by), [entry])
    if judged[0].outcome == Outcome.REJECTED:
        raise Refused(
            _(
                "Another figure is known for this since the same day. A correction is known later: "
                "give the day on which it became known."
            ),
            field="known_on",
        )
    fresh = write(by=by, now=now, judged=judged)
    known = judged[0].value_id
    if not fresh and known is not None:
        return Value.objects.get(pk=known)
    journal.record(
        by=by,
        now=now,
        verb="record_value",
        subject=fresh[0],
        party_ref=party.pk if party else None,
        correction=judged[0].outcome == Outcome.UPDATED,
    )
    if party is not None:
        ask_for_rollups(by.zone_id, entry.key.metric_id, {entry.key.ends_on})
    return fresh[0]


@transaction.atomic
def record_values(
    *,
    by: Actor,
    now: datetime,
    metric: Metric,
    column: str,
    source: str,
    figures: Iterable[tuple[int, Period, Scaled]],
    known_at: datetime | None = None,
) -> int:
    """Write many enterprises' figures of one metric (party id, period, figure); how many are new."""
    access.must_keep_figures(by)
    zone_id = lock_figures(by)
    entries = [
        Entry(
            key=Key(
                metric.pk, Aspect.VALUE, party_id, "", period.starts_on, period.ends_on, column
            ),
            figure=figure,
            known_at=known_at or now,
            source=source,
        )
        for party_id, period, figure in figures
    ]
    judged = judge(zone_id, entries)
    clashing = sum(one.outcome == Outcome.REJECTED for one in judged)
    if clashing:
        raise Refused(
            _("%(count)s figures are known differently since the same moment; correct them later.")
            % {"count": clashing}
        )
    fresh = write(by=by, now=now, judged=judged)
    journal.record(by=by, now=now, verb="record_values", subject=metric, count=len(fresh))
    ask_for_rollups(by.zone_id, metric.pk, {value.ends_on for value in fresh})
    return len(fresh)


def moment_known(known_on: date | None, now: datetime) -> datetime:
    """The first moment of the day it became known; now if nobody says otherwise."""
    if known_on is None or known_on == timezone.localdate(now):
        return now
    if known_on > timezone.localdate(now):
        raise Refused(_("A figure cannot be known before its day has come."), field="known_on")
    return start_of(known_on)


def _read(metric: Metric, aspect: str, number: object, unit: str, sign: str) -> Scaled:
    try:
        figure = read_figure(metric=metric, aspect=aspect, number=number, unit=unit, sign=sign)
    except Unreadable as no:
        raise Refused(str(no), field="number") from no
    if figure is None:
        raise Refused(_("A figure nobody knows is left out, not written down."), field="number")
    return figure


def _must_be_allowed(by: Actor, party: Party | None, column: str) -> None:
    if by.role == Role.ENTERPRISE and party is not None and by.party_ref == party.pk:
        if column == Column.REPORTED:
            return
        raise Refused(
            _("An enterprise reports its own figures; it does not estimate or confirm them.")
        )
    access.must_keep_figures(by)
