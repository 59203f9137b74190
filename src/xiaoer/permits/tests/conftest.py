"""What the engine said of a paper is kept for all tests: the same bytes are read once."""

from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any

import pytest

from xiaoer.papers.ocr.fields import Wanted
from xiaoer.papers.ocr.process import SHARED


@lru_cache(maxsize=256)
def _told(content: bytes, media_type: str, wanted: tuple[Wanted, ...]) -> dict[str, Any]:
    return SHARED.read(content, media_type, wanted)


class _ReadOnce:
    def read(self, content: bytes, media_type: str, wanted: Sequence[Wanted]) -> dict[str, Any]:
        return deepcopy(_told(content, media_type, tuple(wanted)))


@pytest.fixture(autouse=True)
def papers_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiaoer.papers.actions.reading.SHARED", _ReadOnce())
