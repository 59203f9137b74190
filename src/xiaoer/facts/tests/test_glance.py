"""The newest figures of a firm, as its page shows them at first sight."""

from collections.abc import Callable

from django.test import Client

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts.models import Metric
from xiaoer.facts.periods import months_of
from xiaoer.facts.queries.glance import newest_of_firm
from xiaoer.facts.tests.test_merging import merge_two
from xiaoer.registry.models import Party

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]


def test_the_last_month_is_shown_in_every_column_and_nothing_is_overwritten(
    of: Of, sign_in: SignIn
) -> None:
    by = of("east-admin")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        party = Party.objects.create(zone_id=by.zone_id, name="示范甲厂")
        revenue = Metric.objects.get(code="operating_revenue")
        for month, column, number in (
            (1, "reported", "12万元"),
            (2, "reported", "15万元"),
            (2, "estimated", "17万元"),
        ):
            facts.record_value(
                by=by, now=NOW, metric=revenue, period=months_of(2026, month, month),
                number=number, party=party, column=column, source="企业月报",
            )  # fmt: skip
        [newest] = newest_of_firm(by=by, party=party)
    assert newest.period == months_of(2026, 2, 2)
    assert {figure.column for figure in newest.figures} == {"reported", "estimated"}
    card = sign_in("east-officer").get(f"/enterprises/{party.pk}/figures/").content.decode()
    assert ">15.00" in card and ">17.00" in card and ">12.00" not in card
    assert sign_in("west-officer").get(f"/enterprises/{party.pk}/figures/").status_code == 404


def test_a_figure_of_a_merged_entry_that_does_not_count_is_not_shown(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        kept, _duplicate = merge_two(by)
        for newest in newest_of_firm(by=by, party=kept):
            columns = [figure.column for figure in newest.figures]
            assert len(columns) == len(set(columns))
