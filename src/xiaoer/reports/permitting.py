"""The questions behind published figures of one things, unattended approval, acceptance and points.

===============================================  ===================================================
figure                                           records
===============================================  ===================================================
one_thing_count change=new                       one things taken up in the period and not ended by
                                                 its last day; single items and value-added services
                                                 are counted apart
one_thing_value_added_count                      value-added services taken up by the last day
auto_approval_item_count                         packs that are on, authorised by two persons and
                                                 switched on by the day; a pack without a record of its
                                                 switches that was switched later makes it "at least"
joint_acceptance_project_count                   projects whose joint acceptance was concluded in the
                                                 period and that stood on a key list of the year
joint_acceptance_share                           projects concluded jointly ÷ all concluded
acceptance_step_cut_count                        steps one by one − steps jointly, on average
errand_reduction                                 trips saved ÷ trips the same checks take one by one
service_point_count tier=…                       points of the tier in service on the last day
service_hall_…                                   standing records of the named point up to the day
e_licence_served_entity_count                    entities an e-licence was shown for up to the day
===============================================  ===================================================
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xiaoer.base.bounds import at_least
from xiaoer.base.subjects import page_of
from xiaoer.permits.models import Acceptance, AutoPack, ServicePoint, Thing
from xiaoer.permits.queries import point_figures as points
from xiaoer.permits.queries.acceptance import AcceptanceFigures, acceptance_figures
from xiaoer.permits.queries.automatic import Switch, switches_before
from xiaoer.permits.queries.point_figures import PointFigures, RecordFilter
from xiaoer.projects.models import ProjectList
from xiaoer.projects.queries import counting
from xiaoer.reports.counted import HUNDRED, MOST_SHOWN, Answer, Ask, Question, Record, counted
from xiaoer.reports.published import Published
from xiaoer.work.calendar import DAY, LOCAL

KEY = "key"
# What the print calls a service, as the points write it down.
SHOWN_FOR: Mapping[str, str] = {"e_licence_network": "电子营业执照＋移动入网"}


def _since(figure: Published, day: date) -> date:
    return figure.period_start or date(day.year, 1, 1)


# One things and packs ----------------------------------------------------------------------------


def _things(*, value_added: bool) -> Ask:
    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        rows = Thing.objects.filter(
            zone_id=zone_id, is_value_added=value_added, created_on__lte=day
        ).exclude(ended_on__lte=day)
        if not value_added:
            rows = rows.filter(kind=Thing.Kind.ONE_THING)
        if figure.dimension("change") == "new":
            rows = rows.filter(created_on__gte=_since(figure, day))
        lines = [
            Record(row.name, row.created_on.isoformat(), page_of("thing", row.pk) or "")
            for row in rows[:MOST_SHOWN]
        ]
        basis = _("One things the zone took up by that day and has not ended.")
        return counted(lines, rows.count(), day, basis)

    return ask


def _packs(zone_id: int, figure: Published, day: date) -> Answer:
    """Those on that day by the record of their switches.

    A pack without such a record is counted as it stands now; switched since, it may have been on or
    off. One whose law changed was off, authorised anew and on again since: its record says so.
    """
    end = datetime.combine(day, time(), LOCAL) + DAY
    packs = AutoPack.objects.filter(zone_id=zone_id).select_related("thing").order_by("id")
    switched = switches_before(zone_id=zone_id, end=end)
    lines: list[Record] = []
    unsure = 0
    for row in packs:
        stood = switched.get(row.pk)
        if stood is None and row.authorised_at is not None and row.authorised_at < end:
            stood = _as_it_stands(row, end)
            unsure += stood is None
        if stood is not None and stood.is_on:
            when = f"{stood.at:%Y-%m-%d}"
            lines.append(Record(row.thing.name, when, page_of("auto_pack", row.pk) or ""))
    count = Decimal(len(lines))
    return Answer(
        value=count,
        as_of=day,
        basis=_("Items decided without a person: authorised by two persons and switched on."),
        records=tuple(lines),
        count=len(lines),
        bound=at_least(count) if unsure else None,
    )


def _as_it_stands(row: AutoPack, end: datetime) -> Switch | None:
    """None: it was switched since, and may have been on or off."""
    if row.switched_at is None or row.switched_at >= end:
        return None
    is_authorised = row.authorised_second_id is not None
    return Switch(row.switched_at, is_authorised and row.state == AutoPack.State.ON)


# Joint acceptance --------------------------------------------------------------------------------


def _served(zone_id: int, figure: Published, day: date) -> Answer:
    lists = ProjectList.objects.filter(zone_id=zone_id, subject=KEY, year=day.year)
    on_list = counting.on_lists(
        zone_id=zone_id, codes=list(lists.values_list("code", flat=True)), day=day
    )
    rows = _concluded(zone_id, _since(figure, day), day).filter(
        is_joint=True, project__in=on_list.values("pk")
    )
    lines = [_acceptance(row) for row in rows.select_related("project")[:MOST_SHOWN]]
    count = rows.values("project").distinct().count()
    basis = _("Key projects whose joint acceptance was concluded in the period.")
    return counted(lines, count, day, basis)


def _concluded(zone_id: int, since: date, until: date) -> QuerySet[Acceptance]:
    return Acceptance.objects.filter(
        zone_id=zone_id,
        concluded_at__gte=datetime.combine(since, time(), LOCAL),
        concluded_at__lt=datetime.combine(until, time(), LOCAL) + DAY,
    ).order_by("concluded_at", "id")


def _acceptance(row: Acceptance) -> Record:
    day = f"{row.concluded_at.astimezone(LOCAL):%Y-%m-%d}" if row.concluded_at else ""
    return Record(row.project.name, day, page_of("acceptance", row.pk) or "")


def _of_acceptances(
    read: Callable[[AcceptanceFigures], Fraction | None], basis: str | Promise, times: Decimal
) -> Ask:
    """A ratio or mean over what was concluded; unknown where nothing was."""

    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        since = _since(figure, day)
        found = read(acceptance_figures(zone_id=zone_id, since=since, until=day))
        rows = _concluded(zone_id, since, day).select_related("project")
        return Answer(
            value=None if found is None else times * found.numerator / Decimal(found.denominator),
            as_of=day,
            basis=str(basis),
            records=tuple(_acceptance(row) for row in rows[:MOST_SHOWN]),
            count=rows.count(),
        )

    return ask


# Service points ----------------------------------------------------------------------------------


def _points(zone_id: int, figure: Published, day: date) -> Answer:
    tier = int(figure.dimension("tier") or 0) or None
    rows = ServicePoint.objects.filter(zone_id=zone_id, opened_on__lte=day)
    rows = rows.exclude(closed_on__lte=day)
    if tier:
        rows = rows.filter(tier=tier)
    lines = [
        Record(row.name, row.address, page_of("service_point", row.pk) or "")
        for row in rows[:MOST_SHOWN]
    ]
    count = points.service_point_count(zone_id=zone_id, on=day, tier=tier)
    return counted(lines, count, day, _("Service points of the tier in service that day."))


def _hall(read: Callable[[PointFigures], int], kind: str, words: str | Promise) -> Ask:
    """What the named point had done by the day; unknown where the zone has no such point."""

    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        hall = figure.dimension("hall") or ""
        found = points.hall_figures(zone_id=zone_id, hall=hall, first=figure.period_start, last=day)
        if found is None or found.point is None:
            basis = _("There is no service point called %(name)s.") % {"name": hall}
            return Answer(value=None, as_of=day, basis=basis)
        wanted = RecordFilter(first=figure.period_start, last=day, point=found.point.pk, kind=kind)
        lines = [
            Record(row.name, f"{row.at.astimezone(LOCAL):%Y-%m-%d} · {row.get_kind_display()}")
            for row in points.records(zone_id=zone_id, wanted=wanted)[:MOST_SHOWN]
        ]
        return counted(
            lines, read(found), day, str(words), page_of("service_point", found.point.pk) or ""
        )

    return ask


def _entities(zone_id: int, figure: Published, day: date) -> Answer:
    service = SHOWN_FOR.get(figure.dimension("service") or "", "")
    wanted = RecordFilter(first=figure.period_start, last=day, words=service)
    rows = points.uses(zone_id=zone_id, wanted=wanted)
    lines = [
        Record(row.name, f"{row.at.astimezone(LOCAL):%Y-%m-%d} · {row.service}")
        for row in rows[:MOST_SHOWN]
    ]
    count = points.licence_entity_count(
        zone_id=zone_id, service=service, first=figure.period_start, last=day
    )
    basis = _("Entities whose electronic licence was shown for the service by that day, each once.")
    return counted(lines, count, day, basis)


ONE = Decimal(1)
PERMITTING: Mapping[str, Question] = {
    "one_thing_count": Question(
        lazy("How many one things did the zone take up?"), _things(value_added=False)
    ),
    "one_thing_value_added_count": Question(
        lazy("How many value-added services does it give?"), _things(value_added=True)
    ),
    "auto_approval_item_count": Question(
        lazy("How many items are decided without a person?"), _packs
    ),
    "joint_acceptance_project_count": Question(
        lazy("How many key projects were accepted jointly?"), _served
    ),
    "joint_acceptance_share": Question(
        lazy("How many of the projects accepted chose the joint way?"),
        _of_acceptances(
            lambda one: one.share,
            lazy("Projects concluded jointly, of all projects concluded in the period."),
            HUNDRED,
        ),
    ),
    "acceptance_step_cut_count": Question(
        lazy("How many steps does joint acceptance cut?"),
        _of_acceptances(
            lambda one: one.steps_cut,
            lazy("Steps of the same checks one by one, less those taken jointly; the mean."),
            ONE,
        ),
    ),
    "errand_reduction": Question(
        lazy("How many trips does joint acceptance save?"),
        _of_acceptances(
            lambda one: one.trips_saved,
            lazy("Trips saved, of those the same checks take one by one."),
            HUNDRED,
        ),
    ),
    "service_point_count": Question(lazy("How many service points are there?"), _points),
    "service_hall_enterprise_count": Question(
        lazy("How many enterprises were served there?"),
        _hall(lambda one: one.enterprises, "", lazy("Enterprises served at the point, each once.")),
    ),
    "service_hall_case_count": Question(
        lazy("How many matters were handled there?"),
        _hall(lambda one: one.cases, "", lazy("Matters handled at the point, also by an agent.")),
    ),
    "service_hall_agency_enterprise_count": Question(
        lazy("For how many enterprises did an agent act there?"),
        _hall(
            lambda one: one.agency_enterprises, "agency",
            lazy("Enterprises an agent acted for at the point, each once."),
        ),
    ),
    "service_hall_extended_service_enterprise_count": Question(
        lazy("How many enterprises got services beyond approvals there?"),
        _hall(
            lambda one: one.extended_enterprises, "extended",
            lazy("Enterprises with an extended service at the point, each once."),
        ),
    ),
    "e_licence_served_entity_count": Question(
        lazy("For how many entities was an electronic licence shown?"), _entities
    ),
}  # fmt: skip
