"""Pages and API of land: for the zone's staff and the city, never for an enterprise or another zone."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.models import LandCheck, LandIndicator, LandPledge, Parcel
from xiaoer.assets.tests.carriers import Workshop, build
from xiaoer.assets.tests.land import Stage, a_parcel, promised, supplied
from xiaoer.base.scope import Actor, acting
from xiaoer.work import queries as work
from xiaoer.work.models import Task

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
LISTS = ("/land/", "/land/standard/", "/land/rules/", "/performance/", "/occupancy/")


@pytest.fixture
def town(of: Of) -> Workshop:
    """A building with a tenant, and standard land supplied to another firm."""
    town, by = build(of), of("east-land")
    with acting(town.by):
        town.let(town.units[0], since=date(2026, 11, 1))
    with acting(by):
        parcel = a_parcel(by)
        promised(by, parcel)
        supplied(by, parcel, town.other)
    return town


def the_parcel() -> Parcel:
    return Parcel.objects.get(number="JK-2026-01")


def test_staff_read_every_page_and_take_every_sheet(
    town: Workshop, sign_in: SignIn, of: Of
) -> None:
    client = sign_in("east-officer")
    with acting(of("east-land")):
        parcel, indicator = the_parcel().pk, LandIndicator.objects.get().pk
    pages = (
        *LISTS, f"/land/{parcel}/", f"/land/indicators/{indicator}/",
        f"/performance/parcel/{parcel}/", f"/performance/building/{town.building.pk}/",
        f"/occupancy/building/{town.building.pk}/", "/performance/?by=building&measure=revenue",
        "/occupancy/?by=building", "/land/?stage=supplied&standard=yes&q=JK",
        "/land/standard/?state=due",
    )  # fmt: skip
    for page in pages:
        assert client.get(page).status_code == 200, page
    sheets = ("/land/", "/land/standard/", "/performance/?by=parcel", "/occupancy/")
    for sheet in (*sheets, f"/performance/parcel/{parcel}/"):
        for kind in ("xlsx", "csv"):
            mark = "&" if "?" in sheet else "?"
            answer = client.get(f"{sheet}{mark}export={kind}")
            assert answer.status_code == 200, sheet
            assert "attachment" in answer["Content-Disposition"]


def test_garbage_in_an_address_is_not_asked(town: Workshop, sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    for page in (
        "/land/?stage=x&park=999999999999999999&light=%00&q=%00",
        "/performance/?by=x&measure=x&year=9999999&place=x", "/occupancy/?by=x",
        "/land/standard/?state=x&kind=abc",
    ):  # fmt: skip
        assert client.get(page).status_code == 200, page
    for page in ("/performance/zone/1/", "/occupancy/parcel/1/", "/performance/park/987654/"):
        assert client.get(page).status_code == 404, page


def test_what_is_due_of_a_parcel_is_shown_by_its_last_day(
    town: Workshop, sign_in: SignIn, of: Of
) -> None:
    by = of("east-admin")
    with acting(by):
        assets.give_land_tasks(by=by, now=NOW)
        pledge = Task.objects.get(kind="land_pledge")
        last = work.last_day(pledge.due_at)
        page = f"/land/{the_parcel().pk}/"
    shown = sign_in("east-officer").get(page).content.decode()
    assert last is not None and last == date(2025, 6, 11)
    assert f"{last.month}月{last.day}日" in shown and f"{last.month}月{last.day + 1}日" not in shown


def test_each_light_is_counted_whichever_is_chosen(town: Workshop, sign_in: SignIn, of: Of) -> None:
    by = of("east-land")
    with acting(by):
        a_parcel(by, "JK-2026-09")
    client = sign_in("east-officer")
    for light in ("", "red", "grey"):
        page = client.get(f"/land/?light={light}").content.decode()
        chips = re.sub(r"<[^>]+>|\s+", "", page[page.index('<div class="chips"') :])
        assert "全部2" in chips and "红灯1" in chips and "未定日期1" in chips, chips


def test_another_zone_finds_nothing(town: Workshop, sign_in: SignIn, of: Of) -> None:
    client = sign_in("west-land")
    with acting(of("east-land")):
        parcel, indicator = the_parcel().pk, LandIndicator.objects.get().pk
    for page in (
        f"/land/{parcel}/", f"/land/indicators/{indicator}/", f"/performance/parcel/{parcel}/",
        f"/occupancy/building/{town.building.pk}/", f"/land/{parcel}/papers/1/file/",
    ):  # fmt: skip
        assert client.get(page).status_code == 404, page
    for page in LISTS:
        assert "JK-2026-01" not in client.get(page).content.decode(), page


def test_the_form_signs_and_checks_and_a_refusal_says_why(
    town: Workshop, sign_in: SignIn, of: Of
) -> None:
    by, client = of("east-land"), sign_in("east-land")
    with acting(by):
        parcel, indicator = the_parcel().pk, LandIndicator.objects.get().pk
    act = f"/land/{parcel}/act/"
    assert "take_back" in client.get(f"/land/{parcel}/").content.decode()
    said = {"what_to_do": "sign", "number": "", "signed_on": "2025-05-12"}
    assert client.post(act, said).status_code == 422
    assert client.post(act, {**said, "number": "JG-9"}).status_code == 302
    check = {"on": "2026-11-20", "amount": "1,2.5x", "basis": "税务局"}
    assert client.post(f"/land/indicators/{indicator}/", check).status_code == 422
    check["amount"] = "31.5"
    assert client.post(f"/land/indicators/{indicator}/", check).status_code == 302
    with acting(by):
        assert LandPledge.objects.get().number == "JG-9"
        assert LandCheck.objects.get().is_met is True


def test_the_form_moves_land_on(town: Workshop, sign_in: SignIn, of: Of) -> None:
    by, client = of("east-land"), sign_in("east-land")
    with acting(by):
        parcel = the_parcel().pk
    said = {"stage": "in_use", "fact_on": "2026-11-03", "paper": "建筑工程施工许可证"}
    assert client.post(f"/land/{parcel}/stage/", said).status_code == 302
    with acting(by):
        assert the_parcel().stage == Stage.IN_USE


def test_the_api_reads_and_writes_as_the_pages_do(town: Workshop, sign_in: SignIn, of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = the_parcel().pk
    client = sign_in("east-land")
    base = "/api/v1"
    (row,) = client.get(f"{base}/land").json()
    assert (row["number"], row["stage"], row["light"]) == ("JK-2026-01", "supplied", "red")
    said = {"stage": "planned", "fact_on": "2026-11-03", "paper": "规划条件"}
    no = client.post(f"{base}/land/{parcel}/steps", said, content_type="application/json")
    assert no.status_code == 422 and no.json()["field"] == "stage"
    said = {"stage": "in_use", "fact_on": "2026-11-03", "paper": "施工许可证"}
    yes = client.post(f"{base}/land/{parcel}/steps", said, content_type="application/json")
    assert yes.status_code == 200 and yes.json()["stage"] == "in_use"
    (promise,) = client.get(f"{base}/land-promises").json()
    assert promise["state"] == "unsigned"
    assert len(client.get(f"{base}/land/{parcel}/steps").json()) == 3
    found = client.get(f"{base}/performance?level=parcel&measure=tax&year=2025").json()
    assert [(one["name"], one["missing"]) for one in found["places"]] == [("JK-2026-01", 1)]
    space = client.get(f"{base}/occupancy?level=building").json()
    assert space["whole"]["let_m2"] == "1500.00"
