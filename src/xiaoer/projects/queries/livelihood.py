"""The livelihood list as it stands on a day: schedule, light, places, completion.

Whether an item is on schedule is read from its steps; without steps nobody knows, and nobody says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import models
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Zone
from xiaoer.base.scope import Actor
from xiaoer.projects.models import (
    Light,
    LivelihoodCategory,
    LivelihoodFigure,
    LivelihoodItem,
    LivelihoodPicture,
    LivelihoodPlace,
    LivelihoodStep,
)

State = LivelihoodItem.State
ENDED = (State.CARRIED, State.DROPPED)


class Schedule(models.TextChoices):
    """按时序: what the steps of an item say of it on a day."""

    ON_SCHEDULE = "on_schedule", _("on schedule")
    LATE = "late", _("behind its days")
    NEEDS_DATA = "needs_data", _("needs data: it has no steps")
    ENDED = "ended", _("no longer on this list")


@dataclass(frozen=True, slots=True)
class ItemStanding:
    """An item on a day. ``value`` is what was reached from January to the end of ``month``."""

    item: LivelihoodItem
    steps: tuple[LivelihoodStep, ...]
    schedule: Schedule
    is_completed: bool
    overdue: tuple[LivelihoodStep, ...]
    next_step: LivelihoodStep | None
    month: date | None
    value: Decimal | None
    places: int
    places_done: int

    @property
    def steps_done(self) -> int:
        return sum(step.done_on is not None for step in self.steps)

    @property
    def completion(self) -> Fraction | None:
        """Reached of the year's task, exactly; None where either is not known."""
        return share_of(self.value, self.item.target)

    @property
    def is_behind(self) -> bool:
        """Less reached by the end of the reported month than the share of the year that had passed."""
        if self.completion is None or self.month is None:
            return False
        return self.completion < Fraction(self.month.month, 12)

    @property
    def light(self) -> Light:
        if self.schedule in (Schedule.NEEDS_DATA, Schedule.ENDED):
            return Light.GREY
        if self.schedule == Schedule.LATE:
            return Light.RED
        if self.is_behind and not self.is_completed:
            return Light.AMBER
        return Light.GREEN


@dataclass(frozen=True, slots=True)
class Reached:
    """Items of one subject in a year, added up: reached, and the task of the year."""

    value: Decimal
    target: Decimal | None

    @property
    def completion(self) -> Fraction | None:
        return share_of(self.value, self.target)


@dataclass(frozen=True, slots=True)
class YearOf:
    """A year's list: its categories in order, each with its items as they stand."""

    year: int
    on: date
    categories: tuple[tuple[LivelihoodCategory, tuple[ItemStanding, ...]], ...]

    @property
    def items(self) -> tuple[ItemStanding, ...]:
        return tuple(one for _category, items in self.categories for one in items)

    def count(self, schedule: Schedule) -> int:
        return sum(one.schedule == schedule for one in self.items)

    def lit(self, light: Light) -> int:
        return sum(one.light == light for one in self.items)

    @property
    def completed(self) -> int:
        return sum(one.is_completed for one in self.items)


def share_of(value: Decimal | None, target: Decimal | None) -> Fraction | None:
    if value is None or not target:
        return None
    return Fraction(value) / Fraction(target)


# One item ----------------------------------------------------------------------------------------


def schedule_of(item: LivelihoodItem, steps: Sequence[LivelihoodStep], on: date) -> Schedule:
    """Under way: no step is overdue. Completed: every step was done by its day."""
    if item.state in ENDED:
        return Schedule.ENDED
    if not steps:
        return Schedule.NEEDS_DATA
    if overdue_steps(steps, on):
        return Schedule.LATE
    if _is_completed(item, on) and any(
        step.done_on is None or step.done_on > step.due_on for step in steps
    ):
        return Schedule.LATE
    return Schedule.ON_SCHEDULE


def overdue_steps(steps: Iterable[LivelihoodStep], on: date) -> tuple[LivelihoodStep, ...]:
    return tuple(
        step for step in steps if step.due_on < on and (step.done_on is None or step.done_on > on)
    )


def _is_completed(item: LivelihoodItem, on: date) -> bool:
    return item.completed_on is not None and item.completed_on <= on


