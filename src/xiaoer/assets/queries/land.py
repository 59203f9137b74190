"""Land through its stages: where every parcel stands, by when it goes on, and what is due of it."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from xiaoer.assets.models import (
    IndicatorKind,
    LandCheck,
    LandIndicator,
    LandPledge,
    LandStageRule,
    LandStep,
    Parcel,
)
from xiaoer.base.models import StoredFile
from xiaoer.base.scope import Actor
from xiaoer.web.marks import Colour
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL, WorkCalendar
from xiaoer.work.clocks import LimitUnit
from xiaoer.work.models import LimitRule

NEXT, IDLE, PLEDGE, CHECK = "land_next", "land_idle", "land_pledge", "land_check"
LAND_LIGHTS: tuple[Colour, ...] = ("red", "amber", "grey", "green")
ORDER = {light: place for place, light in enumerate(LAND_LIGHTS)}
MU = Decimal(2000) / 3
"""Square metres of one mu (亩)."""
LAND_SHOWN = 500
"""Rows a page draws; a sheet holds all."""


@dataclass(frozen=True, slots=True)
class LandLimits:
    """The zone's limits of land as they stand today, and its calendar, read once for all parcels."""

    rules: Mapping[str, LimitRule]
    calendar: WorkCalendar

    def days(self, code: str) -> int:
        """So many days before something is due it is told; none where the zone keeps no such limit."""
        rule = self.rules.get(code)
        return rule.count if rule else 0

    def get(self, code: str) -> LimitRule | None:
        return self.rules.get(code)

    def after(self, day: date, limit: LimitRule) -> date | None:
        """The last day of a limit that began to run on a day."""
        start = datetime.combine(day, time(), LOCAL)
        of = work.limit_of(limit)
        return work.last_day(
            work.end_by_limit(calendar=self.calendar, limit=of, start=start).due_at
        )


def land_limits(zone_id: int) -> LandLimits:
    rows = LimitRule.objects.filter(zone_id=zone_id, code__startswith="land.")
    return LandLimits({row.code: row for row in rows}, work.calendar_of(zone_id))


def after(zone_id: int, day: date, limit: LimitRule) -> date | None:
    """The last day of a limit that began to run on a day, by the zone's calendar."""
    start = datetime.combine(day, time(), LOCAL)
    return work.last_day(work.due_moment(zone_id, limit, start))


def back_from(day: date, limit: LimitRule) -> date:
    """The day from which a limit leads up to ``day``: months by the calendar, all else in days."""
    if limit.unit != LimitUnit.MONTH:
        return day - timedelta(days=limit.count)
    return months_later(day, -limit.count)


def months_later(day: date, count: int) -> date:
    """The same day so many months on, or back; the month's last where it has none."""
    years, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


# Where land stands -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LandFilter:
    """Empty means every one."""

    stage: str = ""
    park: int | None = None
    light: str = ""
    standard: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class LandRow:
    """A parcel with its latest step. ``due_on``: by when what comes next is due."""

    parcel: Parcel
    step: LandStep | None
    due_on: date | None
    idle_on: date | None
    light: Colour

    @property
    def area_mu(self) -> Decimal:
        return mu(self.parcel.area_m2)


@dataclass(frozen=True, slots=True)
class StageSum:
    """How many parcels stand at a stage, and their area."""

    stage: str
    count: int
    area_mu: Decimal


def mu(area_m2: Decimal) -> Decimal:
    """An area in 亩, to the last of its digits; pages round."""
    return area_m2 / MU


def land_rows(
    *, by: Actor, filters: LandFilter, today: date, limit: int | None = LAND_SHOWN
) -> list[LandRow]:
    """Parcels as they stand, red first; of one light the nearest day first."""
    rows = [
        row
        for row in _rows(by.zone_id, _filtered(by, filters), today)
        if not filters.light or row.light == filters.light
    ]
    rows.sort(key=lambda row: (ORDER[row.light], row.due_on or date.max, row.parcel.number))
    return rows if limit is None else rows[:limit]


def _filtered(by: Actor, filters: LandFilter) -> QuerySet[Parcel]:
    rows = Parcel.objects.filter(zone_id=by.zone_id).select_related("park", "party")
    if filters.stage:
        rows = rows.filter(stage=filters.stage)
    if filters.park is not None:
        rows = rows.filter(park_id=filters.park)
    if filters.standard:
        rows = rows.filter(is_standard_land=True)
    if filters.text:
        rows = rows.filter(
            Q(number__icontains=filters.text)
            | Q(name__icontains=filters.text)
            | Q(party__name__icontains=filters.text)
        )
    return rows


def stage_sums(*, by: Actor, filters: LandFilter | None = None) -> list[StageSum]:
    """The whole of the filters' land by stage, every stage named."""
    rows = _filtered(by, filters or LandFilter())
    found = {
        row["stage"]: row
        for row in rows.order_by().values("stage").annotate(n=Count("id"), m2=Sum("area_m2"))
    }
    return [
        StageSum(
            stage,
            found[stage]["n"] if stage in found else 0,
            mu(found[stage]["m2"]) if stage in found else Decimal(0),
        )
        for stage in Parcel.Stage.values
    ]


