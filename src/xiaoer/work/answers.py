"""Answers to questions: what a person types is checked against what was asked for."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from xiaoer.base.bounds import parse_bound
from xiaoer.base.dates import parse_date
from xiaoer.base.reading import Unreadable, plain_text, take_apart, tidy
from xiaoer.base.refusals import Refused
from xiaoer.base.units import AREA, ENERGY, MASS, PERCENT, money_unit, parse_money
from xiaoer.work.models import Question

Expects = Question.Expects
YES = frozenset(["yes", "y", "true", "是", "是的", "有", "对", "能", "会", "已", "要"])
NO = frozenset(["no", "n", "false", "否", "不", "不是", "没有", "没", "不能", "不会", "未", "不要"])
MEASURES = (AREA, ENERGY, MASS, PERCENT)
MANY = frozenset(("", "十", "百", "千", "万", "百万", "千万", "亿"))


def checked_answer(*, expects: str, text: str, unit: str = "", choices: Sequence[str] = ()) -> str:
    """The answer as it is kept: figures as typed, yes and no by one word, days in one writing.

    Words that say nothing (无, 不详, a dash) are no answer to a figure, a day or a choice: the
    question stays open, or the enterprise declines it.
    """
    if expects == Expects.YES_NO:
        return _yes_or_no(text)
    if expects == Expects.NUMBER:
        return _figure(text, unit)
    if expects == Expects.DAY:
        return _day(text)
    if expects == Expects.CHOICE:
        return _choice(text, choices)
    return tidy(text)


def answer_words(question: Question) -> str:
    """The answer as people read it: 是, 4331 万元, what was said."""
    if question.expects == Expects.YES_NO and question.answer in {"yes", "no"}:
        return _("yes") if question.answer == "yes" else _("no")
    if question.expects == Expects.NUMBER and question.unit:
        figure = take_apart(question.answer)
        return question.answer if figure and figure.tail else f"{question.answer} {question.unit}"
    return question.answer


def _no(words: str) -> Refused:
    return Refused(words, field="answer")


def _yes_or_no(text: str) -> str:
    said = tidy(text).casefold().rstrip("。.！!")
    if said in YES:
        return "yes"
    if said in NO:
        return "no"
    raise _no(_("“%(said)s” is neither yes nor no; choose one.") % {"said": text.strip()[:40]})


def _figure(text: str, unit: str) -> str:
    try:
        said = plain_text(text)
        bound = parse_bound(said, _reader(unit)) if said is not None else None
    except Unreadable as no:
        raise _no(str(no)) from no
    if said is None or bound is None:
        raise _no(
            _("A figure nobody knows is no answer: leave the question open, or say it is declined.")
        )
    return said


def _reader(unit: str) -> Callable[[str], Decimal]:
    """How a figure is read where an answer in ``unit`` is expected."""

    def read(text: str) -> Decimal:
        stated = money_unit(f"({unit})") if unit else None
        if stated is not None:
            money = parse_money(text, stated)
            if money is not None and money.currency == stated.currency:
                return Decimal(money.fen)
            raise _wrong_unit(text, unit)
        measure = next((each for each in MEASURES if unit and each.header_unit(f"({unit})")), None)
        if measure is not None:
            value = measure.read(text, unit)
            if value is not None:
                return value
            raise _wrong_unit(text, unit)
        figure = take_apart(text)
        tail = figure.tail.removesuffix(unit).removesuffix("个") if figure else "?"
        if figure is None or figure.head or tail not in MANY:
            raise _wrong_unit(text, unit)
        return Decimal(figure.digits).scaleb(-figure.places)

    return read


def _wrong_unit(text: str, unit: str) -> Unreadable:
    if unit:
        return Unreadable(
            _("“{value}” cannot be read as a figure in {unit}; type a figure, such as 12{unit}."),
            value=text,
            unit=unit,
        )
    return Unreadable(
        _("“{value}” cannot be read as a figure; type a figure, such as 12."), value=text
    )


def _day(text: str) -> str:
    try:
        day = parse_date(text)
    except Unreadable as no:
        raise _no(str(no)) from no
    if day is None:
        raise _no(_("Type a day, such as 2026-11-20."))
    return day.isoformat()


def _choice(text: str, choices: Sequence[str]) -> str:
    said = tidy(text)
    if said not in choices:
        raise _no(
            _("“%(said)s” is none of the answers offered: %(choices)s.")
            % {"said": said[:40], "choices": "、".join(choices)}
        )
    return said
