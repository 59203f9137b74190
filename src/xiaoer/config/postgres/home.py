"""Where a server lives: its home, its database files, the folder of its socket."""

import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path

from xiaoer.config.postgres.account import ServerError, give, owner, run_as, share

ROOT_FOLDER = Path("/var/lib/xiaoer")
SUPERUSER = "xiaoer_super"
PORT = 5432  # only part of the socket's name: each server has a socket folder of its own
LONGEST_SOCKET = 100  # bytes; the kernels' limits are 103 and 107
INITDB = (
    *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    # The full-text parser asks the C library, not the builtin locale, what a letter is: under C
    # even "，" is one, and 宜兴，公司 a single word.
    *("--locale=C", "--lc-ctype=C.UTF-8"),
    *(f"--username={SUPERUSER}", "--auth-local=peer", "--auth-host=reject"),
)


def home_of(folder: Path) -> Path | None:
    """The home made before for this data folder.

    Another's home is refused: root would run the programs, and follow the links, of its owner.
    """
    home = folder / "postgres"
    if not os.path.lexists(home):
        return None
    if home.lstat().st_uid != os.geteuid():
        raise ServerError(f"{home} belongs to {home.owner()}: run Xiaoer as that user.")
    if not home.exists():
        raise ServerError(f"{home} leads to {home.readlink()}, which is gone: restore or unlink.")
    return home.resolve()


def make_home(folder: Path, account: pwd.struct_passwd) -> Path:
    """Make the home in the data folder, or, if the server's OS user cannot go there, elsewhere.

    Below a private parent it cannot, and the parents are not ours to open.
    """
    home = folder / "postgres"
    if home_of(folder) is None:
        if os.geteuid() != 0 or _is_open(folder, account):
            home.mkdir(mode=0o700)
        else:
            ROOT_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
            _is_open(ROOT_FOLDER, account)
            home.symlink_to(tempfile.mkdtemp(prefix="postgres-", dir=ROOT_FOLDER))
    share(home, account)
    return home.resolve()


def make_cluster(home: Path, programs: Path, account: pwd.struct_passwd) -> None:
    """Make the database files, whole: an attempt that is cut short never gets the name."""
    if (home / "cluster").exists():
        return
    new = Path(tempfile.mkdtemp(prefix="new-", dir=home))
    give(new, account)
    made = run_as(account, [programs / "initdb", "-D", new, *INITDB])
    if made.returncode:
        shutil.rmtree(new)
        raise ServerError(f"PostgreSQL could not make its files: {made.stdout}")
    new.rename(home / "cluster")


def make_socket_folder(home: Path, account: pwd.struct_passwd) -> None:
    """Make the private folder of the socket, in the home or, if that is too long a path, in /tmp.

    A quote or a comma in the path would end it, in the settings or in the address.
    """
    folder = home / "socket"
    if belongs(folder, account):
        return
    folder.unlink(missing_ok=True)
    socket = os.fsencode(folder / f".s.PGSQL.{PORT}")
    if len(socket) <= LONGEST_SOCKET and not set(socket) & set(b"'\",\\"):
        folder.mkdir(mode=0o700)
    else:
        folder.symlink_to(tempfile.mkdtemp(prefix="xiaoer-", dir="/tmp"))
    give(folder, account)


def belongs(folder: Path, account: pwd.struct_passwd) -> bool:
    """Whether this is a folder for that user alone.

    One in /tmp may be gone after a reboot, and by now a stranger's, who would get our queries.
    """
    if not folder.is_dir():
        return False
    kept = folder.stat()
    return kept.st_uid == account.pw_uid and stat.S_IMODE(kept.st_mode) == 0o700


def _is_open(folder: Path, account: pwd.struct_passwd) -> bool:
    """Whether the server's OS user can go through the folder; a folder of ours is opened to it.

    Ours is what root keeps private and is not root's own home: `data_folder` made it.
    """
    kept = folder.stat()
    private = kept.st_uid == 0 and not kept.st_mode & 0o077
    if private and str(folder) != owner(folder).pw_dir and _reaches(account, folder.parent):
        share(folder, account)
    return _reaches(account, folder)


def _reaches(account: pwd.struct_passwd, folder: Path) -> bool:
    return run_as(account, ["test", "-x", folder]).returncode == 0
