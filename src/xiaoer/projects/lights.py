"""灯 Lights: what the zone's rules make of what is known of a project on a day, and why.

No database here. Data that is missing makes grey, never green; a worse light covers a better one:
red, amber, grey, green.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiaoer.projects.models import Light, Project, Stage

RED, AMBER, GREEN, GREY = Light.RED, Light.AMBER, Light.GREEN, Light.GREY
WORST = (RED, AMBER, GREY, GREEN)
BEFORE_START = frozenset({Stage.PLANNED, Stage.RESERVE, Stage.SIGNED})
BEING_BUILT = frozenset({Stage.STARTED, Stage.BUILDING})
PROMISED = frozenset({Stage.SIGNED, Stage.STARTED, Stage.BUILDING, Stage.COMPLETED})
IN_USE = frozenset({Stage.PRODUCING, Stage.FULL})
Finding = dict[str, Any]
"""What one rule saw: ``rule``, ``light`` and the facts that ``words`` says; fit for JSON."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which figure amber and from which red; None: never."""

    amber: int | None = None
    red: int | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """The thing that is longest overdue: what, and the day it was due."""

    what: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a project. None: nobody knows.

    ``counted``: whether it counts in investment statistics at all. ``reached`` and ``planned`` are
    fen of this year's fixed-asset investment, ``reported`` the last month somebody reported.
    """

    stage: str
    starts_by: date | None = None
    started_on: date | None = None
    producing_on: date | None = None
    promised_on: date | None = None
    has_plan: bool = False
    slack: int | None = None
    chance: int | None = None
    likely_on: date | None = None
    is_counted: bool = True
    is_entered: bool = False
    planned: int | None = None
    reached: int | None = None
    reported: date | None = None
    promise_late: Late | None = None
    promises: int = 0
    need_late: Late | None = None
    needs: int = 0


Rules = Mapping[str, Bounds]


def light_above(value: int | float, bounds: Bounds, *, strictly: bool = False) -> Light:
    """The light of a figure that is worse the larger it is; ``strictly``: red only above its bound."""
    if bounds.red is not None and (value > bounds.red or (value == bounds.red and not strictly)):
        return RED
    if bounds.amber is not None and value >= bounds.amber:
        return AMBER
    return GREEN


def light_below(value: int, bounds: Bounds) -> Light:
    """The light of a figure that is worse the smaller it is."""
    if bounds.red is not None and value < bounds.red:
        return RED
    if bounds.amber is not None and value < bounds.amber:
        return AMBER
    return GREEN


def full_months(since: date, until: date) -> int:
    """Whole months from a day to a day; below zero before it."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return months - 1 if until.day < since.day else months


