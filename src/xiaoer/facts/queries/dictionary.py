"""What is known of one firm, word by word, each with its unit, period, source and since when."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from django.db.models import Q

from xiaoer.base.words import Kind, Word
from xiaoer.facts import columns, said
from xiaoer.facts.models import Attribute, Column, SourceKind, Value
from xiaoer.facts.periods import Period, at_date, months_of
from xiaoer.facts.vocabulary import (
    FigureWord,
    KnownFigures,
    attribute_words,
    figure_words,
    known_figures,
    months_over,
)
from xiaoer.registry.models import Party
from xiaoer.registry.queries import numbers_of
from xiaoer.registry.vocabulary import RegistryLender

NONE_RANK = 999
"""How a rank says: looked for, there is none."""
Said = float | bool | date | str | None


@dataclass(frozen=True, slots=True)
class Known:
    """A word of one firm. ``value`` None: missing. A figure put together has several ``values``.

    ``column`` is empty where there are no columns; ``bound`` is a figure known only as a bound, which
    no rule compares with; ``stated``: what was reported of a count people judge, which answers nothing.
    """

    word: Word
    value: Said = None
    period: Period | None = None
    column: str = ""
    source_kind: str = ""
    source: str = ""
    known_at: datetime | None = None
    note: str = ""
    values: tuple[Value, ...] = ()
    attribute: Attribute | None = None
    stated: Value | None = None

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def bound(self) -> Value | None:
        """What is known of it only as a bound."""
        return self.values[0] if self.values and self.value is None else None


def all_words() -> Mapping[str, Word]:
    """The words kept here and in the register, in the order of the dictionary."""
    return {
        **{word.name: word for word in RegistryLender().words(0)},
        **{name: kept.word for name, kept in figure_words().items()},
        **attribute_words(),
    }


def provenance(
    *,
    zone_id: int,
    party_id: int,
    names: Collection[str],
    as_of: date,
    known_at: datetime,
) -> dict[str, Known]:
    """Each word asked for, with where it comes from; by the same rule as a whole zone's columns."""
    asked = {"zone_id": zone_id, "party_id": party_id, "as_of": as_of, "known_at": known_at}
    wanted = set(names)
    return {
        **_of_register(wanted, zone_id, party_id, as_of, known_at),
        **_of_figures(wanted, **asked),  # type: ignore[arg-type]  # the four names above
        **_of_attributes(wanted, **asked),  # type: ignore[arg-type]  # the four names above
    }


def _of_register(
    wanted: Collection[str], zone_id: int, party_id: int, as_of: date, known_at: datetime
) -> dict[str, Known]:
    lender = RegistryLender()
    words = [word for word in lender.words(zone_id) if word.name in wanted]
    if not words:
        return {}
    table = lender.columns(
        zone_id=zone_id, names=[word.name for word in words], as_of=as_of, known_at=known_at,
        ids=[party_id],
    )  # fmt: skip
    row: dict[str, Said] = next(iter(table.to_pylist()), {})
    return {
        word.name: Known(word, row.get(word.name), source_kind=SourceKind.OFFICIAL)
        for word in words
    }


def _of_figures(
    wanted: Collection[str], *, zone_id: int, party_id: int, as_of: date, known_at: datetime
) -> dict[str, Known]:
    asked = [kept for name, kept in figure_words().items() if name in wanted]
    known = known_figures(
        zone_id=zone_id, asked=asked, as_of=as_of, known_at=known_at, ids=[party_id]
    )
    lines = {kept.word.name: _lines(kept, known) for kept in asked}
    values = Value.objects.filter(
        zone_id=zone_id, pk__in={number for found in lines.values() for number in found}
    )
    by_number = {row.pk: row for row in values.select_related("metric", "source")}
    stated = _stated(asked, zone_id, party_id, as_of, known_at)
    return {
        kept.word.name: replace(
            _figure(kept, known, [by_number[pk] for pk in lines[kept.word.name]]),
            stated=stated.get(kept.metric),
        )
        for kept in asked
    }


def _stated(
    asked: Collection[FigureWord], zone_id: int, party_id: int, as_of: date, known_at: datetime
) -> dict[str, Value]:
    """What was reported last of counts people judge, by metric; taken back ones were known then."""
    judged = {kept.metric for kept in asked if kept.word.is_judged}
    if not judged:
        return {}
    rows = Value.objects.filter(
        Q(party_id=party_id) | Q(party__merged_into_id=party_id),
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=known_at),
        zone_id=zone_id,
        metric__code__in=judged,
        aspect="value",
        dimension="",
        column=Column.REPORTED,
        ends_on__lte=as_of,
        known_at__lte=known_at,
    )
    ordered = rows.select_related("metric", "source").order_by("ends_on", "known_at", "pk")
    return {row.metric.code: row for row in ordered}


