"""API of routes: rules, distances by road, searches, the board of a day, files to take along."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Query, Router
from ninja.files import UploadedFile

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Post
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.api import routes_schemas as s
from xiaoer.outreach.api.rows import must_have, several
from xiaoer.outreach.api.schemas import Id
from xiaoer.outreach.cards import PDF
from xiaoer.outreach.models import Round, RouteSearch
from xiaoer.outreach.queries import routes
from xiaoer.outreach.queries.day_out import day_out
from xiaoer.outreach.queries.route_files import calendar_of, chosen_rounds, paper_of
from xiaoer.outreach.routing.calendars import TYPE
from xiaoer.web.sending import attachment
from xiaoer.work.models import Contact

router = Router(tags=["routes"])


def _file(words: str, kind: str) -> dict[str, object]:
    content = {kind: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": words, "content": content}}}


@router.get("/route-rule", response={200: s.RouteRuleOut, **PROBLEMS})
@api(READ)
def read_route_rule(request: HttpRequest, by: Actor) -> object:
    """By what routes are computed."""
    must_be_staff(by)
    return routes.route_rule(by=by)


@router.put("/route-rule", response={200: s.RouteRuleOut, **PROBLEMS})
@api(WRITE)
def set_route_rule(request: HttpRequest, by: Actor, what: s.RouteRuleIn) -> object:
    """Set where officers set out, their hours, how fast they get on."""
    must_be_staff(by)
    given = what.dict()
    version = given.pop("version")
    facts = outreach.RouteFacts(**given)
    return outreach.set_route_rule(by=by, now=timezone.now(), facts=facts, version=version)


@router.get("/road-sheets", response={200: list[s.RoadSheetOut], **PROBLEMS})
@api(READ)
def list_road_sheets(request: HttpRequest, by: Actor) -> object:
    """The latest sheets of distances by road, newest first."""
    must_be_staff(by)
    return routes.road_sheets(by=by)


@router.post("/road-sheets", response={200: s.RoadSheetOut, **PROBLEMS})
@api(WRITE)
def import_roads(request: HttpRequest, by: Actor, file: File[UploadedFile]) -> object:
    """Bring in distances by road; every row that cannot be taken is named with its reason."""
    must_be_staff(by)
    name = file.name or "roads"
    return outreach.import_roads(by=by, now=timezone.now(), stream=file, name=name)


@router.post("/route-searches", response={200: s.RouteSearchOut, **PROBLEMS})
@api(WRITE)
def ask_for_routes(request: HttpRequest, by: Actor, what: s.RouteSearchIn) -> object:
    """Ask for routes; a job searches. Look how far it is until it is done."""
    must_be_staff(by)
    row = outreach.ask_for_routes(
        by=by,
        now=timezone.now(),
        since=what.since,
        until=what.until,
        posts=several(Post, what.posts, by=by, field="posts"),
        may_exchange=what.may_exchange,
    )
    return _search_out(row)


@router.get("/route-searches/{search_id}", response={200: s.RouteSearchOut, **PROBLEMS})
@api(READ)
def read_route_search(request: HttpRequest, by: Actor, search_id: Id) -> object:
    """How far a search is, and what the best so far costs."""
    must_be_staff(by)
    return _search_out(found(routes.route_search(by=by, search_id=search_id)))


@router.post("/route-searches/{search_id}/stop", response={200: s.RouteSearchOut, **PROBLEMS})
@api(WRITE)
def stop_route_search(request: HttpRequest, by: Actor, search_id: Id) -> object:
    """Stop a search; the best so far is taken."""
    must_be_staff(by)
    row = found(routes.route_search(by=by, search_id=search_id))
    return _search_out(outreach.stop_search(by=by, now=timezone.now(), search=row))


def _search_out(row: RouteSearch) -> dict[str, object]:
    names = set(s.RouteSearchOut.model_fields) - {"is_stopped"}
    return {
        **{name: getattr(row, name) for name in names},
        "is_stopped": routes.is_stopped(row, timezone.now()),
    }


@router.get("/rounds", response={200: s.BoardOut, **PROBLEMS})
@api(READ)
def read_board(request: HttpRequest, by: Actor, asked: Query[s.BoardQuery]) -> object:
    """The routes of a day, and the planned visits that are in none with the reason."""
    must_be_staff(by)
    posts = None if asked.post is None else [asked.post]
    return routes.board(by=by, day=asked.day, posts=posts)


@router.get("/rounds/today", response={200: s.DayOutOut, **PROBLEMS})
@api(READ)
def read_day_out(request: HttpRequest, by: Actor) -> object:
    """The asker's own visits of today, in order, each with its reason and its question."""
    must_be_staff(by)
    return day_out(by=by, now=timezone.now())


