"""Asking a person to look: at what is in doubt, at what was drawn, and on site afterwards."""

from datetime import datetime, time

from django.utils import timezone

from xiaoer.base.models import Office
from xiaoer.base.scope import Actor
from xiaoer.permits.models import AutoDecision, AutoPack, AutoReview, Case, PostCheck
from xiaoer.web.words import local_date
from xiaoer.work import actions as work
from xiaoer.work import queries as works
from xiaoer.work.models import Task

REVIEW, CHECK = "auto_review", "post_check"
# Working days to look at a decision drawn at random.
SAMPLE_DAYS = 5


def ask_review(
    *, by: Actor, now: datetime, decision: AutoDecision, why: AutoReview.Why, words: str = ""
) -> AutoReview:
    """Put a decision before a person. What is in doubt is the task the case has already."""
    row = AutoReview.objects.create(
        zone_id=by.zone_id, decision=decision, case=decision.case, why=why, words=words[:300],
        opened_at=now,
    )  # fmt: skip
    row.task = (
        _own_task(by, now, row, REVIEW, f"/automatic/reviews/{row.pk}/", _due(by, now, SAMPLE_DAYS))
        if why == AutoReview.Why.SAMPLE
        else _task_of(decision.case)
    )
    if row.task is not None:
        row.save(update_fields=["task"])
    return row


def ask_post_check(
    *, by: Actor, now: datetime, decision: AutoDecision, pack: AutoPack
) -> PostCheck | None:
    """Two officers look on site within the days of the pack; none where it has no such check."""
    if pack.post_check_days is None:
        return None
    row = PostCheck.objects.create(
        zone_id=by.zone_id,
        decision=decision,
        case=decision.case,
        office=_office(decision.case),
        due_at=_due(by, now, pack.post_check_days),
    )
    row.task = _own_task(by, now, row, CHECK, f"/automatic/checks/{row.pk}/", row.due_at)
    if row.task is not None:
        row.save(update_fields=["task"])
    return row


def _task_of(case: Case) -> Task | None:
    """The task somebody has with the case anyway; nobody is asked twice for one thing."""
    if case.matter is None:
        return None
    return Task.objects.filter(matter=case.matter, state=Task.State.OPEN).order_by("id").first()


def _own_task(
    by: Actor,
    now: datetime,
    row: AutoReview | PostCheck,
    kind: str,
    address: str,
    due_at: datetime,
) -> Task | None:
    """A task of its own: the case may be closed long before."""
    case = row.case
    office = _office(case)
    title = f"{case.thing_version.thing.name}：{case.applicant_name}"
    matter = work.open_matter(
        by=by, now=now, kind=kind, subject_id=row.pk, title=title, address=address,
        party=case.party,
    )  # fmt: skip
    if office is None:
        return None
    return work.give_task(
        by=by, now=now, matter=matter, kind=kind, title=title, office=office, due_at=due_at
    )


def _office(case: Case) -> Office | None:
    return case.thing_version.thing.office or case.desk


def _due(by: Actor, now: datetime, days: int) -> datetime:
    day = works.calendar_of(by.zone_id).add_working_days(local_date(now), days)
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
