"""What is needed and promised, with its light; and what was solved, counted exactly."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from xiaoer.base.scope import Actor
from xiaoer.projects.models import DayMove, ElementNeed, ZonePromise
from xiaoer.web.marks import Colour
from xiaoer.work.models import LimitRule, Step

State = ElementNeed.State
OPEN_NEEDS = (State.NEEDED, State.PROMISED)
# Of what is over, only the newest are shown; sheets hold all.
SHOWN = 200
ORDER: tuple[Colour, ...] = ("red", "amber", "grey", "green")
WITH = (
    "project",
    "project__office",
    "party",
    "office",
    "post__person",
    "post__office",
    "origin",
)


@dataclass(frozen=True, slots=True)
class NeedFilter:
    """``state``: open, ready, dropped or all; empty words mean every one."""

    state: str = "open"
    kind: str = ""
    light: str = ""
    office: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class NeedRow:
    need: ElementNeed
    light: Colour


@dataclass(frozen=True, slots=True)
class PromiseFilter:
    """``state``: open, kept, withdrawn or all."""

    state: str = "open"
    light: str = ""
    office: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class PromiseRow:
    promise: ZonePromise
    light: Colour


def solved_elements(zone_id: int, kind: str, since: date, until: date) -> tuple[int, Decimal]:
    """For how many firms an element came between two days, and how much of it, to the last decimal.

    A firm counts once however often it came; a project whose owner is no firm of ours counts as one.
    """
    rows = solved_needs(zone_id, kind, since, until)
    firms = {(party, None if party else project) for party, project in rows.values_list(
        Coalesce("party_id", "project__party_id"), "project_id"
    )}  # fmt: skip
    total = rows.aggregate(total=Sum(Coalesce("ready_amount", "amount")))["total"]
    return len(firms), total or Decimal(0)


def solved_needs(zone_id: int, kind: str, since: date, until: date) -> QuerySet[ElementNeed]:
    """The needs behind the figure."""
    return _needs(zone_id).filter(
        kind=kind, state=State.READY, ready_on__gte=since, ready_on__lte=until
    )


def near_days(zone_id: int) -> int:
    """So many days before its day something counts as near; the zone's own setting."""
    count = (
        LimitRule.objects.filter(zone_id=zone_id, code="element.near")
        .values_list("count", flat=True)
        .first()
    )
    return count or 0


def _needs(zone_id: int) -> QuerySet[ElementNeed]:
    return ElementNeed.objects.filter(zone_id=zone_id).select_related(*WITH)


def need_by_id(by: Actor, need_id: int) -> ElementNeed | None:
    return _needs(by.zone_id).filter(pk=need_id).first()


def open_needs(zone_id: int, *, project_id: int | None = None) -> QuerySet[ElementNeed]:
    """What is not there yet, the earliest day first."""
    rows = _needs(zone_id).filter(state__in=OPEN_NEEDS)
    if project_id is not None:
        rows = rows.filter(project_id=project_id)
    return rows.order_by("needed_on", "id")


def needs_of_project(project_id: int, zone_id: int) -> list[ElementNeed]:
    """All of a project: open ones first, then what came and what was dropped."""
    rows = _needs(zone_id).filter(project_id=project_id).prefetch_related("moves__post__person")
    return sorted(rows, key=lambda one: (one.state not in OPEN_NEEDS, one.needed_on, one.pk))


def needs_of_matter(zone_id: int, matter_id: int) -> list[ElementNeed]:
    """What was registered out of a matter, such as a firm's request."""
    return list(_needs(zone_id).filter(origin_id=matter_id).order_by("id"))


def need_light(need: ElementNeed, today: date, near: int) -> Colour:
    """Red: its day has passed; amber: promised too late, or near; grey: no day was promised."""
    if need.state == State.READY:
        return "green"
    if need.state == State.DROPPED:
        return "grey"
    if need.due_on < today:
        return "red"
    if need.promised_on is None:
        return "grey"
    if need.promised_on > need.needed_on or need.promised_on <= today + timedelta(days=near):
        return "amber"
    return "green"


def promise_light(promise: ZonePromise, today: date, near: int) -> Colour:
    """The zone's own: red from the day after; amber when near, or moved beyond the first day."""
    if promise.kept_on is not None:
        return "green"
    if promise.withdrawn_on is not None:
        return "grey"
    if promise.promised_on < today:
        return "red"
    is_moved = promise.promised_on > promise.first_promised_on
    return "amber" if is_moved or promise.promised_on <= today + timedelta(days=near) else "green"


