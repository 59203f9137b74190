"""The portfolio as a Gantt: each living project with its promise, its likely end and its steps.

Days are counted from ``base`` and names of steps are said once, so that eighteen thousand steps
travel as one small document.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xiaoer.base.scope import Actor
from xiaoer.projects.queries.wall import WallProject
from xiaoer.work.models import Step

# What a step's fourth number says, added together.
CRITICAL, GOVERNMENT, BLOCKED, DONE, MILESTONE = 1, 2, 4, 8, 16
# The least that is drawn of the time before today; steps begun earlier draw it out.
BEFORE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Gantt:
    """``names`` are those of steps; a step is (name, start, end, flags, per cent done)."""

    base: date
    today: int
    names: Sequence[str]
    rows: Sequence[dict[str, Any]]


def gantt(*, by: Actor, today: date, projects: Sequence[WallProject]) -> Gantt:
    """The Gantt of these projects; one query for all their steps."""
    found = _steps(by, [one.plan_id for one in projects if one.plan_id])
    base = min([today - BEFORE, *(row[2] for row in found)]).replace(day=1)
    names: dict[str, int] = {}
    steps: dict[int, list[tuple[int, int, int, int, int]]] = defaultdict(list)
    for plan_id, name, start, end, flags, share in found:
        place = names.setdefault(name, len(names))
        steps[plan_id].append((place, (start - base).days, (end - base).days, flags, share))

    def day(value: date | None) -> int | None:
        return None if value is None else (value - base).days

    return Gantt(
        base=base,
        today=(today - base).days,
        names=tuple(names),
        rows=[
            {
                "id": one.id,
                "plan": one.plan_id,
                "name": one.name,
                "light": one.light.value,
                "promised": day(one.promised_on),
                "forecast": day(one.forecast_on),
                "likely": day(one.likely_on),
                "slack": one.slack,
                "steps": steps.get(one.plan_id or 0, []),
            }
            for one in projects
        ],
    )


def _steps(by: Actor, plans: Sequence[int]) -> Sequence[tuple[int, str, date, date, int, int]]:
    rows = (
        Step.objects.filter(zone_id=by.zone_id, plan_id__in=plans, dropped_at__isnull=True)
        .order_by("plan_id", "order", "id")
        .values_list(
            "plan_id", "name", "started_on", "finished_on", "early_start", "early_finish",
            "is_critical", "is_government", "blocked_since", "milestone", "share",
        )
    )  # fmt: skip
    found = []
    for (
        plan_id,
        name,
        began,
        ended,
        start,
        finish,
        critical,
        ours,
        blocked,
        milestone,
        share,
    ) in rows:
        since, until = began or start, ended or finish
        if since is None or until is None:
            continue
        flags = (
            CRITICAL * critical
            + GOVERNMENT * ours
            + BLOCKED * (blocked is not None and ended is None)
            + DONE * (ended is not None)
            + MILESTONE * bool(milestone)
        )
        found.append((plan_id, name, since, max(until, since), flags, share))
    return found
