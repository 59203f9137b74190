"""Lists of projects: opened by a document, projects put on and taken off, one by one or by a sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import checking, files, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.tables import Limits, look_at_sheet
from xiaoer.projects import access, list_sheets
from xiaoer.projects.actions.living import living, locked
from xiaoer.projects.models import ListPlace, ListSheet, Project, ProjectList

CREATED, UNCHANGED, REJECTED = "created", "unchanged", "rejected"


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What is entered of a list of projects."""

    name: str
    level: str
    year: int
    code: str = ""
    name_en: str = ""
    subject: str = ""
    document: str = ""


@transaction.atomic
def open_list(*, by: Actor, now: datetime, facts: ListFacts) -> ProjectList:
    """Open a list of a year and a level, with the document it comes from."""
    access.must_keep_projects(by)
    row = ProjectList(zone_id=by.zone_id, year=facts.year, **_list_values(facts))
    row.code = checking.said(facts.code, "code", most=60) or _free_code(by, facts)
    if not 1990 <= facts.year <= 2100:
        raise Refused(_("Check the year."), field="year")
    _save_list(row)
    journal.record(
        by=by, now=now, verb="open_project_list", subject=row, name=row.name, year=row.year
    )
    return row


def _list_values(facts: ListFacts) -> dict[str, Any]:
    if facts.level not in ProjectList.Level.values:
        raise Refused(_("Choose the level of the list."), field="level")
    return {
        "name": checking.must_say(facts.name, "name", most=80, why=_("Give the list a name.")),
        "name_en": checking.said(facts.name_en, "name_en", most=120),
        "level": facts.level,
        "subject": checking.said(facts.subject, "subject", most=30),
        "document": checking.said(facts.document, "document", most=200),
    }


def _free_code(by: Actor, facts: ListFacts) -> str:
    count = ProjectList.objects.filter(zone_id=by.zone_id, year=facts.year).count()
    return f"{facts.level}-{facts.subject or 'list'}-{count + 1}"


def _save_list(row: ProjectList) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(
            _("There is a list with this code for %(year)s already.") % {"year": row.year},
            field="code",
        ) from error


@transaction.atomic
def change_list(
    *,
    by: Actor,
    now: datetime,
    project_list: ProjectList,
    facts: ListFacts,
    ended_on: date | None = None,
    version: int,
) -> ProjectList:
    """Correct a list, or end it; those who stand on it stay there to be read."""
    access.must_keep_projects(by)
    row = locked(ProjectList, by, project_list.pk)
    journal.must_be_fresh(row, version)
    changed = journal.changes(row, {**_list_values(facts), "ended_on": ended_on})
    if changed:
        row.version += 1
        _save_list(row)
        journal.record(by=by, now=now, verb="change_project_list", subject=row, **changed)
    return row


def _must_go_on(by: Actor, project_list: ProjectList) -> ProjectList:
    row = locked(ProjectList, by, project_list.pk)
    if row.ended_on is not None:
        raise Refused(
            _("The list “%(name)s” ended on %(day)s.")
            % {"name": row.name, "day": row.ended_on.isoformat()}
        )
    return row


@transaction.atomic
def put_on_list(
    *, by: Actor, now: datetime, project_list: ProjectList, project: Project, since: date
) -> ListPlace:
    """A project stands on a list from a day on; it may stand on several."""
    access.must_keep_projects(by)
    kept = _must_go_on(by, project_list)
    row = living(by, project)
    checking.must_be_possible(since, "since")
    known = kept.places.filter(project=row, until__isnull=True).first()
    if known is not None:
        raise Refused(
            _("“%(name)s” has stood on this list since %(day)s.")
            % {"name": row.name, "day": known.since.isoformat()},
            field="project",
        )
    place = ListPlace.objects.create(zone_id=by.zone_id, list=kept, project=row, since=since)
    journal.record(
        by=by, now=now, verb="list_project", subject=row, party_ref=row.party_id, name=kept.name,
        since=since.isoformat(),
    )  # fmt: skip
    return place


@transaction.atomic
def take_off_list(
    *, by: Actor, now: datetime, place: ListPlace, until: date, why: str
) -> ListPlace:
    """A project stands on a list no longer; the day and the reason stay."""
    access.must_keep_projects(by)
    kept = locked(ListPlace, by, place.pk)
    if kept.until is not None:
        raise Refused(_("It was taken off on %(day)s.") % {"day": kept.until.isoformat()})
    if until < kept.since:
        raise Refused(
            _("It came onto the list on %(day)s only.") % {"day": kept.since.isoformat()},
            field="until",
        )
    kept.until, kept.why = until, checking.must_say(why, "why", most=200)
    kept.save(update_fields=["until", "why"])
    journal.record(
        by=by, now=now, verb="unlist_project", subject=kept.project,
        party_ref=kept.project.party_id, name=kept.list.name, reason=kept.why,
    )  # fmt: skip
    return kept


