"""At most three figures for everybody's first page, by role; each opens to its records.

They come from rooms that do not know each other, so they are asked for here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import queries as base
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import queries as outreach
from xiaoer.registry import queries as registry

LATELY = 90  # days the confirmed share stands on


@dataclass(frozen=True, slots=True)
class HomeFigure:
    """A figure that is mine: None where there is nothing it could be a share of."""

    figure: str | None
    unit: str
    label: str
    address: str


def home_figures(by: Actor, now: datetime) -> tuple[HomeFigure, ...]:
    """The asker's three figures, as they stand now."""
    ask = FIGURES.get(by.role, _of_office) if by.role else _of_office
    return ask(by, now)


def quarter_of(day: date) -> date:
    """The first day of the quarter."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _of_officer(by: Actor, now: datetime) -> tuple[HomeFigure, ...]:
    today = timezone.localdate(now)
    since = quarter_of(today)
    done = outreach.visit_round(by=by, period=outreach.Period(since, today))
    visited = HomeFigure(
        str(done.part),
        f"/{done.whole}",
        _("visited this quarter"),
        _at("visit_list", mine="yes", since=since),
    )
    return visited, _confirmed(by, now), _mine(by, now)


def _of_leader(by: Actor, now: datetime) -> tuple[HomeFigure, ...]:
    today = timezone.localdate(now)
    since = quarter_of(today)
    seen = outreach.visit_figures(zone_id=by.zone_id, period=outreach.Period(since, today))
    covered = HomeFigure(
        _percent(seen.coverage),
        "%",
        _("of industrial firms visited this quarter"),
        _at("appeal_figures", since=since, until=today),
    )
    red = _pool(by, now, _("requests with a red light"), light="red")
    return red, _confirmed(by, now), covered


def _of_desk(by: Actor, now: datetime) -> tuple[HomeFigure, ...]:
    waiting = _pool(by, now, _("wait for the enterprise"), state="waiting")
    return _pool(by, now, _("requests in hand")), _confirmed(by, now), waiting


def _of_office(by: Actor, now: datetime) -> tuple[HomeFigure, ...]:
    led = _pool(by, now, _("led by my office"), office=by.office_id)
    return _mine(by, now), _confirmed(by, now), led


def _of_administrator(by: Actor, now: datetime) -> tuple[HomeFigure, ...]:
    people = base.people(zone_id=by.zone_id).count()
    firms = registry.enterprises_in_force(by=by).count()
    return (
        HomeFigure(f"{people:,}", "", _("people in office"), _at("people")),
        HomeFigure(f"{firms:,}", "", _("enterprises of the zone"), _at("enterprise_list")),
        _confirmed(by, now),
    )


def _mine(by: Actor, now: datetime) -> HomeFigure:
    return _pool(by, now, _("requests wait for me"), mine="yes")


def _pool(by: Actor, now: datetime, label: str, **narrowed: Any) -> HomeFigure:
    """Open requests, narrowed as the list's address says it."""
    filters = outreach.PoolFilter(
        states=WAITING if narrowed.get("state") else ("open",),
        light=narrowed.get("light", ""),
        office=narrowed.get("office"),
        mine="mine" in narrowed,
    )
    count = outreach.appeals(by=by, filters=filters, now=now).distinct().count()
    return HomeFigure(f"{count:,}", "", label, _at("appeal_list", **narrowed))


def _confirmed(by: Actor, now: datetime) -> HomeFigure:
    """Of what was filed lately and answered, the share the enterprises themselves confirmed."""
    today = timezone.localdate(now)
    period = outreach.Period(today - timedelta(days=LATELY - 1), today)
    found = outreach.appeal_figures(zone_id=by.zone_id, period=period, now=now)
    return HomeFigure(
        _percent(found.confirm_rate),
        "%",
        _("confirmed by enterprises, %(days)d days") % {"days": LATELY},
        _at("appeal_figures", since=period.since, until=period.until),
    )


def _percent(share: outreach.Share) -> str | None:
    return None if share.percent is None else f"{share.percent:.1f}"


def _at(name: str, **narrowed: Any) -> str:
    asked = {key: value for key, value in narrowed.items() if value is not None}
    return reverse(name) + (f"?{urlencode(asked)}" if asked else "")


WAITING = ("answered",)
FIGURES: dict[Role, Callable[[Actor, datetime], tuple[HomeFigure, ...]]] = {
    Role.GRID_OFFICER: _of_officer,
    Role.STEWARD: _of_officer,
    Role.ZONE_LEADER: _of_leader,
    Role.SERVICE_DESK: _of_desk,
    Role.ADMINISTRATOR: _of_administrator,
}
