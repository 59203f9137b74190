"""The three clocks of a request (start, reply, solve) and the superior's, from rules kept as data."""

from datetime import date, datetime, time, timedelta

from xiaoer.outreach.models import Appeal
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import LimitRule

START, REPLY, SOLVE, HARD, RULE = (
    "appeal.start",
    "appeal.reply",
    "appeal.solve",
    "appeal.hard",
    "appeal.rule",
)
VISIT_BACK, RETURN, ASK_AGAIN = "appeal.visit_back", "appeal.return", "appeal.ask_again"
ASK_AGAIN_DAYS = 30


def due(zone_id: int, code: str, start: datetime) -> datetime | None:
    """When a limit that began at ``start`` ends; None where the zone keeps no such rule.

    A zone that has not set its limits yet still takes every request.
    """
    rule = rule_of(zone_id, code)
    return None if rule is None else work.due_moment(zone_id, rule, start)


def rule_of(zone_id: int, code: str) -> LimitRule | None:
    """The rule of a code, if the zone keeps one."""
    return LimitRule.objects.filter(zone_id=zone_id, code=code).first()


def start_clocks(row: Appeal) -> None:
    """Set the three promised limits and the superior's rule, all from the moment of filing."""
    row.start_due_at = due(row.zone_id, START, row.filed_at)
    row.reply_due_at = due(row.zone_id, REPLY, row.filed_at)
    set_solve_clock(row, row.filed_at)
    row.rule_due_at = due(row.zone_id, RULE, row.filed_at) or due(row.zone_id, HARD, row.filed_at)


def set_solve_clock(row: Appeal, start: datetime) -> None:
    """The promise to solve; a later one that was already given stays."""
    promised = due(row.zone_id, HARD if row.is_hard else SOLVE, start)
    if promised is not None and (row.solve_due_at is None or promised > row.solve_due_at):
        row.solve_due_at = promised


def set_running(row: Appeal) -> None:
    """Which clock runs now, while the zone has the ball, and when its light turns amber."""
    due_at = _running(row)
    row.running_due_at = due_at
    row.running_amber_at = None
    if due_at is not None:
        row.running_amber_at = work.end_by_date(
            calendar=work.calendar_of(row.zone_id), start=row.filed_at, due_at=due_at
        ).amber_at


def _running(row: Appeal) -> datetime | None:
    if row.ball not in (Appeal.Ball.DESK, Appeal.Ball.HANDLER):
        return None
    if row.started_at is None:
        return row.start_due_at
    if row.replied_at is None:
        return row.reply_due_at
    return row.solve_due_at


def ask_again_day(zone_id: int, confirmed_at: datetime) -> date:
    """When the enterprise is asked once more whether it is still solved."""
    end = due(zone_id, ASK_AGAIN, confirmed_at)
    return last_day(end) if end else local_day(confirmed_at) + timedelta(days=ASK_AGAIN_DAYS)


def end_of(day: date) -> datetime:
    """The moment a day ends in the zone: a promise for a day holds until midnight."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL)


def local_day(moment: datetime) -> date:
    """The day of a moment in the zone."""
    return moment.astimezone(LOCAL).date()


def last_day(due_at: datetime) -> date:
    """The last day on which a due thing is in time."""
    return local_day(due_at - timedelta(microseconds=1))
