"""The rules of routes, and the distances by road a zone brings in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import files, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.tables import Limits, look_at_sheet
from xiaoer.outreach import access
from xiaoer.outreach.actions.story import may_say, must_say
from xiaoer.outreach.models import RoadDistance, RoadSheet, RouteRule
from xiaoer.outreach.routing.sheet import (
    BASE_WORDS,
    FIELDS,
    RoadProblem,
    RoadRow,
    pairs_missing,
    read_roads,
)
from xiaoer.registry.models import Party

MARKS = ("A", "V", "S", "B", "C", "U", "D")
SHOWN_PROBLEMS = 500
SHEET = "road_sheet"


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """All a rule of routes says. Without an end, officers come back to the start."""

    start_longitude: float | None
    start_latitude: float | None
    works_from: time
    works_until: time
    speed_kmh: int
    road_percent: int
    visit_minutes: int
    source: str
    mark: str
    end_longitude: float | None = None
    end_latitude: float | None = None
    lunch_from: time | None = None
    lunch_until: time | None = None


@transaction.atomic
def set_route_rule(
    *, by: Actor, now: datetime, facts: RouteFacts, version: int | None = None
) -> RouteRule:
    """Set the zone's rules of routes; routes computed before stay as they are."""
    _must_keep(by)
    _must_be_places(facts)
    _must_be_hours(facts)
    _must_be_figures(facts)
    given = asdict(facts) | {
        "source": must_say(facts.source, "source", _("Say where these figures come from."), 200),
        "mark": facts.mark,
    }
    rule = RouteRule.objects.select_for_update().filter(zone_id=by.zone_id).first()
    if rule is None:
        rule = RouteRule(zone_id=by.zone_id, version=0)
    elif version is not None:
        journal.must_be_fresh(rule, version)
    changed = journal.changes(rule, given)
    rule.version += 1
    rule.save()
    journal.record(by=by, now=now, verb="set_route_rule", subject=rule, **changed)
    return rule


def _must_keep(by: Actor) -> None:
    if not access.is_system(by):
        access.must_be_desk(by)


def _must_be_places(facts: RouteFacts) -> None:
    places = (
        ("start", facts.start_longitude, facts.start_latitude),
        ("end", facts.end_longitude, facts.end_latitude),
    )
    for name, longitude, latitude in places:
        if (longitude is None) != (latitude is None):
            raise Refused(
                _("A place has a longitude and a latitude; enter both."), field=f"{name}_longitude"
            )
        if longitude is None or latitude is None:
            continue
        # Nobody sets out from the Gulf of Guinea: two zeros are a place somebody forgot.
        is_on_earth = -180 <= longitude <= 180 and -90 <= latitude <= 90
        if not is_on_earth or (longitude, latitude) == (0, 0):
            raise Refused(
                _("%(x)s, %(y)s is no place here; longitude first, such as 116.58, 35.42.")
                % {"x": longitude, "y": latitude},
                field=f"{name}_longitude",
            )
    if facts.start_longitude is None and facts.end_longitude is not None:
        raise Refused(_("Enter where officers set out."), field="start_longitude")


def _must_be_hours(facts: RouteFacts) -> None:
    if facts.works_until <= facts.works_from:
        raise Refused(_("The day ends after it begins."), field="works_until")
    if (facts.lunch_from is None) != (facts.lunch_until is None):
        raise Refused(
            _("Enter when lunch begins and when it ends, or neither."), field="lunch_from"
        )
    if facts.lunch_from is None or facts.lunch_until is None:
        return
    if not facts.works_from < facts.lunch_from < facts.lunch_until < facts.works_until:
        raise Refused(_("Lunch lies within the hours of the day."), field="lunch_from")


def _must_be_figures(facts: RouteFacts) -> None:
    bounds = (
        ("speed_kmh", facts.speed_kmh, 3, 120),
        ("road_percent", facts.road_percent, 100, 400),
        ("visit_minutes", facts.visit_minutes, 5, 480),
    )
    for name, value, least, most in bounds:
        if not least <= value <= most:
            raise Refused(
                _("From %(least)s to %(most)s.") % {"least": least, "most": most}, field=name
            )
    if facts.mark not in MARKS:
        raise Refused(_("Choose one of the list."), field="mark")


