"""What a ladder lacks becomes questions, each asked once; their answers become facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.words import Kind, Word
from xiaoer.facts import actions as facts
from xiaoer.facts import queries as facts_queries
from xiaoer.facts.measuring import unit_of
from xiaoer.facts.models import SourceKind
from xiaoer.facts.periods import Period
from xiaoer.facts.vocabulary import attribute_words, figure_words
from xiaoer.growth import access
from xiaoer.growth.models import Standing
from xiaoer.rules import vocabularies
from xiaoer.web.words import local_date
from xiaoer.work import actions as work
from xiaoer.work.models import Question

ROOM, FIGURES = "growth", "facts"
WORTH = 50
# A forecast cannot be asked for; the last month's revenue it lacks can.
BY_MONTH = {"metric_forecast_cny": "operating_revenue", "metric_cny_ytd": "operating_revenue"}
# Papers and offices speak Chinese.
SOURCES = {
    Question.Through.VISIT: "企业答复（走访）",
    Question.Through.CALL: "企业答复（电话）",
    Question.Through.ENTERPRISE: "企业答复（企业页面）",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How many questions were put, about which words; ``left`` nobody at a firm can be asked."""

    questions: int
    words: tuple[str, ...]
    left: tuple[str, ...]


@transaction.atomic
def ask_missing(
    *,
    by: Actor,
    now: datetime,
    party_ids: Sequence[int],
    words: Sequence[str] = (),
    worth: int = WORTH,
) -> Asked:
    """Put the facts a ladder lacks as questions to the enterprises that lack them; each once.

    ``words``: names of the vocabulary, none: whatever is lacking. Only who lacks a word is asked.
    """
    access.must_ask_missing(by)
    if not party_ids:
        raise Refused(_("Choose at least one enterprise."), field="firms")
    known = vocabularies.vocabulary(by.zone_id or 0).words
    today = local_date(now)
    put, asked, left = 0, [], []
    for name, parties in _lacking(by, party_ids).items():
        if (words and name not in words) or name not in known:
            continue
        question = _question(known[name], today)
        if question is None:
            left.append(name)
            continue
        put += work.ask_many(by=by, now=now, party_ids=parties, worth=worth, **question)
        asked.append(name)
    if not asked and not left:
        raise Refused(_("None of them lacks such a fact."), field="words")
    return Asked(put, tuple(asked), tuple(left))


def _lacking(by: Actor, party_ids: Sequence[int]) -> Mapping[str, list[int]]:
    """Who lacks what, in the month evaluated last."""
    rows = Standing.objects.filter(zone_id=by.zone_id)
    month = rows.order_by("-month").values("month")[:1]
    found: dict[str, set[int]] = {}
    for party, missing in rows.filter(month=month, party_id__in=set(party_ids)).values_list(
        "party_id", "missing"
    ):
        for name in missing:
            found.setdefault(name, set()).add(party)
    return {name: sorted(parties) for name, parties in found.items()}


def _question(word: Word, today: date) -> dict[str, Any] | None:
    """How a word is asked for; None for what no enterprise can say: lists, decisions, reckonings."""
    figure = figure_words().get(word.name)
    metric = BY_MONTH.get(word.name) or (figure.metric if figure else None)
    if metric is not None:
        form = "month" if word.name in BY_MONTH or figure is None else figure.form
        return _figure(metric, _period(form, today), word)
    word = attribute_words().get(word.name, word)
    if word.is_judged or "declared" not in word.sources:
        return None
    expects = Question.Expects
    texts = {
        Kind.FLAG: f"贵企业是否{word.zh}？",
        Kind.DAY: f"{word.zh}是哪一天？",
        Kind.TEXT: f"{word.zh}是哪一种？",
        Kind.NUMBER: f"{word.zh}是多少？",
    }
    kinds = {Kind.FLAG: expects.YES_NO, Kind.DAY: expects.DAY, Kind.NUMBER: expects.NUMBER}
    choices = [choice.zh for choice in word.choices] if word.kind is Kind.TEXT else []
    return {
        "room": ROOM,
        "key": word.name,
        "text": texts[word.kind],
        "why": "梯队评定缺这项",
        "expects": expects.CHOICE if len(choices) > 1 else kinds.get(word.kind, expects.WORDS),
        "choices": choices if len(choices) > 1 else (),
    }


def _figure(code: str, period: Period, word: Word) -> dict[str, Any] | None:
    """Asked as figures always are, so that the answer is written down with its source."""
    metric = facts_queries.metric_by_code(code)
    if metric is None:
        return None
    return {
        "room": FIGURES,
        "key": f"{metric.code}:{period.show('zh')}",
        "text": f"{period.show('zh')}{metric.name}",
        "why": "梯队评定缺这项",
        "expects": Question.Expects.NUMBER,
        "unit": unit_of(metric).zh,
    }


def _period(form: str, today: date) -> Period:
    """The period a form of a word means: a year, the end of one, or the month that is over."""
    last = today.replace(day=1) - timedelta(days=1)
    if form == "month" or form == "ytd":
        return Period(last.replace(day=1), last)
    back = int(form[-1]) if form[-1].isdigit() else 0
    if form.startswith("eoy"):
        end = date(today.year - back, 12, 31)
        return Period(end, end)
    if back:
        return Period(date(today.year - back, 1, 1), date(today.year - back, 12, 31))
    return Period(last, last)


def follow_ladder_answer(*, question: Question, by: Actor, now: datetime, **_signal: Any) -> None:
    """An answer to a question of the ladders becomes a fact the enterprise declared."""
    if question.room != ROOM or question.key not in attribute_words():
        return
    scribe = Actor(
        zone_id=by.zone_id,
        post_id=by.post_id,
        person_id=by.person_id,
        name=by.name,
        office=by.office,
    )
    try:
        facts.record_attribute(
            by=scribe,
            now=now,
            party=question.party,
            word=question.key,
            value=question.answer,
            source_kind=SourceKind.DECLARED,
            source=SOURCES[Question.Through(question.through)],
            note=question.text,
        )
    except Refused as no:
        raise Refused(no.message, field="answer") from no
