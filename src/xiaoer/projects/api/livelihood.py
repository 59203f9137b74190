"""API of the livelihood list: for those who keep it, and for residents without signing in."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile

from xiaoer.base.api.shapes import Day, Line, Number, Word
from xiaoer.base.api_door import PROBLEMS, READ, WITHOUT_TOKEN, WRITE, api, key_api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import livelihood_access as access
from xiaoer.projects.actions import livelihood
from xiaoer.projects.livelihood_words import why_of
from xiaoer.projects.models import (
    Light,
    LivelihoodItem,
    LivelihoodPicture,
    LivelihoodPlace,
    LivelihoodStep,
)
from xiaoer.projects.queries import livelihood as queries
from xiaoer.projects.queries.livelihood import ItemStanding, PlaceFilter, Schedule
from xiaoer.web.words import local_date

router = Router(tags=["livelihood list"])
_NO_NUL = r"^[^\u0000]*$"
Promise = Annotated[str, Field(max_length=500, pattern=_NO_NUL)]
Why = Annotated[str, Field(max_length=300, pattern=_NO_NUL)]
YearNo = Annotated[int, Field(ge=livelihood.FIRST, le=livelihood.LAST)]
Value = Annotated[Decimal, Field(ge=0, lt=10**10, decimal_places=3)]
State = LivelihoodItem.State


class LivelihoodStepOut(Schema):
    id: int
    name: str
    due_on: date
    done_on: date | None


class LivelihoodStanding(Schema):
    """How an item stands on a day. ``completion``: share of the year's task, null where unknown."""

    id: int
    year: int
    number: int
    category: str
    name: str
    promise: str
    state: State
    schedule: Schedule
    light: Light
    why: str
    steps: list[LivelihoodStepOut]
    places: int
    places_done: int
    month: date | None
    value: Decimal | None
    target: Decimal | None
    unit: str
    completion: float | None


class LivelihoodItemOut(LivelihoodStanding):
    office: str
    leader: str | None
    subject: str
    is_public: bool
    version: int


class LivelihoodYearOut(Schema):
    year: int
    on: date
    items: list[LivelihoodItemOut]
    categories: int
    on_schedule: int
    completed: int


class LivelihoodPublicOut(Schema):
    zone: str
    year: int
    years: list[int]
    items: list[LivelihoodStanding]


class LivelihoodPlaceOut(Schema):
    id: int
    item_id: int
    kind: LivelihoodPlace.Kind
    name: str
    level: LivelihoodPlace.Level
    state: LivelihoodPlace.State
    began_on: date
    due_on: date | None
    done_on: date | None
    was: str
    becomes: str


class LivelihoodPlacePageOut(Schema):
    total: int
    rows: list[LivelihoodPlaceOut]


class LivelihoodFigureOut(Schema):
    id: int
    month: date
    value: Decimal
    note: str
    reported_at: datetime
    is_current: bool


class LivelihoodPictureOut(Schema):
    id: int
    moment: LivelihoodPicture.Moment
    words: str
    is_public: bool


class LivelihoodYearQuery(Schema):
    year: YearNo
    on: Day | None = None


class LivelihoodPlaceQuery(Schema):
    """``on``: the day their state is asked for; today where it is left out."""

    on: Day | None = None
    year: YearNo | None = None
    kind: LivelihoodPlace.Kind | Literal[""] = ""
    level: LivelihoodPlace.Level | Literal[""] = ""
    state: LivelihoodPlace.State | Literal[""] = ""
    subject: Word = ""
    size: Annotated[int, Field(ge=1, le=500)] = 100
    after: Annotated[int, Field(ge=0, le=100_000)] = 0


class LivelihoodItemIn(Schema):
    category: Word
    name: Annotated[str, Field(max_length=80, pattern=_NO_NUL)]
    promise: Promise
    office: Number
    leader: Number | None = None
    subject: Annotated[str, Field(max_length=30, pattern=r"^[-a-z0-9_]*$")] = ""
    unit: Annotated[str, Field(max_length=20, pattern=_NO_NUL)] = ""
    target: Value | None = None


class LivelihoodNewIn(LivelihoodItemIn):
    year: YearNo


class LivelihoodChangeIn(LivelihoodItemIn):
    version: Number


class LivelihoodStepIn(Schema):
    name: Annotated[str, Field(max_length=120, pattern=_NO_NUL)]
    due_on: Day


class LivelihoodDoneIn(Schema):
    done_on: Day
    note: Why = ""


class LivelihoodWhyIn(Schema):
    reason: Why


class LivelihoodPlaceIn(Schema):
    kind: LivelihoodPlace.Kind
    name: Word
    began_on: Day
    level: LivelihoodPlace.Level = LivelihoodPlace.Level.NONE
    due_on: Day | None = None
    was: Annotated[str, Field(max_length=40, pattern=_NO_NUL)] = ""
    becomes: Annotated[str, Field(max_length=40, pattern=_NO_NUL)] = ""
    note: Why = ""


