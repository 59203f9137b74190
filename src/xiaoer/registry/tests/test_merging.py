"""Duplicates become one: everything moves, nothing is left behind, nothing unknown is guessed."""

from collections.abc import Callable

import pytest

from tests.town import NOW
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import actions as registry
from xiaoer.registry import merging, queries
from xiaoer.registry.codes import make_credit_code
from xiaoer.registry.models import Party, PartyName, Stewardship
from xiaoer.registry.tests.people import make_cell, make_firm, post_of

pytestmark = pytest.mark.usefixtures("in_english")
Of = Callable[[str], Actor]
CODE = make_credit_code("370800", 7)


@pytest.fixture(autouse=True)
def only_the_rooms_below(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the rooms above have declared theirs; these claims are about the registry's own."""
    for link in Party._meta.related_objects:
        key = (link.related_model, link.field.name)
        if key not in merging._known:
            monkeypatch.setitem(merging._known, key, merging.Relation(*key, moves=False))


def test_a_relation_nobody_declared_refuses_the_merge(
    of: Of, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = {key: row for key, row in merging._known.items() if key[0] is not Stewardship}
    monkeypatch.setattr(merging, "_known", without)
    by = of("east-desk")
    with acting(by):
        one, two = make_firm(by, name="示范甲厂"), make_firm(by, name="示范甲工厂")
        with pytest.raises(Refused, match="stewardship"):
            registry.merge_parties(by=by, now=NOW, kept=one, duplicate=two)
        two.refresh_from_db()
        assert two.merged_into is None


def test_what_hangs_on_the_duplicate_moves(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        cell = make_cell(by)
        kept = make_firm(by, name="示范甲厂")
        duplicate = make_firm(
            by, name="示范甲工厂", cell=cell, credit_code=CODE, contact_phone="13800002206"
        )
        post = post_of("east-officer")
        registry.assign_steward(by=by, now=NOW, party=duplicate, post=post)
        registry.name_monitoring_firm(by=by, now=NOW, party=duplicate)
        preview = queries.merge_preview(by=by, kept_id=kept.pk, duplicate_id=duplicate.pk)
        assert preview is not None
        assert {row.table: row.count for row in preview.moving} == {
            "stewardship": 1,
            "monitoring_firm": 1,
        }
        kept = registry.merge_parties(by=by, now=NOW, kept=kept, duplicate=duplicate)
        duplicate.refresh_from_db()
        assert (duplicate.merged_into, duplicate.cell) == (kept, None)
        assert (kept.credit_code, kept.cell, kept.contact_phone) == (CODE, cell, "13800002206")
        whole = queries.enterprise(by=by, party_id=kept.pk)
        assert whole is not None and whole.officer is not None and whole.monitoring_since
        assert [row.name for row in queries.search_parties(by=by, text="示范甲工厂")] == [
            "示范甲厂"
        ]
        assert JournalLine.objects.filter(verb="merge_parties", party_ref=kept.pk).exists()


def test_where_both_have_a_steward_the_duplicates_ends(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        cell = make_cell(by)
        kept, duplicate = (
            make_firm(by, name="示范甲厂", cell=cell),
            make_firm(by, name="示范甲工厂", cell=cell),
        )
        mine, other = (post_of(f"east-{n}") for n in ("officer", "steward"))
        registry.assign_steward(by=by, now=NOW, party=kept, post=mine)
        registry.assign_steward(by=by, now=NOW, party=duplicate, post=other)
        registry.merge_parties(by=by, now=NOW, kept=kept, duplicate=duplicate)
        rows = Stewardship.objects.filter(party=kept).order_by("id")
        assert [(row.post_id, row.until is None) for row in rows] == [
            (mine.pk, True),
            (other.pk, False),
        ]


def test_two_firms_with_a_code_each_are_not_one(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        one = make_firm(by, name="示范甲厂", credit_code=CODE)
        two = make_firm(by, name="示范乙厂", credit_code=make_credit_code("370800", 8))
        preview = queries.merge_preview(by=by, kept_id=one.pk, duplicate_id=two.pk)
        assert preview is not None and preview.obstacle
        with pytest.raises(Refused, match="two firms"):
            registry.merge_parties(by=by, now=NOW, kept=one, duplicate=two)


def test_an_officer_cannot_merge(of: Of) -> None:
    by = of("east-officer")
    with acting(by):
        one, two = make_firm(by, name="示范甲厂"), make_firm(by, name="示范甲工厂")
        with pytest.raises(Refused):
            registry.merge_parties(by=by, now=NOW, kept=one, duplicate=two)


def test_a_merged_entry_cannot_be_worked_with(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        one, two = make_firm(by, name="示范甲厂"), make_firm(by, name="示范甲工厂")
        registry.merge_parties(by=by, now=NOW, kept=one, duplicate=two)
        assert PartyName.objects.filter(party=one, name="示范甲工厂").exists()
        with pytest.raises(Refused, match="示范甲厂"):
            registry.admit_enterprise(by=by, now=NOW, party=two, cell=make_cell(by))
