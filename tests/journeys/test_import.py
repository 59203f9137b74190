"""A dirty sheet of enterprises: corrected, looked at, its good rows brought in, and taken back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.journeys.conftest import People
from tests.server import Server, served
from xiaoer.base.tables.cells import Cell
from xiaoer.base.tests.dirty_sheets import write_workbook
from xiaoer.registry.codes import make_credit_code

CODES = [make_credit_code("370800", number) for number in range(1, 8)]


def dirty_rows() -> list[list[Cell]]:
    """As offices send them: a title above, an unknown heading, a total below, values as they come."""
    return [
        ["某园区企业名录（2026年）", "", "", "", ""],
        ["序号", "单位名称", "编号甲", "注册资本（万元）", "成立日期"],
        [1, "济宁甲一机械有限公司", CODES[0], "300(万元人民币)", "2018年3月5日"],
        [2, "济宁甲二机械有限公司 ", CODES[1] + " ", "5,688(万元人民币)", "20180305"],
        [3, "济宁甲三（集团）公司", CODES[2], "100万美元", "2018.3.5"],
        [4, "济宁甲四机械有限公司", "370800", "N/A", "2018-03-05"],
        [5, "济宁甲五机械有限公司", CODES[4], "很多", "2018-02-30"],
        [6, "济宁甲一机械有限公司", CODES[0], "300", "2018-03-05"],
        ["", "合计", "", 9999, ""],
    ]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("town", "import") as running:
        yield running


def figures(page: Page) -> dict[str, str]:
    """The counts at the head of the page of a sheet."""
    names = page.locator(".facts dt").all_inner_texts()
    return dict(zip(names, page.locator(".facts dd").all_inner_texts(), strict=True))


def test_a_dirty_sheet_is_corrected_brought_in_and_taken_back(
    server: Server, person: People, tmp_path: Path
) -> None:
    sheet = write_workbook(tmp_path / "名录.xlsx", dirty_rows())
    page = person.signed_in(server.address, "east-desk")
    page.goto(f"{server.address}/imports/")
    page.get_by_role("link", name="导入一张表").first.click()
    page.set_input_files("input[name=paper]", sheet)
    page.get_by_role("button", name="读取表格").click()
    page.wait_for_url(re.compile(r"/imports/\d+/$"))

    # The codes stand under a heading nobody knows; a person says what it is.
    page.get_by_text("各列是什么").first.click()
    column = page.get_by_label("编号甲", exact=False)
    column.select_option(label="统一社会信用代码")
    page.get_by_role("button", name="重新预览各行").click()
    expect(page.locator(".facts")).to_contain_text("未收")
    expect(page.get_by_role("link", name="未收 3")).to_be_visible()
    told = figures(page)
    assert (told["读入"], told["新"]) == ("6", "3")

    # Each rejected row with its number and reason, on the page and as a sheet.
    expect(page.locator("tr", has_text="很多")).to_contain_text("7")
    expect(page.locator("tr", has_text="重复")).to_contain_text("第 3 行")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 xlsx").click()
    download.value.save_as(tmp_path / "reasons.xlsx")
    book = load_workbook(tmp_path / "reasons.xlsx").worksheets[0]
    assert [line[3].value for line in book.iter_rows(min_row=2)] == [6, 7, 8]

    # Not all rows can be brought in; the good ones can.
    expect(page.get_by_role("button", name="全部导入")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="导入 3 行合格的").click()
    page.locator("dialog").get_by_role("button").last.click()
    page.get_by_role("link", name="济宁甲一机械有限公司").click()
    expect(page.locator("h1")).to_contain_text("济宁甲一机械有限公司")
    page.go_back()

    page.get_by_role("button", name="撤回").click()
    page.locator("dialog").get_by_role("button").last.click()
    expect(page.get_by_text("移除企业 3 家")).to_be_visible()
    page.goto(f"{server.address}/enterprises/?only=outside&q=济宁甲一")
    expect(page.get_by_role("link", name="济宁甲一机械有限公司")).to_have_count(0)


def test_a_layout_once_matched_is_not_asked_for_again(
    server: Server, person: People, tmp_path: Path
) -> None:
    rows = [["甲列", "乙列"], ["济宁丙厂", "370800"]]
    page = person.signed_in(server.address, "east-desk")
    for round_ in (1, 2):
        sheet = write_workbook(tmp_path / f"{round_}.xlsx", [*rows, [f"济宁丙{round_}厂", ""]])
        page.goto(f"{server.address}/imports/new/")
        page.set_input_files("input[name=paper]", sheet)
        page.get_by_role("button", name="读取表格").click()
        page.wait_for_url(re.compile(r"/imports/\d+/$"))
        if round_ == 1:
            expect(page.get_by_text("没有找到")).to_be_visible()
            page.locator("select[name=column-0]").select_option("name")
            page.get_by_role("button", name="重新预览各行").click()
        expect(page.get_by_role("button", name="全部导入 2 行")).to_be_visible()


# A part of a page as progress is shown: asked for again and again, with something to press in it.
PART = """
<div id="part" hx-get="/part" hx-trigger="every 100ms" hx-swap="outerHTML"><a href="#stopped">停下</a></div>
"""
SHOW = "html => { page.insertAdjacentHTML('afterbegin', html); htmx.process(document.getElementById('part')); }"


def test_what_the_clock_draws_anew_takes_no_tap(server: Server, person: People) -> None:
    page = person.signed_in(server.address, "east-admin")
    page.route("**/part", lambda route: route.fulfill(content_type="text/html", body=PART))
    page.evaluate(SHOW, PART)
    page.get_by_role("link", name="停下").hover()
    page.mouse.down()
    for _round in range(3):
        page.wait_for_event("response", lambda answer: answer.url.endswith("/part"))
    page.mouse.up()
    page.wait_for_url("**#stopped")
