"""The journal: every verb writes one line; a job seals lines in commit order into a chain a zone."""

from datetime import datetime
from typing import Any, Protocol

from xiaoer.base.models import JournalLine
from xiaoer.base.scope import Actor


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
    table: str = subject._meta.db_table  # type: ignore[attr-defined]  # models only; Protocol is loose
    return JournalLine.objects.create(
        zone_id=by.zone_id or None,
        at=now,
        person_id=by.person_id,
        post_id=by.post_id,
        who=by.who,
        verb=verb,
        subject_type=table,
        subject_id=subject.pk,
        party_ref=party_ref,
        detail=detail,
    )