def latest_steps(zone_id: int, parcel_ids: Iterable[int] | None = None) -> dict[int, LandStep]:
    """Of each parcel the step it stands at."""
    rows = LandStep.objects.filter(zone_id=zone_id, taken_back_at__isnull=True)
    if parcel_ids is not None:
        rows = rows.filter(parcel_id__in=list(parcel_ids))
    latest = rows.order_by("parcel_id", "-fact_on", "-id").distinct("parcel_id")
    return {step.parcel_id: step for step in latest}


def _rows(zone_id: int, parcels: Iterable[Parcel], today: date) -> list[LandRow]:
    kept = list(parcels)
    steps = latest_steps(zone_id, None if len(kept) > LAND_SHOWN else [one.pk for one in kept])
    limits = land_limits(zone_id)
    return [land_row(one, steps.get(one.pk), limits, today) for one in kept]


def land_row(parcel: Parcel, step: LandStep | None, limits: LandLimits, today: date) -> LandRow:
    """Where a parcel stands; a step of another stage than the parcel's says nothing of its clock."""
    due_on = step.due_on if step and step.stage == parcel.stage else None
    idle_on = _idle_on(parcel, due_on, limits)
    return LandRow(parcel, step, due_on, idle_on, _light(due_on, limits, today))


def _idle_on(parcel: Parcel, due_on: date | None, limits: LandLimits) -> date | None:
    """From this day supplied land on which nothing was begun is looked into as idle land."""
    limit = limits.get("land.idle")
    if parcel.stage != Parcel.Stage.SUPPLIED or due_on is None or limit is None:
        return None
    return limits.after(due_on, limit)


def _light(due_on: date | None, limits: LandLimits, today: date) -> Colour:
    """Without a day nothing can be said of its clock: grey, not green."""
    if due_on is None:
        return "grey"
    if due_on < today:
        return "red"
    near = due_on - timedelta(days=limits.days("land.near"))
    return "amber" if near <= today else "green"


# One parcel --------------------------------------------------------------------------------------


def parcel_of_land(by: Actor, parcel_id: int) -> Parcel | None:
    return (
        Parcel.objects.filter(zone_id=by.zone_id, pk=parcel_id)
        .select_related("park", "party")
        .first()
    )


@dataclass(frozen=True, slots=True)
class StageFace:
    """A stage on the way of a parcel: the step by which it was entered last, if it was."""

    stage: str
    step: LandStep | None
    is_here: bool
    is_past: bool


@dataclass(frozen=True, slots=True)
class LandLife:
    """A parcel with all its steps, and the rule of the stage it stands at."""

    row: LandRow
    faces: tuple[StageFace, ...]
    steps: tuple[LandStep, ...]
    rule: LandStageRule | None
    pledge: LandPledge | None


def land_life(*, parcel: Parcel, today: date) -> LandLife:
    """The way of a parcel, the latest step first."""
    steps = tuple(
        LandStep.objects.filter(parcel=parcel)
        .select_related("by_post__person", "file")
        .order_by("-fact_on", "-id")
    )
    valid = [step for step in steps if step.taken_back_at is None]
    row = land_row(parcel, valid[0] if valid else None, land_limits(parcel.zone_id), today)
    return LandLife(
        row,
        tuple(_faces(parcel, valid)),
        steps,
        LandStageRule.objects.filter(zone_id=parcel.zone_id, stage=parcel.stage).first(),
        pledge_in_force(parcel),
    )


def _faces(parcel: Parcel, valid: Sequence[LandStep]) -> Iterable[StageFace]:
    """What lies before where it stands; a parcel that goes round again begins anew at the plan."""
    stages = list(Parcel.Stage.values)
    here = stages.index(parcel.stage)
    round_began = next(
        (step.fact_on for step in valid if step.stage == Parcel.Stage.EXITED and here < 4), None
    )
    for place, stage in enumerate(stages):
        step = next((one for one in valid if one.stage == stage), None)
        if step is not None and (place > here or (round_began and step.fact_on < round_began)):
            step = None
        yield StageFace(stage, step, place == here, place < here)


def pledge_in_force(parcel: Parcel) -> LandPledge | None:
    return (
        LandPledge.objects.filter(parcel=parcel, ended_on__isnull=True)
        .select_related("party", "file", "by_post__person")
        .first()
    )


def stage_rules(*, zone_id: int) -> list[LandStageRule]:
    """The rules of the stages, in the order of the stages."""
    rows = LandStageRule.objects.filter(zone_id=zone_id).select_related("office")
    stages = list(Parcel.Stage.values)
    return sorted(rows, key=lambda row: stages.index(row.stage))


def indicator_kinds(*, zone_id: int, all_of_them: bool = False) -> list[IndicatorKind]:
    """Kinds of indicator; those of which nobody is asked any more only where all are wanted."""
    rows = IndicatorKind.objects.filter(zone_id=zone_id)
    return list(rows if all_of_them else rows.filter(ended_on__isnull=True))


