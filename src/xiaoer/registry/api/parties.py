"""Enterprises and parties: found, read, changed, merged."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import Actor
from xiaoer.registry import access, queries
from xiaoer.registry import actions as registry
from xiaoer.registry.api import shapes
from xiaoer.registry.api.shapes import Number, Word
from xiaoer.registry.models import Cell, Park, Party, Stewardship

router = Router()


def the_party(by: Actor, party_id: int) -> Party:
    return found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())


def the_cell(by: Actor, cell_id: int) -> Cell:
    return found(Cell.objects.filter(zone_id=by.zone_id, pk=cell_id).first())


def the_post(by: Actor, post_id: int) -> Post:
    posts = Post.objects.filter(zone_id=by.zone_id, pk=post_id)
    return found(posts.select_related("person").first())


def party_out(by: Actor, party_id: int) -> dict[str, Any]:
    """A party with the people around it; outside roles are shown only their own."""
    whole = found(queries.enterprise(by=by, party_id=party_id))
    party = whole.party
    kept = {
        name: getattr(party, name)
        for name in shapes.EnterpriseOut.model_fields
        if hasattr(party, name)
    }
    return kept | {
        "masked_phone": whole.masked_phone,
        "former_names": list(whole.former_names),
        "short_names": list(whole.short_names),
        "monitoring_since": whole.monitoring_since,
        "stewards": list(whole.stewards),
    }


def facts_of(by: Actor, given: shapes.FactsIn) -> registry.PartyFacts:
    park = None
    if given.park_id is not None:
        park = found(Park.objects.filter(zone_id=by.zone_id, pk=given.park_id).first())
    values = given.model_dump(exclude={"park_id", "cell_id", "version", "emptied"})
    emptied = frozenset(given.emptied) if isinstance(given, shapes.ChangeIn) else frozenset()
    return registry.PartyFacts(**values, park=park, emptied=emptied)


@router.get("/enterprises", response={200: shapes.EnterprisePageOut, **PROBLEMS})
@api(READ)
def list_enterprises(request: HttpRequest, by: Actor, asked: Query[shapes.FilterIn]) -> object:
    """Fifty enterprises from where the page before ended."""
    access.must_see_the_registry(by)
    filters = queries.EnterpriseFilter(
        **asked.model_dump(exclude={"sort", "after", "status"}), status=asked.status or ""
    )
    return queries.enterprise_page(by=by, filters=filters, sort=asked.sort, after=asked.after)


@router.get("/enterprises/search", response={200: list[shapes.FoundOut], **PROBLEMS})
@api(READ)
def search_enterprises(request: HttpRequest, by: Actor, text: Query[Word]) -> object:
    """By part of the name, initials in pinyin, code, or officer; best first."""
    access.must_see_the_registry(by)
    return queries.search_parties(by=by, text=text)


@router.post("/enterprises", response={201: shapes.EnterpriseOut, **PROBLEMS})
@api(WRITE)
def add_party(request: HttpRequest, by: Actor, given: shapes.PartyIn) -> object:
    """Add a firm or person."""
    cell = None if given.cell_id is None else the_cell(by, given.cell_id)
    party = registry.add_party(by=by, now=timezone.now(), facts=facts_of(by, given), cell=cell)
    return 201, party_out(by, party.pk)


@router.get("/enterprises/{party_id}", response={200: shapes.EnterpriseOut, **PROBLEMS})
@api(READ)
def read_enterprise(request: HttpRequest, by: Actor, party_id: Number) -> object:
    """One party with its stewards and names."""
    return party_out(by, party_id)


@router.patch("/enterprises/{party_id}", response={200: shapes.EnterpriseOut, **PROBLEMS})
@api(WRITE)
def change_party(
    request: HttpRequest, by: Actor, party_id: Number, given: shapes.ChangeIn
) -> object:
    """Correct facts; a stale version is refused with who changed what."""
    registry.change_party(
        by=by,
        now=timezone.now(),
        party=the_party(by, party_id),
        facts=facts_of(by, given),
        version=given.version,
    )
    return party_out(by, party_id)


@router.post("/enterprises/{party_id}/names", response={200: shapes.EnterpriseOut, **PROBLEMS})
@api(WRITE)
def add_name(request: HttpRequest, by: Actor, party_id: Number, given: shapes.NameIn) -> object:
    """Note a former or short name."""
    party = the_party(by, party_id)
    registry.add_name(by=by, now=timezone.now(), party=party, name=given.name, kind=given.kind)
    return party_out(by, party_id)


@router.post("/enterprises/{party_id}/cell", response={200: shapes.EnterpriseOut, **PROBLEMS})
@api(WRITE)
def put_into_cell(
    request: HttpRequest, by: Actor, party_id: Number, given: shapes.CellIn
) -> object:
    """Admit a party to a cell, or move an enterprise to another."""
    party, cell = the_party(by, party_id), the_cell(by, given.cell_id)
    put = registry.admit_enterprise if party.cell_id is None else registry.move_to_cell
    put(by=by, now=timezone.now(), party=party, cell=cell)
    return party_out(by, party_id)


@router.post("/enterprises/{party_id}/steward", response={200: shapes.EnterpriseOut, **PROBLEMS})
@api(WRITE)
def assign_steward(
    request: HttpRequest, by: Actor, party_id: Number, given: shapes.StewardIn
) -> object:
    """Name who answers for an enterprise."""
    registry.assign_steward(
        by=by,
        now=timezone.now(),
        party=the_party(by, party_id),
        post=the_post(by, given.post_id),
        kind=given.kind,
        since=given.since,
    )
    return party_out(by, party_id)


@router.delete("/enterprises/{party_id}/steward", response={200: shapes.EnterpriseOut, **PROBLEMS})
@api(WRITE)
def end_stewardship(
    request: HttpRequest, by: Actor, party_id: Number, kind: Query[Stewardship.Kind]
) -> object:
    """Leave an enterprise without a steward of this kind."""
    registry.end_stewardship(by=by, now=timezone.now(), party=the_party(by, party_id), kind=kind)
    return party_out(by, party_id)


@router.post("/enterprises/{party_id}/monitoring", response={200: shapes.EnterpriseOut, **PROBLEMS})
@api(WRITE)
def name_monitoring_firm(request: HttpRequest, by: Actor, party_id: Number) -> object:
    """Name an enterprise a monitoring firm."""
    registry.name_monitoring_firm(by=by, now=timezone.now(), party=the_party(by, party_id))
    return party_out(by, party_id)


@router.delete(
    "/enterprises/{party_id}/monitoring", response={200: shapes.EnterpriseOut, **PROBLEMS}
)
@api(WRITE)
def end_monitoring(request: HttpRequest, by: Actor, party_id: Number) -> object:
    """End that an enterprise is a monitoring firm."""
    registry.end_monitoring(by=by, now=timezone.now(), party=the_party(by, party_id))
    return party_out(by, party_id)


@router.post("/enterprises/{party_id}/close", response={200: shapes.EnterpriseOut, **PROBLEMS})
@api(WRITE)
def close_party(request: HttpRequest, by: Actor, party_id: Number, given: shapes.CloseIn) -> object:
    """Note that a firm moved out or ended."""
    registry.close_party(
        by=by,
        now=timezone.now(),
        party=the_party(by, party_id),
        status=given.status,
        reason=given.reason,
    )
    return party_out(by, party_id)


@router.post("/enterprises/{party_id}/phone", response={200: shapes.PhoneOut, **PROBLEMS})
@api(WRITE)
def look_at_phone(request: HttpRequest, by: Actor, party_id: Number) -> object:
    """The contact's full number; the look is journaled, hence a verb."""
    party = the_party(by, party_id)
    return {"phone": registry.look_at_phone(by=by, now=timezone.now(), party=party)}


