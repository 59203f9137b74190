"""Verbs of putting a version in force: asked for by one person, released by another; retired."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.rules import queries
from xiaoer.rules.actions.drafting import locked, must_be_draft
from xiaoer.rules.actions.running import ask_for_run
from xiaoer.rules.actions.shipping import collides
from xiaoer.rules.models import Rule, RuleVersion

_WRITING = ("draft_version", "edit_draft", "add_case", "drop_case", "ask_release")


@transaction.atomic
def ask_release(*, by: Actor, now: datetime, version_id: int, version: int) -> RuleVersion:
    """Hand a draft to a second person. Who asks answers for it; a shipped draft has no author yet."""
    draft = locked(by, version_id)
    must_be_draft(draft)
    journal.must_be_fresh(draft, version)
    must_be_releasable(draft)
    draft.state = RuleVersion.State.WAITING
    draft.author_id = draft.author_id or by.post_id
    draft.reason = ""
    draft.version += 1
    draft.save()
    journal.record(by=by, now=now, verb="ask_release", subject=draft)
    return draft


@transaction.atomic
def send_back(
    *, by: Actor, now: datetime, version_id: int, version: int, reason: str
) -> RuleVersion:
    """The second person wants it changed; or its author takes it back to change it."""
    waiting = locked(by, version_id)
    _must_wait(waiting)
    journal.must_be_fresh(waiting, version)
    if not reason:
        raise Refused(_("Say what has to be changed."), field="reason")
    waiting.state = RuleVersion.State.DRAFT
    waiting.reason = reason
    waiting.version += 1
    waiting.save()
    journal.record(by=by, now=now, verb="send_back", subject=waiting, reason=reason)
    return waiting


@transaction.atomic
def release_version(
    *, by: Actor, now: datetime, version_id: int, version: int, ends_older: bool = False
) -> RuleVersion:
    """Put a version in force by a second person.

    Where an older one of the same applicants and region still runs, ``ends_older`` ends that one the
    day before; without it the overlap is told and nothing happens.
    """
    waiting = locked(by, version_id)
    # Two releases of one rule wait for one another, so that they see each other's version.
    rule = Rule.objects.select_for_update().get(pk=waiting.rule_id)
    _must_wait(waiting)
    journal.must_be_fresh(waiting, version)
    _must_be_second(by, waiting)
    must_be_releasable(waiting)
    _make_room(waiting, rule, by=by, now=now, ends_older=ends_older)
    waiting.state = RuleVersion.State.LIVE
    waiting.approver_id = by.post_id
    waiting.released_at = now
    waiting.version += 1
    waiting.save()
    journal.record(by=by, now=now, verb="release_version", subject=waiting)
    ask_for_run(waiting.zone_id)
    return waiting


@transaction.atomic
def retire_version(
    *, by: Actor, now: datetime, version_id: int, version: int, reason: str
) -> RuleVersion:
    """Take a version out of force with a reason; what it said before stays as it was said."""
    live = locked(by, version_id)
    if live.state != RuleVersion.State.LIVE:
        raise Refused(_("Only a version in force is retired; a draft is withdrawn."))
    journal.must_be_fresh(live, version)
    if not reason:
        raise Refused(_("Say why the version is retired."), field="reason")
    live.state = RuleVersion.State.RETIRED
    live.retired_at = now
    live.reason = reason
    live.version += 1
    live.save()
    journal.record(by=by, now=now, verb="retire_version", subject=live, reason=reason)
    ask_for_run(live.zone_id)
    return live


def must_be_releasable(version: RuleVersion) -> None:
    """No mistake, no failing case, a document somebody read; benefits with their legal basis."""
    lacking = queries.lacking_for_release(version)
    if lacking:
        raise Refused(lacking[0])


def _must_wait(version: RuleVersion) -> None:
    if version.state != RuleVersion.State.WAITING:
        raise Refused(
            _("Version %(number)d does not wait for release; load the page again.")
            % {"number": version.number}
        )


def _must_be_second(by: Actor, version: RuleVersion) -> None:
    """Not its author, and nobody who wrote on it, whatever post they hold now."""
    is_author = by.post_id is not None and by.post_id == version.author_id
    wrote = by.person_id is not None and (
        JournalLine.objects.filter(
            subject_type=RuleVersion._meta.db_table,
            subject_id=version.pk,
            verb__in=_WRITING,
            person_id=by.person_id,
        ).exists()
    )
    if is_author or wrote:
        raise Refused(
            _("You wrote on version %(number)d; a second person releases it.")
            % {"number": version.number}
        )


def _make_room(
    version: RuleVersion, rule: Rule, *, by: Actor, now: datetime, ends_older: bool
) -> None:
    """End the older version the day before, if that is what is wanted and possible."""
    live = rule.versions.filter(state=RuleVersion.State.LIVE).select_for_update()
    for older in [other for other in live if collides(version, other)]:
        day_before = version.effective_from - timedelta(days=1)
        said = {
            "number": older.number,
            "from": older.effective_from,
            "day": day_before,
        }
        if older.effective_from > day_before:
            raise Refused(
                _(
                    "Version %(number)d is in force from %(from)s for the same applicants; retire it"
                    " first, or let this one begin later."
                )
                % said
            )
        if not ends_older:
            raise Refused(
                _(
                    "Version %(number)d is in force for the same applicants; tick that it ends on"
                    " %(day)s, the day before this one begins."
                )
                % said,
                field="ends_older",
            )
        older.effective_to = day_before
        older.version += 1
        older.save()
        journal.record(
            by=by, now=now, verb="end_version", subject=older, until=day_before.isoformat()
        )
