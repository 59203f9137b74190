"""机构: departments, command offices (指挥部) and task forces (专班), with their leads and members."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiaoer.base import access, files, queries
from xiaoer.base import actions as base
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Office, Person, Post, Role
from xiaoer.base.pages import forms
from xiaoer.base.pages.people import READERS, now, staff_roles, today
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import listed

KINDS = [(str(kind), kind.label) for kind in Office.Kind]
SHEET = (
    Column("office.name", gettext_lazy("Office"), 24),
    Column("kind", gettext_lazy("Kind"), 14),
    Column("lead_names", gettext_lazy("Led by"), 20),
    Column("posts", gettext_lazy("Posts"), 8, Kind.NUMBER),
    Column("office.purpose", gettext_lazy("Purpose"), 40),
    Column("office.since", gettext_lazy("From"), 12, Kind.DATE),
    Column("office.until", gettext_lazy("Ends"), 12, Kind.DATE),
)


class _SheetRow:
    def __init__(self, row: queries.OfficeRow) -> None:
        self.office, self.posts = row.office, row.posts
        self.kind = str(row.office.get_kind_display())
        self.lead_names = listed(lead.name for lead in row.leads)


@require_GET
@page(*READERS)
def office_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    kind = request.GET.get("kind", "")
    closed = request.GET.get("closed") == "yes"
    rows = queries.office_rows(zone_id=by.zone_id, on=today(), kind=kind, closed=closed)
    if request.GET.get("export"):
        sheet = (_SheetRow(row) for row in rows)
        return sheet_response(request.GET["export"], _("Offices"), SHEET, sheet)
    return render(
        request,
        "base/office_list.html",
        {
            "rows": rows,
            "kind": kind,
            "closed": closed,
            "kinds": KINDS,
            "administers": access.is_administrator(by),
        },
    )


@require_http_methods(["GET", "POST"])
@page(*STAFF_ROLES)
def office_open(request: HttpRequest, by: Actor) -> HttpResponse:
    """Open an office; a task force or command office carries its purpose and its days."""
    access.must_be_administrator(by)
    if request.method == "GET":
        chosen = request.GET.get("kind", "task_force")
        return render(request, "base/office_open.html", {"kinds": KINDS, "chosen": chosen})
    office = base.open_office(
        by=by,
        now=now(),
        name=forms.text(request, "name", longest=60, required=_("Type the office's name.")),
        kind=forms.choice(request, "kind", [kind for kind, _words in KINDS]),
        name_en=forms.text(request, "name_en", longest=120),
        purpose=forms.text(request, "purpose", longest=200),
        order=forms.whole(request, "order", least=0, most=999),
        since=forms.day(request, "since"),
        until=forms.day(request, "until"),
    )
    return go(request, reverse("office", args=[office.pk]))


def _office(by: Actor, office_id: int) -> Office:
    return found(Office.objects.filter(zone_id=by.zone_id, pk=office_id).first())


@require_GET
@page(*READERS)
def office(request: HttpRequest, by: Actor, office_id: int) -> HttpResponse:
    """One office: who leads, who belongs, since when, and who did before."""
    shown = _office(by, office_id)
    posts = list(
        Post.objects.filter(zone_id=by.zone_id, office=shown)
        .select_related("person")
        .order_by("-is_lead", "since", "id")
    )
    members = [post for post in posts if post.until is None or post.until >= today()]
    return render(
        request,
        "base/office.html",
        {
            "office": shown,
            "members": members,
            "papers": files.papers_of(by=by, table="office", number=office_id),
            "former": [post for post in posts if post not in members],
            "today": today(),
            "manages": _manages(by, shown),
            "do": request.GET.get("do", ""),
            "kind": shown.get_kind_display(),
            "roles": staff_roles(by),
            "people": [
                (one.pk, f"{one.name}　{one.work_no}")
                for one in queries.people(zone_id=by.zone_id).filter(left_on=None)
            ],
        },
    )


def _manages(by: Actor, office: Office) -> bool:
    return access.is_administrator(by) or (by.is_lead and by.office_id == office.pk)


@require_POST
@page(*STAFF_ROLES)
def office_change(request: HttpRequest, by: Actor, office_id: int) -> HttpResponse:
    base.change_office(
        by=by,
        now=now(),
        office=_office(by, office_id),
        version=forms.number(request.POST.get("version")) or 0,
        name=forms.text(request, "name", longest=60, required=_("Type the office's name.")),
        name_en=forms.text(request, "name_en", longest=120),
        purpose=forms.text(request, "purpose", longest=200),
        order=forms.whole(request, "order", least=0, most=999),
        since=forms.day(request, "since"),
        until=forms.day(request, "until"),
    )
    return go(request, reverse("office", args=[office_id]))


@require_POST
@page(*STAFF_ROLES)
def office_close(request: HttpRequest, by: Actor, office_id: int) -> HttpResponse:
    base.close_office(
        by=by, now=now(), office=_office(by, office_id), until=forms.must_day(request, "until")
    )
    return go(request, reverse("office", args=[office_id]))


@require_POST
@page(*STAFF_ROLES)
def member_add(request: HttpRequest, by: Actor, office_id: int) -> HttpResponse:
    """Put a person of the zone into this office (a task force draws from all offices)."""
    person_id = forms.number(request.POST.get("person")) or 0
    member = Person.objects.filter(zone_id=by.zone_id, pk=person_id, left_on=None).first()
    if member is None:
        raise Refused(_("Choose a person of the list."), field="person")
    base.give_post(
        by=by,
        now=now(),
        person=member,
        role=Role(forms.choice(request, "role", [str(role) for role in STAFF_ROLES])),
        office=_office(by, office_id),
        title=forms.text(request, "title", longest=60),
        is_lead="is_lead" in request.POST,
        since=forms.day(request, "since"),
        until=forms.day(request, "until"),
    )
    return go(request, reverse("office", args=[office_id]))
