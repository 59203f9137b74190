"""The registry as people and programs meet it."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.base.models import AccessMiss, JournalLine
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import actions as registry
from xiaoer.registry import queries
from xiaoer.registry.models import Party
from xiaoer.registry.queries import EnterpriseFilter
from xiaoer.registry.tests.people import make_cell, make_firm, post_of

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
PHONE = "13812342206"


@pytest.fixture
def firm(of: Of) -> Party:
    by = of("east-desk")
    with acting(by):
        firm = make_firm(
            by, name="示范甲厂", cell=make_cell(by), contact_phone=PHONE, capital_fen=5_000_000_00
        )
        registry.assign_steward(by=by, now=NOW, party=firm, post=post_of("east-officer"))
    return firm


ADDRESSES = (
    "/enterprises/{}/",
    "/enterprises/{}/overview/",
    "/enterprises/{}/registration/",
    "/enterprises/{}/history/",
    "/enterprises/{}/edit/",
    "/enterprises/{}/place/",
    "/enterprises/{}/people/",
    "/enterprises/{}/merge/",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_enterprise_of_another_zone_is_not_there_and_the_try_is_counted(
    firm: Party, sign_in: SignIn, address: str
) -> None:
    west = sign_in("west-desk")
    assert west.get(address.format(firm.pk)).status_code == 404
    assert AccessMiss.objects.filter(path=address.format(firm.pk)).count() == 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_its_own_staff_see_every_page_of_it_without_its_full_phone(
    firm: Party, sign_in: SignIn, address: str
) -> None:
    answer = sign_in("east-desk").get(address.format(firm.pk))
    assert answer.status_code == 200
    assert PHONE not in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/enterprises/",
        "/enterprises/?q=sf",
        "/enterprises/?q=%00",
        "/enterprises/?sort=-capital&after=7~x",
        "/enterprises/?sort=nonsense&grid=x&cell=99999999999999999999&status=%27&section=1",
        "/enterprises/?after=99999999999999999999~a",
        "/enterprises/?only=no_steward",
        "/enterprises/?only=monitoring",
        "/enterprises/?only=outside",
        "/enterprises/add/?name=%3Cscript%3E",
        "/grid/",
        "/grid/outlines.json",
        "/parks/",
        "/officers/",
        "/monitoring-firms/",
    ],
)
def test_pages_stand_whatever_the_address_says(firm: Party, sign_in: SignIn, address: str) -> None:
    answer = sign_in("east-officer").get(address)
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().replace('<script type="', "")


def test_the_city_reads_lists_and_changes_nothing(firm: Party, sign_in: SignIn) -> None:
    city = sign_in("city")
    assert city.get("/enterprises/").status_code == 200
    assert city.get(f"/enterprises/{firm.pk}/").status_code == 200
    assert city.get(f"/enterprises/{firm.pk}/edit/").status_code == 404
    assert city.post(f"/enterprises/{firm.pk}/phone/").status_code == 404


def test_the_full_phone_is_shown_on_asking_and_the_look_is_kept(
    firm: Party, sign_in: SignIn, of: Of
) -> None:
    answer = sign_in("east-officer").post(f"/enterprises/{firm.pk}/phone/")
    assert PHONE in answer.content.decode()
    with acting(of("east-officer")):
        assert JournalLine.objects.filter(verb="look_at_phone", party_ref=firm.pk).count() == 1


def test_a_miss_offers_to_add_what_was_typed(sign_in: SignIn) -> None:
    answer = sign_in("east-officer").get("/enterprises/", {"q": "从未有过的厂"}).content.decode()
    assert "/enterprises/add/?name=%E4%BB%8E%E6%9C%AA" in answer


def test_a_form_sent_twice_adds_one_firm(sign_in: SignIn, of: Of) -> None:
    client = sign_in("east-officer")
    form = {"name": "示范乙厂", "kind": "firm", "once": "12345678-1234-4234-8234-123456789012"}
    first, second = (client.post("/enterprises/add/", form) for _time in range(2))
    assert first["Location"] == second["Location"]
    with acting(of("east-officer")):
        assert Party.objects.filter(name="示范乙厂").count() == 1


def test_what_cannot_be_read_is_told_beside_its_field(sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    for field, typed in (("capital", "很多"), ("registered_on", "昨天吧"), ("credit_code", "123")):
        form = {"name": "示范乙厂", "kind": "firm", field: typed}
        answer = client.post("/enterprises/add/", form, headers={"HX-Request": "true"})
        assert answer.status_code == 422
        assert answer["HX-Retarget"] == f"#error-{field}"


def test_the_export_is_exactly_what_is_filtered_and_no_formula(sign_in: SignIn, of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        cell = make_cell(by)
        for number in range(60):
            make_firm(by, name=f"示范{number:02d}厂", cell=cell)
        make_firm(by, name="=cmd|' /C calc'!A0", cell=cell)
        make_firm(by, name="示范在外厂")
    answer = sign_in("east-officer").get("/enterprises/?export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a streamed answer
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 62
    assert not any(cell.startswith("=") for row in rows for cell in row)
    book = sign_in("east-officer").get("/enterprises/?export=xlsx&q=示范0")
    assert b"".join(book.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]  # a streamed answer


@pytest.mark.parametrize(
    "sort", ["name", "-name", "registered_on", "-registered_on", "capital", "-capital"]
)
def test_turning_pages_shows_every_enterprise_once(of: Of, sort: str) -> None:
    by = of("east-desk")
    with acting(by):
        cell = make_cell(by)
        for number in range(107):
            make_firm(
                by,
                name=f"示范{number:03d}厂",
                cell=cell,
                capital_fen=None if number % 3 else number % 7,
                registered_on=None if number % 4 else NOW.date(),
            )
        seen: list[int] = []
        after: str | None = None
        while True:
            shown = queries.enterprise_page(
                by=by, filters=EnterpriseFilter(), sort=sort, after=after
            )
            seen += [row.id for row in shown.rows]
            after = shown.after
            if after is None:
                break
        exported = [
            row.id
            for row in queries.every_enterprise(
                by=by, filters=EnterpriseFilter(), sort=sort, batch=10
            )
        ]
    assert len(seen) == len(set(seen)) == 107
    assert exported == seen


def test_a_stranger_asks_with_a_code_and_learns_nothing_without(
    firm: Party, of: Of, client: Client
) -> None:
    officer = of("east-officer")
    with acting(officer):
        code = registry.issue_code(by=officer, now=NOW, party=firm)
    page = client.get("/zones/east/represent/")
    assert page.status_code == 200 and "示范甲厂" not in page.content.decode()
    form: dict[str, Any] = {"name": "赵示范", "phone": "13800002206", "title": "经理"}
    wrong = client.post("/zones/east/represent/", form | {"code": "AAAA-BBBB-CCCC"})
    assert wrong.status_code == 422
    assert client.get("/zones/nowhere/represent/").status_code == 404
    assert code


def test_the_programs_door_speaks_the_pages_words(firm: Party, sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    listed = client.get("/api/v1/enterprises?sort=-capital").json()
    assert [row["name"] for row in listed["rows"]] == ["示范甲厂"]
    one = client.get(f"/api/v1/enterprises/{firm.pk}").json()
    assert one["masked_phone"] == "138 **** 2206" and PHONE not in str(one)
    stale = client.patch(
        f"/api/v1/enterprises/{firm.pk}",
        {"version": 99, "address": "示范路"},
        content_type="application/json",
    )
    assert stale.status_code == 422 and "台一" in stale.json()["message"]
    assert sign_in("west-officer").get(f"/api/v1/enterprises/{firm.pk}").status_code == 404


def test_a_merged_entry_is_only_read(firm: Party, sign_in: SignIn, of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        double = make_firm(by, name="示范甲工厂", contact_phone="13800002206")
        registry.merge_parties(by=by, now=NOW, kept=firm, duplicate=double)
    client = sign_in("east-desk")
    page = client.get(f"/enterprises/{double.pk}/").content.decode()
    assert f"/enterprises/{firm.pk}/" in page
    assert f"/visits/new/{double.pk}/" not in page and f"/{double.pk}/edit/" not in page
    part = client.get(f"/enterprises/{double.pk}/overview/").content.decode()
    assert f"/{double.pk}/place/" not in part and f"/{double.pk}/phone/" not in part
    answer = client.post(f"/enterprises/{double.pk}/close/", {"status": "moved_out", "reason": "x"})
    assert answer.status_code == 422


def test_a_firm_page_asks_other_rooms_for_their_parts(firm: Party, sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    page = client.get(f"/enterprises/{firm.pk}/").content.decode()
    part = client.get(f"/enterprises/{firm.pk}/overview/").content.decode()
    for address in ("requests/light/", "visits/last/"):
        assert f'hx-get="/enterprises/{firm.pk}/{address}"' in page
    for address in ("requests/card/", "tasks/", "visits/card/", "figures/"):
        assert f'hx-get="/enterprises/{firm.pk}/{address}"' in part


def test_a_history_names_acts_and_not_the_tasks_that_came_and_went(
    firm: Party, sign_in: SignIn
) -> None:
    page = sign_in("east-officer").get(f"/enterprises/{firm.pk}/history/").content.decode()
    assert "登记" in page and "system" not in page
