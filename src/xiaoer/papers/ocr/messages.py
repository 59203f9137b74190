"""What passes between the reading process and who asks it: lengths, what is told, and bytes."""

import json
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">II")


def send(stream: BinaryIO, told: dict[str, Any], content: bytes = b"") -> None:
    """One message: its lengths, what is told, and bytes."""
    head = json.dumps(told).encode()
    stream.write(_LENGTH.pack(len(head), len(content)) + head + content)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next message; None at the end."""
    lengths = stream.read(_LENGTH.size)
    if len(lengths) < _LENGTH.size:
        return None
    head_size, content_size = _LENGTH.unpack(lengths)
    head, content = stream.read(head_size), stream.read(content_size)
    if len(head) < head_size or len(content) < content_size:
        return None
    return json.loads(head), content
