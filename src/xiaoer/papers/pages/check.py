"""Is this paper true? Asked by whoever holds it, without signing in and without scripts."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xiaoer.base.doors import found, key_page, unkept
from xiaoer.base.pages import forms
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.papers import queries
from xiaoer.registry.guessing import counts_wrong_codes, must_not_guess, wrong_code
from xiaoer.web.words import local_date


def check_paper(request: HttpRequest, code: str) -> HttpResponseBase:
    """By the code on the paper. A code nobody gave out gets a page that says so."""
    try:
        return _by_code(request, code=code)
    except Http404:
        return render(request, "papers/check_unknown.html", status=404)


@require_GET
@key_page(queries.find_paper)
def _by_code(request: HttpRequest, by: Actor, code: str) -> HttpResponse:
    return _shown(request, by)


def _shown(request: HttpRequest, by: Actor) -> HttpResponse:
    today = local_date(timezone.now())
    context = {"paper": found(queries.checked(by=by, on=today)), "today": today}
    return render(request, "papers/checked.html", context)


@require_http_methods(["GET", "POST"])
@counts_wrong_codes
def check(request: HttpRequest) -> HttpResponseBase:
    """By number and holder, typed as they stand on it; after a few misses an address has to wait."""
    if request.method != "POST":
        return render(request, "papers/check.html", {"typed": {}, "error": ""})
    try:
        must_not_guess(request)
        by = queries.find_by_number(*_typed(request))
        if by is None:
            wrong_code(request)
            raise Refused(
                _(
                    "We issued no licence with this number to this holder. Compare both with the"
                    " paper, sign by sign; if they are the same, the paper is not ours."
                )
            )
    except Refused as refusal:
        context = {"typed": request.POST, "error": str(refusal)}
        return render(request, "papers/check.html", context, status=422)
    with acting(by):
        return unkept(_shown(request, by))


def _typed(request: HttpRequest) -> tuple[str, str]:
    return (
        forms.text(request, "number", longest=60, required=_("Type the number of the licence.")),
        forms.text(request, "holder", longest=120, required=_("Type who holds it.")),
    )
