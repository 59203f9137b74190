"""Sessions, decisions and weekly minutes: what was decided is somebody's task until a day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.projects import actions as projects
from xiaoer.projects import queries
from xiaoer.projects.models import (
    Consultation,
    DecisionAsk,
    Project,
    ProjectLine,
    ProjectWeek,
    Resolution,
)
from xiaoer.projects.tests.built import TODAY, Ground, build
from xiaoer.work.models import Task

Of = Callable[[str], Actor]
SOON = TODAY + timedelta(days=10)
NEXT = NOW + timedelta(days=7)


@pytest.fixture
def ground(of: Of) -> Ground:
    return build(of)


def session(ground: Ground, **given: Any) -> Consultation:
    row: Consultation = ground.do(
        "east-leader",
        projects.hold_consultation,
        **{
            "project": ground.project, "on": TODAY, "chair": ground.post("east-leader"),
            "members": [ground.post("east-power"), ground.post("east-land")],
            "findings": "供电方案滞后", **given,
        },
    )  # fmt: skip
    return row


def decided(ground: Ground, **given: Any) -> Resolution:
    row: Resolution = ground.do(
        "east-leader",
        projects.resolve,
        **{
            "project": ground.project, "text": "十日内完成供电方案答复", "due_on": SOON,
            "office": ground.office("供电服务中心"), **given,
        },
    )  # fmt: skip
    return row


def test_what_a_session_decides_is_a_task_under_supervision(ground: Ground) -> None:
    one = session(ground)
    row = decided(ground, consultation=one, is_supervised=True)
    with acting(ground.of("east-desk")):
        task = Task.objects.get(pk=row.task_id)
        assert (task.office_id, task.is_supervised) == (row.office_id, True)
        assert [each.pk for each in queries.supervised_tasks(ground.zone_id)] == [task.pk]
        assert [each.pk for each in queries.resolutions_of(one)] == [row.pk]
        assert one.members.count() == 2
    with pytest.raises(Refused):
        ground.do("east-land", projects.finish_resolution, resolution=row, outcome="已答复")
    ground.do("east-power", projects.finish_resolution, resolution=row, outcome="已答复")
    with acting(ground.of("east-desk")):
        assert Task.objects.get(pk=row.task_id).outcome == "已答复"


def test_a_settled_record_stays_as_it_was_held(ground: Ground) -> None:
    one = session(ground)
    with pytest.raises(Refused):
        ground.do(
            "east-leader",
            projects.keep_consultation,
            consultation=one,
            findings="",
            is_settled=True,
        )
    one = ground.do(
        "east-leader",
        projects.keep_consultation,
        consultation=one,
        findings="已定",
        is_settled=True,
    )
    with pytest.raises(Refused):
        ground.do("east-leader", projects.keep_consultation, consultation=one, findings="改")
    with pytest.raises(Refused):
        decided(ground, consultation=one)


def test_only_a_leader_decides_what_leaders_are_asked(ground: Ground) -> None:
    ask = ground.do(
        "east-desk", projects.ask_decision, project=ground.project, question="用地指标先保哪一期",
        options=["一期", "二期"], wanted_on=TODAY,
    )  # fmt: skip
    with acting(ground.of("east-desk")):
        assert [one.pk for one in queries.open_asks(ground.zone_id)] == [ask.pk]
    with pytest.raises(Refused):
        ground.do("east-desk", projects.decide, ask=ask, decision="一期")
    ask = ground.do("east-leader", projects.decide, ask=ask, decision="先保一期")
    assert ask.decided_by_id is not None
    with acting(ground.of("east-desk")):
        assert not queries.open_asks(ground.zone_id).exists()
    with pytest.raises(Refused):
        ground.do("east-leader", projects.decide, ask=ask, decision="二期")
    with pytest.raises(Refused):
        ground.do(
            "east-desk", projects.ask_decision, project=ground.project, question="?", options=["一"]
        )


def lines(ground: Ground, week: ProjectWeek) -> dict[str, ProjectLine]:
    with acting(ground.of("east-desk")):
        return {one.source: one for one in queries.project_lines(week=week)}


def make(ground: Ground, now: Any = NOW) -> ProjectWeek:
    by = ground.of("east-desk")
    with acting(by):
        return projects.make_project_week(by=by, now=now)


def red_need(ground: Ground) -> Any:
    return ground.do(
        "east-desk", projects.ask_element, project=ground.project, kind="power", what="10 kV 接入",
        needed_on=TODAY - timedelta(days=3), answerer="市供电公司",
        office=ground.office("供电服务中心"),
    )  # fmt: skip


def test_the_minutes_are_made_from_what_changed_what_is_red_and_what_was_decided(
    ground: Ground,
) -> None:
    need = red_need(ground)
    ground.do("east-power", projects.promise_element, need=need, on=SOON)
    ground.do(
        "east-power",
        projects.promise_element,
        need=need,
        on=SOON + timedelta(days=5),
        reason="主变推迟",
    )
    row = decided(ground)
    with acting(ground.of("east-desk")):
        Project.objects.filter(pk=ground.second.pk).update(light="red", light_why="逾期未开工")
    week = make(ground)
    assert week.monday == date(2026, 11, 16)
    found = lines(ground, week)
    assert found[f"need:{need.pk}"].light == "red"
    assert found[f"light:{ground.second.pk}"].what == "逾期未开工"
    assert found[f"resolution:{row.pk}"].topic == "decision"
    assert any("主变推迟" in one.what for one in found.values() if one.topic == "promise")
    assert {one.change for one in found.values()} == {"fresh"}
    assert make(ground).pk == week.pk
    assert len(lines(ground, week)) == len(found)


def test_every_monday_makes_the_minutes_unless_they_are_issued_already(ground: Ground) -> None:
    need = red_need(ground)
    by = system(ground.of("east-desk").zone_id)
    with acting(by):
        week = projects.keep_project_week(by=by, now=NOW)
    assert week is not None
    assert f"need:{need.pk}" in lines(ground, week)
    ground.do("east-desk", projects.issue_project_week, week=week)
    with acting(by):
        assert projects.keep_project_week(by=by, now=NOW) is None


def test_what_no_longer_holds_is_done_and_the_next_week_says_what_changed(ground: Ground) -> None:
    need = red_need(ground)
    week = make(ground)
    line = lines(ground, week)[f"need:{need.pk}"]
    ground.do("east-desk", projects.keep_project_line, line=line, measure="专班驻点", due_on=SOON)
    by_hand = ground.do(
        "east-desk", projects.add_project_line, week=week, what="招聘会", who="用工保障"
    )
    with pytest.raises(Refused):
        ground.do("east-desk", projects.keep_project_line, line=by_hand, measure="", is_done=True)
    ground.do("east-desk", projects.issue_project_week, week=week, note="按周推进")
    with pytest.raises(Refused):
        make(ground)
    with pytest.raises(Refused):
        ground.do("east-desk", projects.keep_project_line, line=line, measure="x")
    following = make(ground, NEXT)
    found = lines(ground, following)
    assert (found[f"need:{need.pk}"].measure, found[f"need:{need.pk}"].change) == (
        "专班驻点",
        "same",
    )
    assert found[""].what == "招聘会"
    by = ground.of("east-power")
    with acting(by):
        projects.ready_element(by=by, now=NEXT, need=need, on=NEXT.date())
    make(ground, NEXT)
    done = lines(ground, following)[f"need:{need.pk}"]
    assert (done.is_done, done.change) == (True, "done")


def test_overdue_tasks_and_broken_promises_are_on_the_minutes(ground: Ground) -> None:
    promise = ground.do(
        "east-leader", projects.promise_for_zone, project=ground.project, what="道路通车",
        promised_on=TODAY, office=ground.office("自然资源分局"),
    )  # fmt: skip
    row = decided(ground, due_on=TODAY)
    week = make(ground, NEXT)
    found = lines(ground, week)
    assert found[f"promise:{promise.pk}"].topic == "overdue"
    assert found[f"task:{row.task_id}"].topic == "overdue"


def test_another_zone_and_enterprises_see_no_session(ground: Ground) -> None:
    decided(ground, consultation=session(ground))
    make(ground)
    west = ground.of("west-leader")
    with acting(west):
        assert Consultation.objects.count() == Resolution.objects.count() == 0
        assert ProjectWeek.objects.count() == DecisionAsk.objects.count() == 0
    with acting(ground.spokesman()):
        for table in (Consultation, Resolution, ProjectWeek, DecisionAsk):
            with pytest.raises(ProgrammingError), transaction.atomic():
                table.objects.count()
    with pytest.raises(Refused):
        ground.do(west, projects.keep_project_line, line=ProjectLine(pk=1, zone_id=1), measure="x")


def test_who_does_not_run_projects_writes_no_minutes(ground: Ground) -> None:
    with pytest.raises(Refused):
        ground.do("east-power", projects.make_project_week)
    with pytest.raises(Refused):
        ground.do("east-power", projects.resolve, project=ground.project, text="x", due_on=SOON)
