"""The PostgreSQL server that comes with Xiaoer: installed by pip, started by one command.

Only the wheel's programs are used (initdb, pg_ctl, pg_isready), never its Python interface; why
is told in docs/decisions/0001-embedded-postgresql.md. What stands where, below the data folder:

    postgres/             the server's home; a link, where its OS user could not come in
      cluster/            the database files and, in log/, the server's log
      socket/             where one connects; a link, where the path would be too long
      postgresql.conf     written anew at every start; `alter system` goes before it
      pg_hba.conf         who may come from where: nobody over a network
      pg_ident.conf       which OS user may sign in as which role
      start.log           what the last start said
      software-<version>/ a copy of the wheel's programs, if its OS user cannot reach the wheel

The server's OS user owns cluster/ and socket/ and may not write anywhere else. Nothing is
world-readable and no TCP port is opened, so root and ordinary users run servers side by side.
"""

import fcntl
import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import platformdirs

from xiaoer.config.postgres.account import (
    ServerError,
    environment,
    owner,
    run_as,
    server_account,
)
from xiaoer.config.postgres.home import (
    PORT,
    ROOT_FOLDER,
    SUPERUSER,
    belongs,
    home_of,
    make_cluster,
    make_home,
    make_socket_folder,
)
from xiaoer.config.postgres.programs import binaries, copy_hidden_programs, programs_of
from xiaoer.config.postgres.settings import write_settings

__all__ = [
    "SUPERUSER",
    "Server",
    "ServerError",
    "binaries",
    "data_folder",
    "running",
    "start",
    "stop",
]

PATIENCE_S = 60  # for what a killed server left behind: backends that still hold its memory
RECOVERY_S = 300  # for reading the write-ahead log again after a crash
LEFT_BEHIND = ("already exists", "still in use")
ACCEPTS, SILENT = 0, 2  # what pg_isready answers; 1 is a server that is starting or stopping


@dataclass(frozen=True)
class Server:
    """A server, and the programs (psql, pg_dump) that fit it."""

    socket_dir: Path
    port: int
    bin_dir: Path
    data_dir: Path

    def url(self, role: str, database: str) -> str:
        """Where libpq and psycopg connect to; without a password, the OS user is who vouches."""
        where = urlencode({"host": str(self.socket_dir), "port": self.port}, quote_via=quote)
        return f"postgresql://{quote(role)}@/{quote(database)}?{where}"


def data_folder() -> Path:
    """The folder of all this installation keeps, made private when it is made."""
    if chosen := os.environ.get("XIAOER_DATA"):
        folder = Path(chosen).expanduser().absolute()
    elif os.geteuid() == 0:
        folder = ROOT_FOLDER
    else:
        folder = platformdirs.user_data_path("xiaoer")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def start(folder: Path | None = None) -> Server:
    """Return the folder's server, accepting connections, made and started where needed.

    It outlives this process. Two processes may call at once. After a kill -9 of the server the
    call waits, at most `PATIENCE_S`, until the last old backend lets go of the shared memory.
    """
    folder = data_folder() if folder is None else folder.absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder):
        if server := running(folder):
            return server
        account = server_account(folder / "postgres" / "cluster")
        home = make_home(folder, account)
        copy_hidden_programs(home, account)
        make_cluster(home, programs_of(home), account)
        make_socket_folder(home, account)
        write_settings(home, account)
        return _launch(home)


def running(folder: Path) -> Server | None:
    """The folder's server, if it accepts connections."""
    server = _made_before(folder)
    return server if server and _state(server) == ACCEPTS else None


def stop(folder: Path) -> None:
    """End the folder's server, if there is one; what is not committed is rolled back."""
    with _alone(folder):
        server = _made_before(folder)
        if server and _state(server) != SILENT:
            ended = _pg_ctl(server, "stop", "-m", "fast")
            if ended.returncode:
                raise ServerError(f"PostgreSQL did not stop: {ended.stdout}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops; who is killed lets go by dying."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _made_before(folder: Path) -> Server | None:
    """The server made here before, running or not."""
    home = home_of(folder.absolute())
    if home is None or not (home / "cluster").exists():
        return None
    server = _server(home)
    return server if belongs(server.socket_dir, owner(server.data_dir)) else None


def _server(home: Path) -> Server:
    return Server(
        socket_dir=(home / "socket").resolve(),
        port=PORT,
        bin_dir=programs_of(home),
        data_dir=home / "cluster",
    )


def _state(server: Server) -> int:
    where = [f"--host={server.socket_dir}", f"--port={server.port}"]
    whom = [f"--username={SUPERUSER}", "--dbname=postgres"]
    return subprocess.run(
        [server.bin_dir / "pg_isready", "--quiet", *where, *whom], env=environment(), check=False
    ).returncode


def _pg_ctl(
    server: Server, *what: str, log: Path | None = None
) -> subprocess.CompletedProcess[str]:
    cluster = f"--pgdata={server.data_dir}"
    return run_as(
        owner(server.data_dir), [server.bin_dir / "pg_ctl", "--wait", cluster, *what], log=log
    )


def _launch(home: Path) -> Server:
    """Start and wait; try again while what a killed server left is in the way."""
    server, log = _server(home), home / "start.log"
    settings = f"--options=-c {shlex.quote(f'config_file={home}/postgresql.conf')}"
    give_up_at = time.monotonic() + PATIENCE_S
    while _state(server) != ACCEPTS:
        started = _pg_ctl(server, "start", f"--timeout={RECOVERY_S}", settings, log=log)
        if started.returncode == 0:
            break
        said = log.read_text(encoding="utf-8", errors="replace")
        in_the_way = any(sign in said for sign in LEFT_BEHIND)
        if not in_the_way or time.monotonic() > give_up_at:
            raise ServerError(f"PostgreSQL did not start, see {server.data_dir}/log; {said}")
        time.sleep(0.5)
    return server
