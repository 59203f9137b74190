"""五要素一体化 and 五项机制: where a project stands in the chain, and what was done for whom."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base.models import Office
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import access
from xiaoer.projects.actions.lighting import relight
from xiaoer.projects.actions.living import living, locked
from xiaoer.projects.models import ChainStep, Element, MechanismAct, Project
from xiaoer.registry.models import Party

State = ChainStep.State
ORDER = list(Element)


@transaction.atomic
def note_chain(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    element: str,
    state: str = State.RUNNING,
    on: date | None = None,
    outcome: str = "",
) -> ChainStep:
    """Say where a project stands in one element. What is done begins the next one.

    The same said again changes nothing, so that other verbs may call it as they go.
    """
    access.must_be_staff(by)
    row = living(by, project)
    access.must_move_project(by, row)
    if element not in Element.values or state not in State.values:
        raise Refused(_("Choose one of the list."), field="element")
    on = checking.must_have_been(on or checking.today(now), "on", now)
    outcome = checking.said(outcome, "outcome", most=300)
    if state == State.STOPPED and not outcome:
        raise Refused(_("Say why it stopped; others will read it."), field="outcome")
    known = row.chain.filter(element=element, until__isnull=True).first()
    if known is not None and known.state == state and (not outcome or known.outcome == outcome):
        return known
    made = _stand(
        by, row, known, ChainStep(element=element, state=state, since=on, outcome=outcome)
    )
    journal.record(
        by=by, now=now, verb="note_chain", subject=row, party_ref=row.party_id, element=element,
        state=state, outcome=outcome,
    )  # fmt: skip
    if state == State.DONE:
        _begin_next(by, row, element, on)
    relight(by=by, now=now, project=row)
    return made


def _stand(by: Actor, row: Project, known: ChainStep | None, new: ChainStep) -> ChainStep:
    """Close where it stood and open where it stands, on a day not before."""
    if known is not None:
        new.since = max(new.since, known.since)
        known.until = new.since
        known.save(update_fields=["until"])
    new.zone_id, new.project, new.post_id = by.zone_id, row, by.post_id
    new.save()
    return new


def _begin_next(by: Actor, row: Project, element: str, on: date) -> None:
    place = ORDER.index(Element(element)) + 1
    if place < len(ORDER) and not row.chain.filter(element=ORDER[place]).exists():
        _stand(by, row, None, ChainStep(element=ORDER[place], state=State.RUNNING, since=on))


# The five mechanisms ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActFacts:
    """One thing done: under which mechanism, when, what, and what came of it."""

    kind: str
    on: date
    what: str
    outcome: str = ""
    is_penalty: bool = False
    office: Office | None = None


@transaction.atomic
def record_act(
    *,
    by: Actor,
    now: datetime,
    facts: ActFacts,
    project: Project | None = None,
    party: Party | None = None,
) -> MechanismAct:
    """Write down one thing done under one of the five mechanisms, for a project or a firm."""
    access.must_be_staff(by)
    if facts.kind not in MechanismAct.Kind.values:
        raise Refused(_("Choose the mechanism."), field="kind")
    if facts.is_penalty and facts.kind != MechanismAct.Kind.REWARD:
        raise Refused(_("A penalty belongs to reward and penalty."), field="is_penalty")
    if facts.is_penalty:
        # That somebody is blamed is said by those who decide, never by a colleague or a machine.
        access.must_decide(by)
    if project is None and party is None:
        raise Refused(_("Say for which project or enterprise."), field="project")
    for name, one in (("project", project), ("party", party), ("office", facts.office)):
        if one is not None and one.zone_id != by.zone_id:
            raise Refused(_("There is no such record here; it may be of another zone."), field=name)
    row = MechanismAct.objects.create(
        zone_id=by.zone_id, kind=facts.kind, is_penalty=facts.is_penalty, project=project,
        party=party or (project.party if project else None),
        on=checking.must_have_been(facts.on, "on", now),
        what=checking.must_say(facts.what, "what", most=300, why=_("Say what was done.")),
        outcome=checking.said(facts.outcome, "outcome", most=300),
        office_id=facts.office.pk if facts.office else by.office_id, post_id=by.post_id, at=now,
    )  # fmt: skip
    journal.record(
        by=by, now=now, verb="record_act", subject=row, party_ref=row.party_id, kind=row.kind,
        what=row.what,
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_act(*, by: Actor, now: datetime, act: MechanismAct, why: str) -> MechanismAct:
    """It was written down by mistake: it counts no longer and stays to be read."""
    row = locked(MechanismAct, by, act.pk)
    if by.post_id != row.post_id and not access.keeps_projects(by):
        raise Refused(_("Who wrote it down or the project office takes it back; ask them."))
    if row.withdrawn_at is not None:
        raise Refused(_("It was taken back already."))
    row.withdrawn_at, row.withdrawn_why = now, checking.must_say(why, "why", most=200)
    row.save(update_fields=["withdrawn_at", "withdrawn_why"])
    journal.record(
        by=by, now=now, verb="withdraw_act", subject=row, party_ref=row.party_id,
        reason=row.withdrawn_why,
    )  # fmt: skip
    return row
