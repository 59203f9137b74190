"""One firm at a glance: what it waits for, and when somebody last called on it."""

from dataclasses import dataclass
from datetime import date, datetime

from xiaoer.base.scope import Actor
from xiaoer.outreach.models import Appeal, Visit
from xiaoer.outreach.queries.pool import OPEN_STATES, PoolRow, begin_of, pool_row
from xiaoer.outreach.queries.visits import VisitFilter, VisitRow, visit_page
from xiaoer.registry.models import Party
from xiaoer.registry.queries import numbers_of
from xiaoer.web.marks import Colour
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL

SHOWN = 5
GRAVITY: tuple[Colour, ...] = ("red", "amber", "green", "grey")


@dataclass(frozen=True, slots=True)
class FirmRequests:
    """The open requests of a firm, what is due first, and how many there were."""

    rows: tuple[PoolRow, ...]
    this_year: int
    ever: int

    @property
    def light(self) -> Colour | None:
        """The gravest light of what is open; None where nothing is."""
        lights = {row.light for row in self.rows}
        return next((colour for colour in GRAVITY if colour in lights), None)

    @property
    def lit(self) -> int:
        """How many open requests have that light."""
        return sum(row.light == self.light for row in self.rows)


@dataclass(frozen=True, slots=True)
class FirmVisits:
    """The latest visits to a firm, and how many there were this year."""

    rows: tuple[VisitRow, ...]
    this_year: int
    ever: int
    today: date

    @property
    def last(self) -> VisitRow | None:
        return self.rows[0] if self.rows else None

    @property
    def days_since(self) -> int | None:
        """Whole days since the last visit; None where nobody ever called."""
        return (self.today - self.last.visited_on).days if self.last else None


def requests_of_firm(*, by: Actor, party: Party, now: datetime) -> FirmRequests:
    """What a firm has brought: all that is open, and counts of the year and of ever."""
    rows = Appeal.objects.filter(zone_id=by.zone_id, party_id__in=numbers_of(party=party)).exclude(
        state=Appeal.State.TAKEN_BACK
    )
    open_ones = (
        rows.filter(state__in=OPEN_STATES)
        .select_related("party", "kind", "office", "handler__person")
        .defer("body", "terms")
    )
    calendar = work.calendar_of(by.zone_id) if by.zone_id else None
    lines = [pool_row(row, now, calendar) for row in open_ones]
    never = datetime.max.replace(tzinfo=LOCAL)
    lines.sort(key=lambda row: (row.due_at or never, -row.id))
    since = begin_of(now.astimezone(LOCAL).date().replace(month=1, day=1))
    return FirmRequests(tuple(lines), rows.filter(filed_at__gte=since).count(), rows.count())


def visits_to_firm(*, by: Actor, party: Party, now: datetime, most: int = 3) -> FirmVisits:
    """The latest visits to a firm in their newest versions."""
    today = now.astimezone(LOCAL).date()
    rows = Visit.objects.filter(zone_id=by.zone_id, party=party, replaced_by__isnull=True)
    return FirmVisits(
        rows=visit_page(by=by, filters=VisitFilter(party=party.pk), size=most).rows,
        this_year=rows.filter(visited_on__gte=today.replace(month=1, day=1)).count(),
        ever=rows.count(),
        today=today,
    )
