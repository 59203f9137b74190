"""Lights: what the zone's rules make of a project, and that missing data is never green."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.projects import actions as projects
from xiaoer.projects import lights
from xiaoer.projects.actions import LightBounds, Passed
from xiaoer.projects.lights import AMBER, GREEN, GREY, RED, Bounds, Late, Seen
from xiaoer.projects.models import (
    ChainStep,
    Element,
    ElementNeed,
    InvestmentMonth,
    Light,
    LightRule,
    Project,
    Stage,
    YearPlan,
    ZonePromise,
)
from xiaoer.projects.shipped import LIGHTS
from xiaoer.projects.tests.conftest import Site

TODAY = date(2026, 11, 20)
RULES = {seed.code: Bounds(seed.amber, seed.red) for seed in LIGHTS}
# Started and reported well: nothing is wrong with it.
GOOD = Seen(
    stage=Stage.BUILDING,
    started_on=date(2026, 5, 1),
    promised_on=date(2027, 6, 30),
    has_plan=True,
    slack=3,
    chance=90,
    likely_on=date(2027, 6, 20),
    is_entered=True,
    planned=1000,
    reached=900,
    reported=date(2026, 10, 1),
)
RANK = {light: place for place, light in enumerate((GREEN, AMBER, RED))}


def light_of(seen: Seen, on: date = TODAY) -> str:
    return str(lights.overall(lights.judge(seen, RULES, on)))


def test_all_is_well() -> None:
    assert light_of(GOOD) == GREEN


@pytest.mark.parametrize(
    ("reached", "expected"),
    [(830, GREEN), (740, GREEN), (730, AMBER), (530, AMBER), (520, RED), (2012, GREEN)],
)
def test_investment_is_held_against_the_part_of_the_year_gone_by(
    reached: int, expected: str
) -> None:
    """Ten months are 83 %: up to ten points behind is green, over thirty red; 201.2 % is possible."""
    assert light_of(replace(GOOD, reached=reached)) == expected


@pytest.mark.parametrize(
    "lacks",
    [
        {"planned": None},
        {"reached": None},
        {"reported": date(2026, 9, 1)},
        {"promised_on": None, "slack": None, "chance": None},
        {"has_plan": False, "slack": None, "chance": None},
        {"started_on": None, "is_entered": False},
    ],
)
def test_missing_data_is_grey_and_never_green(lacks: dict[str, object]) -> None:
    assert light_of(replace(GOOD, **lacks)) == GREY  # type: ignore[arg-type]  # fields of Seen


def test_a_project_nobody_knows_anything_of_is_grey() -> None:
    assert light_of(Seen(stage=Stage.PLANNED)) == GREY
    assert light_of(Seen(stage=Stage.SIGNED)) == GREY


@pytest.mark.parametrize(
    ("starts_by", "expected"),
    [
        (date(2026, 11, 20), GREEN),
        (date(2026, 11, 19), AMBER),
        (date(2026, 8, 21), AMBER),
        (date(2026, 8, 20), RED),
    ],
)
def test_an_overdue_start_is_amber_and_red_after_three_months(
    starts_by: date, expected: str
) -> None:
    seen = replace(GOOD, stage=Stage.SIGNED, starts_by=starts_by)
    assert light_of(seen) == expected


@pytest.mark.parametrize(
    ("started_on", "expected"),
    [(date(2026, 10, 21), GREEN), (date(2026, 10, 20), AMBER), (date(2026, 9, 20), RED)],
)
def test_a_start_without_entry_into_statistics(started_on: date, expected: str) -> None:
    seen = replace(GOOD, started_on=started_on, is_entered=False)
    assert light_of(seen) == expected
    assert light_of(replace(seen, is_counted=False)) == GREEN


def test_a_lost_day_is_red_and_a_doubtful_one_amber() -> None:
    assert light_of(replace(GOOD, slack=-12)) == RED
    assert light_of(replace(GOOD, chance=41)) == AMBER
    assert light_of(replace(GOOD, chance=19)) == RED
    assert light_of(replace(GOOD, promised_on=date(2026, 11, 19), slack=5)) == RED


def test_what_the_zone_promised_and_what_is_needed_is_red_past_its_day() -> None:
    late = Late("10 kV 接入", date(2026, 11, 19))
    assert light_of(replace(GOOD, promise_late=late, promises=1)) == RED
    assert light_of(replace(GOOD, need_late=late, needs=1)) == RED
    later = replace(late, due_on=TODAY)
    assert light_of(replace(GOOD, need_late=later, needs=1)) == GREEN


def test_the_reason_names_its_facts() -> None:
    findings = lights.judge(replace(GOOD, chance=41, likely_on=date(2027, 7, 12)), RULES, TODAY)
    assert lights.why(findings) == "按期把握 41%，可能晚 12 天"


days = st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31))


@given(st.integers(0, 200), st.integers(0, 200))
def test_more_investment_never_makes_a_worse_light(first: int, second: int) -> None:
    less, more = sorted((first, second))
    seen = [replace(GOOD, reached=one * 10) for one in (less, more)]
    assert RANK[Light(light_of(seen[0]))] >= RANK[Light(light_of(seen[1]))]


@given(st.integers(-400, 400), st.integers(-400, 400))
def test_less_slack_never_makes_a_better_light(first: int, second: int) -> None:
    less, more = sorted((first, second))
    assert (
        RANK[Light(light_of(replace(GOOD, slack=less)))]
        >= RANK[Light(light_of(replace(GOOD, slack=more)))]
    )


@given(days, st.integers(0, 500))
def test_waiting_never_makes_an_overdue_start_better(starts_by: date, waits: int) -> None:
    seen = Seen(stage=Stage.RESERVE, starts_by=starts_by)
    now, later = light_of(seen, starts_by), light_of(seen, starts_by + timedelta(days=waits))
    assert RANK[Light(later)] >= RANK[Light(now)]


@given(
    st.builds(
        Seen,
        stage=st.sampled_from(list(Stage)),
        starts_by=st.none() | days,
        started_on=st.none() | days,
        promised_on=st.none() | days,
        has_plan=st.booleans(),
        slack=st.none() | st.integers(-500, 500),
        chance=st.none() | st.integers(0, 100),
        likely_on=st.none() | days,
        is_entered=st.booleans(),
        planned=st.none() | st.integers(1, 10**12),
        reached=st.none() | st.integers(-(10**6), 10**13),
        reported=st.none() | days,
        promise_late=st.none() | st.builds(Late, what=st.just("路"), due_on=days),
        promises=st.integers(0, 3),
        need_late=st.none() | st.builds(Late, what=st.just("电"), due_on=days),
        needs=st.integers(0, 3),
    ),
    days,
)
def test_whatever_is_known_there_is_a_light_with_words(seen: Seen, on: date) -> None:
    findings = lights.judge(seen, RULES, on)
    assert lights.why(findings)
    shown = {one["light"] for one in findings}
    if GREY in shown:
        assert lights.overall(findings) != GREEN


# In the register ----------------------------------------------------------------------------------


def test_relighting_asks_a_fixed_number_of_questions(
    site: Site, django_assert_max_num_queries: object
) -> None:
    history = [Passed(Stage.SIGNED, date(2025, 9, 1)), Passed(Stage.STARTED, date(2026, 3, 2))]
    by = system(site.zone_id)
    with acting(by):
        for number in range(12):
            projects.open_project(
                by=by, now=NOW, facts=site.facts(name=f"项目{number}", code="", leader=None),
                history=history,
            )  # fmt: skip
        Project.objects.update(lit_at=None)
        with django_assert_max_num_queries(18):  # type: ignore[operator]  # pytest-django's
            assert projects.relight_zone(by=by, now=NOW) == 12
        assert projects.relight_zone(by=by, now=NOW) == 0


def test_the_light_follows_what_the_records_say(site: Site) -> None:
    with acting(site.admin):
        project = projects.open_project(
            by=site.admin, now=NOW, facts=site.facts(),
            history=[Passed(Stage.SIGNED, date(2026, 1, 5)), Passed(Stage.STARTED, date(2026, 3, 2))],
        )  # fmt: skip
    assert project.light == RED
    assert "还没入统" in project.light_why
    ChainStep.objects.create(
        zone_id=site.zone_id, project=project, element=Element.STATISTICS, state="done",
        since=TODAY,
    )  # fmt: skip
    YearPlan.objects.create(
        zone_id=site.zone_id, project=project, year=2026, amount=1000_00, set_at=NOW
    )
    for reporter, amount in (("firm", 200_00), ("statistics", 900_00)):
        InvestmentMonth.objects.create(
            zone_id=site.zone_id, project=project, series="fixed_asset", month=date(2026, 10, 1),
            reporter=reporter, amount=amount, reported_at=NOW,
        )  # fmt: skip
    project = projects.relight(by=site.by, now=NOW, project=project)
    found = {one["rule"]: one for one in project.light_facts}
    assert (found["progress"]["done"], found["progress"]["light"]) == (90, GREEN)
    assert project.light == GREY  # promised, but no plan was reckoned
    ZonePromise.objects.create(
        zone_id=site.zone_id, project=project, what="修好东侧道路", promised_on=date(2026, 11, 1),
        first_promised_on=date(2026, 11, 1), opened_at=NOW,
    )  # fmt: skip
    ElementNeed.objects.create(
        zone_id=site.zone_id, project=project, kind="power", what="10 kV 接入",
        needed_on=date(2027, 1, 1), opened_at=NOW,
    )  # fmt: skip
    project = projects.relight(by=site.by, now=NOW, project=project)
    assert project.light == RED
    assert "修好东侧道路" in project.light_why


def test_a_light_by_hand_has_a_reason_and_an_end(site: Site) -> None:
    project = site.opened()
    leader = site.leader
    with pytest.raises(Refused):
        projects.set_light(
            by=site.by, now=NOW, project=project, light=GREEN, why="已协调", until=TODAY
        )
    with acting(leader):
        for until, why in ((TODAY, ""), (TODAY - timedelta(days=1), "x"), (date(2027, 9, 1), "x")):
            with pytest.raises(Refused):
                projects.set_light(
                    by=leader, now=NOW, project=project, light=GREEN, why=why, until=until
                )
        row = projects.set_light(
            by=leader, now=NOW, project=project, light=GREEN, why="已协调", until=TODAY
        )
        assert lights.shown(row, TODAY).is_by_hand
        assert lights.shown(row, TODAY).light == GREEN
        assert not lights.shown(row, TODAY + timedelta(days=1)).is_by_hand
        projects.lift_light(by=leader, now=NOW, project=row)


def test_a_rule_changed_is_a_new_version(site: Site) -> None:
    rule = LightRule.objects.get(zone_id=site.zone_id, code="progress", is_current=True)
    with acting(site.admin):
        with pytest.raises(Refused):
            projects.change_light_rule(
                by=site.admin, now=NOW, rule=rule, bounds=LightBounds(30, 10, True, "文件")
            )
        made = projects.change_light_rule(
            by=site.admin, now=NOW, rule=rule, bounds=LightBounds(5, 20, True, "区办〔2026〕3号")
        )
    assert (made.number, made.amber, made.red) == (2, 5, 20)
    assert LightRule.objects.filter(zone_id=site.zone_id, code="progress").count() == 2
    with pytest.raises(Refused):
        projects.change_light_rule(
            by=site.by, now=NOW, rule=made, bounds=LightBounds(5, 20, True, "x")
        )
