"""Published figures are questions over records: nothing is stored as an answer."""

from collections.abc import Callable
from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client

from tests.town import NOW
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting
from xiaoer.facts import actions as facts
from xiaoer.facts.models import Metric
from xiaoer.facts.periods import months_of
from xiaoer.registry import actions as registry
from xiaoer.registry.actions.parties import PartyFacts
from xiaoer.reports import queries as reports
from xiaoer.reports.published import published_figure, published_figures
from xiaoer.reports.queries import Status, answered, status_of

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
DAY = date(2026, 11, 20)


def count(by: Actor, figure_id: str) -> int:
    figure = published_figure(figure_id)
    assert figure is not None
    row = answered(figure, zone_id=by.zone_id, as_of=DAY)
    assert row.answer is not None
    assert row.answer.value is not None
    return int(row.answer.value)


def test_one_more_enterprise_in_a_cell_moves_the_figure_by_one(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        grid = registry.open_grid(by=by, now=NOW, code="9", name="九网格")
        cell = registry.open_cell(by=by, now=NOW, grid=grid, code="99", name="九九单元")
        before = count(by, "003-024")
        said = PartyFacts(name="东区新机械有限公司", industry="3511")
        registry.add_party(by=by, now=NOW, facts=said, cell=cell)
        assert count(by, "003-024") == before + 1


def test_a_shop_is_no_industrial_enterprise(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        grid = registry.open_grid(by=by, now=NOW, code="9", name="九网格")
        cell = registry.open_cell(by=by, now=NOW, grid=grid, code="99", name="九九单元")
        before = count(by, "003-024")
        said = PartyFacts(name="东区商贸有限公司", industry="5179")
        registry.add_party(by=by, now=NOW, facts=said, cell=cell)
        assert count(by, "003-024") == before


def test_a_firm_s_own_claim_is_a_case_and_is_never_counted(of: Of) -> None:
    cases = [r for r in _rows(of("east-economy")) if r.status is Status.CASE]
    assert len(cases) == 49
    assert all(row.answer is None and row.matches is None for row in cases)


def test_every_published_figure_is_shown_once(of: Of) -> None:
    rows = _rows(of("east-economy"))
    assert len(rows) == 286
    assert len({row.figure.id for row in rows}) == 286


def test_figures_of_a_zone_the_asker_may_not_see_are_shown_as_printed_only(of: Of) -> None:
    by = of("east-economy")
    assert by.role == Role.ECONOMY
    assert all(row.answer is None for row in _rows(by))


def test_monitoring_places_wait_for_the_room_of_oversight() -> None:
    figure = published_figure("004-042")
    assert figure is not None
    assert status_of(figure) is Status.WAITS


def _rows(by: Actor) -> list[reports.FigureRow]:
    with acting(by):
        return reports.figure_rows(by=by)


# The page ----------------------------------------------------------------------------------------


@pytest.fixture
def stated(of: Of) -> Actor:
    """The imported figures of 济宁高新区, the zone's code being that of the print."""
    by = of("east-statistics")
    with acting(by):
        facts.seed_metrics(by=by, now=NOW)
        figure = published_figure("002-054")
        assert figure is not None
        facts.record_value(
            by=by, now=NOW, metric=Metric.objects.get(code=figure.metric),
            period=months_of(2024, 1, 12), number=">30", unit="亿元", column="reported",
            source="一篇文章", external_ref=figure.id, known_on=date(2025, 2, 28),
        )  # fmt: skip
    return by


def stated_row(by: Actor, as_of: date | None = None) -> reports.FigureRow:
    figure = published_figure("002-054")
    assert figure is not None
    with acting(by):
        return answered(figure, zone_id=by.zone_id or 0, as_of=as_of)


def test_what_a_source_states_is_told_as_a_bound_and_only_from_the_day_it_was_known(
    stated: Actor,
) -> None:
    row = stated_row(stated)
    assert (row.shown, row.matches) == (">\u200930", True)
    assert row.answer is not None
    assert row.answer.as_of == date(2025, 2, 28)
    before = stated_row(stated, date(2025, 2, 27))
    assert (before.shown, before.matches) == (None, None)


def test_a_later_correction_answers_under_the_same_number(stated: Actor) -> None:
    with acting(stated):
        facts.record_value(
            by=stated, now=NOW, metric=Metric.objects.get(code="crossborder_ecommerce_turnover"),
            period=months_of(2024, 1, 12), number="29", unit="亿元", column="reported",
            source="更正", known_on=date(2025, 6, 1),
        )  # fmt: skip
    assert (stated_row(stated).shown, stated_row(stated).matches) == ("29", False)
    assert stated_row(stated, date(2025, 3, 1)).matches is True


def test_the_table_opens_on_what_is_answered_records_first(stated: Actor) -> None:
    with acting(stated):
        rows = [
            answered(figure, zone_id=stated.zone_id or 0, as_of=DAY)
            for figure in published_figures()
        ]
    table = reports.figure_table(rows=rows, zone="all")
    assert table.chosen == reports.ANSWERED
    assert all(row.is_answered for row in table.rows)
    statuses = [row.status for row in table.rows]
    assert statuses == sorted(statuses, key=list(Status).index)
    assert Status.IMPORTED in statuses
    whole = reports.figure_table(rows=rows, zone="all", status="all")
    assert len(whole.rows) == whole.total == 286
    assert sum(whole.counts[status.value] for status in Status) == 286
    doubtful = reports.figure_table(rows=rows, zone="all", doubtful=True)
    assert len(doubtful.rows) == doubtful.doubtful == 29


def test_a_table_without_an_answer_shows_what_was_printed(of: Of) -> None:
    table = reports.figure_table(rows=_rows(of("east-economy")), zone="all")
    assert (table.chosen, len(table.rows)) == ("all", 286)


@pytest.mark.parametrize(
    "bad", ["\x00", "x" * 3000, "<script>alert(1)</script>", "9" * 60, "9999-12-31", "' or 1=1 --"]
)
def test_no_address_breaks_the_pages_of_figures(sign_in: SignIn, bad: str) -> None:
    browser = sign_in("east-leader")
    for name in ("zone", "status", "doubt", "as_of", "export"):
        answer = browser.get("/figures/", {name: bad})
        assert answer.status_code in (200, 422), name
        if not answer.streaming:
            assert "<script>alert" not in answer.content.decode()
    assert browser.get("/figures/003-024/", {"as_of": bad}).status_code == 200
    assert browser.get(f"/figures/{quote(bad, safe='')}/").status_code == 404
    for address in ("figures", "figures/003-024"):
        answer = browser.get(f"/api/v1/{address}", {"as_of": bad})
        assert answer.status_code in (200, 400, 422)


def test_the_records_of_a_row_are_asked_as_of_the_day_of_the_table(sign_in: SignIn) -> None:
    shown = sign_in("east-leader").get("/figures/?status=all&zone=all&as_of=2024-05-06")
    assert "/figures/003-024/?as_of=2024-05-06" in shown.content.decode()
