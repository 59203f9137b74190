"""The papers given with a case, opened by those who handle it: the file, its pages, what was read."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xiaoer.base import files
from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import queries as papers
from xiaoer.papers.access import sets_kinds
from xiaoer.permits import case_access as access
from xiaoer.permits.models import CaseMaterial
from xiaoer.permits.queries import case_papers as queries
from xiaoer.permits.wording import read_definition

staff = page(*STAFF_ROLES)


def opened(by: Actor, material_id: int) -> CaseMaterial:
    """A paper of a case the asker handles."""
    material = found(queries.material_of(zone_id=by.zone_id, material_id=material_id))
    definition = read_definition(material.case.thing_version.body)
    access.must_open_papers(by, material.case, queries.offices_named(definition))
    return material


@require_GET
@staff
def case_material(request: HttpRequest, by: Actor, material_id: int) -> HttpResponse:
    """One paper: its pages, with what was read off it beside them."""
    shown = queries.paper_shown(opened(by, material_id))
    context = {
        "case": shown.material.case,
        "shown": shown,
        "why": papers.why_words(shown.reading.why) if shown.reading and shown.reading.why else "",
        "signs": [papers.sign_words(one["code"]) for one in shown.reading.signs]
        if shown.reading
        else [],
        "sheets": range(1, shown.pages + 1),
        "opens_reading": sets_kinds(by),
    }
    return render(request, "permits/case_material.html", context)


@require_GET
@staff
def case_material_file(request: HttpRequest, by: Actor, material_id: int) -> HttpResponseBase:
    """The file as it was given."""
    material = opened(by, material_id)
    return files.shown_inside(found(queries.file_of(material)), queries.file_name(material))


@require_GET
@staff
def case_material_page(
    request: HttpRequest, by: Actor, material_id: int, number: int
) -> HttpResponse:
    """The picture of one page, each found field in its box."""
    material = opened(by, material_id)
    file = found(queries.file_of(material))
    if not 1 <= number <= papers.pages_of_file(file):
        found(None)
    try:
        content = papers.page_shown(file, number, queries.reading_of(material))
    except Refused:
        # What cannot be drawn as it was read is shown as it is.
        content = papers.page_shown(file, number)
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = "private, max-age=300"
    return response
