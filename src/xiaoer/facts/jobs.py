"""Jobs of facts."""

from datetime import date

from django.utils import timezone
from procrastinate.contrib.django import app

from xiaoer.base.scope import acting, system
from xiaoer.facts.actions import rollups


@app.task(name=rollups.JOB)
def refresh_rollups(zone_id: int, metric_id: int, ends: list[str]) -> None:
    """Sum anew what a verb touched."""
    with acting(system(zone_id)):
        rollups.refresh_rollups(
            zone_id=zone_id,
            metric_id=metric_id,
            ends=[date.fromisoformat(day) for day in ends],
            now=timezone.now(),
        )
