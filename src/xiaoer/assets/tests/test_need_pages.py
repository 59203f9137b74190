"""Pages of needs for space: for the staff with what fits, for an enterprise with what it was shown."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.town import NOW, PASSWORD, coming
from xiaoer.assets import actions as assets
from xiaoer.assets.models import Showing, SpaceNeed
from xiaoer.assets.tests.carriers import Workshop, build
from xiaoer.assets.tests.test_needs import facts
from xiaoer.base import actions as base
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import Actor, acting, system
from xiaoer.work import actions as work

SignIn = Callable[[str], Client]
Of = Callable[[str], Actor]


@pytest.fixture
def ground(of: Of) -> Workshop:
    return build(of)


def typed(**more: str) -> dict[str, str]:
    return {
        "name": "光伏热场二期", "area_least": "2500", "from_on": "2027-01-01", "height": "7.50",
        "height_how": "must", "power": "600", "power_how": "must", "rent": "14", "rent_how": "wish",
        "gas": "wish", "fire": "c", "fire_how": "wish", **more,
    }  # fmt: skip


def test_a_need_goes_its_way_on_the_pages(ground: Workshop, sign_in: SignIn) -> None:
    first, second, _third = ground.units
    with acting(ground.by):
        assets.join_units(by=ground.by, now=NOW, first=first, second=second)
    desk = sign_in("east-economy")
    assert desk.get("/assets/needs/").status_code == 200
    assert (
        desk.get(f"/assets/needs/new/?party={ground.party.pk}&unit={first.pk}").status_code == 200
    )
    sent = desk.post("/assets/needs/new/", typed(party=ground.party.name))
    with acting(ground.by):
        need = SpaceNeed.objects.get()
    assert sent.headers["Location"] == f"/assets/needs/{need.pk}/"
    page = desk.get(f"/assets/needs/{need.pk}/").content.decode()
    assert "101" in page and "2个单元连通使用" in page.replace(" ", "")
    # A wished rent of 14 yuan is one yuan short of the 15 asked.
    assert "租金 15 元/平方米·月，超出 1 元/平方米·月（优先项）" in page

    def act(**fields: object) -> None:
        assert desk.post(f"/assets/needs/{need.pk}/act/", fields).status_code in (200, 302)

    act(what_to_do="show", units=f"{first.pk},{second.pk}")
    with acting(ground.by):
        shown = list(Showing.objects.order_by("unit_id"))
    act(what_to_do="answer", showing=str(shown[0].pk), answer="likes", words="可以")
    assert desk.get(f"/assets/needs/{need.pk}/change/").status_code == 200
    changed = desk.post(
        f"/assets/needs/{need.pk}/change/", typed(area_most="3000", version="1", who="")
    )
    assert changed.status_code == 302
    act(what_to_do="choose", units=str(first.pk), version="2", keep_until=coming(70))
    with acting(ground.by):
        assert SpaceNeed.objects.get().state == SpaceNeed.State.CHOSEN
    assert "重新找载体" in desk.get(f"/assets/needs/{need.pk}/").content.decode()
    act(what_to_do="reopen", reason="未谈成")
    act(what_to_do="drop", reason="转投外地")
    assert "转投外地" in desk.get(f"/assets/needs/{need.pk}/").content.decode()
    sheet = desk.get("/assets/needs/?state=all&export=csv")
    assert "光伏热场二期" in b"".join(sheet.streaming_content).decode()  # type: ignore[attr-defined]  # a stream


def test_from_other_records_one_comes_to_the_form(ground: Workshop, sign_in: SignIn) -> None:
    desk = sign_in("east-economy")
    with acting(ground.by):
        matter = work.open_matter(
            by=ground.by, now=NOW, kind="project", subject_id=7, title="光伏二期", address="/",
            party=ground.party,
        )  # fmt: skip
    to_form = desk.get("/assets/needs/new/of-project/7/")
    assert to_form.headers["Location"] == f"/assets/needs/new/?origin={matter.pk}"
    assert ground.party.name in desk.get(to_form.headers["Location"]).content.decode()
    assert desk.get("/assets/needs/new/of-request/7/").status_code == 404
    of_firm = desk.get(f"/assets/needs/new/of-enterprise/{ground.party.pk}/")
    assert of_firm.headers["Location"] == f"/assets/needs/new/?party={ground.party.pk}"


def test_a_need_that_is_settled_on_units_leads_to_its_review(
    ground: Workshop, sign_in: SignIn
) -> None:
    first = ground.units[0]
    with acting(ground.by):
        need = assets.open_need(by=ground.by, now=NOW, facts=facts(), party=ground.party)
        assets.show_units(by=ground.by, now=NOW, need=need, units=[first])
        # The pages ask by today's clock whether it is kept.
        assets.choose_units(
            by=ground.by, now=timezone.now(), need=need, units=[first], keep_until=coming(90)
        )
    desk = sign_in("east-economy")
    page = desk.get(f"/assets/needs/{need.pk}/").content.decode()
    assert f"/move-ins/new/?need={need.pk}" in page
    # The units are kept for the need, so that nobody else is offered them, and yet stand here.
    form = desk.get(f"/move-ins/new/?need={need.pk}").content.decode()
    assert f'name="units" value="{first.pk}" checked' in form and need.name in form
    assert f'name="units" value="{first.pk}"' not in desk.get("/move-ins/new/").content.decode()


def test_what_is_typed_wrong_is_said_at_its_field(ground: Workshop, sign_in: SignIn) -> None:
    desk = sign_in("east-economy")
    for wrong in (
        typed(area_least=""), typed(area_least="大"), typed(height="-1"), typed(height="1e99"),
        typed(from_on="明年"), typed(party="没有\x00这家"), typed(rent="NaN"), typed(park="999999999"),
    ):  # fmt: skip
        assert desk.post("/assets/needs/new/", {"who": "某公司", **wrong}).status_code in (404, 422)
    with acting(ground.by):
        assert not SpaceNeed.objects.exists()


def test_the_pages_are_nothing_to_another_zone(ground: Workshop, sign_in: SignIn) -> None:
    with acting(ground.by):
        need = assets.open_need(by=ground.by, now=NOW, facts=facts(), party=ground.party)
    west = sign_in("west-economy")
    for path in ("", "change/"):
        assert west.get(f"/assets/needs/{need.pk}/{path}").status_code == 404
    drop = {"what_to_do": "drop", "reason": "x"}
    assert west.post(f"/assets/needs/{need.pk}/act/", drop).status_code == 404


@pytest.fixture
def representative(ground: Workshop, sign_in: SignIn) -> Client:
    """A browser of somebody who speaks for the first enterprise."""
    by = system(ground.by.zone_id)
    with acting(by):
        person = base.add_person(by=by, now=NOW, name="赵一")
        base.give_account(
            by=by, now=NOW, person=person, username="firm", password=PASSWORD, must_change=False
        )
        Post.objects.create(
            zone_id=by.zone_id, person=person, role=Role.ENTERPRISE, party_ref=ground.party.pk,
            since=NOW.date(),
        )  # fmt: skip
    return sign_in("firm")


def test_an_enterprise_looks_for_space_on_its_own_pages(
    ground: Workshop, representative: Client
) -> None:
    assert "我要找载体" in representative.get("/my/space/").content.decode()
    assert representative.get("/my/space/new/").status_code == 200
    sent = representative.post("/my/space/new/", typed())
    with acting(ground.by):
        need = SpaceNeed.objects.get()
        assert need.party == ground.party
        assets.show_unit(by=ground.by, now=NOW, need=need, unit=ground.units[0])
        showing = Showing.objects.get()
    path = f"/my/space/{need.pk}/"
    assert sent.headers["Location"] == path
    assert "3号厂房 101" in representative.get(path).content.decode()
    said = {"showing": str(showing.pk), "answer": "no"}
    assert representative.post(path, said).status_code == 422
    assert representative.post(path, {**said, "words": "太小"}).status_code == 302
    # Neither the list of the zone nor another's need is its to read.
    for other in ("/assets/needs/", f"/assets/needs/{need.pk}/", "/my/space/999999/"):
        assert representative.get(other).status_code == 404
    dropped = representative.post(path, {"what_to_do": "drop", "reason": "不找了", "version": "1"})
    assert dropped.status_code == 302
    assert "不找了" in representative.get(path).content.decode()


def test_the_api_says_what_the_pages_say(ground: Workshop, sign_in: SignIn) -> None:
    desk = sign_in("east-economy")

    def send(path: str, **body: object) -> Any:
        answer = desk.post(
            f"/api/v1/assets/needs{path}", body, content_type="application/json",
        )  # fmt: skip
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    need = send(
        "", name="光伏热场二期", area_least_m2="1000", from_on="2027-01-01",
        party_id=ground.party.pk, asks=[{"what": "height", "amount": "8"}, {"what": "fire", "amount": "c"}],
    )  # fmt: skip
    path = f"/{need['id']}"
    fits = desk.get(f"/api/v1/assets/needs{path}/fits").json()["fits"]
    assert (fits[0]["codes"], fits[0]["says"]) == (["101"], "unknown")
    assert {one["what"]: one["words"] for one in fits[0]["points"]}["fire"] == "火灾危险性不详"
    unit = ground.units[0].pk
    asked = desk.get(f"/api/v1/assets/units/{unit}/ask").json()
    assert [one["need_id"] for one in asked["seekers"]] == [need["id"]]
    assert "光伏热场二期" in desk.get(f"/assets/units/{unit}/ask/").content.decode()
    [shown] = send(f"{path}/show", unit_ids=[unit])
    send(f"{path}/showings/{shown['id']}/answer", answer="likes")
    chosen = send(f"{path}/choose", unit_ids=[unit], version=need["version"])
    assert chosen["state"] == "chosen"
    assert send(f"{path}/reopen", reason="未谈成")["state"] == "open"
    assert send(f"{path}/drop", reason="不找了")["state"] == "dropped"
    wrong = {
        "name": "x",
        "area_least_m2": "1",
        "from_on": "2027-01-01",
        "asks": [{"what": "height", "amount": "x"}],
    }
    bad = desk.post("/api/v1/assets/needs", wrong, content_type="application/json")
    assert bad.status_code == 422


def test_the_project_a_need_came_from_sees_what_became_of_it(
    ground: Workshop, sign_in: SignIn
) -> None:
    with acting(ground.by):
        matter = work.open_matter(
            by=ground.by, now=NOW, kind="project", subject_id=7, title="变压器二期", address="/x/"
        )
        need = assets.open_need(
            by=ground.by, now=NOW, facts=facts("1400"), party=ground.party, origin=matter
        )
        move_in = assets.open_move_in(
            by=ground.by, now=NOW,
            facts=assets.MoveInFacts(name="变压器二期", party=ground.party, need=need),
        )  # fmt: skip
    desk = sign_in("east-economy")
    card = desk.get("/assets/needs/of-project/7/").content.decode()
    assert need.name in card and move_in.number in card and "拟订中" in card
    assert "card" not in desk.get("/assets/needs/of-project/8/").content.decode()
