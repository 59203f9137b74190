"""Files kept apart: sealed beside the store, with what is known of them, before any row can name them.

The verb that brought such a file is refused and rolls back; what lies here does not. A job takes it
into the register of quarantine.
"""

import hashlib
import json
import re
import struct
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings

from xiaoer.base import vault
from xiaoer.base.harmless import Doubtful
from xiaoer.base.scope import Actor

FOLDER = "apart"
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Apart:
    """A file kept apart, and how it came. ``reference`` is its name here."""

    reference: str
    zone_id: int
    sha256: str
    name: str
    media_type: str
    size: int
    code: str
    told: str
    party_ref: int | None
    post_id: int | None
    at: datetime


def _folder() -> Path:
    return Path(settings.FILES_FOLDER) / FOLDER


def _key() -> bytes:
    return vault.ensure_key(Path(settings.FILES_KEY), Path(settings.FILES_FOLDER))


def put(
    *, by: Actor, now: datetime, path: Path, name: str, media_type: str, doubt: Doubtful
) -> None:
    """Keep a file apart; the same file twice lies here once."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    told = {
        "zone_id": by.zone_id, "sha256": digest, "name": name[-200:], "media_type": media_type,
        "size": len(content), "code": doubt.code, "told": doubt.told[:120],
        "party_ref": by.party_ref, "post_id": by.post_id, "at": now.isoformat(),
    }  # fmt: skip
    head = json.dumps(told).encode()
    reference = reference_of(by.zone_id, digest)
    sealed = BytesIO(_LENGTH.pack(len(head)) + head + content)
    vault.seal(sealed, _place(reference), key=_key(), digest=reference)


def _place(reference: str) -> Path:
    return _folder() / "held" / f"{reference}{vault.SEALED}"


def waiting() -> Iterator[Apart]:
    """Every file that lies here."""
    for path in sorted(_folder().glob(f"held/*{vault.SEALED}")):
        reference = path.name.removesuffix(vault.SEALED)
        if re.fullmatch("[0-9a-f]{32}", reference):
            yield opened(reference)[0]


def reference_of(zone_id: int, digest: str) -> str:
    """Under which name a file of a zone lies here."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{zone_id} {digest}").hex


def is_here(reference: str) -> bool:
    return _place(reference).exists()


def opened(reference: str) -> tuple[Apart, bytes]:
    """What is known of a file kept apart, and its bytes."""
    stream = vault.Unsealed(_place(reference), key=_key(), digest=reference)
    with stream:
        content = stream.readall()
    (length,) = _LENGTH.unpack(content[: _LENGTH.size])
    told = json.loads(content[_LENGTH.size : _LENGTH.size + length])
    told["at"] = datetime.fromisoformat(told["at"])
    return Apart(reference, **told), content[_LENGTH.size + length :]


def drop(reference: str) -> None:
    """Throw its bytes away."""
    _place(reference).unlink(missing_ok=True)


def note_release(digest: str) -> None:
    """Remember that a person let these bytes in: sent again, they are not kept apart again."""
    place = _folder() / "released" / digest
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.touch(mode=0o600)


def was_released(digest: str) -> bool:
    return (_folder() / "released" / digest).exists()
