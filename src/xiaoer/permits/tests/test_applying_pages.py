"""Applying in a browser without scripts: from the question to the receipt, by link and by sign-in."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.town import NOW
from xiaoer.base.models import Account, Office, Person, Post, Role
from xiaoer.base.scope import acting, system
from xiaoer.permits.models import Case, Rating, Thing
from xiaoer.permits.tests.applying_town import SECRET, Counter, built, pdf

SignIn = Callable[[str], Client]
SERVICE = "/services/east/small-restaurant/"


@pytest.fixture
def counter(db: None) -> Counter:
    return built()


def _page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:500]
    return str(answer.content.decode())


def test_anybody_finds_a_thing_by_words_and_by_initials(counter: Counter, client: Client) -> None:
    everything = _page(client, "/services/east/")
    assert "开小饭店" in everything
    assert "开小饭店" in _page(client, "/services/east/?q=饭店")
    assert "开小饭店" in _page(client, "/services/east/?q=kxfd")
    nothing = _page(client, "/services/east/?q=zzzz")
    assert "开小饭店" not in nothing
    assert "zh" in nothing
    _page(client, "/services/nowhere/", 404)
    _page(client, "/services/east/no-such-thing/", 404)


def test_the_guide_says_offices_days_fee_and_basis_with_its_mark(
    counter: Counter, client: Client
) -> None:
    guide = _page(client, SERVICE)
    for words in ("食品经营许可", "供电服务中心", "房屋租赁合同", "[V]"):
        assert words in guide


def test_one_question_a_page_and_back_again(counter: Counter, client: Client) -> None:
    first = _page(client, f"{SERVICE}questions/")
    assert "要装什么招牌" in first
    listed = client.get(f"{SERVICE}questions/?sign=board")
    assert listed.status_code == 302
    page = _page(client, listed["Location"])
    assert "门头招牌备案" in page
    assert "sign=board" in page
    assert "门头招牌备案" not in _page(client, f"{SERVICE}list/?sign=none")
    garbage = _page(client, f"{SERVICE}questions/?sign=%00neon&nobody=1")
    assert "要装什么招牌" in garbage
    paper = client.get(f"{SERVICE}list/?sign=board&as=pdf")
    assert paper.content.startswith(b"%PDF")


def _begin(client: Client, **more: str) -> str:
    said = {"sign": "none", "contact_name": "张三", "contact_phone": "13900000009"} | more
    answer = client.post(f"{SERVICE}start/", said)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return str(answer["Location"].partition("?")[0])


def test_a_stranger_goes_from_the_question_to_the_receipt(counter: Counter, client: Client) -> None:
    here = _begin(client)
    draft = _page(client, here)
    number = re.search(r"CG-[0-9A-Z]{4}-[0-9A-Z]{4}", draft)
    assert number is not None
    wrong = client.post(f"{here}form/1/", {"firm": "张三饭店", "area": "很大", "phone": "12"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert 'href="#field-area"' in page
    assert 'value="很大"' in page
    assert "张三饭店" in page
    right = {"firm": "张三饭店", "area": "120平方米", "phone": "", "code": "", "opens": ""}
    assert client.post(f"{here}form/1/", right).status_code == 302
    no_file = client.post(f"{here}papers/test-lease/", {"do": "give"})
    assert no_file.status_code == 422
    given = client.post(f"{here}papers/test-lease/", {"do": "give", "paper": pdf("lease")})
    assert given.status_code == 302, given.content.decode()[:2000]
    assert client.post(f"{here}papers/test-plan/", {"do": "later"}).status_code == 302
    check = _page(client, f"{here}check/")
    assert "120" in check
    sent = client.post(f"{here}check/", {})
    assert sent.status_code == 302, sent.content.decode()[:2000]
    done = _page(client, sent["Location"])
    assert "BJ-2026-" in done or re.search(r"BJ-\d{4}-", done)
    again = client.post(f"{here}check/", {})
    assert again.status_code == 422
    assert client.post(f"{here}do/rate/", {"score": "5"}).status_code == 302
    assert "还可以" not in _page(client, here)


def test_a_draft_is_gone_on_with_after_the_browser_closed(counter: Counter, client: Client) -> None:
    here = _begin(client)
    client.post(f"{here}form/1/", {"firm": "半张饭店", "area": ""})
    assert "半张饭店" in _page(Client(), f"{here}form/1/")
    with acting(system(counter.zone_id)):
        number = Case.objects.get().number
    answer = Client().post("/services/east/track/", {"number": number, "phone": "13900000009"})
    assert answer.status_code == 302
    assert answer["Location"] != here
    assert "半张饭店" in _page(Client(), f"{answer['Location']}form/1/")
    _page(Client(), here, 404)


def test_tracking_tells_how_it_stands_and_nobody_s_name(counter: Counter, client: Client) -> None:
    by = counter.stranger()
    case = counter.filled(by, counter.begun_by_stranger())
    counter.do(by, "submit_case", case)
    number = counter.now_of(case).number
    found = client.post("/services/east/track/", {"number": number, "phone": "139 0000 0009"})
    page = found.content.decode()
    assert found.status_code == 200
    assert number in page
    assert "张三" not in page
    assert "13900000009" not in page
    wrong = client.post("/services/east/track/", {"number": number, "phone": "13900000001"})
    assert wrong.status_code == 422
    unknown = client.post("/services/east/track/", {"number": "BJ-1", "phone": "13900000001"})
    assert _errors(unknown) == _errors(wrong)
    assert (
        client.post("/services/west/track/", {"number": number, "phone": "13900000009"}).status_code
        == 422
    )


def _errors(answer: object) -> list[str]:
    return re.findall(r'id="error-number">([^<]*)<', answer.content.decode())  # type: ignore[attr-defined]  # a test's answer


@pytest.mark.parametrize(
    "end",
    ["", "contact/", "answers/", "form/1/", "papers/test-lease/", "promise/", "check/",
     "papers/test-lease/file/", "receipt.pdf", "results/1/", "do/withdraw/"],
)  # fmt: skip
def test_a_wrong_link_opens_nothing(counter: Counter, client: Client, end: str) -> None:
    _begin(client)
    _page(client, f"/services/apply/no-such-secret/{end}", 404)


def _spokesman(counter: Counter, sign_in: SignIn) -> Client:
    """The officer's account, given a post of the enterprise, in a browser."""
    account = Account.objects.get(username="east-officer")
    with acting(system(counter.zone_id)):
        person = Person.objects.get(account_id=account.pk)
        Post.objects.filter(person=person).update(until="2026-01-02")
        office = Office.objects.filter(zone_id=counter.zone_id).first()
        Post.objects.create(
            zone_id=counter.zone_id, person=person, role=Role.ENTERPRISE, office=office,
            party_ref=counter.party.pk, since="2026-01-01",
        )  # fmt: skip
    return sign_in("east-officer")


