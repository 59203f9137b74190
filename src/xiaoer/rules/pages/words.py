"""Rules in the reader's words: what pages and sheets of this room share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiaoer.base.pages.forms import day_of
from xiaoer.base.words import Kind, Word
from xiaoer.rules.language.spec import State
from xiaoer.rules.models import Rule, RuleVersion
from xiaoer.rules.queries import Moment, Nearness
from xiaoer.rules.shipping import ShippedClause
from xiaoer.rules.thresholds import Threshold, thresholds, unit_words
from xiaoer.web.marks import Kind as Mark
from xiaoer.web.words import MISSING, listed, number

MARKS: Mapping[State, Mark] = {
    State.MET: "met",
    State.NOT_MET: "gap",
    State.NEEDS_DATA: "data",
    State.NEEDS_PERSON: "person",
}
LETTERS: Mapping[str, State] = {
    "m": State.MET,
    "n": State.NOT_MET,
    "d": State.NEEDS_DATA,
    "p": State.NEEDS_PERSON,
}
MOST_ADDED = 6
LIGHTS = {"A": "green", "B": "green", "C": "amber", "U": "amber", "D": "green"}


def language() -> str:
    return get_language() or "zh-hans"


def in_chinese() -> bool:
    return language().startswith("zh")


def rule_name(rule: Rule) -> str:
    return rule.name if in_chinese() or not rule.name_en else rule.name_en


def clause_name(clause: ShippedClause) -> str:
    return clause.name if in_chinese() or not clause.name_en else clause.name_en


def state_words(state: State | str) -> str:
    return {
        State.MET: _("Met"),
        State.NOT_MET: _("Gap"),
        State.NEEDS_DATA: _("Needs data"),
        State.NEEDS_PERSON: _("Needs a person"),
    }[State(state)]


def mark_words(mark: str) -> str:
    """How far the document was verified, as people say it."""
    return {
        "A": _("A · the text was read"),
        "B": _("B · two sources agree"),
        "C": _("C · one secondary source"),
        "U": _("U · nobody has read it yet"),
        "D": _("D · set by the zone"),
    }[mark]


def version_words(version: RuleVersion) -> str:
    """Version 3, draft"""
    return _("Version %(number)d, %(state)s") % {
        "number": version.number,
        "state": state_of_version(version),
    }


def state_of_version(version: RuleVersion) -> str:
    if version.state == RuleVersion.State.RETIRED and version.released_at is None:
        return _("withdrawn")
    return version_states()[version.state]


def version_states() -> dict[str, str]:
    return {
        RuleVersion.State.DRAFT: _("draft"),
        RuleVersion.State.WAITING: _("waits for its second person"),
        RuleVersion.State.LIVE: _("now in force"),
        RuleVersion.State.RETIRED: _("out of force"),
    }


def kinds_of_rules() -> dict[str, str]:
    """What rules are about; a title here is one that firms are given."""
    labels = {kind.value: str(kind.label) for kind in Rule.Kind}
    return labels | {Rule.Kind.TITLE.value: _("titles of firms")}


def days_words(version: RuleVersion) -> str:
    """From when until when a version speaks."""
    if version.effective_to:
        return _("%(from)s to %(to)s") % {
            "from": version.effective_from,
            "to": version.effective_to,
        }
    return _("from %(from)s") % {"from": version.effective_from}


def applicant_words(version: RuleVersion) -> str:
    return str(RuleVersion.Applicant(version.applicant).label)


# A clause as a sentence ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence: plain words, or the ``place``-th number of its expression."""

    words: str = ""
    threshold: Threshold | None = None
    place: int = 0
    sign: str = ""


