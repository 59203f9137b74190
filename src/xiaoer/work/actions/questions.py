"""Questions to enterprises: asked once, answered by whoever goes there or by the enterprise itself."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.registry.models import Party
from xiaoer.web import words
from xiaoer.work import access
from xiaoer.work.actions.checking import last_hand, needed, plain
from xiaoer.work.answers import checked_answer
from xiaoer.work.models import Question

State, Through, Expects = Question.State, Question.Through, Question.Expects
# Sent inside the verb's transaction when a question is answered: question, by, now. The room that
# asked writes the answer down where it belongs; its refusal undoes the answer.
question_answered = Signal()

STANDS = (State.OPEN, State.ANSWERED, State.DECLINED)


@transaction.atomic
def ask_question(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    room: str,
    key: str,
    text: str,
    why: str = "",
    expects: str = Expects.WORDS,
    unit: str = "",
    choices: Sequence[str] = (),
    worth: int = 0,
) -> Question:
    """Put a question to an enterprise into the one queue, or find the one there is.

    The same (``room`` and ``key``) is asked once: while it is open, and when it was answered or
    declined, that question is given back and nothing is asked again.
    """
    access.must_ask(by)
    _must_stand_alone(party)
    asked = _checked(room, key, text, why, expects, unit, choices, worth)
    there = _standing(by, party.pk, room, key)
    if there is not None:
        return there
    try:
        with transaction.atomic():
            question = Question.objects.create(
                zone_id=by.zone_id, party=party, asked_by_id=by.post_id, asked_at=now, **asked
            )
    except IntegrityError:
        # Somebody else asked it in this very moment.
        there = _standing(by, party.pk, room, key)
        if there is None:
            raise
        return there
    _record(by, now, "ask_question", question, words=question.text)
    return question


def _must_stand_alone(party: Party) -> None:
    """Nobody looks for questions at an entry that was merged, and the other may have answered."""
    if party.merged_into is not None:
        raise Refused(
            _("%(name)s was merged into %(kept)s; work with that one.")
            % {"name": party.name, "kept": party.merged_into.name},
            field="party",
        )


def _record(by: Actor, now: datetime, verb: str, question: Question, **detail: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=question, party_ref=question.party_id, **detail
    )


def _standing(by: Actor, party_id: int, room: str, key: str) -> Question | None:
    return Question.objects.filter(
        zone_id=by.zone_id, party_id=party_id, room=room, key=key, state__in=STANDS
    ).first()


def _checked(
    room: str,
    key: str,
    text: str,
    why: str,
    expects: str,
    unit: str,
    choices: Sequence[str],
    worth: int,
) -> dict[str, Any]:
    text = plain(text, "text", most=200)
    if not text:
        raise Refused(_("Write the question as it will be asked."), field="text")
    if expects not in Expects.values:
        raise Refused(_("Choose what kind of answer is expected."), field="expects")
    kept = list(dict.fromkeys(each.strip() for each in choices if each.strip()))
    if (expects == Expects.CHOICE) != (len(kept) >= 2):
        raise Refused(
            _("A choice offers at least two answers; other questions offer none."), field="choices"
        )
    if not 0 <= worth <= 1_000_000:
        raise Refused(_("Type a whole number from 0 to 1,000,000."), field="worth")
    return {
        "room": plain(room, "room", most=20),
        "key": plain(key, "key", most=80),
        "text": text,
        "why": plain(why, "why", most=200),
        "expects": expects,
        "unit": plain(unit, "unit", most=20),
        "choices": kept,
        "worth": worth,
    }


_ASK_MANY = """
insert into question (zone_id, party_id, room, key, text, why, expects, unit, choices, worth,
                      asked_by_id, asked_at, state, answer, through, version)
select p.zone_id, p.id, %(room)s, %(key)s, %(text)s, %(why)s, %(expects)s, %(unit)s,
       %(choices)s::jsonb, %(worth)s, %(post)s, %(now)s, 'open', '', '', 1
