"""A firm is found by what people remember of it, and only by those who may see it."""

from collections.abc import Callable

import pytest
from django.db import ProgrammingError, connection
from hypothesis import given
from hypothesis import strategies as st

from tests.town import NOW
from xiaoer.base.scope import Actor, acting, holder_of_key
from xiaoer.registry import actions as registry
from xiaoer.registry import queries
from xiaoer.registry.codes import make_credit_code
from xiaoer.registry.names import initials_of, normalise, read_query, terms_of
from xiaoer.registry.tests.people import make_cell, make_firm, post_of

Of = Callable[[str], Actor]
CODE = make_credit_code("370800", 7)


def found(by: Actor, text: str) -> list[str]:
    return [row.name for row in queries.search_parties(by=by, text=text)]


@pytest.mark.parametrize(
    "typed",
    [
        "泗源",
        "源新材",
        "泗",
        "济宁泗源新材料有限公司",
        "（泗源）新材料",
        "ＳＹＸＣＬ",
        "syxcl",
        "jnsyxclyxgs",
        "jnsy",
        "sy",
        CODE,
        CODE[:6].lower(),
        CODE[-6:],
        "泗源 材料",
    ],
)
def test_a_firm_is_found_by(of: Of, typed: str) -> None:
    by = of("east-officer")
    with acting(by):
        make_firm(by, name="济宁示范无关厂")
        make_firm(by, name="泗源新材料（济宁）有限公司")
        make_firm(by, name="济宁泗源新材料有限公司", credit_code=CODE)
        if typed == "泗":
            assert found(by, typed) == ["泗源新材料（济宁）有限公司"]
        else:
            assert "济宁泗源新材料有限公司" in found(by, typed)
            assert "济宁示范无关厂" not in found(by, typed)


def test_a_firm_is_found_by_its_officer(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        firm = make_firm(by, name="示范甲厂", cell=make_cell(by))
        make_firm(by, name="示范乙厂")
        registry.assign_steward(by=by, now=NOW, party=firm, post=post_of("east-officer"))
        assert found(by, "网一") == ["示范甲厂"]


def test_a_name_that_begins_so_comes_before_one_that_contains_it(of: Of) -> None:
    by = of("east-officer")
    with acting(by):
        make_firm(by, name="山东示范泗源厂")
        make_firm(by, name="泗源示范制造有限公司")
        assert found(by, "泗源") == ["泗源示范制造有限公司", "山东示范泗源厂"]


def test_the_words_every_firm_ends_in_still_find_something(of: Of) -> None:
    by = of("east-officer")
    with acting(by):
        make_firm(by, name="示范甲有限公司")
        assert found(by, "有限公司") == ["示范甲有限公司"]


def test_a_miss_is_an_empty_list(of: Of) -> None:
    by = of("east-officer")
    with acting(by):
        for text in ("从未有过的厂", "", "  （）!! ", "'; drop table party; --", "%", "_", "\\"):
            assert found(by, text) == []


def test_a_character_read_in_two_ways_is_found_by_both(of: Of) -> None:
    by = of("east-officer")
    with acting(by):
        make_firm(by, name="重工长河示范厂")
        assert found(by, "zgch") == found(by, "cgch") == ["重工长河示范厂"]


def search(fragment: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from search_parties(array[%s], null, null, null, null, 100)", [fragment]
        )
        return {row[0] for row in cursor.fetchall()}


def test_the_search_function_shows_nobody_a_party_of_another_zone(of: Of) -> None:
    west, east = of("west-officer"), of("east-officer")
    with acting(west):
        party = make_firm(west, name="西区秘密厂")
    with acting(east):
        assert search("西区秘密") == set()
    with acting(west):
        assert search("西区秘密") == {party.pk}


def test_the_search_function_shows_an_enterprise_itself_alone(of: Of) -> None:
    east = of("east-officer")
    with acting(east):
        mine, other = make_firm(east, name="示范甲厂"), make_firm(east, name="示范乙厂")
    holder = holder_of_key(zone_id=east.zone_id, key_hash="x" * 64, party_ref=mine.pk)
    with acting(holder):
        assert search("示范") == {mine.pk}
    stranger = holder_of_key(zone_id=east.zone_id, key_hash="x" * 64)
    with acting(stranger):
        assert search("示范") == set()
    assert other.pk != mine.pk


def test_the_search_function_shows_the_city_only_its_own_zones(of: Of) -> None:
    east = of("east-officer")
    with acting(east):
        make_firm(east, name="示范甲厂")
    city = of("city")
    with acting(city.in_zone(east.zone_id)):
        assert len(search("示范甲")) == 1
    with acting(Actor(zone_id=east.zone_id, role=city.role, city_id=999)):
        assert search("示范甲") == set()


def test_nobody_searches_outside_a_scope(db: None) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        search("示范")


names = st.text(alphabet="济宁泗源新材料有限公司山东重长ＡＢＣabc（）· 12", min_size=2, max_size=20)


@given(names)
def test_every_part_of_a_name_is_asked_for_by_tokens_the_name_has(name: str) -> None:
    plain = normalise(name)
    if len(plain) < 2:
        return
    tokens = set(terms_of(name).split("/", 1)[1].split())
    for start in range(len(plain) - 1):
        wanted = read_query(plain[start : start + 5]).words
        asked = set(wanted.replace("'", "").split(" & ")) if wanted else set()
        assert asked <= tokens


@given(names)
def test_the_initials_of_a_name_find_it(name: str) -> None:
    letters = initials_of(normalise(name))
    query = read_query(letters)
    if query.letters is None or query.letters.endswith(":*"):
        return
    tokens = set(terms_of(name).split("/", 1)[1].split())
    assert set(query.letters.replace("'", "").split(" & ")) <= tokens
