"""Who answers for enterprises, and who speaks for them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry import access, queries
from xiaoer.registry import actions as registry
from xiaoer.registry.api import shapes
from xiaoer.registry.api.parties import the_party, the_post
from xiaoer.registry.api.shapes import Number
from xiaoer.registry.guessing import counts_wrong_codes, must_not_guess, wrong_code
from xiaoer.registry.models import Party, Representation

router = Router()


@router.get("/officers", response={200: list[shapes.CaseloadOut], **PROBLEMS})
@api(READ)
def list_caseloads(request: HttpRequest, by: Actor) -> object:
    """Who answers for how many enterprises and cells."""
    access.must_see_the_registry(by)
    return queries.caseloads(by=by)


@router.post("/hand-overs", response={200: shapes.HandOverOut, **PROBLEMS})
@api(WRITE)
def hand_over_caseload(request: HttpRequest, by: Actor, given: shapes.HandOverIn) -> object:
    """Hand all or the chosen enterprises of one post to another."""
    chosen = None
    if given.party_ids is not None:
        rows = Party.objects.filter(zone_id=by.zone_id, pk__in=given.party_ids)
        chosen = list(rows)
    done = registry.hand_over_caseload(
        by=by,
        now=timezone.now(),
        giver=the_post(by, given.giver_id),
        taker=the_post(by, given.taker_id),
        parties=chosen,
    )
    return {"line_id": done.line.pk, "party_ids": list(done.party_ids)}


@router.post("/hand-overs/{line_id}/back", response={200: shapes.HandOverOut, **PROBLEMS})
@api(WRITE)
def hand_back_caseload(request: HttpRequest, by: Actor, line_id: Number) -> object:
    """Take a hand-over back."""
    lines = JournalLine.objects.filter(zone_id=by.zone_id, pk=line_id, verb="hand_over_caseload")
    done = registry.hand_back_caseload(by=by, now=timezone.now(), line=found(lines.first()))
    return {"line_id": done.line.pk, "party_ids": list(done.party_ids)}


@router.get(
    "/enterprises/{party_id}/representations",
    response={200: list[shapes.RepresentationOut], **PROBLEMS},
)
@api(READ)
def list_representations(request: HttpRequest, by: Actor, party_id: Number) -> object:
    """Who speaks for an enterprise, asked to, or did."""
    return [_out(row) for row in queries.representations(by=by, party=the_party(by, party_id))]


@router.post("/enterprises/{party_id}/code", response={200: shapes.CodeOut, **PROBLEMS})
@api(WRITE)
def issue_code(request: HttpRequest, by: Actor, party_id: Number) -> object:
    """A one-time code for somebody of the enterprise, good for seven days."""
    party = the_party(by, party_id)
    return {"code": registry.issue_code(by=by, now=timezone.now(), party=party)}


@router.post("/representations", response={200: shapes.AskedOut, **PROBLEMS})
@counts_wrong_codes
@api(WRITE)
def ask_to_represent(request: HttpRequest, by: Actor, given: shapes.AskIn) -> object:
    """Ask to speak for the enterprise a code belongs to."""
    must_not_guess(request)
    try:
        asked = registry.ask_to_represent(by=by, now=timezone.now(), **given.model_dump())
    except Refused as refusal:
        if refusal.field == "code":
            wrong_code(request)
        raise
    return {"state": asked.state}


@router.post(
    "/representations/{number}/approve", response={200: shapes.NewRepresentativeOut, **PROBLEMS}
)
@api(WRITE)
def approve_representation(
    request: HttpRequest, by: Actor, number: Number, runs_park: bool = False
) -> object:
    """Let somebody speak for an enterprise; with ``runs_park`` as the operator of its buildings."""
    new = registry.approve_representation(
        by=by,
        now=timezone.now(),
        representation=_representation(by, number),
        runs_park=runs_park,
    )
    return {"id": new.representation.pk, "username": new.username, "password": new.password}


@router.post(
    "/representations/{number}/decline", response={200: shapes.RepresentationOut, **PROBLEMS}
)
@api(WRITE)
def decline_representation(
    request: HttpRequest, by: Actor, number: Number, given: shapes.ReasonIn
) -> object:
    """Say no, with the reason."""
    row = _representation(by, number)
    return _out(
        registry.decline_representation(
            by=by, now=timezone.now(), representation=row, reason=given.reason
        )
    )


@router.post("/representations/{number}/end", response={200: shapes.RepresentationOut, **PROBLEMS})
@api(WRITE)
def end_representation(
    request: HttpRequest, by: Actor, number: Number, given: shapes.ReasonIn
) -> object:
    """End that somebody speaks for an enterprise."""
    row = _representation(by, number)
    return _out(
        registry.end_representation(
            by=by, now=timezone.now(), representation=row, reason=given.reason
        )
    )


def _representation(by: Actor, number: int) -> Representation:
    return found(Representation.objects.filter(zone_id=by.zone_id, pk=number).first())


def _out(row: Representation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "party_id": row.party_id,
        "name": row.name,
        "title": row.title,
        "masked_phone": queries.masked_phone(row.phone),
        "state": row.state,
        "asked_at": row.asked_at,
        "decided_at": row.decided_at,
        "reason": row.reason,
    }
