"""Lighting projects by the zone's rules, changing the rules, and setting a light by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import access, lights
from xiaoer.projects.actions.living import living, locked
from xiaoer.projects.models import ElementNeed, Light, LightRule, Project, Stage, ZonePromise
from xiaoer.projects.queries import lighting
from xiaoer.projects.shipped import LIGHTS

FIELDS = ("light", "light_why", "light_facts", "lit_at", "promised_on")
LONGEST_BY_HAND = 92
"""Days a light set by hand may stand; after a quarter somebody looks anew."""


@transaction.atomic
def relight(*, by: Actor, now: datetime, project: Project) -> Project:
    """Judge one project anew; what changed its light is in the journal with the reason."""
    access.must_be_staff(by)
    row = locked(Project, by, project.pk)
    for changed in _lit(by, now, [row]):
        journal.record(
            by=by,
            now=now,
            verb="relight",
            subject=changed,
            party_ref=changed.party_id,
            light=changed.light,
            reason=changed.light_why,
        )
    return row


@transaction.atomic
def relight_zone(*, by: Actor, now: datetime) -> int:
    """Judge every living project of the zone; how many changed their light."""
    access.must_be_staff(by)
    rows = list(
        Project.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, ended_on__isnull=True)
        .exclude(Q(stage=Stage.FULL, light=Light.GREEN) & ~_owed())
    )
    changed = _lit(by, now, rows)
    if changed:
        journal.record(
            by=by,
            now=now,
            verb="relight_zone",
            subject=Zone.objects.get(pk=by.zone_id),
            count=len(changed),
        )
    return len(changed)


def _owed() -> Q:
    """What is still to come for a project can turn late, whatever its stage."""
    needs = ElementNeed.objects.filter(project=OuterRef("pk"), state__in=lighting.OPEN_NEEDS)
    promises = ZonePromise.objects.filter(
        project=OuterRef("pk"), kept_on__isnull=True, withdrawn_on__isnull=True
    )
    return Q(Exists(needs)) | Q(Exists(promises))


def _lit(by: Actor, now: datetime, rows: Sequence[Project]) -> list[Project]:
    """Save what each light is now, in the zone's own language; those whose light changed."""
    on = checking.today(now)
    rules = lighting.bounds_of(by.zone_id)
    seen = lighting.seen_of(zone_id=by.zone_id, projects=rows, on=on)
    changed, touched = [], []
    with translation.override(settings.LANGUAGE_CODE):
        for row in rows:
            # A promised day moved on the plan is the project's own promised day from then on.
            promised_on = seen[row.pk].promised_on
            findings = lights.judge(seen[row.pk], rules, on)
            light = lights.overall(findings)
            same = row.light == light and row.light_facts == findings
            if row.lit_at is not None and same and row.promised_on == promised_on:
                continue
            if row.light != light or row.lit_at is None:
                changed.append(row)
            row.light, row.light_why, row.light_facts = light, lights.why(findings), findings
            row.lit_at, row.promised_on = now, promised_on
            touched.append(row)
    Project.objects.bulk_update(touched, FIELDS, batch_size=200)
    return changed


@transaction.atomic
def set_light(
    *, by: Actor, now: datetime, project: Project, light: str, why: str, until: date
) -> Project:
    """Show another light than the rules give, with the reason and until a day; then theirs again."""
    access.must_decide(by)
    row = living(by, project)
    if light not in Light.values:
        raise Refused(_("Choose a light."), field="light")
    on = checking.today(now)
    if until < on or (until - on).days > LONGEST_BY_HAND:
        raise Refused(
            _("Choose a day within the next %(days)s days; then somebody looks anew.")
            % {"days": LONGEST_BY_HAND},
            field="until",
        )
    row.hand_light, row.hand_until = light, until
    row.hand_why = checking.must_say(why, "why", most=300)
    row.version += 1
    row.save(update_fields=["hand_light", "hand_until", "hand_why", "version"])
    journal.record(
        by=by, now=now, verb="set_light", subject=row, party_ref=row.party_id,
        light=light, reason=row.hand_why, until=until.isoformat(),
    )  # fmt: skip
    return row


@transaction.atomic
def lift_light(*, by: Actor, now: datetime, project: Project) -> Project:
    """Let the light of the rules count again."""
    access.must_decide(by)
    row = living(by, project)
    if not row.hand_light:
        raise Refused(_("No light is set by hand here."))
    row.hand_light, row.hand_why, row.hand_until = "", "", None
    row.version += 1
    row.save(update_fields=["hand_light", "hand_until", "hand_why", "version"])
    journal.record(by=by, now=now, verb="lift_light", subject=row, party_ref=row.party_id)
    return row


@dataclass(frozen=True, slots=True)
class LightBounds:
    """What a change of a rule says."""

    amber: int | None
    red: int | None
    is_active: bool
    source: str
    mark: str = "D"


@transaction.atomic
def change_light_rule(
    *, by: Actor, now: datetime, rule: LightRule, bounds: LightBounds
) -> LightRule:
    """Change from which figure a light turns; the former version stays readable."""
    access.must_set_projects(by)
    row = locked(LightRule, by, rule.pk)
    if not row.is_current:
        raise Refused(_("This rule was changed since you opened it; load the page again."))
    _must_be_ordered(row, bounds)
    source = checking.must_say(
        bounds.source, "source", most=200, why=_("Say by which document, or whose decision.")
    )
    row.is_current = False
    row.save(update_fields=["is_current"])
    made = LightRule.objects.create(
        zone_id=row.zone_id, code=row.code, number=row.number + 1, name=row.name,
        name_en=row.name_en, unit=row.unit, amber=bounds.amber, red=bounds.red,
        is_active=bounds.is_active, source=source, mark=bounds.mark[:2], set_at=now,
        post_id=by.post_id,
    )  # fmt: skip
    journal.record(
        by=by,
        now=now,
        verb="change_light_rule",
        subject=made,
        name=made.name,
        amber=[row.amber, made.amber],
        red=[row.red, made.red],
    )
    return made


def _must_be_ordered(row: LightRule, bounds: LightBounds) -> None:
    """Red is worse than amber: further up, and of a chance further down."""
    if bounds.amber is None or bounds.red is None:
        return
    is_lower = row.code == "chance"
    if (bounds.red > bounds.amber) if is_lower else (bounds.red < bounds.amber):
        raise Refused(_("Red cannot come before amber; change one of them."), field="red")


@transaction.atomic
def seed_lights(*, by: Actor, now: datetime) -> int:
    """Give the zone the rules of lights it does not have yet; how many."""
    access.must_set_projects(by)
    known = set(LightRule.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    made = LightRule.objects.bulk_create(
        LightRule(
            zone_id=by.zone_id, code=seed.code, name=seed.name, name_en=seed.name_en,
            unit=seed.unit, amber=seed.amber, red=seed.red, source=seed.source, mark=seed.mark,
            set_at=now,
        )
        for seed in LIGHTS
        if seed.code not in known
    )  # fmt: skip
    if made:
        journal.record(
            by=by,
            now=now,
            verb="seed_lights",
            subject=Zone.objects.get(pk=by.zone_id),
            codes=[row.code for row in made],
        )
    return len(made)
