"""What outreach reminds of: firms nobody visited for long, requests of one's firms that turned red."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from tests.records import Records, make_records
from tests.town import NOW
from xiaoer.base.models import Post
from xiaoer.base.scope import Actor, acting, system
from xiaoer.outreach.queries.reminding import firms_without_contact, requests_red
from xiaoer.registry import actions as registry
from xiaoer.registry.actions.parties import PartyFacts
from xiaoer.registry.models import Stewardship
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.actions import Choice
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Reminder
from xiaoer.work.reminding import Asked, Thing

Of = Callable[[str], Actor]


@pytest.fixture
def records(db: None) -> Records:
    """A firm of the officer, visited today, with a request filed today."""
    return make_records("east")


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL)


def asked(by: Actor, now: datetime, days: int = 30) -> Asked:
    return Asked(
        zone_id=by.zone_id,
        now=now,
        calendar=queries.calendar_of(by.zone_id),
        posts=frozenset([by.post_id or 0]),
        days=days,
    )


def said(things: list[Thing]) -> list[str]:
    with translation.override("zh-hans"):
        return [str(thing.words) for thing in things]


def test_a_firm_is_told_of_when_nobody_visited_it_for_so_long(of: Of, records: Records) -> None:
    officer = of("east-officer")
    with acting(officer):
        assert list(firms_without_contact(asked(officer, NOW + timedelta(days=29)))) == []
        found = list(firms_without_contact(asked(officer, NOW + timedelta(days=30))))
    assert [(thing.title, thing.days) for thing in found] == [(records.party.name, 30)]
    assert said(found) == ["最近一次走访：11月20日 周五，距今 30 天"]


def test_it_is_told_again_after_as_many_days_more(of: Of, records: Records) -> None:
    officer = of("east-officer")
    with acting(officer):
        work.choose_reminders(by=officer, now=NOW, choices=[Choice("no_contact", "page", days=30)])
    by = system(officer.zone_id)
    counts = []
    for day in range(0, 71, 1):
        with acting(by):
            counts.append(work.make_reminders(by=by, now=NOW + timedelta(days=day)))
    assert sum(counts) == 2
    with acting(officer):
        assert Reminder.objects.filter(kind="no_contact").count() == 2


def test_a_firm_without_any_visit_is_not_said_to_have_had_none(of: Of, records: Records) -> None:
    officer, admin = of("east-officer"), of("east-admin")
    with acting(admin):
        cell = records.party.cell
        facts = PartyFacts(name="新迁来的公司")
        firm = registry.add_party(by=admin, now=NOW, facts=facts, cell=cell)
        registry.assign_steward(
            by=admin, now=NOW, party=firm, post=Post.objects.get(pk=officer.post_id or 0)
        )
    with acting(officer):
        found = list(firms_without_contact(asked(officer, NOW + timedelta(days=40))))
    assert any("没有走访记录" in words for words in said(found))


def test_only_the_firms_of_whoever_asks_are_told_of(of: Of, records: Records) -> None:
    for stranger in (of("east-desk"), of("west-officer")):
        with acting(stranger):
            assert not list(firms_without_contact(asked(stranger, NOW + timedelta(days=99))))
            assert not list(requests_red(asked(stranger, NOW + timedelta(days=99))))


def test_a_request_of_my_firm_is_told_of_when_it_turns_red(of: Of, records: Records) -> None:
    officer = of("east-officer")
    with acting(officer):
        assert list(requests_red(asked(officer, NOW + timedelta(hours=1)))) == []
        found = list(requests_red(asked(officer, at(date(2026, 11, 23), 9))))
    assert [thing.title for thing in found] == [records.appeal.title]
    assert records.appeal.receipt_no in said(found)[0]
    assert not found[0].is_supervised


def test_a_deputy_officer_is_told_too(of: Of, records: Records) -> None:
    steward, admin = of("east-steward"), of("east-admin")
    with acting(admin):
        registry.assign_steward(
            by=admin,
            now=NOW,
            party=records.party,
            post=Post.objects.get(pk=steward.post_id or 0),
            kind=Stewardship.Kind.DEPUTY,
        )
    with acting(steward):
        assert list(firms_without_contact(asked(steward, NOW + timedelta(days=40))))
