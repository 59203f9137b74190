"""Keys for other systems: shown once, limited, ended; and what outside roles meet of this room."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone
from ninja.errors import HttpError

from tests.town import NOW, PASSWORD
from xiaoer.base import actions as base
from xiaoer.base.api_door import asker
from xiaoer.base.models import ApiToken, JournalLine, Person, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.base.tokens import READ, WRITE

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


def made(by: Actor, scopes: list[str], days: int = 30) -> tuple[ApiToken, str]:
    with acting(by):
        return base.make_token(by=by, now=timezone.now(), name="交换", scopes=scopes, days=days)


def asking(secret: str) -> HttpRequest:
    return RequestFactory().get("/api/v1/x", headers={"Authorization": f"Bearer {secret}"})


def test_a_token_acts_in_the_post_that_made_it(of: Of) -> None:
    by = of("east-officer")
    _token, secret = made(by, [READ])
    assert asker(asking(secret), READ).post_id == by.post_id


def test_the_token_itself_is_not_kept(of: Of) -> None:
    token, secret = made(of("east-officer"), [READ])
    kept = ApiToken.objects.filter(pk=token.pk).values_list()[0]
    assert secret not in str(kept)


def test_a_token_does_only_what_it_was_made_for(of: Of) -> None:
    _token, secret = made(of("east-officer"), [READ])
    with pytest.raises(HttpError) as no:
        asker(asking(secret), WRITE)
    assert no.value.status_code == 403


def test_a_token_that_is_over_opens_nothing(of: Of) -> None:
    token, secret = made(of("east-officer"), [READ])
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(HttpError) as no:
        asker(asking(secret), READ)
    assert no.value.status_code == 401


def test_a_revoked_token_opens_nothing(of: Of) -> None:
    by = of("east-officer")
    token, secret = made(by, [READ, WRITE])
    with acting(by):
        base.revoke_token(by=by, now=NOW, token_id=token.pk)
    with pytest.raises(HttpError):
        asker(asking(secret), READ)


def test_nobody_revokes_another_s_token(of: Of) -> None:
    token, _secret = made(of("east-officer"), [READ])
    other = of("east-admin")
    with acting(other), pytest.raises(Refused):
        base.revoke_token(by=other, now=NOW, token_id=token.pk)


def test_closing_the_account_ends_its_tokens(of: Of) -> None:
    officer, admin = of("east-officer"), of("east-admin")
    _token, secret = made(officer, [READ])
    with acting(admin):
        base.close_account(by=admin, now=NOW, person=Person.objects.get(pk=officer.person_id or 0))
    with pytest.raises(HttpError):
        asker(asking(secret), READ)


@pytest.mark.parametrize(
    ("scopes", "days", "field"),
    [([], 30, "scopes"), (["all"], 30, "scopes"), ([READ], 0, "days"), ([READ], 9999, "days")],
)
def test_a_token_has_a_purpose_and_an_end(of: Of, scopes: list[str], days: int, field: str) -> None:
    with pytest.raises(Refused) as no:
        made(of("east-officer"), scopes, days)
    assert no.value.field == field


def test_the_page_shows_a_token_once(sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    answer = client.post("/me/tokens/", {"name": "交换", "days": "30", "scopes": ["read"]})
    assert "xe_" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "xe_" not in client.get("/me/").content.decode()
    assert client.get("/me/tokens/").status_code == 302


@pytest.fixture
def enterprise(of: Of) -> Client:
    """Somebody who speaks for an enterprise, signed in."""
    admin = of("east-admin")
    with acting(admin):
        person = base.add_person(by=admin, now=NOW, name="企一")
        base.give_account(
            by=admin, now=NOW, person=person, username="qiyi", password=PASSWORD, must_change=False
        )
        base.give_post(by=admin, now=NOW, person=person, role=Role.ENTERPRISE, party_ref=987_654)
    client = Client()
    client.post("/accounts/login/", {"login": "qiyi", "password": PASSWORD})
    return client


@pytest.mark.parametrize("path", ["/me/", "/my-access/", "/me/?do=token", "/me/?do=deputy"])
def test_an_enterprise_has_its_own_page_and_sees_its_rights(enterprise: Client, path: str) -> None:
    assert enterprise.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/people/", "/offices/", "/journal/", "/administration/", "/people/sheet/"]
)
def test_the_zone_s_own_pages_are_not_there_for_an_enterprise(
    enterprise: Client, path: str
) -> None:
    assert enterprise.get(path).status_code == 404


def test_an_enterprise_makes_a_token_and_the_journal_says_so(enterprise: Client, of: Of) -> None:
    enterprise.post("/me/tokens/", {"name": "财务软件", "days": "30", "scopes": ["read"]})
    admin = of("east-admin")
    with acting(admin):
        line = JournalLine.objects.filter(verb="make_token").latest("pk")
    assert line.who.startswith("企一")