def needs(
    *, by: Actor, filters: NeedFilter, today: date, limit: int | None = SHOWN
) -> list[NeedRow]:
    """Over all projects and firms: red first, then by the day; what is over the newest first."""
    rows = _needs(by.zone_id)
    if filters.state == "open":
        rows = rows.filter(state__in=OPEN_NEEDS)
    elif filters.state in State.values:
        rows = rows.filter(state=filters.state)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.office is not None:
        rows = rows.filter(office_id=filters.office)
    if filters.text:
        rows = rows.filter(_about(filters.text))
    near = near_days(by.zone_id)
    if filters.state != "open":
        kept = rows.order_by("-ready_on", "-id")
        return _lit(kept[:limit] if limit else kept, filters.light, today, near)
    found = _lit(rows.order_by("needed_on", "id"), filters.light, today, near)
    return sorted(found, key=lambda one: (ORDER.index(one.light), one.need.needed_on))


def _about(text: str) -> Q:
    return (
        Q(what__icontains=text) | Q(project__name__icontains=text) | Q(party__name__icontains=text)
    )


def _lit(rows: QuerySet[ElementNeed], light: str, today: date, near: int) -> list[NeedRow]:
    found = [NeedRow(one, need_light(one, today, near)) for one in rows]
    return [one for one in found if light in ("", one.light)]


def _promises(zone_id: int) -> QuerySet[ZonePromise]:
    return ZonePromise.objects.filter(zone_id=zone_id).select_related(
        "project__office", "project__officer", "party", "office", "post__person", "post__office"
    )


def promise_by_id(by: Actor, promise_id: int) -> ZonePromise | None:
    return _promises(by.zone_id).filter(pk=promise_id).first()


def open_promises(zone_id: int, *, project_id: int | None = None) -> QuerySet[ZonePromise]:
    """What the zone promised and has not kept, the earliest first."""
    rows = _promises(zone_id).filter(kept_on__isnull=True, withdrawn_on__isnull=True)
    if project_id is not None:
        rows = rows.filter(project_id=project_id)
    return rows.order_by("promised_on", "id")


def promises_of_project(project_id: int, zone_id: int) -> list[ZonePromise]:
    rows = _promises(zone_id).filter(project_id=project_id).prefetch_related("moves__post__person")
    return sorted(
        rows,
        key=lambda one: (bool(one.kept_on or one.withdrawn_on), one.promised_on, one.pk),
    )


def zone_promises(
    *, by: Actor, filters: PromiseFilter, today: date, limit: int | None = SHOWN
) -> list[PromiseRow]:
    """What the zone promised over all projects and firms: red first."""
    rows = _promises(by.zone_id)
    if filters.state == "open":
        rows = rows.filter(kept_on__isnull=True, withdrawn_on__isnull=True)
    elif filters.state == "kept":
        rows = rows.filter(kept_on__isnull=False)
    elif filters.state == "withdrawn":
        rows = rows.filter(withdrawn_on__isnull=False)
    if filters.office is not None:
        rows = rows.filter(office_id=filters.office)
    if filters.text:
        rows = rows.filter(_about(filters.text))
    rows = rows.order_by("-promised_on", "-id")
    if filters.state != "open" and limit:
        rows = rows[:limit]
    near = near_days(by.zone_id)
    found = [PromiseRow(one, promise_light(one, today, near)) for one in rows]
    found = [one for one in found if filters.light in ("", one.light)]
    return sorted(found, key=lambda one: (ORDER.index(one.light), one.promise.promised_on))


def light_counts(rows: list[NeedRow] | list[PromiseRow]) -> dict[Colour, int]:
    return {colour: sum(one.light == colour for one in rows) for colour in ORDER}


def moves_of(row: ElementNeed | ZonePromise) -> list[DayMove]:
    """Every day that was said before, the newest first."""
    return list(row.moves.select_related("post__person").order_by("-id"))


def steps_waiting(need: ElementNeed) -> list[Step]:
    """Steps of the project's plan that cannot start without it."""
    if need.project is None or need.project.matter_id is None:
        return []
    return list(
        Step.objects.filter(
            zone_id=need.zone_id,
            plan__matter_id=need.project.matter_id,
            needs=need.kind,
            finished_on__isnull=True,
            dropped_at__isnull=True,
        ).order_by("order", "id")
    )
