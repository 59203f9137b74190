"""Definitions of a zone: what it begins with, what speaks on a day, what never changes."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.town import NOW
from xiaoer.base import actions as base
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.permits import actions as permits
from xiaoer.permits import queries
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.permits.shipped import SHIPPED
from xiaoer.web.words import local_date

TODAY = local_date(NOW)
Of = Callable[[str], Actor]


def a_version(by: Actor) -> ThingVersion:
    return ThingVersion.objects.select_related("thing").get(
        zone_id=by.zone_id, thing__code="open_restaurant"
    )


def test_a_zone_begins_with_every_shipped_thing_in_force(of: Of) -> None:
    with acting(admin := of("east-admin")):
        found = list(queries.things(zone_id=admin.zone_id, on=TODAY))
        assert [one.code for one in found] == [one.code for one in SHIPPED]
        for thing in found:
            version = queries.version_on(thing, TODAY)
            assert version is not None
            assert queries.guide_of(version).items
        assert permits.seed_things(by=system(admin.zone_id), now=NOW) == 0


def test_eighteen_one_things_and_nine_services_beyond_them_are_shipped() -> None:
    whole = [one for one in SHIPPED if one.kind == "one_thing"]
    assert len(whole) == 18
    assert sum(one.is_value_added for one in SHIPPED) == 9
    assert not any(one.is_value_added for one in whole)
    assert all(one.mark and one.source and one.note for one in SHIPPED if one.kind == "one_thing")


def test_what_is_shipped_asks_for_papers_and_gives_licences_the_zone_has(of: Of) -> None:
    with acting(admin := of("east-admin")):
        for thing in queries.things(zone_id=admin.zone_id, on=TODAY):
            version = queries.version_on(thing, TODAY)
            assert version is not None
            definition = queries.definition_of(version)
            assert queries.problems_of(version, definition, TODAY) == [], thing.code


def test_an_office_the_zone_lacks_is_stood_in_for_and_told(of: Of) -> None:
    with acting(admin := of("east-admin")):
        version = a_version(admin)
        assert version.thing.office is not None
        assert version.thing.office.name == "企业服务中心"
        assert "消防救援大队" in version.note
        assert "企业服务中心" in version.note
        definition = queries.definition_of(version)
        assert {one.office for one in definition.items} == {"企业服务中心"}
        assert None not in queries.offices_of(definition, version.thing).values()
        problems = queries.problems_of(version, definition, TODAY)
        assert not [one for one in problems if one.field == "office"]


def test_an_office_is_matched_by_what_its_name_says(of: Of) -> None:
    with acting(admin := of("east-admin")):
        tax = base.open_office(by=admin, now=NOW, name="东区税务分局", order=90)
        assert permits.match_office("税务局", [tax]) == tax
        assert permits.match_office("公安分局", [tax]) is None


def test_nothing_speaks_before_its_day(of: Of) -> None:
    with acting(admin := of("east-admin")):
        version = a_version(admin)
        assert queries.version_on(version.thing, TODAY - timedelta(days=1)) is None
        assert not queries.things(zone_id=admin.zone_id, on=TODAY - timedelta(days=1)).exists()


@pytest.mark.parametrize(
    "change", [{"body": {}}, {"valid_from": date(2020, 1, 1)}, {"number": 7}, {"state": "draft"}]
)
def test_the_database_itself_refuses_to_edit_what_is_in_force(
    of: Of, change: dict[str, object]
) -> None:
    with acting(admin := of("east-admin")):
        version = a_version(admin)
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            ThingVersion.objects.filter(pk=version.pk).update(**change)


def test_the_database_itself_keeps_two_versions_off_one_day(of: Of) -> None:
    with acting(admin := of("east-admin")):
        version = a_version(admin)
        version.pk, version.number = None, 2
        version.valid_from, version.valid_until = TODAY, TODAY + timedelta(days=3)
        with pytest.raises(DatabaseError, match="same day"), transaction.atomic():
            version.save(force_insert=True)


def test_other_zones_and_applicants_do_not_read_drafts(of: Of) -> None:
    with acting(admin := of("east-admin")):
        version = a_version(admin)
        draft = ThingVersion.objects.create(
            zone_id=admin.zone_id, thing=version.thing, number=2, body=version.body
        )
    with acting(of("west-admin")):
        assert not Thing.objects.filter(pk=version.thing_id).exists()
    stranger = Actor(zone_id=admin.zone_id, key="0" * 64)
    with acting(stranger):
        assert ThingVersion.objects.filter(pk=version.pk).exists()
        assert not ThingVersion.objects.filter(pk=draft.pk).exists()
        with pytest.raises(Refused):
            permits.seed_things(by=stranger, now=NOW)
