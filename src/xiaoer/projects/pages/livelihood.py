"""The livelihood list for those who keep it: the year, an item, its places, sheets and paper."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Office, Post, Role, StoredFile, Zone
from xiaoer.base.pages.forms import choice, day, day_of, must_day, number, text, whole
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import livelihood_access as access
from xiaoer.projects.actions import livelihood
from xiaoer.projects.livelihood_words import Line, amount, line_of, plain
from xiaoer.projects.models import (
    Light,
    LivelihoodItem,
    LivelihoodPicture,
    LivelihoodPlace,
    LivelihoodStep,
)
from xiaoer.projects.queries import livelihood as queries
from xiaoer.projects.queries.livelihood import PlaceFilter, Schedule
from xiaoer.web import press
from xiaoer.web.sending import attachment, sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import local_date

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
PAGE = 50
TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "projects" / "livelihood_list.typ"
# Heads and widths in millimetres, on A4 lying.
PAPER = (("序号", 12), ("类别", 28), ("事项", 46), ("承诺内容", 72), ("责任单位", 32), ("进度", 40), ("完成率", 20), ("灯", 12))  # fmt: skip
LIGHTS = {"red": "红", "amber": "黄", "green": "绿", "grey": "灰"}
SHEET = (
    Column("year", gettext_lazy("Year"), 8, Kind.NUMBER),
    Column("number", gettext_lazy("Number"), 8, Kind.NUMBER),
    Column("category", gettext_lazy("Category"), 18),
    Column("name", gettext_lazy("Item"), 30),
    Column("promise", gettext_lazy("What is promised"), 50),
    Column("office", gettext_lazy("Office in charge"), 20),
    Column("schedule", gettext_lazy("Schedule"), 16),
    Column("steps_done", gettext_lazy("Steps done"), 10, Kind.NUMBER),
    Column("steps", gettext_lazy("Steps"), 10, Kind.NUMBER),
    Column("places_done", gettext_lazy("Places completed"), 12, Kind.NUMBER),
    Column("places", gettext_lazy("Places"), 10, Kind.NUMBER),
    Column("reached", gettext_lazy("Reached"), 12, Kind.NUMBER),
    Column("target", gettext_lazy("Task of the year"), 12, Kind.NUMBER),
    Column("unit", gettext_lazy("Unit"), 8),
    Column("completion", gettext_lazy("Completion"), 12),
    Column("why", gettext_lazy("How it stands"), 40),
)
PLACES = (
    Column("kind", gettext_lazy("Kind"), 10),
    Column("name", gettext_lazy("Place"), 24),
    Column("level", gettext_lazy("Level"), 10),
    Column("item", gettext_lazy("Item"), 30),
    Column("was", gettext_lazy("From"), 14),
    Column("becomes", gettext_lazy("To"), 14),
    Column("began_on", gettext_lazy("Begun"), 12, Kind.DATE),
    Column("due_on", gettext_lazy("Due"), 12, Kind.DATE),
    Column("done_on", gettext_lazy("Finished"), 12, Kind.DATE),
)


def _today() -> date:
    return local_date(timezone.now())


def _asked(request: HttpRequest, by: Actor) -> tuple[int, date, list[int]]:
    """The year and the day asked for, and the years there are."""
    today = _today()
    years = queries.years(zone_id=by.zone_id)
    year = number(request.GET.get("year")) or (years[0] if years else today.year)
    on = day_of(request.GET.get("on")) or queries.day_of(min(max(year, 1900), 2200), today)
    return year, on, years


@readers
def livelihood_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """A year's list by category, each item with its light and why."""
    year, on, years = _asked(request, by)
    rows = queries.items_for_staff(queries.items_of(zone_id=by.zone_id, year=year))
    listed = queries.year_of(zone_id=by.zone_id, year=year, on=on, rows=rows)
    chosen = request.GET.get("light", "")
    groups = [
        (category, [line_of(one) for one in items if chosen in ("", one.light)])
        for category, items in listed.categories
    ]
    if request.GET.get("export"):
        lines = [line for _category, group in groups for line in group]
        name = f"{_('Livelihood list')} {year}"
        return sheet_response(request.GET["export"], name, SHEET, map(_cells, lines))
    context = {
        "year": year,
        "on": on,
        "is_past": on != _today(),
        "years": [(str(one), str(one), None) for one in years],
        "listed": listed,
        "groups": [(category, group) for category, group in groups if group],
        "on_schedule": listed.count(Schedule.ON_SCHEDULE),
        "lights": {light: listed.lit(Light(light)) for light in Light.values},
        "chosen": chosen,
        "keeps": access.keeps_list(by),
        "hidden": sum(not one.item.is_public for one in listed.items),
        "zone_code": Zone.objects.get(pk=by.zone_id).code,
    }
    return render(request, "projects/livelihood.html", context)


