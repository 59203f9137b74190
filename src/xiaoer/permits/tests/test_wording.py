"""A definition in writing: read strictly, written losslessly, and told what is wrong in it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from xiaoer.permits.definition import (
    Bar,
    Decides,
    Definition,
    Field,
    Item,
    Material,
    Period,
    Source,
)
from xiaoer.permits.shipped import SHIPPED
from xiaoer.permits.shipped.changing import CHANGE
from xiaoer.permits.shipped.restaurant import RESTAURANT
from xiaoer.permits.wording import Unreadable, problems, read_definition, write_definition

GOOD = RESTAURANT.definition


def body() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(write_definition(GOOD)))
    return found


def told(definition: Definition, **known: Any) -> list[tuple[str, str]]:
    return [(one.where, one.message) for one in problems(definition, **known)]


@pytest.mark.parametrize("thing", SHIPPED, ids=lambda one: one.code)
def test_what_is_written_reads_the_same(thing: Any) -> None:
    written = json.loads(json.dumps(write_definition(thing.definition)))
    assert read_definition(written) == thing.definition


def test_an_unknown_key_is_named_with_its_place() -> None:
    found = body()
    found["items"][2]["offfice"] = "行政审批局"
    with pytest.raises(Unreadable, match="offfice") as wrong:
        read_definition(found)
    assert wrong.value.problems[0].where == "items.B1.offfice"


@pytest.mark.parametrize(
    ("part", "key", "value", "where"),
    [
        ("items", "decides", "maybe", "items.B0.decides"),
        ("items", "after", "B1", "items.B0.after"),
        ("items", "statutory", {"count": "ten"}, "items.B0.statutory.count"),
        ("questions", "answer", "perhaps", "questions.has_licence.answer"),
        ("materials", "may_follow", "yes", "materials.business_licence.may_follow"),
        ("fields", "name", "店\x00名", "fields.shop_name.name"),
    ],
)
def test_a_value_of_another_sort_is_named_with_its_place(
    part: str, key: str, value: Any, where: str
) -> None:
    found = body()
    found[part][0][key] = value
    with pytest.raises(Unreadable) as wrong:
        read_definition(found)
    assert [one.where for one in wrong.value.problems] == [where]


@pytest.mark.parametrize("raw", [None, [], "text", 4, {"items": [7]}, {"items": [{}]}])
def test_what_is_no_definition_at_all_is_told(raw: Any) -> None:
    with pytest.raises(Unreadable):
        read_definition(raw)


def item(code: str, **more: Any) -> Item:
    return Item(code, code, "局", Decides.GRANT, result="证", **more)


@pytest.mark.parametrize(
    ("definition", "where", "words"),
    [
        (Definition(), "items", "第一个事项"),
        (Definition(items=(item("a"), item("a"))), "items.a.code", "两次"),
        (Definition(items=(item("a", after=("b",)),)), "items.a.after", "b"),
        (
            Definition(items=(item("a", after=("b",)), item("b", after=("a",)))),
            "items.a.after", "a → b → a",
        ),
        (Definition(items=(item("a", applies_if="unheard = 1"),)), "items.a.applies_if", "unheard"),
        (
            Definition(items=(item("a", applies_if="as_of > DATE '2026-01-01'"),)),
            "items.a.applies_if", "as_of",
        ),
        (Definition(items=(item("a", applies_if="select 1"),)), "items.a.applies_if", ""),
        (Definition(items=(item("a", promised=Period(30)),)), "items.a.promised", "a"),
        (
            Definition(items=(item("a", statutory=Period(1, "decade")),)),
            "items.a.statutory", "decade",
        ),
        (
            Definition(items=(item("a"),), fields=(Field("select", "名"),)),
            "fields.select.code", "select",
        ),
        (
            Definition(items=(item("a"),), fields=(Field("f", "名", source=Source.PAPER),)),
            "fields.f.source_key", "名",
        ),
        (
            Definition(items=(item("a"),), materials=(Material("lease", "租约", may_follow=True),)),
            "materials.lease.follow_days", "租约",
        ),
        (
            Definition(items=(item("a"),), materials=(Material("lease", "租约", items=("z",)),)),
            "materials.lease.items", "z",
        ),
        (
            Definition(items=(item("a"),), bars=(Bar("b", "名", "改办"),)),
            "bars.b.applies_if", "谁都",
        ),
        (
            Definition(items=(item("a"),), bars=(Bar("b", "名", "", applies_if="x = 1"),)),
            "bars.b.instead", "怎么办",
        ),
        (
            Definition(
                items=(item("a"),),
                bars=(Bar("b", "名", "改办", applies_if="x", since="day", days=45),),
            ),
            "bars.b.since", "day",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(definition: Definition, where: str, words: str) -> None:
    found = told(definition)
    assert where in [place for place, _message in found]
    assert any(words in message for place, message in found if place == where)


def test_a_choice_without_options_and_two_words_for_one_thing_are_told() -> None:
    questions = (
        replace(CHANGE.definition.questions[0], options=()),
        replace(CHANGE.definition.questions[2], applies_if=""),
    )
    found = told(Definition(questions=questions, items=(item("a"),)))
    assert [place for place, _message in found] == ["questions.changes.options"]
    twice = (CHANGE.definition.questions[0], replace(questions[1], code="changes_name"))
    found = told(Definition(questions=twice, items=(item("a"),)))
    assert ("questions.changes_name.code") in [place for place, _message in found]


def test_a_question_waits_only_for_those_before_it() -> None:
    first, _exceptions, second = CHANGE.definition.questions[:3]
    found = told(Definition(questions=(second, first), items=(item("a"),)))
    assert [place for place, _message in found] == ["questions.new_registrar.applies_if"]


def test_an_office_or_a_kind_the_zone_lacks_is_told_with_who_stands_in() -> None:
    found = told(GOOD, offices=["行政审批局"], papers=["lease"], licences=[])
    assert any("消防救援大队" in message and "牵头" in message for _place, message in found)
    assert ("materials.id_card.paper") in [place for place, _message in found]
    assert ("items.B1.licence") in [place for place, _message in found]
