"""What the demo knows of some enterprises' research: enough to say how far from a title they are.

The development zone's article counts 52 enterprises in reserve for the high-tech title in October
2023: each has one or two gaps that can be mended. Today others have theirs in every zone.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from xiaoer.base import journal
from xiaoer.demo.days import Days
from xiaoer.demo.ground import Ground
from xiaoer.demo.ledgers import Book
from xiaoer.demo.turnover import SMALLER, Line, write_lines
from xiaoer.facts.models import Attribute, SourceKind
from xiaoer.facts.periods import at_date
from xiaoer.facts.periods import months_of as period_of
from xiaoer.registry.models import Party

SHEET_THEN, SHEET_NOW = "2022年度研发与知识产权摸底表", "年度研发与知识产权摸底表"
HOLDERS_THEN, RESERVE_THEN = 69, 52
"""The largest 69 hold the title in October 2023; those in reserve come after them."""
REGISTERED_BEFORE = date(2020, 1, 1)
RESERVE_NOW = {"jedz": 46, "jhtz": 84, "canal": 22}
CENT = Decimal("0.01")
FIELDS = ("manufacturing", "materials", "electronics", "energy", "environment", "biology")
CHECKED_AND_NOT = (
    "accident_or_env_1y",
    "accident_or_env_3y",
    "serious_dishonesty",
    "abnormal_list",
    "restricted_product",
    "research_misconduct",
    "data_fraud_3y",
    "tax_evasion_3y",
    "standards_taken_part",
    "listed_main_board",
    "controlled_by_listed",
)
KEPT = ("enterprise_accounting", "rd_ledger_kept", "rd_rules_kept", "ip_from_own_research")


@dataclass(frozen=True, slots=True)
class Lab:
    """How an enterprise does research: shares of its revenue, staff, income, and its patents."""

    research: Decimal
    staff: Decimal
    product: Decimal
    patents: int
    models: int
    results: int
    has_partners: bool
    field: str


def keep_research(ground: Ground, then: Sequence[Book], books: Sequence[Book], days: Days) -> None:
    """Write what is known of research; ``books``: today's, the largest year first."""
    if ground.plan.code == "jedz":
        known = datetime(2023, 9, 18, 2, tzinfo=days.now.tzinfo)
        candidates = _well_known(book.party for book in books[HOLDERS_THEN:])
        earned = {book.party.pk: book.year_total for book in then}
        chosen = [party for party in candidates if party.pk in earned][:RESERVE_THEN]
        _write(ground, SHEET_THEN, known, 2022, [(party, earned[party.pk]) for party in chosen])
    chosen_now = _well_known(book.party for book in books)[: RESERVE_NOW[ground.plan.code]]
    totals = {book.party.pk: book.year_total for book in books}
    _write(
        ground,
        SHEET_NOW,
        days.ago(30),
        days.today.year - 1,
        [(party, totals[party.pk] * SMALLER) for party in chosen_now],
        has_revenue=True,
    )


def _well_known(parties: Iterable[Party]) -> list[Party]:
    """Long enough there for three years of figures, and with a credit code."""
    return [
        party
        for party in parties
        if party.credit_code
        and party.registered_on is not None
        and party.registered_on < REGISTERED_BEFORE
    ]


def _write(
    ground: Ground,
    sheet: str,
    known: datetime,
    year: int,
    firms: Sequence[tuple[Party, Decimal]],
    *,
    has_revenue: bool = False,
) -> None:
    labs = [(party, revenue, _lab(party, year)) for party, revenue in firms]
    lines = [
        line
        for party, revenue, lab in labs
        for line in _figures(party, revenue, lab, year, has_revenue=has_revenue)
    ]
    write_lines(ground, known, sheet, lines)
    rows = [row for party, _revenue, lab in labs for row in _said(ground, sheet, known, party, lab)]
    Attribute.objects.bulk_create(rows, batch_size=2000)
    journal.record(
        by=ground.hands["statistics.1"].actor,
        now=known,
        verb="record_attributes",
        subject=ground.zone,
        count=len(rows),
    )


