"""The weekly minutes of projects: their page, their sheet, their paper; and what is supervised."""

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
from xiaoer.base.models import STAFF_ROLES, Zone
from xiaoer.base.pages.forms import day, number, text
from xiaoer.base.scope import Actor
from xiaoer.projects import actions as projects
from xiaoer.projects import element_access as access
from xiaoer.projects import queries
from xiaoer.projects.models import Light, ProjectLine, ProjectWeek
from xiaoer.projects.pages import chosen
from xiaoer.projects.pages.chosen import READERS
from xiaoer.web import press
from xiaoer.web.sending import attachment, sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work import queries as work

staff = page(*STAFF_ROLES)
TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "projects" / "weekly_sheet.typ"
Topic = ProjectLine.Topic
# Heads and widths in millimetres, on A4 lying.
PAPER = (("序号", 10), ("灯", 10), ("项目", 44), ("事项", 74), ("议定措施", 52), ("责任人", 18), ("时限", 20), ("进展", 34))  # fmt: skip
LIGHTS = {"red": "红", "amber": "黄", "green": "绿", "grey": "—"}
TOPICS = {"red": "一、红灯项目", "overdue": "二、逾期事项", "stage": "三、阶段进展", "promise": "四、改期情况", "step": "五、工序进展", "need": "六、要素保障", "decision": "七、议定事项", "hand": "八、其他"}  # fmt: skip


@page(*READERS)
def project_dispatch(request: HttpRequest, by: Actor) -> HttpResponse:
    """The newest week."""
    weeks = queries.project_weeks(by=by)
    if not weeks:
        context = {"week": None, "runs": access.runs_projects(by)}
        return render(request, "projects/weekly.html", context)
    return go(request, reverse("project_week", args=[weeks[0].pk]))


@page(*READERS)
def project_week(request: HttpRequest, by: Actor, project_week_id: int) -> HttpResponseBase:
    """The minutes of a week: red first, with what changed since the week before."""
    week = found(queries.project_week(by, project_week_id))
    lines = queries.project_lines(week=week)
    if request.GET.get("export"):
        return sheet_response(request.GET["export"], name_of(week), _columns(), _cells(lines))
    runs = access.runs_projects(by) and week.issued_at is None
    topic = request.GET.get("topic")
    shown = [one for one in lines if topic in (None, "", one.topic)]
    context = {
        "week": week,
        "sunday": week.monday + timedelta(days=6),
        "weeks": [(one.pk, f"{one.monday:%Y-%m-%d}") for one in queries.project_weeks(by=by)],
        "lines": [
            (one, Topic(one.topic).label, ProjectLine.Change(one.change).label) for one in shown
        ],
        "topics": [
            (key, words, count)
            for key, words in Topic.choices
            if (count := sum(one.topic == key and not one.is_done for one in lines))
        ],
        "topic": topic,
        "total": len(lines),
        "runs": runs,
        "people": chosen.people_of(by, timezone.now()) if runs else [],
        "projects": chosen.projects_of(by) if runs else [],
        "edited": number(request.GET.get("line")),
    }
    return render(request, "projects/weekly.html", context)


def name_of(week: ProjectWeek) -> str:
    return f"{_('Weekly minutes of projects')} {week.monday:%Y-%m-%d}"


def _columns() -> tuple[Column, ...]:
    return (
        Column("topic", _("Topic"), 12),
        Column("light", _("Light"), 8),
        Column("who", _("Project"), 34),
        Column("what", _("What it is about"), 50),
        Column("since", _("Since"), 12, Kind.DATE),
        Column("measure", _("What was agreed"), 44),
        Column("owner", _("Owner"), 12),
        Column("due_on", _("Due"), 12, Kind.DATE),
        Column("result", _("Result"), 36),
        Column("change", _("Since last week"), 16),
    )


def _cells(lines: Iterable[ProjectLine]) -> Iterator[tuple[object, ...]]:
    for one in lines:
        yield (
            Topic(one.topic).label, Light(one.light).label, one.who, one.what, one.since,
            one.measure, one.owner.person.name if one.owner else "", one.due_on, one.result,
            ProjectLine.Change(one.change).label,
        )  # fmt: skip


