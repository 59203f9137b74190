"""Claims about standard land: set before the offer, signed with two contracts, checked when due."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.models import LandCheck
from xiaoer.assets.tests.land import a_parcel, kind, promised, signed, supplied
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.work.models import Task

Of = Callable[[str], Actor]
CHECKED: dict[str, Any] = {"now": NOW, "on": date(2026, 11, 16), "basis": "税务局入库税金"}


def open_tasks(kind: str) -> list[Task]:
    return list(Task.objects.filter(kind=kind, state=Task.State.OPEN))


def test_the_two_contracts_go_together(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by)
        one = promised(by, parcel)
        with pytest.raises(Refused):  # nobody holds it yet
            assets.sign_indicators(
                by=by, now=NOW, parcel=parcel, number="JG-1", signed_on=date(2025, 5, 12)
            )
        supplied(by, parcel)
        assert len(open_tasks("land_pledge")) == 1
        pledge = assets.sign_indicators(
            by=by, now=NOW, parcel=parcel, number="JG-1", signed_on=date(2025, 5, 12)
        )
        one.refresh_from_db()
        assert (pledge.land_contract, pledge.party_id, one.is_signed) == (
            "CR-1", parcel.party_id, True,
        )  # fmt: skip
        assert not open_tasks("land_pledge")
        with pytest.raises(Refused, match="JG-1"):
            assets.sign_indicators(
                by=by, now=NOW, parcel=parcel, number="JG-2", signed_on=date(2025, 5, 12)
            )


def test_a_supervision_contract_entered_by_mistake_is_taken_back_and_signed_anew(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by)
        one = promised(by, parcel)
        signed(by, parcel, "JG-1")
        pledge = parcel.pledges.get()
        supply = parcel.steps.get(stage="supplied")
        # The supply it rests on stays while it is in force, or the land could not be pledged again.
        with pytest.raises(Refused, match="JG-1"):
            assets.take_back_land_step(by=by, now=NOW, step=supply, why="供错对象")
        with pytest.raises(Refused) as no:
            assets.take_back_pledge(by=by, now=NOW, pledge=pledge, why=" ")
        assert no.value.field == "why"
        assets.take_back_pledge(by=by, now=NOW, pledge=pledge, why="编号录错")
        one.refresh_from_db()
        assert not one.is_signed
        # It is to be signed again, and its number is free.
        assert len(open_tasks("land_pledge")) == 1
        again = assets.sign_indicators(
            by=by, now=NOW, parcel=parcel, number="JG-1", signed_on=date(2025, 5, 13)
        )
        assert again.number == "JG-1" and not open_tasks("land_pledge")
        one.refresh_from_db()
        assets.check_indicator(by=by, indicator=one, amount=Decimal(31), **CHECKED)
        with pytest.raises(Refused, match="JG-1"):
            assets.take_back_pledge(by=by, now=NOW, pledge=again, why="又错了")


def test_an_indicator_without_a_day_is_not_signed(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by)
        assets.set_indicator(
            by=by, now=NOW, parcel=parcel, kind=kind(by, "plot_ratio"), amount=Decimal(1)
        )
        supplied(by, parcel)
        with pytest.raises(Refused, match="容积率"):
            assets.sign_indicators(
                by=by, now=NOW, parcel=parcel, number="JG-1", signed_on=date(2025, 5, 12)
            )


def test_what_was_signed_changes_by_a_supplementary_agreement_only(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by)
        one = promised(by, parcel)
        signed(by, parcel)
        with pytest.raises(Refused) as unnamed:
            promised(by, parcel, amount=10)
        assert unnamed.value.field == "document"
        assets.set_indicator(
            by=by, now=NOW, parcel=parcel, kind=one.kind, amount=Decimal(25), document="补充协议一"
        )
        one.refresh_from_db()
        assert one.amount == 25
        with pytest.raises(Refused):
            assets.drop_indicator(by=by, now=NOW, indicator=one, why="不再要求")


def test_a_check_is_asked_for_when_due_and_ends_its_task(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by)
        tax = promised(by, parcel)
        ratio = promised(by, parcel, "plot_ratio", 1)
        signed(by, parcel)
        (task,) = open_tasks("land_check")
        assert "亩均税收" in task.title and "容积率" in task.title
        assets.check_indicator(
            by=by, indicator=tax, amount=Decimal(12), what_follows="限期一年整改",
            next_on=date(2027, 11, 30), **CHECKED,
        )  # fmt: skip
        # The plot ratio is still to be looked at, and the task says so.
        (left,) = open_tasks("land_check")
        assert left.pk == task.pk and "亩均税收" not in left.title
        assert left.title.endswith("核查容积率（已核查 1/2 项）")
        assets.check_indicator(
            by=by, indicator=ratio, amount=Decimal("1.2"), **(CHECKED | {"on": date(2026, 11, 20)})
        )
        found = {one.indicator_id: one.is_met for one in LandCheck.objects.all()}
        assert found == {tax.pk: False, ratio.pk: True}


def test_a_check_before_its_day_does_not_replace_the_one_due(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by)
        tax = promised(by, parcel)
        signed(by, parcel)
        assets.check_indicator(by=by, indicator=tax, amount=Decimal(40), **CHECKED)
        assert len(open_tasks("land_check")) == 1
        assert queries.due_indicators(zone_id=by.zone_id, until=date(2026, 11, 30)).count() == 1


def test_what_is_not_known_is_neither_kept_nor_broken(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by)
        tax = promised(by, parcel)
        signed(by, parcel)
        with pytest.raises(Refused) as again:
            assets.check_indicator(by=by, indicator=tax, amount=None, **CHECKED)
        assert again.value.field == "next_on"
        check = assets.check_indicator(
            by=by, indicator=tax, amount=None, next_on=date(2027, 1, 31), **CHECKED
        )
        assert (check.is_met, check.what_follows) == (None, "")


def test_what_was_not_reached_says_what_follows(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by)
        tax = promised(by, parcel)
        signed(by, parcel)
        with pytest.raises(Refused) as silent:
            assets.check_indicator(
                by=by, indicator=tax, amount=Decimal(3), next_on=date(2027, 11, 30), **CHECKED
            )
        assert silent.value.field == "what_follows"
        with pytest.raises(Refused):  # a machine says of nobody that a promise was broken
            assets.check_indicator(
                by=system(by.zone_id), indicator=tax, amount=Decimal(3), what_follows="收回",
                next_on=date(2027, 11, 30), **CHECKED,
            )  # fmt: skip


def test_at_most_is_kept_by_less(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by)
        energy = promised(by, parcel, "energy_per_output", 1)
        signed(by, parcel)
        check = assets.check_indicator(by=by, indicator=energy, amount=Decimal("0.4"), **CHECKED)
        assert check.is_met is True


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-1", "1e18"])
def test_an_amount_is_a_number_that_can_be(of: Of, amount: str) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by)
        with pytest.raises(Refused) as no:
            assets.set_indicator(
                by=by, now=NOW, parcel=parcel, kind=kind(by), amount=Decimal(amount)
            )
        assert no.value.field == "amount"


@pytest.mark.parametrize("usual", ["NaN", "-1", "1e30"])
def test_a_usual_value_nobody_can_mean_is_refused_not_a_breakdown(of: Of, usual: str) -> None:
    by = of("east-land")
    with acting(by), pytest.raises(Refused) as no:
        assets.keep_indicator_kind(
            by=by, now=NOW, code="jobs_per_mu", name="亩均用工", unit="人/亩",
            source="区标准地办法2026年", usual=Decimal(usual),
        )  # fmt: skip
    assert no.value.field == "usual"


def test_shipped_kinds_carry_their_source_and_a_zone_adds_its_own(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        for one in queries.indicator_kinds(zone_id=by.zone_id):
            assert one.source and one.mark in {"V", "U", "D"}
        assets.keep_indicator_kind(
            by=by, now=NOW, code="jobs_per_mu", name="亩均用工", unit="人/亩",
            source="区标准地办法2026年", usual=Decimal(3),
        )  # fmt: skip
        assets.keep_indicator_kind(
            by=by, now=NOW, code="emissions", name="主要污染物排放", unit="吨/年",
            source="不再要求", is_active=False, version=1,
        )  # fmt: skip
        codes = [one.code for one in queries.indicator_kinds(zone_id=by.zone_id)]
        assert "jobs_per_mu" in codes and "emissions" not in codes
        with pytest.raises(Refused):
            promised(by, a_parcel(by), "emissions", 1)
