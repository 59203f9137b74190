"""Messages go out to real servers: signed, tried again, given up, never to an inner network."""

import base64
import email
import email.policy
import hashlib
import hmac
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from tests.town import NOW
from xiaoer.base.models import Office
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.work import actions as work
from xiaoer.work import jobs, queries, robots, wires
from xiaoer.work.actions import Choice
from xiaoer.work.actions.sending import CLAIM_LASTS, pause_after
from xiaoer.work.models import Delivery, DeliveryAttempt, Hook, MailAddress, Reminder
from xiaoer.work.tests.receivers import Post, Receiver, certificate, mail_server, receiver
from xiaoer.work.tests.test_reminders import choose, give, run

Of = Callable[[str], Actor]
State = Delivery.State
PUBLIC = "https://open.feishu.cn/open-apis/bot/v2/hook/5d"


@pytest.fixture
def there(settings: Any) -> Iterator[Receiver]:
    """A receiver on this machine, which the administrator of the installation allows."""
    settings.HOOKS_ALLOWED, settings.HOOKS_BY_HTTP = ["127.0.0.0/8"], True
    with receiver() as kept:
        yield kept


@pytest.fixture
def postman(settings: Any) -> Iterator[Post]:
    with mail_server() as kept:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", kept.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "xiaoer@zone.example"
        yield kept


def add(by: Actor, url: str, style: str = "generic", secret: str = "", **more: Any) -> work.NewHook:
    with acting(by):
        return work.add_hook(
            by=by, now=NOW, name="服务群", style=style, url=url, secret=secret, **more
        )


def ask_for_test(by: Actor, hook: Hook) -> Delivery:
    with acting(by):
        return work.send_test(by=by, now=timezone.now(), hook=hook)


def reminded(of: Of, hook: Hook, count: int = 1) -> Delivery:
    """A message of reminders to the officer's robot, made now."""
    officer, desk, now = of("east-officer"), of("east-desk"), timezone.now()
    with acting(desk):
        for number in range(1, count + 1):
            give(desk, officer, now - timedelta(days=2), number, title=f"第{number}件")
    choose(officer, Choice("overdue", "hook", hook_id=hook.pk), now=now)
    run(officer, NOW + timedelta(days=3 * 365))
    with acting(officer):
        delivery = Delivery.objects.get()
        Delivery.objects.update(next_at=now, made_at=now)
    return delivery


def send(delivery: Delivery) -> None:
    jobs.send_delivery(zone_id=delivery.zone_id, delivery_id=delivery.pk)


def again(delivery: Delivery) -> None:
    """The pause is over."""
    with acting(system(delivery.zone_id)):
        Delivery.objects.filter(pk=delivery.pk).update(next_at=timezone.now())
    send(delivery)


def now_is(by: Actor, delivery: Delivery) -> Delivery:
    with acting(by):
        return queries.delivery_of(by, delivery.pk) or delivery


def attempts(by: Actor, delivery: Delivery) -> list[tuple[str, int | None]]:
    with acting(by):
        rows = DeliveryAttempt.objects.filter(delivery=delivery).order_by("id")
        return [(row.result, row.code) for row in rows]


