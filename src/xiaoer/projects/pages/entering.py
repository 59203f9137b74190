"""入统: who still has to enter the library before the next cut-off, one entry, and its rules."""

from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.pages.forms import day, must_day, number, text, whole
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import actions as projects
from xiaoer.projects import money_access as access
from xiaoer.projects import queries
from xiaoer.projects.models import (
    EntryPath,
    Project,
    StatCutoff,
    StatEntry,
    StatPaper,
    StatPaperKind,
    StatRule,
)
from xiaoer.projects.pages import figures
from xiaoer.projects.pages.chosen import READERS, post_of
from xiaoer.projects.queries import EntryRow
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind


def fact_words(fact: str) -> str:
    """What a paper should show, in words."""
    words = {
        "made_on": _("its date"),
        "name": _("name of the project"),
        "code": _("code of the project"),
        "party": _("who builds or buys"),
        "place": _("place"),
    }
    return words.get(fact, fact)


def state_words(entry: StatEntry | None) -> str:
    return str(StatEntry.State(entry.state).label) if entry else _("not begun")


@page(*READERS)
def entry_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Projects being built that are not in the library, least lacking first."""
    today = timezone.localdate()
    words = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    rows = queries.to_enter(zone_id=by.zone_id, today=today, text=words)
    wanted = request.GET.get("state", "")
    if wanted:
        rows = [row for row in rows if (row.entry.state if row.entry else "none") == wanted]
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"], _("Projects to enter the library"), _columns(), _cells(rows)
        )
    cutoff = queries.next_cutoff(zone_id=by.zone_id, today=today)
    context = {
        "rows": [(row, state_words(row.entry), _lacking(row)) for row in rows],
        "wanted": wanted,
        "states": [("none", _("not begun")), *StatEntry.State.choices[:3]],
        "cutoff": cutoff,
        "left": (cutoff[1] - today).days if cutoff else None,
        "ready": sum(row.lacks == 0 for row in rows),
        "keeps": access.keeps_money(by),
        "yuan": figures.yuan,
    }
    return render(request, "projects/entries.html", context)


def _lacking(row: EntryRow) -> list[str]:
    """In words: papers not here, papers that show too little, contradictions."""
    found_ones = list(row.checklist.missing)
    if row.checklist.unread:
        found_ones.append(_("%(num)s papers show too little") % {"num": row.checklist.unread})
    if row.checklist.contradictions:
        found_ones.append(_("%(num)s contradictions") % {"num": len(row.checklist.contradictions)})
    return found_ones


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Project"), 34),
        Column("firm", _("Enterprise"), 30),
        Column("total", _("Planned total (10,000 yuan)"), 16, Kind.NUMBER),
        Column("started", _("Started"), 12, Kind.DATE),
        Column("months", _("Months since"), 10, Kind.NUMBER),
        Column("state", _("State"), 14),
        Column("lacks", _("Lacks"), 8, Kind.NUMBER),
        Column("what", _("What lacks"), 50),
        Column("who", _("Who answers"), 16),
    )


def _cells(rows: Iterable[EntryRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        one = row.project
        yield (
            one.name,
            one.party.name if one.party else one.owner_name,
            None if one.total_fen is None else one.total_fen / 1_000_000,
            row.started_on,
            row.months,
            state_words(row.entry),
            row.lacks,
            "；".join(_lacking(row)),
            _who(row),
        )


def _who(row: EntryRow) -> str:
    post = row.entry.post if row.entry and row.entry.post else row.project.officer
    return post.person.name if post else ""


@page(*STAFF_ROLES)
def entry_open(request: HttpRequest, by: Actor, project_id: int) -> HttpResponse:
    """Begin to gather the papers of a project."""
    project = found(Project.objects.filter(zone_id=by.zone_id, pk=project_id).first())
    if request.method != "POST":
        return go(request, reverse("project_entries"))
    path = request.POST.get("path") or queries.usual_path(project)
    entry = projects.open_entry(
        by=by, now=timezone.now(), project=project, path=path, post=post_of(request, by)
    )
    return go(request, reverse("stat_entry", args=[entry.pk]))


@page(*READERS)
def stat_entry(request: HttpRequest, by: Actor, entry_id: int) -> HttpResponse:
    """One entry: its papers with what they say, what contradicts, what can be done now."""
    entry = found(queries.entry_of(zone_id=by.zone_id, entry_id=entry_id))
    if request.method == "POST":
        _act(request, by, entry)
        return go(request, reverse("stat_entry", args=[entry.pk]))
    papers = queries.checklist_of(entry)
    works = access.keeps_money(by) or access.answers_for(by, entry.project)
    edited = number(request.GET.get("paper"))
    today = timezone.localdate()
    cutoff = queries.next_cutoff(zone_id=by.zone_id, today=today)
    context = {
        "entry": entry,
        "project": entry.project,
        "lines": [
            (
                line,
                [fact_words(one) for one in line.unread],
                shown_paper(line.paper) if line.paper else "",
            )
            for line in papers.lines
        ],
        "papers": papers,
        "state": state_words(entry),
        "works": works and entry.state != StatEntry.State.ENTERED,
        "bureau": access.is_bureau(by),
        "edited": next((line for line in papers.lines if line.kind.pk == edited), None),
        "paths": EntryPath.choices,
        "today": today,
        "cutoff": cutoff,
        "attached": {
            line.paper.pk: files.papers_of(by=by, table="stat_paper", number=line.paper.pk)
            for line in papers.lines
            if line.paper and edited == line.kind.pk
        },
        "yuan": figures.yuan,
    }
    return render(request, "projects/entry.html", context)


def _act(request: HttpRequest, by: Actor, entry: StatEntry) -> None:
    now, version = timezone.now(), number(request.POST.get("version")) or 0
    act = request.POST.get("what_to_do", "")
    if act == "paper":
        _take(request, by, entry)
    elif act == "hand_in":
        projects.hand_in_entry(
            by=by, now=now, entry=entry, on=must_day(request, "on"),
            why=text(request, "why", longest=300), version=version,
        )  # fmt: skip
    elif act == "return":
        projects.return_entry(
            by=by, now=now, entry=entry, on=must_day(request, "on"),
            why=text(request, "why", longest=300), version=version,
        )  # fmt: skip
    elif act == "enter":
        projects.enter_library(
            by=by, now=now, entry=entry, entered_on=must_day(request, "entered_on"),
            document=text(request, "document", longest=200), version=version,
        )  # fmt: skip
    elif act == "leave":
        projects.leave_library(
            by=by, now=now, entry=entry, why=text(request, "why", longest=300), version=version
        )
    else:
        raise Refused(_("Choose one of the list."))
    messages.success(request, _("Saved."))


def _take(request: HttpRequest, by: Actor, entry: StatEntry) -> None:
    kind = StatPaperKind.objects.filter(
        zone_id=by.zone_id, pk=number(request.POST.get("kind")) or 0
    ).first()
    if kind is None:
        raise Refused(_("Choose the paper."), field="kind")
    paper = projects.take_stat_paper(
        by=by,
        now=timezone.now(),
        entry=entry,
        kind=kind,
        facts=projects.PaperFacts(
            taken_on=day(request, "taken_on") or timezone.localdate(),
            made_on=day(request, "made_on"),
            name_on_it=text(request, "name_on_it", longest=80),
            code_on_it=text(request, "code_on_it", longest=30),
            party_on_it=text(request, "party_on_it", longest=80),
            place_on_it=text(request, "place_on_it", longest=100),
            note=text(request, "note", longest=200),
        ),
    )
    files.pin_uploads(
        by=by, now=timezone.now(), uploads=request.FILES.getlist("paper"), subject=paper
    )


@page(*STAFF_ROLES)
def entry_rules(request: HttpRequest, by: Actor) -> HttpResponse:
    """The rules, cut-offs and papers entry is checked by, each with source and mark."""
    if request.method == "POST":
        _set(request, by)
        messages.success(request, _("Saved."))
        return go(request, reverse("project_entry_rules"))
    context = {
        "rules": list(StatRule.objects.filter(zone_id=by.zone_id)),
        "cutoffs": list(queries.cutoffs(zone_id=by.zone_id)),
        "kinds": [
            (kind, [fact_words(one) for one in kind.shows])
            for kind in queries.paper_kinds(zone_id=by.zone_id)
        ],
        "sets": access.keeps_money(by) or access.is_bureau(by),
    }
    return render(request, "projects/entry_rules.html", context)


def _set(request: HttpRequest, by: Actor) -> None:
    now, version = timezone.now(), number(request.POST.get("version")) or 0
    pk, what = number(request.POST.get("row")) or 0, request.POST.get("what_to_do", "")
    if what == "rule":
        rule = found(StatRule.objects.filter(zone_id=by.zone_id, pk=pk).first())
        projects.set_stat_rule(
            by=by, now=now, rule=rule, value=whole(request, "value", least=1, most=10**12),
            source=text(request, "source", longest=200), version=version,
        )  # fmt: skip
    elif what == "cutoff":
        cutoff = StatCutoff.objects.filter(zone_id=by.zone_id, pk=pk).first()
        projects.set_stat_cutoff(
            by=by, now=now, cutoff=cutoff, name=text(request, "name", longest=80),
            day=whole(request, "day", least=1, most=31),
            source=text(request, "source", longest=200),
            is_used=request.POST.get("is_used") == "yes", version=version or None,
        )  # fmt: skip
    else:
        kind = found(StatPaperKind.objects.filter(zone_id=by.zone_id, pk=pk).first())
        projects.keep_stat_paper_kind(
            by=by, now=now, kind=kind, is_required=request.POST.get("is_required") == "yes",
            version=version,
        )  # fmt: skip


def shown_paper(paper: StatPaper) -> str:
    """What a paper says, in one line."""
    parts = (
        paper.made_on.isoformat() if paper.made_on else "",
        paper.name_on_it,
        paper.code_on_it,
        paper.party_on_it,
        paper.place_on_it,
    )
    return " · ".join(part for part in parts if part)
