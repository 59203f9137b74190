"""The list of enterprises and the page of one."""

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, JournalLine, Role
from xiaoer.base.scope import Actor
from xiaoer.base.subjects import page_of, record_name
from xiaoer.base.units import WAN_YUAN, amount_in, money_in, show_money
from xiaoer.base.verbs import verb_name
from xiaoer.registry import access, queries
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Cell, Park, Party, Stewardship
from xiaoer.registry.pages import forms
from xiaoer.registry.queries import SECTIONS, EnterpriseFilter, EnterpriseRow
from xiaoer.registry.words import detail_words
from xiaoer.web.sheets import Column, Kind, write_csv, write_xlsx

staff = page(*STAFF_ROLES)
readers = page(*STAFF_ROLES, Role.CITY)

SHEET = (
    Column("name", gettext_lazy("Name"), 36),
    Column("credit_code", gettext_lazy("Credit code"), 22),
    Column("status", gettext_lazy("Status"), 10),
    Column("industry", gettext_lazy("Industry"), 10),
    Column("capital", gettext_lazy("Registered capital, 10,000"), 18, Kind.NUMBER),
    Column("currency", gettext_lazy("Currency"), 8),
    Column("registered_on", gettext_lazy("Registered on"), 12, Kind.DATE),
    Column("park", gettext_lazy("Park"), 16),
    Column("grid", gettext_lazy("Grid"), 16),
    Column("cell", gettext_lazy("Cell"), 16),
    Column("officer", gettext_lazy("Officer"), 12),
    Column("monitoring", gettext_lazy("Monitoring firm"), 10),
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of the export: figures as figures, days as days."""

    name: str
    credit_code: str
    status: str
    industry: str
    capital: float | None
    currency: str
    registered_on: date | None
    park: str | None
    grid: str | None
    cell: str | None
    officer: str | None
    monitoring: str


def _sheet_row(row: EnterpriseRow) -> SheetRow:
    return SheetRow(
        name=row.name,
        credit_code=row.credit_code,
        status=row.status_label,
        industry=row.industry,
        capital=None if row.capital_fen is None else float(amount_in(row.capital_fen, WAN_YUAN)),
        currency=row.capital_currency if row.capital_fen is not None else "",
        registered_on=row.registered_on,
        park=row.park,
        grid=row.grid,
        cell=row.cell,
        officer=row.officer,
        monitoring=_("yes") if row.is_monitoring else _("no"),
    )


def filters_of(request: HttpRequest) -> EnterpriseFilter:
    """The filters an address carries; what it does not know it does not filter by."""
    wanted = request.GET
    status = wanted.get("status", "")
    section = wanted.get("section", "")
    industry = wanted.get("industry", "")
    return EnterpriseFilter(
        text=wanted.get("q", "").replace("\x00", "")[:60],
        grid=forms.number(wanted.get("grid")),
        cell=forms.number(wanted.get("cell")),
        park=forms.number(wanted.get("park")),
        officer=forms.number(wanted.get("officer")),
        section=section if section in SECTIONS else "",
        industry=industry if industry.isascii() and industry.isdecimal() else "",
        status=status if status in Party.Status.values else "",
        monitoring=wanted.get("only") == "monitoring",
        no_steward=wanted.get("only") == "no_steward",
        outside=wanted.get("only") == "outside",
    )


@readers
def enterprise_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Every enterprise, narrowed by chips and words; exported exactly as filtered."""
    filters = filters_of(request)
    sort = request.GET.get("sort", "name")
    kind = request.GET.get("export")
    if kind in ("xlsx", "csv"):
        return _export(by, filters, sort, kind)
    shown = queries.enterprise_page(
        by=by, filters=filters, sort=sort, after=request.GET.get("after")
    )
    context = {
        "shown": shown,
        "filters": filters,
        "sort": sort,
        "only": request.GET.get("only"),
        "started": "after" in request.GET,
        "choices": queries.filter_choices(by=by),
        "statuses": Party.Status.choices,
        "sections": [(letter, name) for letter, name in SECTIONS.items()],
        "wan": WAN_YUAN,
        "money_in": money_in,
        "may_write": by.is_staff,
        "may_import": access.keeps_registry(by),
        "cell": Cell.objects.filter(zone_id=by.zone_id, pk=filters.cell or 0).first(),
        "add_address": f"{reverse('enterprise_add')}?{urlencode({'name': filters.text})}",
    }
    return render(request, "registry/enterprise_list.html", context)


def _export(by: Actor, filters: EnterpriseFilter, sort: str, kind: str) -> FileResponse:
    """Written to a file inside the scope, then sent: a stream would outlive the scope."""
    rows = (_sheet_row(row) for row in queries.every_enterprise(by=by, filters=filters, sort=sort))
    handle = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it after sending
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet.{kind}"
        if kind == "xlsx":
            write_xlsx(path, SHEET, rows, title=_("Enterprises"))
        else:
            write_csv(path, SHEET, rows)
        handle.write(path.read_bytes())
    handle.seek(0)
    name = f"{_('Enterprises')}-{timezone.localdate():%Y%m%d}.{kind}"
    return FileResponse(handle, as_attachment=True, filename=name)


@staff
def enterprise_add(request: HttpRequest, by: Actor) -> HttpResponse:
    """Add a firm or person; what was searched in vain is filled in."""
    if request.method == "POST":
        party = registry.add_party(
            by=by,
            now=timezone.now(),
            facts=forms.read_facts(request, by=by),
            cell=forms.place_of(request, "cell", by=by, model=Cell),
        )
        messages.success(request, _("%(name)s was added.") % {"name": party.name})
        return go(request, reverse("enterprise", args=[party.pk]))
    context = {"party": None, "name": request.GET.get("name", "")[:120], **_choices(by)}
    return render(request, "registry/enterprise_form.html", context)


@staff
def enterprise_edit(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Correct facts; a stale form is told who changed what meanwhile."""
    party = forms.the_party(by, party_id)
    if request.method == "POST":
        registry.change_party(
            by=by,
            now=timezone.now(),
            party=party,
            facts=forms.read_facts(request, by=by, replacing=True),
            version=forms.version_of(request.POST),
        )
        return go(request, reverse("enterprise", args=[party.pk]))
    context = {
        "party": party,
        "name": party.name,
        "masked_phone": queries.masked_phone(party.contact_phone),
        "capital": _capital_typed(party),
        **_choices(by),
    }
    return render(request, "registry/enterprise_form.html", context)


def _capital_typed(party: Party) -> str:
    """The capital as the form reads it back: exact, with its currency when it is not yuan."""
    if party.capital_fen is None:
        return ""
    return show_money(party.capital_fen, "zh", currency=party.capital_currency or "CNY", exact=True)


def _choices(by: Actor) -> dict[str, object]:
    cells = Cell.objects.filter(zone_id=by.zone_id).select_related("grid")
    return {
        "kinds": Party.Kind.choices,
        "statuses": Party.Status.choices,
        "parks": [(row.pk, row.name) for row in Park.objects.filter(zone_id=by.zone_id)],
        "cells": [(row.pk, f"{row.grid.name} {row.name}") for row in cells],
    }


@readers
def enterprise(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """One enterprise: who it is, how it stands, who answers for it; rooms serve their tabs."""
    whole = found(queries.enterprise(by=by, party_id=party_id))
    context = {
        "whole": whole,
        "party": whole.party,
        "section": SECTIONS.get(whole.party.section),
        "tab": request.GET.get("tab", ""),
        "may_write": _may_write(by, whole.party),
        "may_keep": access.keeps_registry(by) and _may_write(by, whole.party),
    }
    return render(request, "registry/enterprise.html", context)


@readers
def enterprise_overview(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """What the registry knows, who answers for it, what may be the same firm."""
    whole = found(queries.enterprise(by=by, party_id=party_id))
    context = {
        "whole": whole,
        "party": whole.party,
        "capital": _capital(whole.party),
        "section": SECTIONS.get(whole.party.section, ""),
        "duplicates": queries.likely_duplicates(party=whole.party) if by.is_staff else (),
        "speakers": queries.representations(by=by, party=whole.party) if by.is_staff else (),
        "may_write": _may_write(by, whole.party),
        "may_keep": access.keeps_registry(by) and _may_write(by, whole.party),
        "steward_kinds": Stewardship.Kind,
    }
    return render(request, "registry/_overview.html", context)


@readers
def enterprise_registration(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """The facts of the business licence."""
    whole = found(queries.enterprise(by=by, party_id=party_id))
    context = {
        "whole": whole,
        "party": whole.party,
        "capital": _capital(whole.party),
        "may_write": _may_write(by, whole.party),
        "papers": files.papers_of(by=by, table="party", number=party_id),
    }
    return render(request, "registry/_registration.html", context)


@readers
def enterprise_history(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Everything that was done about it, newest first."""
    whole = found(queries.enterprise(by=by, party_id=party_id))
    acts = [
        (
            line.at,
            f"{_('the system') if line.who == 'system' else line.who} {verb_name(line.verb)}",
            detail_words(line.verb, line.detail),
            _record(line),
        )
        for line in queries.history(by=by, party=whole.party)
    ]
    context = {"party": whole.party, "acts": acts}
    return render(request, "registry/_history.html", context)


def _may_write(by: Actor, party: Party) -> bool:
    """A merged entry is only read; what there is to do is done at the one that stayed."""
    return by.is_staff and party.merged_into_id is None


def _record(line: JournalLine) -> list[tuple[str, str]]:
    """The record of another table an act was about, where it has a page."""
    address = page_of(line.subject_type, line.subject_id)
    if line.subject_type == "party" or address is None:
        return []
    return [(record_name(line.subject_type), address)]


@require_POST
@staff
def enterprise_phone(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """The full number of the contact; the look is journaled."""
    phone = registry.look_at_phone(by=by, now=timezone.now(), party=forms.the_party(by, party_id))
    return render(request, "registry/_phone.html", {"phone": phone})


def _capital(party: Party) -> str:
    return show_money(
        party.capital_fen, get_language() or "zh", currency=party.capital_currency or "CNY"
    )
