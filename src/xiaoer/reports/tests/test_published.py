"""The table of published figures is whole, labelled in our words, and compares honestly."""

import csv
import hashlib
import re
import struct
import subprocess
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from xiaoer.base.bounds import Bound, at_least, exactly, more_than
from xiaoer.base.bounds import matches as agrees
from xiaoer.reports.published import (
    Published,
    Sign,
    Standing,
    articles,
    bound_of,
    dimension_words,
    matches,
    published_figure,
    published_figures,
    word,
)

LANGUAGES = ("zh-hans", "en")
LONGEST_QUOTE = 12
ROOT = Path(__file__).parents[4]
HEADS = [
    "区",
    "指标",
    "期间",
    "口径",
    "数值",
    "单位",
    "界限",
    "类别",
    "来源",
    "原文编号",
    "已知日期",
    "备注",
]


def figure(figure_id: str) -> Published:
    found = published_figure(figure_id)
    assert found is not None
    return found


def test_every_figure_the_articles_print_is_in_the_table() -> None:
    expected = [
        f"{seed}-{number:03}"
        for seed, count in (("000", 43), ("001", 77), ("002", 76), ("003", 41), ("004", 49))
        for number in range(1, count + 1)
    ]
    assert [one.id for one in published_figures()] == expected
    assert all(one.id.startswith(one.article) for one in published_figures())


def test_values_and_units_are_those_printed() -> None:
    lines = "\n".join(f"{one.id} {one.value} {one.unit}" for one in published_figures())
    assert sum(one.value for one in published_figures()) == Decimal("79304.839")
    assert (
        hashlib.sha256(lines.encode()).hexdigest()
        == "cc6467e47401b30c6928c5f4ad02e48cb0b70c6b7df4247e2a9712967a0fda05"
    )


def test_each_figure_has_one_standing() -> None:
    assert Counter(one.standing for one in published_figures()) == {
        Standing.IMPORT: 41,
        Standing.CASE: 49,
        Standing.RECORDS: 196,
    }


def test_only_figures_from_records_wait_for_a_room() -> None:
    waiting = [one for one in published_figures() if one.waits_for]
    assert {one.standing for one in waiting} == {Standing.RECORDS}
    open_rooms = {
        "grid", "visit", "appeal", "ladder", "techladder", "platform", "honour", "trade",
        "onething", "autoapprove", "acceptance", "servicehall", "site", "auction",
    }  # fmt: skip
    assert not {one.topic for one in waiting} & open_rooms
    answered = [one for one in published_figures() if one.standing is Standing.RECORDS]
    assert len(answered) - len(waiting) == 136


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_figures_of_an_article_share_a_label(language: str) -> None:
    labels = Counter((one.zone, one.article, one.label(language)) for one in published_figures())
    assert not [label for label, count in labels.items() if count > 1]
    assert all(one.label(language).strip() for one in published_figures())


def test_chinese_labels_are_chinese_and_english_ones_are_not() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert all(chinese.search(one.label_zh) for one in published_figures())
    assert not [one.id for one in published_figures() if chinese.search(one.label_en)]
    assert not [one.id for one in published_figures() if chinese.search(one.doubt_en)]


def test_a_doubt_is_told_in_both_languages() -> None:
    doubtful = [one for one in published_figures() if one.doubt("zh") or one.doubt("en")]
    assert len(doubtful) == 29
    assert all(one.doubt_zh and one.doubt_en for one in doubtful)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reader_meets_a_code_word(language: str) -> None:
    for one in published_figures():
        keys = {
            "metric": one.metric,
            "unit": one.unit,
            "kind": one.kind,
            "bound": one.sign,
            "standing": one.standing,
            "topic": one.topic,
            "zone": one.zone,
        }
        if one.waits_for:
            keys["room"] = one.waits_for
        if one.period_note:
            keys["period_note"] = one.period_note
        assert all(word(kind=kind, key=key, language=language) for kind, key in keys.items())
        assert len(dimension_words(one, language=language)) == len(one.dimensions)


def test_english_words_hold_no_chinese() -> None:
    for row in rows_of("words.csv")[1:]:
        assert not re.search(r"[\u4e00-\u9fff]", row[3]), row


def rows_of(name: str) -> list[list[str]]:
    text = files("xiaoer.reports.published").joinpath(name).read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))


def test_periods_run_forward_and_have_a_label() -> None:
    for one in published_figures():
        assert bool(one.period_end) == bool(one.period_label), one.id
        if one.period_start:
            assert one.period_end and one.period_start < one.period_end, one.id
        if not one.period_end:
            assert one.standing is Standing.CASE and one.period_note, one.id


def test_the_articles_are_five_and_dated() -> None:
    assert [one.seed for one in articles()] == ["000", "001", "002", "003", "004"]
    zones = {one.seed: one.zone for one in articles()}
    assert all(zones[one.article] == one.zone for one in published_figures())
    for one in articles():
        assert one.title("en") and one.title("zh") and one.source("en") and one.source("zh")
        assert word(kind="period_note", key=one.date_note, language="en")


def article_windows() -> frozenset[int]:
    """Checksums of every run of 13 characters in the articles, which are not ours to carry."""
    raw = (Path(__file__).parent / "article_windows.bin").read_bytes()
    return frozenset(struct.unpack(f">{len(raw) // 4}I", raw))


