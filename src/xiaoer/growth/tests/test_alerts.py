"""Alerts: found by rules over months, judged by people; seasonal rests and gaps alarm nobody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client

from tests.town import NOW
from xiaoer.base.models import Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.facts.periods import end_of
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth.models import Alert
from xiaoer.growth.shipped.watching import WATCHING
from xiaoer.growth.tests.watched import POWER, REVENUE, TAX, firm, last_month, report
from xiaoer.growth.vocabulary.watching import WORDS, WatchLender
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.rules import actions as rules
from xiaoer.rules.language.compiling import compile_rule
from xiaoer.rules.language.spec import ClauseText
from xiaoer.rules.models import RuleVersion
from xiaoer.work.models import Task

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
TODAY = date(2026, 11, 20)
LIVE = tuple(
    replace(
        rule,
        code=f"{rule.code}_t",
        versions=tuple(replace(one, mark="A", is_live=True) for one in rule.versions),
    )
    for rule in WATCHING
)


def release(by: Actor) -> None:
    """Alert rules a person has released: the shipped ones wait for that."""
    rules.seed_rules(by=system(by.zone_id), now=NOW, rules=LIVE)


def facts(by: Actor, *names: str, as_of: date = TODAY) -> dict[int, dict[str, float | None]]:
    table = WatchLender().columns(
        zone_id=by.zone_id, names=names, as_of=as_of, known_at=end_of(TODAY)
    )
    return {row.pop("id"): row for row in table.to_pylist()}


def codes(by: Actor) -> set[tuple[str, str]]:
    rows = queries.alerts(by=by, filters=queries.AlertFilter(state="all"))
    return {(one.rule.code.removesuffix("_t"), one.party.name) for one in rows}


# Words --------------------------------------------------------------------------------------------


def test_every_shipped_rule_can_be_read_with_the_words_lent() -> None:
    words = {word.name: word for word in WORDS}
    for rule in WATCHING:
        for version in rule.versions:
            clauses = [ClauseText(one.name, one.name_en, one.text) for one in version.clauses]
            assert compile_rule(rule.code, clauses, words).columns


def test_a_month_is_compared_with_the_month_before_and_the_year_before(watcher: Actor) -> None:
    one = firm(watcher, "甲厂")
    report(watcher, POWER, {one: [100] * 25 + [60]})
    found = facts(watcher, "electricity_mom", "electricity_yoy")[one.pk]
    assert found["electricity_mom"] == pytest.approx(-0.4)
    assert found["electricity_yoy"] == pytest.approx(-0.4)


def test_what_rests_every_summer_is_within_its_own_range(watcher: Actor) -> None:
    rests, falls = firm(watcher, "夏休厂"), firm(watcher, "骤降厂")
    # 29 months up to August, the month of rest.
    months = [(4 + n) % 12 or 12 for n in range(29)]
    rest = [30 if month in (7, 8) else 100 for month in months]
    assert months[-1] == 8
    report(watcher, POWER, {rests: rest, falls: [100] * 28 + [40]}, last=date(2026, 8, 31))
    found = facts(watcher, "electricity_against_range", "electricity_yoy", as_of=date(2026, 9, 12))
    assert found[rests.pk]["electricity_against_range"] == pytest.approx(0)
    against = found[falls.pk]["electricity_against_range"]
    assert against is not None
    assert against < -10


def test_a_firm_without_history_has_no_range(watcher: Actor) -> None:
    young = firm(watcher, "新厂")
    report(watcher, POWER, {young: [100, 100, 40], firm(watcher, "老厂"): [100] * 26})
    assert (
        facts(watcher, "electricity_against_range")[young.pk]["electricity_against_range"] is None
    )


def test_a_sheet_that_has_only_begun_to_come_in_alarms_nobody(watcher: Actor) -> None:
    firms = [firm(watcher, f"厂{n}") for n in range(6)]
    report(watcher, REVENUE, {one: [100] * 25 for one in firms}, last=date(2026, 9, 30))
    report(watcher, REVENUE, {firms[0]: [100]})
    found = facts(watcher, "months_without_report")
    assert {row["months_without_report"] for row in found.values()} == {0}


def test_who_is_not_in_a_sheet_that_came_in_is_known_to_be_missing(watcher: Actor) -> None:
    firms = [firm(watcher, f"厂{n}") for n in range(6)]
    report(watcher, REVENUE, {one: [100] * 26 for one in firms[1:]})
    report(watcher, REVENUE, {firms[0]: [100] * 20}, last=date(2026, 8, 31))
    found = facts(watcher, "months_without_report", "revenue_yoy")
    assert found[firms[0].pk]["months_without_report"] == 2
    assert found[firms[0].pk]["revenue_yoy"] is None


def test_the_words_are_those_known_at_the_moment(watcher: Actor) -> None:
    one = firm(watcher, "甲厂")
    report(watcher, POWER, {one: [100] * 26})
    table = WatchLender().columns(
        zone_id=watcher.zone_id,
        names=["electricity_yoy"],
        as_of=TODAY,
        known_at=NOW - timedelta(days=1),
    )
    assert table.num_rows == 0


# Raising ------------------------------------------------------------------------------------------


@pytest.fixture
def told(watcher: Actor) -> dict[str, Party]:
    """A firm that stopped, one that uses more and pays less, one that goes its way."""
    release(watcher)
    stopped, leaves, well = (firm(watcher, name) for name in ("停产厂", "背离厂", "平稳厂"))
    report(
        watcher,
        POWER,
        {stopped: [100] * 25 + [1], leaves: [100] * 22 + [130] * 4, well: [100] * 26},
    )
    report(watcher, TAX, {stopped: [10] * 26, leaves: [10] * 22 + [4] * 4, well: [10] * 26})
    return {"stopped": stopped, "leaves": leaves, "well": well}


def test_stories_are_found_and_a_steady_firm_is_left_alone(
    watcher: Actor, told: dict[str, Party]
) -> None:
    came = growth.raise_alerts(by=watcher, now=NOW)
    assert came.raised == len(codes(watcher))
    assert codes(watcher) == {
        ("alert_stoppage", "停产厂"),
        ("alert_power_drop", "停产厂"),
        ("alert_power_tax", "背离厂"),
        ("alert_tax_fall", "背离厂"),
    }


def test_what_was_shipped_alarms_nobody_before_a_person_releases_it(watcher: Actor) -> None:
    report(watcher, POWER, {firm(watcher, "停产厂"): [100] * 25 + [1]})
    assert growth.raise_alerts(by=watcher, now=NOW).raised == 0
    shipped = RuleVersion.objects.filter(rule__kind="alert")
    assert set(shipped.values_list("state", "mark")) == {("draft", "U")}


def test_evaluated_twice_there_is_one_alert_of_a_firm_and_rule(
    watcher: Actor, told: dict[str, Party]
) -> None:
    first = growth.raise_alerts(by=watcher, now=NOW)
    again = growth.raise_alerts(by=watcher, now=NOW + timedelta(minutes=1))
    assert (again.raised, again.lasting) == (0, first.raised)
    alert = Alert.objects.all()[0]
    alert.pk = None
    with pytest.raises(IntegrityError, match="alert_once_while_it_lasts"), transaction.atomic():
        alert.save()


def test_an_alert_keeps_the_figures_it_rose_from_and_asks_somebody(
    watcher: Actor, told: dict[str, Party]
) -> None:
    growth.raise_alerts(by=watcher, now=NOW)
    alert = Alert.objects.get(party=told["stopped"], rule__code="alert_stoppage_t")
    assert alert.figures == {"electricity_of_usual": 0.01}
    assert alert.matter is not None
    task = Task.objects.get(matter=alert.matter, state="open")
    assert (task.kind, task.office_id) == ("check_alert", watcher.office_id)


def test_what_no_longer_holds_has_ended_and_what_cannot_be_judged_goes_on(
    watcher: Actor, told: dict[str, Party]
) -> None:
    growth.raise_alerts(by=watcher, now=NOW)
    later = NOW + timedelta(days=20)
    report(watcher, POWER, {told["stopped"]: [100], told["well"]: [100]}, last=date(2026, 11, 30))
    growth.raise_alerts(by=watcher, now=later)
    stopped = Alert.objects.get(party=told["stopped"], rule__code="alert_stoppage_t")
    leaves = Alert.objects.get(party=told["leaves"], rule__code="alert_power_tax_t")
    assert stopped.ended_on == date(2026, 12, 10)
    assert leaves.ended_on is None


# Judging ------------------------------------------------------------------------------------------


def one_alert(by: Actor, told: dict[str, Party]) -> Alert:
    growth.raise_alerts(by=by, now=NOW)
    return Alert.objects.get(party=told["stopped"], rule__code="alert_stoppage_t")


def test_a_confirmed_alert_has_a_measure_and_is_handled_with_a_result(
    watcher: Actor, told: dict[str, Party]
) -> None:
    alert = one_alert(watcher, told)
    with pytest.raises(Refused) as refusal:
        growth.confirm_alert(by=watcher, now=NOW, alert=alert, measure=" ")
    assert refusal.value.field == "measure"
    due = date(2026, 11, 30)
    alert = growth.confirm_alert(
        by=watcher, now=NOW, alert=alert, measure="协调复产用电，一企一策", due_on=due
    )
    assert (alert.state, alert.owner_id) == ("confirmed", watcher.post_id)
    task = Task.objects.get(matter=alert.matter, state="open")
    assert task.kind == "take_measure"
    alert = growth.handle_alert(by=watcher, now=NOW, alert=alert, result="已复产")
    assert alert.state == "handled"
    assert alert.matter is not None
    alert.matter.refresh_from_db()
    assert alert.matter.closed_at is not None
    assert [one.verb for one in queries.events_of(alert=alert)] == [
        "raised", "confirm_alert", "handle_alert",
    ]  # fmt: skip


def test_precision_is_what_people_confirmed_of_what_they_decided(
    watcher: Actor, told: dict[str, Party]
) -> None:
    alert = one_alert(watcher, told)
    growth.dismiss_alert(by=watcher, now=NOW, alert=alert, reason="计划内检修")
    other = Alert.objects.get(rule__code="alert_power_drop_t")
    growth.confirm_alert(by=watcher, now=NOW, alert=other, measure="了解情况")
    found = {one.rule.code: one for one in queries.precisions(by=watcher)}
    assert (found["alert_stoppage_t"].right, found["alert_stoppage_t"].wrong) == (0, 1)
    assert found["alert_power_drop_t"].share == 100
    assert found["alert_power_drop_t"].interval is None
    assert found["alert_power_tax_t"].share is None


def test_an_interval_needs_ten_decisions() -> None:
    few = queries.Precision(rule=None, right=4, wrong=1, waiting=0, muted=0, version=None)  # type: ignore[arg-type]  # the rule is not looked at
    many = replace(few, right=16, wrong=4)
    assert few.interval is None
    low, high = many.interval or (0, 0)
    assert low < 80 < high


def test_a_muted_alert_is_silent_until_its_day_and_then_asks_again(
    watcher: Actor, told: dict[str, Party]
) -> None:
    alert = one_alert(watcher, told)
    with pytest.raises(Refused):
        growth.mute_alert(by=watcher, now=NOW, alert=alert, reason="", until=date(2026, 12, 31))
    with pytest.raises(Refused):
        growth.mute_alert(by=watcher, now=NOW, alert=alert, reason="检修", until=date(2026, 1, 1))
    growth.mute_alert(by=watcher, now=NOW, alert=alert, reason="检修", until=date(2026, 11, 25))
    growth.raise_alerts(by=watcher, now=NOW + timedelta(days=2))
    alert.refresh_from_db()
    assert alert.state == "muted"
    growth.raise_alerts(by=watcher, now=NOW + timedelta(days=6))
    alert.refresh_from_db()
    assert alert.state == "new"
    assert Task.objects.filter(matter=alert.matter, state="open").count() == 1


def test_an_officer_who_does_not_answer_for_the_firm_judges_nothing(
    of: Of, town: object, sign_in: SignIn
) -> None:
    by, officer = of("east-economy"), of("east-officer")
    with acting(by):
        release(by)
        stopped = firm(by, "停产厂")
        report(by, POWER, {stopped: [100] * 25 + [1]})
        growth.raise_alerts(by=by, now=NOW)
    with acting(officer), pytest.raises(Refused):
        alert = Alert.objects.get(rule__code="alert_stoppage_t")
        growth.dismiss_alert(by=officer, now=NOW, alert=alert, reason="不清楚")


def test_another_zone_and_an_enterprise_see_no_alert(of: Of, sign_in: SignIn) -> None:
    by, west = of("east-economy"), of("west-economy")
    with acting(by):
        release(by)
        stopped = firm(by, "停产厂")
        report(by, POWER, {stopped: [100] * 25 + [1]})
        growth.raise_alerts(by=by, now=NOW)
        alert = Alert.objects.all()[0]
    with acting(west):
        assert queries.alerts(by=west, filters=queries.AlertFilter(state="all")) == []
    speaker = replace(by, role=Role.ENTERPRISE, party_ref=stopped.pk)
    with (
        acting(speaker),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        Alert.objects.exists()
    assert sign_in("west-economy").get(f"/economy/alerts/{alert.pk}/").status_code == 404
    assert sign_in("city").get(f"/economy/alerts/{alert.pk}/").status_code == 200
    page = sign_in("east-officer").get("/economy/alerts/").content.decode()
    assert "停产厂" in page


def test_the_page_confirms_and_the_firm_shows_its_months(of: Of, sign_in: SignIn) -> None:
    by = of("east-economy")
    with acting(by):
        release(by)
        stopped = firm(by, "停产厂")
        report(by, POWER, {stopped: [100] * 25 + [1]}, last=last_month())
    client = sign_in("east-economy")
    assert client.post("/economy/alerts/raise/").status_code == 302
    with acting(by):
        alert = Alert.objects.get(rule__code="alert_stoppage_t")
    said = {"what": "confirm", "measure": "上门了解", "version": "1"}
    assert client.post(f"/economy/alerts/{alert.pk}/act/", said).status_code == 302
    assert "上门了解" in client.get(f"/economy/alerts/{alert.pk}/").content.decode()
    card = client.get(f"/enterprises/{stopped.pk}/watch/").content.decode()
    assert "polyline" in card
    assert "疑似停产" in card


def test_an_alert_of_an_officer_who_left_goes_to_the_office_and_stops_no_other(of: Of) -> None:
    by, admin, officer = of("east-economy"), of("east-admin"), of("east-officer")
    with acting(by):
        release(by)
        left, stays = firm(by, "停产一厂"), firm(by, "停产二厂")
        report(by, POWER, {left: [100] * 25 + [1], stays: [100] * 25 + [1]})
    with acting(admin):
        post = Post.objects.get(pk=officer.post_id or 0)
        registry.assign_steward(by=admin, now=NOW, party=left, post=post)
        Post.objects.filter(pk=post.pk).update(until=TODAY - timedelta(days=1))
    robot = system(by.zone_id)
    with acting(robot):
        assert growth.keep_week(by=robot, now=NOW) is not None
        asked = Task.objects.filter(kind="check_alert", matter__party=left)
        assert asked and all(task.office_id and task.post_id is None for task in asked)
        assert Alert.objects.filter(party=stays).exists()