from party p
where p.zone_id = %(zone)s and p.id = any(%(parties)s) and p.merged_into_id is null
on conflict (party_id, room, key) where state in ('open', 'answered', 'declined') do nothing
"""


@transaction.atomic
def ask_many(
    *,
    by: Actor,
    now: datetime,
    party_ids: Iterable[int],
    room: str,
    key: str,
    text: str,
    why: str = "",
    expects: str = Expects.WORDS,
    unit: str = "",
    choices: Sequence[str] = (),
    worth: int = 0,
) -> int:
    """Put one question to many enterprises in one statement; how many had not been asked it yet."""
    access.must_ask(by)
    asked = _checked(room, key, text, why, expects, unit, choices, worth)
    with connection.cursor() as cursor:
        cursor.execute(
            _ASK_MANY,
            asked
            | {
                "choices": json.dumps(asked["choices"], ensure_ascii=False),
                "zone": by.zone_id,
                "parties": sorted(set(party_ids)),
                "post": by.post_id,
                "now": now,
            },
        )
        count: int = cursor.rowcount
    if count:
        journal.record(
            by=by,
            now=now,
            verb="ask_many",
            subject=Zone.objects.get(pk=by.zone_id),
            words=asked["text"],
            key=asked["key"],
            count=count,
        )
    return count


def _opened(by: Actor, question: Question) -> Question:
    """The question, locked and still open."""
    kept = (
        Question.objects.select_for_update(of=("self",))
        .select_related("party")
        .filter(zone_id=by.zone_id, pk=question.pk)
        .first()
    )
    if kept is None:
        raise Refused(_("There is no such question here for you."))
    if kept.state != State.OPEN:
        raise Refused(
            _("“%(text)s” is no longer open: %(state)s, %(who)s.")
            % {
                "text": kept.text,
                "state": kept.get_state_display(),
                "who": last_hand("question", kept.pk, by) or words.MISSING,
            }
        )
    return kept


def _must_see(by: Actor, question: Question) -> None:
    """Looked up under the asker's own scope: what is not seen is not there."""
    if not Question.objects.filter(zone_id=by.zone_id, pk=question.pk).exists():
        raise Refused(_("There is no such question here for you."))


@transaction.atomic
def answer_question(
    *, by: Actor, now: datetime, question: Question, answer: str, through: str = Through.VISIT
) -> Question:
    """Write down what the enterprise said, checked against what was asked for.

    Staff write what they heard on a visit or a call; the enterprise's own representative answers on
    its page, about itself only. The room that asked is told inside this transaction.
    """
    _must_see(by, question)
    through = access.answers_through(by, question.party_id, through)
    with on_behalf(by):
        kept = _opened(by, question)
        said = needed_answer(kept, answer)
        kept.state, kept.answer, kept.through = State.ANSWERED, said, through
        _end(by, now, kept)
        _record(by, now, "answer_question", kept, words=kept.text, answer=said, through=through)
        question_answered.send(Question, question=kept, by=by, now=now)
    return kept


def needed_answer(question: Question, answer: str) -> str:
    """The answer as it is kept, or a refusal that says what to type."""
    text = plain(answer, "answer", most=500)
    if not text:
        raise Refused(_("Write down what was answered."), field="answer")
    return checked_answer(
        expects=question.expects, text=text, unit=question.unit, choices=question.choices
    )


def _end(by: Actor, now: datetime, question: Question) -> None:
    question.answered_by_id, question.ended_at = by.post_id, now
    question.version += 1
    question.save()


@transaction.atomic
def decline_question(
    *, by: Actor, now: datetime, question: Question, words: str = "", through: str = Through.VISIT
) -> Question:
    """The enterprise does not say; it is not asked again."""
    _must_see(by, question)
    through = access.answers_through(by, question.party_id, through)
    with on_behalf(by):
        kept = _opened(by, question)
        kept.state, kept.answer, kept.through = (
            State.DECLINED, plain(words, "answer", most=500), through,
        )  # fmt: skip
        _end(by, now, kept)
        _record(by, now, "decline_question", kept, words=kept.text, through=through)
    return kept


@transaction.atomic
def drop_question(*, by: Actor, now: datetime, question: Question, reason: str) -> Question:
    """Nobody needs the answer any more; the same may be asked again one day."""
    kept = _opened(by, question)
    access.must_drop_question(by, kept)
    kept.state, kept.answer = State.DROPPED, needed(reason, "reason", most=500)
    _end(by, now, kept)
    _record(by, now, "drop_question", kept, words=kept.text, reason=kept.answer)
    return kept
