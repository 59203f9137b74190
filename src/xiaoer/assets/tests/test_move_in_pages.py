"""Pages and API of the joint review: the register, one from opening to the decision, outside."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.models import Building, MoveIn, MoveInItem, Occupancy, Unit
from xiaoer.assets.tests.moving import PAPER, Park, build_park
from xiaoer.base import actions as base
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting
from xiaoer.registry.models import Park as Place
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


@pytest.fixture
def park(of: Of) -> Park:
    return build_park(of)


def outside(park: Park, sign_in: SignIn, party: Party, role: Role, name: str) -> Client:
    """Somebody of a firm, signed in."""
    by = park.of("east-admin")
    with acting(by):
        person = base.add_person(by=by, now=NOW, name="赵一", phone="13900000009", work_no=name)
        base.give_post(
            by=by, now=NOW, person=person, role=role, party_ref=party.pk, since=date(2026, 1, 1)
        )
        base.give_account(
            by=by, now=NOW, person=person, username=name, password="correct-horse-7",
            must_change=False,
        )  # fmt: skip
    return sign_in(name)


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_from_opening_to_the_decision_on_pages(park: Park, sign_in: SignIn) -> None:
    staff = sign_in("east-economy")
    assert "1-1" in shown(staff, "/move-ins/new/")
    made = staff.post(
        "/move-ins/new/",
        {"name": "光伏热场二期", "party": park.firm.name, "way": "new", "investment": "6800",
         "units": [str(unit.pk) for unit in park.units], "content": "年产石墨热场三千套"},
    )  # fmt: skip
    assert made.status_code == 302
    page = made["Location"]
    assert "6,800" in shown(staff, page)
    staff.post(
        f"{page}act/",
        {"what_to_do": "paper", "name": "申请表",
         "paper": SimpleUploadedFile("a.pdf", PAPER % b"a", "application/pdf")},
    )  # fmt: skip
    start = shown(staff, f"{page}start/")
    assert park.operator.name in start and "产业政策" in start
    with acting(park.of("east-admin")):
        policy = MoveInItem.objects.get(code="policy")
    key = f"9-{park.operator.pk}"
    begun = staff.post(
        f"{page}start/",
        {"asked": [str(policy.pk), key], f"topic-{policy.pk}": "产业政策", f"days-{policy.pk}": "3",
         f"office-{policy.pk}": str(park.office("自然资源分局").pk), f"topic-{key}": "园区承载",
         f"days-{key}": "2", "operator": str(park.operator.pk),
         f"operator-{key}": str(park.operator.pk)},
    )  # fmt: skip
    assert begun.status_code == 302
    with acting(park.of("east-admin")):
        row = MoveIn.objects.get()
    land = sign_in("east-land")
    assert "请出具意见" in shown(land, page)
    land.post(
        f"{page}act/",
        {"what_to_do": "say", "opinion": str(park.opinion(row, "产业政策").pk), "says": "yes",
         "version": "1"},
    )  # fmt: skip
    runs = outside(park, sign_in, park.operator, Role.PARK_OPERATOR, "runs")
    assert "光伏热场二期" in shown(runs, "/my/move-ins/")
    mine = shown(runs, f"/my/move-ins/{row.pk}/")
    assert "请出具意见" in mine and "自然资源分局" not in mine
    said = runs.post(
        f"/my/move-ins/{row.pk}/",
        {"what_to_do": "say", "opinion": str(park.opinion(row, "园区承载").pk), "says": "yes",
         "version": "1"},
    )  # fmt: skip
    assert said.status_code == 302
    leader = sign_in("east-leader")
    decided = leader.post(
        f"{page}act/",
        {"what_to_do": "decide", "verdict": "approved", "version": str(park.fresh(row).version)},
    )
    assert decided.status_code == 302, decided.content.decode()[-2000:]
    with acting(park.of("east-admin")):
        assert MoveIn.objects.get().state == "approved"
        # Approved, its units are kept for it.
        assert Occupancy.objects.filter(kind="reserved", party=park.firm).count() == 2
    assert "任务清单" in shown(staff, page)


def test_a_firm_applies_and_a_stranger_finds_nothing(park: Park, sign_in: SignIn) -> None:
    firm = outside(park, sign_in, park.firm, Role.ENTERPRISE, "firm")
    made = firm.post("/my/move-ins/", {"name": "热场三期", "content": "年产三千套"})
    assert made.status_code == 302
    assert "热场三期" in shown(firm, made["Location"])
    stranger = outside(park, sign_in, park.stranger, Role.ENTERPRISE, "stranger")
    assert stranger.get(made["Location"]).status_code == 404
    assert stranger.get("/move-ins/").status_code in (302, 403, 404)
    assert sign_in("west-economy").get("/move-ins/1/").status_code == 404


def many_units(park: Park) -> None:
    """A park of its own whose units are too many to look through."""
    by = park.of("east-admin")
    with acting(by):
        place = Place.objects.create(zone_id=by.zone_id, code="gq", name="光启园区")
        building = Building.objects.create(
            zone_id=by.zone_id,
            name="2#厂房",
            kind=Building.Kind.WORKSHOP,
            area_m2=90000,
            park=place,
        )
        Unit.objects.bulk_create(
            Unit(
                zone_id=by.zone_id, building=building, code=f"{n:03}", area_m2=900,
                since=date(2024, 1, 1),
            )
            for n in range(1, 61)
        )  # fmt: skip


def test_a_free_unit_is_found_by_pieces_of_park_building_and_number(
    park: Park, sign_in: SignIn
) -> None:
    staff = sign_in("east-economy")
    assert "unit_text" not in shown(staff, "/move-ins/new/"), "few units need no search"
    many_units(park)
    assert "另有 38 个空置单元" in shown(staff, "/move-ins/new/")
    ticked = park.units[0].pk
    for typed in ("光启 037", "2号厂房０３７", " 2#  37 "):
        part = staff.get(
            "/move-ins/new/", {"part": "units", "unit_text": typed, "units": ticked}
        ).content.decode()
        assert "2#厂房 037" in part and part.count("<label") == 2, typed
        assert f'value="{ticked}" checked' in part, "what is ticked stays"
    nothing = staff.get("/move-ins/new/", {"part": "units", "unit_text": "999"}).content.decode()
    assert "没有空置单元符合“999”" in nothing and "/carriers/?q=999" in nothing
    assert sign_in("east-power").get("/move-ins/new/?part=units").status_code == 422
    other = sign_in("west-economy").get("/move-ins/new/?part=units&unit_text=037").content.decode()
    assert "2#厂房" not in other


def test_without_script_the_search_looks_first_and_keeps_what_was_typed(
    park: Park, sign_in: SignIn
) -> None:
    many_units(park)
    staff = sign_in("east-economy")
    typed = {
        "name": "光伏热场二期", "party": park.firm.name, "way": "cage", "content": "年产三千套",
        "units": [park.units[0].pk], "unit_text": "光启 037", "unit_shown": "",
    }  # fmt: skip
    answer = staff.post("/move-ins/new/", typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    with acting(park.of("east-admin")):
        assert not MoveIn.objects.exists()
    assert "2#厂房 037" in page and "光伏热场二期" in page and "年产三千套" in page
    assert 'value="cage" required checked' in page
    with acting(park.of("east-admin")):
        found = Unit.objects.get(code="037")
    again = {**typed, "units": [park.units[0].pk, found.pk], "unit_shown": "光启 037"}
    made = staff.post("/move-ins/new/", again)
    assert made.status_code == 302
    with acting(park.of("east-admin")):
        assert set(MoveIn.objects.get().units.values_list("code", flat=True)) == {"1-1", "037"}
    change = made["Location"] + "change/"
    assert "037" in shown(staff, change)
    looked = staff.post(change, {**again, "unit_text": "060"}).content.decode()
    assert "2#厂房 060" in looked and looked.count(" checked") == 3


def test_papers_open_for_the_operator_once_the_review_has_begun(
    park: Park, sign_in: SignIn
) -> None:
    row = park.in_review()
    with acting(park.of("east-admin")):
        paper = row.papers.get()
    runs = outside(park, sign_in, park.operator, Role.PARK_OPERATOR, "runs")
    assert runs.get(f"/move-ins/papers/{paper.pk}/").status_code == 200
    stranger = outside(park, sign_in, park.stranger, Role.PARK_OPERATOR, "stranger")
    assert stranger.get(f"/move-ins/papers/{paper.pk}/").status_code == 404


def test_the_register_filters_and_exports(park: Park, sign_in: SignIn) -> None:
    park.in_review()
    desk = sign_in("east-desk")
    assert "光伏热场二期" in shown(desk, "/move-ins/?state=review")
    assert "光伏热场二期" not in shown(desk, "/move-ins/?state=refused")
    assert "光伏热场二期" in shown(sign_in("east-land"), "/move-ins/?mine=yes")
    assert "光伏热场二期".encode() in b"".join(
        desk.get("/move-ins/?export=csv").streaming_content  # type: ignore[attr-defined]  # a streamed sheet
    )


def test_the_zones_list_is_changed_on_its_page(park: Park, sign_in: SignIn) -> None:
    admin = sign_in("east-admin")
    assert "安全生产" in shown(admin, "/move-ins/items/")
    with acting(park.of("east-admin")):
        item = MoveInItem.objects.get(code="safety")
    office = park.office("管委会")
    admin.post(
        f"/move-ins/items/{item.pk}/",
        {
            "name": "安全",
            "office": office.pk,
            "working_days": "7",
            "is_used": "yes",
            "version": "1",
        },
    )
    with acting(park.of("east-admin")):
        item.refresh_from_db()
    assert (item.name, item.working_days, item.office_id) == ("安全", 7, office.pk)


def test_the_api_says_what_pages_say(park: Park, sign_in: SignIn) -> None:
    row = park.in_review()
    staff = sign_in("east-economy")
    listed = staff.get("/api/v1/move-ins").json()
    assert [one["id"] for one in listed] == [row.pk]
    assert len(listed[0]["opinions"]) == 3 and len(listed[0]["unit_ids"]) == 2
    runs = outside(park, sign_in, park.operator, Role.PARK_OPERATOR, "runs")
    seen = runs.get(f"/api/v1/move-ins/{row.pk}").json()
    assert [one["topic"] for one in seen["opinions"]] == ["园区承载"]
    said: Any = runs.post(
        f"/api/v1/move-in-opinions/{seen['opinions'][0]['id']}",
        {"says": "if", "words": "行车自备"},
        content_type="application/json",
    )
    assert said.json()["opinions"][0]["says"] == "if", said.content
    refused = staff.post(
        f"/api/v1/move-ins/{row.pk}/decision",
        {"verdict": "approved"},
        content_type="application/json",
    )
    assert refused.status_code == 422


def test_pages_ask_as_often_for_many_move_ins_as_for_one(
    park: Park, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    park.in_review()
    desk = sign_in("east-desk")
    shown(desk, "/move-ins/")
    with django_assert_max_num_queries(60) as one:
        shown(desk, "/move-ins/")
    for n in range(4):
        park.do(
            "east-economy", assets.open_move_in, facts=park.facts(name=f"项目{n}"), units=park.units
        )
    with django_assert_max_num_queries(60) as many:
        shown(desk, "/move-ins/")
    assert len(many) == len(one)
