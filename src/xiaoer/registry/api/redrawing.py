"""Proposals to re-draw cells and caseloads."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor
from xiaoer.registry import access, queries
from xiaoer.registry import actions as registry
from xiaoer.registry.api.parties import the_party
from xiaoer.registry.api.shapes import Line, Number, Word
from xiaoer.registry.models import Grid, Redrawing, RedrawingLine, RedrawingPin
from xiaoer.registry.queries import MoveFilter
from xiaoer.registry.redrawing.rules import Rule

router = Router()
Whole = Annotated[int, Field(ge=0, le=10_000)]


class RedrawingIn(Schema):
    """Without ``grid_ids`` all grids; ``values`` replace the zone's own for this proposal only."""

    grid_ids: list[Number] = []
    values: dict[Word, Whole] = {}
    note: Line = ""


class RedrawingOut(Schema):
    id: int
    state: str
    note: str
    grid_ids: list[int]
    values: dict[str, int]
    phase: str
    percent: int
    message: str
    moved: int
    figures: dict[str, Any]
    asked_at: datetime
    finished_at: datetime | None
    since: date | None
    accepted_at: datetime | None
    applied_at: datetime | None
    undone_at: datetime | None


class OfficerShareOut(Schema):
    post_id: int
    name: str
    office: str
    cells: list[str]
    firms_before: int
    firms_after: int
    weight_before: int
    weight_after: int
    gets: int
    gives: int


class MoveFilterIn(Schema):
    post: Number | None = None
    cell: Number | None = None
    fate: RedrawingLine.Fate | None = None
    after: Annotated[int, Field(ge=0, le=9223372036854775807)] = 0


class MoveOut(Schema):
    id: int
    party_id: int
    name: str
    cell_before: int
    cell_after: int
    post_before: int | None
    post_after: int | None
    weight: int
    fate: str
    reason: str


class MovesOut(Schema):
    """``after`` leads to the next page."""

    rows: list[MoveOut]
    after: int | None


class ConflictOut(Schema):
    party_id: int
    name: str
    reason: str


class AcceptIn(Schema):
    """``leave_out``: enterprises moved meanwhile stay where they are."""

    since: date | None = None
    leave_out: bool = False


class RedrawingRuleOut(Schema):
    code: str
    label: str
    unit: str
    value: int
    source: str
    mark: str
    version: int


class RedrawingRuleIn(Schema):
    value: Whole
    source: Line
    version: Annotated[int, Field(ge=0, le=2_000_000_000)]


class PinIn(Schema):
    party_id: Number
    kind: Annotated[str, StringConstraints(max_length=10)]
    reason: Line


class PinOut(Schema):
    id: int
    party_id: int
    name: str
    kind: str
    reason: str
    set_at: datetime


@router.get("/redrawings", response={200: list[RedrawingOut], **PROBLEMS})
@api(READ)
def list_redrawings(request: HttpRequest, by: Actor) -> object:
    """The latest hundred proposals, last first."""
    access.must_redraw(by)
    return [_out(row) for row in queries.redrawings(by=by)[:100]]


@router.post("/redrawings", response={201: RedrawingOut, **PROBLEMS})
@api(WRITE)
def ask_redrawing(request: HttpRequest, by: Actor, given: RedrawingIn) -> object:
    """Have a proposal computed by a job."""
    access.must_redraw(by)
    grids = Grid.objects.filter(zone_id=by.zone_id)
    row = registry.ask_redrawing(
        by=by,
        now=timezone.now(),
        grids=[found(grids.filter(pk=number).first()) for number in given.grid_ids],
        values=given.values,
        note=given.note,
    )
    return 201, _out(row)


@router.get("/redrawing-rules", response={200: list[RedrawingRuleOut], **PROBLEMS})
@api(READ)
def list_redrawing_rules(request: HttpRequest, by: Actor) -> object:
    """The values proposals are computed with, each with its source and mark."""
    access.must_redraw(by)
    return [_rule(rule) for rule in queries.redrawing_rules(by=by)]


@router.put("/redrawing-rules/{code}", response={200: list[RedrawingRuleOut], **PROBLEMS})
@api(WRITE)
def set_redrawing_rule(
    request: HttpRequest, by: Actor, code: str, given: RedrawingRuleIn
) -> object:
    """Give the zone its own value."""
    registry.set_redrawing_rule(
        by=by,
        now=timezone.now(),
        code=code,
        value=given.value,
        source=given.source,
        version=given.version,
    )
    return [_rule(rule) for rule in queries.redrawing_rules(by=by)]


@router.get("/redrawing-pins", response={200: list[PinOut], **PROBLEMS})
@api(READ)
def list_pins(request: HttpRequest, by: Actor) -> object:
    """Enterprises no proposal moves."""
    access.must_redraw(by)
    return [_pin(pin) for pin in queries.redrawing_pins(by=by)]


@router.post("/redrawing-pins", response={201: PinOut, **PROBLEMS})
@api(WRITE)
def pin_enterprise(request: HttpRequest, by: Actor, given: PinIn) -> object:
    """Keep an enterprise where it is."""
    pin = registry.pin_enterprise(
        by=by,
        now=timezone.now(),
        party=the_party(by, given.party_id),
        kind=given.kind,
        reason=given.reason,
    )
    return 201, _pin(pin)


