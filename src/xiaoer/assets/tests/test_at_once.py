"""Two people at the same moment, with real commits: what either does is whole, and neither undoes it."""

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connections

from conftest import point_django_at
from tests import database as databases
from tests.town import NOW, actor
from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.actions import bidders as admitting
from xiaoer.assets.models import (
    Ban,
    Bidder,
    DepositLine,
    Hall,
    LedgerLine,
    Lot,
    LotPayment,
    Occupancy,
    Refund,
    Unit,
)
from xiaoer.assets.tests.carriers import TODAY, Workshop, build
from xiaoer.assets.tests.halls import Answer, TestHall, a_hall
from xiaoer.assets.tests.lots import applied, noticed, paid
from xiaoer.assets.tests.sold import DEPOSIT, a_sale, exchange, paper
from xiaoer.assets.tests.test_deposits import brought, sheet
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.config import database
from xiaoer.work.models import Task

VERIFIER = Path(__file__).parents[4] / "tools" / "verify_auction.py"
ON = date(2026, 11, 20)
Act = Callable[[], Any]


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """The town in a database of its own where everything is really committed."""
    own = databases.clone(databases.template("town"), f"{databases.PREFIX}_at_once_{worker_id}")
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        point_django_at(own.web)
        try:
            yield
        finally:
            point_django_at(own.of_database(before).web)
    database.drop_database(own)


@pytest.fixture(scope="module")
def shop(committed: None) -> Workshop:
    return build(actor)


@pytest.fixture
def by(committed: None) -> Actor:
    return exchange(actor)


@pytest.fixture(scope="module")
def lot(committed: None) -> Lot:
    """Announced, and open for registration while these tests run."""
    by = exchange(actor)
    with acting(by):
        return noticed(by, seconds=3600)


def at_once(by: Actor, *acts: Act) -> list[Any]:
    """Begin all at the same moment, each with a connection of its own; refusals are answers too."""
    ready = Barrier(len(acts))

    def one(act: Act) -> Any:
        try:
            with acting(by):
                ready.wait(60)
                return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def refused(answers: Sequence[Any]) -> list[str]:
    return [str(one) for one in answers if isinstance(one, Refused)]


# The hall ----------------------------------------------------------------------------------------


def crowd(by: Actor, hall: TestHall, host: Act, begun: int, most: int) -> tuple[list[Answer], Any]:
    """Every bidder bids on and on; the host acts once so many bids were answered. Each bidder stops
    when the hall no longer takes what it says, or after so many."""
    told: list[Answer] = []
    is_begun = Event()

    def bidder(who: int) -> None:
        try:
            for step in range(most):
                with acting(by):
                    said = hall.bid(who, 10_000 + 500 * (step * len(hall.seats) + who))
                told.append(said)
                if len(told) >= begun:
                    is_begun.set()
                if said.outcome in ("paused", "late"):
                    return
        finally:
            is_begun.set()
            connections.close_all()

    def hosting() -> Any:
        try:
            is_begun.wait(60)
            with acting(by):
                return host()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(hall.seats) + 1) as pool:
        running = [pool.submit(bidder, who) for who in range(len(hall.seats))]
        done = pool.submit(hosting)
        for one in running:
            one.result()
        return told, done.result()


def ledger_of(by: Actor, hall: TestHall, folder: Path) -> list[LedgerLine]:
    """The ledger's lines, once a stranger's program agreed with them."""
    with acting(by):
        (folder / "ledger.txt").write_text(hall.words(), encoding="utf-8")
        lines = list(LedgerLine.objects.filter(lot=hall.lot).order_by("seq"))
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), "--open", str(folder / "ledger.txt")],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert [line.seq for line in lines] == list(range(lines[0].seq, lines[-1].seq + 1))
    return lines


def must_be_before(lines: Sequence[LedgerLine], told: Sequence[Answer], kind: str) -> None:
    """Whoever was told that a bid counts stands in the ledger, and before the line of the host."""
    [last] = [line.seq for line in lines if line.kind == kind]
    counted = {line.seq for line in lines if line.kind == "bid" and line.outcome == "accepted"}
    assert counted and max(counted) < last
    assert counted == {one.line for one in told if one.outcome == "accepted"}


@pytest.mark.parametrize(("verb", "kind"), [("pause_lot", "pause"), ("stop_lot", "end")])
def test_no_bid_counts_after_the_line_of_the_host(
    by: Actor, tmp_path: Path, verb: str, kind: str
) -> None:
    with acting(by):
        hall = a_hall(by, 3)
    told, _lot = crowd(
        by, hall, lambda: getattr(assets, verb)(by=by, now=NOW, lot=hall.lot, why="停电"), 9, 60
    )
    lines = ledger_of(by, hall, tmp_path)
    must_be_before(lines, told, kind)
    with acting(by):
        now = Hall.objects.get(lot=hall.lot)
        assert now.bids == sum(one.outcome == "accepted" for one in told)
        assert (now.paused_at is None, now.ended_at is None) == (kind == "end", kind == "pause")
        if kind == "end":
            assert Lot.objects.get(pk=hall.lot.pk).winner is None


