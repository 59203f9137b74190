"""The journal: every verb writes one line; a job seals lines in commit order into a chain a zone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.verbs import name_verbs, verb_name, verb_names

__all__ = [
    "changes",
    "must_be_fresh",
    "name_verbs",
    "record",
    "record_each",
    "verb_name",
    "verb_names",
]


class Subject(Protocol):
    """Anything a verb is done to: a model instance with a number."""

    pk: Any


def record(
    *,
    by: Actor,
    now: datetime,
    verb: str,
    subject: Subject,
    party_ref: int | None = None,
    **detail: Any,
) -> JournalLine:
    """Append the line of a verb. ``detail`` holds what changed, in words a reader of JSON follows.

    Written inside the verb's own transaction: no act without its line, no line without its act.
    """
    line = _line(by, now, verb, subject, party_ref, detail)
    line.save(force_insert=True)
    return line


def record_each(
    *,
    by: Actor,
    now: datetime,
    verb: str,
    told: Iterable[tuple[Subject, int | None, Mapping[str, Any]]],
) -> None:
    """The lines of a verb done to several subjects at once, each with its party and its detail.

    One statement, so that a verb that gives ten tasks waits for the database once.
    """
    JournalLine.objects.bulk_create(
        _line(by, now, verb, subject, party_ref, detail) for subject, party_ref, detail in told
    )


def _line(
    by: Actor,
    now: datetime,
    verb: str,
    subject: Subject,
    party_ref: int | None,
    detail: Mapping[str, Any],
) -> JournalLine:
    table: str = subject._meta.db_table  # type: ignore[attr-defined]  # models only; Protocol is loose
    return JournalLine(
        zone_id=by.zone_id or None,
        at=now,
        person_id=by.person_id,
        post_id=by.post_id,
        who=by.who,
        verb=verb,
        subject_type=table,
        subject_id=subject.pk,
        party_ref=party_ref,
        detail=dict(detail),
    )


def changes(row: Model, new: Mapping[str, object]) -> dict[str, Any]:
    """Set ``new`` on ``row`` and say what that changed, as ``{field: [before, after]}``."""
    changed: dict[str, Any] = {}
    for name, value in new.items():
        before = getattr(row, name)
        if before != value:
            changed[name] = [
                "" if before is None else str(before),
                "" if value is None else str(value),
            ]
            setattr(row, name, value)
    return changed


class Versioned(Protocol):
    """A row that counts its changes, so that a stale form is told instead of overwriting."""

    pk: Any
    version: int


def must_be_fresh(row: Versioned, version: int) -> None:
    """Refuse a form that was opened before somebody else's change, naming who and when."""
    if row.version == version:
        return
    table: str = row._meta.db_table  # type: ignore[attr-defined]  # models only; Protocol is loose
    last = JournalLine.objects.filter(subject_type=table, subject_id=row.pk).order_by("-id").first()
    if last is None:
        raise Refused(_("This was changed since you opened it; load the page again."))
    raise Refused(
        _(
            "%(who)s changed this at %(time)s (%(verb)s). Load the page again; what you typed is kept."
        )
        % {
            "who": last.who,
            "time": timezone.localtime(last.at).strftime("%m-%d %H:%M"),
            "verb": verb_name(last.verb),
        }
    )