@router.delete("/redrawing-pins/{number}", response={200: PinOut, **PROBLEMS})
@api(WRITE)
def unpin_enterprise(request: HttpRequest, by: Actor, number: Number) -> object:
    """Let proposals move an enterprise again."""
    pin = found(RedrawingPin.objects.filter(zone_id=by.zone_id, pk=number).first())
    return _pin(registry.unpin_enterprise(by=by, now=timezone.now(), pin=pin))


@router.get("/redrawings/{number}", response={200: RedrawingOut, **PROBLEMS})
@api(READ)
def read_redrawing(request: HttpRequest, by: Actor, number: Number) -> object:
    """One proposal: how far it is, and its figures."""
    return _out(_the(by, number))


@router.get("/redrawings/{number}/officers", response={200: list[OfficerShareOut], **PROBLEMS})
@api(READ)
def list_officer_shares(request: HttpRequest, by: Actor, number: Number) -> object:
    """What each officer carries today and under the proposal."""
    return [
        asdict(share) | {"cells": list(share.cells)}
        for share in queries.officer_shares(row=_the(by, number))
    ]


@router.get("/redrawings/{number}/moves", response={200: MovesOut, **PROBLEMS})
@api(READ)
def list_moves(
    request: HttpRequest, by: Actor, number: Number, given: Query[MoveFilterIn]
) -> object:
    """Enterprises the proposal moves, fifty at a time."""
    wanted = MoveFilter(post=given.post, cell=given.cell, fate=given.fate or "")
    shown = queries.move_page(row=_the(by, number), wanted=wanted, after=given.after)
    return {"rows": [_move(line) for line in shown.rows], "after": shown.after}


@router.get("/redrawings/{number}/conflicts", response={200: list[ConflictOut], **PROBLEMS})
@api(READ)
def list_conflicts(request: HttpRequest, by: Actor, number: Number) -> object:
    """Enterprises moved or ended since the proposal was computed."""
    row = _the(by, number)
    return [
        {"party_id": one.line.party_id, "name": one.line.party.name, "reason": one.reason}
        for one in queries.redrawing_conflicts(row=row, on=timezone.localdate())
    ]


@router.post("/redrawings/{number}/stop", response={200: RedrawingOut, **PROBLEMS})
@api(WRITE)
def stop_redrawing(request: HttpRequest, by: Actor, number: Number) -> object:
    """Stop computing; the best found so far is kept."""
    row = _the(by, number)
    return _out(registry.stop_redrawing(by=by, now=timezone.now(), redrawing=row))


@router.post("/redrawings/{number}/again", response={200: RedrawingOut, **PROBLEMS})
@api(WRITE)
def ask_redrawing_again(request: HttpRequest, by: Actor, number: Number) -> object:
    """The same once more from today's map."""
    row = _the(by, number)
    return _out(registry.ask_redrawing_again(by=by, now=timezone.now(), redrawing=row))


@router.post("/redrawings/{number}/accept", response={200: RedrawingOut, **PROBLEMS})
@api(WRITE)
def accept_redrawing(request: HttpRequest, by: Actor, number: Number, given: AcceptIn) -> object:
    """Accept a proposal from a day on; enterprises move with their officers' open tasks."""
    row = registry.accept_redrawing(
        by=by,
        now=timezone.now(),
        redrawing=_the(by, number),
        since=given.since,
        leave_out=given.leave_out,
    )
    return _out(row)


@router.post("/redrawings/{number}/undo", response={200: RedrawingOut, **PROBLEMS})
@api(WRITE)
def undo_redrawing(request: HttpRequest, by: Actor, number: Number) -> object:
    """Take an accepted proposal back in one step."""
    row = _the(by, number)
    return _out(registry.undo_redrawing(by=by, now=timezone.now(), redrawing=row))


@router.post("/redrawings/{number}/drop", response={200: RedrawingOut, **PROBLEMS})
@api(WRITE)
def drop_redrawing(request: HttpRequest, by: Actor, number: Number) -> object:
    """Put a proposal away that nobody wants."""
    row = _the(by, number)
    return _out(registry.drop_redrawing(by=by, now=timezone.now(), redrawing=row))


def _the(by: Actor, number: int) -> Redrawing:
    access.must_redraw(by)
    return found(queries.redrawing(by=by, number=number))


def _out(row: Redrawing) -> dict[str, Any]:
    return {
        "id": row.pk,
        "state": row.state,
        "note": row.note,
        "grid_ids": row.grids,
        "values": row.values,
        "phase": row.phase,
        "percent": row.percent,
        "message": row.message,
        "moved": row.moved,
        "figures": row.figures,
        "asked_at": row.asked_at,
        "finished_at": row.finished_at,
        "since": row.since,
        "accepted_at": row.accepted_at,
        "applied_at": row.applied_at,
        "undone_at": row.undone_at,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "label": str(rule.kind.label),
        "unit": str(rule.kind.unit),
        "value": rule.value,
        "source": rule.source,
        "mark": rule.mark,
        "version": rule.version,
    }


def _pin(pin: RedrawingPin) -> dict[str, Any]:
    return {
        "id": pin.pk,
        "party_id": pin.party_id,
        "name": pin.party.name,
        "kind": pin.kind,
        "reason": pin.reason,
        "set_at": pin.set_at,
    }


def _move(line: RedrawingLine) -> dict[str, Any]:
    return {
        "id": line.pk,
        "party_id": line.party_id,
        "name": line.party.name,
        "cell_before": line.cell_before_id,
        "cell_after": line.cell_after_id,
        "post_before": line.post_before_id,
        "post_after": line.post_after_id,
        "weight": line.weight,
        "fate": line.fate,
        "reason": line.reason,
    }
