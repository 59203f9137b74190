"""Why a promise cannot be kept: a smallest set of facts that cannot all hold.

Take any one of them away and the others can hold; so each of them is worth talking about. They are
found along the chain that runs out of days first: a fact is taken away, and stays away when the
chain runs out of days without it too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext, ngettext

from xiaoer.work.calendar import WorkCalendar
from xiaoer.work.planning.frame import FROM_END, TO_END, Frame, Loop, Tie
from xiaoer.work.planning.network import Activity, Link, Network, Unit, Wait
from xiaoer.work.planning.passes import Schedule

# A day before anything: what is told by no fact may as well have been then.
LONG_AGO = date(1980, 1, 1)
# Longer chains are only searched from their end, where the days run out.
LONG_CHAIN = 100


class FactKind(StrEnum):
    """What sort of fact it is, and so whom to ask about it."""

    PROMISE = "promise"
    TODAY = "today"
    PLAN_START = "plan_start"
    NOT_BEFORE = "not_before"
    NOT_AFTER = "not_after"
    DURATION = "duration"
    LINK = "link"
    STARTED = "started"
    REMAINING = "remaining"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a conflict. ``key`` and ``name`` are of its step, of a link the later one.

    ``day`` is set where the fact is a day, ``days`` and ``unit`` where it is a length.
    """

    kind: FactKind
    key: int | None = None
    name: str = ""
    day: date | None = None
    days: int = 0
    unit: Unit = Unit.CALENDAR
    before: int | None = None
    before_name: str = ""
    wait: Wait = Wait.FS

    def __str__(self) -> str:
        """The fact as a sentence in the reader's language."""
        return sentence(self)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Facts that cannot all hold, in the order of the work. ``missing_days``: by how many calendar
    days the plan misses its bound; None where no day would help (a circle, an end before its start)."""

    facts: tuple[Fact, ...]
    missing_days: int | None = None

    @property
    def keys(self) -> tuple[int, ...]:
        """The steps concerned, in the order of the work."""
        both = [key for fact in self.facts for key in (fact.before, fact.key)]
        return tuple(dict.fromkeys(key for key in both if key is not None))

    @property
    def sentences(self) -> list[str]:
        return [sentence(fact) for fact in self.facts]


Facts = frozenset[Fact]


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps, each held by the one before it, and their links; the last ends too late."""

    steps: tuple[Activity, ...]
    links: tuple[Link, ...]
    network: Network
    calendar: WorkCalendar
    today: date
    promised_on: date

    def tail(self, count: int) -> "Chain":
        return replace(
            self, steps=self.steps[-count:], links=self.links[len(self.links) - count + 1 :]
        )

    def facts(self) -> list[Fact]:
        """Every fact along the chain, in the order of the work."""
        first, last = self.steps[0], self.steps[-1]
        facts = [
            Fact(FactKind.TODAY, day=self.today),
            Fact(FactKind.PLAN_START, day=self.network.starts_on),
        ]
        if first.not_before is not None and first.started_on is None:
            facts.append(_of(first, FactKind.NOT_BEFORE, first.not_before))
        for at, step in enumerate(self.steps):
            leaves = self.links[at] if at < len(self.links) else None
            facts.extend(_own_facts(step, leaves))
            if leaves is not None:
                facts.append(_link_fact(leaves, step, self.steps[at + 1]))
        if last.not_after is not None and last.finished_on is None:
            facts.append(_of(last, FactKind.NOT_AFTER, last.not_after))
        return [*facts, Fact(FactKind.PROMISE, day=self.promised_on)]

    def missing(self, facts: Facts) -> int:
        """By how many days it ends too late if these are all the facts there are."""
        told = {(fact.kind, fact.key): fact for fact in facts}
        network = Network(
            [_as_told(step, told) for step in self.steps],
            [link for at, link in enumerate(self.links) if self._is_told(at, told)],
            self.network.starts_on if (FactKind.PLAN_START, None) in told else LONG_AGO,
        )
        today = self.today if (FactKind.TODAY, None) in told else LONG_AGO
        found = Schedule(Frame(network), self.calendar, today, self.promised_on)
        last = self.steps[-1]
        late = []
        if (FactKind.PROMISE, None) in told:
            late.append((found.ends_on - self.promised_on).days)
        if last.not_after is not None and (FactKind.NOT_AFTER, last.key) in told:
            late.append((found.ends(last.key) - last.not_after).days)
        return max(late, default=0)

    def _is_told(self, at: int, told: Mapping[tuple[FactKind, int | None], Fact]) -> bool:
        """Whether a link holds. Who is told its end only, of a step of no known length, knows nothing
        of its start."""
        link = self.links[at]
        if (FactKind.LINK, link.after) not in told:
            return False
        comes_by_end = at > 0 and TO_END[self.links[at - 1].kind]
        goes_by_end = FROM_END[link.kind]
        is_rigid = not self.steps[at].likely or (FactKind.DURATION, link.before) in told
        return goes_by_end or not comes_by_end or is_rigid

    def smallest(self, order: Sequence[Fact]) -> Facts:
        """Take facts away one after the other; what cannot be missed stays."""
        kept = frozenset(order)
        for fact in order:
            if self.missing(kept - {fact}) > 0:
                kept -= {fact}
        return kept

    def kept(self, order: Callable[[Fact], tuple[int, int]]) -> tuple[Fact, ...]:
        """A smallest set of its facts, in the order of the work."""
        facts = self.facts()
        kept = self.smallest(sorted(facts, key=order))
        return tuple(fact for fact in facts if fact in kept)


