"""The town of these tests: one enterprise of East with its officer, limits and a kind of request."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db.models import QuerySet

from tests.town import NOW
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.scope import Actor, acting, holder_of_key, system
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import Appeal, AppealKind, ContactCard
from xiaoer.outreach.queries.keys import hash_of
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work.models import Task

Of = Callable[[str], Actor]


@dataclass(frozen=True)
class Town:
    """Who is there, and shortcuts for those who act."""

    of: Of
    party: Party
    other: Party
    kind: AppealKind
    power: Office
    land: Office
    card: ContactCard

    @property
    def zone_id(self) -> int:
        return self.party.zone_id

    def holder(self, token: str) -> Actor:
        """Whoever holds a receipt's link."""
        return holder_of_key(zone_id=self.zone_id, key_hash=hash_of(token))

    @property
    def card_holder(self) -> Actor:
        """Whoever scanned the enterprise's card."""
        return holder_of_key(
            zone_id=self.zone_id, key_hash=self.card.code_hash, party_ref=self.party.pk
        )

    def spokesman(self, party: Party | None = None) -> Actor:
        """A representative signed in for the enterprise, or for another."""
        return Actor(
            zone_id=self.zone_id,
            role=Role.ENTERPRISE,
            party_ref=(party or self.party).pk,
            name="赵一",
        )

    def file(self, title: str = "厂区变压器增容，扩产设备无法通电") -> outreach.Filed:
        """Filed by whoever scanned the card."""
        with acting(self.card_holder):
            return outreach.file_appeal(
                by=self.card_holder,
                now=NOW,
                party=self.party,
                channel=Appeal.Channel.CARD,
                title=title,
                body="两台磨床到了，没有电开不了。",
                contact_name="赵一",
                contact_phone="13900000001",
            )

    def dispatched(self) -> outreach.Filed:
        """Filed, registered by the officer, dispatched to the power office by the desk."""
        filed = self.file()
        self.do("east-officer", "register_appeal", filed.appeal, kind=self.kind)
        self.do("east-desk", "dispatch_appeal", filed.appeal, office=self.power)
        return filed

    def working(self) -> outreach.Filed:
        filed = self.dispatched()
        self.do("east-power", "sign_appeal", filed.appeal)
        return filed

    def answered(self, result: str = "solved") -> outreach.Filed:
        filed = self.working()
        self.do("east-power", "answer_appeal", filed.appeal, result=result, text="已经送电。")
        return filed

    def confirmed(self) -> outreach.Filed:
        filed = self.answered()
        self.do(self.holder(filed.token), "confirm_solved", filed.appeal, satisfaction=5)
        return filed

    def do(self, who: str | Actor, verb: str, appeal: Appeal, **given: object) -> object:
        """One verb at the appeal's present version, under the scope of who does it."""
        by = self.of(who) if isinstance(who, str) else who
        now = given.pop("now", NOW)
        version = given.pop("version", None) or self.now_of(appeal).version
        with acting(by):
            return getattr(outreach, verb)(by=by, now=now, appeal=appeal, version=version, **given)

    def tasks_of(self, appeal: Appeal) -> QuerySet[Task]:
        """The open tasks of an appeal; ask inside a scope."""
        matter = Appeal.objects.get(receipt_no=appeal.receipt_no).matter_id
        return Task.objects.filter(matter_id=matter or 0, state=Task.State.OPEN)

    def now_of(self, appeal: Appeal) -> Appeal:
        """The appeal as it stands."""
        with acting(system(self.zone_id)):
            return Appeal.objects.get(zone_id=self.zone_id, receipt_no=appeal.receipt_no)


@pytest.fixture
def town(of: Of) -> Town:
    return built(of)


def built(of: Of) -> Town:
    """The town, built in whatever database the connection is."""
    by, officer_id = of("east-admin"), of("east-officer").post_id or 0
    with acting(by):
        work.seed_limits(by=by, now=NOW)
        grid = registry.open_grid(by=by, now=NOW, code="G1", name="第一总网格")
        cell = registry.open_cell(by=by, now=NOW, grid=grid, code="C1", name="一单元")
        party, other = (
            registry.add_party(
                by=by,
                now=NOW,
                facts=registry.PartyFacts(name=name, industry="3824"),
                cell=cell,
            )
            for name in ("东区变压器有限公司", "东区水泥有限公司")
        )
        officer = Post.objects.get(pk=officer_id)
        registry.assign_steward(by=by, now=NOW, party=party, post=officer)
        kind = outreach.keep_kind(by=by, now=NOW, code="power", name="用电")
        card = outreach.make_cards(by=by, now=NOW, parties=[party])[0]
        power, land = (Office.objects.get(name=name) for name in ("供电服务中心", "自然资源分局"))
    return Town(of, party, other, kind, power, land, card)
