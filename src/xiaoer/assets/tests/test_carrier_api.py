"""API of carriers: the same verbs, refusals in the same words."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.town import coming
from xiaoer.assets.tests.carriers import Workshop, build, picture
from xiaoer.assets.tests.test_unit_import import sheet
from xiaoer.base.scope import Actor

Of = Callable[[str], Actor]
API = "/api/v1/carriers"


@pytest.fixture
def ground(of: Of) -> Workshop:
    return build(of)


@pytest.fixture
def staff(ground: Workshop, sign_in: Callable[[str], Client]) -> Client:
    return sign_in("east-economy")


def send(client: Client, address: str, **body: object) -> tuple[int, dict[str, object]]:
    answer = client.post(API + address, body, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_lease_is_drawn_up_begun_and_told(ground: Workshop, staff: Client) -> None:
    unit, other = ground.units[0].pk, ground.units[1].pk
    given = {
        "number": "ZL-1", "party": ground.party.pk, "since": "2026-01-01",
        # It runs today, and does not run out soon.
        "until": coming(500).isoformat(),
        "rent_fen": 2_250_000, "units": [unit], "promises": {"tax_wan": 120},
    }  # fmt: skip
    code, lease = send(staff, "/leases", **given)
    assert (code, lease["state"], lease["units"]) == (201, "draft", [unit])
    assert send(staff, f"/leases/{lease['id']}/begin")[0] == 200
    told = staff.get(f"{API}/units/{unit}").json()
    assert (told["state"], told["is_held"], told["holder"]) == ("let", True, ground.party.name)
    code, said = send(staff, "/leases", **{**given, "number": "ZL-2"})
    assert code == 422
    assert "ZL-1" in str(said["message"])
    page = staff.get(f"{API}/units?state=vacant").json()
    assert {row["code"] for row in page["rows"]} == {"102", "201"}
    code, _said = send(staff, f"/units/{unit}/split", parts=[
        {"code": "A", "area_m2": 700}, {"code": "B", "area_m2": 700}])  # fmt: skip
    assert code == 422
    code, _said = send(staff, f"/units/{other}/reserve", name="来客", until="2099-01-01")
    assert code == 422
    assert len(staff.get(f"{API}/units/{unit}/history").json()) == 1
    assert staff.get(f"{API}/leases?running_out=true").json()["total"] == 0


def test_a_building_and_its_units_are_entered(ground: Workshop, staff: Client) -> None:
    code, made = send(staff, "/buildings", name="9号楼", kind="research", area_m2=5000, floors=5)
    assert code == 201
    code, unit = send(staff, f"/buildings/{made['id']}/units", code="501", area_m2="880.5", floor=5)
    assert (code, unit["height_m"], unit["state"]) == (201, None, "vacant")
    assert send(staff, f"/buildings/{made['id']}/units", code="601", area_m2=1, floor=6)[0] == 422
    code, unit = send(staff, f"/units/{unit['id']}/hold", hold="kept", why="留作展厅")
    assert unit["state"] == "kept"
    assert send(staff, "/parcels", number="2026-9", area_m2=1000)[0] == 201


def test_a_stranger_finds_nothing(ground: Workshop, sign_in: Callable[[str], Client]) -> None:
    west = sign_in("west-economy")
    assert west.get(f"{API}/units").json()["total"] == 0
    assert west.get(f"{API}/units/{ground.units[0].pk}").status_code == 404
    assert send(west, f"/units/{ground.units[0].pk}/hold", hold="kept", why="x")[0] == 404


def test_files_are_hung_listed_and_taken_off(ground: Workshop, staff: Client) -> None:
    unit = f"{API}/units/{ground.units[0].pk}/files"
    bad = SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    assert staff.post(unit, {"kind": "picture", "file": bad}).status_code == 422
    good = SimpleUploadedFile("实景.png", picture())
    made = staff.post(unit, {"kind": "picture", "file": good, "name": "实景"})
    assert made.status_code == 201
    number = made.json()["id"]
    assert [one["name"] for one in staff.get(unit).json()] == ["实景"]
    assert staff.get(f"/api/v1/carrier-files/{number}").status_code == 200
    assert staff.post(f"/api/v1/carrier-files/{number}/remove").status_code == 200
    assert staff.get(unit).json() == []
    building = f"{API}/buildings/{ground.building.pk}/files"
    plan = SimpleUploadedFile("总平.png", picture())
    assert staff.post(building, {"kind": "plan", "file": plan}).status_code == 201
    assert staff.get(f"{API}/towers/1/files").status_code == 422


def test_a_sheet_is_looked_at_and_taken(ground: Workshop, staff: Client) -> None:
    looked = staff.post("/api/v1/carrier-sheets", {"sheet": sheet()})
    assert looked.status_code == 201
    assert {row["outcome"] for row in looked.json()["rows"]} == {"changed", "created", "rejected"}
    taken = staff.post(f"/api/v1/carrier-sheets/{looked.json()['file']}/take")
    assert (taken.status_code, taken.json()["new_buildings"]) == (200, ["8#厂房"])
    [brought] = staff.get("/api/v1/carrier-sheets").json()
    assert (brought["created"], brought["taken_back_at"]) == (2, None)
    back = staff.post(f"/api/v1/carrier-sheets/{brought['id']}/take-back")
    assert (back.status_code, back.json()["stays"]) == (200, [])
    assert staff.post(f"/api/v1/carrier-sheets/{brought['id']}/take-back").status_code == 422
    assert staff.post("/api/v1/carrier-sheets/999999/take-back").status_code == 404
