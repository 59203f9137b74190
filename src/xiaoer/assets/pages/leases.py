"""Leases: which run out, one lease with its units, and what is done with it."""

from collections.abc import Iterable, Iterator
from datetime import date
from math import ceil

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.access import carriers as access
from xiaoer.assets.models import Lease, Unit
from xiaoer.assets.pages import carrier_forms as typed
from xiaoer.assets.pages.carrier_forms import readers, today, writers
from xiaoer.assets.queries import LEASE_SORTS, PAGE, LeaseFilter, LeaseRow
from xiaoer.base import files
from xiaoer.base.doors import found, go
from xiaoer.base.models import StoredFile
from xiaoer.base.pages import forms
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor, on_behalf
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

SHEET = (
    Column("number", gettext_lazy("Lease"), 22),
    Column("tenant", gettext_lazy("Tenant"), 30),
    Column("building", gettext_lazy("Building"), 26),
    Column("units", gettext_lazy("Units"), 20),
    Column("area", gettext_lazy("Area, m²"), 12, Kind.NUMBER),
    Column("since", gettext_lazy("From"), 12, Kind.DATE),
    Column("until", gettext_lazy("Until"), 12, Kind.DATE),
    Column("rent", gettext_lazy("Rent a month, yuan"), 16, Kind.NUMBER),
    Column("deposit", gettext_lazy("Deposit, yuan"), 14, Kind.NUMBER),
    Column("paid", gettext_lazy("Deposit paid on"), 14, Kind.DATE),
    Column("back", gettext_lazy("Deposit back on"), 14, Kind.DATE),
    Column("state", gettext_lazy("State"), 12),
)


@readers
def lease_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Leases, those that run out first."""
    asked, on = request.GET, today()
    state = asked.get("state", "")
    filters = LeaseFilter(
        text=asked.get("q", "").replace("\x00", "").strip()[:60],
        state=state if state in Lease.State.values else "",
        building=forms.number(asked.get("building")),
        running_out=asked.get("running_out") == "yes",
    )
    sort = asked.get("sort", "until")
    sort = sort if sort in LEASE_SORTS else "until"
    found = queries.leases(zone_id=by.zone_id, filters=filters, on=on).order_by(*LEASE_SORTS[sort])
    if asked.get("export"):
        return sheet_response(
            asked["export"], _("Leases"), SHEET, _cells(queries.lease_rows(found, on))
        )
    total = found.count()
    pages = max(ceil(total / PAGE), 1)
    number = min(forms.number(asked.get("page")) or 1, pages)
    context = {
        "rows": queries.lease_rows(found[(number - 1) * PAGE : number * PAGE], on),
        "total": total,
        "page": number,
        "pages": pages,
        "sort": sort,
        "filters": filters,
        "states": Lease.State.choices,
        "yuan": typed.yuan,
    }
    return render(request, "assets/lease_list.html", context)


def _cells(rows: Iterable[LeaseRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        one = row.lease
        yield (
            one.number, row.tenant, row.units[0].building.name if row.units else "",
            "、".join(unit.code for unit in row.units), sum(unit.area_m2 for unit in row.units),
            one.since, one.until, one.rent_fen / 100, one.deposit_fen / 100, one.deposit_paid_on,
            one.deposit_back_on, one.get_state_display(),
        )  # fmt: skip


@readers
def lease(request: HttpRequest, by: Actor, lease_id: int) -> HttpResponse:
    """One lease: its units, money, promises, and what can be done now."""
    row, on = typed.lease_here(by, lease_id), today()
    shown = queries.lease_rows([row], on)[0]
    runs = all(access.runs_building(by, unit.building) for unit in shown.units)
    context = {
        "row": row,
        "shown": shown,
        "area": sum(unit.area_m2 for unit in shown.units),
        "runs": runs and bool(shown.units or access.keeps_carriers(by)),
        "on": on,
        "before": Lease.objects.filter(renewed_by=row).first(),
        "promises": [(typed.promise_words(code), amount) for code, amount in row.promises.items()],
        "is_staff": by.database_role != OUTSIDE,
        "next_until": _a_year_on(row.until),
        "yuan": typed.yuan,
        "plain": typed.plain,
    }
    return render(request, "assets/lease.html", context)


@readers
def lease_paper(request: HttpRequest, by: Actor, lease_id: int) -> HttpResponseBase:
    """The signed lease itself."""
    row = typed.lease_here(by, lease_id)
    number = found(row.file_id)
    with on_behalf(by):
        file = found(StoredFile.objects.filter(zone_id=by.zone_id, pk=number).first())
    return files.shown_inside(file, typed.paper_name(row, file))


def _a_year_on(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


@writers
def lease_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Draw up a lease of units."""
    given = request.POST.getlist("unit") or request.GET.getlist("unit")
    units = typed.units_named(by, given)
    if not units and request.method == "GET":
        messages.info(request, _("Choose the units to let on the page of their building first."))
        return go(request, reverse("building_list"))
    _must_run(by, units)
    if request.method == "POST":
        made = assets.draft_lease(
            by=by, now=timezone.now(), facts=typed.lease_facts(request, by, None), units=units
        )
        return go(request, reverse("lease", args=[made.pk]))
    rent = sum(unit.area_m2 * (unit.rent_fen or 0) for unit in units)
    tenant = request.GET.get("party", "").replace("\x00", "")[:120]
    return render(request, "assets/lease_form.html", _form(None, units, tenant, int(rent)))


