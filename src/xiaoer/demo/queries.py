"""What lies on a persona's desk today, asked as that persona, so that the page shows what they see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.assets import queries as assets
from xiaoer.assets.queries import LeaseFilter, UnitFilter, UnitState
from xiaoer.base import queries as base
from xiaoer.base.models import Role, Zone
from xiaoer.base.scope import Actor, acting, system
from xiaoer.demo.models import Persona
from xiaoer.demo.zones import ZONES
from xiaoer.facts.models import ValueReference
from xiaoer.outreach import queries as outreach
from xiaoer.registry import queries as registry
from xiaoer.registry.models import Representation
from xiaoer.work import queries as work

OUTSIDE = "outside"
LATELY = 90  # days the confirmed share and the marks stand on


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


@dataclass(frozen=True, slots=True)
class Promise:
    """A figure beside the promise of the sign-in page; None where nothing was ever asked."""

    figure: str | None
    unit: str
    label: str


def promises(*, now: datetime) -> tuple[Promise, ...]:
    """What the demo's own records say of the promise, over all its zones."""
    today = timezone.localdate(now)
    period = outreach.Period(today - timedelta(days=LATELY - 1), today)
    firms = 0
    found: list[outreach.AppealFigures] = []
    for zone in Zone.objects.order_by("id"):
        by = system(zone.pk)
        with acting(by):
            firms += registry.enterprises_in_force(by=by).count()
            found.append(outreach.appeal_figures(zone_id=zone.pk, period=period, now=now))
    confirmed = outreach.Share(
        sum(one.confirmed for one in found), sum(one.answered for one in found)
    ).percent
    rated = sum(one.rated for one in found)
    mark = sum(one.satisfaction_sum for one in found) / rated if rated else None
    return (
        Promise(f"{firms:,}", "", _("firms, each in one cell")),
        Promise(_one_decimal(confirmed), "%", _("of answers confirmed by firms")),
        Promise(_one_decimal(mark), _("/5"), _("mark given by firms")),
    )


def _one_decimal(number: Decimal | float | None) -> str | None:
    return None if number is None else f"{number:.1f}"


def chips() -> list[Chip]:
    """The zones with somebody in them, in their order, and the outside."""
    english = (get_language() or "").startswith("en")
    zones = [Chip(plan.code, plan.short_en if english else plan.short) for plan in ZONES]
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
    soon = _("%(count)d soon due") % {"count": counts.amber} if counts.amber else ""
    return _joined(*_todo(counts), soon) or _("Nothing waits for an answer today")


def _todo(counts: work.InboxCounts) -> tuple[str, str]:
    """How much is to do, and how much of it is due."""
    return (
        _("%(count)d to do") % {"count": counts.total} if counts.total else "",
        _("%(count)d due or overdue") % {"count": counts.red} if counts.red else "",
    )


def _joined(*parts: str) -> str:
    return _(", ").join(part for part in parts if part)


def _officer_line(by: Actor, now: datetime) -> str:
    """Whom this officer has not visited this quarter, and what is to do."""
    today = timezone.localdate(now)
    period = outreach.Period(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), today)
    done = outreach.visit_round(by=by, period=period)
    left = done.whole - done.part
    visits = (
        _("%(left)d of %(all)d still to visit") % {"left": left, "all": done.whole}
        if left
        else _("all %(all)d visited this quarter") % {"all": done.whole}
    )
    return _joined(visits, *_todo(work.inbox_counts(by, now)))


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


def _operator_line(by: Actor, now: datetime) -> str:
    found = LeaseFilter(running_out=True)
    on = timezone.localdate(now)
    return _("%(vacant)d units vacant, %(leases)d leases running out") % {
        "vacant": sum(
            one.count
            for one in assets.state_counts(zone_id=by.zone_id, filters=UnitFilter(), on=on)
            if one.state == UnitState.VACANT
        ),
        "leases": assets.leases(zone_id=by.zone_id, filters=found, on=on).count(),
    }


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
    Role.PARK_OPERATOR: _operator_line,
}
