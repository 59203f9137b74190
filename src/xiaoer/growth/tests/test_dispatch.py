"""The weekly dispatch: made from alerts and targets, written into, closed as it was held."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth.models import Alert
from xiaoer.growth.tests.test_alerts import release
from xiaoer.growth.tests.watched import POWER, firm, report

SignIn = Callable[[str], Client]
NEXT = NOW + timedelta(days=7)


@pytest.fixture
def stopped(watcher: Actor) -> Alert:
    release(watcher)
    report(watcher, POWER, {firm(watcher, "停产厂"): [100] * 25 + [1]})
    growth.raise_alerts(by=watcher, now=NOW)
    return Alert.objects.get(rule__code="alert_stoppage_t")


def test_open_alerts_come_onto_the_sheet_red_first(watcher: Actor, stopped: Alert) -> None:
    week = growth.make_dispatch(by=watcher, now=NOW)
    assert week.monday == date(2026, 11, 16)
    lines = queries.dispatch_lines(week=week)
    assert {line.light for line in lines} == {"red"}
    assert {line.change for line in lines} == {"fresh"}
    assert growth.make_dispatch(by=watcher, now=NOW).pk == week.pk
    assert len(queries.dispatch_lines(week=week)) == len(lines)


def test_the_next_week_takes_over_what_is_open_and_says_what_changed(
    watcher: Actor, stopped: Alert
) -> None:
    week = growth.make_dispatch(by=watcher, now=NOW)
    for what in ("融资对接", "用地手续"):
        growth.add_dispatch_line(by=watcher, now=NOW, week=week, what=what, who="重点项目")
    done = next(one for one in queries.dispatch_lines(week=week) if one.what == "融资对接")
    growth.keep_dispatch_line(
        by=watcher, now=NOW, line=done, measure="对接银行", result="已放款", is_done=True
    )
    growth.close_dispatch(by=watcher, now=NOW, week=week, note="按周推进")
    growth.confirm_alert(by=watcher, now=NOW, alert=stopped, measure="专班上门")
    following = growth.make_dispatch(by=watcher, now=NEXT)
    lines = {line.what: line for line in queries.dispatch_lines(week=following)}
    assert "融资对接" not in lines
    assert lines["用地手续"].change == "same"
    assert (lines["疑似停产"].change, lines["疑似停产"].measure) == ("moved", "专班上门")
    assert [line.what for line in queries.left_the_sheet(week=following)] == []


def test_a_closed_sheet_stays_as_it_was_held(watcher: Actor, stopped: Alert) -> None:
    week = growth.make_dispatch(by=watcher, now=NOW)
    growth.close_dispatch(by=watcher, now=NOW, week=week)
    with pytest.raises(Refused):
        growth.add_dispatch_line(by=watcher, now=NOW, week=week, what="新事项", who="某厂")
    with pytest.raises(Refused):
        growth.make_dispatch(by=watcher, now=NOW)


def test_what_the_sheet_says_of_an_alert_the_alert_says(watcher: Actor, stopped: Alert) -> None:
    week = growth.make_dispatch(by=watcher, now=NOW)
    line = next(one for one in queries.dispatch_lines(week=week) if one.alert_id == stopped.pk)
    line = growth.keep_dispatch_line(
        by=watcher, now=NOW, line=line, measure="专班上门", result="已约谈"
    )
    stopped.refresh_from_db()
    assert (stopped.state, stopped.measure, stopped.result) == ("confirmed", "专班上门", "已约谈")
    assert stopped.was_right
    line = growth.keep_dispatch_line(
        by=watcher, now=NOW, line=line, measure="专班上门", result="已复产", is_done=True
    )
    stopped.refresh_from_db()
    assert (stopped.state, stopped.result) == ("handled", "已复产")


def test_what_was_settled_at_its_alert_is_done_on_the_sheet(watcher: Actor, stopped: Alert) -> None:
    week = growth.make_dispatch(by=watcher, now=NOW)
    growth.dismiss_alert(by=watcher, now=NOW, alert=stopped, reason="线路检修")
    growth.make_dispatch(by=watcher, now=NOW)
    line = next(one for one in queries.dispatch_lines(week=week) if one.alert_id == stopped.pk)
    assert (line.is_done, line.change, line.result) == (True, "done", "线路检修")


def test_every_week_has_its_sheet_and_every_month_its_lists(watcher: Actor) -> None:
    release(watcher)
    growth.seed_watch_lists(by=watcher, now=NOW)
    report(watcher, POWER, {firm(watcher, "停产厂"): [100] * 25 + [1]})
    week = growth.keep_week(by=system(watcher.zone_id), now=NOW)
    assert week is not None
    assert [line.who for line in queries.dispatch_lines(week=week)] == ["停产厂"] * 2
    growth.close_dispatch(by=watcher, now=NOW, week=week)
    assert growth.keep_week(by=system(watcher.zone_id), now=NOW) is None
    assert sum(growth.keep_month(by=system(watcher.zone_id), now=NOW).values()) == 1


def test_another_zone_sees_no_sheet(west: Actor, watcher: Actor, stopped: Alert) -> None:
    growth.make_dispatch(by=watcher, now=NOW)
    with acting(west):
        assert queries.dispatch_weeks(by=west) == []


def test_the_page_the_sheet_and_the_paper(of: Callable[[str], Actor], sign_in: SignIn) -> None:
    by = of("east-economy")
    with acting(by):
        release(by)
        report(by, POWER, {firm(by, "停产厂"): [100] * 25 + [1]})
        growth.raise_alerts(by=by, now=NOW)
        week = growth.make_dispatch(by=by, now=NOW)
    client = sign_in("east-economy")
    assert "停产厂" in client.get(f"/economy/dispatch/{week.pk}/").content.decode()
    assert client.get(f"/economy/dispatch/{week.pk}/?export=xlsx").status_code == 200
    assert client.get(f"/economy/dispatch/{week.pk}/print/").content[:4] == b"%PDF"
    assert sign_in("west-economy").get(f"/economy/dispatch/{week.pk}/").status_code == 404
