"""Questions about zones, posts and people."""

from collections.abc import Callable, Sequence
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from xiaoer.base.models import Account, Deputy, Installation, Office, Person, Post, Role, Zone
from xiaoer.base.scope import Actor, as_web


def posts_of_account(*, account_id: int) -> tuple[Actor, ...]:
    """Every post an account may act in today, in the order it should be offered.

    Asked before any scope is open, so it goes through a function of the search role that returns
    the posts of this one account and nothing else.
    """
    with connection.cursor() as cursor:
        cursor.execute("select * from posts_of_account(%s)", [account_id])
        return tuple(
            Actor(
                account_id=account_id,
                post_id=row[0],
                person_id=row[1],
                zone_id=row[2] or 0,
                city_id=row[3],
                role=Role(row[4]),
                party_ref=row[5],
                office_id=row[6],
                is_lead=row[7],
                name=row[8],
                office=row[9],
            )
            for row in cursor.fetchall()
        )


def chosen_post(*, account_id: int, wanted: int | None) -> Actor | None:
    """The post chosen in this session if the account still holds it, else its first."""
    return chosen_of(posts_of_account(account_id=account_id), wanted=wanted)


def chosen_of(posts: Sequence[Actor], *, wanted: int | None) -> Actor | None:
    """The one chosen of the posts an account holds, else the first."""
    return next((post for post in posts if post.post_id == wanted), posts[0] if posts else None)


def still_acts(*, account_id: int, post_id: int) -> bool:
    """Whether the account is open and may act in this post today."""
    with as_web():
        is_open = Account.objects.filter(pk=account_id, is_active=True).exists()
    posts = posts_of_account(account_id=account_id) if is_open else ()
    return any(post.post_id == post_id for post in posts)


def zones_of_city(*, city_id: int | None) -> list[Zone]:
    return list(Zone.objects.filter(city_id=city_id or 0).order_by("id"))


def in_zone_looked_at(by: Actor, wanted: Callable[[Zone], bool]) -> Actor | None:
    """A city role in the zone it chose; None where its city has no such zone."""
    chosen = next((zone for zone in zones_of_city(city_id=by.city_id) if wanted(zone)), None)
    return by.in_zone(chosen.pk) if chosen else None


def zone_by_code(code: str) -> Zone | None:
    return Zone.objects.filter(code=code).first()


def installation() -> Installation | None:
    """What this database is; None before it was opened."""
    return Installation.objects.first()


def posts_in_force(*, zone_id: int, on: date) -> QuerySet[Post]:
    """Posts held on a day, with their person and office."""
    return (
        Post.objects.filter(zone_id=zone_id, since__lte=on)
        .filter(Q(until__isnull=True) | Q(until__gte=on))
        .select_related("person", "office")
        .order_by("office__order", "-is_lead", "id")
    )


def posts_held(*, person_id: int, zone_id: int | None) -> QuerySet[Post]:
    """Posts of a person that have not ended, those to come included."""
    return (
        Post.objects.filter(zone_id=zone_id or 0, person_id=person_id)
        .filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))
        .select_related("office")
        .order_by("since", "id")
    )


def offices(*, zone_id: int) -> QuerySet[Office]:
    return Office.objects.filter(zone_id=zone_id)


def people(*, zone_id: int) -> QuerySet[Person]:
    return Person.objects.filter(zone_id=zone_id).order_by("name", "id")


def deputy_posts(*, zone_id: int, deputy_id: int, on: date) -> list[int]:
    """Posts that ``deputy_id`` answers for on a day because their holders are away."""
    return list(
        Deputy.objects.filter(
            zone_id=zone_id, deputy_id=deputy_id, since__lte=on, until__gte=on
        ).values_list("post_id", flat=True)
    )


def deputies_of(*, zone_id: int, post_ids: Sequence[int], on: date) -> list[Deputy]:
    """Who stands in for these posts, today or on days to come."""
    return list(
        Deputy.objects.filter(zone_id=zone_id, post_id__in=post_ids, until__gte=on)
        .select_related("deputy__person", "deputy__office", "post__person", "post__office")
        .order_by("since", "id")
    )
