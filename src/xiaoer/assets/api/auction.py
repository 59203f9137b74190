"""API of the auction as people see it: without a token what is public, with one what is our own.

How a hall stands at this moment is at ``/live/lots/N``; bids are made there with the secret of a seat.
"""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Router, Schema

from xiaoer.assets import actions as assets
from xiaoer.assets.access.lots import TRADERS
from xiaoer.assets.queries import shown_lots as queries
from xiaoer.assets.queries.shown_lots import MyLot, ShownLot
from xiaoer.assets.words import halls as words
from xiaoer.base.api_door import PROBLEMS, READ, WITHOUT_TOKEN, WRITE, api, key_api
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor

router = Router(tags=["auction"])
_NO_NUL = r"^[^\u0000]*$"
Slug = Annotated[str, Field(max_length=60, pattern=r"^[-a-zA-Z0-9_]+$")]
Words = Annotated[str, Field(max_length=60, pattern=_NO_NUL)]
Device = Annotated[str, Field(max_length=64, pattern=_NO_NUL)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
anybody = key_api(queries.anybody_in, "zone_code", READ)


class AuctionShownOut(Schema):
    """A lot as everybody sees it; money in fen. ``until``: what its clock runs to."""

    id: int
    number: str
    title: str
    sort: str
    quantity: str
    seller: str
    phase: str
    price_fen: int
    until: datetime | None
    live: str


class AuctionListOut(Schema):
    """Lots bid on now, to come, and over; ``older`` is the ``before`` of the next page."""

    live: list[AuctionShownOut]
    coming: list[AuctionShownOut]
    over: list[AuctionShownOut]
    older: int | None


class AuctionLotOut(AuctionShownOut):
    """One lot with all that its notice says."""

    description: str
    flaws: str
    place: str
    start_fen: int
    step_fen: int
    deposit_fen: int
    valuation_fen: int | None
    reserve: str
    reserve_hash: str
    register_until: datetime | None
    deposit_until: datetime | None
    opens_at: datetime | None
    free_until: datetime | None
    pictures: list[str]


class AuctionMineOut(Schema):
    """A lot we registered for. ``alias``: our number once we are admitted."""

    lot: AuctionShownOut
    state: str
    standing: str
    alias: int | None
    leads: bool
    deposit_code: str
    paid_fen: int
    agent_name: str


class AuctionSeatIn(Schema):
    device: Device = ""


class AuctionSeatOut(Schema):
    """The secret that bids carry; the same again for the same session."""

    seat: str


def _shown(one: ShownLot) -> dict[str, object]:
    lot = one.lot
    return {
        "id": lot.pk,
        "number": lot.number,
        "title": lot.title,
        "sort": lot.sort,
        "quantity": lot.quantity,
        "seller": one.seller,
        "phase": one.standing.phase.value,
        "price_fen": one.price_fen,
        "until": one.standing.until,
        "live": f"/live/lots/{lot.pk}",
    }


def _mine(one: MyLot) -> dict[str, object]:
    row = one.bidder
    return {
        "lot": _shown(one.shown),
        "state": row.state,
        "standing": words.light_of(one)[1],
        "alias": row.alias,
        "leads": one.leads,
        "deposit_code": row.deposit_code,
        "paid_fen": row.paid_fen,
        "agent_name": row.agent_name,
    }


@router.get(
    "/public/auction/{zone_code}/lots",
    response={200: AuctionListOut, **WITHOUT_TOKEN},
    auth=None,
)
@anybody
def list_public_lots(
    request: HttpRequest, by: Actor, zone_code: Slug, q: Words = "", before: Id | None = None
) -> object:
    """The lots of a zone as anybody sees them."""
    shown = queries.listed(by=by, words=q.strip(), before=before)
    return {
        "live": [_shown(one) for one in shown.live],
        "coming": [_shown(one) for one in shown.coming],
        "over": [_shown(one) for one in shown.over],
        "older": shown.older,
    }


@router.get(
    "/public/auction/{zone_code}/lots/{lot_id}",
    response={200: AuctionLotOut, **WITHOUT_TOKEN},
    auth=None,
)
@anybody
def read_public_lot(request: HttpRequest, by: Actor, zone_code: Slug, lot_id: Id) -> object:
    """One lot with all that its notice says."""
    one = found(queries.shown_lot(by=by, lot_id=lot_id))
    lot = one.lot
    names = (
        "description", "flaws", "place", "start_fen", "step_fen", "deposit_fen", "valuation_fen",
        "reserve", "reserve_hash", "register_until", "deposit_until", "opens_at", "free_until",
    )  # fmt: skip
    return {
        **_shown(one),
        **{name: getattr(lot, name) for name in names},
        "pictures": [
            reverse("lot_picture", args=[zone_code, lot.pk, number]) for number in one.pictures
        ],
    }


@router.get("/my-auctions", response={200: list[AuctionMineOut], **PROBLEMS})
@api(READ)
def list_my_auctions(request: HttpRequest, by: Actor) -> object:
    """The lots our firm registered for, the latest first."""
    found(by.role in TRADERS or None)
    return [_mine(one) for one in queries.my_lots(by=by)]


@router.get("/my-auctions/{lot_id}", response={200: AuctionMineOut, **PROBLEMS})
@api(READ)
def read_my_auction(request: HttpRequest, by: Actor, lot_id: Id) -> object:
    """How our firm stands in one lot."""
    found(by.role in TRADERS or None)
    shown = found(queries.shown_lot(by=by, lot_id=lot_id))
    return _mine(MyLot(shown, found(queries.my_bidder(by=by, lot_id=lot_id))))


@router.post("/my-auctions/{lot_id}/seat", response={200: AuctionSeatOut, **PROBLEMS})
@api(WRITE)
def take_my_seat(request: HttpRequest, by: Actor, lot_id: Id, what: AuctionSeatIn) -> object:
    """Take our seat in the hall; a seat belongs to a session, so that a token alone has none."""
    secret = assets.take_seat(
        by=by,
        now=timezone.now(),
        bidder=found(queries.my_bidder(by=by, lot_id=lot_id)),
        session_key=request.session.session_key or "",
        address=request.META.get("REMOTE_ADDR", ""),
        device=what.device or request.META.get("HTTP_USER_AGENT", "")[:200],
    )
    return {"seat": secret}