def test_two_hosts_pause_once(by: Actor, tmp_path: Path) -> None:
    with acting(by):
        hall = a_hall(by)
    pause = partial(assets.pause_lot, by=by, now=NOW, lot=hall.lot, why="停电")
    assert len(refused(at_once(by, pause, pause, pause))) == 2
    assert sum(line.kind == "pause" for line in ledger_of(by, hall, tmp_path)) == 1


def test_an_end_by_the_clock_comes_once_and_after_every_bid(by: Actor, tmp_path: Path) -> None:
    """Bidders bid until they are late; then several take the result over."""
    for seconds in (2, 16, 64):  # a slow machine may not bid within the first
        with acting(by):
            hall = a_hall(by, 3, ends=seconds, extend=0)
        told, _done = crowd(by, hall, lambda: None, 1, 10_000)
        if any(one.outcome == "accepted" for one in told):
            break
    assert sum(one.outcome == "late" for one in told) == 3
    system_of = system(by.zone_id)

    def taken() -> int:
        """How many results were taken over by this one, until there was one."""
        count = 0
        while Lot.objects.filter(pk=hall.lot.pk, state=Lot.State.LIVE).exists():
            count += len(assets.take_results(by=system_of, now=NOW))
        return count

    assert sum(at_once(system_of, taken, taken, taken)) == 1
    lines = ledger_of(by, hall, tmp_path)
    must_be_before(lines, told, "end")
    with acting(by):
        lot = Lot.objects.get(pk=hall.lot.pk)
        highest = max(one.amount_fen or 0 for one in lines if one.outcome == "accepted")
        assert (lot.state, lot.price_fen) == ("ended", highest)


# Bidders and their money -------------------------------------------------------------------------


def test_bidders_admitted_at_once_have_each_a_number_of_their_own(
    by: Actor, lot: Lot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admitting, "PLATES", 5)  # two at random would often be the same
    with acting(by):
        waiting = [applied(by, lot)[0] for _n in range(5)]
        for bidder in waiting:
            paid(by, bidder)

    def admit(bidder: Bidder) -> Act:
        return lambda: assets.admit_bidder(by=by, now=NOW, bidder=bidder)

    answers = at_once(by, *map(admit, waiting))
    assert refused(answers) == []
    assert len({one.alias for one in answers}) == 5


def test_a_bidder_admitted_twice_at_once_is_admitted_once(by: Actor, lot: Lot) -> None:
    with acting(by):
        bidder, _firm = applied(by, lot)
        paid(by, bidder)
    admit = partial(assets.admit_bidder, by=by, now=NOW, bidder=bidder)
    assert len(refused(at_once(by, admit, admit))) == 1
    with acting(by):
        assert JournalLine.objects.filter(verb="admit_bidder", subject_id=bidder.pk).count() == 1


def test_a_line_of_two_statements_at_once_counts_once(by: Actor, lot: Lot) -> None:
    with acting(by):
        bidder, _firm = applied(by, lot)
    number = uuid.uuid4().hex[:10]
    row = ("2026-11-21", "09:03:07", number, None, 1000, bidder.party.name, "6222",
           bidder.deposit_code)  # fmt: skip

    def bring(more: int) -> Act:
        other = ("2026-11-21", "", f"{number}-{more}", None, 5, "某", "", "")
        file = sheet(row, other, name=f"流水{more}.xlsx")
        return lambda: brought(by, file).result

    answers = at_once(by, *(bring(n) for n in range(3)))
    assert sorted((one["taken"], one.get("known", 0)) for one in answers) == [
        (1, 1),
        (1, 1),
        (2, 0),
    ]
    with acting(by):
        assert DepositLine.objects.filter(bank_number=number).count() == 1
        assert Bidder.objects.get(pk=bidder.pk).paid_fen == 100_000


# After the hall ----------------------------------------------------------------------------------


def test_a_result_confirmed_by_several_at_once_is_confirmed_once(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by)
        for flag in sold.lot.flags.all():
            assets.clear_flag(by=by, now=NOW, flag=flag, why="已核实")
        lot = sold.lot
    confirm = partial(assets.confirm_result, by=by, now=NOW, lot=lot)
    assert len(refused(at_once(by, confirm, confirm, confirm))) == 2
    with acting(by):
        assert sold.lot.state == "confirmed"
        assert JournalLine.objects.filter(verb="confirm_result", subject_id=lot.pk).count() == 1
        assert Task.objects.filter(matter=sold.lot.matter, kind="publish_result").count() == 1


