"""Which engine reads: its name, its version and a hash of its models, without loading it."""

import hashlib
from functools import cache
from importlib import metadata, util
from pathlib import Path

READING = "4"
"""Counted up when the way fields are found changes: what was read before is then read anew."""


@cache
def engine_name() -> str:
    """The engine, its version, a hash of its models, and how fields are found: with every reading."""
    spec = util.find_spec("rapidocr")
    places = spec.submodule_search_locations if spec else None
    digest = hashlib.sha256()
    for path in sorted((Path(next(iter(places or ["."]))) / "models").glob("*.onnx")):
        digest.update(path.name.encode())
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    version = metadata.version("rapidocr")
    return f"rapidocr {version} PP-OCRv6 small {digest.hexdigest()[:16]} fields {READING}"
