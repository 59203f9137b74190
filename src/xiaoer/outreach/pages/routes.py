"""Routes: the board of a day, the search in sight, changes by hand, the rules, files to take along."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import Round, RouteSearch, Stop
from xiaoer.outreach.pages import reading
from xiaoer.outreach.pages.route_map import drawing_of, is_dashed, series_of
from xiaoer.outreach.queries import goers, routes
from xiaoer.outreach.queries.day_out import day_out
from xiaoer.registry.models import Cell
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Contact

staff = page(*STAFF_ROLES)
WEEK = timedelta(days=7)


def _today() -> date:
    return timezone.now().astimezone(LOCAL).date()


@staff
def rounds(request: HttpRequest, by: Actor) -> HttpResponse:
    """The routes of a day: on the map, in order, with what they cost and what is in none."""
    now = timezone.now()
    day = reading.day_of_address(request, "day") or _today()
    monday = day - timedelta(days=day.weekday())
    shown = routes.board(by=by, day=day)
    rule = routes.route_rule(by=by)
    counts = routes.days_planned(by=by, since=monday, until=monday + WEEK - timedelta(days=1))
    week = [monday + timedelta(days=n) for n in range(7)]
    lunch = routes.second_of(rule.lunch_until) if rule.lunch_until else None
    outlines = Cell.objects.filter(zone_id=by.zone_id, outline__isnull=False)
    going = goers.goers(by=by, now=now, since=monday, until=week[-1])
    context = {
        "board": shown,
        "day": day,
        "today": _today(),
        "week": [(one, counts.get(one, 0)) for one in week],
        "before": monday - WEEK,
        "after": monday + WEEK,
        "drawing": drawing_of(shown, [cell.outline for cell in outlines if cell.outline], lunch)
        if shown.visits
        else None,
        "colours": {
            row.id: (series_of(place), is_dashed(place)) for place, row in enumerate(shown.rounds)
        },
        "goers": going,
        "chosen": [one.post_id for one in going],
        "movable": [(one.post_id, one.name) for one in going],
        "officers": goers.officers_in_force(by=by, now=now),
        "plans_for_all": access.plans_for_all(by),
        "has_base": routes.bases_of(rule) is not None,
        "may_keep": access.is_desk(by),
        "locks": Stop.Lock,
        "mine": by.post_id,
    }
    return render(request, "outreach/rounds.html", context)


def _board(day: date) -> str:
    return f"{reverse('rounds')}?day={day.isoformat()}"


@require_POST
@staff
def rounds_ask(request: HttpRequest, by: Actor) -> HttpResponse:
    """Ask for routes; their search has a page that shows how far it is."""
    post = request.POST
    since = reading.must_be_day(post, "day")
    until = since
    if post.get("span") == "week":
        until = since - timedelta(days=since.weekday()) + timedelta(days=6)
    chosen = [*reading.posts(post, by=by, name="posts")]
    also = reading.post_of(post, by=by, name="also")
    if also is not None and also not in chosen:
        chosen.append(also)
    if not chosen and not access.plans_for_all(by):
        chosen = list(Post.objects.filter(zone_id=by.zone_id, pk=by.post_id or 0))
    search = outreach.ask_for_routes(
        by=by,
        now=timezone.now(),
        since=since,
        until=until,
        posts=chosen,
        may_exchange="may_exchange" in post,
    )
    return go(request, reverse("route_search", args=[search.pk]))


@staff
def route_search(request: HttpRequest, by: Actor, search_id: int) -> HttpResponse:
    """How far a search is; once it is done, the board of its first day."""
    row = found(routes.route_search(by=by, search_id=search_id))
    is_part = bool(request.headers.get("HX-Request"))
    if is_part and row.state == RouteSearch.State.DONE:
        return go(request, _board(row.since))
    context = {
        "search": row,
        "is_stopped": routes.is_stopped(row, timezone.now()),
        "board": _board(row.since),
        "span": routes.span_words(row.minutes) if row.minutes is not None else None,
    }
    part = "_route_search.html" if is_part else "route_search.html"
    return render(request, f"outreach/{part}", context)


@require_POST
@staff
def route_search_stop(request: HttpRequest, by: Actor, search_id: int) -> HttpResponse:
    """Stop a search and take the best so far."""
    row = found(routes.route_search(by=by, search_id=search_id))
    done = outreach.stop_search(by=by, now=timezone.now(), search=row)
    if done.state == RouteSearch.State.DONE:
        return go(request, _board(done.since))
    return go(request, reverse("route_search", args=[row.pk]))


@require_POST
@staff
def stop_place(request: HttpRequest, by: Actor) -> HttpResponse:
    """Put a visit at a place of an officer's day: dragged there, or chosen from a list."""
    post = request.POST
    contact = _contact(by, reading.number(post.get("contact")))
    officer = reading.post_of(post, by=by, name="post")
    if officer is None:
        raise Refused(_("Choose who goes."), field="post")
    row = outreach.place_visit(
        by=by,
        now=timezone.now(),
        contact=contact,
        post=officer,
        place=reading.number(post.get("place")) or Stop.MOST,
        version=reading.number(post.get("version")),
    )
    return go(request, _board(row.day))


