"""The chain of five elements, the five mechanisms, batches, and moving to another zone."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.town import NOW
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.projects import actions as projects
from xiaoer.projects import queries
from xiaoer.projects.actions import ActFacts, BatchFacts
from xiaoer.projects.models import (
    ChainStep,
    Element,
    HandOver,
    MechanismAct,
    Project,
    Stage,
    StageBatch,
)
from xiaoer.projects.queries import ProjectFilter
from xiaoer.projects.tests.conftest import Site

TODAY = date(2026, 11, 20)


def standing(project: Project) -> dict[str, str]:
    return {step.element: step.state for _element, step in queries.chain_of(project) if step}


def test_what_is_done_begins_the_next_element(site: Site) -> None:
    project = site.opened()
    assert standing(project) == {"tracking": "running"}
    projects.note_chain(
        by=site.by, now=NOW, project=project, element=Element.TRACKING, state="done",
        outcome="企业有投资意向书",
    )  # fmt: skip
    assert standing(project) == {"tracking": "done", "review": "running"}
    projects.note_chain(by=site.by, now=NOW, project=project, element="tracking", state="done")
    assert ChainStep.objects.filter(project=project).count() == 3
    columns = queries.chain_board(zone_id=site.zone_id, filters=ProjectFilter(), on=TODAY)
    assert [(one.running, one.done) for one in columns] == [(0, 1), (1, 0), (0, 0), (0, 0), (0, 0)]


def test_what_stopped_says_why(site: Site) -> None:
    project = site.opened()
    with pytest.raises(Refused) as no:
        projects.note_chain(by=site.by, now=NOW, project=project, element="review", state="stopped")
    assert no.value.field == "outcome"
    projects.note_chain(
        by=site.by, now=NOW, project=project, element="review", state="stopped", outcome="环评未过"
    )
    assert standing(project)["review"] == "stopped"


def test_acts_are_counted_by_mechanism_and_period(site: Site) -> None:
    project = site.opened()

    def act(kind: str, on: date, **more: object) -> MechanismAct:
        facts = ActFacts(kind=kind, on=on, what="帮办施工许可", **more)  # type: ignore[arg-type]  # a test's own
        return projects.record_act(by=site.by, now=NOW, facts=facts, project=project)

    first = act("help", date(2026, 11, 2))
    act("help", date(2026, 11, 9))
    act("front_line", date(2026, 10, 9))
    projects.withdraw_act(by=site.by, now=NOW, act=first, why="记重了")
    counts = queries.act_counts(zone_id=site.zone_id, since=date(2026, 11, 1), until=TODAY)
    assert [(one.acts, one.projects, one.parties) for one in counts] == [
        (1, 1, 1), (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0),
    ]  # fmt: skip
    with pytest.raises(Refused):
        act("help", date(2026, 12, 1))
    with pytest.raises(Refused):
        act("reward", TODAY, is_penalty=True)  # a leader's word
    with pytest.raises(Refused):
        projects.record_act(by=site.by, now=NOW, facts=ActFacts("help", TODAY, "无主"))


def test_a_batch_counts_what_has_entered_its_stage_once(site: Site) -> None:
    project = site.opened()
    batch = projects.open_stage_batch(
        by=site.by, now=NOW, facts=BatchFacts(Stage.RESERVE, "四季度储备", date(2026, 12, 1))
    )
    with pytest.raises(Refused, match="谋划"):
        projects.add_to_batch(by=site.by, now=NOW, batch=batch, projects=[project])
    site.bring(project, Stage.RESERVE)
    (member,) = projects.add_to_batch(by=site.by, now=NOW, batch=batch, projects=[project])
    other = projects.open_stage_batch(
        by=site.by, now=NOW, facts=BatchFacts(Stage.RESERVE, "补充储备", TODAY)
    )
    with pytest.raises(Refused, match="四季度储备"):
        projects.add_to_batch(by=site.by, now=NOW, batch=other, projects=[project])
    found = queries.stage_batch(zone_id=site.zone_id, batch_id=batch.pk)
    assert found is not None
    assert (found.counted, found.money) == (1, 378_000_000_00)  # type: ignore[attr-defined]  # annotated
    projects.take_off_batch(by=site.by, now=NOW, member=member, why="缓建")
    projects.add_to_batch(by=site.by, now=NOW, batch=other, projects=[project])
    with pytest.raises(Refused):
        projects.open_stage_batch(
            by=site.by, now=NOW, facts=BatchFacts(Stage.SIGNED, "签约", TODAY)
        )


def test_a_project_moves_to_another_zone_as_a_copy(site: Site) -> None:
    project = site.bring(site.opened(), Stage.SIGNED)
    west = Zone.objects.get(pk=site.west.zone_id)
    asked = projects.ask_hand_over(
        by=site.by, now=NOW, project=project, other_zone=west, reason="用地在西区"
    )
    with pytest.raises(Refused, match="已经申请"):
        projects.ask_hand_over(
            by=site.by, now=NOW, project=project, other_zone=west, reason="再来一次"
        )
    with acting(site.leader):
        projects.decide_hand_over(by=site.leader, now=NOW, hand_over=asked, is_granted=True)
    project.refresh_from_db()
    assert project.ended_on == TODAY
    assert "用地在西区" in project.ended_why
    with acting(site.west):
        came = HandOver.objects.get()
        assert [one["stage"] for one in came.summary["history"]] == ["planned", "reserve", "signed"]
        assert not Project.objects.exists()
        taken = projects.take_on_project(by=site.west, now=NOW, hand_over=came)
        assert (taken.name, taken.stage, taken.party) == ("变压器二期", Stage.PLANNED, None)
        assert taken.owner_name == "东区变压器有限公司"
        with pytest.raises(Refused):
            projects.take_on_project(by=site.west, now=NOW, hand_over=came)
    assert HandOver.objects.get().direction == HandOver.Direction.OUT


def test_a_move_is_not_granted_by_who_asked_nor_refused_without_a_reason(site: Site) -> None:
    project = site.opened()
    west = Zone.objects.get(pk=site.west.zone_id)
    with acting(site.leader):
        asked = projects.ask_hand_over(
            by=site.leader, now=NOW, project=project, other_zone=west, reason="用地在西区"
        )
        with pytest.raises(Refused, match="别人"):
            projects.decide_hand_over(by=site.leader, now=NOW, hand_over=asked, is_granted=True)
    own = Zone.objects.get(pk=site.zone_id)
    with pytest.raises(Refused):
        projects.ask_hand_over(by=site.by, now=NOW, project=project, other_zone=own, reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.objects.filter(pk=asked.pk).update(state="refused")


def test_another_zone_and_an_enterprise_read_none_of_it(site: Site) -> None:
    project = site.opened()
    projects.record_act(by=site.by, now=NOW, facts=ActFacts("help", TODAY, "帮办"), project=project)
    projects.open_stage_batch(by=site.by, now=NOW, facts=BatchFacts(Stage.RESERVE, "储备", TODAY))
    with acting(site.west):
        assert not MechanismAct.objects.exists()
        assert not StageBatch.objects.exists()
    for by, steps in ((site.west, 0), (site.spokesman(), 1), (site.spokesman(site.other), 0)):
        with acting(by):
            assert ChainStep.objects.count() == steps
            with pytest.raises(Refused):
                projects.note_chain(
                    by=by, now=NOW, project=project, element="review", state="running"
                )
