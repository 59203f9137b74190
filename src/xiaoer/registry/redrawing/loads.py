"""What makes an enterprise heavier than another, counted by whichever room knows it.

The registry counts what it holds; upper rooms lend their own (open requests, the tier of the
ladder) from their ``apps.py``. Nothing here names them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.scope import Actor
from xiaoer.registry.models import MonitoringFirm, Stewardship

# How often it applies to each enterprise of the zone; one that is not named counts nothing.
Count = Callable[[Actor], Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Load:
    """One part of the weight: so many points for each time it applies."""

    code: str
    label: str | Promise
    points: int
    count: Count


_lent: dict[str, Load] = {}


def lend_load(code: str, label: str | Promise, *, points: int, count: Count) -> None:
    """Lend a part of the weight; called from a room's ``apps.py``. ``points`` is what a zone begins with."""
    _lent[code] = Load(code, label, points, count)


def loads() -> tuple[Load, ...]:
    return tuple(_lent.values())


def _monitoring(by: Actor) -> Mapping[int, int]:
    rows = MonitoringFirm.objects.filter(zone_id=by.zone_id, until__isnull=True)
    return dict.fromkeys(rows.values_list("party_id", flat=True), 1)


def _led(by: Actor) -> Mapping[int, int]:
    rows = Stewardship.objects.filter(
        zone_id=by.zone_id, kind=Stewardship.Kind.LEADER, until__isnull=True
    )
    return dict.fromkeys(rows.values_list("party_id", flat=True), 1)


lend_load("monitoring", _("a monitoring firm"), points=3, count=_monitoring)
lend_load("led", _("a zone leader answers for it as well"), points=5, count=_led)
