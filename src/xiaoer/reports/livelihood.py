"""The questions behind published figures of the livelihood list; what each counts: see `projecting`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xiaoer.projects.models import LivelihoodCategory, LivelihoodPlace
from xiaoer.projects.queries import livelihood as livelihoods
from xiaoer.projects.queries.livelihood import PlaceFilter, Schedule
from xiaoer.reports.counted import HUNDRED, MOST_SHOWN, Answer, Ask, Question, Record, counted
from xiaoer.reports.published import Published

SCHOOLS = {"primary_school": "小学", "kindergarten": "幼儿园"}
SUBJECTS = {
    "rural_sewage_village_count": "rural_sewage",
    "beautiful_village_count": "beautiful_village",
    "village_clinic_count": "village_clinic",
}


def _items(zone_id: int, figure: Published, day: date) -> Answer:
    """Items of the year that keep their days; where the print says completed, completed as well."""
    rows = livelihoods.items_on(
        zone_id=zone_id,
        year=day.year,
        on=day,
        schedule=Schedule.ON_SCHEDULE,
        completed="completed" in (figure.dimension("stage") or ""),
    )
    lines = [
        Record(one.item.name, one.item.category.name, _page(one.item.pk))
        for one in rows[:MOST_SHOWN]
    ]
    return counted(
        lines, len(rows), day, _("Items of the year's list that keep their days."),
        f"{reverse('livelihood')}?year={day.year}",
    )  # fmt: skip


def _categories(zone_id: int, figure: Published, day: date) -> Answer:
    rows = LivelihoodCategory.objects.filter(zone_id=zone_id, year=day.year).order_by("order")
    lines = [Record(row.name) for row in rows[:MOST_SHOWN]]
    return counted(
        lines, livelihoods.category_count(zone_id=zone_id, year=day.year), day,
        _("Categories of the year's list that have items."), reverse("livelihood"),
    )  # fmt: skip


def _places(kind: str) -> Ask:
    """Places of one subject under way or completed on the day, as the print says."""

    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        done = figure.dimension("stage") == "completed"
        state = LivelihoodPlace.State.COMPLETED if done else LivelihoodPlace.State.IN_PROGRESS
        level = figure.dimension("level") or ""
        wanted = PlaceFilter(
            on=day,
            subject=SUBJECTS[figure.metric],
            kind=kind,
            levels=tuple(one for one in level.split("|") if one),
            state=state,
        )
        rows = livelihoods.places(zone_id=zone_id, wanted=wanted)
        return _of_places(
            list(rows[:MOST_SHOWN]),
            livelihoods.place_count(zone_id=zone_id, wanted=wanted),
            day,
        )

    return ask


def _schools(zone_id: int, figure: Published, day: date) -> Answer:
    wanted = PlaceFilter(
        on=day,
        subject="school_conversion",
        kind=LivelihoodPlace.Kind.SCHOOL,
        was=SCHOOLS.get(figure.dimension("from") or "", ""),
        becomes=SCHOOLS.get(figure.dimension("to") or "", ""),
        year=day.year,
    )
    rows = livelihoods.places_on_schedule(zone_id=zone_id, wanted=wanted)
    return _of_places(rows[:MOST_SHOWN], len(rows), day)


def _of_places(rows: list[LivelihoodPlace], count: int, day: date) -> Answer:
    lines = [Record(row.name, row.item.name, _page(row.item_id)) for row in rows]
    return counted(
        lines, count, day, _("Places of the livelihood list as they stood that day."),
        reverse("livelihood_places"),
    )  # fmt: skip


def _page(item_id: int) -> str:
    return reverse("livelihood_item", args=[item_id])


def _nursery(zone_id: int, figure: Published, day: date) -> Answer:
    """What was reported as reached by the day, or its share of the year's task."""
    found = livelihoods.reached(zone_id=zone_id, subject="nursery_place", year=day.year, on=day)
    rows = livelihoods.items_of(zone_id=zone_id, year=day.year, subject="nursery_place")
    lines = tuple(
        Record(row.name, f"{row.target or '–'} {row.unit}", _page(row.pk)) for row in rows
    )
    value: Decimal | None = None
    if found is not None and figure.kind != "ratio":
        value = found.value
    elif found is not None and found.completion is not None:
        share = found.completion
        value = HUNDRED * share.numerator / Decimal(share.denominator)
    return Answer(
        value=value,
        as_of=day,
        basis=_("Reached from January to the month, of the year's task of the items."),
        records=lines,
        count=len(lines),
        address=f"{reverse('livelihood')}?year={day.year}",
    )


LIVELIHOOD: Mapping[str, Question] = {
    "livelihood_item_count": Question(lazy("How many items keep their days?"), _items),
    "livelihood_category_count": Question(lazy("How many categories has the list?"), _categories),
    "rural_sewage_village_count": Question(
        lazy("In how many villages is sewage being treated?"),
        _places(LivelihoodPlace.Kind.VILLAGE),
    ),
    "beautiful_village_count": Question(
        lazy("How many beautiful villages are being built?"),
        _places(LivelihoodPlace.Kind.VILLAGE),
    ),
    "school_conversion_count": Question(lazy("How many schools become another?"), _schools),
    "village_clinic_count": Question(
        lazy("How many clinics were built?"), _places(LivelihoodPlace.Kind.CLINIC)
    ),
    "nursery_place_count": Question(lazy("How many nursery places are new?"), _nursery),
    "nursery_place_completion": Question(
        lazy("How much of the year's task of nursery places is done?"), _nursery
    ),
}
