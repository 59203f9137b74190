"""Phones that keep field work: the officer's own, one that was lost and wiped, the steward's tablet."""

from dataclasses import replace

from xiaoer.base.scope import Actor, acting
from xiaoer.demo.days import Days
from xiaoer.demo.desks import hand_at
from xiaoer.demo.ground import Ground, Hand
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import FieldDevice

OFFICER, STEWARD = "3-07/0", "2-04/1"


def keep_phones(ground: Ground, days: Days) -> None:
    """In the zone whose officers can be entered."""
    officer, steward = hand_at(ground, OFFICER), hand_at(ground, STEWARD)
    lost = _keep(officer, "旧手机", days, ago=40)
    _keep(officer, "工作手机", days, ago=1)
    _keep(steward, "平板", days, ago=2)
    by = _owner(officer)
    with acting(by):
        outreach.wipe_device(by=by, now=days.ago(33), device=lost)


def _keep(hand: Hand, name: str, days: Days, *, ago: int) -> FieldDevice:
    by = _owner(hand)
    with acting(by):
        return outreach.keep_device(by=by, now=days.ago(ago), name=name).device


def _owner(hand: Hand) -> Actor:
    """The hand with its account: a phone belongs to whoever signs in on it."""
    return replace(hand.actor, account_id=hand.person.account_id)
