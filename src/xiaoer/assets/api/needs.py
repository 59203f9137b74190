"""API of needs for space: what is looked for, what fits it, what was shown."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.access import space as access
from xiaoer.assets.fitting import Fit, What, read_asks
from xiaoer.assets.models import Showing, SpaceNeed, Unit
from xiaoer.assets.queries import SpaceFilter
from xiaoer.assets.words import fits as fit_words
from xiaoer.base.api.shapes import Day, Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Park, Party
from xiaoer.work.queries import matter_by_number

router = Router(tags=["space"])
Text = Field(default="", max_length=300)


class SpaceAsk(Schema):
    """One thing asked for: at least so much (of a rent and a floor at most). Rents in fen for 1 m² a
    month; of a fire hazard the class, ``a`` to ``e``; of gas, steam and the park ``1``."""

    what: What
    amount: str = Field(default="1", pattern=r"^([a-e]|[0-9]{1,9}(\.[0-9]{1,2})?)$")
    is_hard: bool = True


class SpaceNeedIn(Schema):
    name: Word
    area_least_m2: Decimal
    area_most_m2: Decimal | None = None
    from_on: Day
    until_on: Day | None = None
    asks: list[SpaceAsk] = Field(default_factory=list, max_length=20)
    who: Word = ""
    contact: Word = ""
    industry: Word = ""
    park_id: Number | None = None


class NewSpaceNeedIn(SpaceNeedIn):
    """``matter_id``: what it came from, such as a project's; ``unit_id``: shown at once."""

    party_id: Number | None = None
    matter_id: Number | None = None
    unit_id: Number | None = None


class ChangedSpaceNeedIn(SpaceNeedIn):
    version: Number


class SpaceNeedOut(Schema):
    id: int
    version: int
    name: str
    state: SpaceNeed.State
    party_id: int | None
    who: str
    contact: str
    industry: str
    park_id: int | None
    area_least_m2: Decimal
    area_most_m2: Decimal | None
    asks: list[dict[str, Any]]
    from_on: date
    until_on: date | None
    closed_why: str
    opened_at: datetime


class SpacePointOut(Schema):
    """``says``: yes, unknown or no. ``lacks``: by how much, in the unit of what is asked."""

    what: What
    is_hard: bool
    says: Literal["yes", "unknown", "no"]
    asked: Decimal
    has: Decimal | None
    lacks: Decimal | None
    of_units: list[int]
    words: str


class SpaceFitOut(Schema):
    units: list[int]
    codes: list[str]
    building: str
    area_m2: Decimal
    says: Literal["yes", "unknown", "no"]
    points: list[SpacePointOut]
    alike: int


class SpaceFitsOut(Schema):
    """The best first. ``is_cut``: more sets of neighbours than are looked at."""

    fits: list[SpaceFitOut]
    looked_at: int
    is_cut: bool


class ShowingOut(Schema):
    id: int
    need_id: int
    unit_id: int
    at: datetime
    answer: Showing.Answer
    words: str
    answered_at: datetime | None


class SeekerOut(Schema):
    need_id: int
    name: str
    is_shown: bool
    fit: SpaceFitOut


class LeaseEndingOut(Schema):
    party_id: int
    lease: str
    until: date
    area_m2: Decimal


class CrampedOut(Schema):
    """A firm with too little space by the zone's rule; ``because``: the clauses it meets."""

    party_id: int
    name: str
    because: list[str]


class ToAskOut(Schema):
    """``unsure``: of so many firms too little is known to say whether their space suffices."""

    seekers: list[SeekerOut]
    cramped: list[CrampedOut]
    unsure: int
    endings: list[LeaseEndingOut]


class SpaceNeedsIn(Schema):
    state: Literal["open", "chosen", "settled", "dropped", "all"] = "open"
    park: Number | None = None
    words: Word = ""


class SpaceReasonIn(Schema):
    reason: str = Field(max_length=300)


class ShowUnitsIn(Schema):
    unit_ids: list[Number] = Field(max_length=20)
    words: str = Text


class AnswerShowingIn(Schema):
    answer: Literal["likes", "no"]
    words: str = Text


class ChooseUnitsIn(Schema):
    unit_ids: list[Number] = Field(max_length=20)
    keep_until: Day | None = None
    version: Number