def due_month(on: date, report_day: int) -> date:
    """The first day of the last month whose figures must be there on ``on``."""
    back = 1 if on.day >= report_day else 2
    index = on.year * 12 + on.month - 1 - back
    return date(index // 12, index % 12 + 1, 1)


def elapsed_share(month: date) -> int:
    """Percent of the year that has passed when a month is over (序时进度)."""
    return round(month.month * 100 / 12)


def _progress(seen: Seen, rules: Rules, on: date) -> Finding | None:
    """Against the months whose figures are due, not against today."""
    if seen.stage not in BEING_BUILT:
        return None
    bounds = rules["progress"]
    month = due_month(on, rules.get("report_day", Bounds(15)).amber or 1)
    if month.year < on.year:
        return None
    if not seen.planned:
        return {"light": GREY, "lacks": "year_plan"}
    if seen.reached is None or seen.reported is None or seen.reported < month:
        return {"light": GREY, "lacks": "month", "month": month.isoformat()}
    done = round(seen.reached * 100 / seen.planned)
    elapsed = elapsed_share(seen.reported)
    behind = max(elapsed - done, 0)
    light = light_above(behind, bounds, strictly=True)
    return {"light": light, "done": done, "elapsed": elapsed, "behind": behind}


def _start(seen: Seen, rules: Rules, on: date) -> Finding | None:
    if seen.stage not in BEFORE_START:
        return None
    if seen.starts_by is None:
        return {"light": GREY, "lacks": "starts_by"} if seen.stage == Stage.SIGNED else None
    facts = {"starts_by": seen.starts_by.isoformat()}
    if on <= seen.starts_by:
        return {"light": GREEN, **facts}
    light = light_above(full_months(seen.starts_by, on), rules["start"])
    return {"light": light, "days": (on - seen.starts_by).days, **facts}


def _statistics(seen: Seen, rules: Rules, on: date) -> Finding | None:
    if seen.stage in BEFORE_START or seen.stage == Stage.FULL or not seen.is_counted:
        return None
    if seen.is_entered:
        return {"light": GREEN, "entered": True}
    if seen.started_on is None:
        return {"light": GREY, "lacks": "started_on"}
    months = full_months(seen.started_on, on)
    return {
        "light": light_above(months, rules["statistics"]),
        "months": months,
        "started_on": seen.started_on.isoformat(),
    }


def _lost(seen: Seen, rules: Rules, on: date) -> Finding | None:
    if seen.stage not in PROMISED:
        return None
    if seen.promised_on is None:
        return {"light": GREY, "lacks": "promised_on"}
    facts = {"promised_on": seen.promised_on.isoformat()}
    passed = max((on - seen.promised_on).days, 0)
    if passed == 0 and (not seen.has_plan or seen.slack is None):
        return {"light": GREY, "lacks": "plan", **facts}
    days = max(passed, -(seen.slack or 0))
    return {"light": light_above(days, rules["lost"]), "days": max(days, 0), **facts}


def _chance(seen: Seen, rules: Rules, on: date) -> Finding | None:
    """A plan whose chances were not drawn yet says nothing here."""
    if seen.stage not in PROMISED or seen.chance is None:
        return None
    facts: Finding = {"light": light_below(seen.chance, rules["chance"]), "chance": seen.chance}
    if seen.likely_on is not None:
        facts["likely_on"] = seen.likely_on.isoformat()
        if seen.promised_on is not None:
            facts["days"] = (seen.likely_on - seen.promised_on).days
    return facts


def _overdue(late: Late | None, count: int, bounds: Bounds, on: date) -> Finding | None:
    if not count:
        return None
    if late is None or late.due_on >= on:
        return {"light": GREEN, "count": count}
    days = (on - late.due_on).days
    return {
        "light": light_above(days, bounds),
        "what": late.what,
        "due_on": late.due_on.isoformat(),
        "days": days,
    }


def _zone_promise(seen: Seen, rules: Rules, on: date) -> Finding | None:
    return _overdue(seen.promise_late, seen.promises, rules["zone_promise"], on)


def _element(seen: Seen, rules: Rules, on: date) -> Finding | None:
    return _overdue(seen.need_late, seen.needs, rules["element"], on)


JUDGES: Mapping[str, Callable[[Seen, Rules, date], Finding | None]] = {
    "lost": _lost,
    "zone_promise": _zone_promise,
    "element": _element,
    "start": _start,
    "progress": _progress,
    "statistics": _statistics,
    "chance": _chance,
}


def judge(seen: Seen, rules: Rules, on: date) -> list[Finding]:
    """What each rule in force sees, worst first. A rule that was switched off sees nothing."""
    findings = []
    for code, look in JUDGES.items():
        finding = look(seen, rules, on) if code in rules else None
        if finding is not None:
            findings.append({"rule": code, **finding, "light": str(finding["light"])})
    if not findings and seen.stage in IN_USE:
        findings.append({"rule": "in_use", "light": str(GREEN)})
    return sorted(findings, key=lambda one: WORST.index(Light(one["light"])))


def overall(findings: Sequence[Finding]) -> Light:
    """The worst of them; nothing to judge by is no data."""
    return Light(findings[0]["light"]) if findings else GREY


def _lacking(finding: Finding) -> str:
    said = {
        "year_plan": _("no plan of investment for this year"),
        "month": _("investment of %(month)s is not reported"),
        "starts_by": _("no day to start by"),
        "started_on": _("no day of the start"),
        "promised_on": _("no promised day"),
        "plan": _("promised for %(promised_on)s, no plan reckoned"),
    }
    return said[finding["lacks"]] % {**finding, "month": str(finding.get("month", ""))[:7]}


def _which(finding: Finding) -> str:
    """Which sentence of a rule its facts make."""
    if finding.get("entered"):
        return "entered"
    if finding["rule"] in ("zone_promise", "element"):
        return "late" if "what" in finding else "good"
    if finding["rule"] in ("progress", "statistics", "in_use"):
        return "late"
    return "late" if finding.get("days", 0) > 0 else "good"


def words(finding: Finding) -> str:
    """Why a rule shows its light, with the facts it saw, in the reader's language."""
    if "lacks" in finding:
        return _lacking(finding)
    said = {
        ("progress", "late"): _("%(done)s%% of the year's investment, %(elapsed)s%% of the year"),
        ("start", "late"): _("was to start by %(starts_by)s, %(days)s days ago"),
        ("start", "good"): _("to start by %(starts_by)s"),
        ("statistics", "late"): _("started on %(started_on)s, not in statistics yet"),
        ("statistics", "entered"): _("entered into statistics"),
        ("lost", "late"): _("%(promised_on)s is lost by %(days)s days"),
        ("lost", "good"): _("%(promised_on)s can be kept"),
        ("chance", "late"): _("chance %(chance)s%%, may be %(days)s days late"),
        ("chance", "good"): _("chance %(chance)s%%"),
        ("zone_promise", "late"): _("the zone promised “%(what)s” for %(due_on)s"),
        ("zone_promise", "good"): _("what the zone promised is on time"),
        ("element", "late"): _("“%(what)s” was to be there on %(due_on)s"),
        ("element", "good"): _("elements are on time"),
        ("in_use", "late"): _("in use"),
    }
    return said[finding["rule"], _which(finding)] % finding


def why(findings: Sequence[Finding]) -> str:
    """The reasons of the light that shows, in one line."""
    light = overall(findings)
    reasons = [words(one) for one in findings if one["light"] == light]
    text = "；".join(reasons) or _("nothing to judge by yet")
    return text if len(text) <= 300 else text[:299] + "…"


@dataclass(frozen=True, slots=True)
class Shown:
    """The light people see: the computed one, or one set by hand until a day."""

    light: Light
    why: str
    is_by_hand: bool = False
    until: date | None = None

    @property
    def colour(self) -> str:
        return str(self.light)

    @property
    def label(self) -> str:
        return str(self.light.label)


def shown(project: Project, on: date) -> Shown:
    """What a project shows on a day; a light set by hand says so and ends."""
    if project.hand_light and project.hand_until is not None and project.hand_until >= on:
        return Shown(Light(project.hand_light), project.hand_why, True, project.hand_until)
    if project.lit_at is None:
        return Shown(GREY, _("not looked at yet"))
    return Shown(Light(project.light), why(project.light_facts))
