"""Opening and closing matters, and what leaders write on them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.work import access, queries
from xiaoer.work.actions.checking import locked_matter, must_be_open, needed
from xiaoer.work.actions.tasks import drop_tasks, give_task
from xiaoer.work.kinds import INSTRUCTION
from xiaoer.work.models import Instruction, Matter, Seen


@transaction.atomic
def open_matter(
    *,
    by: Actor,
    now: datetime,
    kind: str,
    subject_id: int,
    title: str,
    address: str,
    party: Party | None = None,
) -> Matter:
    """Put a record of a room on the zone's hands: tasks, notices and instructions hang on it.

    ``kind`` is the record's table and ``address`` its page.
    """
    known = queries.matter_of(by, kind=kind, subject_id=subject_id)
    if known is not None:
        raise Refused(_("“%(title)s” is on our hands already.") % {"title": known.title})
    matter = Matter.objects.create(
        zone_id=by.zone_id,
        kind=kind,
        subject_id=subject_id,
        title=title[:120],
        address=address,
        party=party,
        opened_at=now,
    )
    _record(by, now, "open_matter", matter, kind=kind, record=subject_id)
    return matter


def _record(by: Actor, now: datetime, verb: str, matter: Matter, **detail: object) -> None:
    journal.record(by=by, now=now, verb=verb, subject=matter, party_ref=matter.party_id, **detail)


@transaction.atomic
def close_matter(*, by: Actor, now: datetime, matter: Matter) -> Matter:
    """Take a matter off the zone's hands; what is still asked of anybody for it falls away."""
    kept = locked_matter(by, matter)
    must_be_open(kept)
    drop_tasks(by=by, now=now, matter=kept)
    kept.pauses.filter(until__isnull=True).update(until=now)
    kept.closed_at = now
    kept.save(update_fields=["closed_at"])
    _record(by, now, "close_matter", kept)
    return kept


@transaction.atomic
def reopen_matter(*, by: Actor, now: datetime, matter: Matter) -> Matter:
    """Take a closed matter on again; its room then gives new tasks."""
    kept = locked_matter(by, matter)
    if kept.closed_at is None:
        raise Refused(_("“%(title)s” is open; there is nothing to reopen.") % {"title": kept.title})
    kept.closed_at = None
    kept.save(update_fields=["closed_at"])
    _record(by, now, "reopen_matter", kept)
    return kept


@transaction.atomic
def instruct(
    *,
    by: Actor,
    now: datetime,
    matter: Matter,
    text: str,
    office: Office | None = None,
    post: Post | None = None,
) -> Instruction:
    """批示: a leader writes on a matter. Naming somebody makes a task of it, with a limit to report.

    Without anybody named it is told to all who have a part in the matter.
    """
    leader = access.leader_post(by)
    kept = locked_matter(by, matter)
    must_be_open(kept)
    text = needed(text, "text", most=1000)
    task = None
    if office is not None or post is not None:
        task = give_task(
            by=by,
            now=now,
            matter=kept,
            kind=INSTRUCTION,
            title=text,
            office=office,
            post=post,
            limit=queries.limit(kept.zone_id, "work.instruction"),
        )
    instruction = Instruction.objects.create(
        zone_id=kept.zone_id, matter=kept, post_id=leader, text=text, at=now, task=task
    )
    _record(
        by, now, "instruct", kept, instruction=instruction.pk, task=task and task.pk, words=text
    )
    return instruction


@transaction.atomic
def see_notices(*, by: Actor, now: datetime) -> None:
    """Remember up to when the asker has read the notices. A reading, so no line in the journal."""
    if by.post_id is None:
        raise Refused(_("Only somebody who holds a post has notices."))
    Seen.objects.update_or_create(post_id=by.post_id, defaults={"zone_id": by.zone_id, "at": now})
