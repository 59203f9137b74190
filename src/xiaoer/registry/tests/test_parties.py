"""Firms are added, admitted to exactly one cell, corrected and closed."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError

from tests.town import NOW
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import actions as registry
from xiaoer.registry.codes import make_credit_code
from xiaoer.registry.models import Party
from xiaoer.registry.tests.people import make_cell, make_firm

pytestmark = pytest.mark.usefixtures("in_english")
Of = Callable[[str], Actor]
CODE = make_credit_code("370800", 7)


def test_a_firm_is_added_by_any_staff_and_journaled(of: Of) -> None:
    by = of("east-officer")
    with acting(by):
        party = make_firm(by, credit_code=CODE.lower(), industry="C3985")
        assert (party.credit_code, party.industry, party.section) == (CODE, "3985", "C")
        line = JournalLine.objects.get(verb="add_party", subject_id=party.pk)
    assert line.party_ref == party.pk


def test_a_code_belongs_to_one_party_only(of: Of) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused, match="示范甲"):
        make_firm(by, name="示范甲厂", credit_code=CODE)
        make_firm(by, name="示范乙厂", credit_code=CODE)


def test_the_same_code_may_be_known_in_another_zone(of: Of) -> None:
    for username in ("east-officer", "west-officer"):
        by = of(username)
        with acting(by):
            assert make_firm(by, credit_code=CODE).pk


def test_a_natural_person_is_in_no_cell(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        cell = make_cell(by)
        person = make_firm(by, name="示范某", kind=Party.Kind.PERSON)
        with pytest.raises(Refused):
            registry.admit_enterprise(by=by, now=NOW, party=person, cell=cell)
        with pytest.raises(IntegrityError, match="person_is_in_no_cell"):
            Party.objects.filter(pk=person.pk).update(cell=cell)


def test_an_enterprise_is_in_exactly_one_cell(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        first, second = make_cell(by, "C-01"), make_cell(by, "C-02")
        firm = make_firm(by)
        registry.admit_enterprise(by=by, now=NOW, party=firm, cell=first)
        with pytest.raises(Refused, match="move it"):
            registry.admit_enterprise(by=by, now=NOW, party=firm, cell=second)
        assert registry.move_to_cell(by=by, now=NOW, party=firm, cell=second).cell == second


def test_a_cell_of_another_zone_cannot_be_pointed_to(of: Of) -> None:
    west = of("west-desk")
    with acting(west):
        cell = make_cell(west)
    east = of("east-desk")
    with pytest.raises(IntegrityError, match="same_zone"), acting(east):
        firm = make_firm(east)
        registry.admit_enterprise(by=east, now=NOW, party=firm, cell=cell)


def test_a_stale_edit_is_told_who_changed_what(of: Of) -> None:
    by, other = of("east-officer"), of("east-economy")
    with acting(by):
        firm = make_firm(by)
    with acting(other):
        registry.change_party(
            by=other,
            now=NOW,
            party=firm,
            version=1,
            facts=registry.PartyFacts(address="示范路 1 号"),
        )
    with acting(by), pytest.raises(Refused, match=r"经一.*Address"):
        registry.change_party(
            by=by, now=NOW, party=firm, version=1, facts=registry.PartyFacts(address="示范路 2 号")
        )


def test_a_renamed_firm_is_still_known_by_its_former_name(of: Of) -> None:
    by = of("east-officer")
    with acting(by):
        firm = make_firm(by, name="示范旧名有限公司")
        firm = registry.change_party(
            by=by,
            now=NOW,
            party=firm,
            version=1,
            facts=registry.PartyFacts(name="示范新名有限公司"),
        )
        assert "示范旧名有限公司" in firm.terms
        assert [row.name for row in firm.other_names.all()] == ["示范旧名有限公司"]


def test_looking_at_a_phone_leaves_a_line(of: Of) -> None:
    by = of("east-officer")
    with acting(by):
        firm = make_firm(by, contact_phone="13800002206")
        assert registry.look_at_phone(by=by, now=NOW, party=firm) == "13800002206"
        line = JournalLine.objects.get(verb="look_at_phone")
    assert (line.person_id, line.party_ref) == (by.person_id, firm.pk)


def test_a_fact_no_longer_known_becomes_missing_not_zero(of: Of) -> None:
    by = of("east-officer")
    with acting(by):
        firm = make_firm(by, capital_fen=100)
        firm = registry.change_party(
            by=by,
            now=NOW,
            party=firm,
            version=1,
            facts=registry.PartyFacts(emptied=frozenset({"capital_fen"})),
        )
        assert firm.capital_fen is None
