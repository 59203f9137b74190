"""What forms of service points choose from, and what people typed into them."""

from datetime import date, datetime, time

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import found
from xiaoer.base.pages.forms import choice, day, number, text
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits.actions.points import Hours, PointFacts
from xiaoer.permits.actions.serving import Served
from xiaoer.permits.models import (
    Case,
    ExtendedService,
    ServicePoint,
    ServiceRecord,
    Thing,
)
from xiaoer.permits.queries import points as queries
from xiaoer.registry.models import Party
from xiaoer.work.calendar import LOCAL

Options = list[tuple[int, str]]
STRETCHES = (1, 2, 3)


def point_here(by: Actor, point_id: int) -> ServicePoint:
    return found(queries.point_of(by=by, point_id=point_id))


def point_options(by: Actor) -> Options:
    rows = queries.points(zone_id=by.zone_id, on=timezone.localdate())
    return [(one.pk, queries.point_name(one)) for one in rows]


def thing_options(by: Actor) -> Options:
    return [(one.pk, str(one)) for one in queries.things_offered(zone_id=by.zone_id)]


def extended_options(by: Actor) -> list[tuple[int, str]]:
    return [(one.pk, str(one)) for one in queries.extended_services(zone_id=by.zone_id)]


def _clock(request: HttpRequest, name: str) -> time | None:
    given = request.POST.get(name, "").strip().replace("：", ":")
    if not given:
        return None
    try:
        return time.fromisoformat(given if len(given.split(":")[0]) == 2 else f"0{given}")
    except ValueError as no:
        raise Refused(_("Type a time such as 9:30."), field=name) from no


def hours_typed(request: HttpRequest) -> Hours:
    """Weekdays ticked and up to three stretches; one half of a stretch alone is asked for."""
    days = tuple(
        sorted({int(one) for one in request.POST.getlist("days") if one in "1234567" and one})
    )
    stretches = []
    for one in STRETCHES:
        begin, end = _clock(request, f"from_{one}"), _clock(request, f"until_{one}")
        if (begin is None) != (end is None):
            raise Refused(_("Give both times, or leave both empty."), field=f"from_{one}")
        if begin is not None and end is not None:
            stretches.append((begin, end))
    return Hours(days, tuple(stretches))


def _degrees(request: HttpRequest, name: str) -> float | None:
    given = request.POST.get(name, "").strip()
    if not given:
        return None
    try:
        value = float(given)
    except ValueError:
        value = float("nan")
    if value != value or abs(value) > 180:
        raise Refused(_("Type degrees such as 116.63."), field=name)
    return value


def facts_typed(request: HttpRequest, by: Actor) -> PointFacts:
    parent = number(request.POST.get("parent"))
    return PointFacts(
        name=request.POST.get("name", ""),
        name_en=request.POST.get("name_en", ""),
        tier=number(request.POST.get("tier")) or 0,
        parent=point_here(by, parent) if parent else None,
        address=request.POST.get("address", ""),
        east=_degrees(request, "east"),
        north=_degrees(request, "north"),
        hours=hours_typed(request),
        phone=request.POST.get("phone", ""),
        note=request.POST.get("note", ""),
    )


def thing_typed(request: HttpRequest, by: Actor) -> Thing | None:
    given = number(request.POST.get("thing"))
    return Thing.objects.filter(zone_id=by.zone_id, pk=given).first() if given else None


def things_typed(request: HttpRequest, by: Actor, name: str = "things") -> list[Thing]:
    given = [one for one in map(number, request.POST.getlist(name)) if one]
    return list(Thing.objects.filter(zone_id=by.zone_id, pk__in=given))


def extended_typed(
    request: HttpRequest, by: Actor, name: str = "services"
) -> list[ExtendedService]:
    given = [one for one in map(number, request.POST.getlist(name)) if one]
    return list(ExtendedService.objects.filter(zone_id=by.zone_id, pk__in=given))


def party_named(by: Actor, typed: str) -> Party | None:
    """The party of just this name or code; None where the registry knows none, or several."""
    typed = " ".join(typed.replace("\x00", "").split())[:120]
    if not typed:
        return None
    rows = Party.objects.filter(zone_id=by.zone_id, merged_into__isnull=True)
    found_ = list(rows.filter(name=typed)[:2]) or list(rows.filter(credit_code=typed.upper())[:2])
    return found_[0] if len(found_) == 1 else None


def must_party(request: HttpRequest, by: Actor, name: str) -> Party:
    typed = text(request, name, longest=120, required=_("Type the whole name or the credit code."))
    row = party_named(by, typed)
    if row is None:
        raise Refused(
            _("The registry knows no “%(name)s”; type its whole name or credit code.")
            % {"name": typed},
            field=name,
        )
    return row


def case_typed(request: HttpRequest, by: Actor) -> Case | None:
    """The case of the number typed; an unknown one is asked about again."""
    typed = text(request, "case", longest=30)
    if not typed:
        return None
    row = Case.objects.filter(zone_id=by.zone_id, number=typed).select_related("party").first()
    if row is None:
        raise Refused(_("There is no case %(number)s here.") % {"number": typed}, field="case")
    return row


def moment_typed(request: HttpRequest) -> datetime | None:
    """The day it was: noon of an earlier day, or now."""
    on: date | None = day(request, "on")
    if on is None or on == timezone.localdate():
        return None
    return datetime.combine(on, time(12), LOCAL)


def served_typed(request: HttpRequest, by: Actor) -> Served:
    extended = extended_typed(request, by, "extended")
    who = text(request, "who", longest=120)
    return Served(
        kind=choice(request, "kind", ServiceRecord.Kind.values),
        party=party_named(by, who),
        name=who,
        case=case_typed(request, by),
        thing=thing_typed(request, by),
        extended=extended[0] if extended else None,
        words=request.POST.get("words", ""),
        at=moment_typed(request),
    )
