"""What outreach, work and facts add to the first sight of an enterprise."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.town import NOW
from xiaoer.base.models import AccessMiss
from xiaoer.base.scope import Actor, acting
from xiaoer.outreach.queries.firm import requests_of_firm, visits_to_firm
from xiaoer.outreach.tests.conftest import Town

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
PARTS = (
    "requests/card", "requests/light", "visits/card", "visits/last", "figures", "tasks",
)  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_every_part_stands_for_staff_and_city_before_anything_happened(
    town: Town, sign_in: SignIn, part: str
) -> None:
    for who in ("east-officer", "east-leader", "city"):
        answer = sign_in(who).get(f"/enterprises/{town.party.pk}/{part}/")
        assert answer.status_code == 200


@pytest.mark.parametrize("part", PARTS)
def test_no_part_of_a_firm_is_there_for_another_zone(
    town: Town, sign_in: SignIn, part: str
) -> None:
    address = f"/enterprises/{town.party.pk}/{part}/"
    assert sign_in("west-officer").get(address).status_code == 404
    assert AccessMiss.objects.filter(path=address).count() == 1


def test_an_open_request_lights_the_head_and_stands_first(town: Town, sign_in: SignIn) -> None:
    led, fresh = town.dispatched(), town.file("招不到操作工，缺十五人左右")
    officer = town.of("east-officer")
    with acting(officer):
        found = requests_of_firm(by=officer, party=town.party, now=timezone.now())
    assert [row.id for row in found.rows] == [fresh.appeal.pk, led.appeal.pk]
    assert found.ever == 2
    client = sign_in("east-officer")
    card = client.get(f"/enterprises/{town.party.pk}/requests/card/").content.decode()
    assert "厂区变压器增容" in card and "招不到操作工" in card
    head = client.get(f"/enterprises/{town.party.pk}/requests/light/").content.decode()
    assert 'id="count-enterprise_appeals"' in head and ">2<" in head
    tasks = client.get(f"/enterprises/{town.party.pk}/tasks/").content.decode()
    assert "/tasks/" in tasks


def test_what_is_confirmed_is_history_and_lights_nothing(town: Town) -> None:
    town.confirmed()
    officer = town.of("east-officer")
    with acting(officer):
        found = requests_of_firm(by=officer, party=town.party, now=NOW)
    assert (found.rows, found.light, found.ever) == ((), None, 1)


def test_nobody_called_is_none_and_not_zero_days(town: Town) -> None:
    officer = town.of("east-officer")
    with acting(officer):
        found = visits_to_firm(by=officer, party=town.party, now=NOW)
    assert (found.last, found.days_since, found.ever) == (None, None, 0)
