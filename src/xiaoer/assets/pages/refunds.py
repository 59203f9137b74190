"""Deposits of the zone's lots: what is to go back, with what the bank needs to pay it."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets.access import lots as access
from xiaoer.assets.models import Refund
from xiaoer.assets.queries import after_sale as queries
from xiaoer.assets.queries.after_sale import RefundState
from xiaoer.assets.words import sales as words
from xiaoer.base.doors import found, go, page
from xiaoer.base.pages.forms import must_day, number
from xiaoer.base.scope import Actor
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import local_date
from xiaoer.work import queries as work

hosts = page(*access.EXCHANGE)
PAGE = 50
SHEET = (
    Column("payee", gettext_lazy("Payee"), 34),
    Column("account", gettext_lazy("Account"), 26),
    Column("yuan", gettext_lazy("Amount, yuan"), 14, Kind.NUMBER),
    Column("code", gettext_lazy("Deposit code"), 16),
    Column("lot", gettext_lazy("Lot"), 14),
    Column("came", gettext_lazy("Bank's number when it came"), 28),
    Column("due", gettext_lazy("Due"), 12, Kind.DATE),
    Column("done", gettext_lazy("Went back on"), 14, Kind.DATE),
    Column("number", gettext_lazy("Bank's number"), 28),
)


@require_GET
@hosts
def refunds(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The list, the most urgent first; as a sheet for the bank."""
    chosen = request.GET.get("state", RefundState.DUE)
    state = chosen if chosen in list(RefundState) else RefundState.DUE
    query = request.GET.get("q", "").replace("\x00", "")[:60]
    rows = queries.refunds(by=by, state=state, query=query)
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"], _("Deposits to give back"), SHEET, _cells(rows)
        )
    number_of_page = max(number(request.GET.get("page")) or 1, 1)
    total = rows.count()
    now = timezone.now()
    shown = rows[(number_of_page - 1) * PAGE : number_of_page * PAGE]
    context = {
        "rows": [(one, "red" if one.due_at and one.due_at < now else "green") for one in shown],
        "state": state,
        "states": [
            (RefundState.DUE.value, _("To give back"), None),
            (RefundState.HELD.value, _("Held by an objection"), None),
            (RefundState.DONE.value, _("Went back"), None),
            (RefundState.FORFEITED.value, _("Forfeited"), None),
        ],
        "query": query,
        "total": total,
        "page": number_of_page,
        "pages": max(-(-total // PAGE), 1),
        "doing": number(request.GET.get("do")),
        "today": local_date(now),
        "last_day": work.last_day,
        "words": words,
    }
    return render(request, "assets/refunds.html", context)


def _cells(rows: object) -> Iterator[tuple[object, ...]]:
    for one in rows:  # type: ignore[attr-defined]  # a queryset of refunds
        line, bidder = one.line, one.line.bidder
        yield (
            line.payer, line.payer_account, one.amount_fen / 100,
            bidder.deposit_code if bidder else "", bidder.lot.number if bidder else "",
            line.bank_number, work.last_day(one.due_at), one.done_on, one.bank_number,
        )  # fmt: skip


@require_POST
@hosts
def refund_do(request: HttpRequest, by: Actor, refund_id: int) -> HttpResponse:
    """Write down that a deposit went back."""
    row: Refund = found(queries.refund_of(by=by, refund_id=refund_id))
    assets.record_refund(
        by=by, now=timezone.now(), refund=row, done_on=must_day(request, "done_on"),
        bank_number=request.POST.get("bank_number", ""),
    )  # fmt: skip
    messages.success(request, _("Written down."))
    return go(request, reverse("refunds"))
