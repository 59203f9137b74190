"""Verbs of service points: opened, changed, closed, and what each offers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import today
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import point_access as access
from xiaoer.permits.models import (
    Appointment,
    ExtendedService,
    PointService,
    ServicePoint,
    Thing,
)

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
# Help beyond approvals as the zone reports it; a zone changes, adds and ends its own.
SOURCE = "公开报道：均和云谷·高新政务服务e大厅"
EXTENDED = (
    ("ip", "知识产权", "Intellectual property"),
    ("sme_filing", "科技型中小企业申报", "Filing as a technology SME"),
    ("recruitment", "招聘", "Recruitment"),
    ("tax", "财税", "Accounting and tax"),
    ("promotion", "推广", "Promotion"),
)


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekdays (1 is Monday) and the stretches of those days a point is open."""

    days: tuple[int, ...] = (1, 2, 3, 4, 5)
    stretches: tuple[tuple[time, time], ...] = (
        (time(9), time(12)),
        (time(13, 30), time(17)),
    )

    def written(self) -> dict[str, object]:
        return {
            "days": list(self.days),
            "stretches": [[f"{a:%H:%M}", f"{b:%H:%M}"] for a, b in self.stretches],
        }


@dataclass(frozen=True, slots=True)
class PointFacts:
    """A service point as it is entered."""

    name: str
    tier: int
    address: str
    name_en: str = ""
    parent: ServicePoint | None = None
    east: float | None = None
    north: float | None = None
    hours: Hours = Hours()
    phone: str = ""
    note: str = ""


def tidy(words: str, field: str, most: int, needed: str = "") -> str:
    """Words in one line; a refusal names the field where they are missing or too many."""
    words = " ".join(words.replace("\x00", "").split())
    if needed and not words:
        raise Refused(needed, field=field)
    if len(words) > most:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": most}, field=field
        )
    return words


