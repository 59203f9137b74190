"""The way of a project into the library of investment statistics, and the rows it is checked by."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import must_have_been, must_say, said, today
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, system
from xiaoer.projects import money_access as access
from xiaoer.projects import statistics
from xiaoer.projects.actions.chain import note_chain
from xiaoer.projects.actions.living import locked
from xiaoer.projects.models import (
    ChainStep,
    Element,
    EntryPath,
    Project,
    StatCutoff,
    StatEntry,
    StatPaper,
    StatPaperKind,
    StatRule,
)
from xiaoer.projects.queries import entering as queries
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Matter

R = TypeVar("R", StatRule, StatCutoff, StatPaperKind)
State = StatEntry.State
ENTRY = "stat_entry"
GATHER = "gather_papers"
END_OF_DAY = time(17, 0)


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What is read from a paper of entry; empty: it does not say, or nobody looked."""

    taken_on: date
    made_on: date | None = None
    name_on_it: str = ""
    code_on_it: str = ""
    party_on_it: str = ""
    place_on_it: str = ""
    note: str = ""


@transaction.atomic
def open_entry(
    *, by: Actor, now: datetime, project: Project, path: str, post: Post | None = None
) -> StatEntry:
    """Begin gathering papers; whoever answers (else the project's officer) gets the task."""
    access.must_keep_money(by, project)
    kept = locked(Project, by, project.pk)
    if path not in EntryPath.values:
        raise Refused(_("Choose whether the project builds or only buys."), field="path")
    if kept.ended_on is not None:
        raise Refused(_("“%(name)s” was given up; nothing is entered.") % {"name": kept.name})
    least = queries.least_total_fen(queries.stat_rules(zone_id=by.zone_id))
    if least is not None and kept.total_fen is not None and kept.total_fen < least:
        raise Refused(
            _("Its planned total is below %(least)s 万元, from which the library takes projects.")
            % {"least": f"{least // 1_000_000:,}"}
        )
    entry = StatEntry(
        zone_id=by.zone_id, project=kept, path=path, post=post or kept.officer, opened_at=now
    )
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        raise Refused(_("This project is on its way already.")) from error
    matter = work.open_matter(
        by=by, now=now, kind=ENTRY, subject_id=entry.pk, title=kept.name,
        address=f"/projects/entries/{entry.pk}/", party=kept.party,
    )  # fmt: skip
    _ask(by, now, entry, matter, _("Gather the papers of entry"))
    _record(by, now, "open_entry", entry, kind=path)
    return entry


def _ask(by: Actor, now: datetime, entry: StatEntry, matter: Matter, title: str) -> None:
    """A task to whoever answers, until the next cut-off; without one it has no end."""
    if entry.post is None:
        return
    found = queries.next_cutoff(zone_id=by.zone_id, today=today(now))
    due = datetime.combine(found[1], END_OF_DAY, tzinfo=LOCAL) if found else None
    work.give_task(
        by=by, now=now, matter=matter, kind=GATHER, title=title, post=entry.post,
        due_at=due if due and due > now else None,
    )  # fmt: skip


@transaction.atomic
def take_stat_paper(
    *, by: Actor, now: datetime, entry: StatEntry, kind: StatPaperKind, facts: PaperFacts
) -> StatPaper:
    """Write down that a paper is here and what it says; the one before it is taken back."""
    kept = _open_entry(by, entry)
    if (
        kind.zone_id != by.zone_id
        or kind.removed_at is not None
        or kind.path not in ("", kept.path)
    ):
        raise Refused(_("This paper is not asked for here."), field="kind")
    StatPaper.objects.filter(entry=kept, kind=kind, withdrawn_at__isnull=True).update(
        withdrawn_at=now
    )
    paper = StatPaper.objects.create(
        zone_id=by.zone_id, entry=kept, kind=kind, post_id=by.post_id, **_facts(facts, now)
    )
    _touch(kept)
    _record(by, now, "take_stat_paper", kept, name=kind.name, on=str(paper.taken_on))
    return paper


def _facts(facts: PaperFacts, now: datetime) -> dict[str, object]:
    longest = {
        "name_on_it": 80, "code_on_it": 30, "party_on_it": 80, "place_on_it": 100, "note": 200
    }  # fmt: skip
    values: dict[str, object] = asdict(facts)
    for name, most in longest.items():
        values[name] = said(str(values[name]), name, most=most)
    must_have_been(facts.taken_on, "taken_on", now)
    if facts.made_on is not None:
        must_have_been(facts.made_on, "made_on", now)
    return values


