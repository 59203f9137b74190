"""How kept bytes lie on the disk: sealed in chunks by AES-GCM, with a key outside the database.

A sealed file is ``XEF1``, 16 bytes of salt, then chunks of 64 KiB, each with its tag of 16 bytes.
Every file has a key of its own, made of the installation's key, the salt and the file's digest: bytes
moved under another name do not open. The number of a chunk and whether it is the last are part of
its nonce, so that none can be cut off, doubled or changed round.
"""

import errno
import hashlib
import io
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext_lazy as _

from xiaoer.base.refusals import Refused

MARK = b"XEF1"
CHUNK = 1 << 16
SEALED = ".sealed"
_SALT, _TAG = 16, 16
_HEAD = len(MARK) + _SALT
# Beside the files, and with them in every backup: which key they need. Not the key.
WHICH_KEY = "key.fingerprint"


class KeyMissing(Refused):
    """The key of the files is not there, or it is another one."""


# The key ---------------------------------------------------------------------------------------


def ensure_key(path: Path, folder: Path) -> bytes:
    """The installation's key for files; made when neither key nor files that need one are there."""
    which = folder / WHICH_KEY
    if not path.exists():
        if which.exists():
            raise KeyMissing(
                _(
                    "The key of the stored files, files.key, is missing. Put it back into the data"
                    " folder from where it was kept apart; without it papers neither open nor come in."
                )
            )
        _write_once(path, secrets.token_bytes(32))
    key = _key(path, path.stat().st_mtime_ns)
    found = hashlib.sha256(b"which" + key).hexdigest()[:16]
    if not which.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(which, found.encode())
    if which.read_text("ascii") != found:
        raise KeyMissing(
            _(
                "This files.key is not the one the stored files were sealed with; put the right one"
                " back into the data folder."
            )
        )
    return key


@lru_cache(maxsize=4)
def _key(path: Path, changed_at: int) -> bytes:
    return path.read_bytes()


def _write_once(path: Path, content: bytes) -> None:
    """Whole or not at all, and never over what is there: two starting at once agree."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, waiting = tempfile.mkstemp(dir=path.parent, prefix=".coming-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(waiting, path)
    except FileExistsError:
        return
    finally:
        Path(waiting).unlink()


# Sealing and opening -----------------------------------------------------------------------------


def seal(stream: BinaryIO, target: Path, *, key: bytes, digest: str) -> None:
    """Write what ``stream`` holds to ``target``, sealed and synced; nothing half-kept is left."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent.parent, prefix=".coming-")
    waiting = Path(name)
    try:
        with os.fdopen(handle, "wb") as sealed:
            _seal(stream, sealed, key, digest)
            sealed.flush()
            os.fsync(sealed.fileno())
        waiting.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise _refused(error) from error
    finally:
        waiting.unlink(missing_ok=True)


def _refused(error: OSError) -> OSError | Refused:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Refused(
            _(
                "The disk is full, so the file was not kept and nothing was changed. Tell the"
                " administrator and send it again later."
            ),
            field="paper",
        )
    return error


def _seal(stream: BinaryIO, sealed: BinaryIO, key: bytes, digest: str) -> None:
    salt = secrets.token_bytes(_SALT)
    sealed.write(MARK + salt)
    cipher = _cipher(key, salt, digest)
    number, chunk = 0, stream.read(CHUNK)
    while True:
        following = stream.read(CHUNK)
        sealed.write(cipher.encrypt(_nonce(number, is_last=not following), chunk, None))
        if not following:
            return
        number, chunk = number + 1, following


def _cipher(key: bytes, salt: bytes, digest: str) -> AESGCM:
    own = HKDF(SHA256(), 32, salt, b"xiaoer file " + digest.encode()).derive(key)
    return AESGCM(own)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Unsealed(io.RawIOBase):
    """The plain bytes of a sealed file, chunk by chunk; whoever skips ahead opens only what he reads."""

    def __init__(self, path: Path, *, key: bytes, digest: str) -> None:
        super().__init__()
        self._file = path.open("rb")
        head = self._file.read(_HEAD)
        length = path.stat().st_size - _HEAD
        if head[: len(MARK)] != MARK or length < _TAG:
            self._file.close()
            raise _damaged()
        self._cipher = _cipher(key, head[len(MARK) :], digest)
        self._count = -(-length // (CHUNK + _TAG))
        self.size = length - self._count * _TAG
        self._place = 0
        self._chunk: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self.size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # any buffer
        if self._place >= self.size or not len(buffer):
            return 0
        number, within = divmod(self._place, CHUNK)
        part = self._opened(number)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)

    def _opened(self, number: int) -> bytes:
        if self._chunk[0] != number:
            self._file.seek(_HEAD + number * (CHUNK + _TAG))
            sealed = self._file.read(CHUNK + _TAG)
            nonce = _nonce(number, is_last=number == self._count - 1)
            try:
                self._chunk = (number, self._cipher.decrypt(nonce, sealed, None))
            except InvalidTag as error:
                raise _damaged() from error
        return self._chunk[1]

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def _damaged() -> Refused:
    return Refused(
        _("The stored file was changed on the disk or is damaged; bring it back from a backup.")
    )


# Plain bytes that readers want as a path -----------------------------------------------------------


@contextmanager
def in_memory() -> Iterator[Path]:
    """An empty file that lives in memory alone, as a path that programs can open.

    Where the system has none (anything but Linux), a private file that is gone afterwards.
    """
    if not hasattr(os, "memfd_create"):
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder) / "paper"
        return
    handle = os.memfd_create("paper", os.MFD_CLOEXEC)
    try:
        # By this process's number: whoever opens it may be another process.
        yield Path(f"/proc/{os.getpid()}/fd/{handle}")
    finally:
        os.close(handle)
