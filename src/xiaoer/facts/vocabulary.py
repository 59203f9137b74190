"""What is known of firms, in figures and otherwise, as words of the rule language.

``dictionary.csv`` says which words are figures: a stem, the indicator it is kept as, and its forms;
``attributes.csv`` those that are yes or no, a day, or one of some texts.
``_y1`` is the last complete calendar year before the day of the evaluation, ``_y2`` and ``_y3`` the
two before; ``_eoy1`` the level at the end of it; ``_ytd`` this year so far; none: what is known last.
"""

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa

from xiaoer.base.words import Choice, Kind, Word
from xiaoer.facts import columns, said
from xiaoer.facts.columns import Floats, Rows, Wanted, Whole
from xiaoer.facts.models import Metric

GROUPS: Mapping[str, tuple[str, str]] = {
    "identity": ("身份", "Identity"),
    "activity": ("行业与活动", "Activity"),
    "scale": ("规模", "Scale"),
    "research": ("研发", "R&D"),
    "ip": ("知识产权与标准", "IP and standards"),
    "awards": ("科技奖励", "Awards"),
    "market": ("市场", "Market"),
    "capital": ("资本与信用", "Capital and credit"),
    "conduct": ("合规", "Conduct"),
    "titles": ("资质称号", "Titles"),
    "project": ("项目", "Project"),
}
_PERIODS: Mapping[str, tuple[str, str]] = {
    "y1": ("上年", "last year"),
    "y2": ("前年", "the year before last"),
    "y3": ("大前年", "three years ago"),
    "eoy1": ("上年末", "end of last year"),
    "eoy2": ("前年末", "end of the year before last"),
    "eoy3": ("大前年末", "end of three years ago"),
    "ytd": ("今年累计", "this year so far"),
}


@dataclass(frozen=True, slots=True)
class FigureWord:
    """A word kept as a figure: of which metric, and which of its figures it means."""

    word: Word
    stem: str
    metric: str
    form: str
    divisor: float

    def years_back(self) -> int:
        """How many years before that of the evaluation; 0 for this year's."""
        return int(self.form[-1]) if self.form[-1].isdigit() else 0


@cache
def figure_words() -> Mapping[str, FigureWord]:
    """Every word kept as a figure, by name, in the order of the dictionary."""
    units = {row["code"]: row for row in _sheet("metrics.csv")}
    found = {}
    for row in _sheet("dictionary.csv"):
        meaning = units[row["metric"]]["meaning"]
        divisor = columns.DIVISORS.get(units[row["metric"]]["unit"], columns.SCALE)
        for stated in row["forms"].split():
            suffix, _equals, form = stated.partition("=")
            word = _word(row, suffix, form or suffix, meaning)
            found[word.name] = FigureWord(word, row["stem"], row["metric"], form or suffix, divisor)
    return found


def _word(row: Mapping[str, str], suffix: str, form: str, meaning: str) -> Word:
    said = _PERIODS.get(form)
    return Word(
        name=f"{row['stem']}_{suffix}" if suffix else row["stem"],
        zh=f"{row['zh']}（{said[0]}）" if said else row["zh"],
        en=f"{row['en']}, {said[1]}" if said else row["en"],
        kind=Kind.NUMBER,
        unit=row["unit"],
        group=row["group"],
        period=form,
        meaning_zh=meaning,
        sources=tuple(row["sources"].split()),
        is_judged=row["judged"] == "yes",
        is_fixed=row["unit"] == "year",
    )


def _sheet(name: str) -> list[dict[str, str]]:
    text = files("xiaoer.facts").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def metric_of(name: str) -> str:
    """The code of the metric a word or its stem is kept as; the name itself if it is of none."""
    known = figure_words().get(name)
    return known.metric if known else _stems().get(name, name)


@cache
def _stems() -> Mapping[str, str]:
    return {word.stem: word.metric for word in figure_words().values()}


@cache
def attribute_words() -> Mapping[str, Word]:
    """Every word kept as an attribute, by name, in the order of its list."""
    return {row["word"]: _attribute(row) for row in _sheet("attributes.csv")}


def _attribute(row: Mapping[str, str]) -> Word:
    choices = (choice.split(":") for choice in row["choices"].split("|") if choice)
    return Word(
        name=row["word"],
        zh=row["zh"],
        en=row["en"],
        kind=Kind(row["kind"]),
        group=row["group"],
        meaning_zh=row["meaning"],
        sources=tuple(row["sources"].split()),
        choices=tuple(Choice(*choice) for choice in choices),
        is_judged=row["judged"] == "yes",
    )


