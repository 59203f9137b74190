"""The register of titles, one title, and what a firm's own pages show of its titles."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import Role
from xiaoer.base.pages import forms
from xiaoer.base.scope import Actor
from xiaoer.growth import access, queries
from xiaoer.growth import actions as growth
from xiaoer.growth.models import Batch, Level, Title, TitleKind
from xiaoer.growth.pages import title_forms
from xiaoer.growth.pages.title_forms import readers, staff
from xiaoer.growth.queries import STATES, TitleFilter
from xiaoer.registry.models import Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import local_date
from xiaoer.work import access as work_access
from xiaoer.work.models import Task

SHEET = (
    Column("holder", gettext_lazy("Enterprise"), 30),
    Column("kind", gettext_lazy("Title"), 30),
    Column("title.name", gettext_lazy("Name"), 30),
    Column("level", gettext_lazy("Level"), 10),
    Column("title.granted_on", gettext_lazy("Granted on"), 12, Kind.DATE),
    Column("title.valid_to", gettext_lazy("Valid until"), 12, Kind.DATE),
    Column("state", gettext_lazy("State"), 20),
    Column("batch", gettext_lazy("Batch"), 16),
    Column("title.document", gettext_lazy("Document"), 30),
    Column("title.document_no", gettext_lazy("Document number"), 24),
    Column("title.certificate_no", gettext_lazy("Certificate number"), 20),
)


def today() -> date:
    return local_date(timezone.now())


def filters_of(request: HttpRequest) -> TitleFilter:
    """What the address narrows the list by."""
    asked = request.GET
    family = asked.get("family", "")
    state = asked.get("state", "in_force")
    level = asked.get("level", "")
    return TitleFilter(
        family=family if family in TitleKind.Family.values else "",
        level=level if level in Level.values else "",
        kind=forms.number(asked.get("kind")),
        year=forms.number(asked.get("year")),
        batch=forms.number(asked.get("batch")),
        state=state if state in STATES or state == "all" else "in_force",
        text=asked.get("q", "").replace("\x00", "").strip()[:60],
    )


@readers
def title_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Who holds what, with filters; the very list as a sheet."""
    filters, on = filters_of(request), today()
    zone_id = by.zone_id
    if request.GET.get("export"):
        rows = queries.every_title(zone_id=zone_id, filters=filters, on=on)
        return sheet_response(request.GET["export"], _("Titles"), SHEET, rows)
    context = {
        "filters": filters,
        "shown": queries.title_page(
            zone_id=zone_id, filters=filters, on=on, after=request.GET.get("after")
        ),
        "started": "after" in request.GET,
        "families": TitleKind.Family.choices,
        "levels": Level.choices,
        "states": [*STATES.items(), ("all", _("all"))],
        "kinds": [(row.pk, title_forms.name_of(row)) for row in queries.kinds(zone_id=zone_id)],
        "years": [(year, str(year)) for year in queries.title_years(zone_id=zone_id)],
        "batches": title_forms.batch_choices(by, on),
        "name_of": title_forms.name_of,
        "may_keep": access.keeps_titles(by),
    }
    return render(request, "growth/title_list.html", context)


