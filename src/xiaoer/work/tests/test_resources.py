"""Limited resources of a zone: kept, wanted twice, laid out by a search that a person takes."""

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.town import NOW, coming
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting, system
from xiaoer.work import actions as work
from xiaoer.work import jobs, queries
from xiaoer.work.models import Levelling, Plan, PlanTemplate, Resource, Step
from xiaoer.work.tests.conftest import Firms
from xiaoer.work.tests.planned import START, Planned, matter_for, planned

TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Two:
    """Two projects whose power is to be connected by the one team, on the same days."""

    one: Planned
    other: Planned

    def do(self, verb: str, who: str = "east-admin", **given: Any) -> Any:
        return self.one.do(verb, who, **given)

    def ask(self, **given: Any) -> Levelling:
        asked: Levelling = self.do("ask_for_levelling", **{"seconds": 5, **given})
        return asked

    def run(self, row: Levelling) -> Levelling:
        jobs.level_zone(zone_id=row.zone_id, levelling_id=row.pk)
        with acting(system(row.zone_id)):
            return Levelling.objects.get(pk=row.pk)

    def steps(self, code: str = "power") -> list[Step]:
        with acting(self.one.of("east-admin")):
            plans = (self.one.plan, self.other.plan)
            return [Step.objects.get(plan=plan, code=code) for plan in plans]

    def conflicts(self) -> list[queries.ResourceConflict]:
        with acting(self.one.of("east-admin")):
            return queries.resource_conflicts(self.one.plan.zone_id)


@pytest.fixture
def two(firms: Firms) -> Two:
    return beginning(firms, START)


@pytest.fixture
def ahead(firms: Firms) -> Two:
    """The same from today on: what the page shows."""
    return beginning(firms, coming(0))


def beginning(firms: Firms, on: date) -> Two:
    one = planned(firms, starts_on=on, promised_on=on + timedelta(days=406))
    near = one.plan.promised_on - timedelta(days=300)
    other = planned(firms, matter=matter_for(firms, 2, "泗源新材料技改"), promised_on=near)
    both = Two(one, other)
    keep(both, "grid_team", capacity=1)
    return both


def keep(two: Two, code: str, who: str = "east-admin", **given: Any) -> Resource:
    with acting(two.one.of("east-admin")):
        row = Resource.objects.filter(code=code).first()
    said = {
        "code": code, "name": row.name if row else "吊装机械", "capacity": 2,
        "source": "建设专班会议纪要", "version": row.version if row else 0, **given,
    }  # fmt: skip
    kept: Resource = two.do("keep_resource", who, **said)
    return kept


# Resources --------------------------------------------------------------------------------------


def test_a_new_zone_has_resources_marked_as_proposals_that_templates_take(two: Two) -> None:
    with acting(two.one.of("east-admin")):
        rows = {row.code: row for row in Resource.objects.all()}
        template = PlanTemplate.objects.get(code="new_build", state="live")
        takes = {
            step.code: step.resource.code
            for step in template.steps.select_related("resource")
            if step.resource
        }
    assert set(rows) == {"inspectors", "review_panel", "grid_team"}
    assert {row.mark for row in rows.values()} == {"D"}
    assert takes == {"joint": "inspectors", "review": "review_panel", "power": "grid_team"}


def test_how_many_there_are_is_the_zones_own_word_and_keeps_who_changed_it(two: Two) -> None:
    row = keep(two, "inspectors", capacity=4)
    assert (row.capacity, row.mark, row.source) == (4, "D", "建设专班会议纪要")
    with acting(two.one.of("east-admin")):
        line = JournalLine.objects.filter(verb="keep_resource").latest("id")
    assert line.detail["changed"]["capacity"] == ["2", "4"]
    with pytest.raises(Refused, match="刚被改过"):
        keep(two, "inspectors", version=1, capacity=9)
    with pytest.raises(Refused, match="没有代码为"):
        keep(two, "crane", version=3)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "吊车"}, "code"),
        ({"name": " "}, "name"),
        ({"capacity": 0}, "capacity"),
        ({"source": ""}, "source"),
    ],
)
def test_a_resource_nobody_could_use_is_refused_at_its_field(
    two: Two, wrong: dict[str, Any], field: str
) -> None:
    given = {"code": "crane", **wrong}
    with pytest.raises(Refused) as said:
        keep(two, given.pop("code"), **given)
    assert said.value.field == field


def test_only_the_project_office_keeps_resources_and_lays_plans_out(two: Two) -> None:
    for verb in ("ask_for_levelling", "seed_resources"):
        with pytest.raises(Refused, match="项目办"):
            two.do(verb, "east-officer")
    with pytest.raises(Refused, match="项目办"):
        keep(two, "grid_team", "east-officer")


