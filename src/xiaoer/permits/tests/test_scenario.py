"""What answers make of a definition: never a silent no, every day and paper counted once."""

import itertools
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.base.refusals import Refused
from xiaoer.permits.definition import (
    Answer,
    Decides,
    Definition,
    Field,
    Item,
    Material,
    Option,
    Period,
    Question,
    Step,
    StepKind,
)
from xiaoer.permits.scenario import lay_out, layers
from xiaoer.permits.shipped import SHIPPED
from xiaoer.permits.shipped.automatic import THINGS as PACK_THINGS
from xiaoer.permits.shipped.changing import CHANGE
from xiaoer.permits.shipped.restaurant import RESTAURANT
from xiaoer.permits.wording import problems

CHANGES = CHANGE.definition
DINING = RESTAURANT.definition
NOTHING_ELSE = {"licence_prints": False, "insured": True, "fund": True, "bank": True,
                "has_branches": False, "new_seal": False, "new_registrar": False,
                "scope_licensed": False, "capital_reduced": False, "exceptions": []}  # fmt: skip
# The trigger matrix of the documents of processes, 1.4, row by row.
MATRIX = {
    "name": {"A3", "A4", "A5", "A6", "A7", "A8", "A9"},
    "type": {"A3", "A5"},
    "domicile": {"A3", "A5", "A6", "A7", "A8", "A9"},
    "representative": {"A3", "A4", "A5", "A6", "A7", "A8", "A9"},
    "scope": {"A3", "A5"},
    "capital": {"A3", "A5"},
    "shareholders": {"A3", "A5"},
    "managers": {"A3F"},
    "filed": {"A3F"},
}
# Its exceptions: what stands in the way, by the answers that say so.
EXCEPTIONS = {
    "abnormal": {"abnormal"},
    "frozen": {"frozen"},
    "dishonest": {"dishonest"},
    "sealed": {"sealed"},
    "reducing": {"reducing"},
    "foreign": set(),
    "state": set(),
}


def codes(definition: Definition, answers: dict[str, Any], form: Any = None) -> set[str]:
    return {one.code for one in lay_out(definition, answers, form).items}


@pytest.mark.parametrize("change", MATRIX)
def test_a_change_starts_the_items_of_the_matrix(change: str) -> None:
    outline = lay_out(CHANGES, {**NOTHING_ELSE, "changes": [change]})
    assert {one.code for one in outline.items} == MATRIX[change]
    assert outline.questions_open == ()
    assert outline.is_known


def test_a_licence_that_prints_the_change_is_changed_too() -> None:
    answers = {**NOTHING_ELSE, "changes": ["scope"], "licence_prints": True, "licences": ["food"]}
    assert codes(CHANGES, answers) == {"A3", "A5", "A10F"}


def test_a_change_of_name_takes_eight_days_singly_and_two_together() -> None:
    answers = {**NOTHING_ELSE, "changes": ["name"], "bank": False}
    outline = lay_out(CHANGES, answers)
    assert outline.single.days == 8
    assert outline.promised_days == 2
    assert outline.critical[0] == "A3"


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_an_excluded_change_is_told_at_the_second_question_with_what_to_do_instead(
    exception: str,
) -> None:
    first_two = {"changes": ["name", "capital"], "exceptions": [exception]}
    assert [one.code for one in lay_out(CHANGES, {"changes": ["name"]}).questions_open][:1] == [
        "exceptions"
    ]
    bars = lay_out(CHANGES, first_two).bars
    assert {one.code for one in bars} == EXCEPTIONS[exception]
    assert all(one.instead and one.instead_en and one.name_en and one.mark for one in bars)


def test_foreign_and_state_owners_bring_a_paper_more() -> None:
    for exception, paper in (("foreign", "power_of_attorney"), ("state", "approval_document")):
        answers = {**NOTHING_ELSE, "changes": ["name"], "exceptions": [exception]}
        assert paper in {one.paper for one in lay_out(CHANGES, answers).materials}


