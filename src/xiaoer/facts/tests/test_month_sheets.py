"""Monthly and yearly sheets of bureaus: an enterprise a row, its indicators in columns, as they come."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts.models import FactImport, FirmAlias, Metric, Value
from xiaoer.facts.periods import months_of
from xiaoer.registry.codes import make_credit_code
from xiaoer.registry.models import Party, PartyName
from xiaoer.registry.names import terms_of

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
Cells = Sequence[Sequence[object]]
CODES = [make_credit_code("370800", number) for number in range(1, 9)]
NAMES = [
    "济宁甲机械有限公司",
    "济宁乙化工股份有限公司",
    "济宁丙（集团）有限责任公司",
    "济宁丁电子有限公司",
]
LATER = NOW + timedelta(days=30)


@pytest.fixture
def firms(keeper: Actor) -> list[Party]:
    return [
        Party.objects.create(
            zone_id=keeper.zone_id, name=name, credit_code=code, terms=terms_of(name, (), code)
        )
        for name, code in zip(NAMES, CODES, strict=False)
    ]


def write(path: Path, *sheets: tuple[str, Cells], merged: Sequence[str] = ()) -> Path:
    """A workbook; the cells named in ``merged`` are merged on its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    for area in merged:
        book.worksheets[0].merge_cells(area)
    book.save(path)
    return path


def month(rows: Cells, *, title: str = "2026年10月重点企业主要指标") -> Cells:
    """A statistical form: title, unit, headings of two storeys, rows, a total."""
    return [
        [title, None, None, None, None, None, None],
        ["单位：万元", None, None, None, None, None, None],
        ["序号", "单位名称", "统一社会信用代码", "营业收入", None, None, "用电量(千瓦时)"],
        [None, None, None, "本月", "本年累计", "去年同期", None],
        *rows,
        ["合计", None, None, 9999, 99999, None, 1],
    ]


MERGED = ("A1:G1", "A3:A4", "B3:B4", "C3:C4", "D3:F3", "G3:G4")
ROWS: Cells = [
    [1, NAMES[0], CODES[0], 100.5, "1,000.25", 900, 12000],
    [2, NAMES[1], CODES[1], "１２３", " 12 ", 11, "12.5万"],
    [3, NAMES[2], CODES[2], "—", None, "/", "无"],
]


def preview(by: Actor, path: Path, now: datetime = NOW) -> FactImport:
    with path.open("rb") as stream:
        return facts.preview_values(by=by, now=now, stream=stream, file_name=path.name)


def answered(by: Actor, run: FactImport, **more: str) -> FactImport:
    said = {"dash": "missing", "blank": "missing", "before": "no"} | more
    asked = {question["key"] for question in run.seen["questions"]}
    return facts.answer_import(
        by=by, now=NOW, run_id=run.pk, answers={k: v for k, v in said.items() if k in asked}
    )


def figures(metric: str) -> dict[tuple[str, date, date], float]:
    rows = Value.objects.filter(metric__code=metric, withdrawn_at__isnull=True).order_by("known_at")
    return {
        (value.party.name if value.party else "", value.starts_on, value.ends_on): (value.low or 0)
        / 10**4
        for value in rows.select_related("party")
    }


def test_a_dirty_month_comes_in_with_its_units_months_and_texts(
    keeper: Actor, firms: list[Party], tmp_path: Path
) -> None:
    run = preview(keeper, write(tmp_path / "m.xlsx", ("十月", month(ROWS)), merged=MERGED))
    assert (run.layout, run.period, run.read, run.rejected) == ("indicators", "2026年10月", 6, 0)
    assert run.left_out == 1
    run = answered(keeper, run)
    facts.commit_import(by=keeper, now=NOW, run_id=run.pk)
    month_, year = months_of(2026, 10, 10), months_of(2026, 1, 10)
    assert figures("operating_revenue") == {
        (NAMES[0], month_.starts_on, month_.ends_on): 100.5,
        (NAMES[0], year.starts_on, year.ends_on): 1000.25,
        (NAMES[1], month_.starts_on, month_.ends_on): 123,
        (NAMES[1], year.starts_on, year.ends_on): 12,
    }
    assert figures("electricity_use") == {
        (NAMES[0], month_.starts_on, month_.ends_on): 1.2,
        (NAMES[1], month_.starts_on, month_.ends_on): 12.5,
    }


