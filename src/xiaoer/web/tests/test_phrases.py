"""Chinese phrases fill in what their English does; a bare per cent sign breaks a page."""

import runpy
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[4]
misfits = runpy.run_path(str(ROOT / "tools" / "phrases.py"))["misfits"]

PAIRS = [
    ("%(num)s of them", "%(num)s 家", 0),
    ("%(num)s of them", "%(count)s 家", 1),
    ("%(num)s of them", "全部", 1),
    ("per cent", "占比%", 1),
    ("%(share)s%% of all", "占%(share)s%%", 0),
    ("%(share)s%% of all", "占%(share)s%", 1),
    ("percent of the mean", "%%（相对平均）", 0),
    (("%(num)s month", "%(num)s months"), ("%(num)s 个月",), 0),
    (("one month", "%(num)s months"), ("%(num)s 个月",), 0),
    (("%(num)s month", "%(num)s months"), ("%(months)s 个月",), 1),
]


@pytest.mark.parametrize(("english", "chinese", "count"), PAIRS)
def test_a_phrase_with_other_places_is_found(
    english: str | tuple[str, str], chinese: str | tuple[str], count: int
) -> None:
    catalog = Catalog(locale="zh_Hans")
    catalog.add(english, chinese)
    assert len(misfits(catalog)) == count


def test_our_own_phrases_fit() -> None:
    assert misfits() == []
