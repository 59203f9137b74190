"""Figures of projects come out of lists, stages, months and needs; what is unknown stays unknown."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.projects import actions as projects
from xiaoer.projects.models import (
    ElementNeed,
    ListPlace,
    Project,
    ProjectList,
    Series,
    StagePassage,
    StatEntry,
)
from xiaoer.projects.tests.invested import WAN, YI, Site, build_site, project_of
from xiaoer.reports.counted import Answer
from xiaoer.reports.published import Published, matches, published_figure
from xiaoer.reports.queries import Status, answered, status_of

Of = Callable[[str], Actor]


@pytest.fixture
def site(of: Of) -> Site:
    return build_site(of)


def figure_of(figure_id: str) -> Published:
    figure = published_figure(figure_id)
    assert figure is not None
    assert status_of(figure) is Status.RECORDS
    return figure


def ours(site: Site, figure_id: str) -> Answer:
    with acting(site.admin):
        row = answered(figure_of(figure_id), zone_id=site.zone_id)
    assert row.answer is not None
    return row.answer


def put(site: Site, code: str, year: int, *rows: Project) -> ProjectList:
    with acting(site.admin):
        found, _made = ProjectList.objects.get_or_create(
            zone_id=site.zone_id, code=code, year=year,
            defaults={"name": code, "level": "provincial"},
        )  # fmt: skip
        for row in rows:
            ListPlace.objects.create(
                zone_id=site.zone_id, list=found, project=row, since=date(year, 1, 1)
            )
    return found


def more(site: Site, count: int, total_fen: int | None = YI) -> list[Project]:
    with acting(site.admin):
        return [project_of(site.admin, site.party, f"第{n}号项目", total_fen) for n in range(count)]


def passed(site: Site, project: Project, stage: str, on: date) -> None:
    with acting(site.admin):
        StagePassage.objects.create(
            zone_id=site.zone_id, project=project, stage=stage, fact_on=on, reported_at=NOW
        )


def test_without_a_list_of_the_year_nobody_knows(site: Site) -> None:
    assert ours(site, "001-031").value is None
    put(site, "provincial_key", 2022)
    assert ours(site, "001-031").value == 0


def test_projects_on_the_list_that_day_are_counted_and_led_to(site: Site) -> None:
    rows = more(site, 3)
    put(site, "provincial_key", 2022, *rows)
    put(site, "provincial_key", 2021, site.project)
    with acting(site.admin):
        place = ListPlace.objects.filter(project=rows[0]).get()
        place.until = date(2022, 3, 1)
        place.save()
        Project.objects.filter(pk=rows[1].pk).update(ended_on=date(2022, 8, 1), ended_why="放弃")
    answer = ours(site, "001-031")
    assert (answer.value, [line.label for line in answer.records]) == (Decimal(1), ["第2号项目"])


def test_completion_comes_from_the_bureau_s_months_and_matches_the_print(site: Site) -> None:
    """95.22 % of the plan: exact from fen, and at least that while one project is silent."""
    rows = more(site, 2)
    put(site, "provincial_key", 2022, *rows)
    for row, month in ((rows[0], 11_904), (rows[1], 11_901)):
        with acting(site.office):
            projects.set_year_plan(
                by=site.office, now=NOW, project=row, year=2022, amount=100_000 * WAN,
                document="年度计划",
            )  # fmt: skip
        with acting(site.bureau):
            StatEntry.objects.create(
                zone_id=site.zone_id, project=row, path="construction", state="entered",
                opened_at=NOW, entered_on=date(2021, 5, 6), document="入库通知",
            )  # fmt: skip
            months = 8 if row == rows[0] else 7
            projects.report_months(
                by=site.bureau, now=NOW, reporter="statistics", source="月报",
                rows=[
                    projects.NewMonth(
                        row.pk, Series.FIXED_ASSET, date(2022, n, 1), month * WAN, "二期"
                    )
                    for n in range(1, months + 1)
                ],
            )  # fmt: skip
    before = ours(site, "001-032")
    assert before.bound is not None and not before.bound.is_exact
    assert matches(figure_of("001-032"), before.bound) is False
    with acting(site.bureau):
        projects.report_month(
            by=site.bureau, now=NOW, project=rows[1], series=Series.FIXED_ASSET,
            month=date(2022, 8, 1), amount=11_901 * WAN, reporter="statistics", note="二期",
        )  # fmt: skip
    after = ours(site, "001-032")
    assert after.value == Decimal("95.22")
    assert matches(figure_of("001-032"), after.value) is True


def test_a_goal_is_what_the_lists_say_and_none_where_they_differ(site: Site) -> None:
    lists = [put(site, "provincial_key", 2023), put(site, "municipal_key_industry", 2023)]
    assert ours(site, "003-021").value is None
    with acting(site.office):
        for one in lists:
            projects.set_list_goal(by=site.office, now=NOW, project_list=one, percent=120)
    assert ours(site, "003-021").value == 120
    with acting(site.office):
        projects.set_list_goal(by=site.office, now=NOW, project_list=lists[0], percent=130)
    assert ours(site, "003-021").value is None


def test_a_start_counts_by_the_day_of_the_fact_and_by_its_size(site: Site) -> None:
    small, large, unknown = more(site, 1, YI)[0], None, None
    with acting(site.admin):
        large = project_of(site.admin, site.party, "大项目", 11 * YI)
        unknown = project_of(site.admin, site.party, "金额不详", None)
    passed(site, small, "started", date(2022, 5, 1))  # not above 100 million
    passed(site, large, "started", date(2022, 5, 1))
    passed(site, large, "started", date(2022, 9, 1))  # counted once
    answer = ours(site, "000-020")
    assert (answer.value, answer.bound) == (Decimal(1), None)
    assert ours(site, "000-022").value == 1
    passed(site, unknown, "started", date(2022, 6, 1))
    assert ours(site, "000-020").bound is not None


def test_completed_and_in_production_is_both(site: Site) -> None:
    one, two = more(site, 2)
    for row in (one, two):
        passed(site, row, "producing", date(2022, 6, 1))
    passed(site, one, "completed", date(2022, 5, 1))
    assert ours(site, "001-040").value == 1


def test_money_in_place_is_summed_over_the_period_and_unknown_without_months(site: Site) -> None:
    assert ours(site, "001-055").value is None
    with acting(site.office):
        for month, yi in ((1, 10), (6, 15), (7, 99)):
            projects.report_month(
                by=site.office, now=NOW, project=site.project, series=Series.IN_PLACE,
                month=date(2022, month, 1), amount=yi * YI, reporter="zone", note="二期",
            )  # fmt: skip
    assert ours(site, "001-055").value == 25


def test_land_is_counted_by_firm_and_in_mu(site: Site) -> None:
    with acting(site.admin):
        for what, mu in (("一期用地", Decimal("200.359")), ("二期用地", Decimal(44))):
            ElementNeed.objects.create(
                zone_id=site.zone_id, project=site.project, kind="land", what=what, amount=mu,
                needed_on=date(2022, 5, 1), state="ready", ready_on=date(2022, 6, 1),
                opened_at=NOW,
            )  # fmt: skip
    assert (ours(site, "001-017").value, ours(site, "001-018").value) == (
        Decimal(1),
        Decimal("244.359"),
    )


def test_the_fastest_workshop_is_told_in_years(site: Site) -> None:
    one, two = more(site, 2)
    for row, began in ((one, date(2023, 1, 10)), (two, date(2022, 1, 10))):
        passed(site, row, "started", began)
        passed(site, row, "completed", date(2023, 7, 12))
    answer = ours(site, "003-003")
    assert matches(figure_of("003-003"), answer.value) is True
    assert answer.records[0].label == "第0号项目"
