"""Pages of economic operations: for the zone's staff and the city, never for an enterprise."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.base.scope import Actor, acting, system
from xiaoer.facts import actions as facts
from xiaoer.facts.periods import months_of
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth.actions import TargetFacts
from xiaoer.growth.tests.watched import POWER, REVENUE, TAX, firm, metric, report
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
PAGES = (
    "/economy/analysis/",
    "/economy/contribution/",
    "/economy/targets/",
    "/economy/analysis/firms/?only=up",
)


@pytest.fixture
def town(of: Of) -> list[Party]:
    """Three firms of the east with 26 months of power, tax and revenue, and a target."""
    by = of("east-economy")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        firms = [
            firm(by, name, industry=industry)
            for name, industry in (("甲厂", "3411"), ("乙厂", "1311"), ("丙厂", "3411"))
        ]
        report(by, REVENUE, {one: [100 + n] * 14 + [120] * 12 for n, one in enumerate(firms)})
        report(by, TAX, {one: [10] * 26 for one in firms})
        report(by, POWER, {one: [50] * 26 for one in firms})
        row = growth.open_campaign(
            by=by, now=NOW, name="2026年度目标", period=months_of(2026, 1, 12)
        )
        growth.set_target(
            by=by,
            now=NOW,
            campaign=row,
            facts=TargetFacts("营业收入", "4000万元", "工作报告", metric=metric(REVENUE)),
        )
    return firms


@pytest.mark.parametrize("address", PAGES)
def test_staff_and_the_city_read_them_and_no_enterprise(
    town: list[Party], sign_in: SignIn, address: str
) -> None:
    for who in ("east-economy", "east-officer", "city"):
        assert sign_in(who).get(address).status_code == 200, who


def test_a_firm_of_another_zone_is_not_shown(town: list[Party], sign_in: SignIn) -> None:
    assert "甲厂" in sign_in("east-economy").get("/economy/contribution/").content.decode()
    assert "甲厂" not in sign_in("west-economy").get("/economy/contribution/").content.decode()


def test_every_part_opens_to_firms_that_add_up_to_it(town: list[Party], sign_in: SignIn) -> None:
    page = sign_in("east-economy").get("/economy/analysis/?by=division").content.decode()
    assert "360.00" in page
    assert "34 通用设备制造业" in page
    part = (
        sign_in("east-economy").get("/economy/analysis/firms/?by=division&key=34").content.decode()
    )
    assert "甲厂" in part and "丙厂" in part and "乙厂" not in part


def test_rungs_are_those_of_the_month_and_who_was_not_evaluated_is_said_to_be(
    town: list[Party], sign_in: SignIn, of: Of
) -> None:
    address = "/economy/analysis/?by=rung"
    assert "未参与梯级评价" in sign_in("east-economy").get(address).content.decode()
    by = of("east-economy")
    with acting(by):
        growth.evaluate_ladders(by=system(by.zone_id), now=NOW)
        assert set(queries.rungs_in(zone_id=by.zone_id, month=NOW.date())) >= {
            one.pk for one in town
        }
    for way in ("analysis/?by=rung", "contribution/?by=rung", "analysis/firms/?by=rung&key=none"):
        assert sign_in("east-economy").get(f"/economy/{way}").status_code == 200


def test_the_sheet_of_contributions_adds_up(town: list[Party], sign_in: SignIn) -> None:
    answer = sign_in("east-economy").get("/economy/contribution/?export=csv")
    sheet = answer.getvalue().decode("utf-8-sig")
    rows = [line.split(",") for line in sheet.splitlines()]
    points = [float(row[5]) for row in rows[1:] if row[5]]
    assert round(sum(points[1:]), 2) == points[0]


def test_the_target_shows_its_months_and_where_they_come_from(
    town: list[Party], sign_in: SignIn
) -> None:
    client = sign_in("east-economy")
    page = client.get("/economy/targets/").content.decode()
    assert "3,600.00" in page
    address = page.split('href="/economy/targets/')[-1].split('"')[0]
    assert address


def test_nonsense_in_an_address_is_no_error(town: list[Party], sign_in: SignIn) -> None:
    client = sign_in("east-economy")
    for query in ("?to=2026-13", "?metric=x&span=y&by=z&column=q", "?to=0000-00", "?as_of=never"):
        for address in PAGES[:3]:
            assert client.get(address + query).status_code == 200


def test_a_zone_without_figures_is_told_what_is_lacking(sign_in: SignIn) -> None:
    page = sign_in("west-economy").get("/economy/analysis/").content.decode()
    assert "/indicators/" in page


def test_the_form_sets_a_target_and_says_what_is_missing(
    town: list[Party], sign_in: SignIn
) -> None:
    client = sign_in("east-economy")
    listed = client.get("/economy/targets/add/").content.decode()
    campaign = listed.split('name="campaign"')[1].split('option value="')[2].split('"')[0]
    said = {"campaign": campaign, "name": "税收", "measured": f"metric:{TAX}", "value": "300万元"}
    refused = client.post("/economy/targets/add/", said)
    assert refused.status_code == 422
    done = client.post("/economy/targets/add/", said | {"source": "预算报告"}, follow=True)
    assert done.status_code == 200
    assert "税收" in done.content.decode()