class LivelihoodFigureIn(Schema):
    month: Day
    value: Value
    note: Why = ""


class LivelihoodCompleteIn(Schema):
    completed_on: Day
    version: Number


class LivelihoodEndIn(Schema):
    reason: Why
    version: Number


class LivelihoodShowIn(Schema):
    is_public: bool


class LivelihoodShownOut(Schema):
    shown: int


def _standing(one: ItemStanding) -> dict[str, object]:
    item = one.item
    share = one.completion
    return {
        "id": item.pk,
        "year": item.year,
        "number": item.number,
        "category": item.category.name,
        "name": item.name,
        "promise": item.promise,
        "state": item.state,
        "schedule": one.schedule,
        "light": one.light,
        "why": why_of(one),
        "steps": list(one.steps),
        "places": one.places,
        "places_done": one.places_done,
        "month": one.month,
        "value": one.value,
        "target": item.target,
        "unit": item.unit,
        "completion": None if share is None else float(share),
    }


def _out(one: ItemStanding) -> dict[str, object]:
    item = one.item
    return _standing(one) | {
        "office": item.office.name,
        "leader": item.leader.person.name if item.leader else None,
        "subject": item.subject,
        "is_public": item.is_public,
        "version": item.version,
    }


def _item(by: Actor, item_id: int) -> LivelihoodItem:
    access.must_read_list(by)
    return found(queries.item_of(by=by, item_id=item_id))


def _read(by: Actor, item_id: int) -> dict[str, object]:
    item = _item(by, item_id)
    on = queries.day_of(item.year, local_date(timezone.now()))
    return _out(queries.standing_of(item, on))


def _unknown(field: str) -> Refused:
    return Refused(_("Choose one of the list."), field=field)


def _facts(by: Actor, said: LivelihoodItemIn) -> livelihood.ItemFacts:
    office = Office.objects.filter(zone_id=by.zone_id, pk=said.office).first()
    if office is None:
        raise _unknown("office")
    leader = None
    if said.leader is not None:
        leader = Post.objects.filter(zone_id=by.zone_id, pk=said.leader).first()
        if leader is None:
            raise _unknown("leader")
    return livelihood.ItemFacts(
        category=said.category,
        name=said.name,
        promise=said.promise,
        office=office,
        leader=leader,
        subject=said.subject,
        unit=said.unit,
        target=said.target,
    )


# Reading -----------------------------------------------------------------------------------------

ITEM = {200: LivelihoodItemOut, **PROBLEMS}


@router.get("/livelihood", response={200: LivelihoodYearOut, **PROBLEMS})
@api(READ)
def list_livelihood(request: HttpRequest, by: Actor, asked: Query[LivelihoodYearQuery]) -> object:
    """A year's list as it stood on a day; without a day, today or the end of that year."""
    access.must_read_list(by)
    on = asked.on or queries.day_of(asked.year, local_date(timezone.now()))
    rows = queries.items_for_staff(queries.items_of(zone_id=by.zone_id, year=asked.year))
    listed = queries.year_of(zone_id=by.zone_id, year=asked.year, on=on, rows=rows)
    return {
        "year": asked.year,
        "on": on,
        "items": [_out(one) for one in listed.items],
        "categories": queries.category_count(zone_id=by.zone_id, year=asked.year),
        "on_schedule": listed.count(Schedule.ON_SCHEDULE),
        "completed": listed.completed,
    }


@router.get("/livelihood/places", response={200: LivelihoodPlacePageOut, **PROBLEMS})
@api(READ)
def list_livelihood_places(
    request: HttpRequest, by: Actor, asked: Query[LivelihoodPlaceQuery]
) -> object:
    """Places of all items as they stood on a day."""
    access.must_read_list(by)
    wanted = PlaceFilter(
        on=asked.on or local_date(timezone.now()),
        subject=asked.subject,
        kind=asked.kind,
        levels=(asked.level,) if asked.level else (),
        state=asked.state,
        year=asked.year,
    )
    rows = queries.places(zone_id=by.zone_id, wanted=wanted)
    return {
        "total": rows.order_by().count(),
        "rows": list(rows[asked.after : asked.after + asked.size]),
    }


@router.get("/livelihood/{item_id}", response=ITEM)
@api(READ)
def read_livelihood_item(request: HttpRequest, by: Actor, item_id: Number) -> object:
    """One item as it stands."""
    return _read(by, item_id)


@router.get("/livelihood/{item_id}/figures", response={200: list[LivelihoodFigureOut], **PROBLEMS})
@api(READ)
def list_livelihood_figures(request: HttpRequest, by: Actor, item_id: Number) -> object:
    """What was reported, also what was corrected since; the latest month first."""
    return list(queries.figures_of(_item(by, item_id)))


