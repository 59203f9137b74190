"""A sheet of buildings, units and tenants: looked at first, then taken over at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.access import carriers as access
from xiaoer.assets.actions import Fate
from xiaoer.assets.pages.carrier_forms import staff
from xiaoer.base.doors import found, go
from xiaoer.base.models import StoredFile
from xiaoer.base.pages import forms
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

SHOWN = 500
SHEETS = 20
STAYS = 50


@staff
def carrier_import(request: HttpRequest, by: Actor) -> HttpResponse:
    """Choose a sheet, look at what would become of each row, take the good ones over."""
    access.must_keep_carriers(by)
    if request.method != "POST":
        return render(request, "assets/carrier_import.html", _sheets(by))
    if (number := forms.number(request.POST.get("take_back"))) is not None:
        return _take_back(request, by, number)
    kept = forms.number(request.POST.get("file"))
    if kept is not None:
        file = found(StoredFile.objects.filter(zone_id=by.zone_id, pk=kept).first())
        taken = assets.import_units(
            by=by, now=timezone.now(), file=file, name=forms.text(request, "name", longest=150)
        )
        messages.success(
            request,
            _("%(created)d units entered, %(changed)d changed, %(unchanged)d as they were, %(rejected)d rows left out.")
            % {name: taken.count(name) for name in ("created", "changed", "unchanged", "rejected")},
        )  # fmt: skip
        if taken.tenants("let") or taken.tenants("left"):
            messages.info(
                request,
                _("%(let)d units let by the leases of the sheet, %(left)d tenants left out.")
                % {name: taken.tenants(name) for name in ("let", "left")},
            )
        return go(request, reverse("building_list"))
    sheet = request.FILES.get("sheet")
    if sheet is None:
        raise Refused(_("Choose a file first."), field="sheet")
    look = assets.look_at_units(by=by, now=timezone.now(), upload=sheet)
    # Rows that will be left out stand first: they are what somebody must look at.
    rows = sorted(look.fates, key=lambda fate: (not _is_left(fate), fate.row.row_no))
    ready = len(look.fates) - look.count("rejected")
    context = {
        "look": look,
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "ready": ready,
        "counts": [
            (_("new"), look.count("created"), "green"),
            (_("changed"), look.count("changed"), "amber"),
            (_("as it was"), look.count("unchanged"), "grey"),
            (_("row not taken"), look.count("rejected"), "red"),
        ],
        "words": {
            "created": ("green", _("new")), "changed": ("amber", _("changed")),
            "unchanged": ("grey", _("as it was")), "rejected": ("red", _("row not taken")),
        },
        "tenants": [
            (_("let by the sheet"), look.tenants("let"), "green"),
            (_("let already"), look.tenants("same"), "grey"),
            (_("tenant left out"), look.tenants("left"), "red"),
        ],
        "tenant_words": {
            "let": ("green", _("let by the sheet")), "same": ("grey", _("let already")),
            "left": ("red", _("tenant left out")),
        },
        "name": (sheet.name or "")[:150],
    }  # fmt: skip
    return render(request, "assets/carrier_import.html", context)


def _sheets(by: Actor) -> dict[str, object]:
    return {
        "look": None,
        "sheets": queries.unit_sheets(zone_id=by.zone_id)[:SHEETS],
        "most_stays": STAYS,
    }


def _take_back(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    sheet = found(queries.unit_sheets(zone_id=by.zone_id).filter(pk=number).first())
    row = assets.take_back_units(by=by, now=timezone.now(), sheet=sheet)
    if row.stays:
        messages.warning(
            request,
            ngettext(
                "The sheet was taken back; %(num)d record stays, with the reason below.",
                "The sheet was taken back; %(num)d records stay, with the reasons below.",
                len(row.stays),
            )
            % {"num": len(row.stays)},
        )
    else:
        messages.success(request, _("The sheet was taken back; nothing of it is left."))
    return go(request, reverse("carrier_import"))


def _is_left(fate: Fate) -> bool:
    """Whether the row, or the tenant it names, is left out."""
    return fate.outcome == "rejected" or (fate.tenant is not None and fate.tenant.outcome == "left")
