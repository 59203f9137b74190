"""The page that tells what one may see tells what the database does."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import override

from tests.town import NOW
from xiaoer.base import actions as base
from xiaoer.base import queries, rights
from xiaoer.base.models import JournalLine, Person
from xiaoer.base.queries import TrailFilter
from xiaoer.base.scope import Actor, acting
from xiaoer.base.subjects import record_name

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


def guarded_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and relrowsecurity and relkind in ('r', 'p')"
            " and not relispartition"
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("who", ["east-officer", "east-admin", "city"])
def test_every_guarded_table_is_told_and_no_other(of: Of, who: str) -> None:
    by = of(who).in_zone(of("east-officer").zone_id)
    with acting(by):
        lines = rights.sights(by=by)
    assert {line.table for line in lines} == guarded_tables()


@pytest.mark.parametrize("who", ["east-officer", "city"])
def test_the_counts_are_those_of_the_database(of: Of, who: str) -> None:
    by = of(who).in_zone(of("east-officer").zone_id)
    with acting(by):
        lines = {line.table: line for line in rights.sights(by=by)}
        assert lines["person"].seen == Person.objects.filter(zone_id=by.zone_id).count()


def test_what_a_role_may_do_is_what_it_can_do(of: Of) -> None:
    by = of("east-officer")
    with acting(by):
        told = rights.rights_of(by.database_role)
    assert told["journal_line"].verbs == ("SELECT", "INSERT")
    assert "DELETE" in told["deputy"].verbs


def test_an_enterprise_is_told_how_little_it_sees_of_how_much(of: Of) -> None:
    officer = of("east-officer")
    outside = Actor(zone_id=officer.zone_id, party_ref=999_999, name="企业")
    with acting(outside):
        lines = {line.table: line for line in rights.sights(by=outside)}
    assert lines["person"].seen == 0
    assert lines["person"].there >= 10
    assert lines["deputy"].sees_none


def test_rules_are_told_in_the_words_of_what_they_compare(of: Of) -> None:
    zone = "(zone_id = ( SELECT (NULLIF(current_setting('x.zone'::text, true), ''::text))::bigint"
    plain = zone + ' AS "nullif"))'
    own = f"({plain} AND (party_id = ( SELECT (NULLIF(current_setting('x.party'::text, true)))))"
    assert rights.in_words((plain,)) != rights.in_words((own,))
    assert rights.in_words(("true",)) not in (rights.in_words((plain,)), rights.in_words((own,)))


@pytest.mark.parametrize("who", ["east-officer", "east-admin", "east-leader", "city"])
def test_everybody_has_the_page(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).get("/my-access/").status_code == 200


def test_every_kind_of_record_has_a_name_in_both_languages(db: None) -> None:
    for table in guarded_tables():
        with override("zh-hans"):
            assert not record_name(table).isascii(), table
        with override("en"):
            assert record_name(table).isascii(), table


# The trail -------------------------------------------------------------------------------------


def test_an_officer_reads_own_acts_and_acts_on_the_officer(of: Of) -> None:
    officer, admin = of("east-officer"), of("east-admin")
    with acting(admin):
        me = Person.objects.get(pk=officer.person_id or 0)
        base.reset_password(by=admin, now=NOW, person=me)
        base.open_office(by=admin, now=NOW, name="别的机构")
    with acting(officer):
        verbs = set(queries.trail(by=officer, wanted=TrailFilter()).values_list("verb", flat=True))
    assert "reset_password" in verbs
    assert "open_office" not in verbs


@pytest.mark.parametrize("who", ["east-admin", "east-leader", "city"])
def test_administrators_leaders_and_the_city_read_the_zone_s_trail(of: Of, who: str) -> None:
    by = of(who).in_zone(of("east-officer").zone_id)
    with acting(by):
        shown = queries.trail(by=by, wanted=TrailFilter()).count()
        assert shown == JournalLine.objects.filter(zone_id=by.zone_id).count() > 0


def test_a_line_says_whether_it_is_sealed(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        lines = queries.with_seals(queries.trail(by=by, wanted=TrailFilter())[:5], by=by)
        state = queries.seal_state(by=by)
    assert all((line.position is None) == (line.seal is None) for line in lines)
    assert state.waiting + (state.position or 0) > 0


@pytest.mark.parametrize(
    "query",
    [
        "verb=open_office",
        "kind=person&number=1",
        "first=2026-01-01&last=2026-12-31",
        "first=x",
        "after=99999999",
        "after=-1",
        "number=99999999999999999999",
        "q=%00",
        "verb=%27",
    ],
)
def test_the_trail_survives_any_filter(sign_in: SignIn, query: str) -> None:
    assert sign_in("east-admin").get(f"/journal/?{query}").status_code == 200


def test_the_export_holds_exactly_what_is_filtered(of: Of, sign_in: SignIn) -> None:
    sheet = b"".join(sign_in("east-admin").get("/journal/?verb=open_office&export=csv"))
    by = of("east-admin")
    with acting(by):
        lines = JournalLine.objects.filter(zone_id=by.zone_id, verb="open_office").count()
    assert len(sheet.decode("utf-8-sig").strip().splitlines()) == lines + 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_administrator_s_page_stands(sign_in: SignIn, language: str) -> None:
    client = sign_in("east-admin")
    client.cookies["django_language"] = language
    answer = client.get("/administration/")
    assert answer.status_code == 200
    assert "xiaoer backup" in answer.content.decode()


def test_the_administrator_s_page_is_not_there_for_others(sign_in: SignIn) -> None:
    assert sign_in("east-officer").get("/administration/").status_code == 404
