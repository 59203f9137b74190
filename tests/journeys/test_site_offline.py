"""A department's part of a joint acceptance, signed on the site without a network.

Signed with a defect and a photo, it arrives once. A part that is refused says why, keeps what was
typed and its photo, and is mended on the phone.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.journeys.conftest import People
from tests.journeys.test_killed import rows
from tests.journeys.test_loop import told
from tests.journeys.test_offline import offline, photo
from tests.server import Server, served

SITE = "变压器二期"
# A building whose day is today: as verbs leave it, and without waiting for a working day.
ARRANGE = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from tests.town import actor
from xiaoer.base.models import Account, Person
from xiaoer.base.scope import acting
from xiaoer.permits.models import SiteDay
from xiaoer.permits.tests.built_site import NAMES, build

known = {name: actor(name) for name in NAMES}
ready = build(known.__getitem__)
with acting(ready.desk):
    row = ready.scheduled()
    SiteDay.objects.filter(acceptance=row).update(day=timezone.localdate())
"""
# As a part that was sent elsewhere makes the list be drawn; the head is drawn before the list.
DRAW_ANEW = """
() => new Promise((done) => {
  const head = document.getElementById("head");
  new MutationObserver(() => setTimeout(done, 200)).observe(head, { childList: true });
  new BroadcastChannel("xiaoer-field").postMessage("queue");
})
"""


@pytest.fixture
def server() -> Iterator[Server]:
    with served("town", "siteoffline") as running:
        told(running, ARRANGE)
        yield running


def phone_of(server: Server, person: People, username: str) -> Page:
    page = person.signed_in(server.address, username, phone=True)
    page.goto(f"{server.address}/field/")
    page.get_by_role("button", name="在这部手机上启用").click()
    expect(page.get_by_role("link", name=SITE)).to_have_count(1)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller")
    return page


def type_defect(page: Page, due_in: int) -> None:
    due = timezone.localdate() + timedelta(days=due_in)
    page.get_by_label("有什么问题").fill("道路未按规划放线")
    page.get_by_label("整改期限").fill(due.isoformat())
    picture = FilePayload(name="路.jpg", mimeType="image/jpeg", buffer=photo(1))
    page.get_by_label("照片").set_input_files([picture])


def press_while_drawn_anew(page: Page, link: Locator) -> None:
    """A finger rests on a link while the list is drawn again: the tap counts when it is lifted."""
    link.hover()
    page.mouse.down()
    page.evaluate(DRAW_ANEW)
    page.mouse.up()


def entry(page: Page, state: str) -> Locator:
    return page.locator(f'li[data-state="{state}"]')


def test_a_part_signed_offline_arrives_once_and_a_refused_one_is_mended(
    server: Server, person: People
) -> None:
    page = phone_of(server, person, "east-land")
    offline(page)
    page.reload()
    page.get_by_role("link", name=SITE).click()
    page.get_by_label("核对情况").fill("到场核对放线")
    page.get_by_role("button", name="添加问题").click()
    # Without the second, it is said and nothing waits; what was typed survives a reload.
    page.get_by_role("button", name="现场签署意见").click()
    expect(page.get_by_role("alert")).to_contain_text("第二名到场人员")
    page.reload()
    expect(page.get_by_label("核对情况")).to_have_value("到场核对放线")

    page.get_by_label("第二名到场人员").select_option(index=1)
    type_defect(page, due_in=500)  # further than a year: the zone will not have it
    page.get_by_role("button", name="现场签署意见").click()
    expect(entry(page, "waiting")).to_contain_text("1 张照片")
    assert rows(server, "select count(*) from defect") == [(0,)]

    offline(page, off=False)
    expect(entry(page, "refused")).to_contain_text("一年")
    press_while_drawn_anew(page, page.get_by_role("link", name="改正"))
    expect(page.get_by_label("有什么问题")).to_have_value("道路未按规划放线")
    expect(page.get_by_text("路.jpg")).to_have_count(1)
    offline(page)
    due = timezone.localdate() + timedelta(days=15)
    page.get_by_label("整改期限").fill(due.isoformat())
    page.get_by_role("button", name="现场签署意见").click()
    expect(entry(page, "waiting")).to_have_count(1)
    offline(page, off=False)
    expect(entry(page, "sent")).to_have_count(1)

    found = "select what, due_on from defect"
    assert rows(server, found) == [("道路未按规划放线", due)]
    pinned = "select count(*) from attachment where subject_type = 'defect'"
    assert rows(server, pinned) == [(1,)]
    signed = "select count(*) from acceptance_check where signed_at is not null"
    assert rows(server, signed) == [(1,)]
    page.reload()
    expect(page.get_by_role("link", name=SITE)).to_have_count(1)
    assert rows(server, found) == [("道路未按规划放线", due)]
