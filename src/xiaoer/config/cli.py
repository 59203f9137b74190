"""``xiaoer``: the one command. Starts PostgreSQL, prepares the database, serves, backs up.

xiaoer demo                      build the demo zones once and serve them
xiaoer init --zone jhtz …        open an empty real zone
xiaoer serve [--cert --key]      serve a real zone (HTTPS with a certificate)
xiaoer backup FILE | restore FILE
xiaoer stop                      stop the embedded server if one was left running
xiaoer COMMAND …                 any other: import_registry, figures, verify_journal, migrate …
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from xiaoer.base import vault
from xiaoer.config import backups, database, postgres, serving
from xiaoer.config.database import Addresses

REAL, DEMO = "xiaoer", "xiaoer_demo"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaoer.config.settings")
    os.environ.setdefault("PYTHONUTF8", "1")
    if not given or given[0] in {"-h", "--help", "help"}:
        print(__doc__)
        return 0 if given else 2
    try:
        return _run(given)
    except (database.UnfitServer, postgres.ServerError, serving.CannotServe) as problem:
        print(problem, file=sys.stderr)
        return 1


def _run(given: list[str]) -> int:
    own = COMMANDS.get(given[0])
    if own is None:
        return _django(given)
    return own(given[1:])


def _django(given: list[str]) -> int:
    """A management command of some room, signed in as the web role (``migrate``: the owner)."""
    addresses = prepared(os.environ.get("XIAOER_DEMO") == "1")
    _point_at(addresses.owner if given[0] in OWNERS_COMMANDS else addresses.web)
    from django.core.management import execute_from_command_line  # noqa: PLC0415  settings first

    execute_from_command_line(["xiaoer", *given])
    return 0


def prepared(is_demo: bool) -> Addresses:
    """The database, made and migrated as the owner in a process of its own; started if needed."""
    folder = postgres.data_folder()
    addresses = database.server_addresses(folder)
    if not os.environ.get("DATABASE_URL"):
        addresses = addresses.of_database(DEMO if is_demo else REAL)
    database.create_database(addresses)
    serving.run_django(addresses.owner, ["migrate", "--verbosity", "0"])
    database.refuse_superuser(addresses.web)
    return addresses


def _point_at(url: str) -> None:
    os.environ["XIAOER_WEB_URL"] = url


def _where(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--cert", help="certificate file: serves HTTPS")
    parser.add_argument("--key", help="its private key")


def demo(arguments: list[str]) -> int:
    """Build the demo zones if they are not there, then serve them."""
    parser = argparse.ArgumentParser("xiaoer demo")
    _where(parser)
    parser.add_argument("--build-only", action="store_true", help="build, do not serve")
    parser.add_argument("--fresh", action="store_true", help="forget the demo database first")
    options = parser.parse_args(arguments)
    if not options.build_only:
        serving.refuse_bad_place(options.host, options.port, options.cert, options.key)
    os.environ["XIAOER_DEMO"] = "1"
    if options.fresh:
        folder = postgres.data_folder()
        addresses = database.server_addresses(folder)
        if not os.environ.get("DATABASE_URL"):
            database.drop_database(addresses.of_database(DEMO))
    addresses = prepared(is_demo=True)
    status = serving.run_django(addresses.owner, ["build_demo"], check=False)
    if status or options.build_only:
        return status
    return _serve(addresses, options)


def init(arguments: list[str]) -> int:
    """Open an empty real zone with its first administrator."""
    addresses = prepared(is_demo=False)
    return serving.run_django(addresses.owner, ["open_zone", *arguments], check=False)


def serve(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("xiaoer serve")
    _where(parser)
    options = parser.parse_args(arguments)
    if bool(options.cert) != bool(options.key):
        parser.error("--cert and --key belong together")
    serving.refuse_bad_place(options.host, options.port, options.cert, options.key)
    return _serve(prepared(is_demo=False), options)


def _serve(addresses: Addresses, options: argparse.Namespace) -> int:
    """Serve; afterwards the embedded server rests too, unless another command is at work in it."""
    _must_have_key()
    status = serving.serve(addresses.web, options.host, options.port, options.cert, options.key)
    if not os.environ.get("DATABASE_URL") and not database.is_used(addresses):
        postgres.stop(postgres.data_folder())
    return status


def _must_have_key() -> None:
    """The key of the stored files, made at the first start; a lost one is said before it matters."""
    folder = postgres.data_folder()
    try:
        vault.ensure_key(folder / "files.key", folder / "files")
    except vault.KeyMissing as missing:
        raise database.UnfitServer(
            f"{folder / 'files.key'} is missing, or is not the key the stored files were sealed"
            " with. Put it back from where you kept it apart; Xiaoer makes no new one over them."
        ) from missing


def backup(arguments: list[str]) -> int:
    """Write the whole database and the stored files into one file."""
    parser = argparse.ArgumentParser("xiaoer backup")
    parser.add_argument("file")
    options = parser.parse_args(arguments)
    print(backups.backup(prepared(os.environ.get("XIAOER_DEMO") == "1"), Path(options.file)))
    print(
        f"The key of the stored files is not in it: keep a copy of {postgres.data_folder()}/files.key"
        " at another safe place. Without it the files in this backup cannot be opened."
    )
    return 0


def restore(arguments: list[str]) -> int:
    """Bring back a backup into an empty database; refuses to overwrite one that is in use."""
    parser = argparse.ArgumentParser("xiaoer restore")
    parser.add_argument("file")
    parser.add_argument("--replace", action="store_true", help="drop what is there now")
    options = parser.parse_args(arguments)
    addresses = database.server_addresses(postgres.data_folder())
    if not os.environ.get("DATABASE_URL"):
        is_demo = os.environ.get("XIAOER_DEMO") == "1"
        addresses = addresses.of_database(DEMO if is_demo else REAL)
    print(backups.restore(addresses, Path(options.file), replace=options.replace))
    return 0


def stop(arguments: list[str]) -> int:
    argparse.ArgumentParser("xiaoer stop").parse_args(arguments)
    postgres.stop(postgres.data_folder())
    return 0


OWNERS_COMMANDS = frozenset({"migrate", "makemigrations", "dbshell", "verify_journal"})
COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo,
    "init": init,
    "serve": serve,
    "backup": backup,
    "restore": restore,
    "stop": stop,
}
