"""What the engine read off a paper is kept for all tests: the same bytes are read once."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import pytest

from xiaoer.papers.ocr.fields import Wanted
from xiaoer.papers.ocr.process import SHARED

_told: dict[tuple[bytes, str, tuple[Wanted, ...]], dict[str, Any]] = {}


class _ReadOnce:
    def read(self, content: bytes, media_type: str, wanted: Sequence[Wanted]) -> dict[str, Any]:
        asked = content, media_type, tuple(wanted)
        answer = _told.get(asked) or SHARED.read(content, media_type, wanted)
        # Why a paper was not read belongs to one test alone, such as one that kills the reader.
        if "why" not in answer:
            _told[asked] = answer
        return deepcopy(answer)


@pytest.fixture(autouse=True)
def papers_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiaoer.papers.actions.reading.SHARED", _ReadOnce())
