"""What tests of facts share: a keeper of figures, and sheets as offices hand them over."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts

PUBLISHED = Path(__file__).parents[2] / "demo" / "sheets" / "published_indicators.xlsx"
HEADS = (
    "区", "指标", "期间", "口径", "数值", "单位", "界限", "类别", "来源", "原文编号", "已知日期", "备注",
)  # fmt: skip
Sheet = Callable[..., Path]


@pytest.fixture
def keeper(of: Callable[[str], Actor]) -> Iterator[Actor]:
    """Statistics of the east, in scope, with the indicators defined."""
    by = of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        yield by


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """The sheet of published indicators, its 济宁经济技术开发区 being the east of the town."""
    book = openpyxl.load_workbook(PUBLISHED)
    page = book.worksheets[0]
    for row in page.iter_rows():
        if row[0].value == "济宁经济技术开发区":
            row[0].value = "东区"
    path = tmp_path / "published.xlsx"
    book.save(path)
    return path


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """``sheet(rows)`` writes a list of indicators with a title above and a note below."""

    def write(rows: Sequence[Sequence[object]], *, name: str = "list.xlsx") -> Path:
        book = openpyxl.Workbook()
        page = book.create_sheet("指标", 0)
        page.append(["各区主要指标"])
        page.append(HEADS)
        for row in rows:
            page.append(list(row))
        page.append(["说明：按各部门报送汇总。"])
        path = tmp_path / name
        book.save(path)
        return path

    return write
