"""What an accepted proposal does to the registry, and how it is taken back: set-based, in one step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import DateField, F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import OUTSIDE_ROLES, Post
from xiaoer.base.scope import Actor
from xiaoer.registry.actions.caseload import Moved, caseload_moved
from xiaoer.registry.models import (
    Cell,
    CellDuty,
    Party,
    Redrawing,
    RedrawingLine,
    RedrawingPin,
    Stewardship,
)

Fate = RedrawingLine.Fate
NAMED = 5


@dataclass(frozen=True, slots=True)
class Conflict:
    """A line that cannot be carried out (or back) any more, and why."""

    line: RedrawingLine
    reason: str


@dataclass(frozen=True, slots=True)
class _Step:
    """Where a line's enterprise should be now, and where it is to go."""

    line: RedrawingLine
    from_cell: int
    from_post: int | None
    to_cell: int
    to_post: int | None


def conflicts_of(row: Redrawing, *, on: date) -> list[Conflict]:
    """Enterprises that are not where the proposal found them, or cannot go where it puts them."""
    return _sort_out(_forth(row), on=on)[1]


def names_of(conflicts: Sequence[Conflict]) -> str:
    """Some names for a refusal."""
    names = "、".join(one.line.party.name for one in conflicts[:NAMED])
    return f"{names} …" if len(conflicts) > NAMED else names


def carry_out(*, by: Actor, now: datetime, row: Redrawing) -> None:
    """Move the enterprises of an accepted proposal; those in conflict are left, with the reason."""
    today = timezone.localdate(now)
    _lock_parties(row, [Fate.PROPOSED])
    fit, troubled = _sort_out(_forth(row), on=today)
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
    steps = [
        _Step(
            line, line.cell_after_id, line.post_after_id, line.cell_before_id, line.post_before_id
        )
        for line in _lines(row, Fate.APPLIED)
    ]
    fit, troubled = _sort_out(steps, on=timezone.localdate(now), is_back=True)
    _move(by, now, row, fit, Fate.BACK)
    _tell_fates(troubled, Fate.KEPT)
    row.state, row.undone_at = Redrawing.State.UNDONE, now
    row.save(update_fields=["state", "undone_at"])
    journal.record(
        by=by, now=now, verb="undo_redrawing", subject=row, restored=len(fit), kept=len(troubled)
    )


def _lines(row: Redrawing, fate: str) -> list[RedrawingLine]:
    return list(
        RedrawingLine.objects.filter(zone_id=row.zone_id, redrawing=row, is_moved=True, fate=fate)
        .select_related("party")
        .order_by("party_id")
    )


def _forth(row: Redrawing) -> list[_Step]:
    return [
        _Step(
            line, line.cell_before_id, line.post_before_id, line.cell_after_id, line.post_after_id
        )
        for line in _lines(row, Fate.PROPOSED)
    ]


def _lock_parties(row: Redrawing, fates: Iterable[str]) -> None:
    """Hold the enterprises in the order everybody holds them, so that two verbs never wait in a ring."""
    lines = RedrawingLine.objects.filter(
        zone_id=row.zone_id, redrawing=row, is_moved=True, fate__in=list(fates)
    )
    rows = Party.objects.select_for_update(no_key=True).filter(
        zone_id=row.zone_id, pk__in=lines.values("party_id")
    )
    list(rows.order_by("id").values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class _Now:
    """What holds today of the enterprises, posts and cells of some lines."""

    officer: dict[int, int]
    ended: frozenset[int]
    serving: frozenset[int]
    duties: frozenset[tuple[int, int]]
    pinned: frozenset[int]


def _look(steps: Sequence[_Step], on: date) -> _Now:
    parties = [step.line.party_id for step in steps]
    held = Stewardship.objects.filter(
        party_id__in=parties, kind=Stewardship.Kind.OFFICER, until__isnull=True
    )
    officer = dict(held.values_list("party_id", "post_id"))
    wanted = {*officer.values(), *(step.to_post for step in steps if step.to_post)}
    posts = Post.objects.filter(pk__in=wanted)
    ended = posts.filter(until__lt=on)
    duties = CellDuty.objects.filter(
        cell_id__in={step.to_cell for step in steps}, until__isnull=True
    )
    pins = RedrawingPin.objects.filter(party_id__in=parties, ended_at__isnull=True)
    return _Now(
        officer=officer,
        ended=frozenset(ended.values_list("id", flat=True)),
        serving=frozenset(posts.exclude(role__in=OUTSIDE_ROLES).values_list("id", flat=True)),
        duties=frozenset(duties.values_list("cell_id", "post_id")),
        pinned=frozenset(pins.values_list("party_id", flat=True)),
    )


def _sort_out(
    steps: Sequence[_Step], *, on: date, is_back: bool = False
) -> tuple[list[_Step], list[Conflict]]:
    now = _look(steps, on)
    fit, troubled = [], []
    for step in steps:
        reason = _moved_meanwhile(step, now) or (_no_way_back if is_back else _no_way)(step, now)
        if reason:
            troubled.append(Conflict(step.line, reason))
        else:
            fit.append(step)
    return fit, troubled


def _moved_meanwhile(step: _Step, now: _Now) -> str:
    party = step.line.party
    officer = now.officer.get(party.pk)
    if party.merged_into_id is not None:
        return _("merged into another entry meanwhile")
    if party.cell_id != step.from_cell:
        return _("moved to another cell meanwhile")
    # Somebody whose post has ended answers for nobody, also where the entry was not ended.
    if officer != step.from_post and not (step.from_post is None and officer in now.ended):
        return _("given to another officer meanwhile")
    return ""


def _no_way(step: _Step, now: _Now) -> str:
    party = step.line.party
    if party.status not in (Party.Status.OPERATING, Party.Status.SUSPENDED):
        return _("ended meanwhile")
    if party.pk in now.pinned and not step.line.is_pinned:
        return _("pinned meanwhile")
    if step.to_post in now.ended or step.to_post not in now.serving:
        return _("the officer's post has ended")
    if (step.to_cell, step.to_post) not in now.duties:
        return _("the officer does not answer for that cell any more")
    return ""


def _no_way_back(step: _Step, now: _Now) -> str:
    if step.to_post is not None and (step.to_post in now.ended or step.to_post not in now.serving):
        return _("the officer's post has ended")
    return ""


def _move(by: Actor, now: datetime, row: Redrawing, steps: Sequence[_Step], fate: Fate) -> None:
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


def _put_into_cells(now: datetime, steps: Sequence[_Step]) -> None:
    parties = []
    for step in steps:
        if step.from_cell != step.to_cell:
            party = step.line.party
            party.cell_id = step.to_cell
            party.version += 1
            party.changed_at = now
            parties.append(party)
    Party.objects.bulk_update(parties, ["cell_id", "version", "changed_at"], batch_size=500)


def _record_each(by: Actor, now: datetime, row: Redrawing, steps: Sequence[_Step]) -> None:
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
