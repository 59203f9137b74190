"""What a visit brings besides words: chosen answers, and next steps promised to the enterprise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.actions import clocks
from xiaoer.outreach.actions.story import may_say, must_say
from xiaoer.outreach.models import FieldChoice, FieldQuestion, Visit, VisitAnswer
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries
from xiaoer.work.models import Matter, Task

VISIT, STEP = "visit", "step"
MOST_STEPS = 10
LONGEST_STEP = 120


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer to a question of the set: a choice tapped, a day, or words."""

    question: FieldQuestion
    choice: FieldChoice | None = None
    day: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A next step promised on a visit: what, until when, and who does it (else who visited)."""

    what: str
    due_on: date
    post: Post | None = None


def write_answers(visit: Visit, answers: Sequence[Heard]) -> list[VisitAnswer]:
    """Keep what was answered, in the words of the day it was asked."""
    rows = [_answer(visit, heard) for heard in answers]
    asked = [row.question_id for row in rows]
    if len(asked) != len(set(asked)):
        raise Refused(_("Each question is answered once on a visit; choose one answer."))
    return VisitAnswer.objects.bulk_create(rows)


def _answer(visit: Visit, heard: Heard) -> VisitAnswer:
    question, field = heard.question, f"answer_{heard.question.code}"
    expects = FieldQuestion.Expects(question.expects)
    if heard.choice is not None and heard.choice.question_id != question.pk:
        raise Refused(_("Choose one of the answers to “%(text)s”.") % _named(question), field=field)
    if heard.day is not None and expects != FieldQuestion.Expects.DAY:
        raise Refused(_("“%(text)s” is not answered by a date.") % _named(question), field=field)
    words = may_say(heard.words, field, 200)
    if heard.choice is None and heard.day is None and not words:
        raise Refused(_("Say what was answered to “%(text)s”.") % _named(question), field=field)
    if expects == FieldQuestion.Expects.CHOICE and heard.choice is None:
        raise Refused(_("Choose one of the answers to “%(text)s”.") % _named(question), field=field)
    return VisitAnswer(
        zone_id=visit.zone_id,
        visit=visit,
        question=question,
        choice=heard.choice,
        day=None if heard.choice else heard.day,
        asked=question.text,
        words=heard.choice.words if heard.choice and not words else words,
    )


def _named(question: FieldQuestion) -> dict[str, str]:
    return {"text": question.label}


def copy_answers(old: Visit, new: Visit) -> None:
    """A correction that says nothing of the answers leaves them as they were."""
    VisitAnswer.objects.bulk_create(
        VisitAnswer(
            zone_id=new.zone_id,
            visit=new,
            question_id=row.question_id,
            choice_id=row.choice_id,
            day=row.day,
            asked=row.asked,
            words=row.words,
        )
        for row in old.answers.order_by("id")
    )


def promise_steps(
    visit: Visit, steps: Sequence[Step], *, by: Actor, now: datetime
) -> tuple[Task, ...]:
    """Promised next steps become tasks on the visit's own matter, each with a post and a day."""
    if not steps:
        return ()
    if len(steps) > MOST_STEPS:
        raise Refused(
            _("At most %(most)d next steps; put them together.") % {"most": MOST_STEPS},
            field="steps",
        )
    known = work_queries.matter_of(by, kind=VISIT, subject_id=visit.pk)
    if known is not None and known.closed_at is not None:
        known = work.reopen_matter(by=by, now=now, matter=known)
    matter = known or work.open_matter(
        by=by,
        now=now,
        kind=VISIT,
        subject_id=visit.pk,
        party=visit.party,
        title=_("Visit to %(name)s") % {"name": visit.party.name},
        address=f"/visits/{visit.pk}/",
    )
    return tuple(_promise(matter, visit, step, by=by, now=now) for step in steps)


def _promise(matter: Matter, visit: Visit, step: Step, *, by: Actor, now: datetime) -> Task:
    what = must_say(step.what, "steps", _("Say what was promised as next step."), most=LONGEST_STEP)
    if step.due_on < clocks.local_day(now):
        raise Refused(
            _("“%(what)s” is promised for a day that has passed; give a day from today on.")
            % {"what": what},
            field="steps",
        )
    return work.give_task(
        by=by,
        now=now,
        matter=matter,
        kind=STEP,
        title=what,
        post=step.post or visit.post,
        due_at=clocks.end_of(step.due_on),
    )


@transaction.atomic
def finish_step(*, by: Actor, now: datetime, task: Task, words: str) -> Task:
    """Say that a next step promised on a visit was taken; after the last the visit is settled."""
    kept = (
        Task.objects.select_for_update(of=("self",))
        .select_related("matter")
        .filter(zone_id=by.zone_id, pk=task.pk, kind=STEP, matter__kind=VISIT)
        .first()
    )
    if kept is None:
        raise Refused(_("There is no such next step here for you."))
    _must_take(by, kept, now)
    words = must_say(words, "words", _("Say what was done."), most=500)
    done = work.finish_task(by=by, now=now, task=kept, outcome=words)
    journal.record(
        by=by,
        now=now,
        verb="finish_step",
        subject=done,
        party_ref=kept.matter.party_id,
        words=words,
    )
    if not kept.matter.tasks.filter(state=Task.State.OPEN).exists():
        work.close_matter(by=by, now=now, matter=kept.matter)
    return done


def may_take(by: Actor, task: Task, now: datetime) -> bool:
    """Whoever promised it, those who stand in, the office it went to, and the desk."""
    mine = task.post_id in access.posts_answered_for(by, now)
    in_office = task.post_id is None and by.office_id == task.office_id
    return by.is_staff and (mine or in_office or access.is_desk(by))


def _must_take(by: Actor, task: Task, now: datetime) -> None:
    if not may_take(by, task, now):
        raise Refused(_("This next step is somebody else's; ask whoever has it."))


def matter_of_visit(by: Actor, visit_ids: Sequence[int]) -> Matter | None:
    """The matter the steps of a visit hang on, whichever version of the log promised them."""
    for visit_id in visit_ids:
        found = work_queries.matter_of(by, kind=VISIT, subject_id=visit_id)
        if found is not None:
            return found
    return None
