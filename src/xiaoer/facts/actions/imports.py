"""Verbs about sheets of figures: previewed, matched, asked about, committed, taken back."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app

from xiaoer.base import files, journal
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.tables import Limits, OtherSheet, Table, look_at_sheet, read_table
from xiaoer.facts import access, progress, queries, staging
from xiaoer.facts.actions.rollups import ask_for_rollups
from xiaoer.facts.actions.writing import Entry, judge, lock_figures
from xiaoer.facts.ledger import Outcome
from xiaoer.facts.models import (
    Column,
    FactImport,
    FirmAlias,
    Metric,
    Source,
    Value,
    ValueReference,
)
from xiaoer.facts.periods import Period, parse_period
from xiaoer.facts.progress import Tell, tell_nobody
from xiaoer.facts.sheets import WANTED, Layout, SheetRead, read_sheet
from xiaoer.registry.imports.reading import is_large
from xiaoer.registry.models import KnownLayout, Party

State = FactImport.State
SHOWN_ROWS = 500
"""Of rows that went well only so many of a kind are kept; those corrected or rejected are kept all."""
LEARNED = ("dash", "blank", "percent", "before")
SAME, AT_LEAST, SHARE = "same", 3, 0.8
"""A sheet is asked about when so many figures, and this share, are last period's own."""
SHEETS = 20
JOB, LOOK, COMMIT = "work_on_values", "look", "commit"
LARGE = 5_000
"""So many figures are written while their sender waits; more by a job."""
ALLOWED = {
    "dash": ("zero", "missing"),
    "blank": ("zero", "missing"),
    "percent": ("ratio", "percent"),
    "before": ("yes", "no"),
}

figures_committed = Signal()
"""Sent in the transaction that brings a sheet's figures in or takes them back: ``zone_id``,
``metric_ids``, ``periods`` (of `Period`), ``by``, ``now``. Rooms above judge anew what hangs on them."""


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
    period: str = "",
) -> FactImport:
    """Keep a sheet, read it and say what would become of each of its figures; none is written yet.

    ``metric`` and ``column`` say what a sheet of enterprises by months holds; ``period`` what a
    sheet by indicators is of, where its title does not.
    """
    run = _receive(by, now, stream, file_name, sheet, metric, column, period)
    _look(by, now, run)
    _keep(run)
    journal.record(by=by, now=now, verb="preview_values", subject=run, file=run.file_name)
    return run


@transaction.atomic
def preview_book(
    *,
    by: Actor,
    now: datetime,
    stream: files.Upload,
    file_name: str,
    metric: Metric | None = None,
    column: str = Column.REPORTED,
    period: str = "",
) -> FactImport:
    """Preview every sheet of a workbook, each as an import of its own; the one most like a table of
    figures is returned, and names the others: those read, and those left out with the reason."""
    run = _receive(by, now, stream, file_name, None, metric, column, period)
    journal.record(by=by, now=now, verb="preview_values", subject=run, file=run.file_name)
    with _path(run) as path:
        large = is_large(path)
    if large:
        _queue(by, run, LOOK)
        return run
    _look_at_book(by, now, run)
    return run


def _look_at_book(by: Actor, now: datetime, run: FactImport, tell: Tell = tell_nobody) -> None:
    others = _look(by, now, run, tell).other_sheets
    _keep(run)
    told = []
    for other in others[:SHEETS]:
        run_id, why = None, _("It is hidden.") if other.hidden else ""
        if not why:
            run_id, why = _another(by, now, run, other.name)
        told.append({"name": other.name, "run": run_id, "why": why})
    told += [{"name": o.name, "run": None, "why": _("Too many sheets.")} for o in others[SHEETS:]]
    run.seen["sheets"] = told
    run.save(update_fields=["seen"])


@transaction.atomic
def match_columns(
    *,
    by: Actor,
    now: datetime,
    run_id: int,
    chosen: Mapping[int, str | None],
    units: Mapping[int, str] | None = None,
) -> FactImport:
    """Say which column is which field or indicator, and in what unit, and preview again; the next
    sheet with these headings needs no telling."""
    access.must_keep_figures(by)
    run = _open(by, run_id)
    run.mapping = {str(index): key for index, key in chosen.items()}
    if units:
        run.answers["units"] = {str(index): unit for index, unit in units.items() if unit}
    read = _look(by, now, run).read
    _keep(run)
    _learn(by, now, run, read.fingerprint)
    journal.record(by=by, now=now, verb="match_columns", subject=run)
    return run


