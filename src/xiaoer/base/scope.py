"""Who acts, and in which zone: the one way into guarded tables.

A process signs in to PostgreSQL as ``xiaoer_web``, which may read no guarded table at all. Inside
``acting(by)`` the transaction takes the database role of the actor (zone staff, outside, city) and
names zone, post and party; row security does the rest. Forgetting it raises "permission denied",
never an empty list.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.utils.translation import gettext as _

from xiaoer.base.models import OUTSIDE_ROLES, Role

STAFF, OUTSIDE, CITY = "xiaoer_app", "xiaoer_outside", "xiaoer_city"

_SET = (
    "select set_config('role', %s, true), set_config('x.zone', %s, true),"
    " set_config('x.party', %s, true), set_config('x.post', %s, true),"
    " set_config('x.city', %s, true), set_config('x.key', %s, true)"
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person in one post, a key that was handed out, or the system itself.

    ``key`` is the hash of a secret a stranger holds (a card's code, a receipt's link); with it the
    outside role sees exactly the row that carries it.
    """

    zone_id: int  # 0: no zone, such as a city post before it chose one
    role: Role | None = None
    city_id: int | None = None
    post_id: int | None = None
    person_id: int | None = None
    account_id: int | None = None
    office_id: int | None = None
    is_lead: bool = False
    party_ref: int | None = None
    key: str = ""
    name: str = ""
    office: str = ""

    @property
    def database_role(self) -> str:
        """The PostgreSQL role whose policies judge every row."""
        if self.role == Role.CITY:
            return CITY
        if self.role in OUTSIDE_ROLES or (self.role is None and (self.key or self.party_ref)):
            return OUTSIDE
        return STAFF

    @property
    def is_staff(self) -> bool:
        return self.database_role == STAFF

    @property
    def who(self) -> str:
        """Name and office as the journal keeps them."""
        return f"{self.name} {self.office}".strip() or "system"

    def in_zone(self, zone_id: int) -> "Actor":
        """The same actor looking at another zone (city roles)."""
        return replace(self, zone_id=zone_id)


def system(zone_id: int) -> Actor:
    """The system itself in a zone: jobs, and nothing a person should answer for."""
    return Actor(zone_id=zone_id, name="system")


def holder_of_key(*, zone_id: int, key_hash: str, party_ref: int | None = None) -> Actor:
    """A stranger holding a secret link: sees the row that carries it and, if given, its party."""
    return Actor(zone_id=zone_id, key=key_hash, party_ref=party_ref, name=_("the enterprise"))


_current: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current_actor() -> Actor | None:
    """Who acts now, for doors and formatting only; verbs are told."""
    return _current.get()


def _settings(actor: Actor | None) -> list[str]:
    if actor is None:
        return ["none", "", "", "", "", ""]
    return [
        actor.database_role,
        *(
            "" if value is None else str(value)
            for value in (actor.zone_id, actor.party_ref, actor.post_id, actor.city_id)
        ),
        actor.key,
    ]


def _apply(actor: Actor | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, _settings(actor))


@contextmanager
def acting(by: Actor) -> Iterator[None]:
    """Open a transaction in which the database sees rows as ``by`` may see them.

    Nested, the outer scope comes back afterwards; an error rolls back to where this began, and
    PostgreSQL itself forgets the settings with it, as it does at the transaction's end.
    """
    outer = _current.get()
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        _apply(by)
        token = _current.set(by)
        try:
            yield
        finally:
            _current.reset(token)
        if is_nested and not connection.needs_rollback:
            _apply(outer)


def may_read(table: str) -> bool:
    """Whether the role of the scope reads a table at all; asking it without would be an error."""
    with connection.cursor() as cursor:
        cursor.execute("select has_table_privilege(current_user, %s, 'SELECT')", [table])
        allowed: bool = cursor.fetchone()[0]
    return allowed


@contextmanager
def on_behalf(by: Actor) -> Iterator[None]:
    """Let the zone write down what somebody outside does.

    Outside roles may read what is theirs and write nothing. A verb first finds the row under the
    asker's own scope (not seen is not there), then writes inside this. The journal still names the
    asker. For staff it changes nothing.
    """
    if by.is_staff:
        yield
        return
    with acting(Actor(zone_id=by.zone_id, name=by.name, office=by.office)):
        yield


@contextmanager
def as_web() -> Iterator[None]:
    """Step out of the scope inside the same transaction, to touch accounts and keys.

    Only verbs of this room use it: passwords, sessions and once-keys live outside row security,
    where a zone's role has no rights at all.
    """
    outer = _current.get()
    if outer is None:
        with transaction.atomic():
            yield
        return
    _apply(None)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _apply(outer)