def test_an_enterprise_begins_with_what_is_known_and_sees_its_applications(
    counter: Counter, sign_in: SignIn
) -> None:
    client = _spokesman(counter, sign_in)
    begun = client.post(f"{SERVICE}start/", {"sign": "none", "as": "enterprise"})
    assert begun.status_code == 302
    here = begun["Location"]
    assert here.startswith("/my/cases/")
    assert "东区餐饮有限公司" in _page(client, f"{here}form/1/")
    assert here in _page(client, "/my/cases/")
    assert here in _page(client, "/my/cases/card/")
    assert client.get("/my/cases/?export=xlsx").status_code == 200
    rival = counter.opened(counter.spokesman(counter.other))
    _page(client, f"/my/cases/{rival.pk}/", 404)
    for end in ("", "contact/", "answers/", "papers/test-plan/", "promise/", "check/"):
        _page(client, f"{here}{end}")


def test_staff_read_and_answer_ratings(counter: Counter, sign_in: SignIn) -> None:
    by = counter.spokesman()
    case = counter.filled(by, counter.opened())
    counter.do(by, "submit_case", case)
    counter.do(by, "rate_case", case, score=1, words="跑了三趟")
    desk = sign_in("east-desk")
    assert "跑了三趟" in _page(desk, "/ratings/?show=open")
    with acting(system(counter.zone_id)):
        number = Rating.objects.get().pk
    said = {"upheld": "yes", "answer": "已改为一次办结。"}
    assert desk.post(f"/ratings/{number}/answer/", said).status_code == 302
    assert "已改为一次办结" in _page(desk, "/ratings/")
    assert desk.get("/ratings/?export=csv").status_code == 200
    assert sign_in("west-desk").post(f"/ratings/{number}/answer/", said).status_code == 404