def test_dashes_are_asked_about_once_for_a_layout_and_then_known(
    keeper: Actor, firms: list[Party], tmp_path: Path
) -> None:
    run = preview(keeper, write(tmp_path / "m.xlsx", ("十月", month(ROWS)), merged=MERGED))
    assert {question["key"] for question in run.seen["questions"]} == {"dash", "blank", "before"}
    with pytest.raises(Refused):
        facts.commit_import(by=keeper, now=NOW, run_id=run.pk)
    run = answered(keeper, run, dash="zero")
    assert run.read == 8  # 本月 and 用电量 of the third are nought
    facts.commit_import(by=keeper, now=NOW, run_id=run.pk)
    rows = [
        [1, NAMES[0], CODES[0], 120.5, 1120.75, 900, 12500],
        [3, NAMES[2], CODES[2], "—", "—", "—", "—"],
    ]
    title = "2026年11月重点企业主要指标"
    path = write(tmp_path / "n.xlsx", ("十一月", month(rows, title=title)), merged=MERGED)
    done = facts.import_values(by=keeper, now=LATER, path=path)
    assert (done.state, done.read, done.created) == ("committed", 6, 6)


def test_the_year_before_is_taken_as_corrections_only_if_wanted(
    keeper: Actor, firms: list[Party], tmp_path: Path
) -> None:
    old = months_of(2025, 1, 10)
    facts.record_value(
        by=keeper, now=NOW - timedelta(days=9), metric=Metric.objects.get(code="operating_revenue"),
        period=old, number="890万元", party=firms[0], column="reported", source="去年",
    )  # fmt: skip
    run = preview(keeper, write(tmp_path / "m.xlsx", ("十月", month(ROWS)), merged=MERGED))
    assert run.updated == 0
    run = answered(keeper, run, before="yes")
    assert run.updated == 1
    row = run.rows.get(outcome="updated")
    assert (row.was, row.low) == (8_900_000, 9_000_000)


def test_a_year_sheet_is_of_its_year_and_a_level_of_its_last_day(
    keeper: Actor, firms: list[Party], tmp_path: Path
) -> None:
    rows: Cells = [["企业名称", "营业收入（千元）", "从业人员期末人数"], [NAMES[0], 5_000, 37]]
    run = facts.import_values(
        by=keeper, now=NOW, path=write(tmp_path / "2025年年报.xlsx", ("表", rows))
    )
    assert run.state == "committed"
    assert figures("operating_revenue") == {(NAMES[0], date(2025, 1, 1), date(2025, 12, 31)): 500}
    assert figures("employees") == {(NAMES[0], date(2025, 12, 31), date(2025, 12, 31)): 37}


def test_a_sheet_that_says_no_period_is_asked_for_it(
    keeper: Actor, firms: list[Party], tmp_path: Path
) -> None:
    rows: Cells = [["企业名称", "用电量"], [NAMES[0], 5]]
    run = preview(keeper, write(tmp_path / "x.xlsx", ("表", rows)))
    assert ([q["key"] for q in run.seen["questions"]], run.read) == (["period"], 0)
    run = facts.answer_import(by=keeper, now=NOW, run_id=run.pk, answers={}, period="2026年9月")
    assert run.created == 1
    with pytest.raises(Refused):
        facts.answer_import(by=keeper, now=NOW, run_id=run.pk, answers={}, period="去年")


def sheet_of(tmp_path: Path, *names: str) -> Path:
    rows: Cells = [["企业名称", "用电量（万千瓦时）"], *([name, 5] for name in names)]
    return write(tmp_path / "2026年10月.xlsx", ("表", rows))


@pytest.mark.parametrize(
    "written",
    [
        "济宁丙(集团)有限公司",
        " 济宁丙（集团）有限责任公司 ",
        "济宁丙 (集团) 有限责任公司",
        "老丙公司",
    ],
)
def test_a_name_written_otherwise_finds_its_firm(
    keeper: Actor, firms: list[Party], tmp_path: Path, written: str
) -> None:
    PartyName.objects.create(zone_id=keeper.zone_id, party=firms[2], kind="former", name="老丙公司")
    facts.import_values(by=keeper, now=NOW, path=sheet_of(tmp_path, written))
    assert Value.objects.get().party == firms[2]


def test_a_doubtful_name_is_chosen_once_and_known_next_time(
    keeper: Actor, firms: list[Party], tmp_path: Path
) -> None:
    run = preview(keeper, sheet_of(tmp_path, "济宁丁电子科技公司", NAMES[0]))
    assert (run.created, run.rejected) == (1, 1)
    (asked,) = run.seen["names"]
    assert firms[3].pk in [number for number, _words in asked["candidates"]]
    run = facts.choose_firms(
        by=keeper, now=NOW, run_id=run.pk, chosen={"济宁丁电子科技公司": firms[3].pk}
    )
    assert (run.created, run.rejected) == (2, 0)
    facts.commit_import(by=keeper, now=NOW, run_id=run.pk)
    again = preview(keeper, sheet_of(tmp_path, "济宁丁电子科技公司"), now=LATER)
    assert (again.unchanged, again.rejected) == (1, 0)


