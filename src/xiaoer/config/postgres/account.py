"""The OS user a server runs as, and running its programs as that user."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import IO

SYSTEM_UIDS = range(1, 1000)


class ServerError(RuntimeError):
    """The server cannot be had; the text says why, and what to do or read."""


def server_account(cluster: Path) -> pwd.struct_passwd:
    """Whoever owns the database files; of new ones ourselves, or `xiaoer` if we are root.

    PostgreSQL refuses to run as root. Where no user can be added, `nobody` has to do.
    """
    if cluster.exists():
        return owner(cluster)
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    return _system_user("xiaoer") or _add_system_user("xiaoer") or pwd.getpwnam("nobody")


def owner(path: Path) -> pwd.struct_passwd:
    """The OS user a file or folder belongs to."""
    return pwd.getpwuid(path.stat().st_uid)


def give(path: Path, account: pwd.struct_passwd) -> None:
    """Make something the server's own, if we are root; else it is already."""
    if os.geteuid() == 0:
        os.chown(path, account.pw_uid, account.pw_gid)


def share(path: Path, account: pwd.struct_passwd) -> None:
    """Let the server, through its group, read a file of root or go through a folder of root."""
    if os.geteuid() == 0:
        os.chown(path, -1, account.pw_gid)
        path.chmod(0o710 if path.is_dir() else 0o640)


def run_as(
    account: pwd.struct_passwd, command: Sequence[str | Path], *, log: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program as the server's OS user, standing in a folder that user may be in.

    A server keeps the output it was started with: give it a log, a pipe would never end. We open
    the log, anew, so that the server's OS user cannot choose what file that is.
    """
    as_root = os.geteuid() == 0
    with _fresh(log) if log else nullcontext(subprocess.PIPE) as output:
        return subprocess.run(
            command,
            user=account.pw_uid if as_root else None,
            group=account.pw_gid if as_root else None,
            extra_groups=[] if as_root else None,
            umask=0o077,
            cwd="/",
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def environment() -> dict[str, str]:
    """Nothing of ours: no secrets for a server to inherit, no PGDATA or PGPORT to mislead it."""
    return {"PATH": os.defpath, "LC_ALL": "C"}


def _fresh(log: Path) -> IO[str]:
    log.unlink(missing_ok=True)
    log.touch(mode=0o600, exist_ok=False)
    return log.open("w", encoding="utf-8")


def _system_user(name: str) -> pwd.struct_passwd | None:
    """The system user of that name; a person who happens to be called so is none."""
    try:
        account = pwd.getpwnam(name)
    except KeyError:
        return None
    return account if account.pw_uid in SYSTEM_UIDS else None


def _add_system_user(name: str) -> pwd.struct_passwd | None:
    if useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin"):
        traits = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command = [useradd, *traits, "--shell", "/usr/sbin/nologin", name]
        subprocess.run(command, env=environment(), capture_output=True, check=False)
    return _system_user(name)
