"""Verbs of service ambassadors: one person across departments, and what they looked at beforehand."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import must_be_possible, must_say, said, today
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.projects import element_access as access
from xiaoer.projects.actions.living import living, locked
from xiaoer.projects.models import Ambassador, PreCheck, Project
from xiaoer.registry.models import Party


@transaction.atomic
def name_ambassador(
    *,
    by: Actor,
    now: datetime,
    post: Post,
    topic: str,
    departments: Sequence[str],
    project: Project | None = None,
    party: Party | None = None,
    since: date | None = None,
) -> Ambassador:
    """Name who takes one matter of a firm or a project through its departments."""
    kept = living(by, project) if project else None
    access.must_run_project(by, kept)
    if kept is None and party is None:
        raise Refused(_("Say for which project or enterprise."), field="party")
    named = [one for one in (said(one, "departments", most=60) for one in departments) if one]
    if len(named) < 2:
        raise Refused(
            _("Name the departments between which the way leads, two at least."),
            field="departments",
        )
    row = Ambassador.objects.create(
        zone_id=by.zone_id,
        project=kept,
        party_id=kept.party_id if kept and kept.party_id else (party.pk if party else None),
        post=post,
        topic=must_say(topic, "topic", most=120, why=_("Say which matter it is.")),
        departments=named[:12],
        since=must_be_possible(since or today(now), "since"),
    )
    _record(by, now, "name_ambassador", row, post=post.pk)
    return row


@transaction.atomic
def end_ambassador(
    *, by: Actor, now: datetime, ambassador: Ambassador, until: date, outcome: str
) -> Ambassador:
    """The matter is through, or somebody else takes it: say what came of it."""
    row = _open(by, ambassador)
    if not (until - row.since).days >= 0 or until > today(now):
        raise Refused(
            _("Type a day from %(since)s to today.") % {"since": row.since.isoformat()},
            field="until",
        )
    row.until = until
    row.outcome = must_say(outcome, "outcome", most=300, why=_("Say what came of it."))
    row.version += 1
    row.save()
    _record(by, now, "end_ambassador", row, day=str(until), words=row.outcome)
    return row


@transaction.atomic
def pre_check(
    *,
    by: Actor,
    now: datetime,
    ambassador: Ambassador,
    what: str,
    result: str,
    note: str = "",
) -> PreCheck:
    """Look at a paper or a name before it is handed in: fine, something is missing, or for a person.

    It binds nobody: the authority judges. The same thing may be looked at again.
    """
    row = _open(by, ambassador)
    if result not in PreCheck.Result.values:
        raise Refused(_("Say whether it is fine, lacks something, or a person must judge."), field="result")  # fmt: skip
    why = _("Say what is missing, so that it can be brought.")
    is_lacking = result == PreCheck.Result.LACKS
    check = PreCheck.objects.create(
        zone_id=by.zone_id,
        ambassador=row,
        what=must_say(what, "what", most=120, why=_("Say what was looked at.")),
        result=result,
        note=must_say(note, "note", most=500, why=why) if is_lacking else said(note, "note", most=500),
        post_id=by.post_id,
        at=now,
    )  # fmt: skip
    _record(by, now, "pre_check", row, name=check.what, result=result)
    return check


def _open(by: Actor, ambassador: Ambassador) -> Ambassador:
    row = locked(Ambassador, by, ambassador.pk)
    if by.post_id is None or by.post_id != row.post_id:
        access.must_run_project(by, row.project)
    if row.until is not None:
        raise Refused(
            _("This matter ended on %(day)s; name an ambassador anew.")
            % {"day": row.until.isoformat()}
        )
    return row


def _record(by: Actor, now: datetime, verb: str, row: Ambassador, **detail: object) -> None:
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, topic=row.topic, **detail
    )
