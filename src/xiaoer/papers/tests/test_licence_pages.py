"""Pages of the register, of a party's papers, and their API."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.town import NOW
from xiaoer.base import actions as base
from xiaoer.base.models import Role
from xiaoer.base.scope import acting
from xiaoer.papers import actions as papers
from xiaoer.papers.models import HeldPaper
from xiaoer.papers.tests.held import TODAY, Town
from xiaoer.web import press

SignIn = Callable[[str], Client]
PDF = press.compile_pdf('#set text(font: "Noto Sans SC", fallback: false)\n租赁合同', {})


@pytest.fixture
def enterprise(town: Town, sign_in: SignIn) -> Client:
    """Somebody signed in who speaks for the first enterprise."""
    with acting(town.boss):
        office = base.open_office(by=town.boss, now=NOW, name="东区变压器有限公司")
        person = base.add_person(by=town.boss, now=NOW, name="赵一", phone="13800000001")
        base.give_post(
            by=town.boss, now=NOW, person=person, role=Role.ENTERPRISE, office=office,
            since=date(2026, 1, 1), party_ref=town.party.pk,
        )  # fmt: skip
        base.give_account(
            by=town.boss, now=NOW, person=person, username="east-firm",
            password="correct-horse-7", must_change=False,
        )  # fmt: skip
    return sign_in("east-firm")


def test_the_register_is_searched_and_goes_out_as_a_sheet(town: Town, sign_in: SignIn) -> None:
    with acting(town.land):
        one = town.issue()
        other = town.issue(party=town.other, holder_name=town.other.name)
        papers.deregister_licence(by=town.land, now=NOW, licence=other, why="歇业")
    staff = sign_in("east-desk")
    shown = staff.get("/licences/").content.decode()
    assert one.number in shown
    assert other.number not in shown
    assert other.number in staff.get("/licences/?state=ended").content.decode()
    assert one.number in staff.get("/licences/?q=变压器").content.decode()
    assert one.number not in staff.get("/licences/?q=水泥&state=all").content.decode()
    sheet = staff.get("/licences/?export=csv&state=all")
    assert "东区水泥有限公司" in b"".join(sheet.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # streamed
    assert sign_in("city").get("/licences/").status_code == 200
    # Nothing of another zone, and nothing for those outside.
    assert one.number not in sign_in("west-desk").get("/licences/?state=all").content.decode()
    assert sign_in("west-desk").get(f"/licences/{one.pk}/").status_code == 404
    assert sign_in("west-desk").get(f"/licences/{one.pk}/file/").status_code == 404


def test_a_page_of_the_register_asks_as_much_for_fifty_as_for_one(
    town: Town, sign_in: SignIn
) -> None:
    staff = sign_in("east-desk")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get("/licences/").status_code == 200
        return len(captured)

    with acting(town.land):
        town.issue()
    asked()
    few = asked()
    with acting(town.land):
        for _ in range(5):
            town.issue()
    assert asked() == few


def test_a_licence_is_opened_suspended_and_restored_on_its_page(
    town: Town, sign_in: SignIn
) -> None:
    with acting(town.land):
        licence = town.issue()
    staff = sign_in("east-land")
    page = staff.get(f"/licences/{licence.pk}/").content.decode()
    assert "崇文大道1号" in page
    assert "未接入省平台" in page
    file = staff.get(f"/licences/{licence.pk}/file/")
    assert b"".join(file.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]  # streamed
    address = f"/licences/{licence.pk}/turn/"
    refused = staff.post(address, {"do": "suspend", "why": ""})
    assert refused.status_code == 422
    assert staff.post(address, {"do": "suspend", "why": "整改", "version": "1"}).status_code == 302
    page = staff.get(f"/licences/{licence.pk}/").content.decode()
    assert "暂扣" in page
    stale = staff.post(address, {"do": "restore", "why": "合格", "version": "1"})
    assert stale.status_code == 422
    assert staff.post(address, {"do": "restore", "why": "合格", "version": "2"}).status_code == 302
    assert sign_in("east-desk").post(address, {"do": "suspend", "why": "x"}).status_code == 422
    changed = staff.post(
        f"/licences/{licence.pk}/replace/",
        {
            "holder_name": licence.holder_name,
            "content-area": "90平方米",
            "why": "面积变更",
            "version": "3",
        },
    )
    assert changed.status_code == 302
    assert "90平方米" in staff.get(changed["Location"]).content.decode()
    assert staff.get(f"/licences/{licence.pk}/replace/").status_code == 200


def test_kinds_are_previewed_with_a_watermark_and_changed_by_those_who_may(
    town: Town, sign_in: SignIn
) -> None:
    boss, kind = sign_in("east-admin"), _kind(town)
    assert "公共场所卫生许可证" in boss.get("/licences/kinds/").content.decode()
    preview = boss.get(f"/licences/kinds/{kind}/preview/")
    assert preview.content.startswith(b"%PDF")
    assert b"/Sig" not in preview.content
    address = f"/licences/kinds/{kind}/"
    assert boss.get(address).status_code == 200
    form = {"number_form": "卫〔{year}〕{serial:03d}号", "valid_months": "24", "version": "1"}
    assert sign_in("east-land").post(address, form).status_code == 422
    assert boss.post(address, {**form, "number_form": "无号"}).status_code == 422
    assert boss.post(address, form).status_code == 302
    with acting(town.land):
        licence = town.issue()
    assert licence.number == "卫〔2026〕001号"
    assert licence.valid_until == date(2028, 11, 19)


def _kind(town: Town) -> int:
    with acting(town.boss):
        return town.kind().pk


def test_an_enterprise_gives_sees_and_takes_back_its_papers(
    town: Town, enterprise: Client, sign_in: SignIn
) -> None:
    with acting(town.boss):
        kind = town.paper_kind()
    with acting(town.land):
        licence = town.issue()
    upload = SimpleUploadedFile("合同.pdf", PDF, "application/pdf")
    address = f"/parties/{town.party.pk}/papers/give/"
    given = enterprise.post(
        address, {"kind": kind.pk, "paper": upload, "valid_until": "2027-12-31"}
    )
    assert given["Location"] == "/my/papers/"
    shown = enterprise.get("/my/papers/").content.decode()
    assert licence.number in shown
    assert "可复用至 2027-12-31" in shown
    with acting(town.boss):
        paper = HeldPaper.objects.get(kind=kind)
        papers.use_paper(
            by=town.boss, now=NOW, paper=paper, subject=town.party, words="申请卫生许可"
        )
    assert "申请卫生许可" in enterprise.get("/my/papers/").content.decode()
    assert enterprise.get(f"/held-papers/{paper.pk}/").status_code == 200
    assert enterprise.get(f"/my/licences/{licence.pk}/file/").status_code == 200
    assert enterprise.get("/licences/").status_code == 404
    other = f"/parties/{town.other.pk}/papers/give/"
    upload.seek(0)
    assert enterprise.post(other, {"kind": kind.pk, "paper": upload}).status_code in (404, 422)
    back = enterprise.post(f"/held-papers/{paper.pk}/withdraw/", {"reason": "不再同意"})
    assert back.status_code == 302
    assert "已撤回" in enterprise.get("/my/papers/").content.decode()
    tab = sign_in("east-desk").get(f"/enterprises/{town.party.pk}/papers/").content.decode()
    assert "已撤回" in tab
    assert sign_in("west-desk").get(f"/enterprises/{town.party.pk}/papers/").status_code == 404


def test_the_api_issues_turns_and_lists(town: Town, sign_in: SignIn) -> None:
    staff = sign_in("east-land")
    said = {
        "kind": _kind(town),
        "party": town.party.pk,
        "holder_name": town.party.name,
        "issuer": "东区行政审批服务局",
        "content": {"place_type": "宾馆"},
        "valid_from": TODAY.isoformat(),
    }
    api = "/api/v1/licences"
    made = staff.post(api, said, content_type="application/json").json()
    assert made["content"] == {"place_type": "宾馆"}
    assert made["standing"] == "in_force"
    turned = staff.post(
        f"{api}/{made['id']}/suspend", {"why": "整改"}, content_type="application/json"
    )
    assert turned.json()["state"] == "suspended"
    story = staff.get(f"{api}/{made['id']}").json()
    assert [event["what"] for event in story["events"]] == ["issued", "suspended"]
    assert [row["id"] for row in staff.get(f"{api}?state=suspended").json()["rows"]] == [made["id"]]
    assert staff.get(f"/api/v1/parties/{town.party.pk}/papers").json()["licences"]
    refused = sign_in("east-desk").post(api, said, content_type="application/json")
    assert refused.status_code == 422