# What is due -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LandErrand:
    """Something somebody has to do about a parcel by a day; told once a day it is due on.

    ``count``: how many things it is, such as indicators to be looked at in one visit.
    """

    parcel: Parcel
    kind: str
    due_on: date
    title: str
    count: int = 1


def land_errands(
    *, zone_id: int, today: date, parcel_ids: Sequence[int] | None = None
) -> list[LandErrand]:
    """All that is due, or near, of the zone's land; or of some parcels."""
    parcels = Parcel.objects.filter(zone_id=zone_id)
    if parcel_ids is not None:
        parcels = parcels.filter(pk__in=parcel_ids)
    limits = land_limits(zone_id)
    kept = list(parcels)
    steps = latest_steps(zone_id, parcel_ids)
    rules = {rule.stage: rule for rule in LandStageRule.objects.filter(zone_id=zone_id)}
    pledged = set(
        LandPledge.objects.filter(zone_id=zone_id, ended_on__isnull=True).values_list(
            "parcel_id", flat=True
        )
    )
    rows = [land_row(one, steps.get(one.pk), limits, today) for one in kept]
    return [
        *_of_stages(rows, rules, limits, today),
        *_of_pledges(rows, pledged, limits),
        *_of_checks({one.pk: one for one in kept}, zone_id, limits, today),
    ]


def _of_stages(
    rows: Iterable[LandRow], rules: Mapping[str, LandStageRule], limits: LandLimits, today: date
) -> Iterable[LandErrand]:
    near = today + timedelta(days=limits.days("land.near"))
    for row in rows:
        if row.due_on is None or row.due_on > near:
            continue
        rule = rules.get(row.parcel.stage)
        words = rule.next_words if rule else _("the next stage")
        yield LandErrand(row.parcel, NEXT, row.due_on, f"{row.parcel.number}：{words}")
        if row.idle_on is not None and row.idle_on <= today:
            title = _("%(number)s: not begun since; look into whether the land is idle") % {
                "number": row.parcel.number
            }
            yield LandErrand(row.parcel, IDLE, row.idle_on, title)


def _of_pledges(
    rows: Iterable[LandRow], pledged: set[int], limits: LandLimits
) -> Iterable[LandErrand]:
    """Standard land that was supplied asks for the second contract."""
    limit = limits.get("land.pledge")
    for row in rows:
        parcel = row.parcel
        if limit is None or not parcel.is_standard_land or parcel.pk in pledged:
            continue
        if parcel.stage not in (Parcel.Stage.SUPPLIED, Parcel.Stage.IN_USE):
            continue
        due_on = limits.after(parcel.stage_on, limit)
        if due_on is not None:
            title = _("%(number)s: sign the supervision contract") % {"number": parcel.number}
            yield LandErrand(parcel, PLEDGE, due_on, title)


def due_indicators(*, zone_id: int, until: date) -> QuerySet[LandIndicator]:
    """Signed indicators whose day has come by then, and that nobody looked at since that day."""
    looked = LandCheck.objects.filter(indicator=OuterRef("pk"), on__gte=OuterRef("due_on"))
    return (
        LandIndicator.objects.filter(
            zone_id=zone_id, is_signed=True, ended_on__isnull=True, due_on__lte=until
        )
        .exclude(Exists(looked))
        .select_related("kind", "parcel")
        .order_by("due_on", "parcel_id", "kind__order")
    )


def _of_checks(
    parcels: Mapping[int, Parcel], zone_id: int, limits: LandLimits, today: date
) -> Iterable[LandErrand]:
    """The indicators of one parcel that are due on one day are looked at together."""
    until = today + timedelta(days=limits.days("land.check"))
    together: dict[tuple[int, date], list[str]] = {}
    for one in due_indicators(zone_id=zone_id, until=until):
        if one.parcel_id in parcels and one.due_on is not None:
            together.setdefault((one.parcel_id, one.due_on), []).append(one.kind.name)
    for (parcel_id, due_on), names in together.items():
        parcel = parcels[parcel_id]
        title = _("%(number)s: check %(what)s") % {
            "number": parcel.number,
            "what": "、".join(names),
        }
        yield LandErrand(parcel, CHECK, due_on, title, len(names))


# Papers ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LandPaper:
    """A stored file of a parcel, and what it is called where it is opened."""

    file: StoredFile
    name: str


def land_paper(*, parcel: Parcel, file_id: int) -> LandPaper | None:
    """A paper of a step, of a supervision contract or of a check of the parcel; of no other."""
    step = parcel.steps.filter(file_id=file_id).select_related("file").first()
    if step is not None and step.file is not None:
        return LandPaper(step.file, step.paper)
    pledge = parcel.pledges.filter(file_id=file_id).select_related("file").first()
    if pledge is not None and pledge.file is not None:
        return LandPaper(pledge.file, pledge.number)
    check = (
        LandCheck.objects.filter(indicator__parcel=parcel, file_id=file_id)
        .select_related("file")
        .first()
    )
    if check is not None and check.file is not None:
        return LandPaper(check.file, check.basis)
    return None