@router.get(
    "/public/livelihood/{zone_code}",
    response={200: LivelihoodPublicOut, **WITHOUT_TOKEN},
    auth=None,
)
@key_api(queries.anybody_in, "zone_code", READ)
def read_public_livelihood(
    request: HttpRequest,
    by: Actor,
    zone_code: Annotated[str, Field(max_length=30, pattern=r"^[-a-zA-Z0-9_]+$")],
    year: YearNo | None = None,
) -> object:
    """What residents read of a zone's list: only what was made public, and no officers."""
    years = queries.public_years(zone_id=by.zone_id)
    today = local_date(timezone.now())
    chosen = year or (years[0] if years else today.year)
    rows = queries.public_items(zone_id=by.zone_id, year=chosen)
    listed = queries.year_of(
        zone_id=by.zone_id, year=chosen, on=queries.day_of(chosen, today), rows=rows
    )
    return {
        "zone": by.name,
        "year": chosen,
        "years": years,
        "items": [_standing(one) for one in listed.items],
    }


# Items -------------------------------------------------------------------------------------------


@router.post("/livelihood", response=ITEM)
@api(WRITE)
def open_livelihood_item(request: HttpRequest, by: Actor, said: LivelihoodNewIn) -> object:
    """Put an item on a year's list."""
    item = livelihood.open_item(by=by, now=timezone.now(), year=said.year, facts=_facts(by, said))
    return _read(by, item.pk)


@router.post("/livelihood/{item_id}/change", response=ITEM)
@api(WRITE)
def change_livelihood_item(
    request: HttpRequest, by: Actor, item_id: Number, said: LivelihoodChangeIn
) -> object:
    """Change what an item says; its year and number stay."""
    livelihood.change_item(
        by=by,
        now=timezone.now(),
        item=_item(by, item_id),
        facts=_facts(by, said),
        version=said.version,
    )
    return _read(by, item_id)


@router.post("/livelihood/{item_id}/complete", response=ITEM)
@api(WRITE)
def complete_livelihood_item(
    request: HttpRequest, by: Actor, item_id: Number, said: LivelihoodCompleteIn
) -> object:
    """Say that an item is done."""
    livelihood.complete_item(
        by=by,
        now=timezone.now(),
        item=_item(by, item_id),
        completed_on=said.completed_on,
        version=said.version,
    )
    return _read(by, item_id)


@router.post("/livelihood/{item_id}/drop", response=ITEM)
@api(WRITE)
def drop_livelihood_item(
    request: HttpRequest, by: Actor, item_id: Number, said: LivelihoodEndIn
) -> object:
    """Give an item up, with the reason."""
    livelihood.drop_item(
        by=by,
        now=timezone.now(),
        item=_item(by, item_id),
        reason=said.reason,
        version=said.version,
    )
    return _read(by, item_id)


@router.post("/livelihood/{item_id}/take-on", response=ITEM)
@api(WRITE)
def take_livelihood_item_on(
    request: HttpRequest, by: Actor, item_id: Number, said: LivelihoodEndIn
) -> object:
    """Carry an item onto the next year's list; answers with the new one."""
    following = livelihood.take_to_next_year(
        by=by,
        now=timezone.now(),
        item=_item(by, item_id),
        reason=said.reason,
        version=said.version,
    )
    return _read(by, following.pk)


@router.post("/livelihood/{item_id}/show", response=ITEM)
@api(WRITE)
def show_livelihood_item(
    request: HttpRequest, by: Actor, item_id: Number, said: LivelihoodShowIn
) -> object:
    """Put an item on the page residents read, or take it off."""
    livelihood.show_item(
        by=by, now=timezone.now(), item=_item(by, item_id), is_public=said.is_public
    )
    return _read(by, item_id)


@router.post("/livelihood/years/{year}/show", response={200: LivelihoodShownOut, **PROBLEMS})
@api(WRITE)
def show_livelihood_year(request: HttpRequest, by: Actor, year: YearNo) -> object:
    """Put a whole year on the page residents read; how many items were not there yet."""
    return {"shown": livelihood.show_year(by=by, now=timezone.now(), year=year)}


# Steps, places, figures, pictures ----------------------------------------------------------------


@router.post("/livelihood/{item_id}/steps", response=ITEM)
@api(WRITE)
def add_livelihood_step(
    request: HttpRequest, by: Actor, item_id: Number, said: LivelihoodStepIn
) -> object:
    """Say what is to be done of an item by a day."""
    livelihood.add_item_step(
        by=by,
        now=timezone.now(),
        item=_item(by, item_id),
        name=said.name,
        due_on=said.due_on,
    )
    return _read(by, item_id)


