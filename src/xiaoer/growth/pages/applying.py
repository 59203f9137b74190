"""Batches and applications: the board, work lists, one application."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go
from xiaoer.base.pages import forms
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access, queries
from xiaoer.growth import actions as growth
from xiaoer.growth.actions.applying import NEXT
from xiaoer.growth.models import Application, Batch, Title
from xiaoer.growth.pages import title_forms
from xiaoer.growth.pages.title_forms import readers, staff
from xiaoer.growth.pages.titles import today
from xiaoer.registry.models import Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

State = Application.State
SHEET = (
    Column("party.name", gettext_lazy("Enterprise"), 30),
    Column("kind.name", gettext_lazy("Title"), 28),
    Column("batch", gettext_lazy("Batch"), 16),
    Column("get_state_display", gettext_lazy("State"), 12),
    Column("since", gettext_lazy("Since"), 12, Kind.DATE),
    Column("reason", gettext_lazy("Reason"), 36),
)


@readers
def applications(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The board by state, and beside it whom to talk to next."""
    on, zone_id = today(), by.zone_id
    kind, batch = (forms.number(request.GET.get(name)) for name in ("kind", "batch"))
    year = forms.number(request.GET.get("year")) or on.year
    if request.GET.get("export"):
        rows = queries.applications(zone_id=zone_id, kind=kind, batch=batch, year=year)
        cells = (
            (
                row.party.name,
                title_forms.name_of(row.kind),
                row.batch.name if row.batch else "",
                State(row.state).label,
                row.since,
                row.reason,
            )
            for row in rows.order_by("state", "-since")
        )
        return sheet_response(request.GET["export"], _("Applications"), SHEET, cells)
    context = {
        "columns": queries.board(zone_id=zone_id, year=year, kind=kind, batch=batch),
        "kind": kind,
        "batch": batch,
        "year": year,
        "kinds": title_forms.kind_choices(by, "title", "product"),
        "batches": title_forms.batch_choices(by, on),
        "years": [(one, str(one)) for one in range(on.year, on.year - 4, -1)],
        "renewals": queries.renewals(zone_id=zone_id, on=on),
        "small": queries.small_to_high(zone_id=zone_id, on=on),
        "lost": queries.lost_next(zone_id=zone_id, on=on),
        "hnte": queries.kinds(zone_id=zone_id).filter(code="hnte").first(),
        "name_of": title_forms.name_of,
        "may_plan": by.is_staff,
    }
    return render(request, "growth/applications.html", context)


