"""The pages and the API of reminders and robots: one's own and nobody else's."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xiaoer.base.models import Office
from xiaoer.base.scope import Actor, acting
from xiaoer.work import actions as work
from xiaoer.work import jobs, queries
from xiaoer.work.models import Delivery, Hook, MailAddress, Subscription
from xiaoer.work.tests.receivers import mail_server
from xiaoer.work.tests.test_delivery import code_in
from xiaoer.work.tests.test_reminders import give

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
URL = "https://open.feishu.cn/open-apis/bot/v2/hook/5d"


def text_of(response: Any) -> str:
    text: str = response.content.decode()
    return text


def add(client: Client, **more: str) -> Any:
    sent = {"name": "服务群", "style": "feishu", "url": URL, "secret": "", "office": ""}
    return client.post("/robots/", sent | more)


def robot_of(who: Actor) -> Hook:
    with acting(who):
        return Hook.objects.get()


@pytest.mark.parametrize(
    "address",
    [
        "/me/reminders/",
        "/me/reminders/?do=mail",
        "/robots/",
        "/robots/?do=add",
        "/me/",
        "/notices/",
    ],
)
@pytest.mark.parametrize("who", ["east-officer", "east-admin", "east-leader"])
def test_every_address_is_answered(sign_in: SignIn, address: str, who: str) -> None:
    response = sign_in(who).get(address)
    assert response.status_code == 200
    assert "style=" not in text_of(response)


def test_an_enterprise_and_the_city_are_reminded_of_nothing(sign_in: SignIn) -> None:
    for address in ("/me/reminders/", "/robots/"):
        assert sign_in("city").get(address).status_code == 404


def test_what_is_chosen_on_the_page_stands_there_again(sign_in: SignIn, of: Of) -> None:
    client, officer = sign_in("east-officer"), of("east-officer")
    add(client)
    robot = robot_of(officer)
    sent = {
        "due-ways": ["page", f"hook:{robot.pk}"],
        "due-days": "３",
        "due-hour": "8",
        "red_light-ways": ["page"],
        "red_light-pierces": "yes",
        "no_contact-days": "90",
    }
    assert client.post("/me/reminders/", sent).status_code == 302
    with acting(officer):
        rows = Subscription.objects.filter(is_active=True).order_by("kind", "way")
        found = [(row.kind, row.way, row.days, row.hour, row.pierces) for row in rows]
    assert found == [
        ("due", "hook", 3, 8, False),
        ("due", "page", 3, None, False),
        ("red_light", "page", None, None, True),
    ]
    page = text_of(client.get("/me/reminders/"))
    assert 'value="3"' in page
    assert '<option value="8" selected>' in page


@pytest.mark.parametrize(
    ("name", "value"),
    [("due-days", "viele"), ("due-days", "-1"), ("due-hour", "25"), ("due-ways", "hook:999999")],
)
def test_a_wrong_choice_is_refused_with_words(sign_in: SignIn, name: str, value: str) -> None:
    sent = {"due-ways": "page", "due-days": "1", "due-hour": ""} | {name: value}
    if name == "due-hour":
        sent["due-ways"] = "email"
    assert sign_in("east-officer").post("/me/reminders/", sent).status_code == 422


def test_a_secret_of_ours_is_shown_once_and_the_address_never(sign_in: SignIn, of: Of) -> None:
    client = sign_in("east-officer")
    shown = add(client, style="generic", url="https://robot.example/x/geheim")
    assert 'class="token"' in text_of(shown)
    assert shown.headers["Cache-Control"] == "no-store"
    page = text_of(client.get(f"/robots/{robot_of(of('east-officer')).pk}/"))
    assert "geheim" not in page
    assert "robot.example" in page


def test_a_robot_of_somebody_else_is_not_there(sign_in: SignIn, of: Of) -> None:
    add(sign_in("east-officer"))
    robot = robot_of(of("east-officer"))
    for who in ("east-desk", "east-admin", "west-officer", "west-admin"):
        client = sign_in(who)
        assert client.get(f"/robots/{robot.pk}/").status_code == 404
        for verb in ("pause", "remove", "secret"):
            assert client.post(f"/robots/{robot.pk}/{verb}/").status_code == 404
        sent = client.post("/me/reminders/test/", {"hook": str(robot.pk)})
        assert sent.status_code == 404


def test_an_office_s_robot_is_told_on_its_page_what_the_group_gets(sign_in: SignIn, of: Of) -> None:
    power, client = of("east-power"), sign_in("east-power")
    add(client, office=str(power.office_id))
    robot = robot_of(power)
    sent = {
        "overdue-ways": f"hook:{robot.pk}", "overdue-hour": "9", "due-days": "1",
    }  # fmt: skip
    assert client.post(f"/robots/{robot.pk}/", sent).status_code == 302
    with acting(power):
        row = Subscription.objects.get(is_active=True)
        assert (row.office_id, row.kind, row.hour) == (power.office_id, "overdue", 9)
    assert sign_in("east-land").get(f"/robots/{robot.pk}/").status_code == 404
    assert sign_in("east-desk").get(f"/robots/{robot.pk}/").status_code == 200
    client.post(f"/robots/{robot.pk}/pause/")
    assert robot_of(power).paused_at is not None
    client.post(f"/robots/{robot.pk}/remove/")
    assert client.get(f"/robots/{robot.pk}/").status_code == 404


def test_the_page_of_a_test_says_in_words_what_came_of_it(sign_in: SignIn, of: Of) -> None:
    client, officer = sign_in("east-officer"), of("east-officer")
    add(client, url="https://127.0.0.1/hook")
    answer = client.post("/me/reminders/test/", {"hook": str(robot_of(officer).pk)})
    address = answer.headers["Location"]
    assert "hx-trigger" in text_of(client.get(address))
    with acting(officer):
        delivery = Delivery.objects.get()
    jobs.send_delivery(zone_id=delivery.zone_id, delivery_id=delivery.pk)
    page = text_of(client.get(address))
    assert "内部网络" in page
    assert "every 2s" not in page
    part = text_of(client.get(address, HTTP_HX_TARGET="delivery"))
    assert part.lstrip().startswith('<div id="delivery"')
    assert sign_in("east-desk").get(address).status_code == 404


def test_a_mail_address_is_confirmed_on_the_page(sign_in: SignIn, of: Of, settings: Any) -> None:
    client, officer = sign_in("east-officer"), of("east-officer")
    with mail_server() as postman:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postman.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "xiaoer@zone.example"
        client.post("/me/reminders/mail/", {"address": "wang@office.example"})
        with acting(officer):
            delivery = Delivery.objects.get()
        jobs.send_delivery(zone_id=delivery.zone_id, delivery_id=delivery.pk)
        code = code_in(postman.mails[0])
        wrong = "000000" if code != "000000" else "111111"
        client.post("/me/reminders/mail/confirm/", {"code": wrong})
        with acting(officer):
            assert MailAddress.objects.get().wrong == 1
        client.post("/me/reminders/mail/confirm/", {"code": code})
        assert "发邮件" in text_of(client.get("/me/reminders/"))
        assert code not in text_of(client.get(f"/me/reminders/deliveries/{delivery.pk}/"))


def test_the_bell_s_page_shows_what_one_was_reminded_of(sign_in: SignIn, of: Of) -> None:
    client, officer, desk = sign_in("east-officer"), of("east-officer"), of("east-desk")
    now = timezone.now()
    with acting(desk):
        give(desk, officer, now - timedelta(days=1))
    client.post("/me/reminders/", {"overdue-ways": "page", "due-days": "1", "no_contact-days": "9"})
    jobs.remind_zone(zone_id=officer.zone_id)
    with acting(officer):
        is_quiet = not queries.calendar_of(officer.zone_id).is_working(timezone.localdate())
    assert ("已逾期 · " in text_of(client.get("/notices/"))) is not is_quiet


# The same by the API -----------------------------------------------------------------------------


def call(client: Client, method: str, path: str, body: object = None) -> Any:
    return client.generic(
        method, f"/api/v1{path}", json.dumps(body or {}), content_type="application/json"
    )


def test_everything_can_be_done_by_the_api(sign_in: SignIn, of: Of) -> None:
    client, officer = sign_in("east-officer"), of("east-officer")
    kinds = call(client, "GET", "/reminders/kinds").json()
    assert [kind["code"] for kind in kinds] == [
        "due",
        "overdue",
        "red_light",
        "no_contact",
        "title_expiring",
        "licence_expiring",
    ]
    made = call(
        client, "POST", "/robots",
        {"name": "接口", "style": "generic", "url": "https://127.0.0.1/x"},
    ).json()  # fmt: skip
    assert made["secret"]
    robot = made["robot"]["robot_id"]
    chosen = [{"kind": "overdue", "way": "hook", "robot_id": robot, "hour": 8}]
    answer = call(client, "PUT", "/reminders/subscriptions", {"choices": chosen})
    assert answer.json()[0]["hour"] == 8
    assert call(client, "GET", "/reminders/subscriptions").json() == answer.json()
    sent = call(client, "POST", "/reminders/test", {"robot_id": robot}).json()
    jobs.send_delivery(zone_id=officer.zone_id, delivery_id=sent["delivery_id"])
    seen = call(client, "GET", f"/reminders/deliveries/{sent['delivery_id']}").json()
    assert seen["state"] == "given_up"
    assert "内部网络" in seen["attempts"][0]["words"]
    assert (
        call(client, "GET", "/reminders/deliveries").json()[0]["delivery_id"] == sent["delivery_id"]
    )
    assert call(client, "POST", f"/robots/{robot}/pause").json()["is_paused"]
    assert not call(client, "POST", f"/robots/{robot}/resume").json()["is_paused"]
    assert call(client, "POST", f"/robots/{robot}/secret").json()["secret"] != made["secret"]
    assert call(client, "DELETE", f"/robots/{robot}").status_code == 204
    assert call(client, "GET", "/robots").json() == []
    assert call(client, "GET", "/reminders").json() == []


def test_the_api_shows_nothing_of_others(sign_in: SignIn, of: Of) -> None:
    add(sign_in("east-officer"))
    robot = robot_of(of("east-officer")).pk
    for who in ("east-desk", "west-officer"):
        client = sign_in(who)
        assert call(client, "GET", "/robots").json() == []
        for method, path in (("GET", ""), ("POST", "/pause"), ("DELETE", "")):
            assert call(client, method, f"/robots/{robot}{path}").status_code == 404


def test_an_office_s_robot_by_the_api(sign_in: SignIn, of: Of) -> None:
    power, client = of("east-power"), sign_in("east-power")
    with acting(power):
        office = Office.objects.get(pk=power.office_id or 0)
        hook = work.add_hook(
            by=power, now=timezone.now(), name="供电群", style="wecom", url=URL, office=office
        ).hook
    chosen = {"choices": [{"kind": "red_light", "way": "hook", "robot_id": hook.pk}]}
    assert call(client, "PUT", f"/robots/{hook.pk}/subscriptions", chosen).status_code == 200
    assert call(sign_in("east-land"), "GET", f"/robots/{hook.pk}").status_code == 404
    refused = call(client, "POST", "/reminders/mail", {"address": "wang@office.example"})
    assert refused.status_code == 422
