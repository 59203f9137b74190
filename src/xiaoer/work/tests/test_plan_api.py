"""Plans over the API: what the pages do, by whoever has a token; the enterprise its own."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xiaoer.work.tests.conftest import Firms
from xiaoer.work.tests.planned import Planned, matter_for, planned
from xiaoer.work.tests.test_contact_api import call
from xiaoer.work.tests.test_contact_pages import spokesman

__all__ = ["spokesman"]


@pytest.fixture
def here(firms: Firms) -> Planned:
    today = timezone.localdate()
    return planned(firms, starts_on=today, promised_on=today + timedelta(days=500))


def test_a_plan_is_made_reported_changed_and_closed(here: Planned, sign_in: Any) -> None:
    client, today = sign_in("east-admin"), timezone.localdate()
    templates = call(client, "GET", "/plans/templates")[1]
    made = call(
        client, "POST", "/plans", matter_id=matter_for(here.firms, 2, "二号项目").pk, title="二号项目",
        starts_on=today.isoformat(), promised_on=(today + timedelta(days=300)).isoformat(),
        template_id=next(each["id"] for each in templates if each["code"] == "upgrade"),
    )  # fmt: skip
    assert made[0] == 201
    number = made[1]["id"]
    view = call(client, "GET", f"/plans/{number}")[1]
    steps = {step["code"]: step for step in view["steps"]}
    assert (view["light"], len(view["links"]) > 10) == ("green", True)
    first = steps["filing"]["id"]
    on = today.isoformat()
    status, view = call(
        client, "POST", f"/plans/steps/{first}/progress", version=1, started_on=on, finished_on=on
    )
    assert (status, view["steps"][0]["share"]) == (200, 100)
    step = steps["delivery"]
    said = {key: step[key] for key in ("name", "doer", "unit", "phase", "needs")}
    shown = call(client, "POST", f"/plans/steps/{step['id']}/what-if", likely=500, **said)[1]
    assert shown["slack"] < 0 < len(shown["moved"])
    changed = call(client, "PUT", f"/plans/steps/{step['id']}", version=1, likely=500, **said)[1]
    assert (changed["light"], len(changed["conflict"]) > 1) == ("red", True)
    status, no = call(client, "PUT", f"/plans/steps/{step['id']}", version=1, likely=9, **said)
    assert (status, "管一" in no["message"] if "message" in no else "管一" in str(no)) == (
        422,
        True,
    )
    assert call(client, "GET", "/plans?light=red")[1]["total"] == 1
    assert call(client, "POST", f"/plans/{number}/forecast", runs=500)[1]["chance"] < 50
    moved = (today + timedelta(days=1200)).isoformat()
    plan = call(client, "GET", f"/plans/{number}")[1]["plan"]
    assert call(client, "POST", f"/plans/{number}/promise", version=plan["version"],
                promised_on=moved, reason="设备周期长")[1]["promised_on"] == moved  # fmt: skip
    assert call(client, "POST", f"/plans/{number}/baselines", reason="重排")[1]["number"] == 1
    added = call(client, "POST", f"/plans/{number}/steps", name="监理", doer="owner", likely=3,
                 after_id=step["id"])  # fmt: skip
    assert added[0] == 201
    own = next(each for each in added[1]["steps"] if each["code"] == "own-1")
    loop = call(client, "POST", f"/plans/{number}/links", before_id=own["id"], after_id=step["id"])
    assert (loop[0], "→" in str(loop[1])) == (422, True)
    link = next(each for each in added[1]["links"] if each["after_id"] == own["id"])
    assert call(client, "DELETE", f"/plans/links/{link['id']}")[0] == 200
    assert (
        call(client, "POST", f"/plans/steps/{own['id']}/block", version=1, blocked_by="天气")[0]
        == 200
    )
    assert [each["blocked_by"] for each in call(client, "GET", "/plans/blocked")[1]] == ["天气"]
    assert call(client, "POST", f"/plans/steps/{own['id']}/unblock", version=2)[0] == 200
    assert (
        call(client, "POST", f"/plans/steps/{own['id']}/drop", version=3, reason="不要")[0] == 200
    )
    lines = [{"step_id": steps["design"]["id"], "started_on": on, "share": 20}]
    version = call(client, "GET", f"/plans/{number}")[1]["plan"]["version"]
    assert call(client, "POST", f"/plans/{number}/lines", version=version, lines=lines)[0] == 200
    assert call(client, "GET", "/plans/starting?days=366")[0] == 200
    assert call(client, "POST", f"/plans/{number}/reckon")[0] == 200
    assert call(client, "POST", f"/plans/{number}/close", reason="终止")[1]["closed_at"]
    assert call(client, "POST", f"/plans/{number}/reopen", reason="恢复")[1]["closed_at"] is None


def test_an_enterprise_reads_its_plan_and_reports_its_steps_alone(
    here: Planned, spokesman: Client, sign_in: Any
) -> None:
    client, on = spokesman, timezone.localdate().isoformat()
    page = client.get(f"/plans/{here.plan.pk}/").content.decode()
    assert "记进展" in page
    assert "改动并重排" not in page
    assert here.plan.title in client.get("/my/plans/").content.decode()
    for paper in ("timetable", "taskbook"):
        answer = client.get(f"/plans/{here.plan.pk}/papers/{paper}/")
        assert answer.content.startswith(b"%PDF")
    assert client.get(f"/plans/{here.plan.pk}/baselines/").status_code == 200
    assert client.get(f"/plans/{here.plan.pk}/sheet/").status_code == 200
    assert client.get("/plans/").status_code == 404
    assert client.get(f"/plans/{here.plan.pk}/import/").status_code == 404
    step = here.step("equipment")
    given = {"step": step.pk, "version": 1, "started_on": on, "share": 3}
    assert client.post(f"/plans/{here.plan.pk}/do/report/", given).status_code == 302
    assert here.step("equipment").share == 3
    permit = here.step("land_permit")
    given = {"step": permit.pk, "version": 1, "started_on": on}
    assert client.post(f"/plans/{here.plan.pk}/do/report/", given).status_code == 422
    assert call(client, "GET", f"/plans/{here.plan.pk}")[0] == 200
    assert call(client, "GET", "/plans")[0] == 422
    assert call(client, "POST", f"/plans/{here.plan.pk}/close", reason="x")[0] == 422
    stranger = sign_in("west-admin")
    assert call(stranger, "GET", f"/plans/{here.plan.pk}")[0] == 404
    assert stranger.get(f"/plans/{here.plan.pk}/").status_code == 404
    assert call(stranger, "POST", f"/plans/steps/{step.pk}/progress", version=2, share=9)[0] == 404


def test_a_template_is_read_edited_in_a_draft_and_released(here: Planned, sign_in: Any) -> None:
    client = sign_in("east-admin")
    live = next(
        each for each in call(client, "GET", "/plans/templates")[1] if each["code"] == "fit_out"
    )
    draft = call(client, "POST", f"/plans/templates/{live['id']}/draft")[1]
    at = f"/plans/templates/{draft['id']}"
    new = {"name": "网络布线", "doer": "contractor", "low": 1, "likely": 2, "high": 3}
    view = call(client, "POST", f"{at}/steps", version=1, **new)[1]
    assert "网络布线" in [step["name"] for step in view["steps"]]
    loop = call(client, "POST", f"{at}/links", before="install", after="equipment")
    assert (loop[0], "→" in str(loop[1])) == (422, True)
    view = call(client, "POST", f"{at}/links", before="works", after="step-1")[1]
    link = next(each for each in view["links"] if each["after"] == "step-1")
    assert call(client, "DELETE", f"{at}/links/{link['id']}")[0] == 200
    version = call(client, "GET", at)[1]["template"]["version"]
    view = call(client, "POST", f"{at}/drop", version=version, code="step-1")[1]
    assert "网络布线" not in [step["name"] for step in view["steps"]]
    done = call(client, "POST", f"{at}/release", version=version + 1, source="会议纪要")[1]
    assert (done["state"], done["number"]) == ("live", 2)
    assert call(client, "POST", f"{at}/steps", version=version + 2, **new)[0] == 422
    own = call(client, "POST", "/plans/templates", name="自有")[1]
    assert call(client, "POST", f"/plans/templates/{own['id']}/release", version=1)[0] == 422
    assert call(client, "POST", f"/plans/templates/{own['id']}/retire")[1]["state"] == "retired"
    assert call(sign_in("east-land"), "POST", f"{at}/retire")[0] == 422
