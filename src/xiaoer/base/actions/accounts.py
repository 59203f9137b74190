"""Verbs about accounts: given by an office, closed by it, and what an account keeps for itself."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import hashers
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import access, journal, queries
from xiaoer.base.hashing import Printed
from xiaoer.base.models import Account, ApiToken, Person, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, as_web, on_behalf
from xiaoer.base.tokens import SCOPES, token_hash

# Without letters and figures that look alike on paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz"
FIGURES = "23456789"
TOKEN_DAYS = 366


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A printed password: known to nobody but the reader of the slip, and only until changed."""

    person: Person
    account: Account
    password: str


def make_password() -> Printed:
    """A password to be read from paper and typed once: tsk-847-mwe-263-kfa."""
    parts = (LETTERS, FIGURES, LETTERS, FIGURES, LETTERS)
    return Printed("-".join("".join(secrets.choice(kind) for _n in range(3)) for kind in parts))


@transaction.atomic
def give_account(
    *,
    by: Actor,
    now: datetime,
    person: Person,
    username: str,
    password: str,
    must_change: bool = True,
) -> Account:
    """Give a person an account with a first password, to be changed at the first sign-in."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    access.must_manage_person(by, person)
    if person.account_id:
        raise Refused(_("%(name)s has an account already.") % {"name": person.name})
    name = username.strip()
    if not name:
        raise Refused(_("Type the account name."), field="username")
    with as_web():
        if Account.objects.filter(username__iexact=name).exists():
            raise Refused(
                _("The account name %(name)s is taken; choose another.") % {"name": name},
                field="username",
            )
        account = Account(username=name, must_change_password=must_change)
        set_password(account, password)
        account.save()
    person.account = account
    person.save(update_fields=["account"])
    journal.record(by=by, now=now, verb="give_account", subject=person, username=name)
    return account


@transaction.atomic
def reset_password(*, by: Actor, now: datetime, person: Person) -> NewPassword:
    """Give a new printed password; the old one and every open session end at once."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    access.must_manage_account(by, person)
    if person.account_id is None:
        raise Refused(_("%(name)s has no account yet; give one first.") % {"name": person.name})
    if person.account_id == by.account_id:
        raise Refused(_("Your own password you change on your own page, not by a slip."))
    password = make_password()
    with as_web():
        account = Account.objects.select_for_update().get(pk=person.account_id)
        account.must_change_password = True
        set_password(account, password)
        account.save(update_fields=["password", "must_change_password"])
    journal.record(by=by, now=now, verb="reset_password", subject=person)
    return NewPassword(person=person, account=account, password=password)


@transaction.atomic
def close_account(*, by: Actor, now: datetime, person: Person) -> None:
    """停用账号: no sign-in, no session, no token any more; nothing that was done is lost."""
    account_id = _managed_account(by, person)
    if account_id == by.account_id:
        raise Refused(_("You cannot close the account you are signed in with."))
    with as_web():
        Account.objects.filter(pk=account_id).update(is_active=False)
        ApiToken.objects.filter(account_id=account_id, revoked_at=None).update(revoked_at=now)
    journal.record(by=by, now=now, verb="close_account", subject=person)


@transaction.atomic
def open_account(*, by: Actor, now: datetime, person: Person) -> None:
    """Open a closed account again; its password is as it was, its tokens stay revoked."""
    account_id = _managed_account(by, person)
    with as_web():
        Account.objects.filter(pk=account_id).update(is_active=True)
    journal.record(by=by, now=now, verb="open_account", subject=person)


def _managed_account(by: Actor, person: Person) -> int:
    access.must_manage_account(by, person)
    if person.account_id is None:
        raise Refused(_("%(name)s has no account.") % {"name": person.name})
    return person.account_id


def set_password(account: Account, password: str) -> None:
    """Set a password that the rules allow; says which rule it breaks. One drawn by lot breaks none."""
    if isinstance(password, Printed):
        account.password = hashers.make_password(str(password), hasher="printed")
        return
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error
    account.set_password(password)


@transaction.atomic
def choose_own_password(*, account: Account, password: str, now: datetime) -> None:
    """The owner of an account chooses a password; the duty to change a printed one ends.

    Called before any scope is open (the forms are the sign-in package's), so it opens that of the
    account's first post to write the line. An account without a post today leaves none.
    """
    account.set_password(password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    by = queries.chosen_post(account_id=account.pk, wanted=None)
    if by is not None:
        with acting(by):
            _note(by, now, "choose_own_password")


def choose_language(*, account: Account, language: str) -> None:
    """Remember the language for every device the account signs in on."""
    account.language = language
    account.save(update_fields=["language"])


@transaction.atomic
def make_token(
    *, by: Actor, now: datetime, name: str, scopes: list[str], days: int
) -> tuple[ApiToken, str]:
    """接口令牌: make a key for another system, in one's present post; the key itself is not kept."""
    if not name:
        raise Refused(_("Say which system will use the token."), field="name")
    wanted = [scope for scope in SCOPES if scope in scopes]
    if not wanted:
        raise Refused(_("Choose at least one thing the token may do."), field="scopes")
    if not 1 <= days <= TOKEN_DAYS:
        raise Refused(_("A token lasts from 1 to 366 days."), field="days")
    secret = "xe_" + secrets.token_urlsafe(32)
    with as_web():
        token = ApiToken.objects.create(
            account_id=by.account_id or 0,
            post_ref=by.post_id or 0,
            name=name,
            token_hash=token_hash(secret),
            scopes=wanted,
            expires_at=now + timedelta(days=days),
        )
    _note(by, now, "make_token", name=name, scopes=wanted)
    return token, secret


@transaction.atomic
def revoke_token(*, by: Actor, now: datetime, token_id: int) -> None:
    """Make a token of one's own worthless at once."""
    with as_web():
        mine = ApiToken.objects.select_for_update().filter(
            pk=token_id, account_id=by.account_id or 0
        )
        token = mine.first()
        if token is None:
            raise Refused(_("This is not a token of yours."))
        if token.revoked_at is None:
            token.revoked_at = now
            token.save(update_fields=["revoked_at"])
    _note(by, now, "revoke_token", name=token.name)


def _note(by: Actor, now: datetime, verb: str, **detail: Any) -> None:
    """A line about oneself. City roles write nothing anywhere, so they leave none."""
    if by.role == Role.CITY:
        return
    with on_behalf(by):
        me = Person.objects.get(pk=by.person_id or 0)
        journal.record(by=by, now=now, verb=verb, subject=me, **detail)
