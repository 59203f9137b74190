"""Build the demo: three zones, their ground, firms, past, present, and the people to be.

One transaction, signed in as the owner: killed half-way, nothing is half-built. The same seed and
the same day give the same names, dates and numbers; only secrets (card codes, links) differ.
"""

import gc
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from importlib.resources import as_file, files
from typing import cast

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from xiaoer.base import installation
from xiaoer.base.files import Upload
from xiaoer.base.models import Account, City, Installation, Person, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.demo import contacts, desks, gatherings, outings, past, present, redrawn, visits
from xiaoer.demo.applying import keep_applications
from xiaoer.demo.assets import keep_assets
from xiaoer.demo.days import Days
from xiaoer.demo.decisions import climb_ladders, keep_decisions
from xiaoer.demo.firms import (
    Firms,
    enter_named_firms,
    name_leaders,
    name_monitoring_firms,
    settle_firms,
)
from xiaoer.demo.furnish import Furniture, coming_day, furnish
from xiaoer.demo.ground import FOUNDED, IN_FORCE, Ground, lay_ground, lock_of_accounts
from xiaoer.demo.honours import keep_honours
from xiaoer.demo.ledgers import Book
from xiaoer.demo.levelling import lay_out_plans
from xiaoer.demo.livelihood import keep_lists
from xiaoer.demo.names import SPEAKS_FOR
from xiaoer.demo.paper_readings import read_a_paper
from xiaoer.demo.permit_applying import begin_applications
from xiaoer.demo.permits import furnish_permits, keep_permits
from xiaoer.demo.personas import Cast as Personas
from xiaoer.demo.personas import seat_personas, shown_hands
from xiaoer.demo.phones import keep_phones
from xiaoer.demo.plots import Stage
from xiaoer.demo.projects import keep_projects
from xiaoer.demo.reminders import tell_reminders
from xiaoer.demo.representatives import let_wait, represent
from xiaoer.demo.research import keep_research
from xiaoer.demo.rules import write_rules
from xiaoer.demo.timeline import Timeline
from xiaoer.demo.turnover import keep_books
from xiaoer.demo.watching import tell_months
from xiaoer.demo.zones import CITY_PERSON, ZONES, ZonePlan
from xiaoer.facts import actions as facts
from xiaoer.growth import actions as growth
from xiaoer.growth.shipped import SHIPPED
from xiaoer.outreach import actions as outreach
from xiaoer.projects import actions as projects
from xiaoer.registry import actions as registry
from xiaoer.rules import actions as rules
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries

