"""A field of East: three firms with places, one without, visits planned for today."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from tests.town import NOW
from xiaoer.base.models import Post
from xiaoer.base.scope import Actor, acting, system
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import jobs
from xiaoer.outreach.models import Round, RouteSearch, Stop
from xiaoer.outreach.tests.conftest import Of, Town
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work.models import Contact, ContactRule

TODAY = date(2026, 11, 20)
PLACES = ((116.55, 35.40), (116.60, 35.42), (116.57, 35.45))
FACTS = outreach.RouteFacts(
    start_longitude=116.58,
    start_latitude=35.42,
    works_from=time(8, 30),
    works_until=time(17, 30),
    lunch_from=time(12),
    lunch_until=time(13, 30),
    speed_kmh=25,
    road_percent=140,
    visit_minutes=40,
    source="示范值",
    mark="D",
)


@dataclass(frozen=True)
class Field:
    """Who is there, and shortcuts."""

    of: Of
    firms: list[Party]
    nowhere: Party
    officer: Post
    steward: Post

    @property
    def zone_id(self) -> int:
        return self.nowhere.zone_id

    def do(self, who: str | Actor, verb: str, **given: Any) -> Any:
        by = self.of(who) if isinstance(who, str) else who
        with acting(by):
            return getattr(outreach, verb)(**{"by": by, "now": NOW, **given})

    def plan(self, firm: Party, post: Post | None = None, **given: Any) -> Contact:
        by = self.of("east-desk")
        whose: dict[str, Any] = {"post": post or self.officer}
        if given.pop("nobody", False):
            whose = {"office": self.officer.office}
        given = {"planned_on": TODAY, **whose, **given}
        with acting(by):
            return work.plan_contact(
                by=by, now=NOW, party=firm, kind="visit", purpose="看看生产", **given
            )

    def plan_all(self) -> list[Contact]:
        return [self.plan(firm) for firm in self.firms]

    def search(self, who: str = "east-officer", **given: Any) -> RouteSearch:
        """Asked for and made by the job."""
        given = {"since": TODAY, "posts": [self.officer], **given}
        row: RouteSearch = self.do(who, "ask_for_routes", **given)
        jobs.find_routes(zone_id=row.zone_id, search_id=row.pk, post_id=row.post_id)
        return self.now_of(row)

    def now_of(self, row: RouteSearch) -> RouteSearch:
        with acting(system(row.zone_id)):
            return RouteSearch.objects.get(pk=row.pk)

    def round(self, post: Post | None = None, state: str = "draft") -> Round:
        with acting(system(self.zone_id)):
            return Round.objects.get(post=post or self.officer, state=state)

    def stops(self, row: Round) -> list[Stop]:
        with acting(system(row.zone_id)):
            return list(Stop.objects.filter(round=row).select_related("contact").order_by("order"))

    def order(self, row: Round) -> list[int]:
        return [stop.contact_id for stop in self.stops(row)]

    def keep(self, who: str = "east-officer", row: Round | None = None) -> Round:
        row = row or self.round()
        kept: list[Round] = self.do(who, "keep_rounds", versions={row.pk: row.version})
        return kept[0]


def built(town: Town, *, with_rule: bool = True) -> Field:
    of = town.of
    by = of("east-admin")
    with acting(by):
        Party.objects.filter(pk=town.other.pk).update(longitude=116.5, latitude=35.4)
        cell = town.party.cell
        assert cell is not None
        firms = [
            registry.add_party(
                by=by,
                now=NOW,
                facts=registry.PartyFacts(name=f"东区{name}有限公司", industry="3824"),
                cell=cell,
            )
            for name in ("轴承", "齿轮", "阀门", "无址")
        ]
        for firm, (longitude, latitude) in zip(firms, PLACES, strict=False):
            firm.longitude, firm.latitude = longitude, latitude
            firm.save()
        ContactRule.objects.filter(zone_id=by.zone_id).update(
            monthly_quota=9, quiet_from=None, quiet_until=None
        )
        posts = {post.role: post for post in Post.objects.select_related("office", "person")}
    field = Field(of, firms[:3], firms[3], posts["grid_officer"], posts["steward"])
    if with_rule:
        field.do("east-desk", "set_route_rule", facts=FACTS)
    return field
