"""Which figure a question asks for, and which questions ask for what is known."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.words import Word
from xiaoer.facts import queries as facts
from xiaoer.facts.models import Metric
from xiaoer.facts.periods import Period, parse_period
from xiaoer.facts.vocabulary import attribute_words, figure_words
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Question

ROOM = "facts"


def key_of(metric: Metric, period: Period) -> str:
    """Under which key a figure is asked for: ``revenue:2026年1–6月``."""
    return f"{metric.code}:{period.show('zh')}"


def figure_asked(room: str, key: str) -> tuple[Metric, Period] | None:
    """Which figure a question asks for; None if it is not one of a figure."""
    if room != ROOM:
        return None
    code, _colon, said = key.partition(":")
    metric = facts.metric_by_code(code)
    try:
        period = parse_period(said)
    except Unreadable:
        return None
    return (metric, period) if metric is not None and period is not None else None


def word_asked(key: str) -> Word | None:
    """Which word of the dictionary a question asks for, whichever room asks; its key is the word."""
    kept = figure_words().get(key)
    return kept.word if kept else attribute_words().get(key)


def must_be_metric(code: str | None) -> Metric:
    """The indicator of a form, or a refusal beside its field."""
    metric = facts.metric_by_code((code or "").replace("\x00", ""))
    if metric is None:
        raise Refused(_("Choose an indicator from the list."), field="metric")
    return metric


def must_be_period(text: str | None) -> Period:
    """The period of a form as people write it, or a refusal beside its field."""
    try:
        period = parse_period(text)
    except Unreadable as no:
        raise Refused(str(no), field="period") from no
    if period is None:
        raise Refused(_("Say for which period, such as 2026年1-6月."), field="period")
    return period


def held_already(questions: Iterable[Question], *, when_asked: bool = False) -> list[Question]:
    """Questions whose figure is known by now, or (``when_asked``) was known when they were asked.

    One look at the figures for each thing asked, however many enterprises were asked it.
    """
    by_key: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        by_key[question.key].append(question)
    held = []
    for key, asked in by_key.items():
        figure = figure_asked(ROOM, key)
        if figure is None:
            continue
        known = facts.first_known(
            zone_id=asked[0].zone_id,
            metric=figure[0],
            period=figure[1],
            party_ids=[question.party_id for question in asked],
        )
        held += [
            question
            for question in asked
            if question.party_id in known
            and (not when_asked or known[question.party_id] < question.asked_at)
        ]
    return held


def asked_though_known(by: Actor, month: date) -> list[Question]:
    """Questions of a month for figures the zone held already when it asked; must be none."""
    first = work.month_of(month)
    since, until = (
        datetime.combine(day, time.min, LOCAL) for day in (first, work.month_after(first))
    )
    rows = Question.objects.filter(
        zone_id=by.zone_id, room=ROOM, asked_at__gte=since, asked_at__lt=until
    )
    return held_already(rows.select_related("party"), when_asked=True)
