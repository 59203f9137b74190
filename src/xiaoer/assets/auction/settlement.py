"""结算单 Settlement sheet: where the money of a sale came from and went, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext_lazy

from xiaoer.assets.models import Lot, LotPayment, Refund
from xiaoer.assets.queries import after_sale as queries
from xiaoer.base.units import YUAN, money_in
from xiaoer.web import press
from xiaoer.web.sheets import Column, Kind

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "assets" / "settlement.typ"
WAYS = {
    LotPayment.Way.FROM_BUYER: "买受人付入",
    LotPayment.Way.TO_SELLER: "付给出让方",
    LotPayment.Way.TO_BUYER: "退还买受人",
}
KINDS = {
    Refund.Kind.BACK: "保证金退还",
    Refund.Kind.TO_PRICE: "保证金抵作价款",
    Refund.Kind.FORFEITED: "保证金不予退还",
}
SHEET = (
    Column("what", gettext_lazy("What"), 18),
    Column("who", gettext_lazy("Whose"), 34),
    Column("yuan", gettext_lazy("Amount, yuan"), 16, Kind.NUMBER),
    Column("day", gettext_lazy("Day"), 12, Kind.DATE),
    Column("number", gettext_lazy("Bank's number"), 28),
    Column("note", gettext_lazy("Note"), 34),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the sheet; money in fen, always what was moved, never a sum."""

    what: str
    who: str
    fen: int
    day: date | None
    number: str
    note: str

    @property
    def yuan(self) -> float:
        return self.fen / 100


def entries(lot: Lot) -> Iterator[Entry]:
    """Deposits and payments of a lot; official papers are always Chinese."""
    for refund in queries.refunds_of(lot):
        bidder = refund.line.bidder
        yield Entry(
            KINDS[Refund.Kind(refund.kind)], bidder.party.name if bidder else "",
            refund.amount_fen, refund.done_on, refund.bank_number or refund.line.bank_number,
            refund.why,
        )  # fmt: skip
    for payment in queries.payments_of(lot):
        who = payment.bidder.party.name if payment.bidder else lot.seller.name
        yield Entry(
            WAYS[LotPayment.Way(payment.way)], who, payment.amount_fen, payment.paid_on,
            payment.bank_number, payment.note,
        )  # fmt: skip


def settlement_pdf(lot: Lot, *, zone_name: str, office: str, now: datetime) -> bytes:
    """The sheet as the parties sign it."""
    winner = lot.winner
    return press.compile_pdf(
        TEMPLATE,
        {
            "zone": zone_name,
            "number": lot.number,
            "title": lot.title,
            "facts": [
                ("标的", f"{lot.title}（{lot.number}）"),
                ("出让方", lot.seller.name),
                ("买受人", winner.party.name if winner else "–"),
                ("竞价结束", press.paper_time(lot.ended_at)),
                ("成交价", f"{money_in(lot.price_fen, YUAN)} 元"),
                ("服务费", f"{money_in(lot.commission_fen, YUAN)} 元"),
                ("合同签订", press.paper_date(lot.contract_on)),
                ("交付", press.paper_date(lot.handed_over_on)),
            ],
            "rows": [
                (
                    one.what, one.who, money_in(one.fen, YUAN, 2), press.paper_date(one.day),
                    one.number,
                )
                for one in entries(lot)
            ],
            "office": office,
            "printed_at": press.paper_time(now),
        },
        made_at=now,
    )  # fmt: skip
