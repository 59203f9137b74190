"""What the tests of the registry share."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def in_english() -> Iterator[None]:
    """Refusals are claimed in the language of the code, whatever phrases are compiled."""
    with translation.override("en"):
        yield
