"""What the articles say of projects and of the livelihood lists comes out of the demo's records."""

from datetime import date
from fractions import Fraction

import pytest

from xiaoer.base.models import Zone
from xiaoer.base.scope import Actor, acting, system
from xiaoer.projects.models import Project
from xiaoer.projects.queries import livelihood
from xiaoer.projects.queries.livelihood import PlaceFilter, Schedule
from xiaoer.reports.projecting import PROJECTING
from xiaoer.reports.published import Published, published_figures
from xiaoer.reports.published import Standing as Source
from xiaoer.reports.queries import answered

pytestmark = [pytest.mark.usefixtures("demo_database"), pytest.mark.django_db]
COUNTED = [
    figure
    for figure in published_figures()
    if figure.metric in PROJECTING and figure.standing is Source.RECORDS and not figure.waits_for
]
AUTUMN = date(2022, 9, 30)


@pytest.fixture
def jedz(demo_database: None) -> Actor:
    return system(Zone.objects.get(code="jedz").pk)


@pytest.fixture
def jhtz(demo_database: None) -> Actor:
    return system(Zone.objects.get(code="jhtz").pk)


@pytest.mark.parametrize("figure", COUNTED, ids=lambda figure: figure.id)
def test_what_an_article_counts_of_projects_comes_out_of_records(figure: Published) -> None:
    zone_id = Zone.objects.get(code=figure.zone).pk
    with acting(system(zone_id)):
        row = answered(figure, zone_id=zone_id)
    assert row.matches, (row.shown, figure.value)


def test_the_lists_of_2022_stood_in_autumn_as_published(jedz: Actor) -> None:
    zone = jedz.zone_id

    def count(**wanted: object) -> int:
        return livelihood.place_count(zone_id=zone, wanted=PlaceFilter(on=AUTUMN, **wanted))  # type: ignore[arg-type]  # each line names its own

    with acting(jedz):
        assert count(subject="rural_sewage", kind="village", state="in_progress") == 43
        assert count(subject="beautiful_village", state="in_progress", levels=("municipal",)) == 5
        assert count(subject="village_clinic", state="completed") == 15
        turned = PlaceFilter(on=AUTUMN, was="小学", becomes="幼儿园")
        assert len(livelihood.places_on_schedule(zone_id=zone, wanted=turned)) == 7
        kept = Schedule.ON_SCHEDULE
        items = livelihood.items_on(zone_id=zone, year=2022, on=AUTUMN, schedule=kept)
        assert len(items) == 16
        nursery = livelihood.reached(zone_id=zone, subject="nursery_place", year=2022, on=AUTUMN)
        assert nursery is not None
        assert nursery.value == 90
        assert nursery.completion == Fraction(5, 9)


def test_all_of_2024_was_completed_on_schedule_in_ten_categories(jhtz: Actor) -> None:
    end = date(2024, 12, 31)
    with acting(jhtz):
        assert livelihood.category_count(zone_id=jhtz.zone_id, year=2024) == 10
        done = livelihood.items_on(
            zone_id=jhtz.zone_id, year=2024, on=end, schedule=Schedule.ON_SCHEDULE, completed=True
        )
        assert len(done) == 27


def test_the_wall_has_twenty_seven_projects_each_on_a_parcel(jhtz: Actor) -> None:
    with acting(jhtz):
        rows = Project.objects.filter(spot__isnull=False)
        assert rows.count() == 27
        assert len({str(row.spot) for row in rows}) == 27