CARDS_OUT = date(2023, 3, 31)
LED_BY_LEADERS = {"jhtz": 60, "jedz": 51, "canal": 18}
SHEET = "published_indicators.xlsx"
DIRTY_SHEET = "企业名录（样例）.xlsx"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A zone that stands."""

    ground: Ground
    firms: Firms
    days: Days


def build_demo(*, now: datetime, say: Say) -> bool:
    """Build everything once; False when it stands already. Refuses a database of real work."""
    with translation.override("zh-hans"), installation.maintenance(), _all_or_nothing():
        kept = installation.open_installation(is_demo=True, now=now)
        if kept.built_at is not None:
            return False
        kept = Installation.objects.select_for_update().get(pk=kept.pk)
        _must_be_empty()
        work.seed_calendar(now=now)
        lock = lock_of_accounts()
        city = installation.open_city(code="jining", name="济宁市", name_en="Jining")
        built = {plan.code: _build_zone(plan, city, lock, now, say) for plan in ZONES}
        watcher = _seat_city(lock)
        people = Personas({code: each.ground for code, each in built.items()}, watcher)
        seat_personas(people)
        kept.built_at = now
        kept.save(update_fields=["built_at"])
    return True


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """No savepoints inside the one transaction, and no search for cycles: a third of the time.

    Any error undoes the whole build, so that there is nothing a savepoint could save.
    """
    features, kept = connection.features, connection.features.uses_savepoints
    features.uses_savepoints = False
    gc.disable()
    try:
        yield
    finally:
        features.uses_savepoints = kept
        gc.enable()


def _must_be_empty() -> None:
    if City.objects.exists():
        raise Refused(
            _("This database was begun before and not finished by this build; use another one.")
        )


def _seat_city(lock: str) -> Account:
    """Somebody of the city, who sees the zones side by side."""
    post = installation.first_post(
        zone=None, name=CITY_PERSON, role=Role.CITY, office="市工信局", on=IN_FORCE
    )
    account = Account.objects.create(username="city001", password=lock)
    Person.objects.filter(pk=post.person_id).update(account=account)
    return account


def _build_zone(plan: ZonePlan, city: City, lock: str, now: datetime, say: Say) -> Built:
    say(plan.name)
    zone = installation.open_zone(
        city=city,
        code=plan.code,
        name=plan.name,
        name_en=plan.name_en,
        region_code=plan.region_code,
        complaint_phone=plan.complaint_phone,
    )
    days = Days(work_queries.calendar_of(zone.pk), now)
    ground = Ground.of(plan, zone, lock)
    with acting(ground.by):
        work.seed_limits(by=ground.by, now=FOUNDED)
        work.seed_plan_templates(by=ground.by, now=FOUNDED)
        projects.seed_conditions(by=ground.by, now=FOUNDED)
        projects.seed_lights(by=ground.by, now=FOUNDED)
        contacts.set_rule(ground)
        outreach.seed_field_rule(by=ground.by)
        lay_ground(ground)
        say(_("  %(count)d offices and stations, %(cells)d cells") % {
            "count": len(ground.offices), "cells": len(ground.cells)})  # fmt: skip
        firms = settle_firms(ground)
        name_monitoring_firms(ground, firms)
        name_leaders(ground, firms, LED_BY_LEADERS[plan.code])
        named = sum(1 for _party in enter_named_firms(ground))
        furniture = furnish(ground, days, keeps_days=plan.code == "jedz")
        furnish_permits(ground)
        if plan.code == "jhtz":
            read_a_paper(ground)
        _hand_out_cards(ground, firms)
    say(_("  %(count)d enterprises with a contact card each, %(named)d firms of the articles") % {
        "count": len(firms.all), "named": named})  # fmt: skip
    _tell(Built(ground, firms, days), furniture, say)
    return Built(ground, firms, days)


def _hand_out_cards(ground: Ground, firms: Firms) -> None:
    cards = outreach.make_cards(by=ground.by, now=FOUNDED, parties=firms.all)
    said_at = datetime.combine(CARDS_OUT, FOUNDED.timetz())
    outreach.hand_out_cards(by=ground.by, now=said_at, cards=cards, handed_out_on=CARDS_OUT)


def _tell(built: Built, furniture: Furniture, say: Say) -> None:
    """What happened: 2023 as the articles count it, then the last months up to today."""
    stage = partial(
        Stage,
        built.ground,
        built.firms,
        built.days,
        kinds=furniture.kinds,
        programmes=furniture.programmes,
    )
    before, lately = Timeline(), Timeline()
    PASTS[built.ground.plan.code](stage(timeline=before), furniture)
    told = before.run()
    _import_figures(built)
    books = _keep_growth(built)
    _keep_projects(built)
    _look_at_sheet(built)
    speaker = _let_represent(built)
    if speaker is not None:
        begin_applications(speaker=speaker, now=built.days.now)
    _tell_present(stage(timeline=lately), furniture, speaker)
    told += lately.run()
    outings.plan_outings(built.ground, built.firms, built.days)
    contacts.tell_contacts(built.ground, built.firms, built.days)
    desks.name_deputies(built.ground, built.days)
    _supervise(built)
    if built.ground.plan.code == "jhtz":
        tell_reminders(built.ground, built.days)
        keep_phones(built.ground, built.days)
        tell_months(built.ground, built.firms, built.days, books)
        with acting(built.ground.by):
            lay_out_plans(built.ground, built.days)
    redrawn.propose(built.ground, built.firms, built.days)
    write_rules(built.ground, built.days)
    say(_("  %(count)d steps of requests and visits") % {"count": told})


def _past_of_jhtz(stage: Stage, furniture: Furniture) -> None:
    visits.plan_first_round(
        stage.ground, stage.firms, stage.days, stage.timeline, furniture.programmes["routine"]
    )
    past.tell_collected(stage)


def _past_of_jedz(stage: Stage, furniture: Furniture) -> None:
    visits.plan_visit_days(
        stage.ground, stage.firms, stage.days, stage.timeline, furniture.visit_days
    )
    past.tell_visit_days(stage, furniture.visit_days)
    dice = random.Random("campaign firms")
    called = dice.sample(stage.firms.all, visits.CAMPAIGN_FIRMS)
    troubled = len(past.SOLVED_IN_CAMPAIGN) + 1
    visits.plan_campaign(
        stage.ground, stage.days, stage.timeline, furniture.programmes["yiqi"], called[troubled:]
    )
    past.tell_campaign(stage, called[:troubled])


def _past_of_canal(stage: Stage, furniture: Furniture) -> None:
    """The article of this zone counts neither visits nor requests."""


PASTS: dict[str, Callable[[Stage, Furniture], None]] = {
    "jhtz": _past_of_jhtz,
    "jedz": _past_of_jedz,
    "canal": _past_of_canal,
}


def _let_represent(built: Built) -> Actor | None:
    """Who speaks for the enterprise the demo shows, and somebody who still waits for it."""
    firm = built.firms.by_name.get(SPEAKS_FOR)
    if firm is None:
        return None
    officer = built.firms.officer_of[firm.pk]
    speaker = represent(built.ground, firm, officer, now=built.days.ago(90))
    waiting = built.firms.by_name["济宁青禾包装有限公司"]
    let_wait(built.ground, waiting, officer, now=built.days.ago(0.4))
    return speaker


def _tell_present(stage: Stage, furniture: Furniture, speaker: Actor | None) -> None:
    with acting(stage.ground.by):
        visits.plan_rounds(
            stage.ground, stage.firms, stage.days, stage.timeline, furniture.programmes["routine"]
        )
        day = stage.days.working_day(present.next_visit_day(stage.days.today))
        if stage.ground.plan.code != "jhtz":
            coming_day(stage.ground, furniture.programmes["leaders_day"], stage.days.ago(3), day)
    cast = present.cast_of(stage)
    present.tell_closed(cast)
    present.tell_open(cast)
    desks.tell_errands(cast)
    desks.tell_for_the_absent(cast)
    if stage.ground.plan.code != "jhtz":
        present.tell_small_corners(cast, "1-02")
    if stage.ground.plan.code == "jhtz":
        present.tell_corners(cast)
        present.tell_hard(cast)
        present.tell_side_ways(cast)
        present.tell_shown(cast, speaker)
        gatherings.tell_days(stage, day)
        gatherings.tell_corrections(stage, speaker)


def _supervise(built: Built) -> None:
    """What is overdue goes one level up, as the job of every morning does it; people have read
    their notices the day before."""
    by = built.ground.by
    with acting(by):
        work.escalate_overdue(by=by, now=built.days.anchor)
    for hand in shown_hands(built.ground):
        with acting(hand.actor):
            work.see_notices(by=hand.actor, now=built.days.ago(0.7))


def _import_figures(built: Built) -> None:
    """The statistics office brings in the sheet of published indicators like any other sheet."""
    hand = built.ground.hands["statistics.1"]
    with acting(hand.actor):
        facts.seed_metrics(by=hand.actor, now=FOUNDED)
        with as_file(files("xiaoer.demo") / "sheets" / SHEET) as path:
            facts.import_values(by=hand.actor, now=built.days.ago(60), path=path)


def _keep_growth(built: Built) -> list[Book]:
    """What enterprises turn over, what was decided of them, and which titles they hold; today's books."""
    ground = built.ground
    with acting(ground.by):
        growth.seed_title_kinds(by=ground.by, now=FOUNDED)
        growth.seed_ladders(by=ground.by, now=FOUNDED)
        growth.seed_targets(by=ground.by, now=FOUNDED)
        growth.seed_standards(by=ground.by, now=FOUNDED)
        rules.seed_rules(by=ground.by, now=FOUNDED, rules=SHIPPED)
        then, now = keep_books(ground, built.firms, built.days)
        keep_decisions(ground, then, now)
        by_size = sorted(now, key=lambda book: book.year_total, reverse=True)
        keep_honours(ground, [book.party for book in by_size], built.days)
        keep_applications(ground, [book.party for book in by_size], built.days)
        keep_research(ground, then, by_size, built.days)
        climb_ladders(ground, built.days)
    return now


def _keep_projects(built: Built) -> None:
    """What is being built and was built, and what the zone promises its residents."""
    with acting(built.ground.by):
        keep_lists(built.ground, built.days)
        keep_projects(built.ground, built.firms, built.days)
        keep_permits(built.ground, built.firms, built.days)
        keep_assets(built.ground, built.firms, built.days)


def _look_at_sheet(built: Built) -> None:
    """The service desk has looked at a dirty sheet of enterprises and not brought it in yet."""
    by = built.ground.hands["desk.2"].actor
    with acting(by), (files("xiaoer.demo") / "sheets" / DIRTY_SHEET).open("rb") as stream:
        registry.receive_sheet(
            by=by, now=built.days.ago(1), stream=cast(Upload, stream), name=DIRTY_SHEET
        )
