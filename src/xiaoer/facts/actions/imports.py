"""Verbs about sheets of figures: previewed, matched, committed, taken back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.base import files, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.tables import Limits, look_at_sheet
from xiaoer.facts import access, queries
from xiaoer.facts.actions.rollups import ask_for_rollups
from xiaoer.facts.actions.writing import Entry, Judged, judge, lock_figures, write
from xiaoer.facts.ledger import Key, Outcome, is_ahead
from xiaoer.facts.models import Column, FactImport, FactImportRow, Metric, Value, ValueReference
from xiaoer.facts.periods import Period, start_of
from xiaoer.facts.sheets import Layout, Line, SheetRead, Trouble, take_cells
from xiaoer.registry.models import KnownLayout

State = FactImport.State
SHOWN_ROWS = 500
"""Of rows that went well only so many are kept; those corrected or rejected are kept all."""


@transaction.atomic
def preview_values(
    *,
    by: Actor,
    now: datetime,
    stream: files.Upload,
    file_name: str,
    sheet: str | None = None,
    metric: Metric | None = None,
    column: str = Column.REPORTED,
) -> FactImport:
    """Keep a sheet, read it and say what would become of each of its figures; none is written yet.

    ``metric`` and ``column`` say what a sheet of enterprises by months holds.
    """
    access.must_keep_figures(by)
    file = files.keep_file(
        by=by,
        now=now,
        stream=stream,
        name=file_name,
        limit=Limits().file_bytes,
        look=look_at_sheet,
    )
    cells, first_row_no, sheet_name = take_cells(files.place_of(file.sha256), sheet=sheet)
    run = FactImport(
        zone_id=by.zone_id,
        post_id=by.post_id,
        file=file,
        file_name=file_name[:200],
        sheet=sheet_name[:100],
        metric=metric,
        column=column,
        cells=cells,
        first_row_no=first_row_no,
        at=now,
    )
    run.mapping = queries.remembered_mapping(run)
    _plan(by, now, run)
    journal.record(by=by, now=now, verb="preview_values", subject=run, file=run.file_name)
    return run


@transaction.atomic
def match_columns(
    *, by: Actor, now: datetime, run_id: int, chosen: Mapping[int, str | None]
) -> FactImport:
    """Say which column is which field, and preview again; the next sheet with these headings needs
    no telling."""
    access.must_keep_figures(by)
    run = _locked(by, run_id)
    _must_be(run, State.PREVIEWED)
    run.mapping = {str(index): key for index, key in chosen.items()}
    read = _plan(by, now, run)
    KnownLayout.objects.update_or_create(
        zone_id=by.zone_id,
        purpose=queries.PURPOSE,
        layout=read.header.fingerprint,
        defaults={"mapping": run.mapping, "learned_at": now},
    )
    journal.record(by=by, now=now, verb="match_columns", subject=run)
    return run


@transaction.atomic
def commit_import(*, by: Actor, now: datetime, run_id: int) -> FactImport:
    """Write the good rows of a previewed sheet, judged once more against what is known by now."""
    access.must_keep_figures(by)
    run = _locked(by, run_id)
    _must_be(run, State.PREVIEWED)
    lock_figures(by)
    read = queries.read_run(run)
    planned = _judge_lines(by, now, run, read)
    if not planned.judged:
        raise Refused(_("Nothing in this sheet can be taken; see the reasons beside the rows."))
    run.state = State.COMMITTED
    run.finished_at = now
    _save(run, read, planned)
    fresh = write(by=by, now=now, judged=planned.judged, run=run)
    _refresh(by, fresh)
    journal.record(
        by=by, now=now, verb="commit_import", subject=run, created=run.created, updated=run.updated
    )
    return run


@transaction.atomic
def import_values(
    *,
    by: Actor,
    now: datetime,
    path: Path,
    file_name: str = "",
    sheet: str | None = None,
    metric: Metric | None = None,
    column: str = Column.REPORTED,
) -> FactImport:
    """Preview and commit in one step, for the command line and other programs.

    A sheet of which nothing can be taken stays a preview that says why.
    """
    with path.open("rb") as stream:
        run = preview_values(
            by=by,
            now=now,
            stream=stream,
            file_name=file_name or path.name,
            sheet=sheet,
            metric=metric,
            column=column,
        )
    if not run.created + run.updated + run.unchanged:
        return run
    return commit_import(by=by, now=now, run_id=run.pk)


@transaction.atomic
def undo_import(*, by: Actor, now: datetime, run_id: int) -> FactImport:
    """Take back what a sheet brought and nobody touched since; the rest stays, each with a reason."""
    access.must_keep_figures(by)
    run = _locked(by, run_id)
    _must_be(run, State.COMMITTED)
    lock_figures(by)
    touched = queries.touched_since(zone_id=run.zone_id, run_id=run.pk)
    values = list(
        Value.objects.filter(zone_id=by.zone_id, import_run=run, withdrawn_at__isnull=True).exclude(
            pk__in=touched
        )
    )
    ValueReference.objects.filter(zone_id=by.zone_id, import_run=run).exclude(
        value_id__in=touched
    ).delete()
    Value.objects.filter(pk__in=[value.pk for value in values]).update(withdrawn_at=now)
    run.state = State.UNDONE
    run.undone_at = now
    run.kept_back = _kept_back(touched)
    run.save(update_fields=["state", "undone_at", "kept_back"])
    _refresh(by, values)
    journal.record(
        by=by, now=now, verb="undo_import", subject=run, taken_back=len(values), kept=len(touched)
    )
    return run


# -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Planned:
    """Judged entries, and an outcome for every line of the sheet."""

    judged: list[Judged]
    rows: list[FactImportRow]
    counts: Counter[str]


def _locked(by: Actor, run_id: int) -> FactImport:
    run = FactImport.objects.select_for_update().filter(zone_id=by.zone_id, pk=run_id).first()
    if run is None:
        raise Refused(_("There is no such import here; it may be of another zone."))
    return run


def _must_be(run: FactImport, state: str) -> None:
    if run.state != state:
        raise Refused(
            _("The import of %(file)s is already %(state)s; look at its result.")
            % {"file": run.file_name, "state": State(run.state).label}
        )


def _plan(by: Actor, now: datetime, run: FactImport) -> SheetRead:
    """Read, judge and keep the preview; a sheet whose columns are open has no rows yet."""
    read = queries.read_run(run)
    _save(run, read, _judge_lines(by, now, run, read))
    return read


def _save(run: FactImport, read: SheetRead, planned: _Planned) -> None:
    run.layout = read.layout
    run.metric = read.metric or run.metric
    run.read = len(read.lines)
    run.created = planned.counts[Outcome.CREATED]
    run.updated = planned.counts[Outcome.UPDATED]
    run.unchanged = planned.counts[Outcome.UNCHANGED]
    run.rejected = planned.counts[Outcome.REJECTED]
    run.left_out = len(read.left_out)
    run.save()
    run.rows.all().delete()
    for row in planned.rows:
        row.run = run
    FactImportRow.objects.bulk_create(_worth_keeping(planned.rows), batch_size=2000)


def _worth_keeping(rows: Sequence[FactImportRow]) -> list[FactImportRow]:
    kept, well = [], 0
    for row in rows:
        good = row.outcome in (Outcome.CREATED, Outcome.UNCHANGED)
        well += good
        if not good or well <= SHOWN_ROWS:
            kept.append(row)
    return kept


def _judge_lines(by: Actor, now: datetime, run: FactImport, read: SheetRead) -> _Planned:
    firms = queries.match_firms(
        zone_id=run.zone_id,
        named={(line.credit_code, line.firm) for line in read.lines} - {("", "")},
    )
    entries: list[Entry] = []
    outcomes: list[tuple[Line, Trouble | None]] = []
    for line in read.lines:
        trouble = line.trouble or _late(line, now) or _unmatched(line, read.layout, firms)
        outcomes.append((line, trouble))
        if trouble is None:
            entries.append(_entry(line, now, run, firms))
    judged = iter(verdicts := judge(run.zone_id, entries))
    rows = [
        _row(run, line, next(judged) if trouble is None else None, trouble)
        for line, trouble in outcomes
    ]
    return _Planned(verdicts, rows, Counter(row.outcome for row in rows))


def _late(line: Line, now: datetime) -> Trouble | None:
    if line.known_on is not None and line.known_on > timezone.localdate(now):
        return Trouble(
            _("The day it became known, %(day)s, is still to come.") % {"day": line.known_on},
            _("Correct 已知日期."),
        )
    known_on = line.known_on or timezone.localdate(now)
    if line.period and is_ahead(line.aspect, line.column, line.period.starts_on, known_on):
        return Trouble(
            _("The period has not begun on the day the figure became known."),
            _("Correct the period, or enter the figure as an estimate or a target."),
        )
    return None


def _unmatched(
    line: Line, layout: str, firms: Mapping[tuple[str, str], queries.FirmMatch]
) -> Trouble | None:
    if layout != Layout.MONTHS:
        return None
    match = firms.get((line.credit_code, line.firm))
    if match is None:
        return Trouble(_("The row names no enterprise."), _("Fill in the name or the credit code."))
    if match.party_id is not None:
        return None
    if match.candidates:
        return Trouble(
            match.reason,
            _("It may be: %(names)s. Write the name or code of the right one.")
            % {"names": "、".join(match.candidates)},
        )
    return Trouble(match.reason, _("Add the enterprise first, or correct its name or code."))


def _entry(
    line: Line, now: datetime, run: FactImport, firms: Mapping[tuple[str, str], queries.FirmMatch]
) -> Entry:
    if line.metric is None or line.period is None or line.figure is None:
        raise ValueError(f"row {line.row_no} was read without trouble and yet lacks a part")
    match = firms.get((line.credit_code, line.firm)) if run.zone_id else None
    return Entry(
        key=Key(
            line.metric.pk,
            line.aspect,
            match.party_id if match else None,
            line.dimension,
            line.period.starts_on,
            line.period.ends_on,
            line.column,
        ),
        figure=line.figure,
        known_at=start_of(line.known_on) if line.known_on else now,
        source=line.source or run.file_name,
        known_on=line.known_on,
        external_ref=line.external_ref,
        note=line.note,
    )


def _row(
    run: FactImport, line: Line, judged: Judged | None, trouble: Trouble | None
) -> FactImportRow:
    outcome = judged.outcome if judged else Outcome.REJECTED
    if judged is not None and outcome == Outcome.REJECTED:
        trouble = Trouble(
            _("Another figure is known for this since the same day."),
            _("A correction is known later: give its day in 已知日期."),
        )
    return FactImportRow(
        zone_id=run.zone_id,
        row_no=line.row_no,
        place=line.place[:60],
        outcome=outcome,
        what=line.what,
        reason=trouble.reason[:300] if trouble else "",
        advice=trouble.advice[:300] if trouble else "",
    )


def _refresh(by: Actor, values: Sequence[Value]) -> None:
    touched: dict[int, set[object]] = {}
    for value in values:
        if value.party_id is not None:
            touched.setdefault(value.metric_id, set()).add(value.ends_on)
    for metric_id, ends in touched.items():
        ask_for_rollups(by.zone_id, metric_id, ends)  # type: ignore[arg-type]  # dates of values


def _kept_back(touched: Mapping[int, str]) -> list[dict[str, str]]:
    """At most a hundred, each with its reason, and how many more there are."""
    values = Value.objects.filter(pk__in=sorted(touched)[:100]).select_related("metric", "party")
    kept = [
        {
            "what": " ".join(
                part
                for part in (
                    value.party.name if value.party else "",
                    value.metric.name,
                    Period(value.starts_on, value.ends_on).show("zh"),
                )
                if part
            ),
            "reason": touched[value.pk],
        }
        for value in values
    ]
    more = len(touched) - len(kept)
    if more > 0:
        words = ngettext("%(count)s more figure", "%(count)s more figures", more) % {"count": more}
        kept.append({"what": words, "reason": ""})
    return kept
