"""Scores come from the newest answers; what is not known makes an interval, never a guess."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.town import NOW
from xiaoer.base.scope import acting
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import FieldQuestion, Programme, Visit
from xiaoer.outreach.queries import Score, ScoreFilter, ScoreRow
from xiaoer.outreach.tests.conftest import Town
from xiaoer.registry.models import Party

SignIn = Callable[[str], Client]
TODAY = NOW.date()
BEST = {
    "sales_trend": "增长两成以上",
    "orders": "三个月以上",
    "expansion": "已经动工或订了设备",
    "staff": "增加",
}


@pytest.fixture
def programme(town: Town) -> Programme:
    with acting(town.of("east-desk")):
        return Programme.objects.get(zone_id=town.zone_id, code="routine")


def said(town: Town, programme: Programme, ago: int = 0, **answers: str) -> Visit:
    by = town.of("east-officer")
    with acting(by):
        heard = []
        for code, words in answers.items():
            question = FieldQuestion.objects.get(zone_id=town.zone_id, code=code)
            heard.append(outreach.Heard(question, question.choices.get(words=words)))
        return outreach.log_visit(
            by=by, now=NOW, party=town.party, programme=programme, met="赵一",
            visited_on=TODAY - timedelta(days=ago), late_reason="补记", answers=heard,
        ).visit  # fmt: skip


def scored(town: Town, party: Party | None = None, today: date = TODAY) -> ScoreRow:
    by = town.of("east-officer")
    with acting(by):
        return queries.scores_of_firm(by=by, party=party or town.party, today=today)


def test_without_an_answer_nothing_is_known(town: Town) -> None:
    row = scored(town)
    assert (row.growth, row.risk, row.satisfaction) == (Score(None, None),) * 3
    assert row.growth.words == ""


def test_all_questions_answered_make_one_figure(town: Town, programme: Programme) -> None:
    said(town, programme, 0, **BEST)
    assert scored(town).growth == Score(100, 100)
    assert not scored(town).satisfaction.is_known, "nobody asked"


def test_some_questions_answered_make_an_interval(town: Town, programme: Programme) -> None:
    said(town, programme, sales_trend="增长两成以上")
    growth = scored(town).growth
    assert growth.low is not None and growth.high == 100
    assert 0 < growth.low < 50
    assert growth.reaches(60) is None, "perhaps"
    assert (growth.reaches(10), Score(10, 20).reaches(60)) == (True, False)


def test_the_newest_answer_counts_whatever_was_said_before(
    town: Town, programme: Programme
) -> None:
    said(town, programme, ago=30, services="很满意")
    assert scored(town).satisfaction == Score(100, 100)
    said(town, programme, services="不满意")
    assert scored(town).satisfaction == Score(0, 0)


def test_an_answer_too_old_is_not_known_again(town: Town, programme: Programme) -> None:
    said(town, programme, services="很满意")
    assert scored(town, today=TODAY + timedelta(days=200)).satisfaction.is_exact
    assert not scored(town, today=TODAY + timedelta(days=201)).satisfaction.is_known


def test_a_corrected_answer_replaces_the_first(town: Town, programme: Programme) -> None:
    first, by = said(town, programme, services="很满意"), town.of("east-officer")
    with acting(by):
        question = FieldQuestion.objects.get(code="services")
        choice = question.choices.get(words="一般")
        outreach.correct_visit(
            by=by, now=NOW, visit=first, answers=[outreach.Heard(question, choice)]
        )
    assert scored(town).satisfaction == Score(50, 50)


def test_a_lease_that_ends_soon_is_a_risk_by_its_day(town: Town, programme: Programme) -> None:
    by = town.of("east-officer")
    with acting(by):
        lease = FieldQuestion.objects.get(code="lease_end")
        heard = outreach.Heard(lease, day=TODAY + timedelta(days=400))
        outreach.log_visit(
            by=by, now=NOW, party=town.party, programme=programme, met="赵一", visited_on=TODAY,
            answers=[heard],
        )  # fmt: skip

    def points(today: date) -> int | None:
        with acting(by):
            rows = queries.answers_behind(by=by, party=town.party, today=today)
        found = next(one for one in rows if one.question.code == "lease_end")
        return dict((name, value) for name, value, _most in found.points)["risk"]

    assert [points(TODAY + timedelta(days=ago)) for ago in (0, 100, 300)] == [0, 2, 3]


def test_the_list_stands_by_score_with_the_unknown_last(town: Town, programme: Programme) -> None:
    said(town, programme, sales_trend="下降两成以上")
    desk = town.of("east-desk")

    def listed(**given: Any) -> list[int]:
        with acting(desk):
            return [
                row.party_id
                for row in queries.scores(by=desk, filters=ScoreFilter(**given), today=TODAY)
            ]

    assert listed() == [town.party.pk, town.other.pk]
    assert listed(least=60) == [town.party.pk], "perhaps"
    assert listed(least=60, certain=True) == []
    assert listed(text="水泥") == [town.other.pk]
    west = town.of("west-desk")
    with acting(west):
        assert not [
            row
            for row in queries.scores(by=west, filters=ScoreFilter(), today=TODAY)
            if row.party_id == town.party.pk
        ]


def test_pages_of_scores_and_settings_open(
    town: Town, programme: Programme, sign_in: SignIn
) -> None:
    visit = said(town, programme, sales_trend="小幅增长")
    officer, desk = sign_in("east-officer"), sign_in("east-desk")
    for address in (
        reverse("score_list"),
        reverse("score_list") + "?order=growth&level=perhaps&mine=yes",
        reverse("score_page", args=[town.party.pk]),
        reverse("enterprise_scores_card", args=[town.party.pk]),
        reverse("visit_new_for", args=[town.party.pk]),
        reverse("visit_same_day", args=[town.party.pk]) + f"?visited_on={TODAY}",
        reverse("visit", args=[visit.pk]) + "?correct=yes",
        reverse("field_questions"),
        reverse("phrases"),
    ):
        assert officer.get(address).status_code == 200, address
    for address in (
        reverse("visit_settings") + "?code=other",
        reverse("field_questions") + "?code=orders",
        reverse("score_list") + "?export=csv",
    ):
        assert desk.get(address).status_code == 200, address
    assert officer.get(reverse("visit_settings")).status_code == 404


def test_a_visit_is_logged_by_taps_with_a_step_in_one_form(
    town: Town, programme: Programme, sign_in: SignIn
) -> None:
    with acting(town.of("east-officer")):
        question = FieldQuestion.objects.get(code="orders")
        choice = question.choices.get(words="没有订单")
    given = {
        "met": "赵一", "visited_on": str(TODAY), "said": "订单少了。", "programme": programme.pk,
        "answer_orders": choice.pk, "answer_lease_end_day": "2027-06-30",
        "s1_what": "介绍一家采购商", "s1_due": str(TODAY + timedelta(days=5)),
    }  # fmt: skip
    client = sign_in("east-officer")
    answer = client.post(reverse("visit_new_for", args=[town.party.pk]), given)
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "没有订单" in page and "介绍一家采购商" in page
    again = client.post(reverse("visit_new_for", args=[town.party.pk]), given)
    assert again.status_code == 422


def test_the_form_warns_while_it_is_written(town: Town, sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    assert "责令" in client.post(reverse("visit_words"), {"said": "责令整改"}).content.decode()
    assert not client.post(reverse("visit_words"), {"said": "订单多"}).content.strip()


def test_the_desk_changes_a_question_on_its_page(town: Town, sign_in: SignIn) -> None:
    given = {
        "code": "exports", "text": "出口占多少？", "expects": "choice", "order": "9",
        "version": "0", "is_active": "yes", "mark": "D",
        "c1_words": "过半", "c1_growth": "2", "c2_words": "没有", "c2_growth": "0",
    }  # fmt: skip
    assert sign_in("east-desk").post(reverse("field_questions"), given).status_code == 302
    with acting(town.of("east-desk")):
        assert FieldQuestion.objects.get(code="exports").choices.count() == 2
    assert sign_in("east-officer").post(reverse("field_questions"), given).status_code == 422
