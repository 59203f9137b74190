"""Questions a sheet of figures asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base import files
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.tables import read_table
from xiaoer.base.tables.cells import show_cell
from xiaoer.facts import staging
from xiaoer.facts.measuring import show_figure
from xiaoer.facts.models import FactImport, FactImportRow, Metric
from xiaoer.facts.periods import parse_period
from xiaoer.facts.sheets import (
    FIRM_FIELDS,
    LIST_FIELDS,
    Ask,
    Known,
    Layout,
)
from xiaoer.facts.sheets.headings import BEFORE, KINDS, name_headings
from xiaoer.registry.models import KnownLayout, Party
from xiaoer.registry.names import normalise

CANDIDATES = 5
LOOKED_UP = 200
"""For so many unknown names likely ones are looked up; a sheet of strangers must not take hours."""
LIKE = 0.35
PURPOSE = "facts"
ASKED = {
    "period": gettext_lazy("of which month or year the sheet is"),
    "dash": gettext_lazy("what dashes mean"),
    "blank": gettext_lazy("what empty cells mean"),
    "percent": gettext_lazy("how per cents are written"),
    "before": gettext_lazy("whether columns of the year before are taken"),
    "same": gettext_lazy("why the figures are those of the last period"),
}


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A firm of a sheet that was not found for certain, with the likely ones: number and words."""

    no: int
    name: str
    code: str
    rows: int
    reason: str
    advice: str
    candidates: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FirmMatch:
    """The enterprise a row means: found for certain, or the reason why not, with likely ones."""

    party_id: int | None
    reason: str = ""
    candidates: tuple[str, ...] = ()


def match_firms(
    *, zone_id: int, named: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], FirmMatch]:
    """Match (credit code, name) pairs as sheets of figures do. Doubt is no match."""
    wanted = sorted(set(named))
    if not wanted:
        return {}
    staging.match(zone_id=zone_id, firms=wanted)
    found = {wanted[no]: FirmMatch(party_id) for no, party_id in staging.matched().items()}
    for one in unknown_names(zone_id=zone_id, of_sheet=False):
        words = tuple(words for _number, words in one.candidates)
        found[wanted[one.no]] = FirmMatch(None, one.reason, words)
    return found


def firm_typed(*, zone_id: int, typed: str) -> int | None:
    """The one enterprise with what was typed as its credit code or name."""
    wanted = ((typed.upper(), ""), ("", typed))
    found = match_firms(zone_id=zone_id, named=wanted)
    return next((found[one].party_id for one in wanted if found[one].party_id), None)


def unknown_names(*, zone_id: int, of_sheet: bool = True) -> list[UnknownName]:
    """The firms that no party was found for, each with why and who it may be."""
    lacking = staging.unmatched(of_sheet=of_sheet)
    looked_up = [one for one in lacking if one.name or one.parties][:LOOKED_UP]
    several = staging.hits_of([one.no for one in looked_up if one.parties])
    likely = _likely(zone_id, {one.no: one.name for one in looked_up if not one.parties})
    numbers = {n for found in (*several.values(), *likely.values()) for n in found}
    words = {
        number: f"{name} {code}".strip()
        for number, name, code in Party.objects.filter(zone_id=zone_id, pk__in=numbers).values_list(
            "pk", "name", "credit_code"
        )
    }
    return [
        _unknown(one, tuple((n, words[n]) for n in several.get(one.no) or likely.get(one.no) or ()))
        for one in lacking
    ]


def _unknown(one: staging.Unmatched, candidates: tuple[tuple[int, str], ...]) -> UnknownName:
    if not one.name and not one.code:
        reason = _("The row names no enterprise.")
        advice = _("Fill in the name or the credit code.")
    else:
        reason = (
            _("The name belongs to another credit code than the row says.")
            if one.other_code
            else _("Several enterprises have this name.")
            if one.parties > 1
            else _("No enterprise of the zone has this name or code.")
        )
        advice = (
            _("It may be: %(names)s. Choose the right one on this page.")
            % {"names": "、".join(words for _number, words in candidates)}
            if candidates
            else _("Add the enterprise first, or correct its name or code.")
        )
    return UnknownName(one.no, one.name, one.code, one.rows, reason, advice[:300], candidates)