def test_a_reduction_waits_for_its_forty_five_days_by_answer_and_by_date() -> None:
    answers = {**NOTHING_ELSE, "changes": ["capital"], "capital_reduced": True}
    early = lay_out(CHANGES, {**answers, "reduction_announced": False})
    assert [one.code for one in early.bars] == ["reducing"]
    said = {**answers, "reduction_announced": True}
    form = {"announced_on": "2026-10-03"}
    assert [one.code for one in lay_out(CHANGES, said, form, on=date(2026, 11, 16)).bars] == [
        "announced"
    ]
    assert lay_out(CHANGES, said, form, on=date(2026, 11, 17)).bars == ()
    assert lay_out(CHANGES, said, {}, on=date(2026, 11, 16)).bars == ()


def test_a_licence_bound_to_its_place_is_applied_for_anew_when_the_firm_moves() -> None:
    answers = {**NOTHING_ELSE, "changes": ["domicile"], "licence_prints": True,
               "licences": ["food", "transport", "hygiene"]}  # fmt: skip
    found = {one.code: one for one in lay_out(CHANGES, answers).items}
    assert {"A10FN", "A10T", "A10HN"} <= set(found)
    assert not {"A10F", "A10H"} & set(found)
    assert StepKind.SITE_VISIT in {one.kind for one in found["A10FN"].steps}


def test_a_kitchen_that_fumes_is_not_begun_where_there_is_no_flue() -> None:
    assert [one.code for one in lay_out(DINING, dining(lacks_flue=True)).bars] == ["fumes"]
    assert lay_out(DINING, dining(sells="packed", lacks_flue=True)).bars == ()


def test_what_is_not_answered_is_never_a_silent_no() -> None:
    outline = lay_out(CHANGES, {"changes": ["name"]})
    waiting = {one.code for one in outline.unknown if one.part == "items"}
    assert {"A6", "A7", "A8", "A9"} <= waiting
    assert [one.code for one in outline.questions_open] == [
        "exceptions", "has_branches", "licence_prints", "insured", "fund", "bank",
    ]  # fmt: skip
    assert not outline.is_known


def test_only_the_first_question_is_asked_while_the_others_hang_on_it() -> None:
    assert [one.code for one in lay_out(CHANGES, {}).questions_open][:1] == ["changes"]
    assert "new_registrar" not in {one.code for one in lay_out(CHANGES, {}).questions_open}


def test_an_answer_to_a_question_that_no_longer_arises_does_nothing() -> None:
    answers = {**NOTHING_ELSE, "changes": ["scope"], "insured": True, "new_registrar": True}
    outline = lay_out(CHANGES, answers)
    assert "A6" not in {one.code for one in outline.items}
    assert "tax_proof" not in {one.paper for one in outline.materials}


def test_an_answer_nobody_offers_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="哪些事项要变更"):
        lay_out(CHANGES, {"changes": ["colour"]})
    with pytest.raises(Refused):
        lay_out(CHANGES, {**NOTHING_ELSE, "changes": ["name"], "insured": "perhaps"})


def dining(**more: Any) -> dict[str, Any]:
    plain = {"has_licence": True, "sells": "cooked", "is_assembly_place": True,
             "lacks_flue": False, "fire_route": "promise", "is_fitted_out": False, "wants_sign": False,
             "drains": False, "sells_tobacco": False}  # fmt: skip
    return {**plain, **more}


def test_a_restaurant_needs_no_hygiene_licence_and_is_told_so() -> None:
    every = lay_out(DINING, dining(wants_sign=True, drains=True, sells_tobacco=True))
    assert not any("hygiene" in one.licence for one in every.items)
    assert any("不需要公共场所卫生许可证" in one for one in DINING.hints)


def test_pre_packed_food_is_only_filed() -> None:
    found = codes(DINING, dining(sells="packed", is_assembly_place=False))
    assert found == {"B0", "B1F"}


