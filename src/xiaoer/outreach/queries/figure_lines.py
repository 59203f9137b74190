"""The table of request figures: each with its words and with what it is a share of."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from xiaoer.outreach.queries.figures import AppealFigures, Share

Words = str | Promise

# figure, what it is called, of what it is a share: name of the denominator, and its words
TABLE: tuple[tuple[str, Words, str, Words], ...] = (
    ("filed", gettext_lazy("Filed in the period"), "", ""),
    ("counted", gettext_lazy("Counted"), "filed", gettext_lazy("filed, less what ended otherwise")),
    ("started_in_time", gettext_lazy("Contacted in time"), "start_judged", gettext_lazy("contacted, or past the limit")),
    ("replied_in_time", gettext_lazy("First reply in time"), "reply_judged", gettext_lazy("replied to, or past the limit")),
    ("answered_in_time", gettext_lazy("Answered in time"), "answer_judged", gettext_lazy("answered, or past the limit")),
    ("answered", gettext_lazy("Answered so far"), "counted", gettext_lazy("counted")),
    ("confirmed_solved", gettext_lazy("Confirmed solved by the enterprise"), "counted", gettext_lazy("counted")),
    ("confirmed", gettext_lazy("Confirmed, whatever the result"), "answered", gettext_lazy("answered")),
    ("confirmed_by_enterprise", gettext_lazy("Confirmed by its own hand"), "confirmed", gettext_lazy("confirmed")),
    ("confirmed_at_return_visit", gettext_lazy("Confirmed at a return visit"), "confirmed", gettext_lazy("confirmed")),
    ("waiting", gettext_lazy("Waiting for the enterprise"), "answered", gettext_lazy("answered")),
    ("unconfirmed", gettext_lazy("Unconfirmed: not reached"), "answered", gettext_lazy("answered")),
    ("reopened", gettext_lazy("Reopened by the enterprise"), "counted", gettext_lazy("counted")),
    ("still_solved", gettext_lazy("Still solved after 30 days"), "asked_again", gettext_lazy("asked again")),
    ("open", gettext_lazy("Still open"), "counted", gettext_lazy("counted")),
    ("parked", gettext_lazy("Parked with a promised date"), "open", gettext_lazy("open")),
    ("withdrawn", gettext_lazy("Withdrawn"), "filed", gettext_lazy("filed")),
    ("merged", gettext_lazy("Merged"), "filed", gettext_lazy("filed")),
    ("transferred", gettext_lazy("Passed on to another authority"), "filed", gettext_lazy("filed")),
    ("not_accepted", gettext_lazy("Not accepted"), "filed", gettext_lazy("filed")),
)  # fmt: skip
NAMES = {name: words for name, words, _whole, _of in TABLE}


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure with what it is a share of; ``percent`` is None where the whole is nothing."""

    name: str
    words: Words
    part: int
    whole: int | None
    of: Words
    percent: Decimal | None


def figure_lines(figures: AppealFigures) -> list[FigureLine]:
    """Every figure in the order people read them."""
    return [_line(figures, *row) for row in TABLE]


def figure_words(name: str) -> Words:
    """What a figure is called."""
    return NAMES.get(name, name)


def _line(
    figures: AppealFigures, name: str, words: Words, whole_name: str, of: Words
) -> FigureLine:
    part: int = getattr(figures, name)
    whole: int | None = getattr(figures, whole_name) if whole_name else None
    percent = Share(part, whole).percent if whole is not None else None
    return FigureLine(name, words, part, whole, of, percent)
