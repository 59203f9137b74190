"""The city reads each list of the room in every zone of it, one zone at a time."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import resolve, reverse

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.models import Building
from xiaoer.assets.tests.land import a_parcel, promised, supplied
from xiaoer.assets.tests.lots import FACTS, exchange, submitted
from xiaoer.base.api_door import ZONE
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting
from xiaoer.config import menu
from xiaoer.registry.tests.people import make_firm

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
ZONES = {"east": "东区", "west": "西区"}
# What is read, and by which word a zone's row is known there.
LISTS = {
    "/carriers/": "{zone}一号厂房",
    "/carriers/buildings/": "{zone}一号厂房",
    "/carriers/map/": "{zone}一号厂房",
    "/carriers/leases/": "ZL-{zone}",
    "/assets/needs/": "{zone}热场二期",
    "/move-ins/": "{zone}新线",
    "/occupancy/?by=building": "{zone}一号厂房",
    "/cages/": "{zone}一号厂房",
    "/land/": "G-{zone}",
    "/land/standard/": "G-{zone}",
    "/performance/?by=parcel": "G-{zone}",
    "/lots/": "{zone}车床",
}
SHEETS = tuple(page for page in LISTS if page not in ("/carriers/map/", "/carriers/buildings/"))
API = {
    "/carriers/buildings": "{zone}一号厂房",
    "/carriers/parcels": "G-{zone}",
    "/carriers/units": "{zone}一号厂房",
    "/carriers/leases": "ZL-{zone}",
    "/assets/needs": "{zone}热场二期",
    "/move-ins": "{zone}新线",
    "/cage-sites": "{zone}一号厂房",
    "/land": "G-{zone}",
    "/occupancy?level=building": "{zone}一号厂房",
    "/performance?level=parcel&year=2025": "G-{zone}",
    "/auction-lots": "{zone}车床",
}


def furnish(of: Of, code: str) -> None:
    """One row of a zone on each list."""
    zone, by, land = ZONES[code], of(f"{code}-economy"), of(f"{code}-land")
    admin = of(f"{code}-admin")
    with acting(admin):
        firm, user = (make_firm(admin, f"{zone}{name}有限公司") for name in ("热场", "用地"))
    with acting(by):
        building = assets.add_building(
            by=by, now=NOW,
            facts=assets.BuildingFacts(
                name=f"{zone}一号厂房", kind=Building.Kind.WORKSHOP, area_m2=Decimal(3000), floors=1
            ),
        )  # fmt: skip
        first, second = (
            assets.add_unit(
                by=by, now=NOW, building=building, since=date(2024, 1, 1),
                facts=assets.UnitFacts(code=code, floor=1, area_m2=Decimal(1000)),
            )
            for code in ("101", "102")
        )  # fmt: skip
        assets.draft_lease(
            by=by, now=NOW, units=[first],
            facts=assets.LeaseFacts(
                number=f"ZL-{zone}", party=firm, since=date(2026, 12, 1), until=date(2028, 11, 30),
                rent_fen=24_000_00, deposit_fen=0,
            ),
        )  # fmt: skip
        assets.open_need(
            by=by, now=NOW, party=firm,
            facts=assets.NeedFacts(
                name=f"{zone}热场二期", area_least_m2=Decimal(900), from_on=date(2027, 1, 1)
            ),
        )  # fmt: skip
        assets.open_move_in(
            by=by, now=NOW, units=[first],
            facts=assets.MoveInFacts(name=f"{zone}新线", party=firm, content="热场"),
        )  # fmt: skip
        assets.add_site(by=by, now=NOW, why="idle", unit=second)
    with acting(land):
        parcel = a_parcel(land, f"G-{zone}")
        promised(land, parcel)
        supplied(land, parcel, user)
    host = exchange(of(f"{code}-desk"))
    with acting(host):
        submitted(host, firm, replace(FACTS, title=f"{zone}车床"))


@pytest.fixture
def city(of: Of, sign_in: SignIn) -> Client:
    """Somebody of the city, whose two zones have a row on each list."""
    for code in ZONES:
        furnish(of, code)
    return sign_in("city")


def said(client: Client, address: str, code: str = "") -> str:
    headers = {ZONE: code} if code else {}
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.getvalue().decode()


def test_the_city_sees_the_rows_of_both_zones_on_every_list_it_is_offered(city: Client) -> None:
    wrong = []
    for code, zone in ZONES.items():
        for page, word in LISTS.items():
            # One stays on the list one reads when one looks at another zone.
            to = city.post("/switch-zone/", {"zone": code, "next": page})
            assert to.headers["Location"] == page
            shown = said(city, page)
            other = next(name for name in ZONES.values() if name != zone)
            if word.format(zone=zone) not in shown or word.format(zone=other) in shown:
                wrong.append((code, page))
        for page in SHEETS:
            sheet = said(city, f"{page}{'&' if '?' in page else '?'}export=csv")
            if LISTS[page].format(zone=zone) not in sheet:
                wrong.append((code, f"{page} as a sheet"))
        for route, word in API.items():
            told = json.loads(said(city, f"/api/v1{route}", code))
            if word.format(zone=zone) not in str(told):
                wrong.append((code, f"API {route}"))
    assert wrong == []


def test_a_list_is_searched_in_place_and_keeps_its_filters(city: Client) -> None:
    for page, kept in (
        ("/land/", "stage=supplied"), ("/land/standard/", "state=unsigned"), ("/cages/", "why=idle"),
        ("/assets/needs/", "state=all"), ("/move-ins/", "state=draft"),
    ):  # fmt: skip
        name, _sign, value = kept.partition("=")
        word = LISTS[page].format(zone="东区")
        shown = said(city, f"{page}?{kept}&q=%E4%B8%9C%E5%8C%BA")
        assert word in shown, page
        assert f'type="hidden" name="{name}" value="{value}"' in shown, page
        assert 'name="q" value="东区"' in shown, page
        assert word not in said(city, f"{page}?{kept}&q=%E6%B2%A1%E6%9C%89"), page


def test_every_list_of_the_room_in_the_city_s_menu_is_among_them() -> None:
    served = {page.partition("?")[0] for page in LISTS} | {reverse("auction_rules")}
    addresses = {
        reverse(entry.address)
        for group in menu.MENU
        for entry in group.entries
        if Role.CITY in entry.roles
    }
    offered = {one for one in addresses if resolve(one).func.__module__.startswith("xiaoer.assets")}
    assert offered and offered <= served


def test_from_a_record_the_city_comes_to_the_list_of_the_other_zone(city: Client, of: Of) -> None:
    by = of("east-economy")
    with acting(by):
        building = Building.objects.get().pk
    page = said(city, f"/carriers/buildings/{building}/")
    assert 'name="next" value="/carriers/"' in page
    to = city.post("/switch-zone/", {"zone": "west", "next": "https://elsewhere.example/"})
    assert to.headers["Location"] == "/"
