"""Published figures beside ours."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from xiaoer.base.bounds import exactly
from xiaoer.base.models import Role, Zone
from xiaoer.base.scope import Actor, acting, system
from xiaoer.reports.counted import Answer, Question
from xiaoer.reports.published import (
    Published,
    Standing,
    matches,
    published_figures,
    show_printed,
)
from xiaoer.reports.questions import IMPORTED, QUESTIONS

LATEST = date(9999, 1, 1)


class Status(StrEnum):
    """What stands behind a published figure here; in the order in which the page tells them."""

    RECORDS = "records"
    IMPORTED = "imported"
    WAITS = "waits"
    CASE = "case"


STATUS_WORDS = {
    Status.RECORDS: _("from records"),
    Status.IMPORTED: _("imported"),
    Status.WAITS: _("waits for a room"),
    Status.CASE: _("kept as a case"),
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
    def is_answered(self) -> bool:
        """Whether there is a figure of ours; a row of another zone is not ours to answer."""
        return self.answer is not None and self.answer.value is not None

    @property
    def matches(self) -> bool | None:
        """Whether ours agrees with the print; a bound of ours by all that it allows."""
        if self.answer is None:
            return None
        return matches(self.figure, self.answer.bound or self.answer.value)

    @property
    def shown(self) -> str | None:
        """Our number, or bound, with the print's decimals."""
        if self.answer is None or self.answer.value is None:
            return None
        return show_printed(self.answer.bound or exactly(self.answer.value), self.figure.decimals)


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
    day = as_of or _usual_day(figure)
    answer = question.ask(zone_id, figure, day) if question else None
    return FigureRow(figure, status_of(figure), question, answer, is_ours=True)


def _usual_day(figure: Published) -> date:
    """Records are counted at the end of the printed period; what a source states came out later."""
    if status_of(figure) is Status.IMPORTED:
        return LATEST
    return figure.period_end or date.today()


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


ANSWERED, ALL = "answered", "all"
"""Two more filters than there are statuses: what has an answer of ours, which opens, and all."""
_ORDER = list(Status)


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The rows a reader asked for, those with an answer first, and the counts of every filter."""

    rows: tuple[FigureRow, ...]
    chosen: str
    counts: Counter[str]
    matching: int
    doubtful: int
    total: int


def figure_table(
    *, rows: Iterable[FigureRow], zone: str, status: str | None = None, doubtful: bool = False
) -> FigureTable:
    """Filter and order rows. Nothing chosen shows what is answered, or all where nothing is."""
    of_zone = [row for row in rows if zone in (ALL, row.figure.zone)]
    counts = Counter(row.status.value for row in of_zone)
    counts[ANSWERED] = sum(row.is_answered for row in of_zone)
    usual = ALL if doubtful or not counts[ANSWERED] else ANSWERED
    chosen = status if status in (ALL, ANSWERED, *_ORDER) else usual
    rows = (
        row
        for row in of_zone
        if (chosen == ALL or row.status == chosen or (chosen == ANSWERED and row.is_answered))
        and (not doubtful or row.figure.doubt_zh)
    )
    return FigureTable(
        rows=tuple(sorted(rows, key=lambda row: (_ORDER.index(row.status), row.figure.id))),
        chosen=chosen,
        counts=counts,
        matching=sum(bool(row.matches) for row in of_zone),
        doubtful=sum(bool(row.figure.doubt_zh) for row in of_zone),
        total=len(of_zone),
    )
