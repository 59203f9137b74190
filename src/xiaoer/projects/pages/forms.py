"""What people type about projects, as values; a refusal names the field."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Office, Post, Role
from xiaoer.base.pages import forms
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.units import parse_money, show_money
from xiaoer.facts.queries import match_firms
from xiaoer.projects import queries
from xiaoer.projects.actions import ProjectFacts
from xiaoer.projects.models import Project
from xiaoer.registry.models import Park, Party
from xiaoer.web.words import local_date

readers = page(*STAFF_ROLES, Role.CITY)
staff = page(*STAFF_ROLES)


def today() -> date:
    return local_date(timezone.now())


def is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def yuan(fen: int | None) -> str:
    return show_money(fen, get_language() or "zh-hans")


def project_here(by: Actor, project_id: int) -> Project:
    """The project of the asker's zone, or a 404."""
    return found(queries.project(zone_id=by.zone_id, project_id=project_id))


def money_typed(request: HttpRequest, name: str) -> int | None:
    """An amount as typed, in fen; a bare number is in 万元, as the form says; empty: not known."""
    text = forms.text(request, name, longest=40)
    if not text:
        return None
    try:
        money = parse_money(text if not text.replace(".", "", 1).isdigit() else f"{text}万元")
    except Unreadable as no:
        raise Refused(str(no), field=name) from no
    if money is None:
        return None
    if money.currency != "CNY":
        raise Refused(_("Type an amount in yuan."), field=name)
    return money.fen


def party_typed(request: HttpRequest, by: Actor) -> Party | None:
    """The enterprise somebody typed: its code or exact name; likely ones are named."""
    text = forms.text(request, "party", longest=120)
    if not text:
        return None
    # A code matches codes, a name names; which of both was typed the pair decides.
    pair = (text.upper(), "") if text.isascii() and text.isalnum() else ("", text)
    match = match_firms(zone_id=by.zone_id, named={pair}).get(pair)
    if match is not None and match.party_id is not None:
        return Party.objects.get(pk=match.party_id, zone_id=by.zone_id)
    if match is not None and match.candidates:
        raise Refused(
            _("No enterprise has exactly this name. It may be: %(names)s.")
            % {"names": "、".join(match.candidates)},
            field="party",
        )
    raise Refused(
        _("No enterprise of the zone has this name; type it below as the builder until it has."),
        field="party",
    )


def facts_typed(request: HttpRequest, by: Actor, kept: Project | None = None) -> ProjectFacts:
    """What the form of a project says. What it does not show stays."""
    typed = request.POST
    return ProjectFacts(
        name=forms.text(request, "name", longest=80),
        kind=typed.get("kind", ""),
        short_name=forms.text(request, "short_name", longest=20),
        code=forms.text(request, "code", longest=30),
        party=party_typed(request, by),
        owner_name=forms.text(request, "owner_name", longest=80),
        is_industry=typed.get("is_industry") == "yes",
        industry=forms.text(request, "industry", longest=60),
        content=typed.get("content", "").replace("\x00", "").strip(),
        total_fen=money_typed(request, "total"),
        contract_fen=money_typed(request, "contract"),
        promised_on=forms.day(request, "promised_on"),
        starts_by=forms.day(request, "starts_by"),
        is_land_first=typed.get("is_land_first") == "yes",
        land_signed_on=forms.day(request, "land_signed_on"),
        park=Park.objects.filter(
            zone_id=by.zone_id, pk=forms.number(typed.get("park")) or 0
        ).first(),
        place=forms.text(request, "place", longest=100),
        spot=_spot_typed(request, kept),
        leader=post_typed(request, by, "leader"),
        officer=post_typed(request, by, "officer"),
        office=Office.objects.filter(
            zone_id=by.zone_id, pk=forms.number(typed.get("office")) or 0
        ).first(),
    )


def _spot_typed(request: HttpRequest, kept: Project | None) -> dict[str, object] | None:
    """A point as longitude and latitude; a drawn parcel that was there stays while these do."""
    text = forms.text(request, "spot", longest=60)
    if not text:
        return None
    if kept is not None and kept.spot is not None and text == spot_text(kept.spot):
        return dict(kept.spot)
    parts = text.replace("，", ",").split(",")
    try:
        east, north = (float(part) for part in parts)
    except ValueError as error:
        raise Refused(
            _("Type longitude and latitude, such as 116.58, 35.41."), field="spot"
        ) from error
    if not (70 <= east <= 140 and 0 <= north <= 60):
        raise Refused(_("Type longitude and latitude, such as 116.58, 35.41."), field="spot")
    return {"type": "Point", "coordinates": [east, north]}


def spot_text(spot: dict[str, object] | None) -> str:
    """Longitude and latitude of a place; of a parcel those of its first corner."""
    if not spot:
        return ""
    point = spot.get("coordinates")
    while isinstance(point, list) and point and isinstance(point[0], list):
        point = point[0]
    if not isinstance(point, list) or len(point) < 2:
        return ""
    return f"{point[0]}, {point[1]}"


def post_typed(request: HttpRequest, by: Actor, name: str) -> Post | None:
    number = forms.number(request.POST.get(name))
    return Post.objects.filter(zone_id=by.zone_id, pk=number).first() if number else None


def post_choices(by: Actor, *roles: str) -> list[tuple[int, str]]:
    """People of the zone who may answer for a project; of the roles only, if some are named."""
    rows = Post.objects.filter(
        zone_id=by.zone_id, role__in=roles or STAFF_ROLES, until__isnull=True
    ).select_related("person", "office")
    return [
        (row.pk, f"{row.person.name} · {row.office.name if row.office else ''}")
        for row in rows.order_by("office__order", "person__name", "id")
    ]


def office_choices(by: Actor) -> list[tuple[int, str]]:
    rows = Office.objects.filter(zone_id=by.zone_id)
    return [(row.pk, row.name) for row in rows.order_by("order", "id")]


def park_choices(by: Actor) -> list[tuple[int, str]]:
    return [(row.pk, row.name) for row in Park.objects.filter(zone_id=by.zone_id).order_by("name")]


def version_typed(request: HttpRequest) -> int:
    return forms.number(request.POST.get("version")) or 0
