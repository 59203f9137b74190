"""The weekly dispatch: weeks, and the lines of one, red first."""

from xiaoer.base.scope import Actor
from xiaoer.growth.models import DispatchLine, DispatchWeek

ORDER = ("red", "amber", "grey", "green")


def dispatch_weeks(*, by: Actor) -> list[DispatchWeek]:
    """The last year of weeks, the newest first."""
    return list(DispatchWeek.objects.filter(zone_id=by.zone_id).order_by("-monday")[:60])


def dispatch_week(by: Actor, week_id: int) -> DispatchWeek | None:
    return DispatchWeek.objects.filter(zone_id=by.zone_id, pk=week_id).first()


def dispatch_lines(*, week: DispatchWeek) -> list[DispatchLine]:
    """Red first, what is done last."""
    rows = DispatchLine.objects.filter(week=week).select_related(
        "party", "owner__person", "before", "alert", "target"
    )
    return sorted(rows, key=lambda one: (one.is_done, ORDER.index(one.light), one.since, one.who))


def left_the_sheet(*, week: DispatchWeek) -> list[DispatchLine]:
    """What stood on the sheet of the week before and no longer does: settled, or gone by itself."""
    before = (
        DispatchWeek.objects.filter(zone_id=week.zone_id, monday__lt=week.monday)
        .order_by("-monday")
        .first()
    )
    if before is None:
        return []
    kept = DispatchLine.objects.filter(week=week, before__isnull=False).values("before_id")
    return list(
        DispatchLine.objects.filter(week=before, is_done=False).exclude(pk__in=kept).order_by("who")
    )