@router.get("/rounds/calendar", response=PROBLEMS, openapi_extra=_file("Calendar file", TYPE))
@api(READ)
def read_calendar(request: HttpRequest, by: Actor, asked: Query[s.RouteFileQuery]) -> HttpResponse:
    """The routes of some days as a calendar file."""
    must_be_staff(by)
    rows = chosen_rounds(
        by=by, since=asked.since, until=asked.until or asked.since, post=asked.post
    )
    return attachment(calendar_of(by, rows), "走访.ics", TYPE)


@router.get("/rounds/paper", response=PROBLEMS, openapi_extra=_file("An officer a page", PDF))
@api(READ)
def read_paper(request: HttpRequest, by: Actor, asked: Query[s.RouteFileQuery]) -> HttpResponse:
    """The routes of some days on A4."""
    must_be_staff(by)
    rows = chosen_rounds(
        by=by, since=asked.since, until=asked.until or asked.since, post=asked.post
    )
    return attachment(paper_of(by, rows), "走访路线单.pdf", PDF)


@router.post("/rounds/place", response={200: s.RoundOut, **PROBLEMS})
@api(WRITE)
def place_visit(request: HttpRequest, by: Actor, what: s.PlaceIn) -> object:
    """Put a planned visit at a place of somebody's day; the cost is computed at once."""
    must_be_staff(by)
    row = outreach.place_visit(
        by=by,
        now=timezone.now(),
        contact=must_have(Contact, what.contact, by=by, field="contact"),
        post=must_have(Post, what.post, by=by, field="post"),
        place=what.place,
        version=what.version,
    )
    return _round_out(by, row.pk)


@router.post("/rounds/keep", response={200: list[s.RoundOut], **PROBLEMS})
@api(WRITE)
def keep_rounds(request: HttpRequest, by: Actor, what: s.KeepIn) -> object:
    """Keep drafts; what was kept before is replaced."""
    must_be_staff(by)
    kept = outreach.keep_rounds(by=by, now=timezone.now(), versions=what.versions)
    rows = Round.objects.filter(zone_id=by.zone_id, pk__in=[row.pk for row in kept])
    return routes.round_rows(rows.select_related("post__person", "post__office"))


@router.get("/rounds/{round_id}", response={200: s.RoundOut, **PROBLEMS})
@api(READ)
def read_round(request: HttpRequest, by: Actor, round_id: Id) -> object:
    """One route, also one that was replaced."""
    must_be_staff(by)
    return _round_out(by, round_id)


@router.post("/rounds/{round_id}/drop", response={200: s.RoundOut, **PROBLEMS})
@api(WRITE)
def drop_draft(request: HttpRequest, by: Actor, round_id: Id, what: s.RoundVersionIn) -> object:
    """Throw a draft away; what was kept before counts again."""
    must_be_staff(by)
    row = found(routes.a_round(by=by, round_id=round_id))
    outreach.drop_draft(by=by, now=timezone.now(), row=row, version=what.version)
    return _round_out(by, round_id)


@router.post("/rounds/{round_id}/stops/{contact_id}/lock", response={200: s.RoundOut, **PROBLEMS})
@api(WRITE)
def lock_stop(
    request: HttpRequest, by: Actor, round_id: Id, contact_id: Id, what: s.LockIn
) -> object:
    """Lock a stop to its officer, or to officer and hour, or free it (empty)."""
    must_be_staff(by)
    outreach.lock_stop(
        by=by,
        now=timezone.now(),
        row=found(routes.a_round(by=by, round_id=round_id)),
        contact_id=contact_id,
        lock=what.lock,
        version=what.version,
    )
    return _round_out(by, round_id)


@router.post(
    "/rounds/{round_id}/stops/{contact_id}/take-out", response={200: s.RoundOut, **PROBLEMS}
)
@api(WRITE)
def take_out(
    request: HttpRequest, by: Actor, round_id: Id, contact_id: Id, what: s.RoundVersionIn
) -> object:
    """Take a visit out of a route; it stays planned."""
    must_be_staff(by)
    outreach.take_out(
        by=by,
        now=timezone.now(),
        row=found(routes.a_round(by=by, round_id=round_id)),
        contact_id=contact_id,
        version=what.version,
    )
    return _round_out(by, round_id)


def _round_out(by: Actor, round_id: int) -> object:
    row = found(routes.a_round(by=by, round_id=round_id))
    return routes.round_rows([row])[0]
