"""A bureau's month: a dirty sheet is answered, matched, confirmed and written; the next asks nothing."""

import os
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import People
from tests.server import Server, served
from xiaoer.base.tables.cells import Cell
from xiaoer.base.tests.dirty_sheets import write_workbook

LAST_YEAR = date.today().year - 1  # months that are over whenever this runs
FIRMS = ("济宁甲机械有限公司", "济宁乙化工有限公司", "济宁丙电子有限公司")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("town", "month_sheet") as running:
        yield running


def month(folder: Path, number: int, rows: Sequence[Sequence[object]]) -> Path:
    """A form with a title, a unit above, headings of two storeys and a total."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in (
        [f"{LAST_YEAR}年{number}月重点企业主要指标", None, None, None],
        ["单位：万元", None, None, None],
        ["单位名称", "工业总产值", None, "用电量(千瓦时)"],
        [None, "本月", "本年累计", None],
        *rows,
        ["合计", 999, 9999, 1],
    ):
        page.append(list(row))
    for area in ("A1:D1", "A3:A4", "B3:C3", "D3:D4"):
        page.merge_cells(area)
    path = folder / f"{number}月.xlsx"
    book.save(path)
    return path


def bring(page: Page, server: Server, path: Path) -> None:
    page.goto(f"{server.address}/indicators/import/")
    page.set_input_files("input[name=paper]", path)
    page.get_by_role("button", name="读表并预览每一行").click()
    page.wait_for_url(re.compile(r"/indicators/import/\d+/$"))


def shot(page: Page, name: str) -> None:
    """Pictures for whoever wants to look, where the folder is named."""
    if folder := os.environ.get("XIAOER_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state("networkidle")


def test_a_dirty_month_is_answered_confirmed_and_written_and_the_next_asks_nothing(
    server: Server, person: People, tmp_path: Path
) -> None:
    desk = person.signed_in(server.address, "east-admin")
    heads: list[list[Cell]] = [["企业名称"]]
    heads += [[name] for name in FIRMS]
    desk.goto(f"{server.address}/imports/new/")
    desk.set_input_files("input[name=paper]", write_workbook(tmp_path / "名录.xlsx", heads))
    press(desk, "读取表格")
    press(desk, re.compile("全部导入"))
    expect(desk.get_by_text("已导入").first).to_be_visible()

    page = person.signed_in(server.address, "east-statistics")
    september = [[FIRMS[0], 100, 900, 5000], [FIRMS[1], "2,000", "18,000", 7000]]
    bring(page, server, month(tmp_path, 9, september))
    press(page, re.compile("写入"))
    expect(page.get_by_text("已导入").first).to_be_visible()

    # October: a dash, a name written otherwise, and a figure ten times too large.
    october = [
        [FIRMS[0], 1010, 1910, 5100],
        [FIRMS[1], 2100, 20100, "—"],
        ["济宁丙电子科技公司", 5, 9, 3],
    ]
    bring(page, server, month(tmp_path, 10, october))
    expect(page.get_by_role("button", name=re.compile("写入"))).to_have_count(0)
    shot(page, "month-asks")
    page.get_by_role("group", name=re.compile("是什么意思")).get_by_text("未知").click()
    press(page, "答复并重新判断")
    meant = page.get_by_role("combobox", name=re.compile("济宁丙电子科技公司"))
    meant.select_option(label=FIRMS[2])
    press(page, "记住并重新判断")
    # What is typed before the new page is there would go with the old one.
    expect(meant).to_have_count(0)
    expect(page.get_by_text("上期相差十倍").first).to_be_visible()
    shot(page, "month-warns")
    page.get_by_label("确认无误的理由").fill("扩产，已电话核实")
    press(page, re.compile("确认这"))
    expect(page.get_by_text("扩产，已电话核实")).to_be_visible()
    press(page, re.compile("写入"))
    expect(page.get_by_text("已导入").first).to_be_visible()
    shot(page, "month-written")

    november = [
        [FIRMS[0], 1000, 2910, 5200],
        [FIRMS[1], 2200, 22300, "—"],
        ["济宁丙电子科技公司", 6, 15, 3.2],
    ]
    bring(page, server, month(tmp_path, 11, november))
    shot(page, "month-next")
    press(page, re.compile("写入"))
    expect(page.get_by_text("已导入").first).to_be_visible()
