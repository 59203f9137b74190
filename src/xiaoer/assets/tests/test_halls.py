"""The hall: what a bid comes to, in the database itself; and that a stranger can recompute all of it."""

import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from tests.town import NOW
from xiaoer.assets.models import Bidder, Hall, LedgerLine, SealedReserve, Seat
from xiaoer.assets.tests.halls import STEP, TestHall, a_hall, a_lot, bids, call, seat
from xiaoer.base.scope import Actor, acting

Of = Callable[[str], Actor]
VERIFIER = Path(__file__).parents[4] / "tools" / "verify_auction.py"


@pytest.fixture
def by(of: Of) -> Actor:
    return of("east-desk")


def verified(
    hall: TestHall, folder: Path, words: str | None = None, *, noted: tuple[str, ...] = ()
) -> tuple[int, str]:
    """What the stand-alone verifier says of a ledger, also of one that still grows."""
    path = folder / "ledger.txt"
    path.write_text(hall.words() if words is None else words, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), "--open", str(path), *noted],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_the_highest_bid_leads_and_each_answer_says_why(by: Actor, tmp_path: Path) -> None:
    with acting(by):
        hall = a_hall(by)
        said = [
            hall.bid(*bid).outcome
            for bid in (
                (0, 9_999), (0, 10_000), (0, 10_500), (1, 10_000), (1, 10_400), (1, 10_700),
                (1, 11_000), (0, 0), (0, -1), (0, 1_000_001), (0, 1_000_000),
            )
        ]  # fmt: skip
        now = Hall.objects.get(lot=hall.lot)
        assert said == [
            "below_start", "accepted", "leads", "below_step", "off_step", "off_step", "accepted",
            "no_amount", "no_amount", "too_much", "accepted",
        ]  # fmt: skip
        assert (now.price_fen, now.leader_alias, now.bids) == (100_000_000, 1, 3)
        code, words = verified(hall, tmp_path)
        assert (code, "accepted 3, refused 8" in words) == (0, True)


def test_a_bid_in_the_last_minutes_gives_the_others_time(by: Actor) -> None:
    with acting(by):
        hall = a_hall(by, ends=60, extend=120)
        before = Hall.objects.get(lot=hall.lot).ends_at
        answer = hall.bid(0, 10_000)
        assert answer.ends_at and answer.at
        assert (answer.ends_at - answer.at).total_seconds() == 120
        assert answer.ends_at > before
        assert hall.bid(0, 10_500).outcome == "leads"
        assert Hall.objects.get(lot=hall.lot).extensions == 1


def test_early_late_and_paused_bids_count_for_nothing(by: Actor) -> None:
    with acting(by):
        early = a_hall(by, opens=60, free=120, ends=180)
        assert early.bid(0, 10_000).outcome == "early"
        late = a_hall(by, ends=-0.001)
        assert late.bid(0, 10_000).outcome == "late"
        paused = a_hall(by)
        assert call("pause_hall", paused.lot.pk, "停电 | 断网") == "done"
        assert paused.bid(0, 10_000).outcome == "paused"
        assert call("end_hall", paused.lot.pk, False, "") == "running"


def test_the_time_that_was_left_is_left_after_a_pause(by: Actor, tmp_path: Path) -> None:
    with acting(by):
        hall = a_hall(by, ends=300)
        before = Hall.objects.get(lot=hall.lot)
        call("pause_hall", hall.lot.pk, "系统中断")
        paused = Hall.objects.get(lot=hall.lot).paused_at
        time.sleep(0.05)
        assert call("resume_hall", hall.lot.pk, "已恢复") == "done"
        after = Hall.objects.get(lot=hall.lot)
        assert paused
        assert after.ends_at - before.ends_at == after.last_at - paused
        assert hall.bid(0, 10_000).outcome == "accepted"
        assert verified(hall, tmp_path)[0] == 0


def test_who_may_buy_first_wins_at_an_equal_bid(by: Actor, tmp_path: Path) -> None:
    with acting(by):
        hall = a_hall(by, 3, ranks=(None, 2, 1))
        said = [
            hall.bid(*bid).outcome
            for bid in ((0, 10_000), (1, 10_000), (2, 10_000), (1, 10_000), (0, 10_000))
        ]
        assert said == ["accepted", "accepted", "accepted", "below_step", "below_step"]
        assert Hall.objects.get(lot=hall.lot).leader_alias == 3
        assert verified(hall, tmp_path)[0] == 0


