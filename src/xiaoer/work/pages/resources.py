"""Limited resources: who takes what when, where it is too much, and all plans laid out under them."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xiaoer.base import queries as base
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web import words
from xiaoer.work import actions as work
from xiaoer.work import plan_access, queries
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Levelling
from xiaoer.work.pages.limits import marks
from xiaoer.work.pages.reading import number_in_address, whole_number

staff = page(*STAFF_ROLES)


def _today() -> date:
    return timezone.now().astimezone(LOCAL).date()


@page(*STAFF_ROLES, Role.CITY)
def resource_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """Each resource with its load and who takes it; conflicts first."""
    views = queries.resource_views(by.zone_id, _today())
    may_keep = plan_access.makes_plans(by)
    wanted = number_in_address(request, "edit") if may_keep else None
    latest = queries.latest_levelling(by.zone_id) if may_keep else None
    context = {
        "views": [(view, _spec(view), _load_rows(view)) for view in views],
        "conflicts": sorted(
            (each for view in views for each in view.conflicts), key=lambda each: each.since
        ),
        "may_keep": may_keep,
        "edited": next((v.resource for v in views if v.resource.pk == wanted), None),
        "adds": may_keep and "add" in request.GET,
        "offices": [(office.pk, office.name) for office in base.offices(zone_id=by.zone_id)]
        if may_keep
        else [],
        "latest": latest,
        "is_still": latest is not None and queries.levelling_stands_still(latest, timezone.now()),
        "seconds": work.LEVELLING_SECONDS,
        "marks": marks(),
    }
    return render(request, "work/resources.html", context)


def _spec(view: queries.ResourceView) -> dict[str, object] | None:
    """The load by weeks, with the line of how many there are."""
    if not any(view.load):
        return None
    there = view.resource.capacity
    return {
        "kind": "bars",
        "x": [f"{week:%m-%d}" for week in view.weeks],
        "series": [{"name": _("wanted at once"), "values": list(view.load)}],
        "point": [place for place, load in enumerate(view.load) if load > there],
        "thresholds": [{"name": _("there are %(n)s") % {"n": there}, "value": there}],
        "unit": "",
    }


def _load_rows(view: queries.ResourceView) -> list[tuple[str, int, int]]:
    there = view.resource.capacity
    return [
        (words.day(week), load, max(0, load - there))
        for week, load in zip(view.weeks, view.load, strict=True)
        if load
    ]


@require_POST
@staff
def resource_keep(request: HttpRequest, by: Actor) -> HttpResponse:
    post = request.POST
    office = None
    if post.get("office"):
        number = whole_number(request, "office")
        office = base.offices(zone_id=by.zone_id).filter(pk=number).first()
        if office is None:
            raise Refused(_("There is no such office here."), field="office")
    row = work.keep_resource(
        by=by,
        now=timezone.now(),
        code=post.get("code", ""),
        name=post.get("name", ""),
        name_en=post.get("name_en", ""),
        capacity=whole_number(request, "capacity"),
        office=office,
        source=post.get("source", ""),
        version=whole_number(request, "version"),
    )
    messages.success(request, _("“%(name)s” is kept.") % {"name": row.name})
    return go(request, reverse("resources"))


@require_POST
@staff
def resource_end(request: HttpRequest, by: Actor, resource_id: int) -> HttpResponse:
    row = found(queries.resource_by_number(by, resource_id))
    work.end_resource(
        by=by, now=timezone.now(), resource=row, version=whole_number(request, "version")
    )
    messages.success(request, _("“%(name)s” limits nobody any more.") % {"name": row.name})
    return go(request, reverse("resources"))


# Levelling ------------------------------------------------------------------------------------


@require_POST
@staff
def levelling_ask(request: HttpRequest, by: Actor) -> HttpResponse:
    """Ask that all plans be laid out; the search has a page that shows how far it is."""
    row = work.ask_for_levelling(
        by=by, now=timezone.now(), seconds=whole_number(request, "seconds")
    )
    return go(request, reverse("levelling", args=[row.pk]))


@page(*STAFF_ROLES, Role.CITY)
def levelling(request: HttpRequest, by: Actor, levelling_id: int) -> HttpResponse:
    """How far a search is; once it is done, what it comes to beside what there is."""
    row = found(queries.levelling_by_number(by, levelling_id))
    is_part = bool(request.headers.get("HX-Request")) and "part" in request.GET
    if is_part and row.finished_at is not None:
        return go(request, reverse("levelling", args=[row.pk]))
    is_done = row.state == Levelling.State.DONE
    context = {
        "row": row,
        "is_still": queries.levelling_stands_still(row, timezone.now()),
        "result": queries.levelling_result(row, today=_today()) if is_done else None,
        "gap": round(100 * (row.cost - row.bound) / row.cost) if row.cost else 0,
        "may_keep": plan_access.makes_plans(by),
    }
    part = "_levelling.html" if is_part else "levelling.html"
    return render(request, f"work/{part}", context)


@require_POST
@staff
def levelling_stop(request: HttpRequest, by: Actor, levelling_id: int) -> HttpResponse:
    row = found(queries.levelling_by_number(by, levelling_id))
    work.stop_levelling(by=by, now=timezone.now(), levelling=row)
    return go(request, reverse("levelling", args=[row.pk]))


@require_POST
@staff
def levelling_take(request: HttpRequest, by: Actor, levelling_id: int) -> HttpResponse:
    row = found(queries.levelling_by_number(by, levelling_id))
    taken = work.take_levelling(by=by, now=timezone.now(), levelling=row)
    told = ngettext(
        "The planned days of %(n)d plan are written.",
        "The planned days of %(n)d plans are written.",
        taken.plans,
    )
    messages.success(request, told % {"n": taken.plans})
    return go(request, reverse("resources"))
