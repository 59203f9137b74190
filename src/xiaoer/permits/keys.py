"""Secrets strangers hold, and the words on paper by which they find their application again."""

import hashlib
import hmac
import secrets

from django.conf import settings

# No 0/O, 1/I/L, U: what somebody reads off a screen and types on a phone.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8


def new_secret() -> str:
    """A secret for a link; shown to who begins, kept only as its hash."""
    return secrets.token_urlsafe(24)


def hash_of(secret: str) -> str:
    """Under what a secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_code() -> str:
    """The number of a draft: short enough to type, too long to guess within the tries allowed."""
    drawn = "".join(secrets.choice(SIGNS) for _sign in range(LENGTH))
    return f"CG-{drawn[:4]}-{drawn[4:]}"


def tidy_number(typed: str) -> str:
    """A number as it was typed, made as it is kept."""
    return "".join(sign for sign in typed.upper() if sign.isascii() and not sign.isspace())[:30]


def digits_of(phone: str) -> str:
    """The digits of a telephone number, without the country's own."""
    digits = "".join(sign for sign in phone if sign.isascii() and sign.isdigit())
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def asker_hash(address: str) -> str:
    """Who asks, as far as counting needs it: a hash nobody turns back into an address."""
    key = f"xiaoer.permits.lookup:{settings.SECRET_KEY}".encode()
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()
