"""Powers of attorney of agency service (帮办代办): kept, shown, ended."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from xiaoer.base import files
from xiaoer.base import queries as base
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Post, Role
from xiaoer.base.pages.forms import must_day, number, text
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import actions as permits
from xiaoer.permits.models import AgencyMandate
from xiaoer.permits.pages.point_reading import (
    case_typed,
    must_party,
    thing_options,
    things_typed,
)
from xiaoer.permits.queries import points as queries
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)
PAGE = 50
SHEET = (
    Column("party", gettext_lazy("Principal"), 30),
    Column("agent", gettext_lazy("Agent"), 24),
    Column("scope", gettext_lazy("For what"), 30),
    Column("valid_from", gettext_lazy("From"), 12, Kind.DATE),
    Column("valid_until", gettext_lazy("Until"), 12, Kind.DATE),
    Column("ended_on", gettext_lazy("Taken back"), 18, Kind.DATETIME),
    Column("why", gettext_lazy("Why"), 24),
)


@readers
def mandate_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Powers of attorney, those in force first asked for."""
    everything = request.GET.get("state") == "all"
    words = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    today = timezone.localdate()
    rows = queries.mandates(zone_id=by.zone_id, on=None if everything else today, words=words)
    names = dict(queries.things_offered(zone_id=by.zone_id).values_list("code", "name"))
    if request.GET.get("export"):
        lines = (_cells(one, names) for one in rows.iterator(chunk_size=2000))
        return sheet_response(request.GET["export"], str(_("Powers of attorney")), SHEET, lines)
    shown = Paginator(rows, PAGE).get_page(number(request.GET.get("page")) or 1)
    context = {
        "rows": [(one, scope_words(one, names)) for one in shown.object_list],
        "page": shown.number,
        "pages": shown.paginator.num_pages,
        "total": shown.paginator.count,
        "everything": everything,
        "words": words,
        "today": today,
        "serves": by.is_staff,
    }
    return render(request, "permits/mandates.html", context)


def scope_words(mandate: AgencyMandate, names: dict[str, str]) -> str:
    if mandate.case is not None:
        return _("case %(number)s") % {"number": mandate.case.number}
    if not mandate.things:
        return _("every thing")
    return "、".join(names.get(code, code) for code in mandate.things)


def _cells(one: AgencyMandate, names: dict[str, str]) -> tuple[object, ...]:
    return (
        one.party.name, one.agent_name, scope_words(one, names), one.valid_from, one.valid_until,
        one.ended_at, one.ended_why,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def mandate_new(request: HttpRequest, by: Actor) -> HttpResponse:
    """Keep a signed power of attorney."""
    if request.method == "POST":
        return _give(request, by)
    today = timezone.localdate()
    posts = base.posts_in_force(zone_id=by.zone_id, on=today)
    context = {
        "people": [
            (post.pk, f"{post.person.name} · {post.office.name}") for post in posts if post.office
        ],
        "mine": by.post_id,
        "things": thing_options(by),
        "today": today,
        "firm": request.GET.get("firm", ""),
    }
    return render(request, "permits/mandate_new.html", context)


def _give(request: HttpRequest, by: Actor) -> HttpResponse:
    paper = request.FILES.get("file")
    if paper is None:
        raise Refused(_("Choose the signed power of attorney."), field="file")
    firm = text(request, "agent_firm", longest=120)
    post = Post.objects.filter(
        zone_id=by.zone_id, pk=number(request.POST.get("agent_post")) or 0
    ).select_related("person")
    row = permits.give_mandate(
        by=by,
        now=timezone.now(),
        party=must_party(request, by, "firm"),
        upload=paper,
        file_name=paper.name or "",
        valid_from=must_day(request, "valid_from"),
        valid_until=must_day(request, "valid_until"),
        agent_post=None if firm else post.first(),
        agent_party=must_party(request, by, "agent_firm") if firm else None,
        things=things_typed(request, by),
        case=case_typed(request, by),
    )
    said = _("%(agent)s acts for %(party)s until %(day)s.")
    messages.success(
        request,
        said % {"agent": row.agent_name, "party": row.party.name, "day": row.valid_until},
    )
    return go(request, reverse("mandate", args=[row.pk]))


@require_http_methods(["GET", "POST"])
@readers
def mandate(request: HttpRequest, by: Actor, mandate_id: int) -> HttpResponse:
    """One power of attorney; it is ended here."""
    row = found(queries.mandate_of(by=by, mandate_id=mandate_id))
    if request.method == "POST":
        permits.end_mandate(
            by=by, now=timezone.now(), mandate=row, reason=request.POST.get("reason", "")
        )
        messages.success(request, _("The mandate is ended."))
        return go(request, reverse("mandate", args=[row.pk]))
    names = dict(queries.things_offered(zone_id=by.zone_id).values_list("code", "name"))
    context = {
        "row": row,
        "scope": scope_words(row, names),
        "today": timezone.localdate(),
        "serves": by.is_staff,
    }
    return render(request, "permits/mandate.html", context)


@readers
def mandate_file(request: HttpRequest, by: Actor, mandate_id: int) -> HttpResponseBase:
    """The paper as it was signed."""
    row = found(queries.mandate_of(by=by, mandate_id=mandate_id))
    return files.kept_paper(row.file, row.file_name)
