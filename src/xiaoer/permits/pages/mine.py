"""Our applications of an enterprise that is signed in; and, for staff, what applicants say of them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Zone
from xiaoer.base.pages.forms import number, text
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import actions as permits
from xiaoer.permits import applicant_access as access
from xiaoer.permits.models import Case, Rating
from xiaoer.permits.pages.drafting import SCORES
from xiaoer.permits.queries import applying as queries
from xiaoer.permits.thing_words import name_of
from xiaoer.registry.models import Party
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import day

PAGE = 50
State = Case.State
speaker = page(*access.SPEAKS)
staff = page(*STAFF_ROLES)
SHEET = (
    Column("number", gettext_lazy("Number"), 18),
    Column("thing", gettext_lazy("One thing"), 30),
    Column("state", gettext_lazy("State"), 20),
    Column("submitted", gettext_lazy("Submitted"), 16, Kind.DATE),
    Column("accepted", gettext_lazy("Accepted"), 16, Kind.DATE),
    Column("decided", gettext_lazy("Decided"), 16, Kind.DATE),
)
RATINGS = (
    Column("at", gettext_lazy("Rated on"), 14, Kind.DATE),
    Column("score", gettext_lazy("Rating"), 8, Kind.NUMBER),
    Column("words", gettext_lazy("In their words"), 44),
    Column("number", gettext_lazy("Number"), 18),
    Column("thing", gettext_lazy("One thing"), 30),
    Column("answer", gettext_lazy("Answer"), 44),
)


@require_GET
@speaker
def my_cases(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every application of ours: those that wait for us are told by their light."""
    state = request.GET.get("state", "")
    state = state if state in {"open", "ours", "ended"} else ""
    rows = queries.my_cases(zone_id=by.zone_id, party_id=by.party_ref or 0, state=state)
    if request.GET.get("export") in {"xlsx", "csv"}:
        lines = (_sheet_line(one) for one in rows.iterator())
        return sheet_response(request.GET["export"], _("Our applications"), SHEET, lines)
    shown = Paginator(rows, PAGE).get_page(number(request.GET.get("page")) or 1)
    context = {
        "party": found(Party.objects.filter(pk=by.party_ref or 0).first()),
        "zone_code": Zone.objects.get(pk=by.zone_id).code,
        "party_id": by.party_ref,
        "rows": [_line(one) for one in shown.object_list],
        "state": state,
        "states": [
            (None, _("All"), None),
            ("ours", _("Wait for us"), None),
            ("open", _("Under way"), None),
            ("ended", _("Closed"), None),
        ],
        "page": shown.number,
        "pages": shown.paginator.num_pages,
        "total": shown.paginator.count,
    }
    return render(request, "permits/my_cases.html", context)


def _sheet_line(case: Case) -> tuple[Any, ...]:
    return (
        case.number,
        name_of(case.thing_version.thing),
        str(State(case.state).label),
        case.submitted_at,
        case.accepted_at,
        case.decided_at,
    )


def _line(case: Case) -> tuple[Case, str, str, str]:
    """A case with its name, its light, and the day that matters next."""
    name = name_of(case.thing_version.thing)
    notice = getattr(case, "supplement", None)
    if case.state == State.SUPPLEMENT and notice is not None:
        return case, name, "amber", _("answer by %(day)s") % {"day": day(notice.due_at)}
    if case.state == State.DRAFT:
        return case, name, "grey", _("to be submitted")
    closed = case.closed_at or case.issued_at or case.decided_at or case.submitted_at
    return case, name, "green", day(closed) if closed else ""


@require_GET
@speaker
def my_cases_card(request: HttpRequest, by: Actor) -> HttpResponse:
    """The card of the enterprise's own page: the newest that are not closed."""
    rows = queries.my_cases(zone_id=by.zone_id, party_id=by.party_ref or 0, state="open")[:5]
    context = {
        "rows": [_line(one) for one in rows],
        "zone_code": Zone.objects.get(pk=by.zone_id).code,
        "party_id": by.party_ref,
    }
    return render(request, "permits/_my_cases.html", context)


# 好差评 -------------------------------------------------------------------------------------------


@require_GET
@staff
def ratings(request: HttpRequest, by: Actor) -> HttpResponse:
    """What applicants say, with what was found and answered."""
    show = request.GET.get("show", "")
    show = show if show in {"bad", "open"} else ""
    rows = queries.ratings(zone_id=by.zone_id, show=show)
    if request.GET.get("export") in {"xlsx", "csv"}:
        lines = (_rating_line(one) for one in rows.iterator())
        return sheet_response(request.GET["export"], _("Ratings"), RATINGS, lines)
    shown = Paginator(rows, 20).get_page(number(request.GET.get("page")) or 1)
    context = {
        "rows": shown.object_list,
        "scores": {int(score): words for score, words in SCORES.items()},
        "summary": queries.rating_sum(zone_id=by.zone_id, now=timezone.now()),
        "show": show,
        "shows": [
            (None, _("All"), None),
            ("bad", _("Bad"), None),
            ("open", _("Bad, not answered"), None),
        ],
        "may_answer": access.may_answer_ratings(by),
        "page": shown.number,
        "pages": shown.paginator.num_pages,
        "total": shown.paginator.count,
    }
    return render(request, "permits/ratings.html", context)


def _rating_line(one: Rating) -> tuple[Any, ...]:
    case = one.case
    return (
        one.at,
        one.score,
        one.words,
        case.number,
        case.thing_version.thing.name,
        one.answer,
    )


@require_POST
@page(*access.ANSWERS_RATINGS)
def rating_answer(request: HttpRequest, by: Actor, rating_id: int) -> HttpResponse:
    """Answer a rating."""
    rating = found(Rating.objects.filter(zone_id=by.zone_id, pk=rating_id).first())
    found_words = request.POST.get("upheld")
    if found_words not in {"yes", "no"}:
        raise Refused(_("Say whether it was found true."), field="upheld")
    permits.answer_rating(
        by=by,
        now=timezone.now(),
        rating=rating,
        is_upheld=found_words == "yes",
        answer=text(request, "answer", longest=500),
    )
    return go(request, f"{reverse('ratings')}#rating-{rating.pk}")
