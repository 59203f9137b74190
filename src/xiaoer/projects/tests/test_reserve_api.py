"""The API of the register: every verb a page has, with the page's own words when it refuses."""

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from xiaoer.base.scope import acting
from xiaoer.projects import actions
from xiaoer.projects.models import LightRule, Project, Stage
from xiaoer.projects.queries import conditions_of
from xiaoer.projects.tests.conftest import Site

SignIn = Callable[[str], Client]
TODAY = timezone.localdate()
ROOM = Path(actions.__file__).parent.parent
MINE = ("reserve", "stages", "lists", "lighting", "chain", "batches", "handing")
# When a zone is opened.
OF_THE_SYSTEM = {"seed_conditions", "seed_lights"}


class Caller:
    """Calls the API as somebody signed in."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, path: str, **asked: Any) -> Any:
        answer = self.client.get(f"/api/v1{path}", asked)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def post(self, path: str, said: dict[str, Any] | None = None, status: int = 200) -> Any:
        answer = self.client.post(
            f"/api/v1{path}", json.dumps(said or {}), content_type="application/json"
        )
        assert answer.status_code == status, answer.content.decode()
        return answer.json()


def test_every_verb_of_the_register_is_a_verb_of_the_api() -> None:
    verbs = {
        part.name
        for name in MINE
        for part in ast.parse((ROOM / "actions" / f"{name}.py").read_text()).body
        if isinstance(part, ast.FunctionDef)
        and any("atomic" in ast.unparse(one) for one in part.decorator_list)
    }
    called = {
        part.attr
        for name in ("reserve", "chain")
        for part in ast.walk(ast.parse((ROOM / "api" / f"{name}.py").read_text()))
        if isinstance(part, ast.Attribute)
    }
    assert verbs - called == OF_THE_SYSTEM


def test_a_project_is_opened_proved_and_moved_by_the_api(ground: Site, sign_in: SignIn) -> None:
    desk = Caller(sign_in("east-economy"))
    said = {"name": "智能终端一期", "kind": "fit_out", "party": ground.party.pk}
    made = desk.post("/projects", {**said, "total_fen": 378_000_000_00, "contract_fen": 1_00})
    assert (made["stage"], made["light"]) == ("planned", "grey")
    path = f"/projects/{made['id']}"
    refused = desk.post(f"{path}/stage", {"stage": "signed", "fact_on": str(TODAY)}, status=422)
    assert "正式投资协议" in refused["message"]
    asked = desk.get(f"{path}/conditions", stage="signed")
    assert {one["standing"] for one in asked} == {"needs_data", "met"}
    with acting(ground.by):
        project = Project.objects.get(pk=made["id"])
        paper = ground.paper(project, "协议")
        agreement = conditions_of(project=project, stage=Stage.SIGNED)[0].condition
    desk.post(f"{path}/conditions/{agreement.pk}/prove", {"paper": paper.pk})
    assert (
        desk.post(f"{path}/stage", {"stage": "signed", "fact_on": str(TODAY)})["state"] == "granted"
    )
    assert desk.post(f"{path}/take-back", {"reason": "填错"})["stage"] == "planned"
    changed = {**said, "content": "年产一百万台", "version": desk.get(path)["version"]}
    assert desk.post(f"{path}/change", changed)["content"] == "年产一百万台"
    assert desk.get("/projects", text="智能终端")["total"] == 1
    assert [one["state"] for one in desk.get(f"{path}/passages")] == ["undone", "granted"]
    assert desk.post(f"{path}/relight")["lit_at"]
    assert desk.get("/passages/asked") == []
    leader = Caller(sign_in("east-leader"))
    by_hand = {"light": "green", "why": "已协调", "until": str(TODAY)}
    assert leader.post(f"{path}/light", by_hand)["is_by_hand"]
    assert not leader.post(f"{path}/light/lift")["is_by_hand"]
    assert leader.post(f"{path}/give-up", {"on": str(TODAY), "reason": "不建了"})["ended_on"]


def test_lists_the_chain_batches_and_moves_by_the_api(ground: Site, sign_in: SignIn) -> None:
    with acting(ground.by):
        project = ground.bring(ground.opened(), Stage.RESERVE)
    desk = Caller(sign_in("east-economy"))
    row = desk.post("/project-lists", {"name": "市重点", "level": "municipal", "year": 2026})
    place = {"project": project.pk, "since": "2026-01-01"}
    placed = desk.post(f"/project-lists/{row['id']}/places", place)
    desk.post(f"/list-places/{placed['id']}/end", {"until": str(TODAY), "why": "调出"})
    upload = SimpleUploadedFile("清单.csv", "项目名称\n变压器二期\n".encode())
    sheet = desk.client.post(
        f"/api/v1/project-lists/{row['id']}/sheets", {"sheet": upload, "since": "2026-01-01"}
    ).json()
    assert sheet["created"] == 1
    assert desk.post(f"/list-sheets/{sheet['id']}/commit")["state"] == "committed"
    assert len(desk.get(f"/project-lists/{row['id']}/places")) == 2
    step = {"element": "tracking", "state": "done"}
    assert desk.post(f"/projects/{project.pk}/chain", step)["state"] == "done"
    assert desk.get("/projects/chain")[1]["running"] == 1
    act = desk.post(
        "/mechanism-acts",
        {"kind": "help", "on": str(TODAY), "what": "帮办", "project": project.pk},
    )
    period = {"since": str(TODAY), "until": str(TODAY)}
    assert desk.get("/mechanism-counts", **period)[0]["acts"] == 1
    desk.post(f"/mechanism-acts/{act['id']}/withdraw", {"why": "记错"})
    assert len(desk.get("/mechanism-acts", **period)) == 1
    batch = desk.post(
        "/project-batches", {"stage": "reserve", "name": "储备一批", "held_on": str(TODAY)}
    )
    (member,) = desk.post(f"/project-batches/{batch['id']}/members", {"projects": [project.pk]})
    desk.post(f"/batched-projects/{member['id']}/take-off", {"why": "缓建"})
    asked = desk.post(f"/projects/{project.pk}/hand-over", {"zone": "west", "reason": "用地"})
    refused = {"is_granted": False, "why": "留下"}
    kept = Caller(sign_in("east-leader")).post(
        f"/projects/hand-overs/{asked['id']}/decide", refused
    )
    assert kept["state"] == "refused"


def test_conditions_and_light_rules_by_the_api(ground: Site, sign_in: SignIn) -> None:
    admin = Caller(sign_in("east-admin"))
    made = {"stage": "signed", "kind": "person", "name": "查过失信记录", "source": "会议纪要"}
    assert admin.post("/projects/conditions", made)["mark"] == "D"
    with acting(ground.by):
        rule = LightRule.objects.get(code="progress", is_current=True)
    bounds = {"amber": 5, "red": 20, "source": "区办〔2026〕3号"}
    assert admin.post(f"/projects/light-rules/{rule.pk}", bounds)["number"] == 2
    assert len(admin.get("/projects/light-rules")) == 8
    assert admin.post("/projects/relight") == {"changed": 0}


def test_another_zone_finds_nothing_by_the_api(ground: Site, sign_in: SignIn) -> None:
    with acting(ground.by):
        project = ground.opened()
    west = sign_in("west-economy")
    assert west.get(f"/api/v1/projects/{project.pk}").status_code == 404
    assert west.get("/api/v1/projects").json()["total"] == 0
