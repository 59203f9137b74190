"""API of land: parcels with their clocks, stages, indicators of standard land, contracts, checks."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.access import land as access
from xiaoer.assets.models import (
    IndicatorKind,
    LandIndicator,
    LandPledge,
    LandStageRule,
    LandStep,
    Parcel,
)
from xiaoer.base.api.shapes import Code, Day, Line, Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, StoredFile
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.work.models import Task

router = Router(tags=["land"])
MOST_FEN = 10**15
Amount = Annotated[Decimal, Field(ge=0, lt=10**10)]
Note = Annotated[str, Field(max_length=300, pattern=r"^[^\u0000]*$")]


class LandParcelOut(Schema):
    """``due_on``: the next stage is due by it; ``idle_on``: looked into as idle land from it."""

    id: int
    number: str
    name: str
    park_id: int | None
    area_mu: Decimal
    is_standard_land: bool
    stage: Parcel.Stage
    stage_on: date
    party_id: int | None
    price_fen: int | None
    held_until: date | None
    due_on: date | None
    idle_on: date | None
    light: str
    version: int


class LandAskedIn(Schema):
    stage: Parcel.Stage | None = None
    park_id: Number | None = None
    standard: bool = False
    words: Word = ""


class LandStepOut(Schema):
    id: int
    parcel_id: int
    stage: Parcel.Stage
    fact_on: date
    due_on: date | None
    paper: str
    paper_number: str
    file_id: int | None
    words: str
    taken_back_at: datetime | None
    why_taken_back: str
    at: datetime


class LandStageIn(Schema):
    """``party_id`` is needed where the land is supplied; ``file_id``: a file kept before."""

    stage: Parcel.Stage
    fact_on: Day
    paper: Annotated[str, Field(max_length=120, pattern=r"^[^\u0000]*$")]
    paper_number: Word = ""
    file_id: Number | None = None
    due_on: Day | None = None
    party_id: Number | None = None
    price_fen: int | None = Field(default=None, ge=0, le=MOST_FEN)
    held_until: Day | None = None
    words: Note = ""
    version: int | None = None


class LandWhyIn(Schema):
    why: Note


class LandIndicatorKindOut(Schema):
    """``mark``: V read, U custom, D proposed; empty: the zone's own."""

    id: int
    code: str
    name: str
    name_en: str
    unit: str
    way: IndicatorKind.Way
    usual: Decimal | None
    source: str
    mark: str
    ended_on: date | None
    version: int


class LandIndicatorKindIn(Schema):
    code: Code
    name: Word
    unit: Annotated[str, Field(max_length=30, pattern=r"^[^\u0000]*$")] = ""
    source: Line
    name_en: Annotated[str, Field(max_length=80, pattern=r"^[^\u0000]*$")] = ""
    way: IndicatorKind.Way = IndicatorKind.Way.LEAST
    usual: Amount | None = None
    is_active: bool = True
    version: int | None = None


class LandStageRuleOut(Schema):
    id: int
    stage: Parcel.Stage
    papers: list[str]
    next_words: str
    limit_code: str
    office_id: int | None
    source: str
    mark: str
    version: int


class LandStageRuleIn(Schema):
    papers: list[Annotated[str, Field(max_length=120)]] = Field(max_length=12)
    next_words: Line
    source: Line
    limit_code: Annotated[str, Field(max_length=40)] = ""
    office_id: Number | None = None
    version: int | None = None


class LandCheckOut(Schema):
    """``amount`` null: asked, not known; ``is_met`` is then null too."""

    id: int
    on: date
    amount: Decimal | None
    is_met: bool | None
    basis: str
    file_id: int | None
    what_follows: str
    at: datetime


class LandIndicatorOut(Schema):
    """``state``: due, kept, broken, unknown, coming or unsigned."""

    id: int
    parcel_id: int
    kind_id: int
    code: str
    amount: Decimal
    unit: str
    way: IndicatorKind.Way
    due_on: date | None
    is_signed: bool
    state: str
    light: str
    check: LandCheckOut | None
    version: int


class LandIndicatorIn(Schema):
    """``document``: the supplementary agreement, where the indicator was signed already."""

    kind_id: Number
    amount: Amount
    due_on: Day | None = None
    document: Annotated[str, Field(max_length=200, pattern=r"^[^\u0000]*$")] = ""
    version: int | None = None


class LandPromisesIn(Schema):
    state: Word = ""
    kind_id: Number | None = None
    words: Word = ""


class LandPledgeIn(Schema):
    number: Word
    signed_on: Day
    file_id: Number | None = None
    land_contract: Word = ""
    version: int | None = None


class LandPledgeOut(Schema):
    id: int
    parcel_id: int
    party_id: int
    number: str
    land_contract: str
    signed_on: date
    file_id: int | None
    ended_on: date | None


class LandCheckIn(Schema):
    """Without ``amount``: asked, and not known."""

    on: Day
    amount: Amount | None = None
    basis: Line
    file_id: Number | None = None
    what_follows: Note = ""
    next_on: Day | None = None


