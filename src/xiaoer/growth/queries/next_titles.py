"""What would bring an enterprise its next titles, for its own page."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language

from xiaoer.growth.asking import question_for
from xiaoer.growth.models import Batch, TitleKind
from xiaoer.growth.queries.board import RUNNING
from xiaoer.growth.queries.nearing import ChangeSaid, changes_said, distances_of_firm
from xiaoer.growth.queries.registers import living
from xiaoer.registry import queries as registry
from xiaoer.registry.models import Party
from xiaoer.rules import vocabularies
from xiaoer.rules.engines.distance import Distance

MOST_CHANGES, MOST_TIMES, SHOWN = 2, 2, 8


@dataclass(frozen=True, slots=True)
class NextTitle:
    """A title an enterprise does not hold: nothing is lacking, or what is.

    ``to_be_asked`` the enterprise can say itself; the zone looks up the rest of what is missing.
    """

    kind: TitleKind
    changes: tuple[ChangeSaid, ...] = ()
    to_be_asked: tuple[str, ...] = ()
    looked_up: tuple[str, ...] = ()
    waits_until: date | None = None
    closes_on: date | None = None

    @property
    def is_met(self) -> bool:
        return not (self.changes or self.to_be_asked or self.looked_up or self.waits_until)


def next_titles(*, party: Party, on: date, now: datetime) -> list[NextTitle]:
    """The titles within reach, the least change first; what is too far off is not shown."""
    numbers = registry.numbers_of(party=party)
    held = living(party.zone_id).filter(party_id__in=numbers, ended_on__isnull=True)
    running = party.applications.filter(state__in=RUNNING)
    taken = {*held.values_list("kind_id", flat=True), *running.values_list("kind_id", flat=True)}
    kinds = [
        kind
        for kind in TitleKind.objects.filter(
            zone_id=party.zone_id, family="title", ended_on__isnull=True
        ).exclude(rule_code="")
        if kind.pk not in taken
    ]
    distances = distances_of_firm(
        party=party, codes={kind.rule_code for kind in kinds}, on=on, now=now
    )
    closing = dict(
        Batch.objects.filter(kind__in=kinds, state=Batch.State.OPEN, closes_on__gte=on)
        .order_by("-closes_on")
        .values_list("kind_id", "closes_on")
    )
    within = sorted(
        (
            (kind, distances[kind.rule_code] or Distance())
            for kind in kinds
            if kind.rule_code in distances
        ),
        key=_order,
    )
    return [
        _next(party, kind, distance, on, closing.get(kind.pk))
        for kind, distance in within
        if _is_near(distance)
    ][:SHOWN]


def _is_near(distance: Distance) -> bool:
    """A few changes, none of which would make money more than threefold."""
    return (
        distance.is_enough
        and len(distance.changes) <= MOST_CHANGES
        and not any(
            change.unit == "CNY"
            and isinstance(change.now, int | float)
            and abs(change.delta or 0) > MOST_TIMES * abs(change.now)
            for change in distance.changes
        )
    )


def _order(one: tuple[TitleKind, Distance]) -> tuple[int, float, int]:
    kind, distance = one
    return len(distance.changes), distance.cost + len(distance.missing), kind.order


def _next(
    party: Party, kind: TitleKind, distance: Distance, on: date, closes_on: date | None
) -> NextTitle:
    words = vocabularies.vocabulary(party.zone_id).words
    language = get_language() or "zh-hans"
    to_be_asked: list[str] = []
    looked_up: list[str] = []
    for name in distance.missing:
        can_say = question_for(words[name], on, "") is not None
        (to_be_asked if can_say else looked_up).append(words[name].label(language))
    return NextTitle(
        kind,
        changes_said(distance, words),
        tuple(to_be_asked),
        tuple(looked_up),
        distance.waits_until,
        closes_on,
    )
