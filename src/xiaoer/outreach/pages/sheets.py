"""Papers of a request that leave the house: the transfer sheet as PDF and as Word."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.scope import Actor
from xiaoer.outreach import papers, queries
from xiaoer.web.sending import attachment


@page(*STAFF_ROLES)
def transfer_sheet(request: HttpRequest, by: Actor, appeal_id: int, kind: str) -> HttpResponse:
    """转办单 of a dispatched request. Official papers are always Chinese."""
    maker, media_type = found(papers.MAKERS.get(kind))
    now = timezone.now()
    with translation.override("zh-hans"):
        shown = found(queries.appeal_page(by=by, appeal_id=appeal_id, now=now))
        body = maker(found(queries.transfer_sheet(shown, now)))
    return attachment(body, papers.name_of(shown.appeal.receipt_no, kind), media_type)
