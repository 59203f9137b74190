"""Sheets of figures come in whole, once, and can be taken back."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts.models import Column, FactImport, Value, ValueReference

Of = Callable[[str], Actor]
GDP = ["东区", "地区生产总值", "2022年1-6月", "价值", 43.31, "亿元", None, "官方", "统计月报", "A-1",
       "2022-09-30", None]  # fmt: skip


def row(**changes: object) -> list[object]:
    """The row of the gross domestic product with some cells changed, by the place of the cell."""
    cells: list[object] = list(GDP)
    places = {"zone": 0, "metric": 1, "period": 2, "aspect": 3, "number": 4, "unit": 5, "sign": 6,
              "column": 7, "source": 8, "ref": 9, "known_on": 10}  # fmt: skip
    for name, value in changes.items():
        cells[places[name]] = value
    return cells


def preview(by: Actor, path: Path, name: str) -> FactImport:
    with path.open("rb") as stream:
        return facts.preview_values(by=by, now=NOW, stream=stream, file_name=name)


def counts(run: FactImport) -> tuple[int, int, int, int, int]:
    return run.read, run.created, run.updated, run.unchanged, run.rejected


def test_the_published_sheet_comes_in_for_the_zone_that_imports_it(
    keeper: Actor, published: Path
) -> None:
    run = facts.import_values(by=keeper, now=NOW, path=published)
    assert counts(run) == (41, 21, 0, 1, 19)
    assert run.left_out == 1  # the notes below the table
    assert run.rows.filter(outcome="rejected", reason__contains="济宁高新区").count() == 16
    assert set(Value.objects.values_list("zone_id", flat=True)) == {keeper.zone_id}


def test_a_figure_stated_twice_is_kept_once_and_both_references_answer(
    keeper: Actor, published: Path
) -> None:
    facts.import_values(by=keeper, now=NOW, path=published)
    stated = ValueReference.objects.filter(external_ref__in=("001-006", "001-035"))
    assert len({reference.value_id for reference in stated}) == 1
    assert stated.count() == 2


def test_the_same_file_twice_changes_nothing(keeper: Actor, published: Path) -> None:
    facts.import_values(by=keeper, now=NOW, path=published)
    before = list(Value.objects.order_by("id").values_list())
    again = facts.import_values(by=keeper, now=NOW, path=published)
    assert counts(again) == (41, 0, 0, 22, 19)
    assert list(Value.objects.order_by("id").values_list()) == before


def test_a_preview_writes_no_figure(keeper: Actor, published: Path) -> None:
    run = preview(keeper, published, "p.xlsx")
    assert run.created == 21
    assert not Value.objects.exists()


def test_bounds_of_the_published_sheet_stay_bounds(keeper: Actor, published: Path) -> None:
    facts.import_values(by=keeper, now=NOW, path=published)
    value = Value.objects.get(metric__code="enterprise_case_value")
    assert (value.low, value.high, value.is_open) == (10_000, None, False)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"zone": "西区"}, "西区"),
        ({"metric": "地区生产总植"}, "地区生产总植"),
        ({"period": "去年"}, "去年"),
        ({"number": "大概四十"}, "大概四十"),
        ({"unit": "万美元"}, "亿元"),
        ({"aspect": "位次", "number": 1.5, "unit": "位"}, "1.5"),
        ({"column": "听说"}, "听说"),
        ({"known_on": "2031-01-01"}, "2031"),
        ({"number": None}, ""),
    ],
)
def test_a_row_that_cannot_be_taken_is_rejected_with_number_reason_and_advice(
    keeper: Actor, sheet: Callable[..., Path], changes: dict[str, object], words: str
) -> None:
    good = row(ref="A-2", metric="税收收入")
    run = facts.import_values(by=keeper, now=NOW, path=sheet([row(**changes), good]))
    assert counts(run) == (2, 1, 0, 0, 1)
    rejected = run.rows.get(outcome="rejected")
    assert rejected.row_no == 3
    assert words in rejected.reason
    assert rejected.advice


def test_rows_in_are_rows_accounted_for(keeper: Actor, sheet: Callable[..., Path]) -> None:
    rows = [row(), row(), row(number=44), row(zone="西区"), row(metric="教育支出"), row(number="?")]
    run = facts.import_values(by=keeper, now=NOW, path=sheet(rows))
    assert counts(run) == (6, 2, 0, 1, 3)
    assert Counter(run.rows.values_list("outcome", flat=True)).total() == 6


def test_a_correction_is_a_new_row_and_the_old_one_stays(
    keeper: Actor, sheet: Callable[..., Path]
) -> None:
    facts.import_values(by=keeper, now=NOW, path=sheet([row()]))
    run = facts.import_values(
        by=keeper, now=NOW, path=sheet([row(number=43.5, known_on="2022-12-01")])
    )
    assert counts(run) == (1, 0, 1, 0, 0)
    kept = Value.objects.order_by("known_at").values_list("low", flat=True)
    assert list(kept) == [433_100, 435_000]


def test_undo_takes_back_and_the_sheet_can_come_again(keeper: Actor, published: Path) -> None:
    run = facts.import_values(by=keeper, now=NOW, path=published)
    undone = facts.undo_import(by=keeper, now=NOW, run_id=run.pk)
    assert undone.state == "undone"
    assert undone.kept_back == []
    assert not Value.objects.filter(withdrawn_at__isnull=True).exists()
    assert facts.import_values(by=keeper, now=NOW, path=published).created == 21


def test_undo_keeps_what_others_rely_on_and_says_so(
    keeper: Actor, sheet: Callable[..., Path]
) -> None:
    rows = [row(), row(metric="税收收入", ref="A-2"), row(metric="教育支出", ref="A-3")]
    run = facts.import_values(by=keeper, now=NOW, path=sheet(rows))
    later = [row(number=43.5, known_on="2022-12-01"), row(metric="税收收入", ref="B-7")]
    facts.import_values(by=keeper, now=NOW, path=sheet(later, name="later.xlsx"))
    undone = facts.undo_import(by=keeper, now=NOW, run_id=run.pk)
    assert len(undone.kept_back) == 2
    assert Value.objects.filter(withdrawn_at__isnull=False).count() == 1


def test_a_sheet_is_committed_once(keeper: Actor, published: Path) -> None:
    run = facts.import_values(by=keeper, now=NOW, path=published)
    with pytest.raises(Refused):
        facts.commit_import(by=keeper, now=NOW, run_id=run.pk)


def test_a_column_nobody_guessed_is_matched_by_a_person(keeper: Actor, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.create_sheet("一", 0)
    page.append(["甲", "乙", "丙"])
    page.append(["地区生产总值", "2022年1-6月", "43.31亿元"])
    path = tmp_path / "odd.xlsx"
    book.save(path)
    run = preview(keeper, path, "odd.xlsx")
    assert run.read == 0
    run = facts.match_columns(
        by=keeper, now=NOW, run_id=run.pk, chosen={0: "metric", 1: "period", 2: "number"}
    )
    assert counts(run) == (1, 1, 0, 0, 0)
    facts.commit_import(by=keeper, now=NOW, run_id=run.pk)
    assert Value.objects.get().low == 433_100
    again = preview(keeper, path, "odd.xlsx")
    assert counts(again) == (1, 0, 0, 1, 0)  # nobody matches the same headings twice


def test_another_zone_sees_nothing_of_an_import(of: Of, published: Path) -> None:
    east, west = of("east-statistics"), of("west-statistics")
    with acting(east):
        facts.seed_metrics(by=east, now=NOW)
        run = facts.import_values(by=east, now=NOW, path=published)
    with acting(west):
        assert not Value.objects.exists()
        assert not FactImport.objects.exists()
        with pytest.raises(Refused):
            facts.undo_import(by=west, now=NOW, run_id=run.pk)


def test_an_officer_of_the_grid_imports_no_figures(of: Of, published: Path) -> None:
    officer = of("east-officer")
    with acting(officer), pytest.raises(Refused):
        facts.import_values(by=officer, now=NOW, path=published)


def test_columns_of_a_sheet_go_where_it_says(keeper: Actor, sheet: Callable[..., Path]) -> None:
    rows = [row(column="上报", number=40), row(column="估计", number=42), row(column="官方")]
    facts.import_values(by=keeper, now=NOW, path=sheet(rows))
    kept = dict(Value.objects.values_list("column", "low"))
    assert kept == {
        Column.REPORTED: 400_000, Column.ESTIMATED: 420_000, Column.OFFICIAL: 433_100,
    }  # fmt: skip
