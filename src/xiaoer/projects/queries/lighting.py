"""What the lights of projects are judged by, gathered in a few questions for any number of them."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Max

from xiaoer.projects.lights import Bounds, Late, Seen
from xiaoer.projects.models import (
    ChainStep,
    Element,
    ElementNeed,
    InvestmentMonth,
    LightRule,
    Project,
    Series,
    Stage,
    StagePassage,
    StatEntry,
    YearPlan,
    ZonePromise,
)
from xiaoer.projects.queries.entering import least_total_fen, stat_rules
from xiaoer.work.models import Plan

Reporter = InvestmentMonth.Reporter
# Whose figure of a month counts where several reported it.
RANK = {Reporter.FIRM: 0, Reporter.ZONE: 1, Reporter.STATISTICS: 2}
OPEN_NEEDS = (ElementNeed.State.NEEDED, ElementNeed.State.PROMISED)
Overdue = Mapping[int, tuple[Late, int]]


def light_rules(*, zone_id: int) -> list[LightRule]:
    """The rules in force, in the order they were shipped."""
    return list(LightRule.objects.filter(zone_id=zone_id, is_current=True))


def bounds_of(zone_id: int) -> dict[str, Bounds]:
    """The bounds of the rules that are looked at."""
    return {
        row.code: Bounds(row.amber, row.red)
        for row in light_rules(zone_id=zone_id)
        if row.is_active
    }


def seen_of(*, zone_id: int, projects: Sequence[Project], on: date) -> dict[int, Seen]:
    """What is known of each project on a day: ten questions, however many they are."""
    ids = [one.pk for one in projects]
    plans = _plans(zone_id, projects)
    passed = _passed(zone_id, ids)
    chain, entered = _chain(zone_id, ids), _entered(zone_id, ids)
    least = least_total_fen(stat_rules(zone_id=zone_id))
    promises, needs = _promises(zone_id, ids), _needs(zone_id, ids)
    planned, months = _planned(zone_id, ids, on.year), _months(zone_id, ids, on.year)
    found = {}
    for one in projects:
        plan = plans.get(one.matter_id)
        reached = months.get(one.pk)
        promise_late, promise_count = promises.get(one.pk, (None, 0))
        need_late, need_count = needs.get(one.pk, (None, 0))
        state = chain.get(one.pk)
        found[one.pk] = Seen(
            stage=one.stage,
            starts_by=one.starts_by,
            started_on=passed.get((one.pk, Stage.STARTED)),
            producing_on=passed.get((one.pk, Stage.PRODUCING)),
            promised_on=plan.promised_on if plan else one.promised_on,
            has_plan=plan is not None,
            slack=plan.slack if plan else None,
            chance=plan.chance if plan else None,
            likely_on=plan.likely_on if plan else None,
            is_counted=state != ChainStep.State.STOPPED and _counts(one.total_fen, least),
            is_entered=entered.get(one.pk, state == ChainStep.State.DONE),
            planned=planned.get(one.pk),
            reached=reached[0] if reached else None,
            reported=reached[1] if reached else None,
            promise_late=promise_late,
            promises=promise_count,
            need_late=need_late,
            needs=need_count,
        )
    return found


def _plans(zone_id: int, projects: Sequence[Project]) -> dict[int | None, Plan]:
    matters = [one.matter_id for one in projects if one.matter_id is not None]
    rows = Plan.objects.filter(zone_id=zone_id, matter_id__in=matters, closed_at__isnull=True)
    return {row.matter_id: row for row in rows}


def _passed(zone_id: int, ids: Sequence[int]) -> dict[tuple[int, str], date]:
    """The day of the fact of each stage; entered again after it was taken back: the last."""
    rows = (
        StagePassage.objects.filter(
            zone_id=zone_id,
            project_id__in=ids,
            state=StagePassage.State.GRANTED,
            stage__in=(Stage.STARTED, Stage.PRODUCING),
        )
        .values_list("project_id", "stage")
        .annotate(on=Max("fact_on"))
    )
    return {(project, stage): on for project, stage, on in rows}


def _chain(zone_id: int, ids: Sequence[int]) -> dict[int, str]:
    rows = ChainStep.objects.filter(
        zone_id=zone_id, project_id__in=ids, element=Element.STATISTICS, until__isnull=True
    )
    return dict(rows.values_list("project_id", "state"))


def _earliest(rows: Sequence[tuple[int, str, date]]) -> Overdue:
    found: dict[int, tuple[Late, int]] = {}
    for project, what, due_on in rows:
        late, count = found.get(project, (Late(what, due_on), 0))
        found[project] = (late, count + 1)
    return found


def _entered(zone_id: int, ids: Sequence[int]) -> dict[int, bool]:
    """Whether the bureau entered it, of those whose papers are gathered here; the chain of 五要素 is
    asked only of the others."""
    rows = StatEntry.objects.filter(zone_id=zone_id, project_id__in=ids)
    entered = StatEntry.State.ENTERED
    return {project: state == entered for project, state in rows.values_list("project_id", "state")}


def _counts(total_fen: int | None, least: int | None) -> bool:
    """A project whose total nobody knows may well count, so it is looked at."""
    return total_fen is None or least is None or total_fen >= least


def _promises(zone_id: int, ids: Sequence[int]) -> Overdue:
    rows = ZonePromise.objects.filter(
        zone_id=zone_id, project_id__in=ids, kept_on__isnull=True, withdrawn_on__isnull=True
    ).order_by("promised_on", "id")
    return _earliest(list(rows.values_list("project_id", "what", "promised_on")))


def _needs(zone_id: int, ids: Sequence[int]) -> Overdue:
    """The need's own day, as its light has it (``ElementNeed.due_on``)."""
    rows = ElementNeed.objects.filter(zone_id=zone_id, project_id__in=ids, state__in=OPEN_NEEDS)
    found = sorted(rows, key=lambda one: (one.due_on, one.pk))
    return _earliest([(one.project_id or 0, one.what, one.due_on) for one in found])


def _planned(zone_id: int, ids: Sequence[int], year: int) -> dict[int, int]:
    rows = YearPlan.objects.filter(
        zone_id=zone_id, project_id__in=ids, year=year, series=Series.FIXED_ASSET, is_current=True
    )
    return dict(rows.values_list("project_id", "amount"))


def _months(zone_id: int, ids: Sequence[int], year: int) -> dict[int, tuple[int, date]]:
    """This year's sum and its last month; of a month the statistics bureau's figure before others."""
    rows = InvestmentMonth.objects.filter(
        zone_id=zone_id,
        project_id__in=ids,
        series=Series.FIXED_ASSET,
        month__year=year,
        is_current=True,
    ).values_list("project_id", "month", "reporter", "amount")
    best: dict[tuple[int, date], tuple[int, int]] = {}
    for project, month, reporter, amount in rows:
        told = (RANK[Reporter(reporter)], amount)
        best[project, month] = max(best.get((project, month), told), told, key=lambda one: one[0])
    found: dict[int, tuple[int, date]] = {}
    for (project, month), (_rank, amount) in best.items():
        total, last = found.get(project, (0, month))
        found[project] = (total + amount, max(last, month))
    return found