def smallest_conflict(
    network: Network, *, calendar: WorkCalendar, today: date, promised_on: date
) -> Conflict | None:
    """None when everything can hold. A circle of links and a step that ended before it started are
    conflicts too; steps unknown raise as in the passes."""
    for step in network.activities:
        if step.started_on and step.finished_on and step.finished_on < step.started_on:
            return Conflict(
                (
                    _of(step, FactKind.STARTED, step.started_on),
                    _of(step, FactKind.FINISHED, step.finished_on),
                )
            )
    try:
        found = Schedule(Frame(network), calendar, today, promised_on)
    except Loop as loop:
        return Conflict(tuple(_circle(network, loop)))
    worst = max(network.activities, key=lambda step: _late_by(step, found), default=None)
    if worst is None or _late_by(worst, found) <= 0:
        return None
    steps, links = _held_by(worst, found)
    chain = Chain(steps, links, network, calendar, today, promised_on)
    sets = [_shortest_tail(chain).kept(_links_first)]
    if len(steps) <= LONG_CHAIN:
        sets += [chain.kept(_links_first), chain.kept(_today_first)]
    return Conflict(min(sets, key=len), _late_by(worst, found))


def _late_by(step: Activity, found: Schedule) -> int:
    """How many days a step ends after the promised day or its own; its own is history once done."""
    ends_on = found.ends(step.key)
    own = step.not_after if step.finished_on is None else None
    return (ends_on - min(found.promised_on, own or found.promised_on)).days


def _held_by(last: Activity, found: Schedule) -> tuple[tuple[Activity, ...], tuple[Link, ...]]:
    """The chain that holds a step: back to what waits for nothing but a day."""
    frame = found.frame
    steps, links = [last], list[Link]()
    driving = found.driving(frame.row(frame.at[last.key]))
    while driving:
        tie = driving[0]
        row = frame.row(tie[0])
        links.append(_link(tie, frame.activities[tie[0]], steps[-1]))
        steps.append(frame.activities[tie[0]])
        # The start of a step that has begun waits for nothing any more.
        driving = found.driving(row) if row.begun is None or tie[1] else ()
    return tuple(reversed(steps)), tuple(reversed(links))


def _shortest_tail(chain: Chain) -> Chain:
    """The end of the chain whose days do not suffice by themselves, as short as halving finds it."""
    short, long = 0, len(chain.steps)
    while long - short > 1:
        middle = (short + long) // 2
        tail = chain.tail(middle)
        if tail.missing(frozenset(tail.facts())) > 0:
            long = middle
        else:
            short = middle
    return chain.tail(long)


def _links_first(fact: Fact) -> tuple[int, int]:
    """Which facts are taken away first: links, so that few steps remain; then short durations."""
    order = [FactKind.LINK, FactKind.PLAN_START, FactKind.NOT_BEFORE, FactKind.STARTED]
    return order.index(fact.kind) if fact.kind in order else len(order), fact.days


def _today_first(fact: Fact) -> tuple[int, int]:
    """So that a day before which a step cannot start remains, with what hangs on it."""
    order = [FactKind.TODAY, FactKind.PLAN_START]
    return order.index(fact.kind) if fact.kind in order else len(order), fact.days


def _own_facts(step: Activity, leaves: Link | None) -> list[Fact]:
    """What is known of how long a step takes or took, as far as the chain hangs on it."""
    if step.finished_on is not None:
        kind = FactKind.FINISHED if leaves is None or FROM_END[leaves.kind] else FactKind.STARTED
        return [_of(step, kind, step.finished_on if kind == FactKind.FINISHED else step.started_on)]
    if step.started_on is None:
        return [_of(step, FactKind.DURATION, days=step.likely)] if step.likely else []
    if leaves is not None and not FROM_END[leaves.kind]:
        return [_of(step, FactKind.STARTED, step.started_on)]
    if step.remaining is not None:
        return [_of(step, FactKind.REMAINING, step.remaining_on, step.remaining)]
    return [
        _of(step, FactKind.STARTED, step.started_on),
        _of(step, FactKind.DURATION, days=step.likely),
    ]


