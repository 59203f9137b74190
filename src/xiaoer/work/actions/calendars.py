"""The working calendar: the state's days from its notices, and a zone's own over them."""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, system
from xiaoer.web import words
from xiaoer.work import access, queries
from xiaoer.work.actions.checking import last_hand, plain
from xiaoer.work.actions.deadlines import recompute_zone
from xiaoer.work.calendar import is_noticed, seed_days
from xiaoer.work.models import CalendarDay, CalendarYear

FIRST_SEEDED = 2022


def _new_stamp() -> int:
    """Never met before, not even in a change that was rolled back."""
    return secrets.randbits(62)


def _locked_year(by: Actor, year: int) -> CalendarYear:
    """The zone's own row of a year, made with its first change."""
    return CalendarYear.objects.select_for_update().get_or_create(
        zone_id=by.zone_id,
        year=year,
        defaults={"is_provisional": True, "stamp": _new_stamp()},
    )[0]


def _stamp(year: CalendarYear) -> None:
    """Let every process know that its calendar is old; always after the days were written, or this
    process might keep the old days under the new stamp."""
    year.stamp = _new_stamp()
    year.save(update_fields=["is_provisional", "source", "stamp"])


@transaction.atomic
def set_calendar_day(
    *, by: Actor, now: datetime, day: date, is_working: bool, seen: bool, name: str = ""
) -> CalendarDay:
    """Make a day a working day of the zone, or a day off; open deadlines move with it.

    ``seen`` is what the editor's page showed for the day, so that two people do not undo each
    other unawares.
    """
    access.must_keep_settings(by)
    queries.kept_year(day.year)
    year = _locked_year(by, day.year)
    kept = CalendarDay.objects.select_for_update().filter(zone_id=by.zone_id, day=day).first()
    _must_be_as_seen(by, day, seen, kept)
    name = plain(name, "name", most=60)
    if kept is None and is_working == seen:
        raise Refused(
            _("%(day)s is that already; there is nothing to change.")
            % {"day": words.day(day, now)},
            field="day",
        )
    row, _made = CalendarDay.objects.update_or_create(
        zone_id=by.zone_id,
        day=day,
        defaults={"is_working": is_working, "name": name},
    )
    _stamp(year)
    journal.record(
        by=by,
        now=now,
        verb="set_calendar_day",
        subject=year,
        day=day.isoformat(),
        is_working=is_working,
        was_working=seen,
        name=name,
        moved=recompute_zone(by, now),
    )
    return row


def _must_be_as_seen(by: Actor, day: date, seen: bool, kept: CalendarDay | None) -> None:
    is_now = kept.is_working if kept else queries.calendar_of(by.zone_id).is_working(day)
    if is_now != seen:
        year = CalendarYear.objects.filter(zone_id=by.zone_id, year=day.year).first()
        raise Refused(
            _("This day was changed meanwhile (%(who)s). Load the page again and look at it.")
            % {"who": (last_hand("calendar_year", year.pk, by) if year else None) or "–"},
            field="day",
        )


@transaction.atomic
def remove_calendar_day(*, by: Actor, now: datetime, day: date) -> None:
    """Undo the zone's own change of a day: it is again what the state's calendar says."""
    access.must_keep_settings(by)
    kept = CalendarDay.objects.select_for_update().filter(zone_id=by.zone_id, day=day).first()
    if kept is None:
        raise Refused(
            _("The zone changed nothing on %(day)s; there is nothing to undo.")
            % {"day": words.day(day, now)},
            field="day",
        )
    was_working, name = kept.is_working, kept.name
    kept.delete()
    year = _locked_year(by, day.year)
    _stamp(year)
    journal.record(
        by=by,
        now=now,
        verb="remove_calendar_day",
        subject=year,
        day=day.isoformat(),
        was_working=was_working,
        name=name,
        moved=recompute_zone(by, now),
    )


@transaction.atomic
def confirm_calendar_year(*, by: Actor, now: datetime, year: int, source: str) -> CalendarYear:
    """Say that the notice of a year is out and its days are entered: it is provisional no longer.

    From then on only the days entered count; the fixed holidays are no longer assumed.
    """
    access.must_keep_settings(by)
    queries.kept_year(year)
    source = plain(source, "source", most=200)
    if not source:
        raise Refused(_("Name the notice by its number and date."), field="source")
    if not queries.calendar_of(by.zone_id).is_provisional(date(year, 1, 1)):
        raise Refused(_("%(year)d is not provisional.") % {"year": year}, field="source")
    kept = _locked_year(by, year)
    kept.is_provisional = False
    kept.source = source
    _stamp(kept)
    journal.record(
        by=by,
        now=now,
        verb="confirm_calendar_year",
        subject=kept,
        year=year,
        source=kept.source,
        moved=recompute_zone(by, now),
    )
    return kept


@transaction.atomic
def seed_calendar(*, now: datetime) -> int:
    """Enter the state's days from the notices this version of the product knows; how many years
    changed.

    Done in maintenance by the command line, at the opening and after every upgrade: a year whose
    notice came with the upgrade stops being provisional and open deadlines in all zones move.
    """
    changed = [year for year in _seeded_years(now) if _seed_year(year)]
    if changed:
        latest = CalendarYear.objects.get(zone__isnull=True, year=changed[-1])
        for zone in Zone.objects.all():
            _tell_zone(zone, latest, changed, now)
    return len(changed)


def _tell_zone(zone: Zone, latest: CalendarYear, changed: list[int], now: datetime) -> None:
    """Each zone's journal says what the state's calendar moved there."""
    by = system(zone.pk)
    moved = recompute_zone(by, now)
    journal.record(by=by, now=now, verb="seed_calendar", subject=latest, years=changed, moved=moved)


def _seeded_years(now: datetime) -> range:
    """Every year with a notice and the one after; at the least the next one."""
    noticed = [year for year in range(FIRST_SEEDED, queries.LAST_KEPT) if is_noticed(year)]
    return range(FIRST_SEEDED, max(noticed[-1], now.year) + 2)


def _seed_year(year: int) -> bool:
    """Enter one year of the state's calendar if it differs from what is kept."""
    wanted = {(special.day, special.is_working, special.name) for special in seed_days(year)}
    days = CalendarDay.objects.filter(zone__isnull=True, day__year=year)
    kept = CalendarYear.objects.filter(zone__isnull=True, year=year).first()
    is_provisional = not is_noticed(year)
    same = set(days.values_list("day", "is_working", "name")) == wanted
    if same and kept is not None and kept.is_provisional == is_provisional:
        return False
    days.delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(zone=None, day=day, is_working=is_working, name=name)
        for day, is_working, name in sorted(wanted)
    )
    CalendarYear.objects.update_or_create(
        zone=None,
        year=year,
        defaults={
            "is_provisional": is_provisional,
            "source": "" if is_provisional else f"国务院办公厅关于{year}年部分节假日安排的通知",
            "stamp": _new_stamp(),
        },
    )
    return True
