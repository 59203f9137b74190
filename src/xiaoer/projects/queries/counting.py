"""Rows behind figures a zone publishes of its projects, as of a day or in a period."""

from collections.abc import Collection
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from xiaoer.projects.models import (
    ElementKind,
    ElementNeed,
    InvestmentMonth,
    Project,
    ProjectList,
    Stage,
    StagePassage,
)
from xiaoer.projects.queries.investing import COUNTED_BY

GRANTED = StagePassage.State.GRANTED


def projects_on(*, zone_id: int, day: date, stages: Collection[str] = ()) -> QuerySet[Project]:
    """Projects neither given up nor moved away by a day; those that stood in some stages then."""
    newest = StagePassage.objects.filter(
        project=OuterRef("pk"), state=GRANTED, fact_on__lte=day
    ).order_by("-fact_on", "-id")
    rows = Project.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=day), zone_id=zone_id
    ).select_related("party")
    if not stages:
        return rows
    return rows.alias(stood=Subquery(newest.values("stage")[:1])).filter(stood__in=list(stages))


def on_lists(
    *,
    zone_id: int,
    codes: Collection[str],
    day: date,
    since: date | None = None,
    stages: Collection[str] = (),
) -> QuerySet[Project]:
    """Projects on the lists of the day's year on that day, or at any time since another day."""
    return (
        projects_on(zone_id=zone_id, day=day, stages=stages)
        .filter(
            Q(places__until__isnull=True) | Q(places__until__gte=since or day),
            places__since__lte=day,
            places__list__code__in=list(codes),
            places__list__year=day.year,
        )
        .distinct()
    )


def lists_of(*, zone_id: int, codes: Collection[str], year: int) -> QuerySet[ProjectList]:
    return ProjectList.objects.filter(zone_id=zone_id, code__in=list(codes), year=year)


def entered_between(
    *, zone_id: int, stage: str, since: date, until: date
) -> QuerySet[StagePassage]:
    """Projects that entered a stage in a period for the first time, by the day of the fact."""
    earlier = StagePassage.objects.filter(
        project=OuterRef("project"), stage=stage, state=GRANTED, fact_on__lt=since
    )
    first = StagePassage.objects.filter(
        project=OuterRef("project"), stage=stage, state=GRANTED, fact_on__gte=since
    ).order_by("fact_on", "id")
    return (
        StagePassage.objects.filter(
            zone_id=zone_id, stage=stage, state=GRANTED, fact_on__range=(since, until)
        )
        .exclude(project__in=earlier.values("project"))
        .filter(pk=Subquery(first.values("pk")[:1]))
        .select_related("project__party")
        .order_by("fact_on", "id")
    )


def started_of(project_ids: Collection[int]) -> dict[int, date]:
    """The first day of the start of each project, where it is known."""
    found: dict[int, date] = {}
    for project, day in (
        StagePassage.objects.filter(project__in=project_ids, stage=Stage.STARTED, state=GRANTED)
        .order_by("-fact_on")
        .values_list("project_id", "fact_on")
    ):
        found[project] = day
    return found


def land_solved(*, zone_id: int, since: date, until: date) -> QuerySet[ElementNeed]:
    """Needs of land met in a period, of projects and of firms by themselves."""
    return ElementNeed.objects.filter(
        zone_id=zone_id,
        kind=ElementKind.LAND,
        state=ElementNeed.State.READY,
        ready_on__range=(since, until),
    ).select_related("party", "project__party")


def reached_between(*, zone_id: int, series: str, since: date, until: date) -> list[Project]:
    """Projects with what was reported of a series in a period (``reached``), the largest first."""
    sums = dict(
        InvestmentMonth.objects.filter(
            zone_id=zone_id,
            series=series,
            reporter=COUNTED_BY[series],
            is_current=True,
            month__range=(since, until),
        )
        .values_list("project_id")
        .annotate(sum=Sum("amount"))
    )
    rows = list(Project.objects.filter(zone_id=zone_id, pk__in=sums).select_related("party"))
    for row in rows:
        row.reached = sums[row.pk]  # type: ignore[attr-defined]  # only here, beside its row
    return sorted(rows, key=lambda row: -sums[row.pk])
