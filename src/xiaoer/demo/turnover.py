"""The books of the demo's enterprises, written down as figures a zone keeps: months and years.

Written in bulk with one line of the journal for each batch, as a bureau's sheet is brought in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from xiaoer.base import journal
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import Ground
from xiaoer.demo.ledgers import (
    MONTHS_OF_THE_PRINT,
    Book,
    books_now,
    books_then,
    has_last_year,
    months_of,
)
from xiaoer.facts import actions as facts
from xiaoer.facts.models import Column, Metric, Source, Value
from xiaoer.facts.periods import Period, at_date
from xiaoer.facts.periods import months_of as period_of
from xiaoer.facts.vocabulary import figure_words
from xiaoer.registry.models import Party

BATCH = 5000
CENT = Decimal("0.01")
SMALLER, OTHER_BUSINESS = Decimal("0.92"), Decimal("1.04")
"""Last year against this one; all business against the main one."""
SHEET_THEN, SHEET_NOW = (
    "2022年1-8月企业主要指标（税务、统计汇总）",
    "企业月度主要指标（税务、统计汇总）",
)
KNOWN_THEN_DAY = 13
REPORTED_AFTER = {False: 12, True: 80}
# Counts that people judge were checked by staff.
JUDGED = frozenset(kept.metric for kept in figure_words().values() if kept.word.is_judged)
"""Days after a month, and after a year, until a figure is reported."""
# Trade and industry are judged by their main business, services by all they turn over.
BY_MAIN_BUSINESS = range(6, 53)
USUAL_HEAD = 320_000
"""Revenue a year for each employee, yuan: how many people an invented firm has."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of an enterprise, in the metric's unit."""

    metric: str
    party_id: int
    period: Period
    number: Decimal


def keep_books(ground: Ground, firms: Firms, days: Days) -> tuple[list[Book], list[Book]]:
    """Write what enterprises turned over; the books of September 2022 (one zone) and of today."""
    then = books_then(firms) if ground.plan.code == "jedz" else []
    now = books_now(ground.plan.code, firms, days.today)
    if then:
        known = datetime(2022, 9, KNOWN_THEN_DAY, 2, tzinfo=days.now.tzinfo)
        write_lines(ground, known, SHEET_THEN, _months(then, 2022, MONTHS_OF_THE_PRINT))
    write_lines(ground, days.ago(0.5), SHEET_NOW, _today(now, days.today), monthly=True)
    return then, now


def _today(books: Iterable[Book], today: date) -> Iterator[Line]:
    """This year by the month, as far as months are over; the year before by the month and whole."""
    books = list(books)
    yield from _months(books, today.year, today.month - 1)
    yield from _months((_before(book) for book in books if has_last_year(book)), today.year - 1, 12)
    for book in books:
        yield from _year_before(book, today.year - 1)


def _before(book: Book) -> Book:
    """The same enterprise a year ago: a little smaller."""
    return replace(book, year_total=_earlier(book))


def _earlier(book: Book) -> Decimal:
    return (book.year_total * SMALLER).quantize(CENT)


def _months(books: Iterable[Book], year: int, count: int) -> Iterator[Line]:
    for book in books:
        for month, number in enumerate(months_of(book, count), start=1):
            yield Line(_metric_of(book.party), book.party.pk, period_of(year, month, month), number)


def _year_before(book: Book, year: int) -> Iterator[Line]:
    """What the yearly report says: revenue, staff, assets. A little less than this year's pace."""
    revenue = _earlier(book)
    whole, end = period_of(year, 1, 12), at_date(date(year, 12, 31))
    staff = max(3, int(revenue * 10_000 / USUAL_HEAD))
    assets = (revenue * Decimal("1.1")).quantize(Decimal("0.01"))
    by_main = _metric_of(book.party) == "main_revenue_cny"
    other = (revenue * (OTHER_BUSINESS if by_main else 1 / OTHER_BUSINESS)).quantize(CENT)
    yield Line("main_revenue_cny", book.party.pk, whole, revenue if by_main else other)
    yield Line("operating_revenue", book.party.pk, whole, other if by_main else revenue)
    yield Line("employees", book.party.pk, end, Decimal(staff))
    yield Line("total_assets_cny", book.party.pk, end, assets)
    yield Line("liabilities_cny", book.party.pk, end, assets * Decimal("0.52"))


def _metric_of(party: Party) -> str:
    by_main = int(party.industry[:2]) in BY_MAIN_BUSINESS
    return "main_revenue_cny" if by_main else "operating_revenue"


def write_lines(
    ground: Ground,
    known_at: datetime,
    sheet: str,
    lines: Iterable[Line],
    *,
    monthly: bool = False,
) -> int:
    """Write figures as reported in one sheet; how many. ``monthly``: known soon after their period."""
    source, _new = Source.objects.get_or_create(zone=ground.zone, name=sheet)
    metrics = {metric.code: metric for metric in Metric.objects.all()}
    hand = ground.hands["statistics.1"]
    rows = [
        _value(
            ground,
            source,
            metrics[line.metric],
            _known_soon(line, known_at) if monthly else known_at,
            line,
        )
        for line in lines
    ]
    Value.objects.bulk_create(rows, batch_size=BATCH)
    journal.record(
        by=hand.actor, now=known_at, verb="record_values", subject=source, count=len(rows)
    )
    _sum_up(ground, known_at, rows)
    return len(rows)


def _known_soon(line: Line, latest: datetime) -> datetime:
    """Twelve days after the month, eighty after the year; never later than the sheet itself."""
    is_year = line.period.ends_on.month == 12
    day = line.period.ends_on + timedelta(days=REPORTED_AFTER[is_year])
    return min(latest, datetime.combine(day, latest.timetz()))


def _value(ground: Ground, source: Source, metric: Metric, known_at: datetime, line: Line) -> Value:
    scaled = int(line.number.scaleb(Value.SCALE))
    return Value(
        zone=ground.zone,
        metric=metric,
        party_id=line.party_id,
        starts_on=line.period.starts_on,
        ends_on=line.period.ends_on,
        column=Column.OFFICIAL if metric.code in JUDGED else Column.REPORTED,
        low=scaled,
        high=scaled,
        source=source,
        known_at=known_at,
        recorded_at=known_at,
        post_id=ground.hands["statistics.1"].post.pk,
    )


def _sum_up(ground: Ground, now: datetime, rows: Iterable[Value]) -> None:
    ends: dict[int, set[date]] = {}
    for row in rows:
        ends.setdefault(row.metric_id, set()).add(row.ends_on)
    for metric_id, days in ends.items():
        facts.refresh_rollups(zone_id=ground.zone.pk, metric_id=metric_id, ends=days, now=now)
