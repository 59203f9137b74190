"""The questions behind published figures: each asks records, none knows its answer.

A question is found by the figure's metric; it is asked inside the scope of the figure's zone. Later
rooms add theirs here as they open.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xiaoer.base.bounds import Bound
from xiaoer.facts import queries as facts
from xiaoer.outreach import queries as outreach
from xiaoer.outreach.models import Appeal, Programme, Visit
from xiaoer.registry.queries import standing
from xiaoer.reports.counted import MOST_SHOWN, Answer, Question, Record, counted
from xiaoer.reports.growing import GROWING
from xiaoer.reports.livelihood import LIVELIHOOD
from xiaoer.reports.permitting import PERMITTING
from xiaoer.reports.projecting import PROJECTING
from xiaoer.reports.published import Published
from xiaoer.reports.siting import SITING


def _enterprises(zone_id: int, figure: Published, day: date) -> Answer:
    rows = standing.enterprises_on(zone_id=zone_id, day=day, industrial=True)
    shown = rows.select_related("cell").order_by("name")[:MOST_SHOWN]
    return counted(
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
        return counted(lines, len(grids), day, _("Grids of the upper level."), address)
    cells = list(standing.cells_of(zone_id=zone_id).select_related("grid"))
    lines = [Record(cell.name, cell.grid.name, address) for cell in cells]
    return counted(lines[:MOST_SHOWN], len(cells), day, _("Cells of the lower level."), address)


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
    return counted(
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
    return counted(
        lines,
        rows.count(),
        day,
        _("Enterprises that were monitoring points that day."),
        reverse("enterprise_list"),
    )


def _imported(zone_id: int, figure: Published, day: date) -> Answer:
    """What the source states under the figure's number, in its last version known on the day."""
    stated = facts.value_by_reference(zone_id=zone_id, external_ref=figure.id, as_of=day)
    basis = _("The value as its source states it, brought in like any sheet of figures.")
    if stated is None or stated.known_at is None:
        return Answer(value=None, as_of=day, basis=basis)
    language = get_language() or "zh-hans"
    name = stated.metric.name if language.startswith("zh") else stated.metric.name_en
    address = reverse("indicator", args=[stated.metric.code])
    return Answer(
        value=_plain(stated.bound),
        bound=stated.bound,
        as_of=timezone.localdate(stated.known_at),
        basis=basis,
        records=(
            Record(
                name or stated.metric.name,
                f"{stated.period.show(language)} · {stated.source}",
                address,
            ),
        ),
        count=1,
        address=address,
    )


def _plain(bound: Bound) -> Decimal | None:
    """The end that is known, for programs that want one number."""
    return bound.low if bound.low is not None else bound.high


def _period(figure: Published, day: date) -> outreach.Period:
    """The printed period; a figure that is only "as of" a day counts its year so far."""
    return outreach.Period(figure.period_start or date(day.year, 1, 1), day)


def _programme(zone_id: int, figure: Published) -> str | None:
    """The code of the programme the print names (企业走访日, 宜企同行); None: all programmes.

    A programme the zone does not have answers nothing, rather than everything.
    """
    name = figure.dimension("programme") or figure.dimension("source")
    if name is None:
        return None
    found = Programme.objects.filter(zone_id=zone_id, name=name).first()
    return found.code if found else name


def _share(
    share: outreach.Share, rows: Iterable[Record], day: date, basis: str, address: str
) -> Answer:
    return Answer(
        value=share.percent,
        as_of=day,
        basis=f"{basis} {share.part:,} / {share.whole:,}",
        records=tuple(rows),
        count=share.part,
        address=address,
    )


def _appeal_lines(rows: QuerySet[Appeal]) -> list[Record]:
    return [
        Record(row.title, f"{row.receipt_no} · {row.party.name}", reverse("appeal", args=[row.pk]))
        for row in rows[:MOST_SHOWN]
    ]


