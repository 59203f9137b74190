"""What a zone says of itself: set by its administrator, for its own zone only, shown where promised."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from tests.records import Records, make_records
from tests.town import NOW
from xiaoer.base import actions as base
from xiaoer.base import rights
from xiaoer.base.models import JournalLine, Role, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
PHONE = "0537-7654321"


@pytest.fixture
def records(db: None) -> Records:
    return make_records("east")


def test_the_complaint_telephone_is_set_on_a_page_and_stands_where_it_is_promised(
    sign_in: SignIn, of: Of, records: Records
) -> None:
    zone_id, client = of("east-admin").zone_id, sign_in("east-admin")
    address = f"/zone/{zone_id}/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"complaint_phone": PHONE, "before": ""}).status_code == 302
    for public in ("/accounts/login/", f"/r/{records.card_code}/", f"/t/{records.track_token}/"):
        assert PHONE in Client().get(public).content.decode(), public
    with acting(of("east-admin")):
        line = JournalLine.objects.get(verb="set_complaint_phone")
    assert line.detail == {"complaint_phone": ["", PHONE]}


def test_no_zone_sets_the_telephone_of_another(sign_in: SignIn, of: Of) -> None:
    east, west = of("east-admin"), of("west-admin")
    form = {"complaint_phone": PHONE, "before": ""}
    assert sign_in("west-admin").post(f"/zone/{east.zone_id}/", form).status_code == 404
    assert sign_in("east-desk").post(f"/zone/{east.zone_id}/", form).status_code == 404
    with acting(west):
        base.set_complaint_phone(by=west, now=NOW, phone=PHONE, before="")
    assert Zone.objects.get(pk=east.zone_id).complaint_phone == ""
    assert Zone.objects.get(pk=west.zone_id).complaint_phone == PHONE


@pytest.mark.parametrize("phone", ["call us", "<b>1</b>", "'; drop table zone", "12"])
def test_what_is_no_telephone_is_refused(of: Of, phone: str) -> None:
    by = of("east-admin")
    with acting(by), pytest.raises(Refused):
        base.set_complaint_phone(by=by, now=NOW, phone=phone, before="")


def test_a_stale_form_does_not_overwrite_the_telephone(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        base.set_complaint_phone(by=by, now=NOW, phone=PHONE, before="")
        with pytest.raises(Refused, match=PHONE):
            base.set_complaint_phone(by=by, now=NOW, phone="12345", before="")
        assert (
            base.set_complaint_phone(by=by, now=NOW, phone="", before=PHONE).complaint_phone == ""
        )


def test_the_telephone_is_set_by_the_api(sign_in: SignIn) -> None:
    given = json.dumps({"phone": PHONE, "before": ""})
    address = "/api/v1/zone/complaint-phone"
    assert sign_in("east-desk").put(address, given, "application/json").status_code == 422
    assert sign_in("east-admin").put(address, given, "application/json").status_code == 200


def test_the_page_of_sight_names_the_enterprises_one_answers_or_speaks_for(
    of: Of, records: Records
) -> None:
    officer = of("east-officer")
    speaker = Actor(zone_id=officer.zone_id, role=Role.ENTERPRISE, party_ref=records.party.pk)
    with acting(officer):
        assert "1" in " ".join(rights.reasons(by=officer))
    with acting(speaker):
        assert records.party.name in " ".join(rights.reasons(by=speaker))
