"""What tests of the joint review share: a building with an operator, a firm that wants to move in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.models import Building, MoveIn, MoveInOpinion, Unit
from xiaoer.base.models import Office, Role
from xiaoer.base.scope import Actor, acting
from xiaoer.registry.models import Party
from xiaoer.registry.tests.people import make_firm

Of = Callable[[str], Actor]
DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)
PAPER = (
    b"%%PDF-1.4\n%% %s\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n"
)


@dataclass(frozen=True)
class Park:
    """Who is there, and shortcuts."""

    of: Of
    firm: Party
    operator: Party
    stranger: Party
    units: list[Unit]

    @property
    def zone_id(self) -> int:
        return self.firm.zone_id

    def outside(self, party: Party, role: Role = Role.ENTERPRISE) -> Actor:
        return Actor(zone_id=self.zone_id, role=role, party_ref=party.pk, name="赵一")

    def runs(self) -> Actor:
        """Somebody of the operator, signed in."""
        return self.outside(self.operator, Role.PARK_OPERATOR)

    def do(self, who: str | Actor, verb: Callable[..., Any], /, **given: Any) -> Any:
        """A verb under the scope of whoever does it."""
        by = self.of(who) if isinstance(who, str) else who
        with acting(by):
            return verb(**{"by": by, "now": NOW, **given})

    def office(self, name: str) -> Office:
        with acting(self.of("east-admin")):
            return Office.objects.get(name=name)

    def facts(self, **more: Any) -> assets.MoveInFacts:
        return assets.MoveInFacts(
            **{"name": "光伏热场二期", "party": self.firm, "content": "年产石墨热场三千套", **more}
        )

    def opened(self, who: str | Actor = "east-economy", **more: Any) -> MoveIn:
        row: MoveIn = self.do(who, assets.open_move_in, facts=self.facts(**more), units=self.units)
        return row

    def with_paper(self, row: MoveIn, name: str = "项目申请表") -> MoveIn:
        self.do(
            "east-economy", assets.add_move_in_paper, move_in=row, name=name,
            upload=BytesIO(PAPER % name.encode()), file_name=f"{name}.pdf",
        )  # fmt: skip
        return row

    def asks(self) -> list[assets.Ask]:
        return [
            assets.Ask("产业政策", 3, self.office("经发局")),
            assets.Ask("用地", 3, self.office("自然资源分局")),
            assets.Ask("园区承载", 2, operator=self.operator),
        ]

    def in_review(self, **more: Any) -> MoveIn:
        row = self.with_paper(self.opened())
        given = {"move_in": row, "asks": self.asks(), **more}
        begun: MoveIn = self.do("east-economy", assets.start_review, **given)
        return begun

    def opinion(self, row: MoveIn, topic: str) -> MoveInOpinion:
        with acting(self.of("east-admin")):
            found = MoveInOpinion.objects.select_related("task__matter", "move_in")
            return found.get(move_in=row, topic=topic)

    def say(self, who: str | Actor, row: MoveIn, topic: str, says: str, words: str = "") -> Any:
        return self.do(
            who, assets.give_opinion, opinion=self.opinion(row, topic), says=says, words=words
        )

    def all_said(self, row: MoveIn) -> MoveIn:
        self.say("east-economy", row, "产业政策", "yes")
        self.say("east-land", row, "用地", "yes")
        self.say(self.runs(), row, "园区承载", "if", "行车由企业自备")
        return row

    def fresh(self, row: MoveIn) -> MoveIn:
        with acting(self.of("east-admin")):
            return MoveIn.objects.select_related("matter").get(pk=row.pk)


def build_park(of: Of) -> Park:
    by = of("east-admin")
    with acting(by):
        firm, operator, stranger = (
            make_firm(by, name)
            for name in ("示范热场科技有限公司", "示范园区运营有限公司", "示范路人机械有限公司")
        )
        building = Building.objects.create(
            zone_id=by.zone_id, name="标准厂房一号楼", kind=Building.Kind.WORKSHOP,
            area_m2=5000, operator=operator,
        )  # fmt: skip
        units = [
            Unit.objects.create(
                zone_id=by.zone_id, building=building, code=f"1-{n}", area_m2=1200,
                since=date(2024, 1, 1),
            )
            for n in (1, 2)
        ]  # fmt: skip
    return Park(of, firm, operator, stranger, units)
