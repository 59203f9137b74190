"""Pages and routes of proposals: asked by a form, watched, looked at, exported, accepted, taken back."""

import io
import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import actions as registry
from xiaoer.registry import jobs, queries
from xiaoer.registry.models import Redrawing, RedrawingPin, Stewardship
from xiaoer.registry.tests.people import make_firm
from xiaoer.registry.tests.test_redrawing import Lopsided, computed, lopsided

SignIn = Callable[[str], Client]
Of = Callable[[str], Actor]
HX = {"HX-Request": "true"}


@pytest.fixture
def town(of: Of) -> Lopsided:
    by = of("east-desk")
    with acting(by):
        return lopsided(by)


@pytest.fixture
def proposal(town: Lopsided) -> Redrawing:
    with acting(town.by):
        make_firm(town.by, name="示范无人厂", cell=town.full, longitude=116.501, latitude=35.41)
        return computed(town.by, note="年度重划")


def test_the_form_asks_and_leads_to_the_proposal(sign_in: SignIn, town: Lopsided) -> None:
    client = sign_in("east-leader")
    page = client.get(reverse("redrawing_new")).content.decode()
    assert "每家企业" in page
    answer = client.post(
        reverse("redrawing_new"),
        {"grids": [town.full.grid_id, town.empty.grid_id], "note": "试算", "weight_base": "12"},
        headers=HX,
    )
    with acting(town.by):
        row = Redrawing.objects.get()
    assert answer["HX-Redirect"] == reverse("redrawing", args=[row.pk])
    assert (row.grids, row.values["weight_base"]) == ([], 12)
    assert "排队中" in client.get(reverse("redrawing", args=[row.pk])).content.decode()
    progress = client.get(reverse("redrawing_progress", args=[row.pk]))
    assert "HX-Refresh" not in progress.headers
    jobs.work_on_redrawing(zone_id=town.by.zone_id, number=row.pk, post_id=row.post_id)
    assert client.get(reverse("redrawing_progress", args=[row.pk]))["HX-Refresh"] == "true"


def test_a_wrong_value_is_refused_beside_its_field(sign_in: SignIn, town: Lopsided) -> None:
    client = sign_in("east-desk")
    for typed, words in (("x", "整数"), ("20000", "0 到 1000")):
        answer = client.post(reverse("redrawing_new"), {"weight_base": typed}, headers=HX)
        assert answer.status_code == 422
        assert answer["HX-Retarget"] == "#error-weight_base"
        assert words in answer.content.decode()
    answer = client.post(reverse("redrawing_new"), {"grids": ["99999"]}, headers=HX)
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#error-grids")


def test_a_failed_job_says_why_on_the_page(sign_in: SignIn, town: Lopsided) -> None:
    with acting(town.by):
        row = registry.ask_redrawing(by=town.by, now=NOW)
        duty = town.full.duties.get()
        registry.end_cell_duty(by=town.by, now=NOW, duty=duty)
    jobs.work_on_redrawing(zone_id=town.by.zone_id, number=row.pk, post_id=town.by.post_id)
    page = sign_in("east-desk").get(reverse("redrawing", args=[row.pk])).content.decode()
    assert "没有网格员" in page


def test_the_page_shows_both_sides_and_the_sheet_every_move(
    sign_in: SignIn, proposal: Redrawing
) -> None:
    client = sign_in("east-desk")
    address = reverse("redrawing", args=[proposal.pk])
    page = client.get(address).content.decode()
    for words in ("年度重划", "网一", "包一", "采用这个方案", "原无人包保 1"):
        assert words in page
    assert page.count("锁定</a>") >= 9
    narrow = client.get(address, {"only": "first"}).content.decode()
    assert "示范无人厂" in narrow
    assert "示范19号厂" not in narrow
    sent = client.get(address, {"export": "xlsx"})
    book = load_workbook(io.BytesIO(b"".join(sent)))
    rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]  # a sheet
    assert len(rows) == 1 + proposal.moved
    assert rows[0][0] == "企业"
    assert client.get(address, {"load": "all"}).status_code == 200
    for kind in ("redrawings", "redrawing_pins", "redrawing_rules"):
        assert client.get(reverse(kind)).status_code == 200


def test_the_map_of_both_sides_is_painted_alike(sign_in: SignIn, proposal: Redrawing) -> None:
    client = sign_in("east-desk")
    sides = [
        json.loads(client.get(reverse("redrawing_map", args=[proposal.pk, side])).content)
        for side in ("before", "after")
    ]
    assert sides[0]["scale"] == sides[1]["scale"]
    today = {one["properties"]["code"]: one["properties"] for one in sides[0]["features"]}
    after = {one["properties"]["code"]: one["properties"] for one in sides[1]["features"]}
    assert today["C-02"]["enterprises"] == 0
    assert max(one["enterprises"] for one in after.values()) <= 110
    assert (sides[0]["moves"], sides[1]["moves"][0]["count"]) == ([], after["C-02"]["count"])
    assert client.get(reverse("redrawing_map", args=[proposal.pk, "x"])).status_code == 404


def test_the_officers_add_up(proposal: Redrawing, of: Of) -> None:
    with acting(of("east-desk")):
        shares = queries.officer_shares(row=proposal)
    assert sum(share.firms_after for share in shares) == 21
    assert sum(share.firms_before for share in shares) == 20
    assert sum(share.gets for share in shares) == proposal.moved
    assert sum(share.gives for share in shares) == proposal.moved - 1
    assert max(share.percent_after for share in shares) <= 110


