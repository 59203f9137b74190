"""Walls that imports cannot show: what must hold of every table, room and file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from xiaoer.base.scope import Actor, acting

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "xiaoer"
# config > demo > reports > outreach | permits > projects > facts | papers | work > registry > base > web (house.md section 1)
LEVEL = {
    "web": 0,
    "base": 1,
    "registry": 2,
    "papers": 3,
    "work": 3,
    "facts": 3,
    "rules": 3,
    "projects": 4,
    "assets": 4,
    "outreach": 5,
    "growth": 5,
    "permits": 5,
    "reports": 6,
    "demo": 7,
    "config": 8,
}
FILES = {
    "__init__",
    "models",
    "vocabulary",
    "queries",
    "access",
    "actions",
    "pages",
    "api",
    "jobs",
    "urls",
    "apps",
}
FOLDERS = {"templates", "tests", "migrations", "management", "__pycache__"}


def rooms() -> list[str]:
    return [name for name in LEVEL if (SOURCE / name).is_dir()]


def zone_tables() -> list[str]:
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("xiaoer.")
        and any(field.name == "zone" for field in model._meta.get_fields())
    )


def test_every_folder_is_a_declared_room() -> None:
    found = {p.name for p in SOURCE.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert found - {"locale"} == set(LEVEL)


@pytest.mark.parametrize("table", zone_tables())
def test_every_table_of_a_zone_is_guarded_for_every_role(db: None, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass",
            [table],
        )
        assert cursor.fetchone() == (True, True), "row security must be enabled and forced"
        cursor.execute(
            "select unnest(roles)::text, cmd, qual, with_check from pg_policies where tablename = %s",
            [table],
        )
        policies = cursor.fetchall()
    staff = [p for p in policies if p[0] == "xiaoer_app"]
    assert staff, "staff have no policy at all"
    for _role, _verb, rows, check in staff:
        assert "x.zone" in (rows or "") + (check or "") or "zone_id IS NULL" in (rows or "")
    assert not [p for p in policies if p[0] == "public"]


@pytest.mark.parametrize("table", zone_tables())
def test_no_role_may_do_more_to_a_table_than_its_policies_say(db: None, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select grantee, privilege_type from information_schema.role_table_grants"
            " where table_name = %s and grantee in ('xiaoer_web', 'xiaoer_outside', 'xiaoer_city')",
            [table],
        )
        rights = set(cursor.fetchall())
    assert not [r for r in rights if r[0] == "xiaoer_web"], (
        "web reads guarded tables only in a scope"
    )
    assert {verb for _role, verb in rights} <= {"SELECT"}, "outside and city only read"


def test_references_between_tables_go_down_the_layers() -> None:
    wrong = []
    for model in apps.get_models():
        room = model.__module__.split(".")[1] if model.__module__.startswith("xiaoer.") else None
        if room is None:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                target = field.related_model.__module__.split(".")
                if target[0] == "xiaoer" and target[1] != room and LEVEL[target[1]] >= LEVEL[room]:
                    wrong.append(f"{model.__name__}.{field.name}")
    assert not wrong


def test_references_stay_within_the_zone(db: None) -> None:
    tables = zone_tables()
    with connection.cursor() as cursor:
        cursor.execute(
            "select conrelid::regclass::text, conname from pg_constraint"
            " where contype = 'f' and cardinality(conkey) = 1"
            " and conrelid::regclass::text = any(%s) and confrelid::regclass::text = any(%s)",
            [tables, tables],
        )
        assert cursor.fetchall() == []


def test_every_search_function_belongs_to_the_search_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select proname, pg_get_userbyid(proowner) from pg_proc p"
            " join pg_namespace n on n.oid = p.pronamespace"
            " where n.nspname = 'public' and prosecdef"
        )
        owners = dict(cursor.fetchall())
    assert owners
    assert set(owners.values()) == {"xiaoer_search"}


def test_no_server_compiles_our_statements(db: None) -> None:
    """A server of others may be set to: then a bid takes a third of a second."""
    with connection.cursor() as cursor:
        cursor.execute("show jit")
        assert cursor.fetchone() == ("off",)


def test_nothing_is_searched_without_a_scope(of: Callable[[str], Actor]) -> None:
    """The scope's settings are empty after a transaction; an empty zone matches no row."""
    with acting(of("east-officer")):
        pass
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("xiaoer_web",)


@pytest.mark.parametrize(
    "room", [r for r in rooms() if r not in {"web", "config", "demo", "reports"}]
)
def test_a_room_has_only_the_declared_kinds_of_file(room: str) -> None:
    entries = (SOURCE / room).iterdir()
    kinds = {p.stem for p in entries if p.is_dir() or p.suffix == ".py"}
    unknown = kinds - FILES - FOLDERS - _topics(room)
    assert not unknown


def _topics(room: str) -> set[str]:
    """A room names its own nouns in its docstring: ``Topics: cards, papers.``"""
    text = (SOURCE / room / "__init__.py").read_text("utf-8")
    _before, _colon, words = text.partition("Topics:")
    return {word.strip(' ."\n') for word in words.split(",")}
