"""The calendar of contacts, the queue of questions and the enterprise's own side, as people use them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.town import NOW, PASSWORD
from xiaoer.base import actions as base
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import acting, system
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Contact, ContactRule, Question
from xiaoer.work.tests.conftest import Firms


def today() -> date:
    return timezone.now().astimezone(LOCAL).date()


def plan(firms: Firms, who: str = "east-officer", **given: Any) -> Contact:
    by = firms.of(who)
    with acting(by):
        return work.plan_contact(
            **{
                "by": by, "now": timezone.now(), "party": firms.party, "kind": "visit",
                "purpose": "季度走访", "planned_on": today(), **given,
            }
        )  # fmt: skip


def ask(firms: Firms, key: str = "staff", **given: Any) -> Question:
    by = firms.of("east-officer")
    with acting(by):
        return work.ask_question(
            **{
                "by": by, "now": timezone.now(), "party": firms.party, "room": "test", "key": key,
                "text": "现有多少职工？", **given,
            }
        )  # fmt: skip


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2099-12", "2026-13"])
def test_a_month_nobody_keeps_a_calendar_of_is_this_month(
    firms: Firms, sign_in: Any, month: str
) -> None:
    plan(firms)
    client = sign_in("east-desk")
    for path in (f"/contacts/?month={month}", f"/contacts/?month={month}&view=month"):
        read(client, path)
    read(client, f"/contacts/?day={month}-31")
    read(client, f"/contacts/figures/?month={month}")
    party = firms.party.pk
    read(client, f"/contacts/new/{party}/cost/?planned_on={month}-31")
    for path in ("/contacts/?q=%00", "/questions/?q=%00"):
        read(client, path)


def test_the_calendar_shows_services_and_inspections_tagged_and_filters_them(
    firms: Firms, sign_in: Any
) -> None:
    plan(firms)
    plan(
        firms, "east-land", tag="inspection", kind="inspection", purpose="特种设备检查",
        origin="《特种设备安全法》第五十七条",
    )  # fmt: skip
    client = sign_in("east-desk")
    whole = read(client, "/contacts/")
    assert "季度走访" in whole
    assert "特种设备安全法" in whole
    assert "特种设备检查" not in read(client, "/contacts/?tag=service")
    assert "季度走访" not in read(client, "/contacts/?tag=inspection")
    assert "季度走访" not in read(client, "/contacts/?only=above")
    assert "季度走访" in read(client, f"/contacts/?party={firms.party.pk}&q=轴承")
    month = read(client, "/contacts/?view=month")
    assert "服务 1" in month
    assert "检查 1" in month
    sheet = client.get("/contacts/?export=csv")
    text = b"".join(sheet.streaming_content).decode("utf-8-sig")
    assert "季度走访" in text
    assert len(text.strip().splitlines()) == 3
    for odd in (
        "/contacts/?month=2026-99",
        "/contacts/?office=x&after=-1",
        "/contacts/?day=2026-02-31",
    ):
        read(client, odd)


def test_the_form_says_what_it_costs_before_anything_is_sent(firms: Firms, sign_in: Any) -> None:
    first = plan(firms)
    plan(firms, purpose="用电检修说明")
    client = sign_in("east-officer")
    assert "东区轴承" in read(client, "/contacts/new/?q=轴承")
    form = read(client, f"/contacts/new/{firms.party.pk}/")
    for words in (
        "已用 2 次，限 2 次",
        "下一个可以安排的日子",
        "只有区领导",
        f'value="{first.pk}"',
    ):
        assert words in form
    free = today().replace(day=1) + timedelta(days=62)
    assert "已用 0 次" in read(
        client, f"/contacts/new/{firms.party.pk}/cost/?planned_on={free.isoformat()}"
    )
    asked = {"planned_on": today().isoformat(), "kind": "visit", "purpose": "再来一次"}
    refused = client.post(f"/contacts/new/{firms.party.pk}/", asked)
    assert refused.status_code == 422
    assert "用电检修说明" in refused.content.decode()
    merged = client.post(f"/contacts/new/{firms.party.pk}/", asked | {"into": first.pk})
    assert merged.status_code == 302
    assert "再来一次" in read(client, merged["Location"])
    leader = sign_in("east-leader")
    assert "破例的理由" in read(leader, f"/contacts/new/{firms.party.pk}/")
    allowed = leader.post(f"/contacts/new/{firms.party.pk}/", asked | {"reason": "市里调研"})
    assert "市里调研" in read(leader, allowed["Location"])


def test_a_contact_is_moved_merged_called_off_and_finished_on_its_page(
    firms: Firms, sign_in: Any
) -> None:
    first, second = (plan(firms, purpose=f"第{n}次") for n in range(2))
    client = sign_in("east-officer")
    page = read(client, f"/contacts/{first.pk}/?act=move")
    assert "改到这一天" in page
    later = (today() + timedelta(days=1)).isoformat()
    for path, given in (
        (
            f"/contacts/{first.pk}/move/",
            {"planned_on": later, "from_time": "09:00", "until_time": "11:30"},
        ),
        (f"/contacts/{second.pk}/move/", {"planned_on": later}),
        (f"/contacts/{second.pk}/merge/", {"into": first.pk}),
        (f"/contacts/{first.pk}/cancel/", {"reason": "设备检修"}),
        (f"/contacts/{second.pk}/finish/", {"on": today().isoformat(), "outcome": "谈了用工"}),
    ):
        answer = client.post(path, given)
        assert answer.status_code == 302, (path, answer.content.decode()[-600:])
    with acting(firms.of("east-desk")):
        states = {row.pk: row.state for row in Contact.objects.all()}
    assert states == {first.pk: "cancelled", second.pk: "done"}
    assert client.post(f"/contacts/{second.pk}/dance/").status_code == 404
    assert client.post(f"/contacts/{second.pk}/finish/").status_code == 422


def test_the_rule_is_read_by_all_and_changed_by_the_administrator(
    firms: Firms, sign_in: Any
) -> None:
    asked = {
        "version": 1,
        "monthly_quota": "3",
        "quiet_from": "1",
        "quiet_until": "5",
        "source": "纪要",
    }
    assert "系统建议值" in read(sign_in("east-officer"), "/contacts/rule/")
    assert sign_in("east-desk").post("/contacts/rule/", asked).status_code == 422
    client = sign_in("east-admin")
    assert client.post("/contacts/rule/", asked).status_code == 302
    assert "1 日至 5 日" in read(client, "/contacts/rule/")
    assert client.post("/contacts/rule/", asked).status_code == 422
    with acting(firms.of("east-admin")):
        assert ContactRule.objects.get(zone_id=firms.party.zone_id).monthly_quota == 3


def test_questions_are_answered_declined_and_dropped_from_the_queue(
    firms: Firms, sign_in: Any
) -> None:
    one = ask(firms, expects="number", unit="人", why="用工补贴的条件")
    two, three = (
        ask(firms, "lease", text="租约何时到期？", expects="day"),
        ask(firms, "x", text="其他？"),
    )
    client = sign_in("east-officer")
    assert "用工补贴的条件" in read(client, "/questions/")
    read(client, f"/questions/{one.pk}/")
    wrong = client.post(f"/questions/{one.pk}/answer/", {"answer": "好多", "through": "visit"})
    assert wrong.status_code == 422
    for path, given in (
        (f"/questions/{one.pk}/answer/", {"answer": "320", "through": "call"}),
        (f"/questions/{two.pk}/decline/", {"words": "商业秘密"}),
        (f"/questions/{three.pk}/drop/", {"reason": "不用了"}),
    ):
        assert client.post(path, given).status_code == 302
    assert "320 人" in read(client, "/questions/?state=answered")
    sheet = client.get("/questions/?state=answered&export=csv")
    assert "320 人" in b"".join(sheet.streaming_content).decode("utf-8-sig")
    assert "问企业" in read(client, "/questions/")


@pytest.fixture
def spokesman(firms: Firms, sign_in: Any) -> Client:
    """A representative with an account and a post of their own, signed in."""
    by = system(firms.party.zone_id)
    with acting(by):
        person = base.add_person(by=by, now=NOW, name="赵一")
        base.give_account(
            by=by, now=NOW, person=person, username="firm-one", password=PASSWORD, must_change=False
        )
        Post.objects.create(
            zone_id=by.zone_id, person=person, role=Role.ENTERPRISE, party_ref=firms.party.pk,
            since=NOW.date(),
        )  # fmt: skip
    client: Client = sign_in("firm-one")
    return client


def test_the_enterprise_answers_and_declines_on_its_page_and_sees_who_may_visit(
    firms: Firms, spokesman: Client
) -> None:
    officer = firms.of("east-officer")
    with acting(officer):
        post = Post.objects.get(pk=officer.post_id or 0)
    visit = plan(firms, post=post)
    plan(
        firms, "east-land", tag="inspection", kind="inspection", purpose="特种设备检查",
        origin="《特种设备安全法》第五十七条",
    )  # fmt: skip
    plan(firms, party=firms.other, purpose="别家的事")
    one, two, three = (
        ask(firms),
        ask(firms, "lease"),
        ask(firms, party=firms.other, text="别家的问题"),
    )
    page = read(spokesman, "/my/contacts/")
    for words in ("季度走访", "网一", "特种设备安全法", "已用 1 次，限 2 次"):
        assert words in page
    assert "别家" not in page + read(spokesman, "/my/questions/")
    wrong = spokesman.post(f"/my/questions/{one.pk}/answer/", {f"answer_{one.pk}": ""})
    assert wrong.status_code == 422
    assert (
        spokesman.post(f"/my/questions/{one.pk}/answer/", {f"answer_{one.pk}": "320"}).status_code
        == 302
    )
    assert spokesman.post(f"/my/questions/{two.pk}/decline/").status_code == 302
    assert spokesman.post(f"/my/questions/{three.pk}/decline/").status_code == 404
    assert spokesman.post(f"/my/questions/{one.pk}/drop/").status_code == 404
    assert "320" in read(spokesman, "/my/questions/")
    assert spokesman.post(f"/my/contacts/{visit.pk}/refuse/").status_code == 302
    assert "未获同意" in read(spokesman, "/my/contacts/")
    for path in ("/contacts/", "/questions/", f"/contacts/{visit.pk}/"):
        assert spokesman.get(path).status_code == 404


def test_the_cards_of_an_enterprise_show_its_month_and_what_to_ask(
    firms: Firms, sign_in: Any
) -> None:
    plan(firms)
    ask(firms)
    client = sign_in("east-officer")
    card = read(client, f"/enterprises/{firms.party.pk}/contacts/")
    assert "已用 1 次，限 2 次" in card
    assert "现有多少职工" in read(client, f"/enterprises/{firms.party.pk}/questions/")


def test_lists_ask_a_fixed_number_of_queries(firms: Firms, sign_in: Any) -> None:
    client = sign_in("east-desk")

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            read(client, path)
        return len(asked)

    paths = ("/contacts/", "/contacts/?view=month", "/questions/")
    before = [count(path) for path in paths]
    officer = firms.of("east-officer")
    with acting(officer):
        post = Post.objects.get(pk=officer.post_id or 0)
    for n in range(2):
        plan(firms, post=post)
        plan(firms, post=post, party=firms.other)
        ask(firms, str(n))
    assert [count(path) for path in paths] == before


def test_another_zone_and_an_enterprise_find_no_page_of_these(firms: Firms, sign_in: Any) -> None:
    contact, question = plan(firms), ask(firms)
    client = sign_in("west-desk")
    for path in (
        f"/contacts/{contact.pk}/", f"/contacts/new/{firms.party.pk}/", f"/questions/{question.pk}/",
        f"/enterprises/{firms.party.pk}/contacts/", "/my/questions/", "/my/contacts/",
    ):  # fmt: skip
        assert client.get(path).status_code == 404, path
    assert client.post(f"/contacts/{contact.pk}/cancel/", {"reason": "x"}).status_code == 404
    assert client.post(f"/questions/{question.pk}/drop/", {"reason": "x"}).status_code == 404
