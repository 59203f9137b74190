"""我能看到什么，为什么; and the audit trail."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from xiaoer.base import queries, rights
from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages import forms
from xiaoer.base.queries import TrailFilter, TrailLine
from xiaoer.base.scope import Actor
from xiaoer.base.subjects import page_of, record_name
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

PAGE = 50
SHEET = (
    Column("at", gettext_lazy("Time"), 18, Kind.DATETIME),
    Column("who", gettext_lazy("Who"), 24),
    Column("post", gettext_lazy("Role of the post"), 14),
    Column("act", gettext_lazy("Did what"), 24),
    Column("kind", gettext_lazy("Kind of record"), 14),
    Column("subject", gettext_lazy("To what"), 30),
    Column("details", gettext_lazy("Details"), 60),
    Column("position", gettext_lazy("Place in the chain"), 14, Kind.NUMBER),
    Column("seal", gettext_lazy("Seal"), 68),
)


@require_GET
@page()
def what_may_i_see(request: HttpRequest, by: Actor) -> HttpResponse:
    """For everybody: each kind of record, how many of how many, by which rule of the database."""
    misses, latest = queries.own_misses(by=by)
    lines = rights.sights(by=by)
    return render(
        request,
        "base/what_may_i_see.html",
        {
            "seen": [line for line in lines if not line.sees_none],
            "unseen": [line for line in lines if line.sees_none],
            "reasons": rights.reasons(by=by),
            "open_lists": rights.open_lists(by=by),
            "onlookers": rights.onlookers(),
            "misses": misses,
            "latest": latest,
            "enough": rights.ENOUGH,
            "role": by.database_role,
        },
    )


class _SheetRow:
    def __init__(self, line: TrailLine) -> None:
        self.at, self.who, self.post, self.act = line.at, line.who, line.post, line.act
        self.kind, self.subject = record_name(line.subject_type), line.subject
        self.details, self.position, self.seal = line.details, line.position, line.seal


@require_GET
@page(*STAFF_ROLES, Role.CITY)
def journal(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The audit trail: who did what to what, whether it is sealed; as a page and as a sheet."""
    wanted = TrailFilter(
        words=request.GET.get("q", "").strip().replace("\x00", "")[:60],
        verb=request.GET.get("verb", "")[:60],
        subject_type=request.GET.get("kind", "")[:40],
        subject_id=forms.number(request.GET.get("number")),
        first=forms.day_of(request.GET.get("first")),
        last=forms.day_of(request.GET.get("last")),
    )
    lines = queries.trail(by=by, wanted=wanted)
    if request.GET.get("export"):
        rows = (_SheetRow(line) for line in queries.all_with_seals(lines, by=by))
        return sheet_response(request.GET["export"], _("Audit trail"), SHEET, rows)
    after = forms.number(request.GET.get("after"))
    shown = list((lines.filter(pk__lt=after) if after else lines)[: PAGE + 1])
    return render(
        request,
        "base/journal.html",
        {
            "lines": [
                (line, record_name(line.subject_type), page_of(line.subject_type, line.subject_id))
                for line in queries.with_seals(shown[:PAGE], by=by)
            ],
            "after": shown[PAGE - 1].pk if len(shown) > PAGE else None,
            "started": bool(after),
            "wanted": wanted,
            "verbs": queries.trail_verbs(by=by),
            "kinds": [(kind, record_name(kind)) for kind in queries.trail_subjects(by=by)],
            "seals": queries.seal_state(by=by),
            "reads_all": queries.reads_all(by),
        },
    )
