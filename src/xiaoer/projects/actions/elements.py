"""Verbs of elements: a need is registered, promised for a day, there; or it is not needed any more."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import must_be_possible, must_come, must_have_been, must_say, said
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import element_access as access
from xiaoer.projects.actions import answering
from xiaoer.projects.actions.holding import lock_plan
from xiaoer.projects.actions.living import exact, living, locked
from xiaoer.projects.models import DayMove, ElementKind, ElementNeed, Project
from xiaoer.registry.models import Party
from xiaoer.work.models import Matter

State = ElementNeed.State
OPEN = (State.NEEDED, State.PROMISED)
NEED = "element_need"
PROVIDE = "provide_element"
# What cannot be counted as solved without an amount.
MEASURED = frozenset({ElementKind.LAND, ElementKind.MONEY})


@transaction.atomic
def ask_element(
    *,
    by: Actor,
    now: datetime,
    kind: str,
    what: str,
    needed_on: date,
    project: Project | None = None,
    party: Party | None = None,
    amount: Decimal | None = None,
    is_standard_land: bool = False,
    office: Office | None = None,
    post: Post | None = None,
    answerer: str = "",
    note: str = "",
    origin: Matter | None = None,
) -> ElementNeed:
    """Register what a project or a firm waits for; whoever answers for it gets a task until the day.

    Of a firm without a project, ``origin`` is the matter of the request it was heard in.
    """
    if project is not None:
        lock_plan(by, project)
    kept = living(by, project) if project else None
    access.must_ask_elements(by, kept)
    if kept is None and party is None:
        raise Refused(_("Say for which project or enterprise it is needed."), field="party")
    if kind not in ElementKind.values:
        raise Refused(_("Choose what kind of element it is."), field="kind")
    answerer = said(answerer, "answerer", most=60)
    if office is None and post is None and not answerer:
        raise Refused(_("Say who answers for it: an office, a person, a utility."), field="office")
    need = ElementNeed.objects.create(
        zone_id=by.zone_id,
        project=kept,
        party_id=kept.party_id if kept and kept.party_id else (party.pk if party else None),
        kind=kind,
        what=must_say(what, "what", most=120, why=_("Say what is needed.")),
        amount=exact(amount),
        is_standard_land=is_standard_land and kind == ElementKind.LAND,
        needed_on=must_be_possible(needed_on, "needed_on"),
        office=office or (post.office if post else None),
        post=post,
        answerer=answerer,
        note=said(note, "note", most=500),
        origin=origin,
        opened_at=now,
    )
    answering.ask(need, by=by, now=now, due_on=need.needed_on)
    _record(by, now, "ask_element", need, kind=kind, day=str(need.needed_on))
    answering.follow(need, by=by, now=now)
    return need


@transaction.atomic
def promise_element(
    *,
    by: Actor,
    now: datetime,
    need: ElementNeed,
    on: date,
    reason: str = "",
    is_zone_promise: bool | None = None,
    version: int | None = None,
) -> ElementNeed:
    """Say by which day it will be there. Another day than said before needs the reason; both stay."""
    row = _open(by, need, version)
    access.must_answer(by, row)
    must_come(on, "on", now)
    if row.promised_on is not None and row.promised_on != on:
        DayMove.objects.create(
            zone_id=by.zone_id,
            need=row,
            before_on=row.promised_on,
            promised_on=on,
            reason=must_say(
                reason, "reason", most=300, why=_("Another day was promised; say why it moves.")
            ),
            at=now,
            post_id=by.post_id,
        )
    row.promised_on, row.state = on, State.PROMISED
    if is_zone_promise is not None:
        row.is_zone_promise = is_zone_promise
    _save(row)
    _record(by, now, "promise_element", row, day=str(on), words=reason)
    answering.follow(row, by=by, now=now)
    return row


@transaction.atomic
def ready_element(
    *,
    by: Actor,
    now: datetime,
    need: ElementNeed,
    on: date,
    amount: Decimal | None = None,
    is_standard_land: bool | None = None,
    note: str = "",
    version: int | None = None,
) -> ElementNeed:
    """Say that it is there, since which day, and how much: of land the mu, of money the sum.

    Without an amount, what was asked for came. The steps of the plan that waited are free.
    """
    row = _open(by, need, version)
    access.must_answer(by, row)
    must_have_been(on, "on", now)
    came = exact(amount) or row.amount
    if came is None and row.kind in MEASURED:
        raise Refused(_("Type how much came; it is counted."), field="amount")
    row.ready_on, row.ready_amount, row.state = on, came, State.READY
    if is_standard_land is not None and row.kind == ElementKind.LAND:
        row.is_standard_land = is_standard_land
    row.note = said(note, "note", most=500) or row.note
    _save(row)
    _record(by, now, "ready_element", row, day=str(on), amount=str(came) if came else None)
    answering.settle(row, by=by, now=now, outcome=_("there since %(day)s") % {"day": on})
    answering.follow(row, by=by, now=now)
    return row


@transaction.atomic
def change_need(
    *,
    by: Actor,
    now: datetime,
    need: ElementNeed,
    what: str,
    needed_on: date,
    amount: Decimal | None = None,
    is_standard_land: bool = False,
    office: Office | None = None,
    post: Post | None = None,
    answerer: str = "",
    note: str = "",
    version: int | None = None,
) -> ElementNeed:
    """Correct what is needed, by when, or who answers; the task goes to the new answerer."""
    row = _open(by, need, version)
    access.must_ask_elements(by, row.project)
    answerer = said(answerer, "answerer", most=60)
    if office is None and post is None and not answerer:
        raise Refused(_("Say who answers for it: an office, a person, a utility."), field="office")
    was = (row.office_id, row.post_id, row.needed_on)
    changed = journal.changes(
        row,
        {
            "what": must_say(what, "what", most=120, why=_("Say what is needed.")),
            "amount": exact(amount),
            "is_standard_land": is_standard_land and row.kind == ElementKind.LAND,
            "needed_on": must_be_possible(needed_on, "needed_on"),
            "office_id": office.pk if office else (post.office_id if post else None),
            "post_id": post.pk if post else None,
            "answerer": answerer,
            "note": said(note, "note", most=500),
        },
    )
    if not changed:
        return row
    _save(row)
    _record(by, now, "change_need", row, **changed)
    if was != (row.office_id, row.post_id, row.needed_on):
        answering.ask_again(row, by=by, now=now, due_on=row.needed_on)
    answering.follow(row, by=by, now=now)
    return row


@transaction.atomic
def drop_need(
    *, by: Actor, now: datetime, need: ElementNeed, reason: str, version: int | None = None
) -> ElementNeed:
    """Say that it is not needed any more, and why; nothing waits for it, nothing is counted."""
    row = _open(by, need, version)
    access.must_ask_elements(by, row.project)
    row.state = State.DROPPED
    row.note = must_say(reason, "reason", most=300)
    _save(row)
    _record(by, now, "drop_need", row, words=row.note)
    answering.settle(row, by=by, now=now)
    answering.follow(row, by=by, now=now)
    return row


def _open(by: Actor, need: ElementNeed, version: int | None) -> ElementNeed:
    row = locked(ElementNeed, by, need.pk)
    if version is not None:
        journal.must_be_fresh(row, version)
    if row.state not in OPEN:
        raise Refused(
            _("“%(what)s” is “%(state)s”; register a new need instead.")
            % {"what": row.what, "state": State(row.state).label}
        )
    return row


def _save(row: ElementNeed) -> None:
    row.version += 1
    row.save()


def _record(by: Actor, now: datetime, verb: str, need: ElementNeed, **detail: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=need, party_ref=need.party_id, name=need.what, **detail
    )
