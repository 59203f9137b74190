"""API of what is asked and promised on visits: questions, intervals, phrases, words, next steps."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office, Post
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.api import fieldwork_schemas as f
from xiaoer.outreach.api import schemas as s
from xiaoer.outreach.api.rows import one
from xiaoer.outreach.models import Companion, FindingWord, Phrase
from xiaoer.registry.models import Party
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL

router = Router(tags=["visits"])


@router.get("/visit-questions", response={200: list[f.VisitQuestionOut], **PROBLEMS})
@api(READ)
def list_field_questions(
    request: HttpRequest, by: Actor, all: bool = False
) -> object:  # the word of the address
    """Questions of visits with the choices that are offered; ``all`` also those asked no more."""
    must_be_staff(by)
    return list(queries.field_questions(by=by, active=not all))


@router.post("/visit-questions", response={200: f.VisitQuestionOut, **PROBLEMS})
@api(WRITE)
def keep_field_question(request: HttpRequest, by: Actor, what: f.VisitQuestionIn) -> object:
    """Add a question of visits, or change the one of this code."""
    must_be_staff(by)
    given = what.dict(exclude={"choices"})
    kept = outreach.keep_field_question(
        by=by,
        now=timezone.now(),
        choices=[outreach.ChoiceFacts(**each.dict()) for each in what.choices],
        **given,
    )
    return found(queries.field_questions(by=by, active=False).filter(pk=kept.pk).first())


@router.get("/visit-intervals", response={200: list[f.VisitIntervalOut], **PROBLEMS})
@api(READ)
def list_visit_intervals(request: HttpRequest, by: Actor) -> object:
    """How many days may lie between two visits, by tier of the enterprise."""
    must_be_staff(by)
    return list(queries.visit_intervals(by=by))


@router.post("/visit-intervals", response={200: f.VisitIntervalOut, **PROBLEMS})
@api(WRITE)
def keep_visit_interval(request: HttpRequest, by: Actor, what: f.VisitIntervalIn) -> object:
    """Change an interval between visits."""
    must_be_staff(by)
    return outreach.keep_visit_interval(by=by, now=timezone.now(), **what.dict())


@router.get("/visit-phrases", response={200: list[f.PhraseOut], **PROBLEMS})
@api(READ)
def list_phrases(request: HttpRequest, by: Actor) -> object:
    """Phrases to tap into a log: one's own, the office's, the zone's."""
    must_be_staff(by)
    return list(queries.phrases(by=by))


@router.post("/visit-phrases", response={200: f.PhraseOut, **PROBLEMS})
@api(WRITE)
def keep_phrase(request: HttpRequest, by: Actor, what: f.PhraseIn) -> object:
    """Add a phrase of one's own, one's office or the zone."""
    must_be_staff(by)
    return outreach.keep_phrase(
        by=by,
        now=timezone.now(),
        text=what.text,
        office=one(Office, by.office_id, by=by, field="whose") if what.whose == "office" else None,
        post=one(Post, by.post_id, by=by, field="whose") if what.whose == "own" else None,
    )


@router.delete("/visit-phrases/{phrase_id}", response={200: f.PhraseOut, **PROBLEMS})
@api(WRITE)
def remove_phrase(request: HttpRequest, by: Actor, phrase_id: s.Id) -> object:
    """Offer a phrase no longer."""
    must_be_staff(by)
    row = found(Phrase.objects.filter(zone_id=by.zone_id, pk=phrase_id).first())
    return outreach.remove_phrase(by=by, now=timezone.now(), phrase=row)


@router.get("/finding-words", response={200: list[f.FindingWordOut], **PROBLEMS})
@api(READ)
def list_finding_words(request: HttpRequest, by: Actor) -> object:
    """Words only an inspection uses; in the log of a visit they bring a warning."""
    must_be_staff(by)
    return list(queries.finding_word_rows(by=by))


@router.post("/finding-words", response={200: f.FindingWordOut, **PROBLEMS})
@api(WRITE)
def add_finding_word(request: HttpRequest, by: Actor, what: f.FindingWordIn) -> object:
    """Add a word of inspections."""
    must_be_staff(by)
    return outreach.add_finding_word(by=by, now=timezone.now(), word=what.word, source=what.source)


@router.delete("/finding-words/{word_id}", response={200: f.FindingWordOut, **PROBLEMS})
@api(WRITE)
def remove_finding_word(request: HttpRequest, by: Actor, word_id: s.Id) -> object:
    """Warn of a word no longer."""
    must_be_staff(by)
    row = found(FindingWord.objects.filter(zone_id=by.zone_id, pk=word_id).first())
    return outreach.remove_finding_word(by=by, now=timezone.now(), word=row)


