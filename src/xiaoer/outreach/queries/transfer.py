"""Whose desk sends requests on, and what the sheet says with which one goes to an office."""

from datetime import date, datetime, timedelta

from xiaoer.base import queries as base
from xiaoer.base.models import Office, Role, Zone
from xiaoer.outreach.papers import TransferSheet
from xiaoer.outreach.queries.story import AppealPage
from xiaoer.work.calendar import LOCAL

INSTANT = timedelta(microseconds=1)


def desk_office(zone_id: int, now: datetime) -> Office | None:
    """The office of the service desk; where a zone has none, the administrators'."""
    posts = base.posts_in_force(zone_id=zone_id, on=now.astimezone(LOCAL).date()).filter(
        office__isnull=False
    )
    for role in (Role.SERVICE_DESK, Role.ADMINISTRATOR):
        post = posts.filter(role=role).first()
        if post is not None:
            return post.office
    return None


def transfer_sheet(shown: AppealPage, now: datetime) -> TransferSheet | None:
    """转办单 of a request; None while no office has it."""
    row = shown.appeal
    if not shown.office:
        return None
    desk = desk_office(row.zone_id, now)
    return TransferSheet(
        number=f"ZB-{row.receipt_no.removeprefix('SQ-')}",
        zone_name=Zone.objects.get(pk=row.zone_id).name,
        receipt_no=row.receipt_no,
        received_at=row.filed_at,
        channel=shown.channel_words,
        enterprise=shown.enterprise,
        contact_masked=" ".join(filter(None, (row.contact_name, shown.phone))) or None,
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