def _likely(zone_id: int, names: Mapping[int, str]) -> dict[int, list[int]]:
    """Firms whose names share most pairs of characters with an unknown one; names are read once."""
    wanted = {no: _pairs(name) for no, name in names.items()}
    by_pair: dict[str, list[int]] = {}
    for no, pairs in wanted.items():
        for pair in pairs:
            by_pair.setdefault(pair, []).append(no)
    if not by_pair:
        return {}
    scored: dict[int, list[tuple[float, int]]] = {}
    parties = Party.objects.filter(zone_id=zone_id, merged_into__isnull=True)
    for party_id, name in parties.values_list("pk", "name").iterator(5000):
        pairs = _pairs(name)
        shared: dict[int, int] = {}
        for pair in pairs:
            for no in by_pair.get(pair, ()):
                shared[no] = shared.get(no, 0) + 1
        for no, count in shared.items():
            like = 2 * count / (len(pairs) + len(wanted[no]))
            if like >= LIKE:
                scored.setdefault(no, []).append((-like, party_id))
    return {
        no: [party_id for _like, party_id in sorted(found)[:CANDIDATES]]
        for no, found in scored.items()
    }


def _pairs(name: str) -> set[str]:
    plain = normalise(name)
    for form in ("股份有限公司", "有限责任公司", "有限公司", "公司"):
        plain = plain.removesuffix(form)
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


_TOUCHED = """
select v.id,
       exists (
         select from value o
         where o.zone_id = v.zone_id and o.metric_id = v.metric_id and o.ends_on = v.ends_on
           and o.starts_on = v.starts_on and o.aspect = v.aspect and o."column" = v."column"
           and o.dimension = v.dimension and o.party_id is not distinct from v.party_id
           and o.withdrawn_at is null and o.id > v.id
           and o.import_run_id is distinct from v.import_run_id
       ) as corrected
from value v
where v.zone_id = %(zone)s and v.import_run_id = %(run)s and v.withdrawn_at is null
"""
_STATED = """
select distinct r.value_id from value_reference r join value v on v.id = r.value_id
where r.zone_id = %(zone)s and v.import_run_id = %(run)s
  and r.import_run_id is distinct from v.import_run_id
"""


def touched_since(*, zone_id: int, run_id: int) -> dict[int, str]:
    """Values of an import that others rely on since, each with the reason."""
    said = {"zone": zone_id, "run": run_id}
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, said)
        reasons = {
            number: _("It was corrected since; take the correction back first.")
            for number, corrected in cursor.fetchall()
            if corrected
        }
        cursor.execute(_STATED, said)
        for (number,) in cursor.fetchall():
            reasons.setdefault(number, _("Another sheet states the same figure."))
    return reasons


def imports(*, zone_id: int) -> QuerySet[FactImport]:
    """Sheets brought in, last first; without their cells."""
    return (
        FactImport.objects.filter(zone_id=zone_id)
        .defer("seen", "answers", "mapping", "kept_back")
        .select_related("post__person", "metric")
        .order_by("-id")
    )


