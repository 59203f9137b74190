"""Whom to visit next and why: each enterprise once, with reasons in words, at a fixed cost."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.town import NOW
from xiaoer.base.models import Post
from xiaoer.base.scope import Actor, acting
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries, reasons
from xiaoer.outreach.models import Programme
from xiaoer.outreach.queries import DueList, DueRow
from xiaoer.outreach.queries.due import LATE, OVERDUE
from xiaoer.outreach.tests.conftest import Town
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work.models import Contact

SignIn = Callable[[str], Client]
TODAY = NOW.date()


@pytest.fixture
def programme(town: Town) -> Programme:
    with acting(town.of("east-desk")):
        return Programme.objects.get(zone_id=town.zone_id, code="routine")


def visit(town: Town, programme: Programme, ago: int, party: Party | None = None) -> Any:
    by = town.of("east-officer")
    with acting(by):
        return outreach.log_visit(
            by=by, now=NOW, party=party or town.party, programme=programme, met="赵一",
            visited_on=TODAY - timedelta(days=ago), late_reason="补记", another_reason="又一次",
        )  # fmt: skip


def listed(town: Town, who: str = "east-officer", **given: Any) -> DueList:
    by = town.of(who)
    with acting(by):
        found = queries.due_list(by=by, now=given.pop("now", NOW), **given)
    assert found is not None
    return found


def row_of(town: Town, party: Party | None = None, **given: Any) -> DueRow:
    shown = listed(town, **given)
    wanted = party or town.party
    return next(row for row in (*shown.rows, *shown.absent) if row.party_id == wanted.pk)


def test_an_enterprise_nobody_visited_is_due_at_once(town: Town) -> None:
    row = row_of(town)
    assert row.reasons[0].rank == OVERDUE
    assert row.last_visit is None


def test_where_the_tier_is_not_known_the_default_holds_and_says_so(
    town: Town, programme: Programme
) -> None:
    visit(town, programme, 100)
    row = row_of(town)
    assert row.interval is not None
    assert (row.interval.days, row.interval.is_tier_known) == (90, False)
    assert row.reasons[0].words == "100 天没走访；层级未知，按每 90 天一次"


def test_a_monitoring_firm_is_due_sooner(town: Town, programme: Programme) -> None:
    visit(town, programme, 40)
    assert not listed(town).rows
    admin = town.of("east-admin")
    with acting(admin):
        registry.name_monitoring_firm(by=admin, now=NOW, party=town.party)
    row = row_of(town)
    assert row.interval is not None and row.interval.days == 30
    assert row.reasons[0].light == "amber"


def test_a_visit_coming_due_is_told_a_week_before(town: Town, programme: Programme) -> None:
    visit(town, programme, 85)
    assert row_of(town).reasons[0].light == "green"


def test_what_is_late_stands_before_visits_overdue(town: Town, programme: Programme) -> None:
    by, admin = town.of("east-officer"), town.of("east-admin")
    with acting(admin):
        post = Post.objects.get(pk=by.post_id or 0)
        registry.assign_steward(by=admin, now=NOW, party=town.other, post=post)
    visit(town, programme, 10)
    town.file()
    later = NOW + timedelta(days=20)
    shown = listed(town, now=later)
    assert [row.party_id for row in shown.rows] == [town.party.pk, town.other.pk]
    assert shown.rows[0].reasons[0].rank == LATE
    assert shown.rows[0].light == "red"


def test_a_promise_that_was_not_kept_is_red(town: Town, programme: Programme) -> None:
    by = town.of("east-officer")
    with acting(by):
        outreach.log_visit(
            by=by, now=NOW, party=town.party, programme=programme, met="赵一", visited_on=TODAY,
            steps=[outreach.Step("发申报通知", TODAY + timedelta(days=1))],
        )  # fmt: skip
    assert not listed(town).rows
    late = row_of(town, now=NOW + timedelta(days=3)).reasons[0]
    assert (late.rank, late.light) == (LATE, "red")
    assert "发申报通知" in late.words


@pytest.fixture
def a_title(town: Town) -> Iterator[None]:
    """As a later room would lend it."""

    def find(_by: Actor, ids: Sequence[int], _until: date) -> Mapping[int, list[reasons.RunsOut]]:
        return {town.party.pk: [reasons.RunsOut("创新型中小企业", TODAY + timedelta(days=30))]}

    reasons.know_running_out("test", find)
    yield
    reasons._running_out.pop("test")


def test_a_title_that_runs_out_is_a_reason_of_the_room_that_knows_it(
    town: Town, programme: Programme, a_title: None
) -> None:
    visit(town, programme, 5)
    assert "创新型中小企业" in row_of(town).reasons[0].words


def test_who_plans_there_already_is_told_with_the_day(town: Town) -> None:
    power = town.of("east-power")
    with acting(power):
        work.plan_contact(
            by=power, now=NOW, party=town.party, kind=Contact.Kind.VISIT, purpose="查线路",
            planned_on=TODAY + timedelta(days=3), post=Post.objects.get(pk=power.post_id or 0),
        )  # fmt: skip
    shown = listed(town)
    assert not shown.rows
    assert "供电服务中心" in shown.absent[0].absent


def test_a_used_quota_and_quiet_days_keep_the_officer_away(
    town: Town, programme: Programme
) -> None:
    visit(town, programme, 1)
    visit(town, programme, 2)
    by = town.of("east-desk")
    with acting(by):
        work.ask_question(
            by=by, now=NOW, party=town.party, room="work", key="staff", text="缺工几人？"
        )
    assert "2" in listed(town).absent[0].absent
    admin = town.of("east-admin")
    with acting(admin):
        work.set_contact_rule(
            by=admin, now=NOW, monthly_quota=9, quiet_from=1, quiet_until=30, source="本区约定",
            version=1,
        )  # fmt: skip
    assert "30" in listed(town).absent[0].absent


def test_the_deputy_officer_sees_the_enterprise_too(town: Town) -> None:
    admin, power = town.of("east-admin"), town.of("east-power")
    with acting(admin):
        post = Post.objects.get(pk=power.post_id or 0)
        registry.assign_steward(by=admin, now=NOW, party=town.party, post=post, kind="deputy")
    assert listed(town, "east-power").rows[0].is_deputy


def test_leaders_and_the_desk_see_a_colleagues_list_others_do_not(town: Town) -> None:
    officer, power, other = town.of("east-officer"), town.of("east-power"), town.of("west-desk")
    assert listed(town, "east-desk", post_id=officer.post_id).rows
    assert listed(town, "east-leader", post_id=officer.post_id).rows
    for by in (power, other):
        with acting(by):
            assert queries.due_list(by=by, now=NOW, post_id=officer.post_id) is None


def test_a_list_costs_the_same_however_many_enterprises_it_holds(
    town: Town, programme: Programme
) -> None:
    admin, officer = town.of("east-admin"), town.of("east-officer")

    def cost() -> int:
        with (
            acting(officer),
            CaptureQueriesContext(
                connection,
            ) as asked,
        ):
            queries.due_list(by=officer, now=NOW)
        return len(asked)

    one = cost()
    with acting(admin):
        post = Post.objects.get(pk=officer.post_id or 0)
        for number in range(12):
            facts = registry.PartyFacts(name=f"东区机械{number}厂", industry="3511")
            cell = Party.objects.get(pk=town.party.pk).cell
            party = registry.add_party(by=admin, now=NOW, facts=facts, cell=cell)
            registry.assign_steward(by=admin, now=NOW, party=party, post=post)
    assert cost() == one


def test_one_click_plans_a_visit_and_the_page_says_when(town: Town, sign_in: SignIn) -> None:
    client = sign_in("east-officer")
    page = client.get(reverse("visits_due")).content.decode()
    assert town.party.name in page
    answer = client.post(reverse("visit_plan", args=[town.party.pk]), {"purpose": "走访"})
    assert answer.status_code == 302
    with acting(town.of("east-officer")):
        planned = Contact.objects.get(party=town.party, state="planned")
    assert planned.post_id == town.of("east-officer").post_id
    assert (
        sign_in("west-officer")
        .get(reverse("visits_due"), {"post": planned.post_id or 0})
        .status_code
        == 404
    )
