"""The livelihood list as residents read it, without signing in: no officers, only what was made public.

PostgreSQL itself keeps back the rest: whoever asks here acts in the outside role, of no party.
"""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from xiaoer.base.doors import found, key_page
from xiaoer.base.models import StoredFile
from xiaoer.base.pages.forms import number
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.projects.livelihood_words import line_of
from xiaoer.projects.pages.livelihood import picture_response
from xiaoer.projects.queries import livelihood as queries
from xiaoer.projects.queries.livelihood import Schedule
from xiaoer.web.words import local_date

anybody = key_page(queries.anybody_in)


@require_GET
@anybody
def livelihood_public(request: HttpRequest, by: Actor, zone_code: str) -> HttpResponse:
    """A year's list: what is promised, how far it is, and how it looked before and looks now."""
    years = queries.public_years(zone_id=by.zone_id)
    today = local_date(timezone.now())
    year = number(request.GET.get("year")) or (years[0] if years else today.year)
    on = queries.day_of(min(max(year, 1900), 2200), today)
    rows = queries.public_items(zone_id=by.zone_id, year=year)
    listed = queries.year_of(zone_id=by.zone_id, year=year, on=on, rows=rows)
    context = {
        "zone_name": by.name,
        "zone_code": zone_code,
        "year": year,
        "on": on,
        "years": [(str(one), str(one), None) for one in years],
        "groups": [
            (category, [line_of(one) for one in items])
            for category, items in listed.categories
            if items
        ],
        "total": len(listed.items),
        "completed": listed.completed,
        "on_schedule": listed.count(Schedule.ON_SCHEDULE),
        "pictures": queries.public_pictures(zone_id=by.zone_id, year=year),
    }
    return render(request, "projects/livelihood_public.html", context)


@require_GET
@anybody
def livelihood_public_picture(
    request: HttpRequest, by: Actor, zone_code: str, picture_id: int
) -> HttpResponseBase:
    """A picture marked public; found as a resident sees it, its bytes fetched for them."""
    picture = found(queries.public_picture(zone_id=by.zone_id, picture_id=picture_id))
    with on_behalf(by):
        file = StoredFile.objects.get(zone_id=by.zone_id, pk=picture.file_id)
    return picture_response(file, picture)