@writers
def lease_change(request: HttpRequest, by: Actor, lease_id: int) -> HttpResponse:
    """Change a lease; one in force in what renewing does not change."""
    row = typed.lease_here(by, lease_id)
    shown = queries.lease_rows([row], today())[0]
    _must_run(by, shown.units)
    if request.method == "POST":
        assets.change_lease(
            by=by, now=timezone.now(), lease=row, facts=typed.lease_facts(request, by, row),
            version=typed.version(request),
        )  # fmt: skip
        return go(request, reverse("lease", args=[row.pk]))
    context = _form(row, list(shown.units), shown.tenant, row.rent_fen)
    return render(request, "assets/lease_form.html", context)


def _must_run(by: Actor, units: Iterable[Unit]) -> None:
    """The form is shown to whoever may send it."""
    chosen = list(units)
    if not chosen:
        raise Refused(_("Choose the units to let on the page of their building first."))
    for unit in chosen:
        access.must_run_building(by, unit.building)


def _form(row: Lease | None, units: list[Unit], tenant: str, rent_fen: int) -> dict[str, object]:
    return {
        "row": row,
        "units": units,
        "tenant": tenant,
        "rent_fen": rent_fen,
        "area": sum(unit.area_m2 for unit in units),
        "is_fixed": row is not None and row.state == Lease.State.IN_FORCE,
        "promises": [
            (code, typed.promise_words(code), (row.promises if row else {}).get(code))
            for code in typed.PROMISES
        ],
        "in_yuan": typed.in_yuan,
        "plain": typed.plain,
    }


@require_POST
@writers
def lease_act(request: HttpRequest, by: Actor, lease_id: int) -> HttpResponse:
    """What is done with a lease: begun, renewed, ended, broken off, given up; its deposit."""
    row = typed.lease_here(by, lease_id)
    act = ACTS.get(request.POST.get("what_to_do", ""))
    if act is None:
        raise Refused(_("Choose one of the list."), field="what_to_do")
    to = act(request, by, row)
    messages.success(request, _("Done."))
    return go(request, reverse("lease", args=[to.pk]))


def _begin(request: HttpRequest, by: Actor, row: Lease) -> Lease:
    return assets.begin_lease(
        by=by, now=timezone.now(), lease=row, deposit_paid_on=forms.day(request, "deposit_paid_on")
    )


def _renew(request: HttpRequest, by: Actor, row: Lease) -> Lease:
    return assets.renew_lease(
        by=by, now=timezone.now(), lease=row, number=forms.text(request, "number", longest=40),
        until=forms.must_day(request, "until"), rent_fen=typed.money(request, "rent"),
        deposit_fen=typed.money(request, "deposit"),
    )  # fmt: skip


def _end(request: HttpRequest, by: Actor, row: Lease) -> Lease:
    return assets.end_lease(
        by=by, now=timezone.now(), lease=row, on=forms.must_day(request, "on"),
        why=forms.text(request, "why", longest=300),
    )  # fmt: skip


def _break(request: HttpRequest, by: Actor, row: Lease) -> Lease:
    return assets.break_lease(
        by=by, now=timezone.now(), lease=row, on=forms.must_day(request, "on"),
        why=forms.text(request, "why", longest=300),
    )  # fmt: skip


def _drop(request: HttpRequest, by: Actor, row: Lease) -> Lease:
    return assets.drop_lease(
        by=by, now=timezone.now(), lease=row, why=forms.text(request, "why", longest=300)
    )


def _paper(request: HttpRequest, by: Actor, row: Lease) -> Lease:
    upload = request.FILES.get("paper")
    if upload is None:
        raise Refused(_("Choose a file first."), field="paper")
    return assets.keep_lease_paper(by=by, now=timezone.now(), lease=row, upload=upload)


def _paid(request: HttpRequest, by: Actor, row: Lease) -> Lease:
    return assets.record_lease_deposit(
        by=by, now=timezone.now(), lease=row, on=forms.must_day(request, "on")
    )


def _back(request: HttpRequest, by: Actor, row: Lease) -> Lease:
    return assets.return_lease_deposit(
        by=by, now=timezone.now(), lease=row, on=forms.must_day(request, "on")
    )


ACTS = {
    "begin": _begin,
    "renew": _renew,
    "end": _end,
    "break": _break,
    "drop": _drop,
    "paid": _paid,
    "back": _back,
    "paper": _paper,
}