@transaction.atomic
def answer_import(
    *, by: Actor, now: datetime, run_id: int, answers: Mapping[str, str], period: str = ""
) -> FactImport:
    """Answer what a sheet left open, and preview again.

    What dashes, blanks and per cents mean and whether columns of the year before are taken is
    remembered for the layout; the period, and why last period's figures are right again, is of this
    sheet alone.
    """
    access.must_keep_figures(by)
    run = _open(by, run_id)
    for key, answer in answers.items():
        if key == SAME:
            if not answer.strip():
                raise Refused(_("Say why the figures are those of the last period."), field=key)
        elif answer not in ALLOWED.get(key, ()):
            raise Refused(_("Choose one of the list."), field=key)
        run.answers[key] = answer.strip()[:300]
    if period:
        run.period = _period(period)
    read = _look(by, now, run).read
    _keep(run)
    _learn(by, now, run, read.fingerprint)
    journal.record(by=by, now=now, verb="answer_import", subject=run, answers=dict(answers))
    return run


@transaction.atomic
def choose_firms(*, by: Actor, now: datetime, run_id: int, chosen: Mapping[str, int]) -> FactImport:
    """Say which enterprise a name of the sheet means, and preview again; remembered for the zone."""
    access.must_keep_figures(by)
    run = _open(by, run_id)
    there = set(
        Party.objects.filter(
            zone_id=by.zone_id, pk__in=set(chosen.values()), merged_into__isnull=True
        ).values_list("pk", flat=True)
    )
    if not chosen or set(chosen.values()) - there:
        raise Refused(_("Choose an enterprise of this zone for each name."), field="firm")
    for name, party_id in chosen.items():
        folded = staging.fold(name)
        if not folded:
            raise Refused(_("The sheet names no enterprise there."), field="firm")
        FirmAlias.objects.update_or_create(
            zone_id=by.zone_id,
            folded=folded,
            defaults={
                "name": name[:120], "party_id": party_id, "post_id": by.post_id, "learned_at": now,
            },
        )  # fmt: skip
    _look(by, now, run)
    _keep(run)
    journal.record(by=by, now=now, verb="choose_firms", subject=run, names=len(chosen))
    return run


@transaction.atomic
def confirm_figures(
    *, by: Actor, now: datetime, run_id: int, warning: str, reason: str
) -> FactImport:
    """Say why figures with one kind of warning are right as they stand; all of that kind."""
    access.must_keep_figures(by)
    run = _open(by, run_id)
    if warning not in run.seen.get("warnings", {}):
        raise Refused(_("No figure of this sheet has such a warning."), field="warning")
    if not reason.strip():
        raise Refused(_("Say why these figures are right."), field="reason")
    run.answers["warnings"] = {**run.answers.get("warnings", {}), warning: reason.strip()[:300]}
    run.save(update_fields=["answers"])
    journal.record(
        by=by, now=now, verb="confirm_figures", subject=run, warning=warning, reason=reason[:300]
    )
    return run


@transaction.atomic
def leave_out_figure(
    *, by: Actor, now: datetime, run_id: int, row_no: int, place: str, reason: str = ""
) -> FactImport:
    """Leave one figure of a sheet out: it is rejected, with the reason, to be corrected there."""
    access.must_keep_figures(by)
    run = _open(by, run_id)
    if not run.rows.filter(row_no=row_no, place=place).exists():
        raise Refused(_("The sheet has no such figure."), field="row")
    words = reason.strip()[:200] or _("Left out by hand; correct it and bring it in again.")
    run.answers["left"] = [*run.answers.get("left", []), [row_no, place, words]]
    _look(by, now, run)
    _keep(run)
    journal.record(by=by, now=now, verb="leave_out_figure", subject=run, row=row_no)
    return run


@transaction.atomic
def commit_import(*, by: Actor, now: datetime, run_id: int) -> FactImport:
    """Write the good rows of a previewed sheet, judged once more against what is known by now.

    A large one is written by a job.
    """
    access.must_keep_figures(by)
    run = _open(by, run_id)
    _must_be_answered(run)
    if run.read > LARGE:
        _queue(by, run, COMMIT)
        return run
    _bring_in(by, now, run, tell_nobody)
    return run


def _bring_in(by: Actor, now: datetime, run: FactImport, tell: Tell) -> None:
    lock_figures(by)
    looked = _look(by, now, run, tell)
    if not run.created + run.updated + run.unchanged:
        raise Refused(_("Nothing in this sheet can be taken; see the reasons beside the rows."))
    _must_be_answered(run)
    tell(progress.WRITING)
    _write(by, now, run, looked.read)


