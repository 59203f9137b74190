"""Verbs about sheets of enterprises: looked at first, then brought in whole or row by good row.

A small sheet is dealt with while its sender waits, a large one by a job; both do the same, in one
transaction. Killed half-way, nothing is half-done and the run can be started again.
"""

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from xiaoer.base import files, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.tables import Limits, look_at_sheet
from xiaoer.registry import access
from xiaoer.registry.actions import undoing
from xiaoer.registry.imports import progress, staging
from xiaoer.registry.imports.fields import FIELDS
from xiaoer.registry.imports.progress import Tell, tell_nobody
from xiaoer.registry.imports.reading import (
    LARGE,
    Mapped,
    SheetRead,
    is_large,
    read_sheet,
    staged_lines,
    worded_lines,
)
from xiaoer.registry.imports.telling import note_troubles, seen_of, storable
from xiaoer.registry.models import ImportRun, KnownLayout

State: TypeAlias = ImportRun.State
Goal: TypeAlias = ImportRun.Goal
Phase: TypeAlias = ImportRun.Phase
PURPOSE = "registry"
JOB = "work_on_import"
# Nothing of these was brought in yet.
OPEN = (State.PREVIEWED, State.QUEUED, State.RUNNING, State.FAILED)
COUNTS = ("read", "created", "updated", "unchanged", "rejected")


# Looking -----------------------------------------------------------------------------------------


@transaction.atomic
def receive_sheet(*, by: Actor, now: datetime, stream: files.Upload, name: str) -> ImportRun:
    """Keep an uploaded sheet of enterprises and look at it, or have a job look at it."""
    access.must_keep_registry(by)
    file = files.keep_file(
        by=by, now=now, stream=stream, name=name, limit=Limits().file_bytes, look=look_at_sheet
    )
    run = ImportRun.objects.create(
        zone_id=by.zone_id, post_id=by.post_id, file=file, file_name=_name(name), at=now
    )
    journal.record(by=by, now=now, verb="receive_sheet", subject=run, file=run.file_name)
    return _begin(by, now, run, Goal.PREVIEW)


@transaction.atomic
def match_columns(
    *, by: Actor, now: datetime, run: ImportRun, chosen: Mapped, sheet: str | None = None
) -> ImportRun:
    """Take a person's word on what each column is, remember it for this layout, and look again."""
    access.must_keep_registry(by)
    run = _open_run(by, run)
    keys = {field.key for field in FIELDS}
    width = len(run.seen.get("columns", ()))
    if any(not 0 <= at < width or (key and key not in keys) for at, key in chosen.items()):
        raise Refused(_("The chosen match names a column or field that does not exist."))
    if sheet and sheet != run.sheet:
        # Another sheet has other columns; what was chosen for this one says nothing of them.
        run.sheet, run.mapping = sheet, {}
    else:
        run.mapping = {str(at): key for at, key in chosen.items()}
        _learn_layout(by, now, run)
    run.save(update_fields=["sheet", "mapping"])
    journal.record(by=by, now=now, verb="match_columns", subject=run, columns=run.mapping)
    return _begin(by, now, run, Goal.PREVIEW)


def _learn_layout(by: Actor, now: datetime, run: ImportRun) -> None:
    if run.layout:
        KnownLayout.objects.update_or_create(
            zone_id=by.zone_id,
            purpose=PURPOSE,
            layout=run.layout,
            defaults={"mapping": run.mapping, "learned_at": now},
        )


# Bringing in -------------------------------------------------------------------------------------


@transaction.atomic
def commit_import(
    *, by: Actor, now: datetime, run: ImportRun, all_or_nothing: bool = False
) -> ImportRun:
    """Bring a previewed sheet in: all its good rows, or none if ``all_or_nothing`` and one is bad.

    The registry is asked again, since it may have changed since the preview.
    """
    access.must_keep_registry(by)
    run = _open_run(by, run)
    if run.state != State.PREVIEWED or run.seen.get("missing"):
        raise Refused(_("Look at what would become of the rows first."))
    if all_or_nothing and run.rejected:
        raise Refused(_some_rejected(run.rejected))
    if not run.created + run.updated + run.unchanged:
        raise Refused(_("No row of this sheet can be taken; correct it and upload it again."))
    return _begin(by, now, run, Goal.ALL_ROWS if all_or_nothing else Goal.GOOD_ROWS)


