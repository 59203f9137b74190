"""The public check: by code or by number and holder, showing no more than needed."""

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.base import files
from xiaoer.base.scope import acting
from xiaoer.papers import actions as papers
from xiaoer.papers.models import Licence
from xiaoer.papers.tests.held import Town


def code_on(licence: Licence) -> str:
    """The code as it stands beside the QR code of the paper."""
    assert licence.file is not None
    pages = pypdf.PdfReader(BytesIO(files.bytes_of(licence.file))).pages
    words = "".join("".join(page.extract_text() for page in pages).replace("\u200b", "").split())
    return words.split("/check/")[1].split("/")[0]


def test_whoever_holds_a_licence_sees_whether_it_holds(town: Town, client: Client) -> None:
    with acting(town.land):
        licence = town.issue(content={"place_type": "理发店", "representative": "赵一"})
        code = code_on(licence)
    shown = client.get(f"/check/{code}/").content.decode()
    assert licence.number in shown
    assert "东区变压器有限公司" in shown
    assert "理发店" in shown
    # What is not public of it stays with holder and staff.
    assert "赵一" not in shown
    assert client.get("/check/no-such-code/").status_code == 404
    assert "查无此件" in client.get("/check/no-such-code/").content.decode()


def test_a_code_copied_onto_another_licence_shows_its_true_holder(
    town: Town, client: Client
) -> None:
    with acting(town.land):
        code = code_on(town.issue())
        forged = town.issue(party=town.other, holder_name=town.other.name)
    shown = client.get(f"/check/{code}/").content.decode()
    assert town.party.name in shown
    assert forged.holder_name not in shown
    assert forged.number not in shown


def test_what_was_taken_back_is_said_with_its_day_and_says_nothing_else(
    town: Town, client: Client
) -> None:
    with acting(town.land):
        licence = town.issue()
        code = code_on(licence)
        papers.revoke_licence(
            by=town.land,
            now=NOW + timedelta(days=3),
            licence=licence,
            why="隐瞒真实情况",
            document="东审撤〔2026〕1号",
        )
    shown = client.get(f"/check/{code}/").content.decode()
    assert "2026-11-23" in shown
    assert "请勿据此办理" in shown
    assert "理发店" not in shown
    assert "隐瞒真实情况" not in shown


def test_a_natural_person_is_masked_and_no_identity_number_is_printed(
    town: Town, client: Client
) -> None:
    with acting(town.land):
        licence = town.issue(
            party=None, holder_name="张三丰", holder_code="370802199001011234", subject=None
        )
        assert licence.is_person
        assert licence.file is not None
        paper = BytesIO(files.bytes_of(licence.file))
        words = "".join(page.extract_text() for page in pypdf.PdfReader(paper).pages)
        assert "370802199001011234" not in words
        code = code_on(licence)
    shown = client.get(f"/check/{code}/").content.decode()
    assert "张**" in shown
    assert "张三丰" not in shown
    assert "370802" not in shown.replace(licence.number, "")


def test_number_and_holder_together_find_a_licence_and_guessing_waits(
    town: Town, client: Client
) -> None:
    with acting(town.land):
        licence = town.issue()
    typed = {
        "number": licence.number.replace("〔", "[").replace("〕", "]"),
        "holder": " 东区变压器有限公司 ",
    }
    assert licence.number in client.post("/check/", typed).content.decode()
    api = "/api/v1/public/check"
    answer = client.post(api, typed, content_type="application/json")
    assert answer.json()["holds"] is True
    for number in range(7):
        wrong = client.post("/check/", {"number": f"假{number}", "holder": town.party.name})
        assert wrong.status_code == 422
    assert "15 分钟" in wrong.content.decode()
    assert client.post("/check/", typed).status_code == 422
    elsewhere = client.post("/check/", typed, REMOTE_ADDR="198.51.100.9")
    assert elsewhere.status_code == 200
    assert (
        client.post("/check/", {"number": "", "holder": ""}, REMOTE_ADDR="198.51.100.8").status_code
        == 422
    )


def test_the_api_tells_by_code(town: Town, client: Client) -> None:
    with acting(town.land):
        code = code_on(town.issue())
    told = client.get(f"/api/v1/public/check/{code}").json()
    assert (told["holder"], told["holds"], told["standing"]) == (
        town.party.name, True, "in_force",
    )  # fmt: skip
    assert client.get("/api/v1/public/check/none").status_code == 404


@pytest.mark.parametrize("address", ["/check/", "/check/x/"])
def test_the_door_needs_no_sign_in(db: None, client: Client, address: str) -> None:
    assert client.get(address).status_code in (200, 404)
