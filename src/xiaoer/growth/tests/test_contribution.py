"""The growth of the zone, taken apart by firm: the points add up, and nothing missing is guessed."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts.periods import months_of
from xiaoer.growth import queries
from xiaoer.growth.queries import Comparing, Contribution, points_of
from xiaoer.growth.tests.watched import REVENUE, SCALE, firm, metric, month, report
from xiaoer.registry.models import Party

FIGURES = st.lists(
    st.tuples(st.integers(0, 10**13), st.integers(0, 10**13)), min_size=1, max_size=200
)


@given(FIGURES)
def test_the_points_of_the_firms_are_the_growth_of_the_zone(figures: list[tuple[int, int]]) -> None:
    before = sum(then for _now, then in figures)
    changes = [(now - then, number) for number, (now, then) in enumerate(figures)]
    whole, points = points_of(changes, before)
    if before == 0:
        assert whole is None
        assert set(points) == {None}
        return
    assert sum(point or 0 for point in points) == whole
    for (change, _number), point in zip(changes, points, strict=True):
        assert point is not None
        assert abs(Fraction(change * 10_000, before) - point) < 1


@given(FIGURES, st.randoms(use_true_random=False))
def test_the_points_do_not_depend_on_the_order_of_the_firms(
    figures: list[tuple[int, int]], dice: object
) -> None:
    before = sum(then for _now, then in figures)
    changes = [(now - then, number) for number, (now, then) in enumerate(figures)]
    mixed = list(changes)
    dice.shuffle(mixed)  # type: ignore[attr-defined]  # a random of hypothesis
    plain = dict(zip([n for _c, n in changes], points_of(changes, before)[1], strict=True))
    shuffled = dict(zip([n for _c, n in mixed], points_of(mixed, before)[1], strict=True))
    assert plain == shuffled


def october(by: Actor) -> Contribution:
    return queries.contribution(
        zone_id=by.zone_id, metric=metric(REVENUE), period=month(2026, 10), column="reported"
    )


def thirteen(now: int | None, before: int | None) -> list[int | None]:
    return [before, *[None] * 11, now]


def test_firms_pull_and_drag_and_the_sum_is_the_growth(watcher: Actor) -> None:
    one, two, three = (firm(watcher, name) for name in ("甲厂", "乙厂", "丙厂"))
    report(
        watcher,
        REVENUE,
        {one: thirteen(150, 100), two: thirteen(70, 100), three: thirteen(100, 100)},
    )
    found = october(watcher)
    assert (found.now, found.before, found.growth) == (320 * SCALE, 300 * SCALE, 667)
    assert [(pull.name, pull.points) for pull in found.pulling] == [("甲厂", 1667)]
    assert [(pull.name, pull.points) for pull in found.dragging] == [("乙厂", -1000)]
    assert sum(pull.points or 0 for pull in found.firms) == found.growth


def test_who_lacks_a_figure_is_named_and_counts_in_neither_sum(watcher: Actor) -> None:
    one, late, silent = (firm(watcher, name) for name in ("甲厂", "未报厂", "去年未报厂"))
    report(
        watcher,
        REVENUE,
        {one: thirteen(110, 100), late: thirteen(None, 500), silent: thirteen(900, None)},
    )
    found = october(watcher)
    assert (found.now, found.before) == (110 * SCALE, 100 * SCALE)
    assert {one.name: one.comparing for one in found.lacking} == {
        "未报厂": Comparing.LACKS_NOW,
        "去年未报厂": Comparing.LACKS_BEFORE,
    }


def test_a_firm_founded_since_and_a_firm_that_left_count_with_nothing_on_one_side(
    watcher: Actor,
) -> None:
    one = firm(watcher, "甲厂")
    new = firm(watcher, "新厂", registered_on=date(2026, 2, 1))
    gone = firm(watcher, "迁出厂", status=Party.Status.MOVED_OUT)
    report(
        watcher,
        REVENUE,
        {one: thirteen(100, 100), new: thirteen(60, None), gone: thirteen(None, 40)},
    )
    found = october(watcher)
    assert (found.now, found.before) == (160 * SCALE, 140 * SCALE)
    assert {pull.name: pull.firms[0].comparing for pull in found.firms} == {
        "甲厂": Comparing.BOTH,
        "新厂": Comparing.NEW,
        "迁出厂": Comparing.GONE,
    }


def test_a_period_needs_every_month_of_it(watcher: Actor) -> None:
    whole, gap = firm(watcher, "全厂"), firm(watcher, "缺月厂")
    report(watcher, REVENUE, {whole: [10] * 24, gap: [10] * 20 + [None] + [10] * 3})
    found = queries.contribution(
        zone_id=watcher.zone_id,
        metric=metric(REVENUE),
        period=months_of(2026, 1, 10),
        column="reported",
    )
    assert found.now == 100 * SCALE
    assert [(one.name, one.comparing) for one in found.lacking] == [("缺月厂", Comparing.LACKS_NOW)]


def test_a_stated_figure_of_the_period_goes_before_its_months(watcher: Actor) -> None:
    one = firm(watcher, "甲厂")
    report(watcher, REVENUE, {one: [10] * 24})
    facts.record_value(
        by=watcher, now=NOW, metric=metric(REVENUE), period=months_of(2026, 1, 10), number=120,
        column="reported", source="决算", party=one,
    )  # fmt: skip
    found = queries.contribution(
        zone_id=watcher.zone_id,
        metric=metric(REVENUE),
        period=months_of(2026, 1, 10),
        column="reported",
    )
    assert (found.now, found.before) == (120 * SCALE, 100 * SCALE)


def test_a_bound_is_no_figure_to_compare(watcher: Actor) -> None:
    one = firm(watcher, "甲厂")
    report(watcher, REVENUE, {one: thirteen(None, 100)})
    facts.record_value(
        by=watcher, now=NOW, metric=metric(REVENUE), period=month(2026, 10), number="≥110",
        column="reported", source="企业月报", party=one,
    )  # fmt: skip
    assert [one.comparing for one in october(watcher).lacking] == [Comparing.LACKS_NOW]


def test_groups_add_up_as_the_firms_do(watcher: Actor) -> None:
    firms = {
        firm(watcher, f"厂{number}", industry=f"{13 + number % 3}11"): thirteen(
            100 + 7 * number, 100 + number
        )
        for number in range(17)
    }
    report(watcher, REVENUE, firms)
    found = october(watcher)
    parts = found.grouped(queries.key_of("division"), str)
    assert len(parts) == 3
    assert sum(part.points or 0 for part in parts) == found.growth
    assert sum(part.now for part in parts) == found.now


def test_figures_of_another_column_are_not_compared(watcher: Actor) -> None:
    one = firm(watcher, "甲厂")
    report(watcher, REVENUE, {one: [100]}, last=date(2025, 10, 31), column="official")
    report(watcher, REVENUE, {one: [150]})
    assert [one.comparing for one in october(watcher).lacking] == [Comparing.LACKS_BEFORE]


def test_as_known_on_a_day_a_later_correction_is_not_there_yet(watcher: Actor) -> None:
    one = firm(watcher, "甲厂")
    report(watcher, REVENUE, {one: thirteen(150, 100)})
    before = queries.contribution(
        zone_id=watcher.zone_id, metric=metric(REVENUE), period=month(2026, 10), column="reported",
        as_of=date(2026, 11, 1),
    )  # fmt: skip
    assert before.firms == ()


def test_another_zone_finds_no_firm(west: Actor, watcher: Actor) -> None:
    report(watcher, REVENUE, {firm(watcher, "甲厂"): thirteen(150, 100)})
    east = watcher.zone_id
    with acting(west):
        found = queries.contribution(
            zone_id=east, metric=metric(REVENUE), period=month(2026, 10), column="reported"
        )
        assert (found.firms, found.lacking) == ((), ())
