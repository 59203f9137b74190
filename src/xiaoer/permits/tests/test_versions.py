"""Versions of a thing: written by one, put in force by another, never edited afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.town import NOW, OPENED
from xiaoer.base import actions as base
from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.permits import actions as permits
from xiaoer.permits import queries
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.permits.wording import Unreadable, read_definition, write_definition
from xiaoer.web.words import local_date

TODAY = local_date(NOW)
TOMORROW = TODAY + timedelta(days=1)
Of = Callable[[str], Actor]


def second_of(by: Actor) -> Actor:
    """Another administrator of the same zone."""
    person = base.add_person(by=by, now=NOW, name="管二", phone="13800000000", work_no="second")
    post = base.give_post(
        by=by, now=NOW, person=person, role=Role.ADMINISTRATOR, office=None, since=OPENED
    )
    return Actor(
        zone_id=by.zone_id,
        role=Role.ADMINISTRATOR,
        post_id=post.pk,
        person_id=person.pk,
        name="管二",
    )


def the_thing(by: Actor, code: str = "open_restaurant") -> Thing:
    return Thing.objects.get(zone_id=by.zone_id, code=code)


def drafted(by: Actor, thing: Thing) -> ThingVersion:
    return permits.draft_version(
        by=by, now=NOW, thing=thing, source=queries.version_on(thing, TODAY)
    )


def shorter(body: dict[str, Any]) -> dict[str, Any]:
    """The body with one item's promise shortened."""
    items = [dict(one) for one in body["items"]]
    items[2]["promised"] = {"count": 5, "mark": "D"}
    return {**body, "items": items}


def changed(by: Actor, draft: ThingVersion) -> ThingVersion:
    return permits.change_draft(
        by=by, now=NOW, draft=draft, version=draft.version, body=shorter(draft.body)
    )


def test_a_second_person_puts_a_version_in_force_and_the_first_ends_the_day_before(
    of: Of,
) -> None:
    with acting(by := of("east-admin")):
        thing = the_thing(by)
        first = queries.version_on(thing, TODAY)
        draft = changed(by, drafted(by, thing))
        with pytest.raises(Refused, match="第 2 版"):
            permits.release_version(
                by=by, now=NOW, draft=draft, version=draft.version, valid_from=TOMORROW
            )
        live = permits.release_version(
            by=second_of(by), now=NOW, draft=draft, version=draft.version, valid_from=TOMORROW
        )
        assert first is not None
        assert queries.version_on(thing, TODAY) == first
        assert queries.version_on(thing, TOMORROW) == live
        first.refresh_from_db()
        assert (first.state, first.valid_until) == ("live", TODAY)


def test_nobody_edits_what_is_in_force_and_two_drafts_are_not_begun(of: Of) -> None:
    with acting(by := of("east-admin")):
        thing = the_thing(by)
        live = queries.version_on(thing, TODAY)
        assert live is not None
        with pytest.raises(Refused, match="不能再改"):
            permits.change_draft(by=by, now=NOW, draft=live, version=live.version, body=live.body)
        drafted(by, thing)
        with pytest.raises(Refused, match="2"):
            drafted(by, thing)


def test_a_colleagues_change_is_not_overwritten(of: Of) -> None:
    with acting(by := of("east-admin")):
        draft = drafted(by, the_thing(by))
        stale = draft.version
        changed(by, draft)
        with pytest.raises(Refused, match="管一"):
            permits.change_draft(by=by, now=NOW, draft=draft, version=stale, body=draft.body)


def test_a_draft_is_kept_with_problems_but_not_released_and_not_with_what_cannot_be_read(
    of: Of,
) -> None:
    with acting(by := of("east-admin")):
        draft = drafted(by, the_thing(by))
        items = [dict(one) for one in draft.body["items"]]
        items[0]["after"] = ["nowhere"]
        draft = permits.change_draft(
            by=by, now=NOW, draft=draft, version=draft.version, body={**draft.body, "items": items}
        )
        with pytest.raises(Refused, match="nowhere") as refused:
            permits.release_version(
                by=second_of(by), now=NOW, draft=draft, version=draft.version, valid_from=TODAY
            )
        assert refused.value.field == "items.B0.after"
        with pytest.raises(Unreadable):
            permits.change_draft(
                by=by, now=NOW, draft=draft, version=draft.version, body={"itmes": []}
            )


