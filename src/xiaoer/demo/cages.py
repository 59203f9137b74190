"""Cage-change under way in the demo: a vacant bay with its plan, one that waits for it, and what the
rules found last night, one of it looked at already."""

from datetime import timedelta

from xiaoer.assets import actions as assets
from xiaoer.assets.models import CageSite
from xiaoer.assets.queries import free_units
from xiaoer.demo.days import Days
from xiaoer.demo.ground import Ground

STEPS = (
    ("与产权单位商定腾退方案", "economy", 20),
    ("现场查验、腾空交付", "desk", 45),
    ("发布载体信息，推荐意向企业", "economy", 60),
)


def keep_cages(ground: Ground, days: Days) -> None:
    """The zone of most personas only; the others keep what the articles count."""
    if ground.plan.code != "jhtz":
        return
    keeper = ground.hands["economy.1"]
    bays = list(free_units(ground.zone.pk, days.today).order_by("-id")[:2])
    sites = [
        assets.add_site(by=keeper.actor, now=days.ago(4), why=CageSite.Why.IDLE, unit=bay)
        for bay in bays
    ]
    for site in sites[:1]:
        assets.plan_site(
            by=keeper.actor, now=days.ago(2), site=site, path=CageSite.Path.LET,
            office=keeper.office, version=site.version,
            steps=[
                assets.SiteStep(
                    title, ground.offices[key], days.working_day(days.today + timedelta(days=ahead))
                )
                for title, key, ahead in STEPS
            ],
        )  # fmt: skip
    found = assets.find_cage_sites(by=ground.by, now=days.ago(0.4)).made
    for site in found[:1]:
        assets.dismiss_site(
            by=keeper.actor, now=days.ago(0.2), site=site, version=site.version,
            why="已与意向企业签订入驻协议，下月交付装修，不属闲置",
        )  # fmt: skip