@transaction.atomic
def work_on_values(*, by: Actor, now: datetime, run_id: int, tell: Tell) -> None:
    """What the job does with a large sheet. Whoever comes second finds nothing to do."""
    access.must_keep_figures(by)
    if not progress.take_lock(run_id):
        return
    run = FactImport.objects.get(zone_id=by.zone_id, pk=run_id)
    if run.state not in (State.QUEUED, State.RUNNING):
        return
    run.state, run.phase = State.PREVIEWED, ""
    if run.goal == COMMIT:
        _bring_in(by, now, run, tell)
    else:
        _look_at_book(by, now, run, tell)


@transaction.atomic
def fail_values(*, by: Actor, now: datetime, run_id: int, reason: str) -> None:
    """Note why a job could not do what it was asked to; nothing of the sheet was written."""
    run = _locked(by, run_id)
    run.state = State.PREVIEWED if run.goal == COMMIT else State.FAILED
    run.phase, run.message = "", reason[:500]
    run.save(update_fields=["state", "phase", "message"])
    journal.record(by=by, now=now, verb="fail_values", subject=run, reason=reason[:500])


@transaction.atomic
def resume_import(*, by: Actor, now: datetime, run_id: int) -> FactImport:
    """Let a job begin anew what a killed one left; refused while somebody is really at it."""
    access.must_keep_figures(by)
    run = FactImport.objects.get(zone_id=by.zone_id, pk=run_id)
    if run.state not in (State.QUEUED, State.RUNNING, State.FAILED):
        raise Refused(_("This sheet is not waiting for anything."))
    if progress.is_at_work(run.pk):
        raise Refused(_("This sheet is being dealt with right now; wait for it to finish."))
    journal.record(by=by, now=now, verb="resume_import", subject=run)
    _queue(by, run, run.goal or LOOK)
    return run


def _queue(by: Actor, run: FactImport, goal: str) -> None:
    run.state, run.goal, run.phase, run.message = State.QUEUED, goal, "", ""
    run.save(update_fields=["state", "goal", "phase", "message"])
    app.configure_task(JOB).defer(zone_id=run.zone_id, run_id=run.pk, post_id=by.post_id)


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
    period: str = "",
    answers: Mapping[str, str] | None = None,
) -> FactImport:
    """Preview and commit in one step, for the command line and other programs.

    A sheet of which nothing can be taken, or of which something is to be asked or confirmed, stays
    a preview that says so.
    """
    access.must_keep_figures(by)
    with path.open("rb") as stream:
        run = _receive(
            by, now, stream, file_name or path.name, sheet, metric, column, period, answers
        )
    lock_figures(by)
    looked = _look(by, now, run)
    journal.record(by=by, now=now, verb="preview_values", subject=run, file=run.file_name)
    if not run.created + run.updated + run.unchanged or queries.open_questions(run):
        _keep(run)
        return run
    _write(by, now, run, looked.read)
    return run


@transaction.atomic
def undo_import(*, by: Actor, now: datetime, run_id: int) -> FactImport:
    """Take back what a sheet brought and nobody touched since; the rest stays, each with a reason."""
    access.must_keep_figures(by)
    run = _locked(by, run_id)
    _must_be(run, State.COMMITTED)
    lock_figures(by)
    touched = queries.touched_since(zone_id=run.zone_id, run_id=run.pk)
    values = Value.objects.filter(
        zone_id=by.zone_id, import_run=run, withdrawn_at__isnull=True
    ).exclude(pk__in=touched)
    changed = [
        (*key, of_firms)
        for of_firms in (False, True)
        for key in values.filter(party__isnull=not of_firms)
        .order_by()
        .values_list("metric_id", "starts_on", "ends_on")
        .distinct()
    ]
    ValueReference.objects.filter(zone_id=by.zone_id, import_run=run).exclude(
        value_id__in=touched
    ).delete()
    taken = values.update(withdrawn_at=now)
    run.state = State.UNDONE
    run.undone_at = now
    run.kept_back = _kept_back(touched)
    run.save(update_fields=["state", "undone_at", "kept_back"])
    _announce(by, now, changed)
    journal.record(
        by=by, now=now, verb="undo_import", subject=run, taken_back=taken, kept=len(touched)
    )
    return run


# Looking -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Looked:
    read: SheetRead
    other_sheets: tuple[OtherSheet, ...]


