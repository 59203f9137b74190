"""What a server is told: its settings, and who may sign in. Written anew at every start."""

import os
import pwd
import tempfile
from pathlib import Path

from xiaoer.config.postgres.account import share
from xiaoer.config.postgres.home import PORT

MEGABYTE = 2**20
SETTINGS = """\
# Written at every start of Xiaoer. For settings of your own: alter system set ...
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
temp_buffers = 64MB  # a large sheet stands in temporary tables while it is brought in
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
log_filename = 'postgresql-%a.log'  # seven files, one week
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %q%u@%d '
"""
MAY_CONNECT = """\
local  all,replication  all  peer  map=xiaoer
host   all,replication  all  all  reject
"""
MAY_BE = 'xiaoer  "{user}"  "/^xiaoer_(super|owner|web|backup)$"\n'


def write_settings(home: Path, account: pwd.struct_passwd) -> None:
    """Write the three files; root, the server's OS user and ourselves may be any of our roles."""
    memory = _memory()
    settings = SETTINGS.format(
        port=PORT,
        socket_dir=(home / "socket").resolve(),
        home=str(home).replace("\\", "\\\\").replace("'", "''"),
        shared_buffers=shared_buffers(memory) // MEGABYTE,
        effective_cache_size=memory // 2 // MEGABYTE,
    )
    trusted = {account.pw_name, *(pwd.getpwuid(uid).pw_name for uid in (0, os.geteuid()))}
    users = "".join(MAY_BE.format(user=user) for user in sorted(trusted))
    _write(home / "postgresql.conf", settings, account)
    _write(home / "pg_hba.conf", MAY_CONNECT, account)
    _write(home / "pg_ident.conf", users, account)


def shared_buffers(memory: int) -> int:
    """A sixteenth of the memory (256 MB of 4 GB), at least 128 MB, at most 1 GB; in bytes."""
    return min(max(memory // 16, 128 * MEGABYTE), 1024 * MEGABYTE)


def _memory() -> int:
    """The bytes this machine has, or this container may use."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    allowed = limit.read_text().strip() if limit.exists() else "max"
    return min(machine, int(allowed)) if allowed.isdigit() else machine


def _write(path: Path, text: str, account: pwd.struct_passwd) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as new:
        new.write(text)
    share(Path(new.name), account)
    Path(new.name).replace(path)
