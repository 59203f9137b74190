"""API of what staff do with a request. Every verb takes the version it was decided on."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from xiaoer.base.api_door import PROBLEMS, WRITE, api
from xiaoer.base.models import Office, Post
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.api import given as g
from xiaoer.outreach.api import schemas as s
from xiaoer.outreach.api.rows import appeal_out, must_have, one, several, the_appeal
from xiaoer.outreach.models import Appeal, AppealKind
from xiaoer.work import actions as work

router = Router(tags=["handling"])
ANSWER: dict[int, Any] = {200: s.AppealOut, **PROBLEMS}


@router.post("/appeals/{appeal_id}/register", response=ANSWER)
@api(WRITE)
def register_appeal(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.RegisterIn) -> object:
    """Say what kind of request it is; ends the clock of the first contact."""
    now = timezone.now()
    outreach.register_appeal(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        kind=must_have(AppealKind, what.kind, by=by, field="kind"),
        urgency=what.urgency,
        is_hard=what.is_hard,
        money_fen=what.money_fen,
        contact_name=what.contact_name,
        contact_phone=what.contact_phone,
        note=what.note,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/verify-phone", response=ANSWER)
@api(WRITE)
def verify_phone(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.AppealWordsIn) -> object:
    """Say that the stated telephone was called back."""
    now = timezone.now()
    outreach.verify_phone(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        words=what.words,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/not-accept", response=ANSWER)
@api(WRITE)
def not_accept(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.NotAcceptIn) -> object:
    """Do not accept a request, for a lawful reason."""
    now = timezone.now()
    outreach.not_accept(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        reason=what.reason,
        words=what.words,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/merge", response=ANSWER)
@api(WRITE)
def merge_appeal(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.AppealMergeIn) -> object:
    """Merge into an open request of the same enterprise."""
    now = timezone.now()
    outreach.merge_appeal(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        into=must_have(Appeal, what.into, by=by, field="into"),
        words=what.words,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/transfer", response=ANSWER)
@api(WRITE)
def transfer_elsewhere(
    request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.AppealTransferIn
) -> object:
    """Pass a request on to an authority outside the zone."""
    now = timezone.now()
    outreach.transfer_elsewhere(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        to=what.to,
        external_ref=what.external_ref,
        words=what.words,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/dispatch", response=ANSWER)
@api(WRITE)
def dispatch_appeal(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.DispatchIn) -> object:
    """Give it to the office that leads and those that help."""
    now = timezone.now()
    outreach.dispatch_appeal(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        office=must_have(Office, what.office, by=by, field="office"),
        handler=one(Post, what.handler, by=by, field="handler"),
        joint=several(Office, what.joint, by=by, field="joint"),
        words=what.words,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/reassign", response=ANSWER)
@api(WRITE)
def reassign(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.ReassignIn) -> object:
    """Give it to another office or person; the clock goes on."""
    now = timezone.now()
    outreach.reassign(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        office=must_have(Office, what.office, by=by, field="office"),
        handler=one(Post, what.handler, by=by, field="handler"),
        reason=what.reason,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/sign", response=ANSWER)
@api(WRITE)
def sign_appeal(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.AppealWordsIn) -> object:
    """Sign for it: from now on the asker handles it."""
    now = timezone.now()
    outreach.sign_appeal(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        words=what.words,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/return", response=ANSWER)
@api(WRITE)
def return_appeal(
    request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.AppealReasonIn
) -> object:
    """Give it back to the desk."""
    now = timezone.now()
    outreach.return_appeal(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        reason=what.reason,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/ask-help", response=ANSWER)
@api(WRITE)
def ask_help(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.HelpIn) -> object:
    """Ask more offices to help."""
    now = timezone.now()
    outreach.ask_help(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        offices=several(Office, what.offices, by=by, field="offices"),
        words=what.words,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/finish-help", response=ANSWER)
@api(WRITE)
def finish_help(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.AppealWordsIn) -> object:
    """Say what the asker's office did to help."""
    now = timezone.now()
    outreach.finish_help(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        words=what.words,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/note", response=ANSWER)
@api(WRITE)
def note_progress(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.NoteIn) -> object:
    """Write one line of the story."""
    now = timezone.now()
    outreach.note_progress(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        words=what.words,
        is_public=what.is_public,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/park", response=ANSWER)
@api(WRITE)
def park_appeal(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.ParkIn) -> object:
    """Park it with a promised date; every clock goes on."""
    now = timezone.now()
    outreach.park_appeal(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        promised_on=what.promised_on,
        reason=what.reason,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/take-up-again", response=ANSWER)
@api(WRITE)
def take_up_again(
    request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.AppealWordsIn
) -> object:
    """Go on with a parked request."""
    now = timezone.now()
    outreach.take_up_again(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        words=what.words,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/answer", response=ANSWER)
@api(WRITE)
def answer_appeal(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.AnswerIn) -> object:
    """Answer the enterprise and ask it to confirm."""
    now = timezone.now()
    outreach.answer_appeal(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        result=what.result,
        text=what.text,
        promised_on=what.promised_on,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/ask-date-change", response=ANSWER)
@api(WRITE)
def ask_date_change(request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.DateIn) -> object:
    """Ask for a later date, before the promised one is past."""
    now = timezone.now()
    outreach.ask_date_change(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        new_due_on=what.new_due_on,
        reason=what.reason,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/decide-date-change", response=ANSWER)
@api(WRITE)
def decide_date_change(
    request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.DecideIn
) -> object:
    """Grant or decline a later date."""
    now = timezone.now()
    outreach.decide_date_change(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        is_granted=what.is_granted,
        words=what.words,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/supervise", response=ANSWER)
@api(WRITE)
def supervise_appeal(
    request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.SuperviseIn
) -> object:
    """Put it under supervision."""
    now = timezone.now()
    outreach.supervise_appeal(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        words=what.words,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/instruct", response=ANSWER)
@api(WRITE)
def instruct(
    request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.AppealInstructionIn
) -> object:
    """A leader writes on it; an office named finds a task in its inbox."""
    now = timezone.now()
    row = the_appeal(by, appeal_id)
    office = one(Office, what.office, by=by, field="office")
    assert row.matter is not None  # noqa: S101  # opened by the filing, never taken away
    work.instruct(by=by, now=now, matter=row.matter, text=what.text, office=office)
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/return-visit", response=ANSWER)
@api(WRITE)
def record_return_visit(
    request: HttpRequest, by: Actor, appeal_id: s.Id, what: g.ReturnVisitIn
) -> object:
    """Record what the enterprise said when somebody else asked it."""
    now = timezone.now()
    outreach.record_return_visit(
        by=by,
        now=now,
        appeal=the_appeal(by, appeal_id),
        version=what.version,
        outcome=what.outcome,
        spoke_with=what.spoke_with,
        words=what.words,
        satisfaction=what.satisfaction,
    )
    return appeal_out(by, appeal_id, now)


@router.post("/appeals/{appeal_id}/ask-again", response=ANSWER)
@api(WRITE)
def ask_again(request: HttpRequest, by: Actor, appeal_id: s.Id, seen: g.AppealVersionIn) -> object:
    """Ask the enterprise whether it is still solved, thirty days after it confirmed."""
    now = timezone.now()
    outreach.ask_again(by=by, now=now, appeal=the_appeal(by, appeal_id), version=seen.version)
    return appeal_out(by, appeal_id, now)
