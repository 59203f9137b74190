"""The installation's own key, kept in the data folder and nowhere else."""

import os
import secrets
from pathlib import Path

from xiaoer.config.postgres import data_folder


def secret_key() -> str:
    """The signing key: from ``XIAOER_SECRET``, else made once and kept (0600) in the data folder."""
    given = os.environ.get("XIAOER_SECRET")
    if given:
        return given
    return _kept(data_folder() / "secret.key")


def _kept(path: Path) -> str:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii")
    key = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(key)
    return key
