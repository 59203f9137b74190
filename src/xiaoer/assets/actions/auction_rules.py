"""Rules of the auction: the first version of a zone, and the versions it releases."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import lots as access
from xiaoer.assets.auction import terms
from xiaoer.assets.auction.terms import Terms
from xiaoer.assets.models import AuctionRules, DepositAccount
from xiaoer.base import journal
from xiaoer.base.checking import must_say, today
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

FIRST_NAME = "企业闲置资产网络竞价规则（试行）"


@transaction.atomic
def seed_auction_rules(*, by: Actor, now: datetime) -> int:
    """Give a zone its first version of the rules, if it has none; how many were added."""
    access.must_run_exchange(by)
    if AuctionRules.objects.filter(zone_id=by.zone_id).exists():
        return 0
    row = AuctionRules.objects.create(
        zone_id=by.zone_id, number=1, name=FIRST_NAME, body=terms.written(terms.DEFAULT),
        since=today(now), released_at=now, released_by_id=by.post_id,
    )  # fmt: skip
    journal.record(by=by, now=now, verb="seed_auction_rules", subject=row, name=row.name)
    return 1


@transaction.atomic
def release_auction_rules(
    *, by: Actor, now: datetime, name: str, new: Terms, reason: str
) -> AuctionRules:
    """Release a new version; lots put up from now on are under it, others keep their own."""
    access.must_run_exchange(by)
    name = must_say(name, "name", most=80, why=_("Give the version a name."))
    reason = must_say(reason, "reason", most=300)
    last = rules_in_force(by)
    body = terms.written(terms.must_fit(new), last.body)
    was = asdict(terms.read(last.body))
    changed = {
        code: [was[code], one["value"]] for code, one in body.items() if one["value"] != was[code]
    }
    if not changed and name == last.name:
        raise Refused(_("Nothing is different from the version in force."), field="name")
    row = AuctionRules.objects.create(
        zone_id=by.zone_id, number=last.number + 1, name=name, body=body, since=today(now),
        released_at=now, released_by_id=by.post_id,
    )  # fmt: skip
    journal.record(
        by=by, now=now, verb="release_auction_rules", subject=row, name=name, reason=reason,
        changed=changed,
    )  # fmt: skip
    return row


@transaction.atomic
def keep_deposit_account(
    *, by: Actor, now: datetime, holder: str, bank: str, number: str
) -> DepositAccount:
    """Say where deposits are paid. Lots announced from now on name it; others keep their own, for
    their bidders were told that one."""
    access.must_run_exchange(by)
    access.must_be_person(by)
    holder = must_say(holder, "holder", most=80, why=_("Say in whose name the account is."))
    bank = must_say(bank, "bank", most=80, why=_("Name the bank and its branch."))
    number = _account_number(number)
    last = deposit_account_in_force(by.zone_id, locks=True)
    if last is not None and (last.holder, last.bank, last.number) == (holder, bank, number):
        return last
    if last is not None:
        last.until = now
        last.save(update_fields=["until"])
    row = DepositAccount.objects.create(
        zone_id=by.zone_id, holder=holder, bank=bank, number=number, since=now,
        by_post_id=by.post_id,
    )  # fmt: skip
    journal.record(
        by=by, now=now, verb="keep_deposit_account", subject=row, holder=holder, bank=bank,
        number=number, before=last.number if last else "",
    )  # fmt: skip
    return row


def _account_number(typed: str) -> str:
    """The number as people read it aloud, in fours; anything but digits and dashes is a slip."""
    bare = "".join(typed.split())
    digits = bare.replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 32):
        raise Refused(_("The number of an account has 8 to 32 digits; check it."), field="number")
    if "-" in bare:
        return bare
    return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4))


def deposit_account_in_force(zone_id: int, *, locks: bool = False) -> DepositAccount | None:
    """Where the deposits of lots announced now are paid."""
    rows = DepositAccount.objects.filter(zone_id=zone_id, until__isnull=True)
    if locks:
        rows = rows.select_for_update(of=("self",))
    return rows.first()


def rules_in_force(by: Actor) -> AuctionRules:
    """The latest version, locked: numbers of versions and of lots are given one by one."""
    row = (
        AuctionRules.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, released_at__isnull=False)
        .order_by("-number")
        .first()
    )
    if row is None:
        raise Refused(_("This zone has no rules for auctions; an administrator adds them."))
    return row
