"""Pages of the registers: opened by those they are for, and hidden from everybody else."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.base.scope import acting
from xiaoer.growth import actions as growth
from xiaoer.growth.actions import TitleFacts
from xiaoer.growth.models import Application, Title
from xiaoer.growth.tests.register import Of, Register, built

SignIn = Callable[[str], Client]
LISTS = (
    "/titles/", "/titles/?state=all&q=变压器", "/titles/?state=expiring", "/titles/new/",
    "/titles/kinds/", "/titles/sheets/", "/platforms/", "/honours/", "/applications/",
    "/applications/new/", "/batches/", "/lists/", "/tech-contracts/",
)  # fmt: skip


@pytest.fixture
def register(of: Of) -> Register:
    return built(of)


def test_every_register_opens_and_is_sent_as_a_sheet(register: Register, sign_in: SignIn) -> None:
    with acting(register.by):
        register.grant("hnte", date(2024, 12, 7))
        register.grant("key_laboratory_provincial", date(2025, 1, 1), name="重点实验室")
        growth.register_title(
            by=register.by,
            now=NOW,
            kind=register.kind("honour_provincial"),
            facts=TitleFacts(
                granted_on=date(2025, 1, 1), name="国际合作特色园区", is_exclusive=True
            ),
        )
    desk = sign_in("east-economy")
    for path in LISTS:
        assert desk.get(path).status_code == 200, path
    for path in ("/titles/", "/applications/", "/tech-contracts/"):
        assert desk.get(path, {"export": "csv"}).status_code == 200
    assert "东区变压器" in desk.get("/titles/").content.decode()


def test_a_title_is_entered_corrected_and_withdrawn_on_its_page(
    register: Register, sign_in: SignIn
) -> None:
    desk = sign_in("east-economy")
    with acting(register.by):
        kind = register.kind("hnte").pk
    said = {"kind": kind, "enterprise": "东区变压器", "granted_on": "2024-12-07"}
    refused = desk.post("/titles/new/", said)
    assert refused.status_code == 422
    assert "东区变压器有限公司" in refused.content.decode()
    desk.post("/titles/new/", {**said, "enterprise": "东区变压器有限公司"})
    with acting(register.by):
        title = Title.objects.get()
        assert title.valid_to == date(2027, 12, 6)
    page = f"/titles/{title.pk}/"
    desk.post(
        f"{page}correct/",
        {"granted_on": "2024-12-08", "reason": "证书日期录错", "version": title.version},
    )
    assert "证书日期录错" in desk.get(page).content.decode()
    desk.post(f"{page}withdraw/", {"ended_on": "2026-06-01", "reason": "未报年报", "version": 2})
    with acting(register.by):
        title.refresh_from_db()
        assert (title.ended_how, title.granted_on) == ("withdrawn", date(2024, 12, 8))


def test_an_application_walks_over_the_board(register: Register, sign_in: SignIn) -> None:
    desk = sign_in("east-economy")
    with acting(register.by):
        kind = register.kind("srdi").pk
    desk.post("/applications/new/", {"kind": kind, "enterprise": "东区变压器有限公司"})
    with acting(register.by):
        row = Application.objects.get()
    page = f"/applications/{row.pk}/"
    desk.post(f"{page}move/", {"to": "submitted", "on": "2026-06-01", "version": 1})
    assert desk.post(f"{page}refuse/", {"on": "2026-10-01", "version": 2}).status_code == 422
    desk.post(f"{page}grant/", {"granted_on": "2026-11-01", "version": 2})
    with acting(register.by):
        row.refresh_from_db()
        assert row.state == "granted" and row.title is not None
    assert desk.get(page).status_code == 200
    assert desk.get(f"/titles/{row.title_id}/").status_code == 200


def test_the_firms_card_says_what_it_holds_and_lacks(register: Register, sign_in: SignIn) -> None:
    with acting(register.by):
        register.grant("hnte", date(2024, 12, 7))
    card = sign_in("east-officer").get(f"/enterprises/{register.party.pk}/titles/card/")
    assert card.status_code == 200
    assert "2027-12-06" in card.content.decode()


def test_another_zone_finds_nothing(register: Register, sign_in: SignIn) -> None:
    with acting(register.by):
        title = register.grant("hnte", date(2024, 12, 7))
    west = sign_in("west-economy")
    assert west.get(f"/titles/{title.pk}/").status_code == 404
    assert "东区变压器" not in west.get("/titles/?state=all").content.decode()
    assert sign_in("east-officer").post("/titles/new/", {}).status_code == 422
