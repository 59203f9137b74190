"""A service point with two at once: no number is called twice, no place is booked twice."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.together import at_once, committed
from tests.town import NOW, actor
from xiaoer.base.scope import acting
from xiaoer.permits import actions as permits
from xiaoer.permits.actions.appointments import Booked
from xiaoer.permits.models import Appointment, QueueTicket
from xiaoer.permits.tests.test_points import Hall, built


@pytest.fixture
def hall(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[Hall]:
    with committed(django_db_blocker, f"points_{worker_id}"):
        yield built(actor)


def test_two_counters_at_once_call_two_numbers_and_one_books_the_last_place(hall: Hall) -> None:
    with acting(hall.by):
        for _each in range(3):
            permits.take_number(by=hall.by, now=NOW, point=hall.point)
        slot = hall.slots(places=1)[0]

    def call(window: str) -> object:
        return permits.call_next_number(by=hall.by, now=NOW, point=hall.point, window=window)

    called = at_once(*((hall.by, lambda at=window: call(at)) for window in "1234"))
    numbers = [one.number for one in called if isinstance(one, QueueTicket)]
    assert sorted(numbers) == [1, 2, 3]
    assert called.count(None) == 1

    def book(phone: str) -> object:
        return permits.book_appointment(by=hall.by, now=NOW, slot=slot, who="钱二", phone=phone)

    booked = at_once(
        *((hall.by, lambda of=phone: book(of)) for phone in ("13900000001", "13900000002"))
    )
    assert len([one for one in booked if isinstance(one, Booked)]) == 1
    assert any("刚被约走" in str(one) for one in booked)
    with acting(hall.by):
        slot.refresh_from_db()
        assert (slot.taken, Appointment.objects.filter(slot=slot).count()) == (1, 1)
