"""What tests of applying share: a thing with three items, a firm, a stranger, another firm."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from tests.town import NOW, actor
from xiaoer.base.models import Office, Role
from xiaoer.base.scope import Actor, acting, holder_of_key, system
from xiaoer.papers.models import PaperKind
from xiaoer.permits import actions as permits
from xiaoer.permits import keys
from xiaoer.permits.definition import (
    Answer,
    Decides,
    Definition,
    Field,
    Item,
    Material,
    Option,
    Question,
    Source,
)
from xiaoer.permits.models import Case, Thing, ThingVersion
from xiaoer.permits.wording import write_definition
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party

SECRET = "stranger-secret-0001"

RESTAURANT = Definition(
    questions=(
        Question("cooks", "是否现场制作食品？", Answer.YES_NO),
        Question(
            "sign", "要装什么招牌？", Answer.ONE,
            options=(Option("none", "不装"), Option("board", "门头招牌")),
        ),
    ),
    items=(
        Item("food", "食品经营许可", "供电服务中心", Decides.GRANT, promise_route=True),
        Item(
            "board", "门头招牌备案", "自然资源分局", Decides.FILE, after=("food",),
            applies_if="sign = 'board'",
        ),
    ),
    fields=(
        Field("firm", "经营者名称", source=Source.REGISTRY, source_key="name"),
        Field("code", "统一社会信用代码", "credit_code", source=Source.REGISTRY,
              source_key="credit_code", is_needed=False),
        Field("area", "经营面积", "number", unit="平方米"),
        Field("opens", "开业日期", "date", is_needed=False),
        Field("board_words", "招牌文字", items=("board",), is_needed=True),
        Field("phone", "联系电话", "phone", is_needed=False),
    ),
    materials=(
        Material("test-lease", "房屋租赁合同"),
        Material("test-plan", "平面布局图", may_follow=True, follow_days=5, items=("food",)),
    ),
)  # fmt: skip


def pdf(words: str = "one") -> BytesIO:
    """A small paper; each name its own bytes."""
    file = BytesIO(
        b"%%PDF-1.4\n%% %s\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%%%EOF\n" % words.encode()
    )
    file.name = f"{words}.pdf"
    return file


@dataclass(frozen=True)
class Counter:
    """Who is there, and shortcuts."""

    zone_id: int
    thing: Thing
    party: Party
    other: Party

    def spokesman(self, party: Party | None = None) -> Actor:
        return Actor(
            zone_id=self.zone_id,
            role=Role.ENTERPRISE,
            party_ref=(party or self.party).pk,
            name="赵一",
        )

    @property
    def anybody(self) -> Actor:
        return Actor(zone_id=self.zone_id, key="public", name="东区")

    def stranger(self, secret: str = SECRET) -> Actor:
        return holder_of_key(zone_id=self.zone_id, key_hash=keys.hash_of(secret))

    def opened(self, by: Actor | None = None, **more: object) -> Case:
        by = by or self.spokesman()
        given: dict[str, Any] = {"answers": {"cooks": True, "sign": "none"}, "now": NOW}
        if not by.key:
            with acting(by):
                given["party"] = Party.objects.get(pk=by.party_ref or 0)
        with acting(by):
            return permits.open_case(by=by, thing=self.thing, **(given | more))

    def begun_by_stranger(self, secret: str = SECRET, **more: object) -> Case:
        said = {"contact_name": "张三", "contact_phone": "13900000009", "applicant_name": "张三"}
        return self.opened(self.anybody, key=secret, **(said | more))

    def do(self, by: Actor, verb: str, case: Case, **given: object) -> Any:
        with acting(by):
            return getattr(permits, verb)(by=by, now=given.pop("now", NOW), case=case, **given)

    def filled(self, by: Actor, case: Case) -> Case:
        """Everything that is needed."""
        self.do(by, "fill_case", case, form={"firm": "张三饭店", "area": "120 平方米"})
        self.do(by, "give_material", case, paper_code="test-lease", upload=pdf(f"lease{case.pk}"))
        self.do(by, "promise_material", case, paper_code="test-plan")
        if not by.is_staff and (by.key or not case.contact_name):
            self.do(
                by, "fill_case", case, contact_name="张三", contact_phone="139 0000 0009",
            )  # fmt: skip
        return case

    def now_of(self, case: Case) -> Case:
        with acting(system(self.zone_id)):
            return Case.objects.select_related("party", "matter").get(pk=case.pk)


def a_thing(zone_id: int, code: str, definition: Definition = RESTAURANT) -> Thing:
    """A thing in force since January; call it in the scope of the zone."""
    thing = Thing.objects.create(
        zone_id=zone_id,
        code=code,
        name="开小饭店",
        target=Thing.Target.BOTH,
        created_on=date(2026, 1, 1),
        office=Office.objects.filter(zone_id=zone_id, name="供电服务中心").first(),
    )
    ThingVersion.objects.create(
        zone_id=zone_id,
        thing=thing,
        number=1,
        state=ThingVersion.State.LIVE,
        body=write_definition(definition),
        valid_from=date(2026, 1, 1),
    )
    return thing


def built() -> Counter:
    """The counter, built in whatever database the connection is."""
    by = actor("east-admin")
    with acting(by):
        party, other = (
            registry.add_party(
                by=by,
                now=NOW,
                facts=registry.PartyFacts(
                    name=name, contact_name="赵一", contact_phone="13900000001"
                ),
            )
            for name in ("东区餐饮有限公司", "东区水泥有限公司")
        )
        for code in ("test-lease", "test-plan"):
            PaperKind.objects.create(zone_id=by.zone_id, code=code, name=code)
        thing = a_thing(by.zone_id, "small-restaurant")
    return Counter(by.zone_id, thing, party, other)
