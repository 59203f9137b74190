"""电子证照与印章平台 The province's platform of electronic licences and seals: where a real OFD comes from.

A licence made here is a signed copy. The national electronic licence (GB/T 36905: OFD under an SM2
seal) is made by the platform of the province only. ``SealPlatform`` is what this house asks of it;
``HttpPlatform`` asks by HTTP as most provinces let it be asked: JSON, signed by an application's
secret. A province that wants it otherwise gets a class of its own with the same three methods.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from xiaoer.base.sniffing import Sort

SECONDS = 15
MOST_BYTES = 20 * 2**20
OFD = Sort("application/ofd", "ofd")
OFD_HEAD = b"PK\x03\x04"


class NotTaken(Exception):
    """The platform did not take it. ``is_final``: asking the same again will not help."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Sealed:
    """What comes back: the national identifier of the licence, and the sealed file."""

    identifier: str
    ofd: bytes


class SealPlatform(Protocol):
    """What this house asks of a platform. Each raises ``NotTaken``."""

    def hand_over(self, *, key: str, data: Mapping[str, Any]) -> Sealed:
        """Have a licence sealed. The same ``key`` twice is one licence there."""

    def withdraw(self, *, identifier: str, state: str, why: str, on: str) -> None:
        """Tell that a licence no longer holds."""

    def status(self, *, identifier: str) -> str:
        """What the platform says of a licence."""


def platform() -> SealPlatform | None:
    """The platform the settings name; None: nothing is handed over, and the pages say so."""
    if not settings.SEALS_URL:
        return None
    return HttpPlatform(settings.SEALS_URL, settings.SEALS_APP, settings.SEALS_SECRET)


@dataclass(frozen=True, slots=True)
class HttpPlatform:
    """JSON over HTTP(S). Every request carries application, time, a number used once, and
    ``X-Signature``: HMAC-SHA-256 over method, path, time, number and body, by the shared secret."""

    url: str
    app: str
    secret: str

    def hand_over(self, *, key: str, data: Mapping[str, Any]) -> Sealed:
        answer = self._ask("POST", "/licences", {"key": key, "licence": data})
        identifier, ofd = answer.get("identifier"), answer.get("ofd")
        if not isinstance(identifier, str) or not isinstance(ofd, str) or not identifier:
            raise NotTaken(_("the answer holds no identifier or no file"))
        try:
            content = base64.b64decode(ofd, validate=True)
        except binascii.Error as error:
            raise NotTaken(_("the sealed file is damaged")) from error
        if not content.startswith(OFD_HEAD):
            raise NotTaken(_("the sealed file is no OFD"))
        return Sealed(identifier[:120], content)

    def withdraw(self, *, identifier: str, state: str, why: str, on: str) -> None:
        self._ask(
            "POST", "/licences/withdraw",
            {"identifier": identifier, "state": state, "why": why, "on": on},
        )  # fmt: skip

    def status(self, *, identifier: str) -> str:
        return str(self._ask("POST", "/licences/status", {"identifier": identifier}).get("state"))

    def _ask(self, method: str, path: str, said: Mapping[str, Any]) -> dict[str, Any]:
        body = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
        at, once = str(int(time.time())), secrets.token_hex(16)
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise NotTaken(_("the address of the platform is no web address"), is_final=True)
        request = urllib.request.Request(  # noqa: S310  (the scheme was just looked at)
            self.url.rstrip("/") + path,
            data=body,
            method=method,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "X-App": self.app,
                "X-Time": at,
                "X-Once": once,
                "X-Signature": signature(self.secret, method, path, at, once, body),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  # its scheme was looked at
                return _read(answer.read(MOST_BYTES * 2))
        except urllib.error.HTTPError as error:
            why = error.read(400).decode("utf-8", "replace")
            # What is wrong with the licence itself no second asking mends; too many at once does.
            final = 400 <= error.code < 500 and error.code not in (408, 409, 425, 429)
            raise NotTaken(f"{error.code} {why}".strip(), is_final=final) from error
        except (OSError, TimeoutError) as error:
            raise NotTaken(_("no answer: %(why)s") % {"why": error}) from error


def signature(secret: str, method: str, path: str, at: str, once: str, body: bytes) -> str:
    """What a platform checks, with the secret both know."""
    said = b"\n".join(
        [method.encode(), path.encode(), at.encode(), once.encode(), hashlib.sha256(body).digest()]
    )
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


def _read(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise NotTaken(_("the answer is no JSON")) from error
    if not isinstance(answer, dict):
        raise NotTaken(_("the answer is no JSON"))
    return answer
