"""The wall: what it shows, to whom, at which cost; and where a project may be said to lie."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.town import NOW, coming
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.projects import access
from xiaoer.projects import actions as projects
from xiaoer.projects.actions.placing import place_project
from xiaoer.projects.models import (
    EntryPath,
    InvestmentMonth,
    Light,
    ListPlace,
    Project,
    ProjectList,
    Series,
    Stage,
    StatEntry,
    YearPlan,
)
from xiaoer.projects.queries.completing import elapsed
from xiaoer.projects.queries.gantt import gantt
from xiaoer.projects.queries.wall import Wall, WallFilter, living, wall
from xiaoer.projects.queries.wall_map import wall_map
from xiaoer.projects.tests.built import TODAY, Ground, build
from xiaoer.work.models import Matter, Plan, PromiseChange, Step

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
PAGES = (
    "/projects/wall/",
    "/projects/wall/?part=live&light=red",
    "/projects/wall/screen/",
    "/projects/wall/screen/?part=live",
    "/projects/wall/data.json",
    "/projects/gantt/",
    "/projects/heat/",
)
RING = [[116.6, 35.4], [116.603, 35.4], [116.603, 35.398], [116.6, 35.398], [116.6, 35.4]]
PARCEL = json.dumps({"type": "Polygon", "coordinates": [RING]})


@pytest.fixture
def ground(of: Of) -> Ground:
    return build(of)


def plan_of(project: Project, *, slack: int | None = None, promised: date | None = None) -> Plan:
    """A plan as it stands after a reckoning; how it is made and reckoned is tried where it is done."""
    matter = project.matter or Matter.objects.create(
        zone_id=project.zone_id, kind="project", subject_id=project.pk, title=project.name,
        address="/", opened_at=NOW,
    )  # fmt: skip
    Project.objects.filter(pk=project.pk).update(matter=matter)
    promised = promised or TODAY + timedelta(days=200)
    return Plan.objects.create(
        zone_id=project.zone_id, matter=matter, title=project.name, starts_on=date(2026, 1, 5),
        promised_on=promised, first_promised_on=promised, slack=slack,
        forecast_on=promised - timedelta(days=slack) if slack is not None else None,
    )  # fmt: skip


def step_of(plan: Plan, code: str, **given: Any) -> Step:
    facts = {
        "zone_id": plan.zone_id, "plan": plan, "code": code, "name": code, "doer": "utility",
        "low": 5, "likely": 10, "high": 20, "early_start": TODAY, "early_finish": TODAY,
    }  # fmt: skip
    return Step.objects.create(**(facts | given))


def seen(by: Actor, **asked: Any) -> Wall:
    return wall(by=by, now=NOW, asked=WallFilter(**asked))


@pytest.mark.parametrize("address", PAGES)
def test_staff_and_the_city_see_the_wall_and_no_enterprise(
    ground: Ground, sign_in: SignIn, of: Of, address: str
) -> None:
    for who in ("east-leader", "east-officer", "city"):
        assert sign_in(who).get(address).status_code == 200, who
    with pytest.raises(Refused):
        access.must_read_projects(ground.spokesman())


def test_another_zone_has_a_wall_of_its_own(ground: Ground, of: Of) -> None:
    west = of("west-leader")
    with acting(west):
        assert seen(west).everything == ()
        stranger = Actor(**{**_facts(west), "zone_id": ground.zone_id})
        assert seen(stranger).everything == ()


def _facts(by: Actor) -> dict[str, Any]:
    return {name: getattr(by, name) for name in Actor.__dataclass_fields__}


def test_every_living_project_is_on_the_wall_also_without_a_spot(ground: Ground, of: Of) -> None:
    by = of("east-leader")
    with acting(by):
        Project.objects.filter(pk=ground.project.pk).update(light=Light.RED, lit_at=NOW)
        Project.objects.filter(pk=ground.second.pk).update(stage=Stage.FULL)
        found = seen(by)
        assert [one.id for one in found.projects] == [ground.project.pk]
        assert found.without_spot == found.projects
        assert found.counts == {Light.RED: 1}
        assert seen(by, light=Light.GREEN).projects == ()
        answer = json.loads(json.dumps(wall_map(found), default=str))
    assert answer["features"][0]["geometry"] is None
    assert answer["counts"]["red"] == 1


def test_a_light_set_by_hand_ends_on_its_day(ground: Ground, of: Of) -> None:
    by = of("east-leader")
    with acting(by):
        Project.objects.filter(pk=ground.project.pk).update(
            light=Light.RED,
            lit_at=NOW,
            hand_light=Light.GREEN,
            hand_why="设备到场",
            hand_until=TODAY,
        )
        lights = [
            {one.id: one.light for one in living(by=by, today=day)}[ground.project.pk]
            for day in (TODAY, TODAY + timedelta(days=1))
        ]
    assert lights == [Light.GREEN, Light.RED]


def test_who_blocks_many_stands_first_and_each_project_once_with_its_longest_wait(
    ground: Ground, of: Of
) -> None:
    by = of("east-leader")
    power = {"blocked_by": "供电公司", "blocked_since": TODAY - timedelta(days=4)}
    with acting(by):
        for project in (ground.project, ground.second):
            step_of(plan_of(project), "power", **power)
        plan = Plan.objects.get(matter__project=ground.project)
        step_of(plan, "meter", **(power | {"blocked_since": TODAY - timedelta(days=9)}))
        land = {"blocked_by": "自然资源分局", "blocked_since": TODAY - timedelta(days=21)}
        step_of(plan, "land", **land)
        step_of(plan, "gone", finished_on=TODAY, started_on=TODAY, **land)
        found = seen(by).blockers
    assert [(one.name, [hold.days for hold in one.holds]) for one in found] == [
        ("供电公司", [9, 4]),
        ("自然资源分局", [21]),
    ]


def test_days_given_up_this_month_are_lost_and_a_short_plan_is_about_to_lose(
    ground: Ground, of: Of
) -> None:
    by = of("east-leader")
    with acting(by):
        plan = plan_of(ground.project)
        for at, later in ((NOW, 31), (NOW - timedelta(days=40), 99)):
            PromiseChange.objects.create(
                zone_id=plan.zone_id, plan=plan, at=at, reason="设备晚到", before_on=plan.promised_on,
                promised_on=plan.promised_on + timedelta(days=later),
            )  # fmt: skip
        plan_of(ground.second, slack=-12)
        found = seen(by).slips
    assert [(one.project_id, one.days, one.is_lost) for one in found] == [
        (ground.project.pk, 31, True),
        (ground.second.pk, 12, False),
    ]


def test_a_promised_day_that_passed_is_lost_and_a_project_in_production_lost_none(
    ground: Ground, of: Of
) -> None:
    by = of("east-leader")
    past = TODAY - timedelta(days=3)
    with acting(by):
        plan_of(ground.project, promised=past)
        plan_of(ground.second, promised=past)
        Project.objects.filter(pk=ground.second.pk).update(stage=Stage.PRODUCING)
        found = seen(by).slips
    assert [(one.project_id, one.days, one.is_lost) for one in found] == [
        (ground.project.pk, 3, True)
    ]


def test_what_waits_for_a_leader_stands_on_the_wall_until_it_is_decided(
    ground: Ground, of: Of
) -> None:
    ask = ground.do(
        "east-leader", projects.ask_decision, project=ground.project, question="先给谁供电",
        options=["甲厂", "乙厂"], wanted_on=TODAY,
    )  # fmt: skip
    leader = of("east-leader")
    with acting(leader):
        assert [one.question for one in seen(leader).asks] == ["先给谁供电"]
    ground.do("east-leader", projects.decide, ask=ask, decision="甲厂")
    with acting(leader):
        assert seen(leader).asks == ()


def test_nobody_is_blamed_for_an_element_before_the_day_it_is_needed(
    ground: Ground, of: Of
) -> None:
    ground.do(
        "east-desk", projects.ask_element, project=ground.project, kind="power", what="10 kV 接入",
        needed_on=TODAY + timedelta(days=5), answerer="供电公司", office=ground.office("供电服务中心"),
    )  # fmt: skip
    by = of("east-leader")
    with acting(by):
        assert wall(by=by, now=NOW + timedelta(days=5)).blockers == ()
        late = wall(by=by, now=NOW + timedelta(days=12)).blockers
    assert [(one.name, one.days) for one in late] == [("供电公司", 7)]


def money_of(project: Project, months: dict[int, int], *, entered: bool = True) -> None:
    """A plan of 1,200 and what the bureau counted of it month by month, each year until now."""
    years = range(NOW.year, coming(0).year + 1)
    for year in years:
        YearPlan.objects.create(
            zone_id=project.zone_id, project=project, year=year, amount=1200, set_at=NOW
        )
    StatEntry.objects.create(
        zone_id=project.zone_id, project=project, path=EntryPath.CONSTRUCTION, opened_at=NOW,
        **({"state": "entered", "entered_on": date(2026, 1, 10), "document": "通知"} if entered else {}),
    )  # fmt: skip
    for year, (month, amount) in product(years, months.items()):
        InvestmentMonth.objects.create(
            zone_id=project.zone_id, project=project, series=Series.FIXED_ASSET,
            month=date(year, month, 1), reporter="statistics", amount=amount, reported_at=NOW,
        )  # fmt: skip


def test_completion_is_of_the_register_and_what_is_not_known_is_no_zero(
    ground: Ground, of: Of, sign_in: SignIn
) -> None:
    by = of("east-leader")
    with acting(by):
        money_of(ground.project, {1: 100, 2: 200, 4: 324})
        money_of(ground.second, {}, entered=False)
        row = ProjectList.objects.create(
            zone_id=by.zone_id, code="key", name="省级重点", level="provincial", year=2026
        )
        for project in (ground.project, ground.second):
            ListPlace.objects.create(
                zone_id=by.zone_id, list=row, project=project, since=date(2026, 1, 1)
            )
        found = seen(by, list_id=row.pk)
        percents = {one.id: one.percent for one in found.projects}
        first = found.by_id[ground.project.pk].progress
        assert first is not None
        assert [first.percent_by(month) for month in (2, 3, 4)] == [
            Decimal("25.0"),
            None,
            Decimal("52.0"),
        ]
    assert percents == {ground.project.pk: Decimal("52.0"), ground.second.pk: None}
    assert (found.lists[0].projects, found.lists[0].percent) == (2, Decimal("26.0"))
    assert elapsed(date(2026, 11, 20)) == Decimal("88.8")
    assert "未入库" in sign_in("east-leader").get("/projects/wall/screen/").content.decode()
    sheet = sign_in("east-leader").get("/projects/heat/?export=csv")
    assert b"8.3" in b"".join(sheet)


def test_the_gantt_says_names_once_and_keeps_steps_in_their_order(ground: Ground, of: Of) -> None:
    by = of("east-leader")
    with acting(by):
        for project in (ground.project, ground.second):
            plan = plan_of(project)
            step_of(plan, "roof", order=2, milestone="roof", is_critical=True)
            step_of(plan, "base", order=1, early_finish=TODAY + timedelta(days=9))
        drawn = gantt(by=by, today=TODAY, projects=seen(by).projects)
    assert list(drawn.names) == ["base", "roof"]
    for row in drawn.rows:
        base, roof = row["steps"]
        assert (base[0], base[2] - base[1], base[3]) == (0, 9, 0)
        assert (roof[0], roof[1], roof[3]) == (1, drawn.today, 17)


def test_the_wall_costs_the_same_however_many_projects_are_finished(ground: Ground, of: Of) -> None:
    by = of("east-leader")
    with acting(by):
        step_of(plan_of(ground.project), "power", blocked_by="供电公司", blocked_since=TODAY)
        before = _asked(by)
        facts = {"kind": "other", "stage_on": TODAY, "owner_name": "某厂", "opened_at": NOW}
        Project.objects.bulk_create(
            Project(zone_id=by.zone_id, name=f"旧{n}", stage=Stage.FULL, **facts)
            for n in range(3000)
        )
        Project.objects.bulk_create(
            Project(zone_id=by.zone_id, name=f"新{n}", stage=Stage.STARTED, **facts)
            for n in range(40)
        )
        after = _asked(by)
        with connection.cursor() as cursor:
            cursor.execute("explain " + after[0], None)
            way = "\n".join(row[0] for row in cursor.fetchall())
    assert len(before) == len(after)
    assert "project_living" in way


def _asked(by: Actor) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = seen(by)
        gantt(by=by, today=TODAY, projects=found.projects)
    return [one["sql"] for one in asked.captured_queries]


# Placing ------------------------------------------------------------------------------------------


def test_a_project_is_placed_and_taken_off_the_map_again(ground: Ground) -> None:
    placed = ground.do("east-economy", place_project, project=ground.project, spot=PARCEL)
    assert placed.spot["coordinates"] == [RING]
    assert ground.do("east-economy", place_project, project=ground.project, spot="").spot is None


@pytest.mark.parametrize(
    ("spot", "words"),
    [
        ("{", "GeoJSON"),
        ("[]", "图形"),
        (json.dumps({"type": "LineString", "coordinates": RING}), "不是一块地"),
        (json.dumps({"type": "Polygon", "coordinates": [RING[:-1]]}), "不是一块地"),
        (json.dumps({"type": "Polygon", "coordinates": [[[y, x] for x, y in RING]]}), "经度"),
        (
            json.dumps({"type": "Polygon", "coordinates": [[RING[0], RING[2], RING[1], RING[3], RING[0]]]}),
            "不是一块地",
        ),
        (
            json.dumps({"type": "Polygon", "coordinates": [[[116.6, 35.4], [116.60001, 35.4], [116.6, 35.40001], [116.6, 35.4]]]}),
            "亩",
        ),
        (json.dumps({"type": "Point", "coordinates": [2.0, 48.0]}), "不是一块地"),
        (json.dumps({"type": "Point", "coordinates": ["a", 48.0]}), "经度"),
    ],
)  # fmt: skip
def test_what_is_no_parcel_is_refused_with_words(ground: Ground, spot: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        ground.do("east-economy", place_project, project=ground.project, spot=spot)


def test_a_spot_far_from_the_zone_is_refused(ground: Ground, of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        cell = ground.party.cell
        assert cell is not None
        cell.outline = json.loads(PARCEL)
        cell.save(update_fields=["outline"])
    far = json.dumps({"type": "Point", "coordinates": [116.6, 36.4]})
    with pytest.raises(Refused, match="公里"):
        ground.do("east-economy", place_project, project=ground.project, spot=far)


def test_two_people_drawing_one_spot_do_not_overwrite_each_other(ground: Ground) -> None:
    version = ground.project.version
    ground.do("east-economy", place_project, project=ground.project, spot=PARCEL, version=version)
    with pytest.raises(Refused, match="其间"):
        ground.do("east-admin", place_project, project=ground.project, spot=PARCEL, version=version)


def test_another_officer_another_zone_and_an_enterprise_place_nothing(
    ground: Ground, of: Of
) -> None:
    with pytest.raises(Refused):
        ground.do("east-power", place_project, project=ground.project, spot=PARCEL)
    for stranger in (of("west-economy"), ground.spokesman()):
        with pytest.raises((Refused, Project.DoesNotExist)):
            ground.do(stranger, place_project, project=ground.project, spot=PARCEL)


def test_a_spot_is_drawn_on_its_page_and_sent_by_the_api(ground: Ground, sign_in: SignIn) -> None:
    address = f"/projects/{ground.project.pk}/spot/"
    browser = sign_in("east-economy")
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"spot": PARCEL, "version": "1"}).status_code == 302
    assert browser.post(address, {"spot": "{"}).status_code == 422
    answer = sign_in("east-economy").put(
        f"/api/v1/projects/{ground.project.pk}/spot",
        {"geometry": {"type": "Point", "coordinates": [116.6, 35.4]}},
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content
    found = sign_in("city").get("/api/v1/projects/wall", headers={"X-Zone": "east"}).json()
    spots = {one["id"]: one["geometry"] for one in found["features"]}
    assert spots[ground.project.pk] == {"type": "Point", "coordinates": [116.6, 35.4]}
