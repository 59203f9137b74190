"""Figures of permits come out of points, packs and acceptances; what is unknown stays unknown."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.town import NOW
from xiaoer.base import journal
from xiaoer.base.models import Post
from xiaoer.base.scope import Actor, acting
from xiaoer.permits import actions as permits
from xiaoer.permits.models import AutoPack, LicenceUse, ServiceRecord
from xiaoer.projects.tests.invested import Site, build_site
from xiaoer.reports.counted import Answer
from xiaoer.reports.permitting import SHOWN_FOR
from xiaoer.reports.published import matches, published_figure
from xiaoer.reports.queries import answered
from xiaoer.rules.models import RuleVersion

Of = Callable[[str], Actor]
THEN = datetime(2024, 6, 3, 2, 0, tzinfo=UTC)


@pytest.fixture
def site(of: Of) -> Site:
    return build_site(of)


def ours(site: Site, figure_id: str) -> Answer:
    figure = published_figure(figure_id)
    assert figure is not None
    with acting(site.admin):
        row = answered(figure, zone_id=site.zone_id)
    assert row.answer is not None
    return row.answer


def test_a_hall_counts_each_enterprise_once_and_nothing_that_never_happened(site: Site) -> None:
    assert ours(site, "002-060").value is None
    with acting(site.admin):
        point = permits.open_point(
            by=site.admin, now=NOW, code="yungu", opened_on=date(2024, 3, 1),
            facts=permits.PointFacts(name="均和云谷e大厅", tier=1, address="云谷一路"),
        )  # fmt: skip
        plain = {
            "zone_id": site.zone_id, "point": point, "kind": ServiceRecord.Kind.CASE,
            "party": site.party, "name": site.party.name, "at": THEN, "recorded_at": THEN,
        }  # fmt: skip
        for _each in range(3):
            ServiceRecord.objects.create(**plain)
        wrong = ServiceRecord.objects.create(**plain)
        ServiceRecord.objects.create(**plain, replaces=wrong, is_void=True, why="记错了")
    assert ours(site, "002-060").value == 1
    assert ours(site, "002-061").value == 3
    assert ours(site, "002-066").value == 1


def test_an_entity_counts_once_however_often_its_licence_was_shown(site: Site) -> None:
    with acting(site.admin):
        for service in (SHOWN_FOR["e_licence_network"],) * 2 + ("开户",):
            LicenceUse.objects.create(
                zone_id=site.zone_id, what="business", party=site.party, name=site.party.name,
                service=service, at=THEN,
            )  # fmt: skip
    assert ours(site, "002-069").value == 1


def test_a_pack_switched_since_makes_the_count_a_lower_bound(site: Site) -> None:
    assert ours(site, "004-038").value == 0
    with acting(site.admin):
        first, second = Post.objects.filter(zone_id=site.zone_id).order_by("pk")[:2]
        packs = list(AutoPack.objects.filter(zone_id=site.zone_id).order_by("pk"))
        on = {
            "state": AutoPack.State.ON, "switched_at": datetime(2023, 9, 1, tzinfo=UTC),
            "authorised_at": datetime(2023, 9, 1, tzinfo=UTC), "authorised_by": first,
            "authorised_second": second, "document": "授权书", "switched_why": "两人授权",
            "authorised_version": RuleVersion.objects.filter(zone_id=site.zone_id).first(),
        }  # fmt: skip
        AutoPack.objects.filter(pk__in=[one.pk for one in packs[:2]]).update(**on)
    assert (ours(site, "004-038").value, ours(site, "004-038").bound) == (Decimal(2), None)
    with acting(site.admin):
        AutoPack.objects.filter(pk=packs[1].pk).update(switched_at=NOW)
    answer = ours(site, "004-038")
    figure = published_figure("004-038")
    assert figure is not None
    assert answer.value == 1
    assert answer.bound is not None
    assert matches(figure, answer.bound) is False


def test_a_pack_authorised_anew_was_on_before_by_the_record_of_its_switches(site: Site) -> None:
    """Its law changed: off, authorised anew, on again since; and it counts for the day it was on."""
    with acting(site.admin):
        pack = AutoPack.objects.filter(zone_id=site.zone_id).order_by("pk")[0]
        for on, new in (("2023-09-12", "on"), ("2025-01-17", "off"), ("2025-01-20", "on")):
            journal.record(
                by=site.admin, now=datetime.fromisoformat(f"{on}T01:30:00+00:00"),
                verb="switch_pack", subject=pack, old="", new=new, reason="条例修订",
            )  # fmt: skip
    answer = ours(site, "004-038")
    assert (answer.value, answer.bound) == (Decimal(1), None)


def test_where_nothing_was_accepted_there_is_no_share(site: Site) -> None:
    assert ours(site, "004-034").value == 0
    assert [ours(site, one).value for one in ("004-035", "004-036", "004-037")] == [None] * 3
