"""A sheet is held against the period before it is written: what looks wrong is confirmed or left out."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.town import NOW
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts import actions as facts
from xiaoer.facts.actions import imports
from xiaoer.facts.actions.imports import figures_committed
from xiaoer.facts.measuring import UNITS, Scaled, read_figure, steps_of
from xiaoer.facts.models import FactImport, Metric, Value
from xiaoer.facts.tests.test_month_sheets import LATER, Cells, preview, write
from xiaoer.registry.models import Party

COUNT = 6
NAMES = [f"济宁样例{number}有限公司" for number in range(COUNT)]


@pytest.fixture
def many(keeper: Actor) -> list[Party]:
    return [Party.objects.create(zone_id=keeper.zone_id, name=name) for name in NAMES]


def sheet(
    folder: Path, month: int, numbers: Sequence[object], head: str = "营业收入（万元） 本月"
) -> Path:
    rows: Cells = [
        ["企业名称", head],
        *([name, one] for name, one in zip(NAMES, numbers, strict=False)),
    ]
    return write(folder / f"2026年{month}月.xlsx", ("表", rows))


def warned(run: FactImport) -> dict[str, int]:
    return dict(run.seen["warnings"])


LAST: list[object] = [100, 200, 300, 400, 500, 600]


@pytest.mark.parametrize(
    ("now", "kind"),
    [(1010, "slip"), (0.0101, "slip"), (995_000, "slip"), (0, "zero"), (-90, "sign")],
)
def test_a_figure_unlike_last_month_s_is_confirmed_before_it_is_written(
    keeper: Actor, many: list[Party], tmp_path: Path, now: float, kind: str
) -> None:
    facts.import_values(by=keeper, now=NOW, path=sheet(tmp_path, 9, LAST))
    path = sheet(tmp_path, 10, [now, 210, 310, 410, 510, 610])
    run = preview(keeper, path, LATER)
    assert (warned(run), run.created) == ({kind: 1}, COUNT)
    with pytest.raises(Refused):
        facts.commit_import(by=keeper, now=LATER, run_id=run.pk)
    with pytest.raises(Refused):
        facts.confirm_figures(by=keeper, now=LATER, run_id=run.pk, warning=kind, reason=" ")
    facts.confirm_figures(by=keeper, now=LATER, run_id=run.pk, warning=kind, reason="已电话核实")
    done = facts.commit_import(by=keeper, now=LATER, run_id=run.pk)
    assert (done.state, done.created) == ("committed", COUNT)


def test_a_figure_that_is_wrong_is_left_out_and_the_rest_comes_in(
    keeper: Actor, many: list[Party], tmp_path: Path
) -> None:
    facts.import_values(by=keeper, now=NOW, path=sheet(tmp_path, 9, LAST))
    run = preview(keeper, sheet(tmp_path, 10, [1000, 210, 310, 410, 510, 610]), LATER)
    row = run.rows.get(warning="slip")
    assert (row.low, row.last) == (10_000_000, 1_000_000)
    run = facts.leave_out_figure(
        by=keeper, now=LATER, run_id=run.pk, row_no=row.row_no, place=row.place
    )
    assert (run.rejected, warned(run)) == (1, {})
    done = facts.commit_import(by=keeper, now=LATER, run_id=run.pk)
    assert (done.created, done.rejected) == (COUNT - 1, 1)


def test_what_moves_beyond_the_firm_s_own_year_is_noticed(
    keeper: Actor, many: list[Party], tmp_path: Path
) -> None:
    for month, number in ((6, 100), (7, 105), (8, 98), (9, 102)):
        moment = NOW + timedelta(days=month)
        facts.import_values(by=keeper, now=moment, path=sheet(tmp_path, month, [number, number]))
    run = preview(keeper, sheet(tmp_path, 10, [260, 104]), LATER)
    assert warned(run) == {"range": 1}


def test_a_cumulative_figure_that_falls_or_does_not_add_up_is_noticed(
    keeper: Actor, many: list[Party], tmp_path: Path
) -> None:
    total = "总产值（万元） 本年累计"
    facts.import_values(by=keeper, now=NOW, path=sheet(tmp_path, 9, [900, 900, 900], total))
    rows: Cells = [
        ["企业名称", "总产值（万元） 本月", "总产值（万元） 本年累计"],
        [NAMES[0], 100, 1000], [NAMES[1], 100, 800], [NAMES[2], 100, 1100],
    ]  # fmt: skip
    run = preview(keeper, write(tmp_path / "2026年10月.xlsx", ("表", rows)), LATER)
    assert warned(run) == {"falls": 1, "sum": 1}
    assert run.rows.get(warning="sum").last == 10_000_000


def test_last_month_s_sheet_under_this_month_s_name_is_asked_about(
    keeper: Actor, many: list[Party], tmp_path: Path
) -> None:
    facts.import_values(by=keeper, now=NOW, path=sheet(tmp_path, 9, LAST))
    run = facts.import_values(by=keeper, now=LATER, path=sheet(tmp_path, 10, LAST))
    assert (run.state, [q["key"] for q in run.seen["questions"]]) == ("previewed", ["same"])
    with pytest.raises(Refused):
        facts.answer_import(by=keeper, now=LATER, run_id=run.pk, answers={"same": " "})
    facts.answer_import(by=keeper, now=LATER, run_id=run.pk, answers={"same": "企业停产，数未变"})
    assert facts.commit_import(by=keeper, now=LATER, run_id=run.pk).state == "committed"


def test_the_rooms_above_are_told_once_and_only_of_what_was_written(
    keeper: Actor, many: list[Party], tmp_path: Path
) -> None:
    told: list[dict[str, object]] = []

    def hear(**said: object) -> None:
        told.append(said)

    figures_committed.connect(hear)
    try:
        run = preview(keeper, sheet(tmp_path, 9, LAST))
        assert not told
        facts.commit_import(by=keeper, now=NOW, run_id=run.pk)
        facts.undo_import(by=keeper, now=LATER, run_id=run.pk)
    finally:
        figures_committed.disconnect(hear)
    assert [said["zone_id"] for said in told] == [keeper.zone_id] * 2
    metric = Metric.objects.get(code="operating_revenue").pk
    assert [said["metric_ids"] for said in told] == [{metric}] * 2


def test_a_rate_kept_as_a_fraction_is_asked_about(
    keeper: Actor, many: list[Party], tmp_path: Path
) -> None:
    facts.define_metric(
        by=keeper, now=NOW, code="loss_rate", name="亏损率", unit="percent", kind="ratio"
    )
    path = sheet(tmp_path, 9, [0.05, 0.125], "亏损率")
    run = preview(keeper, path)
    assert [question["key"] for question in run.seen["questions"]] == ["percent"]
    run = facts.answer_import(by=keeper, now=NOW, run_id=run.pk, answers={"percent": "ratio"})
    facts.commit_import(by=keeper, now=NOW, run_id=run.pk)
    assert set(Value.objects.values_list("low", flat=True)) == {50_000, 125_000}
    again = preview(keeper, sheet(tmp_path, 10, [5, 12], "亏损率"), LATER)
    assert set(again.rows.values_list("low", flat=True)) == {50_000, 120_000}


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.sampled_from(
        ["—", "/", "无", "12.5万", "1,234.5", "１２３", " 12 ", "多", "≥30", "3-5", "=1"]
    ),
    st.text(max_size=6),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(st.sampled_from([*NAMES, "无此企业", ""]), CELLS, CELLS), max_size=8)
)
def test_whatever_a_sheet_holds_every_figure_is_accounted_for(
    keeper: Actor, many: list[Party], tmp_path: Path, rows: list[tuple[str, object, object]]
) -> None:
    cells: Cells = [
        ["企业名称", "营业收入（万元）", "用电量（千瓦时）"],
        *(_writable(row) for row in rows),
    ]
    path = write(tmp_path / "2026年10月.xlsx", ("表", cells))
    run = preview(keeper, path)
    assert run.read == run.created + run.updated + run.unchanged + run.rejected
    assert run.rows.filter(outcome="rejected", reason="").count() == 0
    if "dash" in {question["key"] for question in run.seen["questions"]}:
        zero = facts.answer_import(by=keeper, now=NOW, run_id=run.pk, answers={"dash": "zero"})
        assert zero.read >= run.read


def _writable(row: tuple[str, object, object]) -> list[object]:
    """Without signs that no workbook can hold."""
    return [
        "".join(sign for sign in cell if sign.isprintable()) if isinstance(cell, str) else cell
        for cell in row
    ]


@pytest.mark.parametrize("code", sorted(UNITS))
@settings(max_examples=30, deadline=None)
@given(number=st.decimals(-(10**9), 10**9, places=6), scale=st.sampled_from(["", "千", "万"]))
def test_quick_steps_read_as_the_careful_reader_does(
    code: str, number: Decimal, scale: str
) -> None:
    metric = Metric(code="x", name="x", unit=code, kind="flow")
    unit = scale + UNITS[code].zh if code in ("CNY", "kwh", "ton", "person") else ""
    steps = steps_of(metric, unit)
    if steps is None:
        return
    quick = steps.take(number)
    try:
        figure = read_figure(metric=metric, aspect="value", number=str(number), unit=unit)
    except Unreadable:
        assert quick is None  # the careful reader says what is wrong
    else:
        assert figure == Scaled(quick, quick)


def test_a_large_sheet_is_written_by_a_job_and_only_once(
    keeper: Actor, many: list[Party], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LARGE", 1)
    run = facts.commit_import(
        by=keeper, now=NOW, run_id=preview(keeper, sheet(tmp_path, 9, LAST)).pk
    )
    assert (run.state, run.goal) == ("queued", "commit")
    assert not Value.objects.exists()
    with pytest.raises(Refused):
        facts.commit_import(by=keeper, now=NOW, run_id=run.pk)
    phases: list[str] = []
    imports.work_on_values(by=keeper, now=NOW, run_id=run.pk, tell=phases.append)
    imports.work_on_values(by=keeper, now=NOW, run_id=run.pk, tell=phases.append)
    assert phases == ["reading", "checking", "writing"]
    assert Value.objects.count() == COUNT
    with pytest.raises(Refused):
        facts.resume_import(by=keeper, now=NOW, run_id=run.pk)


def test_a_large_upload_is_looked_at_by_a_job(
    keeper: Actor, many: list[Party], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "is_large", lambda _path: True)
    path = sheet(tmp_path, 9, LAST)
    with path.open("rb") as stream:
        run = facts.preview_book(by=keeper, now=NOW, stream=stream, file_name=path.name)
    assert (run.state, run.read) == ("queued", 0)
    imports.work_on_values(by=keeper, now=NOW, run_id=run.pk, tell=lambda _phase: None)
    run.refresh_from_db()
    assert (run.state, run.created) == ("previewed", COUNT)
