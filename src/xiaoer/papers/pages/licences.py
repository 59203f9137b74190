"""The register of licences, one licence, and its kinds."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages import forms
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.subjects import page_of, record_name
from xiaoer.papers import access, printing, queries, signing
from xiaoer.papers import actions as papers
from xiaoer.papers.models import Licence, LicenceKind, PaperKind
from xiaoer.papers.queries import STATES, LicenceFilter
from xiaoer.web.sending import attachment, sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import local_date

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)

SHEET = (
    Column("kind", gettext_lazy("Kind of licence"), 28),
    Column("licence.number", gettext_lazy("Number"), 26),
    Column("licence.holder_name", gettext_lazy("Holder"), 30),
    Column("licence.holder_code", gettext_lazy("Unified credit code"), 20),
    Column("licence.issuer", gettext_lazy("Issuer"), 26),
    Column("licence.issued_on", gettext_lazy("Issued on"), 12, Kind.DATE),
    Column("licence.valid_from", gettext_lazy("Valid from"), 12, Kind.DATE),
    Column("licence.valid_until", gettext_lazy("Valid until"), 12, Kind.DATE),
    Column("state", gettext_lazy("State"), 20),
    Column("automatic", gettext_lazy("Decided with nobody in between"), 12),
    Column("licence.identifier", gettext_lazy("Identifier of the platform"), 26),
)


def today() -> date:
    return local_date(timezone.now())


def name_of(row: LicenceKind | PaperKind) -> str:
    chinese = (get_language() or "zh").startswith("zh")
    return row.name if chinese or not row.name_en else row.name_en


def filters_of(request: HttpRequest) -> LicenceFilter:
    """What the address narrows the list by."""
    asked = request.GET
    state, handover = asked.get("state", "in_force"), asked.get("handover", "")
    year = forms.number(asked.get("year"))
    return LicenceFilter(
        kind=forms.number(asked.get("kind")),
        state=state if state in STATES or state == "all" else "in_force",
        year=year if year is not None and 1980 <= year <= 2200 else None,
        automatic={"yes": True, "no": False}.get(asked.get("automatic", "")),
        handover=handover if handover in Licence.Handover.values else "",
        text=asked.get("q", "").replace("\x00", "").strip()[:60],
    )


@readers
def licence_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Who holds what, with filters; the very list as a sheet."""
    filters, on = filters_of(request), today()
    if request.GET.get("export"):
        rows = queries.every_licence(zone_id=by.zone_id, filters=filters, on=on)
        return sheet_response(request.GET["export"], _("Licences"), SHEET, rows)
    context = {
        "filters": filters,
        "shown": queries.licence_page(
            zone_id=by.zone_id, filters=filters, on=on, after=request.GET.get("after")
        ),
        "started": "after" in request.GET,
        "states": [*STATES.items(), ("all", _("all"))],
        "kinds": [(row.pk, name_of(row)) for row in queries.kinds(zone_id=by.zone_id)],
        "years": [(str(year), str(year)) for year in range(on.year, on.year - 5, -1)],
        "handovers": Licence.Handover.choices,
        "automatic": [("yes", _("with nobody in between")), ("no", _("by a person"))],
        "name_of": name_of,
        "problem": signing.problem(timezone.now()) if by.is_staff else "",
    }
    return render(request, "papers/licence_list.html", context)


def _row(by: Actor, licence_id: int) -> Licence:
    return found(queries.licence(zone_id=by.zone_id, licence_id=licence_id))


@readers
def licence(request: HttpRequest, by: Actor, licence_id: int) -> HttpResponse:
    """One licence: what it says, what became of it, and what may be done."""
    row, on = _row(by, licence_id), today()
    about = page_of(row.subject_type, row.subject_id) if row.subject_id else None
    context = {
        "row": row,
        "kind": name_of(row.kind),
        "standing": queries.standing(row, on),
        "said": queries.said(row),
        "story": queries.licence_story(row),
        "about": about,
        "about_name": record_name(row.subject_type) if row.subject_type else "",
        "may_change": access.may_change(by, row)
        and row.state in (Licence.State.VALID, Licence.State.SUSPENDED),
        "may_send": by.is_staff and by.role in access.SENDERS,
        "on": on,
    }
    return render(request, "papers/licence.html", context)


@require_GET
@readers
def licence_file(request: HttpRequest, by: Actor, licence_id: int) -> HttpResponseBase:
    """The signed PDF."""
    row = _row(by, licence_id)
    return files.shown_inside(found(row.file), f"{row.kind.name} {row.number}.pdf")


@require_GET
@readers
def licence_sealed(request: HttpRequest, by: Actor, licence_id: int) -> HttpResponseBase:
    """The OFD the province's platform sealed."""
    row = _row(by, licence_id)
    return files.kept_paper(found(row.sealed_file), f"{row.kind.name} {row.number}.ofd")


