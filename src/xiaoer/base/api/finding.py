"""Rows of the asker's own zone by number; what lies elsewhere is not there."""

from datetime import date

from django.utils import timezone

from xiaoer.base import access, queries
from xiaoer.base.doors import found
from xiaoer.base.models import Deputy, Office, Person, Post, Role
from xiaoer.base.scope import Actor


def today() -> date:
    return timezone.localdate()


def must_read(by: Actor) -> None:
    """Staff and the city read who works where; the database shows it to nobody else."""
    if by.role != Role.CITY:
        access.must_be_staff(by)


def the_person(by: Actor, person_id: int) -> Person:
    """For a verb: only staff get this far, because others may not even lock the row."""
    access.must_be_staff(by)
    return found(queries.people(zone_id=by.zone_id).filter(pk=person_id).first())


def the_office(by: Actor, office_id: int) -> Office:
    access.must_be_staff(by)
    return found(queries.offices(zone_id=by.zone_id).filter(pk=office_id).first())


def the_post(by: Actor, post_id: int) -> Post:
    access.must_be_staff(by)
    posts = Post.objects.filter(zone_id=by.zone_id, pk=post_id)
    return found(posts.select_related("person", "office").first())


def the_deputy(by: Actor, deputy_id: int) -> Deputy:
    access.must_be_staff(by)
    named = Deputy.objects.filter(zone_id=by.zone_id, pk=deputy_id)
    return found(named.select_related("post").first())