# Conflicts --------------------------------------------------------------------------------------


def test_two_who_want_the_one_team_at_once_are_told_and_who_loses_most_by_waiting(
    two: Two,
) -> None:
    power = [each for each in two.conflicts() if each.resource == "grid_team"]
    assert power
    assert {line.plan_id for line in power[0].claims} == {two.one.plan.pk, two.other.plan.pk}
    assert power[0].first.plan_id == two.other.plan.pk
    with acting(two.one.of("east-admin")):
        counts = queries.conflicts_by_plan(two.one.plan.zone_id)
    assert counts[two.one.plan.pk] == counts[two.other.plan.pk] >= 1


def test_what_ended_limits_nobody_until_it_is_kept_again(two: Two) -> None:
    with acting(two.one.of("east-admin")):
        row = Resource.objects.get(code="grid_team")
    ended = two.do("end_resource", resource=row, version=row.version)
    assert ended.ended_on == TODAY
    assert "grid_team" not in {each.resource for each in two.conflicts()}
    assert keep(two, "grid_team", capacity=1).ended_on is None
    assert "grid_team" in {each.resource for each in two.conflicts()}


def test_a_step_that_has_started_comes_first_whoever_else_is_pressed(two: Two) -> None:
    two.one.report("power", started_on=TODAY)
    power = [each for each in two.conflicts() if each.resource == "grid_team"]
    assert not power or power[0].first.has_started


# Laying out -------------------------------------------------------------------------------------


def test_plans_are_laid_out_by_a_job_and_days_are_written_only_when_taken(two: Two) -> None:
    row = two.run(two.ask())
    assert (row.state, row.percent, row.plans) == ("done", 100, 2)
    assert row.cost is not None and row.bound <= row.cost
    assert {step.planned_start for step in two.steps()} == {None}
    assert any(each.resource == "grid_team" for each in two.conflicts())
    taken = two.do("take_levelling", levelling=row)
    assert taken.taken_at == NOW
    first, second = sorted(two.steps(), key=lambda step: step.planned_start or date.max)
    assert first.planned_finish and second.planned_start
    assert first.planned_finish < second.planned_start
    assert first.plan_id == two.other.plan.pk
    assert not two.conflicts()
    with acting(two.one.of("east-admin")):
        line = JournalLine.objects.get(verb="take_levelling")
        assert Step.objects.filter(planned_start__isnull=True).count() == 0
    assert line.detail["plans"] == 2 and line.detail["steps"] > 40
    with pytest.raises(Refused, match="已经采用过"):
        two.do("take_levelling", levelling=row)


def test_what_started_since_keeps_its_own_days_when_days_are_taken(two: Two) -> None:
    row = two.run(two.ask())
    later = next(step for step in two.steps() if step.plan_id == two.one.plan.pk)
    two.one.report("power", started_on=TODAY)
    two.do("take_levelling", levelling=row)
    now = next(step for step in two.steps() if step.pk == later.pk)
    assert now.planned_start == TODAY


def test_one_search_at_a_time_and_one_a_killed_server_left_is_ended(two: Two) -> None:
    left = two.ask()
    with pytest.raises(Refused, match="正在统一排程"):
        two.ask()
    with pytest.raises(Refused, match="还没有排完"):
        two.do("take_levelling", levelling=left)
    later = NOW + timedelta(minutes=2)
    assert two.ask(now=later).pk != left.pk
    with acting(two.one.of("east-admin")):
        left.refresh_from_db()
    assert left.state == "failed" and "中断" in left.message


def test_a_killed_search_keeps_its_best_and_can_be_taken(two: Two) -> None:
    row = two.ask()
    with acting(system(row.zone_id)):
        begun = work.begin_levelling(by=system(row.zone_id), now=NOW, levelling_id=row.pk)
        assert begun is not None
        assert work.begin_levelling(by=system(row.zone_id), now=NOW, levelling_id=row.pk) is None
        power = {step.pk: step.early_start for step in Step.objects.filter(code="power")}
        # What a running search has written until then.
        Levelling.objects.filter(pk=row.pk).update(
            best={str(key): str(day) for key, day in power.items()}, cost=7
        )
    later = NOW + timedelta(minutes=2)
    stopped = two.do("stop_levelling", levelling=row, now=later)
    assert (stopped.state, stopped.percent) == ("done", 100)
    assert two.do("take_levelling", levelling=stopped, now=later).taken_at == later


def test_a_zone_whose_steps_take_nothing_is_told_what_to_enter(firms: Firms) -> None:
    with pytest.raises(Refused, match="没有未完工序"):
        firms.do("east-admin", "ask_for_levelling")


