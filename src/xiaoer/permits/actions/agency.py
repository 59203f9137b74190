"""Verbs of agency service (帮办代办): a power of attorney is given, and ended."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import files, journal
from xiaoer.base.checking import today
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.base.sniffing import JPEG, PDF, PNG, Sort, sniff
from xiaoer.permits import point_access as access
from xiaoer.permits.actions.points import tidy
from xiaoer.permits.models import AgencyMandate, Case, Thing
from xiaoer.registry.models import Party

LONGEST_DAYS = 3 * 366


def _signed_paper(path: Path, name: str) -> Sort:
    """A signed paper is a PDF or a picture of it."""
    sort = sniff(path, name)
    if sort not in (PDF, JPEG, PNG):
        raise Refused(_("A signed power of attorney is a PDF or a photo of it."), field="file")
    return sort


@transaction.atomic
def give_mandate(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    upload: files.Upload,
    file_name: str,
    valid_from: date,
    valid_until: date,
    agent_post: Post | None = None,
    agent_party: Party | None = None,
    things: Sequence[Thing] = (),
    case: Case | None = None,
) -> AgencyMandate:
    """Keep a signed power of attorney: staff at a point write down what the party signed."""
    access.must_serve(by)
    if (agent_post is None) == (agent_party is None):
        raise Refused(_("Name one agent: somebody of the staff, or a firm."), field="agent_post")
    if agent_party is not None and agent_party.pk == party.pk:
        raise Refused(_("A party needs no mandate to act for itself."), field="agent_party")
    if valid_until < valid_from:
        raise Refused(_("It ends before it begins; check the days."), field="valid_until")
    if (valid_until - valid_from).days > LONGEST_DAYS:
        raise Refused(
            _("A mandate holds three years at most; have it renewed."), field="valid_until"
        )
    if valid_until < today(now):
        raise Refused(_("It has ended already; a mandate in force is kept."), field="valid_until")
    if case is not None and case.party_id != party.pk:
        raise Refused(_("This case is another applicant's."), field="case")
    kept = files.keep_file(by=by, now=now, stream=upload, name=file_name, look=_signed_paper)
    row = AgencyMandate.objects.create(
        zone_id=by.zone_id,
        party=party,
        agent_post=agent_post,
        agent_party=agent_party,
        agent_name=agent_party.name if agent_party else str(agent_post and agent_post.person.name),
        things=[one.code for one in things],
        case=case,
        file=kept,
        file_name=tidy(file_name, "file", 200) or "power-of-attorney",
        valid_from=valid_from,
        valid_until=valid_until,
        given_at=now,
        post_id=by.post_id,
    )
    journal.record(
        by=by, now=now, verb="give_mandate", subject=row, party_ref=party.pk, party=party.name,
        name=row.agent_name, since=valid_from.isoformat(), until=valid_until.isoformat(),
        sha256=kept.sha256[:16],
    )  # fmt: skip
    return row


@transaction.atomic
def end_mandate(*, by: Actor, now: datetime, mandate: AgencyMandate, reason: str) -> AgencyMandate:
    """Take a mandate back: the party that gave it at any time, the staff on its word."""
    seen = AgencyMandate.objects.filter(zone_id=by.zone_id, pk=mandate.pk).first()
    if seen is None or not (by.is_staff or by.party_ref == seen.party_id):
        raise Refused(_("The party that gave the mandate takes it back, or the staff on its word."))
    reason = tidy(reason, "reason", 200, _("Say why it ends."))
    with on_behalf(by):
        row = AgencyMandate.objects.select_for_update(of=("self",)).get(pk=seen.pk)
        if row.ended_at is not None:
            raise Refused(_("This mandate was taken back already."))
        row.ended_at, row.ended_why, row.version = now, reason, row.version + 1
        row.save()
        journal.record(
            by=by, now=now, verb="end_mandate", subject=row, party_ref=row.party_id,
            name=row.agent_name, reason=reason,
        )  # fmt: skip
    return row