@transaction.atomic
def undo_import(*, by: Actor, now: datetime, run: ImportRun) -> ImportRun:
    """Take a sheet back: new firms nobody touched go, changed ones get their old values again.

    Firms that were changed since, or that requests, visits or cards hang on, stay and are listed.
    """
    access.must_keep_registry(by)
    run = ImportRun.objects.select_for_update(no_key=True).get(zone_id=by.zone_id, pk=run.pk)
    undoing.must_stand(run)
    return _begin(by, now, run, Goal.UNDO)


@transaction.atomic
def start_again(*, by: Actor, now: datetime, run: ImportRun) -> ImportRun:
    """Let a job begin anew what a killed server left; refused while somebody is really at it."""
    access.must_keep_registry(by)
    run = ImportRun.objects.select_for_update(no_key=True).get(zone_id=by.zone_id, pk=run.pk)
    if run.state not in (State.QUEUED, State.RUNNING, State.FAILED):
        raise Refused(_("This sheet is not waiting for anything."))
    if progress.is_at_work(run.pk):
        raise Refused(_at_work())
    journal.record(by=by, now=now, verb="start_again", subject=run, goal=run.goal)
    _queue(by, now, run)
    return run


@transaction.atomic
def import_file(*, by: Actor, now: datetime, path: Path, sheet: str | None = None) -> ImportRun:
    """Preview and bring in the good rows in one pass over the file, for the command line."""
    access.must_keep_registry(by)
    run = ImportRun.objects.create(
        zone_id=by.zone_id,
        post_id=by.post_id,
        file_name=_name(path.name),
        sheet=sheet or "",
        at=now,
        goal=Goal.GOOD_ROWS,
    )
    _write(by, now, run, path, tell_nobody)
    return run


# Working -----------------------------------------------------------------------------------------


def _begin(by: Actor, now: datetime, run: ImportRun, goal: Goal) -> ImportRun:
    """Deal with the run now, or have a job do it if somebody would wait too long."""
    run.goal, run.message, run.phase = goal, "", ""
    if _takes_long(run, goal):
        _queue(by, now, run)
        return run
    if not progress.take_lock(run.pk):
        raise Refused(_at_work())
    _do(by, now, run, tell_nobody)
    return run


def _takes_long(run: ImportRun, goal: Goal) -> bool:
    if goal == Goal.UNDO:
        return run.created + run.updated > LARGE
    with _path(run) as path:
        return is_large(path)


def _queue(by: Actor, now: datetime, run: ImportRun) -> None:
    run.state, run.asked_at, run.done, run.phase, run.message = State.QUEUED, now, 0, "", ""
    run.save()
    app.configure_task(JOB).defer(zone_id=run.zone_id, run_id=run.pk, post_id=by.post_id)


@transaction.atomic
def work_on_import(*, by: Actor, now: datetime, run_id: int, tell: Tell) -> None:
    """What the job does: whatever the run is for. Whoever comes second finds nothing to do."""
    access.must_keep_registry(by)
    if not progress.take_lock(run_id):
        return
    run = ImportRun.objects.get(zone_id=by.zone_id, pk=run_id)
    if run.state in (State.QUEUED, State.RUNNING):
        _do(by, now, run, tell)


@transaction.atomic
def fail_import(*, by: Actor, now: datetime, run_id: int, reason: str) -> None:
    """Note why a job could not do what it was asked to; nothing of the sheet was written."""
    run = ImportRun.objects.select_for_update(no_key=True).get(zone_id=by.zone_id, pk=run_id)
    # What was brought in stays so when taking it back is refused.
    run.state = State.COMMITTED if run.goal == Goal.UNDO else State.FAILED
    run.message = reason[:500]
    run.save(update_fields=["state", "message"])
    journal.record(by=by, now=now, verb="fail_registry_import", subject=run, reason=reason[:500])


def _do(by: Actor, now: datetime, run: ImportRun, tell: Tell) -> None:
    if run.goal == Goal.UNDO:
        undoing.take_back(by=by, now=now, run=run, tell=tell)
    elif run.goal == Goal.PREVIEW:
        with _path(run) as path:
            _look(by, now, run, path, tell)
        run.state = State.PREVIEWED
        run.save()
    else:
        with _path(run) as path:
            _write(by, now, run, path, tell)


def _look(by: Actor, now: datetime, run: ImportRun, path: Path, tell: Tell) -> None:
    """Find out what would become of the rows; nothing of the registry is written."""
    _judge(now, run, _stage(by, run, path, tell))


