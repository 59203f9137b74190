"""Cases for tests of the staff's side: a firm of East, a thing with four items, a case at the desk."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from tests.town import NOW
from xiaoer.base import actions as base
from xiaoer.base.models import Account, Office, Role
from xiaoer.base.queries import posts_of_account
from xiaoer.base.scope import Actor, acting, system
from xiaoer.permits import actions as permits
from xiaoer.permits.definition import (
    Decides,
    Definition,
    Item,
    Material,
    Period,
    Step,
    StepKind,
)
from xiaoer.permits.models import Case, CaseItem, CaseStep, Thing, ThingVersion
from xiaoer.permits.wording import write_definition
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Party
from xiaoer.work import actions as work

Of = Callable[[str], Actor]
DAY = timedelta(days=1)
POWER, LAND, ECONOMY = "供电服务中心", "自然资源分局", "经发局"


def step(kind: StepKind, name: str, *offices: str) -> Step:
    return Step(kind, name, offices=offices)


FOOD = Item(
    code="food",
    name="食品经营许可",
    office=ECONOMY,
    decides=Decides.GRANT,
    statutory=Period(10, extend_by=5),
    promised=Period(5),
    steps=(
        step(StepKind.REVIEW, "书面审查"),
        step(StepKind.COUNTERSIGN, "会签", POWER, LAND),
        step(StepKind.DECIDE, "决定"),
    ),
)
SIGN = Item(
    code="sign",
    name="店招设置",
    office=LAND,
    decides=Decides.GRANT,
    statutory=Period(20),
    promised=Period(5),
)
POWER_ON = Item(
    code="power",
    name="用电报装",
    office=POWER,
    decides=Decides.SERVICE,
    after=("food",),
    steps=(step(StepKind.PUSH, "推送确认"),),
)
DRAIN = Item(
    code="drain",
    name="排水许可",
    office=LAND,
    decides=Decides.GRANT,
    after=("power",),
    steps=(step(StepKind.ANY_SIGN, "或签", POWER, ECONOMY), step(StepKind.DECIDE, "决定")),
)
RESTAURANT = Definition(
    items=(FOOD, SIGN, POWER_ON, DRAIN),
    materials=(
        Material("floor_plan", "平面图"),
        Material("health_proof", "健康证明", may_follow=True, follow_days=10),
    ),
)


@dataclass(frozen=True)
class Town:
    """Who is there, and shortcuts: ``run("east-land", verb, …)`` under that actor's scope."""

    of: Of
    party: Party
    colleagues: dict[str, Actor] = field(default_factory=dict)

    @property
    def zone_id(self) -> int:
        return self.party.zone_id

    @property
    def system(self) -> Actor:
        return system(self.zone_id)

    def by(self, who: str | Actor) -> Actor:
        return who if isinstance(who, Actor) else self.of(f"east-{who}")

    def run(self, who: str | Actor, verb: Callable[..., Any], /, **given: Any) -> Any:
        by = self.by(who)
        with acting(by):
            return verb(**{"by": by, "now": NOW, **given})

    def thing(self, definition: Definition = RESTAURANT, code: str = "restaurant") -> ThingVersion:
        with acting(self.of("east-admin")):
            thing = Thing.objects.create(
                zone_id=self.zone_id, code=code, name="我要开办餐饮店", created_on=date(2026, 1, 1),
                office=Office.objects.get(name=ECONOMY),
            )  # fmt: skip
            return ThingVersion.objects.create(
                zone_id=self.zone_id, thing=thing, number=1, state="live",
                body=write_definition(definition), valid_from=date(2026, 1, 1),
            )  # fmt: skip

    def submitted(self, version: ThingVersion | None = None, **more: Any) -> Case:
        """A case as its applicant's submission leaves it: a matter, and the desk's task."""
        version = version or self.thing()
        by = self.of("east-desk")
        with acting(by):
            desk = Office.objects.get(name="企业服务中心")
            count = Case.objects.count() + 1
            when = more.pop("at", NOW)
            case = Case.objects.create(
                **{
                    "zone_id": self.zone_id, "number": f"2026{count:06d}",
                    "thing_version": version, "party": self.party,
                    "applicant_name": self.party.name, "state": Case.State.SUBMITTED,
                    "drafted_at": when, "submitted_at": when, "received_at": when, "desk": desk,
                    **more,
                }
            )  # fmt: skip
            case.matter = work.open_matter(
                by=by, now=when, kind="permit_case", subject_id=case.pk, title=case.number,
                address=f"/permits/cases/{case.pk}/", party=self.party,
            )  # fmt: skip
            case.save()
            work.give_task(
                by=by, now=when, matter=case.matter, kind="accept_case", title=case.number,
                office=desk,
            )  # fmt: skip
        return case

    def accepted(self, version: ThingVersion | None = None, **more: Any) -> Case:
        case = self.submitted(version, **more)
        accepted: Case = self.run("desk", permits.accept_case, case=case)
        return accepted

    def item(self, case: Case, code: str) -> CaseItem:
        with acting(self.of("east-desk")):
            return CaseItem.objects.select_related("office", "licence").get(case=case, code=code)

    def steps(self, case: Case, code: str, *, every: bool = False) -> list[CaseStep]:
        with acting(self.of("east-desk")):
            rows = CaseStep.objects.select_related("office", "task", "item").filter(
                item__case=case, item__code=code
            )
            return list(rows.order_by("id") if every else rows.filter(state="open").order_by("id"))

    def step(self, case: Case, code: str, office: str = "") -> CaseStep:
        """The open step of an item, of one office where several sign."""
        rows = self.steps(case, code)
        found = [one for one in rows if not office or (one.office and one.office.name == office)]
        assert len(found) == 1, rows
        return found[0]

    def finish(self, who: str | Actor, case: Case, code: str, office: str = "", **said: Any) -> Any:
        return self.run(
            who, permits.finish_step, step=self.step(case, code, office),
            **{"agrees": True, **said},
        )  # fmt: skip

    def grant(self, who: str | Actor, case: Case, code: str, **said: Any) -> CaseItem:
        granted: CaseItem = self.run(who, permits.grant_item, item=self.item(case, code), **said)
        return granted

    def signed_food(self, case: Case) -> None:
        """The food item up to its decision."""
        self.finish("economy", case, "food")
        self.finish("power", case, "food", POWER)
        self.finish("land", case, "food", LAND)

    def verbs(self, case: Case) -> list[str]:
        with acting(self.of("east-desk")):
            return list(case.events.order_by("id").values_list("verb", flat=True))

    def colleague(self, office: str, name: str = "同一", username: str = "colleague") -> Actor:
        """A second person of an office."""
        by = system(self.zone_id)
        with acting(by):
            person = base.add_person(by=by, now=NOW, name=name, phone="13800000001")
            base.give_post(
                by=by, now=NOW, person=person, role=Role.DEPARTMENT,
                office=Office.objects.get(name=office), is_lead=False, since=date(2026, 1, 1),
            )  # fmt: skip
            base.give_account(
                by=by, now=NOW, person=person, username=username, password="correct-horse-7",
                must_change=False,
            )  # fmt: skip
        account = Account.objects.get(username=username)
        return posts_of_account(account_id=account.pk)[0]


def at(days: float) -> datetime:
    return NOW + timedelta(days=days)


def with_item(item: Item, **changed: Any) -> Definition:
    """A thing of one item."""
    return Definition(items=(replace(item, **changed),))


def build(of: Of) -> Town:
    by = of("east-admin")
    with acting(by):
        grid = registry.open_grid(by=by, now=NOW, code="G1", name="第一总网格")
        cell = registry.open_cell(by=by, now=NOW, grid=grid, code="C1", name="一单元")
        party = registry.add_party(
            by=by, now=NOW, facts=registry.PartyFacts(name="东区小馆餐饮有限公司", industry="6210"),
            cell=cell,
        )  # fmt: skip
    return Town(of, party)