def _receive(
    by: Actor,
    now: datetime,
    stream: files.Upload,
    file_name: str,
    sheet: str | None,
    metric: Metric | None,
    column: str,
    period: str,
    answers: Mapping[str, str] | None = None,
) -> FactImport:
    access.must_keep_figures(by)
    file = files.keep_file(
        by=by,
        now=now,
        stream=stream,
        name=file_name,
        limit=Limits().file_bytes,
        look=look_at_sheet,
    )
    return FactImport.objects.create(
        zone_id=by.zone_id,
        post_id=by.post_id,
        file=file,
        file_name=file_name[:200],
        sheet=(sheet or "")[:100],
        metric=metric,
        column=column,
        period=_period(period) if period else "",
        answers=dict(answers or {}),
        at=now,
    )


def _period(typed: str) -> str:
    try:
        period = parse_period(typed)
    except Unreadable as no:
        raise Refused(str(no), field="period") from no
    if period is None or period.is_date:
        raise Refused(
            _("Say the month or year the sheet is of, such as 2026年10月."), field="period"
        )
    return period.show("zh").replace("–", "-")


def _another(by: Actor, now: datetime, first: FactImport, sheet: str) -> tuple[int | None, str]:
    """Preview another sheet of the same workbook; or say why it is left out."""
    run = FactImport(
        zone_id=first.zone_id,
        post_id=first.post_id,
        file=first.file,
        file_name=first.file_name,
        sheet=sheet[:100],
        column=first.column,
        period=first.period,
        at=now,
    )
    try:
        with transaction.atomic():
            run.save()
            looked = _look(by, now, run)
            if not looked.read.shapes and not run.read:
                raise Refused(_("No column of it is known as a figure."))
            _keep(run)
    except Refused as no:
        return None, str(no)
    return run.pk, ""


def _look(by: Actor, now: datetime, run: FactImport, tell: Tell = tell_nobody) -> _Looked:
    """Read, match and judge a sheet into tables of this transaction; the run says what came out."""
    tell(progress.READING)
    with _path(run) as path:
        table = read_table(path, sheet=run.sheet or None, wanted=WANTED)
    run.sheet = (table.sheet or "").replace("\0", "")[:100]
    read = _read(run, table, now)
    tell(progress.CHECKING)
    staging.stage(
        shapes=read.shapes,
        lines=read.lines,
        now=now,
        file_name=run.file_name,
        left=run.answers.get("left", []),
    )
    staging.match(zone_id=run.zone_id, firms=read.firms)
    staging.judge(zone_id=run.zone_id)
    _ask_the_ledger(run.zone_id)
    same = staging.look(zone_id=run.zone_id)
    _count(run, read)
    names = queries.unknown_names(zone_id=run.zone_id)
    _note(run, read, names, same)
    return _Looked(read, table.other_sheets)


def _path(run: FactImport) -> AbstractContextManager[Path]:
    if run.file is None:
        raise Refused(_("The file of this sheet was not kept; upload it again."))
    return files.kept_path(run.file)


def _read(run: FactImport, table: Table, now: datetime) -> SheetRead:
    """Take the sheet apart; a layout learned before is applied by itself."""
    known = queries.known_names(run.zone_id)
    read = read_sheet(table, queries.ask_of(run, known, now))
    if not run.mapping:
        learned = queries.learned(zone_id=run.zone_id, layout=read.fingerprint)
        if learned:
            run.mapping = learned.columns
            run.answers = {**learned.answers, **run.answers}
            read = read_sheet(table, queries.ask_of(run, known, now))
    return read


def _ask_the_ledger(zone_id: int) -> None:
    """What a sheet says twice is judged line after line, each seeing those before it."""
    twice = staging.said_twice()
    if twice:
        judged = judge(zone_id, [Entry(key, figure, at, "") for _no, key, figure, at in twice])
        staging.rejudge({no: one.outcome for (no, *_rest), one in zip(twice, judged, strict=True)})


def _count(run: FactImport, read: SheetRead) -> None:
    outcomes, warnings = staging.counts()
    run.layout = read.layout
    run.metric = read.metric or (None if read.layout == Layout.INDICATORS else run.metric)
    run.read = sum(outcomes.values())
    run.created = outcomes.get(Outcome.CREATED, 0)
    run.updated = outcomes.get(Outcome.UPDATED, 0)
    run.unchanged = outcomes.get(Outcome.UNCHANGED, 0)
    run.rejected = outcomes.get(Outcome.REJECTED, 0)
    run.left_out = len(read.left_out)
    run.warned = sum(warnings.values())
    run.seen = {**run.seen, "warnings": warnings}


