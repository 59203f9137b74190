"""The words conditions of a definition are written in: its questions and fields. Pure.

A question with several answers lends one word for each option, ``changes_name``; one with one
answer lends its code, compared with the code of an option. Conditions do not ask for the day: what
a case needs must not change because it is read a week later.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from xiaoer.base.words import Choice, Kind, Word
from xiaoer.permits.definition import Answer, Field, Period, Question
from xiaoer.rules.engines.one import prepare
from xiaoer.rules.language.compiling import Wrong, compile_rule
from xiaoer.rules.language.reading import read
from xiaoer.rules.language.spec import ClauseOutcome, ClauseText
from xiaoer.rules.language.tree import AsOf
from xiaoer.rules.language.walking import walk
from xiaoer.work.clocks import LimitUnit

Facts = Mapping[str, object]
_WORD = re.compile(r"[a-z][a-z0-9_]{0,59}")
# Between a question and its option in the name of their word; nobody types it in a name.
SAYS = " → "
_RESERVED = ("as_of", "score")
# No condition asks for the day, so any will do.
_SOME_DAY = date(2000, 1, 1)
_KINDS = {"number": Kind.NUMBER, "money": Kind.NUMBER, "date": Kind.DAY, "yes_no": Kind.FLAG}
# For pictures and sums only; a clock counts its own unit by the calendar.
_PER_WORKING_DAY = {
    LimitUnit.WORKING_DAY: 1.0,
    LimitUnit.CALENDAR_DAY: 5 / 7,
    LimitUnit.HOUR: 5 / (7 * 24),
    LimitUnit.WORKING_HOUR: 1 / 8,
    LimitUnit.MONTH: 261 / 12,
}


def working_days(period: Period) -> int:
    """About how many working days a limit is, rounded up; on the spot is none."""
    if period.unit not in LimitUnit.values:
        return period.count
    return math.ceil(period.count * _PER_WORKING_DAY[LimitUnit(period.unit)] - 1e-9)


@lru_cache(maxsize=4096)
def is_word(code: str) -> bool:
    """Whether a code can stand in a condition and is no word of the language itself."""
    if not _WORD.fullmatch(code) or code in _RESERVED or code.startswith("score_"):
        return False
    try:
        return read(code).tree.name == code
    except Wrong:
        return False


def option_word(question: Question, option: str) -> str:
    return f"{question.code}_{option}"


def known_words(questions: Sequence[Question], fields: Iterable[Field]) -> dict[str, Word]:
    words: dict[str, Word] = {}
    for question in questions:
        words |= _words_of(question)
    for field in fields:
        kind = _KINDS.get(field.sort, Kind.TEXT)
        choices = tuple(Choice(one.code, one.name, one.name_en) for one in field.options)
        words[field.code] = Word(field.code, field.name, field.name_en, kind, choices=choices)
    return words


def _words_of(question: Question) -> dict[str, Word]:
    if question.answer is Answer.MANY:
        return {
            option_word(question, one.code): Word(
                option_word(question, one.code),
                f"{question.name}{SAYS}{one.name}",
                f"{question.name_en or question.name}{SAYS}{one.name_en or one.name}",
                Kind.FLAG,
            )
            for one in question.options
        }
    kind = Kind.FLAG if question.answer is Answer.YES_NO else Kind.TEXT
    choices = tuple(Choice(one.code, one.name, one.name_en) for one in question.options)
    return {
        question.code: Word(question.code, question.name, question.name_en, kind, choices=choices)
    }


Says = Callable[[Facts], ClauseOutcome]


def compiled(text: str, words: Mapping[str, Word]) -> Says:
    """What a condition says of answers; ``Wrong`` if it is none."""
    rule = compile_rule("applies_if", [ClauseText("", "", text)], words)
    run = prepare(rule)
    return lambda facts: run(facts, _SOME_DAY).clauses[0]


def condition_problems(text: str, words: Mapping[str, Word]) -> list[str]:
    """Why a condition cannot be used; an empty one always holds."""
    if not text.strip():
        return []
    try:
        rule = compile_rule("applies_if", [ClauseText("", "", text)], words)
    except Wrong as wrong:
        return [one.message for one in wrong.mistakes if not one.is_warning]
    if any(isinstance(node, AsOf) for node in walk(rule.clauses[0].tree)):
        return [_("A condition asks for answers, not for the day; drop as_of.")]
    return []


_TOKEN = re.compile(r"'[^']*'|[A-Za-z_][A-Za-z0-9_]*|[<>=!]+|[()]|[0-9.]+|\S")


def condition_words(text: str, words: Mapping[str, Word], language: str) -> str:
    """A condition as an officer reads it: words by their names, options by theirs."""
    if not text.strip():
        return _("always")
    said: list[str] = []
    last = ""
    choices: Mapping[str, str] = {}
    joins = {
        "and": _("and"), "or": _("or"), "not": _("not"), "=": _("is"), "<>": _("is not"),
        "true": _("yes"), "false": _("no"), "in": _("is one of"),
    }  # fmt: skip
    for token in _TOKEN.findall(text):
        if token in words:
            word = words[token]
            choices = {}
            asked, mark, option = word.label(language).rpartition(SAYS)
            if mark:
                # Of several options of one question, the question is said once.
                said.append(f"“{option}”" if asked == last else f"{asked} “{option}”")
                last = asked
                continue
            choices = {one.code: one.zh if language.startswith("zh") else one.en or one.zh
                       for one in word.choices}  # fmt: skip
            said.append(f"“{word.label(language) or word.zh}”")
        elif token.startswith("'"):
            said.append(f"“{choices.get(token[1:-1], token[1:-1])}”")
        else:
            said.append(joins.get(token.lower(), token))
    return " ".join(said)