def point_in_hand(by: Actor, point: ServicePoint, *, is_open: bool = True) -> ServicePoint:
    """The point, locked: numbers and places of it are given one after the other."""
    row = (
        ServicePoint.objects.select_for_update(no_key=True)
        .filter(zone_id=by.zone_id, pk=point.pk)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such service point here."))
    if is_open and row.closed_on is not None:
        raise Refused(
            _("“%(name)s” serves no more since %(day)s; choose another point.")
            % {"name": row.name, "day": row.closed_on.isoformat()}
        )
    return row


@transaction.atomic
def open_point(
    *, by: Actor, now: datetime, code: str, facts: PointFacts, opened_on: date | None = None
) -> ServicePoint:
    """Enter a service point of the 1+5+N scheme."""
    access.must_keep_points(by)
    if not CODE.fullmatch(code):
        raise Refused(
            _("Type a short code of small letters, digits and hyphens, such as yungu."),
            field="code",
        )
    row = ServicePoint(
        zone_id=by.zone_id, code=code, opened_on=opened_on or today(now), **_columns(by, facts)
    )
    _kept(row)
    journal.record(by=by, now=now, verb="open_point", subject=row, name=row.name, level=row.tier)
    return row


@transaction.atomic
def change_point(
    *, by: Actor, now: datetime, point: ServicePoint, facts: PointFacts, version: int
) -> ServicePoint:
    """Change what a point says of itself."""
    access.must_keep_points(by)
    row = point_in_hand(by, point)
    journal.must_be_fresh(row, version)
    changed = journal.changes(row, _columns(by, facts, row))
    if changed:
        row.version += 1
        _kept(row)
        journal.record(by=by, now=now, verb="change_point", subject=row, **changed)
    return row


def _columns(by: Actor, facts: PointFacts, row: ServicePoint | None = None) -> dict[str, object]:
    if facts.tier not in ServicePoint.Tier.values:
        raise Refused(_("Choose one of the list."), field="tier")
    _must_stand_below(by, facts, row)
    if (facts.east is None) != (facts.north is None):
        raise Refused(_("Give both degrees, east and north, or neither."), field="north")
    if not (-180 <= (facts.east or 0) <= 180 and -90 <= (facts.north or 0) <= 90):
        raise Refused(_("Check the degrees: east to 180, north to 90."), field="east")
    _must_open(facts.hours)
    return {
        "name": tidy(facts.name, "name", 80, _("Name the point.")),
        "name_en": tidy(facts.name_en, "name_en", 120),
        "tier": facts.tier,
        "parent": facts.parent,
        "address": tidy(facts.address, "address", 200, _("Say where it is.")),
        "east": facts.east,
        "north": facts.north,
        "hours": facts.hours.written(),
        "phone": tidy(facts.phone, "phone", 40),
        "note": tidy(facts.note, "note", 300),
    }


def _must_stand_below(by: Actor, facts: PointFacts, row: ServicePoint | None) -> None:
    """Under the main hall stand the branches, under a branch the points nearby."""
    parent = facts.parent
    if parent is None:
        return
    if parent.zone_id != by.zone_id or parent.tier >= facts.tier:
        raise Refused(_("A point belongs to one of a higher tier; choose another."), field="parent")
    if row is not None and row.pk == parent.pk:
        raise Refused(_("A point does not belong to itself."), field="parent")


def _must_open(hours: Hours) -> None:
    if not hours.days or not set(hours.days) <= set(range(1, 8)):
        raise Refused(_("Choose the weekdays it is open on."), field="days")
    if not 1 <= len(hours.stretches) <= 3:
        raise Refused(_("Say from when until when it is open."), field="from_1")
    last = time.min
    for number, (begin, end) in enumerate(hours.stretches, 1):
        if begin < last or end <= begin:
            raise Refused(
                _("Opening hours follow one another; check them."), field=f"from_{number}"
            )
        last = end


def _kept(row: ServicePoint) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as no:
        if "one_main_hall" in str(no):
            raise Refused(
                _("The zone has its main hall already; enter this one as a branch."), field="tier"
            ) from no
        raise Refused(_("This code is taken; choose another."), field="code") from no


@transaction.atomic
def close_point(
    *, by: Actor, now: datetime, point: ServicePoint, closed_on: date, reason: str, version: int
) -> ServicePoint:
    """Say from which day a point serves no more; nobody may still be booked there."""
    access.must_keep_points(by)
    row = point_in_hand(by, point)
    journal.must_be_fresh(row, version)
    if closed_on < row.opened_on:
        raise Refused(_("It cannot close before it opened."), field="closed_on")
    booked = Appointment.objects.filter(
        zone_id=by.zone_id, point=row, day__gte=closed_on, state=Appointment.State.BOOKED
    ).count()
    if booked:
        raise Refused(
            _(
                "%(count)d appointments stand on later days; cancel them first and tell those people."
            )
            % {"count": booked},
            field="closed_on",
        )
    row.closed_on, row.version = closed_on, row.version + 1
    row.closed_why = tidy(reason, "reason", 200, _("Say why it closes."))
    row.save()
    PointService.objects.filter(zone_id=by.zone_id, point=row, until__isnull=True).update(
        until=closed_on
    )
    journal.record(
        by=by, now=now, verb="close_point", subject=row, on=closed_on.isoformat(),
        reason=row.closed_why,
    )  # fmt: skip
    return row


# What is offered ---------------------------------------------------------------------------------


@transaction.atomic
def offer_services(
    *,
    by: Actor,
    now: datetime,
    point: ServicePoint,
    things: Sequence[Thing] = (),
    extended: Sequence[ExtendedService] = (),
) -> list[PointService]:
    """Say what a point offers from now on: just these; what is left out ends today."""
    access.must_keep_points(by)
    row = point_in_hand(by, point)
    day = today(now)
    standing = {
        (one.thing_id, one.extended_id): one
        for one in PointService.objects.filter(zone_id=by.zone_id, point=row, until__isnull=True)
    }
    wanted: set[tuple[int | None, int | None]] = {(one.pk, None) for one in things}
    wanted |= {(None, one.pk) for one in extended}
    gone = [one for key, one in standing.items() if key not in wanted]
    PointService.objects.filter(pk__in=[one.pk for one in gone]).update(until=day)
    made = PointService.objects.bulk_create(
        PointService(zone_id=by.zone_id, point=row, thing_id=thing, extended_id=extra, since=day)
        for thing, extra in sorted(wanted - set(standing), key=str)
    )
    if made or gone:
        journal.record(
            by=by, now=now, verb="offer_services", subject=row, new=len(made), removed=len(gone)
        )
    return made


@transaction.atomic
def add_extended_service(
    *, by: Actor, now: datetime, code: str, name: str, name_en: str = "", source: str = ""
) -> ExtendedService:
    """Add a kind of help beyond approvals that points may offer."""
    access.must_keep_points(by)
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,29}", code):
        raise Refused(_("Type a short code of small letters, such as ip."), field="code")
    row, is_new = ExtendedService.objects.get_or_create(
        zone_id=by.zone_id,
        code=code,
        defaults={
            "name": tidy(name, "name", 60, _("Name the service.")),
            "name_en": tidy(name_en, "name_en", 80),
            "source": tidy(source, "source", 200),
            "mark": "D",
            "order": ExtendedService.objects.filter(zone_id=by.zone_id).count(),
        },
    )
    if not is_new:
        raise Refused(
            _("There is a service of this code already: “%(name)s”.") % {"name": row.name},
            field="code",
        )
    journal.record(by=by, now=now, verb="add_extended_service", subject=row, name=row.name)
    return row


@transaction.atomic
def end_extended_service(*, by: Actor, now: datetime, service: ExtendedService) -> ExtendedService:
    """No point offers it any longer; what was recorded of it stays and counts."""
    access.must_keep_points(by)
    row = ExtendedService.objects.select_for_update().get(zone_id=by.zone_id, pk=service.pk)
    if row.ended_on is None:
        row.ended_on, row.version = today(now), row.version + 1
        row.save()
        PointService.objects.filter(zone_id=by.zone_id, extended=row, until__isnull=True).update(
            until=row.ended_on
        )
        journal.record(by=by, now=now, verb="end_extended_service", subject=row, name=row.name)
    return row


@transaction.atomic
def seed_extended_services(*, by: Actor, now: datetime) -> None:
    """Give a new zone the kinds of help a hall reported; each with its source."""
    access.must_keep_points(by)
    ExtendedService.objects.bulk_create(
        (
            ExtendedService(
                zone_id=by.zone_id, code=code, name=name, name_en=name_en,
                source=SOURCE, mark="A", order=order,
            )
            for order, (code, name, name_en) in enumerate(EXTENDED)
        ),
        ignore_conflicts=True,
    )  # fmt: skip