class LandTaskDoneIn(Schema):
    words: Annotated[str, Field(max_length=500, pattern=r"^[^\u0000]*$")]


class LandTaskOut(Schema):
    id: int
    kind: str
    title: str
    state: str
    due_at: datetime | None
    outcome: str


def _parcel(by: Actor, parcel_id: int) -> Parcel:
    return found(queries.parcel_of_land(by, parcel_id))


def _file(by: Actor, file_id: int | None) -> StoredFile | None:
    """A file of the zone that was kept before; one that is not there is a 404."""
    if file_id is None:
        return None
    return found(StoredFile.objects.filter(zone_id=by.zone_id, pk=file_id).first())


def _row(row: queries.LandRow) -> dict[str, Any]:
    one = row.parcel
    return {
        "id": one.pk, "number": one.number, "name": one.name, "park_id": one.park_id,
        "area_mu": round(row.area_mu, 4), "is_standard_land": one.is_standard_land,
        "stage": one.stage, "stage_on": one.stage_on, "party_id": one.party_id,
        "price_fen": one.price_fen, "held_until": one.held_until, "due_on": row.due_on,
        "idle_on": row.idle_on, "light": row.light, "version": one.version,
    }  # fmt: skip


def _promise(one: queries.LandPromise) -> dict[str, Any]:
    row = one.indicator
    return {
        "id": row.pk, "parcel_id": row.parcel_id, "kind_id": row.kind_id, "code": row.kind.code,
        "amount": row.amount, "unit": row.kind.unit, "way": row.kind.way, "due_on": row.due_on,
        "is_signed": row.is_signed, "state": one.state, "light": one.light, "check": one.check,
        "version": row.version,
    }  # fmt: skip


@router.get("/land", response={200: list[LandParcelOut], **PROBLEMS})
@api(READ)
def list_land(request: HttpRequest, by: Actor, asked: Query[LandAskedIn]) -> object:
    """Every parcel with its stage and clock, those overdue first."""
    access.must_read_land(by)
    filters = queries.LandFilter(
        stage=asked.stage or "", park=asked.park_id, standard=asked.standard, text=asked.words
    )
    rows = queries.land_rows(by=by, filters=filters, today=timezone.localdate(), limit=None)
    return [_row(one) for one in rows]


@router.get("/land/{parcel_id}/steps", response={200: list[LandStepOut], **PROBLEMS})
@api(READ)
def list_land_steps(request: HttpRequest, by: Actor, parcel_id: Number) -> object:
    """The way of a parcel, the latest step first; steps taken back too."""
    access.must_read_land(by)
    life = queries.land_life(parcel=_parcel(by, parcel_id), today=timezone.localdate())
    return list(life.steps)


@router.post("/land/{parcel_id}/steps", response={200: LandStepOut, **PROBLEMS})
@api(WRITE)
def enter_land_stage(
    request: HttpRequest, by: Actor, parcel_id: Number, said: LandStageIn
) -> object:
    """Record that a parcel entered a stage, by a paper, on the day of the fact."""
    given = said.dict(exclude={"party_id", "file_id"})
    party = Party.objects.filter(zone_id=by.zone_id, pk=said.party_id or 0).first()
    return assets.enter_stage(
        by=by, now=timezone.now(), parcel=_parcel(by, parcel_id), party=party,
        file=_file(by, said.file_id), **given,
    )  # fmt: skip


@router.post("/land-steps/{step_id}/take-back", response={200: LandStepOut, **PROBLEMS})
@api(WRITE)
def take_back_land_step(
    request: HttpRequest, by: Actor, step_id: Number, said: LandWhyIn
) -> object:
    """Take back the latest step of a parcel, with the reason."""
    step = found(LandStep.objects.filter(zone_id=by.zone_id, pk=step_id).first())
    return assets.take_back_land_step(by=by, now=timezone.now(), step=step, why=said.why)


@router.post("/land/{parcel_id}/tasks/{task_id}/done", response={200: LandTaskOut, **PROBLEMS})
@api(WRITE)
def finish_land_task(
    request: HttpRequest, by: Actor, parcel_id: Number, task_id: Number, said: LandTaskDoneIn
) -> object:
    """Say what was done about something due of a parcel."""
    task = found(Task.objects.filter(zone_id=by.zone_id, pk=task_id).first())
    return assets.finish_land_task(
        by=by, now=timezone.now(), parcel=_parcel(by, parcel_id), task=task, words=said.words
    )


@router.get("/land-promises", response={200: list[LandIndicatorOut], **PROBLEMS})
@api(READ)
def list_land_promises(request: HttpRequest, by: Actor, asked: Query[LandPromisesIn]) -> object:
    """What standard land promised and how it is kept."""
    access.must_read_land(by)
    rows = queries.land_promises(
        by=by, today=timezone.localdate(), limit=None,
        filters=queries.PromiseFilter(state=asked.state, kind=asked.kind_id, text=asked.words),
    )  # fmt: skip
    return [_promise(one) for one in rows]


