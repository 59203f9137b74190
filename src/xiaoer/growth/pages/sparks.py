"""Small lines of a firm's months: power, tax, revenue, two years at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xiaoer.base.scope import Actor
from xiaoer.facts.pages.words import language, name_of
from xiaoer.growth import queries
from xiaoer.growth.pages.asking import amount, percent, unit
from xiaoer.growth.queries import FirmMonths
from xiaoer.registry.models import Party

WIDTH, HEIGHT, EDGE = 160, 32, 2


@dataclass(frozen=True, slots=True)
class Spark:
    """One figure: its newest month in words, and the line as points of a drawing.

    A month nobody reported breaks the line.
    """

    name: str
    unit: str
    month: str
    newest: str
    growth: str
    lines: tuple[str, ...]
    words: str


def sparks_of(*, by: Actor, party: Party, today: date) -> list[Spark]:
    """The lines of the figures that are watched and known of a firm."""
    return [_spark(one) for one in queries.firm_months(by=by, party=party, today=today)]


def _spark(one: FirmMonths) -> Spark:
    newest = amount(one.metric, one.newest)
    return Spark(
        name=name_of(one.metric),
        unit=unit(one.metric),
        month=one.month.show(language()),
        newest=newest,
        growth=percent(one.growth, signed=True),
        lines=drawn(one.figures),
        words=_("%(name)s over %(count)s months, last %(newest)s %(unit)s")
        % {
            "name": name_of(one.metric),
            "count": len(one.figures),
            "newest": newest,
            "unit": unit(one.metric),
        },
    )


def drawn(figures: Sequence[int | None]) -> tuple[str, ...]:
    """Points of polylines in a box; nothing lies at the bottom, so that heights compare."""
    known = [figure for figure in figures if figure is not None]
    if len(known) < 2:
        return ()
    top, bottom = max(*known, 1), min(*known, 0)
    step = (WIDTH - 2 * EDGE) / max(len(figures) - 1, 1)
    lines: list[list[str]] = [[]]
    for place, figure in enumerate(figures):
        if figure is None:
            lines.append([])
            continue
        height = (figure - bottom) / (top - bottom) * (HEIGHT - 2 * EDGE)
        lines[-1].append(f"{EDGE + place * step:.1f},{HEIGHT - EDGE - height:.1f}")
    return tuple(" ".join(line) for line in lines if len(line) > 1)
