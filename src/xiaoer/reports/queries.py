"""Published figures beside ours."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Role, Zone
from xiaoer.base.scope import Actor, acting, system
from xiaoer.reports.published import Published, Standing, matches, published_figures
from xiaoer.reports.published.bounds import Bound
from xiaoer.reports.questions import IMPORTED, QUESTIONS, Answer, Question


class Status(StrEnum):
    """What stands behind a published figure here."""

    RECORDS = "records"
    IMPORTED = "imported"
    CASE = "case"
    WAITS = "waits"


STATUS_WORDS = {
    Status.RECORDS: _("from records"),
    Status.IMPORTED: _("imported"),
    Status.CASE: _("kept as a case"),
    Status.WAITS: _("waits for a room"),
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A published figure and ours. ``matches`` is None where there is nothing to compare."""

    figure: Published
    status: Status
    question: Question | None
    answer: Answer | None
    is_ours: bool

    @property
    def matches(self) -> bool | None:
        """Whether ours agrees with the print; a figure above 30 agrees with a print above 30."""
        if self.answer is None:
            return None
        if self.answer.is_above and self.figure.bound is Bound.GT and self.answer.value is not None:
            return self.answer.value >= self.figure.value
        return matches(self.figure, self.answer.value)

    @property
    def shown(self) -> str | None:
        """Our number with the print's decimals, or one more where the print was rounded."""
        if self.answer is None or self.answer.value is None:
            return None
        return self.answer.shown or f"{self.answer.value:,.{self.figure.decimals}f}"


def status_of(figure: Published) -> Status:
    if figure.standing is Standing.CASE:
        return Status.CASE
    if figure.standing is Standing.IMPORT:
        return Status.IMPORTED
    asked = figure.metric in QUESTIONS and not figure.waits_for
    return Status.RECORDS if asked else Status.WAITS


def question_of(figure: Published) -> Question | None:
    status = status_of(figure)
    if status is Status.IMPORTED:
        return IMPORTED
    return QUESTIONS.get(figure.metric) if status is Status.RECORDS else None


def answered(figure: Published, *, zone_id: int, as_of: date | None = None) -> FigureRow:
    """Ask the question of one figure in the scope that is open now."""
    question = question_of(figure)
    day = as_of or figure.period_end or date.today()
    answer = question.ask(zone_id, figure, day) if question else None
    return FigureRow(figure, status_of(figure), question, answer, is_ours=True)


def figure_rows(*, by: Actor, as_of: date | None = None) -> list[FigureRow]:
    """All 286: those of zones the asker may see are answered, the others only shown as printed."""
    zones = _zones_of(by)
    return [
        answered(figure, zone_id=zones[figure.zone], as_of=as_of)
        if figure.zone in zones
        else FigureRow(figure, status_of(figure), None, None, is_ours=False)
        for figure in published_figures()
    ]


def figure_row(*, by: Actor, figure: Published, as_of: date | None = None) -> FigureRow:
    zones = _zones_of(by)
    if figure.zone not in zones:
        return FigureRow(figure, status_of(figure), None, None, is_ours=False)
    return answered(figure, zone_id=zones[figure.zone], as_of=as_of)


def _zones_of(by: Actor) -> dict[str, int]:
    zones = Zone.objects.all()
    zones = (
        zones.filter(city_id=by.city_id or 0)
        if by.role == Role.CITY
        else zones.filter(pk=by.zone_id)
    )
    return {zone.code: zone.pk for zone in zones}


def every_row() -> Iterator[FigureRow]:
    """All 286 with every zone's own scope opened in turn: for the command line, before any scope."""
    zones = {zone.code: zone.pk for zone in Zone.objects.all()}
    for figure in published_figures():
        zone_id = zones.get(figure.zone)
        if zone_id is None:
            yield FigureRow(figure, status_of(figure), None, None, is_ours=False)
            continue
        with acting(system(zone_id)):
            yield answered(figure, zone_id=zone_id)


def counts(rows: list[FigureRow]) -> Counter[str]:
    """How many rows of each status, for the chips above the table."""
    return Counter(row.status for row in rows)
