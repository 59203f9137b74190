"""What lies on a persona's desk today, asked as that persona, so that the page shows what they see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.base import queries as base
from xiaoer.base.models import Role, Zone
from xiaoer.base.scope import Actor, acting
from xiaoer.demo.models import Persona
from xiaoer.facts.models import ValueReference
from xiaoer.outreach import queries as outreach
from xiaoer.registry.models import Representation, Stewardship
from xiaoer.work import queries as work

OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter of the page: everybody, the people of a zone, or those outside."""

    value: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Desk:
    """One persona as the page shows it."""

    id: int
    name: str
    job: str
    place: str
    icon: str
    line: str


def chips() -> list[Chip]:
    """The zones with somebody in them, in their order, and the outside."""
    zones = [Chip(zone.code, zone.name) for zone in Zone.objects.order_by("id")]
    return [Chip(None, _("All")), *zones, Chip(OUTSIDE, _("Enterprises and others"))]


def desks(*, now: datetime, chosen: str | None = None) -> list[Desk]:
    """The personas of a chip, each with what is due on its desk now."""
    rows = Persona.objects.order_by("order")
    if chosen == OUTSIDE:
        rows = rows.filter(side=Persona.Side.OUTSIDE)
    elif chosen:
        rows = rows.filter(side=Persona.Side.ZONE, zone_code=chosen)
    english = (get_language() or "").startswith("en")
    return [
        Desk(
            id=row.pk,
            name=row.name,
            job=row.job_en if english else row.job,
            place=row.place_en if english else row.place,
            icon=row.icon,
            line=_line_of(row, now),
        )
        for row in rows
    ]


def persona(*, persona_id: int) -> Persona | None:
    return Persona.objects.filter(pk=persona_id).select_related("account").first()


def _line_of(row: Persona, now: datetime) -> str:
    by = base.chosen_post(account_id=row.account_id, wanted=None)
    if by is None or by.role is None:
        return ""
    if by.role == Role.CITY:
        return _city_line(by, now)
    with acting(by):
        return LINES.get(by.role, _inbox_line)(by, now)


def _inbox_line(by: Actor, now: datetime) -> str:
    counts = work.inbox_counts(by, now)
    if not counts.total:
        return _("Nothing waits for an answer today")
    said = [
        _("%(count)d to do") % {"count": counts.total},
        _("%(count)d due or overdue") % {"count": counts.red} if counts.red else "",
        _("%(count)d soon due") % {"count": counts.amber} if counts.amber else "",
    ]
    return _(", ").join(part for part in said if part)


def _officer_line(by: Actor, now: datetime) -> str:
    """Whom this officer has not visited this quarter, and what is to do."""
    today = timezone.localdate(now)
    own = Stewardship.objects.filter(
        zone_id=by.zone_id,
        post_id=by.post_id or 0,
        kind=Stewardship.Kind.OFFICER,
        until__isnull=True,
    ).values_list("party_id", flat=True)
    period = outreach.Period(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), today)
    visited = (
        outreach.visits_of_period(zone_id=by.zone_id, period=period)
        .filter(party_id__in=own)
        .values("party_id")
        .distinct()
        .count()
    )
    counts = work.inbox_counts(by, now)
    return _("%(left)d of %(all)d still to visit, %(total)d to do") % {
        "left": len(own) - visited,
        "all": len(own),
        "total": counts.total,
    }


def _leader_line(by: Actor, now: datetime) -> str:
    red = outreach.appeals(
        by=by, filters=outreach.PoolFilter(states=("open",), light="red"), now=now
    ).count()
    return _("%(red)d red lights, %(total)d wait for a decision") % {
        "red": red,
        "total": work.inbox_counts(by, now).total,
    }


def _desk_line(by: Actor, now: datetime) -> str:
    return _("%(open)d requests in hand, %(total)d to dispatch or decide") % {
        "open": _open_requests(by, now),
        "total": work.inbox_counts(by, now).total,
    }


def _open_requests(by: Actor, now: datetime) -> int:
    filters = outreach.PoolFilter(states=("open",))
    return outreach.appeals(by=by, filters=filters, now=now).count()


def _statistics_line(by: Actor, now: datetime) -> str:
    references = ValueReference.objects.filter(zone_id=by.zone_id).count()
    return _("%(count)d published indicators with their sources") % {"count": references}


def _administrator_line(by: Actor, now: datetime) -> str:
    asked = Representation.objects.filter(
        zone_id=by.zone_id, state=Representation.State.ASKED
    ).count()
    return _("%(people)d people, %(asked)d ask to speak for an enterprise") % {
        "people": base.people(zone_id=by.zone_id).count(),
        "asked": asked,
    }


def _enterprise_line(by: Actor, now: datetime) -> str:
    return _("%(open)d requests under way") % {"open": _open_requests(by, now)}


def _city_line(by: Actor, now: datetime) -> str:
    zones = base.zones_of_city(city_id=by.city_id)
    total = 0
    for zone in zones:
        looking = by.in_zone(zone.pk)
        with acting(looking):
            total += _open_requests(looking, now)
    return _("%(zones)d zones side by side, %(open)d requests in hand") % {
        "zones": len(zones),
        "open": total,
    }


LINES: dict[Role, Callable[[Actor, datetime], str]] = {
    Role.GRID_OFFICER: _officer_line,
    Role.STEWARD: _officer_line,
    Role.ZONE_LEADER: _leader_line,
    Role.SERVICE_DESK: _desk_line,
    Role.STATISTICS: _statistics_line,
    Role.ADMINISTRATOR: _administrator_line,
    Role.ENTERPRISE: _enterprise_line,
}
