"""Money is kept in fen and stated in yuan: typed, read off papers, in conditions and on licences."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from xiaoer.base.scope import Actor, acting, system
from xiaoer.base.words import Kind
from xiaoer.permits import prefilling, typed
from xiaoer.permits.automatic.packs import Value, read_terms, write_terms
from xiaoer.permits.definition import Decides, Definition, Field, Item, Option, Source
from xiaoer.permits.models import AutoDecision, AutoPack, Thing, ThingVersion
from xiaoer.permits.scenario import lay_out
from xiaoer.permits.tests.unattended import Ground, built, waste_papers
from xiaoer.permits.wording import read_definition, write_definition

Of = Callable[[str], Actor]
FEE = Field("fee", "运输费用", "money", unit="元")
STATED = Value(
    "fee", "运输费用", "Fee", ("form.fee", "paper.waste_contract.fee"), Kind.NUMBER, "元"
)


@pytest.fixture
def ground(of: Of) -> Iterator[Ground]:
    admin, second = of("east-admin"), of("east-leader")
    with acting(system(admin.zone_id)):
        ground = built(admin, second, packs=("waste",))
        _ask_for_the_fee(ground)
        yield ground


def _ask_for_the_fee(ground: Ground) -> None:
    """The same thing, with an amount in its form that the contract states as well."""
    thing = Thing.objects.get(zone=ground.zone, code="waste_disposal")
    old = ThingVersion.objects.get(thing=thing)
    body = read_definition(old.body)
    ThingVersion.objects.filter(pk=old.pk).update(state=ThingVersion.State.RETIRED)
    ThingVersion.objects.create(
        zone=ground.zone, thing=thing, number=old.number + 1, state=ThingVersion.State.LIVE,
        body=write_definition(replace(body, fields=(*body.fields, FEE))), valid_from=old.valid_from,
    )  # fmt: skip
    pack = ground.pack()
    terms = read_terms(pack.body)
    body_now = write_terms(replace(terms, values=(*terms.values, STATED)))
    AutoPack.objects.filter(pk=pack.pk).update(body=body_now)


def decided(ground: Ground, number: int, typed_fee: str, read_fee: str = "36000") -> AutoDecision:
    papers = waste_papers(ground.party.name, number)
    papers["waste_contract"]["fee"] = read_fee
    decision = ground.decide(ground.waste(number, form={"fee": typed_fee}, papers=papers))
    assert decision is not None
    return decision


@pytest.mark.parametrize("typed_fee", ["36000", "3.6万元", "36,000.00 元"])
def test_an_amount_typed_is_the_amount_read(ground: Ground, typed_fee: str) -> None:
    decision = decided(ground, 1, typed_fee)
    assert decision.doubts == []
    assert decision.outcome == AutoDecision.Outcome.GRANTED
    said = {one["source"]: one["value"] for one in decision.inputs if one["name"] == "fee"}
    assert said == {"form.fee": "36000", "paper.waste_contract.fee": "36000"}


@pytest.mark.parametrize("typed_fee", ["36001", "35999", "36000.01", "360", "3600000"])
def test_a_yuan_of_difference_is_a_doubt(ground: Ground, typed_fee: str) -> None:
    decision = decided(ground, 1, typed_fee)
    assert decision.outcome != AutoDecision.Outcome.GRANTED
    assert [(one["field"], one["why"]) for one in decision.doubts] == [("fee", "disagree")]


def test_an_amount_is_filled_in_from_wherever_it_is_known() -> None:
    field = Field("capital", "注册资本", "money", unit="万元", source=Source.PAPER)
    assert prefilling._fit(field, "1000000", "paper:business_licence.capital") == prefilling.Known(
        "100000000", "paper:business_licence.capital"
    )
    for source in ("registry", "record:BJ-2026-000001"):
        known = prefilling._fit(field, 123_456_789_00, source)
        assert known == prefilling.Known("12345678900", source)


def test_a_condition_speaks_of_yuan() -> None:
    definition = Definition(
        items=(Item("big", "重大项目", "经发局", Decides.FILE, applies_if="total >= 5000000"),),
        fields=(Field("total", "总投资", "money", unit="元"),),
    )
    for said, applies in (("500万元", True), ("4999999.99", False)):
        kept = typed.read_field(definition.fields[0], said)
        assert bool(lay_out(definition, {}, {"total": kept}).items) == applies


def test_an_official_paper_states_amounts_and_choices_in_words() -> None:
    fields = (
        Field("capital", "注册资本", "money"),
        Field("kind", "类别", "choice", options=(Option("hot", "热食"),)),
        Field("night", "夜间", "yes_no"),
    )
    kept = {"capital": "100000000", "kind": "hot", "night": "no", "other": "x"}
    assert typed.on_paper(fields, kept) == {
        "capital": "100万元", "kind": "热食", "night": "否", "other": "x",
    }  # fmt: skip
