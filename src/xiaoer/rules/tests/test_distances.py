"""Work lists of who is nearest to a rule, from what is known of the firms of a zone."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.registry.models import Party
from xiaoer.registry.vocabulary import RegistryLender
from xiaoer.rules.engines.distance import Change
from xiaoer.rules.language.compiling import compile_rule
from xiaoer.rules.language.spec import ClauseText, State
from xiaoer.rules.queries.distances import FirmDistance, distances
from xiaoer.rules.queries.trying import Moment
from xiaoer.rules.tests.test_running import MILLION, firm
from xiaoer.rules.vocabularies import lenders, vocabulary

CLAUSES = [
    ClauseText("注册资本", "", "capital_cny >= 1000000"),
    ClauseText("成立满三年", "", "registered_on <= as_of - interval 3 year"),
]


@pytest.fixture
def admin(of: Callable[[str], Actor]) -> Iterator[Actor]:
    by = of("east-admin")
    with acting(by):
        firm(by, "大厂", MILLION, date(2020, 1, 1))
        firm(by, "小厂", 100, date(2020, 1, 1))
        firm(by, "中厂", MILLION // 2, date(2020, 1, 1))
        firm(by, "新厂", MILLION, NOW.date())
        firm(by, "生厂", MILLION)
        yield by


def ask(by: Actor) -> list[FirmDistance]:
    words = vocabulary(by.zone_id or 0).words
    rule = compile_rule("draft", CLAUSES, words)
    moment = Moment(NOW.date(), NOW)
    return distances(zone_id=by.zone_id or 0, rule=rule, words=words, moment=moment)


def test_who_lacks_least_comes_first_and_who_qualifies_not_at_all(admin: Actor) -> None:
    found = ask(admin)
    names = dict(Party.objects.values_list("pk", "name"))
    assert [names[one.party_id] for one in found] == ["中厂", "小厂", "新厂", "生厂"]
    half, _small, young, unknown = (one.distance for one in found)
    assert half.changes == (Change("capital_cny", 500_000.0, 1_000_000.0, 500_000.0, "CNY"),)
    assert young.waits_until == NOW.date().replace(year=NOW.year + 3)
    assert unknown.missing == ("registered_on",)
    assert found[-1].state is State.NEEDS_DATA


def test_the_number_of_questions_does_not_grow_with_firms(admin: Actor) -> None:
    with CaptureQueriesContext(connection) as few:
        ask(admin)
    for at in range(15):
        firm(admin, f"厂{at}", 100, date(2020, 1, 1))
    with CaptureQueriesContext(connection) as many:
        assert len(ask(admin)) == 19
    assert len(many) == len(few)


def test_the_firms_of_the_register_are_the_subjects_whoever_else_lends_words() -> None:
    assert isinstance(lenders()[0], RegistryLender)
