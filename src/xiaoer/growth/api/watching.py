"""API of monitoring: contribution to growth, targets, alerts, watch-lists, the weekly dispatch."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator

from xiaoer.base.api.shapes import Day, Number
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Post
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts.measuring import bound_of
from xiaoer.facts.models import Column
from xiaoer.facts.periods import Period, parse_period
from xiaoer.facts.queries import metric_by_code
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth.models import Alert, DispatchLine
from xiaoer.growth.watch_access import must_read_watch

router = Router(tags=["monitoring"])


def _plain(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a text without NUL")
    return text.strip()


Words = Annotated[str, AfterValidator(_plain), Field(max_length=500)]
Short = Annotated[str, AfterValidator(_plain), Field(max_length=60)]


class ContributionIn(Schema):
    """``period``: whole months, such as 2026年10月 or 2026年1-10月."""

    metric: Short
    period: Short
    column: Column = Column.REPORTED
    as_of: Day | None = None


class PullOut(Schema):
    """``points``: percentage points of the zone's growth; null where there is no growth."""

    party_id: int
    name: str
    now: Decimal
    before: Decimal
    points: Decimal | None


class LackingOut(Schema):
    party_id: int
    name: str
    why: str


class ContributionOut(Schema):
    """The points of all firms add up to ``growth`` exactly."""

    metric: str
    starts_on: date
    ends_on: date
    column: Column
    now: Decimal
    before: Decimal
    growth: Decimal | None
    firms: list[PullOut]
    lacking: list[LackingOut]


@router.get("/economy/contribution", response={200: ContributionOut, **PROBLEMS})
@api(READ)
def read_contribution(request: HttpRequest, by: Actor, asked: Query[ContributionIn]) -> object:
    """The zone's growth of a figure, taken apart by firm."""
    must_read_watch(by)
    metric = found(metric_by_code(asked.metric))
    period = period_of(asked.period)
    shown = queries.contribution(
        zone_id=by.zone_id, metric=metric, period=period, column=asked.column, as_of=asked.as_of
    )
    return {
        "metric": metric.code,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "column": asked.column,
        "now": number_of(shown.now),
        "before": number_of(shown.before),
        "growth": queries.points_number(shown.growth),
        "firms": [
            {
                "party_id": one.firms[0].party_id,
                "name": one.name,
                "now": number_of(one.now),
                "before": number_of(one.before),
                "points": queries.points_number(one.points),
            }
            for one in shown.firms
        ],
        "lacking": [
            {"party_id": one.party_id, "name": one.name, "why": one.comparing.value}
            for one in shown.lacking
        ],
    }


def period_of(text: str) -> Period:
    try:
        period = parse_period(text)
    except Unreadable as no:
        raise Refused(str(no), field="period") from no
    return found(period)


def number_of(scaled: int | None) -> Decimal | None:
    return bound_of(scaled, scaled).low


class TargetProgressOut(Schema):
    """Completion, plan and elapsed time in per cent; null while no figure is known."""

    id: int
    campaign: str
    name: str
    value: Decimal
    so_far: Decimal | None
    completion: Decimal | None
    planned: Decimal | None
    elapsed: Decimal | None
    forecast: Decimal | None
    light: Literal["red", "amber", "green", "grey"]
    source: str


@router.get("/economy/targets", response={200: list[TargetProgressOut], **PROBLEMS})
@api(READ)
def list_targets(request: HttpRequest, by: Actor, as_of: Day | None = None) -> object:
    """Targets in force against their plan, red first."""
    must_read_watch(by)
    rows = queries.progress_of_all(by=by, today=as_of or timezone.localdate(), as_of=as_of)
    return [
        {
            "id": one.target.pk,
            "campaign": one.target.campaign.name,
            "name": one.target.name,
            "value": number_of(one.target.value),
            "so_far": number_of(one.so_far),
            "completion": queries.points_number(one.completion),
            "planned": queries.points_number(one.last.planned) if one.last else None,
            "elapsed": queries.points_number(one.elapsed),
            "forecast": number_of(one.forecast),
            "light": one.light,
            "source": one.target.source,
        }
        for one in rows
    ]


class AlertOut(Schema):
    """An alert; ``figures`` are the rule's words as they were when it rose."""

    id: int
    version: int
    party_id: int
    party: str = Field(alias="party.name")
    rule: str = Field(alias="rule.code")
    since: date
    ended_on: date | None
    raised_at: datetime
    figures: dict[str, Any]
    state: Alert.State
    was_right: bool | None
    measure: str
    owner_id: int | None
    due_on: date | None
    result: str
    muted_until: date | None
    mute_reason: str


