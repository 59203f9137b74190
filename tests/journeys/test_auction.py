"""A hall with two bidders and somebody who watches: prices reach everybody, a bid is answered, nothing
is lost by a reload, by a second device or by a killed server.
"""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.conftest import People
from tests.journeys.test_loop import told
from tests.server import Server, served

# One lot in free bidding, with two firms admitted that somebody speaks for.
ARRANGE = """
import django
django.setup()
import json
from datetime import date
from tests.town import NOW, PASSWORD, actor
from xiaoer.assets.tests.halls import a_hall
from xiaoer.base import actions as base
from xiaoer.base.models import Role
from xiaoer.base.scope import acting

by, admin = actor("east-desk"), actor("east-admin")
with acting(by):
    hall = a_hall(by, 2, opens=-60, free=3600, ends=7200)
with acting(admin):
    for number, bidder in enumerate(hall.bidders, start=1):
        person = base.add_person(by=admin, now=NOW, name=f"代理{number}", phone="", work_no="")
        base.give_post(by=admin, now=NOW, person=person, role=Role.ENTERPRISE,
                       party_ref=bidder.party_id, since=date(2026, 1, 1))
        base.give_account(by=admin, now=NOW, person=person, username=f"bidder-{number}",
                          password=PASSWORD, must_change=False)
print(json.dumps({"lot": hall.lot.pk, "title": hall.lot.title}))
"""
ACCEPTED = re.compile(r"^\d\d:\d\d:\d\d\.\d{3} ")
STANDS = re.compile(r"^[\d,]+ 元 \d\d:\d\d:\d\d\.\d{3} 已受理，当前第 1")
TOLD = re.compile(ACCEPTED.pattern + "|没有到达服务器")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("town", "auction") as running:
        yield running


@pytest.fixture(scope="module")
def lot(server: Server) -> int:
    number: int = json.loads(told(server, ARRANGE))["lot"]
    return number


def desk(person: People, server: Server, lot: int, who: int, *, phone: bool = True) -> Page:
    page = person.signed_in(server.address, f"bidder-{who}", phone=phone)
    page.goto(f"{server.address}/my-auctions/{lot}/live/")
    expect(bid_button(page)).to_be_enabled()
    return page


def without_stream(page: Page) -> list[str]:
    """As behind a proxy that lets no stream through; what was kept back is listed."""
    kept_back: list[str] = []

    def refuse(route: Route) -> None:
        kept_back.append(route.request.url)
        route.abort()

    page.route("**/live/lots/*/stream", refuse)
    return kept_back


def bid_button(page: Page) -> Locator:
    return page.locator("[data-bid]")