def _lab(party: Party, year: int) -> Lab:
    """One or two of three things fall short: research, staff, products."""
    dice = random.Random(f"lab {party.name} {year}")
    short = set(dice.sample(("research", "staff", "product"), dice.choice((1, 1, 2))))
    return Lab(
        research=_share(dice, 0.036, 0.047) if "research" in short else _share(dice, 0.052, 0.07),
        staff=_share(dice, 0.06, 0.09) if "staff" in short else _share(dice, 0.12, 0.2),
        product=_share(dice, 0.42, 0.57) if "product" in short else _share(dice, 0.63, 0.86),
        patents=dice.choice((1, 2, 2, 3)),
        models=dice.randint(5, 11),
        results=dice.choice((5, 5, 6)),
        has_partners=dice.random() < 0.6,
        field=dice.choice(FIELDS),
    )


def _share(dice: random.Random, low: float, high: float) -> Decimal:
    return Decimal(str(round(dice.uniform(low, high), 3)))


def _figures(
    party: Party, revenue: Decimal, lab: Lab, year: int, *, has_revenue: bool
) -> Iterator[Line]:
    """Three years of money, the last year's people, patents as they are."""
    staff = max(40, int(revenue / 32))
    for back, part in enumerate(("1", "0.84", "0.72")):
        whole, end = period_of(year - back, 1, 12), at_date(date(year - back, 12, 31))
        earned = (revenue * Decimal(part)).quantize(CENT)
        spent = (earned * lab.research).quantize(CENT)
        if back or not has_revenue:
            yield Line("operating_revenue", party.pk, whole, earned)
        if back:
            yield Line(
                "main_revenue_cny", party.pk, whole, (earned * Decimal("0.96")).quantize(CENT)
            )
        yield Line("rd_expense_cny", party.pk, whole, spent)
        yield Line("rd_domestic_cny", party.pk, whole, spent)
        yield Line("net_assets_cny", party.pk, end, (earned * Decimal("0.5")).quantize(CENT))
    whole, end = period_of(year, 1, 12), at_date(date(year, 12, 31))
    yield Line("total_income_cny", party.pk, whole, revenue.quantize(CENT))
    yield Line("cost_expense_cny", party.pk, whole, (revenue * Decimal("0.9")).quantize(CENT))
    yield Line("hightech_revenue_cny", party.pk, whole, (revenue * lab.product).quantize(CENT))
    yield Line("employees_avg", party.pk, whole, Decimal(staff))
    yield Line("tech_staff", party.pk, end, Decimal(int(staff * lab.staff)))
    counts = {
        "core_ip_owned": lab.patents,
        "ip1_owned": lab.patents,
        "ip1_main": lab.patents,
        "ip1_self": lab.patents,
        "ip1_applied": lab.patents - 1,
        "ip1_high_value": 0,
        "ip2_owned": lab.models,
        "ip2_main": lab.models,
        "patents_invention": lab.patents,
        "transformations_per_year": lab.results,
        "standards_led_5y": 0,
        "standards_led_total": 0,
        "national_award_rank_5y": 999,
        "national_award_rank_3y": 999,
        "provincial_award_rank_3y": 999,
        "equity_new_2y_cny": 0,
        "equity_new_3y_cny": 0,
    }
    for metric, count in counts.items():
        yield Line(metric, party.pk, end, Decimal(count))


def _said(
    ground: Ground, sheet: str, known: datetime, party: Party, lab: Lab
) -> Iterator[Attribute]:
    said: dict[str, bool | str] = dict.fromkeys(CHECKED_AND_NOT, False)
    said |= dict.fromkeys(KEPT, True)
    said |= {"rd_partners": lab.has_partners, "emerging_industry": lab.field != "manufacturing"}
    said |= {"hightech_field": lab.field, "taxation_mode": "audited"}
    for word, value in said.items():
        yield Attribute(
            zone=ground.zone,
            party=party,
            word=word,
            flag=value if isinstance(value, bool) else None,
            text=value if isinstance(value, str) else None,
            source_kind=SourceKind.STAFF,
            source=sheet,
            known_at=known,
            recorded_at=known,
            post_id=ground.hands["statistics.1"].post.pk,
        )
