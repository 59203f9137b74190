"""The weekly dispatch: its page, its sheet, its paper for the meeting."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Zone
from xiaoer.base.pages.forms import day, number
from xiaoer.base.scope import Actor
from xiaoer.facts.pages.words import text_of
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth import watch_access as access
from xiaoer.growth.models import DispatchLine, DispatchWeek
from xiaoer.growth.pages.asking import READERS
from xiaoer.growth.pages.targets import party_named, people_of, post_of
from xiaoer.web import press
from xiaoer.web.sending import attachment, sheet_response
from xiaoer.web.sheets import Column, Kind

watchers = page(*sorted(access.WATCHERS))
TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "growth" / "dispatch_sheet.typ"
# Heads and widths in millimetres, on A4 lying.
PAPER = (("序号", 10), ("灯", 10), ("企业（事项）", 42), ("问题", 38), ("起始", 20), ("一企一策措施", 62), ("责任人", 18), ("时限", 20), ("进展结果", 40))  # fmt: skip
LIGHTS = {"red": "红", "amber": "黄", "green": "绿", "grey": "灰"}


@page(*READERS)
def dispatch(request: HttpRequest, by: Actor) -> HttpResponse:
    """The newest week."""
    weeks = queries.dispatch_weeks(by=by)
    if not weeks:
        return render(
            request, "growth/dispatch.html", {"week": None, "keeps": access.keeps_watch(by)}
        )
    return go(request, reverse("dispatch_week", args=[weeks[0].pk]))


@page(*READERS)
def dispatch_week(request: HttpRequest, by: Actor, week_id: int) -> HttpResponseBase:
    """A week's sheet: red first, with what changed since the week before."""
    week = found(queries.dispatch_week(by, week_id))
    lines = queries.dispatch_lines(week=week)
    if request.GET.get("export"):
        return sheet_response(request.GET["export"], name_of(week), _columns(), _cells(lines))
    keeps = access.keeps_watch(by) and week.closed_at is None
    context = {
        "week": week,
        "sunday": week.monday + timedelta(days=6),
        "weeks": [(one.pk, f"{one.monday:%Y-%m-%d}") for one in queries.dispatch_weeks(by=by)],
        "lines": [(one, DispatchLine.Change(one.change).label) for one in lines],
        "left": queries.left_the_sheet(week=week),
        "keeps": keeps,
        "people": people_of(by) if keeps else [],
        "edited": number(request.GET.get("line")),
        "red": sum(one.light == "red" and not one.is_done for one in lines),
    }
    return render(request, "growth/dispatch.html", context)


def name_of(week: DispatchWeek) -> str:
    return f"{_('Weekly dispatch')} {week.monday:%Y-%m-%d}"


def _columns() -> tuple[Column, ...]:
    return (
        Column("light", _("Light"), 8),
        Column("who", _("Enterprise or matter"), 34),
        Column("what", _("What"), 30),
        Column("since", _("Since"), 12, Kind.DATE),
        Column("measure", _("Measure agreed"), 44),
        Column("owner", _("Owner"), 12),
        Column("due_on", _("Due"), 12, Kind.DATE),
        Column("result", _("Result"), 36),
        Column("change", _("Since last week"), 16),
    )


def _cells(lines: Iterable[DispatchLine]) -> Iterator[tuple[object, ...]]:
    for one in lines:
        yield (
            DispatchLine.Light(one.light).label, one.who, one.what, one.since, one.measure,
            one.owner.person.name if one.owner else "", one.due_on, one.result,
            DispatchLine.Change(one.change).label,
        )  # fmt: skip


@page(*READERS)
def dispatch_paper(request: HttpRequest, by: Actor, week_id: int) -> HttpResponse:
    """The sheet for the meeting, as PDF; always Chinese."""
    week = found(queries.dispatch_week(by, week_id))
    zone = Zone.objects.get(pk=by.zone_id)
    now = timezone.now()
    rows = [
        (
            str(place),
            LIGHTS[one.light],
            one.who,
            one.what,
            f"{one.since:%Y-%m-%d}",
            one.measure or "–",
            one.owner.person.name if one.owner else "–",
            f"{one.due_on:%Y-%m-%d}" if one.due_on else "–",
            one.result or "–",
        )
        for place, one in enumerate(queries.dispatch_lines(week=week), start=1)
    ]
    sunday = week.monday + timedelta(days=6)
    body = press.compile_pdf(
        TEMPLATE,
        {
            "heading": f"{zone.name}经济运行每周调度表",
            "line": f"{press.paper_date(week.monday)}至{press.paper_date(sunday)}",
            "columns": [{"head": head, "width": width} for head, width in PAPER],
            "rows": rows,
            "note": week.note or f"共 {len(rows)} 项。",
            "printed_at": press.paper_time(now),
        },
        made_at=now,
    )
    return attachment(body, f"{name_of(week)}.pdf", "application/pdf")


@watchers
def dispatch_make(request: HttpRequest, by: Actor) -> HttpResponse:
    """Make this week's sheet, or bring it up to date."""
    if request.method != "POST":
        return go(request, reverse("dispatch"))
    week = growth.make_dispatch(by=by, now=timezone.now())
    messages.success(request, _("The sheet is up to date."))
    return go(request, reverse("dispatch_week", args=[week.pk]))


@watchers
def dispatch_add(request: HttpRequest, by: Actor, week_id: int) -> HttpResponse:
    """Put something on the sheet by hand."""
    week = found(queries.dispatch_week(by, week_id))
    if request.method == "POST":
        party = text_of(request, "party", 120)
        growth.add_dispatch_line(
            by=by,
            now=timezone.now(),
            week=week,
            what=text_of(request, "what", 400),
            party=party_named(by, party, "party") if party else None,
            who=text_of(request, "who", 200),
            measure=text_of(request, "measure", 600),
            owner=post_of(request, by),
            due_on=day(request, "due_on"),
        )
    return go(request, reverse("dispatch_week", args=[week.pk]))


@watchers
def dispatch_keep(request: HttpRequest, by: Actor, item_id: int) -> HttpResponse:
    """Write down what was agreed and what came of it."""
    line = found(
        DispatchLine.objects.filter(zone_id=by.zone_id, pk=item_id).select_related("week").first()
    )
    if request.method == "POST":
        growth.keep_dispatch_line(
            by=by,
            now=timezone.now(),
            line=line,
            measure=text_of(request, "measure", 600),
            result=text_of(request, "result", 600),
            owner=post_of(request, by),
            due_on=day(request, "due_on"),
            is_done=request.POST.get("is_done") == "yes",
            version=number(request.POST.get("version")),
        )
        messages.success(request, _("Saved."))
    return go(request, reverse("dispatch_week", args=[line.week_id]))


@watchers
def dispatch_close(request: HttpRequest, by: Actor, week_id: int) -> HttpResponse:
    """Close the sheet as the meeting held it."""
    week = found(queries.dispatch_week(by, week_id))
    if request.method == "POST":
        growth.close_dispatch(
            by=by, now=timezone.now(), week=week, note=text_of(request, "note", 600)
        )
        messages.success(request, _("The sheet is closed."))
    return go(request, reverse("dispatch_week", args=[week.pk]))
