"""What lots tell the house: their verbs, their tasks, how their records are called and found."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.assets.register import after as after_register
from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by
from xiaoer.base.verbs import name_verbs
from xiaoer.work import kinds

VERBS: dict[str, str | Promise] = {
    "seed_auction_rules": _("added the rules of the auction"),
    "release_auction_rules": _("released rules of the auction"),
    "keep_deposit_account": _("said where deposits are paid"),
    "draft_lot": _("began a lot"),
    "change_lot": _("changed a lot"),
    "add_lot_file": _("added a file to a lot"),
    "remove_lot_file": _("took a file off a lot"),
    "seal_lot_reserve": _("sealed a secret reserve"),
    "drop_lot_reserve": _("took a secret reserve back"),
    "submit_lot": _("brought a lot to the exchange centre"),
    "return_lot": _("sent a lot back"),
    "check_lot": _("found a lot in order"),
    "notice_lot": _("announced a lot"),
    "withdraw_lot": _("took a lot back"),
    "apply_to_bid": _("registered to bid"),
    "claim_pre_emption": _("claimed a right of pre-emption"),
    "admit_bidder": _("admitted a bidder"),
    "refuse_bidder": _("did not admit a bidder"),
    "leave_lot": _("withdrew a registration"),
    "import_statement": _("imported a statement of deposits"),
    "match_deposit": _("said whose deposit it is"),
    "return_deposit": _("owed money back to its payer"),
}
TASKS: Mapping[str, str | Promise] = {
    "check_lot": _("Check a lot"),
    "notice_lot": _("Announce a lot"),
    "admit_bidder": _("Look at who registered"),
    "host_lot": _("Host the bidding"),
}


def register() -> None:
    after_register.register()
    name_verbs(VERBS)
    kinds.know(
        kinds.MatterKind(
            code="auction_lot",
            name=_("auction lot"),
            tasks={**TASKS, **after_register.TASKS},
            told=after_register.TOLD
            | {"submit_lot", "return_lot", "check_lot", "notice_lot", "withdraw_lot"},
        )
    )
    name_codes("kind", {"auction_lot": _("auction lot"), **TASKS})
    label_details(
        {
            "holder": _("holder of the account"),
            "bank": _("bank"),
            "start_fen": _("start price"),
            "opens_at": _("bidding opens"),
            "free_until": _("free bidding until"),
            "hash": _("hash"),
            "refunds": _("deposits owed back"),
            "agent": _("agent"),
            "pre_emption": _("right of pre-emption"),
            "rank": _("rank"),
            "lot": _("lot"),
            "changed": _("changed"),
            "matched": _("found their bidder"),
        }
    )
    call_by(
        {
            "auction_lot": "title",
            "auction_rules": "name",
            "auction_bidder": "lot__title",
            "deposit_statement": "account",
            "deposit_line": "bank_number",
            "deposit_account": "number",
        }
    )
