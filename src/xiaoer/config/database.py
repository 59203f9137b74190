"""Roles and databases: made by the command line before any migration, at home or on any server.

``DATABASE_URL`` names a sign-in that may create roles (the embedded server has its own). The product
itself never runs as it: it signs in as ``xiaoer_web``, migrations as ``xiaoer_owner``.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from xiaoer.config import postgres

SIGN_IN_ROLES = ("xiaoer_owner", "xiaoer_web", "xiaoer_backup")
SCOPE_ROLES = ("xiaoer_app", "xiaoer_outside", "xiaoer_city", "xiaoer_search")
OLDEST = 150000


class UnfitServer(Exception):
    """The server cannot carry Xiaoer; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where each role signs in to one database."""

    admin: str
    owner: str
    web: str
    backup: str

    def of_database(self, name: str) -> "Addresses":
        """The same sign-ins, in another database of the same server."""
        return Addresses(
            *(_with_database(url, name) for url in (self.admin, self.owner, self.web, self.backup))
        )


def _with_database(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path="/" + quote(name)))


def server_addresses(folder: Path) -> Addresses:
    """Start the embedded server, or take the one ``DATABASE_URL`` names; prepare the roles."""
    given = os.environ.get("DATABASE_URL")
    if given:
        name = urlsplit(given).path.strip("/")
        database = name if name and name != "postgres" else "xiaoer"
        admin = _with_database(given, "postgres")
        return _prepare_roles(admin, _passwords(folder)).of_database(database)
    server = postgres.start(folder)
    admin = server.url("xiaoer_super", "postgres")
    _create_roles(admin, {})
    urls = [server.url(role, "xiaoer") for role in SIGN_IN_ROLES]
    return Addresses(server.url("xiaoer_super", "xiaoer"), *urls)


def _passwords(folder: Path) -> dict[str, str]:
    """Passwords of the sign-in roles on a server of others; kept 0600 in the data folder."""
    path = folder / "roles.json"
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text("ascii"))
        return kept
    made = {role: secrets.token_urlsafe(24) for role in SIGN_IN_ROLES}
    path.touch(mode=0o600)
    path.write_text(json.dumps(made), "ascii")
    return made


def _prepare_roles(admin: str, passwords: dict[str, str]) -> Addresses:
    _create_roles(admin, passwords)
    parts = urlsplit(admin)
    host = parts.netloc.rpartition("@")[2]
    urls = [
        urlunsplit(parts._replace(netloc=f"{role}:{passwords[role]}@{host}"))
        for role in SIGN_IN_ROLES
    ]
    return Addresses(admin, *urls)


def _create_roles(admin: str, passwords: dict[str, str]) -> None:
    """Create the roles of ``guard.py`` if absent; none is a superuser, none bypasses row security."""
    with psycopg.connect(admin, autocommit=True) as link:
        if link.info.server_version < OLDEST:
            raise UnfitServer("PostgreSQL 15 or newer is needed; this server is older.")
        # Two processes may begin at once; roles are of the whole server, and one of them would fail.
        link.execute("select pg_advisory_lock(7304)")
        known = {row[0] for row in link.execute("select rolname from pg_roles")}
        for role in (*SIGN_IN_ROLES, *SCOPE_ROLES):
            if role not in known:
                link.execute(sql.SQL("create role {} noinherit").format(sql.Identifier(role)))
        for role in SIGN_IN_ROLES:
            word = (
                sql.SQL(" password {}").format(sql.Literal(passwords[role]))
                if passwords
                else sql.SQL("")
            )
            link.execute(sql.SQL("alter role {} login").format(sql.Identifier(role)) + word)
            # As at home: our statements are short, and to compile one takes longer than to run it.
            link.execute(sql.SQL("alter role {} set jit = off").format(sql.Identifier(role)))
        link.execute("alter role xiaoer_owner createdb")
        link.execute("grant xiaoer_app, xiaoer_outside, xiaoer_city to xiaoer_web, xiaoer_owner")
        link.execute("grant xiaoer_search to xiaoer_owner")
        link.execute("grant xiaoer_owner, xiaoer_search to current_user")


def create_database(addresses: Addresses, *, template: str = "template0") -> bool:
    """Create the database the addresses name, owned by the owner; False if it was there."""
    name = urlsplit(addresses.owner).path.lstrip("/")
    with psycopg.connect(_with_database(addresses.admin, "postgres"), autocommit=True) as link:
        if link.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            return False
        link.execute(
            sql.SQL("create database {} owner xiaoer_owner template {} encoding 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    _close_schema(addresses)
    return True


def drop_database(addresses: Addresses) -> None:
    """Drop the database the addresses name, and whoever is still connected to it."""
    name = urlsplit(addresses.owner).path.lstrip("/")
    with psycopg.connect(_with_database(addresses.admin, "postgres"), autocommit=True) as link:
        link.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )


def is_used(addresses: Addresses) -> bool:
    """Whether anybody but the asker is connected to the server."""
    with psycopg.connect(addresses.admin) as link:
        found = link.execute(
            "select exists (select from pg_stat_activity"
            " where backend_type = 'client backend' and pid <> pg_backend_pid())"
        ).fetchone()
    return bool(found and found[0])


def take_place(new: Addresses, old: Addresses) -> None:
    """Give the database of ``new`` the name of ``old``, which is dropped with whoever is in it."""
    names = [urlsplit(addresses.owner).path.lstrip("/") for addresses in (new, old)]
    drop_database(old)
    with psycopg.connect(_with_database(new.admin, "postgres"), autocommit=True) as link:
        link.execute(sql.SQL("alter database {} rename to {}").format(*map(sql.Identifier, names)))


def _close_schema(addresses: Addresses) -> None:
    """Nobody but the owner creates things; the search role owns its functions."""
    with psycopg.connect(addresses.admin, autocommit=True) as link:
        link.execute("alter schema public owner to xiaoer_owner")
        link.execute("revoke create on schema public from public")
        link.execute(
            "grant usage on schema public to xiaoer_web, xiaoer_app, xiaoer_outside, xiaoer_city,"
            " xiaoer_search, xiaoer_backup"
        )
        link.execute("grant create on schema public to xiaoer_search")


def refuse_superuser(url: str) -> None:
    """Raise unless ``url`` signs in as a role that row security binds."""
    with psycopg.connect(url) as link:
        unbound = link.execute(
            "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
        ).fetchone()
    if unbound is None or unbound[0]:
        raise UnfitServer(
            "This sign-in is a superuser or bypasses row security; Xiaoer refuses to run as it."
        )