def _cells(line: Line) -> tuple[object, ...]:
    one, item = line.standing, line.item
    return (
        item.year, item.number, item.category.name, item.name, item.promise, item.office.name,
        one.schedule.label, one.steps_done, len(one.steps), one.places_done, one.places,
        one.value, item.target, item.unit, line.completion, line.why,
    )  # fmt: skip


@readers
def livelihood_paper(request: HttpRequest, by: Actor) -> HttpResponse:
    """The year's list for the meeting, as PDF; always Chinese."""
    year, on, _years = _asked(request, by)
    now = timezone.now()
    zone = Zone.objects.get(pk=by.zone_id)
    rows = queries.items_for_staff(queries.items_of(zone_id=by.zone_id, year=year))
    listed = queries.year_of(zone_id=by.zone_id, year=year, on=on, rows=rows)
    lines = [line_of(one) for one in listed.items]
    body = press.compile_pdf(
        TEMPLATE,
        {
            "heading": f"{zone.name}{year}年民生实事清单",
            "line": f"截至{press.paper_date(on)}",
            "columns": [{"head": head, "width": width} for head, width in PAPER],
            "rows": [
                (
                    str(line.item.number), line.item.category.name, line.item.name,
                    line.item.promise, line.item.office.name, line.why, line.completion,
                    LIGHTS[line.light],
                )
                for line in lines
            ],
            "note": f"共 {len(lines)} 件，按时序 {listed.count(Schedule.ON_SCHEDULE)} 件，已完成 {listed.completed} 件。",
            "printed_at": press.paper_time(now),
        },
        made_at=now,
    )  # fmt: skip
    return attachment(body, f"民生实事清单 {year}.pdf", "application/pdf")


# One item ----------------------------------------------------------------------------------------


def _item(by: Actor, livelihood_id: int) -> LivelihoodItem:
    return found(queries.item_of(by=by, item_id=livelihood_id))


@readers
def livelihood_item(request: HttpRequest, by: Actor, livelihood_id: int) -> HttpResponse:
    """One item: steps, places, figures by month, pictures before and after."""
    item = _item(by, livelihood_id)
    today = _today()
    standing = queries.standing_of(item, queries.day_of(item.year, today))
    wanted = PlaceFilter(on=today, item_id=item.pk)
    places = [
        (one, queries.place_schedule(one, today, standing.schedule))
        for one in queries.places(zone_id=by.zone_id, wanted=wanted)
    ]
    context = {
        "item": item,
        "line": line_of(standing),
        "standing": standing,
        "today": today,
        "places": places[:PAGE],
        "more_places": max(0, len(places) - PAGE),
        "reported": [(one, amount(one.value, item.unit)) for one in queries.figures_of(item)],
        "pictures": _pairs(list(queries.pictures_of(item))),
        "keeps": access.keeps_list(by),
        "reports": access.reports_of(by, item) and item.state == LivelihoodItem.State.RUNNING,
        "may_show_pictures": access.reports_of(by, item),
        "kinds": LivelihoodPlace.Kind.choices,
        "levels": LivelihoodPlace.Level.choices,
        "moments": LivelihoodPicture.Moment.choices,
        "place_choices": [(one.pk, one.name) for one, _schedule in places],
        "is_running": item.state == LivelihoodItem.State.RUNNING,
    }
    return render(request, "projects/livelihood_item.html", context)


