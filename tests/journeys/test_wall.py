"""The wall in a real browser: names that do not cover one another, keys, and what it says when it is old."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import People
from tests.journeys.test_loop import told
from tests.server import Server, served
from tests.walled import FILL

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
BOXES = """() => [...document.querySelectorAll('.parcels .name')].map((one) => {
  const box = one.getBoundingClientRect();
  return [box.left, box.right, box.top + 3, box.bottom - 3];
})"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("town", "wall") as server:
        told(server, FILL, "120", "20")
        yield server


def drawn(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".parcels .name").first).to_be_visible()


def test_names_on_the_map_cover_no_other_and_red_ones_are_there(
    server: Server, person: People
) -> None:
    page = person.signed_in(server.address, "east-leader")
    drawn(page, f"{server.address}/projects/wall/")
    for _closer in range(2):
        page.wait_for_timeout(300)
        boxes = page.evaluate(BOXES)
        assert len(boxes) > 8
        for (left, right, top, bottom), (west, east, north, south) in itertools.combinations(
            boxes, 2
        ):
            assert right <= west + 2 or east <= left + 2 or bottom <= north or south <= top
        page.locator("[data-zoom=in]").click()
    assert page.locator(".parcels .name.red").count() > 0


def test_keys_walk_the_map_and_axe_finds_nothing(server: Server, person: People) -> None:
    page = person.signed_in(server.address, "east-leader")
    drawn(page, f"{server.address}/projects/wall/")
    figure = page.locator("[data-wall]")
    figure.focus()
    figure.press("n")
    expect(page.locator("[data-card]")).to_be_visible()
    assert (
        page.evaluate(AXE + "; axe.run().then((found) => found.violations.map((one) => one.id))")
        == []
    )
    figure.press("Escape")
    expect(page.locator("[data-card]")).to_be_hidden()


def test_the_screen_says_when_it_is_cut_off_or_signed_out_and_recovers(
    server: Server, person: People
) -> None:
    page = person.signed_in(server.address, "east-leader")
    page.clock.install()
    drawn(page, f"{server.address}/projects/wall/screen/")
    state = page.locator("[data-state]")
    page.context.set_offline(True)
    page.clock.fast_forward(61_000)
    expect(state).to_contain_text("已断开")
    expect(page.locator(".parcels .spot").first).to_be_visible()
    page.context.set_offline(False)
    page.clock.fast_forward(30_000)
    expect(state).to_contain_text("更新")
    page.context.clear_cookies()
    page.clock.fast_forward(61_000)
    expect(state).to_contain_text("登录已过期")
    expect(page.locator(".wall-bars li").first).to_be_visible()


def test_only_rows_in_sight_are_in_the_gantt(server: Server, person: People) -> None:
    page = person.signed_in(server.address, "east-leader")
    page.goto(f"{server.address}/projects/gantt/")
    rows = page.locator(".gantt-row")
    expect(rows.first).to_be_visible()
    assert rows.count() < 60
    view = page.locator("[data-gantt]")
    view.focus()
    view.press("End")
    expect(page.locator(".gantt-row[aria-rowindex='120']")).to_be_visible()
    view.press("Home")
    view.press("ArrowRight")
    expect(page.locator(".gantt-row.is-step").first).to_be_visible()
