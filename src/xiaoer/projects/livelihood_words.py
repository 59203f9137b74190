"""The livelihood list in the reader's words."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from xiaoer.base.units.figures import rounded
from xiaoer.projects.models import LivelihoodItem
from xiaoer.projects.queries.livelihood import ItemStanding, Schedule
from xiaoer.web.words import MISSING, full_day, number


def percent(share: Fraction | None) -> str:
    """An exact share as it is printed, with one digit."""
    if share is None:
        return MISSING
    exact = Decimal(share.numerator * 100) / Decimal(share.denominator)
    return f"{rounded(exact, 1)}%"


def plain(value: Decimal) -> Decimal:
    """Without the zeros a column keeps, and without an exponent."""
    return Decimal(f"{value.normalize():f}")


def amount(value: Decimal | None, unit: str) -> str:
    return MISSING if value is None else f"{number(plain(value))} {unit}".strip()


@dataclass(frozen=True, slots=True)
class Line:
    """An item as a list shows it."""

    standing: ItemStanding
    why: str
    reached: str
    target: str
    completion: str
    share: float | None

    @property
    def item(self) -> LivelihoodItem:
        return self.standing.item

    @property
    def light(self) -> str:
        return str(self.standing.light)


def line_of(standing: ItemStanding) -> Line:
    share = standing.completion
    return Line(
        standing=standing,
        why=why_of(standing),
        reached=amount(standing.value, standing.item.unit),
        target=amount(standing.item.target, standing.item.unit),
        completion=percent(share),
        share=None if share is None else float(share),
    )


def why_of(standing: ItemStanding) -> str:
    """In one line, why the light is as it is."""
    item = standing.item
    if standing.schedule == Schedule.ENDED:
        return f"{item.get_state_display()}：{item.why}"
    if standing.schedule == Schedule.NEEDS_DATA:
        return str(Schedule.NEEDS_DATA.label)
    if standing.overdue:
        step = standing.overdue[0]
        return _("“%(name)s” was due on %(day)s") % {
            "name": step.name,
            "day": full_day(step.due_on),
        }
    if standing.is_completed:
        day = full_day(item.completed_on)
        if standing.schedule == Schedule.LATE:
            return _("completed on %(day)s, later than its steps said") % {"day": day}
        return _("completed on %(day)s, on schedule") % {"day": day}
    if standing.is_behind and standing.month is not None:
        passed = percent(Fraction(standing.month.month, 12))
        return _("%(share)s reached when %(passed)s of the year had passed") % {
            "share": percent(standing.completion),
            "passed": passed,
        }
    if standing.next_step is not None:
        return _("next: %(name)s, by %(day)s") % {
            "name": standing.next_step.name,
            "day": full_day(standing.next_step.due_on),
        }
    return str(Schedule.ON_SCHEDULE.label)
