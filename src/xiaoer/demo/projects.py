"""Projects of the demo: those of the past, and those that are under way today."""

from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.demo.project_living import keep_living
from xiaoer.demo.project_needs import keep_needs
from xiaoer.demo.project_past import keep_past
from xiaoer.demo.project_plans import keep_plans, reckon_plans
from xiaoer.demo.project_sessions import keep_sessions
from xiaoer.demo.project_standing import keep_standing
from xiaoer.projects import actions as projects


def keep_projects(ground: Ground, firms: Firms, days: Days) -> None:
    """Every zone its projects. Called inside the zone's scope."""
    projects.seed_lights(by=ground.by, now=FOUNDED)
    projects.seed_conditions(by=ground.by, now=FOUNDED)
    projects.seed_statistics(by=ground.by, now=FOUNDED)
    keep_past(ground, firms, days)
    pairs = keep_living(ground, firms, days)
    # What is missing now did not hold up what began long ago.
    keep_plans(ground, days, pairs)
    keep_needs(ground, days, pairs)
    reckon_plans(ground, days)
    keep_sessions(ground, days, pairs)
    keep_standing(ground, days)
    projects.relight_zone(by=ground.by, now=days.now)
