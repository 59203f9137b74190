"""Official papers of a case: ordered by the verb, made by a job, shown before they are sent.

The press and the signature take far longer than a step may; and a decision is not undone because
the key file is missing: the paper waits, says why, and is made again.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.papers import actions as papers
from xiaoer.permits import notice_words
from xiaoer.permits.models import CaseEvent, CaseItem, CaseNotice, ItemPause, Supplement
from xiaoer.permits.queries import deliver_limit

JOB = "make_case_notice"


def order_notice(event: CaseEvent, kind: CaseNotice.Kind, *, now: datetime) -> CaseNotice:
    """Put a paper on order, in the verb's own transaction: rolled back, none is made."""
    notice = CaseNotice.objects.create(
        zone_id=event.zone_id,
        case_id=event.case_id,
        item_id=event.item_id,
        event=event,
        kind=kind,
        number=f"{event.case.number}-{event.pk}",
        ordered_at=now,
    )
    app.configure_task(JOB).defer(zone_id=event.zone_id, notice_id=notice.pk)
    return notice


@transaction.atomic
def make_case_notice(*, by: Actor, now: datetime, notice: CaseNotice) -> CaseNotice:
    """Make, sign and keep a paper that was ordered. What hinders it is written down, to be seen."""
    row = (
        CaseNotice.objects.select_for_update(of=("self",))
        .select_related(
            "event", "item__office", "case__thing_version__thing__office", "case__desk",
            "case__party",
        )
        .defer("case__thing_version__body")
        .get(zone_id=by.zone_id, pk=notice.pk)
    )  # fmt: skip
    if row.file_id is not None:
        return row
    text = notice_words.text_of(row, deliver=deliver_limit(row.zone_id))
    try:
        with acting(by):
            row.file = papers.make_notice(
                by=by,
                now=now,
                kind=f"case_{row.kind}",
                title=text.title,
                number=row.number,
                addressee=row.case.applicant_name or _("the applicant"),
                paragraphs=text.paragraphs,
                office_name=text.office_name,
                subject=row.case,
                party=row.case.party,
            )
    except Refused as refusal:
        row.problem = str(refusal)[:300]
        row.save(update_fields=["problem"])
        return row
    row.made_at, row.problem = now, ""
    row.save(update_fields=["file", "made_at", "problem"])
    _hang(row)
    return row


def _hang(row: CaseNotice) -> None:
    """Put the paper where the act stands: at the decision, the supplement or the pause."""
    if row.kind in (CaseNotice.Kind.GRANTED, CaseNotice.Kind.REFUSED) and row.item_id:
        CaseItem.objects.filter(zone_id=row.zone_id, pk=row.item_id).update(notice=row.file)
    elif row.kind == CaseNotice.Kind.SUPPLEMENT:
        Supplement.objects.filter(zone_id=row.zone_id, case_id=row.case_id).update(notice=row.file)
    elif row.kind == CaseNotice.Kind.PAUSED:
        ItemPause.objects.filter(zone_id=row.zone_id, pk=row.event.detail.get("pause", 0)).update(
            notice=row.file
        )
