"""Where the bars of a plan are drawn: rows of one height, across in percent, so that one picture
fits every width. The picture repeats what the table beside it says."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xiaoer.web.words import MONTHS_EN, in_chinese
from xiaoer.work.queries import PlanView, StepRow

HEAD, PHASE, ROW, BAR = 40, 27, 32, 14
# So near, in per cent of the picture, the words at today and at the promise would meet.
NEAR = 28


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row of the picture: its top, its middle, the top and height of its bar."""

    row: StepRow
    top: int
    middle: int
    bar_top: int
    shadow_top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class DrawnPhase:
    name: str
    top: int
    bottom: int
    rows: tuple[DrawnRow, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the end of a critical step to the start of the next; ``up`` where it runs upwards."""

    left: float
    right: float
    start: int
    end: int
    tip: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """All the picture needs."""

    height: int
    phases: tuple[DrawnPhase, ...]
    arrows: tuple[Arrow, ...]
    months: tuple[tuple[float, str], ...]
    is_promise_right: bool
    is_today_near_promise: bool
    head: int = HEAD
    bar: int = BAR


def drawing_of(view: PlanView) -> Drawing:
    """The picture of a plan."""
    y = HEAD
    phases = []
    middles: dict[int, int] = {}
    for phase in view.phases:
        top = y
        y += PHASE if phase.name else 0
        rows = []
        for row in phase.rows:
            middles[row.place] = y + ROW // 2
            rows.append(
                DrawnRow(
                    row=row,
                    top=y,
                    middle=y + ROW // 2,
                    bar_top=y + (ROW - BAR) // 2,
                    shadow_top=y + (ROW + BAR) // 2 + 2,
                    bottom=y + ROW,
                )
            )
            y += ROW
        phases.append(DrawnPhase(phase.name, top, y, tuple(rows)))
    return Drawing(
        height=y,
        phases=tuple(phases),
        arrows=tuple(
            Arrow(
                tie.left,
                tie.right,
                middles[tie.before],
                middles[tie.after],
                middles[tie.after] + (BAR // 2 if tie.after < tie.before else -BAR // 2),
            )
            for tie in view.ties
        ),
        months=tuple((at, month_words(day)) for day, at in view.axis.months if at < 97),
        is_promise_right=view.promise_at > 80,
        is_today_near_promise=abs(view.promise_at - view.today_at) < NEAR,
    )


def month_words(day: date) -> str:
    """11月, or 1月 2027: the year is said with its first month."""
    month, year = day.month, day.year
    if in_chinese():
        return f"{month}月 {year}" if month == 1 else f"{month}月"
    name = MONTHS_EN[month - 1]
    return f"{name} {year}" if month == 1 else name


def float_words(row: StepRow) -> str:
    """Days to spare as the last column says them."""
    if row.is_finished:
        return _("done")
    return str(row.times.float_days)
