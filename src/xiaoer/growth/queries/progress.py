"""How far targets are, against the time that has passed: read from figures and counts, never typed.

A target's figure up to a month, best first: what is stated for the time from its beginning (or, of a
level, for the month); the sum of stated months; the sum of the firms' months. One that adds up
begins at nothing; one to reach goes from its base to its value, and a flow's figure is then that of
the twelve months up to the month. Completion is compared with the plan up to the *same* month, the
last that has a figure. A forecast goes on as the plan does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from django.db import connection
from django.db.models import QuerySet

from xiaoer.base.scope import Actor
from xiaoer.facts.models import Aspect, Metric, Value
from xiaoer.facts.periods import Period, end_of
from xiaoer.facts.queries import Figure, figure_of, known_values
from xiaoer.facts.queries.firms import EVER
from xiaoer.facts.queries.standings import TRUST
from xiaoer.growth.models import Campaign, Target, TargetRule
from xiaoer.growth.queries.firm_figures import months_in
from xiaoer.registry.models import Party, Stewardship
from xiaoer.rules.models import Verdict
from xiaoer.web.marks import Colour

WHOLE = 10_000
"""Shares, completion and plan are in ten-thousandths of the way."""
YEAR = 12
LIGHTS: tuple[Colour, ...] = ("red", "amber", "grey", "green")


@dataclass(frozen=True, slots=True)
class MonthOfTarget:
    """One month of a target: what was planned up to it, what stands, and how that came about."""

    period: Period
    planned: int
    """Of the way, up to and with this month, in ten-thousandths."""
    plan: int
    """The figure the plan comes to by then."""
    figure: int | None
    how: str
    """``stated``, ``months``, ``firms``, ``counted``; empty where nothing is known."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A target as it stands."""

    target: Target
    months: tuple[MonthOfTarget, ...]
    elapsed: int
    """How much of its time has passed, in ten-thousandths."""
    rule: TargetRule | None
    stated: tuple[Figure, ...] = ()
    """What sources state as the target for the same thing and time."""

    @property
    def start(self) -> int:
        return (self.target.base or 0) if self.target.way == Target.Way.REACH else 0

    @property
    def last(self) -> MonthOfTarget | None:
        """The last month that has a figure."""
        return next((one for one in reversed(self.months) if one.figure is not None), None)

    @property
    def so_far(self) -> int | None:
        return self.last.figure if self.last else None

    @property
    def completion(self) -> int | None:
        """How much of the way is done, in ten-thousandths; may be beyond the whole, or negative."""
        if self.so_far is None:
            return None
        return _share(self.so_far - self.start, self.target.value - self.start)

    @property
    def behind(self) -> int | None:
        """By how much it lags behind the plan of its last month, in ten-thousandths."""
        if self.completion is None or self.last is None:
            return None
        return self.last.planned - self.completion

    @property
    def forecast(self) -> int | None:
        """What it comes to if it goes on as the plan does; None before the plan begins."""
        if self.so_far is None or self.last is None or self.last.planned == 0:
            return None
        return self.start + _divided((self.so_far - self.start) * WHOLE, self.last.planned)

    @property
    def light(self) -> Colour:
        """Without a figure, or without the zone's rule, it is grey: never green by silence."""
        if self.behind is None or self.rule is None:
            return "grey"
        if self.behind > self.rule.red_points * 100:
            return "red"
        return "amber" if self.behind >= self.rule.amber_points * 100 else "green"


def _share(part: int, whole: int) -> int:
    return _divided(part * WHOLE, whole)


