"""Somebody with a telephone and no account opens a restaurant: from the question to the receipt."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.journeys.conftest import People
from tests.server import Server, served
from xiaoer.registry.codes import make_credit_code

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
TYPED = {
    "credit_code": make_credit_code("370800", 77),
    "area_m2": "120",
    "contact_phone": "139 0000 0009",
    "ready_on": "2026年12月1日",
    "seats": "30",
    "staff_count": "5",
    "nearest_outlet": "200",
    "applicant_name": "泗河小饭店",
    "contact_name": "张三",
}
MOST_PAGES = 40


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("town", "applying") as server:
        yield server


def look(page: Page) -> None:
    """No axe violation, and nothing wider than the telephone."""
    page.evaluate(AXE)
    wrong = page.evaluate(
        "axe.run().then(all => all.violations.map(one => [one.id, one.nodes[0].html.slice(0, 160)]))"
    )
    assert wrong == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


def other_than(here: str) -> Callable[[str], bool]:
    return lambda url: url != here


def go_on(page: Page) -> None:
    """Press the one primary verb, and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator("main .btn-primary").first.click()


def fill(page: Page) -> None:
    """Fill in whatever stands on the page."""
    for box in page.locator("main input[type=text], main input[type=tel], main textarea").all():
        name = box.get_attribute("name") or ""
        box.fill(TYPED.get(name, "张三饭店"))
    for choices in page.locator("main fieldset").all():
        choices.locator("input").first.check()


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A paper as a phone takes it."""
    kept, path = BytesIO(), tmp_path_factory.mktemp("papers") / "photo.jpg"
    Image.new("RGB", (400, 300), "white").save(kept, "JPEG")
    path.write_bytes(kept.getvalue())
    return path


def press(page: Page, verb: str) -> None:
    """Press a button of a page without scripts: each answer is a page."""
    with page.expect_navigation():
        page.get_by_role("button", name=verb).first.click()


def fill_all(page: Page, home: str, photo: Path) -> None:
    """Whatever the list of what is to do names, one page after the other."""
    for _page in range(MOST_PAGES):
        page.goto(home)
        todo = page.locator(".tasks li", has_text="待办").locator("a")
        if not todo.count():
            return
        with page.expect_navigation():
            todo.first.click()
        if page.locator("input[type=file]").count():
            page.set_input_files("input[type=file]", photo)
        else:
            fill(page)
        go_on(page)


def test_without_scripts_a_stranger_applies_and_answers_the_supplement(
    server: Server, person: People, photo: Path
) -> None:
    page = person.stranger(phone=True, scripts=False)
    page.goto(f"{server.address}/services/east/open_restaurant/")
    go_on(page)
    go_on(page)  # nothing chosen: said so, on the same question
    assert "请选一项" in page.inner_text("main [role=alert]")
    while "/questions/" in page.url:
        page.locator(".one-question input").last.check()
        go_on(page)
        assert not page.locator("main [role=alert]").count(), page.url
    go_on(page)
    page.fill("#field-contact_name", "李四")
    page.fill("#field-contact_phone", "12")
    press(page, "开始申请")
    assert "手机号" in page.inner_text("#error-contact_phone")
    page.fill("#field-contact_phone", "139 0000 0008")
    press(page, "开始申请")
    home = page.url.split("?")[0]
    fill_all(page, home, photo)
    page.get_by_role("link", name="核对并提交").click()
    press(page, "提交申请")
    number = page.inner_text("#receipt .figure")
    assert number.startswith("BJ-")
    page.go_back()  # back on "check": what is sent is not sent twice
    page.reload()
    assert number in page.content()
    # The desk asks for one paper anew.
    desk = person.signed_in(server.address, "east-desk")
    desk.goto(f"{server.address}/cases/desk/")
    desk.locator("main tr", has_text=number).locator("a").first.click()
    desk.wait_for_url("**/cases/*/")
    desk.goto(f"{desk.url.split('?')[0]}supplement/")
    desk.locator("input[name^=why-]").first.fill("照片是空白的，请重拍")
    desk.locator("input[name=what_to_do]").check()
    here = desk.url
    desk.locator("main .btn-primary").first.click()
    desk.wait_for_url(other_than(here))
    # Number and telephone tell that something is to be brought; the link lets it be brought.
    page.goto(f"{server.address}/services/east/track/")
    page.fill("#field-number", number)
    page.fill("#field-phone", "13900000007")
    press(page, "查询")
    wrong_phone = page.inner_text("#error-number")
    page.fill("#field-number", "BJ-2026-999999")
    press(page, "查询")
    assert page.inner_text("#error-number") == wrong_phone
    page.fill("#field-number", number)
    page.fill("#field-phone", "13900000008")
    press(page, "查询")
    assert "补正" in page.inner_text("main")
    page.goto(home)
    with page.expect_navigation():
        page.locator("#supplement a").first.click()
    page.set_input_files("input[type=file]", photo)
    go_on(page)
    page.goto(home)
    press(page, "补正完成，提交")
    assert page.locator("#supplement").count() == 0


def test_a_stranger_opens_a_restaurant_and_follows_it(
    server: Server, person: People, photo: Path
) -> None:
    page = person.stranger(phone=True)
    page.goto(f"{server.address}/services/east/?q=餐饮")
    look(page)
    page.get_by_role("link", name="开办餐饮店").click()
    page.wait_for_url("**/open_restaurant/")
    look(page)
    go_on(page)
    look(page)
    while "/questions/" in page.url:
        page.locator(".one-question input").last.check()
        go_on(page)
    look(page)
    go_on(page)
    look(page)
    page.fill("#field-contact_name", "张三")
    page.fill("#field-contact_phone", "139 0000 0009")
    page.get_by_role("button", name="开始申请").click()
    page.wait_for_url("**/services/apply/**")
    look(page)
    number = re.search(r"CG-[0-9A-Z]{4}-[0-9A-Z]{4}", page.content())
    assert number is not None
    # The page is closed, the link is lost; number and telephone find it again.
    page.goto(f"{server.address}/services/east/track/")
    look(page)
    page.fill("#field-number", number[0])
    page.fill("#field-phone", "13900000009")
    page.get_by_role("button", name="查询").click()
    page.wait_for_url("**/services/apply/**")
    home = page.url
    for _page in range(MOST_PAGES):
        todo = page.locator(".tasks li", has_text="待办").locator("a")
        if not todo.count():
            break
        todo.first.click()
        page.wait_for_url(other_than(home))
        look(page)
        if page.locator("input[type=file]").count():
            page.set_input_files("input[type=file]", photo)
        else:
            fill(page)
        here = page.url
        page.locator("main .btn-primary").first.click()
        page.wait_for_url(other_than(here))
        page.goto(home)
    page.get_by_role("link", name="核对并提交").click()
    page.wait_for_url("**/check/")
    look(page)
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_selector("#receipt")
    look(page)
    given = re.search(r"BJ-\d{4}-\d{6}", page.content())
    assert given is not None
    page.goto(f"{server.address}/services/east/track/")
    page.fill("#field-number", given[0])
    page.fill("#field-phone", "13900000009")
    page.get_by_role("button", name="查询").click()
    page.wait_for_selector(f"text={given[0]}")
    look(page)
    assert "张三" not in page.content()