@transaction.atomic
def withdraw_stat_paper(*, by: Actor, now: datetime, paper: StatPaper, why: str) -> StatPaper:
    """It was the wrong one; what it said stays readable."""
    row = locked(StatPaper, by, paper.pk)
    kept = _open_entry(by, row.entry)
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        row.note = must_say(why, "why", most=200)
        row.save(update_fields=["withdrawn_at", "note"])
        _touch(kept)
        _record(by, now, "withdraw_stat_paper", kept, name=row.kind.name, reason=row.note)
    return row


@transaction.atomic
def hand_in_entry(
    *, by: Actor, now: datetime, entry: StatEntry, on: date, why: str = "", version: int
) -> StatEntry:
    """Hand the papers in. A paper missing is refused; a contradiction needs a word why nevertheless."""
    kept = _open_entry(by, entry, version)
    papers = queries.checklist_of(kept)
    if papers.missing:
        raise Refused(_("Still missing: %(names)s.") % {"names": "、".join(papers.missing)})
    if papers.contradictions:
        why = must_say(
            why, "why", most=300,
            why=_("The papers contradict each other: %(words)s Mend them, or say why it is right.")
            % {"words": " ".join(papers.contradictions)},
        )  # fmt: skip
    kept.state = State.HANDED_IN
    kept.handed_in_on = must_have_been(on, "on", now)
    _touch(kept)
    _end_tasks(by, now, kept)
    _record(by, now, "hand_in_entry", kept, on=str(on), reason=why)
    return kept


@transaction.atomic
def return_entry(
    *, by: Actor, now: datetime, entry: StatEntry, on: date, why: str, version: int
) -> StatEntry:
    """The bureau sent the papers back; whoever answers gets the task anew."""
    access.must_be_bureau(by)
    access.must_be_person(by)
    kept = _fresh(by, entry, version)
    if kept.state != State.HANDED_IN:
        raise Refused(_("Only what was handed in comes back."))
    kept.state = State.RETURNED
    kept.returned_on = must_have_been(on, "on", now)
    kept.returned_why = must_say(why, "why", most=300)
    _touch(kept)
    matter = work_queries.matter_of(by, kind=ENTRY, subject_id=kept.pk)
    if matter is not None:
        _ask(by, now, kept, matter, _("Mend the papers of entry: %(why)s") % {"why": why})
    _record(by, now, "return_entry", kept, on=str(on), reason=kept.returned_why)
    return kept


@transaction.atomic
def enter_library(
    *, by: Actor, now: datetime, entry: StatEntry, entered_on: date, document: str, version: int
) -> StatEntry:
    """The bureau took the project into its library: its months count from this one on."""
    access.must_be_bureau(by)
    access.must_be_person(by)
    kept = _fresh(by, entry, version)
    if kept.state == State.ENTERED:
        raise Refused(_("It is in the library already."))
    kept.document = must_say(
        document,
        "document",
        most=200,
        why=_("Name the bureau's notice; the month it counts from hangs on it."),
    )
    kept.entered_on = must_have_been(entered_on, "entered_on", now)
    kept.state = State.ENTERED
    _touch(kept)
    _end_tasks(by, now, kept)
    _record(by, now, "enter_library", kept, on=str(entered_on), document=kept.document)
    if kept.project.ended_on is None:
        # The bureau does not move projects; that the element is done follows from its notice.
        note_chain(
            by=system(by.zone_id), now=now, project=kept.project, element=Element.STATISTICS,
            state=ChainStep.State.DONE, on=entered_on, outcome=kept.document,
        )  # fmt: skip
    return kept


@transaction.atomic
def leave_library(
    *, by: Actor, now: datetime, entry: StatEntry, why: str, version: int
) -> StatEntry:
    """The entry was recorded wrongly, or the bureau took it back: nothing counts again."""
    access.must_be_bureau(by)
    access.must_be_person(by)
    kept = _fresh(by, entry, version)
    if kept.state != State.ENTERED:
        raise Refused(_("It is not in the library."))
    before, kept.entered_on = kept.entered_on, None
    kept.state = State.RETURNED
    kept.returned_on, kept.returned_why = today(now), must_say(why, "why", most=300)
    _touch(kept)
    _record(by, now, "leave_library", kept, before=str(before), reason=kept.returned_why)
    if kept.project.ended_on is None:
        note_chain(
            by=system(by.zone_id), now=now, project=kept.project, element=Element.STATISTICS,
            state=ChainStep.State.RUNNING, outcome=kept.returned_why,
        )  # fmt: skip
    return kept


def _open_entry(by: Actor, entry: StatEntry, version: int | None = None) -> StatEntry:
    """The entry, locked, by somebody who may work on it, and not yet in the library."""
    access.must_keep_money(by, entry.project)
    kept = _fresh(by, entry, version)
    if kept.state == State.ENTERED:
        raise Refused(_("It is in the library already."))
    return kept