def _lines(kept: FigureWord, known: KnownFigures) -> list[int]:
    """The numbers of the values a word's figure is put together from, the last period first."""
    rows = known.of(kept)
    if not rows.number.size:
        return []
    if not kept.form.startswith("y"):
        at = int(known.level(kept, rows)[0])
        return [int(rows.number[at])] if at >= 0 else []
    year = columns.year_of(rows, known.as_of.year - kept.years_back())
    _single, total = year.months(rows)
    last = columns.MONTHS
    if kept.form == "ytd":
        last = int(columns.so_far(total, months_over(known.as_of))[1][0])
    return _pieces(year, rows, last)


def _pieces(year: columns.YearOf, rows: columns.Rows, month: int) -> list[int]:
    """Back from the last month: a cumulative figure ends the way, a single month goes on."""
    found: list[int] = []
    while month > 0:
        whole, single = (int(lines[month - 1][0]) for lines in (year.cumulative, year.single))
        if whole >= 0 and (single < 0 or not np.isnan(rows.low[whole])):
            return [*found, int(rows.number[whole])]
        if single < 0:
            return []
        found.append(int(rows.number[single]))
        month -= 1
    return found


def _figure(kept: FigureWord, known: KnownFigures, values: list[Value]) -> Known:
    if not values:
        return Known(kept.word, period=period_of(kept, known.as_of))
    column = known.column(kept)
    number = float(column[0]) if column.size else float("nan")
    first, last = values[-1], values[0]
    return Known(
        kept.word,
        None if np.isnan(number) else number,
        Period(first.starts_on, last.ends_on),
        column=str(last.column),
        source_kind=_kind(kept.word, last),
        source="、".join(dict.fromkeys(value.source.name for value in values)),
        known_at=max(value.known_at for value in values),
        note=last.note,
        values=tuple(values),
    )


def _kind(word: Word, row: Value) -> str:
    """Figures keep the column, not the kind of source; what people judged, staff checked."""
    if row.column != Column.OFFICIAL:
        return SourceKind.DECLARED
    return SourceKind.STAFF if word.is_judged else SourceKind.OFFICIAL


def period_of(kept: FigureWord, as_of: date) -> Period:
    """For which period a figure of this word is stated, on a day."""
    year = as_of.year - kept.years_back()
    if kept.form == "ytd":
        return months_of(year, 1, max(months_over(as_of), 1))
    if kept.form == "last":
        return at_date(as_of)
    return at_date(date(year, 12, 31)) if kept.form.startswith("eoy") else months_of(year, 1, 12)


def _of_attributes(
    wanted: Collection[str], *, zone_id: int, party_id: int, as_of: date, known_at: datetime
) -> dict[str, Known]:
    words = [word for name, word in attribute_words().items() if name in wanted]
    if not words:
        return {}
    found = said.rows(
        zone_id=zone_id, words=[word.name for word in words], as_of=as_of, known_at=known_at,
        ids=[party_id],
    )  # fmt: skip
    numbers = {
        word.name: int(found.rows.number[line[0]])
        for word, line in zip(words, found.chosen, strict=True)
        if line.size and line[0] >= 0
    }
    rows = Attribute.objects.filter(zone_id=zone_id, pk__in=numbers.values())
    by_number = {row.pk: row for row in rows.select_related("evidence")}
    return {
        word.name: _attribute(word, by_number[numbers[word.name]])
        if word.name in numbers
        else Known(word)
        for word in words
    }


def _attribute(word: Word, row: Attribute) -> Known:
    return Known(
        word,
        value_of(word, row),
        source_kind=row.source_kind,
        source=row.source,
        known_at=row.known_at,
        note=row.note,
        attribute=row,
    )


def value_of(word: Word, row: Attribute) -> Said:
    return {Kind.FLAG: row.flag, Kind.DAY: row.day}.get(word.kind, row.text)


def history(*, party: Party, word: Word) -> list[Attribute]:
    """Everything ever said of a word that is no figure, the last known first, what was taken back too."""
    rows = Attribute.objects.filter(party_id__in=numbers_of(party=party), word=word.name)
    return list(rows.select_related("party", "evidence").order_by("-known_at", "-id"))


def figures_of(*, party: Party, kept: FigureWord) -> list[Value]:
    """Every figure of the indicator a word is kept as, the last period and the last known first."""
    rows = Value.objects.filter(
        party_id__in=numbers_of(party=party),
        metric__code=kept.metric,
        aspect="value",
        dimension="",
    )
    return list(
        rows.select_related("party", "metric", "source").order_by("-ends_on", "-known_at", "-id")
    )


def missing(known: Iterable[Known]) -> list[Word]:
    """The words nobody knows."""
    return [one.word for one in known if not one.is_known]