class AlertsIn(Schema):
    state: Literal["open", "all", "new", "confirmed", "false_alarm", "muted", "handled"] = "open"
    rule: Short = ""


@router.get("/economy/alerts", response={200: list[AlertOut], **PROBLEMS})
@api(READ)
def list_alerts(request: HttpRequest, by: Actor, asked: Query[AlertsIn]) -> object:
    """Alerts, those nobody judged first."""
    must_read_watch(by)
    filters = queries.AlertFilter(state=asked.state, rule=asked.rule)
    return queries.alerts(by=by, filters=filters, limit=500)


class RaisedOut(Schema):
    raised: int
    ended: int
    lasting: int


@router.post("/economy/alerts/raise", response={200: RaisedOut, **PROBLEMS})
@api(WRITE)
def raise_alerts(request: HttpRequest, by: Actor) -> object:
    """Evaluate the alert rules in force now."""
    return growth.raise_alerts(by=by, now=timezone.now())


class ConfirmAlertIn(Schema):
    measure: Words
    owner_id: Number | None = None
    due_on: Day | None = None


@router.post("/economy/alerts/{alert_id}/confirm", response={200: AlertOut, **PROBLEMS})
@api(WRITE)
def confirm_alert(
    request: HttpRequest, by: Actor, alert_id: Number, what: ConfirmAlertIn
) -> object:
    """Say that an alert is right, with the measure agreed for this firm."""
    return growth.confirm_alert(
        by=by,
        now=timezone.now(),
        alert=_alert(by, alert_id),
        measure=what.measure,
        owner=Post.objects.filter(zone_id=by.zone_id, pk=what.owner_id or 0).first(),
        due_on=what.due_on,
    )


class AlertWordsIn(Schema):
    words: Words


@router.post("/economy/alerts/{alert_id}/dismiss", response={200: AlertOut, **PROBLEMS})
@api(WRITE)
def dismiss_alert(request: HttpRequest, by: Actor, alert_id: Number, what: AlertWordsIn) -> object:
    """Call an alert false, and say why."""
    return growth.dismiss_alert(
        by=by, now=timezone.now(), alert=_alert(by, alert_id), reason=what.words
    )


@router.post("/economy/alerts/{alert_id}/handle", response={200: AlertOut, **PROBLEMS})
@api(WRITE)
def handle_alert(request: HttpRequest, by: Actor, alert_id: Number, what: AlertWordsIn) -> object:
    """Say what came of the measure."""
    return growth.handle_alert(
        by=by, now=timezone.now(), alert=_alert(by, alert_id), result=what.words
    )


class MuteAlertIn(Schema):
    reason: Words
    until: Day


@router.post("/economy/alerts/{alert_id}/mute", response={200: AlertOut, **PROBLEMS})
@api(WRITE)
def mute_alert(request: HttpRequest, by: Actor, alert_id: Number, what: MuteAlertIn) -> object:
    """Be silent about a firm and rule until a day, with the reason."""
    return growth.mute_alert(
        by=by,
        now=timezone.now(),
        alert=_alert(by, alert_id),
        reason=what.reason,
        until=what.until,
    )


def _alert(by: Actor, alert_id: int) -> Alert:
    return found(queries.alert_of(by, alert_id))


class DispatchLineOut(Schema):
    id: int
    party_id: int | None
    who: str
    what: str
    since: date
    light: DispatchLine.Light
    change: DispatchLine.Change
    measure: str
    owner_id: int | None
    due_on: date | None
    result: str
    is_done: bool


class DispatchWeekOut(Schema):
    id: int
    monday: date
    closed_at: datetime | None
    note: str
    lines: list[DispatchLineOut]


@router.get("/economy/dispatch", response={200: DispatchWeekOut, **PROBLEMS})
@api(READ)
def read_dispatch(request: HttpRequest, by: Actor) -> object:
    """The sheet of the newest week, red first."""
    must_read_watch(by)
    week = found(next(iter(queries.dispatch_weeks(by=by)), None))
    return week_out(by, week.pk)


@router.post("/economy/dispatch", response={200: DispatchWeekOut, **PROBLEMS})
@api(WRITE)
def make_dispatch(request: HttpRequest, by: Actor) -> object:
    """Make this week's sheet, or bring it up to date."""
    return week_out(by, growth.make_dispatch(by=by, now=timezone.now()).pk)


def week_out(by: Actor, week_id: int) -> dict[str, Any]:
    week = found(queries.dispatch_week(by, week_id))
    return {
        "id": week.pk,
        "monday": week.monday,
        "closed_at": week.closed_at,
        "note": week.note,
        "lines": queries.dispatch_lines(week=week),
    }
