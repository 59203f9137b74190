"""Pages of definitions: read by staff, written part by part, errors beside their field."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.permits import actions as permits
from xiaoer.permits import picture, queries
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.permits.pages.things import item_name
from xiaoer.permits.shipped import SHIPPED
from xiaoer.permits.tests.test_versions import second_of
from xiaoer.web.words import local_date

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
TODAY = local_date(NOW)


def a_thing(of: Of, code: str = "open_restaurant") -> Thing:
    with acting(by := of("east-admin")):
        return Thing.objects.get(zone_id=by.zone_id, code=code)


def a_draft(of: Of) -> ThingVersion:
    thing = a_thing(of)
    with acting(by := of("east-admin")):
        return permits.draft_version(
            by=by, now=NOW, thing=thing, source=queries.version_on(thing, TODAY)
        )


def kept(of: Of, draft: ThingVersion) -> ThingVersion:
    with acting(of("east-admin")):
        return ThingVersion.objects.get(pk=draft.pk)


def part(draft: ThingVersion, name: str, code: str) -> str:
    return reverse("thing_part", args=[draft.pk, name, code])


@pytest.mark.parametrize("code", [one.code for one in SHIPPED])
def test_every_shipped_thing_has_its_page_its_picture_and_its_guide(
    of: Of, sign_in: SignIn, code: str
) -> None:
    thing = a_thing(of, code)
    client = sign_in("east-officer")
    page = client.get(reverse("thing", args=[thing.pk]))
    assert page.status_code == 200
    assert b'<svg class="wide"' in page.content


def test_a_guide_is_a_pdf_and_an_export_comes_in_again(of: Of, sign_in: SignIn) -> None:
    thing = a_thing(of)
    with acting(of("east-admin")):
        version = thing.versions.get()
    client = sign_in("east-admin")
    guide = client.get(reverse("thing_guide", args=[version.pk]))
    assert guide.content.startswith(b"%PDF")
    exported = client.get(reverse("thing_export", args=[version.pk]))
    document = json.loads(exported.content)
    assert document["thing"]["code"] == "open_restaurant"
    sent = SimpleUploadedFile("thing.json", exported.content, content_type="application/json")
    west = sign_in("west-admin")
    answer = west.post(reverse("thing_import"), {"file": sent})
    assert answer.status_code == 302
    broken = SimpleUploadedFile("thing.json", b"[1,", content_type="application/json")
    refused = west.post(reverse("thing_import"), {"file": broken})
    assert refused.status_code == 422
    assert "第 1 行" in refused.content.decode()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"thing": {"code": "a\0b"}}, "thing.code"),
        ({"definition": {"items": [{"code": "B9", "afterr": []}]}}, "items.B9.afterr"),
        ({"definition": {"items": [{"code": "B9", "promised": {"count": "x"}}]}}, "B9.promised.count"),
        ({"definition": {"bars": [{"code": "b"}]}}, "bars.b.instead"),
        ({"definition": 7}, "定义"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_definition_is_refused_with_the_place(
    of: Of, sign_in: SignIn, change: dict[str, Any], place: str
) -> None:
    thing = a_thing(of)
    with acting(of("east-admin")):
        version = thing.versions.get()
    client = sign_in("east-admin")
    said = json.loads(client.get(reverse("thing_export", args=[version.pk])).content)
    sent = SimpleUploadedFile("thing.json", json.dumps(said | change).encode())
    refused = client.post(reverse("thing_import"), {"file": sent})
    assert refused.status_code == 422
    assert place in refused.content.decode()


def test_the_list_counts_filters_and_exports(sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    page = client.get(reverse("thing_list")).content.decode()
    assert "一件事 18 件，增值服务事项 9 项" in page
    added = client.get(reverse("thing_list"), {"kind": "added"}).content.decode()
    assert "融资对接" in added
    assert "开办餐饮店" not in added
    sheet = client.get(reverse("thing_list"), {"export": "csv", "q": "餐饮"})
    assert "开办餐饮店" in b"".join(sheet.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # streamed


def test_the_list_asks_as_many_questions_for_one_thing_as_for_all(
    sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("east-officer")
    client.get(reverse("thing_list"))
    with django_assert_max_num_queries(40):
        client.get(reverse("thing_list"))


def test_answers_tried_on_the_page_show_the_items(of: Of, sign_in: SignIn) -> None:
    thing = a_thing(of)
    tried = {"try": "yes", "q-has_licence": "yes", "q-sells": "packed", "q-is_assembly_place": "no",
             "q-wants_sign": "no", "q-drains": "no", "q-sells_tobacco": "no"}  # fmt: skip
    page = sign_in("east-officer").get(reverse("thing", args=[thing.pk]), tried).content.decode()
    assert "事项 2 个" in page
    assert "仅销售预包装食品备案" in page


def test_a_question_is_added_changed_moved_and_dropped(of: Of, sign_in: SignIn) -> None:
    draft, client = a_draft(of), sign_in("east-admin")
    asked = {"version": draft.version, "code": "has_terrace", "name": "有露天座位吗？",
             "answer": "yes_no"}  # fmt: skip
    assert client.post(part(draft, "questions", "new"), asked).status_code == 302
    draft = kept(of, draft)
    assert draft.body["questions"][-1]["code"] == "has_terrace"
    client.post(part(draft, "questions", "has_terrace"), {"version": draft.version, "act": "up"})
    draft = kept(of, draft)
    assert draft.body["questions"][-2]["code"] == "has_terrace"
    client.post(part(draft, "questions", "has_terrace"), {"version": draft.version, "act": "drop"})
    assert "has_terrace" not in {one["code"] for one in kept(of, draft).body["questions"]}


def test_an_item_is_changed_and_those_that_wait_for_it_follow_its_code(
    of: Of, sign_in: SignIn
) -> None:
    draft, client = a_draft(of), sign_in("east-admin")
    form = {"version": draft.version, "code": "B0X", "name": "营业执照核验", "office": "企业服务中心",
            "decides": "confirm", "result": "核验", "applies_if": "has_licence",
            "statutory_count": "1", "statutory_unit": "working_day", "promised_count": "0",
            "promised_unit": "working_day", "step_kind-0": "push", "step_name-0": "共享核验"}  # fmt: skip
    answer = client.post(part(draft, "items", "B0"), form)
    assert answer.status_code == 302, answer.content.decode()[-900:]
    items = {one["code"]: one for one in kept(of, draft).body["items"]}
    assert items["B0X"]["statutory"]["count"] == 1
    assert items["B1"]["after"] == ["B0X", "B0R"]


def test_what_is_wrong_is_told_beside_its_field(of: Of, sign_in: SignIn) -> None:
    draft, client = a_draft(of), sign_in("east-admin")
    form = {"version": draft.version, "code": "extra", "name": "补充说明", "sort": "text",
            "source": "typed", "applies_if": "nobody_asks_this"}  # fmt: skip
    answer = client.post(part(draft, "fields", "new"), form, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "nobody_asks_this" in answer.content.decode()
    assert kept(of, draft).version == draft.version


def test_papers_limits_and_hints_are_changed(of: Of, sign_in: SignIn) -> None:
    draft, client = a_draft(of), sign_in("east-admin")
    paper = {"version": draft.version, "paper": "lease", "name": "租约", "is_needed": "yes",
             "may_follow": "yes", "follow_days": "5"}  # fmt: skip
    assert client.post(part(draft, "materials", "lease"), paper).status_code == 302
    draft = kept(of, draft)
    limits = {f"{name}_{key}": value
              for name in ("joint_limit", "supplement_limit", "answer_limit")
              for key, value in (("count", "7"), ("unit", "calendar_day"), ("mark", "D"))}  # fmt: skip
    head = {
        "version": draft.version,
        "mark": "D",
        "note": "本区自定",
        "hints": "先问清楚\n再来",
        **limits,
    }
    assert client.post(part(draft, "general", "all"), head).status_code == 302
    draft = kept(of, draft)
    assert (draft.mark, draft.body["hints"]) == ("D", ["先问清楚", "再来"])
    assert draft.body["answer_limit"]["count"] == 7


@pytest.mark.parametrize("name", ["questions", "items", "fields", "materials"])
def test_every_form_opens_to_add_and_to_change(of: Of, sign_in: SignIn, name: str) -> None:
    draft, client = a_draft(of), sign_in("east-admin")
    first = draft.body[name][0]
    for code in ("new", first.get("code") or first["paper"]):
        assert client.get(part(draft, name, code)).status_code == 200
    assert client.get(part(draft, name, "nothing_here")).status_code == 404


def test_a_version_is_released_compared_and_retired_on_the_pages(of: Of, sign_in: SignIn) -> None:
    draft, client = a_draft(of), sign_in("east-admin")
    page = client.get(reverse("thing_release", args=[draft.pk])).content.decode()
    assert "第二个人" in page
    with acting(by := of("east-admin")):
        live = permits.release_version(
            by=second_of(by), now=timezone.now(), draft=draft, version=draft.version,
            valid_from=timezone.localdate() + timedelta(days=1),
        )  # fmt: skip
    compared = client.get(reverse("thing_compare", args=[draft.thing_id]))
    assert "两版内容相同" in compared.content.decode()
    client.post(
        reverse("thing_retire", args=[live.pk]), {"version": live.version, "reason": "试一试"}
    )
    assert kept(of, draft).state == "retired"


def test_things_are_taken_up_copied_described_and_ended(of: Of, sign_in: SignIn) -> None:
    client, thing = sign_in("east-admin"), a_thing(of)
    head = {"code": "open_gym", "name": "开办健身房", "kind": "one_thing", "target": "firm"}
    assert client.post(reverse("thing_add"), head).status_code == 302
    copy = {"code": "open_tea", "name": "开办茶馆", "copied": thing.pk}
    assert client.post(reverse("thing_add"), copy).status_code == 302
    change = {"version": thing.version, "name": "开办餐馆", "kind": "one_thing", "target": "both"}
    assert client.post(reverse("thing_change", args=[thing.pk]), change).status_code == 302
    end = {"version": thing.version + 1, "ends": "yes", "on": "2099-01-01", "reason": "合并"}
    assert client.post(reverse("thing_change", args=[thing.pk]), end).status_code == 302
    for path in (reverse("thing_add"), reverse("thing_change", args=[thing.pk])):
        assert client.get(path).status_code == 200


def test_who_does_not_keep_definitions_reads_but_does_not_write(of: Of, sign_in: SignIn) -> None:
    draft = a_draft(of)
    officer, west = sign_in("east-officer"), sign_in("west-admin")
    assert officer.get(reverse("thing", args=[draft.thing_id])).status_code == 200
    assert officer.get(part(draft, "items", "B1")).status_code == 404
    assert west.get(reverse("thing", args=[draft.thing_id])).status_code == 404
    assert west.get(part(draft, "items", "B1")).status_code == 404


def test_api_reads_tries_writes_and_refuses_alike(of: Of, sign_in: SignIn) -> None:
    client, thing = sign_in("east-admin"), a_thing(of)
    rows = client.get("/api/v1/things").json()
    assert {one["thing"]["code"] for one in rows} >= {"open_restaurant", "change_of_firm"}
    live = next(one for one in rows if one["thing"]["id"] == thing.pk)["live"]
    tried = client.post(
        f"/api/v1/things/versions/{live['id']}/outline",
        {"answers": {"sells": "packed"}},
        content_type="application/json",
    ).json()
    assert "has_licence" in {one["code"] for one in tried["questions_open"]}
    wrong = client.post(
        f"/api/v1/things/versions/{live['id']}/outline",
        {"answers": {"sells": "stones"}},
        content_type="application/json",
    )
    assert (wrong.status_code, wrong.json()["field"]) == (422, "sells")
    draft = client.post(
        f"/api/v1/things/{thing.pk}/drafts",
        {"source_id": live["id"]},
        content_type="application/json",
    ).json()
    number, text = draft["version"]["id"], draft["definition"]
    text["hints"] = ["只有一条"]
    put = {"version": draft["version"]["version"], "definition": text}
    changed = client.put(f"/api/v1/things/versions/{number}", put, content_type="application/json")
    assert changed.json()["definition"]["hints"] == ["只有一条"]
    stale = client.put(f"/api/v1/things/versions/{number}", put, content_type="application/json")
    assert stale.status_code == 422
    found = client.get(f"/api/v1/things/versions/{number}/differences/{live['id']}").json()
    assert [one["part"] for one in found] == ["general"]
    release = {"version": 2, "valid_from": "2099-01-01"}
    own = client.post(
        f"/api/v1/things/versions/{number}/release", release, content_type="application/json"
    )
    assert own.status_code == 422
    document = client.get(f"/api/v1/things/versions/{live['id']}/export").json()
    taken = sign_in("west-admin").post(
        "/api/v1/thing-imports", document, content_type="application/json"
    )
    assert taken.json()["version"]["state"] == "draft"


@pytest.mark.parametrize("thing", SHIPPED, ids=lambda one: one.code)
def test_no_two_boxes_of_a_picture_touch(thing: Any) -> None:
    for draw in (picture.draw, picture.draw_narrow):
        drawing = draw(thing.definition.items, item_name)
        boxes = drawing.boxes
        assert len(boxes) == len(thing.definition.items)
        for at, one in enumerate(boxes):
            assert one.x + one.width <= drawing.width
            assert one.y + one.height <= drawing.height
            for other in boxes[at + 1 :]:
                apart = (
                    one.x + one.width <= other.x
                    or other.x + other.width <= one.x
                    or one.y + one.height <= other.y
                    or other.y + other.height <= one.y
                )
                assert apart, (one.item.code, other.item.code)
