"""Questions are asked once, by whoever comes next; what is answered was checked."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.town import NOW
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.answers import answer_words
from xiaoer.work.models import Question
from xiaoer.work.tests.conftest import TODAY, Firms


def ask(firms: Firms, key: str = "staff", **given: Any) -> Question:
    given = {"party": firms.party, "room": "test", "text": "现有多少职工？", **given}
    asked = firms.do("east-officer", "ask_question", key=key, **given)
    assert isinstance(asked, Question)
    return asked


def answer(firms: Firms, question: Question, said: str, **given: Any) -> Question:
    done = firms.do("east-officer", "answer_question", question=question, answer=said, **given)
    assert isinstance(done, Question)
    return done


def test_an_entry_that_was_merged_is_asked_nothing(firms: Firms) -> None:
    admin = firms.of("east-admin")
    with acting(admin):
        registry.merge_parties(by=admin, now=NOW, kept=firms.party, duplicate=firms.other)
        gone = Party.objects.get(pk=firms.other.pk)
    with pytest.raises(Refused) as no:
        ask(firms, party=gone)
    assert (no.value.field, firms.party.name in str(no.value)) == ("party", True)


def test_the_same_is_asked_once_while_open_and_after_it_was_answered_or_declined(
    firms: Firms,
) -> None:
    first = ask(firms)
    assert ask(firms, text="换个说法再问").pk == first.pk
    answer(firms, first, "320人")
    assert ask(firms).pk == first.pk
    other = ask(firms, "energy")
    firms.do("east-officer", "decline_question", question=other, words="商业秘密")
    assert ask(firms, "energy").pk == other.pk
    dropped = ask(firms, "rent")
    firms.do("east-officer", "drop_question", question=dropped, reason="不算了")
    assert ask(firms, "rent").pk != dropped.pk
    by = firms.of("east-desk")
    with acting(by):
        assert queries.asked_twice(by, TODAY) == []


def test_many_firms_are_asked_in_one_statement_and_only_those_not_asked_yet(firms: Firms) -> None:
    ask(firms, "orders")
    by = firms.of("east-officer")
    with acting(by), CaptureQueriesContext(connection) as asked:
        count = work.ask_many(
            by=by, now=NOW, party_ids=[firms.party.pk, firms.other.pk, firms.west.pk],
            room="test", key="orders", text="在手订单？", worth=5,
        )  # fmt: skip
    assert count == 1
    assert sum('into "question"' in q["sql"] or "into question" in q["sql"] for q in asked) == 1
    with acting(by):
        found = queries.open_questions(by, [firms.party.pk, firms.other.pk])
    assert [q.party_id for q in found] == [firms.other.pk, firms.party.pk]


@pytest.mark.parametrize(
    ("expects", "more", "said", "kept"),
    [
        ("words", {}, " 还好 ", "还好"),
        ("number", {"unit": "人"}, "三百二十人", "三百二十人"),
        ("number", {"unit": "万元"}, "4331", "4331"),
        ("number", {"unit": "万元"}, "3.78亿元", "3.78亿元"),
        ("number", {"unit": "亩"}, "20亩", "20亩"),
        ("number", {"unit": "度"}, "1.2万度", "1.2万度"),
        ("yes_no", {}, "有", "yes"),
        ("yes_no", {}, "没有", "no"),
        ("day", {}, "2026年12月31日", "2026-12-31"),
        ("choice", {"choices": ["上升", "持平", "下降"]}, "持平", "持平"),
    ],
)
def test_an_answer_is_kept_as_it_was_said(
    firms: Firms, expects: str, more: dict[str, Any], said: str, kept: str
) -> None:
    question = ask(firms, expects=expects, **more)
    assert answer(firms, question, said).answer == kept


@pytest.mark.parametrize(
    ("expects", "more", "said"),
    [
        ("words", {}, " "),
        ("number", {"unit": "人"}, "很多"),
        ("number", {"unit": "人"}, "无"),
        ("number", {"unit": "万元"}, "20亩"),
        ("number", {"unit": "亩"}, "20元"),
        ("yes_no", {}, "也许"),
        ("day", {}, "2026年2月30日"),
        ("day", {}, "不详"),
        ("choice", {"choices": ["上升", "持平"]}, "暴涨"),
    ],
)
def test_what_is_no_answer_is_refused_beside_its_field(
    firms: Firms, expects: str, more: dict[str, Any], said: str
) -> None:
    question = ask(firms, expects=expects, **more)
    with pytest.raises(Refused) as no:
        answer(firms, question, said)
    assert no.value.field == "answer"


def test_an_answer_reads_with_its_unit_in_the_readers_words(firms: Firms) -> None:
    money = answer(firms, ask(firms, expects="number", unit="万元"), "4331")
    yes = answer(firms, ask(firms, "lease", expects="yes_no"), "是")
    assert (answer_words(money), answer_words(yes)) == ("4331 万元", "是")


def test_the_enterprise_answers_its_own_questions_on_its_page_and_no_others(firms: Firms) -> None:
    mine, theirs = ask(firms), ask(firms, party=firms.other)
    by = firms.spokesman()
    done = firms.do(by, "answer_question", question=mine, answer="320", through="visit")
    assert isinstance(done, Question)
    assert done.through == "enterprise"
    for verb in ("answer_question", "decline_question"):
        given = {"answer": "1"} if verb == "answer_question" else {}
        with pytest.raises(Refused):
            firms.do(by, verb, question=theirs, **given)
    with pytest.raises(Refused):
        firms.do(by, "ask_question", party=firms.party, room="x", key="x", text="?")
    with acting(firms.of("east-desk")):
        assert JournalLine.objects.get(verb="answer_question").who == "赵一"


def test_another_zone_sees_no_question(firms: Firms) -> None:
    question = ask(firms)
    by = firms.of("west-desk")
    with acting(by):
        assert queries.open_questions(by, [firms.party.pk]) == []
    with pytest.raises(Refused):
        firms.do(by, "answer_question", question=question, answer="1")
    with pytest.raises(Refused):
        firms.do(by, "drop_question", question=question, reason="x")


def test_a_question_ends_once(firms: Firms) -> None:
    question = ask(firms)
    answer(firms, question, "1")
    for verb, given in (
        ("answer_question", {"answer": "2"}),
        ("decline_question", {}),
        ("drop_question", {"reason": "x"}),
    ):
        with pytest.raises(Refused, match="网一"):
            firms.do("east-officer", verb, question=question, **given)


def test_the_room_that_asked_is_told_inside_the_transaction_and_may_refuse(firms: Firms) -> None:
    told: list[str] = []

    def listen(sender: object, question: Question, **_more: object) -> None:
        told.append(question.answer)
        if question.answer == "13":
            raise Refused("no")

    work.question_answered.connect(listen)
    try:
        question = ask(firms)
        with pytest.raises(Refused, match="no"):
            answer(firms, question, "13")
        with acting(firms.of("east-desk")):
            assert Question.objects.get(pk=question.pk).state == "open"
        answer(firms, question, "12")
    finally:
        work.question_answered.disconnect(listen)
    assert told == ["13", "12"]


def test_two_entries_of_one_firm_asked_the_same_are_counted_as_asked_twice(firms: Firms) -> None:
    ask(firms)
    ask(firms, party=firms.other)
    by = firms.of("east-admin")
    with acting(by):
        assert queries.asked_twice(by, TODAY) == []
        registry.merge_parties(
            by=by, now=NOW + timedelta(days=1), kept=firms.party, duplicate=firms.other
        )
        assert len(queries.asked_twice(by, TODAY)) == 1
        assert queries.contact_figures(by, TODAY).asked_twice == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"expects": "song"},
        {"expects": "choice", "choices": ["一个"]},
        {"choices": ["一", "二"]},
        {"worth": -1},
    ],
)
def test_a_question_nobody_could_answer_is_refused(firms: Firms, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        ask(firms, **wrong)
