"""A search is seen while it runs, and stopped from another connection with the best so far."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from conftest import point_django_at
from tests import database as databases
from tests.town import NOW, actor
from xiaoer.base.scope import acting, system
from xiaoer.config import database
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import jobs
from xiaoer.outreach.models import Round, RouteSearch, Stop
from xiaoer.outreach.routing import Going, search_days
from xiaoer.outreach.tests.conftest import built as town_built
from xiaoer.outreach.tests.outing import Field, built
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL


@pytest.fixture
def field(django_db_setup: None, django_db_blocker: Any) -> Iterator[Field]:
    """A field in a database of its own, where every verb commits."""
    own = databases.clone(databases.template("town"), f"{databases.PREFIX}_watched")
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        point_django_at(own.web)
        try:
            yield built(town_built(actor))
        finally:
            point_django_at(own.of_database(before).web)
    database.drop_database(own)


def asked(field: Field) -> RouteSearch:
    now, by = timezone.now(), field.of("east-desk")
    with acting(by):
        for firm in field.firms:
            work.plan_contact(
                by=by, now=now, party=firm, kind="visit", purpose="看看", post=field.officer,
                planned_on=now.astimezone(LOCAL).date(),
            )  # fmt: skip
        return outreach.ask_for_routes(
            by=by, now=now, since=now.astimezone(LOCAL).date(), posts=[field.officer]
        )


def test_a_search_is_told_kept_and_stopped_while_it_runs(field: Field) -> None:
    search = asked(field)
    by = field.of("east-desk")
    with acting(by):
        days = outreach.begin_search(by=by, now=timezone.now(), search_id=search.pk)
    dates = [day for day, _problem in days]
    found = search_days([problem for _day, problem in days], seconds=0.5)
    with outreach.watching(zone_id=search.zone_id, search_id=search.pk, days=dates) as watch:
        assert watch(Going(0.4, found)) is False
        seen = field.now_of(search)
        assert (seen.state, seen.percent, seen.placed) == ("running", 40, 3)
        assert len(seen.best[0][2]) == 3
        field.do("east-desk", "stop_search", search=search, now=timezone.now())
        assert watch(Going(0.5, found)) is True
    later = timezone.now() + timedelta(minutes=2)
    field.do("east-desk", "stop_search", search=search, now=later)
    with acting(system(search.zone_id)):
        assert Round.objects.get(search=search).stops.count() == 3


def test_two_who_place_a_visit_at_once_put_it_into_one_route(field: Field) -> None:
    visit, desk = field.plan(field.firms[0]), field.of("east-desk")

    def place_meanwhile() -> Round:
        try:
            row: Round = field.do(
                "east-desk", "place_visit", contact=visit, post=field.steward, place=1
            )
            return row
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with acting(desk):
            outreach.place_visit(by=desk, now=NOW, contact=visit, post=field.officer, place=1)
            second = pool.submit(place_meanwhile)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        kept = second.result(timeout=20)
    with acting(desk):
        assert Stop.objects.get(contact=visit).round_id == kept.pk


def test_the_job_ends_what_it_began(field: Field) -> None:
    search = asked(field)
    jobs.find_routes(zone_id=search.zone_id, search_id=search.pk, post_id=search.post_id)
    assert field.now_of(search).state == "done"
