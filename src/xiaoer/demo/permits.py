"""Permits of the demo: one things and packs, service points, acceptances, cases that run today."""

from datetime import UTC, datetime

from xiaoer.base.scope import acting
from xiaoer.demo.acceptances import keep_buildings
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.demo.permit_accepted import keep_acceptances
from xiaoer.demo.permit_cases import keep_cases
from xiaoer.demo.permit_licences import keep_licences
from xiaoer.demo.permit_packs import keep_packs
from xiaoer.demo.permit_points import keep_points
from xiaoer.demo.project_past import ACCEPTED
from xiaoer.papers import actions as papers
from xiaoer.permits import actions as permits
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.projects.models import Project

# The high-tech zone took its one things up in 2024, as its article says.
TAKEN_UP = {"jhtz": datetime(2024, 3, 18, 1, 30, tzinfo=UTC)}


def furnish_permits(ground: Ground) -> None:
    """What a zone asks for, gives and decides by. Called inside the zone's scope."""
    now = TAKEN_UP.get(ground.plan.code, FOUNDED)
    papers.seed_paper_kinds(by=ground.by, now=FOUNDED)
    papers.seed_licence_kinds(by=ground.by, now=FOUNDED)
    permits.seed_things(by=ground.by, now=now)
    permits.seed_packs(by=ground.by, now=now)


def keep_permits(ground: Ground, firms: Firms, days: Days) -> None:
    """What was done and what is under way. Called inside the zone's scope."""
    if ground.plan.code == "jhtz":
        keep_cases(ground, firms, days)
        keep_licences(ground, firms, days)
        keep_buildings(ground, days)
        _rewrite(ground, days)
    keep_packs(ground, firms, days)
    keep_points(ground, firms, days)
    if ground.plan.code == "jedz":
        names = [name for name, _what in ACCEPTED]
        projects = Project.objects.filter(zone_id=ground.zone.pk, name__in=names).order_by("id")
        keep_acceptances(ground, days, list(projects.select_related("party")))


def _rewrite(ground: Ground, days: Days) -> None:
    """Somebody of the approval bureau writes the next version of a one thing."""
    by = ground.hands["approval.2"].actor
    with acting(by):
        thing = Thing.objects.get(zone_id=ground.zone.pk, code="open_restaurant")
        live = thing.versions.get(state=ThingVersion.State.LIVE)
        permits.draft_version(by=by, now=days.ago(2), thing=thing, source=live)
