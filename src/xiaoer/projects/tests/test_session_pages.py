"""Pages and API of forces, visits, ambassadors, pre-review, sessions, decisions and minutes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xiaoer.base.scope import Actor, acting, system
from xiaoer.projects import actions as projects
from xiaoer.projects import queries
from xiaoer.projects.models import Project
from xiaoer.projects.tests.built import TODAY, Ground, build

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
DAY = TODAY.isoformat()
LATER = "2099-06-30"


@pytest.fixture
def ground(of: Of) -> Ground:
    ground = build(of)
    ground.do(system(ground.zone_id), projects.seed_pre_review)
    return ground


def send(client: Client, address: str, **given: object) -> str:
    """Send a form as a person does; where it leads."""
    answer = client.post(f"/projects/{address}", given)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_people_visits_and_ambassadors_by_pages(ground: Ground, sign_in: SignIn) -> None:
    client, key = sign_in("east-desk"), ground.project.pk
    officer = ground.post("east-officer").pk
    for act in ("leader", "officer", "join"):
        send(client, f"{key}/force/act/", what_to_do=act, post=officer, part="member", since=DAY)
    where = send(
        client,
        "site-visits/new/",
        project=key,
        on=DAY,
        found="桩基完成",
        next_act="协调用水",
        due_on=LATER,
    )
    assert "桩基完成" in read(client, where)
    assert sign_in("west-desk").get(where).status_code == 404
    where = send(
        client, "ambassadors/new/", post=officer, topic="施工许可", departments="住建局、自然资源分局",
        project=key,
    )  # fmt: skip
    send(
        client,
        where.removeprefix("/projects/") + "act/",
        what="总平面图",
        result="lacks",
        note="缺章",
    )
    assert "缺章" in read(client, where)
    page = read(client, f"/projects/{key}/force/")
    assert "网一" in page and "桩基完成" in page and "施工许可" in page
    for address in ("site-visits/", "site-visits/new/", "ambassadors/", "ambassadors/?state=ended"):
        read(client, f"/projects/{address}")


def test_papers_before_the_land_contract_by_pages(ground: Ground, sign_in: SignIn) -> None:
    client, key = sign_in("east-desk"), ground.project.pk
    with acting(ground.of("east-desk")):
        item = queries.pre_review_items(ground.zone_id)[0]
    given = {"project": key, "agreement": "投资协议", "risk_letter_on": DAY, "items": [item.pk]}
    answer = client.post("/projects/pre-reviews/new/", given)
    assert answer.status_code == 422 and "危险化学品" in answer.content.decode()
    where = send(client, "pre-reviews/new/", **given, is_not_barred="yes")
    assert "法律效力" in read(client, where)
    with acting(ground.of("east-desk")):
        track = queries.track_of(ground.project)
        assert track is not None
        (review,) = queries.reviews_of(track)
    send(client, f"pre-reviews/results/{review.pk}/", on=DAY, conditions="取得土地", version=1)
    send(client, where.removeprefix("/projects/") + "act/", what_to_do="sign", on=DAY)
    for address in (where, "/projects/pre-reviews/", f"/projects/pre-reviews/items/{item.pk}/"):
        read(client, address)
    send(
        client, f"pre-reviews/items/{item.pk}/", name=item.name, working_days=4, source="本区方案",
        office_name="自然资源", is_used="yes", version=item.version,
    )  # fmt: skip


def test_sessions_and_decisions_by_pages(ground: Ground, sign_in: SignIn) -> None:
    client, key = sign_in("east-leader"), ground.project.pk
    power = ground.post("east-power")
    where = send(client, "sessions/new/", project=key, on=DAY, members=[power.pk], findings="缺电")
    send(
        client, where.removeprefix("/projects/") + "resolve/", text="十日内答复", due_on=LATER,
        office=power.office_id, is_supervised="yes",
    )  # fmt: skip
    assert "十日内答复" in read(client, where)
    assert "十日内答复" in read(client, "/projects/supervised/")
    send(client, "decisions/ask/", project=key, question="先保哪一期", options="一期\n二期")
    with acting(ground.of("east-leader")):
        (ask,) = queries.open_asks(ground.zone_id)
        (row,) = queries.resolutions_on(ground.project)
    assert "先保哪一期" in read(client, "/projects/decisions/")
    send(client, f"decisions/{ask.pk}/act/", option="一期", decision="", version=1)
    send(client, f"resolutions/{row.pk}/finish/", outcome="已答复")
    send(
        client,
        where.removeprefix("/projects/") + "keep/",
        findings="已定",
        is_settled="yes",
        version=1,
    )
    read(client, "/projects/sessions/")


def test_the_minutes_their_sheet_and_their_paper(ground: Ground, sign_in: SignIn) -> None:
    client = sign_in("east-desk")
    assert "纪要" in read(client, "/projects/weekly/")
    with acting(ground.of("east-desk")):
        Project.objects.filter(pk=ground.project.pk).update(light="red", light_why="逾期未开工")
    where = send(client, "weekly/make/")
    send(client, where.removeprefix("/projects/") + "add/", who="用工保障", what="招聘会")
    page = read(client, where)
    assert "逾期未开工" in page and "招聘会" in page
    with acting(ground.of("east-desk")):
        (week,) = queries.project_weeks(by=ground_actor(ground))
        line = queries.project_lines(week=week)[0]
    send(client, f"weekly/lines/{line.pk}/", measure="专班驻点", due_on=LATER, version=1)
    assert client.get(f"{where}?export=xlsx").status_code == 200
    assert client.get(f"{where}print/").content[:4] == b"%PDF"
    send(client, where.removeprefix("/projects/") + "issue/", note="按周推进")
    assert client.post("/projects/weekly/make/").status_code == 422
    assert sign_in("west-desk").get(where).status_code == 404


def ground_actor(ground: Ground) -> Actor:
    return system(ground.zone_id)


def test_the_api_does_what_the_pages_do(ground: Ground, sign_in: SignIn) -> None:
    client, key = sign_in("east-leader"), ground.project.pk

    def post(address: str, **given: object) -> Any:
        answer = client.post(
            f"/api/v1/projects/{address}", json.dumps(given), content_type="application/json"
        )
        assert answer.status_code == 200, answer.content
        return answer.json()

    officer = ground.post("east-officer").pk
    assert post(f"{key}/officer", post_id=officer)["charges"][0]["post_id"] == officer
    assert len(post(f"{key}/force/join", post_id=officer)["members"]) == 1
    post(f"{key}/force/leave", post_id=officer)
    assert post("site-visits", project_id=key, on=DAY, found="正常")["contact_id"] is None
    one = post(
        "ambassadors",
        project_id=key,
        post_id=officer,
        topic="施工许可",
        departments=["住建局", "人防办"],
    )
    assert post(f"ambassadors/{one['id']}/check", what="图", result="fine")["checks"]
    post(f"ambassadors/{one['id']}/end", until=timezone.localdate().isoformat(), outcome="已发证")
    track = post(
        "pre-reviews", project_id=key, agreement="投资协议", risk_letter_on=DAY, is_not_barred=True
    )
    result = track["results"][0]["id"]
    judged = post(f"pre-reviews/results/{result}", on=DAY, conditions="取得土地")
    assert [each["has_force"] for each in judged["results"]] == [False] * 5
    assert post(f"{key}/land/sign", on=DAY) == {"count": 1}
    session = post("sessions", project_id=key, on=DAY, findings="缺电")
    made = post(
        "resolutions", project_id=key, consultation_id=session["id"], text="答复", due_on=LATER,
        office_id=ground.office("供电服务中心").pk, is_supervised=True,
    )  # fmt: skip
    assert made["is_supervised"]
    assert post(f"resolutions/{made['id']}/finish", outcome="已答复")["state"] == "done"
    ask = post("decisions", project_id=key, question="先保哪期", options=["一期", "二期"])
    assert post(f"decisions/{ask['id']}/decide", decision="一期")["decision"] == "一期"
    week = post("weekly")
    line = post(f"weekly/{week['id']}/lines", who="用工", what="招聘会")
    post(f"weekly/lines/{line['id']}", measure="组织", version=line["version"])
    assert post(f"weekly/{week['id']}/issue")["issued_at"]
    for address in (
        "ambassadors",
        "site-visits",
        "decisions",
        "supervised",
        "weekly",
        f"{key}/force",
    ):
        assert client.get(f"/api/v1/projects/{address}").status_code == 200, address
