"""Elements: over all projects, of one, and one need with what people do about it."""

from collections.abc import Callable, Iterable, Iterator

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
from xiaoer.projects.models import ELEMENT_UNITS, ElementKind, ElementNeed, Project
from xiaoer.projects.pages import chosen
from xiaoer.projects.pages.chosen import READERS, WITH_FIRM
from xiaoer.projects.queries import NeedFilter, NeedRow
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import number as shown_number
from xiaoer.work.queries import matter_by_number

STATES = ("open", "ready", "dropped", "all")


def amount_words(need: ElementNeed) -> str:
    """What came, or what is needed, with its unit and just the decimals it has."""
    amount = need.amount if need.ready_amount is None else need.ready_amount
    if amount is None:
        return ""
    shown = shown_number(
        amount.normalize() if amount % 1 else amount.quantize(amount.to_integral_value())
    )
    return f"{shown} {ELEMENT_UNITS[ElementKind(need.kind)]}"


def whose(need: ElementNeed) -> str:
    return need.project.name if need.project else (need.party.name if need.party else "")


def answerer_words(need: ElementNeed) -> str:
    """Who answers: the person with the office, the office, or in words."""
    inside = ""
    if need.office:
        inside = need.office.name
    if need.post:
        inside = f"{inside} {need.post.person.name}".strip()
    return " · ".join(filter(None, (inside, need.answerer)))


@page(*READERS)
def element_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """What is needed over all projects and firms, red first."""
    state = request.GET.get("state", "open")
    kind = request.GET.get("kind", "")
    filters = NeedFilter(
        state=state if state in STATES else "open",
        kind=kind if kind in ElementKind.values else "",
        light=request.GET.get("light", ""),
        office=number(request.GET.get("office")),
        text=request.GET.get("q", "").replace("\x00", "").strip()[:60],
    )
    today = timezone.localdate()
    if request.GET.get("export"):
        rows = queries.needs(by=by, filters=filters, today=today, limit=None)
        return sheet_response(request.GET["export"], _("Elements needed"), _columns(), _cells(rows))
    rows = queries.needs(by=by, filters=filters, today=today)
    context = {
        "rows": [(one, whose(one.need), amount_words(one.need), answerer_words(one.need)) for one in rows],
        "filters": filters,
        "states": [("open", _("not there yet")), ("ready", _("there")), ("dropped", _("no longer needed")), ("all", _("All"))],
        "kinds": ElementKind.choices,
        "offices": chosen.offices_of(by),
        "lights": queries.light_counts(rows),
        "asks": access.asks_elements(by),
        "solved": _solved(by),
        "year": today.year,
    }  # fmt: skip
    return render(request, "projects/elements.html", context)


def _solved(by: Actor) -> list[tuple[str, int, str]]:
    """What came this year, for how many firms: the figures the zone reports."""
    today = timezone.localdate()
    found_ones = []
    for kind in (ElementKind.LAND, ElementKind.MONEY):
        firms, amount = queries.solved_elements(
            by.zone_id, kind, today.replace(month=1, day=1), today
        )
        found_ones.append((str(kind.label), firms, f"{shown_number(amount)} {ELEMENT_UNITS[kind]}"))
    return found_ones


def _columns() -> tuple[Column, ...]:
    return (
        Column("light", _("Light"), 8),
        Column("whose", _("Project or enterprise"), 34),
        Column("kind", _("Element"), 10),
        Column("what", _("What is needed"), 30),
        Column("amount", _("Quantity"), 12, Kind.NUMBER),
        Column("unit", _("Unit"), 10),
        Column("needed_on", _("Needed by"), 12, Kind.DATE),
        Column("answerer", _("Who answers"), 24),
        Column("promised_on", _("Promised for"), 12, Kind.DATE),
        Column("state", _("State"), 10),
        Column("ready_on", _("There since"), 12, Kind.DATE),
        Column("note", _("Note"), 36),
    )


