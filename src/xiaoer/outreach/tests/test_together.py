"""Many at once, with real commits: receipts without a gap, one yes, one card."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from conftest import point_django_at
from tests import database as databases
from tests.town import NOW, actor
from xiaoer.base.models import Account
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.config import database
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import Appeal, AppealEvent, ContactCard, Programme, Visit
from xiaoer.outreach.tests.conftest import Town, built
from xiaoer.registry.models import Party

AT_ONCE = 6


@pytest.fixture
def real_town(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[Town]:
    """The town in a database of its own where everything is really committed.

    Tests of several files ask for it, so that two workers may want one at the same moment.
    """
    name = f"{databases.PREFIX}_together_{worker_id}"
    own = databases.clone(databases.template("town"), name)
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        point_django_at(own.web)
        try:
            yield built(actor)
        finally:
            point_django_at(own.of_database(before).web)
    database.drop_database(own)


def _at_once(act: Callable[[int], Any]) -> list[Any]:
    """Do it in several threads, each with a connection of its own; refusals are answers too."""

    def one(number: int) -> Any:
        try:
            return act(number)
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_filings_at_once_get_numbers_without_a_gap(real_town: Town) -> None:
    by = real_town.card_holder

    def file(number: int) -> object:
        with transaction.atomic():
            filed = real_town.file(f"第{number}件")
            if number == 2:
                raise Refused("the door failed after the verb")
        return filed.receipt_no

    numbers = [answer for answer in _at_once(file) if isinstance(answer, str)]
    assert sorted(numbers) == [f"SQ-2026-{n:04d}" for n in range(1, AT_ONCE)]
    assert by.party_ref == real_town.party.pk


def test_one_yes_of_many_at_once_is_taken(real_town: Town) -> None:
    filed = real_town.answered()
    version = real_town.now_of(filed.appeal).version
    holder = real_town.holder(filed.token)

    def confirm(_number: int) -> object:
        return real_town.do(holder, "confirm_solved", filed.appeal, version=version)

    answers = _at_once(confirm)
    assert sum(isinstance(answer, Appeal) for answer in answers) == 1
    with acting(actor("east-desk")):
        assert AppealEvent.objects.filter(verb="confirm_solved").count() == 1


def test_one_card_is_made_by_many_at_once(real_town: Town) -> None:
    desk = actor("east-desk")

    def make(_number: int) -> object:
        with acting(desk):
            parties = list(Party.objects.all())
            return outreach.make_cards(by=desk, now=NOW, parties=parties)

    _at_once(make)
    with acting(desk):
        assert ContactCard.objects.count() == 2


ASKED = {"title": "厂区变压器增容", "body": "没有电开不了。", "contact_phone": "13900000001"}


def _sent(client: Client, address: str, key: str, **given: object) -> tuple[int, Any]:
    answer = client.post(
        f"/api/v1{address}",
        json.dumps(given),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )
    return answer.status_code, answer.json()


def test_one_filing_sent_many_times_at_once_has_one_receipt(real_town: Town) -> None:
    """The line broke and the client sends again, while its first call is still under way."""
    address = f"/public/cards/{real_town.card.code}/appeals"
    answers = _at_once(lambda _number: _sent(Client(), address, "k-1", **ASKED))
    assert {status for status, _said in answers} == {200}
    assert len({said["token"] for _status, said in answers}) == 1
    with acting(actor("east-desk")):
        assert Appeal.objects.count() == 1


def _officer() -> Client:
    client = Client()
    client.force_login(
        Account.objects.get(username="east-officer"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def test_one_log_of_a_visit_sent_many_times_at_once_is_one_visit(real_town: Town) -> None:
    clients = [_officer() for _number in range(AT_ONCE)]
    with acting(actor("east-desk")):
        programme = Programme.objects.filter(zone_id=real_town.zone_id).first()
    given = {
        "party_id": real_town.party.pk,
        "programme": programme.pk if programme else 0,
        "visited_on": str(timezone.localdate()),
        "met": "赵一",
        "said": "要电。",
        "requests": [ASKED],
    }
    answers = _at_once(lambda number: _sent(clients[number], "/visits", "v-1", **given))
    assert {status for status, _said in answers} == {200}, answers
    with acting(actor("east-desk")):
        assert (Visit.objects.count(), Appeal.objects.count()) == (1, 1)
