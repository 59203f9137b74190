"""The way into the library: papers agree, the bureau decides by a document, and rows say the rules."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.projects import actions as projects
from xiaoer.projects import queries
from xiaoer.projects.models import (
    Project,
    StatCutoff,
    StatEntry,
    StatPaper,
    StatPaperKind,
    StatRule,
)
from xiaoer.projects.queries.entering import cutoff_day
from xiaoer.projects.tests.invested import WAN, Site, build_site, project_of
from xiaoer.work.models import Task

Of = Callable[[str], Actor]
TODAY = date(2026, 11, 20)


@pytest.fixture
def site(of: Of) -> Site:
    found = build_site(of)
    with acting(found.admin):
        found.project.officer_id = found.officer.post_id
        found.project.save()
    return found


def begin(site: Site, path: str = "construction") -> StatEntry:
    with acting(site.office):
        return projects.open_entry(by=site.office, now=NOW, project=site.project, path=path)


def take(site: Site, entry: StatEntry, code: str, **said: Any) -> StatPaper:
    with acting(site.office):
        return projects.take_stat_paper(
            by=site.office, now=NOW, entry=entry, kind=StatPaperKind.objects.get(code=code),
            facts=projects.PaperFacts(taken_on=TODAY, **said),
        )  # fmt: skip


def take_all(site: Site, entry: StatEntry, **contract: Any) -> None:
    party = site.party.name
    take(site, entry, "licence", party_on_it=party)
    take(
        site,
        entry,
        "filing",
        made_on=date(2026, 1, 5),
        name_on_it="高压油缸项目",
        party_on_it=party, code_on_it="2601-370800-04-01-123456",
    )  # fmt: skip
    said = {"made_on": date(2026, 2, 1), "name_on_it": "高压油缸项目", "party_on_it": party}
    take(site, entry, "contract", **{**said, **contract})
    take(
        site, entry, "site_photo", made_on=date(2026, 3, 2), name_on_it="高压油缸项目",
        place_on_it="七路东",
    )  # fmt: skip


def checklist(site: Site, entry: StatEntry) -> queries.Checklist:
    with acting(site.office):
        found = queries.entry_of(zone_id=site.zone_id, entry_id=entry.pk)
        assert found is not None
        return queries.checklist_of(found)


def hand_in(site: Site, entry: StatEntry, why: str = "") -> StatEntry:
    with acting(site.office):
        fresh = StatEntry.objects.get(pk=entry.pk)
        return projects.hand_in_entry(
            by=site.office, now=NOW, entry=fresh, on=TODAY, why=why, version=fresh.version
        )


def test_whoever_answers_gets_the_task_until_the_next_cut_off(site: Site) -> None:
    begin(site)
    with acting(site.admin):
        task = Task.objects.get(kind="gather_papers")
    assert task.post_id == site.officer.post_id
    assert task.due_at is not None and task.due_at.date() == date(2026, 12, 10)
    with pytest.raises(Refused, match="已在办理"):
        begin(site)


def test_a_project_below_the_line_of_the_library_is_not_begun(site: Site) -> None:
    with acting(site.admin):
        site.project.total_fen = 499 * WAN
        site.project.save()
    with pytest.raises(Refused, match="500"):
        begin(site)


def test_papers_depend_on_whether_the_project_builds_or_buys(site: Site) -> None:
    entry = begin(site, "purchase")
    assert {line.kind.code for line in checklist(site, entry).lines} == {
        "licence", "filing", "purchase_contract", "payment", "delivery_photo",
    }  # fmt: skip


def test_missing_papers_are_named_and_what_a_paper_does_not_show(site: Site) -> None:
    entry = begin(site)
    take(site, entry, "site_photo", made_on=date(2026, 3, 2))
    found = checklist(site, entry)
    assert len(found.missing) == 3
    photo = next(line for line in found.lines if line.kind.code == "site_photo")
    assert photo.unread == ("name", "place")
    with pytest.raises(Refused, match="营业执照"):
        hand_in(site, entry)


def test_a_filing_later_than_the_contract_and_another_name_are_told_before_handing_in(
    site: Site,
) -> None:
    entry = begin(site)
    take_all(site, entry, made_on=date(2025, 12, 1), name_on_it="油缸二期")
    found = checklist(site, entry)
    assert len(found.contradictions) == 2
    with pytest.raises(Refused, match="油缸二期") as refusal:
        hand_in(site, entry)
    assert refusal.value.field == "why"
    take_all(site, entry)
    assert checklist(site, entry).lacks == 0
    assert hand_in(site, entry).state == StatEntry.State.HANDED_IN


def test_full_width_brackets_are_no_contradiction(site: Site) -> None:
    with acting(site.admin):
        site.project.name = "高压油缸（一期）"
        site.project.save()
    entry = begin(site)
    take(site, entry, "filing", name_on_it="高压油缸(一期) ")
    assert checklist(site, entry).contradictions == ()


def test_only_the_bureau_s_people_return_and_enter_and_only_by_a_document(site: Site) -> None:
    entry = begin(site)
    take_all(site, entry)
    handed = hand_in(site, entry)
    with acting(site.office), pytest.raises(Refused, match="统计"):
        projects.enter_library(
            by=site.office, now=NOW, entry=handed, entered_on=TODAY, document="通知",
            version=handed.version,
        )  # fmt: skip
    with acting(site.bureau):
        back = projects.return_entry(
            by=site.bureau, now=NOW, entry=handed, on=TODAY, why="照片无时间",
            version=handed.version,
        )  # fmt: skip
        assert Task.objects.filter(kind="gather_papers", state="open").count() == 1
        with pytest.raises(Refused, match="入库通知"):
            projects.enter_library(
                by=site.bureau, now=NOW, entry=back, entered_on=TODAY, document=" ",
                version=back.version,
            )  # fmt: skip
        done = projects.enter_library(
            by=site.bureau, now=NOW, entry=back, entered_on=TODAY, document="入库通知 11 号",
            version=back.version,
        )  # fmt: skip
        assert not Task.objects.filter(kind="gather_papers", state="open").exists()
        with pytest.raises(Refused, match="已报送"):
            projects.return_entry(
                by=site.bureau, now=NOW, entry=done, on=TODAY, why="x", version=done.version
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            StatEntry.objects.filter(pk=done.pk).update(document="")


def test_the_work_list_is_of_projects_being_built_least_lacking_first(site: Site) -> None:
    with acting(site.admin):
        bare = project_of(site.admin, site.other, "没有材料的项目", None)
        small = project_of(site.admin, site.other, "太小的项目", WAN)
        ended = project_of(site.admin, site.other, "终止的项目")
        Project.objects.filter(pk=ended.pk).update(ended_on=TODAY, ended_why="放弃")
    entry = begin(site)
    take_all(site, entry)
    with acting(site.office):
        rows = queries.to_enter(zone_id=site.zone_id, today=TODAY)
    assert [(row.project.pk, row.lacks) for row in rows] == [(site.project.pk, 0), (bare.pk, 4)]
    assert small.pk not in {row.project.pk for row in rows}
    assert rows[0].months == 8
    with acting(site.west):
        assert queries.to_enter(zone_id=site.west.zone_id, today=TODAY) == []


def test_the_work_list_asks_the_same_however_many_there_are(
    site: Site, django_assert_num_queries: Any
) -> None:
    with acting(site.office):
        for count in (1, 12):
            for n in range(count):
                project_of(site.office, site.other, f"第{count}-{n}号项目")
            with django_assert_num_queries(5):
                queries.to_enter(zone_id=site.zone_id, today=TODAY)


@pytest.mark.parametrize(
    ("day", "today", "found"),
    [
        (10, date(2026, 11, 10), date(2026, 11, 10)),
        (10, date(2026, 11, 11), date(2026, 12, 10)),
        (20, date(2026, 12, 21), date(2027, 1, 20)),
        (31, date(2026, 2, 3), date(2026, 2, 28)),
    ],
)
def test_a_cut_off_is_a_day_of_every_month(day: int, today: date, found: date) -> None:
    assert cutoff_day(StatCutoff(day=day), today) == found


def test_rules_are_rows_with_source_and_mark_that_the_zone_changes(site: Site) -> None:
    by = site.office
    with acting(by):
        rule = StatRule.objects.get(code="least_total")
        assert (rule.value, rule.mark) == (5_000_000, "A")
        with pytest.raises(Refused):
            projects.set_stat_rule(by=by, now=NOW, rule=rule, value=1, source="", version=1)
        projects.set_stat_rule(
            by=by, now=NOW, rule=rule, value=6_000_000, source="市局 2027 年通知", version=1
        )
        row = projects.set_stat_cutoff(
            by=by, now=NOW, cutoff=None, name="每月 8 日前", day=8, source="区局通知", is_used=True
        )
        found = queries.next_cutoff(zone_id=by.zone_id, today=TODAY)
        assert found == (row, date(2026, 12, 8))
    with acting(site.officer), pytest.raises(Refused):
        projects.set_stat_cutoff(
            by=site.officer, now=NOW, cutoff=None, name="x", day=8, source="x", is_used=True
        )


def test_another_firm_and_another_zone_see_no_entry(site: Site) -> None:
    entry = begin(site)
    take(site, entry, "licence")
    for by, seen in ((site.firm(), 1), (site.firm(site.other), 0), (site.west, 0)):
        with acting(by):
            assert StatEntry.objects.count() == seen
            assert StatPaper.objects.count() == seen
    for by in (site.firm(), site.west):
        with acting(by), pytest.raises(Refused):
            projects.take_stat_paper(
                by=by, now=NOW, entry=entry, kind=StatPaperKind(zone_id=1, code="x"),
                facts=projects.PaperFacts(taken_on=TODAY),
            )  # fmt: skip
