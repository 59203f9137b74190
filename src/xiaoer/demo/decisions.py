"""What people decided of the demo's enterprises: who is in the statistical register, who climbs."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from xiaoer.base import journal
from xiaoer.demo.days import Days
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.demo.ledgers import Book
from xiaoer.growth import actions as growth
from xiaoer.growth.models import Designation
from xiaoer.rules import actions as rules
from xiaoer.work.calendar import LOCAL

Kind = Designation.Kind
REGISTER = ("统计局", "一套表调查单位名录")
CLIMBING = ("市工业和信息化局", "攀登企业名单")
SECOND_LIST = date(2023, 3, 1)
MONTHS_OF_THE_ARTICLES = (date(2022, 9, 30), date(2023, 10, 31))
EVENING = time(18)


def keep_decisions(ground: Ground, then: Sequence[Book], now: Sequence[Book]) -> None:
    """Write the lists of the past and of today; whoever was on one stays on it."""
    kept: dict[tuple[int, str], Designation] = {}
    for book in then:
        _decide(ground, kept, book, first=True)
    for book in now:
        _decide(ground, kept, book, first=not then)
    Designation.objects.bulk_create(kept.values(), batch_size=1000)
    journal.record(
        by=ground.hands["statistics.1"].actor,
        now=FOUNDED,
        verb="designate_many",
        subject=ground.zone,
        count=len(kept),
    )


def _decide(
    ground: Ground, kept: dict[tuple[int, str], Designation], book: Book, *, first: bool
) -> None:
    """``first``: as the lists were when the zone began to keep them; later ones only add."""
    since = {Kind.IN_REGISTER: book.in_register_since, Kind.CLIMB: book.climbs_since}
    for kind, day in since.items():
        if day is None or (book.party.pk, kind) in kept:
            continue
        if kind == Kind.CLIMB and not first:
            day = SECOND_LIST
        body, document = REGISTER if kind == Kind.IN_REGISTER else CLIMBING
        kept[book.party.pk, kind] = Designation(
            zone=ground.zone,
            party=book.party,
            kind=kind,
            since=day,
            document=document,
            decided_by=body,
            post_id=ground.hands["statistics.1"].post.pk,
            recorded_at=datetime.combine(day, FOUNDED.timetz()),
        )


def climb_ladders(ground: Ground, days: Days) -> None:
    """Evaluate the ladders: at the ends of the months the articles tell of, and of the last months."""
    past = MONTHS_OF_THE_ARTICLES if ground.plan.code == "jedz" else ()
    last = days.today.replace(day=1) - timedelta(days=1)
    recent = (last.replace(day=1) - timedelta(days=1), last)
    for day in (*past, *recent):
        growth.evaluate_ladders(by=ground.by, now=datetime.combine(day, EVENING, LOCAL), as_of=day)
    growth.evaluate_ladders(by=ground.by, now=days.ago(0.2))
    # Also before the office opens, when a tenth of a working day ago was another day.
    rules.run_rules(by=ground.by, now=days.day_ago(0, 0.9), as_of=days.today)