@page(*READERS)
def project_week_paper(request: HttpRequest, by: Actor, project_week_id: int) -> HttpResponse:
    """The minutes for the meeting, as PDF; always Chinese."""
    week = found(queries.project_week(by, project_week_id))
    zone = Zone.objects.get(pk=by.zone_id)
    now = timezone.now()
    kept = [one for one in queries.project_lines(week=week) if one.is_kept]
    parts = [
        {"head": head, "rows": [_row(place, one) for place, one in enumerate(rows, start=1)]}
        for key, head in TOPICS.items()
        if (rows := [one for one in kept if one.topic == key])
    ]
    sunday = week.monday + timedelta(days=6)
    body = press.compile_pdf(
        TEMPLATE,
        {
            "heading": f"{zone.name}重点项目周调度纪要",
            "line": f"{press.paper_date(week.monday)}至{press.paper_date(sunday)}",
            "columns": [{"head": head, "width": width} for head, width in PAPER],
            "parts": parts,
            "note": week.note,
            "count": f"共 {len(kept)} 项。",
            "printed_at": press.paper_time(now),
        },
        made_at=now,
    )
    return attachment(body, f"{name_of(week)}.pdf", "application/pdf")


def _row(place: int, one: ProjectLine) -> tuple[str, ...]:
    return (
        str(place),
        LIGHTS[one.light],
        one.who,
        one.what,
        one.measure or "–",
        one.owner.person.name if one.owner else "–",
        f"{one.due_on:%Y-%m-%d}" if one.due_on else "–",
        one.result or "–",
    )


@staff
def project_week_make(request: HttpRequest, by: Actor) -> HttpResponse:
    """Make this week's minutes, or bring them up to date."""
    if request.method != "POST":
        return go(request, reverse("project_dispatch"))
    week = projects.make_project_week(by=by, now=timezone.now())
    messages.success(request, _("The minutes are up to date."))
    return go(request, reverse("project_week", args=[week.pk]))


@staff
def project_week_add(request: HttpRequest, by: Actor, project_week_id: int) -> HttpResponse:
    """Put something on the minutes by hand."""
    week = found(queries.project_week(by, project_week_id))
    if request.method == "POST":
        projects.add_project_line(
            by=by,
            now=timezone.now(),
            week=week,
            what=text(request, "what", longest=500),
            project=chosen.project_of(request, by),
            who=text(request, "who", longest=120),
            measure=text(request, "measure", longest=500),
            owner=chosen.post_of(request, by, "owner"),
            due_on=day(request, "due_on"),
        )
    return go(request, reverse("project_week", args=[week.pk]))


@staff
def project_line_keep(request: HttpRequest, by: Actor, project_line_id: int) -> HttpResponse:
    """Write down what was agreed and what came of it."""
    line = found(
        ProjectLine.objects.filter(zone_id=by.zone_id, pk=project_line_id)
        .select_related("week")
        .first()
    )
    if request.method == "POST":
        projects.keep_project_line(
            by=by,
            now=timezone.now(),
            line=line,
            measure=text(request, "measure", longest=500),
            result=text(request, "result", longest=500),
            owner=chosen.post_of(request, by, "owner"),
            due_on=day(request, "due_on"),
            is_done=request.POST.get("is_done") == "yes",
            is_kept=request.POST.get("is_off") != "yes",
            version=number(request.POST.get("version")),
        )
        messages.success(request, _("Saved."))
    return go(request, reverse("project_week", args=[line.week_id]))


@staff
def project_week_issue(request: HttpRequest, by: Actor, project_week_id: int) -> HttpResponse:
    """Issue the minutes as the meeting held them."""
    week = found(queries.project_week(by, project_week_id))
    if request.method == "POST":
        projects.issue_project_week(
            by=by, now=timezone.now(), week=week, note=text(request, "note", longest=1000)
        )
        messages.success(request, _("The minutes are issued."))
    return go(request, reverse("project_week", args=[week.pk]))


@page(*READERS)
def project_supervised(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """督办: tasks of projects under supervision, the earliest end first."""
    now = timezone.now()
    rows = list(queries.supervised_tasks(by.zone_id))
    if request.GET.get("export"):
        columns = (
            Column("matter", _("Matter"), 40),
            Column("title", _("What it is about"), 44),
            Column("office", _("Office"), 20),
            Column("who", _("Person"), 12),
            Column("due_on", _("Due"), 12, Kind.DATE),
        )
        cells = (
            (
                one.matter.title, one.title, one.office.name if one.office else "",
                one.post.person.name if one.post else "", work.last_day(one.due_at),
            )
            for one in rows
        )  # fmt: skip
        return sheet_response(
            request.GET["export"], _("Projects under supervision"), columns, cells
        )
    context = {
        "rows": [(one, work.task_light(one, now), work.last_day(one.due_at)) for one in rows],
        "opens": by.is_staff,
    }
    return render(request, "projects/supervised.html", context)