def _need(by: Actor, need_id: int) -> SpaceNeed:
    """Staff and the city read every need, an enterprise its own."""
    if by.is_staff or by.role == "city":
        return found(queries.space_need(by, need_id))
    return found(queries.own_need(by, need_id))


def _units(by: Actor, numbers: list[int]) -> list[Unit]:
    rows = Unit.objects.filter(zone_id=by.zone_id).in_bulk(numbers)
    return [found(rows.get(number)) for number in numbers]


def _facts(by: Actor, what: SpaceNeedIn) -> assets.NeedFacts:
    plain = what.dict(
        include={
            "name", "area_least_m2", "area_most_m2", "from_on", "until_on", "who", "contact",
            "industry",
        }
    )  # fmt: skip
    parks = Park.objects.filter(zone_id=by.zone_id, pk=what.park_id or 0)
    return assets.NeedFacts(
        **plain,
        asks=read_asks(one.dict() for one in what.asks),
        park=found(parks.first()) if what.park_id else None,
    )


def _fit(fit: Fit, units: tuple[Unit, ...], alike: int) -> dict[str, Any]:
    codes = {unit.pk: unit.code for unit in units}
    return {
        "units": fit.units,
        "codes": list(codes.values()),
        "building": units[0].building.name,
        "area_m2": fit.area_m2,
        "says": fit.says.name.lower(),
        "alike": alike,
        "points": [
            {
                "what": one.what, "is_hard": one.is_hard, "says": one.says.name.lower(),
                "asked": one.asked, "has": one.has, "lacks": one.lacks,
                "of_units": one.of_units, "words": fit_words.point_words(one, codes),
            }
            for one in fit.points
        ],
    }  # fmt: skip


@router.get("/assets/needs", response={200: list[SpaceNeedOut], **PROBLEMS})
@api(READ)
def list_space_needs(request: HttpRequest, by: Actor, asked: Query[SpaceNeedsIn]) -> object:
    """Who looks for space, the earliest day first."""
    access.must_read_needs(by)
    filters = SpaceFilter(state=asked.state, park=asked.park, text=asked.words)
    return list(queries.space_needs(by=by, filters=filters))


@router.post("/assets/needs", response={200: SpaceNeedOut, **PROBLEMS})
@api(WRITE)
def open_space_need(request: HttpRequest, by: Actor, what: NewSpaceNeedIn) -> object:
    """Register that somebody looks for space; an enterprise for itself."""
    parties = Party.objects.filter(zone_id=by.zone_id, merged_into__isnull=True)
    return assets.open_need(
        by=by,
        now=timezone.now(),
        facts=_facts(by, what),
        party=found(parties.filter(pk=what.party_id).first()) if what.party_id else None,
        origin=found(matter_by_number(by, what.matter_id)) if what.matter_id else None,
        unit=_units(by, [what.unit_id])[0] if what.unit_id else None,
    )


@router.get("/assets/needs/{need_id}", response={200: SpaceNeedOut, **PROBLEMS})
@api(READ)
def read_space_need(request: HttpRequest, by: Actor, need_id: Number) -> object:
    """One need; an enterprise reads its own."""
    return _need(by, need_id)


@router.get("/assets/needs/{need_id}/fits", response={200: SpaceFitsOut, **PROBLEMS})
@api(READ)
def read_space_fits(request: HttpRequest, by: Actor, need_id: Number) -> object:
    """What fits it best, alone or joined, point by point."""
    access.must_read_needs(by)
    found_ones = queries.fits_of(_need(by, need_id), today=timezone.localdate(), limit=40)
    return {
        "fits": [_fit(one.fit, one.units, one.alike) for one in found_ones.rows],
        "looked_at": found_ones.looked_at,
        "is_cut": found_ones.is_cut,
    }


@router.get("/assets/needs/{need_id}/showings", response={200: list[ShowingOut], **PROBLEMS})
@api(READ)
def list_showings(request: HttpRequest, by: Actor, need_id: Number) -> object:
    """What was shown, the newest first."""
    need = _need(by, need_id)
    return queries.showings_of(need) if by.role == "city" else queries.shown_to(by, need)


