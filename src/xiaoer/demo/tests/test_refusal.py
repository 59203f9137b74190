"""The demo is never built into a database of real work."""

import pytest

from tests.town import NOW
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.demo.build import build_demo


def test_the_demo_refuses_a_database_of_real_work(db: None) -> None:
    zones = Zone.objects.count()
    with pytest.raises(Refused):
        build_demo(now=NOW, say=lambda _words: None)
    assert Zone.objects.count() == zones
