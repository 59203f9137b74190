"""Official notices: made in the shape of official papers, signed, kept, and to be checked by a code."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from xiaoer.base import checking, files, journal
from xiaoer.base.models import StoredFile, Zone
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.base.sniffing import PDF
from xiaoer.papers import printing, signing
from xiaoer.papers.actions.licences import CODE_BYTES
from xiaoer.papers.masking import is_person
from xiaoer.papers.models import OfficialNotice
from xiaoer.papers.queries.keys import hash_of
from xiaoer.registry.models import Party


@transaction.atomic
def make_notice(
    *,
    by: Actor,
    now: datetime,
    kind: str,
    title: str,
    number: str,
    addressee: str,
    paragraphs: Sequence[str],
    office_name: str,
    subject: Model,
    party: Party | None = None,
) -> StoredFile:
    """A signed PDF/A-2 of a notice, such as 受理通知书, with a code to the public check page.

    ``party``: whose notice it is, so that the party finds it among its papers. Who calls says that
    the notice may be made; a receipt is made for the applicant who submits.
    """
    text = printing.NoticeText(
        title=checking.must_say(title, "title", most=80, why=_("Give the notice a title.")),
        number=checking.must_say(number, "number", most=60, why=_("Give the notice a number.")),
        addressee=checking.must_say(
            addressee, "addressee", most=120, why=_("Say whom the notice is for.")
        ),
        paragraphs=[one for one in (part.strip() for part in paragraphs) if one],
        office_name=checking.must_say(
            office_name, "office_name", most=80, why=_("Say in whose name the notice is given.")
        ),
        on=checking.today(now),
    )
    code = secrets.token_urlsafe(CODE_BYTES)
    zone = Zone.objects.get(pk=by.zone_id)
    bare = printing.notice_pdf(text, zone_name=zone.name, code=code, made_at=now)
    signed = signing.sign(bare, reason=f"{text.title} {text.number}", now=now)
    file = files.keep_file(
        by=by, now=now, stream=BytesIO(signed.pdf), name="notice.pdf", look=lambda *_: PDF
    )
    with on_behalf(by):
        row = OfficialNotice.objects.create(
            zone_id=by.zone_id,
            party=party,
            kind=kind,
            title=text.title,
            number=text.number,
            addressee=text.addressee,
            is_person=is_person(party=party, name=text.addressee),
            office_name=text.office_name,
            subject_type=subject._meta.db_table,
            subject_id=int(subject.pk),
            code_hash=hash_of(code),
            file=file,
            signed_with=signed.fingerprint,
            made_at=now,
        )
        journal.record(
            by=by,
            now=now,
            verb="make_notice",
            subject=row,
            party_ref=party.pk if party else None,
            title=text.title,
            number=text.number,
        )
    return file
