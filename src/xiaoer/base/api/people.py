"""People and their accounts."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from xiaoer.base import actions as base
from xiaoer.base import queries
from xiaoer.base.api import shapes
from xiaoer.base.api.finding import must_read, the_person, today
from xiaoer.base.api.posts import post_out
from xiaoer.base.api.shapes import Number
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.queries import PersonRow
from xiaoer.base.scope import Actor

router = Router()
PERSON = {200: shapes.PersonOut, **PROBLEMS}
PASSWORD = {200: shapes.PasswordOut, **PROBLEMS}


def _out(row: PersonRow) -> shapes.PersonOut:
    person, account = row.person, row.account
    return shapes.PersonOut(
        id=person.pk,
        version=person.version,
        name=person.name,
        name_en=person.name_en,
        work_no=person.work_no,
        phone=person.phone,
        left_on=person.left_on,
        posts=[post_out(post, person) for post in row.posts],
        account=shapes.AccountOut.from_orm(account) if account else None,
    )


def _read(by: Actor, person_id: int) -> shapes.PersonOut:
    row = queries.person_row(zone_id=by.zone_id, person_id=person_id, on=today())
    return _out(found(row))


@router.get("/people", response={200: list[shapes.PersonOut], **PROBLEMS})
@api(READ)
def list_people(request: HttpRequest, by: Actor, asked: Query[shapes.PeopleIn]) -> object:
    """People of the zone by name, with today's posts."""
    must_read(by)
    rows = queries.person_rows(
        zone_id=by.zone_id,
        on=today(),
        words=asked.words,
        office_id=asked.office,
        role=asked.role or "",
        state=asked.state or "",
    )[asked.after : asked.after + asked.size]
    return [_out(row) for row in queries.with_posts(rows, zone_id=by.zone_id, on=today())]


@router.get("/people/{person_id}", response=PERSON)
@api(READ)
def read_person(request: HttpRequest, by: Actor, person_id: Number) -> object:
    """One person with today's posts and the state of the account."""
    must_read(by)
    return _read(by, person_id)


@router.post("/people", response=PERSON)
@api(WRITE)
def add_person(request: HttpRequest, by: Actor, given: shapes.PersonIn) -> object:
    """Add a person; a post and an account are given apart."""
    person = base.add_person(by=by, now=timezone.now(), **given.model_dump())
    return _read(by, person.pk)


@router.put("/people/{person_id}", response=PERSON)
@api(WRITE)
def change_person(
    request: HttpRequest, by: Actor, person_id: Number, given: shapes.PersonChangeIn
) -> object:
    """Correct a name, number or telephone."""
    person = the_person(by, person_id)
    base.change_person(by=by, now=timezone.now(), person=person, **given.model_dump())
    return _read(by, person_id)


@router.post("/people/{person_id}/leave", response=PERSON)
@api(WRITE)
def person_left(
    request: HttpRequest, by: Actor, person_id: Number, given: shapes.LeaveIn
) -> object:
    """A person left the zone: every post ends with that day."""
    base.person_left(by=by, now=timezone.now(), person=the_person(by, person_id), on=given.on)
    return _read(by, person_id)


@router.post("/people/{person_id}/return", response=PERSON)
@api(WRITE)
def person_back(request: HttpRequest, by: Actor, person_id: Number) -> object:
    """A person who left is here again, without posts."""
    base.person_back(by=by, now=timezone.now(), person=the_person(by, person_id))
    return _read(by, person_id)


@router.post("/people/{person_id}/account", response=PASSWORD)
@api(WRITE)
def give_account(
    request: HttpRequest, by: Actor, person_id: Number, given: shapes.UsernameIn
) -> object:
    """Give an account; its first password is told this once."""
    password = base.make_password()
    account = base.give_account(
        by=by,
        now=timezone.now(),
        person=the_person(by, person_id),
        username=given.username,
        password=password,
    )
    return {"person_id": person_id, "username": account.username, "password": password}


@router.post("/people/{person_id}/account/reset-password", response=PASSWORD)
@api(WRITE)
def reset_password(request: HttpRequest, by: Actor, person_id: Number) -> object:
    """Give a new password, told this once; the old one and open sessions end."""
    new = base.reset_password(by=by, now=timezone.now(), person=the_person(by, person_id))
    return {"person_id": person_id, "username": new.account.username, "password": new.password}


@router.post("/people/{person_id}/account/close", response=PERSON)
@api(WRITE)
def close_account(request: HttpRequest, by: Actor, person_id: Number) -> object:
    """No sign-in and no token any more; nothing that was done is lost."""
    base.close_account(by=by, now=timezone.now(), person=the_person(by, person_id))
    return _read(by, person_id)


@router.post("/people/{person_id}/account/open", response=PERSON)
@api(WRITE)
def open_account(request: HttpRequest, by: Actor, person_id: Number) -> object:
    """Open a closed account again; its tokens stay revoked."""
    base.open_account(by=by, now=timezone.now(), person=the_person(by, person_id))
    return _read(by, person_id)
