"""Whatever is sent to the forms and endpoints of the registry: an answer, never a crash."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.town import NOW
from xiaoer.base.scope import Actor, acting, holder_of_key
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party, Representation
from xiaoer.registry.tests.people import make_cell, make_firm, post_of

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
HOSTILE = (
    "",
    "\x00",
    "甲\x00乙",
    "x" * 20_000,
    "<script>alert(1)</script>",
    "'; drop table party; --",
    "9" * 40,
    "-1",
    "１２",  # digits that are not ASCII are meant
    "1e999",
    "NaN",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "\u202e\u2066\ufeff",
    "9999-99-99",
)
FORMS: dict[str, tuple[str, ...]] = {
    "/enterprises/add/": (
        "name", "credit_code", "kind", "industry", "status", "capital", "registered_on", "address",
        "business", "legal_representative", "contact_name", "contact_phone", "park", "cell", "once",
    ),
    "/enterprises/{firm}/edit/": ("name", "capital", "registered_on", "park", "version", "status"),
    "/enterprises/{firm}/cell/": ("cell",),
    "/enterprises/{firm}/steward/": ("kind", "post", "since"),
    "/enterprises/{firm}/monitoring/": ("end",),
    "/enterprises/{firm}/close/": ("status", "reason"),
    "/enterprises/{firm}/people/code/": ("once",),
    "/enterprises/{firm}/merge/": ("duplicate",),
    "/representations/{asked}/approve/": ("once",),
    "/representations/{asked}/decline/": ("reason",),
    "/representations/{asked}/end/": ("reason",),
    "/cells/{cell}/duty/": ("post", "end"),
    "/places/grid/open/": ("code", "name"),
    "/places/cell/open/": ("grid", "code", "name"),
    "/places/park/open/": ("code", "name"),
    "/places/nothing/open/": ("code",),
    "/officers/{post}/hand-over/": ("which", "taker", "party"),
    "/hand-overs/1/back/": ("once",),
    "/zones/east/represent/": ("code", "name", "phone", "title"),
}  # fmt: skip
GOOD: dict[str, str] = {
    "name": "示范戊厂", "kind": "firm", "code": "Z-09", "version": "1", "phone": "13800001111",
    "status": "operating", "reason": "搬走了", "which": "chosen",
}  # fmt: skip


@pytest.fixture
def places(of: Of) -> dict[str, int]:
    by = of("east-admin")
    with acting(by):
        cell = make_cell(by)
        firm = make_firm(by, name="示范甲厂", cell=cell, contact_phone="13812342206")
        post = post_of("east-officer")
        registry.assign_steward(by=by, now=NOW, party=firm, post=post)
        code = registry.issue_code(by=by, now=NOW, party=firm)
    stranger = holder_of_key(zone_id=by.zone_id or 0, key_hash="-")
    with acting(stranger):
        registry.ask_to_represent(
            by=stranger, now=NOW, code=code, name="赵示范", phone="13800002206"
        )
    with acting(by):
        asked = Representation.objects.get(zone_id=by.zone_id)
        return {"firm": firm.pk, "cell": cell.pk, "post": post.pk, "asked": asked.pk}


@pytest.mark.parametrize("address", FORMS)
def test_no_form_breaks_whatever_is_typed(
    places: dict[str, int], sign_in: SignIn, address: str
) -> None:
    client = sign_in("east-admin")
    for field in FORMS[address]:
        for typed in HOSTILE:
            form = {name: GOOD[name] for name in FORMS[address] if name in GOOD} | {field: typed}
            answer = client.post(address.format(**places), form, headers={"HX-Request": "true"})
            assert answer.status_code in {200, 204, 302, 404, 422}, (field, typed[:20])
            assert b"<script>alert" not in answer.content


QUERIES = (
    "/enterprises/", "/enterprises/{firm}/", "/enterprises/{firm}/merge/", "/cells/{cell}/",
    "/officers/{post}/", "/grid/", "/imports/", "/search/", "/enterprises/add/",
)  # fmt: skip
NAMES = (
    "q", "after", "sort", "grid", "cell", "park", "officer", "section", "industry", "status",
    "only", "tab", "with", "outline", "export", "name", "outcome",
)  # fmt: skip


@pytest.mark.parametrize("address", QUERIES)
def test_no_page_breaks_whatever_its_address_says(
    places: dict[str, int], sign_in: SignIn, address: str
) -> None:
    client = sign_in("east-admin")
    for typed in HOSTILE:
        alone = NAMES if address == "/enterprises/" else ("after", "q", "with", "tab")
        for chosen in (*[{name: typed} for name in alone], dict.fromkeys(NAMES, typed)):
            answer = client.get(address.format(**places), chosen)
            assert answer.status_code in {200, 302, 404, 422}, chosen
            if not answer.streaming:
                assert b"<script>alert" not in answer.content


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00" * 100, b"\xff\xfe\x00", "{}".encode("utf-16"), b"[" * 50_000,
        b'{"type":"FeatureCollection","features":' + b'[{"type":"Feature"}]' * 3,
        b'{"type":"FeatureCollection","features":[{"properties":{"code":"C-01"},"geometry":'
        b'{"type":"Polygon","coordinates":[[[1e999,1],[2,2],[3,3],[1e999,1]]]}}]}',
    ],
)  # fmt: skip
def test_no_file_of_outlines_breaks_the_page(
    places: dict[str, int], sign_in: SignIn, content: bytes
) -> None:
    sent = {"file": SimpleUploadedFile("x.geojson", content)}
    answer = sign_in("east-admin").post("/grid/outlines/", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 422


def test_money_no_column_holds_is_refused_beside_its_field(sign_in: SignIn) -> None:
    client = sign_in("east-admin")
    for typed in ("99999999999亿", "9" * 30, "-5万"):
        form = {"name": "示范己厂", "kind": "firm", "capital": typed}
        answer = client.post("/enterprises/add/", form, headers={"HX-Request": "true"})
        assert (answer.status_code, answer["HX-Retarget"]) == (422, "#error-capital")


def test_the_second_of_two_who_correct_a_firm_is_told_who_was_first(
    places: dict[str, int], sign_in: SignIn, of: Of
) -> None:
    form = {"name": "示范甲厂", "kind": "firm", "status": "operating", "version": "1"}
    address = f"/enterprises/{places['firm']}/edit/"
    first, second = sign_in("east-officer"), sign_in("east-desk")
    assert first.post(address, form | {"address": "一路"}).status_code == 302
    answer = second.post(address, form | {"address": "二路"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "网一" in answer.content.decode() and "地址" in answer.content.decode()
    with acting(of("east-desk")):
        assert Party.objects.get(pk=places["firm"]).address == "一路"


API: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("post", "/api/v1/enterprises", {"name": "示范庚厂"}),
    ("patch", "/api/v1/enterprises/{firm}", {"version": 1, "address": "三路"}),
    ("post", "/api/v1/hand-overs", {"giver_id": 1, "taker_id": 2, "party_ids": [1]}),
    ("post", "/api/v1/representations", {"code": "A", "name": "赵", "phone": "13800001111"}),
)


@pytest.mark.parametrize(("method", "address", "body"), API)
def test_no_endpoint_breaks_whatever_is_sent(
    places: dict[str, int], sign_in: SignIn, method: str, address: str, body: dict[str, Any]
) -> None:
    client = sign_in("east-admin")
    wrongs: tuple[Any, ...] = (*HOSTILE, None, True, [], {}, 10**30, -1, 1.5, [None], [10**30])
    for field in body:
        for wrong in wrongs:
            answer = getattr(client, method)(
                address.format(**places), json.dumps(body | {field: wrong}), "application/json"
            )
            assert answer.status_code < 500, (field, str(wrong)[:20])
    for raw in ("", "null", "[]", "{", '"\\ud800"', "[" * 20_000):
        answer = getattr(client, method)(address.format(**places), raw, "application/json")
        assert answer.status_code in {400, 422}


def test_codes_cannot_be_guessed_for_long(places: dict[str, int], client: Client, of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        code = registry.issue_code(by=by, now=NOW, party=Party.objects.get(pk=places["firm"]))
    form = {"name": "赵示范", "phone": "13800002206"}
    said = [
        client.post("/zones/east/represent/", form | {"code": f"AAAA-BBBB-{number:04d}"})
        for number in range(7)
    ]
    assert {answer.status_code for answer in said} == {422}
    assert "15 分钟" not in said[0].content.decode()
    assert "15 分钟" in said[-1].content.decode()
    locked = client.post("/zones/east/represent/", form | {"code": code})
    assert locked.status_code == 422
    elsewhere = client.post(
        "/zones/east/represent/", form | {"code": code}, REMOTE_ADDR="198.51.100.7"
    )
    assert elsewhere.status_code in {200, 422}
    assert "15 分钟" not in elsewhere.content.decode()
