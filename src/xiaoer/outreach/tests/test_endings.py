"""A request that ends otherwise than by an answer: what its page says, and what it no longer offers."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal, ReturnVisit
from xiaoer.outreach.pages import clocks
from xiaoer.outreach.pages.appeal import first_act
from xiaoer.outreach.tests.conftest import Town
from xiaoer.outreach.tests.test_pages import ASKED, card_address, text

SignIn = Callable[[str], Client]


def shown_to(
    town: Town, who: str | Actor, appeal: Appeal, now: datetime = NOW
) -> queries.AppealPage:
    by = town.of(who) if isinstance(who, str) else who
    with acting(by):
        page = queries.appeal_page(by=by, appeal_id=appeal.pk, now=now)
        assert page is not None
        return page


def staff_page(sign_in: SignIn, appeal: Appeal) -> str:
    return text(sign_in("east-desk").get(reverse("appeal", args=[appeal.pk])))


def test_a_request_taken_back_at_once_claims_neither_contact_nor_reply(town: Town) -> None:
    filed = town.file()
    town.do(town.holder(filed.token), "take_back_appeal", filed.appeal)
    shown = shown_to(town, "east-desk", filed.appeal)
    assert not any(face.was_kept for face in shown.clocks)
    with acting(town.of("east-desk")):
        drawn = clocks.draw(shown, NOW)
    assert drawn.note == ""
    assert {row.left for row in drawn.rows} == {"已结束"}


def test_what_ended_without_an_answer_is_promised_nothing(town: Town) -> None:
    filed = town.file()
    assert shown_to(town, "east-desk", filed.appeal).promised_until is not None
    town.do(town.holder(filed.token), "withdraw_appeal", filed.appeal)
    assert shown_to(town, "east-desk", filed.appeal).promised_until is None


def test_a_confirmed_request_still_says_what_was_promised(town: Town) -> None:
    assert shown_to(town, "east-desk", town.confirmed().appeal).promised_until is not None


def test_the_lawful_reason_of_a_refusal_stands_on_both_pages(town: Town, sign_in: SignIn) -> None:
    filed = town.file()
    town.do("east-desk", "not_accept", filed.appeal, reason="contract", words="请向法院起诉。")
    reason = str(Appeal.Refusal.CONTRACT.label)
    assert reason in staff_page(sign_in, filed.appeal)
    assert reason in text(Client().get(reverse("track", args=[filed.token])))


def test_merged_requests_lead_to_each_other(town: Town, sign_in: SignIn) -> None:
    first, second = town.file("厂门口道路坑洼"), town.file("厂门外道路请求修补")
    town.do("east-desk", "merge_appeal", second.appeal, into=first.appeal)
    to_first = reverse("appeal", args=[first.appeal.pk])
    to_second = reverse("appeal", args=[second.appeal.pk])
    assert f'href="{to_first}"' in staff_page(sign_in, second.appeal)
    assert f'href="{to_second}"' in staff_page(sign_in, first.appeal)


def test_the_holder_of_a_link_is_led_to_no_page_that_is_not_theirs(town: Town) -> None:
    first, second = town.file("厂门口道路坑洼"), town.file("厂门外道路请求修补")
    town.do("east-desk", "merge_appeal", second.appeal, into=first.appeal)
    seen = text(Client().get(reverse("track", args=[second.token])))
    assert first.appeal.receipt_no in seen
    assert "/appeals/" not in seen
    assert second.appeal.receipt_no not in text(Client().get(reverse("track", args=[first.token])))


def test_taking_back_is_offered_for_ten_minutes_only(town: Town) -> None:
    filed = town.file()
    holder = town.holder(filed.token)
    soon, late = NOW + timedelta(minutes=9), NOW + timedelta(minutes=11)
    assert "take_back_appeal" in shown_to(town, holder, filed.appeal, soon).may
    assert "take_back_appeal" not in shown_to(town, holder, filed.appeal, late).may


def test_a_telephone_is_called_back_once(town: Town) -> None:
    filed = town.file()
    assert "verify_phone" in shown_to(town, "east-desk", filed.appeal).may
    town.do("east-desk", "verify_phone", filed.appeal)
    assert "verify_phone" not in shown_to(town, "east-desk", filed.appeal).may
    with pytest.raises(Refused):
        town.do("east-desk", "verify_phone", filed.appeal)


def test_what_was_given_back_twice_is_not_offered_to_be_given_back_again(town: Town) -> None:
    filed = town.dispatched()
    town.do("east-power", "return_appeal", filed.appeal, reason="不归我们")
    town.do("east-desk", "dispatch_appeal", filed.appeal, office=town.power)
    assert "return_appeal" in shown_to(town, "east-power", filed.appeal).may
    town.do("east-power", "return_appeal", filed.appeal, reason="还是不归我们")
    assert "return_appeal" not in shown_to(town, "east-power", filed.appeal).may
    assert first_act(shown_to(town, "east-power", filed.appeal)) == "sign_appeal"
    assert first_act(shown_to(town, "east-desk", filed.appeal)) == "reassign"


def test_a_later_date_is_offered_once_and_before_the_promised_one_is_past(town: Town) -> None:
    filed = town.working()
    assert "ask_date_change" in shown_to(town, "east-power", filed.appeal).may
    late = NOW + timedelta(days=60)
    assert "ask_date_change" not in shown_to(town, "east-power", filed.appeal, late).may
    day = (NOW + timedelta(days=40)).date()
    town.do("east-power", "ask_date_change", filed.appeal, new_due_on=day, reason="没到货")
    assert "ask_date_change" not in shown_to(town, "east-power", filed.appeal).may


def test_a_request_closed_long_ago_is_not_offered_to_be_reopened(town: Town) -> None:
    filed = town.confirmed()
    holder = town.holder(filed.token)
    assert "reopen_appeal" in shown_to(town, holder, filed.appeal).may
    long_ago = NOW + timedelta(days=91)
    assert "reopen_appeal" not in shown_to(town, holder, filed.appeal, long_ago).may


def test_an_impossible_amount_is_said_at_its_field(town: Town) -> None:
    answer = Client().post(card_address(town), {**ASKED, "money": "99999999亿"})
    assert answer.status_code == 422
    error = text(answer).split('id="error-money">')[1].split("<")[0]
    assert error.strip()


def test_what_is_taken_up_again_no_longer_shows_the_day_it_waited_for(town: Town) -> None:
    filed = town.working()
    day = (NOW + timedelta(days=9)).date()
    town.do("east-power", "park_appeal", filed.appeal, promised_on=day, reason="等变压器到货")
    assert town.now_of(filed.appeal).promised_on == day
    town.do("east-power", "take_up_again", filed.appeal)
    assert town.now_of(filed.appeal).promised_on is None


@pytest.mark.parametrize("outcome", ["unreachable", "reopened", "confirmed"])
def test_a_return_visit_says_what_the_enterprise_said_and_not_what_the_office_claimed(
    town: Town, outcome: str
) -> None:
    filed = town.answered()
    said = {"spoke_with": "赵一", "words": "试过了"} if outcome != "unreachable" else {}
    town.do("east-officer", "record_return_visit", filed.appeal, outcome=outcome, **said)
    for who in ("east-desk", town.holder(filed.token)):
        line = shown_to(town, who, filed.appeal).story[0]
        assert line.verb == "record_return_visit"
        assert line.result_words == str(ReturnVisit.Outcome(outcome).label)
