"""The questions behind published figures: each asks records, none knows its answer.

A question is found by the figure's metric; it is asked inside the scope of the figure's zone. Later
rooms add theirs here as they open.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xiaoer.facts.models import Value, ValueReference
from xiaoer.registry.queries import standing
from xiaoer.reports.published import Published

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Record:
    """One record a figure counts, as a line a reader can open."""

    label: str
    detail: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Our figure in the printed unit, how it was counted, and what it counted.

    ``value`` is None when the records do not say. ``shown`` tells a bound as a bound (≥30).
    """

    value: Decimal | None
    as_of: date
    basis: str
    records: tuple[Record, ...] = ()
    count: int = 0
    address: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: words for the reader, and the asking itself (zone number, figure, day)."""

    words: str | Promise
    ask: Callable[[int, Published, date], Answer]


MOST_SHOWN = 20


def _counted(
    rows: Iterable[Record], count: int, day: date, basis: str, address: str = ""
) -> Answer:
    return Answer(
        value=Decimal(count),
        as_of=day,
        basis=basis,
        records=tuple(rows),
        count=count,
        address=address,
    )


def _enterprises(zone_id: int, figure: Published, day: date) -> Answer:
    rows = standing.enterprises_on(zone_id=zone_id, day=day, industrial=True)
    shown = rows.select_related("cell").order_by("name")[:MOST_SHOWN]
    return _counted(
        (Record(r.name, str(r.cell), reverse("enterprise", args=[r.pk])) for r in shown),
        rows.count(),
        day,
        _("Enterprises in a cell, sections B, C and D of GB/T 4754, registered by that day."),
        reverse("enterprise_list"),
    )


def _grids(zone_id: int, figure: Published, day: date) -> Answer:
    address = reverse("grid_map")
    if figure.dimension("tier") == "general":
        grids = list(standing.grids_of(zone_id=zone_id))
        lines = [Record(grid.name, grid.code, address) for grid in grids]
        return _counted(lines, len(grids), day, _("Grids of the upper level."), address)
    cells = list(standing.cells_of(zone_id=zone_id).select_related("grid"))
    lines = [Record(cell.name, cell.grid.name, address) for cell in cells]
    return _counted(lines[:MOST_SHOWN], len(cells), day, _("Cells of the lower level."), address)


def _officers(zone_id: int, figure: Published, day: date) -> Answer:
    rows = list(
        standing.officers_on(zone_id=zone_id, day=day).select_related(
            "post__person", "post__office"
        )
    )
    lines = [
        Record(row.post.person.name, str(row.post.office or ""), reverse("officers"))
        for row in rows[:MOST_SHOWN]
    ]
    return _counted(
        lines,
        len(rows),
        day,
        _("People who answered for at least one enterprise that day."),
        reverse("officers"),
    )


def _monitoring(zone_id: int, figure: Published, day: date) -> Answer:
    rows = standing.monitoring_firms_on(zone_id=zone_id, day=day).select_related("party")
    lines = [
        Record(row.party.name, f"{row.since}", reverse("enterprise", args=[row.party_id]))
        for row in rows.order_by("party__name")[:MOST_SHOWN]
    ]
    return _counted(
        lines,
        rows.count(),
        day,
        _("Enterprises that were monitoring points that day."),
        reverse("enterprise_list"),
    )


def _imported(zone_id: int, figure: Published, day: date) -> Answer:
    """The newest version of the value that the source states, whatever was corrected since."""
    reference = (
        ValueReference.objects.filter(zone_id=zone_id, external_ref=figure.id)
        .select_related("value", "value__metric", "source")
        .order_by("-value__known_at")
        .first()
    )
    basis = _("The value as its source states it, brought in like any sheet of figures.")
    if reference is None:
        return Answer(value=None, as_of=day, basis=basis)
    newest = _newest(reference.value)
    return Answer(
        value=_plain(newest),
        as_of=timezone.localdate(newest.known_at),
        basis=basis,
        records=(
            Record(
                newest.metric.name,
                f"{newest.starts_on} – {newest.ends_on} · {reference.source.name}",
                reverse("indicators"),
            ),
        ),
        count=1,
        address=reverse("indicators"),
        shown=_shown(newest, figure),
    )


def _newest(value: Value) -> Value:
    """The last version known of what this value is of."""
    return (
        Value.objects.filter(
            zone_id=value.zone_id,
            metric_id=value.metric_id,
            aspect=value.aspect,
            party_id=value.party_id,
            dimension=value.dimension,
            starts_on=value.starts_on,
            ends_on=value.ends_on,
            column=value.column,
            withdrawn_at__isnull=True,
        )
        .select_related("metric")
        .order_by("-known_at", "-id")
        .first()
        or value
    )


def _plain(value: Value) -> Decimal | None:
    number = value.low if value.low is not None else value.high
    return None if number is None else Decimal(number).scaleb(-Value.SCALE)


def _shown(value: Value, figure: Published) -> str:
    number = _plain(value)
    if number is None:
        return ""
    sign = ""
    if value.high is None:
        sign = ">" if value.is_open else "≥"
    elif value.low is None:
        sign = "<" if value.is_open else "≤"
    return f"{sign}{number:,.{figure.decimals}f}"


IMPORTED = Question(lazy("What does the source state?"), _imported)

QUESTIONS: dict[str, Question] = {
    "grid_enterprise_count": Question(
        lazy("How many industrial enterprises stand in the grid?"), _enterprises
    ),
    "grid_count": Question(lazy("How many grids or cells are there?"), _grids),
    "grid_officer_count": Question(lazy("How many people answer for enterprises?"), _officers),
    "monitoring_point_count": Question(
        lazy("How many enterprises monitor the business environment?"), _monitoring
    ),
}
