"""What an accepted proposal does to the registry, and how it is taken back: set-based, in one step."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import DateField, F
from django.db.models.functions import Greatest
from django.utils import timezone

from xiaoer.base import journal
from xiaoer.base.scope import Actor
from xiaoer.registry.actions.caseload import Moved, caseload_moved
from xiaoer.registry.models import Cell, Party, Redrawing, RedrawingLine, Stewardship
from xiaoer.registry.redrawing.conflicts import (
    Conflict,
    Step,
    sort_out,
    steps_back,
    steps_forth,
)

Fate = RedrawingLine.Fate


def carry_out(*, by: Actor, now: datetime, row: Redrawing) -> None:
    """Move the enterprises of an accepted proposal; those in conflict are left, with the reason."""
    today = timezone.localdate(now)
    _lock_parties(row, [Fate.PROPOSED])
    fit, troubled = sort_out(steps_forth(row), on=today)
    _move(by, now, row, fit, Fate.APPLIED)
    _tell_fates(troubled, Fate.LEFT)
    row.applied_at = now
    row.save(update_fields=["applied_at"])
    journal.record(
        by=by, now=now, verb="apply_redrawing", subject=row, moved=len(fit), kept=len(troubled)
    )


def take_back(*, by: Actor, now: datetime, row: Redrawing) -> None:
    """Put what is still where the proposal put it back to where it was."""
    _lock_parties(row, [Fate.APPLIED])
    fit, troubled = sort_out(steps_back(row), on=timezone.localdate(now), is_back=True)
    _move(by, now, row, fit, Fate.BACK)
    _tell_fates(troubled, Fate.KEPT)
    row.state, row.undone_at = Redrawing.State.UNDONE, now
    row.save(update_fields=["state", "undone_at"])
    journal.record(
        by=by, now=now, verb="undo_redrawing", subject=row, restored=len(fit), kept=len(troubled)
    )


def _lock_parties(row: Redrawing, fates: Iterable[str]) -> None:
    """Hold the enterprises in the order everybody holds them, so that two verbs never wait in a ring."""
    lines = RedrawingLine.objects.filter(
        zone_id=row.zone_id, redrawing=row, is_moved=True, fate__in=list(fates)
    )
    rows = Party.objects.select_for_update(no_key=True).filter(
        zone_id=row.zone_id, pk__in=lines.values("party_id")
    )
    list(rows.order_by("id").values_list("id", flat=True))


def _move(by: Actor, now: datetime, row: Redrawing, steps: Sequence[Step], fate: Fate) -> None:
    today = timezone.localdate(now)
    _put_into_cells(now, steps)
    changing = [step for step in steps if step.from_post != step.to_post]
    Stewardship.objects.filter(
        zone_id=row.zone_id,
        party_id__in=[step.line.party_id for step in changing],
        kind=Stewardship.Kind.OFFICER,
        until__isnull=True,
    ).update(until=Greatest(F("since"), today, output_field=DateField()))
    Stewardship.objects.bulk_create(
        Stewardship(
            zone_id=row.zone_id,
            party_id=step.line.party_id,
            post_id=step.to_post,
            kind=Stewardship.Kind.OFFICER,
            since=today,
        )
        for step in changing
        if step.to_post is not None
    )
    RedrawingLine.objects.filter(pk__in=[step.line.pk for step in steps]).update(fate=fate)
    _record_each(by, now, row, steps)
    moves = tuple(
        Moved(step.line.party_id, step.from_post, step.to_post)
        for step in changing
        if step.from_post is not None and step.to_post is not None
    )
    if moves:
        caseload_moved.send(sender=Stewardship, moves=moves, by=by, now=now)


def _put_into_cells(now: datetime, steps: Sequence[Step]) -> None:
    parties = []
    for step in steps:
        if step.from_cell != step.to_cell:
            party = step.line.party
            party.cell_id = step.to_cell
            party.version += 1
            party.changed_at = now
            parties.append(party)
    Party.objects.bulk_update(parties, ["cell_id", "version", "changed_at"], batch_size=500)


def _record_each(by: Actor, now: datetime, row: Redrawing, steps: Sequence[Step]) -> None:
    """A line each, so that an enterprise's own history tells why it is elsewhere."""
    numbers = {cell for step in steps for cell in (step.from_cell, step.to_cell)}
    codes = dict(Cell.objects.filter(pk__in=numbers).values_list("pk", "code"))
    for step in steps:
        journal.record(
            by=by,
            now=now,
            verb="redraw_enterprise",
            subject=step.line.party,
            party_ref=step.line.party_id,
            before=codes[step.from_cell],
            after=codes[step.to_cell],
            giver=step.from_post,
            taker=step.to_post,
            redrawing=row.pk,
        )


def _tell_fates(troubled: Sequence[Conflict], fate: Fate) -> None:
    for conflict in troubled:
        conflict.line.fate, conflict.line.reason = fate, conflict.reason
    RedrawingLine.objects.bulk_update(
        [conflict.line for conflict in troubled], ["fate", "reason"], batch_size=500
    )
