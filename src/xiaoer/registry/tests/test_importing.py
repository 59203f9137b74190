"""Sheets of enterprises: no row is lost, nothing is half-done, and what came can go again."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.town import NOW
from xiaoer.base import files
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.base.tables.cells import Cell
from xiaoer.base.tests.dirty_sheets import write_workbook
from xiaoer.registry import actions as registry
from xiaoer.registry import queries
from xiaoer.registry.codes import make_credit_code
from xiaoer.registry.models import ImportRow, ImportRun, KnownLayout, Party, PartyName, Stewardship
from xiaoer.registry.tests.people import make_cell, make_firm, post_of
from xiaoer.registry.tests.sheets import HEADS, bring, firm, receive, write_sheet

State = ImportRun.State
Of = Callable[[str], Actor]


@pytest.fixture(autouse=True)
def files_folder(settings: Any, tmp_path: Path) -> None:
    settings.FILES_FOLDER = tmp_path / "files"


def counts(run: ImportRun) -> tuple[int, int, int, int, int]:
    return run.read, run.created, run.updated, run.unchanged, run.rejected


def reasons(run: ImportRun) -> dict[int, str]:
    """Row number → everything said of the row."""
    rows = ImportRow.objects.filter(run=run).exclude(outcome="updated")
    return {row.row_no: " ".join(p["reason"] for p in row.problems) for row in rows}


def the_firm(name: str) -> Party:
    return Party.objects.get(name=name)


# Counting ----------------------------------------------------------------------------------------


def test_rows_in_are_created_updated_unchanged_or_rejected(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    with acting(by):
        bring(by, tmp_path / "first.xlsx", [firm(1), firm(2), firm(3)])
        rows = [firm(1), firm(2, capital=900), firm(4), firm(5, code="12345"), firm(1)]
        run = bring(by, tmp_path / "second.xlsx", rows)
        assert counts(run) == (5, 1, 1, 1, 2)
        assert run.state == State.COMMITTED
        line = JournalLine.objects.filter(verb="import_registry").latest("id")
    assert line.detail["rejected"] == 2


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_the_same_file_twice_changes_nothing(of: Of, tmp_path: Path, ending: str) -> None:
    by = of("east-admin")
    rows = [
        firm(1, capital="300(万元人民币)", day="2018年3月5日"),
        firm(2, capital="4.5万人民币", day="20180305", phone=""),
        firm(3, capital="N/A", status="", code="", address="济宁　某路 "),
    ]
    with acting(by):
        make_cell(by, "C-01")
        rows[0][8] = "C-01"
        rows[0][9] = "网一"
        path = tmp_path / f"sheet.{ending}"
        assert counts(bring(by, path, rows)) == (3, 3, 0, 0, 0)
        before = list(Party.objects.order_by("pk").values())
        assert counts(bring(by, path, rows)) == (3, 0, 0, 3, 0)
        assert list(Party.objects.order_by("pk").values()) == before


def test_a_blank_cell_never_empties_a_fact(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    with acting(by):
        bring(by, tmp_path / "full.xlsx", [firm(1)])
        empty = firm(1, industry="", status="", capital="N/A", day="—", address=" ", phone="无")
        run = bring(by, tmp_path / "empty.xlsx", [empty])
        assert counts(run) == (1, 0, 0, 1, 0)
        party = the_firm("济宁样例第1机械有限公司")
    assert (party.industry, party.capital_fen, party.address) == ("3511", 500_000_000, "示范路1号")
    assert (party.registered_on, party.contact_phone) == (date(2018, 3, 5), "13900000001")


DIRTY: list[tuple[str, Cell, str, object]] = [
    ("capital", "300(万元人民币)", "capital_fen", 300 * 10**6),
    ("capital", "5,688(万元人民币)", "capital_fen", 5688 * 10**6),
    ("capital", "4.5万人民币", "capital_fen", 4_500_000),
    ("capital", "100万美元", "capital_currency", "USD"),
    ("capital", "N/A", "capital_fen", None),
    ("capital", "５００", "capital_fen", 500 * 10**6),
    ("day", "2018/03/05", "registered_on", date(2018, 3, 5)),
    ("day", "2018.3.5", "registered_on", date(2018, 3, 5)),
    ("day", "2018年3月5日", "registered_on", date(2018, 3, 5)),
    ("day", "20180305", "registered_on", date(2018, 3, 5)),
    ("day", date(2018, 3, 5), "registered_on", date(2018, 3, 5)),
    ("name", "  济宁样例　甲厂 ", "name", "济宁样例 甲厂"),
    ("name", "济宁ＡＢＣ公司", "name", "济宁ABC公司"),
    ("code", make_credit_code("370800", 1) + " ", "credit_code", make_credit_code("370800", 1)),
    ("code", "370800000000015", "old_register_no", "370800000000015"),
    ("code", "", "credit_code", ""),
    ("phone", "139 0000 0001", "contact_phone", "13900000001"),
    ("status", "注销", "status", "cancelled"),
    ("industry", "C3511", "section", "C"),
]


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
@pytest.mark.parametrize(("column", "cell", "fact", "value"), DIRTY)
def test_dirty_values_are_read_as_people_mean_them(
    of: Of, tmp_path: Path, ending: str, column: str, cell: Cell, fact: str, value: object
) -> None:
    by = of("east-admin")
    with acting(by):
        run = bring(by, tmp_path / f"sheet.{ending}", [firm(1, **{column: cell})])
        assert counts(run) == (1, 1, 0, 0, 0), reasons(run)
        assert getattr(Party.objects.get(import_run=run), fact) == value


CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "N/A", "300(万元人民币)", "2018-02-30", "=1+1", "\x00", "长" * 300, "\\N"]
    ),
    st.integers(-(10**19), 10**19),
    st.floats(allow_nan=False, allow_infinity=False),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=st.lists(
        st.builds(
            lambda number, changes: firm(number, **changes),
            st.integers(1, 4),
            st.dictionaries(
                st.sampled_from(["name", "code", "capital", "day", "phone", "cell", "address"]),
                CELLS,
                max_size=3,
            ),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_stands_in_a_sheet_no_row_is_lost(
    of: Of, tmp_path: Path, rows: list[list[Cell]]
) -> None:
    by = of("east-admin")
    with acting(by):
        run = bring(by, tmp_path / "sheet.json", rows)
        said = run.created + run.updated + run.unchanged + run.rejected
        left_out = run.seen["left_out"]
        assert run.read == said
        assert run.read + left_out == len(rows)
        assert ImportRow.objects.filter(run=run, outcome="rejected").count() == run.rejected
        again = bring(by, tmp_path / "again.json", rows)
    assert (again.created, again.rejected) == (0, run.rejected)


# Rejecting ---------------------------------------------------------------------------------------


def test_a_name_under_another_code_is_rejected(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    with acting(by):
        bring(by, tmp_path / "a.xlsx", [firm(1)])
        run = bring(by, tmp_path / "b.xlsx", [firm(1, code=make_credit_code("370800", 99))])
        assert counts(run) == (1, 0, 0, 0, 1)
        assert "另一个代码" in reasons(run)[2]


def test_a_name_of_several_firms_needs_a_code(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    with acting(by):
        one = firm(1, name="济宁同名厂")
        bring(by, tmp_path / "a.xlsx", [one, firm(2, name="济宁同名厂")])
        run = bring(by, tmp_path / "b.xlsx", [firm(3, name="济宁同名厂", code="")])
        assert counts(run) == (1, 0, 0, 0, 1)
        assert "有几家" in reasons(run)[2]


def test_two_rows_about_one_firm_are_not_both_taken(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    with acting(by):
        bring(by, tmp_path / "a.xlsx", [firm(1)])
        rows = [firm(1, address="东路"), firm(1, code="", address="西路")]
        run = bring(by, tmp_path / "b.xlsx", rows)
        assert counts(run) == (2, 0, 1, 0, 1)
        assert the_firm("济宁样例第1机械有限公司").address == "东路"


@pytest.mark.parametrize("order", [1, -1])
def test_a_new_firm_with_and_without_its_code_is_one_firm(
    of: Of, tmp_path: Path, order: int
) -> None:
    by = of("east-admin")
    with acting(by):
        run = bring(by, tmp_path / "a.xlsx", [firm(1), firm(1, code="")][::order])
        assert counts(run) == (2, 1, 0, 0, 1)
        assert the_firm("济宁样例第1机械有限公司").credit_code == make_credit_code("370800", 1)


def test_a_former_name_without_a_code_makes_no_second_firm(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    with acting(by):
        bring(by, tmp_path / "a.xlsx", [firm(1)])
        bring(by, tmp_path / "b.xlsx", [firm(1, name="济宁新名重工有限公司")])
        run = bring(by, tmp_path / "c.xlsx", [firm(1, code="")])
        assert counts(run) == (1, 0, 0, 0, 1)
        assert "曾用名" in reasons(run)[2]


def test_a_person_of_the_same_name_is_not_made_an_enterprise(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    with acting(by):
        make_cell(by, "C-01")
        make_firm(by, "济宁样例第1机械有限公司", kind="person")
        run = bring(by, tmp_path / "a.xlsx", [firm(1, code="", cell="C-01")])
        assert counts(run) == (1, 1, 0, 0, 0)


def test_an_unknown_cell_officer_or_park_is_a_doubt_and_the_firm_is_taken(
    of: Of, tmp_path: Path
) -> None:
    by = of("east-admin")
    with acting(by):
        run = bring(by, tmp_path / "a.xlsx", [firm(1, cell="没有", officer="没有人")])
        assert counts(run) == (1, 1, 0, 0, 0)
        row = ImportRow.objects.get(run=run)
        assert row.outcome == "doubtful"
        assert len(row.problems) == 2
        assert row.cells[0] == "济宁样例第1机械有限公司"


def test_a_known_cell_and_officer_make_an_enterprise_somebody_answers_for(
    of: Of, tmp_path: Path
) -> None:
    by = of("east-admin")
    with acting(by):
        cell = make_cell(by, "C-01")
        run = bring(by, tmp_path / "a.xlsx", [firm(1, cell="单元C-01", officer="网一")])
        party = Party.objects.get(import_run=run)
        assert party.cell_id == cell.pk
        assert Stewardship.objects.get(party=party).post_id == post_of("east-officer").pk
        other = bring(by, tmp_path / "b.xlsx", [firm(1, officer="包一")])
        assert counts(other) == (1, 0, 0, 1, 0)
        assert "不因" in reasons(other)[2]


def test_cells_no_database_can_keep_are_told_and_not_choked_on(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    path = tmp_path / "sheet.json"
    path.write_text('[{"企业名称": "坏\\ud800字", "地址": "a\\u0000b"}]', encoding="utf-8")
    with acting(by):
        run = registry.import_file(by=by, now=NOW, path=path)
        assert run.rejected == 1
        assert ImportRow.objects.get(run=run).cells[0] == "坏?字"


# Names and searching -----------------------------------------------------------------------------


def search(by: Actor, text: str) -> list[str]:
    filters = queries.EnterpriseFilter(text=text)
    return [row.name for row in queries.enterprise_page(by=by, filters=filters).rows]


def test_a_renamed_firm_keeps_its_former_name_and_is_found_by_both(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    with acting(by):
        make_cell(by, "C-01")
        bring(by, tmp_path / "a.xlsx", [firm(1, name="济宁旧泉酒业有限公司", cell="C-01")])
        run = bring(by, tmp_path / "b.xlsx", [firm(1, name="济宁新源饮品有限公司", cell="C-01")])
        assert counts(run) == (1, 0, 1, 0, 0)
        assert PartyName.objects.get(kind="former").name == "济宁旧泉酒业有限公司"
        assert search(by, "旧泉") == search(by, "新源饮品") == ["济宁新源饮品有限公司"]
        assert search(by, "jnjq") == ["济宁新源饮品有限公司"]


def test_a_firm_whose_code_becomes_known_is_found_by_it(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    code = make_credit_code("370800", 1)
    with acting(by):
        make_cell(by, "C-01")
        bring(by, tmp_path / "a.xlsx", [firm(1, code="", cell="C-01")])
        assert counts(bring(by, tmp_path / "b.xlsx", [firm(1)])) == (1, 0, 1, 0, 0)
        assert search(by, code[-6:]) == ["济宁样例第1机械有限公司"]
        # A later sheet without codes takes nothing of that away.
        bring(by, tmp_path / "c.xlsx", [firm(1, code="", address="新址")])
        assert search(by, code[-6:]) == ["济宁样例第1机械有限公司"]


# Looking first -----------------------------------------------------------------------------------


def test_a_preview_changes_nothing_and_commits_what_it_showed(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    path = write_sheet(tmp_path / "a.xlsx", [firm(1), firm(2, code="xx")])
    with acting(by):
        run = receive(by, path)
        assert (run.state, counts(run)) == (State.PREVIEWED, (2, 1, 0, 0, 1))
        assert not Party.objects.filter(import_run=run).exists()
        with pytest.raises(Refused):
            registry.commit_import(by=by, now=NOW, run=run, all_or_nothing=True)
        run = registry.commit_import(by=by, now=NOW, run=run)
        assert (run.state, counts(run)) == (State.COMMITTED, (2, 1, 0, 0, 1))
        assert Party.objects.get(import_run=run).name == "济宁样例第1机械有限公司"
        with pytest.raises(Refused, match="重新上传"):
            registry.commit_import(by=by, now=NOW, run=run)


def test_a_commit_asks_the_registry_again(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    path = write_sheet(tmp_path / "a.xlsx", [firm(1), firm(2)])
    with acting(by):
        run = receive(by, path)
        make_firm(by, "济宁样例第1机械有限公司", credit_code=make_credit_code("370800", 77))
        run = registry.commit_import(by=by, now=NOW, run=run)
        assert counts(run) == (2, 1, 0, 0, 1)
        assert ImportRow.objects.filter(run=run, outcome="rejected").count() == 1


def test_a_person_says_what_a_column_is_and_is_not_asked_again(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    rows: list[list[Cell]] = [["甲列", "信用代码"], ["济宁某厂", make_credit_code("370800", 5)]]
    path = write_workbook(tmp_path / "odd.xlsx", rows)
    with acting(by):
        run = receive(by, path)
        assert run.seen["missing"] == ["name"]
        assert run.read == 0
        with pytest.raises(Refused):
            registry.commit_import(by=by, now=NOW, run=run)
        run = registry.match_columns(by=by, now=NOW, run=run, chosen={0: "name", 1: "credit_code"})
        assert counts(run) == (1, 1, 0, 0, 0)
        assert KnownLayout.objects.count() == 1
        again = receive(by, write_workbook(tmp_path / "odd2.xlsx", [*rows, ["济宁乙厂", ""]]))
        assert counts(again) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("chosen", [{0: "name", 1: "name"}, {99: "name"}, {0: "nonsense"}])
def test_nonsense_of_columns_is_refused(
    of: Of, tmp_path: Path, chosen: dict[int, str | None]
) -> None:
    by = of("east-admin")
    with acting(by):
        run = receive(by, write_sheet(tmp_path / "a.xlsx", [firm(1)]))
        with pytest.raises(Refused):
            registry.match_columns(by=by, now=NOW, run=run, chosen=chosen)


def test_of_several_sheets_another_can_be_chosen(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    path = write_workbook(
        tmp_path / "a.xlsx",
        [list(HEADS), firm(1)],
        name="甲表",
        others={"乙表": [list(HEADS), firm(2), firm(3)]},
    )
    with acting(by):
        run = receive(by, path)
        other = run.seen["sheets"][0]
        shown = {run.sheet: run.read}
        run = registry.match_columns(by=by, now=NOW, run=run, chosen={}, sheet=other)
        shown[run.sheet] = run.read
    assert shown == {"甲表": 1, "乙表": 2}


def test_a_grid_officer_brings_no_sheet_in(of: Of, tmp_path: Path) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused):
        bring(by, tmp_path / "a.xlsx", [firm(1)])


# Taking back -------------------------------------------------------------------------------------


def undo(by: Actor, run: ImportRun) -> ImportRun:
    return registry.undo_import(by=by, now=NOW, run=run)


def test_taking_back_removes_and_restores_what_nobody_touched(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    with acting(by):
        make_cell(by, "C-01")
        bring(by, tmp_path / "a.xlsx", [firm(1)])
        before: dict[str, object] = dict(Party.objects.values().get())
        rows = [
            firm(1, capital="100万美元", address="新址", day="2020-01-01", cell="C-01"),
            firm(2, cell="C-01", officer="网一"),
        ]
        run = undo(by, bring(by, tmp_path / "b.xlsx", rows))
        after: dict[str, object] = dict(Party.objects.values().get())
        assert (run.seen["removed"], run.seen["restored"], run.kept) == (1, 1, [])
        assert run.state == State.UNDONE
        for free in ("version", "changed_at"):
            before.pop(free), after.pop(free)
        assert after == before
        with pytest.raises(Refused):
            undo(by, run)


def test_taking_back_keeps_what_was_changed_since_and_says_why(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    with acting(by):
        cell = make_cell(by, "C-01")
        bring(by, tmp_path / "a.xlsx", [firm(1)])
        rows = [firm(1, address="新址"), *(firm(number, cell="C-01") for number in (2, 3, 4, 5))]
        run = bring(by, tmp_path / "b.xlsx", rows)
        changed, officer, named, _untouched = Party.objects.filter(import_run=run).order_by("name")
        for party in (the_firm("济宁样例第1机械有限公司"), changed):
            registry.change_party(
                by=by,
                now=NOW,
                party=party,
                facts=registry.PartyFacts(address="又改"),
                version=party.version,
            )
        registry.assign_steward(by=by, now=NOW, party=officer, post=post_of("east-officer"))
        registry.name_monitoring_firm(by=by, now=NOW, party=named)
        run = undo(by, run)
        assert run.seen["removed"] == 1
        assert {row["name"] for row in run.kept} == {
            f"济宁样例第{number}机械有限公司" for number in (1, 2, 3, 4)
        }
        assert all(row["reason"] for row in run.kept)
        assert the_firm("济宁样例第1机械有限公司").address == "又改"
        assert cell.enterprises.count() == 3


def test_a_paper_on_a_new_firm_keeps_it(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    with acting(by):
        run = bring(by, tmp_path / "a.xlsx", [firm(1)])
        party = Party.objects.get(import_run=run)
        with (tmp_path / "a.xlsx").open("rb") as stream:
            paper = files.keep_file(by=by, now=NOW, stream=stream, name="a.xlsx")
        JournalLine.objects.create(
            zone_id=by.zone_id, at=NOW, who="x", verb="pin_file", subject_type="party",
            subject_id=party.pk, party_ref=party.pk, detail={"sha256": paper.sha256},
        )  # fmt: skip
        assert undo(by, run).seen["removed"] == 0


def test_taking_a_rename_back_forgets_the_other_name(of: Of, tmp_path: Path) -> None:
    by = of("east-admin")
    with acting(by):
        make_cell(by, "C-01")
        bring(by, tmp_path / "a.xlsx", [firm(1, name="济宁旧泉酒业有限公司", cell="C-01")])
        terms = Party.objects.get().terms
        run = bring(by, tmp_path / "b.xlsx", [firm(1, name="济宁新源饮品有限公司")])
        undo(by, run)
        assert search(by, "旧泉") == ["济宁旧泉酒业有限公司"]
        assert search(by, "新源") == []
        assert not PartyName.objects.exists()
        assert Party.objects.get().terms == terms


def test_another_zone_neither_sees_nor_undoes_a_sheet(of: Of, tmp_path: Path) -> None:
    east, west = of("east-admin"), of("west-admin")
    with acting(east):
        run = bring(east, tmp_path / "a.xlsx", [firm(1)])
    with acting(west):
        assert not ImportRun.objects.filter(pk=run.pk).exists()
        assert queries.import_by_id(by=west, run_id=run.pk) is None
        with pytest.raises(ImportRun.DoesNotExist):
            undo(west, run)
        # The same firm may stand in both registries.
        assert counts(bring(west, tmp_path / "a.xlsx", [firm(1)])) == (1, 1, 0, 0, 0)
    with acting(east):
        assert Party.objects.count() == 1