def test_a_search_is_the_zones_own(two: Two) -> None:
    row = two.run(two.ask())
    with acting(two.one.of("west-admin")):
        assert not Levelling.objects.exists()
        assert Levelling.objects.filter(pk=row.pk).update(percent=1) == 0
    for table in (Levelling, Resource):
        # An enterprise has no business with either: it may not even ask.
        with pytest.raises(ProgrammingError), acting(two.one.firms.spokesman()):
            table.objects.exists()


# Doors ------------------------------------------------------------------------------------------


def test_the_page_shows_the_load_of_the_coming_weeks(ahead: Two, sign_in: Any) -> None:
    assert "load-grid_team" in sign_in("east-admin").get("/resources/").content.decode()


def test_the_page_shows_conflicts_and_the_way_to_lay_plans_out(two: Two, sign_in: Any) -> None:
    client: Client = sign_in("east-admin")
    page = client.get("/resources/").content.decode()
    assert "泗源新材料技改" in page
    own = client.get(f"/plans/{two.one.plan.pk}/").content.decode()
    assert 'id="shared"' in own and "应先给泗源新材料技改" in own
    answer = client.post("/resources/levellings/", {"seconds": "5"})
    assert answer.status_code == 302
    waiting = client.get(answer["Location"]).content.decode()
    assert "<progress" in waiting
    with acting(two.one.of("east-admin")):
        row = Levelling.objects.get()
    two.run(row)
    shown = client.get(answer["Location"]).content.decode()
    assert "<progress" not in shown and f"/resources/levellings/{row.pk}/take/" in shown
    assert client.post(f"/resources/levellings/{row.pk}/take/").status_code == 302
    own = client.get(f"/plans/{two.one.plan.pk}/").content.decode()
    assert 'id="shared"' not in own
    page = sign_in("east-officer").get("/resources/").content.decode()
    assert "/resources/levellings/" not in page


def test_the_page_asks_as_many_questions_for_many_plans_as_for_few(
    two: Two, firms: Firms, sign_in: Any
) -> None:
    client: Client = sign_in("east-admin")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get("/resources/").status_code == 200
        return len(seen)

    before = asked()
    for number in range(3, 6):
        planned(firms, matter=matter_for(firms, number, f"项目{number}"))
    assert asked() == before


def call(client: Client, verb: str, path: str, **given: Any) -> tuple[int, Any]:
    answer = client.generic(
        verb, f"/api/v1{path}", json.dumps(given) if given else "", content_type="application/json"
    )
    return answer.status_code, answer.json()


def test_everything_is_done_over_the_api_too(two: Two, sign_in: Any) -> None:
    client: Client = sign_in("east-admin")
    status, rows = call(client, "GET", "/resources")
    team = next(row["resource"] for row in rows if row["resource"]["code"] == "grid_team")
    assert (status, team["capacity"]) == (200, 1)
    conflicts = call(client, "GET", "/resources/conflicts")[1]
    assert conflicts[0]["claims"][0]["plan"]
    said = {"code": "crane", "name": "吊装机械", "capacity": 2, "source": "纪要"}
    status, crane = call(client, "POST", "/resources", **said)
    assert (status, crane["version"]) == (200, 1)
    ended = call(client, "POST", f"/resources/{crane['id']}/end", version=1)[1]
    assert ended["ended_on"]
    status, asked = call(client, "POST", "/levellings", seconds=5)
    assert (status, asked["state"]) == (200, "waiting")
    path = f"/levellings/{asked['id']}"
    assert call(client, "POST", f"{path}/stop")[1]["wants_stop"] is True
    with acting(two.one.of("east-admin")):
        row = Levelling.objects.get()
    two.run(row)
    assert call(client, "GET", path)[1]["state"] == "done"
    result = call(client, "GET", f"{path}/result")[1]
    assert result["conflicts_after"] == 0 < result["conflicts_before"]
    assert {plan["plan_id"] for plan in result["plans"]} == {two.one.plan.pk, two.other.plan.pk}
    assert call(client, "POST", f"{path}/take")[1]["taken_at"]
    outsider: Client = sign_in("east-officer")
    assert call(outsider, "POST", "/levellings", seconds=5)[0] == 422


def test_laying_out_counts_the_years_promised_days_of_every_plan(two: Two) -> None:
    row = two.run(two.ask())
    with acting(two.one.of("east-admin")):
        result = queries.levelling_result(row, today=TODAY)
        promised = dict(Plan.objects.values_list("id", "promised_on"))
    assert {line.plan_id: line.ending.promised_on for line in result.lines} == promised
    assert result.conflicts_after == 0 < result.conflicts_before
    assert replace(result, lines=()).late == 0
