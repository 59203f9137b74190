"""A rule is written, mended by a press, given a case, asked for, and released by somebody else."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import People
from tests.server import Server, served


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("town", "rules") as server:
        yield server


def test_one_writes_a_rule_and_another_releases_it(server: Server, person: People) -> None:
    page = person.signed_in(server.address, "east-economy")
    page.goto(f"{server.address}/rules/add/")
    page.fill("#field-name", "营收达线")
    page.fill("#field-code", "revenue_line")
    page.select_option("#field-kind", "other")
    page.get_by_role("button", name="建立并写条款").click()

    page.locator("[data-add=clause]").click()
    clause = page.locator("#clauses > .clause").last
    clause.locator("input[name^=name-]").fill("上年营业收入 ≥ 1,500 万元")
    clause.locator("textarea").fill("revenu_cny_y1 >= 15000000")
    expect(clause.locator("mark")).to_have_text("revenu_cny_y1")
    clause.locator("[data-repair]").click()
    expect(clause.locator(".wrongs")).to_be_empty()
    expect(clause.locator(".four .count").first).to_be_visible()

    page.select_option("#field-mark", "A")
    page.get_by_role("button", name="存草稿").click()
    expect(page.locator("#messages")).to_contain_text("草稿已存")
    page.get_by_role("link", name="加用例").click()
    page.fill("#field-name", "恰好达线")
    page.fill("#field-fact-revenue_cny_y1", "1500万")
    page.get_by_role("button", name="存用例").click()
    expect(page.locator("#case-list")).to_contain_text("恰好达线")
    page.get_by_role("button", name="请人复核发布").click()
    expect(page.get_by_role("button", name="发布，还差")).to_be_visible()

    second = person.signed_in(server.address, "east-statistics")
    second.goto(page.url)
    second.get_by_role("button", name="发布", exact=True).first.click()
    expect(second.locator(".facts")).to_contain_text("现行")