def test_a_bid_sent_twice_is_one_bid(by: Actor) -> None:
    with acting(by):
        hall = a_hall(by)
        ref = uuid.uuid4()
        first, again = hall.bid(0, 10_000, ref), hall.bid(0, 20_000, ref)
        assert (first.line, first.outcome, first.at) == (again.line, again.outcome, again.at)
        twice = uuid.uuid4()
        both = bids([hall.lot] * 2, [hall.seats[1]] * 2, [1_100_000] * 2, [twice] * 2)
        assert both[0].line == both[1].line
        assert LedgerLine.objects.filter(lot=hall.lot, kind="bid").count() == 2


def test_many_bids_of_many_lots_are_taken_in_one_call(by: Actor, tmp_path: Path) -> None:
    with acting(by):
        halls = [a_hall(by) for _n in range(3)]
        seats = [hall.seats[n % 2] for n in range(30) for hall in halls]
        amounts = [1_000_000 + n * STEP for n in range(30) for _hall in halls]
        lots = [hall.lot for hall in halls] * 30
        said = bids(lots, seats, amounts, [uuid.uuid4() for _n in seats])
        assert {answer.outcome for answer in said} == {"accepted"}
        assert [answer.place for answer in said] == list(range(1, 91))
        assert {Hall.objects.get(lot=hall.lot).bids for hall in halls} == {30}
        assert {verified(hall, tmp_path)[0] for hall in halls} == {0}


def test_whoever_signed_out_sits_no_more(by: Actor) -> None:
    with acting(by):
        hall = a_hall(by)
        with connection.cursor() as cursor:
            cursor.execute("reset role")
            cursor.execute("delete from django_session")
            cursor.execute("select set_config('role', 'xiaoer_app', true)")
        assert hall.bid(0, 10_000).outcome == "no_seat"
        assert bids([hall.lot], ["nobody"], [1_000_000], [uuid.uuid4()])[0].outcome == "no_seat"