def _as_told(step: Activity, told: Mapping[tuple[FactKind, int | None], Fact]) -> Activity:
    """The step if only these facts are known of it."""

    def day(kind: FactKind) -> date | None:
        return told[kind, step.key].day if (kind, step.key) in told else None

    step = replace(
        step,
        likely=step.likely if (FactKind.DURATION, step.key) in told else 0,
        not_before=day(FactKind.NOT_BEFORE),
        not_after=None,
    )
    if step.started_on is None and step.finished_on is None:
        return step
    step = replace(step, started_on=day(FactKind.STARTED) or LONG_AGO)
    if step.finished_on is not None:
        return replace(step, finished_on=day(FactKind.FINISHED) or step.started_on)
    if step.remaining is None:
        return step
    if (FactKind.REMAINING, step.key) in told:
        return step
    return replace(step, remaining=0, remaining_on=LONG_AGO)


def _of(step: Activity, kind: FactKind, day: date | None = None, days: int = 0) -> Fact:
    return Fact(kind, step.key, step.name, day, days, step.unit)


def _link(tie: Tie, before: Activity, after: Activity) -> Link:
    _at, from_end, to_end, lag, by_work = tie
    kind = next(k for k in Wait if (FROM_END[k], TO_END[k]) == (from_end, to_end))
    return Link(before.key, after.key, kind, lag, Unit.WORKING if by_work else Unit.CALENDAR)


def _link_fact(link: Link, before: Activity, after: Activity) -> Fact:
    return Fact(
        FactKind.LINK,
        after.key,
        after.name,
        days=link.lag,
        unit=link.lag_unit,
        before=before.key,
        before_name=before.name,
        wait=link.kind,
    )


def _circle(network: Network, loop: Loop) -> list[Fact]:
    """The links of a circle, one between each two steps."""
    steps = {step.key: step for step in network.activities}
    links = {(link.before, link.after): link for link in network.links}
    pairs = zip(loop.keys, loop.keys[1:] + loop.keys[:1], strict=True)
    return [_link_fact(links[pair], steps[pair[0]], steps[pair[1]]) for pair in pairs]


def sentence(fact: Fact) -> str:
    """A fact as people say it; the page and the API show the same words."""
    return _sentence(fact).format(
        step=fact.name,
        before=fact.before_name,
        day="" if fact.day is None else fact.day.isoformat(),
        days=_days(abs(fact.days), fact.unit),
    )


def _days(count: int, unit: Unit) -> str:
    if unit == Unit.WORKING:
        return ngettext("%(n)d working day", "%(n)d working days", count) % {"n": count}
    return ngettext("%(n)d calendar day", "%(n)d calendar days", count) % {"n": count}


def _sentence(fact: Fact) -> str:
    if fact.kind == FactKind.LINK:
        return _link_sentence(fact.wait, fact.days)
    return {
        FactKind.PROMISE: gettext("The promised day is {day}."),
        FactKind.TODAY: gettext("Today is {day}; what is not done yet cannot be done earlier."),
        FactKind.PLAN_START: gettext("Nothing of the plan starts before {day}."),
        FactKind.NOT_BEFORE: gettext("“{step}” cannot start before {day}."),
        FactKind.NOT_AFTER: gettext("“{step}” must be done by {day}."),
        FactKind.DURATION: gettext("“{step}” takes {days}."),
        FactKind.STARTED: gettext("“{step}” started on {day}."),
        FactKind.REMAINING: gettext("“{step}” has {days} left to do, counted from {day}.")
        if fact.day
        else gettext("“{step}” has {days} left to do."),
        FactKind.FINISHED: gettext("“{step}” was done on {day}."),
    }[fact.kind]


def _link_sentence(wait: Wait, lag: int) -> str:
    if lag > 0:
        return {
            Wait.FS: gettext(
                "After “{before}” is done it takes {days} more until “{step}” starts."
            ),
            Wait.SS: gettext("After “{before}” starts it takes {days} more until “{step}” starts."),
            Wait.FF: gettext(
                "After “{before}” is done it takes {days} more until “{step}” is done."
            ),
            Wait.SF: gettext(
                "After “{before}” starts it takes {days} more until “{step}” is done."
            ),
        }[wait]
    if lag < 0:
        return {
            Wait.FS: gettext("“{step}” starts at most {days} before “{before}” is done."),
            Wait.SS: gettext("“{step}” starts at most {days} before “{before}” starts."),
            Wait.FF: gettext("“{step}” is done at most {days} before “{before}” is done."),
            Wait.SF: gettext("“{step}” is done at most {days} before “{before}” starts."),
        }[wait]
    return {
        Wait.FS: gettext("“{step}” starts only after “{before}” is done."),
        Wait.SS: gettext("“{step}” does not start before “{before}” starts."),
        Wait.FF: gettext("“{step}” is not done before “{before}” is done."),
        Wait.SF: gettext("“{step}” is not done before “{before}” starts."),
    }[wait]