def test_fire_safety_on_a_promise_takes_no_day_and_no_visit() -> None:
    promised = next(one for one in lay_out(DINING, dining()).items if one.code == "B2")
    assert (promised.promised.count, promised.promise_route) == (0, True)
    assert StepKind.SITE_VISIT not in {one.kind for one in promised.steps}
    checked = next(
        one for one in lay_out(DINING, dining(fire_route="check")).items if one.code == "B2C"
    )
    assert StepKind.SITE_VISIT in {one.kind for one in checked.steps}


def test_items_without_the_licence_wait_for_the_registration() -> None:
    items = {one.code: one for one in lay_out(DINING, dining(has_licence=False)).items}
    assert items["B1"].after == ("B0R",)
    assert [[one.code for one in layer] for layer in layers(tuple(items.values()))] == [
        ["B0R"],
        ["B1", "B2"],
    ]


def test_several_licences_together_stay_within_forty_five_days() -> None:
    long = replace(DINING.items[2], statutory=Period(60), promised=Period(50), applies_if="")
    several = tuple(replace(long, code=f"X{at}", after=()) for at in range(3))
    outline = lay_out(Definition(items=several), {})
    assert (outline.statutory_days, outline.promised_days) == (45, 45)


def test_an_item_waits_for_what_stands_behind_one_that_does_not_apply() -> None:
    end = Step(StepKind.DECIDE, "决定")
    plan = Definition(
        questions=(Question("second", "要第二件吗？", Answer.YES_NO),),
        items=(
            Item("one", "一", "局", Decides.FILE, steps=(end,), result="一"),
            Item("two", "二", "局", Decides.FILE, after=("one",), applies_if="second", result="二"),
            Item("three", "三", "局", Decides.FILE, after=("two",), result="三"),
        ),
    )
    items = {one.code: one for one in lay_out(plan, {"second": False}).items}
    assert items["three"].after == ("one",)


def test_a_value_of_the_form_can_decide() -> None:
    plan = Definition(
        items=(
            Item("small", "小", "局", Decides.FILE, result="小", applies_if="area_m2 <= 50"),
            Item("large", "大", "局", Decides.GRANT, result="大", applies_if="area_m2 > 50"),
        ),
        fields=(Field("area_m2", "面积", "number", items=("large",)),),
        materials=(Material("lease", "租赁合同", items=("large",)),),
    )
    assert problems(plan) == []
    open_ = lay_out(plan, {})
    assert [one.code for one in open_.fields] == ["area_m2"], "what a condition waits for is asked"
    assert {one.waits_for for one in open_.unknown} == {("area_m2",)}
    assert codes(plan, {}, {"area_m2": 50}) == {"small"}
    assert [one.paper for one in lay_out(plan, {}, {"area_m2": "50.5"}).materials] == ["lease"]
    with pytest.raises(Refused, match="面积"):
        lay_out(plan, {}, {"area_m2": "wide"})


@pytest.mark.parametrize("thing", SHIPPED, ids=lambda one: one.code)
def test_what_is_shipped_can_speak(thing: Any) -> None:
    assert problems(thing.definition) == []
    outline = lay_out(thing.definition, {})
    assert outline.questions_open or outline.items


# Any definition, any answers ----------------------------------------------------------------------

OPTIONS = (Option("x", "甲"), Option("y", "乙"))
NAMES = ("q1", "q2", "q3")


