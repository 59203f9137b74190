"""What an administrator relies on: a backup that comes back, a journal that tells when it was touched."""

import io
import json
import socket
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests import database as databases
from xiaoer.config import backups, database, serving
from xiaoer.config.database import Addresses, UnfitServer

Tamper = Callable[[psycopg.Connection], object]


def as_owner(addresses: Addresses) -> psycopg.Connection:
    link = psycopg.connect(addresses.owner)
    link.execute("select set_config('x.maintenance', 'on', false)")
    return link


@pytest.fixture
def town(worker_id: str) -> Iterator[Addresses]:
    addresses = databases.clone(databases.template("town"), f"{databases.PREFIX}_ops_{worker_id}")
    yield addresses
    database.drop_database(addresses)


def counts(addresses: Addresses) -> dict[str, int]:
    found = {}
    with as_owner(addresses) as link:
        tables = link.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in tables.fetchall():
            row = link.execute(f'select count(*) from "{table}"').fetchone()
            assert row is not None
            found[table] = row[0]
    return found


def test_a_backup_comes_back_whole_with_its_walls(town: Addresses, tmp_path: Path) -> None:
    target = tmp_path / "zone.tar"
    backups.backup(town, target)
    assert target.stat().st_mode & 0o077 == 0
    before = counts(town)
    with pytest.raises(UnfitServer, match="in use"):
        backups.restore(town, target)
    backups.restore(town, target, replace=True)
    assert counts(town) == before
    with psycopg.connect(town.web) as link, pytest.raises(psycopg.errors.InsufficientPrivilege):
        link.execute("select * from party")
    with psycopg.connect(town.web) as link:
        role = link.execute(
            "select pg_get_userbyid(proowner) from pg_proc where proname = 'posts_of_account'"
        )
        assert role.fetchone() == ("xiaoer_search",)


def cut_in_half(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def cut_between_two_files(whole: bytes) -> bytes:
    """Where nothing looks cut: each file that is there is whole."""
    return whole[: whole.index(b"files/") // 512 * 512]


def without_a_dump(whole: bytes) -> bytes:
    return whole[: 512 * 3]


def with_a_spoilt_dump(whole: bytes) -> bytes:
    """One bit among the database's own bytes, which begin with a word of their own."""
    middle = whole.index(b"PGDMP") + 4096
    return whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]


BREAKINGS: list[Callable[[bytes], bytes]] = [
    lambda _whole: b"not a backup", lambda _whole: b"", cut_in_half, cut_between_two_files,
    without_a_dump, with_a_spoilt_dump,
]  # fmt: skip


def test_a_broken_backup_is_refused_in_words_and_costs_nothing(
    town: Addresses, tmp_path: Path
) -> None:
    target = tmp_path / "zone.tar"
    backups.backup(town, target)
    before = counts(town)
    for breaking in BREAKINGS:
        broken = tmp_path / "broken.tar"
        broken.write_bytes(breaking(target.read_bytes()))
        with pytest.raises(UnfitServer):
            backups.restore(town, broken, replace=True)
        assert counts(town) == before


def test_a_backup_writes_nowhere_but_in_its_own_folder(town: Addresses, tmp_path: Path) -> None:
    target = tmp_path / "zone.tar"
    backups.backup(town, target)
    with tarfile.open(target, "a") as archive:
        stranger = tarfile.TarInfo("files/../../../escaped")
        stranger.size = 5
        archive.addfile(stranger, io.BytesIO(b"oh no"))
    backups.restore(town, target, replace=True)
    assert not list(tmp_path.parent.rglob("escaped"))


def seal(addresses: Addresses, folder: Path) -> None:
    """Seal as the job does, and keep the heads outside the database."""
    with psycopg.connect(addresses.web) as link:
        heads = link.execute("select zone_ref, position, encode(hash, 'hex') from seal_journal()")
        with (folder / "journal-heads.jsonl").open("a") as stream:
            for zone, position, head in heads:
                line = {"at": "", "zone": zone, "position": position, "hash": head}
                stream.write(json.dumps(line) + "\n")


def verify(addresses: Addresses, folder: Path) -> int:
    return serving.run_django(
        addresses.owner, ["verify_journal"], check=False, XIAOER_DATA=str(folder)
    )


TAMPERINGS: dict[str, Tamper] = {
    "changed": lambda link: link.execute(
        "update journal_line set who = 'somebody else' where id = (select min(id) from journal_line)"
    ),
    "removed": lambda link: link.execute(
        "delete from journal_line where id = (select min(id) + 1 from journal_line)"
    ),
    "inserted": lambda link: link.execute(
        "insert into journal_line (zone_id, at, who, verb, subject_type, subject_id, detail, txid)"
        " select zone_id, at, who, verb, subject_type, subject_id, detail, 1 from journal_line limit 1"
    ),
    "cut": lambda link: link.execute(
        "with gone as (delete from journal_seal s using (select zone_ref, max(position) as last"
        " from journal_seal group by zone_ref) t where s.zone_ref = t.zone_ref and"
        " s.position = t.last returning line_id) delete from journal_line where id in"
        " (select line_id from gone)"
    ),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_the_journal_tells_when_a_line_was(how: str, town: Addresses, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    seal(town, tmp_path)
    assert verify(town, tmp_path) == 0
    with as_owner(town) as link:
        TAMPERINGS[how](link)
    assert verify(town, tmp_path) == 1


def test_a_superuser_is_refused(town: Addresses) -> None:
    with pytest.raises(UnfitServer, match="superuser"):
        database.refuse_superuser(town.admin)


def test_a_taken_port_is_told_before_any_work() -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        with pytest.raises(serving.CannotServe, match=f"{port}.*--port"):
            serving.refuse_bad_place("127.0.0.1", port, None, None)


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(serving.CannotServe, match=r"zone\.pem"):
        serving.refuse_bad_place("127.0.0.1", 0, str(tmp_path / "zone.pem"), None)
