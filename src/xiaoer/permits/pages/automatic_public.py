"""Decisions made with nobody in between, as anybody reads them: published with the decision."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xiaoer.base.doors import key_page
from xiaoer.base.pages.forms import number
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.permits.queries import automatic as queries

anybody = key_page(queries.anybody_in)


@require_GET
@anybody
def automatic_public(request: HttpRequest, by: Actor, zone_code: str) -> HttpResponse:
    """What was granted by rule, the latest first: the item, to whom, the licence and its state."""
    with on_behalf(by):
        rows = queries.public_decisions(
            zone_id=by.zone_id, before=number(request.GET.get("before"))
        )
    more = rows[-1].number if len(rows) == queries.PUBLIC_STEP else None
    context = {"zone_name": by.name, "zone_code": zone_code, "rows": rows, "more": more}
    return render(request, "permits/automatic_public.html", context)
