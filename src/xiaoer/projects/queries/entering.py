"""What a project still lacks for the library of investment statistics, and by when."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiaoer.base.reading import tidy
from xiaoer.projects.models import (
    Project,
    Stage,
    StatCutoff,
    StatEntry,
    StatPaper,
    StatPaperKind,
    StatRule,
)
from xiaoer.projects.queries.counting import started_of
from xiaoer.projects.statistics import CODE, DATE, NAME, PARTY, PLACE

Part = StatPaperKind.Part
STARTED = (Stage.STARTED, Stage.BUILDING)
COLUMNS = {
    DATE: "made_on",
    NAME: "name_on_it",
    CODE: "code_on_it",
    PARTY: "party_on_it",
    PLACE: "place_on_it",
}
YUAN = 100


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper asked for, and the one that is here; ``unread`` facts it should show and does not."""

    kind: StatPaperKind
    paper: StatPaper | None
    unread: tuple[str, ...] = ()

    @property
    def is_missing(self) -> bool:
        return self.kind.is_required and self.paper is None

    @property
    def is_complete(self) -> bool:
        return self.paper is not None and not self.unread


@dataclass(frozen=True, slots=True)
class Checklist:
    """The papers of one entry in their order, and what contradicts what."""

    lines: tuple[PaperLine, ...]
    contradictions: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(line.kind.name for line in self.lines if line.is_missing)

    @property
    def unread(self) -> int:
        return sum(bool(line.unread) and line.kind.is_required for line in self.lines)

    @property
    def lacks(self) -> int:
        """How many things stand between this project and handing in."""
        return len(self.missing) + self.unread + len(self.contradictions)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A project that is to be entered: since when it is being built and what is lacking.

    ``entry`` is None while nobody began; then every required paper of a construction project lacks.
    """

    project: Project
    entry: StatEntry | None
    started_on: date | None
    checklist: Checklist
    months: int | None

    @property
    def lacks(self) -> int:
        return self.checklist.lacks


def stat_rules(*, zone_id: int) -> dict[str, int]:
    """The numbers the zone goes by; a rule nobody keeps is not there."""
    return dict(StatRule.objects.filter(zone_id=zone_id).values_list("code", "value"))


def least_total_fen(rules: Mapping[str, int]) -> int | None:
    value = rules.get(StatRule.Code.LEAST_TOTAL)
    return None if value is None else value * YUAN


def cutoffs(*, zone_id: int) -> QuerySet[StatCutoff]:
    return StatCutoff.objects.filter(zone_id=zone_id, removed_at__isnull=True)


def next_cutoff(*, zone_id: int, today: date) -> tuple[StatCutoff, date] | None:
    """The cut-off the zone goes by that comes next, today included; None where none is chosen."""
    found = [(cutoff_day(row, today), row) for row in cutoffs(zone_id=zone_id).filter(is_used=True)]
    if not found:
        return None
    day, row = min(found, key=lambda one: (one[0], one[1].pk))
    return row, day


def cutoff_day(row: StatCutoff, today: date) -> date:
    """Its day of this month, or of the next once it has passed; the 31st is a month's last day."""
    this = _day_of(today.year, today.month, row.day)
    if this >= today:
        return this
    later = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return _day_of(later.year, later.month, row.day)


