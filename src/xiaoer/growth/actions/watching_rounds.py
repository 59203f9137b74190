"""What economic operations have done for them: alerts and the sheet each week, lists each month."""

from datetime import datetime, timedelta

from django.db import transaction

from xiaoer.base.checking import today
from xiaoer.base.scope import Actor, system
from xiaoer.growth.actions.alerts import raise_alerts
from xiaoer.growth.actions.dispatch import make_dispatch
from xiaoer.growth.actions.watch_lists import recompute_watch_lists
from xiaoer.growth.models import DispatchWeek
from xiaoer.rules import actions as rules
from xiaoer.rules.models import Rule


@transaction.atomic
def keep_week(*, by: Actor, now: datetime) -> DispatchWeek | None:
    """Raise what is new and make the sheet of the week; None where it was held and closed already."""
    raise_alerts(by=by, now=now)
    day = today(now)
    monday = day - timedelta(days=day.weekday())
    held = DispatchWeek.objects.filter(
        zone_id=by.zone_id, monday=monday, closed_at__isnull=False
    ).exists()
    return None if held else make_dispatch(by=by, now=now)


@transaction.atomic
def keep_month(*, by: Actor, now: datetime) -> dict[int, int]:
    """Ask the rules of the lists again and compute the lists of the month; how many are on each."""
    day = today(now)
    codes = list(
        Rule.objects.filter(zone_id=by.zone_id, kind=Rule.Kind.WATCH_LIST).values_list(
            "code", flat=True
        )
    )
    if codes:
        rules.run_rules(by=system(by.zone_id), now=now, as_of=day, codes=codes)
    return recompute_watch_lists(by=by, now=now, month=day)