def import_by_id(*, zone_id: int, run_id: int) -> FactImport | None:
    return (
        FactImport.objects.filter(zone_id=zone_id, pk=run_id)
        .select_related("post__person", "metric", "file")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Learned:
    """What a layout was taught: which column is what, and the answers to what was asked."""

    columns: dict[str, str | None]
    answers: dict[str, object]


def learned(*, zone_id: int, layout: str) -> Learned | None:
    """What a person once said of a sheet with the same headings."""
    known = KnownLayout.objects.filter(zone_id=zone_id, purpose=PURPOSE, layout=layout).first()
    if known is None:
        return None
    if "columns" not in known.mapping:
        return Learned(known.mapping, {})
    return Learned(known.mapping["columns"], known.mapping["answers"])


def ask_of(run: FactImport, known: Known, now: datetime) -> Ask:
    """What a person said of a sheet, for taking it apart."""
    return Ask(
        known=known,
        chosen={int(index): key for index, key in run.mapping.items()},
        units={int(index): unit for index, unit in run.answers.get("units", {}).items()},
        answers=run.answers,
        metric=run.metric,
        column=run.column,
        period=parse_period(run.period) if run.period else None,
        texts=(run.sheet, run.file_name),
        now=now,
    )


def open_questions(run: FactImport) -> list[str]:
    """What is still to be answered or confirmed before the sheet may be written."""
    asked = [question["key"] for question in run.seen.get("questions", ())]
    left = [str(ASKED[key]) for key in asked if key not in run.answers]
    kinds = FactImportRow.Warning
    confirmed = run.answers.get("warnings", {})
    return left + [
        f"{kinds(kind).label} ({number})"
        for kind, number in run.seen.get("warnings", {}).items()
        if kind not in confirmed
    ]


def known_names(zone_id: int) -> Known:
    """What sheets of a zone may name: the zone by its names and code, indicators by theirs."""
    zone = Zone.objects.get(pk=zone_id)
    names = {name.casefold() for name in (zone.name, zone.name_en, zone.code) if name}
    by_name: dict[str, Metric] = {}
    metrics = list(Metric.objects.all())
    for metric in metrics:
        for name in (metric.name, metric.name_en, metric.code):
            by_name.setdefault(name.casefold(), metric)
    return Known(zone_names=frozenset(names), metrics=by_name, headings=name_headings(metrics))


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of an uploaded sheet: its heading, an example, and what it was taken for."""

    index: int
    name: str
    example: str
    key: str | None
    words: str
    unit: str
    unit_from: str
    guesses: tuple[str, ...]

    @property
    def is_month(self) -> bool:
        """A column of the months' layout, which nobody need match."""
        return self.key == "month"


@dataclass(frozen=True, slots=True)
class Matching:
    """How the columns of a sheet were matched, and what still lacks a column."""

    columns: tuple[SheetColumn, ...]
    fields: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    units: tuple[str, ...]


KIND_WORDS = {
    "own": gettext_lazy("as the sheet"),
    "month": gettext_lazy("of the month"),
    "sum": gettext_lazy("since January"),
    "year": gettext_lazy("of the year"),
}


def matching(run: FactImport) -> Matching:
    """For the page on which a person corrects the match; asks for the indicators once."""
    columns = tuple(
        SheetColumn(**{**column, "guesses": tuple(column["guesses"])})
        for column in run.seen.get("columns", ())
    )
    fields = [
        (field.key, field.label)
        for field in (LIST_FIELDS if run.layout == Layout.LIST else FIRM_FIELDS)
    ]
    taken = {column.key for column in columns} | {g for c in columns for g in c.guesses}
    if run.layout != Layout.MONTHS:
        firms = [(f.key, f.label) for f in FIRM_FIELDS if f.key not in dict(fields)]
        fields += firms if run.layout == Layout.LIST else []
        fields += _metric_choices({key for key in taken if key})
    return Matching(
        columns=columns,
        fields=tuple(fields),
        missing=tuple(run.seen.get("missing", ())),
        units=("元", "千元", "万元", "亿元", "千瓦时", "万千瓦时", "人", "吨", "万吨", "%", "个"),
    )


def _metric_choices(taken: set[str]) -> list[tuple[str, str]]:
    """Every indicator for the sheet's own period and for the year so far; more where a column is so."""
    choices = []
    for metric in Metric.objects.order_by("name"):
        for kind in (*KINDS, *(BEFORE + kind for kind in KINDS)):
            key = f"{metric.code} {kind}"
            if kind in ("own", "sum") or key in taken:
                words = str(KIND_WORDS[kind.removeprefix(BEFORE)])
                if kind.startswith(BEFORE):
                    words += _(", a year before")
                choices.append((key, f"{metric.name} · {words}"))
    return choices


@dataclass(frozen=True, slots=True)
class Warned:
    """A kind of warning of a sheet: how many, whether somebody confirmed them, and some of them."""

    kind: str
    label: str
    count: int
    reason: str
    rows: tuple[FactImportRow, ...]


WARNED_ROWS = 20


def warnings_of(run: FactImport) -> list[Warned]:
    """What a person should look at before the sheet is written."""
    confirmed = run.answers.get("warnings", {})
    found = []
    for kind, count in run.seen.get("warnings", {}).items():
        rows = run.rows.filter(warning=kind).select_related("metric").order_by("row_no", "id")
        label = str(FactImportRow.Warning(kind).label)
        found.append(Warned(kind, label, count, confirmed.get(kind, ""), tuple(rows[:WARNED_ROWS])))
    return found


def figure_words(metric: Metric | None, number: int | None, language: str) -> str:
    """A scaled number of a row in words."""
    if metric is None or number is None:
        return ""
    return show_figure(metric, "value", number, number, False, with_unit=language)


@dataclass(frozen=True, slots=True)
class RejectedSheet:
    """The rejected rows as they stood in the sheet, with reason and advice behind each."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def rejected_sheet(run: FactImport) -> RejectedSheet:
    if run.file is None:
        raise Refused(_("The file of this sheet was not kept; upload it again."))
    with files.kept_path(run.file) as path:
        table = read_table(path, sheet=run.sheet or None)
    columns = [column for column in run.seen["columns"] if column["index"] < table.width]
    rows = []
    for row in run.rows.filter(outcome=FactImportRow.Outcome.REJECTED).order_by("row_no", "id"):
        line = row.row_no - table.first_row_no
        cells = [show_cell(table.columns[column["index"]][line]) for column in columns]
        rows.append((str(row.row_no), *cells, row.place, row.reason, row.advice))
    return RejectedSheet(
        heads=(
            _("Row"),
            *(column["name"] or "–" for column in columns),
            _("Cell of the sheet"),
            _("Reason"),
            _("What to do"),
        ),
        rows=tuple(rows),
    )
