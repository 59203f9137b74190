"""Whatever people do, the quota holds: any sequence of acts, and two who want the last place."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import point_django_at
from tests import database as databases
from tests.town import NOW, actor
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import acting
from xiaoer.config import database
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.models import Contact, ContactRule
from xiaoer.work.tests.conftest import Firms, built

QUOTA = 2
DAYS = (
    date(2026, 11, 24),
    date(2026, 11, 30),
    date(2026, 12, 1),
    date(2026, 12, 30),
    date(2027, 2, 26),
)
ACT = st.tuples(
    st.sampled_from(("plan", "merge", "cancel", "move", "finish", "refuse", "record", "rule")),
    st.sampled_from(("east-desk", "east-officer", "east-leader")),
    st.integers(0, 5),
    st.integers(0, 5),
    st.sampled_from(DAYS),
)


def _do(firms: Firms, what: str, who: str, one: int, two: int, day: date) -> None:
    by = firms.of(who)
    reason = "领导同意" if who == "east-leader" else ""
    with acting(by):
        rows = list(Contact.objects.filter(state="planned").order_by("id"))
        first = rows[one % len(rows)] if rows else None
        second = rows[two % len(rows)] if rows else None
        match what:
            case "plan":
                work.plan_contact(
                    by=by, now=NOW, party=firms.party, kind="visit", purpose="x", planned_on=day,
                    reason=reason,
                )  # fmt: skip
            case "record":
                work.record_contact(
                    by=by, now=NOW, party=firms.party, kind="call", purpose="x", on=NOW.date()
                )
            case "merge" if first and second:
                work.merge_contacts(by=by, now=NOW, contact=first, into=second)
            case "cancel" if first:
                work.cancel_contact(by=by, now=NOW, contact=first, reason="x")
            case "move" if first:
                work.move_contact(by=by, now=NOW, contact=first, planned_on=day, reason=reason)
            case "finish" if first:
                work.finish_contact(by=by, now=NOW, contact=first, on=NOW.date())
            case "refuse" if first:
                work.refuse_contact(by=by, now=NOW, contact=first)
            case _:
                pass


def _must_hold(firms: Firms) -> None:
    by = firms.of("east-desk")
    with acting(by):
        for month in {day.replace(day=1) for day in (*DAYS, NOW.date())}:
            rows = list(queries.counted(by, firms.party.pk, month))
            assert sum(not row.is_above_quota for row in rows) <= QUOTA
            for row in rows:
                if row.is_above_quota and row.state == "planned":
                    assert row.reason
                    assert row.allowed_by_id
        for row in Contact.objects.filter(state="merged").select_related("merged_into"):
            assert row.merged_into is not None
            assert row.merged_into.state != "merged"


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACT, max_size=14))
def test_any_sequence_of_acts_keeps_the_quota_unless_a_leaders_reason_is_kept(
    firms: Firms, acts: list[tuple[str, str, int, int, date]]
) -> None:
    with transaction.atomic():
        for what, who, one, two, day in acts:
            try:
                _do(firms, what, who, one, two, day)
            except Refused:
                continue
            _must_hold(firms)
        transaction.set_rollback(True)


@pytest.fixture
def real_firms(django_db_setup: None, django_db_blocker: Any) -> Iterator[Firms]:
    """The firms in a database of its own where everything is really committed."""
    own = databases.clone(databases.template("town"), f"{databases.PREFIX}_budget")
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        point_django_at(own.web)
        try:
            yield built(actor)
        finally:
            point_django_at(own.of_database(before).web)
    database.drop_database(own)


def _together(acts: list[Any]) -> list[Any]:
    """Each in a thread with a connection of its own; refusals are answers too."""

    def one(act: Any) -> Any:
        try:
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_of_many_who_plan_at_once_only_as_many_get_a_place_as_there_are(
    real_firms: Firms,
) -> None:
    who = ("east-desk", "east-officer", "east-power", "east-land", "east-steward", "east-economy")
    with acting(actor("east-admin")):
        assert ContactRule.objects.get().monthly_quota == QUOTA
    answers = _together([lambda name=name: real_firms.plan(name) for name in who])
    assert sum(isinstance(answer, Contact) for answer in answers) == QUOTA
    assert sum(isinstance(answer, Refused) for answer in answers) == len(who) - QUOTA
    by = actor("east-desk")
    with acting(by):
        assert queries.contact_budget(by, real_firms.party.pk, NOW.date()).used == QUOTA


def test_the_same_question_asked_by_many_at_once_is_one_question(real_firms: Firms) -> None:
    def ask(name: str) -> Any:
        return real_firms.do(
            name, "ask_question", party=real_firms.party, room="test", key="staff", text="职工？"
        )

    names = ("east-desk", "east-officer", "east-power", "east-land")
    answers = _together([lambda name=name: ask(name) for name in names])
    assert len({answer.pk for answer in answers}) == 1
