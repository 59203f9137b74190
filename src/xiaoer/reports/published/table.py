"""The table of published figures, read once from the files beside this module."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

from xiaoer.base.bounds import Bound, at_least, exactly, more_than, show_bound
from xiaoer.base.units.figures import THIN, rounded

TENTH = Decimal("0.1")
"""A number printed as "about" is taken to mean within a tenth of it."""


class Sign(StrEnum):
    """How a printed number binds the true one: 100余家 is at least 100, 超过7万辆 more than 7."""

    EQ = "eq"
    GE = "ge"
    GT = "gt"
    LE = "le"
    APPROX = "approx"

    @property
    def mark(self) -> str:
        """What stands before the number; nothing when it is exact."""
        return MARKS[self]


MARKS = {Sign.EQ: "", Sign.GE: "≥", Sign.GT: ">", Sign.LE: "≤", Sign.APPROX: "≈"}


class Standing(StrEnum):
    """Where an answer can come from.

    A case is a firm's own claim or the name of a scheme: it is kept with its source and never
    counted, so nothing can match it.
    """

    RECORDS = "records"
    IMPORT = "import"
    CASE = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article, titled in our words. `known_on` is the last day it can have been written."""

    seed: str
    zone: str
    title_zh: str
    title_en: str
    known_on: date
    precision: str
    date_note: str
    source_zh: str
    source_en: str

    def title(self, language: str) -> str:
        return self.title_zh if language.startswith("zh") else self.title_en

    def source(self, language: str) -> str:
        return self.source_zh if language.startswith("zh") else self.source_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One figure as an article prints it, under a short label of ours.

    `value` is in `unit` (亿元 stays 亿元). A figure at a date has no start; one whose period the
    article does not tell has neither start nor end. `waits_for` names the room that will answer,
    and is empty when the records already can, when the value is imported, and for a case.
    """

    id: str
    article: str
    zone: str
    label_zh: str
    label_en: str
    value: Decimal
    decimals: int
    sign: Sign
    unit: str
    kind: str
    period_start: date | None
    period_end: date | None
    period_label: str
    period_note: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    topic: str
    standing: Standing
    doubt_zh: str
    doubt_en: str
    waits_for: str

    def label(self, language: str) -> str:
        return self.label_zh if language.startswith("zh") else self.label_en

    def doubt(self, language: str) -> str:
        """Why the print is doubtful; empty when it is not."""
        return self.doubt_zh if language.startswith("zh") else self.doubt_en

    def dimension(self, key: str) -> str | None:
        return dict(self.dimensions).get(key)

    @property
    def bound(self) -> Bound:
        """Where the true value lies, as the print has it. A printed range is two rows, its ends."""
        return bound_of(self.sign, self.value)

    @property
    def shown(self) -> str:
        """The number with its bound and printed decimals: 43.31, ≥ 30, 2,363."""
        if self.sign is Sign.APPROX:
            return f"≈{THIN}{self.value:,.{self.decimals}f}"
        return show_printed(self.bound, self.decimals)

    @property
    def printed(self) -> str:
        """The same without the thin space, for programs: ≥30."""
        return self.shown.replace(THIN, "")


def bound_of(sign: Sign, value: Decimal) -> Bound:
    if sign is Sign.GE:
        return at_least(value)
    if sign is Sign.GT:
        return more_than(value)
    if sign is Sign.LE:
        return Bound(None, value)
    if sign is Sign.APPROX:
        return Bound(value - abs(value) * TENTH, value + abs(value) * TENTH)
    return exactly(value)


def show_printed(bound: Bound, decimals: int) -> str:
    """A value or bound with the decimals of a print."""
    return show_bound(bound, lambda end, way: f"{rounded(end, decimals, way):,.{decimals}f}")


@cache
def published_figures() -> tuple[Published, ...]:
    """All 286, in the order of their ids."""
    return tuple(figure_of(row) for row in rows("figures.csv"))


@cache
def figures_by_id() -> dict[str, Published]:
    return {figure.id: figure for figure in published_figures()}


def published_figure(figure_id: str) -> Published | None:
    return figures_by_id().get(figure_id)


@cache
def articles() -> tuple[Article, ...]:
    """The five, in the order of their seeds."""
    return tuple(article_of(row) for row in rows("articles.csv"))


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table kept beside this module."""
    text = files("xiaoer.reports.published").joinpath(name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def article_of(row: dict[str, str]) -> Article:
    return Article(
        seed=row["seed"],
        zone=row["zone"],
        title_zh=row["title_zh"],
        title_en=row["title_en"],
        known_on=date.fromisoformat(row["known_on"]),
        precision=row["precision"],
        date_note=row["date_note"],
        source_zh=row["source_zh"],
        source_en=row["source_en"],
    )


def figure_of(row: dict[str, str]) -> Published:
    return Published(
        id=row["id"],
        article=row["article"],
        zone=row["zone"],
        label_zh=row["label_zh"],
        label_en=row["label_en"],
        value=Decimal(row["value"]),
        decimals=int(row["decimals"]),
        sign=Sign(row["bound"]),
        unit=row["unit"],
        kind=row["kind"],
        period_start=day_of(row["period_start"]),
        period_end=day_of(row["period_end"]),
        period_label=row["period_label"],
        period_note=row["period_note"],
        metric=row["metric"],
        dimensions=dimensions_of(row["dimensions"]),
        topic=row["topic"],
        standing=Standing(row["standing"]),
        doubt_zh=row["doubt_zh"],
        doubt_en=row["doubt_en"],
        waits_for=row["waits_for"],
    )


def day_of(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def dimensions_of(text: str) -> tuple[tuple[str, str], ...]:
    """`level=national;type=workstation` as pairs."""
    parts = (part.partition("=") for part in text.split(";") if part)
    return tuple((key, value) for key, _, value in parts)