def standing_of(item: LivelihoodItem, on: date) -> ItemStanding:
    """An item that came from ``items_of`` as it stood on a day."""
    steps = tuple(item.steps.all())
    figures = [one for one in item.figures.all() if one.is_current and one.month <= on]
    last = figures[-1] if figures else None
    places = [one for one in item.places.all() if one.began_on <= on]
    waiting = (step for step in steps if step.done_on is None or step.done_on > on)
    return ItemStanding(
        item=item,
        steps=steps,
        schedule=schedule_of(item, steps, on),
        is_completed=_is_completed(item, on),
        overdue=overdue_steps(steps, on) if item.state not in ENDED else (),
        next_step=next(waiting, None),
        month=last.month if last else None,
        value=last.value if last else None,
        places=len(places),
        places_done=sum(one.done_on is not None and one.done_on <= on for one in places),
    )


def items_of(
    *, zone_id: int, year: int | None = None, subject: str = ""
) -> QuerySet[LivelihoodItem]:
    """Items of a year or of a subject with all that their standing needs, in four questions."""
    rows = LivelihoodItem.objects.filter(zone_id=zone_id)
    if year is not None:
        rows = rows.filter(year=year)
    if subject:
        rows = rows.filter(subject=subject)
    return rows.select_related("category").prefetch_related(
        Prefetch("steps", LivelihoodStep.objects.order_by("due_on", "id")),
        Prefetch("figures", LivelihoodFigure.objects.filter(is_current=True).order_by("month")),
        Prefetch("places", LivelihoodPlace.objects.only("item_id", "began_on", "done_on")),
    )


def items_for_staff(rows: QuerySet[LivelihoodItem]) -> QuerySet[LivelihoodItem]:
    """With who answers; residents are never shown that, and may not read it."""
    return rows.select_related("office", "leader__person")


# Lists -------------------------------------------------------------------------------------------


def years(*, zone_id: int) -> list[int]:
    """Years that have a list, the latest first."""
    found = LivelihoodCategory.objects.filter(zone_id=zone_id).values_list("year", flat=True)
    return sorted(set(found), reverse=True)


def day_of(year: int, today: date) -> date:
    """The day a year's list is looked at: today, or the end of a year that is over."""
    return min(today, date(year, 12, 31))


def year_of(
    *, zone_id: int, year: int, on: date, rows: QuerySet[LivelihoodItem] | None = None
) -> YearOf:
    """A year's list as it stood on a day; ``rows`` of ``items_of`` narrows it."""
    found: dict[int, list[ItemStanding]] = {}
    chosen = items_of(zone_id=zone_id, year=year) if rows is None else rows
    for item in chosen.order_by("number"):
        found.setdefault(item.category_id, []).append(standing_of(item, on))
    categories = LivelihoodCategory.objects.filter(zone_id=zone_id, year=year).order_by("order")
    return YearOf(year, on, tuple((one, tuple(found.get(one.pk, ()))) for one in categories))


def item_of(*, by: Actor, item_id: int) -> LivelihoodItem | None:
    rows = items_for_staff(items_of(zone_id=by.zone_id))
    return rows.select_related("carried_from", "carried_to").filter(pk=item_id).first()


def pictures_of(item: LivelihoodItem) -> QuerySet[LivelihoodPicture]:
    """The pictures of an item that hang, before first."""
    return (
        LivelihoodPicture.objects.filter(item=item, removed_at=None)
        .select_related("place")
        .order_by("-moment", "id")
    )


def figures_of(item: LivelihoodItem) -> QuerySet[LivelihoodFigure]:
    """What was reported of an item, also what was corrected since; the latest month first."""
    return (
        LivelihoodFigure.objects.filter(item=item)
        .select_related("post__person")
        .order_by("-month", "-id")
    )


# Places ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """Which places; ``on`` is the day their state is asked for. Empty words let all pass."""

    on: date
    subject: str = ""
    kind: str = ""
    levels: tuple[str, ...] = ()
    state: str = ""
    was: str = ""
    becomes: str = ""
    year: int | None = None
    item_id: int | None = None
    text: str = ""


def places(*, zone_id: int, wanted: PlaceFilter) -> QuerySet[LivelihoodPlace]:
    """Places as they stood on a day: under way or completed by then."""
    on = wanted.on
    rows = LivelihoodPlace.objects.filter(zone_id=zone_id, began_on__lte=on)
    done = Q(done_on__lte=on)
    if wanted.state == LivelihoodPlace.State.COMPLETED:
        rows = rows.filter(done)
    elif wanted.state == LivelihoodPlace.State.IN_PROGRESS:
        rows = rows.filter(Q(done_on__isnull=True) | Q(done_on__gt=on))
    same = {
        "item__subject": wanted.subject,
        "kind": wanted.kind,
        "was": wanted.was,
        "becomes": wanted.becomes,
        "item__year": wanted.year,
        "item_id": wanted.item_id,
    }
    rows = rows.filter(**{name: value for name, value in same.items() if value})
    if wanted.levels:
        rows = rows.filter(level__in=wanted.levels)
    if wanted.text:
        rows = rows.filter(name__contains=wanted.text)
    return rows.select_related("item").order_by("kind", "name", "pk")