# By a sheet ---------------------------------------------------------------------------------------


@transaction.atomic
def preview_list(
    *,
    by: Actor,
    now: datetime,
    project_list: ProjectList,
    stream: files.Upload,
    file_name: str,
    since: date,
) -> ListSheet:
    """Keep a sheet and say for each row which project it means; nothing is written yet.

    A code or the exact name decides; what is only like a project is left with its candidates.
    """
    access.must_keep_projects(by)
    kept = _must_go_on(by, project_list)
    file = files.keep_file(
        by=by, now=now, stream=stream, name=file_name, limit=Limits().file_bytes,
        look=look_at_sheet,
    )  # fmt: skip
    sheet = ListSheet(
        zone_id=by.zone_id, project_list=kept, post_id=by.post_id, file=file,
        file_name=file_name[:200], since=checking.must_be_possible(since, "since"), at=now,
    )  # fmt: skip
    with files.kept_path(file) as path:
        read = list_sheets.read_rows(path)
    sheet.rows = list_sheets.match_rows(read, _known(by, kept))
    _count(sheet)
    sheet.save()
    journal.record(by=by, now=now, verb="preview_list", subject=sheet, file=sheet.file_name)
    return sheet


def _known(by: Actor, project_list: ProjectList) -> Sequence[list_sheets.Known]:
    """The living projects of the zone, and whether they stand on the list."""
    listed = set(
        project_list.places.filter(until__isnull=True).values_list("project_id", flat=True)
    )
    rows = Project.objects.filter(zone_id=by.zone_id, ended_on__isnull=True)
    return [
        list_sheets.Known(pk, name, short, code, pk in listed)
        for pk, name, short, code in rows.values_list("id", "name", "short_name", "code")
    ]


def _count(sheet: ListSheet) -> None:
    outcomes = [row["outcome"] for row in sheet.rows]
    sheet.created = outcomes.count(CREATED)
    sheet.unchanged = outcomes.count(UNCHANGED)
    sheet.rejected = outcomes.count(REJECTED)


def _previewed(by: Actor, sheet: ListSheet) -> ListSheet:
    row = locked(ListSheet, by, sheet.pk)
    if row.state != ListSheet.State.PREVIEWED:
        raise Refused(_("This sheet was taken over already; look at its result."))
    return row


@transaction.atomic
def choose_listed(
    *, by: Actor, now: datetime, sheet: ListSheet, row_no: int, project: Project
) -> ListSheet:
    """Say which project a row of the sheet means."""
    access.must_keep_projects(by)
    row = _previewed(by, sheet)
    chosen = living(by, project)
    line = next((one for one in row.rows if one["row_no"] == row_no), None)
    if line is None:
        raise Refused(_("There is no such row in this sheet."), field="row_no")
    stands = row.project_list.places.filter(project=chosen, until__isnull=True).exists()
    twice = any(one["project"] == chosen.pk for one in row.rows if one is not line)
    line.update(
        project=chosen.pk, name=chosen.name, reason="", advice="", candidates=[],
        outcome=UNCHANGED if stands or twice else CREATED,
    )  # fmt: skip
    _count(row)
    row.save(update_fields=["rows", "created", "unchanged", "rejected"])
    journal.record(by=by, now=now, verb="choose_listed", subject=row, row=row_no, name=chosen.name)
    return row


@transaction.atomic
def commit_list(*, by: Actor, now: datetime, sheet: ListSheet) -> ListSheet:
    """Put the projects of the good rows on the list."""
    access.must_keep_projects(by)
    row = _previewed(by, sheet)
    kept = _must_go_on(by, row.project_list)
    wanted = {one["project"] for one in row.rows if one["outcome"] == CREATED}
    there = set(kept.places.filter(until__isnull=True).values_list("project_id", flat=True))
    good = Project.objects.filter(zone_id=by.zone_id, ended_on__isnull=True, pk__in=wanted - there)
    made = ListPlace.objects.bulk_create(
        ListPlace(zone_id=by.zone_id, list=kept, project=one, since=row.since) for one in good
    )
    if not made and not row.unchanged:
        raise Refused(_("Nothing in this sheet can be taken; see the reasons beside the rows."))
    row.state, row.finished_at, row.created = ListSheet.State.COMMITTED, now, len(made)
    row.save(update_fields=["state", "finished_at", "created"])
    journal.record(
        by=by, now=now, verb="commit_list", subject=row, name=kept.name, created=row.created,
        unchanged=row.unchanged, rejected=row.rejected,
    )  # fmt: skip
    return row
