"""Signing in: accounts are given, locked by account and address together, and changed by their owner."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from tests.town import NOW, PASSWORD
from xiaoer.base import actions as base
from xiaoer.base.models import Account, JournalLine, Office, Person, Role
from xiaoer.base.scope import Actor, acting
from xiaoer.config.errors import SizeMiddleware

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
NEW = "quiet-river-19"


def enter(name: str, password: str, address: str = "10.0.0.1", client: Client | None = None) -> Any:
    """Press "Sign in" from an address."""
    return (client or Client()).post(
        "/accounts/login/", {"login": name, "password": password}, REMOTE_ADDR=address
    )


def lock(name: str, address: str = "10.0.0.1") -> Any:
    return [enter(name, "wrong", address) for _try in range(5)][-1]


def test_the_right_password_leads_to_the_first_page(db: None) -> None:
    answer = enter("east-officer", PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def said(answer: Any) -> str:
    """The words above the button."""
    found = re.search(r'class="form-error[^>]*>([^<]*)<', answer.content.decode())
    assert found
    return found[1]


def test_a_wrong_password_does_not_say_whether_the_account_exists(db: None) -> None:
    known, unknown = enter("east-officer", "wrong"), enter("nobody-here", "wrong")
    assert said(known) == said(unknown) != ""


def test_five_wrong_passwords_lock_the_account_and_say_until_when(db: None) -> None:
    answer = lock("east-officer")
    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert "15" in answer.content.decode()
    assert enter("east-officer", PASSWORD).status_code == 429


def test_a_colleague_at_the_same_address_still_signs_in(db: None) -> None:
    lock("east-officer")
    assert enter("east-desk", PASSWORD).status_code == 302


def test_the_locked_account_still_signs_in_from_elsewhere(db: None) -> None:
    lock("east-officer")
    assert enter("east-officer", PASSWORD, address="10.0.0.2").status_code == 302


def test_writing_the_name_otherwise_gives_no_more_tries(db: None) -> None:
    for name in ("east-officer", "East-Officer", "EAST-officer", " east-officer", "east-Officer"):
        enter(name, "wrong")
    assert enter("east-officer", PASSWORD).status_code == 429


def test_trying_while_locked_does_not_make_the_lock_longer(db: None) -> None:
    until = re.compile(r"<h1>[^<]*(\d\d:\d\d)")
    first = until.search(lock("east-officer").content.decode())
    again = until.search(enter("east-officer", "wrong").content.decode())
    assert first and again and first[1] == again[1]


def test_signing_in_gives_the_session_a_new_number(db: None) -> None:
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["kept"] = "before"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before or ""
    enter("east-officer", PASSWORD, client=client)
    assert client.session.session_key != before


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "confirm-email/", "password/reset/", "password/set/", "3rdparty/"],
)
def test_nobody_makes_an_account_or_asks_for_one_by_mail(db: None, path: str) -> None:
    assert Client().get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["logout/", "password/change/", "reauthenticate/", "2fa/", "2fa/totp/activate/"],
)
def test_no_page_of_the_account_is_in_another_s_clothes(sign_in: SignIn, path: str) -> None:
    answer = sign_in("east-officer").get(f"/accounts/{path}", follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'class="public"' in page
    assert "<h1>" in page and 'class="logo"' in page


def test_personas_are_absent_when_this_is_no_demo(db: None) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert "hx-get" not in page
    assert Client().get("/demo/personas/").status_code == 404
    assert "东区" in page


def test_the_unified_sign_in_is_shown_only_when_configured(db: None, settings: Any) -> None:
    assert "oidc" not in Client().get("/accounts/login/").content.decode()
    app = {
        "provider_id": "unified",
        "name": "统一身份认证",
        "client_id": "x",
        "secret": "y",
        "settings": {"server_url": "https://id.example.cn"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    page = Client().get("/accounts/login/").content.decode()
    assert "/accounts/oidc/unified/login/" in page


def printed(of: Of, name: str = "east-officer") -> str:
    """A new password for an account of the town, as the office head prints it."""
    by = of("east-admin")
    account = Account.objects.get(username=name)
    with acting(by):
        person = Person.objects.get(account_id=account.pk)
        return base.reset_password(by=by, now=NOW, person=person).password


def test_a_printed_password_opens_only_the_page_that_changes_it(of: Of) -> None:
    password, client = printed(of), Client()
    enter("east-officer", password, client=client)
    for path in ("/", "/people/", "/my-access/", "/accounts/2fa/"):
        assert client.get(path)["Location"] == reverse("account_change_password")
    part = client.get("/people/", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == reverse("account_change_password")
    assert client.get("/api/v1/nothing").status_code == 403


def test_changing_the_printed_password_opens_the_house_and_leaves_a_line(of: Of) -> None:
    password, client = printed(of), Client()
    enter("east-officer", password, client=client)
    client.post(
        "/accounts/password/change/", {"oldpassword": password, "password1": NEW, "password2": NEW}
    )
    assert client.get("/my-access/").status_code == 200
    assert not Account.objects.get(username="east-officer").must_change_password
    by = of("east-officer")
    with acting(by):
        assert JournalLine.objects.filter(
            verb="choose_own_password", person_id=by.person_id or 0
        ).exists()


def test_a_new_printed_password_ends_open_sessions(of: Of, sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    assert client.get("/my-access/").status_code == 200
    printed(of)
    assert "/accounts/login/" in client.get("/my-access/")["Location"]


def test_a_closed_account_neither_signs_in_nor_stays(of: Of, sign_in: SignIn) -> None:
    client, by, officer = sign_in("east-officer"), of("east-admin"), of("east-officer")
    with acting(by):
        base.close_account(by=by, now=NOW, person=Person.objects.get(pk=officer.person_id or 0))
    assert "/accounts/login/" in client.get("/my-access/")["Location"]
    assert enter("east-officer", PASSWORD).headers.get("Location") != "/"


def test_one_works_in_another_of_one_s_posts_and_in_nobody_else_s(of: Of, sign_in: SignIn) -> None:
    by, officer, desk = of("east-admin"), of("east-officer"), of("east-desk")
    with acting(by):
        second = base.give_post(
            by=by,
            now=NOW,
            person=Person.objects.get(pk=officer.person_id or 0),
            role=Role.STEWARD,
            office=Office.objects.get(pk=desk.office_id or 0),
        )
    client = sign_in("east-officer")
    assert client.post("/switch/", {"post": second.pk}).status_code == 302
    assert client.session["post"] == second.pk
    assert client.post("/switch/", {"post": desk.post_id}).status_code == 422
    assert client.post("/switch/", {"post": "' or 1=1"}).status_code == 422
    assert client.session["post"] == second.pk


def test_the_city_changes_zones_and_others_cannot(sign_in: SignIn) -> None:
    city = sign_in("city")
    assert city.post("/switch-zone/", {"zone": "west"}).status_code == 302
    assert "西区" in city.get("/my-access/").content.decode()
    assert city.post("/switch-zone/", {"zone": "nowhere"}).status_code == 404
    assert sign_in("east-admin").post("/switch-zone/", {"zone": "west"}).status_code == 404


def test_the_language_goes_with_the_account_to_another_device(sign_in: SignIn) -> None:
    sign_in("east-officer").post("/language/", {"language": "en", "next": "//evil.example/"})
    answer = enter("east-officer", PASSWORD)
    assert answer.cookies["django_language"].value == "en"


def test_the_language_switch_leads_to_no_other_site(db: None) -> None:
    client = Client()
    answer = client.post("/language/", {"language": "en", "next": "//evil.example/"})
    assert answer["Location"] == "/"
    assert client.post("/language/", {"language": "xx"}).status_code == 404


def test_an_account_without_a_post_is_told_so(of: Of, sign_in: SignIn) -> None:
    client, by, officer = sign_in("east-officer"), of("east-admin"), of("east-officer")
    with acting(by):
        leaver = Person.objects.get(pk=officer.person_id or 0)
        base.person_left(by=by, now=NOW, person=leaver, on=NOW.date())
    answer = client.get("/my-access/")
    assert answer.status_code == 403


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_error_names_a_number_to_quote(db: None, language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert answer["X-Request-Id"] in answer.content.decode()


def test_a_body_that_says_it_is_too_large_is_not_read(db: None, settings: Any) -> None:
    class Unreadable:
        def read(self, *_size: int) -> bytes:
            raise AssertionError("somebody read it")

    request = HttpRequest()
    request.method, request.path = "POST", "/people/sheet/"
    request.META = {"CONTENT_LENGTH": str(settings.UPLOAD_LIMIT + 1), "wsgi.input": Unreadable()}
    answer = SizeMiddleware(lambda _request: pytest.fail("it went on"))(request)
    assert answer.status_code == 413


def test_the_journal_of_sign_in_keeps_no_password(of: Of) -> None:
    password = printed(of)
    by = of("east-admin")
    with acting(by), connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from journal_line where detail::text like %s", [f"%{password}%"]
        )
        assert cursor.fetchone() == (0,)
