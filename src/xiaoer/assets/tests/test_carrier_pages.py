"""Pages of carriers: found, drawn, let, by staff and by the firm that runs the building."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.town import NOW, coming
from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.models import Building, CarrierFile, Lease, Occupancy, Unit
from xiaoer.assets.queries import UnitFilter, UnitState
from xiaoer.assets.tests.carriers import TODAY, Workshop, build, picture, somebody_of
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


@pytest.fixture
def ground(of: Of) -> Workshop:
    return build(of)


@pytest.fixture
def staff(sign_in: SignIn) -> Client:
    return sign_in("east-economy")


@pytest.fixture
def runner(ground: Workshop) -> Client:
    """Somebody of the firm that runs the building, signed in."""
    return somebody_of(ground, ground.operator.party_ref, Role.PARK_OPERATOR, "runner")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_the_register_is_filtered_counted_and_exported(ground: Workshop, staff: Client) -> None:
    with acting(ground.by):
        ground.let(ground.units[0], since=date(2026, 1, 1))
    page = text(staff, "/carriers/")
    assert "3号厂房" in page
    assert "东区变压器有限公司" in page
    page = text(staff, "/carriers/?state=vacant&q=10")
    assert "102" in page
    assert "东区变压器有限公司" not in page
    sheet = staff.get("/carriers/?export=csv&state=let")
    words = sheet.getvalue().decode("utf-8-sig")
    assert ",101," in words
    assert ",102," not in words


def test_the_state_of_a_list_is_the_state_of_the_page(ground: Workshop) -> None:
    with acting(ground.by):
        first, second, above = ground.units
        ground.let(first, since=date(2025, 1, 1), until=date(2026, 11, 1))
        assets.draft_lease(
            by=ground.by, now=NOW, facts=ground.facts("ZL-2", since=TODAY), units=[second]
        )
        assets.hold_unit(by=ground.by, now=NOW, unit=above, hold="kept", why="留作展厅")
        for mark in ("", "idle"):
            if mark:
                assets.hold_unit(by=ground.by, now=NOW, unit=first, hold=mark, why="空着")
            rows = queries.units(zone_id=ground.by.zone_id, filters=UnitFilter(), on=TODAY)
            shown = {one.unit.code: one.state for one in queries.standings(rows, TODAY)}
            assert {row.code: row.state for row in rows} == shown
        assert shown == {
            "101": UnitState.IDLE, "102": UnitState.RESERVED, "201": UnitState.KEPT
        }  # fmt: skip


def test_a_building_is_entered_with_its_units_and_drawn(ground: Workshop, staff: Client) -> None:
    answer = staff.post(
        "/carriers/buildings/new/",
        {"name": "5号厂房", "kind": "workshop", "state": "built", "area_m2": "1.2万平方米",
         "floors": "2", "operator": "东区园区运营有限公司", "is_accepted": "yes"},
    )  # fmt: skip
    assert answer.status_code in (204, 302), answer.content.decode()[:2000]
    with acting(ground.by):
        made = Building.objects.get(name="5号厂房")
        assert made.area_m2 == 12000
    staff.post(
        f"/carriers/buildings/{made.pk}/units/new/",
        {"code": "1F-东", "floor": "1", "area_m2": "3000", "height_m": "", "has_gas": "", "rent": "14.5"},
    )  # fmt: skip
    with acting(ground.by):
        unit = Unit.objects.get(building=made)
        assert (unit.height_m, unit.has_gas, unit.rent_fen) == (None, None, 1450)
    assert "1F-东" in text(staff, f"/carriers/buildings/{made.pk}/")
    answer = staff.post(
        f"/carriers/buildings/{made.pk}/units/new/", {"code": "x", "floor": "9", "area_m2": "1"}
    )
    assert answer.status_code == 422


def test_a_lease_is_drawn_up_begun_and_ended_on_its_pages(ground: Workshop, staff: Client) -> None:
    unit = ground.units[0]
    assert "1,500" in text(staff, f"/carriers/leases/new/?unit={unit.pk}")
    given = {
        "unit": str(unit.pk), "number": "ZL-9", "party": "东区变压器有限公司", "since": "2026-01-01",
        "until": "2027-12-31", "rent": "22500", "deposit": "67500", "notice_days": "90",
        "promise_tax_wan": "120",
    }  # fmt: skip
    assert staff.post("/carriers/leases/new/", given).status_code in (204, 302)
    with acting(ground.by):
        lease = Lease.objects.get()
        assert (lease.rent_fen, lease.promises) == (2_250_000, {"tax_wan": "120"})
    page = f"/carriers/leases/{lease.pk}/"
    staff.post(page + "act/", {"what_to_do": "begin", "deposit_paid_on": "2026-01-01"})
    assert "ZL-9" in text(staff, page)
    other = staff.post("/carriers/leases/new/", {**given, "number": "ZL-10"})
    assert other.status_code == 422
    assert "ZL-9" in other.content.decode()
    staff.post(page + "act/", {"what_to_do": "break", "on": "2026-06-30", "why": "欠租"})
    assert "欠租" in text(staff, page)
    assert "ZL-9" in text(staff, f"/carriers/units/{unit.pk}/")


def test_an_operator_works_on_its_own_pages(ground: Workshop, runner: Client) -> None:
    unit = ground.units[0]
    with acting(ground.by):
        ground.let(ground.units[1], since=date(2026, 1, 1))
    assert "东区变压器有限公司" in text(runner, "/carriers/")
    for page in (
        "buildings/",
        "leases/",
        "map/",
        f"buildings/{ground.building.pk}/",
        f"units/{unit.pk}/",
    ):
        text(runner, f"/carriers/{page}")
    answer = runner.post(
        f"/carriers/units/{unit.pk}/act/",
        {"what_to_do": "reserve", "party": "东区水泥有限公司", "until": coming(40)},
    )
    assert answer.status_code in (204, 302), answer.content.decode()[:3000]
    with acting(ground.by):
        assert Occupancy.objects.filter(unit=unit, party=ground.other).count() == 1
    assert runner.get("/carriers/buildings/new/").status_code == 404
    assert runner.post(f"/carriers/units/{unit.pk}/act/", {"what_to_do": "sell"}).status_code == 422


def test_pictures_are_kept_and_scripts_are_not(
    ground: Workshop, staff: Client, runner: Client
) -> None:
    unit = ground.units[0]
    page = f"/carriers/units/{unit.pk}/"
    bad = SimpleUploadedFile(
        "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
    )
    for kind in ("picture", "plan"):
        bad.seek(0)
        assert staff.post(page + "files/", {"kind": kind, "file": bad}).status_code == 422
    good = SimpleUploadedFile("平面图.png", picture())
    assert staff.post(page + "files/", {"kind": "plan", "file": good}).status_code in (204, 302)
    with acting(ground.by):
        row = CarrierFile.objects.get()
    for client in (staff, runner):
        assert client.get(f"/carriers/files/{row.pk}/file/").status_code == 200
    assert runner.post(page + "files/", {"remove": row.pk}).status_code in (204, 302)
    assert staff.get(f"/carriers/files/{row.pk}/file/").status_code == 404


def test_pages_ask_a_fixed_number_of_questions(
    ground: Workshop, staff: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with acting(ground.by):
        for number in range(12):
            unit = assets.add_unit(
                by=ground.by, now=NOW, building=ground.building,
                facts=assets.UnitFacts(code=f"3{number:02}", area_m2=ground.units[0].area_m2, floor=3),
            )  # fmt: skip
            if number % 2:
                ground.let(unit, number=f"N-{number}", since=TODAY)
    for page in ("", "buildings/", "leases/", "map/", f"buildings/{ground.building.pk}/"):
        with django_assert_max_num_queries(24):  # type: ignore[attr-defined]  # a fixture of pytest-django
            text(staff, f"/carriers/{page}")


def test_another_zone_finds_nothing(ground: Workshop, sign_in: SignIn) -> None:
    west = sign_in("west-economy")
    assert "3号厂房" not in text(west, "/carriers/")
    for page in (f"buildings/{ground.building.pk}/", f"units/{ground.units[0].pk}/"):
        assert west.get(f"/carriers/{page}").status_code == 404


def test_pictures_of_a_parcel_are_kept_on_its_page(ground: Workshop, staff: Client) -> None:
    with acting(ground.by):
        facts = assets.ParcelFacts(number="G-1", area_m2=Decimal(20_000), stage_on=TODAY)
        row = assets.add_parcel(by=ground.by, now=NOW, facts=facts)
    bad = SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>")
    files = f"/carriers/parcels/{row.pk}/files/"
    assert staff.post(files, {"kind": "picture", "file": bad}).status_code == 422
    good = SimpleUploadedFile("红线图.png", picture())
    assert staff.post(files, {"kind": "plan", "file": good}).status_code in (204, 302)
    assert "红线图.png" in text(staff, f"/land/{row.pk}/")
    with acting(ground.by):
        kept = CarrierFile.objects.get()
    assert staff.post(files, {"remove": kept.pk}).status_code in (204, 302)
    assert "红线图.png" not in text(staff, f"/land/{row.pk}/")


# The tenant's own pages ---------------------------------------------------------------------------


def test_a_firm_sees_what_it_rents_and_nobody_elses(ground: Workshop, staff: Client) -> None:
    with acting(ground.by):
        mine = ground.let(
            ground.units[0], ground.units[1], since=date(2025, 1, 1), until=date(2027, 1, 10)
        )
        other = ground.let(ground.units[2], number="ZL-2", party=ground.other, since=TODAY)
    paper = SimpleUploadedFile("租赁合同.png", picture())
    act = f"/carriers/leases/{mine.pk}/act/"
    assert staff.post(act, {"what_to_do": "paper", "paper": paper}).status_code in (204, 302)
    tenant = somebody_of(ground, ground.party.pk, Role.ENTERPRISE, "tenant")
    shown = text(tenant, "/my/leases/")
    for words in ("3号厂房", "101、102", "ZL-1", "东区园区运营有限公司"):
        assert words in shown, words
    assert "ZL-2" not in shown
    page = text(tenant, f"/my/leases/{mine.pk}/")
    assert "2,700" in page
    assert tenant.get(f"/my/leases/{mine.pk}/file/").status_code == 200
    assert staff.get(f"/carriers/leases/{mine.pk}/file/").status_code == 200
    for address in (f"/my/leases/{other.pk}/", f"/my/leases/{other.pk}/file/", "/carriers/leases/"):
        assert tenant.get(address).status_code == 404, address
    told = tenant.get("/api/v1/my-leases").json()
    assert [(one["number"], one["ask_on"], one["run_by"]) for one in told] == [
        ("ZL-1", "2026-10-12", ["东区园区运营有限公司"])
    ]
    assert tenant.get(f"/api/v1/my-leases/{other.pk}").status_code == 404
    assert staff.get("/api/v1/my-leases").status_code == 404


def test_a_firm_that_rents_nothing_is_told_what_to_do(ground: Workshop) -> None:
    tenant = somebody_of(ground, ground.other.pk, Role.ENTERPRISE, "tenant")
    assert "/my/space/new/" in text(tenant, "/my/leases/")


def test_a_tenant_opens_the_plans_of_what_it_rents(ground: Workshop, staff: Client) -> None:
    with acting(ground.by):
        mine = ground.let(ground.units[0], since=date(2025, 1, 1))
    for number, name in (
        (ground.units[0].pk, "一层平面.png"),
        (ground.units[2].pk, "二层平面.png"),
    ):
        files = f"/carriers/units/{number}/files/"
        staff.post(files, {"kind": "plan", "file": SimpleUploadedFile(name, picture())})
    with acting(ground.by):
        first, second = CarrierFile.objects.order_by("pk")
    tenant = somebody_of(ground, ground.party.pk, Role.ENTERPRISE, "tenant")
    page = text(tenant, f"/my/leases/{mine.pk}/")
    assert "一层平面.png" in page and "二层平面.png" not in page
    assert tenant.get(f"/my/leases/{mine.pk}/files/{first.pk}/file/").status_code == 200
    assert tenant.get(f"/my/leases/{mine.pk}/files/{second.pk}/file/").status_code == 404


# Outlines drawn by hand ---------------------------------------------------------------------------

CORNERS = "116.5870, 35.4150\n116.5890,35.4150\n116°35′20.4″E 35°25′0″N\n（116.5870，35.41667）"


def test_an_officer_draws_where_a_parcel_and_a_building_lie(
    ground: Workshop, staff: Client
) -> None:
    with acting(ground.by):
        facts = assets.ParcelFacts(number="G-1", area_m2=Decimal(20_000), stage_on=TODAY)
        parcel = assets.add_parcel(by=ground.by, now=NOW, facts=facts)
    page = f"/carriers/parcels/{parcel.pk}/outline/"
    assert "G-1" in text(staff, page)
    assert staff.post(page, {"spot": CORNERS, "version": "1"}).status_code in (204, 302)
    with acting(ground.by):
        parcel.refresh_from_db()
    ring = (parcel.outline or {})["coordinates"][0]
    assert (len(ring), ring[0], ring[2]) == (5, [116.587, 35.415], [116.589, 35.4166667])
    # Twice as large as the register says: told, not refused.
    assert "50.5" in text(staff, page)
    assert f"/land/{parcel.pk}/" in text(staff, "/carriers/map/")
    house = f"/carriers/buildings/{ground.building.pk}/outline/"
    drawn = {"type": "Polygon", "coordinates": [ring]}
    assert staff.post(house, {"spot": json.dumps(drawn), "version": "1"}).status_code in (204, 302)
    assert staff.post(page, {"spot": "", "version": "2"}).status_code in (204, 302)
    with acting(ground.by):
        parcel.refresh_from_db()
        assert parcel.outline is None
    # Somebody else drew meanwhile; and whoever does not keep carriers draws nothing.
    assert staff.post(page, {"spot": CORNERS, "version": "2"}).status_code == 422


@pytest.mark.parametrize(
    ("spot", "told"),
    [
        ("35.415, 116.587\n35.415, 116.589\n35.417, 116.589", "先经度"),
        ("39548123.21, 3921456.88\n39548223.21, 3921456.88\n39548223.21, 3921556.88", "第 1 行"),
        ("116.587, 35.415\n东北角", "第 2 行"),
        ("116.587, 35.415\n116.589, 35.415", "三个角点"),
        ("116.587,35.415\n116.589,35.417\n116.589,35.415\n116.587,35.417", "116.58"),
        ("116.587,35.415\n116.58701,35.415\n116.58701,35.41501", "亩"),
        ('{"type": "LineString", "coordinates": []}', "一块地"),
        ("{", "GeoJSON"),
        ("<script>alert(1)</script>", "第 1 行"),
    ],
)
def test_an_outline_that_is_none_is_told_what_is_wrong(
    ground: Workshop, staff: Client, spot: str, told: str
) -> None:
    page = f"/carriers/buildings/{ground.building.pk}/outline/"
    answer = staff.post(page, {"spot": spot, "version": "1"})
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_nobody_outside_draws(ground: Workshop, runner: Client, sign_in: SignIn) -> None:
    page = f"/carriers/buildings/{ground.building.pk}/outline/"
    for client in (runner, sign_in("west-economy")):
        assert client.get(page).status_code == 404
        assert client.post(page, {"spot": CORNERS, "version": "1"}).status_code == 404
    assert sign_in("east-power").post(page, {"spot": CORNERS, "version": "1"}).status_code == 422


def test_the_list_of_buildings_is_narrowed_searched_and_taken_as_a_sheet(
    ground: Workshop, sign_in: SignIn
) -> None:
    client = sign_in("east-officer")
    for asked, is_there in (
        ("", True), ("?state=vacant", True), ("?state=full", False), ("?state=coming", False),
        ("?kind=workshop&q=3号", True), ("?kind=office", False), ("?q=没有的", False),
        ("?state=x&kind=x&park=x&page=99999999999&q=%00", True),
    ):  # fmt: skip
        page = client.get(f"/carriers/buildings/{asked}").content.decode()
        assert (f"/carriers/buildings/{ground.building.pk}/" in page) is is_there, asked
    sheet = client.get("/carriers/buildings/?export=csv")
    assert ground.building.name in b"".join(sheet.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a streamed sheet


def test_a_long_register_of_buildings_goes_on_on_the_next_page(
    ground: Workshop, sign_in: SignIn
) -> None:
    with acting(ground.by):
        for number in range(60):
            assets.add_building(
                by=ground.by, now=NOW,
                facts=assets.BuildingFacts(f"新厂房{number:02d}", "workshop", Decimal(900)),
            )  # fmt: skip
    client = sign_in("east-officer")
    first = client.get("/carriers/buildings/").content.decode()
    second = client.get("/carriers/buildings/?page=2").content.decode()
    assert "新厂房00" in first and "新厂房59" not in first and "新厂房59" in second


def test_a_unit_larger_than_its_building_is_refused_and_too_much_of_them_is_said(
    ground: Workshop, sign_in: SignIn
) -> None:
    staff, page = sign_in("east-economy"), f"/carriers/buildings/{ground.building.pk}/"
    said = {"code": "9", "floor": "1", "area_m2": "9001"}
    no = staff.post(f"{page}units/new/", said)
    assert no.status_code == 422 and "9,000" in no.content.decode()
    assert staff.post(f"{page}units/new/", {**said, "area_m2": "8,000.5"}).status_code == 302
    shown = text(staff, page)
    assert "8,000.5 m²" in shown and "check the areas" not in shown and "请核对" in shown


def test_parts_are_read_as_people_type_them_and_a_slip_names_its_line(
    ground: Workshop, sign_in: SignIn
) -> None:
    staff, unit = sign_in("east-economy"), ground.units[0]
    act = f"/carriers/units/{unit.pk}/act/"
    said = {"what_to_do": "split", "parts": "甲 700㎡\n乙 很多"}
    no = staff.post(act, said)
    assert no.status_code == 422 and "乙 很多" in no.content.decode()
    said["parts"] = "甲 700㎡\n乙，７００.5\n\n"
    assert staff.post(act, said).status_code == 302
    with acting(ground.by):
        made = Unit.objects.filter(until__isnull=True, code__in=["甲", "乙"]).order_by("area_m2")
        assert [one.area_m2 for one in made] == [Decimal(700), Decimal("700.5")]
