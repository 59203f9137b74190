"""Databases for tests: a template made by the owner once per set of migrations, clones for workers."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from xiaoer.config import database
from xiaoer.config.database import Addresses

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("XIAOER_DATA", ROOT / ".xiaoer-test")).absolute()
# Several suites may share a server: each under a name of its own.
PREFIX = os.environ.get("XIAOER_TEST_NAME", "xiaoer")

# What migrations lean on, and what every room furnishes a new zone with.
WALLS = ("base/guard.py",)
FURNISHING = (
    "config/opening.py", "facts/metrics.csv", "facts/actions/metrics.py",
    "outreach/actions/kinds.py", "work/calendar.py", "work/actions/limits.py",
    "work/actions/calendars.py", "growth/actions/standard_seeds.py",
    "growth/actions/ladder_seeds.py", "growth/actions/title_seeds.py",
    "work/actions/plan_seeds.py", "work/actions/resources.py", "projects/shipped.py",
    "projects/statistics.py", "projects/actions/prereview.py", "outreach/actions/seeds.py",
    "papers/shipped.py", "papers/actions/kinds.py",
    "papers/licence_kinds.py", "papers/actions/licence_seeds.py",
    "permits/actions/thing_seeds.py", "permits/actions/pack_seeds.py",
    "permits/actions/acceptance_seeds.py",
    "permits/definition.py", "permits/wording.py", "assets/auction/terms.py",
)  # fmt: skip


def _fingerprint(kind: str) -> str:
    """Changes when a migration changes, or for what is built on them, the way it is built."""
    digest = hashlib.sha256()
    files = [*sorted(ROOT.glob("src/xiaoer/*/migrations/*.py")), ROOT / "requirements.lock"]
    files += [ROOT / "src/xiaoer" / name for name in WALLS]
    if kind != "empty":
        files += sorted(ROOT.glob("tests/*.py"))
        files += [ROOT / "src/xiaoer" / name for name in FURNISHING]
        files += sorted(ROOT.glob("src/xiaoer/growth/shipped/*.py"))
        files += sorted(ROOT.glob("src/xiaoer/permits/shipped/*.py"))
        files += sorted(ROOT.glob("src/xiaoer/assets/shipped/*.py"))
    if kind == "demo":
        files += sorted(ROOT.glob("src/xiaoer/demo/*.*"))
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _one_at_a_time(kind: str) -> Iterator[None]:
    """Who needs another kind does not wait: the demo takes a minute and more to build."""
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (FOLDER / f"template-{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def hurry() -> None:
    """Let the embedded server of this checkout write without waiting for the disk.

    What tests keep need not survive a power cut. Never said to a server that may keep real work;
    a benchmark takes it back, and measures what a zone has.
    """
    _wait_for_disk(is_on=False)


def be_durable() -> None:
    """Take ``hurry`` back."""
    _wait_for_disk(is_on=True)


def _wait_for_disk(*, is_on: bool) -> None:
    if "DATABASE_URL" in os.environ or ROOT not in FOLDER.parents:
        return
    server = database.server_addresses(FOLDER).of_database("postgres")
    with psycopg.connect(server.admin, autocommit=True) as link:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            link.execute(f"alter system {f'reset {name}' if is_on else f'set {name} = off'}")
        link.execute("select pg_reload_conf()")


def template(kind: str = "town") -> Addresses:
    """The template database of a kind (``empty``, ``town`` or ``demo``), built by ``tests.build`` as the owner.

    It has its name only when it is whole; what an older source made goes. The others begin as a copy
    of the empty one, so that migrations run once.
    """
    with _one_at_a_time(kind):
        return _template(kind)


def _template(kind: str) -> Addresses:
    server = database.server_addresses(FOLDER)
    addresses = server.of_database(f"{PREFIX}_{kind}_{_fingerprint(kind)}")
    known = _known(server, f"{PREFIX}_{kind}_")
    if _name(addresses) not in known:
        for name in known:
            database.drop_database(server.of_database(name))
        making = server.of_database(f"{PREFIX}_{kind}_making")
        migrated = "template0" if kind == "empty" else _name(template("empty"))
        database.drop_database(making)
        database.create_database(making, template=migrated)
        _build(making, kind)
        database.take_place(making, addresses)
    return addresses


def _known(server: Addresses, beginning: str) -> list[str]:
    with psycopg.connect(server.of_database("postgres").admin) as link:
        found = link.execute(
            "select datname from pg_database where starts_with(datname, %s)"
            " and datname ~ '_([0-9a-f]{12}|making)$'",
            [beginning],
        )
        return [name for (name,) in found]


def _build(addresses: Addresses, kind: str) -> None:
    """In a process of its own: this one must never sign in as the owner."""
    subprocess.run(
        [sys.executable, "-m", "tests.build", kind],
        check=True,
        cwd=ROOT,
        env={
            **os.environ,
            "XIAOER_WEB_URL": addresses.owner,
            "XIAOER_DATA": str(FOLDER),
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "xiaoer.config.settings",
        },
    )


def clone(source: Addresses, name: str) -> Addresses:
    """A copy of a template under another name, made in 40 to 80 ms; an older copy is dropped."""
    addresses = source.of_database(name)
    database.drop_database(addresses)
    database.create_database(addresses, template=_name(source))
    database.refuse_superuser(addresses.web)
    return addresses


def _name(addresses: Addresses) -> str:
    return addresses.owner.split("?")[0].rsplit("/", 1)[1]