def _day_of(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def paper_kinds(*, zone_id: int) -> QuerySet[StatPaperKind]:
    return StatPaperKind.objects.filter(zone_id=zone_id, removed_at__isnull=True)


def checklist_of(entry: StatEntry) -> Checklist:
    """The checklist of one entry, in two questions."""
    papers = StatPaper.objects.filter(entry=entry, withdrawn_at__isnull=True)
    kinds = list(paper_kinds(zone_id=entry.zone_id))
    return checklist(
        entry.project, entry.path, kinds, papers.select_related("kind", "post__person")
    )


def checklist(
    project: Project, path: str, kinds: Iterable[StatPaperKind], papers: Iterable[StatPaper]
) -> Checklist:
    """Papers asked for on a path beside those that are here; what they say against each other."""
    here = {paper.kind_id: paper for paper in papers}
    lines = tuple(
        PaperLine(kind, here.get(kind.pk), _unread(kind, here.get(kind.pk)))
        for kind in kinds
        if kind.path in ("", path)
    )
    said = [(line.kind, line.paper) for line in lines if line.paper is not None]
    return Checklist(lines, tuple(_contradictions(project, said)))


def _unread(kind: StatPaperKind, paper: StatPaper | None) -> tuple[str, ...]:
    if paper is None:
        return ()
    return tuple(
        fact for fact in kind.shows if fact in COLUMNS and not getattr(paper, COLUMNS[fact])
    )


def _contradictions(
    project: Project, said: Sequence[tuple[StatPaperKind, StatPaper]]
) -> Iterable[str]:
    """Name, code and builder must agree; what was filed after its contract comes back."""
    party = project.party.name if project.party else project.owner_name
    for column, ours, words in (
        ("name_on_it", project.name, _("name of the project")),
        ("code_on_it", project.code, _("code of the project")),
        ("party_on_it", party, _("who builds or buys")),
    ):
        for kind, paper in said:
            theirs = getattr(paper, column)
            if ours and theirs and _same(ours) != _same(theirs):
                yield _("%(paper)s: %(what)s is “%(theirs)s”, here “%(ours)s”.") % {
                    "paper": kind.name,
                    "what": words,
                    "theirs": theirs,
                    "ours": ours,
                }
    filed = [paper.made_on for kind, paper in said if kind.part == Part.FILING and paper.made_on]
    for kind, paper in said:
        if filed and kind.part == Part.CONTRACT and paper.made_on and paper.made_on < min(filed):
            yield _("%(paper)s of %(day)s is older than the filing of %(filed)s.") % {
                "paper": kind.name,
                "day": paper.made_on.isoformat(),
                "filed": min(filed).isoformat(),
            }


def _same(text: str) -> str:
    return tidy(text).replace(" ", "").casefold()


def entry_of(*, zone_id: int, entry_id: int) -> StatEntry | None:
    return (
        StatEntry.objects.filter(zone_id=zone_id, pk=entry_id)
        .select_related("project__party", "project__officer__person", "post__person")
        .first()
    )


def entry_of_project(project: Project) -> StatEntry | None:
    return (
        StatEntry.objects.filter(zone_id=project.zone_id, project=project)
        .select_related("project__party", "post__person")
        .first()
    )


def to_enter(*, zone_id: int, today: date, text: str = "") -> list[EntryRow]:
    """The work list: projects being built that are not in the library, least lacking first.

    Of projects smaller than the library takes none; those whose total is not known are on it. The
    questions asked are six, however many projects there are.
    """
    least = least_total_fen(stat_rules(zone_id=zone_id))
    rows = Project.objects.filter(
        zone_id=zone_id, stage__in=STARTED, ended_on__isnull=True
    ).exclude(stat_entry__state=StatEntry.State.ENTERED)
    if least is not None:
        rows = rows.filter(
            Q(total_fen__isnull=True) | Q(total_fen__gte=least) | Q(stat_entry__isnull=False)
        )
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(party__name__contains=text))
    projects = list(rows.select_related("party", "officer__person", "stat_entry__post__person"))
    kinds = list(paper_kinds(zone_id=zone_id))
    started = started_of([one.pk for one in projects])
    papers = _papers_of(zone_id, projects)
    found = [_entry_row(one, kinds, papers[one.pk], started.get(one.pk), today) for one in projects]
    return sorted(found, key=lambda row: (row.lacks, -(row.months or 0), row.project.name))


def _papers_of(zone_id: int, projects: Sequence[Project]) -> dict[int, list[StatPaper]]:
    found: dict[int, list[StatPaper]] = defaultdict(list)
    for paper in StatPaper.objects.filter(
        zone_id=zone_id, entry__project__in=projects, withdrawn_at__isnull=True
    ).select_related("entry"):
        found[paper.entry.project_id].append(paper)
    return found


def _entry_row(
    project: Project,
    kinds: Sequence[StatPaperKind],
    papers: Sequence[StatPaper],
    started_on: date | None,
    today: date,
) -> EntryRow:
    entry = getattr(project, "stat_entry", None)
    path = entry.path if entry else usual_path(project)
    began = started_on or (project.stage_on if project.stage == Stage.STARTED else None)
    return EntryRow(
        project=project,
        entry=entry,
        started_on=began,
        checklist=checklist(project, path, kinds, papers),
        months=None if began is None else whole_months(began, today),
    )


def usual_path(project: Project) -> str:
    """Upgrades mostly buy; everything else builds. A person chooses."""
    return "purchase" if project.kind == Project.Kind.UPGRADE else "construction"


def whole_months(since: date, until: date) -> int:
    months = (until.year - since.year) * 12 + until.month - since.month
    return months - (until.day < since.day)