def _note(
    run: FactImport,
    read: SheetRead,
    names: Sequence[queries.UnknownName],
    same: tuple[int, int],
) -> None:
    """What the page shows without reading the sheet again."""
    if read.period and read.layout == Layout.INDICATORS:
        run.period = run.period or read.period.show("zh").replace("–", "-")
    asked = [asdict(question) for question in read.questions]
    if same[1] >= AT_LEAST and same[0] >= SHARE * same[1]:
        asked.append({"key": SAME, "count": same[0], "examples": (str(same[1]),)})
    run.seen = {
        "sheets": run.seen.get("sheets", []),
        "warnings": run.seen.get("warnings", {}),
        "columns": [asdict(column) for column in read.columns],
        "missing": list(read.missing),
        "questions": asked,
        "names": [asdict(name) for name in names[: queries.LOOKED_UP]],
    }
    _tell_names(names)


def _tell_names(names: Sequence[queries.UnknownName]) -> None:
    """Why firms were not found, for the rows that name them."""
    staging.keep_words([(name.no, name.reason, name.advice) for name in names])


def _keep(run: FactImport) -> None:
    """Keep the counts and what became of the rows."""
    run.save()
    run.rows.all().delete()
    staging.tell(
        zone_id=run.zone_id,
        run_id=run.pk,
        shown=SHOWN_ROWS,
        clash=(
            _("Another figure is known for this since the same day."),
            _("A correction is known later: give its day in 已知日期."),
        ),
    )


def _learn(by: Actor, now: datetime, run: FactImport, layout: str) -> None:
    answers = {key: run.answers[key] for key in (*LEARNED, "units") if key in run.answers}
    KnownLayout.objects.update_or_create(
        zone_id=by.zone_id,
        purpose=queries.PURPOSE,
        layout=layout,
        defaults={
            "mapping": {"columns": run.mapping, "answers": answers},
            "learned_at": now,
        },
    )


# Writing -----------------------------------------------------------------------------------------


def _must_be_answered(run: FactImport) -> None:
    if left := queries.open_questions(run):
        raise Refused(
            _("First answer what is asked on the page of this sheet: %(questions)s.")
            % {"questions": "；".join(left)}
        )


def _write(by: Actor, now: datetime, run: FactImport, read: SheetRead) -> None:
    run.state, run.finished_at = State.COMMITTED, now
    _keep(run)
    for name, day in staging.sources().items():
        Source.objects.get_or_create(zone_id=by.zone_id, name=name, defaults={"published_on": day})
    staging.write(zone_id=run.zone_id, run_id=run.pk, post_id=by.post_id, now=now)
    if read.layout == Layout.INDICATORS and not run.mapping:
        run.mapping = {str(column.index): column.key for column in read.columns}
        run.save(update_fields=["mapping"])
    if read.layout != Layout.LIST:
        _learn(by, now, run, read.fingerprint)
    _announce(by, now, staging.touched())
    journal.record(
        by=by, now=now, verb="commit_import", subject=run, created=run.created, updated=run.updated
    )


def _announce(by: Actor, now: datetime, changed: Sequence[tuple[int, date, date, bool]]) -> None:
    """Have sums of enterprises made anew, and tell the rooms above."""
    ends: dict[int, set[date]] = {}
    for metric_id, _starts_on, ends_on, of_firms in changed:
        if of_firms:
            ends.setdefault(metric_id, set()).add(ends_on)
    for metric_id, days in ends.items():
        ask_for_rollups(by.zone_id, metric_id, days)
    if changed:
        figures_committed.send(
            sender=FactImport,
            zone_id=by.zone_id,
            metric_ids={metric_id for metric_id, *_rest in changed},
            periods=sorted({Period(start, end) for _metric, start, end, _firms in changed}),
            by=by,
            now=now,
        )


# -------------------------------------------------------------------------------------------------


def _locked(by: Actor, run_id: int) -> FactImport:
    run = FactImport.objects.select_for_update().filter(zone_id=by.zone_id, pk=run_id).first()
    if run is None:
        raise Refused(_("There is no such import here; it may be of another zone."))
    return run


def _open(by: Actor, run_id: int) -> FactImport:
    """A previewed run, held until the transaction ends. Whoever comes second is told."""
    run = _locked(by, run_id)
    _must_be(run, State.PREVIEWED)
    return run


def _must_be(run: FactImport, state: str) -> None:
    if run.state != state:
        raise Refused(
            _("The import of %(file)s is already %(state)s; look at its result.")
            % {"file": run.file_name, "state": State(run.state).label}
        )


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
