"""Drawing the course of a plan by chance: how sure is the promised day?"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.leaving import tell_left
from xiaoer.base.models import Zone
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import access, plan_access, queries
from xiaoer.work.actions.plan_checking import locked_plan, today_of
from xiaoer.work.actions.plan_reckoning import let_know
from xiaoer.work.models import Plan, SlipForecast
from xiaoer.work.planning.chance import draw
from xiaoer.work.planning.passes import Loop

RUNS = 10_000


@transaction.atomic
def run_forecast(*, by: Actor, now: datetime, plan: Plan, runs: int = RUNS) -> SlipForecast:
    """Draw many courses of a plan by chance and keep how many hold the promised day.

    Durations are the zone's own where enough steps of the same code have ended, else the plan's low,
    likely and high. The seed is of the plan and the day: the same day's run can be repeated.
    """
    plan_access.must_make_plans(by)
    if not 100 <= runs <= 100_000:
        raise Refused(_("Choose from 100 to 100,000 runs."), field="runs")
    kept = locked_plan(by, plan)
    row = queries.plan_rows(kept)
    if not row.steps:
        raise Refused(_("“%(title)s” has no steps yet; add steps first.") % {"title": kept.title})
    forecast = _drawn(row, now, runs, queries.learned_spans(by.zone_id, [row]))
    forecast.save()
    kept.save(update_fields=["chance", "likely_on"])
    journal.record(
        by=by, now=now, verb="run_forecast", subject=kept, party_ref=kept.party_id,
        chance=forecast.chance, runs=runs,
    )  # fmt: skip
    let_know(kept, by=by, now=now)
    return forecast


@transaction.atomic
def forecast_zone(*, by: Actor, now: datetime, runs: int = RUNS) -> int:
    """Draw all open plans of the zone, as once a week; how many were drawn. What cannot be is told."""
    access.must_be_system(by)
    plans = (
        Plan.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, closed_at__isnull=True)
        .order_by("id")
    )
    rows = [row for row in queries.plans_rows(by.zone_id, plans) if row.steps]
    learned = queries.learned_spans(by.zone_id, rows)
    forecasts, left = list[SlipForecast](), dict[str, str]()
    for row in rows:
        try:
            forecasts.append(_drawn(row, now, runs, learned))
        except Refused as no:
            left[row.plan.title] = str(no)
    SlipForecast.objects.bulk_create(forecasts)
    drawn = [one.plan for one in forecasts]
    Plan.objects.bulk_update(drawn, ("chance", "likely_on"), batch_size=1000)
    tell_left(by=by, now=now, left=left)
    if drawn:
        zone = Zone.objects.get(pk=by.zone_id)
        journal.record(by=by, now=now, verb="forecast_zone", subject=zone, plans=len(drawn))
    return len(drawn)


def _drawn(row: queries.PlanRows, now: datetime, runs: int, learned: queries.Spans) -> SlipForecast:
    """The forecast of one plan, not kept yet; the plan's own columns are set."""
    plan, today = row.plan, today_of(now)
    seed = plan.pk * 1_000_000 + today.toordinal()
    calendar = queries.calendar_of(plan.zone_id)
    samples = queries.samples_of(row.steps, learned, calendar)
    try:
        slip = draw(
            row.network,
            calendar=calendar,
            today=today,
            promised_on=plan.promised_on,
            runs=runs,
            seed=seed,
            samples=samples,
        )
    except (Loop, Unreadable) as no:
        raise Refused(str(no)) from no
    names = row.by_number
    plan.chance, plan.likely_on = slip.chance, slip.likely_on
    return SlipForecast(
        zone_id=plan.zone_id,
        plan=plan,
        ran_at=now,
        runs=runs,
        seed=seed,
        promised_on=plan.promised_on,
        chance=plan.chance,
        early_on=slip.early_on,
        middle_on=slip.middle_on,
        likely_on=slip.likely_on,
        movers=[
            {"step": mover.key, "name": mover.name, "share": round(mover.share, 3)}
            for mover in slip.movers
        ],
        learned=sorted({names[key].code for key in slip.learned}),
    )
