"""What is told of a sheet: why rows are rejected or doubtful, and what its columns are."""

from collections.abc import Iterable, Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.tables import Problem, Severity
from xiaoer.base.tables.cells import is_blank
from xiaoer.base.tables.converting import show_as_text
from xiaoer.registry.imports import staging
from xiaoer.registry.imports.reading import SheetRead, rejected_rows
from xiaoer.registry.models import ImportRow, ImportRun

Outcome = ImportRow.Outcome
_BATCH = 2_000
_LONGEST = 300
_SAMPLES = 3
_LOOKED_AT = 200

# What is said of a row that meets the registry badly: the reason, and what to do.
_SAID: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "other_code": (
        _("A firm of this name stands in the registry under another code."),
        _("Compare both codes with the licence; correct the sheet or the registry."),
    ),
    "several": (
        _("Several firms in the registry have this name, and the row does not say which it means."),
        _("Add the unified social credit code to the row."),
    ),
    "former_name": (
        _("This is a former name of a firm in the registry, and the row gives no code."),
        _("Write its present name or its unified social credit code."),
    ),
    "same_party": (
        _("Another row of this sheet speaks of the same firm."),
        _("Keep one of the rows; nothing of this one was taken."),
    ),
    "park": (
        _("No park of this name or code is known."),
        _("The firm comes without a park; correct the word or add the park."),
    ),
    "cell": (
        _("No single cell has this name or code."),
        _("The firm comes without a cell; correct the word and import again."),
    ),
    "no_cell": (
        _("The row names no cell, so the firm is not yet an enterprise of the zone."),
        _("Name its cell in the sheet, or admit it on its page."),
    ),
    "officer": (
        _("No single officer has this name."),
        _("The firm comes without an officer; assign one on its page."),
    ),
    "other_officer": (
        _("The registry does not name this officer for the firm; the sheet does not change that."),
        _("Assign or hand over the firm on its page."),
    ),
}


def note_troubles(run: ImportRun, read: SheetRead) -> None:
    """Keep every rejected or doubtful row with its number, the reasons and what stood in it."""
    ImportRow.objects.filter(zone_id=run.zone_id, run=run).exclude(outcome=Outcome.UPDATED).delete()
    rejected = rejected_rows(read.problems)
    problems: dict[int, list[dict[str, str]]] = {}
    for problem in read.problems:
        problems.setdefault(problem.row_no, []).append(_told(problem))
    fates: dict[int, str] = {}
    for trouble in staging.troubles():
        fates[trouble.row_no] = trouble.fate
        problems.setdefault(trouble.row_no, []).extend(
            _said(code, trouble) for code in trouble.codes
        )
    ImportRow.objects.bulk_create(
        (
            ImportRow(
                zone_id=run.zone_id,
                run=run,
                row_no=row_no,
                outcome=Outcome.REJECTED
                if row_no in rejected or fates.get(row_no) == Outcome.REJECTED
                else Outcome.DOUBTFUL,
                problems=problems[row_no],
                cells=list(_cells(read, row_no)),
            )
            for row_no in sorted(problems)
        ),
        batch_size=_BATCH,
    )


def _told(problem: Problem) -> dict[str, str]:
    return {
        "field": problem.field.label if problem.field else "",
        "value": storable(problem.value)[:_LONGEST],
        "reason": storable(problem.reason),
        "advice": storable(problem.advice),
        "severity": problem.severity.value,
    }


# The words a code is about, as attributes of the trouble.
_ABOUT = {
    "other_code": "code",
    "park": "park",
    "cell": "cell",
    "officer": "officer",
    "other_officer": "officer",
}


def _said(code: str, trouble: staging.Trouble) -> dict[str, str]:
    reason, advice = _SAID[code]
    about = _ABOUT.get(code)
    severity = Severity.REJECT if trouble.fate == Outcome.REJECTED else Severity.DOUBT
    return {
        "field": "",
        "value": (getattr(trouble, about) or "")[:_LONGEST] if about else "",
        "reason": str(reason),
        "advice": str(advice),
        "severity": severity.value,
    }


def _cells(read: SheetRead, row_no: int) -> Iterator[str]:
    for cell in read.table.rows[row_no - read.table.first_row_no]:
        yield storable(show_as_text(cell))


def storable(text: str) -> str:
    """Without what a database cannot keep: the zero character and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def seen_of(read: SheetRead) -> dict[str, object]:
    """What the page needs to show and correct the match of the columns."""
    header, begin = read.header, read.header.row_index + 1
    candidates = {
        column.column: [field.key for field in column.candidates] for column in header.open_columns
    }
    columns = []
    for index, name in enumerate(header.names):
        match = header.mapping.get(index)
        columns.append(
            {
                "index": index,
                "name": storable(name),
                "samples": list(_samples(read.table.columns[index][begin : begin + _LOOKED_AT])),
                "key": match.field.key if match else None,
                "confidence": match.confidence if match else None,
                "unit": match.unit if match else None,
                "candidates": candidates.get(index, []),
            }
        )
    return {
        "columns": columns,
        "missing": [field.key for field in header.missing],
        "sheets": [storable(sheet.name) for sheet in read.table.other_sheets if sheet.rows],
        "note": read.table.note,
        "left_out": len(read.cleaned.left_out) if read.cleaned else 0,
        "heading_row": read.table.row_no(header.row_index),
    }


def _samples(cells: Iterable[object]) -> Iterator[str]:
    """The first different values of a column, cut where they would fill the page."""
    told: set[str] = set()
    for cell in cells:
        if is_blank(cell):  # type: ignore[arg-type]  # a cell of the table
            continue
        text = storable(show_as_text(cell)).strip()[:40]  # type: ignore[arg-type]  # a cell of the table
        if text not in told:
            told.add(text)
            yield text
        if len(told) == _SAMPLES:
            return
