"""Requests that resemble one another: duplicates near by, and similar ones that were answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from xiaoer.base.scope import Actor
from xiaoer.outreach.models import Appeal, AppealEvent
from xiaoer.outreach.terms import terms_of
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL, WorkCalendar

NEAR_DAYS = 180
NEAR_SCORE = 0.35
ALIKE_SCORE = 0.12
MOST_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Near:
    """A request of the same enterprise that may be the same thing. Whoever scanned a card learns
    that it exists, not what it says (``title`` is None)."""

    appeal_id: int
    receipt_no: str
    filed_at: datetime
    state: str
    state_words: str
    title: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Alike:
    """A similar request that was answered: how, in how many working days, and what the enterprise
    said of it. Failures teach too."""

    appeal_id: int
    receipt_no: str
    title: str
    enterprise: str
    answer: str
    result: str
    result_words: str
    days_used: int | None
    is_confirmed: bool
    satisfaction: int | None
    reopened: int
    date_changes: int
    score: float


def duplicates_near(
    *, by: Actor, party_id: int, title: str, body: str = "", now: datetime
) -> list[Near]:
    """Requests of the enterprise in the last half year that resemble what is about to be filed."""
    terms = terms_of(title, body)
    if not terms:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, receipt_no, filed_at, state, score from appeals_near(%s, %s, %s)",
            [party_id, terms, now - timedelta(days=NEAR_DAYS)],
        )
        rows = [row for row in cursor.fetchall() if row[4] >= NEAR_SCORE]
    titles = dict(
        Appeal.objects.filter(zone_id=by.zone_id, pk__in=[row[0] for row in rows]).values_list(
            "pk", "title"
        )
    )
    return [
        Near(
            appeal_id=number,
            receipt_no=receipt_no,
            filed_at=filed_at,
            state=state,
            state_words=str(Appeal.State(state).label),
            title=titles.get(number),
            score=score,
        )
        for number, receipt_no, filed_at, state, score in rows
    ]


def similar_appeals(*, by: Actor, appeal: Appeal) -> tuple[Alike, ...]:
    """The most similar answered requests of the same kind; staff only."""
    if not by.is_staff or appeal.kind_id is None or not appeal.terms:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, score from appeals_alike(%s, %s, %s)",
            [appeal.kind_id, appeal.terms, appeal.pk],
        )
        scores = {row[0]: row[1] for row in cursor.fetchall() if row[1] >= ALIKE_SCORE}
    chosen = list(scores)[:MOST_ALIKE]
    rows = {
        row.pk: row
        for row in Appeal.objects.filter(zone_id=by.zone_id, pk__in=chosen).select_related("party")
    }
    answers = _answers(chosen)
    calendar = work.calendar_of(appeal.zone_id)
    return tuple(
        _alike(rows[number], answers.get(number, ""), scores[number], calendar)
        for number in chosen
        if number in rows
    )


def _answers(appeal_ids: list[int]) -> dict[int, str]:
    events = AppealEvent.objects.filter(appeal_id__in=appeal_ids, verb="answer_appeal").order_by(
        "at", "id"
    )
    return {event.appeal_id: event.text for event in events}


def _alike(row: Appeal, answer: str, score: float, calendar: WorkCalendar) -> Alike:
    return Alike(
        appeal_id=row.pk,
        receipt_no=row.receipt_no,
        title=row.title,
        enterprise=row.party.name,
        answer=answer,
        result=row.result,
        result_words=str(Appeal.Result(row.result).label) if row.result else "",
        days_used=days_used(row, calendar),
        is_confirmed=row.state == Appeal.State.CONFIRMED,
        satisfaction=row.satisfaction,
        reopened=row.reopened,
        date_changes=row.date_changes.filter(granted=True).count(),
        score=score,
    )


def days_used(row: Appeal, calendar: WorkCalendar) -> int | None:
    """Working days from the filing to the latest answer; None while there is none."""
    if row.answered_at is None:
        return None
    return calendar.working_days_between(
        row.filed_at.astimezone(LOCAL).date(), row.answered_at.astimezone(LOCAL).date()
    )
