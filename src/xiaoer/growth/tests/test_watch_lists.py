"""Watch-lists: chosen by a figure or a rule, kept month by month; hands go before rules."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth.actions import ListFacts
from xiaoer.growth.models import WatchList
from xiaoer.growth.shipped.watching import WATCHING
from xiaoer.growth.tests.watched import POWER, REVENUE, firm, metric, report
from xiaoer.registry.models import Party
from xiaoer.rules import actions as rules
from xiaoer.rules.models import Rule

MONTH = date(2026, 11, 1)


def by_power(by: Actor, size: int = 2) -> WatchList:
    return growth.keep_watch_list(
        by=by, now=NOW, code="power2", facts=ListFacts("用电大户", metric=metric(POWER), size=size)
    )


def names(row: WatchList, month: date = MONTH) -> list[str]:
    return [one.party.name for one in queries.members_of(watch_list=row, month=month)]


@pytest.fixture
def firms(watcher: Actor) -> dict[str, Party]:
    found = {name: firm(watcher, name) for name in ("甲厂", "乙厂", "丙厂")}
    used = {"甲厂": 100, "乙厂": 300, "丙厂": 200}
    report(watcher, POWER, {one: [used[name]] * 24 for name, one in found.items()})
    return found


def test_the_first_of_a_figure_over_twelve_months(watcher: Actor, firms: dict[str, Party]) -> None:
    row = by_power(watcher)
    assert growth.recompute_watch_lists(by=watcher, now=NOW, month=MONTH)[row.pk] == 2
    assert names(row) == ["乙厂", "丙厂"]


def test_a_firm_that_lacks_a_month_is_not_taken(watcher: Actor, firms: dict[str, Party]) -> None:
    gap = firm(watcher, "缺月厂")
    report(watcher, POWER, {gap: [900] * 5 + [None] + [900] * 6})
    row = by_power(watcher)
    growth.recompute_watch_lists(by=watcher, now=NOW, month=MONTH)
    assert "缺月厂" not in names(row)


def test_a_month_stays_as_it_was(watcher: Actor, firms: dict[str, Party]) -> None:
    row = by_power(watcher)
    growth.recompute_watch_lists(by=watcher, now=NOW, month=MONTH)
    report(watcher, POWER, {firms["甲厂"]: [9000]}, last=date(2026, 11, 30))
    report(watcher, POWER, {firms["乙厂"]: [1], firms["丙厂"]: [1]}, last=date(2026, 11, 30))
    later = NOW + timedelta(days=20)
    growth.recompute_watch_lists(by=watcher, now=later, month=date(2026, 12, 1))
    assert names(row) == ["乙厂", "丙厂"]
    assert names(row, date(2026, 12, 1))[0] == "甲厂"
    [listed] = [one for one in queries.watch_lists(by=watcher) if one.watch_list == row]
    assert (listed.count, listed.came, listed.went) == (2, 1, 1)


def test_hands_go_before_the_figure_and_keep_their_reason(
    watcher: Actor, firms: dict[str, Party]
) -> None:
    row = by_power(watcher)
    growth.recompute_watch_lists(by=watcher, now=NOW, month=MONTH)
    with pytest.raises(Refused):
        growth.put_on_list(by=watcher, now=NOW, watch_list=row, party=firms["甲厂"], reason=" ")
    growth.put_on_list(by=watcher, now=NOW, watch_list=row, party=firms["甲厂"], reason="重点项目")
    growth.take_off_list(by=watcher, now=NOW, watch_list=row, party=firms["乙厂"], reason="拟迁出")
    assert sorted(names(row)) == ["丙厂", "甲厂"]
    growth.recompute_watch_lists(by=watcher, now=NOW, month=MONTH)
    assert "乙厂" not in names(row)
    assert "甲厂" in names(row)


def test_a_list_by_a_rule_takes_whom_it_finds(watcher: Actor) -> None:
    shipped = next(rule for rule in WATCHING if rule.code == "watch_growth")
    live = replace(
        shipped,
        code="watch_growth_t",
        versions=tuple(replace(one, mark="A", is_live=True) for one in shipped.versions),
    )
    rules.seed_rules(by=system(watcher.zone_id), now=NOW, rules=[live])
    fast, slow = firm(watcher, "快厂"), firm(watcher, "慢厂")
    report(watcher, REVENUE, {fast: [300] * 12 + [400] * 12, slow: [300] * 24})
    rules.run_rules(
        by=system(watcher.zone_id), now=NOW, as_of=date(2026, 11, 20), codes=["watch_growth_t"]
    )
    rule = Rule.objects.get(code="watch_growth_t")
    row = growth.keep_watch_list(
        by=watcher, now=NOW, code="growth2", facts=ListFacts("高成长", rule=rule)
    )
    growth.recompute_watch_lists(by=watcher, now=NOW, month=MONTH)
    assert names(row) == ["快厂"]


def test_a_zone_begins_with_the_lists_of_the_offices(watcher: Actor) -> None:
    growth.seed_watch_lists(by=watcher, now=NOW)
    assert growth.seed_watch_lists(by=watcher, now=NOW) == 0
    assert {one.watch_list.name for one in queries.watch_lists(by=watcher)} == {
        "用电大户", "纳税大户", "营收大户", "高成长性企业",
    }  # fmt: skip


def test_another_zone_sees_no_list(west: Actor, watcher: Actor, firms: dict[str, Party]) -> None:
    row = by_power(watcher)
    growth.recompute_watch_lists(by=watcher, now=NOW, month=MONTH)
    with acting(west):
        assert not queries.members_of(watch_list=row, month=MONTH)