def test_of_the_last_payment_and_a_default_at_once_one_counts(by: Actor) -> None:
    with acting(by):
        sold = a_sale(by)
        sold.published()
        assets.make_contract(by=by, now=NOW, lot=sold.lot, signed_on=ON, paper=paper(by))
        lot = sold.lot
    pay = partial(
        assets.record_payment, by=by, now=NOW, lot=lot, amount_fen=1_000_000, paid_on=ON,
        bank_number=uuid.uuid4().hex,
    )  # fmt: skip
    default = partial(assets.declare_default, by=by, now=NOW, lot=lot, why="逾期未付款")
    answers = at_once(by, pay, default)
    assert len(refused(answers)) == 1
    with acting(by):
        is_paid = isinstance(answers[0], LotPayment)
        assert sold.lot.state == ("paid" if is_paid else "defaulted")
        assert LotPayment.objects.filter(lot=lot).count() == is_paid
        assert Ban.objects.filter(lot=lot).count() == (not is_paid)
        money = Refund.objects.filter(line__bidder=lot.winner)
        assert list(money.values_list("kind", "amount_fen")) == [
            ("to_price" if is_paid else "forfeited", DEPOSIT)
        ]


# Carriers ----------------------------------------------------------------------------------------


def units_of(shop: Workshop, *codes: str) -> list[Unit]:
    """Units of a hundred square metres side by side."""
    with acting(shop.by):
        return [
            assets.add_unit(
                by=shop.by, now=NOW, building=shop.building, since=date(2024, 1, 1),
                facts=assets.UnitFacts(code=code, floor=3, area_m2=Decimal(100)),
            )
            for code in codes
        ]  # fmt: skip


def living(shop: Workshop, sign: str) -> list[Unit]:
    """The units there are today whose number begins so."""
    with acting(shop.by):
        return [one for one in queries.units_on(shop.by.zone_id, TODAY) if one.code[0] == sign]


def split(shop: Workshop, unit: Unit, sign: str) -> Act:
    parts = [assets.UnitFacts(code=f"{unit.code}{sign}{n}", area_m2=Decimal(50)) for n in range(2)]
    return lambda: assets.split_unit(by=shop.by, now=NOW, unit=unit, parts=parts)


def merge(shop: Workshop, units: Sequence[Unit], code: str) -> Act:
    return lambda: assets.merge_units(by=shop.by, now=NOW, units=units, code=code)


def test_units_merged_by_several_at_once_become_one_unit(shop: Workshop) -> None:
    one, two, three = units_of(shop, "M1", "M2", "M3")
    answers = at_once(
        shop.by, merge(shop, [one, two], "M12"), merge(shop, [two, one], "M21"),
        merge(shop, [three, two], "M32"),
    )  # fmt: skip
    assert len(refused(answers)) == 2
    assert sum(unit.area_m2 for unit in living(shop, "M")) == 300
    assert len(living(shop, "M")) == 2


def test_a_unit_split_and_merged_at_once_goes_one_way(shop: Workshop) -> None:
    one, two = units_of(shop, "S1", "S2")
    answers = at_once(
        shop.by, split(shop, one, "a"), split(shop, one, "b"), merge(shop, [two, one], "S12")
    )
    said = refused(answers)
    assert len(said) == 2 and all("S1" in words for words in said)
    assert sum(unit.area_m2 for unit in living(shop, "S")) == 200


def test_a_unit_let_and_split_at_once_is_one_of_both(shop: Workshop) -> None:
    """Nobody rents a room that is no longer there."""
    [unit] = units_of(shop, "L1")

    def let() -> object:
        with_number = shop.facts("ZL-L1")
        return assets.draft_lease(by=shop.by, now=NOW, facts=with_number, units=[unit])

    answers = at_once(shop.by, let, split(shop, unit, "a"))
    assert len(refused(answers)) == 1
    with acting(shop.by):
        held = Occupancy.objects.filter(unit=unit, is_struck=False).count()
        assert (held, len(living(shop, "L"))) in ((1, 1), (0, 2))


def test_a_lease_is_begun_once_and_its_unit_keeps_its_shape(shop: Workshop) -> None:
    [unit] = units_of(shop, "B1")
    with acting(shop.by):
        lease = assets.draft_lease(by=shop.by, now=NOW, facts=shop.facts("ZL-B1"), units=[unit])
    begin = partial(assets.begin_lease, by=shop.by, now=NOW, lease=lease)
    first, second, other = at_once(shop.by, begin, begin, split(shop, unit, "a"))
    assert len(refused([first, second])) == 1
    assert "ZL-B1" in str(other)
    assert [one.code for one in living(shop, "B")] == ["B1"]


def test_two_firms_at_once_do_not_hold_one_unit(shop: Workshop) -> None:
    [unit] = units_of(shop, "T1")

    def let(number: str, **more: Any) -> Act:
        facts = replace(shop.facts(number), **more)
        return lambda: assets.draft_lease(by=shop.by, now=NOW, facts=facts, units=[unit])

    answers = at_once(shop.by, let("ZL-T1"), let("ZL-T2", party=shop.other))
    [said] = refused(answers)
    assert "ZL-T" in said
    with acting(shop.by):
        assert Occupancy.objects.filter(unit=unit, is_struck=False).count() == 1
