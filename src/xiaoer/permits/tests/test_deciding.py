"""What follows from what was gathered: all alike and sure, or a person."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from xiaoer.base.words import Choice, Kind
from xiaoer.permits.automatic.deciding import (
    GUARDS,
    Decided,
    Input,
    decide,
    parts,
    read,
    written,
)
from xiaoer.permits.automatic.packs import Doubt, Same, Terms, Value, read_terms, write_terms
from xiaoer.rules.language.compiling import compile_rule
from xiaoer.rules.language.spec import ClauseKind, ClauseText, State

ON = date(2026, 6, 1)
TERMS = Terms(
    values=(
        Value(
            "project",
            "工程名称",
            "project",
            ("form.project", "paper.contract.project", "paper.plan.project"),
        ),
        Value("tonnes", "数量", "amount", ("form.tonnes", "paper.plan.tonnes"), Kind.NUMBER),
        Value(
            "starts_on", "开始日", "first day", ("form.starts_on", "paper.plan.starts_on"), Kind.DAY
        ),
        Value("plates", "车牌", "plates", ("form.plates", "paper.list.plates"), same=Same.MANY),
        Value(
            "place",
            "场所",
            "place",
            ("form.place", "paper.plan.place"),
            choices=(Choice("hotel", "旅店", "hotel"), Choice("bath", "浴室", "bath")),
        ),
        Value("closed", "密闭", "closed", ("register.vehicle.plates.closed",), Kind.FLAG),
        Value("note", "备注", "note", ("form.note",), is_needed=False),
    )
)
RULE = compile_rule(
    "waste/1",
    [
        ClauseText("数量不大", "not much", "tonnes <= 5000"),
        ClauseText("车辆密闭", "closed", "closed"),
        ClauseText("不太早", "not too early", "starts_on >= as_of"),
        ClauseText("场所", "place", "place = 'hotel'"),
    ],
    {word.name: word for word in TERMS.words()},
)
RIGHT: dict[str, str | float | bool] = {
    "form.project": "一号楼（东）工程",
    "paper.contract.project": "一号楼(东) 工程",
    "paper.plan.project": "一号楼（东）工程",
    "form.tonnes": "1,200",
    "paper.plan.tonnes": "1200.0",
    "form.starts_on": "2026-06-03",
    "paper.plan.starts_on": "2026-06-03",
    "form.plates": "鲁H12345、鲁H54321",
    "paper.list.plates": "鲁H54321 鲁H12345",
    "form.place": "hotel",
    "paper.plan.place": "旅店",
    "register.vehicle.plates.closed": True,
    "form.note": "",
}


def name_of(source: str) -> str:
    return next(value.name for value in TERMS.values if source in value.sources)


def right() -> list[Input]:
    stated = [Input(name_of(source), source, value) for source, value in RIGHT.items()]
    return [*stated, *(Input(name, "guard", True) for name in GUARDS)]


def but(source: str, **changed: object) -> list[Input]:
    return [
        replace(one, **changed) if source in {one.source, one.name} else one  # type: ignore[arg-type]  # fields by name
        for one in right()
    ]


def put(inputs: Sequence[Input]) -> Decided:
    return decide(inputs, RULE, TERMS, ON)


def test_all_stated_alike_and_all_met_is_granted() -> None:
    found = put(right())
    assert found.doubts == ()
    assert found.grants
    assert found.facts["tonnes"] == 1200.0


@pytest.mark.parametrize("source", RIGHT)
def test_no_source_may_be_silent(source: str) -> None:
    found = put(but(source, value=None))
    assert found.grants is (source == "form.note")


@pytest.mark.parametrize("source", [one for one in RIGHT if one.startswith("paper.")])
def test_what_is_read_unsurely_is_in_doubt(source: str) -> None:
    found = put(but(source, confidence=0.89, least=0.9))
    assert [doubt.why for doubt in found.doubts] == [Doubt.UNSURE]
    assert not put(but(source, confidence=float("nan"), least=0.9)).grants


@pytest.mark.parametrize("source", [one for one in RIGHT if one.startswith("paper.")])
def test_a_second_reading_that_disagrees_is_a_doubt(source: str) -> None:
    assert [doubt.why for doubt in put(but(source, others=("9",))).doubts] == [Doubt.DISAGREE]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("paper.contract.project", "二号楼（东）工程"),
        ("form.tonnes", "1200.1"),
        ("paper.plan.tonnes", "about 1200"),
        ("paper.plan.starts_on", "2026-06-04"),
        ("paper.plan.starts_on", "2026-06-31"),
        ("paper.list.plates", "鲁H12345"),
        ("paper.plan.place", "浴室"),
        ("paper.plan.place", "旅馆"),
        ("register.vehicle.plates.closed", False),
        ("register.vehicle.plates.closed", "perhaps"),
    ],
)
def test_what_differs_goes_to_a_person(source: str, value: object) -> None:
    found = put(but(source, value=value))
    assert not found.grants
    assert found.doubts


def test_a_condition_not_met_goes_to_a_person_and_is_never_a_refusal() -> None:
    inputs = [replace(one, value="6000") if one.name == "tonnes" else one for one in right()]
    found = put(inputs)
    assert found.state is State.NOT_MET
    assert [(doubt.field, doubt.why) for doubt in found.doubts] == [("clause:1", Doubt.NOT_MET)]
    assert not found.grants


@pytest.mark.parametrize("guard", GUARDS)
@pytest.mark.parametrize("value", [False, None, "yes"])
def test_every_guard_must_hold(guard: str, value: object) -> None:
    found = put(but(guard, value=value))
    assert [(doubt.field, doubt.why) for doubt in found.doubts] == [(guard, Doubt.GUARD)]


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_nobody_asked_does_not_hold(guard: str) -> None:
    assert not put([one for one in right() if one.name != guard]).grants


def test_a_source_the_pack_does_not_name_is_a_doubt() -> None:
    assert not put([*right(), Input("tonnes", "paper.other.tonnes", "1200")]).grants
    assert not put([*right(), Input("tonnes", "form.tonnes", "1200")]).grants


def test_without_a_rule_nothing_is_granted() -> None:
    assert not decide(right(), None, TERMS, ON).grants
    only_score = compile_rule(
        "waste/2",
        [ClauseText("分", "score", "CASE WHEN tonnes > 5 THEN 1 ELSE 0 END", ClauseKind.SCORE)],
        {word.name: word for word in TERMS.words()},
    )
    assert not decide(right(), only_score, TERMS, ON).grants


def test_inputs_and_terms_survive_their_keeping() -> None:
    assert read(written(right())) == right()
    assert read_terms(write_terms(TERMS)) == TERMS


def test_lists_are_read_as_people_write_them() -> None:
    assert parts("鲁H12345、鲁H54321；鲁H1\n鲁H2，鲁H3") == [
        "鲁H12345", "鲁H54321", "鲁H1", "鲁H2", "鲁H3",
    ]  # fmt: skip
