"""A bidder's own pages: what we registered for, how we stand, and our desk in the hall."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiaoer.assets import actions as assets
from xiaoer.assets.actions import BidderFacts
from xiaoer.assets.auction import terms
from xiaoer.assets.models import Bidder, Lot
from xiaoer.assets.pages.hall_view import hall_context
from xiaoer.assets.pages.lot_sale import object_here, objecting
from xiaoer.assets.queries import shown_lots as queries
from xiaoer.assets.queries.after_sale import offers_to, own_refunds
from xiaoer.assets.queries.shown_lots import MyLot, ShownLot
from xiaoer.assets.words import halls as words
from xiaoer.base import files
from xiaoer.base.doors import found, go, page, unkept
from xiaoer.base.models import Role, StoredFile, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.registry.models import Party
from xiaoer.work import queries as work

bidder = page(Role.ENTERPRISE, Role.PARTY)


def _own(by: Actor) -> Party:
    return found(Party.objects.filter(zone_id=by.zone_id, pk=by.party_ref or 0).first())


def _zone(by: Actor) -> str:
    return Zone.objects.get(pk=by.zone_id).code


@require_GET
@bidder
def my_auctions(request: HttpRequest, by: Actor) -> HttpResponse:
    """The lots we registered for, and what is announced at present."""
    mine = queries.my_lots(by=by)
    registered = {one.shown.lot.pk for one in mine}
    listed = queries.listed(by=by)
    context = {
        "party": _own(by),
        "zone_code": _zone(by),
        "offers": offers_to(by=by),
        "last_day": work.last_day,
        "mine": [(one, *words.light_of(one)) for one in mine],
        "open": [one for one in (*listed.live, *listed.coming) if one.lot.pk not in registered],
        "words": words,
    }
    return render(request, "assets/my_auctions.html", context)


def _lot(by: Actor, lot_id: int) -> ShownLot:
    return found(queries.shown_lot(by=by, lot_id=lot_id))


@require_GET
@bidder
def my_auction(request: HttpRequest, by: Actor, open_lot_id: int) -> HttpResponse:
    """How we stand in one lot: registered or not, the deposit, the way into the hall."""
    one = _lot(by, open_lot_id)
    mine = queries.my_bidder(by=by, lot_id=open_lot_id)
    colour, standing = words.light_of(MyLot(one, mine)) if mine else ("grey", "")
    context = {
        "party": _own(by),
        "zone_code": _zone(by),
        "one": one,
        "lot": one.lot,
        "phase": one.standing.phase,
        "mine": mine,
        "account": one.lot.deposit_account,
        "offers": [row for row in offers_to(by=by) if row.lot_id == open_lot_id],
        **_afterwards(by, one.lot, mine),
        "has_won": mine is not None and one.lot.winner_id == mine.pk,
        "pay_days": terms.read(queries.rules_of(by=by, lot=one.lot).body).pay_days,
        "colour": colour,
        "standing": standing,
        "missing": max(one.lot.deposit_fen - mine.paid_fen, 0) if mine else one.lot.deposit_fen,
        "may_register": mine is None and may_register(by, one),
        "may_leave": mine is not None and _may_leave(by, one, mine),
        "hall_now": queries.hall_clock(zone_id=by.zone_id),
        "words": words,
    }
    return render(request, "assets/my_auction.html", context)


def _afterwards(by: Actor, lot: Lot, mine: Bidder | None) -> dict[str, object]:
    """What a bidder reads after the hall: its deposit, and what somebody objects to."""
    if mine is None:
        return {"refunds": [], "objections": [], "may_object": False, "last_day": work.last_day}
    address = reverse("my_auction", args=[lot.pk]) + "do/"
    return {
        "refunds": own_refunds(by=by, bidder=mine),
        "last_day": work.last_day,
        **objecting(by, lot, mine, address),
    }


def may_register(by: Actor, one: ShownLot) -> bool:
    """Whether a firm may still register for a lot; the seller never."""
    lot, now = one.lot, queries.hall_clock(zone_id=by.zone_id)
    is_late = lot.register_until is not None and now > lot.register_until
    return not (one.standing.phase.is_over or is_late or lot.seller_id == by.party_ref)


def _may_leave(by: Actor, one: ShownLot, mine: Bidder) -> bool:
    """Whoever has bid stays."""
    is_in = mine.state in (Bidder.State.APPLIED, Bidder.State.ADMITTED)
    return is_in and not one.standing.phase.is_over and not queries.has_bid(by=by, bidder=mine)


# Registering --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@bidder
def my_auction_register(request: HttpRequest, by: Actor, open_lot_id: int) -> HttpResponse:
    """Register for a lot: who bids for us, the power of attorney, a right of pre-emption."""
    one, address = _lot(by, open_lot_id), reverse("my_auction", args=[open_lot_id])
    if queries.my_bidder(by=by, lot_id=open_lot_id) is not None:
        return go(request, address)
    refusal = None
    if request.method == "POST":
        try:
            row = _register(request, by, one)
        except Refused as refused:
            if request.headers.get("HX-Request"):
                raise
            # Without scripts the page comes back with everything that was typed.
            refusal = refused
        else:
            said = _("Registered. The deposit goes with the code %(code)s in the remark.")
            messages.success(request, said % {"code": row.deposit_code})
            return go(request, f"{address}#deposit")
    party = _own(by)
    context = {
        "party": party,
        "one": one,
        "lot": one.lot,
        "is_open": may_register(by, one),
        "typed": request.POST or {"agent_name": party.legal_representative},
        "errors": {refusal.field or "form": str(refusal)} if refusal else {},
        "words": words,
    }
    page_name = "assets/my_auction_register.html"
    return render(request, page_name, context, status=422 if refusal else 200)


def _register(request: HttpRequest, by: Actor, one: ShownLot) -> Bidder:
    given = request.POST
    facts = BidderFacts(
        agent_name=given.get("agent_name", ""),
        agent_phone=given.get("agent_phone", ""),
        pre_emption=given.get("pre_emption", ""),
    )
    return assets.apply_to_bid(
        by=by, now=timezone.now(), lot=one.lot, facts=facts, mandate=request.FILES.get("mandate")
    )


@require_POST
@bidder
def my_auction_do(request: HttpRequest, by: Actor, open_lot_id: int, verb: str) -> HttpResponse:
    """Claim a right of pre-emption, or withdraw the registration."""
    row, now = found(queries.my_bidder(by=by, lot_id=open_lot_id)), timezone.now()
    if verb == "claim":
        assets.claim_pre_emption(
            by=by, now=now, bidder=row, why=request.POST.get("pre_emption", "")
        )
    elif verb == "leave":
        assets.leave_lot(by=by, now=now, bidder=row)
    elif not object_here(request, by, row.lot, verb):
        raise Refused(_("Choose one of the list."))
    return go(request, reverse("my_auction", args=[open_lot_id]))


@require_GET
@bidder
def my_auction_mandate(request: HttpRequest, by: Actor, open_lot_id: int) -> HttpResponseBase:
    """Our own power of attorney as it was kept."""
    row = found(queries.my_bidder(by=by, lot_id=open_lot_id))
    with on_behalf(by):
        file = found(StoredFile.objects.filter(zone_id=by.zone_id, pk=row.mandate_id or 0).first())
    return files.shown_inside(file, _("Power of attorney to bid"))


# In the hall --------------------------------------------------------------------------------------


def _admitted(by: Actor, lot_id: int) -> Bidder:
    mine = queries.my_bidder(by=by, lot_id=lot_id)
    return found(mine if mine and mine.state == Bidder.State.ADMITTED else None)


@require_GET
@bidder
def my_auction_live(request: HttpRequest, by: Actor, my_lot_id: int) -> HttpResponse:
    """The hall with our desk in it."""
    one, mine = _lot(by, my_lot_id), _admitted(by, my_lot_id)
    context = hall_context(by=by, one=one, mine=mine) | {
        "back": reverse("my_auction", args=[my_lot_id]),
        "zone_code": _zone(by),
    }
    return render(request, "assets/hall.html", context)


@require_POST
@bidder
def my_auction_seat(request: HttpRequest, by: Actor, my_lot_id: int) -> HttpResponse:
    """The secret by which this session bids; the same again after a reload."""
    # A number the browser made up for itself tells two people at one device; without it, its name.
    device = request.POST.get("device", "")[:64] or request.META.get("HTTP_USER_AGENT", "")[:200]
    secret = assets.take_seat(
        by=by,
        now=timezone.now(),
        bidder=_admitted(by, my_lot_id),
        session_key=request.session.session_key or "",
        address=request.META.get("REMOTE_ADDR", ""),
        device=device,
    )
    return unkept(JsonResponse({"seat": secret}))