def test_a_page_of_more_moves_asks_no_more_questions(
    sign_in: SignIn, town: Lopsided, of: Of
) -> None:
    client, by = sign_in("east-desk"), of("east-desk")

    def questions() -> int:
        with acting(by):
            row = computed(by)
        address = reverse("redrawing", args=[row.pk])
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    few = questions()
    with acting(by):
        for number in range(20, 40):
            firm = make_firm(by, name=f"示范{number}号厂", cell=town.full)
            registry.assign_steward(by=by, now=NOW, party=firm, post=town.busy)
    assert questions() == few


def test_accepting_and_taking_back_by_the_page(
    sign_in: SignIn, proposal: Redrawing, town: Lopsided
) -> None:
    client = sign_in("east-economy")
    address = reverse("redrawing", args=[proposal.pk])
    with acting(town.by):
        registry.move_to_cell(by=town.by, now=NOW, party=town.firms[19], cell=town.empty)
    assert "已调到其他单元" in client.get(address).content.decode()
    accept = reverse("redrawing_accept", args=[proposal.pk])
    refused = client.post(accept, {"since": ""}, headers=HX)
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#error-leave_out")
    assert client.post(accept, {"leave_out": "yes"}).status_code == 302
    page = client.get(address).content.decode()
    assert "已生效" in page
    assert reverse("redrawing_undo", args=[proposal.pk]) in page
    client.post(reverse("redrawing_undo", args=[proposal.pk]))
    with acting(town.by):
        assert Stewardship.objects.filter(post=town.busy, until__isnull=True).count() == 20


def test_a_firm_is_pinned_by_its_name_and_unpinned(sign_in: SignIn, town: Lopsided) -> None:
    client = sign_in("east-desk")
    pins = reverse("redrawing_pins")
    given = {"party": "没有这家", "kind": "cell", "reason": "在建"}
    assert client.post(pins, given, headers=HX)["HX-Retarget"] == "#error-party"
    assert client.post(pins, given | {"party": "示范3号厂"}).status_code == 302
    assert "示范3号厂" in client.get(pins).content.decode()
    with acting(town.by):
        pin = RedrawingPin.objects.get()
    client.post(reverse("redrawing_unpin", args=[pin.pk]))
    assert "没有锁定企业" in client.get(pins).content.decode()


def test_a_value_of_the_zone_is_changed_with_its_source(sign_in: SignIn, db: None) -> None:
    client = sign_in("east-admin")
    rules = reverse("redrawing_rules")
    assert "每家企业" in client.get(rules, {"edit": "weight_base"}).content.decode()
    given = {"code": "weight_base", "value": "15", "source": "管委会会议纪要", "version": "0"}
    assert client.post(rules, given).status_code == 302
    assert "管委会会议纪要" in client.get(rules).content.decode()


@pytest.mark.parametrize("who", ["east-officer", "east-power", "west-admin", "city"])
def test_others_find_nothing_there(sign_in: SignIn, proposal: Redrawing, who: str) -> None:
    client = sign_in(who)
    for name in ("redrawing", "redrawing_progress"):
        assert client.get(reverse(name, args=[proposal.pk])).status_code == 404
    for name in ("redrawing_accept", "redrawing_stop", "redrawing_again", "redrawing_undo"):
        assert client.post(reverse(name, args=[proposal.pk])).status_code in (404, 403)
    assert client.get(f"/api/v1/redrawings/{proposal.pk}").status_code in (404, 422)


def test_the_api_does_what_the_pages_do(sign_in: SignIn, town: Lopsided) -> None:
    client = sign_in("east-desk")

    def post(path: str, body: object = None, method: str = "post") -> tuple[int, object]:
        answer = getattr(client, method)(
            f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json"
        )
        return answer.status_code, answer.json()

    status, asked = post("redrawings", {"values": {"weight_base": 11}, "note": "接口"})
    assert status == 201
    number = asked["id"]  # type: ignore[index]  # a JSON object
    jobs.work_on_redrawing(zone_id=town.by.zone_id, number=number, post_id=town.by.post_id)
    read = client.get(f"/api/v1/redrawings/{number}").json()
    assert (read["state"], read["moved"]) == ("ready", 9)
    assert len(client.get(f"/api/v1/redrawings/{number}/moves").json()["rows"]) == 9
    assert len(client.get(f"/api/v1/redrawings/{number}/officers").json()) == 2
    assert client.get(f"/api/v1/redrawings/{number}/conflicts").json() == []
    assert post(f"redrawings/{number}/accept")[0] == 200
    status, back = post(f"redrawings/{number}/undo")
    assert (status, back["state"]) == (200, "undone")  # type: ignore[index]  # a JSON object
    for path in ("stop", "again", "drop"):
        assert post(f"redrawings/{number}/{path}")[0] == 422
    assert post("redrawings", {"values": {"x": 1}})[0] == 422
    status, _rules = post(
        "redrawing-rules/weight_km", {"value": 2, "source": "会议", "version": 0}, "put"
    )
    assert status == 200
    pin = {"party_id": town.firms[0].pk, "kind": "officer", "reason": "在建"}
    status, pinned = post("redrawing-pins", pin)
    assert status == 201
    assert len(client.get("/api/v1/redrawing-pins").json()) == 1
    assert client.delete(f"/api/v1/redrawing-pins/{pinned['id']}").status_code == 200  # type: ignore[index]  # a JSON object
    assert client.get("/api/v1/redrawings").json()[0]["id"] == number
    assert any(
        rule["code"] == "weight_km" and rule["value"] == 2
        for rule in client.get("/api/v1/redrawing-rules").json()
    )