def _fresh(by: Actor, entry: StatEntry, version: int | None) -> StatEntry:
    kept = locked(StatEntry, by, entry.pk)
    if version is not None:
        journal.must_be_fresh(kept, version)
    return kept


def _touch(entry: StatEntry) -> None:
    entry.version += 1
    entry.save()


def _end_tasks(by: Actor, now: datetime, entry: StatEntry) -> None:
    matter = work_queries.matter_of(by, kind=ENTRY, subject_id=entry.pk)
    if matter is not None:
        work.drop_tasks(by=by, now=now, matter=matter, kinds=[GATHER])


def _record(by: Actor, now: datetime, verb: str, entry: StatEntry, **detail: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=entry, party_ref=entry.project.party_id,
        project=entry.project_id, **detail,
    )  # fmt: skip


# The rows it is checked by ------------------------------------------------------------------------


@transaction.atomic
def seed_statistics(*, by: Actor, now: datetime) -> int:
    """Furnish a zone with rules, cut-offs and papers; what is there stays. How many are new."""
    access.must_keep_money(by)
    zone = by.zone_id
    made = 0
    for code, value, source, mark in statistics.RULES:
        made += StatRule.objects.get_or_create(
            zone_id=zone, code=code, defaults={"value": value, "source": source, "mark": mark}
        )[1]
    for name, day, source, mark, is_used in statistics.CUTOFFS:
        made += StatCutoff.objects.get_or_create(
            zone_id=zone, name=name,
            defaults={"day": day, "source": source, "mark": mark, "is_used": is_used},
        )[1]  # fmt: skip
    for order, one in enumerate(statistics.PAPERS):
        made += StatPaperKind.objects.get_or_create(
            zone_id=zone, code=one.code,
            defaults={
                "name": one.name, "name_en": one.name_en, "part": one.part, "path": one.path,
                "shows": list(one.shows), "is_required": one.is_required, "order": order,
                "source": statistics.GUIDE, "mark": one.mark,
            },
        )[1]  # fmt: skip
    if made:
        first = StatRule.objects.filter(zone_id=zone).first()
        if first is not None:
            journal.record(by=by, now=now, verb="seed_statistics", subject=first, count=made)
    return made


@transaction.atomic
def set_stat_rule(
    *, by: Actor, now: datetime, rule: StatRule, value: int, source: str, version: int
) -> StatRule:
    """Change a number the library goes by, naming where it stands."""
    _must_set(by)
    row = locked(StatRule, by, rule.pk)
    journal.must_be_fresh(row, version)
    if value <= 0:
        raise Refused(_("Type a number above zero."), field="value")
    return _changed(
        by, now, "set_stat_rule", row,
        {"value": value, "source": must_say(source, "source", most=200), "mark": "D"},
    )  # fmt: skip


@transaction.atomic
def set_stat_cutoff(
    *,
    by: Actor,
    now: datetime,
    cutoff: StatCutoff | None,
    name: str,
    day: int,
    source: str,
    is_used: bool,
    version: int | None = None,
) -> StatCutoff:
    """Set a cut-off of the month, or change one; ``is_used``: the zone goes by it."""
    _must_set(by)
    if not 1 <= day <= 31:
        raise Refused(_("A day of the month is from 1 to 31."), field="day")
    values: dict[str, object] = {
        "name": must_say(name, "name", most=80, why=_("Give the cut-off a name.")),
        "day": day,
        "source": must_say(source, "source", most=200, why=_("Say where this day stands.")),
        "is_used": is_used,
    }
    if cutoff is None:
        row = StatCutoff.objects.create(zone_id=by.zone_id, mark="D", **values)
        journal.record(by=by, now=now, verb="set_stat_cutoff", subject=row, name=row.name, day=day)
        return row
    row = locked(StatCutoff, by, cutoff.pk)
    if version is not None:
        journal.must_be_fresh(row, version)
    return _changed(by, now, "set_stat_cutoff", row, values)


@transaction.atomic
def keep_stat_paper_kind(
    *, by: Actor, now: datetime, kind: StatPaperKind, is_required: bool, version: int
) -> StatPaperKind:
    """Say whether a paper is asked for, or only welcome."""
    _must_set(by)
    row = locked(StatPaperKind, by, kind.pk)
    journal.must_be_fresh(row, version)
    return _changed(by, now, "keep_stat_paper_kind", row, {"is_required": is_required})


def _must_set(by: Actor) -> None:
    if not (access.keeps_money(by) or access.is_bureau(by)):
        raise Refused(_("Only the project office and statistics set how entry is checked."))


def _changed(by: Actor, now: datetime, verb: str, row: R, values: Mapping[str, object]) -> R:
    changed = journal.changes(row, values)
    if changed:
        row.version += 1
        row.save()
        journal.record(by=by, now=now, verb=verb, subject=row, **changed)
    return row
