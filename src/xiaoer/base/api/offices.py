"""Offices: departments, command offices, task forces; and what the zone says of itself."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from xiaoer.base import actions as base
from xiaoer.base import queries
from xiaoer.base.api import shapes
from xiaoer.base.api.finding import must_read, the_office, today
from xiaoer.base.api.shapes import Number
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.queries import OfficeRow
from xiaoer.base.scope import Actor

router = Router()
OFFICE = {200: shapes.OfficeOut, **PROBLEMS}


def _row_out(row: OfficeRow) -> shapes.OfficeRowOut:
    return shapes.OfficeRowOut(
        **shapes.OfficeOut.from_orm(row.office).model_dump(),
        leads=[shapes.LeadOut(id=lead.pk, name=lead.name) for lead in row.leads],
        posts=row.posts,
        is_open=row.is_open,
    )


@router.get("/offices", response={200: list[shapes.OfficeRowOut], **PROBLEMS})
@api(READ)
def list_offices(request: HttpRequest, by: Actor, asked: Query[shapes.OfficesIn]) -> object:
    """Offices in their order with who leads them; closed ones only when asked for."""
    must_read(by)
    rows = queries.office_rows(
        zone_id=by.zone_id, on=today(), kind=asked.kind or "", closed=asked.closed
    )
    return [_row_out(row) for row in rows]


@router.get("/offices/{office_id}", response=OFFICE)
@api(READ)
def read_office(request: HttpRequest, by: Actor, office_id: Number) -> object:
    """One office."""
    must_read(by)
    return found(queries.offices(zone_id=by.zone_id).filter(pk=office_id).first())


@router.post("/offices", response=OFFICE)
@api(WRITE)
def open_office(request: HttpRequest, by: Actor, given: shapes.OfficeIn) -> object:
    """Open a department, command office or task force."""
    return base.open_office(by=by, now=timezone.now(), **given.model_dump())


@router.put("/offices/{office_id}", response=OFFICE)
@api(WRITE)
def change_office(
    request: HttpRequest, by: Actor, office_id: Number, given: shapes.OfficeChangeIn
) -> object:
    """Change what an office is called and for."""
    office = the_office(by, office_id)
    return base.change_office(by=by, now=timezone.now(), office=office, **given.model_dump())


@router.post("/offices/{office_id}/close", response=OFFICE)
@api(WRITE)
def close_office(
    request: HttpRequest, by: Actor, office_id: Number, given: shapes.UntilIn
) -> object:
    """Close an office at the end of a day; its posts are moved or ended first."""
    office = the_office(by, office_id)
    return base.close_office(by=by, now=timezone.now(), office=office, until=given.until)


@router.put("/zone/complaint-phone", response={200: shapes.ComplaintPhoneOut, **PROBLEMS})
@api(WRITE)
def set_complaint_phone(request: HttpRequest, by: Actor, given: shapes.ComplaintPhoneIn) -> object:
    """The number enterprises complain at; ``before`` is the one that was read."""
    zone = base.set_complaint_phone(
        by=by, now=timezone.now(), phone=given.phone, before=given.before
    )
    return {"complaint_phone": zone.complaint_phone}
