"""The built demo: its records add up to the published figures, and it looks like life."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from importlib.resources import as_file, files
from io import StringIO
from itertools import islice
from typing import cast

import pytest
from django.core.management import call_command
from django.db.models import Count

from tests.town import NOW
from xiaoer.base.models import Account, JournalLine, Zone
from xiaoer.base.scope import Actor, acting, system
from xiaoer.demo.build import build_demo
from xiaoer.demo.named import NAMED
from xiaoer.demo.names import FIRST_CODE, industrial_firms
from xiaoer.demo.pages import SHEET
from xiaoer.demo.sites import STOCKS
from xiaoer.demo.zones import JHTZ, ZONES
from xiaoer.facts.models import ValueReference
from xiaoer.outreach import queries as outreach
from xiaoer.outreach.models import Appeal, ContactCard
from xiaoer.registry.codes import make_credit_code
from xiaoer.registry.models import Party, Stewardship
from xiaoer.registry.queries import standing
from xiaoer.reports.published import published_figure
from xiaoer.reports.queries import Status, every_row

pytestmark = [pytest.mark.usefixtures("demo_database"), pytest.mark.django_db]

AUTUMN = date(2023, 9, 30)
UNTIL_AUTUMN = outreach.Period(date(2023, 1, 1), AUTUMN)
TEN_MONTHS = outreach.Period(date(2023, 1, 1), date(2023, 10, 31))
LAST_NINETY = outreach.Period(date(2026, 8, 22), date(2026, 11, 20))


def in_zone(code: str) -> Iterator[Actor]:
    by = system(Zone.objects.get(code=code).pk)
    with acting(by):
        yield by


@pytest.fixture
def jhtz(db: None) -> Iterator[Actor]:
    yield from in_zone("jhtz")


@pytest.fixture
def jedz(db: None) -> Iterator[Actor]:
    yield from in_zone("jedz")


def published(figure_id: str) -> int:
    figure = published_figure(figure_id)
    assert figure is not None
    return int(cast(float, figure.value))


def test_the_grid_stands_as_published(jhtz: Actor) -> None:
    zone = jhtz.zone_id
    enterprises = standing.enterprises_on(zone_id=zone, day=AUTUMN, industrial=True)
    assert enterprises.count() == published("003-024")
    assert standing.grids_of(zone_id=zone).count() == published("003-025")
    assert standing.cells_of(zone_id=zone).count() == published("003-026")
    assert len(standing.officers_on(zone_id=zone, day=AUTUMN)) == published("003-027")
    monitoring = standing.monitoring_firms_on(zone_id=zone, day=AUTUMN)
    assert monitoring.count() == published("003-028")


def test_visits_and_requests_of_the_high_tech_zone_answer_as_published(jhtz: Actor) -> None:
    visits = outreach.visit_figures(zone_id=jhtz.zone_id, period=UNTIL_AUTUMN)
    assert visits.coverage.percent == published("003-029")
    requests = outreach.appeal_figures(zone_id=jhtz.zone_id, period=UNTIL_AUTUMN, now=NOW)
    assert requests.filed > 10
    assert requests.collection_rate.percent == published("003-030")
    assert requests.feedback_rate.percent == published("003-031")


def test_visit_days_and_the_campaign_answer_as_published(jedz: Actor) -> None:
    days = outreach.visit_figures(zone_id=jedz.zone_id, period=TEN_MONTHS, programme="leaders_day")
    assert days.leaders == published("004-031")
    assert days.days == published("004-032")
    assert days.appeals_solved == published("004-033")
    campaign = outreach.visit_figures(zone_id=jedz.zone_id, period=TEN_MONTHS, programme="yiqi")
    assert campaign.visited == published("004-044")
    assert campaign.appeals_solved == published("004-045")


def test_not_everything_of_those_days_was_solved(jedz: Actor) -> None:
    days = outreach.visit_figures(zone_id=jedz.zone_id, period=TEN_MONTHS, programme="leaders_day")
    assert days.appeals > days.appeals_solved


@pytest.mark.parametrize("plan", ZONES, ids=lambda plan: plan.code)
def test_every_enterprise_is_in_one_cell_with_one_officer_and_one_card(plan: object) -> None:
    code = plan.code  # type: ignore[attr-defined]  # a ZonePlan
    for by in in_zone(code):
        inside = Party.objects.filter(zone_id=by.zone_id, cell__isnull=False)
        count = inside.count()
        assert count == plan.industrial + plan.services  # type: ignore[attr-defined]  # of any shape here
        officers = Stewardship.objects.filter(
            zone_id=by.zone_id, kind=Stewardship.Kind.OFFICER, until__isnull=True
        )
        assert officers.values("party").distinct().count() == officers.count() == count
        cards = ContactCard.objects.filter(zone_id=by.zone_id, handed_out_on__isnull=False)
        assert cards.values("party").distinct().count() == count


def test_officers_answer_for_about_twenty_eight_enterprises(jhtz: Actor) -> None:
    loads = Counter(
        Stewardship.objects.filter(
            zone_id=jhtz.zone_id, kind=Stewardship.Kind.OFFICER, party__section__in="BCD"
        ).values_list("post__person__name", flat=True)
    )
    assert loads["周敏"] == 28
    assert 22 <= min(loads.values()) < max(loads.values()) <= 34


def test_only_firms_of_the_articles_and_who_runs_parks_are_in_no_cell(jhtz: Actor) -> None:
    found = Party.objects.filter(zone_id=jhtz.zone_id, cell__isnull=True)
    named = {named.name for named in NAMED["jhtz"]}
    assert {party.name for party in found} == named | {STOCKS["jhtz"].operator}
    assert not [party for party in found if party.credit_code or party.contact_phone]


def test_the_registry_is_believably_incomplete(jhtz: Actor) -> None:
    rows = Party.objects.filter(zone_id=jhtz.zone_id, cell__isnull=False)
    for unknown in ({"credit_code": ""}, {"contact_phone": ""}, {"capital_fen__isnull": True}):
        assert 0 < rows.filter(**unknown).count() < rows.count() / 8
    assert rows.filter(capital_currency="USD").exists()
    assert rows.filter(status=Party.Status.SUSPENDED).exists()


def test_the_same_seed_gives_the_same_names_and_codes(jhtz: Actor) -> None:
    for at, (name, trade) in enumerate(islice(industrial_firms("jhtz"), 300)):
        party = Party.objects.get(zone_id=jhtz.zone_id, name=name)
        code = make_credit_code(JHTZ.region_code, FIRST_CODE["jhtz"] + at)
        assert party.industry == trade.industry
        assert party.credit_code in {code, ""}


def test_open_requests_have_lights_of_every_colour(jhtz: Actor) -> None:
    def lit(light: str) -> int:
        filters = outreach.PoolFilter(states=("open",), light=light)
        return outreach.appeals(by=jhtz, filters=filters, now=NOW).count()

    lights = {light: lit(light) for light in ("red", "amber", "green", "grey")}
    assert sum(lights.values()) == 27
    assert lights["red"] == 3
    assert 4 <= lights["amber"] <= 8
    assert lights["green"] > lights["amber"]


def test_requests_of_the_last_ninety_days_ended_in_different_ways(jhtz: Actor) -> None:
    figures = outreach.appeal_figures(zone_id=jhtz.zone_id, period=LAST_NINETY, now=NOW)
    closed = figures.confirmed + figures.unconfirmed
    assert 0.92 < figures.confirmed / closed < 0.97
    assert figures.confirmed_partly and figures.confirmed_impossible and figures.reopened
    assert figures.confirmed_at_return_visit and figures.confirmed_by_enterprise
    assert figures.not_accepted and figures.withdrawn and figures.transferred and figures.merged
    assert figures.parked == 1
    assert figures.waiting == 1


def test_nothing_happened_after_the_day_of_building(jhtz: Actor) -> None:
    lines = JournalLine.objects.filter(zone_id=jhtz.zone_id)
    assert not lines.filter(at__gt=NOW).exists()
    assert not Appeal.objects.filter(zone_id=jhtz.zone_id, filed_at__gt=NOW).exists()


def test_receipt_numbers_follow_the_order_of_filing(jhtz: Actor) -> None:
    rows = Appeal.objects.filter(zone_id=jhtz.zone_id, filed_at__year=2026).order_by("filed_at")
    numbers = [row.receipt_no for row in rows]
    assert numbers == sorted(numbers)


def test_an_enterprise_stands_in_the_registry_once(jhtz: Actor) -> None:
    doubled = (
        Party.objects.filter(zone_id=jhtz.zone_id)
        .values("name")
        .annotate(count=Count("id"))
        .filter(count__gt=1)
    )
    assert not doubled.exists()


def test_the_imported_figures_of_each_zone_are_in(jhtz: Actor, db: None) -> None:
    assert ValueReference.objects.filter(zone_id=jhtz.zone_id).exists()


def test_nobody_can_sign_in_with_a_password() -> None:
    hashes = set(Account.objects.values_list("password", flat=True))
    assert len(hashes) == 1


def test_the_dirty_sheet_has_good_rows_known_rows_and_rows_with_reasons() -> None:
    said = StringIO()
    with as_file(files("xiaoer.demo") / "sheets" / SHEET) as path:
        call_command(
            "import_registry", str(path), zone="jhtz", dry_run=True, json=True, stdout=said
        )
    told = json.loads(said.getvalue())
    parts = told["created"] + told["updated"] + told["unchanged"] + told["rejected"]
    assert told["read"] == parts > 110
    assert told["created"] > 80
    assert told["updated"] > 8
    assert len(told["reasons"]) > 8


def test_building_again_does_nothing() -> None:
    before = Account.objects.count()
    assert build_demo(now=NOW, say=lambda _words: None) is False
    assert Account.objects.count() == before


@pytest.mark.parametrize("topic", ["site", "auction"])
def test_land_workshops_and_auctions_add_up_to_what_was_published(topic: str, db: None) -> None:
    rows = [row for row in every_row() if row.figure.topic == topic and row.status != Status.CASE]
    assert rows
    assert [row.figure.id for row in rows if row.matches is not True] == []