def _visit_lines(rows: QuerySet[Visit]) -> list[Record]:
    shown = rows.select_related("party", "post__person").order_by("-visited_on", "-id")
    return [
        Record(
            row.party.name,
            f"{row.visited_on} · {row.post.person.name}",
            reverse("visit", args=[row.pk]),
        )
        for row in shown[:MOST_SHOWN]
    ]


def _visit_coverage(zone_id: int, figure: Published, day: date) -> Answer:
    period = _period(figure, day)
    figures = outreach.visit_figures(zone_id=zone_id, period=period)
    return _share(
        figures.coverage,
        _visit_lines(outreach.visits_of_period(zone_id=zone_id, period=period)),
        day,
        _("Industrial enterprises visited in the period, of all of them:"),
        reverse("visit_list"),
    )


def _appeal_share(
    zone_id: int, figure: Published, day: date, name: str, counted: str, basis: str
) -> Answer:
    period, now = _period(figure, day), timezone.now()
    figures = outreach.appeal_figures(zone_id=zone_id, period=period, now=now)
    rows = outreach.appeals_behind(zone_id=zone_id, period=period, figure=counted, now=now)
    share = getattr(figures, name)
    return _share(share, _appeal_lines(rows), day, basis, reverse("appeal_figures"))


def _collected(zone_id: int, figure: Published, day: date) -> Answer:
    basis = _("Requests taken up by somebody who answers for them, of all brought in the period:")
    return _appeal_share(zone_id, figure, day, "collection_rate", "started", basis)


def _fed_back(zone_id: int, figure: Published, day: date) -> Answer:
    basis = _("Requests answered to the enterprise, of all counted in the period:")
    return _appeal_share(zone_id, figure, day, "feedback_rate", "replied", basis)


def _solved(zone_id: int, figure: Published, day: date) -> Answer:
    period, now = _period(figure, day), timezone.now()
    programme = _programme(zone_id, figure)
    rows = outreach.appeals_behind(
        zone_id=zone_id, period=period, figure="confirmed_solved", now=now, programme=programme
    )
    basis = _("Requests of the programme that the enterprises confirmed as solved.")
    return counted(_appeal_lines(rows), rows.count(), day, basis, reverse("appeal_figures"))


def _visiting(
    count: Callable[[outreach.VisitFigures], int], basis: Promise
) -> Callable[[int, Published, date], Answer]:
    """A question that counts something of the visits of a programme."""

    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        period, programme = _period(figure, day), _programme(zone_id, figure)
        figures = outreach.visit_figures(zone_id=zone_id, period=period, programme=programme)
        rows = outreach.visits_of_period(zone_id=zone_id, period=period, programme=programme)
        return Answer(
            value=Decimal(count(figures)),
            as_of=day,
            basis=str(basis),
            records=tuple(_visit_lines(rows)),
            count=rows.count(),
            address=reverse("visit_list"),
        )

    return ask


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
    "visit_coverage_rate": Question(
        lazy("What share of enterprises was visited?"), _visit_coverage
    ),
    "appeal_collection_rate": Question(lazy("What share of requests was taken up?"), _collected),
    "appeal_feedback_rate": Question(lazy("What share of requests was answered?"), _fed_back),
    "appeal_resolved_count": Question(
        lazy("How many requests did enterprises confirm as solved?"), _solved
    ),
    "visiting_leader_count": Question(
        lazy("How many leaders went?"),
        _visiting(
            lambda figures: figures.leaders,
            lazy("Zone leaders who made or joined a visit of the programme, each person once."),
        ),
    ),
    "visit_day_event_count": Question(
        lazy("How many visit days were held?"),
        _visiting(
            lambda figures: figures.days,
            lazy("Days of the programme on which at least one visit was made."),
        ),
    ),
    "visited_enterprise_count": Question(
        lazy("How many enterprises were visited?"),
        _visiting(
            lambda figures: figures.visited,
            lazy("Enterprises with at least one visit of the programme, each once."),
        ),
    ),
    **GROWING,
    **LIVELIHOOD,
    **PROJECTING,
    **PERMITTING,
    **SITING,
}
