"""What stands in the way of a promise is told by facts none of which can be missed."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from hypothesis import example, given, settings

from xiaoer.work.planning.conflicts import Conflict, Fact, FactKind, smallest_conflict
from xiaoer.work.planning.network import Activity, Link, Network, Unit, Wait
from xiaoer.work.tests.planning_by_hand import CALENDAR, TODAY, ByHand, near, networks

MONDAY = date(2026, 3, 2)
LONG_AGO = date(2021, 1, 4)


def conflict(
    *steps: Activity, links: tuple[Link, ...] = (), promised_on: date, today: date = MONDAY
) -> Conflict | None:
    network = Network(steps, links, MONDAY)
    return smallest_conflict(network, calendar=CALENDAR, today=today, promised_on=promised_on)


def step(key: int, name: str, days: int, unit: Unit = Unit.WORKING) -> Activity:
    return Activity(key, name, days, days, days, unit)


class Told:
    """What follows by hand when only these facts are known: a step of unknown length is a start and
    an end with nothing between them; what is not told binds nobody."""

    def __init__(self, network: Network, facts: tuple[Fact, ...]) -> None:
        self.facts = {(fact.kind, fact.key) for fact in facts}
        self.by_key = {step.key: step for step in network.activities}
        named = {key for fact in facts for key in (fact.key, fact.before) if key is not None}
        links = [
            Link(fact.before, fact.key, fact.wait, fact.days, fact.unit)
            for fact in facts
            if fact.before is not None and fact.key is not None
        ]
        steps, inner = list[Activity](), list[Link]()
        for key in named:
            mine = self.known(self.by_key[key])
            steps.extend(mine)
            if len(mine) == 2:
                inner.append(Link(2 * key, 2 * key + 1))
        if not steps:  # the days alone: they are against whatever is still to be done
            steps = [Activity(-1, "anything", 0, 0, 0)]
        split = {each.key for each in steps}
        outer = [
            replace(
                link,
                before=self._side(link.before, link.kind in (Wait.FS, Wait.FF), split),
                after=self._side(link.after, link.kind in (Wait.FF, Wait.SF), split),
            )
            for link in links
        ]
        today = TODAY if (FactKind.TODAY, None) in self.facts else LONG_AGO
        starts_on = network.starts_on if (FactKind.PLAN_START, None) in self.facts else LONG_AGO
        promised_on = next((f.day for f in facts if f.kind == FactKind.PROMISE), None) or date.max
        self.can_hold = (
            not steps
            or ByHand(Network(steps, [*outer, *inner], starts_on), today, promised_on).is_kept
        )

    def known(self, step: Activity) -> list[Activity]:
        def has(kind: FactKind) -> bool:
            return (kind, step.key) in self.facts

        step = replace(
            step,
            not_before=step.not_before if has(FactKind.NOT_BEFORE) else None,
            not_after=step.not_after if has(FactKind.NOT_AFTER) else None,
        )
        if step.started_on is not None:
            started_on = step.started_on if has(FactKind.STARTED) else LONG_AGO
            finished_on = step.finished_on if has(FactKind.FINISHED) else started_on
            return [
                replace(
                    step,
                    key=2 * step.key,
                    started_on=started_on,
                    finished_on=step.finished_on and finished_on,
                    likely=step.likely if has(FactKind.DURATION) or step.finished_on else 0,
                    remaining=step.remaining
                    if has(FactKind.REMAINING) or step.remaining is None
                    else 0,
                    remaining_on=step.remaining_on if has(FactKind.REMAINING) else LONG_AGO,
                )
            ]
        if has(FactKind.DURATION) or not step.likely:
            return [replace(step, key=2 * step.key)]
        # Its end too lies on no day before the one it cannot start before.
        start = replace(step, key=2 * step.key, likely=0, not_after=None)
        return [start, replace(step, key=2 * step.key + 1, likely=0)]

    def _side(self, key: int, is_end: bool, split: set[int]) -> int:
        return 2 * key + 1 if is_end and 2 * key + 1 in split else 2 * key


OVER_BEFORE_IT_BEGINS = Activity(
    0, "step 0", 1, 1, 1, not_before=date(2026, 2, 5), not_after=date(2026, 2, 4)
)


@given(networks(), near)
@example(Network([OVER_BEFORE_IT_BEGINS], [], TODAY), date(2026, 3, 5))
@settings(max_examples=400, deadline=None)
def test_the_facts_told_cannot_all_hold_and_none_of_them_can_be_missed(
    network: Network, promised_on: date
) -> None:
    found = smallest_conflict(network, calendar=CALENDAR, today=TODAY, promised_on=promised_on)
    by_hand = ByHand(network, TODAY, promised_on)
    assert (found is None) == by_hand.is_kept
    if found is None:
        return
    assert found.missing_days is not None and found.missing_days > 0
    assert not Told(network, found.facts).can_hold
    for fact in found.facts:
        assert Told(network, tuple(each for each in found.facts if each != fact)).can_hold


def test_the_filing_that_comes_after_the_acceptance_is_told_with_its_fifteen_days() -> None:
    steps = (
        step(1, "厂房施工", 20),
        step(2, "竣工验收", 1),
        step(3, "竣工备案", 0),
        step(4, "围墙", 3),
    )
    links = (Link(1, 2), Link(2, 3, Wait.FS, 15), Link(1, 4))
    found = conflict(*steps, links=links, promised_on=date(2026, 4, 10))
    assert found is not None
    assert found.missing_days == 4
    assert found.keys == (1, 2, 3)
    with translation.override("zh-hans"):
        assert "“竣工验收”完成后还要 15 个自然日，“竣工备案”才能开始。" in found.sentences
        assert "“厂房施工”要 20 个工作日。" in found.sentences
        assert "承诺日是 2026-04-10。" in found.sentences


def test_the_fewest_facts_are_told_though_the_chain_is_long() -> None:
    steps = [step(key, f"step {key}", 5) for key in range(10)]
    links = tuple(Link(key, key + 1) for key in range(9))
    found = conflict(*steps, links=links, promised_on=MONDAY)
    assert found is not None
    assert [fact.kind for fact in found.facts] == ["today", "duration", "promise"]
    late = replace(steps[8], not_before=date(2026, 6, 1))
    found = conflict(*steps[:8], late, steps[9], links=links, promised_on=date(2026, 6, 1))
    assert found is not None
    assert [fact.kind for fact in found.facts] == ["not_before", "duration", "promise"]


def test_a_promised_day_that_is_over_needs_no_more_words() -> None:
    found = conflict(step(1, "a", 5), step(2, "b", 0), promised_on=date(2026, 2, 27))
    assert found is not None
    assert [fact.kind for fact in found.facts] == ["today", "promise"]
    assert found.missing_days == 7


def test_a_day_of_a_steps_own_is_told_though_the_promise_holds() -> None:
    inner = replace(step(2, "b", 2), not_after=date(2026, 3, 6))
    found = conflict(step(1, "a", 4), inner, links=(Link(1, 2),), promised_on=date(2026, 5, 1))
    assert found is not None
    assert {fact.kind for fact in found.facts} >= {FactKind.NOT_AFTER, FactKind.LINK}
    assert FactKind.PROMISE not in {fact.kind for fact in found.facts}
    done = replace(inner, started_on=date(2026, 3, 2), finished_on=date(2026, 3, 9))
    assert conflict(step(1, "a", 4), done, promised_on=date(2026, 5, 1)) is None


def test_an_end_before_its_start_and_a_circle_are_conflicts_without_days() -> None:
    turned = replace(step(1, "a", 1), started_on=date(2026, 2, 10), finished_on=date(2026, 2, 9))
    found = conflict(turned, promised_on=date(2026, 5, 1))
    assert found is not None
    assert [fact.kind for fact in found.facts] == ["started", "finished"]
    assert found.missing_days is None
    links = (Link(1, 2, Wait.SS, 3), Link(2, 1, Wait.FF, 2))
    found = conflict(step(1, "a", 1), step(2, "b", 9), links=links, promised_on=date(2026, 5, 1))
    assert found is not None
    assert [(fact.before, fact.key, fact.wait) for fact in found.facts] == [
        (1, 2, Wait.SS),
        (2, 1, Wait.FF),
    ]


@pytest.mark.parametrize("wait", Wait)
@pytest.mark.parametrize("lag", [-3, 0, 3])
def test_every_fact_has_its_sentence_in_both_languages(wait: Wait, lag: int) -> None:
    for kind in FactKind:
        fact = Fact(kind, 2, "later", MONDAY, lag, Unit.WORKING, 1, "earlier", wait)
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said = str(fact)
                assert "{" not in said
                assert kind != FactKind.LINK or ("earlier" in said and "later" in said)
                assert (kind != FactKind.LINK or not lag) or "3" in said
