"""What tests of rules share: firms with known facts, an author and a second person."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from tests.town import NOW
from xiaoer.base.scope import Actor, acting, system
from xiaoer.facts import actions as facts
from xiaoer.facts.models import Column, Metric
from xiaoer.facts.periods import months_of
from xiaoer.facts.vocabulary import metric_of
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Cell, Party
from xiaoer.rules import actions as rules
from xiaoer.rules.actions.drafting import Head
from xiaoer.rules.models import RuleVersion
from xiaoer.rules.shipping import ShippedClause

Of = Callable[[str], Actor]
REVENUE = ShippedClause("上年营业收入 ≥ 1,500 万元", "revenue", "revenue_cny_y1 >= 15000000")
SHARE = ShippedClause(
    "研发费用占营收 ≥ 3%", "R&D share", "rd_expense_cny_y1 >= 0.03 * revenue_cny_y1"
)


@pytest.fixture
def second(of: Of) -> Actor:
    """Statistics of the east: the second person."""
    return of("east-statistics")


@pytest.fixture
def west(of: Of) -> Actor:
    """Economy of the other zone."""
    return of("west-economy")


@pytest.fixture
def economy(of: Of, second: Actor, west: Actor) -> Iterator[Actor]:
    """Economy of the east, in scope: who writes the rules of these tests."""
    by = of("east-economy")
    with acting(by):
        yield by


def head(**said: object) -> Head:
    return Head(**{"effective_from": date(2026, 1, 1), "mark": "A", **said})  # type: ignore[arg-type]  # fields by name


def drafted(
    by: Actor, *clauses: ShippedClause, code: str = "a_rule", kind: str = "title", **said: object
) -> RuleVersion:
    """A rule of one draft with these clauses."""
    rule = rules.open_rule(by=by, now=NOW, code=code, name="专精特新中小企业", kind=kind)
    version = rules.draft_version(by=by, now=NOW, rule_id=rule.pk, effective_from=date(2026, 1, 1))
    return rules.edit_draft(
        by=by,
        now=NOW,
        version_id=version.pk,
        version=version.version,
        head=head(**said),
        clauses=clauses,
    )


def asked(by: Actor, *clauses: ShippedClause, **said: object) -> RuleVersion:
    """A draft that waits for its second person."""
    version = drafted(by, *clauses, **said)  # type: ignore[arg-type]  # code and kind are texts
    return rules.ask_release(by=by, now=NOW, version_id=version.pk, version=version.version)


def released(by: Actor, second: Actor, *clauses: ShippedClause, **said: object) -> RuleVersion:
    """A version in force."""
    version = asked(by, *clauses, **said)
    with acting(second):
        return rules.release_version(
            by=second, now=NOW, version_id=version.pk, version=version.version
        )


def _cell(by: Actor) -> Cell:
    """Only who lies in a cell is an enterprise of the zone."""
    found = Cell.objects.filter(zone_id=by.zone_id).first()
    if found:
        return found
    system_itself = system(by.zone_id)
    with acting(system_itself):
        grid = registry.open_grid(by=system_itself, now=NOW, code="G1", name="一网格")
        return registry.open_cell(by=system_itself, now=NOW, grid=grid, code="C1", name="一单元")


def firm(by: Actor, name: str, **figures: float) -> Party:
    """A firm of the zone with figures of last year, in yuan, by their words."""
    facts.seed_metrics(by=by, now=NOW)
    party = Party.objects.create(zone_id=by.zone_id, name=name, cell=_cell(by))
    for word, yuan in figures.items():
        facts.record_value(
            by=by,
            now=NOW,
            metric=Metric.objects.get(code=metric_of(word)),
            period=months_of(2025, 1, 12),
            number=yuan,
            unit="元",
            column=Column.REPORTED,
            source="年报",
            party=party,
        )
    return party
