"""API of visits: the list, logs, corrections, programmes and their days."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.api import given as g
from xiaoer.outreach.api import schemas as s
from xiaoer.outreach.api.rows import (
    filed_out,
    heard_of,
    must_have,
    one,
    raised_of,
    several,
    step_of,
)
from xiaoer.outreach.models import Programme
from xiaoer.outreach.queries import VisitFilter
from xiaoer.registry.models import Party
from xiaoer.work.models import Contact, Question

router = Router(tags=["visits"])


@router.get("/visits", response={200: s.VisitPageOut, **PROBLEMS})
@api(READ)
def list_visits(request: HttpRequest, by: Actor, asked: Query[g.VisitQuery]) -> object:
    """Visits in their newest versions, latest first."""
    _must_read(by)
    filters = VisitFilter(
        programme=asked.programme,
        party=asked.party,
        post=asked.post,
        since=asked.since,
        until=asked.until,
        text=asked.text,
    )
    return queries.visit_page(by=by, filters=filters, after=asked.after, size=asked.size)


def _must_read(by: Actor) -> None:
    """Visits are for staff and the city; an enterprise asks its officer."""
    if by.role != Role.CITY:
        must_be_staff(by)


@router.post("/visits", response={200: s.LoggedOut, **PROBLEMS})
@api(WRITE)
def log_visit(request: HttpRequest, by: Actor, what: g.LogIn) -> object:
    """Log a visit with the requests raised on the spot."""
    must_be_staff(by)
    logged = outreach.log_visit(
        by=by,
        now=timezone.now(),
        party=must_have(Party, what.party_id, by=by, field="party_id"),
        programme=must_have(Programme, what.programme, by=by, field="programme"),
        visited_on=what.visited_on,
        met=what.met,
        said=what.said,
        post=one(Post, what.post, by=by, field="post"),
        companions=several(Post, what.companions, by=by, field="companions"),
        requests=[raised_of(each, by) for each in what.requests],
        answers=[heard_of(each, by) for each in what.answers],
        steps=[step_of(each, by) for each in what.steps],
        contact=one(Contact, what.contact, by=by, field="contact"),
        told=[
            outreach.Told(
                must_have(Question, each.question, by=by, field="told"),
                each.answer,
                each.is_declined,
            )
            for each in what.told
        ],
        late_reason=what.late_reason,
        another_reason=what.another_reason,
    )
    return _logged(request, logged)


def _logged(request: HttpRequest, logged: outreach.Logged) -> dict[str, Any]:
    return {
        "id": logged.visit.pk,
        "filed": [filed_out(request, filed) for filed in logged.filed],
        "warnings": list(logged.warnings),
        "steps": [task.pk for task in logged.steps],
    }


@router.get("/visits/{visit_id}", response={200: s.VisitOut, **PROBLEMS})
@api(READ)
def read_visit(request: HttpRequest, by: Actor, visit_id: s.Id) -> object:
    """One visit."""
    _must_read(by)
    return queries.visit_row(found(queries.visit(by=by, visit_id=visit_id)))


@router.post("/visits/{visit_id}/correct", response={200: s.LoggedOut, **PROBLEMS})
@api(WRITE)
def correct_visit(request: HttpRequest, by: Actor, visit_id: s.Id, what: g.CorrectIn) -> object:
    """Correct a visit by a new version; the answer is the new one."""
    must_be_staff(by)
    logged = outreach.correct_visit(
        by=by,
        now=timezone.now(),
        visit=found(queries.visit(by=by, visit_id=visit_id)),
        programme=one(Programme, what.programme, by=by, field="programme"),
        visited_on=what.visited_on,
        met=what.met,
        said=what.said,
        companions=None
        if what.companions is None
        else several(Post, what.companions, by=by, field="companions"),
        answers=None if what.answers is None else [heard_of(each, by) for each in what.answers],
    )
    return _logged(request, logged)


@router.get("/programmes", response={200: list[s.ProgrammeOut], **PROBLEMS})
@api(READ)
def list_programmes(request: HttpRequest, by: Actor) -> object:
    """Names under which visits are made."""
    return list(queries.programmes(by=by))


@router.post("/programmes", response={200: s.ProgrammeOut, **PROBLEMS})
@api(WRITE)
def open_programme(request: HttpRequest, by: Actor, what: g.ProgrammeIn) -> object:
    """Open a name under which visits are made."""
    return outreach.open_programme(
        by=by,
        now=timezone.now(),
        code=what.code,
        name=what.name,
        kind=what.kind,
        source=what.source,
    )


@router.get("/programmes/{programme_id}/days", response={200: list[s.GatheringOut], **PROBLEMS})
@api(READ)
def list_days(request: HttpRequest, by: Actor, programme_id: s.Id) -> object:
    """Days of a programme, latest first."""
    programme = found(queries.programmes(by=by).filter(pk=programme_id).first())
    return list(queries.days_of(by=by, programme=programme))


@router.post("/programmes/{programme_id}/days", response={200: s.GatheringOut, **PROBLEMS})
@api(WRITE)
def open_day(request: HttpRequest, by: Actor, programme_id: s.Id, what: g.GatheringIn) -> object:
    """Set a day of a programme."""
    programme = found(queries.programmes(by=by).filter(pk=programme_id).first())
    return outreach.open_day(
        by=by,
        now=timezone.now(),
        programme=programme,
        day=what.day,
        place=what.place,
        note=what.note,
    )


@router.post("/questions/figures", response={200: s.FigureAskedOut, **PROBLEMS})
@api(WRITE)
def ask_for_figures(request: HttpRequest, by: Actor, what: g.AskFigureIn) -> dict[str, int]:
    """Ask the monitored enterprises that lack a figure for it; how many were asked now."""
    must_be_staff(by)
    count = outreach.ask_for_figures(
        by=by,
        now=timezone.now(),
        metric=queries.must_be_metric(what.metric),
        period=queries.must_be_period(what.period),
        why=what.why,
        worth=what.worth,
    )
    return {"asked": count}