TURNS = {
    "suspend": papers.suspend_licence,
    "restore": papers.restore_licence,
    "deregister": papers.deregister_licence,
    "revoke": papers.revoke_licence,
}


@require_POST
@staff
def licence_turn(request: HttpRequest, by: Actor, licence_id: int) -> HttpResponse:
    """Suspend, restore, deregister or revoke it, with the reason."""
    row = _row(by, licence_id)
    verb = TURNS.get(request.POST.get("do", ""))
    if verb is None:
        raise Refused(_("Choose what becomes of the licence."), field="do")
    verb(
        by=by,
        now=timezone.now(),
        licence=row,
        why=forms.text(request, "why", longest=500),
        document=forms.text(request, "document", longest=200),
        version=forms.number(request.POST.get("version")),
    )
    return go(request, reverse("licence", args=[row.pk]))


@staff
def licence_replace(request: HttpRequest, by: Actor, licence_id: int) -> HttpResponse:
    """Issue it anew under its number: with what changed, or for a longer time."""
    row = _row(by, licence_id)
    if request.method != "POST":
        access.must_change(by, row)
        return render(
            request,
            "papers/licence_replace.html",
            {"row": row, "kind": name_of(row.kind), "fields": _fields(row)},
        )
    typed = request.POST
    made = papers.replace_licence(
        by=by,
        now=timezone.now(),
        licence=row,
        changes=papers.Changes(
            holder_name=forms.text(request, "holder_name", longest=120) or None,
            holder_code=forms.text(request, "holder_code", longest=18),
            conditions=forms.text(request, "conditions", longest=500),
            valid_until=forms.day(request, "valid_until"),
            content={
                code: typed.get(f"content-{code}", "").strip()[:2000]
                for code, _name, _value in _fields(row)
            },
        ),
        why=forms.text(request, "why", longest=500),
        document=forms.text(request, "document", longest=200),
        is_extension=typed.get("is_extension") == "yes",
        version=forms.number(typed.get("version")),
    )
    return go(request, reverse("licence", args=[made.pk]))


def _fields(row: Licence) -> list[tuple[str, str, str]]:
    english = not (get_language() or "zh").startswith("zh")
    return [
        (
            one["code"],
            (one.get("name_en") if english else "") or one["name"],
            str(row.content.get(one["code"], "")),
        )
        for one in row.kind.fields
    ]


# Kinds -------------------------------------------------------------------------------------------


@readers
def licence_kinds(request: HttpRequest, by: Actor) -> HttpResponse:
    """What the zone issues: how numbers are made, how long each holds, on which source."""
    context = {
        "kinds": queries.kinds(zone_id=by.zone_id),
        "name_of": name_of,
        "today": today(),
        "may_set": access.sets_kinds(by),
    }
    return render(request, "papers/licence_kinds.html", context)


@staff
def licence_kind(request: HttpRequest, by: Actor, licence_kind_id: int) -> HttpResponse:
    """Change a kind: the form of its number, how long it holds, until when it is issued."""
    row = found(queries.kind(zone_id=by.zone_id, kind_id=licence_kind_id))
    if request.method != "POST":
        context = {"row": row, "kind": name_of(row), "may_set": access.sets_kinds(by)}
        return render(request, "papers/licence_kind.html", context)
    papers.change_licence_kind(
        by=by,
        now=timezone.now(),
        kind=row,
        number_form=forms.text(request, "number_form", longest=60),
        valid_months=_months(request),
        ended_on=forms.day(request, "ended_on"),
        type_code=forms.text(request, "type_code", longest=40),
        version=forms.number(request.POST.get("version")) or 0,
    )
    return go(request, reverse("licence_kinds"))


def _months(request: HttpRequest) -> int | None:
    if not request.POST.get("valid_months", "").strip():
        return None
    return forms.whole(request, "valid_months", least=1, most=600)


@require_GET
@readers
def licence_kind_preview(request: HttpRequest, by: Actor, licence_kind_id: int) -> HttpResponse:
    """How a licence of the kind looks, marked across the page as a preview and without a code."""
    row = found(queries.kind(zone_id=by.zone_id, kind_id=licence_kind_id))
    on = today()
    pdf = printing.preview_pdf(
        Licence(
            kind=row,
            zone_id=by.zone_id,
            number="××××",
            holder_name="示例持证主体",
            issuer=by.office or "发证机关",
            content=dict[str, Any](),
            issued_on=on,
            valid_from=on,
            valid_until=on + timedelta(days=365) if row.valid_months else None,
        ),
        made_at=timezone.now(),
    )
    response = attachment(pdf, f"{row.name} {printing.PREVIEW}.pdf", "application/pdf")
    response["Content-Disposition"] = "inline"
    return response


@require_POST
@staff
def licence_send(request: HttpRequest, by: Actor, licence_id: int) -> HttpResponse:
    """Let the platform be asked again at the next turn."""
    row = _row(by, licence_id)
    papers.ask_again(by=by, now=timezone.now(), licence=row)
    return go(request, reverse("licence", args=[row.pk]))