def test_a_receiver_verifies_the_signature_of_the_whole_body(of: Of, there: Receiver) -> None:
    officer = of("east-officer")
    new = add(officer, there.url)
    delivery = ask_for_test(officer, new.hook)
    send(delivery)
    got = there.got[0]
    number, timestamp = got.headers["X-Xiaoer-Id"], got.headers["X-Xiaoer-Timestamp"]
    signed = f"{timestamp}.{number}.".encode() + got.body
    wanted = "v1=" + hmac.new(new.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert got.headers["X-Xiaoer-Signature"] == wanted
    said = json.loads(got.body)
    assert said["id"] == number == str(delivery.number)
    assert abs(int(timestamp) - time.time()) < 60
    assert "测试" in said["text"]
    assert got.path == "/hook?key=geheim"
    assert now_is(officer, delivery).state == State.SENT


def test_reminders_travel_with_their_items(of: Of, there: Receiver) -> None:
    officer = of("east-officer")
    new = add(officer, there.url)
    delivery = reminded(of, new.hook, 2)
    send(delivery)
    said = json.loads(there.got[0].body)
    assert {item["title"] for item in said["items"]} == {"第1件", "第2件"}
    assert said["items"][0]["address"].startswith("http://127.0.0.1:8000/appeals/")


def test_a_message_that_fails_is_tried_again_under_the_same_number(of: Of, there: Receiver) -> None:
    officer = of("east-officer")
    there.statuses = [503, 429, 200]
    new = add(officer, there.url)
    delivery = reminded(of, new.hook)
    send(delivery)
    assert now_is(officer, delivery).state == State.WAITING
    send(delivery)
    assert len(there.got) == 1, "not before its time"
    again(delivery)
    again(delivery)
    again(delivery)
    assert attempts(officer, delivery) == [("failed", 503), ("failed", 429), ("sent", 200)]
    assert len({got.headers["X-Xiaoer-Id"] for got in there.got}) == 1
    with acting(officer):
        hook = Hook.objects.get(pk=new.hook.pk)
    assert hook.last_success_at and hook.last_failure_at and "429" in hook.last_failure


def test_the_pause_doubles_up_to_an_hour() -> None:
    minutes = [pause_after(n).total_seconds() / 60 for n in (1, 2, 3, 6, 7, 8, 5000)]
    assert minutes == [1, 2, 4, 32, 60, 60, 60]


def test_it_is_given_up_in_the_end_and_the_page_says_so(
    of: Of, there: Receiver, settings: Any
) -> None:
    officer = of("east-officer")
    settings.DELIVERY_TRIES = 2
    there.statuses = [500]
    new = add(officer, there.url)
    delivery = reminded(of, new.hook)
    send(delivery)
    again(delivery)
    again(delivery)
    assert now_is(officer, delivery).state == State.GIVEN_UP
    assert len(there.got) == 2
    with acting(officer):
        row = Reminder.objects.get(kind="undelivered")
        assert row.address == f"/me/reminders/deliveries/{delivery.pk}/"
        assert queries.page_reminders(officer, timezone.now())[0].kind_name == "未送达"


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_what_would_fail_again_is_not_tried_again(of: Of, there: Receiver, status: int) -> None:
    officer = of("east-officer")
    there.statuses = [status]
    delivery = reminded(of, add(officer, there.url).hook)
    send(delivery)
    assert now_is(officer, delivery).state == State.GIVEN_UP


def test_killed_between_sending_and_recording_it_goes_again_under_its_number(
    of: Of, there: Receiver
) -> None:
    officer = of("east-officer")
    delivery = reminded(of, add(officer, there.url).hook)
    by, began = system(delivery.zone_id), timezone.now()
    with acting(by):
        claimed = work.claim_delivery(by=by, now=began, delivery_id=delivery.pk)
    assert claimed is not None
    assert claimed.send(began).is_sent  # and here the worker is killed
    send(delivery)
    assert len(there.got) == 1, "the claim still holds"
    later = began + CLAIM_LASTS + timedelta(seconds=1)
    with acting(by):
        assert queries.deliveries_to_send(by.zone_id, later) == [delivery.pk]
        second = work.claim_delivery(by=by, now=later, delivery_id=delivery.pk)
    assert second is not None
    outcome = second.send(later)
    with acting(by):
        late = work.record_attempt(
            by=by, now=later, delivery_id=delivery.pk, claim=claimed.claim, outcome=outcome
        )
        assert late is None, "who was taken for dead records nothing any more"
        work.record_attempt(
            by=by, now=later, delivery_id=delivery.pk, claim=second.claim, outcome=outcome
        )
    assert attempts(officer, delivery) == [("unknown", None), ("sent", 200)]
    assert len({got.headers["X-Xiaoer-Id"] for got in there.got}) == 1
    send(delivery)
    assert len(there.got) == 2


def test_a_robot_that_rests_gets_nothing_and_one_removed_never(of: Of, there: Receiver) -> None:
    officer = of("east-officer")
    hook = add(officer, there.url).hook
    delivery = reminded(of, hook)
    with acting(officer):
        work.pause_hook(by=officer, now=NOW, hook=hook)
    send(delivery)
    assert now_is(officer, delivery).state == State.WAITING
    with acting(officer):
        work.remove_hook(by=officer, now=NOW, hook=hook)
        kept = Hook.objects.get(pk=hook.pk)
        assert (kept.url_sealed, kept.secret_sealed) == ("", "")
    again(delivery)
    assert now_is(officer, delivery).state == State.GIVEN_UP
    assert there.got == []


def test_a_redirect_is_not_followed(of: Of, there: Receiver) -> None:
    officer = of("east-officer")
    there.statuses, there.location = [302], there.url
    delivery = ask_for_test(officer, add(officer, there.url).hook)
    send(delivery)
    assert len(there.got) == 1
    with acting(officer):
        assert "不跟随跳转" in DeliveryAttempt.objects.get().words


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.9.9",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104  a place to be refused
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[fd00::1]",
        "[fe80::1]",
        "224.0.0.1",
    ],
)
def test_nothing_is_sent_into_an_inner_network(of: Of, host: str) -> None:
    outcome = wires.post(robots.Request(f"https://{host}/x", b"{}"))
    assert (outcome.is_sent, outcome.is_final) == (False, True)
    assert "内部网络" in outcome.words


