"""Stages: what proves them, entering one, back-dating, taking one back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base.models import Attachment, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import access
from xiaoer.projects.actions.lighting import relight
from xiaoer.projects.actions.living import living, locked
from xiaoer.projects.actions.reserve import ORDER, PROJECT
from xiaoer.projects.conditions import TESTS, Judged
from xiaoer.projects.lights import full_months
from xiaoer.projects.models import ConditionProof, Project, Stage, StageCondition, StagePassage
from xiaoer.projects.queries import NEXT, conditions_of, lacking
from xiaoer.projects.shipped import CONDITIONS
from xiaoer.work import queries as work
from xiaoer.work.clocks import LimitUnit

State = StagePassage.State
BACKDATING = "project.backdate"


@transaction.atomic
def enter_stage(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    stage: str,
    fact_on: date,
    note: str = "",
    version: int | None = None,
) -> StagePassage:
    """Say that a project entered a stage, and on which day that was so.

    Refused with the whole list of what is missing. A day longer ago than the zone allows is asked
    for: the project stays where it is until somebody else granted it.
    """
    row = living(by, project)
    access.must_move_project(by, row)
    if version is not None:
        journal.must_be_fresh(row, version)
    _must_follow(row, stage)
    _must_be_in_order(row, fact_on, now)
    _must_be_proved(row, stage)
    is_late = _is_late(by.zone_id, fact_on, checking.today(now))
    passage = StagePassage.objects.create(
        zone_id=by.zone_id, project=row, stage=stage, from_stage=row.stage, fact_on=fact_on,
        reported_at=now, post_id=by.post_id, note=_note(note, is_late=is_late),
        is_backdated=is_late, state=State.ASKED if is_late else State.GRANTED,
    )  # fmt: skip
    _record(by, now, "ask_backdating" if is_late else "enter_stage", row, passage)
    if not is_late:
        _move(by, now, row, passage)
    return passage


def _note(note: str, *, is_late: bool) -> str:
    if is_late:
        return checking.must_say(
            note, "note", most=500, why=_("This was long ago; say why it is reported only now.")
        )
    return checking.said(note, "note", most=500)


def _record(
    by: Actor, now: datetime, verb: str, row: Project, passage: StagePassage, **detail: object
) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, stage=passage.stage,
        fact_on=passage.fact_on.isoformat(), **detail,
    )  # fmt: skip


def _must_follow(row: Project, stage: str) -> None:
    if stage in NEXT[row.stage]:
        return
    names = "、".join(str(one.label) for one in NEXT[row.stage])
    if not names:
        raise Refused(_("“%(name)s” has passed every stage.") % {"name": row.name}, field="stage")
    raise Refused(
        _("“%(name)s” is %(stage)s; next comes: %(names)s.")
        % {"name": row.name, "stage": Stage(row.stage).label, "names": names},
        field="stage",
    )


def _must_be_in_order(row: Project, fact_on: date, now: datetime) -> None:
    checking.must_have_been(fact_on, "fact_on", now)
    if row.passages.filter(state=State.ASKED).exists():
        raise Refused(
            _("A back-dated stage of “%(name)s” waits for a decision; decide it first.")
            % {"name": row.name}
        )
    if row.stage != Stage.PLANNED and fact_on < row.stage_on:
        raise Refused(
            _("It has been %(stage)s only since %(day)s; the next stage cannot be earlier.")
            % {"stage": Stage(row.stage).label, "day": row.stage_on.isoformat()},
            field="fact_on",
        )


def _must_be_proved(row: Project, stage: str) -> None:
    missing = lacking(conditions_of(project=row, stage=stage))
    if missing:
        raise Refused(
            _("Before it is %(stage)s, %(count)s conditions are missing: %(missing)s.")
            % {
                "stage": Stage(stage).label,
                "count": len(missing),
                "missing": "；".join(map(_told, missing)),
            },
            field="stage",
        )


def _told(one: Judged) -> str:
    return _("%(condition)s (%(standing)s)") % {
        "condition": one.condition.name,
        "standing": one.words,
    }


def _is_late(zone_id: int, fact_on: date, on: date) -> bool:
    """Whether a day is longer ago than may be reported without being asked for."""
    rule = work.limit(zone_id, BACKDATING)
    if rule.unit == LimitUnit.WORKING_DAY:
        return work.calendar_of(zone_id).working_days_between(fact_on, on) > rule.count
    if rule.unit == LimitUnit.MONTH:
        return full_months(fact_on, on) >= rule.count
    days = rule.count if rule.unit == LimitUnit.CALENDAR_DAY else rule.count / 24
    return (on - fact_on).days > days


def _move(by: Actor, now: datetime, row: Project, passage: StagePassage) -> None:
    row.stage, row.stage_on = passage.stage, passage.fact_on
    row.version += 1
    row.save(update_fields=["stage", "stage_on", "version"])
    relight(by=by, now=now, project=row)


@transaction.atomic
def decide_backdating(
    *, by: Actor, now: datetime, passage: StagePassage, is_granted: bool, why: str = ""
) -> StagePassage:
    """Grant or refuse a back-dated stage; never by the post that asked for it."""
    post_id = access.must_decide(by)
    kept = locked(StagePassage, by, passage.pk)
    if kept.state != State.ASKED:
        raise Refused(
            _("This was decided already: %(state)s.") % {"state": State(kept.state).label}
        )
    if kept.post_id == post_id:
        raise Refused(_("You asked for this yourself; somebody else decides it."))
    row = living(by, kept.project)
    why = checking.said(why, "why", most=300)
    if is_granted:
        _must_follow(row, kept.stage)
        _must_be_proved(row, kept.stage)
    elif not why:
        raise Refused(_("Say why, in a few words; others will read it."), field="why")
    kept.state = State.GRANTED if is_granted else State.REFUSED
    kept.decided_at, kept.decided_by_id, kept.decided_why = now, post_id, why
    kept.save(update_fields=["state", "decided_at", "decided_by", "decided_why"])
    verb = "grant_backdating" if is_granted else "refuse_backdating"
    _record(by, now, verb, row, kept, reason=why)
    if is_granted:
        _move(by, now, row, kept)
    return kept


@transaction.atomic
def take_back_stage(
    *, by: Actor, now: datetime, project: Project, reason: str, version: int | None = None
) -> Project:
    """The last stage was not entered after all: back to the one before, the record stays."""
    row = living(by, project)
    access.must_move_project(by, row)
    if version is not None:
        journal.must_be_fresh(row, version)
    granted = list(row.passages.filter(state=State.GRANTED).order_by("-id")[:2])
    if len(granted) < 2:
        raise Refused(_("“%(name)s” has no earlier stage to go back to.") % {"name": row.name})
    last, before = granted
    last.state, last.undone_at, last.undone_by_id = State.UNDONE, now, by.post_id
    last.undone_why = checking.must_say(reason, "reason", most=300)
    last.save(update_fields=["state", "undone_at", "undone_by", "undone_why"])
    row.stage, row.stage_on = before.stage, before.fact_on
    row.version += 1
    row.save(update_fields=["stage", "stage_on", "version"])
    _record(by, now, "take_back_stage", row, last, reason=last.undone_why)
    return relight(by=by, now=now, project=row)


# What proves a stage ------------------------------------------------------------------------------


@transaction.atomic
def prove_condition(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    condition: StageCondition,
    paper: Attachment | None = None,
    note: str = "",
) -> ConditionProof:
    """A paper of the project stands for a condition, or somebody looked and it is so."""
    row = living(by, project)
    access.must_move_project(by, row)
    asked = _condition(by, row, condition)
    if asked.kind == StageCondition.Kind.PAPER:
        _must_hang(row, asked, paper)
    else:
        access.must_be_person(by)
        paper = None
    return _prove(by, now, row, asked, is_met=True, paper=paper, note=note)


@transaction.atomic
def deny_condition(
    *, by: Actor, now: datetime, project: Project, condition: StageCondition, note: str
) -> ConditionProof:
    """Somebody looked, and it is not so; only a person says that, with what was seen."""
    access.must_be_person(by)
    row = living(by, project)
    access.must_move_project(by, row)
    asked = _condition(by, row, condition)
    note = checking.must_say(note, "note", most=300)
    return _prove(by, now, row, asked, is_met=False, paper=None, note=note)


def _condition(by: Actor, row: Project, condition: StageCondition) -> StageCondition:
    if condition.zone_id != by.zone_id or not condition.is_active:
        raise Refused(_("This condition is asked for no longer."), field="condition")
    if condition.kinds and row.kind not in condition.kinds:
        raise Refused(_("This condition is not asked of this kind of project."), field="condition")
    if condition.kind == StageCondition.Kind.FACT:
        raise Refused(
            _("This is read from the project itself (%(what)s); enter it there.")
            % {"what": TESTS[condition.test][0]},
            field="condition",
        )
    return condition


def _must_hang(row: Project, asked: StageCondition, paper: Attachment | None) -> None:
    hangs = (
        paper is not None
        and paper.zone_id == row.zone_id
        and paper.subject_type == PROJECT
        and paper.subject_id == row.pk
        and paper.removed_at is None
    )
    if not hangs:
        raise Refused(
            _("Add “%(paper)s” to the papers of the project first.") % {"paper": asked.name},
            field="paper",
        )


def _prove(
    by: Actor, now: datetime, row: Project, asked: StageCondition, *, is_met: bool,
    paper: Attachment | None, note: str,
) -> ConditionProof:  # fmt: skip
    row.proofs.filter(condition=asked, is_current=True).update(is_current=False)
    proof = ConditionProof.objects.create(
        zone_id=by.zone_id, project=row, condition=asked, is_met=is_met, paper=paper,
        note=checking.said(note, "note", most=300), at=now, post_id=by.post_id,
    )  # fmt: skip
    journal.record(
        by=by, now=now, verb="prove_condition" if is_met else "deny_condition", subject=row,
        party_ref=row.party_id, name=asked.name, stage=asked.stage, note=proof.note,
    )  # fmt: skip
    return proof


@transaction.atomic
def keep_condition(
    *,
    by: Actor,
    now: datetime,
    condition: StageCondition | None = None,
    stage: str = "",
    kind: str = "",
    name: str,
    test: str = "",
    kinds: tuple[str, ...] = (),
    source: str,
    mark: str = "D",
    is_active: bool = True,
    version: int = 0,
) -> StageCondition:
    """Add a condition of a stage, or change one; what was proved before stays proved."""
    access.must_set_projects(by)
    name = checking.must_say(name, "name", most=120, why=_("Say what must stand."))
    source = checking.must_say(
        source, "source", most=200, why=_("Say by which document, or whose decision.")
    )
    if not set(kinds) <= set(Project.Kind.values):
        raise Refused(_("Choose one of the list."), field="kinds")
    if condition is None:
        row = _new_condition(by, stage, kind, test)
    else:
        row = locked(StageCondition, by, condition.pk)
        journal.must_be_fresh(row, version)
        row.version += 1
    row.name, row.source, row.mark = name, source, mark[:2]
    row.kinds, row.is_active = list(kinds), is_active
    row.save()
    journal.record(
        by=by, now=now, verb="keep_condition", subject=row, name=name, stage=row.stage,
        is_active=is_active,
    )  # fmt: skip
    return row


def _new_condition(by: Actor, stage: str, kind: str, test: str) -> StageCondition:
    if stage not in ORDER[1:]:
        raise Refused(_("Choose the stage."), field="stage")
    if kind not in StageCondition.Kind.values:
        raise Refused(_("Choose the kind of condition."), field="kind")
    if kind == StageCondition.Kind.FACT and test not in TESTS:
        raise Refused(_("Choose which fact is looked at."), field="test")
    count = StageCondition.objects.filter(zone_id=by.zone_id, stage=stage).count()
    return StageCondition(
        zone_id=by.zone_id, stage=stage, kind=kind, code=f"own-{count + 1}", order=count + 1,
        test=test if kind == StageCondition.Kind.FACT else "",
    )  # fmt: skip


@transaction.atomic
def seed_conditions(*, by: Actor, now: datetime) -> int:
    """Give the zone the conditions of stages it does not have yet; how many."""
    access.must_set_projects(by)
    known = set(StageCondition.objects.filter(zone_id=by.zone_id).values_list("stage", "code"))
    made = StageCondition.objects.bulk_create(
        StageCondition(
            zone_id=by.zone_id, stage=seed.stage, code=seed.code, kind=seed.kind, name=seed.name,
            name_en=seed.name_en, test=seed.test, kinds=list(seed.kinds), order=order,
            source=seed.source, mark=seed.mark,
        )
        for order, seed in enumerate(CONDITIONS, start=1)
        if (seed.stage, seed.code) not in known
    )  # fmt: skip
    if made:
        journal.record(
            by=by,
            now=now,
            verb="seed_conditions",
            subject=Zone.objects.get(pk=by.zone_id),
            count=len(made),
        )
    return len(made)
