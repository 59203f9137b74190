"""The auction as people see it: what a stranger may read, what a bidder sees of its own, and no more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.town import NOW, actor
from xiaoer.assets.models import Bidder, Lot
from xiaoer.assets.queries import shown_lots as queries
from xiaoer.assets.queries.shown_lots import Phase
from xiaoer.assets.tests import lots
from xiaoer.assets.tests.halls import TestHall, a_hall, a_lot, call
from xiaoer.assets.words import halls as words
from xiaoer.base import actions as base
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting, system

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
PUBLIC = "/auction/east/"


@pytest.fixture
def by(of: Of) -> Actor:
    return of("east-desk")


@dataclass
class Speaker:
    """Somebody signed in for the first bidder of a hall."""

    client: Client
    hall: TestHall
    bidder: Bidder


@pytest.fixture
def speaker(by: Actor, sign_in: SignIn) -> Speaker:
    with acting(by):
        hall = a_hall(by)
    bidder = hall.bidders[0]
    speak_for(by, bidder.party_id, "east-bidder")
    return Speaker(sign_in("east-bidder"), hall, bidder)


def speak_for(by: Actor, party: int, username: str) -> None:
    """An account for a firm."""
    admin = actor("east-admin")
    with acting(admin):
        person = base.add_person(by=admin, now=NOW, name="甲代理", phone="13900000001", work_no="")
        base.give_post(
            by=admin, now=NOW, person=person, role=Role.ENTERPRISE, party_ref=party,
            since=date(2026, 1, 1),
        )  # fmt: skip
        base.give_account(
            by=admin, now=NOW, person=person, username=username, password="correct-horse-7",
            must_change=False,
        )  # fmt: skip


def anybody(zone_id: int) -> Actor:
    return Actor(zone_id=zone_id, key=queries.ANYBODY, name="东区")


def test_a_stranger_reads_what_is_announced_and_no_draft(by: Actor) -> None:
    with acting(by):
        hall = a_hall(by)
        draft = a_lot(by)
        Lot.objects.filter(pk=draft.pk).update(state=Lot.State.CHECKED, title="还没有公告的车床")
    shown = Client().get(PUBLIC).content.decode()
    assert hall.lot.number in shown
    assert "还没有公告的车床" not in shown
    assert Client().get(f"{PUBLIC}{draft.pk}/").status_code == 404
    assert Client().get(f"{PUBLIC}{draft.pk}/live/").status_code == 404
    assert Client().get(f"/auction/west/{hall.lot.pk}/").status_code == 404


def test_a_stranger_reads_where_lots_wait_and_until_when_to_register(by: Actor) -> None:
    with acting(by):
        a_hall(by)
        lots.noticed(lots.exchange(by), seconds=3600)
        draft = a_lot(by)
        Lot.objects.filter(pk=draft.pk).update(state=Lot.State.CHECKED)
    shown = Client().get("/auction/").content.decode()
    assert shown.count("1 件正在竞价") == shown.count("1 件已公告") == 1
    assert "目前没有公告" in shown  # in the other zone
    assert "报名截止" in Client().get(PUBLIC).content.decode()


def test_nobody_learns_from_the_pages_who_stands_behind_a_number(by: Actor) -> None:
    with acting(by):
        hall = a_hall(by)
        hall.bid(1, 10_000)
    for address in (PUBLIC, f"{PUBLIC}{hall.lot.pk}/", f"{PUBLIC}{hall.lot.pk}/live/"):
        shown = Client().get(address).content.decode()
        for bidder in hall.bidders:
            assert bidder.party.name not in shown
            assert bidder.agent_phone not in shown
    assert "10,000" in shown
    assert "02" in shown


def test_the_hall_is_drawn_without_scripts_and_begins_where_the_drawing_ends(by: Actor) -> None:
    with acting(by):
        hall = a_hall(by)
        hall.bid(0, 10_000)
        hall.bid(1, 10_500)
        one = queries.shown_lot(by=by, lot_id=hall.lot.pk)
        assert one is not None
        assert one.standing.phase is Phase.TIMED
        assert [(rung.place, rung.alias) for rung in queries.ladder(by=by, lot=one.lot)] == [
            (2, 2),
            (1, 1),
        ]
    shown = Client().get(f"{PUBLIC}{hall.lot.pk}/live/").content.decode()
    assert "限时竞价" in shown
    assert shown.count("<li") >= 2
    assert '"price_fen":1050000' in shown


def test_the_phase_follows_the_hall_not_the_state_of_the_lot(by: Actor) -> None:
    with acting(by):
        now = call("hall_now", by.zone_id)
        phases = [
            queries.standing(hall.lot, queries.hall_of(Lot.objects.get(pk=hall.lot.pk)), now).phase
            for hall in (
                a_hall(by, 0, opens=60, free=90),
                a_hall(by, 0, opens=-60, free=90),
                a_hall(by, 0),
                a_hall(by, 0, ends=-1),
            )
        ]
        assert phases == [Phase.BEFORE, Phase.FREE, Phase.TIMED, Phase.NO_BID]
        paused = a_hall(by, 0)
        call("pause_hall", paused.lot.pk, "停电")
        stopped = a_hall(by, 0)
        call("end_hall", stopped.lot.pk, True, "卖方撤回")
        for hall, phase in ((paused, Phase.PAUSED), (stopped, Phase.STOPPED)):
            lot = Lot.objects.get(pk=hall.lot.pk)
            assert queries.standing(lot, queries.hall_of(lot), now).phase is phase


def test_the_list_asks_a_fixed_number_of_questions(by: Actor) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert Client().get(PUBLIC).status_code == 200
        return len(counted)

    with acting(by):
        a_hall(by)
    few = asked()
    with acting(by):
        for _lot in range(4):
            a_hall(by)
    assert asked() == few


def test_lots_that_are_over_are_read_page_by_page(by: Actor) -> None:
    with acting(by):
        halls = [a_hall(by, 0, ends=-1) for _lot in range(queries.LATELY + 2)]
        for hall in halls:
            call("end_hall", hall.lot.pk)
    with acting(anybody(by.zone_id)):
        first = queries.listed(by=anybody(by.zone_id))
        rest = queries.listed(by=anybody(by.zone_id), before=first.older)
        seen = [one.lot.pk for one in (*first.over, *rest.over)]
        assert (len(first.over), rest.older) == (queries.LATELY, None)
        assert sorted(seen) == sorted(hall.lot.pk for hall in halls)


def test_a_bidder_sees_its_own_number_and_desk_and_another_firm_neither(
    speaker: Speaker, sign_in: SignIn, by: Actor
) -> None:
    lot = speaker.hall.lot.pk
    mine = speaker.client.get("/my-auctions/").content.decode()
    assert speaker.hall.lot.title in mine
    assert "data-desk" in speaker.client.get(f"/my-auctions/{lot}/live/").content.decode()
    with acting(by):
        other = a_hall(by, 1)
    speak_for(by, other.bidders[0].party_id, "east-other")
    stranger = sign_in("east-other")
    assert stranger.get(f"/my-auctions/{lot}/live/").status_code == 404
    shown = stranger.get(f"/my-auctions/{lot}/").content.decode()
    assert speaker.bidder.agent_name not in shown
    assert speaker.bidder.deposit_code not in shown


def test_staff_of_the_zone_have_no_desk(sign_in: SignIn, by: Actor) -> None:
    with acting(by):
        hall = a_hall(by)
    assert sign_in("east-desk").get(f"/my-auctions/{hall.lot.pk}/live/").status_code == 404


def test_money_and_moments_are_written_as_people_say_them() -> None:
    assert words.yuan(28_600_000) == "286,000"
    assert words.yuan(28_600_050) == "286,000.5"
    assert words.number_of(7) == "07"
    assert words.countdown(timedelta(seconds=222)) == "03:42"
    assert words.countdown(timedelta(hours=2, seconds=5)) == "2:00:05"


def test_another_zone_s_lots_are_not_there(of: Of, by: Actor) -> None:
    west = of("west-desk")
    with acting(by):
        hall = a_hall(by)
    for asker in (west, anybody(west.zone_id), system(west.zone_id)):
        with acting(asker):
            assert queries.shown_lot(by=asker, lot_id=hall.lot.pk) is None
            assert queries.picture_of(by=asker, lot_id=hall.lot.pk, picture_id=1) is None


# Registering --------------------------------------------------------------------------------------


@pytest.fixture
def applicant(by: Actor, sign_in: SignIn) -> tuple[Client, Lot]:
    """Somebody signed in for a firm that may register, and a lot that was announced."""
    staff = lots.exchange(by)
    with acting(staff):
        lot = lots.noticed(staff)
        party, _speaker = lots.firm_of(staff, legal_representative="丙一")
    speak_for(by, party.pk, "east-applicant")
    return sign_in("east-applicant"), lot


def test_a_firm_registers_and_is_told_the_code_of_its_deposit(
    applicant: tuple[Client, Lot], by: Actor
) -> None:
    client, lot = applicant
    form = client.get(f"/my-auctions/{lot.pk}/register/").content.decode()
    assert "丙一" in form
    given = {"agent_name": "丙一", "agent_phone": "13900000007"}
    done = client.post(f"/my-auctions/{lot.pk}/register/", given)
    assert done["Location"] == f"/my-auctions/{lot.pk}/#deposit"
    with acting(by):
        row = Bidder.objects.get(lot=lot)
    shown = client.get(f"/my-auctions/{lot.pk}/").content.decode()
    assert row.deposit_code in shown
    assert client.get(f"/my-auctions/{lot.pk}/register/").status_code == 302
    claimed = client.post(f"/my-auctions/{lot.pk}/do/claim/", {"pre_emption": "承租人"})
    assert claimed.status_code == 302
    assert client.post(f"/my-auctions/{lot.pk}/do/leave/").status_code == 302
    with acting(by):
        row.refresh_from_db()
        assert (row.rank_why, row.state) == ("承租人", "left")


def test_an_agent_without_a_mandate_gets_the_form_back_as_typed(
    applicant: tuple[Client, Lot],
) -> None:
    client, lot = applicant
    given = {"agent_name": "旁人", "agent_phone": "13900000008"}
    answer = client.post(f"/my-auctions/{lot.pk}/register/", given)
    assert answer.status_code == 422
    assert "旁人" in answer.content.decode()
    assert "error-mandate" in answer.content.decode()


def test_a_seat_is_the_same_after_a_reload_and_another_s_session_has_none(
    speaker: Speaker, sign_in: SignIn, by: Actor
) -> None:
    address = f"/my-auctions/{speaker.hall.lot.pk}/seat/"
    first, again = (speaker.client.post(address, {"device": "d1"}) for _time in range(2))
    assert first.json()["seat"] == again.json()["seat"]
    assert first["Cache-Control"] == "no-store"
    with acting(by):
        other = a_hall(by, 1)
    speak_for(by, other.bidders[0].party_id, "east-other")
    assert sign_in("east-other").post(address).status_code == 404
    assert sign_in("east-desk").post(address).status_code == 404


def test_everybody_reads_why_the_host_paused_went_on_and_stopped(by: Actor) -> None:
    with acting(by):
        hall = a_hall(by)
        call("pause_hall", hall.lot.pk, "核对一份授权书")
    address = f"{PUBLIC}{hall.lot.pk}/"
    for page in (address, f"{address}live/"):
        shown = Client().get(page).content.decode()
        assert "核对一份授权书" in shown, page
    assert "lit amber" in Client().get(address).content.decode()
    with acting(by):
        call("resume_hall", hall.lot.pk, "授权书无误")
    shown = Client().get(f"{address}live/").content.decode()
    assert shown.index("授权书无误") < shown.index("核对一份授权书")
    assert "核对一份授权书" not in Client().get(address).content.decode()
    with acting(by):
        call("end_hall", hall.lot.pk, True, "出让方破产")
        Lot.objects.filter(pk=hall.lot.pk).update(
            state=Lot.State.WITHDRAWN, closed_why="出让方破产"
        )
    for page in (address, f"{address}live/"):
        assert "出让方破产" in Client().get(page).content.decode(), page


def test_extensions_are_promised_for_timed_bidding_alone(by: Actor) -> None:
    with acting(by):
        free, timed = a_hall(by, 0, opens=-60, free=90, ends=390), a_hall(by, 0)
    shown = Client().get(f"{PUBLIC}{free.lot.pk}/live/").content.decode()
    assert "之后限时竞价 5 分钟，每次出价重计" in shown
    assert "已延长 0 次" not in shown
    assert "已延长 0 次" in Client().get(f"{PUBLIC}{timed.lot.pk}/live/").content.decode()


def test_what_is_not_open_yet_lacks_no_data(by: Actor, speaker: Speaker) -> None:
    with acting(by):
        later = a_hall(by, 0, opens=3600, free=7200, ends=9000)
        call("end_hall", speaker.hall.lot.pk, True, "出让方撤回")
    assert "缺数据" not in Client().get(f"{PUBLIC}{later.lot.pk}/").content.decode()
    for page in (f"/my-auctions/{speaker.hall.lot.pk}/", "/my-auctions/"):
        assert "缺数据" not in speaker.client.get(page).content.decode(), page
