"""Batches: several projects planned, kept in reserve, started or completed at one ceremony."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import access
from xiaoer.projects.actions.living import living, locked
from xiaoer.projects.models import BatchedProject, Project, Stage, StageBatch

STAGES = (Stage.PLANNED, Stage.RESERVE, Stage.STARTED, Stage.COMPLETED)


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What is entered of a batch."""

    stage: str
    name: str
    held_on: date
    place: str = ""
    note: str = ""


@transaction.atomic
def open_stage_batch(*, by: Actor, now: datetime, facts: BatchFacts) -> StageBatch:
    """Open a batch of one of the four kinds; it may be held on a day to come."""
    access.must_keep_projects(by)
    if facts.stage not in STAGES:
        raise Refused(_("Choose of which stage the batch is."), field="stage")
    row = StageBatch(
        zone_id=by.zone_id,
        stage=facts.stage,
        name=checking.must_say(facts.name, "name", most=80, why=_("Give the batch a name.")),
        held_on=checking.must_be_possible(facts.held_on, "held_on"),
        place=checking.said(facts.place, "place", most=100),
        note=checking.said(facts.note, "note", most=300),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(_("There is a batch of this name already."), field="name") from error
    journal.record(
        by=by, now=now, verb="open_stage_batch", subject=row, name=row.name, stage=row.stage
    )
    return row


@transaction.atomic
def add_to_batch(
    *, by: Actor, now: datetime, batch: StageBatch, projects: Sequence[Project]
) -> list[BatchedProject]:
    """Count projects in a batch. A project is in one batch of a stage, and has entered that stage
    by its own proofs: a ceremony is no start."""
    access.must_keep_projects(by)
    row = locked(StageBatch, by, batch.pk)
    made = []
    for project in projects:
        one = living(by, project)
        _must_have_entered(row, one)
        other = one.batches.filter(stage=row.stage, removed_at__isnull=True).first()
        if other is not None:
            raise Refused(
                _("“%(name)s” is counted in “%(batch)s” already.")
                % {"name": one.name, "batch": other.batch.name},
                field="project",
            )
        made.append(
            BatchedProject.objects.create(
                zone_id=by.zone_id, batch=row, project=one, stage=row.stage
            )
        )
        journal.record(
            by=by, now=now, verb="add_to_batch", subject=one, party_ref=one.party_id,
            name=row.name,
        )  # fmt: skip
    return made


def _must_have_entered(row: StageBatch, project: Project) -> None:
    order = list(Stage)
    if order.index(Stage(project.stage)) < order.index(Stage(row.stage)):
        raise Refused(
            _("“%(name)s” is %(stage)s; it is counted once it has entered “%(wanted)s”.")
            % {
                "name": project.name,
                "stage": Stage(project.stage).label,
                "wanted": Stage(row.stage).label,
            },
            field="project",
        )


@transaction.atomic
def take_off_batch(*, by: Actor, now: datetime, member: BatchedProject, why: str) -> BatchedProject:
    """A project is counted in the batch no longer; the reason stays."""
    access.must_keep_projects(by)
    row = locked(BatchedProject, by, member.pk)
    if row.removed_at is not None:
        raise Refused(_("It was taken off already."))
    row.removed_at, row.removed_why = now, checking.must_say(why, "why", most=200)
    row.save(update_fields=["removed_at", "removed_why"])
    journal.record(
        by=by, now=now, verb="take_off_batch", subject=row.project,
        party_ref=row.project.party_id, name=row.batch.name, reason=row.removed_why,
    )  # fmt: skip
    return row
