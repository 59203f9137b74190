"""Verbs of the register of titles: register, correct, renew, withdraw, say that it is complete."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import checking, journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth.actions.renewing import settle_renewal
from xiaoer.growth.models import Batch, Title, TitleKind
from xiaoer.growth.validity import last_day
from xiaoer.registry.models import Party

Ended = Title.Ended


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """What the document says of a title. ``valid_to`` None: as long as its kind holds, if it does."""

    granted_on: date
    valid_to: date | None = None
    name: str = ""
    year: int | None = None
    batch: Batch | None = None
    document: str = ""
    document_no: str = ""
    certificate_no: str = ""
    scope: str = ""
    scope_words: str = ""
    is_exclusive: bool = False
    ordinal: int | None = None
    window_years: int | None = None
    is_without_end: bool = False


@transaction.atomic
def register_title(
    *,
    by: Actor,
    now: datetime,
    kind: TitleKind,
    facts: TitleFacts,
    party: Party | None = None,
    upgraded_from: Title | None = None,
) -> Title:
    """Enter what an authority granted to a firm, or to the zone itself (no party).

    ``upgraded_from``: the platform this one grew out of, which ends the day before.
    """
    access.must_keep_titles(by)
    row = enter_title(
        by=by, now=now, kind=kind, facts=facts, party=party, upgraded_from=upgraded_from
    )
    _record(by, now, "register_title", row, on=row.granted_on.isoformat())
    return row


def enter_title(
    *,
    by: Actor,
    now: datetime,
    kind: TitleKind,
    facts: TitleFacts,
    party: Party | None = None,
    upgraded_from: Title | None = None,
) -> Title:
    """Write a title; the verbs that call this ask who may and write the journal."""
    row = _new(by, now, kind, facts, party)
    if upgraded_from is not None:
        row.upgraded_from = _locked_living(by, upgraded_from)
        _end(row.upgraded_from, row.granted_on, Ended.UPGRADED, now)
    _save_new(row)
    return row


def _new(
    by: Actor, now: datetime, kind: TitleKind, facts: TitleFacts, party: Party | None
) -> Title:
    if kind.zone_id != by.zone_id:
        raise Refused(_("There is no such kind of title here."), field="kind")
    if party is not None and party.zone_id != by.zone_id:
        raise Refused(_("There is no such enterprise here for you."), field="party")
    row = Title(
        zone_id=by.zone_id,
        party=party,
        kind=kind,
        is_single=kind.is_single,
        recorded_at=now,
        recorded_by_id=by.post_id,
    )
    _write(row, kind, facts, now)
    return row


def _write(row: Title, kind: TitleKind, facts: TitleFacts, now: datetime) -> None:
    row.granted_on = checking.must_have_been(facts.granted_on, "granted_on", now)
    row.valid_to = _last_day(kind, facts)
    if row.valid_to is not None and row.valid_to < row.granted_on:
        raise Refused(_("The last day lies before the day it was granted."), field="valid_to")
    row.name = checking.said(facts.name, "name", most=120)
    if row.party_id is None and not row.name:
        raise Refused(
            _("Say what was granted, or choose the enterprise it was granted to."), field="name"
        )
    row.year = facts.year or row.granted_on.year
    row.batch = facts.batch
    if row.batch is not None and row.batch.kind_id != kind.pk:
        raise Refused(_("This batch is of another title; choose one of this."), field="batch")
    row.document = checking.said(facts.document, "document", most=200)
    row.document_no = checking.said(facts.document_no, "document_no", most=80)
    row.certificate_no = checking.said(facts.certificate_no, "certificate_no", most=80)
    row.scope = facts.scope
    row.scope_words = checking.said(facts.scope_words, "scope_words", most=80)
    row.is_exclusive = facts.is_exclusive
    row.ordinal, row.window_years = facts.ordinal, facts.window_years


def _last_day(kind: TitleKind, facts: TitleFacts) -> date | None:
    if facts.is_without_end:
        return None
    if facts.valid_to is not None:
        return checking.must_be_possible(facts.valid_to, "valid_to")
    if kind.validity_months is None:
        return None
    return last_day(facts.granted_on, kind.validity_months)


def _save_new(row: Title) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "title_one_of_a_kind_at_a_time" not in str(error):
            raise
        raise Refused(
            _(
                "%(name)s has this title in force on a day of this period already; renew that one,"
                " or correct its days."
            )
            % {"name": row.party.name if row.party else row.name},
            field="granted_on",
        ) from error


def _locked_living(by: Actor, title: Title) -> Title:
    row = checking.locked(Title, by, title.pk)
    if row.current_id is not None:
        raise Refused(_("This is how the title was entered before; open the title as it stands."))
    return row


def _end(row: Title, from_day: date, how: Ended, now: datetime) -> None:
    """Let a title end the day before another takes its place, unless it ended before."""
    last = max(from_day - timedelta(days=1), row.granted_on)
    if row.ended_on is not None or (row.valid_to is not None and row.valid_to <= last):
        return
    row.ended_on, row.ended_how, row.ended_at = last, how, now
    row.version += 1
    row.save(update_fields=["ended_on", "ended_how", "ended_at", "version"])


def _record(by: Actor, now: datetime, verb: str, row: Title, **detail: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, kind=row.kind_id, **detail
    )


@transaction.atomic
def correct_title(
    *,
    by: Actor,
    now: datetime,
    title: Title,
    facts: TitleFacts,
    reason: str,
    version: int | None = None,
) -> Title:
    """Put right what was entered wrongly; how it was entered before is kept, with the reason.

    An old evaluation run again sees what was known at its moment.
    """
    access.must_keep_titles(by)
    row = _locked_living(by, title)
    if version is not None:
        journal.must_be_fresh(row, version)
    reason = checking.must_say(reason, "reason", most=300)
    before = Title.objects.get(pk=row.pk)
    kind = TitleKind.objects.get(pk=row.kind_id)
    _write(row, kind, facts, now)
    if row.ended_on is not None and row.ended_on < row.granted_on:
        raise Refused(_("The title ended before this day; correct that first."), field="granted_on")
    changed = journal.changes(before, {f: getattr(row, f) for f in _CORRECTED})
    if not changed:
        raise Refused(_("This is what the register says already."))
    _keep_as_it_was(row, now)
    row.recorded_at, row.recorded_by_id, row.correction = now, by.post_id, reason
    row.version += 1
    _save_new(row)
    _record(by, now, "correct_title", row, reason=reason, before=sorted(changed))
    return row


_CORRECTED = (
    "granted_on", "valid_to", "name", "year", "batch_id", "document", "document_no",
    "certificate_no", "scope", "scope_words", "is_exclusive", "ordinal", "window_years",
)  # fmt: skip


def _keep_as_it_was(row: Title, now: datetime) -> None:
    old = Title.objects.get(pk=row.pk)
    old.pk = None
    old.current = row
    old.superseded_at = now
    old.save(force_insert=True)


@transaction.atomic
def renew_title(*, by: Actor, now: datetime, title: Title, facts: TitleFacts) -> Title:
    """Enter the next period of a title; the one before ends the day before it."""
    access.must_keep_titles(by)
    old = _locked_living(by, title)
    kind = TitleKind.objects.get(pk=old.kind_id)
    if old.ended_how:
        raise Refused(_("This title ended before its time; register the new one by itself."))
    if facts.granted_on <= old.granted_on:
        raise Refused(_("The next period begins after the one before."), field="granted_on")
    party = Party.objects.filter(pk=old.party_id).first() if old.party_id else None
    row = _new(by, now, kind, replace(facts, name=facts.name or old.name), party)
    row.renews = old
    _end(old, row.granted_on, Ended.RENEWED, now)
    _save_new(row)
    settle_renewal(by=by, now=now, title=old)
    _record(by, now, "renew_title", row, old=old.pk, on=row.granted_on.isoformat())
    return row


@transaction.atomic
def withdraw_title(
    *,
    by: Actor,
    now: datetime,
    title: Title,
    ended_on: date,
    reason: str,
    is_mistake: bool = False,
    version: int | None = None,
) -> Title:
    """Record that the authority took a title away, or that it was entered by mistake, and why.

    Only a person says so. What was known before stays readable.
    """
    access.must_keep_titles(by)
    access.must_be_person(by)
    row = _locked_living(by, title)
    if version is not None:
        journal.must_be_fresh(row, version)
    reason = checking.must_say(reason, "reason", most=300)
    if row.ended_how in (Ended.WITHDRAWN, Ended.MISTAKE):
        raise Refused(_("This title was withdrawn already."))
    row.ended_on = row.granted_on if is_mistake else _last(row, ended_on, now)
    row.ended_how = Ended.MISTAKE if is_mistake else Ended.WITHDRAWN
    row.ended_at, row.end_reason = now, reason
    row.version += 1
    row.save(update_fields=["ended_on", "ended_how", "ended_at", "end_reason", "version"])
    settle_renewal(by=by, now=now, title=row)
    _record(by, now, "withdraw_title", row, on=row.ended_on.isoformat(), reason=reason)
    return row


def _last(row: Title, ended_on: date, now: datetime) -> date:
    day = checking.must_have_been(ended_on, "ended_on", now)
    if day < row.granted_on:
        raise Refused(
            _("The title was granted after this day; if it never was, say that it is a mistake."),
            field="ended_on",
        )
    return day


@transaction.atomic
def declare_complete(
    *, by: Actor, now: datetime, kind: TitleKind, complete_on: date | None
) -> TitleKind:
    """Say that the register of a kind is complete as of a day: a firm not on it has no such title.

    None takes it back: what is not on the register is then unknown again.
    """
    access.must_keep_titles(by)
    row = checking.locked(TitleKind, by, kind.pk)
    if complete_on is not None:
        checking.must_have_been(complete_on, "complete_on", now)
    row.complete_on = complete_on
    row.completed_at = now if complete_on is not None else None
    row.version += 1
    row.save(update_fields=["complete_on", "completed_at", "version"])
    journal.record(
        by=by,
        now=now,
        verb="declare_complete",
        subject=row,
        on=complete_on.isoformat() if complete_on else "",
    )
    return row


@transaction.atomic
def keep_title_kind(
    *, by: Actor, now: datetime, code: str, version: int | None = None, **given: object
) -> TitleKind:
    """Add a kind of title of the zone's own, or change one: names, level, validity, update day."""
    access.must_keep_titles(by)
    code = checking.must_say(code, "code", most=60)
    row = TitleKind.objects.select_for_update().filter(zone_id=by.zone_id, code=code).first()
    if row is None:
        row = TitleKind(zone_id=by.zone_id, code=code, version=0)
    else:
        if version is not None:
            journal.must_be_fresh(row, version)
    for name, value in given.items():
        if name not in _KEPT:
            raise TypeError(f"a kind of title has no {name}")
        setattr(row, name, value)
    row.name = checking.must_say(row.name, "name", most=80, why=_("Give it a name."))
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(
            _("Another kind has this name, or the days do not fit."), field="name"
        ) from error
    journal.record(by=by, now=now, verb="keep_title_kind", subject=row, code=code)
    return row


_KEPT = frozenset(
    {
        "name", "name_en", "level", "family", "validity_months", "update_month", "update_day",
        "is_single", "feeds", "rule_code", "worth", "source", "mark", "order", "ended_on",
    }
)  # fmt: skip


def facts_of(title: Title) -> TitleFacts:
    """What the register says of a title, as a form begins with it."""
    known = {field.name for field in fields(TitleFacts)} - {"is_without_end", "batch"}
    return TitleFacts(
        **{name: getattr(title, name) for name in known},
        batch=title.batch,
        is_without_end=title.valid_to is None,
    )
