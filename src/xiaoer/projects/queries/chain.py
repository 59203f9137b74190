"""The board of the five elements, acts under the five mechanisms, batches, and hand-overs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from xiaoer.projects.models import (
    BatchedProject,
    ChainStep,
    Element,
    HandOver,
    MechanismAct,
    Project,
    StageBatch,
)
from xiaoer.projects.queries.reserve import ProjectFilter, ProjectRow, projects, rows_of

Kind = MechanismAct.Kind


@dataclass(frozen=True, slots=True)
class ChainCard:
    """A project in a column, since when."""

    row: ProjectRow
    step: ChainStep


@dataclass(frozen=True, slots=True)
class ChainColumn:
    """One element: how many projects are in it, how many came through, the first few."""

    element: Element
    running: int
    done: int
    stopped: int
    cards: tuple[ChainCard, ...]

    @property
    def more(self) -> int:
        return self.running - len(self.cards)


def chain_board(
    *, zone_id: int, filters: ProjectFilter, on: date, most: int = 12
) -> list[ChainColumn]:
    """Five columns; in each those that have been there longest come first."""
    living = projects(zone_id=zone_id, filters=filters, on=on).order_by().values("pk")
    standing = ChainStep.objects.filter(zone_id=zone_id, until__isnull=True, project_id__in=living)
    counted = {
        (element, state): count
        for element, state, count in standing.order_by()
        .values_list("element", "state")
        .annotate(count=Count("id"))
    }
    columns = []
    for element in Element:
        steps = list(
            standing.filter(element=element, state=ChainStep.State.RUNNING)
            .select_related("project__party", "project__leader__person", "project__matter__plan")
            .order_by("since", "id")[:most]
        )
        rows = rows_of([step.project for step in steps], on)
        columns.append(
            ChainColumn(
                element=element,
                running=counted.get((element, ChainStep.State.RUNNING), 0),
                done=counted.get((element, ChainStep.State.DONE), 0),
                stopped=counted.get((element, ChainStep.State.STOPPED), 0),
                cards=tuple(ChainCard(row, step) for row, step in zip(rows, steps, strict=True)),
            )
        )
    return columns


def chain_of(project: Project) -> list[tuple[Element, ChainStep | None]]:
    """Each element in order, and where the project stands in it."""
    standing = {
        step.element: step
        for step in ChainStep.objects.filter(
            zone_id=project.zone_id, project=project, until__isnull=True
        ).select_related("post__person")
    }
    return [(element, standing.get(element)) for element in Element]


# The five mechanisms ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActCount:
    """How often a mechanism was used in a period, for how many projects and firms."""

    kind: Kind
    acts: int
    projects: int
    parties: int
    penalties: int


def acts(
    *, zone_id: int, since: date, until: date, kind: str = "", project: Project | None = None
) -> QuerySet[MechanismAct]:
    """What was done in a period, both days included, the latest first."""
    rows = MechanismAct.objects.filter(zone_id=zone_id, on__gte=since, on__lte=until)
    if kind:
        rows = rows.filter(kind=kind)
    if project is not None:
        rows = rows.filter(project=project)
    return rows.select_related("project", "party", "office", "post__person")


def act_counts(*, zone_id: int, since: date, until: date) -> list[ActCount]:
    """One line a mechanism, also where nothing was done; what was taken back is not counted."""
    counted = {
        row["kind"]: row
        for row in acts(zone_id=zone_id, since=since, until=until)
        .filter(withdrawn_at__isnull=True)
        .order_by()
        .values("kind")
        .annotate(
            acts=Count("id"),
            projects=Count("project", distinct=True),
            parties=Count("party", distinct=True),
            penalties=Count("id", filter=Q(is_penalty=True)),
        )
    }
    empty = {"acts": 0, "projects": 0, "parties": 0, "penalties": 0}
    return [
        ActCount(
            kind=kind,
            acts=row["acts"],
            projects=row["projects"],
            parties=row["parties"],
            penalties=row["penalties"],
        )
        for kind in Kind
        for row in [counted.get(kind, empty)]
    ]


# Batches ------------------------------------------------------------------------------------------


def stage_batches(*, zone_id: int) -> QuerySet[StageBatch]:
    """The batches, the latest first, with how many projects each counts and their investment."""
    counted = Q(members__removed_at__isnull=True, members__id__isnull=False)
    return StageBatch.objects.filter(zone_id=zone_id).annotate(
        counted=Count("members", filter=counted),
        money=Coalesce(Sum("members__project__total_fen", filter=counted), 0),
    )


def stage_batch(*, zone_id: int, batch_id: int) -> StageBatch | None:
    return stage_batches(zone_id=zone_id).filter(pk=batch_id).first()


def batch_members(batch: StageBatch) -> Sequence[BatchedProject]:
    """The projects of a batch; those that were taken off last."""
    return list(
        BatchedProject.objects.filter(zone_id=batch.zone_id, batch=batch)
        .select_related("project__party", "project__leader__person")
        .order_by("-removed_at", "project__name", "id")[:500]
    )


# Hand-overs ---------------------------------------------------------------------------------------


def hand_overs(*, zone_id: int) -> QuerySet[HandOver]:
    """What goes to other zones and comes from them, the latest first."""
    return HandOver.objects.filter(zone_id=zone_id).select_related(
        "other_zone", "project", "asked_by__person", "decided_by__person"
    )
