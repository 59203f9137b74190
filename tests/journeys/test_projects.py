"""A project as its people meet it: entered, planned backwards, reported, held up, promised anew.

The project office enters it, the plan says what cannot hold, power holds a step, the wall says who
blocks whom, a leader moves the promise, the enterprise reports its month, the bureau counts apart.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import People
from tests.journeys.test_loop import told
from tests.server import Server, served
from xiaoer.work.calendar import LOCAL

# Who is not in the town: the project office, and an enterprise with somebody who speaks for it.
ARRANGE = """
import django
django.setup()
from datetime import date
from django.utils import timezone
from tests.town import OPENED, PASSWORD, actor
from xiaoer.base import actions as base
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import acting, system
from xiaoer.registry import actions as registry

by, now = actor("east-admin"), timezone.now()
root = system(by.zone_id)
with acting(root):
    office = base.open_office(by=root, now=now, name="项目办", order=90)
    for username, name in (("east-project", "项一"), ("east-firm", "赵一")):
        person = base.add_person(by=root, now=now, name=name, work_no=username)
        base.give_account(
            by=root, now=now, person=person, username=username, password=PASSWORD,
            must_change=False,
        )
        if username == "east-project":
            base.give_post(
                by=root, now=now, person=person, role=Role.PROJECT, office=office, is_lead=True,
                since=OPENED,
            )
with acting(by):
    facts = registry.PartyFacts(name="济宁泗源新材料有限公司", industry="3985")
    party = registry.add_party(by=by, now=now, facts=facts)
with acting(root):
    Post.objects.create(
        zone_id=by.zone_id, person=person, role=Role.ENTERPRISE, party_ref=party.pk, since=OPENED
    )
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("town", "projects") as running:
        told(running, ARRANGE)
        yield running


def send(page: Page, form: str) -> None:
    """Press the verb of the form whose address ends so."""
    page.locator(f"form[method=post][action$='{form}'] button[type=submit]").first.click()


def a_day(days: int) -> date:
    """So many days from today, as the zone counts them."""
    return datetime.now(LOCAL).date() + timedelta(days=days)


def shown(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def test_a_project_from_its_entry_to_the_month_its_enterprise_reports(
    server: Server, person: People
) -> None:
    first_day, later_day = a_day(200), a_day(600)

    # The project office enters it with a template and a day too near.
    office = person.signed_in(server.address, "east-project")
    office.goto(f"{server.address}/projects/new/")
    office.fill("[name=name]", "泗源电子级硅微粉项目")
    office.fill("[name=short_name]", "泗源硅微粉")
    office.select_option("[name=kind]", "new_build")
    office.fill("[name=party]", "济宁泗源新材料有限公司")
    office.fill("[name=total]", "3.78亿元")
    office.fill("[name=promised_on]", first_day.isoformat())
    office.select_option("[name=template]", "new_build")
    send(office, "/projects/new/")
    office.wait_for_url(re.compile(r"/projects/\d+/$"))
    project = office.url
    number = project.rstrip("/").rsplit("/", 1)[1]
    office.get_by_role("link", name="计划与进展").click()
    office.wait_for_url(re.compile(r"/plans/\d+/$"))
    plan = office.url

    # The plan says which facts cannot all hold; what is done leaves what must start next.
    expect(office.get_by_role("heading", name="下面这些不能同时成立")).to_be_visible()
    soon = office.locator(".soon")
    expect(soon).to_contain_text("项目备案")
    office.goto(f"{plan}?act=report")
    office.select_option("#choose-step", label="项目备案")
    office.locator(".choose-step button").click()
    office.fill("[name=started_on]", a_day(0).isoformat())
    office.fill("[name=finished_on]", a_day(0).isoformat())
    send(office, "/do/report/")
    expect(office.locator(".plan-table tr.over")).to_contain_text("项目备案")
    expect(soon).not_to_contain_text("项目备案")
    expect(soon).to_contain_text("土地合同")
    expect(office.locator("#progress")).to_contain_text("项目备案")

    # It waits for power; the step is held, and the wall says by whom and for how long.
    office.goto(f"{server.address}/projects/elements/new/?project={number}")
    office.select_option("[name=kind]", "power")
    office.fill("[name=what]", "10 kV 供电接入 2500 kVA")
    office.fill("[name=needed_on]", a_day(-2).isoformat())
    office.fill("[name=answerer]", "供电公司")
    send(office, "/projects/elements/new/")
    expect(office.get_by_text("计划中有 1 道工序在等它。")).to_be_visible()
    office.goto(plan)
    held = office.locator(".plan-table tr", has_text="供电接入")
    expect(held.locator(".held[title*='供电公司']")).to_be_visible()
    leader = person.signed_in(server.address, "east-leader")
    leader.goto(f"{server.address}/projects/wall/")
    blockers = leader.locator("#blockers")
    expect(blockers).to_contain_text("供电公司")
    expect(blockers).to_contain_text("泗源硅微粉")
    expect(blockers).to_contain_text("2 天")

    # A leader moves the promise with a reason; the first day stays.
    leader.goto(f"{plan}?act=promise")
    leader.fill("[name=promised_on]", later_day.isoformat())
    send(leader, "/do/promise/")
    expect(leader.locator("#error-reason")).not_to_be_empty()
    leader.fill("[name=reason]", "供电线路改迁，现场会议定")
    send(leader, "/do/promise/")
    expect(leader.locator(".facts")).to_contain_text(shown(later_day))
    expect(leader.locator(".facts")).to_contain_text(shown(first_day))
    expect(leader.get_by_text("供电线路改迁，现场会议定")).to_be_visible()

    # The enterprise on its phone: what the zone owes it, and its month.
    firm = person.signed_in(server.address, "east-firm", phone=True)
    firm.goto(f"{server.address}/my/projects/")
    expect(firm.get_by_text("10 kV 供电接入 2500 kVA")).to_be_visible()
    firm.goto(f"{server.address}/my/projects/{number}/month/")
    firm.fill("[name=in_place]", "800")
    firm.fill("[name=physical]", "650")
    send(firm, "/month/")
    expect(firm.get_by_text("已填报。")).to_be_visible()

    # The bureau's figure stands beside the enterprise's, never in its place.
    bureau = person.signed_in(server.address, "east-statistics")
    bureau.goto(f"{server.address}/projects/{number}/money/")
    bureau.select_option("[name=reporter]", "statistics")
    bureau.select_option("#page form[action$='/money/report/'] [name=series]", "fixed_asset")
    bureau.fill("form[action$='/money/report/'] [name=amount]", "520")
    send(bureau, "/money/report/")
    bureau.wait_for_url(re.compile(r"/projects/months/\d+/$"))
    bureau.goto(f"{server.address}/projects/{number}/money/")
    counted = bureau.locator("section.card:has(table)", has_text="520")
    expect(counted).to_have_count(1)
    expect(counted).not_to_contain_text("650")
    expect(bureau.locator("section.card:has(table)", has_text="650")).to_have_count(1)
