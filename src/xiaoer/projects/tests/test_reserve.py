"""The register of projects: opened, proved, moved on, back-dated, taken back, given up, listed."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from tests.town import NOW
from xiaoer.base import files
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.projects import actions as projects
from xiaoer.projects.actions import ListFacts, Passed
from xiaoer.projects.conditions import Standing
from xiaoer.projects.models import (
    ConditionProof,
    ListPlace,
    Project,
    ProjectList,
    Stage,
    StageCondition,
    StagePassage,
)
from xiaoer.projects.queries import ProjectFilter, conditions_of, stage_board
from xiaoer.projects.queries import projects as found
from xiaoer.projects.tests.conftest import Site

TODAY = date(2026, 11, 20)


def test_a_project_is_entered_as_planned_with_its_matter(site: Site) -> None:
    project = site.opened()
    assert (project.stage, project.stage_on) == (Stage.PLANNED, TODAY)
    assert project.matter is not None
    assert project.matter.address == f"/projects/{project.pk}/"
    assert [one.stage for one in project.passages.all()] == [Stage.PLANNED]


def test_a_stage_is_entered_with_all_its_proofs_only(site: Site) -> None:
    project = site.opened(total_fen=None)
    with pytest.raises(Refused) as no:
        projects.enter_stage(
            by=site.by, now=NOW, project=project, stage=Stage.RESERVE, fact_on=TODAY
        )
    assert "有计划总投资" in str(no.value)
    assert "资金来源讲得清" in str(no.value)
    assert "有建设内容" not in str(no.value)
    projects.change_project(
        by=site.by, now=NOW, project=project, facts=site.facts(), version=project.version
    )
    site.prove(project, Stage.RESERVE)
    passage = projects.enter_stage(
        by=site.by, now=NOW, project=project, stage=Stage.RESERVE, fact_on=TODAY
    )
    assert passage.state == StagePassage.State.GRANTED
    project.refresh_from_db()
    assert project.stage == Stage.RESERVE


def test_conditions_are_met_not_met_not_known_or_for_a_person(site: Site) -> None:
    project = site.opened(contract_fen=0)
    seen = {one.condition.code: one for one in conditions_of(project=project, stage=Stage.SIGNED)}
    assert seen["contract"].standing == Standing.UNMET
    assert seen["agreement"].standing == Standing.NEEDS_DATA
    projects.change_project(
        by=site.by, now=NOW, project=project, facts=site.facts(contract_fen=None),
        version=project.version,
    )  # fmt: skip
    project.refresh_from_db()
    seen = {one.condition.code: one for one in conditions_of(project=project, stage=Stage.SIGNED)}
    assert seen["contract"].standing == Standing.NEEDS_DATA
    funding = next(
        one
        for one in conditions_of(project=project, stage=Stage.RESERVE)
        if one.condition.code == "funding"
    )
    assert funding.standing == Standing.NEEDS_PERSON
    projects.deny_condition(
        by=site.by, now=NOW, project=project, condition=funding.condition, note="贷款没有落实"
    )
    again = conditions_of(project=project, stage=Stage.RESERVE)
    assert {one.condition.code: one.standing for one in again}["funding"] == Standing.UNMET


def test_a_paper_taken_off_proves_nothing_any_more(site: Site) -> None:
    project = site.opened()
    site.prove(project, Stage.SIGNED)
    agreement = conditions_of(project=project, stage=Stage.SIGNED)[0]
    assert agreement.standing == Standing.MET
    assert agreement.proof is not None
    assert agreement.proof.paper is not None
    files.unpin_file(by=site.by, now=NOW, attachment=agreement.proof.paper)
    assert conditions_of(project=project, stage=Stage.SIGNED)[0].standing == Standing.NEEDS_DATA


def test_a_paper_of_another_project_proves_nothing(site: Site) -> None:
    project, other = site.opened(), site.opened(name="水泥一期", code="", party=site.other)
    agreement = conditions_of(project=project, stage=Stage.SIGNED)[0].condition
    with pytest.raises(Refused, match="正式投资协议"):
        projects.prove_condition(
            by=site.by, now=NOW, project=project, condition=agreement,
            paper=site.paper(other, "协议"),
        )  # fmt: skip


def test_only_a_person_says_that_a_condition_is_not_met(site: Site) -> None:
    project = site.opened()
    condition = StageCondition.objects.get(zone_id=site.zone_id, code="funding")
    with pytest.raises(IntegrityError), transaction.atomic():
        ConditionProof.objects.create(
            zone_id=site.zone_id, project=project, condition=condition, is_met=False, at=NOW
        )


def test_a_start_is_never_left_out(site: Site) -> None:
    project = site.bring(site.opened(), Stage.SIGNED)
    with pytest.raises(Refused, match="开工"):
        projects.enter_stage(
            by=site.by, now=NOW, project=project, stage=Stage.BUILDING, fact_on=TODAY
        )


def test_a_stage_is_not_entered_tomorrow_nor_before_the_one_before(site: Site) -> None:
    project = site.bring(site.opened(), Stage.RESERVE)
    site.prove(project, Stage.SIGNED)
    for day in (TODAY + timedelta(days=1), date(2026, 11, 18)):
        with pytest.raises(Refused) as no:
            projects.enter_stage(
                by=site.by, now=NOW, project=project, stage=Stage.SIGNED, fact_on=day
            )
        assert no.value.field == "fact_on"


def test_a_back_dated_stage_is_granted_by_somebody_else(site: Site) -> None:
    project = site.opened()
    site.prove(project, Stage.SIGNED)
    leader = site.leader
    long_ago = TODAY - timedelta(days=40)
    with acting(leader):
        with pytest.raises(Refused, match="很久"):
            projects.enter_stage(
                by=leader, now=NOW, project=project, stage=Stage.SIGNED, fact_on=long_ago
            )
        passage = projects.enter_stage(
            by=leader, now=NOW, project=project, stage=Stage.SIGNED, fact_on=long_ago,
            note="协议原件刚收到",
        )  # fmt: skip
        project.refresh_from_db()
        assert (passage.state, project.stage) == (StagePassage.State.ASKED, Stage.PLANNED)
        with pytest.raises(Refused, match="别人"):
            projects.decide_backdating(by=leader, now=NOW, passage=passage, is_granted=True)
    with pytest.raises(Refused, match="负责人"):
        projects.decide_backdating(by=site.by, now=NOW, passage=passage, is_granted=True)


def test_a_granted_back_date_moves_the_project_to_the_day_of_the_fact(site: Site) -> None:
    project = site.opened()
    site.prove(project, Stage.SIGNED)
    ago = TODAY - timedelta(days=11)
    passage = projects.enter_stage(
        by=site.by, now=NOW, project=project, stage=Stage.SIGNED, fact_on=ago, note="刚收到"
    )
    with pytest.raises(Refused, match="等"):
        projects.enter_stage(
            by=site.by, now=NOW, project=project, stage=Stage.SIGNED, fact_on=TODAY
        )
    with acting(site.leader):
        with pytest.raises(Refused):
            projects.decide_backdating(by=site.leader, now=NOW, passage=passage, is_granted=False)
        projects.decide_backdating(by=site.leader, now=NOW, passage=passage, is_granted=True)
    project.refresh_from_db()
    assert (project.stage, project.stage_on) == (Stage.SIGNED, ago)


def test_ten_days_ago_is_no_back_date(site: Site) -> None:
    project = site.opened()
    site.prove(project, Stage.SIGNED)
    passage = projects.enter_stage(
        by=site.by, now=NOW, project=project, stage=Stage.SIGNED,
        fact_on=TODAY - timedelta(days=10),
    )  # fmt: skip
    assert passage.state == StagePassage.State.GRANTED


def test_a_stage_taken_back_stays_in_the_history(site: Site) -> None:
    project = site.bring(site.opened(), Stage.SIGNED)
    with pytest.raises(Refused):
        projects.take_back_stage(by=site.by, now=NOW, project=project, reason=" ")
    projects.take_back_stage(by=site.by, now=NOW, project=project, reason="协议作废")
    project.refresh_from_db()
    assert project.stage == Stage.RESERVE
    last = project.passages.last()
    assert last is not None
    assert (last.stage, last.state, last.undone_why) == (Stage.SIGNED, "undone", "协议作废")


def test_a_project_under_way_is_taken_over_with_its_history(site: Site) -> None:
    history = [Passed(Stage.STARTED, date(2026, 3, 2)), Passed(Stage.SIGNED, date(2025, 9, 1))]
    with pytest.raises(Refused):
        projects.open_project(by=site.by, now=NOW, facts=site.facts(), history=history)
    with acting(site.admin):
        project = projects.open_project(by=site.admin, now=NOW, facts=site.facts(), history=history)
        assert (project.stage, project.stage_on) == (Stage.STARTED, date(2026, 3, 2))
        with pytest.raises(Refused):
            projects.open_project(
                by=site.admin, now=NOW, facts=site.facts(name="三期", code=""),
                history=[Passed(Stage.SIGNED, TODAY), Passed(Stage.STARTED, date(2026, 1, 1))],
            )  # fmt: skip


def test_one_filing_is_one_project(site: Site) -> None:
    site.opened()
    with pytest.raises(Refused) as no:
        site.opened(name="变压器三期")
    assert no.value.field == "code"
    with pytest.raises(Refused) as no:
        site.opened(code="")
    assert no.value.field == "name"


def test_a_project_promised_before_it_starts_is_refused(site: Site) -> None:
    with pytest.raises(Refused) as no:
        site.opened(promised_on=date(2026, 12, 1))
    assert no.value.field == "promised_on"


def test_a_stale_form_is_told_who_was_faster(site: Site) -> None:
    project = site.opened()
    facts = site.facts(short_name="变二")
    projects.change_project(
        by=site.by, now=NOW, project=project, facts=facts, version=project.version
    )
    with pytest.raises(Refused, match="经一"):
        projects.change_project(
            by=site.by, now=NOW, project=project, facts=site.facts(), version=project.version
        )


def test_a_project_given_up_leaves_its_lists_and_its_matter(site: Site) -> None:
    project, row = site.opened(), _list(site)
    projects.put_on_list(by=site.by, now=NOW, project_list=row, project=project, since=TODAY)
    with pytest.raises(Refused):
        projects.give_up_project(
            by=site.by, now=NOW, project=project, on=TODAY, reason="企业不来了"
        )
    with acting(site.leader):
        projects.give_up_project(
            by=site.leader, now=NOW, project=project, on=TODAY, reason="企业不来了"
        )
    project.refresh_from_db()
    assert project.matter is not None
    assert project.matter.closed_at is not None
    assert not ListPlace.objects.filter(project=project, until__isnull=True).exists()
    with pytest.raises(Refused, match="企业不来了"):
        projects.change_project(
            by=site.by, now=NOW, project=project, facts=site.facts(), version=project.version
        )


# Lists --------------------------------------------------------------------------------------------


def _list(site: Site, name: str = "省重大项目") -> ProjectList:
    return projects.open_list(
        by=site.by,
        now=NOW,
        facts=ListFacts(name=name, level="provincial", year=2026, document="鲁发改〔2026〕1号"),
    )


def test_a_project_stands_on_several_lists_once_each(site: Site) -> None:
    project = site.opened()
    first, second = _list(site), _list(site, "市重点项目")
    for row in (first, second):
        projects.put_on_list(by=site.by, now=NOW, project_list=row, project=project, since=TODAY)
    with pytest.raises(Refused):
        projects.put_on_list(by=site.by, now=NOW, project_list=first, project=project, since=TODAY)
    place = first.places.get()
    projects.take_off_list(by=site.by, now=NOW, place=place, until=TODAY, why="调出")
    projects.put_on_list(by=site.by, now=NOW, project_list=first, project=project, since=TODAY)
    assert first.places.count() == 2


def _sheet(*rows: tuple[str, ...]) -> BytesIO:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["2026年省重大项目清单"])
    page.append([])
    page.append(["序号", "项目名称 ", "项目代码"])
    for at, row in enumerate(rows, start=1):
        page.append([at, *row])
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def test_a_dirty_sheet_is_matched_looked_at_and_taken_over(site: Site) -> None:
    project = site.opened()
    cement = site.opened(name="水泥（粉磨站）改造项目", code="", party=site.other)
    third = site.opened(name="干式变压器三期", code="")
    row = _list(site)
    stream = _sheet(
        (" 变压器 二期　", ""),
        ("水泥粉磨站改造", ""),
        ("随便什么名字", "2611-370891-04-01-2218"),
        ("变压器三期", ""),
        ("", ""),
        ("不存在的项目", ""),
    )
    sheet = projects.preview_list(
        by=site.by, now=NOW, project_list=row, stream=stream, file_name="清单.xlsx", since=TODAY
    )
    assert [line["outcome"] for line in sheet.rows] == [
        "created", "created", "unchanged", "rejected", "rejected",
    ]  # fmt: skip
    assert [line["project"] for line in sheet.rows[:2]] == [project.pk, cement.pk]
    assert {one["id"] for one in sheet.rows[3]["candidates"]} >= {third.pk}
    assert not row.places.exists()
    projects.choose_listed(
        by=site.by, now=NOW, sheet=sheet, row_no=sheet.rows[3]["row_no"], project=third
    )
    projects.commit_list(by=site.by, now=NOW, sheet=sheet)
    assert set(row.places.values_list("project_id", flat=True)) == {
        project.pk, cement.pk, third.pk,
    }  # fmt: skip
    with pytest.raises(Refused):
        projects.commit_list(by=site.by, now=NOW, sheet=sheet)


# Questions ----------------------------------------------------------------------------------------


def test_the_register_is_narrowed_by_what_people_ask(site: Site) -> None:
    project = site.opened()
    other = site.opened(name="水泥一期", code="", party=site.other, leader=None)
    row = _list(site)
    projects.put_on_list(by=site.by, now=NOW, project_list=row, project=other, since=TODAY)

    def names(**asked: object) -> set[str]:
        filters = ProjectFilter(**asked)  # type: ignore[arg-type]  # a test's own
        return {one.name for one in found(zone_id=site.zone_id, filters=filters, on=TODAY)}

    assert names() == {"变压器二期", "水泥一期"}
    assert names(on_list=row.pk) == {"水泥一期"}
    assert names(leader=site.leader.post_id) == {"变压器二期"}
    assert names(text="2611") == {project.name}
    assert names(stage=Stage.SIGNED) == set()
    assert names(ended=True) == set()


def test_the_board_counts_money_and_lights_by_stage(site: Site) -> None:
    site.opened()
    site.opened(name="二", code="", total_fen=None)
    columns = stage_board(zone_id=site.zone_id, filters=ProjectFilter(), on=TODAY, most=1)
    planned = columns[0]
    assert (planned.count, planned.total_fen, planned.more) == (2, 378_000_000_00, 1)
    assert sum(planned.lights.values()) == 2
    assert [column.count for column in columns[1:]] == [0] * 7


# Row security -------------------------------------------------------------------------------------


def test_another_zone_sees_and_changes_nothing(site: Site) -> None:
    project, row, facts = site.opened(), _list(site), site.facts()
    west = site.west
    with acting(west):
        assert not Project.objects.exists()
        assert not ProjectList.objects.filter(pk=row.pk).exists()
        assert not StagePassage.objects.exists()
        assert not StageCondition.objects.filter(zone_id=site.zone_id).exists()
        with pytest.raises(Refused):
            projects.change_project(by=west, now=NOW, project=project, facts=facts, version=1)
        with pytest.raises(Refused):
            projects.put_on_list(by=west, now=NOW, project_list=row, project=project, since=TODAY)


def test_an_enterprise_reads_its_own_project_and_writes_nothing(site: Site) -> None:
    project = site.opened()
    site.bring(project, Stage.RESERVE)
    own, stranger = site.spokesman(), site.spokesman(site.other)
    with acting(own):
        assert [one.pk for one in Project.objects.all()] == [project.pk]
        assert StagePassage.objects.count() == 2
        assert ConditionProof.objects.exists()
        with pytest.raises(Refused):
            projects.enter_stage(
                by=own, now=NOW, project=project, stage=Stage.SIGNED, fact_on=TODAY
            )
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            Project.objects.filter(pk=project.pk).update(name="别的")
    with acting(stranger):
        assert not Project.objects.exists()
        assert not StagePassage.objects.exists()
