"""The second step of sign-in, from turning it on to the day the phone is lost, on the real pages."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.test import Client

from tests.town import PASSWORD
from xiaoer.base.models import Account

NAME = "east-officer"
PERIOD = 30
TYPING = 3  # seconds a page may take beside a whole suite


@pytest.fixture(autouse=True)
def forget(db: None) -> None:
    """Codes count as used for a while; a test begins without those of another."""
    cache.clear()


class Phone:
    """An authenticator app: it holds the key and shows six figures."""

    def __init__(self, key: str) -> None:
        self.key = key

    def code(self) -> str:
        """Who sees that it is about to change waits for the next, which holds while it is typed."""
        left = PERIOD - time.time() % PERIOD
        if left < TYPING:
            time.sleep(left)
        value = auth.hotp_value(self.key, int(time.time()) // PERIOD)
        return str(auth.format_hotp_value(value))

    def wrong(self) -> str:
        return f"{(int(self.code()) + 1) % 1_000_000:06}"


def password_typed(name: str = NAME) -> tuple[Client, Any]:
    client = Client()
    answer = client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    return client, answer


def opened(client: Client, path: str) -> Any:
    """A page that changes how the account is protected: it asks for the password once more."""
    answer = client.get(path)
    if answer.status_code == 302 and "/reauthenticate/" in answer["Location"]:
        assert client.get(answer["Location"]).status_code == 200
        wrong = client.post(answer["Location"], {"password": "wrong", "next": path})
        assert wrong.status_code == 200
        back = client.post(answer["Location"], {"password": PASSWORD, "next": path})
        assert back["Location"] == path
        answer = client.get(path)
    return answer


def turned_on() -> tuple[Client, Phone, list[str]]:
    """Turn it on as a person does: scan, type the code, keep the recovery codes."""
    client, _answer = password_typed()
    page = opened(client, "/accounts/2fa/totp/activate/").content.decode()
    assert "验证器" in page
    found = re.search(r"<code>([A-Z2-7]{16,})</code>", page)
    assert found
    phone = Phone(found[1])
    refused = client.post("/accounts/2fa/totp/activate/", {"code": phone.wrong()})
    assert refused.status_code == 200
    assert "每 30 秒" in refused.content.decode()
    done = client.post("/accounts/2fa/totp/activate/", {"code": phone.code()})
    assert done.status_code == 302
    cache.clear()  # thirty seconds pass
    codes = opened(client, "/accounts/2fa/recovery-codes/")
    assert "no-store" in codes["Cache-Control"]
    shown = re.findall(r"<li><code>([^<]+)</code>", codes.content.decode())
    assert len(shown) == 10
    return client, phone, shown


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_the_second_step_is_turned_on_and_asked_for_at_the_next_sign_in() -> None:
    _client, phone, _codes = turned_on()
    browser, answer = password_typed()
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(browser), "the password alone opens nothing"
    page = browser.get(answer["Location"]).content.decode()
    assert "6 位数字" in page
    wrong = browser.post("/accounts/2fa/authenticate/", {"code": phone.wrong()})
    assert wrong.status_code == 200
    assert "form-error" in wrong.content.decode()
    assert not is_in(browser)
    right = browser.post("/accounts/2fa/authenticate/", {"code": phone.code()})
    assert right["Location"] == "/"
    assert is_in(browser)


def test_a_code_opens_once() -> None:
    _client, phone, _codes = turned_on()
    code = phone.code()
    first, _answer = password_typed()
    assert first.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    second, _answer = password_typed()
    assert second.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
    assert not is_in(second)


def test_a_recovery_code_opens_once_when_the_phone_is_lost() -> None:
    _client, _phone, codes = turned_on()
    browser, _answer = password_typed()
    assert browser.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    assert is_in(browser)
    again, _answer = password_typed()
    assert again.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 200
    assert not is_in(again)
    assert again.post("/accounts/2fa/authenticate/", {"code": codes[1]}).status_code == 302
    assert is_in(again)


def test_new_recovery_codes_void_the_old_ones() -> None:
    client, _phone, old = turned_on()
    page = opened(client, "/accounts/2fa/recovery-codes/generate/").content.decode()
    assert "10" in page
    client.post("/accounts/2fa/recovery-codes/generate/")
    browser, _answer = password_typed()
    assert browser.post("/accounts/2fa/authenticate/", {"code": old[0]}).status_code == 200
    assert not is_in(browser)


def test_turned_off_the_password_is_enough_again() -> None:
    client, _phone, _codes = turned_on()
    client.post("/accounts/2fa/totp/deactivate/")
    account = Account.objects.get(username=NAME)
    assert not Authenticator.objects.filter(user=account).exists()
    browser, answer = password_typed()
    assert answer["Location"] == "/"
    assert is_in(browser)


def test_guessing_codes_does_not_go_on_for_ever() -> None:
    _client, phone, _codes = turned_on()
    browser, _answer = password_typed()
    answers = [
        browser.post("/accounts/2fa/authenticate/", {"code": phone.wrong()}) for _n in range(12)
    ]
    right = browser.post("/accounts/2fa/authenticate/", {"code": phone.code()})
    assert {answer.status_code for answer in answers} == {200}
    assert right.status_code == 200
    assert "15 分钟" in right.content.decode()
    assert not is_in(browser)


def test_what_codes_are_made_from_is_not_read_in_the_database() -> None:
    _client, phone, codes = turned_on()
    kept = " ".join(str(row.data) for row in Authenticator.objects.all())
    assert phone.key not in kept
    assert not any(code in kept for code in codes)
