"""Who may what: staff never close, strangers see one thing, offices do their own part."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.town import NOW
from xiaoer.base.models import Person
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal, AppealEvent, ContactCard, Visit
from xiaoer.outreach.tests.conftest import Town

STAFF = (
    "east-admin",
    "east-leader",
    "east-desk",
    "east-officer",
    "east-steward",
    "east-power",
    "east-land",
    "east-economy",
    "east-environment",
)


@pytest.mark.parametrize("who", STAFF)
def test_no_staff_can_close_an_appeal_for_the_enterprise(town: Town, who: str) -> None:
    filed = town.answered()
    with pytest.raises(Refused):
        town.do(who, "confirm_solved", filed.appeal, satisfaction=5)
    with pytest.raises(Refused):
        town.do(who, "withdraw_appeal", filed.appeal)
    assert town.now_of(filed.appeal).state == Appeal.State.ANSWERED


def test_an_enterprise_cannot_confirm_anothers_appeal(town: Town) -> None:
    filed = town.answered()
    with pytest.raises(Refused):
        town.do(town.spokesman(town.other), "confirm_solved", filed.appeal)


def test_a_card_opens_the_form_but_confirms_nothing(town: Town) -> None:
    filed = town.answered()
    with pytest.raises(Refused):
        town.do(town.card_holder, "confirm_solved", filed.appeal)


def test_the_city_reads_and_does_nothing(town: Town) -> None:
    filed = town.file()
    city = town.of("city").in_zone(town.zone_id)
    with pytest.raises(Refused):
        town.do(city, "register_appeal", filed.appeal, kind=town.kind)
    with pytest.raises(Refused):
        town.do(city, "note_progress", filed.appeal, words="看过", is_public=True)


def test_another_zone_finds_nothing(town: Town) -> None:
    filed = town.answered()
    west = town.of("west-desk")
    with acting(west):
        assert queries.appeal(by=west, appeal_id=filed.appeal.pk) is None
    with pytest.raises(Refused):
        town.do("west-desk", "transfer_elsewhere", filed.appeal, to="法院", words="去法院")


def test_the_holder_of_a_link_sees_only_the_one_appeal(town: Town) -> None:
    filed, another = town.answered(), town.file("招不到电工")
    town.do("east-desk", "note_progress", another.appeal, words="内部", is_public=False)
    holder = queries.find_track(filed.token)
    assert holder is not None
    with acting(holder):
        assert [row.pk for row in Appeal.objects.all()] == [filed.appeal.pk]
        assert not ContactCard.objects.exists()
        assert not Visit.objects.exists()
        assert not AppealEvent.objects.exclude(appeal_id=filed.appeal.pk).exists()
        page = queries.appeal_page(by=holder, appeal_id=filed.appeal.pk, now=NOW)
        assert page is not None
        assert page.enterprise == town.party.name
        assert page.handler is not None
        assert page.handler.name == "电一"
        assert page.may == {"confirm_solved", "reopen_appeal"}
        assert Person.objects.count() == 2, "the first to answer for it and the handler"
        assert queries.appeal_page(by=holder, appeal_id=another.appeal.pk, now=NOW) is None


def test_what_offices_tell_each_other_is_not_told_to_the_enterprise(town: Town) -> None:
    filed = town.working()
    town.do("east-power", "note_progress", filed.appeal, words="等自然资源分局", is_public=False)
    town.do("east-power", "note_progress", filed.appeal, words="正在勘查", is_public=True)
    for by in (town.holder(filed.token), town.spokesman()):
        with acting(by):
            texts = {e.text for e in AppealEvent.objects.filter(appeal_id=filed.appeal.pk)}
        assert "正在勘查" in texts
        assert "等自然资源分局" not in texts


def test_a_withdrawn_card_opens_nothing(town: Town) -> None:
    assert queries.find_card(town.card.code) is not None
    desk = town.of("east-desk")
    with acting(desk):
        outreach.withdraw_card(by=desk, now=NOW, card=town.card, reason="丢失")
    assert queries.find_card(town.card.code) is None
    with pytest.raises(Refused):
        town.file()


def test_a_link_ends_a_year_after_the_appeal_was_closed(town: Town) -> None:
    filed = town.file()
    long_ago = NOW - timedelta(days=400)
    town.do(town.holder(filed.token), "withdraw_appeal", filed.appeal, now=long_ago)
    assert queries.find_track(filed.token) is None


def test_the_search_functions_answer_about_the_askers_zone_only(town: Town) -> None:
    filed = town.confirmed()
    row = town.now_of(filed.appeal)
    questions: tuple[tuple[str, list[Any]], ...] = (
        ("select * from appeals_near(%s, %s, %s)", [row.party_id, row.terms, row.filed_at]),
        ("select * from appeals_alike(%s, %s, %s)", [row.kind_id, row.terms, 0]),
    )
    for question, given in questions:
        for who, count in (("east-desk", 1), ("west-desk", 0)):
            with acting(town.of(who)), connection.cursor() as cursor:
                cursor.execute(question, given)
                assert len(cursor.fetchall()) == count
    for question, given in questions:
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(question, given)


def test_staff_do_not_ask_who_holds_a_secret(town: Town) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting(town.of("east-desk")),
        connection.cursor() as cursor,
    ):
        cursor.execute("select * from holder_of_card(%s)", [town.card.code_hash])


@pytest.mark.parametrize("secret", ["", "x", "中", "a" * 1000, "' or 1=1 --"])
def test_a_made_up_secret_opens_nothing(town: Town, secret: str) -> None:
    assert queries.find_card(secret) is None
    assert queries.find_track(secret) is None
