"""A problem day: slots booked to their last place and never beyond, tickets, calls, requests."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from tests.town import NOW, actor
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal, Booking, DaySlot, Gathering, Programme
from xiaoer.outreach.tests.conftest import Town
from xiaoer.outreach.tests.test_together import _at_once, real_town  # noqa: F401  # a fixture
from xiaoer.work.models import Contact

DAY = date(2026, 11, 25)
ON_THE_DAY = NOW + timedelta(days=5)


def opened(town: Town, *, capacity: int = 1, day: date = DAY) -> Gathering:
    """A problem day with two half hours at one desk, announced."""
    desk = town.of("east-desk")
    with acting(desk):
        programme = Programme.objects.get(kind=Programme.Kind.PROBLEM_DAY)
        row = outreach.open_day(by=desk, now=NOW, programme=programme, day=day, place="服务中心")
        outreach.add_slots(
            by=desk,
            now=NOW,
            gathering=row,
            desk="二楼 1 号窗口",
            from_time=time(9),
            until_time=time(10),
            minutes=30,
            capacity=capacity,
        )
        return outreach.announce_day(by=desk, now=NOW, gathering=row, version=row.version)


def first_slot(town: Town) -> DaySlot:
    with acting(town.of("east-desk")):
        return DaySlot.objects.order_by("from_time")[0]


def book(town: Town, slot: DaySlot, who: Any = None, **given: Any) -> Booking:
    by = who or town.spokesman()
    facts: dict[str, Any] = {"party": town.party, "who": "赵一", "matter": "增容"} | given
    with acting(by):
        return outreach.book_slot(by=by, now=NOW, slot=slot, **facts)


def do(town: Town, verb: str, row: Booking, who: str = "east-desk", **given: Any) -> Any:
    by, now = town.of(who), given.pop("now", ON_THE_DAY)
    with acting(by):
        fresh = Booking.objects.get(pk=row.pk)
        given.setdefault("version", fresh.version)
        return getattr(outreach, verb)(by=by, now=now, booking=fresh, **given)


def test_an_enterprise_books_for_itself_and_the_desk_for_another(town: Town) -> None:
    opened(town)
    slot = first_slot(town)
    assert book(town, slot).through == Booking.Through.ENTERPRISE
    with acting(town.of("east-desk")):
        later = DaySlot.objects.order_by("from_time")[1]
    row = book(town, later, town.of("east-desk"), party=town.other)
    assert row.through == Booking.Through.PHONE
    own = town.spokesman()
    with acting(own):
        (day,) = queries.open_problem_days(by=own, now=NOW)
        assert day.own is not None
        assert (day.left, day.own.desk) == (0, "二楼 1 号窗口")
        assert Booking.objects.count() == 1, "others' bookings are not to be read"


def test_a_full_slot_takes_nobody_and_a_place_given_back_is_free_again(town: Town) -> None:
    opened(town)
    slot = first_slot(town)
    first, own = book(town, slot), town.spokesman()
    with pytest.raises(Refused) as refused:
        book(town, slot, town.spokesman(town.other), party=town.other)
    assert refused.value.field == "slot"
    with acting(own):
        outreach.cancel_booking(by=own, now=NOW, booking=first, version=first.version)
    assert book(town, slot, town.spokesman(town.other), party=town.other).pk


def test_two_who_book_the_last_place_at_once_get_one(real_town: Town) -> None:  # noqa: F811  # a fixture
    opened(real_town)
    slot = first_slot(real_town)
    parties = [real_town.party, real_town.other]

    def one(number: int) -> object:
        party = parties[number % 2]
        return book(real_town, slot, real_town.spokesman(party), party=party)

    answers = _at_once(one)
    assert sum(isinstance(answer, Booking) for answer in answers) == 1
    with acting(actor("east-desk")):
        assert Booking.objects.count() == 1
        assert DaySlot.objects.get(pk=slot.pk).taken == 1


def test_who_books_while_the_day_is_called_off_gets_no_place(real_town: Town) -> None:  # noqa: F811  # a fixture
    day, desk = opened(real_town), real_town.of("east-desk")
    slot = first_slot(real_town)

    def book_meanwhile() -> object:
        try:
            return book(real_town, slot)
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with acting(desk):
            outreach.cancel_day(
                by=desk, now=NOW, gathering=day, version=day.version, reason="台风预警"
            )
            answer = pool.submit(book_meanwhile)
            with pytest.raises(TimeoutError):
                answer.result(timeout=0.5)
        assert isinstance(answer.result(timeout=20), Refused)
    with acting(desk):
        assert not Booking.objects.exists()
        assert DaySlot.objects.get(pk=slot.pk).taken == 0


def test_the_database_itself_refuses_more_than_there_is_room_for(town: Town) -> None:
    opened(town)
    slot = first_slot(town)
    with acting(town.of("east-desk")), pytest.raises(IntegrityError), transaction.atomic():
        DaySlot.objects.filter(pk=slot.pk).update(taken=2)


def test_an_enterprise_holds_one_place_a_day(town: Town) -> None:
    opened(town, capacity=5)
    slot = first_slot(town)
    book(town, slot)
    with pytest.raises(Refused):
        book(town, slot)
    with acting(town.of("east-desk")):
        assert DaySlot.objects.get(pk=slot.pk).taken == 1


def test_nobody_books_or_cancels_for_somebody_else(town: Town) -> None:
    opened(town)
    slot = first_slot(town)
    own, other, officer = (
        town.spokesman(),
        town.spokesman(town.other),
        town.of("east-officer"),
    )
    for by in (other, officer, town.card_holder):
        with pytest.raises(Refused):
            book(town, slot, by)
    row = book(town, slot, own)
    for by in (other, officer, town.of("west-desk")):
        with acting(by), pytest.raises(Refused):
            outreach.cancel_booking(by=by, now=NOW, booking=row, version=row.version)
    west = town.of("west-desk")
    with acting(west):
        assert (Booking.objects.count(), DaySlot.objects.count()) == (0, 0)
        with pytest.raises(Refused):
            outreach.book_slot(by=west, now=NOW, slot=slot, party=town.party, who="甲")


def test_tickets_are_given_in_turn_to_who_booked_and_who_walks_in(town: Town) -> None:
    day = opened(town)
    booked = book(town, first_slot(town))
    desk = town.of("east-desk")
    with acting(desk):
        walked = outreach.walk_in(
            by=desk, now=ON_THE_DAY, gathering=day, party=town.other, who="钱二"
        )
    there = do(town, "arrive", booked)
    assert (walked.ticket_no, there.ticket_no) == (1, 2)
    called = do(town, "call_in", walked, desk="3 号窗口")
    assert (called.state, called.desk) == (Booking.State.CALLED, "3 号窗口")
    assert do(town, "serve", walked, outcome="已记下").state == Booking.State.SERVED
    with pytest.raises(Refused):
        do(town, "serve", walked)
    do(town, "miss", there)
    assert do(town, "arrive", there).ticket_no == 2, "who comes late keeps the ticket"


def test_tickets_are_given_on_the_day_only(town: Town) -> None:
    day, desk = opened(town), town.of("east-desk")
    with acting(desk), pytest.raises(Refused):
        outreach.walk_in(by=desk, now=NOW, gathering=day, party=town.party, who="甲")


def test_a_request_of_the_day_is_filed_and_no_contact_is_counted(town: Town) -> None:
    day = opened(town)
    row = book(town, first_slot(town))
    with pytest.raises(Refused):
        _file(town, row)
    do(town, "arrive", row)
    filed = _file(town, row)
    assert filed.appeal.channel == Appeal.Channel.PROBLEM_DAY
    assert filed.appeal.programme_id == day.programme_id
    do(town, "serve", row)
    desk = town.of("east-desk")
    with acting(desk):
        shown = queries.day_page(by=desk, day_id=day.pk)
        assert Contact.objects.filter(zone_id=town.zone_id).count() == 0
    assert shown is not None
    assert (shown.requests, shown.served, shown.solved) == (1, 1, 0)


def _file(town: Town, row: Booking) -> outreach.Filed:
    desk = town.of("east-desk")
    with acting(desk):
        return outreach.file_from_booking(by=desk, now=ON_THE_DAY, booking=row, title="缺电")


def test_a_day_closes_when_everybody_has_an_outcome(town: Town) -> None:
    day, desk = opened(town), town.of("east-desk")
    row = book(town, first_slot(town))
    with acting(desk):
        held = outreach.hold_day(by=desk, now=ON_THE_DAY, gathering=day, version=day.version)
        with pytest.raises(Refused):
            outreach.close_day(
                by=desk, now=ON_THE_DAY, gathering=held, version=held.version, result="好"
            )
    do(town, "miss", row, now=ON_THE_DAY + timedelta(hours=2))
    with acting(desk):
        closed = outreach.close_day(
            by=desk, now=ON_THE_DAY, gathering=held, version=held.version, result="无人到场"
        )
    assert closed.state == Gathering.State.CLOSED


@pytest.mark.parametrize(
    "given",
    [
        {"from_time": time(10), "until_time": time(9)},
        {"minutes": 0},
        {"minutes": 90},
        {"capacity": 0},
        {"capacity": 10_000},
        {"desk": "\x00 "},
        {"desk": "二楼 1 号窗口"},
    ],
)
def test_garbage_slots_are_refused(town: Town, given: dict[str, Any]) -> None:
    day, desk = opened(town), town.of("east-desk")
    facts: dict[str, Any] = {
        "desk": "3 号窗口",
        "from_time": time(9),
        "until_time": time(10),
        "minutes": 30,
    } | given
    with acting(desk), pytest.raises(Refused) as refused:
        outreach.add_slots(by=desk, now=NOW, gathering=day, **facts)
    assert refused.value.field


def test_the_desk_has_the_day_on_one_page_and_the_enterprise_its_own(
    town: Town, sign_in: Any
) -> None:
    day = opened(town)
    row = book(town, first_slot(town))
    desk = sign_in("east-desk")
    address = reverse("day", args=[day.pk])
    assert town.party.name in desk.get(address).content.decode()
    assert desk.get(address + "?export=xlsx").status_code == 200
    assert desk.get(reverse("day_sheet", args=[day.pk, "docx"])).status_code == 200
    form = reverse("booking_new_for", args=[day.pk, town.other.pk])
    assert desk.get(form).status_code == 200
    with acting(town.of("east-desk")):
        later = DaySlot.objects.order_by("from_time")[1]
    answer = desk.post(form, {"who": "钱二", "slot": later.pk})
    assert answer.status_code == 302
    assert desk.post(form, {"who": "钱二", "slot": "x"}).status_code == 422
    west = sign_in("west-desk")
    assert west.get(address).status_code == 404
    cancel = reverse("booking_do", args=[row.pk, "cancel"])
    assert west.post(cancel, {"version": row.version}).status_code == 404
    assert desk.post(cancel, {"version": row.version}).status_code == 302
    assert desk.post(reverse("booking_do", args=[row.pk, "fly"])).status_code == 404
