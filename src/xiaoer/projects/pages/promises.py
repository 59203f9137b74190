"""答应的事: what the zone itself promised, over all projects; one promise and its days."""

from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.pages.forms import must_day, number, text
from xiaoer.base.scope import Actor
from xiaoer.projects import actions as projects
from xiaoer.projects import element_access as access
from xiaoer.projects import queries
from xiaoer.projects.models import ZonePromise
from xiaoer.projects.pages import chosen
from xiaoer.projects.pages.chosen import READERS, WITH_FIRM
from xiaoer.projects.pages.elements import LIGHT_WORDS
from xiaoer.projects.queries import PromiseFilter, PromiseRow
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

STATES = ("open", "kept", "withdrawn", "all")


def keeper_words(row: ZonePromise) -> str:
    office = row.office.name if row.office else ""
    return f"{office} {row.post.person.name}".strip() if row.post else office


def whom(row: ZonePromise) -> str:
    return row.project.name if row.project else (row.party.name if row.party else "")


@page(*READERS)
def promise_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """What the zone promised over all projects and firms, red first."""
    state = request.GET.get("state", "open")
    filters = PromiseFilter(
        state=state if state in STATES else "open",
        light=request.GET.get("light", ""),
        office=number(request.GET.get("office")),
        text=request.GET.get("q", "").replace("\x00", "").strip()[:60],
    )
    today = timezone.localdate()
    if request.GET.get("export"):
        rows = queries.zone_promises(by=by, filters=filters, today=today, limit=None)
        return sheet_response(
            request.GET["export"], _("Promises of the zone"), _columns(), _cells(rows)
        )
    rows = queries.zone_promises(by=by, filters=filters, today=today)
    context = {
        "rows": [(one, whom(one.promise), keeper_words(one.promise)) for one in rows],
        "filters": filters,
        "states": [
            ("open", _("to be kept")),
            ("kept", _("kept")),
            ("withdrawn", _("withdrawn")),
            ("all", _("All")),
        ],
        "offices": chosen.offices_of(by),
        "lights": queries.light_counts(rows),
        "runs": access.runs_projects(by),
    }
    return render(request, "projects/promises.html", context)


def _columns() -> tuple[Column, ...]:
    return (
        Column("light", _("Light"), 8),
        Column("whom", _("Project or enterprise"), 34),
        Column("what", _("What was promised"), 44),
        Column("promised_on", _("Promised for"), 12, Kind.DATE),
        Column("first", _("First promised for"), 12, Kind.DATE),
        Column("keeper", _("Who keeps it"), 24),
        Column("document", _("Document"), 30),
        Column("kept_on", _("Kept on"), 12, Kind.DATE),
        Column("withdrawn_on", _("Withdrawn on"), 12, Kind.DATE),
        Column("note", _("Note"), 36),
    )


def _cells(rows: Iterable[PromiseRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        one = row.promise
        yield (
            LIGHT_WORDS[row.light](), whom(one), one.what, one.promised_on,
            one.first_promised_on, keeper_words(one), one.document, one.kept_on,
            one.withdrawn_on, one.note,
        )  # fmt: skip


@page(*WITH_FIRM)
def promise(request: HttpRequest, by: Actor, promise_id: int) -> HttpResponse:
    """One promise: to whom, by when, every day it had, and what can be done now."""
    row = found(queries.promise_by_id(by, promise_id))
    today = timezone.localdate()
    is_open = row.kept_on is None and row.withdrawn_on is None
    context = {
        "row": row,
        "colour": queries.promise_light(row, today, queries.near_days(row.zone_id)),
        "whom": whom(row),
        "keeper": keeper_words(row),
        "moves": queries.moves_of(row),
        "runs": access.runs_projects(by, row.project) and is_open,
        "answers": access.answers(by, row) and is_open,
        "staff": by.is_staff,
        "today": today,
    }
    return render(request, "projects/promise.html", context)


@page(*STAFF_ROLES)
def promise_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Write down what the zone promised."""
    if request.method == "POST":
        row = projects.promise_for_zone(
            by=by,
            now=timezone.now(),
            what=text(request, "what", longest=200),
            promised_on=must_day(request, "promised_on"),
            project=chosen.project_of(request, by),
            party=chosen.party_of(request, by),
            document=text(request, "document", longest=200),
            office=chosen.office_of(request, by),
            post=chosen.post_of(request, by),
            note=text(request, "note", longest=500),
        )
        messages.success(request, _("Written down; whoever keeps it has a task."))
        return go(request, reverse("zone_promise", args=[row.pk]))
    context = {
        "project": chosen.project_of(request, by),
        "party": chosen.party_of(request, by),
        "projects": chosen.projects_of(by),
        "offices": chosen.offices_of(by),
        "people": chosen.people_of(by, timezone.now()),
    }
    return render(request, "projects/promise_new.html", context)


@page(*STAFF_ROLES)
def promise_act(request: HttpRequest, by: Actor, promise_id: int) -> HttpResponse:
    """Keep it, move it, or withdraw it."""
    row = found(queries.promise_by_id(by, promise_id))
    if request.method == "POST":
        act = {"keep": _keep, "move": _move, "withdraw": _withdraw}.get(
            request.POST.get("what_to_do", "")
        )
        found(act)(request, by, row)
        messages.success(request, _("Saved."))
    return go(request, reverse("zone_promise", args=[row.pk]))


def _keep(request: HttpRequest, by: Actor, row: ZonePromise) -> None:
    projects.keep_promise(
        by=by,
        now=timezone.now(),
        promise=row,
        on=must_day(request, "on"),
        note=text(request, "note", longest=500),
        version=number(request.POST.get("version")),
    )


def _move(request: HttpRequest, by: Actor, row: ZonePromise) -> None:
    projects.move_zone_promise(
        by=by,
        now=timezone.now(),
        promise=row,
        on=must_day(request, "on"),
        reason=text(request, "reason", longest=300),
        version=number(request.POST.get("version")),
    )


def _withdraw(request: HttpRequest, by: Actor, row: ZonePromise) -> None:
    projects.withdraw_promise(
        by=by,
        now=timezone.now(),
        promise=row,
        reason=text(request, "reason", longest=300),
        version=number(request.POST.get("version")),
    )
