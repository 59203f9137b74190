"""Verbs of what the zone itself promised: made, kept, moved with a reason, withdrawn."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import must_come, must_have_been, must_say, said, today
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import element_access as access
from xiaoer.projects.actions import answering
from xiaoer.projects.actions.living import living, locked
from xiaoer.projects.models import DayMove, Project, ZonePromise
from xiaoer.registry.models import Party


@transaction.atomic
def promise_for_zone(
    *,
    by: Actor,
    now: datetime,
    what: str,
    promised_on: date,
    project: Project | None = None,
    party: Party | None = None,
    document: str = "",
    office: Office | None = None,
    post: Post | None = None,
    note: str = "",
) -> ZonePromise:
    """Write down what the zone promised a project or a firm, by when, and who keeps it."""
    kept = living(by, project) if project else None
    access.must_run_project(by, kept)
    if kept is None and party is None:
        raise Refused(_("Say to which project or enterprise it was promised."), field="party")
    if office is None and post is None:
        raise Refused(_("Say which office or person keeps this promise."), field="office")
    promise = ZonePromise.objects.create(
        zone_id=by.zone_id,
        project=kept,
        party_id=kept.party_id if kept and kept.party_id else (party.pk if party else None),
        what=must_say(what, "what", most=200, why=_("Say what was promised.")),
        promised_on=must_come(promised_on, "promised_on", now),
        first_promised_on=promised_on,
        document=said(document, "document", most=200),
        office=office or (post.office if post else None),
        post=post,
        note=said(note, "note", most=500),
        opened_at=now,
    )
    answering.ask(promise, by=by, now=now, due_on=promised_on)
    _record(by, now, "promise_for_zone", promise, day=str(promised_on))
    answering.follow(promise, by=by, now=now)
    return promise


@transaction.atomic
def keep_promise(
    *,
    by: Actor,
    now: datetime,
    promise: ZonePromise,
    on: date,
    note: str = "",
    version: int | None = None,
) -> ZonePromise:
    """Say that the promise was kept, on which day."""
    row = _open(by, promise, version)
    access.must_answer(by, row)
    row.kept_on = must_have_been(on, "on", now)
    row.note = said(note, "note", most=500) or row.note
    _save(row)
    _record(by, now, "keep_promise", row, day=str(on))
    answering.settle(row, by=by, now=now, outcome=_("kept on %(day)s") % {"day": on})
    answering.follow(row, by=by, now=now)
    return row


@transaction.atomic
def move_zone_promise(
    *,
    by: Actor,
    now: datetime,
    promise: ZonePromise,
    on: date,
    reason: str,
    version: int | None = None,
) -> ZonePromise:
    """Set another day, with the reason; the first day stays for all to see."""
    row = _open(by, promise, version)
    access.must_run_project(by, row.project)
    must_come(on, "on", now)
    if on == row.promised_on:
        raise Refused(_("It is promised for this day already."), field="on")
    reason = must_say(reason, "reason", most=300)
    DayMove.objects.create(
        zone_id=by.zone_id,
        promise=row,
        before_on=row.promised_on,
        promised_on=on,
        reason=reason,
        at=now,
        post_id=by.post_id,
    )
    before, row.promised_on, row.note = row.promised_on, on, reason
    _save(row)
    _record(by, now, "move_zone_promise", row, old=str(before), day=str(on), words=reason)
    answering.ask_again(row, by=by, now=now, due_on=on)
    answering.follow(row, by=by, now=now)
    return row


@transaction.atomic
def withdraw_promise(
    *,
    by: Actor,
    now: datetime,
    promise: ZonePromise,
    reason: str,
    version: int | None = None,
) -> ZonePromise:
    """Take a promise back, with the reason; it stays on the list as withdrawn."""
    row = _open(by, promise, version)
    access.must_run_project(by, row.project)
    row.withdrawn_on = today(now)
    row.note = must_say(reason, "reason", most=300)
    _save(row)
    _record(by, now, "withdraw_promise", row, words=row.note)
    answering.settle(row, by=by, now=now)
    answering.follow(row, by=by, now=now)
    return row


def _open(by: Actor, promise: ZonePromise, version: int | None) -> ZonePromise:
    row = locked(ZonePromise, by, promise.pk)
    if version is not None:
        journal.must_be_fresh(row, version)
    if row.kept_on is not None:
        raise Refused(
            _("“%(what)s” was kept on %(day)s already.")
            % {"what": row.what, "day": row.kept_on.isoformat()}
        )
    if row.withdrawn_on is not None:
        raise Refused(
            _("“%(what)s” was withdrawn on %(day)s; write down a new promise instead.")
            % {"what": row.what, "day": row.withdrawn_on.isoformat()}
        )
    return row


def _save(row: ZonePromise) -> None:
    row.version += 1
    row.save()


def _record(by: Actor, now: datetime, verb: str, row: ZonePromise, **detail: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, name=row.what, **detail
    )
