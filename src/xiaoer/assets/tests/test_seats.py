"""Who sits in a hall: a bidder's own session, and nobody for it."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.models import Bidder, Seat, Watching
from xiaoer.assets.tests.halls import a_hall
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting

Of = Callable[[str], Actor]


def firm_of(by: Actor, bidder: Bidder) -> Actor:
    """The firm itself, as its person signed in."""
    return Actor(
        zone_id=by.zone_id, role=Role.ENTERPRISE, post_id=None, party_ref=bidder.party_id, name="乙"
    )


def seat(by: Actor, bidder: Bidder, session: str = "s1", device: str = "phone") -> str:
    return assets.take_seat(
        by=by, now=NOW, bidder=bidder, session_key=session, address="192.0.2.1", device=device
    )


def test_a_session_has_one_seat_and_another_device_another(of: Of) -> None:
    desk = of("east-desk")
    with acting(desk):
        bidder = a_hall(desk).bidders[0]
    firm = firm_of(desk, bidder)
    with acting(firm):
        first, again, other = (
            seat(firm, bidder), seat(firm, bidder), seat(firm, bidder, "s2", "desktop"),
        )  # fmt: skip
    assert first == again != other
    with acting(desk):
        kept = set(Seat.objects.filter(bidder=bidder).values_list("key_hash", flat=True))
        assert {sha256(one.encode()).hexdigest() for one in (first, other)} < kept
        rows = Watching.objects.filter(bidder=bidder)
        assert rows.count() == 2
        assert not [row for row in rows if "192.0.2.1" in row.address_hash]


def test_nobody_sits_for_another(of: Of) -> None:
    desk = of("east-desk")
    with acting(desk):
        hall = a_hall(desk)
        one, two = hall.bidders
        Bidder.objects.filter(pk=two.pk).update(state="left")
        two.refresh_from_db()
        with pytest.raises(Refused):
            seat(desk, one)
    firm = firm_of(desk, one)
    for who, bidder in (
        (firm, two),
        (firm_of(desk, two), two),
        (replace(firm, zone_id=10**6), one),
    ):
        with acting(who), pytest.raises(Refused):
            seat(who, bidder)
