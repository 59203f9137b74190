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


def _as_server_user() -> dict[str, object]:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    if os.getuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def main() -> int:
    programs = Path(os.environ.get("SERVER_BIN") or "/nowhere")
    if not (programs / "initdb").exists():
        print("No PostgreSQL server found. Install one: sudo apt-get install postgresql")
        return 1
    folder = Path(tempfile.mkdtemp(prefix="xiaoer-server-"))
    user = _as_server_user()
    if user:
        shutil.chown(folder, "postgres", "postgres")
    word, port = secrets.token_urlsafe(12), _free_port()
    slip = folder / "word"
    slip.write_text(word)
    if user:
        shutil.chown(slip, "postgres", "postgres")
    data = folder / "cluster"
    run = lambda *command: subprocess.run(command, check=True, cwd=folder, **user)  # noqa: E731
    run(
        programs / "initdb",
        "-D",
        data,
        "-U",
        "boot",
        "--pwfile",
        slip,
        "-A",
        "scram-sha-256",
        "-E",
        "UTF8",
        "--locale",
        "C.UTF-8",
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        url = f"postgresql://boot:{word}@127.0.0.1:{port}/xiaoer"
        environment = {**os.environ, "DATABASE_URL": url, "XIAOER_DATA": str(folder / "data")}
        (folder / "data").mkdir(mode=0o700)
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *sys.argv[1:]]
        return subprocess.run(command, env=environment).returncode
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


if __name__ == "__main__":
    raise SystemExit(main())
