"""Targets: what is reached is read from the figures, and compared with the plan of the same month."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts.models import Aspect
from xiaoer.facts.periods import months_of
from xiaoer.growth import actions as growth
from xiaoer.growth import queries
from xiaoer.growth.actions import TargetFacts
from xiaoer.growth.models import Campaign, Target
from xiaoer.growth.queries import Progress, seasonal_shares
from xiaoer.growth.tests.watched import REVENUE, SCALE, firm, metric, report

Of = Callable[[str], Actor]
TODAY = date(2026, 11, 20)
YEAR = months_of(2026, 1, 12)


def campaign(by: Actor) -> Campaign:
    known = Campaign.objects.filter(zone_id=by.zone_id).first()
    return known or growth.open_campaign(
        by=by, now=NOW, name="2026年度目标", period=YEAR, document="管委会工作报告"
    )


def facts_of(**more: object) -> TargetFacts:
    plain = TargetFacts(
        name="营业收入", value="1200万元", source="工作报告", metric=metric(REVENUE)
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # fields by name


def stands(by: Actor, **more: object) -> Progress:
    target = growth.set_target(by=by, now=NOW, campaign=campaign(by), facts=facts_of(**more))
    return queries.progress(by=by, targets=[target], today=TODAY)[0]


def test_what_is_reached_is_the_sum_of_the_firms_and_goes_against_the_same_month(
    watcher: Actor,
) -> None:
    report(watcher, REVENUE, {firm(watcher, "甲厂"): [60] * 10, firm(watcher, "乙厂"): [30] * 10})
    found = stands(watcher)
    assert found.so_far == 900 * SCALE
    assert found.completion == 7500
    assert found.last is not None
    assert (found.last.period.ends_on.month, found.last.how) == (10, "firms")
    assert found.last.planned == sum(queries.even_shares(12)[:10])
    assert found.behind == found.last.planned - 7500
    assert found.forecast is not None
    assert abs(found.forecast - 1080 * SCALE) < SCALE


def test_what_the_zone_states_goes_before_the_sum_of_the_firms(watcher: Actor) -> None:
    report(watcher, REVENUE, {firm(watcher, "甲厂"): [60] * 10})
    facts.record_value(
        by=watcher, now=NOW, metric=metric(REVENUE), period=months_of(2026, 1, 10), number=1100,
        column="official", source="统计局",
    )  # fmt: skip
    found = stands(watcher)
    assert (found.so_far, found.last and found.last.how) == (1100 * SCALE, "stated")


def test_without_a_figure_the_light_is_grey_and_never_green(watcher: Actor) -> None:
    found = stands(watcher)
    assert (found.so_far, found.completion, found.forecast, found.light) == (
        None,
        None,
        None,
        "grey",
    )


@pytest.mark.parametrize(
    ("monthly", "light"), [(105, "green"), (95, "green"), (85, "amber"), (60, "red")]
)
def test_lights_follow_the_zones_own_rule(watcher: Actor, monthly: int, light: str) -> None:
    growth.seed_targets(by=watcher, now=NOW)
    report(watcher, REVENUE, {firm(watcher, "甲厂"): [monthly] * 10})
    assert stands(watcher).light == light


def test_a_changed_rule_of_lights_counts_at_once(watcher: Actor) -> None:
    growth.seed_targets(by=watcher, now=NOW)
    report(watcher, REVENUE, {firm(watcher, "甲厂"): [95] * 10})
    found = stands(watcher)
    growth.set_target_rule(by=watcher, now=NOW, amber_points=2, red_points=4, source="区管委会通知")
    again = queries.progress(by=watcher, targets=[found.target], today=TODAY)[0]
    assert (found.light, again.light) == ("green", "red")


def test_the_season_of_last_year_plans_the_months(watcher: Actor) -> None:
    last_year = [50, 50, 100, 100, 100, 100, 100, 100, 100, 100, 50, 50]
    report(watcher, REVENUE, {firm(watcher, "甲厂"): last_year}, last=date(2025, 12, 31))
    found = stands(watcher, share_way="season")
    assert found.target.shares == [500, 500, *[1000] * 8, 500, 500]


def test_a_season_with_a_missing_month_is_refused_and_not_guessed(watcher: Actor) -> None:
    report(watcher, REVENUE, {firm(watcher, "甲厂"): [50] * 11}, last=date(2025, 12, 31))
    with pytest.raises(Refused) as refusal:
        stands(watcher, share_way="season")
    assert refusal.value.field == "share_way"


def test_a_level_is_reached_from_its_base(watcher: Actor) -> None:
    """双倍增: revenue of twelve months doubles within three years."""
    report(watcher, REVENUE, {firm(watcher, "甲厂"): [100] * 12 + [125] * 10})
    row = growth.open_campaign(by=watcher, now=NOW, name="双倍增", period=months_of(2026, 1, 12))
    doubled = facts_of(way=Target.Way.REACH, base="1200", value="2400")
    target = growth.set_target(by=watcher, now=NOW, campaign=row, facts=doubled)
    found = queries.progress(by=watcher, targets=[target], today=TODAY)[0]
    assert found.so_far == (10 * 125 + 2 * 100) * SCALE
    assert found.completion == 2083


def test_own_shares_must_come_to_a_hundred(watcher: Actor) -> None:
    with pytest.raises(Refused, match="100"):
        stands(watcher, share_way="own", shares=["8"] * 12)
    assert stands(watcher, share_way="own", shares=["8"] * 11 + ["12"]).target.shares[-1] == 1200


def test_a_published_target_stands_beside(watcher: Actor) -> None:
    facts.record_value(
        by=watcher, now=NOW, metric=metric(REVENUE), period=YEAR, number=1300, column="official",
        aspect=Aspect.TARGET, source="政府工作报告",
    )  # fmt: skip
    found = stands(watcher)
    assert [(str(one.number), one.source) for one in found.stated] == [("1300", "政府工作报告")]


def test_a_target_without_a_source_is_refused(watcher: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        stands(watcher, source=" ")
    assert refusal.value.field == "source"


def test_a_target_of_one_firm_counts_that_firm(watcher: Actor) -> None:
    one, other = firm(watcher, "甲厂"), firm(watcher, "乙厂")
    report(watcher, REVENUE, {one: [60] * 10, other: [500] * 10})
    assert stands(watcher, party=one).so_far == 600 * SCALE


def test_many_targets_are_asked_for_with_as_few_questions_as_one(
    watcher: Actor, django_assert_num_queries: Callable[[int], object]
) -> None:
    report(watcher, REVENUE, {firm(watcher, "甲厂"): [60] * 10})
    row = campaign(watcher)
    targets = [
        growth.set_target(by=watcher, now=NOW, campaign=row, facts=facts_of(name=f"目标{number}"))
        for number in range(6)
    ]
    with django_assert_num_queries(3):  # type: ignore[attr-defined]  # a context manager
        queries.progress(by=watcher, targets=targets, today=TODAY)


def test_a_target_is_of_a_figure_or_a_count_in_the_database_too(watcher: Actor) -> None:
    target = stands(watcher).target
    with pytest.raises(IntegrityError, match="target_of_a_figure_or_a_count"), transaction.atomic():
        Target.objects.filter(pk=target.pk).update(metric=None)


def test_an_officer_of_the_grid_sets_no_target(of: Of) -> None:
    by = of("east-officer")
    with acting(by), pytest.raises(Refused):
        campaign(by)


def test_another_zone_sees_no_target(west: Actor, watcher: Actor) -> None:
    stands(watcher)
    with acting(west):
        assert queries.campaigns(by=west) == []
        assert not Target.objects.exists()


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=12).filter(lambda some: sum(some) > 0))
def test_shares_are_always_the_whole(monthly: list[int]) -> None:
    shares = seasonal_shares(monthly)
    assert sum(shares) == queries.WHOLE
    assert min(shares) >= 0
