"""A virus scanner, where the zone has one: clamd over TCP, asked with every file that comes in.

A scanner that is set and does not answer lets nothing in.
"""

import socket
import struct
from pathlib import Path

from django.conf import settings

from xiaoer.base.harmless import Doubtful

CHUNK = 1 << 16
SECONDS = 30


def scan(path: Path) -> None:
    """Ask the scanner, if there is one; raises ``Doubtful`` on a find and on silence."""
    if not settings.CLAMD:
        return
    host, _colon, port = settings.CLAMD.rpartition(":")
    try:
        said = _ask(host, int(port), path)
    except (OSError, ValueError) as error:
        raise Doubtful("no_scanner") from error
    if said.endswith("FOUND"):
        raise Doubtful("virus", said.removeprefix("stream:").removesuffix("FOUND").strip())
    if not said.endswith("OK"):
        raise Doubtful("no_scanner")


def _ask(host: str, port: int, path: Path) -> str:
    """INSTREAM: chunks behind their lengths, an empty one last, one line back."""
    with socket.create_connection((host, port), timeout=SECONDS) as link, path.open("rb") as stream:
        link.sendall(b"zINSTREAM\0")
        while chunk := stream.read(CHUNK):
            link.sendall(struct.pack("!I", len(chunk)) + chunk)
        link.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0"):
            part = link.recv(4096)
            if not part:
                break
            answer += part
    return answer.strip(b"\0\r\n ").decode("utf-8", "replace")
