"""Batches and applications: opened, planned, prepared, submitted, recommended, decided."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth.actions.titles import TitleFacts, register_title, renew_title
from xiaoer.growth.models import Application, ApplicationStep, Batch, Title, TitleKind
from xiaoer.registry.models import Party

State = Application.State
RUNNING = (State.PLANNED, State.PREPARING, State.SUBMITTED, State.RECOMMENDED)
# What an application may come to from where it stands, by the verb ``move_application``.
NEXT: dict[str, tuple[str, ...]] = {
    State.PLANNED: (State.PREPARING, State.SUBMITTED, State.WITHDRAWN),
    State.PREPARING: (State.PLANNED, State.SUBMITTED, State.WITHDRAWN),
    State.SUBMITTED: (State.PREPARING, State.RECOMMENDED, State.WITHDRAWN),
    State.RECOMMENDED: (State.SUBMITTED, State.WITHDRAWN),
}


@transaction.atomic
def open_batch(
    *,
    by: Actor,
    now: datetime,
    kind: TitleKind,
    name: str,
    year: int,
    opens_on: date | None = None,
    closes_on: date | None = None,
) -> Batch:
    """Enter a round of applications an authority announced, or the zone expects."""
    access.must_keep_titles(by)
    if kind.zone_id != by.zone_id:
        raise Refused(_("There is no such kind of title here."), field="kind")
    batch = Batch(
        zone_id=by.zone_id,
        kind=kind,
        name=checking.must_say(name, "name", most=80, why=_("Give the batch a name.")),
        year=year,
        opens_on=opens_on,
        closes_on=closes_on,
        state=_state_on(opens_on, closes_on, checking.today(now)),
    )
    _save_batch(batch)
    journal.record(by=by, now=now, verb="open_batch", subject=batch, year=year, name=batch.name)
    return batch


def _state_on(opens_on: date | None, closes_on: date | None, day: date) -> str:
    if closes_on is not None and closes_on < day:
        return Batch.State.CLOSED
    if opens_on is None or opens_on > day:
        return Batch.State.PLANNED
    return Batch.State.OPEN


def _save_batch(batch: Batch) -> None:
    if batch.opens_on and batch.closes_on and batch.closes_on < batch.opens_on:
        raise Refused(_("The batch closes before it opens."), field="closes_on")
    try:
        with transaction.atomic():
            batch.save()
    except IntegrityError as error:
        raise Refused(_("This batch is entered already."), field="name") from error


@transaction.atomic
def change_batch(
    *,
    by: Actor,
    now: datetime,
    batch: Batch,
    opens_on: date | None,
    closes_on: date | None,
    state: str,
    version: int,
) -> Batch:
    """Change the days of a batch, or say where it stands."""
    access.must_keep_titles(by)
    row = checking.locked(Batch, by, batch.pk)
    journal.must_be_fresh(row, version)
    if state not in Batch.State.values:
        raise Refused(_("Choose where the batch stands."), field="state")
    row.opens_on, row.closes_on, row.state = opens_on, closes_on, state
    row.version += 1
    _save_batch(row)
    journal.record(by=by, now=now, verb="change_batch", subject=row, state=state)
    return row


@transaction.atomic
def plan_application(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    kind: TitleKind,
    batch: Batch | None = None,
    renews: Title | None = None,
    note: str = "",
) -> Application:
    """Plan a firm's application for a title; one runs at a time."""
    access.must_plan_applications(by)
    if kind.zone_id != by.zone_id or party.zone_id != by.zone_id:
        raise Refused(_("There is no such enterprise here for you."), field="party")
    if batch is not None and batch.kind_id != kind.pk:
        raise Refused(_("This batch is of another title; choose one of this."), field="batch")
    day = checking.today(now)
    row = Application(
        zone_id=by.zone_id, party=party, kind=kind, batch=batch, renews=renews,
        since=day, planned_on=day,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(
            _("An application of %(name)s for this title is running; go on with that one.")
            % {"name": party.name},
            field="party",
        ) from error
    _step(by, now, row, day, checking.said(note, "note", most=300))
    _record(by, now, "plan_application", row)
    return row


def _step(by: Actor, now: datetime, row: Application, on: date, note: str) -> None:
    ApplicationStep.objects.create(
        zone_id=by.zone_id, application=row, state=row.state, on=on, note=note,
        post_id=by.post_id, at=now,
    )  # fmt: skip


def _record(by: Actor, now: datetime, verb: str, row: Application, **detail: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, state=row.state, **detail
    )


def _locked(by: Actor, application: Application, version: int | None) -> Application:
    row = checking.locked(Application, by, application.pk)
    if version is not None:
        journal.must_be_fresh(row, version)
    if row.state not in RUNNING:
        raise Refused(_("This application is over: %(state)s.") % {"state": State(row.state).label})
    return row


@transaction.atomic
def move_application(
    *,
    by: Actor,
    now: datetime,
    application: Application,
    to: str,
    on: date,
    note: str = "",
    batch: Batch | None = None,
    version: int | None = None,
) -> Application:
    """Say where an application stands: being prepared, submitted, recommended, or taken back."""
    access.must_plan_applications(by)
    row = _locked(by, application, version)
    if to not in NEXT[row.state]:
        raise Refused(
            _("From “%(state)s” it does not go there; look at what is offered.")
            % {"state": State(row.state).label},
            field="to",
        )
    checking.must_have_been(on, "on", now)
    if to == State.WITHDRAWN:
        note = checking.must_say(note, "note", most=300)
    if batch is not None:
        if batch.kind_id != row.kind_id:
            raise Refused(_("This batch is of another title; choose one of this."), field="batch")
        row.batch = batch
    row.state, row.since = to, on
    row.submitted_on = on if to == State.SUBMITTED else row.submitted_on
    row.version += 1
    row.save(update_fields=["state", "since", "submitted_on", "batch", "version"])
    _step(by, now, row, on, checking.said(note, "note", most=300))
    _record(by, now, "move_application", row)
    return row


@transaction.atomic
def submit_application(
    *, by: Actor, now: datetime, application: Application, on: date, batch: Batch | None = None
) -> Application:
    """Say on which day the firm handed its application in."""
    return move_application(
        by=by, now=now, application=application, to=State.SUBMITTED, on=on, batch=batch
    )


@transaction.atomic
def grant_application(
    *,
    by: Actor,
    now: datetime,
    application: Application,
    facts: TitleFacts,
    version: int | None = None,
) -> Application:
    """Record that the authority granted it: the title stands on the register from its day on."""
    access.must_keep_titles(by)
    row = _locked(by, application, version)
    kind = TitleKind.objects.get(pk=row.kind_id)
    if row.renews_id is not None:
        renewed = Title.objects.get(pk=row.renews_id)
        title = renew_title(by=by, now=now, title=renewed, facts=facts)
    else:
        party = Party.objects.get(pk=row.party_id)
        title = register_title(by=by, now=now, kind=kind, facts=facts, party=party)
    row.title, row.state = title, State.GRANTED
    row.document = title.document
    _decide(by, now, row, facts.granted_on, "")
    return row


def _decide(by: Actor, now: datetime, row: Application, on: date, reason: str) -> None:
    row.since = row.decided_on = on
    row.reason = reason
    row.decided_by_id = by.post_id
    row.version += 1
    row.save()
    _step(by, now, row, on, reason)
    _record(by, now, "decide_application", row, on=on.isoformat(), reason=reason)


@transaction.atomic
def refuse_application(
    *,
    by: Actor,
    now: datetime,
    application: Application,
    on: date,
    reason: str,
    document: str = "",
    version: int | None = None,
) -> Application:
    """Record that the authority did not grant it, with its reason. Never said by a machine."""
    access.must_keep_titles(by)
    access.must_be_person(by)
    row = _locked(by, application, version)
    row.state = State.REFUSED
    row.document = checking.said(document, "document", most=200)
    reason = checking.must_say(
        reason, "reason", most=300, why=_("Write down the reason the authority gave.")
    )
    _decide(by, now, row, checking.must_have_been(on, "on", now), reason)
    return row