def test_two_firms_of_one_name_are_asked_about(
    keeper: Actor, firms: list[Party], tmp_path: Path
) -> None:
    twin = Party.objects.create(zone_id=keeper.zone_id, name=NAMES[0], credit_code=CODES[6])
    run = preview(keeper, sheet_of(tmp_path, NAMES[0]))
    assert run.rejected == 1
    assert {number for number, _ in run.seen["names"][0]["candidates"]} == {firms[0].pk, twin.pk}
    facts.choose_firms(by=keeper, now=NOW, run_id=run.pk, chosen={NAMES[0]: twin.pk})
    facts.commit_import(by=keeper, now=NOW, run_id=run.pk)
    assert Value.objects.get().party == twin


def test_a_person_s_word_on_a_name_holds_whatever_code_the_row_says(
    keeper: Actor, firms: list[Party], tmp_path: Path
) -> None:
    rows: Cells = [["企业名称", "统一社会信用代码", "用电量（万千瓦时）"], [NAMES[0], CODES[5], 5]]
    run = preview(keeper, write(tmp_path / "2026年10月.xlsx", ("表", rows)))
    assert (run.created, run.rejected) == (0, 1)
    run = facts.choose_firms(by=keeper, now=NOW, run_id=run.pk, chosen={NAMES[0]: firms[0].pk})
    assert (run.created, run.rejected) == (1, 0)


def test_a_firm_that_is_like_none_is_typed_by_code_or_name(
    of: Of, sign_in: SignIn, tmp_path: Path
) -> None:
    by = of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        for name, code in zip(NAMES, CODES, strict=False):
            Party.objects.create(zone_id=by.zone_id, name=name, credit_code=code)
        run = preview(by, sheet_of(tmp_path, "某某", "甲乙丙丁"))
    browser = sign_in("east-statistics")
    page = f"/indicators/import/{run.pk}/"
    assert b'name="typed-1"' in browser.get(page).content
    said = {
        "name-0": "某某",
        "typed-0": CODES[1].lower(),
        "name-1": "甲乙丙丁",
        "typed-1": NAMES[3],
    }
    wrong = browser.post(f"{page}firms/", {**said, "typed-1": "没有这家"})
    assert (wrong.status_code, "没有这家" in wrong.content.decode()) == (422, True)
    assert browser.post(f"{page}firms/", said).status_code == 302
    with acting(by):
        run.refresh_from_db()
        assert (run.created, run.rejected) == (2, 0)


def test_a_sheet_that_waits_for_nothing_is_not_resumed(
    of: Of, sign_in: SignIn, tmp_path: Path
) -> None:
    by = of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        run = preview(by, sheet_of(tmp_path, NAMES[0]))
        stopped = FactImport.objects.create(
            zone_id=by.zone_id, post_id=by.post_id, file=run.file, file_name="x.xlsx",
            state="running", goal="look", at=NOW,
        )  # fmt: skip
    browser, api = sign_in("east-statistics"), "/api/v1/values/imports"
    assert browser.post(f"{api}/{run.pk}/resume").status_code == 422
    assert browser.post(f"{api}/{stopped.pk}/resume").json()["state"] == "queued"
    assert sign_in("west-statistics").post(f"{api}/{stopped.pk}/resume").status_code == 404


def test_a_firm_of_another_zone_is_neither_matched_nor_chosen(of: Of, tmp_path: Path) -> None:
    east, west = of("east-statistics"), of("west-statistics")
    with acting(west):
        theirs = Party.objects.create(
            zone_id=west.zone_id, name="济宁西区有限公司", credit_code=CODES[7]
        )
    with acting(east):
        facts.seed_metrics(by=east, now=NOW)
        mine = Party.objects.create(zone_id=east.zone_id, name=NAMES[0])
        run = preview(east, sheet_of(tmp_path, "济宁西区有限公司", "老甲"))
        assert (run.rejected, run.seen["names"][0]["candidates"]) == (2, ())
        with pytest.raises(Refused):
            facts.choose_firms(
                by=east, now=NOW, run_id=run.pk, chosen={"济宁西区有限公司": theirs.pk}
            )
        facts.choose_firms(by=east, now=NOW, run_id=run.pk, chosen={"老甲": mine.pk})
    with acting(west):
        assert not FirmAlias.objects.exists()
        with pytest.raises(Refused):
            facts.answer_import(by=west, now=NOW, run_id=run.pk, answers={"dash": "zero"})


