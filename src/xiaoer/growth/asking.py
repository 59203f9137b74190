"""How a word of the rules is asked for: the question an enterprise can answer, put once."""

from datetime import date, timedelta
from typing import Any

from xiaoer.base.words import Kind, Word
from xiaoer.facts import queries as facts_queries
from xiaoer.facts.measuring import unit_of
from xiaoer.facts.periods import Period
from xiaoer.facts.vocabulary import attribute_words, figure_words
from xiaoer.work.models import Question

ROOM, FIGURES = "growth", "facts"
# A forecast cannot be asked for; the last month's revenue it lacks can.
BY_MONTH = {"metric_forecast_cny": "operating_revenue", "metric_cny_ytd": "operating_revenue"}


def question_for(word: Word, today: date, why: str) -> dict[str, Any] | None:
    """How a word is asked for; None for what no enterprise can say: lists, decisions, reckonings."""
    figure = figure_words().get(word.name)
    metric = BY_MONTH.get(word.name) or (figure.metric if figure else None)
    if metric is not None:
        form = "month" if word.name in BY_MONTH or figure is None else figure.form
        return _figure(metric, _period(form, today), why)
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
        "why": why,
        "expects": expects.CHOICE if len(choices) > 1 else kinds.get(word.kind, expects.WORDS),
        "choices": choices if len(choices) > 1 else (),
    }


def _figure(code: str, period: Period, why: str) -> dict[str, Any] | None:
    """Asked as figures always are, so that the answer is written down with its source."""
    metric = facts_queries.metric_by_code(code)
    if metric is None:
        return None
    return {
        "room": FIGURES,
        "key": f"{metric.code}:{period.show('zh')}",
        "text": f"{period.show('zh')}{metric.name}",
        "why": why,
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