class FiguresLender:
    """Figures of firms as known at a moment, all words by one question."""

    subject = "party"

    def words(self, zone_id: int) -> Sequence[Word]:
        return [kept.word for kept in figure_words().values()]

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:
        asked = [kept for name, kept in figure_words().items() if name in names]
        known = known_figures(zone_id=zone_id, asked=asked, as_of=as_of, known_at=known_at, ids=ids)
        return pa.table(
            {
                "id": pa.array(known.rows.ids),
                **{
                    kept.word.name: pa.array(known.column(kept), from_pandas=True) for kept in asked
                },
            }
        )


@dataclass(frozen=True, slots=True)
class KnownFigures:
    """Lines of figures read for some words, and which of them each word is."""

    rows: Rows
    numbers: Mapping[str, int]
    as_of: date

    def column(self, kept: FigureWord) -> Floats:
        """The word's figure of every firm, in its unit; NaN where it is missing."""
        rows = self.of(kept)
        if kept.form.startswith("y"):
            figure, _months = self.year(kept, rows)
        else:
            figure = columns.figures(rows, self.level(kept, rows))
        return figure / kept.divisor

    def of(self, kept: FigureWord) -> Rows:
        """The lines of a word; where a person judges, only what was confirmed answers."""
        rows = self.rows.of(self.numbers.get(kept.metric, -1))
        return rows.where(rows.official == 1) if kept.word.is_judged else rows

    def level(self, kept: FigureWord, rows: Rows) -> Whole:
        """Which line says a level."""
        if kept.form == "last":
            return columns.last_by(rows, self.as_of)
        return columns.at_end(rows, date(self.as_of.year - kept.years_back(), 12, 31))

    def year(self, kept: FigureWord, rows: Rows) -> tuple[Floats, Whole]:
        """A year's figure or the year so far, and how many months it covers."""
        year = columns.year_of(rows, self.as_of.year - kept.years_back())
        _months, total = year.months(rows)
        if kept.form == "ytd":
            return columns.so_far(total, months_over(self.as_of))
        return total[-1], np.full(total.shape[1], columns.MONTHS)


def months_over(day: date) -> int:
    """How many months of the year are over on a day, its last day included."""
    return sum(end <= day for end in columns.month_ends(day.year))


def known_figures(
    *,
    zone_id: int,
    asked: Sequence[FigureWord],
    as_of: date,
    known_at: datetime,
    ids: Sequence[int] | None = None,
) -> KnownFigures:
    """Read what some words need: a question for the numbers of the metrics, one for the figures."""
    numbers = dict(
        Metric.objects.filter(code__in={kept.metric for kept in asked}).values_list("code", "id")
    )
    rows = columns.rows(
        zone_id=zone_id,
        wanted=_wanted(asked, numbers, as_of.year),
        as_of=as_of,
        known_at=known_at,
        ids=ids,
    )
    return KnownFigures(rows, numbers, as_of)


def _wanted(asked: Sequence[FigureWord], numbers: Mapping[str, int], year: int) -> list[Wanted]:
    """Years by their months, levels at the ends of years, and what is known last; metrics that are
    asked for the same years together, so that no row is read that no word means."""
    days: dict[str, set[date]] = {}
    for kept in asked:
        ends = days.setdefault(kept.metric, set())
        if kept.form.startswith("eoy"):
            ends.add(date(year - kept.years_back(), 12, 31))
        elif kept.form != "last":
            ends.update(columns.month_ends(year - kept.years_back()))
    groups: dict[tuple[date, ...], list[int]] = {}
    for metric, ends in days.items():
        if ends and metric in numbers:
            groups.setdefault(tuple(sorted(ends)), []).append(numbers[metric])
    last = {
        numbers[kept.metric] for kept in asked if kept.form == "last" and kept.metric in numbers
    }
    return [
        *(Wanted(sorted(metrics), ends) for ends, metrics in groups.items()),
        Wanted(sorted(last), None),
    ]


class AttributesLender:
    """What is no figure, as it holds on a day and was known at a moment."""

    subject = "party"

    def words(self, zone_id: int) -> Sequence[Word]:
        return list(attribute_words().values())

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:
        asked = [word for name, word in attribute_words().items() if name in names]
        known = said.rows(
            zone_id=zone_id,
            words=[word.name for word in asked],
            as_of=as_of,
            known_at=known_at,
            ids=ids,
        )
        return pa.table(
            {
                "id": pa.array(known.rows.ids),
                **{word.name: known.column(number, word.kind) for number, word in enumerate(asked)},
            }
        )
