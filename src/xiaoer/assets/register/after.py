"""What lots after the hall tell the house: their verbs, their tasks, how their records are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.assets.models import Flag, LotObjection, LotPayment, Refund, SecondChance
from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by
from xiaoer.base.verbs import name_verbs

VERBS: dict[str, str | Promise] = {
    "open_bidding": _("bidding began"),
    "take_result": _("took the result of a hall over"),
    "pause_lot": _("paused a hall"),
    "resume_lot": _("let a hall go on"),
    "stop_lot": _("stopped a hall"),
    "confirm_result": _("confirmed the result of a lot"),
    "publish_result": _("published the result of a lot"),
    "make_contract": _("kept the contract of a lot"),
    "record_payment": _("wrote down a payment of a buyer"),
    "pay_lot": _("a lot was paid"),
    "record_handover": _("wrote down that a lot was handed over"),
    "record_payout": _("wrote down a payment to a seller"),
    "record_return": _("wrote down a payment back to a buyer"),
    "close_lot": _("closed a lot"),
    "owe_refunds": _("owed deposits back"),
    "record_refund": _("wrote down that a deposit went back"),
    "declare_default": _("found a buyer in default"),
    "call_off_sale": _("called a sale off"),
    "second_chance": _("asked the next bidder"),
    "answer_chance": _("answered whether the next bidder buys"),
    "lapse_chance": _("the next bidder did not answer in time"),
    "relist_lot": _("put a lot up again"),
    "find_flags": _("found something doubtful about a lot"),
    "raise_objection": _("objected to the result of a lot"),
    "withdraw_objection": _("took an objection to a lot back"),
    "decide_objection": _("decided an objection to a lot"),
    "clear_flag": _("looked at a doubt about a lot"),
}
TASKS: Mapping[str, str | Promise] = {
    "confirm_result": _("Confirm a result"),
    "publish_result": _("Publish a result"),
    "contract": _("Have a contract signed"),
    "payment": _("See that the price is paid"),
    "handover": _("See that a lot is handed over"),
    "pay_seller": _("Pay the seller"),
    "close_lot": _("Close a lot"),
    "refund": _("Give deposits back"),
    "relist": _("Put up again, or end it"),
    "second_chance": _("Hear whether the next bidder buys"),
    "objection": _("Decide an objection"),
}
TOLD = frozenset(
    {
        "take_result",
        "pause_lot",
        "stop_lot",
        "publish_result",
        "declare_default",
        "call_off_sale",
        "answer_chance",
        "raise_objection",
        "decide_objection",
    }
)


def register() -> None:
    """Lend the house the words of this part; called once with those of lots."""
    name_verbs(VERBS)
    name_codes(
        "result",
        {
            "sold": _("sold"),
            "no_bid": _("nobody bid"),
            "passed_in": _("reserve not reached"),
            "stopped": _("stopped by the host"),
        },
    )
    name_codes("kind", TASKS)
    name_codes("code", dict(Flag.Why.choices))
    label_details(
        {
            "alias": _("bidder number"),
            "amount_fen": _("amount"),
            "lines": _("lines of statements"),
            "number": _("Number"),
        }
    )
    call_by(
        {
            Refund._meta.db_table: "line__bank_number",
            LotPayment._meta.db_table: "bank_number",
            SecondChance._meta.db_table: "lot__title",
            Flag._meta.db_table: "lot__title",
            LotObjection._meta.db_table: "lot__title",
        }
    )
