"""How a firm moves on a ladder: up at once, down one rung and only after several months.

Pure arithmetic of what was evaluated; no tables here. Three-valued throughout: a firm of which a
higher rung cannot be told stands *at least* where it surely is, and never silently lower.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiaoer.rules.language.spec import State

MET = State.MET


@dataclass(frozen=True, slots=True)
class Computed:
    """What the rules of a ladder say of a firm: the highest rung met (0: none), and whether a higher
    one cannot be told."""

    step: int
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Before:
    """Where it stood in the month evaluated before."""

    step: int
    months_below: int = 0
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """The zone's brake on falling: after so many months more than so far below the line."""

    months: int
    points: float
    lines: Mapping[int, float]
    """Step to the share of the threshold it stands for; a rung by title or decision has none."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Where it stands now; ``is_held``: the rules say lower, but a fall is not believed yet."""

    step: int
    months_below: int
    is_held: bool = False
    is_sure: bool = True


def compute(states: Sequence[State]) -> Computed:
    """The highest rung whose rule is met; ``states`` from the lowest rung up, step 1 first."""
    step = max((at for at, state in enumerate(states, start=1) if state is MET), default=0)
    unknown = any(state in (State.NEEDS_DATA, State.NEEDS_PERSON) for state in states[step:])
    return Computed(step, not unknown)


def settle(
    computed: Computed, before: Before | None, *, share: float | None, hold: Hold
) -> Settled:
    """Rise at once; fall one rung only after so many monthly evaluations below the line less margin.

    A rung by title, register or decision is a fact and falls at once. Where it cannot be told
    whether a firm fell, it stays, and the month is not counted.
    """
    if before is None or computed.step >= before.step:
        return Settled(computed.step, 0, is_sure=computed.is_sure)
    if not computed.is_sure:
        return Settled(before.step, before.months_below, is_sure=False)
    line = hold.lines.get(before.step)
    if line is None or share is None:
        return Settled(computed.step, 0)
    if share >= line - hold.points:
        return Settled(before.step, 0, is_held=True)
    below = before.months_below + 1
    if below < hold.months:
        return Settled(before.step, below, is_held=True)
    step = max(before.step - 1, computed.step)
    return Settled(step, 0, is_held=step > computed.step)


@dataclass(frozen=True, slots=True)
class Part:
    """A clause of the rule a reserve is counted from."""

    is_repairable: bool
    any_of: int | None = None
    decides: bool = True


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many conditions are missed: repairable ones, and ones that block. None: cannot be told."""

    gaps: int | None
    blockers: int | None


def count_gaps(letters: str, parts: Sequence[Part], allowed: int) -> Gaps:
    """Count the letters of a verdict: n(ot met), d(ata missing), p(erson needed), m(et).

    More gaps than are allowed for certain is an answer, whatever else is missing. What a person must
    still judge is no repairable gap, but may turn out to block.
    """
    groups: dict[object, tuple[Part, str]] = {}
    for at, (letter, part) in enumerate(zip(letters, parts, strict=True)):
        if not part.decides:
            continue
        key: object = ("any", part.any_of) if part.any_of is not None else at
        known = groups.get(key)
        best = letter if known is None else min(known[1], letter, key="mdpn".index)
        groups[key] = (part, best)
    repairable = [letter for part, letter in groups.values() if part.is_repairable]
    fixed = [letter for part, letter in groups.values() if not part.is_repairable]
    gaps: int | None = repairable.count("n")
    if "d" in repairable and gaps is not None and gaps <= allowed:
        gaps = None
    blockers: int | None = fixed.count("n")
    if blockers == 0 and ("d" in fixed or "p" in fixed):
        blockers = None
    return Gaps(gaps, blockers)


def crossing(
    *, year: int, months: int, so_far: float | None, forecast: float | None, threshold: float | None
) -> date | None:
    """The month in which the line of the year is crossed, at the pace of the forecast.

    ``months`` is how many are known. None: not this year, or not known. Where it is crossed already
    the last month known is given: it was crossed by then.
    """
    if threshold is None or so_far is None or months < 1:
        return None
    if so_far >= threshold:
        return date(year, months, 1)
    if forecast is None or forecast < threshold or months >= 12:
        return None
    pace = (forecast - so_far) / (12 - months)
    for month in range(months + 1, 13):
        if so_far + pace * (month - months) >= threshold:
            return date(year, month, 1)
    return date(year, 12, 1)
