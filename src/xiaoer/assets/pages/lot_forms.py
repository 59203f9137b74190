"""What people type into the forms of lots, as values; a refusal names the field."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.assets import actions as assets
from xiaoer.assets.models import Bidder, DepositLine, Lot
from xiaoer.assets.queries import lots as queries
from xiaoer.base.doors import found
from xiaoer.base.pages import forms
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.units import YUAN, money_in, parse_money, show_money
from xiaoer.facts.queries import match_firms
from xiaoer.registry.models import Party


def yuan(fen: int | None) -> str:
    """Money to the last fen, as prices are said."""
    return show_money(fen, get_language() or "zh-hans", exact=True)


def plain_yuan(fen: int | None) -> str:
    """The figure alone, for a field whose unit stands beside it."""
    return "" if fen is None else money_in(fen, YUAN).replace(",", "")


def money_typed(request: HttpRequest, name: str) -> int | None:
    """An amount as typed, in fen; a bare number is yuan, as the form says; empty: none."""
    text = forms.text(request, name, longest=40)
    if not text:
        return None
    try:
        money = parse_money(text)
    except Unreadable as no:
        raise Refused(str(no), field=name) from no
    if money is None or money.currency != "CNY":
        raise Refused(_("Type an amount in yuan."), field=name)
    return money.fen


def must_money(request: HttpRequest, name: str) -> int:
    """An amount of money that moved or is asked for: there is one, and it is more than nothing."""
    fen = money_typed(request, name)
    if fen is None or fen <= 0:
        raise Refused(_("Type an amount in yuan, such as 268000 or 1500.50."), field=name)
    return fen


def facts_typed(request: HttpRequest) -> assets.LotFacts:
    """A lot as its form says it; words of several lines keep them."""
    post = request.POST
    return assets.LotFacts(
        title=forms.text(request, "title", longest=80),
        description=post.get("description", ""),
        place=forms.text(request, "place", longest=120),
        contact_name=forms.text(request, "contact_name", longest=40),
        contact_phone=forms.text(request, "contact_phone", longest=40),
        start_fen=money_typed(request, "start_fen") or 0,
        sort=forms.text(request, "sort", longest=40),
        quantity=forms.text(request, "quantity", longest=60),
        flaws=post.get("flaws", ""),
        step_fen=money_typed(request, "step_fen"),
        deposit_fen=money_typed(request, "deposit_fen"),
        valuation_fen=money_typed(request, "valuation_fen"),
        has_reserve=post.get("has_reserve") != "no",
        viewing_from=forms.day(request, "viewing_from"),
        viewing_until=forms.day(request, "viewing_until"),
        viewing_place=forms.text(request, "viewing_place", longest=120),
    )


def moment_typed(request: HttpRequest, name: str) -> datetime | None:
    """A moment of the zone's wall clock, or None where nothing is typed."""
    given = request.POST.get(name, "").strip()
    if not given:
        return None
    try:
        read = parse_datetime(given)
    except ValueError:
        read = None
    if read is None or not 2000 <= read.year <= 2100:
        raise Refused(_("Type day and time such as 2026-11-24 09:00."), field=name)
    return read if timezone.is_aware(read) else timezone.make_aware(read)


def must_moment(request: HttpRequest, name: str) -> datetime:
    read = moment_typed(request, name)
    if read is None:
        raise Refused(_("Type day and time such as 2026-11-24 09:00."), field=name)
    return read


def firm_typed(request: HttpRequest, by: Actor, name: str) -> Party:
    """The firm somebody typed: its credit code or exact name; likely ones are named."""
    text = forms.text(
        request, name, longest=120, required=_("Type the name or credit code of the enterprise.")
    )
    # A code matches codes, a name names; which of both was typed the pair decides.
    pair = (text.upper(), "") if text.isascii() and text.isalnum() else ("", text)
    match = match_firms(zone_id=by.zone_id, named={pair}).get(pair)
    if match is not None and match.party_id is not None:
        return Party.objects.get(pk=match.party_id, zone_id=by.zone_id)
    if match is not None and match.candidates:
        raise Refused(
            _("No enterprise has exactly this name. It may be: %(names)s.")
            % {"names": "、".join(match.candidates)},
            field=name,
        )
    raise Refused(_("No enterprise of the zone has this name or code."), field=name)


def lot_here(by: Actor, number: int) -> Lot:
    """The lot of an address, or a 404 that is counted."""
    return found(queries.lot_of(by, number))


def bidder_typed(request: HttpRequest, by: Actor, lot: Lot | None = None) -> Bidder:
    """The bidder a form carries, of the lot of the page."""
    row = queries.bidder_of(by, forms.number(request.POST.get("bidder")) or 0)
    if row is None or (lot is not None and row.lot_id != lot.pk):
        raise Refused(_("Choose one of the list."), field="bidder")
    return row


def line_typed(request: HttpRequest, by: Actor) -> DepositLine:
    row = queries.line_of(by, forms.number(request.POST.get("line")) or 0)
    if row is None:
        raise Refused(_("Choose one of the list."), field="line")
    return row


def version_typed(request: HttpRequest) -> int:
    return forms.number(request.POST.get("version")) or 0
