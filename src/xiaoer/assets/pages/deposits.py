"""Deposits: statements read in, and money nobody knows yet."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets.access import lots as access
from xiaoer.assets.pages.lot_forms import bidder_typed, line_typed, yuan
from xiaoer.assets.queries import lots as queries
from xiaoer.base.doors import found, go, page
from xiaoer.base.pages import forms
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind

exchange = page(*access.EXCHANGE)
SHEET = (
    Column("line.at", gettext_lazy("Came at"), 18, Kind.DATETIME),
    Column("line.bank_number", gettext_lazy("Bank's number"), 24),
    Column("line.payer", gettext_lazy("Payer"), 30),
    Column("line.payer_account", gettext_lazy("Payer's account"), 24),
    Column("yuan", gettext_lazy("Amount, yuan"), 16, Kind.NUMBER),
    Column("line.remark", gettext_lazy("Remark"), 40),
    Column("lot", gettext_lazy("Lot"), 12),
    Column("bidder", gettext_lazy("Bidder"), 30),
)


@require_http_methods(["GET", "POST"])
@exchange
def deposits(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Read a statement in; whose money is not known yet; what was read in before."""
    if request.method == "POST":
        upload = request.FILES.get("paper")
        if upload is None:
            raise Refused(_("Choose the statement."), field="paper")
        made = assets.import_statement(
            by=by, now=timezone.now(), stream=upload, file_name=upload.name or "",
            account=forms.text(request, "account", longest=40),
        )  # fmt: skip
        count = made.result.get("taken", 0)
        messages.success(
            request,
            ngettext("%(count)d payment was new.", "%(count)d payments were new.", count)
            % {"count": count},
        )
        return go(request, reverse("deposit_statement", args=[made.pk]))
    if request.GET.get("export"):
        every = queries.payments(by)
        return sheet_response(request.GET["export"], _("Deposits"), SHEET, every)
    context = {
        "unknown": queries.unknown_money(by),
        "bidders": choices(by),
        "rows": queries.statements(by),
        "yuan": yuan,
    }
    return render(request, "assets/deposits.html", context)


def choices(by: Actor) -> list[tuple[int, str]]:
    """Bidders a payment may be of."""
    return [
        (one.pk, f"{one.lot.number} {one.lot.title} · {one.party.name}")
        for one in queries.bidders_waiting(by)
    ]


@exchange
def deposit_statement(request: HttpRequest, by: Actor, statement_id: int) -> HttpResponse:
    """What one statement brought: whose each payment is, and the rows that could not be read."""
    row = found(queries.statement_of(by, statement_id))
    context = {
        "row": row,
        "lines": list(queries.deposit_lines(by, row)[:500]),
        "rejected": row.result.get("rows", []),
        "is_elsewhere": queries.is_of_another_account(by, row),
        "yuan": yuan,
    }
    return render(request, "assets/deposit_statement.html", context)


@require_POST
@exchange
def deposit_do(request: HttpRequest, by: Actor, verb: str) -> HttpResponse:
    """Say whose a payment is, or owe it back to who paid it."""
    now, line, why = timezone.now(), line_typed(request, by), request.POST.get("why", "")
    if verb == "match":
        assets.match_deposit(by=by, now=now, line=line, bidder=bidder_typed(request, by), why=why)
    elif verb == "return":
        assets.return_deposit(by=by, now=now, line=line, why=why)
    else:
        raise Http404
    messages.success(request, _("Done."))
    return go(request, reverse("deposits"))
