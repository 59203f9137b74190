"""Today's visits of a few officers: put into routes and kept, drafted for the desk, or still to be put.

Planned by a zone leader, who may go beyond the quota, so that the demo shows a day out on any day.
"""

from dataclasses import dataclass
from datetime import time

from xiaoer.base.models import Post
from xiaoer.base.scope import acting
from xiaoer.demo.days import Days
from xiaoer.demo.desks import hand_at
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.demo.names import SHOWN_NAMES
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.routing import search_days
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work.models import Contact

SEARCH_SECONDS = 0.4
PLANNED_AGO, ROUTED_AGO = 0.5, 0.3
LEAVE = "当日走访计划由分管领导批准。"


@dataclass(frozen=True, slots=True)
class Outing:
    """What one officer does today: how many visits, and whether their route is kept, a draft or none."""

    post: str
    visits: int
    route: str = "kept"


OUTINGS = {
    "jhtz": (
        Outing("3-07/0", 3),
        Outing("3-08/0", 4, "draft"),
        Outing("2-04/1", 3),
        Outing("3-06/0", 5, "draft"),
    ),
    "jedz": (),
    "canal": (Outing("1-02/0", 3, ""),),
}
PURPOSES = ("回访诉求办理情况", "看看生产和用电", "送技改政策清单", "了解订单和用工")
# Some enterprises say when it suits them.
WINDOWS = ((None, None), (time(9), time(11)), (None, None), (time(14), time(16, 30)))


def plan_outings(ground: Ground, firms: Firms, days: Days) -> None:
    """Plan the visits, search for the routes, keep those that are kept. Called inside the scope."""
    _set_rules(ground)
    outings = OUTINGS[ground.plan.code]
    for outing in outings:
        hand = hand_at(ground, outing.post)
        _plan(ground, days, hand.post, _targets(firms, hand.post, outing.visits))
    kept = [hand_at(ground, one.post).post for one in outings if one.route == "kept"]
    drafts = [hand_at(ground, one.post).post for one in outings if one.route == "draft"]
    for posts, is_kept in ((kept, True), (drafts, False)):
        if posts:
            _route(ground, days, posts, is_kept=is_kept)


def _set_rules(ground: Ground) -> None:
    longitude, latitude = ground.plan.origin
    desk = ground.hands["desk.1"].actor
    with acting(desk):
        outreach.set_route_rule(
            by=desk,
            now=FOUNDED,
            facts=outreach.RouteFacts(
                start_longitude=round(longitude + 0.035, 3),
                start_latitude=round(latitude + 0.03, 3),
                works_from=time(8, 30),
                works_until=time(17, 30),
                lunch_from=time(12),
                lunch_until=time(13, 30),
                speed_kmh=25,
                road_percent=140,
                visit_minutes=40,
                source="示例数据，不是真实的驻地和车速",
                mark="D",
            ),
        )


def _targets(firms: Firms, post: Post, wanted: int) -> list[Party]:
    """Enterprises in the officer's care, the shown ones first."""
    own = [party for party in firms.all if firms.officer_of[party.pk].post.pk == post.pk]
    own.sort(key=lambda party: (party.name not in SHOWN_NAMES, party.pk))
    return [party for party in own if party.longitude is not None][:wanted]


def _plan(ground: Ground, days: Days, post: Post, targets: list[Party]) -> None:
    leader = ground.hands["board.1"].actor
    with acting(leader):
        planned = [
            work.plan_contact(
                by=leader,
                now=days.ago(PLANNED_AGO),
                party=party,
                kind=Contact.Kind.VISIT,
                purpose=PURPOSES[place % len(PURPOSES)],
                planned_on=days.local_day(days.now),
                post=post,
                from_time=WINDOWS[place % len(WINDOWS)][0],
                until_time=WINDOWS[place % len(WINDOWS)][1],
                minutes=40,
                reason=LEAVE,
            )
            for place, party in enumerate(targets)
        ]
        if len(planned) > 1:
            work.plan_contact(
                by=leader,
                now=days.ago(PLANNED_AGO),
                party=planned[1].party,
                kind=Contact.Kind.VISIT,
                purpose="税务入户辅导",
                planned_on=planned[1].planned_on,
                post=post,
                into=planned[1],
            )


def _route(ground: Ground, days: Days, posts: list[Post], *, is_kept: bool) -> None:
    """As the job does it, in one go."""
    now, by = days.ago(ROUTED_AGO), ground.hands["desk.1"].actor
    with acting(by):
        search = outreach.ask_for_routes(
            by=by, now=now, since=days.local_day(days.now), posts=posts
        )
        found = outreach.begin_search(by=by, now=now, search_id=search.pk)
        orders = outreach.as_orders(
            [day for day, _problem in found],
            search_days([problem for _day, problem in found], seconds=SEARCH_SECONDS),
        )
        outreach.finish_search(by=by, now=now, search_id=search.pk, orders=orders)
        if is_kept:
            rounds = search.rounds.values_list("pk", "version")
            outreach.keep_rounds(by=by, now=now, versions=dict(rounds))
