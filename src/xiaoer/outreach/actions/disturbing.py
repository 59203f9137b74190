"""What a visit uses up of the enterprise's quota, and the questions answered on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach.models import Programme, Visit
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries
from xiaoer.work.models import Contact, Question


@dataclass(frozen=True, slots=True)
class Told:
    """What the enterprise said to an open question, or that it does not say."""

    question: Question
    answer: str = ""
    is_declined: bool = False


def contact_of_visit(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    programme: Programme,
    visited_on: date,
    post_id: int,
    companions: Sequence[Post],
    contact: Contact | None,
) -> Contact | None:
    """The contact a visit was: the planned one, now made; one shared with whoever went along; or
    one recorded now. None where the enterprise came to us: nobody disturbed it."""
    if contact is not None and contact.party_id != party.pk:
        raise Refused(_("This contact was planned with another enterprise."), field="contact")
    planned = contact or work_queries.planned_contact(
        by=by, party_id=party.pk, post_id=post_id, day=visited_on
    )
    if planned is not None:
        return work.finish_contact(by=by, now=now, contact=planned, on=visited_on)
    if programme.kind == Programme.Kind.PROBLEM_DAY:
        return None
    shared = _shared(party, visited_on, post_id, companions)
    if shared is not None:
        return shared
    visitor = Post.objects.select_related("office").get(zone_id=by.zone_id, pk=post_id)
    if visitor.office_id is None and by.office_id is None:
        return None
    return work.record_contact(
        by=by,
        now=now,
        party=party,
        kind=Contact.Kind.VISIT,
        purpose=programme.name,
        on=visited_on,
        post=visitor if visitor.office_id else None,
    )


def _shared(party: Party, day: date, post_id: int, companions: Sequence[Post]) -> Contact | None:
    """Two who went together and both log the visit disturbed the enterprise once."""
    together = Q(companions__post_id=post_id) | Q(post_id__in=[post.pk for post in companions])
    visit = (
        Visit.objects.filter(
            together,
            zone_id=party.zone_id,
            party=party,
            visited_on=day,
            replaced_by__isnull=True,
            contact__isnull=False,
        )
        .select_related("contact")
        .order_by("id")
        .first()
    )
    return visit.contact if visit else None


def take_answers(*, by: Actor, now: datetime, party: Party, told: Sequence[Told]) -> None:
    """Answer open questions with what was heard on a visit; a no names the question's field."""
    for each in told:
        if each.question.party_id != party.pk:
            raise Refused(_("This question was put to another enterprise."), field="told")
        if each.is_declined:
            work.decline_question(by=by, now=now, question=each.question)
            continue
        try:
            work.answer_question(by=by, now=now, question=each.question, answer=each.answer)
        except Refused as no:
            raise Refused(no.message, field=f"told_{each.question.pk}") from no


def warnings_of_contact(contact: Contact | None) -> tuple[str, ...]:
    """What to look at again where a visit was beyond what the enterprise should bear."""
    if contact is None or not (contact.is_above_quota or contact.is_on_quiet_day):
        return ()
    if contact.allowed_by_id is not None:
        return ()
    if contact.is_above_quota:
        return (_("This visit was above the enterprise's quota of the month; give the reason."),)
    return (_("This visit was made on a quiet day; give the reason."),)
