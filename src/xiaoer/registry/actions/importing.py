"""Verbs about sheets of enterprises: looked at first, brought in whole, taken back where untouched."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xiaoer.base import journal
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.tables import Problem, Severity
from xiaoer.registry import access
from xiaoer.registry.imports import staging
from xiaoer.registry.imports.reading import (
    Mapped,
    SheetRead,
    read_sheet,
    rejected_rows,
    staged_rows,
)
from xiaoer.registry.models import ImportRow, ImportRun, KnownLayout, Party, Stewardship
from xiaoer.registry.names import terms_of

State, Outcome = ImportRun.State, ImportRow.Outcome
PURPOSE = "registry"
_BATCH = 5_000

# What is said of a row that meets the registry badly: the reason, and what to do.
_SAID: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "other_code": (
        lazy("A firm of this name stands in the registry under another credit code."),
        lazy("Compare both codes with the licence; correct the sheet or the registry."),
    ),
    "several": (
        lazy("Several firms in the registry have this name, and the row gives no code."),
        lazy("Add the unified social credit code to the row."),
    ),
    "same_party": (
        lazy("Another row of this sheet speaks of the same firm."),
        lazy("Keep one of the rows; nothing of this one was taken."),
    ),
    "park": (
        lazy("No park of this name or code is known."),
        lazy("The firm is taken without a park; correct the word or add the park."),
    ),
    "cell": (
        lazy("No single cell has this name or code."),
        lazy("The firm is taken without a cell; correct the word and import again."),
    ),
    "no_cell": (
        lazy("The row names no cell, so the firm is not yet an enterprise of the zone."),
        lazy("Name its cell in the sheet, or admit it on its page."),
    ),
    "officer": (
        lazy("No single officer has this name."),
        lazy("The firm is taken without an officer; assign one on its page."),
    ),
}


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking back a sheet did: ``kept`` are (party, reason) that stay as they are."""

    removed: int
    restored: int
    kept: tuple[tuple[str, str], ...]


@transaction.atomic
def preview_import(
    *,
    by: Actor,
    now: datetime,
    path: Path,
    file_name: str,
    file: StoredFile | None = None,
    sheet: str | None = None,
    chosen: Mapped | None = None,
) -> ImportRun:
    """Read a sheet against the registry and say what would happen to every row; changes nothing.

    A layout whose columns somebody matched before is matched the same way by itself.
    """
    access.must_keep_registry(by)
    read = _read(by, path, sheet, chosen)
    run = ImportRun.objects.create(
        zone_id=by.zone_id,
        post_id=by.post_id,
        file=file,
        file_name=file_name[:200],
        sheet=read.table.sheet or "",
        layout=read.header.fingerprint,
        mapping={str(index): match.field.key for index, match in read.header.mapping.items()},
        at=now,
    )
    _judge(run, read, now)
    _note_troubles(run, read)
    run.save()
    return run


@transaction.atomic
def learn_layout(*, by: Actor, now: datetime, run: ImportRun, chosen: Mapped) -> None:
    """Remember a person's match of the columns for the next sheet of this layout."""
    KnownLayout.objects.update_or_create(
        zone_id=by.zone_id,
        purpose=PURPOSE,
        layout=run.layout,
        defaults={"mapping": {str(k): v for k, v in chosen.items()}, "learned_at": now},
    )


@transaction.atomic
def commit_import(
    *, by: Actor, now: datetime, run: ImportRun, path: Path, all_or_nothing: bool = False
) -> ImportRun:
    """Bring a previewed sheet in: all its good rows, or none if ``all_or_nothing`` and one is bad.

    The registry is asked again, since it may have changed since the preview. One transaction: a
    server killed half-way leaves nothing half-done, and the run can be started again.
    """
    access.must_keep_registry(by)
    run = _taken(by, run)
    read = _read(by, path, run.sheet or None, _chosen(run))
    _judge(run, read, now)
    if all_or_nothing and run.rejected:
        raise Refused(
            _("%(count)s rows are rejected. Correct them, or bring in only the good rows.")
            % {"count": run.rejected}
        )
    _bring_in(run, by, now)
    return run


@transaction.atomic
def import_file(*, by: Actor, now: datetime, path: Path, sheet: str | None = None) -> ImportRun:
    """Preview and commit in one pass over the file, for the command line."""
    access.must_keep_registry(by)
    read = _read(by, path, sheet, None)
    run = ImportRun.objects.create(
        zone_id=by.zone_id,
        post_id=by.post_id,
        file_name=path.name[:200],
        sheet=read.table.sheet or "",
        layout=read.header.fingerprint,
        at=now,
    )
    _judge(run, read, now)
    _note_troubles(run, read)
    _bring_in(run, by, now)
    return run


def _bring_in(run: ImportRun, by: Actor, now: datetime) -> None:
    staging.apply(zone_id=by.zone_id, run_id=run.pk, now=now, today=timezone.localdate(now))
    run.state, run.finished_at, run.done = State.COMMITTED, now, run.read
    run.save()
    counts = ("read", "created", "updated", "unchanged", "rejected")
    journal.record(
        by=by,
        now=now,
        verb="import_registry",
        subject=run,
        file=run.file_name,
        **{name: getattr(run, name) for name in counts},
    )


