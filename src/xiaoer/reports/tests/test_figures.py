"""Published figures are questions over records: nothing is stored as an answer."""

from collections.abc import Callable
from datetime import date

from tests.town import NOW
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import actions as registry
from xiaoer.registry.actions.parties import PartyFacts
from xiaoer.reports import queries as reports
from xiaoer.reports.published import published_figure
from xiaoer.reports.queries import Status, answered, status_of

Of = Callable[[str], Actor]
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
        facts = PartyFacts(name="东区新机械有限公司", industry="3511")
        registry.add_party(by=by, now=NOW, facts=facts, cell=cell)
        assert count(by, "003-024") == before + 1


def test_a_shop_is_no_industrial_enterprise(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        grid = registry.open_grid(by=by, now=NOW, code="9", name="九网格")
        cell = registry.open_cell(by=by, now=NOW, grid=grid, code="99", name="九九单元")
        before = count(by, "003-024")
        facts = PartyFacts(name="东区商贸有限公司", industry="5179")
        registry.add_party(by=by, now=NOW, facts=facts, cell=cell)
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
