"""Who speaks for an enterprise: one approved, whom a stranger may be, and one who still waits."""

from datetime import datetime

from xiaoer.base.models import Account, Role
from xiaoer.base.scope import Actor, acting, as_web, holder_of_key
from xiaoer.demo.ground import Ground, Hand
from xiaoer.demo.names import SPEAKER, SPEAKER_PHONE
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party, Representation

TITLE = "总经理助理"
WAITING, WAITING_TITLE, WAITING_PHONE = "许乐川", "办公室主任", "19900007315"


def represent(ground: Ground, party: Party, officer: Hand, *, now: datetime) -> Actor:
    """The officer issues a code, the person asks with it, the officer approves."""
    asked = _ask(ground, party, officer, now, SPEAKER, SPEAKER_PHONE, TITLE)
    with acting(officer.actor):
        made = registry.approve_representation(by=officer.actor, now=now, representation=asked)
        post = made.representation.post
        if post is None:
            raise RuntimeError("an approved representative has a post")
        with as_web():
            account = Account.objects.get(username=made.username)
            account.password, account.must_change_password = ground.lock, False
            account.save(update_fields=["password", "must_change_password"])
    return Actor(
        zone_id=ground.zone.pk,
        role=Role.ENTERPRISE,
        city_id=ground.zone.city_id,
        post_id=post.pk,
        person_id=post.person_id,
        account_id=account.pk,
        party_ref=party.pk,
        name=SPEAKER,
        office=TITLE,
    )


def let_wait(ground: Ground, party: Party, officer: Hand, *, now: datetime) -> None:
    """Somebody asked to speak for an enterprise; its officer has not decided yet."""
    _ask(ground, party, officer, now, WAITING, WAITING_PHONE, WAITING_TITLE)


def _ask(
    ground: Ground,
    party: Party,
    officer: Hand,
    now: datetime,
    name: str,
    phone: str,
    title: str,
) -> Representation:
    with acting(officer.actor):
        code = registry.issue_code(by=officer.actor, now=now, party=party)
    stranger = holder_of_key(zone_id=ground.zone.pk, key_hash="-", party_ref=party.pk)
    with acting(stranger):
        return registry.ask_to_represent(
            by=stranger, now=now, code=code, name=name, phone=phone, title=title
        )