def test_the_receipt_is_one_signed_paper(counter: Counter) -> None:
    by = counter.stranger()
    case = counter.filled(by, counter.begun_by_stranger())
    counter.do(by, "submit_case", case)
    first = counter.do(by, "give_receipt", case)
    assert counter.do(by, "give_receipt", case) == first


def _draft(client: Client) -> str:
    begun = client.post(
        f"{SERVICE}start/?cooks=yes&sign=none",
        {"contact_name": "张三", "contact_phone": "13900000009"},
    )
    return str(begun["Location"]).split("?")[0]


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("lease.pdf", b"MZ\x90\x00 this program cannot be run in DOS mode"),
        SimpleUploadedFile("lease.pdf", b""),
        SimpleUploadedFile("lease.html", b"<script>alert(1)</script>"),
    ],
    ids=["a program named .pdf", "an empty file", "a page"],
)
def test_what_is_no_paper_is_told_beside_its_field(
    counter: Counter, client: Client, upload: SimpleUploadedFile
) -> None:
    home = _draft(client)
    answer = client.post(f"{home}papers/test-lease/", {"do": "give", "paper": upload})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert "要填要交" in _page(client, home)


def test_garbage_in_an_address_or_a_form_is_never_a_crash(counter: Counter, client: Client) -> None:
    home = _draft(client)
    for end in ("form/99/", "papers/no-such/", "results/999999/"):
        assert client.get(home + end).status_code == 404
    assert client.post(f"{home}form/1/", {"area": "x" * 5000, "firm": "\x00"}).status_code == 422
    assert client.post(f"{home}do/rate/", {"score": "９"}).status_code == 422
    assert client.post(f"{home}do/nothing/").status_code == 422
    assert client.post(f"{home}check/").status_code == 422
    _page(client, "/check/?number=%00&holder=%F0%9F%92%A9", 200)


def test_the_same_draft_sent_in_two_tabs_is_sent_once_and_the_way_back_leads_home(
    counter: Counter, client: Client
) -> None:
    case = counter.begun_by_stranger()
    counter.filled(counter.stranger(), case)
    home = f"/services/apply/{SECRET}/"
    once = {"once": "8f14e45f-ceea-467f-a0e6-0f1b2c3d4e5f"}
    first, again = (client.post(f"{home}check/", once) for _ in range(2))
    assert first["Location"] == again["Location"]
    other_tab = client.post(f"{home}check/", {"once": "8f14e45f-ceea-467f-a0e6-0f1b2c3d4e60"})
    assert other_tab.status_code == 422
    for end in ("check/", "form/1/", "contact/", "answers/"):
        assert client.get(home + end)["Location"] == home


def test_a_draft_whose_thing_was_retired_meanwhile_is_still_submitted(
    counter: Counter, client: Client
) -> None:
    """Who began while it was in force is handled by what was told then."""
    case = counter.begun_by_stranger()
    counter.filled(counter.stranger(), case)
    with acting(system(counter.zone_id)):
        Thing.objects.filter(pk=counter.thing.pk).update(ended_on=NOW.date() - timedelta(days=1))
    assert client.get(f"{SERVICE}start/").status_code == 404
    assert client.post(f"/services/apply/{SECRET}/check/").status_code == 302
