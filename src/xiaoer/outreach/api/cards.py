"""API of contact cards: coverage, making, printing, handing out, withdrawing."""

from collections.abc import Sequence

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.files import kept_paper
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.api import given as g
from xiaoer.outreach.api import schemas as s
from xiaoer.outreach.api.rows import several
from xiaoer.outreach.cards import PDF, address_of, contact_cards_pdf
from xiaoer.outreach.models import ContactCard
from xiaoer.outreach.queries import card_list
from xiaoer.registry.models import Party
from xiaoer.registry.queries import EnterpriseFilter
from xiaoer.web.sending import attachment

router = Router(tags=["cards"])
PAPER = {
    "responses": {
        200: {
            "description": "Sheets of eight cards",
            "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


def _numbers(cards: Sequence[ContactCard]) -> dict[str, list[int]]:
    return {"cards": [card.pk for card in cards]}


@router.get("/cards", response={200: s.CardPageOut, **PROBLEMS})
@api(READ)
def list_cards(request: HttpRequest, by: Actor, asked: Query[g.CardQuery]) -> object:
    """Enterprises of the zone and their cards in force, by name."""
    must_be_staff(by)
    filters = EnterpriseFilter(
        text=asked.text, grid=asked.grid, cell=asked.cell, officer=asked.officer
    )
    return card_list.card_page(by=by, filters=filters, state=asked.state or "", after=asked.after)


@router.get("/cards/cover", response={200: s.CoverOut, **PROBLEMS})
@api(READ)
def read_cover(request: HttpRequest, by: Actor) -> object:
    """How far the cards reach."""
    must_be_staff(by)
    return queries.card_cover(by=by)


@router.post("/cards", response={200: s.CardsOut, **PROBLEMS})
@api(WRITE)
def make_cards(request: HttpRequest, by: Actor, what: g.PartiesIn) -> object:
    """Make a card for each enterprise that has none."""
    must_be_staff(by)
    parties = several(Party, what.parties, by=by, field="parties")
    return _numbers(outreach.make_cards(by=by, now=timezone.now(), parties=parties))


@router.post(
    "/cards/print",
    response=PROBLEMS,
    openapi_extra=PAPER,
)
@api(WRITE)
def print_cards(request: HttpRequest, by: Actor, what: g.FewCardsIn) -> HttpResponse:
    """The cards as one PDF, eight to a sheet; withdrawn ones are left out."""
    must_be_staff(by)
    now = timezone.now()
    chosen = several(ContactCard, what.cards, by=by, field="cards")
    printed = outreach.print_cards(by=by, now=now, cards=chosen)
    rows = queries.cards_in_force(by=by).filter(pk__in=[card.pk for card in printed])
    facts = card_list.to_print(by=by, cards=list(rows), address_of=address_of)
    return attachment(contact_cards_pdf(facts, made_at=now), "服务企业联系卡.pdf", PDF)


@router.post("/cards/prints", response={200: s.CardPrintOut, **PROBLEMS})
@api(WRITE)
def ask_for_print(request: HttpRequest, by: Actor, what: g.CardsIn) -> object:
    """Ask for many cards as one PDF, made by a job; look how far it is until it is ready."""
    must_be_staff(by)
    cards = several(ContactCard, what.cards, by=by, field="cards")
    run = outreach.ask_for_print(by=by, now=timezone.now(), cards=cards)
    return _print_out(by, run.pk)


@router.get("/cards/prints/{run_id}", response={200: s.CardPrintOut, **PROBLEMS})
@api(READ)
def read_print(request: HttpRequest, by: Actor, run_id: s.Id) -> object:
    """How far a print is."""
    must_be_staff(by)
    return _print_out(by, run_id)


@router.get("/cards/prints/{run_id}/file", response=PROBLEMS, openapi_extra=PAPER)
@api(READ)
def read_print_file(request: HttpRequest, by: Actor, run_id: s.Id) -> FileResponse:
    """The file of a print that is ready."""
    must_be_staff(by)
    shown = found(card_list.card_print(by=by, run_id=run_id, now=timezone.now()))
    return kept_paper(found(shown.run.file), f"服务企业联系卡-{shown.cards}张.pdf")


def _print_out(by: Actor, run_id: int) -> dict[str, object]:
    shown = found(card_list.card_print(by=by, run_id=run_id, now=timezone.now()))
    return {
        "id": shown.run.pk,
        "state": shown.run.state,
        "cards": shown.cards,
        "done": shown.run.done,
        "is_stopped": shown.is_stopped,
        "message": shown.run.message,
    }


@router.post("/cards/hand-out", response={200: s.CardsOut, **PROBLEMS})
@api(WRITE)
def hand_out_cards(request: HttpRequest, by: Actor, what: g.HandOutIn) -> object:
    """Say that cards were handed to their enterprises."""
    must_be_staff(by)
    chosen = several(ContactCard, what.cards, by=by, field="cards")
    return _numbers(
        outreach.hand_out_cards(
            by=by, now=timezone.now(), cards=chosen, handed_out_on=what.handed_out_on
        )
    )


@router.post("/cards/{card_id}/withdraw", response={200: s.CardsOut, **PROBLEMS})
@api(WRITE)
def withdraw_card(request: HttpRequest, by: Actor, card_id: s.Id, what: g.WithdrawIn) -> object:
    """Withdraw a card: its code opens nothing from now on."""
    must_be_staff(by)
    row = found(card_list.card(by=by, card_id=card_id))
    card = outreach.withdraw_card(by=by, now=timezone.now(), card=row, reason=what.reason)
    return _numbers([card])