def _step(by: Actor, step_id: int) -> LivelihoodStep:
    rows = LivelihoodStep.objects.filter(zone_id=by.zone_id, pk=step_id)
    return found(rows.select_related("item__office").first())


@router.post("/livelihood-steps/{step_id}/finish", response=ITEM)
@api(WRITE)
def finish_livelihood_step(
    request: HttpRequest, by: Actor, step_id: Number, said: LivelihoodDoneIn
) -> object:
    """Say on which day a step was done."""
    access.must_read_list(by)
    step = _step(by, step_id)
    livelihood.finish_item_step(
        by=by, now=timezone.now(), step=step, done_on=said.done_on, note=said.note
    )
    return _read(by, step.item_id)


@router.post("/livelihood-steps/{step_id}/reopen", response=ITEM)
@api(WRITE)
def reopen_livelihood_step(
    request: HttpRequest, by: Actor, step_id: Number, said: LivelihoodWhyIn
) -> object:
    """Say that a step was not done after all."""
    access.must_read_list(by)
    step = _step(by, step_id)
    livelihood.reopen_item_step(by=by, now=timezone.now(), step=step, reason=said.reason)
    return _read(by, step.item_id)


@router.post("/livelihood/{item_id}/places", response=ITEM)
@api(WRITE)
def add_livelihood_place(
    request: HttpRequest, by: Actor, item_id: Number, said: LivelihoodPlaceIn
) -> object:
    """Name a place the item is done at."""
    livelihood.add_item_place(
        by=by,
        now=timezone.now(),
        item=_item(by, item_id),
        facts=livelihood.PlaceFacts(**said.dict()),
    )
    return _read(by, item_id)


@router.post("/livelihood-places/{place_id}/finish", response=ITEM)
@api(WRITE)
def finish_livelihood_place(
    request: HttpRequest, by: Actor, place_id: Number, said: LivelihoodDoneIn
) -> object:
    """Say on which day a place was completed."""
    access.must_read_list(by)
    rows = LivelihoodPlace.objects.filter(zone_id=by.zone_id, pk=place_id)
    place = found(rows.select_related("item__office").first())
    livelihood.finish_item_place(
        by=by, now=timezone.now(), place=place, done_on=said.done_on, note=said.note
    )
    return _read(by, place.item_id)


@router.post("/livelihood/{item_id}/figures", response=ITEM)
@api(WRITE)
def report_livelihood_figure(
    request: HttpRequest, by: Actor, item_id: Number, said: LivelihoodFigureIn
) -> object:
    """Report what was reached from January to the end of a month; a second report corrects it."""
    livelihood.report_item_figure(
        by=by,
        now=timezone.now(),
        item=_item(by, item_id),
        month=said.month,
        value=said.value,
        note=said.note,
    )
    return _read(by, item_id)


@router.post("/livelihood/{item_id}/pictures", response={200: LivelihoodPictureOut, **PROBLEMS})
@api(WRITE)
def put_livelihood_picture(
    request: HttpRequest,
    by: Actor,
    item_id: Number,
    photo: File[UploadedFile],
    moment: Form[LivelihoodPicture.Moment],
    place: Form[int | None] = None,
    words: Form[Line] = "",
    is_public: Form[bool] = False,
) -> object:
    """Put a photo beside an item or a place of it."""
    item = _item(by, item_id)
    where = None
    if place is not None:
        where = LivelihoodPlace.objects.filter(zone_id=by.zone_id, item=item, pk=place).first()
        if where is None:
            raise _unknown("place")
    return livelihood.put_picture(
        by=by,
        now=timezone.now(),
        item=item,
        upload=photo,
        file_name=photo.name or "",
        moment=moment,
        place=where,
        words=words,
        is_public=is_public,
    )


def _picture(by: Actor, picture_id: int) -> LivelihoodPicture:
    access.must_read_list(by)
    rows = LivelihoodPicture.objects.filter(zone_id=by.zone_id, pk=picture_id)
    return found(rows.select_related("item__office").first())


@router.post(
    "/livelihood-pictures/{picture_id}/show", response={200: LivelihoodPictureOut, **PROBLEMS}
)
@api(WRITE)
def show_livelihood_picture(
    request: HttpRequest, by: Actor, picture_id: Number, said: LivelihoodShowIn
) -> object:
    """Let residents see a picture, or no longer."""
    return livelihood.show_picture(
        by=by, now=timezone.now(), picture=_picture(by, picture_id), is_public=said.is_public
    )


@router.post(
    "/livelihood-pictures/{picture_id}/take-off", response={200: LivelihoodPictureOut, **PROBLEMS}
)
@api(WRITE)
def take_livelihood_picture_off(request: HttpRequest, by: Actor, picture_id: Number) -> object:
    """Take a picture off its item."""
    return livelihood.take_picture_off(by=by, now=timezone.now(), picture=_picture(by, picture_id))