@st.composite
def _definitions(draw: st.DrawFn) -> Definition:
    """Three questions that may wait for earlier ones, up to six items that wait for earlier ones."""
    questions: list[Question] = []
    words: list[str] = []
    for name in NAMES:
        answer = draw(st.sampled_from(list(Answer)))
        when = draw(st.sampled_from(["", *words]))
        options = () if answer is Answer.YES_NO else OPTIONS
        questions.append(Question(name, name, answer, options=options, applies_if=when))
        words += {Answer.YES_NO: [name], Answer.ONE: [f"{name} = 'x'"], Answer.MANY: [f"{name}_x"]}[
            answer
        ]
    items = []
    for at in range(draw(st.integers(1, 6))):
        left, right = draw(st.sampled_from(words)), draw(st.sampled_from(words))
        when = draw(
            st.sampled_from(
                ["", left, f"NOT ({left})", f"{left} AND {right}", f"{left} OR {right}"]
            )
        )
        after = draw(st.sets(st.sampled_from([f"i{n}" for n in range(at)]))) if at else set()
        items.append(
            Item(f"i{at}", f"i{at}", "局", Decides.GRANT, after=tuple(sorted(after)), result="证",
                 promised=Period(draw(st.integers(0, 9))), statutory=Period(20), applies_if=when)
        )  # fmt: skip
    return Definition(questions=tuple(questions), items=tuple(items))


_ANSWERS: dict[Answer, st.SearchStrategy[Any]] = {
    Answer.YES_NO: st.sampled_from([None, True, False]),
    Answer.ONE: st.sampled_from([None, "x", "y"]),
    Answer.MANY: st.sampled_from([None, [], ["x"], ["y"], ["x", "y"]]),
}


@st.composite
def _answered(draw: st.DrawFn) -> tuple[Definition, dict[str, Any]]:
    plan = draw(_definitions())
    return plan, {one.code: draw(_ANSWERS[one.answer]) for one in plan.questions}


@given(_answered())
@settings(max_examples=150, deadline=None)
def test_more_answers_never_take_back_what_was_certain(found: tuple[Any, dict[str, Any]]) -> None:
    plan, answers = found
    assert problems(plan) == []
    whole = lay_out(plan, answers)
    sure = {one.code for one in whole.items}
    for code in answers:
        part = lay_out(plan, {**answers, code: None})
        waiting = {one.code for one in part.unknown}
        assert {one.code for one in part.items} <= sure | waiting
        assert sure <= {one.code for one in part.items} | waiting


@given(_answered())
@settings(max_examples=150, deadline=None)
def test_something_is_asked_exactly_while_something_is_not_known(
    found: tuple[Any, dict[str, Any]],
) -> None:
    plan, answers = found
    outline = lay_out(plan, answers)
    assert bool(outline.questions_open) == bool(outline.unknown)
    assert all(answers[one.code] is None for one in outline.questions_open)


@given(_answered())
@settings(max_examples=150, deadline=None)
def test_the_chain_is_as_long_as_its_items_and_no_chain_is_longer(
    found: tuple[Any, dict[str, Any]],
) -> None:
    outline = lay_out(*found)
    items = {one.code: one for one in outline.items}
    assert all(code in items for one in outline.items for code in one.after)
    chain = [items[code] for code in outline.critical]
    assert all(a.code in b.after for a, b in itertools.pairwise(chain))
    total = sum(one.promised.count for one in chain)
    assert outline.promised_days == min(total, outline.statutory_days)
    assert total >= max((one.promised.count for one in outline.items), default=0)


IN_ENGLISH = ("change_of_firm", "open_restaurant", *(one.code for one in PACK_THINGS))


@pytest.mark.parametrize("code", IN_ENGLISH)
def test_what_an_applicant_reads_is_there_in_english_too(code: str) -> None:
    said = next(one for one in SHIPPED if one.code == code).definition
    rows: list[Any] = [*said.questions, *said.items, *said.fields, *said.materials, *said.bars]
    asked: list[Any] = [*said.questions, *said.fields, *said.materials]
    options: list[Any] = [two for one in said.questions for two in one.options]
    options += [two for one in said.fields for two in one.options]
    assert all(one.name_en for one in (*rows, *options))
    assert all(one.hint_en for one in (*asked, *options) if one.hint)
    assert len(said.hints_en) == len(said.hints)
