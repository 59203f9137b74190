"""Today's map as a problem: enterprises in cells with officers, what each weighs, what stays."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypedDict, cast

from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.base.models import OUTSIDE_ROLES
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Cell, CellDuty, Party, RedrawingPin, Stewardship
from xiaoer.registry.redrawing import outlines
from xiaoer.registry.redrawing.loads import loads
from xiaoer.registry.redrawing.problem import Firm, Place, Problem

METRES_A_DEGREE = 111_320
# Coordinates farther than this from the middle of the cell are a slip of a pen, not a place.
FARTHEST = 30_000
MANAGED = (Party.Status.OPERATING, Party.Status.SUSPENDED)
Degrees = tuple[float, float]


class Row(TypedDict):
    """What is read of an enterprise."""

    id: int
    cell_id: int
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True)
class Today:
    """The cells of the chosen grids and everything in them, as it stands in this moment."""

    cells: Mapping[int, Cell]
    parties: Sequence["Row"]
    duties: Mapping[int, tuple[int, ...]]
    officer_of: Mapping[int, int]
    pins: Mapping[int, str]

    @cached_property
    def inside(self) -> list["Row"]:
        """Enterprises in the chosen cells; others count only as what officers hold elsewhere."""
        return [row for row in self.parties if row["cell_id"] in self.cells]

    @cached_property
    def middles(self) -> dict[int, Degrees]:
        """Of each cell: of its outline, or else of its enterprises."""
        found = {
            cell.pk: middle
            for cell in self.cells.values()
            if cell.outline and (middle := outlines.middle(cell.outline))
        }
        of_cell: dict[int, list[Degrees]] = defaultdict(list)
        for row in self.inside:
            if row["longitude"] is not None and row["latitude"] is not None:
                of_cell[row["cell_id"]].append((row["longitude"], row["latitude"]))
        for cell_id, places in of_cell.items():
            if cell_id not in found:
                count = len(places)
                found[cell_id] = (
                    sum(p[0] for p in places) / count,
                    sum(p[1] for p in places) / count,
                )
        return found


def read_today(*, by: Actor, grids: Sequence[int], on: date) -> Today:
    """Six questions, whatever the size of the zone."""
    cells = Cell.objects.filter(zone_id=by.zone_id).select_related("grid")
    if grids:
        cells = cells.filter(grid_id__in=grids)
    chosen = {cell.pk: cell for cell in cells}
    duties: dict[int, list[int]] = defaultdict(list)
    serving = _in_force("post__", on) & ~Q(post__role__in=OUTSIDE_ROLES)
    held = CellDuty.objects.filter(serving, zone_id=by.zone_id, cell_id__in=chosen)
    for cell_id, post_id in held.filter(until__isnull=True).values_list("cell_id", "post_id"):
        duties[cell_id].append(post_id)
    parties = Party.objects.filter(
        zone_id=by.zone_id,
        cell__isnull=False,
        merged_into__isnull=True,
        status__in=MANAGED,
    ).order_by("id")
    stewards = Stewardship.objects.filter(
        _in_force("post__", on),
        zone_id=by.zone_id,
        kind=Stewardship.Kind.OFFICER,
        until__isnull=True,
    )
    pins = RedrawingPin.objects.filter(zone_id=by.zone_id, ended_at__isnull=True)
    return Today(
        cells=chosen,
        parties=cast(list[Row], list(parties.values("id", "cell_id", "longitude", "latitude"))),
        duties={cell_id: tuple(sorted(posts)) for cell_id, posts in duties.items()},
        officer_of=dict(stewards.values_list("party_id", "post_id")),
        pins=dict(pins.values_list("party_id", "kind")),
    )


def _in_force(path: str, on: date) -> Q:
    return Q(**{f"{path}until__isnull": True}) | Q(**{f"{path}until__gte": on})


def faults_of(today: Today) -> list[str]:
    """What must be put right before anything is computed, in words that name the cells."""
    filled = Counter(row["cell_id"] for row in today.inside)
    faults = [
        _("Cell %(cell)s has no officer; give it to somebody, or leave its grid out.")
        % {"cell": _called(cell)}
        for cell in today.cells.values()
        if filled[cell.pk] and not today.duties.get(cell.pk)
    ]
    drawn, sound = [(cell, cell.outline) for cell in today.cells.values() if cell.outline], []
    for cell, outline in drawn:
        fault = outlines.crossing(outline)
        if fault:
            faults.append(
                _("The outline of cell %(cell)s is wrong: %(fault)s Take a corrected one.")
                % {"cell": _called(cell), "fault": fault}
            )
        else:
            sound.append((cell.pk, outline))
    for one, other, share in outlines.overlapping(sound):
        faults.append(
            _(
                "The outlines of cells %(one)s and %(other)s overlap by %(share)d %% of the smaller;"
                " take corrected ones."
            )
            % {
                "one": _called(today.cells[one]),
                "other": _called(today.cells[other]),
                "share": max(1, round(100 * share)),
            }
        )
    if not filled:
        faults.append(_("There is no enterprise in these cells; admit some first."))
    return faults


def must_be_drawable(today: Today) -> None:
    """Refuse a map nothing sensible can be computed from, naming what is to be put right."""
    faults = faults_of(today)
    if faults:
        more = _(" And %(count)d more of this kind.") % {"count": len(faults) - 5}
        raise Refused(" ".join(faults[:5]) + (more if len(faults) > 5 else ""), field="grids")


def _called(cell: Cell) -> str:
    return f"{cell.grid.name} {cell.name}（{cell.code}）"


@dataclass(frozen=True)
class Weighed:
    """The problem of a day, and what is worth telling of how it was read."""

    problem: Problem
    pinned: int
    without_place: int
    strays: int


def weigh(*, by: Actor, today: Today, values: Mapping[str, int]) -> Weighed:
    """The problem: places in metres, weights in points."""
    origin = next(iter(today.middles.values()), (0.0, 0.0))
    centres = {cell_id: _metres(middle, origin) for cell_id, middle in today.middles.items()}
    counts = [(values[f"weight_{load.code}"], load.count(by)) for load in loads()]
    firms, held, strays = [], Counter[int](), 0
    officers = {post for posts in today.duties.values() for post in posts}
    for row in today.parties:
        centre = centres.get(row["cell_id"])
        place = _place(row, origin)
        if place is not None and (centre is None or math.dist(place, centre) > FARTHEST):
            strays += row["cell_id"] in today.cells
            place = None
        weight = values["weight_base"] + sum(
            points * found.get(row["id"], 0) for points, found in counts
        )
        if place is not None and centre is not None:
            weight += round(values["weight_km"] * math.dist(place, centre) / 1000)
        officer = today.officer_of.get(row["id"])
        if row["cell_id"] not in today.cells:
            if officer in officers:
                held[officer] += weight
            continue
        pin = today.pins.get(row["id"])
        firms.append(
            Firm(
                id=row["id"],
                cell=row["cell_id"],
                officer=officer,
                weight=weight,
                place=place,
                keeps_cell=pin is not None,
                keeps_officer=pin == RedrawingPin.Kind.OFFICER,
            )
        )
    problem = Problem(
        firms=tuple(firms),
        duties=today.duties,
        centres=centres,
        held=dict(held),
        most=values["bound_most"],
        least=values["bound_least"],
        most_moved=values["bound_moved"],
        officer_move=values["move_officer"],
        cell_move=values["move_cell"],
    )
    return Weighed(
        problem,
        pinned=sum(firm.keeps_cell for firm in firms),
        without_place=sum(firm.place is None for firm in firms) - strays,
        strays=strays,
    )


def _place(row: Row, origin: Degrees) -> Place | None:
    if row["longitude"] is None or row["latitude"] is None:
        return None
    return _metres((row["longitude"], row["latitude"]), origin)


def _metres(place: Degrees, origin: Degrees) -> Place:
    """Flat, which a zone is."""
    shrink = math.cos(math.radians(origin[1]))
    return (
        (place[0] - origin[0]) * METRES_A_DEGREE * shrink,
        (place[1] - origin[1]) * METRES_A_DEGREE,
    )
