"""Posts: who works where in which capacity, and who stands in."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from xiaoer.base import actions as base
from xiaoer.base import queries
from xiaoer.base.api import shapes
from xiaoer.base.api.finding import (
    must_read,
    the_deputy,
    the_office,
    the_person,
    the_post,
    today,
)
from xiaoer.base.api.shapes import Number
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.models import STAFF_ROLES, Deputy, Person, Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

router = Router()
POST = {200: shapes.PostOut, **PROBLEMS}


def post_out(post: Post, person: Person) -> shapes.PostOut:
    return shapes.PostOut(
        id=post.pk,
        person_id=person.pk,
        person=person.name,
        office_id=post.office_id,
        office=post.office.name if post.office else None,
        role=Role(post.role),
        title=post.title,
        is_lead=post.is_lead,
        since=post.since,
        until=post.until,
    )


def _deputy_out(named: Deputy) -> shapes.DeputyOut:
    return shapes.DeputyOut(
        id=named.pk,
        post_id=named.post_id,
        deputy_id=named.deputy_id,
        deputy=named.deputy.person.name,
        since=named.since,
        until=named.until,
        reason=named.reason,
    )


@router.get("/posts", response={200: list[shapes.PostOut], **PROBLEMS})
@api(READ)
def list_posts(request: HttpRequest, by: Actor, asked: Query[shapes.PostsIn]) -> object:
    """Posts held on a day, by office."""
    must_read(by)
    posts = queries.posts_in_force(zone_id=by.zone_id, on=asked.on or today())
    if asked.office:
        posts = posts.filter(office_id=asked.office)
    if asked.person:
        posts = posts.filter(person_id=asked.person)
    return [post_out(post, post.person) for post in posts[asked.after : asked.after + asked.size]]


@router.post("/posts", response=POST)
@api(WRITE)
def give_post(request: HttpRequest, by: Actor, given: shapes.PostIn) -> object:
    """Put a person into an office; posts that speak for a party are given by the registry."""
    if given.role not in STAFF_ROLES:
        raise Refused(_("Choose one of the list."), field="role")
    person = the_person(by, given.person_id)
    post = base.give_post(
        by=by,
        now=timezone.now(),
        person=person,
        office=the_office(by, given.office_id),
        **given.model_dump(exclude={"person_id", "office_id"}),
    )
    return post_out(post, person)


@router.post("/posts/{post_id}/end", response=POST)
@api(WRITE)
def end_post(request: HttpRequest, by: Actor, post_id: Number, given: shapes.UntilIn) -> object:
    """End a post with a day."""
    post = the_post(by, post_id)
    ended = base.end_post(by=by, now=timezone.now(), post=post, until=given.until)
    return post_out(ended, post.person)


@router.post("/posts/{post_id}/move", response=POST)
@api(WRITE)
def move_post(request: HttpRequest, by: Actor, post_id: Number, given: shapes.MoveIn) -> object:
    """Move a post with its work to another office."""
    post, office = the_post(by, post_id), the_office(by, given.office_id)
    moved = base.move_post(by=by, now=timezone.now(), post=post, office=office)
    return post_out(moved, post.person)


@router.get("/posts/{post_id}/deputies", response={200: list[shapes.DeputyOut], **PROBLEMS})
@api(READ)
def list_deputies(request: HttpRequest, by: Actor, post_id: Number) -> object:
    """Who stands in for a post, today or on days to come."""
    posts = [the_post(by, post_id).pk]
    named = queries.deputies_of(zone_id=by.zone_id, post_ids=posts, on=today())
    return [_deputy_out(one) for one in named]


@router.post("/posts/{post_id}/deputies", response={200: shapes.DeputyOut, **PROBLEMS})
@api(WRITE)
def name_deputy(request: HttpRequest, by: Actor, post_id: Number, given: shapes.DeputyIn) -> object:
    """Name who answers for a post while its holder is away."""
    named = base.name_deputy(
        by=by,
        now=timezone.now(),
        post=the_post(by, post_id),
        deputy=the_post(by, given.deputy_id),
        **given.model_dump(exclude={"deputy_id"}),
    )
    return _deputy_out(named)


@router.post("/deputies/{deputy_id}/end", response={204: None, **PROBLEMS})
@api(WRITE)
def end_deputy(request: HttpRequest, by: Actor, deputy_id: Number) -> object:
    """From today nobody stands in."""
    base.end_deputy(by=by, now=timezone.now(), deputy=the_deputy(by, deputy_id))
    return 204, None