@router.get("/visits/due", response={200: f.DueListOut, **PROBLEMS})
@api(READ)
def list_due(request: HttpRequest, by: Actor, asked: Query[f.DueQuery]) -> object:
    """Whom an officer is to visit, the most urgent first, each with its reasons in words."""
    must_be_staff(by)
    return found(queries.due_list(by=by, now=timezone.now(), post_id=asked.post))


@router.post("/visits/check-words", response={200: f.WarningsOut, **PROBLEMS})
@api(READ)
def check_words(request: HttpRequest, by: Actor, what: f.WordsCheckIn) -> object:
    """What a log would be warned of, before it is sent; nothing is kept."""
    must_be_staff(by)
    return {"warnings": outreach.warnings_about(what.said, zone_id=by.zone_id or 0)}


@router.get("/visits/{visit_id}/heard", response={200: f.VisitHeardOut, **PROBLEMS})
@api(READ)
def read_heard(request: HttpRequest, by: Actor, visit_id: s.Id) -> object:
    """What was answered on a visit, and the next steps promised."""
    must_be_staff(by)
    visit = found(queries.visit(by=by, visit_id=visit_id))
    steps = queries.steps_of(
        by=by,
        visit_ids=[visit.pk, *queries.version_numbers(visit.pk)],
        now=timezone.now(),
    )
    return {
        "answers": queries.answers_of([visit])[visit.pk],
        "steps": [_step(line) for _task, line in steps],
    }


def _step(step: Any) -> dict[str, Any]:
    return {
        "id": step.task_id,
        "title": step.title,
        "state": step.state,
        "holder": step.holder,
        "due_at": step.due_at,
        "outcome": step.outcome,
    }


@router.post("/visits/{visit_id}/join", response={200: s.VisitOut, **PROBLEMS})
@api(WRITE)
def join_visit(request: HttpRequest, by: Actor, visit_id: s.Id) -> object:
    """Join a visit a colleague logged, as one who went along."""
    must_be_staff(by)
    visit = found(queries.visit(by=by, visit_id=visit_id))
    joined: Companion = outreach.join_visit(by=by, now=timezone.now(), visit=visit)
    return queries.visit_row(found(queries.visit(by=by, visit_id=joined.visit_id)))


@router.post("/visit-steps/{task_id}/finish", response={200: f.VisitStepOut, **PROBLEMS})
@api(WRITE)
def finish_step(request: HttpRequest, by: Actor, task_id: s.Id, what: f.FinishStepIn) -> object:
    """Say that a next step promised on a visit was taken."""
    must_be_staff(by)
    task = found(work.task_of(by, task_id))
    done = outreach.finish_step(by=by, now=timezone.now(), task=task, words=what.words)
    return {
        "id": done.pk,
        "title": done.title,
        "state": done.state,
        "holder": task.post.person.name if task.post else None,
        "due_at": done.due_at,
        "outcome": done.outcome,
    }


@router.get("/scores", response={200: f.ScorePageOut, **PROBLEMS})
@api(READ)
def list_scores(request: HttpRequest, by: Actor, asked: Query[f.ScoreQuery]) -> object:
    """Enterprises by growth, risk or satisfaction; what is not known stands last."""
    must_be_staff(by)
    filters = queries.ScoreFilter(**asked.dict(exclude={"after", "size"}))
    return queries.score_list(
        by=by, filters=filters, today=_today(), after=asked.after, size=asked.size
    )


@router.get("/scores/{party_id}", response={200: f.FirmScoresOut, **PROBLEMS})
@api(READ)
def read_scores(request: HttpRequest, by: Actor, party_id: s.Id) -> object:
    """The scores of an enterprise, and the answers they are made of."""
    must_be_staff(by)
    party = found(
        Party.objects.filter(zone_id=by.zone_id, pk=party_id).select_related("cell").first()
    )
    return {
        "scores": queries.scores_of_firm(by=by, party=party, today=_today()),
        "answers": [
            _standing(one) for one in queries.answers_behind(by=by, party=party, today=_today())
        ],
    }


def _today() -> date:
    return timezone.now().astimezone(LOCAL).date()


def _standing(one: queries.AnswerStanding) -> dict[str, Any]:
    answer = one.answer
    return {
        "code": one.question.code,
        "question": one.question.text,
        "answer": answer.words if answer else None,
        "day": answer.day if answer else None,
        "visit_id": answer.visit_id if answer else None,
        "visited_on": answer.visited_on if answer else None,
        "is_stale": one.is_stale,
        "points": {dimension: points for dimension, points, _most in one.points},
    }
