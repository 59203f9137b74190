"""Kinds of paper a zone begins with."""

from collections.abc import Callable

import pytest

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.papers import actions as papers
from xiaoer.papers.models import PaperField, PaperKind
from xiaoer.papers.shipped import KINDS


def test_a_zone_begins_with_kinds_of_paper_and_keeps_its_own(of: Callable[[str], Actor]) -> None:
    by = of("east-admin")
    with acting(by):
        PaperKind.objects.filter(zone_id=by.zone_id, code="lease").update(name="厂房租赁合同")
        papers.seed_paper_kinds(by=by, now=NOW)
        assert papers.seed_paper_kinds(by=by, now=NOW) == 0
        kinds = PaperKind.objects.filter(zone_id=by.zone_id)
        assert {kind.code for kind in KINDS} <= {kind.code for kind in kinds}
        assert all(kind.source and kind.mark for kind in kinds)
        contract = PaperField.objects.filter(kind__code="waste_contract", code="volume").get()
        assert "运输总量为" in contract.labels


def test_an_officer_does_not_furnish_kinds(of: Callable[[str], Actor]) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused):
        papers.seed_paper_kinds(by=by, now=NOW)
