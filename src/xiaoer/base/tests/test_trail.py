"""The audit trail reads as sentences, and finds who did something without reading everything."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from tests.records import Records, make_records
from tests.town import NOW
from xiaoer.base import actions as base
from xiaoer.base import journal, queries
from xiaoer.base.details import has_label
from xiaoer.base.models import JournalLine, Office, Person, Role
from xiaoer.base.queries import TrailFilter, TrailLine
from xiaoer.base.scope import Actor, acting
from xiaoer.base.verbs import verb_names

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
SOURCE = Path(__file__).resolve().parents[2]
# What every line has of itself.
OWN = {"by", "now", "verb", "subject", "party_ref", "text", "is_public", "is_between_offices"}


def told(by: Actor, **wanted: object) -> list[TrailLine]:
    with acting(by):
        lines = queries.trail(by=by, wanted=TrailFilter(**wanted))  # type: ignore[arg-type]  # each test names its own filter
        return queries.with_seals(lines[:200], by=by)


@pytest.fixture
def records(db: None) -> Records:
    return make_records("east")


def calls() -> Iterator[ast.Call]:
    for path in SOURCE.glob("*/actions/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"journal.record", "tell"}:
                yield node


def test_every_key_a_verb_writes_has_a_name_in_the_reader_s_language() -> None:
    keys = {word.arg for call in calls() for word in call.keywords if word.arg} - OWN
    assert keys
    assert sorted(key for key in keys if not has_label(key)) == []


def test_every_verb_that_is_written_has_a_name() -> None:
    written = {
        str(word.value.value)
        for call in calls()
        for word in call.keywords
        if word.arg == "verb" and isinstance(word.value, ast.Constant)
    }
    assert sorted(written - set(verb_names())) == []


def test_a_line_names_the_person_the_record_and_what_changed(of: Of) -> None:
    by, desk = of("east-admin"), of("east-desk")
    with acting(by):
        person = base.add_person(by=by, now=NOW, name="新一")
        base.give_post(
            by=by, now=NOW, person=person, role=Role.GRID_OFFICER,
            office=Office.objects.get(pk=desk.office_id or 0),
        )  # fmt: skip
        person = Person.objects.get(pk=person.pk)
        base.change_person(
            by=by, now=NOW, person=person, version=person.version, name="新一一", name_en="",
            phone="13900000000", work_no="",
        )  # fmt: skip
    change, post, _added = told(by)[:3]
    assert (change.subject, change.post, change.act) == ("新一一", "管理员", "修改人员信息")
    assert "姓名" in change.details or "名称" in change.details
    assert "新一 → 新一一" in change.details
    assert "网格员" in post.details
    assert "grid_officer" not in post.details
    assert "新一一" in post.details, "a person is named, not numbered"


def test_the_page_shows_sentences_and_no_raw_keys(sign_in: SignIn, records: Records) -> None:
    page = sign_in("east-admin").get("/journal/").content.decode()
    assert records.appeal.receipt_no in page
    assert f"/appeals/{records.appeal.pk}/" in page
    for raw in ("system", "visited_on", "receipt_no", "is_hard", "grid_officer", "party_ref"):
        assert f"{raw}:" not in page
    assert ">system<" not in page


def test_english_is_told_in_english(of: Of, records: Records) -> None:
    by = of("east-admin")
    with translation.override("en"):
        acts = {line.act for line in told(by)}
        details = " ".join(line.details for line in told(by))
    assert "gave a post" in acts
    assert "role: department" in details


def test_a_fragment_of_a_name_or_office_finds_the_lines_of_everybody_it_fits(
    of: Of, records: Records
) -> None:
    by = of("east-admin")
    with acting(by):
        everybody = list(JournalLine.objects.filter(zone_id=by.zone_id))
    for words in ("网一", "企业服务", "服务中心", "管", "%", "_", "没有这个人", "SYS"):
        expected = {line.pk for line in everybody if words.casefold() in line.who.casefold()}
        found = {line.pk for line in told(by, words=words)}
        assert found == set(sorted(expected, reverse=True)[:200]), words


def test_a_rare_name_among_very_many_lines_is_found_by_the_index(of: Of) -> None:
    by = of("east-admin")
    with acting(by), connection.cursor() as cursor:
        cursor.execute(
            "insert into journal_line (zone_id, at, who, verb, subject_type, subject_id, detail)"
            " select %s, now(), '甲' || n %% 200, 'keep_file', 'office', 1, '{}'"
            " from generate_series(1, 20000) n",
            [by.zone_id],
        )
        cursor.execute("set local enable_seqscan = off")
        lines = queries.trail(by=by, wanted=TrailFilter(words="甲77"))[:51]
        plan = lines.explain()
    assert "journal_by_whom" in plan
    assert "~~*" not in plan


def test_the_export_holds_what_the_page_shows(sign_in: SignIn, records: Records) -> None:
    answer = sign_in("east-admin").get("/journal/", {"export": "csv", "kind": "appeal"})
    text = b"".join(answer).decode("utf-8-sig")
    assert records.appeal.receipt_no in text
    assert "诉求" in text


def test_the_city_reads_the_trail_even_of_tables_it_may_not_read(
    sign_in: SignIn, records: Records
) -> None:
    assert sign_in("city").get("/journal/", {"kind": "import_run"}).status_code == 200


def test_money_in_a_line_is_told_as_people_say_it(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        office = Office.objects.get(pk=by.office_id or 0)
        journal.record(by=by, now=NOW, verb="keep_file", subject=office, money_fen=120_000_000)
    assert "120" in told(by)[0].details