@staff
def application_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Plan an application."""
    if request.method == "POST":
        party = title_forms.party_typed(request, by)
        renews = forms.number(request.POST.get("renews"))
        made = growth.plan_application(
            by=by,
            now=timezone.now(),
            party=found(party),
            kind=title_forms.kind_typed(request, by),
            batch=title_forms.batch_typed(request, by),
            renews=Title.objects.filter(zone_id=by.zone_id, pk=renews).first() if renews else None,
            note=forms.text(request, "note", longest=300),
        )
        return go(request, reverse("application", args=[made.pk]))
    party = Party.objects.filter(
        zone_id=by.zone_id, pk=forms.number(request.GET.get("party")) or 0
    ).first()
    context = {
        "kinds": title_forms.kind_choices(by),
        "kind": forms.number(request.GET.get("kind")),
        "batches": title_forms.batch_choices(by, today()),
        "enterprise": party.name if party else "",
        "renews": forms.number(request.GET.get("renews")),
    }
    return render(request, "growth/application_new.html", context)


def _application(by: Actor, application_id: int) -> Application:
    return found(queries.application(zone_id=by.zone_id, application_id=application_id))


@readers
def application(request: HttpRequest, by: Actor, application_id: int) -> HttpResponse:
    """One application: where it stands, how it came there, and what can be done."""
    row = _application(by, application_id)
    running = row.state in NEXT
    context = {
        "row": row,
        "kind": title_forms.name_of(row.kind),
        "state": State(row.state).label,
        "steps": [
            (step, State(step.state).label)
            for step in row.steps.select_related("post__person").order_by("-id")
        ],
        "next": [(to, State(to).label) for to in NEXT.get(row.state, ())],
        "batches": title_forms.batch_choices(by, today(), row.kind),
        "papers": files.papers_of(by=by, table="application", number=row.pk),
        "may_move": by.is_staff and running,
        "may_decide": access.keeps_titles(by) and running,
        "today": today(),
    }
    return render(request, "growth/application.html", context)


@require_POST
@staff
def application_move(request: HttpRequest, by: Actor, application_id: int) -> HttpResponse:
    row = _application(by, application_id)
    growth.move_application(
        by=by,
        now=timezone.now(),
        application=row,
        to=forms.choice(request, "to", list(State.values)),
        on=forms.day(request, "on") or today(),
        note=forms.text(request, "note", longest=300),
        batch=title_forms.batch_typed(request, by),
        version=title_forms.version_typed(request),
    )
    return go(request, reverse("application", args=[row.pk]))


@require_POST
@staff
def application_grant(request: HttpRequest, by: Actor, application_id: int) -> HttpResponse:
    """The authority granted it: the title stands on the register."""
    row = _application(by, application_id)
    growth.grant_application(
        by=by,
        now=timezone.now(),
        application=row,
        facts=title_forms.facts_typed(request, by),
        version=title_forms.version_typed(request),
    )
    return go(request, reverse("application", args=[row.pk]))


@require_POST
@staff
def application_refuse(request: HttpRequest, by: Actor, application_id: int) -> HttpResponse:
    row = _application(by, application_id)
    growth.refuse_application(
        by=by,
        now=timezone.now(),
        application=row,
        on=forms.must_day(request, "on"),
        reason=forms.text(request, "reason", longest=300),
        document=forms.text(request, "document", longest=200),
        version=title_forms.version_typed(request),
    )
    return go(request, reverse("application", args=[row.pk]))


@readers
def batch_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """The batches of the last years; a new one is entered below."""
    if request.method == "POST":
        made = growth.open_batch(
            by=by,
            now=timezone.now(),
            kind=title_forms.kind_typed(request, by),
            name=forms.text(request, "name", longest=80),
            year=forms.whole(request, "year", least=2000, most=2100),
            opens_on=forms.day(request, "opens_on"),
            closes_on=forms.day(request, "closes_on"),
        )
        return go(request, reverse("batch", args=[made.pk]))
    context = {
        "rows": queries.batches_of(zone_id=by.zone_id, since_year=today().year - 3)[:200],
        "kinds": title_forms.kind_choices(by),
        "name_of": title_forms.name_of,
        "may_keep": access.keeps_titles(by),
        "year": today().year,
    }
    return render(request, "growth/batches.html", context)


@readers
def batch(request: HttpRequest, by: Actor, batch_id: int) -> HttpResponse:
    """One batch: its days, its applications by state."""
    row = found(queries.batch(zone_id=by.zone_id, batch_id=batch_id))
    if request.method == "POST":
        state = request.POST.get("state", "")
        if state not in Batch.State.values:
            raise Refused(_("Choose where the batch stands."), field="state")
        growth.change_batch(
            by=by,
            now=timezone.now(),
            batch=row,
            opens_on=forms.day(request, "opens_on"),
            closes_on=forms.day(request, "closes_on"),
            state=state,
            version=title_forms.version_typed(request),
        )
        return go(request, reverse("batch", args=[row.pk]))
    context = {
        "row": row,
        "kind": title_forms.name_of(row.kind),
        "columns": queries.board(zone_id=by.zone_id, year=row.year, batch=row.pk),
        "states": Batch.State.choices,
        "name_of": title_forms.name_of,
        "may_keep": access.keeps_titles(by),
        "may_plan": by.is_staff,
    }
    return render(request, "growth/batch.html", context)