def _contact(by: Actor, number: int | None) -> Contact:
    return found(Contact.objects.filter(zone_id=by.zone_id, pk=number or 0).first())


@require_POST
@staff
def stop_do(request: HttpRequest, by: Actor, round_id: int, contact_id: int) -> HttpResponse:
    """Move one stop up or down, to somebody else, lock it, free it, or take it out."""
    row = found(routes.a_round(by=by, round_id=round_id))
    act = STOP_ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    act(request.POST, by, row, contact_id)
    return go(request, _board(row.day))


def _step(by_places: int) -> Callable[[Mapping[str, str], Actor, Round, int], None]:
    def step(post: Mapping[str, str], by: Actor, row: Round, contact_id: int) -> None:
        stop = found(Stop.objects.filter(round=row, contact_id=contact_id).first())
        outreach.place_visit(
            by=by,
            now=timezone.now(),
            contact=_contact(by, contact_id),
            post=row.post,
            place=max(1, stop.order + by_places),
            version=reading.version(post),
        )

    return step


def _lock(lock: str) -> Callable[[Mapping[str, str], Actor, Round, int], None]:
    def set_lock(post: Mapping[str, str], by: Actor, row: Round, contact_id: int) -> None:
        outreach.lock_stop(
            by=by, now=timezone.now(), row=row, contact_id=contact_id, lock=lock,
            version=reading.version(post),
        )  # fmt: skip

    return set_lock


def _give(post: Mapping[str, str], by: Actor, row: Round, contact_id: int) -> None:
    officer = reading.post_of(post, by=by, name="post")
    if officer is None:
        raise Refused(_("Choose who goes."), field="post")
    outreach.place_visit(
        by=by, now=timezone.now(), contact=_contact(by, contact_id), post=officer, place=Stop.MOST
    )


def _out(post: Mapping[str, str], by: Actor, row: Round, contact_id: int) -> None:
    outreach.take_out(
        by=by, now=timezone.now(), row=row, contact_id=contact_id, version=reading.version(post)
    )


STOP_ACTS = {
    "up": _step(-1),
    "down": _step(1),
    "give": _give,
    "out": _out,
    "lock_hour": _lock(Stop.Lock.HOUR),
    "lock_officer": _lock(Stop.Lock.OFFICER),
    "free": _lock(Stop.Lock.NONE),
}


@require_POST
@staff
def rounds_keep(request: HttpRequest, by: Actor) -> HttpResponse:
    """Keep drafts: one, or all of the board."""
    day = reading.must_be_day(request.POST, "day")
    pairs = (text.partition(":") for text in request.POST.getlist("round"))
    versions = {reading.number(a) or 0: reading.number(b) or 0 for a, _colon, b in pairs}
    kept = outreach.keep_rounds(by=by, now=timezone.now(), versions=versions)
    told = ngettext("%(n)d route kept.", "%(n)d routes kept.", len(kept)) % {"n": len(kept)}
    messages.success(request, told)
    return go(request, _board(day))


