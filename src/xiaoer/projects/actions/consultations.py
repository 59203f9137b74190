"""Verbs of 逐企会诊 and of what a leader is asked to decide: what is decided becomes a task."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import end_of, must_be_possible, must_come, must_say, said, today
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import element_access as access
from xiaoer.projects.actions.living import living, locked
from xiaoer.projects.models import (
    Consultation,
    ConsultationMember,
    DecisionAsk,
    Project,
    Resolution,
)
from xiaoer.work import actions as work
from xiaoer.work.models import Matter

RESOLVE = "resolution"
MOST_OPTIONS = 6


@transaction.atomic
def hold_consultation(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    on: date,
    chair: Post | None = None,
    members: Sequence[Post] = (),
    others: str = "",
    place: str = "",
    findings: str = "",
) -> Consultation:
    """Open a joint session on one project: its day, who leads it, who sits there."""
    row = living(by, project)
    access.must_run_project(by, row)
    session = Consultation.objects.create(
        zone_id=by.zone_id,
        project=row,
        on=must_be_possible(on, "on"),
        chair=chair,
        others=said(others, "others", most=300),
        place=said(place, "place", most=100),
        findings=said(findings, "findings", most=2000),
        opened_at=now,
    )
    _seat(session, members)
    _record(by, now, "hold_consultation", row, day=str(on))
    return session


def _seat(session: Consultation, members: Sequence[Post]) -> None:
    ConsultationMember.objects.bulk_create(
        ConsultationMember(zone_id=session.zone_id, consultation=session, post=post)
        for post in {post.pk: post for post in members}.values()
    )


@transaction.atomic
def keep_consultation(
    *,
    by: Actor,
    now: datetime,
    consultation: Consultation,
    findings: str,
    chair: Post | None = None,
    members: Sequence[Post] | None = None,
    others: str = "",
    place: str = "",
    is_settled: bool = False,
    version: int | None = None,
) -> Consultation:
    """Write down what the session found; settled, its record stays as it is."""
    row = _open_session(by, consultation)
    if version is not None:
        journal.must_be_fresh(row, version)
    row.findings = said(findings, "findings", most=2000)
    row.chair = chair or row.chair
    row.others, row.place = said(others, "others", most=300), said(place, "place", most=100)
    if is_settled:
        if not row.findings:
            raise Refused(_("Write down first what was found."), field="findings")
        row.closed_at = now
    if members is not None:
        ConsultationMember.objects.filter(consultation=row).delete()
        _seat(row, members)
    row.version += 1
    row.save()
    _record(by, now, "keep_consultation", row.project, day=str(row.on))
    return row


def _open_session(by: Actor, consultation: Consultation) -> Consultation:
    row = locked(Consultation, by, consultation.pk)
    access.must_run_project(by, row.project)
    if row.closed_at is not None:
        raise Refused(_("The record of this session is settled and stays as it was held."))
    return row


@transaction.atomic
def resolve(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    text: str,
    due_on: date,
    office: Office | None = None,
    post: Post | None = None,
    consultation: Consultation | None = None,
    ask: DecisionAsk | None = None,
    is_supervised: bool = False,
) -> Resolution:
    """Write down what was decided on a project: who does it by when. It becomes their task.

    ``is_supervised``: 督办 from the first day.
    """
    row = living(by, project)
    access.must_run_project(by, row)
    session = _open_session(by, consultation) if consultation else None
    text = must_say(text, "text", most=300, why=_("Say what was decided."))
    task = work.give_task(
        by=by,
        now=now,
        matter=_matter(row),
        kind=RESOLVE,
        title=text,
        post=post,
        office=office,
        due_at=end_of(must_come(due_on, "due_on", now)),
    )
    if is_supervised:
        task = work.supervise_task(by=by, now=now, task=task, words=text)
    resolution = Resolution.objects.create(
        zone_id=by.zone_id,
        project=row,
        consultation=session,
        ask=ask,
        text=text,
        office_id=task.office_id,
        post=post,
        due_on=due_on,
        task=task,
        decided_at=now,
    )
    _record(by, now, "resolve", row, words=text, day=str(due_on))
    return resolution


def _matter(project: Project) -> Matter:
    if project.matter is None:
        raise Refused(
            _("“%(name)s” is not on the zone's hands yet; enter it in the reserve first.")
            % {"name": project.name}
        )
    return project.matter


@transaction.atomic
def finish_resolution(
    *, by: Actor, now: datetime, resolution: Resolution, outcome: str
) -> Resolution:
    """Say what came of it; whoever has the task, or who runs the project, says it."""
    row = locked(Resolution, by, resolution.pk)
    mine = by.post_id is not None and row.task.post_id == by.post_id
    ours = (
        by.office_id is not None and row.task.post_id is None and row.task.office_id == by.office_id
    )
    if not (mine or ours):
        access.must_run_project(by, row.project)
    outcome = must_say(outcome, "outcome", most=300, why=_("Say what came of it."))
    work.finish_task(by=by, now=now, task=row.task, outcome=outcome)
    _record(by, now, "finish_resolution", row.project, words=outcome)
    return row


@transaction.atomic
def ask_decision(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    question: str,
    options: Sequence[str],
    wanted_on: date | None = None,
) -> DecisionAsk:
    """Ask a leader to decide: the question and what can be chosen, two options at least."""
    row = living(by, project)
    access.must_run_project(by, row)
    kept = [one for one in (said(one, "options", most=200) for one in options) if one]
    if not 2 <= len(kept) <= MOST_OPTIONS:
        raise Refused(
            _("Name two options at least, and at most %(most)d.") % {"most": MOST_OPTIONS},
            field="options",
        )
    ask = DecisionAsk.objects.create(
        zone_id=by.zone_id,
        project=row,
        question=must_say(question, "question", most=300, why=_("Say what is to be decided.")),
        options=kept,
        asked_by_id=by.post_id,
        asked_at=now,
        wanted_on=must_come(wanted_on, "wanted_on", now) if wanted_on else None,
    )
    _record(by, now, "ask_decision", row, words=ask.question)
    return ask


@transaction.atomic
def decide(
    *,
    by: Actor,
    now: datetime,
    ask: DecisionAsk,
    decision: str,
    version: int | None = None,
) -> DecisionAsk:
    """Decide, as a leader of the zone; what follows from it is written down by ``resolve``."""
    row = _open_ask(by, ask, version)
    if by.role != Role.ZONE_LEADER or by.post_id is None:
        raise Refused(_("Only a leader of the zone decides this."))
    row.decision = must_say(decision, "decision", most=500, why=_("Say what you decide."))
    row.decided_by_id, row.decided_at = by.post_id, now
    row.version += 1
    row.save()
    _record(by, now, "decide", row.project, words=row.decision)
    return row


@transaction.atomic
def withdraw_ask(
    *, by: Actor, now: datetime, ask: DecisionAsk, version: int | None = None
) -> DecisionAsk:
    """Nothing is to be decided any more."""
    row = _open_ask(by, ask, version)
    access.must_run_project(by, row.project)
    row.withdrawn_at = now
    row.version += 1
    row.save()
    _record(by, now, "withdraw_ask", row.project, words=row.question)
    return row


def _open_ask(by: Actor, ask: DecisionAsk, version: int | None) -> DecisionAsk:
    row = locked(DecisionAsk, by, ask.pk)
    if version is not None:
        journal.must_be_fresh(row, version)
    if row.decided_at is not None:
        raise Refused(
            _("This was decided on %(day)s already.") % {"day": today(row.decided_at).isoformat()}
        )
    if row.withdrawn_at is not None:
        raise Refused(_("This question was withdrawn; ask it anew."))
    return row


def _record(by: Actor, now: datetime, verb: str, project: Project, **detail: object) -> None:
    journal.record(by=by, now=now, verb=verb, subject=project, party_ref=project.party_id, **detail)
