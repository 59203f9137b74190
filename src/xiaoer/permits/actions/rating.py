"""好差评: the applicant says how it was handled; a bad word is looked into and answered."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import applicant_access as access
from xiaoer.permits.actions.holding_case import State, case_in_hand, tell_case
from xiaoer.permits.models import Case, Rating
from xiaoer.permits.queries.applying import BAD
from xiaoer.work import actions as work
from xiaoer.work import queries as limits
from xiaoer.work.models import Matter, Task

CHECK = "check_rating"
TOO_EARLY = frozenset({State.DRAFT, State.WITHDRAWN})


@transaction.atomic
def rate_case(*, by: Actor, now: datetime, case: Case, score: int, words: str = "") -> Rating:
    """Rate how a case was handled, once; from when it was submitted on, also before it is decided."""
    with case_in_hand(by, case, now) as row:
        access.must_be_applicant(by, row)
        if row.state in TOO_EARLY:
            raise Refused(_("There is nothing to rate yet: the application was not submitted."))
        if not 1 <= score <= 5:
            raise Refused(_("Choose one of the five."), field="score")
        words = words.strip()
        if len(words) > 500:
            raise Refused(
                _("At most %(most)d characters; these are %(count)d.")
                % {"most": 500, "count": len(words)},
                field="words",
            )
        if Rating.objects.filter(case=row).exists():
            raise Refused(_("It is rated already; tell us more by calling the service desk."))
        rating = Rating.objects.create(
            zone_id=row.zone_id, case=row, score=score, words=words.replace("\x00", ""), at=now
        )
        if score <= BAD:
            rating.task = _ask_look(row, by=by, now=now)
            rating.save(update_fields=["task"])
        tell_case(row, by=by, now=now, verb="rate_case", score=score)
    return rating


def _ask_look(row: Case, *, by: Actor, now: datetime) -> Task | None:
    """A task for the desk, with a limit the zone sets; a closed matter is taken on again for it."""
    if row.matter is None or row.desk is None:
        return None
    matter = Matter.objects.get(pk=row.matter.pk)
    if matter.closed_at is not None:
        matter = work.reopen_matter(by=by, now=now, matter=matter)
    return work.give_task(
        by=by,
        now=now,
        matter=matter,
        kind=CHECK,
        title=f"{row.number}：{row.applicant_name}",
        office=row.desk,
        limit=limits.limit(row.zone_id, "permit.bad_rating"),
    )


@transaction.atomic
def answer_rating(
    *, by: Actor, now: datetime, rating: Rating, is_upheld: bool, answer: str
) -> Rating:
    """Say what was found on looking into a rating, and answer the applicant in words."""
    access.must_answer_ratings(by)
    row = (
        Rating.objects.select_for_update(of=("self",))
        .select_related("case__matter", "task__matter")
        .get(zone_id=by.zone_id, pk=rating.pk)
    )
    if row.answered_at is not None:
        raise Refused(_("This rating is answered already."))
    answer = answer.strip()
    if not answer or len(answer) > 500:
        raise Refused(
            _("Tell the applicant in a few words what was found and what is done."), field="answer"
        )
    row.is_upheld, row.answer = is_upheld, answer.replace("\x00", "")
    row.answered_at, row.answered_by_id = now, by.post_id
    row.save(update_fields=["is_upheld", "answer", "answered_at", "answered_by"])
    task, case = row.task, row.case
    if task is not None and task.state == Task.State.OPEN:
        work.finish_task(by=by, now=now, task=task, outcome=answer)
        if case.closed_at is not None and task.matter.closed_at is None:
            work.close_matter(by=by, now=now, matter=task.matter)
    tell_case(case, by=by, now=now, verb="answer_rating", answer=answer, is_upheld=is_upheld)
    return row