@staff
def title_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Enter a title, a platform or an honour."""
    if request.method == "POST":
        now = timezone.now()
        kind = title_forms.kind_typed(request, by)
        is_of_zone = kind.family == TitleKind.Family.HONOUR
        upgraded = forms.number(request.POST.get("upgraded_from"))
        made = growth.register_title(
            by=by,
            now=now,
            kind=kind,
            facts=title_forms.facts_typed(request, by),
            party=title_forms.party_typed(request, by, required=not is_of_zone),
            upgraded_from=Title.objects.filter(zone_id=by.zone_id, pk=upgraded).first()
            if upgraded
            else None,
        )
        return go(request, reverse("title", args=[made.pk]))
    party = Party.objects.filter(
        zone_id=by.zone_id, pk=forms.number(request.GET.get("party")) or 0
    ).first()
    old = queries.title(
        zone_id=by.zone_id, title_id=forms.number(request.GET.get("upgraded_from")) or 0
    )
    context = {
        "heading": _("Enter a title"),
        "address": reverse("title_new"),
        "verb": _("Enter it"),
        "kinds": title_forms.kind_choices(by),
        "kind": forms.number(request.GET.get("kind")),
        "batches": title_forms.batch_choices(by, today()),
        "scopes": Title.Scope.choices,
        "enterprise": party.name if party else (old.party.name if old and old.party else ""),
        "facts": None,
        "upgraded_from": old,
        "row": None,
    }
    return render(request, "growth/title_form.html", context)


def _row(by: Actor, title_id: int) -> Title:
    return found(queries.title(zone_id=by.zone_id, title_id=title_id))


@readers
def title(request: HttpRequest, by: Actor, title_id: int) -> HttpResponse:
    """One title: what the document says, how it came to it, and what is to be done."""
    row, now = _row(by, title_id), timezone.now()
    story = queries.title_story(row)
    context = {
        "row": row,
        "kind": title_forms.name_of(row.kind),
        "name_of": title_forms.name_of,
        "standing": queries.standing(row, today()),
        "story": story,
        "mine": {
            task.pk
            for task in story.tasks
            if task.state == Task.State.OPEN and by.is_staff and work_access.holds(by, task, now)
        },
        "papers": files.papers_of(by=by, table="title", number=row.pk),
        "may_keep": access.keeps_titles(by) and row.ended_how not in ("withdrawn", "mistake"),
        "open": Task.State.OPEN,
    }
    return render(request, "growth/title.html", context)


def _form(
    request: HttpRequest, by: Actor, row: Title, heading: str, verb: str, address: str
) -> HttpResponse:
    is_renewal = address == "title_renew"
    context = {
        "heading": heading,
        "address": reverse(address, args=[row.pk]),
        "verb": verb,
        "kinds": None,
        "kind": row.kind_id,
        "batches": title_forms.batch_choices(by, today(), row.kind),
        "scopes": Title.Scope.choices,
        "enterprise": row.party.name if row.party else "",
        "facts": None if is_renewal else growth.facts_of(row),
        "upgraded_from": None,
        "row": row,
    }
    return render(request, "growth/title_form.html", context)


@staff
def title_correct(request: HttpRequest, by: Actor, title_id: int) -> HttpResponse:
    """Put right what was entered wrongly; the former entry is kept."""
    row = _row(by, title_id)
    if request.method != "POST":
        return _form(request, by, row, _("Correct"), _("Correct it"), "title_correct")
    growth.correct_title(
        by=by,
        now=timezone.now(),
        title=row,
        facts=title_forms.facts_typed(request, by),
        reason=forms.text(request, "reason", longest=300),
        version=title_forms.version_typed(request),
    )
    return go(request, reverse("title", args=[row.pk]))


@staff
def title_renew(request: HttpRequest, by: Actor, title_id: int) -> HttpResponse:
    """Enter the next period."""
    row = _row(by, title_id)
    if request.method != "POST":
        return _form(request, by, row, _("Enter the renewal"), _("Enter it"), "title_renew")
    made = growth.renew_title(
        by=by, now=timezone.now(), title=row, facts=title_forms.facts_typed(request, by)
    )
    return go(request, reverse("title", args=[made.pk]))


@require_POST
@staff
def title_withdraw(request: HttpRequest, by: Actor, title_id: int) -> HttpResponse:
    """Record that it was taken away, or entered by mistake."""
    row = _row(by, title_id)
    is_mistake = request.POST.get("is_mistake") == "yes"
    growth.withdraw_title(
        by=by,
        now=timezone.now(),
        title=row,
        ended_on=row.granted_on if is_mistake else forms.must_day(request, "ended_on"),
        reason=forms.text(request, "reason", longest=300),
        is_mistake=is_mistake,
        version=title_forms.version_typed(request),
    )
    return go(request, reverse("title", args=[row.pk]))


@require_POST
@staff
def title_task_finish(request: HttpRequest, by: Actor, title_id: int, task_id: int) -> HttpResponse:
    """Say what was done about a title that runs out."""
    row = _row(by, title_id)
    task = found(Task.objects.filter(zone_id=by.zone_id, pk=task_id).first())
    growth.finish_title_task(
        by=by,
        now=timezone.now(),
        title=row,
        task=task,
        words=forms.text(request, "words", longest=500),
    )
    return go(request, reverse("title", args=[row.pk]))


# A firm's own pages -------------------------------------------------------------------------------


@readers
def enterprise_titles_card(request: HttpRequest, by: Actor, enterprise_id: int) -> HttpResponse:
    """称号与下一步: what a firm holds, how far it is from the next, and what to do."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=enterprise_id).first())
    context = {
        "party": party,
        "rows": queries.titles_and_next(party=party, on=today(), now=timezone.now()),
        "name_of": title_forms.name_of,
        "may_plan": by.is_staff,
        "level_of": dict(Level.choices),
    }
    return render(request, "growth/_firm_titles.html", context)


@page(Role.ENTERPRISE)
def my_titles(request: HttpRequest, by: Actor) -> HttpResponse:
    """The enterprise's own titles, applications and lists."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=by.party_ref or 0).first())
    on = today()
    context = {
        "party": party,
        "rows": [
            queries.TitleRow(row, queries.standing(row, on))
            for row in queries.titles_of_firm(party=party)
        ],
        "next_titles": queries.next_titles(party=party, on=on, now=timezone.now()),
        "applications": queries.applications_of_firm(party=party),
        "members": party.on_lists.filter(removed_at__isnull=True).select_related("firm_list"),
        "batches": Batch.objects.filter(zone_id=by.zone_id, state=Batch.State.OPEN).select_related(
            "kind"
        ),
        "name_of": title_forms.name_of,
    }
    return render(request, "growth/my_titles.html", context)
