"""Resources: what several projects of the zone need at once, how many there are, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web import words
from xiaoer.work import plan_access
from xiaoer.work.actions.checking import last_hand, plain
from xiaoer.work.actions.plan_checking import today_of
from xiaoer.work.models import Resource

MOST = 500
CODE_LENGTH = 40
_PROPOSED = "系统建议值，不是任何机关的规定"


@dataclass(frozen=True, slots=True)
class Seed:
    """A resource a new zone begins with; how many there are is this product's proposal (D)."""

    name: str
    name_en: str
    capacity: int


SEEDS: Mapping[str, Seed] = {
    "inspectors": Seed("联合验收现场组", "Inspection teams of joint acceptance", 2),
    "review_panel": Seed("评审专家组", "Expert panel", 1),
    "grid_team": Seed("供电接入班组", "Teams that connect the power", 3),
}


@transaction.atomic
def seed_resources(*, by: Actor, now: datetime) -> int:
    """Add the resources a zone does not have yet; what it changed stays. How many were added."""
    plan_access.must_make_plans(by)
    known = set(Resource.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    missing = {code: seed for code, seed in SEEDS.items() if code not in known}
    Resource.objects.bulk_create(
        Resource(
            zone_id=by.zone_id,
            code=code,
            name=seed.name,
            name_en=seed.name_en,
            capacity=seed.capacity,
            source=_PROPOSED,
            mark="D",
        )
        for code, seed in missing.items()
    )
    if missing:
        zone = Zone.objects.get(pk=by.zone_id)
        journal.record(by=by, now=now, verb="seed_resources", subject=zone, codes=[*missing])
    return len(missing)


@transaction.atomic
def keep_resource(
    *,
    by: Actor,
    now: datetime,
    code: str,
    name: str,
    capacity: int,
    source: str,
    name_en: str = "",
    office: Office | None = None,
    version: int = 0,
) -> Resource:
    """Add a resource, or change the one with this code; one that had ended is there again.

    How many there are is the zone's own word: its source is what is written here.
    """
    plan_access.must_make_plans(by)
    code = plain(code, "code", most=CODE_LENGTH)
    if not code.replace("-", "_").isidentifier() or not code.isascii():
        raise Refused(
            _("Give it a short code of letters, digits, dashes: inspectors, review_panel."),
            field="code",
        )
    name = plain(name, "name", most=60)
    if not name:
        raise Refused(_("Give it a name that others know it by."), field="name")
    if not 1 <= capacity <= MOST:
        raise Refused(
            _("Type a whole number from 1 to %(most)d.") % {"most": MOST}, field="capacity"
        )
    source = plain(source, "source", most=200)
    if not source:
        raise Refused(_("Say who says so: a paper, a meeting, the office."), field="source")
    if office is not None and office.zone_id != by.zone_id:
        raise Refused(_("There is no such office here."), field="office")
    row = _locked(by, code) or Resource(zone_id=by.zone_id, code=code, version=0)
    if row.version != version:
        raise _changed_meanwhile(row, by)
    changed = journal.changes(
        row,
        {
            "name": name,
            "name_en": plain(name_en, "name_en", most=80),
            "capacity": capacity,
            "office": office,
            "source": source,
            "mark": "D",
            "ended_on": None,
        },
    )
    if changed:
        row.version += 1
        row.save()
        journal.record(by=by, now=now, verb="keep_resource", subject=row, changed=changed)
    return row


def _locked(by: Actor, code: str) -> Resource | None:
    return (
        Resource.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, code=code)
        .first()
    )


def _changed_meanwhile(row: Resource, by: Actor) -> Refused:
    if not row.pk:
        return Refused(
            _("There is no resource with the code %(code)s.") % {"code": row.code}, field="code"
        )
    return Refused(
        _("“%(name)s” was changed meanwhile (%(who)s). Load the page again and look at it.")
        % {"name": row.name, "who": last_hand("resource", row.pk, by) or words.MISSING},
        field="code",
    )


@transaction.atomic
def end_resource(*, by: Actor, now: datetime, resource: Resource, version: int) -> Resource:
    """From today on it limits nobody; steps that name it keep the name, and it may come back."""
    plan_access.must_make_plans(by)
    row = _locked(by, resource.code)
    if row is None or row.version != version:
        raise _changed_meanwhile(row or resource, by)
    if row.ended_on is None:
        row.ended_on, row.version = today_of(now), row.version + 1
        row.save()
        journal.record(by=by, now=now, verb="end_resource", subject=row, code=row.code)
    return row
