"""A sale that is none: annulled on an objection, or called off because the seller cannot keep to it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.actions.after_rows import ask, drop_tasks, must_be_undisputed
from xiaoer.assets.actions.lot_rows import exchange_office, locked_lot, move, record, terms_of
from xiaoer.assets.actions.refunding import give_up_price, owe_refunds_of, owe_rest
from xiaoer.assets.actions.results import AGAIN, CONFIRM, CONTRACT, PAY, PUBLISH
from xiaoer.assets.actions.selling import HAND_OVER
from xiaoer.assets.models import Bidder, Lot
from xiaoer.base.checking import must_say, today
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import actions as papers
from xiaoer.web import press

ANNULLED = "auction_result_annulled"
State = Lot.State
# Until the thing is handed over; what comes after that is between the parties and the courts.
BEFORE_HANDOVER = (State.ENDED, State.CONFIRMED, State.PUBLISHED, State.PAID)


@dataclass(frozen=True, slots=True)
class Ending:
    """In which words a sale ends: on pages, and on the notice for whoever holds a confirmation."""

    said: str
    title: str
    what: str
    verb: str
    ground: str


@transaction.atomic
def call_off_sale(
    *, by: Actor, now: datetime, lot: Lot, why: str, version: int | None = None
) -> Lot:
    """End a sale the seller does not keep to, or that both parties give up: nobody bought.

    The buyer loses nothing: its deposit and its payments go back, and it may bid again. Only a person
    says so, in words both parties read. A buyer that fails is ``declare_default``.
    """
    access.must_run_exchange(by)
    access.must_be_person(by)
    row = locked_lot(by, lot, *BEFORE_HANDOVER, version=version)
    must_be_undisputed(row)
    why = must_say(
        why, "why", most=300,
        why=_("Say what the seller did not do, or what both agreed; both read it."),
    )  # fmt: skip
    buyer = row.winner
    if buyer is None:
        raise Refused(_("This lot has no buyer."))
    ending = Ending(
        said=_("called off: %(why)s") % {"why": why}, title="终止交易通知书", what="交易",
        verb="终止", ground=f"终止原因：{why}",
    )  # fmt: skip
    undo_sale(by=by, now=now, lot=row, ending=ending)
    drop_tasks(row, CONFIRM, PUBLISH, CONTRACT, PAY, HAND_OVER, by=by, now=now)
    days = terms_of(row).confirm_days
    ask(row, AGAIN, _("put up again or give back"), by=by, now=now, days=days)
    record(by, now, "call_off_sale", row, words=why, alias=buyer.alias)
    return row


def undo_sale(*, by: Actor, now: datetime, lot: Lot, ending: Ending) -> None:
    """Nobody bought: every deposit is owed back. Called inside a verb, which says why in its line.

    Whoever holds a signed confirmation gets a notice.
    """
    buyer, was_published = lot.winner, lot.published_at is not None
    lot.state, lot.closed_why = State.PASSED_IN, ending.said
    lot.winner = lot.price_fen = lot.confirmed_at = lot.published_at = None
    lot.contract_on = lot.paid_at = None
    lot.commission_fen = 0
    move(
        lot, "state", "closed_why", "winner", "price_fen", "confirmed_at", "published_at",
        "contract_on", "paid_at", "commission_fen",
    )  # fmt: skip
    if buyer is not None:
        give_up_price(lot=lot, bidder=buyer)
        owe_rest(by=by, now=now, lot=lot, bidder=buyer, why=ending.said[:300])
    owe_refunds_of(by=by, now=now, lot=lot)
    if buyer is not None and was_published:
        _tell_buyer(by, now, lot, buyer, ending)


def _tell_buyer(by: Actor, now: datetime, lot: Lot, buyer: Bidder, ending: Ending) -> None:
    """For whoever holds a signed confirmation: official papers are always Chinese."""
    with translation.override("zh-hans"):
        papers.make_notice(
            by=by, now=now, kind=ANNULLED, title=ending.title, number=f"{lot.number}-{ending.verb}",
            addressee=buyer.party.name, office_name=exchange_office(lot.zone_id).name, subject=lot,
            party=buyer.party, paragraphs=[
                f"标的“{lot.title}”（编号{lot.number}）的{ending.what}，于"
                f"{press.paper_date(today(now))}{ending.verb}，此前发出的成交确认书同时失效。",
                ending.ground,
                "贵单位已交纳的保证金和价款按竞价规则原路退还。",
            ],
        )  # fmt: skip