def sentence(clause: ShippedClause, words: Mapping[str, Word]) -> list[Piece]:
    """The clause as people say it, its numbers apart, so that they can be changed in place.

    A number the name already says is found there; one it does not say is added at the end, unless
    there are so many that they say nothing without their expression (a table of standards).
    """
    pieces = [Piece(clause_name(clause))]
    numbers = thresholds(clause.text, words)
    for place, found in enumerate(numbers):
        for at, piece in enumerate(pieces):
            split = None if piece.threshold else _around(piece.words, found)
            if split:
                before, sign, after = split
                said = Piece(threshold=found, place=place, sign=sign)
                pieces[at : at + 1] = [Piece(before), said, Piece(after)]
                break
        else:
            if len(numbers) <= MOST_ADDED:
                pieces.append(Piece(threshold=found, place=place, sign=found.sign))
    return [piece for piece in pieces if piece.words or piece.threshold]


def _around(words: str, threshold: Threshold) -> tuple[str, str, str] | None:
    """What stands before and after a number in a name, and whether the name gives its sign."""
    plain = threshold.figure.replace(",", "")
    figure = f"(?:{re.escape(threshold.figure)}|{re.escape(plain)})"
    unit = r"\s*".join(re.escape(part) for part in threshold.unit.split())
    match = re.search(
        rf"(?P<sign>{re.escape(threshold.sign)}\s*)?(?<![\d.,]){figure}(?![\d,.]*\d)(?:\s*{unit})?",
        words,
    )
    if match is None:
        return None
    return (
        words[: match.start()].rstrip(),
        threshold.sign if match["sign"] else "",
        words[match.end() :].lstrip(),
    )


def edge_labels(gap: Nearness) -> list[str]:
    """<5, 5–10, … ≥80: what the bars of a histogram are called."""
    edges = [number(edge) for edge in gap.edges]
    between = [f"{low}–{high}" for low, high in pairwise(edges)]
    return [f"<{edges[0]}", *between, f"≥{edges[-1]}"]


# Facts ---------------------------------------------------------------------------------------------


def shown_value(value: object, word: Word | None) -> str:
    """A fact as people say it, with its unit; missing is never nought."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return _day_words(value)
    if isinstance(value, int | float):
        return shown_number(float(value), word)
    if word:
        for choice in word.choices:
            if choice.code == value:
                return choice.zh if in_chinese() else choice.en
    return str(value)


def _day_words(day: date) -> str:
    """A day; the first and the last there are say that there is none, or no end."""
    if day == date.min:
        return _("has none")
    return _("without an end") if day.year == date.max.year else day.isoformat()


def shown_number(value: float, word: Word | None) -> str:
    figure = Decimal(str(value))
    unit, factor = unit_words(word.unit, figure) if word else ("", Decimal(1))
    shown = number(round(figure / factor, 2).normalize())
    return f"{shown}{unit}" if unit == "%" else f"{shown} {unit}".strip()


def sources_of(word: Word) -> str:
    """Where a word may come from, best first, as people call it."""
    return listed(word.source_names(language()))


def period_of(word: Word) -> str:
    names = {
        "y1": _("year before"),
        "y2": _("two years before"),
        "y3": _("three years before"),
        "eoy1": _("end of the year before"),
        "eoy2": _("end of two years before"),
        "eoy3": _("end of three years before"),
        "ytd": _("this year so far"),
        "last": _("last known"),
    }
    return names.get(word.period, word.period)


def unit_name(word: Word) -> str:
    """What the column of units says: money in yuan, shares in per cent."""
    if word.kind == Kind.FLAG:
        return _("yes or no")
    if word.kind == Kind.DAY:
        return _("day")
    return unit_words(word.unit)[0]


# Addresses -----------------------------------------------------------------------------------------


def text_of(request: HttpRequest, name: str, longest: int = 300) -> str:
    """A parameter of an address, without what PostgreSQL cannot keep."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:longest]


def moment_of(request: HttpRequest) -> Moment:
    """As of which day, by what was known when; today and now unless the address says otherwise."""
    now = timezone.now()
    known_on = day_of(request.GET.get("known_at"))
    return Moment(
        as_of=day_of(request.GET.get("as_of")) or timezone.localdate(),
        known_at=min(now, end_of(known_on)) if known_on else now,
    )


def end_of(day: date) -> datetime:
    """The last moment of a day where the zone is."""
    return timezone.make_aware(datetime.combine(day, time.max))
