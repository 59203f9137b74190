"""Papers of a request that leave the house: the transfer sheet as PDF and as Word."""

from datetime import date, datetime, timedelta
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation

from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Zone
from xiaoer.base.scope import Actor
from xiaoer.outreach import papers, queries
from xiaoer.outreach.actions.tasks import desk_office
from xiaoer.outreach.queries import AppealPage
from xiaoer.work.calendar import LOCAL

INSTANT = timedelta(microseconds=1)
MAKERS = {
    "pdf": (papers.transfer_sheet_pdf, "application/pdf"),
    "docx": (
        papers.transfer_sheet_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}


@page(*STAFF_ROLES)
def transfer_sheet(request: HttpRequest, by: Actor, appeal_id: int, kind: str) -> HttpResponse:
    """转办单 of a dispatched request. Official papers are always Chinese."""
    maker = MAKERS.get(kind)
    if maker is None:
        raise Http404
    now = timezone.now()
    with translation.override("zh-hans"):
        shown = found(queries.appeal_page(by=by, appeal_id=appeal_id, now=now))
        if not shown.office:
            raise Http404
        body = maker[0](_sheet(shown, now))
    return attachment(body, f"转办单-{shown.appeal.receipt_no}.{kind}", maker[1])


def attachment(body: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes as a download under a Chinese name."""
    response = HttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _sheet(shown: AppealPage, now: datetime) -> papers.TransferSheet:
    row = shown.appeal
    desk = desk_office(row.zone_id, now)
    contact = " ".join(filter(None, (row.contact_name, shown.phone)))
    return papers.TransferSheet(
        number=f"ZB-{row.receipt_no.removeprefix('SQ-')}",
        zone_name=Zone.objects.get(pk=row.zone_id).name,
        receipt_no=row.receipt_no,
        received_at=row.filed_at,
        channel=shown.channel_words,
        enterprise=shown.enterprise,
        contact_masked=contact or None,
        kind=shown.kind or "–",
        title=row.title,
        body=row.body,
        from_office=desk.name if desk else "–",
        to_office=shown.office,
        joint_offices=tuple(one.office for one in shown.joint),
        start_by=_day(row.start_due_at),
        reply_by=_day(row.reply_due_at),
        solve_by=_day(row.solve_due_at),
        instruction=shown.instructions[0].text if shown.instructions else None,
        printed_at=now,
    )


def _day(due_at: datetime | None) -> date | None:
    return None if due_at is None else (due_at - INSTANT).astimezone(LOCAL).date()