def test_a_version_does_not_begin_in_the_past_nor_before_one_that_waits(of: Of) -> None:
    with acting(by := of("east-admin")):
        thing, second = the_thing(by), second_of(by)
        draft = changed(by, drafted(by, thing))

        def release(on: Any, one: ThingVersion) -> ThingVersion:
            return permits.release_version(
                by=second, now=NOW, draft=one, version=one.version, valid_from=on
            )

        with pytest.raises(Refused):
            release(TODAY - timedelta(days=1), draft)
        release(TODAY + timedelta(days=9), draft)
        later = drafted(by, thing)
        with pytest.raises(Refused, match="2"):
            release(TODAY + timedelta(days=5), later)


def test_a_retired_version_speaks_no_more_and_a_draft_is_given_up(of: Of) -> None:
    with acting(by := of("east-admin")):
        thing = the_thing(by)
        live = queries.version_on(thing, TODAY)
        assert live is not None
        permits.retire_version(by=by, now=NOW, live=live, version=live.version, reason="依据废止")
        assert queries.version_on(thing, TODAY) is None
        assert thing not in queries.things(zone_id=by.zone_id, on=TODAY)
        draft = permits.draft_version(by=by, now=NOW, thing=thing, source=live)
        permits.withdraw_draft(by=by, now=NOW, draft=draft, version=draft.version, reason="不改了")
        again = permits.draft_version(by=by, now=NOW, thing=thing, source=live)
        assert (again.number, again.body) == (3, live.body)


def test_a_copy_is_a_thing_of_its_own_and_an_ended_one_is_not_begun_any_more(of: Of) -> None:
    with acting(by := of("east-admin")):
        thing = the_thing(by)
        copy = permits.copy_thing(
            by=by, now=NOW, thing=thing, code="open_bakery", name="开办面包店"
        )
        draft = copy.versions.get()
        assert (draft.state, draft.number) == ("draft", 1)
        assert draft.body == thing.versions.get().body
        with pytest.raises(Refused, match="open_bakery"):
            permits.copy_thing(by=by, now=NOW, thing=thing, code="open_bakery", name="再来")
        permits.end_thing(
            by=by, now=NOW, thing=thing, version=thing.version, on=TODAY, reason="并入另一件"
        )
        assert thing in queries.things(zone_id=by.zone_id, on=TODAY)
        assert thing not in queries.things(zone_id=by.zone_id, on=TOMORROW)


def test_what_one_zone_exports_another_takes_in_as_a_draft(of: Of) -> None:
    with acting(by := of("east-admin")):
        version = queries.version_on(the_thing(by, "change_of_firm"), TODAY)
        assert version is not None
        document = queries.export_of(version, queries.definition_of(version))
        document["thing"]["code"] = "change_elsewhere"
    with acting(west := of("west-admin")):
        draft = permits.import_definition(by=west, now=NOW, document=document)
        assert (draft.state, draft.thing.code) == ("draft", "change_elsewhere")
        assert write_definition(read_definition(draft.body)) == document["definition"]
        for wrong in (None, {}, {"format": "xiaoer.thing/9"}, {**document, "definition": {"x": 1}}):
            with pytest.raises(Refused):
                permits.import_definition(by=west, now=NOW, document=wrong)


def test_two_versions_are_compared_part_by_part(of: Of) -> None:
    with acting(by := of("east-admin")):
        draft = drafted(by, the_thing(by))
        before = queries.definition_of(draft)
        body = shorter(draft.body)
        body["fields"] = body["fields"][1:]
        found = queries.differences(before, read_definition(body))
        assert [(one.part, one.kind, one.what) for one in found] == [
            ("items", "changed", "promised"),
            ("fields", "dropped", ""),
        ]


@pytest.mark.parametrize("who", ["east-officer", "east-power", "west-admin"])
def test_only_those_who_keep_definitions_of_the_zone_write_them(of: Of, who: str) -> None:
    with acting(by := of("east-admin")):
        thing = the_thing(by)
    other = of(who)
    with acting(other), pytest.raises(Refused):
        permits.draft_version(by=other, now=NOW, thing=thing)


def test_the_system_does_not_put_anything_in_force(of: Of) -> None:
    with acting(by := of("east-admin")):
        draft = drafted(by, the_thing(by))
        with pytest.raises(Refused):
            permits.release_version(
                by=system(by.zone_id), now=NOW, draft=draft, version=draft.version, valid_from=TODAY
            )
