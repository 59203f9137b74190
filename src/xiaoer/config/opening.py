"""What a new zone is furnished with by every room: limits, calendars, programmes, kinds."""

from datetime import datetime

from xiaoer.assets import actions as assets
from xiaoer.base.models import Zone
from xiaoer.base.scope import acting, system
from xiaoer.facts import actions as facts
from xiaoer.growth import actions as growth
from xiaoer.growth.shipped import SHIPPED
from xiaoer.outreach import actions as outreach
from xiaoer.papers import actions as papers
from xiaoer.permits import actions as permits
from xiaoer.projects import actions as projects
from xiaoer.rules import actions as rules
from xiaoer.work import actions as work


def furnish_zone(*, zone: Zone, now: datetime) -> None:
    """Give a new zone the editable defaults of each room, each with its source and mark."""
    work.seed_calendar(now=now)
    with acting(system(zone.pk)):
        work.seed_limits(by=system(zone.pk), now=now)
        work.seed_contact_rule(by=system(zone.pk), now=now)
        work.seed_plan_templates(by=system(zone.pk), now=now)
        facts.seed_metrics(by=system(zone.pk), now=now)
        outreach.seed_outreach(by=system(zone.pk), now=now)
        outreach.seed_field_rule(by=system(zone.pk))
        outreach.seed_fieldwork(by=system(zone.pk), now=now)
        assets.seed_move_in_items(by=system(zone.pk), now=now)
        projects.seed_conditions(by=system(zone.pk), now=now)
        projects.seed_lights(by=system(zone.pk), now=now)
        growth.seed_title_kinds(by=system(zone.pk), now=now)
        growth.seed_ladders(by=system(zone.pk), now=now)
        growth.seed_targets(by=system(zone.pk), now=now)
        growth.seed_standards(by=system(zone.pk), now=now)
        rules.seed_rules(by=system(zone.pk), now=now, rules=SHIPPED)
        assets.seed_cage_rules(by=system(zone.pk), now=now)
        growth.seed_watch_lists(by=system(zone.pk), now=now)
        projects.seed_statistics(by=system(zone.pk), now=now)
        projects.seed_pre_review(by=system(zone.pk), now=now)
        papers.seed_paper_kinds(by=system(zone.pk), now=now)
        permits.seed_things(by=system(zone.pk), now=now)
        papers.seed_licence_kinds(by=system(zone.pk), now=now)
        permits.seed_packs(by=system(zone.pk), now=now)
        permits.seed_acceptance(by=system(zone.pk), now=now)
        permits.seed_extended_services(by=system(zone.pk), now=now)
        assets.seed_auction_rules(by=system(zone.pk), now=now)
        assets.seed_land(by=system(zone.pk), now=now)
