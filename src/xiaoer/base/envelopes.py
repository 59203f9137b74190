"""Short-lived texts kept sealed: who reads the database, or a backup of it, does not read them.

The key is derived from the installation's own, which lies outside the database.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

PURPOSE = b"xiaoer.base.envelopes"


def _fernet() -> Fernet:
    key = hmac.new(settings.SECRET_KEY.encode(), PURPOSE, hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def put_in(text: str) -> str:
    """The text sealed; nothing stays nothing."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def take_out(sealed: str) -> str:
    """The text again; nothing where the installation's key is no longer the same."""
    if not sealed:
        return ""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""
