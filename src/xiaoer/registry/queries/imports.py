"""Questions about sheets brought in: the history, one run, its columns, its troubles, its progress."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xiaoer.base.scope import Actor
from xiaoer.registry.imports.fields import FIELDS
from xiaoer.registry.imports.progress import is_at_work
from xiaoer.registry.models import ImportRow, ImportRun, Party

SURE = 0.9
SHOWN = 50
ALL = "all"
State: TypeAlias = ImportRun.State
Phase: TypeAlias = ImportRun.Phase
# How much of the whole each phase is, as a share of a hundred, from where to where.
_SPANS = {
    Phase.READING: (0, 35),
    Phase.CHECKING: (35, 60),
    Phase.WRITING: (60, 100),
}


def imports(*, by: Actor) -> QuerySet[ImportRun]:
    """Sheets of the zone, last first."""
    return (
        ImportRun.objects.filter(zone_id=by.zone_id)
        .defer("seen", "kept", "mapping")
        .select_related("post__person")
        .order_by("-id")
    )


def import_by_id(*, by: Actor, run_id: int) -> ImportRun | None:
    return (
        ImportRun.objects.filter(zone_id=by.zone_id, pk=run_id)
        .select_related("post__person")
        .first()
    )


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet as it was understood; ``confidence`` is None where nothing was."""

    index: int
    name: str
    samples: tuple[str, ...]
    key: str | None
    confidence: float | None
    unit: str | None
    candidates: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        return self.confidence is not None and self.confidence >= SURE


@dataclass(frozen=True, slots=True)
class Matching:
    """How the columns of a sheet were matched, what lacks a column, and what else the file holds."""

    columns: tuple[SheetColumn, ...]
    missing: tuple[str, ...]
    sheets: tuple[str, ...]
    note: str
    left_out: int
    heading_row: int | None

    @property
    def unsure(self) -> int:
        """Columns a person should look at: guessed ones, and those that could be something."""
        return sum(
            1 for c in self.columns if (c.key and not c.is_sure) or (not c.key and c.candidates)
        )


def matching(run: ImportRun) -> Matching:
    seen = run.seen
    labels = {field.key: field.label for field in FIELDS}
    return Matching(
        columns=tuple(
            SheetColumn(
                **column | {name: tuple(column[name]) for name in ("samples", "candidates")}
            )
            for column in seen.get("columns", ())
        ),
        missing=tuple(labels[key] for key in seen.get("missing", ())),
        sheets=tuple(seen.get("sheets", ())),
        note=seen.get("note", ""),
        left_out=seen.get("left_out", 0),
        heading_row=seen.get("heading_row"),
    )


def field_choices() -> list[tuple[str, str]]:
    """What a column may be said to be."""
    return [(field.key, field.label) for field in FIELDS]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. ``is_stopped``: a server was killed while at it, or nobody took it up."""

    state: State
    phase: Phase | None
    percent: int
    rows: int
    is_working: bool
    is_stopped: bool

    @property
    def is_over(self) -> bool:
        return self.state not in (State.QUEUED, State.RUNNING)


def progress_of(run: ImportRun, *, now: datetime) -> Progress:
    state = State(run.state)
    waiting = state in (State.QUEUED, State.RUNNING)
    working = waiting and is_at_work(run.pk)
    phase = Phase(run.phase) if run.phase else None
    begun = run.asked_at or run.at
    # A job is taken up within a second or two; one that is lost must not keep people waiting.
    late = (now - begun).total_seconds() > (60 if state == State.QUEUED else 5)
    return Progress(
        state=state,
        phase=phase,
        percent=_percent(phase, run),
        rows=run.done,
        is_working=working,
        is_stopped=waiting and not working and late,
    )


def _percent(phase: Phase | None, run: ImportRun) -> int:
    if phase is None:
        return 0
    begin, end = _SPANS[phase]
    whole = run.created if phase == Phase.WRITING else run.read
    share = min(run.done / whole, 1.0) if whole else 0.0
    return round(begin + (end - begin) * share)


# Rows ---------------------------------------------------------------------------------------------


def troubled_rows(*, by: Actor, run: ImportRun, outcome: str = ALL) -> QuerySet[ImportRow]:
    """Rejected and doubtful rows of a run in the order of the sheet."""
    rows = ImportRow.objects.filter(zone_id=by.zone_id, run=run).exclude(outcome="updated")
    return (rows if outcome == ALL else rows.filter(outcome=outcome)).order_by("row_no", "id")


@dataclass(frozen=True, slots=True)
class RowPage:
    """Some troubled rows; ``after`` is the row number to go on behind, None at the end."""

    rows: tuple[ImportRow, ...]
    after: int | None


def row_page(*, by: Actor, run: ImportRun, outcome: str = ALL, after: int = 0) -> RowPage:
    found = list(
        troubled_rows(by=by, run=run, outcome=outcome)
        .filter(row_no__gt=after)
        .defer("before")[: SHOWN + 1]
    )
    more = len(found) > SHOWN
    return RowPage(tuple(found[:SHOWN]), found[SHOWN - 1].row_no if more else None)


def reason_rows(*, by: Actor, run: ImportRun, outcome: str = ALL) -> Iterator[tuple[object, ...]]:
    """Reason, advice, outcome and number of each troubled row, then the row as it stood."""
    columns = run.seen.get("columns", ())
    labels = {"rejected": _("Not taken"), "doubtful": _("Doubtful")}
    for row in troubled_rows(by=by, run=run, outcome=outcome).iterator(chunk_size=2_000):
        yield (
            "\n".join(dict.fromkeys(problem_words(problem) for problem in row.problems)),
            "\n".join(dict.fromkeys(problem["advice"] for problem in row.problems)),
            labels[row.outcome],
            row.row_no,
            *(row.cells[column["index"]] for column in columns),
        )


def problem_words(problem: dict[str, str]) -> str:
    """The reason, behind the field it is about where it does not name it."""
    field, reason = problem["field"], problem["reason"]
    return reason if not field or field in reason else f"{field}：{reason}"


def updated_rows(*, by: Actor, run: ImportRun) -> QuerySet[ImportRow]:
    """Firms a run changed, each with the values it replaced."""
    return (
        ImportRow.objects.filter(zone_id=by.zone_id, run=run, outcome="updated")
        .select_related("party")
        .order_by("row_no")
    )


def created_parties(*, by: Actor, run: ImportRun) -> QuerySet[Party]:
    """New firms of a run, in the order of the sheet."""
    return Party.objects.filter(zone_id=by.zone_id, import_run=run).order_by("id")
