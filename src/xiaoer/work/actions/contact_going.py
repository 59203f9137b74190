"""Who goes: a planned contact changes hands, its day and its place in the quota stay."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import access
from xiaoer.work.actions.budgeting import locked_contact
from xiaoer.work.actions.contacts import record
from xiaoer.work.models import Contact


@transaction.atomic
def give_contact(*, by: Actor, now: datetime, contact: Contact, post: Post) -> Contact:
    """Let somebody else make a planned service contact; it is then a contact of their office."""
    kept = locked_contact(by, contact)
    access.must_move_contact(by, kept)
    if kept.tag != Contact.Tag.SERVICE:
        raise Refused(_("Whoever visits does not inspect (国办发〔2024〕54号)."), field="post")
    if kept.post_id == post.pk:
        return kept
    if post.office_id is None:
        raise Refused(_("Whoever goes belongs to an office."), field="post")
    old = kept.post_id
    kept.post, kept.office_id = post, post.office_id
    kept.version += 1
    kept.save()
    record(by, now, "give_contact", kept, giver=old, taker=post.pk)
    return kept