def _pairs(
    pictures: list[LivelihoodPicture],
) -> list[tuple[str, list[LivelihoodPicture], list[LivelihoodPicture]]]:
    """Pictures by place: before beside after; those of the whole item first."""
    groups: dict[str, tuple[list[LivelihoodPicture], list[LivelihoodPicture]]] = {}
    for one in sorted(pictures, key=lambda one: one.place_id or 0):
        name = one.place.name if one.place else ""
        before, after = groups.setdefault(name, ([], []))
        (before if one.moment == LivelihoodPicture.Moment.BEFORE else after).append(one)
    return [(name, before, after) for name, (before, after) in groups.items()]


@require_http_methods(["GET", "POST"])
@staff
def livelihood_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Put an item on a year's list."""
    access.must_keep_list(by)
    if request.method == "POST":
        item = livelihood.open_item(
            by=by,
            now=timezone.now(),
            year=whole(request, "year", least=livelihood.FIRST, most=livelihood.LAST),
            facts=_facts(request, by),
        )
        messages.success(request, _("“%(name)s” is on the list.") % {"name": item.name})
        return go(request, reverse("livelihood_item", args=[item.pk]))
    context = _form(by) | {
        "item": None,
        "target": "",
        "year": number(request.GET.get("year")) or _today().year,
    }
    return render(request, "projects/livelihood_form.html", context)


@require_http_methods(["GET", "POST"])
@staff
def livelihood_change(request: HttpRequest, by: Actor, livelihood_id: int) -> HttpResponse:
    """Change what an item says."""
    access.must_keep_list(by)
    item = _item(by, livelihood_id)
    if request.method == "POST":
        livelihood.change_item(
            by=by,
            now=timezone.now(),
            item=item,
            facts=_facts(request, by),
            version=number(request.POST.get("version")) or 0,
        )
        messages.success(request, _("Saved."))
        return go(request, reverse("livelihood_item", args=[item.pk]))
    target = "" if item.target is None else str(plain(item.target))
    context = _form(by) | {"item": item, "target": target, "year": item.year}
    return render(request, "projects/livelihood_form.html", context)


def _form(by: Actor) -> dict[str, object]:
    leaders = Post.objects.filter(zone_id=by.zone_id, role=Role.ZONE_LEADER, until__isnull=True)
    return {
        "offices": list(
            Office.objects.filter(zone_id=by.zone_id)
            .order_by("order", "pk")
            .values_list("pk", "name")
        ),
        "leaders": [(one.pk, one.person.name) for one in leaders.select_related("person")],
    }


def _facts(request: HttpRequest, by: Actor) -> livelihood.ItemFacts:
    office = Office.objects.filter(zone_id=by.zone_id, pk=number(request.POST.get("office")) or 0)
    leader = Post.objects.filter(zone_id=by.zone_id, pk=number(request.POST.get("leader")) or 0)
    chosen = office.first()
    if chosen is None:
        raise Refused(_("Choose the office that answers for it."), field="office")
    return livelihood.ItemFacts(
        category=request.POST.get("category", ""),
        name=request.POST.get("name", ""),
        promise=request.POST.get("promise", ""),
        office=chosen,
        leader=leader.first(),
        subject=text(request, "subject", longest=30),
        unit=request.POST.get("unit", ""),
        target=_amount(request, "target"),
    )


def _amount(request: HttpRequest, name: str) -> Decimal | None:
    typed = text(request, name, longest=30).replace(",", "").replace("，", "")
    if not typed:
        return None
    try:
        value = Decimal(typed)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise Refused(_("Type a number such as 162 or 30.5."), field=name)
    return round(value, 3)


# What is done to an item -------------------------------------------------------------------------


