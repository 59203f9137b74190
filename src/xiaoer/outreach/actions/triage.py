"""Triage: what kind of request it is, whether it is accepted, and who leads it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.actions import clocks, tasks
from xiaoer.outreach.actions.filing import must_be_money
from xiaoer.outreach.actions.story import (
    OPEN,
    UNDER_WAY,
    State,
    in_hand,
    may_say,
    must_be,
    must_say,
    tell,
)
from xiaoer.outreach.models import Appeal, AppealKind, JointOffice
from xiaoer.web.words import listed

Ball = Appeal.Ball


@transaction.atomic
def register_appeal(
    *,
    by: Actor,
    now: datetime,
    appeal: Appeal,
    version: int,
    kind: AppealKind,
    urgency: str = Appeal.Urgency.NORMAL,
    is_hard: bool = False,
    money_fen: int | None = None,
    contact_name: str | None = None,
    contact_phone: str | None = None,
    note: str = "",
) -> Appeal:
    """Register a request (登记): kind, urgency, hardness, money, contact. Ends the start clock.

    A hard one (疑难) has the longer limit. Done again before dispatch it corrects the triage; a
    limit once told to the enterprise does not come back nearer.
    """
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_triage(by, row, now)
        must_be(row, State.RECEIVED, State.REGISTERED)
        must_be_money(money_fen)
        if urgency not in Appeal.Urgency.values:
            raise Refused(_("Choose how urgent it is from the list."), field="urgency")
        row.kind, row.urgency = kind, urgency
        row.money_fen = money_fen if money_fen is not None else row.money_fen
        row.is_hard = is_hard
        clocks.set_solve_clock(row, row.filed_at)
        _set_contact(row, contact_name, contact_phone)
        row.state, row.ball = State.REGISTERED, Ball.DESK
        tasks.started(row, by=by, now=now)
        tasks.ask_dispatch(row, by=by, now=now)
        tell(
            row,
            by=by,
            now=now,
            verb="register_appeal",
            text=may_say(note, "note"),
            kind=kind.code,
            urgency=urgency,
            is_hard=is_hard,
            money_fen=row.money_fen,
        )
    return row


def _set_contact(row: Appeal, name: str | None, phone: str | None) -> None:
    if name is not None:
        row.contact_name = may_say(name, "contact_name", 60)
    if phone is not None and may_say(phone, "contact_phone") != row.contact_phone:
        row.contact_phone, row.is_phone_verified = may_say(phone, "contact_phone", 40), False


@transaction.atomic
def not_accept(
    *, by: Actor, now: datetime, appeal: Appeal, version: int, reason: str, words: str
) -> Appeal:
    """Do not accept a request (不予受理), for a reason of the list; the enterprise is told where to
    go instead."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_triage(by, row, now)
        must_be(row, State.RECEIVED, State.REGISTERED)
        if reason not in Appeal.Refusal.values:
            raise Refused(_("Choose the lawful reason from the list."), field="reason")
        words = must_say(words, "words", _("Tell the enterprise why, and where it can go."))
        row.not_accepted_for = reason
        tasks.started(row, by=by, now=now)
        _end(row, by, now, State.NOT_ACCEPTED, Ball.NOBODY)
        tell(row, by=by, now=now, verb="not_accept", text=words, reason=reason)
    return row


def _end(row: Appeal, by: Actor, now: datetime, state: State, ball: Ball) -> None:
    row.state, row.ball, row.closed_at = state, ball, now
    tasks.close_thread(row, by=by, now=now)


@transaction.atomic
def merge_appeal(
    *, by: Actor, now: datetime, appeal: Appeal, version: int, into: Appeal, words: str = ""
) -> Appeal:
    """Merge a request into an open one of the same enterprise about the same thing (并案).

    Requests of two enterprises stay two: each must be able to say for itself that it is solved.
    """
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_triage(by, row, now)
        must_be(row, State.RECEIVED, State.REGISTERED, *UNDER_WAY)
        target = _target(row, into)
        row.merged_into = target
        tasks.started(row, by=by, now=now)
        _end(row, by, now, State.MERGED, Ball.NOBODY)
        text = f"{target.receipt_no} {may_say(words, 'words')}".strip()
        tell(row, by=by, now=now, verb="merge_appeal", text=text, into=target.pk)
    return row


def _target(row: Appeal, into: Appeal) -> Appeal:
    target = Appeal.objects.filter(pk=into.pk, zone_id=row.zone_id).first()
    if target is None or target.pk == row.pk:
        raise Refused(_("Choose another request to merge this one into."), field="into")
    if target.party_id != row.party_id:
        raise Refused(
            _("%(no)s is of another enterprise; each enterprise confirms its own request.")
            % {"no": target.receipt_no},
            field="into",
        )
    if target.state not in OPEN:
        raise Refused(
            _("%(no)s is already ended; choose one that is open.") % {"no": target.receipt_no},
            field="into",
        )
    return target