def test_a_name_that_leads_within_is_refused_however_it_is_called(
    of: Of, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name may lead to a public address and an inner one at once: both are looked at."""
    both = [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("10.0.0.8", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: both)
    outcome = wires.post(robots.Request("https://robot.example/x", b"{}"))
    assert "10.0.0.8" in outcome.words


def test_the_certificate_must_be_trusted_and_the_name_s_own(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOOKS_ALLOWED = ["127.0.0.0/8"]
    ours, other = certificate(tmp_path, "localhost"), certificate(tmp_path, "robot.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ours)
    with receiver(context) as kept:
        request = robots.Request(f"https://localhost:{kept.port}/x", b"{}")
        by_number = robots.Request(f"https://127.0.0.1:{kept.port}/x", b"{}")
        monkeypatch.setenv("SSL_CERT_FILE", str(other))
        assert wires.post(request).words == "服务器证书不正确。"
        monkeypatch.setenv("SSL_CERT_FILE", str(ours))
        assert wires.post(request).is_sent
        assert wires.post(by_number).words == "服务器证书不正确。"
        assert len(kept.got) == 1


def test_the_demo_sends_nothing_out(settings: Any) -> None:
    settings.DEMO = True
    outcome = wires.post(robots.Request("https://robot.example/x", b"{}"))
    assert "演示" in outcome.words


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "https://",
        "https:///x",
        "javascript:alert(1)",
        "file:/etc/passwd",
        "ftp://robot.example/x",
        "http://robot.example/x",
        "https://user:word@robot.example/x",
        "https://robot.example/x#there",
        "https://robot.example:99999/x",
        "https://robot.example:0/x",
        "https://rob ot.example/x",
        "https://robot.example/\r\nX-Y: z",
        "https://机器人.example/x",
        "https://[::1/x",
        "https://robot.example\\@10.0.0.1/x",
        "https://" + "a" * 64 + ".example/",
        "https://robot.example/" + "x" * 900,
        "https://robot.example/\x00",
    ],
)
def test_what_is_no_good_address_is_refused_at_its_field(of: Of, url: str) -> None:
    with pytest.raises(Refused) as refused:
        add(of("east-officer"), url)
    assert refused.value.field == "url"


def test_neither_address_nor_secret_lies_open_in_the_database(of: Of) -> None:
    officer = of("east-officer")
    new = add(officer, PUBLIC, "feishu", "streng-geheim")
    with acting(officer), connection.cursor() as cursor:
        cursor.execute("select to_jsonb(h)::text from hook h where id = %s", [new.hook.pk])
        row = cursor.fetchone()[0]
        cursor.execute("select string_agg(detail::text, '') from journal_line")
        journal = cursor.fetchone()[0]
    for text in (row, journal):
        assert "geheim" not in text
        assert "v2/hook/5d" not in text
    assert "open.feishu.cn" in row
    assert new.secret == "", "a secret the robot gave is not shown again"


def test_a_new_secret_signs_from_now_on(of: Of, there: Receiver) -> None:
    officer = of("east-officer")
    first = add(officer, there.url)
    with acting(officer):
        second = work.rotate_hook(by=officer, now=NOW, hook=first.hook)
    send(ask_for_test(officer, first.hook))
    got = there.got[0]
    signed = robots.signature(
        second.secret,
        timestamp=got.headers["X-Xiaoer-Timestamp"],
        number=got.headers["X-Xiaoer-Id"],
        body=got.body,
    )
    assert first.secret != second.secret
    assert got.headers["X-Xiaoer-Signature"] == signed


def message(text: str = "一件") -> robots.Message:
    return robots.Message("n", "东区", "小二提醒", text)


def test_each_robot_gets_the_body_and_the_sign_it_wants() -> None:
    at = datetime.fromtimestamp(1_790_000_000.5, timezone.get_default_timezone())
    wecom = robots.request("wecom", url=PUBLIC, secret="", message=message(), now=at)
    assert json.loads(wecom.body) == {"msgtype": "text", "text": {"content": "小二提醒\n一件"}}
    ding = robots.request(
        "dingtalk", url="https://oapi.dingtalk.com/robot/send?access_token=1", secret="SEC",
        message=message(), now=at,
    )  # fmt: skip
    query = parse_qs(urlsplit(ding.url).query)
    assert query["access_token"] == ["1"] and query["timestamp"] == ["1790000000500"]
    sign = hmac.new(b"SEC", b"1790000000500\nSEC", hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(sign).decode()]
    feishu = json.loads(
        robots.request("feishu", url=PUBLIC, secret="SEC", message=message(), now=at).body
    )
    sign = hmac.new(b"1790000000\nSEC", b"", hashlib.sha256).digest()
    assert feishu["sign"] == base64.b64encode(sign).decode()
    assert (feishu["timestamp"], feishu["msg_type"]) == ("1790000000", "text")


def test_what_is_too_long_for_a_robot_ends_with_a_whole_line() -> None:
    text = robots.fitted(message("\n".join(f"第{n}行" * 10 for n in range(200))), "wecom")
    assert len(text.encode()) <= 2000
    assert text.endswith("行\n…")


@pytest.mark.parametrize(
    ("style", "answer"),
    [
        ("wecom", b'{"errcode":93000,"errmsg":"invalid webhook url"}'),
        ("dingtalk", b'{"errcode":310000,"errmsg":"sign not match"}'),
        ("feishu", b'{"code":19021,"msg":"sign match fail"}'),
        ("wecom", b"<html>This is the page of something else.</html>"),
        ("dingtalk", b"[" * 60_000),
        ("feishu", b""),
    ],
)
def test_a_robot_that_says_no_with_200_has_not_taken_it(
    of: Of, there: Receiver, style: str, answer: bytes
) -> None:
    officer = of("east-officer")
    there.answer = answer
    delivery = reminded(of, add(officer, there.url, style).hook)
    send(delivery)
    assert now_is(officer, delivery).state == State.WAITING
    there.answer = b'{"errcode":0,"code":0}'
    again(delivery)
    assert now_is(officer, delivery).state == State.SENT


def test_a_server_that_never_ends_its_answer_keeps_nobody(
    there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.answer = b"x" * 5_000_000
    outcome = wires.post(robots.Request(there.url, b"{}"))
    assert outcome.is_sent and len(outcome.body) == wires.MOST_ANSWER
    monkeypatch.setattr(wires, "STEP_S", 0.2)
    with silent() as port:
        outcome = wires.post(robots.Request(f"http://127.0.0.1:{port}/", b"{}"))
    assert outcome.words == "服务器没有按时应答。"


@contextmanager
def silent() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        yield door.getsockname()[1]


def test_an_office_s_robots_are_kept_by_its_head_the_desk_and_administrators(of: Of) -> None:
    power, officer, desk = of("east-power"), of("east-officer"), of("east-desk")
    with acting(power):
        office = Office.objects.get(pk=power.office_id or 0)
    hook = add(power, PUBLIC, office=office).hook
    with pytest.raises(Refused, match="负责人"):
        add(officer, PUBLIC, office=office)
    with acting(officer), pytest.raises(Refused, match="负责人"):
        work.remove_hook(by=officer, now=NOW, hook=hook)
    with acting(desk):
        work.pause_hook(by=desk, now=NOW, hook=hook)
        work.resume_hook(by=desk, now=NOW, hook=hook)
    west = of("west-admin")
    with acting(west), pytest.raises(Refused):
        work.remove_hook(by=west, now=NOW, hook=hook)


# E-mail ------------------------------------------------------------------------------------------


def code_in(mail: str) -> str:
    found = re.search(r" (\d{6})，", mail)
    assert found
    return found[1]


def confirmed(by: Actor, postman: Post) -> None:
    with acting(by):
        delivery = work.give_mail_address(by=by, now=timezone.now(), address="wang@office.example")
    send(delivery)
    with acting(by):
        assert work.confirm_mail_address(by=by, now=timezone.now(), code=code_in(postman.mails[-1]))


def test_a_code_that_came_back_confirms_an_address(of: Of, postman: Post) -> None:
    officer = of("east-officer")
    confirmed(officer, postman)
    with acting(officer):
        assert MailAddress.objects.get().verified_at is not None
        row = Delivery.objects.get()
        assert (row.sealed, row.text) == ("", "")


def test_wrong_codes_are_counted_and_end_the_code(of: Of, postman: Post) -> None:
    officer = of("east-officer")
    with acting(officer):
        delivery = work.give_mail_address(
            by=officer, now=timezone.now(), address="wang@office.example"
        )
    send(delivery)
    right = code_in(postman.mails[0])
    wrong = "000000" if right != "000000" else "111111"
    for _try in range(5):
        with acting(officer):
            assert not work.confirm_mail_address(by=officer, now=timezone.now(), code=wrong)
    with acting(officer), pytest.raises(Refused, match="失效"):
        work.confirm_mail_address(by=officer, now=timezone.now(), code=right)


def test_reminders_come_by_mail_and_carry_their_number(of: Of, postman: Post) -> None:
    officer, desk = of("east-officer"), of("east-desk")
    confirmed(officer, postman)
    with acting(desk):
        give(desk, officer, NOW - timedelta(days=1))
    choose(officer, Choice("overdue", "email"))
    run(officer, NOW)
    with acting(officer):
        delivery = Delivery.objects.get(purpose="reminders")
    assert delivery.address == "wang@office.example"
    again(delivery)
    mail = email.message_from_string(postman.mails[-1], policy=email.policy.default)
    assert str(delivery.number) in mail["Message-ID"]
    assert "小二提醒：1 件" in mail["Subject"]
    assert "门口货车掉头难" in postman.mails[-1]


def test_a_mail_server_s_refusal_for_good_is_for_good(of: Of, postman: Post) -> None:
    officer = of("east-officer")
    confirmed(officer, postman)
    postman.says = "550 no such mailbox"
    with acting(officer):
        delivery = work.send_test(by=officer, now=timezone.now())
    send(delivery)
    assert attempts(officer, delivery) == [("failed", 550)]


def test_without_a_mail_server_everybody_is_told_who_names_one(of: Of, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    officer = of("east-officer")
    with acting(officer), pytest.raises(Refused, match="管理员"):
        work.give_mail_address(by=officer, now=NOW, address="wang@office.example")


@pytest.mark.parametrize(
    "address", ["", "wang", "a@b", "a@b.example\nBcc: x@y.example", "a b@c.example", "x" * 300]
)
def test_what_is_no_mail_address_is_refused_at_its_field(
    of: Of, postman: Post, address: str
) -> None:
    officer = of("east-officer")
    with acting(officer), pytest.raises(Refused) as refused:
        work.give_mail_address(by=officer, now=NOW, address=address)
    assert refused.value.field == "address"


def test_who_forgets_the_address_gets_no_more_mail(of: Of, postman: Post) -> None:
    officer, desk = of("east-officer"), of("east-desk")
    confirmed(officer, postman)
    with acting(desk):
        give(desk, officer, NOW - timedelta(days=1))
    choose(officer, Choice("overdue", "email"))
    with acting(officer):
        work.forget_mail_address(by=officer, now=NOW)
    assert run(officer, NOW) == 0