def place_schedule(place: LivelihoodPlace, on: date, item: Schedule) -> Schedule:
    """A place by its own day; one without a day is as its item is."""
    if item == Schedule.ENDED or place.due_on is None:
        return item
    done = place.done_on if place.done_on is not None and place.done_on <= on else None
    late = done > place.due_on if done else place.due_on < on
    return Schedule.LATE if late else Schedule.ON_SCHEDULE


def places_on_schedule(*, zone_id: int, wanted: PlaceFilter) -> list[LivelihoodPlace]:
    """Places that keep their days; those whose items have no steps are not among them."""
    rows = list(places(zone_id=zone_id, wanted=wanted))
    items = {
        item.pk: schedule_of(item, tuple(item.steps.all()), wanted.on)
        for item in LivelihoodItem.objects.filter(
            zone_id=zone_id, pk__in={row.item_id for row in rows}
        ).prefetch_related("steps")
    }
    kept = Schedule.ON_SCHEDULE
    return [row for row in rows if place_schedule(row, wanted.on, items[row.item_id]) == kept]


# Counts ------------------------------------------------------------------------------------------


def items_on(
    *, zone_id: int, year: int, on: date, schedule: Schedule | None = None, completed: bool = False
) -> list[ItemStanding]:
    """Items of a year that stood so on a day: on schedule, or completed, or both."""
    standings = (standing_of(item, on) for item in items_of(zone_id=zone_id, year=year))
    return [
        one
        for one in standings
        if (schedule is None or one.schedule == schedule) and (one.is_completed or not completed)
    ]


def category_count(*, zone_id: int, year: int) -> int:
    """Categories of a year's list that have items."""
    rows = LivelihoodItem.objects.filter(zone_id=zone_id, year=year)
    return rows.values("category_id").distinct().count()


def place_count(*, zone_id: int, wanted: PlaceFilter) -> int:
    return places(zone_id=zone_id, wanted=wanted).order_by().count()


def reached(*, zone_id: int, subject: str, year: int, on: date) -> Reached | None:
    """What the items of a subject reached of the year's task by a day; None where none is reported."""
    found = [
        standing_of(item, on) for item in items_of(zone_id=zone_id, year=year, subject=subject)
    ]
    values = [one.value for one in found if one.value is not None]
    if not values:
        return None
    targets = [one.item.target for one in found]
    known = [target for target in targets if target is not None]
    return Reached(
        sum(values, Decimal()), sum(known, Decimal()) if len(known) == len(targets) else None
    )


# Without signing in ------------------------------------------------------------------------------

# No secret: it only says that somebody without a post asks. No table's rule knows it.
ANYBODY = "public"


def anybody_in(zone_code: str, **_rest: object) -> Actor | None:
    """A resident who looks at a zone's public page: the outside role, of no party."""
    zone = Zone.objects.filter(code=zone_code).first()
    return None if zone is None else Actor(zone_id=zone.pk, key=ANYBODY, name=zone.name)


def public_years(*, zone_id: int) -> list[int]:
    rows = LivelihoodItem.objects.filter(zone_id=zone_id, is_public=True)
    return sorted(set(rows.values_list("year", flat=True)), reverse=True)


def public_items(*, zone_id: int, year: int) -> QuerySet[LivelihoodItem]:
    """What residents read of a year: what was made public and is on the list."""
    return items_of(zone_id=zone_id, year=year).filter(is_public=True).exclude(state__in=ENDED)


def public_pictures(*, zone_id: int, year: int) -> dict[int, list[LivelihoodPicture]]:
    """Public pictures of a year by item, before first."""
    found: dict[int, list[LivelihoodPicture]] = {}
    rows = LivelihoodPicture.objects.filter(
        zone_id=zone_id, is_public=True, removed_at=None, item__year=year, item__is_public=True
    )
    for one in rows.select_related("place").order_by("-moment", "id"):
        found.setdefault(one.item_id, []).append(one)
    return found


def public_picture(*, zone_id: int, picture_id: int) -> LivelihoodPicture | None:
    return LivelihoodPicture.objects.filter(
        zone_id=zone_id, pk=picture_id, is_public=True, removed_at=None, item__is_public=True
    ).first()