@transaction.atomic
def import_roads(*, by: Actor, now: datetime, stream: files.Upload, name: str) -> RoadSheet:
    """Bring in distances by road: good rows are taken, every other is named with its reason.

    A pair that was known is replaced. Refuses a sheet of which nothing can be taken.
    """
    _must_keep(by)
    file = files.keep_file(
        by=by, now=now, stream=stream, name=name, limit=Limits().file_bytes, look=look_at_sheet
    )
    with files.kept_path(file) as path:
        read = read_roads(path)
    taken, problems = _judge(by, read.rows)
    told = sorted([*read.problems, *problems], key=lambda one: one.row_no)
    if not taken:
        first = f"{told[0].row_no}: {told[0].words}" if told else ""
        raise Refused(
            _("No row of this sheet can be taken. The first reason, row %(first)s")
            % {"first": first},
            field="file",
        )
    sheet = RoadSheet.objects.create(
        zone_id=by.zone_id,
        post_id=by.post_id,
        file=file,
        file_name=may_say(name[-200:], "file"),
        read=len(taken) + len(told),
        taken=len(taken),
        rejected=len(told),
        missing=pairs_missing(list(taken)),
        problems=[[one.row_no, one.column, one.words] for one in told[:SHOWN_PROBLEMS]],
        at=now,
    )
    RoadDistance.objects.bulk_create(
        (
            RoadDistance(
                zone_id=by.zone_id,
                from_party_id=origin,
                to_party_id=target,
                metres=row.metres,
                seconds=row.seconds,
                sheet=sheet,
            )
            for (origin, target), row in taken.items()
        ),
        batch_size=2000,
        update_conflicts=True,
        update_fields=["metres", "seconds", "sheet"],
        unique_fields=["zone", "from_party", "to_party"],
    )
    journal.record(
        by=by,
        now=now,
        verb="import_roads",
        subject=sheet,
        file_name=sheet.file_name,
        read=sheet.read,
        rows=sheet.taken,
        rejected=sheet.rejected,
    )
    return sheet


Pair = tuple[int | None, int | None]


def _judge(by: Actor, rows: tuple[RoadRow, ...]) -> tuple[dict[Pair, RoadRow], list[RoadProblem]]:
    """Which rows name two places we know, once each."""
    known = _places(by, {text for row in rows for text in (row.origin, row.target)})
    taken: dict[Pair, RoadRow] = {}
    problems: list[RoadProblem] = []
    for row in rows:
        problem = _unknown(row, known)
        if problem is None:
            pair = (known[row.origin][0], known[row.target][0])
            problem = _wrong_pair(row, pair, taken)
        if problem is None:
            taken[pair] = row
        else:
            problems.append(problem)
    return taken, problems


def _places(by: Actor, texts: set[str]) -> Mapping[str, list[int | None]]:
    """Who bears each name or credit code; the base is None."""
    found: dict[str, list[int | None]] = {text: [] for text in texts}
    for text in texts:
        if text.strip().lower() in BASE_WORDS:
            found[text].append(None)
    rows = Party.objects.filter(zone_id=by.zone_id, merged_into__isnull=True)
    for number, name in rows.filter(name__in=texts).values_list("pk", "name"):
        found[name].append(number)
    codes = {text.upper(): text for text in texts if len(text) == 18}
    for number, code in rows.filter(credit_code__in=codes).values_list("pk", "credit_code"):
        found[codes[code]].append(number)
    return found


def _unknown(row: RoadRow, known: Mapping[str, list[int | None]]) -> RoadProblem | None:
    for text, column in ((row.origin, FIELDS[0]), (row.target, FIELDS[1])):
        bearers = known[text]
        if not bearers:
            words = _("No enterprise is called “%(name)s” here.") % {"name": text[:60]}
        elif len(bearers) > 1:
            words = _("%(n)s enterprises are called “%(name)s”; write the credit code.") % {
                "n": len(bearers),
                "name": text[:60],
            }
        else:
            continue
        return RoadProblem(row.row_no, column.label, words)
    return None


def _wrong_pair(row: RoadRow, pair: Pair, taken: Mapping[Pair, RoadRow]) -> RoadProblem | None:
    if pair[0] == pair[1]:
        return RoadProblem(row.row_no, FIELDS[1].label, _("Both places are the same."))
    first = taken.get(pair)
    if first is None:
        return None
    words = _("Row %(row)s already says how far this is.") % {"row": first.row_no}
    return RoadProblem(row.row_no, FIELDS[1].label, words)
