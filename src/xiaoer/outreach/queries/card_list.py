"""The list of contact cards beside their enterprises, and what stands on a card that is printed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from xiaoer.base.models import Zone
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.cards import Card
from xiaoer.outreach.models import CardPrint, ContactCard
from xiaoer.registry import queries as registry
from xiaoer.registry.models import Party, Stewardship
from xiaoer.registry.queries import EnterpriseFilter

PAGE = 50
STANDS_STILL = timedelta(minutes=2)
MADE, MISSING, UNPRINTED, HELD_BACK, HANDED_OUT = (
    "made",
    "missing",
    "unprinted",
    "held_back",
    "handed_out",
)
STATES = (MISSING, MADE, UNPRINTED, HELD_BACK, HANDED_OUT)
# What the zone answers for, and what nobody may ask of an enterprise; printed on every card.
SCOPE = "政策咨询、诉求受理、手续帮办"
NEVER_ASKED = ("接待陪同", "礼品礼金", "已经交过的材料")


@dataclass(frozen=True, slots=True)
class CardRow:
    """An enterprise and its card in force, if it has one."""

    party_id: int
    enterprise: str
    grid: str | None
    cell: str | None
    card_id: int | None
    made_at: datetime | None
    printed_at: datetime | None
    handed_out_on: date | None


@dataclass(frozen=True, slots=True)
class CardPage:
    """A page of the list; ``after`` is the key of the next one."""

    rows: tuple[CardRow, ...]
    after: str | None


def parties_by_card(*, by: Actor, filters: EnterpriseFilter, state: str = "") -> QuerySet[Party]:
    """Enterprises of a filter, narrowed by how far their card is."""
    rows = registry.enterprises(by=by, filters=filters)
    cards = ContactCard.objects.filter(zone_id=by.zone_id, withdrawn_at__isnull=True)
    narrowed = {
        MADE: cards,
        UNPRINTED: cards.filter(printed_at__isnull=True),
        HELD_BACK: cards.filter(handed_out_on__isnull=True),
        HANDED_OUT: cards.filter(handed_out_on__isnull=False),
    }
    if state == MISSING:
        return rows.exclude(pk__in=cards.values("party_id"))
    return rows.filter(pk__in=narrowed[state].values("party_id")) if state in narrowed else rows


def card_page(
    *, by: Actor, filters: EnterpriseFilter, state: str = "", after: str | None = None
) -> CardPage:
    """Fifty enterprises by name."""
    rows = parties_by_card(by=by, filters=filters, state=state).select_related("cell__grid")
    number, _divider, name = (after or "").partition("~")
    if number.isdecimal() and len(number) < 19:
        rows = rows.filter(Q(name__gt=name) | Q(name=name, pk__gt=int(number)))
    page = list(rows.order_by("name", "id")[: PAGE + 1])
    more, page = len(page) > PAGE, page[:PAGE]
    return CardPage(rows=_rows(page), after=f"{page[-1].pk}~{page[-1].name}" if more else None)


def _rows(parties: Sequence[Party]) -> tuple[CardRow, ...]:
    cards = {
        card.party_id: card
        for card in ContactCard.objects.filter(
            party__in=[party.pk for party in parties], withdrawn_at__isnull=True
        )
    }
    return tuple(_row(party, cards.get(party.pk)) for party in parties)


def _row(party: Party, card: ContactCard | None) -> CardRow:
    return CardRow(
        party_id=party.pk,
        enterprise=party.name,
        grid=party.cell.grid.name if party.cell else None,
        cell=party.cell.name if party.cell else None,
        card_id=card.pk if card else None,
        made_at=card.made_at if card else None,
        printed_at=card.printed_at if card else None,
        handed_out_on=card.handed_out_on if card else None,
    )


def card(*, by: Actor, card_id: int) -> ContactCard | None:
    """A card of the zone, withdrawn ones too."""
    return (
        ContactCard.objects.filter(zone_id=by.zone_id, pk=card_id)
        .select_related("party__cell__grid")
        .first()
    )


def cards_of(*, by: Actor, parties: QuerySet[Party]) -> list[ContactCard]:
    """The cards in force of these enterprises, by cell and name: the order they are printed in."""
    return list(
        ContactCard.objects.filter(
            zone_id=by.zone_id, withdrawn_at__isnull=True, party__in=parties.values("pk")
        )
        .select_related("party__cell__grid")
        .order_by("party__cell__code", "party__name", "id")
    )


def cards_numbered(*, by: Actor, numbers: Sequence[int]) -> list[ContactCard]:
    """Those of these cards that are in force, in the order given."""
    rows = ContactCard.objects.filter(
        zone_id=by.zone_id, pk__in=numbers, withdrawn_at__isnull=True
    ).select_related("party__cell__grid")
    place = {number: order for order, number in enumerate(numbers)}
    return sorted(rows, key=lambda row: place[row.pk])


def to_print(
    *, by: Actor, cards: Sequence[ContactCard], address_of: Callable[[str], str]
) -> list[Card]:
    """What stands on each card. ``address_of`` makes the address a code opens.

    People stand on it with name and telephone as the zone gave them out; a post nobody holds stays
    a dash.
    """
    people = _stewards([card.party_id for card in cards])
    zone = Zone.objects.get(pk=by.zone_id)
    return [_card(card, people.get(card.party_id, {}), zone, address_of) for card in cards]


def _stewards(parties: Sequence[int]) -> dict[int, dict[str, tuple[str, str]]]:
    held: dict[int, dict[str, tuple[str, str]]] = {}
    rows = Stewardship.objects.filter(party_id__in=parties, until__isnull=True)
    for party, kind, name, phone in rows.values_list(
        "party_id", "kind", "post__person__name", "post__person__phone"
    ):
        held.setdefault(party, {})[kind] = (name, phone)
    return held


def _card(
    card: ContactCard,
    people: dict[str, tuple[str, str]],
    zone: Zone,
    address_of: Callable[[str], str],
) -> Card:
    kinds = Stewardship.Kind
    officer = people.get(kinds.OFFICER)
    deputy, leader = people.get(kinds.DEPUTY), people.get(kinds.LEADER)
    cell = card.party.cell
    return Card(
        enterprise=card.party.name,
        grid=cell.grid.name if cell else "",
        cell=cell.name if cell else "",
        officer_name=officer[0] if officer else None,
        officer_phone=(officer[1] or None) if officer else None,
        deputy=deputy[0] if deputy else None,
        leader=leader[0] if leader else None,
        scope=SCOPE,
        complaint_phone=zone.complaint_phone or None,
        never_asked=NEVER_ASKED,
        url=address_of(card.code),
        zone_name=zone.name,
    )


@dataclass(frozen=True, slots=True)
class PrintPage:
    """A large print as its page shows it; ``is_stopped``: nobody has been at it for a while."""

    run: CardPrint
    cards: int
    is_stopped: bool

    @property
    def percent(self) -> int:
        return 100 * self.run.done // self.cards if self.cards else 0


def card_print(*, by: Actor, run_id: int, now: datetime) -> PrintPage | None:
    """A print of one's own; the desk sees every print of the zone."""
    runs = CardPrint.objects.filter(zone_id=by.zone_id, pk=run_id).select_related("file")
    if not access.is_desk(by):
        runs = runs.filter(post_id=by.post_id or 0)
    run = runs.first()
    if run is None:
        return None
    waits = run.state == CardPrint.State.WAITING
    return PrintPage(run, len(run.cards), waits and now - run.told_at > STANDS_STILL)
