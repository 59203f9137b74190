"""A request's whole life, as people meet it: scanned on a phone, worked on at desks, asked again.

QR card, filed, dispatched, answered, partly solved, date changed, confirmed, asked once more.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import People
from tests.server import Server, served

ROOT = Path(__file__).resolve().parents[2]
# Told to a process of its own, because this one talks to no database: the story's ground, and later
# that thirty days have passed. Both are said by verbs.
ARRANGE = """
import django
django.setup()
from django.utils import timezone
from tests.town import actor
from xiaoer.base.models import Post
from xiaoer.base.scope import acting
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import AppealKind
from xiaoer.registry import actions as registry

by, officer, now = actor("east-admin"), actor("east-officer"), timezone.now()
with acting(by):
    grid = registry.open_grid(by=by, now=now, code="G3", name="第三总网格")
    cell = registry.open_cell(by=by, now=now, grid=grid, code="C7", name="07 单元")
    facts = registry.PartyFacts(name="泗源新材料有限公司", industry="3985")
    party = registry.add_party(by=by, now=now, facts=facts, cell=cell)
    post = Post.objects.get(pk=officer.post_id)
    registry.assign_steward(by=by, now=now, party=party, post=post)
    AppealKind.objects.get_or_create(
        zone_id=by.zone_id, code="power", defaults={"name": "用电"}
    )
    print(outreach.make_cards(by=by, now=now, parties=[party])[0].code)
"""
ASK_AGAIN = """
import sys
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from xiaoer.base.models import Zone
from xiaoer.base.scope import acting, system
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import Appeal

by, later = system(Zone.objects.get(code="east").pk), timezone.now() + timedelta(days=31)
with acting(by):
    row = Appeal.objects.get(receipt_no=sys.argv[1])
    outreach.ask_again(by=by, now=later, appeal=row, version=row.version)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("town", "loop") as running:
        yield running


def told(server: Server, script: str, *words: str) -> str:
    """What a script says that acts on the server's own database."""
    answer = subprocess.run(
        [sys.executable, "-c", script, *words],
        cwd=ROOT,
        env=server.environment,  # with its keys, so that what is signed here is read there
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.strip()


def send(page: Page) -> None:
    """Press the one button of the act's form, and wait for the page that follows."""
    before = page.locator(".timeline > li").count()
    page.locator("#act-form button[type=submit]").click()
    expect(page.locator(".timeline > li")).to_have_count(before + 1)


def a_day(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


def test_a_request_lives_from_the_card_to_the_question_after_thirty_days(
    server: Server, person: People
) -> None:
    code = told(server, ARRANGE)

    # On a phone beside the machine that has no power.
    owner = person.stranger(phone=True)
    owner.goto(f"{server.address}/r/{code}/")
    expect(owner.locator("h1")).to_have_text("泗源新材料有限公司")
    expect(owner.get_by_text("网一")).to_be_visible()
    owner.fill("[name=title]", "厂区变压器增容，扩产设备无法通电")
    owner.fill("[name=body]", "两台磨床到了，没有电开不了。")
    owner.fill("[name=money]", "很多钱")
    owner.fill("[name=contact_phone]", "13900000001")
    owner.click("form button[type=submit]")
    expect(owner.locator("#error-money")).not_to_be_empty()
    owner.fill("[name=money]", "120万")
    owner.click("form button[type=submit]")
    expect(owner.locator("#receipt")).to_be_visible()
    receipt_no = owner.locator("#receipt .figure").inner_text()
    link = owner.locator("#receipt code").inner_text()
    assert link.startswith(f"{server.address}/t/")

    # The officer who answers for it first, then the desk.
    officer = person.signed_in(server.address, "east-officer", phone=True)
    officer.goto(f"{server.address}/appeals/")
    officer.get_by_role("link", name="厂区变压器增容").click()
    address = officer.url.split("?")[0]
    officer.select_option("[name=kind]", label="用电")
    send(officer)
    desk = person.signed_in(server.address, "east-desk")
    desk.goto(address)
    desk.select_option("[name=office]", label="供电服务中心")
    desk.get_by_label("自然资源分局", exact=True).check()
    send(desk)

    # The office signs, answers a part, promises a day for the rest, and asks for a later date.
    power = person.signed_in(server.address, "east-power")
    power.goto(address)
    send(power)
    power.fill("[name=text]", "先给临时用电 200 kVA 过渡。")
    power.get_by_label("部分解决").check()
    power.fill("[name=promised_on]", a_day(10))
    send(power)
    power.goto(f"{address}?do=ask_date_change")
    power.fill("[name=new_due_on]", a_day(60))
    power.fill("[name=reason]", "环网柜要定制，十二月到货。")
    send(power)
    desk.goto(address)
    desk.locator("[name=decision][value=grant]").check()
    send(desk)

    # The enterprise reads the part and the new date; what offices say among themselves it does not.
    owner.goto(link)
    expect(owner.get_by_text("先给临时用电 200 kVA 过渡。")).to_be_visible()
    expect(owner.get_by_text("环网柜要定制，十二月到货。")).to_have_count(1)

    # Solved, says the office; it is solved, says the enterprise, and only that counts.
    power.goto(address)
    power.fill("[name=text]", "1250 kVA 已送电。")
    power.locator("[name=result][value=solved]").check()
    send(power)
    expect(power.get_by_text("只有企业能办结这件诉求。")).to_be_visible()
    owner.reload()
    owner.locator("[name=satisfaction][value='5']").check()
    owner.locator("form:has([value=confirm_solved]) [name=words]").fill("赶在月底前通电了。")
    owner.get_by_role("button", name="解决了，确认办结").click()
    expect(owner.locator("form:has([value=confirm_solved])")).to_have_count(0)
    expect(owner.get_by_text("赶在月底前通电了。")).to_be_visible()

    # After thirty days the zone asks once more, and the enterprise says it holds.
    told(server, ASK_AGAIN, receipt_no)
    owner.goto(link)
    owner.get_by_role("button", name="还是解决的").click()
    expect(owner.locator("form:has([value=confirm_again])")).to_have_count(0)
    power.goto(address)
    expect(power.locator(".timeline > li")).to_have_count(11)
