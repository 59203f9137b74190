"""How a printed password is kept until its owner chooses one.

A slow hash protects what people think up. What we draw by lot (58 bits, ``make_password``) needs none:
a keyed hash is enough, its key lies outside the database, and eighty-four slips cost no twenty
seconds. At the first sign-in Django itself hashes it anew the slow way.
"""

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher, get_hasher
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_noop

PURPOSE = b"xiaoer.base.hashing"


class Printed(str):
    """A password drawn by lot, never one that somebody thought up."""

    __slots__ = ()


class PrintedPasswordHasher(BasePasswordHasher):
    """HMAC-SHA-256 under a key of the installation; only for ``Printed`` passwords."""

    algorithm = "printed"

    def encode(self, password: str, salt: str) -> str:
        self._check_encode_args(password, salt)  # type: ignore[attr-defined]  # not in the stubs
        key = hmac.new(settings.SECRET_KEY.encode(), PURPOSE, hashlib.sha256).digest()
        digest = hmac.new(key, f"{salt}${password}".encode(), hashlib.sha256).hexdigest()
        return f"{self.algorithm}${salt}${digest}"

    def decode(self, encoded: str) -> dict[str, Any]:
        algorithm, salt, digest = encoded.split("$", 2)
        return {"algorithm": algorithm, "salt": salt, "hash": digest}

    def verify(self, password: str, encoded: str) -> bool:
        salt = self.decode(encoded)["salt"]
        if constant_time_compare(encoded, self.encode(password, salt)):
            return True
        # As slow as a wrong password of any other account: the time tells nobody whose slip waits.
        get_hasher("default").encode(password, salt)
        return False

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        decoded = self.decode(encoded)
        return {gettext_noop("algorithm"): decoded["algorithm"]}

    def must_update(self, encoded: str) -> bool:
        return False

    def harden_runtime(self, password: str, encoded: str) -> None:
        """``verify`` has taken its time already."""
