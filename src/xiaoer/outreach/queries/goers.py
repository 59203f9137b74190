"""Who may be sent out: those who have visits on some days, and all officers of the zone."""

from dataclasses import dataclass
from datetime import date, datetime

from xiaoer.base import queries as base
from xiaoer.base.models import Post, Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.models import Round
from xiaoer.outreach.queries.routes import LIVE, visits_planned
from xiaoer.work.calendar import LOCAL

FIELD_ROLES = (Role.GRID_OFFICER, Role.STEWARD)


@dataclass(frozen=True, slots=True)
class Goer:
    """A post that goes out, with how many visits it has on the days asked about."""

    post_id: int
    name: str
    office: str
    visits: int


def goers(*, by: Actor, now: datetime, since: date, until: date) -> tuple[Goer, ...]:
    """Posts with planned visits or routes on these days, as far as the asker plans for them."""
    counts: dict[int, int] = {}
    for contact in visits_planned(by=by, since=since, until=until):
        if contact.post_id is not None:
            counts[contact.post_id] = counts.get(contact.post_id, 0) + 1
    routed = Round.objects.filter(
        zone_id=by.zone_id, day__range=(since, until), state__in=LIVE
    ).values_list("post_id", flat=True)
    wanted = {*counts, *routed}
    if not access.plans_for_all(by):
        wanted = {one for one in access.posts_answered_for(by, now) if one in wanted}
    rows = Post.objects.filter(zone_id=by.zone_id, pk__in=wanted)
    return tuple(
        sorted(
            (
                Goer(
                    post.pk,
                    post.person.name,
                    post.office.name if post.office else "",
                    counts.get(post.pk, 0),
                )
                for post in rows.select_related("person", "office")
            ),
            key=lambda one: (one.office, one.name, one.post_id),
        )
    )


def officers_in_force(*, by: Actor, now: datetime) -> list[tuple[int, str]]:
    """All officers and stewards in force, for whoever plans for all."""
    if not access.plans_for_all(by):
        return []
    today = now.astimezone(LOCAL).date()
    posts = base.posts_in_force(zone_id=by.zone_id, on=today).filter(role__in=FIELD_ROLES)
    return [
        (post.pk, f"{post.person.name} · {post.office.name if post.office else ''}".strip(" ·"))
        for post in posts
    ]