def _stage(by: Actor, run: ImportRun, path: Path, tell: Tell) -> SheetRead:
    tell(Phase.READING, 0)
    read = read_sheet(
        path,
        sheet=run.sheet or None,
        chosen={int(at): key for at, key in run.mapping.items()},
        remembered=lambda layout: _known(by, layout),
    )
    run.sheet = storable(read.table.sheet or "")[:100]
    run.layout = read.header.fingerprint
    run.seen = seen_of(read)
    tell(Phase.CHECKING, 0)
    staging.stage(staged_lines(read), lambda rows: tell(Phase.CHECKING, rows))
    return read


def _judge(now: datetime, run: ImportRun, read: SheetRead) -> None:
    """Decide the fates of staged rows, count them and note the doubtful: no row is lost."""
    fates = staging.decide_fates(
        zone_id=run.zone_id, today=timezone.localdate(now), has_cells=read.has_cells
    )
    _count(run, read, fates)
    note_troubles(run, read)


def _known(by: Actor, layout: str) -> Mapped | None:
    known = KnownLayout.objects.filter(zone_id=by.zone_id, purpose=PURPOSE, layout=layout).first()
    return {int(at): key for at, key in known.mapping.items()} if known else None


def _count(run: ImportRun, read: SheetRead, fates: dict[str, int]) -> None:
    run.read = read.read
    run.created = fates.get("created", 0)
    run.updated = fates.get("updated", 0)
    run.unchanged = fates.get("unchanged", 0)
    run.rejected = run.read - run.created - run.updated - run.unchanged
    if read.cleaned is not None and not read.has_cells:
        run.message = _("The sheet has no column for cells: new firms come without one.")


def _write(by: Actor, now: datetime, run: ImportRun, path: Path, tell: Tell) -> None:
    progress.wait_for_zone(run.zone_id)
    read = _stage(by, run, path, tell)
    with worded_lines(read) as words:
        _judge(now, run, read)
        _must_be_fit(run)
        fates = staging.hold(zone_id=run.zone_id)
        run.updated, run.unchanged = fates.get("updated", 0), fates.get("unchanged", 0)
        tell(Phase.WRITING, 0)
        try:
            with transaction.atomic():
                staging.apply(
                    zone_id=run.zone_id,
                    run_id=run.pk,
                    now=now,
                    today=timezone.localdate(now),
                    words=words if run.created + run.updated else (),
                    count=lambda rows: tell(Phase.WRITING, rows),
                )
        except IntegrityError as error:
            raise Refused(
                _("Somebody added one of these firms just now. Look at the sheet again.")
            ) from error
    run.state, run.finished_at, run.done, run.phase = State.COMMITTED, now, run.read, ""
    run.save()
    journal.record(
        by=by,
        now=now,
        verb="import_registry",
        subject=run,
        file=run.file_name,
        **{name: getattr(run, name) for name in COUNTS},
    )


def _must_be_fit(run: ImportRun) -> None:
    """All rows are good if all or none are wanted, and the sheet says what each must have."""
    if run.goal == Goal.ALL_ROWS and run.rejected:
        raise Refused(_some_rejected(run.rejected))
    if missing := run.seen["missing"]:
        labels = "、".join(field.label for field in FIELDS if field.key in missing)
        raise Refused(
            _("No column for %(fields)s. Say which column it is, or add it to the sheet.")
            % {"fields": labels}
        )


def _open_run(by: Actor, run: ImportRun) -> ImportRun:
    """The run as long as nothing of it was brought in. Whoever comes second is told."""
    run = ImportRun.objects.select_for_update(no_key=True).get(zone_id=by.zone_id, pk=run.pk)
    if run.state not in OPEN:
        raise Refused(_("This sheet was brought in already; upload it again to bring it in anew."))
    if run.state in (State.QUEUED, State.RUNNING):
        raise Refused(_at_work())
    return run


def _path(run: ImportRun) -> AbstractContextManager[Path]:
    if run.file is None:
        raise Refused(_("The file of this sheet was not kept; upload it again."))
    if not files.is_kept(run.file.sha256):
        raise Refused(_("The file of this sheet is missing from the store; upload it again."))
    return files.kept_path(run.file)


def _name(file_name: str) -> str:
    return storable(file_name).strip()[-200:] or _("sheet")


def _at_work() -> str:
    return _("This sheet is being dealt with right now; wait for it to finish.")


def _some_rejected(count: int) -> str:
    return _("%(count)s rows are rejected. Correct them, or bring in only the good rows.") % {
        "count": count
    }