def test_nobody_writes_the_hall_or_its_ledger_but_its_functions(by: Actor, of: Of) -> None:
    with acting(by):
        hall = a_hall(by, reserve=(2_000_000, "salt"))
        hall.bid(0, 10_000)
        for words in (
            "update auction_hall set price_fen = 1",
            "insert into auction_line select * from auction_line",
            "update auction_line set outcome = 'accepted'",
            "delete from auction_line",
            "select tell_hall(h, 'bid', '', now(), '') from auction_hall h",
            "insert into moved_clock (zone_id, ahead) values (1, '1 hour')",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(words)
        assert not SealedReserve.objects.exists(), "nobody reads a secret reserve"
        lot, bidder = hall.lot.pk, hall.bidders[0].pk
    with acting(of("west-desk")):
        assert not Hall.objects.filter(pk=lot).exists()
        assert not Seat.objects.exists()
        assert call("pause_hall", lot, "x") == "no_hall"
        assert call("end_hall", lot, True, "x") == "no_hall"
        with pytest.raises(DatabaseError), transaction.atomic():
            call("admit_to_hall", bidder)


def test_a_secret_reserve_opens_at_the_end_and_decides(by: Actor, tmp_path: Path) -> None:
    with acting(by):
        for yuan, result in ((10_000, "passed_in"), (20_000, "sold")):
            for seconds in (0.5, 2, 8, 32):  # a slow machine may not bid within the first
                hall = a_hall(by, ends=seconds, extend=0, reserve=(2_000_000, "salt"))
                if hall.bid(0, yuan).outcome == "accepted":
                    break
            assert "2000000" not in hall.words().replace("|2000000|accepted|2000000|", "")
            while call("hall_now", by.zone_id) < Hall.objects.get(lot=hall.lot).ends_at:
                time.sleep(0.05)
            assert hall.bid(1, 30_000).outcome == "late"
            assert call("end_hall", hall.lot.pk, False, "") == result
            assert call("end_hall", hall.lot.pk, False, "") == "ended"
            code, words = verified(hall, tmp_path)
            assert (code, f"result {result}" in words) == (0, True), words


def test_a_ledger_changed_anywhere_is_found(by: Actor, tmp_path: Path) -> None:
    with acting(by):
        hall = a_hall(by)
        hall.bid(0, 10_000)
        hall.bid(1, 10_500)
        words = hall.words()
    lines = words.splitlines(keepends=True)
    assert verified(hall, tmp_path, words.replace("1000000|accepted", "1000001|accepted"))[0] == 1
    assert verified(hall, tmp_path, "".join(lines[:3] + lines[4:]))[0] == 1
    assert verified(hall, tmp_path, "".join([*lines[:3], lines[4], lines[3]]))[0] == 1
    assert verified(hall, tmp_path, "garbage\n")[0] == 1
    assert verified(hall, tmp_path, "")[0] == 1
    assert verified(hall, tmp_path, "\ufeff" + words.replace("\n", "\r\n"))[0] == 0
    assert "line 4: " in verified(hall, tmp_path, rechained(words.replace("|50000|", "|0|")))[1]


def rechained(words: str) -> str:
    """A ledger written anew from its beginning, with numbers and hashes that fit."""
    head, made = bytes(32), ""
    for number, line in enumerate(words.splitlines(), 1):
        _seq, _bar, more = line.rpartition("\t")[0].partition("|")
        head = sha256(head + f"{number}|{more}".encode()).digest()
        made += f"{number}|{more}\t{head.hex()}\n"
    return made


def test_a_ledger_written_anew_is_found_by_a_hash_somebody_noted(by: Actor, tmp_path: Path) -> None:
    with acting(by):
        hall = a_hall(by)
        for who, yuan in ((0, 10_000), (1, 10_400), (1, 10_500)):
            hall.bid(who, yuan)
        words = hall.words()
        lines = words.splitlines(keepends=True)
        noted = (str(len(lines)), lines[-1].rpartition("\t")[2][:8])
    assert verified(hall, tmp_path, words, noted=noted)[0] == 0
    # Without the refused bid everything fits, but not what was noted.
    anew = rechained("".join(line for line in lines if "|off_step|" not in line))
    assert verified(hall, tmp_path, anew)[0] == 0
    code, said = verified(hall, tmp_path, anew, noted=noted)
    assert (code, f"line {noted[0]} was noted" in said) == (1, True), said
    other = rechained(words.replace("|1040000|", "|1045000|"))
    code, said = verified(hall, tmp_path, other, noted=noted)
    assert (code, f"noted as {noted[1]}" in said) == (1, True), said


def test_a_published_ledger_has_its_end(by: Actor, tmp_path: Path) -> None:
    with acting(by):
        hall = a_hall(by)
        hall.bid(0, 10_000)
        call("end_hall", hall.lot.pk, True, "出让方撤回")
        whole = hall.words().splitlines(keepends=True)
    path = tmp_path / "ledger.txt"
    for lines, code in ((whole, 0), (whole[:-1], 1), (whole[:2], 1)):
        path.write_text("".join(lines), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", str(VERIFIER), str(path)], capture_output=True, check=False
        )
        assert done.returncode == code, done.stdout
    path.write_bytes(b"\xff\xfe\x00")
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(path)], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_seat_of_another_hall_is_no_seat_here(by: Actor) -> None:
    with acting(by):
        here, there = a_hall(by), a_hall(by)
        seats, refs = [there.seats[0], here.seats[0]], [uuid.uuid4(), uuid.uuid4()]
        said = bids([here.lot, here.lot], seats, [1_000_000] * 2, refs)
        assert [answer.outcome for answer in said] == ["no_seat", "accepted"]
        assert Hall.objects.get(lot=there.lot).bids == 0


def test_a_lot_without_a_hall_keeps_no_other_bid_back(by: Actor) -> None:
    with acting(by):
        none, hall = a_lot(by), a_hall(by)
        bidder = Bidder.objects.create(
            zone_id=by.zone_id, lot=none, party=hall.bidders[0].party, agent_name="乙", alias=1,
            agent_phone="13900000001", state=Bidder.State.ADMITTED, deposit_code="0" * 12,
            applied_at=NOW,
        )  # fmt: skip
        said = bids(
            [none, hall.lot], [seat(by, bidder), hall.seats[0]], [1_000_000] * 2,
            [uuid.uuid4(), uuid.uuid4()],
        )  # fmt: skip
        assert [answer.outcome for answer in said] == ["no_hall", "accepted"]