def hold(page: Page) -> None:
    """Press the button as a finger does, until the page says that it sends."""
    box = bid_button(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    expect(page.locator("[data-answer]")).to_have_text(ACCEPTED)
    page.mouse.up()


def price(page: Page, words: str) -> None:
    expect(page.locator("[data-price]")).to_have_text(words)


def test_two_bid_and_one_watches(server: Server, person: People, lot: int) -> None:
    watcher = person.stranger()
    watcher.goto(f"{server.address}/auction/east/")
    watcher.get_by_role("link", name="数控车床").click()
    watcher.get_by_role("link", name="看竞价现场").click()
    price(watcher, "10,000")
    first, second = (desk(person, server, lot, who) for who in (1, 2))

    hold(first)
    expect(first.locator("[data-state-words]")).to_have_text("您领先")
    expect(bid_button(first)).to_be_disabled()
    price(watcher, "10,000")
    expect(watcher.locator("[data-ladder] li")).to_have_count(1)

    second.locator("[data-more]").click()
    expect(second.locator("[data-amount]")).to_have_value("11,000")
    hold(second)
    for page in (first, second, watcher):
        price(page, "11,000")
    expect(first.locator("[data-state-words]")).to_have_text("您被超过")
    expect(first.locator("[data-ladder] li.mine")).to_have_count(1)
    expect(watcher.locator("[data-ladder] li.mine")).to_have_count(0)


def test_what_was_bid_is_there_after_a_reload_and_on_another_device(
    server: Server, person: People, lot: int
) -> None:
    page = desk(person, server, lot, 1, phone=False)
    hold(page)
    expect(page.locator("[data-state-words]")).to_have_text("您领先")
    led, rungs = page.locator("[data-price]").inner_text(), page.locator("[data-ladder] li").count()
    page.reload()
    other = person.signed_in(server.address, "bidder-1", phone=True)
    other.goto(f"{server.address}/my-auctions/{lot}/live/")
    for device in (page, other):
        expect(device.locator("[data-answer]")).to_have_text(STANDS)
        price(device, led)
        expect(device.locator("[data-state-words]")).to_have_text("您领先")
        expect(device.locator("[data-ladder] li")).to_have_count(rungs)

    hold(desk(person, server, lot, 2))
    for device in (page, other):
        expect(device.locator("[data-state-words]")).to_have_text("您被超过")
        expect(device.locator("[data-answer]")).to_contain_text("当前第 2")
        expect(bid_button(device)).to_be_enabled()
    # What one device bids the other one leads with.
    hold(other)
    for device in (page, other):
        expect(device.locator("[data-state-words]")).to_have_text("您领先")
        expect(device.locator("[data-ladder] li")).to_have_count(rungs + 2)
        expect(bid_button(device)).to_be_disabled()


def test_where_no_stream_comes_through_the_page_asks(
    server: Server, person: People, lot: int
) -> None:
    watcher = person.stranger()
    page = person.signed_in(server.address, "bidder-2", phone=True)
    kept_back = [without_stream(one) for one in (watcher, page)]
    watcher.goto(f"{server.address}/auction/east/{lot}/live/")
    page.goto(f"{server.address}/my-auctions/{lot}/live/")
    expect(bid_button(page)).to_be_enabled()
    before = page.locator("[data-ladder] li").count()
    hold(page)
    expect(page.locator("[data-state-words]")).to_have_text("您领先")
    expect(watcher.locator("[data-ladder] li")).to_have_count(before + 1)
    price(watcher, page.locator("[data-price]").inner_text())

    other = desk(person, server, lot, 1)
    hold(other)
    expect(other.locator("[data-state-words]")).to_have_text("您领先")
    led = other.locator("[data-price]").inner_text()
    for one in (page, watcher):
        price(one, led)
        expect(one.locator("[data-ladder] li")).to_have_count(before + 2)
        expect(one.locator("[data-link]")).to_be_hidden()
    expect(page.locator("[data-state-words]")).to_have_text("您被超过")
    expect(bid_button(page)).to_be_enabled()
    assert all(kept_back)


def test_the_hall_fits_a_phone_and_is_worked_by_keys(
    server: Server, person: People, lot: int
) -> None:
    page = desk(person, server, lot, 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("[data-amount]").focus()
    shown = page.locator("[data-amount]").input_value()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-amount]")).not_to_have_value(shown)
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-amount]")).to_have_value(shown)
    page.locator("[data-amount]").fill("一万")
    page.keyboard.press("Enter")
    expect(page.locator("[data-answer]")).to_contain_text(f"已调为 {shown} 元")
    expect(page.locator("[data-amount]")).to_have_value(shown)
    expect(bid_button(page)).to_be_focused()
    # A slip of the finger is never taken for the most that may be bid.
    page.locator("[data-amount]").fill("1000000000000000000")
    page.keyboard.press("Enter")
    expect(page.locator("[data-answer]")).to_contain_text("请核对是否多输了零")
    expect(page.locator("[data-amount]")).to_have_value(shown)
    page.keyboard.down("Enter")
    expect(page.locator("[data-answer]")).to_have_text(ACCEPTED)
    page.keyboard.up("Enter")
    expect(bid_button(page)).to_be_disabled()
    # Overtaken, it is worked by keys again without being looked for.
    hold(desk(person, server, lot, 1))
    expect(bid_button(page)).to_be_enabled()
    expect(bid_button(page)).to_be_focused()
    page.keyboard.down("Enter")
    expect(page.locator("[data-state-words]")).to_have_text("您领先")
    page.keyboard.up("Enter")
    expect(page.locator("[data-sound]")).to_have_attribute("aria-pressed", "false")


def test_a_killed_server_says_so_and_the_bid_counts_once(
    server: Server, person: People, lot: int
) -> None:
    page = desk(person, server, lot, 1)
    before = page.locator("[data-ladder] li").count()
    server.kill()
    expect(page.locator("[data-link]")).to_be_visible()
    box = bid_button(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    expect(page.locator("[data-answer]")).to_contain_text("核实")
    page.mouse.up()
    server.start_again()
    # It is asked for as long as the page is patient; after that it says what became of it.
    expect(page.locator("[data-answer]")).to_have_text(TOLD, timeout=60_000)
    expect(page.locator("[data-link]")).to_be_hidden(timeout=60_000)
    if not ACCEPTED.match(page.locator("[data-answer]").inner_text()):
        expect(page.locator("[data-ladder] li")).to_have_count(before)
        hold(page)
    expect(page.locator("[data-ladder] li")).to_have_count(before + 1)


# A device whose clock was set wrong.
AN_HOUR_AHEAD = "const right = Date.now; Date.now = () => right() + 3_600_000;"


def test_a_phone_an_hour_ahead_bids_by_the_clock_of_the_server(
    server: Server, person: People, lot: int
) -> None:
    pages = [person.signed_in(server.address, f"bidder-{who}", phone=True) for who in (1, 2)]
    for page in pages:
        page.add_init_script(AN_HOUR_AHEAD)
        page.goto(f"{server.address}/my-auctions/{lot}/live/")
    page = next(one for one in pages if state_of(one) != "您领先")
    expect(page.locator("[data-offset]")).to_contain_text(re.compile(r"(3599|3600)\.\d"))
    expect(page.locator("[data-phase-words]")).to_have_text("自由竞价")
    expect(page.locator("[data-countdown]")).not_to_have_text("00:00")
    expect(bid_button(page)).to_be_enabled()
    hold(page)
    expect(page.locator("[data-state-words]")).to_have_text("您领先")


def state_of(page: Page) -> str:
    """How its bidder stands, as the page came from the server."""
    return page.locator("[data-state-words]").inner_text()
