"""What verbs on carriers begin with: the rows locked in one order, and who stands in the way said."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.assets.access import carriers as access
from xiaoer.assets.models import Building, Occupancy, Unit
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.outlines import read_parcel

DAY = timedelta(days=1)
GEOMETRIES = frozenset({"Point", "Polygon", "MultiPolygon"})
MOST_FEN = 10**15
"""Ten thousand billion yuan: more is a slip of the unit."""


def reached_building(by: Actor, building: Building) -> Building:
    """The building, locked, of which the asker may say what happens in it."""
    row = (
        Building.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, pk=building.pk)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such record here; it may be of another zone."))
    access.must_run_building(by, row)
    return row


def reached_units(by: Actor, units: Iterable[Unit], *, living: bool = True) -> list[Unit]:
    """Units, locked by number so that two verbs never wait for each other, in the order given."""
    wanted = [unit.pk for unit in units]
    rows = {
        unit.pk: unit
        for unit in Unit.objects.select_for_update(of=("self",))
        .select_related("building")
        .filter(zone_id=by.zone_id, pk__in=wanted)
        .order_by("pk")
    }
    if len(rows) < len(set(wanted)) or not rows:
        raise Refused(_("There is no such record here; it may be of another zone."), field="units")
    for row in rows.values():
        access.must_run_building(by, row.building)
        if living:
            must_be_living(row)
    return [rows[number] for number in dict.fromkeys(wanted)]


def reached_unit(by: Actor, unit: Unit, *, living: bool = True) -> Unit:
    return reached_units(by, [unit], living=living)[0]


def must_be_living(unit: Unit) -> None:
    """A unit that was merged or split is told with what it became."""
    if unit.until is None:
        return
    became = "、".join(made.new.code for made in unit.became.select_related("new"))
    if became:
        raise Refused(
            _("%(code)s has been merged or split since; it is now %(now)s.")
            % {"code": unit.code, "now": became}
        )
    raise Refused(
        _("%(code)s is no longer a unit since %(day)s.")
        % {"code": unit.code, "day": unit.until.isoformat()}
    )


def during(since: date, until: date | None) -> Q:
    """Occupancies that touch the days from ``since`` through ``until``."""
    runs_into = Q(until__isnull=True) | Q(until__gte=since)
    return runs_into if until is None else runs_into & Q(since__lte=until)


def in_the_way(
    units: Sequence[Unit], since: date, until: date | None, *, but: Q | None = None
) -> Occupancy | None:
    """The first occupancy that touches these units in these days."""
    found = Occupancy.objects.filter(during(since, until), unit__in=units, is_struck=False)
    if but is not None:
        found = found.exclude(but)
    return found.select_related("unit", "party", "lease").order_by("since").first()


def words_of(occupancy: Occupancy) -> str:
    """Who holds a unit, by what and until when, as refusals name it."""
    who = occupancy.party.name if occupancy.party else occupancy.name
    given = {
        "unit": occupancy.unit.code,
        "who": who,
        "since": occupancy.since.isoformat(),
        "until": occupancy.until.isoformat() if occupancy.until else _("without end"),
    }
    if occupancy.lease is not None:
        return _("%(unit)s is let to %(who)s by lease %(number)s, %(since)s to %(until)s") % {
            **given,
            "number": occupancy.lease.number,
        }
    words = {
        Occupancy.Kind.RESERVED: _("%(unit)s is reserved for %(who)s, %(since)s to %(until)s"),
        Occupancy.Kind.SOLD: _("%(unit)s was sold to %(who)s on %(since)s"),
        Occupancy.Kind.OWN: _("%(unit)s is used by its owner %(who)s, %(since)s to %(until)s"),
    }
    return words[Occupancy.Kind(occupancy.kind)] % given


def must_be_free(
    units: Sequence[Unit], since: date, until: date | None, *, field: str, but: Q | None = None
) -> None:
    other = in_the_way(units, since, until, but=but)
    if other is not None:
        raise Refused(
            _("%(other)s. Choose other days or another unit, or end that first.")
            % {"other": words_of(other)},
            field=field,
        )


@contextmanager
def excluded(
    units: Sequence[Unit], since: date, until: date | None, *, field: str
) -> Iterator[None]:
    """What the database excludes, said with the name of the other.

    Verbs lock the units first and look; this is for whoever came past that.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "occupancy_one_at_a_time" not in str(error):
            raise
        must_be_free(units, since, until, field=field)
        raise Refused(
            _("Somebody has just taken this unit for these days; load the page again."), field=field
        ) from error


def end_occupancy(occupancy: Occupancy, last: date) -> None:
    """Let it end with a day; one that would not have begun by then is struck out."""
    if last < occupancy.since:
        occupancy.is_struck = True
    else:
        occupancy.until = last
    occupancy.version += 1
    occupancy.save(update_fields=["until", "is_struck", "version"])


def must_be_of_zone(by: Actor, values: dict[str, Any], *names: str) -> None:
    """References point into the zone of the actor."""
    for name in names:
        one = values[name]
        if one is not None and one.zone_id != by.zone_id:
            raise Refused(_("There is no such record here; it may be of another zone."), field=name)


def square(value: Decimal) -> str:
    """An area, or another measure, as it was entered: 1,200 or 1,200.5."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def must_be_sensible(
    value: Decimal | int | None, field: str, *, most: Decimal | int, above_zero: bool = False
) -> None:
    """A measure that may be missing, and cannot be below zero or of another unit."""
    if value is None:
        return
    if isinstance(value, Decimal) and not value.is_finite():
        raise Refused(_("Type a number."), field=field)
    if value < 0 or value > most or (above_zero and value == 0):
        raise Refused(_("Check this number and its unit."), field=field)


def must_be_outline(outline: dict[str, Any] | None) -> None:
    """A GeoJSON geometry, as the map draws it: closed rings in degrees that do not cross."""
    if outline is None:
        return
    if outline.get("type") not in GEOMETRIES or not isinstance(outline.get("coordinates"), list):
        raise Refused(
            _("The outline must be a GeoJSON geometry: a polygon, several, or a point."),
            field="outline",
        )
    try:
        read_parcel(json.dumps(outline))
    except Refused as no:
        raise Refused(str(no), field="outline") from no