@router.get(
    "/enterprises/{party_id}/history", response={200: list[shapes.HistoryLineOut], **PROBLEMS}
)
@api(READ)
def read_history(request: HttpRequest, by: Actor, party_id: Number) -> object:
    """What was done about a party, newest first."""
    return queries.history(by=by, party=the_party(by, party_id))


@router.get(
    "/enterprises/{party_id}/merge/{duplicate_id}",
    response={200: shapes.MergePreviewOut, **PROBLEMS},
)
@api(READ)
def preview_merge(
    request: HttpRequest, by: Actor, party_id: Number, duplicate_id: Number
) -> object:
    """What would move if the duplicate were merged into the party."""
    access.must_keep_registry(by)
    seen = found(queries.merge_preview(by=by, kept_id=party_id, duplicate_id=duplicate_id))
    return {"kept_id": seen.kept.pk, "duplicate_id": seen.duplicate.pk, "moving": seen.moving}


@router.post("/enterprises/{party_id}/merge", response={200: shapes.EnterpriseOut, **PROBLEMS})
@api(WRITE)
def merge_parties(
    request: HttpRequest, by: Actor, party_id: Number, given: shapes.MergeIn
) -> object:
    """Merge a duplicate into a party; everything of it moves."""
    registry.merge_parties(
        by=by,
        now=timezone.now(),
        kept=the_party(by, party_id),
        duplicate=the_party(by, given.duplicate_id),
    )
    return party_out(by, party_id)


@router.get("/my/enterprise", response={200: shapes.EnterpriseOut, **PROBLEMS})
@api(READ)
def my_enterprise(request: HttpRequest, by: Actor) -> object:
    """The enterprise the asker speaks for."""
    return party_out(by, by.party_ref or 0 if by.role == Role.ENTERPRISE else 0)
