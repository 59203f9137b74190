"""Kinds, sheets, platforms, honours, lists and technology contracts."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, go
from xiaoer.base.pages import forms
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access, queries
from xiaoer.growth import actions as growth
from xiaoer.growth.models import Level, ListMember, TechContract, TitleKind, TitleSheet
from xiaoer.growth.pages import title_forms
from xiaoer.growth.pages.title_forms import readers, staff
from xiaoer.growth.pages.titles import today
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

REJECTS = (
    Column("row_no", gettext_lazy("Row"), 8, Kind.NUMBER),
    Column("what", gettext_lazy("What it says"), 60),
    Column("reason", gettext_lazy("Reason"), 40),
    Column("advice", gettext_lazy("What to do"), 40),
)
CONTRACTS = (
    Column("number", gettext_lazy("Contract number"), 22),
    Column("party.name", gettext_lazy("Enterprise"), 30),
    Column("registered_on", gettext_lazy("Contract registered on"), 12, Kind.DATE),
    Column("name", gettext_lazy("Name"), 30),
    Column("counterpart", gettext_lazy("Counterpart"), 24),
    Column("amount", gettext_lazy("Amount (yuan)"), 16, Kind.NUMBER),
)
MEMBERS = (
    Column("name", gettext_lazy("Enterprise"), 30),
    Column("project", gettext_lazy("Project"), 30),
    Column("since", gettext_lazy("Since"), 12, Kind.DATE),
    Column("until", gettext_lazy("Until"), 12, Kind.DATE),
    Column("reason", gettext_lazy("Reason"), 36),
)


@readers
def title_kinds(request: HttpRequest, by: Actor) -> HttpResponse:
    """The kinds of titles: how long they hold, their source, and how far the register is complete."""
    counts = queries.kind_counts(zone_id=by.zone_id, families=(), on=today(), year=today().year)
    context = {
        "rows": counts,
        "families": dict(TitleKind.Family.choices),
        "rules": queries.rules_of_kinds(zone_id=by.zone_id, kinds=[row.kind for row in counts]),
        "name_of": title_forms.name_of,
        "may_keep": access.keeps_titles(by),
        "today": today(),
    }
    return render(request, "growth/title_kinds.html", context)


@require_POST
@staff
def title_kind_do(request: HttpRequest, by: Actor, title_kind_id: int) -> HttpResponse:
    """Say that the register of a kind is complete, or take that back."""
    kind = found(TitleKind.objects.filter(zone_id=by.zone_id, pk=title_kind_id).first())
    growth.declare_complete(
        by=by, now=timezone.now(), kind=kind, complete_on=forms.day(request, "complete_on")
    )
    return go(request, reverse("title_kinds"))


@staff
def title_sheets(request: HttpRequest, by: Actor) -> HttpResponse:
    """Choose a sheet of titles or contracts; below, those brought in before."""
    if request.method == "POST":
        upload = request.FILES.get("paper")
        if not isinstance(upload, UploadedFile):
            raise Refused(_("Choose a sheet first: .xlsx, .xls, .csv or .json."), field="paper")
        made = growth.preview_titles(
            by=by,
            now=timezone.now(),
            stream=upload,
            file_name=(upload.name or _("sheet")).replace("\x00", ""),
            holds=request.POST.get("holds", ""),
        )
        return go(request, reverse("title_sheet", args=[made.pk]))
    context = {
        "rows": queries.title_sheets(zone_id=by.zone_id)[:50],
        "holds": TitleSheet.Holds.choices,
        "may_keep": access.keeps_titles(by),
    }
    return render(request, "growth/title_sheets.html", context)


@staff
def title_sheet(request: HttpRequest, by: Actor, title_sheet_id: int) -> HttpResponseBase:
    """What would become, or became, of each row of a sheet."""
    row = found(queries.title_sheet(zone_id=by.zone_id, sheet_id=title_sheet_id))
    if request.GET.get("export"):
        rejected = [
            (one["row_no"], one["what"], one["reason"], one["advice"])
            for one in row.rows
            if one["outcome"] == "rejected"
        ]
        return sheet_response(request.GET["export"], _("Rejected rows"), REJECTS, rejected)
    outcome = request.GET.get("outcome")
    context = {
        "row": row,
        "rows": [one for one in row.rows if outcome in (None, "", one["outcome"])][:300],
        "outcome": outcome,
        "outcomes": [
            (None, _("all"), len(row.rows)),
            ("created", _("new"), row.created),
            ("unchanged", _("unchanged"), row.unchanged),
            ("rejected", _("rejected"), row.rejected),
        ],
        "words": {
            "created": _("new"), "unchanged": _("unchanged"), "rejected": _("rejected"),
        },
    }  # fmt: skip
    return render(request, "growth/title_sheet.html", context)


@require_POST
@staff
def title_sheet_commit(request: HttpRequest, by: Actor, title_sheet_id: int) -> HttpResponse:
    row = found(queries.title_sheet(zone_id=by.zone_id, sheet_id=title_sheet_id))
    growth.commit_titles(by=by, now=timezone.now(), sheet=row)
    return go(request, reverse("title_sheet", args=[row.pk]))


@readers
def platforms(request: HttpRequest, by: Actor) -> HttpResponse:
    """Platforms, carriers and plants by kind and level, and what grew out of what."""
    on = today()
    year = forms.number(request.GET.get("year")) or on.year
    families = queries.PLATFORM_FAMILIES
    rows = queries.kind_counts(zone_id=by.zone_id, families=families, on=on, year=year)
    context = {
        "groups": [
            (words, [row for row in rows if row.kind.family == family])
            for family, words in TitleKind.Family.choices
            if family in families
        ],
        "levels": [
            (
                words,
                sum(row.in_force for row in rows if row.kind.level == level),
                sum(row.new for row in rows if row.kind.level == level),
            )
            for level, words in Level.choices
        ],
        "year": year,
        "years": [(one, str(one)) for one in range(on.year, on.year - 6, -1)],
        "upgraded": queries.upgraded(zone_id=by.zone_id),
        "name_of": title_forms.name_of,
        "may_keep": access.keeps_titles(by),
    }
    return render(request, "growth/platforms.html", context)


@readers
def honours(request: HttpRequest, by: Actor) -> HttpResponse:
    """Honours of the zone itself: whose only one it is, and how many years in a row."""
    context = {
        "rows": queries.honours(zone_id=by.zone_id),
        "name_of": title_forms.name_of,
        "may_keep": access.keeps_titles(by),
    }
    return render(request, "growth/honours.html", context)


@readers
def firm_lists(request: HttpRequest, by: Actor) -> HttpResponse:
    """Lists of the years; a new one is opened below."""
    if request.method == "POST":
        made = growth.open_list(
            by=by,
            now=timezone.now(),
            code=forms.text(request, "code", longest=60),
            name=forms.text(request, "name", longest=100),
            level=request.POST.get("level", ""),
            year=forms.whole(request, "year", least=2000, most=2100),
            is_of_projects=request.POST.get("is_of_projects") == "yes",
            document=forms.text(request, "document", longest=200),
            document_no=forms.text(request, "document_no", longest=80),
        )
        return go(request, reverse("firm_list", args=[made.pk]))
    context = {
        "rows": queries.firm_lists(zone_id=by.zone_id)[:200],
        "levels": Level.choices,
        "year": today().year,
        "may_keep": access.keeps_titles(by),
    }
    return render(request, "growth/firm_lists.html", context)


@readers
def firm_list(request: HttpRequest, by: Actor, firm_list_id: int) -> HttpResponseBase:
    """Who stands on a list, and who left it."""
    row = found(queries.firm_list(zone_id=by.zone_id, list_id=firm_list_id))
    if request.method == "POST":
        growth.add_member(
            by=by,
            now=timezone.now(),
            firm_list=row,
            party=found(title_forms.party_typed(request, by)),
            since=forms.day(request, "since") or today(),
            project=forms.text(request, "project", longest=120),
        )
        return go(request, reverse("firm_list", args=[row.pk]))
    members = queries.list_members(firm_list=row)
    if request.GET.get("export"):
        cells = ((one.party.name, one.project, one.since, one.until, one.reason) for one in members)
        return sheet_response(request.GET["export"], row.name, MEMBERS, cells)
    context = {
        "row": row,
        "members": members[:500],
        "may_keep": access.keeps_titles(by),
        "today": today(),
    }
    return render(request, "growth/firm_list.html", context)


@require_POST
@staff
def list_member_remove(request: HttpRequest, by: Actor, member_id: int) -> HttpResponse:
    member = found(ListMember.objects.filter(zone_id=by.zone_id, pk=member_id).first())
    growth.remove_member(
        by=by,
        now=timezone.now(),
        member=member,
        until=forms.day(request, "until") or today(),
        reason=forms.text(request, "reason", longest=300),
    )
    return go(request, reverse("firm_list", args=[member.firm_list_id]))


@readers
def tech_contracts(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Technology contracts of a year: how many, how much, and against the year before."""
    on = today()
    year = forms.number(request.GET.get("year")) or on.year
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    if request.method == "POST":
        growth.register_contract(
            by=by,
            now=timezone.now(),
            number=forms.text(request, "number", longest=40),
            registered_on=forms.must_day(request, "registered_on"),
            party=found(title_forms.party_typed(request, by)),
            amount_fen=title_forms.money_typed(request, "amount"),
            kind=request.POST.get("kind", ""),
            name=forms.text(request, "name", longest=200),
            counterpart=forms.text(request, "counterpart", longest=120),
        )
        return go(request, reverse("tech_contracts"))
    if request.GET.get("export"):
        cells = (
            (
                row.number, row.party.name, row.registered_on, row.name, row.counterpart,
                row.amount_fen / 100,
            )
            for row in queries.every_contract(zone_id=by.zone_id, year=year, text=text)
        )  # fmt: skip
        return sheet_response(request.GET["export"], _("Technology contracts"), CONTRACTS, cells)
    context = {
        "figures": queries.contract_year(zone_id=by.zone_id, year=year, on=on),
        "shown": queries.contract_page(
            zone_id=by.zone_id, year=year, text=text, after=request.GET.get("after")
        ),
        "started": "after" in request.GET,
        "year": year,
        "years": [(one, str(one)) for one in range(on.year, on.year - 6, -1)],
        "text": text,
        "kinds": TechContract.Kind.choices,
        "yuan": title_forms.yuan,
        "may_keep": access.keeps_titles(by),
    }
    return render(request, "growth/tech_contracts.html", context)


@require_POST
@staff
def tech_contract_take_back(request: HttpRequest, by: Actor, tech_contract_id: int) -> HttpResponse:
    row = found(queries.contract(zone_id=by.zone_id, contract_id=tech_contract_id))
    growth.take_back_contract(
        by=by, now=timezone.now(), contract=row, reason=forms.text(request, "reason", longest=300)
    )
    return go(request, reverse("tech_contracts"))