def _taken(by: Actor, run: ImportRun) -> ImportRun:
    """The run, locked. Whoever comes second is told, and changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [7306, run.pk % 2**31])
        if not cursor.fetchone()[0]:
            raise Refused(_("This sheet is being brought in right now; wait for it to finish."))
    run = ImportRun.objects.select_for_update().get(zone_id=by.zone_id, pk=run.pk)
    if run.state in (State.COMMITTED, State.UNDONE):
        raise Refused(_("This sheet was brought in already; upload it again to bring it in anew."))
    return run


def _chosen(run: ImportRun) -> Mapped | None:
    return {int(index): key for index, key in run.mapping.items()} or None


def _read(by: Actor, path: Path, sheet: str | None, chosen: Mapped | None) -> SheetRead:
    read = read_sheet(path, sheet=sheet, chosen=chosen)
    if chosen:
        return read
    known = KnownLayout.objects.filter(
        zone_id=by.zone_id, purpose=PURPOSE, layout=read.header.fingerprint
    ).first()
    if known is None:
        return read
    return read_sheet(path, sheet=sheet, chosen={int(k): v for k, v in known.mapping.items()})


def _judge(run: ImportRun, read: SheetRead, now: datetime) -> None:
    """Stage the rows, decide their fates and count them: no row is lost."""
    staging.stage(staged_rows(read))
    has_cells = "cell" in read.cleaned.columns
    fates = staging.decide_fates(
        zone_id=run.zone_id, today=timezone.localdate(now), has_cells=has_cells
    )
    if not has_cells:
        run.message = _("The sheet has no column for cells: new firms are taken without one.")
    run.read = read.read
    run.created = fates.get("created", 0)
    run.updated = fates.get("updated", 0)
    run.unchanged = fates.get("unchanged", 0)
    run.rejected = read.read - run.created - run.updated - run.unchanged


def _note_troubles(run: ImportRun, read: SheetRead) -> None:
    """Keep every rejected or doubtful row with its number, the reasons and what stood in it."""
    rejected = rejected_rows(read.problems)
    problems: dict[int, list[dict[str, str]]] = {}
    for problem in read.problems:
        problems.setdefault(problem.row_no, []).append(_told(problem))
    fates: dict[int, str] = {}
    for row_no, fate, codes in staging.troubles():
        fates[row_no] = fate
        problems.setdefault(row_no, []).extend(_said(code) for code in codes.split(",") if code)
    first = read.table.row_no(0)
    ImportRow.objects.bulk_create(
        (
            ImportRow(
                zone_id=run.zone_id,
                run=run,
                row_no=row_no,
                outcome=Outcome.REJECTED
                if row_no in rejected or fates.get(row_no) == "rejected"
                else Outcome.DOUBTFUL,
                problems=problems[row_no],
                cells=_cells(read, row_no - first),
            )
            for row_no in sorted(problems)
        ),
        batch_size=_BATCH,
    )


def _told(problem: Problem) -> dict[str, str]:
    field = problem.field.label if problem.field else ""
    kind = "reject" if problem.severity is Severity.REJECT else "doubt"
    return {"field": field, "value": problem.value, "reason": problem.reason,
            "advice": problem.advice, "severity": kind}  # fmt: skip


def _said(code: str) -> dict[str, str]:
    reason, advice = _SAID[code]
    return {"field": "", "value": "", "reason": str(reason), "advice": str(advice), "severity": ""}


def _cells(read: SheetRead, index: int) -> list[str]:
    return ["" if cell is None else str(cell) for cell in read.table.rows[index]]


@transaction.atomic
def undo_import(*, by: Actor, now: datetime, run: ImportRun) -> Undone:
    """Take a sheet back: new firms nobody touched go, changed ones get their old values again.

    Firms that were changed since, or that requests, visits or cards hang on, stay and are listed.
    """
    access.must_keep_registry(by)
    run = ImportRun.objects.select_for_update().get(zone_id=by.zone_id, pk=run.pk)
    if run.state != State.COMMITTED:
        raise Refused(_("Only a sheet that was brought in can be taken back."))
    kept = [
        (name, _("changed since"))
        for _id, name in staging.changed_since(zone_id=by.zone_id, run_id=run.pk)
    ]
    restored = staging.undo_updates(zone_id=by.zone_id, run_id=run.pk, now=now)
    _renew_terms(by, restored)
    removable, held = _created_by(run)
    Stewardship.objects.filter(zone_id=by.zone_id, party_id__in=removable).delete()
    removed = _delete(by, removable)
    kept += [(name, _("something hangs on it: a request, a visit, a card")) for name in held]
    run.state, run.finished_at = State.UNDONE, now
    run.save()
    journal.record(
        by=by,
        now=now,
        verb="undo_import",
        subject=run,
        removed=removed,
        restored=len(restored),
        kept=len(kept),
    )
    return Undone(removed=removed, restored=len(restored), kept=tuple(kept))


def _created_by(run: ImportRun) -> tuple[list[int], list[str]]:
    """Untouched firms the run created: those nothing hangs on, and the names of the others."""
    rows = Party.objects.filter(zone_id=run.zone_id, import_run=run, version=1)
    holding = [
        relation
        for relation in Party._meta.related_objects
        if relation.related_model is not Stewardship and relation.field.name != "import_run"
    ]
    held: set[int] = set()
    for relation in holding:
        column = relation.field.name
        held.update(
            relation.related_model._default_manager.filter(**{f"{column}__in": rows}).values_list(
                f"{column}_id", flat=True
            )
        )
    names = dict(rows.values_list("pk", "name"))
    return [pk for pk in names if pk not in held], [names[pk] for pk in names if pk in held]


def _delete(by: Actor, parties: Iterable[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from party where zone_id = %s and id = any(%s)", [by.zone_id, list(parties)]
        )
        return int(cursor.rowcount)


def _renew_terms(by: Actor, parties: Iterable[int]) -> None:
    rows = Party.objects.filter(zone_id=by.zone_id, pk__in=list(parties)).prefetch_related(
        "other_names"
    )
    for party in rows:
        others = [other.name for other in party.other_names.all()]
        party.terms = terms_of(party.name, others, party.credit_code or party.old_register_no)
        party.save(update_fields=["terms"])