@transaction.atomic
def transfer_elsewhere(
    *,
    by: Actor,
    now: datetime,
    appeal: Appeal,
    version: int,
    to: str,
    external_ref: str = "",
    words: str,
) -> Appeal:
    """Pass a request to an authority outside the zone (court, petition office, police, 12345).

    ``external_ref`` is the number it has there; our own number is never mixed with it.
    """
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_be_desk(by)
        must_be(row, State.RECEIVED, State.REGISTERED, *UNDER_WAY)
        row.transferred_to = must_say(to, "to", _("Name the authority it goes to."), most=120)
        row.external_ref = may_say(external_ref, "external_ref", 60)
        words = must_say(words, "words", _("Tell the enterprise why, and whom it can ask."))
        tasks.started(row, by=by, now=now)
        _end(row, by, now, State.TRANSFERRED, Ball.ELSEWHERE)
        tell(
            row,
            by=by,
            now=now,
            verb="transfer_elsewhere",
            text=words,
            to=row.transferred_to,
            external_ref=row.external_ref,
        )
    return row


@transaction.atomic
def dispatch_appeal(
    *,
    by: Actor,
    now: datetime,
    appeal: Appeal,
    version: int,
    office: Office,
    handler: Post | None = None,
    joint: Sequence[Office] = (),
    words: str = "",
) -> Appeal:
    """Dispatch a request to the office that leads (牵头) and those that help (协办)."""
    with in_hand(by=by, appeal=appeal, version=version) as row:
        access.must_be_desk(by)
        must_be(row, State.REGISTERED)
        lead_by(row, now, office, handler)
        tasks.finish(row, tasks.DISPATCH, by=by, now=now)
        tasks.ask_office(row, by=by, now=now)
        add_joint(row, by, now, joint)
        tell(
            row,
            by=by,
            now=now,
            verb="dispatch_appeal",
            text=_told(office, joint, may_say(words, "words")),
            office=office.pk,
            handler=handler.pk if handler else None,
            joint=[each.pk for each in joint],
        )
    return row


def lead_by(row: Appeal, now: datetime, office: Office, handler: Post | None) -> None:
    """Put an office, perhaps one post of it, in the lead; it has yet to sign."""
    if handler is not None and handler.office_id != office.pk:
        raise Refused(_("The person chosen does not work in the leading office."), field="handler")
    row.joint_offices.filter(office_id=office.pk, done_at__isnull=True).update(done_at=now)
    row.office, row.handler = office, handler
    row.state, row.ball = State.DISPATCHED, Ball.HANDLER


def add_joint(row: Appeal, by: Actor, now: datetime, offices: Sequence[Office]) -> list[Office]:
    """Ask offices to help, again if they were done; the leading one and those still asked are left
    out."""
    asked = set(row.joint_offices.filter(done_at__isnull=True).values_list("office_id", flat=True))
    added = [each for each in dict.fromkeys(offices) if each.pk not in asked | {row.office_id}]
    for office in added:
        JointOffice.objects.update_or_create(
            zone_id=row.zone_id,
            appeal=row,
            office=office,
            defaults={"asked_at": now, "done_at": None},
        )
        tasks.ask_help(row, office, by=by, now=now)
    return added


def _told(office: Office, joint: Sequence[Office], words: str) -> str:
    """Who leads and who helps, as the story tells it, before the words."""
    told = _("%(office)s leads") % {"office": office.name}
    if joint:
        helpers = listed(each.name for each in joint)
        told = _("%(led)s, %(helpers)s help") % {"led": told, "helpers": helpers}
    return _("%(told)s. %(words)s") % {"told": told, "words": words} if words else told


@transaction.atomic
def reassign(
    *,
    by: Actor,
    now: datetime,
    appeal: Appeal,
    version: int,
    office: Office,
    handler: Post | None = None,
    reason: str,
) -> Appeal:
    """Give a request to another office, or to another person of the leading one; the clock goes on.

    The desk decides between offices, also when one returned it twice; the head of the leading
    office decides among its own people.
    """
    with in_hand(by=by, appeal=appeal, version=version) as row:
        if not (office.pk == row.office_id and access.heads(by, row)):
            access.must_be_desk(by)
        must_be(row, *UNDER_WAY)
        reason = must_say(reason, "reason", _("Say why it changes hands."))
        lead_by(row, now, office, handler)
        tasks.drop(row, tasks.REPLY, tasks.SOLVE, tasks.DECIDE, by=by, now=now)
        tasks.ask_office(row, by=by, now=now)
        tell(
            row,
            by=by,
            now=now,
            verb="reassign",
            text=_told(office, (), reason),
            is_between_offices=True,
            office=office.pk,
            handler=handler.pk if handler else None,
        )
    return row
