"""What stands in the way of an accepted proposal, or of taking it back: what people did meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xiaoer.base.models import OUTSIDE_ROLES, Post
from xiaoer.registry.models import (
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
class Step:
    """Where a line's enterprise should be now, and where it is to go."""

    line: RedrawingLine
    from_cell: int
    from_post: int | None
    to_cell: int
    to_post: int | None


def conflicts_of(row: Redrawing, *, on: date) -> list[Conflict]:
    """Enterprises that are not where the proposal found them, or cannot go where it puts them."""
    return sort_out(steps_forth(row), on=on)[1]


def names_of(conflicts: Sequence[Conflict]) -> str:
    """Some names for a refusal."""
    names = "、".join(one.line.party.name for one in conflicts[:NAMED])
    return f"{names} …" if len(conflicts) > NAMED else names


def lines_of(row: Redrawing, fate: str) -> list[RedrawingLine]:
    return list(
        RedrawingLine.objects.filter(zone_id=row.zone_id, redrawing=row, is_moved=True, fate=fate)
        .select_related("party")
        .order_by("party_id")
    )


def steps_forth(row: Redrawing) -> list[Step]:
    return [
        Step(line, line.cell_before_id, line.post_before_id, line.cell_after_id, line.post_after_id)
        for line in lines_of(row, Fate.PROPOSED)
    ]


@dataclass(frozen=True, slots=True)
class _Now:
    """What holds today of the enterprises, posts and cells of some lines."""

    officer: dict[int, int]
    ended: frozenset[int]
    serving: frozenset[int]
    duties: frozenset[tuple[int, int]]
    pinned: frozenset[int]


def _look(steps: Sequence[Step], on: date) -> _Now:
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


def sort_out(
    steps: Sequence[Step], *, on: date, is_back: bool = False
) -> tuple[list[Step], list[Conflict]]:
    now = _look(steps, on)
    fit, troubled = [], []
    for step in steps:
        reason = _moved_meanwhile(step, now) or (_no_way_back if is_back else _no_way)(step, now)
        if reason:
            troubled.append(Conflict(step.line, reason))
        else:
            fit.append(step)
    return fit, troubled


def _moved_meanwhile(step: Step, now: _Now) -> str:
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


def _no_way(step: Step, now: _Now) -> str:
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


def _no_way_back(step: Step, now: _Now) -> str:
    if step.to_post is not None and (step.to_post in now.ended or step.to_post not in now.serving):
        return _("the officer's post has ended")
    return ""


def steps_back(row: Redrawing) -> list[Step]:
    """From where a proposal put its enterprises to where they were."""
    return [
        Step(line, line.cell_after_id, line.post_after_id, line.cell_before_id, line.post_before_id)
        for line in lines_of(row, Fate.APPLIED)
    ]