@require_POST
@staff
def round_drop(request: HttpRequest, by: Actor, round_id: int) -> HttpResponse:
    """Throw a draft away."""
    row = found(routes.a_round(by=by, round_id=round_id))
    version = reading.version(request.POST)
    outreach.drop_draft(by=by, now=timezone.now(), row=row, version=version)
    return go(request, _board(row.day))


@staff
def rounds_today(request: HttpRequest, by: Actor) -> HttpResponse:
    """The asker's visits of today, a part of everybody's first page; nothing for who never goes out."""
    out = day_out(by=by, now=timezone.now())
    if not out.stops and not out.absent and by.role not in goers.FIELD_ROLES:
        return HttpResponse("")
    return render(request, "outreach/_rounds_today.html", {"out": out})


# The rules ------------------------------------------------------------------------------------


@staff
def route_rules(request: HttpRequest, by: Actor) -> HttpResponse:
    """Where officers set out, their hours, how fast they get on; distances by road."""
    if request.method == "POST":
        outreach.set_route_rule(
            by=by,
            now=timezone.now(),
            facts=_facts(request.POST),
            version=reading.version(request.POST) or None,
        )
        messages.success(request, _("Kept. Routes computed from now on go by it."))
        return go(request, reverse("route_rules"))
    context = {
        "rule": routes.route_rule(by=by),
        "sheets": routes.road_sheets(by=by),
        "road_pairs": routes.road_pairs(by=by),
        "may_keep": access.is_desk(by),
        "marks": [(mark, mark) for mark in outreach.MARKS],
    }
    return render(request, "outreach/route_rules.html", context)


def _facts(post: Mapping[str, str]) -> outreach.RouteFacts:
    return outreach.RouteFacts(
        start_longitude=_degrees(post, "start_longitude"),
        start_latitude=_degrees(post, "start_latitude"),
        end_longitude=_degrees(post, "end_longitude"),
        end_latitude=_degrees(post, "end_latitude"),
        works_from=_must_clock(post, "works_from"),
        works_until=_must_clock(post, "works_until"),
        lunch_from=_clock(post, "lunch_from"),
        lunch_until=_clock(post, "lunch_until"),
        speed_kmh=_whole(post, "speed_kmh"),
        road_percent=_whole(post, "road_percent"),
        visit_minutes=_whole(post, "visit_minutes"),
        source=reading.said(post, "source", 200),
        mark=post.get("mark", ""),
    )


def _degrees(post: Mapping[str, str], name: str) -> float | None:
    text = reading.words(post, name)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise Refused(_("Type degrees as a number, such as 116.58."), field=name) from error
    if not -360 < value < 360:
        raise Refused(_("Type degrees as a number, such as 116.58."), field=name)
    return value


def _clock(post: Mapping[str, str], name: str) -> time | None:
    text = reading.words(post, name)
    if not text:
        return None
    try:
        return datetime.strptime(text[:5], "%H:%M").time()
    except ValueError as error:
        raise Refused(_("Type a time of day, such as 08:30."), field=name) from error


def _must_clock(post: Mapping[str, str], name: str) -> time:
    at = _clock(post, name)
    if at is None:
        raise Refused(_("Type a time of day, such as 08:30."), field=name)
    return at


def _whole(post: Mapping[str, str], name: str) -> int:
    value = reading.number(reading.words(post, name))
    if value is None:
        raise Refused(_("Type a whole number."), field=name)
    return value


@require_POST
@staff
def roads_import(request: HttpRequest, by: Actor) -> HttpResponse:
    """Bring in a sheet of distances by road."""
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused(_("Choose a file."), field="file")
    sheet = outreach.import_roads(by=by, now=timezone.now(), stream=sent, name=sent.name or "roads")
    told = ngettext("%(n)d distance taken.", "%(n)d distances taken.", sheet.taken)
    messages.success(request, told % {"n": sheet.taken})
    return go(request, reverse("route_rules"))
