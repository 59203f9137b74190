"""Somebody speaks for an enterprise only with a code, and only when one who knows it approves."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.town import NOW
from xiaoer.base.models import Account, Role
from xiaoer.base.queries import posts_of_account
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, as_web, holder_of_key
from xiaoer.registry import actions as registry
from xiaoer.registry import queries
from xiaoer.registry.models import Party, Representation, RepresentationCode
from xiaoer.registry.tests.people import make_cell, make_firm, post_of

pytestmark = pytest.mark.usefixtures("in_english")
Of = Callable[[str], Actor]


def steward_a_firm(of: Of, name: str = "示范甲厂") -> Party:
    desk = of("east-desk")
    with acting(desk):
        firm = make_firm(desk, name=name, cell=make_cell(desk, f"C-{name}"[:12]))
        post = post_of("east-officer")
        registry.assign_steward(by=desk, now=NOW, party=firm, post=post)
    return firm


def code_for(of: Of, firm: Party) -> str:
    officer = of("east-officer")
    with acting(officer):
        return registry.issue_code(by=officer, now=NOW, party=firm)


def ask(zone_id: int, code: str, after: timedelta = timedelta(hours=1)) -> Representation:
    stranger = holder_of_key(zone_id=zone_id, key_hash="-")
    with acting(stranger):
        return registry.ask_to_represent(
            by=stranger, now=NOW + after, code=code, name="赵示范", phone="138 0000 2206"
        )


def representative(of: Of, firm: Party) -> Actor:
    """Walk the whole way; the actor of the new account."""
    officer = of("east-officer")
    asked = ask(firm.zone_id, code_for(of, firm))
    with acting(officer):
        new = registry.approve_representation(by=officer, now=NOW, representation=asked)
    [actor] = posts_of_account(account_id=Account.objects.get(username=new.username).pk)
    return actor


def test_a_code_makes_a_request_and_an_approval_makes_an_account(of: Of) -> None:
    firm = steward_a_firm(of)
    actor = representative(of, firm)
    assert (actor.role, actor.party_ref) == (Role.ENTERPRISE, firm.pk)
    with acting(actor):
        assert list(Party.objects.all()) == [firm]


def test_staff_let_a_firm_speak_as_operator_of_its_buildings_and_a_firm_cannot(of: Of) -> None:
    officer, firm = of("east-officer"), steward_a_firm(of)
    asked = ask(officer.zone_id, code_for(of, firm))
    with acting(officer):
        new = registry.approve_representation(
            by=officer, now=NOW, representation=asked, runs_park=True
        )
    [actor] = posts_of_account(account_id=Account.objects.get(username=new.username).pk)
    assert (actor.role, actor.party_ref) == (Role.PARK_OPERATOR, firm.pk)
    first = representative(of, firm)
    second = ask(officer.zone_id, code_for(of, firm))
    with acting(first), pytest.raises(Refused, match="staff of the zone"):
        registry.approve_representation(by=first, now=NOW, representation=second, runs_park=True)


def test_the_code_is_kept_only_as_a_hash(of: Of) -> None:
    firm = steward_a_firm(of)
    code = code_for(of, firm)
    with acting(of("east-officer")):
        row = RepresentationCode.objects.get(party=firm)
        assert code not in str(vars(row)) and code.replace("-", "") not in str(vars(row))


def test_a_code_expires_after_seven_days(of: Of) -> None:
    firm = steward_a_firm(of)
    code = code_for(of, firm)
    with pytest.raises(Refused, match="good until"):
        ask(firm.zone_id, code, after=timedelta(days=7))
    assert ask(firm.zone_id, code, after=timedelta(days=6, hours=23)).party_id == firm.pk


def test_a_code_is_good_for_one_person(of: Of) -> None:
    firm = steward_a_firm(of)
    code = code_for(of, firm)
    ask(firm.zone_id, code)
    with pytest.raises(Refused, match="used already"):
        ask(firm.zone_id, code.lower())


def test_a_code_of_another_zone_is_not_known_here(of: Of) -> None:
    firm = steward_a_firm(of)
    with pytest.raises(Refused, match="not known"):
        ask(of("west-officer").zone_id, code_for(of, firm))


def test_asking_shows_the_stranger_nothing(of: Of) -> None:
    firm = steward_a_firm(of)
    ask(firm.zone_id, code_for(of, firm))
    with acting(holder_of_key(zone_id=firm.zone_id, key_hash="-")):
        assert not Party.objects.exists() and not Representation.objects.exists()


def test_an_officer_of_other_enterprises_cannot_approve(of: Of) -> None:
    firm = steward_a_firm(of)
    asked = ask(firm.zone_id, code_for(of, firm))
    other = of("east-power")
    with acting(other), pytest.raises(Refused, match="approved by"):
        registry.approve_representation(by=other, now=NOW, representation=asked)


def test_a_representative_approves_a_colleague_and_ends_one(of: Of) -> None:
    firm = steward_a_firm(of)
    first = representative(of, firm)
    asked = ask(firm.zone_id, code_for(of, firm))
    with acting(first):
        new = registry.approve_representation(by=first, now=NOW, representation=asked)
    assert new.username == "13800002206-1"
    account = Account.objects.get(username=new.username)
    with acting(first):
        registry.end_representation(by=first, now=NOW, representation=new.representation)
    assert posts_of_account(account_id=account.pk) == ()


def test_a_representative_cannot_approve_for_another_enterprise(of: Of) -> None:
    first = representative(of, steward_a_firm(of))
    other = steward_a_firm(of, "示范乙厂")
    asked = ask(other.zone_id, code_for(of, other))
    with acting(first), pytest.raises(Representation.DoesNotExist):
        registry.approve_representation(by=first, now=NOW, representation=asked)


def test_one_person_may_speak_for_several_with_one_account(of: Of) -> None:
    first = representative(of, steward_a_firm(of))
    other = steward_a_firm(of, "示范乙厂")
    code = code_for(of, other)
    with acting(first):
        asked = registry.ask_to_represent(
            by=first, now=NOW, code=code, name="赵示范", phone="13800002206"
        )
    officer = of("east-officer")
    with acting(officer):
        new = registry.approve_representation(by=officer, now=NOW, representation=asked)
    assert new.username == ""
    assert first.account_id is not None
    with as_web():
        posts = posts_of_account(account_id=first.account_id)
    assert [post.party_ref for post in posts] == [first.party_ref, other.pk]


def test_a_refusal_is_told_with_its_reason_and_is_final(of: Of) -> None:
    firm = steward_a_firm(of)
    asked = ask(firm.zone_id, code_for(of, firm))
    officer = of("east-officer")
    with acting(officer):
        registry.decline_representation(
            by=officer, now=NOW, representation=asked, reason="不是本厂的人"
        )
        with pytest.raises(Refused, match="decided already"):
            registry.approve_representation(by=officer, now=NOW, representation=asked)
        assert queries.waiting_representations(by=officer) == []
