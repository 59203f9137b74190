"""Who answers for an enterprise, dated; a caseload changes hands in one step, and back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.town import NOW
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import actions as registry
from xiaoer.registry import queries
from xiaoer.registry.models import Party, Stewardship
from xiaoer.registry.tests.people import make_cell, make_firm, post_of

pytestmark = pytest.mark.usefixtures("in_english")
Of = Callable[[str], Actor]


def three_firms(by: Actor, post: Post) -> list[Party]:
    cell = make_cell(by)
    firms = [make_firm(by, name=f"示范{name}厂", cell=cell) for name in "甲乙丙"]
    for firm in firms:
        registry.assign_steward(by=by, now=NOW, party=firm, post=post)
    return firms


def test_naming_a_steward_ends_the_former_one(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        firm = make_firm(by, cell=make_cell(by))
        first, second = post_of("east-officer"), post_of("east-steward")
        registry.assign_steward(by=by, now=NOW, party=firm, post=first, since=date(2026, 3, 1))
        registry.assign_steward(by=by, now=NOW, party=firm, post=second)
        rows = list(Stewardship.objects.order_by("id").values_list("post_id", "until"))
    assert rows == [(first.pk, date(2026, 11, 20)), (second.pk, None)]


def test_a_party_in_no_cell_has_no_steward(of: Of) -> None:
    by = of("east-desk")
    with acting(by), pytest.raises(Refused, match="admit it"):
        registry.assign_steward(by=by, now=NOW, party=make_firm(by), post=post_of("east-officer"))


def test_an_officer_cannot_take_an_enterprise_from_a_colleague(of: Of) -> None:
    by, officer = of("east-desk"), of("east-officer")
    with acting(by):
        firm = make_firm(by, cell=make_cell(by))
    with acting(officer), pytest.raises(Refused):
        registry.assign_steward(by=officer, now=NOW, party=firm, post=post_of("east-officer"))


def test_a_caseload_changes_hands_in_one_step_and_back(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        giver, taker = post_of("east-officer"), post_of("east-steward")
        firms = three_firms(by, giver)
        handed = registry.hand_over_caseload(by=by, now=NOW, giver=giver, taker=taker)
        assert handed.party_ids == tuple(firm.pk for firm in firms)
        assert {row.as_officer for row in queries.caseloads(by=by)} == {3}
        back = registry.hand_back_caseload(by=by, now=NOW + timedelta(days=1), line=handed.line)
        assert back.count == 3
        assert [row.post_id for row in queries.caseloads(by=by)] == [giver.pk]


def test_only_the_chosen_enterprises_are_handed_over(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        giver, taker = post_of("east-officer"), post_of("east-steward")
        firms = three_firms(by, giver)
        registry.hand_over_caseload(by=by, now=NOW, giver=giver, taker=taker, parties=firms[:1])
        assert {row.post_id: row.as_officer for row in queries.caseloads(by=by)} == {
            giver.pk: 2,
            taker.pk: 1,
        }


def test_a_monitoring_firm_is_named_once(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        firm = make_firm(by, cell=make_cell(by))
        registry.name_monitoring_firm(by=by, now=NOW, party=firm)
        with pytest.raises(Refused, match="already"):
            registry.name_monitoring_firm(by=by, now=NOW, party=firm)
        registry.end_monitoring(by=by, now=NOW, party=firm)
        assert queries.monitoring_firms(by=by) == []


def test_the_counts_of_cells_and_those_without_an_officer_add_up(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        firms = three_firms(by, post_of("east-officer"))
        registry.end_stewardship(by=by, now=NOW, party=firms[0])
        [grid] = queries.grids(by=by)
        assert (grid.enterprises, grid.without_officer) == (3, 1)
        page = queries.enterprise_page(by=by, filters=queries.EnterpriseFilter(no_steward=True))
        assert [row.name for row in page.rows] == ["示范甲厂"]
