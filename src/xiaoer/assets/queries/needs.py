"""Needs for space: the list, one need with what was shown, and what an enterprise sees of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from xiaoer.assets.fitting import What
from xiaoer.assets.models import Showing, SpaceNeed, Unit
from xiaoer.assets.queries.fits import stock_for
from xiaoer.base.scope import Actor, on_behalf

State, Answer = SpaceNeed.State, Showing.Answer
# Of what is over, only the newest are shown; sheets hold all.
NEEDS_SHOWN = 200
WITH = ("party", "park", "post__person", "post__office", "origin")


@dataclass(frozen=True, slots=True)
class SpaceFilter:
    """``state``: of ``SpaceNeed.State``, or all; empty words mean every one."""

    state: str = "open"
    park: int | None = None
    text: str = ""
    is_mine: bool = False


def space_needs(
    *, by: Actor, filters: SpaceFilter, limit: int | None = NEEDS_SHOWN
) -> QuerySet[SpaceNeed]:
    """Needs with how many units were shown for each; open ones by the day they are needed."""
    rows = _needs(by.zone_id).annotate(
        shown=Count("showings"),
        liked=Count("showings", filter=Q(showings__answer__in=(Answer.LIKES, Answer.TAKEN))),
    )
    if filters.state in State.values:
        rows = rows.filter(state=filters.state)
    if filters.park is not None:
        rows = rows.filter(park_id=filters.park)
    if filters.is_mine:
        rows = rows.filter(post_id=by.post_id or 0)
    if filters.text:
        rows = rows.filter(
            Q(name__icontains=filters.text)
            | Q(who__icontains=filters.text)
            | Q(party__name__icontains=filters.text)
            | Q(industry__icontains=filters.text)
        )
    rows = (
        rows.order_by("from_on", "id")
        if filters.state == State.OPEN
        else rows.order_by("-opened_at", "-id")
    )
    return rows[:limit] if limit else rows


def _needs(zone_id: int) -> QuerySet[SpaceNeed]:
    return SpaceNeed.objects.filter(zone_id=zone_id).select_related(*WITH)


def space_need(by: Actor, need_id: int) -> SpaceNeed | None:
    return _needs(by.zone_id).filter(pk=need_id).first()


def space_needs_of_matter(zone_id: int, matter_id: int) -> list[SpaceNeed]:
    """What was looked for out of a matter, such as a project's or a request's."""
    rows = _needs(zone_id).filter(origin_id=matter_id).prefetch_related("move_ins")
    return list(rows.order_by("id"))


def showings_of(need: SpaceNeed) -> list[Showing]:
    """What was shown, the newest first."""
    return list(
        Showing.objects.filter(zone_id=need.zone_id, need=need)
        .select_related("unit__building__park", "by_post__person")
        .order_by("-at", "-id")
    )


def shown_to(by: Actor, need: SpaceNeed) -> list[Showing]:
    """What was shown for a need of the asker's own, which it found under its own scope."""
    with on_behalf(by):
        return showings_of(need)


def chosen_units(need: SpaceNeed) -> list[Unit]:
    """The units a need has settled on."""
    return list(
        Unit.objects.filter(
            zone_id=need.zone_id, showings__need=need, showings__answer=Answer.TAKEN
        ).select_related("building").order_by("id")
    )  # fmt: skip


def own_needs(by: Actor) -> list[SpaceNeed]:
    """Needs of the asker's enterprise, the open ones first."""
    rows = _own(by).order_by("-opened_at", "-id")[:NEEDS_SHOWN]
    return sorted(rows, key=lambda one: one.state != State.OPEN)


def own_need(by: Actor, need_id: int) -> SpaceNeed | None:
    return _own(by).filter(pk=need_id).first()


def _own(by: Actor) -> QuerySet[SpaceNeed]:
    # Posts of the staff are not the enterprise's to read.
    return SpaceNeed.objects.filter(zone_id=by.zone_id, party_id=by.party_ref or 0)


def taken_units(need: SpaceNeed, units: Sequence[int], today: date) -> list[Unit]:
    """Which of some units somebody holds at the time a need asks for."""
    stock = stock_for(need, today, only=units)
    late = dict(zip(stock.ids.tolist(), stock.has[What.FREE].tolist(), strict=True))
    taken = [number for number in units if late.get(number, 1.0) > 0]
    return list(Unit.objects.filter(zone_id=need.zone_id, pk__in=taken).order_by("id"))