@router.post("/land/{parcel_id}/indicators", response={200: LandIndicatorOut, **PROBLEMS})
@api(WRITE)
def set_land_indicator(
    request: HttpRequest, by: Actor, parcel_id: Number, said: LandIndicatorIn
) -> object:
    """Set what a parcel must come to, or change it by a supplementary agreement."""
    kind = found(IndicatorKind.objects.filter(zone_id=by.zone_id, pk=said.kind_id).first())
    row = assets.set_indicator(
        by=by, now=timezone.now(), parcel=_parcel(by, parcel_id), kind=kind,
        **said.dict(exclude={"kind_id"}),
    )  # fmt: skip
    return _as_promise(row)


def _as_promise(row: LandIndicator) -> dict[str, Any]:
    promises = queries.promises_of(parcel=row.parcel, today=timezone.localdate())
    return next(_promise(one) for one in promises if one.indicator.pk == row.pk)


@router.post("/land-indicators/{indicator_id}/drop", response={204: None, **PROBLEMS})
@api(WRITE)
def drop_land_indicator(
    request: HttpRequest, by: Actor, indicator_id: Number, said: LandWhyIn
) -> object:
    """Strike an indicator that was not signed yet."""
    row = found(queries.indicator_by_id(by, indicator_id))
    assets.drop_indicator(by=by, now=timezone.now(), indicator=row, why=said.why)
    return 204, None


@router.post("/land/{parcel_id}/pledges", response={200: LandPledgeOut, **PROBLEMS})
@api(WRITE)
def sign_land_indicators(
    request: HttpRequest, by: Actor, parcel_id: Number, said: LandPledgeIn
) -> object:
    """Record the supervision contract; the indicators are binding from then on."""
    return assets.sign_indicators(
        by=by, now=timezone.now(), parcel=_parcel(by, parcel_id), file=_file(by, said.file_id),
        **said.dict(exclude={"file_id"}),
    )  # fmt: skip


@router.post("/land-pledges/{pledge_id}/take-back", response={200: LandPledgeOut, **PROBLEMS})
@api(WRITE)
def take_back_land_pledge(
    request: HttpRequest, by: Actor, pledge_id: Number, said: LandWhyIn
) -> object:
    """Take back a supervision contract entered by mistake, with the reason."""
    pledge = found(LandPledge.objects.filter(zone_id=by.zone_id, pk=pledge_id).first())
    return assets.take_back_pledge(by=by, now=timezone.now(), pledge=pledge, why=said.why)


@router.get(
    "/land-indicators/{indicator_id}/checks", response={200: list[LandCheckOut], **PROBLEMS}
)
@api(READ)
def list_land_checks(request: HttpRequest, by: Actor, indicator_id: Number) -> object:
    """Every check of an indicator, the latest first."""
    access.must_read_land(by)
    return queries.checks_of(found(queries.indicator_by_id(by, indicator_id)))


@router.post("/land-indicators/{indicator_id}/checks", response={200: LandCheckOut, **PROBLEMS})
@api(WRITE)
def check_land_indicator(
    request: HttpRequest, by: Actor, indicator_id: Number, said: LandCheckIn
) -> object:
    """Record what an indicator really was on a day."""
    return assets.check_indicator(
        by=by, now=timezone.now(), indicator=found(queries.indicator_by_id(by, indicator_id)),
        file=_file(by, said.file_id), **said.dict(exclude={"file_id"}),
    )  # fmt: skip


@router.get("/land-indicator-kinds", response={200: list[LandIndicatorKindOut], **PROBLEMS})
@api(READ)
def list_land_indicator_kinds(request: HttpRequest, by: Actor) -> object:
    """Kinds of indicators with their source; those asked no more carry ``ended_on``."""
    access.must_read_land(by)
    return queries.indicator_kinds(zone_id=by.zone_id, all_of_them=True)


@router.post("/land-indicator-kinds", response={200: LandIndicatorKindOut, **PROBLEMS})
@api(WRITE)
def keep_land_indicator_kind(request: HttpRequest, by: Actor, said: LandIndicatorKindIn) -> object:
    """Add a kind of indicator, or change the one of this code."""
    return assets.keep_indicator_kind(by=by, now=timezone.now(), **said.dict())


@router.get("/land-stage-rules", response={200: list[LandStageRuleOut], **PROBLEMS})
@api(READ)
def list_land_stage_rules(request: HttpRequest, by: Actor) -> object:
    """By which papers each stage is entered, and what comes next."""
    access.must_read_land(by)
    return queries.stage_rules(zone_id=by.zone_id)


@router.post("/land-stage-rules/{rule_id}", response={200: LandStageRuleOut, **PROBLEMS})
@api(WRITE)
def set_land_stage_rule(
    request: HttpRequest, by: Actor, rule_id: Number, said: LandStageRuleIn
) -> object:
    """Change the rule of a stage, with its source."""
    rule = found(LandStageRule.objects.filter(zone_id=by.zone_id, pk=rule_id).first())
    office = Office.objects.filter(zone_id=by.zone_id, pk=said.office_id or 0).first()
    return assets.set_land_stage_rule(
        by=by, now=timezone.now(), rule=rule, office=office, **said.dict(exclude={"office_id"})
    )
