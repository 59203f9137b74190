"""A project that moves to another zone: asked and decided here, taken on or not there.

The zones share no record. What goes over is a copy of what is known on the day, written into the
other zone by the system; this zone's project ends with the reason and stays to be read.
"""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.projects import access
from xiaoer.projects.actions.holding import lock_plan
from xiaoer.projects.actions.living import living, locked
from xiaoer.projects.actions.reserve import ProjectFacts, end_project, open_project
from xiaoer.projects.models import HandOver, Project, Stage, StagePassage
from xiaoer.registry.models import Party

State = HandOver.State
WORDS = ("name", "short_name", "code", "kind", "industry", "content")
SUMS = ("total_fen", "contract_fen")
DAYS = ("promised_on", "starts_by")


@transaction.atomic
def ask_hand_over(
    *, by: Actor, now: datetime, project: Project, other_zone: Zone, reason: str
) -> HandOver:
    """Ask that a project goes over to another zone of the city."""
    row = living(by, project)
    access.must_move_project(by, row)
    own = Zone.objects.get(pk=by.zone_id)
    if other_zone.pk == own.pk or other_zone.city_id != own.city_id:
        raise Refused(_("Choose another zone of the city."), field="zone")
    try:
        with transaction.atomic():
            made = HandOver.objects.create(
                zone_id=by.zone_id, direction=HandOver.Direction.OUT, other_zone=other_zone,
                project=row, name=row.name, reason=checking.must_say(reason, "reason", most=300),
                state=State.ASKED, asked_at=now, asked_by_id=by.post_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("It is asked for already; a leader decides it.")) from error
    journal.record(
        by=by, now=now, verb="ask_hand_over", subject=row, party_ref=row.party_id,
        to=other_zone.name, reason=made.reason,
    )  # fmt: skip
    return made


@transaction.atomic
def decide_hand_over(
    *, by: Actor, now: datetime, hand_over: HandOver, is_granted: bool, why: str = ""
) -> HandOver:
    """Let it go or keep it; decided by somebody else than who asked."""
    post_id = access.must_decide(by)
    kept = locked(HandOver, by, hand_over.pk)
    if kept.state != State.ASKED or kept.project is None:
        raise Refused(
            _("This was decided already: %(state)s.") % {"state": State(kept.state).label}
        )
    if kept.asked_by_id == post_id:
        raise Refused(_("You asked for this yourself; somebody else decides it."))
    lock_plan(by, kept.project)
    row = living(by, kept.project)
    kept.decided_at, kept.decided_by_id = now, post_id
    if not is_granted:
        kept.state, kept.decided_why = State.REFUSED, checking.must_say(why, "why", most=300)
        kept.save()
        _record(by, now, "refuse_hand_over", row, kept)
        return kept
    kept.state, kept.decided_why = State.SENT, checking.said(why, "why", most=300)
    kept.summary = _summary(row)
    kept.save()
    _send(now, kept)
    words = _("handed over to %(zone)s: %(reason)s") % {
        "zone": kept.other_zone.name,
        "reason": kept.reason,
    }
    end_project(
        by=by, now=now, row=row, on=checking.today(now), reason=words[:300],
        verb="hand_over_project",
    )  # fmt: skip
    return kept


def _record(by: Actor, now: datetime, verb: str, row: Project, kept: HandOver) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, to=kept.other_zone.name,
        reason=kept.decided_why,
    )  # fmt: skip


def _summary(row: Project) -> dict[str, Any]:
    """What the other zone is to know: facts and days, no numbers of records of this zone."""
    summary: dict[str, Any] = {name: getattr(row, name) for name in (*WORDS, *SUMS)}
    summary |= {name: _iso(getattr(row, name)) for name in DAYS}
    summary["owner"] = row.party.name if row.party else row.owner_name
    summary["credit_code"] = row.party.credit_code if row.party else ""
    summary["is_industry"] = row.is_industry
    granted = row.passages.filter(state=StagePassage.State.GRANTED).order_by("id")
    summary["history"] = [
        {"stage": one.stage, "on": one.fact_on.isoformat(), "note": one.note} for one in granted
    ]
    return summary


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _send(now: datetime, kept: HandOver) -> None:
    """Put the copy before the other zone, as the system of that zone."""
    there = system(kept.other_zone_id)
    own, name, reason, summary = kept.zone_id, kept.name, kept.reason, kept.summary
    with acting(there):
        made = HandOver.objects.create(
            zone_id=there.zone_id, direction=HandOver.Direction.IN, other_zone_id=own, name=name,
            summary=summary, reason=reason, state=State.WAITING, asked_at=now,
        )  # fmt: skip
        journal.record(by=there, now=now, verb="receive_hand_over", subject=made, name=name)


def _waiting(by: Actor, hand_over: HandOver) -> HandOver:
    kept = locked(HandOver, by, hand_over.pk)
    if kept.state != State.WAITING:
        raise Refused(
            _("This was decided already: %(state)s.") % {"state": State(kept.state).label}
        )
    return kept


@transaction.atomic
def take_on_project(*, by: Actor, now: datetime, hand_over: HandOver) -> Project:
    """Open the project here from the copy. It begins as planned or in talks again: this zone's own
    stages need this zone's own proofs; what was there before stays readable in the copy."""
    access.must_keep_projects(by)
    kept = _waiting(by, hand_over)
    said = kept.summary
    party = Party.objects.filter(
        zone_id=by.zone_id, credit_code=said["credit_code"], merged_into__isnull=True
    ).first()
    row = open_project(
        by=by,
        now=now,
        facts=ProjectFacts(
            **{name: said[name] for name in (*WORDS, *SUMS)},
            promised_on=_day(said["promised_on"]),
            starts_by=_day(said["starts_by"]),
            is_industry=said["is_industry"],
            party=party if said["credit_code"] else None,
            owner_name=said["owner"],
        ),
    )
    kept.state, kept.project = State.TAKEN, row
    kept.decided_at, kept.decided_by_id = now, by.post_id
    kept.save()
    journal.record(
        by=by, now=now, verb="take_on_project", subject=row, party_ref=row.party_id,
        stage=_last(said), name=kept.other_zone.name,
    )  # fmt: skip
    return row


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _last(said: dict[str, Any]) -> str:
    history = said["history"]
    return str(history[-1]["stage"]) if history else Stage.PLANNED


@transaction.atomic
def decline_project(*, by: Actor, now: datetime, hand_over: HandOver, why: str) -> HandOver:
    """This zone does not take the project on; only a person says so, with the reason."""
    post_id = access.must_decide(by)
    kept = _waiting(by, hand_over)
    kept.state, kept.decided_why = State.DECLINED, checking.must_say(why, "why", most=300)
    kept.decided_at, kept.decided_by_id = now, post_id
    kept.save()
    journal.record(
        by=by, now=now, verb="decline_project", subject=kept, name=kept.name,
        reason=kept.decided_why,
    )  # fmt: skip
    return kept