def _add_step(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    livelihood.add_item_step(
        by=by,
        now=timezone.now(),
        item=item,
        name=request.POST.get("name", ""),
        due_on=must_day(request, "due_on"),
    )


def _step(request: HttpRequest, by: Actor, item: LivelihoodItem) -> LivelihoodStep:
    rows = LivelihoodStep.objects.filter(zone_id=by.zone_id, item=item).select_related("item")
    return found(rows.filter(pk=number(request.POST.get("step")) or 0).first())


def _finish_step(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    livelihood.finish_item_step(
        by=by,
        now=timezone.now(),
        step=_step(request, by, item),
        done_on=must_day(request, "done_on"),
        note=request.POST.get("note", ""),
    )


def _reopen_step(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    livelihood.reopen_item_step(
        by=by,
        now=timezone.now(),
        step=_step(request, by, item),
        reason=request.POST.get("reason", ""),
    )


def _add_place(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    livelihood.add_item_place(
        by=by,
        now=timezone.now(),
        item=item,
        facts=livelihood.PlaceFacts(
            kind=choice(request, "kind", LivelihoodPlace.Kind.values),
            name=request.POST.get("name", ""),
            level=choice(request, "level", LivelihoodPlace.Level.values),
            began_on=must_day(request, "began_on"),
            due_on=day(request, "due_on"),
            was=request.POST.get("was", ""),
            becomes=request.POST.get("becomes", ""),
        ),
    )


def _place(request: HttpRequest, by: Actor, item: LivelihoodItem) -> LivelihoodPlace | None:
    rows = LivelihoodPlace.objects.filter(zone_id=by.zone_id, item=item).select_related("item")
    return rows.filter(pk=number(request.POST.get("place")) or 0).first()


def _finish_place(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    livelihood.finish_item_place(
        by=by,
        now=timezone.now(),
        place=found(_place(request, by, item)),
        done_on=must_day(request, "done_on"),
    )


def _report(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    value = _amount(request, "value")
    if value is None:
        raise Refused(_("Type what was reached."), field="value")
    livelihood.report_item_figure(
        by=by,
        now=timezone.now(),
        item=item,
        month=date(item.year, whole(request, "month", least=1, most=12), 1),
        value=value,
        note=request.POST.get("note", ""),
    )


def _complete(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    livelihood.complete_item(
        by=by,
        now=timezone.now(),
        item=item,
        completed_on=must_day(request, "completed_on"),
        version=number(request.POST.get("version")) or 0,
    )


def _drop(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    livelihood.drop_item(
        by=by,
        now=timezone.now(),
        item=item,
        reason=request.POST.get("reason", ""),
        version=number(request.POST.get("version")) or 0,
    )


def _take_on(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    livelihood.take_to_next_year(
        by=by,
        now=timezone.now(),
        item=item,
        reason=request.POST.get("reason", ""),
        version=number(request.POST.get("version")) or 0,
    )


def _show(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    livelihood.show_item(
        by=by, now=timezone.now(), item=item, is_public=request.POST.get("public") == "yes"
    )


def _put_picture(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    upload = request.FILES.get("photo")
    if upload is None:
        raise Refused(_("Choose a file first."), field="photo")
    livelihood.put_picture(
        by=by,
        now=timezone.now(),
        item=item,
        upload=upload,
        file_name=upload.name or "",
        moment=request.POST.get("moment", ""),
        place=_place(request, by, item),
        words=request.POST.get("words", ""),
        is_public=request.POST.get("public") == "yes",
    )


def _picture(request: HttpRequest, by: Actor, item: LivelihoodItem) -> LivelihoodPicture:
    rows = LivelihoodPicture.objects.filter(zone_id=by.zone_id, item=item).select_related("item")
    return found(rows.filter(pk=number(request.POST.get("picture")) or 0).first())


def _show_picture(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    livelihood.show_picture(
        by=by,
        now=timezone.now(),
        picture=_picture(request, by, item),
        is_public=request.POST.get("public") == "yes",
    )


def _take_picture_off(request: HttpRequest, by: Actor, item: LivelihoodItem) -> None:
    livelihood.take_picture_off(by=by, now=timezone.now(), picture=_picture(request, by, item))


VERBS: dict[str, Callable[[HttpRequest, Actor, LivelihoodItem], None]] = {
    "step": _add_step,
    "step-done": _finish_step,
    "step-open": _reopen_step,
    "place": _add_place,
    "place-done": _finish_place,
    "figure": _report,
    "complete": _complete,
    "drop": _drop,
    "take-on": _take_on,
    "show": _show,
    "picture": _put_picture,
    "picture-show": _show_picture,
    "picture-off": _take_picture_off,
}


@require_POST
@staff
def livelihood_do(request: HttpRequest, by: Actor, livelihood_id: int, verb: str) -> HttpResponse:
    """One verb of the item's page."""
    found(VERBS.get(verb))(request, by, _item(by, livelihood_id))
    messages.success(request, _("Saved."))
    return go(request, reverse("livelihood_item", args=[livelihood_id]))


@require_POST
@staff
def livelihood_show_year(request: HttpRequest, by: Actor) -> HttpResponse:
    """Put a whole year on the page residents read."""
    year = whole(request, "year", least=livelihood.FIRST, most=livelihood.LAST)
    livelihood.show_year(by=by, now=timezone.now(), year=year)
    messages.success(request, _("Residents read this list now."))
    return go(request, f"{reverse('livelihood')}?year={year}")


@readers
def livelihood_picture(request: HttpRequest, by: Actor, picture_id: int) -> HttpResponseBase:
    """The bytes of a picture that hangs."""
    rows = LivelihoodPicture.objects.filter(zone_id=by.zone_id, pk=picture_id, removed_at=None)
    picture = found(rows.select_related("file").first())
    return picture_response(picture.file, picture)


def picture_response(file: StoredFile, picture: LivelihoodPicture) -> HttpResponseBase:
    return files.shown_inside(file, picture.words or f"{picture.moment}-{picture.pk}")


# Places ------------------------------------------------------------------------------------------


@readers
def livelihood_places(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Villages, communities, schools and clinics of all items, with what became of each."""
    wanted = request.GET
    filters = PlaceFilter(
        on=day_of(wanted.get("on")) or _today(),
        kind=wanted.get("kind", "") if wanted.get("kind") in LivelihoodPlace.Kind.values else "",
        levels=tuple(one for one in wanted.getlist("level") if one in LivelihoodPlace.Level.values),
        state=wanted.get("state", "")
        if wanted.get("state") in LivelihoodPlace.State.values
        else "",
        year=number(wanted.get("year")),
        text=wanted.get("q", "").replace("\x00", "").strip()[:60],
    )
    rows = queries.places(zone_id=by.zone_id, wanted=filters)
    if wanted.get("export"):
        return sheet_response(
            wanted["export"], _("Places of the livelihood list"), PLACES, _place_cells(rows)
        )
    total = rows.order_by().count()
    pages = max(1, -(-total // PAGE))
    at = min(max(number(wanted.get("page")) or 1, 1), pages)
    context = {
        "rows": rows[(at - 1) * PAGE : at * PAGE],
        "filters": filters,
        "page": at,
        "pages": pages,
        "total": total,
        "kinds": [(code, label, None) for code, label in LivelihoodPlace.Kind.choices],
        "levels": [(code, label, None) for code, label in LivelihoodPlace.Level.choices],
        "states": [(code, label, None) for code, label in LivelihoodPlace.State.choices],
        "years": [(one, str(one)) for one in queries.years(zone_id=by.zone_id)],
    }
    return render(request, "projects/livelihood_places.html", context)


def _place_cells(rows: QuerySet[LivelihoodPlace]) -> Iterator[tuple[object, ...]]:
    for one in rows:
        yield (
            one.get_kind_display(), one.name, one.get_level_display(), one.item.name, one.was,
            one.becomes, one.began_on, one.due_on, one.done_on,
        )  # fmt: skip
