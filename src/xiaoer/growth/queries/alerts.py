"""Alerts: the list, one with its story, those of a firm, and how often each rule was right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

from django.db.models import Count, Q, QuerySet

from xiaoer.base.scope import Actor
from xiaoer.growth.models import Alert, AlertEvent
from xiaoer.registry.models import Party
from xiaoer.registry.queries import numbers_of
from xiaoer.rules.models import Rule, RuleClause, RuleVersion
from xiaoer.web.marks import Colour

State = Alert.State
ENOUGH = 10
"""From so many decisions on a precision has an interval; before, only the counts are shown."""
Z = 1.96
ALERTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class AlertFilter:
    state: str = "open"
    rule: str = ""
    mine: bool = False
    text: str = ""


def alert_light(alert: Alert, today: date) -> Colour:
    """Red: nobody has judged it, or its day has passed; amber: under way; green: handled."""
    if alert.state == State.CONFIRMED:
        return "red" if alert.due_on is not None and alert.due_on < today else "amber"
    return {State.NEW: "red", State.HANDLED: "green"}.get(State(alert.state), "grey")  # type: ignore[return-value]  # colours by name


def _alerts(by: Actor) -> QuerySet[Alert]:
    return Alert.objects.filter(zone_id=by.zone_id).select_related(
        "party", "rule", "owner__person", "owner__office", "matter", "rule_version"
    )


def alert_of(by: Actor, alert_id: int) -> Alert | None:
    return _alerts(by).filter(pk=alert_id).first()


def alerts(*, by: Actor, filters: AlertFilter, limit: int | None = None) -> list[Alert]:
    """Alerts that pass the filters: those nobody judged first, then the newest."""
    rows = _alerts(by)
    if filters.state == "open":
        rows = rows.filter(state__in=(State.NEW, State.CONFIRMED))
    elif filters.state in State.values:
        rows = rows.filter(state=filters.state)
    if filters.rule:
        rows = rows.filter(rule__code=filters.rule)
    if filters.mine:
        rows = rows.filter(owner_id=by.post_id or 0)
    if filters.text:
        rows = rows.filter(party__name__contains=filters.text)
    found = rows.order_by("-raised_at", "-id")[:limit]
    return sorted(found, key=lambda one: one.state != State.NEW)


def alert_counts(*, by: Actor) -> Mapping[str, int]:
    """How many alerts are in each state."""
    rows = Alert.objects.filter(zone_id=by.zone_id).order_by().values_list("state")
    return dict(rows.annotate(count=Count("pk")))


def events_of(*, alert: Alert) -> list[AlertEvent]:
    return list(AlertEvent.objects.filter(alert=alert).select_related("post__person"))


def alerts_of_firm(*, by: Actor, party: Party) -> list[Alert]:
    """Open alerts of a firm, also those of entries merged into it."""
    return list(
        _alerts(by)
        .filter(party_id__in=numbers_of(party=party), state__in=(State.NEW, State.CONFIRMED))
        .order_by("-raised_at")
    )


@dataclass(frozen=True, slots=True)
class Precision:
    """How often an alert rule was right, as people judged it."""

    rule: Rule
    right: int
    wrong: int
    waiting: int
    muted: int
    version: RuleVersion | None
    """In force today; None: a draft nobody released, or retired."""

    @property
    def decided(self) -> int:
        return self.right + self.wrong

    @property
    def share(self) -> float | None:
        """In per cent; None before anything was decided."""
        return 100 * self.right / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between what and what it may lie, in per cent (Wilson, 95 %); None with few decisions."""
        if self.decided < ENOUGH:
            return None
        n, p = self.decided, self.right / self.decided
        middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
        half = Z * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
        return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def precisions(*, by: Actor) -> list[Precision]:
    """Every alert rule of the zone with what people made of its alerts."""
    counted = (
        Alert.objects.filter(zone_id=by.zone_id)
        .order_by()
        .values_list("rule_id")
        .annotate(
            right=Count("pk", filter=Q(was_right=True)),
            wrong=Count("pk", filter=Q(was_right=False)),
            waiting=Count("pk", filter=Q(state=State.NEW)),
            muted=Count("pk", filter=Q(state=State.MUTED)),
        )
    )
    rows = {row[0]: row[1:] for row in counted}
    live: dict[int, RuleVersion] = {
        version.rule_id: version
        for version in RuleVersion.objects.filter(
            zone_id=by.zone_id, rule__kind=Rule.Kind.ALERT, state=RuleVersion.State.LIVE
        )
    }
    rules = Rule.objects.filter(zone_id=by.zone_id, kind=Rule.Kind.ALERT).order_by("code")
    return [_precision(rule, rows.get(rule.pk, (0, 0, 0, 0)), live.get(rule.pk)) for rule in rules]


def _precision(
    rule: Rule, numbers: tuple[int, int, int, int], version: RuleVersion | None
) -> Precision:
    right, wrong, waiting, muted = numbers
    return Precision(rule, right, wrong, waiting, muted, version)


def clauses_of(*, alert: Alert) -> list[RuleClause]:
    return list(RuleClause.objects.filter(rule_version_id=alert.rule_version_id))
