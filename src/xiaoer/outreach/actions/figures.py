"""Figures that are missing become questions; answers to them become figures with their source.

Rooms ``work`` (questions) and ``facts`` (figures) do not know one another; this room knows both.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.leaving import going_on, tell_left
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.words import Word
from xiaoer.facts import actions as facts
from xiaoer.facts import queries as facts_queries
from xiaoer.facts.measuring import unit_of
from xiaoer.facts.models import Column, Metric, SourceKind
from xiaoer.facts.periods import Period
from xiaoer.facts.vocabulary import figure_words
from xiaoer.outreach import access
from xiaoer.outreach.queries.asked import ROOM, figure_asked, held_already, key_of, word_asked
from xiaoer.registry.models import MonitoringFirm
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries
from xiaoer.work.models import Question

# Offices always write Chinese papers; a source is a name on paper.
SOURCES = {
    Question.Through.VISIT: "企业答复（走访）",
    Question.Through.CALL: "企业答复（电话）",
    Question.Through.ENTERPRISE: "企业答复（企业页面）",
}


def follow_answer(*, question: Question, by: Actor, now: datetime, **_signal: Any) -> None:
    """An answer about a figure is written down as what the enterprise reported, with its source.

    The figure is the enterprise's own word, so whoever heard it may write it; the journal says who.
    """
    scribe = Actor(
        zone_id=by.zone_id,
        post_id=by.post_id,
        person_id=by.person_id,
        name=by.name,
        office=by.office,
    )
    asked = figure_asked(question.room, question.key)
    if asked is None:
        if (word := word_asked(question.key)) is not None:
            _follow_word(question, word, by, scribe, now)
        return
    metric, period = asked
    try:
        facts.record_value(
            by=scribe,
            now=now,
            metric=metric,
            period=period,
            number=question.answer,
            unit=question.unit,
            column=Column.REPORTED,
            source=SOURCES[Question.Through(question.through)],
            party=question.party,
            note=question.text,
        )
    except Refused as no:
        raise Refused(no.message, field="answer") from no


def _follow_word(question: Question, word: Word, by: Actor, scribe: Actor, now: datetime) -> None:
    """An answer about a word of the dictionary: a figure, yes or no, a day, one of some texts.

    It is what the enterprise says of itself, whoever heard it; a figure is of the period the word
    meant on the day it was asked. What an enterprise cannot say of itself is what the officer who
    went there says; answered by the enterprise it stays an answer.
    """
    kind = SourceKind.DECLARED
    if kind not in word.sources:
        if not by.is_staff or question.through == Question.Through.ENTERPRISE:
            return
        kind = SourceKind.STAFF
    kept = figure_words().get(word.name)
    unit = question.unit if kept and question.unit not in question.answer else ""
    try:
        facts.record_fact(
            by=scribe,
            now=now,
            party=question.party,
            word=word.name,
            value=f"{question.answer}{unit}",
            source_kind=kind,
            source=SOURCES[Question.Through(question.through)],
            period=facts_queries.period_of(kept, timezone.localdate(question.asked_at))
            if kept
            else None,
            note=question.text,
        )
    except Refused as no:
        raise Refused(no.message, field="answer") from no


@transaction.atomic
def ask_for_figures(
    *, by: Actor, now: datetime, metric: Metric, period: Period, why: str = "", worth: int = 0
) -> int:
    """Put the question for a missing figure to every monitored enterprise that lacks it; how many
    were asked now. Those asked before are not asked again, those that have the figure never."""
    access.must_ask_for_figures(by)
    firms = MonitoringFirm.objects.filter(zone_id=by.zone_id, until__isnull=True)
    lacking = facts_queries.firms_without(
        zone_id=by.zone_id,
        metric=metric,
        period=period,
        party_ids=firms.values_list("party_id", flat=True),
    )
    return work.ask_many(
        by=by,
        now=now,
        party_ids=lacking,
        room=ROOM,
        key=key_of(metric, period),
        text=f"{period.show('zh')}{metric.name}",
        why=why,
        expects=Question.Expects.NUMBER,
        unit=unit_of(metric).zh,
        worth=worth,
    )


@transaction.atomic
def drop_known_questions(*, by: Actor, now: datetime) -> int:
    """Drop the open questions whose figure came in by another way: nobody asks for what is known."""
    if not access.is_system(by):
        access.must_ask_for_figures(by)
    known = held_already(list(work_queries.questions(by, work_queries.QuestionFilter(room=ROOM))))
    dropped, left = 0, dict[str, str]()
    for question in known:
        with going_on(left, f"{question.party.name}：{question.text}"):
            work.drop_question(
                by=by, now=now, question=question, reason=_("The figure came in by another way.")
            )
            dropped += 1
    tell_left(by=by, now=now, left=left)
    return dropped
