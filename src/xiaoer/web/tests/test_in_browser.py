"""What a reader meets: axe has nothing to say, the policy blocks nothing, the keys work."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import ADDRESS, Desk, render, render_text

AXE = Path(__file__).resolve().parents[4] / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"desk": (1440, 900), "zoomed": (720, 450), "phone": (390, 844)}

FORM = """{% extends "web/app.html" %}
{% from "web/macros/form.html" import form, field with context %}
{% block title %}Form{% endblock %}
{% block content %}
{% call form("/send/", "Send it", confirm=confirm, autosave="form") %}
{{ field("reply", "Reply", kind="textarea", required=true) }}{{ field("due", "Due") }}
{% endcall %}
{% endblock %}"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_style_page_gives_axe_nothing_to_say(desk: Desk, theme: str, size: str) -> None:
    width, height = SIZES[size]
    desk.page.set_viewport_size({"width": width, "height": height})
    page = desk.lay(render("web/styles.html", theme=theme))
    page.wait_for_selector("canvas")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "axe.run().then(all => all.violations.map(one => [one.id, one.nodes[0].html]))"
    )
    assert found == []
    assert desk.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_slash_goes_to_the_search_field_but_not_while_typing(desk: Desk) -> None:
    page = desk.lay(render("web/styles.html"))
    if page.locator("#find").count():
        page.keyboard.press("/")
        expect(page.locator("#find")).to_be_focused()
    page.locator("#field-reply").fill("")
    page.locator("#field-reply").press_sequentially("1/2?")
    expect(page.locator("#field-reply")).to_have_value("1/2?")


def test_j_and_k_walk_the_rows_and_enter_opens_one(desk: Desk) -> None:
    page = desk.lay(render("web/styles.html"))
    page.evaluate(
        "document.querySelectorAll('tr.chosen').forEach(row => row.classList.remove('chosen'))"
    )
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr.chosen")).to_contain_text("001-001")
    assert page.evaluate("document.activeElement.textContent") == "地区生产总值"


def test_the_chosen_theme_is_kept_and_the_charts_follow(desk: Desk) -> None:
    page = desk.lay(render("web/styles.html", theme="light"))
    page.locator(".tool[data-theme-switch]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies(ADDRESS)}
    assert cookies["theme"] == "dark"


def test_without_a_choice_the_browser_s_preference_decides(desk: Desk) -> None:
    desk.page.emulate_media(color_scheme="dark")
    page = desk.lay(render("web/styles.html"))
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_refusal_stands_in_the_form_and_beside_its_field(desk: Desk) -> None:
    page = desk.lay(render_text(FORM, confirm=None))
    refused = render("web/_refused.html", message="还差一步", errors={"due": "请写工作日"})
    desk.answers["/send/"] = (422, refused)
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("[data-form-error]")).to_have_text("还差一步")
    expect(page.locator("#error-due")).to_have_text("请写工作日")
    expect(page.locator("#field-due")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#field-due")).to_be_focused()


def test_a_refusal_goes_where_the_door_points(desk: Desk) -> None:
    page = desk.lay(render_text(FORM, confirm=None))
    desk.answers["/send/"] = (422, "请写工作日")
    desk.headers = {"HX-Retarget": "#error-due"}
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("#error-due")).to_have_text("请写工作日")
    expect(page.locator("#field-due")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-form-error]")).to_have_text("")


def test_a_refusal_of_a_lone_verb_is_said_at_the_foot_of_the_window(desk: Desk) -> None:
    page = desk.lay(render("web/styles.html"))
    desk.answers["/styles/"] = (422, "已经有人改过期了")
    page.get_by_role("button", name="申请改期").click()
    page.locator("#confirm [value=yes]").click()
    expect(page.locator("#toast")).to_have_text("已经有人改过期了")


def test_what_is_typed_comes_back_until_it_is_sent(desk: Desk) -> None:
    document = render_text(FORM, confirm=None)
    page = desk.lay(document)
    page.locator("#field-reply").press_sequentially("29 日通电")
    expect(page.locator("[data-saved]")).to_contain_text("已存")
    page = desk.lay(document)
    expect(page.locator("#field-reply")).to_have_value("29 日通电")
    desk.answers["/send/"] = (204, "")
    desk.headers = {"HX-Redirect": "/next/"}
    page.get_by_role("button", name="Send it").click()
    page.wait_for_url("**/next/")
    page = desk.lay(document)
    expect(page.locator("#field-reply")).to_have_value("")


def test_a_verb_that_asks_first_is_sent_only_after_the_answer(desk: Desk) -> None:
    page = desk.lay(render_text(FORM, confirm="改期要写明原因"))
    desk.answers["/send/"] = (422, "sent")
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("#confirm-words")).to_have_text("改期要写明原因")
    page.locator("#confirm [value=no]").click()
    expect(page.locator("[data-form-error]")).to_have_text("")
    page.get_by_role("button", name="Send it").click()
    page.locator("#confirm [value=yes]").click()
    expect(page.locator("[data-form-error]")).to_have_text("sent")


def test_a_row_opens_its_records_below_and_closes_again(desk: Desk) -> None:
    page = desk.lay(render("web/styles.html"))
    desk.answers["/styles/"] = (200, '<tr class="opened"><td colspan="8">32 家</td></tr>')
    before = page.locator("tr.opened").count()
    opener = page.locator("[data-row-open]").first
    opener.click()
    expect(page.locator("tr.opened")).to_have_count(before + 1)
    expect(opener).to_have_attribute("aria-expanded", "true")
    opener.click()
    expect(page.locator("tr.opened")).to_have_count(before)
    expect(opener).to_have_attribute("aria-expanded", "false")
