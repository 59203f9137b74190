"""Verbs of versions: drafted, changed, put in force by a second person, retired.

A released version is never edited: cases run on it. To undo, draft from an older one.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import queries
from xiaoer.permits import thing_access as access
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.permits.wording import MARKS, read_definition, write_definition
from xiaoer.web.words import local_date

State = ThingVersion.State
_WRITING = ("draft_thing_version", "change_thing_draft")
LONGEST = {"basis": 300, "source": 300, "note": 500}


@dataclass(frozen=True, slots=True)
class Head:
    """What a version says of itself: on which law it rests, and how well that was read."""

    basis: str = ""
    source: str = ""
    mark: str = ""
    note: str = ""


@transaction.atomic
def draft_version(
    *, by: Actor, now: datetime, thing: Thing, source: ThingVersion | None = None
) -> ThingVersion:
    """Begin the next version: with what ``source`` says (any of any thing here), or empty."""
    kept = _locked_thing(by, thing)
    waiting = kept.versions.filter(state=State.DRAFT).first()
    if waiting is not None:
        raise Refused(
            _("Version %(number)d of “%(name)s” is being written; change that one or give it up.")
            % {"number": waiting.number, "name": kept.name}
        )
    draft = ThingVersion.objects.create(
        zone_id=kept.zone_id,
        thing=kept,
        number=1 + (kept.versions.aggregate(last=Max("number"))["last"] or 0),
        body=source.body if source else {},
        basis=source.basis if source else "",
        source=source.source if source else "",
        mark=source.mark if source else "",
        note=source.note if source else "",
        written_by_id=by.post_id,
    )
    journal.record(by=by, now=now, verb="draft_thing_version", subject=draft, name=kept.name)
    return draft


@transaction.atomic
def change_draft(
    *,
    by: Actor,
    now: datetime,
    draft: ThingVersion,
    version: int,
    body: object,
    head: Head | None = None,
) -> ThingVersion:
    """Write a draft anew. It may be kept with problems in it, but not with what cannot be read.

    Whoever writes answers for it, so that the second person never wrote on it.
    """
    row = locked_draft(by, draft)
    journal.must_be_fresh(row, version)
    _check_head(head)
    written = write_definition(read_definition(body))
    changed: dict[str, Any] = journal.changes(row, asdict(head)) if head else {}
    if written != row.body:
        changed["parts"] = _parts_changed(row.body, written)
        row.body = written
    if not changed:
        return row
    row.written_by_id = by.post_id
    row.version += 1
    row.save()
    journal.record(by=by, now=now, verb="change_thing_draft", subject=row, **changed)
    return row


def _parts_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return sorted(
        name for name in {*before, *after} if before.get(name) != after.get(name)
    )  # fmt: skip


@transaction.atomic
def withdraw_draft(
    *, by: Actor, now: datetime, draft: ThingVersion, version: int, reason: str
) -> ThingVersion:
    """Give a draft up; it stays readable, and its number is not used again."""
    row = locked_draft(by, draft)
    journal.must_be_fresh(row, version)
    if not reason.strip():
        raise Refused(_("Say why the draft is given up."), field="reason")
    row.state = State.RETIRED
    # It never spoke; a day is kept so that its place in the row of versions is known.
    row.valid_from = row.valid_until = local_date(now)
    row.version += 1
    row.save()
    journal.record(
        by=by, now=now, verb="withdraw_thing_draft", subject=row, reason=reason.strip()[:300]
    )
    return row


@transaction.atomic
def release_version(
    *, by: Actor, now: datetime, draft: ThingVersion, version: int, valid_from: date
) -> ThingVersion:
    """Put a draft in force from a day on, by a second person; the one before ends the day before."""
    row = locked_draft(by, draft)
    journal.must_be_fresh(row, version)
    must_be_second(by, row)
    today = local_date(now)
    if valid_from < today:
        raise Refused(
            _("A version speaks from today at the earliest: cases begun before have their own."),
            field="valid_from",
        )
    definition = read_definition(row.body)
    wrong = queries.problems_of(row, definition, today)
    if wrong:
        raise Refused(wrong[0].message, field=wrong[0].where)
    _make_room(row, valid_from, by=by, now=now)
    row.state = State.LIVE
    row.valid_from = valid_from
    row.released_by_id = by.post_id
    row.released_at = now
    row.version += 1
    row.save()
    journal.record(
        by=by, now=now, verb="release_thing_version", subject=row, from_day=valid_from.isoformat()
    )
    return row


@transaction.atomic
def retire_version(
    *, by: Actor, now: datetime, live: ThingVersion, version: int, reason: str
) -> ThingVersion:
    """Take a version out of force at once; cases that run on it finish on it."""
    _locked_thing(by, live.thing)
    row = ThingVersion.objects.select_for_update().get(pk=live.pk, zone_id=by.zone_id)
    if row.state != State.LIVE:
        raise Refused(_("Only a version in force is retired; a draft is given up."))
    journal.must_be_fresh(row, version)
    if not reason.strip():
        raise Refused(_("Say why the version is retired."), field="reason")
    row.state = State.RETIRED
    first = row.valid_from or local_date(now)
    row.valid_until = max(first, local_date(now) - timedelta(days=1))
    row.version += 1
    row.save()
    journal.record(
        by=by, now=now, verb="retire_thing_version", subject=row, reason=reason.strip()[:300]
    )
    return row


def locked_draft(by: Actor, draft: ThingVersion) -> ThingVersion:
    """The draft, locked after its thing, for somebody who may write definitions."""
    _locked_thing(by, draft.thing)
    row = (
        ThingVersion.objects.select_for_update(of=("self",))
        .select_related("thing")
        .get(pk=draft.pk, zone_id=by.zone_id)
    )
    if row.state != State.DRAFT:
        raise Refused(
            _("Version %(number)d was released and is never edited; draft a new version.")
            % {"number": row.number}
        )
    return row


def must_be_second(by: Actor, draft: ThingVersion) -> None:
    """A person, and not one who wrote on it, whatever post they hold now."""
    if by.post_id is None:
        raise Refused(_("Only a person with a post puts a version in force."))
    wrote = JournalLine.objects.filter(
        subject_type=ThingVersion._meta.db_table,
        subject_id=draft.pk,
        verb__in=_WRITING,
        person_id=by.person_id or 0,
    )
    if by.post_id == draft.written_by_id or wrote.exists():
        raise Refused(
            _("You wrote on version %(number)d; a second person releases it.")
            % {"number": draft.number}
        )


def _locked_thing(by: Actor, thing: Thing) -> Thing:
    access.must_keep_things(by)
    row = Thing.objects.select_for_update().filter(zone_id=by.zone_id, pk=thing.pk).first()
    if row is None:
        raise Refused(_("There is no such thing here; it may be of another zone."))
    return row


def _make_room(draft: ThingVersion, first: date, *, by: Actor, now: datetime) -> None:
    """End what is in force the day before; what begins later is retired by somebody first."""
    for older in draft.thing.versions.filter(state=State.LIVE).select_for_update():
        if older.valid_until is not None and older.valid_until < first:
            continue
        if older.valid_from is not None and older.valid_from >= first:
            raise Refused(
                _(
                    "Version %(number)d is in force from %(day)s; retire it first, or let this one"
                    " begin later."
                )
                % {"number": older.number, "day": older.valid_from},
                field="valid_from",
            )
        older.valid_until = first - timedelta(days=1)
        older.version += 1
        older.save()
        journal.record(
            by=by,
            now=now,
            verb="end_thing_version",
            subject=older,
            until=older.valid_until.isoformat(),
        )


def _check_head(head: Head | None) -> None:
    if head is None:
        return
    if head.mark and head.mark not in MARKS:
        raise Refused(
            _("“%(mark)s” is no mark; there are %(known)s.")
            % {"mark": head.mark, "known": "、".join(MARKS)},
            field="mark",
        )
    for name, most in LONGEST.items():
        count = len(getattr(head, name))
        if count > most:
            raise Refused(
                _("At most %(most)d characters; these are %(count)d.")
                % {"most": most, "count": count},
                field=name,
            )
