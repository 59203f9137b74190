"""API of cage-change: the register of sites, their plans, what came in instead and what was gained."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from xiaoer.assets import actions as assets
from xiaoer.assets.access import moving as access
from xiaoer.assets.models import CageSite, MoveIn, Parcel, Unit
from xiaoer.assets.queries import cages as queries
from xiaoer.base.api.shapes import Day, Line, Number
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work.models import Task

router = Router(tags=["cage-change"])
Figure = Annotated[Decimal, Field(ge=0, le=10**12)]
MOST_ROWS = 500


class CageGainOut(Schema):
    code: str
    unit_of: str
    before: Decimal | None
    before_year: int | None
    after: Decimal | None
    after_year: int | None
    basis: str


class RefilledOut(Schema):
    """Who holds an open site by now, so that it waits to be finished."""

    who: str
    since: date
    lease: str


class CageSiteOut(Schema):
    """One site. ``found``: the clauses and figures a rule found it by, or the words of a person."""

    id: int
    version: int
    name: str
    parcel_id: int | None
    unit_id: int | None
    party_id: int | None
    why: CageSite.Why
    found: dict[str, Any]
    found_on: date
    state: CageSite.State
    path: str
    office_id: int | None
    move_in_id: int | None
    came_in: str
    freed_m2: Decimal | None
    done_on: date | None
    dismissed_why: str
    refilled: RefilledOut | None
    gains: list[CageGainOut]


class CageFoundOut(Schema):
    """What a run of the rules came to; ``unsure``: how many lack data."""

    made: list[int]
    looked_at: int
    unsure: int


class CageSiteIn(Schema):
    why: CageSite.Why
    parcel_id: Number | None = None
    unit_id: Number | None = None
    words: str = Field(default="", max_length=300)


class ConfirmSiteIn(Schema):
    post_id: Number | None = None
    version: int


class DismissSiteIn(Schema):
    why: str = Field(max_length=300)
    version: int


class SiteStepIn(Schema):
    title: str = Field(max_length=120)
    office_id: Number
    due_on: Day


class PlanSiteIn(Schema):
    path: CageSite.Path
    office_id: Number
    steps: list[SiteStepIn] = Field(min_length=1, max_length=30)
    version: int


class SiteStepDoneIn(Schema):
    words: str = Field(max_length=500)


class LinkMoveInIn(Schema):
    move_in_id: Number
    version: int


class CageGainIn(Schema):
    code: str = Field(max_length=40)
    before: Figure | None = None
    before_year: int | None = Field(default=None, ge=1900, le=2200)
    after: Figure | None = None
    after_year: int | None = Field(default=None, ge=1900, le=2200)
    basis: Line


class FinishSiteIn(Schema):
    on: Day
    came_in: str = Field(default="", max_length=120)
    freed_m2: Figure | None = None
    path: CageSite.Path | None = None
    version: int


def _one(by: Actor, number: int) -> CageSite:
    access.must_read_move_ins(by)
    return found(queries.cage_site_of(by=by, cage_site_id=number))


def _shown(row: CageSite, filled: Mapping[int, queries.Refilled]) -> dict[str, Any]:
    plain = (
        "version", "name", "parcel_id", "unit_id", "party_id", "why", "found", "found_on", "state",
        "path", "office_id", "move_in_id", "came_in", "freed_m2", "done_on", "dismissed_why",
    )  # fmt: skip
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in plain},
        "refilled": filled.get(row.pk),
        "gains": list(row.gains.all()),
    }


def _again(by: Actor, number: int) -> dict[str, Any]:
    row = _one(by, number)
    return _shown(row, queries.refilled([row], timezone.localdate()))


def _office(by: Actor, number: int, field: str) -> Office:
    row = Office.objects.filter(zone_id=by.zone_id, pk=number).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=field)
    return row


@router.get("/cage-sites", response={200: list[CageSiteOut], **PROBLEMS})
@api(READ)
def list_cage_sites(
    request: HttpRequest, by: Actor, state: str = "open", why: str = "", q: str = ""
) -> object:
    """The register, the latest found first."""
    access.must_read_move_ins(by)
    filters = queries.SiteFilter(state=state, why=why, text=q.replace("\x00", "")[:60])
    rows = list(queries.cage_sites(by=by, filters=filters).prefetch_related("gains")[:MOST_ROWS])
    filled = queries.refilled(rows, timezone.localdate())
    return [_shown(row, filled) for row in rows]


@router.get("/cage-sites/{site_id}", response={200: CageSiteOut, **PROBLEMS})
@api(READ)
def read_cage_site(request: HttpRequest, by: Actor, site_id: Number) -> object:
    """One site with what it gained."""
    return _again(by, site_id)


@router.post("/cage-sites", response={200: CageSiteOut, **PROBLEMS})
@api(WRITE)
def add_cage_site(request: HttpRequest, by: Actor, said: CageSiteIn) -> object:
    """Put a parcel or a unit on the register that a person found."""
    parcel = unit = None
    if said.parcel_id is not None:
        parcel = found(Parcel.objects.filter(zone_id=by.zone_id, pk=said.parcel_id).first())
    if said.unit_id is not None:
        unit = found(Unit.objects.filter(zone_id=by.zone_id, pk=said.unit_id).first())
    row = assets.add_site(
        by=by, now=timezone.now(), why=said.why, parcel=parcel, unit=unit, words=said.words
    )
    return _again(by, row.pk)


@router.post("/cage-finding", response={200: CageFoundOut, **PROBLEMS})
@api(WRITE)
def find_cage_sites(request: HttpRequest, by: Actor) -> object:
    """Put the rules in force to all land and units now."""
    done = assets.find_cage_sites(by=by, now=timezone.now())
    return {
        "made": [one.pk for one in done.made],
        "looked_at": done.looked_at,
        "unsure": done.unsure,
    }


@router.post("/cage-sites/{site_id}/confirm", response={200: CageSiteOut, **PROBLEMS})
@api(WRITE)
def confirm_cage_site(
    request: HttpRequest, by: Actor, site_id: Number, said: ConfirmSiteIn
) -> object:
    """A person looked: it is so."""
    post = None
    if said.post_id is not None:
        post = found(Post.objects.filter(zone_id=by.zone_id, pk=said.post_id).first())
    assets.confirm_site(
        by=by, now=timezone.now(), site=_one(by, site_id), post=post, version=said.version
    )
    return _again(by, site_id)


@router.post("/cage-sites/{site_id}/dismiss", response={200: CageSiteOut, **PROBLEMS})
@api(WRITE)
def dismiss_cage_site(
    request: HttpRequest, by: Actor, site_id: Number, said: DismissSiteIn
) -> object:
    """A person looked: it is not so."""
    assets.dismiss_site(by=by, now=timezone.now(), site=_one(by, site_id), **said.dict())
    return _again(by, site_id)


@router.post("/cage-sites/{site_id}/plan", response={200: CageSiteOut, **PROBLEMS})
@api(WRITE)
def plan_cage_site(request: HttpRequest, by: Actor, site_id: Number, said: PlanSiteIn) -> object:
    """Say which way it goes, which office leads, and its steps."""
    assets.plan_site(
        by=by, now=timezone.now(), site=_one(by, site_id), path=said.path,
        office=_office(by, said.office_id, "office_id"),
        steps=[
            assets.SiteStep(one.title, _office(by, one.office_id, "steps"), one.due_on)
            for one in said.steps
        ],
        version=said.version,
    )  # fmt: skip
    return _again(by, site_id)


@router.post("/cage-sites/{site_id}/steps/{task_id}", response={200: CageSiteOut, **PROBLEMS})
@api(WRITE)
def finish_cage_step(
    request: HttpRequest, by: Actor, site_id: Number, task_id: Number, said: SiteStepDoneIn
) -> object:
    """Report that a step of its plan was done."""
    row = _one(by, site_id)
    task = found(
        Task.objects.filter(zone_id=by.zone_id, pk=task_id, matter=row.matter_id or 0).first()
    )
    assets.finish_site_step(by=by, now=timezone.now(), task=task, words=said.words)
    return _again(by, site_id)


@router.post("/cage-sites/{site_id}/move-in", response={200: CageSiteOut, **PROBLEMS})
@api(WRITE)
def link_cage_move_in(
    request: HttpRequest, by: Actor, site_id: Number, said: LinkMoveInIn
) -> object:
    """Say which move-in comes in instead."""
    move_in = found(MoveIn.objects.filter(zone_id=by.zone_id, pk=said.move_in_id).first())
    assets.link_move_in(
        by=by, now=timezone.now(), site=_one(by, site_id), move_in=move_in, version=said.version
    )
    return _again(by, site_id)


@router.post("/cage-sites/{site_id}/gains", response={200: CageSiteOut, **PROBLEMS})
@api(WRITE)
def record_cage_gain(request: HttpRequest, by: Actor, site_id: Number, said: CageGainIn) -> object:
    """Write down a figure before and after, with where it is from."""
    assets.record_gain(
        by=by, now=timezone.now(), site=_one(by, site_id), gain=assets.Gain(**said.dict())
    )
    return _again(by, site_id)


@router.post("/cage-sites/{site_id}/finish", response={200: CageSiteOut, **PROBLEMS})
@api(WRITE)
def finish_cage_site(
    request: HttpRequest, by: Actor, site_id: Number, said: FinishSiteIn
) -> object:
    """It is changed: what came in instead, how much area it freed; without a plan, which way it went."""
    given = {**said.dict(), "path": said.path or ""}
    assets.finish_site(by=by, now=timezone.now(), site=_one(by, site_id), **given)
    return _again(by, site_id)
