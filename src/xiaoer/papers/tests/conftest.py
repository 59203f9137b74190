"""The town of papers for every test of this room that asks for it."""

import pytest

from xiaoer.papers.tests.held import Of, Town, built


@pytest.fixture
def town(of: Of) -> Town:
    return built(of)
