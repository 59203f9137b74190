"""Verbs of furnishing: the things a new zone begins with, their offices matched to its own."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office, Post, Role, Zone
from xiaoer.base.scope import Actor
from xiaoer.permits import thing_access as access
from xiaoer.permits.definition import Definition, Item
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.permits.shipped import SHIPPED, Shipped
from xiaoer.permits.shipped.shape import STEMS
from xiaoer.permits.wording import write_definition
from xiaoer.web.words import local_date


@transaction.atomic
def seed_things(*, by: Actor, now: datetime) -> int:
    """Add the things a zone does not have yet, in force from today; what it changed stays.

    An office the zone lacks is stood in for by the lead office, and the version's note says so.
    """
    access.must_keep_things(by)
    known = set(Thing.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    fresh = [(at, one) for at, one in enumerate(SHIPPED, start=1) if one.code not in known]
    if not fresh:
        return 0
    today = local_date(now)
    offices = _open_offices(by.zone_id, today)
    lead = _lead_office(by.zone_id, offices, today)
    things = Thing.objects.bulk_create(
        _thing(one, order=at, zone_id=by.zone_id, on=today, office=_office(one, offices, lead))
        for at, one in fresh
    )
    ThingVersion.objects.bulk_create(
        _first_version(thing, one, offices=offices, now=now)
        for thing, (_at, one) in zip(things, fresh, strict=True)
    )
    journal.record(
        by=by,
        now=now,
        verb="seed_things",
        subject=Zone.objects.get(pk=by.zone_id),
        codes=[thing.code for thing in things],
    )
    return len(things)


def _thing(one: Shipped, *, order: int, zone_id: int, on: date, office: Office | None) -> Thing:
    return Thing(
        zone_id=zone_id,
        code=one.code,
        name=one.name,
        name_en=one.name_en,
        kind=one.kind,
        target=one.target,
        office=office,
        summary=one.summary,
        summary_en=one.summary_en,
        batch=one.batch,
        is_value_added=one.is_value_added,
        created_on=on,
        order=order,
    )


def _first_version(
    thing: Thing, one: Shipped, *, offices: list[Office], now: datetime
) -> ThingVersion:
    body, missing = _matched(one.definition, offices, thing.office)
    return ThingVersion(
        zone_id=thing.zone_id,
        thing=thing,
        number=1,
        state=ThingVersion.State.LIVE,
        body=body,
        valid_from=thing.created_on,
        basis=one.basis,
        source=one.source,
        mark=one.mark,
        note=_note(one.note, missing, thing.office),
        released_at=now,
    )


def _note(note: str, missing: Iterable[str], lead: Office | None) -> str:
    names = "、".join(missing)
    if not names:
        return note[:500]
    by_whom = lead.name if lead else _("nobody yet")
    told = _("The zone has no office called %(offices)s; %(lead)s stands in until one is opened.")
    return f"{told % {'offices': names, 'lead': by_whom}}{note}"[:500]


def _matched(
    definition: Definition, offices: list[Office], lead: Office | None
) -> tuple[dict[str, Any], list[str]]:
    """The body with the zone's own names of offices, and the names nothing fits."""
    found = {name: match_office(name, offices) for name in _named(definition)}
    missing = [name for name, office in found.items() if office is None]
    stand_in = lead.name if lead else ""
    names = {name: office.name if office else stand_in or name for name, office in found.items()}
    items = tuple(_handled(one, names) for one in definition.items)
    return write_definition(replace(definition, items=items)), missing


def _handled(item: Item, names: Mapping[str, str]) -> Item:
    steps = tuple(
        replace(step, offices=tuple(names[name] for name in step.offices)) for step in item.steps
    )
    return replace(item, office=names[item.office], steps=steps)


def _named(definition: Definition) -> list[str]:
    """Every office a definition names, once."""
    return list(
        dict.fromkeys(
            name
            for item in definition.items
            for name in (item.office, *(o for step in item.steps for o in step.offices))
        )
    )


def match_office(name: str, offices: Iterable[Office]) -> Office | None:
    """The zone's office of that name, else the first whose name speaks of the same business."""
    every = list(offices)
    exact = next((one for one in every if one.name == name), None)
    if exact:
        return exact
    stems = STEMS.get(name, (name,))
    return next((one for one in every if any(stem in one.name for stem in stems)), None)


def _office(one: Shipped, offices: list[Office], lead: Office | None) -> Office | None:
    return match_office(one.office, offices) or lead


def _open_offices(zone_id: int, on: date) -> list[Office]:
    standing = Q(until__isnull=True) | Q(until__gte=on)
    return list(Office.objects.filter(standing, zone_id=zone_id).order_by("order", "id"))


def _lead_office(zone_id: int, offices: list[Office], on: date) -> Office | None:
    """Who takes in what nobody else does: the approval bureau, else the service desk, else none."""
    standing = Q(until__isnull=True) | Q(until__gte=on)
    for role in (Role.APPROVAL, Role.SERVICE_DESK):
        held = (
            Post.objects.filter(standing, zone_id=zone_id, role=role, office__in=offices)
            .order_by("id")
            .first()
        )
        if held is not None:
            return held.office
    return offices[0] if offices else None
