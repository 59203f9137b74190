"""Bad input, pack by pack as shipped: whatever one source says wrong, a person decides, told which."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.base.words import Kind
from xiaoer.permits.automatic.deciding import GUARDS, Decided, Input, comparable, decide
from xiaoer.permits.automatic.packs import Doubt, Same, Value
from xiaoer.permits.shipped.automatic import PACKS
from xiaoer.permits.shipped.packs import ShippedPack
from xiaoer.rules.language.compiling import compile_rule
from xiaoer.rules.language.spec import CompiledRule
from xiaoer.rules.queries.texts import text_of

# What is stated must be read this surely; the papers of these cases are read surely.
LEAST = 0.9
BY_CODE = {one.code: one for one in PACKS}


def _right(pack: ShippedPack, value: Value) -> str | float | bool:
    """A value all its sources can state: of the case that passes, else one made up."""
    said = pack.rule.versions[0].cases[0].facts.get(value.name)
    if isinstance(said, date):
        return said.isoformat()
    if isinstance(said, str | float | bool):
        return said
    if value.kind is Kind.FLAG:
        return True
    return "鲁H12345、鲁H67890" if value.same is Same.MANY else f"甲{value.zh}"


@cache
def _inputs(code: str) -> tuple[Input, ...]:
    pack = BY_CODE[code]
    stated = (
        Input(value.name, source, _right(pack, value), least=LEAST)
        for value in pack.terms.values
        for source in value.sources
    )
    return (*stated, *(Input(name, "guard", True) for name in GUARDS))


@cache
def _rule(code: str) -> CompiledRule:
    pack = BY_CODE[code]
    version = pack.rule.versions[0]
    words = {word.name: word for word in pack.terms.words()}
    return compile_rule(pack.rule.code, [text_of(one) for one in version.clauses], words)


def _decided(pack: ShippedPack, source: str, name: str, **changed: object) -> Decided:
    inputs = [
        replace(one, **changed) if (one.source, one.name) == (source, name) else one  # type: ignore[arg-type]  # fields by name
        for one in _inputs(pack.code)
    ]
    return _put(pack, inputs)


def _put(pack: ShippedPack, inputs: list[Input]) -> Decided:
    return decide(inputs, _rule(pack.code), pack.terms, pack.rule.versions[0].cases[0].as_of)


ALL = pytest.mark.parametrize("pack", PACKS, ids=[one.code for one in PACKS])
# One way after another in which a single source can fail.
WAYS: dict[str, dict[str, object]] = {
    "silent": {"value": None},
    "empty": {"value": ""},
    "not read": {"value": None, "why": Doubt.UNREAD},
    "too old": {"value": None, "why": Doubt.STALE},
    "stopped": {"value": None, "why": Doubt.STOPPED},
    "just below the threshold": {"confidence": LEAST - 0.001},
    "no figure of confidence": {"confidence": float("nan")},
    "read in two ways": {"others": ("另一种读法",)},
}


def _sources(pack: ShippedPack) -> Iterator[tuple[Value, str]]:
    for value in pack.terms.values:
        for source in value.sources:
            yield value, source


@ALL
def test_all_right_is_granted(pack: ShippedPack) -> None:
    found = _put(pack, list(_inputs(pack.code)))
    assert (found.doubts, found.grants) == ((), True)


@ALL
@pytest.mark.parametrize("way", WAYS)
def test_each_source_failing_alone_leaves_it_to_a_person_and_is_named(
    pack: ShippedPack, way: str
) -> None:
    for value, source in _sources(pack):
        found = _decided(pack, source, value.name, **WAYS[way])
        assert not found.grants, (value.name, source)
        assert value.name in {one.field for one in found.doubts}, (value.name, source)


@ALL
def test_each_guard_failing_alone_leaves_it_to_a_person_and_is_named(pack: ShippedPack) -> None:
    for guard in GUARDS:
        for answer in (False, None):
            found = _decided(pack, "guard", guard, value=answer)
            assert not found.grants
            assert [one.field for one in found.doubts] == [guard]


@ALL
def test_a_promise_not_given_and_a_flag_that_is_no_are_never_granted(pack: ShippedPack) -> None:
    """Whatever must be yes: said no by its source, a condition fails or the sources disagree."""
    right = {value.name: _right(pack, value) for value in pack.terms.values}
    for value, source in _sources(pack):
        if value.kind is Kind.FLAG:
            found = _decided(pack, source, value.name, value=not right[value.name])
            assert not found.grants, value.name
            assert found.doubts


@ALL
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_nothing_anybody_types_or_forges_in_one_place_is_granted_against_the_others(
    pack: ShippedPack, data: st.DataObject
) -> None:
    several = [(value, source) for value, source in _sources(pack) if len(value.sources) > 1]
    value, source = data.draw(st.sampled_from(several))
    said = data.draw(
        st.one_of(
            st.text(max_size=12), st.floats(), st.booleans(), st.none(), st.dates().map(str),
            # One character of what is right, exchanged: as a forger would.
            _one_character_off(str(_right(pack, value))),
        )
    )  # fmt: skip
    if comparable(value, said) == comparable(value, _right(pack, value)):
        return
    found = _decided(pack, source, value.name, value=said)
    assert not found.grants
    assert value.name in {one.field for one in found.doubts}


def _one_character_off(text: str) -> st.SearchStrategy[str]:
    place = st.integers(0, max(0, len(text) - 1))
    sign = st.sampled_from("0123456789甲乙丙ABO-")
    return st.builds(lambda at, other: text[:at] + other + text[at + 1 :], place, sign)