def copied(text: str, windows: frozenset[int]) -> bool:
    text = re.sub(r"\s", "", text)
    size = LONGEST_QUOTE + 1
    runs = (text[start : start + size] for start in range(len(text) - size + 1))
    return any(checksum(run) in windows for run in runs)


def checksum(run: str) -> int:
    return int.from_bytes(hashlib.sha256(run.encode()).digest()[:4], "big")


def test_nothing_longer_than_twelve_characters_is_copied_from_the_articles() -> None:
    windows = article_windows()
    texts = [
        cell
        for name in ("figures.csv", "words.csv", "articles.csv")
        for row in rows_of(name)
        for cell in row
    ]
    texts += [str(cell) for row in sheet_rows(SHEET) for cell in row]
    assert not [text for text in texts if copied(text, windows)]


@given(st.decimals(min_value=-1000, max_value=100_000, places=6), st.integers(0, 3))
def test_an_exact_print_agrees_with_what_rounds_to_it(ours: Decimal, decimals: int) -> None:
    step = Decimal(1).scaleb(-decimals)
    printed = ours.quantize(step, ROUND_HALF_UP)
    assert agrees(bound_of(Sign.EQ, printed), decimals, ours)
    assert not agrees(bound_of(Sign.EQ, printed + step), decimals, ours)


@given(st.integers(1, 10_000), st.integers(0, 20_000))
def test_bounds_are_what_they_say(printed: int, ours: int) -> None:
    def holds(sign: Sign) -> bool | None:
        return agrees(bound_of(sign, Decimal(printed)), 0, Decimal(ours))

    assert holds(Sign.GE) == (ours >= printed)
    assert holds(Sign.GT) == (ours > printed)
    assert holds(Sign.LE) == (ours <= printed)
    assert holds(Sign.APPROX) == (abs(ours - printed) * 10 <= printed)


ENDS = st.one_of(st.none(), st.integers(0, 6).map(Decimal))
BOUNDS = st.builds(Bound, ENDS, ENDS, st.booleans(), st.booleans())


@given(BOUNDS, BOUNDS, st.integers(0, 12))
def test_what_lies_in_a_bound_that_is_covered_lies_in_the_one_that_covers(
    wide: Bound, narrow: Bound, halves: int
) -> None:
    value = Decimal(halves) / 2
    if wide.covers(narrow) and narrow.holds(value):
        assert wide.holds(value)


def test_a_bound_of_ours_agrees_only_where_it_claims_no_less_than_the_print() -> None:
    over_thirty = figure("002-054")
    assert matches(over_thirty, more_than(Decimal(30))) is True
    assert matches(over_thirty, at_least(Decimal(31))) is True
    assert matches(over_thirty, at_least(Decimal(30))) is False
    assert matches(over_thirty, exactly(Decimal(31))) is True
    assert matches(figure("003-024"), at_least(Decimal(2363))) is False


def test_a_rate_printed_without_decimals_agrees_with_the_exact_rate() -> None:
    assert matches(figure("001-046"), Decimal(19) / Decimal(51) * 100) is True
    assert matches(figure("001-046"), 38) is False


def test_a_missing_answer_is_neither_right_nor_wrong() -> None:
    assert matches(figure("003-024"), None) is None
    assert matches(figure("003-024"), 2363) is True
    assert matches(figure("003-024"), 2362) is False


def test_a_case_never_matches() -> None:
    assert matches(figure("002-003"), 1477) is None


def test_a_number_shows_its_bound_and_its_printed_decimals() -> None:
    assert figure("001-018").printed == "244.359"
    assert figure("003-024").printed == "2,363"
    assert figure("000-012").printed == "≥20"
    assert figure("002-054").printed == ">30"
    assert figure("002-054").shown == ">\u200930"


SHEET = ROOT / "src/xiaoer/demo/sheets/published_indicators.xlsx"


def sheet_rows(path: Path) -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()]


def test_the_sheet_to_import_holds_exactly_the_imported_figures() -> None:
    title, heads, *lines, notes = sheet_rows(SHEET)
    assert heads == HEADS
    assert title[0] and not any(title[1:])
    assert notes[0] and not any(notes[1:])
    imported = [one for one in published_figures() if one.standing is Standing.IMPORT]
    number, value = HEADS.index("原文编号"), HEADS.index("数值")
    assert [(line[number], Decimal(str(line[value]))) for line in lines] == [
        (one.id, one.value) for one in imported
    ]


def test_one_metric_in_one_period_has_one_value_in_the_sheet() -> None:
    _, _, *lines, _ = sheet_rows(SHEET)
    seen = Counter(tuple(line[:4]) for line in lines)
    again = [key for key, count in seen.items() if count > 1]
    repeated = figure("001-035")
    assert repeated.dimension("repeat_of") == "001-006"
    metric = word(kind="metric", key=repeated.metric, language="zh")
    assert again == [("济宁经济技术开发区", metric, "2022年1-8月", "增速")]


def test_the_sheet_is_what_its_maker_makes(tmp_path: Path) -> None:
    made = tmp_path / "made.xlsx"
    maker = ROOT / "tools/make_published_sheet.py"
    subprocess.run([sys.executable, maker, made], check=True, env={"PYTHONPATH": ROOT / "src"})
    assert sheet_rows(made) == sheet_rows(SHEET)
