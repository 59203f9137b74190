"""The demo's ladders, titles and lists add up to what the articles count."""

import pytest

from tests.town import NOW
from xiaoer.base.models import Zone
from xiaoer.base.scope import acting, system
from xiaoer.growth.models import Standing
from xiaoer.reports.growing import GROWING
from xiaoer.reports.published import Published, published_figures
from xiaoer.reports.published import Standing as Source
from xiaoer.reports.queries import answered

pytestmark = [pytest.mark.usefixtures("demo_database"), pytest.mark.django_db]
COUNTED = [
    figure
    for figure in published_figures()
    if figure.metric in GROWING and figure.standing is Source.RECORDS and not figure.waits_for
]


@pytest.mark.parametrize("figure", COUNTED, ids=lambda figure: figure.id)
def test_what_an_article_counts_of_firms_comes_out_of_records(figure: Published) -> None:
    zone_id = Zone.objects.get(code=figure.zone).pk
    with acting(system(zone_id)):
        row = answered(figure, zone_id=zone_id)
        assert row.matches, (row.shown, figure.value)
        assert row.answer is not None
        assert row.answer.records or row.answer.count == 0


def test_every_firm_stands_somewhere_this_month_and_some_cannot_be_told() -> None:
    zone_id = Zone.objects.get(code="jhtz").pk
    with acting(system(zone_id)):
        rows = Standing.objects.filter(ladder="business", month=NOW.date().replace(day=1))
        assert rows.count() > 2000
        assert rows.filter(told=Standing.Told.AT_LEAST).exists()
        assert rows.filter(rung="l1_near").count() > 30