def test_every_sheet_of_a_workbook_is_read_or_left_out_with_a_reason(
    keeper: Actor, firms: list[Party], tmp_path: Path
) -> None:
    power: Cells = [["企业名称", "用电量（万千瓦时）"], [NAMES[1], 7]]
    path = write(
        tmp_path / "2026年10月.xlsx",
        ("指标", month(ROWS)), ("用电", power), ("说明", [["填报说明"], ["请按月填报"]]),
    )  # fmt: skip
    with path.open("rb") as stream:
        run = facts.preview_book(by=keeper, now=NOW, stream=stream, file_name=path.name)
    told = {one["name"]: one for one in run.seen["sheets"]}
    assert set(told) | {run.sheet} == {"指标", "用电", "说明"}
    assert told["说明"]["why"]
    other = FactImport.objects.get(pk=told["用电"]["run"])
    assert (other.created, other.period) == (1, "2026年10月")


@pytest.mark.parametrize(
    ("cell", "words"),
    [(10**18, "超出"), (-5, "低于零"), ("很多", "很多"), ("3万美元", "美元"), (True, "")],
)
def test_a_figure_that_cannot_be_is_rejected_with_number_and_reason(
    keeper: Actor, firms: list[Party], tmp_path: Path, cell: object, words: str
) -> None:
    rows: Cells = [["企业名称", "总产值（万元）"], [NAMES[0], cell], [NAMES[1], 3]]
    run = preview(keeper, write(tmp_path / "2026年10月.xlsx", ("表", rows)))
    assert (run.read, run.created, run.rejected) == (2, 1, 1)
    row = run.rows.get(outcome="rejected")
    assert (row.row_no, bool(row.advice)) == (2, True)
    assert words in row.reason


def test_a_firm_said_twice_is_taken_once(keeper: Actor, firms: list[Party], tmp_path: Path) -> None:
    rows: Cells = [["企业名称", "用电量（万千瓦时）"], [NAMES[0], 5], [NAMES[0], 5], [NAMES[0], 6]]
    run = preview(keeper, write(tmp_path / "2026年10月.xlsx", ("表", rows)))
    assert (run.created, run.unchanged, run.rejected) == (1, 1, 1)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_a_sheet_leaves_open_is_asked_on_its_page_and_by_the_api(
    of: Of, sign_in: SignIn, tmp_path: Path, language: str
) -> None:
    by = of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        for name, code in zip(NAMES, CODES, strict=False):
            Party.objects.create(zone_id=by.zone_id, name=name, credit_code=code)
    browser = sign_in("east-statistics")
    browser.cookies["django_language"] = language
    rows = [*ROWS, [4, "济宁丁电子科技公司", None, 5, 50, 4, 3]]
    path = write(tmp_path / "m.xlsx", ("十月", month(rows)), ("空", [["说明"]]), merged=MERGED)
    with path.open("rb") as paper:
        answer = browser.post("/indicators/import/", {"paper": paper, "column": "reported"})
    page = answer.headers["Location"]
    assert browser.get(page).status_code == 200
    said = {"dash": "missing", "blank": "missing", "before": "no"}
    assert browser.post(f"{page}answer/", said).status_code == 302
    with acting(by):
        run = FactImport.objects.latest("id")
        candidate = run.seen["names"][0]["candidates"][0][0]
    chosen = {"name-0": "济宁丁电子科技公司", "firm-0": str(candidate)}
    assert browser.post(f"{page}firms/", chosen).status_code == 302
    assert browser.post(f"{page}firms/", {}).status_code == 422
    assert browser.post(f"{page}confirm/", {"warning": "slip", "reason": "x"}).status_code == 422
    assert browser.post(f"{page}leave/", {"row": "5", "place": "没有"}).status_code == 422
    api = f"/api/v1/values/imports/{run.pk}"
    told = browser.get(api).json()
    assert (told["open"], told["created"], told["period"]) == ([], 9, "2026年10月")
    assert browser.post(f"{api}/commit").json()["state"] == "committed"
    assert browser.get(page).status_code == 200
    for door in ("answer", "firms", "confirm", "leave-out"):
        wrong = browser.post(f"{api}/{door}", "{}", content_type="application/json")
        assert wrong.status_code == 422, door
    west = sign_in("west-statistics")
    for door in ("answer", "firms", "confirm", "leave", "commit", "again"):
        assert west.post(f"{page}{door}/", said).status_code in (404, 422), door
    assert west.get(f"{page}progress/").status_code == 404
