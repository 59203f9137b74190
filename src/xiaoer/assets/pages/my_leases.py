"""我租用的厂房: what our firm rents, until when, for how much, and who runs it."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from xiaoer.assets.models import Lease
from xiaoer.assets.pages import carrier_forms as typed
from xiaoer.assets.pages.carrier_forms import today
from xiaoer.assets.queries import my_leases as queries
from xiaoer.base import files
from xiaoer.base.doors import found, page
from xiaoer.base.models import Role, StoredFile
from xiaoer.base.scope import Actor, on_behalf

tenant = page(Role.ENTERPRISE)


@tenant
def my_leases(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every lease of ours, those in force first."""
    context = {"rows": queries.own_leases(by, today()), "yuan": typed.yuan}
    return render(request, "assets/my_leases.html", context)


@tenant
def my_lease(request: HttpRequest, by: Actor, my_lease_id: int) -> HttpResponse:
    """One lease of ours: its units, money, days and papers."""
    mine = found(queries.own_lease(by, my_lease_id, today()))
    row = mine.lease
    context = {
        "mine": mine,
        "row": row,
        "area": sum(unit.area_m2 for unit in mine.units),
        "files": queries.files_of_lease(mine),
        "promises": [(typed.promise_words(code), amount) for code, amount in row.promises.items()],
        "before": Lease.objects.filter(renewed_by=row).first(),
        "yuan": typed.yuan,
        "plain": typed.plain,
    }
    return render(request, "assets/my_lease.html", context)


@tenant
def my_lease_paper(request: HttpRequest, by: Actor, my_lease_id: int) -> HttpResponseBase:
    """The signed lease itself, found in our own scope and then opened for us."""
    row = found(queries.own_lease(by, my_lease_id, today())).lease
    number = found(row.file_id)
    with on_behalf(by):
        file = found(StoredFile.objects.filter(zone_id=by.zone_id, pk=number).first())
    return files.shown_inside(file, typed.paper_name(row, file))


@tenant
def my_lease_plan(
    request: HttpRequest, by: Actor, my_lease_id: int, my_lease_file_id: int
) -> HttpResponseBase:
    """A picture, plan or paper of what we rent."""
    mine = found(queries.own_lease(by, my_lease_id, today()))
    hung = queries.files_of_lease(mine)
    row = found(next((one for one in hung if one.pk == my_lease_file_id), None))
    return files.shown_inside(row.file, row.name)