@router.post("/assets/needs/{need_id}/change", response={200: SpaceNeedOut, **PROBLEMS})
@api(WRITE)
def change_space_need(
    request: HttpRequest, by: Actor, need_id: Number, what: ChangedSpaceNeedIn
) -> object:
    """Correct what is looked for."""
    return assets.change_need(
        by=by, now=timezone.now(), need=_need(by, need_id), facts=_facts(by, what),
        version=what.version,
    )  # fmt: skip


@router.post("/assets/needs/{need_id}/drop", response={200: SpaceNeedOut, **PROBLEMS})
@api(WRITE)
def drop_space_need(
    request: HttpRequest, by: Actor, need_id: Number, what: SpaceReasonIn
) -> object:
    """Nobody looks any longer."""
    return assets.drop_need(by=by, now=timezone.now(), need=_need(by, need_id), reason=what.reason)


@router.post("/assets/needs/{need_id}/reopen", response={200: SpaceNeedOut, **PROBLEMS})
@api(WRITE)
def reopen_space_need(
    request: HttpRequest, by: Actor, need_id: Number, what: SpaceReasonIn
) -> object:
    """Look again, when what was chosen came to nothing."""
    return assets.reopen_need(
        by=by, now=timezone.now(), need=_need(by, need_id), reason=what.reason
    )


@router.post("/assets/needs/{need_id}/settle", response={200: SpaceNeedOut, **PROBLEMS})
@api(WRITE)
def settle_space_need(request: HttpRequest, by: Actor, need_id: Number) -> object:
    """It has moved in without a joint review."""
    return assets.settle_need(by=by, now=timezone.now(), need=_need(by, need_id))


@router.post("/assets/needs/{need_id}/show", response={200: list[ShowingOut], **PROBLEMS})
@api(WRITE)
def show_space_units(request: HttpRequest, by: Actor, need_id: Number, what: ShowUnitsIn) -> object:
    """Offer units to whoever looks."""
    return assets.show_units(
        by=by, now=timezone.now(), need=_need(by, need_id), units=_units(by, what.unit_ids),
        words=what.words,
    )  # fmt: skip


@router.post(
    "/assets/needs/{need_id}/showings/{showing_id}/answer",
    response={200: ShowingOut, **PROBLEMS},
)
@api(WRITE)
def answer_space_showing(
    request: HttpRequest, by: Actor, need_id: Number, showing_id: Number, what: AnswerShowingIn
) -> object:
    """Say whether a shown unit is of interest."""
    need = _need(by, need_id)
    shown = next((one for one in queries.shown_to(by, need) if one.pk == showing_id), None)
    return assets.answer_showing(
        by=by, now=timezone.now(), showing=found(shown), answer=what.answer, words=what.words
    )


@router.post("/assets/needs/{need_id}/choose", response={200: SpaceNeedOut, **PROBLEMS})
@api(WRITE)
def choose_space_units(
    request: HttpRequest, by: Actor, need_id: Number, what: ChooseUnitsIn
) -> object:
    """Settle on units, and keep them if a day is said."""
    return assets.choose_units(
        by=by, now=timezone.now(), need=_need(by, need_id), units=_units(by, what.unit_ids),
        keep_until=what.keep_until, version=what.version,
    )  # fmt: skip


@router.get("/assets/units/{unit_id}/ask", response={200: ToAskOut, **PROBLEMS})
@api(READ)
def read_whom_to_ask(request: HttpRequest, by: Actor, unit_id: Number) -> object:
    """Of an empty unit: who looks for such a one, and whose lease ends soon."""
    access.must_read_needs(by)
    rows = Unit.objects.filter(zone_id=by.zone_id, pk=unit_id).select_related("building")
    asked = queries.whom_to_ask(found(rows.first()), now=timezone.now())
    return {
        "seekers": [
            {
                "need_id": one.need.pk, "name": one.need.name, "is_shown": one.is_shown,
                "fit": _fit(one.row.fit, one.row.units, one.row.alike),
            }
            for one in asked.seekers
        ],
        "cramped": [
            {
                "party_id": one.party.pk, "name": one.party.name,
                "because": [clause.name for clause in one.clauses],
            }
            for one in asked.cramped.rows
        ],
        "unsure": asked.cramped.unsure,
        "endings": [
            {
                "party_id": one.lease.party_id, "lease": one.lease.number,
                "until": one.lease.until, "area_m2": one.area_m2,
            }
            for one in asked.endings
        ],
    }  # fmt: skip
