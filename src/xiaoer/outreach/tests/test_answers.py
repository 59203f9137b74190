"""Answers, dates, joint handling, giving back, return visits, asking again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.town import NOW
from xiaoer.base import actions as base
from xiaoer.base.models import JournalLine, Person, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal, AppealEvent, DateChange
from xiaoer.outreach.tests.conftest import Town
from xiaoer.registry import actions as registry
from xiaoer.work import actions as work
from xiaoer.work.models import Matter

State, Ball = Appeal.State, Appeal.Ball
LATER = date(2026, 12, 18)


def _open_tasks(town: Town, appeal: Appeal) -> set[str]:
    with acting(system(town.zone_id)):
        return set(town.tasks_of(appeal).values_list("kind", flat=True))


def _second_post(town: Town, username: str, role: Role) -> Actor:
    """Another post of the same person, as the officer of the enterprise."""
    first, admin = town.of(username), town.of("east-admin")
    with acting(admin):
        post = base.give_post(
            by=admin,
            now=NOW,
            person=Person.objects.get(pk=first.person_id or 0),
            role=role,
            office=town.land,
        )
        registry.assign_steward(by=admin, now=NOW, party=town.party, post=post)
    return replace(first, post_id=post.pk, role=role, office_id=town.land.pk)


def test_a_partial_answer_leaves_the_ball_with_the_office(town: Town) -> None:
    filed = town.working()
    town.do(
        "east-power",
        "answer_appeal",
        filed.appeal,
        result="partly",
        text="先给 200 kVA 过渡。",
        promised_on=date(2026, 11, 28),
    )
    row = town.now_of(filed.appeal)
    assert (row.state, row.ball, row.result) == (State.WORKING, Ball.HANDLER, "partly")
    assert row.replied_at == NOW
    assert _open_tasks(town, row) == {"solve", "promise"}


def test_an_enterprise_may_be_content_with_a_partial_answer(town: Town) -> None:
    filed = town.working()
    town.do(
        "east-power",
        "answer_appeal",
        filed.appeal,
        result="partly",
        text="先过渡。",
        promised_on=date(2026, 11, 28),
    )
    town.do(town.spokesman(), "confirm_solved", filed.appeal, satisfaction=3)
    row = town.now_of(filed.appeal)
    assert (row.state, row.result) == (State.CONFIRMED, "partly")
    assert row.confirmed_through == Appeal.Through.ENTERPRISE


def test_a_planned_answer_needs_a_day_to_come(town: Town) -> None:
    filed = town.working()
    for day in (None, date(2026, 11, 20)):
        with pytest.raises(Refused):
            town.do(
                "east-power",
                "answer_appeal",
                filed.appeal,
                result="planned",
                text="月底",
                promised_on=day,
            )


def test_parking_promises_a_date_and_stops_no_clock(town: Town) -> None:
    filed = town.working()
    before = town.now_of(filed.appeal).solve_due_at
    town.do("east-power", "park_appeal", filed.appeal, promised_on=LATER, reason="管廊未建成")
    row = town.now_of(filed.appeal)
    assert (row.state, row.promised_on, row.solve_due_at) == (State.PARKED, LATER, before)
    assert row.running_due_at is not None
    town.do("east-power", "take_up_again", filed.appeal)
    assert town.now_of(filed.appeal).state == State.WORKING


def test_a_later_date_is_asked_for_with_a_reason_and_granted_by_a_supervisor(town: Town) -> None:
    filed = town.working()
    before = town.now_of(filed.appeal).solve_due_at
    town.do("east-power", "ask_date_change", filed.appeal, new_due_on=LATER, reason="设备未到")
    assert town.now_of(filed.appeal).solve_due_at == before, "until granted the old date stands"
    with pytest.raises(Refused):
        town.do("east-power", "decide_date_change", filed.appeal, is_granted=True)
    town.do("east-desk", "decide_date_change", filed.appeal, is_granted=True)
    row = town.now_of(filed.appeal)
    assert row.solve_due_at is not None
    assert before is not None
    assert row.solve_due_at > before
    with acting(town.holder(filed.token)):
        told = AppealEvent.objects.get(verb="decide_date_change")
        assert "设备未到" in told.text
        assert "12月18日" in told.text
    with acting(system(town.zone_id)):
        solve = town.tasks_of(row).get(kind="solve")
        assert solve.due_at == row.solve_due_at


def test_a_later_date_is_not_asked_for_once_the_date_is_past(town: Town) -> None:
    filed = town.working()
    with pytest.raises(Refused):
        town.do(
            "east-power",
            "ask_date_change",
            filed.appeal,
            new_due_on=date(2027, 3, 1),
            reason="忘了",
            now=NOW + timedelta(days=40),
        )


def test_a_declined_date_keeps_the_old_one_and_says_why(town: Town) -> None:
    filed = town.working()
    before = town.now_of(filed.appeal).solve_due_at
    town.do("east-power", "ask_date_change", filed.appeal, new_due_on=LATER, reason="忙")
    with pytest.raises(Refused):
        town.do("east-leader", "decide_date_change", filed.appeal, is_granted=False)
    town.do("east-leader", "decide_date_change", filed.appeal, is_granted=False, words="要保投产")
    assert town.now_of(filed.appeal).solve_due_at == before


def test_an_answer_makes_an_open_question_for_a_later_date_moot(town: Town) -> None:
    filed = town.working()
    town.do("east-power", "ask_date_change", filed.appeal, new_due_on=LATER, reason="忙")
    town.do("east-power", "answer_appeal", filed.appeal, result="solved", text="已送电")
    with acting(system(town.zone_id)):
        assert DateChange.objects.get(appeal_id=filed.appeal.pk).granted is False
    assert _open_tasks(town, filed.appeal) == {"visit_back"}


def test_an_office_gives_back_once_then_the_desk_decides(town: Town) -> None:
    filed = town.dispatched()
    town.do("east-power", "return_appeal", filed.appeal, reason="应由自然资源分局办")
    row = town.now_of(filed.appeal)
    assert (row.state, row.ball, row.office_id) == (State.REGISTERED, Ball.DESK, None)
    town.do("east-desk", "dispatch_appeal", filed.appeal, office=town.land)
    town.do("east-land", "return_appeal", filed.appeal, reason="不是我们")
    row = town.now_of(filed.appeal)
    assert (row.state, row.ball, row.office_id) == (State.DISPATCHED, Ball.DESK, town.land.pk)
    with pytest.raises(Refused):
        town.do("east-land", "return_appeal", filed.appeal, reason="真不是")
    town.do("east-desk", "reassign", filed.appeal, office=town.power, reason="供电牵头")
    row = town.now_of(filed.appeal)
    assert (row.ball, row.office_id) == (Ball.HANDLER, town.power.pk)
    assert _open_tasks(town, row) == {"reply", "solve"}


def test_joint_offices_help_and_the_leading_one_answers(town: Town) -> None:
    filed = town.working()
    town.do("east-power", "ask_help", filed.appeal, offices=[town.land], words="管沟")
    with pytest.raises(Refused):
        town.do("east-land", "answer_appeal", filed.appeal, result="solved", text="好了")
    town.do("east-land", "finish_help", filed.appeal, words="可用")
    with pytest.raises(Refused):
        town.do("east-land", "finish_help", filed.appeal, words="再来")


def test_the_handler_does_not_make_the_return_visit(town: Town) -> None:
    filed = town.answered()
    with pytest.raises(Refused):
        town.do(
            "east-power",
            "record_return_visit",
            filed.appeal,
            outcome="confirmed",
            spoke_with="赵一",
            words="好",
        )


def test_a_handler_with_a_second_post_is_still_the_handler(town: Town) -> None:
    filed = town.answered()
    second = _second_post(town, "east-power", Role.STEWARD)
    with pytest.raises(Refused):
        town.do(
            second,
            "record_return_visit",
            filed.appeal,
            outcome="confirmed",
            spoke_with="赵一",
            words="好",
        )


def test_what_the_enterprise_said_at_a_return_visit_counts_apart(town: Town) -> None:
    filed = town.answered()
    town.do(
        "east-officer",
        "record_return_visit",
        filed.appeal,
        outcome="confirmed",
        spoke_with="赵一",
        words="已经通电",
        satisfaction=4,
    )
    row = town.now_of(filed.appeal)
    assert row.state == State.CONFIRMED
    assert row.confirmed_through == Appeal.Through.RETURN_VISIT
    period = queries.Period(date(2026, 1, 1), date(2026, 12, 31))
    with acting(town.of("east-desk")):
        figures = queries.appeal_figures(zone_id=town.zone_id, period=period, now=NOW)
    assert (figures.confirmed_by_enterprise, figures.confirmed_at_return_visit) == (0, 1)


def test_one_that_is_not_reached_is_unconfirmed_and_may_still_confirm(town: Town) -> None:
    filed = town.answered()
    town.do("east-officer", "record_return_visit", filed.appeal, outcome="unreachable")
    row = town.now_of(filed.appeal)
    assert (row.state, row.ball) == (State.UNCONFIRMED, Ball.NOBODY)
    town.do(town.holder(filed.token), "confirm_solved", filed.appeal)
    assert town.now_of(filed.appeal).state == State.CONFIRMED


def test_a_no_goes_one_level_up_with_a_new_promise(town: Town) -> None:
    filed = town.confirmed()
    later = NOW + timedelta(days=10)
    before = town.now_of(filed.appeal).solve_due_at
    town.do(town.holder(filed.token), "reopen_appeal", filed.appeal, words="又停电", now=later)
    row = town.now_of(filed.appeal)
    assert (row.state, row.ball, row.level, row.reopened) == (State.WORKING, Ball.HANDLER, 1, 1)
    assert row.confirmed_at is None
    assert before is not None
    assert row.solve_due_at is not None
    assert row.solve_due_at > before
    assert _open_tasks(town, row) == {"solve"}
    with acting(system(town.zone_id)):
        assert Matter.objects.get(pk=row.matter_id or 0).closed_at is None


def test_after_thirty_days_the_zone_asks_again_once(town: Town) -> None:
    filed = town.confirmed()
    by = system(town.zone_id)
    with acting(by):
        assert outreach.ask_all_again(by=by, now=NOW + timedelta(days=29)) == 0
        assert outreach.ask_all_again(by=by, now=NOW + timedelta(days=31)) == 1
        assert outreach.ask_all_again(by=by, now=NOW + timedelta(days=32)) == 0
    assert town.now_of(filed.appeal).ball == Ball.ENTERPRISE
    town.do(town.holder(filed.token), "confirm_again", filed.appeal, now=NOW + timedelta(days=33))
    row = town.now_of(filed.appeal)
    assert (row.state, row.ball) == (State.CONFIRMED, Ball.NOBODY)
    assert row.still_solved_at is not None


def test_one_request_that_cannot_be_asked_about_keeps_no_other_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = town.confirmed(), town.confirmed()

    def not_the_first(**given: Any) -> Appeal:
        if given["appeal"].pk == first.appeal.pk:
            raise Refused("刚刚被改过")
        return outreach.ask_again(**given)

    monkeypatch.setattr("xiaoer.outreach.actions.confirming.ask_again", not_the_first)
    by = system(town.zone_id)
    with acting(by):
        assert outreach.ask_all_again(by=by, now=NOW + timedelta(days=31)) == 1
        told = JournalLine.objects.get(verb="leave_tasks")
        assert told.detail["names"] == [first.appeal.receipt_no]
    assert town.now_of(second.appeal).asked_again_at is not None


def test_asked_again_a_no_reopens(town: Town) -> None:
    filed = town.confirmed()
    by = system(town.zone_id)
    with acting(by):
        outreach.ask_all_again(by=by, now=NOW + timedelta(days=31))
    town.do(
        town.holder(filed.token),
        "reopen_appeal",
        filed.appeal,
        words="又坏了",
        now=NOW + timedelta(days=33),
    )
    assert town.now_of(filed.appeal).state == State.WORKING


def test_a_second_yes_is_told_that_somebody_was_first(town: Town) -> None:
    filed = town.answered()
    version = town.now_of(filed.appeal).version
    holder = town.holder(filed.token)
    town.do(holder, "confirm_solved", filed.appeal, version=version)
    with pytest.raises(Refused):
        town.do(holder, "confirm_solved", filed.appeal, version=version)


def test_a_stale_edit_is_told_who_changed_what_it_did_not_see(town: Town) -> None:
    filed = town.working()
    version = town.now_of(filed.appeal).version
    town.do("east-power", "note_progress", filed.appeal, words="已勘查", is_public=True)
    with pytest.raises(Refused, match="电一"):
        town.do(
            "east-desk",
            "note_progress",
            filed.appeal,
            words="催办",
            is_public=False,
            version=version,
        )


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("not_accept", {"reason": "lawsuit", "words": "法院已立案"}),
        ("transfer_elsewhere", {"to": "12345", "external_ref": "JN-1", "words": "已转办"}),
    ],
)
def test_what_ends_elsewhere_asks_nobody_for_more(
    town: Town, verb: str, given: dict[str, str]
) -> None:
    filed = town.file()
    town.do("east-desk", verb, filed.appeal, **given)
    row = town.now_of(filed.appeal)
    assert row.closed_at == NOW
    assert not _open_tasks(town, row)
    assert row.started_at == NOW


def test_a_request_is_not_accepted_only_for_a_reason_of_the_list(town: Town) -> None:
    filed = town.file()
    with pytest.raises(Refused):
        town.do("east-desk", "not_accept", filed.appeal, reason="too_busy", words="忙")


def test_requests_of_two_enterprises_are_never_merged(town: Town) -> None:
    filed = town.file()
    by = town.of("east-economy")
    with acting(by):
        other = outreach.file_appeal(
            by=by, now=NOW, party=town.other, channel="phone", title="变压器", body="同一线路"
        )
    with pytest.raises(Refused):
        town.do("east-desk", "merge_appeal", filed.appeal, into=other.appeal)
    again = town.file("还是变压器")
    town.do("east-desk", "merge_appeal", again.appeal, into=filed.appeal)
    assert town.now_of(again.appeal).state == State.MERGED


def test_a_leader_puts_a_request_under_supervision(town: Town) -> None:
    filed = town.working()
    with pytest.raises(Refused):
        town.do("east-power", "supervise_appeal", filed.appeal, words="快")
    town.do("east-leader", "supervise_appeal", filed.appeal, words="本周送电")
    row = town.now_of(filed.appeal)
    assert row.supervised_at == NOW
    with acting(system(town.zone_id)):
        kinds = town.tasks_of(row).filter(is_supervised=True).values_list("kind", flat=True)
        assert set(kinds) == {"reply", "solve"}


def test_taking_the_task_in_the_inbox_signs_for_the_request(town: Town) -> None:
    filed = town.dispatched()
    power = town.of("east-power")
    with acting(power):
        solve = town.tasks_of(filed.appeal).get(kind="solve")
        work.take_task(by=power, now=NOW, task=solve)
    row = town.now_of(filed.appeal)
    assert (row.state, row.handler_id) == (State.WORKING, power.post_id)


def test_handing_on_the_task_hands_on_the_request(town: Town) -> None:
    filed, power = town.working(), town.of("east-power")
    with acting(power):
        solve = town.tasks_of(filed.appeal).get(kind="solve")
        work.transfer_task(by=power, now=NOW, task=solve, office=town.land, reason="管沟先行")
    row = town.now_of(filed.appeal)
    assert (row.state, row.office_id, row.handler_id) == (State.DISPATCHED, town.land.pk, None)
    town.do("east-land", "sign_appeal", filed.appeal)
    assert _open_tasks(town, row) == {"reply", "solve"}


def test_returning_the_task_returns_the_request_once(town: Town) -> None:
    filed, power = town.dispatched(), town.of("east-power")
    with acting(power):
        solve = town.tasks_of(filed.appeal).get(kind="solve")
        work.return_task(by=power, now=NOW, task=solve, reason="不归我们")
    row = town.now_of(filed.appeal)
    assert (row.state, row.was_returned, row.office_id) == (State.REGISTERED, True, None)
    assert _open_tasks(town, row) == {"dispatch"}


def test_an_enterprise_reopens_though_the_handler_left(town: Town) -> None:
    filed, admin, power = town.confirmed(), town.of("east-admin"), town.of("east-power")
    with acting(admin):
        post = Post.objects.get(pk=power.post_id or 0)
        base.end_post(by=admin, now=NOW, post=post, until=date(2026, 11, 20))
    town.do(
        town.holder(filed.token),
        "reopen_appeal",
        filed.appeal,
        words="又停电",
        now=NOW + timedelta(days=5),
    )
    with acting(system(town.zone_id)):
        solve = town.tasks_of(filed.appeal).get(kind="solve")
    assert (solve.post_id, solve.office_id) == (None, town.power.pk)


def test_similar_answered_requests_teach_also_by_failure(town: Town) -> None:
    first = town.answered()
    town.do("east-officer", "record_return_visit", first.appeal, outcome="unreachable")
    filed = town.working()
    power = town.of("east-power")
    with acting(power):
        page = queries.appeal_page(by=power, appeal_id=filed.appeal.pk, now=NOW)
    assert page is not None
    assert [(line.receipt_no, line.is_confirmed) for line in page.similar] == [
        (first.receipt_no, False)
    ]
    assert page.similar[0].answer == "已经送电。"
    assert "answer_appeal" in page.may
    assert "confirm_solved" not in page.may


def test_a_deputy_answers_for_an_absent_handler(town: Town) -> None:
    filed = town.working()
    economy = town.of("east-economy")
    with pytest.raises(Refused):
        town.do("east-economy", "answer_appeal", filed.appeal, result="solved", text="好")
    power, admin = town.of("east-power"), town.of("east-admin")
    with acting(admin):
        base.name_deputy(
            by=admin,
            now=NOW,
            post=Post.objects.get(pk=power.post_id or 0),
            deputy=Post.objects.get(pk=economy.post_id or 0),
            since=date(2026, 11, 20),
            until=date(2026, 11, 30),
        )
    town.do("east-economy", "answer_appeal", filed.appeal, result="solved", text="好")
    assert town.now_of(filed.appeal).state == State.ANSWERED