def _divided(part: int, whole: int) -> int:
    """Half away from nothing, in whole numbers."""
    sign = -1 if (part < 0) != (whole < 0) else 1
    part, whole = abs(part), abs(whole)
    return sign * ((2 * part + whole) // (2 * whole))


def campaigns(*, by: Actor) -> list[Campaign]:
    """Campaigns of the zone, those under way first."""
    rows = Campaign.objects.filter(zone_id=by.zone_id).select_related("owner__person")
    return sorted(rows, key=lambda one: (one.closed_at is not None, -one.starts_on.toordinal()))


def target_of(by: Actor, target_id: int) -> Target | None:
    return _targets(by).filter(pk=target_id).first()


def _targets(by: Actor) -> QuerySet[Target]:
    return Target.objects.filter(zone_id=by.zone_id).select_related(
        "campaign", "metric", "rule", "park", "office", "party", "owner__person"
    )


def progress_of_all(*, by: Actor, today: date, as_of: date | None = None) -> list[Progress]:
    """Every target in force, as it stands on a day by what was known on one; red first."""
    targets = list(_targets(by).filter(dropped_at__isnull=True, campaign__closed_at__isnull=True))
    found = progress(by=by, targets=targets, today=today, as_of=as_of)
    return sorted(found, key=lambda one: (LIGHTS.index(one.light), -(one.behind or 0)))


def progress(
    *, by: Actor, targets: Sequence[Target], today: date, as_of: date | None = None
) -> list[Progress]:
    """Some targets as they stand, by a fixed number of questions however many they are."""
    rule = TargetRule.objects.filter(zone_id=by.zone_id).first()
    known = _Known(by.zone_id, targets, as_of)
    return [
        Progress(
            target=target,
            months=_months(target, known, today),
            elapsed=_elapsed(target, today),
            rule=rule,
            stated=known.stated_target(target),
        )
        for target in targets
    ]


def _elapsed(target: Target, today: date) -> int:
    days = (target.ends_on - target.starts_on).days + 1
    gone = (min(today, target.ends_on) - target.starts_on).days + 1
    return max(0, _share(gone, days))


def _months(target: Target, known: "_Known", today: date) -> tuple[MonthOfTarget, ...]:
    start = (target.base or 0) if target.way == Target.Way.REACH else 0
    months = months_in(Period(target.starts_on, target.ends_on))
    planned = list(accumulate(target.shares)) or [0] * len(months)
    found = []
    for month, so_far in zip(months, planned, strict=True):
        figure, how = (None, "") if month.starts_on > today else known.figure(target, month)
        plan = start + _divided((target.value - start) * so_far, WHOLE)
        found.append(MonthOfTarget(month, so_far, plan, figure, how))
    return tuple(found)


def seasonal_shares(monthly: Sequence[int]) -> list[int]:
    """Shares in ten-thousandths as some months had them; they add up to the whole exactly.

    Rounded down, the rest to those that lost most. Raises ``ValueError`` on a negative month or a
    year of nothing: there is no season to follow.
    """
    total = sum(monthly)
    if total <= 0 or min(monthly) < 0:
        raise ValueError("no season to follow")
    parts = [divmod(month * WHOLE, total) for month in monthly]
    shares = [floor for floor, _rest in parts]
    for place in sorted(range(len(parts)), key=lambda at: (-parts[at][1], at))[
        : WHOLE - sum(shares)
    ]:
        shares[place] += 1
    return shares


def even_shares(months: int) -> list[int]:
    """The same for every month, the odd ten-thousandths to the first ones."""
    return seasonal_shares([1] * months)


def months_before(*, by: Actor, target: Target, as_of: date | None = None) -> list[int | None]:
    """The figures of the same months of the year before a target begins, for its season."""
    months = [one.year_before() for one in months_in(Period(target.starts_on, target.ends_on))]
    known = _Known(by.zone_id, [target], as_of)
    return [known.month(target, month) for month in months[:YEAR]]


# What is known ------------------------------------------------------------------------------------

_OF_FIRMS = """
with latest as (
  select distinct on (v.metric_id, coalesce(d.merged_into_id, v.party_id), v."column", v.starts_on, v.ends_on)
         v.metric_id, coalesce(d.merged_into_id, v.party_id) as firm, v."column", v.starts_on,
         v.ends_on, v.low
  from value v
  left join party d on d.id = v.party_id and d.zone_id = %(zone)s and d.merged_into_id is not null
  where v.zone_id = %(zone)s and v.metric_id = any(%(metrics)s) and v.ends_on = any(%(ends)s)
    and v.aspect = 'value' and v.dimension = '' and v.party_id is not null
    and v.withdrawn_at is null and v.known_at <= %(at)s
  order by v.metric_id, coalesce(d.merged_into_id, v.party_id), v."column", v.starts_on, v.ends_on,
           d.id is not null, v.known_at desc, v.id desc
)
select l.metric_id, l."column", l.starts_on, l.ends_on, {scope}, sum(l.low)::bigint
from latest l {joined} where l.low is not null {narrowed}
group by 1, 2, 3, 4, 5
"""
_ZONE = _OF_FIRMS.format(scope="0::bigint", joined="", narrowed="")
_PARK = _OF_FIRMS.format(
    scope="p.park_id",
    joined="join party p on p.id = l.firm and p.zone_id = %(zone)s",
    narrowed="and p.park_id = any(%(ids)s)",
)
_PARTY = _OF_FIRMS.format(scope="l.firm", joined="", narrowed="and l.firm = any(%(ids)s)")
_OFFICE = _OF_FIRMS.format(
    scope="o.office_id",
    joined="join stewardship s on s.party_id = l.firm and s.zone_id = %(zone)s"
    " and s.kind = 'officer' and s.until is null join post o on o.id = s.post_id",
    narrowed="and o.office_id = any(%(ids)s)",
)
_SQL: Mapping[str, str] = {"zone": _ZONE, "park": _PARK, "office": _OFFICE, "party": _PARTY}


def scope_of(target: Target) -> tuple[str, int]:
    """What of the zone a target is of: the whole, a park, an office's firms, a firm."""
    for name in ("park", "office", "party"):
        number = getattr(target, f"{name}_id")
        if number is not None:
            return name, number
    return "zone", 0


class _Known:
    """All figures and counts that some targets may need, asked for together."""

    def __init__(self, zone_id: int, targets: Sequence[Target], as_of: date | None) -> None:
        self.of_firms: dict[tuple[str, int, int, str, Period], int] = {}
        self.stated: dict[tuple[int, str, Period], int] = {}
        self.targets: dict[tuple[int, Period], list[Figure]] = {}
        self.verdicts: dict[int, list[tuple[int, date, date | None]]] = {}
        self.places: dict[tuple[str, int], set[int]] = {}
        measured = [one for one in targets if one.metric_id is not None]
        self._ask_stated(zone_id, measured, as_of)
        for kind in _SQL:
            self._ask_firms(
                zone_id, kind, [one for one in measured if scope_of(one)[0] == kind], as_of
            )
        self._ask_counts(zone_id, [one for one in targets if one.rule_id is not None])

    def _ask_stated(self, zone_id: int, targets: Sequence[Target], as_of: date | None) -> None:
        wanted = [one for one in targets if scope_of(one)[0] == "zone"]
        if not wanted:
            return
        rows = known_values(zone_ids=[zone_id], as_of=as_of).filter(
            metric_id__in={one.metric_id for one in wanted},
            aspect__in=(Aspect.VALUE, Aspect.TARGET),
            party__isnull=True,
            dimension="",
            ends_on__in=_ends(wanted),
        )
        for row in rows:
            period = Period(row.starts_on, row.ends_on)
            if row.aspect == Aspect.TARGET:
                self.targets.setdefault((row.metric_id, period), []).append(figure_of(row))
            elif row.low is not None and row.low == row.high:
                self.stated[row.metric_id, row.column, period] = row.low

    def _ask_firms(
        self, zone_id: int, kind: str, targets: Sequence[Target], as_of: date | None
    ) -> None:
        if not targets:
            return
        said: dict[str, int | datetime | list[int] | list[date]] = {
            "zone": zone_id,
            "metrics": sorted({one.metric_id or 0 for one in targets}),
            "ends": _ends(targets),
            "at": end_of(as_of or EVER),
            "ids": sorted({scope_of(one)[1] for one in targets}),
        }
        with connection.cursor() as cursor:
            cursor.execute(_SQL[kind], said)
            for metric_id, column, starts, ends, scope, total in cursor.fetchall():
                self.of_firms[kind, scope, metric_id, column, Period(starts, ends)] = total

    def _ask_counts(self, zone_id: int, targets: Sequence[Target]) -> None:
        rules = {one.rule_id for one in targets if one.rule_id is not None}
        if not rules:
            return
        met = Verdict.objects.filter(zone_id=zone_id, rule_id__in=rules, state="met")
        for rule, party, since, until in met.values_list("rule_id", "party_id", "since", "until"):
            self.verdicts.setdefault(rule, []).append((party, since, until))
        for kind, number in {scope_of(one) for one in targets} - {("zone", 0)}:
            self.places[kind, number] = _firms_of(zone_id, kind, number)

    def figure(self, target: Target, month: Period) -> tuple[int | None, str]:
        """The target's figure up to a month, and how it came about."""
        if target.rule_id is not None:
            return self._counted(target, month.ends_on)
        if target.way == Target.Way.REACH and _is_flow(target):
            return self._added(target, _months_up_to(month, YEAR))
        if target.way == Target.Way.REACH:
            return self._level(target, month)
        whole = Period(target.starts_on, month.ends_on)
        for column in _columns(target):
            stated = self.stated.get((target.metric_id or 0, column, whole))
            if stated is not None and scope_of(target)[0] == "zone":
                return stated, "stated"
        return self._added(target, months_in(whole))

    def month(self, target: Target, month: Period) -> int | None:
        """One month's own figure."""
        return self._added(target, [month])[0]

    def stated_target(self, target: Target) -> tuple[Figure, ...]:
        if target.metric_id is None or scope_of(target)[0] != "zone":
            return ()
        period = Period(target.starts_on, target.ends_on)
        return tuple(self.targets.get((target.metric_id, period), ()))

    def _added(self, target: Target, months: Sequence[Period]) -> tuple[int | None, str]:
        """Months added up in one column; every month must be known in it."""
        for how, ask in (("months", self._of_zone), ("firms", self._of_firms)):
            for column in _columns(target):
                known = [ask(target, column, month) for month in months]
                figures = [one for one in known if one is not None]
                if len(figures) == len(months):
                    return sum(figures), how
        return None, ""

    def _level(self, target: Target, month: Period) -> tuple[int | None, str]:
        at = Period(month.ends_on, month.ends_on)
        for how, ask in (("stated", self._of_zone), ("firms", self._of_firms)):
            for column in _columns(target):
                for period in (at, month):
                    known = ask(target, column, period)
                    if known is not None:
                        return known, how
        return None, ""

    def _of_zone(self, target: Target, column: str, period: Period) -> int | None:
        if scope_of(target)[0] != "zone":
            return None
        return self.stated.get((target.metric_id or 0, column, period))

    def _of_firms(self, target: Target, column: str, period: Period) -> int | None:
        return self.of_firms.get((*scope_of(target), target.metric_id or 0, column, period))

    def _counted(self, target: Target, day: date) -> tuple[int | None, str]:
        spans = self.verdicts.get(target.rule_id or 0)
        if spans is None:
            return None, ""
        scope = scope_of(target)
        among = self.places.get(scope)
        met = sum(
            since <= day and (until is None or until > day)
            for party, since, until in spans
            if among is None or party in among
        )
        if not met and min(since for _party, since, _until in spans) > day:
            return None, ""
        return met * 10**Value.SCALE, "counted"


def _is_flow(target: Target) -> bool:
    return target.metric is not None and target.metric.adds == Metric.Adds.SUM


def _columns(target: Target) -> tuple[str, ...]:
    return (target.column,) if target.column else tuple(TRUST)


def _ends(targets: Iterable[Target]) -> list[date]:
    """The ends of all months a target may read: its own, and the twelve before its first."""
    ends: set[date] = set()
    for one in targets:
        first = Period(one.starts_on, one.starts_on).year_before().starts_on
        ends.update(month.ends_on for month in months_in(Period(first, one.ends_on)))
    return sorted(ends)


def _months_up_to(month: Period, count: int) -> list[Period]:
    first = Period(month.year_before().starts_on, month.ends_on)
    return months_in(first)[-count:]


def _firms_of(zone_id: int, kind: str, number: int) -> set[int]:
    ask: Mapping[str, Callable[[], Iterable[int]]] = {
        "park": lambda: Party.objects.filter(zone_id=zone_id, park_id=number).values_list(
            "pk", flat=True
        ),
        "office": lambda: Stewardship.objects.filter(
            zone_id=zone_id, kind="officer", until__isnull=True, post__office_id=number
        ).values_list("party_id", flat=True),
        "party": lambda: (number,),
    }
    return set(ask[kind]())