def _cells(rows: Iterable[NeedRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        one = row.need
        yield (
            LIGHT_WORDS[row.light](), whose(one), ElementKind(one.kind).label, one.what,
            one.amount if one.ready_amount is None else one.ready_amount,
            str(ELEMENT_UNITS[ElementKind(one.kind)]), one.needed_on, answerer_words(one),
            one.promised_on, ElementNeed.State(one.state).label, one.ready_on, one.note,
        )  # fmt: skip


LIGHT_WORDS: dict[str, Callable[[], str]] = {
    "red": lambda: _("red"),
    "amber": lambda: _("amber"),
    "green": lambda: _("green"),
    "grey": lambda: _("no data"),
}


@page(*WITH_FIRM)
def element_need(request: HttpRequest, by: Actor, need_id: int) -> HttpResponse:
    """One need: who answers until when, what was said before, which steps wait for it."""
    row = found(queries.need_by_id(by, need_id))
    today = timezone.localdate()
    is_open = row.state in queries.OPEN_NEEDS
    asks, answers = access.asks_elements(by, row.project), access.answers(by, row)
    context = {
        "row": row,
        "colour": queries.need_light(row, today, queries.near_days(row.zone_id)),
        "whose": whose(row),
        "amount": amount_words(row),
        "typed": None if row.amount is None else f"{row.amount.normalize():f}",
        "unit": ELEMENT_UNITS[ElementKind(row.kind)],
        "answerer": answerer_words(row),
        "moves": queries.moves_of(row),
        "steps": queries.steps_waiting(row),
        "asks": asks and is_open,
        "answers": answers and is_open,
        "is_land": row.kind == ElementKind.LAND,
        "staff": by.is_staff,
        "today": today,
        "offices": chosen.offices_of(by) if asks else [],
        "people": chosen.people_of(by, timezone.now()) if asks else [],
    }
    return render(request, "projects/element.html", context)


@page(*STAFF_ROLES)
def element_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Register a need: of a project, of a firm, or heard in a request."""
    if request.method == "POST":
        origin = number(request.POST.get("origin"))
        need = projects.ask_element(
            by=by,
            now=timezone.now(),
            kind=request.POST.get("kind", ""),
            what=text(request, "what", longest=120),
            needed_on=must_day(request, "needed_on"),
            project=chosen.project_of(request, by),
            party=chosen.party_of(request, by),
            amount=chosen.amount_of(request),
            is_standard_land=request.POST.get("is_standard_land") == "yes",
            office=chosen.office_of(request, by),
            post=chosen.post_of(request, by),
            answerer=text(request, "answerer", longest=60),
            note=text(request, "note", longest=500),
            origin=found(matter_by_number(by, origin)) if origin else None,
        )
        messages.success(request, _("Registered; whoever answers for it has a task."))
        return go(request, reverse("element_need", args=[need.pk]))
    project = chosen.project_of(request, by)
    origin = number(request.GET.get("origin"))
    context = {
        "project": project,
        "party": chosen.party_of(request, by),
        "origin": found(matter_by_number(by, origin)) if origin else None,
        "projects": chosen.projects_of(by),
        "kinds": [(kind, f"{kind.label}（{ELEMENT_UNITS[kind]}）") for kind in ElementKind],
        "offices": chosen.offices_of(by),
        "people": chosen.people_of(by, timezone.now()),
    }
    return render(request, "projects/element_new.html", context)


@page(*STAFF_ROLES)
def element_act(request: HttpRequest, by: Actor, need_id: int) -> HttpResponse:
    """Promise a day, say that it is there, correct it, or drop it."""
    row = found(queries.need_by_id(by, need_id))
    if request.method == "POST":
        act = {"promise": _promise, "ready": _ready, "change": _change, "drop": _drop}.get(
            request.POST.get("what_to_do", "")
        )
        found(act)(request, by, row)
        messages.success(request, _("Saved."))
    return go(request, reverse("element_need", args=[row.pk]))


def _promise(request: HttpRequest, by: Actor, row: ElementNeed) -> None:
    projects.promise_element(
        by=by,
        now=timezone.now(),
        need=row,
        on=must_day(request, "on"),
        reason=text(request, "reason", longest=300),
        is_zone_promise=request.POST.get("is_zone_promise") == "yes",
        version=number(request.POST.get("version")),
    )


def _ready(request: HttpRequest, by: Actor, row: ElementNeed) -> None:
    projects.ready_element(
        by=by,
        now=timezone.now(),
        need=row,
        on=must_day(request, "on"),
        amount=chosen.amount_of(request),
        is_standard_land=request.POST.get("is_standard_land") == "yes",
        note=text(request, "note", longest=500),
        version=number(request.POST.get("version")),
    )


def _change(request: HttpRequest, by: Actor, row: ElementNeed) -> None:
    projects.change_need(
        by=by,
        now=timezone.now(),
        need=row,
        what=text(request, "what", longest=120),
        needed_on=must_day(request, "needed_on"),
        amount=chosen.amount_of(request),
        is_standard_land=request.POST.get("is_standard_land") == "yes",
        office=chosen.office_of(request, by),
        post=chosen.post_of(request, by),
        answerer=text(request, "answerer", longest=60),
        note=text(request, "note", longest=500),
        version=number(request.POST.get("version")),
    )


def _drop(request: HttpRequest, by: Actor, row: ElementNeed) -> None:
    projects.drop_need(
        by=by,
        now=timezone.now(),
        need=row,
        reason=text(request, "reason", longest=300),
        version=number(request.POST.get("version")),
    )


@page(*WITH_FIRM)
def project_elements(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """A tab of the project page: what it waits for, and what the zone promised it."""
    project = found(Project.objects.filter(zone_id=by.zone_id, pk=project_id).first())
    today = timezone.localdate()
    near = queries.near_days(by.zone_id)
    context = {
        "project": project,
        "needs": [
            (one, queries.need_light(one, today, near), amount_words(one), answerer_words(one))
            for one in queries.needs_of_project(project.pk, by.zone_id)
        ],
        "promises": [
            (one, queries.promise_light(one, today, near))
            for one in queries.promises_of_project(project.pk, by.zone_id)
        ],
        "asks": access.asks_elements(by, project),
        "runs": access.runs_projects(by, project),
    }
    return render(request, "projects/_elements.html", context)


@page(*READERS)
def matter_elements(request: HttpRequest, by: Actor, matter_id: int) -> HttpResponse:
    """A card of another record, such as a request: what was registered out of it."""
    matter = found(matter_by_number(by, matter_id))
    today = timezone.localdate()
    near = queries.near_days(by.zone_id)
    context = {
        "matter": matter,
        "needs": [
            (one, queries.need_light(one, today, near), amount_words(one), answerer_words(one))
            for one in queries.needs_of_matter(by.zone_id, matter.pk)
        ],
        "asks": access.asks_elements(by),
    }
    return render(request, "projects/_matter_elements.html", context)
