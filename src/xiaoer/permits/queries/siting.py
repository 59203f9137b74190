"""What a search for days on sites begins with, and what it found, with names."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.models import Office
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits.models import (
    Acceptance,
    AcceptanceCheck,
    AcceptanceRule,
    Inspector,
    SiteDay,
    SiteSearch,
)
from xiaoer.permits.queries.acceptance import AcceptanceFilter, acceptances, inspectors
from xiaoer.permits.siting import Goer, Hours, Lack, Need, Problem, Site, Why
from xiaoer.work.queries import calendar_of, last_day, limit_of
from xiaoer.work.queries import limit as limit_rule
from xiaoer.work.queries.deadlines import end_by_limit

STILL = timedelta(seconds=60)
Place = tuple[float, float]


def minute_of(at: time) -> int:
    return at.hour * 60 + at.minute


def clock_of(minute: int) -> time:
    return time(*divmod(minute, 60))


def problem_of(*, zone_id: int, today: date) -> Problem:
    """Every acceptance that waits for a day; fixed days stand unless somebody loosened them."""
    rule = AcceptanceRule.objects.filter(zone_id=zone_id).first()
    if rule is None:
        raise Refused(_("Joint acceptance is not set up in this zone; ask an administrator."))
    calendar = calendar_of(zone_id)
    days = tuple(calendar.add_working_days(today, n) for n in range(1, rule.days_ahead + 1))
    rows = acceptances(by=Actor(zone_id=zone_id), wanted=AcceptanceFilter("open")).filter(
        state__in=(Acceptance.State.ACCEPTED, Acceptance.State.SCHEDULED)
    )
    visit = limit_of(limit_rule(zone_id, "acceptance.visit"))
    goers = [
        Goer(one.pk, one.office_id, one.per_day, frozenset(_away(one, days)))
        for one in inspectors(zone_id=zone_id)
    ]
    sites = [
        _site(row, rule, last_day(end_by_limit(calendar=calendar, limit=visit, start=row.accepted_at or row.applied_at).due_at) or today)
        for row in rows.prefetch_related("site_days__goers")
    ]  # fmt: skip
    hours = Hours(
        *(minute_of(at) for at in (rule.begins, rule.lunch_from, rule.lunch_until, rule.ends))
    )
    base = (rule.base[0], rule.base[1]) if rule.base else None
    return Problem(
        days, tuple(one for one in sites if one is not None), tuple(goers), hours,
        rule.speed_kmh, rule.detour_percent, base,
    )  # fmt: skip


def _away(one: Inspector, days: tuple[date, ...]) -> set[date]:
    return {day for day in days for gone in one.absences.all() if gone.since <= day <= gone.until}


def _site(row: Acceptance, rule: AcceptanceRule, due_on: date) -> Site | None:
    checks = [
        one for one in row.checks.all()
        if one.needs_visit and one.office_id and one.state == AcceptanceCheck.State.READY
    ]  # fmt: skip
    if not checks:
        return None
    fixed = next((one for one in row.site_days.all() if one.state == SiteDay.State.FIXED), None)
    holds = fixed is not None and fixed.is_locked
    return Site(
        key=row.pk,
        place=place_of(row.project.spot),
        minutes=fixed.minutes if fixed and holds else rule.visit_minutes,
        needs=tuple(Need(one.pk, one.office_id or 0, one.kind.inspectors) for one in checks),
        due_on=due_on,
        wished=frozenset(date.fromisoformat(one) for one in row.wished_days),
        lock=(fixed.day, minute_of(fixed.starts_at)) if fixed and holds else None,
        held=frozenset(one.inspector_id for one in fixed.goers.all()) if fixed and holds else frozenset(),
    )  # fmt: skip


def place_of(spot: dict[str, Any] | None) -> Place | None:
    """The middle of what a project has on the map."""
    points = list(_points((spot or {}).get("coordinates") or []))
    if not points:
        return None
    return (
        sum(one[0] for one in points) / len(points),
        sum(one[1] for one in points) / len(points),
    )


def _points(found: list[Any]) -> list[Place]:
    if found and isinstance(found[0], int | float):
        return [(float(found[0]), float(found[1]))]
    return [point for part in found for point in _points(part)]


# What a search found ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposal:
    """A building with the day proposed for it and who would go."""

    acceptance: Acceptance
    day: date
    starts_at: time
    minutes: int
    travel: int
    people: tuple[str, ...]
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A building no day was found for, and why, in words."""

    acceptance: Acceptance
    why: tuple[str, ...]


def latest_search(*, zone_id: int) -> SiteSearch | None:
    return SiteSearch.objects.filter(zone_id=zone_id).first()


def search_by_number(*, by: Actor, search_id: int) -> SiteSearch | None:
    return SiteSearch.objects.filter(zone_id=by.zone_id, pk=search_id).first()


def stands_still(row: SiteSearch, now: datetime | None = None) -> bool:
    """Whether nobody is at it any more, though it was never ended."""
    return row.finished_at is None and row.told_at < (now or timezone.now()) - STILL


def proposals(row: SiteSearch) -> tuple[list[Proposal], list[LeftOut]]:
    """With names; what has gone on since is left out."""
    keys = [one["acceptance"] for one in (*row.best, *row.left)]
    known = {
        one.pk: one
        for one in Acceptance.objects.filter(
            zone_id=row.zone_id, pk__in=keys,
            state__in=(Acceptance.State.ACCEPTED, Acceptance.State.SCHEDULED),
        ).select_related("project", "party")
    }  # fmt: skip
    names = {
        one.pk: f"{one.office.name} {one.post.person.name}"
        for one in Inspector.objects.filter(zone_id=row.zone_id).select_related(
            "office", "post__person"
        )
    }
    offices = dict(Office.objects.filter(zone_id=row.zone_id).values_list("pk", "name"))
    placed = [
        Proposal(
            known[one["acceptance"]], date.fromisoformat(one["day"]), clock_of(one["minute"]),
            one["minutes"], one["travel"],
            tuple(dict.fromkeys(names.get(goer, "") for goers in one["people"].values() for goer in goers)),
            one["fixed"],
        )
        for one in row.best
        if one["acceptance"] in known
    ]  # fmt: skip
    left = [
        LeftOut(known[one["acceptance"]], tuple(lack_words(Lack(**lack), offices) for lack in one["lacks"]))
        for one in row.left
        if one["acceptance"] in known
    ]  # fmt: skip
    return placed, left


def lack_words(lack: Lack, offices: dict[int, str]) -> str:
    """Why a building got no day, as the window reads it."""
    said = {
        Why.TOO_FEW: _("%(office)s has %(has)d authorised people, %(asks)d are asked."),
        Why.AWAY: _("%(office)s has at most %(has)d people there on any day, %(asks)d are asked."),
        Why.FULL: _("%(office)s is taken on every day: at most %(has)d free, %(asks)d asked."),
        Why.TOGETHER: _("No hour suits all departments at once; %(office)s has the fewest days."),
        Why.LOCKED: _("It is fixed for a day outside the days planned."),
        Why.HOURS: _("The visit lasts longer than half a day."),
    }
    return said[Why(lack.why)] % {
        "office": offices.get(lack.office or 0, "–"),
        "has": lack.has,
        "asks": lack.asks,
    }
