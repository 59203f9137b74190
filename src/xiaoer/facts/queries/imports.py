"""Questions a sheet of figures asks."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xiaoer.base.models import Zone
from xiaoer.facts.models import FactImport, FactImportRow, Metric
from xiaoer.facts.periods import Period
from xiaoer.facts.sheets import (
    FIRM_FIELDS,
    LIST_FIELDS,
    Known,
    Layout,
    SheetRead,
    read_sheet,
)
from xiaoer.registry.models import KnownLayout, Party, PartyName

CANDIDATES = 3
LOOKED_UP = 200
"""For so many unknown names likely ones are looked up; a sheet of strangers must not take hours."""


@dataclass(frozen=True, slots=True)
class FirmMatch:
    """The enterprise a row means: found for certain, or the reason why not, with likely ones."""

    party_id: int | None
    reason: str = ""
    candidates: tuple[str, ...] = ()


def match_firms(
    *, zone_id: int, named: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], FirmMatch]:
    """Match (credit code, name) pairs: by code, else by the exact name. Doubt is no match."""
    wanted = set(named)
    if not wanted:
        return {}
    parties = Party.objects.filter(zone_id=zone_id, merged_into__isnull=True)
    by_code = dict(
        parties.filter(credit_code__in={code for code, _name in wanted if code}).values_list(
            "credit_code", "pk"
        )
    )
    by_name: dict[str, list[tuple[int, str]]] = {}
    names = {name for _code, name in wanted if name}
    for name, code, number in parties.filter(name__in=names).values_list(
        "name", "credit_code", "pk"
    ):
        by_name.setdefault(name, []).append((number, code))
    found = {pair: _match(pair, by_code, by_name) for pair in wanted}
    unknown = [
        pair for pair, match in found.items() if match.party_id is None and not match.candidates
    ]
    for code, name in sorted(unknown)[:LOOKED_UP]:
        if likely := _likely(zone_id, name):
            found[code, name] = FirmMatch(None, found[code, name].reason, likely)
    return found


def _match(
    pair: tuple[str, str], by_code: dict[str, int], by_name: dict[str, list[tuple[int, str]]]
) -> FirmMatch:
    code, name = pair
    if code in by_code:
        return FirmMatch(by_code[code])
    same = by_name.get(name, [])
    if not same:
        return FirmMatch(None, _("No enterprise of the zone has this name or code."))
    shown = tuple(f"{name} {known}".strip() for _number, known in same)
    if len(same) > 1:
        return FirmMatch(None, _("Several enterprises have this name."), shown)
    number, known = same[0]
    if code and known and known != code:
        return FirmMatch(
            None, _("The name belongs to another credit code than the row says."), shown
        )
    return FirmMatch(number)


def _likely(zone_id: int, name: str) -> tuple[str, ...]:
    """By a former name, or by the beginning of the name."""
    if len(name) < 2:
        return ()
    former = PartyName.objects.filter(zone_id=zone_id, name=name).values_list(
        "party__name", flat=True
    )
    begins = Party.objects.filter(
        zone_id=zone_id, merged_into__isnull=True, name__startswith=name[: max(4, len(name) // 2)]
    ).values_list("name", flat=True)
    return tuple(dict.fromkeys([*former[:CANDIDATES], *begins[:CANDIDATES]]))[:CANDIDATES]


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
        .defer("cells")
        .select_related("post__person", "metric")
        .order_by("-id")
    )


def import_by_id(*, zone_id: int, run_id: int) -> FactImport | None:
    return (
        FactImport.objects.filter(zone_id=zone_id, pk=run_id)
        .select_related("post__person", "metric", "file")
        .first()
    )


def read_run(run: FactImport) -> SheetRead:
    """The sheet of an import taken apart once more, with the columns as a person matched them."""
    return read_sheet(
        cells=run.cells,
        first_row_no=run.first_row_no,
        known=known_names(run.zone_id),
        chosen={int(index): key for index, key in run.mapping.items()},
        metric=run.metric,
        column=run.column,
        name=run.file_name,
    )


PURPOSE = "facts"


def remembered_mapping(run: FactImport) -> dict[str, str | None]:
    """How a person once matched the columns of a sheet with the same headings."""
    known = KnownLayout.objects.filter(
        zone_id=run.zone_id, purpose=PURPOSE, layout=read_run(run).header.fingerprint
    ).first()
    return known.mapping if known else {}


def known_names(zone_id: int) -> Known:
    """What sheets of a zone may name: the zone by its names and code, indicators by theirs."""
    zone = Zone.objects.get(pk=zone_id)
    names = {name.casefold() for name in (zone.name, zone.name_en, zone.code) if name}
    by_name: dict[str, Metric] = {}
    for metric in Metric.objects.all():
        for name in (metric.name, metric.name_en, metric.code):
            by_name.setdefault(name.casefold(), metric)
    return Known(zone_names=frozenset(names), metrics=by_name)


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of an uploaded sheet: its heading, an example, the field or month it was taken for."""

    index: int
    name: str
    example: str
    key: str | None
    month: Period | None


@dataclass(frozen=True, slots=True)
class Matching:
    """How the columns of a sheet were matched, and what still lacks a column."""

    columns: tuple[SheetColumn, ...]
    fields: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def matching(run: FactImport) -> Matching:
    """For the page on which a person corrects the match."""
    read = read_run(run)
    header = read.header
    data = run.cells[header.row_index + 1 :]
    fields = FIRM_FIELDS if run.layout == Layout.MONTHS else LIST_FIELDS
    columns = []
    for index, name in enumerate(header.names):
        match = header.mapping.get(index)
        columns.append(
            SheetColumn(
                index=index,
                name=name,
                example=next((row[index] for row in data if row[index]), "")[:40],
                key=match.field.key if match else None,
                month=read.months.get(index),
            )
        )
    return Matching(
        columns=tuple(columns),
        fields=tuple((field.key, field.label) for field in fields),
        missing=tuple(field.label for field in header.missing),
    )


@dataclass(frozen=True, slots=True)
class RejectedSheet:
    """The rejected rows as they stood in the sheet, with reason and advice behind each."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def rejected_sheet(run: FactImport) -> RejectedSheet:
    header = read_run(run).header
    rows = []
    for row in run.rows.filter(outcome=FactImportRow.Outcome.REJECTED).order_by("row_no", "id"):
        cells = run.cells[row.row_no - run.first_row_no]
        rows.append((str(row.row_no), *cells, row.place, row.reason, row.advice))
    return RejectedSheet(
        heads=(
            _("Row"),
            *(name or "–" for name in header.names),
            _("Cell of the sheet"),
            _("Reason"),
            _("What to do"),
        ),
        rows=tuple(rows),
    )
