"""What is known of a firm that is no figure: by whom it may be said, corrected, and read as known."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.town import NOW
from xiaoer.base.models import Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.facts import actions as facts
from xiaoer.facts.models import Attribute, SourceKind
from xiaoer.facts.vocabulary import AttributesLender, attribute_words
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Cell, Party

Of = Callable[[str], Actor]
AS_OF = date(2026, 11, 20)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def keeper(of: Of) -> Iterator[Actor]:
    by = of("east-admin")
    with acting(by):
        yield by


@pytest.fixture
def party(keeper: Actor) -> Party:
    return firm(keeper, "甲厂")


def firm(by: Actor, name: str) -> Party:
    return Party.objects.create(zone_id=by.zone_id, name=name)


def say(
    by: Actor,
    party: Party,
    word: str,
    value: object,
    kind: str = SourceKind.OFFICIAL,
    known_on: date | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Attribute:
    return facts.record_attribute(
        by=by, now=NOW, party=party, word=word, value=value, source_kind=kind, source="核查",
        known_on=known_on, valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip


def known(
    by: Actor,
    *names: str,
    party: Party | None = None,
    as_of: date = AS_OF,
    at: datetime = LATER,
) -> dict[str, object]:
    table = AttributesLender().columns(
        zone_id=by.zone_id, names=names, as_of=as_of, known_at=at,
        ids=[party.pk] if party else None,
    )  # fmt: skip
    rows = table.to_pylist()
    return rows[0] if rows else {}


def test_checked_and_not_so_is_no_and_nobody_looked_is_missing(keeper: Actor, party: Party) -> None:
    say(keeper, party, "abnormal_list", "否")
    say(keeper, party, "taxation_mode", "查账征收", SourceKind.TAX)
    say(keeper, party, "production_started_on", "2026年3月5日", SourceKind.STAFF)
    found = known(
        keeper, "abnormal_list", "taxation_mode", "production_started_on", "serious_dishonesty"
    )
    assert found == {
        "id": party.pk,
        "taxation_mode": "audited",
        "production_started_on": date(2026, 3, 5),
        "abnormal_list": False,
        "serious_dishonesty": None,
    }


def test_a_correction_counts_from_when_it_is_known_and_the_old_row_stays(
    keeper: Actor, party: Party
) -> None:
    say(keeper, party, "restricted_product", "是", known_on=date(2026, 2, 1))
    say(keeper, party, "restricted_product", "否", known_on=date(2026, 5, 1))
    word = "restricted_product"
    assert known(keeper, word, at=NOW.replace(month=3))[word] is True
    assert known(keeper, word, at=NOW.replace(month=6))[word] is False
    assert known(keeper, word, at=NOW.replace(month=1)) == {}
    assert Attribute.objects.filter(party=party).count() == 2


def test_the_same_again_writes_no_second_row_and_something_else_at_once_is_refused(
    keeper: Actor, party: Party
) -> None:
    first = say(keeper, party, "rd_ledger_kept", "有", SourceKind.AUDIT)
    assert say(keeper, party, "rd_ledger_kept", True, SourceKind.AUDIT).pk == first.pk
    with pytest.raises(Refused, match="同一时刻"):
        say(keeper, party, "rd_ledger_kept", "没有", SourceKind.AUDIT)


def test_what_a_firm_says_of_itself_does_not_outweigh_what_was_checked(
    keeper: Actor, party: Party
) -> None:
    say(keeper, party, "enterprise_accounting", "否", SourceKind.STAFF, known_on=date(2026, 3, 1))
    say(keeper, party, "enterprise_accounting", "是", SourceKind.DECLARED)
    assert known(keeper, "enterprise_accounting")["enterprise_accounting"] is False


def test_a_fact_holds_from_a_day_to_a_day(keeper: Actor, party: Party) -> None:
    say(
        keeper, party, "on_ic_machine_tool_list", "是", SourceKind.TAX,
        valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31),
    )  # fmt: skip
    assert known(keeper, "on_ic_machine_tool_list") == {}
    held = known(keeper, "on_ic_machine_tool_list", as_of=date(2025, 6, 30))
    assert held["on_ic_machine_tool_list"] is True
    with pytest.raises(Refused, match="早于"):
        say(
            keeper, party, "on_ic_machine_tool_list", "是", SourceKind.TAX,
            valid_from=date(2026, 1, 1), valid_to=date(2025, 12, 31),
        )  # fmt: skip


def test_what_was_taken_back_was_known_until_then(keeper: Actor, party: Party) -> None:
    row = say(keeper, party, "data_fraud_3y", "是", known_on=date(2026, 6, 1))
    facts.withdraw_attribute(by=keeper, now=NOW, attribute=row, reason="录入到另一家企业")
    assert known(keeper, "data_fraud_3y") == {}
    assert known(keeper, "data_fraud_3y", at=NOW.replace(month=7))["data_fraud_3y"] is True
    with pytest.raises(Refused):
        facts.withdraw_attribute(by=keeper, now=NOW, attribute=row, reason="再次")


def test_words_that_say_nothing_are_refused(keeper: Actor, party: Party) -> None:
    for word, value in (
        ("abnormal_list", "也许"), ("production_started_on", "去年"), ("taxation_mode", "定额"),
        ("taxation_mode", "—"), ("no_such_word", "是"),
    ):  # fmt: skip
        with pytest.raises(Refused):
            say(keeper, party, word, value)
    assert not Attribute.objects.exists()


def test_an_enterprise_states_its_own_and_no_other(keeper: Actor, party: Party) -> None:
    other = firm(keeper, "乙厂")
    own = Actor(zone_id=keeper.zone_id, role=Role.ENTERPRISE, party_ref=party.pk, name="甲厂")
    with acting(own):
        say(own, party, "rd_ledger_kept", "有", SourceKind.DECLARED)
        assert known(own, "rd_ledger_kept")["rd_ledger_kept"] is True
        for firm_, word, kind in (
            (other, "rd_ledger_kept", SourceKind.DECLARED),
            (party, "rd_ledger_kept", SourceKind.AUDIT),
            (party, "abnormal_list", SourceKind.DECLARED),
            (party, "hightech_field", SourceKind.DECLARED),
        ):
            with pytest.raises(Refused):
                say(own, firm_, word, "否", kind)
        with pytest.raises(ProgrammingError), transaction.atomic():
            Attribute.objects.create(
                zone_id=own.zone_id, party=party, word="x", flag=True, source_kind="declared",
                source="x", known_at=NOW,
            )  # fmt: skip


def test_an_officer_says_what_they_checked_of_firms_of_theirs(of: Of) -> None:
    admin, officer, power = of("east-admin"), of("east-officer"), of("east-power")
    with acting(admin):
        party = firm(admin, "甲厂")
    with acting(officer), pytest.raises(Refused):
        say(officer, party, "rd_partners", "有", SourceKind.STAFF)
    with acting(admin):
        grid = registry.open_grid(by=admin, now=NOW, code="1", name="一网格")
        cell: Cell = registry.open_cell(by=admin, now=NOW, grid=grid, code="1-1", name="一号")
        registry.admit_enterprise(by=admin, now=NOW, party=party, cell=cell)
        registry.assign_steward(
            by=admin, now=NOW, party=party, post=Post.objects.get(pk=officer.post_id or 0)
        )
    with acting(officer):
        say(officer, party, "rd_partners", "有", SourceKind.STAFF)
        with pytest.raises(Refused):
            say(officer, party, "abnormal_list", "否", SourceKind.OFFICIAL)
    with acting(power), pytest.raises(Refused):
        say(power, party, "rd_partners", "有", SourceKind.STAFF)


def test_another_zone_and_another_enterprise_see_nothing(keeper: Actor, party: Party) -> None:
    row = say(keeper, party, "abnormal_list", "否")
    with acting(system(keeper.zone_id + 1)):
        assert not Attribute.objects.exists()
        assert known(keeper, "abnormal_list", party=party) == {}
        assert Attribute.objects.filter(pk=row.pk).update(withdrawn_at=NOW) == 0
    with acting(Actor(zone_id=keeper.zone_id, party_ref=party.pk + 1)):
        assert not Attribute.objects.exists()


def test_nobody_rewrites_what_was_said(keeper: Actor, party: Party) -> None:
    row = say(keeper, party, "abnormal_list", "否")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Attribute.objects.filter(pk=row.pk).update(flag=True)
    with pytest.raises(ProgrammingError), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attribute.objects.create(
            zone_id=keeper.zone_id, party=party, word="x", flag=True, text="是", source="x",
            source_kind="staff", known_at=NOW,
        )  # fmt: skip


def test_entries_of_a_merged_firm_speak_for_one(keeper: Actor, party: Party) -> None:
    duplicate = firm(keeper, "甲机械厂")
    say(keeper, party, "abnormal_list", "否", known_on=date(2026, 1, 5))
    say(keeper, duplicate, "abnormal_list", "是")
    say(keeper, duplicate, "serious_dishonesty", "否")
    registry.merge_parties(by=keeper, now=NOW, kept=party, duplicate=duplicate)
    for one in (party, None):
        found = known(keeper, "abnormal_list", "serious_dishonesty", party=one)
        assert found == {"id": party.pk, "abnormal_list": False, "serious_dishonesty": False}


def test_many_firms_are_written_at_once_and_asked_by_one_question(keeper: Actor) -> None:
    firms = [firm(keeper, f"厂{number}") for number in range(5)]
    said = [(one.pk, "abnormal_list", "否") for one in firms]
    for expected in (5, 0):
        fresh = facts.record_attributes(
            by=keeper, now=NOW, source_kind=SourceKind.OFFICIAL, source="名录", said=said
        )
        assert fresh == expected
    with CaptureQueriesContext(connection) as seen:
        table = AttributesLender().columns(
            zone_id=keeper.zone_id, names=set(attribute_words()), as_of=AS_OF, known_at=LATER
        )
    assert (len(seen), table.num_rows) == (1, 5)
