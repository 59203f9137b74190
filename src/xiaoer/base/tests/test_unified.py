"""统一身份认证 from the link on the sign-in page to the first page, with a provider that answers."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from xiaoer.base.models import Account
from xiaoer.config.settings import _unified_sign_in

CLIENT, SECRET = "xiaoer", "a-secret-of-thirty-two-characters"
CALLBACK = "/accounts/oidc/unified/login/callback/"


class Provider(ThreadingHTTPServer):
    """A small OpenID Connect provider: code flow with PKCE, one person at a time."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.claims: dict[str, str] = {"sub": "42", "preferred_username": "east-officer"}
        self.codes: dict[str, dict[str, str]] = {}
        self.seen: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def agree(self, asked: str) -> dict[str, str]:
        """The person signs in at the provider: what the browser carries back."""
        parts = urlsplit(asked)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.address}/authorize"
        wanted = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert wanted["response_type"] == "code"
        assert wanted["client_id"] == CLIENT
        assert urlsplit(wanted["redirect_uri"]).path == CALLBACK
        assert wanted["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = wanted
        return {"code": code, "state": wanted["state"]}


class Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        self.server.seen.append(urlsplit(self.path).path)
        home = self.server.address
        if self.path == "/.well-known/openid-configuration":
            self._say(
                {
                    "issuer": home,
                    "authorization_endpoint": f"{home}/authorize",
                    "token_endpoint": f"{home}/token",
                    "userinfo_endpoint": f"{home}/userinfo",
                    "jwks_uri": f"{home}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif self.path == "/userinfo" and self.headers["Authorization"] == "Bearer an-access-token":
            self._say(self.server.claims)
        else:
            self._say({}, 404)

    def do_POST(self) -> None:
        self.server.seen.append(self.path)
        length = int(self.headers["Content-Length"])
        form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
        asked = self.server.codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "").encode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).decode().rstrip("=")
        if asked is None or challenge != asked["code_challenge"] or form["client_secret"] != SECRET:
            self._say({"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        told = {"iss": self.server.address, "aud": CLIENT, "iat": now, "exp": now + 60}
        token = jwt.encode({**told, **self.server.claims}, SECRET, algorithm="HS256")
        self._say({"access_token": "an-access-token", "token_type": "Bearer", "id_token": token})

    def _say(self, told: object, status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def provider(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider, named to the installation as docs/howto/oidc.md says."""
    with Provider() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        for name, value in (("SERVER", server.address), ("CLIENT", CLIENT), ("SECRET", SECRET)):
            monkeypatch.setenv(f"XIAOER_OIDC_{name}", value)
        settings.SOCIALACCOUNT_PROVIDERS = _unified_sign_in()
        yield server
        server.shutdown()


def signed_in_by(provider: Provider, client: Client) -> Any:
    """Follow the link of the sign-in page to the provider and back."""
    assert "统一身份认证" in client.get("/accounts/login/").content.decode()
    away = client.get("/accounts/oidc/unified/login/")
    assert away.status_code == 302
    return client.get(CALLBACK, provider.agree(away["Location"]))


def test_whoever_the_provider_proves_enters_with_the_account_of_that_name(
    provider: Provider,
) -> None:
    client = Client()
    answer = signed_in_by(provider, client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "网一" in client.get("/me/").content.decode()
    assert {"/token", "/userinfo"} <= set(provider.seen)


def test_once_tied_the_account_is_the_same_whatever_the_provider_calls_it(
    provider: Provider,
) -> None:
    signed_in_by(provider, Client())
    provider.claims["preferred_username"] = "west-officer"
    client = Client()
    assert signed_in_by(provider, client)["Location"] == "/"
    assert "东区" in client.get("/me/").content.decode()


def test_nobody_is_let_in_or_made_whom_no_office_gave_an_account(provider: Provider) -> None:
    before = Account.objects.count()
    provider.claims = {"sub": "77", "preferred_username": "stranger"}
    client = Client()
    answer = signed_in_by(provider, client)
    assert answer.status_code == 403
    assert "stranger" in answer.content.decode()
    assert client.get("/me/").status_code == 302
    assert Account.objects.count() == before


def test_a_closed_account_stays_closed_whatever_the_provider_says(provider: Provider) -> None:
    Account.objects.filter(username="east-officer").update(is_active=False)
    client = Client()
    assert signed_in_by(provider, client).status_code == 403
    assert client.get("/me/").status_code == 302


def test_an_account_closed_after_it_was_tied_does_not_enter(provider: Provider) -> None:
    signed_in_by(provider, Client())
    Account.objects.filter(username="east-officer").update(is_active=False)
    client = Client()
    signed_in_by(provider, client)
    assert client.get("/me/").status_code == 302


def test_the_second_step_is_still_asked(provider: Provider) -> None:
    account = Account.objects.get(username="east-officer")
    Authenticator.objects.create(
        user=account, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    client = Client()
    answer = signed_in_by(provider, client)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/me/").status_code == 302


def test_an_answer_nobody_asked_for_opens_nothing(provider: Provider) -> None:
    client = Client()
    answer = client.get(CALLBACK, {"code": "code-0", "state": "forged"})
    assert answer.status_code == 401
    assert 'lang="zh-Hans"' in answer.content.decode()
    assert client.get("/me/").status_code == 302


def test_a_person_who_changes_their_mind_is_told_in_chinese(provider: Provider) -> None:
    client = Client()
    away = client.get("/accounts/oidc/unified/login/")
    state = parse_qs(urlsplit(away["Location"]).query)["state"][0]
    back = client.get(CALLBACK, {"error": "access_denied", "state": state}, follow=True)
    assert 'lang="zh-Hans"' in back.content.decode()
    assert back.status_code == 200


def test_a_provider_that_does_not_answer_is_said_and_the_password_still_works(
    provider: Provider, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIAOER_OIDC_SERVER", "http://127.0.0.1:9")
    settings.SOCIALACCOUNT_PROVIDERS = _unified_sign_in()
    client = Client()
    assert client.get("/accounts/login/").status_code == 200
    answer = client.get("/accounts/oidc/unified/login/")
    assert answer.status_code == 502
    assert 'lang="zh-Hans"' in answer.content.decode()
