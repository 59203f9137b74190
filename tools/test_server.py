"""Run the whole suite against another PostgreSQL: its programs in SERVER_BIN, a cluster of its own."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class Programs:
    """The server's own programs, run as a user PostgreSQL accepts: it refuses to run as root."""

    def __init__(self, where: Path, folder: Path) -> None:
        self._where = where
        self._folder = folder
        self._user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        self.give(folder)

    def give(self, path: Path) -> None:
        """Make a file or folder that user's own; Debian's package brings the user."""
        if self._user:
            shutil.chown(path, self._user.pw_uid, self._user.pw_gid)

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self._where / program), *arguments]
        if self._user is None:
            subprocess.run(command, check=True, cwd=self._folder)
            return
        user, group = self._user.pw_uid, self._user.pw_gid
        subprocess.run(
            command, check=True, cwd=self._folder, user=user, group=group, extra_groups=[]
        )


def main() -> int:
    where = Path(os.environ.get("SERVER_BIN") or "/nowhere")
    if not (where / "initdb").exists():
        print("No PostgreSQL server found. Install one: sudo apt-get install postgresql")
        return 1
    folder = Path(tempfile.mkdtemp(prefix="xiaoer-server-"))
    programs = Programs(where, folder)
    word, port = secrets.token_urlsafe(12), _free_port()
    slip, data = folder / "word", str(folder / "cluster")
    slip.write_text(word)
    programs.give(slip)
    signing_in = ["-U", "boot", "--pwfile", str(slip), "-A", "scram-sha-256"]
    programs.run("initdb", "-D", data, *signing_in, "-E", "UTF8", "--locale", "C.UTF-8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    programs.run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        url = f"postgresql://boot:{word}@127.0.0.1:{port}/xiaoer"
        environment = {**os.environ, "DATABASE_URL": url, "XIAOER_DATA": str(folder / "data")}
        (folder / "data").mkdir(mode=0o700)
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *sys.argv[1:]]
        return subprocess.run(command, env=environment).returncode
    finally:
        programs.run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


if __name__ == "__main__":
    raise SystemExit(main())
