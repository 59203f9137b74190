"""Backup and restore: one file with the database and the stored files, one command each."""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import psycopg

from xiaoer import __version__
from xiaoer.config import database, postgres
from xiaoer.config.database import Addresses, UnfitServer

_DUMP, _FILES, _LABEL = "database.dump", "files", "label.json"


def backup(addresses: Addresses, target: Path) -> str:
    """Write ``target`` (a tar) as the backup role, which may read all and write nothing.

    The file appears under its name only when it is whole. Says how large it is.
    """
    now = datetime.now(UTC)
    partial = target.with_name(target.name + ".part")
    with psycopg.connect(addresses.owner) as link:
        for kind in ("tables", "sequences"):
            link.execute(f"grant select on all {kind} in schema public to xiaoer_backup")
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / _DUMP
        _run(
            addresses,
            "pg_dump",
            "--format=custom",
            "--enable-row-security",
            f"--file={dump}",
            f"--dbname={addresses.backup}",
        )
        label = Path(folder) / _LABEL
        told = {"made_at": now.isoformat(), "version": __version__, "dump_sha256": _sha256(dump)}
        label.write_text(json.dumps(told), "utf-8")
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        with tarfile.open(partial, "w") as archive:
            archive.add(dump, _DUMP)
            files = postgres.data_folder() / _FILES
            if files.is_dir():
                archive.add(files, _FILES)
            # Last, so that what was cut off lacks it: a tar cut between two files reads as whole.
            archive.add(label, _LABEL)
    partial.replace(target)
    with psycopg.connect(addresses.owner) as link:
        link.execute("update installation set backed_up_at = %s", [now])
    return f"{target}: {target.stat().st_size / 1e6:,.1f} MB"


def restore(addresses: Addresses, source: Path, *, replace: bool = False) -> str:
    """Bring ``source`` back into a new database and put the stored files beside it.

    The database comes back under a name of its own and takes the old one's place only when it is
    whole, so that a broken backup costs nothing that was there.
    """
    name = urlsplit(addresses.owner).path.lstrip("/")
    if not replace and not database.create_database(addresses) and _has_tables(addresses):
        raise UnfitServer(
            f"Database {name} is in use; --replace drops it and brings the backup back."
        )
    with tempfile.TemporaryDirectory() as folder:
        made_at = _unpack(source, Path(folder))
        coming = addresses.of_database(f"{name}_coming_back")
        database.drop_database(coming)
        try:
            database.create_database(coming)
            _bring_tables(coming, Path(folder) / _DUMP)
            _reset_horizon(coming)
            _bring_files(Path(folder) / _FILES)
            database.take_place(coming, addresses)
        except (UnfitServer, psycopg.Error):
            database.drop_database(coming)
            raise
    return f"restored what was kept at {made_at}{_key_told()}"


def _key_told() -> str:
    """What is said where the files came back to a place that lacks their key."""
    folder = postgres.data_folder()
    if not (folder / _FILES / "key.fingerprint").exists() or (folder / "files.key").exists():
        return ""
    return f"; put files.key of that installation into {folder} before you serve"


def _unpack(source: Path, folder: Path) -> str:
    """Unpack what a backup of ours holds and nothing else; returns when it was made.

    By hand: Python 3.11 knows ``extractall(filter=)`` only from its fourth correction on.
    """
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                if member.isfile() and _is_ours(PurePosixPath(member.name)):
                    _write(archive, member, folder / member.name)
        told = json.loads((folder / _LABEL).read_text("utf-8"))
        made_at, is_whole = str(told["made_at"]), told["dump_sha256"] == _sha256(folder / _DUMP)
    except (tarfile.TarError, OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise UnfitServer(f"{source} is not a whole backup that xiaoer made.") from error
    if not is_whole:
        raise UnfitServer(f"{source} was changed since it was made; nothing was restored.")
    return made_at


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_ours(path: PurePosixPath) -> bool:
    if path.is_absolute() or ".." in path.parts:
        return False
    return str(path) in (_DUMP, _LABEL) or path.parts[0] == _FILES


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    content = archive.extractfile(member)
    if content is not None:
        with content, target.open("wb") as stream:
            shutil.copyfileobj(content, stream)


def _bring_tables(addresses: Addresses, dump: Path) -> None:
    """With their owners: a search function owned by anyone but the search role would see nothing."""
    _run(
        addresses,
        "pg_restore",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={addresses.admin}",
        str(dump),
    )


def _has_tables(addresses: Addresses) -> bool:
    with psycopg.connect(addresses.owner) as link:
        row = link.execute(
            "select exists (select from pg_tables where schemaname = 'public')"
        ).fetchone()
    return bool(row and row[0])


def _bring_files(kept: Path) -> None:
    """Content-addressed: a file that is already there is the same file."""
    target = postgres.data_folder() / _FILES
    for path in kept.rglob("*") if kept.is_dir() else ():
        place = target / path.relative_to(kept)
        if path.is_file() and not place.exists():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.replace(place)


def _reset_horizon(addresses: Addresses) -> None:
    """Transaction numbers begin anew in another server; kept lines must not look like future ones."""
    with psycopg.connect(addresses.owner) as link:
        link.execute("select set_config('x.maintenance', 'on', true)")
        link.execute("update journal_line set txid = 0")
        link.execute("update journal_horizon set sealed_below = 0")


def _run(addresses: Addresses, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [_programs_for(addresses) / program, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UnfitServer(f"{program}: {done.stderr.strip() or 'failed'}")


def _programs_for(addresses: Addresses) -> Path:
    """Programs of the server's own major version: a newer pg_restore speaks words it does not know."""
    with psycopg.connect(addresses.owner) as link:
        major = link.info.server_version // 10000
    if not os.environ.get("DATABASE_URL"):
        return postgres.binaries()
    found = shutil.which("pg_dump")
    for folder in (Path(f"/usr/lib/postgresql/{major}/bin"), Path(found).parent if found else None):
        if folder is not None and (folder / "pg_dump").exists():
            return folder
    raise UnfitServer(f"Install the programs of PostgreSQL {major} (postgresql-client-{major}).")
